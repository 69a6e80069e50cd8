//! Windows by AVX2: two 32-byte halves.

use std::arch::x86_64::*;

use super::{Block, WIDTH, Windows, each_block};

/// See [`super::Kernel::windows`].
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn windows(text: &[u8], windows: &Windows, hit: impl FnMut(usize)) {
    let low: [__m256i; WIDTH] = std::array::from_fn(|place| table(&windows.low[place]));
    let high: [__m256i; WIDTH] = std::array::from_fn(|place| table(&windows.high[place]));
    each_block(text, hit, |block| {
        u64::from(find::<0>(block, &low, &high)) | u64::from(find::<32>(block, &low, &high)) << 32
    });
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn table(bytes: &[u8; 16]) -> __m256i {
    // SAFETY: 16 readable bytes; an unaligned load asks for no more.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
}

/// The places among the 32 from `HALF` on.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn find<const HALF: usize>(block: &Block, low: &[__m256i; WIDTH], high: &[__m256i; WIDTH]) -> u32 {
    const { assert!(HALF + 32 <= 64) };
    let nibble = _mm256_set1_epi8(15);
    let mut all = _mm256_set1_epi8(-1);
    for place in 0..WIDTH {
        // SAFETY: `HALF + place + 32` is at most 64 + WIDTH - 1, which is the length of the block.
        let v = unsafe { _mm256_loadu_si256(block.as_ptr().add(HALF + place).cast()) };
        let upper = _mm256_and_si256(_mm256_srli_epi16::<4>(v), nibble);
        let groups = _mm256_and_si256(
            _mm256_shuffle_epi8(low[place], _mm256_and_si256(v, nibble)),
            _mm256_shuffle_epi8(high[place], upper),
        );
        all = _mm256_and_si256(all, groups);
    }
    !(_mm256_movemask_epi8(_mm256_cmpeq_epi8(all, _mm256_setzero_si256())) as u32)
}
