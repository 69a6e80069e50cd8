//! ISO 7064 MOD 97-10, the check of IBANs and several national numbers.

/// The remainder by 97 of a decimal number given as digit values, most significant first.
pub(crate) fn of_digits(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |rest, &digit| (rest * 10 + u32::from(digit)) % 97)
}

/// One step of the remainder over letters and digits: `A` counts as 10, `Z` as 35, case is ignored.
/// `None` for any other byte.
pub(crate) fn step(rest: u32, byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
        b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
        b'a'..=b'z' => Some((rest * 100 + u32::from(byte - b'a') + 10) % 97),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_letters_agree_with_long_division() {
        assert_eq!(of_digits(&[]), 0);
        assert_eq!(of_digits(&[9, 7]), 0);
        assert_eq!(of_digits(&[1, 2, 3, 4, 5, 6]), 123_456 % 97);
        let letters = b"A1z".iter().try_fold(0, |rest, &b| step(rest, b));
        assert_eq!(letters, Some(10_135 % 97));
        assert_eq!(step(0, b' '), None);
        assert_eq!(step(0, 0xff), None);
    }
}
