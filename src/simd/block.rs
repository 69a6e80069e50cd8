//! A block of planes: 16 words at a time, with the word before each block kept for looking back.

/// Words of 64 bytes in a block: 1 KiB of text. Its planes and what is computed from them fit the
/// first-level cache.
pub(crate) const WORDS: usize = 16;

/// Words before the first one of a block, of which the last one is used: whole registers are aligned.
pub(super) const LEAD: usize = 8;

/// One bit for each byte of a block, and the word before it.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Lane(pub(super) [u64; LEAD + WORDS]);

/// One bit for each byte of a block.
#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
pub(crate) struct Mask(pub(super) [u64; WORDS]);

impl Lane {
    /// Word `index` of the block; places beyond the block start again at the first.
    #[inline(always)]
    pub fn word(&self, index: usize) -> u64 {
        self.0[LEAD + index % WORDS]
    }
    /// The word before word `index`.
    #[inline(always)]
    pub fn word_before(&self, index: usize) -> u64 {
        self.0[LEAD + index % WORDS - 1]
    }
    #[inline(always)]
    fn set(&mut self, index: usize, word: u64) {
        self.0[LEAD + index % WORDS] = word;
    }
}

impl Mask {
    /// Word `index`; places beyond the block start again at the first.
    #[inline(always)]
    pub fn word(&self, index: usize) -> u64 {
        self.0[index % WORDS]
    }
    #[inline(always)]
    pub(super) fn set(&mut self, index: usize, word: u64) {
        self.0[index % WORDS] = word;
    }
}

/// Declares the planes: a lane each, named alike in a block and in a word.
macro_rules! planes {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// One bit for each byte of a block, by class.
        #[derive(Clone)]
        pub(crate) struct Planes {
            $($(#[$doc])* pub $name: Lane,)+
        }

        /// The classes of one word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub(crate) struct Word {
            $(pub $name: u64,)+
        }

        impl Default for Planes {
            fn default() -> Self {
                let none = Lane([0; LEAD + WORDS]);
                Self { $($name: none,)+ }
            }
        }

        impl Planes {
            /// Takes the classes of word `index`, below [`WORDS`].
            #[inline(always)]
            pub fn set(&mut self, index: usize, w: &Word) {
                $(self.$name.set(index, w.$name);)+
            }

            /// The last word of the block becomes the word before the next one.
            #[inline(always)]
            pub fn carry(&mut self) {
                $(self.$name.0[LEAD - 1] = self.$name.0[LEAD + WORDS - 1];)+
            }

            /// Nothing stands before the next block.
            pub fn forget(&mut self) {
                $(self.$name.0[LEAD - 1] = 0;)+
            }

            /// The classes of word `index`, for tests.
            #[cfg(test)]
            pub fn word(&self, index: usize) -> Word {
                Word { $($name: self.$name.word(index),)+ }
            }
        }
    };
}

planes! {
    /// `0`–`9`
    digit,
    /// `0`
    zero,
    /// `A`–`Z`, `a`–`z`
    letter,
    /// `0`–`9`, `A`–`F`, `a`–`f`
    hex,
    /// letters, digits, `_`
    word,
    /// `.`
    dot,
    /// `:`
    colon,
    /// `-`
    dash,
    /// `@`
    at,
    /// `=` or `>`
    equals,
    /// `"` or `'`
    quote,
    /// space or tab
    space,
    /// `+`
    plus,
    /// `)` or `]`
    close,
    /// line feed
    line_feed,
    /// `%`
    percent,
    /// backslash or ESC
    escape,
    /// `&`
    ampersand,
    /// 0x80 and above
    high,
    /// a blank behind a word that phrases start with or that announces a number, perhaps
    phrase,
}

impl Planes {
    /// Forgets words `first .. end`, which lie behind the end of the text.
    pub fn clear_words(&mut self, first: usize, end: usize) {
        for index in first..end.min(WORDS) {
            self.set(index, &Word::default());
        }
    }
}
