//! Object identifiers that have four numbers: those of X.500.

/// How far before an identifier a word for one is looked for, in bytes.
const MAX_BACK_BYTES: usize = 64;

/// Words for identifiers and for what they name, from their second letter on.
const WORDS: [&[u8]; 5] = [b"xtension", b"ID ", b"id-ce", b"id-at", b"bjectIdentifier"];

/// Whether four numbers are the identifier of an attribute (2.5.4, ITU-T X.520) or of an extension of a
/// certificate (2.5.29, ITU-T X.509), which a word before says. Without one they are an address.
pub(super) fn is_object_id(text: &[u8], start: usize, octets: [u8; 4]) -> bool {
    if !matches!(octets, [2, 5, 4 | 29, ..100]) {
        return false;
    }
    let head = super::head(text, start, MAX_BACK_BYTES);
    WORDS.iter().any(|word| memchr::memmem::find(head, word).is_some())
        || head.len() > 3 && head[head.len() - 4..].eq_ignore_ascii_case(b"oid=")
}
