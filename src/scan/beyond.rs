//! Values that go on behind what a key's separator shows: positions in several parts, dates as a constructor prints them.

use super::login_words::is_login;
use super::phrases::{head, tail};
use crate::context::{Value, before};
use crate::detect::{dob, gps, username};
use crate::finding::{Match, TypeId};
use crate::rules::{KeyRule, Shape};

/// The longest that is read from where a value starts, in bytes.
const MAX_BYTES: usize = 64;
/// How far before a value its record may start, in bytes.
const MAX_HEAD_BYTES: usize = 2048;
/// How much of the start of a record is asked what it is about, in bytes.
const MAX_RECORD_BYTES: usize = 192;

/// What stands at the start of a value and behind its end, if its key's shape has such forms.
pub(super) fn found(text: &[u8], rule: &KeyRule, value: Value) -> Option<Match> {
    if value.quoted {
        return None;
    }
    match rule.shape {
        // angles whose signs are quotes: `52°31'12.0"N 13°24'18.0"E`
        Shape::Gps if value.bytes(text).contains(&0xb0) => gps::pair(tail(text, value.start, MAX_BYTES)),
        Shape::Gps => element(text, value),
        // `birth_date=datetime.date(1989, 7, 3)` of Python
        _ if rule.kind == TypeId::DOB && value.bytes(text).starts_with(b"date") => {
            dob::constructed(tail(text, value.start, MAX_BYTES))
        }
        _ => None,
    }
}

/// One number of an array under a key for positions.
fn element(text: &[u8], value: Value) -> Option<Match> {
    let mut at = value.start;
    while before(text, at) == b' ' {
        at -= 1;
    }
    let is_element = matches!(before(text, at), b'[' | b',') && value.hard_end == value.end;
    is_element.then(|| gps::coordinate(value.bytes(text))).flatten()
}

/// A login name that was typed where an address of mail is asked: `Failed sign-in attempt … {"email":"mbecker8"}`. The
/// record says that somebody wanted in.
pub(super) fn typed_login(text: &[u8], rule: &KeyRule, start: usize, end: usize) -> Option<Match> {
    let value = &text[start..end];
    if rule.shape != Shape::Email || rule.kind != TypeId::EMAIL || value.contains(&b'@') {
        return None;
    }
    // `{"email":"unverified"}`: a state
    if !value.iter().any(u8::is_ascii_digit) && !is_login(value) {
        return None;
    }
    let found = username::keyed(value, true)
        .filter(|found| found.end - found.start == value.len() && value.len() > 3)?;
    // what the record starts with: what was replaced behind it moves nothing
    let record = head(text, start, MAX_HEAD_BYTES);
    let record = &record[..record.len().min(MAX_RECORD_BYTES)];
    let says = |word: &&[u8]| memchr::memmem::find(record, word).is_some();
    [&b"ogin attempt"[..], b"ign-in attempt", b"invalid_login", b"ogin fail", b"auth_fail"]
        .iter()
        .any(says)
        .then_some(found)
}
