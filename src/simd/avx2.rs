//! The AVX2 kernel: two 32-byte halves, whose bits are moved to maps; four words a register.

use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

use super::block::{Maps, WORDS};
use super::words::{Look, Memory, Strip, Words};
use super::{Bits, BlockSink, Mask, Window, feed_blocks, fetch_ahead, padded};

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
    let turn = |window: &Window, out: &mut Maps| {
        fetch_ahead(window);
        maps(window, out);
    };
    let turn_end = |text: &[u8], start, out: &mut Maps| maps(&padded(text, start), out);
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
    fn keep(self, strip: &mut Strip, part: usize) {
        let from = Strip::BEFORE + part % (WORDS / 4) * 4;
        // SAFETY: a value proves the CPU; `from + 4` is at most the length of the strip.
        unsafe { _mm256_storeu_si256(strip.0.as_mut_ptr().add(from).cast(), self.0) };
    }

    #[inline(always)]
    fn look(_: Runs, strip: &Strip, part: usize) -> Look<Self> {
        let from = Strip::BEFORE + part % (WORDS / 4) * 4;
        // SAFETY: the proof; `from + 4` is at most the length of the strip.
        let now = unsafe { _mm256_loadu_si256(strip.0.as_ptr().add(from).cast()) };
        // SAFETY: the same, from one word before; `BEFORE` is not zero.
        let before = unsafe { _mm256_loadu_si256(strip.0.as_ptr().add(from - 1).cast()) };
        Look { now: Self(now), before: Self(before) }
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

    #[inline(always)]
    fn any(self) -> bool {
        // SAFETY: a value proves the CPU.
        unsafe { _mm256_testz_si256(self.0, self.0) == 0 }
    }

    #[inline(always)]
    fn flag(self, flag: u64) -> Self {
        // SAFETY: a value proves the CPU.
        let zero = unsafe { _mm256_cmpeq_epi64(self.0, _mm256_setzero_si256()) };
        // SAFETY: a value proves the CPU.
        Self(unsafe { _mm256_andnot_si256(zero, _mm256_set1_epi64x(flag as i64)) })
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

/// The highest bits of all bytes, then the next ones after each doubling. Both halves of a map are stored as
/// they come: putting them together first cost three instructions a map.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn maps(window: &Window, maps: &mut Maps) {
    // SAFETY: the first half of 64 readable bytes.
    let mut low = unsafe { _mm256_loadu_si256(window.as_ptr().cast()) };
    // SAFETY: the second half.
    let mut high = unsafe { _mm256_loadu_si256(window.as_ptr().add(32).cast()) };
    for map in maps.iter_mut().rev() {
        let halves = std::ptr::from_mut(map).cast::<u32>();
        // SAFETY: a map is two such halves, the lower one first, as this CPU is little-endian.
        unsafe { halves.write(_mm256_movemask_epi8(low) as u32) };
        // SAFETY: the upper half of the same map.
        unsafe { halves.add(1).write(_mm256_movemask_epi8(high) as u32) };
        (low, high) = (_mm256_add_epi8(low, low), _mm256_add_epi8(high, high));
    }
}
