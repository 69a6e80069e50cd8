//! Keys whose words mean something else in some places, and values that a key does not name.

use super::accept::Hunt;
use super::phrases::tail;
use super::{calls, changes, elements, looks, numbers, pairs, people, siblings, subscribers};
use crate::check::bytes;
use crate::context::{KeyMatch, Value, before, byte_at, is_word};
use crate::finding::Match;
use crate::rules::{KeyRule, Shape};

/// Whether a bare `from` or `to` has no number behind it: nearly all of them, of mail and of hosts.
#[inline]
pub(super) fn is_no_message(text: &[u8], rule: &KeyRule, separator: usize) -> bool {
    matches!(rule.words, "from" | "to")
        && text[separator - 1] != b'"'
        && !calls::may_be_number(&text[separator + 1..])
}

/// Takes a key whose words mean something else here, or nothing.
pub(super) fn special(hunt: &mut Hunt<'_>, key: &KeyMatch, rule: &KeyRule, separator: usize) -> bool {
    let text = hunt.text;
    if rule.words == "sig" && text[..separator].ends_with(b"sig2") {
        return true;
    }
    if rule.words == "arn" && text[separator + 1..].starts_with(b"aws") {
        people::principal(hunt, separator - rule.words.len());
        return true;
    }
    if matches!(rule.words, "value" | "string value") {
        pairs::value(hunt, key, separator);
        return true;
    }
    if rule.words == "auth" && people::authenticated_by(hunt, separator) {
        return true;
    }
    if matches!(rule.words, "auth" | "credentials" | "basic auth") {
        return elements::credentials(hunt, separator);
    }
    match rule.words {
        "cs" | "flex string" => {
            pairs::labelled(hunt, separator);
            true
        }
        // `{"key": "Full name", "from": "", "to": "Anna Berg"}`: what changed
        "from" | "to" if text[separator - 1] == b'"' && pairs::is_change(text, key.start) => {
            pairs::value(hunt, key, separator);
            true
        }
        // `otp sent to … code=481920`; four digits are an error's
        "code" => {
            let lead = text[separator + 1..].iter().take(2).take_while(|b| matches!(b, b'"' | b'\'' | b' '));
            let at = separator + 1 + lead.count();
            let is_passcode = bytes::digits(&text[at..]) > 5 && says_passcode(text, key.start);
            if is_passcode {
                subscribers::passcode(hunt, at);
            }
            is_passcode
        }
        "old" | "new" | "prev" | "previous" => {
            changes::qualified(hunt, rule.words, separator);
            true
        }
        // `?msisdn=32470123456&to=3278481234`: of a gateway for messages
        "from" | "to" if is_of_gateway(text, key.start, separator) => {
            numbers::of_gateway(hunt, separator + 1);
            true
        }
        "from" | "to" => !calls::is_about_messages(hunt, separator),
        // `message from user: hello`: a sentence, where no job was handed in
        "from user" | "to user" => {
            let rest = tail(text, separator, 96);
            rest.starts_with(b": ")
                && byte_at(rest, 2).is_ascii_alphabetic()
                && memchr::memmem::find(rest, b" queue").is_none()
        }
        // of a call record; everywhere else these are addresses of hosts
        "src" | "dst" => !numbers::is_call_field(text, separator),
        // `_MACHINE_ID` of journald: the host that logs
        "machine id" => {
            text[..separator].ends_with(b"_MACHINE_ID") || text[..separator].ends_with(b"_MACHINE_ID\"")
        }
        // most are addresses, names of programs and servers in small letters
        "client" => !pairs::is_kerberos(value_head(text, separator)),
        "host" => {
            let head = value_head(text, separator);
            let genitive = |pair: &[u8]| matches!(pair, b"s-" | b"'s");
            !(head.first().is_some_and(u8::is_ascii_uppercase)
                || head.get(..16).is_some_and(|head| head.windows(2).any(genitive)))
        }
        _ => false,
    }
}

/// Whether a parameter of a query stands beside one of `msisdn`.
fn is_of_gateway(text: &[u8], key_start: usize, separator: usize) -> bool {
    let is_gateway = matches!(before(text, key_start), b'&' | b'?')
        && text[separator] == b'='
        && (memchr::memmem::find(super::phrases::head(text, key_start, 64), b"msisdn=").is_some()
            || memchr::memmem::find(tail(text, separator, 64), b"&msisdn=").is_some());
    // moments and days have as many digits as numbers
    let digits = &text[separator + 1..][..bytes::digits(&text[separator + 1..])];
    is_gateway
        && !(matches!(digits.len(), 8 | 10 | 13 | 14)
            && [&b"16"[..], b"17", b"18", b"19", b"20"].iter().any(|year| digits.starts_with(year)))
}

/// Whether the words before a `code` say that it lets somebody in once.
fn says_passcode(text: &[u8], key_start: usize) -> bool {
    const WORDS: [&[u8]; 7] = [b"otp", b"OTP", b"one-time", b"passcode", b"mfa_", b"2fa", b"2FA"];
    let line = super::phrases::head(text, key_start + 3, 96);
    // of an error, a status, another object
    const OTHERS: [&[u8]; 6] = [b"rror", b"eturned", b"tatus", b"ailed", b"area", b"{"];
    let said = WORDS.iter().find_map(|word| {
        memchr::memmem::find_iter(line, word)
            .find(|at| !at.checked_sub(1).is_some_and(|p| line[p].is_ascii_alphanumeric()))
    });
    said.is_some_and(|at| !OTHERS.iter().any(|word| memchr::memmem::find(&line[at..], word).is_some()))
}

/// What stands behind a separator, without blanks and quotes.
fn value_head(text: &[u8], separator: usize) -> &[u8] {
    let rest = tail(text, separator + 1, 128);
    let lead = rest.iter().take(4).take_while(|b| matches!(b, b' ' | b'"' | b'\'' | b'\\')).count();
    &rest[lead..]
}

/// Whether what the key of some words names is no person's.
pub(super) fn is_spared(text: &[u8], key: &KeyMatch, rule: &KeyRule, value: Value) -> bool {
    match rule.words {
        // what a `value` is says another pair
        "value" | "string value" => true,
        // `AccountName=web01;AccountKey=…`: a store's name, not a person's
        "account name" => text[value.end..].starts_with(b";AccountKey="),
        "cn" => pairs::is_container(text, key.start, value),
        // of CEF, both halves of a position; alone a latency of fio
        "slat" => !siblings::is_near(text, value, b"slong="),
        "slong" => !siblings::is_near(text, value, b"slat="),
        "dlat" => !siblings::is_near(text, value, b"dlong="),
        "dlong" => !siblings::is_near(text, value, b"dlat="),
        // a number that acquirers of cards give, a key of KMS
        "arn" => !value.bytes(text).starts_with(b"arn:"),
        // `authorizationID: anna` of SASL (RFC 4422 section 3.4.1); of payments else
        "authorization id" | "authentication id" | "authorized id" | "authenticated id" => {
            !text[..value.start].ends_with(b"ID: ") && !text[..value.start].ends_with(b"ID=")
        }
        // `at=52.21804, 21.01822`: five decimals and more, twice; moments else
        "at" => {
            // no `event_at`
            let lead =
                text[..value.start].iter().rev().take(3).take_while(|b| !b.is_ascii_alphabetic()).count();
            let word = value.start - lead;
            let left = before(text, word.saturating_sub(2));
            is_word(left)
                || matches!(left, b'-' | b'.')
                || !is_position(&text[value.start..value.hard_end.max(value.end)])
        }
        // six to eight digits (RFC 6238): a count of them is none
        "totp" => {
            !value.quoted && value.end - value.start < 6 && value.bytes(text).iter().all(u8::is_ascii_digit)
        }
        // `;cid=88120` of a campaign
        "cid" if value.in_query && value.bytes(text).iter().all(u8::is_ascii_digit) => {
            let line = super::phrases::head(text, key.start, 160).to_ascii_lowercase();
            let tail = tail(text, value.end, 160).to_ascii_lowercase();
            const RADIO: [&[u8]; 9] =
                [b"lac=", b"tac=", b"mcc=", b"mnc=", b"cell", b"radio", b"geoloc", b"signal", b"net="];
            ![line, tail]
                .iter()
                .any(|part| RADIO.iter().any(|word| memchr::memmem::find(part, word).is_some()))
        }
        // of Diameter (RFC 6733 section 8.8): a host and numbers
        "session" | "session id" if is_of_diameter(&text[value.start..value.hard_end.max(value.end)]) => true,
        // of a connection, a client, a container, a channel of Bluetooth
        "cid"
            if value.end - value.start < 5 && value.bytes(text).iter().all(u8::is_ascii_digit)
                || value.bytes(text).starts_with(b"0x") =>
        {
            let head = super::phrases::head(text, key.start, 64).to_ascii_lowercase();
            // at the start of a word: a token may hold the letters by chance
            let starts = |at: usize| !head.get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_alphanumeric);
            !["lac", "tac", "mcc", "mnc", "cell"]
                .iter()
                .any(|w| memchr::memmem::find_iter(&head, w.as_bytes()).any(starts))
        }
        // a context of SELinux on Android: `sid=u:r:system_server:s0`
        "sid" => {
            [&b"u:r:"[..], b"u:object_r:"].iter().any(|context| value.bytes(text).starts_with(context))
                || memchr::memmem::find(super::phrases::head(text, key.start, 512), b"Initial packet from")
                    .is_some()
        }
        // where a browser is sent back to (SAML bindings section 3.5.3)
        "relay state" => value.bytes(text).starts_with(b"http"),
        // of an event in CEF and LEEF it is the name of a file
        // in capitals a field of a list of mails: `merge_fields.FNAME=Kaito`
        "fname" => {
            let is_field = [&b"FNAME="[..], b"FNAME]="].into_iter().any(|key| {
                let head = text[..value.start].strip_suffix(key).filter(|_| !value.quoted);
                head.is_some_and(|head| {
                    !before(head, head.len()).is_ascii_alphabetic() && !head.ends_with(b"_")
                })
            }) && !value.bytes(text).contains(&b'.')
                && value.bytes(text)[0].is_ascii_uppercase();
            !value.in_query && !value.quoted && !is_field
        }
        // of a card's network (3-D Secure), not of a cell
        "eci" => value.end - value.start < 7,
        // of a token, mostly: only as cards write it, or beside one
        "exp" | "expiry" => {
            !value.bytes(text).contains(&b'/') && !siblings::is_beside_card(text, key.start, value.end)
        }
        // of papers, offers and goods too
        _ if rule.shape == Shape::AnyExpiry => {
            let is_any = matches!(rule.words, "expires" | "expiration" | "vence");
            // seconds, and no month
            if is_any && value.end - value.start < 5 || value.end - value.start > 10 {
                return true;
            }
            (is_any || !is_printed_month(value.bytes(text)))
                && !siblings::is_beside_card(text, value.start, value.end)
        }
        // of accounts and books too
        _ if rule.shape == Shape::Cvv => !siblings::is_beside_card(text, key.start, value.end),
        // Cyrus: `login: nb.example.net [192.0.2.7] anna plaintext User logged in`
        "login" => text[value.end..].starts_with(b" ["),
        // of a log-in of mail, in the events of OpenSMTPD (`session=8c1f09d2b6e4a375 event=closed`)
        "session" => value.end - value.start == 16 && text[value.end..].starts_with(b" event="),
        "system id" | "ci" | "command data" => pairs::lacks_company(text, key, rule.words, value),
        // an authorization code (RFC 6749 section 4.1.2), not a status
        "code" => !pairs::is_grant(text, key.start, value),
        // of a request (AWS Signature Version 4, CloudFront), of a challenge (RFC 7616): others let nobody in
        "signature" | "response" => !looks::is_of_request(text, rule.words, value),
        // an alias in the system of names
        "cname" => value.bytes(text).contains(&b'.'),
        // `;q=0.9` weighs a language, only `?q=` asks
        words => words.len() == 1 && !value.in_query,
    }
}

/// Two numbers with five decimals and more, a comma between them, the first of two digits at most.
fn is_position(value: &[u8]) -> bool {
    let angle = |text: &[u8]| {
        let sign = usize::from(text.first() == Some(&b'-'));
        let whole = bytes::digits(text.get(sign..)?);
        let rest = text.get(sign + whole..)?.strip_prefix(b".")?;
        let decimals = bytes::digits(rest);
        ((1..4).contains(&whole) && decimals > 4).then_some(sign + whole + 1 + decimals)
    };
    let Some(first) = angle(value).filter(|_| bytes::digits(value.strip_prefix(b"-").unwrap_or(value)) < 3)
    else {
        return false;
    };
    let rest = value[first..].strip_prefix(b",").unwrap_or_default();
    angle(rest.strip_prefix(b" ").unwrap_or(rest)).is_some()
}

/// `ocs01.example.net;1772618412;482`: the name of a host, seconds, and a number.
fn is_of_diameter(value: &[u8]) -> bool {
    let value = &value[..value.len().min(160)];
    let mut parts = value.split(|b| *b == b';');
    let host = parts.next().unwrap_or_default();
    let is_name = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
    let domain = memchr::memrchr(b'.', host).map_or(&b""[..], |dot| &host[dot + 1..]);
    let digits = |part: &[u8]| part.iter().take_while(|b| b.is_ascii_digit()).count();
    host.iter().all(is_name)
        && domain.len() > 2
        && domain.iter().all(u8::is_ascii_lowercase)
        && parts.next().is_some_and(|n| matches!(n.len(), 9 | 10) && digits(n) == n.len())
        && parts.next().is_some_and(|n| digits(n) > 0)
        && parts.next().is_none_or(|n| digits(n) > 0)
}

/// `03/26`, as cards print it.
fn is_printed_month(value: &[u8]) -> bool {
    matches!(value, [b'0' | b'1', b'0'..=b'9', b'/', b'0'..=b'9', b'0'..=b'9'])
}

/// The start of a sentence that goes on in small letters: `Shipping address: same as billing`.
pub(super) fn is_sentence(text: &[u8], found: &Match) -> bool {
    let small = |word: &[u8]| word.len() > 1 && word.iter().all(u8::is_ascii_lowercase);
    let Some(rest) = tail(text, found.end, 16).strip_prefix(b" ") else { return false };
    let next = rest.iter().take_while(|b| b.is_ascii_lowercase()).count();
    text[..found.start].ends_with(b": ")
        && small(&text[found.start..found.end])
        && small(&rest[..next])
        && !matches!(byte_at(rest, next), b'=' | b':' | b'_' | b'-')
}

/// Whether the next key behind a value is `version`: a product's name (`"driver": {"name": "x", "version": …`).
pub(super) fn names_product(text: &[u8], end: usize) -> bool {
    let rest = tail(text, end, 16);
    let key = rest.iter().position(u8::is_ascii_alphabetic).unwrap_or(rest.len());
    let gap = &rest[..key];
    gap.contains(&b',') && rest[key..].starts_with(b"version") && !gap.contains(&b'{')
}
