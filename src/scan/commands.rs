//! Secrets on command lines and in statements: `--password x`, `sshpass -p x`, `IDENTIFIED BY 'x'`.

use super::accept::Hunt;
use super::phrases::{head, is_one_of, slot, tail};
use super::{announced, devices, echoed, elements, keyed};
use crate::check::filler::is_filler;
use crate::context::value::{self, Value};
use crate::context::{KeyMatch, before, byte_at, is_word};
use crate::detect::username;
use crate::finding::TypeId;
use crate::rules::{self, KeyRule, Shape};

/// How far before a short option its command is looked for, in bytes.
const MAX_COMMAND_BYTES: usize = 512;

/// The longest option whose argument is looked for, in bytes.
const MAX_OPTION_BYTES: usize = 64;

/// An option from its first letter on, or the quote of what stands behind a word and a blank.
pub(super) fn candidate(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    if !text[at].is_ascii_alphabetic() {
        // `{"msg":"POST /oauth/token "}`
        let slashes = text[at..].iter().take(16).take_while(|b| **b == b'\\').count();
        let quote = at + slashes;
        if value::closes(text, at - 1, quote, slashes) {
            return;
        }
        return match text.get(at.wrapping_sub(3)..at - 1) {
            Some([.., b'"' | b'\''] | [b'"' | b'\'', b',']) => elements::behind(hunt, at),
            _ if is_of_code(text, at, quote) => {}
            _ => {
                secure_string(hunt, at, quote);
                announced::quoted(hunt, at, quote);
                echoed::turned_away(hunt, at, quote);
                devices::told_in_quotes(hunt, at, quote);
                option(hunt, at - 1, at);
            }
        };
    }
    let rest = &text[at..text.len().min(at + MAX_OPTION_BYTES)];
    let Some(length) = rest.iter().position(|b| !(is_word(*b) || matches!(b, b'-' | b'.'))) else { return };
    if rest[length] == b'"' && before(text, at) == b'-' && executed(hunt, at, at + length) {
        return;
    }
    // a property of Java: `-Dpassword=x`
    if text[at] == b'D' && rest[length] == b'=' && before(text, at - 1) == b' ' {
        property(hunt, at + 1, at + length);
    }
    if matches!(rest[length], b'"' | b'\'') && before(text, at - 1) != b' ' {
        elements::option(hunt, at, at + length);
    }
    if matches!(rest[length], b' ' | b'\t') && !matches!(byte_at(text, at + length + 1), b' ' | b'\t' | b'\n')
    {
        option(hunt, at + length, at + length + 1);
    }
}

/// The value of a property of Java, whose name stands between `first` and `end`.
fn property(hunt: &mut Hunt<'_>, first: usize, end: usize) {
    let name = &hunt.text[first..end];
    if let Some(key) = hunt.keys.key_ending_at(name, name.len()) {
        let rule = hunt.keys.rule(&key);
        let key = KeyMatch { start: key.start + first, ..key };
        if rule.may_be(|kind| hunt.wants(kind)) {
            keyed::values(hunt, &key, rule, end);
        }
    }
}

/// Whether the quote behind a blank and a word ends a string that is joined to another (`"$fullname " . join(…)`), or
/// the word ends a path (`auth/login "index" compiled`).
fn is_of_code(text: &[u8], at: usize, quote: usize) -> bool {
    let joined = [&b" . "[..], b" + "]
        .iter()
        .any(|sign| text.get(quote + 1..).is_some_and(|rest| rest.starts_with(sign)));
    let word = head(text, at - 1, 24).iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let slash = at - 1 - word;
    joined || before(text, slash) == b'/' && is_word(before(text, slash - 1))
}

/// A password in a script of PowerShell: `ConvertTo-SecureString 'x' -AsPlainText`, `ConvertTo-SecureString -String "x"`.
fn secure_string(hunt: &mut Hunt<'_>, at: usize, quote: usize) {
    let text = hunt.text;
    let head = &text[..at];
    let head = head.strip_suffix(b"-String ").unwrap_or(head);
    let name = b"SecureString ";
    let is_said = head.len() >= name.len() && head[head.len() - name.len()..].eq_ignore_ascii_case(name);
    if is_said
        && matches!(byte_at(text, quote), b'"' | b'\'')
        && let Some(end) = value::string_end(text, quote, quote - at)
        && end > quote + 1
        && text[quote + 1] != b'$'
        && !is_filler(&text[quote + 1..end])
    {
        hunt.accept(slot(quote + 1, end, TypeId::PASSWORD, rules::PASSWORD, 90));
    }
}

/// An option in a record of audit(8), whose arguments have numbers (`a0="mysql" a1="-u" a2="anna" a3="-psecret"`);
/// whether it is one.
fn executed(hunt: &mut Hunt<'_>, first: usize, end: usize) -> bool {
    let text = hunt.text;
    let head = head(text, first, MAX_COMMAND_BYTES);
    let dashes = head.iter().rev().take_while(|b| **b == b'-').count();
    let Some(equals) = head[..head.len() - dashes].strip_suffix(b"=\"") else { return false };
    let Some(program) = memchr::memmem::rfind(head, b" a0=\"").map(|p| &head[p + 5..]) else { return false };
    let program = &program[..memchr::memchr(b'"', program).unwrap_or(program.len())];
    let program = program.rsplit(|b| *b == b'/').next().unwrap_or_default();
    if dashes > 2 || !equals.last().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let is_client = matches!(program, b"mysql" | b"mysqldump" | b"mysqladmin" | b"mariadb" | b"mariadb-dump");
    if dashes == 1 && is_client && text[first] == b'p' && end > first + 1 {
        glued_secret(hunt, first + 1, end);
        return true;
    }
    // ` a2="`
    let next = tail(text, end, 8);
    let Some(open) = next.starts_with(b"\" a").then(|| memchr::memmem::find(next, b"=\"")).flatten() else {
        return false;
    };
    let at = end + open + 1;
    let short = dashes == 1 && end == first + 1;
    let Some((start, stop)) = argument(text, at) else { return false };
    match (short, text[first]) {
        (true, b'u' | b'U') if user_and_password(hunt, start, stop) => {}
        (true, b'u' | b'U' | b'l')
            if is_client || matches!(program, b"psql" | b"ssh" | b"su" | b"runuser") =>
        {
            super::daemons::name(hunt, start, stop);
        }
        (true, b'p') if matches!(program, b"sshpass" | b"docker" | b"podman") => secret(hunt, start, stop),
        (true, b'w') if program.starts_with(b"ldap") => secret(hunt, start, stop),
        (true, b'a') if program == b"redis-cli" => secret(hunt, start, stop),
        (false, _) => option(hunt, end, at),
        _ => {}
    }
    true
}

/// `--password x`, `-storepass x`, `PASSWORD 'x'`: a key with a blank for a separator.
fn option(hunt: &mut Hunt<'_>, end: usize, at: usize) {
    let text = hunt.text;
    let pattern = compared_column(text, end);
    let Some(key) = hunt.keys.key_ending_at(text, pattern.unwrap_or(end)) else { return };
    let rule = hunt.keys.rule(&key);
    if pattern.is_some() {
        return matched(hunt, &key, rule, at);
    }
    let is_secret = matches!(rule.shape, Shape::Any | Shape::Secretish);
    let is_name = matches!(
        rule.shape,
        Shape::Ssid | Shape::DeviceName | Shape::Username | Shape::Name | Shape::BareName | Shape::RoleName
    );
    let first = text[key.start..end].iter().position(|b| *b != b'-').map_or(key.start, |p| key.start + p);
    let head = head(text, first, 8);
    let long = head.ends_with(b"--");
    // what has a form of its own
    let is_formed = matches!(rule.shape, Shape::Email | Shape::Phone | Shape::DeviceId | Shape::Dob)
        || long && !matches!(rule.shape, Shape::Text | Shape::Veto(_));
    let is_option = is_secret || is_name || is_formed;
    // a client's user may have a password behind a colon
    let may_hold_password = hunt.wants(TypeId::PASSWORD) && rule.shape == Shape::Username;
    if !(rule.may_be(|kind| hunt.wants(kind)) || may_hold_password) || !is_option {
        return;
    }
    // `keytool -storepass x`: one dash before a whole word
    let is_account = rule.words.ends_with("account name");
    let dashed =
        long || (is_secret || is_account) && end - first >= 4 && (head.ends_with(b" -") || head == b"-");
    let quote = byte_at(text, at);
    let quoted = matches!(quote, b'"' | b'\'');
    let statement = quoted
        && rule.shape == Shape::Any
        && matches!(before(text, end) | 0x20, b'd' | b'n' | b'y' | b't' | b'k' | b's');
    // `session_id "k3j9x7q2m5n8v1b4" expired`, `phone "0431 5550123" rejected`
    let is_random =
        rule.shape == Shape::Secretish && (rule.words.ends_with("token") || rule.kind == TypeId::COOKIE);
    let named = quoted && (is_name || is_formed || is_random);
    if !dashed && !statement && !named {
        return;
    }
    let Some((start, stop)) = argument(text, at) else { return };
    if quoted && !dashed && !named && text[start..stop].contains(&b' ') && !is_judged(&text[stop..]) {
        return;
    }
    // `we pass "request" to the handler`: a verb
    if !dashed && rule.words == "pass" && text[start..stop].iter().all(u8::is_ascii_lowercase) {
        return;
    }
    // `-passin pass:x` of openssl; `env:` and `file:` name where it is
    let start = if text[start..stop].starts_with(b"pass:") { start + 5 } else { start };
    if [&b"env:"[..], b"file:"].iter().any(|w| text[start..stop].starts_with(w)) {
        return;
    }
    // in prose a colon is a part of the name: `User "system:node:n1"`
    if dashed && matches!(rule.words, "user" | "proxy user") && user_and_password(hunt, start, stop) {
        return;
    }
    let value = Value::whole(start, stop);
    keyed::evaluate(hunt, &key, rule, value);
}

/// Where the column before `LIKE` ends: `WHERE last_name LIKE 'Berg%'`, `NOT ILIKE`.
fn compared_column(text: &[u8], end: usize) -> Option<usize> {
    let (mut column, mut compares) = (&text[..end], false);
    for word in [&b" like"[..], b" ilike", b" not"] {
        let start = column.len().saturating_sub(word.len());
        if column[start..].eq_ignore_ascii_case(word) {
            (column, compares) = (&column[..start], true);
        }
    }
    compares.then_some(column.len())
}

/// What a pattern of SQL, in the quotes that open at `at`, has between its percent signs.
fn matched(hunt: &mut Hunt<'_>, key: &KeyMatch, rule: &'static KeyRule, at: usize) {
    let Some((mut start, mut stop)) = argument(hunt.text, at) else { return };
    while start < stop && hunt.text[start] == b'%' {
        start += 1;
    }
    while start < stop && hunt.text[stop - 1] == b'%' {
        stop -= 1;
    }
    if start < stop && rule.may_be(|kind| hunt.wants(kind)) {
        keyed::evaluate(hunt, key, rule, Value::whole(start, stop));
    }
}

/// Whether what stands behind a value, from its quote, says something of it: `password 'hunter2, again' is in a list`.
fn is_judged(rest: &[u8]) -> bool {
    [&b" is "[..], b" was ", b" has ", b" does "]
        .iter()
        .any(|verb| rest.get(1..).is_some_and(|r| r.starts_with(verb)))
}

/// The password of a share: `net use Z: \\fs01\share secret /user:CORP\anna`, before the option or behind the name.
pub(super) fn mounted(hunt: &mut Hunt<'_>, key_start: usize, separator: usize) {
    let text = hunt.text;
    let line = head(text, key_start, MAX_COMMAND_BYTES);
    if text[separator] != b':' || memchr::memmem::find(line, b"net use ").is_none() {
        return;
    }
    let mut words = line.strip_suffix(b" /").unwrap_or_default().rsplit(|b| *b == b' ');
    let end = key_start - 2;
    let last = words.next().unwrap_or_default();
    // the share stands before it
    if words.next().is_some_and(|share| share.starts_with(b"\\\\")) && !last.starts_with(b"/") && last != b"*"
    {
        secret(hunt, end - last.len(), end);
        return;
    }
    let name = text[separator..].iter().take(128).take_while(|b| !b.is_ascii_whitespace()).count();
    let start = separator + name + 1;
    if byte_at(text, start - 1) == b' '
        && last.starts_with(b"\\\\")
        && let Some((start, end)) = argument(text, start)
        && !matches!(text[start], b'/' | b'*')
        // the next label of an event of Sysmon
        && &text[start..end] != b"IntegrityLevel:"
    {
        secret(hunt, start, end);
    }
}

/// The argument at `at`: quoted, or to the next blank; no other option.
fn argument(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut open = at;
    while byte_at(text, open) == b'\\' {
        open += 1;
    }
    if matches!(byte_at(text, open), b'"' | b'\'') {
        let end = value::string_end(text, open, open - at)?;
        return (end > open + 1).then_some((open + 1, end));
    }
    // another option; a call in PowerShell
    if byte_at(text, at) == b'-' || text[at..].starts_with(b"(ConvertTo-") || text[at..].starts_with(b"(Get-")
    {
        return None;
    }
    let ends = |b: u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'\\');
    let length = text[at..].iter().take(4096).take_while(|b| !ends(**b)).count();
    (length > 0).then_some((at, at + length))
}

/// Whether one of the programs is called in the record before `at`.
fn is_called(text: &[u8], at: usize, programs: &[&[u8]]) -> bool {
    let head = head(text, at, MAX_COMMAND_BYTES);
    programs.iter().any(|program| {
        memchr::memmem::find_iter(head, program).any(|p| {
            let left = before(head, p);
            !left.is_ascii_alphanumeric() && head.get(p + program.len()) == Some(&b' ')
        })
    })
}

/// `curl -u name:password`, `mysql -u name -ppassword`.
pub(super) fn short_user(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let Some((start, end)) = argument(text, at) else { return };
    if is_called(text, at, &[b"curl", b"http", b"https", b"xh", b"wget", b"lftp", b"siege", b"ab"]) {
        user_and_password(hunt, start, end);
    }
    // `smbclient //fs01/share -U anna%secret` of Samba
    if let Some(sign) = memchr::memchr(b'%', &text[start..end]).filter(|sign| *sign > 0)
        && is_called(text, at, &[b"smbclient", b"rpcclient", b"smbget", b"net", b"winexe"])
    {
        hunt.accept(slot(start, start + sign, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
        secret(hunt, start + sign + 1, end);
        return;
    }
    const CLIENTS: [&[u8]; 15] = [
        b"mysql",
        b"mysqldump",
        b"mysqladmin",
        b"mariadb",
        b"mariadb-dump",
        b"docker login",
        b"podman login",
        b"psql",
        b"pg_dump",
        b"pg_restore",
        b"mongosh",
        b"mongo",
        b"cqlsh",
        b"sqlcmd",
        b"ipmitool",
    ];
    let is_name = username::keyed(&text[start..end], true).is_some_and(|found| found.end == end - start);
    if is_name && is_called(text, at, &CLIENTS) {
        hunt.accept(slot(start, end, TypeId::USERNAME, rules::USERNAME_PHRASE, 86));
    }
    // no blank before the password, so that no phrase starts there
    let next = end + usize::from(matches!(byte_at(text, end), b'"' | b'\''));
    if text[next.min(text.len())..].starts_with(b" -p")
        && is_called(
            text,
            at,
            &[b"mysql", b"mysqldump", b"mysqladmin", b"mariadb", b"mariadb-dump", b"sqlcmd"],
        )
        && let Some((start, end)) =
            argument(text, next + 3).filter(|(start, _)| byte_at(text, *start) != b' ')
    {
        glued_secret(hunt, start, end);
    }
}

/// A secret right behind the letter of its option: a token is known there by nobody else.
fn glued_secret(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    let value = &hunt.text[start..end];
    let is_token = crate::mark::mark_at(hunt.text, start) == Some(value.len())
        && hunt.engine.plan.spared(TypeId::PASSWORD, value) >= value.len();
    if !is_token {
        secret(hunt, start, end);
    }
}

/// `name:password` of HTTP clients; whether it is that.
fn user_and_password(hunt: &mut Hunt<'_>, start: usize, end: usize) -> bool {
    let text = hunt.text;
    let Some(colon) = memchr::memchr(b':', &text[start..end]).map(|p| start + p) else { return false };
    let numbers = text[start..end].iter().all(|b| b.is_ascii_digit() || *b == b':');
    if colon == start || colon + 1 == end || numbers || text[colon..end].starts_with(b"://") {
        return false;
    }
    hunt.accept(slot(start, colon, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    secret(hunt, colon + 1, end);
    true
}

/// `sshpass -p x`, `docker login -p x`, `ldapsearch -w x`, `redis-cli -a x`.
pub(super) fn short_password(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    let programs: &[&[u8]] = match byte_at(text, word + 1) {
        b'p' | b'P' => &[
            b"sshpass",
            b"docker login",
            b"podman login",
            b"buildah login",
            b"helm registry login",
            b"login",
            b"ipmitool",
        ],
        b'w' => &[b"ldapsearch", b"ldapadd", b"ldapmodify", b"ldapdelete", b"ldapwhoami", b"ldappasswd"],
        b'a' => &[b"redis-cli"],
        _ => return,
    };
    if !is_called(text, at, programs) {
        return;
    }
    if let Some((start, end)) = argument(text, at) {
        secret(hunt, start, end);
    }
}

/// Where a short text stands last, by its byte at `rare`, which most texts lack.
fn last_of(head: &[u8], text: &[u8], rare: usize) -> Option<usize> {
    let mut found = memchr::memrchr_iter(text[rare], head).filter_map(|at| at.checked_sub(rare));
    found.find(|start| head[*start..].starts_with(text))
}

/// `username x password 7 y`, `enable secret 5 y` in the configuration of network devices.
pub(super) fn configured(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    let head = head(text, word, 96);
    let account = last_of(head, b"username ", 0).is_some_and(|p| {
        let mut words = head[p..].split(|b| *b == b' ').filter(|w| !w.is_empty()).skip(1);
        // `bad username or password (…)`
        let is_name =
            words.next().is_some_and(|w| !is_one_of(w, &[&b"or"[..], b"and", b"/", b"is", b"must"]));
        // `username x privilege 15 role y password …`, no sentence that has ended
        let ends = |w: &[u8]| matches!(w.last(), Some(b';' | b',' | b'.' | b':'));
        is_name && words.clone().count() <= 4 && !words.any(ends)
    });
    // `machine git.example.com login anna password x` of netrc
    let is_entry = last_of(head, b" login ", 4).is_some_and(|p| {
        head[..p].windows(8).any(|w| w == b"machine ") && head[p + 7..].split(|b| *b == b' ').count() == 2
    });
    // `temporary password Blau!Wal-2026 issued`: letters and digits, for nothing else is said of it
    let is_issued =
        [&b"temporary "[..], b"initial ", b"one-time ", b"generated "].iter().any(|w| head.ends_with(w))
            && argument(text, at).is_some_and(|(start, end)| {
                let value = &text[start..end];
                value.len() > 7
                    && value.iter().any(u8::is_ascii_digit)
                    && value.iter().any(u8::is_ascii_alphabetic)
            });
    if !account && !is_entry && !is_issued && !head.ends_with(b"enable ") {
        return elements::typed(hunt, word, at, TypeId::PASSWORD);
    }
    let kind = text[at..].iter().take(2).take_while(|b| b.is_ascii_digit()).count();
    let at = if kind > 0 && byte_at(text, at + kind) == b' ' { at + kind + 1 } else { at };
    if let Some((start, end)) = argument(text, at).filter(|(s, e)| e - s >= 4) {
        secret(hunt, start, end);
    }
}

/// `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin BY 'x'`, `IDENTIFIED BY PASSWORD '*…'`.
pub(super) fn identified_by(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    // a statement quotes what follows; looking back is dear
    let is_quoted = |at: usize| matches!(byte_at(text, at), b'\'' | b'"' | b'\\');
    let is_announced = matches!(byte_at(text, at), b'p' | b'P');
    if !is_quoted(at) && !is_announced {
        return;
    }
    let head = head(text, at, 64);
    if !head.windows(11).any(|w| w.eq_ignore_ascii_case(b"identified ")) {
        return;
    }
    let rest = text.get(at..at + 9).unwrap_or_default();
    let at = if rest.eq_ignore_ascii_case(b"password ") { at + 9 } else { at };
    let mut quote = at;
    while byte_at(text, quote) == b'\\' {
        quote += 1;
    }
    if matches!(byte_at(text, quote), b'\'' | b'"')
        && let Some((start, end)) = argument(text, at)
    {
        secret(hunt, start, end);
    }
}

/// `SET PASSWORD FOR 'bob'@'%' = 'x'`, `= PASSWORD('x')`.
pub(super) fn set_password(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let line = &text[at..text.len().min(at + 256)];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    let Some(sign) = memchr::memchr(b'=', line) else { return };
    let Some(quote) = line[sign..].iter().take(16).position(|b| matches!(b, b'\'' | b'"')) else { return };
    let open = at + sign + quote;
    // a quote right behind the word closes a string
    let escapes = text[at..open].iter().rev().take_while(|b| **b == b'\\').count();
    let head = &text[at..open - escapes];
    if head.len() >= 8 && head[head.len() - 8..].eq_ignore_ascii_case(b"password") {
        return;
    }
    if let Some(end) = value::string_end(text, open, 0).filter(|end| *end > open + 1) {
        hunt.accept(slot(open + 1, end, TypeId::PASSWORD, rules::PASSWORD, 88));
    }
}

fn secret(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    if !is_filler(&hunt.text[start..end]) {
        hunt.accept(slot(start, end, TypeId::PASSWORD, rules::PASSWORD, 88));
    }
}
