//! Values after words and a blank: `Bearer …`, `tel 0162…`, `for invalid user …`, `AUTH PLAIN …`.

use super::accept::Hunt;
pub(super) use super::announce::Words;
use super::announce::{WORDS, Word};
use super::{
    access, announced, calls, changes, clients, commands, databases, devices, dicom, echoed, elements, games,
    login_for, login_words, logins, numbers, people, sentences, statements, subscribers, titled, told,
};
use crate::check::bytes;
use crate::check::filler::is_filler;
use crate::check::random::looks_random;
use crate::classify::{Candidate, Candidates, Filter, Kind, Tail};
use crate::context::value;
use crate::context::{announcing, before, byte_at, is_word};
pub(super) use crate::context::{head, tail};
use crate::detect::{authorization, gps, mac};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, SENTENCES};

/// Lets the words pass the filter behind which something `wanted` may stand.
pub(super) fn fill(filter: &mut Filter, wanted: impl Fn(TypeId) -> bool) {
    // any type may stand in a column, be turned away
    let wants_any = |word: &Word| matches!(word, Word::Into | Word::Separator | Word::Value);
    let words =
        WORDS.iter().filter(|(_, word)| wants_any(word) || word.types().iter().any(|kind| wanted(*kind)));
    let announced = announcing().filter(|(kind, _)| wanted(*kind)).map(|(_, word)| word);
    let abbreviated = titled::ABBREVIATED.iter().filter(|_| wanted(TypeId::NAME) || wanted(TypeId::PHONE));
    let sentences = SENTENCES.iter().filter(|sentence| sentences::types(sentence).any(&wanted));
    let words = words.map(|(word, _)| *word).chain(sentences.map(|sentence| sentence.word.as_bytes()));
    filter.set_phrases(words.chain(abbreviated.copied()), announced);
}

/// Hunts behind every word that the filter let pass.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &Candidates) {
    for &c in candidates.of(Kind::Phrase) {
        if (c.at as usize) < hunt.text.len() {
            phrase(hunt, c);
        }
    }
    for &c in candidates.of(Kind::Announced) {
        announced::behind_word(hunt, c.at as usize);
    }
    for &c in candidates.of(Kind::Option) {
        commands::candidate(hunt, c.at as usize);
    }
}

fn phrase(hunt: &mut Hunt<'_>, c: Candidate) {
    let (text, at) = (hunt.text, c.at as usize);
    // one blank and no more: two are not offered, nor are paths and what stands before a separator
    let is_option = at > 2 && text[at - 3] == b'-';
    if matches!(byte_at(text, at), b' ' | b'\t' | b'/')
        || matches!(byte_at(text, at), b'=' | b':' | b'>') && !is_option
    {
        return;
    }
    let end = at - 1;
    if text[end - 1] == b'.' {
        return titled::abbreviated(hunt, at);
    }
    let mut start = word_start(text, end);
    if end - start == 1 && start > 0 && text[start - 1] == b'-' {
        start -= 1;
    }
    // the end of a token of ours may spell a word
    if matches!(before(text, start), b'0'..=b'9' | b'_') && crate::mark::is_in_token(text, start, <[u8]>::len)
    {
        return;
    }
    let Some(said) = hunt.engine.phrases.known(text, start, end) else { return };
    sentences::told(hunt, said.sentences(), at);
    match said.kind {
        Some(Word::Bearer) => bearer(hunt, at),
        Some(Word::Basic) => basic(hunt, at),
        Some(Word::Sasl) => sasl(hunt, start, at),
        Some(Word::User) => {
            sasl(hunt, start, at);
            logins::user(hunt, start, at);
            // `your login code is 51873`
            if text[at..].starts_with(b"code is ") {
                subscribers::passcode(hunt, at);
            }
            databases::changed(hunt, start, at);
            titled::person(hunt, at);
        }
        Some(Word::Role) => {
            logins::role(hunt, at);
            databases::changed(hunt, start, at);
        }
        Some(Word::For) => {
            login_for::user(hunt, start, at);
            clients::authenticated(hunt, start, at);
            devices::owned_device(hunt, at);
        }
        Some(Word::By) => {
            logins::by(hunt, start, at);
            if login_words::is_done_by_people(word_before(text, start)) && !is_titled(text, at) {
                titled::person(hunt, at);
            }
            commands::identified_by(hunt, at);
        }
        Some(Word::As) => logins::logged_in_as(hunt, start, at),
        Some(Word::Connect) => {
            databases::connect(hunt, at);
            access::proxy_user(hunt, at);
        }
        Some(Word::Into) => statements::insert(hunt, start, at),
        Some(Word::Password) => commands::configured(hunt, start, at),
        Some(Word::Method) => access::proxy_user(hunt, at),
        Some(Word::ShortUser) => commands::short_user(hunt, at),
        Some(Word::ShortPassword) => commands::short_password(hunt, start, at),
        Some(Word::Phone) => numbers::number(hunt, numbers::behind_preposition(text, at)),
        Some(Word::Reached) => {
            let verb = word_before(text, start);
            if ["Rückruf", "rückruf", "erreichbar", "telefonisch", "mobil", "zurückrufen", "Tel", "anrufen"]
                .iter()
                .any(|word| verb == word.as_bytes())
                || &text[start..at] == b"Nummer " && matches!(verb, b"alte" | b"neue" | b"Ihre" | b"meine")
                || &text[start..at] == b"numer " && verb == b"na"
            {
                numbers::number(hunt, at);
            }
        }
        Some(Word::Called) => numbers::call_between(hunt, at),
        Some(Word::Number) => {
            numbers::numbered(hunt, start, at);
            echoed::unmarshalled(hunt, start, at);
        }
        Some(Word::Processing) => calls::processing(hunt, at),
        Some(Word::Imsi) => calls::subscriber(hunt, at),
        Some(Word::Owner) => told::german_user(hunt, start, at),
        Some(Word::Equipment) => subscribers::equipment(hunt, at),
        Some(Word::Vin) => subscribers::vehicle(hunt, at),
        Some(Word::Otp) => subscribers::passcode(hunt, at),
        Some(Word::Udid) => subscribers::apple_device(hunt, at),
        Some(Word::Cell) => subscribers::cell(hunt, start, at),
        Some(Word::Token) => subscribers::pushed(hunt, at),
        Some(Word::Key) if is_one_of(word_before(text, start), &[b"api", b"access", b"secret"]) => {
            subscribers::pushed(hunt, at);
        }
        Some(Word::Mac) => {
            if text[..start].ends_with(b"] (from ") {
                logins::by_radius(hunt, start);
            }
            bare_mac(hunt, at);
            if byte_at(text, at + 2) == b' ' {
                spaced_mac(hunt, at);
            }
            devices::owned_device(hunt, at);
            // `client Amélie Roussel`, of what speaks to a server mostly a number follows
            if byte_at(text, at).is_ascii_uppercase() && text[start..end].eq_ignore_ascii_case(b"client") {
                titled::person(hunt, at);
            }
        }
        Some(Word::Address) => {
            people::card_address(hunt, start, at);
            // what the kernel says of memory (EFAULT)
            if !word_before(text, start).eq_ignore_ascii_case(b"bad") {
                told::postal(hunt, at);
            }
            if byte_at(text, at + 2) == b' ' && is_one_of(word_before(text, start), &CARDS) {
                spaced_mac(hunt, at);
            }
        }
        Some(Word::Owned) => devices::device_before(hunt, end),
        Some(Word::Network) => {
            people::wireless(hunt, start, at);
            // `POINT (2.352222 48.856613)` of well-known text (ISO 19125-1)
            if byte_at(text, at) == b'(' {
                fix(hunt, start, at);
            }
        }
        Some(Word::From) => {
            changes::told(hunt, start, at);
            numbers::call(hunt, start, at);
            clients::owned_client(hunt, at);
            clients::tagged(hunt, start);
            clients::logged_in(hunt, start);
            databases::granted(hunt, start, at);
        }
        Some(Word::To) => {
            if before(text, start) == b'(' {
                people::su_names(hunt, at);
            }
            numbers::call(hunt, start, at);
            logins::let_in_or_denied(hunt, start, at);
            databases::granted(hunt, start, at);
            // `bluetoothd: Connected to Anna's AirPods (…)`
            if word_before(text, start).eq_ignore_ascii_case(b"connected") {
                devices::owned_device(hunt, at);
            }
            if byte_at(text, at) == b'\'' {
                people::wireless(hunt, start, at);
            }
            // DirectAdmin: `successful login to 'anna' after 1 attempts`
            if byte_at(text, at) == b'\'' && head(text, start, 18).ends_with(b"successful login ") {
                told::identity(hunt, at);
            }
            // `setting hostname to "Annas-MacBook-Pro.local"`, `connected to "Mikkos AirPods Pro"`
            if byte_at(text, at) == b'"'
                && is_one_of(word_before(text, start), &[b"hostname", b"connected", b"paired"])
            {
                devices::owned_device(hunt, at);
            }
            joined(hunt, start, at);
        }
        Some(Word::Device) => {
            told::told(hunt, start, at);
            devices::client_of_share(hunt, start);
            if text[..start].ends_with(b":connected ") {
                people::wireless(hunt, start, at);
            }
        }
        Some(Word::Identity) => told::identity(hunt, at),
        Some(Word::Value) => {
            people::wireless(hunt, start, at);
            echoed::value(hunt, start, at);
        }
        Some(Word::Representation) => dicom::element(hunt, start, at),
        Some(Word::Using) => told::logged_in_using(hunt, start, at),
        Some(Word::Local) => {
            access::clf_user(hunt, end);
            access::printed_by(hunt, start);
        }
        Some(Word::Degrees) => degrees(hunt, at),
        Some(Word::Fix) => {
            people::wireless(hunt, start, at);
            fix(hunt, start, at);
        }
        Some(Word::Auth) => elements::unquoted_command(hunt, start, at),
        Some(Word::Id) => numbers::user_id(hunt, start, at),
        Some(Word::Customer) => {
            if byte_at(text, at + 14).is_ascii_digit() && text[start..at].eq_ignore_ascii_case(b"subscriber ")
            {
                calls::subscriber(hunt, at);
            }
            numbers::customer(hunt, at);
            titled::person(hunt, at);
        }
        Some(Word::Title) if text[start..at].eq_ignore_ascii_case(b"dear ") && is_titled(text, at) => {}
        Some(Word::Title) => titled::person(hunt, at),
        Some(Word::Addressed) => titled::addressed(hunt, start, at),
        Some(Word::Played) => games::joined(hunt, start, at),
        Some(Word::Player) => games::player(hunt, start, at),
        Some(Word::Separator | Word::Key) | None => {}
    }
}

/// Whether a word with a stop follows, which has a candidate of its own: `approved by Mr. Weber`.
fn is_titled(text: &[u8], at: usize) -> bool {
    tail(text, at, 5).contains(&b'.')
}

/// Where the word that ends at `end` starts, at most 24 bytes before.
pub(super) fn word_start(text: &[u8], end: usize) -> usize {
    let letters = bytes::letters_at_end(Tail::bytes_before(text, end));
    if letters < 8 {
        return end - letters;
    }
    let floor = end.saturating_sub(24);
    let mut start = end - letters;
    while start > floor && text[start - 1].is_ascii_alphabetic() {
        start -= 1;
    }
    start
}

/// The word before the blank before `start`.
pub(super) fn word_before(text: &[u8], start: usize) -> &[u8] {
    let Some(end) = start.checked_sub(1).filter(|e| *e > 0 && text[*e] == b' ') else { return b"" };
    let floor = end.saturating_sub(32);
    let mut first = end;
    while first > floor && !STARTS_WORD[usize::from(text[first - 1])] {
        first -= 1;
    }
    &text[first..end]
}

/// Bytes behind which a word starts.
static STARTS_WORD: [bool; 256] = bytes::table(b" \t\"\n[(");

/// Whether a word equals one of the words, whatever its case.
pub(super) fn is_one_of(word: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|w| w.len() == word.len() && w.eq_ignore_ascii_case(word))
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

/// `Connecting to "Am See"`, where the line is about wireless networks.
fn joined(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const VERBS: [&[u8]; 7] =
        [b"connecting", b"connected", b"associated", b"associating", b"roaming", b"reconnecting", b"connect"];
    if is_one_of(word_before(hunt.text, word), &VERBS) {
        people::wireless(hunt, word, at);
    }
}

/// One number with four decimals or more behind `lat` or `lon`, or both: `lat 47.3769N`, `Lat/Lon 52.5200/13.4050`.
fn degrees(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    if let Some(found) = gps::at(text, at).filter(|found| gps::is_precise(&text[found.start..found.end])) {
        return hunt.accept(found);
    }
    let is_part = |b: &&u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+');
    let length = text[at..].iter().take(24).take_while(is_part).count();
    let value = &text[at..at + length];
    let value = value.strip_suffix(b".").unwrap_or(value);
    if gps::has_four_decimals(value)
        && let Some(found) = gps::longitude(value)
    {
        let end = at + found.end;
        let is_sided =
            matches!(byte_at(text, end), b'N' | b'S' | b'E' | b'W') && !is_word(byte_at(text, end + 1));
        hunt.accept(Match { start: at + found.start, end: end + usize::from(is_sided), ..found });
    }
}

/// A position behind its word: `location is 52.52…`, `position update: 52.52…`, `position (59.9139 N, 10.7522 E)`.
fn fix(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const SAID: [&[u8]; 8] = [b"is ", b"at ", b"update: ", b"fix at ", b"fix: ", b"(", b"3D at ", b"2D at "];
    let text = hunt.text;
    let said = SAID.iter().find(|said| text[at..].starts_with(said));
    if let Some(found) = gps::at(text, at + said.map_or(0, |said| said.len()))
        && (before(text, word) == b'[' || gps::is_precise(&text[found.start..found.end]))
    {
        hunt.accept(found);
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

/// What has an address before the word for it.
const CARDS: [&[u8]; 9] = [
    b"mac",
    b"ethernet",
    b"hardware",
    b"physical",
    b"bluetooth",
    b"link-layer",
    b"station",
    b"client",
    b"peer",
];

/// Six pairs of hex digits with blanks between them, letters among them, behind a word for stations:
/// `client mac 5c e9 1e 77 20 ab roamed`.
fn spaced_mac(hunt: &mut Hunt<'_>, at: usize) {
    // `Mac OS X` in nearly every line of some logs
    if [2, 5, 8].iter().any(|blank| byte_at(hunt.text, at + blank) != b' ') {
        return;
    }
    let value = tail(hunt.text, at, 24);
    let mixed = |address: &[u8]| {
        address.iter().any(u8::is_ascii_digit) && address.iter().any(u8::is_ascii_alphabetic)
    };
    if hunt.wants(TypeId::MAC)
        && let Some(found) = mac::spaced(value).filter(|found| mixed(&value[found.start..found.end]))
    {
        let evidence = Evidence::SHAPE.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
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
