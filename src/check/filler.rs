//! What fills a secret's place without being one: masks, templates, words for "nothing".

use super::words::Words;

/// What stands in a secret's place without being one.
static FILLERS: Words<60> = Words::new([
    // `(sensitive value)` of Terraform
    b"(sensitive",
    b"(known",
    b"(hidden",
    b"(redacted",
    b"not_logging_password",
    b"value_specified_in_no_log_parameter",
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
    b"mandatory",
    b"not-required",
    b"not_required",
    b"not required",
    b"not-set",
    b"not_set",
    b"not-configured",
    b"not_configured",
    b"string",
    b"undef",
    b"()",
    b"{}",
    b"[]",
    b"?",
    b"present",
    b"absent",
    b"omitted",
]);

/// `REDACTED` of `__REDACTED__`.
fn undressed(value: &[u8]) -> &[u8] {
    match value {
        [b'_', b'_', inner @ .., b'_', b'_']
            if inner.iter().all(|b| b.is_ascii_uppercase() || *b == b'_') =>
        {
            inner
        }
        _ => value,
    }
}

/// Masks, placeholders of templates and words for "nothing".
pub(crate) fn is_filler(value: &[u8]) -> bool {
    let value = undressed(value.trim_ascii());
    // `'Read only:no Hide PW:no'`
    let value = value
        .strip_suffix(b"'")
        .filter(|value| matches!(value, [b'n', b'o'] | [b'y', b'e', b's']))
        .unwrap_or(value);
    let Some(&first) = value.first() else { return true };
    // `--password PASSWORD`: how programs are used
    if FILLERS.contains(value) || matches!(value, b"PASSWORD" | b"TOKEN" | b"SECRET" | b"PASS" | b"KEY") {
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
        // `**redacted**`
        (b'*', b'*') if value.starts_with(b"**") && value.ends_with(b"**") && value.len() > 4 => {
            &value[2..value.len() - 2]
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
            b"known after",
            b"set",
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
        [b'$' | b'#' | b'%', b'{', ..]
        | [b'$', b'(', ..]
        | [b'{', b'{', ..]
        | [b'%', b'(', ..]
        | [b'<', b'%', ..] => true,
        [b'$', rest @ ..] => {
            word(rest)
                && (rest.iter().all(u8::is_ascii_digit)
                    || rest.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'0'..=b'9')))
        }
        [b'%', b's' | b'd' | b'v' | b'q'] | [b'%', b'+', b'v'] => true,
        [b'?', ..] => value.len() <= 2,
        [b'a'..=b'z' | b'A'..=b'Z', ..] => is_expression(value),
        [b':', rest @ ..] => {
            word(rest)
                && rest[0].is_ascii_lowercase()
                && rest.iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
        }
        _ => false,
    }
}

/// A program's text that only names where a secret comes from: `os.Getenv(`, `process.env.API_KEY`.
fn is_expression(value: &[u8]) -> bool {
    const ENVIRONMENTS: [&[u8]; 4] = [b"process.env.", b"os.environ", b"import.meta.env.", b"System.getenv"];
    let path = value.iter().take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'.')).count();
    let called = &value[..path];
    let dots = called.iter().filter(|b| **b == b'.').count();
    ENVIRONMENTS.iter().any(|start| value.starts_with(start))
        || value.get(path) == Some(&b'(')
            && dots > 0
            && called.split(|b| *b == b'.').all(|name| name.len() > 1)
            && value.get(path + 1).is_none_or(|b| matches!(b, b')' | b'"' | b'\''))
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
            ("os.Getenv(", true),
            ("process.env.API_KEY", true),
            ("cfg.secret()", true),
            ("Abc.def(gh", false),
            ("a.b(", false),
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
}
