//! What object a key stands in: the key of the nearest enclosing JSON object.

use std::ops::Range;

use super::head;
use crate::check::bytes;
use crate::check::words::Words;

/// The farthest that an enclosing object is looked for, in bytes.
const MAX_BACK_BYTES: usize = 512;

/// Whether the key of an object names a person (`"customer": {"id": 1, "name": "…"}`).
pub(crate) fn names_person(key: &[u8]) -> bool {
    // things that people have, which have names of their own: `"user_agent": {"name": "…"}`, `ParentFolder`
    const THINGS: [&[u8]; 19] = [
        // `"shipping_lines": [{"id": …`
        b"lines",
        b"methods",
        b"environment",
        b"agent",
        b"folder",
        b"conf",
        b"config",
        b"group",
        b"groups",
        b"role",
        b"roles",
        b"policy",
        b"settings",
        b"interface",
        b"pool",
        // measures: `user_login_total{name="web"}`
        b"_total",
        b"_count",
        b"_seconds",
        b"_bytes",
    ];
    let is_thing =
        |thing: &&[u8]| key.len() > thing.len() && key[key.len() - thing.len()..].eq_ignore_ascii_case(thing);
    // `"from": {"id": …}` of messengers
    key == b"from"
        || key.split(|b| matches!(b, b'_' | b'-')).any(super::person_words::is_person_word)
            && !THINGS.iter().any(is_thing)
}

/// The key of the object that the key at `start` stands in; empty if there is none.
pub(crate) fn enclosing_key(text: &[u8], start: usize) -> &[u8] {
    Enclosing::of(text, start).key(text)
}

/// The object that a key stands in, kept for the keys behind it: most stand in the same one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Enclosing {
    /// Behind which key it was looked for.
    asked: usize,
    /// Where the object opens, if the key stands in one.
    open: Option<usize>,
    key: Range<usize>,
}

impl Enclosing {
    /// The same for a key farther on.
    #[inline]
    pub fn key_of<'t>(&mut self, text: &'t [u8], start: usize) -> &'t [u8] {
        let is_near = self.asked < start
            && start - self.asked < MAX_BACK_BYTES
            && self.open.is_none_or(|open| start - open <= MAX_BACK_BYTES)
            && text.get(start) != Some(&b']')
            && !has_sign(&text[self.asked..start]);
        if is_near {
            self.asked = start;
        } else {
            *self = Self::of(text, start);
        }
        self.key(text)
    }

    fn key<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.key.clone()]
    }

    fn of(text: &[u8], start: usize) -> Self {
        let floor = start.saturating_sub(MAX_BACK_BYTES);
        // `…"][meta id="29"]`: the element before the key's has ended
        let (mut depth, mut calls) = (usize::from(text.get(start) == Some(&b']')), 0usize);
        let mut open = None;
        signs_back(&text[floor..start], |sign| {
            let at = floor + sign;
            match text[at] {
                b'\n' => return true,
                b'}' | b']' => depth += 1,
                b'{' | b'[' if depth > 0 => depth -= 1,
                // a later object of a list: the list's key is its own
                b'{' if follows_another(text, floor, at) => {}
                b'{' | b'[' => open = Some(at),
                b')' => calls += 1,
                b'(' if calls > 0 => calls -= 1,
                // `User(id=512, …)`: an object as Python and Kotlin print it
                b'(' if depth == 0 && at > floor && text[at - 1].is_ascii_alphabetic() => open = Some(at),
                _ => {}
            }
            open.is_some()
        });
        let key = open.map_or(0..0, |open| key_before(text, floor, open));
        Self { asked: start, open, key }
    }
}

/// Calls `each` with the places of brackets and line feeds, from the last on, until it says that it has seen enough.
#[inline(always)]
fn signs_back(text: &[u8], mut each: impl FnMut(usize) -> bool) {
    let is_sign = |b: u8| (b == b'\n') | (b | 0x20 == b'{') | (b | 0x20 == b'}') | (b == b'(') | (b == b')');
    let mut rest = text;
    // sixteen bytes without one are a few comparisons
    while let Some((before, some)) = rest.split_last_chunk::<16>() {
        let mut signs = bytes::sixteen(some, is_sign);
        while signs != 0 {
            let last = 15 - signs.leading_zeros() as usize / 8;
            if each(before.len() + last) {
                return;
            }
            signs &= !(0xff << (8 * last));
        }
        rest = before;
    }
    for (at, byte) in rest.iter().enumerate().rev() {
        if is_sign(*byte) && each(at) {
            return;
        }
    }
}

/// Whether a bracket or line feed stands in a text.
fn has_sign(text: &[u8]) -> bool {
    let mut any = false;
    signs_back(text, |_| {
        any = true;
        true
    });
    any
}

/// Whether a comma stands before the brace at `open`.
fn follows_another(text: &[u8], floor: usize, open: usize) -> bool {
    let head = &text[floor..open];
    head.iter().rev().take(4).find(|b| **b != b' ') == Some(&b',')
}

/// Where the key before the bracket at `open` stands; an empty range if there is none.
fn key_before(text: &[u8], floor: usize, open: usize) -> Range<usize> {
    let mut end = open;
    let skip = |end: &mut usize, is: fn(u8) -> bool| {
        while *end > floor && is(text[*end - 1]) {
            *end -= 1;
        }
    };
    skip(&mut end, |b| matches!(b, b' ' | b'\t' | b'[' | b':' | b'=' | b'>'));
    // `LOGIN [user@32473 name="x"]` (RFC 5424 section 6.3.2): what stands before the bracket is a word of a
    // sentence, or what happened
    let gap = &text[end..open];
    let is_apart = !gap.is_empty() && gap.iter().all(|b| matches!(b, b' ' | b'\t'));
    // another element stands before it: `…"][user@32473 name="x"]`
    if text[open] == b'[' && (is_apart || open > floor && text[open - 1] == b']') {
        let element = &text[open + 1..];
        let word = element.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        return if element.get(word) == Some(&b'@') { open + 1..open + 1 + word } else { 0..0 };
    }
    skip(&mut end, |b| matches!(b, b'"' | b'\'' | b'\\'));
    let mut start = end;
    skip(&mut start, |b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') || b >= 0x80);
    // `User@5f2a1b[id=77]`: the hash that Java prints
    if start > floor + 1 && text[start - 1] == b'@' && text[start..end].iter().all(u8::is_ascii_hexdigit) {
        end = start - 1;
        start = end;
        skip(&mut start, |b| b.is_ascii_alphanumeric() || b == b'_');
    }
    start..end
}

/// What has numbers of its own that a card's may look like.
pub(crate) static ORDERS: Words<6> =
    Words::new([b"orders", b"order", b"invoices", b"invoice", b"shipments", b"shipment"]);

/// Whether the number at `start` is that of an order or a bill: `"order":{"lines":3,"number":"6011012345678907"}`.
pub(crate) fn numbers_order(text: &[u8], start: usize) -> bool {
    let head = head(text, start, 96);
    let key = head.strip_suffix(b"\"").unwrap_or(head).trim_ascii_end();
    if !key.ends_with(b"\"number\":") {
        return false;
    }
    let Some(open) = key.iter().rposition(|b| matches!(b, b'{' | b'}')).filter(|at| key[*at] == b'{') else {
        return false;
    };
    let Some(name) = key[..open].trim_ascii_end().strip_suffix(b"\":") else { return false };
    let letters = name.iter().rev().take(16).take_while(|b| b.is_ascii_alphabetic()).count();
    ORDERS.contains(&name[name.len() - letters..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enclosing_object_is_found() {
        let at = |text: &str| names_person(enclosing_key(text.as_bytes(), text.find("\"name").unwrap()));
        assert!(at(r#"{"user":{"id":1,"name":"x"}}"#));
        assert!(at(r#"{"user":{"a":{"b":1},"name":"x"}}"#));
        assert!(at(r#"{"users":[{"name":"x"}]}"#));
        assert!(at(r#"{"users":[{"id":1},{"name":"x"}]}"#));
        assert!(!at(r#"{"users":[{"id":1}],"x":[{"a":1}, {"name":"x"}]}"#));
        assert!(!at(r#"{"server":{"name":"x"}}"#));
        assert!(!at(r#"{"name":"x"}"#));
        assert!(at(r#"User(id=1, "name"="x")"#));
        assert!(!at(r#"user (1, "name"="x")"#));
        assert!(!at(r#"{"user_agent":{"name":"x"}}"#));
        assert!(!at(r#"{"ParentFolder":{"name":"x"}}"#));
        assert!(!at(r#"User [a@1 "name"="x"]"#));
        assert!(at(r#"Login [user@1 "name"="x"]"#));
        assert!(!at(r#"Login [user@1 x="y"][meta@1 "name"="x"]"#));
        assert!(at(r#"User=[a=1, "name"="x"]"#));
        assert!(!at(r#"user(1) "name"="x""#));
    }

    #[test]
    fn what_is_kept_is_what_would_be_found() {
        let parts = [
            "a=1 ",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ",",
            "\n",
            "\"user\":",
            "x ",
            "call(",
            "some words that go on ",
        ];
        let mut seed = 3u64;
        for _ in 0..3_000 {
            let mut text = Vec::new();
            for _ in 0..40 {
                seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ 9;
                text.extend_from_slice(parts[(seed >> 33) as usize % parts.len()].as_bytes());
            }
            let mut kept = Enclosing::default();
            for at in (0..text.len()).step_by(3) {
                assert_eq!(
                    kept.key_of(&text, at),
                    enclosing_key(&text, at),
                    "{:?} {at}",
                    text.escape_ascii()
                );
            }
        }
    }
}
