//! The AVX2 kernel: two 32-byte halves, compared and moved to masks.

use std::arch::x86_64::*;

use super::{BlockSink, Word, feed_blocks};

/// Whether this CPU and system can run the kernel.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

/// See [`super::Kernel::feed`].
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    feed_blocks(text, sink, |word| classify(word));
}

#[derive(Clone, Copy)]
struct Pair(__m256i, __m256i);

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn mask(low: __m256i, high: __m256i) -> u64 {
    u64::from(_mm256_movemask_epi8(low) as u32) | u64::from(_mm256_movemask_epi8(high) as u32) << 32
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn equal(v: Pair, byte: u8) -> u64 {
    let b = _mm256_set1_epi8(byte as i8);
    mask(_mm256_cmpeq_epi8(v.0, b), _mm256_cmpeq_epi8(v.1, b))
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn either(v: Pair, first: u8, second: u8) -> u64 {
    let (a, b) = (_mm256_set1_epi8(first as i8), _mm256_set1_epi8(second as i8));
    mask(
        _mm256_or_si256(_mm256_cmpeq_epi8(v.0, a), _mm256_cmpeq_epi8(v.0, b)),
        _mm256_or_si256(_mm256_cmpeq_epi8(v.1, a), _mm256_cmpeq_epi8(v.1, b)),
    )
}

/// Bytes in `first ..= first + width - 1`: moved to zero, unchanged by a minimum with `width - 1`.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn between(v: Pair, first: u8, width: u8) -> u64 {
    let (start, top) = (_mm256_set1_epi8(first as i8), _mm256_set1_epi8((width - 1) as i8));
    let (a, b) = (_mm256_sub_epi8(v.0, start), _mm256_sub_epi8(v.1, start));
    mask(_mm256_cmpeq_epi8(_mm256_min_epu8(a, top), a), _mm256_cmpeq_epi8(_mm256_min_epu8(b, top), b))
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn classify(block: &[u8; 64]) -> Word {
    // SAFETY: the first 32 of 64 readable bytes; an unaligned load asks for no more.
    let low = unsafe { _mm256_loadu_si256(block.as_ptr().cast()) };
    // SAFETY: the last 32 of 64 readable bytes; an unaligned load asks for no more.
    let high = unsafe { _mm256_loadu_si256(block.as_ptr().add(32).cast()) };
    let v = Pair(low, high);
    let case = _mm256_set1_epi8(0x20);
    let folded = Pair(_mm256_or_si256(v.0, case), _mm256_or_si256(v.1, case));
    Word {
        digit: between(v, b'0', 10),
        zero: equal(v, b'0'),
        letter: between(folded, b'a', 26),
        hex_letter: between(folded, b'a', 6),
        underscore: equal(v, b'_'),
        dot: equal(v, b'.'),
        colon: equal(v, b':'),
        dash: equal(v, b'-'),
        at: equal(v, b'@'),
        equals: either(v, b'=', b'>'),
        quote: either(v, b'"', b'\''),
        space: either(v, b' ', b'\t'),
        plus: equal(v, b'+'),
        close: either(v, b')', b']'),
        line_feed: equal(v, b'\n'),
        percent: equal(v, b'%'),
        escape: either(v, b'\\', 0x1b),
        hash: equal(v, b'#'),
        ampersand: equal(v, b'&'),
        high: mask(v.0, v.1),
    }
}
