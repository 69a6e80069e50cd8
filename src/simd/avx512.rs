//! The AVX-512 kernel (BW, DQ, VL, VBMI2): one comparison into a mask register for each class, and
//! funnel shifts for the masks that look back.

use std::arch::x86_64::*;

use super::{BlockSink, Word, feed_blocks};

/// Whether this CPU and system can run the kernel.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vbmi2")
        && is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

/// See [`super::Kernel::feed`].
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    feed_blocks(text, sink, |word| classify(word));
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn equal(v: __m512i, byte: u8) -> u64 {
    _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte as i8))
}

/// Bytes in `first ..= first + width - 1`.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn between(v: __m512i, first: u8, width: u8) -> u64 {
    let moved = _mm512_sub_epi8(v, _mm512_set1_epi8(first as i8));
    _mm512_cmplt_epu8_mask(moved, _mm512_set1_epi8(width as i8))
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn classify(block: &[u8; 64]) -> Word {
    // SAFETY: `block` is 64 readable bytes and an unaligned load asks for no more.
    let v = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
    let folded = _mm512_or_si512(v, _mm512_set1_epi8(0x20));
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
        equals: equal(v, b'=') | equal(v, b'>'),
        quote: equal(v, b'"') | equal(v, b'\''),
        space: equal(v, b' ') | equal(v, b'\t'),
        plus: equal(v, b'+'),
        close: equal(v, b')') | equal(v, b']'),
        line_feed: equal(v, b'\n'),
        percent: equal(v, b'%'),
        escape: equal(v, b'\\') | equal(v, 0x1b),
        hash: equal(v, b'#'),
        ampersand: equal(v, b'&'),
        high: _mm512_movepi8_mask(v),
    }
}
