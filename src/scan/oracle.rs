//! The first oracle: every verifier at every place, without bitmaps. What it accepts somewhere it must
//! also accept from a candidate that the kernels offer.

use std::collections::BTreeSet;
use std::path::Path;

use super::accept::Hunt;
use super::{Carry, Engine, Scratch, daemons, keyed, phrases, shapes};
use crate::classify::{Candidates, Collector, Kind, Tail, is_joint};
use crate::finding::{Finding, TypeId};
use crate::{Kernel, Policy, Scanner};

/// Whether a text could have a candidate of a kind at a place.
type MayStand = fn(&[u8], usize) -> bool;

/// The kinds whose verifiers are pure functions of the text and a place, and what must stand there
/// for the verifier to be asked at all: the meaning of the kind, not the masks that look for it.
const KINDS: [(Kind, MayStand); 19] = [
    (Kind::Ipv4, |text, at| text[at].is_ascii_digit() && text[..at].ends_with(b".")),
    (Kind::Ipv6, follows_colons),
    (Kind::At, |text, at| text[at] == b'@'),
    (Kind::Mac, |text, at| matches!(text[at], b':' | b'-' | b'.')),
    (Kind::Uuid, |_, _| true),
    (Kind::DigitRun, |text, at| at >= 10 && text[at - 10..=at].iter().all(u8::is_ascii_digit)),
    (Kind::Grouped, |_, _| true),
    (Kind::International, follows_plus_or_zeros),
    (Kind::National, ends_three_three_four),
    (Kind::SocialSecurity, follows_three_two),
    (Kind::Key, |text, at| matches!(text[at], b'=' | b':' | b'>')),
    (Kind::Phrase, |text, at| {
        at > 1 && text[at - 1] == b' ' && text[at - 2].is_ascii_alphabetic() && text[at] != b'/'
    }),
    (Kind::Announced, |text, at| {
        at > 1 && text[at - 1] == b' ' && (text[at].is_ascii_digit() || text[at].is_ascii_uppercase())
    }),
    (Kind::Option, starts_option),
    (Kind::Tag, |text, at| {
        let follows_number = at > 0 && text[at] == b'>' && text[at - 1].is_ascii_digit();
        follows_number || text[at] == b':' && matches!(text.get(at + 1), Some(b' ' | b'\t'))
    }),
    (Kind::LongWord, is_sixteenth_of_word),
    (Kind::LetterDigits, |text, at| text[at] == b' '),
    (Kind::DashedQuad, |text, at| text[at].is_ascii_digit() && text[..at].ends_with(b"-")),
    (Kind::Sign, |text, at| matches!(text[at], b'$' | b'|')),
];

fn starts_option(text: &[u8], at: usize) -> bool {
    let left = |back: usize| at.checked_sub(back).map_or(b' ', |place| text[place]);
    let is_bordered = !(left(2).is_ascii_alphanumeric() || matches!(left(2), b'_' | b'.' | b')' | b']'));
    let is_dashed = text[at].is_ascii_alphabetic() && left(1) == b'-' && is_bordered;
    let is_quote = matches!(text[at], b'"' | b'\'' | b'\\');
    is_dashed || is_quote && matches!(left(1), b' ' | b'\t') && left(2).is_ascii_alphabetic()
}

fn follows_colons(text: &[u8], at: usize) -> bool {
    let is_part = |byte: &&u8| byte.is_ascii_hexdigit() || **byte == b':';
    let colons = text[..at].iter().rev().take_while(is_part).filter(|b| **b == b':').count();
    text[..at].ends_with(b":") && (text[at] == b':' || text[at].is_ascii_hexdigit() && colons > 3)
}

fn follows_plus_or_zeros(text: &[u8], at: usize) -> bool {
    matches!(text[at], b'1'..=b'9') && (text[..at].ends_with(b"+") || text[..at].ends_with(b"00"))
}

fn follows_three_two(text: &[u8], at: usize) -> bool {
    let is_gap = |byte: u8| matches!(byte, b' ' | b'-');
    let digits = |from: usize, count: usize| text[from..from + count].iter().all(u8::is_ascii_digit);
    at >= 6 && is_gap(text[at]) && digits(at - 2, 2) && is_gap(text[at - 3]) && digits(at - 6, 3)
}

fn ends_three_three_four(text: &[u8], at: usize) -> bool {
    let digits = |from: usize, count: usize| text[from..from + count].iter().all(u8::is_ascii_digit);
    let is_gap = |byte: u8| matches!(byte, b' ' | b'-' | b'.' | b')');
    let blank = usize::from(at >= 12 && text[at - 8] == b' ' && text[at - 9] == b')');
    at >= 11 + blank
        && digits(at - 3, 4)
        && is_gap(text[at - 4])
        && digits(at - 7, 3)
        && is_gap(text[at - 8])
        && digits(at - 11 - blank, 3)
}

fn is_sixteenth_of_word(text: &[u8], at: usize) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    at >= 15 && text[at - 15..=at].iter().all(|b| is_word(*b)) && (at == 15 || !is_word(text[at - 16]))
}

/// What the verifiers of one candidate accept, before overlaps are resolved.
fn accepted(engine: &Engine, text: &[u8], one: &Candidates, found: &mut Vec<Finding>) {
    let mut hunt = Hunt::new(engine, text, found);
    keyed::hunt(&mut hunt, one);
    shapes::hunt(&mut hunt, one);
    phrases::hunt(&mut hunt, one);
    daemons::hunt(&mut hunt, one);
}

/// Start, end and type of what a verifier accepts, and from where.
type Accepted = (usize, usize, &'static str, Kind, usize);

/// All that is found from each of the places, one candidate at a time.
fn from_places(
    engine: &Engine,
    text: &[u8],
    places: impl Iterator<Item = (Kind, usize)>,
) -> BTreeSet<Accepted> {
    let (mut one, mut found) = (Candidates::default(), Vec::new());
    let mut all = BTreeSet::new();
    for (kind, at) in places {
        found.clear();
        one.set_only(kind, at as u32);
        accepted(engine, text, &one, &mut found);
        all.extend(found.iter().map(|f| (f.start, f.end, f.kind.id(), kind, at)));
    }
    all
}

/// The candidates that a kernel offers, in order of kind.
fn offered(engine: &Engine, kernel: Kernel, text: &[u8]) -> Vec<(Kind, usize)> {
    let mut candidates = Candidates::default();
    let mut collector = Collector::new(text, &engine.filter, &mut candidates);
    kernel.feed(text, &mut collector);
    collector.done();
    KINDS.iter().flat_map(|(kind, _)| candidates.of(*kind).iter().map(|c| (*kind, c.at as usize))).collect()
}

/// Whether the filter knows the ending of the key before a separator. That it knows every key's is
/// proved where it is filled. A dot between is one of an abbreviation (`Tel.:`).
fn may_be_key(engine: &Engine, text: &[u8], at: usize) -> bool {
    if text[..at].ends_with(b".") && !(at > 1 && text[at - 2].is_ascii_alphabetic()) {
        return false;
    }
    // a blank before a number and a colon is a time's (`9:15`), not a key's
    let end = crate::classify::key_end(text, at);
    let is_time =
        text[at] == b':' && end < at && end > 0 && matches!(text[end - 1], b' ' | b'.' | b'[' | b'/');
    !is_time && engine.filter.may_be_key(last_word(text, at))
}

/// The last word before a separator: what its number and the joint before it leave.
fn last_word(text: &[u8], at: usize) -> Tail {
    let end = crate::classify::key_end(text, at);
    let joint = end > 0 && end < at && is_joint(text[end - 1]);
    Tail::before(text, end - usize::from(joint))
}

/// Fails if a verifier accepts something that no candidate of a kernel leads to.
fn check(scanner: &Scanner, text: &[u8], scratch: &mut Scratch) {
    let engine = &*scanner.engine;
    let scalar = offered(engine, Kernel::SCALAR, text);
    for kernel in Kernel::available() {
        assert_eq!(offered(engine, kernel, text), scalar, "{kernel:?}: {}", String::from_utf8_lossy(text));
    }
    let everywhere = KINDS
        .iter()
        .flat_map(|(kind, may)| (0..text.len()).filter(|at| may(text, *at)).map(|at| (*kind, at)))
        .filter(|(kind, at)| match kind {
            Kind::Key => may_be_key(engine, text, *at),
            Kind::Phrase => engine.filter.may_end_phrase(Tail::before(text, *at - 1)),
            Kind::Announced => engine.filter.may_announce(Tail::before(text, *at - 1)),
            Kind::Tag => text[*at] == b'>' || engine.filter.may_be_tag(last_word(text, *at)),
            _ => true,
        });
    let everywhere = from_places(engine, text, everywhere);
    let mut covered = vec![false; text.len()];
    // what is found, before it ends with its string of JSON
    scanner.gather(text, Carry::default(), scratch);
    for f in &scratch.findings {
        covered[f.start..f.end].fill(true);
    }
    // what stands in a string that is a record of its own is looked for there
    for (start, end) in &scratch.views.records.strings {
        covered[*start..*end].fill(true);
    }
    for (start, end, name, kind, at) in everywhere {
        let lossy = String::from_utf8_lossy;
        assert!(
            !covered[start..end].contains(&false),
            "{name} {:?} is accepted from {kind:?} at {at} and not offered in {:?}",
            lossy(&text[start..end]),
            lossy(text)
        );
    }
}

/// The lines of the labelled cases; their own reader, since this is no test of the cases.
fn lines() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "toml") {
            let file: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
            let cases = file["case"].as_array().unwrap();
            lines.extend(cases.iter().filter_map(|c| Some(c.get("text")?.as_str()?.as_bytes().to_vec())));
        }
    }
    lines.sort();
    lines
}

fn engine() -> Scanner {
    let every: Vec<String> = TypeId::all().map(|kind| kind.id().to_owned()).collect();
    Scanner::new(&Policy::default().also(&every).unwrap()).unwrap()
}

#[test]
fn what_a_verifier_accepts_is_offered_by_every_kernel() {
    let (scanner, lines, mut scratch) = (engine(), lines(), Scratch::default());
    assert!(lines.len() > 1_500);
    for line in &lines {
        check(&scanner, line, &mut scratch);
    }
}

/// Numbers that repeat from run to run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Pieces that are put into lines.
const PIECES: [&[u8]; 32] = [
    b"user=",
    b"\"email\":\"",
    b"ann@example.com",
    b"203.0.113.7",
    b"2001:db8::7",
    b"00:00:5e:00:53:01",
    b"fe80::1%eth0",
    b"+1 415 555 0132",
    b"4111 1111 1111 1111",
    b"490154203237518",
    b"password: ",
    b"Bearer ",
    b"\\\"",
    b"%40",
    b"\\u0040",
    b"name=\"Jana Novak\"",
    b"<sip:",
    b"sshd[812]: ",
    b"for user ",
    b"rhost=",
    b"2026-11-29T12:00:00.000Z",
    b"1.2.3.4",
    b"-----BEGIN ",
    b"--token ",
    b"&cid=",
    b", ",
    b"] [",
    b"://",
    b"DE89370400440532013000",
    b"eyJhbGciOiJIUzI1NiJ9.",
    b"48.2082, 16.3738",
    b"imsi-",
];

#[test]
fn what_a_verifier_accepts_in_changed_lines_is_offered() {
    let (scanner, lines, mut scratch) = (engine(), lines(), Scratch::default());
    let marks = b" .:-@=\"'/+()[]<>_%\\,;0149afAFzZ\n\t\xc3\xa4\x00";
    for line in &lines {
        // each line is changed alike however many others there are
        let seed =
            line.iter().fold(20_261_122u64, |seed, b| (seed ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
        let mut random = Seeded(seed);
        for _ in 0..3 {
            let mut text = line.clone();
            text.truncate(300);
            for _ in 0..1 + random.below(4) {
                let (at, byte) = (random.below(text.len().max(1)), marks[random.below(marks.len())]);
                match random.below(4) {
                    0 if at < text.len() => text[at] = byte,
                    1 => text.insert(at.min(text.len()), byte),
                    2 if at < text.len() => drop(text.remove(at)),
                    _ => {
                        let at = at.min(text.len());
                        text.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied());
                    }
                }
            }
            check(&scanner, &text, &mut scratch);
        }
    }
}

#[test]
fn what_a_verifier_accepts_among_digits_and_separators_is_offered() {
    let (scanner, mut scratch, mut random) = (engine(), Scratch::default(), Seeded(7));
    let pieces: [&[u8]; 24] = [
        b"1",
        b"0",
        b"9",
        b"23",
        b"00",
        b"a7",
        b"fe",
        b"203",
        b"4111",
        b"2001",
        b"45678901",
        b"db8",
        b".",
        b".",
        b":",
        b":",
        b"-",
        b" ",
        b"+",
        b"(",
        b")",
        b"::",
        b"x",
        b"\n",
    ];
    for _ in 0..15_000 {
        let text: Vec<u8> = (0..40).flat_map(|_| pieces[random.below(pieces.len())].to_vec()).collect();
        check(&scanner, &text, &mut scratch);
    }
}
