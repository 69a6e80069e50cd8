//! Users by their place in lines of commas that have no names of columns: firewalls of Palo Alto, PostgreSQL's csvlog,
//! MariaDB's audit log.

use super::accept::Hunt;
use super::daemons::name;
use super::phrases::{head, slot};
use crate::finding::TypeId;
use crate::rules;

/// How far before an address its kind of record is looked for, in bytes.
const MAX_HEAD_BYTES: usize = 192;
/// How far behind an address a user may stand, in bytes.
const MAX_TAIL_BYTES: usize = 512;

/// Kinds of records of PAN-OS and the fields of users behind the first address, counted from it (PAN-OS 11,
/// "Syslog Field Descriptions").
const PALO_ALTO: [(&[u8], [usize; 2]); 7] = [
    (b",TRAFFIC,", [5, 6]),
    (b",THREAT,", [5, 6]),
    (b",DECRYPTION,", [5, 6]),
    (b",TUNNEL,", [5, 6]),
    (b",USERID,", [1, 1]),
    (b",CONFIG,", [3, 3]),
    (b",AUTHENTICATION,", [1, 2]),
];

/// The users of a line of commas around an address with a comma on both sides.
pub(super) fn users_by_place(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let text = hunt.text;
    let head = head(text, start, MAX_HEAD_BYTES);
    if memchr::memmem::find(head, b",GLOBALPROTECT,").is_some() {
        portal_user(hunt, start);
    } else if is_audited(head, &text[end..]) {
        let user = head.rsplit(|b| *b == b',').nth(1).unwrap_or_default();
        name(hunt, start - 1 - user.len(), start - 1);
    } else if memchr::memmem::find(head, b",audit.runtime.com.rsa.ims.").is_some() {
        authenticated(hunt, end);
    } else {
        firewall_users(hunt, start, end);
    }
}

/// Who connected, from which device, in a record of GlobalProtect, by the fields behind its name:
/// `…,GLOBALPROTECT,0,2305,time,vsys1,gateway-auth,login,Other,,anna,DE,LT-ANNA,203.0.113.27,…,host id,serial,…`
/// (PAN-OS 11, "GlobalProtect Log Fields").
fn portal_user(hunt: &mut Hunt<'_>, start: usize) {
    let text = hunt.text;
    let line = head(text, start, MAX_HEAD_BYTES);
    let Some(tag) = memchr::memmem::find(line, b",GLOBALPROTECT,") else { return };
    let first = start - line.len() + tag + 1;
    let mut at = first;
    for (place, field) in
        super::phrases::tail(text, first, MAX_TAIL_BYTES).split(|b| *b == b',').enumerate().take(18)
    {
        let end = at + field.len();
        let is_word = field.len() > 2
            && field.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        match place {
            9 => name(hunt, at, end),
            11 if is_word => hunt.accept(slot(at, end, TypeId::DEVICE_NAME, rules::DEVICE_NAME, 86)),
            17 if is_word => hunt.accept(slot(at, end, TypeId::DEVICE_ID, rules::DEVICE_ID, 86)),
            _ => {}
        }
        at = end + 1;
    }
}

/// Who logged in, in the audit of RSA Authentication Manager behind the address of the client: the server, what happened,
/// its number, result and reason, four ids, then user, first and last name.
fn authenticated(hunt: &mut Hunt<'_>, client_end: usize) {
    let mut at = client_end + 1;
    let line = super::phrases::tail(hunt.text, at, MAX_TAIL_BYTES);
    // behind the server's address a name of what happened stands
    if !line.first().is_some_and(u8::is_ascii_digit) {
        return;
    }
    for (place, field) in line.split(|b| *b == b',').enumerate().take(12) {
        let end = at + field.len();
        match place {
            9 => name(hunt, at, end),
            10 | 11 if field.first().is_some_and(|b| b.is_ascii_uppercase() || *b >= 0x80) => {
                hunt.accept(slot(at, end, TypeId::NAME, rules::NAME, 84));
            }
            _ => {}
        }
        at = end + 1;
    }
}

/// Who read mail, behind the address of the client in Exchange's logs of POP3 and IMAP4, before three numbers and the
/// command: `…,3,192.0.2.41:143,203.0.113.12:35070,anna,168,31,31,authenticate,…`.
pub(super) fn mailbox_user(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let text = hunt.text;
    // the number of the line and the server stand before
    let mut before = head(text, start, MAX_HEAD_BYTES).rsplit(|b| *b == b',').skip(1);
    let server = before.next().unwrap_or_default();
    let is_server = server.contains(&b':')
        && server
            .iter()
            .all(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':' | b'[' | b']' | b'I' | b'P' | b'V'));
    if !is_server
        || !before.next().is_some_and(|line| !line.is_empty() && line.iter().all(u8::is_ascii_digit))
    {
        return;
    }
    let line = super::phrases::tail(text, end, 160);
    let mut fields = line.split(|b| *b == b',');
    let port = fields.next().unwrap_or_default();
    let user = fields.next().unwrap_or_default();
    let is_number = |field: &[u8]| !field.is_empty() && field.iter().all(u8::is_ascii_digit);
    let numbers = fields.by_ref().take(3).filter(|field| is_number(field)).count();
    let is_command =
        fields.next().is_some_and(|field| field.len() > 2 && field.iter().all(u8::is_ascii_lowercase));
    if port.len() > 1 && is_number(&port[1..]) && numbers == 3 && is_command && !user.is_empty() {
        let at = end + port.len() + 1;
        name(hunt, at, at + user.len());
    }
}

/// The users of a record of PAN-OS, from its first address: what stands before that is a moment, or a virtual
/// system behind one.
fn firewall_users(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let text = hunt.text;
    let head = head(text, start, MAX_HEAD_BYTES);
    let [.., a, _, _, b, _, digit, b','] = head else { return };
    let is_behind_moment = [*a, *b] == *b"::" && digit.is_ascii_digit();
    let is_behind_system = digit.is_ascii_digit() && head[..head.len() - 2].ends_with(b",vsys");
    if !is_behind_moment && !is_behind_system {
        return;
    }
    let Some((_, places)) = PALO_ALTO.iter().find(|(kind, _)| memchr::memmem::find(head, kind).is_some())
    else {
        return;
    };
    let rest = super::phrases::tail(text, end, MAX_TAIL_BYTES);
    let mut at = end;
    for (place, field) in rest.split(|b| *b == b',').enumerate().take(7) {
        if places.contains(&place) {
            name(hunt, at, at + field.len());
        }
        at += field.len() + 1;
    }
}

/// Whether a moment, a host and a user stand before an address, and the numbers of a connection and a query behind it, as
/// MariaDB's audit log has them: `20260514 10:10:27,db01,anna,203.0.113.7,4713,88213,QUERY,…`.
fn is_audited(head: &[u8], behind: &[u8]) -> bool {
    let mut before = head.split(|b| *b == b',');
    let head = before.next().unwrap_or_default();
    // `<190>Apr 13 14:43:13 mysql-server_auditing:  db01 eff8a68bcd7f,anna,…`
    let is_logged = memchr::memmem::find(head, b"server_auditing: ").is_some();
    let is_moment = Some(head).is_some_and(|moment| {
        moment.len() == 17 && moment.iter().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b':'))
    });
    let is_number =
        |field: Option<&[u8]>| field.is_some_and(|f| !f.is_empty() && f.iter().all(u8::is_ascii_digit));
    let mut behind = behind.split(|b| *b == b',').skip(1);
    (is_moment && before.clone().count() == 3 || is_logged && before.count() == 2)
        && is_number(behind.next())
        && is_number(behind.next())
        && behind
            .next()
            .is_some_and(|operation| operation.len() > 3 && operation.iter().all(u8::is_ascii_uppercase))
}

/// The user of a line of PostgreSQL's csvlog, from the address of the client in quotes:
/// `2026-11-28 10:11:12.123 CET,"anna","shop",2231,"192.0.2.7:51122",…` (PostgreSQL 17, section 19.8.4).
pub(super) fn csvlog_user(hunt: &mut Hunt<'_>, start: usize) {
    let head = head(hunt.text, start - 1, MAX_HEAD_BYTES);
    let line = start - 1 - head.len();
    // Greenplum: `…,"anna","shop",p232068,th-656316288,"192.0.2.7",…`
    let threaded = head.strip_suffix(b",").and_then(|head| {
        let thread = memchr::memrchr(b',', head)?;
        head[thread + 1..].starts_with(b"th").then_some(&head[..=thread])
    });
    let head = threaded.unwrap_or(head);
    let mut fields = head.rsplitn(5, |b| *b == b',');
    let (Some([]), Some(process), Some(database), Some(user), Some(moment)) =
        (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return;
    };
    let is_quoted = |field: &[u8]| field.len() > 2 && field[0] == b'"' && field[field.len() - 1] == b'"';
    let process = process.strip_prefix(b"p").unwrap_or(process);
    let is_record = !process.is_empty()
        && process.iter().all(u8::is_ascii_digit)
        && is_quoted(database)
        && is_quoted(user)
        && moment.len() > 22
        && moment.last().is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if is_record {
        name(hunt, line + moment.len() + 2, line + moment.len() + user.len());
    }
}
