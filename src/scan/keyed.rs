//! Values under keys: the key's shape says which detector looks at the value.

use super::accept::Hunt;
use super::detectors::detect;
use super::forms::{is_object, says_what_state};
use super::login_words::is_given_and_family;
use super::looks::{
    finds_its_end, found_at, in_segment, is_about_one_thing, opens_literal, opens_object, spans_blanks,
    tagged_account,
};
use super::no_key::{is_no_key, is_said};
use super::special::{is_no_message, is_sentence, is_spared, names_product, special};
use super::{
    beyond, changes, clients, commands, headers, looks, pairs, people, persons, regions, roles, siblings,
    wrapped,
};
use crate::classify::{Candidate, Candidates, Kind};
use crate::context::value::{self, Reach};
use crate::context::{Front, KeyMatch, Value, before, byte_at, enclosed, json};
use crate::detect::{device_id, name, username, uuid};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, KeyRule, Shape};

/// Hunts behind every separator whose key the filter let pass.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &Candidates) {
    for &c in candidates.of(Kind::Key) {
        key(hunt, c);
    }
}

fn key(hunt: &mut Hunt<'_>, c: Candidate) {
    let (text, separator) = (hunt.text, c.at as usize);
    let Some(Front { key, end, is_plain }) = hunt.keys.front(text, separator) else { return };
    let traits = hunt.keys.traits(key.id);
    if !traits.is_asked() {
        return;
    }
    let rule = hunt.keys.rule(&key);
    // a column of MySQL stands before a string or a number; in prose a backtick quotes anything
    if byte_at(text, end) == b'`' && !opens_literal(text, separator) {
        return;
    }
    if traits.is_special() && is_no_message(text, rule, separator) {
        return;
    }
    if !(is_plain && !traits.is_special()) && is_no_key(text, separator, &key, end, rule) {
        return;
    }
    if matches!(rule.shape, Shape::Username | Shape::Any) && is_said(text, separator, end, rule) {
        return;
    }
    if rule.shape == Shape::Username {
        if rule.words == "uid" {
            people::numbered_user(hunt, separator);
        }
        people::sudo_caller(hunt, key.start);
        people::ftp_login(hunt, key.start, separator);
        if before(text, key.start) == b'/' {
            commands::mounted(hunt, key.start, separator);
        }
    }
    // an attribute of an element: ` Name="givenName"`, ` FriendlyName="givenName"`
    if text[separator] == b'='
        && matches!(rule.words, "name" | "friendly name")
        && pairs::attribute(hunt, separator)
    {
        return;
    }
    if traits.is_special() && special(hunt, &key, rule, separator) {
        return;
    }
    match rule.shape {
        Shape::CookieHeader => headers::cookie_header(hunt, separator, &key),
        Shape::SetCookie => headers::set_cookie(hunt, separator, &key),
        Shape::AuthHeader => headers::auth_header(hunt, separator, &key),
        shape if is_about_one_thing(shape) && opens_object(text, separator) => {
            wrapped::values(hunt, &key, rule, separator);
        }
        // `?id=4711`: nobody's, and the commonest of all keys on web logs
        Shape::AccountId
            if rule.needs_person
                && !key.person
                && text[separator] == b'='
                && matches!(before(text, key.start), b'?' | b'&') => {}
        shape if !traits.is_special() && !rule.needs_person && !shape.is_bare_name() => {
            match value::string_behind(text, separator) {
                Some(string) => {
                    if let Some(end) = string.end {
                        quoted(hunt, &key, rule, string.start, end);
                    }
                }
                None => values(hunt, &key, rule, separator),
            }
        }
        _ => values(hunt, &key, rule, separator),
    }
}

/// Looks at every value behind a separator.
pub(super) fn values(hunt: &mut Hunt<'_>, key: &KeyMatch, rule: &'static KeyRule, separator: usize) {
    let text = hunt.text;
    let reach = match rule.shape {
        Shape::Any | Shape::Secretish => Reach::Secret,
        Shape::Text => Reach::Text,
        _ => Reach::Plain,
    };
    // `<Info:AAA.authPass> Slot-1: Login passed`: who logs
    if text[separator] == b'>' && text[separator + 1..].starts_with(b" ") && looks::is_logger(text, separator)
    {
        return;
    }
    if text[separator] == b'>'
        && let Some(value) = enclosed::element_text(text, key.start)
    {
        evaluate(hunt, key, rule, value);
        return;
    }
    let longest = hunt.overlaid.longest(separator);
    let opens_object = reach == Reach::Secret && opens_object(text, separator);
    let end = value::values_after(text, key.start, separator, reach, longest, |value| {
        // `"accessKey": {"accessKeyId": "AKIA…", "status": "Active"}`
        if !(opens_object && says_what_state(text, value)) {
            evaluate(hunt, key, rule, value);
        }
    });
    hunt.followed(separator, end);
}

/// Hands a value to the detector of its key's shape and takes what it finds.
pub(super) fn evaluate(hunt: &mut Hunt<'_>, key: &KeyMatch, rule: &'static KeyRule, value: Value) {
    let slot = if value.in_query { Evidence::SLOT_QUERY } else { Evidence::NONE };
    evaluate_in(hunt, key, rule, value, slot);
}

/// Like [`evaluate`], with what the value's slot adds to the evidence.
pub(super) fn evaluate_in(
    hunt: &mut Hunt<'_>,
    key: &KeyMatch,
    rule: &'static KeyRule,
    value: Value,
    slot: Evidence,
) {
    let text = hunt.text;
    let value = if rule.kind == TypeId::COOKIE { in_segment(text, key, value) } else { value };
    let value = looks::unmarked(text, value);
    if !value.quoted && is_object(&text[value.start..]) {
        return;
    }
    // `ship_to: name: Anna Berg`: another key
    if rule.shape == Shape::Address && value.colon && !value.quoted && text[value.end..].starts_with(b": ") {
        return;
    }
    // only bare keys ask what they stand under: the walk outwards is dear
    let is_bare = (rule.needs_person || rule.words == "number") && !key.person && !value.in_query;
    let parent = if is_bare { hunt.enclosing.key_of(text, key.start) } else { &[] };
    // `"category_name"`: what its object is about says nothing of it
    let is_qualified = is_bare && rule.shape.is_bare_name() && looks::names_thing(text, rule, value);
    let person = key.person || is_bare && !is_qualified && json::names_person(parent);
    let is_alone = is_bare && !person;
    let rule = if is_alone && !is_qualified { hunt.keys.rule_under(parent, rule) } else { rule };
    // `?uid=4471`, `uid=4471 tenant=acme`, `{"uid": 88412, "mail": "…"}`: a number is the id of an account
    let is_number = rule.words == "uid"
        && !looks::names_thing(text, rule, value)
        && value.end - value.start > 3
        && value.bytes(text).iter().all(u8::is_ascii_digit)
        && (value.in_query
            || text[value.end..].starts_with(b" tenant=")
                && !super::phrases::head(text, key.start, 32).ends_with(b"gid=")
            || text[..value.start].trim_ascii_end().ends_with(b"\":")
                && siblings::has_personal_sibling(text, key.start, Value { quoted: true, ..value }));
    // `"uid":"u_8UJ0HJ9UgaFN"`
    let is_marked = rule.words == "uid"
        && value.bytes(text).strip_prefix(b"u_").is_some_and(|id| {
            id.len() > 7 && id.iter().all(u8::is_ascii_alphanumeric) && id.iter().any(u8::is_ascii_digit)
        });
    // `"user":{"username":"anna","uid":"b7f2c3a4-…"}` of Kubernetes' audit
    let is_marked = is_marked
        || rule.words == "uid"
            && value.quoted
            && uuid::keyed(value.bytes(text)).is_some()
            && siblings::is_cluster_user(siblings::object_head(text, key.start));
    // `uid=8f2c-1182` beside an address
    let is_marked = is_marked || rule.words == "uid" && roles::is_account(text, value);
    let user_id = (is_number || is_marked).then(|| hunt.keys.key_ending_at(b"userid", 6)).flatten();
    let rule = user_id.map_or(rule, |key| hunt.keys.rule(&key));
    // `type=ID_CARD country=ES number=X2287716K`
    let is_paper = rule.words == "number"
        && is_alone
        && value.end - value.start > 6
        && value.bytes(text).iter().any(u8::is_ascii_uppercase)
        && siblings::is_beside_papers(text, value.start, value.end);
    let paper = is_paper.then(|| hunt.keys.key_ending_at(b"documentnumber", 14)).flatten();
    let rule = paper.map_or(rule, |key| hunt.keys.rule(&key));
    if !rule.may_be(|kind| hunt.wants(kind)) {
        return;
    }
    // `has_password=0`, `"full_hash_pass":1`: whether, or how many
    if rule.shape == Shape::Any
        && matches!(value.bytes(text), b"0" | b"1")
        && looks::is_qualified(text, rule, value)
    {
        return;
    }
    let wide = Value { end: if value.quoted { value.end } else { value.hard_end }, ..value };
    if rule.shape == Shape::Text {
        hunt.followed(value.start, wide.end);
    }
    let is_special = is_alone || hunt.keys.traits(key.id).is_special();
    if is_special && is_spared(text, key, rule, value) {
        return;
    }
    if matches!(rule.words, "called station id" | "called station identifier") {
        pairs::network_behind(hunt, value);
    }
    // `"actor":{"type":"system","name":"reconciler"}`
    if rule.shape.is_bare_name() && is_bare && siblings::is_program(text, key.start, value) {
        return;
    }
    // `invoice.mail id=INV-2026-4412`: of what is paid, not of who pays
    if rule.words == "id" && persons::is_of_goods(text, key, value) {
        return;
    }
    // `"Actor":{"ID":"…","Attributes":{` of Docker's events: a container, a network, an image
    if rule.shape == Shape::AccountId && siblings::has_attributes_behind(text, value) {
        return;
    }
    if matches!(rule.words, "acls to" | "view permissions" | "modify permissions") {
        return pairs::members(hunt, value, rule.words == "acls to");
    }
    let is_half = matches!(rule.words, "first" | "last");
    if is_half && !persons::is_half_of_pair(text, rule.words, value) {
        return;
    }
    let person = person
        || is_half
        || rule.words == "account" && siblings::is_bank_account(text, key.start)
        || persons::says_more(text, key, rule, value, wide.end, (is_bare, is_special));
    // `lat=12.41 ms`, `lat=0.412 p95=0.881`: a latency
    let behind = &text[value.end..];
    if matches!(rule.shape, Shape::Latitude | Shape::Longitude)
        && (behind.starts_with(b" ms") || behind.starts_with(b" p9") || behind.starts_with(b" p5"))
    {
        return;
    }
    if rule.shape.is_bare_name() && names_product(text, value.end) {
        return;
    }
    // a line of hostapd's configuration: to its end
    let is_line = rule.words == "wpa passphrase"
        && before(text, key.start) == b'\n'
        && !wide.bytes(text).iter().any(|b| matches!(b, b'[' | b'\\' | b'"' | b'='));
    let mut looked_at = if spans_blanks(rule.shape) || is_line { wide } else { value };
    if let Some(found) = beyond::capital_name(text, rule, value) {
        return take(hunt, key, found_at(value.start, rule, found));
    }
    // `GPSLatitude=52 deg 31' 7.80" N`: a quote that closes nothing
    if rule.kind == TypeId::GPS
        && behind.starts_with(b" deg ")
        && let Some(found) = beyond::found(text, rule, value)
    {
        return take(hunt, key, found_at(value.start, rule, found));
    }
    // a token of a device that stands in groups of eight
    if rule.kind == TypeId::DEVICE_ID && matches!(value.end - value.start, 8 | 71) {
        let grouped = device_id::grouped(super::phrases::tail(text, value.start, 71));
        if let Some(found) = grouped {
            return take(hunt, key, found_at(value.start, rule, found));
        }
    }
    let mut found = detect(hunt, rule, looked_at.bytes(text), value.quoted, person);
    if found.is_none() && looked_at.end != value.end && !finds_its_end(rule.shape) {
        looked_at = value;
        found = detect(hunt, rule, looked_at.bytes(text), value.quoted, person);
    }
    // `"user": {"name": "kim.lee"}`: what its object and its own word name together
    if found.is_none() && rule.shape.is_bare_name() && person {
        let joined = hunt.keys.rule_under(parent, rule);
        if is_bare && joined.shape == Shape::Username && !joined.needs_person
            || is_given_and_family(value.bytes(text))
        {
            looked_at = value;
            found = username::keyed(value.bytes(text), value.quoted);
        }
    }
    if found.is_none()
        && rule.shape.is_bare_name()
        && (siblings::has_address_behind(text, value)
            || pairs::is_handshake(text, key.start)
            || !value.quoted && siblings::follows_uid(text, key.start))
    {
        looked_at = value;
        found = username::keyed(value.bytes(text), value.quoted);
    }
    if found.is_none()
        && rule.shape.is_bare_name()
        && (rule.words == "holder"
            // ISO 20022
            || rule.words == "nm" && before(text, key.start) == b'<'
            // a card for people (RFC 6350 section 6.2.1)
            || rule.words == "fn" && text[key.start..].starts_with(b"FN:")
            || siblings::is_half_name(rule.words)
                && value.start.wrapping_sub(key.start) < 24
                && siblings::is_beside_given(text, key.start, value.end)
            || !is_qualified && siblings::has_personal_sibling(text, key.start, value))
    {
        looked_at = wide;
        // prose: `name: Anna Berg, street: …`
        let starts_name = text[value.start].is_ascii_uppercase() || text[value.start] >= 0x80;
        let is_prose = value.colon && !value.quoted && starts_name && rule.words != "holder";
        found = match is_prose && rule.shape == Shape::BareName {
            true => detect(hunt, rule, wide.bytes(text), false, true),
            false => name::displayed(wide.bytes(text)),
        };
        if found.is_none() {
            looked_at = value;
            found = name::displayed(value.bytes(text));
        }
        if found.is_none() && siblings::is_half_name(rule.words) {
            found = name::bare(value.bytes(text), true, true).filter(|_| name::is_titled(value.bytes(text)));
        }
        if found.is_none() && siblings::is_user_entry(text, key.start, value) {
            found = username::keyed(value.bytes(text), value.quoted);
        }
    }
    let Some(found) = found.or_else(|| beyond::found(text, rule, value)).or_else(|| {
        looked_at = value;
        let is_role = rule.shape.is_bare_name() || rule.shape == Shape::Email;
        if is_role && let Some(found) = roles::holder(text, key, rule, value, wide.end) {
            return Some(found);
        }
        pairs::plus_for_blank(hunt, rule, value).or_else(|| tagged_account(text, key, rule, value))
    }) else {
        return;
    };
    let mut found = found_at(looked_at.start, rule, found);
    if matches!(found.kind, TypeId::NAME | TypeId::ADDRESS) && !value.quoted && is_sentence(text, &found) {
        return;
    }
    found.evidence = found.evidence.and(slot);
    if slot.has(Evidence::SLOT_FORMAT) {
        // Somebody wrote down what stands there.
        found.confidence = found.confidence.max(95);
    }
    take(hunt, key, found);
}

/// Takes what was found under a key.
#[inline]
fn take(hunt: &mut Hunt<'_>, key: &KeyMatch, mut found: Match) {
    let text = hunt.text;
    if matches!(found.kind, TypeId::NAME | TypeId::USERNAME) && text[found.end..].starts_with(b" (") {
        clients::login_behind(hunt, found.start, found.end);
    }
    // brackets around a number are not part of it, but those around its first group are
    let bytes = &text[found.start..found.end];
    if found.kind == TypeId::PHONE && bytes[0] == b'(' && !bytes[..bytes.len() - 1].contains(&b')') {
        found.start += 1;
        found.end -= usize::from(bytes[bytes.len() - 1] == b')');
    }
    // beside a routing number or sort code it is a bank's
    if found.kind == TypeId::ACCOUNT_ID && siblings::is_bank_account(text, key.start) {
        (found.kind, found.rule) = (TypeId::BANK, rules::BANK);
    }
    // the machine that a port of OpenStack belongs to
    if found.kind == TypeId::DEVICE_ID
        && key.id.words() == "device id"
        && pairs::is_of_port(text, key.start, &found)
    {
        return;
    }
    hunt.accept_under(found, Some(key.id));
    if found.kind == TypeId::ADDRESS && key.id.words().ends_with("city") {
        regions::behind(hunt, found.end);
    }
    if changes::may_go_on(text, found.end) {
        changes::behind_arrow(hunt, key, &found);
    }
}

/// The same as [`evaluate`] for a string under a key whose words always mean the same: most values
/// of JSON. It has one end, and stands in no query.
fn quoted(hunt: &mut Hunt<'_>, key: &KeyMatch, rule: &'static KeyRule, start: usize, end: usize) {
    let found = detect(hunt, rule, &hunt.text[start..end], true, key.person);
    let found = found.or_else(|| siblings::typed_login(hunt.text, rule, start, end)).or_else(|| {
        let value = Value::whole(start, end);
        if rule.shape == Shape::Email { roles::holder(hunt.text, key, rule, value, end) } else { None }
    });
    if let Some(found) = found {
        take(hunt, key, found_at(start, rule, found));
    }
}
