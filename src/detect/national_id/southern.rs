//! Australia, New Zealand, South Africa.

use super::Candidate;
use crate::check::calendar::is_date;
use crate::check::luhn;
use crate::check::mod11::weighted;
use crate::finding::Evidence;

/// Australian tax file number: nine digits, or eight of older ones, modulus 11 (ATO).
pub(super) fn au_tfn(value: &Candidate) -> Option<Evidence> {
    let digits = value.any_digits()?.values();
    let sum = match digits.len() {
        9 => weighted(digits, &[1, 4, 3, 7, 5, 8, 6, 9, 10]),
        8 => weighted(digits, &[10, 7, 8, 4, 6, 3, 5, 1]),
        _ => return None,
    };
    (sum % 11 == 0).then_some(Evidence::MOD11)
}

/// Australian Medicare card: ten digits from 2 to 6 on, the ninth a check; perhaps the person's number.
pub(super) fn au_medicare(value: &Candidate) -> Option<Evidence> {
    let digits = value.any_digits().filter(|digits| matches!(digits.len(), 10 | 11))?;
    let sum = weighted(digits.values(), &[1, 3, 7, 9, 1, 3, 7, 9]);
    let first = matches!(digits.prefix(1)?, 2..=6);
    (first && u64::from(sum % 10) == digits.number(8, 9)?).then_some(Evidence::CHECKSUM)
}

/// Australian business number (11 digits, modulus 89) and company number (9 digits, modulus 10).
pub(super) fn au_abn(value: &Candidate) -> Option<Evidence> {
    let digits = value.any_digits()?.values();
    let right = match digits.len() {
        // One is taken from the first digit, which weighs ten.
        11 => {
            digits.first() != Some(&0)
                && weighted(digits, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 == 10
        }
        9 => weighted(digits, &[8, 7, 6, 5, 4, 3, 2, 1, 1]).is_multiple_of(10),
        _ => false,
    };
    right.then_some(Evidence::CHECKSUM)
}

/// New Zealand IRD number: eight or nine digits, modulus 11 with a second set of weights (Inland Revenue).
pub(super) fn nz_ird(value: &Candidate) -> Option<Evidence> {
    let digits = value.any_digits().filter(|digits| (8..=9).contains(&digits.len()))?;
    if !(10_000_000..=150_000_000).contains(&digits.prefix(digits.len())?) {
        return None;
    }
    let (&check, body) = digits.values().split_last()?;
    let skip = 8 - body.len();
    let check_with =
        |weights: &[u32; 8]| (11 - weighted(body, weights.get(skip..).unwrap_or_default()) % 11) % 11;
    let wanted = match check_with(&[3, 2, 7, 6, 5, 4, 3, 2]) {
        10 => check_with(&[7, 4, 3, 2, 5, 2, 7, 6]),
        wanted => wanted,
    };
    (u32::from(check) == wanted).then_some(Evidence::MOD11)
}

/// South African identity number: date of birth, serial, citizenship, Luhn.
pub(super) fn za_id(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(13)?;
    let dated = is_date(digits.prefix(2)?, digits.number(2, 4)?, digits.number(4, 6)?);
    let citizenship = digits.number(10, 11)? <= 2;
    (dated && citizenship && luhn::is_valid(digits.values())).then_some(Evidence::LUHN)
}
