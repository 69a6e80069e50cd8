//! Sweden, Finland, Norway, Denmark, Iceland.

use super::Candidate;
use crate::check::calendar::is_date;
use crate::check::luhn;
use crate::check::mod11::weighted;
use crate::finding::Evidence;

/// Swedish personal and coordination numbers (day plus 60): Luhn over the last ten digits.
pub(super) fn se_pnr(value: &Candidate) -> Option<Evidence> {
    let digits = value.any_digits().filter(|digits| matches!(digits.len(), 10 | 12))?;
    let skip = digits.len() - 10;
    let day = digits.number(skip + 4, skip + 6)?;
    let dated = is_date(0, digits.number(skip + 2, skip + 4)?, if day > 60 { day - 60 } else { day });
    let century = skip == 0 || matches!(digits.prefix(2)?, 18..=20);
    (dated && century && luhn::is_valid(digits.values().get(skip..)?)).then_some(Evidence::LUHN)
}

/// Swedish organization number: ten digits, the third at least 2, Luhn. One-person firms have the
/// owner's personal number.
pub(super) fn se_org(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?;
    (digits.number(2, 3)? >= 2 && luhn::is_valid(digits.values())).then_some(Evidence::LUHN)
}

/// Finnish HETU: date of birth, a sign for the century, serial, check symbol of modulus 31 (DVV).
pub(super) fn fi_hetu(value: &Candidate) -> Option<Evidence> {
    is_hetu(value.raw).then_some(Evidence::CHECKSUM.and(Evidence::STRUCTURE))
}

/// The rule on the eleven bytes as they are written, shared with the bare shape.
pub(super) fn is_hetu(raw: &[u8]) -> bool {
    const SYMBOLS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let &[d1, d2, m1, m2, y1, y2, sign, n1, n2, n3, check] = raw else { return false };
    let mut numbers = [d1, d2, m1, m2, y1, y2, n1, n2, n3].into_iter().map(|byte| byte.wrapping_sub(b'0'));
    if numbers.clone().any(|digit| digit > 9) || !b"-+ABCDEFUVWXY".contains(&sign.to_ascii_uppercase()) {
        return false;
    }
    let number = numbers.by_ref().fold(0usize, |sum, digit| sum * 10 + usize::from(digit));
    let pair = |high: u8, low: u8| u64::from(high - b'0') * 10 + u64::from(low - b'0');
    is_date(pair(y1, y2), pair(m1, m2), pair(d1, d2))
        && SYMBOLS.get(number % 31) == Some(&check.to_ascii_uppercase())
}

/// Norwegian birth and D numbers (day plus 40): two check digits of modulus 11 (Skatteetaten).
pub(super) fn no_fnr(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(11)?;
    let day = digits.prefix(2)?;
    let month = digits.number(2, 4)?;
    // Temporary numbers of hospitals and test numbers count months from 40 or 80 on.
    let month = if month > 80 {
        month - 80
    } else if month > 40 {
        month - 40
    } else {
        month
    };
    let dated = is_date(0, month, if day > 40 { day - 40 } else { day });
    let first = weighted(digits.values(), &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11;
    let second = weighted(digits.values(), &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11;
    (dated && first == 0 && second == 0).then_some(Evidence::MOD11)
}

/// Danish CPR number: a date of birth and four digits; the check of modulus 11 was given up in 2007.
pub(super) fn dk_cpr(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?;
    let day = digits.prefix(2)?;
    let dated = is_date(0, digits.number(2, 4)?, if day > 60 { day - 60 } else { day });
    let checked = weighted(digits.values(), &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11);
    dated.then_some(if checked { Evidence::MOD11 } else { Evidence::STRUCTURE })
}

/// Icelandic kennitala: date of birth, two digits, check digit of modulus 11, century.
pub(super) fn is_kennitala(value: &Candidate) -> Option<Evidence> {
    let digits = value.digits(10)?;
    let day = digits.prefix(2)?;
    let dated = is_date(0, digits.number(2, 4)?, if day > 40 { day - 40 } else { day });
    let century = matches!(digits.number(9, 10)?, 0 | 8 | 9);
    let right = weighted(digits.values(), &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11);
    (dated && century && right).then_some(Evidence::MOD11)
}
