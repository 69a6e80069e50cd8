//! What surrounds a place: the key it stands under, where a key's value starts and ends, vetoes.
//!
//! All walks stop at a line feed and have a bound, so the cost of a place is constant.

mod announcing;
mod container;
pub(crate) mod enclosed;
pub(crate) mod json;
mod key_memo;
pub(crate) mod keys;
pub(crate) mod line_format;
mod object_id;
pub(crate) mod person_words;
mod release;
mod string;
mod traits;
pub(crate) mod value;
pub(crate) mod veto;

pub(crate) use announcing::announcing;
pub(crate) use key_memo::{Front, KeyMemo, Keys};
pub(crate) use keys::{KeyMatch, KeyTable};
pub(crate) use value::Value;

use crate::rules::{KeyId, Shape, Veto};

/// Bytes that may stand in a word: ASCII letters and digits, `_`, and all of UTF-8 beyond ASCII.
#[inline(always)]
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The byte before `at`, or a line feed at the start of the text.
#[inline(always)]
pub(crate) fn before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).and_then(|p| text.get(p)).copied().unwrap_or(b'\n')
}

/// The byte at `at`, or a line feed at the end of the text.
#[inline(always)]
pub(crate) fn byte_at(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(b'\n')
}

/// The bytes of the record before `at`, at most `most`.
pub(crate) fn head(text: &[u8], at: usize, most: usize) -> &[u8] {
    let head = &text[at.saturating_sub(most)..at];
    memchr::memrchr(b'\n', head).map_or(head, |p| &head[p + 1..])
}

/// The bytes of the record behind `at`, at most `most`.
pub(crate) fn tail(text: &[u8], at: usize, most: usize) -> &[u8] {
    let tail = &text[at.min(text.len())..text.len().min(at + most)];
    &tail[..memchr::memchr(b'\n', tail).unwrap_or(tail.len())]
}

/// The key that the value starting at `start` stands under, if it may be a veto; a blank between them is only
/// enough for those that are (`version 1.2.3.4`, `order 4111…`).
pub(crate) fn key_of_value(table: Keys<'_>, text: &[u8], start: usize) -> Option<KeyId> {
    let floor = start.saturating_sub(24);
    let mut at = start;
    while at > floor && matches!(text[at - 1], b'"' | b'\'' | b'\\' | b'[' | b'(' | b'<' | b'{') {
        at -= 1;
    }
    let unquoted = at;
    while at > floor && matches!(text[at - 1], b' ' | b'\t') {
        at -= 1;
    }
    let separator = before(text, at);
    if matches!(separator, b'=' | b':' | b'>') && at > 0 {
        let mut end = at - 1;
        if separator == b'>' && before(text, end) == b'=' {
            end -= 1;
        }
        return table.row_before(text, end);
    }
    if at < unquoted && is_word(separator) {
        return table
            .row_ending_at(text, at)
            .filter(|id| matches!(table.row(*id).shape, Shape::Veto(_) | Shape::Expiry | Shape::AnyExpiry));
    }
    None
}

/// Whether a code for colours (ECMA-48 section 8.3.117) ends at `at`: what stands before it is read in the view without
/// them (`version ESC[0m ESC[2m= ESC[0m 4.2.0.1` of Rust's tracing).
#[inline]
pub(crate) fn is_behind_colour(text: &[u8], at: usize) -> bool {
    let Some(head) = text[at.saturating_sub(16)..at].strip_suffix(b"m") else { return false };
    let length = head.iter().rev().take_while(|b| b.is_ascii_digit() || **b == b';').count();
    head[..head.len() - length].ends_with(b"\x1b[")
}

/// The veto that a key stands for.
pub(crate) fn veto_of(table: Keys<'_>, key: Option<KeyId>) -> Option<Veto> {
    let key = key.filter(|key| table.traits(*key).may_veto())?;
    match table.row(key).shape {
        Shape::Veto(veto) => Some(veto),
        // the end of a JSON Web Token (RFC 7519 section 4.1.4); a card's is looked at by its shape
        Shape::Expiry | Shape::AnyExpiry => Some(Veto::Time),
        // of a program, but for those that measure (`client_id=1234567890.1718000000`)
        Shape::DeviceId if key.words() == "client id" => Some(Veto::ObjectId),
        // of a cursor, a file, a queue
        Shape::Gps if matches!(key.words(), "position" | "pos") => Some(Veto::Quantity),
        _ => None,
    }
}
