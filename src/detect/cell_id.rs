//! Radio cells and location areas: where a phone is (3GPP TS 23.003 sections 4 and 19).

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::CELL_ID;

/// Numbers that stand for "unknown": the largest LAC, ECI and Android's `Integer.MAX_VALUE`.
const UNKNOWN: [u64; 5] = [0, 65_534, 65_535, 0x0fff_ffff, 0x7fff_ffff];

/// The largest NR cell identity, 36 bits.
const MAX_CELL: u64 = (1 << 36) - 1;

/// The cell or area at the start of a value: a number in decimal or `0x` hexadecimal, or a global
/// identity of country, network, area and cell parted by dashes (`262-01-4711-20042`, `26201-1A2B3C4`).
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let rest = value.get(start..)?;
    let length = rest
        .iter()
        .take(40)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.'))
        .count();
    let word = rest.get(..length)?;
    let word = word.strip_suffix(b".").or_else(|| word.strip_suffix(b":")).unwrap_or(word);
    if word.is_empty() || rest.get(length).is_some_and(|b| matches!(b, b'/' | b'@' | b'\\' | b'%')) {
        return None;
    }
    let global = is_global(word);
    if !global && !is_number(word) {
        return None;
    }
    let (confidence, evidence) =
        if global { (90, Evidence::KEY.and(Evidence::SHAPE)) } else { (82, Evidence::KEY) };
    Some(Match { start, end: start + word.len(), kind: TypeId::CELL_ID, rule: CELL_ID, confidence, evidence })
}

/// The area at the start of a value under a key for areas: at most 24 bits (TS 23.003 section 19.4.2.3),
/// which tells a tracking area from the eight digits of a device's type allocation code.
pub(crate) fn area(value: &[u8]) -> Option<Match> {
    let found = keyed(value)?;
    let digits = value.get(found.start..found.end)?;
    let long = digits.len() > 7 && digits.iter().all(u8::is_ascii_digit);
    (!long).then_some(found)
}

/// An area or a cell in hex digits as modems print it, with zeros before it: six of a tracking area (TS 23.003
/// section 19.4.2.3), eight of a cell (`002F1A`, `07A1B20C`).
pub(crate) fn hexadecimal(value: &[u8]) -> Option<Match> {
    let length = value.iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
    let word = value.get(..length)?;
    let is_hex = matches!(length, 6 | 8)
        && word.first()?.is_ascii_digit()
        && word.iter().all(u8::is_ascii_hexdigit)
        && word.iter().any(u8::is_ascii_alphabetic)
        && !value.get(length).is_some_and(|b| matches!(b, b'-' | b'_' | b'.' | b'/' | b':'));
    is_hex.then_some(Match {
        start: 0,
        end: length,
        kind: TypeId::CELL_ID,
        rule: CELL_ID,
        confidence: 82,
        evidence: Evidence::KEY,
    })
}

/// The cell in SIP's `P-Access-Network-Info` (3GPP TS 24.229 section 7.2A.4): country, network, area
/// and cell as hex digits without separators.
pub(crate) fn network_info(value: &[u8]) -> Option<Match> {
    let length = value.iter().take(24).take_while(|b| b.is_ascii_hexdigit()).count();
    let is_code = value.get(..5).is_some_and(|code| code.iter().all(u8::is_ascii_digit));
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    ((10..=20).contains(&length) && is_code).then_some(Match {
        start: 0,
        end: length,
        kind: TypeId::CELL_ID,
        rule: CELL_ID,
        confidence: 90,
        evidence,
    })
}

/// Where a user is, as gateways print it (3GPP TS 29.061 section 16.4.7.2): all hex digits, the kind of area first.
pub(crate) fn location_info(value: &[u8]) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let hex = value.get(start..)?;
    let start = start + if hex.starts_with(b"0x") { 2 } else { 0 };
    let length = value.get(start..)?.iter().take(40).take_while(|b| b.is_ascii_hexdigit()).count();
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    (14..=34).contains(&length).then_some(Match {
        start,
        end: start + length,
        kind: TypeId::CELL_ID,
        rule: CELL_ID,
        confidence: 88,
        evidence,
    })
}

/// A number of a cell or area.
fn is_number(word: &[u8]) -> bool {
    let (digits, radix) = match word.strip_prefix(b"0x").or_else(|| word.strip_prefix(b"0X")) {
        Some(hex) => (hex, 16),
        None if word.iter().all(u8::is_ascii_digit) => (word, 10),
        // LAC and CI have 4 hex digits, ECI 7, NCI 9; one must tell it from a word
        None if matches!(word.len(), 4 | 7 | 9) && word.first().is_some_and(u8::is_ascii_digit) => (word, 16),
        None => return false,
    };
    let parsed = std::str::from_utf8(digits).ok().filter(|d| !d.starts_with('+'));
    parsed
        .and_then(|d| u64::from_str_radix(d, radix).ok())
        .is_some_and(|number| number <= MAX_CELL && !UNKNOWN.contains(&number))
}

/// Country (3 digits) and network (2 or 3), together or apart, then an area or cell, then perhaps more.
fn is_global(word: &[u8]) -> bool {
    let separator = if word.contains(&b'-') {
        b'-'
    } else if word.contains(&b'_') {
        b'_'
    } else if word.contains(&b':') {
        b':'
    } else {
        b'.'
    };
    let mut parts = word.split(|b| *b == separator);
    let first = parts.next().unwrap_or_default();
    let digits =
        |part: &[u8], low, high| (low..=high).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let networks_apart = digits(first, 3, 3);
    if networks_apart && !parts.next().is_some_and(|network| digits(network, 1, 3)) {
        return false;
    }
    if !networks_apart && !digits(first, 5, 6)
        || !matches!(first.first(), Some(b'2'..=b'7' | b'9')) && first != b"001"
    {
        return false;
    }
    let mut cells = 0;
    for part in parts {
        cells += 1;
        let part = part.strip_prefix(b"0x").unwrap_or(part);
        if !(1..=11).contains(&part.len()) || !part.iter().all(u8::is_ascii_hexdigit) {
            return false;
        }
    }
    (1..=3).contains(&cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        for (value, expected) in [
            ("20042 rsrp=-97", Some("20042")),
            ("137594625,\"rsrp\"", Some("137594625")),
            ("0x1267", Some("0x1267")),
            ("1a2b", Some("1a2b")),
            ("68719476735", Some("68719476735")),
            ("262-01-4711-20042 x", Some("262-01-4711-20042")),
            ("262-01-1A2B3C4", Some("262-01-1A2B3C4")),
            ("26201-1a2b3c4", Some("26201-1a2b3c4")),
            ("26201-4711-20042", Some("26201-4711-20042")),
            ("262-01-4711", Some("262-01-4711")),
            ("", None),
            ("0", None),
            ("-1", None),
            ("65535", None),
            ("268435455", None),
            ("2147483647", None),
            ("0xffff", None),
            ("99999999999999", None),
            ("image001", None),
            ("B12", None),
            ("null", None),
            ("3.71", None),
            ("2026-11-21", None),
            ("262-01", None),
        ] {
            let found = keyed(value.as_bytes());
            assert_eq!(found.and_then(|m| value.get(m.start..m.end)), expected, "{value:?}");
        }
        assert!(keyed(b"\xff1").is_none());
        assert!(area(b"35209900").is_none());
        assert!(area(b"33105 x").is_some());
        for (value, end) in
            [("002F1A |", Some(6)), ("07A1B20C", Some(8)), ("002F1AB", None), ("C02F1A", None)]
        {
            assert_eq!(hexadecimal(value.as_bytes()).map(|m| m.end), end, "{value:?}");
        }
    }
}
