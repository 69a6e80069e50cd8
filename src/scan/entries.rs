//! Entries of accounts: lines of passwd(5) and shadow(5), and the digests of passwords that crypt(5) writes.

use super::accept::Hunt;
use super::phrases::slot;
use super::{calls, daemons};
use crate::context::{before, byte_at, is_word};
use crate::detect::name;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The longest name of an account that is read, in bytes.
const MAX_NAME_BYTES: usize = 32;
/// The longest digest before and behind a long word in it, in bytes.
const MAX_DIGEST_BYTES: usize = 160;

/// How crypt(5) names its methods.
const METHODS: [&[u8]; 14] = [
    b"1",
    b"5",
    b"6",
    b"7",
    b"y",
    b"gy",
    b"2a",
    b"2b",
    b"2y",
    b"apr1",
    b"argon2id",
    b"argon2i",
    b"argon2d",
    b"scrypt",
];

/// The numbers of accounts below this one are the system's, and one above it nobody's.
const FIRST_PERSON: u32 = 500;
const NOBODY: u32 = 65_534;

/// Who a line of passwd(5) is about, from the number behind `x:`: `anna:x:1004:1004:Anna Berg,,,:/home/anna:/bin/bash`.
pub(super) fn person(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let line = &text[at..stop];
    let mut fields = line.split(|b| *b == b':');
    let [number, group, about, home] = std::array::from_fn(|_| fields.next().unwrap_or_default());
    let is_number = |field: &[u8]| (1..=10).contains(&field.len()) && field.iter().all(u8::is_ascii_digit);
    let end = at - 3;
    if !text[..at].ends_with(b":x:") || !is_number(number) || !is_number(group) || home.first() != Some(&b'/')
    {
        return;
    }
    let number = number.iter().fold(0u32, |n, b| n.saturating_mul(10).saturating_add(u32::from(b - b'0')));
    let start = name_before(text, end);
    if number < FIRST_PERSON || number == NOBODY || start == end {
        return;
    }
    daemons::name(hunt, start, end);
    let mut from = at + line.len() - line.splitn(3, |b| *b == b':').nth(2).unwrap_or_default().len();
    // name, room, telephones (chfn(1))
    for (place, part) in about.split(|b| *b == b',').enumerate().take(4) {
        if place == 0
            && let Some(found) = name::keyed(part, true)
        {
            let evidence = Evidence::SLOT_FORMAT;
            hunt.accept(Match { start: from + found.start, end: from + found.end, evidence, ..found });
        } else if place > 1 {
            calls::number(hunt, from, from + part.len());
        }
        from += part.len() + 1;
    }
}

/// The digest of a password around a long word at `start`, and the name before it: `anna:$6$salt$…:19700:0:…`.
pub(super) fn digest(hunt: &mut Hunt<'_>, start: usize) -> bool {
    let text = hunt.text;
    let is_part =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'+' | b'=' | b',' | b'$' | b'-');
    // most paths and names have a blank before them and no dollar sign
    let line = &text[start.saturating_sub(MAX_DIGEST_BYTES)..start];
    if memchr::memrchr3(b'$', b' ', b'\n', line).is_none_or(|place| line[place] != b'$') {
        return false;
    }
    let run = line.iter().rev().take_while(|b| is_part(**b)).count();
    let line = &line[line.len() - run..];
    let Some(dollar) = memchr::memchr(b'$', line) else { return false };
    let first = start - run + dollar;
    let parts = &line[dollar + 1..];
    let Some(close) = memchr::memchr(b'$', parts) else { return false };
    if !METHODS.contains(&&parts[..close]) || is_word(before(text, first)) {
        return false;
    }
    let tail = &text[start..text.len().min(start + MAX_DIGEST_BYTES)];
    let mut end = start + tail.iter().take_while(|b| is_part(**b)).count();
    while matches!(text[end - 1], b'.' | b',' | b'=') && end > start + 16 {
        end -= 1;
    }
    hunt.accept(slot(first, end, TypeId::PASSWORD, rules::PASSWORD, 94));
    if before(text, first) == b':' && matches!(byte_at(text, end), b':' | b'\n' | b'\r') {
        let start = name_before(text, first - 1);
        if start < first - 1 {
            daemons::name(hunt, start, first - 1);
        }
    }
    true
}

/// Where the name that ends at `end` starts, behind a blank, a quote or at the start of the record; `end` if it
/// does not.
fn name_before(text: &[u8], end: usize) -> usize {
    let floor = end.saturating_sub(MAX_NAME_BYTES);
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'$');
    let mut start = end;
    while start > floor && is_name(text[start - 1]) {
        start -= 1;
    }
    if matches!(before(text, start), b'\n' | b' ' | b'"' | b'\'' | b'\t') { start } else { end }
}
