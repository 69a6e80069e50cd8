//! Coarser values of the same kind: a place without a street, a network without a machine.
//!
//! Each form is its own generalisation, so that a second pass changes nothing.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::finding::{Group, TypeId};
use crate::policy::Detail;
use crate::rules::phone_table::CODES;

/// Decimals of a position: 2 is about a kilometre.
const GPS_DECIMALS: u32 = 2;
/// Prefix bits that RFC 6235 section 5 takes for addresses.
const IPV4_BITS: u32 = 24;
const IPV6_BITS: u32 = 48;

/// Types whose values a policy's places name, and which may hold a time.
fn is_time_of_content(kind: TypeId) -> bool {
    kind.group() == Group::Content || kind.0 >= TypeId::CUSTOM_FIRST
}

/// Writes the coarser value; false if the type or the value has none, and nothing was written.
///
/// `gps` is cut to `detail` decimals, `ipv4` and `ipv6` to `detail` prefix bits, `mac` to its
/// maker, `email` to its domain, `phone` to its country code, `dob` to its year, `user-agent` to
/// the browser's family. A value of a content type that is a time (a path of the policy may say so) is
/// cut to its bucket of `detail` seconds.
pub(super) fn write(kind: TypeId, value: &[u8], detail: Detail, out: &mut Vec<u8>) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let coarse = match kind {
        TypeId::GPS => position(text, detail.0.unwrap_or(GPS_DECIMALS)),
        TypeId::IPV4 => ipv4(text, detail.0.unwrap_or(IPV4_BITS)),
        TypeId::IPV6 => ipv6(text, detail.0.unwrap_or(IPV6_BITS)),
        TypeId::MAC => maker(text),
        TypeId::EMAIL => domain(text),
        TypeId::PHONE => country(text),
        TypeId::DOB => year(text),
        TypeId::USER_AGENT => family(text),
        // a time stands where a policy names its place; ten digits of an account are no time
        _ if is_time_of_content(kind) => super::bucket::start(text, detail.0),
        _ => None,
    };
    coarse.inspect(|coarse| out.extend_from_slice(coarse.as_bytes())).is_some()
}

/// Every decimal fraction cut, not rounded: a cut value stays as it is when it is cut again.
fn position(text: &str, decimals: u32) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut digits: Option<u32> = None;
    let mut has_digit = false;
    for character in text.chars() {
        match (character, &mut digits) {
            ('0'..='9', Some(count)) => {
                *count += 1;
                if *count <= decimals {
                    out.push(character);
                }
                continue;
            }
            ('0'..='9', None) => has_digit = true,
            ('.', None) => {
                digits = Some(0);
                if decimals > 0 {
                    out.push(character);
                }
                continue;
            }
            // Seconds and quoted parts would tell the place after all.
            ('\'' | '"' | '′' | '″', _) => return None,
            _ => digits = None,
        }
        out.push(character);
    }
    has_digit.then_some(out)
}

fn ipv4(text: &str, bits: u32) -> Option<String> {
    let address: Ipv4Addr = text.split('/').next()?.parse().ok()?;
    let mask = u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0);
    Some(Ipv4Addr::from(u32::from(address) & mask).to_string())
}

fn ipv6(text: &str, bits: u32) -> Option<String> {
    let address: Ipv6Addr = text.split(['/', '%']).next()?.parse().ok()?;
    let mask = u128::MAX.checked_shl(128 - bits.min(128)).unwrap_or(0);
    Some(Ipv6Addr::from(u128::from(address) & mask).to_string())
}

/// The first three octets, which name the maker (IEEE 802), and zeros.
fn maker(text: &str) -> Option<String> {
    let digits = text.chars().filter(char::is_ascii_hexdigit).count();
    let mut kept = 0;
    let zeroed = text.chars().map(|character| {
        kept += usize::from(character.is_ascii_hexdigit());
        if character.is_ascii_hexdigit() && kept > 6 { '0' } else { character }
    });
    (digits == 12).then(|| zeroed.collect())
}

fn domain(text: &str) -> Option<String> {
    let (_, domain) = text.rsplit_once('@')?;
    (!domain.is_empty()).then(|| format!("[EMAIL]@{domain}"))
}

/// `+` and the calling code (ITU-T E.164), the rest as a label, so that it is no number any more.
fn country(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = match text.trim_start().starts_with('+') {
        true => digits.as_str(),
        false => digits.strip_prefix("00")?,
    };
    let code = (1..=3)
        .filter_map(|length| digits.get(..length))
        .find(|code| code.parse::<u16>().is_ok_and(|code| CODES.binary_search(&code).is_ok()))?;
    Some(format!("+{code}[PHONE]"))
}

/// The only group of four digits, if it is a year that people are born in.
fn year(text: &str) -> Option<String> {
    let mut years =
        text.split(|character: char| !character.is_ascii_digit()).filter(|group| group.len() == 4);
    let year =
        years.next().filter(|year| year.parse::<u16>().is_ok_and(|year| (1880..=2100).contains(&year)))?;
    years.next().is_none().then(|| year.to_owned())
}

/// What a user agent says it is: the most exact product name wins, since all claim to be Mozilla.
fn family(text: &str) -> Option<String> {
    const FAMILIES: [(&str, &str); 14] = [
        ("bot", "Bot"),
        ("crawler", "Bot"),
        ("edg", "Edge"),
        ("opr/", "Opera"),
        ("opera", "Opera"),
        ("samsungbrowser", "Samsung"),
        ("firefox", "Firefox"),
        ("chrome", "Chrome"),
        ("crios", "Chrome"),
        ("safari", "Safari"),
        ("curl", "curl"),
        ("wget", "Wget"),
        ("python", "Python"),
        ("okhttp", "OkHttp"),
    ];
    let lower = text.to_ascii_lowercase();
    FAMILIES.iter().find(|(mark, _)| lower.contains(mark)).map(|(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coarse(kind: TypeId, value: &[u8], detail: Option<u32>) -> Option<String> {
        let mut out = Vec::new();
        write(kind, value, Detail(detail), &mut out).then(|| String::from_utf8(out).unwrap())
    }

    #[test]
    fn values_lose_what_is_fine() {
        type Case = (TypeId, &'static [u8], Option<u32>, Option<&'static str>);
        let cases: &[Case] = &[
            (TypeId::GPS, b"52.520008, 13.404954", None, Some("52.52, 13.40")),
            (TypeId::GPS, b"-52.999", Some(0), Some("-52")),
            (TypeId::GPS, b"52.5", Some(4), Some("52.5")),
            (TypeId::GPS, b"52 31' 12.025\"", None, None),
            (TypeId::GPS, b"", None, None),
            (TypeId::IPV4, b"203.0.113.77", None, Some("203.0.113.0")),
            (TypeId::IPV4, b"203.0.113.77", Some(16), Some("203.0.0.0")),
            (TypeId::IPV4, b"203.0.113.77", Some(0), Some("0.0.0.0")),
            (TypeId::IPV4, b"203.0.113.77", Some(99), Some("203.0.113.77")),
            (TypeId::IPV4, b"203.0.113", None, None),
            (TypeId::IPV6, b"2001:db8:1:2::3%eth0", None, Some("2001:db8:1::")),
            (TypeId::IPV6, b"2001:db8:1:2::3", Some(0), Some("::")),
            (TypeId::MAC, b"00:00:5E:00:53:07", None, Some("00:00:5E:00:00:00")),
            (TypeId::MAC, b"0000.5e00.5307", None, Some("0000.5e00.0000")),
            (TypeId::MAC, b"00:00", None, None),
            (TypeId::EMAIL, b"anna@example.com", None, Some("[EMAIL]@example.com")),
            (TypeId::EMAIL, b"anna@", None, None),
            (TypeId::PHONE, b"+49 162 1234567", None, Some("+49[PHONE]")),
            (TypeId::PHONE, b"001-202-555-0107", None, Some("+1[PHONE]")),
            (TypeId::PHONE, b"0162 1234567", None, None),
            (TypeId::DOB, b"1984-02-29", None, Some("1984")),
            (TypeId::DOB, b"29.02.1984", None, Some("1984")),
            (TypeId::DOB, b"29.02.84", None, None),
            (
                TypeId::USER_AGENT,
                b"Mozilla/5.0 (X11) AppleWebKit/537 Chrome/120 Safari/537 Edg/120",
                None,
                Some("Edge"),
            ),
            (TypeId::USER_AGENT, b"Firefox 1.0.7; Windows NT 5.1", None, Some("Firefox")),
            (TypeId::USER_AGENT, b"x", None, None),
            (TypeId::PASSWORD, b"x", None, None),
            (TypeId::EMAIL, b"\xff@x", None, None),
        ];
        for (kind, value, detail, expect) in cases {
            let text = String::from_utf8_lossy(value);
            assert_eq!(coarse(*kind, value, *detail).as_deref(), *expect, "{kind:?} {text}");
        }
    }

    #[test]
    fn coarse_values_stay_as_they_are() {
        for (kind, value) in [
            (TypeId::GPS, "52.52, 13.40"),
            (TypeId::IPV4, "203.0.113.0"),
            (TypeId::IPV6, "2001:db8:1::"),
            (TypeId::DOB, "1984"),
        ] {
            assert_eq!(coarse(kind, value.as_bytes(), None).as_deref(), Some(value));
        }
    }
}
