//! Windows by AVX-512: 64 bytes at once.

#[cfg(emulate_avx512)]
use super::super::emulated::*;
#[cfg(not(emulate_avx512))]
use std::arch::x86_64::*;

use super::{Block, WIDTH, Windows, each_block};

/// See [`super::Kernel::windows`].
#[cfg_attr(
    not(emulate_avx512),
    target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")
)]
pub(super) fn windows(text: &[u8], windows: &Windows, hit: impl FnMut(usize)) {
    let low: [__m512i; WIDTH] = std::array::from_fn(|place| table(&windows.low[place]));
    let high: [__m512i; WIDTH] = std::array::from_fn(|place| table(&windows.high[place]));
    each_block(text, hit, |block| find(block, &low, &high));
}

#[cfg_attr(
    not(emulate_avx512),
    target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")
)]
#[inline]
fn table(bytes: &[u8; 16]) -> __m512i {
    // SAFETY: 16 readable bytes; an unaligned load asks for no more.
    _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
}

#[cfg_attr(
    not(emulate_avx512),
    target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")
)]
#[inline]
fn find(block: &Block, low: &[__m512i; WIDTH], high: &[__m512i; WIDTH]) -> u64 {
    let nibble = _mm512_set1_epi8(15);
    let mut all = _mm512_set1_epi8(-1);
    for place in 0..WIDTH {
        // SAFETY: `place + 64` is at most 64 + WIDTH - 1, which is the length of the block.
        let v = unsafe { _mm512_loadu_si512(block.as_ptr().add(place).cast()) };
        let upper = _mm512_and_si512(_mm512_srli_epi16::<4>(v), nibble);
        let groups = _mm512_and_si512(
            _mm512_shuffle_epi8(low[place], _mm512_and_si512(v, nibble)),
            _mm512_shuffle_epi8(high[place], upper),
        );
        all = _mm512_and_si512(all, groups);
    }
    _mm512_test_epi8_mask(all, all)
}
