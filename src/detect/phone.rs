//! Phone numbers: with a sign or `00` (ITU-T E.164), North American, national with a trunk `0`, and under a key.
//!
//! Where [`at`] must be called to miss nothing (all other places answer `None`):
//! * a `+` before a digit, `(` or another `+`;
//! * a `(` before a digit;
//! * the first digit of a run that starts with `00` and another digit;
//! * the first digit of a run of one to five digits before `-` `.` `/` space `(` or a byte above 0x7f.

mod border;
mod e164;
mod extension;
mod groups;
mod keyed;
#[cfg(feature = "phone")]
mod region;

use crate::finding::{Evidence, Match, TypeId};
use crate::rules;
use extension::with_extension;
use groups::{Gap, Group, Groups, Manner};

pub(crate) use keyed::keyed_in;

/// An assigned number of ten digits or more after a `+`: a registry match in an unmistakable shape.
const SIGNED: u8 = 95;
/// The same of eight or nine digits, and of seven.
const SIGNED_SHORT: u8 = 75;
const SIGNED_SHORTEST: u8 = 65;
/// Brackets or hyphens and an assigned area.
const AREA: u8 = 75;
/// Dots between, or `00` in front: also the shape of versions and padded counters.
const WEAK: u8 = 65;
/// Only a trunk `0` and grouping.
const TRUNK: u8 = 60;

/// The phone number that starts at `at` and that no key announces.
///
/// A number that any doubt is about is spared: dates, times, versions, ids and floats share its shapes.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    match *text.get(at)? {
        b'+' => signed(text, at),
        b'0' if text.get(at + 1) == Some(&b'0') => dialled(text, at),
        b'0' => trunk(text, at),
        b'(' if text.get(at + 1) == Some(&b'0') => trunk(text, at),
        b'(' | b'1'..=b'9' => north_american(text, at),
        _ => None,
    }
}

/// A national number of the region (ISO 3166-1, `DE`) in the region's own way of writing.
///
/// Slower than [`at`], and to be asked at the start of every run of digits: only when a region is configured.
#[cfg(feature = "phone")]
pub(crate) fn at_in(text: &[u8], at: usize, region: &str) -> Option<Match> {
    region::at(text, at, region)
}

/// Whether a region of that code (two letters in upper case) has numbers of its own.
#[cfg(feature = "phone")]
pub(crate) fn is_region(code: &str) -> bool {
    let numbered = |region| rlibphonenumber::PHONE_NUMBER_UTIL.get_country_code_for_region(region);
    rlibphonenumber::Region::from_code(code).is_ok_and(|region| numbered(region).is_some())
}

fn found(start: usize, end: usize, confidence: u8, evidence: Evidence) -> Match {
    Match {
        start,
        end,
        kind: TypeId::PHONE,
        rule: rules::PHONE,
        confidence,
        evidence: Evidence::SHAPE.and(evidence),
    }
}

/// `+49 30 1234567`: any grouping, an assigned number. `at` is at the sign; of `++` both belong to it.
fn signed(text: &[u8], at: usize) -> Option<Match> {
    let mut digits = at + 1;
    if text.get(digits) == Some(&b'+') {
        digits += 1;
    }
    match text.get(digits..)? {
        [b'1', b'0' | b'1', ..] => return None, // `+1000`: no area starts so
        [b'1'..=b'9', ..] | [b'(', b'1'..=b'9', ..] => {}
        _ => return None, // `+0000`, `+02:00`
    }
    let (start, groups) = read_signed(text, at, digits);
    if !border::opens_plus(text, start) || border::before(text, start) == Some(b'+') {
        return None;
    }
    let count = assigned(text, &groups, 0)?;
    if is_position(&groups.as_slice()[..count]) {
        return None;
    }
    let end = end_of(&groups, count);
    let is_decimal =
        matches!(groups.as_slice().get(..count), Some([_, fraction]) if fraction.gap == Gap::Dot);
    let confidence = match groups.digits(count).len() {
        _ if is_decimal => WEAK, // `+1.4155550132` is how RFC 5733 writes numbers, and how floats look
        10.. => SIGNED,
        8.. => SIGNED_SHORT,
        _ => SIGNED_SHORTEST,
    };
    Some(found(start, with_extension(text, end), confidence, Evidence::COUNTRY))
}

/// `+4953-09709`: degrees and minutes of latitude and longitude (ISO 6709 annex H), as time zone tables have.
fn is_position(groups: &[Group]) -> bool {
    matches!(groups, [latitude, longitude] if longitude.gap == Gap::Dash
        && matches!((latitude.digits, longitude.digits), (4, 5) | (6, 7)))
}

/// Reads the number of a sign at `at`; it starts earlier for `(+49) 30 …` and the second sign of `++`.
fn read_signed(text: &[u8], at: usize, digits: usize) -> (usize, Groups) {
    let start = match border::before(text, at) {
        Some(b'(') => {
            let groups = Groups::read(text, at - 1, Manner::Signed);
            if groups.as_slice().first().is_some_and(|group| group.bracketed && group.digits <= 4) {
                return (at - 1, groups);
            }
            at
        }
        Some(b'+') => at - 1,
        _ => at,
    };
    (start, Groups::read(text, digits, Manner::Signed))
}

/// `0049 30 1234567`: the international prefix of most countries (ITU-T E.123 section 2.5 advises `+`).
fn dialled(text: &[u8], at: usize) -> Option<Match> {
    /// Below this a padded counter is likelier.
    const FEWEST: usize = 9;
    if !matches!(text.get(at + 2), Some(b'1'..=b'9')) || !border::opens_bare(text, at) {
        return None;
    }
    let groups = Groups::read(text, at, Manner::Strict);
    let count = assigned(text, &groups, 2)?;
    let end = end_of(&groups, count);
    if groups.digits(count).len() < FEWEST + 2 || is_padded(&groups) || is_in_a_row(text, at, end) {
        return None;
    }
    Some(found(at, with_extension(text, end), WEAK, Evidence::COUNTRY))
}

/// Columns of padded numbers, `0049 0308 0301`: no plan has a zero there but Italy's, whose areas are shorter.
fn is_padded(groups: &Groups) -> bool {
    let second = groups.digits(2).get(groups.digits(1).len()..).unwrap_or_default();
    let gap = groups.as_slice().get(1).map_or(Gap::None, |group| group.gap);
    gap == Gap::Space && matches!(second, [b'0', _, _, _])
}

fn end_of(groups: &Groups, count: usize) -> usize {
    count.checked_sub(1).and_then(|last| groups.as_slice().get(last)).map_or(0, |group| group.end as usize)
}

/// How many groups make an assigned number, `skip` digits of prefix left out: the most that do, less what
/// only looks like belonging to it.
fn assigned(text: &[u8], groups: &Groups, skip: usize) -> Option<usize> {
    let all = groups.as_slice();
    let first_run = usize::from(all.first()?.total);
    // The calling code stands in the first group; a list of single digits is no number.
    let singles = all.iter().filter(|group| group.digits == 1).count();
    if !e164::starts_with_code(groups.digits(1).get(skip..)?) || singles > 3 {
        return None;
    }
    let fits = |count: usize| {
        let last = &all[count - 1];
        let whole = count == 1 && first_run >= 10;
        let number = groups.digits(count).get(skip..).unwrap_or_default();
        let end = last.end as usize;
        (border::closes(text, end, whole) || with_extension(text, end) > end) && e164::is_valid(number)
    };
    let mut count = (1..=all.len()).rev().find(|&count| fits(count))?;
    while let Some(shorter) = (1..count).rev().find(|&shorter| fits(shorter)) {
        if !is_separate(&all[shorter - 1], &all[shorter]) {
            break;
        }
        count = shorter;
    }
    Some(count)
}

/// True if the second group stands apart from a number that is complete without it.
fn is_separate(last: &Group, next: &Group) -> bool {
    match next.gap {
        Gap::Space | Gap::Mixed => last.digits >= 6 || next.digits < 2,
        Gap::Slash => last.digits >= 9,
        _ => false,
    }
}

/// `(415) 555-0132`, `415-555-0132`, `415.555.0132`, each with `1` in front.
fn north_american(text: &[u8], at: usize) -> Option<Match> {
    let lead = match text.get(at..)? {
        [b'1', b'-' | b'.', ..] => 1,
        [b'1', b' ', b'(', ..] | [b'1', b'(', ..] => 1,
        [b'(', b'2'..=b'9', ..] | [b'2'..=b'9', ..] => 0,
        _ => return None,
    };
    let place = at + if lead == 1 { 1 + usize::from(text.get(at + 1) != Some(&b'(')) } else { 0 };
    // Three digits and what may follow them, before anything is read.
    let area = place + usize::from(text.get(place) == Some(&b'('));
    if !text.get(area..area + 3)?.iter().all(u8::is_ascii_digit)
        || text.get(area + 3)?.is_ascii_alphanumeric()
    {
        return None;
    }
    // Without brackets only `415 555-0132` has a space: numbers in columns end here.
    let is_column = area == place && text.get(area + 3) == Some(&b' ') && text.get(area + 7) == Some(&b' ');
    if is_column || !border::opens_bare(text, at) {
        return None;
    }
    let groups = Groups::read(text, place, Manner::Strict);
    let [area, exchange, line, ..] = groups.as_slice() else { return None };
    if (area.digits, exchange.digits, line.digits) != (3, 3, 4) || exchange.bracketed || line.bracketed {
        return None;
    }
    let confidence = match (area.bracketed, exchange.gap, line.gap) {
        (true, Gap::None | Gap::Space | Gap::Dash, Gap::Space | Gap::Dash | Gap::Dot) => AREA,
        (false, Gap::Dash | Gap::Slash, Gap::Dash) | (false, Gap::Space, Gap::Dash) => AREA,
        (_, Gap::Dot, Gap::Dot) => WEAK,
        _ => return None, // `404 512 1024`: numbers in columns
    };
    let end = line.end as usize;
    let past = with_extension(text, end);
    if !e164::is_nanp(groups.digits(3)) || (past == end && !border::closes(text, end, false)) {
        return None;
    }
    Some(found(at, past, confidence, Evidence::STRUCTURE))
}

/// National numbers that their grouping gives away: `(030) 1234567`, `020 7946 0958`, `01 42 68 53 00`.
fn trunk(text: &[u8], at: usize) -> Option<Match> {
    let zero = at + usize::from(text.get(at) == Some(&b'('));
    if !matches!(text.get(zero + 1), Some(b'1'..=b'9')) || !border::opens_bare(text, at) {
        return None;
    }
    let groups = Groups::read(text, at, Manner::Strict);
    let all = groups.as_slice();
    let (first, rest) = all.split_first()?;
    let total = groups.digits(all.len()).len();
    if groups.overflow || rest.is_empty() || !(9..=11).contains(&total) || !(2..=5).contains(&first.digits) {
        return None;
    }
    let plain = rest.iter().all(|group| !group.bracketed && group.digits >= 2);
    let shaped =
        if first.bracketed { plain && rest.len() <= 4 } else { plain && is_trunk_grouping(first, rest) };
    let end = groups.end();
    if is_counting(groups.digits(all.len())) {
        return None;
    }
    if !shaped || !border::closes(text, end, false) || is_in_a_row(text, at, end) {
        return None;
    }
    Some(found(at, end, TRUNK, Evidence::STRUCTURE))
}

/// `0d…` and two groups of three or four digits, or five pairs.
fn is_trunk_grouping(first: &Group, rest: &[Group]) -> bool {
    let gap = rest.first().map_or(Gap::None, |group| group.gap);
    let even = gap != Gap::Slash && rest.iter().all(|group| group.gap == gap);
    let pairs = first.digits == 2 && rest.len() == 4 && rest.iter().all(|group| group.digits == 2);
    let long = rest.len() == 2 && rest.iter().all(|group| matches!(group.digits, 3 | 4));
    even && (pairs || long)
}

/// `01 02 03 04 05`: pairs that count are an example of bytes.
fn is_counting(digits: &[u8]) -> bool {
    let tail = |pair: &[u8]| pair.last().copied().unwrap_or_default();
    let (pairs, _) = digits.as_chunks::<2>();
    pairs.windows(2).all(|two| tail(&two[1]) == tail(&two[0]) + 1 && two[0][0] == two[1][0])
}

/// True if another number stands beside it: hex dumps, columns.
fn is_in_a_row(text: &[u8], start: usize, end: usize) -> bool {
    let beside = |space: Option<u8>, byte: Option<u8>| {
        space == Some(b' ') && byte.is_some_and(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
    };
    let next = text.get(end + 1..).unwrap_or_default();
    let word = next.iter().take(5).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let number_next = beside(text.get(end).copied(), next.first().copied())
        && word <= 4
        && next.iter().take(word).all(u8::is_ascii_hexdigit);
    let before = start.checked_sub(2).and_then(|place| text.get(place)).copied();
    let digit_before = before.is_some_and(|byte| byte.is_ascii_digit());
    number_next || border::before(text, start) == Some(b' ') && digit_before
}

#[cfg(test)]
mod tests;
