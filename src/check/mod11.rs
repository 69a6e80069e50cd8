//! Weighted sums and the ISO 7064 checks with modulus 11, the base of most national numbers.

/// The sum of digits times weights, place by place; ends with the shorter of the two.
pub(crate) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(&digit, &weight)| u32::from(digit) * weight).sum()
}

/// ISO 7064 MOD 11,10: true if digit values, the check digit last, pass. Needs two digits.
pub(crate) fn is_valid_11_10(digits: &[u8]) -> bool {
    let Some((&check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10u32, |product, &digit| {
        let sum = (product + u32::from(digit)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    !body.is_empty() && (11 - product) % 10 == u32::from(check)
}

/// ISO 7064 MOD 11-2: the check value 0 to 10 (10 is written `X`) behind digit values.
pub(crate) fn check_11_2(digits: &[u8]) -> u32 {
    let sum = digits.iter().fold(0, |sum, &digit| (sum + u32::from(digit)) * 2 % 11);
    (12 - sum) % 11
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums() {
        assert_eq!(weighted(&[1, 2, 3], &[3, 2, 1]), 10);
        assert_eq!(weighted(&[], &[3]), 0);
    }

    #[test]
    fn hybrid_system() {
        // The example of ISO 7064: 0794 with check digit 5.
        assert!(is_valid_11_10(&[0, 7, 9, 4, 5]));
        assert!(!is_valid_11_10(&[0, 7, 9, 4, 6]));
        assert!(!is_valid_11_10(&[]));
        assert!(!is_valid_11_10(&[1]));
    }

    #[test]
    fn pure_system() {
        // The example of ISO 7064: 0794 with check 0.
        assert_eq!(check_11_2(&[0, 7, 9, 4]), 0);
        assert_eq!(check_11_2(&[0, 7, 9]), 10);
    }
}
