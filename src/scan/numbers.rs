//! Numbers behind a word and a blank: telephones (`call from 0162…`, `SMS an 0170…`), customers (`customer 88123`).

use super::accept::Hunt;
use super::calls;
use super::phrases::word_start;
use super::phrases::{head, is_one_of, slot, tail, word_before};
use crate::check::bytes;
use crate::context::{byte_at, is_word};
use crate::detect::{phone, uuid};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, KeyRule};

/// `call from 0162…`, `sms to …`.
pub(super) fn call(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const CALLS: [&[u8]; 9] =
        [b"call", b"calls", b"sms", b"called", b"message", b"dialed", b"dialled", b"calling", b"invite"];
    let text = hunt.text;
    let previous = word_before(text, word);
    // `mailbox 200 from …`
    let mailbox = || word_start(text, word.saturating_sub(previous.len() + 2));
    // `deliver_sm … from 380501234567`: whole numbers, with their country
    let digits = text[at..].iter().take(16).take_while(|b| b.is_ascii_digit()).count();
    if (11..=15).contains(&digits) && calls::is_about_messages(hunt, at - 1) {
        return number(hunt, at);
    }
    let is_mailbox =
        previous.iter().all(u8::is_ascii_digit) && text[mailbox()..word].starts_with(b"mailbox ");
    // `call from '02079460199' to '02079460198'`
    let answers =
        previous.ends_with(b"'") && memchr::memmem::find(head(text, word, 64), b"call from '").is_some();
    if is_mailbox || answers || is_one_of(previous, &CALLS) {
        number(hunt, at);
    }
    // `changed shipping phone from 030 23125 118 to 030 23125 119`
    if byte_at(text, at).is_ascii_digit() && is_one_of(previous, &[b"phone", b"mobile", b"telephone"]) {
        number(hunt, at);
        let rest = tail(text, at, 48);
        if let Some(to) = memchr::memmem::find(rest, b" to ") {
            number(hunt, at + to + 4);
        }
    }
}

/// `Anruf von 030… auf 030…`, `llamada de 91… a 91…`: both numbers.
pub(super) fn call_between(hunt: &mut Hunt<'_>, at: usize) {
    const JOINTS: [&[u8]; 8] =
        [b" auf ", b" an ", b" nach ", b" a ", " à ".as_bytes(), b" vers ", b" al ", b" su "];
    let text = hunt.text;
    let first = behind_preposition(text, at);
    number(hunt, first);
    let length = text[first..].iter().take(24).take_while(|b| b.is_ascii_digit() || **b == b'+').count();
    let rest = tail(text, first + length, 32);
    if let Some(joint) = JOINTS.iter().find(|joint| length >= 7 && rest.starts_with(joint)) {
        number(hunt, first + length + joint.len());
    }
}

/// A number that the word before `number` makes a telephone's, or that starts with its country.
pub(super) fn numbered(hunt: &mut Hunt<'_>, word: usize, at: usize) {
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
    let previous = word_before(hunt.text, word);
    // `sort code 20-00-00, account number 55779911`
    if previous.eq_ignore_ascii_case(b"account") && byte_at(hunt.text, at).is_ascii_digit() {
        let digits = bytes::digits(tail(hunt.text, at, 20));
        if (7..=17).contains(&digits)
            && !counts(&hunt.text[at + digits..])
            && !is_word(byte_at(hunt.text, at + digits))
        {
            hunt.accept(slot(at, at + digits, TypeId::BANK, rules::BANK, 80));
        }
        return;
    }
    if is_one_of(previous, &CALLED) {
        let value = super::announced::value_behind(hunt.text, at);
        number(hunt, if byte_at(hunt.text, value).is_ascii_digit() { value } else { at });
    } else if matches!(byte_at(hunt.text, at), b'+' | b'i') {
        number(hunt, at);
    }
}

/// Steps over what may stand between `SMS` and a number in other languages: `SMS an 0170…`, `SMS al número 600…`.
pub(super) fn behind_preposition(text: &[u8], at: usize) -> usize {
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
    // `call back at 020 7946 0123`
    let back = [&b"back at "[..], b"back on ", b"back to "].into_iter().find(|w| text[at..].starts_with(w));
    let mut at = at + back.map_or(0, |words| words.len());
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

pub(super) fn number(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    // Q.931 traces: `Calling Party Number i = 0x2181, '4155550142'`
    let at = if text[at..].starts_with(b"i = 0x") {
        let quote = text[at..].iter().take(20).position(|b| matches!(b, b'\'' | b'\n'));
        quote.filter(|quote| text[at + quote] == b'\'').map_or(at, |quote| at + quote + 1)
    } else {
        at
    };
    // `caller (+1415…)`, `phone number (0431 5550123)`: the bracket is not of the number
    let inside = tail(text, at, 32).strip_prefix(b"(").unwrap_or_default();
    let inside = inside.split(|b| *b == b')').next().unwrap_or_default();
    let is_whole = inside.starts_with(b"+") || inside.iter().filter(|b| b.is_ascii_digit()).count() > 6;
    let at = at + usize::from(is_whole || byte_at(text, at) == b'\'');
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
    // `call back on 020 7946 0612 192.0.2.40`: an address is no group of it
    let parts = text[at..end].iter().enumerate().filter(|(_, b)| **b == b' ').map(|(blank, _)| at + blank);
    let is_address = |blank: &usize| {
        let next = &text[blank + 1..end];
        let next = next.split(|b| *b == b' ').next().unwrap_or_default();
        next.iter().filter(|b| **b == b'.').count() > 1
    };
    end = parts.into_iter().find(is_address).unwrap_or(end);
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

/// `user id 88213`, `customer ID: 88213`.
pub(super) fn user_id(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const WHOSE: [&[u8]; 8] =
        [b"user", b"customer", b"account", b"member", b"patient", b"employee", b"subscriber", b"client"];
    // `user_id 88127`
    let own = head(hunt.text, word, 12).strip_suffix(b"_").unwrap_or_default();
    let own = &own[own.iter().rposition(|b| !b.is_ascii_lowercase()).map_or(0, |p| p + 1)..];
    if is_one_of(own, &WHOSE) {
        session_of(hunt, word - own.len() - 1);
    }
    // no `index on user_id 12345 rows`
    let is_said = is_one_of(own, &WHOSE)
        && (is_one_of(word_before(hunt.text, word - own.len() - 1), &[b"of", b"for", b"by"])
            || memchr::memmem::find(tail(hunt.text, at, 24), b" logged ").is_some());
    if is_one_of(word_before(hunt.text, word), &WHOSE) || is_said {
        // `client_vpn_connect user id 'anna' local ip …`
        super::told::identity(hunt, at);
        let rest = tail(hunt.text, at, 37);
        if let Some(found) = uuid::keyed(rest.get(..36).unwrap_or_default())
            .filter(|_| !rest.get(36).is_some_and(|b| is_word(*b)))
        {
            hunt.accept(slot(at + found.start, at + found.end, TypeId::ACCOUNT_ID, rules::ACCOUNT_ID, 84));
            return;
        }
        numbered_person(hunt, at, true);
    }
}

/// `Session U8RsUaORFd5ML89srQrGQiB8 of user_id 88127 expired`: the session before `of` or `for` and whose it is.
fn session_of(hunt: &mut Hunt<'_>, whose: usize) {
    let text = hunt.text;
    let joint = word_before(text, whose);
    let id = word_before(text, whose.saturating_sub(joint.len() + 1));
    let start = whose.saturating_sub(joint.len() + 1 + id.len() + 1);
    if matches!(joint, b"of" | b"for")
        && is_session(id)
        && word_before(text, start).eq_ignore_ascii_case(b"session")
    {
        hunt.accept(slot(start, start + id.len(), TypeId::COOKIE, rules::COOKIE, 86));
    }
}

/// What a server hands out to know a client again: twenty letters of both cases and digits, or more.
fn is_session(value: &[u8]) -> bool {
    value.len() >= 20
        && value.iter().all(u8::is_ascii_alphanumeric)
        && [u8::is_ascii_digit, u8::is_ascii_lowercase, u8::is_ascii_uppercase]
            .iter()
            .all(|is| value.iter().any(is))
}

/// The other end of a message, in a query of its gateway: nine to fifteen digits, of whatever country.
pub(super) fn of_gateway(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let start = at + usize::from(byte_at(text, at) == b'+');
    let end = start + bytes::digits(&text[start.min(text.len())..]);
    if (9..=15).contains(&(end - start)) && !is_word(byte_at(text, end)) {
        hunt.accept(slot(at, end, TypeId::PHONE, rules::PHONE, 86));
    }
}

/// `patient id 88123`, `member #4711`, `Kundennummer KD-448213`: digits, perhaps behind a prefix.
pub(super) fn customer(hunt: &mut Hunt<'_>, at: usize) {
    // few digits may count something
    let text = hunt.text;
    let is_named = byte_at(text, at) == b'#' || text[..at].ends_with(b"nummer ");
    numbered_person(hunt, at, is_named);
}

fn numbered_person(hunt: &mut Hunt<'_>, at: usize, is_named: bool) {
    const LEADS: [&[u8]; 3] = [b"no. ", b"number ", b"Nr. "];
    let text = hunt.text;
    let lead = LEADS.iter().find(|lead| text[at..].starts_with(lead)).map_or(0, |lead| lead.len());
    let sign = usize::from(byte_at(text, at + lead) == b'#');
    let is_named = is_named || lead > 0;
    let start = at + lead + sign;
    let rest = tail(text, start, 40);
    let letters = rest.iter().take(12).take_while(|b| b.is_ascii_alphabetic()).count();
    let joint = usize::from(letters > 0 && matches!(rest.get(letters), Some(b'-' | b'_')));
    let digits = rest[letters + joint..].iter().take_while(|b| b.is_ascii_digit()).count();
    let end = start + letters + joint + digits;
    let next = [byte_at(text, end), byte_at(text, end + 1)];
    let goes_on = is_word(next[0])
        || matches!(next[0], b'-' | b'/' | b'@' | b'=')
        // `customer 50736970: not found`, and no time
        || next[0] == b':' && (digits < 6 || next[1] != b' ')
        || next[0] == b'.' && next[1].is_ascii_alphanumeric();
    // `customer 583021`, `employee E-10442`; few digits may count something (`for customer 1000 of 5000`)
    let is_long = digits > 4 || letters > 0 && joint > 0 && digits > 3;
    // nothing of a customer is there in tens of millions
    let is_counted = digits < 8 && counts(&text[end..]);
    let is_named = is_named || is_long && !is_counted;
    if goes_on || !(3..=12).contains(&digits) || !is_named || letters > 0 && joint == 0 && letters > 4 {
        return;
    }
    hunt.accept(slot(start, end, TypeId::ACCOUNT_ID, rules::ACCOUNT_ID, 84));
}

/// A login name of ten digits and more is a phone number where the numbering plan knows it.
pub(super) fn number_of(hunt: &Hunt<'_>, value: &[u8], found: Match) -> Match {
    let name = value.get(found.start..found.end).unwrap_or_default();
    if name.len() < 10 || !name.iter().all(u8::is_ascii_digit) {
        return found;
    }
    match phone::keyed_in(name, hunt.engine.plan.policy.region()) {
        Some(number) => Match { start: found.start + number.start, end: found.start + number.end, ..number },
        None => found,
    }
}

/// Whether the separator stands before a number of five digits and more in a record that says how long a call was:
/// `src=442079460123|dst=12025550187|billsec=41`.
pub(super) fn is_call_field(text: &[u8], separator: usize) -> bool {
    let start = separator + 1 + usize::from(matches!(byte_at(text, separator + 1), b'"' | b'+'));
    let digits = text[start..].iter().take(16).take_while(|b| b.is_ascii_digit()).count();
    (5..16).contains(&digits)
        && !is_word(byte_at(text, start + digits))
        && byte_at(text, start + digits) != b'.'
        && [head(text, separator, 160), tail(text, separator, 160)]
            .iter()
            .any(|side| memchr::memmem::find(side, b"billsec").is_some())
}

/// A number under a phone's key; short codes of services and what `from` and `to` mostly are stay.
pub(super) fn keyed_phone(hunt: &Hunt<'_>, rule: &KeyRule, value: &[u8]) -> Option<Match> {
    let found = phone::keyed_in(value, hunt.engine.plan.policy.region())?;
    let digits = value[found.start..found.end].iter().filter(|b| b.is_ascii_digit()).count();
    let fewest = match rule.words {
        "from" | "to" | "dest" | "isdn" => 11,
        // hosts, queues and extensions too; a national number starts with a zero
        words if is_diversion(words) => {
            if value.first() == Some(&b'0') {
                9
            } else {
                11
            }
        }
        // counts of all kinds; a number with its country says so itself
        "number" if value.first() != Some(&b'+') => usize::MAX,
        // an extension of a house, `s` and `h` of a dial plan
        "exten" | "dnid" => 7,
        "source addr" | "destination addr" | "from user" | "to user" | "cell" => 7,
        "oa" | "da" => 10,
        _ => 0,
    };
    (digits >= fewest).then_some(found)
}

/// Whether what stands behind a number says that it counts something: ` of 5000`, ` ms elapsed`, ` rows`, ` USD`.
pub(super) fn counts(rest: &[u8]) -> bool {
    let Some(rest) = rest.strip_prefix(b" ") else { return false };
    let word = &rest[..rest.iter().take(24).take_while(|b| b.is_ascii_alphabetic()).count()];
    match word {
        b"of" | b"out" | b"bytes" => true,
        [.., b's'] => word.len() > 1 && !matches!(word, b"has" | b"is" | b"was" | b"does" | b"logs"),
        [a, b, c] => [a, b, c].iter().all(|letter| letter.is_ascii_uppercase()),
        _ => false,
    }
}

/// Whether a key says where a call was led on from or to: `forwarded_to=0301234567`.
fn is_diversion(words: &str) -> bool {
    ["forwarded ", "redirected ", "diverted ", "redirecting "].iter().any(|verb| words.starts_with(verb))
        && (words.ends_with(" from") || words.ends_with(" to"))
}
