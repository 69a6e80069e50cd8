//! Values of headers that hold credentials: `Cookie`, `Set-Cookie`, `Authorization`.

use super::accept::Hunt;
use super::looks::opens_array;
use crate::check::filler::is_filler;
use crate::context::value::{self, Reach};
use crate::context::{KeyMatch, before, byte_at};
use crate::detect::{authorization, cookie, username};
use crate::finding::{Evidence, Match, TypeId};
use crate::mark;
use crate::rules;

/// The first byte of a header's value and one past its last: to the quote that closes the string
/// it stands in, or the end of the record.
fn header_value(hunt: &mut Hunt<'_>, separator: usize, key: &KeyMatch) -> Option<(usize, usize)> {
    let text = hunt.text;
    let mut start = separator + 1;
    let mut steps = 0;
    while steps < 16
        && matches!(byte_at(text, start), b' ' | b'\t' | b'"' | b'\'' | b'[' | b'\\' | b'>')
        && mark::mark_at(text, start).is_none()
    {
        // `Authorization:\\tBearer x` in a string
        let is_blank = text[start] == b'\\' && matches!(byte_at(text, start + 1), b't' | b'n' | b'r');
        start += 1 + usize::from(is_blank);
        steps += 1;
    }
    let opener = before(text, start);
    let single = before(text, key.start) == b'\'' || opener == b'\'';
    let stop = text.len().min(start + hunt.overlaid.longest(separator));
    let mut end = start;
    while end < stop {
        match text[end] {
            b'\n' | b'\r' => break,
            // a quote opens a value only behind an equals sign
            b'"' if before(text, end) != b'=' && !opens_inside(text, start, end) => break,
            b'\'' if single => break,
            // `cookie=[sid=x], host=[…]`: the headers of Spring
            b']' if opener == b'[' => break,
            b'[' if matches!(byte_at(text, end + 1), b'\\' | b'\r' | b'\n') => break, // wire logs: `[\r][\n]`
            b'\\' if matches!(byte_at(text, end + 1), b'n' | b'r' | b'"') => break,
            _ => end += 1,
        }
    }
    hunt.followed(separator, end);
    (start < end).then_some((start, end))
}

/// Whether the quote at `at` closes one that was opened behind an equals sign.
fn opens_inside(text: &[u8], start: usize, at: usize) -> bool {
    let inside = &text[start..at];
    inside.iter().rposition(|b| *b == b'"').is_some_and(|p| p > 0 && inside[p - 1] == b'=')
}

fn found(start: usize, end: usize, kind: TypeId, rule: rules::RuleId) -> Match {
    Match { start, end, kind, rule, confidence: 92, evidence: Evidence::SLOT_HEADER }
}

pub(super) fn cookie_header(hunt: &mut Hunt<'_>, separator: usize, key: &KeyMatch) {
    let text = hunt.text;
    let Some((start, end)) = header_value(hunt, separator, key) else { return };
    let end = before_closing_quote(text, start, end);
    let mut values = Vec::new();
    cookie::pairs(&text[..end], start, |from, to| values.push((from, to)));
    for (from, to) in values {
        hunt.accept_under(found(from, to, TypeId::COOKIE, rules::COOKIE), Some(key.id));
    }
}

/// Where the pairs in `start..end` end: a quote behind an equals sign may close the string around them, where the last
/// cookie has no value (`{"header":"Cookie: sid=", "next":…`).
fn before_closing_quote(text: &[u8], start: usize, end: usize) -> usize {
    let closes = |quote: &usize| text[quote - 1] == b'=' && value::closes(text, quote - 1, *quote, 0);
    memchr::memchr_iter(b'"', &text[start..end])
        .map(|p| start + p)
        .filter(|quote| *quote > 0)
        .find(closes)
        .unwrap_or(end)
}

pub(super) fn set_cookie(hunt: &mut Hunt<'_>, separator: usize, key: &KeyMatch) {
    let text = hunt.text;
    if opens_array(text, separator) {
        let longest = hunt.overlaid.longest(separator);
        let end = value::values_after(text, key.start, separator, Reach::Secret, longest, |value| {
            if let Some((from, to)) = cookie::first(&text[..value.end], value.start) {
                hunt.accept_under(found(from, to, TypeId::COOKIE, rules::COOKIE), Some(key.id));
            }
        });
        hunt.followed(separator, end);
        return;
    }
    let Some((start, end)) = header_value(hunt, separator, key) else { return };
    let end = before_closing_quote(text, start, end);
    if let Some((from, to)) = cookie::first(&text[..end], start) {
        hunt.accept_under(found(from, to, TypeId::COOKIE, rules::COOKIE), Some(key.id));
    }
}

pub(super) fn auth_header(hunt: &mut Hunt<'_>, separator: usize, key: &KeyMatch) {
    let text = hunt.text;
    let Some((start, end)) = header_value(hunt, separator, key) else { return };
    let end = authorization::folded(text, start, end);
    let mut values = Vec::new();
    authorization::credentials(text, start, end, |from, to| values.push((from, to)));
    for (from, to) in values {
        let value = &text[from..to];
        let head = &text[from.saturating_sub(12)..from];
        let head = head.trim_ascii_end().strip_suffix(b"\"").unwrap_or(head);
        let head = head.strip_suffix(b"\\").unwrap_or(head);
        // RFC 7616 section 3.4
        if head.len() >= 9 && head[head.len() - 9..].eq_ignore_ascii_case(b"username=") {
            let name = username::keyed(value, true).map(|f| (from + f.start, from + f.end));
            if let Some((from, to)) = name {
                hunt.accept_under(found(from, to, TypeId::USERNAME, rules::USERNAME), Some(key.id));
            }
        } else if !is_filler(value) {
            hunt.accept_under(found(from, to, TypeId::TOKEN, rules::TOKEN_AUTH_HEADER), Some(key.id));
        }
    }
}
