//! E-mail addresses (RFC 5321, RFC 5322, RFC 6531) with a real public suffix, and URL userinfo.

use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The longest local part (RFC 5321 section 4.5.3.1.1), in bytes.
const MAX_LOCAL_BYTES: usize = 64;
/// The longest domain (RFC 5321 section 4.5.3.1.2), in bytes.
const MAX_DOMAIN_BYTES: usize = 255;
/// The farthest that `://` is looked for before an at sign, in bytes.
const MAX_USERINFO_BYTES: usize = 256;

/// The address around the at sign at `at`.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    let start = local_start(text, at)?;
    let (end, suffix) = domain_end(text, at + 1)?;
    let local = &text[start..at];
    // `git@host:path` is a remote, not a person
    if matches!(local, b"git" | b"hg" | b"svn") && text.get(end) == Some(&b':') {
        return None;
    }
    let confidence = if suffix { 96 } else { 60 };
    Some(Match {
        start,
        end,
        kind: TypeId::EMAIL,
        rule: rules::EMAIL,
        confidence,
        evidence: if suffix { Evidence::SHAPE.and(Evidence::SUFFIX) } else { Evidence::SHAPE },
    })
}

/// An address that fills a keyed value, a suffix not required.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let sign = memchr::memchr(b'@', value)?;
    at(value, sign).or_else(|| {
        let start = local_start(value, sign)?;
        let end = sign + 1 + label_bytes(&value[sign + 1..]);
        (end > sign + 1).then_some(Match {
            start,
            end,
            kind: TypeId::EMAIL,
            rule: rules::EMAIL,
            confidence: 80,
            evidence: Evidence::SHAPE,
        })
    })
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'' | b'!' | b'#' | b'$' | b'*' | b'~' | b'^')
}

/// Where the local part that ends at `at` starts; `None` if there is none.
fn local_start(text: &[u8], at: usize) -> Option<usize> {
    if at == 0 {
        return None;
    }
    if text[at - 1] == b'"' {
        return quoted_start(text, at);
    }
    let floor = at.saturating_sub(MAX_LOCAL_BYTES);
    let mut start = at;
    while start > floor && is_local(text[start - 1]) {
        start -= 1;
    }
    // an escaped line end or tab before the address is not part of it
    if start >= 1 && text[start - 1] == b'\\' && matches!(text[start], b'n' | b'r' | b't') && start + 1 < at {
        start += 1;
    }
    // punctuation at the start belongs to the sentence
    while start < at
        && matches!(text[start], b'.' | b'\'' | b'-' | b'!' | b'#' | b'$' | b'*' | b'~' | b'^' | b'%')
    {
        start += 1;
    }
    // typographic quotes and other punctuation beyond ASCII
    while start < at && starts_with_punctuation(&text[start..at]) {
        start += if text[start] == 0xe2 { 3 } else { 2 };
    }
    let local = &text[start.min(at)..at];
    (!local.is_empty() && local.last() != Some(&b'.')).then_some(start)
}

/// General punctuation (U+2000–U+206F) and Latin-1 guillemets and no-break space.
fn starts_with_punctuation(text: &[u8]) -> bool {
    matches!(text, [0xe2, 0x80 | 0x81, _, ..] | [0xc2, 0xa0 | 0xab | 0xbb, ..])
}

/// The start of a quoted local part whose closing quote stands before `at`.
fn quoted_start(text: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(MAX_LOCAL_BYTES + 2);
    let mut open = at.checked_sub(2)?;
    while open > floor && text[open] != b'"' && text[open] != b'\n' {
        open -= 1;
    }
    let escaped = open > 0 && text[open - 1] == b'\\';
    (text[open] == b'"' && !escaped && at - open > 2).then_some(open)
}

fn label_bytes(text: &[u8]) -> usize {
    text.iter()
        .take(MAX_DOMAIN_BYTES)
        .take_while(|b| b.is_ascii_alphanumeric() || **b >= 0x80 || matches!(b, b'-' | b'.'))
        .count()
}

/// The end of the domain that starts at `start`, and whether its suffix is a public one.
fn domain_end(text: &[u8], start: usize) -> Option<(usize, bool)> {
    let length = label_bytes(text.get(start..)?);
    let mut end = start + length;
    // a sentence's punctuation beyond ASCII ends it
    if let Some(p) = (start..end).find(|p| starts_with_punctuation(&text[*p..end])) {
        end = p;
    }
    while end > start && matches!(text[end - 1], b'.' | b'-') {
        end -= 1;
    }
    loop {
        let domain = &text[start..end];
        let last_dot = domain.iter().rposition(|b| *b == b'.')?;
        if is_domain(domain) {
            if has_public_suffix(domain) {
                return Some((end, true));
            }
            // `user@example.com.Next` and `user@example.com-foo`: the longest part with a public suffix
            if let Some(shorter) = shorter_domain(domain) {
                return Some((start + shorter, true));
            }
            return is_internal(domain).then_some((end, false));
        }
        end = start + last_dot;
    }
}

/// Labels of 1 to 63 bytes that don't start or end with a dash; the last is not all digits.
fn is_domain(domain: &[u8]) -> bool {
    let mut last: &[u8] = b"";
    for label in domain.split(|b| *b == b'.') {
        if label.is_empty() || label.len() > 63 || label[0] == b'-' || label[label.len() - 1] == b'-' {
            return false;
        }
        last = label;
    }
    last.len() >= 2 && !last.iter().any(u8::is_ascii_digit) || last.starts_with(b"xn--")
}

/// Whether the last labels are a suffix of the public suffix list's ICANN part.
fn has_public_suffix(domain: &[u8]) -> bool {
    let mut lower = [0u8; MAX_DOMAIN_BYTES];
    let lower = &mut lower[..domain.len()];
    lower.copy_from_slice(domain);
    lower.make_ascii_lowercase();
    psl::suffix(lower).is_some_and(|s| s.is_known() && s.as_bytes().len() < lower.len())
}

/// The end of a shorter domain at a dot or dash, if that one has a public suffix.
fn shorter_domain(domain: &[u8]) -> Option<usize> {
    let mut cuts = domain.iter().enumerate().filter(|(_, b)| matches!(b, b'.' | b'-')).map(|(i, _)| i);
    let mut best = None;
    for cut in cuts.by_ref().take(12) {
        let head = &domain[..cut];
        if head.contains(&b'.') && is_domain(head) && has_public_suffix(head) {
            best = Some(cut);
        }
    }
    best
}

/// Suffixes that no registry hands out but that name hosts inside a company (RFC 6762 appendix G).
fn is_internal(domain: &[u8]) -> bool {
    let last = domain.rsplit(|b| *b == b'.').next().unwrap_or(b"");
    [
        &b"local"[..],
        b"lan",
        b"internal",
        b"intranet",
        b"corp",
        b"home",
        b"private",
        b"localdomain",
        b"test",
        b"example",
        b"invalid",
    ]
    .iter()
    .any(|s| last.eq_ignore_ascii_case(s))
}

/// The userinfo of a URL whose at sign stands at `at`: `user:password` (RFC 3986 section 3.2.1).
pub(crate) fn userinfo_at(text: &[u8], at: usize) -> Option<Match> {
    let floor = at.saturating_sub(MAX_USERINFO_BYTES);
    let mut start = at;
    while start > floor {
        match text[start - 1] {
            b'/' | b' ' | b'\t' | b'\n' | b'"' | b'\'' | b'<' | b'>' | b'?' | b'#' | b'`' => break,
            _ => start -= 1,
        }
    }
    // JSON may write the slashes as `\/`
    let scheme = &text[..start];
    let slashes = scheme.ends_with(b"://") || scheme.ends_with(b":\\/\\/");
    let host = text
        .get(at + 1)
        .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'[' | b'_' | b'%') || *b >= 0x80);
    (slashes && start < at && host).then_some(Match {
        start,
        end: at,
        kind: TypeId::URL_USERINFO,
        rule: rules::URL_USERINFO,
        confidence: 97,
        evidence: Evidence::SHAPE.and(Evidence::SLOT_URL),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        let sign = text.find('@')?;
        at(text.as_bytes(), sign).map(|m| &text[m.start..m.end])
    }

    #[test]
    fn addresses_and_look_alikes() {
        for (text, expected) in [
            ("to=<ann@example.com>, relay", Some("ann@example.com")),
            ("mailto:ann.b+tag@mail.example.co.uk", Some("ann.b+tag@mail.example.co.uk")),
            ("o'brien@example.org", Some("o'brien@example.org")),
            ("'ann@example.org'", Some("ann@example.org")),
            ("\"ann b\"@example.org", Some("\"ann b\"@example.org")),
            ("ann@example.org.", Some("ann@example.org")),
            ("hans@m\u{fc}ller.com", Some("hans@m\u{fc}ller.com")),
            ("ann@xn--80ak6aa92e.com", Some("ann@xn--80ak6aa92e.com")),
            ("git@example.org:team/repo", None),
            ("name@123", None),
            ("pkg@1.2.3", None),
            ("Object@2bd79ce", None),
            ("ann@host", None),
            ("@example.org", None),
            ("ann@", None),
            ("ann@.org", None),
            ("ann@com", None),
            ("com.android.Keyguard@712d093", None),
            ("getty@tty1.service", None),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn userinfo_of_urls() {
        let info = |text: &str| {
            userinfo_at(text.as_bytes(), text.find('@').unwrap()).map(|m| text[m.start..m.end].to_owned())
        };
        assert_eq!(info("https://ann:pw@host/"), Some("ann:pw".into()));
        assert_eq!(info("postgres://ann@host"), Some("ann".into()));
        assert_eq!(info("https://example.com/@ann"), None);
        assert_eq!(info("https://@host"), None);
    }
}
