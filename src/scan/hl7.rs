//! Fields of health messages (HL7 version 2, chapter 3): patients, relatives, guarantors and physicians by their place.

use super::accept::Hunt;
use super::phrases::{head, tail};
use crate::check::filler::is_filler;
use crate::context::{before, byte_at};
use crate::detect::phone;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, RuleId};

/// How far a field is from the start of its segment at most, and the longest message that is read, in bytes.
const MAX_HEAD_BYTES: usize = 512;
const MAX_MESSAGE_BYTES: usize = 8 << 10;

/// What a field holds.
#[derive(Clone, Copy)]
enum Field {
    /// Family name, given name and more (XPN).
    Name,
    /// The number of a person before their name (XCN).
    Member,
    /// An identifier before its check digit and authority (CX).
    Identifier,
    /// Street, place and postcode (XAD).
    Address,
    /// A telephone (XTN).
    Phone,
    /// A day of birth.
    Birth,
    /// The number of a state.
    National,
}

type Segment = (&'static [u8], &'static [(usize, Field)]);

/// The fields of persons in the segments that have any.
const SEGMENTS: [Segment; 8] = [
    (b"MSH", &[]),
    (
        b"PID",
        &[
            (2, Field::Identifier),
            (3, Field::Identifier),
            (4, Field::Identifier),
            (5, Field::Name),
            (6, Field::Name),
            (7, Field::Birth),
            (9, Field::Name),
            (11, Field::Address),
            (13, Field::Phone),
            (14, Field::Phone),
            (18, Field::Identifier),
            (19, Field::National),
            (20, Field::Identifier),
        ],
    ),
    (b"NK1", &[(2, Field::Name), (4, Field::Address), (5, Field::Phone), (6, Field::Phone)]),
    (
        b"GT1",
        &[
            (3, Field::Name),
            (5, Field::Address),
            (6, Field::Phone),
            (7, Field::Phone),
            (8, Field::Birth),
            (12, Field::National),
        ],
    ),
    (b"IN1", &[(16, Field::Name), (18, Field::Birth), (19, Field::Address), (36, Field::Identifier)]),
    (b"PV1", &[(7, Field::Member), (8, Field::Member), (9, Field::Member), (17, Field::Member)]),
    (b"ORC", &[(12, Field::Member)]),
    (b"OBR", &[(10, Field::Member), (16, Field::Member)]),
];

/// Reads the message or the segment whose field, behind a bar, starts at `at`.
pub(super) fn around(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let line = head(text, at, MAX_HEAD_BYTES);
    let line_start = at - line.len();
    let message = memchr::memmem::find(line, b"MSH|").map(|p| line_start + p);
    let is_first = line_start == 0 || text[line_start - 1] == b'\n';
    let start = match message {
        Some(start) => start,
        None if is_first && segment_at(text, line_start).is_some() => line_start,
        None => return,
    };
    let stop = text.len().min(start + MAX_MESSAGE_BYTES);
    let stop = start + memchr::memchr(b'\n', &text[start..stop]).unwrap_or(stop - start);
    // a second message has an anchor of its own
    let next = memchr::memmem::find(&text[(start + 4).min(stop)..stop], b"MSH|").map(|p| start + 4 + p);
    read(hunt, start, next.unwrap_or(stop));
}

/// Reads the segment that stands behind other words of a line or alone, whose name ends at `bar`: that of a patient
/// (`HL7 PID|1||…`), and at the start of a line those of relatives and guarantors.
pub(super) fn patient(hunt: &mut Hunt<'_>, bar: usize) {
    let text = hunt.text;
    let Some(start) = bar.checked_sub(3) else { return };
    let is_first = before(text, start) == b'\n';
    let is_patient = text[start..bar] == *b"PID";
    let is_relative = is_first && [b"NK1", b"GT1"].iter().any(|name| text[start..bar] == name[..]);
    let follows_word = matches!(before(text, start), b' ' | b'"' | b'\t' | b':' | b'\'');
    if !(is_relative || is_patient && (is_first || follows_word)) {
        return;
    }
    let line = tail(text, start, MAX_MESSAGE_BYTES);
    let line = &line[..memchr::memchr(b'"', line).unwrap_or(line.len())];
    // other tables have such columns, too: `PID|TTY|TIME|CMD`
    let number = line[4..].iter().take_while(|b| b.is_ascii_digit()).count();
    if is_first
        && !(number < 5 && line.get(4 + number) == Some(&b'|') && memchr::memchr(b'^', line).is_some())
    {
        return;
    }
    // a second segment has a bar of its own
    let next = memchr::memmem::find(&line[4..], b"PID|").map(|p| p + 4);
    read(hunt, start, start + next.unwrap_or(line.len()));
}

fn segment_at(text: &[u8], at: usize) -> Option<&'static Segment> {
    let name = text.get(at..at + 3).filter(|_| byte_at(text, at + 3) == b'|')?;
    SEGMENTS.iter().find(|segment| segment.0 == name)
}

/// Reads the segments of `start..stop`: they end in carriage returns, as bytes or escaped.
fn read(hunt: &mut Hunt<'_>, start: usize, stop: usize) {
    let text = hunt.text;
    let (mut fields, mut number): (&[(usize, Field)], usize) = (&[], 0);
    let mut from = start;
    for bar in memchr::memchr_iter(b'|', &text[start..stop]).map(|p| start + p).chain([stop]) {
        let name = bar.saturating_sub(3).max(start);
        let parted = name == start
            || matches!(text[name - 1], b'\r' | b'>')
            || text[..name].ends_with(b"\\r")
            || text[..name].ends_with(b"\\n");
        let opens = parted
            && bar - name == 3
            && text[name..bar].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let end = if opens { name } else { bar };
        if from < end
            && number > 0
            && let Some((_, field)) = fields.iter().find(|(place, _)| *place == number)
        {
            for_each_repetition(hunt, from, end, *field);
        }
        if opens {
            fields = segment_at(text, name).map_or(&[][..], |segment| segment.1);
            number = 0;
        }
        number += 1;
        from = bar + 1;
    }
}

fn for_each_repetition(hunt: &mut Hunt<'_>, from: usize, end: usize, field: Field) {
    let mut at = from;
    for repetition in hunt.text[from..end].split(|b| *b == b'~').take(8) {
        components(hunt, at, at + repetition.len(), field);
        at += repetition.len() + 1;
    }
}

fn components(hunt: &mut Hunt<'_>, from: usize, end: usize, field: Field) {
    let mut at = from;
    for (number, part) in hunt.text[from..end].split(|b| *b == b'^').enumerate().take(6) {
        let stop = at + part.trim_ascii_end().len();
        let taken = match (field, number) {
            (Field::Name, 0..=2) | (Field::Member, 1..=3) => Some((TypeId::NAME, rules::NAME)),
            (Field::Identifier | Field::Member, 0) => Some((TypeId::ACCOUNT_ID, rules::ACCOUNT_ID)),
            (Field::Address, 0..=2 | 4) => Some((TypeId::ADDRESS, rules::ADDRESS)),
            (Field::Birth, 0) => Some((TypeId::DOB, rules::DOB)),
            (Field::National, 0) => Some((TypeId::NATIONAL_ID, rules::NATIONAL_ID)),
            (Field::Phone, 0) => Some((TypeId::PHONE, rules::PHONE)),
            _ => None,
        };
        if let Some((kind, rule)) = taken {
            take(hunt, at, stop, kind, rule);
        }
        at += part.len() + 1;
    }
}

fn take(hunt: &mut Hunt<'_>, start: usize, end: usize, kind: TypeId, rule: RuleId) {
    let value = &hunt.text[start..end];
    let nothing = value.is_empty()
        || value == b"\"\""
        || is_filler(value)
        || !value.iter().any(u8::is_ascii_alphanumeric);
    if nothing || kind == TypeId::PHONE && phone::keyed_in(value, hunt.engine.plan.policy.region()).is_none()
    {
        return;
    }
    let evidence = Evidence::SLOT_FORMAT;
    hunt.accept(Match { start, end, kind, rule, confidence: 90, evidence });
}
