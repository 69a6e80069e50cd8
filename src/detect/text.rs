//! Free text under a key: searches, messages, notes, special categories. The whole value.

use crate::check::{absent, phrase};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::FREE_TEXT;

/// The text in a value, trimmed. Type and rule are those of free text; the key's row knows better.
///
/// Nulls, booleans and placeholders stay. An unquoted text ends before `&`, `;`, `|`, a closing
/// bracket, two blanks or the next key.
pub(crate) fn keyed(value: &[u8], quoted: bool) -> Option<Match> {
    let end = if quoted { value.len() } else { phrase::limit(value, true) };
    let (start, end) = {
        let (start, stop) = phrase::trimmed(value.get(..end)?);
        (start, stop)
    };
    let text = value.get(start..end)?;
    if text.is_empty() || absent::is_absent(text) {
        return None;
    }
    Some(Match {
        start,
        end,
        kind: TypeId::FREE_TEXT,
        rule: FREE_TEXT,
        confidence: 80,
        evidence: Evidence::KEY,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (value, quoted, expected) in [
            ("please call me", true, Some("please call me")),
            (" a, b ", true, Some("a, b")),
            ("knee+pain HTTP/1.1", false, Some("knee+pain")),
            ("catholic plan=b", false, Some("catholic")),
            ("0 negative", true, Some("0 negative")),
            ("", true, None),
            ("null", false, None),
            ("false", true, None),
        ] {
            let found = keyed(value.as_bytes(), quoted);
            assert_eq!(found.and_then(|m| value.get(m.start..m.end)), expected, "{value:?}");
        }
        assert_eq!(keyed(b"\xff\xff", true).map(|m| m.end), Some(2));
    }
}
