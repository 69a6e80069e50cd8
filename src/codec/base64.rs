//! Base64 (RFC 4648 sections 4 and 5) of text: a cheap look at the first bytes, and the decoding.

/// How many symbols the cheap look takes.
const LOOK_SYMBOLS: usize = 16;

/// Whether a run of symbols starts with what decodes to printable text. Chance lets one of 100,000
/// random runs pass.
#[inline]
pub(crate) fn may_be_text(run: &[u8]) -> bool {
    let head = &run[..run.len().min(LOOK_SYMBOLS)];
    // a group's first symbol holds the high bits of its first byte: digits and half of the letters are
    // turned away by it
    head.as_chunks::<4>().0.iter().all(|four| OPENS_TEXT[usize::from(four[0])]) && is_text_in_base64(head)
}

/// Symbols that the first bytes of groups with printable text have.
static OPENS_TEXT: [bool; 256] = {
    let mut opens = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        opens[byte] = matches!(VALUES[byte], 2 | 3 | 8..32);
        byte += 1;
    }
    opens
};

#[inline(never)]
fn is_text_in_base64(head: &[u8]) -> bool {
    head.as_chunks::<4>().0.iter().all(|four| {
        let values = four.map(|byte| VALUES[usize::from(byte)]);
        let bits = values.iter().fold(0u32, |bits, value| bits << 6 | u32::from(*value & 63));
        let is_code = values.iter().all(|value| *value < 64);
        is_code && [bits >> 16, bits >> 8, bits].into_iter().all(|byte| is_printable(byte as u8))
    })
}

/// The value of each symbol of either alphabet, 64 for other bytes.
static VALUES: [u8; 256] = {
    let mut values = [64; 256];
    let mut byte = 0;
    while byte < 256 {
        if let Some(value) = symbol(byte as u8) {
            values[byte] = value;
        }
        byte += 1;
    }
    values
};

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

/// Whether decoded bytes are text: UTF-8 without control characters.
pub(crate) fn is_text(decoded: &[u8]) -> bool {
    decoded.iter().all(|byte| is_printable(*byte) || *byte >= 0x80)
        && std::str::from_utf8(decoded).map_or_else(|e| e.error_len().is_none(), |_| true)
}

/// The value of a symbol of either alphabet.
const fn symbol(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// The decoded bytes, padding optional; `None` if it is none.
pub(crate) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let body = text.iter().rposition(|b| *b != b'=').map_or(0, |p| p + 1);
    if text.len() - body > 2 {
        return None;
    }
    let url_safe = memchr::memchr2(b'-', b'_', &text[..body]).is_some();
    let alphabet = if url_safe { data_encoding::BASE64URL_NOPAD } else { data_encoding::BASE64_NOPAD };
    alphabet.decode(&text[..body]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_chance() {
        for (run, text) in [
            ("eyJlbWFpbCI6ImFubmEu", true),
            ("YW5uYUBleGFtcGxlLmNvbQ==", true),
            ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB", false),
            ("d41d8cd98f00b204e9800998ecf8427e", false),
            ("AbstractAutowireCapableBeanFactory", false),
            ("0000000000000000", false),
            ("usr/lib/x86_64-linux-gnu", false),
        ] {
            assert_eq!(may_be_text(run.as_bytes()), text, "{run}");
        }
        assert!(may_be_text(b""));
    }

    #[test]
    fn decoding() {
        assert_eq!(base64(b"YWI=").unwrap(), b"ab");
        assert_eq!(base64(b"YWI").unwrap(), b"ab");
        assert_eq!(base64(b"").unwrap(), b"");
        assert_eq!(base64(b"_-8").unwrap(), base64(b"/+8=").unwrap());
        assert!(base64(b"a").is_none() && base64(b"a===").is_none() && base64(b"a b=").is_none());
    }
}
