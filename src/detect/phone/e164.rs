//! Whether digits are an assigned international number, by the generated table. No metadata at run time.

use crate::rules::phone_table::{CODES, GRID, MASKS, NANP_AREAS};

/// The North American code, whose national numbers are `NPA NXX XXXX`.
const NANP: u16 = 1;
/// The fictional area that documentation and test data use with any exchange.
const FICTIONAL_AREA: &[u8] = b"555";

/// The longest number, calling code included (ITU-T E.164 section 6.2.1).
pub(super) const LONGEST: usize = 15;
/// The shortest assigned one, calling code included (Saint Helena, Tokelau, Niue).
pub(super) const SHORTEST: usize = 7;

/// The value of up to four ASCII digits; `None` if one is no digit.
fn value(digits: &[u8]) -> Option<usize> {
    digits
        .iter()
        .try_fold(0usize, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + usize::from(byte - b'0')))
}

/// The place in [`CODES`] of the calling code that the digits start with, and how many digits it has.
///
/// Codes are prefix-free (ITU-T E.164 annex D), so at most one of the three lengths fits.
fn calling_code(digits: &[u8]) -> Option<(usize, usize)> {
    if let Some(three) = digits.get(..3).and_then(value) {
        let (place, length) = CALLING_CODES[three];
        return (length > 0).then_some((usize::from(place), usize::from(length)));
    }
    any_calling_code(digits)
}

/// The code that any three digits start with, zeros before it included: its place and how many digits
/// there are, 0 if there is none.
static CALLING_CODES: [(u16, u8); 1000] = {
    let mut codes = [(0, 0); 1000];
    let (mut length, mut rest) = (1, 100);
    while length <= 3 {
        let mut place = 0;
        while place < CODES.len() {
            let first = CODES[place] as usize * rest;
            let mut three = first;
            while three < first + rest && three < 1000 {
                if codes[three].1 == 0 {
                    codes[three] = (place as u16, length);
                }
                three += 1;
            }
            place += 1;
        }
        (length, rest) = (length + 1, rest / 10);
    }
    codes
};

fn any_calling_code(digits: &[u8]) -> Option<(usize, usize)> {
    (1..=3usize).find_map(|length| {
        let code = u16::try_from(value(digits.get(..length)?)?).ok()?;
        CODES.binary_search(&code).ok().map(|place| (place, length))
    })
}

/// Bit `n`: the code at this place has numbers of `n` digits that start with these two.
fn lengths(place: usize, first_two: usize) -> u16 {
    let letter = GRID.get(place * 100 + first_two).copied().unwrap_or(b'#');
    MASKS.get(usize::from(letter.wrapping_sub(b'#'))).copied().unwrap_or(0)
}

fn has_length(mask: u16, length: usize) -> bool {
    length <= LONGEST && mask >> length & 1 == 1
}

/// Ten digits of the North American plan: an assigned area (or 555) and an exchange from 200 on that is not `N11`.
pub(super) fn is_nanp(national: &[u8]) -> bool {
    let (Some(area), 10) = (national.get(..3), national.len()) else { return false };
    if area == FICTIONAL_AREA {
        return true;
    }
    is_area(area) && national.get(3..6).is_some_and(|exchange| exchange[0] >= b'2' && &exchange[1..] != b"11")
}

fn is_area(area: &[u8]) -> bool {
    value(area).is_some_and(|area| NANP_AREAS.get(area / 64).is_some_and(|word| word >> (area % 64) & 1 == 1))
}

/// True if digits without separators, calling code first, are in an assigned range of the right length.
///
/// A trunk `0` that people leave after the code (`+49 0171 …`) is passed over where the number needs it.
pub(super) fn is_valid(digits: &[u8]) -> bool {
    if !(SHORTEST..=LONGEST + 1).contains(&digits.len()) {
        return false;
    }
    let Some((place, length)) = calling_code(digits) else { return false };
    let national = &digits[length..];
    is_valid_national(place, national)
        || national.strip_prefix(b"0").is_some_and(|rest| rest.len() >= 7 && is_valid_national(place, rest))
}

fn is_valid_national(place: usize, national: &[u8]) -> bool {
    if CODES.get(place) == Some(&NANP) {
        let area = national.get(..3).unwrap_or_default();
        return national.len() == 10 && (area == FICTIONAL_AREA || is_area(area)) && national[3] >= b'2'
            || is_nanp(national);
    }
    let first_two = national.get(..2).and_then(value);
    first_two.is_some_and(|first_two| has_length(lengths(place, first_two), national.len()))
}

/// True if a calling code can start here: the cheap test before a number is read.
pub(super) fn starts_with_code(digits: &[u8]) -> bool {
    calling_code(digits).is_some()
}

/// True if in some country the digits, with or without a trunk `0`, are a national number.
pub(super) fn is_national_somewhere(digits: &[u8]) -> bool {
    [digits, digits.strip_prefix(b"0").unwrap_or_default()].into_iter().any(|national| {
        let first_two = national.get(..2).and_then(value);
        first_two
            .is_some_and(|two| (0..CODES.len()).any(|place| has_length(lengths(place, two), national.len())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_tell_the_calling_code() {
        for three in 0..1000 {
            let digits = format!("{three:03}");
            assert_eq!(calling_code(digits.as_bytes()), any_calling_code(digits.as_bytes()), "{digits}");
        }
    }

    #[test]
    fn known_numbers() {
        let valid: &[&str] = &[
            "493012345678",
            "491711234567",
            "4901711234567",
            "14155550132",
            "15551234567",
            "2908999",
            "67740123",
            "508551234",
            "442079460958",
            "3906678434300",
            "33142685300",
            "80012345678",
            "61267881324",
        ];
        for digits in valid {
            assert!(is_valid(digits.as_bytes()), "{digits}");
        }
        let invalid: &[&str] = &[
            "",
            "0",
            "1",
            "49",
            "1000",
            "0200",
            "0000000",
            "11155550132",
            "14155",
            "141555501321",
            "14110550132",
            "14151550132",
            "21012345678",
            "999123456789",
            "1234567890123456",
            "12345678901234567",
            "3314268530",
        ];
        for digits in invalid {
            assert!(!is_valid(digits.as_bytes()), "{digits}");
        }
    }

    #[test]
    fn areas_and_exchanges() {
        for (digits, expected) in [
            ("4155550132", true),
            ("5551234567", true),
            ("4151550132", false),
            ("4159110132", false),
            ("9115550132", false),
            ("1235550132", false),
            ("0005550132", false),
            ("415555013", false),
            ("41555501321", false),
            ("", false),
        ] {
            assert_eq!(is_nanp(digits.as_bytes()), expected, "{digits}");
        }
    }

    #[test]
    fn bytes_that_are_no_digits() {
        assert!(!is_valid(b"49\xff01234567"));
        assert!(!is_nanp(b"\xff\xff\xff5550132"));
        assert!(!is_national_somewhere(b"\xff\xff12345"));
        assert!(is_national_somewhere(b"7290") && !is_national_somewhere(b"0000"));
    }
}
