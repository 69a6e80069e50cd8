//! A value under a key, without its separators: what all the national checks look at.

use crate::check::digits::{Digits, all_same};

/// The most letters and digits that a national number has, prefixes such as `CZ` included.
const MAX: usize = 24;

/// A value that holds letters, digits and separators, and nothing else.
pub(super) struct Candidate<'a> {
    /// The value as it was written, without white space around it.
    pub(super) raw: &'a [u8],
    plain: [u8; MAX],
    length: usize,
    digits: Option<Digits>,
}

impl<'a> Candidate<'a> {
    /// `None` if there is any other byte, no digit, too much, or one symbol only (`000-00-0000`).
    pub(super) fn new(raw: &'a [u8]) -> Option<Self> {
        let mut plain = [0u8; MAX];
        let mut length = 0;
        let mut digits = Digits::new();
        let mut only_digits = true;
        let mut separators = 0;
        for &byte in raw {
            match byte {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                    *plain.get_mut(length)? = byte.to_ascii_uppercase();
                    length += 1;
                    only_digits &= digits.push(byte);
                }
                b' ' | b'-' | b'.' | b'/' | b':' | b'_' | b'+' | b'(' | b')' | 0xc2 => separators += 1,
                // The second byte of a no-break space.
                0xa0 => {}
                _ => return None,
            }
        }
        let symbols = plain.get(..length)?;
        // A list of single digits is not a grouped number.
        if separators > length / 2 || all_same(symbols) || !symbols.iter().any(u8::is_ascii_digit) {
            return None;
        }
        Some(Self { raw, plain, length, digits: only_digits.then_some(digits) })
    }

    /// Letters in upper case and digits, separators left out.
    pub(super) fn text(&self) -> &[u8] {
        self.plain.get(..self.length).unwrap_or_default()
    }

    /// The digits, if there are just `count` of them and nothing else.
    pub(super) fn digits(&self, count: usize) -> Option<&Digits> {
        self.any_digits().filter(|digits| digits.len() == count)
    }

    /// The digits, if there is nothing else.
    pub(super) fn any_digits(&self) -> Option<&Digits> {
        self.digits.as_ref()
    }

    /// True if text and shape have the same length and agree: `A` a letter, `9` a digit, `X` either.
    pub(super) fn has_shape(&self, shape: &[u8]) -> bool {
        let text = self.text();
        text.len() == shape.len()
            && text.iter().zip(shape).all(|(byte, kind)| match kind {
                b'A' => byte.is_ascii_uppercase(),
                b'9' => byte.is_ascii_digit(),
                _ => true,
            })
    }

    /// The digits at `start..end` of the text.
    pub(super) fn part(&self, start: usize, end: usize) -> Option<Digits> {
        Digits::gather(self.text().get(start..end)?, |_| false)
    }

    /// The symbol at that place of the text.
    pub(super) fn symbol(&self, place: usize) -> Option<u8> {
        self.text().get(place).copied()
    }
}
