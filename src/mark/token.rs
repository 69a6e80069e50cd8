//! The grammar of tokens, asked without a key: `{code}_{mode}{kid}_{payload}{check}`.
//!
//! Whether a text that has the form is a token of ours, only its keyed check symbols tell.

use crate::finding::TypeId;

/// Symbols of the check.
pub(crate) const CHECK_SYMBOLS: usize = 4;
/// The longest value that mode `e` takes, in bytes of its canonical form: the token stays under
/// 1,024 bytes, which is as far as the engine looks around a place.
pub(crate) const MAX_REVERSIBLE_BYTES: usize = 600;
/// The most symbols behind the prefix.
const MAX_SYMBOLS: usize = ((16 + MAX_REVERSIBLE_BYTES) * 8).div_ceil(5) + CHECK_SYMBOLS;
/// The longest prefix with room to spare; the longest code has eleven letters.
const MAX_PREFIX_BYTES: usize = 24;
/// The longest token without a domain, in bytes.
pub(crate) const MAX_TOKEN_BYTES: usize = MAX_PREFIX_BYTES + MAX_SYMBOLS;

/// A text of the form of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The first type of its code.
    pub kind: TypeId,
    /// `h`, `e` or `d`.
    pub mode: u8,
    /// `{code}_{mode}{kid}_`, in bytes.
    pub prefix_length: usize,
    /// All of it, in bytes, without a domain behind it.
    pub length: usize,
}

/// The token at the start of `text`, if there is one; it ends where no letter, digit or `_` follows.
pub(crate) fn shape(text: &[u8]) -> Option<Shape> {
    if !text.first()?.is_ascii_lowercase() {
        return None;
    }
    let code_length = text.iter().take(MAX_PREFIX_BYTES - 7).position(|&b| b == b'_')?;
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
    let open_end = text.get(length).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let whole = !open_end && takes(*mode, symbols.checked_sub(CHECK_SYMBOLS)?);
    whole.then_some(Shape { kind, mode: *mode, prefix_length, length })
}

/// The length of the token at the start of `text`, with `@domain` behind an e-mail token.
pub(crate) fn token_at(text: &[u8]) -> Option<usize> {
    let shape = shape(text)?;
    let rest = text.get(shape.length..).unwrap_or_default();
    let domain = if shape.kind == TypeId::EMAIL { domain_length(rest) } else { 0 };
    Some(shape.length + domain)
}

/// Whether a payload of so many symbols, the check left out, can be one of the mode's.
fn takes(mode: u8, symbols: usize) -> bool {
    match mode {
        // 64, 80, 96, 128 bits.
        b'h' => matches!(symbols, 13 | 16 | 20 | 26),
        b'd' => symbols == 26,
        // 16 bytes and more; 1, 3 and 6 symbols over are no whole number of bytes.
        b'e' => (26..=MAX_SYMBOLS - CHECK_SYMBOLS).contains(&symbols) && !matches!(symbols % 8, 1 | 3 | 6),
        _ => false,
    }
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

/// The first type of a code; types of rule packs have `custom`.
fn kind_of(code: &[u8]) -> Option<TypeId> {
    let custom = TypeId(TypeId::CUSTOM_FIRST);
    TypeId::all().chain([custom]).find(|kind| kind.code().as_bytes() == code)
}
