//! Each stage and the whole on the seeded corpora, and 200-byte records one at a time.
//!
//! `cargo bench --bench engine -- web` measures one corpus. Findings are asserted before anything is timed.

#[path = "common/mod.rs"]
mod common;
#[path = "../src/cli/bench/corpus.rs"]
#[allow(dead_code)]
mod corpus;

use std::hint::black_box;
use std::time::Duration;

use common::{PAIRS, Spread, pairs, spent};
use corpus::Corpus;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use logveil::{Clean, Policy, Redactor, Scanner, Scratch, Summary};

const CORPUS_BYTES: usize = 1 << 20;
/// What shippers hand over at a time.
const RECORD_BYTES: usize = 200;

/// Corpora with the least and most findings a hundred lines that they must have.
const CORPORA: [(Corpus, u64, u64); 4] =
    [(Corpus::Web, 100, 110), (Corpus::Mixed, 35, 45), (Corpus::Dense, 380, 420), (Corpus::Clean, 0, 0)];

fn engine(criterion: &mut Criterion) {
    let scanner = Scanner::new(&Policy::default()).expect("the default policy");
    for (corpus, least, most) in CORPORA {
        let text = corpus.generate(CORPUS_BYTES);
        let (mut scratch, mut clean, mut summary) = (Scratch::default(), Clean::new(), Summary::default());
        scanner.redact(&text, &mut scratch, &mut clean, &mut summary);
        let found = summary.found_in_all() * 100 / summary.records;
        assert!((least..=most).contains(&found), "{}: {found} findings a hundred lines", corpus.name());
        assert!(least > 0 || summary.found_in_all() == 0, "{}: not clean", corpus.name());
        let (expected, length) = (summary.found_in_all() as usize, clean.len());

        let mut group = criterion.benchmark_group(corpus.name());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group
            .sample_size(20)
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(2));
        group.bench_function("classify", |b| {
            b.iter(|| black_box(scanner.count_candidates(&text, &mut scratch)));
        });
        group.bench_function("scan", |b| {
            b.iter(|| assert_eq!(scanner.scan(&text, &mut scratch).len(), expected));
        });
        group.bench_function("whole", |b| {
            b.iter(|| {
                let mut clean = Clean::new();
                scanner.redact(&text, &mut scratch, &mut clean, &mut Summary::default());
                assert_eq!(clean.len(), length);
            });
        });
        let records: Vec<&[u8]> = records(&text);
        group.bench_function("records of 200 bytes", |b| {
            b.iter(|| {
                let mut redactor = Redactor::new(scanner.clone());
                let mut clean = Clean::new();
                records.iter().for_each(|record| redactor.write(record, &mut clean));
                let summary = redactor.finish(&mut clean);
                assert_eq!((summary.found_in_all() as usize, clean.len()), (expected, length));
            });
        });
        group.finish();
        print_record_ratio(corpus, &scanner, &text, &records);
    }
}

/// The rate of records one at a time over that of the chunk: processor time, pair by pair.
fn print_record_ratio(corpus: Corpus, scanner: &Scanner, text: &[u8], records: &[&[u8]]) {
    let (mut scratch, mut clean) = (Scratch::default(), Clean::new());
    let mut redactor = Redactor::new(scanner.clone());
    let mut piece = Clean::new();
    let (whole, singly) = pairs(
        || {
            spent(|| {
                clean.clear();
                scanner.redact(text, &mut scratch, &mut clean, &mut Summary::default());
            })
        },
        || {
            spent(|| {
                for record in records {
                    piece.clear();
                    redactor.write(record, &mut piece);
                }
            })
        },
    );
    let ratio = Spread::of(&whole, &singly);
    println!(
        "{}/records of 200 bytes over the chunk: {:.2} ({:.2} to {:.2}, {PAIRS} pairs)",
        corpus.name(),
        ratio.median,
        ratio.least,
        ratio.most
    );
}

/// Whole lines, at least 200 bytes at a time.
fn records(text: &[u8]) -> Vec<&[u8]> {
    let (mut all, mut from) = (Vec::new(), 0);
    for (at, byte) in text.iter().enumerate() {
        if *byte == b'\n' && at + 1 - from >= RECORD_BYTES {
            all.push(&text[from..=at]);
            from = at + 1;
        }
    }
    all.push(&text[from..]);
    all
}

criterion_group!(benches, engine);
criterion_main!(benches);
