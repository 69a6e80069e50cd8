//! The grammar of tokens: `{code}_{mode}{kid}_{payload}{check}`.
//!
//! Payload and check are lower-case base32hex (RFC 4648 section 7) without padding; the check is
//! four symbols, 20 bits of SipHash-2-4 under a key of its own over everything before it.

use std::fmt;
use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use siphasher::sip::SipHasher24;
use zeroize::Zeroizing;

use crate::finding::TypeId;

const SYMBOLS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
/// Symbols of the check.
pub(crate) const CHECK_SYMBOLS: usize = 4;
/// The longest value that mode `e` takes, in bytes of its canonical form: the token stays under
/// 1,024 bytes, which is as far as the engine looks around a place.
pub(crate) const MAX_REVERSIBLE_BYTES: usize = 600;

/// The most symbols behind the prefix.
const MAX_SYMBOLS: usize = ((16 + MAX_REVERSIBLE_BYTES) * 8).div_ceil(5) + CHECK_SYMBOLS;

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
    /// Whether a payload of so many symbols, the check left out, can be one of the mode's.
    fn takes(self, symbols: usize) -> bool {
        match self {
            // 64, 80, 96, 128 bits.
            Mode::OneWay => matches!(symbols, 13 | 16 | 20 | 26),
            Mode::Ip => symbols == 26,
            // 16 bytes and more; 1, 3 and 6 symbols over are no whole number of bytes.
            Mode::Reversible => {
                (26..=MAX_SYMBOLS - CHECK_SYMBOLS).contains(&symbols) && !matches!(symbols % 8, 1 | 3 | 6)
            }
        }
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
    /// The whole token's length in bytes.
    pub length: usize,
}

/// The token at the start of `text`, if there is one; it ends where no letter, digit or `_` follows.
pub(crate) fn parse(text: &[u8]) -> Option<Parts<'_>> {
    if !text.first()?.is_ascii_lowercase() {
        return None;
    }
    // The longest code has eleven letters.
    let code_length = text.iter().take(16).position(|&b| b == b'_')?;
    let (code, rest) = text.split_at_checked(code_length)?;
    let [b'_', letter, kid @ .., b'_'] = rest.first_chunk::<7>()? else { return None };
    let (mode, kid) = (Mode::from_letter(*letter)?, Kid::parse(kid)?);
    let kind = kind_of(code)?;
    let prefix_length = code_length + 7;
    // One symbol more than any token has, so that a long run costs no more than a token.
    let symbols =
        text.get(prefix_length..)?.iter().take(MAX_SYMBOLS + 1).take_while(|b| is_symbol(b)).count();
    let payload_length = symbols.checked_sub(CHECK_SYMBOLS)?;
    let length = prefix_length + symbols;
    let open_end = text.get(length).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    if open_end || !mode.takes(payload_length) {
        return None;
    }
    let (checked, check) = text.get(..length)?.split_at_checked(length - CHECK_SYMBOLS)?;
    let (prefix, payload) = checked.split_at_checked(prefix_length)?;
    Some(Parts { kind, mode, kid, prefix, payload, check, checked, length })
}

/// The length of the token at the start of `text`, with `@domain` behind an e-mail token, if there
/// is one. Only the grammar is asked, no key: text that merely looks like a token passes too.
pub fn looks_like_token(text: &[u8]) -> Option<usize> {
    let parts = parse(text)?;
    let rest = text.get(parts.length..).unwrap_or_default();
    let domain = if parts.kind == TypeId::EMAIL { domain_length(rest) } else { 0 };
    Some(parts.length + domain)
}

/// The first type of the code of the token at the start of `text`, with the token's length as
/// [`looks_like_token`] gives it.
#[cfg(feature = "cli")]
pub(crate) fn token_kind(text: &[u8]) -> Option<(TypeId, usize)> {
    Some((parse(text)?.kind, looks_like_token(text)?))
}

/// The length of `@domain` at the start of `text`, or 0: labels of letters, digits and hyphens,
/// two at least (RFC 1123 section 2.1), at most 253 bytes.
pub(crate) fn domain_length(text: &[u8]) -> usize {
    let Some((b'@', rest)) = text.split_first() else { return 0 };
    let reach = rest.iter().take(254).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let name = rest.get(..reach.count()).unwrap_or_default();
    // A full stop or hyphen behind a domain is the sentence's.
    let trimmed = name.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
    let name = name.get(..trimmed).unwrap_or_default();
    let labels = name.split(|b| *b == b'.');
    let formed = name.len() <= 253 && labels.clone().count() >= 2 && labels.clone().all(|l| !l.is_empty());
    if formed { 1 + name.len() } else { 0 }
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
    /// Whether the check symbols are right; takes as long for wrong ones.
    pub(crate) fn verifies(&self, parts: &Parts<'_>) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.symbols(parts.checked).as_slice(), parts.check).into()
    }
}

/// The first type of a code; types of rule packs have `custom`.
fn kind_of(code: &[u8]) -> Option<TypeId> {
    let custom = TypeId(TypeId::CUSTOM_FIRST);
    TypeId::all().chain([custom]).find(|kind| kind.code().as_bytes() == code)
}

fn is_symbol(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'v')
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
