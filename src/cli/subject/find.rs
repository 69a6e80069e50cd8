//! `logveil subject find` and `export`: the lines that hold a person, everyone else redacted.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::FindArgs;
use super::lines::each_line;
use super::person::{Person, others};
use crate::cli::keys::optional_ring;
use crate::cli::message::complain;
use crate::cli::options::Place;
use crate::cli::outcome::Outcome;
use crate::cli::signals;
use crate::error::Error;
use crate::finding::Group;
use crate::policy::Policy;
use crate::scan::{Scanner, Scratch};
use crate::source::Input;
use crate::stream::Summary;
use crate::transform::{Clean, Revealed};

/// How a line is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `path:line`, time, categories and text between tabs.
    Text,
    /// A JSON object.
    JsonLines,
}

pub(super) fn run(args: &FindArgs, shape: Shape) -> Result<Outcome, Error> {
    let ring = optional_ring(&args.person.ring)?;
    let person = Person::new(&args.person, ring.as_ref())?;
    // Also what is not found by default: what is not this person's is not theirs to see. Content
    // would swallow the person with the text around.
    let groups = Group::ALL.into_iter().filter(|group| *group != Group::Content);
    let policy = Policy::default().also(&groups.map(Group::id).collect::<Vec<_>>())?;
    let scanner = Scanner::new(&policy)?;
    let stop = signals::watch()?;
    let mut find = Find { person: &person, scanner: &scanner, shape, scratch: Scratch::default() };
    let mut outcome = Outcome::DONE;
    let mut summary = Summary::default();
    for place in Place::all(&args.files) {
        let opened = match &place {
            Place::Stdin => Input::stdin(true, Arc::clone(&stop)),
            Place::File(path) => Input::open(path, true, Arc::clone(&stop)),
        };
        let passed = opened.and_then(|mut input| {
            each_line(&mut input, &mut summary, |number, line, _| match line {
                Some(line) => find.line(place.path(), number, line),
                None => Ok(()),
            })
        });
        match passed {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(outcome),
            Err(e) => {
                complain(&format_args!("{}: {e}", place.name()));
                outcome.failed = true;
            }
        }
    }
    if summary.withheld_records > 0 {
        complain(&format_args!("{} lines were too long to look at", summary.withheld_records));
        outcome.withheld = true;
    }
    Ok(outcome)
}

struct Find<'a> {
    person: &'a Person,
    scanner: &'a Scanner,
    shape: Shape,
    scratch: Scratch,
}

impl Find<'_> {
    fn line(&mut self, path: &Path, number: u64, line: &[u8]) -> io::Result<()> {
        let findings = self.scanner.scan(line, &mut self.scratch).to_vec();
        let hits = self.person.hits(line, &findings);
        if hits.is_empty() {
            return Ok(());
        }
        let others = others(line, &findings, &hits);
        let mut text = Clean::new();
        self.scanner.replace(line, &others, &mut self.scratch, &mut text, &mut Summary::default());
        let categories: BTreeSet<&str> =
            hits.iter().chain(&others).map(|finding| finding.kind.id()).collect();
        let shown = Revealed::asked_for(text.as_bytes().trim_ascii_end());
        let mut out = io::stdout().lock();
        match self.shape {
            Shape::Text => {
                let categories: Vec<&str> = categories.into_iter().collect();
                let (time, categories) = (time_of(line).unwrap_or("-"), categories.join(","));
                write!(out, "{}:{number}\t{time}\t{categories}\t", path.display())?;
                out.write_all(shown.as_bytes())?;
            }
            Shape::JsonLines => {
                let object = serde_json::json!({
                    "path": path.to_string_lossy(),
                    "line": number,
                    "time": time_of(line),
                    "categories": categories,
                    "text": String::from_utf8_lossy(shown.as_bytes()),
                });
                write!(out, "{object}")?;
            }
        }
        out.write_all(b"\n")
    }
}

/// The first time stamp of a line as it stands there: ISO 8601, common log format or syslog.
fn time_of(line: &[u8]) -> Option<&str> {
    use std::sync::LazyLock;
    static TIME: LazyLock<Option<regex::bytes::Regex>> = LazyLock::new(|| {
        let iso = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?";
        let common = r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?";
        let syslog = r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d";
        regex::bytes::Regex::new(&format!("(?-u){iso}|{common}|{syslog}")).ok()
    });
    let found = TIME.as_ref()?.find(line)?;
    std::str::from_utf8(found.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let cases = [
            ("2026-11-21T21:06:23.123Z user", Some("2026-11-21T21:06:23.123Z")),
            ("x 2026-11-21 21:06:23 y", Some("2026-11-21 21:06:23")),
            ("192.0.2.1 - - [21/Nov/2026:21:06:23 +0000] \"GET", Some("21/Nov/2026:21:06:23 +0000")),
            ("Nov  1 21:06:23 host sshd", Some("Nov  1 21:06:23")),
            ("no time", None),
            ("", None),
        ];
        for (line, time) in cases {
            assert_eq!(time_of(line.as_bytes()), time, "{line}");
        }
    }
}
