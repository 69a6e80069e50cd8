//! Names of people and their devices in sentences of well-known programs: sudo, su, DHCP, mDNS.

use super::accept::Hunt;
use super::clients;
use super::phrases::{head, is_one_of, slot, tail, word_before};
use crate::check::bytes;
use crate::context::{before, byte_at, value};
use crate::detect::{device_name, mac, ssid, username};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The longest name that is taken, in bytes.
pub(super) const MAX_NAME_BYTES: usize = 64;

/// A login name in a slot of a sentence.
pub(super) fn login(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let kind = TypeId::USERNAME;
    let evidence = Evidence::SLOT_PHRASE;
    hunt.accept(Match { start, end, kind, rule: rules::USERNAME_PHRASE, confidence: 86, evidence });
}

/// The user in the name of a principal, whose first word is what looks like the key
/// (`arn:aws:iam::123456789012:user/anna`).
pub(super) fn principal(hunt: &mut Hunt<'_>, start: usize) {
    let text = hunt.text;
    let rest = &text[start..text.len().min(start + MAX_PRINCIPAL_BYTES)];
    let length = rest.iter().take_while(|b| !matches!(b, b' ' | b'"' | b'\'' | b',' | b'\n' | b'\\')).count();
    if rest.starts_with(b"arn:")
        && let Some(found) = username::keyed(&rest[..length], true)
    {
        hunt.accept(Match { start: start + found.start, end: start + found.end, ..found });
    }
}

/// The longest name of a principal that is read, in bytes.
const MAX_PRINCIPAL_BYTES: usize = 256;

/// Bytes of a login name from `at` on.
pub(super) fn name_bytes(text: &[u8], at: usize) -> usize {
    let is_name = |b: &&u8| {
        b.is_ascii_alphanumeric() || **b >= 0x80 || matches!(**b, b'.' | b'_' | b'-' | b'\\' | b'$' | b'@')
    };
    text.get(at..).unwrap_or_default().iter().take(MAX_NAME_BYTES).take_while(is_name).count()
}

/// The farthest that the caller stands before the user of a sudo line, in bytes: a path between them.
const MAX_SUDO_BYTES: usize = 1024;

/// Who called sudo: `sudo:  alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=…`, from its `USER` key.
pub(super) fn sudo_caller(hunt: &mut Hunt<'_>, user_key: usize) {
    let text = hunt.text;
    let floor = user_key.saturating_sub(MAX_SUDO_BYTES);
    let Some(head) = text.get(floor..user_key).filter(|head| head.ends_with(b" ; ")) else { return };
    let record = memchr::memrchr(b'\n', head).map_or(floor, |p| floor + p + 1);
    let head = &text[record..user_key];
    let Some(colon) = memchr::memmem::find(head, b" : ") else { return };
    let end = record + colon;
    let mut start = end;
    while start > record && end - start < MAX_NAME_BYTES && !matches!(text[start - 1], b' ' | b'\t' | b':') {
        start -= 1;
    }
    if start < end && name_bytes(text, start) == end - start {
        login(hunt, start, end);
    }
}

/// The name before an FTP server's verdict: `[anna] OK LOGIN: Client "203.0.113.7"`.
pub(super) fn ftp_login(hunt: &mut Hunt<'_>, verdict: usize, separator: usize) {
    let text = hunt.text;
    if !text[separator..].starts_with(b": Client \"") || !text[..verdict].ends_with(b"] ") {
        return;
    }
    let end = verdict - 2;
    let floor = end.saturating_sub(MAX_NAME_BYTES);
    if let Some(open) = text[floor..end].iter().rposition(|b| *b == b'[')
        && name_bytes(text, floor + open + 1) == end - (floor + open + 1)
    {
        login(hunt, floor + open + 1, end);
    }
}

/// Both names of su: `(to oradev) alice on pts/0`, from the place of the first.
pub(super) fn su_names(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let end = at + name_bytes(text, at);
    if end == at || !text[end..].starts_with(b") ") {
        return;
    }
    let caller = end + 2;
    let caller_end = caller + name_bytes(text, caller);
    if caller_end > caller && text[caller_end..].starts_with(b" on ") {
        login(hunt, at, end);
        login(hunt, caller, caller_end);
    }
}

/// Bytes that end a name without quotes.
pub(super) static ENDS_NAME: [bool; 256] = bytes::table(b" \t,;()]}\"'<>=|/\n");

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
    while let Some(&byte) = rest.get(length).filter(|byte| length < MAX_NAME_BYTES && !closes(**byte)) {
        has_joint |= matches!(byte, b' ' | b'-' | b'_' | b'.' | b'\'' | 0x80..);
        has_letter |= byte.is_ascii_alphabetic();
        length += 1;
    }
    // no owner and device without something between them, and no device without letters
    if length == MAX_NAME_BYTES || length < 6 || !has_joint || !has_letter {
        return;
    }
    let name = &rest[..length];
    let name = name.strip_suffix(b".").or_else(|| name.strip_suffix(b":")).unwrap_or(name);
    // `device Pauls iPad over AWDL`
    let second = match rest.get(length..) {
        Some([b' ', next, ..]) if open.is_ascii_uppercase() && next.is_ascii_alphabetic() => {
            let word = rest[length + 1..].iter().take(24).take_while(|b| b.is_ascii_alphanumeric()).count();
            device_name::owned(&rest[..length + 1 + word], true)
        }
        _ => None,
    };
    if let Some(found) = device_name::owned(name, true).or(second) {
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

/// `for the Network Card with network address 0x00005E005301` (DHCP client of Windows).
pub(super) fn card_address(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    if !hunt.wants(TypeId::MAC) || !text[at..].starts_with(b"0x") {
        return;
    }
    let start = at + 2;
    let digits = text[start..].iter().take(13).take_while(|b| b.is_ascii_hexdigit()).count();
    let named =
        is_one_of(word_before(text, word), &[b"network", b"hardware", b"mac", b"ethernet", b"physical"]);
    if digits == 12
        && named
        && let Some(found) = mac::keyed(&text[start..start + digits])
    {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
}

/// The quoted name of a wireless network where the line is about one: `starting connection 'Am See'`,
/// `Config: added 'ssid' value 'Am See'`, `joined network "Am See"`.
pub(super) fn wireless(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const RADIO: [&[u8]; 8] = [b"(wl", b"wifi", b"Wifi", b"WiFi", b"Wi-Fi", b"wireless", b"'ssid'", b"wlan"];
    let text = hunt.text;
    if !hunt.wants(TypeId::SSID) {
        return;
    }
    // `with ssid (Am See)` of wireless controllers
    if byte_at(text, at) == b'(' && text[word..at].eq_ignore_ascii_case(b"ssid ") {
        let inside =
            text[at + 1..].iter().take(MAX_NAME_BYTES).take_while(|b| !matches!(b, b')' | b'\n')).count();
        if let Some(found) = ssid::keyed(&text[at + 1..at + 1 + inside], true) {
            let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
            hunt.accept(Match { start: at + 1 + found.start, end: at + 1 + found.end, evidence, ..found });
        }
        return;
    }
    // `roamed AP ap-03f-12 -> ap-03f-14 SSID KlinikPersonal channel 44`
    if text[word..at].starts_with(b"SSID ") {
        let rest = tail(text, at, MAX_NAME_BYTES);
        let length = memchr::memchr(b' ', rest).unwrap_or(0);
        let is_said = [&b" channel "[..], b" RSSI ", b" BSSID ", b" rssi ", b" bssid ", b" auth "]
            .iter()
            .any(|said| rest[length..].starts_with(said));
        let is_name = rest[..length].iter().any(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if is_said
            && is_name
            && let Some(found) = ssid::keyed(&rest[..length], true)
        {
            let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
            return hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
        }
    }
    // ESP32: `wifi:connected with Am See, aid = 3, channel 6, …`
    if text[..word].ends_with(b"wifi:connected ")
        && let Some(end) = memchr::memmem::find(tail(text, at, MAX_NAME_BYTES), b", aid = ")
        && let Some(found) = ssid::keyed(&text[at..at + end], true)
    {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: at + found.start, end: at + found.end, evidence, ..found });
    }
    if !matches!(byte_at(text, at), b'"' | b'\'') {
        return;
    }
    let head = head(text, word, 128);
    if RADIO.iter().any(|radio| memchr::memmem::find(head, radio).is_some()) {
        network_name(hunt, at);
    }
}

/// The name of a network between the quote at `at` and the next; connections by wire have names of their own.
pub(super) fn network_name(hunt: &mut Hunt<'_>, at: usize) {
    const WIRED: [&[u8]; 8] = [b"Wired", b"Kabel", b"Bridge", b"docker", b"virbr", b"br-", b"tun", b"lo'"];
    let text = hunt.text;
    if !hunt.wants(TypeId::SSID) || WIRED.iter().any(|wired| text[at + 1..].starts_with(wired)) {
        return;
    }
    if let Some(end) = value::string_end(text, at, 0).filter(|end| *end > at + 1 && end - at < MAX_NAME_BYTES)
        && let Some(found) = ssid::keyed(&text[at + 1..end], true)
    {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: at + 1 + found.start, end: at + 1 + found.end, evidence, ..found });
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

/// The caller whose number stands in angle brackets that close at `close`, and the name before it:
/// `"Anna Berg" <+4930231251>`, `Processing Anna Berg <4155550123>->…`.
pub(super) fn caller(hunt: &mut Hunt<'_>, close: usize) {
    let text = hunt.text;
    let floor = close.saturating_sub(20);
    let mut start = close;
    while start > floor && text[start - 1].is_ascii_digit() {
        start -= 1;
    }
    let digits = close - start;
    start -= usize::from(before(text, start) == b'+');
    if digits < 3 || before(text, start) != b'<' || before(text, start - 1) != b' ' {
        return;
    }
    let blank = start - 2;
    let named = super::calls::display_name(hunt, blank);
    if digits >= 7 && (named || text[blank.saturating_sub(1)..blank].contains(&b'"')) {
        super::calls::number(hunt, start, close);
        super::calls::detail_record(hunt, blank);
    }
}

/// The user of a tunnel of OpenVPN, from the address and port: `anna/203.0.113.5:52314 MULTI: …`,
/// `203.0.113.5:52314 [anna] Peer Connection Initiated …`.
pub(super) fn tunnel_user(hunt: &mut Hunt<'_>, address: usize, address_end: usize) {
    const SAID: [&[u8]; 10] = [
        b"Control Channel:",
        b"Connection reset, restarting",
        b"MULTI",
        b"SENT CONTROL",
        b"PUSH: ",
        b"TLS: ",
        b"peer info: ",
        b"Data Channel",
        b"Outgoing ",
        b"SIGTERM",
    ];
    let text = hunt.text;
    let port = text[address_end + 1..].iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    let behind = address_end + 1 + port;
    if byte_at(text, behind) == b']' && text[..address].ends_with(b" ") {
        clients::monitored(hunt, address_end);
    }
    // `CLIENT_LIST,anna,203.0.113.5:52314,…`, `ROUTING_TABLE,10.8.0.6,anna,203.0.113.5:52314,…`
    if before(text, address) == b',' && byte_at(text, behind) == b',' {
        let head = head(text, address - 1, 128);
        if head.starts_with(b"CLIENT_LIST,") || head.starts_with(b"ROUTING_TABLE,") {
            let start = address - 1 - head.len() + memchr::memrchr(b',', head).map_or(0, |p| p + 1);
            login(hunt, start, address - 1);
        }
    }
    // `MULTI: Learn: 10.8.0.6 -> anna/203.0.113.5:52314`
    if before(text, address) == b'/' {
        let head = head(text, address, 128);
        let word = memchr::memrchr(b' ', head).map_or(0, |blank| blank + 1);
        if head[..word].ends_with(b" -> ") && memchr::memmem::find(head, b"MULTI: ").is_some() {
            let start = address - head.len() + word;
            if name_bytes(text, start) == address - 1 - start {
                login(hunt, start, address - 1);
            }
        }
    }
    // `openvpn[7311]: anna/10.0.4.37: session established`
    if port == 0 && before(text, address) == b'/' && text[address_end..].starts_with(b": ") {
        let head = head(text, address - 1, 128);
        let word = memchr::memrchr(b' ', head).map_or(0, |blank| blank + 1);
        if memchr::memmem::find(&head[..word], b"openvpn").is_some() && head[..word].ends_with(b": ") {
            let start = address - 1 - head.len() + word;
            login(hunt, start, start + name_bytes(text, start));
        }
    }
    let Some(rest) = text.get(behind..).and_then(|rest| rest.strip_prefix(b" ")).filter(|_| port > 0) else {
        return;
    };
    if let Some(named) = rest.strip_prefix(b"[") {
        let length = name_bytes(text, behind + 2);
        if named[length.min(named.len())..].starts_with(b"] Peer Connection Initiated") {
            login(hunt, behind + 2, behind + 2 + length);
        }
        // `anna/203.0.113.5:52314 [anna] Inactivity timeout`: the same name
        let name = &text[behind + 2..behind + 2 + length];
        if before(text, address) == b'/' && length > 1 && text[..address - 1].ends_with(name) {
            login(hunt, address - 1 - length, address - 1);
            login(hunt, behind + 2, behind + 2 + length);
        }
    } else if before(text, address) == b'/' && SAID.iter().any(|said| rest.starts_with(said)) {
        let floor = address.saturating_sub(MAX_NAME_BYTES);
        let mut start = address - 1;
        while start > floor && !matches!(text[start - 1], b' ' | b'\n' | b'\t' | b'/') {
            start -= 1;
        }
        if name_bytes(text, start) == address - 1 - start {
            login(hunt, start, address - 1);
        }
        if rest.starts_with(b"SENT CONTROL [") {
            let start = behind + 15;
            login(hunt, start, start + name_bytes(text, start));
        }
    }
}

/// `Steve_42[/203.0.113.56:51234] logged in` of game servers: the name before the address at `start`.
pub(super) fn player(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let text = hunt.text;
    let Some(open) = start.checked_sub(2).filter(|at| text[*at] == b'[') else { return };
    let port = text[end + 1..].iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    let name =
        text[..open].iter().rev().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    if name >= 3 && text[end + 1 + port..].starts_with(b"] logged in") && before(text, open - name) == b' ' {
        hunt.accept(slot(open - name, open, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}

/// The name in brackets behind a number, as `id` prints it, and the groups of the same name:
/// `uid=1004(hana) gid=1004(hana) groups=1004(hana),27(sudo)`.
pub(super) fn numbered_user(hunt: &mut Hunt<'_>, separator: usize) {
    let text = hunt.text;
    let digits = bytes::digits(&text[separator + 1..]);
    let open = separator + 1 + digits;
    if digits == 0 || byte_at(text, open) != b'(' {
        return;
    }
    let name = tail(text, open + 1, MAX_NAME_BYTES);
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@' | b'\\');
    let Some(length) = memchr::memchr(b')', name).filter(|length| *length > 0) else { return };
    // `uid=10125(com.example.app)` of Android: a package
    let is_package = digits > 4 && name[..length].contains(&b'.');
    if is_package || !name[..length].iter().all(is_part) {
        return;
    }
    super::daemons::name(hunt, open + 1, open + 1 + length);
    let fenced = &text[open..open + length + 2];
    let rest = open + fenced.len();
    for place in memchr::memmem::find_iter(tail(text, rest, MAX_NAME_BYTES), fenced).take(3) {
        super::daemons::name(hunt, rest + place + 1, rest + place + 1 + length);
    }
}
