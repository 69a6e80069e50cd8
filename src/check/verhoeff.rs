//! The Verhoeff check (dihedral group of order ten), used by Aadhaar and Luxembourg's number.

const MULTIPLY: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

const PERMUTE: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/// True if digit values, the check digit last, pass. An empty sequence does not.
pub(crate) fn is_valid(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let mut seen = false;
    let sum = digits.rev().enumerate().fold(0u8, |sum, (place, digit)| {
        seen = true;
        let permuted = PERMUTE[place % 8][usize::from(digit % 10)];
        MULTIPLY[usize::from(sum)][usize::from(permuted)]
    });
    seen && sum == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_check_digit_of_ten_is_right_and_swaps_are_seen() {
        assert!(is_valid([2, 3, 6, 3].into_iter()));
        assert!(!is_valid([3, 2, 6, 3].into_iter()));
        assert!(!is_valid([].into_iter()));
        let good = (0..10).filter(|&last| is_valid([1, 2, 3, 4, 5, last].into_iter()));
        assert_eq!(good.collect::<Vec<_>>(), vec![1]);
    }
}
