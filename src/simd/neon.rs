//! The NEON kernel: four 16-byte quarters, compared and added up to masks. Every arm64 CPU has it.

use std::arch::aarch64::*;

use super::nibbles::ANNOUNCING;
use super::{BACK_BYTES, BlockSink, Nibbles, Window, Word, feed_blocks};

/// See [`super::Kernel::feed`].
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    feed_blocks(text, sink, classify);
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

/// The groups of words whose byte at this place each byte may be.
#[inline(always)]
fn groups(v: Quad, low: &[u8; 16], high: &[u8; 16]) -> Quad {
    // SAFETY: 16 readable bytes each.
    let (low, high) = unsafe { (vld1q_u8(low.as_ptr()), vld1q_u8(high.as_ptr())) };
    // SAFETY: NEON is part of every arm64 target; values in, values out.
    v.each(|v| unsafe {
        let lower = vqtbl1q_u8(low, vandq_u8(v, vdupq_n_u8(15)));
        vandq_u8(lower, vqtbl1q_u8(high, vshrq_n_u8::<4>(v)))
    })
}

#[inline(always)]
fn classify(window: &Window, nibbles: &Nibbles) -> Word {
    let v = load(window, 0);
    let first = groups(load(window, 1), &nibbles.low[0], &nibbles.high[0]);
    let second = groups(load(window, 2), &nibbles.low[1], &nibbles.high[1]);
    let third = groups(load(window, 3), &nibbles.low[2], &nibbles.high[2]);
    // SAFETY: NEON is part of every arm64 target; values in, values out.
    let and = |one, other| unsafe { vandq_u8(one, other) };
    let words = first.with(second, and).with(third, and);
    let space = v.either(b' ', b'\t');
    // SAFETY: NEON is part of every arm64 target; values in, values out.
    let folded = v.each(|v| unsafe { vorrq_u8(v, vdupq_n_u8(0x20)) });
    Word {
        digit: v.between(b'0', 10),
        zero: v.equal(b'0'),
        letter: folded.between(b'a', 26),
        capital: v.between(b'A', 26),
        hex_letter: folded.between(b'a', 6),
        underscore: v.equal(b'_'),
        dot: v.equal(b'.'),
        colon: v.equal(b':'),
        dash: v.equal(b'-'),
        at: v.equal(b'@'),
        equals: v.either(b'=', b'>'),
        quote: v.either(b'"', b'\''),
        space,
        phrase: space & words.some(!ANNOUNCING),
        announcing: space & words.some(ANNOUNCING),
        plus: v.equal(b'+'),
        close: v.either(b')', b']'),
        line_feed: v.equal(b'\n'),
        percent: v.equal(b'%'),
        escape: v.either(b'\\', 0x1b),
        hash: v.equal(b'#'),
        ampersand: v.equal(b'&'),
        high: v.some(0x80),
    }
}
