//! Users before the host that they log in to or come from: `ssh anna@203.0.113.7`.

use super::accept::Hunt;
use super::clients;
use super::people::{MAX_NAME_BYTES, login};
use super::phrases::head;
use crate::check::words::Words;
use crate::context::{before, byte_at};
use crate::detect::hostname;
use crate::finding::{Match, TypeId};

/// The name of the host whose address stands in the bracket at `open`, if it spells it in its own way.
pub(super) fn named_by_address(hunt: &mut Hunt<'_>, open: usize, octets: [u8; 4]) {
    let end = open - usize::from(before(hunt.text, open) == b' ');
    if hunt.wants(TypeId::HOSTNAME_IP)
        && let Some(found) = hostname::spelled(hunt.text, end, octets)
    {
        // what it calls itself (RFC 5321 section 4.4): `from p5b3a91c4.example.net (p5b3a91c4.example.net [`
        let name = &hunt.text[found.start..found.end];
        let said = hunt.text[..found.start].strip_suffix(b" (").filter(|head| head.ends_with(name));
        let said = said.map(|head| Match { start: head.len() - name.len(), end: head.len(), ..found });
        hunt.accept(found);
        if let Some(said) = said {
            hunt.accept(said);
        }
    }
}

/// The user before the at sign at `sign` whose host is an address, or has one behind it
/// (`Connect anna@203.0.113.7 on shop`, `from anna@nb-12 (203.0.113.7)`).
pub(super) fn user_at_host(hunt: &mut Hunt<'_>, sign: usize) {
    let text = hunt.text;
    let mut start = sign;
    while start > 0
        && sign - start < MAX_NAME_BYTES
        && (text[start - 1].is_ascii_alphanumeric() || matches!(text[start - 1], b'.' | b'_' | b'-'))
    {
        start -= 1;
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
