//! What well-known programs write behind their tag: names and secrets that stand under no key.

use super::accept::Hunt;
use super::phrases::{head, slot};
use super::{devices, entries, games, people, phrases, programs, subscribers};
use crate::check::bytes;
use crate::check::filler::is_filler;
use crate::check::words::Words;
use crate::classify::{Candidates, Filter, Kind, Tail};
use crate::context::{before, byte_at};
use crate::detect::username;
use crate::finding::TypeId;
use crate::rules;

/// The farthest behind its tag that a program's value is looked for, in bytes.
const MAX_LINE_BYTES: usize = 512;
/// The longest name that is looked for before a place, in bytes.
const MAX_NAME_BYTES: usize = 128;

type Reader = fn(&mut Hunt<'_>, usize, usize);

/// Programs and what reads their lines: `tag:` or `tag[123]:`.
const TAGS: [(&[u8], Reader); 71] = [
    (b"pickup", handed_in),
    (b"su", su),
    (b"sudo", sudo),
    (b"cron", cron),
    (b"crond", cron),
    (b"crontab", cron),
    (b"vsftpd", ftp),
    (b"dovecot", dovecot),
    (b"unix_chkpwd", checked),
    (b"useradd", added),
    (b"usermod", added),
    (b"pkexec", pkexec),
    (b"radiusd", radius),
    (b"freeradius", radius),
    (b"auth", radius),
    (b"pure-ftpd", pure_ftp),
    (b"smbd_audit", shared),
    (b"charon", tunnelled),
    (b"ipsec", tunnelled),
    (b"strongswan", tunnelled),
    (b"ok", programs::verified),
    (b"localhost", generated),
    (b"spamd", programs::filtered),
    (b"login", programs::console),
    (b"rt_flow_session_create", programs::session),
    (b"rt_flow_session_close", programs::session),
    (b"rt_flow_session_deny", programs::session),
    (b"hostapd", programs::access_point),
    (b"stahtd", programs::access_point),
    (b"mcad", programs::access_point),
    (b"wevent", programs::access_point),
    (b"libubnt", programs::access_point),
    (b"dropbear", programs::access_point),
    (b"gpsd", programs::receiver),
    (b"nmea", programs::receiver),
    (b"gnss", programs::receiver),
    (b"gps", programs::receiver),
    (b"networkmanager", programs::activated),
    (b"cgpsinfo", programs::fix),
    (b"doas", programs::ran),
    (b"users", programs::stored),
    (b"eap_peap", programs::tunnelled_identity),
    (b"eap_ttls", programs::tunnelled_identity),
    (b"eap", programs::tunnelled_identity),
    (b"ocserv", programs::worker),
    (b"upload", programs::transferred),
    (b"download", programs::transferred),
    (b"mkdir", programs::transferred),
    (b"delete", programs::transferred),
    (b"rename", programs::transferred),
    (b"pppd", programs::dialled_in),
    (b"smbd", shared),
    (b"winevtlog", programs::windows_event),
    (b"shell", programs::shell),
    (b"x", entries::person),
    (b"httpd", programs::administered),
    (b"sendmail", programs::delivered),
    (b"sm-mta", programs::delivered),
    (b"sm-msp-queue", programs::delivered),
    (b"clip", subscribers::reported),
    (b"ccwa", subscribers::reported),
    (b"colp", subscribers::reported),
    (b"cmt", subscribers::reported),
    (b"cmgl", subscribers::reported),
    (b"cmgr", subscribers::reported),
    (b"cpbr", subscribers::reported),
    (b"cnum", subscribers::reported),
    (b"clcc", subscribers::reported),
    (b"creg", subscribers::registered),
    (b"cgreg", subscribers::registered),
    (b"cereg", subscribers::registered),
];

/// Lets the tags pass the filter.
pub(super) fn fill(filter: &mut Filter) {
    for (tag, _) in TAGS {
        filter.add_tag(tag);
    }
    // a letter alone is one only where a number may follow
    filter.add_tag(b"x1");
}

/// Hunts behind every tag.
pub(super) fn hunt(hunt: &mut Hunt<'_>, candidates: &Candidates) {
    for &c in candidates.of(Kind::Tag) {
        let (text, colon) = (hunt.text, c.at as usize);
        if text[colon] == b'>' && before(text, colon).is_ascii_digit() {
            people::caller(hunt, colon);
            games::steam_user(hunt, colon);
            served_before(hunt, colon);
        }
        if text[colon] != b':' {
            continue;
        }
        if before(text, colon) == b')' {
            let head = head(text, colon, MAX_NAME_BYTES);
            // `Info: IMAP(anna): …`, and no `def pop3(config): …`
            let open = memchr::memrchr(b'(', head).unwrap_or(0);
            let service =
                head[..open].iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
            if head[..open - service].ends_with(b": ") {
                served_before(hunt, colon - 1);
            }
            continue;
        }
        let mut end = colon;
        if end > 0 && text[end - 1] == b']' {
            end -= 1;
            while end > 0 && text[end - 1].is_ascii_digit() {
                end -= 1;
            }
            if end == 0 || text[end - 1] != b'[' {
                continue;
            }
            end -= 1;
        }
        let Some(read) = reader(&text[end.saturating_sub(MAX_TAG_BYTES)..end]) else { continue };
        let mut at = colon + 1;
        while matches!(byte_at(text, at), b' ' | b'\t') && at < colon + 16 {
            at += 1;
        }
        let stop = text.len().min(at + MAX_LINE_BYTES);
        let line = &text[at.min(stop)..stop];
        let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
        let stop = at.min(stop) + line.strip_suffix(b"\r").unwrap_or(line).len();
        read(hunt, at.min(stop), stop);
    }
}

/// The longest tag and a byte before it, in bytes.
const MAX_TAG_BYTES: usize = 32;

/// What reads the lines of the program whose tag ends `head`.
fn reader(head: &[u8]) -> Option<Reader> {
    static WORDS: Words<{ TAGS.len() }> = {
        let (mut words, mut i) = ([b"" as &[u8]; TAGS.len()], 0);
        while i < TAGS.len() {
            words[i] = TAGS[i].0;
            i += 1;
        }
        Words::new(words)
    };
    let run =
        |head: &[u8]| head.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    // `pure-ftpd`, `sm-msp-queue`: up to two dashes
    let mut start = head.len() - run(head);
    for _ in 0..3 {
        if let Some(place) = WORDS.place(&head[start..]) {
            return Some(TAGS[place].1);
        }
        let before = head[..start].strip_suffix(b"-")?;
        start = before.len() - run(before);
    }
    None
}

/// Takes `start..end` if it could be a login name.
pub(super) fn name(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let name = &hunt.text[start..end];
    if username::keyed(name, true).is_some_and(|m| m.end - m.start == name.len()) && !name.contains(&b' ') {
        hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
}

/// The word at `at`, up to a blank or one of `ends`.
pub(super) fn word_end(text: &[u8], at: usize, stop: usize, ends: &[u8]) -> usize {
    let ends = |b: &u8| matches!(b, b' ' | b'"') || ends.contains(b);
    let word = &text[at..stop];
    let word = &word[..word.iter().take(128).take_while(|b| !ends(b)).count()];
    // an escaped quote closes the string that the line stands in
    let escapes = word.iter().rev().take_while(|b| **b == b'\\').count();
    let is_closed = byte_at(text, at + word.len()) == b'"';
    at + word.len() - if is_closed { escapes } else { 0 }
}

/// `BAD SU anna to root on /dev/ttyp0`, `anna to root on /dev/ttyp1` of BSD, `(to root) alice on pts/0`, `FAILED SU (to root) mallory on pts/3`, `+ pts/0 alice:root`.
fn su(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let line = &text[at..stop];
    if let Some(to) = memchr::memmem::find(line, b"(to ").filter(|p| *p <= 16) {
        let target = at + to + 4;
        let end = word_end(text, target, stop, b")");
        name(hunt, target, end);
        if text[end..stop].starts_with(b") ") {
            name(hunt, end + 2, word_end(text, end + 2, stop, b""));
        }
    } else if memchr::memmem::find(line, b" on /dev/").is_some() {
        let from = at + if line.starts_with(b"BAD SU ") { 7 } else { 0 };
        let end = word_end(text, from, stop, b"");
        if text[end..stop].starts_with(b" to ") {
            name(hunt, from, end);
            name(hunt, end + 4, word_end(text, end + 4, stop, b""));
        }
    } else if let Some(changing) = memchr::memmem::find(line, b" changing from ").map(|p| at + p + 15) {
        // `failed: ttyq4 changing from anna to root`
        let end = word_end(text, changing, stop, b"");
        name(hunt, changing, end);
        if text[end..stop].starts_with(b" to ") {
            name(hunt, end + 4, word_end(text, end + 4, stop, b""));
        }
    } else if matches!(line, [b'+' | b'-', b' ', ..]) {
        let from = word_end(text, at + 2, stop, b"") + 1;
        let colon = word_end(text, from.min(stop), stop, b":");
        if byte_at(text, colon) == b':' {
            name(hunt, from, colon);
            name(hunt, colon + 1, word_end(text, colon + 1, stop, b""));
        }
    }
}

/// `alice : TTY=pts/0 ; …`, `bob : user NOT in sudoers ; …`, `bob : 3 incorrect password attempts ; …`.
fn sudo(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let end = word_end(hunt.text, at, stop, b"");
    if hunt.text[end..stop].starts_with(b" : ") {
        name(hunt, at, end);
    }
}

/// `(alice) CMD (…)`, `(alice) BEGIN EDIT (alice)`.
fn cron(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    if at >= stop || text[at] != b'(' {
        return;
    }
    let end = word_end(text, at + 1, stop, b")");
    if !matches!(&text[end..stop], [b')', b' ', b'A'..=b'Z', ..]) {
        return;
    }
    // cronie says so of itself: `(CRON) INFO (RANDOM_DELAY will be scaled …)`
    if &text[at + 1..end] != b"CRON" {
        name(hunt, at + 1, end);
    }
    if let Some(open) = memchr::memmem::find(&text[end..stop], b" (").map(|p| end + p + 2)
        && [&b" EDIT"[..], b" LIST", b" REPLACE", b" DELETE"].iter().any(|w| text[end..open - 2].ends_with(w))
    {
        name(hunt, open, word_end(text, open, stop, b")"));
    }
}

/// `[anna] OK LOGIN: Client "…"`, `[anna] FAIL DOWNLOAD: …`.
fn ftp(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    if at < stop && text[at] == b'[' {
        let end = word_end(text, at + 1, stop, b"]");
        if text[end..stop].starts_with(b"] OK ") || text[end..stop].starts_with(b"] FAIL ") {
            name(hunt, at + 1, end);
        }
    }
}

/// Services and databases of Dovecot that name a user in brackets.
static SERVICES: Words<18> = Words::new([
    b"userdb",
    b"passdb",
    b"doveadm",
    b"imap-hibernate",
    b"imap",
    b"pop3",
    b"lda",
    b"lmtp",
    b"sieve",
    b"managesieve",
    b"submission",
    b"pam",
    b"sql",
    b"ldap",
    b"passwd",
    b"passwd-file",
    b"shadow",
    b"indexer-worker",
]);

/// `imap(alice)<811><x9>: …`, `lda(alice): …`, `auth-worker(811): pam(carol,203.0.113.7): …`.
fn dovecot(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    // `Password mismatch (given password: Hunter;2 "x)`: to the bracket at the end
    const GIVEN: &[u8] = b"(given password: ";
    if hunt.wants(TypeId::PASSWORD)
        && let Some(given) = memchr::memmem::find(&hunt.text[at..stop], GIVEN).map(|p| at + p + GIVEN.len())
        && let Some(length) = memchr::memrchr(b')', &hunt.text[given..stop]).filter(|length| *length > 0)
    {
        hunt.accept(super::phrases::slot(given, given + length, TypeId::PASSWORD, rules::PASSWORD, 92));
    }
    for open in memchr::memchr_iter(b'(', &hunt.text[at..stop]).take(8).map(|p| at + p) {
        served(hunt, open, word_end(hunt.text, open + 1, stop, b"),"));
    }
}

/// The user from behind the bracket at `open` up to `end`, if a service of Dovecot stands before it.
fn served(hunt: &mut Hunt<'_>, open: usize, end: usize) {
    let head = &hunt.text[open.saturating_sub(MAX_TAG_BYTES)..open];
    let is_part = |b: &&u8| b.is_ascii_alphabetic() || matches!(b, b'-' | b'3');
    let service = head.iter().rev().take_while(is_part).count();
    if SERVICES.contains(&head[head.len() - service..]) {
        name(hunt, open + 1, end);
    }
}

/// The same in a log of Dovecot's own, without its tag, from what closes the number of the process or from the comma
/// before an address: `imap(alice)<811><x9>: …`, `sql(alice,203.0.113.7,<x9>): …`.
pub(super) fn served_before(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let end = if matches!(text[at], b',' | b')') {
        at
    } else {
        let digits = bytes::digits_at_end(Tail::bytes_before(text, at));
        match at.checked_sub(digits + 2) {
            Some(end) if text[end..].starts_with(b")<") => end,
            _ => return,
        }
    };
    let head = &text[end.saturating_sub(MAX_NAME_BYTES)..end];
    if let Some(open) = memchr::memrchr3(b'(', b' ', b'\n', head).filter(|open| head[*open] == b'(') {
        // `pam(anna,203.0.113.7): …`
        let user = memchr::memchr(b',', &head[open..]).unwrap_or(head.len() - open);
        let open = end - head.len() + open;
        served(hunt, open, open + user);
    }
}

/// `6B2C3D4E5F: uid=1004 from=<anna>`: who handed a message in.
fn handed_in(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    if let Some(start) = memchr::memmem::find(&hunt.text[at..stop], b" from=<").map(|p| at + p + 7) {
        name(hunt, start, word_end(hunt.text, start, stop, b">"));
    }
}

/// `password check failed for user (alice)`.
fn checked(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    if let Some(open) = memchr::memmem::find(&hunt.text[at..stop], b"user (").map(|p| at + p + 6) {
        name(hunt, open, word_end(hunt.text, open, stop, b")"));
    }
}

/// `new user: name=alice, UID=1004, …`, `add 'alice' to group 'sudo'`.
fn added(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    if let Some(start) = memchr::memmem::find(&text[at..stop], b"name=").map(|p| at + p + 5) {
        name(hunt, start, word_end(text, start, stop, b",;"));
    }
    for verb in [&b"add '"[..], b"delete '", b"change user '", b"lock user '", b"unlock user '"] {
        if let Some(start) = memchr::memmem::find(&text[at..stop], verb).map(|p| at + p + verb.len()) {
            name(hunt, start, word_end(text, start, stop, b"'"));
        }
    }
}

/// `alice: Executing command [USER=root] …`.
fn pkexec(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let end = word_end(hunt.text, at, stop, b":");
    if byte_at(hunt.text, end) == b':' {
        name(hunt, at, end);
    }
}

/// FreeRADIUS: `Login incorrect (mschap: …): [name/password] (from client …)`.
pub(super) fn radius(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let line = &text[at..stop];
    let login = [&b"Login incorrect"[..], b"Login OK", b"Invalid user"];
    if !login.iter().any(|w| memchr::memmem::find(line, w).is_some_and(|p| p < 16)) {
        return;
    }
    if let Some(station) = memchr::memmem::find(line, b" cli ").map(|p| at + p + 5) {
        phrases::bare_mac(hunt, station);
    }
    let Some(open) = memchr::memmem::find(line, b": [").map(|p| at + p + 3) else { return };
    let Some(close) = memchr::memmem::find(&text[open..stop], b"] (from").map(|p| open + p) else { return };
    let via = memchr::memmem::find(&text[open..close], b"/<via ");
    let slash = via.or_else(|| memchr::memchr(b'/', &text[open..close])).map_or(close, |p| open + p);
    name(hunt, open, slash);
    let password = (slash + 1).min(close);
    if !is_filler(&text[password..close]) && !text[password..close].starts_with(b"<") {
        hunt.accept(slot(password, close, TypeId::PASSWORD, rules::PASSWORD, 88));
    }
}

/// `(anna@203.0.113.7) [INFO] anna is now logged in` of Pure-FTPd.
fn pure_ftp(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let line = &text[at..stop];
    let Some(sign) = memchr::memchr(b'@', line).filter(|_| line.starts_with(b"(")) else { return };
    if line[1..sign] != *b"?" {
        name(hunt, at + 1, at + sign);
    }
    if let Some(said) = memchr::memmem::find(line, b" is now logged in") {
        let start = memchr::memrchr(b' ', &line[..said]).map_or(0, |p| p + 1);
        name(hunt, at + start, at + said);
    }
    // `Authentication failed for user [anna]` is a phrase
}

/// The prefix that vfs_full_audit of Samba is mostly told to write: `CORP\anna|203.0.113.7|annas-laptop|share|…`.
fn shared(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let address = hunt.text[at..stop].split(|b| *b == b'|').nth(1).unwrap_or_default();
    if !address.first().is_some_and(u8::is_ascii_hexdigit)
        || !address.iter().any(|b| matches!(b, b'.' | b':'))
    {
        return;
    }
    let mut start = at;
    for field in hunt.text[at..stop].split(|b| *b == b'|').take(4) {
        let end = start + field.len();
        if start == at {
            name(hunt, start, end);
        } else {
            devices::owned_device(hunt, start);
        }
        start = end + 1;
    }
}

/// `assigning virtual IP 10.9.0.3 to peer 'anna'` of strongSwan.
fn tunnelled(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let line = &text[at..stop];
    // `received EAP identity 'anna'`, `lease 10.9.0.3 by 'anna' went offline`
    for sign in [&b"peer '"[..], b"authentication of '", b"identity '", b" by '"] {
        if let Some(start) = memchr::memmem::find(line, sign).map(|p| at + p + sign.len()) {
            let end = word_end(text, start, stop, b"'");
            // the server itself
            if !text[end..stop].starts_with(b"' (myself)") {
                name(hunt, start, end);
            }
        }
    }
    if let Some(start) = memchr::memmem::find(line, b"failed for peer ").map(|p| at + p + 16) {
        name(hunt, start, word_end(text, start, stop, b","));
    }
    // `matching 198.51.100.1[%any]...203.0.113.40[anna]`
    if let Some(peer) = memchr::memmem::find(line, b"]...").map(|p| at + p)
        && let Some(open) = memchr::memchr(b'[', &text[peer..stop]).map(|p| peer + p + 1)
        && text[open..stop].first().is_some_and(u8::is_ascii_alphabetic)
    {
        name(hunt, open, word_end(text, open, stop, b"]"));
    }
}

/// MySQL: `A temporary password is generated for root@localhost: x`.
fn generated(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let head = head(text, at, 80);
    let end = word_end(text, at, stop, b"");
    // the end of a string that holds the line
    let quote = text[at..end].windows(2).position(|two| two[0] == b'"' && matches!(two[1], b',' | b'}'));
    let end = quote.map_or(end, |quote| at + text[at..at + quote].trim_ascii_end().len());
    let end = end - text[at..end].iter().rev().take_while(|b| quote.is_some() && **b == b'\\').count();
    if memchr::memmem::find(head, b"password is generated for ").is_some() && at < end {
        hunt.accept(slot(at, end, TypeId::PASSWORD, rules::PASSWORD, 92));
    }
}
