//! MEID (3GPP2 S.R0048): device identities of CDMA equipment, hex or decimal; and the ESN before it.

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::MEID;

/// The MEID in a value under a key: 14 hex digits with the manufacturer code A0 to FF or 99, perhaps
/// with a 15th check digit, or 18 decimal ones; or an ESN: 8 hex digits or 11 decimal ones.
///
/// Separators between the parts (space, `-`, `.`) are allowed; the decimal parts must fit their
/// 32 and 24 bits.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let trimmed = value.trim_ascii();
    let mut symbols = [0u8; 18];
    let mut length = 0;
    for &byte in trimmed {
        if matches!(byte, b' ' | b'-' | b'.') {
            continue;
        }
        *symbols.get_mut(length)? = Some(byte).filter(u8::is_ascii_hexdigit)?.to_ascii_uppercase();
        length += 1;
    }
    let symbols = symbols.get(..length)?;
    if symbols.iter().all(|byte| Some(byte) == symbols.first()) {
        return None;
    }
    let (confidence, evidence) = match length {
        14 | 15 if has_manufacturer(symbols) => (92, Evidence::STRUCTURE),
        14 => (84, Evidence::SHAPE),
        18 if decimal(symbols, 10, 0xffff_ffff, 0xff_ffff) => (90, Evidence::STRUCTURE),
        11 if decimal(symbols, 3, 0xff, 0xff_ffff) => (84, Evidence::STRUCTURE),
        8 => (82, Evidence::SHAPE),
        _ => return None,
    };
    let end = start + trimmed.len();
    let evidence = evidence.and(Evidence::KEY);
    Some(Match { start, end, kind: TypeId::MEID, rule: MEID, confidence, evidence })
}

/// True if the first two digits are a regional code of the MEID range.
fn has_manufacturer(symbols: &[u8]) -> bool {
    symbols.starts_with(b"99") || symbols.first().is_some_and(|byte| (b'A'..=b'F').contains(byte))
}

/// True if both parts are decimal numbers in their ranges.
fn decimal(symbols: &[u8], split: usize, first_max: u64, second_max: u64) -> bool {
    let number = |part: &[u8]| {
        part.iter()
            .try_fold(0u64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')))
    };
    symbols.split_at_checked(split).is_some_and(|(first, second)| {
        number(first).is_some_and(|n| n <= first_max) && number(second).is_some_and(|n| n <= second_max)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (value, found) in [
            ("AF0123450ABCDE", true),
            ("AF 01 23 45 0ABCDE C", true),
            ("af0123450abcde", true),
            ("29360 87365 0070 3710", true),
            ("293608736500703710", true),
            ("80A1B2C3", true),
            ("12807684980", true),
            ("99999 99999 0070 3710 4", false),
            ("429496729600703710", false),
            ("293608736516777216", false),
            ("AF0123450ABCD", false),
            ("AF0123450ABCDG", false),
            ("00000000000000", false),
            ("unknown", false),
            ("", false),
            ("0", false),
        ] {
            let span = keyed(value.as_bytes()).map(|m| (m.start, m.end));
            assert_eq!(span, found.then_some((0, value.len())), "{value:?}");
        }
        assert!(keyed(b"\xff\xff").is_none());
        assert_eq!(keyed(b" AF0123450ABCDE ").map(|m| (m.start, m.end)), Some((1, 15)));
    }
}
