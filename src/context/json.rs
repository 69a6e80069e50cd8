//! What object a key stands in: the key of the nearest enclosing JSON object.

/// The farthest that an enclosing object is looked for, in bytes.
const MAX_BACK_BYTES: usize = 512;

/// Whether the key of an object names a person (`"customer": {"id": 1, "name": "…"}`).
pub(crate) fn names_person(key: &[u8]) -> bool {
    // things that people have, which have names of their own: `"user_agent": {"name": "…"}`, `ParentFolder`
    const THINGS: [&[u8]; 12] = [
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
    ];
    let is_thing =
        |thing: &&[u8]| key.len() > thing.len() && key[key.len() - thing.len()..].eq_ignore_ascii_case(thing);
    // `"from": {"id": …}` of messengers
    key == b"from"
        || key.split(|b| matches!(b, b'_' | b'-')).any(super::keys::is_person_word)
            && !THINGS.iter().any(is_thing)
}

/// The key of the object that the key at `start` stands in; empty if there is none.
pub(crate) fn enclosing_key(text: &[u8], start: usize) -> &[u8] {
    let floor = start.saturating_sub(MAX_BACK_BYTES);
    // `…"][meta id="29"]`: the element before the key's has ended
    let (mut depth, mut calls) = (usize::from(text.get(start) == Some(&b']')), 0usize);
    let mut at = start;
    while at > floor {
        at -= 1;
        match text[at] {
            b'\n' => return &[],
            b'}' | b']' => depth += 1,
            b'{' | b'[' if depth > 0 => depth -= 1,
            // a later object of a list: the list's key is its own
            b'{' if follows_another(text, floor, at) => {}
            b'{' | b'[' => return key_before(text, floor, at),
            b')' => calls += 1,
            b'(' if calls > 0 => calls -= 1,
            // `User(id=512, …)`: an object as Python and Kotlin print it
            b'(' if depth == 0 && at > floor && text[at - 1].is_ascii_alphabetic() => {
                return key_before(text, floor, at);
            }
            _ => {}
        }
    }
    &[]
}

/// Whether a comma stands before the brace at `open`.
fn follows_another(text: &[u8], floor: usize, open: usize) -> bool {
    let head = &text[floor..open];
    head.iter().rev().take(4).find(|b| **b != b' ') == Some(&b',')
}

fn key_before(text: &[u8], floor: usize, open: usize) -> &[u8] {
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
    if text[open] == b'[' && !gap.is_empty() && gap.iter().all(|b| matches!(b, b' ' | b'\t')) {
        let element = &text[open + 1..];
        let word = element.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        return if element.get(word) == Some(&b'@') { &element[..word] } else { &[] };
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
    &text[start..end]
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
}
