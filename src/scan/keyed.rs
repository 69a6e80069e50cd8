//! Values under keys: the key's shape says which detector looks at the value.

use super::accept::Hunt;
use super::{calls, people};
use crate::check::filler::is_filler;
use crate::classify::{Candidate, Candidates, Kind};
use crate::context::value::{self, Reach};
use crate::context::{KeyMatch, Value, before, byte_at, enclosed, json, keys};
use crate::detect::{
    account_id, address, authorization, bank, card, cell_id, cookie, device_id, device_name, dob, email, gps,
    iban, iccid, imei, imsi, mac, meid, name, national_id, phone, secret, ssid, text, username, uuid, vin,
    wallet,
};
use crate::finding::{Evidence, Match, TypeId};
use crate::mark;
use crate::rules::{self, KeyRule, Shape};

/// Hunts behind every separator whose key the filter let pass.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &Candidates) {
    for &c in candidates.of(Kind::Key) {
        key(hunt, c);
    }
}

fn key(hunt: &mut Hunt<'_>, c: Candidate) {
    let (text, separator, record) = (hunt.text, c.at as usize, 0);
    let Some(key) = hunt.engine.keys.key_before(text, record, separator) else { return };
    let end = keys::key_end(text, record, separator);
    let rule = hunt.engine.keys.rule(&key);
    if !hunt.wants(rule.kind) || is_no_key(text, separator, &key, end, rule) {
        return;
    }
    if rule.shape == Shape::Username {
        people::sudo_caller(hunt, record, key.start);
        people::ftp_login(hunt, record, key.start, separator);
    }
    // a search engine's `sig2` signs its own links
    if rule.words == "sig" && text[..separator].ends_with(b"sig2") {
        return;
    }
    if matches!(rule.words, "from" | "to") && !calls::is_about_messages(text, record, separator) {
        return;
    }
    match rule.shape {
        Shape::CookieHeader => cookie_header(hunt, separator, &key),
        Shape::SetCookie => set_cookie(hunt, separator, &key),
        Shape::AuthHeader => auth_header(hunt, separator, &key),
        shape if is_about_one_thing(shape) && opens_object(text, separator) => {}
        shape => {
            let reach = match shape {
                Shape::Any | Shape::Secretish => Reach::Secret,
                _ => Reach::Plain,
            };
            if text[separator] == b'>'
                && let Some(value) = enclosed::element_text(text, record, key.start)
            {
                evaluate(hunt, record, &key, rule, value);
                return;
            }
            value::values_after(text, key.start, separator, reach, |value| {
                evaluate(hunt, record, &key, rule, value);
            });
        }
    }
}

/// Places where the words of a key stand and are none.
fn is_no_key(text: &[u8], separator: usize, key: &KeyMatch, end: usize, rule: &KeyRule) -> bool {
    let left = before(text, key.start);
    // `gdm-password]: …`: a program's name, not an index
    if byte_at(text, end) == b']' && left != b'[' && !text[key.start..end].contains(&b'[') {
        return true;
    }
    // `https://x-access-token:…@host`
    if left == b'/' && text[..key.start].ends_with(b"://") {
        return true;
    }
    // `sig2=`, `key1=`: a number glued to a word that is no secret's alone
    if rule.shape == Shape::Secretish && rule.words != "token" && byte_at(text, end).is_ascii_digit() {
        return true;
    }
    // `reason = Invalid password : local database`: a sentence set off by ` : `
    text[separator] == b':'
        && before(text, separator) == b' '
        && byte_at(text, separator + 1) == b' '
        && rule.shape == Shape::Any
        && [&b"invalid "[..], b"wrong ", b"bad ", b"incorrect ", b"no ", b"missing ", b"expired ", b"of "]
            .iter()
            .any(|w| ends_with(&text[..end], w, key.start, rule))
}

/// Whether `word` stands right before the words that the rule matched, inside or before the key.
fn ends_with(head: &[u8], word: &[u8], key_start: usize, rule: &KeyRule) -> bool {
    let letters = rule.words.bytes().filter(|b| *b != b' ').count();
    let end = head.len().saturating_sub(letters).max(key_start);
    head.get(end.saturating_sub(word.len())..end).is_some_and(|w| w.eq_ignore_ascii_case(word))
}

/// Hands a value to the detector of its key's shape and takes what it finds.
pub(super) fn evaluate(
    hunt: &mut Hunt<'_>,
    record: usize,
    key: &KeyMatch,
    rule: &'static KeyRule,
    value: Value,
) {
    let slot = if value.in_query { Evidence::SLOT_QUERY } else { Evidence::NONE };
    evaluate_in(hunt, record, key, rule, value, slot);
}

/// Like [`evaluate`], with what the value's slot adds to the evidence.
pub(super) fn evaluate_in(
    hunt: &mut Hunt<'_>,
    record: usize,
    key: &KeyMatch,
    rule: &'static KeyRule,
    value: Value,
    slot: Evidence,
) {
    let text = hunt.text;
    // only bare keys ask what they stand under: the walk outwards is dear
    let person = key.person
        || (rule.needs_person && !value.in_query && json::person_encloses(text, record, key.start));
    let rule = match rule.needs_person && !person && !value.in_query {
        true => hunt.engine.keys.rule_under(json::enclosing_key(text, record, key.start), rule),
        false => rule,
    };
    if !hunt.wants(rule.kind) {
        return;
    }
    let wide = Value { end: if value.quoted { value.end } else { value.hard_end }, ..value };
    // `;q=0.9` weighs a language, only `?q=` asks
    if rule.words.len() == 1 && !value.in_query {
        return;
    }
    // `AccountName=web01;AccountKey=…`: a store's name, not a person's
    if rule.words == "account name" && text[value.end..].starts_with(b";AccountKey=") {
        return;
    }
    // `(uid=lmeier)`: a filter of a directory (RFC 4515)
    let in_filter = !value.quoted
        && before(text, key.start) == b'('
        && byte_at(text, value.end) == b')'
        && rule.words == "uid";
    let person = person || in_filter;
    let mut looked_at = if spans_blanks(rule.shape) { wide } else { value };
    let mut found = detect(hunt, rule, looked_at.bytes(text), value.quoted, person);
    if found.is_none() && looked_at.end != value.end && !finds_its_end(rule.shape) {
        looked_at = value;
        found = detect(hunt, rule, looked_at.bytes(text), value.quoted, person);
    }
    let Some(found) = found.or_else(|| coordinate(text, rule, value)) else { return };
    let mut found = Match {
        start: looked_at.start + found.start,
        end: looked_at.start + found.end,
        kind: if matches!(found.kind, TypeId::EMAIL | TypeId::DEVICE_NAME | TypeId::USERNAME | TypeId::PHONE)
        {
            found.kind
        } else {
            rule.kind
        },
        // Several rules share the detector of free text.
        rule: if rule.shape == Shape::Text { rule.rule } else { found.rule },
        ..found
    };
    // brackets around a number are not part of it, but those around its first group are
    let bytes = &text[found.start..found.end];
    if found.kind == TypeId::PHONE && bytes[0] == b'(' && !bytes[..bytes.len() - 1].contains(&b')') {
        found.start += 1;
        found.end -= usize::from(bytes[bytes.len() - 1] == b')');
    }
    found.evidence = found.evidence.and(slot);
    if slot.has(Evidence::SLOT_FORMAT) {
        // Somebody wrote down what stands there.
        found.confidence = found.confidence.max(95);
    }
    hunt.accept_under(found, Some(key.id));
}

/// One number of an array under a key for positions.
fn coordinate(text: &[u8], rule: &KeyRule, value: Value) -> Option<Match> {
    let mut at = value.start;
    while before(text, at) == b' ' {
        at -= 1;
    }
    let is_element = matches!(before(text, at), b'[' | b',') && !value.quoted && value.hard_end == value.end;
    (rule.shape == Shape::Gps && is_element).then(|| gps::coordinate(value.bytes(text))).flatten()
}

/// Shapes whose keys also name objects (`"user": {…}`), whose members have keys of their own.
fn is_about_one_thing(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Username
            | Shape::AccountId
            | Shape::BareName
            | Shape::DeviceName
            | Shape::Gps
            | Shape::Ssid
            | Shape::CellId
    )
}

/// Whether an object stands behind the separator.
fn opens_object(text: &[u8], separator: usize) -> bool {
    let behind = text.get(separator + 1..).unwrap_or_default();
    behind.iter().take(16).find(|b| !matches!(b, b' ' | b'\t' | b'>' | b'[')) == Some(&b'{')
}

/// Shapes whose detectors end an unquoted value themselves, by its words.
fn finds_its_end(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Name
            | Shape::BareName
            | Shape::Address
            | Shape::Dob
            | Shape::Ssid
            | Shape::DeviceName
            | Shape::Username
            | Shape::AccountId
            | Shape::Text
    )
}

/// Whether an array of strings stands behind the separator.
fn opens_array(text: &[u8], separator: usize) -> bool {
    let behind = text.get(separator + 1..).unwrap_or_default();
    let mut parts = behind.iter().take(16).filter(|b| !matches!(b, b' ' | b'\t' | b'>' | b'\\'));
    parts.next() == Some(&b'[') && matches!(parts.next(), Some(b'"' | b'\''))
}

/// Shapes whose unquoted values may hold blanks; their detectors say where they end.
fn spans_blanks(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Phone
            | Shape::Card
            | Shape::Iban
            | Shape::Mac
            | Shape::Imei
            | Shape::Imeisv
            | Shape::Meid
            | Shape::Iccid
            | Shape::NationalId
            | Shape::Email
            | Shape::Expiry
            | Shape::Name
            | Shape::BareName
            | Shape::Address
            | Shape::Dob
            | Shape::Gps
            | Shape::Latitude
            | Shape::Longitude
            | Shape::CellId
            | Shape::DeviceName
            | Shape::Ssid
            | Shape::Username
            | Shape::AccountId
            | Shape::Text
            | Shape::Bank
    )
}

fn detect(hunt: &Hunt<'_>, rule: &KeyRule, value: &[u8], quoted: bool, person: bool) -> Option<Match> {
    match rule.shape {
        Shape::Any if rule.words == "pwd" && is_path(value) => None,
        Shape::Any => secret::any(value, quoted, rule.kind, rule.rule),
        Shape::Secretish => secret::secretish(value, rule.kind, rule.rule),
        Shape::Phone => keyed_phone(hunt, rule, value),
        Shape::Card => card::keyed(value),
        Shape::Cvv => card::keyed_cvv(value),
        // alone these name all kinds of ends: only as cards write them
        Shape::Expiry if rule.words == "expiry" => {
            card::keyed_expiry(value).filter(|_| value.contains(&b'/'))
        }
        Shape::Expiry if rule.words == "exp date" => card::keyed_expiry(value).filter(|_| value.len() < 6),
        Shape::Expiry => card::keyed_expiry(value),
        Shape::Imei => imei::keyed(value),
        Shape::Imeisv => imei::keyed_imeisv(value),
        Shape::Mac => mac::keyed(value),
        Shape::DeviceId if rule.words == "serial" && !is_mixed(value) => None,
        Shape::DeviceId => device_id::keyed(value),
        Shape::Uuid => uuid::keyed(value),
        Shape::Iban => iban::keyed(value),
        Shape::Wallet => wallet::keyed(value),
        // RFC 4006 section 8.47: the type of the id stands in another pair
        Shape::Imsi if rule.words == "subscription id data" => {
            imsi::keyed(value).or_else(|| keyed_phone(hunt, rule, value))
        }
        Shape::Imsi => imsi::keyed(value),
        Shape::Iccid => iccid::keyed(value),
        Shape::Meid => meid::keyed(value),
        Shape::Vin => vin::keyed(value),
        Shape::Bank => bank::keyed(value),
        Shape::NationalId => national_id::keyed(value, rule.rule),
        Shape::Email => email::keyed(value),
        Shape::Name => name::keyed(value, quoted),
        Shape::BareName => device_name::owned(value, quoted).or_else(|| {
            name::bare(value, quoted, person || in_dn(value)).map(|found| account_of(value, found))
        }),
        Shape::Address if rule.words == "zip" => address::zip(value),
        Shape::Address if rule.needs_person && !person => address::bare(value, quoted),
        Shape::Address => address::keyed(value, quoted),
        Shape::Dob => dob::keyed(value),
        Shape::Gps => gps::pair(value),
        Shape::Latitude => gps::latitude(value),
        Shape::Longitude => gps::longitude(value),
        Shape::CellId if is_area(rule.words) => cell_id::area(value),
        Shape::CellId => cell_id::keyed(value),
        Shape::Ssid => ssid::keyed(value, quoted),
        Shape::DeviceName if rule.needs_person && !person => device_name::owned(value, quoted),
        Shape::DeviceName => device_name::keyed(value, quoted),
        Shape::Username if rule.needs_person && !person && !in_dn(value) => None,
        Shape::Username => username::keyed(value, quoted).map(|found| number_of(hunt, value, found)),
        Shape::AccountId if rule.needs_person && !person => None,
        Shape::AccountId => account_id::keyed(value),
        Shape::Text => text::keyed(value, quoted || rule.kind == TypeId::USER_AGENT),
        _ => None,
    }
}

/// The value is a part of a distinguished name (RFC 4514): `uid=jdoe,ou=people,dc=example`.
fn in_dn(value: &[u8]) -> bool {
    let Some(comma) = value.iter().take(128).position(|b| *b == b',') else { return false };
    let rest = value.get(comma + 1..).unwrap_or_default().trim_ascii_start();
    [b"ou=".as_slice(), b"dc=", b"cn=", b"o=", b"uid="]
        .iter()
        .any(|part| rest.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part)))
}

/// Keys of areas of cells, whose numbers have 24 bits at most.
fn is_area(words: &str) -> bool {
    words.ends_with("area code") || matches!(words, "tac" | "lac")
}

/// `name=kmeyer, UID=1004`: the name of an account.
fn account_of(value: &[u8], found: Match) -> Match {
    let rest = value.get(found.end..).unwrap_or_default();
    if rest.starts_with(b", UID=") || rest.starts_with(b", uid=") {
        return Match { kind: TypeId::USERNAME, rule: rules::USERNAME, ..found };
    }
    found
}

/// A login name of ten digits and more is a phone number where the numbering plan knows it.
fn number_of(hunt: &Hunt<'_>, value: &[u8], found: Match) -> Match {
    let name = value.get(found.start..found.end).unwrap_or_default();
    if name.len() < 10 || !name.iter().all(u8::is_ascii_digit) {
        return found;
    }
    match phone::keyed_in(name, hunt.engine.plan.policy.region()) {
        Some(number) => Match { start: found.start + number.start, end: found.start + number.end, ..number },
        None => found,
    }
}

/// A number under a phone's key; short codes of services and what `from` and `to` mostly are stay.
fn keyed_phone(hunt: &Hunt<'_>, rule: &KeyRule, value: &[u8]) -> Option<Match> {
    let found = phone::keyed_in(value, hunt.engine.plan.policy.region())?;
    let digits = value[found.start..found.end].iter().filter(|b| b.is_ascii_digit()).count();
    let fewest = match rule.words {
        "from" | "to" => 11,
        "source addr" | "destination addr" | "from user" | "to user" => 7,
        _ => 0,
    };
    (digits >= fewest).then_some(found)
}

/// Digits and letters beyond hexadecimal: a device's serial number; those of certificates and zones
/// have none.
fn is_mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit)
        && value.iter().any(|b| b.is_ascii_alphabetic() && !b.is_ascii_hexdigit())
}

/// A working directory, not a password (`PWD=/srv/app`).
fn is_path(value: &[u8]) -> bool {
    value.starts_with(b"/") || value.starts_with(b"~") || value.get(1..3) == Some(b":\\")
}

/// The first byte of a header's value and one past its last: to the quote that closes the string
/// it stands in, or the end of the record.
fn header_value(text: &[u8], separator: usize, key: &KeyMatch) -> Option<(usize, usize)> {
    let mut start = separator + 1;
    let mut steps = 0;
    while steps < 16
        && matches!(byte_at(text, start), b' ' | b'\t' | b'"' | b'\'' | b'[' | b'\\' | b'>')
        && mark::mark_at(text, start).is_none()
    {
        start += 1;
        steps += 1;
    }
    let opener = before(text, start);
    let single = before(text, key.start) == b'\'' || opener == b'\'';
    let stop = text.len().min(start + value::MAX_VALUE_BYTES);
    let mut end = start;
    while end < stop {
        match text[end] {
            b'\n' | b'\r' => break,
            // a quote opens a value only behind an equals sign
            b'"' if before(text, end) != b'=' && !opens_inside(text, start, end) => break,
            b'\'' if single => break,
            b'[' if matches!(byte_at(text, end + 1), b'\\' | b'\r' | b'\n') => break, // wire logs: `[\r][\n]`
            b'\\' if matches!(byte_at(text, end + 1), b'n' | b'r' | b'"') => break,
            _ => end += 1,
        }
    }
    (start < end).then_some((start, end))
}

/// Whether the quote at `at` closes one that was opened behind an equals sign.
fn opens_inside(text: &[u8], start: usize, at: usize) -> bool {
    let inside = &text[start..at];
    inside.iter().rposition(|b| *b == b'"').is_some_and(|p| p > 0 && inside[p - 1] == b'=')
}

fn found(start: usize, end: usize, kind: TypeId, rule: rules::RuleId) -> Match {
    Match { start, end, kind, rule, confidence: 92, evidence: Evidence::SLOT_HEADER }
}

fn cookie_header(hunt: &mut Hunt<'_>, separator: usize, key: &KeyMatch) {
    let text = hunt.text;
    let Some((start, end)) = header_value(text, separator, key) else { return };
    let mut values = Vec::new();
    cookie::pairs(&text[..end], start, |from, to| values.push((from, to)));
    for (from, to) in values {
        hunt.accept_under(found(from, to, TypeId::COOKIE, rules::COOKIE), Some(key.id));
    }
}

fn set_cookie(hunt: &mut Hunt<'_>, separator: usize, key: &KeyMatch) {
    let text = hunt.text;
    if opens_array(text, separator) {
        value::values_after(text, key.start, separator, Reach::Secret, |value| {
            if let Some((from, to)) = cookie::first(&text[..value.end], value.start) {
                hunt.accept_under(found(from, to, TypeId::COOKIE, rules::COOKIE), Some(key.id));
            }
        });
        return;
    }
    let Some((start, end)) = header_value(text, separator, key) else { return };
    if let Some((from, to)) = cookie::first(&text[..end], start) {
        hunt.accept_under(found(from, to, TypeId::COOKIE, rules::COOKIE), Some(key.id));
    }
}

fn auth_header(hunt: &mut Hunt<'_>, separator: usize, key: &KeyMatch) {
    let text = hunt.text;
    let Some((start, end)) = header_value(text, separator, key) else { return };
    let mut values = Vec::new();
    authorization::credentials(text, start, end, |from, to| values.push((from, to)));
    for (from, to) in values {
        if !is_filler(&text[from..to]) {
            hunt.accept_under(found(from, to, TypeId::TOKEN, rules::TOKEN_AUTH_HEADER), Some(key.id));
        }
    }
}
