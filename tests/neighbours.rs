//! Law 3 for state: what a record yields is the same alone in fresh memory, and among any other records in
//! memory that has scanned much else, other policies too.
//!
//! `LOGVEIL_TEST_SEEDS=FROM..TO` draws other mixes than those of every run.

mod common;

use common::run::one_slice;
use common::{Found, scan};
use logveil::{Kernel, Policy, Scanner, Scratch, TypeId};

/// Mixes of every run.
const SEEDS: std::ops::Range<u64> = 1..13;
/// Lines of a mix.
const LINES: usize = 300;

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

/// What may carry over to the lines behind: PEM blocks and the names of columns.
fn carries(line: &[u8]) -> bool {
    line.windows(5).any(|five| five == b"-----") || line.starts_with(b"#Fields")
}

/// All labelled lines and those of the samples; none empty, none that carries anything over.
fn all_lines() -> Vec<Vec<u8>> {
    let samples = common::samples();
    let samples = samples.iter().flat_map(|(_, text)| text.split(|b| *b == b'\n').map(<[u8]>::to_vec));
    let cases = common::cases().iter().map(common::Case::line).collect::<Vec<_>>();
    let single = |line: &Vec<u8>| !line.is_empty() && !line.contains(&b'\n') && !carries(line);
    cases.into_iter().chain(samples).filter(single).collect()
}

/// A line as it stands, or torn: a part, two halves of different lines, a line with a byte of another.
fn line(random: &mut Seeded, all: &[Vec<u8>]) -> Vec<u8> {
    let mut line = random.of(all).clone();
    let at = random.below(line.len() + 1);
    match random.below(6) {
        0 => line.truncate(at),
        1 => drop(line.drain(..at)),
        2 => {
            let other = random.of(all);
            line.truncate(at);
            line.extend_from_slice(&other[random.below(other.len())..]);
        }
        3 => {
            let other = random.of(all);
            let byte = other[random.below(other.len())];
            line.insert(at, byte);
        }
        _ => {}
    }
    line.truncate(6_000);
    line.retain(|byte| *byte != b'\n');
    if carries(&line) { Vec::new() } else { line }
}

/// Scanners that know different keys, rules, types and shapes.
fn scanners() -> Vec<Scanner> {
    let every: Vec<String> = TypeId::all().map(|kind| kind.id().to_owned()).collect();
    let mut policies = vec![Policy::default(), Policy::default().also(&every).unwrap()];
    policies.push(Policy::default().only(&["email".to_owned(), "phone".to_owned()]).unwrap());
    #[cfg(feature = "policy-toml")]
    for text in ["ruleset = \"2026.11\"\n", "[[when]]\nshape = \"json\"\nuse = \"everything\"\n"] {
        policies.push(Policy::from_toml("test", text).unwrap());
    }
    policies.iter().map(|policy| Scanner::new(policy).unwrap()).collect()
}

/// The findings that `others` lacks.
fn but(found: &[Found], others: &[Found]) -> Vec<Found> {
    found.iter().filter(|f| !others.contains(f)).cloned().collect()
}

fn seeds() -> std::ops::Range<u64> {
    let asked = std::env::var("LOGVEIL_TEST_SEEDS").ok();
    let range = asked.as_deref().and_then(|text| text.split_once(".."));
    range.map_or(SEEDS, |(from, to)| from.parse().unwrap()..to.parse().unwrap())
}

#[test]
fn records_are_alone_wherever_they_stand() {
    let all = all_lines();
    assert!(all.len() > 3_000);
    let (scanners, mut used) = (scanners(), Scratch::default());
    assert!(scanners.len() >= 3);
    let kernels = Kernel::available();
    let (mut compared, mut differ) = (0, Vec::new());
    for seed in seeds() {
        let mut random = Seeded(seed);
        let mut lines: Vec<Vec<u8>> = Vec::new();
        for _ in 0..LINES {
            // what stands near often stands there again
            let next = if lines.is_empty() || random.below(8) > 0 {
                line(&mut random, &all)
            } else {
                random.of(&lines).clone()
            };
            // both parts of a line that a line feed tore
            if random.below(4) == 0 {
                let at = random.below(next.len() + 1);
                lines.push(next[..at].to_vec());
                lines.push(next[at..].to_vec());
                continue;
            }
            lines.push(next);
        }
        let scanner = random.of(&scanners).clone().with_kernel(*random.of(&kernels));
        let text: Vec<u8> = lines.iter().flat_map(|line| [&line[..], b"\n"].concat()).collect();
        let mut together = scan(&scanner, &text, &mut used).into_iter().peekable();
        let redacted = one_slice(&scanner, &text, &mut used);
        let mut redacted = redacted.split(|byte| *byte == b'\n');
        let mut start = 0;
        for line in &lines {
            let mut fresh = Scratch::default();
            let end = start + line.len();
            let mut here = Vec::new();
            while let Some(found) = together.next_if(|found| found.start <= end) {
                here.push(Found { start: found.start - start, end: found.end - start, ..found });
            }
            let wanted = scan(&scanner, line, &mut fresh);
            let alone = one_slice(&scanner, line, &mut fresh);
            let written = redacted.next().unwrap_or_default();
            if here != wanted || written != alone {
                let shown = |from: usize, to: usize| String::from_utf8_lossy(&text[from..to]).into_owned();
                let (record, behind) = (shown(start, end), shown(end, text.len().min(end + 80)));
                let before = shown(start.saturating_sub(80), start);
                differ.push(format!(
                    "seed {seed}, {:?} among others, {:?} alone:\n{before}>>>{record}<<<{behind}",
                    but(&here, &wanted),
                    but(&wanted, &here)
                ));
                break; // records may have become one: what follows would differ, too
            }
            start = end + 1;
            compared += 1;
        }
    }
    assert!(compared >= LINES);
    assert!(differ.is_empty(), "in {} mixes:\n{}", differ.len(), differ.join("\n"));
}

/// Records that once saw what stood before or behind them, and what stood there.
#[test]
fn the_start_and_end_of_a_record_are_borders() {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    for (before, record, behind) in [
        ("", "DHCP4_LEASE_ALLOC cid=[01:00:00:5e:00:53:c", "x"),
        ("", "Access denied for user 'roo", "Nov 21 09:15:12 web01 app's log"),
        ("", "From: \"Anna Berg\" <sip:+1415555", "from anna@example.com"),
        ("x", "Marias-iPad lease granted", ""),
        ("x", "failed to authenticate as 'i", "Ok 'x'"),
    ] {
        let alone = one_slice(&scanner, record.as_bytes(), &mut Scratch::default());
        let text = [before, record, behind].join("\n");
        let among = one_slice(&scanner, text.as_bytes(), &mut Scratch::default());
        let second = among.split(|byte| *byte == b'\n').nth(1).unwrap_or_default();
        assert_eq!(String::from_utf8_lossy(second), String::from_utf8_lossy(&alone), "{text}");
    }
}
