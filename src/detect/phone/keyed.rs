//! Phone numbers under a key that announces one: national formats of every region.

use super::extension::with_extension;
use super::groups::{Gap, Group, Groups, Manner};
use super::{border, e164, found};
use crate::check::bytes;
use crate::check::digits::all_same;
use crate::finding::{Evidence, Match};
use crate::mark;

/// How far into a value a number's start is looked for; what is longer is text, not a number.
const WINDOW: usize = 256;
/// Announced, and assigned with its calling code.
const ASSIGNED: u8 = 92;
/// The same behind a plus sign: as sure as without a key.
const SIGNED: u8 = 95;
/// Announced, and of a phone number's length.
const LENGTH: u8 = 85;
/// Announced, and as short as numbers are in few countries only.
const SHORT: u8 = 80;
/// The schemes before a number in a value (RFC 3966, RFC 3261, `callto` and `sms` by usage).
const SCHEMES: [&[u8]; 7] = [b"tel:", b"sip:", b"sips:", b"callto:", b"sms:", b"whatsapp:", b"wa.me/"];

/// The phone number in the value of a phone's key; any region, and first the one (ISO 3166-1, `DE`) whose
/// national numbers are expected.
///
/// A region adds short numbers and certainty; it takes nothing away.
pub(crate) fn keyed_in(value: &[u8], region: Option<&str>) -> Option<Match> {
    // nearly all that a machine wrote: a plus sign and digits that are assigned
    if let Some(digits) = value.strip_prefix(b"+").filter(|digits| bytes::digits(digits) == digits.len())
        && e164::is_valid(digits)
        && !all_same(digits)
    {
        return Some(found(0, value.len(), SIGNED, Evidence::KEY.and(Evidence::COUNTRY)));
    }
    let window = value.len().min(WINDOW);
    // a scheme or bracket may follow farther on in the line, of somebody else: `phone=07700 900123 … <sip:…>`
    let plain = number_at(value, skipped(value, 0), region).filter(|found| has_length(value, found));
    let first = plain.or_else(|| {
        if is_replaced(value) {
            return None;
        }
        let start = number_start(value.get(..window).unwrap_or_default());
        number_at(value, start, region)
    });
    let first = first.or_else(|| (0..window).find_map(|place| super::at(value, place)))?;
    Some(with_the_rest(value, first, region))
}

/// Where the number starts: after a scheme, a display name's `<`, quotes and spaces.
fn number_start(value: &[u8]) -> usize {
    // each scheme has a colon or a slash
    let may_be_behind = bytes::any(value, |eight| {
        bytes::equal(eight, b':') | bytes::equal(eight, b'/') | bytes::equal(eight, b'<') != 0
    });
    skipped(value, if may_be_behind { behind_scheme(value) } else { 0 })
}

/// Whether the number that stood first was replaced; behind a name there may be one in brackets.
fn is_replaced(value: &[u8]) -> bool {
    let lead = value.iter().take_while(|byte| matches!(byte, b' ' | b'"' | b'\'')).count();
    // what follows in a list may be another
    let goes_on = |end: usize| matches!(value.get(end), Some(b',' | b';' | b'|' | b'/'));
    mark::mark_at(value, lead).is_some_and(|length| !goes_on(lead + length))
        && !value[lead..].starts_with(b"[NAME")
}

/// Behind the quotes, brackets and spaces at `start`.
fn skipped(value: &[u8], start: usize) -> usize {
    let is_skipped = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'[');
    start + value.iter().skip(start).take_while(is_skipped).count()
}

/// Whether a number has the seven digits that one has at least which is no extension.
fn has_length(value: &[u8], found: &Match) -> bool {
    value.get(found.start..found.end).is_some_and(|n| n.iter().filter(|b| b.is_ascii_digit()).count() > 6)
}

/// Where a scheme or a display name ends, else 0.
fn behind_scheme(value: &[u8]) -> usize {
    let scheme = (0..value.len()).find_map(|place| {
        let rest = value.get(place..)?;
        let fits = |scheme: &&&[u8]| {
            rest.get(..scheme.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(scheme))
        };
        SCHEMES.iter().find(fits).map(|scheme| place + scheme.len())
    });
    let is_quote = |byte: u8| matches!(byte, b' ' | b'"' | b'\'');
    let bracket = || {
        let place = value.iter().position(|&byte| byte == b'<')?;
        // another pair has begun: `phoneNumbers=2 emails=1 … <0.812.0>`
        let is_same = memchr::memchr(b'=', &value[..place]).is_none();
        (is_same && place.checked_sub(1).is_none_or(|before| is_quote(value[before]))).then_some(place + 1)
    };
    scheme.or_else(bracket).unwrap_or(0)
}

/// The number that starts exactly at `start`.
fn number_at(value: &[u8], start: usize, region: Option<&str>) -> Option<Match> {
    let signs = value.iter().skip(start).take(2).take_while(|&&byte| byte == b'+').count();
    let digits = start + signs;
    let digits = digits + usize::from(signs > 0 && value.get(digits) == Some(&b' '));
    let groups = Groups::read(value, digits, Manner::Loose);
    let all = groups.as_slice();
    let known = |count: usize| {
        let end = all.get(count.checked_sub(1)?)?.end as usize;
        let (confidence, evidence) = certainty(&groups, count, signs > 0, value.get(start..end)?, region)?;
        Some(found(start, with_extension(value, end), confidence, Evidence::KEY.and(evidence)))
    };
    if !groups.overflow
        && ends(value, groups.end())
        && let Some(whole) = known(all.len())
    {
        return Some(whole);
    }
    // Two numbers, or one with something glued to it: up to the last strong gap, else the last space.
    let up_to = |gaps: &[Gap]| {
        (1..all.len())
            .rev()
            .filter(|&count| gaps.contains(&all[count].gap) && groups.digits(count).len() >= 7)
            .find_map(known)
    };
    let first =
        groups.overflow.then(|| up_to(&[Gap::Slash, Gap::Mixed]).or_else(|| up_to(&[Gap::Space]))).flatten();
    first.or_else(|| announced_run(value, start, &groups))
}

/// The first run of digits alone, when it is assigned and something is glued to it (`491711234567-1423000000@g.us`).
fn announced_run(value: &[u8], start: usize, groups: &Groups) -> Option<Match> {
    let end = groups.as_slice().first()?.end as usize;
    let digits = groups.digits(1);
    let glued = matches!(value.get(end), Some(b'-' | b':' | b'/' | b' '));
    let whole = digits.len() >= 10 && e164::is_valid(digits) && glued;
    whole.then(|| found(start, end, ASSIGNED, Evidence::KEY.and(Evidence::COUNTRY)))
}

/// True if what follows the number is not a part of it.
fn ends(value: &[u8], end: usize) -> bool {
    match value.get(end) {
        None | Some(b'@' | b';' | b',' | b'|' | b'>' | b'&' | b']' | b'}') => true,
        Some(_) => border::closes(value, end, false) || with_extension(value, end) > end,
    }
}

/// How sure it is that the first `count` groups are a phone number, if they are.
fn certainty(
    groups: &Groups,
    count: usize,
    signed: bool,
    written: &[u8],
    region: Option<&str>,
) -> Option<(u8, Evidence)> {
    let digits = groups.digits(count);
    let first = *digits.first()?;
    if digits.iter().all(|&digit| digit == first)
        || (!signed && is_something_else(groups.as_slice().get(..count)?, digits))
    {
        return None;
    }
    let dialled = digits.strip_prefix(b"00").filter(|_| !signed);
    let international = dialled.unwrap_or(digits);
    if e164::is_valid(international) {
        return Some((if signed { SIGNED } else { ASSIGNED }, Evidence::COUNTRY));
    }
    if in_region(written, region) {
        return Some((ASSIGNED, Evidence::COUNTRY));
    }
    match international.len() {
        7..=e164::LONGEST => Some((LENGTH, Evidence::SHAPE)),
        4..=6 if !signed && e164::is_national_somewhere(digits) => Some((SHORT, Evidence::SHAPE)),
        _ => None,
    }
}

/// True for the other numbers that turn up under a phone's key: milliseconds, dates, floats, addresses.
pub(super) fn is_something_else(all: &[Group], digits: &[u8]) -> bool {
    let dots = all.iter().filter(|group| group.gap == Gap::Dot).count();
    let year = digits.starts_with(b"19") || digits.starts_with(b"20");
    match all {
        [_] => match digits.len() {
            13 => matches!(digits, [b'1', b'3'..=b'9', ..]),
            // No plan has fourteen digits after Egypt's 20 or starts with 19: a time stamp.
            14 => year,
            _ => false,
        },
        // A float has one point and no padding.
        [whole, fraction] => fraction.gap == Gap::Dot && digits[0] != b'0' && whole.digits != 3,
        [first, second, third, ..] if (first.digits, second.digits) == (4, 2) && year => {
            third.digits == 2 && second.gap == third.gap
        }
        [_, _, _, _] => dots == 3 && all.iter().all(|group| group.digits <= 3),
        _ => false,
    }
}

/// True if libphonenumber knows the number as one of the region's, or as one of another country from there.
#[cfg(feature = "phone")]
fn in_region(written: &[u8], region: Option<&str>) -> bool {
    use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};
    let Some(region) = region.and_then(|code| Region::from_code(code).ok()) else { return false };
    let Ok(text) = std::str::from_utf8(written) else { return false };
    PHONE_NUMBER_UTIL.parse(text, Some(region)).is_ok_and(|number| PHONE_NUMBER_UTIL.is_valid_number(&number))
}

/// Without the feature no region's national numbers are known; the length decides.
#[cfg(not(feature = "phone"))]
fn in_region(_written: &[u8], _region: Option<&str>) -> bool {
    false
}

/// The span widened over further numbers in the same value: `0171 1234567, 030 1234567`.
fn with_the_rest(value: &[u8], first: Match, region: Option<&str>) -> Match {
    let mut whole = first;
    loop {
        let rest = value.get(whole.end..).unwrap_or_default();
        let gap =
            rest.iter().take(4).take_while(|byte| matches!(byte, b',' | b';' | b'|' | b'/' | b' ')).count();
        let next = (gap > 0).then(|| number_at(value, whole.end + gap, region)).flatten();
        let Some(next) = next.filter(|next| next.end > whole.end) else { break };
        whole.end = next.end;
    }
    whole
}
