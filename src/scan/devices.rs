//! Names of people's devices: in sentences, leases, hosts of syslog lines and beside their addresses.

use super::accept::Hunt;
use super::people::MAX_NAME_BYTES;
use super::phrases::{head, slot, word_before};
use crate::check::bytes;
use crate::check::words::Words;
use crate::context::{before, byte_at, value};
use crate::detect::{device_name, mac};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// Bytes that end a name without quotes.
pub(super) static ENDS_NAME: [bool; 256] = bytes::table(b" \t,;()]}\"'<>=|/\n");

/// The device that is told behind an address that ends at `end`: the resource of an address of XMPP (RFC 7622 section
/// 3.4), `romeo@example.org/Romeos-Pixel`; `new device for romeo@example.org: "Romeos Pixel"`.
pub(super) fn behind_address(hunt: &mut Hunt<'_>, end: usize) {
    let text = hunt.text;
    match byte_at(text, end) {
        b'/' => owned_device(hunt, end + 1),
        b':' if text[end..].starts_with(b": \"") => owned_device(hunt, end + 2),
        _ => {}
    }
}

/// Somebody's device in the quotes at `quote`, behind a word for what was done with it: `paired "Galaxy S23 von Ulrike"`,
/// `scanner: found "Jonas's AirPods"`.
pub(super) fn told_in_quotes(hunt: &mut Hunt<'_>, at: usize, quote: usize) {
    static VERBS: Words<13> = Words::new([
        b"paired",
        b"unpaired",
        b"pairing",
        b"found",
        b"discovered",
        b"connected",
        b"disconnected",
        b"forgot",
        b"trusted",
        b"gekoppelt",
        b"verbunden",
        b"verified",
        b"removed",
    ]);
    let text = hunt.text;
    if !hunt.wants(TypeId::DEVICE_NAME) || !VERBS.contains(word_before(text, at)) {
        return;
    }
    if let Some(end) = value::string_end(text, quote, quote - at)
        && let Some(found) = device_name::owned(&text[quote + 1..end], true)
    {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: quote + 1 + found.start, end: quote + 1 + found.end, evidence, ..found });
    }
}

/// The name of somebody's device at `at`, in quotes, in a parenthesis or up to the next blank.
pub(super) fn owned_device(hunt: &mut Hunt<'_>, at: usize) {
    if !hunt.wants(TypeId::DEVICE_NAME) {
        return;
    }
    let text = hunt.text;
    let open = byte_at(text, at);
    let start = at + usize::from(matches!(open, b'"' | b'('));
    let closes = |byte: u8| match open {
        b'"' => matches!(byte, b'"' | b'\n'),
        b'(' => matches!(byte, b')' | b'\n'),
        _ => ENDS_NAME[usize::from(byte)],
    };
    let rest = text.get(start..).unwrap_or_default();
    // `for root from 192.0.2.7`, `for invalid user anna from …`: the commonest of all that follow
    let word = rest.iter().take(16).take_while(|b| b.is_ascii_lowercase()).count();
    if [&b" from "[..], b" user "].iter().any(|next| rest[word..].starts_with(next)) {
        return;
    }
    let (mut length, mut has_joint, mut has_letter) = (0, false, false);
    let is_genitive = |at: usize| rest[at..].starts_with(b"'s ");
    while let Some(&byte) =
        rest.get(length).filter(|byte| length < MAX_NAME_BYTES && (!closes(**byte) || is_genitive(length)))
    {
        has_joint |= matches!(byte, b' ' | b'-' | b'_' | b'.' | b'\'' | 0x80..);
        has_letter |= byte.is_ascii_alphabetic();
        length += 1;
    }
    // `device Pauls iPad over AWDL`
    let second = match rest.get(length..) {
        Some([b' ', next, ..]) if open.is_ascii_uppercase() && length > 2 && next.is_ascii_alphabetic() => {
            let word = rest[length + 1..].iter().take(24).take_while(|b| b.is_ascii_alphanumeric()).count();
            let end = length + 1 + word;
            let model =
                [&b" Pro"[..], b" Max", b" Air", b" Ultra"].into_iter().find(|m| rest[end..].starts_with(m));
            device_name::owned(&rest[..end + model.map_or(0, <[u8]>::len)], true)
        }
        _ => None,
    };
    // no owner and device without something between them, and no device without letters
    let is_joined = length < MAX_NAME_BYTES && length > 5 && has_joint && has_letter;
    if !is_joined && second.is_none() {
        return;
    }
    let name = &rest[..length];
    let name = name.strip_suffix(b".").or_else(|| name.strip_suffix(b":")).unwrap_or(name);
    let whole = if is_joined { device_name::owned(name, true) } else { None };
    if let Some(found) = whole.or(second) {
        let evidence = Evidence::SHAPE.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
}

/// Somebody's device in quotes that end at `close`: `Device found: "Emre's AirPods Pro" 00:00:5e:00:53:01`.
pub(super) fn quoted_device(hunt: &mut Hunt<'_>, close: usize) {
    let line = head(hunt.text, close, MAX_NAME_BYTES);
    if let Some(open) = memchr::memrchr(b'"', line) {
        owned_device(hunt, close - line.len() + open);
    }
}

/// The device that a hardware address in a lease belongs to: `… 02:00:5e:10:00:03 Annas-iPhone`,
/// `… (Annas-iPhone) via eth1`, with the leased address between.
pub(super) fn leased_device(hunt: &mut Hunt<'_>, after_address: usize) {
    let text = hunt.text;
    if byte_at(text, after_address) != b' ' {
        return;
    }
    let mut at = after_address + 1;
    let address =
        text[at..].iter().take(48).take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b':')).count();
    if address >= 7 && byte_at(text, at + address) == b' ' {
        at += address + 1;
    }
    if matches!(byte_at(text, at), b'(' | b'"') || byte_at(text, at).is_ascii_alphabetic() {
        owned_device(hunt, at);
        lessee(hunt, after_address, at);
    }
}

/// The name that a client of DHCP gives itself: `DHCPACK(br0) 192.0.2.7 00:00:5e:00:53:01 tablet-4711` of dnsmasq,
/// `DHCPACK on 192.0.2.7 to 00:00:5e:00:53:01 (tablet-4711) via eth0` of dhcpd.
fn lessee(hunt: &mut Hunt<'_>, after_address: usize, at: usize) {
    const SAID: [&[u8]; 6] =
        [b"DHCPACK", b"DHCPREQUEST", b"DHCPOFFER", b"DHCPDISCOVER", b"DHCPREPLY", b"DHCPADVERTISE"];
    let text = hunt.text;
    let open = usize::from(byte_at(text, at) == b'(');
    let start = at + open;
    let name = &text[start..];
    let ends = |byte: u8| ENDS_NAME[usize::from(byte)] || byte == b'\r';
    let name = &name[..name.iter().take(MAX_NAME_BYTES).take_while(|b| !ends(**b)).count()];
    let after = &text[start + name.len()..];
    let (placed, joint) = if open > 0 {
        (after.starts_with(b") via "), b' ')
    } else {
        (at == after_address + 1 && matches!(after.first(), None | Some(b'\n' | b'\r')), b'(')
    };
    if !placed || !name.first().is_some_and(u8::is_ascii_alphanumeric) || !hunt.wants(TypeId::DEVICE_NAME) {
        return;
    }
    let head = head(text, after_address, 96);
    let is_said = |said: &[u8]| {
        memchr::memmem::find(head, said).is_some_and(|p| head.get(p + said.len()) == Some(&joint))
    };
    // `host-10-11-21-143`: after the address that it was given
    let is_numbered =
        name.split(|b| *b == b'-').filter(|part| part.iter().all(u8::is_ascii_digit)).count() >= 4;
    if !is_numbered && SAID.iter().any(|said| is_said(said)) {
        let (kind, rule) = (TypeId::DEVICE_NAME, rules::DEVICE_NAME);
        hunt.accept(slot(start, start + name.len(), kind, rule, 80));
    }
}

/// The device whose name ends at `end`, before a blank: the host of a syslog line
/// (`Mar 12 10:11:12 Annas-iPhone kernel[0]: …`), and wherever else it stands alone.
pub(super) fn device_before(hunt: &mut Hunt<'_>, end: usize) {
    let text = hunt.text;
    let floor = end.saturating_sub(MAX_NAME_BYTES);
    let mut start = end;
    while start > floor
        && (text[start - 1].is_ascii_alphanumeric() || text[start - 1] >= 0x80 || text[start - 1] == b'-')
    {
        start -= 1;
    }
    // `Tobias's iPhone`
    let owner = ["'s ", "\u{2019}s "].iter().find(|owns| text[..start].ends_with(owns.as_bytes()));
    if let Some(owns) = owner {
        let stop = start - owns.len();
        let is_part = |b: &&u8| b.is_ascii_alphanumeric() || **b >= 0x80;
        start = stop - text[floor.min(stop)..stop].iter().rev().take_while(is_part).count();
    } else if !text[start..end].contains(&b'-') {
        return; // `CPU iPhone OS 18_1`, in every other user agent
    }
    if hunt.wants(TypeId::DEVICE_NAME)
        && (start > floor || start == 0)
        && matches!(before(text, start), b' ' | b'\t' | b'\n')
        && let Some(found) = device_name::owned(&text[start..end], true)
    {
        let evidence = Evidence::SHAPE.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
}

/// The device whose name ends at the colon before its address: `[client:Annas-iPad:00-00-5E-00-53-01]` of Omada.
pub(super) fn named_before(hunt: &mut Hunt<'_>, colon: usize) {
    let text = hunt.text;
    let floor = colon.saturating_sub(MAX_NAME_BYTES);
    let mut start = colon;
    while start > floor && !matches!(text[start - 1], b':' | b'[' | b'\n' | b',' | b'=') {
        start -= 1;
    }
    if start < colon
        && hunt.wants(TypeId::DEVICE_NAME)
        && let Some(found) = device_name::owned(&text[start..colon], true)
    {
        let evidence = Evidence::SHAPE.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
}

/// A lease in the audit log of the DHCP server of Windows, from the end of its address:
/// `…,192.0.2.7,Annas-Laptop.example.com,00005E005301,…`.
pub(super) fn audited_lease(hunt: &mut Hunt<'_>, after_address: usize) {
    let text = hunt.text;
    let host = after_address + 1;
    let is_host = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'-' | b'.' | b'_');
    let length = text.get(host..).unwrap_or_default().iter().take(128).take_while(is_host).count();
    let address = host + length + 1;
    let digits =
        text.get(address..).unwrap_or_default().iter().take(13).take_while(|b| b.is_ascii_hexdigit()).count();
    // `30,03/04/26,10:01:02,DNS Update Request,10.8.14.30,Lenas-Galaxy.example.com,,`
    owned_device(hunt, host);
    if text[host + length..].starts_with(b",,") {
        return;
    }
    if byte_at(text, host + length) != b',' || digits != 12 || byte_at(text, address + 12) != b',' {
        return;
    }
    if let Some(found) = mac::keyed(&text[address..address + 12]) {
        let evidence = found.evidence.and(Evidence::SLOT_FORMAT);
        hunt.accept(Match { start: address + found.start, end: address + found.end, evidence, ..found });
        let label = text[host..host + length].iter().position(|b| *b == b'.').unwrap_or(length);
        if let Some(found) = device_name::owned(&text[host..host + label], true) {
            hunt.accept(Match { start: host + found.start, end: host + found.end, ..found });
        }
    }
}

/// The client of a share of Samba that is somebody's, before its address: `anna-laptop (ipv4:192.0.2.7:50612) closed connection to service
/// docs`, `anna-laptop (ipv4:192.0.2.7:50612) connect to service docs initially as user anna`.
pub(super) fn client_of_share(hunt: &mut Hunt<'_>, word: usize) {
    const SAID: [&[u8]; 2] = [b") closed connection to ", b") connect to "];
    let text = hunt.text;
    let Some(line) = SAID.iter().find_map(|said| text[..word].strip_suffix(*said)) else { return };
    let stop = line.len();
    let line = head(text, stop, 160);
    let Some(open) = memchr::memmem::rfind(line, b" (ipv") else { return };
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'-' | b'_' | b'.' | 0x80..);
    let length = line[..open].iter().rev().take(MAX_NAME_BYTES).take_while(is_part).count();
    let name = &line[open - length..open];
    let start = stop - line.len() + open - length;
    // `\tanna-laptop` in a string: its view knows where the name starts
    if before(text, start) == b'\\' {
        return;
    }
    if hunt.wants(TypeId::DEVICE_NAME)
        && let Some(found) = device_name::of_client(name)
    {
        let evidence = Evidence::SHAPE.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
}
