//! The value of a finding: its bytes with the escapes undone that it stood in, so that it gets one
//! token, and is found again, however it was written.

use std::borrow::Cow;

use super::container::{Memo, quoted_key_escapes};
use crate::codec;
use crate::finding::{Evidence, Finding, TypeId};
use crate::frame::json::backslashes_before;

/// Strings nested deeper than this do not come up.
const MAX_LEVELS: u32 = 4;

/// The value of `finding`. What was found in a decoded view says itself what it stood in; the escapes
/// of what was found raw are known by its place: JSON strings, and URLs.
pub(super) fn of<'c>(chunk: &'c [u8], finding: &Finding, memo: &mut Memo) -> Cow<'c, [u8]> {
    let raw = chunk.get(finding.start..finding.end).unwrap_or_default();
    if let Some(decoded) = codec::decode_value(raw, finding.layers) {
        return Cow::Owned(decoded);
    }
    let mut value = Cow::Borrowed(raw);
    if raw.contains(&b'\\') {
        for _ in 0..string_levels(chunk, finding, memo).min(MAX_LEVELS) {
            value = Cow::Owned(codec::json::unescape(&value));
        }
    }
    if is_percent_encoded(finding, &value) {
        value = Cow::Owned(form_decoded(finding.kind, &value));
    }
    value
}

/// How many JSON strings deep the value is escaped.
fn string_levels(chunk: &[u8], finding: &Finding, memo: &mut Memo) -> u32 {
    let is_json = memo.is_in_json(chunk, finding);
    let quote = finding.start.checked_sub(1).filter(|at| chunk.get(*at) == Some(&b'"'));
    let Some(quote) = quote else { return u32::from(is_json) };
    let backslashes = backslashes_before(chunk, quote);
    let levels = (backslashes + 1).ilog2() + 1;
    let mut colon = quote.saturating_sub(backslashes);
    while colon > 0 && matches!(chunk.get(colon - 1), Some(b' ' | b'\t')) {
        colon -= 1;
    }
    let is_pair = colon
        .checked_sub(1)
        .filter(|at| chunk.get(*at) == Some(&b':'))
        .and_then(|at| quoted_key_escapes(chunk, at))
        == Some(backslashes);
    let raw = chunk.get(finding.start..finding.end).unwrap_or_default();
    match (is_pair, is_json) {
        (true, _) => levels,
        (false, true) => 1,
        (false, false) => u32::from(is_escaped_surely(raw)),
    }
}

/// Whether backslashes in a quoted text that is no JSON must be escapes: a quote could not stand
/// there without one, and a path that is written as it is has single ones.
fn is_escaped_surely(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let start = at + found;
        let run = text.iter().skip(start).take_while(|b| **b == b'\\').count();
        at = start + run;
        if run % 2 == 1 {
            return text.get(at) == Some(&b'"');
        }
    }
    true
}

/// Whether `%XX` in what was found raw is an escape: it stands in a URL, or its type has no `%`.
fn is_percent_encoded(finding: &Finding, value: &[u8]) -> bool {
    let in_url = finding.evidence.has(Evidence::SLOT_QUERY)
        || finding.evidence.has(Evidence::SLOT_URL)
        || finding.kind == TypeId::URL_USERINFO;
    let has_none = matches!(
        finding.kind,
        TypeId::PHONE
            | TypeId::CARD
            | TypeId::IBAN
            | TypeId::BANK
            | TypeId::NATIONAL_ID
            | TypeId::MAC
            | TypeId::UUID
            | TypeId::IMEI
            | TypeId::IMEISV
            | TypeId::IMSI
            | TypeId::ICCID
            | TypeId::MEID
            | TypeId::VIN
    );
    let is_form = in_url && is_of_words(finding.kind) && value.contains(&b'+');
    is_form || ((in_url || has_none) && value.contains(&b'%'))
}

/// Types whose values hold blanks, which forms write as `+`; a phone number's `+` is its own.
fn is_of_words(kind: TypeId) -> bool {
    matches!(kind, TypeId::NAME | TypeId::ADDRESS)
}

/// Undoes percent-encoding once (RFC 3986 section 2.1).
fn form_decoded(kind: TypeId, value: &[u8]) -> Vec<u8> {
    let digit = |at: usize| value.get(at).and_then(|b| (*b as char).to_digit(16));
    let mut out = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(&byte) = value.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 2;
            }
            (b'+', ..) if is_of_words(kind) => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    out
}

/// The value of a finding of a line.
#[cfg(feature = "cli")]
pub(crate) fn of_line<'l>(line: &'l [u8], finding: &Finding) -> Cow<'l, [u8]> {
    of(line, finding, &mut Memo::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Layers;

    fn value(line: &str, raw: &str, kind: TypeId, evidence: Evidence) -> String {
        let start = line.find(raw).unwrap();
        let finding = Finding {
            start,
            end: start + raw.len(),
            kind,
            rule: crate::rules::TOKEN,
            confidence: 84,
            evidence,
            key: None,
            layers: Layers::NONE,
        };
        String::from_utf8(of(line.as_bytes(), &finding, &mut Memo::default()).into_owned()).unwrap()
    }

    #[test]
    fn escapes_of_strings_are_undone_as_deep_as_they_are() {
        for (line, raw, expected) in [
            (r#"{"username":"o\"hara"}"#, r#"o\"hara"#, r#"o"hara"#),
            (r#"{"username":"CORP\\nina"}"#, r"CORP\\nina", r"CORP\nina"),
            (r#"{"username":"p%41"}"#, "p%41", "p%41"),
            (r#"{"username":"p%41\""}"#, r#"p%41\""#, r#"p%41""#),
            (r#"{"m":"{\"username\":\"o\\\"hara\"}"}"#, r#"o\\\"hara"#, r#"o"hara"#),
            (r#"{"m":"{\"username\":\"m\\u00fcller\"}"}"#, r"m\\u00fcller", "müller"),
            (r#"{"m":"user \"CORP\\nina\" failed"}"#, r"CORP\\nina", r"CORP\nina"),
            (r#"got {"username": "m\u00fcller"} now"#, r"m\u00fcller", "müller"),
            (r#"user="o\"hara" x"#, r#"o\"hara"#, r#"o"hara"#),
            (r#"user="CORP\\nina" x"#, r"CORP\\nina", r"CORP\nina"),
            (r#"user="CORP\nina" x"#, r"CORP\nina", r"CORP\nina"),
            (r#"path="\\server\nina" x"#, r"\\server\nina", r"\\server\nina"),
            (r"user=CORP\nina x", r"CORP\nina", r"CORP\nina"),
        ] {
            assert_eq!(value(line, raw, TypeId::USERNAME, Evidence::KEY), expected, "{line}");
        }
    }

    #[test]
    fn percent_is_an_escape_in_urls_and_in_numbers() {
        let (query, none) = (Evidence::SLOT_QUERY, Evidence::NONE);
        for (raw, kind, evidence, expected) in [
            ("m%C3%BCller", TypeId::USERNAME, query, "müller"),
            ("m%C3%BCller", TypeId::USERNAME, none, "m%C3%BCller"),
            ("Jane+Doe%20M", TypeId::NAME, query, "Jane Doe M"),
            ("Jane+Doe", TypeId::NAME, none, "Jane+Doe"),
            ("+4930123", TypeId::PHONE, query, "+4930123"),
            ("4111%201111", TypeId::CARD, none, "4111 1111"),
            ("100%", TypeId::PASSWORD, query, "100%"),
            ("a%zz+", TypeId::PASSWORD, query, "a%zz+"),
        ] {
            assert_eq!(value(&format!("k={raw}"), raw, kind, evidence), expected, "{raw}");
        }
    }
}
