//! Strings in quotes: where they start behind a separator, and where they end.

use super::value::MAX_VALUE_BYTES;
use super::{before, byte_at};
use crate::check::bytes;

/// A string in double quotes.
pub(crate) struct Quoted {
    /// Behind the quote.
    pub start: usize,
    /// Where the closing quote stands; `None` if nothing stands in the quotes.
    pub end: Option<usize>,
}

/// The string right behind a separator, or behind a colon and one blank: nearly all values of JSON.
#[inline(always)]
pub(crate) fn string_behind(text: &[u8], separator: usize) -> Option<Quoted> {
    let open = match text.get(separator..).unwrap_or_default() {
        [b':' | b'=', b'"', ..] => separator + 1,
        [b':', b' ', b'"', ..] => separator + 2,
        _ => return None,
    };
    Some(Quoted { start: open + 1, end: string_end(text, open, 0).filter(|end| open + 1 < *end) })
}

/// The end of the string whose quote stands at `open` behind `escapes` backslashes.
///
/// A string nested in strings closes with a quote behind as many backslashes as it opened with;
/// quotes and backslashes of its own have more (RFC 8259 section 7, applied once for each level).
/// A string without an end reaches to the end of the record.
#[inline]
pub(crate) fn string_end(text: &[u8], open: usize, escapes: usize) -> Option<usize> {
    let quote = *text.get(open)?;
    let stop = text.len().min(open + MAX_VALUE_BYTES);
    // nearly all strings: nothing in them is escaped
    if escapes == 0 && quote == b'"' {
        let inside = text.get(open + 1..stop)?;
        let first = string_bytes(inside).map(|length| open + 1 + length);
        if first.is_some_and(|end| text[end] == b'"') {
            return first;
        }
    }
    any_string_end(text, open, escapes, stop)
}

#[inline(never)]
fn any_string_end(text: &[u8], open: usize, escapes: usize, stop: usize) -> Option<usize> {
    let quote = *text.get(open)?;
    let mut at = open + 1;
    let mut backslashes = 0;
    while at < stop {
        match text[at] {
            b'\n' => break,
            b'\\' => backslashes += 1,
            // SQL doubles a quote that belongs to the string
            b'\'' if quote == b'\'' && escapes == 0 && at > open + 1 && byte_at(text, at + 1) == b'\'' => {
                at += 1;
            }
            byte if byte == quote && backslashes % (2 * (escapes + 1)) == escapes => {
                return Some(at - escapes);
            }
            _ => backslashes = 0,
        }
        if text[at] == quote {
            backslashes = 0;
        }
        at += 1;
    }
    let end = if at > 0 && before(text, at) == b'\r' { at - 1 } else { at };
    (end > open).then_some(end)
}

/// The length of what stands before the first quote, backslash or line feed.
#[inline(always)]
fn string_bytes(text: &[u8]) -> Option<usize> {
    // most values are short: eight bytes cost less than a call
    let mut at = 0;
    while at < 64
        && let Some(eight) = text.get(at..at + 8).and_then(|eight| eight.try_into().ok())
    {
        let eight = u64::from_le_bytes(eight);
        let any = bytes::equal(eight, b'"') | bytes::equal(eight, b'\\') | bytes::equal(eight, b'\n');
        if any != 0 {
            return Some(at + any.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    memchr::memchr3(b'"', b'\\', b'\n', &text[at..]).map(|length| at + length)
}
