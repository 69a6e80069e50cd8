//! Canonical forms: what two spellings of one value have in common.

use std::net::Ipv6Addr;

use crate::finding::TypeId;

/// The address in dotted decimal text, with a port, prefix length or zone after it left aside.
pub(crate) fn ipv4(value: &[u8]) -> Option<u32> {
    let mut address = 0u32;
    let mut octets = 0;
    let mut octet = 0u32;
    let mut digits = 0;
    for &byte in value {
        match byte {
            b'0'..=b'9' => {
                octet = octet * 10 + u32::from(byte - b'0');
                digits += 1;
                if digits > 3 || octet > 255 {
                    return None;
                }
            }
            b'.' if digits > 0 && octets < 3 => {
                address = address << 8 | octet;
                (octets, octet, digits) = (octets + 1, 0, 0);
            }
            b':' | b'/' | b'%' => break,
            _ => return None,
        }
    }
    (octets == 3 && digits > 0).then_some(address << 8 | octet)
}

/// The address in any text form of RFC 4291, brackets, zone, port and prefix length left aside.
pub(crate) fn ipv6(value: &[u8]) -> Option<u128> {
    let inner = value.strip_prefix(b"[").unwrap_or(value);
    let end = inner.iter().position(|byte| matches!(byte, b'%' | b']' | b'/')).unwrap_or(inner.len());
    let text = std::str::from_utf8(inner.get(..end)?).ok()?;
    text.parse::<Ipv6Addr>().ok().map(u128::from)
}

/// Six octets in colon, dash, dot, spaced or bare hex.
pub(crate) fn mac(value: &[u8]) -> Option<[u8; 6]> {
    let mut octets = [0u8; 6];
    let mut nibbles = 0;
    for &byte in value {
        if matches!(byte, b':' | b'-' | b'.' | b' ') {
            continue;
        }
        let nibble = (byte as char).to_digit(16)? as u8;
        let octet = octets.get_mut(nibbles / 2)?;
        *octet = *octet << 4 | nibble;
        nibbles += 1;
    }
    (nibbles == 12).then_some(octets)
}

/// The IPv4 address that stands in a host name as four numbers joined by `-` or `.`.
pub(crate) fn embedded_ipv4(value: &[u8]) -> Option<u32> {
    let mut numbers = [0u32; 4];
    let mut count = 0;
    let mut at = 0;
    while at < value.len() {
        let digits = value[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            // A letter between two numbers starts the count again: `ip-10-x-0-0-1`.
            if count < 4 && !matches!(value[at], b'-' | b'.') {
                count = 0;
            }
            at += 1;
            continue;
        }
        let number =
            value[at..at + digits].iter().take(4).fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
        if digits > 3 || number > 255 {
            count = 0;
        } else {
            numbers[count] = number;
            count += 1;
            if count == 4 {
                let address = numbers.iter().fold(0, |address, number| address << 8 | number);
                // RFC 1035 section 3.5: the octets in reverse
                let is_reverse = value[at..].to_ascii_lowercase().ends_with(b".in-addr.arpa");
                return Some(if is_reverse { address.swap_bytes() } else { address });
            }
        }
        at += digits;
    }
    None
}

/// The longest value that has a canonical form; longer ones are compared as they are.
pub(super) const MAX_CANONICAL_BYTES: usize = 320;

/// Writes the form that spellings of one value share and returns it: addresses in lower case,
/// numbers as digits, octets as hex. `None` if the value is too long.
pub(super) fn canonical<'b>(
    kind: TypeId,
    value: &[u8],
    buffer: &'b mut [u8; MAX_CANONICAL_BYTES],
) -> Option<&'b [u8]> {
    let keep: fn(u8) -> Option<u8> = match kind {
        TypeId::EMAIL | TypeId::HOSTNAME_IP => |byte| Some(byte.to_ascii_lowercase()),
        TypeId::PHONE => |byte| byte.is_ascii_digit().then_some(byte),
        TypeId::MAC
        | TypeId::UUID
        | TypeId::CARD
        | TypeId::IBAN
        | TypeId::IMEI
        | TypeId::IMEISV
        | TypeId::MEID
        | TypeId::IMSI
        | TypeId::ICCID
        | TypeId::NATIONAL_ID
        | TypeId::VIN => |byte| byte.is_ascii_alphanumeric().then(|| byte.to_ascii_lowercase()),
        _ => Some,
    };
    let mut length = 0;
    for byte in value.iter().filter_map(|byte| keep(*byte)) {
        *buffer.get_mut(length)? = byte;
        length += 1;
    }
    let start = if kind == TypeId::PHONE && buffer.starts_with(b"00") && length > 2 { 2 } else { 0 };
    buffer.get(start..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_value_meet() {
        let same = |kind, left: &[u8], right: &[u8]| {
            let (mut a, mut b) = ([0; MAX_CANONICAL_BYTES], [0; MAX_CANONICAL_BYTES]);
            canonical(kind, left, &mut a) == canonical(kind, right, &mut b)
        };
        assert!(same(TypeId::PHONE, b"+49 (162) 1234567", b"0049-162-1234567"));
        assert!(same(TypeId::EMAIL, b"Anna@Example.com", b"anna@example.com"));
        assert!(same(TypeId::CARD, b"4111 1111 1111 1111", b"4111-1111-1111-1111"));
        assert!(same(TypeId::MAC, b"00:00:5E:00:53:01", b"0000.5e00.5301"));
        assert!(!same(TypeId::USERNAME, b"Anna", b"anna"));
        assert_eq!(canonical(TypeId::NAME, &[b'x'; 400], &mut [0; MAX_CANONICAL_BYTES]), None);
    }

    #[test]
    fn addresses_are_read_from_host_names() {
        for (name, expect) in [
            (&b"ip-10-0-0-1"[..], Some(0x0a00_0001)),
            (b"203-0-113-77.isp.example", Some(0xcb00_714d)),
            (b"host-300-10-0-0-1", Some(0x0a00_0001)),
            (b"10-0-x-0-1", None),
            (b"10-0-0", None),
            (b"", None),
            (b"99999999999", None),
        ] {
            assert_eq!(embedded_ipv4(name), expect, "{}", String::from_utf8_lossy(name));
        }
    }
}
