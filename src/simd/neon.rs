//! The NEON kernel: four 16-byte quarters, compared and added up to masks. Every arm64 CPU has it.

use std::arch::aarch64::*;

use super::block::Maps;
use super::{BACK_BYTES, BlockSink, Endings, Window, feed_blocks, padded};

/// See [`super::Kernel::feed`].
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    let turn = |window: &Window, endings: &Endings| (maps(window), ends(window, endings));
    feed_blocks::<S, u64>((), text, sink, turn, |text, start, endings| turn(&padded(text, start), endings));
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
fn maps(window: &Window) -> Maps {
    let v = load(window, 0);
    std::array::from_fn(|k| v.some(1 << k))
}

/// Bytes behind what may be the end of a known word.
#[inline(always)]
fn ends(window: &Window, endings: &Endings) -> u64 {
    let place = |back: usize| groups(load(window, back), &endings.0[back - 1]);
    // SAFETY: NEON is part of every arm64 target; values in, values out.
    let and = |one, other| unsafe { vandq_u8(one, other) };
    place(1).with(place(2), and).with(place(3).with(place(4), and), and).some(0xff)
}
