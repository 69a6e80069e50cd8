//! Which separators and blanks may have a key or word before them that is known: the last word
//! before them, folded, is looked up in a set. Exact but for a few hash collisions in a thousand,
//! since each false pass costs a walk over a whole key.

use super::{Kind, Kinds};

/// What is offered: which shapes, and sets of last words of keys before separators, of programs' tags, of
/// words before blanks.
pub(crate) struct Filter {
    keys: LastWords,
    tags: LastWords,
    phrases: LastWords,
    announcing: LastWords,
    /// The kinds of shapes that are offered.
    pub(super) wanted: Kinds,
    /// Two filters share it only if they hold the same words: what is remembered of one says nothing
    /// of another.
    pub(super) digest: u64,
}

/// What may end at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict(pub(super) u64);

impl Verdict {
    /// Nothing that is known.
    pub const NONE: Self = Self(0);
    const KEY: u64 = 1;
    const TAG: u64 = 2;
    const PHRASE: u64 = 4;
    const ANNOUNCING: u64 = 8;
    /// More letters than were looked at may stand before.
    const UNSURE: u64 = 16;
    /// All of them.
    pub const BITS: u64 = 31;
    fn of(is: bool, flag: u64) -> Self {
        Self(0).and(is, flag)
    }
    fn and(self, is: bool, flag: u64) -> Self {
        Self(if is { self.0 | flag } else { self.0 })
    }
    #[inline(always)]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
    #[inline(always)]
    pub fn is_unsure(self) -> bool {
        self.0 & Self::UNSURE != 0
    }
    /// What another verdict says, too.
    pub fn agreed(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    #[inline(always)]
    pub fn is_key(self) -> bool {
        self.0 & Self::KEY != 0
    }
    #[inline(always)]
    pub fn is_tag(self) -> bool {
        self.0 & Self::TAG != 0
    }
    #[inline(always)]
    pub fn ends_phrase(self) -> bool {
        self.0 & Self::PHRASE != 0
    }
    #[inline(always)]
    pub fn announces(self) -> bool {
        self.0 & Self::ANNOUNCING != 0
    }
}

/// A set of words by up to eight of their last letters. May say yes to others, never no to its own.
pub(crate) struct LastWords {
    /// Three bits in one of the blocks for each word: one load a question.
    blocks: Box<[u64; BLOCKS]>,
}

/// Where the last letters of a word have their bits in a set: a block, and bits there.
#[derive(Clone, Copy)]
pub(crate) struct Ending([Option<(usize, u64)>; 3]);

/// The letters right before a place, up to eight, folded and packed, the last one lowest.
#[derive(Clone, Copy)]
pub(crate) struct Tail {
    /// The eight bytes before the place, folded, the last one highest.
    folded: u64,
    /// How many of them are letters without a gap, from the last one on; 0 to 8.
    letters: u32,
    /// The top bit of each letter that starts a word inside the run (`userId`, `userID`).
    borders: u64,
}

/// Blocks of a set of words: with half as many one in some thousand words was taken for another.
const BLOCKS: usize = 4096;
/// What tells words that need another one before them from those that stand alone.
const PART: u64 = 0x5555_5555_5555_5555;
/// What tells letters that need a number behind them from those that do not.
const NUMBERED: u64 = 0x3333_3333_3333_3333;
/// What tells seven letters before which another one belongs to the word.
const LONG: u64 = 0x0f0f_0f0f_0f0f_0f0f;
/// Folded bytes behind which a word of a key may continue another: joints, digits, bytes beyond
/// ASCII. Bit 5 is set in all of them: `_` and `[` stand as 0x7f and `{`.
static MAY_CONTINUE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, b' ' | b'-' | b'.' | b'/' | b'0'..=b'9' | b'{' | b'}' | 0x7f..);
        byte += 1;
    }
    table
};
const HASH: u64 = 0x9e37_79b9_7f4a_7c15;
const TOP: u64 = 0x8080_8080_8080_8080;
const ONES: u64 = 0x0101_0101_0101_0101;

impl Tail {
    /// The letters before `end`; what lies before the text counts as NUL.
    #[inline(always)]
    pub fn before(text: &[u8], end: usize) -> Self {
        Self::of(Self::bytes_before(text, end))
    }

    /// The eight bytes before `end`, the last one highest; what lies before the text counts as NUL.
    #[inline(always)]
    pub fn bytes_before(text: &[u8], end: usize) -> u64 {
        match end.checked_sub(8).and_then(|start| text.get(start..end)).and_then(|b| b.try_into().ok()) {
            Some(eight) => u64::from_le_bytes(eight),
            None => early(text, end),
        }
    }

    /// The letters before a number that ends at `end` and the joint before it (`line-1`), or before
    /// `end` if no number does.
    #[inline(always)]
    pub fn before_number(text: &[u8], end: usize) -> Self {
        let head = text.get(..end).unwrap_or_default();
        if !head.last().is_some_and(u8::is_ascii_digit) {
            return Self::before(text, end);
        }
        let digits = head.iter().rev().take(8).take_while(|b| b.is_ascii_digit()).count();
        let end = head.len() - digits;
        let joint = digits > 0 && end > 0 && is_joint(head[end - 1]);
        Self::before(text, end - usize::from(joint))
    }

    /// The letters at the end of eight bytes, the last one highest.
    #[inline(always)]
    pub fn of(bytes: u64) -> Self {
        let folded = bytes | (ONES * 0x20);
        // letters become 1 to 26; nothing carries from one byte to the next
        let place = folded ^ (ONES * 0x60);
        let low = place & !TOP;
        let is_letter = (low + ONES * 0x7f) & !(low + ONES * 0x65) & !place & TOP;
        let letters = (!is_letter & TOP).leading_zeros() / 8;
        // bit 5 is off in capitals
        let capital = is_letter & !(bytes << 2);
        let small = is_letter & (bytes << 2);
        let borders = capital & (!(capital << 8) | (small >> 8));
        Self { folded, letters, borders }
    }

    /// Whether another word of a key may stand before the run: behind a joint, a digit, a byte beyond
    /// ASCII, or letters too far back.
    #[inline(always)]
    fn may_continue(self) -> bool {
        self.letters >= 8 || MAY_CONTINUE[usize::from(self.left())]
    }

    /// The folded byte before the run, if it has less than eight letters.
    #[inline(always)]
    fn left(self) -> u8 {
        (self.folded << (8 * (self.letters & 7)) >> 56) as u8
    }

    /// The last `count` letters, 1 to 8.
    #[inline(always)]
    fn last(self, count: u32) -> u64 {
        self.folded >> (64 - 8 * count)
    }
}

/// Bytes between words of a key.
#[inline(always)]
pub(crate) fn is_joint(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.' | b'[' | b' ' | b'/')
}

/// A single letter is a key of its own only in a URL's query, or the end of a word beyond ASCII.
#[inline(always)]
fn may_be_single(folded_left: u8) -> bool {
    matches!(folded_left, b'?' | b'&' | 0x80..)
}

/// The bytes before a place less than eight bytes into the text.
#[cold]
fn early(text: &[u8], end: usize) -> u64 {
    let mut eight = [0u8; 8];
    let head = text.get(..end.min(text.len())).unwrap_or_default();
    let kept = head.len().min(8);
    eight[8 - kept..].copy_from_slice(&head[head.len() - kept..]);
    u64::from_le_bytes(eight)
}

impl LastWords {
    /// An empty set.
    pub fn new() -> Self {
        Self { blocks: Box::new([0; BLOCKS]) }
    }

    /// The block of a word, and its bits there.
    #[inline(always)]
    fn place(word: u64) -> (usize, u64) {
        let hash = word.wrapping_mul(HASH);
        let bits = 1 << (hash >> 47 & 63) | 1 << (hash >> 41 & 63) | 1u64 << (hash >> 35 & 63);
        ((hash >> (64 - BLOCKS.trailing_zeros())) as usize, bits)
    }

    /// Adds a word by its last letters; what stands behind them (digits) is not looked at. A word
    /// without a letter changes nothing.
    pub fn add(&mut self, word: &[u8]) {
        self.add_ending(Self::ending(word, true));
    }

    /// Where the last letters of a word have their bits in a set. A word that is not whole is known only behind
    /// another word (`path` of `return_path`).
    pub fn ending(word: &[u8], is_whole: bool) -> Ending {
        let mark = if is_whole { 0 } else { PART };
        let end = word.iter().rposition(u8::is_ascii_alphabetic).map_or(0, |last| last + 1);
        let tail = Tail::before(word, end);
        let letters = (tail.letters > 0).then(|| Self::place(tail.last(tail.letters) ^ mark));
        // `e164`: a letter and a number is more than a letter
        let is_numbered = tail.letters == 1 && end < word.len();
        let long = (tail.letters == 8).then(|| Self::place(tail.last(7) ^ LONG));
        Ending([letters, is_numbered.then(|| Self::place(tail.last(1) ^ NUMBERED)), long])
    }

    /// Adds the ending of a word.
    pub fn add_ending(&mut self, ending: Ending) {
        for (block, bits) in ending.0.into_iter().flatten() {
            self.blocks[block] |= bits;
        }
    }

    /// Adds all words of another set.
    pub fn add_all(&mut self, other: &Self) {
        self.blocks.iter_mut().zip(other.blocks.iter()).for_each(|(block, more)| *block |= more);
    }

    #[inline(always)]
    fn has(&self, word: u64) -> bool {
        let (block, bits) = Self::place(word);
        self.blocks[block % BLOCKS] & bits == bits
    }

    /// False if no word of the set ends where the tail does: the whole run of letters, or a part of
    /// it that starts with a capital.
    #[inline(always)]
    pub fn may_end(&self, tail: Tail) -> bool {
        if tail.letters == 0 {
            // words beyond ASCII are not told apart
            return tail.folded >> 63 != 0;
        }
        let word = tail.last(tail.letters);
        let is_lone = tail.letters == 1 && !may_be_single(tail.left());
        if self.has(if is_lone { word ^ NUMBERED } else { word })
            || (tail.may_continue() && self.has(word ^ PART))
        {
            return true;
        }
        let mut borders = tail.borders >> (64 - 8 * tail.letters);
        while borders != 0 {
            let first = borders.trailing_zeros() / 8;
            let word = tail.last(tail.letters - first);
            if first > 0 && tail.letters - first > 1 && (self.has(word) || self.has(word ^ PART)) {
                return true;
            }
            borders &= borders - 1;
        }
        false
    }

    /// The same if seven bytes are all that is known: of a longer word there may be one that ends so.
    fn could_end(&self, tail: Tail) -> bool {
        self.may_end(tail)
            || tail.letters == 7 && [LONG, PART].iter().any(|mark| self.has(tail.last(7) ^ mark))
    }

    /// The same for the letters before `end`.
    #[cfg(test)]
    fn may_end_at(&self, text: &[u8], end: usize) -> bool {
        self.may_end(Tail::before(text, end))
    }
}

impl Filter {
    /// An empty filter, which lets nothing pass.
    pub fn new() -> Self {
        let new = LastWords::new;
        let wanted = Kinds::ALL;
        Self { keys: new(), tags: new(), phrases: new(), announcing: new(), wanted, digest: 0 }
    }
    /// Offers no shape of this kind.
    pub fn leave_out(&mut self, kind: Kind) {
        self.wanted = self.wanted.without(kind);
    }
    /// The set of last words of keys.
    pub fn keys(&mut self) -> &mut LastWords {
        &mut self.keys
    }
    /// Lets a program's tag pass.
    pub fn add_tag(&mut self, tag: &[u8]) {
        self.tags.add(tag);
    }
    /// Lets blanks pass that stand behind these words, and behind those that announce a number.
    pub fn set_phrases<'w>(
        &mut self,
        words: impl Iterator<Item = &'w [u8]>,
        announcing: impl Iterator<Item = &'w [u8]>,
    ) {
        words.for_each(|word| self.phrases.add(word));
        announcing.for_each(|word| self.announcing.add(word));
    }
    /// False if no word that announces a number ends with these letters.
    #[inline(always)]
    pub fn may_announce(&self, tail: Tail) -> bool {
        self.announcing.may_end(tail)
    }
    /// False if no key ends with these letters.
    #[inline(always)]
    pub fn may_be_key(&self, tail: Tail) -> bool {
        self.keys.may_end(tail)
    }
    /// False if no tag does.
    #[inline(always)]
    pub fn may_be_tag(&self, tail: Tail) -> bool {
        self.tags.may_end(tail)
    }
    /// False if no word of a phrase ends with these letters.
    #[inline(always)]
    pub fn may_end_phrase(&self, tail: Tail) -> bool {
        // a single letter is a short option
        tail.letters > 0
            && self.phrases.has(tail.last(tail.letters))
            && (tail.letters != 1 || tail.left() == b'-')
    }
    /// What the filter says of seven bytes and the blank or separator behind them, which is the highest.
    pub(super) fn of_ending(&self, bytes: u64) -> Verdict {
        let tail = Tail::of(bytes << 8);
        let verdict = if bytes >> 56 <= u64::from(b' ') {
            let may_be_longer = tail.letters == 7 && self.phrases.has(tail.last(7) ^ LONG);
            Verdict::of(may_be_longer || self.may_end_phrase(tail), Verdict::PHRASE)
                .and(self.announcing.could_end(tail), Verdict::ANNOUNCING)
        } else {
            Verdict::of(self.keys.could_end(tail), Verdict::KEY).and(self.tags.could_end(tail), Verdict::TAG)
        };
        verdict.and(tail.letters == 7 && !verdict.is_none(), Verdict::UNSURE)
    }
    /// What the filter says of the last eight bytes of a word, whatever stands behind it.
    pub(super) fn of_word(&self, bytes: u64) -> Verdict {
        let tail = Tail::of(bytes);
        Verdict::of(self.may_be_key(tail), Verdict::KEY)
            .and(self.may_be_tag(tail), Verdict::TAG)
            .and(self.may_end_phrase(tail), Verdict::PHRASE)
            .and(self.may_announce(tail), Verdict::ANNOUNCING)
    }
    /// The filter with all its words.
    pub fn done(mut self) -> Self {
        let sets = [&self.keys, &self.tags, &self.phrases, &self.announcing];
        let blocks = sets.into_iter().flat_map(|set| set.blocks.iter());
        self.digest = blocks.fold(HASH, |hash, block| (hash ^ block).wrapping_mul(HASH).rotate_left(29));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_by_their_last_letters() {
        let mut set = LastWords::new();
        for word in [&b"password"[..], b"id", b"track2", b"dateofbirth", b"wifi", b"", b"2"] {
            set.add(word);
        }
        set.add_ending(LastWords::ending(b"path", false));
        set.add(b"q");
        for (text, is) in [
            ("xxxxxxxx?q", true),
            ("xxxxxx\"q", false),
            ("q", false),
            ("xxxxx\"path", false),
            ("return_path", true),
            ("returnPath", true),
            ("return path", true),
            ("xxxx[x][path", true),
            ("password", true),
            ("PASSWORD", true),
            ("x_Password", true),
            ("xpassword", true), // eight letters are all that is looked at
            ("sword", false),
            ("id", true),
            ("userId", true),
            ("userID", true),
            ("userid", false),
            ("USERID", false),
            ("paid", false),
            ("user.id", true),
            ("9id", true),
            ("track", true),
            ("birth", false),
            ("dateOfBirth", true),
            ("myWiFi", true),
            ("2", false),
            ("", false),
            ("\u{e9}", true),
        ] {
            assert_eq!(set.may_end_at(text.as_bytes(), text.len()), is, "{text}");
        }
    }

    #[test]
    fn every_byte_is_told_from_a_letter() {
        for byte in 0..=255u8 {
            let tail = Tail::before(&[b'a', byte, b'z', b'z', b'z', b'z', b'z', b'z', b'z'], 9);
            assert_eq!(tail.letters, if byte.is_ascii_alphabetic() { 8 } else { 7 }, "{byte}");
            let tail = Tail::before(&[b'a', b'a', b'a', b'a', b'a', b'a', b'a', b'a', byte], 9);
            assert_eq!(tail.letters, if byte.is_ascii_alphabetic() { 8 } else { 0 }, "{byte}");
        }
    }
}
