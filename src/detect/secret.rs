//! Passwords and tokens under keys: what is a value and what only fills its place.

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::RuleId;

/// What stands in a secret's place without being one.
const FILLERS: [&[u8]; 46] = [
    b"null",
    b"none",
    b"nil",
    b"undefined",
    b"true",
    b"false",
    b"yes",
    b"no",
    b"n/a",
    b"na",
    b"-",
    b"--",
    b"unset",
    b"empty",
    b"unknown",
    b"redacted",
    b"filtered",
    b"hidden",
    b"masked",
    b"removed",
    b"secret",
    b"protected",
    b"not set",
    b"(null)",
    b"(none)",
    b"(empty)",
    b"<none>",
    b"<nil>",
    b"<null>",
    b"ok",
    b"on",
    b"off",
    b"default",
    b"disabled",
    b"enabled",
    b"required",
    b"optional",
    b"string",
    b"undef",
    b"()",
    b"{}",
    b"[]",
    b"?",
    b"present",
    b"absent",
    b"omitted",
];

/// Words that go on with a sentence about a secret (`password: must be …`, `token is expired`).
const PROSE: [&[u8]; 72] = [
    b"must",
    b"is",
    b"was",
    b"has",
    b"had",
    b"for",
    b"from",
    b"and",
    b"or",
    b"the",
    b"not",
    b"incorrect",
    b"invalid",
    b"failed",
    b"failure",
    b"success",
    b"successful",
    b"succeeded",
    b"expired",
    b"expires",
    b"changed",
    b"change",
    b"reset",
    b"missing",
    b"wrong",
    b"accepted",
    b"rejected",
    b"set",
    b"field",
    b"cannot",
    b"should",
    b"denied",
    b"authentication",
    b"auth",
    b"mismatch",
    b"error",
    b"does",
    b"did",
    b"with",
    b"to",
    b"in",
    b"at",
    b"of",
    b"by",
    b"too",
    b"are",
    b"will",
    b"can",
    b"valid",
    b"verified",
    b"updated",
    b"sent",
    b"requested",
    b"generated",
    b"created",
    b"deleted",
    b"revoked",
    b"refreshed",
    b"found",
    b"check",
    b"checking",
    b"ready",
    b"received",
    b"validation",
    b"policy",
    b"hash",
    b"attempt",
    b"attempts",
    b"login",
    b"length",
    b"a",
    b"an",
];

/// A secret of the kind: the whole value unless it only fills the place.
pub(crate) fn any(value: &[u8], quoted: bool, kind: TypeId, rule: RuleId) -> Option<Match> {
    if is_filler(value) || (!quoted && is_prose(value)) {
        return None;
    }
    Some(Match { start: 0, end: value.len(), kind, rule, confidence: 88, evidence: Evidence::NONE })
}

/// A secret whose key is ambiguous: the value itself must look like one.
pub(crate) fn secretish(value: &[u8], kind: TypeId, rule: RuleId) -> Option<Match> {
    if is_filler(value) || !looks_random(value) {
        return None;
    }
    Some(Match { start: 0, end: value.len(), kind, rule, confidence: 80, evidence: Evidence::ENTROPY })
}

/// Masks, placeholders of templates and words for "nothing".
pub(crate) fn is_filler(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let Some(&first) = value.first() else { return true };
    if FILLERS.iter().any(|f| f.eq_ignore_ascii_case(value)) {
        return true;
    }
    // masks: ****, xxxx, ••••, ......
    if matches!(first, b'*' | b'x' | b'X' | b'.' | b'#' | b'-' | b'_') && value.iter().all(|b| *b == first) {
        return true;
    }
    if value.starts_with("\u{2022}".as_bytes()) && value.chunks(3).all(|c| c == "\u{2022}".as_bytes()) {
        return true;
    }
    // masked but for a few: ab****
    let stars = value.iter().filter(|b| **b == b'*').count();
    if stars >= 3 && stars * 2 >= value.len() {
        return true;
    }
    if is_bracketed_word(value) {
        return true;
    }
    is_template(value)
}

/// `[FILTERED]`, `<hidden>`, `(redacted)`: one word or two in brackets.
fn is_bracketed_word(value: &[u8]) -> bool {
    let inner = match (value[0], value[value.len() - 1]) {
        (b'[', b']') | (b'<', b'>') | (b'(', b')') | (b'{', b'}') if value.len() > 2 => {
            &value[1..value.len() - 1]
        }
        _ => return false,
    };
    let inner = inner.trim_ascii();
    let is_word = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b' ' | b'_' | b'-');
    inner.iter().all(is_word)
        && [
            &b"filter"[..],
            b"redact",
            b"hidden",
            b"mask",
            b"remov",
            b"secret",
            b"password",
            b"token",
            b"omit",
            b"none",
            b"null",
            b"empty",
            b"protected",
            b"scrub",
            b"unset",
            b"private",
            b"sensitive",
            b"sanitiz",
            b"not",
            b"your",
        ]
        .iter()
        .any(|w| inner.len() >= w.len() && inner[..w.len()].eq_ignore_ascii_case(w))
}

/// `${VAR}`, `$VAR`, `{{ x }}`, `%s`, `%(x)s`, `:param`, `$1`, `?`, `@var`, `<%= x %>`.
fn is_template(value: &[u8]) -> bool {
    let word = |rest: &[u8]| {
        !rest.is_empty() && rest.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
    };
    match value {
        [b'$', b'{' | b'(', ..] | [b'{', b'{', ..] | [b'%', b'(', ..] | [b'<', b'%', ..] => true,
        [b'$', rest @ ..] => {
            word(rest)
                && (rest.iter().all(u8::is_ascii_digit)
                    || rest.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'0'..=b'9')))
        }
        [b'%', b's' | b'd' | b'v' | b'q'] | [b'%', b'+', b'v'] => true,
        [b'?', ..] => value.len() <= 2,
        [b':', rest @ ..] => {
            word(rest)
                && rest[0].is_ascii_lowercase()
                && rest.iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
        }
        _ => false,
    }
}

fn is_prose(value: &[u8]) -> bool {
    PROSE.iter().any(|p| p.eq_ignore_ascii_case(value))
}

/// Whether a value looks like it was drawn at random: eight and more bytes of one word with letters
/// and digits mixed as names, classes, paths, versions and numbers are not.
pub(crate) fn looks_random(value: &[u8]) -> bool {
    if value.len() < 8
        || value.iter().any(|b| {
            b.is_ascii_whitespace()
                || matches!(b, b'{' | b'}' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'"')
        })
    {
        return false;
    }
    if value.starts_with(b"/") || value.starts_with(b"0x") || value.windows(3).any(|w| w == b"://") {
        return false;
    }
    // `Class@2bd79ce`, `a.b.C@1`
    if let Some(sign) = value.iter().position(|b| *b == b'@')
        && value[sign + 1..].iter().all(u8::is_ascii_hexdigit)
    {
        return false;
    }
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if letters == 0 {
        return false;
    }
    if digits == 0 {
        // a word, however long, is one; mixed case without a pattern of words is not
        return value.len() >= 20 && case_changes(value) * 4 >= value.len();
    }
    if value.len() >= 16 {
        return digits >= 2 && !is_dotted_name(value);
    }
    digits >= 2 && !is_dotted_name(value) && !is_word_and_number(value)
}

fn case_changes(value: &[u8]) -> usize {
    value.windows(2).filter(|w| w[0].is_ascii_lowercase() != w[1].is_ascii_lowercase()).count()
}

/// `com.example.Name1`: words between dots.
fn is_dotted_name(value: &[u8]) -> bool {
    let parts: Vec<&[u8]> = value.split(|b| matches!(b, b'.' | b'/')).collect();
    parts.len() > 2 && parts.iter().all(|p| p.first().is_some_and(u8::is_ascii_alphabetic) && p.len() < 24)
}

/// `worker-12`, `eth0`, `node_0012`: a word and one number behind it.
fn is_word_and_number(value: &[u8]) -> bool {
    let word = value
        .iter()
        .take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_' | b'.' | b'#'))
        .count();
    word > 0 && value[word..].iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fillers() {
        for (value, is) in [
            ("", true),
            ("null", true),
            ("********", true),
            ("xxxx", true),
            ("[FILTERED]", true),
            ("<hidden>", true),
            ("${DB_PASS}", true),
            ("{{ password }}", true),
            ("$1", true),
            ("?", true),
            (":password", true),
            ("ab*****", true),
            ("hunter2", false),
            ("[Hunter2]", false),
            ("$ecret1", false),
            ("x", true),
            ("a", false),
            (":-)", false),
        ] {
            assert_eq!(is_filler(value.as_bytes()), is, "{value}");
        }
    }

    #[test]
    fn random_looking_values() {
        for (value, is) in [
            ("ab12cd34ef", true),
            ("t0p-S3cr3t-v4lue", true),
            ("fd882280243ebf9d43849a95fcc47814", true),
            ("Token{a64f992", false),
            ("android.os.BinderProxy@2bd79ce", false),
            ("0x14f05578bd80018", false),
            ("worker-12", false),
            ("IDENTIFIER", false),
            ("12345678", false),
            ("/var/run/secrets1/token2", false),
            ("", false),
            ("failed", false),
        ] {
            assert_eq!(looks_random(value.as_bytes()), is, "{value}");
        }
    }
}
