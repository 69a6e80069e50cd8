//! Account, customer, patient and user numbers and ids under their keys.

use super::username;
use crate::check::absent;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::ACCOUNT_ID;

/// The longest id that is taken.
const MAX_LENGTH: usize = 128;

/// The id at the start of a value: one word of letters, digits and `- _ . : | + = ~`.
///
/// Zero, negative numbers, nulls and booleans are the ids of nobody. A parenthesis around it
/// (`Key (user_id)=(48213)`) is left out.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let start = value.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'(' | b'#')).count();
    let rest = value.get(start..)?;
    let mut length = rest.iter().take_while(|b| is_id_byte(**b)).count();
    // `account_id=8812047|b=2`: the next pair
    if let Some(bar) = rest[..length].iter().position(|b| *b == b'|') {
        length = if rest[bar..length].contains(&b'=') { bar } else { length };
    }
    let after = rest.get(length).copied().unwrap_or(b' ');
    // `AROA…:anna@example.com`: the address before or after it was replaced
    let holds_mark = |at: usize| crate::mark::mark_at(rest, at).is_some();
    let is_behind_colon = length > 0 && rest[length - 1] == b':' && holds_mark(length);
    if is_behind_colon || (1..length).any(|at| rest[at - 1] == b':' && holds_mark(at)) {
        return None;
    }
    while length > 0 && matches!(rest.get(length - 1), Some(b'.' | b':' | b'=' | b'-' | b'+')) {
        length -= 1;
    }
    let id = rest.get(..length)?;
    // `AROA…:nightly-export`: a session of a program
    let session = id.strip_prefix(b"AROA").and_then(|role| role.splitn(2, |b| *b == b':').nth(1));
    if session.is_some_and(|session| !username::names_person(session) && after != b'@')
        || id.starts_with(b"xccdf_")
    {
        return None;
    }
    // `AdvertisingIdClient: gaid=38400000-…`: another key
    let is_key = |key: &&[u8]| rest.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(key));
    if [&b"gaid="[..], b"idfa=", b"aaid=", b"adid=", b"uuid="].iter().any(is_key) {
        return None;
    }
    let open_end = matches!(after, b'/' | b'\\' | b'@' | b'*' | b'$' | b'(' | b'%');
    if !(1..=MAX_LENGTH).contains(&length) || open_end || absent::is_absent(id) || !is_somebody(id) {
        return None;
    }
    Some(Match {
        start,
        end: start + length,
        kind: TypeId::ACCOUNT_ID,
        rule: ACCOUNT_ID,
        confidence: 84,
        evidence: Evidence::KEY,
    })
}

/// Digits of the number of an account of Steam.
pub(crate) const STEAM_DIGITS: usize = 17;

/// The account of Steam whose number starts at `start`, without a key: 17 digits, of the public universe 32 bits above
/// 76561197960265728 (Valve's developer wiki: SteamID).
pub(crate) fn steam(text: &[u8], start: usize) -> Option<Match> {
    const FIRST: u64 = 76_561_197_960_265_728;
    let rest = text.get(start..)?;
    // nearly no number is one
    if !rest.starts_with(b"76561") {
        return None;
    }
    let digits = rest.iter().take(STEAM_DIGITS + 1).take_while(|b| b.is_ascii_digit()).count();
    let number = rest.iter().take(digits).fold(0, |sum, b| sum * 10 + u64::from(b - b'0'));
    let left = start.checked_sub(1).map_or(b'\n', |at| text[at]);
    let right = rest.get(STEAM_DIGITS).copied().unwrap_or(b'\n');
    let is_fraction = right == b'.' && rest.get(STEAM_DIGITS + 1).is_some_and(u8::is_ascii_digit);
    let is_account = digits == STEAM_DIGITS
        && (FIRST..=FIRST + u64::from(u32::MAX)).contains(&number)
        && !matches!(left, b'.' | b'-')
        && !(right.is_ascii_alphanumeric() || right == b'_' || right >= 0x80)
        && !is_fraction;
    is_account.then_some(Match {
        start,
        end: start + STEAM_DIGITS,
        kind: TypeId::ACCOUNT_ID,
        rule: ACCOUNT_ID,
        confidence: 80,
        evidence: Evidence::SHAPE,
    })
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'_' | b'.' | b':' | b'|' | b'+' | b'=' | b'~')
        || byte >= 0x80
}

/// Not zero, not negative, no number with a fraction, no sign alone.
fn is_somebody(id: &[u8]) -> bool {
    let first = id.first().copied().unwrap_or(b'-');
    if matches!(first, b'-' | b'+' | b'.' | b':' | b'=' | b'|' | b'~') {
        return false;
    }
    let digits = id.iter().filter(|b| b.is_ascii_digit()).count();
    let zeros = id.iter().all(|b| matches!(b, b'0' | b'-'));
    let fraction = digits + 1 == id.len() && id.contains(&b'.');
    // `a.user_id = u.id` of SQL
    let is_column = |end: &[u8]| id.ends_with(end);
    let column =
        digits == 0 && [&b".id"[..], b"_id", b"_no", b"_nr", b"_key"].iter().any(|end| is_column(end));
    // `S-1-5-18`: an identity of Windows itself (MS-DTYP section 2.4.2.4), and its sessions
    let of_system = (id.starts_with(b"S-1-") && !id.starts_with(b"S-1-5-21-") && !id.starts_with(b"S-1-12-"))
        || [&b"0x3e7"[..], b"0x3e5", b"0x3e4", b"0x3e3"].iter().any(|system| id.eq_ignore_ascii_case(system));
    // a word alone is an id only if it cannot be the next word of a sentence or a type
    let word = digits == 0 && id.iter().all(|b| b.is_ascii_alphabetic());
    let is_word_for_person =
        [&b"customer"[..], b"account", b"member", b"client"].iter().any(|word| id.eq_ignore_ascii_case(word));
    !(zeros || is_word_for_person || fraction || column || of_system || word && id.len() < 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_of_steam() {
        for (text, end) in [
            ("76561197960265728", Some(17)),
            ("76561202255233023]", Some(17)),
            ("76561197960265727", None),
            ("76561202255233024", None),
            ("765611979602657280", None),
            ("76561198000431777x", None),
            ("76561198000431777.5", None),
            ("76561198000431777.", Some(17)),
            ("76561", None),
        ] {
            assert_eq!(steam(text.as_bytes(), 0).map(|found| found.end), end, "{text}");
        }
        assert!(steam(b"0.76561198000431777", 2).is_none() && steam(b"\xff76561198000431777", 1).is_some());
    }

    #[test]
    fn ids_of_somebody() {
        for (value, expected) in [
            ("48213", Some("48213")),
            ("u_48213", Some("u_48213")),
            ("48213,\"x\":1", Some("48213")),
            ("KD-448213 Status: offen", Some("KD-448213")),
            ("(48213) already exists", Some("48213")),
            ("48213&x=1", Some("48213")),
            ("1", Some("1")),
            ("76561197960287930", Some("76561197960287930")),
            ("auth0|5f7c8ec7c33c6c004bbafe82", Some("auth0|5f7c8ec7c33c6c004bbafe82")),
            ("0", None),
            ("-1", None),
            ("-10000", None),
            ("000", None),
            ("1.5", None),
            ("null", None),
            ("", None),
            ("?", None),
            ("$1", None),
            ("u.id", None),
            ("/users/1", None),
        ] {
            let found = keyed(value.as_bytes());
            assert_eq!(found.and_then(|m| value.get(m.start..m.end)), expected, "{value:?}");
        }
    }
}
