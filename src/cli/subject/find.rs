//! `logveil subject find` and `export`: the lines that hold a person, everyone else redacted.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use super::FindArgs;
use super::person::{Person, in_region, others};
use crate::cli::keys::optional_ring;
use crate::cli::message::complain;
use crate::cli::outcome::Outcome;
use crate::cli::signals;
use crate::cli::stored::{self, each_line};
use crate::cli::time::Stamp;
use crate::error::Error;
use crate::finding::{Finding, Group, Layers};
use crate::policy::Policy;
use crate::scan::{Scanner, Scratch};
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
    let scanner = Scanner::new(&in_region(policy, args.person.who.region.as_deref())?)?;
    let stop = signals::watch()?;
    let mut find = Find { person: &person, scanner: &scanner, shape, scratch: Scratch::default() };
    let mut outcome = Outcome::DONE;
    let mut summary = Summary::default();
    for place in stored::places(&args.files)? {
        let passed = stored::open(&place, &stop).and_then(|mut input| {
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
    person.untold.tell();
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
        self.person.untold.look(line);
        let hits = self.person.hits(line, &findings);
        if hits.is_empty() {
            return Ok(());
        }
        let base64 = Layers::NONE.with(Layers::BASE64);
        // Base64 is shown whole or not at all, and others may stand in it too.
        let shown: Vec<Finding> = hits.iter().filter(|hit| hit.layers != base64).copied().collect();
        let others = others(line, &findings, &shown);
        let mut text = Clean::new();
        self.scanner.replace(line, &others, &mut self.scratch, &mut text, &mut Summary::default());
        let categories: BTreeSet<&str> =
            hits.iter().chain(&others).map(|finding| finding.kind.id()).collect();
        let shown = Revealed::asked_for(text.as_bytes().trim_ascii_end());
        let time = Stamp::of(line);
        let time = time.as_ref().map(Stamp::text);
        let mut out = io::stdout().lock();
        match self.shape {
            Shape::Text => {
                let categories: Vec<&str> = categories.into_iter().collect();
                let (time, categories) = (time.unwrap_or("-"), categories.join(","));
                write!(out, "{}:{number}\t{time}\t{categories}\t", path.display())?;
                out.write_all(shown.as_bytes())?;
            }
            Shape::JsonLines => {
                let object = serde_json::json!({
                    "path": path.to_string_lossy(),
                    "line": number,
                    "time": time,
                    "categories": categories,
                    "text": String::from_utf8_lossy(shown.as_bytes()),
                });
                write!(out, "{object}")?;
            }
        }
        out.write_all(b"\n")
    }
}
