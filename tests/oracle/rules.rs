//! What must be found and what must stay: each type as its standard has it, a word at a time.

use std::ops::Range;

use logveil::TypeId;

use crate::Value;

/// What the oracle says of a line.
#[derive(Default)]
pub struct Verdict {
    pub values: Vec<Value>,
    /// Words in which nothing may be found.
    pub spared: Vec<Range<usize>>,
}

/// What a word is by itself.
pub enum Word {
    /// A value of a type: where in the word.
    Value(TypeId, Range<usize>),
    /// Nothing of it may be found.
    Spared,
    /// Not decided.
    Open,
}

/// Reads a line.
pub fn read(line: &str) -> Verdict {
    let words = words(line);
    let mut verdict = Verdict::default();
    let mut place = 0;
    while place < words.len() {
        if is_equated(line, &words[place]) {
            place += 1;
            continue;
        }
        if let Some((kind, count)) = over_words(line, &words, place) {
            let (start, end) = (words[place].start, words[place + count - 1].end);
            let is_alone = is_alone(line, &words, place, count);
            if is_alone {
                verdict.values.push(Value { kind, start, end });
            }
            // a number behind it may be a part of it
            place += count + usize::from(!is_alone);
            continue;
        }
        let range = words[place].clone();
        match word(&line[range.clone()]) {
            Word::Value(TypeId::CARD | TypeId::IMEI, _) if is_measured(line, &range) => {}
            Word::Value(kind, within) => {
                let (start, end) = (range.start + within.start, range.start + within.end);
                verdict.values.push(Value { kind, start, end });
            }
            Word::Spared if is_alone(line, &words, place, 1) => verdict.spared.push(range),
            Word::Spared | Word::Open => {}
        }
        place += 1;
    }
    verdict
}

/// The words of a line: what stands between plain delimiters.
pub fn words(line: &str) -> Vec<Range<usize>> {
    let is_delimiter = |c: char| " \t\"'()[]<>,;|=".contains(c);
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        match (start, is_delimiter(c)) {
            (Some(from), true) => {
                words.push(from..at);
                start = None;
            }
            (None, false) => start = Some(at),
            _ => {}
        }
    }
    words
}

/// A number in groups of digits with single blanks between: its type and how many words it takes.
fn over_words(line: &str, words: &[Range<usize>], place: usize) -> Option<(TypeId, usize)> {
    let mut count = 1;
    while count < 6
        && place + count < words.len()
        && &line[words[place + count - 1].end..words[place + count].start] == " "
        && line[words[place + count].clone()].bytes().all(|b| b.is_ascii_digit())
    {
        count += 1;
    }
    (1..=count).rev().find_map(|count| {
        let mut groups: Vec<&str> = words[place..place + count].iter().map(|w| &line[w.clone()]).collect();
        if count == 1 {
            groups = groups[0].split('-').collect();
        }
        if is_signed_phone(&groups) {
            return Some((TypeId::PHONE, count));
        }
        is_grouped_card(&groups).then_some((TypeId::CARD, count))
    })
}

/// Whether no number stands beside the words.
fn is_alone(line: &str, words: &[Range<usize>], place: usize, count: usize) -> bool {
    let has_digit = |word: Option<&Range<usize>>| {
        word.is_some_and(|word| line[word.clone()].bytes().any(|b| b.is_ascii_digit()))
    };
    !has_digit(place.checked_sub(1).and_then(|before| words.get(before)))
        && !has_digit(words.get(place + count))
}

/// What a word is. A value may have a port behind it; a dot at the end of a sentence is not decided.
pub fn word(text: &str) -> Word {
    let whole = 0..text.len();
    if let Some(end) = ipv4(text) {
        return end.map_or(Word::Spared, |end| Word::Value(TypeId::IPV4, 0..end));
    }
    if let Some(is_spared) = ipv6(text) {
        return if is_spared { Word::Spared } else { Word::Value(TypeId::IPV6, whole) };
    }
    if is_email(text) {
        return Word::Value(TypeId::EMAIL, whole);
    }
    if let Some(is_spared) = mac(text) {
        return if is_spared { Word::Spared } else { Word::Value(TypeId::MAC, whole) };
    }
    if let Some(is_spared) = uuid(text) {
        return if is_spared { Word::Spared } else { Word::Value(TypeId::UUID, whole) };
    }
    if is_bare_card(text) {
        return Word::Value(TypeId::CARD, whole);
    }
    if is_imei(text) {
        return Word::Value(TypeId::IMEI, whole);
    }
    if is_look_alike(text) { Word::Spared } else { Word::Open }
}

fn number(text: &str, most: u32) -> Option<u32> {
    let plain = !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
    let no_zero_in_front = text == "0" || !text.starts_with('0');
    (plain && no_zero_in_front).then(|| text.parse().unwrap()).filter(|number| *number <= most)
}

/// RFC 3986 `IPv4address`, with a port (left out) or a prefix length (RFC 4632, part of it). Answers where
/// it ends, or `Some(None)` for one that is spared by default.
pub fn ipv4(text: &str) -> Option<Option<usize>> {
    let end = text.find([':', '/']).unwrap_or(text.len());
    let octets: Option<Vec<u32>> = text[..end].split('.').map(|part| number(part, 255)).collect();
    let [a, b, c, d] = octets?[..] else { return None };
    let (rest, mut last) = (&text[end..], end);
    if let Some(port) = rest.strip_prefix(':') {
        number(port, 65535)?;
    } else if let Some(length) = rest.strip_prefix('/') {
        number(length, 32)?;
        last = text.len();
    }
    let address = a << 24 | b << 16 | c << 8 | d;
    let is_mask = (0..=32).any(|ones| {
        let mask = (u64::from(u32::MAX) << (32 - ones)) as u32;
        address == mask || address == !mask
    });
    let is_spared = a == 127 || (224..240).contains(&a) || [a, b, c, d] == [169, 254, 169, 254] || is_mask;
    Some((!is_spared).then_some(last))
}

/// The eight groups of RFC 4291 section 2.2, read by hand.
pub fn groups_v6(text: &str) -> Option<[u16; 8]> {
    let side = |side: &str, may_end_in_quad: bool| -> Option<Vec<u16>> {
        let mut groups = Vec::new();
        if side.is_empty() {
            return Some(groups);
        }
        let parts: Vec<&str> = side.split(':').collect();
        for (place, part) in parts.iter().enumerate() {
            if part.contains('.') {
                let octets: Option<Vec<u32>> = part.split('.').map(|octet| number(octet, 255)).collect();
                let [a, b, c, d] = octets?[..] else { return None };
                if !may_end_in_quad || place + 1 != parts.len() {
                    return None;
                }
                groups.extend([(a << 8 | b) as u16, (c << 8 | d) as u16]);
            } else if (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit()) {
                groups.push(u16::from_str_radix(part, 16).unwrap());
            } else {
                return None;
            }
        }
        Some(groups)
    };
    let groups = match text.split_once("::") {
        Some((_, right)) if right.contains("::") || right.starts_with(':') => return None,
        Some((left, right)) => {
            let (left, right) = (side(left, false)?, side(right, true)?);
            // "::" stands for one or more groups of zeros
            let zeros = 8usize.checked_sub(left.len() + right.len()).filter(|zeros| *zeros > 0)?;
            [left, vec![0; zeros], right].concat()
        }
        None => side(text, true)?,
    };
    groups.try_into().ok()
}

/// RFC 4291 text with a zone (RFC 4007 section 11) or a prefix length: `true` if it is spared. Short ones of no
/// known block, and eight pairs (EUI-64), are not decided.
fn ipv6(text: &str) -> Option<bool> {
    let (body, rest) = text.find(['%', '/']).map_or((text, ""), |at| text.split_at(at));
    let groups = groups_v6(body)?;
    if let Some(zone) = rest.strip_prefix('%') {
        let is_zone = (1..=15).contains(&zone.len()) && zone.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_zone || groups[0] != 0xfe80 {
            return None;
        }
    } else if let Some(length) = rest.strip_prefix('/') {
        number(length, 128)?;
    }
    let value = groups.iter().fold(0u128, |value, group| value << 16 | u128::from(*group));
    if value <= 1 || groups[0] >> 8 == 0xff {
        // `::/0` and the like are networks, which nobody has decided on
        return rest.is_empty().then_some(true);
    }
    let is_mapped = groups[..6] == [0, 0, 0, 0, 0, 0xffff] && body.contains('.');
    if is_mapped {
        return Some(ipv4(&body[body.rfind(':').unwrap() + 1..]).is_some_and(|end| end.is_none()));
    }
    let written = body.split(':').filter(|group| !group.is_empty()).count();
    let is_known =
        (0x2000..0x4000).contains(&groups[0]) || groups[0] == 0xfe80 || groups[0] >> 9 == 0xfc00 >> 9;
    let is_pairs = body.split(':').all(|group| group.len() == 2);
    (is_known && written >= 2 && !is_pairs).then_some(false)
}

/// Top domains that nobody doubts (the rest of the public suffixes is not decided).
const SUFFIXES: [&str; 7] = ["com", "org", "net", "de", "co.uk", "edu", "com.br"];

/// RFC 5321 `Mailbox` with a dot-string and a domain, both of the bytes that people use.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let atom = |atom: &str| {
        !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"+_-".contains(&b))
    };
    let is_local = local.len() <= 64
        && local.split('.').all(atom)
        && local.starts_with(|c: char| c.is_ascii_alphanumeric())
        && local.ends_with(|c: char| c.is_ascii_alphanumeric());
    let Some(suffix) = SUFFIXES.iter().find(|suffix| domain.ends_with(&format!(".{suffix}"))) else {
        return false;
    };
    let names = &domain[..domain.len() - suffix.len() - 1];
    // a card or a UUID in it has its own label
    let is_short = local.bytes().filter(u8::is_ascii_digit).count() < 12;
    // `git@host` is a remote, `…@openssh.com` an algorithm
    let is_person = local != "git" && local.bytes().any(|b| b.is_ascii_lowercase());
    is_local
        && is_short
        && is_person
        && domain.len() <= 255
        && !names.is_empty()
        && names.split('.').all(is_label)
}

/// RFC 1123 section 2.1: letters, digits and inner hyphens, at most 63.
pub fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// EUI-48 as six pairs with colons or (with a letter) dashes, or three groups of four (with a letter) with dots.
/// `true` if it is spared; other groups of hex digits are not decided.
fn mac(text: &str) -> Option<bool> {
    let has_letter = text.bytes().any(|b| b.is_ascii_alphabetic());
    let is_form = |separator: char, width: usize, count: usize| {
        let groups: Vec<&str> = text.split(separator).collect();
        groups.len() == count
            && groups.iter().all(|g| g.len() == width && g.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    if !(is_form(':', 2, 6) || has_letter && (is_form('-', 2, 6) || is_form('.', 4, 3))) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    let digits = digits.to_lowercase();
    let is_group = u8::from_str_radix(&digits[..2], 16).unwrap() & 1 == 1;
    match &digits[..] {
        "000000000000" | "ffffffffffff" => Some(true),
        _ if digits.starts_with("01005e") || digits.starts_with("3333") => Some(true),
        _ if is_group => None, // some groups are spared, some are not
        _ => Some(false),
    }
}

/// RFC 9562 section 4; nil and max are spared.
fn uuid(text: &str) -> Option<bool> {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let is_form = lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let digits = || text.bytes().filter(|b| *b != b'-').map(|b| b.to_ascii_lowercase());
    is_form.then(|| digits().all(|b| b == b'0') || digits().all(|b| b == b'f'))
}

/// ISO/IEC 7812-1 annex B.
pub fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The networks that print these lengths and nothing else.
fn is_card(digits: &str) -> bool {
    let head = |length: usize| digits[..length].parse::<u32>().unwrap();
    let is_issued = match digits.len() {
        16 => {
            digits.starts_with('4')
                || (51..=55).contains(&head(2))
                || (2221..=2720).contains(&head(4))
                || head(4) == 6011
                || (3528..=3589).contains(&head(4))
        }
        15 => matches!(head(2), 34 | 37),
        _ => false,
    };
    let varies = digits.bytes().any(|b| b != digits.as_bytes()[0]);
    is_issued && varies && passes_luhn(digits)
}

fn is_bare_card(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && matches!(text.len(), 15 | 16) && is_card(text)
}

fn is_grouped_card(groups: &[&str]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let digits = groups.concat();
    (lengths == [4, 4, 4, 4] || lengths == [4, 6, 5])
        && digits.bytes().all(|b| b.is_ascii_digit())
        && is_card(&digits)
}

/// 3GPP TS 23.003 section 6.2.1 with a reporting body of today; those that begin with 1 may be cards.
fn is_imei(text: &str) -> bool {
    const BODIES: [&str; 5] = ["35", "86", "99", "49", "01"];
    text.len() == 15
        && text.bytes().all(|b| b.is_ascii_digit())
        && BODIES.contains(&&text[..2])
        && text.bytes().skip(2).take(12).any(|b| b != text.as_bytes()[2])
        && passes_luhn(text)
}

/// Country code, first digits of the national number, how many digits it has: plans that are published
/// (ITU-T E.164 national plans), a few of each kind.
const PLANS: [(&str, &str, usize); 10] = [
    ("44", "207", 10),
    ("44", "208", 10),
    ("49", "30", 10),
    ("49", "151", 11),
    ("33", "14", 9),
    ("33", "61", 9),
    ("31", "61", 9),
    ("61", "41", 9),
    ("39", "34", 10),
    ("91", "98", 10),
];

/// A number with a sign and its country code as the first group, or all in one.
fn is_signed_phone(groups: &[&str]) -> bool {
    let Some(digits) = groups.concat().strip_prefix('+').map(str::to_owned) else { return false };
    // short groups at the end may be another number, unless the whole number is written in pairs
    let is_grouping = match groups {
        [_] => true,
        [_, first, rest @ ..] => {
            (2..=8).contains(&first.len())
                && (rest.iter().all(|group| (3..=8).contains(&group.len()))
                    || first.len() <= 2 && rest.iter().all(|group| group.len() == 2))
        }
        [] => false,
    };
    let shaped = digits.bytes().all(|b| b.is_ascii_digit()) && is_grouping;
    let code = groups[0].get(1..).unwrap_or_default();
    let fits = |code: &str, head: &str, length: usize| {
        digits.strip_prefix(code).is_some_and(|rest| rest.starts_with(head) && rest.len() == length)
    };
    shaped
        && (PLANS
            .iter()
            .any(|(cc, head, length)| (groups.len() == 1 || code == *cc) && fits(cc, head, *length))
            || (groups.len() == 1 || code == "1") && is_nanp(&digits))
}

/// Numbers joined by `=`: a key of digits, or the track of a card.
fn is_equated(line: &str, range: &Range<usize>) -> bool {
    let is_sign = |at: Option<usize>| at.and_then(|at| line.as_bytes().get(at)) == Some(&b'=');
    let before = range.start.checked_sub(2).and_then(|at| line.as_bytes().get(at));
    is_sign(Some(range.end))
        || is_sign(range.start.checked_sub(1)) && !before.is_some_and(u8::is_ascii_alphabetic)
}

/// Whether a word of one or two letters stands behind a number, as units do (`12 b`, `12 ms`).
fn is_measured(line: &str, range: &Range<usize>) -> bool {
    let rest = line[range.end..].strip_prefix(' ').unwrap_or_default();
    let letters = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    (1..=3).contains(&letters) && rest.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// North American: an area of old, an exchange that is no service code.
fn is_nanp(digits: &str) -> bool {
    let areas = ["212", "312", "415", "617"];
    digits.len() == 11
        && digits.starts_with('1')
        && digits.is_ascii()
        && areas.contains(&&digits[1..4])
        && matches!(digits.as_bytes()[4], b'2'..=b'9')
        && &digits[5..7] != "11"
}

/// Dates, times, floats, scopes and ids that hold nobody's data, by their form alone.
fn is_look_alike(text: &str) -> bool {
    is_date_time(text) || is_float(text) || is_scope(text) || is_digest(text)
}

/// RFC 3339, whole or its date or its time.
fn is_date_time(text: &str) -> bool {
    let two = |text: &str, most: u32| {
        text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u32>().unwrap() <= most
    };
    let is_date = |text: &str| match text.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => {
            year.len() == 4
                && (year.starts_with("19") || year.starts_with("20"))
                && year.bytes().all(|b| b.is_ascii_digit())
                && two(month, 12)
                && two(day, 31)
                && month != "00"
                && day != "00"
        }
        _ => false,
    };
    let is_time = |text: &str| {
        let text = text.strip_suffix('Z').unwrap_or(text);
        let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let parts: Vec<&str> = text.split(':').collect();
        let is_fraction = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
        matches!(parts[..], [hour, minute, second] if two(hour, 23) && two(minute, 59) && two(second, 59))
            && is_fraction
    };
    is_date(text)
        || is_time(text)
        || text.split_once('T').is_some_and(|(date, time)| is_date(date) && is_time(time))
}

/// `3.1415`: at most six digits before the dot.
fn is_float(text: &str) -> bool {
    let is_padded = text.len() > 1 && text.starts_with('0') && !text.starts_with("0.");
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    !is_padded
        && text.split_once('.').is_some_and(|(whole, fraction)| digits(whole, 6) && digits(fraction, 9))
}

/// `std::string`: words of letters that no hex number is made of.
fn is_scope(text: &str) -> bool {
    text.split_once("::").is_some_and(|(left, right)| {
        [left, right].iter().all(|word| {
            word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase()) && word.bytes().any(|b| b > b'f')
        })
    })
}

/// Forty or sixty-four hex digits, some of them letters.
fn is_digest(text: &str) -> bool {
    matches!(text.len(), 40 | 64)
        && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}
