//! Login names behind words that say that one follows: `user name is anna`, `EAP identity 'anna'`.

use super::accept::Hunt;
use super::devices::owned_device;
use super::logins::{ends_record, is_somebody, name_at, take};
use super::phrases::{head, word_before};

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
