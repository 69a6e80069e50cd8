//! Persons' names under their keys, in any script.

use crate::check::{absent, phrase};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::NAME;
use crate::rules::given_names::is_given_name;

mod words;

use words::{NO_PART, NOBODY, PARTICLES, THINGS, TITLES};

/// The longest name that is taken.
const MAX_LENGTH: usize = 200;

/// The name in a value under a key that says so (`first_name`, `Nachname`, `patientName`).
///
/// In quotes the whole value, unless nothing stands there or it is no text of names (numbers, paths,
/// addresses, structures). Without quotes the words that look like names, "Last, First" included.
pub(crate) fn keyed(value: &[u8], quoted: bool) -> Option<Match> {
    let (start, end) = span(value, quoted);
    let name = value.get(start..end)?;
    if !quoted && absent::is_absent(value.get(..phrase::limit(value, true))?) {
        return None;
    }
    if !(1..=MAX_LENGTH).contains(&name.len()) || is_nothing(name) || !is_text(name) {
        return None;
    }
    let evidence = Evidence::KEY;
    Some(Match { start, end, kind: TypeId::NAME, rule: NAME, confidence: 85, evidence })
}

/// The name in a value under a bare key (`name`, `customer`). Under a person (`user.name`) any value
/// that a person could be called; else only one that is unmistakable: a title or a common given name
/// before a family name.
pub(crate) fn bare(value: &[u8], quoted: bool, person_parent: bool) -> Option<Match> {
    let (start, end) = span(value, quoted);
    let name = value.get(start..end)?;
    if !(2..=MAX_LENGTH).contains(&name.len()) || is_nothing(name) || !is_text(name) {
        return None;
    }
    let lower_equals = |word: &&[u8]| name.eq_ignore_ascii_case(word);
    let person = if person_parent {
        is_person_shaped(name) && !NOBODY.iter().any(lower_equals)
    } else {
        is_unmistakable(name)
    };
    person.then_some(Match {
        start,
        end,
        kind: TypeId::NAME,
        rule: NAME,
        confidence: if person_parent { 82 } else { 72 },
        evidence: Evidence::KEY.and(Evidence::SHAPE),
    })
}

/// The name that a caller shows: two words or more that a person could be called.
pub(crate) fn displayed(value: &[u8]) -> Option<Match> {
    let two_words = words(value).count() > 1 && words(value).all(|word| !word.iter().any(u8::is_ascii_digit));
    let words = || words(value);
    let names = words().all(|word| starts_like_name(word) || PARTICLES.contains(&word));
    let thing = words().any(|word| THINGS.iter().any(|thing| word.eq_ignore_ascii_case(thing)));
    if two_words && names && !thing { bare(value, true, true) } else { None }
}

/// The name under a word that only people are called (`patient`, `Fahrgast`): two words or more, none of them
/// of a company or a sentence.
pub(crate) fn of_role(value: &[u8], quoted: bool) -> Option<Match> {
    let (start, end) = span(value, quoted);
    let name = value.get(start..end)?;
    if is_ticketed(name) {
        return keyed(value, quoted);
    }
    let is_written_as_one = quoted || name.iter().any(u8::is_ascii_lowercase);
    if !is_written_as_one || words(name).any(|word| NO_PART.contains(word)) {
        return None;
    }
    let found = displayed(name)?;
    Some(Match { start: start + found.start, end: start + found.end, ..found })
}

/// The name behind a form of address (`Frau Müller`): words with capitals, none of them a thing's.
pub(crate) fn titled(value: &[u8]) -> Option<Match> {
    let (start, end) = span(value, false);
    let name = value.get(start..end)?;
    let first = words(name).next().filter(|word| word.len() > 2)?;
    if name.len() < 3
        || !starts_like_name(first)
        || !first.iter().any(|b| b.is_ascii_lowercase() || *b >= 0x80)
    {
        return None;
    }
    bare(value.get(..end)?, false, true)
}

/// Whether some word is one that no name has: of companies, sentences, things.
pub(crate) fn is_company_or_remark(name: &[u8]) -> bool {
    const CAPITALS: [&[u8]; 24] = [
        b"ACCOUNT",
        b"ANHANG",
        b"BUILD",
        b"CALL",
        b"CALLER",
        b"CORP",
        b"ERROR",
        b"FOUND",
        b"GROUP",
        b"HOLDINGS",
        b"LOCK",
        b"LOGON",
        b"MAIN",
        b"MISSING",
        b"NONE",
        b"NOT",
        b"NULL",
        b"PENDING",
        b"SARL",
        b"SIEHE",
        b"TABLE",
        b"THREAD",
        b"UG",
        b"UNKNOWN",
    ];
    words(name).any(|word| {
        let word = word.strip_suffix(b".").unwrap_or(word);
        NO_PART.contains(word)
            || NOBODY.contains(&word)
            || CAPITALS.contains(&word)
            || word.contains(&b'.') && word.len() > 2
    })
}

/// A common given name of more than three letters, in small letters as in login names.
pub(crate) fn is_given(word: &[u8]) -> bool {
    word.len() > 3 && word.iter().all(u8::is_ascii_lowercase) && is_given_name(word)
}

/// One word that starts with a capital.
pub(crate) fn is_titled(name: &[u8]) -> bool {
    starts_like_name(name)
}

/// The words of a name; in a query a plus and `%20` are blanks.
fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = name;
    let parts = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let at = (0..rest.len())
            .find(|at| matches!(rest[*at], b' ' | b',' | b'+') || rest[*at..].starts_with(b"%20"))
            .unwrap_or(rest.len());
        let (word, tail) = rest.split_at(at);
        rest = tail.get(if tail.starts_with(b"%20") { 3 } else { 1 }..).unwrap_or_default();
        Some(word)
    });
    parts.filter(|word| !word.is_empty())
}

/// Nothing, except the short names that look like it: `Na`, `No`, `An`.
fn is_nothing(name: &[u8]) -> bool {
    let short = name.len() == 2
        && name.first().is_some_and(u8::is_ascii_uppercase)
        && name.get(1).is_some_and(u8::is_ascii_lowercase);
    !short
        && (absent::is_absent(name)
            || matches!(name, b"pass" | b"fail" | b"match" | b"mismatch" | b"verified"))
}

/// Where the name stands.
fn span(value: &[u8], quoted: bool) -> (usize, usize) {
    if quoted {
        return phrase::trimmed(value);
    }
    let start = value.len() - value.trim_ascii_start().len();
    let rest = value.get(start..).unwrap_or_default();
    let end = words_end(rest, phrase::limit(rest, true));
    let end = given_name_behind_comma(rest, end).unwrap_or(end);
    (start, start + end)
}

/// The end of an unquoted name: behind its first word only words that start like names, or particles
/// before one.
fn words_end(value: &[u8], limit: usize) -> usize {
    let (mut at, mut end) = (0, 0);
    for (number, word) in value.get(..limit).unwrap_or_default().split(|b| *b == b' ').enumerate() {
        let particle = PARTICLES.contains(&word);
        if number > 6 || number > 0 && !particle && !starts_like_name(word) {
            break;
        }
        if !particle || number == 0 {
            end = at + word.len();
        }
        at += word.len() + 1;
    }
    end
}

/// "Doe, Jane" at the end of a value: the end of "Jane".
fn given_name_behind_comma(value: &[u8], end: usize) -> Option<usize> {
    let family = value.get(..end)?;
    let rest = value.get(end..)?.strip_prefix(b", ")?;
    let limit = phrase::limit(rest, true);
    let given = rest.get(..words_end(rest, limit))?;
    let words = given.split(|b| *b == b' ').count();
    let names = given.split(|b| *b == b' ').all(starts_like_name) && given.len() == limit && words <= 2;
    let ends = rest.get(limit..).is_some_and(|tail| !matches!(tail.first(), Some(b' ' | b':' | b'=' | b',')));
    (names && ends && !family.contains(&b' ')).then_some(end + 2 + given.len())
}

/// A capital of any script that has them, or a letter of one that has none, and no digit or sign in it.
fn starts_like_name(word: &[u8]) -> bool {
    // `Bruno \"Ben\" Conti`: what somebody is called among friends
    let nick =
        word.strip_prefix(b"\\").unwrap_or(word).strip_prefix(b"\"").and_then(|w| w.strip_suffix(b"\""));
    let word = nick.map_or(word, |nick| nick.strip_suffix(b"\\").unwrap_or(nick));
    let text = String::from_utf8_lossy(word);
    let clean = text.chars().all(|c| {
        c.is_alphabetic()
            || matches!(c, '\'' | '’' | '-' | '.' | '%' | '\u{300}'..='\u{36f}')
            || c.is_ascii_digit() && word.contains(&b'%')
    });
    let mut letters = text.chars();
    let first = letters.next();
    let elided = matches!(first, Some('d' | 'l' | 'D' | 'L')) && matches!(letters.next(), Some('\'' | '’'));
    clean && (elided || first.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase() || c == '%'))
}

/// Text that could be names: a letter, no path, address, URL, structure or long number.
fn is_text(name: &[u8]) -> bool {
    let letters = name.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    let structure = name
        .iter()
        .any(|b| matches!(b, b'{' | b'}' | b'[' | b']' | b'<' | b'>' | b'=' | b';' | b'|' | b'@' | b'$'));
    let path = name.contains(&b'/') && !is_ticketed(name) || memchr::memmem::find(name, b"::").is_some();
    letters && !structure && !path
}

/// `MCALLISTER/MARCUS MR`, as tickets have it (IATA Resolution 722): capitals around one slash.
fn is_ticketed(name: &[u8]) -> bool {
    let is_part = |part: &[u8]| {
        part.len() > 1 && part.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b' ' | b'-' | b'\''))
    };
    let mut parts = name.split(|b| *b == b'/');
    let (Some(family), Some(given), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let mut words = given.split(|b| *b == b' ');
    let first = words.next().unwrap_or_default();
    let has_title = words.next_back().is_some_and(|last| {
        matches!(last, b"MR" | b"MRS" | b"MS" | b"MISS" | b"MSTR" | b"CHD" | b"INF" | b"DR")
    });
    is_part(family) && is_part(given) && (has_title || is_given_name(first))
}

/// What a person could be called: words of letters, no identifier of a thing.
fn is_person_shaped(name: &[u8]) -> bool {
    let identifier = name.iter().any(|b| matches!(b, b'_' | b':' | b'#' | b'*' | b'(' | b')'));
    let lower_dashed = name.contains(&b'-')
        && !name.contains(&b' ')
        && !name.iter().any(|b| b.is_ascii_uppercase() || *b >= 0x80);
    let dotted = name.split(|b| *b == b' ').any(|word| {
        word.iter()
            .position(|b| *b == b'.')
            .is_some_and(|at| at > 0 && word.get(at + 1).is_some_and(u8::is_ascii_lowercase))
    });
    // `main.LogRequest`, `handlerMain.Serve.func2`: a function
    let function = name.first().is_some_and(u8::is_ascii_lowercase)
        && name.contains(&b'.')
        && !name.contains(&b' ')
        && name.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let letters = name.iter().filter(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
    let digits = name.iter().filter(|b| b.is_ascii_digit()).count();
    let escaped = name.contains(&b'%') || name.contains(&b'\\');
    let words = name.split(|b| *b == b' ').count();
    !identifier && !lower_dashed && !dotted && !function && words <= 6 && (escaped || digits <= letters)
}

/// A title and a name, or a common given name and a family name, in two to four words.
fn is_unmistakable(name: &[u8]) -> bool {
    // `JIMENEZ^ROSA` of HL7 and DICOM
    let carets = name.iter().filter(|b| **b == b'^').count();
    if carets > 0
        && name.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'^' | b' ' | b'-') || *b >= 0x80)
    {
        return name.len() > carets + 4;
    }
    let mut parts = words(name);
    let (Some(first), Some(second)) = (parts.next(), parts.next()) else { return false };
    let all = || words(name);
    let count = all().count();
    let names = all().all(|word| starts_like_name(word) || PARTICLES.contains(&word));
    let thing = all().any(|word| THINGS.iter().any(|thing| word.eq_ignore_ascii_case(thing)));
    if count > 5 || !names || thing {
        return false;
    }
    let stem = first.strip_suffix(b".").unwrap_or(first);
    let title = TITLES.iter().any(|title| stem.eq_ignore_ascii_case(title));
    let inverted = name.contains(&b',') && is_given_name(second);
    title || inverted || is_given_name(first.split(|b| *b == b'-').next().unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str, found: Option<Match>) -> Option<&str> {
        found.and_then(|m| value.get(m.start..m.end))
    }

    #[test]
    fn under_names() {
        for (value, quoted, expected) in [
            ("Anna", true, Some("Anna")),
            ("O'Connor", true, Some("O'Connor")),
            ("Doe, Jane", true, Some("Doe, Jane")),
            ("von der Heide", true, Some("von der Heide")),
            (r"Ren\u00e9e", true, Some(r"Ren\u00e9e")),
            ("李伟", true, Some("李伟")),
            ("Иван Петров", false, Some("Иван Петров")),
            ("anna", false, Some("anna")),
            ("Anna last_name=Schmidt", false, Some("Anna")),
            ("Anna Schmidt logged in", false, Some("Anna Schmidt")),
            ("von der Heide stored", false, Some("von der Heide")),
            ("Heike, Nachname: Sommer", false, Some("Heike")),
            ("Doe, Jane", false, Some("Doe, Jane")),
            ("Müller, active=true}", false, Some("Müller")),
            ("Jane Q. Public (admin)", false, Some("Jane Q. Public")),
            ("ERIKA MUSTERMANN brand=visa", false, Some("ERIKA MUSTERMANN")),
            ("Max%20Mustermann https://x", false, Some("Max%20Mustermann")),
            ("Lefèvre)", false, Some("Lefèvre")),
            ("Na", true, Some("Na")),
            ("", true, None),
            ("null", false, None),
            ("false", true, None),
            ("12", true, None),
            ("can't be blank", true, None),
            ("can't be blank", false, None),
            ("Doe^John^M", false, Some("Doe^John^M")),
            ("/srv/names", true, None),
            ("{}", true, None),
            ("?", false, None),
        ] {
            assert_eq!(text(value, keyed(value.as_bytes(), quoted)), expected, "{value:?}");
        }
        assert!(keyed(&[b'a'; 300], true).is_none());
        assert_eq!(keyed(b"\xff\xfe", true).map(|m| m.end), Some(2));
    }

    #[test]
    fn bare_keys() {
        for (value, person, alone) in [
            ("Anna Schmidt", true, true),
            ("Dr. Schmidt", true, true),
            ("Schmidt, Anna", true, true),
            ("JIMENEZ^ROSA", true, true),
            ("a^b", true, false),
            ("Jane Q. Public", true, true),
            ("Robert", true, false),
            ("jdoe42", true, false),
            ("Main Menu", true, false),
            ("Order Service", true, false),
            ("Anna Dress", true, false),
            ("John Deere 5075E", true, false),
            ("com.android.systemui", false, false),
            ("my-release", false, false),
            ("eth0", true, false),
            ("system", false, false),
            ("web_01", false, false),
            ("", false, false),
            ("null", false, false),
        ] {
            assert_eq!(bare(value.as_bytes(), true, true).is_some(), person, "{value:?}");
            assert_eq!(bare(value.as_bytes(), true, false).is_some(), alone, "{value:?}");
        }
    }
}
