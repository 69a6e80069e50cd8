//! Two policies on the same logs: which findings appear, vanish, or are treated differently.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use crate::cli::plan::scanner_of;
use crate::cli::shown::shape;
use crate::error::Error;
use crate::finding::Finding;
use crate::policy::{Action, Policy};
use crate::scan::{Scanner, Scratch};

/// Lines longer than this are compared by their beginning.
const MAX_LINE_BYTES: u64 = 1 << 20;

#[derive(Default)]
struct Change {
    count: u64,
    examples: Vec<String>,
}

/// What two policies make of the same lines.
pub(super) struct Comparison<'p> {
    before: (&'p Policy, Scanner),
    after: (&'p Policy, Scanner),
    scratch: (Scratch, Scratch),
    examples: usize,
    lines: u64,
    changed_lines: u64,
    changes: BTreeMap<(String, String), Change>,
}

impl<'p> Comparison<'p> {
    pub(super) fn new(before: &'p Policy, after: &'p Policy, examples: usize) -> Result<Self, Error> {
        Ok(Self {
            before: (before, scanner_of(before)?),
            after: (after, scanner_of(after)?),
            scratch: <(Scratch, Scratch)>::default(),
            examples,
            lines: 0,
            changed_lines: 0,
            changes: BTreeMap::new(),
        })
    }

    /// Compares every line of a file; `-` is standard input.
    pub(super) fn file(&mut self, path: &Path) -> Result<(), Error> {
        let failed = |error| Error::io(format!("can't read {}", path.display()), error);
        let mut reader: Box<dyn BufRead> = match path.as_os_str() == "-" {
            true => Box::new(io::stdin().lock()),
            false => Box::new(BufReader::new(File::open(path).map_err(failed)?)),
        };
        let mut line = Vec::new();
        loop {
            line.clear();
            let read =
                io::Read::take(&mut reader, MAX_LINE_BYTES).read_until(b'\n', &mut line).map_err(failed)?;
            if read == 0 {
                return Ok(());
            }
            self.line(line.strip_suffix(b"\n").unwrap_or(&line));
        }
    }

    fn line(&mut self, line: &[u8]) {
        self.lines += 1;
        let before = describe(self.before.0, self.before.1.scan(line, &mut self.scratch.0));
        let after = describe(self.after.0, self.after.1.scan(line, &mut self.scratch.1));
        let mut changed = false;
        for (span, what) in &before {
            match after.get(span) {
                Some(other) if other == what => {}
                other => {
                    changed = true;
                    self.note(what, other.map_or("not found", String::as_str), line, *span);
                }
            }
        }
        for (span, what) in &after {
            if !before.contains_key(span) {
                changed = true;
                self.note("not found", what, line, *span);
            }
        }
        self.changed_lines += u64::from(changed);
    }

    fn note(&mut self, before: &str, after: &str, line: &[u8], span: (usize, usize)) {
        let change = self.changes.entry((before.to_owned(), after.to_owned())).or_default();
        change.count += 1;
        if change.examples.len() < self.examples {
            let value = shape(line.get(span.0..span.1).unwrap_or_default());
            if !change.examples.contains(&value) {
                change.examples.push(value);
            }
        }
    }

    pub(super) fn differs(&self) -> bool {
        !self.changes.is_empty()
    }

    /// One row a kind of change, the most frequent first; values only as shapes.
    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "{} -> {}: {} of {} lines change\n",
            self.before.0.name(),
            self.after.0.name(),
            self.changed_lines,
            self.lines
        );
        let mut rows: Vec<_> = self.changes.iter().collect();
        rows.sort_by_key(|(_, change)| std::cmp::Reverse(change.count));
        for ((before, after), change) in rows {
            let _ = writeln!(text, "{:>8}  {before} -> {after}", change.count);
            for example in &change.examples {
                let _ = writeln!(text, "{:>8}    {example}", "");
            }
        }
        text
    }
}

/// Findings by their place: type, action, and whether they are in shadow.
fn describe(policy: &Policy, findings: &[Finding]) -> BTreeMap<(usize, usize), String> {
    let of = |finding: &Finding| {
        let kind = policy.type_id(finding.kind);
        match (policy.is_shadow(finding.kind, finding.rule), policy.action(finding.kind)) {
            (true, _) => format!("{kind} in shadow"),
            (false, Action::Label) => format!("{kind} label"),
            (false, action) => format!("{kind} {action}"),
        }
    };
    findings.iter().map(|finding| ((finding.start, finding.end), of(finding))).collect()
}
