//! The key table with a memory of what it has just read: logs repeat their keys in every line.
//!
//! What the table says of a place depends on the bytes it reads there and on nothing else, so an
//! answer holds wherever the same bytes stand. On web and application logs nine of ten keys are
//! answered from here, at a fifth of the instructions of reading them.

use std::cell::Cell;

use super::before;
use super::keys::{KeyMatch, KeyTable, Reading};
use super::traits::Traits;
use crate::classify::{Tail, before_remark, key_end};
use crate::rules::{KeyId, KeyRule, Shape};

/// How many answers are kept; two places for each hash.
const ENTRIES: usize = 2 << SETS_BITS;
const SETS_BITS: u32 = 7;
/// Answers that took more bytes than this are kept apart.
const MOST_BYTES: usize = 16;
/// Answers that took more bytes than this are not kept.
const MOST_FAR_BYTES: usize = 48;

/// Keys read before. One for each thread; never a part of an answer.
pub(crate) struct KeyMemo {
    keys: Memo,
    /// What was asked for its row alone: less is read for it, so it is remembered where the whole
    /// key is too long.
    rows: Memo,
    /// Longer keys: asked only where the others know nothing.
    far: FarMemo,
    /// Of the table that was read.
    digest: Cell<u64>,
}

type Memo = Box<[Cell<Entry>; ENTRIES]>;
type FarMemo = Box<[Cell<FarEntry>; ENTRIES]>;

/// Sixteen bytes of text as two numbers, the later ones second, the last one highest.
type Window = [u64; 2];

#[derive(Clone, Copy)]
struct Entry {
    /// The bytes before the end of the key.
    bytes: Window,
    /// The bits of those that the answer depends on.
    mask: Window,
    /// What was answered: the key, how far before the end it starts, whether a person is named.
    answer: Option<(KeyId, u8, bool)>,
}

/// No key ends behind sixteen NULs.
const NOTHING: Entry = Entry { bytes: [0; 2], mask: [u64::MAX; 2], answer: None };

/// The same of a key that took more bytes.
#[derive(Clone, Copy)]
struct FarEntry {
    bytes: [u8; MOST_FAR_BYTES],
    /// How many of them, from the last one on, the answer depends on; 0: there is none.
    length: u8,
    answer: Option<(KeyId, u8, bool)>,
}

const NOTHING_FAR: FarEntry = FarEntry { bytes: [0; MOST_FAR_BYTES], length: 0, answer: None };

impl Default for KeyMemo {
    fn default() -> Self {
        let new = || Box::new([const { Cell::new(NOTHING) }; ENTRIES]);
        let far = Box::new([const { Cell::new(NOTHING_FAR) }; ENTRIES]);
        Self { keys: new(), rows: new(), far, digest: Cell::new(0) }
    }
}

impl KeyMemo {
    /// Forgets what another table said.
    fn start(&self, digest: u64) {
        if self.digest.replace(digest) != digest {
            self.keys.iter().chain(self.rows.iter()).for_each(|entry| entry.set(NOTHING));
            self.far.iter().for_each(|entry| entry.set(NOTHING_FAR));
        }
    }
}

impl KeyMemo {
    /// What the table reads at `end`.
    #[inline(always)]
    fn key_read(&self, table: &KeyTable, text: &[u8], end: usize) -> Reading {
        if table.may_end(Tail::before_number(text, end)) {
            self.far_read(table, text, end)
        } else {
            Reading { key: None, looked_at: None }
        }
    }

    /// The same, out of the memory of longer keys if it is there.
    #[inline(never)]
    fn far_read(&self, table: &KeyTable, text: &[u8], end: usize) -> Reading {
        let Some(window) = end.checked_sub(MOST_FAR_BYTES).and_then(|from| text.get(from..end)?.as_array())
        else {
            return table.read(text, end);
        };
        // the last eight bytes: what takes fewer than sixteen is not asked for here
        let eight = u64::from_le_bytes(*window.last_chunk().unwrap_or(&[0; 8]));
        let place = (eight.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (63 - SETS_BITS)) as usize % ENTRIES;
        let FarEntry { bytes, length, answer } = self.far[place].get();
        let from = MOST_FAR_BYTES - usize::from(length);
        if length > 0 && window[from..] == bytes[from..] {
            let key =
                answer.map(|(id, back, person)| KeyMatch { id, start: end - usize::from(back), person });
            return Reading { key, looked_at: None };
        }
        let reading = table.read(text, end);
        let fits = |length: &usize| (MOST_BYTES + 1..=MOST_FAR_BYTES).contains(length);
        if let Some(length) = reading.looked_at.filter(fits) {
            let answer = reading.key.map(|key| (key.id, (end - key.start) as u8, key.person));
            self.far[place].set(FarEntry { bytes: *window, length: length as u8, answer });
        }
        reading
    }
}

/// The key table as a hunt uses it.
#[derive(Clone, Copy)]
pub(crate) struct Keys<'a> {
    table: &'a KeyTable,
    memo: Option<&'a KeyMemo>,
}

/// A key before a separator.
#[derive(Clone, Copy)]
pub(crate) struct Front {
    pub key: KeyMatch,
    /// Where its words end; see [`key_end`].
    pub end: usize,
    /// Nothing but perhaps a quote stands between its last letter and the separator, and no slash, colon
    /// or dollar sign before it.
    pub is_plain: bool,
}

impl<'a> Keys<'a> {
    /// The table alone.
    pub fn new(table: &'a KeyTable) -> Self {
        Self { table, memo: None }
    }

    /// The table with a memory.
    pub fn with_memo(table: &'a KeyTable, memo: &'a KeyMemo) -> Self {
        memo.start(table.digest());
        Self { table, memo: Some(memo) }
    }

    /// See [`KeyTable::rule`].
    #[inline(always)]
    pub fn rule(&self, key: &KeyMatch) -> &'static KeyRule {
        self.table.rule(key)
    }

    /// The row of that number.
    #[inline(always)]
    pub fn row(&self, id: KeyId) -> &'static KeyRule {
        self.table.row(id)
    }

    /// See [`KeyTable::traits`].
    #[inline(always)]
    pub fn traits(&self, id: KeyId) -> Traits {
        self.table.traits(id)
    }

    /// See [`KeyTable::rule_under`].
    pub fn rule_under(&self, parent: &[u8], own: &'static KeyRule) -> &'static KeyRule {
        self.table.rule_under(parent, own)
    }

    /// The key before the separator at `separator`: a number at its end counts as a part of it
    /// (`md5`, `track2`) or as an index (`phone2`).
    #[cfg(any(test, feature = "cli"))]
    #[inline]
    pub fn key_before(&self, text: &[u8], separator: usize) -> Option<KeyMatch> {
        self.front(text, separator).map(|front| front.key)
    }

    /// The same with what surrounds it.
    #[inline]
    pub fn front(&self, text: &[u8], separator: usize) -> Option<Front> {
        let Some(end) = plain_end(text, separator) else { return self.far_front(text, separator) };
        let key = self.key_ending_at(text, end)?;
        let is_plain = !matches!(before(text, key.start), b'/' | b':' | b'$');
        Some(Front { key, end, is_plain })
    }

    /// The row of the same key, if it may be a veto.
    #[inline]
    pub fn row_before(&self, text: &[u8], separator: usize) -> Option<KeyId> {
        match plain_end(text, separator) {
            Some(end) => self.row_ending_at(text, end),
            None => self
                .far_front(text, separator)
                .map(|front| front.key.id)
                .filter(|id| self.traits(*id).may_veto()),
        }
    }

    #[inline(never)]
    fn far_front(&self, text: &[u8], separator: usize) -> Option<Front> {
        let end = key_end(text, separator);
        // `[IPV4]: …`: our own label is no key
        if text.get(end) == Some(&b']') && crate::mark::ends_label(text, end + 1) {
            return None;
        }
        if before(text, end) == b'#' {
            return self.numbered_front(text, end);
        }
        // `md5`, `addr_line_1`
        let joint = usize::from(text.get(end) == Some(&b'_'));
        let digits = text.get(end + joint..separator)?.iter().take_while(|b| b.is_ascii_digit()).count();
        let whole = if digits > 0 { self.key_ending_at(text, end + joint + digits) } else { None };
        let key = match whole {
            // `ip_address_1` is an `ip address` and not an `address 1`
            Some(whole) if joint > 0 => self
                .key_ending_at(text, end)
                .filter(|key| key.id.words().len() > whole.id.words().len())
                .unwrap_or(whole),
            Some(whole) => whole,
            None => match self.key_ending_at(text, end) {
                Some(key) => key,
                None => return self.remarked_front(text, before_remark(text, separator)?),
            },
        };
        Some(Front { key, end, is_plain: false })
    }

    /// A key that a remark in brackets follows, of what has a shape of its own: `Tel (privat):`. Behind the others
    /// sentences go on: `user (anna): not found`.
    #[cold]
    fn remarked_front(&self, text: &[u8], end: usize) -> Option<Front> {
        let key = self.key_ending_at(text, end)?;
        let is_shaped = matches!(
            self.rule(&key).shape,
            Shape::Phone | Shape::Dob | Shape::NationalId | Shape::Bank | Shape::Iban | Shape::Card
        );
        is_shaped.then_some(Front { key, end, is_plain: false })
    }

    /// A key that ends with a number sign, which stands for its last word: `Acct #:`, `Member#:`; or says nothing: `SSN #:`.
    #[cold]
    fn numbered_front(&self, text: &[u8], sign: usize) -> Option<Front> {
        const NUMBER: &[u8] = b" no";
        let end = sign - 1 - usize::from(before(text, sign - 1) == b' ');
        let head = super::head(text, end, MOST_FAR_BYTES);
        let mut said = [0u8; MOST_FAR_BYTES + NUMBER.len()];
        said[..head.len()].copy_from_slice(head);
        said[head.len()..head.len() + NUMBER.len()].copy_from_slice(NUMBER);
        let said = &said[..head.len() + NUMBER.len()];
        let numbered = self.table.key_ending_at(said, said.len()).filter(|key| key.start < head.len());
        let numbered = numbered.map(|key| KeyMatch { start: end - head.len() + key.start, ..key });
        let key = numbered.or_else(|| self.key_ending_at(text, end))?;
        Some(Front { key, end, is_plain: false })
    }

    /// See [`KeyTable::key_ending_at`].
    #[inline]
    pub fn key_ending_at(&self, text: &[u8], end: usize) -> Option<KeyMatch> {
        match self.memo {
            Some(memo) => recall(&memo.keys, text, end, |end| memo.key_read(self.table, text, end)),
            None => self.table.key_ending_at(text, end),
        }
    }

    /// The row of the same key, if it may be a veto.
    #[inline]
    pub fn row_ending_at(&self, text: &[u8], end: usize) -> Option<KeyId> {
        let key = match self.memo {
            Some(memo) => recall(&memo.rows, text, end, |end| self.row_read(text, end))?,
            None => self.row_read(text, end).key?,
        };
        Some(key.id).filter(|id| self.traits(*id).may_veto())
    }

    /// What the table reads at `end`, if it may be a veto.
    #[inline(never)]
    fn row_read(&self, text: &[u8], end: usize) -> Reading {
        // most words before a value are told by themselves: by eight bytes, if no number ends them
        if !self.table.may_end_veto(Tail::before_number(text, end)) {
            let ends_with_number = before(text, end).is_ascii_digit();
            return Reading { key: None, looked_at: (!ends_with_number).then_some(8) };
        }
        self.table.row_ending_at(text, end)
    }
}

/// Where the key before a separator ends, of most keys: letters, perhaps in quotes.
#[inline(always)]
fn plain_end(text: &[u8], separator: usize) -> Option<usize> {
    match text.get(separator.wrapping_sub(2)..separator)? {
        [_, last] if last.is_ascii_alphabetic() => Some(separator),
        [letter, b'"'] if letter.is_ascii_alphabetic() => Some(separator - 1),
        _ => None,
    }
}

/// What `read` says of the key that ends at `end`: out of the memory, or the table and into it.
#[inline(always)]
fn recall(memo: &Memo, text: &[u8], end: usize, read: impl Fn(usize) -> Reading) -> Option<KeyMatch> {
    let Some(window) = window(text, end) else {
        return read(end).key;
    };
    // the last four bytes: no answer depends on less
    let place = ((window[1] >> 32) as u32).wrapping_mul(0x9e37_79b1) as usize >> (32 - SETS_BITS) << 1;
    for cell in [&memo[place % ENTRIES], &memo[(place + 1) % ENTRIES]] {
        let Entry { bytes, mask, answer } = cell.get();
        if (window[0] ^ bytes[0]) & mask[0] | (window[1] ^ bytes[1]) & mask[1] == 0 {
            let (id, back, person) = answer?;
            return Some(KeyMatch { id, start: end - usize::from(back), person });
        }
    }
    let Reading { key, looked_at } = read(end);
    if let Some(length) = looked_at.map(|length| length.max(4)).filter(|length| *length <= MOST_BYTES) {
        remember([&memo[place % ENTRIES], &memo[(place + 1) % ENTRIES]], window, length, key, end);
    }
    key
}

/// Puts an answer that took `length` bytes to the first of two places; what stood there moves on.
fn remember(places: [&Cell<Entry>; 2], bytes: Window, length: usize, key: Option<KeyMatch>, end: usize) {
    let answer = key.map(|key| (key.id, (end - key.start) as u8, key.person));
    let bits = u128::MAX << (128 - 8 * length);
    places[1].set(places[0].get());
    places[0].set(Entry { bytes, mask: [bits as u64, (bits >> 64) as u64], answer });
}

/// The sixteen bytes before `end`.
#[inline(always)]
fn window(text: &[u8], end: usize) -> Option<Window> {
    let bytes: &[u8; MOST_BYTES] = text.get(end.checked_sub(MOST_BYTES)?..end)?.try_into().ok()?;
    let bits = u128::from_le_bytes(*bytes);
    Some([bits as u64, (bits >> 64) as u64])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_token_ends_in_is_not_remembered() {
        let (table, memo) = (KeyTable::new(&[]), KeyMemo::default());
        let keys = Keys::with_memo(&table, &memo);
        let token = "ip_h0001_0123456789abcdefpass";
        for text in [
            token,
            "x to h0001_0123456789abcdefpass",
            "of nobody @9pass",
            "email_h0001_0123456789abcdefghij@9pass",
        ] {
            for text in [text, token] {
                let read = table.key_ending_at(text.as_bytes(), text.len());
                let remembered = keys.key_ending_at(text.as_bytes(), text.len());
                assert_eq!(remembered.map(|k| k.start), read.map(|k| k.start), "{text}");
            }
        }
        assert!(table.key_ending_at(token.as_bytes(), token.len()).is_none());
    }

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
            "customer_billing_email_address",
            "the_users.remote_addr_of_name",
            "shippingAddressOfTheCustomer.phone number",
            "x-amz-meta-user-name-of-customer-id",
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
