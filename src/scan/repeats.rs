//! A login name that a record tells under a key or in a sentence stands elsewhere in it, too:
//! `WARN m.braun 730x11x1 … The user 'm.braun' has FAILED authentication`.

use super::accept::Hunt;
use super::full_names;
use super::phrases::{head, slot, tail};
use crate::check::words::Words;
use crate::context::{before, byte_at};
use crate::finding::TypeId;
use crate::rules::{self, KeyId};

/// How far from the place that tells a name it is looked for, in bytes.
const MAX_REACH_BYTES: usize = 512;

/// The lengths of names that are looked for.
const LENGTHS: std::ops::RangeInclusive<usize> = 5..=48;

/// Keys of ids under which a name that stands under another is the same person's.
static SAME: Words<7> = Words::new([b"gid", b"egid", b"suid", b"sgid", b"fsuid", b"fsgid", b"euid"]);
/// How far behind a name it is looked for in quotes, in bytes, and how often.
const MAX_AGAIN_BYTES: usize = 320;
const MAX_AGAIN: usize = 8;

/// Looks for each login name that was found, where its form sets it apart from words.
pub(super) fn hunt(hunt: &mut Hunt<'_>) {
    for i in 0..hunt.found.len() {
        let found = hunt.found[i];
        if matches!(found.kind, TypeId::EMAIL | TypeId::USERNAME) {
            full_names::beside(hunt, found.start, found.end);
        }
        if found.kind != TypeId::USERNAME {
            continue;
        }
        let text = hunt.text;
        let name = &text[found.start..found.end];
        // `user=anna auth=anna host=…` of UW IMAP: who asked, and as whom
        if let Some(rest) = text[found.end..].strip_prefix(b" auth=")
            && rest.starts_with(name)
            && matches!(rest.get(name.len()), Some(b' '))
        {
            let start = found.end + 6;
            hunt.accept(slot(start, start + name.len(), TypeId::USERNAME, rules::USERNAME_PHRASE, 80));
        }
        // `user=anna(anna) partition=…` of BIG-IP
        if let Some(rest) = text[found.end..].strip_prefix(b"(")
            && rest.starts_with(name)
            && rest.get(name.len()) == Some(&b')')
        {
            let start = found.end + 1;
            hunt.accept(slot(start, start + name.len(), TypeId::USERNAME, rules::USERNAME_PHRASE, 80));
        }
        let tells = |key: KeyId| matches!(key.words(), "uid" | "auid" | "euid" | "user name" | "username");
        if found.key.is_some() {
            in_folder(hunt, found.start, found.end);
        }
        if found.key.is_some_and(tells) {
            quoted_again(hunt, found.start, found.end);
        }
        if !LENGTHS.contains(&name.len()) {
            continue;
        }
        let Some(form) = form(name) else { continue };
        let from = found.start - head(text, found.start, MAX_REACH_BYTES).len();
        let window = &text[from..found.end + tail(text, found.end, MAX_REACH_BYTES).len()];
        // a word is only looked for in tuples, and in brackets if it was told in some
        let fenced = before(text, found.start) == b'[' && byte_at(text, found.end) == b']';
        if form == Form::Word && !fenced && memchr::memmem::find(window, b"('").is_none() {
            continue;
        }
        for place in memchr::memmem::find_iter(window, name) {
            let (start, end) = (from + place, from + place + name.len());
            let again = fenced && before(text, start) == b'[' && byte_at(text, end) == b']';
            if start != found.start && (again || stands_alone(text, start, end, form)) {
                hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 75));
            }
        }
    }
}

/// Looks behind the quoted name at `start..end` for the same under the keys that say so only beside it:
/// `UID="anna" GID="anna"`, `user_name="anna" … name="anna"`.
fn quoted_again(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let text = hunt.text;
    let quote = byte_at(text, end);
    if !matches!(quote, b'"' | b'\'') || before(text, start) != quote || end - start < 3 {
        return;
    }
    let name = &text[start - 1..=end];
    let rest = tail(text, end, MAX_AGAIN_BYTES);
    for place in memchr::memmem::find_iter(rest, name).take(MAX_AGAIN).map(|place| end + place) {
        let head = head(text, place, 24);
        let (head, is_pair) = match head.strip_suffix(b"=") {
            Some(head) => (head, true),
            None => (head.trim_ascii_end().strip_suffix(b":").unwrap_or_default(), false),
        };
        let head = head.strip_suffix(&[quote]).unwrap_or(head);
        let letters = head.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
        let key = &head[head.len() - letters..];
        if SAME.contains(key) || is_pair && key == b"name" {
            let (start, end) = (place + 1, place + name.len() - 1);
            hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 75));
        }
    }
}

/// Looks for the name at `start..end` as the folder of a user's own things: `/remote.php/dav/files/anna/Scans/…`.
fn in_folder(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    // of WebDAV (RFC 4918), CalDAV (RFC 4791) and CardDAV (RFC 6352), as servers lay them out
    const ABOVE: [&[u8]; 7] = [
        b"/dav/files",
        b"/dav/calendars",
        b"/dav/addressbooks",
        b"/dav/addressbooks/users",
        b"/dav/trashbin",
        b"/principals/users",
        b"/dav/uploads",
    ];
    let text = hunt.text;
    let name = &text[start..end];
    let from = start - head(text, start, MAX_REACH_BYTES).len();
    let window = &text[from..end + tail(text, end, MAX_REACH_BYTES).len()];
    for slash in memchr::memchr_iter(b'/', window) {
        let Some(rest) = window[slash + 1..].strip_prefix(name) else { continue };
        let ends = matches!(rest.first(), Some(b'/' | b' ' | b'"' | b'?' | b'\''));
        if ends && ABOVE.iter().any(|above| window[..slash].ends_with(above)) {
            let first = from + slash + 1;
            hunt.accept(slot(first, first + name.len(), TypeId::USERNAME, rules::USERNAME_PHRASE, 80));
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// `m.braun`, `kibana_anna`, `anna7`
    Marked,
    /// `hlarsen`: any word could be one
    Word,
}

/// The form of a name that may be looked for; services and hosts have dashes, addresses are found by
/// their shape.
fn form(name: &[u8]) -> Option<Form> {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_');
    let letters = name.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if !name.iter().all(is_part) || letters < 3 || name.iter().filter(|b| **b == b'.').count() > 1 {
        return None;
    }
    Some(if letters < name.len() { Form::Marked } else { Form::Word })
}

/// Nothing is glued to it, and no other key says what it is there.
fn stands_alone(text: &[u8], start: usize, end: usize, form: Form) -> bool {
    let (left, right) = (before(text, start), byte_at(text, end));
    let ends = matches!(right, b' ' | b',' | b';' | b'\n' | b'\r' | b'|')
        || matches!(right, b'.' | b':') && matches!(byte_at(text, end + 1), b' ' | b'\n');
    match left {
        b' ' | b'|' | b'\n' | b'\t' => {
            // `user: x db: x`, `user = x`
            let word = start.checked_sub(2).map_or(b'\n', |at| text[at]);
            form == Form::Marked && ends && !matches!(word, b':' | b'=' | b'>')
        }
        b'[' | b'(' | b'<' => form == Form::Marked && matches!(right, b']' | b')' | b'>' | b'/'),
        b'"' | b'\'' => {
            let opener = start.checked_sub(2).map_or(b'\n', |at| text[at]);
            right == left && (matches!(opener, b'(' | b'[') || form == Form::Marked && opener == b' ')
        }
        _ => false,
    }
}
