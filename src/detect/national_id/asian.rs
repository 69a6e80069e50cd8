//! India, China, Taiwan, Hong Kong, Japan, Korea, Thailand, Singapore, Malaysia, Israel.

use super::Candidate;
use crate::check::calendar::is_date;
use crate::check::luhn;
use crate::check::mod11::{check_11_2, weighted};
use crate::check::verhoeff;
use crate::finding::Evidence;

/// Aadhaar: twelve digits from 2 on, no palindrome, Verhoeff (UIDAI).
pub(super) fn in_aadhaar(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(12)?.values();
    let palindrome = digits.iter().eq(digits.iter().rev());
    let first = matches!(digits.first(), Some(2..=9));
    (first && !palindrome && verhoeff::is_valid(digits.iter().copied())).then_some(Evidence::VERHOEFF)
}

/// Permanent account number of India: five letters, four digits, a letter.
pub(super) fn in_pan(value: &Candidate) -> Option<Evidence> {
    (value.has_shape(b"AAAAA9999A") && value.part(5, 9)?.prefix(4)? != 0).then_some(Evidence::STRUCTURE)
}

/// Indian GSTIN: state, permanent account number, entity, `Z`, check symbol.
pub(super) fn in_gstin(value: &Candidate) -> Option<Evidence> {
    let state = matches!(value.part(0, 2)?.prefix(2)?, 1..=38 | 97 | 99);
    (state && value.has_shape(b"99AAAAA9999AXAX") && value.symbol(13) == Some(b'Z'))
        .then_some(Evidence::STRUCTURE)
}

/// Indian voter card: three letters and seven digits.
pub(super) fn in_voter(value: &Candidate) -> Option<Evidence> {
    value.has_shape(b"AAA9999999").then_some(Evidence::STRUCTURE)
}

/// Chinese resident number: region, date of birth, serial, ISO 7064 MOD 11-2 (GB 11643).
pub(super) fn cn_ric(value: &Candidate) -> Option<Evidence> {
    is_ric(value.text()).then_some(Evidence::CHECKSUM.and(Evidence::STRUCTURE))
}

/// The rule on eighteen bytes, shared with the bare shape.
pub(super) fn is_ric(text: &[u8]) -> bool {
    let Some((check, body)) = text.split_last().filter(|(_, body)| body.len() == 17) else { return false };
    let Some(digits) = crate::check::digits::Digits::gather(body, |_| false) else { return false };
    let part = |start, end| digits.number(start, end).unwrap_or(0);
    let year = part(6, 10);
    let region =
        matches!(part(0, 2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91);
    let wanted = match check_11_2(digits.values()) {
        10 => b'X',
        value => b'0' + u8::try_from(value).unwrap_or(0),
    };
    region
        && (1850..2100).contains(&year)
        && is_date(year, part(10, 12), part(12, 14))
        && check.to_ascii_uppercase() == wanted
}

/// Taiwanese identity card: letter of the county, sex or residence, eight digits, modulus 10.
pub(super) fn tw_id(value: &Candidate) -> Option<Evidence> {
    // County letters in the order of their numbers, 10 to 35.
    const COUNTIES: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    if !value.has_shape(b"A999999999") || !matches!(value.symbol(1), Some(b'1' | b'2' | b'8' | b'9')) {
        return None;
    }
    let county =
        10 + u32::try_from(COUNTIES.iter().position(|letter| Some(*letter) == value.symbol(0))?).ok()?;
    let body = value.part(1, 10)?;
    let sum = county / 10 + county % 10 * 9 + weighted(body.values(), &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    sum.is_multiple_of(10).then_some(Evidence::CHECKSUM)
}

/// Hong Kong identity card: one or two letters, six digits, check digit or `A`, modulus 11.
pub(super) fn hk_id(value: &Candidate) -> Option<Evidence> {
    let text = value.text();
    let letters = text.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    if !matches!(letters, 1 | 2) || text.len() != letters + 7 {
        return None;
    }
    let rank = |byte: u8| u32::from(byte.saturating_sub(b'A')) + 10;
    let head = match letters {
        1 => 36 * 9 + rank(value.symbol(0)?) * 8,
        _ => rank(value.symbol(0)?) * 9 + rank(value.symbol(1)?) * 8,
    };
    let check = match text.last()? {
        b'A' => 10,
        digit => u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?),
    };
    let sum = head + weighted(value.part(letters, letters + 6)?.values(), &[7, 6, 5, 4, 3, 2]) + check;
    sum.is_multiple_of(11).then_some(Evidence::MOD11)
}

/// Japanese individual number: eleven digits and a check of modulus 11.
pub(super) fn jp_my_number(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(12)?;
    let rest = weighted(digits.values(), &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest <= 1 { 0 } else { 11 - rest };
    (u64::from(check) == digits.number(11, 12)?).then_some(Evidence::MOD11)
}

/// Korean resident and foreigner registration numbers: date of birth, sex and century, six digits.
/// Numbers given before October 2020 end in a check; later ones do not, so that the date must do.
pub(super) fn kr_rrn(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(13)?;
    let sex = digits.number(6, 7)?;
    let dated = is_date(digits.prefix(2)?, digits.number(2, 4)?, digits.number(4, 6)?);
    let sum = weighted(digits.values(), &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
    let check = (if matches!(sex, 5..=8) { 13 - sum } else { 11 - sum }) % 10;
    let right = u64::from(check) == digits.number(12, 13)?;
    let region = digits.number(7, 9)? <= 96;
    (dated && region && (1..=8).contains(&sex)).then_some(if right {
        Evidence::MOD11
    } else {
        Evidence::STRUCTURE
    })
}

/// Thai identity number: kind 1 to 8, province, serial, modulus 11 (Department of Provincial Administration).
pub(super) fn th_id(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(13)?;
    let sum = weighted(digits.values(), &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let province = matches!(digits.number(1, 3)?, 10..=27 | 30..=58 | 60..=67 | 70..=77 | 80..=86 | 90..=96);
    let kind = matches!(digits.prefix(1)?, 1..=8);
    (kind && province && digits.number(12, 13)? == u64::from((11 - sum) % 10)).then_some(Evidence::MOD11)
}

/// Singaporean NRIC and FIN: letter, seven digits, check letter (ICA).
pub(super) fn sg_nric(value: &Candidate) -> Option<Evidence> {
    if !value.has_shape(b"A9999999A") {
        return None;
    }
    let sum = weighted(value.part(1, 8)?.values(), &[2, 7, 6, 5, 4, 3, 2]);
    let (offset, letters) = match value.symbol(0)? {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        b'M' => (3, b"XWUTRQPNJLK"),
        _ => return None,
    };
    let wanted = letters.get(usize::try_from((sum + offset) % 11).ok()?).copied();
    (value.symbol(8) == wanted).then_some(Evidence::CHECKSUM)
}

/// Malaysian identity card: date of birth, place of birth, serial.
pub(super) fn my_kad(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(12)?;
    let dated = is_date(digits.prefix(2)?, digits.number(2, 4)?, digits.number(4, 6)?);
    let place = matches!(digits.number(6, 8)?, 1..=16 | 21..=68 | 71..=72 | 74..=79 | 82..=93 | 98..=99);
    (dated && place).then_some(Evidence::STRUCTURE)
}

/// Israeli identity number: Luhn over nine digits; leading zeros may be missing.
pub(super) fn il_id(value: &Candidate) -> Option<Evidence> {
    let digits = value.any_digits().filter(|digits| (8..=9).contains(&digits.len()))?;
    luhn::is_valid(digits.values()).then_some(Evidence::LUHN)
}
