//! Passwords and tokens under keys: what is a value and what only fills its place.

use crate::check::filler::is_filler;
use crate::check::random::looks_random;
use crate::check::words::Words;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::RuleId;

/// Words that go on with a sentence about a secret (`password: must be …`, `token is a …`).
static PROSE: Words<72> = Words::new([
    b"using",
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
    b"failure",
    b"success",
    b"successful",
    b"succeeded",
    b"expires",
    b"change",
    b"reset",
    b"set",
    b"field",
    b"cannot",
    b"should",
    b"authentication",
    b"auth",
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
    b"sent",
    b"requested",
    b"generated",
    b"created",
    b"deleted",
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
    b"all",
    b"link",
    b"prompt",
    b"retype",
    b"passwd",
    b"obtained",
    b"cached",
    b"loaded",
    b"rotated",
    b"bcrypt",
    b"scrypt",
    b"argon2id",
    b"allow",
    b"allowed",
]);

/// What is said of a secret, in a sentence and in its place (`token is expired`, `{"password": "expired"}`).
static SAID: Words<24> = Words::new([
    b"abgelaufen",
    b"falsch",
    "ungültig".as_bytes(),
    b"fehlt",
    b"caducada",
    b"incorrecta",
    b"invalida",
    b"scaduta",
    b"verlopen",
    b"incorrect",
    b"invalid",
    b"failed",
    b"expired",
    b"changed",
    b"missing",
    b"wrong",
    b"accepted",
    b"rejected",
    b"denied",
    b"mismatch",
    b"valid",
    b"verified",
    b"updated",
    b"revoked",
]);

/// What is said in its place alone, and types of columns.
static STATES: Words<12> = Words::new([
    b"not provided",
    b"not found",
    b"not valid",
    b"text",
    b"bytea",
    b"character varying",
    b"ungueltig",
    "inválida".as_bytes(),
    "expiré".as_bytes(),
    b"incorrecte",
    b"invalide",
    b"errata",
]);

/// A secret of the kind: the whole value unless it only fills the place.
pub(crate) fn any(value: &[u8], quoted: bool, kind: TypeId, rule: RuleId) -> Option<Match> {
    if is_filler(value)
        || is_zero(value)
        || !quoted && value.starts_with(b",")
        || (!quoted && (is_prose(value) || is_option(value)))
        || (quoted && (is_complaint(value) || is_state(value)))
        || is_reference(value)
    {
        return None;
    }
    Some(Match { start: 0, end: value.len(), kind, rule, confidence: 88, evidence: Evidence::NONE })
}

/// A secret whose key is ambiguous: the value itself must look like one.
pub(crate) fn secretish(value: &[u8], kind: TypeId, rule: RuleId) -> Option<Match> {
    if is_filler(value)
        || is_zero(value)
        || is_reference(value)
        || is_security_id(value)
        || is_moment(value)
        || !(looks_random(value) || is_long_number(value) || is_exclaimed(value))
    {
        return None;
    }
    Some(Match { start: 0, end: value.len(), kind, rule, confidence: 80, evidence: Evidence::ENTROPY })
}

/// Zeros alone, which stand where none was set: `Session-ID: 00000000000000000000000000000000`.
fn is_zero(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"0x").unwrap_or(value);
    digits.len() > 7 && digits.iter().all(|b| *b == b'0')
}

/// A moment (RFC 3339): `{"session":{"started":"2026-11-29T10:00:01Z"}}`.
fn is_moment(value: &[u8]) -> bool {
    let [y, u, i, r, b'-', m, n, b'-', d, e, b'T' | b't' | b'_', rest @ ..] = value else { return false };
    [y, u, i, r, m, n, d, e].iter().all(|b| b.is_ascii_digit())
        && rest.iter().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'+' | b'-' | b'Z' | b'z'))
}

/// A security identifier of Windows (`S-1-5-21-…-1105`): whose, not what lets in.
fn is_security_id(value: &[u8]) -> bool {
    value.strip_prefix(b"S-1-").is_some_and(|rest| rest.iter().all(|b| b.is_ascii_digit() || *b == b'-'))
}

/// Letters, digits and an exclamation mark or caret between them: what policies for passwords ask for. Another sign
/// counts where small letters, capitals and digits stand around it (`Gr0en#Boom`).
fn is_exclaimed(value: &[u8]) -> bool {
    let inside = value.get(1..value.len().saturating_sub(1)).unwrap_or_default();
    value.len() >= 6
        && !value
            .iter()
            .any(|b| b.is_ascii_whitespace() || matches!(b, b'(' | b'/' | b'"' | b'[' | b'=' | b'{'))
        && (inside.iter().any(|b| matches!(b, b'!' | b'^'))
            || value.len() > 7
                && (inside.iter().any(|b| matches!(b, b'#' | b'&' | b'*' | b'~')) || is_dollared(inside))
                && value.iter().any(u8::is_ascii_uppercase)
                && value.iter().any(u8::is_ascii_lowercase))
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_alphabetic)
}

/// A dollar sign inside of a word (`Pa$$w0rd`) that is no class of Java (`Pool$Worker1`).
fn is_dollared(inside: &[u8]) -> bool {
    inside.windows(2).any(|pair| pair[0] == b'$' && !pair[1].is_ascii_uppercase()) && !inside.contains(&b'.')
}

/// What a secret is said to be where it stands.
fn is_state(value: &[u8]) -> bool {
    SAID.contains(value) || STATES.contains(value)
}

/// Where a secret is kept, instead of the secret: `vault:secret/data/app#key`, `op://prod/db/password`; the type of a
/// column (`varchar(60)`); what an example says (`YOUR_API_KEY`).
fn is_reference(value: &[u8]) -> bool {
    const STORES: [&[u8]; 6] =
        [b"vault:", b"op://", b"arn:aws:secretsmanager:", b"arn:aws:ssm:", b"ssm:/", b"secretsmanager:"];
    // what Vault's audit log has instead of every secret
    let is_digest = value
        .strip_prefix(b"hmac-sha256:")
        .is_some_and(|digest| digest.len() > 63 && digest.iter().all(u8::is_ascii_hexdigit));
    let is_column = |head: &[u8]| {
        value.strip_prefix(head).is_some_and(|rest| {
            rest.strip_suffix(b")").is_some_and(|size| size.iter().all(|b| b.is_ascii_digit() || *b == b','))
        })
    };
    let is_example = |head: &[u8]| {
        value.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head))
            && value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-'))
            && [&b"key"[..], b"token", b"password", b"secret", b"here"].iter().any(|word| {
                value.len() > word.len() && value[value.len() - word.len()..].eq_ignore_ascii_case(word)
            })
    };
    is_digest
        || STORES.iter().any(|store| value.starts_with(store))
        || [&b"varchar("[..], b"char(", b"VARCHAR(", b"CHAR(", b"varbinary(", b"binary("]
            .iter()
            .any(|head| is_column(head))
        || is_example(b"your_")
        || is_example(b"your-")
}

/// A validator's sentence: `The password field is required.`
fn is_complaint(value: &[u8]) -> bool {
    const VERBS: [&[u8]; 12] = [
        b" must ",
        b" is required",
        b" is too ",
        b"can't be ",
        b" cannot ",
        b" should ",
        b" at least ",
        b" does not ",
        b" do not ",
        b" is invalid",
        b" is incorrect",
        b" didn't ",
    ];
    // most secrets have no blank
    memchr::memchr(b' ', value).is_some()
        && VERBS.iter().any(|verb| memchr::memmem::find(value, verb).is_some())
        || value.starts_with(b"can't be ")
        || value.starts_with(b"is too ")
}

/// `--app` behind a placeholder: `SECRET=<password> --app shop`.
fn is_option(value: &[u8]) -> bool {
    value
        .strip_prefix(b"--")
        .is_some_and(|word| word.len() > 1 && word.iter().all(|b| b.is_ascii_lowercase() || *b == b'-'))
}

fn is_prose(value: &[u8]) -> bool {
    PROSE.contains(value) || SAID.contains(value)
}

/// Seventeen and more digits: too long for a count or an epoch in microseconds.
fn is_long_number(value: &[u8]) -> bool {
    value.len() >= 17 && value.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{PASSWORD, TOKEN};

    #[test]
    fn secrets_and_their_look_alikes() {
        for (value, quoted, is) in [
            ("hunter2", false, true),
            ("must", false, false),
            ("must", true, true),
            ("--app", false, false),
            ("--k3y", false, true),
            ("********", true, false),
            ("", true, false),
            ("[FILTERED]", true, false),
            ("a b c", true, true),
            ("This password is too short.", true, false),
        ] {
            assert_eq!(any(value.as_bytes(), quoted, TypeId::PASSWORD, PASSWORD).is_some(), is, "{value}");
        }
        for (value, is) in [
            ("t0p-S3cr3t-v4lue", true),
            ("9007199254740993123", true),
            ("1763724000", false),
            ("bearer", false),
            ("", false),
        ] {
            assert_eq!(secretish(value.as_bytes(), TypeId::TOKEN, TOKEN).is_some(), is, "{value}");
        }
        assert!(any(b"\xff\xfe", false, TypeId::PASSWORD, PASSWORD).is_some());
    }
}
