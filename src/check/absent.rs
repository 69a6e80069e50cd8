//! Values that stand where there is none: nulls, booleans, placeholders, types, complaints of validators.

use super::words::Words;

/// Words that no person, place or id is called, in lower case.
static WORDS: Words<94> = Words::new([
    b"positive",
    b"negative",
    b"automation",
    b"aws internal",
    b"no authentication required",
    b"unknown user",
    b"sanitized",
    b"anonymized",
    b"objectid",
    b"isodate",
    b"numberlong",
    b"not available",
    b"inactive",
    b"authenticated",
    b"unauthenticated",
    b"unauthorized",
    b"keyword",
    b"tsvector",
    b"character varying",
    b"too long",
    b"too short",
    b"unbekannt",
    b"inconnu",
    b"inconnue",
    b"desconocido",
    b"desconhecido",
    b"sconosciuto",
    b"onbekend",
    "inválido".as_bytes(),
    b"invalido",
    b"invalide",
    "ungültig".as_bytes(),
    b"null",
    b"none",
    b"nil",
    b"undefined",
    b"unknown",
    b"n/a",
    b"na",
    b"nan",
    b"empty",
    b"true",
    b"false",
    b"yes",
    b"no",
    b"on",
    b"off",
    b"ok",
    b"default",
    b"redacted",
    b"filtered",
    b"masked",
    b"hidden",
    b"required",
    b"optional",
    b"missing",
    b"invalid",
    b"valid",
    b"unset",
    b"unspecified",
    b"unavailable",
    b"not set",
    b"not available",
    b"not specified",
    b"not found",
    b"not provided",
    b"string",
    b"str",
    b"text",
    b"varchar",
    b"integer",
    b"int",
    b"bigint",
    b"uuid",
    b"object",
    b"array",
    b"success",
    b"succeeded",
    b"successful",
    b"failed",
    b"failure",
    b"failing",
    b"error",
    b"denied",
    b"enabled",
    b"disabled",
    b"anonymous",
    b"anon",
    b"localhost",
    b"auto",
    b"any",
    b"all",
    b"blank",
    b"deleted",
]);

/// How complaints about a field begin: `"first_name": ["can't be blank"]`.
const COMPLAINTS: [&[u8]; 13] = [
    b"is ",
    b"must ",
    b"can't ",
    b"cannot ",
    b"can not ",
    b"may not ",
    b"should ",
    b"has already ",
    b"not ",
    b"this field ",
    b"field ",
    b"was ",
    b"unknown (",
];

/// True if nothing stands here: empty, null, a boolean, a type's name, a complaint, or a placeholder
/// such as `?`, `***`, `$1`, `:name`, `%s`, `{name}`, `<none>`, `[FILTERED]`, `(null)`.
pub(crate) fn is_absent(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    if value.is_empty() || WORDS.contains(value) {
        return true;
    }
    let starts = |start: &[u8]| value.get(..start.len()).is_some_and(|v| v.eq_ignore_ascii_case(start));
    // all of them have a blank
    if value.contains(&b' ') && COMPLAINTS.iter().any(|complaint| starts(complaint)) {
        return true;
    }
    let first = value.first().copied().unwrap_or(b' ');
    let last = value.last().copied().unwrap_or(b' ');
    match (first, last) {
        (b'[', b']') | (b'<', b'>') | (b'{', b'}') | (b'(', b')') => true,
        (b'$' | b':' | b'%' | b'?' | b'#', _) if value.len() > 1 && !is_escape(value) => {
            value.get(1).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'{' | b'(' | b'_'))
        }
        _ => !value.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80),
    }
}

/// A percent escape, which is a character of the value.
fn is_escape(value: &[u8]) -> bool {
    value.first() == Some(&b'%') && value.get(1..3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_something() {
        for (value, absent) in [
            ("", true),
            ("  ", true),
            ("-", true),
            ("***", true),
            ("?", true),
            ("null", true),
            ("None", true),
            ("N/A", true),
            ("(null)", true),
            ("<unknown>", true),
            ("[FILTERED]", true),
            ("{first_name}", true),
            ("$1", true),
            (":name", true),
            ("%s", true),
            ("${USER}", true),
            ("can't be blank", true),
            ("is required", true),
            ("Unknown (no single sign-on)", true),
            ("Unknown Soldier", false),
            ("%C3%89lodie", false),
            ("Nora", false),
            ("0", false),
            ("李", false),
            ("Isabel", false),
        ] {
            assert_eq!(is_absent(value.as_bytes()), absent, "{value:?}");
        }
        assert!(!is_absent(b"\xff\xfe"));
    }
}
