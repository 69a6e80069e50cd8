//! The instructions of the AVX-512 kernel in plain Rust, so that its logic runs on every machine: built with
//! `RUSTFLAGS="--cfg emulate_avx512"` the kernel counts as available and uses these (`.ci/run` does).
//!
//! What each does is Intel's Intrinsics Guide's; names and signatures are those of `std::arch`. They say nothing
//! of speed and are in no release build.

pub(super) use std::arch::x86_64::{__m128i, __m512i, _mm_loadu_si128};

/// Eight words, the lowest first.
type Eight = [u64; 8];

fn words(register: __m512i) -> Eight {
    // SAFETY: both are 64 bytes for which any bits will do.
    unsafe { std::mem::transmute(register) }
}

fn register(words: Eight) -> __m512i {
    // SAFETY: both are 64 bytes for which any bits will do.
    unsafe { std::mem::transmute(words) }
}

fn bytes(register: __m512i) -> [u8; 64] {
    // SAFETY: both are 64 bytes for which any bits will do.
    unsafe { std::mem::transmute(register) }
}

fn of_bytes(bytes: [u8; 64]) -> __m512i {
    // SAFETY: both are 64 bytes for which any bits will do.
    unsafe { std::mem::transmute(bytes) }
}

fn each(word: impl FnMut(usize) -> u64) -> __m512i {
    register(std::array::from_fn(word))
}

fn each_byte(byte: impl FnMut(usize) -> u8) -> __m512i {
    of_bytes(std::array::from_fn(byte))
}

pub(super) unsafe fn _mm512_loadu_si512(from: *const __m512i) -> __m512i {
    // SAFETY: the caller's 64 readable bytes.
    unsafe { from.read_unaligned() }
}

pub(super) unsafe fn _mm512_storeu_si512(to: *mut __m512i, value: __m512i) {
    // SAFETY: the caller's 64 writable bytes.
    unsafe { to.write_unaligned(value) }
}

pub(super) unsafe fn _mm512_reduce_or_epi64(value: __m512i) -> i64 {
    words(value).into_iter().fold(0, |all, word| all | word) as i64
}

pub(super) unsafe fn _mm512_maskz_loadu_epi8(mask: u64, from: *const i8) -> __m512i {
    // SAFETY: the caller's bytes, of which those of the mask are readable.
    each_byte(|i| if mask >> i & 1 == 1 { unsafe { from.add(i).read() as u8 } } else { 0 })
}

pub(super) fn _mm512_and_si512(a: __m512i, b: __m512i) -> __m512i {
    each(|i| words(a)[i] & words(b)[i])
}

pub(super) fn _mm512_or_si512(a: __m512i, b: __m512i) -> __m512i {
    each(|i| words(a)[i] | words(b)[i])
}

pub(super) fn _mm512_ternarylogic_epi64<const TABLE: i32>(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    let bit = |word: u64, at: usize| (word >> at & 1) as i32;
    each(|i| {
        (0..64).fold(0, |word, at| {
            let row = bit(words(a)[i], at) << 2 | bit(words(b)[i], at) << 1 | bit(words(c)[i], at);
            word | ((TABLE >> row & 1) as u64) << at
        })
    })
}

pub(super) fn _mm512_add_epi32(a: __m512i, b: __m512i) -> __m512i {
    each(|i| {
        let (a, b) = (words(a)[i], words(b)[i]);
        u64::from((a as u32).wrapping_add(b as u32))
            | u64::from(((a >> 32) as u32).wrapping_add((b >> 32) as u32)) << 32
    })
}

pub(super) fn _mm512_set1_epi64(value: i64) -> __m512i {
    each(|_| value as u64)
}

pub(super) fn _mm512_maskz_set1_epi64(mask: u8, value: i64) -> __m512i {
    each(|i| if mask >> i & 1 == 1 { value as u64 } else { 0 })
}

pub(super) fn _mm512_set1_epi32(value: i32) -> __m512i {
    each(|_| u64::from(value as u32) << 32 | u64::from(value as u32))
}

pub(super) fn _mm512_set1_epi8(value: i8) -> __m512i {
    each_byte(|_| value as u8)
}

pub(super) fn _mm512_broadcast_i32x4(value: __m128i) -> __m512i {
    // SAFETY: both are 16 bytes for which any bits will do.
    let value: [u64; 2] = unsafe { std::mem::transmute(value) };
    each(|i| value[i % 2])
}

pub(super) fn _mm512_castsi512_si128(a: __m512i) -> __m128i {
    let [low, high, ..] = words(a);
    // SAFETY: both are 16 bytes for which any bits will do.
    unsafe { std::mem::transmute([low, high]) }
}

pub(super) fn _mm512_cvtepu8_epi32(a: __m128i) -> __m512i {
    // SAFETY: both are 16 bytes for which any bits will do.
    let from: [u8; 16] = unsafe { std::mem::transmute(a) };
    each(|i| u64::from(from[2 * i + 1]) << 32 | u64::from(from[2 * i]))
}

pub(super) fn _mm512_test_epi64_mask(a: __m512i, b: __m512i) -> u8 {
    (0..8).fold(0, |mask, i| mask | u8::from(words(a)[i] & words(b)[i] != 0) << i)
}

pub(super) fn _mm512_test_epi8_mask(a: __m512i, b: __m512i) -> u64 {
    (0..64).fold(0, |mask, i| mask | u64::from(bytes(a)[i] & bytes(b)[i] != 0) << i)
}

/// The sixteen words of both, `b` lower, moved down by so many.
pub(super) fn _mm512_alignr_epi64<const BY: i32>(a: __m512i, b: __m512i) -> __m512i {
    each(|i| {
        let from = i + BY as usize % 8;
        if from < 8 { words(b)[from] } else { words(a)[from - 8] }
    })
}

pub(super) fn _mm512_shldi_epi64<const BY: i32>(a: __m512i, b: __m512i) -> __m512i {
    each(|i| ((u128::from(words(a)[i]) << 64 | u128::from(words(b)[i])) << (BY % 64) >> 64) as u64)
}

pub(super) fn _mm512_srli_epi16<const BY: u32>(a: __m512i) -> __m512i {
    each(|i| {
        (0..4).fold(0, |word, part| {
            let value = (words(a)[i] >> (16 * part)) as u16;
            word | u64::from(value >> BY) << (16 * part)
        })
    })
}

pub(super) fn _mm512_unpacklo_epi64(a: __m512i, b: __m512i) -> __m512i {
    each(|i| if i % 2 == 0 { words(a)[i] } else { words(b)[i - 1] })
}

pub(super) fn _mm512_unpackhi_epi64(a: __m512i, b: __m512i) -> __m512i {
    each(|i| if i % 2 == 0 { words(a)[i + 1] } else { words(b)[i] })
}

/// Two of the four 128-bit lanes of each.
pub(super) fn _mm512_shuffle_i64x2<const LANES: i32>(a: __m512i, b: __m512i) -> __m512i {
    each(|i| {
        let lane = (LANES >> (2 * (i / 2)) & 3) as usize;
        let from = if i < 4 { words(a) } else { words(b) };
        from[2 * lane + i % 2]
    })
}

/// Bytes of `a` inside their 128-bit lane; a place with its highest bit set makes a zero.
pub(super) fn _mm512_shuffle_epi8(a: __m512i, places: __m512i) -> __m512i {
    each_byte(|i| {
        let place = usize::from(bytes(places)[i]);
        if place > 127 { 0 } else { bytes(a)[i / 16 * 16 + place % 16] }
    })
}

pub(super) fn _mm512_permutexvar_epi8(places: __m512i, a: __m512i) -> __m512i {
    each_byte(|i| bytes(a)[usize::from(bytes(places)[i]) % 64])
}

/// The bytes of the mask's bits, moved together.
pub(super) fn _mm512_maskz_compress_epi8(mask: u64, a: __m512i) -> __m512i {
    let mut kept = (0..64).filter(|i| mask >> i & 1 == 1);
    each_byte(|_| kept.next().map_or(0, |i| bytes(a)[i]))
}

/// Each byte of `x` as a column of bits times the matrix that the eight bytes of `matrix` at the same word are: bit
/// `i` of the product is the parity of the byte and row `7 - i`.
pub(super) fn _mm512_gf2p8affine_epi64_epi8<const ADD: i32>(x: __m512i, matrix: __m512i) -> __m512i {
    each_byte(|at| {
        let rows = words(matrix)[at / 8].to_le_bytes();
        let product = (0..8).fold(0u8, |product, i| {
            let parity = (rows[7 - i] & bytes(x)[at]).count_ones() as u8 & 1;
            product | parity << i
        });
        product ^ ADD as u8
    })
}
