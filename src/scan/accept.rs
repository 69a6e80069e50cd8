//! What the hunts share: the chunk, the engine, and the one place where a match becomes a finding.

use std::ops::Range;

use super::Engine;
use super::newer::is_newer;
use super::overlaid::{self, Overlaid};
use crate::context::json::Enclosing;
use crate::context::{KeyMemo, Keys, before, is_word};
use crate::finding::{Evidence, Finding, Layers, Match, TypeId};
use crate::mark;
use crate::plan::Plan;
use crate::rules::KeyId;
use crate::simd::Kernel;

/// A hunt over one text: the chunk, or a decoded view of one record of it.
pub(super) struct Hunt<'a> {
    pub engine: &'a Engine,
    pub keys: Keys<'a>,
    pub kernel: Kernel,
    pub text: &'a [u8],
    pub found: &'a mut Vec<Finding>,
    pub layers: Layers,
    pub overlaid: Overlaid,
    pub enclosing: Enclosing,
    /// Where no word for messages or calls stands.
    pub no_messages: Range<usize>,
    /// The value in hand stands behind an arrow.
    pub is_changed: bool,
}

impl<'a> Hunt<'a> {
    pub fn new(engine: &'a Engine, text: &'a [u8], found: &'a mut Vec<Finding>) -> Self {
        let kernel = Kernel::SCALAR;
        let (layers, overlaid, enclosing) = (Layers::NONE, Overlaid::default(), Enclosing::default());
        Self {
            engine,
            keys: Keys::new(&engine.keys),
            kernel,
            text,
            found,
            layers,
            overlaid,
            enclosing,
            no_messages: 0..0,
            is_changed: false,
        }
    }

    /// The same by a kernel.
    pub fn with_kernel(self, kernel: Kernel) -> Self {
        Self { kernel, ..self }
    }

    /// The same with a memory of keys.
    pub fn with_memo(self, memo: &'a KeyMemo) -> Self {
        Self { keys: Keys::with_memo(&self.engine.keys, memo), ..self }
    }

    /// Whether values of this type are looked for.
    #[inline(always)]
    pub fn wants(&self, kind: TypeId) -> bool {
        self.engine.plan.policy.is_enabled(kind)
    }

    /// Whether any of what people are called, or call their devices by, is looked for.
    #[inline(always)]
    pub fn wants_people(&self) -> bool {
        const THESE: [TypeId; 6] = [
            TypeId::USERNAME,
            TypeId::NAME,
            TypeId::DEVICE_NAME,
            TypeId::USER_AGENT,
            TypeId::PASSWORD,
            TypeId::TOKEN,
        ];
        THESE.iter().any(|kind| self.wants(*kind))
    }

    /// Takes a match whose offsets are into the text, unless the policy spares it.
    #[inline]
    pub fn accept(&mut self, found: Match) {
        self.accept_under(found, None);
    }

    /// Takes a match that stands under a key.
    #[inline]
    pub fn accept_under(&mut self, found: Match, key: Option<KeyId>) {
        let policy = &self.engine.plan.policy;
        if found.start >= found.end
            || !policy.is_enabled(found.kind)
            || found.confidence < policy.min_confidence(found.kind)
            || policy.is_rule_off(found.rule)
            || policy.is_allowed(found.kind, &self.text[found.start..found.end])
            || key.is_some() && self.engine.plan.is_card_token(found.kind, &self.text[found.start..found.end])
        {
            return;
        }
        self.push(found, key);
    }

    /// Takes an IPv4 address whose octets are known.
    #[inline]
    pub fn accept_v4(&mut self, found: Match, octets: [u8; 4]) {
        let policy = &self.engine.plan.policy;
        if policy.is_enabled(TypeId::IPV4)
            && found.confidence >= policy.min_confidence(TypeId::IPV4)
            && !policy.is_rule_off(found.rule)
            && !policy.is_allowed_v4(u32::from_be_bytes(octets), &self.text[found.start..found.end])
        {
            // no mark of ours is made of digits and dots, but a placeholder, which is allowed
            if octets[0] != 0 && stands_alone(self.text, found.start, found.end) {
                return self.list(found, None);
            }
            self.push(found, None);
        }
    }

    /// Takes a match unless the policy's own list names it; the built-in allowances do not count
    /// (people type passwords where a user name is asked).
    pub fn accept_listed(&mut self, found: Match) {
        let policy = &self.engine.plan.policy;
        if found.start < found.end
            && policy.is_enabled(found.kind)
            && !policy.is_rule_off(found.rule)
            && !policy.is_listed(found.kind, &self.text[found.start..found.end])
        {
            self.push(found, None);
        }
    }

    /// Remembers that the value behind a separator was followed to `end`.
    #[inline(always)]
    pub fn followed(&mut self, separator: usize, end: usize) {
        if self.overlaid.followed(separator, end) && self.found.len() >= self.overlaid.crowd {
            overlaid::thin_out(self.found);
            self.overlaid.crowd = overlaid::CROWD.max(self.found.len() / 4 * 5);
        }
    }

    #[inline]
    fn list(&mut self, found: Match, key: Option<KeyId>) {
        let Match { start, end, kind, rule, confidence, evidence } = found;
        let evidence = if key.is_some() { evidence.and(Evidence::KEY) } else { evidence };
        self.found.push(Finding { start, end, kind, rule, confidence, evidence, key, layers: self.layers });
    }

    #[inline]
    fn push(&mut self, mut found: Match, key: Option<KeyId>) {
        found.start = behind_escape(self.text, found.start).min(found.end);
        found.end = inside_string(self.text, &found);
        if let Some(newer) = &self.engine.plan.newer
            && is_newer(newer, self.text, &found, key)
        {
            found.evidence = found.evidence.and(Evidence::NEWER);
        }
        if found.start < found.end && is_apart(self.text, found.start, found.end) {
            return self.list(found, key);
        }
        self.push_pieces(&found, key);
    }

    /// Takes what is left of a match that a mark of ours may stand in or beside.
    #[inline(never)]
    fn push_pieces(&mut self, found: &Match, key: Option<KeyId>) {
        let evidence = if key.is_some() { found.evidence.and(Evidence::KEY) } else { found.evidence };
        let (layers, list, text) = (self.layers, &mut *self.found, self.text);
        let mut put = |start, end| {
            list.push(Finding {
                start,
                end,
                kind: found.kind,
                rule: found.rule,
                confidence: found.confidence,
                evidence,
                key,
                layers,
            });
        };
        if found.start < found.end {
            // else a part of an escape, no value
            beside_marks(&self.engine.plan, text, found, &mut put);
        }
    }
}

/// Calls `put` for what is left of a match beside what we wrote ourselves.
#[inline]
pub(super) fn beside_marks(plan: &Plan, text: &[u8], found: &Match, put: &mut dyn FnMut(usize, usize)) {
    let (start, end) = (found.start, found.end);
    if is_apart(text, start, end) {
        return put(start, end);
    }
    let has_star = memchr::memchr(b'*', &text[start.saturating_sub(1)..text.len().min(end + 1)]).is_some();
    if is_ours(text, found, has_star) {
        return;
    }
    // `cid=[01:[MAC]]`: what names the kind of hardware, left before an address that was replaced
    if matches!(found.kind, TypeId::DEVICE_ID | TypeId::CELL_ID) && is_short_head(text, start, end) {
        return;
    }
    let spares = |token: &[u8]| plan.spared(found.kind, token);
    // `…%3Demail_h…@example.com`: the address is the token's, what stands before it is none.
    let sign = if found.kind == TypeId::EMAIL { memchr::memrchr(b'@', &text[start..end]) } else { None };
    if sign.is_some_and(|sign| {
        mark::is_in_token(text, start + sign, spares) || mark::label_around(text, start + sign).is_some()
    }) {
        return;
    }
    // the sign between a name and a host that were replaced
    let is_person = matches!(found.kind, TypeId::USERNAME | TypeId::NAME | TypeId::DEVICE_NAME);
    mark::pieces_between_marks(text, start, end, spares, |from, to| {
        // `phone_h…@s.whatsapp.net`: a domain whose local part is a token is no address.
        let piece = &text[from..to];
        let local = piece.iter().position(|b| *b == b'@').map(|sign| &piece[..sign]);
        let is_rest = found.kind == TypeId::EMAIL && from > start;
        if is_person && !piece.iter().any(|b| is_word(*b)) {
            return;
        }
        if has_star && mark::is_masked(text, from, to) || piece == b"redacted@example.invalid" {
            return;
        }
        // `+34[PHONE]`: the country of a number that was made coarser
        if text[to..].starts_with(b"[PHONE]")
            && piece.len() <= 4
            && piece.strip_prefix(b"+").is_some_and(|code| code.iter().all(u8::is_ascii_digit))
        {
            return;
        }
        // the port behind a host that was replaced is no address of a person
        if found.kind == TypeId::ADDRESS && from > start && !piece.iter().any(u8::is_ascii_alphabetic) {
            return;
        }
        if !is_rest || local.is_none_or(|local| local.iter().any(u8::is_ascii_alphabetic)) {
            put(from, to);
        }
    });
}

/// Whether a number stands between bytes that belong to no word, mark, mask or escape.
#[inline]
fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let left = start.checked_sub(1).map_or(b'\n', |p| text[p]);
    let is_clear = matches!(left, b'\n' | b'"' | b'=' | b'(' | b',' | b'/' | b'\t' | b'\'' | b':')
        // `[EMAIL ERASED]`, `[LOGVEIL WITHHELD 12 BYTES]`
        || left == b' ' && !(start > 1 && matches!(text[start - 2], b'A'..=b'Z' | b'0'..=b'9'));
    is_clear && text.get(end) != Some(&b'*')
}

/// Whether no mark of ours can stand in a match or around it.
#[inline]
fn is_apart(text: &[u8], start: usize, end: usize) -> bool {
    let left = before(text, start);
    let inside_word = MAY_BE_INSIDE[usize::from(left)];
    // `[EMAIL ERASED]`, `[LOGVEIL WITHHELD 12 BYTES]`
    let behind_word = left == b' ' && start > 1 && matches!(text[start - 2], b'A'..=b'Z' | b'0'..=b'9');
    let reserved = match text[start] {
        b'0' => matches!(text.get(start + 1), Some(b'.' | b'0')) && may_hold_placeholder(text, start, end),
        b':' => true,
        b'r' => text[start..].starts_with(b"redacted@"),
        b'e' => text[start..].starts_with(b"example.invalid"),
        _ => false,
    };
    !inside_word
        && !behind_word
        && !reserved
        && text.get(end) != Some(&b'*')
        && (end - start > 2 || text.get(end) != Some(&b':'))
        && !may_hold_mark(&text[start..end])
}

/// Bytes that may stand in a mark of ours before what looks like a value.
static MAY_BE_INSIDE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let is_of_mark = matches!(byte as u8, b'_' | b'.' | b'-' | b'@' | b'[' | b'%' | b'*');
        table[byte] = is_of_mark || (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Whether one of the bytes that our marks have stands in a value. Of sixteen bytes at once the
/// compiler makes four comparisons.
#[inline]
fn may_hold_mark(value: &[u8]) -> bool {
    let (chunks, rest) = value.as_chunks::<16>();
    let any = chunks.iter().fold(false, |any, chunk| any | has_mark_byte(chunk));
    any || match (value.last_chunk::<16>(), rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
        _ if rest.is_empty() => false,
        (Some(last), ..) => has_mark_byte(last),
        (None, Some(first), Some(last)) => has_mark_byte(first) | has_mark_byte(last),
        _ => rest.iter().any(|b| matches!(b, b'[' | b'_' | b'%' | b'*')),
    }
}

#[inline(always)]
fn has_mark_byte<const N: usize>(some: &[u8; N]) -> bool {
    some.iter().fold(false, |any, b| any | (*b == b'[') | (*b == b'_') | (*b == b'%') | (*b == b'*'))
}

/// Whether a placeholder of zeros starts in a value.
#[inline(never)]
fn may_hold_placeholder(text: &[u8], start: usize, end: usize) -> bool {
    let value = &text[start..text.len().min(end + 40)];
    // every placeholder of zeros has one of these; a search for each would be built for each value
    if !value.windows(3).any(|three| matches!(three, b"000" | b"0.0" | b"0:0" | b"0-0")) {
        return false;
    }
    let zeros = mark::PLACEHOLDERS.iter().map(|(_, reserved)| *reserved).filter(|r| r.starts_with(b"0"));
    zeros.into_iter().any(|reserved| memchr::memmem::find(value, reserved).is_some())
}

/// Whether a placeholder or mask wrote the value.
fn is_ours(text: &[u8], found: &Match, has_star: bool) -> bool {
    let (start, end) = (found.start, found.end);
    // also as the start of what was found (`ssh://redacted@example.invalid/x`), or before it
    mark::is_placeholder(&text[start..end])
        || text[start..].starts_with(b"redacted@example.invalid")
        || text[..start].ends_with(b"redacted@") && text[start..].starts_with(b"example.invalid")
        || has_star && is_masked(text, found)
}

/// Whether the value is no more than pairs of digits with colons, up to a mark or mask: the kind of hardware
/// and the time of a DUID (RFC 8415 section 11), of which the address was replaced.
fn is_short_head(text: &[u8], start: usize, end: usize) -> bool {
    const MAX_PAIRS: usize = 9;
    let mut at = start;
    for _ in 0..MAX_PAIRS {
        let digits = text[at..end.max(at)].iter().take(3).take_while(|b| b.is_ascii_hexdigit()).count();
        if digits > 2 || text.get(at + digits) != Some(&b':') {
            return false;
        }
        at += digits + 1;
        if text.get(at) == Some(&b'*') || mark::mark_at(text, at).is_some() {
            return true;
        }
    }
    false
}

/// Whether a mask wrote the value, or the local part of an address.
fn is_masked(text: &[u8], found: &Match) -> bool {
    let (start, end) = (found.start, found.end);
    let sign = memchr::memchr(b'@', &text[start..end]).filter(|_| found.kind == TypeId::EMAIL);
    // a name was replaced: the words behind it are none of it
    let is_name =
        matches!(found.kind, TypeId::NAME | TypeId::DEVICE_NAME | TypeId::USERNAME | TypeId::ADDRESS);
    let blank = memchr::memchr(b' ', &text[start..end]).filter(|_| is_name);
    mark::is_masked(text, start, end)
        || [sign, blank].into_iter().flatten().any(|length| mark::is_masked(text, start, start + length))
}

/// The end of a match inside of the string that it stands in: without the escaped quote at the end of a name, and without
/// the backslashes of the quote behind it, for one that loses them would close its string.
#[inline]
fn inside_string(text: &[u8], found: &Match) -> usize {
    let (start, mut end) = (found.start, found.end);
    let is_name = matches!(found.kind, TypeId::USERNAME | TypeId::NAME | TypeId::DEVICE_NAME);
    if is_name && text[start..end].ends_with(b"\\\"") {
        end -= 1;
    }
    if end <= start || text[end - 1] != b'\\' {
        return end;
    }
    // half of a backslash that is escaped (`Lang\\\\tx` in a string in a string) stays with the other
    if text.get(end) == Some(&b'\\') {
        let all = text[start..end].iter().rev().take_while(|b| **b == b'\\').count();
        return end - all % 2;
    }
    if text.get(end) != Some(&b'"') {
        return end;
    }
    let slashes = text[start..end].iter().rev().take_while(|b| **b == b'\\').count();
    let of_quote = (1usize << slashes.trailing_ones()) - 1;
    end - of_quote.min(slashes)
}

/// The end of the `\uXXXX` or `\xXX` that `at` stands inside of, else `at`: a replacement that starts
/// in an escape breaks the string around it.
#[inline]
fn behind_escape(text: &[u8], at: usize) -> usize {
    let is_of_escape = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b'u' | b'x');
    let left = before(text, at);
    if !(left == b'\\' || is_of_escape(&left)) || !text.get(at).is_some_and(is_of_escape) {
        return at;
    }
    behind_its_digits(text, at)
}

#[inline(never)]
fn behind_its_digits(text: &[u8], at: usize) -> usize {
    let floor = at.saturating_sub(5);
    // five bytes: a loop is over before a call would be
    let Some(slash) = (floor..at).rev().find(|place| text[*place] == b'\\') else { return at };
    let digits = match text[slash + 1] {
        b'u' => 4,
        b'x' => 2,
        _ => return at,
    };
    let end = slash + 2 + digits;
    let is_escape = text.get(slash + 2..end).is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
    let slashes = text[..=slash].iter().rev().take(64).take_while(|b| **b == b'\\').count();
    // behind an even number it is one only a layer deeper; a word is as likely, unless it is no letter
    let is_rare = || {
        let head = [text[slash + 2], text[slash + 3]].map(|b| b.to_ascii_lowercase());
        head == *b"00" || head[0] == b'd' && matches!(head[1], b'8'..=b'9' | b'a'..=b'f')
    };
    if is_escape && end > at && (slashes % 2 == 1 || digits == 4 && is_rare()) { end } else { at }
}

#[cfg(test)]
mod tests {
    use super::{behind_escape, may_hold_mark};

    #[test]
    fn marks_are_seen_wherever_they_stand() {
        for length in 0..50 {
            let text = vec![b'x'; length];
            assert!(!may_hold_mark(&text));
            for place in 0..length {
                for byte in *b"[_%*" {
                    let mut text = text.clone();
                    text[place] = byte;
                    assert!(may_hold_mark(&text), "{length} {place}");
                }
            }
        }
    }

    #[test]
    fn nothing_starts_inside_an_escape() {
        for (text, at, start) in [
            (r"\u003canna", 1, 6),
            (r"\u003canna", 2, 6),
            (r"\u003canna", 6, 6),
            (r"\\u003canna", 2, 7),
            (r"\\ubeefanna", 2, 2),
            (r"\x3canna", 2, 4),
            (r"\u00", 1, 1),
            (r"\nina", 1, 1),
            ("u003c", 0, 0),
            ("", 0, 0),
        ] {
            assert_eq!(behind_escape(text.as_bytes(), at), start, "{text} at {at}");
        }
    }
}
