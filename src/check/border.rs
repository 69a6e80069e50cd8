//! Borders of numbers: whether a number stands alone or is a piece of a longer word, float, path or id.

/// True if a number that starts at `at` is not the tail of something longer.
///
/// A line feed and the start of the text are borders; a letter, digit, `_`, `-`, `%`, or a dot after
/// a letter or digit are not.
pub(crate) fn open_before(text: &[u8], at: usize) -> bool {
    let Some(last) = at.checked_sub(1).and_then(|i| text.get(i)) else { return at == 0 };
    match last {
        b'_' | b'-' | b'%' => false,
        b'.' => !at.checked_sub(2).and_then(|i| text.get(i)).is_some_and(u8::is_ascii_alphanumeric),
        byte => !byte.is_ascii_alphanumeric(),
    }
}

/// True if a number that ends before `end` is not the head of something longer.
///
/// Percent escapes count as the byte they stand for.
pub(crate) fn open_after(text: &[u8], end: usize) -> bool {
    let word_at = |i: usize| text.get(i).is_some_and(u8::is_ascii_alphanumeric);
    match text.get(end) {
        None => true,
        Some(b'_' | b'@') => false,
        Some(b'-' | b'.') => !word_at(end + 1),
        Some(b'%') => escaped(text, end).is_some_and(|byte| {
            !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'.' | b'@' | b'%')
        }),
        Some(byte) => !byte.is_ascii_alphanumeric(),
    }
}

/// True if a unit of size or time follows the number: it counts something and names nobody.
pub(crate) fn is_measured(text: &[u8], end: usize) -> bool {
    const UNITS: [&[u8]; 11] =
        [b"bytes", b"byte", b"b", b"kb", b"ms", b"us", b"ns", b"ticks", b"rows", b"blocks", b"sectors"];
    if text.get(end) != Some(&b' ') {
        return false;
    }
    let rest = text.get(end + 1..).unwrap_or_default();
    let length = rest.iter().take(8).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    // `card=4111111111111111 b=2`: the next key
    let is_key = match rest.get(length..) {
        Some([b'=' | b'_', ..]) => true,
        Some([b':', next, ..]) => !matches!(next, b' ' | b'\n'),
        _ => false,
    };
    !is_key && rest.get(..length).is_some_and(|word| UNITS.iter().any(|unit| word.eq_ignore_ascii_case(unit)))
}

/// The byte that the percent escape at `at` stands for.
fn escaped(text: &[u8], at: usize) -> Option<u8> {
    let high = char::from(*text.get(at + 1)?).to_digit(16)?;
    let low = char::from(*text.get(at + 2)?).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before() {
        for (text, open) in [
            ("12", true),
            (" 12", true),
            ("\n12", true),
            ("=12", true),
            (",12", true),
            ("x12", false),
            ("_12", false),
            ("-12", false),
            ("%12", false),
            ("0.12", false),
            (".12", true),
            (" .12", true),
        ] {
            assert_eq!(open_before(text.as_bytes(), text.len() - 2), open, "{text:?}");
        }
    }

    #[test]
    fn measured() {
        for (text, expected) in [
            ("12 bytes", true),
            ("12 MS,", true),
            ("12 b", true),
            ("12 byteses", false),
            ("12", false),
            ("12 ", false),
            ("12bytes", false),
        ] {
            assert_eq!(is_measured(text.as_bytes(), 2), expected, "{text:?}");
        }
    }

    #[test]
    fn after() {
        for (text, open) in [
            ("12", true),
            ("12 ", true),
            ("12\n", true),
            ("12.", true),
            ("12. ", true),
            ("12.5", false),
            ("12-", true),
            ("12-a", false),
            ("12_", false),
            ("12a", false),
            ("12%", false),
            ("12%20x", true),
            ("12%2", false),
            ("12%41", false),
            ("12@x", false),
        ] {
            assert_eq!(open_after(text.as_bytes(), 2), open, "{text:?}");
        }
    }
}
