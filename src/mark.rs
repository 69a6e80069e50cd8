//! The grammar of everything we write: labels, withheld markers, tokens.
//!
//! Each is one opaque value to every detector, key rule and veto, so that redacting redacted
//! output changes nothing.

mod token;

use token::MAX_CODE_BYTES;
#[cfg(feature = "token")]
pub(crate) use token::{
    CHECK_SYMBOLS, MAX_REVERSIBLE_BYTES, MAX_SEALED_BYTES, SEAL_PREFIX_BYTES, Shape, code_of_custom,
    is_symbol, shape,
};
pub(crate) use token::{MAX_TAG_BYTES, MAX_TOKEN_BYTES, token_at, token_with_kind};

use std::ops::Range;

use crate::finding::TypeId;

/// Marks a label as the place of an erased value: `[EMAIL ERASED]`.
pub(crate) const ERASED: &[u8] = b" ERASED";
/// The longest name of a label, in bytes.
const MAX_LABEL_BYTES: usize = 32;
/// No label or marker of withheld bytes is longer, in bytes, but for the domain of a shortened address.
const MAX_MARKER_BYTES: usize = 48;
/// How many asterisks beside a value count.
const MAX_MASK_BYTES: usize = 256;
/// The longest domain (RFC 1035 section 2.3.4), in bytes.
const MAX_DOMAIN_BYTES: usize = 253;

/// The length of the mark that starts at `at`, if one does.
pub(crate) fn mark_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    match rest.first()? {
        b'[' => label(rest).or_else(|| withheld(rest)),
        b'a'..=b'z' => token_at(rest),
        b'%' => percent_label(rest),
        _ => None,
    }
}

/// `[EMAIL]`, `[EMAIL ERASED]`, and `[EMAIL\]` as RFC 5424 wants it inside parameter values.
fn label(rest: &[u8]) -> Option<usize> {
    let close = rest.iter().take(MAX_LABEL_BYTES + 2).position(|b| *b == b']')?;
    let mut name = &rest[1..close];
    name = name.strip_suffix(b"\\").unwrap_or(name);
    name = name.strip_suffix(ERASED).unwrap_or(name);
    is_label_name(name).then(|| close + 1 + domain_behind(name, &rest[close + 1..]))
}

/// The length of what a shortened address keeps behind its label (`[EMAIL]@example.com`).
fn domain_behind(name: &[u8], rest: &[u8]) -> usize {
    let Some(domain) = rest.strip_prefix(b"@").filter(|_| name == b"EMAIL") else { return 0 };
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-') || **b >= 0x80;
    let length = domain.iter().take(MAX_DOMAIN_BYTES).take_while(is_part).count();
    let domain = &domain[..length];
    let length = domain.iter().rposition(|b| !matches!(b, b'.' | b'-')).map_or(0, |last| last + 1);
    if domain[..length].contains(&b'.') { 1 + length } else { 0 }
}

/// `%5BEMAIL%5D`, as it is written into a value that was percent-encoded, once or more (`%255BEMAIL%255D`).
fn percent_label(rest: &[u8]) -> Option<usize> {
    let open = percent_byte(rest, b'B')?;
    let name = rest.get(open..)?;
    let length = name.iter().take(MAX_LABEL_BYTES).position(|b| *b == b'%')?;
    let close = percent_byte(name.get(length..)?, b'D')?;
    let (name, end) = (name.get(..length)?, open + length + close);
    is_label_name(name).then(|| end + domain_behind(name, rest.get(end..).unwrap_or_default()))
}

/// The length of `%5B` or `%5D` at the start, at most three times encoded.
fn percent_byte(rest: &[u8], last: u8) -> Option<usize> {
    let mut at = 1;
    while at < 7 && rest.get(at..at + 2) == Some(b"25") {
        at += 2;
    }
    let matches = rest.first() == Some(&b'%')
        && rest.get(at) == Some(&b'5')
        && rest.get(at + 1).is_some_and(|b| b.eq_ignore_ascii_case(&last));
    matches.then_some(at + 2)
}

fn is_label_name(name: &[u8]) -> bool {
    let known = |t: TypeId| {
        let label = t.label().as_bytes();
        label.get(1..label.len() - 1) == Some(name)
    };
    name.first().is_some_and(u8::is_ascii_uppercase) && TypeId::all().any(known)
}

/// `[LOGVEIL WITHHELD 123 BYTES]`
fn withheld(rest: &[u8]) -> Option<usize> {
    let count = rest.strip_prefix(b"[LOGVEIL WITHHELD ")?;
    let digits = count.iter().take(20).take_while(|b| b.is_ascii_digit()).count();
    let tail = b" BYTES]";
    (digits > 0 && count[digits..].starts_with(tail))
        .then_some(rest.len() - count.len() + digits + tail.len())
}

/// Calls `piece` for each part of `start..end` that is not a mark, in order; offsets are into `text`.
///
/// A mark that reaches over a border of the range counts as a mark too. Of what has the form of a
/// token, `own` says how much is one: 0 is nothing.
pub(crate) fn pieces_between_marks(
    text: &[u8],
    start: usize,
    end: usize,
    own: impl Fn(&[u8]) -> usize,
    mut piece: impl FnMut(usize, usize),
) {
    let mark = |at| accepted(text, at, &own);
    // A range inside a token, or behind one's start, begins where the token ends.
    // The same inside a label.
    let mut at = label_around(text, start).or_else(|| token_around(text, start, &mark)).unwrap_or(start);
    let mut from = at;
    // where the next `_` stands: a token has one behind its code
    let mut joint = at;
    while at < end {
        if joint <= at {
            let rest = text.get(at + 1..).unwrap_or_default();
            let rest = &rest[..rest.len().min(end - at + MAX_CODE_BYTES)];
            joint = memchr::memchr(b'_', rest).map_or(usize::MAX, |length| at + 1 + length);
        }
        let token = || if joint - at <= MAX_CODE_BYTES && starts_token(text, at) { mark(at) } else { None };
        let length = match text[at] {
            b'[' | b'%' => mark(at),
            b'0' | b'r' => placeholder_at(text, at).or_else(token),
            _ => token(),
        };
        let Some(length) = length else {
            at += 1;
            continue;
        };
        // What is escaped right before a token belongs to neither.
        let until = if matches!(text[at], b'[' | b'%') { at } else { at - escape_before(text, at).min(at) };
        if from < until && !is_blank(&text[from..until]) {
            piece(from, until);
        }
        at += length;
        from = at;
    }
    if from < end && (from == start || !is_blank(&text[from..end])) {
        piece(from, end);
    }
}

/// The end of the label or marker that `at` stands inside of, the domain of a shortened address included.
pub(crate) fn label_around(text: &[u8], at: usize) -> Option<usize> {
    let mut head = text.get(at.saturating_sub(MAX_MARKER_BYTES)..at)?;
    let floor = at - head.len();
    // an encoded label has two percent signs, one before its end
    for _ in 0..3 {
        let open = memchr::memrchr2(b'[', b'%', head)?;
        if let Some(end) =
            mark_at(text, floor + open).map(|length| floor + open + length).filter(|end| *end > at)
        {
            return Some(end);
        }
        head = &head[..open];
    }
    None
}

/// Whether a label or marker ends right before `end`.
pub(crate) fn ends_label(text: &[u8], end: usize) -> bool {
    let Some(head) = text.get(end.saturating_sub(MAX_MARKER_BYTES)..end) else { return false };
    let open = memchr::memrchr(b'[', head).map(|open| end - head.len() + open);
    open.is_some_and(|open| mark_at(text, open).is_some_and(|length| open + length >= end))
}

/// The reserved values of the action `placeholder`, for parsers that need an address where one was.
pub(crate) const PLACEHOLDERS: [(TypeId, &[u8]); 5] = [
    (TypeId::IPV4, b"0.0.0.0"), // RFC 1122 section 3.2.1.3
    (TypeId::IPV6, b"::"),      // RFC 4291 section 2.5.2
    (TypeId::MAC, b"00:00:00:00:00:00"),
    (TypeId::UUID, b"00000000-0000-0000-0000-000000000000"), // RFC 9562 section 5.9
    (TypeId::EMAIL, b"redacted@example.invalid"),            // RFC 2606 section 2
];

/// Whether the value is one of [`PLACEHOLDERS`].
pub(crate) fn is_placeholder(value: &[u8]) -> bool {
    PLACEHOLDERS.iter().any(|(_, reserved)| *reserved == value)
}

/// The length of the placeholder at `at` inside a longer value; `::` is none there.
fn placeholder_at(text: &[u8], at: usize) -> Option<usize> {
    let glued =
        |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':'));
    let fits = |reserved: &[u8]| reserved.len() > 2 && text[at..].starts_with(reserved);
    let length =
        PLACEHOLDERS.iter().find(|(_, reserved)| fits(reserved)).map(|(_, reserved)| reserved.len())?;
    (!glued(at.checked_sub(1).and_then(|p| text.get(p))) && !glued(text.get(at + length))).then_some(length)
}

/// Whether `start..end`, with the asterisks right beside it, is what a mask leaves: no more other characters
/// than asterisks, and three asterisks or no more than three characters.
pub(crate) fn is_masked(text: &[u8], start: usize, end: usize) -> bool {
    let is_star = |b: &&u8| **b == b'*';
    let before = text[..start].iter().rev().take(MAX_MASK_BYTES).take_while(is_star).count();
    let behind = text[end..].iter().take(MAX_MASK_BYTES).take_while(is_star).count();
    let value = &text[start..end];
    let inside = memchr::memchr_iter(b'*', value).count();
    let others = value.iter().filter(|b| **b != b'*' && **b & 0xc0 != 0x80).count();
    let stars = before + inside + behind;
    stars > 0 && stars >= others && (stars >= 3 || stars + others <= 3)
}

/// Whether the byte at `at` belongs to a token, or to the domain behind one; `own` as above.
pub(crate) fn is_in_token(text: &[u8], at: usize, own: impl Fn(&[u8]) -> usize) -> bool {
    token_around(text, at, &|at| accepted(text, at, &own)).is_some()
}

/// The length of the mark at `at`; of a token as much as `own` says.
fn accepted(text: &[u8], at: usize, own: &impl Fn(&[u8]) -> usize) -> Option<usize> {
    let length = mark_at(text, at)?;
    let marked = text.get(at..at + length)?;
    let length = if matches!(marked.first(), Some(b'[' | b'%')) { length } else { own(marked) };
    (length > 0).then_some(length)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a token may start at `at`: no letter, digit or `_` stands before it but that of an escape.
pub(crate) fn starts_token(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    before.is_none_or(|byte| !is_word(*byte)) || escape_before(text, at) > 0
}

/// Whether an escape ends at `at`, so that a letter or digit before it is no part of a word.
#[cfg(feature = "cli")]
pub(crate) fn follows_escape(text: &[u8], at: usize) -> bool {
    escape_before(text, at) > 0
}

/// The length of the escape that ends at `at`, 0 if none does: `%3A`, `=3D`, `\n`, `\u003c`, `\x22`, `ESC[1m`.
#[inline]
fn escape_before(text: &[u8], at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    match before {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => 2,
        [.., b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F'] => hex_escape_before(before),
        [codes @ .., b'm'] => colour_before(codes),
        _ => 0,
    }
}

/// The same of one that ends in a hex digit.
#[inline]
fn hex_escape_before(before: &[u8]) -> usize {
    let is_hex = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
    match before {
        [.., b'%', a, b] if is_hex(&[*a, *b]) => 3,
        // quoted-printable (RFC 2045 section 6.7): capitals
        [.., b'=', b'2'..=b'7', b'0'..=b'9' | b'A'..=b'F'] => 3,
        // encoded twice: `%253D`
        [.., b'%', b'2', b'5', a, b] if is_hex(&[*a, *b]) => 5,
        [.., b'\\', b'x', a, b] if is_hex(&[*a, *b]) => 4,
        [.., b'\\', b'u', a, b, c, d] if is_hex(&[*a, *b, *c, *d]) => 6,
        _ => 0,
    }
}

/// The same of a colour code, of which `codes` stands before its last letter.
#[inline(never)]
fn colour_before(codes: &[u8]) -> usize {
    let numbers = codes.iter().rev().take(16).take_while(|b| b.is_ascii_digit() || **b == b';').count();
    let open = codes.get(..codes.len() - numbers).unwrap_or_default();
    let escapes = [&b"\x1b["[..], b"\\u001b[", b"\\x1b["];
    escapes.iter().find(|escape| open.ends_with(escape)).map_or(0, |escape| escape.len() + numbers + 1)
}

/// The end of the token that `at` stands inside of, its domain included.
fn token_around(text: &[u8], at: usize, mark: &impl Fn(usize) -> Option<usize>) -> Option<usize> {
    let before = text.get(..at)?;
    // neither a token nor a domain goes on behind anything else
    if !before.last().is_some_and(|b| is_word(*b) || matches!(b, b'.' | b'-' | b'@')) {
        return None;
    }
    let run = |text: &[u8], longest: usize, more: &[u8]| {
        text.iter().rev().take(longest).take_while(|b| is_word(**b) || more.contains(*b)).count()
    };
    // Either in the token itself, or in the domain or the sealed value behind it.
    let domain = run(before, MAX_DOMAIN_BYTES, b".-");
    let of_domain = before.get(..at - domain).and_then(|before| before.strip_suffix(b"@"));
    let of_domain = of_domain.unwrap_or_default();
    let code = of_domain.len() - run(of_domain, MAX_TOKEN_BYTES, b"");
    let word = at - run(before, MAX_TOKEN_BYTES, b"");
    let of_seal = before.get(..word).and_then(|before| before.strip_suffix(b".")).unwrap_or_default();
    let tag = of_seal.len() - run(of_seal, MAX_TAG_BYTES, b"");
    let starts = in_run(text, word..at).chain(in_run(text, code..of_domain.len()));
    let starts = starts.chain(in_run(text, tag..of_seal.len()));
    let starts = starts.filter(|start| starts_token(text, *start));
    starts.filter_map(|start| Some(start + mark(start)?)).find(|end| *end > at)
}

/// Where a token may start in a run of word bytes: at its first, or behind an escape whose sign stands before it.
fn in_run(text: &[u8], run: Range<usize>) -> Range<usize> {
    /// The longest rest of an escape behind its sign: the digits of a colour and its `m`.
    const MAX_REST_BYTES: usize = 18;
    let sign = run.start.checked_sub(1).map_or(b' ', |before| text[before]);
    let most = if matches!(sign, b'%' | b'=' | b'\\' | b'[' | b';') { MAX_REST_BYTES } else { 1 };
    run.start..run.end.min(run.start + most)
}

/// Nothing but blanks, also written as escapes: between marks and behind them it is no value.
fn is_blank(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        rest = match rest {
            [] => return true,
            [b' ' | b'\t' | b'\r' | b'\n', after @ ..] => after,
            [b'\\', b'n' | b'r' | b't', after @ ..] => after,
            _ => return false,
        };
    }
}

/// The marker that stands for bytes that could not be redacted.
pub(crate) fn withheld_marker(bytes: u64, json: bool) -> String {
    if json {
        format!("{{\"logveil\":\"withheld\",\"bytes\":{bytes}}}")
    } else {
        format!("[LOGVEIL WITHHELD {bytes} BYTES]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_known_by_their_grammar() {
        for (text, length) in [
            ("[EMAIL]", Some(7)),
            ("[DEVICE-ID] x", Some(11)),
            ("[EMAIL\\]\"", Some(8)),
            ("[EMAIL ERASED]", Some(14)),
            ("%5BEMAIL%5D&", Some(11)),
            ("%255BIPV4%255d", Some(14)),
            ("%5BERROR%5D", None),
            ("%5B", None),
            ("%", None),
            ("[ERROR]", None),
            ("[EMAILX]", None),
            ("[]", None),
            ("", None),
            ("[LOGVEIL WITHHELD 12 BYTES]", Some(27)),
            ("[LOGVEIL WITHHELD BYTES]", None),
            ("ip_h0001_0123456789abcdefghij", Some(29)),
            ("ip_h0001_0123", None),
            ("ip_x0001_0123456789abcdefghij", None),
            ("email_h0001_0123456789abcdefghij@example.com, ", Some(44)),
            ("ip_h0001_0123456789abcdefghij_", None),
        ] {
            assert_eq!(mark_at(text.as_bytes(), 0), length, "{text}");
        }
        let sealed = format!("ip_h0001_0123456789abcdefghij.s0a1v_{}", "7".repeat(84 + 4));
        assert_eq!(mark_at(sealed.as_bytes(), 0), Some(sealed.len()));
        assert_eq!(mark_at(format!("{sealed}, x").as_bytes(), 0), Some(sealed.len()));
        // A sealed value that is cut or goes on is none: the tag stays one.
        for broken in [&sealed[..sealed.len() - 1], &format!("{sealed}77"), &format!("{sealed}_")] {
            assert_eq!(mark_at(broken.as_bytes(), 0), Some(29), "{broken}");
        }
    }

    #[test]
    fn pieces_leave_marks_out() {
        let token = "ip_h0001_0123456789abcdefghij";
        let all = |text: &str, start: usize, known: bool| {
            let mut seen = Vec::new();
            pieces_between_marks(
                text.as_bytes(),
                start,
                text.len(),
                |token| if known { token.len() } else { 0 },
                |a, b| seen.push((a, b)),
            );
            seen
        };
        assert_eq!(all("ab[EMAIL]cd[IPV4]", 0, false), [(0, 2), (9, 11)]);
        assert_eq!(all(token, 0, true), []);
        assert_eq!(all(token, 0, false), [(0, 29)]);
        // A range that starts inside a token: its digits look like something, but are the token's.
        assert_eq!(all(token, 9, true), []);
        assert_eq!(all(token, 9, false), [(9, 29)]);
        assert_eq!(all(&format!("{token} x"), 12, true), [(29, 31)]);
        assert_eq!(all(&format!("a_{token}"), 0, true), [(0, 31)], "no token starts inside a word");
        assert_eq!(all(&format!("{token}\\n \\r"), 0, true), [], "the escape of a line end is no value");
        assert_eq!(all("\\n", 0, true), [(0, 2)]);
        assert_eq!(all(&format!("{token}\\n \\r"), 0, true), [], "the escape of a line end is no value");
        assert_eq!(all("\\n", 0, true), [(0, 2)]);
        for escape in ["%3A", "=3D", "\\n", "\\u003c", "\\x22", "\x1b[1;31m"] {
            for start in 0..escape.len() {
                assert_eq!(all(&format!("{escape}{token}"), start, true), [], "{escape}");
            }
            let mail = format!("{escape}email_h0001_0123456789abcdefghij@example.com{escape}{token}");
            assert_eq!(all(&mail, escape.len() + 35, true), [], "{mail}");
        }
        assert_eq!(all(&format!("3A{token}"), 0, true), [(0, 31)]);
        let sealed = format!("{token}.s0a1v_{}", "7".repeat(84 + 4));
        for start in 0..sealed.len() {
            assert_eq!(all(&format!("%3A{sealed}\\n"), 3 + start, true), [], "{start}");
        }
        assert_eq!(all(&format!("{sealed} x"), 60, true), [(124, 126)]);
        assert_eq!(all("", 0, true), []);
        assert_eq!(all("%5BEMAIL%5D", 0, false), []);
        assert_eq!(all("[EMAIL]", 1, false), [], "the inside of a label");
    }
}
