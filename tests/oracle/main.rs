//! An independent oracle for the eight core types: slow, naive, written from the standards and from
//! `docs/contracts.md`, without a line of the engine. Compared with the engine on generated text.
//!
//! A line is read as words between plain delimiters (blanks, commas, semicolons, brackets, quotes,
//! bars and `=`). What is decided:
//!
//! * [`rules`]: a word that is a value of a type by its standard, with nothing but plain delimiters
//!   around it, must be found with just this type and span. Numbers in groups (`4111 1111 …`,
//!   `+49 30 …`) are read over several words, and only where no other number is a neighbour.
//! * [`rules`]: a word that is a date, a time, a float, a `::` scope, a long hex id, or an address
//!   that is spared by default, must not be touched at all.
//! * [`limits`]: whatever the engine finds, wherever, must be a value by the loosest reading of the
//!   standard, and must not be cut out of a longer word.
//! * With all default types on, each value that must be found is covered, by whatever type.
//!
//! Not decided: whether a number without a sign is a phone, which neighbours make a version or an id
//! of a value, and keys. The labelled cases are for these.
//!
//! The same lines in every run; `SEED=7 cargo test --test oracle` makes others.

mod limits;
mod rules;
mod text;

use std::cell::{Cell, RefCell};
use std::ops::Range;

use logveil::{Finding, Layers, Policy, Scanner, Scratch, TypeId};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

/// The types that the oracle knows.
const TYPES: [&str; 8] = ["ipv4", "ipv6", "email", "phone", "card", "mac", "imei", "uuid"];

/// A value that must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) kind: TypeId,
    pub start: usize,
    pub end: usize,
}

fn lines() -> u32 {
    std::env::var("LINES").map_or(10_000, |text| text.parse().unwrap())
}

fn config() -> ProptestConfig {
    let seed = std::env::var("SEED").map_or(2026, |text| text.parse().unwrap());
    ProptestConfig {
        cases: lines(),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    }
}

/// What was compared.
#[derive(Default, Clone, Copy)]
struct Count {
    /// Values that had to be found.
    values: usize,
    /// Of these, values whose bytes another value claimed too.
    shared: usize,
}

/// What the engine says wrongly of a line, if anything.
fn compare(line: &str, core: &Scanner, all: &Scanner, scratch: &mut Scratch) -> Result<Count, String> {
    let verdict = rules::read(line);
    let found = core.scan(line.as_bytes(), scratch).to_vec();
    let mut count = Count { values: verdict.values.len(), shared: 0 };
    for value in &verdict.values {
        count.shared += usize::from(is_shared(line, value, &found)?);
    }
    for finding in &found {
        let is_touched = |word: &&Range<usize>| finding.start < word.end && word.start < finding.end;
        if let Some(spared) = verdict.spared.iter().find(is_touched) {
            return Err(format!("{} must stay, found {}", &line[spared.clone()], shown(line, finding)));
        }
        // what is left beside a value that won is a piece of one, and an escape is read elsewhere
        let is_piece = found.iter().any(|f| f.end == finding.start || f.start == finding.end);
        if is_piece || finding.layers != Layers::NONE || is_beside_placeholder(line, finding) {
            continue;
        }
        limits::check(line.as_bytes(), finding)
            .map_err(|why| format!("found {}, but {why}", shown(line, finding)))?;
    }
    let covering = all.scan(line.as_bytes(), scratch);
    for value in &verdict.values {
        let is_covered = |at: usize| covering.iter().any(|f| f.start <= at && at < f.end);
        if !(value.start..value.end).all(is_covered) {
            return Err(format!("{value:?} is not covered with all types on"));
        }
    }
    Ok(count)
}

/// Whether the word around a finding holds our own placeholder, which cuts values in pieces.
fn is_beside_placeholder(line: &str, finding: &Finding) -> bool {
    let start = line[..finding.start].rfind([' ', '\t']).map_or(0, |at| at + 1);
    let end = line[finding.end..].find([' ', '\t']).map_or(line.len(), |at| finding.end + at);
    line[start..end].contains("00000000-0000-0000-0000-000000000000")
}

fn shown(line: &str, finding: &Finding) -> String {
    format!("{}={}", finding.kind.id(), &line[finding.start..finding.end])
}

/// False if the value is found just so, true if a value that crosses its border took some of its bytes
/// and the rest is found beside that.
fn is_shared(line: &str, value: &Value, found: &[Finding]) -> Result<bool, String> {
    let hits: Vec<&Finding> = found.iter().filter(|f| f.start < value.end && value.start < f.end).collect();
    if matches!(hits[..], [f] if (f.kind, f.start, f.end) == (value.kind, value.start, value.end)) {
        return Ok(false);
    }
    let crosses = hits.iter().any(|f| f.start < value.start || f.end > value.end);
    let is_covered = (value.start..value.end).all(|at| hits.iter().any(|f| f.start <= at && at < f.end));
    if crosses && is_covered {
        return Ok(true);
    }
    let hits: Vec<String> = hits.into_iter().map(|hit| shown(line, hit)).collect();
    let wanted = &line[value.start..value.end];
    Err(format!("{}={wanted} must be found, but is {hits:?}", value.kind.id()))
}

fn scanners() -> (Scanner, Scanner) {
    let core = Policy::default().only(&TYPES).unwrap();
    let all = Policy::default().also(&["uuid"]).unwrap();
    (Scanner::new(&core).unwrap(), Scanner::new(&all).unwrap())
}

/// Runs generated lines, in each thousand at least so many values; with `ALL=1` all failures are
/// shown and none is made smaller.
fn run(strategy: BoxedStrategy<String>, least: usize) {
    let (core, all) = scanners();
    let total = Cell::new(Count::default());
    let shows_all = std::env::var("ALL").is_ok();
    let failed = RefCell::new(Vec::new());
    let outcome = TestRunner::new(config()).run(&strategy, |line| {
        match compare(&line, &core, &all, &mut Scratch::default()) {
            Ok(count) => {
                let Count { values, shared } = total.get();
                total.set(Count { values: values + count.values, shared: shared + count.shared });
            }
            Err(why) if shows_all => failed.borrow_mut().push(format!("{line:?}: {why}")),
            Err(why) => return Err(TestCaseError::fail(why)),
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let failed = failed.into_inner();
    assert!(failed.is_empty(), "{}\n{} lines", failed.join("\n"), failed.len());
    let Count { values, shared } = total.get();
    let wanted = least * lines() as usize / 1000;
    assert!(values >= wanted, "only {values} values were decided on, {wanted} are expected");
    assert!(shared * 100 < values, "{shared} of {values} values share bytes with another");
}

#[test]
fn values_between_words() {
    run(text::values().boxed(), 700);
}

#[test]
fn near_misses() {
    run(text::near_misses().boxed(), 200);
}

#[test]
fn numbers_soup() {
    run(text::soup().boxed(), 20);
}

#[test]
fn the_oracle_is_no_yes_man() {
    let spans = |line: &str| -> Vec<(String, String)> {
        let values = rules::read(line).values;
        values.iter().map(|v| (v.kind.id().to_owned(), line[v.start..v.end].to_owned())).collect()
    };
    let pair = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
    for (line, wanted) in [
        ("from 192.0.2.7 to", vec![pair("ipv4", "192.0.2.7")]),
        (
            "from 192.0.2.0/24, 203.0.113.9:80",
            vec![pair("ipv4", "192.0.2.0/24"), pair("ipv4", "203.0.113.9")],
        ),
        ("from 192.0.2.256 to 192.0.02.1", vec![]),
        ("from 127.0.0.1 and 255.255.255.0", vec![]),
        ("[2001:db8::1]:443", vec![pair("ipv6", "2001:db8::1")]),
        ("2001:db8::1::2 2001:db8:1 12:34:56", vec![]),
        ("::ffff:192.0.2.1", vec![pair("ipv6", "::ffff:192.0.2.1")]),
        ("<ann.b+c@mail.example.com>", vec![pair("email", "ann.b+c@mail.example.com")]),
        ("ann@example ann@-x.com @example.com", vec![]),
        ("call +49 30 12345678, now", vec![pair("phone", "+49 30 12345678")]),
        ("call +49 30 12345678 17", vec![]),
        ("+999 30 12345678 +1 115 555 0132", vec![]),
        ("4111111111111111 4111111111111112", vec![pair("card", "4111111111111111")]),
        ("(4111 1111 1111 1111)", vec![pair("card", "4111 1111 1111 1111")]),
        ("4111 1111 1111 1111 1111", vec![]),
        ("00:1a:2b:3c:4d:5e 00:1a:2b:3c:4d", vec![pair("mac", "00:1a:2b:3c:4d:5e")]),
        ("490154203237518 490154203237517", vec![pair("imei", "490154203237518")]),
        (
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6 00000000-0000-0000-0000-000000000000",
            vec![pair("uuid", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")],
        ),
    ] {
        assert_eq!(spans(line), wanted, "{line}");
    }
    for word in ["2015-04-11T12:25:39.123Z", "12:25:39", "3.1415", "std::string", "127.0.0.1", "::1"] {
        let line = format!("at {word} x");
        let spared: Vec<&str> = rules::read(&line).spared.into_iter().map(|range| &line[range]).collect();
        assert_eq!(spared, [word]);
    }
}
