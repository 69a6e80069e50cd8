//! Positions in the sentences of receivers and trackers: degrees and minutes before a letter (NMEA 0183).

use super::accept::Hunt;
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
    // where the last four fields start
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
        field += part.len() + 1;
    }
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
