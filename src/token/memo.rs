//! What was tokenized a moment ago: web logs repeat their addresses.
//!
//! Three tables of fixed size, two places for each value, no chains: values chosen by an enemy can
//! only cause misses. The tables hold clear values and are wiped when dropped or bound anew.

use zeroize::Zeroize;

/// Places in each table, 1 MiB each and 4 for sealed tokens, allocated when first used.
const SMALL_PLACES: usize = 1 << 14;
const LARGE_PLACES: usize = 1 << 13;
const SEALED_PLACES: usize = 1 << 14;
/// Value length, token length, type slot, form.
const HEADER: usize = 4;

/// Values and their tokens.
#[derive(Default)]
pub(crate) struct Memo {
    small: Table<64>,
    large: Table<128>,
    /// Sealed tokens, whose making costs a thousand times as much as finding them here.
    sealed: Table<256>,
}

/// Which token a value has depends on its type and form.
#[derive(Clone, Copy)]
pub(crate) struct MemoKey {
    pub slot: u8,
    pub form: u8,
}

impl Memo {
    /// Appends the token of `value` if it is known.
    #[inline]
    pub(crate) fn copy(&self, key: MemoKey, value: &[u8], out: &mut Vec<u8>) -> bool {
        if value.len() > u8::MAX as usize {
            return false;
        }
        let hash = hash(key, value);
        self.small.copy(hash, key, value, out)
            || self.large.copy(hash, key, value, out)
            || self.sealed.copy(hash, key, value, out)
    }

    /// Remembers a token if value and token are short enough.
    pub(crate) fn put(&mut self, key: MemoKey, value: &[u8], token: &[u8]) {
        match value.len() + token.len() + HEADER {
            ..=64 => self.small.put(SMALL_PLACES, hash(key, value), key, value, token),
            65..=128 => self.large.put(LARGE_PLACES, hash(key, value), key, value, token),
            129..=256 => self.sealed.put(SEALED_PLACES, hash(key, value), key, value, token),
            _ => {}
        }
    }

    /// Forgets and wipes everything.
    pub(crate) fn wipe(&mut self) {
        self.small.wipe();
        self.large.wipe();
        self.sealed.wipe();
    }
}

impl Drop for Memo {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// One place; the alignment keeps a small one within one cache line.
#[derive(Clone)]
#[repr(align(64))]
struct Place<const N: usize>([u8; N]);

#[derive(Default)]
struct Table<const N: usize> {
    places: Vec<Place<N>>,
}

impl<const N: usize> Table<N> {
    #[inline]
    fn copy(&self, hash: u64, key: MemoKey, value: &[u8], out: &mut Vec<u8>) -> bool {
        let Some(mask) = self.places.len().checked_sub(1) else { return false };
        let at = hash as usize & mask;
        for index in [at, at ^ 1] {
            let Some(Place(bytes)) = self.places.get(index) else { continue };
            let header = [value.len() as u8, key.slot, key.form];
            let [value_length, token_length, slot, form, rest @ ..] = bytes.as_slice() else { continue };
            if [*value_length, *slot, *form] != header || *token_length == 0 {
                continue;
            }
            let Some((stored, rest)) = rest.split_at_checked(value.len()) else { continue };
            if let (true, Some(token)) = (stored == value, rest.get(..*token_length as usize)) {
                out.extend_from_slice(token);
                return true;
            }
        }
        false
    }

    fn put(&mut self, count: usize, hash: u64, key: MemoKey, value: &[u8], token: &[u8]) {
        if self.places.is_empty() {
            self.places = vec![Place([0; N]); count];
        }
        let at = hash as usize & (count - 1);
        // The newer value takes the first place; the one before it moves to the second.
        if let Some([first, second]) = self.places.as_chunks_mut::<2>().0.get_mut(at / 2) {
            let (newer, older) = if at.is_multiple_of(2) { (first, second) } else { (second, first) };
            older.0 = newer.0;
            let [value_length, token_length, slot, form, rest @ ..] = newer.0.as_mut_slice() else { return };
            let Some((to_value, rest)) = rest.split_at_mut_checked(value.len()) else { return };
            let Some((to_token, _)) = rest.split_at_mut_checked(token.len()) else { return };
            to_value.copy_from_slice(value);
            to_token.copy_from_slice(token);
            (*value_length, *token_length) = (value.len() as u8, token.len() as u8);
            (*slot, *form) = (key.slot, key.form);
        }
    }

    fn wipe(&mut self) {
        for place in &mut self.places {
            place.0.zeroize();
        }
        self.places.clear();
    }
}

/// Spreads a value over the places; it protects nothing and needs not to.
#[inline]
fn hash(key: MemoKey, value: &[u8]) -> u64 {
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = (value.len() as u64) << 16 | u64::from(key.slot) << 8 | u64::from(key.form);
    let (words, rest) = value.as_chunks::<8>();
    for word in words {
        state = (state ^ u64::from_le_bytes(*word)).wrapping_mul(SPREAD).rotate_left(29);
    }
    let mut last = [0u8; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    state = (state ^ u64::from_le_bytes(last)).wrapping_mul(SPREAD);
    state ^ state >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: MemoKey = MemoKey { slot: 3, form: 1 };

    fn recall(memo: &Memo, key: MemoKey, value: &[u8]) -> Option<Vec<u8>> {
        let mut out = b"before ".to_vec();
        memo.copy(key, value, &mut out).then(|| out[7..].to_vec())
    }

    #[test]
    fn remembers_exactly_what_was_put() {
        let mut memo = Memo::default();
        for length in 0..260usize {
            let value: Vec<u8> = (0..length).map(|i| i as u8).collect();
            memo.put(KEY, &value, b"ip_ha1b2_token");
            let fits = length + 14 + HEADER <= 256;
            assert_eq!(recall(&memo, KEY, &value), fits.then(|| b"ip_ha1b2_token".to_vec()), "{length}");
            assert_eq!(recall(&memo, MemoKey { slot: 4, form: 1 }, &value), None);
            assert_eq!(recall(&memo, MemoKey { slot: 3, form: 2 }, &value), None);
            let mut other = value.clone();
            other.push(0);
            assert_eq!(recall(&memo, KEY, &other), None);
        }
        assert_eq!(recall(&memo, KEY, &[7; 300]), None);
        memo.wipe();
        assert_eq!(recall(&memo, KEY, b""), None);
    }

    #[test]
    fn crowding_loses_values_but_never_mixes_them() {
        let mut memo = Memo::default();
        for i in 0..100_000u32 {
            memo.put(KEY, &i.to_le_bytes(), format!("t{i}").as_bytes());
        }
        let mut known = 0;
        for i in 0..100_000u32 {
            if let Some(token) = recall(&memo, KEY, &i.to_le_bytes()) {
                assert_eq!(token, format!("t{i}").as_bytes());
                known += 1;
            }
        }
        assert!((SMALL_PLACES / 2..=SMALL_PLACES).contains(&known), "{known}");
    }
}
