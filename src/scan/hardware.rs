//! Hardware addresses by their shape, and the devices named around them.

use super::accept::Hunt;
use super::{clients, devices, phrases};
use crate::classify::Candidate;
use crate::context::{before, veto};
use crate::detect::mac;
use crate::finding::{Evidence, Match, TypeId};

/// A hardware address whose groups lack their leading zeros (`0:1b:63:84:45:e6`, as Solaris and macOS print
/// them), from a hex digit in it; where it ends.
pub(super) fn short_groups(hunt: &mut Hunt<'_>, at: usize) -> Option<usize> {
    let text = hunt.text;
    let head = &text[at.saturating_sub(17)..at];
    let run = head.iter().rev().take_while(|b| b.is_ascii_hexdigit() || **b == b':').count();
    let start = at - run;
    // a word before the address may end in hex digits (`mac:`)
    let mut firsts = (start..at).filter(|p| *p == start || text[*p - 1] == b':');
    let found = firsts.find_map(|first| mac::at(text, first))?;
    if wants_hardware(hunt) && !veto::is_digest(hunt.keys, text, found.start) {
        hunt.accept(found);
        devices::leased_device(hunt, found.end);
    }
    Some(found.end)
}

/// Whether hardware addresses matter: the name of the device may stand behind one.
fn wants_hardware(hunt: &Hunt<'_>) -> bool {
    let kinds = [TypeId::MAC, TypeId::DEVICE_NAME, TypeId::USERNAME, TypeId::SSID];
    kinds.iter().any(|kind| hunt.wants(*kind))
}

pub(super) fn hardware(hunt: &mut Hunt<'_>, c: Candidate) {
    if !wants_hardware(hunt) {
        return;
    }
    let (text, at) = (hunt.text, c.at as usize);
    // the run of hex digits and separators that the candidate stands in
    let is_part = |b: u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'-' | b'.');
    let mut start = at;
    while start > 0 && at - start < 64 && is_part(text[start - 1]) {
        start -= 1;
    }
    while start < at && !text[start].is_ascii_hexdigit() {
        start += 1;
    }
    // a client id of DHCP: the hardware type of Ethernet and an address (RFC 2132 section 9.14)
    let is_seventh = || text[..start].ends_with(b"cid=[") || is_client_id(text, start);
    if text[start..].starts_with(b"01:") && at == start + 14 && is_seventh() {
        start += 3;
        let rest = &text[start..text.len().min(start + 17)];
        let value = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        if let Some(found) = mac::keyed(value) {
            hunt.accept(Match { start: start + found.start, end: start + found.end, ..found });
        }
        return;
    }
    // the head of such an id with a time, whose address was replaced
    if text[start..].starts_with(b"00:01:00:01:")
        && text.get(start + 23) == Some(&b':')
        && !is_pair(text, start + 24)
    {
        return;
    }
    if let Some(found) = client_address(text, start) {
        hunt.accept(found);
        devices::leased_device(hunt, found.end);
        return;
    }
    // a word before the address may end in hex digits (`mac:`, `added-`)
    for first in [at.checked_sub(14), at.checked_sub(9), Some(start)].into_iter().flatten() {
        if let Some(found) = mac::at(text, first) {
            // the serial number of a certificate may have eight octets (RFC 5280 section 4.1.2.2)
            if found.end - found.start == 23 && is_serial(text, found.start) {
                return;
            }
            if !veto::is_digest(hunt.keys, text, found.start) {
                hunt.accept(found);
                if before(text, found.start) == b':' {
                    devices::named_before(hunt, found.start - 1);
                }
                devices::leased_device(hunt, found.end);
                match before(text, found.start) {
                    b' ' => {
                        clients::admitted(hunt, found.start, found.end);
                        if before(text, found.start - 1) == b'"' {
                            devices::quoted_device(hunt, found.start - 2);
                        }
                    }
                    b'"' if text[found.start..found.end].contains(&b'-') => {
                        clients::network_of(hunt, found.end)
                    }
                    _ => {}
                }
                if matches!(before(text, found.start), b'@' | b'[') && found.end - found.start == 17 {
                    clients::joins(hunt, found.start, found.end);
                }
                if let Some(second) = mac::at(text, found.end + 1).filter(|m| m.start == found.end + 1) {
                    hunt.accept(second);
                }
            }
            return;
        }
    }
}

/// Whether two hex digits stand at `at`.
fn is_pair(text: &[u8], at: usize) -> bool {
    text.get(at..at + 2).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
}

/// Whether seven groups of two hex digits stand at `start` and no more.
fn is_client_id(text: &[u8], start: usize) -> bool {
    let run = phrases::tail(text, start, 21);
    let is_group = |group: &[u8]| group.len() == 2 && group.iter().all(u8::is_ascii_hexdigit);
    let run = &run[..run.iter().take_while(|b| b.is_ascii_hexdigit() || **b == b':').count()];
    run.len() == 20 && run.split(|b| *b == b':').all(is_group)
}

/// The address at the end of a client's own id in DHCP (RFC 8415 section 11; RFC 4361 section 6.1): the kind of id, of
/// hardware, perhaps a time, the address.
fn client_address(text: &[u8], start: usize) -> Option<Match> {
    let run = &text[start..text.len().min(start + 64)];
    let run = &run[..run.iter().take_while(|b| b.is_ascii_hexdigit() || **b == b':').count()];
    if run.len() < 29 {
        return None;
    }
    let of_kind = |kind: &[u8], length: usize| memchr::memmem::find(run, kind).map(|p| p + length);
    let own = of_kind(b"00:01:00:01:", 24).or_else(|| of_kind(b"00:03:00:01:", 12))?;
    let found = mac::keyed(run.get(own..own + 17)?)?;
    Some(Match { start: start + own + found.start, end: start + own + found.end, ..found })
}

/// Both hardware addresses of a sampled flow, behind its agent and two interfaces, as sflowtool(1) writes it:
/// `FLOW,192.0.2.1,3,4,00005e005301,00005e005302,0x0800,…`.
pub(super) fn sampled_flow(hunt: &mut Hunt<'_>, agent: usize, agent_end: usize) {
    let text = hunt.text;
    if !text[..agent].ends_with(b"FLOW,") || !hunt.wants(TypeId::MAC) {
        return;
    }
    let mut at = agent_end + 1;
    for (place, field) in phrases::tail(text, at, 96).split(|b| *b == b',').enumerate().take(4) {
        if place > 1
            && field.len() == 12
            && let Some(found) = mac::keyed(field)
        {
            let evidence = found.evidence.and(Evidence::SLOT_FORMAT);
            hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
        }
        at += field.len() + 1;
    }
}

/// Whether eight octets are the serial number of a certificate, by the words before them.
fn is_serial(text: &[u8], start: usize) -> bool {
    const KEYS: [&[u8]; 8] = [
        b"erial ",
        b"erial number ",
        b"erial=",
        b"erial: ",
        b"erial\":\"",
        b"erial_number=",
        b"erialNumber=",
        b"erialNumber\":\"",
    ];
    const OF_CERTIFICATES: [&[u8]; 8] = [b"tls", b"TLS", b"ssl", b"SSL", b"ert", b"509", b"ssuer", b"ubject"];
    let line = phrases::head(text, start, 128);
    line.ends_with(b"erial Number: ")
        || KEYS.iter().any(|key| line.ends_with(key))
            && OF_CERTIFICATES.iter().any(|word| memchr::memmem::find(line, word).is_some())
}
