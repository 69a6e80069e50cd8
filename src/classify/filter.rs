//! Which separators and blanks may have a key or word before them that is known: a bitset over its
//! last four folded bytes.

/// Two bitsets of 2^16 bits: one for keys before separators, one for words before blanks.
pub(crate) struct KeyFilter {
    keys: Box<[u64; 1024]>,
    phrases: Box<[u64; 1024]>,
}

impl KeyFilter {
    /// An empty filter, which lets nothing pass.
    pub fn new() -> Self {
        Self { keys: Box::new([0; 1024]), phrases: Box::new([0; 1024]) }
    }
    /// Five bits of each byte count: letters of both cases fold together, and so do a blank, an at
    /// sign and NUL, or `M` and `-`. The price is a few candidates too many.
    #[inline(always)]
    fn slot(last_four: u32) -> (usize, u64) {
        let hash = (last_four & 0x1f1f_1f1f).wrapping_mul(0x9e37_79b1) >> 16;
        ((hash >> 6) as usize & 1023, 1 << (hash & 63))
    }
    fn insert(set: &mut [u64; 1024], last_four: [u8; 4]) {
        let (word, bit) = Self::slot(u32::from_le_bytes(last_four));
        set[word] |= bit;
    }
    /// Lets keys pass whose last four bytes fold to these.
    pub fn add_key(&mut self, last_four: [u8; 4]) {
        Self::insert(&mut self.keys, last_four);
    }
    /// Lets phrases pass whose last four bytes before the blank fold to these.
    pub fn add_phrase(&mut self, last_four: [u8; 4]) {
        Self::insert(&mut self.phrases, last_four);
    }
    /// False if no key ends with these four bytes.
    #[inline(always)]
    pub fn may_end_key(&self, last_four: u32) -> bool {
        let (word, bit) = Self::slot(last_four);
        self.keys[word] & bit != 0
    }
    /// False if no phrase ends with these four bytes.
    #[inline(always)]
    pub fn may_end_phrase(&self, last_four: u32) -> bool {
        let (word, bit) = Self::slot(last_four);
        self.phrases[word] & bit != 0
    }
}
