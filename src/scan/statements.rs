//! Values of SQL's `INSERT`, whose columns stand before them: `INSERT INTO users (name, tel) VALUES ('Anna', …)`.

use super::accept::Hunt;
use super::phrases::{is_one_of, word_before};
use super::slots::{self, Meaning};
use crate::context::person_words::is_person_word;
use crate::context::{KeyMatch, before, byte_at, value};
use crate::finding::Evidence;

/// The most columns that are read, and the most rows.
const MAX_COLUMNS: usize = 64;
const MAX_ROWS: usize = 1024;
/// The longest list of columns, in bytes.
const MAX_LIST_BYTES: usize = 4096;
/// How far a statement's values are followed, in bytes.
const MAX_STATEMENT_BYTES: usize = 64 << 10;

/// The values of the statement whose `INTO` starts at `word` and whose table stands at `at`.
pub(super) fn insert(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    let text = hunt.text;
    // `executing 'INSERT INTO …'`
    let verb = word_before(text, word);
    let verb = verb.strip_prefix(b"'").or_else(|| verb.strip_prefix(b"`")).unwrap_or(verb);
    if !is_one_of(verb, &[b"insert", b"replace", b"ignore", b"delayed"]) {
        return;
    }
    let is_table = |b: &&u8| !matches!(**b, b' ' | b'(' | b'\n' | b'\t');
    let table = text[at..].iter().take(128).take_while(is_table).count();
    let person = names_people(&text[at..at + table]);
    let open = blanks(text, at + table);
    if byte_at(text, open) != b'(' {
        return;
    }
    let list = &text[open + 1..text.len().min(open + MAX_LIST_BYTES)];
    let Some(length) = list.iter().position(|b| matches!(b, b')' | b'\n')).filter(|p| list[*p] == b')')
    else {
        return;
    };
    let mut columns = [Meaning::Open; MAX_COLUMNS];
    let mut count = 0;
    for name in list[..length].split(|b| *b == b',') {
        let Some(column) = columns.get_mut(count) else { return };
        *column = match Meaning::of_name(&hunt.engine.keys, bare_name(name)) {
            Meaning::Key(key) => Meaning::Key(KeyMatch { person: key.person || person, ..key }),
            meaning => meaning,
        };
        count += 1;
    }
    let values = blanks(text, open + length + 2);
    if text.get(values..values + 6).is_some_and(|w| w.eq_ignore_ascii_case(b"values")) {
        let first = blanks(text, values + 6);
        rows(hunt, first, &columns[..count]);
        bound(hunt, first, &columns[..count]);
    }
}

/// The values of a statement that has placeholders, as frameworks log them behind it:
/// `VALUES (?, ?)] [parameters: ('Anna', 12)]`, `values (?, ?)', array('Anna', 12)`, `VALUES ($1,$2) ["Anna", 12]`.
fn bound(hunt: &mut Hunt<'_>, at: usize, columns: &[Meaning]) {
    const OPENS: [&[u8]; 5] = [b"[parameters: (", b"array(", b"with params [", b"params: [", b" [\""];
    let text = hunt.text;
    let stop = text.len().min(at + MAX_STATEMENT_BYTES);
    let line = &text[at..text.len().min(at + MAX_LIST_BYTES)];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    if !matches!(line, [b'(', b'?' | b'$' | b'%' | b':', ..]) {
        return;
    }
    let Some(closed) = memchr::memchr(b')', line) else { return };
    let behind = &line[closed..line.len().min(closed + 96)];
    let open = OPENS.iter().find_map(|open| {
        let length = if open.ends_with(b"\"") { open.len() - 1 } else { open.len() };
        // `[["first_name", "Anna"], ["last_name", "Berg"]]`: pairs, which say themselves what they are
        memchr::memmem::find_iter(behind, open)
            .find(|p| before(behind, *p) != b',')
            .map(|p| at + closed + p + length)
    });
    if let Some(open) = open {
        row(hunt, open, stop, columns);
    }
}

/// Whether a word of a table's name is one for people.
fn names_people(table: &[u8]) -> bool {
    table.split(|b| !b.is_ascii_alphanumeric()).any(is_person_word)
}

/// A column's name without blanks and quotes of any dialect.
fn bare_name(name: &[u8]) -> &[u8] {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
    let start = name.iter().position(is_part).unwrap_or(name.len());
    let end = name.iter().rposition(is_part).map_or(start, |p| p + 1);
    &name[start..end]
}

fn blanks(text: &[u8], at: usize) -> usize {
    at + text.get(at..).unwrap_or_default().iter().take(16).take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// Every row of `('Anna', 12), ('Tom', NULL)` from `at` on.
fn rows(hunt: &mut Hunt<'_>, mut at: usize, columns: &[Meaning]) {
    let stop = hunt.text.len().min(at + MAX_STATEMENT_BYTES);
    for _ in 0..MAX_ROWS {
        if byte_at(hunt.text, at) != b'(' {
            return;
        }
        let Some(behind) = row(hunt, at + 1, stop, columns) else { return };
        at = blanks(hunt.text, behind);
        if byte_at(hunt.text, at) != b',' {
            return;
        }
        at = blanks(hunt.text, at + 1);
    }
}

/// The values of one row; where it ends, behind its bracket.
fn row(hunt: &mut Hunt<'_>, mut at: usize, stop: usize, columns: &[Meaning]) -> Option<usize> {
    let text = hunt.text;
    let is_bare = holds_bare_text(text, at, stop, columns.len());
    for place in 0.. {
        at = blanks(text, at);
        // `N'…'`, `E'…'`
        let prefix = usize::from(matches!(byte_at(text, at), b'N' | b'E' | b'n' | b'e'));
        let quoted = matches!(byte_at(text, at + prefix), b'\'' | b'"');
        let (start, end, next) = if quoted {
            let open = at + prefix;
            let end = value::string_end(text, open, 0)?;
            (open + 1, end, end + 1)
        } else {
            let end = literal_end(text, at, stop);
            (at, end, end)
        };
        let next = blanks(text, next);
        let literal = text.get(start..end)?;
        let is_value = quoted
            || is_bare && !is_expression(literal)
            || literal.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
        if is_value
            && start < end
            && let Some(meaning) = columns.get(place)
        {
            slots::fill(hunt, start, end, *meaning, Evidence::SLOT_COLUMN);
        }
        match byte_at(text, next) {
            b',' if next < stop => at = next + 1,
            b')' => return Some(next + 1),
            _ => return None,
        }
    }
    None
}

/// Whether the row at `at` has no quotes and one literal a column: a framework put the values in for its log
/// (`values (Anna Berg, anna@example.com, 12)`).
fn holds_bare_text(text: &[u8], at: usize, stop: usize, columns: usize) -> bool {
    let row = text.get(at..stop).unwrap_or_default();
    let Some(end) = row.iter().position(|b| matches!(b, b')' | b'(' | b'\'' | b'"' | b'\n')) else {
        return false;
    };
    row[end] == b')' && row[..end].iter().filter(|b| **b == b',').count() + 1 == columns
}

/// A placeholder, keyword or call in the place of a value.
fn is_expression(literal: &[u8]) -> bool {
    let literal = literal.trim_ascii();
    matches!(literal.first(), None | Some(b'?' | b':' | b'@' | b'%'))
        || literal.first() == Some(&b'$') && literal.iter().skip(1).all(u8::is_ascii_digit)
        || literal.iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
}

/// The end of a literal without quotes: a number, `NULL`, `now()`.
fn literal_end(text: &[u8], at: usize, stop: usize) -> usize {
    let mut depth = 0usize;
    let mut end = at;
    while end < stop {
        match text[end] {
            b'\n' | b'\'' | b'"' => break,
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            b',' | b')' if depth == 0 => break,
            _ => {}
        }
        end += 1;
    }
    end
}
