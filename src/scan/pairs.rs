//! What stands beside a key and its value: the other half of `{"name": "X", "value": "Y"}`, siblings that make
//! a name a person's, containers in distinguished names.

use super::accept::Hunt;
use super::forms::is_service_of_ports;
use super::siblings::{MAX_SIBLING_BYTES, object_head};
use super::slots::{self, Meaning};
use super::{changes, detectors};
use crate::context::value::{self, Reach};
use crate::context::{KeyMatch, Value, before, byte_at, is_word};
use crate::detect::{mac, username};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, KeyRule, Shape};

/// The longest value in which a plus stands for a blank, in bytes.
const MAX_FORM_BYTES: usize = 64;
/// The longest name of a custom field of CEF, in bytes.
const MAX_FIELD_NAME_BYTES: usize = 16;
/// How far from such a field its label is looked for, in bytes.
const MAX_LABEL_BYTES: usize = 1024;

/// The value of a pair whose key is a value as well: `{"name": "DB_PASSWORD", "value": "x"}` of Kubernetes and
/// HAR, `{"system": "phone", "value": "…"}` of FHIR, `{"key": "user.email", "value": {"stringValue": "…"}}`
/// of OpenTelemetry.
pub(super) fn value(hunt: &mut Hunt<'_>, key: &KeyMatch, separator: usize) {
    let text = hunt.text;
    let mut head = object_head(text, key.start);
    if let Some(outer) = head.strip_suffix(b"{\"").or_else(|| head.strip_suffix(b"{")) {
        // `"value":{"stringValue":`
        let outer = outer.trim_ascii_end();
        if !outer.ends_with(b"\"value\":") && !outer.ends_with(b"\"Value\":") {
            return;
        }
        head = object_head(text, key.start - (head.len() - outer.len()) - 1);
    }
    // what stands before the last blank is the pair before
    let own = || separator - text[..separator].iter().rev().take(24).take_while(|b| is_word(**b)).count();
    let Some(name) = sibling_name(head).or_else(|| changes::field_before(text, own())) else { return };
    let Some(named) = hunt.engine.keys.key_ending_at(name, name.len()) else { return };
    match hunt.keys.rule(&named).shape {
        Shape::AuthHeader => return super::headers::auth_header(hunt, separator, key),
        Shape::SetCookie => return super::headers::set_cookie(hunt, separator, key),
        _ => {}
    }
    let meaning = Meaning::of_name(&hunt.engine.keys, name);
    let longest = hunt.overlaid.longest(separator);
    let end = value::values_after(text, key.start, separator, Reach::Plain, longest, |value| {
        if value.quoted || text[separator] == b'=' {
            slots::fill(hunt, value.start, changes::end_of(hunt.text, value), meaning, Evidence::KEY);
        }
    });
    hunt.followed(separator, end);
}

/// The value of a custom field of CEF, which another field says the meaning of: `cs4=anna cs4Label=User Name`
/// (ArcSight Common Event Format, "Custom Extension Naming").
pub(super) fn labelled(hunt: &mut Hunt<'_>, separator: usize) {
    let text = hunt.text;
    let length = text[..separator]
        .iter()
        .rev()
        .take(MAX_FIELD_NAME_BYTES)
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let start = separator - length;
    if text[separator] != b'=' || length == MAX_FIELD_NAME_BYTES {
        return;
    }
    let mut sign = [0; MAX_FIELD_NAME_BYTES + 6];
    let sign = &mut sign[..length + 6];
    sign[..length].copy_from_slice(&text[start..separator]);
    sign[length..].copy_from_slice(b"Label=");
    let tail = super::phrases::tail(text, separator + 1, MAX_LABEL_BYTES);
    let head = super::phrases::head(text, start, MAX_LABEL_BYTES);
    let behind = |part: &[u8]| {
        let at = memchr::memmem::find(part, sign)?;
        (at > 0 && matches!(part[at - 1], b' ' | b'|')).then_some(at + sign.len())
    };
    let label = match (behind(tail), behind(head)) {
        (Some(at), _) => &tail[at..],
        (None, Some(at)) => &head[at..],
        _ => return,
    };
    let label = label[..field_bytes(label)].trim_ascii();
    if !(1..=MAX_FIELD_NAME_BYTES * 4).contains(&label.len()) {
        return;
    }
    let meaning = Meaning::of_name(&hunt.engine.keys, label);
    let length = field_bytes(tail);
    // mostly of a server
    let is_device = matches!(meaning, Meaning::Key(key) if hunt.keys.rule(&key).shape == Shape::DeviceName);
    if length > 0 && !is_device {
        slots::fill(hunt, separator + 1, separator + 1 + length, meaning, Evidence::KEY);
    }
}

/// The bytes of the value of a field of CEF that `rest` starts with: it ends before the next key, or where its string
/// does.
fn field_bytes(rest: &[u8]) -> usize {
    let end = rest.iter().position(|b| matches!(b, b'"' | b'\r')).unwrap_or(rest.len());
    let next = memchr::memchr_iter(b'=', &rest[..end]).find(|at| *at > 0 && rest[at - 1] != b'\\');
    match next {
        Some(equals) => memchr::memrchr(b' ', &rest[..equals]).unwrap_or(0),
        None => end,
    }
}

/// The string under the sibling that names what the value is.
fn sibling_name(head: &[u8]) -> Option<&[u8]> {
    const NAMES: [&[u8]; 14] = [
        b"\"name\":",
        b"\"Name\":",
        b"\"key\":",
        b"\"Key\":",
        b"\"system\":",
        b"\"field\":",
        b"\"header\":",
        b"\"attribute\":",
        b"\"displayName\":",
        b"\"property\":",
        b"\"fieldName\":",
        b"\"field_name\":",
        b"\"fieldId\":",
        b"\"type\":",
    ];
    // `<input name="full_name" value="…">`, `field name="full_name" value="…"`
    if let Some(inner) = head.strip_suffix(b"\" ") {
        let open = memchr::memrchr(b'"', inner)?;
        let is_name = [&b" name="[..], b" field=", b" key="].iter().any(|key| inner[..open].ends_with(key));
        return (is_name && (1..=64).contains(&(inner.len() - open - 1))).then(|| &inner[open + 1..]);
    }
    // a patch (RFC 6902 section 4): `{"op":"add","path":"/phone","value":"…"}`
    let patched = || {
        memchr::memmem::find(head, b"\"op\":")?;
        Some((memchr::memmem::rfind(head, b"\"path\":")?, 7))
    };
    let (at, length) = NAMES
        .iter()
        .find_map(|name| Some((memchr::memmem::rfind(head, name)?, name.len())))
        .or_else(patched)?;
    let rest = head.get(at + length..)?.trim_ascii_start().strip_prefix(b"\"")?;
    let end = memchr::memchr(b'"', rest)?;
    (1..=64).contains(&end).then(|| &rest[..end])
}

/// Whether a key of the same object says what changed.
pub(super) fn is_change(text: &[u8], key_start: usize) -> bool {
    let head = object_head(text, key_start);
    [&b"\"key\":"[..], b"\"field\":"].iter().any(|name| memchr::memmem::find(head, name).is_some())
}

/// The users of a list of Spark's: `view acls to: yarn,anna`, `view permissions: Set(yarn, anna)`.
pub(super) fn members(hunt: &mut Hunt<'_>, value: Value, may_be_bare: bool) {
    let list = super::phrases::tail(hunt.text, value.start, 256);
    let open = if list.starts_with(b"Set(") { 4 } else { 0 };
    if open == 0 && !may_be_bare {
        return;
    }
    let length = list[open..].iter().take_while(|b| !matches!(b, b')' | b';' | b'\n' | b'\r')).count();
    let mut start = value.start + open;
    for item in list[open..open + length].split(|b| *b == b',').take(16) {
        let end = start + item.len();
        let from = end - item.trim_ascii_start().len();
        if from < end && !item.trim_ascii().contains(&b' ') {
            super::daemons::name(hunt, from, end);
        }
        start = end + 1;
    }
}

/// A name in a handshake of PPP: `CHAP: Name: "anna"`, `rcvd [CHAP Response id=0x1 <…>, name = "anna"]`.
pub(super) fn is_handshake(text: &[u8], key_start: usize) -> bool {
    let head = super::phrases::head(text, key_start, 80);
    [&b"CHAP"[..], b"PAP AuthReq", b"PAP: "].iter().any(|word| memchr::memmem::find(head, word).is_some())
}

/// In a query a plus is a blank: `tel=020+7946+0018`.
pub(super) fn plus_for_blank(hunt: &Hunt<'_>, rule: &KeyRule, value: Value) -> Option<Match> {
    let bytes = value.bytes(hunt.text);
    let is_grouped = matches!(rule.shape, Shape::Phone | Shape::Iban | Shape::NationalId);
    if !value.in_query || !is_grouped || bytes.len() > MAX_FORM_BYTES || !bytes.contains(&b'+') {
        return None;
    }
    let mut buffer = [0u8; MAX_FORM_BYTES];
    let plain = &mut buffer[..bytes.len()];
    plain.copy_from_slice(bytes);
    // the first may be the sign of an international number
    plain.iter_mut().skip(1).filter(|b| **b == b'+').for_each(|b| *b = b' ');
    detectors::detect(hunt, rule, plain, true, false)
}

/// A container of entries in a distinguished name: `cn=users,cn=accounts,dc=example`.
pub(super) fn is_container(text: &[u8], key_start: usize, value: Value) -> bool {
    let end =
        value.start + text[value.start..value.end].iter().take_while(|b| b.is_ascii_lowercase()).count();
    let parent = text.get(end..end + 4).unwrap_or_default();
    let is_parent = parent.eq_ignore_ascii_case(b",dc=") || parent.eq_ignore_ascii_case(b",cn=");
    is_parent && (before(text, key_start) == b',' || parent.eq_ignore_ascii_case(b",cn="))
}

/// Keys that name what they mean only beside others: the client of a message centre (SMPP 3.4 section 5.2.1), a
/// cell beside its area, what a client of FTP sends.
pub(super) fn lacks_company(text: &[u8], key: &KeyMatch, words: &str, value: Value) -> bool {
    let around = |word: &[u8]| {
        let head = super::phrases::head(text, key.start, 64);
        let tail = &text[value.end..text.len().min(value.end + 24)];
        [head, tail].iter().any(|part| part.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word)))
    };
    match words {
        "system id" => !around(b"smpp") && !around(b"password="),
        "ci" => {
            let head = super::phrases::head(text, value.start, 32).to_ascii_lowercase();
            let area = [&b"lac"[..], b"tac"].iter().find_map(|area| memchr::memmem::rfind(&head, area));
            let value = area.and_then(|p| head.get(p + 3..)).unwrap_or_default();
            !value.iter().find(|b| !matches!(b, b'"' | b':' | b'=' | b' ')).is_some_and(u8::is_ascii_digit)
        }
        "command data" => !around(b"\"pass\""),
        _ => false,
    }
}

/// A common name of one word with a digit in it: a host's (`CN=fw1,O=mgmt`); or an authority's.
pub(super) fn is_host(value: &[u8]) -> bool {
    let word = value.split(|b| matches!(b, b',' | b'/' | b' ' | b'"')).next().unwrap_or_default();
    let is_machine = word.iter().any(u8::is_ascii_digit) && value.get(word.len()) != Some(&b' ');
    // `CN=Example Root CA,O=Example`: who signs certificates
    let common = value.split(|b| matches!(b, b',' | b'/' | b'"')).next().unwrap_or_default();
    let signs = common.split(|b| *b == b' ').any(|word| {
        matches!(
            word,
            b"CA" | b"Root" | b"Authority" | b"Issuing" | b"Intermediate" | b"TLS" | b"SSL" | b"RSA" | b"Inc"
        )
    });
    is_machine || signs
}

/// The full name of a server under `ComputerName`: its first word has a domain.
pub(super) fn is_server(words: &str, value: &[u8]) -> bool {
    let word = value.trim_ascii_start().split(|b| matches!(b, b' ' | b',' | b'"')).next().unwrap_or_default();
    words == "computer name" && word.contains(&b'.')
}

/// Numbers of accounts under the keys of audit(8).
pub(super) fn is_number(words: &str, value: &[u8]) -> bool {
    match words {
        "auid" | "ouid" | "euid" | "fsuid" | "suid" | "loginuid" => {
            value.first().is_some_and(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// The network behind the address of its access point: `Called-Station-Id = "00-00-5E-00-53-01:eduroam"`
/// (RFC 3580 section 3.20).
pub(super) fn network_behind(hunt: &mut Hunt<'_>, value: Value) {
    let text = hunt.text;
    if let Some(found) = mac::keyed(value.bytes(text)) {
        let colon = value.start + found.end;
        if hunt.wants(TypeId::SSID) && byte_at(text, colon) == b':' && colon + 1 < value.end {
            let (start, end, kind, rule) = (colon + 1, value.end, TypeId::SSID, rules::SSID);
            hunt.accept(Match { start, end, kind, rule, confidence: 85, evidence: Evidence::KEY });
        }
    }
}

/// Two capitals that name a kind of object, and 32 hex digits (Twilio).
pub(super) fn is_object_id(value: &[u8]) -> bool {
    value.len() == 34
        && value[..2].iter().all(u8::is_ascii_uppercase)
        && value[2..].iter().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'))
}

/// Whether a `code` is what an authorization server hands out: in the query of its redirect, or beside
/// `authorization_code`.
pub(super) fn is_grant(text: &[u8], key_start: usize, value: Value) -> bool {
    value.end - value.start >= 16
        // the text of an element may stand before the key of one of its attributes
        && text.get(key_start..value.start).is_some_and(is_code)
        && (value.in_query
            || memchr::memmem::find(super::phrases::head(text, value.start, 256), b"authorization_code")
                .is_some())
}

/// Whether a key and its separator end with the word `code` alone, which another pair may stand before
/// (`grant=authorization_code code=`).
fn is_code(key: &[u8]) -> bool {
    let letters =
        key.iter().rposition(|b| !matches!(b, b'=' | b':' | b'"' | b'\'' | b' ')).map_or(0, |last| last + 1);
    let head = &key[..letters];
    let Some(before) = head.len().checked_sub(4).filter(|at| head[*at..].eq_ignore_ascii_case(b"code"))
    else {
        return false;
    };
    before == 0 || !is_word(head[before - 1])
}

/// `<saml:Attribute Name="givenName" …><saml:AttributeValue …>Anna</…>` (SAML 2.0 core section 2.7.3.1): the
/// value of the attribute whose name stands behind `separator`; whether it is that.
pub(super) fn attribute(hunt: &mut Hunt<'_>, separator: usize) -> bool {
    let text = hunt.text;
    let name = separator.saturating_sub(b"Name".len());
    if !matches!(before(text, name), b' ' | b'y') {
        return false;
    }
    let head = super::phrases::head(text, name, 160);
    let tag = memchr::memrchr(b'<', head).map_or(&b""[..], |open| &head[open..]);
    let word = tag.split(|b| *b == b' ').next().unwrap_or_default();
    if text[separator] != b'=' || !word.ends_with(b"Attribute") {
        return false;
    }
    let Some(name) = value::string_behind(text, separator) else { return false };
    let Some(name_end) = name.end else { return false };
    let rest = super::phrases::tail(text, name_end, MAX_SIBLING_BYTES);
    let opening = memchr::memmem::find(rest, b"AttributeValue")
        .and_then(|at| Some(at + memchr::memchr(b'>', rest.get(at..)?)? + 1));
    let Some(open) = opening else { return true };
    if rest[..open].iter().filter(|b| **b == b'<').count() != 1 {
        return true;
    }
    let start = name_end + open;
    let length = rest[open..].iter().position(|b| *b == b'<').unwrap_or(0);
    // the last part of `http://schemas.example.org/claims/givenname`
    let words = &text[name.start..name_end];
    let words = words.rsplit(|b| matches!(b, b'/' | b':')).next().unwrap_or_default();
    // of LDAP (RFC 4519 section 2.39)
    let words = if words == b"uid" { b"username" } else { words };
    if length > 0 {
        let meaning = Meaning::of_name(&hunt.engine.keys, words);
        slots::fill(hunt, start, start + length, meaning, Evidence::KEY);
    }
    true
}

/// A principal of Kerberos as it is written with a slash: a name and a realm in capitals (`anna/EXAMPLE.COM`).
pub(super) fn is_kerberos(value: &[u8]) -> bool {
    // most of what `client:` says are addresses
    if !value.first().is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let name = value.iter().take(64).take_while(is_name).count();
    let realm = value.get(name..).and_then(|rest| rest.strip_prefix(b"/")).unwrap_or_default();
    let length =
        realm.iter().take(64).take_while(|b| b.is_ascii_uppercase() || matches!(b, b'.' | b'-')).count();
    let next = realm.get(length).copied().unwrap_or(b' ');
    name > 0 && length > 3 && !(next.is_ascii_alphanumeric() || matches!(next, b'/' | b'_'))
}

/// The user behind the way in, as Vault shows both: `ldap-anna`, `userpass-anna`.
pub(super) fn mounted(value: &[u8]) -> Option<Match> {
    const WAYS: [&[u8]; 3] = [b"ldap-", b"userpass-", b"radius-"];
    let way = WAYS.iter().find(|way| value.starts_with(way))?.len();
    let found = username::keyed(&value[way..], true)?;
    Some(Match { start: way + found.start, end: way + found.end, ..found })
}

/// Whether the device is the machine, router or server of DHCP that a port of a network belongs to (OpenStack's neutron):
/// `GET /v2.0/ports?device_id=4f1a…`, `"device_owner": "compute:nova", "device_id": "4f1a…"`.
pub(super) fn is_of_port(text: &[u8], key_start: usize, found: &Match) -> bool {
    // a machine's id is a UUID
    if found.end - found.start != 36 {
        return false;
    }
    let head = super::phrases::head(text, key_start, 160);
    let behind = super::phrases::tail(text, found.end, 96);
    let url = || &head[memchr::memrchr(b' ', head).map_or(0, |blank| blank + 1)..];
    let is_listed = matches!(before(text, key_start), b'?' | b'&')
        && [&b"/v2.0/ports?"[..], b"/v2.0/ports.json?"]
            .iter()
            .any(|path| memchr::memmem::find(url(), path).is_some());
    // by its joint: to set up a search costs more than the search
    let is_owned = |side: &[u8]| {
        memchr::memchr_iter(b'_', side)
            .find(|joint| side[..*joint].ends_with(b"device") && side[joint + 1..].starts_with(b"owner"))
            .is_some_and(|joint| {
                let rest = &side[joint + 6..];
                let lead =
                    rest.iter().take_while(|b| matches!(b, b'"' | b'\'' | b':' | b'=' | b' ' | b'u')).count();
                is_service_of_ports(&rest[lead..])
            })
    };
    is_listed || is_owned(head) || is_owned(behind)
}
