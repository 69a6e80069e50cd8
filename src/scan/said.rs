//! What a key names, right behind its words and a blank: `customer no 50736970`, `openudid e0f5f0ee…`, `the member id is
//! M-688756784`. Prose goes on behind a key with anything, so the value must have the shape of what the key names.

use super::accept::Hunt;
use super::detectors::detect;
use super::numbers;
use super::phrases::tail;
use crate::check::random::looks_random;
use crate::context::KeyMatch;
use crate::finding::{Evidence, Match, TypeId};
use crate::mark;
use crate::rules::{KeyRule, Shape};

/// How far a value is read, in bytes.
const MAX_VALUE_BYTES: usize = 128;

/// The value at `at`, behind its key and a blank.
pub(super) fn behind(hunt: &mut Hunt<'_>, key: &KeyMatch, rule: &'static KeyRule, at: usize) {
    let text = hunt.text;
    if rule.needs_person && !key.person || !rule.may_be(|kind| hunt.wants(kind)) {
        return;
    }
    if names_others(rule) {
        return;
    }
    if rule.shape == Shape::Phone {
        return numbers::number(hunt, at);
    }
    let value = word(text, at);
    if !has_shape(rule, value) || mark::mark_at(text, at).is_some() {
        return;
    }
    if let Some(found) = detect(hunt, rule, value, false, key.person) {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept_under(
            Match { start: at + found.start, end: at + found.end, evidence, ..found },
            Some(key.id),
        );
    }
}

/// The same of a value in quotes.
pub(super) fn in_quotes(
    hunt: &mut Hunt<'_>,
    key: &KeyMatch,
    rule: &'static KeyRule,
    start: usize,
    value: &[u8],
) {
    if rule.needs_person && !key.person
        || names_others(rule)
        || !rule.may_be(|kind| hunt.wants(kind))
        || !(matches!(rule.kind, TypeId::GPS | TypeId::MAC) || has_shape(rule, value))
    {
        return;
    }
    if let Some(found) = detect(hunt, rule, value, true, key.person) {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        let found = Match { start: start + found.start, end: start + found.end, evidence, ..found };
        hunt.accept_under(found, Some(key.id));
    }
}

/// Whether prose names other things by the word, too: `code`, `token`, `session`, `serial`.
fn names_others(rule: &KeyRule) -> bool {
    let is_own = rule.words.contains(' ') || rule.words.len() > 7 || rule.kind != TypeId::TOKEN;
    !is_own || matches!(rule.words, "ecid" | "number" | "previous" | "serial")
}

/// The word at `at`, without the stop or comma of a sentence; nothing if it goes on as a pair or a path does.
fn word(text: &[u8], at: usize) -> &[u8] {
    let rest = tail(text, at, MAX_VALUE_BYTES);
    let is_end = |b: &u8| {
        b.is_ascii_whitespace()
            || matches!(b, b'"' | b'\'' | b'`' | b',' | b';' | b')' | b']' | b'}' | b'|' | b'>')
    };
    let length = rest.iter().position(is_end).unwrap_or(rest.len());
    let word = &rest[..length];
    let word =
        &word[..word.len() - word.iter().rev().take_while(|b| matches!(b, b'.' | b':' | b'!')).count()];
    // half of a longer one
    if length == MAX_VALUE_BYTES || numbers::counts(&rest[length..]) { &[] } else { word }
}

/// Whether a word has the shape of what the key names.
fn has_shape(rule: &KeyRule, word: &[u8]) -> bool {
    let digits = word.iter().filter(|b| b.is_ascii_digit()).count();
    let is_number = digits == word.len();
    let is_plain = word.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    match rule.kind {
        TypeId::DEVICE_ID => {
            let is_hex = word.iter().all(u8::is_ascii_hexdigit) && matches!(word.len(), 16 | 32 | 40 | 64);
            let is_mixed = word.iter().any(|b| b.is_ascii_alphabetic() && !b.is_ascii_hexdigit());
            digits > 1 && !is_number && (is_hex || is_plain && is_mixed && word.len() > 7)
        }
        // `50736970`, `M-688756784`, `H64731518`
        TypeId::ACCOUNT_ID => {
            let letters = word.iter().take(4).take_while(|b| b.is_ascii_alphabetic()).count();
            let joint = usize::from(letters > 0 && matches!(word.get(letters), Some(b'-' | b'_')));
            let number = &word[letters + joint..];
            ((6 - letters.min(1))..=18).contains(&number.len()) && number.iter().all(u8::is_ascii_digit)
        }
        // `AuthenticationToken [Principal=…`: a pair, no token
        TypeId::TOKEN => {
            let inner = word.strip_suffix(b"==").or_else(|| word.strip_suffix(b"=")).unwrap_or(word);
            inner.len() > 15 && digits > 1 && looks_random(inner) && !inner.contains(&b'=')
        }
        TypeId::CELL_ID => digits > 3 && word.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-'),
        TypeId::BANK => digits > 6 && is_plain && !is_date(word),
        TypeId::IMSI | TypeId::IMEISV | TypeId::MEID => digits > 13 && is_plain,
        _ => false,
    }
}

/// `20241130`, a day of these years.
pub(super) fn is_date(digits: &[u8]) -> bool {
    matches!(digits, [b'2', b'0', b'1'..=b'3', _, b'0' | b'1', _, b'0'..=b'3', _])
}
