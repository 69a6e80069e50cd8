//! The AVX-512 kernel (BW, DQ, VL, CD, VBMI2, VPOPCNTDQ): one comparison into a mask register for each class, and
//! funnel shifts for the masks that look back.

use std::arch::x86_64::*;

use super::nibbles::ANNOUNCING;
use super::{BACK_BYTES, BlockSink, Nibbles, Window, Word, feed_blocks};

/// Whether this CPU and system can run the kernel.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512vbmi2")
        && is_x86_feature_detected!("avx512vpopcntdq")
        && is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

/// See [`super::Kernel::feed`].
#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,avx512vpopcntdq,avx2,bmi1,bmi2,lzcnt,popcnt"
)]
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    feed_blocks(text, sink, |window, nibbles| classify(window, nibbles));
}

#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,avx512vpopcntdq,avx2,bmi1,bmi2,lzcnt,popcnt"
)]
#[inline]
fn equal(v: __m512i, byte: u8) -> u64 {
    _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte as i8))
}

/// Bytes in `first ..= first + width - 1`.
#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,avx512vpopcntdq,avx2,bmi1,bmi2,lzcnt,popcnt"
)]
#[inline]
fn between(v: __m512i, first: u8, width: u8) -> u64 {
    let moved = _mm512_sub_epi8(v, _mm512_set1_epi8(first as i8));
    _mm512_cmplt_epu8_mask(moved, _mm512_set1_epi8(width as i8))
}

#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,avx512vpopcntdq,avx2,bmi1,bmi2,lzcnt,popcnt"
)]
#[inline]
fn load(window: &Window, back: usize) -> __m512i {
    let from = BACK_BYTES - back.min(BACK_BYTES);
    // SAFETY: at most `BACK_BYTES` lie between the start of the window and the 64 bytes, which are
    // readable as the window holds that many more than 64; an unaligned load asks for no more.
    unsafe { _mm512_loadu_si512(window.as_ptr().add(from).cast()) }
}

/// The groups of words whose byte at this place each byte may be.
#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,avx512vpopcntdq,avx2,bmi1,bmi2,lzcnt,popcnt"
)]
#[inline]
fn groups(v: __m512i, low: &[u8; 16], high: &[u8; 16]) -> __m512i {
    let nibble = _mm512_set1_epi8(15);
    let low = _mm512_shuffle_epi8(table(low), _mm512_and_si512(v, nibble));
    let upper = _mm512_and_si512(_mm512_srli_epi16::<4>(v), nibble);
    _mm512_and_si512(low, _mm512_shuffle_epi8(table(high), upper))
}

#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,avx512vpopcntdq,avx2,bmi1,bmi2,lzcnt,popcnt"
)]
#[inline]
fn table(bytes: &[u8; 16]) -> __m512i {
    // SAFETY: 16 readable bytes; an unaligned load asks for no more.
    _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
}

#[target_feature(
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi2,avx512vpopcntdq,avx2,bmi1,bmi2,lzcnt,popcnt"
)]
#[inline]
fn classify(window: &Window, nibbles: &Nibbles) -> Word {
    let v = load(window, 0);
    // three calls and not a map over an array: that one goes through memory
    let last = groups(load(window, 1), &nibbles.low[0], &nibbles.high[0]);
    let second = groups(load(window, 2), &nibbles.low[1], &nibbles.high[1]);
    let third = groups(load(window, 3), &nibbles.low[2], &nibbles.high[2]);
    let words = _mm512_and_si512(last, _mm512_and_si512(second, third));
    let space = equal(v, b' ') | equal(v, b'\t');
    let folded = _mm512_or_si512(v, _mm512_set1_epi8(0x20));
    let letter = between(folded, b'a', 26);
    Word {
        digit: between(v, b'0', 10),
        zero: equal(v, b'0'),
        letter,
        capital: letter & _mm512_testn_epi8_mask(v, _mm512_set1_epi8(0x20)),
        hex_letter: between(folded, b'a', 6),
        underscore: equal(v, b'_'),
        dot: equal(v, b'.'),
        colon: equal(v, b':'),
        dash: equal(v, b'-'),
        at: equal(v, b'@'),
        equals: equal(v, b'=') | equal(v, b'>'),
        quote: equal(v, b'"') | equal(v, b'\''),
        space,
        phrase: space & _mm512_test_epi8_mask(words, _mm512_set1_epi8(!ANNOUNCING as i8)),
        announcing: space & _mm512_test_epi8_mask(words, _mm512_set1_epi8(ANNOUNCING as i8)),
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
