//! The AVX2 kernel: 256 bytes a register of masks, in columns.
//!
//! A part of text is eight rows of 32 bytes. Bit `i` of byte `c` of a register stands for byte `c` of row `i`: what
//! stands so many places before is a register moved by so many bytes, one instruction, where words of 64 bits in
//! the order of the text took three. Masks are brought into that order when bits are taken out of them.

use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

use super::block::WORDS;
use super::words::{Look, LookBack, Memory, Strip, Words};
use super::{Bits, BlockSink, Mask, fetch_ahead};

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
    for (block, of_text) in text.chunks(WORDS * 64).enumerate() {
        let bits = sink.bits();
        for (part, of_block) in of_text.chunks(PART).enumerate() {
            let planes = match of_block.first_chunk::<PART>() {
                Some(window) => {
                    for line in window.as_chunks::<64>().0 {
                        fetch_ahead(line);
                    }
                    planes(rows(window))
                }
                None => planes(rows_inside(of_block)),
            };
            for (map, plane) in planes.into_iter().enumerate() {
                // SAFETY: a block has four parts at most, and eight planes are the maps of four words.
                unsafe {
                    _mm256_storeu_si256(
                        bits.words.as_mut_ptr().add((4 * part) % WORDS).cast::<__m256i>().add(map),
                        plane,
                    )
                };
            }
        }
        sink.block::<Columns>(Runs(()), block * WORDS * 64, of_text.len().div_ceil(64));
    }
}

/// What is made of the numbers of eight registers. `from_fn` is a call for each of them in builds without
/// whole-program inlining.
macro_rules! each {
    ($of:expr) => {
        [$of(0), $of(1), $of(2), $of(3), $of(4), $of(5), $of(6), $of(7)]
    };
}

/// Bytes of text in a register of masks.
const PART: usize = 256;
/// Bytes of text in a row.
const ROW: usize = 32;

/// Only [`feed`] makes one, which runs where the CPU was asked.
#[derive(Clone, Copy)]
pub(super) struct Runs(());

/// The bits of 256 bytes, by columns. Made from a [`Runs`] or from another value only.
#[derive(Clone, Copy)]
pub(super) struct Columns(__m256i);

impl BitAnd for Columns {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        // SAFETY: a value proves that the CPU has AVX2.
        Self(unsafe { _mm256_and_si256(self.0, other.0) })
    }
}

impl BitOr for Columns {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        // SAFETY: a value proves that the CPU has AVX2.
        Self(unsafe { _mm256_or_si256(self.0, other.0) })
    }
}

impl Not for Columns {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        // SAFETY: a value proves that the CPU has AVX2.
        Self(unsafe { _mm256_xor_si256(self.0, _mm256_set1_epi64x(-1)) })
    }
}

impl Words for Columns {
    const COUNT: usize = 4;
    type Proof = Runs;
    type Kept<'s> = Line<'s>;

    #[inline(always)]
    fn maps(_: Runs, bits: &Bits, part: usize) -> [Self; 8] {
        let from = bits.words[part % (WORDS / 4) * 4..].as_ptr().cast::<__m256i>();
        // SAFETY: the proof; a part is eight registers.
        let plane = |map| Self(unsafe { _mm256_loadu_si256(from.add(map)) });
        each!(plane)
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
    fn order(_: Runs, mask: &mut Mask, part: usize) -> u32 {
        let from = part % (WORDS / 4) * 4;
        // SAFETY: the proof; `from + 4` is at most the length of the mask.
        let mut columns = unsafe { _mm256_loadu_si256(mask.0.as_ptr().add(from).cast()) };
        let mut some = 0;
        for word in mask.0[from..from + 4].iter_mut().rev() {
            // SAFETY: the proof.
            let high = unsafe { _mm256_movemask_epi8(columns) } as u32;
            // SAFETY: the proof.
            let next = unsafe { _mm256_add_epi8(columns, columns) };
            // SAFETY: the proof.
            let low = unsafe { _mm256_movemask_epi8(next) } as u32;
            *word = u64::from(high) << 32 | u64::from(low);
            // SAFETY: the proof.
            columns = unsafe { _mm256_add_epi8(next, next) };
            some = some << 1 | u32::from(*word != 0);
        }
        some
    }

    #[inline(always)]
    fn keep(self, strip: &mut Strip, part: usize) {
        let lines = strip.0.as_mut_ptr();
        let (line, last) = (part % (WORDS / 4) * 8, (part + WORDS / 4 - 1) % (WORDS / 4) * 8);
        // SAFETY: a value proves the CPU; a strip has a line of eight words for each part.
        let last = unsafe { _mm256_loadu_si256(lines.add(last + 4).cast()) };
        // SAFETY: the same.
        unsafe { _mm256_storeu_si256(lines.add(line).cast(), self.row_before(last)) };
        // SAFETY: the same.
        unsafe { _mm256_storeu_si256(lines.add(line + 4).cast(), self.0) };
    }

    #[inline(always)]
    fn look(proof: Runs, strip: &Strip, part: usize) -> Line<'_> {
        let line = strip.0.as_chunks::<8>().0;
        Line(&line[part % (WORDS / 4)], proof)
    }

    #[inline(always)]
    fn carry(_: &mut Strip) {
        // the last part stays where the first one of the next block looks for it
    }

    #[inline(always)]
    fn remember(self, last: &mut Memory) -> Look<Self> {
        let words = last.0.as_mut_ptr();
        // SAFETY: a value proves the CPU; four words are readable.
        let old = unsafe { _mm256_loadu_si256(words.cast()) };
        // SAFETY: a value proves the CPU; four words are writable.
        unsafe { _mm256_storeu_si256(words.cast(), self.0) };
        // SAFETY: a value proves the CPU. The upper half of the row before and the lower of this one.
        let middle = unsafe { _mm256_permute2x128_si256::<0x21>(self.row_before(old), self.0) };
        Look { now: self, before: Self(middle) }
    }

    #[inline(always)]
    fn back<const BACK: i32>(self, before: Self) -> Self {
        const { assert!(BACK >= 1 && BACK <= 16, "no mask looks back farther than 16 places") };
        macro_rules! moved {
            ($($back:literal $bytes:literal),*) => {
                match BACK {
                    // SAFETY: a value proves the CPU.
                    $($back => unsafe { _mm256_alignr_epi8::<$bytes>(self.0, before.0) },)*
                    _ => unreachable!(),
                }
            };
        }
        Self(
            moved!(1 15, 2 14, 3 13, 4 12, 5 11, 6 10, 7 9, 8 8, 9 7, 10 6, 11 5, 12 4, 13 3, 14 2, 15 1, 16 0),
        )
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

    #[inline(always)]
    fn union(self) -> u64 {
        // SAFETY: a value proves the CPU.
        let half =
            unsafe { _mm_or_si128(_mm256_castsi256_si128(self.0), _mm256_extracti128_si256::<1>(self.0)) };
        // SAFETY: a value proves the CPU.
        unsafe { (_mm_cvtsi128_si64(half) | _mm_extract_epi64::<1>(half)) as u64 }
    }
}

/// The row before each row of a part and the part: what stands so many places before is read so many bytes
/// before. A line of the cache, so that no such read takes two.
#[derive(Clone, Copy)]
pub(super) struct Line<'s>(&'s [u64; 8], Runs);

impl LookBack<Columns> for Line<'_> {
    #[inline(always)]
    fn now(self) -> Columns {
        // SAFETY: the proof; the upper half of eight words.
        Columns(unsafe { _mm256_loadu_si256(self.0.as_ptr().add(4).cast()) })
    }
    #[inline(always)]
    fn back<const BACK: i32>(self) -> Columns {
        const { assert!(BACK >= 1 && BACK <= 16, "no mask looks back farther than 16 places") };
        // SAFETY: the proof; 32 bytes that start in the lower half of eight words and end in the upper one.
        Columns(unsafe { _mm256_loadu_si256(self.0.as_ptr().byte_add(32 - BACK as usize).cast()) })
    }
}

impl Columns {
    /// The row before each row: the bits before them, and of the first one the last one of `last`.
    #[inline(always)]
    fn row_before(self, last: __m256i) -> __m256i {
        // SAFETY: a value proves the CPU.
        unsafe {
            let first = _mm256_and_si256(_mm256_srli_epi16::<7>(last), _mm256_set1_epi8(1));
            _mm256_or_si256(_mm256_add_epi8(self.0, self.0), first)
        }
    }
}

/// The rows of a part.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn rows(window: &[u8; PART]) -> [__m256i; 8] {
    // SAFETY: eight times 32 readable bytes.
    let row = |row: usize| unsafe { _mm256_loadu_si256(window.as_ptr().add(row * ROW).cast()) };
    each!(row)
}

/// The rows of a part that the text ends in, padded with NUL. Only the ragged row is copied.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn rows_inside(text: &[u8]) -> [__m256i; 8] {
    std::array::from_fn(|row| {
        let inside = text.get(row * ROW..).unwrap_or_default();
        match inside.first_chunk::<ROW>() {
            // SAFETY: 32 readable bytes.
            Some(whole) => unsafe { _mm256_loadu_si256(whole.as_ptr().cast()) },
            None if inside.is_empty() => _mm256_setzero_si256(),
            None => {
                let mut padded = [0u8; ROW];
                padded[..inside.len()].copy_from_slice(inside);
                // SAFETY: 32 readable bytes.
                unsafe { _mm256_loadu_si256(padded.as_ptr().cast()) }
            }
        }
    })
}

/// The planes of a part: bit `i` of byte `c` of plane `k` is bit `k` of byte `c` of row `i`. The eight bytes of a
/// column are a matrix of bits, which is turned round by exchanging its quarters, theirs, and theirs.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn planes(mut rows: [__m256i; 8]) -> [__m256i; 8] {
    for i in [0, 1, 2, 3] {
        (rows[i], rows[i + 4]) = exchanged::<4>(rows[i], rows[i + 4], _mm256_set1_epi8(0x0f));
    }
    for i in [0, 1, 4, 5] {
        (rows[i], rows[i + 2]) = exchanged::<2>(rows[i], rows[i + 2], _mm256_set1_epi8(0x33));
    }
    for i in [0, 2, 4, 6] {
        (rows[i], rows[i + 1]) = exchanged::<1>(rows[i], rows[i + 1], _mm256_set1_epi8(0x55));
    }
    rows
}

/// The higher `BITS` bits of each field of `one` in exchange for the lower ones of `two`; `lower` has these set.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn exchanged<const BITS: i32>(one: __m256i, two: __m256i, lower: __m256i) -> (__m256i, __m256i) {
    let differ = _mm256_and_si256(_mm256_xor_si256(_mm256_srli_epi16::<BITS>(one), two), lower);
    (_mm256_xor_si256(one, _mm256_slli_epi16::<BITS>(differ)), _mm256_xor_si256(two, differ))
}
