//! IMSI (ITU-T E.212): mobile country code, network code, subscriber number.

use crate::check::digits::{Digits, all_same};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{IMSI, MOBILE_COUNTRIES, THREE_DIGIT_NETWORKS};

/// The IMSI in a value under a key: 15 digits, or 14 where the network gives short numbers, with a
/// country code that exists and a network code that is not zero throughout where it has three digits.
///
/// Spaces and dashes between the parts and `IMSI` before it are allowed.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let start = value.iter().position(u8::is_ascii_digit)?;
    let end = value.iter().rposition(u8::is_ascii_digit)? + 1;
    let before = value.get(..start)?.trim_ascii();
    let after = value.get(end..)?.trim_ascii();
    let named = before.is_empty() || before.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"imsi"));
    let digits = Digits::gather(value.get(start..end)?, |byte| matches!(byte, b' ' | b'-'))?;
    if !named || before.len() > 5 || !after.is_empty() || !is_imsi(&digits) {
        return None;
    }
    let evidence = Evidence::KEY.and(Evidence::COUNTRY).and(Evidence::SHAPE);
    Some(Match { start, end, kind: TypeId::IMSI, rule: IMSI, confidence: 92, evidence })
}

/// The subscriber's number in a concealed identifier that conceals nothing (3GPP TS 23.003 section 2.2B, its null
/// scheme): `suci-0-234-15-0000-0-0-0007487`. Country, network and routing are not the subscriber's; the output of
/// other schemes is encrypted.
pub(crate) fn unconcealed(value: &[u8]) -> Option<Match> {
    let fields = value.get(..7).filter(|head| head.eq_ignore_ascii_case(b"suci-0-")).and(value.get(7..))?;
    let mut start = 7;
    for (place, field) in fields.splitn(6, |byte| *byte == b'-').enumerate() {
        let digits = field.iter().take(16).take_while(|byte| byte.is_ascii_digit()).count();
        let fits = match place {
            0 => digits == 3,
            1 => matches!(digits, 2 | 3),
            2 => (1..=4).contains(&digits),
            3 => field == b"0",
            4 => (1..=3).contains(&digits),
            _ => (5..=10).contains(&digits) && !field.get(digits).is_some_and(u8::is_ascii_alphanumeric),
        };
        if !fits || place < 5 && digits != field.len() {
            return None;
        }
        if place == 5 {
            let evidence = Evidence::STRUCTURE.and(Evidence::SHAPE);
            let end = start + digits;
            return Some(Match { start, end, kind: TypeId::IMSI, rule: IMSI, confidence: 92, evidence });
        }
        start += field.len() + 1;
    }
    None
}

/// The mobile country code of a value that was found.
pub(crate) fn country(value: &[u8]) -> Option<u16> {
    let digits = Digits::gather(value, |byte| matches!(byte, b' ' | b'-'))?;
    digits.prefix(3).and_then(|code| u16::try_from(code).ok())
}

fn is_imsi(digits: &Digits) -> bool {
    let Some(country) = digits.prefix(3).and_then(|code| u16::try_from(code).ok()) else { return false };
    let known = MOBILE_COUNTRIES.binary_search(&country).is_ok();
    let network = !THREE_DIGIT_NETWORKS.contains(&country) || digits.number(3, 6) != Some(0);
    matches!(digits.len(), 14 | 15)
        && known
        && network
        && digits.values().get(5..).is_some_and(|rest| !all_same(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (value, span) in [
            ("262019876543210", Some((0, 15))),
            ("310150123456789", Some((0, 15))),
            ("00101012345678", Some((0, 14))),
            ("262 01 9876543210", Some((0, 17))),
            ("IMSI:262019876543210", Some((5, 20))),
            (" 405861234567890 ", Some((1, 16))),
            ("263019876543210", None),
            ("310000123456789", None),
            ("800019876543210", None),
            ("000000000000000", None),
            ("262010000000000", None),
            ("2620198765432", None),
            ("2620198765432100", None),
            ("262019876543210x", None),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(keyed(value.as_bytes()).map(|m| (m.start, m.end)), span, "{value:?}");
        }
        assert!(keyed(b"\xff262019876543210").is_none());
    }

    #[test]
    fn null_scheme() {
        for (value, span) in [
            ("suci-0-234-15-0000-0-0-0007487", Some((23, 30))),
            ("SUCI-0-310-260-0-0-0-123456789] x", Some((21, 30))),
            ("suci-0-208-93-0-0-0-00007487", Some((20, 28))),
            // encrypted: the key of a moment and what it hides (profile A)
            ("suci-0-234-15-0000-1-27-5a8d38864820197c3394b92613b20b91", None),
            ("suci-0-234-15-0000-0-0-0007487abc", None),
            ("suci-0-234-15-0000-0-0", None),
            ("suci-1-anna@example.com", None),
            ("suci-0-", None),
            ("", None),
        ] {
            assert_eq!(unconcealed(value.as_bytes()).map(|m| (m.start, m.end)), span, "{value:?}");
        }
    }

    #[test]
    fn lists_ascend() {
        for list in [MOBILE_COUNTRIES, THREE_DIGIT_NETWORKS] {
            assert!(list.is_sorted_by(|a, b| a < b));
        }
    }
}
