//! What a value was changed from and to: `lastName: 'Berg' -> 'Berg-Roth'`, `field=phone old="…" new="…"`,
//! `phone_old=…`.

use super::accept::Hunt;
use super::keyed;
use super::phrases::{head, slot, tail};
use super::slots::{self, Meaning};
use crate::check::random::looks_random;
use crate::context::value::{self, Reach};
use crate::context::{KeyMatch, Value, before, byte_at, is_word};
use crate::finding::{Evidence, TypeId};
use crate::mark;
use crate::rules;

/// How far before its values the name of a field is looked for, and the longest value, in bytes.
const MAX_BYTES: usize = 192;

/// Follows an arrow behind the value that ends at `end` under a key: what stands there means the same.
pub(super) fn behind_arrow(hunt: &mut Hunt<'_>, key: &KeyMatch, end: usize) {
    const ARROWS: [&[u8]; 3] = [b"-> ", b"=> ", "\u{2192} ".as_bytes()];
    let text = hunt.text;
    let quote = byte_at(text, end);
    let is_quoted = matches!(quote, b'"' | b'\'');
    let rest = &text[(end + usize::from(is_quoted)).min(text.len())..];
    if hunt.is_changed || rest.first() != Some(&b' ') {
        return;
    }
    let Some(arrow) = ARROWS.iter().find(|arrow| rest[1..].starts_with(arrow)) else { return };
    let at = end + usize::from(is_quoted) + 1 + arrow.len();
    let start = at + usize::from(is_quoted);
    if is_quoted && byte_at(text, at) != quote || mark::mark_at(text, start).is_some() {
        return;
    }
    let line = tail(text, start, MAX_BYTES);
    let closes = |b: &u8| {
        if is_quoted {
            *b == quote || *b == b'\\'
        } else {
            matches!(b, b',' | b';' | b'"' | b'\'' | b'\\' | b')' | b']' | b'}' | b'|' | b'<' | b'\r')
        }
    };
    let whole = line.iter().position(closes);
    let length = match (whole, is_quoted) {
        (Some(length), _) => length,
        (None, false) => line.len(),
        (None, true) => return,
    };
    let word = line[..length].iter().position(|b| *b == b' ').unwrap_or(length);
    if word == 0 {
        return;
    }
    let value = Value {
        start,
        end: start + if is_quoted { length } else { word },
        hard_end: start + length,
        quoted: is_quoted,
        in_query: false,
        colon: true,
    };
    let rule = hunt.keys.rule(key);
    // once: of a chain of arrows each would be asked again from here
    hunt.is_changed = true;
    keyed::evaluate(hunt, key, rule, value);
    hunt.is_changed = false;
}

/// The value behind `old`, `new` and the like, whose field the key itself names before that word (`phone_old=…`), or a
/// pair before it (`field=phone old="…"`). Whether it is one.
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
        let end = if value.quoted { value.end } else { value.end.min(value.hard_end) };
        slots::fill(hunt, value.start, end, meaning, Evidence::KEY);
    });
    hunt.followed(separator, end);
}

/// A secret that was replaced, in the words of its line: `token for anna refreshed, old=gd0xpZ… new=JUuHEh…`.
fn secret(hunt: &mut Hunt<'_>, word: usize, separator: usize) {
    const SECRETS: [&[u8]; 6] = [b"token", b"Token", b"secret", b"Secret", b"api key", b"API key"];
    let text = hunt.text;
    let line = head(text, word, MAX_BYTES);
    if text[separator] != b'=' || !SECRETS.iter().any(|word| memchr::memmem::find(line, word).is_some()) {
        return;
    }
    let start = separator + 1;
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    let length = tail(text, start, MAX_BYTES).iter().take_while(is_part).count();
    if length >= 20 && looks_random(&text[start..start + length]) && mark::mark_at(text, start).is_none() {
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
        .filter(|(place, _)| matches!(before(line, *place), b' ' | b'\n' | b',' | b'[' | b'{' | b'('))
        .max()?;
    let name = &line[place + length..];
    let quote = name.first().filter(|b| matches!(b, b'"' | b'\''));
    let name = &name[usize::from(quote.is_some())..];
    let length = name.iter().take(65).take_while(|b| is_word(**b) || matches!(b, b'.' | b'-')).count();
    (1..=64).contains(&length).then(|| &name[..length])
}
