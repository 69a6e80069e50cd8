//! Values that validators echo, with the name of their field beside them: `on field 'phone': rejected value [0151 …]`,
//! `"mobile" with value "07700 …" fails`, `value "x" at path "email"`, `Phone "0475 …" is too short`.

use super::accept::Hunt;
use super::keyed;
use super::phrases::{head, slot, tail};
use crate::context::value::Value;
use crate::context::{before, byte_at};
use crate::finding::TypeId;
use crate::mark;
use crate::rules::{self, Shape};

/// How far the name of the field is from its value, and the longest value, in bytes.
const MAX_BYTES: usize = 160;

/// The value in a bracket or quote at `at`, behind the word `value`, which starts at `word`.
pub(super) fn value(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    let escapes = usize::from(byte_at(text, at) == b'\\');
    let open = byte_at(text, at + escapes);
    let close = match open {
        b'[' => b']',
        b'"' | b'\'' => open,
        _ => return,
    };
    let start = at + escapes + 1;
    let line = tail(text, start, MAX_BYTES);
    // the string that all of it stands in ends before a bracket does, a mark of ours is no echo
    let ends = |b: &u8| *b == close || matches!(b, b'\n' | b'"' | b'\\' | b'[');
    let Some(length) = line.iter().position(ends) else { return };
    let end = start + length;
    let closing = &line[length..];
    let is_closed = match escapes {
        0 => closing[0] == close,
        _ => closing[0] == b'\\' && closing.get(1) == Some(&close),
    };
    if start >= end || !is_closed || mark::mark_at(text, start).is_some() {
        return;
    }
    let Some(field) = field_before(text, word).or_else(|| field_behind(text, end + escapes + 1)) else {
        return;
    };
    typed(hunt, field, start, end);
}

/// The value in the quote at `quote`, right behind the name of its field, which ends before the blank before `at`, if
/// what stands behind it turns it away: `Phone "0475 12 34 56" is too short`.
pub(super) fn turned_away(hunt: &mut Hunt<'_>, at: usize, quote: usize) {
    const VERDICTS: [&[u8]; 14] = [
        b"too short",
        b"too long",
        b"invalid",
        b"not valid",
        b"not a valid",
        b"no valid",
        b"ung\xc3\xbcltig",
        b"invalide",
        b"inv\xc3\xa1lid",
        b"no es v",
        b"already ",
        b"malformed",
        b"not a number",
        b"not unique",
    ];
    let text = hunt.text;
    let close = byte_at(text, quote);
    if !matches!(close, b'"' | b'\'') || mark::mark_at(text, quote + 1).is_some() {
        return;
    }
    let line = tail(text, quote + 1, MAX_BYTES);
    let Some(length) = line.iter().position(|b| matches!(b, b'"' | b'\'' | b'\\')) else { return };
    let rest = &line[length..];
    let verdict = rest.iter().position(|b| *b == b' ').map_or(&b""[..], |blank| &rest[blank + 1..]);
    let verb = [&b"is "[..], b"has ", b"was ", b"ist ", b"est ", b"es ", b"\xc3\xa9 "];
    let said = verb.iter().find_map(|verb| verdict.strip_prefix(*verb)).unwrap_or(verdict);
    let is_closed = rest[0] == close || rest[0] == b'\\' && rest.get(1) == Some(&close);
    if length > 0 && is_closed && VERDICTS.iter().any(|word| said.starts_with(word)) {
        typed(hunt, at - 1, quote + 1, quote + 1 + length);
    }
}

/// The number at `at` that Go's decoder had no place for: `cannot unmarshal number 4366… into Go struct field
/// Contact.phone of type string` (encoding/json, UnmarshalTypeError).
pub(super) fn unmarshalled(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const FIELD: &[u8] = b" into Go struct field ";
    let text = hunt.text;
    if !text[..word].ends_with(b"cannot unmarshal ") {
        return;
    }
    let line = tail(text, at, MAX_BYTES);
    let length = line.iter().take_while(|b| b.is_ascii_digit()).count();
    let Some(field) = line[length..].strip_prefix(FIELD) else { return };
    let name = field.iter().take_while(|b| !matches!(b, b' ' | b'"' | b'\\')).count();
    if length > 0 {
        typed(hunt, at + length + FIELD.len() + name, at, at + length);
    }
}

/// Takes what was typed where the field was asked whose name ends at `field`.
fn typed(hunt: &mut Hunt<'_>, field: usize, start: usize, end: usize) {
    let text = hunt.text;
    let Some(key) = hunt.keys.key_ending_at(text, field) else { return };
    let rule = hunt.keys.rule(&key);
    if rule.needs_person && !key.person || !rule.may_be(|kind| hunt.wants(kind)) {
        return;
    }
    // what a validator turns away is often no number and no address, and somebody's all the same
    let typed = &text[start..end];
    let (kind, own) = match rule.shape {
        Shape::Email if is_like_address(typed) => (TypeId::EMAIL, rules::EMAIL),
        Shape::Phone if is_like_number(typed) => (TypeId::PHONE, rules::PHONE),
        _ => {
            let value = Value::whole(start, end);
            return keyed::evaluate(hunt, &key, rule, value);
        }
    };
    hunt.accept(slot(start, end, kind, own, 86));
}

/// Something before an at sign, and a dot behind it.
fn is_like_address(typed: &[u8]) -> bool {
    let sign = memchr::memrchr(b'@', typed).filter(|sign| *sign > 0);
    sign.is_some_and(|sign| {
        typed[sign..].iter().rposition(|b| matches!(b, b'.' | b',')).is_some_and(|dot| dot > 1)
    }) && !typed.iter().any(|b| matches!(b, b';' | b' '))
}

/// Digits and what people write between them.
fn is_like_number(typed: &[u8]) -> bool {
    typed.iter().filter(|b| b.is_ascii_digit()).count() > 5
        && typed
            .iter()
            .all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'+' | b'-' | b'/' | b'.' | b'(' | b')'))
}

/// Where the name of the field before the word ends: `on field 'phone': rejected value [`, `"phone" with value "`.
fn field_before(text: &[u8], word: usize) -> Option<usize> {
    let line = head(text, word, MAX_BYTES);
    let named = [&b": rejected "[..], b" with ", b" with invalid ", b" has invalid "]
        .iter()
        .find_map(|said| line.strip_suffix(*said))?;
    let end = word - line.len() + named.len();
    let quote = before(text, end);
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    Some(end - 1 - usize::from(before(text, end - 1) == b'\\'))
}

/// The same behind the value: `" (type string) at path "email"`.
fn field_behind(text: &[u8], from: usize) -> Option<usize> {
    let line = tail(text, from, MAX_BYTES);
    let path = memchr::memmem::find(line, b" at path ").filter(|p| *p < 48)? + 9;
    let quote = line[path..].iter().take(3).position(|b| matches!(b, b'"' | b'\''))? + path + 1;
    let length = line[quote..].iter().position(|b| matches!(b, b'"' | b'\'' | b'\\' | b'\n'))?;
    Some(from + quote + length)
}
