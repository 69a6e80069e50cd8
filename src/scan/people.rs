//! Names of people in sentences of well-known programs (sudo, su, FTP, OpenVPN), wireless networks, callers.

use super::accept::Hunt;
use super::clients;
use super::logins::is_somebody;
use super::phrases::{head, is_one_of, slot, tail, word_before};
use crate::check::bytes;
use crate::context::{before, byte_at, value};
use crate::detect::{mac, ssid, username};
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
    while start > record
        && end - start < MAX_NAME_BYTES
        && !matches!(text[start - 1], b' ' | b'\t' | b':' | b'"')
    {
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
            && let Some(found) =
                ssid::keyed(rest[..length].strip_suffix(b",").unwrap_or(&rest[..length]), true)
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

/// Who acts in lines of Hadoop, before how they were authenticated: `PriviledgedActionException as:anna (auth:SIMPLE)`,
/// `for user anna (auth:PROXY) via hive (auth:SIMPLE)`. Principals are found by their shape, jobs are nobody.
pub(super) fn authenticated_by(hunt: &mut Hunt<'_>, separator: usize) -> bool {
    const METHODS: [&[u8]; 7] =
        [b"SIMPLE)", b"KERBEROS)", b"PROXY)", b"TOKEN)", b"PLAIN)", b"DIGEST)", b"CERTIFICATE)"];
    const SAID: [&[u8]; 6] = [b"as", b"as:", b"user", b"user:", b"via", b"by"];
    const JOBS: [&[u8]; 6] = [b"job_", b"application_", b"appattempt_", b"attempt_", b"container_", b"task_"];
    static ENDS: [bool; 256] = bytes::table(b" \t\n:=[(,\"'");
    let text = hunt.text;
    let rest = &text[separator + 1..];
    if !METHODS.iter().any(|method| rest.starts_with(method)) || !text[..separator].ends_with(b" (auth") {
        return false;
    }
    let end = separator - 6;
    let line = head(text, end, MAX_NAME_BYTES);
    let name = &line[line.len() - line.iter().rev().take_while(|b| !ENDS[usize::from(**b)]).count()..];
    let is_other =
        name.iter().any(|b| matches!(b, b'@' | b'/' | b'\\')) || JOBS.iter().any(|job| name.starts_with(job));
    let start = end - name.len();
    let said = word_before(text, start);
    let is_outcome =
        || text[..start].ends_with(b"successful for ") || text[..start].ends_with(b"failed for ");
    let is_named = matches!(before(text, start), b':' | b'=') || is_one_of(said, &SAID) || is_outcome();
    if !is_other && is_named && is_somebody(name) {
        login(hunt, start, end);
    }
    true
}
