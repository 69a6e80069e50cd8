//! What a sign opens: sentences of receivers of GPS, fields of a patient in health messages.

use super::accept::Hunt;
use super::hl7;
use crate::detect::gps;
use crate::finding::TypeId;

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
