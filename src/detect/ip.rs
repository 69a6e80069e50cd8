//! IPv4 (RFC 791, RFC 3986 section 3.2.2) and IPv6 (RFC 4291, RFC 5952, RFC 4007 zones) addresses.

mod v6;

pub(crate) use v6::v6_at;

use crate::finding::{Evidence, Match, TypeId};
use crate::rules;
use crate::simd::Dotted;

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

impl Quad {
    /// What a kernel has read, if it is one.
    #[inline(always)]
    pub fn of(read: &Dotted) -> Option<Self> {
        let Dotted { start, end, octets } = *read;
        (end > 0).then_some(Self { start: start as usize, end: end as usize, octets, fifth: None })
    }
}

/// The quad whose fourth octet starts at `fourth`; `None` if there are more numbers around it than
/// a port, or an octet is out of range or has leading zeros (unless all have three digits).
pub(crate) fn quad_at(text: &[u8], fourth: usize) -> Option<Quad> {
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
    // DB2: an address, a port and the time of the connection in twelve digits
    let is_time = text.get(at) == Some(&b'.')
        && text[at + 1..].iter().take(13).take_while(|b| b.is_ascii_digit()).count() == 12;
    let more = digit(at) || (text.get(at) == Some(&b'.') && digit(at + 1) && !is_time);
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
        && !(next == b'.' && text.get(end + 2 + digits).is_some_and(u8::is_ascii_digit))
        || text[end + 1 + digits..].starts_with(b"->");
    if (1..=3).contains(&digits) && value <= most && bordered { end + 1 + digits } else { end }
}

/// Whether an end of a flow stands behind its interface, whose port follows a slash: `dst inside:192.0.2.7/22` of Cisco.
fn is_flow_end(text: &[u8], start: usize) -> bool {
    let Some(head) = text[start.saturating_sub(40)..start].strip_suffix(b":") else { return false };
    let name =
        head.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
    let before = &head[..head.len() - name];
    name > 0
        && [&b" src "[..], b" dst ", b" for ", b" to ", b" from "].iter().any(|word| before.ends_with(word))
}

/// The IPv4 finding for a quad, its CIDR prefix included.
pub(crate) fn v4_match(text: &[u8], quad: &Quad) -> Match {
    let mut end = prefix_end(text, quad.end, 32);
    if end > quad.end && is_flow_end(text, quad.start) {
        end = quad.end; // a port
    }
    Match {
        start: quad.start,
        end,
        kind: TypeId::IPV4,
        rule: rules::IP,
        confidence: 90,
        evidence: Evidence::SHAPE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{BATCH, Kernel};

    #[test]
    fn what_a_kernel_reads_is_read_alike_here() {
        let parts = ["0", "7", "00", "42", "007", "255", "256", "1000", "x"];
        let mut read = 0;
        for left in ["", "1", ".", " "] {
            for right in ["", ".", ".7", " ", "7"] {
                for i in 0..parts.len().pow(4) {
                    let part = |place: u32| parts[i / parts.len().pow(place) % parts.len()];
                    let head = format!("{:16}{left}{}.{}.{}.", "", part(0), part(1), part(2));
                    let text = format!("{head}{}{right}{:20}", part(3), "");
                    let mut quads = [Dotted::default(); BATCH];
                    Kernel::SCALAR.dotted(text.as_bytes(), &[head.len() as u32], &mut quads);
                    if let Some(quad) = Quad::of(&quads[0]) {
                        assert_eq!(Some(quad), quad_at(text.as_bytes(), head.len()), "{text}");
                        read += 1;
                    }
                }
            }
        }
        assert!(read > 500, "{read}");
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
