//! Two policies, rulesets or versions on the same logs: which findings appear, vanish, or are treated
//! differently.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::side::{Side, What};
use crate::cli::message::complain;
use crate::cli::options::Place;
use crate::cli::shown::shape;
use crate::cli::stored::{self, each_line};
use crate::error::Error;
use crate::source::Stop;
use crate::stream::Summary;

#[derive(Default)]
struct Change {
    count: u64,
    examples: Vec<String>,
}

/// What two sides make of the same lines.
pub(super) struct Comparison {
    before: Side,
    after: Side,
    examples: usize,
    lines: u64,
    changed_lines: u64,
    changes: BTreeMap<(String, String), Change>,
}

impl Comparison {
    pub(super) fn new(before: Side, after: Side, examples: usize) -> Self {
        Self { before, after, examples, lines: 0, changed_lines: 0, changes: BTreeMap::new() }
    }

    /// Compares every line of a file, gzip and zstd as what they hold.
    pub(super) fn file(&mut self, place: &Place, stop: &Arc<Stop>) -> Result<(), Error> {
        let path = place.path();
        if let Some(side) = [&self.before, &self.after].into_iter().find(|side| !side.knows(path)) {
            let (side, path) = (side.name(), path.display());
            return Err(Error::usage(format!("{side} holds findings of other files than {path}")));
        }
        let mut summary = Summary::default();
        let mut read = |input: &mut dyn crate::parallel::Source| -> io::Result<()> {
            each_line(input, &mut summary, |number, line, _| {
                if let Some(line) = line {
                    self.line(path, number, line.strip_suffix(b"\n").unwrap_or(line));
                }
                Ok(())
            })
        };
        let passed = stored::open(place, stop).and_then(|mut input| read(&mut input));
        passed.map_err(|error| Error::io(format!("can't read {}", place.name()), error))?;
        if summary.withheld_records > 0 {
            complain(&format_args!(
                "{}: {} lines were too long to compare",
                place.name(),
                summary.withheld_records
            ));
        }
        Ok(())
    }

    fn line(&mut self, path: &Path, number: u64, line: &[u8]) {
        self.lines += 1;
        let before = self.before.of(path, number, line);
        let after = self.after.of(path, number, line);
        let mut changed = false;
        for (span, what) in &before {
            match after.get(span) {
                Some(other) if is_same(what, other) => {}
                other => {
                    changed = true;
                    self.note(Some(what), other, line, *span);
                }
            }
        }
        for (span, what) in after.iter().filter(|(span, _)| !before.contains_key(span)) {
            changed = true;
            self.note(None, Some(what), line, *span);
        }
        self.changed_lines += u64::from(changed);
    }

    fn note(&mut self, before: Option<&What>, after: Option<&What>, line: &[u8], span: (usize, usize)) {
        let change = self.changes.entry((told(before), told(after))).or_default();
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
            self.before.name(),
            self.after.name(),
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

/// Of findings that were written down the action is not known.
fn is_same(before: &What, after: &What) -> bool {
    let same_action = before.action == after.action || before.action.is_none() || after.action.is_none();
    before.kind == after.kind && same_action
}

fn told(what: Option<&What>) -> String {
    match what {
        None => "not found".to_owned(),
        Some(What { kind, action: Some(action) }) => format!("{kind} {action}"),
        Some(What { kind, action: None }) => kind.clone(),
    }
}
