//! The NEON kernel: four 16-byte quarters, compared and added up to masks. Every arm64 CPU has it.

use std::arch::aarch64::*;

use super::{BACK_BYTES, BlockSink, Endings, Window, Word, feed_blocks};

/// See [`super::Kernel::feed`].
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    feed_blocks::<S, u64>((), text, sink, classify);
}

#[derive(Clone, Copy)]
struct Quad([uint8x16_t; 4]);

impl Quad {
    #[inline(always)]
    fn each(self, take: impl Fn(uint8x16_t) -> uint8x16_t) -> Self {
        Self([take(self.0[0]), take(self.0[1]), take(self.0[2]), take(self.0[3])])
    }

    #[inline(always)]
    fn with(self, other: Self, take: impl Fn(uint8x16_t, uint8x16_t) -> uint8x16_t) -> Self {
        Self(std::array::from_fn(|i| take(self.0[i], other.0[i])))
    }

    /// One bit for each byte that is all ones; the others are zero.
    #[inline(always)]
    fn mask(self) -> u64 {
        // SAFETY: NEON is part of every arm64 target; values in, values out.
        unsafe {
            let bit = vreinterpretq_u8_u64(vdupq_n_u64(0x8040_2010_0804_0201));
            let bits = self.each(|v| vandq_u8(v, bit)).0;
            let halves = vpaddq_u8(vpaddq_u8(bits[0], bits[1]), vpaddq_u8(bits[2], bits[3]));
            vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(halves, halves)))
        }
    }

    #[inline(always)]
    fn equal(self, byte: u8) -> u64 {
        // SAFETY: NEON is part of every arm64 target; values in, values out.
        self.each(|v| unsafe { vceqq_u8(v, vdupq_n_u8(byte)) }).mask()
    }

    #[inline(always)]
    fn either(self, first: u8, second: u8) -> u64 {
        // SAFETY: NEON is part of every arm64 target; values in, values out.
        self.each(|v| unsafe { vorrq_u8(vceqq_u8(v, vdupq_n_u8(first)), vceqq_u8(v, vdupq_n_u8(second))) })
            .mask()
    }

    /// Bytes in `first ..= first + width - 1`.
    #[inline(always)]
    fn between(self, first: u8, width: u8) -> u64 {
        // SAFETY: NEON is part of every arm64 target; values in, values out.
        self.each(|v| unsafe { vcltq_u8(vsubq_u8(v, vdupq_n_u8(first)), vdupq_n_u8(width)) }).mask()
    }

    /// Bytes that have a bit of `bits`.
    #[inline(always)]
    fn some(self, bits: u8) -> u64 {
        // SAFETY: NEON is part of every arm64 target; values in, values out.
        self.each(|v| unsafe { vtstq_u8(v, vdupq_n_u8(bits)) }).mask()
    }
}

#[inline(always)]
fn load(window: &Window, back: usize) -> Quad {
    let from = BACK_BYTES - back.min(BACK_BYTES);
    // SAFETY: at most `BACK_BYTES` lie between the start of the window and the 64 bytes, which are
    // readable as the window holds that many more than 64.
    Quad(std::array::from_fn(|i| unsafe { vld1q_u8(window.as_ptr().add(from + 16 * i)) }))
}

/// The groups of words that may have each byte at a place: a table of 32 by the five low bits.
#[inline(always)]
fn groups(v: Quad, groups: &[u8; 32]) -> Quad {
    // SAFETY: 32 readable bytes.
    let table = unsafe { vld1q_u8_x2(groups.as_ptr()) };
    // SAFETY: NEON is part of every arm64 target; values in, values out.
    v.each(|v| unsafe { vqtbl2q_u8(table, vandq_u8(v, vdupq_n_u8(31))) })
}

#[inline(always)]
fn classify(window: &Window, endings: &Endings) -> Word {
    let v = load(window, 0);
    let first = groups(load(window, 1), &endings.0[0]);
    let second = groups(load(window, 2), &endings.0[1]);
    let third = groups(load(window, 3), &endings.0[2]);
    // SAFETY: NEON is part of every arm64 target; values in, values out.
    let and = |one, other| unsafe { vandq_u8(one, other) };
    let fourth = groups(load(window, 4), &endings.0[3]);
    let words = first.with(second, and).with(third.with(fourth, and), and);
    let space = v.either(b' ', b'\t');
    // SAFETY: NEON is part of every arm64 target; values in, values out.
    let folded = v.each(|v| unsafe { vorrq_u8(v, vdupq_n_u8(0x20)) });
    let (digit, letter) = (v.between(b'0', 10), folded.between(b'a', 26));
    Word {
        digit,
        zero: v.equal(b'0'),
        letter,
        hex: digit | folded.between(b'a', 6),
        word: digit | letter | v.equal(b'_'),
        dot: v.equal(b'.'),
        colon: v.equal(b':'),
        dash: v.equal(b'-'),
        at: v.equal(b'@'),
        equals: v.either(b'=', b'>'),
        quote: v.either(b'"', b'\''),
        space,
        plus: v.equal(b'+'),
        close: v.either(b')', b']'),
        line_feed: v.equal(b'\n'),
        percent: v.equal(b'%'),
        escape: v.either(b'\\', 0x1b),
        ampersand: v.equal(b'&'),
        high: v.some(0x80),
        phrase: space & words.some(0xff),
    }
}
