//! A block of planes: 16 words at a time, with the word before each block kept for looking back.

/// Words of 64 bytes in a block: 1 KiB of text. Its planes and what is computed from them fit the
/// first-level cache.
pub(crate) const WORDS: usize = 16;

/// One mask for each word of a block; index 0 is the last word of the block before.
pub(crate) type Lane = [u64; WORDS + 1];

/// One bit for each byte of a block, by class.
#[derive(Clone)]
pub(crate) struct Planes {
    /// `0`–`9`
    pub digit: Lane,
    /// `0`
    pub zero: Lane,
    /// `A`–`Z`, `a`–`z`
    pub letter: Lane,
    /// `0`–`9`, `A`–`F`, `a`–`f`
    pub hex: Lane,
    /// letters, digits, `_`
    pub word: Lane,
    /// `.`
    pub dot: Lane,
    /// `:`
    pub colon: Lane,
    /// `-`
    pub dash: Lane,
    /// `@`
    pub at: Lane,
    /// `=` or `>`
    pub equals: Lane,
    /// `"` or `'`
    pub quote: Lane,
    /// space or tab
    pub space: Lane,
    /// `+`
    pub plus: Lane,
    /// `)` or `]`
    pub close: Lane,
    /// line feed
    pub line_feed: Lane,
    /// `%`
    pub percent: Lane,
    /// backslash or ESC
    pub escape: Lane,
    /// `#`
    pub hash: Lane,
    /// `&`
    pub ampersand: Lane,
    /// 0x80 and above
    pub high: Lane,
    /// a blank behind a word that phrases start with, perhaps
    pub phrase: Lane,
    /// a blank behind a word that announces a number, perhaps
    pub announcing: Lane,
    /// `A`–`Z`
    pub capital: Lane,
}

/// The classes of one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Word {
    pub digit: u64,
    pub zero: u64,
    pub letter: u64,
    pub hex_letter: u64,
    pub underscore: u64,
    pub dot: u64,
    pub colon: u64,
    pub dash: u64,
    pub at: u64,
    pub equals: u64,
    pub quote: u64,
    pub space: u64,
    pub plus: u64,
    pub close: u64,
    pub line_feed: u64,
    pub percent: u64,
    pub escape: u64,
    pub hash: u64,
    pub ampersand: u64,
    pub high: u64,
    pub phrase: u64,
    pub announcing: u64,
    pub capital: u64,
}

impl Default for Planes {
    fn default() -> Self {
        let none = [0; WORDS + 1];
        Self {
            digit: none,
            zero: none,
            letter: none,
            hex: none,
            word: none,
            dot: none,
            colon: none,
            dash: none,
            at: none,
            equals: none,
            quote: none,
            space: none,
            plus: none,
            close: none,
            line_feed: none,
            percent: none,
            escape: none,
            hash: none,
            ampersand: none,
            high: none,
            phrase: none,
            announcing: none,
            capital: none,
        }
    }
}

impl Planes {
    /// Takes the classes of word `index`, 1 to [`WORDS`].
    #[inline(always)]
    pub fn set(&mut self, index: usize, w: &Word) {
        let i = index.min(WORDS);
        self.digit[i] = w.digit;
        self.zero[i] = w.zero;
        self.letter[i] = w.letter;
        self.hex[i] = w.digit | w.hex_letter;
        self.word[i] = w.digit | w.letter | w.underscore;
        self.dot[i] = w.dot;
        self.colon[i] = w.colon;
        self.dash[i] = w.dash;
        self.at[i] = w.at;
        self.equals[i] = w.equals;
        self.quote[i] = w.quote;
        self.space[i] = w.space;
        self.plus[i] = w.plus;
        self.close[i] = w.close;
        self.line_feed[i] = w.line_feed;
        self.percent[i] = w.percent;
        self.escape[i] = w.escape;
        self.hash[i] = w.hash;
        self.ampersand[i] = w.ampersand;
        self.high[i] = w.high;
        self.phrase[i] = w.phrase;
        self.announcing[i] = w.announcing;
        self.capital[i] = w.capital;
    }

    /// Forgets words `first ..= last`, which lie behind the end of the text.
    pub fn clear_words(&mut self, first: usize, last: usize) {
        for index in first..=last.min(WORDS) {
            self.set(index, &Word::default());
        }
    }

    /// The lanes that are looked back into.
    fn lanes(&mut self) -> [&mut Lane; 17] {
        [
            &mut self.digit,
            &mut self.zero,
            &mut self.letter,
            &mut self.hex,
            &mut self.word,
            &mut self.dot,
            &mut self.colon,
            &mut self.dash,
            &mut self.plus,
            &mut self.space,
            &mut self.quote,
            &mut self.close,
            &mut self.percent,
            &mut self.ampersand,
            &mut self.high,
            &mut self.phrase,
            &mut self.announcing,
        ]
    }

    /// The last word of the block becomes the word before the next one.
    #[inline(always)]
    pub fn carry(&mut self) {
        for lane in self.lanes() {
            lane[0] = lane[WORDS];
        }
    }

    /// Nothing stands before the next block.
    pub fn forget(&mut self) {
        for lane in self.lanes() {
            lane[0] = 0;
        }
    }
}

/// Bit `j` of the answer is the bit `BACK` places before bit `j` of word `i`; `BACK` is 1 to 63.
#[inline(always)]
pub(crate) fn back<const BACK: u32>(lane: &Lane, i: usize) -> u64 {
    (lane[i] << BACK) | (lane[i - 1] >> (64 - BACK))
}
