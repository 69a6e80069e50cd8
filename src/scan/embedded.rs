//! Dotted numbers that stand in a host name that embeds an address.

use super::accept::Hunt;
use crate::context::{before, byte_at};
use crate::detect::hostname;

/// Numbers that are no address by themselves but stand in a host name that embeds one.
pub(super) fn quad(hunt: &mut Hunt<'_>, fourth: usize) {
    let text = hunt.text;
    let is_part = |b: u8| b.is_ascii_digit() || b == b'.';
    let mut start = fourth;
    while start > 0 && fourth - start < 16 && is_part(text[start - 1]) {
        start -= 1;
    }
    let mut end = fourth;
    while end < text.len() && end - fourth < 4 && text[end].is_ascii_digit() {
        end += 1;
    }
    // a moment: `00.00.10.034413`
    if end - fourth > 3 {
        return;
    }
    // most are versions, with a blank or bracket on both sides
    let joins = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    if !joins(before(text, start)) && !joins(byte_at(text, end)) {
        return;
    }
    if text[start..end].windows(2).any(|pair| pair == b"..") {
        return;
    }
    let four = text[start..end].split(|b| *b == b'.').filter(|o| !o.is_empty()).count() == 4;
    let octets = text[start..end]
        .split(|b| *b == b'.')
        .all(|o| o.len() <= 3 && o.iter().fold(0u32, |v, b| v * 10 + u32::from(b.wrapping_sub(b'0'))) < 256);
    if four
        && octets
        && let Some(found) = hostname::around(text, start, end)
    {
        hunt.accept(found);
    }
}
