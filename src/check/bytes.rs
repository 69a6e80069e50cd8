//! Eight bytes of text at once, as a number whose lowest byte stands first.

const ONES: u64 = 0x0101_0101_0101_0101;
const TOP: u64 = 0x8080_8080_8080_8080;

/// Which bytes are among `some`.
pub(crate) const fn table(some: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut i = 0;
    while i < some.len() {
        table[some[i] as usize] = true;
        i += 1;
    }
    table
}

/// The top bit of each byte that equals `byte`. Of bytes behind the first such one it may be set
/// wrongly, so it says whether one does and where the first one stands.
#[inline(always)]
pub(crate) fn equal(bytes: u64, byte: u8) -> u64 {
    let other = bytes ^ (ONES * u64::from(byte));
    other.wrapping_sub(ONES) & !other & TOP
}

/// Whether `is_any` holds of some eight bytes of the text, which together are all of it. `is_any` says
/// whether some of its bytes are of a kind that NUL is not of.
#[inline(always)]
pub(crate) fn any(text: &[u8], is_any: impl Fn(u64) -> bool) -> bool {
    let (chunks, rest) = text.as_chunks::<8>();
    let mut any = false;
    for eight in chunks {
        any |= is_any(u64::from_le_bytes(*eight));
    }
    match (text.last_chunk::<8>(), rest.is_empty()) {
        (_, true) => any,
        (Some(eight), false) => any | is_any(u64::from_le_bytes(*eight)),
        (None, false) => {
            let mut eight = [0; 8];
            eight[..rest.len()].copy_from_slice(rest);
            is_any(u64::from_le_bytes(eight))
        }
    }
}

/// How many letters eight bytes end with, at most eight.
#[inline(always)]
pub(crate) fn letters_at_end(bytes: u64) -> usize {
    // letters become 1 to 26; nothing carries from one byte to the next
    let place = (bytes | (ONES * 0x20)) ^ (ONES * 0x60);
    let low = place & !TOP;
    let is_letter = (low + ONES * 0x7f) & !(low + ONES * 0x65) & !place & TOP;
    (!is_letter & TOP).leading_zeros() as usize / 8
}

/// Whether some byte is no hex digit.
#[inline(always)]
pub(crate) fn has_no_hex(bytes: u64) -> bool {
    let low = bytes & !TOP;
    let folded = low | (ONES * 0x20);
    let is_digit = (low + ONES * 0x50) & !(low + ONES * 0x46);
    let is_letter = (folded + ONES * 0x1f) & !(folded + ONES * 0x19);
    (is_digit | is_letter) & !bytes & TOP != TOP
}

/// The top bit of each byte that is neither a letter nor a digit.
#[inline(always)]
pub(crate) fn no_alphanumeric(bytes: u64) -> u64 {
    let low = bytes & !TOP;
    let folded = low | (ONES * 0x20);
    let is_digit = (low + ONES * 0x50) & !(low + ONES * 0x46);
    let is_letter = (folded + ONES * 0x1f) & !(folded + ONES * 0x05);
    (!(is_digit | is_letter) | bytes) & TOP
}

/// Bit 6 of each byte that is a small letter, of bytes that are letters, digits and `_`.
#[inline(always)]
pub(crate) fn small_letters(bytes: u64) -> u64 {
    bytes & bytes << 1 & (ONES * 0x40)
}

/// The top bit of each byte that is neither a hex digit nor a colon.
#[inline(always)]
pub(crate) fn no_hex_group(bytes: u64) -> u64 {
    let low = bytes & !TOP;
    let folded = low | (ONES * 0x20);
    // a colon follows the nine
    let is_digit = (low + ONES * 0x50) & !(low + ONES * 0x45);
    let is_letter = (folded + ONES * 0x1f) & !(folded + ONES * 0x19);
    (!(is_digit | is_letter) | bytes) & TOP
}

/// How many digits the text starts with; past 24 it need not count on.
#[inline(always)]
pub(crate) fn digits(text: &[u8]) -> usize {
    let mut count = 0;
    for eight in text.as_chunks::<8>().0.iter().take(3) {
        let others = no_digits(u64::from_le_bytes(*eight));
        if others != 0 {
            return count + others.trailing_zeros() as usize / 8;
        }
        count += 8;
    }
    count + text[count..].iter().take(8).take_while(|byte| byte.is_ascii_digit()).count()
}

/// Some bits of each byte that is no digit. Those of bytes behind the first such one mean nothing.
#[inline(always)]
pub(crate) fn no_digits(bytes: u64) -> u64 {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    ((bytes & HIGH) ^ (ONES * 0x30)) | ((bytes.wrapping_add(ONES * 0x06) & HIGH) ^ (ONES * 0x30))
}

/// How many of the eight bytes are digits, counted from the highest one down.
#[inline(always)]
pub(crate) fn digits_at_end(bytes: u64) -> usize {
    let low = bytes & !TOP;
    let is_digit = (low + ONES * 0x50) & !(low + ONES * 0x46) & !bytes & TOP;
    (is_digit ^ TOP).leading_zeros() as usize / 8
}

/// Of sixteen bytes those that `is` takes, as the lowest bit of each. Without branches in `is` the compiler makes
/// a few comparisons of it.
#[inline(always)]
pub(crate) fn sixteen(some: &[u8; 16], is: impl Fn(u8) -> bool) -> u128 {
    let mut taken = [0; 16];
    for i in 0..16 {
        taken[i] = u8::from(is(some[i]));
    }
    u128::from_le_bytes(taken)
}

/// Where `needle` stands last in a line. Beside a search that is set up first it is the quicker one for a
/// needle whose first byte is rare there.
#[inline]
pub(crate) fn rfind(line: &[u8], needle: &[u8]) -> Option<usize> {
    let mut end = line.len();
    while let Some(at) = memchr::memrchr(*needle.first()?, &line[..end]) {
        if line[at..].starts_with(needle) {
            return Some(at);
        }
        end = at;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_needle_is_found() {
        for (line, needle, at) in [
            ("H=a H=b", "H=", Some(4)),
            ("H=a", "H=", Some(0)),
            ("HHH", "H=", None),
            ("", "H=", None),
            ("aaab", "aab", Some(1)),
            ("x", "", None),
        ] {
            assert_eq!(rfind(line.as_bytes(), needle.as_bytes()), at, "{line}");
        }
    }

    fn capitals(byte: u8, place: usize) -> [u8; 8] {
        let mut eight = *b"A0Z9_B1Y";
        eight[place] = byte;
        eight
    }

    #[test]
    fn letters_and_hex_digits_are_told() {
        for byte in 0..=255u8 {
            for place in 0..8 {
                let mut digits = *b"01928374";
                digits[place] = byte;
                let count = digits.iter().rev().take_while(|b| b.is_ascii_digit()).count();
                assert_eq!(digits_at_end(u64::from_le_bytes(digits)), count, "{byte} {place}");
                let (mut letters, mut hex) = (*b"aZbYcXdW", *b"0a9Ff5A3");
                (letters[place], hex[place]) = (byte, byte);
                let count = letters.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
                assert_eq!(letters_at_end(u64::from_le_bytes(letters)), count, "{byte} {place}");
                assert_eq!(has_no_hex(u64::from_le_bytes(hex)), !byte.is_ascii_hexdigit(), "{byte} {place}");
                if byte.is_ascii_alphanumeric() || byte == b'_' {
                    let small = if byte.is_ascii_lowercase() { 0x40 << (8 * place) } else { 0 };
                    assert_eq!(small_letters(u64::from_le_bytes(capitals(byte, place))), small);
                }
                let word = u64::from_le_bytes(letters);
                let other = if byte.is_ascii_alphanumeric() { 0 } else { 0x80 << (8 * place) };
                assert_eq!(no_alphanumeric(word), other, "{byte} {place}");
                let other = if byte.is_ascii_hexdigit() || byte == b':' { 0 } else { 0x80 << (8 * place) };
                assert_eq!(no_hex_group(u64::from_le_bytes(hex)), other, "{byte} {place}");
            }
        }
    }

    #[test]
    fn digits_are_counted() {
        for length in 0..34 {
            for byte in 0..=255u8 {
                let mut text = vec![b'0' + (length % 10) as u8; length];
                text.push(byte);
                text.extend_from_slice(b"7/7:7\xff7");
                let expect = text.iter().take_while(|b| b.is_ascii_digit()).count();
                let counted = digits(&text);
                assert!(counted == expect || counted >= 24 && expect >= 24, "{length} {byte}");
                assert_eq!(digits(&text[..length]).min(24), length.min(24));
            }
        }
    }

    #[test]
    fn the_first_equal_byte_is_told() {
        for byte in 0..=255u8 {
            for other in [byte ^ 1, byte.wrapping_sub(1), byte ^ 0x80, 0, 255] {
                let other = if other == byte { !byte } else { other };
                for place in 0..8 {
                    let mut eight = [other; 8];
                    assert_eq!(equal(u64::from_le_bytes(eight), byte), 0, "{byte} {other}");
                    eight[place] = byte;
                    let found = equal(u64::from_le_bytes(eight), byte);
                    assert_eq!(found.trailing_zeros() as usize / 8, place, "{byte} {other}");
                }
            }
        }
    }

    #[test]
    fn every_byte_of_a_text_is_looked_at() {
        let text = [b'x'; 40];
        for length in 0..40 {
            assert!(!any(&text[..length], |eight| equal(eight, b'*') != 0));
            for place in 0..length {
                let mut text = text;
                text[place] = b'*';
                assert!(any(&text[..length], |eight| equal(eight, b'*') != 0), "{length} {place}");
            }
        }
    }
}
