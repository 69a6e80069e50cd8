//! Dotted quads by SSE: the digits of each octet are moved to a place of their own and multiplied there.

use std::arch::x86_64::*;

use super::{BATCH, BEFORE, Dotted, LENGTH, Window, at, is_bordered, joints, lengths};

/// How many ways four lengths of one to three digits go together.
const WAYS: usize = 81;

/// For each way, which bytes of a window are the hundreds, tens and ones of an octet.
static MOVES: [[u8; 16]; WAYS] = {
    // a high bit makes a zero
    let mut moves = [[0x80; 16]; WAYS];
    let mut way = 0;
    while way < WAYS {
        let lengths = lengths_of(way);
        // from the fourth octet back
        let mut end = BEFORE + lengths[3];
        let mut octet = 4;
        while octet > 0 {
            octet -= 1;
            let mut back = 0;
            while back < lengths[octet] {
                moves[way][octet * 4 + 2 - back] = (end - 1 - back) as u8;
                back += 1;
            }
            end = match octet {
                3 => BEFORE - 1,
                _ => end - lengths[octet] - 1,
            };
        }
        way += 1;
    }
    moves
};

/// For each way, the least octets that need as many digits.
static LEAST: [[u8; 4]; WAYS] = {
    let mut least = [[0; 4]; WAYS];
    let mut way = 0;
    while way < WAYS {
        let lengths = lengths_of(way);
        let mut octet = 0;
        while octet < 4 {
            least[way][octet] = [0, 0, 10, 100][lengths[octet]];
            octet += 1;
        }
        way += 1;
    }
    least
};

const fn lengths_of(way: usize) -> [usize; 4] {
    [way / 27 + 1, way / 9 % 3 + 1, way / 3 % 3 + 1, way % 3 + 1]
}

/// See [`super::Kernel::dotted`].
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn each(text: &[u8], fourths: &[u32], quads: &mut [Dotted; BATCH]) {
    super::each(text, fourths, quads, |window, fourth| read(window, fourth));
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[inline]
fn read(window: &Window, fourth: u32) -> Dotted {
    // SAFETY: 16 of 17 bytes; an unaligned load asks for no more.
    let bytes = unsafe { _mm_loadu_si128(window.as_ptr().cast()) };
    let last = window[LENGTH - 1];
    let digits = _mm_xor_si128(bytes, _mm_set1_epi8(0x30));
    let is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
    let others = !_mm_movemask_epi8(is_digit) as u32 & 0xffff | u32::from(!last.is_ascii_digit()) << 16;
    let dots = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'.' as i8))) as u32
        | u32::from(last == b'.') << 16;
    let joints = joints(others);
    let lengths = lengths(joints, others);
    if !is_bordered(joints, lengths, others, dots) {
        return Dotted::default();
    }
    let way = lengths.iter().fold(0, |way, length| way * 3 + *length as usize);
    let (Some(moves), Some(least)) = (MOVES.get(way), LEAST.get(way)) else { return Dotted::default() };
    // SAFETY: 16 readable bytes.
    let moves = unsafe { _mm_loadu_si128(moves.as_ptr().cast()) };
    let moved = _mm_shuffle_epi8(digits, moves);
    let weights = _mm_set1_epi32(i32::from_le_bytes([100, 10, 1, 0]));
    let values = _mm_madd_epi16(_mm_maddubs_epi16(moved, weights), _mm_set1_epi16(1));
    let least = _mm_cvtepu8_epi32(_mm_cvtsi32_si128(i32::from_le_bytes(*least)));
    let wrong = _mm_or_si128(_mm_cmpgt_epi32(values, _mm_set1_epi32(255)), _mm_cmpgt_epi32(least, values));
    if _mm_movemask_epi8(wrong) != 0 {
        return Dotted::default();
    }
    let words = _mm_packus_epi32(values, values);
    let octets = _mm_cvtsi128_si32(_mm_packus_epi16(words, words)).to_le_bytes();
    at(fourth, joints, lengths, octets)
}
