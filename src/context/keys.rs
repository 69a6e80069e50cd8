//! Keys: split into words, the longest run of last words that the key table knows.

use crate::classify::{Endings, KeyFilter};
use crate::finding::TypeId;
use crate::rules::{KEYS, KeyId, KeyRule, Shape};

/// The longest key that is looked at, in bytes.
const MAX_KEY_BYTES: usize = 64;

/// A key that the table knows, where it stands, and whether a person is its parent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyMatch {
    pub id: KeyId,
    /// Start of the whole key in the text, its parents (`user.email`) included.
    pub start: usize,
    /// A word before the matched words names a person (`user.`, `customer_`).
    pub person: bool,
}

/// The key table, indexed by a hash of the joined words.
pub(crate) struct KeyTable {
    /// A row's number in the low half, the high half of its hash above: other words rarely get as
    /// far as a comparison.
    slots: Vec<u32>,
    mask: usize,
    /// Endings of all keys: most words are turned away here.
    endings: Endings,
    /// Hashes of everything that a key can end with, whole keys included: a word that ends otherwise
    /// is given up after the bytes that it shares with some key.
    tails: Vec<u64>,
}

const EMPTY: u32 = u32::MAX;

/// Words that make a bare `name` or `address` under them a person's.
const PERSON_WORDS: &[&str] = &[
    "user",
    "users",
    "customer",
    "customers",
    "client",
    "contact",
    "contacts",
    "person",
    "people",
    "member",
    "members",
    "employee",
    "employees",
    "patient",
    "patients",
    "passenger",
    "passengers",
    "owner",
    "recipient",
    "sender",
    "holder",
    "billing",
    "shipping",
    "shipto",
    "billto",
    "guest",
    "driver",
    "student",
    "subscriber",
    "cardholder",
    "author",
    "applicant",
    "payer",
    "payee",
    "buyer",
    "seller",
    "traveler",
    "traveller",
    "insured",
    "beneficiary",
    "caller",
    "callee",
    "account",
    "profile",
    "kunde",
    "benutzer",
    "utilisateur",
    "cliente",
    "usuario",
    "usuário",
    "attendee",
    "candidate",
    "staff",
    "consumer",
    "lead",
    "delivery",
    "invoice",
    "parent",
    "child",
    "doctor",
    "physician",
    "agent",
    "assignee",
    "reporter",
];

/// 2^18 bits for some 45,000 tails.
const TAIL_WORDS: usize = 4096;

fn tail_slot(hash: u32) -> (usize, u64) {
    ((hash >> 6) as usize % TAIL_WORDS, 1 << (hash & 63))
}

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

fn fold(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

fn is_joint(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.' | b'[' | b' ' | b'/')
}

impl KeyTable {
    /// The table over the built-in keys.
    pub fn new() -> Self {
        let size = (KEYS.len() * 4).next_power_of_two();
        let mut table = Self {
            slots: vec![EMPTY; size],
            mask: size - 1,
            endings: Endings::new(),
            tails: vec![0; TAIL_WORDS],
        };
        for (i, rule) in KEYS.iter().enumerate() {
            endings(rule.words, &mut |ending| table.endings.add(ending));
            let mut hash = 0x811c_9dc5;
            for byte in rule.words.bytes().rev().filter(|b| *b != b' ') {
                hash = step(hash, byte);
                let (word, bit) = tail_slot(hash);
                table.tails[word] |= bit;
            }
            let reversed: Vec<u8> = rule.words.bytes().rev().filter(|b| *b != b' ').collect();
            if table.find(hash, &reversed).is_some() {
                continue; // `pass word` and `password` are one key
            }
            let mut slot = hash as usize & table.mask;
            while table.slots[slot] != EMPTY {
                slot = (slot + 1) & table.mask;
            }
            table.slots[slot] = (hash & 0xffff_0000) | i as u32;
        }
        table
    }

    /// The row of a match.
    pub fn rule(&self, key: &KeyMatch) -> &'static KeyRule {
        &KEYS[key.id.0 as usize]
    }

    /// The row whose joined words are the `length` bytes at the end of `reversed`, read backwards.
    fn find(&self, hash: u32, reversed: &[u8]) -> Option<KeyId> {
        let mut slot = hash as usize & self.mask;
        while self.slots[slot] != EMPTY {
            let entry = self.slots[slot];
            if (entry ^ hash) & 0xffff_0000 == 0 {
                let row = entry as u16;
                let words = KEYS[row as usize].words.bytes().rev().filter(|b| *b != b' ');
                if words.eq(reversed.iter().copied()) {
                    return Some(KeyId(row));
                }
            }
            slot = (slot + 1) & self.mask;
        }
        None
    }

    /// The key before the separator at `separator`: a number at its end counts as a part of it
    /// (`md5`, `track2`) or as an index (`phone2`).
    pub fn key_before(&self, text: &[u8], record: usize, separator: usize) -> Option<KeyMatch> {
        let end = key_end(text, record, separator);
        let digits = text.get(end..separator)?.iter().take_while(|b| b.is_ascii_digit()).count();
        let whole = if digits > 0 { self.key_ending_at(text, record, end + digits) } else { None };
        whole.or_else(|| self.key_ending_at(text, record, end))
    }

    /// The key whose last byte is at `end - 1`, by its longest known run of last words.
    pub fn key_ending_at(&self, text: &[u8], record: usize, end: usize) -> Option<KeyMatch> {
        if !self.endings.may_end_at(text, end) {
            return None;
        }
        let floor = record.max(end.saturating_sub(MAX_KEY_BYTES));
        let mut reversed = [0u8; MAX_KEY_BYTES];
        let mut length = 0;
        let mut hash = 0x811c_9dc5u32;
        let mut best: Option<(KeyId, usize)> = None;
        let mut at = end;
        let mut blanks = 0;
        let mut is_beyond = false;
        while at > floor {
            let byte = text[at - 1];
            if is_joint(byte) {
                // one joint between words; blanks only a few, a bracket opens an index
                let next = if at - 1 > floor { text[at - 2] } else { b'\n' };
                if byte == b' ' {
                    blanks += 1;
                }
                if length == 0 || blanks > 3 || !(is_key_byte(next) || (byte != b' ' && next == b']')) {
                    break;
                }
                at -= 1;
                if next == b']' {
                    at -= 1;
                }
                continue;
            }
            if !is_key_byte(byte) {
                break;
            }
            at -= 1;
            length += 1;
            if is_beyond {
                continue;
            }
            let folded = fold(byte);
            hash = step(hash, folded);
            reversed[length - 1] = folded;
            let (word, bit) = tail_slot(hash);
            if self.tails[word] & bit == 0 {
                // no key reaches farther; what is left to learn is where this one starts
                best?;
                is_beyond = true;
                continue;
            }
            if starts_word(text, floor, at, end)
                && let Some(id) = self.find(hash, &reversed[..length])
            {
                best = Some((id, at));
            }
        }
        let (id, words_start) = best?;
        let person = names_person(text, at, words_start);
        Some(KeyMatch { id, start: at, person })
    }

    /// The row for a key under its object's key (`"device": {"id": …}` as `device id`), or its own.
    pub fn rule_under(&self, parent: &[u8], own: &'static KeyRule) -> &'static KeyRule {
        let mut reversed = [0u8; MAX_KEY_BYTES];
        let mut length = 0;
        let mut hash = 0x811c_9dc5u32;
        let words = own.words.bytes().rev().chain(parent.iter().rev().copied());
        for byte in words.filter(|b| is_key_byte(*b)).take(MAX_KEY_BYTES) {
            let folded = fold(byte);
            hash = step(hash, folded);
            reversed[length] = folded;
            length += 1;
        }
        match self.find(hash, &reversed[..length]) {
            Some(id) if !parent.is_empty() => &KEYS[id.0 as usize],
            _ => own,
        }
    }

    /// Fills the filter with what the last five bytes of each key may be. Keys that only veto are
    /// looked up from their values, addresses are found by their shape, and types that are not
    /// `wanted` are not looked for: all of these stay out.
    pub fn fill(&self, filter: &mut KeyFilter, wanted: impl Fn(TypeId) -> bool) {
        let asked = |rule: &KeyRule| !matches!(rule.shape, Shape::Veto(_) | Shape::Ip) && wanted(rule.kind);
        for rule in KEYS.iter().filter(|r| asked(r)) {
            endings(rule.words, &mut |ending| filter.add_key(ending));
        }
    }
}

impl KeyTable {
    /// Lets phrases pass that end with a key which commands and statements write with a blank
    /// behind it (`--password x`, `PASSWORD 'x'`).
    pub fn fill_options(&self, filter: &mut KeyFilter) {
        let is_option = |shape| {
            matches!(shape, Shape::Any | Shape::Secretish | Shape::Username | Shape::Ssid | Shape::DeviceName)
        };
        for rule in KEYS.iter().filter(|r| is_option(r.shape) && r.words.is_ascii() && r.words.len() > 3) {
            endings(rule.words, &mut |ending| filter.add_phrase(ending));
        }
    }
}

/// Whether the byte at `at` starts a word of a key that ends at `end`.
fn starts_word(text: &[u8], floor: usize, at: usize, end: usize) -> bool {
    if at == floor {
        return true;
    }
    let (byte, left) = (text[at], text[at - 1]);
    if !is_key_byte(left) {
        return true;
    }
    if byte.is_ascii_uppercase() {
        let right = if at + 1 < end { text[at + 1] } else { b'.' };
        return !left.is_ascii_uppercase() || right.is_ascii_lowercase();
    }
    byte.is_ascii_alphabetic() && left.is_ascii_digit()
}

/// Whether a word of `text[start..end]` names a person.
fn names_person(text: &[u8], start: usize, end: usize) -> bool {
    text[start..end].split(|b| !is_key_byte(*b)).filter(|w| !w.is_empty()).any(is_person_word)
}

/// Whether a key word such as `user` or `shippingAddress` names a person.
pub(crate) fn is_person_word(word: &[u8]) -> bool {
    PERSON_WORDS.iter().any(|p| {
        word.len() >= p.len()
            && word[..p.len()].eq_ignore_ascii_case(p.as_bytes())
            && word.get(p.len()).is_none_or(|b| !b.is_ascii_lowercase())
    })
}

/// Steps back over blanks, quotes, brackets and a number between a key's words and its separator.
pub(crate) fn key_end(text: &[u8], record: usize, separator: usize) -> usize {
    crate::classify::key_end(text, separator).max(record)
}

/// An ending for the filter: four bytes and which five-bit classes of bytes may stand before them.
type Ending = ([u8; 4], u32);

/// Any byte.
const ANY: u32 = u32::MAX;

/// Calls `each` for every ending that a key of these words can have, in any spelling that splits to
/// them.
fn endings(words: &str, each: &mut impl FnMut(Ending)) {
    spell(words.as_bytes(), [0; 5], 0, each);
}

/// Calls `each` for every ending of a text that ends with this word.
pub(crate) fn endings_of_word(word: &str, each: &mut impl FnMut(Ending)) {
    spell(word.as_bytes(), [0; 5], 0, each);
}

/// Spells the rest of the words backwards: `tail` holds the last `length` bytes, last byte first.
fn spell(rest: &[u8], mut tail: [u8; 5], mut length: usize, each: &mut impl FnMut(Ending)) {
    let mut left = rest;
    while length < 5 {
        let Some((&byte, before)) = left.split_last() else {
            return widen(tail, length, each);
        };
        left = before;
        if byte == b' ' {
            // together, or with one of the joints that split words; `a[b][c]` has two
            for joint in [b'_', b'-', b'.', b'[', b' ', b'/'] {
                let mut longer = tail;
                longer[length] = joint;
                spell(left, longer, length + 1, each);
                if joint == b'[' && length + 1 < 5 {
                    longer[length + 1] = b']';
                    spell(left, longer, length + 2, each);
                }
            }
            continue;
        }
        tail[length] = byte;
        length += 1;
    }
    each(([tail[3], tail[2], tail[1], tail[0]], 1 << (tail[4] & 0x1f)));
}

/// Short endings: what may stand before them. A key of one or two letters needs a border there,
/// which keeps the filter sharp.
fn widen(tail: [u8; 5], length: usize, each: &mut impl FnMut(Ending)) {
    if length >= 4 {
        return each(([tail[3], tail[2], tail[1], tail[0]], ANY));
    }
    let short = tail[..length].iter().all(u8::is_ascii_alphanumeric);
    let borders: &[u8] = match (short, length) {
        (true, 1) => b"?&",
        (true, 2) => b"?&;,({[\"'< \t_-./\n\0|",
        _ => b"",
    };
    let mut classes = borders.iter().fold(0u32, |set, b| set | 1 << (b & 0x1f));
    if borders.is_empty() {
        classes = ANY;
    }
    for class in (0..32u8).filter(|c| classes >> c & 1 != 0) {
        let mut longer = tail;
        longer[length] = class;
        widen_further(longer, length + 1, each);
    }
}

/// Any bytes before a border.
fn widen_further(tail: [u8; 5], length: usize, each: &mut impl FnMut(Ending)) {
    if length >= 4 {
        return each(([tail[3], tail[2], tail[1], tail[0]], ANY));
    }
    for class in 0..32u8 {
        let mut longer = tail;
        longer[length] = class;
        widen_further(longer, length + 1, each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<(&'static str, bool)> {
        let table = KeyTable::new();
        table.key_ending_at(text.as_bytes(), 0, text.len()).map(|k| (k.id.words(), k.person))
    }

    #[test]
    fn keys_are_split_into_words() {
        let joined = |words: Option<&str>| words.map(|w| w.replace(' ', ""));
        for (text, words) in [
            ("password", Some("password")),
            ("QX_PASSWORD", Some("password")),
            ("qxPassword", Some("password")),
            ("qx[password", Some("password")),
            ("user.imei", Some("imei")),
            ("X-Device-ID", Some("device id")),
            ("deviceId", Some("device id")),
            ("deviceid", Some("device id")),
            ("author", None),
            ("monkey", None),
            ("xpassword", None),
            ("", None),
        ] {
            assert_eq!(joined(key(text).map(|k| k.0)), joined(words), "{text}");
        }
    }

    #[test]
    fn keys_of_objects_count() {
        let table = KeyTable::new();
        let id = table.key_ending_at(b"id", 0, 2).map(|k| table.rule(&k)).unwrap();
        assert_eq!(table.rule_under(b"device", id).words.replace(' ', ""), "deviceid");
        assert_eq!(table.rule_under(b"zebra", id).words, id.words);
        assert_eq!(table.rule_under(b"", id).words, id.words);
        assert_eq!(table.rule_under(&[b'a'; 200], id).words, id.words);
    }

    #[test]
    fn parents_name_persons() {
        assert!(key("customer.imei").is_some_and(|k| k.1));
        assert!(key("billingImei").is_some_and(|k| k.1));
        assert!(!key("server.imei").is_some_and(|k| k.1));
    }

    #[test]
    fn the_filter_lets_every_key_pass() {
        let table = KeyTable::new();
        let mut filter = KeyFilter::new();
        table.fill(&mut filter, |_| true);
        for rule in KEYS.iter().filter(|r| !matches!(r.shape, Shape::Veto(_) | Shape::Ip)) {
            for joint in ["_", "-", ".", "", " "] {
                let leads: &[&str] =
                    if rule.words.len() == 1 { &["&", "?"] } else { &["", " ", "\"", "x_", "&", "?", "x."] };
                for lead in leads {
                    let text = format!("{lead}{}", rule.words.replace(' ', joint));
                    assert!(filter.may_end_key(text.as_bytes(), text.len()), "{text:?}");
                }
            }
        }
    }
}
