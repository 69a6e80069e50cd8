//! Cookie headers (RFC 6265 sections 4.1 and 4.2): values are found, names and attributes stay.

/// Calls `each` with the range of every pair's value in a `Cookie` header's value. `hard` is where
/// the header ends: a quote inside belongs to a value only if it stands behind an equals sign.
pub(crate) fn pairs(text: &[u8], start: usize, mut each: impl FnMut(usize, usize)) -> usize {
    let mut at = start;
    loop {
        while at < text.len() && matches!(text[at], b' ' | b';' | b',' | b'\t') {
            at += 1;
        }
        let name = at;
        while at < text.len() && !ends_name(text[at]) {
            at += 1;
        }
        if at >= text.len() || text[at] != b'=' || at == name {
            return at;
        }
        let (from, to, next) = value(text, at + 1);
        if from < to {
            each(from, to);
        }
        at = next;
        if at >= text.len() || !matches!(text[at], b';' | b',') {
            return at;
        }
    }
}

/// The value of the first pair alone: a `Set-Cookie` header, whose other pairs are attributes.
pub(crate) fn first(text: &[u8], start: usize) -> Option<(usize, usize)> {
    let mut at = start;
    while at < text.len() && !ends_name(text[at]) {
        at += 1;
    }
    if at == start || text.get(at) != Some(&b'=') {
        return None;
    }
    let (from, to, _) = value(text, at + 1);
    (from < to).then_some((from, to))
}

fn ends_name(byte: u8) -> bool {
    matches!(byte, b'=' | b';' | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'\\' | b',')
}

/// A value's range and what follows it; quotes around it are not part of it.
fn value(text: &[u8], start: usize) -> (usize, usize, usize) {
    if text.get(start) == Some(&b'"')
        && let Some(length) = text[start + 1..].iter().take(4096).position(|b| matches!(b, b'"' | b'\n'))
        && text[start + 1 + length] == b'"'
    {
        let end = start + 1 + length;
        return (start + 1, end, end + 1);
    }
    let length = text[start..]
        .iter()
        .take_while(|b| !matches!(b, b';' | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'\\'))
        .count();
    // a comma ends a pair only before another one
    let mut end = start + length;
    while end > start && matches!(text[end - 1], b',' | b')' | b'}') && end == start + length {
        end -= 1;
    }
    // wire logs: `[\r][\n]`
    if end > start && text[end - 1] == b'[' && matches!(text.get(end), Some(b'\\' | b'\r' | b'\n')) {
        end -= 1;
    }
    (start, end, start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_pairs() {
        let values = |text: &str| {
            let mut all = Vec::new();
            pairs(text.as_bytes(), 0, |a, b| all.push(text[a..b].to_owned()));
            all
        };
        assert_eq!(values("a=1; b=two; c"), ["1", "two"]);
        assert_eq!(values("$Version=1; Customer=\"W E\"; $Path=\"/a\""), ["1", "W E", "/a"]);
        assert_eq!(values("a=b=c; d="), ["b=c"]);
        assert_eq!(values("a=1\" 200"), ["1"]);
        assert_eq!(values(""), [""; 0]);
        assert_eq!(values("no pairs here"), [""; 0]);
        assert_eq!(first(b"sid=38af; Path=/; HttpOnly", 0), Some((4, 8)));
        assert_eq!(first(b"sid=; Path=/", 0), None);
    }
}
