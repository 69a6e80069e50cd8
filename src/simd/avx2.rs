//! The AVX2 kernel: two 32-byte halves, whose bits are moved to maps; four words a register.

use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

use super::block::{Maps, WORDS};
use super::words::{Look, Memory, Words};
use super::{BACK_BYTES, Bits, BlockSink, Endings, Mask, Window, feed_blocks, fetch_ahead, padded};

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
    let turn = |window: &Window, endings: &Endings| {
        fetch_ahead(window);
        (maps(window), ends(window, endings))
    };
    let turn_end = |text: &[u8], start, endings: &Endings| turn(&padded(text, start), endings);
    feed_blocks::<S, Four>(Runs(()), text, sink, turn, turn_end);
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
    fn maps(_: Runs, bits: &Bits, part: usize) -> [Self; 8] {
        let from = part % (WORDS / 4) * 4;
        // SAFETY: the proof; `from + 4` is at most the number of words.
        unsafe { transposed(bits.words.as_ptr().add(from)) }.map(Self)
    }

    #[inline(always)]
    fn load(_: Runs, mask: &Mask, part: usize) -> Self {
        let from = part % (WORDS / 4) * 4;
        // SAFETY: the proof; `from + 4` is at most the length of the mask.
        Self(unsafe { _mm256_loadu_si256(mask.0.as_ptr().add(from).cast()) })
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

/// Four words of eight maps each to eight maps of four words each.
///
/// # Safety
/// Four words are readable behind `words`.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
unsafe fn transposed(words: *const Maps) -> [__m256i; 8] {
    let half = |half: usize| {
        // SAFETY: the caller's four words, of which each half is four numbers.
        let row = |i: usize| unsafe { _mm256_loadu_si256(words.add(i).cast::<__m256i>().add(half)) };
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        let (ab, cd) = (_mm256_unpacklo_epi64(a, b), _mm256_unpacklo_epi64(c, d));
        let (ab_odd, cd_odd) = (_mm256_unpackhi_epi64(a, b), _mm256_unpackhi_epi64(c, d));
        [
            _mm256_permute2x128_si256::<0x20>(ab, cd),
            _mm256_permute2x128_si256::<0x20>(ab_odd, cd_odd),
            _mm256_permute2x128_si256::<0x31>(ab, cd),
            _mm256_permute2x128_si256::<0x31>(ab_odd, cd_odd),
        ]
    };
    let ([m0, m1, m2, m3], [m4, m5, m6, m7]) = (half(0), half(1));
    [m0, m1, m2, m3, m4, m5, m6, m7]
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
    let (five, sixteen, far) = (_mm256_set1_epi8(31), _mm256_set1_epi8(16), _mm256_set1_epi8(0x70));
    let half = |v: __m256i| {
        let place = _mm256_and_si256(v, five);
        // a place with its top bit set chooses nothing: those above 15 here, those below 16 there
        let first = _mm256_shuffle_epi8(low, _mm256_add_epi8(place, far));
        _mm256_or_si256(first, _mm256_shuffle_epi8(high, _mm256_sub_epi8(place, sixteen)))
    };
    Pair(half(v.0), half(v.1))
}

/// The highest bits of all bytes, then the next ones after each doubling.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn maps(window: &Window) -> Maps {
    let mut v = load(window, 0);
    let mut maps = Maps::default();
    for map in maps.iter_mut().rev() {
        *map = mask(v.0, v.1);
        v = Pair(_mm256_add_epi8(v.0, v.0), _mm256_add_epi8(v.1, v.1));
    }
    maps
}

/// Bytes behind what may be the end of a known word.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn ends(window: &Window, endings: &Endings) -> u64 {
    let last = groups(load(window, 1), &endings.0[0]);
    let third = groups(load(window, 2), &endings.0[1]);
    let second = groups(load(window, 3), &endings.0[2]);
    let first = groups(load(window, 4), &endings.0[3]);
    let all = |a, b, c, d| _mm256_and_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, d));
    let lacks = |groups| _mm256_cmpeq_epi8(groups, _mm256_setzero_si256());
    !mask(lacks(all(last.0, third.0, second.0, first.0)), lacks(all(last.1, third.1, second.1, first.1)))
}
