//! One encoded character: how long it is and what it stands for.

use crate::check::bytes;
use crate::finding::Layers;

/// The longest encoded character: a colour code.
pub(super) const MAX_BYTES: usize = 27;
/// The parameters of a colour code that are looked at.
const MAX_PARAMETER_BYTES: usize = MAX_BYTES - 3;

/// A decoded character.
pub(super) struct Unit {
    bytes: [u8; 4],
    length: usize,
    /// Bytes of the source that it stands for.
    pub consumed: usize,
    pub layer: u8,
}

impl Unit {
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
    fn byte(byte: u8, consumed: usize, layer: u8) -> Option<Unit> {
        Some(Unit { bytes: [byte, 0, 0, 0], length: 1, consumed, layer })
    }
    fn nothing(consumed: usize, layer: u8) -> Option<Unit> {
        Some(Unit { bytes: [0; 4], length: 0, consumed, layer })
    }
    fn character(code: u32, consumed: usize, layer: u8) -> Option<Unit> {
        let mut bytes = [0u8; 4];
        let length = char::from_u32(code)?.encode_utf8(&mut bytes).len();
        // a full-width digit behind an escape is a digit all the same
        if let Some(plain) = disguise(&bytes[..length]) {
            return Some(Unit { consumed, layer, ..plain });
        }
        Some(Unit { bytes, length, consumed, layer })
    }
}

/// Whether an encoded character may start with a byte.
#[inline(always)]
fn is_lead(b: u8) -> bool {
    (b == b'%')
        | (b == b'\\')
        | (b == b'&')
        | (b == b'=')
        | (b == 0x1b)
        | (b == 0xc2)
        | (b == 0xd9)
        | (b == 0xdb)
        | (b == 0xe2)
        | (b == 0xef)
}

/// The first place from `at` on where an encoded character may start; the end if there is none.
#[inline]
pub(super) fn next_lead(source: &[u8], mut at: usize) -> usize {
    while let Some(some) = source.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        let leads = bytes::sixteen(some, is_lead);
        if leads != 0 {
            return at + leads.trailing_zeros() as usize / 8;
        }
        at += 16;
    }
    let rest = source.get(at..).unwrap_or_default();
    at + rest.iter().position(|b| is_lead(*b)).unwrap_or(rest.len())
}

/// The encoded character that starts at `at`, if one does.
#[inline]
pub(super) fn decode(source: &[u8], at: usize) -> Option<Unit> {
    let rest = &source[at..];
    match rest[0] {
        b'%' => percent(rest),
        b'\\' => json(rest),
        b'&' => html(rest),
        b'=' => quoted_printable(rest),
        0x1b => colour(rest),
        0xc2 | 0xd9 | 0xdb | 0xe2 | 0xef => disguise(rest),
        _ => None,
    }
}

fn hex(rest: &[u8], range: std::ops::Range<usize>) -> Option<u32> {
    let digits = rest.get(range)?;
    digits.iter().try_fold(0u32, |v, b| Some(v << 4 | (*b as char).to_digit(16)?))
}

fn percent(rest: &[u8]) -> Option<Unit> {
    Unit::byte(hex(rest, 1..3)? as u8, 3, Layers::PERCENT)
}

/// The escape of JSON that `rest` starts with, at its backslash.
pub(super) fn json(rest: &[u8]) -> Option<Unit> {
    let layer = Layers::JSON;
    match *rest.get(1)? {
        b @ (b'"' | b'\\' | b'/') => Unit::byte(b, 2, layer),
        b'n' => Unit::byte(b'\n', 2, layer),
        b'r' => Unit::byte(b'\r', 2, layer),
        b't' => Unit::byte(b'\t', 2, layer),
        b'x' => Unit::byte(hex(rest, 2..4)? as u8, 4, layer),
        b'u' => {
            let code = hex(rest, 2..6)?;
            if (0xd800..0xdc00).contains(&code) && rest.get(6..8) == Some(b"\\u") {
                let low = hex(rest, 8..12)?;
                if (0xdc00..0xe000).contains(&low) {
                    return Unit::character(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00), 12, layer);
                }
            }
            if (0x200b..=0x200f).contains(&code) || code == 0xfeff || code == 0x2060 || code == 0xad {
                return Unit::nothing(6, layer);
            }
            // a surrogate without its other half stands for no character, but it is one escape
            Unit::character(if (0xd800..0xe000).contains(&code) { 0xfffd } else { code }, 6, layer)
        }
        _ => None,
    }
}

/// Numeric references, and the named ones that stand for bytes which matter to a value.
fn html(rest: &[u8]) -> Option<Unit> {
    let end = rest.iter().take(10).position(|b| *b == b';')?;
    let name = &rest[1..end];
    let layer = Layers::HTML;
    if let Some(digits) = name.strip_prefix(b"#") {
        let text = std::str::from_utf8(digits).ok()?;
        let code = match text.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => text.parse().ok()?,
        };
        return Unit::character(code, end + 1, layer);
    }
    let byte = match name {
        b"amp" => b'&',
        b"quot" => b'"',
        b"apos" => b'\'',
        b"lt" => b'<',
        b"gt" => b'>',
        b"nbsp" => b' ',
        b"commat" => b'@',
        b"period" => b'.',
        b"colon" => b':',
        b"plus" => b'+',
        _ => return None,
    };
    Unit::byte(byte, end + 1, layer)
}

/// `=40`, `=2E` and the like: only the bytes that join the parts of a value, in upper-case hex, so
/// that `key=40` stays a pair.
#[inline]
fn quoted_printable(rest: &[u8]) -> Option<Unit> {
    let byte = match rest.get(1..3)? {
        b"40" => b'@',
        b"2E" => b'.',
        b"3A" => b':',
        b"2B" => b'+',
        b"2D" => b'-',
        b"5F" => b'_',
        b"3D" => b'=',
        _ => return None,
    };
    // glued to a word on its right, as the parts of a value are
    rest.get(3)?.is_ascii_alphanumeric().then_some(())?;
    Unit::byte(byte, 3, Layers::QUOTED_PRINTABLE)
}

/// ESC `[` parameters letter (ECMA-48 section 5.4).
fn colour(rest: &[u8]) -> Option<Unit> {
    if rest.get(1) != Some(&b'[') {
        return None;
    }
    let parameters =
        rest[2..].iter().take(MAX_PARAMETER_BYTES).take_while(|b| matches!(b, b'0'..=b'?')).count();
    let last = rest.get(2 + parameters)?;
    matches!(last, b'@'..=b'~').then_some(())?;
    Unit::nothing(3 + parameters, Layers::DISGUISE)
}

/// Zero-width characters vanish, full-width forms and no-break spaces become ASCII.
fn disguise(rest: &[u8]) -> Option<Unit> {
    let layer = Layers::DISGUISE;
    match rest {
        [0xc2, 0xa0, ..] => Unit::byte(b' ', 2, layer),
        // U+0660–U+0669 and U+06F0–U+06F9: Arabic digits
        [0xd9, low @ 0xa0..=0xa9, ..] => Unit::byte(low - 0xa0 + b'0', 2, layer),
        [0xdb, low @ 0xb0..=0xb9, ..] => Unit::byte(low - 0xb0 + b'0', 2, layer),
        [0xc2, 0xad, ..] => Unit::nothing(2, layer),
        // U+200B–U+200F, U+2060, U+FEFF
        [0xe2, 0x80, 0x8b..=0x8f, ..] | [0xe2, 0x81, 0xa0, ..] | [0xef, 0xbb, 0xbf, ..] => {
            Unit::nothing(3, layer)
        }
        // U+2007, U+202F
        [0xe2, 0x80, 0x87 | 0xaf, ..] => Unit::byte(b' ', 3, layer),
        // U+2010, U+2011: hyphens
        [0xe2, 0x80, 0x90 | 0x91, ..] => Unit::byte(b'-', 3, layer),
        // U+FF01–U+FF5E stand for U+0021–U+007E
        [0xef, 0xbc, low @ 0x81..=0xbf, ..] => Unit::byte(low - 0x81 + 0x21, 3, layer),
        [0xef, 0xbd, low @ 0x80..=0x9e, ..] => Unit::byte(low - 0x80 + 0x60, 3, layer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        for (source, decoded, consumed) in [
            (&b"%40"[..], &b"@"[..], 3),
            (br"\u0040", b"@", 6),
            (br"\ud83d\ude00", "\u{1f600}".as_bytes(), 12),
            (br"\u200b", b"", 6),
            (br"\ud83d", "\u{fffd}".as_bytes(), 6),
            (br"\udc00", "\u{fffd}".as_bytes(), 6),
            (br#"\""#, b"\"", 2),
            (b"&#64;", b"@", 5),
            (b"&#x40;", b"@", 6),
            (b"&quot;", b"\"", 6),
            (b"=40e", b"@", 3),
            (b"\x1b[31m", b"", 5),
            ("\u{ff11}".as_bytes(), b"1", 3),
            ("\u{200b}".as_bytes(), b"", 3),
            ("\u{a0}".as_bytes(), b" ", 2),
            (br"\uff20", b"@", 6),
        ] {
            let unit = decode(source, 0).unwrap_or_else(|| panic!("{source:?}"));
            assert_eq!((unit.bytes(), unit.consumed), (decoded, consumed), "{source:?}");
        }
        for plain in [
            &b"%"[..],
            b"%4",
            b"%zz",
            b"\\",
            b"\\q",
            b"\\u12",
            b"&",
            b"&x;",
            b"=40",
            b"=4",
            b"\x1b",
            "é".as_bytes(),
        ] {
            assert!(decode(plain, 0).is_none(), "{plain:?}");
        }
    }
}
