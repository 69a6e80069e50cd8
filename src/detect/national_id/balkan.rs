//! Bulgaria, Croatia, Slovenia and the other heirs of Yugoslavia, Greece, Turkey.

use super::Candidate;
use crate::check::calendar::is_date;
use crate::check::luhn;
use crate::check::mod11::{is_valid_11_10, weighted};
use crate::finding::Evidence;

/// Bulgarian EGN: date of birth with the century in the month, modulus 11.
pub(super) fn bg_egn(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?;
    let dated = is_date(digits.prefix(2)?, digits.number(2, 4)? % 20, digits.number(4, 6)?);
    let sum = weighted(digits.values(), &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    (dated && u64::from(sum) == digits.number(9, 10)?).then_some(Evidence::MOD11)
}

/// Croatian OIB: eleven digits, ISO 7064 MOD 11,10.
pub(super) fn hr_oib(value: &Candidate) -> Option<Evidence> {
    is_valid_11_10(value.digits(11)?.values()).then_some(Evidence::MOD11)
}

/// EMŠO and JMBG: date of birth with three digits of the year, region, serial, modulus 11.
pub(super) fn si_emso(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(13)?;
    let year = digits.number(4, 7)?;
    let dated =
        is_date(if year < 800 { 2000 + year } else { 1000 + year }, digits.number(2, 4)?, digits.prefix(2)?);
    let sum = weighted(digits.values(), &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    (dated && sum.is_multiple_of(11)).then_some(Evidence::MOD11)
}

/// Greek AMKA (date of birth, Luhn) and AFM (powers of two, modulus 11).
pub(super) fn gr_id(value: &Candidate) -> Option<Evidence> {
    let digits = value.any_digits()?;
    match digits.len() {
        11 => {
            let dated = is_date(digits.number(4, 6)?, digits.number(2, 4)?, digits.prefix(2)?);
            (dated && luhn::is_valid(digits.values())).then_some(Evidence::LUHN)
        }
        9 => {
            let sum = weighted(digits.values(), &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10;
            (u64::from(sum) == digits.number(8, 9)?).then_some(Evidence::MOD11)
        }
        _ => None,
    }
}

/// Turkish identity number: eleven digits, the tenth a check of odd and even places, the eleventh of all.
pub(super) fn tr_tckn(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(11)?;
    let odd = weighted(digits.values(), &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let even = weighted(digits.values(), &[0, 1, 0, 1, 0, 1, 0, 1]);
    let tenth = (odd * 7 + 100 - even) % 10;
    let eleventh = (odd + even + tenth) % 10;
    let right = digits.number(9, 11)? == u64::from(tenth * 10 + eleventh);
    (digits.prefix(1)? != 0 && right).then_some(Evidence::CHECKSUM)
}
