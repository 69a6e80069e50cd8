//! Days that exist, for numbers that hold a date of birth.

/// True if that day exists in the Gregorian calendar. Two-digit years pass as years 0 to 99, where
/// 29 February exists in every fourth year.
pub(crate) fn is_date(year: u64, month: u64, day: u64) -> bool {
    let leap =
        year.is_multiple_of(4) && (year < 100 || !year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_months() {
        for (year, month, day, exists) in [
            (2000, 2, 29, true),
            (1900, 2, 29, false),
            (0, 2, 29, true),
            (99, 2, 29, false),
            (2023, 4, 31, false),
            (2023, 12, 31, true),
            (2023, 0, 1, false),
            (2023, 13, 1, false),
            (2023, 1, 0, false),
        ] {
            assert_eq!(is_date(year, month, day), exists, "{year}-{month}-{day}");
        }
    }
}
