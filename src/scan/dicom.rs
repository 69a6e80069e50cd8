//! Data elements of medical images as tools print them (DICOM PS3.6): `(0010,0010) PN [BERG^ANNA]`.

use super::accept::Hunt;
use super::phrases::{head, tail};
use crate::context::{before, byte_at};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, RuleId};

/// The longest value that is read, in bytes.
const MAX_BYTES: usize = 128;

/// Elements that hold something of a person.
const ELEMENTS: [(&[u8; 9], TypeId, RuleId); 15] = [
    (b"0010,0010", TypeId::NAME, rules::NAME),
    (b"0010,0020", TypeId::ACCOUNT_ID, rules::ACCOUNT_ID),
    (b"0010,0030", TypeId::DOB, rules::DOB),
    (b"0010,1000", TypeId::ACCOUNT_ID, rules::ACCOUNT_ID),
    (b"0010,1001", TypeId::NAME, rules::NAME),
    (b"0010,1005", TypeId::NAME, rules::NAME),
    (b"0010,1040", TypeId::ADDRESS, rules::ADDRESS),
    (b"0010,1060", TypeId::NAME, rules::NAME),
    (b"0010,2154", TypeId::PHONE, rules::PHONE),
    (b"0008,0090", TypeId::NAME, rules::NAME),
    (b"0010,2297", TypeId::NAME, rules::NAME),
    (b"0008,1048", TypeId::NAME, rules::NAME),
    (b"0032,1032", TypeId::NAME, rules::NAME),
    (b"0008,1050", TypeId::NAME, rules::NAME),
    (b"0008,1070", TypeId::NAME, rules::NAME),
];

/// The value in brackets at `at`, behind the two letters of its representation, which start at `word`.
pub(super) fn element(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    if byte_at(text, at) != b'[' {
        return;
    }
    let Some(tag) = head(text, word, 12).strip_suffix(b") ").and_then(|head| head.last_chunk::<9>()) else {
        return;
    };
    let Some((_, kind, rule)) = ELEMENTS.iter().find(|(element, ..)| *element == tag) else { return };
    if before(text, word - 11) != b'(' || !hunt.wants(*kind) {
        return;
    }
    let line = tail(text, at + 1, MAX_BYTES);
    // no value holds the end of a string around it, or a mark of ours
    let ends = |b: &u8| matches!(b, b']' | b'[' | b'"' | b'\\' | b'\n');
    let Some(length) = line.iter().position(ends).filter(|p| line[*p] == b']') else { return };
    let value = &line[..length];
    let length = value.trim_ascii_end().len();
    if length > 0 && crate::mark::mark_at(text, at + 1).is_none() {
        let evidence = Evidence::KEY.and(Evidence::SLOT_FORMAT);
        hunt.accept(Match {
            start: at + 1,
            end: at + 1 + length,
            kind: *kind,
            rule: *rule,
            confidence: 90,
            evidence,
        });
    }
}
