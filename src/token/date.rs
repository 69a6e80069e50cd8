//! Dates of the ring file: UTC, whole seconds, RFC 3339.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const SECONDS_A_DAY: u64 = 86_400;

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

impl Moment {
    /// Now, by the system's clock; a clock before 1970 counts as 1970.
    pub fn now() -> Self {
        Self(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs()))
    }
    /// `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`, years 1970 to 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
        let [year, month, day] = fields(date, '-', &[4, 2, 2])?;
        let [hour, minute, second] = fields(time.strip_suffix('Z')?, ':', &[2, 2, 2])?;
        let formed = year >= 1970
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        formed
            .then(|| Self(days_before(year, month, day) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second))
    }
    /// The start of its day.
    pub fn midnight(self) -> Self {
        Self(self.0 - self.0 % SECONDS_A_DAY)
    }
    /// The year, month and day.
    fn date(self) -> (u64, u64, u64) {
        let days = self.0 / SECONDS_A_DAY;
        // A year too high by at most one, then walked back.
        let mut year = 1970 + days / 365;
        while days_before(year, 1, 1) > days {
            year -= 1;
        }
        let mut month = 1;
        while month < 12 && days_before(year, month + 1, 1) <= days {
            month += 1;
        }
        (year, month, days - days_before(year, month, 1) + 1)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let second = self.0 % SECONDS_A_DAY;
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// A span such as `30d`, `36h`, `15m` or `90s`, in seconds; never 0.
pub fn parse_span(text: &str) -> Option<u64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => SECONDS_A_DAY,
        _ => return None,
    };
    let number = text.get(..text.len() - 1)?;
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    number.parse::<u64>().ok().filter(|n| digits && *n > 0)?.checked_mul(unit)
}

/// A span as the file writes it: the largest unit that divides it.
pub(crate) fn span_text(seconds: u64) -> String {
    let units = [(SECONDS_A_DAY, 'd'), (3600, 'h'), (60, 'm')];
    let unit = units.into_iter().find(|(size, _)| seconds.is_multiple_of(*size)).unwrap_or((1, 's'));
    format!("{}{}", seconds / unit.0, unit.1)
}

fn fields(text: &str, separator: char, widths: &[usize; 3]) -> Option<[u64; 3]> {
    let mut out = [0; 3];
    let mut parts = text.split(separator);
    for (to, width) in out.iter_mut().zip(widths) {
        let part = parts.next()?;
        if part.len() != *width || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *to = part.parse().ok()?;
    }
    parts.next().is_none().then_some(out)
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days_before(year: u64, month: u64, day: u64) -> u64 {
    let past = year - 1;
    let leaps = |y: u64| y / 4 - y / 100 + y / 400;
    let years = (year - 1970) * 365 + leaps(past) - leaps(1969);
    years + (1..month).map(|m| days_in(year, m)).sum::<u64>() + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates() {
        let cases = [
            ("1970-01-01", 0),
            ("1970-01-01T00:00:01Z", 1),
            ("2000-02-29", 951_782_400),
            ("2024-12-31T23:59:59Z", 1_735_689_599),
            ("2026-11-21T21:06:23Z", 1_795_295_183),
        ];
        for (text, seconds) in cases {
            assert_eq!(Moment::parse(text), Some(Moment(seconds)), "{text}");
        }
        for bad in [
            "",
            "1969-12-31",
            "2026-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-1-1",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01-01",
            "+026-01-01",
            "2026-01-01T00:00:60Z",
        ] {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn spans() {
        assert_eq!(parse_span("30d"), Some(2_592_000));
        assert_eq!(parse_span("90s"), Some(90));
        assert_eq!(span_text(2_592_000), "30d");
        assert_eq!(span_text(90), "90s");
        for bad in ["", "d", "0d", "-1d", "+1d", "1.5d", "30", "30 d", "99999999999999999999d", "é"] {
            assert_eq!(parse_span(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn moments_round_trip(seconds in 0u64..253_402_300_799) {
            prop_assert_eq!(Moment::parse(&Moment(seconds).to_string()), Some(Moment(seconds)));
        }
    }
}
