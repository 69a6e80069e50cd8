//! The value of a key: where it starts and truly ends, quotes, escapes and containers included.

use std::ops::Range;

use super::container::leaves;
use super::enclosed::{
    column, compares_string, dumped, is_data, opens_element, parenthesized, unusual_quotes, unwrapped,
};
pub(crate) use super::string::{closes, string_behind, string_end};
use super::string::{is_inside_word, names_member};
use super::{before, byte_at, is_word};
use crate::check::bytes;

/// The longest value that is followed, in bytes.
pub(crate) const MAX_VALUE_BYTES: usize = 16 << 10;
/// The longest value of words, in bytes: names and addresses are shorter, numbers stand in groups.
const MAX_WORDS_BYTES: usize = 256;
/// The longest value where many long ones lie over one another already, in bytes.
pub(crate) const MAX_OVERLAID_BYTES: usize = 64;

/// A value under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Value {
    /// First byte, quotes not included.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// How far the value could reach if it may hold blanks: the end of the string or the record, or as
    /// far as words go.
    pub hard_end: usize,
    /// It stands in quotes of its own.
    pub quoted: bool,
    /// It is a parameter of a URL query.
    pub in_query: bool,
    /// The separator was a colon.
    pub colon: bool,
}

impl Value {
    /// A value with ends of its own: quotes, brackets, or what its format says.
    pub fn whole(start: usize, end: usize) -> Self {
        Self { start, end, hard_end: end, quoted: true, in_query: false, colon: false }
    }
    /// The value's bytes.
    pub fn bytes<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.start..self.end]
    }
}

/// What may be inside an unquoted value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Commas, semicolons and the like end it.
    Plain,
    /// The same for free text, which may be long.
    Text,
    /// A secret: only what surely starts something else ends it.
    Secret,
}

/// Calls `each` for every value that stands after the separator at `separator` of the key that
/// starts at `key_start`: one for a scalar, each leaf for an array or object. What is in no quotes
/// is followed for `longest` bytes. Returns how far.
pub(crate) fn values_after(
    text: &[u8],
    key_start: usize,
    separator: usize,
    reach: Reach,
    longest: usize,
    mut each: impl FnMut(Value),
) -> usize {
    if let Some(string) = string_behind(text, separator) {
        if let Some(end) = string.end {
            let colon = text[separator] == b':';
            each(Value { start: string.start, end, hard_end: end, quoted: true, in_query: false, colon });
        }
        return separator;
    }
    let Some(at) = skip_separator(text, key_start, separator) else { return separator };
    // `N'x'` of SQL, `u'x'` and `b'x'` of Python
    let is_prefix = matches!(text[at], b'N' | b'E' | b'u' | b'b' | b'r')
        && byte_at(text, at + 1) == b'\''
        && matches!(before(text, at), b'=' | b' ' | b':');
    let at = at + usize::from(is_prefix);
    let at = dumped(text, at);
    match text[at] {
        b'{' if byte_at(text, at + 1) == b'{' => at, // `{{ .Values.password }}`
        b'[' | b'{' if crate::mark::mark_at(text, at).is_none() => {
            leaves(text, separator, at, longest, &mut each)
        }
        // a tuple of Python
        b'(' if matches!(byte_at(text, at + 1), b'"' | b'\'') => {
            leaves(text, separator, at, longest, &mut each)
        }
        _ => scalar(text, key_start, separator, at, reach, longest).map_or(at, |value| {
            each(value);
            value.end
        }),
    }
}

/// The first byte of the value; `None` if the separator is part of something else (`::`, `==`, `://`).
fn skip_separator(text: &[u8], key_start: usize, separator: usize) -> Option<usize> {
    let mut at = separator + 1;
    match (text[separator], byte_at(text, at)) {
        // a condition: `user.name == "anna"`
        (b'=', b'=') if compares_string(text, at) => at += 1,
        (b':', b':') | (b'=', b'=') | (b'=', b'~') => return None,
        (b':', b'/') if byte_at(text, at + 1) == b'/' => return None,
        (b':', b'=') | (b'=', b'>') => at += 1,
        // `email =3D 'x'`: an equals sign in quoted-printable (RFC 2045 section 6.7)
        (b'=', b'3') if text[at..].starts_with(b"3D ") => at += 2,
        (b'>', _) if !opens_element(text, key_start) => return None,
        _ => {}
    }
    // `["fullName":protected]=> string(17) "…"` of PHP
    if text[separator] == b':'
        && let Some(sight) =
            [&b"protected]=>"[..], b"private]=>"].iter().find(|sight| text[at..].starts_with(sight))
    {
        at += sight.len();
    }
    let in_query = text[separator] == b'=' && matches!(before(text, key_start), b'?' | b'&');
    // `Account Name:&#x9 &#x9 anna`, tabs as some collectors write them
    while text[at..].starts_with(b"&#x9 ") {
        at += 5;
    }
    let mut blanks = 0;
    while blanks < 32 && !in_query && matches!(byte_at(text, at), b' ' | b'\t') {
        at += 1;
        blanks += 1;
    }
    at = unwrapped(text, at);
    // Oracle's audit trail writes the length first: `USERID:[4] 'ANNA'`
    if text[separator] == b':' && byte_at(text, at) == b'[' {
        let digits = text[at + 1..].iter().take(5).take_while(|b| b.is_ascii_digit()).count();
        let quote = at + digits + 3;
        if digits > 0
            && text[at + 1 + digits..].starts_with(b"] ")
            && matches!(byte_at(text, quote), b'"' | b'\'')
        {
            at = quote;
        }
    }
    // `token= user= password=`: nothing stands here, the next key does
    if blanks > 0 && text[separator] == b'=' && before(text, separator) != b' ' && is_next_key(text, at) {
        return None;
    }
    // `sms-otp: to=+91… provider=2`: what a program says of itself
    if blanks > 0
        && text[separator] == b':'
        && text[key_start..separator].contains(&b'-')
        && matches!(before(text, key_start), b' ' | b'\n')
        && opens_pairs(text, at)
    {
        return None;
    }
    (at < text.len() && !matches!(text[at], b'\n' | b'\r')).then_some(at)
}

/// Whether three pairs and more of words in small letters stand from `at` on: no secret is made of them.
fn opens_pairs(text: &[u8], at: usize) -> bool {
    // tokens are longer than what they stand for
    const MAX_PAIRS_BYTES: usize = 768;
    let rest = &text[at..text.len().min(at + MAX_PAIRS_BYTES)];
    let rest = &rest[..memchr::memchr2(b'\n', b'"', rest).unwrap_or(rest.len())];
    let is_key = |b: &u8| b.is_ascii_lowercase() || matches!(b, b'_' | b'-');
    let is_first = |word: usize| rest.get(word) == Some(&b'=') && word > 1;
    let keys = memchr::memchr_iter(b'=', rest).filter(|equals| {
        let word = rest[..*equals].iter().rev().take_while(|b| is_key(b)).count();
        word > 1 && before(rest, equals - word) == if *equals == word { b'\n' } else { b' ' }
    });
    is_first(rest.iter().take_while(|b| is_key(b)).count()) && keys.count() > 2
}

/// Whether a word and an equals sign start at `at`, and not the padding of base64.
fn is_next_key(text: &[u8], at: usize) -> bool {
    let rest = &text[at.min(text.len())..];
    let word = rest.iter().take(40).take_while(|b| is_word(**b) || matches!(b, b'-' | b'.')).count();
    word > 0 && rest.get(word) == Some(&b'=') && rest.get(word + 1) != Some(&b'=')
}

/// A scalar that starts at `at`.
fn scalar(
    text: &[u8],
    key_start: usize,
    separator: usize,
    at: usize,
    reach: Reach,
    longest: usize,
) -> Option<Value> {
    let colon = text[separator] == b':';
    let mut open = at;
    while byte_at(text, open) == b'\\' {
        open += 1;
    }
    if matches!(byte_at(text, open), b'"' | b'\'') {
        if closes(text, separator, open, open - at) {
            return None;
        }
        let end = string_end(text, open, open - at)?;
        let value = Value { start: open + 1, end, hard_end: end, quoted: true, in_query: false, colon };
        return (value.start < value.end && !names_member(text, end)).then_some(value);
    }
    if byte_at(text, at) == b'<' && (text[separator] == b'=' || is_data(text, at)) && reach != Reach::Secret {
        // `user=<alice>`
        let rest = &text[at + 1..];
        let ends = |b: &&u8| !matches!(b, b'<' | b'>' | b'"' | b'=' | b'\n');
        let length = rest.iter().take(256).take_while(ends).count();
        let (start, end) = (at + 1, at + 1 + length);
        // `<User: anna>`: a pair of its own
        let is_pair = rest[..length].contains(&b' ') && rest[..length].contains(&b':');
        return (length > 0 && byte_at(text, end) == b'>' && !is_pair).then_some(Value {
            start,
            end,
            hard_end: end,
            quoted: true,
            in_query: false,
            colon,
        });
    }
    let inner = if text[at] == b'(' && at == separator + 1 && before(text, separator) == b')' {
        Some(column(text, key_start, separator)?)
    } else if reach == Reach::Secret || text[separator] != b'=' {
        unusual_quotes(text, at)
    } else {
        unusual_quotes(text, at).or_else(|| parenthesized(text, at))
    };
    if let Some((start, end)) = inner {
        return Some(Value { start, end, hard_end: end, quoted: true, in_query: false, colon });
    }
    let in_query = matches!(before(text, key_start), b'?' | b'&') && text[separator] == b'=';
    let stop = text.len().min(at + longest);
    let end = bare_end(text, at..stop, key_start, separator, in_query, reach);
    let is_coloured = text[end..].starts_with(b"#033[");
    let words = if is_coloured {
        end
    } else if reach == Reach::Text {
        stop
    } else {
        stop.min(end.max(at + MAX_WORDS_BYTES))
    };
    let hard_end = container_end(text, at..words, before(text, key_start));
    // `pam_unix(passwd:chauthtok): …` is a scope
    if colon && at == separator + 1 && before(text, key_start) == b'(' && text[end..].starts_with(b"):") {
        return None;
    }
    (at < end).then_some(Value {
        start: at,
        end,
        hard_end: hard_end.max(end),
        quoted: false,
        in_query,
        colon,
    })
}

/// Bytes that may end an unquoted value; the others never do.
static MAY_END: [bool; 256] = bytes::table(b"\n\r \t\"\x1b'<>|^`[]{}(),;&#\\");

/// Where an unquoted value that starts at the start of `places` ends, at the latest where they end.
fn bare_end(
    text: &[u8],
    places: Range<usize>,
    key_start: usize,
    separator: usize,
    in_query: bool,
    reach: Reach,
) -> usize {
    let Range { start, end: stop } = places;
    let element = text[separator] == b'>';
    let single_quoted = before(text, key_start) == b'\'';
    // a scalar of JSON and of what is written like it
    let key_quoted =
        matches!(before(text, key_start), b'"' | b'\'') && matches!(before(text, separator), b'"' | b'\'');
    let secret = reach == Reach::Secret;
    let mut depth = 0i32;
    let mut at = start;
    while at < stop {
        if !MAY_END[usize::from(text[at])] {
            at += 1;
            continue;
        }
        if let b'[' = text[at]
            && let Some(length) = crate::mark::mark_at(text, at)
        {
            at += length;
            continue;
        }
        let ends = match text[at] {
            b'\n' | b'\r' | b' ' | b'\t' | b'"' | 0x1b => true,
            b'\'' => single_quoted || !secret,
            b'<' => element || !secret,
            // `password=<hidden>`: its own brackets
            b'>' => !secret || text[start] != b'<' && is_closing(text, key_start, at),
            // `^` parts the pairs of LEEF 2.0
            b'|' | b'^' => !secret || before(text, key_start) == text[at] && starts_pair(text, at + 1),
            b'`' => !secret,
            b'[' if matches!(byte_at(text, at + 1), b'\\' | b'\r' | b'\n') => true, // wire logs: `[\r][\n]`
            b',' | b')' | b']' | b'}' if key_quoted => true,
            b'&' => in_query || !secret || starts_pair(text, at + 1) || text[at..].starts_with(b"&#x"),
            // a colour as syslog daemons write its escape: `user=anna#033[0m`
            b'#' => in_query || text[at..].starts_with(b"#033["),
            b',' | b';' => {
                // in logs of W3C's format a plus stands for the blank
                let blank = usize::from(byte_at(text, at + 1) == b'+');
                !secret
                    || matches!(byte_at(text, at + 1), b' ' | b'\n' | b'\r')
                    || starts_pair(text, at + 1 + blank)
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                false
            }
            b')' | b']' | b'}' => {
                depth -= 1;
                depth < 0 && (!secret || is_closing(text, key_start, at))
            }
            b'\\' => match byte_at(text, at + 1) {
                // the end of a line of a header, in a string
                b'r' if text[at..].starts_with(b"\\r\\n") => true,
                b'n' | b'r' | b't' if is_domain_slash(text, start, at) => false,
                b'n' | b'r' | b't' if byte_at(text, at + 2) == b'"' => true,
                b'n' | b'r' | b't' => !secret || matches!(before(text, key_start), b'n' | b'"' | b' '),
                b'"' if secret && is_inside_word(text, start, at) => {
                    at += 1;
                    false
                }
                b'"' => true,
                b'\\' => matches!(byte_at(text, at + 2), b'n' | b'"' | b'\\'),
                _ => false,
            },
            _ => false,
        };
        if ends {
            break;
        }
        at += 1;
    }
    let mut end = at.min(stop);
    if !in_query {
        while end > start
            && matches!(text[end - 1], b'.' | b',' | b';' | b':' | b'!' | b'?')
            && !(secret && matches!(text[end - 1], b'!' | b'?'))
        {
            end -= 1;
        }
    }
    end
}

/// Whether the backslash at `slash` parts a Windows domain from an account (`CORP\nina`, `ldap-corp\rosa`) and is no
/// escape: a domain in capitals before it, or a return that no line feed follows; a name behind it, and no key.
fn is_domain_slash(text: &[u8], start: usize, slash: usize) -> bool {
    let domain = text.get(start..slash).unwrap_or_default();
    let rest = &text[slash + 1..text.len().min(slash + 40)];
    let name =
        rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')).count();
    let capitals = domain.iter().any(u8::is_ascii_uppercase) && !domain.iter().any(u8::is_ascii_lowercase);
    (2..=15).contains(&domain.len())
        && domain.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
        && (capitals || rest[0] == b'r')
        && name > 2
        && rest[..name].iter().any(u8::is_ascii_lowercase)
        && !matches!(rest.get(name), Some(b':' | b'=' | b'\\'))
}

/// Whether the closing bracket at `at` closes one that was opened before the key, or ends the
/// record's words; one inside a secret belongs to it.
fn is_closing(text: &[u8], key_start: usize, at: usize) -> bool {
    let close = text[at];
    let open = match close {
        b')' => b'(',
        b']' => b'[',
        b'}' => b'{',
        _ => b'<',
    };
    let mut depth = 0usize;
    for byte in text[..key_start].iter().rev().take(1024).take_while(|b| **b != b'\n') {
        if *byte == close {
            depth += 1;
        } else if *byte == open {
            if depth == 0 {
                return true;
            }
            depth -= 1;
        }
    }
    false
}

/// Whether a word and an equals sign (or a quoted key) start at `at`: the next pair of a list.
fn starts_pair(text: &[u8], at: usize) -> bool {
    let rest = &text[at.min(text.len())..];
    let word = rest
        .iter()
        .take(40)
        .take_while(|b| is_word(**b) || matches!(b, b'-' | b'.' | b'[' | b']' | b'%'))
        .count();
    word > 0 && matches!(rest.get(word), Some(b'=')) || matches!(rest.first(), Some(b'"' | b'\''))
}

/// The end of the string or record that an unquoted value stands in, at the latest where `places` end.
fn container_end(text: &[u8], places: Range<usize>, before_key: u8) -> usize {
    let Range { start, end: stop } = places;
    let mut at = start;
    while at < stop {
        // the next byte that could end it
        at += memchr::memchr3(b'\n', b'"', b'\\', &text[at..stop]).unwrap_or(stop - at);
        let is_escape = byte_at(text, at) == b'\\'
            && (!matches!(byte_at(text, at + 1), b'n' | b'r' | b'"') || is_domain_slash(text, start, at));
        if !is_escape || at >= stop {
            break;
        }
        at += 1;
    }
    if before_key == b'\'' {
        at = memchr::memchr(b'\'', &text[start..at]).map_or(at, |quote| start + quote);
    }
    while at > start && matches!(text[at - 1], b'\r' | b' ' | b'\\') {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values after the first `=` or `:` that follows the key `k`.
    fn values(text: &str) -> Vec<&str> {
        let key = text.find('k').unwrap();
        let separator = key + text[key..].find(['=', ':', '>']).unwrap();
        let mut all = Vec::new();
        let each = |v: Value| all.push(&text[v.start..v.end]);
        values_after(text.as_bytes(), key, separator, Reach::Secret, MAX_VALUE_BYTES, each);
        all
    }

    #[test]
    fn values_end_where_they_truly_end() {
        for (text, expected) in [
            (r#""k":"ab\"cd","x":1"#, vec![r#"ab\"cd"#]),
            (r#""k":"ab\\","x":1"#, vec![r"ab\\"]),
            (r#"{"m":"{\"k\":\"v\\\"w\",\"x\":1}"}"#, vec![r#"v\\\"w"#]),
            (r#""k":"""#, vec![]),
            ("k=abc x=1", vec!["abc"]),
            ("k=ab,cd;ef x=1", vec!["ab,cd;ef"]),
            ("k=ab,x=1", vec!["ab"]),
            ("?k=a&b=c", vec!["a"]),
            ("k: abc, more", vec!["abc"]),
            ("k=(abc)", vec!["(abc)"]),
            ("(k=abc)", vec!["abc"]),
            ("k=", vec![]),
            ("k=\n", vec![]),
            ("k::x", vec![]),
            ("k://x", vec![]),
            (r#""k":["a","b",3],"x":9"#, vec!["a", "b", "3"]),
            (r#""k":{"y":"a","z":{"w":2}}"#, vec!["a", "2"]),
            (r#""k":[]"#, vec![]),
            ("<k>abc</k>", vec!["abc"]),
            (r#""k"=>"abc""#, vec!["abc"]),
            ("k=[EMAIL]x y", vec!["[EMAIL]x"]),
            ("k='a b' c", vec!["a b"]),
            ("k='O''Hara 4' c", vec!["O''Hara 4"]),
            ("k='' c='x'", vec![]),
            ("<n:k>abc</n:k>", vec!["abc"]),
            ("k= x=1", vec![]),
            ("?k= HTTP/1.1", vec![]),
            ("k='x''y' c", vec!["x''y"]),
            ("k=`a b` c", vec!["a b"]),
            ("k=\u{201c}a b\u{201d} c", vec!["a b"]),
            ("k=a)b c", vec!["a)b"]),
            ("(j=1, k=a)b", vec!["a"]),
            ("<j k=ab> c", vec!["ab"]),
            ("k= x=1 y", vec![]),
            ("k= YWJj== y", vec!["YWJj=="]),
            ("(k:ab): c", vec![]),
            ("k: {{ .x }}", vec![]),
            ("k=ab&u[x]=1", vec!["ab"]),
            ("k=ab&u%5Bx%5D=1", vec!["ab"]),
            ("k=ab&c!d", vec!["ab&c!d"]),
            ("k=ab[\\r][\\n]\"", vec!["ab"]),
            ("<ns2:k>abc</ns2:k>", vec!["abc"]),
            ("a>k>abc", vec![]),
            ("{\"k\":12,\"x\":[1]}", vec!["12"]),
            ("k=('a b', 'c') d", vec!["a b", "c"]),
            ("k=('a',)", vec!["a"]),
            ("k=N'a b', @x=N'c'", vec!["a b"]),
            ("'k': u'a'", vec!["a"]),
            ("k=Nina", vec!["Nina"]),
            ("Key (k)=(a b) exists", vec!["a b"]),
            ("Key (x, k)=(4, a) exists", vec!["a"]),
            ("[\"k\"]=> string(3) \"a b\" [\"x\"]", vec!["a b"]),
            ("[\"k\"]=> string(0) \"\" [\"x\"]", vec![]),
        ] {
            assert_eq!(values(text), expected, "{text}");
        }
    }
}
