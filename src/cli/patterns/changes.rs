//! `logveil patterns changes`: what came between two rulesets, and how often it is found in files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use super::super::options::Place;
use super::super::outcome::Outcome;
use super::super::stored;
use super::print;
use crate::error::Error;
use crate::policy::Policy;
use crate::rules::{self, DataMeta, KeyRule, RULESET, RuleId, RuleMeta, Shape};
use crate::scan::{Scanner, Scratch};

/// Lines longer than this are looked at by their beginning.
const MAX_LINE_BYTES: u64 = 1 << 20;

/// Runs the subcommand: exit code 1 if the rulesets differ.
///
/// # Errors
/// A name that is no ruleset, a file that can't be read, a closed output.
pub(super) fn run(old: &str, new: &str, files: &[PathBuf]) -> Result<Outcome, Error> {
    let number = |name: &str, text: &str| {
        rules::parse_ruleset(text).ok_or_else(|| {
            Error::usage(format!("{name}: a ruleset is a year and a month, such as {RULESET}"))
        })
    };
    let (from, to) = (number("OLD", old)?, number("NEW", new)?);
    if from > to {
        return Err(Error::usage("OLD is newer than NEW; write the older ruleset first"));
    }
    let is_new =
        |meta: &&RuleMeta| rules::parse_ruleset(meta.since).is_some_and(|since| from < since && since <= to);
    let came: Vec<&RuleMeta> = rules::all_meta().iter().filter(is_new).collect();
    let counts = count(&came, files)?;
    let mut text = String::new();
    for meta in &came {
        let id = meta.rule.id();
        let _ = match files.is_empty() {
            true => writeln!(text, "+ {id:<28} {}  {}", meta.since, meta.description),
            false => writeln!(
                text,
                "+ {id:<28} {}  {:>8} found",
                meta.since,
                counts.get(&meta.rule).copied().unwrap_or(0)
            ),
        };
    }
    let is_new = |since: &str| rules::parse_ruleset(since).is_some_and(|since| from < since && since <= to);
    let data: Vec<&DataMeta> = rules::all_data().filter(|meta| is_new(meta.since)).collect();
    for meta in &data {
        let _ = writeln!(text, "+ {:<28} {}  {}", meta.id, meta.since, meta.description);
    }
    let keys: Vec<&KeyRule> = rules::all_keys().iter().filter(|key| is_new(key.since)).collect();
    for key in &keys {
        let id = format!("key/{}", key.words);
        let _ = writeln!(text, "+ {id:<28} {}  {}", key.since, key_sense(key));
    }
    let _ = writeln!(
        text,
        "{old} -> {new}: {} rules came, {} rows of data, {} keys; this program has {RULESET}",
        came.len(),
        data.len(),
        keys.len()
    );
    print(&text)?;
    let same = came.is_empty() && data.is_empty() && keys.is_empty();
    Ok(if same { Outcome::DONE } else { Outcome::DIFFERS })
}

/// What stands under a key.
fn key_sense(key: &KeyRule) -> &'static str {
    if matches!(key.shape, Shape::Veto(_)) { "spares what stands under it" } else { key.kind.id() }
}

/// How often each rule finds something, with the types of all of them switched on.
fn count(came: &[&RuleMeta], files: &[PathBuf]) -> Result<BTreeMap<RuleId, u64>, Error> {
    let mut counts = BTreeMap::new();
    let types: Vec<&str> = came.iter().map(|meta| meta.kind.id()).collect();
    let scanner = Scanner::new(&Policy::default().also(&types)?)?;
    let mut scratch = Scratch::default();
    for file in files {
        each_line(file, |line| {
            for finding in scanner.scan(line, &mut scratch) {
                *counts.entry(finding.rule).or_insert(0) += 1;
            }
        })
        .map_err(|error| Error::io(format!("can't read {}", file.display()), error))?;
    }
    Ok(counts)
}

fn each_line(path: &Path, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let mut reader = stored::reader(&Place::of(path))?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if Read::take(&mut reader, MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        each(line.strip_suffix(b"\n").unwrap_or(&line));
    }
}
