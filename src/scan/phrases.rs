//! Values after words and a blank: `Bearer …`, `tel 0162…`, `for invalid user …`, `AUTH PLAIN …`.

use super::accept::Hunt;
pub(super) use super::announce::Words;
use super::announce::{WORDS, Word, word_start};
use super::{calls, commands, logins, people, statements};
use crate::check::filler::is_filler;
use crate::check::random::looks_random;
use crate::classify::{Candidate, Candidates, KeyFilter, Kind};
use crate::context::value;
use crate::context::{KeyTable, before, byte_at};
use crate::detect::{authorization, gps, mac, phone};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// Lets the words pass the filter behind which something `wanted` may stand.
pub(super) fn fill(keys: &KeyTable, filter: &mut KeyFilter, wanted: impl Fn(TypeId) -> bool) {
    let wants_any = |word: &Word| *word == Word::Into; // any type may stand in a column
    let words =
        WORDS.iter().filter(|(_, word)| wants_any(word) || word.types().iter().any(|kind| wanted(*kind)));
    let announcing = keys.announcing().filter(|_| wanted(TypeId::NATIONAL_ID));
    filter.set_phrases(words.map(|(word, _)| *word), announcing);
}

/// Hunts behind every word that the filter let pass.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &Candidates) {
    for &c in candidates.of(Kind::Phrase) {
        if (c.at as usize) < hunt.text.len() {
            phrase(hunt, c);
        }
    }
    for &c in candidates.of(Kind::Announced) {
        commands::behind_word(hunt, c.at as usize);
    }
    for &c in candidates.of(Kind::Option) {
        commands::candidate(hunt, c.at as usize);
    }
}

fn phrase(hunt: &mut Hunt<'_>, c: Candidate) {
    let (text, at) = (hunt.text, c.at as usize);
    // one blank and no more: two are not offered
    if matches!(byte_at(text, at), b' ' | b'\t') {
        return;
    }
    let end = at - 1;
    let mut start = word_start(text, end);
    if end - start == 1 && start > 0 && text[start - 1] == b'-' {
        start -= 1;
    }
    // the end of a token of ours may spell a word
    if matches!(before(text, start), b'0'..=b'9' | b'_') && crate::mark::is_in_token(text, start, <[u8]>::len)
    {
        return;
    }
    match hunt.engine.phrases.of(text, start, end) {
        Some(Word::Bearer) => bearer(hunt, at),
        Some(Word::Basic) => basic(hunt, at),
        Some(Word::Sasl) => sasl(hunt, start, at),
        Some(Word::User) => {
            sasl(hunt, start, at);
            logins::user(hunt, start, at);
        }
        Some(Word::Role) => logins::role(hunt, at),
        Some(Word::For) => {
            logins::login_for(hunt, start, at);
            people::owned_device(hunt, at);
        }
        Some(Word::By) => {
            logins::by(hunt, start, at);
            commands::identified_by(hunt, at);
        }
        Some(Word::As) => logins::logged_in_as(hunt, start, at),
        Some(Word::Connect) => {
            logins::connect(hunt, at);
            logins::proxy_user(hunt, at);
        }
        Some(Word::Into) => statements::insert(hunt, start, at),
        Some(Word::Password) => commands::configured(hunt, start, at),
        Some(Word::Method) => logins::proxy_user(hunt, at),
        Some(Word::ShortUser) => commands::short_user(hunt, at),
        Some(Word::ShortPassword) => commands::short_password(hunt, start, at),
        Some(Word::Phone) => number(hunt, behind_preposition(text, at)),
        Some(Word::Number) => numbered(hunt, start, at),
        Some(Word::Processing) => calls::processing(hunt, at),
        Some(Word::Imsi) => calls::subscriber(hunt, at),
        Some(Word::Mac) => bare_mac(hunt, at),
        Some(Word::Address) => people::card_address(hunt, start, at),
        Some(Word::Owned) => people::device_before(hunt, end),
        Some(Word::Network) => people::wireless(hunt, start, at),
        Some(Word::From) => call(hunt, start, at),
        Some(Word::To) => {
            if before(text, start) == b'(' {
                people::su_names(hunt, at);
            }
            call(hunt, start, at);
            logins::denied_to(hunt, start, at);
        }
        Some(Word::Device) => people::owned_device(hunt, at),
        Some(Word::Fix) => {
            people::wireless(hunt, start, at);
            if let Some(found) = gps::at(text, at)
                && (before(text, start) == b'[' || gps::is_precise(&text[found.start..found.end]))
            {
                hunt.accept(found);
            }
        }
        None => {}
    }
}

/// The bytes of the record behind `at`, at most `most`.
pub(super) fn tail(text: &[u8], at: usize, most: usize) -> &[u8] {
    let tail = &text[at.min(text.len())..text.len().min(at + most)];
    &tail[..memchr::memchr(b'\n', tail).unwrap_or(tail.len())]
}

/// The bytes of the record before `at`, at most `most`.
pub(super) fn head(text: &[u8], at: usize, most: usize) -> &[u8] {
    let head = &text[at.saturating_sub(most)..at];
    memchr::memrchr(b'\n', head).map_or(head, |p| &head[p + 1..])
}

/// The word before the blank before `start`.
pub(super) fn word_before(text: &[u8], start: usize) -> &[u8] {
    let Some(end) = start.checked_sub(1).filter(|e| *e > 0 && text[*e] == b' ') else { return b"" };
    let floor = end.saturating_sub(32);
    let mut first = end;
    while first > floor && !matches!(text[first - 1], b' ' | b'"' | b'\n' | b'[' | b'(') {
        first -= 1;
    }
    &text[first..end]
}

/// Whether a word equals one of the words, whatever its case.
pub(super) fn is_one_of(word: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|w| w.eq_ignore_ascii_case(word))
}

pub(super) fn slot(start: usize, end: usize, kind: TypeId, rule: rules::RuleId, confidence: u8) -> Match {
    Match { start, end, kind, rule, confidence, evidence: Evidence::SLOT_PHRASE }
}

fn bearer(hunt: &mut Hunt<'_>, at: usize) {
    let length = authorization::token_bytes(&hunt.text[at..hunt.text.len().min(at + value::MAX_VALUE_BYTES)]);
    let token = &hunt.text[at..at + length];
    // `token_type=bearer expires_in=3600`: the next pair
    let padding = token.iter().rev().take_while(|b| **b == b'=').count();
    if length >= 8
        && !token[..length - padding].contains(&b'=')
        && (length >= 20 || looks_random(token))
        && !is_filler(token)
    {
        hunt.accept(slot(at, at + length, TypeId::TOKEN, rules::TOKEN_AUTH_HEADER, 90));
    }
}

/// Bytes of base64 from `at` on.
fn base64_bytes(text: &[u8], at: usize) -> usize {
    let is_symbol = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    text[at..].iter().take(4096).take_while(is_symbol).count()
}

/// Basic credentials (RFC 7617): base64 of `user:password`.
fn basic(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let length = base64_bytes(text, at);
    if length >= 4 && crate::codec::base64(&text[at..at + length]).is_some_and(|d| d.contains(&b':')) {
        hunt.accept(slot(at, at + length, TypeId::TOKEN, rules::TOKEN_AUTH_HEADER, 95));
    }
}

/// `AUTH PLAIN …`, `AUTH LOGIN …` of SMTP (RFC 4954), `AUTHENTICATE PLAIN …` of IMAP.
fn sasl(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    if !is_one_of(word_before(text, word), &[b"auth", b"authenticate"]) {
        return;
    }
    let length = base64_bytes(text, at);
    let ends = matches!(byte_at(text, at + length), b' ' | b'\n' | b'\r' | b'"' | b'\'' | b'\\' | b'[');
    if length >= 8
        && length.is_multiple_of(4)
        && ends
        && crate::codec::base64(&text[at..at + length]).is_some()
    {
        hunt.accept(slot(at, at + length, TypeId::TOKEN, rules::TOKEN_AUTH_HEADER, 90));
    }
}

/// `call from 0162…`, `sms to …`.
fn call(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const CALLS: [&[u8]; 9] =
        [b"call", b"calls", b"sms", b"called", b"message", b"dialed", b"dialled", b"calling", b"invite"];
    let text = hunt.text;
    let previous = word_before(text, word);
    // `mailbox 200 from …`
    let mailbox = word_start(text, word.saturating_sub(previous.len() + 2));
    let is_mailbox = previous.iter().all(u8::is_ascii_digit) && text[mailbox..word].starts_with(b"mailbox ");
    if is_mailbox || is_one_of(previous, &CALLS) {
        number(hunt, at);
    }
}

/// Twelve hex digits, letters among them, behind a word for stations.
pub(super) fn bare_mac(hunt: &mut Hunt<'_>, at: usize) {
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

/// A number that the word before `number` makes a telephone's, or that starts with its country.
fn numbered(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const CALLED: [&[u8]; 14] = [
        b"phone",
        b"telephone",
        b"mobile",
        b"cell",
        b"fax",
        b"contact",
        b"caller",
        b"calling",
        b"called",
        b"party",
        b"dialed",
        b"dialled",
        b"destination",
        b"originating",
    ];
    if matches!(byte_at(hunt.text, at), b'+' | b'i') || is_one_of(word_before(hunt.text, word), &CALLED) {
        number(hunt, at);
    }
}

/// Steps over what may stand between `SMS` and a number in other languages: `SMS an 0170…`, `SMS al número 600…`.
fn behind_preposition(text: &[u8], at: usize) -> usize {
    const BETWEEN: [&[u8]; 18] = [
        b"an",
        b"von",
        b"al",
        b"a",
        b"para",
        b"de",
        b"del",
        b"au",
        b"ao",
        b"em",
        "à".as_bytes(),
        b"nummer",
        b"numero",
        "número".as_bytes(),
        "numéro".as_bytes(),
        b"el",
        b"o",
        b"le",
    ];
    let mut at = at;
    for _ in 0..3 {
        let rest = &text[at..text.len().min(at + 16)];
        let Some(blank) = memchr::memchr(b' ', rest).filter(|p| *p > 0 && !rest[0].is_ascii_digit()) else {
            break;
        };
        if !is_one_of(&rest[..blank], &BETWEEN) {
            break;
        }
        at += blank + 1;
    }
    at
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
    // `caller (+1415…)`: the bracket is not of the number
    let at = at + usize::from(text[at..].starts_with(b"(+"));
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
