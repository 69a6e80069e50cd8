//! A login name that a record tells under a key or in a sentence stands elsewhere in it, too:
//! `WARN m.braun 730x11x1 … The user 'm.braun' has FAILED authentication`. So does the name that a login name or an
//! e-mail address is made of: `name=Elodie Marchand; e-mail: elodie.marchand@example.fr`.

use super::accept::Hunt;
use super::phrases::{head, slot, tail};
use crate::check::words::Words;
use crate::context::{before, byte_at};
use crate::detect::name;
use crate::finding::TypeId;
use crate::rules::{self, KeyId, given_names};

/// How far from the place that tells a name it is looked for, in bytes.
const MAX_REACH_BYTES: usize = 512;
/// The same for the name that an e-mail address is made of.
const MAX_NAME_REACH_BYTES: usize = 192;
/// The longest name before an address, in bytes.
const MAX_NAME_BYTES: usize = 64;
/// Parts of addresses that several people read.
static ROLES: Words<28> = Words::new([
    b"data",
    b"center",
    b"human",
    b"resources",
    b"no",
    b"reply",
    b"customer",
    b"service",
    b"services",
    b"support",
    b"team",
    b"sales",
    b"info",
    b"help",
    b"desk",
    b"news",
    b"letter",
    b"web",
    b"master",
    b"office",
    b"billing",
    b"accounts",
    b"security",
    b"admin",
    b"operations",
    b"marketing",
    b"press",
    b"legal",
]);
/// The lengths of names that are looked for.
const LENGTHS: std::ops::RangeInclusive<usize> = 5..=48;
/// The lengths of family names that are looked for.
const NAME_LENGTHS: std::ops::RangeInclusive<usize> = 3..=32;

/// Looks for each login name that was found, where its form sets it apart from words.
pub(super) fn hunt(hunt: &mut Hunt<'_>) {
    for i in 0..hunt.found.len() {
        let found = hunt.found[i];
        if matches!(found.kind, TypeId::EMAIL | TypeId::USERNAME) {
            full_name(hunt, found.start, found.end);
        }
        let text = hunt.text;
        let name = &text[found.start..found.end];
        if found.kind != TypeId::USERNAME {
            continue;
        }
        // `user=anna auth=anna host=…` of UW IMAP: who asked, and as whom
        if let Some(rest) = text[found.end..].strip_prefix(b" auth=")
            && rest.starts_with(name)
            && matches!(rest.get(name.len()), Some(b' '))
        {
            let start = found.end + 6;
            hunt.accept(slot(start, start + name.len(), TypeId::USERNAME, rules::USERNAME_PHRASE, 80));
        }
        let tells = |key: KeyId| matches!(key.words(), "uid" | "auid" | "euid" | "user name" | "username");
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

/// Keys of ids under which a name that stands under another is the same person's.
static SAME: Words<7> = Words::new([b"gid", b"egid", b"suid", b"sgid", b"fsuid", b"fsgid", b"euid"]);
/// How far behind a name it is looked for in quotes, in bytes, and how often.
const MAX_AGAIN_BYTES: usize = 320;
const MAX_AGAIN: usize = 8;

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

/// Looks for the name of a person that the login name or local part at `start..end` is made of: `elodie.marchand`,
/// `e.marchand`, `emarchand`. Its words start with capitals; letters with accents are written without them there.
pub(super) fn full_name(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    if !hunt.wants(TypeId::NAME) {
        return;
    }
    let text = hunt.text;
    // most are no two words: `user4711@example.com`
    let is_part = |b: &&u8| b.is_ascii_alphabetic() || matches!(b, b'.' | b'_' | b'-');
    let local = &text[start..end];
    let length = local.iter().take_while(is_part).count();
    if !matches!(local.get(length), None | Some(b'@')) {
        return;
    }
    let local = &local[..length];
    let joint = local.iter().position(|b| matches!(b, b'.' | b'_' | b'-'));
    if joint.is_none() {
        joined_name(hunt, end, local);
    }
    let (given, family) =
        joint.map_or_else(|| local.split_at(local.len().min(1)), |at| (&local[..at], &local[at + 1..]));
    if !NAME_LENGTHS.contains(&family.len()) || joint.is_none() && family.len() < 4 {
        return;
    }
    if given.is_empty() || !given.iter().chain(family).all(u8::is_ascii_alphabetic) {
        return;
    }
    listed_name(hunt, start, given, family);
    if ROLES.contains(given) || ROLES.contains(family) {
        return;
    }
    let from = start - head(text, start, MAX_NAME_REACH_BYTES).len();
    let window = &text[from..end + tail(text, end, MAX_NAME_REACH_BYTES).len()];
    let is_letter = |b: &u8| b.is_ascii_alphabetic() || *b >= 0x80;
    // the capital that the family name starts with, or the first byte of one with an accent
    for place in memchr::memchr3_iter(family[0].to_ascii_uppercase(), 0xc3, 0xc5, window) {
        if place < 3 || window[place - 1] != b' ' {
            continue;
        }
        let stop = place + window[place..].iter().take_while(|b| is_letter(b) || **b == b'-').count();
        if !is_written(&window[place..stop], family) {
            continue;
        }
        let head = &window[..place - 1];
        let length = head.iter().rev().take(48).take_while(|b| is_letter(b) || **b == b'-').count();
        let first = head.len() - length;
        let word = &window[first..first + length];
        let is_given = word.first().is_some_and(|letter| match given {
            [initial] => letter.eq_ignore_ascii_case(initial) || *letter >= 0x80,
            _ => is_written(word, given),
        });
        if is_given && name::displayed(&window[first..stop]).is_some() {
            hunt.accept(slot(from + first, from + stop, TypeId::NAME, rules::NAME, 78));
            // nearly always it stands there once
            return;
        }
    }
}

/// The two words of a name that a local part is made of without a joint, in angles beside the address:
/// `petrahahn@example.com <Petra Hahn>`.
fn joined_name(hunt: &mut Hunt<'_>, end: usize, local: &[u8]) {
    let text = hunt.text;
    let local_start = end
        - text[..end]
            .iter()
            .rev()
            .take(MAX_NAME_BYTES)
            .take_while(|b| !matches!(b, b' ' | b'"' | b'<' | b'\n'))
            .count();
    let behind = tail(text, end, MAX_NAME_BYTES);
    let start = if behind.starts_with(b" <") {
        end + 2
    } else if text[..local_start].ends_with(b"> ") {
        let head = head(text, local_start - 2, MAX_NAME_BYTES);
        let Some(open) = memchr::memrchr(b'<', head) else { return };
        local_start - 2 - head.len() + open + 1
    } else {
        return;
    };
    let name = tail(text, start, MAX_NAME_BYTES);
    let name = &name[..memchr::memchr(b'>', name).unwrap_or(0)];
    let letters = name.iter().filter(|b| **b != b' ');
    if memchr::memchr(b' ', name).is_some()
        && letters.clone().count() == local.len()
        && letters.zip(local).all(|(one, other)| one.eq_ignore_ascii_case(other))
    {
        hunt.accept(slot(start, start + name.len(), TypeId::NAME, rules::NAME, 80));
    }
}

/// The name before the address in brackets at `start`, its family name first, as directories list people:
/// `"Parsons, Derek M (Derek.Parsons@example.com)"`.
fn listed_name(hunt: &mut Hunt<'_>, start: usize, given: &[u8], family: &[u8]) {
    let text = hunt.text;
    if !text[..start].ends_with(b" (") {
        return;
    }
    let line = head(text, start - 2, MAX_NAME_BYTES);
    let open =
        line.iter().rposition(|b| matches!(b, b'"' | b'\'' | b'<' | b';' | b'\t')).map_or(0, |p| p + 1);
    let name = &line[open..];
    let Some(comma) = memchr::memmem::find(name, b", ") else { return };
    if is_written(&name[..comma], family)
        && name[comma + 2..].split(|b| *b == b' ').any(|word| is_written(word, given))
    {
        hunt.accept(slot(start - 2 - name.len(), start - 2, TypeId::NAME, rules::NAME, 84));
    }
}

/// Whether a word of a name is written `plain` where only letters of ASCII are: `Zöllner` as `zoellner` or `zollner`.
fn is_written(word: &[u8], plain: &[u8]) -> bool {
    let Ok(word) = std::str::from_utf8(word) else { return false };
    if !word.chars().next().is_some_and(char::is_uppercase) {
        return false;
    }
    let mut rest = plain;
    word.chars().all(|letter| {
        let (long, short): (&[u8], u8) = match letter {
            'ä' | 'Ä' | 'æ' | 'Æ' => (b"ae", b'a'),
            'ö' | 'Ö' | 'ø' | 'Ø' => (b"oe", b'o'),
            'ü' | 'Ü' => (b"ue", b'u'),
            'å' | 'Å' => (b"aa", b'a'),
            'ß' => (b"ss", b's'),
            _ => (b"-", given_names::without_accent(letter).unwrap_or(b'-')),
        };
        let length = if rest.len() > 1 && rest[..2].eq_ignore_ascii_case(long) {
            2
        } else {
            usize::from(rest.first().is_some_and(|b| b.eq_ignore_ascii_case(&short)))
        };
        rest = &rest[length..];
        length > 0
    }) && rest.is_empty()
}
