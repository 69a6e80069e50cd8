//! Long numbers and groups of digits that no key announces: cards, IMEIs, ICCIDs, national numbers of digits alone.

use super::accept::Hunt;
use super::shapes::national;
use super::{calls, hl7, keyed, subscribers, trackers};
use crate::check::{bytes, luhn};
use crate::classify::Candidate;
use crate::context::{Value, before, byte_at, is_word, veto};
use crate::detect::{account_id, card, iban, iccid, imei};
use crate::finding::TypeId;
use crate::rules::Shape;

/// A run of twelve and more digits: card, IMEI, ICCID.
pub(super) fn digits(hunt: &mut Hunt<'_>, c: Candidate, behind: usize) -> usize {
    let (text, start) = (hunt.text, (c.at as usize).saturating_sub(10));
    match before(text, start) {
        b'|' => hl7::around(hunt, start),
        b':' | b',' if byte_at(text, start + 15) == b',' => trackers::behind_number(hunt, start + 15),
        b'/' => calls::behind_slash(hunt, start),
        b';' if byte_at(text, start + bytes::digits(&text[start..])) == b';' => calls::monitored(hunt, start),
        b'"' if text[..start - 1].ends_with(b",") => calls::recorded(hunt, start),
        b'-' => subscribers::named(hunt, start),
        b' ' if text[..start - 1].ends_with(b",") => calls::spawned(hunt, start),
        b'(' => in_brackets(hunt, start, b')'),
        b'[' => in_brackets(hunt, start, b']'),
        _ => {}
    }
    let left = before(text, start);
    let length = bytes::digits(&text[start..]);
    // no number is found that is glued to a word, but to the letter that opens track 1 of a card
    if left.is_ascii_alphanumeric() || left == b'_' {
        if start >= behind {
            norwegian(hunt, start);
        }
        let is_track = matches!(left, b'B' | b'b') && start > 1 && text[start - 2] == b'%';
        return if is_track && may_be_checked(text, start, length) {
            numbers(hunt, start, behind)
        } else {
            behind
        };
    }
    let right = byte_at(text, start + 15);
    let parts = |byte: u8| matches!(byte, b'|' | b',' | b';' | b'\t');
    if parts(left) && (right == left || matches!(right, b'\n' | b'\r')) || left == b'\n' && parts(right) {
        subscribers::call_record(hunt, start, if parts(left) { left } else { right });
    }
    if length == account_id::STEAM_DIGITS
        && let Some(found) = account_id::steam(text, start)
        && !veto::number_is_named(hunt.keys, text, start)
    {
        hunt.accept(found);
    }
    // the one bare national number that is all digits has eighteen, the last perhaps a letter
    if start >= behind && length > 16 && !is_word(byte_at(text, start + 18)) {
        national(hunt, start);
    }
    // `639012 3456789012345`: the first six digits of a card stand apart
    if matches!(left, b' ' | b'-' | b'+')
        && let Some(first) = start.checked_sub(7)
        && text[first..start - 1].iter().all(u8::is_ascii_digit)
    {
        return numbers(hunt, first, behind).max(numbers(hunt, start, behind));
    }
    // `card no 501800182229`: a length that needs its word
    if left == b' ' && length == 12 {
        announced_card(hunt, start);
    }
    if may_be_checked(text, start, length) { numbers(hunt, start, behind) } else { behind }
}

/// A number in brackets right behind its key, as telephony prints them: `IMSI(001010123456789) MEI(3520990017614823)`,
/// `UE IMSI[001010123456789]`.
fn in_brackets(hunt: &mut Hunt<'_>, start: usize, close: u8) {
    let text = hunt.text;
    let end = start + bytes::digits(&text[start..]);
    if byte_at(text, end) != close || !before(text, start - 1).is_ascii_alphabetic() {
        return;
    }
    let Some(key) = hunt.keys.key_ending_at(text, start - 1) else { return };
    let rule = hunt.keys.rule(&key);
    let value = Value::whole(start, end);
    let may_stand_there =
        close == b')' || matches!(rule.shape, Shape::Imsi | Shape::Imei | Shape::Imeisv | Shape::Phone);
    if hunt.keys.traits(key.id).is_asked() && !rule.needs_person && may_stand_there {
        keyed::evaluate(hunt, &key, rule, value);
    }
}

/// Twelve digits behind the words of a card and a blank.
fn announced_card(hunt: &mut Hunt<'_>, start: usize) {
    let Some(key) = hunt.keys.key_ending_at(hunt.text, start - 1) else { return };
    let rule = hunt.keys.rule(&key);
    let (end, is_right) = (start + 12, !is_word(byte_at(hunt.text, start + 12)));
    // of a telephone, a computer
    let words = &hunt.text[key.start.saturating_sub(10)..start];
    let is_other = [&b"SIM "[..], b"sim ", b"memory ", b"SD ", b"graphics ", b"library "]
        .iter()
        .any(|word| memchr::memmem::find(words, word).is_some());
    if rule.shape == Shape::Card && !is_other && is_right && hunt.text[key.start..start].contains(&b' ') {
        let value = Value::whole(start, end);
        keyed::evaluate(hunt, &key, rule, value);
    }
}

/// Whether a run of `length` digits has that of a card, IMEI or ICCID and their check digit, or may be
/// the track of a card.
fn may_be_checked(text: &[u8], start: usize, length: usize) -> bool {
    matches!(byte_at(text, start + length), b'^' | b'=' | b'D')
        // what starts with 0 or 1 is an IMEI or a card of fifteen digits; a moment in milliseconds has thirteen
        || (13..=20).contains(&length)
            && (length == 15 || !matches!(text[start], b'0' | b'1'))
            && luhn::is_valid_ascii(&text[start..start + length])
}

/// A number that is no string, of a length that few cards have, under a key that is no more than `id`:
/// `{"id":820982911946154508}`.
fn is_plain_id(text: &[u8], start: usize) -> bool {
    matches!(bytes::digits(&text[start..]), 17..=19)
        && [&b"\"id\":"[..], b"\"id\": "].iter().any(|key| text[..start].ends_with(key))
}

/// `NO` and thirteen digits: the one IBAN that is too short for a long word.
fn norwegian(hunt: &mut Hunt<'_>, digits: usize) {
    let text = hunt.text;
    if hunt.wants(TypeId::IBAN)
        && let Some(start) = digits.checked_sub(2)
        && text[start..digits].eq_ignore_ascii_case(b"NO")
        && !is_word(before(text, start))
        && let Some(found) = iban::at(text, start)
    {
        hunt.accept(found);
    }
}

/// Where the national number starts whose last separator stands at `at`: `999-99-9999`, `999.999.999-99`,
/// `99.999.999/9999-99`, `756.9999.9999.99`, `99.99.99-999.99`.
pub(super) fn start_of_national(text: &[u8], at: usize) -> Option<usize> {
    let back = |bytes: usize| at.checked_sub(bytes).map_or(b' ', |place| text[place]);
    let lead = match (text[at], back(4), back(9)) {
        (b'.', b'-', _) => 12,
        (b'.', ..) => 13,
        (_, b'.', _) => 11,
        (_, _, b'.') => 15,
        _ => 6,
    };
    at.checked_sub(lead)
}

/// Digit groups with separators: back to the first group.
pub(super) fn grouped(hunt: &mut Hunt<'_>, c: Candidate, behind: usize) -> usize {
    let (text, at) = (hunt.text, c.at as usize);
    let mut start = at;
    let floor = at.saturating_sub(24).max(behind);
    while start > floor
        && (text[start - 1].is_ascii_digit()
            || matches!(text[start - 1], b' ' | b'-' | b'.' | b'+')
                && start >= 2
                && text[start - 2].is_ascii_digit())
    {
        start -= 1;
    }
    // each group may be the first
    let mut from = start;
    while from < at {
        let digits = bytes::digits(&text[from..at]);
        if digits > 0 {
            let end = numbers(hunt, from, behind);
            if end > behind {
                return end;
            }
        }
        from += digits.max(1);
    }
    behind
}

fn numbers(hunt: &mut Hunt<'_>, start: usize, behind: usize) -> usize {
    if start < behind {
        return behind;
    }
    let text = hunt.text;
    // the first groups that cards, IMEIs and ICCIDs have
    if !matches!(bytes::digits(&text[start..]), 2 | 4 | 6 | 8 | 12..) {
        return behind;
    }
    let mut end = behind;
    let found = [
        hunt.wants(TypeId::CARD).then(|| card::at(text, start)).flatten(),
        hunt.wants(TypeId::IMEI).then(|| imei::at(text, start)).flatten(),
        hunt.wants(TypeId::ICCID).then(|| iccid::at(text, start)).flatten(),
    ];
    // the length of a number is asked before the word for it, which most orders have
    if found.iter().all(Option::is_none)
        || veto::number_is_named(hunt.keys, text, start)
        || veto::number_is_counted(text, start)
        || is_plain_id(text, start)
    {
        return behind;
    }
    for found in found.into_iter().flatten() {
        // a track starts with its sentinel, before the number
        debug_assert!(found.start <= start);
        end = end.max(found.end);
        hunt.accept(found);
    }
    end
}
