//! A list of words that is asked for many that are not in it: most are told by their length and ends.

/// Words in lower case, looked up whatever the case of what is asked for.
pub(crate) struct Words<const N: usize> {
    words: [&'static [u8]; N],
    /// A bit for the first letter, the last letter and the length of each word.
    ends: [u64; 16],
}

impl<const N: usize> Words<N> {
    /// A list of words, none of them empty.
    pub(crate) const fn new(words: [&'static [u8]; N]) -> Self {
        let mut ends = [0; 16];
        let mut i = 0;
        while i < N {
            let hash = ends_of(words[i]);
            ends[hash >> 6] |= 1 << (hash & 63);
            i += 1;
        }
        Self { words, ends }
    }

    /// Whether the word is in the list.
    #[inline]
    pub(crate) fn contains(&self, word: &[u8]) -> bool {
        if word.is_empty() {
            return false;
        }
        let hash = ends_of(word);
        self.ends[hash >> 6 & 15] >> (hash & 63) & 1 != 0
            && self.words.iter().any(|known| known.eq_ignore_ascii_case(word))
    }
}

/// Ten bits of a word's first byte, last byte and length.
#[inline(always)]
const fn ends_of(word: &[u8]) -> usize {
    let (first, last) = ((word[0] & 0x1f) as usize, (word[word.len() - 1] & 0x1f) as usize);
    (first * 37 + last * 5 + word.len() * 163) & 1023
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case() {
        static WORDS: Words<4> = Words::new([b"user", b"id", b"a", b"-"]);
        for (word, is) in [
            ("user", true),
            ("USER", true),
            ("uSer", true),
            ("users", false),
            ("user ", false),
            ("A", true),
            ("-", true),
            ("", false),
            ("d", false),
            ("\u{e9}", false),
        ] {
            assert_eq!(WORDS.contains(word.as_bytes()), is, "{word}");
        }
    }
}
