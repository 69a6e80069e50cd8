//! Device, advertising, installation and serial ids, which are opaque and only known by their key.

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::DEVICE_ID;

/// The longest id that is taken; push tokens and fingerprints are shorter.
const MAX_LENGTH: usize = 256;

/// A byte of an id.
const OPAQUE: u8 = 1;
const HEX: u8 = 2;
const DIGIT: u8 = 4;
const DASH: u8 = 8;
const COLON: u8 = 16;
const DOT: u8 = 32;

/// What a byte is to an id.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => OPAQUE | HEX | DIGIT,
            b'a'..=b'f' | b'A'..=b'F' => OPAQUE | HEX,
            b'g'..=b'z' | b'G'..=b'Z' | b'_' | b'+' | b'/' | b'=' | b'~' => OPAQUE,
            b'-' => OPAQUE | DASH,
            b':' => OPAQUE | COLON,
            b'.' => OPAQUE | DOT,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// What all bytes of a word are, and what some are.
struct Kinds {
    all: u8,
    any: u8,
    dashes: usize,
}

impl Kinds {
    fn of(word: &[u8]) -> Self {
        let mut kinds = Self { all: u8::MAX, any: 0, dashes: 0 };
        for byte in word {
            let class = CLASSES[usize::from(*byte)];
            kinds.all &= class;
            kinds.any |= class;
            kinds.dashes += usize::from(*byte == b'-');
        }
        kinds
    }

    fn all_are(&self, classes: u8) -> bool {
        self.all & classes != 0
    }

    fn none_is(&self, classes: u8) -> bool {
        self.any & classes == 0
    }
}

/// The id in a value under a device key: one word of at least five letters, digits and `- _ . : + / = ~`
/// with at least one digit, quotes and white space around it left out.
///
/// Fillers (zeros, `unknown`), plain numbers below five digits, `0x…` numbers and dotted versions stay.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let mut start = value.len() - value.trim_ascii_start().len();
    let mut word = value.trim_ascii();
    // `AdvertisingId: gaid=38400000-…`: the value of the pair
    let name = word.iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
    if name > 1 && word.get(name) == Some(&b'=') && word.len() > name + 5 {
        (start, word) = (start + name + 1, &word[name + 1..]);
    }
    if !(5..=MAX_LENGTH).contains(&word.len()) {
        return None;
    }
    let kinds = Kinds::of(word);
    // words for "nothing" have no digit
    if !kinds.all_are(OPAQUE) || kinds.none_is(DIGIT) {
        return None;
    }
    // the serial number of a certificate (RFC 5280) as tools print it
    let is_serial =
        || word.split(|b| *b == b':').count() > 8 && word.iter().all(|b| b.is_ascii_hexdigit() || *b == b':');
    if !kinds.none_is(COLON) && is_serial() || is_filler(word) || is_plain_number(word, &kinds) {
        return None;
    }
    let known = is_known_form(word, &kinds);
    let evidence = if known { Evidence::KEY.and(Evidence::SHAPE) } else { Evidence::KEY };
    let confidence = if known { 92 } else { 84 };
    let end = start + word.len();
    Some(Match { start, end, kind: TypeId::DEVICE_ID, rule: DEVICE_ID, confidence, evidence })
}

/// The token of a device of Apple as its description prints it: eight groups of eight hex digits
/// (`740f4707 bebcf74f …`), at the start of a text that goes on.
pub(crate) fn grouped(text: &[u8]) -> Option<Match> {
    let (start, end) = (0, 71);
    let is_grouped = |(place, b): (usize, &u8)| match place % 9 {
        8 => *b == b' ',
        _ => b.is_ascii_hexdigit(),
    };
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let token = Match { start, end, kind: TypeId::DEVICE_ID, rule: DEVICE_ID, confidence: 92, evidence };
    text.get(start..end)?.iter().enumerate().all(is_grouped).then_some(token)
}

/// Forms that vendors publish: UUIDs (advertising ids), 16 hex digits (Android id), 40 hex digits and
/// `8-16` hex digits (Apple UDID).
fn is_known_form(word: &[u8], kinds: &Kinds) -> bool {
    let has_dashes =
        |places: &[usize]| kinds.dashes == places.len() && places.iter().all(|place| word[*place] == b'-');
    match word.len() {
        16 | 32 | 40 | 64 => kinds.all_are(HEX),
        25 => word.iter().all(|b| CLASSES[usize::from(*b)] & (HEX | DASH) != 0) && has_dashes(&[8]),
        36 => {
            word.iter().all(|b| CLASSES[usize::from(*b)] & (HEX | DASH) != 0) && has_dashes(&[8, 13, 18, 23])
        }
        _ => false,
    }
}

/// True if there is no letter or digit but one: `0000-0000`, `xxxxx`, the nil UUID.
fn is_filler(word: &[u8]) -> bool {
    let mut symbols = word.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let first = symbols.next();
    symbols.all(|byte| Some(byte) == first)
}

/// True for `0x10de` (bus ids, handles) and dotted numbers (versions, addresses).
fn is_plain_number(word: &[u8], kinds: &Kinds) -> bool {
    let hex = word.strip_prefix(b"0x").or_else(|| word.strip_prefix(b"0X"));
    let handle = hex.is_some_and(|digits| digits.len() <= 8 && digits.iter().all(u8::is_ascii_hexdigit));
    let dotted = !kinds.none_is(DOT) && word.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
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
