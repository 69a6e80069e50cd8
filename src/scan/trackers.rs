//! Positions in the sentences of receivers and trackers: degrees and minutes before a letter (NMEA 0183).

use super::accept::Hunt;
use crate::detect::imei;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// How far behind a tracker's number its position is looked for, in bytes.
const MAX_REPORT_BYTES: usize = 160;

/// The position behind the number of a device that ends at `end`: `*HQ,865205030330012,V1,142310,A,2234.0297,N,…`.
pub(super) fn behind_number(hunt: &mut Hunt<'_>, end: usize) {
    let rest = &hunt.text[end..hunt.text.len().min(end + MAX_REPORT_BYTES)];
    let stop = end + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    position(hunt, end, stop);
}

/// The first latitude and longitude in `at..stop`: `4807.038,N,01131.000,E`.
pub(super) fn position(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    if !hunt.wants(TypeId::GPS) {
        return;
    }
    let text = hunt.text;
    // where the last four fields start, the one at hand among them
    let mut starts = [at; 4];
    let mut field = at;
    for part in text[at..stop].split(|b| *b == b',') {
        starts.rotate_left(1);
        starts[3] = field;
        let [latitude, north, longitude, east] = starts;
        if north > latitude
            && longitude > north
            && is_angle(&text[latitude..north - 1], 90)
            && matches!(text[north..longitude - 1], [b'N' | b'S'])
            && is_angle(&text[longitude..east.max(longitude + 1) - 1], 180)
            && matches!(part.first(), Some(b'E' | b'W'))
            && part.get(1).is_none_or(|b| !b.is_ascii_alphanumeric())
        {
            let evidence = Evidence::SHAPE.and(Evidence::SLOT_FORMAT);
            let (start, end, kind, rule) = (latitude, east + 1, TypeId::GPS, rules::GPS);
            hunt.accept(Match { start, end, kind, rule, confidence: 90, evidence });
            return;
        }
        // `…,11.576124,48.137154,…`, either order
        if field > longitude && is_degrees(part) && is_degrees(&text[longitude..field - 1]) {
            let evidence = Evidence::SHAPE.and(Evidence::SLOT_FORMAT);
            let (start, end, kind, rule) = (longitude, field + part.len(), TypeId::GPS, rules::GPS);
            hunt.accept(Match { start, end, kind, rule, confidence: 86, evidence });
            return;
        }
        field += part.len() + 1;
    }
}

/// The number and the position in a report of a tracker that parts nothing (TK103): its serial number, two letters and
/// two digits for the message, perhaps the number of the device, a date, `A`, degrees and minutes.
pub(super) fn glued(hunt: &mut Hunt<'_>, start: usize) {
    let text = hunt.text;
    let line = super::phrases::tail(text, start, MAX_REPORT_BYTES);
    let Some(close) = memchr::memchr(b')', line) else { return };
    let line = &line[..close];
    let serial = line.iter().take_while(|b| b.is_ascii_digit()).count();
    let message = line.get(serial..serial + 4).unwrap_or_default();
    if !matches!(serial, 11 | 12) || !matches!(message, [b'B', b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9']) {
        return;
    }
    let number = serial + 4;
    if let Some(found) = line.get(number..number + 15).and_then(imei::keyed) {
        let at = start + number;
        hunt.accept(Match { start: at + found.start, end: at + found.end, ..found });
    }
    // `4807.0380N01131.0000E`
    for north in line.iter().enumerate().filter(|(_, b)| matches!(b, b'N' | b'S')).map(|(place, _)| place) {
        let latitude = north.checked_sub(9).and_then(|from| line.get(from..north)).unwrap_or_default();
        let longitude = line.get(north + 1..north + 11).unwrap_or_default();
        let sides = matches!(line.get(north + 11), Some(b'E' | b'W'));
        if sides && is_angle(latitude, 90) && is_angle(longitude, 180) {
            let evidence = Evidence::SHAPE.and(Evidence::SLOT_FORMAT);
            let (from, end) = (start + north - 9, start + north + 12);
            hunt.accept(Match {
                start: from,
                end,
                kind: TypeId::GPS,
                rule: rules::GPS,
                confidence: 90,
                evidence,
            });
        }
    }
}

/// Degrees with five decimals and more.
fn is_degrees(field: &[u8]) -> bool {
    let digits = field.strip_prefix(b"-").unwrap_or(field);
    let exact =
        digits.iter().position(|b| *b == b'.').is_some_and(|point| point < 4 && digits.len() > point + 5);
    exact && is_angle(digits, 180)
}

/// A number with a decimal point whose whole part is in range, as degrees or as degrees and two digits of minutes.
fn is_angle(field: &[u8], most: u32) -> bool {
    let Some(point) = field.iter().position(|b| *b == b'.').filter(|p| (1..=5).contains(p)) else {
        return false;
    };
    let digits = field.len() > point + 1 && field.len() <= 14;
    let all = field.iter().enumerate().all(|(i, b)| i == point || b.is_ascii_digit());
    let whole = field[..point].iter().fold(0, |n, b| n * 10 + u32::from(b.wrapping_sub(b'0')));
    digits && all && if point > 3 { whole / 100 <= most } else { whole <= most }
}
