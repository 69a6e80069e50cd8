//! Login names behind words that say that one follows: `user name is anna`, `EAP identity 'anna'`.

use super::accept::Hunt;
use super::logins::{ends_record, is_somebody, name_at, take};
use super::people::owned_device;
use super::phrases::{head, tail, word_before};
use crate::detect::dob;
use crate::finding::{Evidence, Match};

/// The longest date of birth that is read, in bytes.
const MAX_DATE_BYTES: usize = 32;

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

/// `EAP identity 'anna'`, `principal "anna@EXAMPLE"`: in quotes.
pub(super) fn identity(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    if matches!(text[at], b'\'' | b'"')
        && let Some((start, end)) = name_at(text, at)
        && !text[start..end].contains(&b'/')
        && is_somebody(&text[start..end])
    {
        take(hunt, start, end);
    }
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

/// A day of birth behind words that say so: `geboren am 03.05.1967`, `born on 3 May 1967`, `geb. 03.05.1967`.
pub(super) fn born(hunt: &mut Hunt<'_>, at: usize) {
    const JOINTS: [&[u8]; 8] = [b"am ", b"on ", b"den ", b"el ", b"em ", b"le ", b"is ", b": "];
    let text = hunt.text;
    let at = at + JOINTS.iter().find(|joint| text[at..].starts_with(joint)).map_or(0, |joint| joint.len());
    let rest = tail(text, at, MAX_DATE_BYTES);
    let rest = &rest[..rest.iter().position(|b| matches!(b, b',' | b';' | b')')).unwrap_or(rest.len())];
    let is_date = rest.first().is_some_and(u8::is_ascii_digit)
        && rest.iter().filter(|b| b.is_ascii_digit()).count() > 4;
    if is_date && let Some(found) = dob::keyed(rest).filter(|found| found.end - found.start > 7) {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
    }
}
