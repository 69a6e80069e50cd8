//! A block of text as bits: 16 words of 64 bytes, each turned into one 64-bit map for each bit of a byte.

/// Words of 64 bytes in a block: 1 KiB of text. Its maps and what is computed from them fit the
/// first-level cache.
pub(crate) const WORDS: usize = 16;

/// The bits of 64 bytes: bit `j` of map `k` is bit `k` of byte `j`.
pub(super) type Maps = [u64; 8];

/// The maps of a block, word by word; a kernel with an order of its own ([`super::Words::order`]) has others in the
/// same room.
#[derive(Clone, Default)]
#[repr(C, align(64))]
pub(crate) struct Bits {
    pub(super) words: [Maps; WORDS],
}

/// One bit for each byte of a block, in the order of the text or in that of the kernel that stored it: words mean
/// something only behind [`super::Words::order`].
#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
pub(crate) struct Mask(pub(super) [u64; WORDS]);

impl Bits {
    /// The maps of word `index`, to be filled.
    #[inline(always)]
    pub(super) fn word(&mut self, index: usize) -> &mut Maps {
        &mut self.words[index % WORDS]
    }

    /// Forgets words `first .. end`, which lie behind the end of the text.
    pub(super) fn clear_words(&mut self, first: usize, end: usize) {
        for index in first..end.min(WORDS) {
            *self.word(index) = Maps::default();
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
