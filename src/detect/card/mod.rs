//! Payment card numbers: issuer range, length, Luhn, grouping; verification values, expiry dates, tracks.

mod fields;
mod issuer;
mod track;

pub(crate) use fields::{keyed_cvv, keyed_expiry, keyed_part_of_expiry};

use crate::check::border::{is_measured, open_after, open_before};
use crate::check::bytes;
use crate::check::digits::{Digits, all_same};
use crate::check::luhn;
use crate::check::separator::Separator;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::CARD;

/// The groupings that are printed on cards or typed, longest first: one separator throughout.
const GROUPINGS: &[&[u8]] = &[
    &[4, 4, 4, 4, 3],
    &[6, 13],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4],
    &[8, 8],
    &[4, 6, 5],
    &[4, 4, 4, 3],
    &[4, 6, 4],
    &[4, 4, 4, 2],
    &[4, 3, 3, 3],
];

/// The digit groups from a place on, at most one more than a card has.
struct Groups {
    digits: Digits,
    /// Length in digits and end offset of each group.
    groups: [(usize, usize); 6],
    count: usize,
    separator: Option<Separator>,
}

/// A card number whose first digit stands at `at`: alone, with a known issuer range of that length,
/// a valid check digit and nothing glued to it; or the track of a magnetic stripe.
///
/// `at` is the first digit of a run of at least 12 digits or of a grouped number.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    if !issuer::may_start(*text.get(at)?) {
        return None;
    }
    let first = bytes::digits(text.get(at..)?);
    let behind = text.get(at + first);
    if matches!(behind, Some(b'^' | b'=' | b'D'))
        && let Some(found) = track::at(text, at)
    {
        return Some(found);
    }
    if !may_be_card(text, at, first) || !open_before(text, at) {
        return None;
    }
    let run = read_groups(text, at)?;
    let (first, end) = *run.groups.first()?;
    if (13..=19).contains(&first) {
        return accept(text, at, end, run.digits.values().get(..first)?, false);
    }
    if !(4..=8).contains(&first) || glued_column_before(text, at, run.separator) {
        return None;
    }
    GROUPINGS.iter().find_map(|&grouping| grouped(text, at, &run, grouping))
}

/// Whether the first groups have the lengths of a card's; told by the first two, before all are read.
fn may_be_card(text: &[u8], at: usize, first: usize) -> bool {
    if (13..=19).contains(&first) {
        return true;
    }
    let Some(separator) = Separator::at(text, at + first).filter(|_| matches!(first, 4 | 6 | 8)) else {
        return false;
    };
    let second = bytes::digits(text.get(at + first + separator.len()..).unwrap_or_default());
    matches!((first, second), (4, 3 | 4 | 6) | (6, 13) | (8, 8))
}

/// The card number in a value under a card key: 12 to 19 digits in any grouping with a valid check
/// digit, or a track; UnionPay numbers may lack the check digit.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    // what we wrote ourselves; a number behind it is another's
    if value.first() == Some(&b'*') || crate::mark::mark_at(value, 0).is_some() {
        return None;
    }
    let start = value.iter().position(u8::is_ascii_digit)?;
    let behind = value.get(start + bytes::digits(&value[start..]));
    if matches!(behind, Some(b'^' | b'=' | b'D'))
        && let Some(found) = track::at(value, start)
    {
        return Some(found);
    }
    if start > 0 && value.get(start - 1).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let (digits, end) = read_loose(value, start)?;
    let numbers = digits.values();
    let checked = luhn::is_valid(numbers);
    let union_pay = numbers.starts_with(&[6, 2]) && (16..=19).contains(&numbers.len());
    if !(12..=19).contains(&numbers.len()) || all_same(numbers) || !(checked || union_pay) {
        return None;
    }
    let known = issuer::is_known(&digits, numbers.len(), false);
    let mut evidence = Evidence::KEY.and(Evidence::SHAPE);
    if checked {
        evidence = evidence.and(Evidence::LUHN);
    }
    if known {
        evidence = evidence.and(Evidence::ISSUER);
    }
    let confidence = if checked && known { 98 } else { 88 };
    Some(Match { start, end, kind: TypeId::CARD, rule: CARD, confidence, evidence })
}

/// Whether an issuer range at one of these places of the table has a number that was found by its
/// shape.
pub(crate) fn has_issuer(value: &[u8], is_asked: impl Fn(usize) -> bool) -> bool {
    let is_grouped = !value.iter().all(u8::is_ascii_digit);
    let Some((digits, _)) = read_loose(value, 0) else { return true };
    issuer::is_known_by(&digits, digits.len(), !is_grouped, is_asked)
}

/// Reads digit groups with one kind of separator, until something else or more than a card can hold.
fn read_groups(text: &[u8], at: usize) -> Option<Groups> {
    let mut run = Groups { digits: Digits::new(), groups: [(0, 0); 6], count: 0, separator: None };
    let mut place = at;
    loop {
        let before = run.digits.len();
        while let Some(byte) = text.get(place).filter(|byte| byte.is_ascii_digit()) {
            if !run.digits.push(*byte) {
                // what is too long to belong to a card is another number: the groups before it stay
                return (run.count > 0).then_some(run);
            }
            place += 1;
        }
        *run.groups.get_mut(run.count)? = (run.digits.len() - before, place);
        run.count += 1;
        if run.count == run.groups.len() || run.digits.len() > 19 {
            return Some(run);
        }
        let Some(separator) = Separator::at(text, place) else { return Some(run) };
        if !text.get(place + separator.len()).is_some_and(u8::is_ascii_digit)
            || run.separator.is_some_and(|first| first != separator)
        {
            return Some(run);
        }
        run.separator = Some(separator);
        place += separator.len();
    }
}

/// The digits of a value, with single separators of any kind between them, and where they end.
fn read_loose(value: &[u8], start: usize) -> Option<(Digits, usize)> {
    // nearly all have nothing else
    if start == 0
        && let Some(digits) = Digits::of(value)
    {
        return Some((digits, value.len()));
    }
    let mut digits = Digits::new();
    let mut end = start;
    let mut place = start;
    loop {
        match value.get(place) {
            Some(byte) if byte.is_ascii_digit() => {
                if !digits.push(*byte) {
                    return None;
                }
                place += 1;
                end = place;
            }
            Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {
                return (place > end).then_some((digits, end));
            }
            _ => match Separator::at(value, place) {
                Some(separator) if place == end => place += separator.len(),
                _ => return Some((digits, end)),
            },
        }
    }
}

/// The number if its first groups have just these lengths.
fn grouped(text: &[u8], at: usize, run: &Groups, grouping: &[u8]) -> Option<Match> {
    let groups = run.groups.get(..grouping.len().min(run.count))?;
    if groups.len() != grouping.len()
        || groups.iter().zip(grouping).any(|(&(len, _), &wanted)| len != usize::from(wanted))
    {
        return None;
    }
    if grouping.len() == 2 && is_row_or_decimal(text, at, run) {
        return None;
    }
    let &(_, end) = groups.last()?;
    // One more group of four digits: a row of numbers, not a card.
    if run.groups.get(grouping.len()).is_some_and(|&(len, _)| len == 4) {
        return None;
    }
    let total = grouping.iter().map(|&len| usize::from(len)).sum();
    accept(text, at, end, run.digits.values().get(..total)?, true)
}

/// True if two long groups have more digits beside them, or a dot between them.
fn is_row_or_decimal(text: &[u8], at: usize, run: &Groups) -> bool {
    let digit = |place: Option<usize>| place.and_then(|p| text.get(p)).is_some_and(u8::is_ascii_digit);
    let is_gap =
        |place: Option<usize>| place.is_some_and(|p| matches!(text.get(p), Some(b' ' | b'-' | b'+')));
    let end = run.groups[1].1;
    run.separator == Some(Separator::Byte(b'.'))
        || is_gap(at.checked_sub(1)) && digit(at.checked_sub(2))
        || is_gap(Some(end)) && digit(Some(end + 1))
}

/// The match if range, length, check digit and the border behind agree.
fn accept(text: &[u8], at: usize, end: usize, numbers: &[u8], grouped: bool) -> Option<Match> {
    let mut digits = Digits::new();
    for &number in numbers {
        digits.push(number + b'0');
    }
    let signed = at > 0 && text.get(at - 1) == Some(&b'+') && is_phone_sign(text, at - 1);
    let is_issued = issuer::is_known(&digits, numbers.len(), !grouped)
        || !grouped && issuer::is_known(&digits, numbers.len(), false) && is_announced(text, at);
    if !is_issued
        || !luhn::is_valid(numbers)
        || all_same(numbers)
        || !open_after(text, end)
        || is_measured(text, end)
        || (signed && numbers.len() <= 15)
    {
        return None;
    }
    let evidence = Evidence::SHAPE.and(Evidence::LUHN).and(Evidence::ISSUER);
    // Thirteen digits are phone numbers and article codes more often than cards of old.
    let confidence = match numbers.len() {
        _ if grouped => 97,
        13 => 70,
        14 => 80,
        _ => 95,
    };
    Some(Match { start: at, end, kind: TypeId::CARD, rule: CARD, confidence, evidence })
}

/// True if a word for cards stands before a number of a length that few have: `maestro debit 676770306953951114`.
fn is_announced(text: &[u8], at: usize) -> bool {
    const WORDS: [&[u8]; 12] = [
        b"maestro",
        b"debit",
        b"card",
        b"visa",
        b"mastercard",
        b"karte",
        b"carte",
        b"tarjeta",
        b"cartao",
        b"unionpay",
        b"jcb",
        b"pan",
    ];
    let head = text.get(at.saturating_sub(24)..at).unwrap_or_default();
    let head = head.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    // a label that we wrote names nothing: `[CARD] 6767…`
    let head = head.rsplit(|byte| *byte == b']').next().unwrap_or_default().to_ascii_lowercase();
    let mut words = head.rsplit(|byte| !byte.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    // the word itself, or one before the kind of card
    words.by_ref().take(2).any(|word| WORDS.contains(&word))
}

/// True if the `+` at `at` opens a number instead of standing for a space in a query string.
fn is_phone_sign(text: &[u8], at: usize) -> bool {
    at == 0 || !text.get(at - 1).is_some_and(u8::is_ascii_alphanumeric)
}

/// True if a group of four digits (not a year) and the same separator stand before: a row of numbers.
fn glued_column_before(text: &[u8], at: usize, separator: Option<Separator>) -> bool {
    let Some(separator) = separator else { return false };
    let Some(gap) = at.checked_sub(separator.len()) else { return false };
    let Some(start) = gap.checked_sub(4) else { return false };
    let Some(group) = text.get(start..gap) else { return false };
    let alone = start.checked_sub(1).and_then(|i| text.get(i)).is_none_or(u8::is_ascii_whitespace);
    Separator::at(text, gap) == Some(separator)
        && alone
        && group.iter().all(u8::is_ascii_digit)
        && !(group.starts_with(b"19") || group.starts_with(b"20"))
}

#[cfg(test)]
mod tests;
