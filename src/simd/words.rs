//! Words of 64 bits, several in a register: what masks are computed with, alike for every kernel.

use std::ops::{BitAnd, BitOr, Not};

use super::{Bits, Mask, WORDS};

/// Some neighbouring words in one register. A value is the proof that the CPU can work on it.
pub(crate) trait Words:
    Copy + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self>
{
    /// How many words; 1 to 8.
    const COUNT: usize;
    /// What only a kernel that runs has: the first value needs it.
    type Proof: Copy;
    /// Words in a strip.
    type Kept<'s>: LookBack<Self>;

    /// The maps of part `part` of a block (`COUNT` words each), bit 0 first.
    fn maps(proof: Self::Proof, bits: &Bits, part: usize) -> [Self; 8];
    /// The words of part `part` of a mask, as they were stored.
    fn load(proof: Self::Proof, mask: &Mask, part: usize) -> Self;
    /// Stores the words of part `part` of a mask.
    fn store(self, mask: &mut Mask, part: usize);
    /// Brings the words of part `part` of a mask that was stored into the order of the text, in which they are
    /// taken out: each kernel may compute in an order of its own. Only once for each that is stored. Returns one bit
    /// for each word that is not zero.
    fn order(proof: Self::Proof, mask: &mut Mask, part: usize) -> u32;
    /// Stores the words of part `part` of a strip.
    fn keep(self, strip: &mut Strip, part: usize);
    /// The words of part `part` of a strip, with what stands before them.
    fn look(proof: Self::Proof, strip: &Strip, part: usize) -> Self::Kept<'_>;
    /// The next block stands behind the one that was kept in the strip.
    #[inline(always)]
    fn carry(strip: &mut Strip) {
        strip.0[Strip::BEFORE - 1] = strip.0[Strip::BEFORE + WORDS - 1];
    }
    /// With the words before them, of which the last one of the part before is in `last`; that of
    /// this part takes its place.
    fn remember(self, last: &mut Memory) -> Look<Self>;
    /// Bit `j` of the answer is the bit `BACK` places before bit `j`; `BACK` is 1 to 16.
    fn back<const BACK: i32>(self, before: Self) -> Self;
    /// Whether some word is not zero.
    fn any(self) -> bool;
    /// `flag` for each word that is not zero.
    fn flag(self, flag: u64) -> Self;
    /// The bits that some word has.
    fn union(self) -> u64;

    /// Writes the places of the bits of the first `words` words of a mask to `places`, counted from
    /// `base` on, in order; returns how many there are.
    ///
    /// Most words have none to four: writing four and taking as many as there are needs no guess of
    /// the CPU. With a loop over the bits of each word, wrong guesses were a third of the time of the
    /// whole classifier.
    #[inline(always)]
    fn places(_: Self::Proof, mask: &Mask, words: usize, base: usize, places: &mut [u32; ROOM]) -> usize {
        let mut count = 0;
        for i in 0..words.min(WORDS) {
            count = scalar_places(mask.word(i), (base + i * 64) as u32, places, count);
        }
        count
    }
}

/// Room for the places of all bits of a block, and for what is written too far.
pub(crate) const ROOM: usize = WORDS * 64 + AHEAD;
/// So many places are written without asking how many there are.
pub(super) const AHEAD: usize = 16;

/// Writes the places of a word's bits behind the first `count` places; returns how many there are then.
#[inline(always)]
pub(super) fn scalar_places(mut word: u64, base: u32, places: &mut [u32; ROOM], count: usize) -> usize {
    let end = count + word.count_ones() as usize;
    let mut from = count;
    while let Some(four) = places.get_mut(from..from + 4) {
        for place in four {
            *place = base.wrapping_add(word.trailing_zeros());
            word &= word.wrapping_sub(1);
        }
        from += 4;
        if from >= end {
            break;
        }
    }
    end
}

/// A class of the bytes of a block, with what stands before them.
///
/// In the order of the text: the last word of the block before in word 7, then the words of the block. A kernel with
/// an order of its own has eight words for each of four parts: what stands before, and the part.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Strip(pub(super) [u64; 2 * WORDS]);

impl Default for Strip {
    fn default() -> Self {
        Self([0; 2 * WORDS])
    }
}

impl Strip {
    /// Words before those of the block, so that these start a line of the cache; the last one is used.
    pub(super) const BEFORE: usize = 8;

    /// Nothing stands before the next block.
    #[inline(always)]
    pub fn forget(&mut self) {
        self.0[Self::BEFORE - 1] = 0;
        self.0[2 * WORDS - 4..].fill(0);
    }
}

/// The words of a part of a step, for the part behind it.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Memory(pub(super) [u64; 8]);

impl Memory {
    /// The part before had nothing.
    #[inline(always)]
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

// not derived: without whole-program inlining each of a text's eighteen is a call
impl Default for Memory {
    #[inline(always)]
    fn default() -> Self {
        Self([0; 8])
    }
}

/// Words that can be looked back into.
pub(crate) trait LookBack<W>: Copy {
    /// The words.
    fn now(self) -> W;
    /// Bit `j` of the answer is the bit `BACK` places before bit `j`; `BACK` is 1 to 16.
    fn back<const BACK: i32>(self) -> W;
}

/// Words and those before them.
#[derive(Clone, Copy)]
pub(crate) struct Look<W> {
    /// The words.
    pub(super) now: W,
    /// The word before each of them.
    pub(super) before: W,
}

impl<W: Words> LookBack<W> for Look<W> {
    #[inline(always)]
    fn now(self) -> W {
        self.now
    }
    #[inline(always)]
    fn back<const BACK: i32>(self) -> W {
        self.now.back::<BACK>(self.before)
    }
}

/// One word: for kernels without wide registers, and the specification of the others.
impl Words for u64 {
    const COUNT: usize = 1;
    type Proof = ();
    type Kept<'s> = Look<u64>;

    #[inline(always)]
    fn maps((): (), bits: &Bits, part: usize) -> [u64; 8] {
        bits.words[part % WORDS]
    }
    #[inline(always)]
    fn load((): (), mask: &Mask, part: usize) -> u64 {
        mask.word(part)
    }
    #[inline(always)]
    fn store(self, mask: &mut Mask, part: usize) {
        mask.set(part, self);
    }
    #[inline(always)]
    fn order((): (), mask: &mut Mask, part: usize) -> u32 {
        u32::from(mask.word(part) != 0)
    }
    #[inline(always)]
    fn keep(self, strip: &mut Strip, part: usize) {
        strip.0[Strip::BEFORE + part % WORDS] = self;
    }
    #[inline(always)]
    fn look((): (), strip: &Strip, part: usize) -> Look<u64> {
        let at = Strip::BEFORE + part % WORDS;
        Look { now: strip.0[at], before: strip.0[at - 1] }
    }
    #[inline(always)]
    fn remember(self, last: &mut Memory) -> Look<u64> {
        Look { now: self, before: std::mem::replace(&mut last.0[0], self) }
    }
    #[inline(always)]
    fn back<const BACK: i32>(self, before: u64) -> u64 {
        self << BACK | before >> (64 - BACK)
    }
    #[inline(always)]
    fn any(self) -> bool {
        self != 0
    }
    #[inline(always)]
    fn flag(self, flag: u64) -> u64 {
        if self == 0 { 0 } else { flag }
    }
    #[inline(always)]
    fn union(self) -> u64 {
        self
    }
}
