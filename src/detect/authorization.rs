//! `Authorization` headers (RFC 9110 section 11.6.2): the credentials behind the scheme.

/// Schemes whose credentials are one token68 (RFC 9110 section 11.2).
const TOKEN_SCHEMES: [&[u8]; 12] = [
    b"bearer",
    b"basic",
    b"negotiate",
    b"ntlm",
    b"token",
    b"apikey",
    b"api-key",
    b"dpop",
    b"bot",
    b"jwt",
    b"key",
    b"oauth",
];
/// Parameters of other schemes that hold credentials (Digest, AWS Signature 4, Hawk).
const PARAMETERS: [&[u8]; 8] =
    [b"credential=", b"signature=", b"response=", b"username=", b"mac=", b"id=", b"sig=", b"oauth_token="];

/// The length of a credential of AWS without its scope, which names a day and a service: `AKIA…/20240614/eu-west-1/s3/…`
/// (Signature Version 4).
pub(crate) fn without_scope(credential: &[u8]) -> usize {
    if !credential.ends_with(b"aws4_request") {
        return credential.len();
    }
    let slash = credential.iter().position(|b| matches!(b, b'/' | b'%'));
    slash.filter(|length| *length > 0).unwrap_or(credential.len())
}

/// Where a header's value ends if its scheme alone stands before a line break that a string escapes (`Basic\\nbG1l…`):
/// with the credentials behind that.
pub(crate) fn folded(text: &[u8], start: usize, end: usize) -> usize {
    let scheme = text.get(start..end).unwrap_or_default();
    if !TOKEN_SCHEMES.iter().any(|s| s.eq_ignore_ascii_case(scheme)) {
        return end;
    }
    let rest = &text[end..text.len().min(end + 4096)];
    let lead = blanks(rest);
    let length = token_bytes(&rest[lead..]);
    // `\\nHost: …` is the next header
    let is_next = rest.get(lead + length) == Some(&b':');
    if lead > 0 && rest[0] == b'\\' && length >= 12 && !is_next { end + lead + length } else { end }
}

/// Calls `each` with the range of every credential in `text[start..end]`, a header's value.
pub(crate) fn credentials(text: &[u8], start: usize, end: usize, mut each: impl FnMut(usize, usize)) {
    let start = start + blanks(&text[start..end]);
    let value = &text[start..end];
    let word = value.iter().position(|b| b.is_ascii_whitespace()).unwrap_or(value.len());
    // `Bearer\\teyJ…` in a string
    let escaped = memchr::memchr(b'\\', &value[..word])
        .filter(|at| TOKEN_SCHEMES.iter().any(|s| s.eq_ignore_ascii_case(&value[..*at])))
        .filter(|at| blanks(&value[*at..]) > 0);
    let word = escaped.unwrap_or(word);
    let scheme = &value[..word];
    let rest = start + word + blanks(&value[word..]);
    if word == value.len() || rest >= end {
        if !TOKEN_SCHEMES.iter().any(|s| s.eq_ignore_ascii_case(scheme)) && scheme.len() >= 6 {
            each(start, start + token_bytes(scheme));
        }
        return;
    }
    if TOKEN_SCHEMES.iter().any(|s| s.eq_ignore_ascii_case(scheme)) {
        let length = token_bytes(&text[rest..end]);
        if length > 0 {
            each(rest, rest + length);
        }
        return;
    }
    let mut found = false;
    for at in rest..end {
        let opens = at == rest || matches!(text[at - 1], b' ' | b',');
        let Some(name) = PARAMETERS.iter().find(|p| opens && starts_with(&text[at..end], p)) else {
            continue;
        };
        let mut from = at + name.len();
        let quoted = text.get(from) == Some(&b'"');
        from += usize::from(quoted);
        let length = text[from..end].iter().take_while(|b| !matches!(b, b'"' | b',' | b' ' | b'\\')).count();
        if length > 0 {
            each(from, from + without_scope(&text[from..from + length]));
            found = true;
        }
    }
    // a scheme we do not know: what looks like a credential is one
    let length = token_bytes(&text[rest..end]);
    if !found && length >= 8 && crate::check::random::looks_random(&text[rest..rest + length]) {
        each(rest, rest + length);
    }
}

/// The bytes of the blanks that a text starts with, those among them that a string escapes (`\\t`, `\\n`).
fn blanks(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let slashes = rest.iter().take(8).take_while(|b| **b == b'\\').count();
        at += match rest.get(slashes) {
            Some(b't' | b'n' | b'r') if slashes > 0 => slashes + 1,
            // no line feed: the next record starts there
            Some(b' ' | b'\t') if slashes == 0 => 1,
            _ => return at,
        };
    }
}

fn starts_with(text: &[u8], name: &[u8]) -> bool {
    text.len() > name.len() && text[..name.len()].eq_ignore_ascii_case(name)
}

/// The length of the token68-like run at the start of `text`.
pub(crate) fn token_bytes(text: &[u8]) -> usize {
    let length = text
        .iter()
        .take_while(|b| {
            b.is_ascii_alphanumeric()
                || matches!(
                    b,
                    b'-' | b'.'
                        | b'_'
                        | b'~'
                        | b'+'
                        | b'/'
                        | b'='
                        | b':'
                        | b'%'
                        | b'|'
                        | b'!'
                        | b'$'
                        | b'*'
                        | b'@'
                        | b'#'
                )
        })
        .count();
    text[..length].iter().rposition(|b| !matches!(b, b'.' | b':')).map_or(0, |p| p + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_of_schemes() {
        let found = |text: &str| {
            let mut all = Vec::new();
            credentials(text.as_bytes(), 0, text.len(), |a, b| all.push(text[a..b].to_owned()));
            all
        };
        assert_eq!(found("Bearer abc.def"), ["abc.def"]);
        assert_eq!(found("basic dXNlcjpwYXNz"), ["dXNlcjpwYXNz"]);
        assert_eq!(found("Digest username=\"ann\", realm=\"x\", response=\"6629\""), ["ann", "6629"]);
        assert_eq!(
            found("AWS4-HMAC-SHA256 Credential=AKIAX/2026/s3, SignedHeaders=host, Signature=abcd"),
            ["AKIAX/2026/s3", "abcd"]
        );
        assert_eq!(found("Bearer"), [""; 0]);
        assert_eq!(found(""), [""; 0]);
        assert_eq!(found("abcdef123456"), ["abcdef123456"]);
    }
}
