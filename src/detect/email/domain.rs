//! The domain of an e-mail address: where it ends, and whether its suffix is a public one.

/// The longest domain (RFC 5321 section 4.5.3.1.2), in bytes.
const MAX_DOMAIN_BYTES: usize = 255;

/// A byte of a local part.
pub(super) const LOCAL: u8 = 1;
/// A byte of a domain.
pub(super) const LABEL: u8 = 2;
/// Of those, bytes that need a closer look: percent signs, dashes, everything beyond ASCII.
pub(super) const ODD: u8 = 4;

/// What a byte is to an address.
pub(super) static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' => LOCAL | LABEL,
            b'-' | 0x80.. => LOCAL | LABEL | ODD,
            b'%' => LOCAL | ODD,
            b'_' | b'+' | b'\'' | b'!' | b'#' | b'$' | b'*' | b'~' | b'^' => LOCAL,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Bytes of the punctuation, symbol or broken UTF-8 that `text` starts with; 0 if it is part of a word.
pub(super) fn mark_bytes(text: &[u8]) -> usize {
    match text {
        [0x00..=0x7f, ..] | [] => 0,
        // Latin-1 punctuation, U+2000–U+2BFF, U+3000–U+303F, emoji
        [0xc2, 0xa0..=0xbf, ..] => 2,
        [0xe2, 0x80..=0xaf, _, ..] | [0xe3, 0x80, _, ..] => 3,
        [0xf0, 0x9f, _, _, ..] => 4,
        [0xc2..=0xdf, 0x80..=0xbf, ..] => 0,
        [0xe0..=0xef, 0x80..=0xbf, 0x80..=0xbf, ..] => 0,
        [0xf0, 0x90..=0xbf, 0x80..=0xbf, 0x80..=0xbf, ..] => 0,
        [0xf1..=0xf4, 0x80..=0xbf, 0x80..=0xbf, 0x80..=0xbf, ..] => 0,
        // inside a character that is whole; else broken
        [0x80..=0xbf, ..] => 0,
        _ => 1,
    }
}

pub(super) fn label_bytes(text: &[u8]) -> usize {
    text.iter().take(MAX_DOMAIN_BYTES).take_while(|b| CLASSES[usize::from(**b)] & LABEL != 0).count()
}

/// Registries' suffixes below which nobody but companies lists others: what stands before them is a
/// name, whatever else the domain holds.
const PLAIN_SUFFIXES: [u32; 9] = [
    packed(b"com"),
    packed(b"org"),
    packed(b"net"),
    packed(b"edu"),
    packed(b"gov"),
    packed(b"info"),
    packed(b"de"),
    packed(b"dev"),
    packed(b"app"),
];

/// At most four bytes as a number.
const fn packed(text: &[u8]) -> u32 {
    let mut number = 0;
    let mut at = 0;
    while at < text.len() && at < 4 {
        number = number << 8 | text[at] as u32;
        at += 1;
    }
    number
}

/// The end of a domain that starts at `start`, has nothing but letters, digits and dots in labels of
/// at most 63 bytes, and ends with one of [`PLAIN_SUFFIXES`]: nearly all of them. `None` says nothing.
#[inline]
fn plain_domain_end(text: &[u8], start: usize) -> Option<usize> {
    let domain = text.get(start..)?;
    let (mut end, mut was_dot, mut is_wrong) = (0, true, false);
    for byte in domain.iter().take(MAX_PLAIN_BYTES) {
        if CLASSES[usize::from(*byte)] != LOCAL | LABEL {
            break;
        }
        let is_dot = *byte == b'.';
        is_wrong |= was_dot & is_dot;
        was_dot = is_dot;
        end += 1;
    }
    let behind = domain.get(end).map_or(0, |byte| CLASSES[usize::from(*byte)]);
    if is_wrong || behind & LABEL != 0 {
        return None;
    }
    // a sentence's
    end -= usize::from(was_dot && end > 0);
    let label = domain[..end].iter().rev().take(5).position(|byte| *byte == b'.')?;
    PLAIN_SUFFIXES.contains(&packed(&domain[end - label..end])).then_some(start + end)
}

/// The longest domain that is read in this way: none of its labels is too long.
const MAX_PLAIN_BYTES: usize = 63;

/// The end of the domain that starts at `start`, and whether its suffix is a public one.
pub(super) fn domain_end(text: &[u8], start: usize) -> Option<(usize, bool)> {
    if let Some(end) = plain_domain_end(text, start) {
        return Some((end, true));
    }
    any_domain_end(text, start)
}

#[inline(never)]
fn any_domain_end(text: &[u8], start: usize) -> Option<(usize, bool)> {
    let length = label_bytes(text.get(start..)?);
    let mut end = start + length;
    // a sentence's punctuation beyond ASCII ends it
    if let Some(p) = (start..end).find(|p| text[*p] >= 0x80 && mark_bytes(&text[*p..end]) > 0) {
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
                // `user@mail.shop.example`, `user@srv.dev.internal`: a suffix inside a company, as it is written
                let is_whole = (is_internal(domain) || domain.ends_with(b".internal"))
                    && domain.last().is_some_and(u8::is_ascii_lowercase);
                return Some((if is_whole { end } else { start + shorter }, true));
            }
            return is_internal(domain).then_some((end, false));
        }
        end = start + last_dot;
    }
}

/// Labels of 1 to 63 bytes that don't start or end with a dash; the last is not all digits.
pub(super) fn is_domain(domain: &[u8]) -> bool {
    let mut last: &[u8] = b"";
    for label in domain.split(|b| *b == b'.') {
        if label.is_empty() || label.len() > 63 || label[0] == b'-' || label[label.len() - 1] == b'-' {
            return false;
        }
        last = label;
    }
    last.len() >= 2 && !last.iter().any(u8::is_ascii_digit) || last.starts_with(b"xn--")
}

/// Whether the last labels are a public suffix with a name before it. Suffixes that a company lists
/// for its customers (`co.com`) are names that it registered itself, and have mailboxes of their own.
pub(super) fn has_public_suffix(domain: &[u8]) -> bool {
    let mut lower = [0u8; MAX_DOMAIN_BYTES];
    let lower = &mut lower[..domain.len()];
    lower.copy_from_slice(domain);
    lower.make_ascii_lowercase();
    psl::suffix(lower).is_some_and(|s| {
        s.is_known() && (s.as_bytes().len() < lower.len() || s.typ() == Some(psl::Type::Private))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_domains_end_where_any_do() {
        let labels = ["example", "a", "com", "co", "uk", "github", "x9", "EXAMPLE", "org", "blogspot"];
        let suffixes = [
            "com", "org", "net", "edu", "gov", "info", "de", "dev", "app", "Com", "local", "uk", "x", "9",
            "abcde",
        ];
        let ends = ["", ".", "..", ". ", "-", ",", "\u{e9}", ".x", "\n", "@", "_"];
        let mut plain = 0;
        for suffix in suffixes {
            for (i, first) in labels.iter().enumerate() {
                for head in [String::new(), format!("{}.", labels[(i + 3) % labels.len()]), ".".into()] {
                    for end in ends {
                        let text = format!("{head}{first}.{suffix}{end}");
                        if let Some(found) = plain_domain_end(text.as_bytes(), 0) {
                            assert_eq!(Some((found, true)), any_domain_end(text.as_bytes(), 0), "{text}");
                            plain += 1;
                        }
                    }
                }
            }
        }
        assert!(plain > 500, "{plain}");
        for length in [58, 59, 60] {
            let text = format!("{}.com", "a".repeat(length));
            assert_eq!(plain_domain_end(text.as_bytes(), 0).is_some(), length < 60);
            let text = format!("{}com", "a.".repeat(length * 2));
            let plain = plain_domain_end(text.as_bytes(), 0);
            assert!(plain.is_none_or(|end| any_domain_end(text.as_bytes(), 0) == Some((end, true))));
        }
    }
}
