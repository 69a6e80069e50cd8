//! Candidates a KiB by kind on the seeded corpora, against the record in `benches/record/candidates.txt`.
//!
//! More candidates cost time on every machine alike, so this is the bench that repeats. A kind that
//! grows by more than 5 % fails until the record is changed in the same commit:
//! `UPDATE=1 cargo test --test candidates`.

#[path = "../src/cli/bench/corpus.rs"]
#[allow(dead_code)]
mod corpus;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use corpus::Corpus;
use logveil::{Kernel, Policy, Scanner, Scratch};

const CORPUS_BYTES: usize = 1 << 19;
/// How much a count may grow, and how many candidates a KiB are too few to matter.
const GROWTH: f64 = 1.05;
const SLACK: f64 = 0.02;

fn measured() -> BTreeMap<(String, String), f64> {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let mut scratch = Scratch::default();
    let mut all = BTreeMap::new();
    for corpus in Corpus::ALL {
        let text = corpus.generate(CORPUS_BYTES);
        let counts = scanner.candidates_by_kind(&text, &mut scratch);
        let scalar = scanner.clone().with_kernel(Kernel::SCALAR);
        assert_eq!(counts, scalar.candidates_by_kind(&text, &mut scratch), "{}", corpus.name());
        let found = scanner.scan(&text, &mut scratch).len();
        if std::env::var("SHOW").is_ok_and(|name| name == corpus.name()) {
            for f in scanner.scan(&text, &mut scratch) {
                let from = f.start.saturating_sub(40);
                eprintln!("{} {}", f.kind.id(), String::from_utf8_lossy(&text[from..f.end]));
            }
        }
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        let per_kib = |count: usize| count as f64 * 1024.0 / text.len() as f64;
        for (kind, count) in counts {
            all.insert((corpus.name().to_owned(), kind.to_owned()), per_kib(count));
        }
        let a_line = found as f64 / lines as f64;
        eprintln!("{}: {a_line:.3} findings a line, {} bytes a line", corpus.name(), text.len() / lines);
        let wanted = match corpus {
            Corpus::Web | Corpus::WebDistinct => 1.0..1.1,
            Corpus::Mixed => 0.35..0.45,
            Corpus::Dense => 3.8..4.2,
            Corpus::Clean => 0.0..0.000_001,
        };
        assert!(wanted.contains(&a_line), "{}: {a_line} findings a line", corpus.name());
    }
    all
}

#[test]
fn no_kind_of_candidate_grows_unnoticed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/record/candidates.txt");
    let now = measured();
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        let mut text =
            String::from("# Candidates a KiB: corpus, kind, count. UPDATE=1 cargo test --test candidates\n");
        for ((corpus, kind), count) in &now {
            let _ = writeln!(text, "{corpus} {kind} {count:.3}");
        }
        std::fs::write(path, text).unwrap();
        return;
    }
    let recorded = std::fs::read_to_string(path).unwrap();
    let mut lines = recorded.lines().filter(|line| !line.starts_with('#'));
    let mut seen = 0;
    let grown: Vec<String> = lines
        .by_ref()
        .filter_map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            let (corpus, kind) = (words.next()?, words.next()?);
            let was: f64 = words.next()?.parse().ok()?;
            seen += 1;
            let is = *now.get(&(corpus.clone(), kind.clone()))?;
            (is > was * GROWTH + SLACK).then(|| format!("{corpus} {kind}: {is:.3} a KiB, was {was:.3}"))
        })
        .collect();
    assert_eq!(seen, now.len(), "the record names other kinds or corpora");
    assert!(grown.is_empty(), "{}", grown.join("\n"));
}
