//! Dates of birth under their keys: every usual order, ISO timestamps, years, months and days alone.

use crate::check::calendar::is_date;
use crate::check::phrase::starts_key;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::DOB;

/// Years in which somebody alive or in the records was born.
const YEARS: std::ops::RangeInclusive<u64> = 1850..=2100;

/// Seconds of the largest epoch that is taken, in milliseconds: the end of 2100.
const MAX_EPOCH_MS: u64 = 4_133_980_800_000;

/// The date at the start of a value.
///
/// Numeric dates in any order (`1985-07-09`, `09.07.1985`, `7/9/85`, `19850709`), with a month's name
/// (`9 July 1985`, `Jul 9, 1985`), ISO timestamps whole, an epoch (six to thirteen digits), a year, a
/// month or a day alone. `0001-01-01` and dates that do not exist stay.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let mut start = value.len() - value.trim_ascii_start().len();
    // `~D[1961-07-04]` of Elixir
    start += usize::from(value.get(start..)?.starts_with(b"~D[")) * 3;
    let rest = value.get(start..)?;
    let length = with_month_name(rest).or_else(|| numeric(rest)).or_else(|| plain(rest))?;
    let after = rest.get(length).copied().unwrap_or(b' ');
    let counts = length <= 2
        && after == b' '
        && rest.get(length + 1).is_some_and(u8::is_ascii_lowercase)
        && !starts_key(rest, length + 1);
    let goes_on =
        counts || matches!(after, b'-' | b'/' | b'.') && rest.get(length + 1).is_some_and(u8::is_ascii_digit);
    if goes_on
        || after.is_ascii_alphanumeric()
        || matches!(after, b'_' | b'%') && !is_border_escape(rest, length)
    {
        return None;
    }
    Some(Match {
        start,
        end: start + length,
        kind: TypeId::DOB,
        rule: DOB,
        confidence: 86,
        evidence: Evidence::KEY.and(Evidence::STRUCTURE),
    })
}

/// A date as Python prints it: `datetime.date(1989, 7, 3)`, `datetime.datetime(1989, 7, 3, 0, 0)`; the numbers alone.
pub(crate) fn constructed(text: &[u8]) -> Option<Match> {
    let open = memchr::memchr(b'(', text.get(..24.min(text.len()))?)?;
    if !matches!(text.get(..open)?, b"datetime.date" | b"datetime.datetime" | b"date") {
        return None;
    }
    let start = open + 1;
    let end = start + memchr::memchr(b')', text.get(start..)?)?;
    let mut numbers = text.get(start..end)?.split(|b| *b == b',').map(|part| {
        let part = part.trim_ascii();
        std::str::from_utf8(part).ok()?.parse::<u32>().ok()
    });
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let is_date = (1880..=2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    (is_date && numbers.all(|number| number.is_some())).then_some(Match {
        start,
        end,
        kind: TypeId::DOB,
        rule: DOB,
        confidence: 86,
        evidence: Evidence::KEY.and(Evidence::STRUCTURE),
    })
}

/// `%20`, `%22` and the like end a number.
fn is_border_escape(text: &[u8], at: usize) -> bool {
    matches!(
        text.get(at + 1..at + 3),
        Some(b"20" | b"22" | b"26" | b"2C" | b"2c" | b"3B" | b"3b" | b"7D" | b"7d")
    )
}

/// The digits at `at`: their value and count, at most 14.
fn digits(text: &[u8], at: usize) -> (u64, usize) {
    let run = text.get(at..).unwrap_or_default();
    let length = run.iter().take(14).take_while(|b| b.is_ascii_digit()).count();
    let number = run.iter().take(length).fold(0, |sum, b| sum * 10 + u64::from(b - b'0'));
    (number, length)
}

/// A year of four digits, or of two in this century or the last.
fn year(number: u64, length: usize) -> Option<u64> {
    match length {
        4 if YEARS.contains(&number) => Some(number),
        2 => Some(if number > 30 { 1900 + number } else { 2000 + number }),
        _ => None,
    }
}

/// Three numbers with one separator; a time behind an ISO date belongs to it.
fn numeric(text: &[u8]) -> Option<usize> {
    let (first, first_length) = digits(text, 0);
    let separator = *text.get(first_length)?;
    if first_length == 0 || !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let blank = |at: usize| usize::from(separator == b'.' && text.get(at) == Some(&b' '));
    let second_at = first_length + 1 + blank(first_length + 1);
    let (second, second_length) = digits(text, second_at);
    if !(1..=2).contains(&second_length) {
        // `07/1985` is a month
        let month = first_length <= 2 && (1..=12).contains(&first) && year(second, second_length).is_some();
        return (month && second_length == 4).then_some(second_at + second_length);
    }
    let separator_at = second_at + second_length;
    if text.get(separator_at) != Some(&separator) {
        // `1985-07` too
        let month = first_length == 4 && YEARS.contains(&first) && (1..=12).contains(&second);
        return month.then_some(separator_at);
    }
    let third_at = separator_at + 1 + blank(separator_at + 1);
    let (third, third_length) = digits(text, third_at);
    let end = third_at + third_length;
    if first_length == 4 {
        let exists = year(first, 4).is_some_and(|y| is_date(y, second, third) || is_date(y, third, second));
        return (exists && (1..=2).contains(&third_length)).then(|| end + time(text, end));
    }
    let year = year(third, third_length)?;
    let exists = first_length <= 2 && (is_date(year, second, first) || is_date(year, first, second));
    exists.then(|| end + time(text, end))
}

/// The length of a time of day behind a date: `T00:00:00.000Z`, ` 00:00:00+02:00`.
fn time(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let is_time = matches!(rest.first(), Some(b'T' | b't' | b' '))
        && digits(rest, 1).1 == 2
        && rest.get(3) == Some(&b':')
        && digits(rest, 4).1 == 2;
    if !is_time {
        return 0;
    }
    let mut end = 6;
    let mut more = |mark: u8, least: usize, most: usize| {
        let length = digits(rest, end + 1).1;
        if rest.get(end) == Some(&mark) && (least..=most).contains(&length) {
            end += 1 + length;
        }
    };
    more(b':', 2, 2);
    more(b'.', 1, 9);
    more(b'+', 2, 4);
    more(b'-', 2, 4);
    more(b':', 2, 2);
    end + usize::from(matches!(rest.get(end), Some(b'Z' | b'z')))
}

/// A day, a month's name and a year, in either order.
fn with_month_name(text: &[u8]) -> Option<usize> {
    let skip = |mut at: usize| {
        while matches!(text.get(at), Some(b' ' | b'.' | b'-' | b',' | b'/' | b'+')) {
            at += 1;
        }
        at
    };
    let word = |at: usize| {
        text.get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80)
            .count()
    };
    let mut at = 0;
    let (mut numbers, mut names) = (0, 0);
    let mut year_end = None;
    while numbers + names < 6 {
        let (number, length) = digits(text, at);
        let letters = word(at);
        if length > 0 && length <= 4 {
            numbers += 1;
            at += length;
            if numbers > 1 || length == 4 {
                year_end = year(number, length).map(|_| at);
                if numbers == 2 {
                    break;
                }
            } else if !(1..=31).contains(&number) {
                return None;
            }
            // an ordinal's ending: 9th, 1er
            if let Some(b"th" | b"st" | b"nd" | b"rd") = text.get(at..at + 2) {
                at += 2;
            }
        } else if letters >= 2 && text.get(at..at + letters).is_some_and(is_month_or_de) {
            names += usize::from(letters > 2);
            at += letters;
        } else {
            break;
        }
        at = skip(at);
    }
    year_end.filter(|_| numbers == 2 && names >= 1)
}

/// A month's first three letters in English, German, French, Spanish or Portuguese, or "de".
fn is_month_or_de(word: &[u8]) -> bool {
    const MONTHS: [&[u8]; 29] = [
        b"jan",
        b"feb",
        b"mar",
        b"apr",
        b"may",
        b"jun",
        b"jul",
        b"aug",
        b"sep",
        b"oct",
        b"nov",
        b"dec",
        b"mai",
        b"okt",
        b"dez",
        b"m\xc3\xa4",
        b"j\xc3\xa4",
        b"fev",
        b"f\xc3\xa9",
        b"avr",
        b"jui",
        b"ao\xc3",
        b"d\xc3\xa9",
        b"ene",
        b"abr",
        b"ago",
        b"dic",
        b"set",
        b"out",
    ];
    let mut start = [0u8; 3];
    let length = word.len().min(3);
    if let (Some(slot), Some(part)) = (start.get_mut(..length), word.get(..length)) {
        slot.copy_from_slice(part);
        slot.make_ascii_lowercase();
    }
    let start = start.get(..length).unwrap_or_default();
    start == b"de" || MONTHS.contains(&start)
}

/// Digits alone: `19850709`, `09071985`, a year, a month or day, an epoch with or without a sign.
fn plain(text: &[u8]) -> Option<usize> {
    let sign = usize::from(text.first() == Some(&b'-'));
    let (number, length) = digits(text, sign);
    let end = sign + length;
    let fraction = text.get(end) == Some(&b'.') && text.get(end + 1).is_some_and(u8::is_ascii_digit);
    let fits = match length {
        _ if fraction => false,
        1 | 2 => sign == 0 && (1..=31).contains(&number),
        4 => sign == 0 && YEARS.contains(&number),
        8 if sign == 0 => {
            let (high, low) = (number / 10_000, number % 10_000);
            (YEARS.contains(&high) && is_date(high, low / 100, low % 100))
                || (YEARS.contains(&low)
                    && (is_date(low, high % 100, high / 100) || is_date(low, high / 100, high % 100)))
                || number > 10_000_000
        }
        6 if sign == 0 => is_date(number / 10_000, number / 100 % 100, number % 100) || number > 99_999,
        6..=13 => number <= MAX_EPOCH_MS,
        _ => false,
    };
    fits.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (value, expected) in [
            ("1985-07-09", Some("1985-07-09")),
            ("1985-07-09T00:00:00Z", Some("1985-07-09T00:00:00Z")),
            ("1985-07-09 00:00:00.000+0200 x", Some("1985-07-09 00:00:00.000+0200")),
            ("07/09/1985", Some("07/09/1985")),
            ("25.12.1974, x", Some("25.12.1974")),
            ("12/25/1974 Sex: U", Some("12/25/1974")),
            ("9.7.85", Some("9.7.85")),
            ("19850709", Some("19850709")),
            ("9 July 1985", Some("9 July 1985")),
            ("July 9, 1985", Some("July 9, 1985")),
            ("9. Juli 1985", Some("9. Juli 1985")),
            ("9 de julio de 1985", Some("9 de julio de 1985")),
            ("09-Jul-1985", Some("09-Jul-1985")),
            ("1985", Some("1985")),
            ("07/1985", Some("07/1985")),
            ("1985-07", Some("1985-07")),
            ("489715200", Some("489715200")),
            ("-489715200", Some("-489715200")),
            ("12", Some("12")),
            ("12 month=3", Some("12")),
            ("3 threads", None),
            ("", None),
            ("0", None),
            ("null", None),
            ("0000-00-00", None),
            ("0001-01-01T00:00:00Z", None),
            ("1985-13-32", None),
            ("31.02.1985", None),
            ("1.2", None),
            ("3600s", None),
            ("true", None),
            ("-", None),
            ("9.9.9.9", None),
        ] {
            let found = keyed(value.as_bytes());
            assert_eq!(found.and_then(|m| value.get(m.start..m.end)), expected, "{value:?}");
        }
        assert!(keyed(b"\xff1985").is_none());
    }
}
