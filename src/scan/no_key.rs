//! Places where the words of a key stand and are none: remarks, selectors, names of services.

use crate::check::words::Words;
use crate::context::{KeyMatch, before, byte_at};
use crate::rules::{KeyRule, Shape};

/// How far the name of a FreeRADIUS login is followed, in bytes.
const MAX_NAMED_BYTES: usize = 512;

/// Places where the words of a key stand and are none.
pub(super) fn is_no_key(text: &[u8], separator: usize, key: &KeyMatch, end: usize, rule: &KeyRule) -> bool {
    let left = before(text, key.start);
    // `gdm-password]: …`: a program's name, not an index
    if byte_at(text, end) == b']' && left != b'[' && !text[key.start..end].contains(&b'[') {
        return true;
    }
    // `serial8250: ttyS0`: a name with a number, not a key with an index
    let index = &text[end..separator];
    if text[separator] == b':' && index.len() > 1 && index.iter().all(|b| b.is_ascii_digit() || *b == b'_') {
        return true;
    }
    // `RT=0.112s id=…`: `sid` is one word
    // a number at its end may be one of its own (`cvv2`)
    let letters = rule.words.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if !rule.words.contains(' ') && end >= letters && text[end - letters..end].contains(&b' ') {
        return true;
    }
    // `https://x-access-token:…@host`
    if left == b'/' && text[..key.start].ends_with(b"://") && !text[key.start..end].contains(&b'/') {
        return true;
    }
    if text[separator] == b':' && (is_remark(text, key, end) || is_service(text, end, separator, rule)) {
        return true;
    }
    // a variable of GraphQL and its type: `mutation login($email: String!, $password: String!)`
    if left == b'$' && text[separator] == b':' {
        let rest = &text[separator + 1..text.len().min(separator + 16)];
        let kind = rest.trim_ascii_start();
        let length = kind.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let ends = matches!(byte_at(kind, length), b'!' | b')' | b']' | b',' | b' ' | b'\n');
        if ends && [&b"String"[..], b"ID", b"Int", b"Boolean"].contains(&&kind[..length]) {
            return true;
        }
    }
    // `CALLERID(num)=…`; alone a count
    if rule.words == "num" {
        return left != b'(';
    }
    // a source file: `passport.js number=…`
    if text[..end].ends_with(b".js number") {
        return true;
    }
    // a line of code that goes on: `self.password = (`
    if rule.shape == Shape::Any && opens_bracket(&text[separator + 1..]) {
        return true;
    }
    // `sig2=`, `key1=`: a number glued to a word that is no secret's alone
    if rule.shape == Shape::Secretish
        && !matches!(rule.words, "token" | "cs" | "flex string")
        && byte_at(text, end).is_ascii_digit()
    {
        return true;
    }
    // `reason = Invalid password : local database`: a sentence set off by ` : `
    text[separator] == b':'
        && before(text, separator) == b' '
        && byte_at(text, separator + 1) == b' '
        && rule.shape == Shape::Any
        && [&b"invalid "[..], b"wrong ", b"bad ", b"incorrect ", b"no ", b"missing ", b"expired ", b"of "]
            .iter()
            .any(|w| ends_with(&text[..end], w, key.start, rule))
}

/// Whether nothing but an opening round bracket stands before the end of a line or string.
fn opens_bracket(rest: &[u8]) -> bool {
    let Some(rest) = rest.strip_prefix(b" (") else { return false };
    match rest {
        [] | [b'\n' | b'\r', ..] => true,
        [b'"', next @ ..] | [b'\\', b'"' | b'n', next @ ..] => {
            matches!(next.first(), None | Some(b' ' | b',' | b'\n' | b'\r' | b'"' | b'}'))
        }
        _ => false,
    }
}

/// Whether what stands before a separator names what happened, or what stands behind it is another key.
pub(super) fn is_said(text: &[u8], separator: usize, end: usize, rule: &KeyRule) -> bool {
    // a product
    if rule.words == "pass"
        && end > 7
        && text[end - 8..end].eq_ignore_ascii_case(b"lastpass")
        && text[separator..].starts_with(b": ")
        && byte_at(text, separator + 2).is_ascii_uppercase()
    {
        return true;
    }
    // `%SYS-5-PRIV_AUTH_PASS: Privilege level …` of Cisco: what happened
    if text[separator] == b':' {
        let is_part = |b: &&u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
        let floor = end.saturating_sub(48);
        let run = text[floor..end].iter().rev().take_while(is_part).count();
        // `%AAA-5-…` looks like an escape
        if run > 8 && matches!(before(text, end - run), b'%' | 0x80..) {
            return true;
        }
    }
    // `bucket=login:global`, `rl:login:v2`, `> Task :login:compileKotlin`: a part of another value
    if rule.words == "login"
        && text[separator] == b':'
        && matches!(before(text, end - 5), b'=' | b':')
        // `INFO:login:anna logged in` of Python
        && !(end > 6 && text[end - 7].is_ascii_uppercase())
        && byte_at(text, separator + 1) != b' '
    {
        return true;
    }
    // Citrix: `username:domainname anna:example.org`
    if rule.shape == Shape::Username && text[separator..].starts_with(b":domainname ") {
        return true;
    }
    // audit(8): `op=login id=100001`, a number of the system
    if rule.words == "login id"
        && text[..end].ends_with(b"op=login id")
        && byte_at(text, separator + 1).is_ascii_digit()
    {
        return true;
    }
    // `NOTICE Administrator-Login: An attempted SSH connection has failed`: what Cisco's ISE calls its messages
    if rule.words == "login" && text[..end].ends_with(b"-Login") && tells(&text[separator + 1..]) {
        return true;
    }
    // `login: Enter a valid email or username`: a sentence
    if rule.words == "login" && text[separator..].starts_with(b": ") && is_request(&text[separator + 2..]) {
        return true;
    }
    // nsswitch.conf: where names are looked up
    if rule.words == "passwd" && text[separator] == b':' && is_source(&text[separator + 1..]) {
        return true;
    }
    // `vim.SessionManager.login: vim.fault.InvalidLogin`: a method
    if rule.words == "login" && text[..end - 5].ends_with(b".") && before(text, end - 6).is_ascii_alphabetic()
    {
        return true;
    }
    // `key=user:list:page:2`: a part of a path with colons
    if rule.words == "user"
        && text[separator] == b':'
        && (matches!(before(text, end - 4), b'=' | b':' | b'"' | b'\'') || text[..end - 4].ends_with(b"key "))
    {
        let rest = &text[separator + 1..text.len().min(separator + 48)];
        let part = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
        if byte_at(rest, part) == b':' && byte_at(rest, part + 1).is_ascii_alphanumeric() {
            return true;
        }
    }
    // `Couldn't login: sw1.example.com`, `unable to login: …`: where, not who
    if rule.words == "login"
        && [&b"n't login"[..], b" to login", b"not login"].iter().any(|w| text[..end].ends_with(w))
    {
        return true;
    }
    // `User=j.user2: Authentication …`, `[svc_user]: Modified …`: a value, not a key
    if rule.shape == Shape::Username && text[separator..].starts_with(b": ") && is_value(text, end) {
        return true;
    }
    // the name of a log of Windows
    if rule.words == "logname" && text[..end].ends_with(b"LogName") {
        return true;
    }
    // `User: Security ID: …`: the next key of an event of Windows
    if rule.shape == Shape::Username && text[separator..].starts_with(b": Security ID") {
        return true;
    }
    // FreeRADIUS, its name perhaps a sealed token: `Invalid user: [anna/<via Auth-Type = eap>] (from client …`
    if rule.shape == Shape::Username
        && text[separator..].starts_with(b": [")
        && memchr::memmem::find(&text[separator..text.len().min(separator + MAX_NAMED_BYTES)], b"/<via ")
            .is_some()
    {
        return true;
    }
    false
}

/// Whether a blank, a capital word and another word stand at the start of a text.
fn tells(text: &[u8]) -> bool {
    let Some(text) = text.strip_prefix(b" ") else { return false };
    let word = text.iter().take(24).take_while(|b| b.is_ascii_alphabetic()).count();
    text.first().is_some_and(u8::is_ascii_uppercase)
        && byte_at(text, word) == b' '
        && byte_at(text, word + 1).is_ascii_alphabetic()
}

/// Whether a text starts with a capital word and an article: `Enter a valid …`, `Use your …`.
fn is_request(text: &[u8]) -> bool {
    let word = text.iter().take(16).take_while(|b| b.is_ascii_alphabetic()).count();
    const ASKS: [&[u8]; 8] =
        [b"Enter", b"Use", b"Choose", b"Provide", b"Type", b"Select", b"Create", b"Pick"];
    ASKS.contains(&&text[..word])
        && [&b" a "[..], b" an ", b" the ", b" your "].iter().any(|next| text[word..].starts_with(next))
}

/// Whether the word that ends at `end` stands behind a separator and has a dot, or alone in brackets.
fn is_value(text: &[u8], end: usize) -> bool {
    let head = &text[end.saturating_sub(48)..end];
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_');
    let word = head.iter().rev().take_while(is_part).count();
    match before(text, end - word) {
        b'=' => head[head.len() - word..].contains(&b'.'),
        // `User[j.user2]: …`
        b'[' => {
            let digits = text[end..].iter().take(8).take_while(|b| b.is_ascii_digit()).count();
            byte_at(text, end + digits) == b']'
        }
        _ => false,
    }
}

/// The end of a remark in brackets (`(tried plaintext auth): rip=…`), or a part of a selector
/// (`[Suggestions changed:deviceName:deviceType:]`).
fn is_remark(text: &[u8], key: &KeyMatch, end: usize) -> bool {
    let left = before(text, key.start);
    if byte_at(text, end) == b')' {
        let blanks = |words: &[u8]| words.iter().filter(|b| **b == b' ').count();
        let others = blanks(&text[key.start..end]).saturating_sub(blanks(key.id.words().as_bytes()));
        return !text[key.start..end].contains(&b'(') && (left != b'(' || others > 1);
    }
    let rest = &text[end..text.len().min(end + 128)];
    let names = rest.iter().take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b':')).count();
    left == b':' && names > 2 && rest[..names].ends_with(b":") && rest.get(names) == Some(&b']')
}

/// Names of services and ciphers that end with the words of a key (`imap-login: Info: …`,
/// `Red Hat User key: …`).
fn is_service(text: &[u8], end: usize, separator: usize, rule: &KeyRule) -> bool {
    const LOGINS: [&[u8]; 6] =
        [b"imap-login", b"pop3-login", b"submission-login", b"sieve-login", b"lmtp-login", b"urlauth-login"];
    let head = &text[..end];
    match rule.words {
        "passwd" => text[separator + 1..].starts_with(b" password "),
        "login" => LOGINS.iter().any(|service| head.ends_with(service)),
        "user key" => head.ends_with(b"User key") || head.ends_with(b"user key"),
        _ => false,
    }
}

/// Whether `word` stands right before the words that the rule matched, inside or before the key.
fn ends_with(head: &[u8], word: &[u8], key_start: usize, rule: &KeyRule) -> bool {
    let letters = rule.words.bytes().filter(|b| *b != b' ').count();
    let end = head.len().saturating_sub(letters).max(key_start);
    head.get(end.saturating_sub(word.len())..end).is_some_and(|w| w.eq_ignore_ascii_case(word))
}

/// Whether a text starts with blanks and a source of nsswitch.conf(5).
fn is_source(text: &[u8]) -> bool {
    static SOURCES: Words<6> = Words::new([b"files", b"compat", b"sss", b"db", b"ldap", b"nis"]);
    let blanks = text.iter().take(32).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let word = text[blanks..].iter().take(16).take_while(|b| !b.is_ascii_whitespace() && **b != b';').count();
    blanks > 0 && SOURCES.contains(&text[blanks..blanks + word])
}
