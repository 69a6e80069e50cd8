//! IPv4 (RFC 791, RFC 3986 section 3.2.2) and IPv6 (RFC 4291, RFC 5952, RFC 4007 zones) addresses.

use std::net::Ipv6Addr;

use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// A dotted quad and the digits and dots that it stands among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quad {
    pub start: usize,
    /// One past the fourth octet.
    pub end: usize,
    pub octets: [u8; 4],
    /// A fifth number follows behind a dot (`10.0.0.1.443`): its end.
    pub fifth: Option<usize>,
}

/// Four octets of plain decimal, the fourth starting at `fourth`, with no dot and no digit around
/// them: what nearly all quads are. `None` says nothing.
#[inline]
fn plain_quad(text: &[u8], fourth: usize) -> Option<Quad> {
    // the longest three octets and dots, and the two bytes before them
    const BACK: usize = 14;
    let from = fourth.checked_sub(BACK)?;
    // 32 bytes, so that a mask and no comparison bounds an index
    let window: &[u8; 32] = text.get(from..from + 32)?.try_into().ok()?;
    let digit = |at: usize| u32::from(window[at & 31].wrapping_sub(b'0'));
    let octet = |[hundreds, tens, ones]: [u32; 3]| match (tens < 10, hundreds < 10) {
        (false, _) => (ones, 1, 1),
        (true, false) => (tens * 10 + ones, 2, tens),
        (true, true) => (hundreds * 100 + tens * 10 + ones, 3, hundreds),
    };
    let mut octets = [0u8; 4];
    let mut end = BACK + 1;
    while end < BACK + 4 && digit(end) < 10 {
        end += 1;
    }
    let mut dot = BACK - 1;
    let mut is_wrong = digit(BACK) > 9 || end == BACK + 4 || window[end & 31] == b'.';
    for (place, last) in [(3, end - 1), (2, 0), (1, 0), (0, 0)] {
        let last = if place == 3 { last } else { dot - 1 };
        let above = |at: usize| if place == 3 && at < BACK { 10 } else { digit(at) };
        let (value, length, first) = octet([above(last - 2), above(last - 1), digit(last)]);
        is_wrong |= digit(last) > 9 || value > 255 || (length > 1 && first == 0);
        octets[place] = value as u8;
        if place < 3 {
            is_wrong |= window[dot & 31] != b'.';
            dot -= length + 1;
        }
    }
    let (start, left) = (from + dot + 1, window[dot & 31]);
    is_wrong |= left.is_ascii_digit() || left == b'.';
    (!is_wrong).then_some(Quad { start, end: from + end, octets, fifth: None })
}

/// The quad whose fourth octet starts at `fourth`; `None` if there are more numbers around it than
/// a port, or an octet is out of range or has leading zeros (unless all have three digits).
pub(crate) fn quad_at(text: &[u8], fourth: usize) -> Option<Quad> {
    plain_quad(text, fourth).or_else(|| any_quad(text, fourth))
}

fn any_quad(text: &[u8], fourth: usize) -> Option<Quad> {
    let mut octets = [0u8; 4];
    let (value, end, mut padded) = octet_from(text, fourth)?;
    octets[3] = value;
    let mut start = fourth;
    let mut any_padded = padded == Padding::Zeros;
    for slot in octets[..3].iter_mut().rev() {
        let last = start.checked_sub(2)?;
        if text[start - 1] != b'.' {
            return None;
        }
        let mut first = last;
        while first > 0 && text[first - 1].is_ascii_digit() && last - first < 3 {
            first -= 1;
        }
        let (value, octet_end, padding) = octet_from(text, first)?;
        if octet_end != last + 1 {
            return None;
        }
        any_padded |= padding == Padding::Zeros;
        if padding == Padding::Short {
            padded = Padding::Short;
        }
        *slot = value;
        start = first;
    }
    if any_padded && (padded == Padding::Short || octets_widths_differ(text, start, end)) {
        return None;
    }
    if start >= 2 && text[start - 1] == b'.' && text[start - 2].is_ascii_digit() {
        return None;
    }
    if start >= 1 && text[start - 1].is_ascii_digit() {
        return None;
    }
    let fifth = fifth_number(text, end)?;
    Some(Quad { start, end, octets, fifth })
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Padding {
    Short,
    Zeros,
    Full,
}

fn octets_widths_differ(text: &[u8], start: usize, end: usize) -> bool {
    text[start..end].split(|b| *b == b'.').any(|o| o.len() != 3)
}

/// The octet that starts at `at`: value, end, whether it is padded with zeros.
fn octet_from(text: &[u8], at: usize) -> Option<(u8, usize, Padding)> {
    let mut value = 0u32;
    let mut end = at;
    while end < text.len() && text[end].is_ascii_digit() {
        if end - at == 3 {
            return None;
        }
        value = value * 10 + u32::from(text[end] - b'0');
        end += 1;
    }
    if end == at || value > 255 {
        return None;
    }
    let padding = match end - at {
        3 if text[at] == b'0' => Padding::Zeros,
        3 => Padding::Full,
        2 if text[at] == b'0' => return None,
        _ => Padding::Short,
    };
    Some((value as u8, end, padding))
}

/// `Some(None)` if no number follows, `Some(Some(end))` if exactly one below 65,536 does.
fn fifth_number(text: &[u8], end: usize) -> Option<Option<usize>> {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    if text.get(end) != Some(&b'.') || !digit(end + 1) {
        return Some(None);
    }
    let mut at = end + 1;
    let mut value = 0u32;
    while digit(at) && at - end < 7 {
        value = value * 10 + u32::from(text[at] - b'0');
        at += 1;
    }
    let more = digit(at) || (text.get(at) == Some(&b'.') && digit(at + 1));
    (!more && value <= 65_535).then_some(Some(at))
}

/// The end of `/24` behind an address that ends at `end`, if the prefix length is 0 to `most`.
pub(crate) fn prefix_end(text: &[u8], end: usize, most: u32) -> usize {
    if text.get(end) != Some(&b'/') {
        return end;
    }
    let digits = text[end + 1..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let value = text[end + 1..end + 1 + digits].iter().fold(0u32, |v, b| v * 10 + u32::from(b - b'0'));
    let next = text.get(end + 1 + digits).copied().unwrap_or(b'\n');
    let bordered = !(next.is_ascii_alphanumeric() || matches!(next, b'_' | b'/' | b'-'))
        && !(next == b'.' && text.get(end + 2 + digits).is_some_and(u8::is_ascii_digit));
    if (1..=3).contains(&digits) && value <= most && bordered { end + 1 + digits } else { end }
}

/// The IPv4 finding for a quad, its CIDR prefix included.
pub(crate) fn v4_match(text: &[u8], quad: &Quad) -> Match {
    Match {
        start: quad.start,
        end: prefix_end(text, quad.end, 32),
        kind: TypeId::IPV4,
        rule: rules::IP,
        confidence: 90,
        evidence: Evidence::SHAPE,
    }
}

/// The IPv6 address around the colon or hex digit at `at`, with zone and prefix length, and whether
/// it is plausible without a word that announces it (`1::8` is not).
pub(crate) fn v6_at(text: &[u8], at: usize) -> Option<(Match, bool)> {
    let mut start = at;
    while start > 0 && at - start < 48 && (text[start - 1].is_ascii_hexdigit() || text[start - 1] == b':') {
        start -= 1;
    }
    // longer than any address: the end of a digest
    if at - start == 48 && start > 0 && text[start - 1].is_ascii_hexdigit() {
        return None;
    }
    let mut run = start;
    while run < text.len()
        && run - start < 64
        && (text[run].is_ascii_hexdigit() || matches!(text[run], b':' | b'.'))
    {
        run += 1;
    }
    // one colon at the start belongs to a key (`ip:fe80::1`)
    if text[start] == b':' && text.get(start + 1) != Some(&b':') {
        start += 1;
    }
    let mut left = start.checked_sub(1).map_or(b'\n', |p| text[p]);
    // a word that ends in hex digits and one colon is a key too (`iface:fe80::1`, `IPv6:2001:db8::1`)
    if left.is_ascii_alphabetic()
        && let Some(colon) = text[start..run].iter().position(|b| *b == b':')
        && text.get(start + colon + 1).is_some_and(u8::is_ascii_hexdigit)
    {
        start += colon + 1;
        left = b':';
    }
    if left.is_ascii_alphanumeric() || left >= 0x80 || matches!(left, b'.' | b'_' | b'$' | b'\\') {
        return None;
    }
    let (end, address) = longest_address(text, start, run)?;
    let bracketed = left == b'[' && matches!(text.get(end), Some(b']' | b'%'));
    let zoned = zone_end(text, end);
    let whole = prefix_end(text, zoned, 128);
    let right = text.get(whole).copied().unwrap_or(b'\n');
    if whole == end && (right.is_ascii_alphanumeric() || right >= 0x80 || right == b'_') {
        return None;
    }
    let plausible = bracketed || zoned > end || whole > zoned || is_plausible(&text[start..end], &address);
    let found = Match {
        start,
        end: whole,
        kind: TypeId::IPV6,
        rule: rules::IP,
        confidence: 92,
        evidence: Evidence::SHAPE,
    };
    Some((found, plausible))
}

/// The longest address that starts at `start` and ends at or before `run`: trailing punctuation,
/// a port behind eight groups or behind a dot are not part of it.
fn longest_address(text: &[u8], start: usize, run: usize) -> Option<(usize, Ipv6Addr)> {
    let parse = |end: usize| -> Option<(usize, Ipv6Addr)> {
        let ascii = std::str::from_utf8(text.get(start..end)?).ok()?;
        Some((end, ascii.parse().ok()?))
    };
    let mut end = run;
    while end > start
        && (text[end - 1] == b'.' || (text[end - 1] == b':' && text.get(end.wrapping_sub(2)) != Some(&b':')))
    {
        end -= 1;
    }
    if let Some(found) = parse(end) {
        return Some(found);
    }
    let body = &text[start..end];
    // a port of five digits is no group
    if let Some(colon) = body.iter().rposition(|b| *b == b':')
        && body.len() - colon == 6
        && body[colon + 1..].iter().all(u8::is_ascii_digit)
        && let Some(found) = parse(start + colon)
    {
        return Some(found);
    }
    if let Some(dot) = body.iter().rposition(|b| *b == b'.')
        && let Some(found) = parse(start + dot)
    {
        return Some(found);
    }
    let eighth = body.iter().enumerate().filter(|(_, b)| **b == b':').nth(7).map(|(i, _)| i)?;
    if body.iter().filter(|b| **b == b':').count() == 8
        && body[eighth + 1..].iter().all(u8::is_ascii_digit)
        && body.len() - eighth > 2
    {
        return parse(start + eighth);
    }
    None
}

/// The end of a zone (`%eth0`, `%25eth0`, `%3`) behind an address.
fn zone_end(text: &[u8], end: usize) -> usize {
    if text.get(end) != Some(&b'%') {
        return end;
    }
    let zone = text[end + 1..]
        .iter()
        .take(24)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        .count();
    if zone == 0 || is_escape(text, end) { end } else { end + 1 + zone }
}

/// Whether the percent sign at `at` starts the escape of a bracket, slash or another mark (`%5D`, `%2F`), and
/// no zone. `%25` does, as RFC 6874 wants it before a zone, and so may digits alone.
fn is_escape(text: &[u8], at: usize) -> bool {
    let Some(&[high, low]) = text.get(at + 1..at + 3) else { return false };
    matches!(high, b'2' | b'3' | b'5' | b'7') && matches!(low, b'A'..=b'F')
}

/// Spares scopes (`dead::beef` in code), ratios and clock times that happen to parse.
fn is_plausible(body: &[u8], address: &Ipv6Addr) -> bool {
    let digits = body.iter().filter(|b| b.is_ascii_hexdigit()).count();
    let decimals = body.iter().filter(|b| b.is_ascii_digit()).count();
    let groups = body.split(|b| *b == b':').filter(|g| !g.is_empty()).count();
    if groups == 8 {
        // eight groups of two digits are an EUI-64
        return body.split(|b| *b == b':').any(|g| g.len() != 2);
    }
    let segments = address.segments();
    if segments == [0; 8] || segments == [0, 0, 0, 0, 0, 0, 0, 1] {
        return true;
    }
    let well_known = matches!(segments[0], 0xfe80..=0xfebf | 0xfc00..=0xfdff | 0xff00..=0xffff | 0x64)
        || (segments[0] == 0 && segments[5] == 0xffff);
    if well_known {
        return decimals > 0 || groups > 1;
    }
    let long = digits >= 4 && groups >= 2 && (segments[0] > 0x00ff || digits >= 8);
    decimals >= 1 && (long || groups >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_quads_are_read_as_any_are() {
        let parts = ["0", "7", "00", "09", "42", "99", "007", "099", "255", "256", "999", "1000", "x"];
        let mut read = 0;
        for (n, left) in ["", "1", ".", "9.", " ", "x"].iter().enumerate() {
            for (m, right) in ["", ".", ".7", " ", "x", "7"].iter().enumerate() {
                for i in 0..parts.len().pow(4) {
                    if (i + n + m) % 7 != 0 {
                        continue;
                    }
                    let part = |place: u32| parts[i / parts.len().pow(place) % parts.len()];
                    let head = format!("              {left}{}.{}.{}.", part(0), part(1), part(2));
                    let text = format!("{head}{}{right}{:20}", part(3), "");
                    if let Some(quad) = plain_quad(text.as_bytes(), head.len()) {
                        assert_eq!(Some(quad), any_quad(text.as_bytes(), head.len()), "{text}");
                        read += 1;
                    }
                }
            }
        }
        assert!(read > 500, "{read}");
    }

    fn v6(text: &str) -> Option<&str> {
        let at =
            text.find("::").map(|p| p + 1).or_else(|| text.match_indices(':').nth(4).map(|(p, _)| p + 1))?;
        v6_at(text.as_bytes(), at).filter(|(_, plausible)| *plausible).map(|(m, _)| &text[m.start..m.end])
    }

    #[test]
    fn textual_forms_of_v6() {
        for (text, found) in [
            ("x 2001:db8::1 y", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("fe80::1%eth0 up", Some("fe80::1%eth0")),
            ("2001:db8::/32", Some("2001:db8::/32")),
            ("::ffff:192.0.2.1", Some("::ffff:192.0.2.1")),
            ("ip:2001:db8::1:", Some("2001:db8::1")),
            ("2001:db8:0:0:0:0:0:1", Some("2001:db8:0:0:0:0:0:1")),
            ("2001:db8:0:0:0:0:0:1:443", Some("2001:db8:0:0:0:0:0:1")),
            ("2001:db8::1.443 >", Some("2001:db8::1")),
            ("2001:db8::1.", Some("2001:db8::1")),
            ("2001:db8::aa:52914 [", Some("2001:db8::aa")),
            ("<[IPv6:2001:db8::99]>", Some("2001:db8::99")),
            ("iface:fe80::1234", Some("fe80::1234")),
            ("1:2::8", Some("1:2::8")),
            ("1::8", None),
            ("std::string", None),
            ("dead::beef", None),
            ("onTouchEvent::0", None),
            ("Foo::Bar", None),
            ("a::b", None),
            ("2001::db8::1", None),
        ] {
            assert_eq!(v6(text), found, "{text}");
        }
    }

    #[test]
    fn quads_and_their_neighbours() {
        fn quad(text: &str) -> Option<(&str, bool)> {
            let fourth = text.match_indices('.').nth(2).map(|(p, _)| p + 1).unwrap();
            quad_at(text.as_bytes(), fourth).map(|q| (&text[q.start..q.end], q.fifth.is_some()))
        }
        for (text, found) in [
            ("192.0.2.1", Some(("192.0.2.1", false))),
            ("10.0.0.1.443 >", Some(("10.0.0.1", true))),
            ("1.2.3.4.5.6", None),
            ("256.1.1.1", None),
            ("1.2.3.256", None),
            ("1.2.3.4444", None),
            ("01.2.3.4", None),
            ("010.001.002.003", Some(("010.001.002.003", false))),
            ("010.1.002.003", None),
            ("1.2.3.4.", Some(("1.2.3.4", false))),
        ] {
            assert_eq!(quad(text), found, "{text}");
        }
    }

    #[test]
    fn every_octet_is_read_exactly() {
        for value in 0..1000u32 {
            let text = format!("10.0.0.{value}");
            assert_eq!(quad_at(text.as_bytes(), 7).is_some(), value < 256, "{text}");
        }
    }

    #[test]
    fn prefixes() {
        for (text, end) in
            [("1.2.3.4/24", 10), ("1.2.3.4/33", 7), ("1.2.3.4/24/x", 7), ("1.2.3.4/a", 7), ("1.2.3.4/", 7)]
        {
            assert_eq!(prefix_end(text.as_bytes(), 7, 32), end, "{text}");
        }
    }
}
