//! What may stand beside a number that no key announces.

/// The byte before `at`.
pub(super) fn before(text: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).and_then(|place| text.get(place)).copied()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// True if the bytes that end at `at` are no letter, digit, `_` or broken UTF-8.
fn is_free_before(text: &[u8], at: usize) -> bool {
    match before(text, at) {
        None => true,
        Some(byte) if byte.is_ascii() => !is_word(byte),
        Some(_) => {
            let window = text.get(at.saturating_sub(4)..at).unwrap_or_default();
            let first = window.iter().rposition(|byte| byte & 0xc0 != 0x80).unwrap_or(0);
            let last = window.get(first..).and_then(|bytes| std::str::from_utf8(bytes).ok());
            last.and_then(|text| text.chars().next_back()).is_some_and(is_mark)
        }
    }
}

/// True for a character that is neither part of a word nor a currency sign.
fn is_mark(letter: char) -> bool {
    !letter.is_alphanumeric() && !matches!(letter, '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}')
}

/// True if the bytes from `at` on start with no letter, digit, `_`, percent or currency sign or broken UTF-8.
fn is_free_after(text: &[u8], at: usize) -> bool {
    let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) else { return true };
    match rest[0] {
        byte if byte.is_ascii() => !is_word(byte) && !matches!(byte, b'%' | b'$'),
        _ => (2..=4)
            .find_map(|length| std::str::from_utf8(rest.get(..length)?).ok())
            .and_then(|text| text.chars().next())
            .is_some_and(is_mark),
    }
}

/// A number that starts with `+` may start here: the sign says much, so that most marks may stand before it.
pub(super) fn opens_plus(text: &[u8], at: usize) -> bool {
    is_free_before(text, at) && !(before(text, at) == Some(b'.') && digit_before(text, at - 1))
}

/// A number without a sign may start here: after white space, a quote, an opening bracket or a list mark.
pub(super) fn opens_bare(text: &[u8], at: usize) -> bool {
    match before(text, at) {
        None => true,
        Some(b':') => !digit_before(text, at - 1),
        Some(byte) if byte.is_ascii() => {
            byte.is_ascii_whitespace()
                || matches!(
                    byte,
                    b'"' | b'\'' | b'`' | b'=' | b',' | b';' | b'(' | b'[' | b'{' | b'<' | b'>' | b'|'
                )
        }
        Some(_) => is_free_before(text, at),
    }
}

fn digit_before(text: &[u8], at: usize) -> bool {
    before(text, at).is_some_and(|byte| byte.is_ascii_digit())
}

/// A number may end here: nothing follows that would make it a part of something longer.
///
/// `whole` numbers (a sign and an assigned number in one run of ten digits or more) may be glued to a
/// counter, file name or port by `-`, `_` or `:`, as telephone exchanges name channels and recordings.
pub(super) fn closes(text: &[u8], at: usize, whole: bool) -> bool {
    let next = text.get(at + 1).copied();
    let digit_next = next.is_some_and(|byte| byte.is_ascii_digit());
    match text.get(at) {
        Some(b'_') => whole,
        Some(b'-') => whole || !next.is_some_and(is_word),
        Some(b':' | b'/') => whole || !digit_next,
        Some(b'.') => !digit_next,
        Some(b'+') => !digit_next,
        _ => is_free_after(text, at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_before() {
        for (text, plus, bare) in [
            ("", true, true),
            (" ", true, true),
            ("=", true, true),
            ("a", false, false),
            ("1", false, false),
            ("_", false, false),
            ("\u{c9}", false, false),
            ("\u{5e7}", false, false),
            ("\u{ab}", true, true),
            ("\u{20ac}", false, false),
            ("$", true, false),
            ("-", true, false),
            ("1.", false, false),
            ("12:", true, false),
            ("m:", true, true),
            ("/", true, false),
        ] {
            assert_eq!(opens_plus(text.as_bytes(), text.len()), plus, "plus after {text:?}");
            assert_eq!(opens_bare(text.as_bytes(), text.len()), bare, "bare after {text:?}");
        }
        assert!(
            !opens_plus(b"\xff", 1) && !opens_bare(b"\xc9", 1) && !opens_bare(b"\x80\x80\x80\x80\x80", 5)
        );
    }

    #[test]
    fn borders_after() {
        for (text, expected) in [
            ("", true),
            (" 12", true),
            (".", true),
            (".5", false),
            ("%", false),
            ("\u{c9}", false),
            ("\u{a0}", true),
            ("\u{bb}", true),
            ("\u{20ac}", false),
            ("-11", false),
            ("-", true),
            (":30", false),
            ("/2", false),
            ("+1", false),
            ("_x", false),
            ("@host", true),
            (",5", true),
        ] {
            assert_eq!(closes(text.as_bytes(), 0, false), expected, "{text:?}");
        }
        assert!(closes(b"_a", 0, true) && closes(b"-0001", 0, true) && !closes(b"a", 0, true));
        assert!(!closes(b"\xff", 0, false) && !closes(b"\xe2\x82", 0, false));
    }
}
