//! Numbers of documents whose issuers publish no check: passports, driving licences, residence permits.

use super::Candidate;
use crate::finding::Evidence;

/// Any document number: 6 to 20 letters and digits, at least four of them digits.
pub(super) fn number(value: &Candidate) -> Option<Evidence> {
    let text = value.text();
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    ((6..=20).contains(&text.len()) && digits >= 4).then_some(Evidence::SHAPE)
}
