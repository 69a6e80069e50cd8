//! What a sample of a log holds: line shapes, types, and lines that can become tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, Read};

use super::super::line_shape::KnownLine;
use super::Answers;
use crate::error::Error;
use crate::finding::TypeId;
use crate::policy::Policy;
use crate::scan::{Scanner, Scratch};

/// Lines of a sample that are looked at.
const MAX_LINES: usize = 20_000;
/// A longer line is cut here; a test line must be shorter.
const MAX_LINE_BYTES: u64 = 64 << 10;
const MAX_TEST_BYTES: usize = 400;
/// Lines shown at the end, and tests for each shape.
const EXAMPLES: usize = 3;
const TESTS_A_SHAPE: usize = 2;

/// Counts and a few lines of a sample.
#[derive(Default)]
pub(super) struct Sample {
    known: Vec<KnownLine>,
    pub lines: usize,
    shapes: BTreeMap<&'static str, usize>,
    types: BTreeMap<usize, usize>,
    private: usize,
    examples: Vec<Vec<u8>>,
    /// Lines with invented values, and the types that were found in the real ones.
    pub tests: Vec<(String, Vec<TypeId>)>,
    tests_by_shape: BTreeMap<&'static str, usize>,
}

impl Sample {
    /// A sample of nothing yet.
    ///
    /// # Errors
    /// A shape that can't be read: a mistake of ours.
    pub(super) fn new() -> Result<Self, Error> {
        Ok(Self { known: KnownLine::all()?, ..Self::default() })
    }

    pub(super) fn read(
        &mut self,
        reader: &mut dyn BufRead,
        policy: &Policy,
        scanner: &Scanner,
    ) -> io::Result<()> {
        let mut scratch = Scratch::default();
        let mut line = Vec::new();
        while self.lines < MAX_LINES {
            line.clear();
            if Read::take(&mut *reader, MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let record = line.strip_suffix(b"\n").unwrap_or(&line);
            self.line(record.strip_suffix(b"\r").unwrap_or(record), policy, scanner, &mut scratch);
        }
        Ok(())
    }

    fn line(&mut self, line: &[u8], policy: &Policy, scanner: &Scanner, scratch: &mut Scratch) {
        self.lines += 1;
        let shape = self.shape(line);
        *self.shapes.entry(shape).or_default() += 1;
        let findings = scanner.scan(line, scratch);
        if findings.is_empty() {
            return;
        }
        for finding in findings {
            *self.types.entry(finding.kind.index()).or_default() += 1;
            let value = line.get(finding.start..finding.end).unwrap_or_default();
            self.private += usize::from(is_private(finding.kind, value));
        }
        if self.examples.len() < EXAMPLES {
            self.examples.push(line.to_vec());
        }
        let tests = self.tests_by_shape.entry(shape).or_default();
        if *tests < TESTS_A_SHAPE && line.len() <= MAX_TEST_BYTES {
            let spans: Vec<_> =
                findings.iter().map(|finding| (finding.start, finding.end, finding.kind)).collect();
            if let Some(test) = invented(line, &spans, policy) {
                let kinds = spans.iter().map(|span| span.2).collect();
                if !self.tests.iter().any(|(other, _)| *other == test) {
                    *tests += 1;
                    self.tests.push((test, kinds));
                }
            }
        }
    }

    /// The name of the first known shape that fits.
    fn shape(&self, line: &[u8]) -> &'static str {
        self.known.iter().find(|known| known.fits(line)).map_or("text", |known| known.name)
    }

    /// The line format that most lines have, by its name.
    pub(super) fn main_format(&self) -> Option<&'static str> {
        let (name, count) = self.shapes.iter().max_by_key(|(_, count)| **count)?;
        (count * 2 > self.lines).then_some(*name).filter(|name| crate::rules::line_format(name).is_some())
    }

    pub(super) fn examples(&self) -> impl Iterator<Item = &[u8]> {
        self.examples.iter().map(Vec::as_slice)
    }

    /// What is proposed for such a sample.
    pub(super) fn proposed(&self) -> Answers {
        // Mostly private addresses: servers talking to each other, not people on Wi-Fi.
        let addresses = self.types.get(&TypeId::IPV4.index()).copied().unwrap_or_default();
        Answers { keep_private: addresses > 0 && self.private * 10 >= addresses * 9, ..Answers::default() }
    }

    /// The shapes and types that were seen.
    pub(super) fn text(&self, policy: &Policy) -> String {
        if self.lines == 0 {
            return String::new();
        }
        let mut text = match self.lines {
            1 => "1 line read\n".to_owned(),
            lines => format!("{lines} lines read\n"),
        };
        for (shape, count) in &self.shapes {
            let lines = if *count == 1 { "line" } else { "lines" };
            let _ = writeln!(text, "  {count:>7} {lines} of shape {shape}");
        }
        if self.types.is_empty() {
            text.push_str("  nothing personal was found; is it the log you meant? `logveil explain` says what is spared\n");
        }
        let mut types: Vec<_> = self.types.iter().collect();
        types.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (kind, count) in types {
            let findings = if *count == 1 { "finding" } else { "findings" };
            let _ = writeln!(text, "  {count:>7} {findings} of type {}", policy.type_id(TypeId(*kind as u8)));
        }
        text
    }

    /// The types that were seen, the most frequent first.
    pub(super) fn kinds(&self) -> Vec<(TypeId, usize)> {
        let mut kinds: Vec<_> =
            self.types.iter().map(|(kind, count)| (TypeId(*kind as u8), *count)).collect();
        kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(*count), *kind));
        kinds
    }
}

fn is_private(kind: TypeId, value: &[u8]) -> bool {
    let text = std::str::from_utf8(value).unwrap_or_default();
    kind == TypeId::IPV4 && text.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_private())
}

/// The line with an invented value of the type in place of each finding, from ranges that are kept
/// for documentation; `None` where there is none for a type, or the line is not UTF-8.
fn invented(line: &[u8], spans: &[(usize, usize, TypeId)], _policy: &Policy) -> Option<String> {
    let mut text = String::new();
    let mut edge = 0;
    for (start, end, kind) in spans {
        text.push_str(std::str::from_utf8(line.get(edge..*start)?).ok()?);
        text.push_str(invented_value(*kind)?);
        edge = *end;
    }
    text.push_str(std::str::from_utf8(line.get(edge..)?).ok()?);
    (!text.contains(char::is_control)).then_some(text)
}

fn invented_value(kind: TypeId) -> Option<&'static str> {
    Some(match kind {
        TypeId::IPV4 => "203.0.113.7",
        TypeId::IPV6 => "2001:db8::7",
        TypeId::MAC => "00:00:5e:00:53:07",
        TypeId::HOSTNAME_IP => "203-0-113-7.isp.example",
        TypeId::EMAIL => "anna.example@example.com",
        TypeId::PHONE => "+12025550107",
        TypeId::NAME => "Anna Example",
        TypeId::USERNAME => "annaexample",
        TypeId::CARD => "4111111111111111",
        TypeId::IBAN => "GB82WEST12345698765432",
        TypeId::PASSWORD => "correct-horse-9",
        TypeId::TOKEN => "Zk3vQ8mB1xT7rN5cW2pL9dS4",
        TypeId::COOKIE => "k3vQ8mB1xT7rN5cW",
        TypeId::UUID => "7d44a2e0-5b1c-4f6e-9a3d-0123456789ab",
        TypeId::DEVICE_ID => "7d44a2e05b1c4f6e",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_lines_hold_no_value_of_the_sample() {
        let line = b"from 198.51.100.99 as max ok";
        let spans = [(5, 18, TypeId::IPV4), (22, 25, TypeId::USERNAME)];
        let text = invented(line, &spans, &Policy::default()).unwrap();
        assert_eq!(text, "from 203.0.113.7 as annaexample ok");
        assert!(invented(b"\xff 198.51.100.99", &[(2, 15, TypeId::IPV4)], &Policy::default()).is_none());
        assert!(invented(b"x", &[(0, 1, TypeId::SENSITIVE)], &Policy::default()).is_none());
    }

    #[test]
    fn private_samples_are_proposed_to_keep_private_addresses() {
        let mut sample = Sample::default();
        assert!(!sample.proposed().keep_private);
        sample.types.insert(TypeId::IPV4.index(), 10);
        sample.private = 9;
        assert!(sample.proposed().keep_private);
        sample.private = 8;
        assert!(!sample.proposed().keep_private);
    }
}
