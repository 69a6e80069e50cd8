//! Values behind the words of a key and a blank, as prose writes them: `SSN 536-90-4399`, `DOB 1961-07-04`,
//! `security code 123`, `valid thru 03/26`.

use super::accept::Hunt;
use super::phrases::tail;
use super::{numbers, said, siblings, subscribers};
use crate::check::bytes;
use crate::context::{KeyMatch, before, byte_at, is_word};
use crate::detect::{bank, card, dob, gps, national_id, uuid, wallet};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{KeyRule, Shape};

/// How far a value behind its word is read, in bytes.
const MAX_VALUE_BYTES: usize = 64;
/// The longest angle: degrees, minutes and seconds with decimals, each sign up to three bytes.
const MAX_ANGLE_BYTES: usize = 28;

/// What stands behind a word that ends a key, and a blank.
pub(super) fn behind_word(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let blank = at - 1;
    // `AHV-Nr. 756.9217.0769.85`
    let end = blank - usize::from(before(text, blank) == b'.');
    let Some(key) = hunt.keys.key_ending_at(text, end) else { return second_angle(hunt, at) };
    let rule = hunt.keys.rule(&key);
    if !hunt.wants(rule.kind) {
        return;
    }
    let at = value_behind(text, at);
    let value = tail(text, at, MAX_VALUE_BYTES);
    let found = match rule.shape {
        Shape::NationalId => {
            let starts = value.first().is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            if starts { national_id::leading(value, rule.rule) } else { None }
        }
        Shape::Dob => born(value),
        Shape::Cvv => code(value, rule),
        Shape::Bank if rule.words == "aba" => bank::routing_number(value),
        Shape::Bank if rule.words == "sort code" => {
            let end = pairs_of_digits(value);
            if let Some(end) = end {
                account_behind(hunt, at + end);
            }
            end.and_then(|end| bank::keyed(&value[..end]))
        }
        Shape::Bank if rule.words == "blz" => {
            digits(value, 8..=8).filter(|n| !said::is_date(n)).and_then(bank::keyed)
        }
        Shape::Bank if matches!(rule.words, "kontonummer" | "konto nr" | "kontonr") => {
            digits(value, 7..=10).and_then(bank::keyed)
        }
        Shape::Wallet => {
            let word = value.iter().take(128).take_while(|b| b.is_ascii_alphanumeric()).count();
            wallet::keyed(&value[..word])
        }
        Shape::Bank => {
            let word =
                value.iter().take(12).take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
            // `Swift COMPILER error`: words in capitals, and a code that is no word
            let has_digit = value[..word].iter().any(u8::is_ascii_digit);
            let is_said = text[..end].ends_with(b"BIC") || has_digit && text[..end].ends_with(b"SWIFT");
            bank::keyed(&value[..word]).filter(|_| matches!(word, 8 | 11) && is_said)
        }
        Shape::Expiry | Shape::AnyExpiry => month(value).filter(|_| is_of_card(text, &key, rule, at)),
        Shape::Vin => subscribers::vehicle_number(value),
        // words for telephones in ASCII are among the phrases
        Shape::Phone if !rule.words.is_ascii() => return numbers::number(hunt, at),
        _ => None,
    };
    match found {
        Some(_) => take(hunt, at, &key, found),
        None => said::behind(hunt, &key, rule, at),
    }
}

/// Where the value starts, of which a word says that it comes (`SSN is …`, `phone number to …`) or which a bracket encloses.
pub(super) fn value_behind(text: &[u8], at: usize) -> usize {
    let rest = &text[at..];
    let says = [&b"is "[..], b"to ", b"was "].into_iter().find(|word| rest.starts_with(word));
    let at = at + says.map_or(0, |word| word.len());
    at + usize::from(matches!(byte_at(text, at), b'(' | b'[' | b'<' | b'\'' | b'"' | b'`'))
}

/// The eight digits of an account behind a sort code: ` account 55779911`.
fn account_behind(hunt: &mut Hunt<'_>, at: usize) {
    const LEADS: [&[u8]; 4] = [b" account ", b", account ", b" acct ", b" a/c "];
    let rest = tail(hunt.text, at, 40);
    if let Some(lead) = LEADS.iter().find(|lead| rest.starts_with(lead))
        && bytes::digits(&rest[lead.len()..]) == 8
    {
        let start = at + lead.len();
        hunt.accept(super::phrases::slot(start, start + 8, TypeId::BANK, crate::rules::BANK, 84));
    }
}

/// A number in quotes behind its word and the blank before `at`, its quote perhaps escaped: `nino "WK 35 74 15 A" failed`.
pub(super) fn quoted(hunt: &mut Hunt<'_>, at: usize, quote: usize) {
    let text = hunt.text;
    let value = tail(text, quote + 1, MAX_VALUE_BYTES);
    let first = value.first().copied().unwrap_or_default();
    if !first.is_ascii_alphanumeric() {
        return;
    }
    let Some(length) = value.iter().position(|b| *b == byte_at(text, quote) || *b == b'\\') else { return };
    if !value[..length].iter().any(u8::is_ascii_digit) {
        return;
    }
    let Some(key) = hunt.keys.key_ending_at(text, at - 1) else { return };
    let rule = hunt.keys.rule(&key);
    if rule.shape == Shape::NationalId && hunt.wants(TypeId::NATIONAL_ID) {
        let found = national_id::keyed(&value[..length], rule.rule);
        return take(hunt, quote + 1, &key, found);
    }
    said::in_quotes(hunt, &key, rule, quote + 1, &value[..length]);
}

/// A national number in the path of a URL, behind a part that names it: `/verify/ssn/536-90-4399`.
pub(super) fn in_path(hunt: &mut Hunt<'_>, at: usize) -> bool {
    let Some(key) = hunt.keys.key_ending_at(hunt.text, at - 1) else { return false };
    let rule = hunt.keys.rule(&key);
    if rule.shape != Shape::NationalId || !hunt.wants(rule.kind) {
        return false;
    }
    let value = tail(hunt.text, at, MAX_VALUE_BYTES);
    let part = value.iter().position(|b| matches!(b, b'/' | b'?' | b' ' | b'"')).unwrap_or(value.len());
    let found = national_id::keyed(&value[..part], rule.rule);
    take(hunt, at, &key, found);
    found.is_some()
}

fn take(hunt: &mut Hunt<'_>, at: usize, key: &KeyMatch, found: Option<Match>) {
    if let Some(found) = found {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        let found = Match { start: at + found.start, end: at + found.end, evidence, ..found };
        hunt.accept_under(found, Some(key.id));
    }
}

/// The id in the UUID at `start` right behind its key and a blank: `advertising_id 38400000-…`, `IDFA is …`.
pub(super) fn identified(hunt: &mut Hunt<'_>, start: usize) {
    let text = hunt.text;
    if before(text, start) != b' ' {
        return;
    }
    let head = &text[..start - 1];
    let end = head.strip_suffix(b" is").unwrap_or(head).len();
    let Some(key) = hunt.keys.key_ending_at(text, end) else { return };
    let rule = hunt.keys.rule(&key);
    let is_id = matches!(rule.shape, Shape::DeviceId | Shape::AccountId);
    let is_of_someone = matches!(rule.kind, TypeId::DEVICE_ID | TypeId::ACCOUNT_ID);
    if !is_id || !is_of_someone || rule.needs_person || !hunt.wants(rule.kind) {
        return;
    }
    let found = uuid::at(text, start).map(|found| Match {
        start: found.start - start,
        end: found.end - start,
        kind: rule.kind,
        rule: rule.rule,
        ..found
    });
    take(hunt, start, &key, found);
}

/// The digits that a value starts with, if they are so many and stand alone.
fn digits(value: &[u8], lengths: std::ops::RangeInclusive<usize>) -> Option<&[u8]> {
    let length = bytes::digits(value);
    let next = byte_at(value, length);
    (lengths.contains(&length) && !is_word(next) && !matches!(next, b'-' | b'/')).then(|| &value[..length])
}

/// Where `60-16-13` at the start of a value ends, if it stands alone.
fn pairs_of_digits(value: &[u8]) -> Option<usize> {
    let [a, b, b'-', c, d, b'-', e, f, rest @ ..] = value else { return None };
    let is_alone = rest.first().is_none_or(|next| !is_word(*next) && *next != b'-');
    ([a, b, c, d, e, f].iter().all(|byte| byte.is_ascii_digit()) && is_alone).then_some(8)
}

/// A whole date; years, months and moments alone are other things in prose.
fn born(value: &[u8]) -> Option<Match> {
    let found = dob::keyed(value)?;
    let date = &value[found.start..found.end];
    let is_plain = date.iter().all(u8::is_ascii_digit);
    // a moment: `process born 2026-11-29 21:16:31`
    let is_moment = date.contains(&b':') || date.contains(&b'T');
    (!is_moment && date.len() >= 8 && !(is_plain && date.len() > 8)).then_some(found)
}

/// The code on a card: three or four digits that stand alone.
fn code(value: &[u8], rule: &KeyRule) -> Option<Match> {
    let digits = value.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
    let next = byte_at(value, digits);
    let goes_on = is_word(next)
        || matches!(next, b'-' | b'/' | b':' | b'=' | b'%' | b'@')
        || next == b'.' && byte_at(value, digits + 1).is_ascii_alphanumeric();
    // the code of a smart card's answer, a check digit
    let is_other = matches!(rule.words, "card code" | "prüfziffer" | "pruefziffer");
    if goes_on || is_other { None } else { card::keyed_cvv(&value[..digits]) }
}

/// The month that a card ends in, with a slash as it is printed: `03/26`, `03/2026`.
fn month(value: &[u8]) -> Option<Match> {
    let is_part = |b: &&u8| b.is_ascii_digit() || **b == b'/';
    let length = value.iter().take(11).take_while(is_part).count();
    let next = byte_at(value, length);
    let goes_on = is_word(next)
        || matches!(next, b'-' | b':' | b'=' | b'%')
        || next == b'.' && byte_at(value, length + 1).is_ascii_alphanumeric();
    let is_month = matches!(length, 5 | 7) && value[2] == b'/';
    if goes_on || !is_month { None } else { card::keyed_expiry(&value[..length]) }
}

/// Whether the words are of cards alone, or a card is named beside them.
fn is_of_card(text: &[u8], key: &KeyMatch, rule: &KeyRule, at: usize) -> bool {
    let is_own = ["exp", "expiry", "exp date", "thru", "card", "carte", "tarjeta"];
    is_own.iter().any(|word| rule.words.ends_with(word)) || siblings::is_beside_card(text, key.start, at)
}

/// Two angles whose first ends before the blank: `40°26′46″N 79°58′56″W`, `59.9139°N 10.7522°E` (ISO 6709, annex D).
fn second_angle(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let letter = at - 2;
    let follows_sign = before(text, letter) >= 0x80 || matches!(before(text, letter), b'"' | b'\'');
    if !matches!(text[letter], b'N' | b'S') || !follows_sign || !hunt.wants(TypeId::GPS) {
        return;
    }
    let is_part = |b: &&u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'"' | b'\'' | 0x80..);
    let start = letter - text[..letter].iter().rev().take(MAX_ANGLE_BYTES).take_while(is_part).count();
    let Some(found) = gps::pair(tail(text, start, MAX_ANGLE_BYTES * 2)) else { return };
    // a number of something else has no sign
    let is_angle = text.get(at..start + found.end).is_some_and(|second| second.iter().any(|b| *b >= 0x80));
    if is_angle && !is_word(before(text, start)) {
        hunt.accept(Match { start: start + found.start, end: start + found.end, ..found });
    }
}
