//! Login names under their keys.

use crate::check::words::Words;
use crate::check::{absent, phrase};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::USERNAME;

/// The longest name that is taken.
const MAX_LENGTH: usize = 128;

/// Words that say something about a user, a login or an account instead of naming one.
static NOT_NAMES: Words<36> = Words::new([
    b"login",
    b"logout",
    b"logged",
    b"user",
    b"users",
    b"username",
    b"account",
    b"session",
    b"page",
    b"attempt",
    b"attempts",
    b"client",
    b"server",
    b"phone",
    b"namespace",
    b"process",
    b"count",
    b"agent",
    b"group",
    b"role",
    b"mode",
    b"space",
    b"data",
    b"input",
    b"id",
    b"ids",
    b"name",
    b"list",
    b"from",
    b"for",
    b"the",
    b"with",
    b"and",
    b"not",
    b"is",
    b"system",
]);

/// The login name in a value: `alice`, `j.doe`, `CORP\meier`, `user@host`, `Max Mustermann` in quotes.
///
/// Nulls, numbers below six digits, paths, sentences and structures stay. System accounts are spared
/// by the policy, not here, but for those of Windows whose domain is two words. `<…>` around a name is left out.
pub(crate) fn keyed(value: &[u8], quoted: bool) -> Option<Match> {
    let (mut start, mut end) = match quoted {
        true => phrase::trimmed(value),
        false if value.trim_ascii_start().starts_with(b"arn:") => first_word(value),
        false => bare(value)?,
    };
    if let Some((from, to)) = principal(value.get(start..end)?) {
        (start, end) = (start + from, start + to);
    } else if value.get(start..end)?.starts_with(b"arn:") {
        return None;
    }
    // where an object lies that is printed: `<SHUser: 0x600003a1c2d0; email = …>`
    let is_place = |hex: &[u8]| (8..=16).contains(&hex.len()) && hex.iter().all(u8::is_ascii_hexdigit);
    if !quoted && value.get(start..end)?.strip_prefix(b"0x").is_some_and(is_place) {
        return None;
    }
    // the account of the system itself, in two words
    const SYSTEMS: [&[u8]; 5] = [
        b"NT AUTHORITY\\",
        b"AUTORITE NT\\",
        b"NT-AUTORIT\xc3\x84T\\",
        b"AUTORIDADE NT\\",
        b"AUTORIDAD NT\\",
    ];
    let account = value.get(start..)?;
    if SYSTEMS
        .iter()
        .any(|system| account.get(..system.len()).is_some_and(|head| head.eq_ignore_ascii_case(system)))
    {
        return None;
    }
    if value.get(start) == Some(&b'<') && value.get(end.checked_sub(1)?) == Some(&b'>') {
        start += 1;
        end -= 1;
    }
    let name = value.get(start..end)?;
    if !(1..=MAX_LENGTH).contains(&name.len())
        || absent::is_absent(name)
        || NOT_NAMES.contains(name)
        || !is_name(name)
        || is_machine(name)
        || is_measure(name)
        || is_signed_uuid(name)
        || is_object(name)
        || !quoted && is_method(name)
        || is_system_id(name)
        || is_module(name)
        || is_domain(name)
        || !quoted && is_architecture(name)
        || !quoted && is_said(name, value.get(end..).unwrap_or_default())
    {
        return None;
    }
    // an e-mail address is better known as one
    let confidence = if name.contains(&b'@') { 70 } else { 84 };
    Some(Match { start, end, kind: TypeId::USERNAME, rule: USERNAME, confidence, evidence: Evidence::KEY })
}

/// The user in the name of a principal in AWS: `arn:aws:iam::123456789012:user/anna`,
/// `arn:aws:sts::123456789012:assumed-role/admin/anna`.
fn principal(value: &[u8]) -> Option<(usize, usize)> {
    let resource = value.starts_with(b"arn:aws").then(|| memchr::memrchr(b':', value)).flatten()? + 1;
    let rest = value.get(resource..)?;
    let is_person = rest.starts_with(b"user/") || rest.starts_with(b"assumed-role/");
    let name = resource + memchr::memrchr(b'/', rest)? + 1;
    let end = name + value.get(name..)?.iter().take_while(|b| is_name_byte(**b)).count();
    let is_named = rest.starts_with(b"user/") || rest.starts_with(b"assumed-role/AWSReservedSSO_");
    let is_person = is_person && (is_named || names_person(value.get(name..end)?));
    (is_person && name < end).then_some((name, end))
}

/// Whether the name of a role's session is somebody's: programs name theirs by what they do, in several words.
pub(super) fn names_person(session: &[u8]) -> bool {
    let first = session.split(|b| *b == b'-').next().unwrap_or_default();
    let is_dashed = first.len() < session.len();
    let digits = session.iter().filter(|b| b.is_ascii_digit()).count();
    let is_camel = session.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
    session.contains(&b'@')
        || super::name::is_given(first)
        || !is_dashed
            && !is_camel
            && digits < 5
            && session.iter().any(|b| b.is_ascii_lowercase() || *b >= 0x80)
}

/// The account of a computer in a Windows domain, whose name ends in `$` (`DC01$`).
fn is_machine(name: &[u8]) -> bool {
    name.len() > 2 && name.ends_with(b"$") && !name.iter().any(u8::is_ascii_lowercase)
}

/// A host or domain by its last label, unless a given name stands first; `@` is another matter.
fn is_domain(name: &[u8]) -> bool {
    const ENDS: [&[u8]; 5] = [b".com", b".net", b".org", b".localdomain", b".internal"];
    let first = name.split(|b| *b == b'.').next().unwrap_or_default();
    !name.contains(&b'@')
        && !name.contains(&b'\\')
        && ENDS.iter().any(|end| name.ends_with(end))
        && !super::name::is_given(first)
}

/// What a package is built for, behind its name in dpkg's logs: `status installed login:amd64 1:4.13`.
fn is_architecture(name: &[u8]) -> bool {
    [&b"amd64"[..], b"arm64", b"i386", b"armhf", b"ppc64el", b"s390x", b"riscv64"].contains(&name)
}

/// The share of processor time that is the user's: `user=0.41s`, `user 12.5%`.
fn is_measure(name: &[u8]) -> bool {
    let number = name.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    name[0].is_ascii_digit()
        && name[..number].contains(&b'.')
        && matches!(&name[number..], b"" | b"s" | b"ms" | b"us" | b"ns" | b"%")
}

/// The id of a user or a connection in Guacamole: a sign and a UUID.
fn is_signed_uuid(name: &[u8]) -> bool {
    name.len() == 37
        && matches!(name[0], b'@' | b'$')
        && name[1..].iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
}

/// A method behind its class: `SqlUserStore.GetForLogin`.
fn is_method(name: &[u8]) -> bool {
    let is_camel = |part: &[u8]| {
        part.first().is_some_and(u8::is_ascii_uppercase)
            && part.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase())
    };
    let mut parts = name.split(|b| *b == b'.');
    matches!((parts.next(), parts.next(), parts.next()), (Some(class), Some(method), None) if is_camel(class) && is_camel(method))
}

/// An object of Java as it prints itself: `org.example.User@36ebcb`.
fn is_object(name: &[u8]) -> bool {
    let Some(sign) = memchr::memchr(b'@', name) else { return false };
    let (class, hash) = (&name[..sign], &name[sign + 1..]);
    (6..=8).contains(&hash.len())
        && hash.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && memchr::memchr_iter(b'.', class).count() > 1
        && memchr::memrchr(b'.', class)
            .is_some_and(|dot| class[dot + 1..].first().is_some_and(u8::is_ascii_uppercase))
}

/// A security id of the system itself, or of what it runs (MS-DTYP section 2.4.2.4): `S-1-5-18`, `S-1-5-80-…`.
fn is_system_id(name: &[u8]) -> bool {
    const OWN: [&[u8]; 16] = [
        b"0-", b"1-", b"2-", b"3-", b"5-18", b"5-19", b"5-20", b"5-32-", b"5-80-", b"5-82-", b"5-83-",
        b"5-90-", b"5-96-", b"15-", b"16-", b"5-6",
    ];
    name.strip_prefix(b"S-1-").is_some_and(|id| OWN.iter().any(|own| id.starts_with(own)))
}

/// A module of PAM, which opens sessions.
fn is_module(name: &[u8]) -> bool {
    const MODULES: [&[u8]; 6] = [b"unix", b"sss", b"ldap", b"krb5", b"winbind", b"systemd"];
    name.strip_prefix(b"pam_").is_some_and(|module| MODULES.contains(&module))
}

/// What stands before the first blank.
fn first_word(value: &[u8]) -> (usize, usize) {
    let start = value.len() - value.trim_ascii_start().len();
    (start, start + value[start..].iter().take_while(|b| !b.is_ascii_whitespace()).count())
}

/// An unquoted name: one word.
fn bare(value: &[u8]) -> Option<(usize, usize)> {
    let start = value.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let rest = value.get(start..)?;
    if rest.first() == Some(&b'<') {
        let close = rest.iter().take(MAX_LENGTH).position(|b| *b == b'>')?;
        return Some((start, start + close + 1));
    }
    let mut length = rest.iter().take_while(|b| is_name_byte(**b)).count();
    // a structure, a key, a call (`getResources() for …`)
    if matches!(rest.get(length..), Some([b'{' | b'=', ..] | [b'(', b')', ..])) {
        return None;
    }
    while length > 0 && matches!(rest.get(length - 1), Some(b'.' | b':' | b'\\' | b'!' | b'?')) {
        length -= 1;
    }
    // a blank that does not break
    while rest.get(..length).is_some_and(|name| name.ends_with("\u{a0}".as_bytes())) {
        length -= 2;
    }
    Some((start, start + length + family_names(rest, length)))
}

/// How far a name written out goes on behind its first word: `John Smith, role=admin`.
fn family_names(value: &[u8], first: usize) -> usize {
    let titled = |word: &[u8]| {
        word.len() > 1
            && word.first().is_some_and(u8::is_ascii_uppercase)
            && word.iter().skip(1).all(|b| b.is_ascii_lowercase() || *b >= 0x80 || matches!(b, b'-' | b'\''))
    };
    let limit = phrase::limit(value, true);
    let Some(rest) = value.get(first..limit).and_then(|rest| rest.strip_prefix(b" ")) else { return 0 };
    let all = value.get(..first).is_some_and(titled) && rest.split(|b| *b == b' ').all(titled);
    if all && rest.split(|b| *b == b' ').count() <= 2 { 1 + rest.len() } else { 0 }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(
            byte,
            b'.' | b'_' | b'-' | b'+' | b'@' | b'\\' | b'$' | b'!' | b'%' | b'#' | b'~' | b':' | b'*'
        )
}

/// How a login came out, at the start of a sentence: `login: Successfully …`, `Disconnected (…)`.
fn is_outcome(word: &[u8]) -> bool {
    let capital = word.len() > 5
        && word.first().is_some_and(u8::is_ascii_uppercase)
        && word.iter().skip(1).all(u8::is_ascii_lowercase);
    capital
        && [b"ted".as_slice(), b"ied", b"sed", b"led", b"ned", b"ing", b"lly", b"ful", b"out"]
            .iter()
            .any(|end| word.ends_with(end))
}

/// What is said of a login instead of a name, where nothing quotes it.
fn is_said(word: &[u8], after: &[u8]) -> bool {
    is_outcome(word)
        || is_message(word, after)
        || REMARKS.contains(word)
        || is_weekday(word, after)
        || word.eq_ignore_ascii_case(b"n") && after.get(..2).is_some_and(|a| a.eq_ignore_ascii_case(b"/a"))
}

/// `Last failed login: Sun Nov 12 10:00:00 UTC 2023`.
fn is_weekday(word: &[u8], after: &[u8]) -> bool {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    DAYS.contains(&word)
        && matches!(after, [b' ', b'A'..=b'Z', b'a'..=b'z', b'a'..=b'z', b' ', ..] | [b' ', b'0'..=b'9', ..])
}

/// Words that a remark starts with: `user: cache hit`, `login: retry in 5s`, `login: see comment`.
static REMARKS: Words<38> = Words::new([
    b"rate",
    b"captcha",
    b"provider",
    b"providers",
    b"form",
    b"button",
    b"endpoint",
    b"handler",
    b"route",
    b"template",
    b"redirect",
    b"redirecting",
    b"timeout",
    b"done",
    b"see",
    b"retry",
    b"retrying",
    b"check",
    b"checking",
    b"cache",
    b"cached",
    b"profile",
    b"email",
    b"lookup",
    b"loading",
    b"pending",
    b"please",
    b"waiting",
    b"ready",
    b"rename",
    b"created",
    b"updated",
    b"removed",
    b"added",
    b"skipping",
    b"validation",
    b"ldap",
    b"rejected",
]);

/// What went wrong, behind a name that stands before the colon: `user anna: password mismatch`,
/// `AUTH failure (LOGIN): authentication failure`.
fn is_message(word: &[u8], after: &[u8]) -> bool {
    const MATTERS: [&[u8]; 11] = [
        b"authentication",
        b"authorization",
        b"authorisation",
        b"password",
        b"passphrase",
        b"connection",
        b"credentials",
        b"permission",
        b"lookup",
        b"certificate",
        b"handshake",
    ];
    const VERDICTS: [&[u8]; 12] = [
        b"failure",
        b"failed",
        b"mismatch",
        b"error",
        b"denied",
        b"required",
        b"incorrect",
        b"expired",
        b"rejected",
        b"succeeded",
        b"timed",
        b"not",
    ];
    let Some(rest) = after.strip_prefix(b" ") else { return false };
    let length = rest.iter().take(12).take_while(|b| b.is_ascii_alphabetic()).count();
    MATTERS.iter().any(|matter| word.eq_ignore_ascii_case(matter))
        && rest.get(..length).is_some_and(|next| VERDICTS.iter().any(|v| next.eq_ignore_ascii_case(v)))
}

fn is_name(name: &[u8]) -> bool {
    let words = name.split(|b| *b == b' ').count();
    let letters = name.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    let digits = name.iter().filter(|b| b.is_ascii_digit()).count();
    // `o\"hara`: an escaped quote is a letter of the name
    let is_sign = |at: usize, byte: u8| match byte {
        b'"' => at == 0 || name.get(at - 1) != Some(&b'\\'),
        _ => matches!(byte, b'{' | b'}' | b'[' | b']' | b'<' | b'>' | b'=' | b';' | b'|'),
    };
    let structure = name.iter().enumerate().any(|(at, byte)| is_sign(at, *byte));
    let path = name.contains(&b'/') || name.first().is_some_and(|b| matches!(b, b'\\' | b'.' | b':' | b'-'));
    let sentence = words > 3 || (words > 1 && name.split(|b| *b == b' ').any(is_lower_not_name));
    !structure && !path && !sentence && (letters || digits == name.len() && digits >= 6)
}

/// A word in small letters that names nobody.
fn is_lower_not_name(word: &[u8]) -> bool {
    NOT_NAMES.contains(word) && !word.iter().any(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (value, quoted, expected) in [
            ("alice", true, Some("alice")),
            ("John Smith, role=admin", false, Some("John Smith")),
            ("John logged in", false, Some("John")),
            ("system", false, None),
            ("bob action=delete", false, Some("bob")),
            (r"CORP\dwagner", false, Some(r"CORP\dwagner")),
            ("<alice>, method=PLAIN", false, Some("alice")),
            ("max mustermann", true, Some("max mustermann")),
            ("j.doe.", false, Some("j.doe")),
            ("anna@shop", false, Some("anna@shop")),
            ("alice(uid=1000)", false, Some("alice")),
            ("nina.h", true, Some("nina.h")),
            (r#"o\"hara.n"#, true, Some(r#"o\"hara.n"#)),
            ("", true, None),
            ("-", false, None),
            ("0", false, None),
            ("1000", true, None),
            ("null", false, None),
            ("(null)", false, None),
            ("unknown", true, None),
            ("<>", false, None),
            ("/login", false, None),
            ("success", false, None),
            ("Successfully logged in", false, None),
            ("Disconnected (auth failed)", false, None),
            ("Alfred", false, Some("Alfred")),
            ("user login page rendered", true, None),
            ("{}", true, None),
            ("getResources() for job_1", false, None),
            ("anna (admin)", false, Some("anna")),
            ("anna(uid=0)", false, Some("anna")),
            ("DC01$", true, None),
            ("a$", true, Some("a$")),
            ("arn:aws:iam::123456789012:user/anna.b", true, Some("anna.b")),
            ("arn:aws:sts::123456789012:assumed-role/ops/anna is not", false, Some("anna")),
            ("arn:aws:iam::123456789012:role/ops", true, None),
        ] {
            let found = keyed(value.as_bytes(), quoted);
            assert_eq!(found.and_then(|m| value.get(m.start..m.end)), expected, "{value:?}");
        }
        assert!(keyed(&[b'a'; 300], true).is_none());
        assert!(keyed(b"<", false).is_none());
    }
}
