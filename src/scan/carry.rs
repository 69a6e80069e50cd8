//! What may cross records: an open PEM block (RFC 7468), the names of columns, and nothing else.

use std::sync::Arc;

use super::Engine;
use super::accept::Hunt;
use super::columns::{Columns, OpenField};
use crate::classify::{Candidates, Kind};
use crate::finding::{Evidence, Finding, Match, TypeId};
use crate::rules;

/// The longest block that is followed, in bytes of its body.
const MAX_BLOCK_BYTES: u32 = 64 << 10;
/// The longest line of a body that is taken for one, in bytes.
const MAX_LINE_BYTES: usize = 256;

/// What is open at the end of a chunk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carry {
    /// Bytes of an open PEM block so far plus one; 0 if none is open.
    pem_bytes: u32,
    /// Where the body stands in its lines.
    place: Place,
    /// The columns in force.
    pub(super) columns: Option<Arc<Columns>>,
    /// A field in quotes that goes on in the next record.
    pub(super) field: OpenField,
    /// What comes next goes on with a record that was cut.
    goes_on: bool,
}

impl Carry {
    /// The same, where what comes next goes on with a record that was cut.
    pub(crate) fn inside_record(mut self, goes_on: bool) -> Self {
        self.goes_on = goes_on;
        self
    }
    /// Whether what comes next goes on with a record that was cut.
    pub(crate) fn goes_on(&self) -> bool {
        self.goes_on
    }
}

/// Where a line of a PEM block stands in its record: BEGIN says so for the whole block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    /// The whole line.
    #[default]
    Line,
    /// Behind so many words of syslog, the journal, CRI or a logger.
    BehindWords(u8),
    /// In a JSON string that starts at this column (`{"log":"MII…\n",…`).
    InString(u16),
}

/// The most words before the lines of a block.
const MAX_WORDS: usize = 12;
/// The farthest column that a string with a line of a block starts at.
const MAX_COLUMN: usize = 512;

impl Place {
    /// The place of a block whose BEGIN stands behind `head` in its line, and before `rest`.
    fn of(head: &[u8], rest: &[u8]) -> Option<Self> {
        if rest.is_empty() {
            let words = head.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
            return match words {
                0 => Some(Self::Line),
                1..=MAX_WORDS => Some(Self::BehindWords(words as u8)),
                _ => None,
            };
        }
        // the string ends with its line
        let closes = string_tail(rest) && head.ends_with(b"\"") && head.len() <= MAX_COLUMN;
        (closes && head.trim_ascii_start().starts_with(b"{")).then_some(Self::InString(head.len() as u16))
    }

    /// The range of the block's part in one of its lines; `None` if the line is none.
    fn part(self, line: &[u8]) -> Option<(usize, usize)> {
        let start = match self {
            Self::Line => 0,
            Self::BehindWords(words) => {
                let mut at = 0;
                for _ in 0..words {
                    at += line[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
                    at += line[at..].iter().take_while(|b| !b.is_ascii_whitespace()).count();
                }
                at
            }
            Self::InString(column) => {
                let rest = line.get(usize::from(column)..)?;
                let length =
                    rest.iter().take(MAX_LINE_BYTES).take_while(|b| !matches!(b, b'"' | b'\\')).count();
                let inside = line[..usize::from(column)].ends_with(b"\"") && string_tail(&rest[length..]);
                return inside.then_some((usize::from(column), usize::from(column) + length));
            }
        };
        let rest = line.get(start..)?;
        let from = start + rest.len() - rest.trim_ascii_start().len();
        let part = rest.trim_ascii();
        // behind other words, a word of small letters goes on with the log
        let is_word = self != Self::Line
            && part.len() < 16
            && !part.is_empty()
            && part.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        (!is_word).then_some((from, from + part.len()))
    }
}

/// Whether escaped line ends and a closing quote start here.
fn string_tail(rest: &[u8]) -> bool {
    let mut rest = rest;
    while let Some(next) = rest.strip_prefix(b"\\n").or_else(|| rest.strip_prefix(b"\\r")) {
        rest = next;
    }
    rest.starts_with(b"\"")
}

/// Finds the private keys of PEM blocks; returns what is open at the end of the chunk.
///
/// On one record (with `\n` escapes, or all in a row) a key is one finding; over records each line
/// of the body is one. A block ends at its END line, at a line that is neither base64 nor a header
/// of the block, or after 64 KiB.
pub(super) fn hunt(
    engine: &Engine,
    chunk: &[u8],
    candidates: &Candidates,
    carry: Carry,
    found: &mut Vec<Finding>,
) -> Carry {
    let mut hunt = Hunt::new(engine, chunk, found);
    if !hunt.wants(TypeId::TOKEN) {
        return Carry::default();
    }
    let Carry { pem_bytes: mut open, mut place, .. } = carry;
    let mut at = 0;
    if open > 0 {
        (at, open) = body(&mut hunt, 0, open, place);
    }
    for c in candidates.of(Kind::Dashes) {
        let begin = c.at as usize;
        if begin < at || !is_private_begin(&chunk[begin..]) {
            continue;
        }
        let header = begin + chunk[begin..].iter().position(|b| *b == b'-').map_or(0, |p| p + 5);
        let line_end = memchr::memchr(b'\n', &chunk[begin..]).map_or(chunk.len(), |p| begin + p);
        let rest = chunk[header.min(line_end)..line_end].trim_ascii();
        let line = memchr::memrchr(b'\n', &chunk[..begin]).map_or(0, |p| p + 1);
        let opens = Place::of(&chunk[line..begin - 5], rest);
        if !rest.is_empty() {
            at = in_one_record(&mut hunt, begin - 5, header, line_end);
        }
        if let Some(opened) = opens {
            place = opened;
            (at, open) =
                if line_end < chunk.len() { body(&mut hunt, line_end + 1, 1, place) } else { (line_end, 1) };
        }
    }
    Carry {
        pem_bytes: open,
        place: if open > 0 { place } else { Place::default() },
        columns: None,
        field: OpenField::default(),
        goes_on: false,
    }
}

/// `BEGIN … PRIVATE KEY-----` or `BEGIN PGP PRIVATE KEY BLOCK-----`, behind the five dashes.
fn is_private_begin(text: &[u8]) -> bool {
    let Some(label) = text.strip_prefix(b"BEGIN ") else { return false };
    let Some(end) = label.iter().take(64).position(|b| *b == b'-') else { return false };
    let name = &label[..end];
    label[end..].starts_with(b"-----")
        && (name.ends_with(b"PRIVATE KEY") || name.ends_with(b"PRIVATE KEY BLOCK"))
}

/// Takes the lines of a body from `at` on; returns where it stopped and what is open there.
fn body(hunt: &mut Hunt<'_>, mut at: usize, mut open: u32, place: Place) -> (usize, u32) {
    let text = hunt.text;
    while at < text.len() {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |p| at + p);
        let line = &text[at..end];
        let Some((from, to)) = place.part(line) else { return (at, 0) };
        let trimmed = &line[from..to];
        let is_header = trimmed.is_empty()
            || [&b"Proc-Type:"[..], b"DEK-Info:", b"Comment:", b"Version:", b"Hash:"]
                .iter()
                .any(|h| trimmed.starts_with(h));
        open = open.saturating_add(line.len() as u32 + 1);
        if open > MAX_BLOCK_BYTES || !(is_header || is_body_line(trimmed)) {
            return (at, 0);
        }
        if !is_header {
            take(hunt, at + from, at + to);
        }
        at = end + 1;
    }
    (text.len(), open)
}

fn is_body_line(line: &[u8]) -> bool {
    line.len() <= MAX_LINE_BYTES
        && line.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

/// A key in one record: from its BEGIN to its END, or to the end of the string it stands in.
fn in_one_record(hunt: &mut Hunt<'_>, start: usize, header: usize, line_end: usize) -> usize {
    let text = hunt.text;
    let mut end = header;
    while end < line_end && !matches!(text[end], b'"' | b'\'' | b',' | b'}' | b']') {
        // the escapes of line ends belong to it, those of quotes close it
        if text[end] == b'\\' && matches!(text.get(end + 1), Some(b'"')) {
            // all of a quote in a string in a string
            end -= text[start..end].iter().rev().take_while(|b| **b == b'\\').count();
            break;
        }
        if text[end..].starts_with(b"-----END ") {
            let label = text[end + 9..line_end].iter().position(|b| *b == b'-').map_or(0, |p| p + 5);
            end = (end + 9 + label).min(line_end);
            // the line end of the last line, before the quote that closes the string
            let tail =
                text[end..line_end].iter().take(12).take_while(|b| matches!(b, b'\\' | b'n' | b'r')).count();
            let escapes = text[end..end + tail].iter().rev().take_while(|b| **b == b'\\').count();
            if matches!(text.get(end + tail), Some(b'"' | b'\'')) {
                end += tail - escapes;
            }
            break;
        }
        end += 1;
    }
    while end > start && matches!(text[end - 1], b' ' | b'\r' | b'\t') {
        end -= 1;
    }
    take(hunt, start, end);
    end
}

fn take(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    hunt.accept(Match {
        start,
        end,
        kind: TypeId::TOKEN,
        rule: rules::TOKEN_PEM,
        confidence: 97,
        evidence: Evidence::CARRY_PEM,
    });
}

#[cfg(test)]
mod tests {
    use crate::{Clean, Policy, Scanner, Scratch, Summary};

    fn redacted(chunks: &[&str]) -> String {
        let scanner = Scanner::new(&Policy::default()).unwrap();
        let (mut scratch, mut out, mut summary) = (Scratch::default(), Clean::new(), Summary::default());
        let mut carry = super::Carry::default();
        for chunk in chunks {
            carry = scanner.redact_with_carry(chunk.as_bytes(), carry, &mut scratch, &mut out, &mut summary);
        }
        String::from_utf8(out.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn bodies_behind_prefixes_are_found_in_one_chunk_and_over_chunks() {
        let syslog = [
            "Mar  2 06:25:24 web01 app[812]: -----BEGIN RSA PRIVATE KEY-----\n",
            "Mar  2 06:25:24 web01 app[812]: MIIEpAIBAAKCAQEAq8Zk2Lw0vTq8Zk2Lw0vT\n",
            "Mar  2 06:25:24 web01 app[812]: q8Zk2Lw0==\n",
            "Mar  2 06:25:24 web01 app[812]: done\n",
            "Mar  2 06:25:24 web01 app[812]: MIIEpAIBAAKCAQEAq8Zk2Lw0vTq8Zk2Lw0vT\n",
        ];
        let expected = "Mar  2 06:25:24 web01 app[812]: -----BEGIN RSA PRIVATE KEY-----\n\
                        Mar  2 06:25:24 web01 app[812]: [TOKEN]\n\
                        Mar  2 06:25:24 web01 app[812]: [TOKEN]\n\
                        Mar  2 06:25:24 web01 app[812]: done\n\
                        Mar  2 06:25:24 web01 app[812]: MIIEpAIBAAKCAQEAq8Zk2Lw0vTq8Zk2Lw0vT\n";
        assert_eq!(redacted(&syslog), expected);
        assert_eq!(redacted(&[&syslog.concat()]), expected);
    }

    #[test]
    fn bodies_in_json_strings_end_with_their_block() {
        let docker = [
            "{\"log\":\"-----BEGIN PRIVATE KEY-----\\n\",\"stream\":\"stdout\"}\n",
            "{\"log\":\"MIIEpAIBAAKCAQEAq8Zk2Lw0vTq8Zk2Lw0vT\\n\",\"stream\":\"stdout\"}\n",
            "{\"log\":\"-----END PRIVATE KEY-----\\n\",\"stream\":\"stdout\"}\n",
            "{\"log\":\"MIIEpAIBAAKCAQEAq8Zk2Lw0vTq8Zk2Lw0vT\\n\",\"stream\":\"stdout\"}\n",
        ];
        let clean = redacted(&docker);
        let lines: Vec<&str> = clean.lines().collect();
        assert_eq!(lines[1], "{\"log\":\"[TOKEN]\\n\",\"stream\":\"stdout\"}");
        assert_eq!(lines[3], docker[3].trim_end());
        assert_eq!(redacted(&[&docker.concat()]), clean);
    }

    #[test]
    fn a_block_that_is_only_spoken_of_opens_nothing() {
        for text in [
            "Mar 2 app: expected -----BEGIN PRIVATE KEY-----\nMar 2 app: but found nothing at all\n",
            "-----BEGIN PRIVATE KEY-----\n{\"a\":1}\n",
            "x -----BEGIN PRIVATE KEY-----\n\n\nx\n",
        ] {
            assert_eq!(redacted(&[text]), text);
        }
    }
}
