//! Issuer ranges: the first six digits of card numbers by scheme (ISO/IEC 7812), as published by the
//! schemes and acquirers, with the lengths they issue.

use crate::check::digits::Digits;

/// One range of six-digit prefixes.
struct Range {
    low: u32,
    high: u32,
    /// Lengths in digits that are issued, a bit each.
    lengths: u32,
    /// Lengths that are trusted in a run of digits without grouping and without a key.
    bare: u32,
}

const fn span(low: u32, high: u32) -> u32 {
    ((1 << (high + 1)) - 1) & !((1 << low) - 1)
}

const fn range(low: u32, high: u32, lengths: u32, bare: u32) -> Range {
    Range { low, high, lengths, bare }
}

const N13: u32 = 1 << 13;
const N14: u32 = 1 << 14;
const N15: u32 = 1 << 15;
const N16: u32 = 1 << 16;
const N19: u32 = 1 << 19;
const N16_19: u32 = span(16, 19);
const N12_19: u32 = span(12, 19);

/// All ranges. Bare runs of 17 to 19 digits are mostly object ids, so only UnionPay, whose debit
/// cards have 19 digits, is trusted there; Maestro only where its prefixes are in use.
static RANGES: &[Range] = &[
    range(100_000, 199_999, N15, 0),                     // UATP
    range(220_000, 220_499, N16_19, N16),                // Mir
    range(220_500, 220_599, N16, N16),                   // BORICA
    range(222_100, 272_099, N16, N16),                   // Mastercard, 2 series
    range(300_000, 305_999, N14 | N16_19, N14),          // Diners Club
    range(309_500, 309_599, N14 | N16_19, N14),          // Diners Club
    range(340_000, 349_999, N15, N15),                   // American Express
    range(352_800, 358_999, N16_19, N16),                // JCB
    range(360_000, 369_999, N14 | N16_19, N14),          // Diners Club
    range(370_000, 379_999, N15, N15),                   // American Express
    range(380_000, 399_999, N14 | N16_19, N14),          // Diners Club, Discover
    range(400_000, 499_999, N13 | N16 | N19, N13 | N16), // Visa, Visa Electron
    range(500_000, 509_999, N12_19, 0),                  // Maestro
    range(501_800, 502_099, N12_19, N16),                // Maestro, Dankort
    range(503_800, 503_899, N12_19, N16),                // Maestro
    range(506_099, 506_198, N16_19, N16),                // Verve
    range(507_800, 507_899, N16_19, N16),                // Verve, Meeza
    range(508_000, 508_999, N16, N16),                   // RuPay
    range(510_000, 559_999, N16, N16),                   // Mastercard
    range(560_000, 589_999, N12_19, 0),                  // Maestro, Bankcard
    range(561_000, 561_099, N16, N16),                   // Bankcard
    range(589_300, 589_399, N12_19, N16),                // Maestro
    range(600_000, 699_999, N12_19, 0),                  // Maestro, RuPay, Hipercard, Elo
    range(601_100, 601_199, N16_19, N16),                // Discover
    range(606_282, 606_282, N16, N16),                   // Hipercard
    range(606_985, 608_500, N16, N16),                   // RuPay
    range(620_000, 629_999, N16_19, N16_19),             // UnionPay
    range(630_400, 630_499, N12_19, N16),                // Maestro, Laser
    range(633_100, 633_499, N16_19, N16),                // Solo, Switch
    range(636_000, 636_999, N16_19, N16),                // Elo, InterPayment
    range(637_000, 639_999, N16, N16),                   // InstaPayment, Maestro
    range(644_000, 659_999, N16_19, N16),                // Discover, RuPay, Troy, Elo, Verve
    range(675_900, 676_999, N12_19, N16),                // Maestro
    range(677_100, 677_199, N16_19, N16),                // Laser
    range(810_000, 829_999, N16_19, N16_19),             // UnionPay, RuPay
    range(860_000, 860_099, N16, N16),                   // Uzcard
    range(970_400, 970_499, N16 | N19, N16),             // NAPAS
    range(979_200, 979_299, N16, N16),                   // Troy
    range(986_000, 986_099, N16, N16),                   // Humo
];

/// True if a bare card number may start with that byte; everything else is turned away here.
pub(super) fn may_start(byte: u8) -> bool {
    matches!(byte, b'1'..=b'6' | b'8' | b'9')
}

/// True if a scheme issues numbers with these first six digits and that length; `bare` asks for
/// ranges that are trusted without grouping or key.
pub(super) fn is_known(digits: &Digits, length: usize, bare: bool) -> bool {
    let Some(prefix) = digits.prefix(6).and_then(|prefix| u32::try_from(prefix).ok()) else { return false };
    let Some(bit) = u32::try_from(length).ok().filter(|&n| n < 32).map(|n| 1u32 << n) else { return false };
    RANGES.iter().any(|range| {
        (range.low..=range.high).contains(&prefix)
            && (if bare { range.bare } else { range.lengths }) & bit != 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_well_formed() {
        for range in RANGES {
            assert!(range.low <= range.high && range.high <= 999_999);
            assert_eq!(range.bare & !range.lengths, 0, "{} trusts lengths it does not have", range.low);
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
