//! Endings of words as tables for byte shuffles: which bytes may stand fourth, third, second and
//! last before a blank, eight groups of words at once.

/// For each of the last four bytes of a word, last one first, the groups of words that may have a
/// byte there, by the low five bits of the byte: letters in any case, and what shares these bits with
/// them (`-` with `m`), since the tables are only a filter.
#[derive(Clone, Default)]
pub(crate) struct Endings(pub(super) [[u8; 32]; 4]);

/// Words of one and two letters are one group: any byte stands before them.
const SHORT: u8 = 1 << 7;
/// How many groups the words of three letters are spread over, and the longer ones.
const OF_THREE: usize = 2;
const LONGER: usize = 5;

impl Endings {
    /// The tables for words of ASCII letters (and a dash before a single one).
    pub fn new<'w>(words: impl IntoIterator<Item = &'w [u8]>) -> Self {
        let mut tables = Self::default();
        let (mut three, mut longer) = (Vec::new(), Vec::new());
        for word in words {
            match word.len() {
                0 => {}
                1 | 2 => tables.add(word, SHORT),
                3 => three.push(word),
                _ => longer.push(word),
            }
        }
        tables.spread(longer, 0, LONGER);
        tables.spread(three, LONGER, OF_THREE);
        tables
    }

    /// Adds words to `count` groups from group `first` on. Those with the same last bytes share a
    /// group, which keeps the others sharp.
    fn spread(&mut self, mut words: Vec<&[u8]>, first: usize, count: usize) {
        words.sort_unstable_by(|a, b| a.iter().rev().cmp(b.iter().rev()));
        for (place, word) in words.iter().enumerate() {
            self.add(word, 1 << (first + place * count / words.len()));
        }
    }

    fn add(&mut self, word: &[u8], group: u8) {
        for place in 0..4 {
            match word.len().checked_sub(place + 1).and_then(|at| word.get(at)) {
                Some(byte) => self.0[place][usize::from(byte & 31)] |= group,
                None => self.0[place].iter_mut().for_each(|slot| *slot |= group),
            }
        }
    }

    /// Whether a word may end with these bytes, the last one last.
    #[inline(always)]
    pub fn may_end(&self, four: [u8; 4]) -> bool {
        let groups = |place: usize, byte: u8| self.0[place][usize::from(byte & 31)];
        groups(0, four[3]) & groups(1, four[2]) & groups(2, four[1]) & groups(3, four[0]) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::Endings;

    #[test]
    fn words_pass_in_any_case_and_others_rarely() {
        let words: [&[u8]; 7] = [b"user", b"for", b"by", b"-u", b"username", b"mac", b"ssn"];
        let tables = Endings::new(words);
        for text in [b"user", b"USER", b" for", b"=FoR", b"  by", b" -by", b"  -u", b"name", b" mac", b".SSN"]
        {
            assert!(tables.may_end(*text), "{}", String::from_utf8_lossy(text));
        }
        for text in [b" the", b"gser", b" and", b"0123", b"    ", b"wxyz"] {
            assert!(!tables.may_end(*text), "{}", String::from_utf8_lossy(text));
        }
    }
}
