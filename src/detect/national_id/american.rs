//! Canada, Mexico, Brazil, Argentina, Chile, Ecuador, Uruguay.

use super::Candidate;
use crate::check::calendar::is_date;
use crate::check::mod11::weighted;
use crate::check::{digits::all_same, luhn};
use crate::finding::Evidence;

/// Canadian social insurance number: Luhn; no number starts with 0 or 8.
pub(super) fn ca_sin(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(9)?.values();
    (!matches!(digits.first(), Some(0 | 8)) && luhn::is_valid(digits)).then_some(Evidence::LUHN)
}

/// Mexican CURP: letters of the name, date of birth, sex, state, consonants, check digit (RENAPO).
pub(super) fn mx_curp(value: &Candidate) -> Option<Evidence> {
    if !value.has_shape(b"AAAA999999AAAAAAX9") || !matches!(value.symbol(10), Some(b'H' | b'M' | b'X')) {
        return None;
    }
    let date = value.part(4, 10)?;
    let dated = is_date(date.prefix(2)?, date.number(2, 4)?, date.number(4, 6)?);
    // The alphabet has Ñ between N and O.
    let rank = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'N' => u32::from(byte - b'A') + 10,
        _ => u32::from(byte.saturating_sub(b'A')) + 11,
    };
    let sum: u32 = value.text().iter().zip((2..=18).rev()).map(|(&byte, weight)| rank(byte) * weight).sum();
    let right = value.symbol(17).map(u32::from) == Some((10 - sum % 10) % 10 + u32::from(b'0'));
    (dated && right).then_some(Evidence::CHECKSUM.and(Evidence::STRUCTURE))
}

/// A check digit of modulus 11 with the weights of `weights`, 10 and 11 written as 0.
fn brazilian_check(digits: &[u8], weights: &[u32]) -> u32 {
    match 11 - weighted(digits, weights) % 11 {
        10 | 11 => 0,
        check => check,
    }
}

/// Brazilian CPF of persons (11 digits) and CNPJ of companies (14), each with two check digits
/// (Receita Federal).
pub(super) fn br_cpf(value: &Candidate) -> Option<Evidence> {
    const WEIGHTS: [u32; 13] = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
    let digits = value.any_digits()?.values();
    let (first, second) = match digits.len() {
        11 => (
            brazilian_check(digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]),
            brazilian_check(digits, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]),
        ),
        14 => (brazilian_check(digits, WEIGHTS.get(1..)?), brazilian_check(digits, &WEIGHTS)),
        _ => return None,
    };
    let (body, checks) = digits.split_at_checked(digits.len() - 2)?;
    let right = checks.iter().map(|&digit| u32::from(digit)).eq([first, second]);
    (right && !all_same(body)).then_some(Evidence::MOD11)
}

/// Argentine CUIL and CUIT: prefix of persons and companies, modulus 11.
pub(super) fn ar_cuil(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(11)?;
    let prefix = matches!(digits.prefix(2)?, 20 | 23 | 24 | 25 | 26 | 27 | 30 | 33 | 34);
    let sum = weighted(digits.values(), &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    (prefix && sum.is_multiple_of(11)).then_some(Evidence::MOD11)
}

/// Chilean RUT and RUN: seven or eight digits, modulus 11 with `K` for ten.
pub(super) fn cl_rut(value: &Candidate) -> Option<Evidence> {
    let (&check, _) = value.text().split_last()?;
    let body = value.part(0, value.text().len() - 1).filter(|body| (7..=8).contains(&body.len()))?;
    let mut sum = 0;
    for (&digit, weight) in body.values().iter().rev().zip([2, 3, 4, 5, 6, 7, 2, 3]) {
        sum += u32::from(digit) * weight;
    }
    let wanted = match 11 - sum % 11 {
        11 => b'0',
        10 => b'K',
        digit => b'0' + u8::try_from(digit).ok()?,
    };
    (check == wanted).then_some(Evidence::MOD11)
}

/// Ecuadorian cédula: province 01 to 24 or 30, third digit below 6, Luhn.
pub(super) fn ec_cedula(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?;
    let province = matches!(digits.prefix(2)?, 1..=24 | 30) && digits.number(2, 3)? < 6;
    (province && luhn::is_valid(digits.values())).then_some(Evidence::LUHN)
}

/// Uruguayan cédula: eight digits, weights 2 9 8 7 6 3 4, modulus 10.
pub(super) fn uy_ci(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(8)?.values();
    weighted(digits, &[2, 9, 8, 7, 6, 3, 4, 1]).is_multiple_of(10).then_some(Evidence::CHECKSUM)
}
