//! Vetoes: look-alikes that stay, each shared by every detector that could take it.

use super::{KeyTable, before, byte_at, is_word, key_of_value, veto_of};
use crate::rules::Veto;

/// Whether four numbers between dots are rather a version than an address, judged by what
/// stands around them: a product before a slash, a key, `v`, a package name, a suffix.
pub(crate) fn quad_is_version(
    table: &KeyTable,
    text: &[u8],
    record: usize,
    start: usize,
    end: usize,
    octets: [u8; 4],
) -> bool {
    let (left, right) = (before(text, start), byte_at(text, end));
    // versions rarely have parts of 128 and more behind the first
    if octets[1..].iter().any(|o| *o >= 128) {
        return false;
    }
    let private = is_private(octets);
    match left {
        b'/' => return !private && product_before(text, record, start, end),
        b'v' | b'V' if !is_word(before(text, start.saturating_sub(1))) => return true,
        b'r' if !is_word(before(text, start.saturating_sub(1))) && !private => return true,
        b'-' | b'_' if !private => {
            let further = before(text, start - 1);
            if further.is_ascii_alphabetic() && !names_address(text, record, start - 1) {
                return true;
            }
        }
        b':' if text[record..start].ends_with(b"rv:") => return true,
        _ => {}
    }
    if !private {
        match right {
            b'+' => return true,
            b'-' | b'_' | b'~' if byte_at(text, end + 1).is_ascii_alphanumeric() => {
                let next_quad =
                    text[end + 1..].iter().take(4).position(|b| *b == b'.').is_some_and(|p| p <= 3)
                        && byte_at(text, end + 1).is_ascii_digit();
                if !next_quad && !(left == b'-' || left == b'_') {
                    return true;
                }
            }
            byte if byte.is_ascii_alphabetic() => return true,
            b'.' if matches!(
                &text[(end + 1).min(text.len())..(end + 4).min(text.len())],
                b"jar"
                    | b"tgz"
                    | b"zip"
                    | b"rpm"
                    | b"deb"
                    | b"exe"
                    | b"dll"
                    | b"apk"
                    | b"ipa"
                    | b"tar"
                    | b"war"
                    | b"whl"
                    | b"gem"
                    | b"gz\n"
                    | b"so "
            ) =>
            {
                return true;
            }
            _ => {}
        }
    }
    if matches!(left, b' ' | b'=' | b':' | b'"' | b'\'' | b'(' | b'\t' | b'>') {
        let key = key_of_value(table, text, record, start);
        if veto_of(table, key.as_ref()) == Some(Veto::Version) {
            return true;
        }
    }
    false
}

fn is_private(octets: [u8; 4]) -> bool {
    matches!(octets, [10, ..] | [192, 168, ..] | [172, 16..=31, ..] | [127, ..] | [169, 254, ..])
}

/// Whether a product name stands before the slash before `start` (`Chrome/120.0.0.0`); host names
/// (`node-1.example/10.0.0.1:9000`), paths and words for addresses do not count.
fn product_before(text: &[u8], record: usize, start: usize, end: usize) -> bool {
    let slash = start - 1;
    let floor = record.max(slash.saturating_sub(40));
    let mut word = slash;
    while word > floor && (is_word(text[word - 1]) || matches!(text[word - 1], b'-' | b'.')) {
        word -= 1;
    }
    let name = &text[word..slash];
    if name.is_empty() || !name.iter().any(u8::is_ascii_alphabetic) {
        return false;
    }
    if before(text, word) == b'/' || names_address(text, record, slash) {
        return false;
    }
    let port = byte_at(text, end) == b':' && byte_at(text, end + 1).is_ascii_digit();
    !port && !name.contains(&b'.')
}

/// Whether the word that ends at `end` says that an address follows.
fn names_address(text: &[u8], record: usize, end: usize) -> bool {
    let floor = record.max(end.saturating_sub(24));
    let mut start = end;
    while start > floor && text[start - 1].is_ascii_alphabetic() {
        start -= 1;
    }
    let word = &text[start..end];
    const WORDS: [&[u8]; 24] = [
        b"ip",
        b"ipv4",
        b"addr",
        b"address",
        b"host",
        b"src",
        b"dst",
        b"source",
        b"dest",
        b"client",
        b"from",
        b"to",
        b"server",
        b"peer",
        b"remote",
        b"local",
        b"node",
        b"inet",
        b"bp",
        b"localhost",
        b"endpoint",
        b"gateway",
        b"via",
        b"static",
    ];
    WORDS.iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// Whether the digits that start at `start` stand under a key or word that says what else they are
/// (an id, a time, a count, a version, a digest).
pub(crate) fn number_is_named(table: &KeyTable, text: &[u8], record: usize, start: usize) -> bool {
    let key = key_of_value(table, text, record, start);
    veto_of(table, key.as_ref()).is_some()
}

/// Whether the hex digits that start at `start` are a digest or fingerprint by their key.
pub(crate) fn is_digest(table: &KeyTable, text: &[u8], record: usize, start: usize) -> bool {
    let key = key_of_value(table, text, record, start);
    veto_of(table, key.as_ref()) == Some(Veto::Digest)
}
