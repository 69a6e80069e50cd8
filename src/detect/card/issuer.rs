//! Issuer ranges: the first six digits of card numbers by scheme (ISO/IEC 7812), as published by the
//! schemes and acquirers, with the lengths they issue.

use crate::check::digits::Digits;
use crate::rules::ISSUERS;

/// True if a bare card number may start with that byte; everything else is turned away here.
pub(super) fn may_start(byte: u8) -> bool {
    matches!(byte, b'1'..=b'6' | b'8' | b'9')
}

/// True if a scheme issues numbers with these first six digits and that length; `bare` asks for
/// ranges that are trusted without grouping or key.
pub(super) fn is_known(digits: &Digits, length: usize, bare: bool) -> bool {
    is_known_by(digits, length, bare, |_| true)
}

/// The same, by the ranges at these places of the table.
pub(super) fn is_known_by(
    digits: &Digits,
    length: usize,
    bare: bool,
    is_asked: impl Fn(usize) -> bool,
) -> bool {
    let Some(prefix) = digits.prefix(6).and_then(|prefix| u32::try_from(prefix).ok()) else { return false };
    let Some(bit) = u32::try_from(length).ok().filter(|&n| n < 32).map(|n| 1u32 << n) else { return false };
    ISSUERS.iter().enumerate().any(|(place, range)| {
        (range.first..=range.last).contains(&prefix)
            && (if bare { range.bare } else { range.lengths }) & bit != 0
            && is_asked(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_well_formed() {
        for range in ISSUERS {
            assert!(range.first <= range.last && range.last <= 999_999);
            assert_eq!(range.bare & !range.lengths, 0, "{} trusts lengths it does not have", range.first);
        }
    }

    #[test]
    fn edges_of_ranges() {
        for (prefix, length, bare, known) in [
            ("222099", 16, true, false),
            ("222100", 16, true, true),
            ("272099", 16, true, true),
            ("272100", 16, true, false),
            ("220499", 16, true, true),
            ("305999", 14, true, true),
            ("306000", 14, true, false),
            ("352799", 16, true, false),
            ("352800", 16, true, true),
            ("359000", 16, true, false),
            ("411111", 19, true, false),
            ("411111", 19, false, true),
            ("622222", 19, true, true),
            ("560000", 12, false, true),
            ("560000", 16, true, false),
            ("100000", 15, true, false),
            ("41111", 16, true, false),
        ] {
            let digits = Digits::gather(prefix.as_bytes(), |_| false).unwrap_or(Digits::new());
            assert_eq!(is_known(&digits, length, bare), known, "{prefix} {length} {bare}");
        }
    }
}
