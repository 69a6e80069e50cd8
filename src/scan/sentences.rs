//! Values that sentences of well-known programs tell under no key. The sentences are `patterns/sentences.toml`.

use std::ops::Range;

use super::accept::Hunt;
use super::login_words::ends_record;
use super::logins::is_somebody;
use super::not_names::NOT_NAMES;
use super::phrases::{head, slot, tail};
use crate::check::bytes;
use crate::check::filler::is_filler;
use crate::classify::Tail;
use crate::context::{before, byte_at};
use crate::detect::{imsi, mac};
use crate::finding::TypeId;
use crate::mark;
use crate::rules::{self, Part, RuleId, SENTENCES, Sentence};

/// The longest value, in bytes.
const MAX_VALUE_BYTES: usize = 128;
/// The most that is stepped over between two texts of a sentence, in bytes.
const MAX_REST_BYTES: usize = 256;
/// The most values of a sentence.
const MAX_VALUES: usize = 4;
/// From so many digits on who is called has a telephone number and not an extension.
const MIN_NUMBER_DIGITS: usize = 7;

/// The types that a sentence tells.
pub(super) fn types(sentence: &Sentence) -> impl Iterator<Item = TypeId> {
    sentence.parts.iter().flat_map(|part| {
        let (one, other) = match part {
            Part::Take(kind) => (Some(*kind), None),
            Part::Person | Part::People => (Some(TypeId::USERNAME), None),
            Part::Caller => (Some(TypeId::USERNAME), Some(TypeId::PHONE)),
            _ => (None, None),
        };
        one.into_iter().chain(other)
    })
}

/// Takes what the sentences `some` tell of which the blank before `at` is a part.
pub(super) fn told(hunt: &mut Hunt<'_>, some: Range<usize>, at: usize) {
    let before = Tail::bytes_before(hunt.text, at);
    for sentence in &SENTENCES[some] {
        let next = || match sentence.parts[sentence.anchor] {
            Part::Text(anchor) => {
                anchor.as_bytes().get(sentence.offset).is_none_or(|b| byte_at(hunt.text, at) == *b)
            }
            _ => false,
        };
        // most stand behind other words
        if (before ^ sentence.head) & sentence.mask != 0 || !next() {
            continue;
        }
        let mut values = Values { text: hunt.text, taken: [(0, 0, TypeId::USERNAME); MAX_VALUES], count: 0 };
        if values.read(sentence, at).is_some() {
            for &(start, end, kind) in &values.taken[..values.count] {
                hunt.accept(slot(start, end, kind, rule_of(kind), 86));
            }
        }
    }
}

fn rule_of(kind: TypeId) -> RuleId {
    let own = if kind == TypeId::USERNAME { None } else { RuleId::from_id(kind.id()) };
    own.unwrap_or(rules::USERNAME_PHRASE)
}

/// The values of a sentence so far.
struct Values<'t> {
    text: &'t [u8],
    taken: [(usize, usize, TypeId); MAX_VALUES],
    count: usize,
}

impl Values<'_> {
    /// Reads the sentence whose text with the word has `at` behind the blank; `None` if something else stands here.
    fn read(&mut self, sentence: &Sentence, at: usize) -> Option<()> {
        let (text, parts) = (self.text, sentence.parts);
        let start = at.checked_sub(sentence.offset)?;
        let Part::Text(anchor) = parts[sentence.anchor] else { return None };
        if !text[start..].starts_with(anchor.as_bytes()) {
            return None;
        }
        let mut place = start + anchor.len();
        for (i, part) in parts.iter().enumerate().skip(sentence.anchor + 1) {
            let end = match part {
                Part::Text(said) => {
                    text[place..].starts_with(said.as_bytes()).then_some(place + said.len())?
                }
                Part::End => ends_record(&text[place..]).then_some(place)?,
                _ => self.end_of_value(place, *part, parts.get(i + 1))?,
            };
            self.take(*part, place, end)?;
            place = end;
        }
        let mut place = start;
        for (i, part) in parts[..sentence.anchor].iter().enumerate().rev() {
            let first = match part {
                Part::Text(said) => text[..place].ends_with(said.as_bytes()).then(|| place - said.len())?,
                _ => self.start_of_value(place, *part, i.checked_sub(1).map(|i| parts[i]))?,
            };
            self.take(*part, first, place)?;
            place = first;
        }
        Some(())
    }

    /// Where the value at `place` ends, before which `next` stands.
    fn end_of_value(&self, place: usize, part: Part, next: Option<&Part>) -> Option<usize> {
        let most = if part == Part::Rest { MAX_REST_BYTES } else { MAX_VALUE_BYTES };
        let line = tail(self.text, place, most + 32);
        let length = match next {
            Some(Part::Text(said)) => {
                let length = memchr::memmem::find(line, said.as_bytes())?;
                // `[root/[PASSWORD] …`: the bracket of a mark of ours closes nothing else
                let closes_mark = said.starts_with(']') && mark::ends_label(self.text, place + length + 1);
                (!closes_mark).then_some(length)?
            }
            Some(_) => line.strip_suffix(b"\r").unwrap_or(line).len(),
            None => {
                static ENDS: [bool; 256] = bytes::table(b" \t\r\n,;\"'()[]<>");
                let word = &line[..line.iter().position(|b| ENDS[usize::from(*b)]).unwrap_or(line.len())];
                word.iter().rposition(|b| !matches!(b, b'.' | b':' | b'!')).map_or(0, |last| last + 1)
            }
        };
        (length <= most).then_some(place + length)
    }

    /// Where the value that ends at `place` starts, before which `previous` stands.
    fn start_of_value(&self, place: usize, part: Part, previous: Option<Part>) -> Option<usize> {
        let most = if part == Part::Rest { MAX_REST_BYTES } else { MAX_VALUE_BYTES };
        let line = head(self.text, place, most + 32);
        let length = match previous {
            Some(Part::Text(said)) => line.len() - memchr::memmem::rfind(line, said.as_bytes())? - said.len(),
            _ => {
                static STARTS: [bool; 256] = bytes::table(b" \t\n,;\"'()[]<>");
                line.iter().rev().take_while(|b| !STARTS[usize::from(**b)]).count()
            }
        };
        (length <= most).then_some(place - length)
    }

    /// Keeps the value of a part, if it may be one.
    fn take(&mut self, part: Part, mut start: usize, mut end: usize) -> Option<()> {
        let mut value = &self.text[start..end];
        // `[b'anna'/b'x']` of Python
        if let Some(inner) = value.strip_prefix(b"b'").and_then(|rest| rest.strip_suffix(b"'")) {
            (start, end, value) = (start + 2, end - 1, inner);
        }
        // a string ends inside: what follows is another's
        if !matches!(part, Part::Text(_)) && memchr::memchr(b'"', value).is_some() {
            return None;
        }
        let is_quoted = matches!(before(self.text, start), b'\'' | b'"' | b'`');
        // what we wrote ourselves, or the rest of what we replaced in part
        let is_ours = || (0..value.len()).any(|at| mark::mark_at(value, at).is_some());
        let is_bare = !matches!(value.first(), Some(b'`' | b'\'' | b'"' | b'<'));
        let is_word =
            || is_bare && !value.is_empty() && (is_quoted || memchr::memchr2(b' ', b'\t', value).is_none());
        let kind = match part {
            Part::Text(_) | Part::End | Part::Rest => return Some(()),
            Part::Skip => return memchr::memchr(b' ', value).is_none().then_some(()),
            Part::Number => {
                return (!value.is_empty() && value.iter().all(u8::is_ascii_digit)).then_some(());
            }
            Part::Person => (is_word() && is_somebody(value) && !is_ours()).then_some(TypeId::USERNAME)?,
            Part::People => (is_several(value) && !is_ours()).then_some(TypeId::USERNAME)?,
            Part::Caller if is_number(value, MIN_NUMBER_DIGITS) => TypeId::PHONE,
            Part::Caller => {
                let is_extension = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
                (is_extension || is_word() && is_somebody(value) && !is_ours()).then_some(TypeId::USERNAME)?
            }
            Part::Take(TypeId::MAC) => {
                mac::keyed(value).filter(|found| found.end - found.start == value.len())?;
                TypeId::MAC
            }
            Part::Take(TypeId::IMSI) => {
                imsi::keyed(value).filter(|found| found.end - found.start == value.len())?;
                TypeId::IMSI
            }
            // of several words, and 32 bytes (IEEE 802.11 section 9.4.2.2)
            Part::Take(TypeId::SSID) => {
                let may_be = is_bare
                    && (1..=32).contains(&value.len())
                    && !value.ends_with(b",")
                    && !is_filler(value)
                    && !is_ours();
                may_be.then_some(TypeId::SSID)?
            }
            Part::Take(TypeId::PHONE) => is_number(value, MIN_NUMBER_DIGITS).then_some(TypeId::PHONE)?,
            Part::Take(kind) => (is_word() && !is_filler(value) && !is_ours()).then_some(kind)?,
        };
        *self.taken.get_mut(self.count)? = (start, end, kind);
        self.count += 1;
        Some(())
    }
}

/// One to five words that may be a login name.
fn is_several(value: &[u8]) -> bool {
    let words = value.split(|b| *b == b' ');
    words.clone().count() <= 5
        && words.clone().all(|word| !word.is_empty() && !NOT_NAMES.contains(word))
        && (memchr::memchr(b' ', value).is_some() || is_somebody(value))
        && memchr::memmem::find(value, b": ").is_none()
}

/// Whether a value is digits, at least so many, and what people write between them.
fn is_number(value: &[u8], least: usize) -> bool {
    value.iter().filter(|b| b.is_ascii_digit()).count() >= least
        && value.iter().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b' ' | b'(' | b')' | b'.'))
}
