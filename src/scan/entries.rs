//! Entries of accounts: lines of passwd(5) and shadow(5), and the digests of passwords that crypt(5) writes.

use super::accept::Hunt;
use super::daemons;
use super::phrases::{head, slot};
use crate::context::{before, byte_at, is_word};
use crate::finding::TypeId;
use crate::rules;

/// The longest name of an account and the longest entry that are read, in bytes.
const MAX_NAME_BYTES: usize = 32;
const MAX_ENTRY_BYTES: usize = 64;
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

/// The name in a line of passwd(5) that says nothing more of the person, from the colon before the home:
/// `anna:x:1004:1004::/home/anna:/bin/bash`.
pub(super) fn account(hunt: &mut Hunt<'_>, colon: usize) {
    let text = hunt.text;
    let line = head(text, colon, MAX_ENTRY_BYTES);
    let Some(end) = memchr::memmem::find(line, b":x:").map(|p| colon - line.len() + p) else { return };
    let numbers = &text[end + 3..colon];
    let start = name_before(text, end);
    if start < end && numbers.iter().all(|b| b.is_ascii_digit() || *b == b':') {
        daemons::name(hunt, start, end);
    }
}

/// The digest of a password around a long word at `start`, and the name before it: `anna:$6$salt$…:19700:0:…`.
pub(super) fn digest(hunt: &mut Hunt<'_>, start: usize) -> bool {
    let text = hunt.text;
    let is_part =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'+' | b'=' | b',' | b'$' | b'-');
    let line = head(text, start, MAX_DIGEST_BYTES);
    // the words of most paths and names have none before them
    if memchr::memchr(b'$', line).is_none() {
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
