//! The grammar of tokens, asked without a key: `{code}_{mode}{kid}_{payload}{check}`, and behind a
//! one-way token perhaps its sealed value, `.s{public key's id}_{payload}{check}`.
//!
//! Whether a text that has the form is a token of ours, only its keyed check symbols tell.

use crate::finding::TypeId;

/// Symbols of the check.
pub(crate) const CHECK_SYMBOLS: usize = 4;
/// The longest value that mode `e` takes, in bytes of its canonical form: the token stays under
/// 1,024 bytes, which is as far as the engine looks around a place.
pub(crate) const MAX_REVERSIBLE_BYTES: usize = 600;
/// The longest value that is sealed, in bytes of its canonical form; the bound is the same.
pub(crate) const MAX_SEALED_BYTES: usize = 512;
/// Bytes of a sealed payload that are not the value: the encapsulated key (RFC 9180 section 7.1,
/// X25519) and the tag of ChaCha20-Poly1305.
pub(crate) const SEAL_OVERHEAD_BYTES: usize = 32 + 16;
/// `.s{id}_`, in bytes.
pub(crate) const SEAL_PREFIX_BYTES: usize = 7;
/// The most symbols behind the prefix.
const MAX_SYMBOLS: usize = ((16 + MAX_REVERSIBLE_BYTES) * 8).div_ceil(5) + CHECK_SYMBOLS;
/// The longest code: built-in ones have eleven letters at most, longer names of rule packs' types are cut.
pub(super) const MAX_CODE_BYTES: usize = 17;
/// `{code}_{mode}{kid}_`
const MAX_PREFIX_BYTES: usize = MAX_CODE_BYTES + 7;
/// The longest token without a domain, in bytes.
pub(crate) const MAX_TOKEN_BYTES: usize = MAX_PREFIX_BYTES + MAX_SYMBOLS;

/// The longest one-way token, in bytes.
pub(crate) const MAX_TAG_BYTES: usize = MAX_PREFIX_BYTES + 26 + CHECK_SYMBOLS;

/// A text of the form of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The first type of its code.
    pub kind: TypeId,
    /// `h`, `e` or `d`.
    pub mode: u8,
    /// `{code}_{mode}{kid}_`, in bytes.
    pub prefix_length: usize,
    /// All of it, in bytes, without a domain or a sealed value behind it.
    pub length: usize,
    /// The sealed value behind it, in bytes; 0 if there is none.
    pub sealed_length: usize,
}

/// The token at the start of `text`, if there is one; it ends where no letter, digit or `_` follows.
pub(crate) fn shape(text: &[u8]) -> Option<Shape> {
    if !text.first()?.is_ascii_lowercase() {
        return None;
    }
    let code_length = text.iter().take(MAX_CODE_BYTES + 1).position(|&b| b == b'_')?;
    let (code, rest) = text.split_at_checked(code_length)?;
    let [b'_', mode, kid @ .., b'_'] = rest.first_chunk::<7>()? else { return None };
    if !kid.iter().all(is_symbol) {
        return None;
    }
    let kind = kind_of(code)?;
    let prefix_length = code_length + 7;
    // One symbol more than any token has, so that a long run costs no more than a token.
    let symbols =
        text.get(prefix_length..)?.iter().take(MAX_SYMBOLS + 1).take_while(|b| is_symbol(b)).count();
    let length = prefix_length + symbols;
    if is_open(text, length) || !takes(*mode, symbols.checked_sub(CHECK_SYMBOLS)?) {
        return None;
    }
    let rest = text.get(length..).unwrap_or_default();
    let sealed_length = if *mode == b'h' { sealed_length(rest).unwrap_or(0) } else { 0 };
    Some(Shape { kind, mode: *mode, prefix_length, length, sealed_length })
}

/// Whether the word that ends at `end` goes on behind it.
fn is_open(text: &[u8], end: usize) -> bool {
    text.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// The length of the sealed value at the start of `text`, if there is one.
fn sealed_length(text: &[u8]) -> Option<usize> {
    let [b'.', b's', id @ .., b'_'] = text.first_chunk::<SEAL_PREFIX_BYTES>()? else { return None };
    if !id.iter().all(is_symbol) {
        return None;
    }
    let payload = text.get(SEAL_PREFIX_BYTES..)?.iter().take(MAX_SYMBOLS + 1);
    let symbols = payload.take_while(|b| is_symbol(b)).count();
    let length = SEAL_PREFIX_BYTES + symbols;
    let (least, most) = (SEAL_OVERHEAD_BYTES, SEAL_OVERHEAD_BYTES + MAX_SEALED_BYTES);
    let fits = is_bytes(symbols.checked_sub(CHECK_SYMBOLS)?, least, most);
    (fits && !is_open(text, length)).then_some(length)
}

/// The length of the token at the start of `text`, with `@domain` behind an e-mail token, or with
/// its sealed value.
pub(crate) fn token_at(text: &[u8]) -> Option<usize> {
    token_with_kind(text).map(|(_, length)| length)
}

/// The same, with the first type of its code.
pub(crate) fn token_with_kind(text: &[u8]) -> Option<(TypeId, usize)> {
    let shape = shape(text)?;
    if shape.sealed_length > 0 {
        return Some((shape.kind, shape.length + shape.sealed_length));
    }
    let rest = text.get(shape.length..).unwrap_or_default();
    let domain = if shape.kind == TypeId::EMAIL { domain_length(rest) } else { 0 };
    Some((shape.kind, shape.length + domain))
}

/// Whether a payload of so many symbols, the check left out, can be one of the mode's.
fn takes(mode: u8, symbols: usize) -> bool {
    match mode {
        // 64, 80, 96, 128 bits.
        b'h' => matches!(symbols, 13 | 16 | 20 | 26),
        b'd' => symbols == 26,
        b'e' => is_bytes(symbols, 16, 16 + MAX_REVERSIBLE_BYTES),
        _ => false,
    }
}

/// Whether so many symbols are a whole number of bytes, `least` to `most`: 1, 3 and 6 symbols over
/// eight are none.
fn is_bytes(symbols: usize, least: usize, most: usize) -> bool {
    let length = |bytes: usize| (bytes * 8).div_ceil(5);
    (length(least)..=length(most)).contains(&symbols) && !matches!(symbols % 8, 1 | 3 | 6)
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

/// Whether a byte is one of `[0-9a-v]`.
pub(crate) fn is_symbol(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'v')
}

/// Stands before the name of a rule pack's type. Without it every word could be a code, and the letter
/// of an escape before a token (`\nemail_h…`) could not be told from a part of one.
const CUSTOM_LEAD: &str = "x";

/// The first type of a code; those of rule packs begin with `x`, or are `custom`.
fn kind_of(code: &[u8]) -> Option<TypeId> {
    let custom = TypeId(TypeId::CUSTOM_FIRST);
    let built_in = |code: &[u8]| TypeId::all().chain([custom]).find(|kind| kind.code().as_bytes() == code);
    built_in(code).or_else(|| {
        let name = code.strip_prefix(CUSTOM_LEAD.as_bytes())?;
        let is_name = name.first().is_some_and(u8::is_ascii_lowercase)
            && name.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        (is_name && built_in(name).is_none()).then_some(custom)
    })
}

/// The code of a rule pack's type: `x` and its id without `-`; one that is too long ends with seven
/// symbols of the id's SHA-256.
#[cfg(feature = "token")]
pub(crate) fn code_of_custom(id: &str) -> String {
    use sha2::{Digest, Sha256};
    let letters = id.chars().filter(|c| *c != '-');
    let code: String = CUSTOM_LEAD.chars().chain(letters).collect();
    if code.len() <= MAX_CODE_BYTES {
        return code;
    }
    let digest = Sha256::digest(id.as_bytes());
    let symbols = digest.iter().take(7).map(|byte| char::from_digit(u32::from(byte & 31), 32).unwrap_or('0'));
    code.chars().take(MAX_CODE_BYTES - 7).chain(symbols).collect()
}
