//! What names a subscriber or their device behind a word and a blank: `IMEI 490154203237518`, `ECGI 262-01-1a2b3c4`.

use super::accept::Hunt;
use super::phrases::slot;
use crate::context::byte_at;
use crate::detect::{cell_id, imei};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// Hex digits of the token of a device of Apple's push service.
const PUSH_BYTES: usize = 64;

/// The word at `at`: digits, letters and dashes.
fn word(text: &[u8], at: usize) -> &[u8] {
    let length = text[at..].iter().take(80).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    &text[at..at + length]
}

/// The number of a device, with its software's version or not.
pub(super) fn equipment(hunt: &mut Hunt<'_>, at: usize) {
    let digits = word(hunt.text, at);
    if !digits.iter().all(u8::is_ascii_digit) {
        return;
    }
    let found = match digits.len() {
        14 | 15 => imei::keyed(digits),
        16 => imei::keyed_imeisv(digits),
        _ => None,
    };
    take(hunt, at, found);
}

/// A global identity of a cell or an area.
pub(super) fn cell(hunt: &mut Hunt<'_>, at: usize) {
    let value = word(hunt.text, at);
    if value.contains(&b'-') && value[0].is_ascii_digit() {
        take(hunt, at, cell_id::keyed(value));
    }
}

/// The token of a device in the service that pushes messages to it.
pub(super) fn pushed(hunt: &mut Hunt<'_>, at: usize) {
    let value = word(hunt.text, at);
    let end = at + value.len();
    if value.len() == PUSH_BYTES && value.iter().all(u8::is_ascii_hexdigit) && byte_at(hunt.text, end) != b'_'
    {
        hunt.accept(slot(at, end, TypeId::TOKEN, rules::TOKEN_VENDOR, 84));
    }
}

fn take(hunt: &mut Hunt<'_>, at: usize, found: Option<Match>) {
    if let Some(found) = found {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
    }
}
