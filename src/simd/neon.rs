//! The NEON kernel: four 16-byte quarters, compared and added up to masks. Every arm64 CPU has it.

use std::arch::aarch64::*;

use super::block::Maps;
use super::{BlockSink, Window, feed_blocks, padded};

/// See [`super::Kernel::feed`].
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    let turn_end = |text: &[u8], start, out: &mut Maps| maps(&padded(text, start), out);
    feed_blocks::<S, u64>((), text, sink, maps, turn_end);
}

#[derive(Clone, Copy)]
struct Quad([uint8x16_t; 4]);

impl Quad {
    #[inline(always)]
    fn each(self, take: impl Fn(uint8x16_t) -> uint8x16_t) -> Self {
        Self([take(self.0[0]), take(self.0[1]), take(self.0[2]), take(self.0[3])])
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
fn maps(window: &Window, maps: &mut Maps) {
    // SAFETY: the four quarters of 64 readable bytes.
    let v = Quad(std::array::from_fn(|i| unsafe { vld1q_u8(window.as_ptr().add(16 * i)) }));
    *maps = std::array::from_fn(|k| v.some(1 << k));
}
