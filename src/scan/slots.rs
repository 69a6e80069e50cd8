//! Slots: fields of a record whose form is known, by a line format or by the names of columns.
//!
//! A slot says what its value is, as a key does, and spares what it can't be: `{time}` is no phone.

use super::Engine;
use super::accept::Hunt;
use super::keyed;
use crate::check::filler::is_filler;
use crate::context::line_format::{LineFormat, Slot};
use crate::context::{KeyMatch, KeyTable, Value};
use crate::detect::cookie;
use crate::fields::records;
use crate::finding::{Evidence, Finding, Match, TypeId};
use crate::rules::{self, Shape};

/// What the value of a slot is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Meaning {
    /// Whatever the detectors say.
    Open,
    /// A time, count or version: no number in it is a person's.
    Technical,
    /// Addresses of either family, separated by commas.
    Address,
    /// The pairs of a `Cookie` header, or one cookie's value.
    Cookie,
    /// A User-Agent header.
    UserAgent,
    /// What stands under this key.
    Key(KeyMatch),
    /// A line of what stands under this key: no whole value.
    Line(KeyMatch),
}

impl Meaning {
    /// What a key, a column or a variable of this name holds.
    pub(super) fn of_name(keys: &KeyTable, name: &[u8]) -> Self {
        let Some(key) = keys.key_ending_at(name, name.len()) else { return Self::Open };
        let rule = keys.rule(&key);
        match rule.shape {
            Shape::Veto(_) => Self::Technical,
            Shape::CookieHeader | Shape::SetCookie => Self::Cookie,
            Shape::Ip => Self::Address,
            Shape::Text if rule.kind == TypeId::USER_AGENT => Self::UserAgent,
            _ => Self::Key(key),
        }
    }

    /// Makes bare names and places a person's where another column says that the table is about people.
    pub(super) fn name_persons(columns: &mut [Self], keys: &KeyTable) {
        let is_of = |column: &Self, is: fn(Shape) -> bool| matches!(column, Self::Key(key) if is(keys.rule(key).shape));
        let says = |shape| matches!(shape, Shape::Email | Shape::Phone | Shape::Name | Shape::Dob);
        let bare = |shape| matches!(shape, Shape::BareName | Shape::RoleName | Shape::Address);
        if !columns.iter().any(|column| is_of(column, says)) {
            return;
        }
        for column in columns {
            if is_of(column, bare)
                && let Self::Key(key) = column
            {
                key.person = true;
            }
        }
    }

    fn of_slot(keys: &KeyTable, slot: &Slot) -> Self {
        match slot {
            Slot::Open => Self::Open,
            Slot::Time | Slot::Technical => Self::Technical,
            Slot::Address => Self::Address,
            Slot::Cookie => Self::Cookie,
            Slot::UserAgent => Self::UserAgent,
            Slot::Key(name) => Self::of_name(keys, name.as_bytes()),
        }
    }
}

/// Types that are made of digits and signs: what a time, a count or a version could be taken for.
const NUMBERS: [TypeId; 19] = [
    TypeId::IPV4,
    TypeId::MAC,
    TypeId::HOSTNAME_IP,
    TypeId::PHONE,
    TypeId::DOB,
    TypeId::CARD,
    TypeId::BANK,
    TypeId::IMEI,
    TypeId::IMEISV,
    TypeId::MEID,
    TypeId::IMSI,
    TypeId::ICCID,
    TypeId::DEVICE_ID,
    TypeId::UUID,
    TypeId::VIN,
    TypeId::GPS,
    TypeId::CELL_ID,
    TypeId::ACCOUNT_ID,
    TypeId::NATIONAL_ID,
];

/// A line format and what its slots mean.
pub(super) struct Form {
    format: LineFormat,
    meanings: Vec<Meaning>,
}

impl Form {
    pub(super) fn new(format: LineFormat, keys: &KeyTable) -> Self {
        let meanings = format.slots().map(|slot| Meaning::of_slot(keys, slot)).collect();
        Self { format, meanings }
    }
}

/// Lays the policy's line format over a chunk of records. Lines of another form stay as they are.
pub(super) fn hunt(engine: &Engine, chunk: &[u8], findings: &mut Vec<Finding>) {
    let Some(form) = &engine.form else { return };
    let mut cuts = Vec::new();
    let mut slots = Vec::new();
    for (start, end) in records(chunk) {
        if form.format.cut(chunk.get(start..end).unwrap_or_default(), &mut cuts) {
            let filled = cuts.iter().zip(&form.meanings);
            slots.extend(filled.map(|(cut, meaning)| (start + cut.start, start + cut.end, *meaning)));
        }
    }
    lay_over(engine, chunk, &slots, Evidence::SLOT_FORMAT, findings);
}

/// Lays slots, in order of their place, over what the detectors found: spares and finds.
pub(super) fn lay_over(
    engine: &Engine,
    chunk: &[u8],
    slots: &[(usize, usize, Meaning)],
    evidence: Evidence,
    findings: &mut Vec<Finding>,
) {
    findings.retain(|finding| {
        // The last slot that starts at or before the finding.
        let place = slots.partition_point(|slot| slot.0 <= finding.start);
        let slot = place.checked_sub(1).and_then(|place| slots.get(place));
        !slot.is_some_and(|slot| finding.end <= slot.1 && spares(slot.2, finding))
    });
    let mut hunt = Hunt::new(engine, chunk, findings);
    for &(start, end, meaning) in slots {
        let value = chunk.get(start..end).unwrap_or_default();
        let left = value.len() - value.trim_ascii_start().len();
        let value = value.trim_ascii();
        if !matches!(value, b"" | b"-") {
            fill(&mut hunt, start + left, start + left + value.len(), meaning, evidence);
        }
    }
}

fn spares(meaning: Meaning, finding: &Finding) -> bool {
    match meaning {
        Meaning::Technical => NUMBERS.contains(&finding.kind) || finding.evidence.has(Evidence::USER_RULE),
        Meaning::UserAgent => NUMBERS.contains(&finding.kind),
        _ => false,
    }
}

/// Finds what the meaning of the slot `start..end` says it holds.
pub(super) fn fill(hunt: &mut Hunt<'_>, start: usize, end: usize, meaning: Meaning, evidence: Evidence) {
    match meaning {
        Meaning::Open | Meaning::Technical => {}
        Meaning::Address => addresses(hunt, start, end, evidence),
        Meaning::Cookie => cookies(hunt, start, end, evidence),
        Meaning::UserAgent => hunt.accept(found(start, end, TypeId::USER_AGENT, rules::USER_AGENT, evidence)),
        Meaning::Line(key) if hunt.keys.rule(&key).shape == Shape::Address => {
            hunt.accept(found(start, end, TypeId::ADDRESS, rules::ADDRESS, evidence));
        }
        Meaning::Key(key) | Meaning::Line(key) => {
            let rule = hunt.keys.rule(&key);
            if rule.may_be(|kind| hunt.wants(kind)) {
                let value = Value::whole(start, end);
                // The key does not stand in the text, so nothing encloses it.
                let key = KeyMatch { start: 0, ..key };
                keyed::evaluate_in(hunt, &key, rule, value, evidence);
            }
        }
    }
}

fn found(start: usize, end: usize, kind: TypeId, rule: rules::RuleId, evidence: Evidence) -> Match {
    Match { start, end, kind, rule, confidence: 95, evidence }
}

fn addresses(hunt: &mut Hunt<'_>, start: usize, end: usize, evidence: Evidence) {
    let mut at = start;
    for part in hunt.text.get(start..end).unwrap_or_default().split(|byte| *byte == b',') {
        let left = part.len() - part.trim_ascii_start().len();
        let address = std::str::from_utf8(part.trim_ascii()).ok().and_then(|text| text.parse().ok());
        let kind = match address {
            Some(std::net::IpAddr::V4(_)) => Some(TypeId::IPV4),
            Some(std::net::IpAddr::V6(_)) => Some(TypeId::IPV6),
            None => None,
        };
        if let Some(kind) = kind {
            let from = at + left;
            let to = from + part.trim_ascii().len();
            hunt.accept(found(from, to, kind, rules::IP, evidence.and(Evidence::SHAPE)));
        }
        at += part.len() + 1;
    }
}

fn cookies(hunt: &mut Hunt<'_>, start: usize, end: usize, evidence: Evidence) {
    let text = hunt.text;
    let value = text.get(start..end).unwrap_or_default();
    let mut values = Vec::new();
    if value.contains(&b'=') {
        cookie::pairs(text.get(..end).unwrap_or_default(), start, |from, to| values.push((from, to)));
    }
    if values.is_empty() && !is_filler(value) {
        values.push((start, end));
    }
    for (from, to) in values {
        hunt.accept(found(from, to, TypeId::COOKIE, rules::COOKIE, evidence));
    }
}
