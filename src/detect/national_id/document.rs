//! Numbers of documents whose issuers publish no check: passports, driving licences, residence permits.

use super::Candidate;
use crate::finding::Evidence;

/// Any document number: 6 to 20 letters and digits, at least four of them digits, or two among capitals only
/// (`C4FHK7T2P`: German passports and cards mix them at will).
pub(super) fn number(value: &Candidate) -> Option<Evidence> {
    let text = value.text();
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_mixed = digits >= 2 && text.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    ((6..=20).contains(&text.len()) && (digits >= 4 || is_mixed)).then_some(Evidence::SHAPE)
}
