//! `logveil affected`: after an incident, who is in these logs, with what, and when.

mod people;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::args::DetectArgs;
use super::keys::{no_core_dumps, token_options};
use super::message::complain;
use super::outcome::Outcome;
use super::plan::{policy_of, scanner_with_keys};
use super::signals;
use super::stored::{self, each_line};
use crate::error::Error;
use crate::stream::Summary;
use crate::token::{KeyRing, Moment};
use crate::transform::Revealed;
use people::{People, Person};

/// Count whom stored logs hold: distinct people by type, what is held on each, first and last time
///
/// For the report after an incident. A person is one distinct value of a type that names one (an
/// address, a number, an account), in whatever spelling, clear or as a token of ours; somebody with two
/// addresses counts twice. Each is shown by the one-way token of the key ring, so that the list can be
/// passed on; with --show-values by the value. What the line of a person holds beside is listed as
/// what is held on them. Times without a zone count as UTC.
#[derive(Debug, Args)]
#[command(after_help = "Example: logveil affected --key-file ring.keys --format json /var/log/leaked/")]
pub(crate) struct AffectedCommand {
    /// Files and directories, gzip and zstd too; - or none for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// For people, or one JSON object
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = AffectedFormat::Text, hide_default_value = true)]
    pub format: AffectedFormat,
    /// Show the values themselves instead of tokens; needs no key ring
    #[arg(long)]
    pub show_values: bool,
    #[command(flatten)]
    pub detect: DetectArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AffectedFormat {
    Text,
    Json,
}

/// Runs the subcommand.
///
/// # Errors
/// No key ring that can be used and no --show-values, inputs and outputs that fail.
pub(super) fn run(command: &AffectedCommand) -> Result<Outcome, Error> {
    let places = stored::places(&command.files)?;
    let detect = &command.detect;
    let policy = policy_of(detect)?;
    let scanner = scanner_with_keys(&policy, &detect.keys, &detect.token)?;
    let settings = detect.token.over(&policy);
    let source = detect.keys.source_for(&settings);
    let ring: Option<KeyRing> = match source {
        Ok(source) => {
            no_core_dumps();
            Some(source.load(Moment::now())?)
        }
        Err(_) if command.show_values => None,
        Err(error) => {
            return Err(Error::key(format!(
                "people are shown by tokens, which need keys: {error}; or say --show-values; nothing was read"
            )));
        }
    };
    let mut people =
        People::new(&scanner, ring.as_ref(), &token_options(&policy, &settings)?, command.show_values)?;
    let stop = signals::watch()?;
    let (mut outcome, mut summary) = (Outcome::DONE, Summary::default());
    for place in &places {
        let passed = stored::open(place, &stop).and_then(|mut input| {
            each_line(&mut input, &mut summary, |_, line, _| {
                line.into_iter().for_each(|line| people.line(line));
                Ok(())
            })
        });
        if let Err(e) = passed {
            complain(&format_args!("{}: {e}", place.name()));
            outcome.failed = true;
        }
        outcome.interrupted |= stop.interrupted();
    }
    if summary.withheld_records > 0 {
        complain(&format_args!("{} lines were too long to look at", summary.withheld_records));
        outcome.withheld = true;
    }
    let report = Report { files: places.len(), summary: &summary, people: &people.all() };
    let written = match command.format {
        AffectedFormat::Text => report.text(),
        AffectedFormat::Json => report.json(),
    };
    match written {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(outcome),
        written => written.map(|()| outcome).map_err(|e| Error::io("can't write to standard output", e)),
    }
}

struct Report<'p> {
    files: usize,
    summary: &'p Summary,
    people: &'p [Person],
}

impl Report<'_> {
    /// The people of one type after another, with how many they are.
    fn by_type(&self) -> impl Iterator<Item = &[Person]> {
        self.people.chunk_by(|a, b| a.category == b.category)
    }

    fn text(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{} lines in {} files", self.summary.records, self.files)?;
        for people in self.by_type() {
            let (first, last) = ends(people);
            let (first, last) = (first.as_deref().unwrap_or("-"), last.as_deref().unwrap_or("-"));
            let category = people.first().map_or("", |person| &person.category);
            writeln!(out, "{category}\t{} distinct\t{first}\t{last}", people.len())?;
        }
        for person in self.people {
            let held: Vec<&str> = person.held.iter().map(String::as_str).collect();
            let (first, last) = (person.period.first(), person.period.last());
            let (first, last) = (first.as_deref().unwrap_or("-"), last.as_deref().unwrap_or("-"));
            write!(out, "{}\t", person.category)?;
            out.write_all(Revealed::asked_for(&one_line(&person.shown)).as_bytes())?;
            writeln!(out, "\t{} lines\t{}\t{first}\t{last}", person.lines, held.join(","))?;
        }
        out.flush()
    }

    fn json(&self) -> io::Result<()> {
        let types: serde_json::Map<_, _> = self
            .by_type()
            .filter_map(|people| {
                let (first, last) = ends(people);
                let counts = json!({ "people": people.len(), "first": first, "last": last });
                Some((people.first()?.category.clone(), counts))
            })
            .collect();
        let person = |person: &Person| {
            let shown = Revealed::asked_for(&person.shown);
            json!({
                "type": person.category,
                if person.is_value { "value" } else { "token" }: String::from_utf8_lossy(shown.as_bytes()),
                "lines": person.lines,
                "held": person.held,
                "first": person.period.first(),
                "last": person.period.last(),
            })
        };
        let all: Vec<_> = self.people.iter().map(person).collect();
        let report = json!({
            "files": self.files, "lines": self.summary.records, "types": types, "people": all,
        });
        let mut out = io::stdout().lock();
        writeln!(out, "{report}")?;
        out.flush()
    }
}

/// First and last time of several people.
fn ends(people: &[Person]) -> (Option<String>, Option<String>) {
    let mut period = super::time::Period::default();
    people.iter().for_each(|person| period.join(&person.period));
    (period.first(), period.last())
}

/// A value with what would break the table left out.
fn one_line(value: &[u8]) -> Vec<u8> {
    value.iter().map(|byte| if byte.is_ascii_control() { b' ' } else { *byte }).collect()
}
