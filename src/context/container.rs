//! The values in an array, an object or a tuple.

use super::string::{closes_text, string_end};
use super::value::Value;
use super::{byte_at, is_word};

/// Every scalar leaf of the array or object that opens at `open`, keys left out; returns how far it was
/// followed, at most `longest` bytes. Behind the separator of a key without quotes a quote may close the string that all
/// of it stands in (`{"m":"password={","k":…`).
pub(super) fn leaves(
    text: &[u8],
    separator: usize,
    open: usize,
    longest: usize,
    each: &mut impl FnMut(Value),
) -> usize {
    let stop = text.len().min(open + longest);
    let tuple = text[open] == b'(';
    let mut depth = 0usize;
    // behind the last escape
    let mut escaped = usize::MAX;
    let mut at = open;
    while at < stop {
        match text[at] {
            b'\n' => return at,
            b'[' | b'{' if crate::mark::mark_at(text, at).is_none() => {
                depth += 1;
                at += 1;
            }
            b'(' if tuple => {
                depth += 1;
                at += 1;
            }
            b']' | b'}' | b')' if tuple || text[at] != b')' => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return at;
                }
            }
            b'\\' | b'"' | b'\'' => {
                let mut quote = at;
                while byte_at(text, quote) == b'\\' {
                    quote += 1;
                }
                if !matches!(byte_at(text, quote), b'"' | b'\'') {
                    // the letter of an escape is no value: `moved \\r\\nto`; behind a word it is (`CORP\\nina`)
                    let is_escape = (quote - at) % 2 == 1
                        && matches!(byte_at(text, quote), b'n' | b'r' | b't')
                        && (at == escaped || !is_word(super::before(text, at)));
                    at = quote.max(at + 1) + usize::from(is_escape);
                    escaped = if is_escape { at } else { escaped };
                    continue;
                }
                let escapes = quote - at;
                if closes_text(text, separator, quote, escapes) {
                    return at;
                }
                let Some(end) = string_end(text, quote, escapes) else { return at };
                let string = Value {
                    start: quote + 1,
                    end,
                    hard_end: end,
                    quoted: true,
                    in_query: false,
                    colon: true,
                };
                if byte_at(text, end + escapes) != text[quote] {
                    // cut off: what stands behind is no part of the container
                    if quote + 1 < end {
                        each(string);
                    }
                    return at;
                }
                let mut next = end + escapes + 1;
                while matches!(byte_at(text, next), b' ' | b'\t') {
                    next += 1;
                }
                // `"zip": …`, `"zip"=>…` of Ruby
                let is_key = byte_at(text, next) == b':' || text[next.min(text.len())..].starts_with(b"=>");
                if !is_key && quote + 1 < end {
                    each(string);
                }
                next += 2 * usize::from(is_key && text[next] == b'=');
                at = next.min(stop);
            }
            b' ' | b'\t' | b',' | b':' => at += 1,
            _ => {
                let start = at;
                // a colon ends an unquoted key of an object; in a flat list (`[01:02:00]`) it is one
                // of the value's bytes
                let in_object = text[open] == b'{' || depth > 1;
                let ends = |byte: u8| {
                    matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\\')
                        || (byte == b':' && in_object)
                        || (byte == b')' && tuple)
                };
                while at < stop && !ends(text[at]) {
                    at += 1;
                }
                if byte_at(text, at) != b':' {
                    let hard_end = if in_object || tuple { at } else { element_end(text, at) };
                    each(Value { start, end: at, hard_end, quoted: false, in_query: false, colon: true });
                }
                at = at.max(start + 1);
            }
        }
    }
    at
}

/// Where an element of a flat list ends whose first word ends at `at`: `[030 23125014, +49 30 23125015]`.
fn element_end(text: &[u8], at: usize) -> usize {
    const MAX_ELEMENT_BYTES: usize = 48;
    let rest = &text[at..text.len().min(at + MAX_ELEMENT_BYTES)];
    let is_end = |b: &u8| matches!(b, b',' | b']');
    let is_other = |b: &u8| matches!(b, b'[' | b'{' | b'}' | b'"' | b'\\' | b'=' | b':' | b'\n' | b'\r');
    match rest.iter().position(|b| is_end(b) || is_other(b)) {
        Some(length) if is_end(&rest[length]) => at + length,
        _ => at,
    }
}
