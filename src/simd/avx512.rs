//! The AVX-512 kernel: 64 bytes a comparison, eight words of masks a register.

use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

use super::block::{LEAD, WORDS};
use super::words::{AHEAD, Look, Memory, ROOM, Words, scalar_places};
use super::{BACK_BYTES, BlockSink, Endings, Lane, Mask, Window, Word, feed_blocks};

/// Whether this CPU and system can run the kernel.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512vbmi")
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
    enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi,avx512vbmi2,avx512vpopcntdq,avx2,bmi1,bmi2,lzcnt,popcnt"
)]
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    let tables = tables(&sink.endings());
    feed_blocks::<S, Eight>(Runs(()), text, sink, |window, _| classify(window, &tables));
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

    #[inline(always)]
    fn load(_: Runs, lane: &Lane, part: usize) -> Look<Self> {
        let from = LEAD + part % (WORDS / 8) * 8;
        // SAFETY: the proof; `from + 8` is at most the length of the lane.
        let now = unsafe { _mm512_loadu_si512(lane.0.as_ptr().add(from).cast()) };
        // SAFETY: the proof; one word before, which the lead has.
        let before = unsafe { _mm512_loadu_si512(lane.0.as_ptr().add(from - 1).cast()) };
        Look { now: Self(now), before: Self(before) }
    }

    #[inline(always)]
    fn store(self, mask: &mut Mask, part: usize) {
        let from = part % (WORDS / 8) * 8;
        // SAFETY: a value proves the CPU; `from + 8` is at most the length of the mask.
        unsafe { _mm512_storeu_si512(mask.0.as_mut_ptr().add(from).cast(), self.0) };
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
    fn some(self) -> u32 {
        // SAFETY: a value proves the CPU.
        u32::from(unsafe { _mm512_test_epi64_mask(self.0, self.0) })
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
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")]
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

/// The tables of [`Endings`] twice in a register each, and those of the classes of pairs of bytes.
struct Tables {
    endings: [__m512i; 4],
    low: __m512i,
    high: __m512i,
}

/// Classes of two bytes each, by their low and their high nibble.
const EQUALS: u8 = 1;
const QUOTE: u8 = 2;
const SPACE: u8 = 4 | 8;
const CLOSE: u8 = 16 | 32;
const ESCAPE: u8 = 64 | 128;

/// What the low nibble and the high nibble of a byte let pass; a class is in both.
const fn nibbles() -> ([u8; 16], [u8; 16]) {
    let pairs = [
        (b'=', EQUALS),
        (b'>', EQUALS),
        (b'"', QUOTE),
        (b'\'', QUOTE),
        (b' ', 4),
        (b'\t', 8),
        (b')', 16),
        (b']', 32),
        (b'\\', 64),
        (0x1b, 128),
    ];
    let (mut low, mut high) = ([0; 16], [0; 16]);
    let mut i = 0;
    while i < pairs.len() {
        low[(pairs[i].0 & 15) as usize] |= pairs[i].1;
        high[(pairs[i].0 >> 4) as usize] |= pairs[i].1;
        i += 1;
    }
    (low, high)
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")]
fn tables(endings: &Endings) -> Tables {
    let twice = |table: &[u8; 32]| {
        // SAFETY: 32 readable bytes; an unaligned load asks for no more.
        _mm512_broadcast_i64x4(unsafe { _mm256_loadu_si256(table.as_ptr().cast()) })
    };
    let four_times = |table: &[u8; 16]| {
        // SAFETY: 16 readable bytes; an unaligned load asks for no more.
        _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
    };
    let (low, high) = nibbles();
    Tables {
        endings: [twice(&endings.0[0]), twice(&endings.0[1]), twice(&endings.0[2]), twice(&endings.0[3])],
        low: four_times(&low),
        high: four_times(&high),
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")]
#[inline]
fn equal(v: __m512i, byte: u8) -> u64 {
    _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte as i8))
}

/// Bytes in `first ..= first + width - 1`.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")]
#[inline]
fn between(v: __m512i, first: u8, width: u8) -> u64 {
    let moved = _mm512_sub_epi8(v, _mm512_set1_epi8(first as i8));
    _mm512_cmplt_epu8_mask(moved, _mm512_set1_epi8(width as i8))
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")]
#[inline]
fn load(window: &Window, back: usize) -> __m512i {
    let from = BACK_BYTES - back.min(BACK_BYTES);
    // SAFETY: at most `BACK_BYTES` lie between the start of the window and the 64 bytes, which are
    // readable as the window holds that many more than 64; an unaligned load asks for no more.
    unsafe { _mm512_loadu_si512(window.as_ptr().add(from).cast()) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")]
#[inline]
fn classify(window: &Window, tables: &Tables) -> Word {
    let v = load(window, 0);
    // the six low bits of a byte choose from a table of 64, which is one of 32 twice
    let last = _mm512_permutexvar_epi8(load(window, 1), tables.endings[0]);
    let second = _mm512_permutexvar_epi8(load(window, 2), tables.endings[1]);
    let third = _mm512_permutexvar_epi8(load(window, 3), tables.endings[2]);
    let fourth = _mm512_permutexvar_epi8(load(window, 4), tables.endings[3]);
    let endings = _mm512_and_si512(_mm512_and_si512(last, second), _mm512_and_si512(third, fourth));
    let nibble = _mm512_set1_epi8(15);
    let upper = _mm512_and_si512(_mm512_srli_epi16::<4>(v), nibble);
    // a byte beyond ASCII has a high nibble that no class has
    let low = _mm512_shuffle_epi8(tables.low, _mm512_and_si512(v, nibble));
    let pairs = _mm512_and_si512(low, _mm512_shuffle_epi8(tables.high, upper));
    let class = |class: u8| _mm512_test_epi8_mask(pairs, _mm512_set1_epi8(class as i8));
    let folded = _mm512_or_si512(v, _mm512_set1_epi8(0x20));
    let (digit, letter, space) = (between(v, b'0', 10), between(folded, b'a', 26), class(SPACE));
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
        equals: class(EQUALS),
        quote: class(QUOTE),
        space,
        plus: equal(v, b'+'),
        close: class(CLOSE),
        line_feed: equal(v, b'\n'),
        percent: equal(v, b'%'),
        escape: class(ESCAPE),
        ampersand: equal(v, b'&'),
        high: _mm512_movepi8_mask(v),
        phrase: space & _mm512_test_epi8_mask(endings, endings),
    }
}
