//! E-mail addresses (RFC 5321, RFC 5322, RFC 6531) with a real public suffix, and URL userinfo.

mod domain;

use domain::{CLASSES, LOCAL, ODD, domain_end, has_public_suffix, is_domain, label_bytes, mark_bytes};

use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The longest local part (RFC 5321 section 4.5.3.1.1), in bytes.
const MAX_LOCAL_BYTES: usize = 64;
/// The longest address (RFC 5321 section 4.5.3.1.3), in bytes: a local part that is too long is read up to
/// here, since a part of it left over still names somebody.
const MAX_ADDRESS_BYTES: usize = 254;
/// The farthest that `://` is looked for before an at sign, in bytes.
const MAX_USERINFO_BYTES: usize = 256;

/// The address around the at sign at `at`.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    let start = local_start(text, at)?;
    let (end, suffix) = domain_end(text, at + 1)?;
    let start = start_in_context(text, start, at, end);
    let local = &text[start..at];
    let domain = &text[at + 1..end];
    if is_algorithm(local, domain) || is_object(local, domain) || is_version(domain) {
        return None;
    }
    if suffix && before(text, start) == Some(b'/') && is_principal(text, start, &text[at + 1..end]) {
        return None;
    }
    // `git@host:path` is a remote, not a person
    let is_remote = || text.get(end) == Some(&b':') || text[..start].ends_with(b"://");
    if matches!(local, b"git" | b"hg" | b"svn") && is_remote() {
        return None;
    }
    let confidence = if suffix { 96 } else { 60 };
    Some(Match {
        start,
        end,
        kind: TypeId::EMAIL,
        rule: rules::EMAIL,
        confidence,
        evidence: if suffix { Evidence::SHAPE.and(Evidence::SUFFIX) } else { Evidence::SHAPE },
    })
}

/// The digest of an address in hex that a value starts with: MD5, SHA-1 or SHA-256.
pub(crate) fn digest(value: &[u8]) -> Option<Match> {
    let end = value.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let is_whole = value.get(end).is_none_or(|b| !b.is_ascii_alphanumeric());
    (matches!(end, 32 | 40 | 64) && is_whole).then_some(Match {
        start: 0,
        end,
        kind: TypeId::EMAIL,
        rule: rules::EMAIL,
        confidence: 84,
        evidence: Evidence::KEY,
    })
}

/// An address that fills a keyed value, a suffix not required.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let sign = memchr::memchr(b'@', value)?;
    at(value, sign).or_else(|| {
        let start = local_start(value, sign)?;
        let end = sign + 1 + label_bytes(&value[sign + 1..]);
        // `com.example.Address@4a3bcd11`: an object of Java
        let hash = &value[sign + 1..end];
        let is_object = (6..=8).contains(&hash.len())
            && hash.iter().all(u8::is_ascii_hexdigit)
            && hash.iter().any(u8::is_ascii_digit)
            && value[start].is_ascii_lowercase()
            && value[start..sign].iter().any(u8::is_ascii_uppercase)
            && value[start..sign].iter().filter(|b| **b == b'.').count() > 1;
        // another value stands before, or a mark of ours
        let is_first = !value[..start].iter().any(|b| matches!(b, b';' | b'[' | b','));
        (end > sign + 1 && !is_object && is_first).then_some(Match {
            start,
            end,
            kind: TypeId::EMAIL,
            rule: rules::EMAIL,
            confidence: 80,
            evidence: Evidence::SHAPE,
        })
    })
}

fn before(text: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).and_then(|p| text.get(p)).copied()
}

/// The start, moved to where what surrounds the whole address says that it starts.
fn start_in_context(text: &[u8], start: usize, at: usize, end: usize) -> usize {
    let local = &text[start..at];
    // `msg=mail+ann%40example.com+now`: plus signs for blanks on both sides
    if text.get(end) == Some(&b'+')
        && text.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
        && let Some(plus) = local.iter().rposition(|b| *b == b'+').filter(|p| p + 1 < local.len())
    {
        return start + plus + 1;
    }
    // `b'ann@example.com'`: a literal of Python
    if local.len() > 2 && local[1] == b'\'' && matches!(local[0], b'b' | b'u' | b'r' | b'f') {
        return start + 2;
    }
    // `<bounce=ann/x=y@example.net>`: all of an address in angle brackets (RFC 5321 section 4.1.2)
    if matches!(before(text, start), Some(b'=' | b'/' | b'?' | b'&' | b'{' | b'}' | b'|' | b'`')) {
        let floor = at.saturating_sub(MAX_LOCAL_BYTES + 1);
        let is_atom =
            |b: u8| is_local(b) || matches!(b, b'=' | b'/' | b'?' | b'&' | b'{' | b'}' | b'|' | b'`');
        let mut first = start;
        while first > floor && is_atom(text[first - 1]) {
            first -= 1;
        }
        if before(text, first) == Some(b'<') && text.get(end) == Some(&b'>') && first < start {
            return first;
        }
    }
    // `bounce+ann=example.com@lists.example.net`: the return path with the recipient in it
    if before(text, start) == Some(b'=') {
        let floor = at.saturating_sub(MAX_LOCAL_BYTES);
        let mut first = start - 1;
        while first > floor && is_local(text[first - 1]) {
            first -= 1;
        }
        let tagged = text[first..start - 1].iter().any(|b| matches!(b, b'+' | b'-'));
        if tagged && is_domain(local) && has_public_suffix(local) && text[first].is_ascii_alphanumeric() {
            return first;
        }
    }
    start
}

/// Names of SSH algorithms, channels and requests (RFC 4251 section 6): `name@domain` of who defined it.
fn is_algorithm(local: &[u8], domain: &[u8]) -> bool {
    const OWNERS: [&[u8]; 8] = [
        b"openssh.com",
        b"libssh.org",
        b"ssh.com",
        b"lysator.liu.se",
        b"matt.ucc.asn.au",
        b"putty.projects.tartarus.org",
        b"roumenpetrov.info",
        b"tinyssh.org",
    ];
    const NAMES: [&[u8]; 17] = [
        b"hostbased",
        b"keepalive",
        b"zlib",
        b"eow",
        b"statvfs",
        b"fstatvfs",
        b"hardlink",
        b"fsync",
        b"lsetstat",
        b"limits",
        b"tun",
        b"ping",
        b"pong",
        b"copydata",
        b"newkeys",
        b"simple",
        b"winadj",
    ];
    let may_own = domain.first().is_some_and(|first| b"olsmprt".contains(first));
    may_own
        && OWNERS.contains(&domain)
        && local.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
        && (local.iter().any(|b| *b == b'-' || b.is_ascii_digit()) || NAMES.contains(&local))
}

/// `com.example.Pool$Conn@1b2c3d4e.open`: a class, its hash in hex digits, a method.
fn is_object(local: &[u8], domain: &[u8]) -> bool {
    let hash = domain.iter().take(9).take_while(|b| b.is_ascii_hexdigit()).count();
    if !(5..=8).contains(&hash) || domain.get(hash).is_some_and(|b| *b != b'.') {
        return false;
    }
    local.contains(&b'$') || local.windows(2).any(|pair| pair[0] == b'.' && pair[1].is_ascii_uppercase())
}

/// `org.wildfly.extension.undertow@23.0.2.Final//…`: the version of a module in a trace of Java (JEP 259), two
/// numbers or more and a word.
fn is_version(domain: &[u8]) -> bool {
    domain[0].is_ascii_digit()
        && memchr::memrchr(b'.', domain).is_some_and(|last| {
            let numbers = &domain[..last];
            numbers.contains(&b'.') && numbers.iter().all(|b| b.is_ascii_digit() || *b == b'.')
        })
}

/// `host/web1@EXAMPLE.COM`: a service of a Kerberos realm (RFC 4120 section 6.2.1).
fn is_principal(text: &[u8], start: usize, realm: &[u8]) -> bool {
    const SERVICES: [&[u8]; 20] = [
        b"host",
        b"http",
        b"krbtgt",
        b"kadmin",
        b"nfs",
        b"ldap",
        b"cifs",
        b"imap",
        b"smtp",
        b"pop",
        b"ftp",
        b"dns",
        b"postgres",
        b"hdfs",
        b"yarn",
        b"hive",
        b"hbase",
        b"zookeeper",
        b"kafka",
        b"nn",
    ];
    let head = &text[start.saturating_sub(12)..start - 1];
    let word = head.rsplit(|b| !b.is_ascii_alphanumeric()).next().unwrap_or_default();
    !realm.iter().any(u8::is_ascii_lowercase) && SERVICES.iter().any(|s| s.eq_ignore_ascii_case(word))
}

fn is_local(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & LOCAL != 0
}

/// Where the local part that ends at `at` starts; `None` if there is none.
fn local_start(text: &[u8], at: usize) -> Option<usize> {
    if at == 0 {
        return None;
    }
    if text[at - 1] == b'"' {
        return quoted_start(text, at);
    }
    let floor = at.saturating_sub(MAX_ADDRESS_BYTES);
    let mut start = at;
    let mut seen = 0;
    while start > floor {
        let class = CLASSES[usize::from(text[start - 1])];
        if class & LOCAL == 0 {
            break;
        }
        seen |= class;
        start -= 1;
    }
    let is_odd = seen & ODD != 0 || start == floor && start > 0;
    start = behind_escape(text, start, at);
    if is_odd {
        start = behind_percent(text, start, at);
    }
    // punctuation at the start belongs to the sentence
    while start < at
        && matches!(text[start], b'.' | b'\'' | b'-' | b'!' | b'#' | b'$' | b'*' | b'~' | b'^' | b'%')
    {
        start += 1;
    }
    // typographic quotes, symbols and broken UTF-8: what stands behind the last of them
    if is_odd && text[start..at].iter().any(|b| *b >= 0x80) {
        let mut place = start;
        while place < at {
            let length = mark_bytes(&text[place..at]);
            place += length.max(1);
            start = if length > 0 { place } else { start };
        }
    }
    let local = &text[start.min(at)..at];
    (!local.is_empty() && local.last() != Some(&b'.')).then_some(start)
}

/// Steps over the last percent escape of a byte that no unquoted local part holds: `mailto%3Aanna`,
/// `%3Cbob`, `to%3D%22eve`. An escape may start before the walk's end.
fn behind_percent(text: &[u8], start: usize, at: usize) -> usize {
    let from = start.saturating_sub(2);
    let Some(mut sign) = memchr::memrchr(b'%', &text[from..at]).map(|p| from + p) else { return start };
    loop {
        let hex = text.get(sign + 1..sign + 3).filter(|_| sign + 3 < at);
        let byte = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if byte.is_some_and(|b| !is_local(b)) {
            return sign + 3;
        }
        match memchr::memrchr(b'%', &text[from..sign]) {
            Some(p) => sign = from + p,
            None => return start,
        }
    }
}

/// Steps over an escape that the walk back ran into: `\n`, `\u003c`, a colour code.
fn behind_escape(text: &[u8], start: usize, at: usize) -> usize {
    let rest = &text[start..at];
    match before(text, start) {
        Some(b'\\') => match rest.first() {
            Some(b'n' | b'r' | b't') if rest.len() > 1 => start + 1,
            Some(b'u') if rest.len() > 5 && rest[1..5].iter().all(u8::is_ascii_hexdigit) => start + 5,
            Some(b'x') if rest.len() > 3 && rest[1..3].iter().all(u8::is_ascii_hexdigit) => start + 3,
            _ => start,
        },
        // ESC `[` as a byte, `\u001b[`, `\x1b[`, `\033[`, `^[[`
        Some(b'[')
            if [&b"\x1b["[..], b"1b[", b"1B[", b"033[", b"^[["]
                .iter()
                .any(|e| text[..start].ends_with(e)) =>
        {
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let is_code = digits > 0 && rest.get(digits) == Some(&b'm') && rest.len() > digits + 1;
            if is_code { start + digits + 1 } else { start }
        }
        // the last parameter of one: `ESC[1;31m`
        Some(b';') if rest.iter().take(3).any(|b| *b == b'm') => {
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let head = &text[start.saturating_sub(12)..start];
            let is_code = digits > 0
                && rest.get(digits) == Some(&b'm')
                && head.rsplit(|b| *b == b'\n').next().is_some_and(|h| h.contains(&b'['));
            if is_code && rest.len() > digits + 1 { start + digits + 1 } else { start }
        }
        _ => start,
    }
}

/// The start of a quoted local part whose closing quote stands before `at`, in a string perhaps
/// (`"To: \"ann berg\"@example.org"`).
fn quoted_start(text: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(MAX_LOCAL_BYTES + 2);
    let mut open = at.checked_sub(2)?;
    if text[open] == b'\\' {
        let inside = &text[floor..open];
        let quote = memchr::memrchr(b'"', inside).filter(|quote| *quote > 0)?;
        let local = &inside[quote + 1..];
        let is_local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'-' | b'_' | b'+');
        let is_whole = local.first()?.is_ascii_alphanumeric() && local.iter().all(is_local);
        let is_open = inside[quote - 1] == b'\\' && (quote < 2 || inside[quote - 2] != b'\\');
        return (is_whole && is_open).then_some(floor + quote - 1);
    }
    while open > floor && text[open] != b'"' && text[open] != b'\n' {
        open -= 1;
    }
    // `{"msg": "@…`: a quote that closes a key or a value opens no local part
    let opens = before(text, open) != Some(b'\\') && !matches!(text[open + 1], b' ' | b'\t' | b':' | b',');
    (text[open] == b'"' && opens && at - open > 2).then_some(open)
}

/// The userinfo of a URL whose at sign stands at `at`: `user:password` (RFC 3986 section 3.2.1).
pub(crate) fn userinfo_at(text: &[u8], at: usize) -> Option<Match> {
    let floor = at.saturating_sub(MAX_USERINFO_BYTES);
    let mut start = at;
    while start > floor {
        match text[start - 1] {
            b'/' | b' ' | b'\t' | b'\n' | b'"' | b'\'' | b'<' | b'>' | b'?' | b'#' | b'`' => break,
            _ => start -= 1,
        }
    }
    // nearly all addresses stand in no URL
    if start == 0 || text[start - 1] != b'/' {
        return None;
    }
    // the name of an actor system or of a forge's account is no person's
    if matches!(&text[start..at], b"git" | b"hg" | b"svn") || is_actor_system(text, start, at) {
        return None;
    }
    // JSON may write the slashes as `\/`
    let scheme = &text[..start];
    let slashes = scheme.ends_with(b"://") || scheme.ends_with(b":\\/\\/");
    let begin = if slashes { start } else { database_userinfo(text, floor, start).unwrap_or(start) };
    let (start, slashes) = (begin, slashes || begin < start);
    let host = text
        .get(at + 1)
        .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'[' | b'_' | b'%') || *b >= 0x80);
    (slashes && start < at && host).then_some(Match {
        start,
        end: at,
        kind: TypeId::URL_USERINFO,
        rule: rules::URL_USERINFO,
        confidence: 97,
        evidence: Evidence::SHAPE.and(Evidence::SLOT_URL),
    })
}

/// Where the userinfo of a database's URL starts whose password has a slash that nobody escaped
/// (`postgres://app:p/ss@db.example.com/shop`); `slash` is behind the last one.
fn database_userinfo(text: &[u8], floor: usize, slash: usize) -> Option<usize> {
    const SCHEMES: [&[u8]; 9] = [
        b"postgres",
        b"postgresql",
        b"mysql",
        b"mariadb",
        b"mongodb",
        b"mongodb+srv",
        b"redis",
        b"rediss",
        b"amqp",
    ];
    if slash == 0 || text[slash - 1] != b'/' {
        return None;
    }
    let start = floor + memchr::memmem::rfind(&text[floor..slash], b"://")? + 3;
    let info = &text[start..slash - 1];
    // one more than the longest: what is longer is none of them
    let scheme = text[..start - 3].iter().rev().take(12);
    let scheme = scheme.take_while(|b| b.is_ascii_alphanumeric() || **b == b'+').count();
    let scheme = &text[start - 3 - scheme..start - 3];
    let colon = memchr::memchr(b':', info)?;
    // `mongodb://host:27017/shop?from=ina@example.com` has a port
    let port = info[colon + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let is_port = matches!(info.get(colon + 1 + port), None | Some(b'/' | b','));
    let is_plain =
        |b: &u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'`' | b'?' | b'@');
    let first = memchr::memchr(b'/', info).is_none_or(|at| at > colon);
    (SCHEMES.contains(&scheme) && !is_port && first && colon > 0 && info.iter().all(is_plain))
        .then_some(start)
}

/// `akka.tcp://sparkDriver@10.0.0.1:48069`, `spark://CoarseGrainedScheduler@…`: a service by its name.
fn is_actor_system(text: &[u8], start: usize, at: usize) -> bool {
    let scheme = &text[start.saturating_sub(20)..start];
    [&b"akka://"[..], b"akka.tcp://", b"akka.ssl.tcp://", b"pekko://", b"pekko.tcp://", b"spark://"]
        .iter()
        .any(|s| scheme.ends_with(s))
        && !text[start..at].contains(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        let sign = text.find('@')?;
        at(text.as_bytes(), sign).map(|m| &text[m.start..m.end])
    }

    #[test]
    fn addresses_and_look_alikes() {
        for (text, expected) in [
            ("to=<ann@example.com>, relay", Some("ann@example.com")),
            ("mailto:ann.b+tag@mail.example.co.uk", Some("ann.b+tag@mail.example.co.uk")),
            ("o'brien@example.org", Some("o'brien@example.org")),
            ("'ann@example.org'", Some("ann@example.org")),
            ("\"ann b\"@example.org", Some("\"ann b\"@example.org")),
            ("ann@example.org.", Some("ann@example.org")),
            ("hans@m\u{fc}ller.com", Some("hans@m\u{fc}ller.com")),
            ("ann@xn--80ak6aa92e.com", Some("ann@xn--80ak6aa92e.com")),
            ("git@example.org:team/repo", None),
            ("name@123", None),
            ("pkg@1.2.3", None),
            ("Object@2bd79ce", None),
            ("ann@host", None),
            ("@example.org", None),
            ("ann@", None),
            ("ann@.org", None),
            ("ann@com", None),
            ("com.android.Keyguard@712d093", None),
            ("getty@tty1.service", None),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn userinfo_of_urls() {
        let info = |text: &str| {
            userinfo_at(text.as_bytes(), text.find('@').unwrap()).map(|m| text[m.start..m.end].to_owned())
        };
        assert_eq!(info("https://ann:pw@host/"), Some("ann:pw".into()));
        assert_eq!(info("postgres://ann@host"), Some("ann".into()));
        assert_eq!(info("https://example.com/@ann"), None);
        assert_eq!(info("https://@host"), None);
    }
}
