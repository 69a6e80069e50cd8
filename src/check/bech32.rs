//! Bech32 and Bech32m (BIP 173, BIP 350): the checksum of segregated-witness addresses.

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// What the checksum comes to for each of the two encodings.
const BECH32: u32 = 1;
const BECH32M: u32 = 0x2bc8_30a3;

/// True if `text` is a witness address: a prefix, `1`, a version, a program of the length that the
/// version asks for, and the checksum of its encoding. Upper or lower case, not mixed.
pub(crate) fn is_witness_address(text: &[u8]) -> bool {
    let upper = text.iter().any(u8::is_ascii_uppercase);
    if text.len() > 90 || (upper && text.iter().any(u8::is_ascii_lowercase)) {
        return false;
    }
    let Some(split) = text.iter().rposition(|byte| *byte == b'1') else { return false };
    let (Some(prefix), Some(data)) = (text.get(..split), text.get(split + 1..)) else { return false };
    let Some(version) = data.first().and_then(|byte| symbol(*byte)) else { return false };
    // Six symbols of checksum and one of version; the program in groups of five bits.
    let Some(symbols) = data.len().checked_sub(7) else { return false };
    let bytes = symbols * 5 / 8;
    let padded = (symbols * 5) % 8 < 5;
    let fits =
        if version == 0 { matches!(bytes, 20 | 32) } else { version <= 16 && (2..=40).contains(&bytes) };
    let wanted = if version == 0 { BECH32 } else { BECH32M };
    !prefix.is_empty() && padded && fits && checksum(prefix, data) == Some(wanted)
}

fn symbol(byte: u8) -> Option<u32> {
    let place = ALPHABET.iter().position(|known| *known == byte.to_ascii_lowercase())?;
    u32::try_from(place).ok()
}

fn checksum(prefix: &[u8], data: &[u8]) -> Option<u32> {
    let lower = || prefix.iter().map(|byte| u32::from(byte.to_ascii_lowercase()));
    let mut sum = 1;
    for value in lower().map(|byte| byte >> 5).chain([0]).chain(lower().map(|byte| byte & 31)) {
        sum = step(sum, value);
    }
    data.iter().try_fold(sum, |sum, byte| Some(step(sum, symbol(*byte)?)))
}

fn step(sum: u32, value: u32) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let top = sum >> 25;
    let shifted = (sum & 0x1ff_ffff) << 5 ^ value;
    GENERATOR
        .iter()
        .enumerate()
        .fold(shifted, |sum, (bit, word)| if top >> bit & 1 == 1 { sum ^ word } else { sum })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_proposals() {
        for text in [
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ] {
            assert!(is_witness_address(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "1",
            "bc1",
            "bc1gmk9yu",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3tO",
            "bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            // Version 1 with the checksum of the older encoding.
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        ] {
            assert!(!is_witness_address(text.as_bytes()), "{text}");
        }
        assert!(!is_witness_address(b"\xff1\xff"));
    }
}
