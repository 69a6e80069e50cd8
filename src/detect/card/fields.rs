//! What stands beside a card number under a key of its own: verification value and expiry date.

use super::Match;
use crate::finding::{Evidence, TypeId};
use crate::rules::{CARD_CVV, CARD_EXPIRY};

/// A verification value (CVV, CVC, CID): three or four digits and nothing else.
pub(crate) fn keyed_cvv(value: &[u8]) -> Option<Match> {
    let trimmed = value.trim_ascii();
    if !(3..=4).contains(&trimmed.len()) || !trimmed.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let start = value.iter().position(u8::is_ascii_digit)?;
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let end = start + trimmed.len();
    Some(Match { start, end, kind: TypeId::CARD, rule: CARD_CVV, confidence: 88, evidence })
}

/// An expiry date: `MM/YY`, `MM/YYYY`, `YYYY-MM`, `MMYY`, `YYMM` (ISO 8583), `MMYYYY`, `YYYYMM`, a full date
/// `YYYY-MM-DD`; the month from 1 to 12, four-digit years from 1990 to 2099.
pub(crate) fn keyed_expiry(value: &[u8]) -> Option<Match> {
    let trimmed = value.trim_ascii();
    let start = value.len() - value.trim_ascii_start().len();
    let end = start + trimmed.len();
    let mut parts = trimmed.split(|byte| matches!(byte, b'/' | b'-' | b'.' | b' '));
    let (first, second, third) = (parts.next()?, parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let valid = match (first, second, third) {
        (all, None, None) if all.len() == 4 => {
            number(all).is_some()
                && (is_month(all.get(..2)?) || is_short_year(all.get(..2)?) && is_month(all.get(2..)?))
        }
        (all, None, None) if all.len() == 6 => {
            (is_month(all.get(..2)?) && is_year(all.get(2..)?))
                || (is_year(all.get(..4)?) && is_month(all.get(4..)?))
        }
        (month, Some(year), None) if is_month(month) => {
            is_year(year) || (year.len() == 2 && number(year).is_some())
        }
        (year, Some(month), None) => is_year(year) && is_month(month),
        (year, Some(month), Some(day)) => {
            is_year(year) && is_month(month) && number(day).is_some_and(|day| (1..=31).contains(&day))
        }
        _ => false,
    };
    let evidence = Evidence::KEY.and(Evidence::STRUCTURE);
    valid.then_some(Match { start, end, kind: TypeId::CARD, rule: CARD_EXPIRY, confidence: 86, evidence })
}

/// Two digits of a year in which a card ends that is used today.
fn is_short_year(year: &[u8]) -> bool {
    number(year).is_some_and(|year| (20..=49).contains(&year))
}

/// The month or the year alone, under a key that names it: `exp_month: 8`, `expYear=27`.
pub(crate) fn keyed_part_of_expiry(value: &[u8], words: &str) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let part = value.trim_ascii();
    let is_digits = part.iter().all(u8::is_ascii_digit);
    let fits = words.ends_with("month") && is_month(part)
        || words.ends_with("year") && is_digits && (part.len() == 2 || is_year(part));
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let end = start + part.len();
    fits.then_some(Match { start, end, kind: TypeId::CARD, rule: CARD_EXPIRY, confidence: 82, evidence })
}

fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 6 {
        return None;
    }
    text.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

fn is_month(text: &[u8]) -> bool {
    text.len() <= 2 && number(text).is_some_and(|month| (1..=12).contains(&month))
}

fn is_year(text: &[u8]) -> bool {
    text.len() == 4 && number(text).is_some_and(|year| (1990..2100).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(found: Option<Match>) -> Option<(usize, usize)> {
        found.map(|m| (m.start, m.end))
    }

    #[test]
    fn verification_values() {
        for (value, expected) in [
            ("123", Some((0, 3))),
            (" 0042 ", Some((1, 5))),
            ("000", Some((0, 3))),
            ("", None),
            ("12", None),
            ("12345", None),
            ("12a", None),
            ("***", None),
        ] {
            assert_eq!(span(keyed_cvv(value.as_bytes())), expected, "{value:?}");
        }
        assert_eq!(span(keyed_cvv(b"\xff\xfe1")), None);
    }

    #[test]
    fn parts_of_expiry_dates() {
        for (value, words, expected) in [
            ("8", "exp month", Some((0, 1))),
            (" 12", "expiry month", Some((1, 3))),
            ("13", "exp month", None),
            ("2027", "exp year", Some((0, 4))),
            ("27", "expiration year", Some((0, 2))),
            ("3600", "exp year", None),
            ("12", "exp", None),
            ("", "exp month", None),
            ("\u{fc}", "exp year", None),
        ] {
            assert_eq!(span(keyed_part_of_expiry(value.as_bytes(), words)), expected, "{value:?} {words}");
        }
    }

    #[test]
    fn expiry_dates() {
        for value in
            ["03/27", "3/27", "2027-03", "0327", "2703", "03-2027", "032027", "202703", "2027-03-31", "12 29"]
        {
            assert_eq!(span(keyed_expiry(value.as_bytes())), Some((0, value.len())), "{value:?}");
        }
        for value in [
            "", "0", "13/27", "00/27", "1327", "3600", "2027-13", "1.2.3", "27", "1/2/3/4", "ab/cd", "03/",
            "+3/27",
        ] {
            assert_eq!(span(keyed_expiry(value.as_bytes())), None, "{value:?}");
        }
        assert_eq!(span(keyed_expiry(b" 03/27 ")), Some((1, 6)));
        assert_eq!(span(keyed_expiry(b"\xff\xff\xff\xff")), None);
    }
}
