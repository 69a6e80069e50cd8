//! The Luhn check (ISO/IEC 7812-1 annex B), used by cards, IMEIs, ICCIDs and many national ids.

/// True if the digits, the check digit last, pass the Luhn check. An empty slice does not.
///
/// `digits` holds values 0 to 9, not ASCII.
pub(crate) fn is_valid(digits: &[u8]) -> bool {
    !digits.is_empty() && sum(digits).is_multiple_of(10)
}

/// The Luhn sum of digits whose last one is the check digit.
pub(crate) fn sum(digits: &[u8]) -> u32 {
    const DOUBLED: [u8; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let mut total = 0u32;
    let mut double = false;
    for &digit in digits.iter().rev() {
        let digit = digit % 10;
        total += u32::from(if double { DOUBLED[usize::from(digit)] } else { digit });
        double = !double;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<u8> {
        text.bytes().map(|b| b - b'0').collect()
    }

    #[test]
    fn published_examples_pass_and_every_single_change_fails() {
        for text in ["4111111111111111", "79927398713", "378282246310005", "18", "0"] {
            let good = values(text);
            assert!(is_valid(&good), "{text}");
            for place in 0..good.len() {
                let mut bad = good.clone();
                bad[place] = (bad[place] + 1) % 10;
                assert!(!is_valid(&bad), "{text} changed at {place}");
            }
        }
    }

    #[test]
    fn empty_is_not_valid() {
        assert!(!is_valid(&[]));
    }
}
