//! Magnetic stripe data (ISO/IEC 7813): track 1 `%B…^NAME^…?`, track 2 `;…=…?`.

use super::Match;
use crate::check::luhn;
use crate::finding::{Evidence, TypeId};
use crate::rules::CARD;

/// Track 1 holds at most 79 characters, track 2 at most 40.
const MAX_TRACK: usize = 79;

/// The track whose card number starts at `at`, sentinels included.
pub(super) fn at(text: &[u8], at: usize) -> Option<Match> {
    let (start, field) = match text.get(at.checked_sub(1)?)? {
        b'B' | b'b' if at >= 2 && text.get(at - 2) == Some(&b'%') => (at - 2, b'^'),
        b';' => (at - 1, b'='),
        _ => return None,
    };
    let rest = text.get(at..)?;
    let length = rest.iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
    if !(12..=19).contains(&length) || rest.get(length) != Some(&field) {
        return None;
    }
    let mut digits = [0u8; 19];
    for (slot, byte) in digits.iter_mut().zip(rest) {
        *slot = byte.wrapping_sub(b'0');
    }
    if !luhn::is_valid(digits.get(..length)?) {
        return None;
    }
    let end = at + track_length(rest, length, field)?;
    let evidence = Evidence::SHAPE.and(Evidence::LUHN).and(Evidence::STRUCTURE);
    Some(Match { start, end, kind: TypeId::CARD, rule: CARD, confidence: 99, evidence })
}

/// Bytes from the first digit through the end sentinel, or to where the track data stops.
fn track_length(rest: &[u8], number: usize, field: u8) -> Option<usize> {
    let belongs = |byte: u8| match field {
        b'=' => byte.is_ascii_digit() || byte == b'=',
        _ => (b' '..=b'_').contains(&byte) && !matches!(byte, b'"' | b'?'),
    };
    let data = rest.iter().take(MAX_TRACK).skip(number).take_while(|&&byte| belongs(byte)).count();
    // A separator with nothing behind it, or a track 1 without its second `^`, is no track.
    let fields = rest.get(number..number + data)?.iter().filter(|&&byte| byte == field).count();
    let sentinel = usize::from(rest.get(number + data) == Some(&b'?'));
    match field {
        b'=' if data >= 5 => Some(number + data + sentinel),
        b'^' if fields >= 2 => Some(number + data + sentinel),
        _ => None,
    }
}
