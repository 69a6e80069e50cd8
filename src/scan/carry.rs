//! What may cross records: an open PEM block (RFC 7468), and nothing else.

use super::Engine;
use super::accept::Hunt;
use crate::classify::{Candidates, Kind};
use crate::finding::{Evidence, Finding, Match, TypeId};
use crate::rules;

/// The longest block that is followed, in bytes of its body.
const MAX_BLOCK_BYTES: u32 = 64 << 10;
/// The longest line of a body that is taken for one, in bytes.
const MAX_LINE_BYTES: usize = 256;

/// What is open at the end of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carry {
    /// Bytes of an open PEM block so far plus one; 0 if none is open.
    pem_bytes: u32,
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
    let mut open = carry.pem_bytes;
    let mut at = 0;
    if open > 0 {
        (at, open) = body(&mut hunt, 0, open);
    }
    for c in candidates.of(Kind::Dashes) {
        let begin = c.at as usize;
        if begin < at || !is_private_begin(&chunk[begin..]) {
            continue;
        }
        let header = begin + chunk[begin..].iter().position(|b| *b == b'-').map_or(0, |p| p + 5);
        let line_end = memchr::memchr(b'\n', &chunk[begin..]).map_or(chunk.len(), |p| begin + p);
        let rest = chunk[header.min(line_end)..line_end].trim_ascii();
        if rest.is_empty() {
            (at, open) =
                if line_end < chunk.len() { body(&mut hunt, line_end + 1, 1) } else { (line_end, 1) };
        } else {
            at = in_one_record(&mut hunt, begin - 5, header, line_end);
        }
    }
    Carry { pem_bytes: open }
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
fn body(hunt: &mut Hunt<'_>, mut at: usize, mut open: u32) -> (usize, u32) {
    let text = hunt.text;
    while at < text.len() {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |p| at + p);
        let line = &text[at..end];
        let trimmed = line.trim_ascii();
        let is_header = trimmed.is_empty()
            || [&b"Proc-Type:"[..], b"DEK-Info:", b"Comment:", b"Version:", b"Hash:"]
                .iter()
                .any(|h| trimmed.starts_with(h));
        open = open.saturating_add(line.len() as u32 + 1);
        if open > MAX_BLOCK_BYTES || !(is_header || is_body_line(trimmed)) {
            return (at, 0);
        }
        if !is_header {
            let start = at + (line.len() - line.trim_ascii_start().len());
            take(hunt, start, start + trimmed.len());
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
