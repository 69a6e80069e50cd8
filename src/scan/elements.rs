//! Strings side by side, the first of which says what the next one is: `"AUTH" "x"`, `["email", "x"]`,
//! `"--password", "x"`, `auth=('anna', 'x')`.

use super::accept::Hunt;
use super::keyed;
use super::phrases::{is_one_of, slot, tail, word_before};
use crate::check::absent;
use crate::check::filler::is_filler;
use crate::context::value::{self, Value};
use crate::context::{before, byte_at, is_word};
use crate::finding::TypeId;
use crate::rules::{self, Shape};

/// The longest word that is read in quotes, in bytes.
const MAX_WORD_BYTES: usize = 64;
/// How far an unquoted command is followed, in bytes.
const MAX_COMMAND_BYTES: usize = 256;

/// The string that opens at `at`, behind a quoted word and a blank, perhaps with a comma between them.
pub(super) fn behind(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let comma = text[at - 2] == b',';
    let end = at - 2 - usize::from(comma);
    if text[end] != text[at] {
        return;
    }
    // nearly all strings of a log are more than a word: `"https://example.com/x" "Mozilla/5.0 …"`
    let floor = end.saturating_sub(MAX_WORD_BYTES);
    let Some(quote) = memchr::memrchr3(text[at], b'/', b' ', &text[floor..end]).map(|p| floor + p) else {
        return;
    };
    let start = quote + 1;
    let is_part = |b: &u8| is_word(*b) || matches!(b, b'-' | b'.');
    if text[quote] != text[at] || !text[start..end].iter().all(is_part) {
        return;
    }
    let may_be_command = !comma && text[start..end].eq_ignore_ascii_case(b"auth");
    if !may_be_command && hunt.keys.key_ending_at(text, end).is_none() {
        return;
    }
    if !comma && text[start..end].eq_ignore_ascii_case(b"auth") {
        return command(hunt, at);
    }
    let is_option = text[start..end].starts_with(b"--");
    if comma && !is_option && !opens_pair(text, start - 1) && !is_set(text, start - 1) {
        return;
    }
    named(hunt, end, at, is_option, comma && !is_option);
}

/// Whether the string at `quote` is the first of a pair in a list of pairs (`[["email", "x"], ["name", "y"]]`):
/// one list alone may hold names of fields (`["user", "host"]`).
fn opens_pair(text: &[u8], quote: usize) -> bool {
    let open = before(text, quote);
    let mut at = quote.saturating_sub(1);
    while before(text, at) == b' ' {
        at -= 1;
    }
    match before(text, at) {
        b'[' | b'(' | b'{' => matches!(open, b'[' | b'('),
        b',' => matches!((before(text, at - 1), open), (b']', b'[') | (b')', b'(')),
        _ => false,
    }
}

/// Whether the string at `quote` is the first argument of a call that sets something: `define('DB_PASSWORD', 'x')`,
/// `request.setHeader("X-Api-Key", "x")`.
fn is_set(text: &[u8], quote: usize) -> bool {
    const SETTERS: [&[u8]; 13] = [
        b"define",
        b"set",
        b"put",
        b"add",
        b"append",
        b"header",
        b"item",
        b"param",
        b"property",
        b"env",
        b"option",
        b"field",
        b"cookie",
    ];
    let Some(open) = quote.checked_sub(1).filter(|open| text[*open] == b'(') else { return false };
    let name = &text[open.saturating_sub(24)..open];
    let name = &name[name.iter().rposition(|b| !b.is_ascii_alphabetic()).map_or(0, |p| p + 1)..];
    SETTERS
        .iter()
        .any(|set| name.len() >= set.len() && name[name.len() - set.len()..].eq_ignore_ascii_case(set))
}

/// `"--password","x"`: the option whose first letter stands at `first` and whose quote closes at `end`.
pub(super) fn option(hunt: &mut Hunt<'_>, first: usize, end: usize) {
    let text = hunt.text;
    let quote = text[end];
    let dashes = text[..first].iter().rev().take(2).take_while(|b| **b == b'-').count();
    if before(text, first - dashes) == quote
        && byte_at(text, end + 1) == b','
        && byte_at(text, end + 2) == quote
    {
        named(hunt, end, end + 2, true, false);
    }
}

/// Takes the string that opens at `at` for the value of the key that ends at `end`. `is_pair`: no third string
/// may follow.
fn named(hunt: &mut Hunt<'_>, end: usize, at: usize, is_option: bool, is_pair: bool) {
    let text = hunt.text;
    let Some(key) = hunt.keys.key_ending_at(text, end) else { return };
    let rule = hunt.keys.rule(&key);
    let is_secret = matches!(rule.shape, Shape::Any | Shape::Secretish);
    if !(is_secret || is_option || is_pair) || !rule.may_be(|kind| hunt.wants(kind)) {
        return;
    }
    let Some(stop) = string(text, at) else { return };
    let behind = tail(text, stop + 1, 4).trim_ascii_start();
    // `"…-account-key" "namespace"="x"`: a key of its own
    if matches!(byte_at(text, stop + 1), b'=' | b':') {
        return;
    }
    if is_pair && !matches!(behind.first(), Some(b']' | b')')) || text[at + 1..stop].starts_with(b"--") {
        return;
    }
    let value = Value::whole(at + 1, stop);
    keyed::evaluate(hunt, &key, rule, value);
}

/// The end of a string that opens at `at` and holds something.
fn string(text: &[u8], at: usize) -> Option<usize> {
    if !matches!(byte_at(text, at), b'"' | b'\'') {
        return None;
    }
    value::string_end(text, at, 0).filter(|end| *end > at + 1 && byte_at(text, *end) == text[at])
}

/// `"AUTH" "default" "x"` of Redis: a password, a name before it where there are two.
fn command(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let Some(first) = string(text, at) else { return };
    let next = first + 2;
    match string(text, next).filter(|_| byte_at(text, first + 1) == b' ') {
        Some(second) => name_and_password(hunt, (at + 1, first), (next + 1, second)),
        None => password(hunt, at + 1, first),
    }
}

/// `AUTH default x` of Redis, the word at `word` and what follows at `at`, to the end of a command.
pub(super) fn unquoted_command(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    // what follows in mail and file transfer (RFC 4954, RFC 4217)
    const MECHANISMS: [&[u8]; 13] = [
        b"login",
        b"plain",
        b"ntlm",
        b"gssapi",
        b"external",
        b"xoauth2",
        b"oauthbearer",
        b"anonymous",
        b"otp",
        b"tls",
        b"ssl",
        b"tls-c",
        b"tls-p",
    ];
    let text = hunt.text;
    let head = super::phrases::head(text, word, 2);
    let is_prompt = head == b"> ";
    let starts =
        head.is_empty() || is_prompt || matches!(head.last(), Some(b'"' | b'\'' | b'`')) || head == b": ";
    if text.get(word..word + 4) != Some(b"AUTH") || !starts {
        return;
    }
    let rest = tail(text, at, MAX_COMMAND_BYTES);
    let rest = &rest
        [..rest.iter().position(|b| matches!(b, b'"' | b'\'' | b'`' | b'\\' | b'\r')).unwrap_or(rest.len())];
    let mut words = rest.split(|b| *b == b' ').filter(|w| !w.is_empty());
    let (Some(first), second, None) = (words.next(), words.next(), words.next()) else { return };
    // `AUTH anna (203.0.113.7)`: a sentence
    if second.is_some_and(|second| second.starts_with(b"("))
        || is_one_of(first, &MECHANISMS)
        || first.contains(&b'-') && second.is_none() && first.iter().all(|b| !b.is_ascii_lowercase())
    {
        return;
    }
    let is_secret = |word: &[u8]| {
        word.len() > 3
            && word.iter().any(u8::is_ascii_alphabetic)
            && word.iter().any(|b| b.is_ascii_digit() || matches!(b, b'!' | b'#' | b'$' | b'@' | b'%' | b'&'))
    };
    match second {
        None if is_prompt || is_secret(first) => password(hunt, at, at + first.len()),
        Some(second) if first == b"default" || is_secret(second) => {
            let start = at + rest.iter().skip(first.len()).take_while(|b| **b == b' ').count() + first.len();
            name_and_password(hunt, (at, at + first.len()), (start, start + second.len()));
        }
        _ => {}
    }
}

/// A word at `at`, in quotes or up to the next blank: its range and what stands behind it.
fn atom(text: &[u8], at: usize) -> Option<(usize, usize, usize)> {
    if let Some(end) = string(text, at) {
        return Some((at + 1, end, end + 1));
    }
    let ends = |b: &u8| matches!(b, b' ' | b'"' | b'\'' | b'\r' | b'\\');
    let rest = tail(text, at, MAX_COMMAND_BYTES);
    let length = rest.iter().position(ends).unwrap_or(rest.len());
    (length > 0).then_some((at, at + length, at + length))
}

/// Whether a command ends at `at`.
fn ends_command(text: &[u8], at: usize) -> bool {
    matches!(byte_at(text, at), b'\n' | b'\r' | b'"' | b'\'' | b'\\') || at >= text.len()
}

/// `a001 LOGIN anna "x"` of IMAP (RFC 3501 section 6.2.3).
pub(super) fn mail_login(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    let tag = word_before(text, word);
    let is_tag = (2..=16).contains(&tag.len())
        && tag.iter().all(u8::is_ascii_alphanumeric)
        && tag.iter().any(u8::is_ascii_digit)
        && tag.iter().any(u8::is_ascii_alphabetic);
    let Some((start, end, next)) = atom(text, at).filter(|_| is_tag) else { return };
    let Some(second) = atom(text, next + 1).filter(|_| byte_at(text, next) == b' ') else { return };
    if ends_command(text, second.2) {
        name_and_password(hunt, (start, end), (second.0, second.1));
    }
}

/// `PASS x`, `USER anna` of POP3 and FTP (RFC 1939, RFC 959), behind a prompt or in quotes.
pub(super) fn typed(hunt: &mut Hunt<'_>, word: usize, at: usize, kind: TypeId) {
    let text = hunt.text;
    if !matches!(&text[word..at], b"PASS " | b"USER ") {
        return;
    }
    let head = super::phrases::head(text, word, 9);
    let is_typed = [&b"> "[..], b"C: ", b"\"", b"'", b"ommand: "].iter().any(|lead| head.ends_with(lead));
    let Some((start, end, next)) = atom(text, at).filter(|_| is_typed) else { return };
    if !ends_command(text, next) {
        return;
    }
    match kind {
        TypeId::PASSWORD => password(hunt, start, end),
        _ => hunt.accept(slot(start, end, kind, rules::USERNAME_PHRASE, 86)),
    }
}

/// `('anna', 'x')` behind the separator of a key for both; whether it is that.
pub(super) fn credentials(hunt: &mut Hunt<'_>, separator: usize) -> bool {
    let text = hunt.text;
    let open = separator + 1 + usize::from(byte_at(text, separator + 1) == b' ');
    if !matches!(byte_at(text, open), b'(' | b'[') {
        return false;
    }
    let Some(first) = string(text, open + 1) else { return false };
    let gap = 1 + usize::from(byte_at(text, first + 2) == b' ');
    let Some(second) = string(text, first + 1 + gap).filter(|_| byte_at(text, first + 1) == b',') else {
        return false;
    };
    if !matches!(byte_at(text, second + 1), b')' | b']') {
        return false;
    }
    name_and_password(hunt, (open + 2, first), (first + 2 + gap, second));
    true
}

fn name_and_password(hunt: &mut Hunt<'_>, name: (usize, usize), secret: (usize, usize)) {
    if !absent::is_absent(&hunt.text[name.0..name.1]) {
        hunt.accept(slot(name.0, name.1, TypeId::USERNAME, rules::USERNAME_PHRASE, 88));
    }
    password(hunt, secret.0, secret.1);
}

fn password(hunt: &mut Hunt<'_>, start: usize, end: usize) {
    if !is_filler(&hunt.text[start..end]) {
        hunt.accept(slot(start, end, TypeId::PASSWORD, rules::PASSWORD, 88));
    }
}
