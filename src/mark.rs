//! The grammar of everything we write: labels, withheld markers, tokens.
//!
//! Each is one opaque value to every detector, key rule and veto, so that redacting redacted
//! output changes nothing.

use crate::finding::TypeId;

/// Marks a label as the place of an erased value: `[EMAIL ERASED]`.
pub(crate) const ERASED: &[u8] = b" ERASED";
/// The longest name of a label, in bytes.
const MAX_LABEL_BYTES: usize = 32;

/// The length of the mark that starts at `at`, if one does.
pub(crate) fn mark_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    match rest.first()? {
        b'[' => label(rest).or_else(|| withheld(rest)),
        b'a'..=b'z' => token(rest),
        _ => None,
    }
}

/// `[EMAIL]`, `[EMAIL ERASED]`, and `[EMAIL\]` as RFC 5424 wants it inside parameter values.
fn label(rest: &[u8]) -> Option<usize> {
    let close = rest.iter().take(MAX_LABEL_BYTES + 2).position(|b| *b == b']')?;
    let mut name = &rest[1..close];
    name = name.strip_suffix(b"\\").unwrap_or(name);
    name = name.strip_suffix(ERASED).unwrap_or(name);
    let first = name.first()?;
    if !first.is_ascii_uppercase() {
        return None;
    }
    let known = |t: TypeId| {
        let label = t.label().as_bytes();
        label.get(1..label.len() - 1) == Some(name)
    };
    TypeId::all().any(known).then_some(close + 1)
}

/// `[LOGVEIL WITHHELD 123 BYTES]`
fn withheld(rest: &[u8]) -> Option<usize> {
    let count = rest.strip_prefix(b"[LOGVEIL WITHHELD ")?;
    let digits = count.iter().take(20).take_while(|b| b.is_ascii_digit()).count();
    let tail = b" BYTES]";
    (digits > 0 && count[digits..].starts_with(tail))
        .then_some(rest.len() - count.len() + digits + tail.len())
}

/// `{code}_{mode}{kid}_{payload}`: see `docs/token-format.md`.
fn token(rest: &[u8]) -> Option<usize> {
    let code = rest.iter().take(14).take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit()).count();
    let known = |t: TypeId| t.code().as_bytes() == &rest[..code];
    let head = rest.get(code..code + 7)?;
    let symbol = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'v');
    if head[0] != b'_'
        || !matches!(head[1], b'h' | b'e' | b'd' | b'p')
        || !head[2..6].iter().all(symbol)
        || head[6] != b'_'
        || !(TypeId::all().any(known) || &rest[..code] == b"custom")
    {
        return None;
    }
    let payload = rest[code + 7..].iter().take_while(|b| symbol(b)).count();
    (payload >= 17).then_some(code + 7 + payload)
}

/// Calls `piece` for each part of `start..end` that is not a mark, in order; offsets are into `text`.
///
/// A mark that reaches over a border of the range counts as a mark too.
pub(crate) fn pieces_between_marks(
    text: &[u8],
    start: usize,
    end: usize,
    mut piece: impl FnMut(usize, usize),
) {
    let mut from = start;
    let mut at = start;
    while at < end {
        let starts_mark = text[at] == b'[' || (at == start || !text[at - 1].is_ascii_alphanumeric());
        match if starts_mark { mark_at(text, at) } else { None } {
            Some(length) => {
                if from < at {
                    piece(from, at);
                }
                at += length;
                from = at;
            }
            None => at += 1,
        }
    }
    if from < end {
        piece(from, end);
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
            ("[ERROR]", None),
            ("[EMAILX]", None),
            ("[]", None),
            ("", None),
            ("[LOGVEIL WITHHELD 12 BYTES]", Some(27)),
            ("[LOGVEIL WITHHELD BYTES]", None),
            ("ip_h0001_0123456789abcdefghij", Some(29)),
            ("ip_h0001_0123", None),
            ("ip_x0001_0123456789abcdefghij", None),
        ] {
            assert_eq!(mark_at(text.as_bytes(), 0), length, "{text}");
        }
    }

    #[test]
    fn pieces_leave_marks_out() {
        let text = b"ab[EMAIL]cd[IPV4]";
        let mut seen = Vec::new();
        pieces_between_marks(text, 0, text.len(), |a, b| seen.push((a, b)));
        assert_eq!(seen, [(0, 2), (9, 11)]);
    }
}
