//! Times cut to the start of their bucket: `12:25:39` to `12:00:00`, an epoch to its hour.

/// The bucket when the policy does not say: an hour, in seconds.
const HOUR: u32 = 3_600;
/// No bucket is longer: what is left then is the day.
const DAY: u32 = 86_400;

/// The start of the bucket of `seconds` (1 to 86,400; an hour if none is given) that a time lies in: the
/// first `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff` of the text, or a text of digits alone that is an epoch in
/// seconds or milliseconds. The rest of the text stays. `None` if it holds no time.
pub(super) fn start(text: &str, seconds: Option<u32>) -> Option<String> {
    let bucket = seconds.unwrap_or(HOUR).clamp(1, DAY);
    epoch(text, bucket).or_else(|| clock(text, bucket))
}

fn epoch(text: &str, bucket: u32) -> Option<String> {
    let unit = match text.len() {
        10 => 1,
        13 => 1_000,
        _ => return None,
    };
    let time = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok())??;
    let bucket = u64::from(bucket) * unit;
    Some((time - time % bucket).to_string())
}

fn clock(text: &str, bucket: u32) -> Option<String> {
    let bytes = text.as_bytes();
    let two = |at: usize| {
        let pair = bytes.get(at..at + 2)?;
        pair.iter()
            .all(u8::is_ascii_digit)
            .then(|| u32::from(pair[0] - b'0') * 10 + u32::from(pair[1] - b'0'))
    };
    // behind a year (`2026:12:25:39`) stands an hour, behind another hour only its minutes
    let is_start = |at: usize| match at.checked_sub(1).map(|before| bytes[before]) {
        Some(b'0'..=b'9') => false,
        Some(b':') => bytes[..at - 1].iter().rev().take_while(|byte| byte.is_ascii_digit()).count() != 2,
        _ => true,
    };
    let starts = (0..bytes.len()).filter(|at| is_start(*at));
    let (at, hours, minutes) = starts
        .filter(|at| bytes.get(at + 2) == Some(&b':'))
        .find_map(|at| Some((at, two(at).filter(|h| *h < 24)?, two(at + 3).filter(|m| *m < 60)?)))?;
    let second = if bytes.get(at + 5) == Some(&b':') { two(at + 6).filter(|s| *s < 61) } else { None };
    let mut end = if second.is_some() { at + 8 } else { at + 5 };
    if second.is_some() && matches!(bytes.get(end), Some(b'.' | b',')) {
        let fraction = bytes.get(end + 1..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        end += if fraction > 0 { fraction + 1 } else { 0 };
    }
    let time = hours * 3_600 + minutes * 60 + second.unwrap_or(0).min(59);
    let time = time - time % bucket;
    let mut out = format!("{}{:02}:{:02}", text.get(..at)?, time / 3_600, time / 60 % 60);
    if second.is_some() {
        out.push_str(&format!(":{:02}", time % 60));
    }
    out.push_str(text.get(end..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_cut_to_their_bucket() {
        for (text, seconds, expect) in [
            ("2026-04-11T12:25:39Z", None, Some("2026-04-11T12:00:00Z")),
            ("2026-04-11T12:25:39.123+02:00", Some(900), Some("2026-04-11T12:15:00+02:00")),
            ("11/Apr/2026:12:25:39 +0000", Some(86_400), Some("11/Apr/2026:00:00:00 +0000")),
            ("12:25", Some(600), Some("12:20")),
            ("Apr 11 23:59:60", Some(60), Some("Apr 11 23:59:00")),
            ("1710224739", None, Some("1710223200")),
            ("1710224739123", Some(60), Some("1710224700000")),
            ("2026-04-11", None, None),
            ("171022473", None, None),
            ("25:00:00", None, None),
            ("12:25:39.", Some(60), Some("12:25:00.")),
            ("é12:2", None, None),
            ("", None, None),
        ] {
            assert_eq!(start(text, seconds).as_deref(), expect, "{text}");
            if let Some(expect) = expect {
                assert_eq!(start(expect, seconds).as_deref(), Some(expect), "a second pass changes nothing");
            }
        }
    }
}
