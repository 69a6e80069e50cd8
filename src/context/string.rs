//! Strings in quotes: where they start behind a separator, and where they end.

use super::value::MAX_VALUE_BYTES;
use super::{before, byte_at};
use crate::check::bytes;

/// A string in double quotes.
pub(crate) struct Quoted {
    /// Behind the quote.
    pub start: usize,
    /// Where the closing quote stands; `None` if nothing stands in the quotes.
    pub end: Option<usize>,
}

/// The string right behind a separator, or behind a colon and one blank: nearly all values of JSON.
#[inline(always)]
pub(crate) fn string_behind(text: &[u8], separator: usize) -> Option<Quoted> {
    let open = match text.get(separator..).unwrap_or_default() {
        [b':' | b'=', b'"', ..] => separator + 1,
        [b':', b' ', b'"', ..] => separator + 2,
        _ => return None,
    };
    if byte_at(text, open + 1) == b'"'
        && let Some(end) = doubled_end(text, open + 2)
    {
        return Some(Quoted { start: open + 2, end: Some(end) });
    }
    if closes(text, separator, open, 0) {
        return Some(Quoted { start: open + 1, end: None });
    }
    let is_value =
        |end: &usize| open + 1 < *end && !(byte_at(text, end + 1) == b':' && names_member(text, *end));
    Some(Quoted { start: open + 1, end: string_end(text, open, 0).filter(is_value) })
}

/// Whether the string that ends at `end` is a key itself: `Login failed: \"remoteAddr\":\"…`.
pub(super) fn names_member(text: &[u8], end: usize) -> bool {
    let rest = &text[end..text.len().min(end + 16)];
    let slashes = rest.iter().take_while(|b| **b == b'\\').count();
    rest[slashes..].starts_with(b"\":")
        && matches!(rest.get(slashes + 2), Some(b'"' | b'\\' | b'{' | b'[' | b'0'..=b'9'))
}

/// Where a value between doubled quotes ends, as a field of CSV writes them (RFC 4180 section 2): `user=""anna""`.
#[cold]
fn doubled_end(text: &[u8], start: usize) -> Option<usize> {
    const MAX_VALUE_BYTES: usize = 512;
    let rest = &text[start..text.len().min(start + MAX_VALUE_BYTES)];
    let length = memchr::memchr2(b'"', b'\n', rest)?;
    (rest.first().is_some_and(u8::is_ascii_alphanumeric) && rest[length..].starts_with(b"\"\""))
        .then_some(start + length)
}

/// Whether the quote at `open`, behind `escapes` backslashes, ends the string that the separator stands in: nothing
/// stands under a key at the end of a text (`{"msg":"Enter password: "}`). A key in quotes of its own is such a text only
/// if it was cut, and a whole member follows (`{"msg":"{\\"password\\":","n":1}`).
#[inline]
pub(crate) fn closes(text: &[u8], separator: usize, open: usize, escapes: usize) -> bool {
    let next = byte_at(text, open + 1);
    let may_close = matches!(next, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\\' | b'"');
    may_close
        && text.get(open) == Some(&b'"')
        && (closes_text(text, separator, open, escapes)
            || !matches!(before(text, separator), b'"' | b'\'') && ends_member(&text[open + 1..], escapes))
}

/// Whether the quote at `open` surely ends the string around: a whole member follows, or the key before the separator
/// has a quote of a deeper string.
pub(crate) fn closes_text(text: &[u8], separator: usize, open: usize, escapes: usize) -> bool {
    let next = byte_at(text, open + 1);
    let may_close = matches!(next, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\\' | b'"');
    if !may_close || text.get(open) != Some(&b'"') {
        return false;
    }
    let is_deeper = before(text, separator) == b'"' && {
        let slashes = text[..separator - 1].iter().rev().take(16).take_while(|b| **b == b'\\').count();
        slashes > escapes
    };
    is_deeper || is_before_member(&text[open + 1..], escapes)
}

/// Whether nothing but brackets stands before a comma and the key of the next member, in quotes and with its colon.
#[inline(never)]
fn is_before_member(rest: &[u8], escapes: usize) -> bool {
    const MOST: usize = 64;
    let rest = &rest[..rest.len().min(MOST)];
    let brackets = rest.iter().take_while(|b| matches!(b, b'}' | b']' | b' ')).count();
    let Some(rest) = rest[brackets..].strip_prefix(b",") else { return false };
    let rest = rest.trim_ascii_start();
    let lead = rest.iter().take_while(|b| **b == b'\\').count();
    let Some(name) = rest[lead..].strip_prefix(b"\"") else { return false };
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b' ' | b'@');
    let length = name.iter().take_while(is_part).count();
    let closing = &name[length..];
    let slashes = closing.iter().take_while(|b| **b == b'\\').count();
    // quotes of a deeper string are the value's own
    length > 0
        && lead <= escapes
        && slashes == lead
        && closing[slashes..]
            .strip_prefix(b"\"")
            .is_some_and(|rest| rest.trim_ascii_start().first() == Some(&b':'))
}

/// Whether what stands behind a quote shows that it ended a member of JSON: brackets that close up to the end of the
/// record or of an outer string, or a comma and the next member.
fn ends_member(rest: &[u8], escapes: usize) -> bool {
    const MOST: usize = 64;
    let mut at = 0;
    let mut has_closed = false;
    while at < MOST && matches!(byte_at(rest, at), b'}' | b']' | b' ') {
        has_closed |= rest[at] != b' ';
        at += 1;
    }
    let quote = at + rest[at.min(rest.len())..].iter().take(16).take_while(|b| **b == b'\\').count();
    match byte_at(rest, at) {
        b'\n' | b'\r' => has_closed,
        b',' => {
            let mut next = at + 1;
            next += usize::from(byte_at(rest, next) == b' ');
            let slashes = rest[next.min(rest.len())..].iter().take(16).take_while(|b| **b == b'\\').count();
            slashes <= escapes && byte_at(rest, next + slashes) == b'"' || byte_at(rest, next) == b'{'
        }
        // the end of an outer string
        b'"' | b'\\' => has_closed && byte_at(rest, quote) == b'"' && quote - at < escapes,
        _ => false,
    }
}

/// The end of the string whose quote stands at `open` behind `escapes` backslashes.
///
/// A string nested in strings closes with a quote behind as many backslashes as it opened with;
/// quotes and backslashes of its own have more (RFC 8259 section 7, applied once for each level).
/// A string without an end reaches to the end of the record.
#[inline]
pub(crate) fn string_end(text: &[u8], open: usize, escapes: usize) -> Option<usize> {
    let quote = *text.get(open)?;
    let stop = text.len().min(open + MAX_VALUE_BYTES);
    // nearly all strings: nothing in them is escaped
    if escapes == 0 && quote == b'"' {
        let inside = text.get(open + 1..stop)?;
        let first = string_bytes(inside).map(|length| open + 1 + length);
        if first.is_some_and(|end| text[end] == b'"') {
            return first;
        }
    }
    any_string_end(text, open, escapes, stop)
}

#[inline(never)]
fn any_string_end(text: &[u8], open: usize, escapes: usize, stop: usize) -> Option<usize> {
    let quote = *text.get(open)?;
    let mut at = open + 1;
    let mut backslashes = 0;
    while at < stop {
        match text[at] {
            b'\n' => break,
            b'\\' => backslashes += 1,
            // SQL doubles a quote that belongs to the string
            b'\'' if quote == b'\'' && escapes == 0 && at > open + 1 && byte_at(text, at + 1) == b'\'' => {
                at += 1;
            }
            byte if byte == quote && backslashes % (2 * (escapes + 1)) == escapes => {
                return Some(at - escapes);
            }
            // a quote of an outer string: this one was cut
            b'"' if escapes > 0 && (1usize << usize::trailing_ones(backslashes)) <= escapes => {
                return Some(at - ((1 << usize::trailing_ones(backslashes)) - 1));
            }
            _ => backslashes = 0,
        }
        if text[at] == quote {
            backslashes = 0;
        }
        at += 1;
    }
    let end = if at > 0 && before(text, at) == b'\r' { at - 1 } else { at };
    // cut inside of a text that a document holds: `{"msg":"api_key = 'sk"}`
    if quote == b'\'' {
        let mut quotes = memchr::memchr_iter(b'"', text.get(open + 1..end)?).map(|place| open + 1 + place);
        let outer = quotes.find(|place| before(text, *place) != b'\\' && ends_member(&text[place + 1..], 0));
        return Some(outer.unwrap_or(end));
    }
    (end > open).then_some(end)
}

/// The length of what stands before the first quote, backslash or line feed.
#[inline(always)]
fn string_bytes(text: &[u8]) -> Option<usize> {
    // most values are short: eight bytes cost less than a call
    let mut at = 0;
    while at < 64
        && let Some(eight) = text.get(at..at + 8).and_then(|eight| eight.try_into().ok())
    {
        let eight = u64::from_le_bytes(eight);
        let any = bytes::equal(eight, b'"') | bytes::equal(eight, b'\\') | bytes::equal(eight, b'\n');
        if any != 0 {
            return Some(at + any.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    memchr::memchr3(b'"', b'\\', b'\n', &text[at..]).map(|length| at + length)
}

/// Whether the escaped quote at `slash` stands inside an unquoted secret and ends no string: letters or digits on both
/// sides, and no other quote up to the next blank (`password=Somm3r\"2025 realm=staff`).
pub(super) fn is_inside_word(text: &[u8], start: usize, slash: usize) -> bool {
    let rest = &text[slash + 2..text.len().min(slash + 64)];
    let word = &rest[..rest.iter().position(|b| b.is_ascii_whitespace()).unwrap_or(rest.len())];
    slash > start
        && text[slash - 1].is_ascii_alphanumeric()
        && word.first().is_some_and(u8::is_ascii_alphanumeric)
        && !word.iter().any(|b| matches!(b, b'"' | b'\\' | b'=' | b':' | b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_end_a_text_open_nothing() {
        for (text, is) in [
            (r#"{"msg":"Enter password: "}"#, true),
            (r#"{"msg":"Enter password:"}"#, true),
            (r#"{"msg":"password: ","b":"c"}"#, true),
            (r#"{"msg":"password: ", "b": "c"}"#, true),
            (r#"[{"msg":"password: "},{"b":"c"}]"#, true),
            (r#"password: "hunter2""#, false),
            (r#"password: "}x""#, false),
            (r#"password: ", x""#, false),
            (r#"{"password":","}"#, false),
        ] {
            let separator = text.find("assword").unwrap() + 7 + usize::from(text.contains("\"password\""));
            let open = separator + 1 + text[separator + 1..].find('"').unwrap();
            assert_eq!(closes(text.as_bytes(), separator, open, 0), is, "{text}");
        }
    }

    #[test]
    fn a_string_that_was_cut_ends_with_the_outer_one() {
        for (text, open, escapes, end) in [
            (r#"\"tail\\"}"#, 1, 1, Some(8)),
            (r#"\"tail\", x"#, 1, 1, Some(6)),
            (r#"\"tail\\\"x\""#, 1, 1, Some(11)),
            (r#"\"tail"}"#, 1, 1, Some(6)),
            (r#"\\\"tail\"}""#, 3, 3, Some(8)),
            (r#"'sk"}"#, 0, 0, Some(3)),
            (r#"'sk", "b": "c"}"#, 0, 0, Some(3)),
            (r#"'a"b"#, 0, 0, Some(4)),
        ] {
            assert_eq!(string_end(text.as_bytes(), open, escapes), end, "{text}");
        }
    }
}
