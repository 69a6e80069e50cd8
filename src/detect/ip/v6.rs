//! IPv6 addresses in text: the run of groups around a candidate, its longest address, zone and prefix.

use std::net::Ipv6Addr;

use super::prefix_end;
use crate::check::bytes;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The IPv6 address around the colon or hex digit at `at`, with zone and prefix length, and whether
/// it is plausible without a word that announces it (`1::8` is not).
pub(crate) fn v6_at(text: &[u8], at: usize) -> Option<(Match, bool)> {
    let mut start = groups_start(text, at);
    // longer than any address: the end of a digest
    if at - start == 48 && start > 0 && text[start - 1].is_ascii_hexdigit() {
        return None;
    }
    let run = groups_end(text, start, at);
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
    // `02**********3:02:08:…`: the end of one that is masked in part
    let is_masked = text[..start].ends_with(b"**");
    if is_masked || left.is_ascii_alphanumeric() || left >= 0x80 || matches!(left, b'.' | b'$' | b'\\') {
        return None;
    }
    let (end, written) = longest_address(text, start, run)?;
    // `geo_2a02:810d:1234::7_de`: a key of a cache; scopes of programs are glued so, too
    let is_glued = left == b'_' || text.get(end) == Some(&b'_');
    if is_glued && !is_routable(&text[start..end], &written) {
        return None;
    }
    let bracketed = left == b'[' && matches!(text.get(end), Some(b']' | b'%'));
    let zoned = zone_end(text, end);
    let whole = prefix_end(text, zoned, 128);
    let right = text.get(whole).copied().unwrap_or(b'\n');
    if whole == end && (right.is_ascii_alphanumeric() || right >= 0x80) {
        return None;
    }
    let plausible = bracketed || zoned > end || whole > zoned || is_plausible(&text[start..end], &written);
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

/// Where the run of hex digits and colons before `at` starts, at most 48 bytes before.
fn groups_start(text: &[u8], at: usize) -> usize {
    let mut start = at;
    while start >= 8 && at - start < 48 {
        let Some(eight) = text.get(start - 8..start).and_then(|eight| eight.try_into().ok()) else { break };
        let others = bytes::no_hex_group(u64::from_le_bytes(eight));
        if others != 0 {
            return start - others.leading_zeros() as usize / 8;
        }
        start -= 8;
    }
    while start > 0 && at - start < 48 && HEX[usize::from(text[start - 1])] != 16 {
        start -= 1;
    }
    start
}

/// Where the run of hex digits, colons and dots from `at` on ends, at most 64 bytes behind `start`.
fn groups_end(text: &[u8], start: usize, at: usize) -> usize {
    let mut end = at;
    while end < text.len() && end - start < 64 {
        if let Some(eight) = text.get(end..end + 8).filter(|_| end + 8 - start <= 64)
            && let Ok(eight) = eight.try_into()
        {
            let others = bytes::no_hex_group(u64::from_le_bytes(eight));
            end += if others == 0 { 8 } else { others.trailing_zeros() as usize / 8 };
            if others == 0 {
                continue;
            }
        }
        if end == text.len() || HEX[usize::from(text[end])] == 16 && text[end] != b'.' {
            break;
        }
        end += 1;
    }
    end
}

/// An address as it is written.
#[derive(Clone, Copy)]
struct Written {
    address: Ipv6Addr,
    /// Groups and hex digits, those of an IPv4 address at the end included.
    groups: usize,
    digits: usize,
}

/// The address that a text is, in any form of RFC 4291 section 2.2.
fn parse_v6(text: &[u8]) -> Option<Written> {
    let (mut parts, mut count, mut digits, mut gap) = ([0u16; 8], 0, 0, None);
    let mut at = 0;
    if text.starts_with(b"::") {
        (gap, at) = (Some(0), 2);
    }
    while at < text.len() {
        let first = at;
        let mut group = 0u16;
        while let Some(&byte) = text.get(at) {
            let value = HEX[usize::from(byte)];
            if value > 15 {
                break;
            }
            if at - first == 4 {
                return None;
            }
            group = group << 4 | u16::from(value);
            at += 1;
        }
        if at == first {
            return None;
        }
        *parts.get_mut(count)? = group;
        count += 1;
        digits += at - first;
        match text.get(at..).unwrap_or_default() {
            [] => break,
            [b':', b':', ..] if gap.is_none() => (gap, at) = (Some(count), at + 2),
            [b':', _, ..] => at += 1,
            [b'.', ..] => return parse_dotted_v6(text),
            _ => return None,
        }
    }
    match gap {
        None if count == 8 => {}
        Some(gap) if count < 8 => parts[gap..].rotate_right(8 - count),
        _ => return None,
    }
    Some(Written { address: Ipv6Addr::from(parts), groups: count, digits })
}

/// The form with an IPv4 address at its end.
#[cold]
fn parse_dotted_v6(text: &[u8]) -> Option<Written> {
    let address = std::str::from_utf8(text).ok()?.parse().ok()?;
    let groups = text.split(|b| *b == b':').filter(|group| !group.is_empty()).count();
    Some(Written { address, groups, digits: text.iter().filter(|b| b.is_ascii_hexdigit()).count() })
}

/// The value of a hex digit; what is none has a greater one.
static HEX: [u8; 256] = {
    let mut values = [16; 256];
    let mut byte = 0;
    while byte < 256 {
        values[byte] = match byte as u8 {
            digit @ b'0'..=b'9' => digit - b'0',
            letter @ (b'a'..=b'f' | b'A'..=b'F') => (letter | 0x20) - b'a' + 10,
            b':' => COLON,
            _ => 16,
        };
        byte += 1;
    }
    values
};
/// What [`HEX`] says of a colon.
const COLON: u8 = 32;

/// The longest address that starts at `start` and ends at or before `run`: trailing punctuation,
/// a port behind eight groups or behind a dot are not part of it.
fn longest_address(text: &[u8], start: usize, run: usize) -> Option<(usize, Written)> {
    let parse = |end: usize| Some((end, parse_v6(text.get(start..end)?)?));
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
        // or behind dots
        && (body.len() - colon == 6 || body[..colon].contains(&b'.'))
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
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let zone = text[end + 1..].iter().take(24).take_while(is_part).count();
    // `fe80::1%eth0.100`; the stop of a sentence is none of it
    let zone = zone - text[end + 1..end + 1 + zone].iter().rev().take_while(|b| **b == b'.').count();
    if zone == 0 || is_escape(text, end) { end } else { end + 1 + zone }
}

/// Whether the percent sign at `at` starts the escape of a bracket, slash or another mark (`%5D`, `%2F`), and
/// no zone. `%25` does, as RFC 6874 wants it before a zone, and so may digits alone.
fn is_escape(text: &[u8], at: usize) -> bool {
    let Some(&[high, low]) = text.get(at + 1..at + 3) else { return false };
    matches!(high, b'2' | b'3' | b'5' | b'7') && matches!(low, b'A'..=b'F')
}

/// An address that machines have: a first group of four digits out of what is given away, and two more groups.
fn is_routable(body: &[u8], written: &Written) -> bool {
    let first = written.address.segments()[0];
    // IANA's registry of global unicast assignments
    let is_given = matches!(first, 0x2001..=0x2003 | 0x2400..=0x241f | 0x2600..=0x263f | 0x2800..=0x280f | 0x2a00..=0x2a1f)
        || matches!(first, 0x2c00..=0x2c0f | 0xfc00..=0xfdff | 0xfe80..=0xfebf);
    is_given && written.groups > 2 && body.iter().position(|b| *b == b':') == Some(4)
}

/// Spares scopes (`dead::beef` in code), ratios and clock times that happen to parse.
fn is_plausible(body: &[u8], written: &Written) -> bool {
    let &Written { address, groups, digits } = written;
    let has_decimal = body.iter().any(u8::is_ascii_digit);
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
        return has_decimal || groups > 1;
    }
    let long = digits >= 4 && groups >= 2 && (segments[0] > 0x00ff || digits >= 8);
    has_decimal && (long || groups >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_the_standard_library_does() {
        let parts = ["", ":", "::", "0", "1", "db8", "2001", "ffff", "10000", "g", "192.0.2.1", "AbC"];
        let mut seed = 1u64;
        let mut read = 0;
        for _ in 0..200_000 {
            let mut text = String::new();
            for place in 0..seed % 10 {
                seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e);
                text += parts[(seed >> 33) as usize % parts.len()];
                text += if place % 2 == 0 || seed >> 60 > 2 { ":" } else { "" };
            }
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e) >> 3;
            for text in [&text[..], text.trim_end_matches(':')] {
                let read_by_us = parse_v6(text.as_bytes()).map(|written| written.address);
                assert_eq!(read_by_us, text.parse().ok(), "{text}");
                read += usize::from(read_by_us.is_some());
            }
        }
        for groups in 0..10 {
            for gap in 0..=groups {
                let group = |count: usize| vec!["a1"; count].join(":");
                for text in [format!("{}::{}", group(gap), group(groups - gap)), group(groups)] {
                    assert_eq!(
                        parse_v6(text.as_bytes()).map(|written| written.address),
                        text.parse().ok(),
                        "{text}"
                    );
                    read += usize::from(parse_v6(text.as_bytes()).is_some());
                }
            }
        }
        assert!(read > 50, "{read}");
    }

    #[test]
    fn runs_of_groups_are_walked_as_bytes_are() {
        let mut seed = 3u64;
        for _ in 0..20_000 {
            let text: Vec<u8> = (0..100)
                .map(|_| {
                    seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e);
                    b"0123456789abcdefABCDEF::::::..g -"
                        [(seed >> 40) as usize % if seed >> 62 == 0 { 33 } else { 28 }]
                })
                .collect();
            let at = (seed >> 32) as usize % 100;
            let is_part = |b: &u8| b.is_ascii_hexdigit() || *b == b':';
            let back = text[..at].iter().rev().take(48).take_while(|b| is_part(b)).count();
            let start = groups_start(&text, at);
            assert_eq!(start, at - back);
            let on = text[at..].iter().take(64 - back).take_while(|b| is_part(b) || **b == b'.').count();
            assert_eq!(groups_end(&text, start, at), at + on);
        }
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
            ("geo_2001:db8:1234::7_de", Some("2001:db8:1234::7")),
            ("a_2001:db8::7", Some("2001:db8::7")),
            ("std::cab_::de", None),
            ("ab_cd::ef_1", None),
            ("x_dead::beef_y", None),
        ] {
            assert_eq!(v6(text), found, "{text}");
        }
    }
}
