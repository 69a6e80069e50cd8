//! Records over the limit: what is cut reads as if it had not been cut, and what can't be cut is withheld.
//!
//! `LOGVEIL_TEST_SEEDS=FROM..TO` draws other records than those of every run.

mod common;

use common::run;
use logveil::{Redactor, Scanner};

const SEEDS: std::ops::Range<u64> = 1..41;
const LIMIT: usize = 4 << 10;

/// Numbers that repeat from run to run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// What stands between values: words of no meaning, words that end as keys do, bytes without a blank.
const FILLERS: [&[u8]; 6] =
    [b"lorem ipsum dolor sit amet ", b"word ", b"a sword on board ", b"xyz", b"\t\t", b"the sum of all "];

/// A long record of labelled lines with fillers between them.
fn record(random: &mut Seeded, lines: &[Vec<u8>]) -> Vec<u8> {
    let mut record = Vec::new();
    for _ in 0..=random.below(6) {
        let filler = *random.of(&FILLERS);
        record.extend(filler.iter().copied().cycle().take(random.below(7_000)));
        record.push(b' ');
        let line: &Vec<u8> = random.of(lines);
        record.extend_from_slice(line);
        record.push(b' ');
    }
    record
}

fn redacted(scanner: &Scanner, limit: usize, text: &[u8]) -> Vec<u8> {
    run::portions(Redactor::new(scanner.clone()).with_max_record_bytes(limit), text, []).0
}

#[test]
fn a_record_that_was_cut_reads_as_if_it_were_not() {
    let scanner = Scanner::new(&logveil::Policy::default()).unwrap();
    let lines: Vec<Vec<u8>> = common::cases().iter().map(common::Case::line).collect();
    let single: Vec<Vec<u8>> = lines.into_iter().filter(|line| !line.contains(&b'\n')).collect();
    let asked = std::env::var("LOGVEIL_TEST_SEEDS").ok();
    let asked = asked.as_deref().and_then(|text| text.split_once(".."));
    let seeds = asked.map_or(SEEDS, |(from, to)| from.parse().unwrap()..to.parse().unwrap());
    let (mut cut, mut withheld, mut differ) = (0, 0, Vec::new());
    for seed in seeds {
        let record = record(&mut Seeded(seed), &single);
        if record.len() <= LIMIT {
            continue;
        }
        let whole = redacted(&scanner, 1 << 20, &record);
        let parts = redacted(&scanner, LIMIT, &record);
        let marker =
            memchr::memmem::rfind(&parts, b"[LOGVEIL WITHHELD ").filter(|at| parts[*at..] != whole[..]);
        let agrees = match marker {
            _ if parts == whole => true,
            Some(at) => whole.starts_with(&parts[..at]),
            None => parts.starts_with(b"{\"logveil\":\"withheld\""),
        };
        match marker {
            Some(0) => {}
            Some(_) => withheld += 1,
            None => cut += 1,
        }
        if !agrees {
            let same = parts.iter().zip(&whole).take_while(|(a, b)| a == b).count();
            let near = |text: &[u8]| {
                String::from_utf8_lossy(&text[same.saturating_sub(60)..text.len().min(same + 60)])
                    .into_owned()
            };
            differ.push(format!("seed {seed} at {same}:\n  {}\n  {}", near(&parts), near(&whole)));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(
        cut >= 5 && withheld >= 5,
        "{cut} cut, {withheld} withheld behind a cut: too few to say anything"
    );
}

#[test]
fn a_part_that_looks_like_json_is_text() {
    let scanner = Scanner::new(&logveil::Policy::default()).unwrap();
    let mut record: Vec<u8> = b"lorem ipsum dolor ".iter().copied().cycle().take(LIMIT / 2).collect();
    record.extend(std::iter::repeat_n(b'\t', LIMIT));
    record.extend_from_slice(b"[4111111111111111, 1]");
    let parts = redacted(&scanner, LIMIT, &record);
    assert!(parts.ends_with(b"\t[[CARD], 1]"), "{}", String::from_utf8_lossy(&parts).trim());
    assert_eq!(parts, redacted(&scanner, 1 << 20, &record));
}
