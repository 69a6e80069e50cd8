//! Vehicle identification numbers (ISO 3779, check digit of 49 CFR 565.15).

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::VIN;

const LENGTH: usize = 17;
const WEIGHTS: [u32; LENGTH] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// The number whose first symbol stands at `at`: 17 capitals and digits without I, O, Q, with the check
/// digit, letters and digits mixed as makers do, a serial at the end, and nothing glued to them.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    let word = text.get(at..at + LENGTH)?;
    let glued = |place: Option<usize>| {
        place.and_then(|place| text.get(place)).is_some_and(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'-' | b'+' | b'=' | b'\\') && place >= Some(at)
        })
    };
    let end = at + LENGTH;
    if glued(at.checked_sub(1)) || glued(Some(end)) || !word.iter().all(|byte| is_symbol(*byte)) {
        return None;
    }
    if !has_check_digit(word) || !is_like_made(word) {
        return None;
    }
    let evidence = Evidence::SHAPE.and(Evidence::CHECKSUM).and(Evidence::STRUCTURE);
    Some(Match { start: at, end, kind: TypeId::VIN, rule: VIN, confidence: 90, evidence })
}

/// The number in a value under a key: 17 symbols, dashes and spaces left out; the check digit is only
/// asked of numbers from North America and China (first symbol 1 to 5 and L) for full confidence.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let trimmed = value.trim_ascii();
    let mut symbols = [0u8; LENGTH];
    let mut length = 0;
    for &byte in trimmed {
        if matches!(byte, b'-' | b' ') {
            continue;
        }
        let symbol = byte.to_ascii_uppercase();
        *symbols.get_mut(length)? = Some(symbol).filter(|symbol| is_symbol(*symbol))?;
        length += 1;
    }
    let digits = symbols.iter().filter(|byte| byte.is_ascii_digit()).count();
    if length != LENGTH || digits < 3 || symbols.iter().all(|byte| Some(byte) == symbols.first()) {
        return None;
    }
    let checked = has_check_digit(&symbols);
    let required = matches!(symbols.first(), Some(b'1'..=b'5' | b'L'));
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let (confidence, evidence) = match (checked, required) {
        (true, _) => (97, evidence.and(Evidence::CHECKSUM)),
        (false, false) => (90, evidence),
        (false, true) => (82, evidence),
    };
    let end = start + trimmed.len();
    Some(Match { start, end, kind: TypeId::VIN, rule: VIN, confidence, evidence })
}

fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_digit() || (byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'O' | b'Q'))
}

/// The value of a symbol: letters count 1 to 9 in three rows.
fn value(symbol: u8) -> u32 {
    match symbol {
        b'0'..=b'9' => u32::from(symbol - b'0'),
        b'A'..=b'H' => u32::from(symbol - b'A') + 1,
        b'J'..=b'R' => u32::from(symbol - b'J') + 1,
        _ => u32::from(symbol.saturating_sub(b'S')) + 2,
    }
}

fn has_check_digit(word: &[u8]) -> bool {
    let sum: u32 = word.iter().zip(WEIGHTS).map(|(symbol, weight)| value(*symbol) * weight).sum();
    match word.get(8) {
        Some(b'X') => sum % 11 == 10,
        Some(digit) => digit.is_ascii_digit() && u32::from(digit - b'0') == sum % 11,
        None => false,
    }
}

/// What tells a number of a maker from any word of 17 symbols: a region, a letter that is no hex digit,
/// digits, a model year, and a serial of at least four digits at the end.
fn is_like_made(word: &[u8]) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let year = word.get(9).is_some_and(|byte| !matches!(byte, b'U' | b'Z' | b'0'));
    let serial = word.get(13..).is_some_and(|tail| tail.iter().all(u8::is_ascii_digit));
    let region = word.first().is_some_and(|byte| *byte != b'0');
    let letters = word.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    region && year && serial && digits >= 5 && letters >= 2 && word.iter().any(|byte| *byte > b'F')
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
            ("1M8GDM9AXKP042788", 0, Some((0, 17))),
            ("vin 1HGCM82633A004352.", 4, Some((4, 21))),
            ("vin=1HGCM82633A004352", 4, Some((4, 21))),
            ("1M8GDM9A1KP042788", 0, None),
            ("1m8gdm9axkp042788", 0, None),
            ("11111111111111111", 0, None),
            ("1M8GDM9AXKP042788X", 0, None),
            ("X1M8GDM9AXKP042788", 1, None),
            ("1M8GDM9AXKP042788-x", 0, None),
            ("/1HGBH41JXMN109186/x", 1, Some((1, 18))),
            ("1M8GDM9AXKP04278", 0, None),
            ("1M8GDM9AXKO042788", 0, None),
            ("00000000000000000", 0, None),
            ("", 0, None),
        ] {
            assert_eq!(span(at(text.as_bytes(), place)), expected, "{text:?}");
        }
        assert_eq!(span(at(&[0xff; 20], 0)), None);
    }

    #[test]
    fn under_a_key() {
        for (value, confidence) in [
            ("1M8GDM9AXKP042788", Some(97)),
            ("1m8gdm9axkp042788", Some(97)),
            (" 1HG-CM82633A-004352 ", Some(97)),
            ("WDB9061331N000003", Some(90)),
            ("1M8GDM9A1KP042788", Some(82)),
            ("00000000000000000", None),
            ("1M8GDM9AXKP04278", None),
            ("1M8GDM9AXKP0427888", None),
            ("ABCDEFGHJKLMNPRST", None),
            ("n/a", None),
            ("", None),
        ] {
            assert_eq!(keyed(value.as_bytes()).map(|m| m.confidence), confidence, "{value:?}");
        }
        assert_eq!(span(keyed(&[0xff; 17])), None);
    }
}
