//! What tells a record of JSON, and its strings.

/// Whether a record starts as JSON does: an object, or an array with a value in it. A line that starts with
/// a time or label in brackets (`[Sun Nov …] [error]`, `[IPV4] - -`) is text.
pub(crate) fn is_json_start(record: &[u8]) -> bool {
    match record.trim_ascii_start() {
        [b'{', ..] => true,
        [b'[', rest @ ..] => match rest.trim_ascii_start() {
            [] | [b'{' | b'[' | b'"' | b']', ..] => true,
            [b'-' | b'0'..=b'9', ..] => {
                let number = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                let rest = rest.trim_ascii_start();
                let length = rest.iter().take_while(number).count();
                matches!(rest[length..].trim_ascii_start(), [] | [b',' | b']', ..])
                    && !rest[..length]
                        .windows(2)
                        .any(|pair| pair[1] == b'-' && !matches!(pair[0], b'e' | b'E'))
            }
            word => [&b"true"[..], b"false", b"null"].iter().any(|literal| word.starts_with(literal)),
        },
        _ => false,
    }
}

/// How many backslashes a quote has at the depth of the quote at `at`: 0, 1, 3, 7, … A text's own
/// backslashes before it come in multiples of a higher power of two, so the low ones count.
pub(crate) fn backslashes_before(chunk: &[u8], at: usize) -> usize {
    let all = chunk[..at].iter().rev().take(63).take_while(|b| **b == b'\\').count();
    (1usize << all.trailing_ones()) - 1
}

/// A record that starts as JSON does and whose brackets balance outside strings.
pub(crate) fn is_json_record(record: &[u8]) -> bool {
    let record = record.trim_ascii();
    if !is_json_start(record) {
        return false;
    }
    let mut depth = 0i64;
    let mut at = 0;
    while at < record.len() {
        match record[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => match string_end(record, at) {
                Some(end) => at = end,
                None => return false,
            },
            _ => {}
        }
        if depth < 0 {
            return false;
        }
        at += 1;
    }
    depth == 0
}

/// A record that is one document of JSON by its strings, brackets and what stands between them: no word but `true`,
/// `false` and `null` and nothing behind the last bracket. Dictionaries of Python, `[811] text` and `{…} text` are none.
pub(crate) fn is_document(record: &[u8]) -> bool {
    let record = record.trim_ascii();
    if !matches!(record.first(), Some(b'{' | b'[')) {
        return false;
    }
    let (mut depth, mut at) = (0usize, 0);
    while at < record.len() {
        match record[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1 == record.len();
                }
            }
            b'"' => match string_end(record, at) {
                Some(end) => at = end,
                None => return false,
            },
            b',' | b':' | b' ' | b'\t' | b'\r' | b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E' => {}
            b't' | b'f' | b'n' => {
                let literals = [&b"true"[..], b"false", b"null"];
                let Some(literal) = literals.iter().find(|word| record[at..].starts_with(word)) else {
                    return false;
                };
                at += literal.len() - 1;
            }
            _ => return false,
        }
        at += 1;
    }
    false
}

/// The closing quote of the string that opens at `open`.
fn string_end(record: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while at < record.len() {
        at += memchr::memchr2(b'"', b'\\', &record[at..])?;
        if record[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_of_times_and_labels_are_text() {
        for (record, is_json) in [
            ("{\"a\":1}", true),
            ("  {", true),
            ("[{\"a\":1}", true),
            ("[ \"a\", 2]", true),
            ("[1, 2]", true),
            ("[-1.5e-3]", true),
            ("[null]", true),
            ("[]", true),
            ("[Sun Nov 22 04:50:13 2026] [error] x", false),
            ("[2026-11-22 04:50:13] x", false),
            ("[2026-11-22] x", false),
            ("[IPV4] - - x", false),
            ("[12345.678] usb 1-1: x", true),
            ("plain", false),
            ("", false),
        ] {
            assert_eq!(is_json_start(record.as_bytes()), is_json, "{record}");
        }
    }

    #[test]
    fn documents() {
        for (text, is) in [
            (r#"{"a":"}","b":[1,-2.5e3,true,null]}"#, true),
            (r#" [1,{"a":false}] "#, true),
            ("{'a': 'b'}", false),
            ("[811] redis://x", false),
            (r#"{"a":1} x"#, false),
            (r#"{"a":1}{"b":2}"#, false),
            (r#"{"a":"ab"c"d"}"#, false),
            (r#"{"a":1"#, false),
            ("{a=1}", false),
            ("x", false),
            ("", false),
        ] {
            assert_eq!(is_document(text.as_bytes()), is, "{text}");
        }
    }

    #[test]
    fn json_records() {
        for (text, is) in [
            (r#"{"a":"}"}"#, true),
            (r#" [1,{"a":2}] "#, true),
            (r#"{"a":1"#, false),
            (r#"{"a":"b}"#, false),
            ("x", false),
            ("", false),
            ("[x] y", false),
            ("[1] y", true),
        ] {
            assert_eq!(is_json_record(text.as_bytes()), is, "{text}");
        }
    }
}
