//! What stands behind a key, and how far values of its shape go.

use super::login_words::is_login;
use super::phrases::{head, tail};
use crate::check::words::Words;
use crate::context::{KeyMatch, Value, before, byte_at};
use crate::detect::{account_id, username};
use crate::finding::{Match, TypeId};
use crate::rules::{self, KeyRule, Shape};

/// The value is a part of a distinguished name (RFC 4514): `uid=jdoe,ou=people,dc=example`.
pub(super) fn in_dn(value: &[u8]) -> bool {
    let Some(comma) = memchr::memchr(b',', &value[..value.len().min(128)]) else { return false };
    let rest = value.get(comma + 1..).unwrap_or_default().trim_ascii_start();
    [b"ou=".as_slice(), b"dc=", b"cn=", b"o=", b"uid="]
        .iter()
        .any(|part| rest.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part)))
}

/// The most that stands between a key and its value, in bytes.
const MAX_GAP_BYTES: usize = 16;
/// The longest value that a message repeats, or the token that stands for it, in bytes.
const MAX_REPEATED_BYTES: usize = 512;
/// The longest key whose words are read, in bytes.
const MAX_WORDS_BYTES: usize = 64;

/// The words of the key before a value that stand before those of its row, in the same part of its path:
/// `category_` of `category_name`; `None` where the key stands elsewhere, in the name of a column.
fn qualifier<'t>(text: &'t [u8], rule: &KeyRule, value: Value) -> Option<&'t [u8]> {
    let between = |b: &&u8| !b.is_ascii_alphanumeric() && **b != b'\n';
    let end = value.start - text[..value.start].iter().rev().take(MAX_GAP_BYTES).take_while(between).count();
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let mut own =
        &text[end - text[..end].iter().rev().take(MAX_WORDS_BYTES).take_while(is_part).count()..end];
    for word in rule.words.rsplit(' ') {
        own = own.strip_suffix(b"_").or_else(|| own.strip_suffix(b"-")).unwrap_or(own);
        let rest = own.len().checked_sub(word.len())?;
        own = own[rest..].eq_ignore_ascii_case(word.as_bytes()).then_some(&own[..rest])?;
    }
    Some(own)
}

/// Whether the key before a value has other words before those of its row.
pub(super) fn is_qualified(text: &[u8], rule: &KeyRule, value: Value) -> bool {
    qualifier(text, rule, value).is_some_and(|words| words.iter().any(u8::is_ascii_alphanumeric))
}

/// Words before those of a key that are no person's.
static THINGS: Words<62> = Words::new([
    b"category",
    b"class",
    b"rule",
    b"application",
    b"app",
    b"event",
    b"activity",
    b"group",
    b"policy",
    b"file",
    b"host",
    b"server",
    b"service",
    b"product",
    b"package",
    b"module",
    b"field",
    b"column",
    b"table",
    b"database",
    b"db",
    b"queue",
    b"topic",
    b"job",
    b"task",
    b"process",
    b"image",
    b"container",
    b"pod",
    b"node",
    b"cluster",
    b"region",
    b"zone",
    b"plan",
    b"project",
    b"repo",
    b"repository",
    b"branch",
    b"team",
    b"org",
    b"organization",
    b"channel",
    b"room",
    b"workspace",
    b"role",
    b"type",
    b"status",
    b"template",
    b"campaign",
    b"metric",
    b"index",
    b"bucket",
    b"domain",
    b"vendor",
    b"provider",
    b"platform",
    b"browser",
    b"device",
    b"model",
    b"operation",
    b"folder",
    b"report",
]);

/// Whether the key before a value names what a thing is called: `category_name`, `ruleName`, `class_uid`.
pub(super) fn names_thing(text: &[u8], rule: &KeyRule, value: Value) -> bool {
    let Some(words) = qualifier(text, rule, value).filter(|words| !words.is_empty()) else { return false };
    let words = words.strip_suffix(b"_").or_else(|| words.strip_suffix(b"-")).unwrap_or(words);
    // the last of them, where a capital may start it
    let letters = words.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let word = &words[words.len() - letters..];
    let capital = word.iter().rposition(u8::is_ascii_uppercase).unwrap_or(0);
    THINGS.contains(word) || THINGS.contains(&word[capital..])
}

/// Keys of digests of e-mail addresses.
pub(super) fn is_of_digests(words: &str) -> bool {
    static DIGESTS: Words<7> = Words::new([
        b"em",
        b"email hash",
        b"email hashed",
        b"hashed email",
        b"md5 email",
        b"sha256 email",
        b"mail hash",
    ]);
    DIGESTS.contains(words.as_bytes())
}

/// Keys of places on a screen as well as on earth.
pub(super) fn is_on_screen(words: &str) -> bool {
    static PLACES: Words<10> = Words::new([
        b"origin",
        b"destination",
        b"center",
        b"centre",
        b"pos",
        b"point",
        b"waypoint",
        b"start point",
        b"end point",
        b"near",
    ]);
    PLACES.contains(words.as_bytes())
}

/// Keys of areas of cells, whose numbers have 24 bits at most.
pub(super) fn is_area(words: &str) -> bool {
    words.ends_with("area code") || matches!(words, "tac" | "lac")
}

/// Shapes whose detectors end an unquoted value themselves, by its words.
pub(super) fn finds_its_end(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Name
            | Shape::BareName
            | Shape::RoleName
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
pub(super) fn opens_array(text: &[u8], separator: usize) -> bool {
    let behind = text.get(separator + 1..).unwrap_or_default();
    let mut parts = behind.iter().take(16).filter(|b| !matches!(b, b' ' | b'\t' | b'>' | b'\\'));
    parts.next() == Some(&b'[') && matches!(parts.next(), Some(b'"' | b'\''))
}

/// Shapes whose unquoted values may hold blanks; their detectors say where they end.
pub(super) fn spans_blanks(shape: Shape) -> bool {
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
            | Shape::AnyExpiry
            | Shape::Name
            | Shape::BareName
            | Shape::RoleName
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

/// Shapes whose keys also name objects (`"user": {…}`), whose members have keys of their own.
pub(super) fn is_about_one_thing(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Username
            | Shape::AccountId
            | Shape::BareName
            | Shape::RoleName
            | Shape::DeviceName
            | Shape::Gps
            | Shape::Ssid
            | Shape::CellId
    )
}

/// Whether an id under this key has a digit: the key is also one of words (`author_key: title`).
pub(super) fn is_word_key(words: &str) -> bool {
    matches!(
        words,
        "author key"
            | "name identifier"
            | "responder id"
            | "requester id"
            | "assigned by id"
            | "requested for id"
    )
}

/// Whether an object stands behind the separator.
pub(super) fn opens_object(text: &[u8], separator: usize) -> bool {
    let behind = text.get(separator + 1..).unwrap_or_default();
    behind.iter().take(16).find(|b| !matches!(b, b' ' | b'\t' | b'>' | b'[')) == Some(&b'{')
}

/// `[user:90210]`, `[customer=90210]` before a message: whose request it is, by number.
pub(super) fn tagged_account(text: &[u8], key: &KeyMatch, rule: &KeyRule, value: Value) -> Option<Match> {
    let is_number = value.end - value.start > 2 && value.bytes(text).iter().all(u8::is_ascii_digit);
    let is_person = matches!(
        rule.words,
        "user" | "customer" | "account" | "member" | "kunde" | "cliente" | "utilisateur" | "usuario"
    );
    (is_person && is_number && before(text, key.start) == b'[' && byte_at(text, value.end) == b']')
        .then(|| account_id::keyed(value.bytes(text)))
        .flatten()
}

/// How far before a parameter a slash of its path is looked for, in bytes.
const MAX_SEGMENT_BYTES: usize = 96;

/// The value of a parameter in the path of a URL ends where its segment does (RFC 3986 section 3.3):
/// `/item;jsessionid=0A9F3C77?id=4`.
pub(super) fn in_segment(text: &[u8], key: &KeyMatch, value: Value) -> Value {
    let length = memchr::memchr(b'?', value.bytes(text));
    // a path before the semicolon, no other cookie
    let is_parameter = || {
        let head = &text[key.start.saturating_sub(MAX_SEGMENT_BYTES)..key.start];
        let path = head.iter().rev().take_while(|b| !matches!(b, b' ' | b'"' | b'=' | b'\n'));
        head.ends_with(b";") && path.into_iter().any(|b| *b == b'/')
    };
    match length.filter(|_| !value.quoted && is_parameter()) {
        Some(length) => Value { end: value.start + length, hard_end: value.start + length, ..value },
        None => value,
    }
}

/// A login name that shows what it is, under a key that mostly names other things (`owner=k.hahn`).
pub(super) fn login(value: &[u8], quoted: bool) -> Option<Match> {
    username::keyed(value, quoted).filter(|found| is_login(&value[found.start..found.end]))
}

/// `name=kmeyer, UID=1004`: the name of an account.
pub(super) fn account_of(value: &[u8], found: Match) -> Match {
    let rest = value.get(found.end..).unwrap_or_default();
    if rest.starts_with(b", UID=") || rest.starts_with(b", uid=") {
        return Match { kind: TypeId::USERNAME, rule: rules::USERNAME, ..found };
    }
    found
}

/// Whether what the bracket at `close` closes is a level and a logger: `<Info:AAA.authPass>`.
pub(super) fn is_logger(text: &[u8], close: usize) -> bool {
    let head = head(text, close, 48);
    let tag = memchr::memrchr(b'<', head).map_or(&b""[..], |open| &head[open + 1..]);
    let colon = memchr::memchr(b':', tag);
    colon.is_some_and(|colon| tag[colon..].contains(&b'.') && tag.first().is_some_and(u8::is_ascii_uppercase))
}

/// A value without the marks around what CockroachDB holds for personal (`user=‹carla›`), or the quotes that print
/// has and Django's messages have (`'aadhaar': ['“4918 3027 5616” is already registered.']`).
#[inline]
pub(super) fn unmarked(text: &[u8], value: Value) -> Value {
    // the first byte of them all
    if !matches!(byte_at(text, value.start), 0xe2 | 0xc2) {
        return value;
    }
    const MARKS: [(&str, &str); 4] = [("‹", "›"), ("“", "”"), ("„", "“"), ("«", "»")];
    let inner = MARKS.iter().find_map(|(open, close)| {
        let rest = value.bytes(text).strip_prefix(open.as_bytes())?;
        Some((
            open.len(),
            memchr::memmem::find(&rest[..rest.len().min(MAX_REPEATED_BYTES)], close.as_bytes())?,
        ))
    });
    let Some((lead, length)) = inner.filter(|(_, length)| *length > 0) else { return value };
    let (start, end) = (value.start + lead, value.start + lead + length);
    Value { start, end, hard_end: end, quoted: true, ..value }
}

/// Whether a signature or a response is the credential of a request.
pub(super) fn is_of_request(text: &[u8], words: &str, value: Value) -> bool {
    let (head, tail) = (head(text, value.start, 1024), tail(text, value.end, 24));
    if words == "response" {
        let bytes = value.bytes(text);
        return matches!(bytes.len(), 32 | 64)
            && bytes.iter().all(u8::is_ascii_hexdigit)
            && memchr::memmem::find(head, b"nonce=").is_some();
    }
    tail.starts_with(b"&Key-Pair-Id=") || memchr::memmem::find(head, b"SignedHeaders=").is_some()
}

/// Whether a string or a number stands behind an equals sign, as in SQL.
pub(super) fn opens_literal(text: &[u8], separator: usize) -> bool {
    let blanks = text[separator + 1..].iter().take(4).take_while(|b| **b == b' ').count();
    let value = &text[separator + 1 + blanks..];
    // Laravel binds without quotes: `remember_token` = q297ki4DWti9SeJC…, `updated_at` = …
    let is_bound = || {
        let length = value.iter().take(80).take_while(|b| b.is_ascii_alphanumeric()).count();
        length > 19 && value[..length].iter().any(u8::is_ascii_digit) && value[length..].starts_with(b", `")
    };
    value.first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'\'' | b'"' | b'\\')) || is_bound()
}

/// A match in the value that starts at `start`, under a rule's key.
#[inline(always)]
pub(super) fn found_at(start: usize, rule: &KeyRule, found: Match) -> Match {
    let is_own = matches!(
        found.kind,
        TypeId::EMAIL
            | TypeId::DEVICE_NAME
            | TypeId::USERNAME
            | TypeId::PHONE
            | TypeId::ACCOUNT_ID
            | TypeId::NATIONAL_ID
            | TypeId::IMSI
            | TypeId::DEVICE_ID
            | TypeId::GPS
    ) || rule.shape == Shape::Email;
    Match {
        start: start + found.start,
        end: start + found.end,
        kind: if is_own { found.kind } else { rule.kind },
        // Several rules share the detector of free text.
        rule: if rule.shape == Shape::Text { rule.rule } else { found.rule },
        ..found
    }
}
