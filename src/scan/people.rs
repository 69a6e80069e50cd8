//! Names of people and their devices in sentences of well-known programs: sudo, su, DHCP, mDNS.

use super::accept::Hunt;
use crate::context::byte_at;
use crate::detect::device_name;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The longest name that is taken, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// A login name in a slot of a sentence.
pub(super) fn login(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let kind = TypeId::USERNAME;
    let evidence = Evidence::SLOT_PHRASE;
    hunt.accept(Match { start, end, kind, rule: rules::USERNAME_PHRASE, confidence: 86, evidence });
}

/// Bytes of a login name from `at` on.
fn name_bytes(text: &[u8], at: usize) -> usize {
    let is_name = |b: &&u8| {
        b.is_ascii_alphanumeric() || **b >= 0x80 || matches!(**b, b'.' | b'_' | b'-' | b'\\' | b'$' | b'@')
    };
    text.get(at..).unwrap_or_default().iter().take(MAX_NAME_BYTES).take_while(is_name).count()
}

/// The farthest that the caller stands before the user of a sudo line, in bytes: a path between them.
const MAX_SUDO_BYTES: usize = 1024;

/// Who called sudo: `sudo:  alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=…`, from its `USER` key.
pub(super) fn sudo_caller(hunt: &mut Hunt<'_>, record: usize, user_key: usize) {
    let text = hunt.text;
    let floor = record.max(user_key.saturating_sub(MAX_SUDO_BYTES));
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
pub(super) fn ftp_login(hunt: &mut Hunt<'_>, record: usize, verdict: usize, separator: usize) {
    let text = hunt.text;
    if !text[separator..].starts_with(b": Client \"") || !text[record..verdict].ends_with(b"] ") {
        return;
    }
    let end = verdict - 2;
    let floor = record.max(end.saturating_sub(MAX_NAME_BYTES));
    if let Some(open) = text[floor..end].iter().rposition(|b| *b == b'[')
        && name_bytes(text, floor + open + 1) == end - (floor + open + 1)
    {
        login(hunt, floor + open + 1, end);
    }
}

/// The names in MySQL's slow log, `User@Host: alice[alice] @ …`, or before an address,
/// `Connect alice@203.0.113.7 on shop`, from the at sign.
pub(super) fn database_user(hunt: &mut Hunt<'_>, sign: usize) {
    let text = hunt.text;
    if text[..sign].ends_with(b"User") && text[sign..].starts_with(b"@Host: ") {
        let start = sign + 7;
        let end = start + name_bytes(text, start);
        login(hunt, start, end);
        if byte_at(text, end) == b'[' {
            let inner = end + 1;
            login(hunt, inner, inner + name_bytes(text, inner));
        }
        return;
    }
    let mut start = sign;
    while start > 0
        && sign - start < MAX_NAME_BYTES
        && (text[start - 1].is_ascii_alphanumeric() || matches!(text[start - 1], b'.' | b'_' | b'-'))
    {
        start -= 1;
    }
    let alone = start == 0 || matches!(text[start - 1], b' ' | b'\t' | b'\n' | b'"' | b'\'' | b'=');
    let named = start < sign && text[start].is_ascii_lowercase();
    let address = text[sign + 1..].iter().take(16).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let host = &text[sign + 1..sign + 1 + address];
    let quad = host.iter().filter(|b| **b == b'.').count() == 3
        && host.split(|b| *b == b'.').all(|part| matches!(part.len(), 1..=3))
        && text[sign + 1 + address..].starts_with(b" on ");
    if alone && named && quad {
        login(hunt, start, sign);
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

/// The name of somebody's device at `at`, in quotes, in a parenthesis or up to the next blank.
pub(super) fn owned_device(hunt: &mut Hunt<'_>, at: usize) {
    if !hunt.wants(TypeId::DEVICE_NAME) {
        return;
    }
    let text = hunt.text;
    let open = byte_at(text, at);
    let (start, close): (usize, &[u8]) = match open {
        b'"' | b'(' => (at + 1, if open == b'"' { b"\"" } else { b")" }),
        _ => (at, b" \t,;)]}\"'<>=|/"),
    };
    let rest = text.get(start..).unwrap_or_default();
    let Some(length) = rest
        .iter()
        .take(MAX_NAME_BYTES)
        .position(|b| close.contains(b) || *b == b'\n')
        .or((rest.len() < MAX_NAME_BYTES).then_some(rest.len()))
    else {
        return;
    };
    let name = &rest[..length];
    let name = name.strip_suffix(b".").or_else(|| name.strip_suffix(b":")).unwrap_or(name);
    if let Some(found) = device_name::owned(name, true) {
        let evidence = Evidence::SHAPE.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match { start: start + found.start, end: start + found.end, evidence, ..found });
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
    }
}
