//! Accounts behind the name of their Windows domain (`CORP\meier`) and before a realm of PAM (`meier@pve`),
//! which stand under no key; security ids of users there.

use super::accept::Hunt;
use super::phrases::{is_one_of, slot};
use crate::classify::Candidates;
use crate::context::{before, byte_at, is_word};
use crate::detect::username;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The longest name of a domain (MS-ADTS: 15 bytes of NetBIOS) and of an account (`sAMAccountName`).
const MAX_DOMAIN_BYTES: usize = 15;
const MAX_NAME_BYTES: usize = 32;

/// What stands before a backslash in capitals and is no domain: hives of the registry, buses, folders, levels before an
/// escaped line end.
const NO_DOMAINS: [&[u8]; 40] = [
    b"HKLM",
    b"HKCU",
    b"HKCR",
    b"HKU",
    b"HKCC",
    b"ROOT",
    b"PCI",
    b"USB",
    b"ACPI",
    b"HID",
    b"SWD",
    b"SCSI",
    b"BUILTIN",
    b"NT",
    b"IIS",
    b"SOFTWARE",
    b"SYSTEM",
    b"SYSTEM32",
    b"WINDOWS",
    b"WINNT",
    b"DRIVERS",
    b"PROGRAMS",
    b"TEMP",
    b"TMP",
    b"BIN",
    b"SRC",
    b"LIB",
    b"CLSID",
    b"SAM",
    b"DEVICE",
    b"DEBUG",
    b"INFO",
    b"WARN",
    b"ERROR",
    b"FATAL",
    b"TRUE",
    b"FALSE",
    b"NULL",
    b"OK",
    b"END",
];

/// Ends of names of files.
const FILES: [&[u8]; 23] = [
    b"exe", b"dll", b"sys", b"dat", b"log", b"txt", b"ini", b"cfg", b"xml", b"json", b"js", b"py", b"cs",
    b"cpp", b"inf", b"ps1", b"bat", b"cmd", b"msi", b"config", b"php", b"zip", b"tmp",
];

/// Hunts behind every single backslash of the records that hold one.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &Candidates) {
    let text = hunt.text;
    let mut behind = 0;
    for &place in &candidates.escaped {
        let place = place as usize;
        if place < behind {
            continue;
        }
        let end = memchr::memchr(b'\n', &text[place..]).map_or(text.len(), |p| place + p);
        behind = end;
        for slash in memchr::memchr_iter(b'\\', &text[place..end]) {
            account(hunt, place + slash);
        }
    }
}

/// Bytes before which, and behind which, an account stands alone.
fn parts(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\n'
            | b'\r'
            | b','
            | b'|'
            | b';'
            | b'('
            | b')'
            | b'<'
            | b'>'
            | b'['
            | b']'
            | b'"'
            | b'\''
    )
}

/// The account whose domain ends at the backslash at `slash`.
fn account(hunt: &mut Hunt<'_>, slash: usize) {
    let text = hunt.text;
    let first = byte_at(text, slash + 1);
    // Samba: `user [CORP]\[anna]@[NB-77]`
    if first == b'[' && before(text, slash) == b']' {
        let start = slash + 2;
        let name =
            text[start..].iter().take(MAX_NAME_BYTES).take_while(|b| !matches!(b, b']' | b' ' | b'\n'));
        let end = start + name.count();
        if byte_at(text, end) == b']' {
            super::daemons::name(hunt, start, end);
        }
        return;
    }
    if !first.is_ascii_alphabetic() || !before(text, slash).is_ascii_alphanumeric() {
        return;
    }
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let floor = slash.saturating_sub(MAX_DOMAIN_BYTES + 1);
    let mut start = slash;
    while start > floor && is_part(text[start - 1]) {
        start -= 1;
    }
    let rest = &text[slash + 1..];
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let length = rest.iter().take(MAX_NAME_BYTES).take_while(is_name).count();
    let (domain, name) = (&text[start..slash], &rest[..length]);
    let end = slash + 1 + length;
    let (left, right) = (before(text, start), byte_at(text, end));
    if !(2..=MAX_DOMAIN_BYTES).contains(&domain.len()) || length < 2 || !parts(left) || !parts(right) {
        return;
    }
    let capitals =
        domain.iter().all(|b| !b.is_ascii_lowercase()) && domain.iter().any(u8::is_ascii_uppercase);
    // a field of a table, a bracket: nothing else stands there
    let in_row = (left, right) == (b'"', b'"')
        && text[..start].ends_with(b",\"")
        && matches!(byte_at(text, end + 1), b',' | b'\n' | b'\r');
    let fenced = in_row || matches!((left, right), (b'(', b')') | (b'<', b'>') | (b'|', b'|') | (b',', b','));
    // `…,EX01\External Relay,08DB…`: a connector of Exchange, whose name has words
    let is_connector = (left, right) == (b',', b' ')
        && first.is_ascii_uppercase()
        && byte_at(text, end + 1).is_ascii_uppercase();
    // `\r` ends lines only before `\n`, and is the start of a name more often
    let is_escape = matches!(first, b'n' | b't' | b'r' | b'b' | b'f' | b'u' | b'x' | b'0');
    let extension = name.iter().rposition(|b| *b == b'.').map_or(&b""[..], |dot| &name[dot + 1..]);
    if !(capitals || fenced)
        || is_escape && !fenced && !(first == b'r' && domain.len() > 2)
        || is_connector
        || !name.iter().any(u8::is_ascii_lowercase)
        || is_one_of(domain, &NO_DOMAINS)
        || is_one_of(extension, &FILES)
        || matches!(name[length - 1], b'.' | b'-' | b'_')
        || username::keyed(name, true).is_none()
    {
        return;
    }
    hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 78));
}

/// The user of Proxmox before the realm behind the at sign (`meier@pam`, `meier@pve!token`).
pub(super) fn realm_user(hunt: &mut Hunt<'_>, sign: usize) {
    let text = hunt.text;
    let rest = &text[sign + 1..];
    let is_realm = [&b"pam"[..], b"pve", b"pbs"]
        .iter()
        .any(|realm| rest.starts_with(realm) && !is_word_byte(byte_at(rest, realm.len())));
    if !is_realm {
        return;
    }
    let floor = sign.saturating_sub(MAX_NAME_BYTES);
    let mut start = sign;
    while start > floor && is_word_byte(text[start - 1]) {
        start -= 1;
    }
    let name = &text[start..sign];
    if name.first().is_some_and(u8::is_ascii_alphabetic)
        && parts(before(text, start)) | matches!(before(text, start), b':' | b'=')
        && !hunt.engine.plan.policy.is_allowed(TypeId::USERNAME, name)
    {
        hunt.accept(slot(start, sign + 4, TypeId::USERNAME, rules::USERNAME_PHRASE, 86));
    }
}

/// Who holds a lease of HDFS: `[LeaseRenewer:anna@nn-01:9000]`, from the at sign.
pub(super) fn lease_holder(hunt: &mut Hunt<'_>, sign: usize) {
    let text = hunt.text;
    let floor = sign.saturating_sub(MAX_NAME_BYTES);
    let start = sign - text[floor..sign].iter().rev().take_while(|b| is_word_byte(**b)).count();
    if start < sign && text[..start].ends_with(b"LeaseRenewer:") {
        super::daemons::name(hunt, start, sign);
    }
}

/// An id of Matrix (appendices section 4.2.1): `@anna:matrix.example.org`, from its sign.
pub(super) fn matrix_user(hunt: &mut Hunt<'_>, sign: usize) {
    let text = hunt.text;
    let left = before(text, sign);
    let rest = &text[sign + 1..];
    let name =
        rest.iter().take(MAX_NAME_BYTES).take_while(|b| is_word_byte(**b) && !b.is_ascii_uppercase()).count();
    let Some(server) = rest[name..].strip_prefix(b":").filter(|_| name > 1) else { return };
    let length = server.iter().take(64).take_while(|b| is_word_byte(**b) && **b != b'_').count();
    let server = &server[..length];
    let top = server.rsplit(|b| *b == b'.').next().unwrap_or_default();
    let is_domain = server.contains(&b'.')
        && top.len() > 1
        && top.iter().all(u8::is_ascii_lowercase)
        && !server.split(|b| *b == b'.').any(<[u8]>::is_empty);
    if is_domain && (parts(left) || matches!(left, b'=' | b'{' | b':' | b'/')) && rest[0].is_ascii_lowercase()
    {
        hunt.accept(slot(sign + 1, sign + 1 + name, TypeId::USERNAME, rules::USERNAME_PHRASE, 80));
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// The security id of a user in a Windows domain (MS-DTYP section 2.4.2.1), whose second group behind `S-1-5-21-`
/// starts at `at`: whether one stands there.
pub(super) fn security_id(hunt: &mut Hunt<'_>, at: usize) -> bool {
    let text = hunt.text;
    let Some(start) = text[..at].strip_suffix(b"S-1-5-21-").map(<[u8]>::len) else { return false };
    let is_part = |b: &&u8| b.is_ascii_digit() || **b == b'-';
    let end = start + 2 + text[start + 2..].iter().take(80).take_while(is_part).count();
    let mut groups = text[start + 9..end].split(|b| *b == b'-');
    let is_whole = groups.clone().count() == 4 && groups.all(|group| (1..=10).contains(&group.len()));
    if is_whole && !is_word(before(text, start)) && !is_word(byte_at(text, end)) {
        let (kind, rule, evidence) = (TypeId::ACCOUNT_ID, rules::ACCOUNT_ID, Evidence::SHAPE);
        hunt.accept(Match { start, end, kind, rule, confidence: 80, evidence });
    }
    true
}
