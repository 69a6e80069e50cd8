//! Host names that embed an address: `203-0-113-77.isp.example`, `ip-10-0-0-1`.

use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The longest host name (RFC 1035 section 2.3.4), in bytes.
const MAX_NAME_BYTES: usize = 253;

/// The host name around `start..end`, which are numbers of an address inside it; `None` if they
/// stand alone or what surrounds them is no host name.
pub(crate) fn around(text: &[u8], start: usize, end: usize) -> Option<Match> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    let mut first = start;
    while first > 0 && start - first < MAX_NAME_BYTES && is_name(text[first - 1]) {
        first -= 1;
    }
    let mut last = end;
    while last < text.len() && last - end < MAX_NAME_BYTES && is_name(text[last]) {
        last += 1;
    }
    while last > end && matches!(text[last - 1], b'.' | b'-') {
        last -= 1;
    }
    while first < start && matches!(text[first], b'.' | b'-') {
        first += 1;
    }
    // `rejected\\tstatic-203-0-113-7.example.net`: the letter of an escape in a string
    if first < start && first > 0 && text[first - 1] == b'\\' && matches!(text[first], b't' | b'n' | b'r') {
        first += 1;
    }
    let name = &text[first..last];
    if name.len() == end - start || name.len() > MAX_NAME_BYTES {
        return None;
    }
    let instance = name.starts_with(b"ip-") || name.starts_with(b"ec2-");
    if !instance && !has_public_suffix(name) {
        return None;
    }
    Some(Match {
        start: first,
        end: last,
        kind: TypeId::HOSTNAME_IP,
        rule: rules::HOSTNAME_IP,
        confidence: 80,
        evidence: Evidence::SHAPE.and(Evidence::SUFFIX),
    })
}

/// The host whose name ends at `end` and holds the octets of its address, as dial-in networks name theirs: as eight
/// hexadecimal digits (`p5b3a91c4.dip0.example.net[91.58.145.196]`) or as numbers in any order
/// (`161.pool85-60-238.example.net [85.60.238.161]`).
pub(crate) fn spelled(text: &[u8], end: usize, octets: [u8; 4]) -> Option<Match> {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    let length = text[..end].iter().rev().take(MAX_NAME_BYTES).take_while(|b| is_name(b)).count();
    let (start, end) = (end - length, end - usize::from(length > 0 && text[end - 1] == b'.'));
    let name = &text[start..end];
    let value = |digit: u8| (digit as char).to_digit(16);
    let number = u32::from_be_bytes(octets);
    let spells = |eight: &[u8]| {
        eight.iter().try_fold(0u32, |all, digit| Some(all << 4 | value(*digit)?)) == Some(number)
    };
    (name.contains(&b'.') && (name.windows(8).any(spells) || has_octets(name, octets))).then_some(Match {
        start,
        end,
        kind: TypeId::HOSTNAME_IP,
        rule: rules::HOSTNAME_IP,
        confidence: 90,
        evidence: Evidence::SHAPE.and(Evidence::STRUCTURE),
    })
}

/// Whether each octet is a number of its own in a name.
fn has_octets(name: &[u8], octets: [u8; 4]) -> bool {
    let mut left = octets.map(|octet| Some(u32::from(octet)));
    for digits in name.split(|b| !b.is_ascii_digit()).filter(|digits| (1..=3).contains(&digits.len())) {
        let number = digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        if let Some(place) = left.iter().position(|octet| *octet == Some(number)) {
            left[place] = None;
        }
    }
    left == [None; 4]
}

/// A public suffix of letters that is not the whole name.
fn has_public_suffix(name: &[u8]) -> bool {
    let last = name.rsplit(|b| *b == b'.').next().unwrap_or(b"");
    if last.len() == name.len() || last.len() < 2 || !last.iter().all(u8::is_ascii_alphabetic) {
        return false;
    }
    // names for documentation (RFC 2606)
    if [&b"example"[..], b"test", b"invalid"].iter().any(|s| last.eq_ignore_ascii_case(s)) {
        return true;
    }
    let mut lower = [0u8; MAX_NAME_BYTES];
    let lower = &mut lower[..name.len()];
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    psl::suffix(lower).is_some_and(|s| s.is_known() && s.as_bytes().len() < lower.len())
}

/// The four dash-separated octets whose last starts at `fourth`: their span.
pub(crate) fn dashed_octets(text: &[u8], fourth: usize) -> Option<(usize, usize)> {
    let digits = |from: usize| text[from..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let length = digits(fourth);
    if !octet(&text[fourth..fourth + length]) {
        return None;
    }
    let end = fourth + length;
    let mut start = fourth;
    for _ in 0..3 {
        let dash = start.checked_sub(1)?;
        if text[dash] != b'-' {
            return None;
        }
        let mut first = dash;
        while first > 0 && dash - first < 4 && text[first - 1].is_ascii_digit() {
            first -= 1;
        }
        if !octet(&text[first..dash]) {
            return None;
        }
        start = first;
    }
    Some((start, end))
}

fn octet(digits: &[u8]) -> bool {
    (1..=3).contains(&digits.len()) && digits.iter().fold(0u32, |v, b| v * 10 + u32::from(b - b'0')) < 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_embed_addresses() {
        let name = |text: &'static str, part: &str| {
            let start = text.find(part).unwrap();
            around(text.as_bytes(), start, start + part.len()).map(|m| &text[m.start..m.end])
        };
        assert_eq!(
            name("rhost=203-0-113-77.isp.example.net x", "203-0-113-77"),
            Some("203-0-113-77.isp.example.net")
        );
        assert_eq!(name("at ip-10-0-0-1 up", "10-0-0-1"), Some("ip-10-0-0-1"));
        assert_eq!(name("a 10-0-0-1 b", "10-0-0-1"), None);
        assert_eq!(name("x 1.2.3.4. y", "1.2.3.4"), None);
    }

    #[test]
    fn dashed_numbers() {
        let text = b"ip-10-0-0-1 2024-05-17-10 1-2-3-256";
        assert_eq!(dashed_octets(text, 10), Some((3, 11)));
        assert_eq!(dashed_octets(text, 23), None);
        assert_eq!(dashed_octets(text, 32), None);
    }
}
