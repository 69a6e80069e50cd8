//! What a sign opens: sentences of receivers of GPS, fields of a patient in health messages.

use super::accept::Hunt;
use super::hl7;
use super::phrases::tail;
use crate::context::before;
use crate::detect::gps;
use crate::finding::{Match, TypeId};

/// What may stand there.
pub(super) const TYPES: [TypeId; 7] = [
    TypeId::GPS,
    TypeId::NAME,
    TypeId::ACCOUNT_ID,
    TypeId::DOB,
    TypeId::ADDRESS,
    TypeId::PHONE,
    TypeId::NATIONAL_ID,
];

/// Looks behind a dollar sign or before a bar.
pub(super) fn sign(hunt: &mut Hunt<'_>, sign: usize) {
    if hunt.text[sign] == b'|' {
        hl7::patient(hunt, sign);
    } else if let Some(found) = gps::in_sentence(hunt.text, sign) {
        hunt.accept(found);
    }
}

/// The longest pair of numbers in angle brackets, in bytes.
const MAX_PAIR_BYTES: usize = 48;

/// `<+47.07071400,+15.43950400> +/- 12.00m` of Apple's Core Location, from one of its plus signs; whether it is that.
pub(super) fn location(hunt: &mut Hunt<'_>, plus: usize) -> bool {
    let text = hunt.text;
    // `<-33.86880000,+151.20930000>`
    let is_part = |b: &&u8| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b',');
    let start = plus - text[..plus].iter().rev().take(16).take_while(is_part).count();
    if before(text, start) != b'<' {
        return false;
    }
    let found = gps::pair(tail(text, start, MAX_PAIR_BYTES));
    let Some(found) = found.filter(|found| text[start + found.end..].starts_with(b"> +/- ")) else {
        return false;
    };
    if hunt.wants(TypeId::GPS) {
        hunt.accept(Match { start: start + found.start, end: start + found.end, ..found });
    }
    true
}
