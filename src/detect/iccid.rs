//! ICCID (ITU-T E.118): serial numbers of SIM cards; and the EID of embedded ones (GSMA SGP.29).

use crate::check::border::{open_after, open_before};
use crate::check::digits::{Digits, all_same};
use crate::check::{luhn, mod97};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::ICCID;
use crate::rules::phone_table::CODES;

/// The ICCID whose first digit stands at `at`: 89, a country's calling code, 19 or 20 digits in all
/// with a right check digit, nothing glued to them.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    if text.get(at..at + 2)? != b"89" || !open_before(text, at) {
        return None;
    }
    let length = text.get(at..)?.iter().take(21).take_while(|byte| byte.is_ascii_digit()).count();
    let end = at + length;
    if !matches!(length, 19 | 20) || !open_after(text, end) {
        return None;
    }
    let digits = Digits::gather(text.get(at..end)?, |_| false)?;
    if !has_country(&digits) || !luhn::is_valid(digits.values()) || is_filler(&digits) {
        return None;
    }
    let evidence = Evidence::SHAPE.and(Evidence::LUHN).and(Evidence::COUNTRY);
    Some(Match { start: at, end, kind: TypeId::ICCID, rule: ICCID, confidence: 94, evidence })
}

/// The ICCID in a value under a key: 89 and 18 to 20 digits in all, in any grouping, perhaps with the
/// filler `F` of its stored form; cards without the check digit exist. Or an EID: 32 digits from 89 on,
/// surer with the check of ISO 7064 MOD 97-10.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let start = value.iter().position(u8::is_ascii_digit)?;
    let trimmed = value.get(start..)?.trim_ascii_end();
    let body = trimmed.strip_suffix(b"F").or_else(|| trimmed.strip_suffix(b"f")).unwrap_or(trimmed);
    let digits = Digits::gather(body, |byte| matches!(byte, b' ' | b'-'))?;
    if !value.get(..start)?.iter().all(|byte| byte.is_ascii_whitespace())
        || digits.prefix(2) != Some(89)
        || is_filler(&digits)
    {
        return None;
    }
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let (confidence, evidence) = match digits.len() {
        32 if mod97::of_digits(digits.values()) == 1 => (97, evidence.and(Evidence::MOD97)),
        32 => (86, evidence),
        18..=20 if !has_country(&digits) => return None,
        18..=20 if luhn::is_valid(digits.values()) => {
            (97, evidence.and(Evidence::LUHN).and(Evidence::COUNTRY))
        }
        18..=20 => (86, evidence.and(Evidence::COUNTRY)),
        _ => return None,
    };
    let end = start + trimmed.len();
    Some(Match { start, end, kind: TypeId::ICCID, rule: ICCID, confidence, evidence })
}

/// True if a calling code that is in use stands behind the 89.
fn has_country(digits: &Digits) -> bool {
    (1..=3).any(|length| {
        let code = digits.number(2, 2 + length).and_then(|code| u16::try_from(code).ok());
        // A leading zero would make another code of it: 01 is what some North American cards have.
        code.is_some_and(|code| CODES.binary_search(&code).is_ok())
    })
}

fn is_filler(digits: &Digits) -> bool {
    digits.values().get(2..).is_none_or(all_same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(found: Option<Match>) -> Option<(usize, usize)> {
        found.map(|m| (m.start, m.end))
    }

    #[test]
    fn bare() {
        for (text, place, expected) in [
            ("8944122605566849402", 0, Some((0, 19))),
            ("sim 8944122605566849402,", 4, Some((4, 23))),
            ("89014103211118510720", 0, Some((0, 20))),
            ("8944122605566849403", 0, None),
            ("894412260556684940", 0, None),
            ("89441226055668494020000", 0, None),
            ("-8944122605566849402", 1, None),
            ("x8944122605566849402", 1, None),
            ("8900000000000000000", 0, None),
            ("", 0, None),
            ("89", 0, None),
        ] {
            assert_eq!(span(at(text.as_bytes(), place)), expected, "{text:?}");
        }
        assert_eq!(span(at(b"89\xff", 0)), None);
    }

    #[test]
    fn under_a_key() {
        for (value, expected) in [
            ("8944122605566849402", Some((0, 19))),
            (" 8944 1226 0556 6849 402 ", Some((1, 24))),
            ("8944122605566849403", Some((0, 19))),
            ("894412260556684940F", Some((0, 19))),
            ("89049032123451234512345678901235", Some((0, 32))),
            ("89049032123451234512345678901236", Some((0, 32))),
            ("8844122605566849402", None),
            ("8900000000000000000", None),
            ("89441226", None),
            ("none", None),
            ("", None),
        ] {
            assert_eq!(span(keyed(value.as_bytes())), expected, "{value:?}");
        }
        assert_eq!(span(keyed(b"\xff89")), None);
    }
}
