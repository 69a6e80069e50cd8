//! Keys: split into words, the longest run of last words that the key table knows.

use super::person_words::is_person_word;
use super::traits::Traits;
use crate::classify::{Filter, LastWords, Tail, is_joint};
use crate::finding::TypeId;
#[cfg(test)]
use crate::rules::Shape;
use crate::rules::{KEYS, KeyId, KeyRule};

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

/// What the table read at a place.
pub(crate) struct Reading {
    pub key: Option<KeyMatch>,
    /// How many bytes before the place the answer depends on; `None` if on where the text starts or
    /// on the bound of the walk.
    pub looked_at: Option<usize>,
}

/// The key table, indexed by a hash of the joined words.
pub(crate) struct KeyTable {
    /// A row's number in the low half, the high half of its hash above: other words rarely get as
    /// far as a comparison.
    slots: Vec<u32>,
    mask: usize,
    /// The last words of all keys: most words are turned away here.
    last_words: LastWords,
    /// The same of those that may be vetoes.
    veto_words: LastWords,
    /// The same of those under which something may be found: keys that only veto are looked up from their
    /// values, addresses are found by their shape, and types that are not wanted are not looked for.
    asked_words: LastWords,
    /// Hashes of everything that a key can end with, whole keys included: a word that ends otherwise
    /// is given up after the bytes that it shares with some key.
    tails: Vec<u64>,
    /// What there is to know of each row before it is read.
    traits: Vec<Traits>,
    /// Two tables share it only if they know the same keys.
    digest: u64,
}

const EMPTY: u32 = u32::MAX;

/// 2^19 bits for some 90,000 tails.
const TAIL_WORDS: usize = 8192;

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

impl KeyTable {
    /// The table over the built-in keys but those of `unknown`.
    pub fn new(unknown: &[KeyId]) -> Self {
        Self::with_wanted(unknown, |_| true)
    }

    /// The same where only values of some types are looked for.
    pub fn with_wanted(unknown: &[KeyId], wanted: impl Fn(TypeId) -> bool) -> Self {
        let size = (KEYS.len() * 2).next_power_of_two();
        let mut table = Self {
            slots: vec![EMPTY; size],
            mask: size - 1,
            last_words: LastWords::new(),
            veto_words: LastWords::new(),
            asked_words: LastWords::new(),
            tails: vec![0; TAIL_WORDS],
            traits: KEYS.iter().map(|rule| Traits::of(rule, &wanted)).collect(),
            digest: unknown.iter().fold(1, |hash, id| {
                (hash ^ u64::from(id.0)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
            }),
        };
        for (i, rule) in KEYS.iter().enumerate() {
            if !unknown.is_empty() && unknown.contains(&KeyId(i as u16)) {
                continue;
            }
            let traits = table.traits[i];
            let mut sets = [Some(&mut table.last_words), None, None];
            sets[1] = traits.may_veto().then_some(&mut table.veto_words);
            sets[2] = traits.is_asked().then_some(&mut table.asked_words);
            add_endings(rule.words, &mut sets);
            let (mut reversed, mut length) = ([0; MAX_KEY_BYTES], 0);
            let mut hash = 0x811c_9dc5;
            for &byte in rule.words.as_bytes().iter().rev() {
                if byte == b' ' {
                    continue;
                }
                hash = step(hash, byte);
                let (word, bit) = tail_slot(hash);
                table.tails[word] |= bit;
                if let Some(place) = reversed.get_mut(length) {
                    *place = byte;
                }
                length += 1;
            }
            if table.find(hash, &reversed[..length.min(MAX_KEY_BYTES)]).is_some() {
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

    /// What is known of a row before it is read.
    #[inline(always)]
    pub fn traits(&self, id: KeyId) -> Traits {
        self.traits.get(usize::from(id.0)).copied().unwrap_or(Traits::ALL)
    }

    /// Two tables have it in common only if they know the same keys.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// The row of a match.
    pub fn rule(&self, key: &KeyMatch) -> &'static KeyRule {
        self.row(key.id)
    }

    /// The row of that number.
    pub fn row(&self, id: KeyId) -> &'static KeyRule {
        &KEYS[id.0 as usize]
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

    /// The key whose last byte is at `end - 1`, by its longest known run of last words.
    pub fn key_ending_at(&self, text: &[u8], end: usize) -> Option<KeyMatch> {
        self.may_end(Tail::before_number(text, end)).then(|| self.read(text, end).key).flatten()
    }

    /// False if no key ends with this word; a number behind it left out.
    #[inline(always)]
    pub fn may_end(&self, tail: Tail) -> bool {
        self.last_words.may_end(tail)
    }

    /// False if no key that may be a veto ends with this word.
    #[inline(always)]
    pub fn may_end_veto(&self, tail: Tail) -> bool {
        self.veto_words.may_end(tail)
    }

    /// The row of the key whose last byte is at `end - 1`; see [`KeyTable::key_ending_at`].
    pub fn row_ending_at(&self, text: &[u8], end: usize) -> Reading {
        self.read_until(text, end, |is_known| is_known)
    }

    /// Reads the key backwards from `end`, byte by byte as long as some key ends with what was read.
    pub fn read(&self, text: &[u8], end: usize) -> Reading {
        self.read_until(text, end, |_| false)
    }

    /// Where no key reaches farther, `may_stop` is asked whether the row is all that is asked for: the
    /// key then starts where its words do. It is told whether none of these is a token's.
    fn read_until(&self, text: &[u8], end: usize, may_stop: impl Fn(bool) -> bool) -> Reading {
        let floor = end.saturating_sub(MAX_KEY_BYTES);
        let mut reversed = [0u8; MAX_KEY_BYTES];
        let mut length = 0;
        let mut hash = 0x811c_9dc5u32;
        let mut best: Option<(KeyId, usize)> = None;
        let mut at = end;
        let mut blanks = 0;
        let mut is_beyond = false;
        let (mut in_token, mut looked_past) = (false, false);
        while at > floor {
            let byte = text[at - 1];
            if is_joint(byte) {
                // one joint between words; blanks only a few, a bracket opens an index
                let next = if at - 1 > floor { text[at - 2] } else { b'\n' };
                if byte == b' ' {
                    blanks += 1;
                }
                // `Tel.-Nr.`, `Geb.-Datum`, `Exp. Date`: the stop of an abbreviation
                let is_stop = next == b'.' && matches!(byte, b'-' | b' ') && at > floor + 2;
                let is_cut =
                    is_stop && is_key_byte(text[at - 3]) && (byte == b'-' || is_short(&text[floor..at - 2]));
                looked_past |= is_stop;
                if length == 0
                    || blanks > 3
                    || !(is_key_byte(next) || is_cut || (byte != b' ' && next == b']'))
                {
                    break;
                }
                at -= if next == b']' || is_cut { 2 } else { 1 };
                continue;
            }
            // `Driver's License`
            if byte == b'\''
                && at < end
                && text[at] == b's'
                && text.get(at + 1) == Some(&b' ')
                && at > floor + 1
            {
                at -= 1;
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
                if best.is_none() {
                    break;
                }
                // no key reaches farther; what is left to learn is where this one starts
                is_beyond = true;
                let stands_alone =
                    |start: usize| matches!(text[start - 1], b' ' | b'"' | b'=' | b',' | b'\n');
                if may_stop(best.is_some_and(|(_, start)| start > floor && stands_alone(start))) {
                    break;
                }
                continue;
            }
            if starts_word(text, floor, at, end)
                && let Some(id) = self.find(hash, &reversed[..length])
            {
                // the end of a token may spell a word
                if crate::mark::is_in_token(text, at, <[u8]>::len) {
                    in_token = true;
                    continue;
                }
                // `… 53:7C name=`, `0.112s id=`: not `cname`, `sid`
                if blanks > 0 && best.is_some() && !self.row(id).words.contains(' ') {
                    continue;
                }
                best = Some((id, at));
            }
        }
        // the byte before the walk's last one ended it, perhaps with the one before that
        // what makes a token, or the domain behind one, stands farther away
        let further = if looked_past { SHORT_BYTES } else { 0 };
        let is_near = at > floor + 1 + further && !in_token && text[at - 1] != b'@';
        let looked_at = is_near.then_some(end + 2 + further - at);
        let key = best.map(|(id, words_start)| {
            let person = names_person(text, at, words_start);
            KeyMatch { id, start: at, person }
        });
        Reading { key, looked_at }
    }

    /// The row for a key under its object's key (`"device": {"id": …}` as `device id`), or its own.
    pub fn rule_under(&self, parent: &[u8], own: &'static KeyRule) -> &'static KeyRule {
        self.joined(parent, own)
            // `"phones": [{"number": …}]`
            .or_else(|| self.joined(parent.strip_suffix(b"s")?, own))
            .unwrap_or(own)
    }

    /// The row of the words of a parent and of a key, if they have one together.
    fn joined(&self, parent: &[u8], own: &'static KeyRule) -> Option<&'static KeyRule> {
        // a letter is no key: `stdout F {"name": …}` of Kubernetes is no first name
        if parent.len() < 2 {
            return None;
        }
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
        self.find(hash, &reversed[..length]).map(|id| &KEYS[id.0 as usize])
    }

    /// Fills the filter with the last words of the keys under which something may be found.
    pub fn fill(&self, filter: &mut Filter) {
        filter.keys().add_all(&self.asked_words);
    }
}

/// How far it is looked whether a word is short, in bytes.
const SHORT_BYTES: usize = 8;

/// Whether the last word of `head` has so few letters that a stop behind it may abbreviate it: no end of a sentence.
fn is_short(head: &[u8]) -> bool {
    let letters = head.iter().rev().take(5).take_while(|b| b.is_ascii_alphabetic()).count();
    (2..5).contains(&letters)
}

/// Whether the byte at `at` starts a word of a key that ends at `end`.
fn starts_word(text: &[u8], floor: usize, at: usize, end: usize) -> bool {
    if at == floor {
        return true;
    }
    let (byte, left) = (text[at], text[at - 1]);
    if !is_key_byte(left) {
        return !ends_hex(text, at, end);
    }
    if byte.is_ascii_uppercase() {
        let right = if at + 1 < end { text[at + 1] } else { b'.' };
        return !left.is_ascii_uppercase() || right.is_ascii_lowercase();
    }
    byte.is_ascii_alphabetic() && left.is_ascii_digit() && !ends_hex(text, at, end)
}

/// Whether `text[at..end]` is the end of a hex id or of an address in hex (`…9489b3`, `12:34:b3`)
/// that spells a key.
fn ends_hex(text: &[u8], at: usize, end: usize) -> bool {
    let before = match text[at - 1] {
        b':' | b'-' => at.checked_sub(2).map_or(b' ', |place| text[place]),
        byte => byte,
    };
    before.is_ascii_hexdigit() && end - at <= 4 && text[at..end].iter().all(u8::is_ascii_hexdigit)
}

/// Whether a word of `text[start..end]` names a person.
fn names_person(text: &[u8], start: usize, end: usize) -> bool {
    // `/account/profile.aspx id=7`: a path and a blank are no parent
    let mut head = &text[start..end];
    // `name=user-cache id=7`: what stands before the blank is the value of another key
    if let Some(blank) =
        memchr::memrchr(b' ', head).filter(|_| start > 0 && matches!(text[start - 1], b'=' | b':'))
    {
        head = &head[blank..];
    }
    if head.contains(&b'/') && head.contains(&b' ') {
        return false;
    }
    head.split(|b| !is_key_byte(*b)).filter(|w| !w.is_empty()).any(is_person_word)
}

/// Adds every run of last words, joined, to the sets: what stands right before the separator in any spelling of
/// the key that splits to these words ends with one of them.
fn add_endings(words: &str, sets: &mut [Option<&mut LastWords>]) {
    // on the stack: a scanner is made of some thousand keys
    let mut joined = [0; MAX_KEY_BYTES];
    let mut start = joined.len();
    let bytes = words.as_bytes();
    let mut end = bytes.len();
    loop {
        let word = memchr::memrchr(b' ', &bytes[..end]).map_or(0, |blank| blank + 1);
        let Some(first) = start.checked_sub(end - word) else { return };
        joined[first..start].copy_from_slice(&bytes[word..end]);
        start = first;
        let ending = LastWords::ending(&joined[start..], word == 0);
        sets.iter_mut().flatten().for_each(|set| set.add_ending(ending));
        if word == 0 {
            return;
        }
        end = word - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<(&'static str, bool)> {
        let table = KeyTable::new(&[]);
        table.key_ending_at(text.as_bytes(), text.len()).map(|k| (k.id.words(), k.person))
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
            ("b3", Some("b3")),
            ("6cf9489b3", None),
            ("65:58:b0:b3", None),
            ("x-b3", Some("b3")),
            ("line2password", Some("password")),
            ("", None),
        ] {
            assert_eq!(joined(key(text).map(|k| k.0)), joined(words), "{text}");
        }
    }

    #[test]
    fn keys_of_objects_count() {
        let table = KeyTable::new(&[]);
        let id = table.key_ending_at(b"id", 2).map(|k| table.rule(&k)).unwrap();
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
        assert!(key("a user imei").is_some_and(|k| k.1));
        assert!(!key("a=user-cache imei").is_some_and(|k| k.1));
    }

    #[test]
    fn the_filter_lets_every_key_pass() {
        let table = KeyTable::new(&[]);
        let mut filter = Filter::new();
        table.fill(&mut filter);
        for rule in KEYS.iter().filter(|r| !matches!(r.shape, Shape::Veto(_) | Shape::Ip)) {
            for joint in ["_", "-", ".", "", " "] {
                let leads: &[&str] =
                    if rule.words.len() == 1 { &["&", "?"] } else { &["", " ", "\"", "x_", "&", "?", "x."] };
                for lead in leads {
                    let text = format!("{lead}{}", rule.words.replace(' ', joint));
                    assert!(filter.may_be_key(Tail::before_number(text.as_bytes(), text.len())), "{text:?}");
                }
            }
        }
    }
}
