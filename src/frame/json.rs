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
    is_json_start(record) && each_outside(record, |_, depth| depth >= 0) == Some(0)
}

/// A record that is one document of JSON by its strings, brackets and what stands between them: no word but `true`,
/// `false` and `null` and nothing behind the last bracket. Dictionaries of Python, `[811] text` and `{…} text` are none.
pub(crate) fn is_document(record: &[u8]) -> bool {
    const LITERALS: [&[u8]; 3] = [b"true", b"false", b"null"];
    let record = record.trim_ascii();
    let mut literal_end = 0;
    let may_stand = |at: usize, depth: i64| match record[at] {
        b'{' | b'[' => true,
        b'}' | b']' => depth > 0 || depth == 0 && at + 1 == record.len(),
        b'"' | b',' | b':' | b' ' | b'\t' | b'\r' | b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E' => true,
        _ if at < literal_end => true,
        _ => LITERALS.iter().find(|word| record[at..].starts_with(word)).is_some_and(|word| {
            literal_end = at + word.len();
            true
        }),
    };
    matches!(record.first(), Some(b'{' | b'[')) && each_outside(record, may_stand) == Some(0)
}

/// Asks for each byte outside strings, and for the quote that opens one, whether it may stand there, with how many
/// brackets are open behind it; how many are at the end, or `None` if one may not or a string does not close.
fn each_outside(record: &[u8], mut may_stand: impl FnMut(usize, i64) -> bool) -> Option<i64> {
    let (mut depth, mut at) = (0, 0);
    while at < record.len() {
        depth += match record[at] {
            b'{' | b'[' => 1,
            b'}' | b']' => -1,
            _ => 0,
        };
        if !may_stand(at, depth) {
            return None;
        }
        at = if record[at] == b'"' { string_end(record, at)? } else { at } + 1;
    }
    Some(depth)
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

/// A walk through the strings of a JSON record, and those of documents in them, that goes on from place to place.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Strings {
    record: usize,
    place: usize,
    /// The place stands in a string.
    pub is_inside: bool,
    /// The backslashes of the last quote inside of the string in hand; 0 before the first.
    last: usize,
    /// Of each depth (1, 3, 7, … backslashes), whether a string of it is open inside of the one in hand.
    open: u64,
}

impl Strings {
    /// Those of the record that starts at `record`.
    pub fn of(record: usize) -> Self {
        Self { record, place: record, ..Self::default() }
    }

    /// Goes on to `at`, or starts anew if it is before the place that was gone to.
    pub fn go_to(&mut self, chunk: &[u8], at: usize) {
        if at < self.place {
            *self = Self::of(self.record);
        }
        while let Some(quote) = memchr::memchr(b'"', &chunk[self.place..at]).map(|p| self.place + p) {
            let escapes = backslashes_before(chunk, quote);
            if escapes == 0 {
                (self.is_inside, self.last, self.open) = (!self.is_inside, 0, 0);
            } else {
                self.last = escapes;
                self.open ^= 1 << (escapes.trailing_ones() & 63);
            }
            self.place = quote + 1;
        }
        self.place = at;
    }

    /// How many backslashes the quotes have of the document whose number starts at `at`; `None` inside of a string.
    pub fn escapes_at(&mut self, chunk: &[u8], at: usize) -> Option<usize> {
        self.go_to(chunk, at);
        match (self.is_inside, self.last) {
            (false, _) => Some(0),
            (true, 0) => None,
            (true, escapes) => (!self.is_open(escapes)).then_some(escapes),
        }
    }

    /// Whether a string is open in the one in hand whose quotes have so many backslashes.
    pub fn is_open(&self, escapes: usize) -> bool {
        self.open >> (escapes.trailing_ones() & 63) & 1 == 1
    }

    /// The level of the innermost string: 0 for one of the record, 1 for one in it.
    pub fn level(&self) -> u32 {
        (u64::BITS - self.open.leading_zeros()).saturating_sub(1)
    }
}

/// The longest header before a document, in bytes.
const MAX_HEADER_BYTES: usize = 256;

/// Where the document starts that a record is or ends with, behind the header of a logger.
pub(crate) fn document_in(record: &[u8]) -> Option<usize> {
    if is_document(record) {
        return Some(0);
    }
    let start = memchr::memmem::find(&record[..record.len().min(MAX_HEADER_BYTES)], b"{\"")?;
    is_document(&record[start..]).then_some(start)
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

    #[test]
    fn numbers_inside_of_strings_are_none() {
        for (text, escapes) in [
            (r#"{"a":[7]}"#, Some(0)),
            (r#"{"a":"x","b":[1,7]}"#, Some(0)),
            (r#"{"a":"[7] x"}"#, None),
            (r#"{"a":"x,7,y"}"#, None),
            (r#"{"a":"{\"b\":[7]}"}"#, Some(1)),
            (r#"{"a":"{\"b\":\"[7] x\"}"}"#, None),
            (r#"{"a":"{\"b\":\"{\\\"c\\\":[7]}\"}"}"#, Some(3)),
        ] {
            let at = text.find('7').unwrap();
            assert_eq!(Strings::of(0).escapes_at(text.as_bytes(), at), escapes, "{text}");
        }
    }
}
