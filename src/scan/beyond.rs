//! Values that go on behind what a key's separator shows: positions in several parts, dates as a constructor prints them.

use super::looks;
use super::phrases::tail;
use crate::context::{Value, before};
use crate::detect::{dob, gps};
use crate::finding::{Match, TypeId};
use crate::rules::{KeyRule, Shape};

/// The longest that is read from where a value starts, in bytes.
const MAX_BYTES: usize = 64;

/// What stands at the start of a value and behind its end, if its key's shape has such forms.
pub(super) fn found(text: &[u8], rule: &KeyRule, value: Value) -> Option<Match> {
    if value.quoted {
        return None;
    }
    match rule.shape {
        // angles whose signs are quotes: `52°31'12.0"N 13°24'18.0"E`
        Shape::Gps if value.bytes(text).contains(&0xb0) => gps::pair(tail(text, value.start, MAX_BYTES)),
        Shape::Gps => element(text, value)
            .filter(|_| !looks::is_on_screen(rule.words) || gps::has_four_decimals(value.bytes(text))),
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
