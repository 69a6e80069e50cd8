//! Shannon entropy of bytes: how unlike a word something is.

/// Entropy in bits per byte: 0 for nothing or one repeated byte, at most 8, and at most the binary
/// logarithm of the length.
pub(crate) fn bits_per_byte(text: &[u8]) -> f32 {
    let mut counts = [0u32; 256];
    for &byte in text {
        counts[usize::from(byte)] += 1;
    }
    let total = text.len() as f32;
    let part = |&count: &u32| {
        let share = count as f32 / total;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count != 0).map(part).sum::<f32>().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        for (text, bits) in [("", 0.0), ("aaaa", 0.0), ("abab", 1.0), ("abcd", 2.0), ("aab\n", 1.5)] {
            assert!((bits_per_byte(text.as_bytes()) - bits).abs() < 1e-5, "{text}");
        }
        let all: Vec<u8> = (0..=255).collect();
        assert!((bits_per_byte(&all) - 8.0).abs() < 1e-4);
    }
}
