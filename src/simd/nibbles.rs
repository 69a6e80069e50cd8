//! Endings of words as tables for byte shuffles: which bytes may stand third, second and last
//! before a blank, eight groups of words at once.

/// For each of the last three bytes of a word, last one first, the groups of words that may have a
/// byte there: those of its low nibble and those of its high nibble.
#[derive(Clone, Default)]
pub(crate) struct Nibbles {
    pub low: [[u8; 16]; 3],
    pub high: [[u8; 16]; 3],
}

/// Words of one and two letters are one group: any byte but a letter stands before them.
const SHORT: u8 = 1 << 7;
/// Groups of the words that announce a number; the others are of those that start phrases.
pub(super) const ANNOUNCING: u8 = 0b0110_0000;

impl Nibbles {
    /// The tables for words of ASCII letters (and a dash before a single one) that start phrases, and
    /// for those that announce a number.
    pub fn new<'w>(
        phrases: impl IntoIterator<Item = &'w [u8]>,
        announcing: impl IntoIterator<Item = &'w [u8]>,
    ) -> Self {
        let mut tables = Self::default();
        tables.add_all(phrases, 5, 0, SHORT);
        tables.add_all(announcing, 2, 5, ANNOUNCING);
        tables
    }

    /// Spreads words over `count` groups from group `first` on; short ones go to their own.
    fn add_all<'w>(
        &mut self,
        words: impl IntoIterator<Item = &'w [u8]>,
        count: usize,
        first: usize,
        short: u8,
    ) {
        let mut long: Vec<Vec<u8>> = Vec::new();
        for word in words {
            match word {
                [] => {}
                [_] | [_, _] => self.add(word, short),
                _ => long.push(word.iter().rev().copied().collect()),
            }
        }
        // words with the same last bytes share a group, which keeps the others sharp
        long.sort_unstable();
        let length = long.len().max(1);
        for (place, reversed) in long.iter().enumerate() {
            let word: Vec<u8> = reversed.iter().rev().copied().collect();
            self.add(&word, 1 << (first + place * count / length));
        }
    }

    fn add(&mut self, word: &[u8], group: u8) {
        for place in 0..3 {
            let Some(byte) = word.len().checked_sub(place + 1).and_then(|at| word.get(at)) else {
                self.low[place].iter_mut().for_each(|slot| *slot |= group);
                for (nibble, slot) in self.high[place].iter_mut().enumerate() {
                    // 4 and 6 are letters but for `@` and the backtick, which no phrase stands behind
                    *slot |= if matches!(nibble, 4 | 6) { 0 } else { group };
                }
                continue;
            };
            for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
                self.low[place][usize::from(byte & 15)] |= group;
                self.high[place][usize::from(byte >> 4)] |= group;
            }
        }
    }

    /// The groups whose words may end with these bytes, the last one last.
    #[inline(always)]
    pub fn groups(&self, three: [u8; 3]) -> u8 {
        let groups = |place: usize, byte: u8| {
            self.low[place][usize::from(byte & 15)] & self.high[place][usize::from(byte >> 4)]
        };
        groups(0, three[2]) & groups(1, three[1]) & groups(2, three[0])
    }
}

#[cfg(test)]
mod tests {
    use super::{ANNOUNCING, Nibbles};

    #[test]
    fn words_pass_in_any_case_and_others_rarely() {
        let words: [&[u8]; 6] = [b"user", b"for", b"by", b"-u", b"username", b"mac"];
        let tables = Nibbles::new(words, [&b"ssn"[..]]);
        for text in [b"ser", b"SER", b"for", b"FoR", b" by", b"-by", b" -u", b"ame", b"mac"] {
            assert!(tables.groups(*text) & !ANNOUNCING != 0, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(tables.groups(*b"SSN") & !ANNOUNCING, 0);
        assert!(tables.groups(*b"SSN") != 0);
        for text in [b"the", b"and", b"123", b"   ", b"aby"] {
            assert!(tables.groups(*text) == 0, "{}", String::from_utf8_lossy(text));
        }
    }
}
