//! IMEI and IMEISV (3GPP TS 23.003 section 6.2): device identities of mobile equipment.

use crate::check::border::{is_measured, open_after, open_before};
use crate::check::digits::{Digits, all_same};
use crate::check::luhn;
use crate::check::separator::Separator;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{IMEI, IMEISV};

/// Reporting body identifiers, the first two digits of a type allocation code (GSMA TS.06): those that
/// allocate today and those whose devices are still on the networks.
const REPORTING_BODIES: [u8; 17] = [1, 10, 30, 33, 35, 44, 45, 49, 50, 51, 52, 53, 54, 86, 91, 98, 99];

/// The bodies as bits of a number.
const BODIES: u128 = {
    let (mut bits, mut i) = (0, 0);
    while i < REPORTING_BODIES.len() {
        bits |= 1 << REPORTING_BODIES[i];
        i += 1;
    }
    bits
};

fn is_body(number: u8) -> bool {
    number < 100 && BODIES >> number & 1 != 0
}

/// How IMEIs are printed with separators: type allocation code (once 6 + 2), serial number, check digit.
const GROUPINGS: &[&[u8]] = &[&[2, 6, 6, 1], &[6, 2, 6, 1], &[8, 6, 1]];

/// An IMEI whose first digit stands at `at`: 15 digits, bare or grouped as printed on devices, with a
/// reporting body and a valid check digit, and nothing glued to them.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    let tens = text.get(at)?.wrapping_sub(b'0');
    let ones = text.get(at + 1)?.wrapping_sub(b'0');
    if tens > 9 || ones > 9 || !is_body(tens * 10 + ones) || !open_before(text, at) {
        return None;
    }
    // A plus sign makes it a phone number.
    if at > 0 && text.get(at - 1) == Some(&b'+') {
        return None;
    }
    let (digits, end) = bare(text, at).or_else(|| GROUPINGS.iter().find_map(|g| grouped(text, at, g)))?;
    if !is_imei(digits.values()) || !open_after(text, end) || is_measured(text, end) {
        return None;
    }
    let evidence = Evidence::SHAPE.and(Evidence::LUHN).and(Evidence::STRUCTURE);
    Some(Match { start: at, end, kind: TypeId::IMEI, rule: IMEI, confidence: 93, evidence })
}

/// An IMEI under a key: 15 digits with a valid check digit, 14 without one, or 15 with the spare
/// digit 0 that networks send instead of the check digit; with a reporting body any check digit, as people mistype it.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let (digits, start, end) = gather(value)?;
    let numbers = digits.values();
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let (confidence, evidence) = match numbers.len() {
        15 if luhn::is_valid(numbers) => (97, evidence.and(Evidence::LUHN)),
        15 if numbers.last() == Some(&0) && has_body(numbers) => (85, evidence.and(Evidence::STRUCTURE)),
        15 if has_body(numbers) => (70, evidence.and(Evidence::STRUCTURE)),
        14 => (if has_body(numbers) { 90 } else { 82 }, evidence),
        _ => return None,
    };
    Some(Match { start, end, kind: TypeId::IMEI, rule: IMEI, confidence, evidence })
}

/// An IMEISV under a key: 16 digits, the last two a software version, no check digit.
pub(crate) fn keyed_imeisv(value: &[u8]) -> Option<Match> {
    let (digits, start, end) = gather(value)?;
    if digits.len() != 16 {
        return None;
    }
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let confidence = if has_body(digits.values()) { 90 } else { 84 };
    Some(Match { start, end, kind: TypeId::IMEISV, rule: IMEISV, confidence, evidence })
}

/// The digits of a value that holds digits, spaces, `-`, `/`, `.` and nothing else; not a filler.
fn gather(value: &[u8]) -> Option<(Digits, usize, usize)> {
    let digits = Digits::gather(value, |byte| matches!(byte, b' ' | b'-' | b'/' | b'.'))?;
    let start = value.iter().position(u8::is_ascii_digit)?;
    let end = value.iter().rposition(u8::is_ascii_digit)? + 1;
    (!all_same(digits.values())).then_some((digits, start, end))
}

fn has_body(numbers: &[u8]) -> bool {
    matches!(numbers, [tens, ones, ..] if is_body(tens * 10 + ones))
}

fn is_imei(numbers: &[u8]) -> bool {
    // A serial part or type code of zeros alone is a filler such as 350000000000000.
    numbers.len() == 15
        && has_body(numbers)
        && luhn::is_valid(numbers)
        && numbers.get(2..14).is_some_and(|rest| !all_same(rest))
}

fn bare(text: &[u8], at: usize) -> Option<(Digits, usize)> {
    let digits = Digits::gather(text.get(at..at + 15)?, |_| false)?;
    (!text.get(at + 15).is_some_and(u8::is_ascii_digit)).then_some((digits, at + 15))
}

fn grouped(text: &[u8], at: usize, grouping: &[u8]) -> Option<(Digits, usize)> {
    let separator = Separator::at(text, at + usize::from(*grouping.first()?))?;
    let mut digits = Digits::new();
    let mut place = at;
    for (number, &length) in grouping.iter().enumerate() {
        if number > 0 {
            if Separator::at(text, place) != Some(separator) {
                return None;
            }
            place += separator.len();
        }
        for _ in 0..length {
            if !digits.push(*text.get(place)?) {
                return None;
            }
            place += 1;
        }
    }
    (!text.get(place).is_some_and(u8::is_ascii_digit)).then_some((digits, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(found: Option<Match>) -> Option<(usize, usize)> {
        found.map(|m| (m.start, m.end))
    }

    #[test]
    fn bare_and_grouped() {
        for text in [
            "490154203237518",
            "354178036859789",
            "49-015420-323751-8",
            "490154-20-323751-8",
            "35417803-685978-9",
        ] {
            for (before, after) in [("", ""), ("imei ", "\n"), ("\"", "\""), ("a\n", ", b")] {
                let whole = format!("{before}{text}{after}");
                let expected = Some((before.len(), before.len() + text.len()));
                assert_eq!(span(at(whole.as_bytes(), before.len())), expected, "{whole:?}");
            }
        }
    }

    #[test]
    fn look_alikes_stay() {
        for (text, place) in [
            ("", 0),
            ("490154203237517", 0),
            ("49-015420-323751-7", 0),
            ("49-015420 323751-8", 0),
            ("4901542032375180", 0),
            ("1490154203237518", 1),
            ("+490154203237518", 1),
            ("-490154203237518", 1),
            ("x490154203237518", 1),
            ("0.490154203237518", 2),
            ("490154203237518x", 0),
            ("490154203237518.5", 0),
            ("000000000000000", 0),
            ("350000000000006", 0),
            ("228154203237512", 0),
            ("49015420\n3237518", 0),
            ("49-0154", 0),
        ] {
            assert_eq!(span(at(text.as_bytes(), place)), None, "{text:?}");
        }
        assert_eq!(span(at(b"35\xff\xff", 0)), None);
    }

    #[test]
    fn under_a_key() {
        for (value, expected) in [
            ("490154203237518", Some((0, 15))),
            ("49015420323751", Some((0, 14))),
            ("490154203237510", Some((0, 15))),
            ("49-015420-323751", Some((0, 16))),
            (" 35 417803 685978 9 ", Some((1, 19))),
            ("490154203237517", Some((0, 15))),
            ("280154203237517", None),
            ("000000000000000", None),
            ("4901542032375", None),
            ("unknown", None),
            ("", None),
            ("49015420323751a", None),
        ] {
            assert_eq!(span(keyed(value.as_bytes())), expected, "{value:?}");
        }
        assert_eq!(span(keyed_imeisv(b"3541780368597801")), Some((0, 16)));
        assert_eq!(span(keyed_imeisv(b"354178036859780")), None);
        assert_eq!(span(keyed_imeisv(b"0000000000000000")), None);
        assert_eq!(span(keyed(b"\xff")), None);
    }
}
