//! A mask and the words before it: shifts that reach back over a word's border.

/// A mask of this word together with the mask of the word before.
#[derive(Clone, Copy, Default)]
pub(super) struct Mask {
    pub now: u64,
    before: u64,
}

impl Mask {
    /// The mask `now` whose predecessor in the word before was `before`.
    #[inline(always)]
    pub fn new(now: u64, before: u64) -> Self {
        Self { now, before }
    }
    /// Bit `i` is bit `i - back` of the mask; `back` is 1 to 63.
    #[inline(always)]
    pub fn back<const BACK: u32>(self) -> u64 {
        (self.now << BACK) | (self.before >> (64 - BACK))
    }
    /// True at `i` if the mask is set 2, 3 or 4 places before.
    #[inline(always)]
    pub fn back_two_to_four(self) -> u64 {
        self.back::<2>() | self.back::<3>() | self.back::<4>()
    }
    /// True at `i` if the mask is set 2 to 5 places before.
    #[inline(always)]
    pub fn back_two_to_five(self) -> u64 {
        self.back_two_to_four() | self.back::<5>()
    }
}
