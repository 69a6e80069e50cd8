//! Values under keys: the key's shape says which detector looks at the value.

use super::accept::Hunt;
use super::forms::{
    self, is_account_number, is_capital_id, is_class, is_mixed, is_mixed_id, is_object, is_path, is_path_of_cache, is_pin,
    is_raft_id, is_subject, is_title, measured_client, names_worker, personal_computer, prefixed_account,
    says_what_state,
};
use super::login_words::is_given_and_family;
use super::looks::{
    account_of, finds_its_end, found_at, in_dn, in_segment, is_about_one_thing, is_area, is_of_digests,
    is_word_key, login, opens_literal, opens_object, spans_blanks, tagged_account,
};
use super::no_key::{is_no_key, is_said};
use super::numbers::{keyed_phone, number_of};
use super::special::{is_sentence, is_spared, names_product, special};
use super::{beyond, clients, commands, headers, looks, pairs, people, persons, siblings};
use crate::classify::{Candidate, Candidates, Kind};
use crate::context::value::{self, Reach};
use crate::context::{Front, KeyMatch, Value, before, byte_at, enclosed, json};
use crate::detect::{
    account_id, address, bank, card, cell_id, device_id, device_name, dob, email, gps, iban, iccid, imei,
    imsi, mac, meid, name, national_id, secret, ssid, text, username, uuid, vin, wallet,
};
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
    if !(is_plain && !traits.is_special()) && is_no_key(text, separator, &key, end, rule) {
        return;
    }
    if matches!(rule.shape, Shape::Username | Shape::Any) && is_said(text, separator, end, rule) {
        return;
    }
    if rule.shape == Shape::Username {
        people::sudo_caller(hunt, key.start);
        people::ftp_login(hunt, key.start, separator);
        if before(text, key.start) == b'/' {
            commands::mounted(hunt, key.start, separator);
        }
    }
    // an attribute of an element: ` Name="givenName"`
    if text[separator] == b'='
        && before(text, key.start) == b' '
        && matches!(rule.words, "name" | "friendly name")
        && pairs::attribute(hunt, key.start, separator)
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
        shape if is_about_one_thing(shape) && opens_object(text, separator) => {}
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
fn values(hunt: &mut Hunt<'_>, key: &KeyMatch, rule: &'static KeyRule, separator: usize) {
    let text = hunt.text;
    let reach = match rule.shape {
        Shape::Any | Shape::Secretish => Reach::Secret,
        Shape::Text => Reach::Text,
        _ => Reach::Plain,
    };
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
    if !value.quoted && is_object(&text[value.start..]) {
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
    // `?uid=4471`, `{"uid": 88412, "mail": "…"}`: a number is the id of an account
    let is_number = rule.words == "uid"
        && !looks::names_thing(text, rule, value)
        && value.end - value.start > 3
        && value.bytes(text).iter().all(u8::is_ascii_digit)
        && (value.in_query
            || text[..value.start].trim_ascii_end().ends_with(b"\":")
                && siblings::has_personal_sibling(text, key.start, Value { quoted: true, ..value }));
    let user_id = is_number.then(|| hunt.keys.key_ending_at(b"userid", 6)).flatten();
    let rule = user_id.map_or(rule, |key| hunt.keys.rule(&key));
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
    // `"Actor":{"ID":"…","Attributes":{` of Docker's events: a container, a network, an image
    if rule.shape == Shape::AccountId && siblings::has_attributes_behind(text, value) {
        return;
    }
    if matches!(rule.words, "acls to" | "view permissions" | "modify permissions") {
        return pairs::members(hunt, value, rule.words == "acls to");
    }
    let person = person || persons::says_more(text, key, rule, value, wide.end, (is_bare, is_special));
    // `lat=12.41 ms`, `lat=0.412 p95=0.881`: a latency
    if matches!(rule.shape, Shape::Latitude | Shape::Longitude)
        && (text[value.end..].starts_with(b" ms") || rule.words == "lat" && looks::is_latency(text, key.start, value))
    {
        return;
    }
    if rule.shape.is_bare_name() && names_product(text, value.end) {
        return;
    }
    let mut looked_at = if spans_blanks(rule.shape) { wide } else { value };
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
            || !is_qualified && siblings::has_personal_sibling(text, key.start, value))
    {
        looked_at = value;
        found = name::displayed(value.bytes(text));
        if found.is_none() && siblings::is_half_name(rule.words) {
            found = name::bare(value.bytes(text), true, true).filter(|_| name::is_titled(value.bytes(text)));
        }
        if found.is_none() && siblings::is_user_entry(text, key.start, value) {
            found = username::keyed(value.bytes(text), value.quoted);
        }
    }
    let Some(found) = found.or_else(|| beyond::found(text, rule, value)).or_else(|| {
        looked_at = value;
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
    hunt.accept_under(found, Some(key.id));
}

/// The same as [`evaluate`] for a string under a key whose words always mean the same: most values
/// of JSON. It has one end, and stands in no query.
fn quoted(hunt: &mut Hunt<'_>, key: &KeyMatch, rule: &'static KeyRule, start: usize, end: usize) {
    let found = detect(hunt, rule, &hunt.text[start..end], true, key.person);
    if let Some(found) = found.or_else(|| siblings::typed_login(hunt.text, rule, start, end)) {
        take(hunt, key, found_at(start, rule, found));
    }
}

pub(super) fn detect(
    hunt: &Hunt<'_>,
    rule: &KeyRule,
    value: &[u8],
    quoted: bool,
    person: bool,
) -> Option<Match> {
    match rule.shape {
        Shape::Any if rule.words == "pwd" && is_path(value) => None,
        // in a list of strings
        Shape::Any if !quoted && rule.kind == TypeId::TOKEN && rule.words.ends_with(" codes") => None,
        // of a chip
        Shape::Any if rule.words == "pin" && !is_pin(value) => None,
        // Twilio: the id of a message or call
        Shape::Secretish if rule.words == "sid" && pairs::is_object_id(value) => None,
        Shape::Any => secret::any(value, quoted, rule.kind, rule.rule),
        // what stands where a server hands it out needs no more than a digit or mixed case
        Shape::Secretish if rule.words == "code" && !value.iter().any(u8::is_ascii_digit) => None,
        Shape::Secretish if rule.words == "code" => secret::any(value, true, rule.kind, rule.rule),
        Shape::Secretish => secret::secretish(value, rule.kind, rule.rule),
        // where somebody goes
        Shape::Phone if rule.words == "dest" => keyed_phone(hunt, rule, value)
            .or_else(|| gps::pair(value).filter(|f| gps::is_precise(&value[f.start..f.end]))),
        Shape::Phone => keyed_phone(hunt, rule, value),
        // India's account of taxes has the same name
        Shape::Card if matches!(rule.words, "pan" | "pan no" | "pan number") => {
            card::keyed(value).or_else(|| national_id::keyed(value, rules::NATIONAL_ID_IN_PAN))
        }
        Shape::Card => card::keyed(value),
        Shape::Cvv => card::keyed_cvv(value),
        // alone these name all kinds of ends: only as cards write them
        Shape::Expiry if rule.words == "exp date" => card::keyed_expiry(value).filter(|_| value.len() < 6),
        Shape::Expiry | Shape::AnyExpiry => {
            card::keyed_expiry(value).or_else(|| card::keyed_part_of_expiry(value, rule.words))
        }
        Shape::Imei => imei::keyed(value),
        Shape::Imeisv => imei::keyed_imeisv(value),
        Shape::Mac if rule.words.starts_with("ieee") => {
            forms::extended_address(value).or_else(|| mac::keyed(value))
        }
        Shape::Mac => mac::keyed(value),
        Shape::DeviceId if rule.words == "serial" && !is_mixed(value) => None,
        // FortiGate's count of records starts with the second
        Shape::DeviceId if rule.words == "sn" && value.len() == 10 && value.starts_with(b"1") && !quoted => None,
        // `visitor_id=ip:203.0.113.1` of ntfy: the address is found by its shape
        Shape::DeviceId if value.starts_with(b"ip:") => None,
        // of an installation (Firebase), not of a message
        Shape::DeviceId if rule.words == "fid" && value.len() != 22 => None,
        Shape::DeviceId if matches!(rule.words, "ga" | "client id") => measured_client(value),
        Shape::DeviceId => device_id::keyed(value),
        Shape::Uuid if rule.needs_person && !person => None,
        // other ids of people under the same key: 26 capitals and digits
        Shape::Uuid if person => {
            uuid::keyed(value).or_else(|| account_id::keyed(value).filter(|_| is_capital_id(value)))
        }
        Shape::Uuid => uuid::keyed(value),
        Shape::Iban => iban::keyed(value),
        Shape::Wallet => wallet::keyed(value),
        // RFC 4006 section 8.47: the type of the id stands in another pair
        Shape::Imsi if rule.words == "subscription id data" => {
            imsi::keyed(value).or_else(|| keyed_phone(hunt, rule, value))
        }
        Shape::Imsi if rule.words == "suci" => imsi::unconcealed(value),
        Shape::Imsi => imsi::keyed(value),
        Shape::Iccid => iccid::keyed(value),
        Shape::Meid => meid::keyed(value),
        Shape::Vin => vin::keyed(value),
        Shape::Bank => bank::keyed(value),
        // of a program, where no driver is near
        Shape::NationalId if rule.needs_person && !person => None,
        Shape::NationalId if rule.needs_person && !quoted => {
            let word = value.split(|b| *b == b' ').next().unwrap_or_default();
            national_id::keyed(word, rule.rule)
        }
        // India's reference of a transfer has the same name
        Shape::NationalId if rule.words == "utr" && value.first().is_some_and(u8::is_ascii_alphabetic) => None,
        Shape::NationalId => national_id::keyed(value, rule.rule)
            .or_else(|| if quoted { None } else { national_id::leading(value, rule.rule) }),
        // a digest of an address, which a list of addresses undoes
        Shape::Email if is_of_digests(rule.words) => email::digest(value),
        // `recipient="Anna Berg"`
        // the name of an account without its domain
        Shape::Email if matches!(rule.words, "upn" | "user principal name") => {
            let is_name = value.len() > 5 && value.iter().all(u8::is_ascii_alphanumeric);
            email::keyed(value).or_else(|| username::keyed(value, true).filter(|_| is_name))
        }
        // Postfix: the name of a mailbox here, before it is looked up
        Shape::Email if rule.words == "orig to" => {
            email::keyed(value).or_else(|| username::keyed(value, false).filter(|_| !forms::is_office(value)))
        }
        Shape::Email => email::keyed(value).or_else(|| {
            if quoted && rule.names_end_of_mail() { name::bare(value, true, false) } else { None }
        }),
        Shape::Name if is_class(value) => None,
        // of a process
        Shape::Name if rule.words == "parent name" && !forms::is_written_name(value) => None,
        Shape::Name => name::keyed(value, quoted),
        Shape::BareName if rule.words == "cn" && pairs::is_host(value) => None,
        Shape::BareName | Shape::RoleName => device_name::owned(value, quoted).or_else(|| {
            let named =
                name::bare(value, quoted, person || in_dn(value)).map(|found| account_of(value, found));
            match rule.shape {
                _ if rule.words == "display name" => named.or_else(|| pairs::mounted(value)),
                Shape::RoleName => named.or_else(|| name::of_role(value, quoted)),
                _ if rule.words == "identity" => named.or_else(|| login(value, quoted)),
                _ if rule.words == "customer" => named.or_else(|| prefixed_account(value)),
                _ => named,
            }
        }),
        Shape::Address if rule.words == "cp" && !person => None,
        Shape::Address if rule.words == "logon location" && !value.contains(&b',') => None,
        Shape::Address if rule.words == "cp" => address::zip(value),
        Shape::Address if rule.words == "zip" => address::zip(value),
        // where somebody is fetched
        Shape::Address if matches!(rule.words, "pickup" | "dropoff" | "drop off") => address::keyed(value, quoted)
            .filter(|_| person)
            .or_else(|| address::bare(value, quoted))
            .or_else(|| gps::pair(value).filter(|f| gps::is_precise(&value[f.start..f.end]))),
        Shape::Address if rule.needs_person && !person => address::bare(value, quoted),
        Shape::Address => address::keyed(value, quoted),
        Shape::Dob => dob::keyed(value),
        // of a cursor, a file, a queue, a screen
        Shape::Gps if looks::is_any_place(rule.words) => {
            gps::pair(value).filter(|f| gps::is_precise(&value[f.start..f.end]))
        }
        Shape::Gps => gps::pair(value),
        Shape::Latitude => gps::latitude(value),
        // a long number, a long name
        Shape::Longitude if rule.words == "long" => gps::longitude(value).filter(|f| f.end - f.start >= 6),
        Shape::Longitude => gps::longitude(value),
        Shape::CellId if is_area(rule.words) => cell_id::area(value).or_else(|| cell_id::hexadecimal(value)),
        Shape::CellId if rule.words == "utran cell id 3gpp" => cell_id::network_info(value),
        Shape::CellId if rule.words == "user location info" => cell_id::location_info(value),
        // also a telephone's, or one of a table
        Shape::CellId if rule.words == "cell" => {
            let is_global =
                |found: &Match| value[found.start..found.end].iter().filter(|b| **b == b'-').count() > 2;
            cell_id::keyed(value).filter(is_global).or_else(|| keyed_phone(hunt, rule, value))
        }
        // a client of Google's measurement has the same key
        Shape::CellId if rule.words == "cid" => cell_id::keyed(value).or_else(|| measured_client(value)),
        Shape::CellId if rule.words.ends_with("cell id") => {
            cell_id::keyed(value).or_else(|| cell_id::hexadecimal(value))
        }
        Shape::CellId => cell_id::keyed(value),
        Shape::Ssid => ssid::keyed(value, quoted),
        Shape::DeviceName
            if rule.needs_person && (!person || rule.words == "host")
                || pairs::is_server(rule.words, value) =>
        {
            device_name::owned(value, quoted).or_else(|| personal_computer(value))
        }
        // an instance of EC2
        Shape::DeviceName if forms::is_instance(value) => None,
        // of an event, too
        Shape::DeviceName if rule.words == "friendly name" && !is_title(value) => {
            device_name::owned(value, quoted)
        }
        Shape::DeviceName => device_name::keyed(value, quoted),
        // Firebase: 28 letters of both cases and digits
        Shape::Username if rule.words == "uid" && is_mixed_id(value) => account_id::keyed(value),
        Shape::Username if pairs::is_kerberos(value) => {
            let name = value.iter().position(|b| *b == b'/').map_or(value, |slash| &value[..slash]);
            username::keyed(name, true)
        }
        // alone these are mostly no person's: only what is a name by itself
        Shape::Username if rule.needs_person && !person && !in_dn(value) => {
            if quoted && value.contains(&b' ') {
                return name::bare(value, true, false);
            }
            login(value, quoted)
        }
        Shape::Username if pairs::is_number(rule.words, value) => None,
        // Kafka's `User:anna` has a key of its own
        Shape::Username if rule.words == "principal" && value.starts_with(b"User:") => None,
        // the reason, mostly: only a quoted word is a name
        Shape::Username if rule.words == "login failed" && (!quoted || value.contains(&b' ')) => {
            // Nextcloud: `Login failed: anna (Remote IP: 192.0.2.7)`
            username::keyed(value, false).filter(|found| value[found.end..].starts_with(b" (Remote IP"))
        }
        // phpMyAdmin: `user denied: anna (mysql-denied) from 192.0.2.7`
        Shape::Username if rule.words == "user denied" => username::keyed(value, false).filter(|found| {
            let rest = &value[found.end..];
            rest.starts_with(b" (") && memchr::memmem::find(rest, b"-denied)").is_some_and(|p| p < 12)
        }),
        // of a file or a window, mostly
        Shape::Username if rule.words == "handle" && !value.starts_with(b"@") => None,
        // a service of a cloud is nobody
        Shape::Username if value.ends_with(b".amazonaws.com") || value.ends_with(b".googleapis.com") => None,
        // of Kubernetes: an object's, a service's account among them
        Shape::Username if rule.words == "uid" && uuid::keyed(value).is_some() => None,
        // a key of a cache: `user:1000:profile`
        Shape::Username if !quoted && rule.words == "user" && is_path_of_cache(value) => None,
        Shape::Username if rule.words == "acct" && is_account_number(value) => account_id::keyed(value),
        Shape::Username => username::keyed(value, quoted).map(|found| number_of(hunt, value, found)),
        Shape::AccountId if rule.needs_person && !person && !(rule.words == "sub" && is_subject(value)) => {
            None
        }
        // of a cluster's member, in sixteen hex digits
        Shape::AccountId if rule.words == "member id" && is_raft_id(value) => None,
        // `puma_4`, `worker-3`
        Shape::AccountId if rule.words == "worker id" && names_worker(value) => None,
        Shape::AccountId if is_word_key(rule.words) && !value.iter().any(u8::is_ascii_digit) => None,
        // of a telephone's subscription
        Shape::AccountId if rule.words == "subscriber id" => {
            let word = value.split(|b| *b == b' ').next().unwrap_or_default();
            imsi::keyed(word).or_else(|| account_id::keyed(value))
        }
        Shape::AccountId => account_id::keyed(value),
        // the name in the folder's path is found by its shape
        Shape::Text if rule.kind == TypeId::HOME_DIR => None,
        Shape::Text => text::keyed(value, quoted || rule.kind == TypeId::USER_AGENT),
        _ => None,
    }
}
