//! What a finding stands in and what that asks of its replacement: JSON numbers are replaced
//! whole, RFC 5424 parameter values escape `]`.

use crate::finding::{Finding, TypeId};
use crate::frame::json::{Strings, backslashes_before, document_in, is_json_record};
use crate::policy::JsonNumbers;

/// The farthest that a number's neighbours are looked for, in bytes.
const MAX_NUMBER_BYTES: usize = 512;

/// What a finding stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// Nothing that asks for care.
    Text,
    /// An unquoted number of a JSON document; how many backslashes its strings' quotes have.
    JsonNumber { start: usize, end: usize, escapes: usize },
    /// A parameter value of RFC 5424 structured data.
    SyslogParameter,
}

impl Container {
    /// What is replaced: the finding, or the whole number.
    pub fn range(&self, finding: &Finding) -> (usize, usize) {
        match *self {
            Container::JsonNumber { start, end, .. } => (start, end.max(finding.end)),
            _ => (finding.start, finding.end),
        }
    }

    /// Appends the replacement as the container needs it.
    pub fn put(&self, replacement: &[u8], numbers: JsonNumbers, is_token: bool, out: &mut Vec<u8>) {
        match *self {
            Container::Text => out.extend_from_slice(replacement),
            Container::SyslogParameter => {
                for &byte in replacement {
                    if matches!(byte, b']' | b'"' | b'\\') {
                        out.push(b'\\');
                    }
                    out.push(byte);
                }
            }
            Container::JsonNumber { escapes, .. } => {
                if super::is_quoted(numbers, is_token) {
                    out.extend(std::iter::repeat_n(b'\\', escapes));
                    out.push(b'"');
                    out.extend_from_slice(replacement);
                    out.extend(std::iter::repeat_n(b'\\', escapes));
                    out.push(b'"');
                } else if numbers == JsonNumbers::Null {
                    out.extend_from_slice(b"null");
                } else {
                    out.push(b'0');
                }
            }
        }
    }
}

/// What was learned about the record in hand.
#[derive(Default)]
pub(super) struct Memo {
    /// End of the record that the answers below are about; its start.
    record: Option<(usize, usize)>,
    is_json: Option<bool>,
    /// Where its document starts, perhaps behind the header of a logger.
    document: Option<Option<usize>>,
    structured: Option<StructuredData>,
    strings: Option<Strings>,
    /// Whether any record of the chunk starts as those of syslog do that have structured data.
    any_header: Option<bool>,
    /// Where a record starts, and a place in it up to which no other does.
    start: (usize, usize),
    /// The chunk starts inside of a record that was cut: up to the first line end, nothing is JSON or has
    /// structured data.
    is_inside_record: bool,
}

impl Memo {
    /// Forgets what was learned about another chunk; whether the one to come starts inside of a record.
    pub fn start_chunk(&mut self, is_inside_record: bool) {
        *self = Self { is_inside_record, ..Self::default() };
    }

    /// What `finding` stands in.
    #[inline]
    pub fn of(&mut self, chunk: &[u8], finding: &Finding) -> Container {
        let first = chunk[finding.start];
        // what stands in quotes is no number; an address is none, and the commonest finding by far
        if matches!(first, b'0'..=b'9' | b'-' | b'+' | b'.')
            && finding.start.checked_sub(1).is_none_or(|before| chunk[before] != b'"')
            && !matches!(finding.kind, TypeId::IPV4 | TypeId::IPV6 | TypeId::EMAIL | TypeId::HOSTNAME_IP)
            && let Some(number) = self.number(chunk, finding)
        {
            return number;
        }
        if self.is_syslog_parameter(chunk, finding) { Container::SyslogParameter } else { Container::Text }
    }

    /// Whether what is found stands in a JSON record, where a backslash is an escape's.
    pub fn is_in_json(&mut self, chunk: &[u8], finding: &Finding) -> bool {
        let (from, to) = self.record_of(chunk, finding.start);
        self.is_json(chunk, from, to)
    }

    fn is_json(&mut self, chunk: &[u8], from: usize, to: usize) -> bool {
        let is_rest = self.is_inside_record && from == 0;
        *self.is_json.get_or_insert_with(|| !is_rest && is_json_record(&chunk[from..to]))
    }

    /// Where the document starts that the record of `at` is or ends with.
    fn document(&mut self, chunk: &[u8], at: usize) -> Option<usize> {
        let (from, to) = self.record_of(chunk, at);
        if self.is_inside_record && from == 0 {
            return None;
        }
        let is_json = self.is_json(chunk, from, to);
        *self.document.get_or_insert_with(|| {
            if is_json { Some(from) } else { document_in(&chunk[from..to]).map(|start| from + start) }
        })
    }

    fn record_of(&mut self, chunk: &[u8], at: usize) -> (usize, usize) {
        if let Some((start, end)) = self.record
            && (start..=end).contains(&at)
        {
            return (start, end);
        }
        let start = memchr::memrchr(b'\n', &chunk[..at]).map_or(0, |p| p + 1);
        let end = memchr::memchr(b'\n', &chunk[at..]).map_or(chunk.len(), |p| at + p);
        self.record = Some((start, end));
        self.is_json = None;
        self.document = None;
        self.structured = None;
        self.strings = None;
        (start, end)
    }

    fn number(&mut self, chunk: &[u8], finding: &Finding) -> Option<Container> {
        let is_part = |b: u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let mut start = finding.start;
        let floor = start.saturating_sub(MAX_NUMBER_BYTES);
        while start > floor && is_part(chunk[start - 1]) {
            start -= 1;
        }
        let mut end = finding.start;
        let ceiling = chunk.len().min(end + MAX_NUMBER_BYTES);
        while end < ceiling && is_part(chunk[end]) {
            end += 1;
        }
        if end < finding.end || !is_json_number(&chunk[start..end]) {
            return None;
        }
        let mut left = start;
        // what is printed over several lines into a string has escapes of these: `{\n  \"id\": 48213\n}`
        loop {
            match chunk[floor..left] {
                [.., b' ' | b'\t'] => left -= 1,
                [.., b'\\', b'n' | b't' | b'r'] => {
                    left -= 1;
                    left -= chunk[floor..left].iter().rev().take_while(|b| **b == b'\\').count();
                }
                _ => break,
            }
        }
        let mut right = end;
        loop {
            let slashes = chunk[right..ceiling].iter().take_while(|b| **b == b'\\').count();
            match chunk[right..ceiling].get(slashes) {
                Some(b' ' | b'\t' | b'\r') if slashes == 0 => right += 1,
                Some(b'n' | b't' | b'r') if slashes > 0 => right += slashes + 1,
                _ => break,
            }
        }
        let closes = matches!(chunk.get(right), None | Some(b',' | b'}' | b']' | b'\n'));
        let opener = left.checked_sub(1).map(|p| chunk[p])?;
        if !closes {
            return None;
        }
        let escapes = match opener {
            b':' => {
                let escapes = quoted_key_escapes(chunk, left - 1)?;
                // the quote may open a string that starts with the colon: `"msg":":4111…"`
                if self.is_inside(chunk, start, left) {
                    return None;
                }
                escapes
            }
            b',' | b'[' => {
                let document = self.document(chunk, start).filter(|document| *document < left)?;
                let walk = self.strings.get_or_insert_with(|| Strings::of(document));
                walk.escapes_at(chunk, left)?
            }
            _ => return None,
        };
        Some(Container::JsonNumber { start, end, escapes })
    }

    /// Whether the number at `start` stands behind the colon before `left` in a string, if another separator stands
    /// right before the quote before the colon; else the quote closes a key.
    fn is_inside(&mut self, chunk: &[u8], start: usize, left: usize) -> bool {
        let head = chunk[..left - 1].trim_ascii_end();
        let head = head.strip_suffix(b"\"").unwrap_or(head).trim_ascii_end();
        if !matches!(head.last(), Some(b':' | b',' | b'[' | b'{')) {
            return false;
        }
        let (from, _) = self.record_of(chunk, start);
        match self.document(chunk, start) {
            // in the header of a logger
            Some(document) if left <= document => Strings::of(from).escapes_at(chunk, left).is_none(),
            document => {
                let walk = self.strings.get_or_insert_with(|| Strings::of(document.unwrap_or(from)));
                walk.escapes_at(chunk, left).is_none()
            }
        }
    }

    fn is_syslog_parameter(&mut self, chunk: &[u8], finding: &Finding) -> bool {
        // the start of a record, as in most access logs
        if finding.start == 0 || chunk[finding.start - 1] == b'\n' {
            return false;
        }
        // few chunks have a record of syslog's
        let is_any = *self.any_header.get_or_insert_with(|| {
            memchr::memchr_iter(b'<', chunk)
                .any(|at| (at == 0 || chunk[at - 1] == b'\n') && is_header(&chunk[at..]))
        });
        if !is_any {
            return false;
        }
        // the start alone: findings come in order
        let (from, at) = (self.start.1.min(finding.start), finding.start);
        let start = memchr::memrchr(b'\n', &chunk[from..at]).map_or(self.start.0, |p| from + p + 1);
        self.start = (start, at);
        if chunk[start] != b'<' || (self.is_inside_record && start == 0) {
            return false;
        }
        let (start, end) = self.record_of(chunk, finding.start);
        let record = &chunk[start..end];
        let walk = self.structured.get_or_insert_with(|| StructuredData::of(record));
        walk.is_quoted_at(record, finding.start - start)
    }
}

/// Whether a record starts with a priority and the version of RFC 5424 section 6.2.
fn is_header(record: &[u8]) -> bool {
    let Some(head) = record.strip_prefix(b"<") else { return false };
    let priority = head.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    priority > 0 && head[priority..].starts_with(b">1 ")
}

/// RFC 8259 section 6, and the leading zeros and plus signs that careless writers leave.
fn is_json_number(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let mut seen_digit = false;
    let mut seen_dot = false;
    let mut at = 0;
    while at < digits.len() {
        match digits[at] {
            b'0'..=b'9' => seen_digit = true,
            b'.' if !seen_dot && seen_digit => seen_dot = true,
            b'e' | b'E' if seen_digit => {
                let rest = &digits[at + 1..];
                let rest = rest.strip_prefix(b"-").or_else(|| rest.strip_prefix(b"+")).unwrap_or(rest);
                return !rest.is_empty() && rest.iter().all(u8::is_ascii_digit);
            }
            _ => return false,
        }
        at += 1;
    }
    seen_digit
}

/// The backslashes before the quote that closes the key before the colon at `colon`.
pub(super) fn quoted_key_escapes(chunk: &[u8], colon: usize) -> Option<usize> {
    let mut at = colon;
    while at > 0 && colon - at < 8 && matches!(chunk[at - 1], b' ' | b'\t') {
        at -= 1;
    }
    (at > 0 && chunk[at - 1] == b'"').then(|| backslashes_before(chunk, at - 1))
}

/// A walk through the structured data of `<PRI>1 TIME HOST APP PID MSGID [id k="v"]…`
/// (RFC 5424 section 6.3) that goes on from finding to finding of a record.
#[derive(Clone, Copy)]
struct StructuredData {
    place: usize,
    quoted: bool,
    ended: bool,
}

impl StructuredData {
    /// At the first bracket of the record, or ended if the record has none in the seventh field.
    fn of(record: &[u8]) -> Self {
        let place = memchr::memchr_iter(b' ', record).nth(5).map_or(record.len(), |blank| blank + 1);
        Self { place, quoted: false, ended: !is_header(record) || record.get(place) != Some(&b'[') }
    }

    /// Whether `at`, which is not before that of an earlier call, is inside a quoted parameter value.
    fn is_quoted_at(&mut self, record: &[u8], at: usize) -> bool {
        while !self.ended && self.place < at {
            match record[self.place] {
                b'\\' if self.quoted => self.place += 1,
                b'"' => self.quoted = !self.quoted,
                b']' if !self.quoted && record.get(self.place + 1) != Some(&b'[') => self.ended = true,
                _ => {}
            }
            self.place += 1;
        }
        self.quoted && !self.ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_numbers() {
        for (text, is) in
            [("1", true), ("-1.5e+3", true), ("1e", false), ("-", false), ("1.2.3", false), ("", false)]
        {
            assert_eq!(is_json_number(text.as_bytes()), is, "{text}");
        }
    }

    #[test]
    fn structured_data() {
        let text = br#"<165>1 2003-10-11T22:14:15Z host app - ID47 [x a="1.2.3.4" b="c"] 5.6.7.8"#;
        let place = |part: &[u8]| text.windows(part.len()).position(|w| w == part).unwrap();
        let mut walk = StructuredData::of(text);
        for (value, inside) in
            [(&b"1.2.3.4"[..], true), (b"b=\"c", false), (b"c\"]", true), (b"5.6.7.8", false)]
        {
            assert_eq!(walk.is_quoted_at(text, place(value)), inside);
        }
        for none in [&b"<"[..], b"<>1 ", b"<1>1", b"<1>1 a b c d e [", b"<x>1 a b c d e [x a=\"1.2.3.4\"]"] {
            assert!(!StructuredData::of(none).is_quoted_at(none, none.len() - 1));
        }
    }
}
