//! Who stands around the address of a client: users before it, devices that a request comes from, what a client sends.

use super::accept::Hunt;
use super::devices::{ENDS_NAME, owned_device};
use super::people::{MAX_NAME_BYTES, login, name_bytes};
use super::phrases::{head, slot, tail};
use crate::context::{before, byte_at, value};
use crate::detect::ssid;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// Who a clause says logged in, before ` from ` at `word`: `SHELL_LOGIN(l): -DevIP=192.0.2.1; anna logged in from …`.
pub(super) fn logged_in(hunt: &mut Hunt<'_>, word: usize) {
    const SAID: [&[u8]; 6] = [
        b" logged in ",
        b" logged out ",
        b" signed in ",
        b" authenticated ",
        b" logged on ",
        b" logged off ",
    ];
    const OPENS: [&[u8]; 6] = [b": ", b"; ", b"] ", b" - ", b"| ", b"> "];
    let text = hunt.text;
    // `in`, `out`, `ed`, `on`, `off`
    if !matches!(before(text, word.saturating_sub(1)), b'n' | b't' | b'd' | b'f') {
        return;
    }
    let Some(end) = SAID.iter().find_map(|said| text[..word].strip_suffix(*said)).map(<[u8]>::len) else {
        return;
    };
    let start = end - text[..end].iter().rev().take(MAX_NAME_BYTES).take_while(|b| is_one_name(**b)).count();
    let opens = before(text, start) == b'\n' || OPENS.iter().any(|open| text[..start].ends_with(open));
    let is_thing =
        [&b"peer"[..], b"node", b"server", b"client", b"device", b"host", b"agent", b"session", b"it"]
            .iter()
            .any(|thing| text[start..end].eq_ignore_ascii_case(thing));
    if start < end && opens && !is_thing && super::logins::is_somebody(&text[start..end]) {
        super::daemons::name(hunt, start, end);
    }
}

/// Somebody's device that a request comes from; most are addresses and servers.
pub(super) fn owned_client(hunt: &mut Hunt<'_>, at: usize) {
    let at = at + usize::from(byte_at(hunt.text, at) == b'[');
    let name = &hunt.text[at..];
    let length = name.iter().take(MAX_NAME_BYTES).take_while(|b| !ENDS_NAME[usize::from(**b)]).count();
    // a genitive
    let named = |pair: &[u8]| matches!(pair, b"s-" | b"S-" | b"'s");
    if name[..length].first().is_some_and(u8::is_ascii_alphabetic) && name[..length].windows(2).any(named) {
        owned_device(hunt, at);
    }
}

/// Who transferred a file, behind the address and the port of the server: `…198.51.100.3\t21\tftp_anna\t<hidden>\tRETR\t…`
/// of Zeek's `ftp.log`, where no line says what its columns are.
pub(super) fn transferred(hunt: &mut Hunt<'_>, address_end: usize) {
    let mut fields = tail(hunt.text, address_end, 160).split(|b| *b == b'\t').skip(1);
    if fields.next() != Some(b"21") {
        return;
    }
    let (Some(user), Some(_), Some(command)) = (fields.next(), fields.next(), fields.next()) else { return };
    // the commands of RFC 959
    let is_command = (3..=4).contains(&command.len()) && command.iter().all(u8::is_ascii_uppercase);
    if is_command && !matches!(user, b"-" | b"(empty)" | b"<unknown>" | b"anonymous" | b"ftp") {
        let start = address_end + 4;
        super::daemons::name(hunt, start, start + user.len());
    }
}

/// Whose log-in it was, in brackets at the start of the message or behind its tag, before ` from ` at `word`:
/// `[anna] failed to login from 192.0.2.7` of ZNC, `[LOGIN_ERROR] anna (example.org) from 192.0.2.7` of SquirrelMail.
pub(super) fn tagged(hunt: &mut Hunt<'_>, word: usize) {
    const SAID: [&[u8]; 3] = [b"] failed to login ", b"] connected to ZNC ", b"] disconnected from ZNC "];
    let text = hunt.text;
    if word < 4 {
        return;
    }
    match text[word - 2] {
        b')' => {
            let line = head(text, word - 2, 160);
            let Some(open) = memchr::memmem::rfind(line, b" (") else { return };
            let Some(tag) = memchr::memmem::rfind(&line[..open], b"] ").filter(|tag| tag + 2 < open) else {
                return;
            };
            let kind = memchr::memrchr(b'[', &line[..tag]).map_or(&b""[..], |at| &line[at..tag]);
            let start = word - 2 - line.len() + tag + 2;
            if kind.starts_with(b"[LOGIN") {
                super::daemons::name(hunt, start, word - 2 - line.len() + open);
            }
        }
        b'n' | b'C' => {
            let line = head(text, word, 96);
            let Some(close) =
                SAID.iter().find(|said| line.ends_with(said)).map(|said| line.len() - said.len())
            else {
                return;
            };
            if let Some(open) = memchr::memrchr(b'[', &line[..close]) {
                let start = word - line.len();
                super::daemons::name(hunt, start + open + 1, start + close);
            }
        }
        _ => {}
    }
}

/// Somebody's device that a client of BIND asks for: `192.0.2.7#53122 (annas-macbook.lan): query: annas-macbook.lan IN A`.
pub(super) fn asked_for(hunt: &mut Hunt<'_>, address_end: usize) {
    let line = tail(hunt.text, address_end, 160);
    for (word, most) in [(&b" ("[..], 8), (b"): query: ", 96)] {
        if let Some(at) = memchr::memmem::find(line, word).filter(|at| *at < most) {
            owned_client(hunt, address_end + at + word.len());
        }
    }
}

/// What a client of Redis sends, in its monitor, from the end of the client's address:
/// `[0 192.0.2.7:51230] "AUTH" "anna" "x"`.
pub(super) fn monitored(hunt: &mut Hunt<'_>, address_end: usize) {
    let text = hunt.text;
    let line = tail(text, address_end, 200);
    let Some(command) = memchr::memmem::find(line, b"] \"").filter(|p| *p <= 6).map(|p| p + 2) else {
        return;
    };
    let rest = &line[command..];
    let is = |name: &[u8]| rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let at = match () {
        () if is(b"\"AUTH\" \"") => 7,
        () if is(b"\"HELLO\" \"3\" \"AUTH\" \"") => 19,
        () if is(b"\"CONFIG\" \"SET\" \"requirepass\" \"") => 29,
        () => return,
    };
    let first = address_end + command + at;
    let Some(end) = value::string_end(text, first, 0) else { return };
    let second = text[end..].starts_with(b"\" \"").then(|| value::string_end(text, end + 2, 0)).flatten();
    let (open, close) = second.map_or((first, end), |close| (end + 2, close));
    if second.is_some() {
        super::daemons::name(hunt, first + 1, end);
    }
    hunt.accept(slot(open + 1, close, TypeId::PASSWORD, rules::PASSWORD, 92));
}

/// Who and which network a wireless controller writes around a station's address:
/// `User[anna@00:00:5e:00:53:01] joins WLAN[Am See]`, `client[00:00:5e:00:53:01] associated to ssid[Am See]`.
pub(super) fn joins(hunt: &mut Hunt<'_>, address: usize, address_end: usize) {
    let text = hunt.text;
    if text[address - 1] == b'@' {
        let floor = address.saturating_sub(MAX_NAME_BYTES);
        let length = text[floor..address - 1].iter().rev().take_while(|b| is_one_name(**b)).count();
        let start = address - 1 - length;
        if [&b"User["[..], b"user[", b"Client[", b"client["].iter().any(|key| text[..start].ends_with(key)) {
            super::daemons::name(hunt, start, address - 1);
        }
    }
    if byte_at(text, address_end) != b']' || !hunt.wants(TypeId::SSID) {
        return;
    }
    let line = tail(text, address_end, 64);
    let Some(open) = [&b"WLAN["[..], b"ssid[", b"SSID["]
        .iter()
        .find_map(|word| memchr::memmem::find(line, word).map(|p| p + word.len()))
    else {
        return;
    };
    let Some(length) = memchr::memchr(b']', &line[open..]) else { return };
    let start = address_end + open;
    if let Some(found) = ssid::keyed(&text[start..start + length], true) {
        let evidence = found.evidence.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
}

/// Who logs in at a portal, before the addresses of their device: `ACCEPT: anna, 00:00:5e:00:53:01, 192.0.2.7`.
pub(super) fn admitted(hunt: &mut Hunt<'_>, address: usize, address_end: usize) {
    let text = hunt.text;
    let behind = text[address_end..].strip_prefix(b", ").unwrap_or_default();
    let Some(head) = text[..address].strip_suffix(b", ") else { return };
    let length =
        head.iter().rev().take(MAX_NAME_BYTES).take_while(|b| is_one_name(**b) || **b == b'@').count();
    let start = head.len() - length;
    if behind.first().is_some_and(u8::is_ascii_hexdigit) && head[..start].ends_with(b": ") {
        super::daemons::name(hunt, start, head.len());
    }
}

/// The network behind the dashed address of its access point, in quotes: `"00-00-5E-00-53-01:Am See"`.
pub(super) fn network_of(hunt: &mut Hunt<'_>, address_end: usize) {
    let line = tail(hunt.text, address_end, 40);
    let Some(close) = memchr::memchr(b'"', line).filter(|close| *close > 1 && line[0] == b':') else {
        return;
    };
    let start = address_end + 1;
    if hunt.wants(TypeId::SSID)
        && let Some(found) = ssid::keyed(&line[1..close], true)
    {
        let evidence = found.evidence.and(Evidence::SLOT_FORMAT);
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
    }
}

/// The user at a terminal between two addresses or before one: `192.0.2.65 anna tty2 192.0.2.64` of TACACS+,
/// `anna     pts/0        192.0.2.7` of w(1) and last(1).
pub(super) fn at_terminal(hunt: &mut Hunt<'_>, address: usize, address_end: usize) {
    let text = hunt.text;
    let terminal = |word: &[u8]| {
        [&b"tty"[..], b"pts/", b"vty"].iter().any(|kind| {
            word.strip_prefix(*kind)
                .is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit) && rest.len() < 5)
        })
    };
    if byte_at(text, address_end + 1).is_ascii_lowercase() {
        let length = name_bytes(text, address_end + 1);
        let end = address_end + 1 + length;
        let next = text.get(end + 1..).unwrap_or_default();
        let word = &next[..next.iter().take(12).take_while(|b| **b != b' ').count()];
        // CouchDB: `192.0.2.7 anna GET /db 200`
        let is_method =
            matches!(word, b"GET" | b"POST" | b"PUT" | b"HEAD" | b"DELETE") && next.contains(&b'/');
        if byte_at(text, end) == b' ' && (terminal(word) || is_method) {
            super::daemons::name(hunt, address_end + 1, end);
        }
    }
    if matches!(text[..address], [.., b' ' | b'0'..=b'9', b' ']) {
        let head = super::phrases::head(text, address, 96);
        let line = address - head.len();
        let mut words = head.split(|b| *b == b' ').filter(|word| !word.is_empty()).rev();
        if let Some(last) = words.next()
            && terminal(last)
            && let Some(name) = words.next()
            && let Some(at) = memchr::memmem::rfind(head, last)
            && let Some(start) = memchr::memmem::rfind(&head[..at], name)
            && name.iter().all(|b| is_one_name(*b))
        {
            super::daemons::name(hunt, line + start, line + start + name.len());
        }
    }
}

/// Who is named before the address of their client: `INFO: anna 192.0.2.7 "GET /agents"` of Wazuh's API,
/// `[27/Jul/2026 16:06:44] anna - 192.0.2.7 global miniserv.pl "failed"` of Webmin.
pub(super) fn named_client(hunt: &mut Hunt<'_>, address: usize, address_end: usize) {
    let text = hunt.text;
    let rest = &text[address_end..text.len().min(address_end + 48)];
    // HestiaCP: `2026-02-22 01:27:36 anna 203.0.113.1 failed to login`
    let failed = rest.starts_with(b" failed to login");
    let requested = rest.starts_with(b" \"");
    let dashed = text[..address].ends_with(b" - ");
    let Some(end) = address.checked_sub(if dashed { 3 } else { 1 }) else { return };
    if !(failed || requested || dashed) || text[end] != b' ' {
        return;
    }
    let start = end - text[..end].iter().rev().take(MAX_NAME_BYTES).take_while(|b| is_one_name(**b)).count();
    let head = &text[..start];
    let is_script = || {
        let line = tail(text, address_end, 48);
        [&b".pl \""[..], b".cgi \""].iter().any(|script| memchr::memmem::find(line, script).is_some())
    };
    let named = match () {
        () if dashed => head.ends_with(b"] ") && is_script(),
        () if failed => matches!(head, [.., b'0'..=b'9', b' ']),
        () => head.ends_with(b"INFO: "),
    };
    if named && start < end {
        super::daemons::name(hunt, start, end);
    }
}

/// The user in brackets behind the address of a client of uWSGI: `192.0.2.7 (anna) {48 vars in 1011 bytes}`.
pub(super) fn served_by_uwsgi(hunt: &mut Hunt<'_>, start: usize) {
    let end = start + name_bytes(hunt.text, start);
    if end > start && hunt.text[end..].starts_with(b") {") {
        super::daemons::name(hunt, start, end);
    }
}

/// Whose session at a control panel it is, behind the address of their client: `192.0.2.19 - anna (possessor: root) - SUCCESS
/// LOGIN cpaneld`, `192.0.2.19 - anna "POST /login/ HTTP/1.1" FAILED LOGIN …`, `192.0.2.19 PURGE anna:x logout` of cPanel.
pub(super) fn panel_user(hunt: &mut Hunt<'_>, address: usize, address_end: usize) {
    let text = hunt.text;
    const SERVERS: [&[u8]; 4] = [b"[cpsrvd] ", b"[cpaneld] ", b"[whostmgrd] ", b"[webmaild] "];
    if !text[..address].ends_with(b"] ") || !SERVERS.iter().any(|server| text[..address].ends_with(server)) {
        return;
    }
    let ways = [&b" - "[..], b" PURGE ", b" NEW "];
    let Some(way) = ways.iter().find(|way| text[address_end..].starts_with(way)) else { return };
    let start = address_end + way.len();
    let end =
        start + name_bytes(text, start).min(tail(text, start, 64).iter().take_while(|b| **b != b':').count());
    super::daemons::name(hunt, start, end);
    if way.len() > 3 && byte_at(text, end) == b':' {
        let token = tail(text, end + 1, 64).iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        if token > 7 {
            hunt.accept(slot(end + 1, end + 1 + token, TypeId::TOKEN, rules::TOKEN, 84));
        }
    }
}

/// Bytes of a login name without a domain.
pub(super) fn is_one_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// The account behind a name in brackets: `src_user_name=Anna Berg (aberg)`.
pub(super) fn login_behind(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let text = hunt.text;
    let at = end + 2;
    let close = at + name_bytes(text, at);
    let words = text[start..end].iter().filter(|b| **b == b' ').count();
    let is_login = text[at..close].iter().all(|b| !b.is_ascii_uppercase()) && close > at + 1;
    if (1..=3).contains(&words) && is_login && byte_at(text, close) == b')' && text[at].is_ascii_alphabetic()
    {
        login(hunt, at, close);
    }
}

/// The user before the address of a hotspot's client: `hotspot,info,debug anna (10.5.50.12): logged in`.
pub(super) fn hotspot_user(hunt: &mut Hunt<'_>, address: usize, address_end: usize) {
    let text = hunt.text;
    let said = [&b"): logged "[..], b"): login failed", b"): trying to log in", b")> "];
    // FileZilla: `(000812) … - (not logged in) (192.0.2.7)> USER anna`
    if text[address_end..].starts_with(b")> USER ") {
        let start = address_end + 8;
        super::daemons::name(hunt, start, start + name_bytes(text, start));
    }
    // LemonLDAP::NG: `anna7 was not found in LDAP directory (192.0.2.7)`
    if let Some(rest) = text[..address].strip_suffix(b" was not found in LDAP directory (") {
        let length = rest.iter().rev().take(MAX_NAME_BYTES).take_while(|b| is_one_name(**b)).count();
        super::daemons::name(hunt, rest.len() - length, rest.len());
    }
    if !said.iter().any(|said| text[address_end..].starts_with(said)) || before(text, address - 1) != b' ' {
        return;
    }
    let end = address - 2;
    let floor = end.saturating_sub(MAX_NAME_BYTES);
    let mut start = end;
    while start > floor && !matches!(text[start - 1], b' ' | b'\n') {
        start -= 1;
    }
    if start < end && name_bytes(text, start) == end - start {
        login(hunt, start, end);
    }
}

/// The user of a connection behind the addresses of it, as firewalls of Cisco end their lines:
/// `… to inside:192.0.2.4/443 (203.0.113.1/443) (anna)`.
pub(super) fn identified(hunt: &mut Hunt<'_>, address_end: usize) {
    let line = super::phrases::tail(hunt.text, address_end, 96);
    let port = line.iter().skip(1).take_while(|b| b.is_ascii_digit()).count() + 1;
    let Some(name) = line.get(port..).and_then(|rest| rest.strip_prefix(b") (")?.strip_suffix(b")")) else {
        return;
    };
    let start = address_end + port + 3;
    if !name.contains(&b' ') {
        super::daemons::name(hunt, start, start + name.len());
    }
}

/// `Authentication request for "anna" has been denied`, `primary virtual IP for anna/203.0.113.7:1194`,
/// `Accepted authentication for anna by ejabberd_auth_sql`.
pub(super) fn authenticated(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    let head = &text[..word];
    let (start, closes) = match () {
        () if matches!(byte_at(text, at), b'"' | b'\'') && head.ends_with(b"uthentication request ") => {
            (at + 1, byte_at(text, at))
        }
        () if head.ends_with(b"uthentication request ") => {
            let rest = tail(text, at, 96);
            let said = [&b" has been "[..], b" has succeeded"]
                .iter()
                .any(|said| memchr::memmem::find(rest, said) == memchr::memchr(b' ', rest));
            if !said || rest.first().is_none_or(|b| matches!(b, b'[' | b'(' | b' ')) {
                return;
            }
            (at, b' ')
        }
        () if head.ends_with(b"primary virtual IP ") => (at, b'/'),
        () if head.ends_with(b"ccepted authentication ") => (at, b' '),
        () => return,
    };
    let rest = tail(text, start, 64);
    if let Some(length) = memchr::memchr(closes, rest) {
        super::daemons::name(hunt, start, start + length);
    }
}

/// The user behind an interface and the address and port there, in lines of Cisco's firewalls:
/// `outside:203.0.113.102/50349(anna)`, `outside:203.0.113.102/50349 (203.0.113.102/50349)(staff/anna)`; one behind a
/// backslash is found with its domain.
pub(super) fn interface_user(hunt: &mut Hunt<'_>, address_end: usize) {
    let line = tail(hunt.text, address_end, 128);
    let port = 1 + line[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mapped = line[port..].strip_prefix(b" (").and_then(|rest| memchr::memchr(b')', rest));
    let open = mapped.map_or(port, |close| port + close + 3);
    if port == 1 || line.get(open) != Some(&b'(') {
        return;
    }
    let record = head(hunt.text, address_end, 320);
    if ![&b"%ASA-"[..], b"%FTD-", b"%PIX-"].iter().any(|tag| memchr::memmem::find(record, tag).is_some()) {
        return;
    }
    let Some(length) = memchr::memchr(b')', &line[open + 1..]) else { return };
    let value = &line[open + 1..open + 1 + length];
    let name = memchr::memchr(b'/', value).map_or(0, |slash| slash + 1);
    if !value.contains(&b'\\')
        && value.len() > name
        && value[name].is_ascii_alphabetic()
        && !value.contains(&b' ')
    {
        let start = address_end + open + 1;
        super::daemons::name(hunt, start + name, start + length);
    }
}

/// Whose session it is, before the address of the client, in CrushFTP's log: `[HTTPS:171_52341_vQe:anna:203.0.113.30] READ: …`.
pub(super) fn session_user(hunt: &mut Hunt<'_>, address: usize) {
    let line = head(hunt.text, address, 96);
    let Some(open) = memchr::memrchr(b'[', line) else { return };
    let mut fields = line[open + 1..].split(|b| *b == b':');
    let (Some(way), Some(session), Some(user)) = (fields.next(), fields.next(), fields.next()) else {
        return;
    };
    let is_way = matches!(way, b"HTTP" | b"HTTPS" | b"FTP" | b"FTPS" | b"FTPES" | b"SFTP" | b"SSH" | b"SCP");
    if is_way && session.contains(&b'_') && user.len() > 1 && fields.eq([&b""[..]]) {
        super::daemons::name(hunt, address - 1 - user.len(), address - 1);
    }
}
