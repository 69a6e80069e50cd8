//! Values that elements, brackets, back-ticks, typographic quotes and dumps enclose.

use super::value::{MAX_VALUE_BYTES, Value};
use super::{before, byte_at, is_word};

/// Whether a name starts an element (`<ns2:password>x</…>`) or is the attribute that names one
/// (`<Data Name="TargetUserName">x</Data>`).
pub(super) fn opens_element(text: &[u8], key_start: usize) -> bool {
    if matches!(before(text, key_start), b'"' | b'\'') {
        return names_element(text, key_start - 1);
    }
    let mut at = key_start;
    let floor = key_start.saturating_sub(40);
    if before(text, at) == b':' {
        at -= 1;
        while at > floor && (is_word(text[at - 1]) || matches!(text[at - 1], b'-' | b'.')) {
            at -= 1;
        }
    }
    before(text, at) == b'<'
}

/// Whether the quote at `quote` opens the value of an attribute that names its element.
fn names_element(text: &[u8], quote: usize) -> bool {
    const NAMING: [&[u8]; 5] = [b"name", b"key", b"field", b"id", b"property"];
    let head = &text[quote.saturating_sub(64)..quote];
    let head = &head[head.iter().rposition(|b| matches!(b, b'<' | b'>' | b'\n')).unwrap_or(head.len())..];
    let Some(attribute) = head.strip_suffix(b"=").or_else(|| head.strip_suffix(b"=\\")) else { return false };
    let word = attribute.rsplit(|b| !b.is_ascii_alphabetic()).next().unwrap_or_default();
    head.starts_with(b"<") && NAMING.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// The text of the element whose closing tag names the key at `key_start` (`…>x</ns:key>`); it
/// stands before the tag, whatever attributes the opening one has. `None` if it holds elements.
pub(crate) fn element_text(text: &[u8], key_start: usize) -> Option<Value> {
    let mut tag = key_start;
    let floor = key_start.saturating_sub(48);
    while tag > floor && (is_word(text[tag - 1]) || matches!(text[tag - 1], b':' | b'-' | b'.')) {
        tag -= 1;
    }
    let mut end = tag.checked_sub(2).filter(|e| text[*e..].starts_with(b"</"))?;
    let floor = end.saturating_sub(MAX_VALUE_BYTES);
    let floor = memchr::memrchr(b'\n', &text[floor..end]).map_or(floor, |p| floor + p + 1);
    let mut start;
    if text[floor..end].ends_with(b"]]>") {
        end -= 3;
        start = floor + memchr::memmem::rfind(&text[floor..end], b"<![CDATA[")? + 9;
    } else {
        start = end;
        while start > floor && !matches!(text[start - 1], b'>' | b'<') {
            start -= 1;
        }
        let name = text[tag..].iter().take(64).position(|b| *b == b'>')?;
        let open = memchr::memrchr(b'<', &text[floor..start])?;
        if before(text, start) != b'>' || !text[floor + open + 1..start].starts_with(&text[tag..tag + name]) {
            return None;
        }
    }
    while start < end && text[start].is_ascii_whitespace() {
        start += 1;
    }
    while end > start && text[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    (start < end).then_some(Value::whole(start, end))
}

/// The description of bytes in Objective-C: `<740f4707 bebcf74f …>`; or a value with a digit in it that stands alone,
/// which no element does: `phone: <07700 900123>`.
pub(super) fn is_data(text: &[u8], open: usize) -> bool {
    let inner = &text[open + 1..text.len().min(open + 49)];
    let is_part =
        |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'.' | b'+' | b'_' | b'(' | b')');
    let length = inner.iter().take_while(is_part).count();
    let stands_alone = || {
        inner[..length].iter().any(u8::is_ascii_digit)
            && text[open + 1 + length..].starts_with(b">")
            && matches!(byte_at(text, open + 2 + length), b'\n' | b' ' | b',' | b';' | b')' | b']' | b'.')
    };
    before(text, open) == b' ' && stands_alone()
        || text.get(open + 1..open + 9).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
            && text.get(open + 9) == Some(&b' ')
}

/// The inside of back-ticks or typographic quotes that open at `at` and close in the record.
pub(super) fn unusual_quotes(text: &[u8], at: usize) -> Option<(usize, usize)> {
    const QUOTES: [(&str, &[&str]); 6] = [
        ("`", &["`"]),
        ("\u{201c}", &["\u{201d}"]),
        ("\u{201e}", &["\u{201c}", "\u{201d}"]),
        ("\u{2018}", &["\u{2019}"]),
        ("\u{201a}", &["\u{2018}", "\u{2019}"]),
        ("\u{ab}", &["\u{bb}"]),
    ];
    let rest = &text[at..text.len().min(at + MAX_VALUE_BYTES)];
    if rest[0] != b'`' && rest[0] < 0x80 {
        return None;
    }
    let (open, closes) = QUOTES.iter().find(|(open, _)| rest.starts_with(open.as_bytes()))?;
    let line = &rest[open.len()..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let length = closes.iter().filter_map(|close| memchr::memmem::find(line, close.as_bytes())).min()?;
    (length > 0).then_some((at + open.len(), at + open.len() + length))
}

/// The string behind its type and length as PHP prints them: `string(6) "…"`.
pub(super) fn dumped(text: &[u8], at: usize) -> usize {
    let Some(rest) = text[at..].strip_prefix(b"string(") else { return at };
    let digits = rest.iter().take(8).take_while(|b| b.is_ascii_digit()).count();
    let is_string = [&b") \""[..], b") \\\""].iter().any(|open| rest[digits..].starts_with(open));
    if is_string { at + 7 + digits + 2 } else { at }
}

/// Where the value starts that a language wraps or sets off: `phone: Some("+45 32 12 34 56")` of Rust and Scala,
/// `username => <<"anna">>` of Erlang, behind a blank that does not break.
pub(super) fn unwrapped(text: &[u8], at: usize) -> usize {
    let rest = &text[at..];
    match rest {
        [0xc2, 0xa0, ..] => at + 2,
        [b'<', b'<', b'"' | b'\\', ..] => at + 2,
        [b'S', b'o', b'm', b'e', b'(', b'"' | b'\\' | b'0'..=b'9' | b'+', ..] => at + 5,
        _ => at,
    }
}

/// Whether the second sign of a comparison stands at `at` and a string follows: `user.name == "anna"`, `=== 'anna'`.
pub(super) fn compares_string(text: &[u8], at: usize) -> bool {
    let signs = text[at..].iter().take(2).take_while(|b| **b == b'=').count();
    let rest = &text[at + signs..];
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    signs == 1 && matches!(rest, [b'"' | b'\'', ..] | [b'\\', b'"', ..])
}

/// The inside of round brackets that open at `at` and close before a blank, a comma or an end (`user=(anna)`); what
/// goes on with a digit is a number's prefix (`phone=(030) 1234567`).
pub(super) fn parenthesized(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = text[at..].strip_prefix(b"(")?;
    let ends = |b: &u8| matches!(b, b'(' | b')' | b'"' | b'\'' | b'=' | b'\\' | b'\n');
    let length = rest.iter().take(64).position(ends).filter(|length| *length > 0 && rest[*length] == b')')?;
    let behind = rest[length + 1..].trim_ascii_start().first();
    let is_prefix = behind.is_some_and(u8::is_ascii_digit);
    let closes =
        matches!(rest.get(length + 1), None | Some(b' ' | b',' | b';' | b'\n' | b'\r' | b'"' | b'\\'));
    (closes && !is_prefix).then_some((at + 1, at + 1 + length))
}

/// The value of the last column in `Key (tenant, email)=(4, anna@example.com) already exists.` of PostgreSQL.
pub(super) fn column(text: &[u8], key_start: usize, separator: usize) -> Option<(usize, usize)> {
    let open = separator + 1;
    let close = open + text[open..].iter().take(256).position(|b| matches!(b, b')' | b'\n'))?;
    let names = &text[key_start.saturating_sub(64)..separator];
    let first = match names.iter().rev().find(|b| matches!(b, b'(' | b',')) {
        Some(b',') => text[open..close].windows(2).rposition(|w| w == b", ").map_or(1, |p| p + 2),
        _ => 1,
    };
    (text[close] == b')' && open + first < close).then_some((open + first, close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_elements_stand_before_their_closing_tags() {
        let element = |text: &str| {
            let key = text.rfind("key").unwrap();
            element_text(text.as_bytes(), key).map(|v| text[v.start..v.end].to_owned())
        };
        for (text, expected) in [
            ("<key>abc</key>", Some("abc")),
            ("<a:key Type=\"x#y\"> a b </a:key>", Some("a b")),
            ("<key><![CDATA[a<b>c]]></key>", Some("a<b>c")),
            ("<key></key>", None),
            ("<key><x/></key>", None),
            ("abc</key>", None),
            ("/key", None),
            ("key", None),
        ] {
            assert_eq!(element(text).as_deref(), expected, "{text}");
        }
    }
}
