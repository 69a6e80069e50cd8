//! Lists of words that are asked for many that are not in them: most are told by a look at a few bytes.

/// How many lists the words are parted into.
const BUCKETS: usize = 64;

/// Words in lower case, looked up whatever the case of what is asked for.
pub(crate) struct Words<const N: usize> {
    /// In the order of their buckets.
    words: [&'static [u8]; N],
    /// Which of the words as they were given each of them is.
    places: [u16; N],
    /// Where each bucket starts.
    starts: [u16; BUCKETS + 1],
    /// A bit for the first letter, the last letter and the length of each word.
    ends: [u64; 16],
}

impl<const N: usize> Words<N> {
    /// A list of words, none of them empty.
    pub(crate) const fn new(given: [&'static [u8]; N]) -> Self {
        let mut ends = [0; 16];
        let (mut words, mut places, mut starts) = ([b"" as &[u8]; N], [0; N], [0; BUCKETS + 1]);
        let (mut bucket, mut next) = (0, 0);
        while bucket < BUCKETS {
            let mut i = 0;
            while i < N {
                let hash = ends_of(given[i]);
                if hash % BUCKETS == bucket {
                    ends[hash >> 6] |= 1 << (hash & 63);
                    words[next] = given[i];
                    places[next] = i as u16;
                    next += 1;
                }
                i += 1;
            }
            bucket += 1;
            starts[bucket] = next as u16;
        }
        Self { words, places, starts, ends }
    }

    /// Whether the word is in the list.
    #[inline]
    pub(crate) fn contains(&self, word: &[u8]) -> bool {
        self.place(word).is_some()
    }

    /// Which of the words it is, counted as they were given; the first if it is there twice.
    #[inline]
    pub(crate) fn place(&self, word: &[u8]) -> Option<usize> {
        if word.is_empty() {
            return None;
        }
        let hash = ends_of(word);
        if self.ends[hash >> 6 & 15] >> (hash & 63) & 1 == 0 {
            return None;
        }
        let bucket = hash % BUCKETS;
        let mut some = usize::from(self.starts[bucket])..usize::from(self.starts[bucket + 1]);
        let is = |i: &usize| self.words[*i].len() == word.len() && self.words[*i].eq_ignore_ascii_case(word);
        some.find(is).map(|i| usize::from(self.places[i]))
    }
}

/// Ten bits of a word's first byte, last byte and length.
#[inline(always)]
const fn ends_of(word: &[u8]) -> usize {
    let (first, last) = ((word[0] & 0x1f) as usize, (word[word.len() - 1] & 0x1f) as usize);
    (first * 37 + last * 5 + word.len() * 163) & 1023
}

/// The pairs of letters that words start with, whatever their case.
pub(crate) struct Pairs([u64; 16]);

impl Pairs {
    /// Those of words of two letters and more.
    pub(crate) const fn new(words: &[&[u8]]) -> Self {
        let (mut pairs, mut i) = ([0; 16], 0);
        while i < words.len() {
            let pair = pair_of(words[i][0], words[i][1]);
            pairs[pair >> 6] |= 1 << (pair & 63);
            i += 1;
        }
        Self(pairs)
    }

    /// False if none of the words starts with these two bytes.
    #[inline(always)]
    pub(crate) fn may_start(&self, first: u8, second: u8) -> bool {
        let pair = pair_of(first, second);
        self.0[pair >> 6] >> (pair & 63) & 1 != 0
    }
}

/// Ten bits of two letters, without their case.
#[inline(always)]
const fn pair_of(first: u8, second: u8) -> usize {
    ((first & 0x1f) as usize) << 5 | (second & 0x1f) as usize
}

/// What texts are asked for that mostly do not start with any of it: most are told by three bytes.
pub(crate) struct Starts<const N: usize> {
    starts: [&'static [u8]; N],
    /// A bit for the first three bytes of each.
    threes: [u64; 16],
}

impl<const N: usize> Starts<N> {
    /// A list of starts of three bytes and more each.
    pub(crate) const fn new(starts: [&'static [u8]; N]) -> Self {
        let mut threes = [0; 16];
        let mut i = 0;
        while i < N {
            let hash = three_of(starts[i]);
            threes[hash >> 6] |= 1 << (hash & 63);
            i += 1;
        }
        Self { starts, threes }
    }

    /// Whether the text starts with one of them.
    #[inline]
    pub(crate) fn begin(&self, text: &[u8]) -> bool {
        self.of(text).is_some()
    }

    /// The first of them that the text starts with.
    #[inline]
    pub(crate) fn of(&self, text: &[u8]) -> Option<&'static [u8]> {
        if text.len() < 3 {
            return None;
        }
        let hash = three_of(text);
        if self.threes[hash >> 6 & 15] >> (hash & 63) & 1 == 0 {
            return None;
        }
        self.starts.iter().find(|start| start[2] == text[2] && text.starts_with(start)).copied()
    }
}

/// Ten bits of the first three bytes.
#[inline(always)]
const fn three_of(text: &[u8]) -> usize {
    (text[0] as usize * 7 + text[1] as usize * 37 + text[2] as usize * 211) & 1023
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

    #[test]
    fn words_are_counted_as_they_were_given() {
        const GIVEN: [&[u8]; 6] = [b"su", b"sudo", b"cron", b"us", b"login", b"su"];
        static WORDS: Words<6> = Words::new(GIVEN);
        for (place, word) in GIVEN.iter().enumerate().take(5) {
            assert_eq!(WORDS.place(word), Some(place));
        }
        assert_eq!(WORDS.place(b"sshd"), None);
    }

    #[test]
    fn starts_are_known() {
        static STARTS: Starts<3> = Starts::new([b" logged in", b" from ", b", ip "]);
        for (text, is) in [
            (" logged in from", true),
            (" logged on", false),
            (" from x", true),
            (" from", false),
            (", ip 1", true),
            (" l", false),
            ("", false),
        ] {
            assert_eq!(STARTS.begin(text.as_bytes()), is, "{text}");
            assert_eq!(
                STARTS.of(text.as_bytes()).is_some_and(|start| text.as_bytes().starts_with(start)),
                is
            );
        }
    }
}
