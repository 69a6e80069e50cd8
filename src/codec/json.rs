//! JSON string escapes alone (RFC 8259 section 7), where it is known that a text is a string's.

use super::unit;
use crate::finding::Layers;

/// Appends `text` as it stands in a JSON string.
pub(crate) fn escape(text: &[u8], out: &mut Vec<u8>) {
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            ..0x20 => {
                let digit = |n: u8| b"0123456789abcdef".get(usize::from(n)).copied().unwrap_or(b'0');
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            }
            _ => out.push(byte),
        }
    }
}

/// How many bytes [`escape`] makes of one at the most.
#[cfg(any(test, feature = "token"))]
pub(crate) const MAX_GROWTH: usize = 6;

/// The text of a JSON string; what is no escape stays.
pub(crate) fn unescape(string: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(string.len());
    let mut at = 0;
    while let Some(&byte) = string.get(at) {
        let escaped = (byte == b'\\').then(|| string.get(at + 1)).flatten();
        if let Some(plain) = match escaped {
            Some(b'b') => Some(8),
            Some(b'f') => Some(12),
            _ => None,
        } {
            out.push(plain);
            at += 2;
            continue;
        }
        match escaped.and_then(|_| unit::decode(string, at)).filter(|unit| unit.layer == Layers::JSON) {
            Some(unit) => {
                out.extend_from_slice(unit.bytes());
                at += unit.consumed;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescape_undoes_escape_and_what_other_writers_do() {
        for text in ["", "o\"hara", "a\\b", "\u{1}\n\r\t\u{8}", "müller", "100%41 &amp; =40x"] {
            let mut escaped = Vec::new();
            escape(text.as_bytes(), &mut escaped);
            assert!(escaped.len() <= text.len() * MAX_GROWTH);
            assert_eq!(unescape(&escaped), text.as_bytes(), "{text}");
            let string = serde_json::to_string(text).unwrap();
            assert_eq!(unescape(&string.as_bytes()[1..string.len() - 1]), text.as_bytes(), "{text}");
        }
        for (string, text) in [
            (r"m\u00fcller", "müller"),
            (r"\ud83d\ude00", "\u{1f600}"),
            (r"CORP\hara", r"CORP\hara"),
            (r"a\", r"a\"),
            (r"a\u12", r"a\u12"),
            (r"p%41\/", "p%41/"),
        ] {
            assert_eq!(unescape(string.as_bytes()), text.as_bytes(), "{string}");
        }
    }
}
