//! The state behind the city of an address: `city=Springfield state=IL zip=62701`. Alone most states are those of
//! jobs, sessions and ports.

use super::accept::Hunt;
use super::phrases::{slot, tail};
use crate::context::is_word;
use crate::finding::TypeId;
use crate::rules;

/// How far behind the city the state ends, in bytes.
const MAX_BYTES: usize = 64;

/// Takes the state in the pair behind the city that ends at `end`: a code of two or three capitals (ISO 3166-2).
pub(super) fn behind(hunt: &mut Hunt<'_>, end: usize) {
    if let Some((start, end)) = state(hunt.text, end) {
        hunt.accept(slot(start, end, TypeId::ADDRESS, rules::ADDRESS, 80));
    }
}

fn state(text: &[u8], end: usize) -> Option<(usize, usize)> {
    let line = tail(text, end, MAX_BYTES);
    let run = |at: usize, is: fn(&u8) -> bool| at + line[at..].iter().take_while(|b| is(b)).count();
    let is_border: fn(&u8) -> bool = |b| matches!(b, b'"' | b'\'' | b'\\' | b' ' | b',' | b';' | b'&' | b'|');
    let is_joint: fn(&u8) -> bool = |b| matches!(b, b'"' | b'\'' | b'\\' | b' ' | b':' | b'=' | b'>');
    let first = run(0, is_border);
    let last = run(first, |b| is_word(*b) || matches!(b, b'-' | b'.'));
    let key = &line[first..last];
    let names_state = [&b"state"[..], b"province"]
        .iter()
        .any(|word| key.len() >= word.len() && key[key.len() - word.len()..].eq_ignore_ascii_case(word));
    let value = run(last, is_joint);
    let is_pair = first > 0 && line[last..value].iter().any(|b| matches!(b, b':' | b'='));
    let length = run(value, u8::is_ascii_uppercase) - value;
    let is_code = (2..=3).contains(&length) && !line.get(value + length).is_some_and(|b| is_word(*b));
    (names_state && is_pair && is_code).then_some((end + value, end + value + length))
}
