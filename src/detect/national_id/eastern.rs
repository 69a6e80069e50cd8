//! Poland, Czechia, Slovakia, Hungary, the Baltic states, Ukraine, Russia, Kazakhstan.

use super::Candidate;
use crate::check::calendar::is_date;
use crate::check::digits::Digits;
use crate::check::mod11::weighted;
use crate::finding::Evidence;

/// Polish PESEL: date of birth with the century in the month, weights 1 3 7 9, modulus 10.
pub(super) fn pl_pesel(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(11)?;
    let dated = is_date(digits.prefix(2)?, digits.number(2, 4)? % 20, digits.number(4, 6)?);
    let sum = weighted(digits.values(), &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    (dated && sum.is_multiple_of(10)).then_some(Evidence::CHECKSUM)
}

/// Polish NIP: ten digits, modulus 11.
pub(super) fn pl_nip(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?;
    let sum = weighted(digits.values(), &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11;
    (digits.prefix(3)? >= 100 && u64::from(sum) == digits.number(9, 10)?).then_some(Evidence::MOD11)
}

/// Czech and Slovak birth number: nine digits until 1953, then ten that 11 divides; also the eight
/// digits of a Czech taxpayer. `CZ` or `SK` may stand before.
pub(super) fn cz_rc(value: &Candidate) -> Option<Evidence> {
    let text = value.text();
    let skip = if text.starts_with(b"CZ") || text.starts_with(b"SK") { 2 } else { 0 };
    let digits = value.part(skip, text.len())?;
    let right = match digits.len() {
        8 => {
            let sum = weighted(digits.values(), &[8, 7, 6, 5, 4, 3, 2]);
            digits.prefix(1)? != 9 && u64::from((11 - sum % 11) % 10) == digits.number(7, 8)?
        }
        9 => is_czech_date(&digits)? && digits.prefix(2)? <= 53 && digits.number(6, 9)? != 0,
        10 => {
            let (body, check) = (digits.prefix(9)?, digits.number(9, 10)?);
            is_czech_date(&digits)? && (body % 11 == check || (body % 11 == 10 && check == 0))
        }
        _ => false,
    };
    right.then_some(Evidence::MOD11)
}

/// Months count from 50 on for women, from 20 and 70 on where the serials of a day have run out.
fn is_czech_date(digits: &Digits) -> Option<bool> {
    let month = digits.number(2, 4)? % 50;
    let month = if month > 20 { month - 20 } else { month };
    Some(is_date(digits.prefix(2)?, month, digits.number(4, 6)?))
}

/// Hungarian numbers: TAJ (nine digits, weights 3 7) and tax number of persons (ten digits from 8 on).
pub(super) fn hu_id(value: &Candidate) -> Option<Evidence> {
    let digits = value.any_digits()?;
    let right = match digits.len() {
        9 => {
            let sum = weighted(digits.values(), &[3, 7, 3, 7, 3, 7, 3, 7]);
            u64::from(sum % 10) == digits.number(8, 9)?
        }
        10 => {
            let sum = weighted(digits.values(), &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
            digits.prefix(1)? == 8 && u64::from(sum % 11) == digits.number(9, 10)?
        }
        _ => false,
    };
    right.then_some(Evidence::CHECKSUM)
}

/// Estonian and Lithuanian personal code: sex and century, date of birth, serial, modulus 11 in two rounds.
pub(super) fn ee_lt_code(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(11)?;
    let dated = is_date(digits.number(1, 3)?, digits.number(3, 5)?, digits.number(5, 7)?);
    let sum = two_rounds(digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1], &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]);
    let first = matches!(digits.prefix(1)?, 1..=8);
    (first && dated && digits.number(10, 11)? == u64::from(sum)).then_some(Evidence::MOD11)
}

/// Modulus 11 with the first weights, with the second ones if that gives ten, 0 if both do.
fn two_rounds(digits: &Digits, first: &[u32], second: &[u32]) -> u32 {
    match weighted(digits.values(), first) % 11 {
        10 => match weighted(digits.values(), second) % 11 {
            10 => 0,
            sum => sum,
        },
        sum => sum,
    }
}

/// Latvian personal code: with a date of birth and a check digit, or from 32 on without either.
pub(super) fn lv_code(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(11)?;
    if matches!(digits.prefix(2)?, 32..=39) {
        return Some(Evidence::STRUCTURE);
    }
    let dated = is_date(0, digits.number(2, 4)?, digits.prefix(2)?);
    let sum = weighted(digits.values(), &[1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    let right = u64::from((1101 - sum) % 11) == digits.number(10, 11)?;
    (dated && right).then_some(Evidence::MOD11)
}

/// Ukrainian RNOKPP: ten digits, days since 1899 first, modulus 11.
pub(super) fn ua_rnokpp(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?;
    // The first weight is minus one, ten modulo eleven.
    let sum = weighted(digits.values(), &[10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10;
    (u64::from(sum) == digits.number(9, 10)?).then_some(Evidence::MOD11)
}

/// Russian INN of persons (12 digits, two checks) and companies (10), and SNILS (11).
pub(super) fn ru_inn(value: &Candidate) -> Option<Evidence> {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let digits = value.any_digits()?;
    let check = |skip: usize| {
        let weights = WEIGHTS.get(skip..).unwrap_or_default();
        u64::from(weighted(digits.values(), weights) % 11 % 10)
    };
    let right = match digits.len() {
        10 => check(2) == digits.number(9, 10)?,
        11 => {
            let sum = weighted(digits.values(), &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
            u64::from(sum) == digits.number(9, 11)?
        }
        12 => check(1) == digits.number(10, 11)? && check(0) == digits.number(11, 12)?,
        _ => false,
    };
    right.then_some(Evidence::MOD11)
}

/// Kazakh IIN: date of birth, sex and century, serial, modulus 11 in two rounds.
pub(super) fn kz_iin(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(12)?;
    let dated = is_date(digits.prefix(2)?, digits.number(2, 4)?, digits.number(4, 6)?);
    let first = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    let second = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];
    let sum = match weighted(digits.values(), &first) % 11 {
        10 => weighted(digits.values(), &second) % 11,
        sum => sum,
    };
    (dated && u64::from(sum) == digits.number(11, 12)?).then_some(Evidence::MOD11)
}
