//! Line formats: nginx `log_format`, Apache `LogFormat` or `{ip} – {time} – …`, read into literals
//! and slots; a record that has the form is cut into its slots.
//!
//! Sources: nginx `ngx_http_log_module`, Apache HTTP Server `mod_log_config`.

use super::KeyTable;
use crate::error::Error;
use crate::nearest::nearest;
use crate::rules::{KEYS, line_format};

/// The most slots of a format.
const MAX_SLOTS: usize = 64;

/// What stands in a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Nothing is known of it: the rest of the detectors see it as any text.
    Open,
    /// A time: nothing in it is anything else.
    Time,
    /// A number or word of the server (status, bytes, method): nothing in it is personal.
    Technical,
    /// An address of either family.
    Address,
    /// The pairs of a `Cookie` header, or one cookie's value.
    Cookie,
    /// A User-Agent header: versions in it are no addresses.
    UserAgent,
    /// What a key of this name holds.
    Key(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(Vec<u8>),
    /// What stands there, and the name that the format gives it.
    Slot(Slot, String),
}

/// A parsed format: literals and slots in turn, never two slots side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineFormat {
    parts: Vec<Part>,
}

/// A slot of a record: bytes `start..end` of it, quotes left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filled<'f> {
    #[cfg_attr(not(feature = "cli"), allow(dead_code))]
    pub slot: &'f Slot,
    pub start: usize,
    pub end: usize,
}

/// The three ways to write a format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Nginx,
    Apache,
    Braces,
}

impl LineFormat {
    /// Reads a format, or one of `patterns/data/line-shapes.toml` by its name. A `$name` makes it nginx's, a `%` directive Apache's, else `{name}` are slots.
    ///
    /// # Errors
    /// No slot, a slot that is not closed, two slots with nothing between them, more than 64 slots,
    /// a `{name}` that is neither a name of this page nor a key nor starts with `_`, or a directive
    /// that Apache does not have (`is_policy`).
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let text = line_format(text).unwrap_or(text);
        let style = style(text);
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (read, left) = match style {
                Style::Nginx => nginx(rest)?,
                Style::Apache => apache(rest)?,
                Style::Braces => braces(rest)?,
            };
            rest = left;
            for part in read {
                put(&mut parts, part)?;
            }
        }
        let slots = parts.iter().filter(|part| matches!(part, Part::Slot(..))).count();
        match slots {
            0 => Err(Error::policy(
                "a line format has slots (`$remote_addr`, `%h` or `{ip}`), or is one that is known by name, such as `combined`",
            )),
            1..=MAX_SLOTS => Ok(Self { parts }),
            _ => Err(Error::policy("a line format has at most 64 slots")),
        }
    }

    /// The slots, in order.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.parts.iter().filter_map(|part| match part {
            Part::Slot(slot, _) => Some(slot),
            Part::Literal(_) => None,
        })
    }

    /// The names of the slots, in order: of `%{NAME}i` and `{NAME}` the name, of `%h` the letter.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Slot(_, name) => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// Cuts a record into `slots`; false if it does not have the form. Literals match leftmost, and
    /// a field ends at the next literal; a quote behind a backslash does not end a quoted field.
    pub(crate) fn cut<'f>(&'f self, record: &[u8], slots: &mut Vec<Filled<'f>>) -> bool {
        slots.clear();
        let record = record.strip_suffix(b"\r").unwrap_or(record);
        let mut at = 0;
        let mut open: Option<&Slot> = None;
        for part in &self.parts {
            match (part, open) {
                (Part::Slot(slot, _), _) => open = Some(slot),
                (Part::Literal(literal), None) => {
                    if !record.get(at..).is_some_and(|rest| rest.starts_with(literal)) {
                        return false;
                    }
                    at += literal.len();
                }
                (Part::Literal(literal), Some(slot)) => {
                    let Some(end) = find(record, at, literal) else { return false };
                    slots.push(Filled { slot, start: at, end });
                    (at, open) = (end + literal.len(), None);
                }
            }
        }
        match open {
            Some(slot) => slots.push(Filled { slot, start: at, end: record.len() }),
            None if at != record.len() => return false,
            None => {}
        }
        true
    }
}

/// The leftmost place of a literal from `at` on. One that starts with a quote does not start at a
/// quote that is escaped: `\"` (`\x22` holds none).
fn find(record: &[u8], at: usize, literal: &[u8]) -> Option<usize> {
    let mut from = at;
    loop {
        let found = from + memchr::memmem::find(record.get(from..)?, literal)?;
        let inside = record.get(at..found).unwrap_or_default();
        let slashes = inside.iter().rev().take_while(|byte| **byte == b'\\').count();
        if literal.first() != Some(&b'"') || slashes % 2 == 0 {
            return Some(found);
        }
        from = found + 1;
    }
}

fn put(parts: &mut Vec<Part>, part: Part) -> Result<(), Error> {
    match (parts.last_mut(), part) {
        (Some(Part::Literal(before)), Part::Literal(text)) => before.extend_from_slice(&text),
        (Some(Part::Slot(..)), Part::Slot(..)) => {
            return Err(Error::policy("two slots of a line format need something between them"));
        }
        (_, Part::Literal(text)) if text.is_empty() => {}
        (_, part) => parts.push(part),
    }
    Ok(())
}

fn style(text: &str) -> Style {
    let follows = |sign: char, next: fn(char) -> bool| {
        text.match_indices(sign).any(|(at, _)| text[at + 1..].chars().next().is_some_and(next))
    };
    if follows('$', |next| next.is_ascii_alphabetic() || next == '{') {
        Style::Nginx
    } else if follows('%', |next| next.is_ascii_alphanumeric() || matches!(next, '{' | '>' | '<' | '!' | '^'))
    {
        Style::Apache
    } else {
        Style::Braces
    }
}

type Read<'t> = Result<(Vec<Part>, &'t str), Error>;

/// Everything up to the first of `signs`.
fn literal<'t>(text: &'t str, signs: &[char]) -> (Vec<Part>, &'t str) {
    let (head, rest) = text.split_at(text.find(signs).unwrap_or(text.len()));
    (vec![Part::Literal(head.as_bytes().to_vec())], rest)
}

fn one(slot: Slot, name: &str) -> Vec<Part> {
    vec![Part::Slot(slot, name.to_ascii_lowercase())]
}

/// `$name` and `${name}`.
fn nginx(text: &str) -> Read<'_> {
    let Some(after) = text.strip_prefix('$') else { return Ok(literal(text, &['$'])) };
    let (name, rest) = match after.strip_prefix('{') {
        Some(inner) => match inner.split_once('}') {
            Some(parts) => parts,
            None => return Err(Error::policy("`${` of a line format is not closed")),
        },
        None => {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            after.split_at(after.find(|c| !is_name(c)).unwrap_or(after.len()))
        }
    };
    if name.is_empty() {
        return Ok((vec![Part::Literal(b"$".to_vec())], rest));
    }
    Ok((one(nginx_slot(name), name), rest))
}

fn nginx_slot(name: &str) -> Slot {
    match name {
        "remote_addr"
        | "realip_remote_addr"
        | "http_x_real_ip"
        | "proxy_protocol_addr"
        | "binary_remote_addr" => Slot::Address,
        "remote_user" => Slot::Key("username".into()),
        "time_local" | "time_iso8601" | "msec" | "date_local" | "date_gmt" => Slot::Time,
        "http_user_agent" => Slot::UserAgent,
        "http_cookie" | "sent_http_set_cookie" => Slot::Cookie,
        "status"
        | "body_bytes_sent"
        | "bytes_sent"
        | "bytes_received"
        | "request_time"
        | "request_length"
        | "request_method"
        | "scheme"
        | "server_port"
        | "server_protocol"
        | "pid"
        | "connection"
        | "connection_requests"
        | "upstream_response_time"
        | "upstream_connect_time"
        | "gzip_ratio"
        | "upstream_header_time"
        | "upstream_status"
        | "session_time"
        | "nginx_version" => Slot::Technical,
        _ => match name.strip_prefix("cookie_") {
            Some(_) => Slot::Cookie,
            None => Slot::Key(name.strip_prefix("http_").unwrap_or(name).to_owned()),
        },
    }
}

/// `%h`, `%>s`, `%{Referer}i`, `%{%Y-%m-%d}t`; `\"` is a quote.
fn apache(text: &str) -> Read<'_> {
    if let Some(rest) = text.strip_prefix('\\') {
        let sign = rest.chars().next().map_or(0, char::len_utf8);
        let (sign, rest) = rest.split_at(sign);
        let sign = match sign {
            "t" => "\t",
            "n" => "\n",
            other => other,
        };
        return Ok((vec![Part::Literal(sign.as_bytes().to_vec())], rest));
    }
    let Some(after) = text.strip_prefix('%') else { return Ok(literal(text, &['%', '\\'])) };
    if let Some(rest) = after.strip_prefix('%') {
        return Ok((vec![Part::Literal(b"%".to_vec())], rest));
    }
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '<' | '>' | '!' | ','));
    let (argument, after) = match after.strip_prefix('{') {
        None => ("", after),
        Some(inner) => match inner.split_once('}') {
            Some(parts) => parts,
            None => return Err(Error::policy("`%{` of a line format is not closed")),
        },
    };
    let after = after.strip_prefix('^').map_or(after, |rest| rest.get(1..).unwrap_or_default());
    let Some(sign) = after.chars().next() else {
        return Err(Error::policy("a line format ends with a `%` that names nothing"));
    };
    Ok((apache_slot(sign, argument)?, &after[sign.len_utf8()..]))
}

fn apache_slot(sign: char, argument: &str) -> Result<Vec<Part>, Error> {
    let letter = sign.to_string();
    let name = if argument.is_empty() { &letter } else { argument };
    let slot = match sign {
        'h' | 'a' => Slot::Address,
        'u' => Slot::Key("username".into()),
        't' if argument.is_empty() => {
            return Ok(vec![
                Part::Literal(b"[".to_vec()),
                Part::Slot(Slot::Time, letter),
                Part::Literal(b"]".to_vec()),
            ]);
        }
        't' => Slot::Time,
        'C' => Slot::Cookie,
        'i' => match argument.to_ascii_lowercase().as_str() {
            "user-agent" => Slot::UserAgent,
            "cookie" => Slot::Cookie,
            "referer" => Slot::Open,
            name => Slot::Key(name.to_owned()),
        },
        's' | 'b' | 'B' | 'D' | 'T' | 'I' | 'O' | 'S' | 'k' | 'p' | 'P' | 'm' | 'H' | 'X' => Slot::Technical,
        'A' | 'c' | 'e' | 'f' | 'l' | 'L' | 'n' | 'o' | 'q' | 'r' | 'R' | 'U' | 'v' | 'V' | 'x' => Slot::Open,
        _ => {
            let message = format!("mod_log_config has no directive `%{sign}`; `%%` is a percent sign");
            return Err(Error::policy(message));
        }
    };
    Ok(one(slot, name))
}

/// `{name}`.
fn braces(text: &str) -> Read<'_> {
    let Some(after) = text.strip_prefix('{') else { return Ok(literal(text, &['{'])) };
    let Some((name, rest)) = after.split_once('}') else {
        return Err(Error::policy("`{` of a line format is not closed"));
    };
    let folded = name.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    Ok((one(brace_slot(&folded)?, &folded), rest))
}

/// Names of `{name}` that are no keys, and what stands there.
const NAMES: [(&str, Slot); 34] = [
    ("ip", Slot::Address),
    ("ipv4", Slot::Address),
    ("ipv6", Slot::Address),
    ("address", Slot::Address),
    ("addr", Slot::Address),
    ("client", Slot::Address),
    ("remote_addr", Slot::Address),
    ("time", Slot::Time),
    ("date", Slot::Time),
    ("timestamp", Slot::Time),
    ("datetime", Slot::Time),
    ("url", Slot::Open),
    ("uri", Slot::Open),
    ("path", Slot::Open),
    ("request", Slot::Open),
    ("referer", Slot::Open),
    ("referrer", Slot::Open),
    ("message", Slot::Open),
    ("msg", Slot::Open),
    ("text", Slot::Open),
    ("host", Slot::Open),
    ("status", Slot::Technical),
    ("bytes", Slot::Technical),
    ("size", Slot::Technical),
    ("method", Slot::Technical),
    ("duration", Slot::Technical),
    ("level", Slot::Technical),
    ("thread", Slot::Technical),
    ("pid", Slot::Technical),
    ("protocol", Slot::Technical),
    ("cookie", Slot::Cookie),
    ("cookies", Slot::Cookie),
    ("user_agent", Slot::UserAgent),
    ("useragent", Slot::UserAgent),
];

fn brace_slot(name: &str) -> Result<Slot, Error> {
    if let Some((_, slot)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Ok(slot.clone());
    }
    match name {
        "" => Err(Error::policy("a slot of a line format has a name, such as `{ip}`")),
        "agent" | "browser" => Ok(Slot::UserAgent),
        "user" => Ok(Slot::Key("username".into())),
        "device" => Ok(Slot::Key("device_id".into())),
        other if other.starts_with('_') => Ok(Slot::Open),
        other if KeyTable::new(&[]).key_ending_at(other.as_bytes(), other.len()).is_some() => {
            Ok(Slot::Key(other.to_owned()))
        }
        other => Err(Error::policy(unknown(other))),
    }
}

/// What is said of a name that means nothing here.
fn unknown(name: &str) -> String {
    let keys = KEYS.iter().map(|key| key.words.replace(' ', "_"));
    let known = NAMES.iter().map(|(name, _)| (*name).to_owned()).chain(keys);
    let hint = match nearest(name, known) {
        Some(near) => format!("did you mean `{{{near}}}`? "),
        None => String::new(),
    };
    format!("unknown slot `{{{name}}}` of a line format; {hint}`{{_{name}}}` is a slot of anything")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(format: &str, record: &str) -> Option<Vec<String>> {
        let format = LineFormat::parse(format).unwrap();
        let mut slots = Vec::new();
        format.cut(record.as_bytes(), &mut slots).then(|| {
            slots.iter().map(|slot| format!("{:?}={}", slot.slot, &record[slot.start..slot.end])).collect()
        })
    }

    const COMBINED: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;

    #[test]
    fn an_nginx_format_cuts_its_lines() {
        let line = r#"203.0.113.7 - ann [11/Apr/2015:12:25:39 +0000] "GET /\"a\x22 HTTP/1.1" 200 12 "-" "Firefox/1.0.7""#;
        let found = cut(COMBINED, line).unwrap();
        assert_eq!(
            found,
            [
                "Address=203.0.113.7",
                "Key(\"username\")=ann",
                "Time=11/Apr/2015:12:25:39 +0000",
                "Key(\"request\")=GET /\\\"a\\x22 HTTP/1.1",
                "Technical=200",
                "Technical=12",
                "Key(\"referer\")=-",
                "UserAgent=Firefox/1.0.7"
            ]
        );
        assert!(cut(COMBINED, "something else").is_none());
        assert!(cut(COMBINED, "").is_none());
        assert!(cut(COMBINED, &format!("{line} more")).is_none());
        assert!(cut(COMBINED, &format!("{line}\r")).is_some());
    }

    #[test]
    fn an_apache_format_cuts_its_lines() {
        let format = r#"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %{sid}C"#;
        let line = r#"2001:db8::7 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326 "-" "x \"y\" 1.2.3.4" abc"#;
        let found = cut(format, line).unwrap();
        assert_eq!(found[0], "Address=2001:db8::7");
        assert_eq!(found[3], "Time=10/Oct/2000:13:55:36 -0700");
        assert_eq!(found[8], "UserAgent=x \\\"y\\\" 1.2.3.4");
        assert_eq!(found[9], "Cookie=abc");
    }

    #[test]
    fn braces_cut_their_lines() {
        let format = "{ip} – {time} – {url} – {user-agent} – {cookie}";
        let line = "98.76.54.32 – 11/April/2015 12:25:39 – http://example.com/ – Firefox 1.0.7 – zbc54";
        let found = cut(format, line).unwrap();
        assert_eq!(
            found,
            [
                "Address=98.76.54.32",
                "Time=11/April/2015 12:25:39",
                "Open=http://example.com/",
                "UserAgent=Firefox 1.0.7",
                "Cookie=zbc54"
            ]
        );
        assert_eq!(cut("[{_a}]", "[]").unwrap(), ["Open="]);
        assert!(cut("[{_a}]", "[").is_none());
    }

    #[test]
    fn wrong_formats_are_refused() {
        for text in
            ["", "no slot", "{ip", "{ip}{time}", "$a$b", "${a", "%{a", "%h%l", "{}", "100%", "%", "%Z"]
        {
            assert!(LineFormat::parse(text).is_err(), "{text}");
        }
        assert!(LineFormat::parse(&"{ip} ".repeat(65)).is_err());
        assert!(LineFormat::parse("${remote_addr}x$msec").is_ok());
        assert!(LineFormat::parse("%% %h").is_ok());
        assert_eq!(LineFormat::parse("combined").unwrap(), LineFormat::parse(COMBINED).unwrap());
    }

    #[test]
    fn unknown_names_are_refused_with_the_nearest() {
        for (text, near) in [
            ("{ip} {tiem}", "`{time}`"),
            ("{ip} {emial}", "`{email}`"),
            ("{user-agnt}", "`{user_agent}`"),
            ("{qqqqqqqqqqqq}", "`{_qqqqqqqqqqqq}`"),
        ] {
            let error = LineFormat::parse(text).unwrap_err();
            assert!(error.is_policy() && error.to_string().contains(near), "{text}: {error}");
        }
        let format = LineFormat::parse("{ip} {customer email} {_shard} {Session-ID}").unwrap();
        assert_eq!(format.names().collect::<Vec<_>>(), ["ip", "customer_email", "_shard", "session_id"]);
        let apache = LineFormat::parse("%h %{X-Tenant}i").unwrap();
        assert_eq!(apache.names().collect::<Vec<_>>(), ["h", "x-tenant"]);
    }

    #[test]
    fn any_bytes_are_cut_or_refused() {
        let format = LineFormat::parse(COMBINED).unwrap();
        let mut slots = Vec::new();
        for record in [&b"\xff\xfe - \x00 [] \"\\\"\" "[..], b" - ", b"\\\\\\\"", &b"- [".repeat(5000)] {
            format.cut(record, &mut slots);
            assert!(slots.iter().all(|slot| slot.start <= slot.end && slot.end <= record.len()));
        }
    }
}
