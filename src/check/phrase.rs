//! Where unquoted words end: before the next key, a delimiter, two blanks.

/// The value without white space around it, as a range.
pub(crate) fn trimmed(value: &[u8]) -> (usize, usize) {
    let start = value.len() - value.trim_ascii_start().len();
    (start, start + value.trim_ascii().len())
}

/// Where an unquoted run of words at the start of `value` must end at the latest; trailing blanks and
/// stops are left out. With `comma` a comma ends it too.
pub(crate) fn limit(value: &[u8], comma: bool) -> usize {
    let at_byte = |at: usize| value.get(at).copied().unwrap_or(b'\n');
    let mut at = 0;
    while at < value.len() {
        let next = at_byte(at + 1);
        let ends = match at_byte(at) {
            b'\n' | b'\r' | b'\t' | b';' | b'|' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'<' | b'>'
            | b'"' | b'`' | b'&' => true,
            b',' => comma || starts_key(value, at + 1 + usize::from(next == b' ')),
            b'\'' => {
                !(at > 0 && is_wordy(at_byte(at - 1)) && (is_wordy(next) || next == b'\''))
                    && at_byte(at.wrapping_sub(1)) != b'\''
            }
            b'\\' => matches!(next, b'n' | b'r' | b't' | b'"' | b'\\'),
            b' ' => {
                next == b' '
                    || starts_key(value, at + 1)
                    || starts_label(value, at + 1)
                    || starts_field(value, at + 1)
                    || value.get(at + 1..at + 6) == Some(b"HTTP/")
                    || (matches!(next, b'-' | b'=' | b'/' | b'>') && matches!(at_byte(at + 2), b' ' | b'>'))
            }
            _ => false,
        };
        if ends {
            break;
        }
        at += 1;
    }
    let mut end = at;
    while end > 0 && matches!(at_byte(end - 1), b' ' | b',' | b':' | b'!' | b'?') {
        end -= 1;
    }
    // a sentence's stop, unless it belongs to an initial or abbreviation before
    if end > 1 && at_byte(end - 1) == b'.' && !value.get(..end - 1).is_some_and(ends_in_short_word) {
        end -= 1;
    }
    end
}

/// True if a key and its separator start at `at`: `key=`, `key: `, `key : `.
pub(crate) fn starts_key(value: &[u8], at: usize) -> bool {
    let rest = value.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        .take(41)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.') || **b >= 0x80)
        .count();
    if length == 0
        || length > 40
        || !rest.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_' || *b >= 0x80)
    {
        return false;
    }
    match (rest.get(length), rest.get(length + 1)) {
        (Some(b'='), _) => true,
        (Some(b':'), after) => matches!(after, None | Some(b' ' | b'"' | b'\'' | b'\n')),
        (Some(b' '), Some(b'=' | b':')) => matches!(rest.get(length + 2), None | Some(b' ')),
        _ => false,
    }
}

/// True if a field of a struct and its value start at `at`, as Go prints them: `{Street:Am Markt 1 PostalCode:99084}`.
fn starts_field(value: &[u8], at: usize) -> bool {
    let rest = value.get(at..).unwrap_or_default();
    let length = rest.iter().take(41).take_while(|b| b.is_ascii_alphanumeric()).count();
    (3..=40).contains(&length)
        && rest.first().is_some_and(u8::is_ascii_uppercase)
        && rest.get(1).is_some_and(u8::is_ascii_lowercase)
        && rest.get(length) == Some(&b':')
        && rest.get(length + 1).is_some_and(|b| !matches!(b, b':' | b'/' | b'\\'))
}

/// True if a label of more than one word in the events of Windows starts at `at`.
fn starts_label(value: &[u8], at: usize) -> bool {
    const LABELS: [&[u8]; 15] = [
        b"AAA profile=",
        b"User Principal Name:",
        b"User Workstations:",
        b"Home Directory:",
        b"Home Drive:",
        b"Script Path:",
        b"Profile Path:",
        b"Account Domain:",
        b"Account Name:",
        b"Logon ID:",
        b"Logon GUID:",
        b"Security ID:",
        b"Workstation Name:",
        b"Source Network Address:",
        b"Process Name:",
    ];
    let rest = value.get(at..).unwrap_or_default();
    rest.first().is_some_and(u8::is_ascii_uppercase) && LABELS.iter().any(|label| rest.starts_with(label))
}

/// A byte of a word: letters, digits, anything beyond ASCII.
fn is_wordy(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Ends in a word of at most three letters: `Jane Q`, `Av`, `Jr`.
fn ends_in_short_word(text: &[u8]) -> bool {
    let letters = text.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    (1..=3).contains(&letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_words() {
        for (value, comma, expected) in [
            ("Anna last_name=Berg", true, "Anna"),
            ("Anna Maria Berg", true, "Anna Maria Berg"),
            ("Anna, active=true}", true, "Anna"),
            ("Am Markt 5, 1010 Wien", false, "Am Markt 5, 1010 Wien"),
            ("Am Markt 5, total: 3", false, "Am Markt 5"),
            ("Anna  x", true, "Anna"),
            ("O'Connor' rest", true, "O'Connor"),
            ("Anna - done", true, "Anna"),
            ("Anna Schmidt.", true, "Anna Schmidt"),
            ("Jane Q. Public", true, "Jane Q. Public"),
            ("Anna)", true, "Anna"),
            ("Anna&x=1", true, "Anna"),
            ("Marie Curie prénom : x", true, "Marie Curie"),
            ("Am Markt 1 PostalCode:99084 City:Erfurt", false, "Am Markt 1"),
            ("Am Markt 1 C:\\x", false, "Am Markt 1 C:\\x"),
            ("", true, ""),
            (" ", true, ""),
        ] {
            assert_eq!(&value[..limit(value.as_bytes(), comma)], expected, "{value:?}");
        }
        assert_eq!(limit(b"\xff\xff", true), 2);
    }
}
