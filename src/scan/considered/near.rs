//! Near misses: what has the shape or the key of a type and is none, by its vetoes and checks.

use super::super::Engine;
use super::super::looks::{is_about_one_thing, opens_object};
use super::super::no_key::is_no_key;
use super::{Reason, Spared, overlap};
use crate::check::filler::is_filler;
use crate::check::luhn;
use crate::classify::{Candidates, Kind, key_end};
use crate::context::value::{MAX_VALUE_BYTES, Reach, values_after};
use crate::context::{Keys, Value, before, byte_at, is_word, json, key_of_value, veto, veto_of};
use crate::detect::{card, email, iccid, imei, ip, mac, national_id, phone, vin, wallet};
use crate::finding::{Finding, Layers, Match, TypeId};
use crate::mark;
use crate::policy::Policy;
use crate::rules::{KeyId, Shape, Veto};

/// The furthest that a shape may start before its candidate, in bytes.
const BACK_BYTES: usize = 24;

/// One record and what is known of it.
pub(super) struct Seen<'s> {
    pub record: &'s [u8],
    pub policy: &'s Policy,
    /// The findings.
    pub found: &'s [Finding],
    /// What a policy that spares nothing finds.
    pub all: &'s [Finding],
}

impl Seen<'_> {
    /// True if these bytes are a finding, or were told of already.
    fn knows(&self, spared: &[Spared], start: usize, end: usize) -> bool {
        self.found.iter().chain(self.all).any(|finding| overlap(finding, start, end))
            || spared.iter().any(|old| old.start < end && start < old.end)
    }
}

/// Labels and tokens that stand in the record already.
pub(super) fn marks(record: &[u8], spared: &mut Vec<Spared>) {
    let mut at = 0;
    while at < record.len() {
        match mark::mark_at(record, at).filter(|length| *length > 0).map(|length| at + length) {
            Some(end) => {
                spared.push(note(at, end, None, None, Reason::Own));
                at = end;
            }
            None => at += 1,
        }
    }
}

fn note(start: usize, end: usize, kind: Option<TypeId>, key: Option<KeyId>, reason: Reason) -> Spared {
    let (rule, confidence, layers) = (None, None, Layers::NONE);
    Spared { start, end, kind, rule, confidence, key, layers, reasons: vec![reason] }
}

/// The veto of the key that a value stands under, by its name, and the key.
fn named(keys: Keys<'_>, text: &[u8], start: usize) -> (Reason, Option<KeyId>) {
    let key = key_of_value(keys, text, start);
    let name = match veto_of(keys, key) {
        Some(Veto::Version) | None => "version",
        Some(Veto::Time) => "time",
        Some(Veto::ObjectId) => "object-id",
        Some(Veto::Quantity) => "quantity",
        Some(Veto::Digest) => "digest",
    };
    (Reason::Veto(name), key.filter(|_| veto_of(keys, key).is_some()))
}

/// A detector by shape alone: the text, and where the value starts.
type Detector = fn(&[u8], usize) -> Option<Match>;

/// Shapes that vetoes or checks turned away.
pub(super) fn shapes(engine: &Engine, seen: &Seen<'_>, candidates: &Candidates, spared: &mut Vec<Spared>) {
    let (text, keys) = (seen.record, Keys::new(&engine.keys));
    let mut put = |start: usize, end: usize, kind, (reason, key): (Reason, Option<KeyId>)| {
        if start < end && !seen.knows(spared, start, end) {
            spared.push(note(start, end, Some(kind), key, reason));
        }
    };
    let places = |kind| candidates.of(kind).iter().map(|candidate| candidate.at as usize);
    for at in places(Kind::Ipv4) {
        match ip::quad_at(text, at) {
            Some(quad) if quad.fifth.is_some() => {
                put(quad.start, quad.end, TypeId::IPV4, (Reason::Veto("fifth-number"), None));
            }
            Some(quad) if veto::quad_is_version(keys, text, quad.start, quad.end, quad.octets) => {
                let (_, key) = named(keys, text, quad.start);
                put(quad.start, quad.end, TypeId::IPV4, (Reason::Veto("version"), key));
            }
            Some(_) => {}
            None => {
                let (start, end) = run_around(text, at, |byte| byte.is_ascii_digit() || byte == b'.');
                put(start, end, TypeId::IPV4, (Reason::Shape, None));
            }
        }
    }
    for at in places(Kind::Ipv6) {
        let Some((found, plausible)) = ip::v6_at(text, at) else { continue };
        if !plausible && !veto::announces_address(text, found.start) {
            put(found.start, found.end, TypeId::IPV6, (Reason::Veto("no-word-for-addresses"), None));
        } else if veto::is_digest(keys, text, found.start) {
            put(found.start, found.end, TypeId::IPV6, named(keys, text, found.start));
        }
    }
    for at in places(Kind::Mac) {
        let found = (at.saturating_sub(BACK_BYTES)..=at).find_map(|first| mac::at(text, first));
        if let Some(found) = found.filter(|found| veto::is_digest(keys, text, found.start)) {
            put(found.start, found.end, TypeId::MAC, named(keys, text, found.start));
        }
    }
    for at in places(Kind::At) {
        let (start, end) = run_around(text, at, |byte| is_word(byte) || matches!(byte, b'.' | b'-' | b'@'));
        if at > start
            && is_word(before(text, at))
            && is_word(byte_at(text, at + 1))
            && email::at(text, at).is_none()
        {
            put(start, end, TypeId::EMAIL, (Reason::Shape, None));
        }
    }
    let detectors: [Detector; 7] =
        [card::at, imei::at, iccid::at, phone::at, vin::at, wallet::at, national_id::at];
    let numbers = [Kind::DigitRun, Kind::Grouped, Kind::International, Kind::National, Kind::LongWord];
    for at in numbers.into_iter().flat_map(places) {
        let starts = at.saturating_sub(BACK_BYTES)..=at;
        for found in starts.flat_map(|start| detectors.iter().filter_map(move |detect| detect(text, start))) {
            if veto::number_is_named(keys, text, found.start) {
                put(found.start, found.end, found.kind, named(keys, text, found.start));
            }
        }
    }
    for at in places(Kind::DigitRun) {
        let (start, end) = run_around(text, at, |byte| byte.is_ascii_digit());
        let glued = is_word(before(text, start)) || is_word(byte_at(text, end));
        if (13..=19).contains(&(end - start)) && !glued {
            let digits: Vec<u8> = text[start..end].iter().map(|byte| byte - b'0').collect();
            let check = if luhn::is_valid(&digits) { "issuer" } else { "luhn" };
            put(start, end, TypeId::CARD, (Reason::Check(check), None));
        }
    }
}

/// The run of such bytes around `at`.
fn run_around(text: &[u8], at: usize, is_part: impl Fn(u8) -> bool) -> (usize, usize) {
    let head = text.get(..at).unwrap_or_default();
    let tail = text.get(at..).unwrap_or_default();
    let back = head.iter().rev().take_while(|byte| is_part(**byte)).count();
    (at - back, at + tail.iter().take_while(|byte| is_part(**byte)).count())
}

/// Values under keys of a type that do not look like it.
pub(super) fn keys(engine: &Engine, seen: &Seen<'_>, candidates: &Candidates, spared: &mut Vec<Spared>) {
    let (text, table) = (seen.record, Keys::new(&engine.keys));
    for candidate in candidates.of(Kind::Key) {
        let separator = candidate.at as usize;
        let Some(key) = table.key_before(text, separator) else { continue };
        let rule = table.rule(&key);
        let is_header =
            matches!(rule.shape, Shape::Veto(_) | Shape::CookieHeader | Shape::SetCookie | Shape::AuthHeader);
        let end = key_end(text, separator);
        if is_header
            || !seen.policy.is_enabled(rule.kind)
            || is_no_key(text, separator, &key, end, rule)
            || is_about_one_thing(rule.shape) && opens_object(text, separator)
        {
            continue;
        }
        values_after(text, key.start, separator, Reach::Plain, MAX_VALUE_BYTES, |value: Value| {
            let bytes = value.bytes(text);
            let is_bare = rule.needs_person
                && !key.person
                && !value.in_query
                && !json::names_person(json::enclosing_key(text, key.start));
            let reason = match () {
                () if is_filler(bytes) => Reason::Filler,
                () if is_bare => Reason::BareKey,
                () => Reason::Shape,
            };
            if value.start < value.end && !seen.knows(spared, value.start, value.end) {
                let told = note(value.start, value.end, Some(rule.kind), Some(key.id), reason);
                spared.push(Spared { rule: Some(rule.rule), ..told });
            }
        });
    }
}
