//! Positions: latitude and longitude alone, in pairs, in degrees, minutes and seconds (ISO 6709, RFC 5870).

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::GPS;

/// An angle as written.
struct Angle {
    /// Degrees.
    degrees: f64,
    /// Where it ends.
    end: usize,
    /// It has a decimal point.
    decimal: bool,
    /// It is written as an angle: `°`, N, S, E or W.
    marked: bool,
    /// N or S, E or W.
    hemisphere: Option<Axis>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    Latitude,
    Longitude,
}

/// The pair at the start of a value, brackets and `geo:` before it left out: latitude and longitude in
/// either order, parted by `,`, `;`, `/`, a blank or a sign (ISO 6709).
///
/// Pairs out of range, `0,0`, and lists of four and more numbers stay.
pub(crate) fn pair(value: &[u8]) -> Option<Match> {
    let start = prefix(value);
    let first = angle(value, start, b'.')?;
    let second_at = separator(value, first.end)?;
    let second = angle(value, second_at, b'.')?;
    if !is_position(&first, &second) || !ends(value, &first, &second) {
        return None;
    }
    let precise = (first.decimal && second.decimal) || first.marked || second.marked;
    Some(found(start, second.end, if precise { 88 } else { 80 }))
}

/// A latitude alone: −90 to 90 degrees.
pub(crate) fn latitude(value: &[u8]) -> Option<Match> {
    alone(value, 90.0, Axis::Latitude)
}

/// A longitude alone: −180 to 180 degrees.
pub(crate) fn longitude(value: &[u8]) -> Option<Match> {
    alone(value, 180.0, Axis::Longitude)
}

/// One number of an array under a key for positions (GeoJSON: longitude first): −180 to 180 with a
/// decimal point.
pub(crate) fn coordinate(value: &[u8]) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let number = angle(value, start, b'.')?;
    let fits = number.decimal && number.degrees.abs() <= 180.0 && number.degrees != 0.0;
    (fits && is_border(value, number.end)).then(|| found(start, number.end, 84))
}

/// A pair that says itself what it is, at `at`: `geo:48.85,2.35`, `/@48.8584,2.2945,17z` of map links,
/// `ll=48.85,2.29`, a geolocation in brackets such as `Location[gps 52.5,13.4`.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    let rest = text.get(at..)?;
    let rest = rest.get(..rest.len().min(96))?;
    let mut found = pair(rest)?;
    let first = angle(rest, found.start, b'.')?;
    if found.confidence < 88 || first.end - found.start < 5 {
        return None;
    }
    found.start += at;
    found.end += at;
    Some(found)
}

/// The position in the sentence of a receiver (NMEA 0183) that a dollar sign opens: `$GPRMC,081836,A,3751.65,S,14507.36,E,…`,
/// latitude and longitude in degrees and minutes, each with its hemisphere.
pub(crate) fn in_sentence(text: &[u8], dollar: usize) -> Option<Match> {
    let [b'G' | b'B', b'A'..=b'Z', kind @ .., b','] = text.get(dollar + 1..dollar + 7)? else { return None };
    // how many fields stand before the latitude
    let fields = match kind {
        b"RMC" => 2,
        b"GGA" | b"GNS" => 1,
        b"GLL" => 0,
        _ => return None,
    };
    let line = text.get(dollar + 7..text.len().min(dollar + 90))?;
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    let start = behind_fields(line, fields)?;
    let end = start + angles(line.get(start..)?)?;
    Some(found(dollar + 7 + start, dollar + 7 + end, 94))
}

/// Where the field behind so many commas starts.
fn behind_fields(line: &[u8], fields: usize) -> Option<usize> {
    match fields {
        0 => Some(0),
        _ => memchr::memchr_iter(b',', line).nth(fields - 1).map(|comma| comma + 1),
    }
}

/// The length of `3751.65,S,14507.36,E` at the start of a line.
fn angles(line: &[u8]) -> Option<usize> {
    let mut at = 0;
    for (digits, letters) in [(4, b"NS"), (5, b"EW")] {
        let number =
            line.get(at..)?.iter().take(12).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
        let is_number = line.get(at..at + digits)?.iter().all(u8::is_ascii_digit)
            && line.get(at + digits) == Some(&b'.')
            && number > digits + 1;
        let end = at + number;
        if !is_number || line.get(end) != Some(&b',') || !letters.contains(line.get(end + 1)?) {
            return None;
        }
        at = end + 2 + usize::from(digits == 4);
        if digits == 4 && line.get(at - 1) != Some(&b',') {
            return None;
        }
    }
    Some(at)
}

/// Both numbers of a pair have four decimals at least, or it is written as an angle: no size, ratio or
/// place on a screen.
pub(crate) fn is_precise(pair: &[u8]) -> bool {
    let decimals = |part: &[u8]| {
        let point = part.iter().position(|b| *b == b'.')?;
        Some(part[point + 1..].iter().take_while(|b| b.is_ascii_digit()).count())
    };
    let mut parts = pair
        .split(|b| matches!(b, b',' | b';' | b'/' | b' '))
        .filter(|part| part.len() > 1 || part.iter().any(u8::is_ascii_digit));
    pair.iter().any(|b| *b >= 0x80)
        || memchr::memmem::find(pair, b" deg ").is_some()
        || parts.by_ref().take(2).all(|part| decimals(part).is_some_and(|d| d >= 4))
}

/// A pair that is on earth rather than on a screen: four decimals in both numbers, one beyond 1, and no third number.
pub(crate) fn place(value: &[u8]) -> Option<Match> {
    let found = pair(value).filter(|found| is_precise(&value[found.start..found.end]))?;
    let first = angle(value, found.start, b'.')?;
    let second = angle(value, separator(value, first.end)?, b'.')?;
    let goes_on = separator(value, found.end).is_some_and(|at| angle(value, at, b'.').is_some());
    let is_unit = first.degrees.abs() <= 1.0 && second.degrees.abs() <= 1.0;
    (!goes_on && !is_unit).then_some(found)
}

/// Whether a number has four decimals or more.
pub(crate) fn has_four_decimals(number: &[u8]) -> bool {
    number.iter().position(|b| *b == b'.').is_some_and(|point| number.len() > point + 4)
}

fn found(start: usize, end: usize, confidence: u8) -> Match {
    let evidence = Evidence::KEY.and(Evidence::STRUCTURE);
    Match { start, end, kind: TypeId::GPS, rule: GPS, confidence, evidence }
}

/// What may stand before a pair: blanks, brackets, `geo:`, `POINT`.
fn prefix(value: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let rest = value.get(at..).unwrap_or_default();
        let word = [b"geo:".as_slice(), b"POINT", b"Point", b"SRID=4326;", b"loc:"]
            .into_iter()
            .find(|w| rest.starts_with(w));
        match (word, rest.first()) {
            (Some(word), _) => at += word.len(),
            (None, Some(b' ' | b'(' | b'[' | b'{' | b'@')) => at += 1,
            _ => return at,
        }
    }
}

/// Where the second number starts.
fn separator(value: &[u8], at: usize) -> Option<usize> {
    let blanks =
        |at: usize| value.get(at..).unwrap_or_default().iter().take(3).take_while(|b| **b == b' ').count();
    let mut next = at + blanks(at);
    match value.get(next)? {
        b',' | b';' | b'/' | b'|' => next += 1,
        b'%' if matches!(value.get(next..next + 3), Some(b"%2C" | b"%2c")) => next += 3,
        b'+' | b'-' if next == at => return Some(at),
        _ if next > at => return Some(next),
        _ => return None,
    }
    Some(next + blanks(next))
}

/// Both in range in one order, not zero, not twice the same axis.
fn is_position(first: &Angle, second: &Angle) -> bool {
    let fits = |latitude: &Angle, longitude: &Angle| {
        latitude.degrees.abs() <= 90.0
            && longitude.degrees.abs() <= 180.0
            && latitude.hemisphere != Some(Axis::Longitude)
            && longitude.hemisphere != Some(Axis::Latitude)
    };
    let zero = first.degrees == 0.0 && second.degrees == 0.0;
    !zero && (fits(first, second) || fits(second, first))
}

/// Nothing goes on behind the pair but an altitude or a zoom.
fn ends(value: &[u8], first: &Angle, second: &Angle) -> bool {
    if !is_border(value, second.end) {
        return false;
    }
    let exact = first.decimal && second.decimal;
    let Some(third_at) =
        value.get(second.end).filter(|b| **b == b',').and_then(|_| separator(value, second.end))
    else {
        return true;
    };
    let Some(third) = angle(value, third_at, b'.') else { return true };
    let fourth = value.get(third.end) == Some(&b',')
        && separator(value, third.end).is_some_and(|at| angle(value, at, b'.').is_some());
    exact && !fourth
}

/// A number that ends here is not the head of a longer word, number or unit.
fn is_border(value: &[u8], end: usize) -> bool {
    match value.get(end) {
        None => true,
        Some(b'.') => !value.get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
        Some(b'%') => value.get(end + 1..end + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        Some(b'_' | b':') => false,
        Some(byte) => !byte.is_ascii_alphanumeric(),
    }
}

/// A number under a key for one axis.
fn alone(value: &[u8], most: f64, axis: Axis) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let dotted = angle(value, start, b'.')?;
    // a decimal comma: only with at least three digits behind it, or the next value would be taken
    let number = match angle(value, start, b',') {
        Some(comma) if !dotted.decimal && comma.decimal && comma.end >= dotted.end + 4 => comma,
        _ => dotted,
    };
    if !is_border(value, number.end) || number.hemisphere.is_some_and(|h| h != axis) || number.degrees == 0.0
    {
        return None;
    }
    let size = number.degrees.abs();
    // receivers and map APIs also write ten-millionths of a degree
    let tiny = !number.decimal && size >= 1e6 && size <= most * 1e7;
    // whole numbers under `lat` are latencies, flags and counters
    if size > most && !tiny || !number.decimal && !number.marked && !tiny {
        return None;
    }
    Some(found(start, number.end, if number.decimal || number.marked { 88 } else { 80 }))
}

/// The angle at `at`: `-33.85`, `N 52.52`, `13.4050 E`, `40°26′46″N`, `5.2e1`.
fn angle(text: &[u8], start: usize, point: u8) -> Option<Angle> {
    let (mut hemisphere, mut at) = (None, start);
    if let Some(axis) = text.get(at).copied().and_then(axis_of) {
        hemisphere = Some(axis);
        at += 1 + usize::from(text.get(at + 1) == Some(&b' '));
    }
    let negative = text.get(at) == Some(&b'-');
    at += usize::from(matches!(text.get(at), Some(b'-' | b'+')));
    let (mut degrees, mut end, mut decimal) = number(text, at, point)?;
    let mut marked = hemisphere.is_some();
    for (marks, share) in [
        // `41 deg 23' 7.80" N` of EXIF, its last sign escaped in a string
        (["°", "º", "deg", " deg"].as_slice(), 1.0),
        (["′", "'", "’"].as_slice(), 60.0),
        (["″", "\"", "''", "\\\""].as_slice(), 3600.0),
    ] {
        let Some(length) = mark(text, end, marks) else { break };
        marked = true;
        end += length;
        let blank = usize::from(text.get(end) == Some(&b' '));
        let next = [60.0, 3600.0, f64::INFINITY][usize::from(share > 1.0) + usize::from(share > 60.0)];
        match number(text, end + blank, b'.') {
            Some((part, part_end, fraction))
                if next.is_finite()
                    && part < 60.0
                    && mark(text, part_end, &["′", "'", "’", "″", "\"", "''", "\\\""]).is_some() =>
            {
                degrees += part / next;
                decimal |= fraction;
                end = part_end;
            }
            _ => break,
        }
    }
    let blank = usize::from(text.get(end) == Some(&b' '));
    // small letters only right behind the signs of an angle (`40°26′46″s`)
    let letter = text.get(end + blank).copied();
    let letter = if marked && blank == 0 { letter.map(|b| b.to_ascii_uppercase()) } else { letter };
    let letter = letter.and_then(axis_of);
    let alone =
        !text.get(end + blank + 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b == b'=');
    if hemisphere.is_none() && letter.is_some() && alone {
        hemisphere = letter;
        marked = true;
        end += blank + 1;
    }
    Some(Angle { degrees: if negative { -degrees } else { degrees }, end, decimal, marked, hemisphere })
}

fn axis_of(letter: u8) -> Option<Axis> {
    match letter {
        b'N' | b'S' => Some(Axis::Latitude),
        b'E' | b'W' | b'O' => Some(Axis::Longitude),
        _ => None,
    }
}

/// The length of one of `marks` at `at`.
fn mark(text: &[u8], at: usize, marks: &[&str]) -> Option<usize> {
    let rest = text.get(at..)?;
    marks.iter().find(|mark| rest.starts_with(mark.as_bytes())).map(|mark| mark.len())
}

/// Digits with an optional fraction and exponent: value, end, whether there is a fraction.
fn number(text: &[u8], start: usize, point: u8) -> Option<(f64, usize, bool)> {
    let run = |at: usize| {
        text.get(at..).unwrap_or_default().iter().take(20).take_while(|b| b.is_ascii_digit()).count()
    };
    let whole = run(start);
    if whole == 0 || whole > 10 {
        return None;
    }
    let mut end = start + whole;
    let decimal = text.get(end) == Some(&point) && run(end + 1) > 0;
    if decimal {
        end += 1 + run(end + 1);
    }
    let mantissa_end = end;
    let mut exponent = 0i32;
    if decimal && matches!(text.get(end), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(text.get(end + 1), Some(b'-' | b'+')));
        let length = run(end + 1 + signed);
        if (1..=2).contains(&length) {
            let digits = text.get(end + 1 + signed..end + 1 + signed + length)?;
            exponent = digits.iter().fold(0, |sum, b| sum * 10 + i32::from(b - b'0'));
            if text.get(end + 1) == Some(&b'-') {
                exponent = -exponent;
            }
            end += 1 + signed + length;
        }
    }
    let (mut value, mut scale, mut fraction) = (0.0, 1.0, false);
    for byte in text.get(start..mantissa_end)? {
        if byte.is_ascii_digit() {
            value = value * 10.0 + f64::from(byte - b'0');
            if fraction {
                scale *= 10.0;
            }
        } else {
            fraction = true;
        }
    }
    Some((value / scale * 10f64.powi(exponent), end, decimal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str, found: Option<Match>) -> Option<&str> {
        found.and_then(|m| value.get(m.start..m.end))
    }

    #[test]
    fn pairs() {
        for (value, expected) in [
            ("58.025555, 36.738281", Some("58.025555, 36.738281")),
            ("(-12.34, +12.34)", Some("-12.34, +12.34")),
            ("[13.404954,52.520008]", Some("13.404954,52.520008")),
            ("52.5200 N, 13.4050 E", Some("52.5200 N, 13.4050 E")),
            ("N 52.52 E 13.40", Some("N 52.52 E 13.40")),
            ("40°26′46″N 79°58′56″W", Some("40°26′46″N 79°58′56″W")),
            ("40°26'46\"N, 79°58'56\"W", Some("40°26'46\"N, 79°58'56\"W")),
            ("+48.8577+002.295/", Some("+48.8577+002.295")),
            ("POINT(13.4 52.5)", Some("13.4 52.5")),
            ("geo:37.786971,-122.399677;u=35", Some("37.786971,-122.399677")),
            ("52.5170365,13.3888599,17z", Some("52.5170365,13.3888599")),
            ("40.7484%2C-73.9857&radius=5", Some("40.7484%2C-73.9857")),
            ("90, 180", Some("90, 180")),
            ("-180.0,90.0", Some("-180.0,90.0")),
            ("90.1,180.0", None),
            ("90.0,180.1", None),
            ("-119, -196", None),
            ("(-119, -196)", None),
            ("0,0,128,64", None),
            ("0.0,0.0", None),
            ("52.52, 13.40, 8.1, 0.5", None),
            ("", None),
            ("12", None),
            ("eu-central-1", None),
            ("/var/log", None),
            ("10.0.0.1,10.0.0.2", None),
            ("2026-11-21", None),
        ] {
            assert_eq!(text(value, pair(value.as_bytes())), expected, "{value:?}");
        }
        assert!(pair(b"\xff52.5,13.4").is_none());
    }

    #[test]
    fn one_axis() {
        for (value, north, east) in [
            ("52.5200066,\"lon\"", Some("52.5200066"), Some("52.5200066")),
            ("-33.856784 lng=1", Some("-33.856784"), Some("-33.856784")),
            ("151.215297", None, Some("151.215297")),
            ("52,520008 L", Some("52,520008"), Some("52,520008")),
            ("5.25200066e1", Some("5.25200066e1"), Some("5.25200066e1")),
            ("52.52N", Some("52.52N"), None),
            ("525200066", Some("525200066"), Some("525200066")),
            ("180", None, None),
            ("12ms", None, None),
            ("0", None, None),
            ("0.0", None, None),
            ("null", None, None),
            ("", None, None),
            ("180.1", None, None),
            ("1.2.3", None, None),
        ] {
            assert_eq!(text(value, latitude(value.as_bytes())), north, "{value:?}");
            assert_eq!(text(value, longitude(value.as_bytes())), east, "{value:?}");
        }
        assert_eq!(text("13.4", coordinate(b"13.4")), Some("13.4"));
        for other in ["128", "0.0", "181.5", "", "x"] {
            assert_eq!(coordinate(other.as_bytes()), None);
        }
    }

    #[test]
    fn sentences() {
        for (text, expected) in [
            (
                "$GPRMC,081836,A,3751.65,S,14507.36,E,000.0,360.0,130998,011.3,E*62",
                Some("3751.65,S,14507.36,E"),
            ),
            ("x $GNGGA,123519,4807.038,N,01131.000,E,1,08,0.9", Some("4807.038,N,01131.000,E")),
            ("$GPGLL,4916.45,N,12311.12,W,225444,A*1D", Some("4916.45,N,12311.12,W")),
            ("$GPRMC,081836,V,,,,,,,130998,,*1", None),
            ("$GPGSV,3,1,11,03,03,111,00", None),
            ("$GPRMC,081836,A,3751.65,S", None),
            ("$GPRMC,081836,A\n,3751.65,S,14507.36,E", None),
            ("$GPRMC,081836,A,3751.65,S,14507.36", None),
            ("$GPGLL,", None),
            ("$G", None),
        ] {
            let seen = in_sentence(text.as_bytes(), text.find('$').unwrap());
            assert_eq!(seen.map(|found| &text[found.start..found.end]), expected, "{text}");
        }
    }

    #[test]
    fn pairs_that_say_what_they_are() {
        for (value, expected) in [
            ("geo:48.85,2.35", Some("48.85,2.35")),
            ("@48.8584,2.2945,17z", Some("48.8584,2.2945")),
            ("@1.2,3.4", None),
            ("@12,40", None),
        ] {
            assert_eq!(text(value, at(value.as_bytes(), 0)), expected, "{value:?}");
        }
    }
}
