//! Users of databases: around at signs, in statements that make and change them.

use super::accept::Hunt;
use super::logins::is_somebody;
use super::not_names::NOT_NAMES;
use super::people::{MAX_NAME_BYTES, login, name_bytes};
use super::phrases::{head, is_one_of, slot, tail, word_before};
use crate::check::words::Words;
use crate::context::{before, byte_at};
use crate::finding::TypeId;
use crate::rules;

/// The names around an at sign as databases write them (`User@Host: alice[alice] @ …` of MySQL's slow log, the
/// prefixes of PostgreSQL's lines); whether the sign is of such a form.
pub(super) fn database_user(hunt: &mut Hunt<'_>, sign: usize) -> bool {
    let text = hunt.text;
    if text[..sign].ends_with(b"User") && text[sign..].starts_with(b"@Host: ") {
        let start = sign + 7;
        let end = start + name_bytes(text, start);
        login(hunt, start, end);
        if byte_at(text, end) == b'[' {
            let inner = end + 1;
            login(hunt, inner, inner + name_bytes(text, inner));
        }
        return true;
    }
    if sign > 1 && text[sign - 1] == byte_at(text, sign + 1) && matches!(text[sign - 1], b'\'' | b'`') {
        quoted_account(hunt, sign);
        return true;
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
        return true;
    }
    // `log_line_prefix = '%t:%r:%u@%d:[%p]:'` of PostgreSQL: `UTC:203.0.113.4(5432):anna@shop:[127]:FATAL:  …`
    if start > 2 && text[..start].ends_with(b"):") && before(text, start - 2).is_ascii_digit() {
        let base = text[sign + 1..]
            .iter()
            .take(64)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        let base = base.count();
        if base > 0 && text[sign + 1 + base..].starts_with(b":[") {
            login(hunt, start, sign);
            return true;
        }
    }
    false
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

/// `ALTER USER reporting WITH PASSWORD …`, `DROP ROLE IF EXISTS anna;`, from the word before the name: a name without
/// quotes or in double ones, which PostgreSQL and Oracle take.
pub(super) fn changed(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    const SAID: [&[u8]; 6] =
        [b" with ", b" password ", b" login", b" identified ", b" encrypted ", b" nologin"];
    const ALTERED: [&[u8]; 9] = [
        b" set ",
        b" reset ",
        b" rename ",
        b" valid ",
        b" superuser",
        b" nosuperuser",
        b" connection ",
        b" account ",
        b" default ",
    ];
    let text = hunt.text;
    let verb = word_before(text, word);
    if !is_one_of(verb, &[b"create", b"alter", b"drop"]) {
        return;
    }
    let starts = starts_statement(text, word - 1 - verb.len());
    let Some((start, end, after)) = named(text, at) else { return };
    let rest = tail(text, after, 12).to_ascii_lowercase();
    let is_capital = text[word - 1 - verb.len()..at].iter().all(|b| b.is_ascii_uppercase() || *b == b' ');
    let is_user = !text[word..at].eq_ignore_ascii_case(b"role ");
    let ends = rest.starts_with(b";") || is_capital && ends_statement(&rest);
    let is_said = match verb[0] {
        b'd' | b'D' => ends || is_capital && (rest.starts_with(b" cascade") || rest.starts_with(b", ")),
        b'a' | b'A' => is_capital && ALTERED.iter().any(|said| rest.starts_with(said)),
        // a role that nobody logs in as is a group
        _ => is_user && is_capital && ends,
    };
    if starts && is_said || SAID.iter().any(|said| rest.starts_with(said)) {
        login(hunt, start, end);
    }
}

/// Who is given or loses rights: `GRANT SELECT ON bills TO anna;`, `REVOKE clerk FROM anna`, from the word before the name.
pub(super) fn granted(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    let verb: &[u8] = match &text[word..at] {
        b"TO " => b"GRANT ",
        b"FROM " => b"REVOKE ",
        _ => return,
    };
    let line = head(text, word, 160);
    let Some(from) = memchr::memmem::rfind(line, verb) else { return };
    let starts = starts_statement(text, word - line.len() + from);
    let Some((start, end, after)) = named(text, at).filter(|_| starts) else { return };
    let rest = tail(text, after, 12);
    // rights on something, or a whole statement
    let is_whole = from == 0 || line[..from].ends_with(b": ") || rest.starts_with(b";");
    if memchr::memmem::find(&line[from..], b" ON ").is_none() && !is_whole {
        return;
    }
    if ends_statement(rest) || [&b" WITH "[..], b" CASCADE"].iter().any(|said| rest.starts_with(said)) {
        login(hunt, start, end);
    }
}

/// The name of a user in a statement, behind `IF EXISTS` perhaps: where it starts and ends, and its quote does.
fn named(text: &[u8], at: usize) -> Option<(usize, usize, usize)> {
    static NOBODY: Words<15> = Words::new([
        b"dba",
        b"readonly",
        b"read_only",
        b"reader",
        b"writer",
        b"endpoint",
        b"idle",
        b"all",
        b"public",
        b"current_user",
        b"session_user",
        b"current_role",
        b"group",
        b"mapping",
        b"if",
    ]);
    let exists = [&b"if exists "[..], b"if not exists "]
        .into_iter()
        .find(|word| text[at..].get(..word.len()).is_some_and(|said| said.eq_ignore_ascii_case(word)));
    let at = at + exists.map_or(0, |word| word.len());
    let quote = usize::from(byte_at(text, at) == b'"');
    let start = at + quote;
    let length = name_bytes(text, start);
    // `DROP USER anna\n` in a string
    let end = start + memchr::memchr(b'\\', &text[start..start + length]).unwrap_or(length);
    let is_closed = quote == 0 || byte_at(text, end) == b'"';
    let name = &text[start..end];
    let is_name = is_closed && !NOT_NAMES.contains(name) && !NOBODY.contains(name) && is_somebody(name);
    is_name.then_some((start, end, end + quote))
}

/// Whether a statement may start at `at`: behind a sign, not in the middle of words (`POST CREATE USER ENDPOINT`).
fn starts_statement(text: &[u8], at: usize) -> bool {
    before(text, at) != b' ' || !before(text, at - 1).is_ascii_alphabetic()
}

/// Whether nothing of a statement is behind a name.
fn ends_statement(rest: &[u8]) -> bool {
    matches!(rest.first(), None | Some(b';' | b'"' | b'\'' | b'\\' | b'\n' | b'\r'))
}

/// `Connect⇥alice@203.0.113.7 on shop` of MySQL's general log.
pub(super) fn connect(hunt: &mut Hunt<'_>, at: usize) {
    let text = hunt.text;
    let line = &text[at..text.len().min(at + 256)];
    let Some(sign) = line.iter().take(64).position(|b| matches!(b, b'@' | b' ' | b'\n')) else { return };
    let host = line[sign..].iter().skip(1).take_while(|b| !matches!(b, b' ' | b'\n')).count();
    let after = line.get(sign + 1 + host..).unwrap_or_default();
    if line[sign] == b'@' && host > 0 && after.starts_with(b" on ") && is_somebody(&line[..sign]) {
        hunt.accept(slot(at, at + sign, TypeId::USERNAME, rules::USERNAME_PHRASE, 90));
    }
}
