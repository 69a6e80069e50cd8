//! The canonical form of a value, so that its spellings get one token.
//!
//! What does not have the form of its type stays byte for byte, led by a mark, so that it can't
//! meet the octets of another value.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::finding::TypeId;

/// Stands before a value that does not have the form of its type.
const UNPARSED: &[u8] = b"unparsed:";

/// Appends the canonical form of `value`.
pub(crate) fn write(kind: TypeId, value: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    let formed = match kind {
        TypeId::IPV4 | TypeId::IPV6 => address(value).map(|ip| octets(ip, out)).is_some(),
        TypeId::MAC => hex_octets(value, &[6, 8], out),
        TypeId::UUID => hex_octets(value, &[16], out),
        TypeId::EMAIL => email(value, out),
        TypeId::PHONE => phone(value, out),
        TypeId::CARD | TypeId::IMEI | TypeId::IMEISV | TypeId::IMSI | TypeId::ICCID => digits(value, out),
        TypeId::IBAN | TypeId::BANK | TypeId::NATIONAL_ID | TypeId::MEID | TypeId::VIN => {
            alphanumeric(value, out)
        }
        TypeId::HOSTNAME_IP => {
            out.extend(value.iter().map(u8::to_ascii_lowercase));
            true
        }
        _ => {
            out.extend_from_slice(value);
            true
        }
    };
    if !formed {
        out.truncate(start);
        out.extend_from_slice(UNPARSED);
        out.extend_from_slice(value);
    }
}

/// A readable text of a canonical form: what `detokenize` prints.
pub(crate) fn render(kind: TypeId, canonical: &[u8]) -> Vec<u8> {
    if let (Some(raw), true) = (canonical.strip_prefix(UNPARSED), may_be_unparsed(kind, canonical)) {
        return raw.to_vec();
    }
    let text = match (kind, canonical.len()) {
        (TypeId::IPV4 | TypeId::IPV6, 4) => {
            canonical.first_chunk::<4>().map(|o| Ipv4Addr::from(*o).to_string())
        }
        (TypeId::IPV4 | TypeId::IPV6, 16) => {
            canonical.first_chunk::<16>().map(|o| Ipv6Addr::from(*o).to_string())
        }
        (TypeId::MAC, _) => Some(hex(canonical, b':', |_| true)),
        (TypeId::UUID, 16) => Some(hex(canonical, b'-', |i| matches!(i, 4 | 6 | 8 | 10))),
        _ => None,
    };
    text.map_or_else(|| canonical.to_vec(), String::into_bytes)
}

/// Types whose values are any bytes, and e-mail addresses, may begin with the mark by themselves.
fn may_be_unparsed(kind: TypeId, canonical: &[u8]) -> bool {
    match kind {
        TypeId::EMAIL => !canonical.contains(&b'@'),
        TypeId::IPV4 | TypeId::IPV6 | TypeId::MAC | TypeId::UUID | TypeId::PHONE => true,
        TypeId::CARD | TypeId::IMEI | TypeId::IMEISV | TypeId::IMSI | TypeId::ICCID => true,
        TypeId::IBAN | TypeId::BANK | TypeId::NATIONAL_ID | TypeId::MEID | TypeId::VIN => true,
        _ => false,
    }
}

/// The address of a text, v4-mapped ones as v4 (RFC 4291 section 2.5.5.2), a zone left out, and a
/// prefix length that is the whole address.
pub(crate) fn address(value: &[u8]) -> Option<IpAddr> {
    if let Some(v4) = dotted(value) {
        return Some(IpAddr::V4(v4));
    }
    let text = std::str::from_utf8(value).ok()?;
    let is_v6 = text.contains(':');
    let text = text.strip_suffix(if is_v6 { "/128" } else { "/32" }).unwrap_or(text);
    let text = text.split_once('%').map_or(text, |(address, _zone)| address);
    text.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

/// The address of a canonical form.
pub(crate) fn address_of(canonical: &[u8]) -> Option<IpAddr> {
    if canonical.starts_with(UNPARSED) {
        return None;
    }
    let v4 = <[u8; 4]>::try_from(canonical).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(canonical).map(IpAddr::from)).ok()
}

/// Appends an address as text (RFC 5952 for IPv6).
pub(crate) fn write_address(ip: IpAddr, out: &mut Vec<u8>) {
    match ip {
        IpAddr::V4(v4) => {
            for (index, octet) in v4.octets().into_iter().enumerate() {
                if index > 0 {
                    out.push(b'.');
                }
                let digits = [octet / 100, octet / 10 % 10, octet % 10];
                let zeros = if octet >= 100 { 0 } else { 1 + usize::from(octet < 10) };
                out.extend(digits.iter().skip(zeros).map(|d| b'0' + d));
            }
        }
        IpAddr::V6(v6) => out.extend_from_slice(v6.to_string().as_bytes()),
    }
}

/// Four decimal octets, as `Ipv4Addr`'s parser takes them (no leading zeros), at a third of its cost.
fn dotted(value: &[u8]) -> Option<Ipv4Addr> {
    let mut octets = [0u8; 4];
    let (mut index, mut number, mut count) = (0, 0u32, 0);
    for &byte in value {
        match byte {
            b'0'..=b'9' if count == 0 || (count < 3 && number != 0) => {
                number = number * 10 + u32::from(byte - b'0');
                count += 1;
            }
            b'.' if count > 0 && index < 3 => {
                *octets.get_mut(index)? = u8::try_from(number).ok()?;
                (index, number, count) = (index + 1, 0, 0);
            }
            _ => return None,
        }
    }
    if index != 3 || count == 0 {
        return None;
    }
    *octets.get_mut(3)? = u8::try_from(number).ok()?;
    Some(Ipv4Addr::from(octets))
}

fn octets(ip: IpAddr, out: &mut Vec<u8>) {
    match ip {
        IpAddr::V4(v4) => out.extend_from_slice(&v4.octets()),
        IpAddr::V6(v6) => out.extend_from_slice(&v6.octets()),
    }
}

/// Hexadecimal digits in any case with `:`, `-`, `.` or nothing between, braces and `urn:uuid:` left out.
fn hex_octets(value: &[u8], lengths: &[usize], out: &mut Vec<u8>) -> bool {
    let value = match value.split_at_checked(9) {
        Some((urn, rest)) if urn.eq_ignore_ascii_case(b"urn:uuid:") => rest,
        _ => value,
    };
    let start = out.len();
    let mut half = None;
    for &byte in value {
        let Some(digit) = (byte as char).to_digit(16) else {
            if matches!(byte, b':' | b'-' | b'.' | b'{' | b'}') {
                continue;
            }
            return false;
        };
        match half.take() {
            None => half = Some(digit as u8),
            Some(high) => out.push(high << 4 | digit as u8),
        }
    }
    half.is_none() && lengths.contains(&(out.len() - start))
}

/// Lower case, the domain as A-labels (RFC 5891); the dot that ends a full domain left out.
fn email(value: &[u8], out: &mut Vec<u8>) -> bool {
    let Some(at) = value.iter().rposition(|&b| b == b'@') else { return false };
    let Some((local, domain)) = value.split_at_checked(at) else { return false };
    let domain = domain.strip_prefix(b"@").unwrap_or(domain);
    let domain = domain.strip_suffix(b".").unwrap_or(domain);
    if local.is_ascii() {
        out.extend(local.iter().map(u8::to_ascii_lowercase));
    } else if let Ok(text) = std::str::from_utf8(local) {
        out.extend_from_slice(text.to_lowercase().as_bytes());
    } else {
        out.extend_from_slice(local);
    }
    out.push(b'@');
    self::domain(domain, out);
    true
}

/// A domain in lower case as A-labels; what IDNA refuses stays, in lower case.
pub(crate) fn domain(value: &[u8], out: &mut Vec<u8>) {
    let plain = value.is_ascii() && !value.windows(4).any(|w| w.eq_ignore_ascii_case(b"xn--"));
    let labels = if plain { None } else { idna::domain_to_ascii_cow(value, idna::AsciiDenyList::EMPTY).ok() };
    match labels {
        Some(labels) => out.extend_from_slice(labels.as_bytes()),
        None => out.extend(value.iter().map(u8::to_ascii_lowercase)),
    }
}

/// `+` and digits (E.164) if the number is international, digits alone if it is not; a trunk
/// zero in brackets, as in `+44 (0)20 …`, is left out.
fn phone(value: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let international = value.iter().find(|b| **b == b'+' || b.is_ascii_digit()) == Some(&b'+');
    if international {
        out.push(b'+');
    }
    let mut rest = value;
    while let Some((&byte, after)) = rest.split_first() {
        rest = match after {
            [b'0', b')', more @ ..] if international && byte == b'(' => more,
            _ => after,
        };
        if byte.is_ascii_digit() {
            out.push(byte);
        }
    }
    let digits = out.get(start..).unwrap_or_default();
    if let ([b'0', b'0', ..], false) = (digits, international) {
        // The international prefix most countries dial (ITU-T E.123); `00` never starts a national number.
        out.splice(start..start + 2, [b'+']);
    }
    out.get(start..).is_some_and(|d| d.iter().any(u8::is_ascii_digit))
}

fn digits(value: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    out.extend(value.iter().filter(|b| b.is_ascii_digit()));
    // A letter means that it is no such number (a masked one, say): it keeps its own bytes.
    out.len() > start && !value.iter().any(|b| b.is_ascii_alphabetic() || *b == b'*')
}

/// Letters in upper case and digits; bytes above ASCII stay, so that nothing collapses.
fn alphanumeric(value: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let kept = value.iter().filter(|b| b.is_ascii_alphanumeric() || !b.is_ascii());
    out.extend(kept.map(u8::to_ascii_uppercase));
    out.len() > start
}

fn hex(bytes: &[u8], separator: u8, before: impl Fn(usize) -> bool) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && before(index) {
            text.push(separator as char);
        }
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(kind: TypeId, value: impl AsRef<[u8]>) -> Vec<u8> {
        let mut out = Vec::new();
        write(kind, value.as_ref(), &mut out);
        out
    }

    #[test]
    fn spellings_join() {
        let cases: &[(TypeId, &[&str])] = &[
            (
                TypeId::IPV4,
                &[
                    "192.0.2.1",
                    "192.0.2.1/32",
                    "::ffff:192.0.2.1",
                    "::FFFF:c000:0201",
                    "0:0:0:0:0:ffff:192.0.2.1",
                ],
            ),
            (TypeId::IPV6, &["2001:db8::1", "2001:0DB8:0:0:0:0:0:1", "2001:db8::1%eth0", "2001:db8::1/128"]),
            (TypeId::MAC, &["00:1B:44:11:3A:B7", "00-1b-44-11-3a-b7", "001b.4411.3ab7", "001b44113ab7"]),
            (
                TypeId::UUID,
                &[
                    "550E8400-E29B-41D4-A716-446655440000",
                    "{550e8400-e29b-41d4-a716-446655440000}",
                    "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
                ],
            ),
            (TypeId::EMAIL, &["Jane.Doe@Example.COM", "jane.doe@example.com", "jane.doe@example.com."]),
            (TypeId::EMAIL, &["info@bücher.example", "INFO@BÜCHER.example", "info@xn--bcher-kva.example"]),
            (
                TypeId::PHONE,
                &["+1 (202) 555-0143", "+12025550143", "001 202 555 0143", "tel:+1-202-555-0143"],
            ),
            (TypeId::PHONE, &["+44 (0)20 7946 0000", "+442079460000"]),
            (TypeId::CARD, &["4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111"]),
            (TypeId::IBAN, &["GB82 WEST 1234 5698 7654 32", "gb82west12345698765432"]),
            (TypeId::NATIONAL_ID, &["078-05-1120", "078051120"]),
        ];
        for (kind, spellings) in cases {
            for spelling in *spellings {
                assert_eq!(canonical(*kind, spelling), canonical(*kind, spellings[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn different_values_stay_apart() {
        let cases = [
            (TypeId::IPV4, "192.0.2.1", "192.0.2.10"),
            (TypeId::IPV4, "97.98.99.100", "abcd"),
            (TypeId::IPV6, "2001:db8::1", "2001:db8::1:0"),
            (TypeId::IPV4, "192.0.2.1", "192.0.2.01"),
            (TypeId::IPV4, "192.0.2.1", "192.0.2.1/31"),
            (TypeId::IPV6, "2001:db8::1", "2001:db8::1/32"),
            (TypeId::PHONE, "+12025550143", "12025550143"),
            (TypeId::CARD, "4111111111111111", "411111******1111"),
            (TypeId::COOKIE, "abc", "ABC"),
            (TypeId::PASSWORD, "Secret", "secret"),
            (TypeId::EMAIL, "a@example.com", "a@example.org"),
            (TypeId::EMAIL, "", "@"),
            (TypeId::MAC, "", "00:00:00:00:00:00"),
            (TypeId::NATIONAL_ID, "--", "-"),
            (TypeId::NATIONAL_ID, "é1", "ü1"),
        ];
        for (kind, a, b) in cases {
            assert_ne!(canonical(kind, a), canonical(kind, b), "{a} {b}");
        }
    }

    #[test]
    fn octets_are_raw() {
        assert_eq!(canonical(TypeId::IPV6, "::ffff:192.0.2.1"), [192, 0, 2, 1]);
        assert_eq!(canonical(TypeId::MAC, "00:1b:44:11:3a:b7"), [0, 0x1b, 0x44, 0x11, 0x3a, 0xb7]);
        assert_eq!(canonical(TypeId::UUID, "550e8400-e29b-41d4-a716-446655440000").len(), 16);
        assert_eq!(canonical(TypeId::IPV4, b"\xff\xfe"), b"unparsed:\xff\xfe");
        assert_eq!(canonical(TypeId::PHONE, b"\xff"), b"unparsed:\xff");
    }

    #[test]
    fn renders_what_people_read() {
        let cases = [
            (TypeId::IPV4, "192.0.2.1", "192.0.2.1"),
            (TypeId::IPV6, "2001:DB8:0::1", "2001:db8::1"),
            (TypeId::MAC, "001B.4411.3AB7", "00:1b:44:11:3a:b7"),
            (TypeId::UUID, "550E8400E29B41D4A716446655440000", "550e8400-e29b-41d4-a716-446655440000"),
            (TypeId::IPV4, "not one", "not one"),
            (TypeId::COOKIE, "s%3AabcDEF", "s%3AabcDEF"),
            (TypeId::PASSWORD, "unparsed:x", "unparsed:x"),
            (TypeId::EMAIL, "unparsed:a@example.com", "unparsed:a@example.com"),
            (TypeId::EMAIL, "nobody", "nobody"),
        ];
        for (kind, value, text) in cases {
            assert_eq!(render(kind, &canonical(kind, value)), text.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn addresses_are_written_as_the_standard_does(v4 in any::<[u8; 4]>(), v6 in any::<[u8; 16]>()) {
            for ip in [IpAddr::from(v4), IpAddr::from(v6)] {
                let mut out = Vec::new();
                write_address(ip, &mut out);
                prop_assert_eq!(out, ip.to_string().into_bytes());
            }
        }

        #[test]
        fn dotted_agrees_with_the_standard_parser(text in "[0-9.]{0,16}|([0-9]{1,3}\\.){3}[0-9]{1,3}") {
            prop_assert_eq!(dotted(text.as_bytes()), text.parse::<Ipv4Addr>().ok());
        }

        #[test]
        fn canonical_text_is_a_fixed_point(bytes in any::<[u8; 16]>(), v4 in any::<[u8; 4]>()) {
            for kind in [TypeId::IPV4, TypeId::IPV6] {
                for ip in [IpAddr::from(bytes), IpAddr::from(v4)] {
                    let first = canonical(kind, ip.to_string());
                    prop_assert_eq!(&canonical(kind, render(kind, &first)), &first);
                }
            }
        }

        #[test]
        fn any_bytes_have_a_form(value in proptest::collection::vec(any::<u8>(), 0..80)) {
            for kind in TypeId::all() {
                let first = canonical(kind, &value);
                prop_assert_eq!(&first, &canonical(kind, &value));
                render(kind, &first);
            }
        }
    }
}
