//! The AVX2 kernel: two 32-byte halves, compared and moved to masks.

use std::arch::x86_64::*;

use super::nibbles::ANNOUNCING;
use super::{BACK_BYTES, BlockSink, Nibbles, Window, Word, feed_blocks};

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
    feed_blocks(text, sink, |window, nibbles| classify(window, nibbles));
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
fn load(window: &Window, back: usize) -> Pair {
    let from = BACK_BYTES - back.min(BACK_BYTES);
    // SAFETY: at most `BACK_BYTES` lie between the start of the window and the first half of the 64
    // bytes, which are readable as the window holds that many more than 64.
    let low = unsafe { _mm256_loadu_si256(window.as_ptr().add(from).cast()) };
    // SAFETY: the second half of the same 64 bytes.
    let high = unsafe { _mm256_loadu_si256(window.as_ptr().add(from + 32).cast()) };
    Pair(low, high)
}

/// The groups of words whose byte at this place each byte may be.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn groups(v: Pair, low: &[u8; 16], high: &[u8; 16]) -> Pair {
    let (nibble, low, high) = (_mm256_set1_epi8(15), table(low), table(high));
    let half = |v: __m256i| {
        let upper = _mm256_and_si256(_mm256_srli_epi16::<4>(v), nibble);
        _mm256_and_si256(
            _mm256_shuffle_epi8(low, _mm256_and_si256(v, nibble)),
            _mm256_shuffle_epi8(high, upper),
        )
    };
    Pair(half(v.0), half(v.1))
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn table(bytes: &[u8; 16]) -> __m256i {
    // SAFETY: 16 readable bytes; an unaligned load asks for no more.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn classify(window: &Window, nibbles: &Nibbles) -> Word {
    let v = load(window, 0);
    let first = groups(load(window, 1), &nibbles.low[0], &nibbles.high[0]);
    let second = groups(load(window, 2), &nibbles.low[1], &nibbles.high[1]);
    let third = groups(load(window, 3), &nibbles.low[2], &nibbles.high[2]);
    let all = |a, b, c| _mm256_and_si256(a, _mm256_and_si256(b, c));
    let words = Pair(all(first.0, second.0, third.0), all(first.1, second.1, third.1));
    let some = |groups: u8| {
        let (groups, none) = (_mm256_set1_epi8(groups as i8), _mm256_setzero_si256());
        let lacks = |half| _mm256_cmpeq_epi8(_mm256_and_si256(half, groups), none);
        !mask(lacks(words.0), lacks(words.1))
    };
    let space = either(v, b' ', b'\t');
    let case = _mm256_set1_epi8(0x20);
    let folded = Pair(_mm256_or_si256(v.0, case), _mm256_or_si256(v.1, case));
    Word {
        digit: between(v, b'0', 10),
        zero: equal(v, b'0'),
        letter: between(folded, b'a', 26),
        capital: between(v, b'A', 26),
        hex_letter: between(folded, b'a', 6),
        underscore: equal(v, b'_'),
        dot: equal(v, b'.'),
        colon: equal(v, b':'),
        dash: equal(v, b'-'),
        at: equal(v, b'@'),
        equals: either(v, b'=', b'>'),
        quote: either(v, b'"', b'\''),
        space,
        phrase: space & some(!ANNOUNCING),
        announcing: space & some(ANNOUNCING),
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
