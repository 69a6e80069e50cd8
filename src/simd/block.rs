//! A block of text as bits: 16 words of 64 bytes, each turned into one 64-bit map for each bit of a byte.

/// Words of 64 bytes in a block: 1 KiB of text. Its maps and what is computed from them fit the
/// first-level cache.
pub(crate) const WORDS: usize = 16;

/// The bits of 64 bytes: bit `j` of map `k` is bit `k` of byte `j`.
pub(super) type Maps = [u64; 8];

/// The maps of a block, word by word.
#[derive(Clone, Default)]
#[repr(C, align(64))]
pub(crate) struct Bits {
    pub(super) words: [Maps; WORDS],
    /// Bytes behind what may be the end of a known word.
    pub(super) endings: Mask,
}

/// One bit for each byte of a block.
#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
pub(crate) struct Mask(pub(super) [u64; WORDS]);

impl Bits {
    /// Bytes behind what may be the end of a known word.
    #[inline(always)]
    pub fn endings(&self) -> &Mask {
        &self.endings
    }

    /// Takes the maps of word `index`, and where known words may have ended.
    #[inline(always)]
    pub(super) fn set(&mut self, index: usize, maps: &Maps, endings: u64) {
        self.words[index % WORDS] = *maps;
        self.endings.set(index, endings);
    }

    /// Forgets words `first .. end`, which lie behind the end of the text.
    pub(super) fn clear_words(&mut self, first: usize, end: usize) {
        for index in first..end.min(WORDS) {
            self.set(index, &Maps::default(), 0);
        }
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
