//! What a sign opens that is no candidate: sentences of receivers of GPS, fields of a patient in health messages.

use super::accept::Hunt;
use super::hl7;
use crate::detect::gps;
use crate::finding::TypeId;

/// Looks behind every dollar sign and before every bar.
pub(super) fn hunt(hunt: &mut Hunt<'_>) {
    const THESE: [TypeId; 7] = [
        TypeId::GPS,
        TypeId::NAME,
        TypeId::ACCOUNT_ID,
        TypeId::DOB,
        TypeId::ADDRESS,
        TypeId::PHONE,
        TypeId::NATIONAL_ID,
    ];
    if !THESE.iter().any(|kind| hunt.wants(*kind)) {
        return;
    }
    let text = hunt.text;
    for sign in memchr::memchr2_iter(b'$', b'|', text) {
        if text[sign] == b'|' {
            hl7::patient(hunt, sign);
        } else if let Some(found) = gps::in_sentence(text, sign) {
            hunt.accept(found);
        }
    }
}
