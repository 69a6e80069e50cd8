//! The AVX2 kernel: two 32-byte halves, compared and moved to masks; four words of masks a register.

use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

use super::block::{LEAD, WORDS};
use super::words::{Look, Memory, Words};
use super::{BACK_BYTES, BlockSink, Endings, Lane, Mask, Window, Word, feed_blocks};

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
    feed_blocks::<S, Four>(Runs(()), text, sink, |window, endings| classify(window, endings));
}

/// Only [`feed`] makes one, which runs where the CPU was asked.
#[derive(Clone, Copy)]
pub(super) struct Runs(());

/// Four words. Made from a [`Runs`] or from another value only.
#[derive(Clone, Copy)]
pub(super) struct Four(__m256i);

impl BitAnd for Four {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        // SAFETY: a value proves that the CPU has AVX2.
        Self(unsafe { _mm256_and_si256(self.0, other.0) })
    }
}

impl BitOr for Four {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        // SAFETY: a value proves that the CPU has AVX2.
        Self(unsafe { _mm256_or_si256(self.0, other.0) })
    }
}

impl Not for Four {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        // SAFETY: a value proves that the CPU has AVX2.
        Self(unsafe { _mm256_xor_si256(self.0, _mm256_set1_epi64x(-1)) })
    }
}

impl Words for Four {
    const COUNT: usize = 4;
    type Proof = Runs;

    #[inline(always)]
    fn load(_: Runs, lane: &Lane, part: usize) -> Look<Self> {
        let from = LEAD + part % (WORDS / 4) * 4;
        // SAFETY: the proof; `from + 4` is at most the length of the lane.
        let now = unsafe { _mm256_loadu_si256(lane.0.as_ptr().add(from).cast()) };
        // SAFETY: the proof; one word before, which the lead has.
        let before = unsafe { _mm256_loadu_si256(lane.0.as_ptr().add(from - 1).cast()) };
        Look { now: Self(now), before: Self(before) }
    }

    #[inline(always)]
    fn store(self, mask: &mut Mask, part: usize) {
        let from = part % (WORDS / 4) * 4;
        // SAFETY: a value proves the CPU; `from + 4` is at most the length of the mask.
        unsafe { _mm256_storeu_si256(mask.0.as_mut_ptr().add(from).cast(), self.0) };
    }

    #[inline(always)]
    fn remember(self, last: &mut Memory) -> Look<Self> {
        let words = last.0.as_mut_ptr();
        // SAFETY: a value proves the CPU; four words are readable.
        let old = unsafe { _mm256_loadu_si256(words.cast()) };
        // SAFETY: a value proves the CPU; four words are writable.
        unsafe { _mm256_storeu_si256(words.cast(), self.0) };
        // SAFETY: a value proves the CPU. The upper half of the old words and the lower of the new.
        let middle = unsafe { _mm256_permute2x128_si256::<0x21>(old, self.0) };
        // SAFETY: a value proves the CPU.
        Look { now: self, before: Self(unsafe { _mm256_alignr_epi8::<8>(self.0, middle) }) }
    }

    #[inline(always)]
    fn back<const BACK: i32>(self, before: Self) -> Self {
        // SAFETY: a value proves the CPU.
        let high = unsafe { _mm256_slli_epi64::<BACK>(self.0) };
        // SAFETY: a value proves the CPU; the count is known when this is compiled.
        let low = unsafe { _mm256_srlv_epi64(before.0, _mm256_set1_epi64x(64 - i64::from(BACK))) };
        // SAFETY: a value proves the CPU.
        Self(unsafe { _mm256_or_si256(high, low) })
    }

    #[inline(always)]
    fn some(self) -> u32 {
        // SAFETY: a value proves the CPU.
        let zero = unsafe { _mm256_cmpeq_epi64(self.0, _mm256_setzero_si256()) };
        // SAFETY: a value proves the CPU.
        !(unsafe { _mm256_movemask_pd(_mm256_castsi256_pd(zero)) } as u32) & 15
    }
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

/// The groups of words that may have each byte at a place: a table of 32 by the five low bits.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn groups(v: Pair, groups: &[u8; 32]) -> Pair {
    // SAFETY: 16 readable bytes; an unaligned load asks for no more.
    let low = _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(groups.as_ptr().cast()) });
    // SAFETY: the second half of 32 readable bytes.
    let high = _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(groups.as_ptr().add(16).cast()) });
    let nibble = _mm256_set1_epi8(15);
    let half = |v: __m256i| {
        let place = _mm256_and_si256(v, nibble);
        // bit 4 of a byte chooses the half of the table
        let (first, second) = (_mm256_shuffle_epi8(low, place), _mm256_shuffle_epi8(high, place));
        _mm256_blendv_epi8(first, second, _mm256_slli_epi16::<3>(v))
    };
    Pair(half(v.0), half(v.1))
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn classify(window: &Window, endings: &Endings) -> Word {
    let v = load(window, 0);
    let first = groups(load(window, 1), &endings.0[0]);
    let second = groups(load(window, 2), &endings.0[1]);
    let third = groups(load(window, 3), &endings.0[2]);
    let none = _mm256_setzero_si256();
    let fourth = groups(load(window, 4), &endings.0[3]);
    let all = |a, b, c, d| _mm256_and_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, d));
    let lacks = |groups| _mm256_cmpeq_epi8(groups, none);
    let endings = !mask(
        lacks(all(first.0, second.0, third.0, fourth.0)),
        lacks(all(first.1, second.1, third.1, fourth.1)),
    );
    let space = either(v, b' ', b'\t');
    let case = _mm256_set1_epi8(0x20);
    let folded = Pair(_mm256_or_si256(v.0, case), _mm256_or_si256(v.1, case));
    let (digit, letter) = (between(v, b'0', 10), between(folded, b'a', 26));
    Word {
        digit,
        zero: equal(v, b'0'),
        letter,
        hex: digit | between(folded, b'a', 6),
        word: digit | letter | equal(v, b'_'),
        dot: equal(v, b'.'),
        colon: equal(v, b':'),
        dash: equal(v, b'-'),
        at: equal(v, b'@'),
        equals: either(v, b'=', b'>'),
        quote: either(v, b'"', b'\''),
        space,
        plus: equal(v, b'+'),
        close: either(v, b')', b']'),
        line_feed: equal(v, b'\n'),
        percent: equal(v, b'%'),
        escape: either(v, b'\\', 0x1b),
        ampersand: equal(v, b'&'),
        high: mask(v.0, v.1),
        phrase: space & endings,
    }
}
