//! Values that stand in an object of their own, under a word that says nothing of them: what databases type
//! (`"username":{"S":"anna"}`) and histories of changes tell (`"username":{"old":"anna","new":"annab"}`).

use super::accept::Hunt;
use super::keyed;
use crate::check::words::Words;
use crate::context::KeyMatch;
use crate::context::value::{self, Reach, Value};
use crate::rules::KeyRule;

/// Words for a type, for before and after, for text, of DynamoDB, Firestore, XML in JSON and others.
static WRAPPERS: Words<22> = Words::new([
    b"s",
    b"n",
    b"value",
    b"stringvalue",
    b"string_value",
    b"integervalue",
    b"string",
    b"old",
    b"new",
    b"before",
    b"after",
    b"from",
    b"to",
    b"previous",
    b"current",
    b"prev",
    b"next",
    b"oldvalue",
    b"newvalue",
    b"old_value",
    b"new_value",
    b"#text",
]);

/// The object's values, of a key whose objects have members of their own in most logs.
pub(super) fn values(hunt: &mut Hunt<'_>, key: &KeyMatch, rule: &'static KeyRule, separator: usize) {
    let (text, longest) = (hunt.text, hunt.overlaid.longest(separator));
    let end = value::values_after(text, key.start, separator, Reach::Plain, longest, |value| {
        if is_wrapped(text, value) {
            keyed::evaluate(hunt, key, rule, value);
        }
    });
    hunt.followed(separator, end);
}

/// Whether the name of the member before a value is one of the words.
fn is_wrapped(text: &[u8], value: Value) -> bool {
    let is_slash = |b: &u8| *b == b'\\';
    let strip = |head: &mut &[u8], quote: u8| {
        let Some(rest) = head.strip_suffix(&[quote]) else { return false };
        let slashes = rest.iter().rev().take(16).take_while(|b| is_slash(b)).count();
        *head = &rest[..rest.len() - slashes];
        true
    };
    let mut head = &text[value.start.saturating_sub(64)..value.start];
    if value.quoted && !strip(&mut head, b'"') {
        return false;
    }
    head = head.trim_ascii_end().strip_suffix(b":").unwrap_or_default().trim_ascii_end();
    if !strip(&mut head, b'"') {
        return false;
    }
    let length =
        head.iter().rev().take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'#')).count();
    WRAPPERS.contains(&head[head.len() - length..])
}
