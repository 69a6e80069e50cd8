//! A few dozen digit values on the stack, gathered from text.

use super::bytes;

/// At most [`Digits::MAX`] digit values 0 to 9.
#[derive(Clone, Copy)]
pub(crate) struct Digits {
    values: [u8; Self::MAX],
    len: usize,
}

impl Digits {
    /// The most digits that can be held; longer numbers are no number of a kind we know.
    pub(crate) const MAX: usize = 40;

    /// No digits.
    pub(crate) fn new() -> Self {
        Self { values: [0; Self::MAX], len: 0 }
    }

    /// Appends an ASCII digit; false if it is none or there is no room.
    pub(crate) fn push(&mut self, byte: u8) -> bool {
        match self.values.get_mut(self.len) {
            Some(slot) if byte.is_ascii_digit() => {
                *slot = byte - b'0';
                self.len += 1;
                true
            }
            _ => false,
        }
    }

    /// A text of up to 32 digits and nothing else.
    pub(crate) fn of(text: &[u8]) -> Option<Self> {
        if bytes::digits(text) != text.len() {
            return None;
        }
        let mut digits = Self::new();
        for (slot, byte) in digits.values.iter_mut().zip(text) {
            *slot = byte & 0x0f;
        }
        digits.len = text.len();
        Some(digits)
    }

    /// All digits of `text`, which must hold nothing but digits and bytes that `skip` accepts.
    pub(crate) fn gather(text: &[u8], skip: impl Fn(u8) -> bool) -> Option<Self> {
        if let Some(digits) = Self::of(text) {
            return Some(digits);
        }
        let mut digits = Self::new();
        for &byte in text {
            if !skip(byte) && !digits.push(byte) {
                return None;
            }
        }
        Some(digits)
    }

    /// The values gathered so far.
    pub(crate) fn values(&self) -> &[u8] {
        self.values.get(..self.len).unwrap_or_default()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The first `count` values as a number; `None` if there are fewer or `count` is above 18.
    pub(crate) fn prefix(&self, count: usize) -> Option<u64> {
        self.number(0, count)
    }

    /// The values `start..end` as a number; `None` if there are fewer or more than 18.
    pub(crate) fn number(&self, start: usize, end: usize) -> Option<u64> {
        let part = self.values().get(start..end)?;
        (part.len() <= 18).then(|| part.iter().fold(0, |sum, &digit| sum * 10 + u64::from(digit)))
    }
}

/// True if there is no digit but one: zeros, nines and other fillers.
pub(crate) fn all_same(digits: &[u8]) -> bool {
    digits.first().is_none_or(|first| digits.iter().all(|digit| digit == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathers_only_digits_and_what_may_be_skipped() {
        let skip = |byte| byte == b' ';
        assert_eq!(Digits::gather(b"12 34", skip).map(|d| d.values().to_vec()), Some(vec![1, 2, 3, 4]));
        assert_eq!(Digits::gather(b"", skip).map(|d| d.len()), Some(0));
        assert!(Digits::gather(b"12-34", skip).is_none());
        assert!(Digits::gather(&[b'1'; Digits::MAX + 1], skip).is_none());
        assert!(Digits::gather(b"\xff", skip).is_none());
    }

    #[test]
    fn numbers_of_parts() {
        let digits = Digits::gather(b"0123456789", |_| false).unwrap_or(Digits::new());
        assert_eq!(digits.prefix(4), Some(123));
        assert_eq!(digits.number(8, 10), Some(89));
        assert_eq!(digits.prefix(11), None);
    }

    #[test]
    fn fillers() {
        assert!(all_same(&[]));
        assert!(all_same(&[0, 0]));
        assert!(!all_same(&[0, 1]));
    }
}
