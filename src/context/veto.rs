//! Vetoes: look-alikes that stay, each shared by every detector that could take it.

use super::json;
use super::object_id::is_object_id;
use super::release::{
    ends_with_version, is_announced_version, is_field_of_release, is_of_release, is_told_before,
    starts_like_address,
};
use super::{Keys, before, byte_at, head, is_word, key_of_value, veto_of};
use crate::check::bytes;
use crate::check::words::Words;
use crate::classify::Tail;
use crate::rules::Veto;

/// Whether a host in capitals stands before the bracket before `start`, as the value of a key for servers.
fn is_mailbox_server(text: &[u8], start: usize) -> bool {
    let head = &text[start.saturating_sub(64)..start];
    memchr::memmem::rfind(head, b"\"OriginatingServer\"").is_some() && head.ends_with(b" (")
}

/// Whether four numbers between dots are rather a version than an address, judged by what
/// stands around them: a product before a slash, a key, `v`, a package name, a suffix.
pub(crate) fn quad_is_version(
    table: Keys<'_>,
    text: &[u8],
    start: usize,
    end: usize,
    octets: [u8; 4],
) -> bool {
    let (left, right) = (before(text, start), byte_at(text, end));
    // the client of an access log
    if left == b'\n' && right == b' ' && byte_at(text, end + 1) == b'-' {
        return false;
    }
    let private = is_private(octets);
    // a firewall's address (`fw=198.51.100.8`): no firmware is that old
    let is_wall = left == b'='
        && text[..start].ends_with(b" fw=")
        && (octets[0] > 99 || text[end..].starts_with(b" pri="));
    if !is_wall
        && matches!(left, b' ' | b'=' | b':' | b'"' | b'\'' | b'(' | b'\t' | b'>')
        && (is_named_version(table, text, start, private)
            || octets[0] < 100
                && !private
                && matches!(left, b'=' | b':' | b'"')
                && ends_with_version(text, start))
    {
        return true;
    }
    if is_object_id(text, start, octets)
        || matches!(left, b'D' | b'd') && octets[0] < 100 && !private && ends_with_version(text, start)
    {
        return true;
    }
    // `Firmware: current=7.88.11.22 available=7.88.12.3`
    if matches!(left, b'=' | b'"' | b'[') && octets[0] < 100 && !private && is_field_of_release(text, start) {
        return true;
    }
    // `owver=0.219.0.3`
    if octets[0] == 0 && left == b'=' && text[..start - 1].ends_with(b"ver") {
        return true;
    }
    if matches!(left, b' ' | b'(') && octets[0] < 30 && !private && is_told_before(text, start) {
        return true;
    }
    // `OID.2.5.4.15=PRIVATE ORGANIZATION` of a certificate's subject
    if left == b'.' && text[..start].ends_with(b"OID.") {
        return true;
    }
    // `"OriginatingServer":"AM6PR01MB4535 (15.20.225.32)"`: Exchange says what it is
    if left == b'(' && right == b')' && octets[0] == 15 && octets[1] < 99 && is_mailbox_server(text, start) {
        return true;
    }
    // what nearly all addresses stand between says nothing more
    if is_quiet(left) && (is_quiet(right) || right == b' ' && byte_at(text, end + 1) != b'(') {
        return false;
    }
    // `Windows 5.1.10.233`: no network is known as that
    if left == b' '
        && octets[0] < 12
        && octets[1] < 4
        && word_before(text, start - 1).1.eq_ignore_ascii_case(b"windows")
    {
        return !private;
    }
    // versions rarely have parts of 128 and more behind the first; browsers count to a hundred and a half
    if octets[0] > 199 || octets[1..].iter().any(|o| *o >= 128) {
        return left == b'/' && octets[0] < 30 && !private && browser_before(text, start);
    }
    match left {
        // `release/10.4.0.2`, `release%2F5.12.0.3`
        b'/' | b'F' | b'f' if octets[0] < 100 && is_of_release(text, start, private) => return true,
        b'/' if private => return false,
        b'/' => return product_before(text, start, end) || is_artifact(text, start, end),
        b'|' => return matches!(right, b'|' | b'_' | b'-' | b' ') && is_event_header(text, start),
        b'=' | b' ' | b'<' | b'~' | b'^' if is_compared(text, start, end) => return true,
        b' ' if is_announced_version(text, start, private) => return true,
        b'@' if !private && is_package(text, start, octets) => return true,
        b':' if !private && (is_image_tag(text, start, end) || is_coordinate(text, start)) => return true,
        // a frame of a stack in Java: `[classes!/:1.0.0.1]`
        b':' if right == b']' && text[..start].ends_with(b"!/:") => return true,
        b'.' if !private && text[..start].ends_with(b".so.") => return true,
        b'.' if is_of_tree(text, start) => return true,
        // a section of a standard
        0xa7 if text[..start].ends_with("\u{a7}".as_bytes()) => return true,
        b'v' | b'V' if !before(text, start.saturating_sub(1)).is_ascii_alphanumeric() => return true,
        // `R80.10.0.4`, `r1.2.3.4`: one letter before the number
        b'a'..=b'z' | b'A'..=b'Z' if !is_word(before(text, start.saturating_sub(1))) && !private => {
            return true;
        }
        // what starts with three digits is an address: `UnixSSHKeys-203.0.113.115-anna`
        b'-' | b'_' if !private && octets[0] < 100 => {
            let further = before(text, start - 1);
            if further.is_ascii_alphabetic() && !names_address(text, start - 1) {
                return true;
            }
        }
        b':' if text[..start].ends_with(b"rv:") => return true,
        // `C:\Program Files\Example\10.2.14.3\bin`
        b'\\' if right == b'\\' && octets[0] < 100 && is_in_program_folder(text, start) => return true,
        // a version of an application in Tomcat: `/app##1.0.4.2`
        b'#' if text[..start].ends_with(b"##") => return true,
        _ => {}
    }
    if !private {
        match right {
            b'+' => return true,
            b' ' if is_dated(&text[end..]) => return true,
            b'-' if left == b'=' && names_address(text, start - 1) => return false,
            b'-' | b'_' | b'~' if octets[0] < 100 && byte_at(text, end + 1).is_ascii_alphanumeric() => {
                let next_quad =
                    text[end + 1..].iter().take(4).position(|b| *b == b'.').is_some_and(|p| p <= 3)
                        && byte_at(text, end + 1).is_ascii_digit();
                if !next_quad && !(left == b'-' || left == b'_') {
                    return true;
                }
            }
            byte if byte.is_ascii_alphabetic() => return true,
            b'.' if matches!(
                &text[(end + 1).min(text.len())..(end + 4).min(text.len())],
                b"jar"
                    | b"tgz"
                    | b"zip"
                    | b"rpm"
                    | b"deb"
                    | b"exe"
                    | b"dll"
                    | b"apk"
                    | b"ipa"
                    | b"tar"
                    | b"war"
                    | b"pom"
                    | b"whl"
                    | b"gem"
                    | b"gz\n"
                    | b"so "
            ) =>
            {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Whether a byte says nothing of a number beside it.
#[inline(always)]
fn is_quiet(byte: u8) -> bool {
    const QUIET: [bool; 256] = bytes::table(b"\n\r\t\"',;()[]{}");
    QUIET[usize::from(byte)]
}

/// Whether a key says that a version follows; of a private address only if it says so outright.
fn is_named_version(table: Keys<'_>, text: &[u8], start: usize, private: bool) -> bool {
    let key = key_of_value(table, text, start);
    if veto_of(table, key) != Some(Veto::Version) {
        return false;
    }
    // `ws: upgrade from 203.0.113.17:50112`
    if starts_like_address(text, start) && key.is_some_and(|k| k.words().starts_with("upgrade ")) {
        return false;
    }
    !private
        || key.is_some_and(|k| {
            // `/app.js?v=10.2.1.7`
            k.words() == "v" && matches!(before(text, start - 2), b'?' | b'&')
                || ["ver", "build", "firmware"].iter().any(|w| k.words().contains(w))
        })
}

/// A remark on a release behind the number (`2.20.4.5 (Release Date: …)`, `2.0.1.8 (build 77)`).
fn is_dated(rest: &[u8]) -> bool {
    const REMARKS: [&[u8]; 8] =
        [b"release", b"rev ", b"rev.", b"revision", b"built ", b"build ", b"build:", b"compiled"];
    rest.strip_prefix(b" (")
        .is_some_and(|r| REMARKS.iter().any(|w| r.get(..w.len()).is_some_and(|r| r.eq_ignore_ascii_case(w))))
}

/// The word before `end` and where it starts.
pub(super) fn word_before(text: &[u8], end: usize) -> (usize, &[u8]) {
    let floor = end.saturating_sub(40);
    let mut start = end;
    while start > floor && (is_word(text[start - 1]) || matches!(text[start - 1], b'-' | b'.')) {
        start -= 1;
    }
    (start, &text[start..end])
}

/// The word before the blank before `begin`, none if something else stands there.
pub(super) fn word_behind_blank(text: &[u8], begin: usize) -> (usize, &[u8]) {
    if begin > 1 && text[begin - 1] == b' ' { word_before(text, begin - 1) } else { (begin, b"") }
}

/// Behind the folder of programs of Windows, in the same path: no blank, quote or share between them.
fn is_in_program_folder(text: &[u8], start: usize) -> bool {
    let head = head(text, start, 96);
    let Some(folder) = memchr::memmem::rfind(head, b"Program Files") else { return false };
    let path = &head[folder + 13..];
    let path = path.strip_prefix(b" (x86)").unwrap_or(path);
    // in JSON each backslash is two
    let is_json = path.starts_with(b"\\\\");
    let doubled = memchr::memmem::find(path, b"\\\\").is_some();
    path.starts_with(b"\\")
        && doubled == is_json
        && !path.iter().any(|b| matches!(b, b' ' | b'"' | b'\'' | b':'))
}

/// A browser or library in its own spelling before the slash (`Chrome/4.0.222.12`).
fn browser_before(text: &[u8], start: usize) -> bool {
    let (_, name) = word_before(text, start - 1);
    name.len() > 3
        && name[0].is_ascii_uppercase()
        && name[1..].iter().all(u8::is_ascii_lowercase)
        && !names_address(text, start - 1)
}

/// Behind a name of the tree of management information (RFC 2578): `SNMPv2-SMI::enterprises.9.9.41.2`. Names that go on
/// with an address (`ipAdEntAddr.192.0.2.7`) are none of these.
fn is_of_tree(text: &[u8], start: usize) -> bool {
    static NAMES: Words<7> = Words::new([
        b"enterprises",
        b"experimental",
        b"iso",
        b"ifindex",
        b"ifdescr",
        b"ifname",
        b"snmpmodules",
    ]);
    let letters = bytes::letters_at_end(Tail::bytes_before(text, start - 1)).min(start - 1);
    let first = start - 1 - letters;
    // names of eight letters and more are read on
    let more = text[..first].iter().rev().take(8).take_while(|b| b.is_ascii_alphabetic()).count();
    letters > 2 && NAMES.contains(&text[first - more..start - 1])
}

/// A package and its version (`okhttp@4.12.0.1`): all numbers are small and one is zero, which is rare in what
/// people log in to.
fn is_package(text: &[u8], start: usize, octets: [u8; 4]) -> bool {
    let (first, name) = word_before(text, start - 1);
    let is_command = || {
        let before = word_behind_blank(text, first).1;
        [&b"ssh"[..], b"scp", b"sftp", b"rsync", b"from", b"to", b"as"]
            .iter()
            .any(|w| before.eq_ignore_ascii_case(w))
    };
    octets.contains(&0)
        && !is_command()
        && octets.iter().all(|octet| *octet < 30)
        && name.len() > 2
        && matches!(before(text, first), b' ' | b'/' | b'"' | b'\'' | b'\n' | b'(')
        && !name.eq_ignore_ascii_case(b"root")
        && !name.eq_ignore_ascii_case(b"admin")
}

/// A folder of a repository of artifacts: the file in it has the same version
/// (`lib/1.0.0.3/lib-1.0.0.3.pom`).
fn is_artifact(text: &[u8], start: usize, end: usize) -> bool {
    let rest = &text[end..text.len().min(end + 96)];
    let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let quad = &text[start..end];
    rest.first() == Some(&b'/')
        && rest.windows(quad.len() + 1).any(|window| window[0] == b'-' && &window[1..] == quad)
}

/// The fourth field of a CEF or LEEF header: the version of the device.
fn is_event_header(text: &[u8], start: usize) -> bool {
    let head = head(text, start, 160);
    let Some(from) = memchr::memmem::rfind(head, b"CEF:").or_else(|| memchr::memmem::rfind(head, b"LEEF:"))
    else {
        return false;
    };
    head[from..].iter().filter(|b| **b == b'|').count() == 3
}

/// Behind an operator that compares versions (`==1.2.3.4`, `>=1.2.3.4`, `<2.0.0.0`, `~> 3.4.5.6`),
/// unless addresses are compared.
fn is_compared(text: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    if at > 0 && text[at - 1] == b' ' {
        at -= 1;
    }
    let operator = text[at.saturating_sub(2)..at].iter().rev();
    let length = operator.take_while(|b| matches!(b, b'=' | b'<' | b'>' | b'~' | b'^' | b'!')).count();
    let sign = &text[at - length..at];
    // what an IPsec tunnel joins: `TS 10.0.0.0/24 === 10.99.0.13/32`
    if text[..at].ends_with(b"===") && byte_at(text, end) == b'/' {
        return false;
    }
    let compares = match sign {
        b"==" | b">=" | b"<=" | b"~>" | b"~=" | b"!=" => true,
        // the version of a Windows package (`Package~31bf3856ad364e35~amd64~~6.1.1.2`)
        b"~~" => at == start,
        b"~" | b"^" => at == start,
        b"<" => at == start && byte_at(text, end) != b'>' && at > 1 && before(text, at - 1) == b',',
        _ => false,
    };
    let mut word = at - length;
    while word > 0 && text[word - 1] == b' ' {
        word -= 1;
    }
    compares && !names_address(text, word)
}

/// The tag of a container image (`registry.example.com/app:1.2.3.4`).
fn is_image_tag(text: &[u8], start: usize, end: usize) -> bool {
    let (first, name) = word_before(text, start - 1);
    let port = byte_at(text, end) == b':' && byte_at(text, end + 1).is_ascii_digit();
    !port
        && !name.is_empty()
        && first > 1
        && text[first - 1] == b'/'
        && is_word(before(text, first - 1))
        && !names_address(text, start - 1)
}

/// The version of an artifact of Maven behind its group and name: `com.example:parent:pom:3.2.5.1`.
fn is_coordinate(text: &[u8], start: usize) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':');
    let head = &text[start.saturating_sub(128)..start - 1];
    let run = &head[head.len() - head.iter().rev().take_while(|b| is_part(**b)).count()..];
    let mut parts = run.split(|b| *b == b':');
    let group = parts.next().unwrap_or_default();
    // a domain the other way round, or what an artifact is packed as before the version
    let top = group.split(|b| *b == b'.').next().unwrap_or_default();
    let is_reversed = group.contains(&b'.')
        && matches!(top, b"com" | b"org" | b"net" | b"io" | b"de" | b"fr" | b"uk" | b"ch" | b"edu" | b"dev");
    let is_packed = [&b":pom:"[..], b":jar:", b":war:", b":aar:", b":bundle:", b":ear:"]
        .iter()
        .any(|kind| text[..start].ends_with(kind));
    (is_reversed && !names_address(text, start - 1) || is_packed)
        && (1..=3).contains(&parts.clone().count())
        && parts.all(|part| part.first().is_some_and(u8::is_ascii_alphabetic))
}

fn is_private(octets: [u8; 4]) -> bool {
    matches!(octets, [10, ..] | [192, 168, ..] | [172, 16..=31, ..] | [127, ..] | [169, 254, ..])
}

/// Whether a product name stands before the slash before `start` (`Chrome/120.0.0.0`); host names
/// (`node-1.example/10.0.0.1:9000`), paths and words for addresses do not count.
fn product_before(text: &[u8], start: usize, end: usize) -> bool {
    let slash = start - 1;
    // Squid before version 3.2: `DIRECT/198.51.100.7`
    if text[..slash].ends_with(b" DIRECT") {
        return false;
    }
    // most products are a few letters behind a blank
    let letters = bytes::letters_at_end(Tail::bytes_before(text, slash));
    if (1..8).contains(&letters) && slash > letters && text[slash - 1 - letters] == b' ' {
        let port = byte_at(text, end) == b':' && byte_at(text, end + 1).is_ascii_digit();
        return !port && (!names_address(text, slash) || text[end..].starts_with(b" ("));
    }
    let floor = slash.saturating_sub(40);
    let mut word = slash;
    while word > floor && (is_word(text[word - 1]) || matches!(text[word - 1], b'-' | b'.')) {
        word -= 1;
    }
    let name = &text[word..slash];
    if name.is_empty() || !name.iter().any(u8::is_ascii_alphabetic) {
        return false;
    }
    // the comment of a user agent behind it (RFC 9110 section 10.1.5) outweighs the word
    let comment = text[end..].starts_with(b" (");
    if before(text, word) == b'/' || names_address(text, slash) && !comment {
        return false;
    }
    // Squid: HIER_DIRECT/198.51.100.7
    if name.contains(&b'_') && !name.iter().any(u8::is_ascii_lowercase) {
        return false;
    }
    // Java's `host/address` without a port: `No Route to Host from  WORKER-7/192.0.2.19 to …`
    if text[..word].ends_with(b"ost from  ") || text[..word].ends_with(b"ost from ") {
        return false;
    }
    let port = byte_at(text, end) == b':' && byte_at(text, end + 1).is_ascii_digit();
    !port && (!name.contains(&b'.') || name.iter().any(u8::is_ascii_uppercase))
}

/// Whether a word or key for addresses stands before the value at `start` (`client 1::8`,
/// `"remote_addr":"::8"`).
pub(crate) fn announces_address(text: &[u8], start: usize) -> bool {
    let floor = start.saturating_sub(6);
    let mut end = start;
    while end > floor
        && matches!(text[end - 1], b' ' | b'"' | b'\'' | b'\\' | b'=' | b':' | b'[' | b'(' | b'<')
    {
        end -= 1;
    }
    end < start && names_address(text, end)
}

/// Words that say that an address follows.
static ADDRESSES: Words<28> = Words::new([
    b"monitor",
    b"pool",
    b"ip",
    b"ipv4",
    b"addr",
    b"address",
    b"host",
    b"src",
    b"dst",
    b"source",
    b"dest",
    b"client",
    b"from",
    b"to",
    b"server",
    b"peer",
    b"remote",
    b"local",
    b"node",
    b"inet",
    b"bp",
    b"endpoint",
    b"gateway",
    b"via",
    b"static",
    b"localhost",
    b"ipaddr",
    b"ipaddress",
]);

/// Whether the word that ends at `end` says that an address follows.
pub(super) fn names_address(text: &[u8], end: usize) -> bool {
    let mut start = end - bytes::letters_at_end(Tail::bytes_before(text, end)).min(end);
    if end - start == 8 {
        let floor = end.saturating_sub(24);
        while start > floor && text[start - 1].is_ascii_alphabetic() {
            start -= 1;
        }
    }
    ADDRESSES.contains(&text[start..end])
}

/// Whether the digits that start at `start` stand under a key or word that says what else they are
/// (an id, a time, a count, a version, a digest).
pub(crate) fn number_is_named(table: Keys<'_>, text: &[u8], start: usize) -> bool {
    if before(text, start) == b'/' && is_order(text, start - 1) {
        return true;
    }
    let key = key_of_value(table, text, start);
    // a bare `v` is a version only of what looks like one
    veto_of(table, key).is_some() && key.is_none_or(|k| k.words() != "v") || json::numbers_order(text, start)
}

/// Whether the part of a path before the slash at `slash` says that an order or a bill follows: `/orders/4730855595827177`.
fn is_order(text: &[u8], slash: usize) -> bool {
    let (first, name) = word_before(text, slash);
    json::ORDERS.contains(name) && before(text, first) == b'/'
}

/// Whether a number sign counts what the word before it names: `ticket #5105105105105100`, not `card #5105…`.
pub(crate) fn number_is_counted(text: &[u8], start: usize) -> bool {
    if before(text, start) != b'#' {
        return false;
    }
    let end = start - 1 - usize::from(before(text, start - 1) == b' ');
    let word = word_before(text, end).1.to_ascii_lowercase();
    let is_of_card = [&b"card"[..], b"cc", b"pan", b"karte", b"carte", b"tarjeta", b"acct", b"account"]
        .iter()
        .any(|name| word.ends_with(name));
    word.len() > 1 && word.iter().all(u8::is_ascii_alphabetic) && !is_of_card
}

/// Whether what looks like an address is a moment as Erlang's reports print it: `13-May-2025::22:19:31`.
pub(crate) fn is_moment(text: &[u8], start: usize) -> bool {
    let Some([b'-', b'A'..=b'Z', b'a'..=b'z', b'a'..=b'z', b'-']) = text[..start].last_chunk() else {
        return false;
    };
    text[start..].starts_with(b"20") && text[start..].get(4..6) == Some(b"::")
}

/// Whether the hex digits that start at `start` are a digest or fingerprint by their key.
pub(crate) fn is_digest(table: Keys<'_>, text: &[u8], start: usize) -> bool {
    let key = key_of_value(table, text, start);
    veto_of(table, key) == Some(Veto::Digest)
}
