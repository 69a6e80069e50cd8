//! Which separators and blanks may have a key or word before them that is known: a bitset over its
//! last four folded bytes, and behind it one over the fifth.

/// Sets of folded endings, one for keys before separators and one for words before blanks.
pub(crate) struct KeyFilter {
    keys: Endings,
    phrases: Endings,
}

/// A set of five-byte endings (four and classes of the fifth). May say yes to others, never no to its own.
pub(crate) struct Endings {
    /// 2^16 bits by a hash of the last four bytes.
    four: Box<[u64; 1024]>,
    /// By another hash of the same bytes, which fifth bytes stand before them.
    fifth: Box<[u32; 4096]>,
}

impl Endings {
    /// An empty set.
    pub fn new() -> Self {
        Self { four: Box::new([0; 1024]), fifth: Box::new([0; 4096]) }
    }
    /// Five bits of each byte count: letters of both cases fold together, and so do a blank, an at
    /// sign and NUL, or `M` and `-`. The price is a few candidates too many.
    #[inline(always)]
    fn hash(last_four: u32) -> u32 {
        (last_four & 0x1f1f_1f1f).wrapping_mul(0x9e37_79b1)
    }
    /// Adds four bytes, the last byte last, and which classes of bytes may stand before them.
    pub fn add(&mut self, (last_four, fifth): ([u8; 4], u32)) {
        let hash = Self::hash(u32::from_le_bytes(last_four));
        self.four[(hash >> 22) as usize] |= 1 << ((hash >> 16) & 63);
        self.fifth[(hash >> 10) as usize & 4095] |= fifth;
    }
    /// False if nothing in the set ends with these four bytes behind this fifth.
    #[inline(always)]
    pub fn may_have(&self, fifth: u8, last_four: u32) -> bool {
        let hash = Self::hash(last_four);
        self.four[(hash >> 22) as usize & 1023] >> ((hash >> 16) & 63) & 1 != 0
            && self.fifth[(hash >> 10) as usize & 4095] >> (fifth & 0x1f) & 1 != 0
    }
    /// The same for the bytes before `end`; what lies before the text counts as NUL.
    #[inline(always)]
    pub fn may_end_at(&self, text: &[u8], end: usize) -> bool {
        match end.checked_sub(5).and_then(|start| text.get(start..end)) {
            Some(five) => self.may_have(five[0], u32::from_le_bytes([five[1], five[2], five[3], five[4]])),
            None => self.may_end_early(text, end),
        }
    }
    #[cold]
    fn may_end_early(&self, text: &[u8], end: usize) -> bool {
        let mut five = [0u8; 5];
        for (i, slot) in five.iter_mut().rev().enumerate() {
            *slot = end.checked_sub(i + 1).and_then(|p| text.get(p)).copied().unwrap_or(0);
        }
        self.may_have(five[0], u32::from_le_bytes([five[1], five[2], five[3], five[4]]))
    }
}

impl KeyFilter {
    /// An empty filter, which lets nothing pass.
    pub fn new() -> Self {
        Self { keys: Endings::new(), phrases: Endings::new() }
    }
    /// Lets keys pass that end with these bytes.
    pub fn add_key(&mut self, ending: ([u8; 4], u32)) {
        self.keys.add(ending);
    }
    /// Lets phrases pass that end with these bytes before the blank.
    pub fn add_phrase(&mut self, ending: ([u8; 4], u32)) {
        self.phrases.add(ending);
    }
    /// False if no key ends before `end`.
    #[inline(always)]
    pub fn may_end_key(&self, text: &[u8], end: usize) -> bool {
        self.keys.may_end_at(text, end)
    }
    /// False if no phrase ends before `end`.
    #[inline(always)]
    pub fn may_end_phrase(&self, text: &[u8], end: usize) -> bool {
        self.phrases.may_end_at(text, end)
    }
}
