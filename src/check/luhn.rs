//! The Luhn check (ISO/IEC 7812-1 annex B), used by cards, IMEIs, ICCIDs and many national ids.

/// True if the digits, the check digit last, pass the Luhn check. An empty slice does not.
///
/// `digits` holds values 0 to 9, not ASCII.
pub(crate) fn is_valid(digits: &[u8]) -> bool {
    // the low half of an ASCII digit is its value
    is_valid_ascii(digits)
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

const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
const ONES: u64 = 0x0101_0101_0101_0101;

/// The same for ASCII digits, eight at a time: the check that turns most runs of digits away.
pub(crate) fn is_valid_ascii(digits: &[u8]) -> bool {
    let (head, eights) = digits.as_rchunks::<8>();
    // the digits before them are the lowest bytes of the first eight of all; copied to eight of their own
    // they would be waited for
    let first = match digits.first_chunk::<8>() {
        Some(first) => u64::from_le_bytes(*first),
        None => head.iter().rev().fold(0, |eight, digit| eight << 8 | u64::from(*digit)),
    };
    let head = first.checked_shl(64 - 8 * head.len() as u32).unwrap_or(0);
    let total =
        eights.iter().map(|eight| eight_sum(u64::from_le_bytes(*eight))).sum::<u64>() + eight_sum(head);
    !digits.is_empty() && total.is_multiple_of(10)
}

/// The Luhn sum of eight ASCII digits, the last one highest.
fn eight_sum(ascii: u64) -> u64 {
    let digits = ascii & (ONES * 0x0f);
    let doubled = (digits & EVEN) << 1;
    // the top bit of each byte that came to ten and more
    let tens = ((doubled + EVEN / 255 * 0x76) >> 7) & (EVEN / 255);
    let sum = (digits & !EVEN) + doubled - tens * 9;
    sum.wrapping_mul(ONES) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_at_a_time_is_the_same() {
        let mut number = 0u128;
        for length in 0..=24 {
            for _ in 0..200 {
                number = number.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).wrapping_add(0x5851);
                let text: String = format!("{number:039}").chars().take(length).collect();
                assert_eq!(is_valid_ascii(text.as_bytes()), is_valid(&values(&text)), "{text}");
            }
        }
    }

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
