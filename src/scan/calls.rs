//! Numbers in the slots of telephone systems: SIP URIs, WhatsApp ids, Asterisk and FreeSWITCH lines.

use aho_corasick::AhoCorasick;

use super::accept::Hunt;
use super::phrases::head;
use crate::check::filler::is_filler;
use crate::context::{before, byte_at};
use crate::detect::{imsi, name, phone};
use crate::error::Error;
use crate::finding::{Evidence, Match, TypeId};

/// The most bytes that a number takes, sign and separators included.
const MAX_NUMBER_BYTES: usize = 24;
/// The farthest that the bracket of an address is looked for before its at sign, in bytes.
const MAX_URI_BYTES: usize = 96;
/// How far behind a dial plan's entry its arguments are looked at, in bytes.
const MAX_ENTRY_BYTES: usize = 320;
/// The longest display name with its quotes and what announces it, in bytes.
const MAX_DISPLAY_BYTES: usize = 96;
/// The fewest digits of a number; shorter ones are extensions and short codes.
const MIN_DIGITS: usize = 7;

/// Takes the number before the at sign at `sign`, if the URI or the domain says that it is one:
/// `sip:+14155550103@host` (RFC 3261), `14155550154@s.whatsapp.net`.
pub(super) fn at_sign(hunt: &mut Hunt<'_>, sign: usize) -> bool {
    let text = hunt.text;
    let chat = is_chat(&text[sign + 1..]);
    // a number that was replaced already
    if chat && before(text, sign) == b'*' {
        return true;
    }
    if !before(text, sign).is_ascii_digit() || !hunt.wants(TypeId::PHONE) {
        named_address(hunt, sign);
        return false;
    }
    let floor = sign.saturating_sub(MAX_NUMBER_BYTES + 12);
    let mut start = sign;
    while start > floor && matches!(text[start - 1], b'0'..=b'9' | b'-' | b'.') {
        start -= 1;
    }
    start -= usize::from(before(text, start) == b'+');
    let (before_it, left) = (&text[..start], before(text, start));
    let scheme =
        if left == b':' { ends_with_any(before_it, &[b"sip:", b"sips:", b"tel:", b"h323:"]) } else { None };
    let channel =
        left == b'/' && ends_with_any(before_it, &[b"pjsip/", b"sip/", b"iax2/", b"local/"]).is_some();
    // FreeSWITCH: `variable_sip_from_uri: [14155550123@203.0.113.7]`
    let uri = matches!(left, b'[' | b' ' | b'=')
        && ends_with_any(before_it, &[b"_uri: [", b"_uri: ", b"_uri=", b"_uri]=["]).is_some();
    // `sofia/internal/14155550123@203.0.113.7`, `on sofia profile 'internal' for [14155550123@203.0.113.7]`
    let leg = || {
        // before a domain it is an address
        if !byte_at(text, sign + 1).is_ascii_digit() {
            return false;
        }
        let head = head(text, start, 96);
        let channel = memchr::memmem::rfind(head, b"sofia/").map(|p| &head[p + 6..]);
        channel.is_some_and(|rest| rest.iter().position(|b| *b == b'/') == Some(rest.len().wrapping_sub(1)))
            || head.ends_with(b" for [") && memchr::memmem::find(head, b"sofia ").is_some()
    };
    let entry = text[..start].ends_with(b"Executing [");
    if entry {
        entry_arguments(hunt, sign);
    }
    if !(scheme.is_some() || chat || entry || uri || channel || leg()) {
        named_address(hunt, sign);
        return false;
    }
    // what is left of a group behind a number that was replaced
    if chat && matches!(before(text, start), b']' | b'*') {
        return true;
    }
    // a group of a chat is its creator's number and a time
    let end = text[start..sign].iter().position(|b| *b == b'-').filter(|_| chat).map_or(sign, |p| start + p);
    let is_number = number(hunt, start, end);
    if is_number && let Some(scheme) = scheme {
        repeated_number(hunt, start - scheme);
    }
    if let Some(scheme) = scheme
        && before(text, start - scheme) == b'<'
        && before(text, start - scheme - 1) == b' '
    {
        display_name(hunt, start - scheme - 2);
        super::full_names::shown(hunt, start - scheme - 2);
    }
    is_number
}

/// The display name before `<sip:anna@host>`.
fn named_address(hunt: &mut Hunt<'_>, sign: usize) {
    let text = hunt.text;
    if ![TypeId::NAME, TypeId::USERNAME, TypeId::PHONE].iter().any(|kind| hunt.wants(*kind)) {
        return;
    }
    let floor = sign.saturating_sub(MAX_URI_BYTES);
    let open = memchr::memrchr2(b'<', b'\n', &text[floor..sign]).map(|p| floor + p);
    let Some(open) = open.filter(|open| text[*open] == b'<') else { return };
    // no URI holds blanks or quotes (RFC 3986 section 2)
    let is_uri = || !text[open..sign].iter().any(|b| matches!(b, b' ' | b'"' | b'>'));
    if before(text, open) == b' '
        && text[open..].get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"<sip:"))
        && is_uri()
    {
        let user = &text[open + 5..sign];
        let shown = text[..open - 1].strip_suffix(b"\"").and_then(|head| head.strip_suffix(user));
        if let Some(head) = shown.filter(|head| head.ends_with(b"\"") && !user.iter().all(u8::is_ascii_digit))
        {
            return super::daemons::name(hunt, head.len(), head.len() + user.len());
        }
        display_name(hunt, open - 1);
        super::full_names::shown(hunt, open - 1);
    }
}

/// The name before a sign that no domain follows: `sip:anna@203.0.113.7`, `username%anna@203.0.113.7.41022` of Dante.
pub(super) fn named_user(hunt: &mut Hunt<'_>, sign: usize) {
    let text = hunt.text;
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let floor = sign.saturating_sub(MAX_NUMBER_BYTES + 8);
    let mut start = sign;
    while start > floor && is_name(text[start - 1]) {
        start -= 1;
    }
    if ends_with_any(&text[..start], &[b"sip:", b"sips:", b"username%"]).is_some()
        && !text[start..sign].iter().all(u8::is_ascii_digit)
    {
        super::daemons::name(hunt, start, sign);
    }
}

/// Whether the domain is one of a chat service, whose ids are numbers.
fn is_chat(domain: &[u8]) -> bool {
    matches!(byte_at(domain, 0), b's' | b'c' | b'g' | b'b')
        && [&b"s.whatsapp.net"[..], b"c.us", b"g.us", b"broadcast"]
            .iter()
            .any(|d| domain.starts_with(d) && !byte_at(domain, d.len()).is_ascii_alphanumeric())
}

/// The length of the first of `ends` that `text` ends with, in any case.
fn ends_with_any(text: &[u8], ends: &[&[u8]]) -> Option<usize> {
    let fits =
        |end: &&&[u8]| text.len().checked_sub(end.len()).is_some_and(|p| text[p..].eq_ignore_ascii_case(end));
    ends.iter().filter(fits).map(|end| end.len()).max()
}

/// Takes `start..end` if it is a telephone number of seven digits or more.
pub(super) fn number(hunt: &mut Hunt<'_>, start: usize, end: usize) -> bool {
    let bytes = &hunt.text[start..end];
    if bytes.len() > MAX_NUMBER_BYTES || bytes.iter().filter(|b| b.is_ascii_digit()).count() < MIN_DIGITS {
        return false;
    }
    let Some(found) = phone::keyed_in(bytes, hunt.engine.plan.policy.region()) else { return false };
    let evidence = found.evidence.and(Evidence::SLOT_FORMAT);
    // it outranks the address that the URI also looks like
    hunt.accept(Match {
        start: start + found.start,
        end: start + found.end,
        evidence,
        confidence: 97,
        ..found
    });
    true
}

/// The run of digits at `at`, with a sign or not.
fn number_at(hunt: &mut Hunt<'_>, at: usize) -> bool {
    let sign = usize::from(byte_at(hunt.text, at) == b'+');
    let digits = hunt.text[(at + sign).min(hunt.text.len())..].iter().take(MAX_NUMBER_BYTES);
    let end = at + sign + digits.take_while(|b| b.is_ascii_digit()).count();
    !(byte_at(hunt.text, end).is_ascii_alphabetic() || byte_at(hunt.text, end) == b'.')
        && end <= hunt.text.len()
        && number(hunt, at, end)
}

/// The number that a quoted display name repeats: `"4155550102" <sip:…`.
fn repeated_number(hunt: &mut Hunt<'_>, scheme: usize) {
    let text = hunt.text;
    if before(text, scheme) != b'<' {
        return;
    }
    let mut end = scheme - 1;
    while before(text, end) == b' ' {
        end -= 1;
    }
    let quoted = before(text, end) == b'"';
    end -= usize::from(quoted);
    end -= usize::from(quoted && before(text, end) == b'\\');
    let floor = end.saturating_sub(MAX_NUMBER_BYTES);
    let mut start = end;
    // in quotes as people write it: `"030 12345678" <sip:…`
    let is_part = |b: u8| match b {
        b'0'..=b'9' | b'+' => true,
        b' ' | b'-' | b'.' | b'(' | b')' | b'/' => quoted,
        _ => false,
    };
    while start > floor && is_part(text[start - 1]) {
        start -= 1;
    }
    if start < end && (before(text, start) == b'"' || !quoted && matches!(before(text, start), b' ' | b':')) {
        number(hunt, start, end);
    }
}

/// The display name that ends at `end` (RFC 3261 section 20.10): quoted, or the words of a name behind
/// a header's colon or FreeSWITCH's `Processing`. Whether something that could be one stands there.
pub(super) fn display_name(hunt: &mut Hunt<'_>, end: usize) -> bool {
    let text = hunt.text;
    let floor = end.saturating_sub(MAX_DISPLAY_BYTES);
    let head = &text[floor..end];
    let head = &head[memchr::memrchr(b'\n', head).map_or(0, |p| p + 1)..];
    let line = end - head.len();
    let quotes = head.iter().rev().take_while(|b| matches!(b, b'"' | b'\\')).count();
    let (start, stop) = if quotes > 0 {
        let inner = &head[..head.len() - quotes];
        let Some(open) = memchr::memrchr(b'"', inner) else { return false };
        (line + open + 1, end - quotes)
    } else {
        let Some(lead) = [&b"Processing "[..], b"From: ", b"To: ", b"Contact: "]
            .iter()
            .find_map(|lead| memchr::memmem::rfind(head, lead).map(|p| p + lead.len()))
        else {
            return false;
        };
        (line + lead, end)
    };
    // `"4930231250" <sip:nadia@…>`
    if quotes > 0 && (7..=15).contains(&(stop - start)) && text[start..stop].iter().all(u8::is_ascii_digit) {
        number(hunt, start, stop);
        return true;
    }
    if start < stop
        && hunt.wants(TypeId::NAME)
        && let Some(found) = name::displayed(&text[start..stop])
    {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
    true
}

/// The display name of a mailbox whose bracket opens at `open` (RFC 5322 section 3.4):
/// `Anna Berg <anna@example.com>`.
pub(super) fn named_mailbox(hunt: &mut Hunt<'_>, open: usize) {
    let text = hunt.text;
    if before(text, open) != b' ' || !(hunt.wants(TypeId::NAME) || hunt.wants(TypeId::USERNAME)) {
        return;
    }
    let end = open - 1;
    if matches!(before(text, end), b'"' | b'\'') {
        display_name(hunt, end);
        return;
    }
    // Exim: `=> anna <anna@example.com>`
    let line = super::phrases::head(text, end, 96);
    if let Some(arrow) = [&b"=> "[..], b"-> ", b"** ", b"== "]
        .iter()
        .find_map(|arrow| memchr::memmem::rfind(line, arrow).map(|p| p + arrow.len()))
        && let start = end - line.len() + arrow
        && start < end
        && text[start..end].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    {
        return super::daemons::name(hunt, start, end);
    }
    // words in capitals up to one that is none, or to what sets off a value
    let floor = end.saturating_sub(MAX_DISPLAY_BYTES);
    let mut start = end;
    loop {
        let mut word = start;
        while word > floor
            && (text[word - 1].is_ascii_alphabetic()
                || text[word - 1] >= 0x80
                || matches!(text[word - 1], b'-' | b'\'' | b'.'))
        {
            word -= 1;
        }
        if word == start || !(text[word].is_ascii_uppercase() || text[word] >= 0x80) {
            break;
        }
        start = word;
        if before(text, word) != b' ' || word - 1 <= floor {
            break;
        }
        start -= 1;
    }
    while start < end && text[start] == b' ' {
        start += 1;
    }
    if let Some(found) = name::displayed(&text[start..end]) {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        return hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
    // `Clara <clara@example.org>`, `Ilja <sip:Ilja@example.org>`: one word, and the address has the same
    let word = &text[start..end];
    let address = text[open + 1..].strip_prefix(b"sip:").unwrap_or(&text[open + 1..]);
    let same = address.get(..word.len()).is_some_and(|local| local.eq_ignore_ascii_case(word));
    if same
        && word.len() > 2
        && name::is_given(&word.to_ascii_lowercase())
        && matches!(byte_at(address, word.len()), b'@' | b'.')
    {
        hunt.accept(super::phrases::slot(start, end, TypeId::NAME, crate::rules::NAME, 80));
    }
}

/// The numbers of a call detail record of Asterisk in CSV: `"account","source","destination",…`, from
/// its caller id.
pub(super) fn detail_record(hunt: &mut Hunt<'_>, caller_id: usize) {
    let text = hunt.text;
    let head = &text[caller_id.saturating_sub(MAX_ENTRY_BYTES)..caller_id];
    let line = caller_id - head.len() + memchr::memrchr(b'\n', head).map_or(0, |p| p + 1);
    if byte_at(text, line) != b'"' {
        return;
    }
    let stop = text.len().min(caller_id + MAX_ENTRY_BYTES);
    let record = &text[line..stop];
    let record = &record[..memchr::memchr(b'\n', record).unwrap_or(record.len())];
    let mut at = line;
    for (number_of_field, field) in record.split(|b| *b == b',').enumerate().take(12) {
        let inner = field.strip_prefix(b"\"").and_then(|f| f.strip_suffix(b"\"")).unwrap_or_default();
        if matches!(number_of_field, 1 | 2) && inner.iter().all(|b| b.is_ascii_digit() || *b == b'+') {
            number(hunt, at + 1, at + 1 + inner.len());
        } else if number_of_field > 4
            && let Some(slash) = memchr::memrchr(b'/', field)
        {
            number_at(hunt, at + slash + 1);
        }
        at += field.len() + 1;
    }
}

/// The number at `at` in a quoted field, if its record says how the call ended: `…,"14155550114","ANSWERED","61",…`.
pub(super) fn recorded(hunt: &mut Hunt<'_>, at: usize) {
    const ENDS: [&[u8]; 6] =
        [b"\"ANSWERED\"", b"\"NO ANSWER\"", b"\"BUSY\"", b"\"CONGESTION\"", b"\"answered\"", b"\"NOANSWER\""];
    let line = super::phrases::tail(hunt.text, at, MAX_ENTRY_BYTES);
    if ENDS.iter().any(|end| memchr::memmem::find(line, end).is_some()) {
        number_at(hunt, at);
    }
}

/// The numbers in a line of the call monitor of FRITZ!Box: `28.11.26 10:11:12;RING;0;015228817386;3023125071;SIP0;`.
pub(super) fn monitored(hunt: &mut Hunt<'_>, at: usize) {
    let line = head(hunt.text, at, 64);
    if [&b";RING;"[..], b";CALL;", b";CONNECT;"].iter().any(|kind| memchr::memmem::find(line, kind).is_some())
    {
        let mut start = at;
        for field in super::phrases::tail(hunt.text, at, 48).split(|b| *b == b';').take(2) {
            if field.iter().all(u8::is_ascii_digit) {
                number(hunt, start, start + field.len());
            }
            start += field.len() + 1;
        }
    }
}

/// The number that a dial plan left: `Spawn extension (from-internal, 4155550114, 7) exited …`.
pub(super) fn spawned(hunt: &mut Hunt<'_>, at: usize) {
    let line = head(hunt.text, at, 64);
    if memchr::memmem::find(line, b"xtension (").is_some() {
        number_at(hunt, at);
    }
}

/// `Executing [exten@context:1] Dial("SIP/…", "SIP/trunk/14155550114,60")`: the numbers called and set.
fn entry_arguments(hunt: &mut Hunt<'_>, sign: usize) {
    let text = hunt.text;
    let stop = text.len().min(sign + MAX_ENTRY_BYTES);
    let line = &text[sign..stop];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    for slash in memchr::memchr_iter(b'/', line) {
        if line[slash..].get(1).is_some_and(|b| b.is_ascii_digit() || *b == b'+') {
            number_at(hunt, sign + slash + 1);
        }
    }
    for equals in memchr::memmem::find_iter(line, b"(num)=") {
        number_at(hunt, sign + equals + 6);
    }
}

/// A number of eleven digits or more behind a slash: `wa.me/14155550153`, `SIP/trunk/14155550116`.
pub(super) fn behind_slash(hunt: &mut Hunt<'_>, start: usize) {
    let text = hunt.text;
    let head = &text[start.saturating_sub(40)..start];
    let last =
        head.rsplit(|b| matches!(b, b' ' | b'"' | b'(' | b'[' | b'}' | b'\n')).next().unwrap_or_default();
    let channel = [&b"SIP/"[..], b"PJSIP/", b"IAX2/", b"DAHDI/", b"Zap/", b"Local/", b"sofia/"];
    if last.ends_with(b"wa.me/") || channel.iter().any(|c| last.starts_with(c)) {
        number_at(hunt, start);
    }
}

/// `ATD+14155550155;`: what a modem dials.
pub(super) fn dialled(hunt: &mut Hunt<'_>, start: usize) {
    number_at(hunt, start);
}

/// `Processing 4155550124 <4155550124>->4155550125 in context`: caller and called.
pub(super) fn processing(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let stop = text.len().min(at + 100);
    let line = &text[at..stop];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    let (Some(open), Some(arrow)) = (memchr::memmem::find(line, b" <"), memchr::memmem::find(line, b">->"))
    else {
        return;
    };
    // `Processing Dana <2025550117>->2025550162`
    if let Some(found) = name::bare(&line[..open], true, true)
        && hunt.wants(TypeId::NAME)
        && !is_filler(&line[..open])
    {
        hunt.accept(Match { start: at + found.start, end: at + found.end, ..found });
    }
    number_at(hunt, at);
    number_at(hunt, at + open + 2);
    number_at(hunt, at + arrow + 3);
}

/// The subscriber's number behind `imsi ` or `imsi-`.
pub(super) fn subscriber(hunt: &mut Hunt<'_>, at: usize) {
    let end = at + hunt.text[at..].iter().take(16).take_while(|b| b.is_ascii_digit()).count();
    if hunt.wants(TypeId::IMSI)
        && !byte_at(hunt.text, end).is_ascii_alphanumeric()
        && let Some(found) = imsi::keyed(&hunt.text[at..end])
    {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
    }
}

/// What a record about messages or calls holds.
pub(super) struct Messages(AhoCorasick);

impl Messages {
    /// The automaton over the words.
    ///
    /// # Errors
    /// None with these words.
    pub fn new() -> Result<Self, Error> {
        let words = [
            "sms",
            "SMS",
            "smpp",
            "SMPP",
            "deliver_sm",
            "submit_sm",
            "DELIVRD",
            "msisdn",
            "whatsapp",
            "WhatsApp",
            "INVITE",
            "voice",
            "message_body",
            "message_state",
            "messageBody",
        ];
        let automaton = AhoCorasick::new(words);
        automaton.map(Self).map_err(|_| Error::pattern("the words of messages don't compile"))
    }
}

/// Whether a value starts like a number or with the scheme of one (`tel:`, `whatsapp:`); most that
/// messages come from and go to do not.
pub(super) fn may_be_number(value: &[u8]) -> bool {
    let lead =
        value.iter().take(8).take_while(|b| matches!(b, b' ' | b'\t' | b'"' | b'\'' | b'<' | b'\\' | b'['));
    let value = &value[lead.count()..];
    match value.first() {
        Some(b'a'..=b'z' | b'A'..=b'Z') => value.iter().take(12).any(|b| matches!(b, b':' | b'%' | b'"')),
        Some(byte) => matches!(byte, b'0'..=b'9' | b'+' | b'(' | b'%' | b'#' | b'*' | b'{' | 0x80..),
        None => false,
    }
}

/// Whether the record is about messages or calls, so that a bare `from` and `to` are numbers.
pub(super) fn is_about_messages(hunt: &mut Hunt<'_>, at: usize) -> bool {
    /// Of a word that starts before a place and ends behind it.
    const MAX_HEAD_BYTES: usize = 9;
    let text = hunt.text;
    if !may_be_number(&text[at + 1..]) {
        return false;
    }
    let from = at.saturating_sub(400);
    let stop = text.len().min(at + 100);
    let from = memchr::memrchr(b'\n', &text[from..at]).map_or(from, |p| from + p + 1);
    let stop = memchr::memchr(b'\n', &text[at..stop]).map_or(stop, |p| at + p);
    // what was searched in vain for the key before is not searched again
    let known = &hunt.no_messages;
    let is_known = known.start <= from && from < known.end && known.end <= stop;
    let start = if is_known { known.end.saturating_sub(MAX_HEAD_BYTES).max(from) } else { from };
    let is_match = hunt.engine.messages.0.is_match(&text[start..stop]);
    if !is_match {
        hunt.no_messages = from..stop;
    }
    is_match
}
