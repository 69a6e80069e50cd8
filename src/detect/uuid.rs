//! UUIDs (RFC 9562) in their usual form, compact, in braces or as a URN.

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::UUID;

/// Length of the usual form, `8-4-4-4-12` hex digits.
const LENGTH: usize = 36;

/// The UUID in its usual form whose first hex digit stands at `at`, with no letter or digit glued to it.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    // The first dash turns away almost everything.
    if text.get(at + 8) != Some(&b'-') {
        return None;
    }
    let end = at + LENGTH;
    if !is_usual_form(text.get(at..end)?) {
        return None;
    }
    let word_at =
        |place: Option<usize>| place.and_then(|i| text.get(i)).is_some_and(u8::is_ascii_alphanumeric);
    let longer = text.get(end) == Some(&b'-') && text.get(end + 1).is_some_and(u8::is_ascii_hexdigit);
    if word_at(at.checked_sub(1)) || word_at(Some(end)) || longer {
        return None;
    }
    Some(Match { start: at, end, kind: TypeId::UUID, rule: UUID, confidence: 90, evidence: Evidence::SHAPE })
}

/// The UUID in a value under a key: the usual form, 32 hex digits, in braces or behind `urn:uuid:`.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let mut start = value.len() - value.trim_ascii_start().len();
    let mut rest = value.trim_ascii();
    if let Some(inner) = rest.strip_prefix(b"{").and_then(|inner| inner.strip_suffix(b"}")) {
        rest = inner;
        start += 1;
    }
    if let Some((head, inner)) =
        rest.split_at_checked(9).filter(|(head, _)| head.eq_ignore_ascii_case(b"urn:uuid:"))
    {
        rest = inner;
        start += head.len();
    }
    let compact = rest.len() == 32 && rest.iter().all(u8::is_ascii_hexdigit);
    if !compact && !is_usual_form(rest) {
        return None;
    }
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    let end = start + rest.len();
    Some(Match { start, end, kind: TypeId::UUID, rule: UUID, confidence: 92, evidence })
}

fn is_usual_form(text: &[u8]) -> bool {
    text.len() == LENGTH
        && text.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

    fn span(found: Option<Match>) -> Option<(usize, usize)> {
        found.map(|m| (m.start, m.end))
    }

    #[test]
    fn usual_form() {
        for (before, after) in
            [("", ""), ("req-", " -"), ("\"", "\""), ("/", "/x"), ("_", "_"), ("\n", "\n"), ("", ".")]
        {
            let text = format!("{before}{EXAMPLE}{after}");
            let expected = Some((before.len(), before.len() + LENGTH));
            assert_eq!(span(at(text.as_bytes(), before.len())), expected, "{text:?}");
        }
        for (before, after) in [("a", ""), ("", "0"), ("", "-0"), ("z", "")] {
            let text = format!("{before}{EXAMPLE}{after}");
            assert_eq!(span(at(text.as_bytes(), before.len())), None, "{text:?}");
        }
        for text in [
            "",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bfg",
            "f81d4fae-7dec11d0--a765-00a0c91e6bf6",
        ] {
            assert_eq!(span(at(text.as_bytes(), 0)), None, "{text:?}");
        }
    }

    #[test]
    fn under_a_key() {
        let compact = EXAMPLE.replace('-', "");
        assert_eq!(span(keyed(EXAMPLE.as_bytes())), Some((0, 36)));
        assert_eq!(span(keyed(compact.as_bytes())), Some((0, 32)));
        assert_eq!(span(keyed(format!(" {{{EXAMPLE}}}").as_bytes())), Some((2, 38)));
        assert_eq!(span(keyed(format!("urn:uuid:{EXAMPLE}").as_bytes())), Some((9, 45)));
        for value in ["", "0", "null", "{", "urn:uuid:", "f81d4fae7dec11d0a76500a0c91e6bf"] {
            assert_eq!(span(keyed(value.as_bytes())), None, "{value:?}");
        }
        assert_eq!(span(keyed(b"\xff\xff")), None);
    }
}
