//! Postal addresses and their parts under their keys: streets, cities, postal codes, house numbers.

use crate::check::{absent, phrase};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::ADDRESS;

/// The longest address that is taken.
const MAX_LENGTH: usize = 400;

/// Lower-case words inside addresses in English, German, French, Spanish, Portuguese and Italian.
const SMALL_WORDS: [&[u8]; 65] = [
    b"am",
    b"an",
    b"auf",
    b"bei",
    b"beim",
    b"der",
    b"dem",
    b"den",
    b"im",
    b"in",
    b"ob",
    b"und",
    b"von",
    b"vor",
    b"zu",
    b"zum",
    b"zur",
    b"unter",
    b"hinter",
    b"of",
    b"the",
    b"and",
    b"on",
    b"upon",
    b"at",
    b"de",
    b"del",
    b"des",
    b"du",
    b"d",
    b"la",
    b"le",
    b"les",
    b"sur",
    b"sous",
    b"en",
    b"et",
    b"rue",
    b"avenue",
    b"boulevard",
    b"place",
    b"y",
    b"el",
    b"los",
    b"las",
    b"calle",
    b"da",
    b"do",
    b"das",
    b"dos",
    b"e",
    b"rua",
    b"di",
    b"dei",
    b"degli",
    b"delle",
    b"dello",
    b"della",
    b"van",
    b"ter",
    b"het",
    b"via",
    b"st",
    b"nr",
    b"c/o",
];

/// The address in a value. Memory and network addresses, paths, URLs, e-mail, host names, file names,
/// nulls, booleans, zero, negative and fractional numbers stay.
pub(crate) fn keyed(value: &[u8], quoted: bool) -> Option<Match> {
    let end = if quoted { value.len() } else { words_end(value, phrase::limit(value, false)) };
    let (start, end) = phrase::trimmed(value.get(..end)?);
    let address = value.get(start..end)?;
    // `IP Address: ,MAC Address: …`: the next pair
    let is_number = |part: &[u8]| !part.is_empty() && part.len() < 4 && part.iter().all(u8::is_ascii_digit);
    let ip = address.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let is_ip = address[..ip].split(|b| *b == b'.').count() == 4
        && address[..ip].split(|b| *b == b'.').all(is_number)
        && matches!(address.get(ip..), Some([] | [b',', b'A'..=b'Z', ..]));
    let is_empty = address.first() == Some(&b',') || is_ip;
    if !(1..=MAX_LENGTH).contains(&address.len())
        || is_empty
        || absent::is_absent(address)
        || !is_postal(address)
    {
        return None;
    }
    let several = address.contains(&b' ') && address.iter().any(u8::is_ascii_digit);
    let (confidence, evidence) =
        if several { (86, Evidence::KEY.and(Evidence::SHAPE)) } else { (82, Evidence::KEY) };
    Some(Match { start, end, kind: TypeId::ADDRESS, rule: ADDRESS, confidence, evidence })
}

/// Whether a bare `address` holds a postal one: several words, one of them a name, with a number.
pub(crate) fn bare(value: &[u8], quoted: bool) -> Option<Match> {
    let found = keyed(value, quoted)?;
    let address = value.get(found.start..found.end)?;
    let words = address.split(|b| *b == b' ').filter(|word| word.iter().any(|b| is_letter(*b))).count();
    let number = address.iter().any(u8::is_ascii_digit);
    let capital = address
        .split(|b| *b == b' ')
        .any(|word| word.first().is_some_and(|b| b.is_ascii_uppercase() || *b >= 0x80));
    let clean = !address.iter().any(|b| matches!(b, b'=' | b':' | b'_' | b'(' | b'{' | b'['));
    (words >= 2 && number && capital && clean).then_some(found)
}

/// A postal code as Britain (`EC2A 1NT`), Canada (`K1N 5X4`), the Netherlands (`1012 AB`), Poland (`00-590`),
/// Portugal, Brazil and Japan write it.
fn is_postcode(code: &[u8]) -> bool {
    let form: Vec<u8> = code
        .iter()
        .map(|b| match b {
            b'0'..=b'9' => b'9',
            b'A'..=b'Z' => b'A',
            other => *other,
        })
        .collect();
    const FORMS: [&[u8]; 13] = [
        b"A9 9AA",
        b"A99 9AA",
        b"A9A 9AA",
        b"AA9 9AA",
        b"AA99 9AA",
        b"AA9A 9AA",
        b"A9A 9A9",
        b"9999 AA",
        b"999 99",
        b"99-999",
        b"9999-999",
        b"99999-999",
        b"999-9999",
    ];
    FORMS.contains(&form.as_slice())
}

/// A postal code under `zip`, which also names archives: five digits, five and four (ZIP+4), or one with letters.
pub(crate) fn zip(value: &[u8]) -> Option<Match> {
    let found = keyed(value, false)?;
    let code = value.get(found.start..found.end)?;
    let digits = |part: &[u8], count| part.len() == count && part.iter().all(u8::is_ascii_digit);
    let plus_four = code.get(5) == Some(&b'-') && code.get(6..).is_some_and(|last| digits(last, 4));
    (is_postcode(code) || digits(code, 5) || code.get(..5).is_some_and(|first| digits(first, 5)) && plus_four)
        .then_some(found)
}

/// The first half of a British postal code alone, under its key: `E1`, `LS1`, `M60`, `SW1A`.
pub(crate) fn outward(value: &[u8], quoted: bool) -> Option<Match> {
    let end = if quoted { value.len() } else { value.iter().position(|b| *b == b' ').unwrap_or(value.len()) };
    let code = &value[..end];
    let letters = code.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let is_code = (1..=2).contains(&letters)
        && matches!(code[letters..], [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9' | b'A'..=b'Z']);
    // no `B2B`, `E2E`
    let is_code = is_code && !(letters == 1 && matches!(code[1..], [b'2', b'A'..=b'Z']));
    let is_alone = end == value.len() || phrase::starts_key(value, end + 1);
    let (kind, rule, evidence) = (TypeId::ADDRESS, ADDRESS, Evidence::KEY);
    (is_code && is_alone).then_some(Match { start: 0, end, kind, rule, confidence: 82, evidence })
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

/// The end of an unquoted address: behind its first word come only names, numbers and small words.
fn words_end(value: &[u8], limit: usize) -> usize {
    let (mut at, mut end) = (0, 0);
    for word in value.get(..limit).unwrap_or_default().split(|b| *b == b' ') {
        let first = word.first().copied().unwrap_or(b'a');
        let name = first.is_ascii_uppercase()
            || first.is_ascii_digit()
            || first >= 0x80
            || matches!(first, b'#' | b'%');
        let core = word.strip_suffix(b",").or_else(|| word.strip_suffix(b".")).unwrap_or(word);
        // `Am Markt 5 b`, `12 bis, rue des Lilas`
        let numbered = end > 0 && value.get(end - 1).is_some_and(u8::is_ascii_digit);
        let letter = numbered && (core.len() == 1 || matches!(core, b"bis" | b"ter" | b"quater"));
        let small =
            SMALL_WORDS.contains(&core) || core.ends_with(b"stra\xc3\x9fe") || core.ends_with(b"strasse");
        if at > 0 && !name && !letter && !small {
            break;
        }
        if at == 0 || name || letter {
            end = at + word.len();
        }
        at += word.len() + 1;
    }
    let trimmed = value.get(..end).unwrap_or_default();
    let tail = trimmed.iter().rev().take_while(|b| matches!(b, b',' | b' ')).count();
    end - tail
}

/// Not an address of something else.
fn is_postal(text: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(text, part).is_some();
    let first = text.first().copied().unwrap_or(b'-');
    let second = text.get(1).copied().unwrap_or(b' ');
    if has(b"://") || has(b"::") || text.contains(&b'@') || text.contains(&b'=') || text.contains(&b'_') {
        return false;
    }
    if matches!(
        first,
        b'/' | b'\\' | b'.' | b':' | b'*' | b'-' | b'+' | b'?' | b'!' | b'{' | b'[' | b'<' | b'$'
    ) || (first == b'0' && matches!(second, b'x' | b'X'))
    {
        return false;
    }
    let letters = text.iter().filter(|b| is_letter(**b)).count();
    let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
    if letters == 0 {
        return is_number(text, digits);
    }
    let one_word = !text.iter().any(|b| matches!(b, b' ' | b'%' | b'+' | b','));
    !one_word || is_word(text, letters, digits)
}

/// Digits alone: a house number or postal code, with one dash or blank at most (`01310-100`, `110 00`).
fn is_number(text: &[u8], digits: usize) -> bool {
    let others = text.len() - digits;
    let separators = text.iter().filter(|b| matches!(b, b'-' | b' ' | b'/')).count();
    (1..=10).contains(&digits)
        && others == separators
        && others <= 1
        && text.first().is_some_and(u8::is_ascii_digit)
        && text.last().is_some_and(u8::is_ascii_digit)
        && text.iter().any(|b| matches!(b, b'1'..=b'9'))
}

/// One word with letters: a place's name, or a house number or postal code with letters (`17b`,
/// `SW1A1AA`, `1234AB`); no host, file, port, region or pin.
fn is_word(text: &[u8], letters: usize, digits: usize) -> bool {
    if text.contains(&b':') || text.contains(&b'/') && digits == 0 && letters > 40 {
        return false;
    }
    let dot = text.iter().position(|b| *b == b'.').is_some_and(|at| at + 1 < text.len());
    if dot {
        return false;
    }
    let lower =
        text.iter().any(u8::is_ascii_lowercase) && !text.iter().any(|b| b.is_ascii_uppercase() || *b >= 0x80);
    if digits == 0 {
        // `service-discovery`, `eu-west`
        return letters >= 2 && !(lower && text.contains(&b'-'));
    }
    let starts_with_digit = text.first().is_some_and(u8::is_ascii_digit);
    let house = starts_with_digit && letters <= 2 && text.len() <= 8;
    let code = !lower && (4..=10).contains(&text.len()) && letters <= 5;
    let street = !lower && letters >= 5;
    house || code || street
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str, found: Option<Match>) -> Option<&str> {
        found.and_then(|m| value.get(m.start..m.end))
    }

    #[test]
    fn quoted_and_not() {
        for (value, quoted, expected) in [
            ("Hauptstraße 12", true, Some("Hauptstraße 12")),
            ("12 Rue de la Paix, 75002 Paris", true, Some("12 Rue de la Paix, 75002 Paris")),
            ("12%20Rue%20de%20la%20Paix", true, Some("12%20Rue%20de%20la%20Paix")),
            ("Ringstr. 9, 89073 Ulm", false, Some("Ringstr. 9, 89073 Ulm")),
            ("Ringstr. 9, 89073 Ulm gespeichert", false, Some("Ringstr. 9, 89073 Ulm")),
            ("Graz, active=true}", false, Some("Graz")),
            ("12 Main St, Springfield, total: 5", false, Some("12 Main St, Springfield")),
            ("Sevilla", false, Some("Sevilla")),
            ("london", true, Some("london")),
            ("10115", false, Some("10115")),
            ("01310-100 https://crm.example.com", false, Some("01310-100")),
            ("EC1A 1BB", true, Some("EC1A 1BB")),
            ("SW1A1AA", true, Some("SW1A1AA")),
            ("17b", false, Some("17b")),
            ("c/o Meier", true, Some("c/o Meier")),
            ("Av. Paulista 1000", true, Some("Av. Paulista 1000")),
            ("北京市朝阳区", true, Some("北京市朝阳区")),
            ("0x7fff5fbff8a0", false, None),
            (":8080", false, None),
            ("unix:/run/app.sock", false, None),
            ("tcp://127.0.0.1:5000", false, None),
            ("127.0.0.1:80", false, None),
            ("127.0.0.1", false, None),
            ("archive.zip", false, None),
            ("service-discovery", true, None),
            ("web01", true, None),
            ("eu-west-1", true, None),
            ("/dev/sda", true, None),
            ("anna@example.com", true, None),
            ("2001:db8::1", true, None),
            ("0", false, None),
            ("0.5", false, None),
            ("-12", false, None),
            ("true", false, None),
            ("", true, None),
            ("null", false, None),
        ] {
            assert_eq!(text(value, keyed(value.as_bytes(), quoted)), expected, "{value:?}");
        }
        assert!(keyed(&[b'a'; 500], true).is_none());
    }

    #[test]
    fn zip_codes() {
        for (value, expected) in [
            ("62701", Some("62701")),
            ("10001-1234 x=1", Some("10001-1234")),
            ("archive.zip", None),
            ("12", None),
            ("00000", None),
            ("", None),
        ] {
            assert_eq!(text(value, zip(value.as_bytes())), expected, "{value:?}");
        }
    }

    #[test]
    fn without_a_person() {
        for (value, expected) in [
            ("5 Elm St, Springfield", Some("5 Elm St, Springfield")),
            ("Lindenallee 4, 50668 Köln", Some("Lindenallee 4, 50668 Köln")),
            ("web01", None),
            ("already in use", None),
            ("0000:00:1f.2 claimed", None),
            ("", None),
        ] {
            assert_eq!(text(value, bare(value.as_bytes(), true)), expected, "{value:?}");
        }
    }
}
