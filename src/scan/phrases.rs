//! Values after words and a blank: `Bearer …`, `tel 0162…`, `for invalid user …`, `--password …`.

use super::accept::Hunt;
use super::{calls, keyed, people};
use crate::classify::{Candidate, Candidates, KeyFilter, Kind};
use crate::context::keys::endings_of_word;
use crate::context::value::{self, Value};
use crate::context::{KeyTable, before, byte_at};
use crate::detect::{authorization, gps, mac, phone, secret};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, Shape};

/// Words behind which a value may stand.
const WORDS: [(&[u8], Word); 43] = [
    (b"bearer", Word::Bearer),
    (b"basic", Word::Basic),
    (b"user", Word::User),
    (b"users", Word::User),
    (b"login", Word::User),
    (b"account", Word::User),
    (b"for", Word::For),
    (b"by", Word::By),
    (b"tel", Word::Phone),
    (b"telefon", Word::Phone),
    (b"phone", Word::Phone),
    (b"telephone", Word::Phone),
    (b"fax", Word::Phone),
    (b"mobile", Word::Phone),
    (b"mobil", Word::Phone),
    (b"handy", Word::Phone),
    (b"msisdn", Word::Phone),
    (b"caller", Word::Phone),
    (b"whatsapp", Word::Phone),
    (b"call", Word::Phone),
    (b"from", Word::From),
    (b"to", Word::From),
    (b"number", Word::Phone),
    (b"sms", Word::Phone),
    (b"as", Word::As),
    (b"role", Word::Role),
    (b"with", Word::Device),
    (b"service", Word::Device),
    (b"host", Word::Device),
    (b"hostname", Word::Device),
    (b"device", Word::Device),
    (b"name", Word::Device),
    (b"fused", Word::Fix),
    (b"gps", Word::Fix),
    (b"network", Word::Fix),
    (b"processing", Word::Processing),
    (b"imsi", Word::Imsi),
    (b"mac", Word::Mac),
    (b"bssid", Word::Mac),
    (b"sta", Word::Mac),
    (b"station", Word::Mac),
    (b"ap", Word::Mac),
    (b"client", Word::Mac),
];

#[derive(Clone, Copy, PartialEq)]
enum Word {
    Bearer,
    Basic,
    User,
    For,
    By,
    Phone,
    /// `call from …`, `sms to …`
    From,
    /// `logged in as …`
    As,
    /// `role "anna" does not exist`
    Role,
    /// What may stand before somebody's device.
    Device,
    /// `Location[fused …`
    Fix,
    /// A call in FreeSWITCH's dial plan.
    Processing,
    Imsi,
    Mac,
}

/// Fills the filter with the endings of the words, and of the keys that are options of commands.
pub(super) fn fill(keys: &KeyTable, filter: &mut KeyFilter) {
    for (word, _) in WORDS {
        if let Ok(word) = std::str::from_utf8(word) {
            endings_of_word(word, &mut |ending| filter.add_phrase(ending));
        }
    }
    keys.fill_options(filter);
}

/// Hunts behind every word that the filter let pass.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &Candidates) {
    for &c in candidates.of(Kind::Phrase) {
        phrase(hunt, c);
    }
}

fn phrase(hunt: &mut Hunt<'_>, c: Candidate) {
    let (text, at, record) = (hunt.text, c.at as usize, 0);
    let end = at - 1;
    let start = word_start(text, record, end);
    let word = &text[start..end];
    let known = WORDS.iter().find(|(w, _)| w.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind);
    match known {
        Some(Word::Bearer) => bearer(hunt, at),
        Some(Word::Basic) => basic(hunt, at),
        Some(Word::User) => user(hunt, record, start, at),
        Some(Word::For) => {
            login_for(hunt, record, start, at);
            people::owned_device(hunt, at);
        }
        Some(Word::By) => opened_by(hunt, record, start, at),
        Some(Word::As) => logged_in_as(hunt, record, start, at),
        Some(Word::Role) => {
            if let Some((from, to)) = name_at(text, at).filter(|(from, _)| *from > at)
                && text[to..].get(1..).is_some_and(|rest| rest.starts_with(b" does not exist"))
            {
                people::login(hunt, from, to);
            }
        }
        Some(Word::Device) => people::owned_device(hunt, at),
        Some(Word::Fix) => {
            if before(text, start) == b'['
                && let Some(found) = gps::at(text, at)
            {
                hunt.accept(found);
            }
        }
        Some(Word::Phone) => number(hunt, at),
        Some(Word::Processing) => calls::processing(hunt, at),
        Some(Word::Imsi) => calls::subscriber(hunt, at),
        Some(Word::Mac) => bare_mac(hunt, at),
        Some(Word::From) => {
            let previous = word_before(text, record, start);
            if before(text, start) == b'(' {
                people::su_names(hunt, at);
            }
            if previous == b"denied"
                && let Some((from, to)) = name_at(text, at)
                && matches!(byte_at(text, to), b'.' | b'\n' | b'\r')
            {
                people::login(hunt, from, to);
            }
            if [
                &b"call"[..],
                b"calls",
                b"sms",
                b"called",
                b"message",
                b"dialed",
                b"dialled",
                b"calling",
                b"invite",
            ]
            .iter()
            .any(|w| w.eq_ignore_ascii_case(previous))
            {
                number(hunt, at);
            }
            // `mailbox 200 from …`
            let mailbox = word_start(text, record, start.saturating_sub(previous.len() + 2));
            if previous.iter().all(u8::is_ascii_digit) && text[mailbox..start].starts_with(b"mailbox ") {
                number(hunt, at);
            }
        }
        None => {}
    }
    option(hunt, record, end, at);
}

/// Where the word that ends at `end` starts, at most 24 bytes before.
fn word_start(text: &[u8], record: usize, end: usize) -> usize {
    let floor = record.max(end.saturating_sub(24));
    let mut start = end;
    while start > floor && text[start - 1].is_ascii_alphabetic() {
        start -= 1;
    }
    start
}

/// The word before the blank before `start`.
fn word_before(text: &[u8], record: usize, start: usize) -> &[u8] {
    let Some(end) = start.checked_sub(1).filter(|e| *e > record && text[*e] == b' ') else { return b"" };
    let floor = record.max(end.saturating_sub(32));
    let mut first = end;
    while first > floor && !matches!(text[first - 1], b' ' | b'"' | b'\n' | b'[' | b'(') {
        first -= 1;
    }
    &text[first..end]
}

fn slot(start: usize, end: usize, kind: TypeId, rule: rules::RuleId, confidence: u8) -> Match {
    Match { start, end, kind, rule, confidence, evidence: Evidence::SLOT_PHRASE }
}

fn bearer(hunt: &mut Hunt<'_>, at: usize) {
    let length = authorization::token_bytes(&hunt.text[at..hunt.text.len().min(at + value::MAX_VALUE_BYTES)]);
    let token = &hunt.text[at..at + length];
    if length >= 8 && (length >= 20 || secret::looks_random(token)) && !secret::is_filler(token) {
        hunt.accept(slot(at, at + length, TypeId::TOKEN, rules::TOKEN_AUTH_HEADER, 90));
    }
}

/// Basic credentials (RFC 7617): base64 of `user:password`.
fn basic(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let length = text[at..]
        .iter()
        .take(1024)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
        .count();
    if length >= 4 && crate::codec::base64(&text[at..at + length]).is_some_and(|d| d.contains(&b':')) {
        hunt.accept(slot(at, at + length, TypeId::TOKEN, rules::TOKEN_AUTH_HEADER, 95));
    }
}

/// The value of a name slot: quoted, or one word; its range and what follows.
fn name_at(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut open = at;
    while byte_at(text, open) == b'\\' {
        open += 1;
    }
    if matches!(byte_at(text, open), b'"' | b'\'') {
        let end = value::string_end(text, open, open - at)?;
        return (end > open + 1 && end - open < 128).then_some((open + 1, end));
    }
    let length = text[at..]
        .iter()
        .take(128)
        .take_while(|b| {
            !matches!(
                b,
                b' ' | b'\t'
                    | b'\n'
                    | b'\r'
                    | b','
                    | b';'
                    | b'"'
                    | b'('
                    | b')'
                    | b'['
                    | b']'
                    | b'<'
                    | b'>'
                    | b'='
            )
        })
        .count();
    let mut end = at + length;
    while end > at && matches!(text[end - 1], b'.' | b':' | b'\'') {
        end -= 1;
    }
    (end > at).then_some((at, end))
}

/// Words that go on with a sentence about users and are no one's name.
const NOT_NAMES: [&[u8]; 72] = [
    b"attempt",
    b"attempts",
    b"namespace",
    b"record",
    b"records",
    b"row",
    b"entity",
    b"object",
    b"key",
    b"token",
    b"file",
    b"entry",
    b"cookie",
    b"config",
    b"role",
    b"permission",
    b"field",
    b"image",
    b"avatar",
    b"email",
    b"preferences",
    b"settings",
    b"address",
    b"home",
    b"directory",
    b"store",
    b"code",
    b"type",
    b"input",
    b"id",
    b"ids",
    b"agent",
    b"account",
    b"accounts",
    b"data",
    b"defined",
    b"session",
    b"sessions",
    b"authentication",
    b"login",
    b"logins",
    b"management",
    b"space",
    b"mode",
    b"interface",
    b"level",
    b"group",
    b"groups",
    b"with",
    b"who",
    b"is",
    b"has",
    b"not",
    b"name",
    b"names",
    b"in",
    b"on",
    b"at",
    b"from",
    b"and",
    b"or",
    b"was",
    b"to",
    b"profile",
    b"service",
    b"request",
    b"requests",
    b"error",
    b"info",
    b"unknown",
    b"database",
    b"password",
];

fn user(hunt: &mut Hunt<'_>, record: usize, word: usize, at: usize) {
    let text = hunt.text;
    let previous = word_before(text, record, word);
    let is = |words: &[&[u8]]| words.iter().any(|w| w.eq_ignore_ascii_case(previous));
    let Some((start, end)) = name_at(text, at) else { return };
    let quoted = start > at;
    let name = &text[start..end];
    let invalid = is(&[b"invalid", b"illegal"]);
    let invalid = invalid && !text[word..at].starts_with(b"login") && !text[word..at].starts_with(b"account");
    let announced = invalid
        || is(&[
            b"for",
            b"authenticating",
            b"of",
            b"by",
            b"as",
            b"unknown",
            b"locked",
            b"from",
            b"to",
            b"new",
        ]);
    let announced =
        announced || text[word..at].eq_ignore_ascii_case(b"user ") && says_what_user_did(&text[end..]);
    if !(announced || quoted) || text[word..at].starts_with(b"users") && !quoted {
        return;
    }
    if !invalid && !quoted && NOT_NAMES.iter().any(|w| w.eq_ignore_ascii_case(name)) {
        return;
    }
    let found = slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 85);
    if invalid {
        hunt.accept_listed(found);
    } else {
        hunt.accept(found);
    }
}

/// `Failed password for alice from …`, `Accepted publickey for alice from …`.
fn login_for(hunt: &mut Hunt<'_>, record: usize, word: usize, at: usize) {
    let text = hunt.text;
    let previous = word_before(text, record, word);
    let methods: [&[u8]; 12] = [
        b"password",
        b"publickey",
        b"exceeded",
        b"none",
        b"keyboard-interactive/pam",
        b"keyboard-interactive",
        b"gssapi-with-mic",
        b"hostbased",
        b"hostkey",
        b"challenge-response",
        b"failure",
        b"rhosts-rsa",
    ];
    let Some((start, end)) = name_at(text, at) else { return };
    let name = &text[start..end];
    if previous == b"su" && text[end..].starts_with(b" by ") {
        people::login(hunt, start, end);
        return;
    }
    // `for alice from 10.20.1.7 port 50022`
    let from_port = text[end..].strip_prefix(b" from ").is_some_and(|rest| {
        let host = rest.iter().take(64).take_while(|b| **b != b' ' && **b != b'\n').count();
        rest[host..].starts_with(b" port ")
    });
    // `FAILED LOGIN (1) on '/dev/tty1' FOR 'petra'`
    if previous.starts_with(b"'/dev/") && start > at {
        people::login(hunt, start, end);
        return;
    }
    if !methods.contains(&previous) && !from_port {
        return;
    }
    if matches!(name, b"invalid" | b"illegal" | b"user") || !text[end..].starts_with(b" from ") {
        return;
    }
    hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
}

/// `session opened for user root by alice(uid=1000)`.
fn opened_by(hunt: &mut Hunt<'_>, record: usize, word: usize, at: usize) {
    let text = hunt.text;
    let Some((start, end)) = name_at(text, at) else { return };
    let console = word_before(text, record, word) == b"console" && text[end..].starts_with(b" on ");
    // login(1) itself
    let program = &text[start..end] == b"LOGIN";
    if (text[end..].starts_with(b"(uid=") || console) && !program {
        hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}

/// `logged in as oscar (admin)`.
fn logged_in_as(hunt: &mut Hunt<'_>, record: usize, word: usize, at: usize) {
    let text = hunt.text;
    let head = &text[record.max(word.saturating_sub(20))..word];
    let login = [b"logged in as ".as_slice(), b"signed in as ", b"logged on as ", b"uthenticated as "];
    if !login.iter().any(|l| l.strip_suffix(b"as ").is_some_and(|l| head.ends_with(l))) {
        return;
    }
    if let Some((start, end)) = name_at(text, at)
        && !NOT_NAMES.iter().any(|w| w.eq_ignore_ascii_case(&text[start..end]))
    {
        people::login(hunt, start, end);
    }
}

/// Whether a sentence goes on with what the user did, who is named before it.
fn says_what_user_did(rest: &[u8]) -> bool {
    let from = rest.strip_prefix(b" from ").is_some_and(|host| host.first().is_some_and(u8::is_ascii_digit));
    let did: [&[u8]; 12] = [
        b" logged in",
        b" logged out",
        b" logged on",
        b" signed in",
        b" signed out",
        b" not found",
        b" does not exist",
        b" authenticated",
        b" has logged",
        b" NOT in sudoers",
        b" connected from",
        b" is not allowed",
    ];
    from || did.iter().any(|did| rest.starts_with(did))
}

/// Twelve hex digits, letters among them, behind a word for stations.
fn bare_mac(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let hex = text[at..].iter().take(13).take_while(|b| b.is_ascii_hexdigit()).count();
    let value = &text[at..at + hex];
    let mixed = value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic);
    if hex == 12
        && mixed
        && hunt.wants(TypeId::MAC)
        && !(byte_at(text, at + hex).is_ascii_alphanumeric()
            || matches!(byte_at(text, at + hex), b'-' | b'_'))
        && let Some(found) = mac::keyed(value)
    {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
    }
}

fn number(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    // Q.931 traces: `Calling Party Number i = 0x2181, '4155550142'`
    let at = if text[at..].starts_with(b"i = 0x") {
        let quote = text[at..].iter().take(20).position(|b| matches!(b, b'\'' | b'\n'));
        quote.filter(|quote| text[at + quote] == b'\'').map_or(at, |quote| at + quote + 1)
    } else {
        at
    };
    if !hunt.wants(TypeId::PHONE) || !matches!(byte_at(text, at), b'0'..=b'9' | b'+' | b'(') {
        return;
    }
    let end = at
        + text[at..]
            .iter()
            .take(32)
            .take_while(|b| b.is_ascii_digit() || matches!(b, b'+' | b'(' | b')' | b' ' | b'-' | b'.' | b'/'))
            .count();
    let mut end = end;
    while end > at && !text[end - 1].is_ascii_digit() {
        end -= 1;
    }
    let digits = text[at..end].iter().filter(|b| b.is_ascii_digit()).count();
    let glued = byte_at(text, end).is_ascii_alphabetic() || byte_at(text, end) == b':';
    if digits < 7 || glued {
        return;
    }
    if let Some(found) = phone::keyed_in(&text[at..end], hunt.engine.plan.policy.region()) {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
    }
}

/// `--password x`, `PASSWORD 'x'`: a key with a blank for a separator.
fn option(hunt: &mut Hunt<'_>, record: usize, end: usize, at: usize) {
    let text = hunt.text;
    let Some(key) = hunt.engine.keys.key_ending_at(text, record, end) else { return };
    let rule = hunt.engine.keys.rule(&key);
    if !hunt.wants(rule.kind)
        || !matches!(
            rule.shape,
            Shape::Any
                | Shape::Secretish
                | Shape::Username
                | Shape::Email
                | Shape::Phone
                | Shape::Ssid
                | Shape::DeviceName
        )
    {
        return;
    }
    let first = text[key.start..end].iter().position(|b| *b != b'-').map_or(key.start, |p| key.start + p);
    let dashed = text[record..first].ends_with(b"--");
    let quote = byte_at(text, at);
    let quoted = matches!(quote, b'"' | b'\'');
    let is_secret = matches!(rule.shape, Shape::Any | Shape::Secretish);
    let is_named = quoted && matches!(rule.shape, Shape::Ssid | Shape::DeviceName | Shape::Username);
    if !dashed
        && !is_named
        && !(quoted
            && is_secret
            && matches!(before(text, end), b'd' | b'D' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T'))
    {
        return;
    }
    let (start, stop) = if quoted {
        let Some(close) = value::string_end(text, at, 0) else { return };
        if !dashed && !is_named && text[at + 1..close].contains(&b' ') {
            return;
        }
        (at + 1, close)
    } else {
        if quote == b'-' {
            return;
        }
        let length = text[at..]
            .iter()
            .take(4096)
            .take_while(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'\\'))
            .count();
        (at, at + length)
    };
    if start < stop {
        let value = Value { start, end: stop, hard_end: stop, quoted: true, in_query: false, colon: false };
        keyed::evaluate(hunt, record, &key, rule, value);
    }
}
