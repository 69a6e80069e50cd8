//! IMSI (ITU-T E.212): mobile country code, network code, subscriber number.

use crate::check::digits::{Digits, all_same};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::IMSI;

/// Mobile country codes by their hundreds, each a list of the last two digits (ITU-T E.212 annex and
/// the operational bulletins).
static COUNTRIES: [&[u8]; 10] = [
    &[1],
    &[],
    &[
        2, 4, 6, 8, 12, 13, 14, 16, 18, 19, 20, 21, 22, 25, 26, 28, 30, 31, 32, 34, 35, 38, 40, 42, 44, 46,
        47, 48, 50, 55, 57, 59, 60, 62, 66, 68, 70, 72, 74, 76, 78, 80, 82, 83, 84, 86, 88, 89, 90, 92, 93,
        94, 95, 97,
    ],
    &[
        2, 8, 10, 11, 12, 13, 14, 15, 16, 30, 32, 34, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62, 63,
        64, 65, 66, 68, 70, 72, 74, 76,
    ],
    &[
        0, 1, 2, 4, 5, 6, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32,
        34, 36, 37, 38, 40, 41, 50, 52, 54, 55, 56, 57, 60, 61, 66, 67, 70, 72,
    ],
    &[
        2, 5, 10, 14, 15, 20, 25, 28, 30, 34, 35, 36, 37, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
        52, 53, 54, 55,
    ],
    &[
        2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
        29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
        55, 57, 58, 59,
    ],
    &[2, 4, 6, 8, 10, 12, 14, 16, 22, 24, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50],
    &[],
    &[1, 91, 95, 99],
];

/// Country codes whose network codes have three digits throughout; elsewhere two, or both kinds.
const THREE_DIGIT_NETWORKS: [u64; 21] =
    [302, 310, 311, 312, 313, 314, 315, 316, 334, 338, 342, 344, 346, 348, 352, 356, 358, 708, 722, 732, 750];

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

fn is_imsi(digits: &Digits) -> bool {
    let Some(country) = digits.prefix(3) else { return false };
    let known = usize::try_from(country / 100)
        .ok()
        .and_then(|hundred| COUNTRIES.get(hundred))
        .is_some_and(|list| list.iter().any(|&rest| u64::from(rest) == country % 100));
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
    fn lists_ascend() {
        for list in COUNTRIES {
            assert!(list.is_sorted_by(|a, b| a < b));
        }
    }
}
