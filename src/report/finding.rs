//! One finding as a line: for people, or as the JSON object that scripts rely on.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

use super::json::Json;
use crate::finding::Finding;
use crate::rules::RULESET;
use crate::transform::Revealed;

/// The line that a finding stands in.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The input's path, `-` for standard input.
    pub path: &'a Path,
    /// The line's number, from 1.
    pub line: u64,
    /// The line's first byte in the decompressed input.
    pub offset: u64,
    /// First byte of the finding in the line.
    pub start: usize,
    /// One past its last byte in the line.
    pub end: usize,
}

/// The evidence ids of a finding, `key` with its word: `key:session id`.
pub fn evidence(finding: &Finding) -> impl Iterator<Item = Cow<'static, str>> {
    let key = finding.key;
    finding.evidence.names().map(move |name| match key {
        Some(key) if name == "key" => Cow::Owned(format!("key:{}", key.words())),
        _ => Cow::Borrowed(name),
    })
}

/// A JSON object, without a line end. `kind` is the type's name, `rule` the rule's, `value` the found bytes if they
/// were asked for.
pub fn json_line(
    place: &Place<'_>,
    finding: &Finding,
    kind: &str,
    rule: &str,
    value: Option<&Revealed>,
) -> String {
    let mut json = Json::new();
    json.open(None, '{').string("path", &place.path.to_string_lossy());
    if place.path.to_str().is_none() {
        json.string("path_b64", &base64(place.path.as_os_str().as_encoded_bytes()));
    }
    json.number("line", place.line)
        .number("offset", place.offset)
        .number("start", place.start)
        .number("end", place.end)
        .string("type", kind)
        .string("detector", rule)
        .number("confidence", finding.confidence)
        .strings("evidence", evidence(finding))
        .strings("layers", finding.layers.names().map(Cow::Borrowed))
        .string("ruleset", RULESET);
    if let Some(value) = value {
        match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => json.string("value", text),
            Err(_) => json
                .string("value", &String::from_utf8_lossy(value.as_bytes()))
                .string("value_b64", &base64(value.as_bytes())),
        };
    }
    json.close('}');
    json.finish()
}

/// A line for people, without a line end: `path:line:start-end: type (rule, confidence: why)`.
pub fn text_line(
    place: &Place<'_>,
    finding: &Finding,
    kind: &str,
    rule: &str,
    value: Option<&Revealed>,
) -> String {
    let mut text = format!(
        "{}:{}:{}-{}: {kind} ({rule}, {}: {}",
        place.path.display(),
        place.line,
        place.start,
        place.end,
        finding.confidence,
        evidence(finding).collect::<Vec<_>>().join(" ")
    );
    let layers: Vec<_> = finding.layers.names().collect();
    if !layers.is_empty() {
        let _ = write!(text, "; in {}", layers.join(" in "));
    }
    text.push(')');
    if let Some(value) = value {
        let _ = write!(text, " {}", value.as_bytes().escape_ascii());
    }
    text
}

/// Base64 with padding (RFC 4648 section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut bits = 0u32;
        for place in 0..3 {
            bits = bits << 8 | u32::from(group.get(place).copied().unwrap_or(0));
        }
        for place in 0..4 {
            let symbol = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() { char::from(symbol) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Evidence, Layers, TypeId};
    use crate::rules::{IP, KeyId};
    use std::os::unix::ffi::OsStrExt;

    fn finding() -> Finding {
        Finding {
            start: 100,
            end: 111,
            kind: TypeId::IPV4,
            rule: IP,
            confidence: 90,
            evidence: Evidence::SHAPE.and(Evidence::KEY),
            key: Some(KeyId(0)),
            layers: Layers::NONE.with(Layers::PERCENT),
        }
    }

    fn place(path: &Path) -> Place<'_> {
        Place { path, line: 3, offset: 93, start: 7, end: 18 }
    }

    #[test]
    fn fields_in_the_promised_order() {
        let word = KeyId(0).words();
        let line = json_line(&place(Path::new("-")), &finding(), "ipv4", "ip", None);
        assert_eq!(
            line,
            format!(
                r#"{{"path":"-","line":3,"offset":93,"start":7,"end":18,"type":"ipv4","detector":"ip","confidence":90,"evidence":["shape","key:{word}"],"layers":["percent"],"ruleset":"{RULESET}"}}"#
            )
        );
        let text = text_line(&place(Path::new("a.log")), &finding(), "ipv4", "ip", None);
        assert_eq!(text, format!("a.log:3:7-18: ipv4 (ip, 90: shape key:{word}; in percent)"));
    }

    #[test]
    fn values_only_when_revealed() {
        let value = Revealed::asked_for(b"a\xff\n");
        let line = json_line(&place(Path::new("-")), &finding(), "ipv4", "ip", Some(&value));
        assert!(line.ends_with(",\"value\":\"a\u{fffd}\\n\",\"value_b64\":\"Yf8K\"}"), "{line}");
        let text = text_line(&place(Path::new("-")), &finding(), "ipv4", "ip", Some(&value));
        assert!(text.ends_with(r") a\xff\n"), "{text}");
    }

    #[test]
    fn odd_paths_come_in_base64_too() {
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/tmp/\xff"));
        let line = json_line(&place(path), &finding(), "ipv4", "ip", None);
        assert!(line.contains("\"path_b64\":\"L3RtcC//\""), "{line}");
    }

    #[test]
    fn base64_of_rfc_4648_section_10() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
