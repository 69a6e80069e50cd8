//! International bank account numbers (ISO 13616): country, length, account structure, ISO 7064 check.

mod countries;

use crate::check::digits::all_same;
use crate::check::mod97;
use crate::check::separator::Separator;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::IBAN;

/// The longest IBAN that the registry allows.
const MAX_LENGTH: usize = 34;

/// An IBAN whose country code starts at `at`: compact or in groups of four, with its country's length
/// and structure, the right check digits and nothing glued to it.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    let head = text.get(at..at + 4)?;
    if !head.iter().take(2).all(u8::is_ascii_alphabetic) || !head.iter().skip(2).all(u8::is_ascii_digit) {
        return None;
    }
    let structure = countries::structure(head)?;
    let glued = at > 0 && text.get(at - 1).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if glued {
        return None;
    }
    let (symbols, end) = read(text, at, structure.length)?;
    let letters = symbols.iter().filter(|byte| byte.is_ascii_alphabetic());
    // Mixed case is not how anybody writes one, but how base64 looks.
    let lower = letters.clone().filter(|byte| byte.is_ascii_lowercase()).count();
    if (lower != 0 && lower != letters.count()) || text.get(end).is_some_and(|byte| is_glue(text, end, *byte))
    {
        return None;
    }
    let found = check(symbols.get(..structure.length)?, structure)?;
    Some(Match { start: at, end, kind: TypeId::IBAN, rule: IBAN, confidence: 97, evidence: found })
}

/// The IBAN in a value under an IBAN or account key, separators of any grouping and `IBAN` before it
/// included; a national structure that is not in the table passes with the check digits alone, one that is without
/// them: what was turned away for its check digits is nearly somebody's account.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let mut start = value.len() - value.trim_ascii_start().len();
    let rest = value.get(start..)?;
    if rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"IBAN")) {
        start += 4 + rest.iter().skip(4).take_while(|byte| !byte.is_ascii_alphanumeric()).count();
    }
    let mut symbols = [0u8; MAX_LENGTH];
    let mut length = 0;
    let mut end = start;
    let mut place = start;
    while let Some(byte) = value.get(place) {
        if byte.is_ascii_alphanumeric() {
            *symbols.get_mut(length)? = byte.to_ascii_uppercase();
            length += 1;
            place += 1;
            end = place;
        } else {
            place += Separator::at(value, place)?.len();
        }
    }
    let symbols = symbols.get(..length)?;
    let head = symbols.get(..4)?;
    let known = countries::structure(head);
    let evidence = match known {
        Some(structure) if structure.length == length && is_checked(symbols) => check(symbols, structure)?,
        Some(structure) if structure.length == length && is_mistyped(symbols, structure) => {
            Evidence::SHAPE.and(Evidence::COUNTRY)
        }
        Some(_) => return None,
        None => {
            let plausible = head.iter().take(2).all(u8::is_ascii_uppercase)
                && head.iter().skip(2).all(u8::is_ascii_digit)
                && length >= 15;
            (plausible && is_checked(symbols)).then_some(Evidence::MOD97)?
        }
    };
    let confidence = match (known.is_some(), evidence.has(Evidence::MOD97)) {
        (true, true) => 98,
        (false, _) => 85,
        (true, false) => 70,
    };
    let evidence = evidence.and(Evidence::KEY);
    Some(Match { start, end, kind: TypeId::IBAN, rule: IBAN, confidence, evidence })
}

/// Reads `length` letters and digits, either compact or in groups of four with one kind of separator.
fn read(text: &[u8], at: usize, length: usize) -> Option<([u8; MAX_LENGTH], usize)> {
    let separator = Separator::at(text, at + 4).filter(|separator| *separator != Separator::Byte(b'.'));
    let mut symbols = [0u8; MAX_LENGTH];
    let mut place = at;
    for (number, slot) in symbols.iter_mut().take(length).enumerate() {
        if let Some(separator) = separator.filter(|_| number > 0 && number % 4 == 0) {
            if Separator::at(text, place) != Some(separator) {
                return None;
            }
            place += separator.len();
        }
        *slot = *text.get(place).filter(|byte| byte.is_ascii_alphanumeric())?;
        place += 1;
    }
    Some((symbols, place))
}

/// True if the byte behind makes the number a piece of something longer.
fn is_glue(text: &[u8], end: usize, byte: u8) -> bool {
    match byte {
        b'_' => true,
        b'-' | b'.' => text.get(end + 1).is_some_and(u8::is_ascii_alphanumeric) && byte == b'-',
        _ => byte.is_ascii_alphanumeric(),
    }
}

/// Whether the structure is right, and the account not all one digit.
fn is_mistyped(symbols: &[u8], structure: countries::Structure) -> bool {
    symbols.get(4..).is_some_and(|account| structure.fits(account) && !all_same(account))
}

/// The evidence if structure and check digits agree.
fn check(symbols: &[u8], structure: countries::Structure) -> Option<Evidence> {
    let account = symbols.get(4..)?;
    (structure.fits(account) && is_checked(symbols))
        .then_some(Evidence::SHAPE.and(Evidence::MOD97).and(Evidence::COUNTRY))
}

/// ISO 7064 MOD 97-10 with the first four symbols moved to the end; check digits 02 to 98 only.
fn is_checked(symbols: &[u8]) -> bool {
    let (Some(head), Some(account)) = (symbols.get(..4), symbols.get(4..)) else { return false };
    let digits = (head.get(2), head.get(3));
    if matches!(digits, (Some(b'0'), Some(b'0' | b'1')) | (Some(b'9'), Some(b'9'))) {
        return false;
    }
    account.iter().chain(head).try_fold(0, |rest, &byte| mod97::step(rest, byte)) == Some(1)
}

#[cfg(test)]
mod tests;
