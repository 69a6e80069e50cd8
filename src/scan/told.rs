//! Login names behind words that say that one follows: `user name is anna`, `EAP identity 'anna'`.

use super::accept::Hunt;
use super::devices::owned_device;
use super::login_words::ends_record;
use super::logins::{is_somebody, name_at, take};
use super::phrases::{head, word_before};
use crate::context::byte_at;
use crate::context::value::string_end;
use crate::detect::address;
use crate::finding::{Evidence, Match, TypeId};

/// The longest postal address that is told, in bytes.
const MAX_ADDRESS_BYTES: usize = 160;

/// What `name` at `word` is told to be, from behind it: `user name is anna`, `the user name that has been provided was
/// "anna"`, `Host name is Annas-ThinkPad.local.`
pub(super) fn told(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const JOINTS: [&[u8]; 3] = [b"is ", b"was ", b"that has been provided was "];
    let text = hunt.text;
    match JOINTS.iter().find(|joint| text[at..].starts_with(joint)) {
        Some(joint) if word_before(text, word).eq_ignore_ascii_case(b"user") => named(hunt, at + joint.len()),
        Some(&b"is ") => owned_device(hunt, at + 3),
        _ => owned_device(hunt, at),
    }
}

/// `user name is anna, portal is …`, at the end of a clause.
fn named(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let Some((start, end)) = name_at(text, at) else { return };
    let after = &text[end..];
    if (ends_record(after) || start > at || matches!(after[0], b',' | b';' | b'.'))
        && is_somebody(&text[start..end])
    {
        take(hunt, start, end);
    }
}

/// `EAP identity 'anna'`, `principal "anna@EXAMPLE"`, `principal [anna.berg]`: in quotes or brackets.
pub(super) fn identity(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    if matches!(text[at], b'\'' | b'"' | b'[')
        && let Some((start, end)) = name_at(text, at)
        && !text[start..end].contains(&b'/')
        && !is_host(&text[start..end])
        && is_somebody(&text[start..end])
    {
        take(hunt, start, end);
    }
}

/// `could not parse address 'Flat 2, 19 Castle Terrace, Edinburgh EH1 2DP'`: a postal address in quotes.
pub(super) fn postal(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let open = at + usize::from(text[at] == b'\\');
    if !matches!(byte_at(text, open), b'\'' | b'"') || !hunt.wants(TypeId::ADDRESS) {
        return;
    }
    if let Some(end) = string_end(text, open, open - at).filter(|end| end - open < MAX_ADDRESS_BYTES)
        && let Some(found) = address::bare(&text[open + 1..end], true)
        && is_whole_address(&text[open + 1..end])
    {
        let (start, evidence) = (open + 1, found.evidence.and(Evidence::SLOT_PHRASE));
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
}

/// Whether an address has parts and names, of whom one may be a postal code of digits: `Segment 3 offset 12` is none.
fn is_whole_address(address: &[u8]) -> bool {
    let words = || address.split(|b| matches!(b, b' ' | b',')).filter(|word| word.len() > 1);
    let names = words().filter(|word| word[0].is_ascii_uppercase() || word[0] >= 0x80).count();
    let has_code = words().any(|word| matches!(word.len(), 4 | 5) && word.iter().all(u8::is_ascii_digit));
    memchr::memmem::find(address, b", ").is_some() && names + usize::from(has_code) > 2
}

/// `sat-02.example.net`: two dots and a first label as machines have.
fn is_host(name: &[u8]) -> bool {
    let mut labels = name.split(|b| *b == b'.');
    let first = labels.next().unwrap_or_default();
    labels.count() > 1 && first.iter().any(|b| b.is_ascii_digit() || *b == b'-')
}

/// `Anmeldung des Benutzers anna an der Benutzeroberfläche`.
pub(super) fn german_user(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    if word_before(text, word) == b"des"
        && let Some((start, end)) = name_at(text, at)
        && is_somebody(&text[start..end])
    {
        take(hunt, start, end);
    }
}

/// `Successfully logged in using anna, from 192.0.2.7 and GUI.` of iDRAC.
pub(super) fn logged_in_using(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    if head(text, word, 16).ends_with(b"ogged in ")
        && let Some((start, end)) = name_at(text, at)
        && text[end..].starts_with(b", from ")
        && is_somebody(&text[start..end])
    {
        take(hunt, start, end);
    }
}
