//! The grammar of everything we write: labels, withheld markers, tokens.
//!
//! Each is one opaque value to every detector, key rule and veto, so that redacting redacted
//! output changes nothing.

mod token;

#[cfg(feature = "token")]
pub(crate) use token::{CHECK_SYMBOLS, MAX_REVERSIBLE_BYTES, Shape, is_symbol, shape};
pub(crate) use token::{MAX_TOKEN_BYTES, token_at};

use crate::finding::TypeId;

/// Marks a label as the place of an erased value: `[EMAIL ERASED]`.
pub(crate) const ERASED: &[u8] = b" ERASED";
/// The longest name of a label, in bytes.
const MAX_LABEL_BYTES: usize = 32;
/// The longest domain (RFC 1035 section 2.3.4), in bytes.
const MAX_DOMAIN_BYTES: usize = 253;

/// The length of the mark that starts at `at`, if one does.
pub(crate) fn mark_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    match rest.first()? {
        b'[' => label(rest).or_else(|| withheld(rest)),
        b'a'..=b'z' => token_at(rest),
        b'%' => percent_label(rest),
        _ => None,
    }
}

/// `[EMAIL]`, `[EMAIL ERASED]`, and `[EMAIL\]` as RFC 5424 wants it inside parameter values.
fn label(rest: &[u8]) -> Option<usize> {
    let close = rest.iter().take(MAX_LABEL_BYTES + 2).position(|b| *b == b']')?;
    let mut name = &rest[1..close];
    name = name.strip_suffix(b"\\").unwrap_or(name);
    name = name.strip_suffix(ERASED).unwrap_or(name);
    is_label_name(name).then_some(close + 1)
}

/// `%5BEMAIL%5D`, as it is written into a value that was percent-encoded, once or more (`%255BEMAIL%255D`).
fn percent_label(rest: &[u8]) -> Option<usize> {
    let open = percent_byte(rest, b'B')?;
    let name = rest.get(open..)?;
    let length = name.iter().take(MAX_LABEL_BYTES).position(|b| *b == b'%')?;
    let close = percent_byte(name.get(length..)?, b'D')?;
    is_label_name(name.get(..length)?).then_some(open + length + close)
}

/// The length of `%5B` or `%5D` at the start, at most three times encoded.
fn percent_byte(rest: &[u8], last: u8) -> Option<usize> {
    let mut at = 1;
    while at < 7 && rest.get(at..at + 2) == Some(b"25") {
        at += 2;
    }
    let matches = rest.first() == Some(&b'%')
        && rest.get(at) == Some(&b'5')
        && rest.get(at + 1).is_some_and(|b| b.eq_ignore_ascii_case(&last));
    matches.then_some(at + 2)
}

fn is_label_name(name: &[u8]) -> bool {
    let known = |t: TypeId| {
        let label = t.label().as_bytes();
        label.get(1..label.len() - 1) == Some(name)
    };
    name.first().is_some_and(u8::is_ascii_uppercase) && TypeId::all().any(known)
}

/// `[LOGVEIL WITHHELD 123 BYTES]`
fn withheld(rest: &[u8]) -> Option<usize> {
    let count = rest.strip_prefix(b"[LOGVEIL WITHHELD ")?;
    let digits = count.iter().take(20).take_while(|b| b.is_ascii_digit()).count();
    let tail = b" BYTES]";
    (digits > 0 && count[digits..].starts_with(tail))
        .then_some(rest.len() - count.len() + digits + tail.len())
}

/// Calls `piece` for each part of `start..end` that is not a mark, in order; offsets are into `text`.
///
/// A mark that reaches over a border of the range counts as a mark too. What has the form of a
/// token is a mark only if `is_token` says so.
pub(crate) fn pieces_between_marks(
    text: &[u8],
    start: usize,
    end: usize,
    is_token: impl Fn(&[u8]) -> bool,
    mut piece: impl FnMut(usize, usize),
) {
    let mark = |at| accepted(text, at, &is_token);
    // A range inside a token, or behind one's start, begins where the token ends.
    // The same inside a label's brackets.
    let bracket = start.checked_sub(1).filter(|at| text[*at] == b'[');
    let inside = bracket.and_then(|at| mark_at(text, at).map(|length| at + length));
    let mut at = inside.or_else(|| token_around(text, start, &mark)).unwrap_or(start);
    let mut from = at;
    while at < end {
        let length = if matches!(text[at], b'[' | b'%') || starts_token(text, at) { mark(at) } else { None };
        let Some(length) = length else {
            at += 1;
            continue;
        };
        // What is escaped right before a token belongs to neither.
        let until = if matches!(text[at], b'[' | b'%') { at } else { at - escape_before(text, at).min(at) };
        if from < until && !is_blank(&text[from..until]) {
            piece(from, until);
        }
        at += length;
        from = at;
    }
    if from < end && (from == start || !is_blank(&text[from..end])) {
        piece(from, end);
    }
}

/// Whether the byte at `at` belongs to a token, or to the domain behind one.
pub(crate) fn is_in_token(text: &[u8], at: usize, is_token: impl Fn(&[u8]) -> bool) -> bool {
    token_around(text, at, &|at| accepted(text, at, &is_token)).is_some()
}

/// The length of the mark at `at`; of a token only if `is_token` says so.
fn accepted(text: &[u8], at: usize, is_token: &impl Fn(&[u8]) -> bool) -> Option<usize> {
    let length = mark_at(text, at)?;
    let marked = text.get(at..at + length)?;
    (matches!(marked.first(), Some(b'[' | b'%')) || is_token(marked)).then_some(length)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a token may start at `at`: no letter, digit or `_` stands before it but that of an escape.
pub(crate) fn starts_token(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    before.is_none_or(|byte| !is_word(*byte)) || escape_before(text, at) > 0
}

/// Whether an escape ends at `at`, so that a letter or digit before it is no part of a word.
#[cfg(feature = "cli")]
pub(crate) fn follows_escape(text: &[u8], at: usize) -> bool {
    escape_before(text, at) > 0
}

/// The length of the escape that ends at `at`, 0 if none does: `%3A`, `\n`, `\u003c`, `\x22`, `ESC[1m`.
fn escape_before(text: &[u8], at: usize) -> usize {
    let Some(before) = text.get(..at) else { return 0 };
    let hex = before.iter().rev().take(4).take_while(|b| b.is_ascii_hexdigit()).count();
    match before {
        [.., b'%', _, _] if hex >= 2 => 3,
        [.., b'\\', b'x', _, _] if hex >= 2 => 4,
        [.., b'\\', b'u', _, _, _, _] if hex == 4 => 6,
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => 2,
        [codes @ .., b'm'] => {
            let numbers =
                codes.iter().rev().take(16).take_while(|b| b.is_ascii_digit() || **b == b';').count();
            let open = codes.get(..codes.len() - numbers).unwrap_or_default();
            if open.ends_with(b"\x1b[") { numbers + 3 } else { 0 }
        }
        _ => 0,
    }
}

/// The end of the token that `at` stands inside of, its domain included.
fn token_around(text: &[u8], at: usize, mark: &impl Fn(usize) -> Option<usize>) -> Option<usize> {
    let before = text.get(..at)?;
    let run = |text: &[u8], longest: usize, more: &[u8]| {
        text.iter().rev().take(longest).take_while(|b| is_word(**b) || more.contains(*b)).count()
    };
    // Either in the token itself, or in the domain behind it.
    let domain = run(before, MAX_DOMAIN_BYTES, b".-");
    let of_domain = before.get(..at - domain).and_then(|before| before.strip_suffix(b"@"));
    let token = of_domain.unwrap_or(before);
    let word = token.len() - run(token, MAX_TOKEN_BYTES, b"");
    let starts = (word..token.len()).filter(|start| starts_token(text, *start));
    starts.filter_map(|start| Some(start + mark(start)?)).find(|end| *end > at)
}

/// Nothing but blanks, also written as escapes: between marks and behind them it is no value.
fn is_blank(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        rest = match rest {
            [] => return true,
            [b' ' | b'\t' | b'\r' | b'\n', after @ ..] => after,
            [b'\\', b'n' | b'r' | b't', after @ ..] => after,
            _ => return false,
        };
    }
}

/// The marker that stands for bytes that could not be redacted.
pub(crate) fn withheld_marker(bytes: u64, json: bool) -> String {
    if json {
        format!("{{\"logveil\":\"withheld\",\"bytes\":{bytes}}}")
    } else {
        format!("[LOGVEIL WITHHELD {bytes} BYTES]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_known_by_their_grammar() {
        for (text, length) in [
            ("[EMAIL]", Some(7)),
            ("[DEVICE-ID] x", Some(11)),
            ("[EMAIL\\]\"", Some(8)),
            ("[EMAIL ERASED]", Some(14)),
            ("%5BEMAIL%5D&", Some(11)),
            ("%255BIPV4%255d", Some(14)),
            ("%5BERROR%5D", None),
            ("%5B", None),
            ("%", None),
            ("[ERROR]", None),
            ("[EMAILX]", None),
            ("[]", None),
            ("", None),
            ("[LOGVEIL WITHHELD 12 BYTES]", Some(27)),
            ("[LOGVEIL WITHHELD BYTES]", None),
            ("ip_h0001_0123456789abcdefghij", Some(29)),
            ("ip_h0001_0123", None),
            ("ip_x0001_0123456789abcdefghij", None),
            ("email_h0001_0123456789abcdefghij@example.com, ", Some(44)),
            ("ip_h0001_0123456789abcdefghij_", None),
        ] {
            assert_eq!(mark_at(text.as_bytes(), 0), length, "{text}");
        }
    }

    #[test]
    fn pieces_leave_marks_out() {
        let token = "ip_h0001_0123456789abcdefghij";
        let all = |text: &str, start: usize, known: bool| {
            let mut seen = Vec::new();
            pieces_between_marks(text.as_bytes(), start, text.len(), |_| known, |a, b| seen.push((a, b)));
            seen
        };
        assert_eq!(all("ab[EMAIL]cd[IPV4]", 0, false), [(0, 2), (9, 11)]);
        assert_eq!(all(token, 0, true), []);
        assert_eq!(all(token, 0, false), [(0, 29)]);
        // A range that starts inside a token: its digits look like something, but are the token's.
        assert_eq!(all(token, 9, true), []);
        assert_eq!(all(token, 9, false), [(9, 29)]);
        assert_eq!(all(&format!("{token} x"), 12, true), [(29, 31)]);
        assert_eq!(all(&format!("a_{token}"), 0, true), [(0, 31)], "no token starts inside a word");
        assert_eq!(all(&format!("{token}\\n \\r"), 0, true), [], "the escape of a line end is no value");
        assert_eq!(all("\\n", 0, true), [(0, 2)]);
        assert_eq!(all(&format!("{token}\\n \\r"), 0, true), [], "the escape of a line end is no value");
        assert_eq!(all("\\n", 0, true), [(0, 2)]);
        for escape in ["%3A", "\\n", "\\u003c", "\\x22", "\x1b[1;31m"] {
            for start in 0..escape.len() {
                assert_eq!(all(&format!("{escape}{token}"), start, true), [], "{escape}");
            }
            let mail = format!("{escape}email_h0001_0123456789abcdefghij@example.com{escape}{token}");
            assert_eq!(all(&mail, escape.len() + 35, true), [], "{mail}");
        }
        assert_eq!(all(&format!("3A{token}"), 0, true), [(0, 31)]);
        assert_eq!(all("", 0, true), []);
        assert_eq!(all("%5BEMAIL%5D", 0, false), []);
        assert_eq!(all("[EMAIL]", 1, false), [], "the inside of a label");
    }
}
