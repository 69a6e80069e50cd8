//! Validators that a pack's rule can name: a second look at the value that a regex found.

use crate::check::{digits::Digits, entropy, luhn, mod97};

/// A named check of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Validator {
    /// The digits of the value end in a Luhn check digit (ISO/IEC 7812-1 annex B).
    Luhn,
    /// The value, letters as two digits and the first four moved to the end, is 1 modulo 97
    /// (ISO/IEC 7064, as IBAN uses it).
    Mod97,
    /// At least three bits a character: no word, no counter.
    Entropy,
    /// Holds a letter and a digit.
    Mixed,
}

impl Validator {
    /// The names that packs use.
    pub(crate) const NAMES: [(&'static str, Validator); 4] = [
        ("luhn", Validator::Luhn),
        ("mod97", Validator::Mod97),
        ("entropy", Validator::Entropy),
        ("mixed", Validator::Mixed),
    ];
    /// The validator of that name.
    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(name, _)| *name == id).map(|(_, validator)| *validator)
    }
    /// True if the value passes.
    pub(crate) fn accepts(self, value: &[u8]) -> bool {
        match self {
            Validator::Luhn => Digits::gather(value, |byte| matches!(byte, b' ' | b'-' | b'.'))
                .is_some_and(|digits| digits.len() > 1 && luhn::is_valid(digits.values())),
            Validator::Mod97 => is_mod97(value),
            Validator::Entropy => entropy::bits_per_byte(value) >= 3.0,
            Validator::Mixed => {
                value.iter().any(u8::is_ascii_alphabetic) && value.iter().any(u8::is_ascii_digit)
            }
        }
    }
}

fn is_mod97(value: &[u8]) -> bool {
    let plain: Vec<u8> = value.iter().copied().filter(|byte| !matches!(byte, b' ' | b'-')).collect();
    let (Some(head), Some(tail)) = (plain.get(..4), plain.get(4..)) else { return false };
    let mut rest = 0;
    for byte in tail.iter().chain(head) {
        match mod97::step(rest, *byte) {
            Some(next) => rest = next,
            None => return false,
        }
    }
    !tail.is_empty() && rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validators_accept_right_values_only() {
        for (name, value, expect) in [
            ("luhn", "4111 1111 1111 1111", true),
            ("luhn", "4111 1111 1111 1112", false),
            ("luhn", "", false),
            ("luhn", "0", false),
            ("luhn", "41x1", false),
            ("mod97", "GB82 WEST 1234 5698 7654 32", true),
            ("mod97", "GB82 WEST 1234 5698 7654 33", false),
            ("mod97", "GB82", false),
            ("mod97", "", false),
            ("mod97", "GB82é1", false),
            ("entropy", "aaaaaaaaaaaa", false),
            ("entropy", "k3J9xQ2mZ8pL", true),
            ("entropy", "", false),
            ("mixed", "abc1", true),
            ("mixed", "abc", false),
        ] {
            assert_eq!(Validator::from_id(name).unwrap().accepts(value.as_bytes()), expect, "{name} {value}");
        }
        assert!(Validator::from_id("crc99").is_none());
    }
}
