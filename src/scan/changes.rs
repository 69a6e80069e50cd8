//! What a value was changed from and to: `lastName: 'Berg' -> 'Berg-Roth'`, `field=phone old="…" new="…"`,
//! `phone_old=…`.

use super::accept::Hunt;
use super::keyed;
use super::phrases::{head, slot, tail};
use super::slots::{self, Meaning};
use super::subscribers::is_drawn;
use crate::context::value::{self, Reach};
use crate::context::{KeyMatch, Value, before, byte_at, is_word};
use crate::finding::{Evidence, Match, TypeId};
use crate::mark;
use crate::rules;

/// How far before its values the name of a field is looked for, and the longest value, in bytes.
const MAX_BYTES: usize = 192;

/// Whether an arrow may stand behind a value that ends at `end`: most are followed by a comma or a bracket.
#[inline]
pub(super) fn may_go_on(text: &[u8], end: usize) -> bool {
    match byte_at(text, end) {
        b' ' | b'\\' => true,
        b'"' | b'\'' => byte_at(text, end + 1) == b' ',
        _ => false,
    }
}

/// Follows an arrow behind what was found under a key: what stands there means the same. Without quotes only what ends
/// as the record or its field does, of kinds that are no words of programs (`user: svc -> connected`).
pub(super) fn behind_arrow(hunt: &mut Hunt<'_>, key: &KeyMatch, found: &Match) {
    const ARROWS: [&[u8]; 3] = [b"-> ", b"=> ", "\u{2192} ".as_bytes()];
    let (text, end) = (hunt.text, found.end);
    let escapes = text[end.min(text.len())..].iter().take(8).take_while(|b| **b == b'\\').count();
    let quote = byte_at(text, end + escapes);
    let is_quoted = matches!(quote, b'"' | b'\'');
    let behind = end + if is_quoted { escapes + 1 } else { 0 };
    let rest = &text[behind.min(text.len())..];
    if hunt.is_changed || rest.first() != Some(&b' ') {
        return;
    }
    let Some(arrow) = ARROWS.iter().find(|arrow| rest[1..].starts_with(arrow)) else { return };
    let at = behind + 1 + arrow.len();
    let open = at + if is_quoted { escapes } else { 0 };
    let start = open + usize::from(is_quoted);
    if is_quoted && text.get(at..start) != text.get(end..behind) || mark::mark_at(text, start).is_some() {
        return;
    }
    let stop = if is_quoted {
        value::string_end(text, open, escapes)
    } else {
        let first = &text[found.start..end];
        bare_end(text, start, found.kind, first.contains(&b' '))
    };
    let Some(stop) = stop.filter(|stop| *stop > start) else { return };
    let rule = hunt.keys.rule(key);
    // once: of a chain of arrows each would be asked again from here
    hunt.is_changed = true;
    keyed::evaluate(hunt, key, rule, Value::whole(start, stop));
    hunt.is_changed = false;
}

/// Where a value without quotes ends behind an arrow: with its field, which may hold blanks if the one before the arrow
/// does.
fn bare_end(text: &[u8], start: usize, kind: TypeId, has_blanks: bool) -> Option<usize> {
    let line = tail(text, start, MAX_BYTES);
    let closes = |b: &u8| {
        matches!(b, b',' | b';' | b'"' | b'\'' | b'\\' | b')' | b'(' | b']' | b'}' | b'|' | b'<' | b'\r')
    };
    let field = line.iter().position(closes).map_or(line, |length| &line[..length]).trim_ascii_end();
    let is_one = match kind {
        TypeId::PHONE => field.iter().all(|b| b.is_ascii_digit() || b" +-/.".contains(b)),
        TypeId::NAME | TypeId::ADDRESS if field.first().is_some_and(u8::is_ascii_lowercase) => false,
        TypeId::NAME => !field.iter().any(|b| b.is_ascii_digit() || matches!(b, b':' | b'/')),
        TypeId::ADDRESS | TypeId::DOB | TypeId::IBAN | TypeId::NATIONAL_ID | TypeId::BANK => {
            !field.contains(&b':')
        }
        _ => false,
    };
    (is_one && (has_blanks || !field.contains(&b' '))).then_some(start + field.len())
}

/// Both values in `birth_date changed from 1979-05-30 to 1979-05-31`, `phone updated from "…" to "…"`, from the word
/// `from` on.
pub(super) fn told(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    const VERBS: [&[u8]; 2] = [b" changed ", b" updated "];
    let Some(verb) = VERBS.iter().find(|verb| text[..word].ends_with(verb)) else { return };
    let Some(key) = hunt.keys.key_ending_at(text, word - verb.len()) else { return };
    let rule = hunt.keys.rule(&key);
    if !hunt.keys.traits(key.id).is_asked()
        || rule.needs_person && !key.person
        || rule.kind == TypeId::USERNAME
    {
        return;
    }
    // words of programs are what most others change between: `city changed from cache to disk`
    let is_number = matches!(
        rule.kind,
        TypeId::PHONE
            | TypeId::DOB
            | TypeId::EMAIL
            | TypeId::IBAN
            | TypeId::NATIONAL_ID
            | TypeId::BANK
            | TypeId::DEVICE_ID
            | TypeId::ACCOUNT_ID
            | TypeId::IMSI
            | TypeId::CELL_ID
    );
    if !is_number && !matches!(byte_at(text, at), b'"' | b'\'') {
        return;
    }
    let Some((start, end, behind)) = worded(text, at) else { return };
    let Some((second, second_end, _)) =
        tail(text, behind, 8).starts_with(b" to ").then(|| worded(text, behind + 4)).flatten()
    else {
        return;
    };
    for (start, end) in [(start, end), (second, second_end)] {
        if mark::mark_at(text, start).is_none() {
            keyed::evaluate(hunt, &key, rule, Value::whole(start, end));
        }
    }
}

/// A value in quotes, or up to ` to `, ` by ` or what ends a part of a sentence: where it starts and ends, and what is
/// behind it does.
fn worded(text: &[u8], at: usize) -> Option<(usize, usize, usize)> {
    if matches!(byte_at(text, at), b'"' | b'\'') {
        let end = value::string_end(text, at, 0)?;
        return (end > at + 1).then_some((at + 1, end, end + 1));
    }
    let line = tail(text, at, MAX_BYTES);
    let stops = |at: usize| {
        let rest = &line[at..];
        matches!(rest[0], b',' | b';' | b'"' | b'\\' | b'(' | b')')
            || [&b" to "[..], b" by ", b" for ", b" on "].iter().any(|word| rest.starts_with(word))
    };
    let length = (0..line.len()).find(|at| stops(*at)).unwrap_or(line.len());
    let length = line[..length].trim_ascii_end().len();
    (length > 0).then_some((at, at + length, at + length))
}

/// The value behind `old`, `new` and the like, whose field the key itself names before that word (`phone_old=…`), or a
/// pair before it (`field=phone old="…"`).
pub(super) fn qualified(hunt: &mut Hunt<'_>, words: &str, separator: usize) {
    let text = hunt.text;
    let end = separator - usize::from(matches!(before(text, separator), b'"' | b'\''));
    let Some(word) = end.checked_sub(words.len()) else { return };
    let is_joined = matches!(before(text, word), b'_' | b'-' | b'.');
    let is_camel = text[word].is_ascii_uppercase() && before(text, word).is_ascii_lowercase();
    if is_joined || is_camel {
        let Some(key) = hunt.keys.key_ending_at(text, word - usize::from(is_joined)) else { return };
        let rule = hunt.keys.rule(&key);
        if hunt.keys.traits(key.id).is_asked() && !hunt.keys.traits(key.id).is_special() {
            keyed::values(hunt, &key, rule, separator);
        }
        return;
    }
    let Some(name) = field_before(text, word) else { return secret(hunt, word, separator) };
    let meaning = Meaning::of_name(&hunt.engine.keys, name);
    let longest = hunt.overlaid.longest(separator);
    let end = value::values_after(text, word, separator, Reach::Plain, longest, |value| {
        slots::fill(hunt, value.start, end_of(hunt.text, value), meaning, Evidence::KEY);
    });
    hunt.followed(separator, end);
}

/// Where a value ends: one without quotes before an escape.
pub(super) fn end_of(text: &[u8], value: Value) -> usize {
    let escape = if value.quoted { None } else { memchr::memchr(b'\\', value.bytes(text)) };
    escape.map_or(value.end, |escape| value.start + escape)
}

/// A secret that was replaced, in the words of its line: `token for anna refreshed, old=gd0xpZ… new=JUuHEh…`.
fn secret(hunt: &mut Hunt<'_>, word: usize, separator: usize) {
    const SECRETS: [&[u8]; 6] = [b"token", b"Token", b"secret", b"Secret", b"api key", b"API key"];
    let text = hunt.text;
    let line = head(text, word, MAX_BYTES);
    // `tokenizer`, `secretary`
    let is_said = |word: &&[u8]| {
        memchr::memmem::rfind(line, word)
            .is_some_and(|at| !byte_at(line, at + word.len()).is_ascii_alphanumeric())
    };
    if text[separator] != b'=' || !SECRETS.iter().any(is_said) {
        return;
    }
    let start = separator + 1;
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    let length = tail(text, start, MAX_BYTES).iter().take_while(is_part).count();
    // a digest of what it is about
    let is_digest =
        matches!(length, 32 | 40 | 64) && text[start..start + length].iter().all(u8::is_ascii_hexdigit);
    if length >= 20
        && !is_digest
        && is_drawn(&text[start..start + length])
        && mark::mark_at(text, start).is_none()
    {
        hunt.accept(slot(start, start + length, TypeId::TOKEN, rules::TOKEN, 84));
    }
}

/// The name of a field that a pair before the word at `at` holds: ` field=phone `, ` attribute="mobile" `.
pub(super) fn field_before(text: &[u8], at: usize) -> Option<&[u8]> {
    const NAMES: [&[u8]; 6] =
        [b"field=", b"attribute=", b"property=", b"column=", b"fieldName=", b"field_name="];
    let line = head(text, at, MAX_BYTES);
    let (place, length) = NAMES
        .iter()
        .filter_map(|name| Some((memchr::memmem::rfind(line, name)?, name.len())))
        .filter(|(place, _)| matches!(before(line, *place), b' ' | b'\n' | b',' | b'[' | b'{' | b'(' | b'"'))
        .max()?;
    let name = &line[place + length..];
    let quote = name.first().filter(|b| matches!(b, b'"' | b'\''));
    let name = &name[usize::from(quote.is_some())..];
    let length = name.iter().take(65).take_while(|b| is_word(**b) || matches!(b, b'.' | b'-')).count();
    (1..=64).contains(&length).then(|| &name[..length])
}
