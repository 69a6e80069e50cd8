//! The grammar of tokens: `{code}_{mode}{kid}_{payload}{check}`.
//!
//! Payload and check are lower-case base32hex (RFC 4648 section 7) without padding; the check is
//! four symbols, 20 bits of SipHash-2-4 under a key of its own over everything before it. Behind a
//! one-way token its value may stand sealed: `.s{public key's id}_{payload}{check}`.

use std::fmt;
use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use siphasher::sip::SipHasher24;
use zeroize::Zeroizing;

use crate::finding::TypeId;
use crate::mark::{self, is_symbol};
pub(crate) use crate::mark::{CHECK_SYMBOLS, MAX_REVERSIBLE_BYTES, MAX_SEALED_BYTES, SEAL_PREFIX_BYTES};

const SYMBOLS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789abcdefghijklmnopqrstuv");
    // The symbols are fixed and right; the upper-case alphabet would only be another format.
    specification.encoding().unwrap_or(data_encoding::BASE32HEX_NOPAD)
});

/// The name of a key: four symbols of `[0-9a-v]`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kid([u8; 4]);

impl Kid {
    /// The kid of that text, if it is one.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let kid: [u8; 4] = text.try_into().ok()?;
        kid.iter().all(is_symbol).then_some(Self(kid))
    }
    /// The kid of a number; only the lower 20 bits count.
    pub fn from_number(number: u32) -> Self {
        Self([15, 10, 5, 0].map(|shift| symbol(number >> shift)))
    }
    /// The 20-bit number of the kid.
    pub fn number(self) -> u32 {
        self.0.iter().fold(0, |n, s| n << 5 | u32::from(symbol_value(*s)))
    }
    /// The kid of the epoch `steps` later: the number that much higher, around at the end.
    pub fn later(self, steps: u32) -> Self {
        Self::from_number(self.number().wrapping_add(steps))
    }
    /// The four symbols.
    pub fn symbols(&self) -> &[u8; 4] {
        &self.0
    }
}

impl fmt::Display for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

impl fmt::Debug for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How a token was made, its third field's first letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// `h`
    OneWay,
    /// `e`
    Reversible,
    /// `d`
    Ip,
}

impl Mode {
    pub(crate) fn letter(self) -> u8 {
        match self {
            Mode::OneWay => b'h',
            Mode::Reversible => b'e',
            Mode::Ip => b'd',
        }
    }
    fn from_letter(letter: u8) -> Option<Self> {
        [Mode::OneWay, Mode::Reversible, Mode::Ip].into_iter().find(|m| m.letter() == letter)
    }
}

/// A token taken apart; nothing is verified yet.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'t> {
    /// The first type of that code.
    pub kind: TypeId,
    pub mode: Mode,
    pub kid: Kid,
    /// `{code}_{mode}{kid}_`
    pub prefix: &'t [u8],
    /// Without the check.
    pub payload: &'t [u8],
    pub check: &'t [u8],
    /// All but the check.
    pub checked: &'t [u8],
    /// The sealed value behind it, if there is one.
    pub sealed: Option<Sealed<'t>>,
    /// The whole token's length in bytes, its sealed value included.
    pub length: usize,
}

impl Parts<'_> {
    /// The code: ASCII letters and digits.
    pub(crate) fn code(&self) -> &str {
        let code = self.prefix.get(..self.prefix.len().saturating_sub(7)).unwrap_or_default();
        std::str::from_utf8(code).unwrap_or_default()
    }
}

/// The sealed value of a token, taken apart.
#[derive(Clone, Copy)]
pub(crate) struct Sealed<'t> {
    /// The one-way token before it.
    pub tag: &'t [u8],
    /// Which public key it was sealed to.
    pub id: Kid,
    /// Without the check.
    pub payload: &'t [u8],
    pub check: &'t [u8],
    /// The whole token without the check.
    pub checked: &'t [u8],
    /// The whole token.
    pub whole: &'t [u8],
}

/// The token at the start of `text`, if there is one; it ends where no letter, digit or `_` follows.
pub(crate) fn parse(text: &[u8]) -> Option<Parts<'_>> {
    let mark::Shape { kind, mode, prefix_length, length, sealed_length } = mark::shape(text)?;
    let (checked, check) = text.get(..length)?.split_at_checked(length.checked_sub(CHECK_SYMBOLS)?)?;
    let (prefix, payload) = checked.split_at_checked(prefix_length)?;
    let kid = Kid::parse(prefix.get(prefix_length.checked_sub(5)?..prefix_length - 1)?)?;
    let mode = Mode::from_letter(mode)?;
    let sealed = sealed(text, length, sealed_length);
    let length = length + sealed_length;
    Some(Parts { kind, mode, kid, prefix, payload, check, checked, sealed, length })
}

/// The sealed value of `length` bytes behind a tag.
fn sealed(text: &[u8], tag_length: usize, length: usize) -> Option<Sealed<'_>> {
    let tag = text.get(..tag_length)?;
    let whole = text.get(..tag_length + length)?;
    let (checked, check) = whole.split_at_checked(whole.len().checked_sub(CHECK_SYMBOLS)?)?;
    let (prefix, payload) = checked.get(tag_length..)?.split_at_checked(SEAL_PREFIX_BYTES)?;
    let id = Kid::parse(prefix.get(2..6)?)?;
    Some(Sealed { tag, id, payload, check, checked, whole })
}

/// The length of the token at the start of `text`, with its sealed value or with `@domain` behind an
/// e-mail token, if there is one. Only the grammar is asked, no key: text that merely looks like a token passes too.
pub fn looks_like_token(text: &[u8]) -> Option<usize> {
    mark::token_at(text)
}

/// The first type of the code of the token at the start of `text`, with the token's length as
/// [`looks_like_token`] gives it.
#[cfg(feature = "cli")]
pub(crate) fn token_kind(text: &[u8]) -> Option<(TypeId, usize)> {
    Some((parse(text)?.kind, looks_like_token(text)?))
}

/// The first type of the code of the token at the start of `text`, its length alone, and with what
/// belongs to it as [`looks_like_token`] gives it.
#[cfg(feature = "cli")]
pub(crate) fn token_parts(text: &[u8]) -> Option<(TypeId, usize, usize)> {
    let parts = parse(text)?;
    Some((parts.kind, parts.checked.len() + CHECK_SYMBOLS, looks_like_token(text)?))
}

/// Appends `bytes` as symbols.
#[inline]
pub(crate) fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + BASE32.encode_len(bytes.len()), 0);
    if let Some(place) = out.get_mut(start..) {
        BASE32.encode_mut(bytes, place);
    }
}

/// The bytes of a payload; none if bits are set that no byte has.
pub(crate) fn decode(payload: &[u8]) -> Option<Vec<u8>> {
    BASE32.decode(payload).ok()
}

/// The key of the check symbols of one key and group.
#[derive(Clone)]
pub(crate) struct CheckKey(Zeroizing<[u8; 16]>);

impl CheckKey {
    pub(crate) fn new(key: Zeroizing<[u8; 16]>) -> Self {
        Self(key)
    }
    /// The check symbols of a token without them.
    #[inline]
    pub(crate) fn symbols(&self, checked: &[u8]) -> [u8; CHECK_SYMBOLS] {
        Kid::from_number(SipHasher24::new_with_key(&self.0).hash(checked) as u32).0
    }
    /// Whether the check symbols are right, those of a sealed value too; takes as long for wrong ones.
    pub(crate) fn verifies(&self, parts: &Parts<'_>) -> bool {
        let right = |checked: &[u8], check: &[u8]| -> bool {
            subtle::ConstantTimeEq::ct_eq(self.symbols(checked).as_slice(), check).into()
        };
        let tag = right(parts.checked, parts.check);
        parts.sealed.is_none_or(|sealed| right(sealed.checked, sealed.check)) && tag
    }
}

fn symbol(bits: u32) -> u8 {
    SYMBOLS.get(bits as usize & 31).copied().unwrap_or(b'0')
}

fn symbol_value(symbol: u8) -> u8 {
    if symbol.is_ascii_digit() { symbol - b'0' } else { symbol.wrapping_sub(b'a').wrapping_add(10) & 31 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn grammar() {
        let yes: &[(&str, usize)] = &[
            ("ip_ha1b2_0123456789abcdefghij", 29),
            ("ip_ha1b2_0123456789abcdefghij rest", 29),
            ("ip_ha1b2_0123456789abcdefghij\"", 29),
            ("ip_ha1b2_0123456789abcdefghij@example.com", 29),
            ("email_ha1b2_0123456789abcdefghij@example.com.", 44),
            ("email_ha1b2_0123456789abcdefghij@example", 32),
            ("email_ha1b2_0123456789abcdefghij@", 32),
            ("email_ha1b2_0123456789abcdefghij@a..b", 32),
            ("deviceid_h0000_0123456789abcdefg", 32),
            ("card_hvvvv_0123456789abcdefghijklmnopqrst", 41),
            ("ip_da1b2_0123456789abcdefghijklmnopqrst", 39),
            ("urluserinfo_ea1b2_0123456789abcdefghijklmnopqrst", 48),
            ("custom_ha1b2_0123456789abcdefghij", 33),
            ("xbadge_ha1b2_0123456789abcdefghij", 33),
            ("xbcdefghijklmnopq_ha1b2_0123456789abcdefghij", 44),
            ("ip_ha1b2_0123456789abcdefghij.s", 29),
            ("ip_ha1b2_0123456789abcdefghij.s0001_0123", 29),
            ("ip_ha1b2_0123456789abcdefghij.example.com", 29),
        ];
        for (text, length) in yes {
            assert_eq!(looks_like_token(text.as_bytes()), Some(*length), "{text}");
        }
        let no = [
            "",
            "ip",
            "ip_",
            "_ha1b2_0123456789abcdefghij",
            "ip_ha1b2_",
            "ip_ha1b2_0123",
            "ip_ha1b2_0123456789abcdefghi",
            "ip_ha1b2_0123456789abcdefghijk",
            "ip_ha1b2_0123456789abcdefghij_",
            "ip_ha1b2_0123456789abcdefghijw",
            "ip_ha1b2_0123456789abcdefghijZ",
            "ip_ha1w2_0123456789abcdefghij",
            "ip_xa1b2_0123456789abcdefghij",
            "ip_ha1b_0123456789abcdefghij",
            "IP_ha1b2_0123456789abcdefghij",
            "nothing_ha1b2_0123456789abcdefghij",
            "x_ha1b2_0123456789abcdefghij",
            "x7_ha1b2_0123456789abcdefghij",
            "xip_ha1b2_0123456789abcdefghij",
            "xcustom_ha1b2_0123456789abcdefghij",
            "xbcdefghijklmnopqr_ha1b2_0123456789abcdefghij",
            "ip_da1b2_0123456789abcdefghij",
            "email_ea1b2_0123456789abcdefghijklmnopqrstu",
            "\u{e9}p_ha1b2_0123456789abcdefghij",
        ];
        for text in no {
            assert_eq!(looks_like_token(text.as_bytes()), None, "{text}");
        }
        assert_eq!(looks_like_token(b"\xff\xfe\0"), None);
        let long = format!("cookie_ea1b2_{}", "0".repeat(995));
        assert_eq!(looks_like_token(long.as_bytes()), None);
    }

    #[test]
    fn kids_count() {
        assert_eq!(Kid::parse(b"000v").unwrap().later(1).to_string(), "0010");
        assert_eq!(Kid::parse(b"vvvv").unwrap().later(1).to_string(), "0000");
        for bad in [&b""[..], b"a1b", b"a1b2c", b"a1bw", b"A1b2", b"a1b\xff"] {
            assert_eq!(Kid::parse(bad), None);
        }
    }

    #[test]
    fn a_payload_with_spare_bits_set_is_refused() {
        assert!(decode(b"00000000000g0").is_some());
        assert!(decode(b"0000000000001").is_none());
        assert_eq!(decode(b""), Some(vec![]));
        assert!(decode(b"0000W").is_none());
    }

    proptest! {
        #[test]
        fn kid_round_trip(number in 0u32..1 << 20) {
            let kid = Kid::from_number(number);
            prop_assert_eq!(kid.number(), number);
            prop_assert_eq!(Kid::parse(kid.symbols()), Some(kid));
        }

        #[test]
        fn payload_round_trip(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut text = Vec::new();
            encode(&bytes, &mut text);
            prop_assert_eq!(decode(&text), Some(bytes));
        }

        #[test]
        fn any_bytes_parse_or_not(text in proptest::collection::vec(any::<u8>(), 0..80)) {
            if let Some(length) = looks_like_token(&text) {
                prop_assert!(length <= text.len());
            }
        }

        #[test]
        fn mutated_tokens_never_panic(at in 0usize..33, byte in any::<u8>()) {
            let mut text = b"email_ha1b2_0123456789abcdefghij@".to_vec();
            text[at] = byte;
            if let Some(length) = looks_like_token(&text) {
                prop_assert!(length <= text.len());
            }
        }
    }
}
