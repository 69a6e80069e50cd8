//! Users of databases: around at signs, in statements that make and change them.

use super::accept::Hunt;
use super::clients;
use super::not_names::NOT_NAMES;
use super::people::{MAX_NAME_BYTES, login, name_bytes};
use super::phrases::{head, is_one_of, tail, word_before};
use crate::check::words::Words;
use crate::context::{before, byte_at};

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
    if sign > 1 && text[sign - 1] == byte_at(text, sign + 1) && matches!(text[sign - 1], b'\'' | b'`') {
        return quoted_account(hunt, sign);
    }
    let mut start = sign;
    while start > 0
        && sign - start < MAX_NAME_BYTES
        && (text[start - 1].is_ascii_alphanumeric() || matches!(text[start - 1], b'.' | b'_' | b'-'))
    {
        start -= 1;
    }
    if start < sign && text[start].is_ascii_lowercase() && prefixes_statement(text, sign) {
        login(hunt, start, sign);
        return;
    }
    // `log_line_prefix = '%t:%r:%u@%d:[%p]:'` of PostgreSQL: `UTC:203.0.113.4(5432):anna@shop:[127]:FATAL:  …`
    if start > 2 && text[..start].ends_with(b"):") && before(text, start - 2).is_ascii_digit() {
        let base = text[sign + 1..]
            .iter()
            .take(64)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        let base = base.count();
        if base > 0 && text[sign + 1 + base..].starts_with(b":[") {
            return login(hunt, start, sign);
        }
    }
    // MongoDB: `Failed to authenticate anna@shop with mechanism …`
    if start < sign && text[..start].ends_with(b"to authenticate ") {
        let base =
            text[sign + 1..].iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        if text[sign + 1 + base..].starts_with(b" with mechanism ") {
            return login(hunt, start, sign);
        }
    }
    // PgBouncer: `C-0x55d0c8a1b2c0: shop/anna@203.0.113.7:53110 login attempt: …`
    let is_pooled = || {
        if before(text, start) != b'/' || start == 0 {
            return false;
        }
        let base = head(text, start - 1, MAX_NAME_BYTES);
        let length = base.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        length > 0 && base[..base.len() - length].ends_with(b": ")
    };
    let alone =
        start == 0 || matches!(text[start - 1], b' ' | b'\t' | b'\n' | b'"' | b'\'' | b'=') || is_pooled();
    let named = start < sign && text[start].is_ascii_lowercase();
    let address = text[sign + 1..].iter().take(16).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let host = &text[sign + 1..sign + 1 + address];
    let after = &text[sign + 1 + address..];
    let is_quad = host.iter().filter(|b| **b == b'.').count() == 3
        && host.split(|b| *b == b'.').all(|part| matches!(part.len(), 1..=3))
        && !after.first().is_some_and(u8::is_ascii_alphanumeric);
    let is_said = [&b" on "[..], b" logged in", b" logged out", b" login ", b" - SessionId"]
        .iter()
        .any(|said| after.starts_with(said));
    // `ssh anna@203.0.113.7`, `rsync a.txt anna@203.0.113.7:/srv`, `anna@203.0.113.7: Permission denied (publickey).`
    let is_remote = || {
        let line = head(text, start, 96);
        [&b"ssh"[..], b"scp ", b"sftp", b"rsync", b"ftp ", b"mosh "]
            .iter()
            .any(|program| memchr::memmem::find(line, program).is_some())
            || [&b":/"[..], b":~", b": Permission denied", b"'s password"]
                .iter()
                .any(|said| after.starts_with(said))
    };
    let quad = is_quad
        && (is_said || (is_pooled() || is_remote()) && !is_small(host) && !is_node(&text[start..sign]));
    // `opened for 'anna@203.0.113.7'`
    let quoted = matches!(before(text, start), b'"' | b'\'')
        && !host.is_empty()
        && byte_at(text, sign + 1 + address) == before(text, start);
    if alone && named && (quad || quoted && host.iter().filter(|b| **b == b'.').count() == 3) {
        return login(hunt, start, sign);
    }
    // `anna (anna@203.0.113.7)`: the name before is the same
    if before(text, start) == b'(' && named && host.iter().filter(|b| **b == b'.').count() == 3 {
        let name = &text[start..sign];
        if text[..start - 1].strip_suffix(b" ").is_some_and(|head| head.ends_with(name)) {
            login(hunt, start - 2 - name.len(), start - 2);
        }
        return login(hunt, start, sign);
    }
    // rsyncd: `from anna@nb-12 (203.0.113.7)`
    let name = text[sign + 1..].iter().take(MAX_NAME_BYTES).take_while(|b| clients::is_one_name(**b)).count();
    let behind = text[sign + 1 + name..].strip_prefix(b" (").unwrap_or_default();
    let address =
        behind.iter().take(46).take_while(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':')).count();
    if alone && named && address > 6 && behind.get(address) == Some(&b')') {
        login(hunt, start, sign);
    }
}

/// Four numbers of a version: `okhttp@4.12.0.1`.
fn is_small(host: &[u8]) -> bool {
    let is_small = |part: &[u8]| matches!(part, [_] | [b'0'..=b'2', _]);
    byte_at(host, 1) == b'.' && host.split(|b| *b == b'.').all(is_small)
}

/// The name of a node of a cluster or of a worker, which stands before its host too; or of a dialogue.
fn is_node(name: &[u8]) -> bool {
    static NODES: Words<28> = Words::new([
        b"ap",
        b"switch",
        b"router",
        b"controller",
        b"gateway",
        b"rabbit",
        b"emqx",
        b"ejabberd",
        b"couchdb",
        b"riak",
        b"vernemq",
        b"mongooseim",
        b"celery",
        b"worker",
        b"node",
        b"server",
        b"master",
        b"slave",
        b"client",
        b"app",
        b"spark",
        b"akka",
        b"erl",
        b"dev",
        b"tcp",
        b"udp",
        b"service",
        b"svc",
    ]);
    let letters = name.iter().rev().skip_while(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_')).count();
    NODES.contains(&name[..letters])
        || name.iter().filter(|b| b.is_ascii_digit()).count() > 4 && name.iter().all(u8::is_ascii_hexdigit)
}

/// The account of MySQL whose name and host stand in quotes: `SET PASSWORD FOR 'anna'@'%'`.
fn quoted_account(hunt: &mut Hunt<'_>, sign: usize) {
    let close = sign - 1;
    let name = head(hunt.text, close, MAX_NAME_BYTES);
    if let Some(open) = memchr::memrchr(hunt.text[close], name).filter(|open| open + 1 < name.len()) {
        login(hunt, close - name.len() + open + 1, close);
    }
}

/// Whether `user@database` at the sign is followed by a severity: the usual `log_line_prefix` of
/// PostgreSQL, `%u@%d LOG:  …`.
fn prefixes_statement(text: &[u8], sign: usize) -> bool {
    const LEVELS: [&[u8]; 8] =
        [b"LOG:", b"ERROR:", b"FATAL:", b"STATEMENT:", b"DETAIL:", b"HINT:", b"WARNING:", b"PANIC:"];
    let database = text[sign + 1..]
        .iter()
        .take(MAX_NAME_BYTES)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'$'))
        .count();
    let rest = text[sign + 1 + database..].strip_prefix(b" ").unwrap_or_default();
    database > 0 && LEVELS.iter().any(|level| rest.starts_with(level))
}

/// `ALTER USER reporting WITH PASSWORD …`, from the word before the name: a name without
/// quotes, which PostgreSQL and Oracle take.
pub(super) fn changed(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const SAID: [&[u8]; 5] = [b" with ", b" password ", b" login", b" identified ", b" encrypted "];
    let text = hunt.text;
    if !is_one_of(word_before(text, word), &[b"create", b"alter"]) {
        return;
    }
    let end = at + name_bytes(text, at);
    let rest = tail(text, end, 12).to_ascii_lowercase();
    if end > at && !NOT_NAMES.contains(&text[at..end]) && SAID.iter().any(|said| rest.starts_with(said)) {
        login(hunt, at, end);
    }
}
