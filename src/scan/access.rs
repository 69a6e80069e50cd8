//! Users and devices in the fields of access, transfer and mail logs, from the address of their client.

use super::accept::Hunt;
use super::logins::is_somebody;
use super::not_names::NOT_NAMES;
use super::phrases::{head, slot};
use super::{devices, forms, people};
use crate::check::bytes;
use crate::context::{before, byte_at, value};
use crate::detect::username;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The longest field that is stepped over, in bytes.
const MAX_FIELD_BYTES: usize = 2048;

/// Users in the fields around the address of a client.
pub(super) fn fields_around(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let left = before(hunt.text, start);
    // also the last of `client, proxy - user [time]`
    if left == b'\n' || byte_at(hunt.text, end + 1) == b'-' {
        clf_user(hunt, end);
        clf_agent(hunt, end);
    }
    if left == b' ' {
        timed_user(hunt, start, end);
        observed_user(hunt, start, end);
        w3c_user(hunt, start);
        transfer_user(hunt, end);
        printed_by(hunt, start);
        pooled_user(hunt, start, end);
    }
    if hunt.text[end..].starts_with(b" | ") {
        repository_user(hunt, end);
    }
}

/// Who printed, in a page log of CUPS (cupsd-logs(5)), before the host at `host`:
/// `HP-400 anna 812 [28/Nov/2026:10:11:12 +0100] total 3 - 192.0.2.7 …`, the job before its owner or behind.
pub(super) fn printed_by(hunt: &mut Hunt<'_>, host: usize) {
    let text = hunt.text;
    if !text[..host].ends_with(b" - ") {
        return;
    }
    let line = super::phrases::head(text, host, 192);
    let (Some(open), Some(close)) = (memchr::memchr(b'[', line), memchr::memrchr(b']', line)) else { return };
    let pages = &line[close..];
    let is_pages = |b: &u8| b.is_ascii_digit() || b.is_ascii_lowercase() || matches!(b, b']' | b' ' | b'-');
    let time = line.get(open + 1..close).unwrap_or_default();
    let is_time = time.len() == 26 && time[2] == b'/' && time[11] == b':';
    let Some(second) = field_before(text, host - line.len() + open) else { return };
    let Some(first) = field_before(text, second.0) else { return };
    let is_number = |field: (usize, usize)| text[field.0..field.1].iter().all(u8::is_ascii_digit);
    if is_time && pages.iter().all(is_pages) && is_number(first) != is_number(second) {
        let owner = if is_number(first) { second } else { first };
        super::daemons::name(hunt, owner.0, owner.1);
    }
}

/// The user name in the third field of the common log format: `address ident user [time]`.
pub(super) fn clf_user(hunt: &mut Hunt<'_>, after_address: usize) {
    let text = hunt.text;
    let field = |from: usize| {
        text[from.min(text.len())..]
            .iter()
            .take(128)
            .take_while(|b| !matches!(b, b' ' | b'\n' | b'\t'))
            .count()
    };
    // nobody is named in nearly all of them
    if text[after_address..].starts_with(b" - - ") {
        return;
    }
    if byte_at(text, after_address) != b' ' || byte_at(text, after_address + 1) == b' ' {
        return;
    }
    let ident = after_address + 1;
    let ident_end = ident + field(ident);
    let mut user = ident_end + 1;
    let mut length = field(user);
    let mut end = user + length;
    let quoted = byte_at(text, user) == b'"';
    if quoted && let Some(close) = value::string_end(text, user, 0).filter(|close| close - user < 128) {
        // `"max mustermann"`
        (user, length, end) = (user + 1, close - user - 1, close);
    }
    let behind = end + usize::from(byte_at(text, end) == b'"');
    if length == 0
        || !matches!(byte_at(text, user - 1), b' ' | b'"')
        || byte_at(text, behind) != b' '
        // a tag and an address: `localhost haproxy[812]: 203.0.113.7:38862 [28/Nov/2026:…`
        || byte_at(text, user - 2) == b':'
        || byte_at(text, behind + 1) != b'['
        || !byte_at(text, behind + 2).is_ascii_digit()
        || &text[user..end] == b"\"\""
    {
        return;
    }
    if &text[user..end] == b"-" {
        return;
    }
    // who the client's own machine says it is (RFC 1413); alone, some write a host there
    if text[ident].is_ascii_alphabetic() {
        super::daemons::name(hunt, ident, ident_end);
    }
    hunt.accept(Match {
        start: user,
        end,
        kind: TypeId::USERNAME,
        rule: rules::USERNAME_CLF,
        confidence: 85,
        evidence: Evidence::SLOT_CLF_USER,
    });
}

/// The user agent at the end of the combined log format, whatever it is called:
/// `… [time] "request" status bytes "referer" "agent"`.
fn clf_agent(hunt: &mut Hunt<'_>, after_address: usize) {
    let text = hunt.text;
    if !hunt.wants(TypeId::USER_AGENT) {
        return;
    }
    let head = &text[after_address..text.len().min(after_address + 256)];
    let Some(time) = memchr::memmem::find(head, b"] \"") else { return };
    if memchr::memchr(b'\n', &head[..time]).is_some() {
        return;
    }
    // one that is not closed ends with its line
    let closed = |end: &usize| byte_at(text, *end) == b'"';
    let string = |open: usize| value::string_end(text, open, 0);
    let Some(request) = string(after_address + time + 2).filter(closed) else { return };
    let number = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b' ' | b'-');
    let numbers = text[request + 1..].iter().take(64).take_while(number).count();
    let referer = request + 1 + numbers;
    if numbers < 4 || byte_at(text, referer) != b'"' {
        return;
    }
    let Some(end) = string(referer).filter(closed) else { return };
    let agent = end + 3;
    if !text[end..].starts_with(b"\" \"") {
        return;
    }
    let Some(end) = string(agent - 1) else { return };
    if !matches!(&text[agent..end], b"" | b"-") {
        let (kind, rule, evidence) = (TypeId::USER_AGENT, rules::USER_AGENT, Evidence::SLOT_FORMAT);
        hunt.accept(Match { start: agent, end, kind, rule, confidence: 90, evidence });
    }
}

/// The user before the client of a W3C extended log of IIS, whose names of columns went before:
/// `GET /path query 443 CORP\anna 203.0.113.7 Mozilla/5.0 …`.
pub(super) fn w3c_user(hunt: &mut Hunt<'_>, address: usize) {
    let text = hunt.text;
    let Some(user) = field_before(text, address) else { return };
    let Some(port) = field_before(text, user.0) else { return };
    let number = &text[port.0..port.1];
    if &text[user.0..user.1] == b"-" || number.len() > 5 || !number.iter().all(u8::is_ascii_digit) {
        return;
    }
    let Some(query) = field_before(text, port.0) else { return };
    let Some(path) = field_before(text, query.0).filter(|path| text[path.0] == b'/') else { return };
    let Some(method) = field_before(text, path.0) else { return };
    let verb = &text[method.0..method.1];
    let name = &text[user.0..user.1];
    if (3..=16).contains(&verb.len())
        && verb.iter().all(u8::is_ascii_uppercase)
        && username::keyed(name, true).is_some_and(|found| found.end == name.len())
    {
        hunt.accept(slot(user.0, user.1, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}

/// The user between a client and its server, behind the time of a W3C extended log of FTP or mail:
/// `2026-11-28 10:43:56 203.0.113.7 anna 192.0.2.21 21 …`.
fn timed_user(hunt: &mut Hunt<'_>, client: usize, client_end: usize) {
    let text = hunt.text;
    // a date and a time of this record
    if super::phrases::head(text, client, 20).len() < 20
        || text[client - 4] != b':'
        || text[client - 7] != b':'
        || text[client - 10] != b' '
    {
        return;
    }
    let word = |at: usize| text[at..].iter().take(65).take_while(|b| !matches!(b, b' ' | b'\n')).count();
    let user = client_end + 1;
    let end = user + word(user);
    let mut server = (end + 1).min(text.len());
    // `anna MSFTPSVC1 FTP01 192.0.2.21 21`: the service and its machine
    if text[server..].starts_with(b"MSFTPSVC") {
        server = (server + word(server) + 1).min(text.len());
        server = (server + word(server) + 1).min(text.len());
    }
    let server_end = server + word(server);
    let is_address = text[server..server_end].iter().filter(|b| **b == b'.').count() == 3
        && text[server..server_end].iter().all(|b| b.is_ascii_digit() || *b == b'.');
    if is_address
        && byte_at(text, end) == b' '
        && text[user..end].first().is_some_and(u8::is_ascii_alphabetic)
        && byte_at(text, server_end + 1).is_ascii_digit()
        && !NOT_NAMES.contains(&text[user..end])
        && username::keyed(&text[user..end], true).is_some_and(|found| found.end == end - user)
    {
        hunt.accept(slot(user, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}

/// The user behind the address of the client in the main log of ProxySG, before what the proxy did:
/// `2026-05-02 02:16:10 4393 203.0.113.85 anna - - OBSERVED \"Web Ads\" …`.
fn observed_user(hunt: &mut Hunt<'_>, client: usize, client_end: usize) {
    let text = hunt.text;
    let mut before = super::phrases::head(text, client, 40).rsplit(|b| *b == b' ').skip(1);
    let taken = before.next().unwrap_or_default();
    let time = before.next().unwrap_or_default();
    let is_timed = !taken.is_empty()
        && taken.iter().all(u8::is_ascii_digit)
        && time.len() == 8
        && time[2] == b':'
        && time[5] == b':';
    let mut fields = super::phrases::tail(text, client_end + 1, 160).split(|b| *b == b' ');
    let user = fields.next().unwrap_or_default();
    let acted = |field: &[u8]| matches!(field, b"OBSERVED" | b"PROXIED" | b"DENIED");
    if is_timed && user.len() > 1 && fields.nth(2).is_some_and(acted) {
        super::daemons::name(hunt, client_end + 1, client_end + 1 + user.len());
    }
}

/// Who used a proxy of 3proxy, between an error code of five digits and the address of the client:
/// `190820200558.429 9051 00005 anna 203.0.113.31:62700 192.0.2.50:80 0 0 0 CONNECT …`.
pub(super) fn proxied_user(hunt: &mut Hunt<'_>, start: usize) {
    let line = super::phrases::head(hunt.text, start, 96);
    let mut fields = line.rsplit(|b| *b == b' ').skip(1);
    let (Some(user), Some(code), Some(service), Some(moment)) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return;
    };
    let is_number = |field: &[u8]| field.iter().all(u8::is_ascii_digit);
    if code.len() == 5
        && is_number(code)
        && is_number(service)
        && moment.len() == 16
        && moment[12] == b'.'
        && is_number(&moment[..12])
    {
        super::daemons::name(hunt, start - 1 - user.len(), start - 1);
    }
}

/// The user before realm and roles, behind the address of the client, in lines of Ivanti's gateways:
/// `[203.0.113.7] CORP\anna(Staff)[Remote] - …`, `[203.0.113.7] Default Network::anna(Staff)[…`.
pub(super) fn gateway_user(hunt: &mut Hunt<'_>, address_end: usize) {
    let tail = super::phrases::tail(hunt.text, address_end, 320);
    if let Some(realm) = memchr::memchr(b'(', tail).filter(|_| tail.starts_with(b"] "))
        && let Some(close) = memchr::memchr(b')', &tail[realm..])
        && tail.get(realm + close + 1) == Some(&b'[')
    {
        let named = &tail[2..realm];
        let name = named.iter().rposition(|b| matches!(b, b':' | b'\\')).map_or(0, |p| p + 1);
        super::daemons::name(hunt, address_end + 2 + name, address_end + realm);
    }
}

/// The user between the address and the method in a request log of Artifactory: `…|203.0.113.7|anna|GET|/api…`.
pub(super) fn piped_user(hunt: &mut Hunt<'_>, address: usize, address_end: usize) {
    let text = hunt.text;
    // the id of a trace stands before the address, or a word
    let head = head(text, address - 1, MAX_FIELD_BYTES);
    let field = &head[memchr::memrchr(b'|', head).map_or(0, |bar| bar + 1)..];
    let is_trace = field.len() > 7 && field.iter().all(u8::is_ascii_hexdigit);
    if !(field == b"REQUEST" || is_trace) {
        return;
    }
    let start = address_end + 1;
    let end = start + people::name_bytes(text, start);
    let method = super::phrases::tail(text, (end + 1).min(text.len()), 8);
    let capitals = method.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if end > start
        && byte_at(text, end) == b'|'
        && matches!(method.get(..capitals), Some(b"GET" | b"PUT" | b"POST" | b"HEAD" | b"DELETE" | b"PATCH"))
        && method.get(capitals) == Some(&b'|')
        && !matches!(&text[start..end], b"non_authenticated_user" | b"anonymous")
        && is_somebody(&text[start..end])
    {
        hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 86));
    }
}

/// The field that ends with the blank before `at`.
fn field_before(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let end = at.checked_sub(1).filter(|end| text[*end] == b' ')?;
    let head = &text[end.saturating_sub(MAX_FIELD_BYTES)..end];
    let length = head.iter().rev().take_while(|b| !matches!(b, b' ' | b'\n')).count();
    (length > 0 && length < MAX_FIELD_BYTES).then_some((end - length, end))
}

/// The user behind the flags of a line of xferlog(5): `… 2025 1 203.0.113.7 10240 /up.zip b _ i r anna ftp 0 * c`.
pub(super) fn transfer_user(hunt: &mut Hunt<'_>, address_end: usize) {
    let text = hunt.text;
    let size = text[address_end + 1..].iter().take(20).take_while(|b| b.is_ascii_digit()).count();
    let path = address_end + 2 + size;
    if size == 0 || byte_at(text, path - 1) != b' ' || byte_at(text, path) != b'/' {
        return;
    }
    let line = &text[path..text.len().min(path + MAX_FIELD_BYTES)];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    // type, special action, direction, mode of access
    let flags = line.windows(9).position(|w| {
        matches!(
            w,
            [
                b' ',
                b'a' | b'b',
                b' ',
                b'_' | b'C' | b'U' | b'T',
                b' ',
                b'i' | b'o' | b'd',
                b' ',
                b'r' | b'a' | b'g',
                b' '
            ]
        )
    });
    let Some(start) = flags.map(|p| path + p + 9) else { return };
    let length = text[start..].iter().take(64).take_while(|b| !matches!(b, b' ' | b'\n')).count();
    if text[start + length..].starts_with(b" ftp ")
        && username::keyed(&text[start..start + length], true).is_some()
    {
        hunt.accept(slot(start, start + length, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}

/// The device that says hello and the user who is known, around the address of a client of mail in
/// brackets: `H=(Annas-MacBook) [203.0.113.7]:58120 P=esmtpsa A=plain:anna` of Exim, and
/// `from Annas-MacBook (unknown [203.0.113.7])` of `Received`.
pub(super) fn mail_client(hunt: &mut Hunt<'_>, address: usize, address_end: usize) {
    let text = hunt.text;
    let open = address - 1;
    let head = super::phrases::head(text, open, 160);
    let line = open - head.len();
    if let Some(hello) = bytes::rfind(head, b"H=").map(|p| &head[p..])
        && let Some(bracket) = memchr::memchr(b'(', hello)
    {
        let start = open - hello.len() + bracket;
        devices::owned_device(hunt, start);
        // `H=(DESKTOP-4F3KQ2L)`
        if let Some(found) = forms::personal_computer(&hello[bracket + 1..])
            && hello.get(bracket + 1 + found.end) == Some(&b')')
        {
            hunt.accept(Match { start: start + 1, end: start + 1 + found.end, ..found });
        }
    }
    if let Some(from) = bytes::rfind(head, b"rom ") {
        devices::owned_device(hunt, line + from + 4);
    }
    let tail = &text[address_end..text.len().min(address_end + 320)];
    let tail = &tail[..memchr::memchr(b'\n', tail).unwrap_or(tail.len())];
    // Cyrus: `login: [203.0.113.7] anna plaintext+TLS User logged in`
    if bytes::rfind(head, b"login: ").is_some() && memchr::memmem::find(tail, b" User logged in").is_some() {
        let name = tail.get(2..).unwrap_or_default().iter().take(64).take_while(|b| **b != b' ').count();
        super::daemons::name(hunt, address_end + 2, address_end + 2 + name);
    }
    // Domino: `smtp: anna [203.0.113.7] authentication failure using internet password`
    if tail.starts_with(b"] authentication failure") && head.ends_with(b" ") {
        let name = head[..head.len() - 1].iter().rev().take(64).take_while(|b| **b != b' ').count();
        super::daemons::name(hunt, open - 1 - name, open - 1);
    }
    // wu-ftpd: `FTP LOGIN FROM nb.example.net [203.0.113.7], anna`
    if tail.starts_with(b"], ") && bytes::rfind(head, b"LOGIN FROM ").is_some() {
        let name = tail[3..].iter().take(64).take_while(|b| !matches!(b, b' ' | b',' | b'\r')).count();
        super::daemons::name(hunt, address_end + 3, address_end + 3 + name);
    }
    // Pulse: `[203.0.113.7] Staff::anna(Users)[] - Login succeeded`
    if let Some(open) = memchr::memmem::find(tail, b")[").and_then(|p| memchr::memrchr(b'(', &tail[..p]))
        && let who = tail.get(2..open).unwrap_or_default()
        && !who.contains(&b' ')
    {
        let realm = memchr::memmem::rfind(who, b"::").map_or(0, |p| p + 2);
        super::daemons::name(hunt, address_end + 2 + realm, address_end + 2 + who.len());
    }
    let user = memchr::memmem::find(tail, b" P=e").and_then(|_| memchr::memmem::find(tail, b" A="));
    let Some(start) = user.map(|p| p + 4) else { return };
    let value = tail[start - 1..].iter().take(128).take_while(|b| **b != b' ').count() + start - 1;
    if let Some(colon) = memchr::memchr(b':', &tail[start - 1..value]).map(|p| start - 1 + p)
        && username::keyed(&tail[colon + 1..value], true).is_some()
    {
        let (start, end) = (address_end + colon + 1, address_end + value);
        hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}

/// The user between the client and the thread that served it, in the access log of Confluence:
/// `[28/Nov/2026:09:00:01 +0000] 203.0.113.7 anna http-nio-8090-exec-1 192.0.2.10 GET …`.
fn pooled_user(hunt: &mut Hunt<'_>, client: usize, client_end: usize) {
    let text = hunt.text;
    if !text[..client].ends_with(b"] ") {
        return;
    }
    let mut fields = super::phrases::tail(text, client_end + 1, 160).split(|b| *b == b' ');
    let user = fields.next().unwrap_or_default();
    let is_thread =
        |field: &[u8]| field.starts_with(b"http") && memchr::memmem::find(field, b"-exec-").is_some();
    if user.len() > 1 && fields.next().is_some_and(is_thread) {
        super::daemons::name(hunt, client_end + 1, client_end + 1 + user.len());
    }
}

/// The user in the logs of Bitbucket, behind bars: `203.0.113.7 | https | o@1749XX8x952x97x0 | anna | 2026-05-02 15:52:07,836 |
/// …`, `203.0.113.7 | RepositoryCreatedEvent | anna | 1400681373433 | …`.
fn repository_user(hunt: &mut Hunt<'_>, client_end: usize) {
    let text = hunt.text;
    let mut at = client_end + 3;
    let mut next = || {
        let start = at;
        let end = start + memchr::memmem::find(super::phrases::tail(text, start, 160), b" | ")?;
        at = end + 3;
        Some((start, end))
    };
    let Some((start, end)) = next() else { return };
    let kind = &text[start..end];
    let may_be = matches!(kind, b"ssh" | b"http" | b"https") && next().is_some() || kind.ends_with(b"Event");
    let (Some((start, end)), Some((moment, behind))) = (next(), next()) else { return };
    let is_user =
        &text[start..end] != b"-" && !(kind.ends_with(b"Event") && text[start..end].contains(&b'-'));
    if may_be && behind - moment > 12 && text[moment].is_ascii_digit() && is_user {
        super::daemons::name(hunt, start, end);
    }
}

/// The eighth field of Squid's native log: `GET url user HIER_DIRECT/…`.
pub(super) fn proxy_user(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let stop = text.len().min(at + 4096);
    let field =
        |from: usize| text[from.min(stop)..stop].iter().take_while(|b| !matches!(b, b' ' | b'\n')).count();
    let mut user = at + field(at) + 1;
    // the version of the protocol, where it is logged: `GET url 1.1 user HIER_DIRECT/…`
    if matches!(text.get(user..user + 4), Some([b'0'..=b'9', b'.', b'0'..=b'9', b' '])) {
        user += 4;
    }
    let end = user + field(user);
    if end >= stop || text[user - 1] != b' ' || text[end] != b' ' {
        return;
    }
    let code = &text[end + 1..(end + 1 + field(end + 1)).min(stop)];
    let letters = code.iter().take_while(|b| b.is_ascii_uppercase() || **b == b'_').count();
    if letters >= 4
        && !code.starts_with(b"HTTP")
        && text[at..user].contains(&b':')
        && code.get(letters) == Some(&b'/')
        && &text[user..end] != b"-"
        && is_somebody(&text[user..end])
    {
        hunt.accept(slot(user, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}
