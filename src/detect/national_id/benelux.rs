//! Netherlands, Belgium, Luxembourg.

use super::Candidate;
use crate::check::calendar::is_date;
use crate::check::mod11::weighted;
use crate::check::{luhn, verhoeff};
use crate::finding::Evidence;

/// Dutch BSN: the eleven-test over nine digits; leading zeros may be missing (two at most).
pub(super) fn nl_bsn(value: &Candidate) -> Option<Evidence> {
    const WEIGHTS: [u32; 8] = [9, 8, 7, 6, 5, 4, 3, 2];
    let digits = value.any_digits().filter(|digits| (7..=9).contains(&digits.len()))?;
    let (&check, body) = digits.values().split_last()?;
    let sum = weighted(body, WEIGHTS.get(WEIGHTS.len() - body.len()..)?);
    (sum % 11 == u32::from(check)).then_some(Evidence::MOD11)
}

/// Belgian national register number: date of birth, serial, and what is missing to a multiple of 97;
/// a 2 stands before the number for births from 2000 on.
pub(super) fn be_nrn(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(11)?;
    let (body, key) = (digits.prefix(9)?, digits.number(9, 11)?);
    let month = digits.number(2, 4)?;
    // Numbers of people who are not registered (BIS) count months from 20 or 40 on.
    let month = if month > 20 { month - if month > 40 { 40 } else { 20 } } else { month };
    let dated = month <= 12 && digits.number(4, 6)? <= 31;
    let right = [body, body + 2_000_000_000].into_iter().any(|number| number % 97 + key == 97);
    (dated && right).then_some(Evidence::MOD97)
}

/// Luxembourg's number: date of birth, serial, a Luhn digit and a Verhoeff digit.
pub(super) fn lu_nin(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(13)?;
    let values = digits.values();
    let dated = is_date(digits.prefix(4)?, digits.number(4, 6)?, digits.number(6, 8)?);
    let (body, last) = (values.get(..11)?, *values.get(12)?);
    let right = luhn::is_valid(values.get(..12)?) && verhoeff::is_valid(body.iter().copied().chain([last]));
    (dated && right).then_some(Evidence::VERHOEFF.and(Evidence::LUHN))
}
