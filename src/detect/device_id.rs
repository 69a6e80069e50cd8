//! Device, advertising, installation and serial ids, which are opaque and only known by their key.

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::DEVICE_ID;

/// The longest id that is taken; push tokens and fingerprints are shorter.
const MAX_LENGTH: usize = 256;

/// Words that stand where there is no id.
const ABSENT: [&[u8]; 14] = [
    b"unknown",
    b"undefined",
    b"null",
    b"none",
    b"nil",
    b"n/a",
    b"na",
    b"empty",
    b"default",
    b"true",
    b"false",
    b"not available",
    b"not specified",
    b"to be filled by o.e.m.",
];

/// The id in a value under a device key: one word of at least five letters, digits and `- _ . : + / = ~`
/// with at least one digit, quotes and white space around it left out.
///
/// Fillers (zeros, `unknown`), plain numbers below five digits, `0x…` numbers and dotted versions stay.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let mut start = value.len() - value.trim_ascii_start().len();
    let mut word = value.trim_ascii();
    // `AdvertisingId: gaid=38400000-…`: the value of the pair
    let name = word.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
    if name > 1 && word.get(name) == Some(&b'=') {
        (start, word) = (start + name + 1, &word[name + 1..]);
    }
    if !(5..=MAX_LENGTH).contains(&word.len())
        || ABSENT.iter().any(|absent| word.eq_ignore_ascii_case(absent))
    {
        return None;
    }
    // the serial number of a certificate (RFC 5280) as tools print it
    if word.split(|b| *b == b':').count() > 8 && word.iter().all(|b| b.is_ascii_hexdigit() || *b == b':') {
        return None;
    }
    let opaque = word.iter().all(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | b'+' | b'/' | b'=' | b'~')
    });
    if !opaque || !word.iter().any(u8::is_ascii_digit) || is_filler(word) || is_plain_number(word) {
        return None;
    }
    let known = is_known_form(word);
    let evidence = if known { Evidence::KEY.and(Evidence::SHAPE) } else { Evidence::KEY };
    let confidence = if known { 92 } else { 84 };
    let end = start + word.len();
    Some(Match { start, end, kind: TypeId::DEVICE_ID, rule: DEVICE_ID, confidence, evidence })
}

/// Forms that vendors publish: UUIDs (advertising ids), 16 hex digits (Android id), 40 hex digits and
/// `8-16` hex digits (Apple UDID).
fn is_known_form(word: &[u8]) -> bool {
    let hex = |part: &[u8]| part.iter().all(u8::is_ascii_hexdigit);
    let dashed = |lengths: &[usize]| {
        let mut parts = word.split(|byte| *byte == b'-');
        lengths.iter().all(|length| parts.next().is_some_and(|part| part.len() == *length && hex(part)))
            && parts.next().is_none()
    };
    (matches!(word.len(), 16 | 32 | 40 | 64) && hex(word)) || dashed(&[8, 16]) || dashed(&[8, 4, 4, 4, 12])
}

/// True if there is no letter or digit but one: `0000-0000`, `xxxxx`, the nil UUID.
fn is_filler(word: &[u8]) -> bool {
    let mut symbols = word.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let first = symbols.next();
    symbols.all(|byte| Some(byte) == first)
}

/// True for `0x10de` (bus ids, handles) and dotted numbers (versions, addresses).
fn is_plain_number(word: &[u8]) -> bool {
    let hex = word.strip_prefix(b"0x").or_else(|| word.strip_prefix(b"0X"));
    let handle = hex.is_some_and(|digits| digits.len() <= 8 && digits.iter().all(u8::is_ascii_hexdigit));
    let dotted = word.contains(&b'.') && word.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    handle || dotted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_fillers() {
        for (value, confidence) in [
            ("38400000-8cf0-11bd-b23e-10b96e40000d", Some(92)),
            ("9774d56d682e549c", Some(92)),
            ("2b6f0cc904d137be2e1730235f5664094b831186", Some(92)),
            ("00008030-001A35E11A88003A", Some(92)),
            ("C02ZK1ABMD6M", Some(84)),
            ("SN-12345", Some(84)),
            ("  RF8M12ABCDE\t", Some(84)),
            ("12345", Some(84)),
            ("", None),
            ("0", None),
            ("1234", None),
            ("unknown", None),
            ("N/A", None),
            ("null", None),
            ("To Be Filled By O.E.M.", None),
            ("00000000-0000-0000-0000-000000000000", None),
            ("0000000000000000", None),
            ("0x10de", None),
            ("10.0.0.1", None),
            ("iphone", None),
            ("my phone 12", None),
        ] {
            let found = keyed(value.as_bytes());
            assert_eq!(found.map(|m| m.confidence), confidence, "{value:?}");
            if let Some(found) = found {
                assert_eq!(value.get(found.start..found.end), Some(value.trim()), "{value:?}");
            }
        }
        assert!(keyed(b"\xff\xff12345").is_none());
        assert!(keyed(&[b'7'; 300]).is_none());
    }
}
