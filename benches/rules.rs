//! What user rules cost: the whole on the web corpus with ten and a hundred rules that have a literal
//! or keyword, and the speed of rules without any, beside no rules.
//!
//! `cargo bench --bench rules`. Processor seconds of this thread, nine interleaved pairs after one to
//! warm up, the median of the pairwise ratios. The findings of each pack are asserted first.

#[path = "common/mod.rs"]
mod common;
#[path = "../src/cli/bench/corpus.rs"]
#[allow(dead_code)]
mod corpus;

use std::fmt::Write;

use common::{Spread, pairs, spent};
use corpus::Corpus;
use logveil::{Clean, Policy, Scanner, Scratch, Summary};

const CORPUS_BYTES: usize = 8 << 20;
const CHUNK_BYTES: usize = 256 << 10;

/// Packs by name: the lines of rule `n`, how many rules, the limit.
type Case = (&'static str, fn(usize) -> String, usize, Limit);

enum Limit {
    /// The most that the pack may cost, in percent of the time without.
    Percent(f64),
    /// MiB a second that the rules alone must reach.
    Rate(f64),
}

const CASES: [Case; 10] = [
    ("10 literals", literal, 10, Limit::Percent(30.0)),
    ("10 keywords", keyword, 10, Limit::Percent(30.0)),
    ("100 literals", literal, 100, Limit::Percent(100.0)),
    ("100 keywords", keyword, 100, Limit::Percent(100.0)),
    ("10 keywords in every line", everywhere, 10, Limit::Percent(30.0)),
    ("100 keywords in every line", everywhere, 100, Limit::Percent(100.0)),
    ("1 without any", wordless, 1, Limit::Rate(300.0)),
    ("10 without any", wordless, 10, Limit::Rate(300.0)),
    ("100 without any", wordless, 100, Limit::Rate(300.0)),
    ("300 without any", wordless, 300, Limit::Rate(300.0)),
];

fn literal(n: usize) -> String {
    format!("regex = '\\bACC{n:03}-\\d{{6}}\\b'\nmatches = [\"ACC{n:03}-123456\", \"x ACC{n:03}-999999\"]")
}
fn keyword(n: usize) -> String {
    format!(
        "regex = '\\b[A-Z]\\d{{7}}\\b'\nkeywords = [\"badge{n:03}\"]\nmatches = [\"badge{n:03} K1234567\", \"badge{n:03}: L7654321\"]"
    )
}
/// Keywords that stand in every line of a web log, regexes that nothing there matches.
fn everywhere(n: usize) -> String {
    let word = ["http", "GET", "Mozilla", "200", "com"][n % 5];
    let letter = char::from(b'A' + (n % 26) as u8);
    format!(
        "regex = '\\b{letter}[A-Z]\\d{{{}}}\\b'\nkeywords = [\"{word}\"]\nmatches = [\"a\", \"b\"]",
        7 + n / 26
    )
}
fn wordless(n: usize) -> String {
    format!("regex = '\\b[G-P]{{2}}\\d{{{}}}[Q-Z]\\b'\nmatches = [\"HH1Z\", \"PP2Q\"]", 6 + n % 40)
}

/// A scanner with `count` rules.
fn scanner(lines: fn(usize) -> String, count: usize) -> Scanner {
    let mut pack = String::new();
    for n in 0..count {
        let _ = writeln!(
            pack,
            "[[rule]]\nid = \"bench/r{n}\"\ndescription = \"bench\"\ntype = \"account-id\"\n{}\nnon_matches = [\"a\", \"b\"]",
            lines(n)
        );
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bench.toml");
    std::fs::write(&path, pack).expect("a file in it");
    let mut policy = Policy::default();
    policy.add_pack(&path).expect("a pack that can be used");
    Scanner::new(&policy).expect("a policy that can be used")
}

fn redact(scanner: &Scanner, chunks: &[&[u8]], scratch: &mut Scratch, clean: &mut Clean) -> u64 {
    let mut summary = Summary::default();
    for chunk in chunks {
        clean.clear();
        scanner.redact(chunk, scratch, clean, &mut summary);
    }
    summary.found_in_all()
}

fn main() {
    let text = Corpus::Web.generate(CORPUS_BYTES);
    let chunks = common::chunks(&text, CHUNK_BYTES);
    let plain = Scanner::new(&Policy::default()).expect("the default policy");
    let (mut scratch, mut clean) = (Scratch::default(), Clean::new());
    let found = redact(&plain, &chunks, &mut scratch, &mut clean);
    assert!(found > 0, "the corpus has findings");
    let mut missed = 0;
    let only = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    for (name, lines, count, limit) in CASES.into_iter().filter(|case| case.0.contains(&only)) {
        let with_rules = scanner(lines, count);
        let again = redact(&with_rules, &chunks, &mut scratch, &mut clean);
        assert_eq!(again, found, "{name}: the rules find nothing in the corpus");
        let (mut other_scratch, mut other) = (Scratch::default(), Clean::new());
        let (without, with) = pairs(
            || spent(|| redact(&plain, &chunks, &mut scratch, &mut clean)),
            || spent(|| redact(&with_rules, &chunks, &mut other_scratch, &mut other)),
        );
        let ratio = Spread::of(&with, &without);
        let own: f64 = common::median(&with) - common::median(&without);
        let rate = text.len() as f64 / f64::from(1 << 20) / own.max(1e-9);
        let (is_met, wanted) = match limit {
            Limit::Percent(most) => ((ratio.median - 1.0) * 100.0 < most, format!("under {most} %")),
            Limit::Rate(least) => (rate >= least, format!("at least {least} MiB/s of their own")),
        };
        missed += usize::from(!is_met);
        println!(
            "{name}: cost {:.0} % ({:.0} to {:.0} %), {rate:.0} MiB/s of their own; wanted: {wanted}{}",
            (ratio.median - 1.0) * 100.0,
            (ratio.least - 1.0) * 100.0,
            (ratio.most - 1.0) * 100.0,
            if is_met { "" } else { ": MISSED" }
        );
    }
    println!("{missed} of {} missed", CASES.len());
}
