//! France, Spain, Portugal, Italy, Romania.

use super::Candidate;
use crate::check::calendar::is_date;
use crate::check::mod11::weighted;
use crate::check::{luhn, mod97};
use crate::finding::Evidence;

/// French NIR: sex, year, month, department (2A and 2B in Corsica), commune, serial and the key that
/// completes them to a multiple of 97 (INSEE).
pub(super) fn fr_nir(value: &Candidate) -> Option<Evidence> {
    let mut text = [0u8; 15];
    if value.text().len() != text.len() {
        return None;
    }
    text.copy_from_slice(value.text());
    match (text[5], text[6]) {
        (b'2', b'A') => (text[5], text[6]) = (b'1', b'9'),
        (b'2', b'B') => (text[5], text[6]) = (b'1', b'8'),
        _ => {}
    }
    let digits = crate::check::digits::Digits::gather(&text, |_| false)?;
    let sex = matches!(digits.prefix(1)?, 1..=4 | 7 | 8);
    let month = matches!(digits.number(3, 5)?, 1..=12 | 20..=42 | 50..=99);
    let key = digits.number(13, 15)?;
    let rest = u64::from(mod97::of_digits(digits.values().get(..13)?));
    (sex && month && rest + key == 97).then_some(Evidence::MOD97)
}

const SPANISH_LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

fn spanish_letter(number: u64) -> Option<u8> {
    SPANISH_LETTERS.get(usize::try_from(number % 23).ok()?).copied()
}

/// Spanish DNI: eight digits and the letter of modulus 23. Seven or eight digits alone pass as the
/// number of the same name in Argentina and Peru.
pub(super) fn es_dni(value: &Candidate) -> Option<Evidence> {
    if value.has_shape(b"99999999A") {
        let number = value.part(0, 8)?.prefix(8)?;
        return (value.symbol(8) == spanish_letter(number)).then_some(Evidence::CHECKSUM);
    }
    value.any_digits().filter(|digits| matches!(digits.len(), 7 | 8)).map(|_| Evidence::SHAPE)
}

/// Spanish NIE of foreigners: X, Y or Z in the place of the first digit.
pub(super) fn es_nie(value: &Candidate) -> Option<Evidence> {
    let first = value.symbol(0)?.checked_sub(b'X').filter(|first| *first < 3)?;
    if !value.has_shape(b"A9999999A") {
        return None;
    }
    let number = u64::from(first) * 10_000_000 + value.part(1, 8)?.prefix(7)?;
    (value.symbol(8) == spanish_letter(number)).then_some(Evidence::CHECKSUM)
}

/// Spanish CIF of companies: letter, seven digits, control digit or letter.
pub(super) fn es_cif(value: &Candidate) -> Option<Evidence> {
    let text = value.text();
    if !b"ABCDEFGHJNPQRSUVW".contains(text.first()?) || !value.has_shape(b"A9999999X") {
        return None;
    }
    let mut body = value.part(1, 8)?;
    body.push(b'0');
    let sum = luhn::sum(body.values());
    let control = (10 - sum % 10) % 10;
    let letter = b"JABCDEFGHI".get(usize::try_from(control).ok()?);
    let check = text.last()?;
    (u32::from(*check) == control + u32::from(b'0') || Some(check) == letter).then_some(Evidence::CHECKSUM)
}

/// Spanish social security number: province, serial, and their remainder by 97.
pub(super) fn es_nuss(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(12)?;
    let (province, serial, key) = (digits.prefix(2)?, digits.number(2, 10)?, digits.number(10, 12)?);
    let number = if serial < 10_000_000 { serial + province * 10_000_000 } else { digits.prefix(10)? };
    (province != 0 && province <= 66 && number % 97 == key).then_some(Evidence::MOD97)
}

/// Portuguese NIF: nine digits, weights 9 to 2, modulus 11 with 0 for ten.
pub(super) fn pt_nif(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(9)?;
    let check = match 11 - weighted(digits.values(), &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 {
        10 | 11 => 0,
        check => check,
    };
    let first = matches!(digits.prefix(1)?, 1..=3 | 5 | 6 | 8 | 9);
    (first && digits.number(8, 9)? == u64::from(check)).then_some(Evidence::MOD11)
}

/// Italian codice fiscale: letters of the name, date and sex, place, check letter (DM 23/12/1976);
/// letters `LMNPQRSTUV` may stand for digits where two people would share a code.
pub(super) fn it_cf(value: &Candidate) -> Option<Evidence> {
    let text = value.text();
    if text.len() != 16 {
        return None;
    }
    let number = |place: usize| -> Option<u64> {
        match *text.get(place)? {
            byte @ b'0'..=b'9' => Some(u64::from(byte - b'0')),
            byte => b"LMNPQRSTUV".iter().position(|letter| *letter == byte).map(|n| n as u64),
        }
    };
    let letters = [0, 1, 2, 3, 4, 5, 8, 11, 15];
    let shape = letters.iter().all(|&place| text.get(place).is_some_and(u8::is_ascii_uppercase));
    let day = number(9)? * 10 + number(10)?;
    let month = b"ABCDEHLMPRST".iter().position(|letter| Some(letter) == text.get(8))? as u64 + 1;
    let dated = is_date(0, month, if day > 40 { day - 40 } else { day });
    let digits = [6, 7, 12, 13, 14].iter().all(|&place| number(place).is_some());
    (shape && dated && digits && italian_check(text) == text.last().copied())
        .then_some(Evidence::CHECKSUM.and(Evidence::STRUCTURE))
}

/// The check letter over the first fifteen symbols: places are counted from one, odd ones have a table.
fn italian_check(text: &[u8]) -> Option<u8> {
    const ODD: [u8; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let mut sum = 0u32;
    for (place, &byte) in text.iter().take(15).enumerate() {
        let rank = if byte.is_ascii_digit() { byte - b'0' } else { byte.checked_sub(b'A')? };
        sum += u32::from(if place % 2 == 0 { *ODD.get(usize::from(rank))? } else { rank });
    }
    Some(b'A' + u8::try_from(sum % 26).ok()?)
}

/// Italian VAT number, which is the tax code of companies: eleven digits, Luhn.
pub(super) fn it_vat(value: &Candidate) -> Option<Evidence> {
    luhn::is_valid(value.digits(11)?.values()).then_some(Evidence::LUHN)
}

/// Romanian CNP: sex and century, date of birth, county, serial, modulus 11 with 1 for ten.
pub(super) fn ro_cnp(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(13)?;
    let dated = is_date(digits.number(1, 3)?, digits.number(3, 5)?, digits.number(5, 7)?);
    let sum = weighted(digits.values(), &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    let check = if sum == 10 { 1 } else { sum };
    (digits.prefix(1)? != 0 && dated && digits.number(12, 13)? == u64::from(check)).then_some(Evidence::MOD11)
}
