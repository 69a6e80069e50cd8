//! Magnetic stripe data (ISO/IEC 7813): track 1 `%B…^NAME^…?`, track 2 `;…=…?`.

use super::issuer;
use crate::check::border::open_before;
use crate::check::digits::Digits;
use crate::check::luhn;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::CARD;

/// Track 1 holds at most 79 characters, track 2 at most 40.
const MAX_TRACK: usize = 79;

/// The track whose card number starts at `at`, sentinels included. Track 2 may lack its sentinels, and
/// have `D` for `=` as chip cards store it, if an expiry month and a service code follow the number, and an `F`
/// at its end that fills the last byte.
pub(super) fn at(text: &[u8], at: usize) -> Option<Match> {
    let rest = text.get(at..)?;
    let length = rest.iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
    let field = *rest.get(length).filter(|byte| matches!(byte, b'^' | b'=' | b'D' | b'd'))?;
    if !(12..=19).contains(&length) {
        return None;
    }
    let before = at.checked_sub(1).and_then(|place| text.get(place));
    let start = match (before, field) {
        (Some(b'B' | b'b'), b'^') if at >= 2 && text.get(at - 2) == Some(&b'%') => at - 2,
        (Some(b';'), b'=') => at - 1,
        (_, b'=' | b'D' | b'd') if open_before(text, at) && is_expiry(rest.get(length + 1..)?) => at,
        _ => return None,
    };
    let mut digits = [0u8; 19];
    for (slot, byte) in digits.iter_mut().zip(rest) {
        *slot = byte.wrapping_sub(b'0');
    }
    if !luhn::is_valid(digits.get(..length)?) {
        return None;
    }
    let end = at + track_length(rest, length, field)?;
    // Without sentinels a hash or a field of another kind looks much the same.
    let issued = || {
        let number = Digits::gather(rest.get(..length)?, |_| false)?;
        issuer::is_known(&number, length, false).then_some(())
    };
    if start == at && (issued().is_none() || text.get(end).is_some_and(u8::is_ascii_alphanumeric)) {
        return None;
    }
    let evidence = Evidence::SHAPE.and(Evidence::LUHN).and(Evidence::STRUCTURE);
    Some(Match { start, end, kind: TypeId::CARD, rule: CARD, confidence: 99, evidence })
}

/// True for `YYMM` and a service code of three digits.
fn is_expiry(data: &[u8]) -> bool {
    data.get(..7).is_some_and(|data| data.iter().all(u8::is_ascii_digit))
        && matches!(data.get(2..4), Some([b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2']))
}

/// Bytes from the first digit through the end sentinel, or to where the track data stops.
fn track_length(rest: &[u8], number: usize, field: u8) -> Option<usize> {
    let belongs = |byte: u8| match field {
        b'=' | b'D' | b'd' => byte.is_ascii_digit() || byte == field,
        _ => (b' '..=b'_').contains(&byte) && !matches!(byte, b'"' | b'?'),
    };
    let data = rest.iter().take(MAX_TRACK).skip(number).take_while(|&&byte| belongs(byte)).count();
    // A separator with nothing behind it, or a track 1 without its second `^`, is no track.
    let fields = rest.get(number..number + data)?.iter().filter(|&&byte| byte == field).count();
    let filler = matches!(field, b'D' | b'd') && matches!(rest.get(number + data), Some(b'F' | b'f'));
    let sentinel = usize::from(rest.get(number + data) == Some(&b'?') || filler);
    match field {
        b'=' | b'D' | b'd' if data >= 5 => Some(number + data + sentinel),
        b'^' if fields >= 2 => Some(number + data + sentinel),
        _ => None,
    }
}
