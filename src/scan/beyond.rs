//! Values that go on behind what a key's separator shows: positions in several parts, dates as a constructor prints them.

use super::looks;
use super::phrases::tail;
use crate::context::{Value, before};
use crate::detect::{dob, gps, name};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, KeyRule, Shape};

/// The longest that is read from where a value starts, in bytes.
const MAX_BYTES: usize = 64;

/// What stands at the start of a value and behind its end, if its key's shape has such forms.
pub(super) fn found(text: &[u8], rule: &KeyRule, value: Value) -> Option<Match> {
    if value.quoted {
        return None;
    }
    match rule.shape {
        // angles whose signs are quotes: `52°31'12.0"N 13°24'18.0"E`
        Shape::Gps if value.bytes(text).contains(&0xb0) => gps::pair(tail(text, value.start, MAX_BYTES)),
        // `GPS Latitude : 52 deg 31' 7.80" N` of EXIF
        _ if rule.kind == TypeId::GPS && text[value.end..].starts_with(b" deg ") => {
            let line = tail(text, value.start, MAX_BYTES);
            match rule.shape {
                Shape::Latitude => gps::latitude(line),
                Shape::Longitude => gps::longitude(line),
                _ => gps::pair(line),
            }
        }
        Shape::Gps => element(text, value)
            .filter(|_| !looks::is_on_screen(rule.words) || gps::has_four_decimals(value.bytes(text))),
        // `birth_date=datetime.date(1989, 7, 3)` of Python
        _ if rule.kind == TypeId::DOB && value.bytes(text).starts_with(b"date") => {
            dob::constructed(tail(text, value.start, MAX_BYTES))
        }
        _ => None,
    }
}

/// A name in capitals of two to four words, as hosts and terminals write them: `KUNDE=BERG ANNA STEUER-ID=…`,
/// `holder=K OHARA, amount=…`, `accountName=MRS J BERG reason=0`.
pub(super) fn capital_name(text: &[u8], rule: &KeyRule, value: Value) -> Option<Match> {
    const TITLES: [&[u8]; 5] = [b"MR ", b"MRS ", b"MS ", b"MISS ", b"DR "];
    let is_asked = match rule.words {
        "holder" | "kunde" | "kundenname" | "card holder" | "cardholder" => !value.quoted,
        // a login, mostly
        "account name" => !value.quoted && TITLES.iter().any(|title| text[value.start..].starts_with(title)),
        _ => false,
    };
    if is_asked { capitals(tail(text, value.start, MAX_BYTES)) } else { None }
}

fn capitals(line: &[u8]) -> Option<Match> {
    let stop = line
        .iter()
        .position(|b| matches!(b, b'\n' | b'\t' | b',' | b';' | b']' | b')' | b'}' | b'|' | b'"' | b'\\'));
    // a longer one would be cut inside a word
    let line = &line[..stop.or_else(|| (line.len() < MAX_BYTES).then_some(line.len()))?];
    let (mut end, mut words, mut longest) = (0, 0, 0);
    for word in line.split(|b| *b == b' ') {
        let is_name = word.first().is_some_and(|b| b.is_ascii_uppercase() || *b >= 0x80)
            && word.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'-' | b'\'' | b'.') || *b >= 0x80);
        if !is_name {
            // the next key ends a name; a sentence is none
            if !(word.contains(&b'=') || word.contains(&b':') || word.first() == Some(&b'(')) {
                return None;
            }
            break;
        }
        end += word.len() + usize::from(words > 0);
        words += 1;
        longest = longest.max(word.len());
    }
    let is_name = (2..=4).contains(&words) && longest > 3 && !name::is_company_or_remark(&line[..end]);
    let (kind, rule, evidence) = (TypeId::NAME, rules::NAME, Evidence::KEY);
    is_name.then_some(Match { start: 0, end, kind, rule, confidence: 80, evidence })
}

/// One number of an array under a key for positions.
fn element(text: &[u8], value: Value) -> Option<Match> {
    let mut at = value.start;
    while before(text, at) == b' ' {
        at -= 1;
    }
    let is_element = matches!(before(text, at), b'[' | b',') && value.hard_end == value.end;
    is_element.then(|| gps::coordinate(value.bytes(text))).flatten()
}
