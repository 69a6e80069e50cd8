//! The key table with a memory of what it has just read: logs repeat their keys in every line.
//!
//! What the table says of a place depends on the bytes it reads there and on nothing else, so an
//! answer holds wherever the same bytes stand. On web and application logs nine of ten keys are
//! answered from here, at a fifth of the instructions of reading them.

use std::cell::Cell;

use super::keys::{KeyMatch, KeyTable, Reading};
use crate::classify::Tail;
use crate::rules::{KeyId, KeyRule};

/// How many answers are kept; two places for each hash.
const ENTRIES: usize = 256;
/// Answers that took more bytes than this are not kept.
const MOST_BYTES: usize = 16;

/// Keys read before. One for each thread; never a part of an answer.
pub(crate) struct KeyMemo(Box<[Cell<Entry>; ENTRIES]>);

#[derive(Clone, Copy)]
struct Entry {
    /// The bytes before the end of the key, the last one highest.
    bytes: u128,
    /// How many of them the answer depends on; 0 if the entry is empty.
    length: u8,
    /// What was answered: the key, how far before the end it starts, whether a person is named.
    answer: Option<(KeyId, u8, bool)>,
}

impl Default for KeyMemo {
    fn default() -> Self {
        Self(Box::new([const { Cell::new(Entry { bytes: 0, length: 0, answer: None }) }; ENTRIES]))
    }
}

/// The key table as a hunt uses it.
#[derive(Clone, Copy)]
pub(crate) struct Keys<'a> {
    table: &'a KeyTable,
    memo: Option<&'a KeyMemo>,
}

impl<'a> Keys<'a> {
    /// The table alone.
    pub fn new(table: &'a KeyTable) -> Self {
        Self { table, memo: None }
    }

    /// The table with a memory.
    pub fn with_memo(table: &'a KeyTable, memo: &'a KeyMemo) -> Self {
        Self { table, memo: Some(memo) }
    }

    /// See [`KeyTable::rule`].
    pub fn rule(&self, key: &KeyMatch) -> &'static KeyRule {
        self.table.rule(key)
    }

    /// See [`KeyTable::rule_under`].
    pub fn rule_under(&self, parent: &[u8], own: &'static KeyRule) -> &'static KeyRule {
        self.table.rule_under(parent, own)
    }

    /// The key before the separator at `separator`: a number at its end counts as a part of it
    /// (`md5`, `track2`) or as an index (`phone2`).
    pub fn key_before(&self, text: &[u8], separator: usize) -> Option<KeyMatch> {
        let end = crate::classify::key_end(text, separator);
        // `[IPV4]: …`: our own label is no key
        if text.get(end) == Some(&b']') && crate::mark::ends_label(text, end + 1) {
            return None;
        }
        let digits = text.get(end..separator)?.iter().take_while(|b| b.is_ascii_digit()).count();
        let whole = if digits > 0 { self.key_ending_at(text, end + digits) } else { None };
        whole.or_else(|| self.key_ending_at(text, end))
    }

    /// See [`KeyTable::key_ending_at`].
    pub fn key_ending_at(&self, text: &[u8], end: usize) -> Option<KeyMatch> {
        let tail = Tail::before_number(text, end);
        if !self.table.may_end(tail) {
            return None;
        }
        let (Some(memo), Some(start)) = (self.memo, end.checked_sub(MOST_BYTES)) else {
            return self.table.read(text, end).key;
        };
        let bytes = text.get(start..end).and_then(|b| b.try_into().ok()).map(u128::from_le_bytes)?;
        let place = tail.hash() as usize % (ENTRIES / 2) * 2;
        for cell in &memo.0[place..place + 2] {
            let entry = cell.get();
            if entry.length > 0 && (bytes ^ entry.bytes) >> (128 - 8 * u32::from(entry.length)) == 0 {
                let (id, back, person) = entry.answer?;
                return Some(KeyMatch { id, start: end - usize::from(back), person });
            }
        }
        let Reading { key, looked_at } = self.table.read(text, end);
        if let Some(length) = looked_at.filter(|length| *length <= MOST_BYTES) {
            let answer = key.map(|key| (key.id, (end - key.start) as u8, key.person));
            memo.0[place + 1].set(memo.0[place].get());
            memo.0[place].set(Entry { bytes, length: length as u8, answer });
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_changes_no_answer() {
        let table = KeyTable::new(&[]);
        let memo = KeyMemo::default();
        let keys = Keys::with_memo(&table, &memo);
        let mut text = Vec::new();
        for (i, words) in [
            "password",
            "user.email",
            "x_id",
            "remote_addr",
            "id",
            "order id",
            "phone2",
            "xpassword",
            "name",
            "user name",
            "a[b][email]",
            "md5",
            "sha256",
            "passWord",
            "customer.name",
            "\u{e9}mail",
            "1id",
        ]
        .iter()
        .cycle()
        .take(400)
        .enumerate()
        {
            let lead: &[u8] = [&b"\n"[..], b",\"", b" ", b"x ", b"&", b"_", b".", b"the user ", b"0"][i % 9];
            text.extend_from_slice(lead);
            text.extend_from_slice(words.as_bytes());
            text.extend_from_slice(b"=1");
        }
        let answer = |key: Option<KeyMatch>| key.map(|k| (k.id.0, k.start, k.person));
        for end in (0..=text.len()).chain((0..=text.len()).rev()) {
            let expect = answer(Keys::new(&table).key_ending_at(&text, end));
            assert_eq!(answer(keys.key_ending_at(&text, end)), expect, "{end}");
        }
    }
}
