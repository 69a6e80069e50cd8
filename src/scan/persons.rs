//! What says that a value is a person's where its key alone does not: what stands around the pair, and its shape.

use super::{looks, roles, siblings};
use crate::check::words::Words;
use crate::context::{KeyMatch, Value, before};
use crate::rules::given_names::is_given_name;
use crate::rules::{KeyRule, Shape};

/// Whether the place of a value or its shape says that it is a person's. `hard_end`: where the value ends at the
/// latest; `is_bare`: the key needs a person and names none; `is_special`: its words mean something else elsewhere.
pub(super) fn says_more(
    text: &[u8],
    key: &KeyMatch,
    rule: &KeyRule,
    value: Value,
    hard_end: usize,
    (is_bare, is_special): (bool, bool),
) -> bool {
    match rule.words {
        "screen name" => roles::is_of_account(text, value),
        "uid" | "cn" if is_special => is_account(text, key, rule, value, hard_end),
        // `…/identity/claims/name`: a claim about who is there (WS-Federation)
        "name" if is_bare => {
            super::phrases::head(text, value.start, 32).windows(13).any(|w| w == b"/claims/name\"")
        }
        _ => match rule.shape {
            Shape::AccountId => {
                is_users_id(value.bytes(text))
                    || is_bare
                        && rule.words == "id"
                        && !looks::is_qualified(text, rule, value)
                        && siblings::is_person_entry(text, key.start, value)
            }
            // `vorname=Anna&ort=Lübeck`
            Shape::Address if rule.words == "ort" => {
                siblings::is_beside_address(text, key.start, value.end)
                    || siblings::is_beside_name(text, key.start, value.end)
            }
            Shape::Address => is_bare && siblings::is_beside_address(text, key.start, value.end),
            Shape::NationalId => is_bare && siblings::is_beside_papers(text, value.start, value.end),
            _ => false,
        },
    }
}

/// Whether a `uid` or `cn` is that of an account.
fn is_account(text: &[u8], key: &KeyMatch, rule: &KeyRule, value: Value, hard_end: usize) -> bool {
    // `(uid=lmeier)`: a filter of a directory (RFC 4515)
    let in_filter = !value.quoted
        && before(text, key.start) == b'('
        && text[value.end..text.len().min(hard_end.max(value.end) + 1)].contains(&b')');
    if in_filter || rule.words != "uid" {
        return in_filter;
    }
    let is_enriched = value.quoted && text[key.start..].starts_with(b"UID=\"");
    // `auid=anna uid=anna gid=anna` of audit(8)
    let head = super::phrases::head(text, value.start.saturating_sub(4), 64);
    let is_audited = head.ends_with(b" ")
        && head.rsplit(|b| *b == b' ').nth(1).is_some_and(|pair| pair.starts_with(b"auid="));
    // `…;UID=anna;PWD=x`: a connection string of ODBC
    is_enriched || is_audited || before(text, key.start) == b';'
}

/// Whether a value under `first` or `last` is a name beside the other half, the first of which is a given name:
/// `first=Anna last=Berg`, `{"first":"Anna","last":"Berg"}`. Pages, days and quotes have a first and a last, too.
pub(super) fn is_half_of_pair(text: &[u8], words: &str, value: Value) -> bool {
    let name = value.bytes(text);
    let is_name = |name: &[u8]| {
        name.first().is_some_and(|b| b.is_ascii_uppercase() || *b >= 0x80)
            && !name.iter().any(|b| b.is_ascii_digit() || matches!(b, b'_' | b'/' | b':'))
    };
    if !is_name(name) || name.len() > 40 {
        return false;
    }
    if words == "first" {
        return is_given_name(name)
            && end_of_key(super::phrases::tail(text, value.end, 24), b"last").is_some();
    }
    let head = super::phrases::head(text, value.start, 64);
    end_of_key(head, b"first").is_some_and(|end| {
        let is_joint = |b: &&u8| matches!(b, b'"' | b'\'' | b'\\' | b'=' | b':' | b' ' | b'>');
        let given = &head[end + head[end..].iter().take_while(is_joint).count()..];
        is_given_name(&given[..given.iter().take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80).count()])
    })
}

/// Where a key ends that is one word, with what parts it from its value.
fn end_of_key(text: &[u8], word: &[u8]) -> Option<usize> {
    let is_letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    (0..text.len().saturating_sub(word.len())).map(|at| (at, at + word.len())).find_map(|(at, end)| {
        let is_key = text[at..end].eq_ignore_ascii_case(word)
            && !is_letter(text[..at].last())
            && matches!(text[end], b'"' | b'\'' | b'\\' | b'=' | b':');
        is_key.then_some(end)
    })
}

/// An id that says whose it is: `usr_9fK2mQ7xLp`.
fn is_users_id(value: &[u8]) -> bool {
    value.len() > 7
        && value.iter().any(u8::is_ascii_digit)
        && [&b"usr_"[..], b"user_"].iter().any(|start| value.starts_with(start))
}

/// Whether an id is that of an invoice or a delivery, which is about what is paid or sent and not about who pays:
/// `invoice.mail id=INV-2026-4412`, `delivery_id=8841`.
pub(super) fn is_of_goods(text: &[u8], key: &KeyMatch, value: Value) -> bool {
    let own = text.get(key.start..value.start).filter(|own| own.len() < 64).unwrap_or_default();
    let names = |word: &[u8]| own.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word));
    // `delivery_id=8841` of a webhook
    let is_sent = [&b"delivery"[..], b"shipping", b"label"].into_iter().any(names)
        && value.bytes(text).iter().all(u8::is_ascii_digit);
    is_sent || names(b"invoice")
}

/// Whether a part of a line has a key that only persons have, and a colon: `street: …, telephone: …`.
pub(super) fn has_personal_word(part: &[u8]) -> bool {
    static WORDS: Words<28> = Words::new([
        b"apellido",
        b"apellidos",
        b"vorname",
        b"nachname",
        b"lastname",
        b"firstname",
        b"surname",
        b"sobrenome",
        b"cognome",
        b"prenom",
        b"email",
        b"mail",
        b"phone",
        b"telephone",
        b"telefon",
        b"telefono",
        b"tel",
        b"mobile",
        b"street",
        b"strasse",
        b"postcode",
        b"zip",
        b"birthdate",
        b"birthday",
        b"geburtsdatum",
        b"dob",
        b"passport",
        b"ssn",
    ]);
    memchr::memmem::find_iter(part, b": ").any(|at| {
        let letters = part[..at].iter().rev().take(16).take_while(|b| b.is_ascii_alphabetic()).count();
        WORDS.contains(&part[at - letters..at])
    })
}
