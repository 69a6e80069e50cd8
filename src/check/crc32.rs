//! Checksums at the end of tokens: the CRC-32 of what stands before, in base 62, as GitHub and npm write it.

/// Symbols of the checksum.
const SYMBOLS: usize = 6;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// True if the last six symbols of `body` are the CRC-32 (ISO/IEC 3309, reflected, as in zip) of those before
/// in base 62 with leading zeros. False for a body without anything before.
pub(crate) fn ends_with_checksum(body: &[u8]) -> bool {
    let Some((head, check)) = body.split_last_chunk::<SYMBOLS>() else { return false };
    let value = check.iter().try_fold(0u64, |value, symbol| {
        let digit = ALPHABET.iter().position(|known| known == symbol)?;
        Some(value * 62 + digit as u64)
    });
    !head.is_empty() && value == Some(u64::from(crc32(head)))
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_hold_or_not() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926); // the check value of CRC-32/ISO-HDLC
        for (body, holds) in [
            // the token that GitHub shows in its description of the format
            ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", true),
            ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18", false),
            ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkK0mLq17", false),
            ("000000", false),
            ("", false),
            ("zzzzzzzz", false),
            ("abc______", false),
        ] {
            assert_eq!(ends_with_checksum(body.as_bytes()), holds, "{body}");
        }
    }
}
