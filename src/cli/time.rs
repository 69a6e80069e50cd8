//! The time that a line says of itself, for the subcommands that tell when.

use std::fmt;
use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::token::Moment;

/// A line's time stamp: as it stands there, and when that was if the line says it with a year.
///
/// Times without a zone count as UTC. Those without a year can be compared with each other only, as
/// if they were of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    text: String,
    /// Milliseconds since 1970; since the start of some year if it says none.
    at: Option<u64>,
    has_year: bool,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// A leap year, so that every day of a date without a year exists.
const ANY_YEAR: &str = "1972";

/// The forms that are known: ISO 8601, common log format, syslog, seconds or milliseconds under a
/// JSON key. Names of groups: year, month, day, time, fraction, zone; name of a month; epoch.
static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let iso = r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:[T ](?P<t>\d\d:\d\d(?::\d\d)?)(?:[.,](?P<f>\d+))?(?P<z>Z|[+-]\d\d:?\d\d)?)?";
    let common =
        r"(?P<cd>\d\d)/(?P<cm>[A-Z][a-z]{2})/(?P<cy>\d{4}):(?P<ct>\d\d:\d\d:\d\d)(?: (?P<cz>[+-]\d{4}))?";
    let syslog = r"(?P<sm>[A-Z][a-z]{2}) (?P<sd>[ \d]\d) (?P<st>\d\d:\d\d:\d\d)";
    let epoch = r#""(?:ts|time|timestamp|@timestamp)"\s*:\s*(?P<e>\d{10}(?:\d{3})?)(?:\.(?P<ef>\d+))?\b"#;
    Regex::new(&format!("(?-u){iso}|{common}|{syslog}|{epoch}")).ok()
});

impl Stamp {
    /// The first time stamp of a line.
    pub fn of(line: &[u8]) -> Option<Self> {
        let found = FORMS.as_ref()?.captures(line)?;
        let part = |name: &str| found.name(name).and_then(|m| std::str::from_utf8(m.as_bytes()).ok());
        let whole = part("e").map_or_else(|| found.get(0).map(|m| m.as_bytes()), |e| Some(e.as_bytes()))?;
        let at = milliseconds(&part);
        Some(Self { text: std::str::from_utf8(whole).ok()?.to_owned(), at, has_year: part("sm").is_none() })
    }
    /// As it stands in the line.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// Whether it is before another; none if that can't be said.
    pub fn is_before(&self, other: &Stamp) -> Option<bool> {
        let comparable = self.has_year == other.has_year;
        self.at.zip(other.at).filter(|_| comparable).map(|(a, b)| a < b)
    }
}

impl fmt::Display for Stamp {
    /// UTC, whole seconds (RFC 3339), or as it stands in the line if it says no year.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.filter(|_| self.has_year) {
            Some(at) => Moment(at / 1000).fmt(f),
            None => f.write_str(&self.text),
        }
    }
}

fn milliseconds<'l>(part: &dyn Fn(&str) -> Option<&'l str>) -> Option<u64> {
    if let Some(epoch) = part("e") {
        let number: u64 = epoch.parse().ok()?;
        return Some(if epoch.len() == 13 { number } else { number * 1000 + fraction(part("ef")) });
    }
    let month_of =
        |name: &str| MONTHS.iter().position(|month| *month == name).map(|at| format!("{:02}", at + 1));
    let (date, time, zone) = if let (Some(year), Some(month), Some(day)) = (part("y"), part("m"), part("d")) {
        (format!("{year}-{month}-{day}"), part("t").unwrap_or("00:00:00"), part("z"))
    } else if let (Some(year), Some(month), Some(day)) = (part("cy"), part("cm"), part("cd")) {
        (format!("{year}-{}-{day}", month_of(month)?), part("ct")?, part("cz"))
    } else {
        let day = part("sd")?.replace(' ', "0");
        (format!("{ANY_YEAR}-{}-{day}", month_of(part("sm")?)?), part("st")?, None)
    };
    let seconds = if time.len() == 5 { ":00" } else { "" };
    let at = Moment::parse(&format!("{date}T{time}{seconds}Z"))?.0;
    let at = at.checked_add_signed(-zone.map_or(Some(0), offset)?)?;
    Some(at * 1000 + fraction(part("f")))
}

/// Seconds east of UTC of `Z`, `+0100` or `-05:30`.
fn offset(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("Z", _) => return Some(0),
        ("-", digits) => (-1, digits.replace(':', "")),
        (_, digits) => (1, digits.replace(':', "")),
    };
    let (hours, minutes) = digits.split_at_checked(2)?;
    Some(sign * (hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60))
}

/// The milliseconds of a fraction of a second.
fn fraction(digits: Option<&str>) -> u64 {
    let digits = digits.unwrap_or_default();
    let three: String = digits.chars().chain("000".chars()).take(3).collect();
    three.parse().unwrap_or(0)
}

/// The first and the last of several time stamps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Period {
    ends: Option<(Stamp, Stamp)>,
}

impl Period {
    /// Stretches over a time stamp; one that can't be compared is taken as later.
    pub fn add(&mut self, stamp: &Stamp) {
        match &mut self.ends {
            None => self.ends = Some((stamp.clone(), stamp.clone())),
            Some((first, _)) if stamp.is_before(first) == Some(true) => first.clone_from(stamp),
            Some((_, last)) if stamp.is_before(last) != Some(true) => last.clone_from(stamp),
            Some(_) => {}
        }
    }
    /// Stretches over another period.
    pub fn join(&mut self, other: &Period) {
        if let Some((first, last)) = &other.ends {
            self.add(first);
            self.add(last);
        }
    }
    /// The first time stamp.
    pub fn first(&self) -> Option<String> {
        self.ends.as_ref().map(|(first, _)| first.to_string())
    }
    /// The last time stamp.
    pub fn last(&self) -> Option<String> {
        self.ends.as_ref().map(|(_, last)| last.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_they_stand_and_when_that_was() {
        let cases = [
            ("2026-11-21T21:06:23.123Z user", "2026-11-21T21:06:23.123Z", "2026-11-21T21:06:23Z"),
            ("x 2026-11-21 21:06:23 y", "2026-11-21 21:06:23", "2026-11-21T21:06:23Z"),
            ("2026-11-21T00:30+02:00", "2026-11-21T00:30+02:00", "2026-11-20T22:30:00Z"),
            (
                "192.0.2.1 - - [21/Nov/2026:21:06:23 -0500] \"GET",
                "21/Nov/2026:21:06:23 -0500",
                "2026-11-22T02:06:23Z",
            ),
            ("Nov  1 21:06:23 host sshd", "Nov  1 21:06:23", "Nov  1 21:06:23"),
            ("{\"ts\":1795295183.5}", "1795295183", "2026-11-21T21:06:23Z"),
            ("{\"timestamp\": 1795295183123}", "1795295183123", "2026-11-21T21:06:23Z"),
            ("2026-02-31 x", "2026-02-31", "2026-02-31"),
        ];
        for (line, text, shown) in cases {
            let stamp = Stamp::of(line.as_bytes()).unwrap();
            assert_eq!((stamp.text(), stamp.to_string().as_str()), (text, shown), "{line}");
        }
        for line in ["no time", "", "\u{ff}", "{\"ts\":17952951}"] {
            assert_eq!(Stamp::of(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn periods_stretch() {
        let stamp = |text: &str| Stamp::of(text.as_bytes()).unwrap();
        let mut period = Period::default();
        assert_eq!(period.first(), None);
        for text in ["2026-11-21T10:00:00.500Z", "2026-11-21T12:00:00+03:00", "2026-11-21T10:00:00.700Z"] {
            period.add(&stamp(text));
        }
        assert_eq!(period.first().as_deref(), Some("2026-11-21T09:00:00Z"));
        assert_eq!(period.last().as_deref(), Some("2026-11-21T10:00:00Z"));
        let mut syslog = Period::default();
        for text in ["Nov  2 00:00:00", "Nov  1 23:00:00", "Feb 29 00:00:00"] {
            syslog.add(&stamp(text));
        }
        assert_eq!(syslog.first().as_deref(), Some("Feb 29 00:00:00"));
        assert_eq!(syslog.last().as_deref(), Some("Nov  2 00:00:00"));
        period.join(&syslog);
        assert_eq!(
            period.last().as_deref(),
            Some("Nov  2 00:00:00"),
            "what can't be compared counts as later"
        );
    }
}
