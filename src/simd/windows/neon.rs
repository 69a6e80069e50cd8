//! Windows by NEON: four 16-byte quarters.

use std::arch::aarch64::*;

use super::{Block, WIDTH, Windows, each_block};

/// See [`super::Kernel::windows`].
pub(super) fn windows(text: &[u8], windows: &Windows, hit: impl FnMut(usize)) {
    // SAFETY: 16 readable bytes each.
    let table = |bytes: &[u8; 16]| unsafe { vld1q_u8(bytes.as_ptr()) };
    let low: [uint8x16_t; WIDTH] = std::array::from_fn(|place| table(&windows.low[place]));
    let high: [uint8x16_t; WIDTH] = std::array::from_fn(|place| table(&windows.high[place]));
    each_block(text, hit, |block| {
        let quarters: [uint8x16_t; 4] = std::array::from_fn(|quarter| find(block, quarter, &low, &high));
        mask(quarters)
    });
}

/// All ones for each of the 16 places of a quarter, 0 to 3, where a window could start.
#[inline(always)]
fn find(block: &Block, quarter: usize, low: &[uint8x16_t; WIDTH], high: &[uint8x16_t; WIDTH]) -> uint8x16_t {
    let groups: [uint8x16_t; WIDTH] = std::array::from_fn(|place| {
        // SAFETY: `quarter` is at most 3: the last byte read is at most number 64 + WIDTH - 1.
        let v = unsafe { vld1q_u8(block.as_ptr().add(quarter.min(3) * 16 + place)) };
        // SAFETY: NEON is part of every arm64 target; values in, values out.
        unsafe {
            let lower = vqtbl1q_u8(low[place], vandq_u8(v, vdupq_n_u8(15)));
            vandq_u8(lower, vqtbl1q_u8(high[place], vshrq_n_u8::<4>(v)))
        }
    });
    // SAFETY: NEON is part of every arm64 target; values in, values out.
    unsafe {
        let all = vandq_u8(vandq_u8(groups[0], groups[1]), vandq_u8(groups[2], groups[3]));
        vtstq_u8(all, all)
    }
}

#[inline(always)]
fn mask(quarters: [uint8x16_t; 4]) -> u64 {
    // SAFETY: NEON is part of every arm64 target; values in, values out.
    unsafe {
        let bit = vreinterpretq_u8_u64(vdupq_n_u64(0x8040_2010_0804_0201));
        let bits = quarters.map(|v| vandq_u8(v, bit));
        let halves = vpaddq_u8(vpaddq_u8(bits[0], bits[1]), vpaddq_u8(bits[2], bits[3]));
        vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(halves, halves)))
    }
}
