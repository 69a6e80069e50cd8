//! Germany, Austria, Switzerland.

use super::Candidate;
use crate::check::calendar::is_date;
use crate::check::mod11::{is_valid_11_10, weighted};
use crate::finding::Evidence;

/// German tax identification number: one of the first ten digits stands there twice or three times,
/// the others once at most; ISO 7064 MOD 11,10 (AO § 139b).
pub(super) fn de_tax(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(11)?.values();
    let mut counts = [0u8; 10];
    for &digit in digits.iter().take(10) {
        *counts.get_mut(usize::from(digit))? += 1;
    }
    let repeated = counts.iter().filter(|count| **count > 1).count();
    let sane = repeated == 1 && counts.iter().all(|count| *count <= 3) && digits.first() != Some(&0);
    (sane && is_valid_11_10(digits)).then_some(Evidence::MOD11)
}

/// German identity card and passport: serial numbers without vowels and look-alikes, with the check
/// digit of ICAO 9303 (weights 7 3 1) and perhaps `D`; nine symbols without check digit pass too if
/// they start with a letter of an issuing office and hold three digits.
pub(super) fn de_id(value: &Candidate) -> Option<Evidence> {
    let text = value.text();
    let body = match text.len() {
        11 => text.strip_suffix(b"D")?,
        9 | 10 => text,
        _ => return None,
    };
    let allowed = |byte: &u8| byte.is_ascii_digit() || b"CFGHJKLMNPRTVWXYZ".contains(byte);
    if !body.iter().all(allowed) || body.iter().filter(|byte| byte.is_ascii_digit()).count() < 3 {
        return None;
    }
    let (&check, serial) = body.split_last()?;
    let right = check.is_ascii_digit() && icao_sum(serial) % 10 == u32::from(check - b'0');
    match body.len() {
        10 => right.then_some(Evidence::CHECKSUM),
        _ if right => Some(Evidence::CHECKSUM),
        _ => body.first()?.is_ascii_uppercase().then_some(Evidence::STRUCTURE),
    }
}

/// The weighted sum of ICAO 9303 part 3 section 4.9: weights 7 3 1, `A` counts ten.
fn icao_sum(text: &[u8]) -> u32 {
    let rank = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        _ => u32::from(byte.saturating_sub(b'A')) + 10,
    };
    text.iter().zip([7, 3, 1].into_iter().cycle()).map(|(&byte, weight)| rank(byte) * weight).sum()
}

fn digit_sum(number: u32) -> u32 {
    number / 100 + number / 10 % 10 + number % 10
}

/// German social insurance number: area, date of birth, letter, serial, check digit (VKVV § 4).
pub(super) fn de_svnr(value: &Candidate) -> Option<Evidence> {
    if !value.has_shape(b"99999999A999") {
        return None;
    }
    let head = value.part(0, 8)?;
    let letter = value.symbol(8)? - b'@';
    let tail = value.part(9, 12)?;
    // The day counts from 51 on where the serial numbers of a day have run out.
    let (day, month) = (head.number(2, 4)?, head.number(4, 6)?);
    let dated = is_date(0, month, if day > 50 { day - 50 } else { day });
    let weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let digits =
        head.values().iter().copied().chain([letter / 10, letter % 10]).chain(tail.values().iter().copied());
    let sum: u32 = digits.zip(weights).map(|(digit, weight)| digit_sum(u32::from(digit) * weight)).sum();
    (dated && u64::from(sum % 10) == tail.number(2, 3)?).then_some(Evidence::CHECKSUM)
}

/// German health insurance number: a letter and nine digits, the last a check (SGB V § 290).
pub(super) fn de_kvnr(value: &Candidate) -> Option<Evidence> {
    if !value.has_shape(b"A999999999") {
        return None;
    }
    let letter = value.symbol(0)? - b'@';
    let body = value.part(1, 10)?;
    let digits = [letter / 10, letter % 10].into_iter().chain(body.values().iter().copied());
    let sum: u32 = digits
        .take(10)
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, w)| digit_sum(u32::from(digit) * w))
        .sum();
    (u64::from(sum % 10) == body.number(8, 9)?).then_some(Evidence::CHECKSUM)
}

/// German physician number (LANR): seven digits with a check at the seventh, two for the speciality.
pub(super) fn de_lanr(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(9)?;
    let sum = weighted(digits.values(), &[4, 9, 4, 9, 4, 9]);
    (u64::from((10 - sum % 10) % 10) == digits.number(6, 7)?).then_some(Evidence::CHECKSUM)
}

/// Austrian social insurance number: serial, check digit at the fourth place, date of birth (months
/// above 12 where the serials of a day have run out).
pub(super) fn at_svnr(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?;
    let sum = weighted(digits.values(), &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);
    let month = digits.number(6, 8)?;
    let dated = matches!(month, 13..=15) || is_date(0, month, digits.number(4, 6)?);
    let first = digits.number(0, 1)? != 0;
    (first && dated && u64::from(sum % 11) == digits.number(3, 4)?).then_some(Evidence::MOD11)
}

/// Swiss AHV number: 756 and the check digit of EAN-13 (AHVV Art. 133).
pub(super) fn ch_ahv(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(13)?;
    let sum = weighted(digits.values(), &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]);
    (digits.prefix(3)? == 756 && sum.is_multiple_of(10)).then_some(Evidence::CHECKSUM)
}
