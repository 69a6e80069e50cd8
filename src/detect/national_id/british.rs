//! United Kingdom and Ireland.

use super::Candidate;
use crate::check::mod11::weighted;
use crate::finding::Evidence;

/// National insurance number: prefix rules of HMRC (NIM39110), six digits, suffix A to D or none.
pub(super) fn uk_nino(value: &Candidate) -> Option<Evidence> {
    let text = value.text();
    let &[first, second, ..] = text else { return None };
    let prefix = !b"DFIQUV".contains(&first)
        && !b"DFIOQUV".contains(&second)
        && !matches!(&[first, second], b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ");
    // the one that forms explain themselves with
    let prefix = prefix || text.starts_with(b"QQ");
    let suffix = matches!(text.get(8), None | Some(b'A'..=b'D'));
    let shape = value.has_shape(b"AA999999") || value.has_shape(b"AA999999A");
    (prefix && suffix && shape).then_some(Evidence::STRUCTURE)
}

/// NHS number: ten digits, weights 10 to 2, modulus 11 (NHS data dictionary).
pub(super) fn uk_nhs(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?.values();
    weighted(digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11).then_some(Evidence::MOD11)
}

/// Irish PPS number: seven digits, check letter of modulus 23, perhaps a second letter that counts nine.
pub(super) fn ie_pps(value: &Candidate) -> Option<Evidence> {
    if !value.has_shape(b"9999999A") && !value.has_shape(b"9999999AA") {
        return None;
    }
    let letter = |byte: u8| u32::from(byte.wrapping_sub(b'@') % 32);
    let extra = match value.symbol(8) {
        // W was the letter of married women and counts nothing.
        None | Some(b'W') => 0,
        Some(byte) => letter(byte) * 9,
    };
    let sum = weighted(value.part(0, 7)?.values(), &[8, 7, 6, 5, 4, 3, 2]) + extra;
    (letter(value.symbol(7)?) % 23 == sum % 23 && value.symbol(7)? <= b'W').then_some(Evidence::CHECKSUM)
}
