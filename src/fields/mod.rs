//! Fields of one record: each value with the path of names that leads to it.
//!
//! Only policies that name paths, headers, cookies, query parameters or conditions pay for this walk.

mod path;

use memchr::memchr;

pub(crate) use path::PathPattern;

/// Nesting beyond this is not followed: deeper values have no path.
const MAX_DEPTH: usize = 64;
/// Names longer than this are no names.
const MAX_NAME_BYTES: usize = 256;

/// A value in a record: where it stands, without its quotes, and the names that lead to it.
pub(crate) struct Field<'p> {
    /// First byte, counted from the start of the record.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The names, outermost first. Elements of an array have the array's names.
    pub path: &'p [&'p [u8]],
}

/// Calls `sink` for every field of a record: JSON leaves and containers, `key=value` and
/// `key: value` pairs, headers (`headers.NAME`), cookies (`cookies.NAME`) and query parameters
/// (`query.NAME`). Steps are linear in the record's length.
pub(crate) fn walk(record: &[u8], sink: &mut dyn FnMut(&Field<'_>)) {
    let start = record.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(record.len());
    if matches!(record.get(start), Some(b'{' | b'[')) {
        Json { text: record, at: start }.value(&mut Vec::new(), sink);
    } else {
        pairs(record, sink);
        header(record, sink);
    }
    query(record, sink);
}

/// The records (lines) of a chunk, each without its line end.
pub(crate) fn records(chunk: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = chunk.get(from..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let start = from;
        from += length + 1;
        Some((start, start + length))
    })
}

/// Calls `sink` with each leaf of a value: the value itself if it is no JSON container. `null`,
/// `true`, `false` and what is empty are no leaves that anything could be found in.
pub(crate) fn leaves(value: &[u8], sink: &mut dyn FnMut(usize, usize)) {
    let mut put = |start: usize, end: usize| {
        let text = value.get(start..end).unwrap_or_default();
        if !matches!(text, b"" | b"null" | b"true" | b"false") {
            sink(start, end);
        }
    };
    if !matches!(value.first(), Some(b'{' | b'[')) {
        put(0, value.len());
        return;
    }
    let mut json = Json { text: value, at: 0 };
    while let Some(byte) = json.peek() {
        match byte {
            b'"' => {
                let Some((start, end)) = json.string() else { return };
                json.space();
                // What a colon follows is a name.
                if json.peek() != Some(b':') {
                    put(start, end);
                }
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => json.at += 1,
            byte if byte.is_ascii_whitespace() => json.at += 1,
            _ => {
                let start = json.at;
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                let rest = value.get(start..).unwrap_or_default();
                json.at = start + rest.iter().position(ends).unwrap_or(rest.len());
                put(start, json.at);
            }
        }
    }
}

struct Json<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Json<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }
    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }
    /// Steps over a string and returns what is between its quotes.
    fn string(&mut self) -> Option<(usize, usize)> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            match self.text.get(at)? {
                b'\\' => at += 2,
                b'"' => break,
                _ => at += 1,
            }
        }
        self.at = at + 1;
        Some((start, at))
    }
    /// Reads one value; `None` stops the walk at text that is not JSON.
    fn value(&mut self, path: &mut Vec<&'t [u8]>, sink: &mut dyn FnMut(&Field<'_>)) -> Option<()> {
        self.space();
        let from = self.at;
        let (start, end) = match self.peek()? {
            b'{' | b'[' if path.len() >= MAX_DEPTH => return None,
            b'{' => {
                self.object(path, sink)?;
                (from, self.at)
            }
            b'[' => {
                self.array(path, sink)?;
                (from, self.at)
            }
            b'"' => self.string()?,
            _ => {
                let scalar = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                let rest = self.text.get(from..)?;
                self.at = from + rest.iter().position(scalar).unwrap_or(rest.len());
                (from, self.at)
            }
        };
        if !path.is_empty() {
            sink(&Field { start, end, path });
        }
        Some(())
    }
    fn object(&mut self, path: &mut Vec<&'t [u8]>, sink: &mut dyn FnMut(&Field<'_>)) -> Option<()> {
        self.at += 1;
        loop {
            self.space();
            match self.peek()? {
                b'}' => break,
                b',' => self.at += 1,
                b'"' => {
                    let (start, end) = self.string()?;
                    self.space();
                    if self.peek()? != b':' {
                        return None;
                    }
                    self.at += 1;
                    let names = path.len();
                    // A dotted name is a path written flat.
                    path.extend(self.text.get(start..end)?.split(|byte| *byte == b'.'));
                    let done = self.value(path, sink);
                    path.truncate(names);
                    done?;
                }
                _ => return None,
            }
        }
        self.at += 1;
        Some(())
    }
    fn array(&mut self, path: &mut Vec<&'t [u8]>, sink: &mut dyn FnMut(&Field<'_>)) -> Option<()> {
        // An array adds no name, so that its depth is counted by the recursion below.
        if path.len() >= MAX_DEPTH {
            return None;
        }
        self.at += 1;
        loop {
            self.space();
            match self.peek()? {
                b']' => break,
                b',' => self.at += 1,
                b'[' => self.skip_nested()?,
                _ => self.value(path, sink)?,
            }
        }
        self.at += 1;
        Some(())
    }
    /// Steps over an array in an array without recursion: such elements have no path of their own.
    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'[' => depth += 1,
                b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || byte >= 0x80
}

/// The name that ends at `end`, looking back at most [`MAX_NAME_BYTES`].
fn name_before(text: &[u8], end: usize) -> Option<&[u8]> {
    let low = end.saturating_sub(MAX_NAME_BYTES);
    let window = text.get(low..end)?;
    let length = window.iter().rev().take_while(|byte| is_name(**byte)).count();
    (length > 0).then(|| &window[window.len() - length..])
}

/// `key=value`, `key="value"` and `key: value` in text that is not JSON.
fn pairs(text: &[u8], sink: &mut dyn FnMut(&Field<'_>)) {
    let mut at = 0;
    // A quote that is never closed is looked for once only, so that steps stay linear.
    let mut quotes_close = true;
    while let Some(step) = memchr::memchr2(b'=', b':', text.get(at..).unwrap_or_default()) {
        let sign = at + step;
        let is_equals = text.get(sign) == Some(&b'=');
        at = sign + 1;
        // `key: value` needs the space: `12:30:00` and `http://` are no pairs.
        if !is_equals && text.get(at) != Some(&b' ') {
            continue;
        }
        let Some(name) = name_before(text, sign) else { continue };
        let start = at + text.get(at..).unwrap_or_default().iter().take_while(|byte| **byte == b' ').count();
        let quoted = quotes_close && text.get(start) == Some(&b'"');
        let inside = if quoted { (Json { text, at: start }).string() } else { None };
        quotes_close &= !quoted || inside.is_some();
        let (start, end) = inside.unwrap_or_else(|| (start, bare_end(text, start)));
        let path: Vec<&[u8]> = name.split(|byte| *byte == b'.').collect();
        sink(&Field { start, end, path: &path });
        // After a colon the value may itself be pairs (`Cookie: sid=…`); after `=` it is one value.
        if is_equals || inside.is_some() {
            at = end;
        }
    }
}

fn bare_end(text: &[u8], start: usize) -> usize {
    let ends =
        |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'&' | b')' | b']' | b'}');
    let rest = text.get(start..).unwrap_or_default();
    start + rest.iter().position(ends).unwrap_or(rest.len())
}

/// `Name: value` to the end of the record, and the pairs of a `Cookie` or `Set-Cookie` header.
fn header(text: &[u8], sink: &mut dyn FnMut(&Field<'_>)) {
    let mut from = 0;
    while let Some(step) = memchr(b':', text.get(from..).unwrap_or_default()) {
        let colon = from + step;
        from = colon + 1;
        let Some(name) = name_before(text, colon) else { continue };
        if text.get(colon + 1) != Some(&b' ') || name.contains(&b'.') {
            continue;
        }
        let start = colon + 2;
        let tail = text.get(start..).unwrap_or_default();
        let length = tail.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(tail.len());
        sink(&Field { start, end: start + length, path: &[b"headers", name] });
        if name.eq_ignore_ascii_case(b"cookie") || name.eq_ignore_ascii_case(b"set-cookie") {
            cookies(text, start, start + length, sink);
        }
        // A header's value runs to the end: what follows is part of it.
        return;
    }
}

fn cookies(text: &[u8], start: usize, end: usize, sink: &mut dyn FnMut(&Field<'_>)) {
    let mut at = start;
    while at < end {
        let piece = text.get(at..end).unwrap_or_default();
        let length = memchr(b';', piece).unwrap_or(piece.len());
        let pair = piece.get(..length).unwrap_or_default();
        if let Some(equals) = memchr(b'=', pair) {
            let name = pair.get(..equals).unwrap_or_default().trim_ascii();
            sink(&Field { start: at + equals + 1, end: at + length, path: &[b"cookies", name] });
        }
        at += length + 1;
    }
}

/// `?name=value&name=value` anywhere in the record.
fn query(text: &[u8], sink: &mut dyn FnMut(&Field<'_>)) {
    let mut at = 0;
    while let Some(step) = memchr::memchr2(b'?', b'&', text.get(at..).unwrap_or_default()) {
        at += step + 1;
        let rest = text.get(at..).unwrap_or_default();
        let length =
            rest.iter().take_while(|byte| is_name(**byte) || matches!(byte, b'%' | b'[' | b']')).count();
        if length == 0 || rest.get(length) != Some(&b'=') {
            continue;
        }
        let start = at + length + 1;
        let ends = |byte: &u8| {
            byte.is_ascii_whitespace() || matches!(byte, b'&' | b'#' | b'"' | b'\'' | b'<' | b'>')
        };
        let tail = text.get(start..).unwrap_or_default();
        let end = start + tail.iter().position(ends).unwrap_or(tail.len());
        sink(&Field { start, end, path: &[b"query", &rest[..length]] });
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        walk(record, &mut |field| {
            let path: Vec<_> = field.path.iter().map(|name| String::from_utf8_lossy(name)).collect();
            let value = String::from_utf8_lossy(&record[field.start..field.end]).into_owned();
            found.push(format!("{}={value}", path.join("/")));
        });
        found
    }

    #[test]
    fn values_have_their_paths() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("no pairs at 12:30:00 http://x/", &[]),
            (
                r#"{"user":{"email":"a\"b"},"n":-1.5e3}"#,
                &[r#"user/email=a\"b"#, r#"user={"email":"a\"b"}"#, "n=-1.5e3"],
            ),
            (
                r#"{"a.b":[1,{"c":true},[2]]}"#,
                &["a/b=1", "a/b/c=true", r#"a/b={"c":true}"#, r#"a/b=[1,{"c":true},[2]]"#],
            ),
            (r#"{"a":1"#, &["a=1"]),
            (r#"{"a" 1}"#, &[]),
            (r#"{"a":"open"#, &[]),
            (
                r#"user.name=anna level=info msg="two words""#,
                &["user/name=anna", "level=info", "msg=two words"],
            ),
            ("DNT: 1", &["DNT=1", "headers/DNT=1"]),
            (
                "Cookie: sid=abc; theme=dark",
                &[
                    "Cookie=sid=abc",
                    "sid=abc",
                    "theme=dark",
                    "headers/Cookie=sid=abc; theme=dark",
                    "cookies/sid=abc",
                    "cookies/theme=dark",
                ],
            ),
            ("GET /s?q=anna%20b&x=1 HTTP/1.1", &["q=anna%20b", "x=1", "query/q=anna%20b", "query/x=1"]),
        ];
        for (record, expect) in cases {
            assert_eq!(fields(record.as_bytes()), *expect, "{record}");
        }
    }

    #[test]
    fn leaves_and_records_are_told() {
        for (value, expect) in [
            ("", &[][..]),
            ("anna", &["anna"]),
            ("null", &[]),
            (r#"{"a":"x","b":[1,null,"",{"c":"y"}]}"#, &["x", "1", "y"]),
            (r#"["open"#, &[]),
        ] {
            let mut found = Vec::new();
            leaves(value.as_bytes(), &mut |start, end| found.push(&value[start..end]));
            assert_eq!(found, expect, "{value}");
        }
        assert_eq!(records(b"a\n\nbc").collect::<Vec<_>>(), [(0, 1), (2, 2), (3, 5)]);
        assert_eq!(records(b"a\n").collect::<Vec<_>>(), [(0, 1)]);
        assert_eq!(records(b"").count(), 0);
    }

    #[test]
    fn any_bytes_are_walked_without_panic() {
        for text in [&b"\xff\xfe=\x00"[..], b"{\"\\", b"[[[[", b"=:=:= ", b"?=&=?", b": ", b"{\"a\":{\"a\":"]
        {
            fields(text);
        }
        let deep = [b"[".repeat(100_000), b"{\"a\":".repeat(100_000)];
        deep.iter().for_each(|text| assert!(fields(text).is_empty()));
        let wide =
            [b"a=\"".repeat(200_000), b"a=".repeat(200_000), b"a: ".repeat(200_000), b"?a=".repeat(200_000)];
        let start = std::time::Instant::now();
        wide.iter().for_each(|text| walk(text, &mut |_| ()));
        assert!(start.elapsed().as_secs() < 5, "steps are not linear");
    }
}
