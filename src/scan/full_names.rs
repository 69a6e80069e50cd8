//! The name of a person beside the e-mail address or login name that is made of it:
//! `name=Elodie Marchand; e-mail: elodie.marchand@example.fr`.

use super::accept::Hunt;
use super::phrases::{head, slot, tail};
use crate::check::words::Words;
use crate::detect::name;
use crate::finding::TypeId;
use crate::rules::{self, given_names};

/// How far from an address or login name the name that it is made of is looked for, in bytes.
const MAX_NAME_REACH_BYTES: usize = 192;
/// The longest name before an address, in bytes.
const MAX_NAME_BYTES: usize = 64;
/// The lengths of family names that are looked for.
const NAME_LENGTHS: std::ops::RangeInclusive<usize> = 3..=32;
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

/// Looks for the name of a person that the login name or local part at `start..end` is made of: `elodie.marchand`,
/// `e.marchand`, `emarchand`. Its words start with capitals; letters with accents are written without them there.
pub(super) fn beside(hunt: &mut Hunt<'_>, start: usize, end: usize) {
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
        joined(hunt, start, end, local);
    }
    let (given, family) =
        joint.map_or_else(|| local.split_at(local.len().min(1)), |at| (&local[..at], &local[at + 1..]));
    if !NAME_LENGTHS.contains(&family.len()) || joint.is_none() && family.len() < 4 {
        return;
    }
    if given.is_empty() || !given.iter().chain(family).all(u8::is_ascii_alphabetic) {
        return;
    }
    listed(hunt, start, given, family);
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
fn joined(hunt: &mut Hunt<'_>, address: usize, end: usize, local: &[u8]) {
    let text = hunt.text;
    let behind = tail(text, end, MAX_NAME_BYTES);
    let start = if behind.starts_with(b" <") {
        end + 2
    } else if text[..address].ends_with(b"> ") {
        let head = head(text, address - 2, MAX_NAME_BYTES);
        let Some(open) = memchr::memrchr(b'<', head) else { return };
        address - 2 - head.len() + open + 1
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
fn listed(hunt: &mut Hunt<'_>, start: usize, given: &[u8], family: &[u8]) {
    let text = hunt.text;
    if !text[..start].ends_with(b" (") {
        return;
    }
    let line = head(text, start - 2, MAX_NAME_BYTES);
    let open =
        line.iter().rposition(|b| matches!(b, b'"' | b'\'' | b'<' | b';' | b'\t')).map_or(0, |p| p + 1);
    let name = &line[open..];
    // `Parsons, see Derek for the report (…`: a sentence
    let is_title =
        |word: &[u8]| word.first().is_some_and(|b| b.is_ascii_uppercase() || matches!(b, b'(' | 0x80..));
    if name.split(|b| *b == b' ').count() > 5 || !name.split(|b| *b == b' ').all(is_title) {
        return;
    }
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

/// A given name in quotes before an address of SIP: what a telephone shows of a caller.
pub(super) fn shown(hunt: &mut Hunt<'_>, end: usize) {
    let text = hunt.text;
    let Some(inner) = text[..end].strip_suffix(b"\"") else { return };
    let letters = inner.iter().rev().take(32).take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
    let start = inner.len() - letters;
    let is_quoted = inner[..start].ends_with(b"\"");
    if (3..32).contains(&letters) && is_quoted && name::is_given(&inner[start..].to_ascii_lowercase()) {
        hunt.accept(slot(start, end - 1, TypeId::NAME, rules::NAME, 80));
    }
}

/// The name in a comment behind an address (RFC 5322 section 3.2.2): `anna.b@example.com (Anna Berg)`.
pub(super) fn in_comment(hunt: &mut Hunt<'_>, start: usize) {
    let comment = tail(hunt.text, start, MAX_NAME_BYTES);
    let Some(length) = memchr::memchr(b')', comment) else { return };
    if let Some(found) = name::bare(&comment[..length], false, false).filter(|found| found.end == length) {
        hunt.accept(slot(start + found.start, start + found.end, TypeId::NAME, rules::NAME, 80));
    }
}
