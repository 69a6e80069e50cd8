//! United States: social security and taxpayer numbers, health care and drug enforcement numbers.

use super::Candidate;
use crate::check::digits::Digits;
use crate::check::luhn;
use crate::finding::Evidence;

/// Numbers that were printed on sample cards and in advertisements, void for that (SSA).
const VOID: [u64; 2] = [78_051_120, 219_099_999];

/// Social security number: area not 000, 666 or 900 and more, group not 00, serial not 0000 (SSA,
/// randomization of 2011). Void numbers were people's once, and people give them as their own.
pub(super) fn ssn(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(9)?;
    has_parts(digits).then_some(Evidence::STRUCTURE)
}

/// The rule on nine digits without a key.
pub(super) fn is_ssn(digits: &Digits) -> bool {
    has_parts(digits) && !digits.number(0, 9).is_some_and(|number| VOID.contains(&number))
}

fn has_parts(digits: &Digits) -> bool {
    let part = |start, end| digits.number(start, end).unwrap_or(0);
    let (area, group, serial) = (part(0, 3), part(3, 5), part(5, 9));
    digits.len() == 9 && !matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0
}

/// Individual taxpayer number: 9xx with a group of 50 to 65, 70 to 88, 90 to 92 or 94 to 99 (IRS).
pub(super) fn itin(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(9)?;
    let group = matches!(digits.number(3, 5)?, 50..=65 | 70..=88 | 90..=92 | 94..=99);
    (digits.number(0, 1)? == 9 && group).then_some(Evidence::STRUCTURE)
}

/// National provider identifier: ten digits from 1 or 2 on, Luhn with the prefix 80840 (45 CFR 162.406).
pub(super) fn npi(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?.values();
    // The prefix adds 24 to the sum.
    (matches!(digits.first(), Some(1 | 2)) && (luhn::sum(digits) + 24).is_multiple_of(10))
        .then_some(Evidence::LUHN)
}

/// Medicare beneficiary identifier: eleven symbols of fixed kinds without S, L, O, I, B, Z (CMS).
pub(super) fn mbi(value: &Candidate) -> Option<Evidence> {
    let letters = value.text().iter().all(|byte| !b"SLOIBZ".contains(byte));
    let shape = value.has_shape(b"9AX9AX9AA99") && value.symbol(0) != Some(b'0');
    (letters && shape).then_some(Evidence::STRUCTURE)
}

/// DEA registration: two letters, seven digits, the last a check of the others.
pub(super) fn dea(value: &Candidate) -> Option<Evidence> {
    if !value.has_shape(b"AX9999999") {
        return None;
    }
    let digits = value.part(2, 9)?;
    let at = |place: usize| digits.number(place, place + 1).unwrap_or(0);
    let sum = at(0) + at(2) + at(4) + 2 * (at(1) + at(3) + at(5));
    (sum % 10 == at(6)).then_some(Evidence::CHECKSUM)
}
