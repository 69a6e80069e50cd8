//! The AVX-512 kernel: 64 bytes a comparison, eight words of masks a register.

#[cfg(emulate_avx512)]
use super::emulated::*;
#[cfg(not(emulate_avx512))]
use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

use super::block::{Maps, WORDS};
use super::words::{AHEAD, Look, Memory, ROOM, Strip, Words, scalar_places};
use super::{Bits, BlockSink, Mask, Window, feed_blocks, fetch_ahead};

/// Whether this CPU and system can run the kernel.
#[cfg(emulate_avx512)]
pub(super) fn is_available() -> bool {
    true
}

/// Whether this CPU and system can run the kernel.
#[cfg(not(emulate_avx512))]
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512vbmi")
        && is_x86_feature_detected!("avx512vbmi2")
        && is_x86_feature_detected!("avx512vpopcntdq")
        && is_x86_feature_detected!("gfni")
        && is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

/// See [`super::Kernel::feed`].
#[cfg_attr(
    not(emulate_avx512),
    target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi,avx512vbmi2,avx512vpopcntdq,gfni,avx2,bmi1,bmi2,lzcnt,popcnt"
    )
)]
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    let turn = |window: &Window, out: &mut Maps| {
        fetch_ahead(window);
        maps(load(window), out);
    };
    let turn_end = |text: &[u8], start, out: &mut Maps| maps(load_inside(text, start), out);
    feed_blocks::<S, Eight>(Runs(()), text, sink, turn, turn_end);
}

/// Only [`feed`] makes one, which runs where the CPU was asked.
#[derive(Clone, Copy)]
pub(super) struct Runs(());

/// Eight words. Made from a [`Runs`] or from another value only.
#[derive(Clone, Copy)]
pub(super) struct Eight(__m512i);

impl BitAnd for Eight {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        // SAFETY: a value proves that the CPU has AVX-512.
        Self(unsafe { _mm512_and_si512(self.0, other.0) })
    }
}

impl BitOr for Eight {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        // SAFETY: a value proves that the CPU has AVX-512.
        Self(unsafe { _mm512_or_si512(self.0, other.0) })
    }
}

impl Not for Eight {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        // SAFETY: a value proves that the CPU has AVX-512.
        Self(unsafe { _mm512_ternarylogic_epi64::<0x55>(self.0, self.0, self.0) })
    }
}

impl Words for Eight {
    const COUNT: usize = 8;
    type Proof = Runs;
    type Kept<'s> = Look<Self>;

    #[inline(always)]
    fn maps(_: Runs, bits: &Bits, part: usize) -> [Self; 8] {
        let from = part % (WORDS / 8) * 8;
        // SAFETY: the proof; `from + 8` is at most the number of words.
        unsafe { transposed(bits.words.as_ptr().add(from)) }.map(Self)
    }

    #[inline(always)]
    fn load(_: Runs, mask: &Mask, part: usize) -> Self {
        let from = part % (WORDS / 8) * 8;
        // SAFETY: the proof; `from + 8` is at most the length of the mask.
        Self(unsafe { _mm512_loadu_si512(mask.0.as_ptr().add(from).cast()) })
    }

    #[inline(always)]
    fn store(self, mask: &mut Mask, part: usize) {
        let from = part % (WORDS / 8) * 8;
        // SAFETY: a value proves the CPU; `from + 8` is at most the length of the mask.
        unsafe { _mm512_storeu_si512(mask.0.as_mut_ptr().add(from).cast(), self.0) };
    }

    #[inline(always)]
    fn order(proof: Runs, mask: &mut Mask, part: usize) -> u32 {
        let words = Self::load(proof, mask, part).0;
        // SAFETY: the proof.
        u32::from(unsafe { _mm512_test_epi64_mask(words, words) })
    }

    #[inline(always)]
    fn keep(self, strip: &mut Strip, part: usize) {
        let from = Strip::BEFORE + part % (WORDS / 8) * 8;
        // SAFETY: a value proves the CPU; `from + 8` is at most the length of the strip.
        unsafe { _mm512_storeu_si512(strip.0.as_mut_ptr().add(from).cast(), self.0) };
    }

    #[inline(always)]
    fn look(_: Runs, strip: &Strip, part: usize) -> Look<Self> {
        let from = Strip::BEFORE + part % (WORDS / 8) * 8;
        // SAFETY: the proof; `from + 8` is at most the length of the strip.
        let now = unsafe { _mm512_loadu_si512(strip.0.as_ptr().add(from).cast()) };
        // SAFETY: the proof; the eight words before, of which `BEFORE` lie before the block.
        let old = unsafe { _mm512_loadu_si512(strip.0.as_ptr().add(from - 8).cast()) };
        // SAFETY: the proof.
        Look { now: Self(now), before: Self(unsafe { _mm512_alignr_epi64::<7>(now, old) }) }
    }

    #[inline(always)]
    fn remember(self, last: &mut Memory) -> Look<Self> {
        let words = last.0.as_mut_ptr();
        // SAFETY: a value proves the CPU; eight words are readable.
        let old = unsafe { _mm512_loadu_si512(words.cast()) };
        // SAFETY: a value proves the CPU; eight words are writable.
        unsafe { _mm512_storeu_si512(words.cast(), self.0) };
        // SAFETY: a value proves the CPU.
        Look { now: self, before: Self(unsafe { _mm512_alignr_epi64::<7>(self.0, old) }) }
    }

    #[inline(always)]
    fn back<const BACK: i32>(self, before: Self) -> Self {
        // SAFETY: a value proves the CPU.
        Self(unsafe { _mm512_shldi_epi64::<BACK>(self.0, before.0) })
    }

    #[inline(always)]
    fn any(self) -> bool {
        // SAFETY: a value proves the CPU.
        unsafe { _mm512_test_epi64_mask(self.0, self.0) != 0 }
    }

    #[inline(always)]
    fn flag(self, flag: u64) -> Self {
        // SAFETY: a value proves the CPU.
        let some = unsafe { _mm512_test_epi64_mask(self.0, self.0) };
        // SAFETY: a value proves the CPU.
        Self(unsafe { _mm512_maskz_set1_epi64(some, flag as i64) })
    }

    #[inline(always)]
    fn union(self) -> u64 {
        // SAFETY: a value proves the CPU.
        unsafe { _mm512_reduce_or_epi64(self.0) as u64 }
    }

    #[inline(always)]
    fn places(_: Runs, mask: &Mask, words: usize, base: usize, places: &mut [u32; ROOM]) -> usize {
        let mut count = 0;
        for i in 0..words.min(WORDS) {
            let (word, base) = (mask.word(i), (base + i * 64) as u32);
            count = match places.get_mut(count..count + AHEAD).and_then(|room| room.try_into().ok()) {
                Some(room) if word.count_ones() as usize <= AHEAD => {
                    // SAFETY: the proof.
                    unsafe { write_places(word, base, room) };
                    count + word.count_ones() as usize
                }
                _ => scalar_places(word, base, places, count),
            };
        }
        count
    }
}

/// The places of up to sixteen bits at once: their numbers are moved together and made wider.
#[cfg_attr(
    not(emulate_avx512),
    target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")
)]
#[inline]
fn write_places(word: u64, base: u32, room: &mut [u32; AHEAD]) {
    const NUMBERS: [u8; 64] = {
        let mut numbers = [0; 64];
        let mut i = 0;
        while i < 64 {
            numbers[i] = i as u8;
            i += 1;
        }
        numbers
    };
    // SAFETY: 64 readable bytes.
    let numbers = unsafe { _mm512_loadu_si512(NUMBERS.as_ptr().cast()) };
    let bits = _mm512_castsi512_si128(_mm512_maskz_compress_epi8(word, numbers));
    let places = _mm512_add_epi32(_mm512_cvtepu8_epi32(bits), _mm512_set1_epi32(base as i32));
    // SAFETY: sixteen places are writable.
    unsafe { _mm512_storeu_si512(room.as_mut_ptr().cast(), places) };
}

/// Eight words of eight maps each to eight maps of eight words each.
///
/// # Safety
/// Eight words are readable behind `words`.
#[cfg_attr(
    not(emulate_avx512),
    target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,gfni")
)]
#[inline]
unsafe fn transposed(words: *const Maps) -> [__m512i; 8] {
    // SAFETY: the caller's eight words.
    let row = |i: usize| unsafe { _mm512_loadu_si512(words.add(i).cast()) };
    let pair = |i: usize| {
        let (one, two) = (row(i), row(i + 1));
        // maps 0, 2, 4, 6 of both words, and maps 1, 3, 5, 7
        (_mm512_unpacklo_epi64(one, two), _mm512_unpackhi_epi64(one, two))
    };
    let pairs = [pair(0), pair(2), pair(4), pair(6)];
    let four = |even: bool, i: usize| {
        let of = |p: (__m512i, __m512i)| if even { p.0 } else { p.1 };
        let (one, two) = (of(pairs[i]), of(pairs[i + 1]));
        // maps 0 and 4 (1 and 5) of four words, and maps 2 and 6 (3 and 7)
        (_mm512_shuffle_i64x2::<0b10_00_10_00>(one, two), _mm512_shuffle_i64x2::<0b11_01_11_01>(one, two))
    };
    let eight = |low: __m512i, high: __m512i| {
        (_mm512_shuffle_i64x2::<0b10_00_10_00>(low, high), _mm512_shuffle_i64x2::<0b11_01_11_01>(low, high))
    };
    let (even_low, even_high, odd_low, odd_high) =
        (four(true, 0), four(true, 2), four(false, 0), four(false, 2));
    let (m0, m4) = eight(even_low.0, even_high.0);
    let (m2, m6) = eight(even_low.1, even_high.1);
    let (m1, m5) = eight(odd_low.0, odd_high.0);
    let (m3, m7) = eight(odd_low.1, odd_high.1);
    [m0, m1, m2, m3, m4, m5, m6, m7]
}

#[cfg_attr(
    not(emulate_avx512),
    target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,gfni")
)]
#[inline]
fn load(window: &Window) -> __m512i {
    // SAFETY: 64 readable bytes; an unaligned load asks for no more.
    unsafe { _mm512_loadu_si512(window.as_ptr().cast()) }
}

/// The 64 bytes from `start` on, of the word at the end of the text; NUL where no text is. A copy to a window of
/// its own would be waited for, once for each record that comes alone.
#[cfg_attr(
    not(emulate_avx512),
    target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,gfni")
)]
#[inline]
fn load_inside(text: &[u8], start: usize) -> __m512i {
    let left = text.len().saturating_sub(start);
    let inside = if left < 64 { (1u64 << left) - 1 } else { u64::MAX };
    // SAFETY: the bytes of the mask lie in the text, and no other is read.
    unsafe { _mm512_maskz_loadu_epi8(inside, text.as_ptr().wrapping_add(start).cast()) }
}

/// A matrix times a unit vector is a column: that turns each eight bytes into their eight maps of
/// eight bits, which are then moved together.
#[cfg_attr(
    not(emulate_avx512),
    target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,gfni")
)]
#[inline]
fn maps(bytes: __m512i, out: &mut Maps) {
    const TOGETHER: [u8; 64] = {
        let mut places = [0; 64];
        let mut i = 0;
        while i < 64 {
            places[i] = (i % 8 * 8 + i / 8) as u8;
            i += 1;
        }
        places
    };
    // byte `k` has bit `k` alone
    let units = _mm512_set1_epi64(0x8040_2010_0804_0201u64 as i64);
    let columns = _mm512_gf2p8affine_epi64_epi8::<0>(units, bytes);
    // rows of a matrix count from the highest byte; as a matrix, the units turn the bits round
    let columns = _mm512_gf2p8affine_epi64_epi8::<0>(columns, units);
    // SAFETY: 64 readable bytes.
    let together = unsafe { _mm512_loadu_si512(TOGETHER.as_ptr().cast()) };
    let maps = _mm512_permutexvar_epi8(together, columns);
    // SAFETY: 64 writable bytes.
    unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), maps) };
}
