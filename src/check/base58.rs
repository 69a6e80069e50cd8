//! Base58Check (Bitcoin): base 58 without look-alike letters, a version byte and a double SHA-256 check.

use sha2::{Digest, Sha256};

/// Bytes of a decoded address: version, 20 bytes of hash, four check bytes.
const LENGTH: usize = 25;

/// The version byte of a 25-byte Base58Check address whose four check bytes are right.
///
/// `None` for any other length or symbol. Costs two SHA-256 blocks when length and symbols are right.
pub(crate) fn version(text: &[u8]) -> Option<u8> {
    let bytes = decode(text)?;
    let (payload, check) = bytes.split_at_checked(LENGTH - 4)?;
    let digest = Sha256::digest(Sha256::digest(payload));
    (digest.get(..4) == Some(check)).then(|| payload.first().copied())?
}

/// True for the 58 symbols: digits and letters without `0`, `O`, `I` and `l`.
pub(crate) fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l')
}

/// The value of a symbol, by its place in the alphabet: digits, capitals, small letters.
fn value(byte: u8) -> Option<u32> {
    let place = match byte {
        b'1'..=b'9' => byte - b'1',
        b'A'..=b'H' => byte - b'A' + 9,
        b'J'..=b'N' => byte - b'J' + 17,
        b'P'..=b'Z' => byte - b'P' + 22,
        b'a'..=b'k' => byte - b'a' + 33,
        b'm'..=b'z' => byte - b'm' + 44,
        _ => return None,
    };
    Some(u32::from(place))
}

/// Decodes 26 to 35 symbols to exactly 25 bytes; each leading `1` must be a leading zero byte.
fn decode(text: &[u8]) -> Option<[u8; LENGTH]> {
    if !(26..=35).contains(&text.len()) {
        return None;
    }
    // Seven 32-bit limbs, the least significant first, hold 28 bytes.
    let mut limbs = [0u32; 7];
    for &byte in text {
        let mut carry = u64::from(value(byte)?);
        for limb in &mut limbs {
            let product = u64::from(*limb) * 58 + carry;
            *limb = (product & 0xffff_ffff) as u32;
            carry = product >> 32;
        }
        if carry != 0 {
            return None;
        }
    }
    let mut wide = [0u8; 28];
    for (chunk, limb) in wide.chunks_mut(4).zip(limbs.iter().rev()) {
        chunk.copy_from_slice(&limb.to_be_bytes());
    }
    let (spill, bytes) = wide.split_at_checked(28 - LENGTH)?;
    let leading_ones = text.iter().take_while(|byte| **byte == b'1').count();
    let leading_zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    if spill.iter().any(|byte| *byte != 0) || leading_ones != leading_zeros {
        return None;
    }
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_addresses() {
        for (text, expected) in [
            ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Some(0x00)),
            ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", Some(0x05)),
            ("1111111111111111111114oLvT2", Some(0x00)),
            ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", None),
            ("A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", None),
            ("11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", None),
            ("0A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", None),
            ("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", None),
            ("", None),
        ] {
            assert_eq!(version(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn alphabet_has_58_symbols_in_order() {
        let symbols: Vec<u8> = (0..=255).filter(|byte| is_symbol(*byte)).collect();
        let places: Vec<_> = symbols.iter().map(|byte| value(*byte)).collect();
        assert_eq!(places, (0..58).map(Some).collect::<Vec<_>>());
    }
}
