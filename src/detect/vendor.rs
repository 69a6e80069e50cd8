//! Tokens known by their shape: JSON Web Tokens (RFC 7519) and the prefixes that vendors publish.

use crate::check::crc32::ends_with_checksum;
use crate::check::random::looks_random;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, Alphabet, TOKEN_SHAPES, TokenShape};

/// The longest token that is followed back to its prefix, in bytes.
const MAX_BACK_BYTES: usize = 96;
/// The longest token, in bytes.
const MAX_TOKEN_BYTES: usize = 8 << 10;

/// Whether the run of word bytes at `run` may be of a token: most words stand behind what is no part of
/// one, and open none.
#[inline(always)]
pub(crate) fn may_be(text: &[u8], run: usize) -> bool {
    let left = run.checked_sub(1).map_or(b'\n', |left| text[left]);
    opens_prefix(text, run) | (CLASSES[usize::from(left)] != OTHER) | matches!(left, b':' | b'/')
}

/// The token that the run of word bytes around `at` belongs to.
pub(crate) fn at(text: &[u8], run: usize) -> Option<Match> {
    if !may_be(text, run) {
        return None;
    }
    let mut may_open = opens_prefix(text, run);
    let floor = run.saturating_sub(MAX_BACK_BYTES);
    let mut start = run;
    while start > floor {
        let class = CLASSES[usize::from(text[start - 1])];
        if class == OTHER {
            break;
        }
        // behind a joint; the first byte is asked when the walk is over
        may_open |= class == JOINT && opens_prefix(text, start);
        start -= 1;
    }
    // the one prefix with slashes: `1//0…`
    if start > 2 && text[start - 1] == b'/' && text[start - 3..start] == *b"1//" {
        let is_word = start > 3 && text[start - 4].is_ascii_alphanumeric();
        start -= if is_word { 0 } else { 3 };
    }
    if has_colon_before(text, run)
        && let Some(found) = bot_token(text, run)
    {
        return Some(found);
    }
    if !may_open && !opens_prefix(text, start) {
        return None;
    }
    // the whole word first, then from each part of it: `x-ghp_…`, `key.eyJ…`
    let mut from = start;
    while from <= run {
        let opens = from == start || CLASSES[usize::from(text[from - 1])] == JOINT;
        if opens && let Some(found) = token_from(text, from) {
            return Some(found);
        }
        from += 1;
    }
    None
}

/// No part of a token.
const OTHER: u8 = 0;
/// Behind these a token may start inside a word.
const JOINT: u8 = 2;
/// What a byte is to a token: [`OTHER`], a part, or a [`JOINT`].
static CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'-' | b'.' | b'_' => JOINT,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => 1,
            _ => OTHER,
        };
        byte += 1;
    }
    classes
};

/// Whether a colon is among the eight bytes before `at`.
#[inline]
fn has_colon_before(text: &[u8], at: usize) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let Some(eight) = at.checked_sub(8).and_then(|from| text.get(from..at)?.try_into().ok()) else {
        return text[..at].contains(&b':');
    };
    let colons = u64::from_le_bytes(eight) ^ (ONES * u64::from(b':'));
    colons.wrapping_sub(ONES) & !colons & (ONES << 7) != 0
}

/// Telegram's bots: eight to ten digits, a colon and 35 word bytes that start with `AA`.
fn bot_token(text: &[u8], run: usize) -> Option<Match> {
    let colon = (run.saturating_sub(8)..run).rev().find(|place| text[*place] == b':')?;
    let body = &text[colon + 1..];
    if !body.starts_with(b"AA") {
        return None;
    }
    let length = body.iter().take(64).take_while(|b| is_body(Alphabet::Word, **b)).count();
    let digits = text[..colon].iter().rev().take(12).take_while(|b| b.is_ascii_digit()).count();
    let start = colon - digits;
    let border = start == 0 || !text[start - 1].is_ascii_alphanumeric() || text[..start].ends_with(b"bot");
    ((33..=36).contains(&length) && (8..=10).contains(&digits) && border).then_some(Match {
        start,
        end: colon + 1 + length,
        kind: TypeId::TOKEN,
        rule: rules::TOKEN_VENDOR,
        confidence: 96,
        evidence: Evidence::SHAPE,
    })
}

fn token_from(text: &[u8], start: usize) -> Option<Match> {
    let (end, rule, confidence, evidence) = if text[start..].starts_with(b"eyJ") {
        (jwt_end(text, start)?, rules::TOKEN_JWT, 96, Evidence::STRUCTURE)
    } else {
        let (end, verified) = vendor_end(text, start)?;
        match verified {
            true => (end, rules::TOKEN_VENDOR, 99, Evidence::SHAPE.and(Evidence::CHECKSUM)),
            false => (end, rules::TOKEN_VENDOR, 96, Evidence::SHAPE),
        }
    };
    Some(Match { start: with_instance(text, start), end, kind: TypeId::TOKEN, rule, confidence, evidence })
}

/// The start of a registration token of Firebase: the id of the installation before the colon is of it
/// (`fY3kQ9mTR0yX1aB2c3D4e5:APA91b…`).
fn with_instance(text: &[u8], start: usize) -> usize {
    if !text[start..].starts_with(b"APA91b") || !text[..start].ends_with(b":") {
        return start;
    }
    let head = &text[..start - 1];
    let length = head.iter().rev().take(23).take_while(|b| is_body(Alphabet::Word, **b)).count();
    if matches!(length, 11 | 22) { start - 1 - length } else { start }
}

/// Three parts (RFC 7515) or five (RFC 7516) of base64url, the second starting like a JSON object
/// for the former.
fn jwt_end(text: &[u8], start: usize) -> Option<usize> {
    const MOST_PARTS: usize = 5;
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'=');
    let run = &text[start..text.len().min(start + MAX_TOKEN_BYTES)];
    // where the parts end
    let (mut ends, mut parts, mut at) = ([0; MOST_PARTS], 0, 0);
    while parts < MOST_PARTS {
        at += run[at..].iter().take_while(|b| is_part(**b)).count();
        ends[parts] = at;
        parts += 1;
        if run.get(at) != Some(&b'.') {
            break;
        }
        at += 1;
    }
    let part = |n: usize| if n < parts { &run[ends[n - 1] + 1..ends[n]] } else { &[] };
    if parts < 3 || ends[0] < 16 || part(1).is_empty() || part(2).len() < 16 && parts < MOST_PARTS {
        return None;
    }
    let is_encrypted = parts == MOST_PARTS && !part(1).starts_with(b"eyJ");
    let end = ends[if is_encrypted { MOST_PARTS - 1 } else { 2 }];
    Some(start + run[..end].iter().rposition(|b| *b != b'.').map_or(end, |p| p + 1))
}

/// The first two bytes of all prefixes and of a JWT: one look-up turns away what no token starts with.
static FIRST_TWO: [u64; 1024] = {
    let mut set = [0u64; 1024];
    let json = (b'e' as usize) << 8 | b'y' as usize;
    set[json >> 6] |= 1 << (json & 63);
    let mut i = 0;
    while i < TOKEN_SHAPES.len() {
        let prefix = TOKEN_SHAPES[i].prefix.as_bytes();
        let pair = (prefix[0] as usize) << 8 | prefix[1] as usize;
        set[pair >> 6] |= 1 << (pair & 63);
        i += 1;
    }
    set
};

#[inline]
fn opens_prefix(text: &[u8], start: usize) -> bool {
    let Some(&[first, second]) = text.get(start..start + 2) else { return false };
    let pair = usize::from(first) << 8 | usize::from(second);
    FIRST_TWO[pair >> 6] >> (pair & 63) & 1 != 0
}

/// The first four bytes of each prefix as a number, and which of its bits the prefix has.
static HEADS: [(u32, u32); TOKEN_SHAPES.len()] = {
    let mut heads = [(0, 0); TOKEN_SHAPES.len()];
    let mut i = 0;
    while i < heads.len() {
        let prefix = TOKEN_SHAPES[i].prefix.as_bytes();
        let mut place = 0;
        while place < 4 && place < prefix.len() {
            heads[i].0 |= (prefix[place] as u32) << (8 * place);
            heads[i].1 |= 0xff << (8 * place);
            place += 1;
        }
        i += 1;
    }
    heads
};

/// Whether one of the shapes at these places of the table fits at `start`.
pub(crate) fn is_known(text: &[u8], start: usize, is_asked: impl Fn(usize) -> bool) -> bool {
    vendor_end_by(text, start, is_asked).is_some()
}

/// Where a vendor's token ends, and whether its checksum holds.
fn vendor_end(text: &[u8], start: usize) -> Option<(usize, bool)> {
    vendor_end_by(text, start, |_| true)
}

fn vendor_end_by(text: &[u8], start: usize, is_asked: impl Fn(usize) -> bool) -> Option<(usize, bool)> {
    let rest = &text[start..];
    let head = u32::from_le_bytes(*rest.first_chunk::<4>()?);
    // all at once: hardly any word that passed the first two bytes goes on like a prefix
    if !HEADS.iter().fold(false, |any, (bytes, mask)| any | (head & mask == *bytes)) {
        return None;
    }
    let fits =
        |(place, shape): &(usize, &TokenShape)| rest.starts_with(shape.prefix.as_bytes()) && is_asked(*place);
    for (_, shape) in TOKEN_SHAPES.iter().enumerate().filter(fits) {
        let &TokenShape { prefix, alphabet, exact, .. } = shape;
        let least = usize::from(shape.length);
        let from = start + prefix.len();
        let stop = text.len().min(from + MAX_TOKEN_BYTES);
        let mut length = text[from..stop].iter().take_while(|b| is_body(alphabet, **b)).count();
        while length > 0 && alphabet == Alphabet::Dotted && matches!(text[from + length - 1], b'.' | b'-') {
            length -= 1;
        }
        let right = text.get(from + length).copied().unwrap_or(b'\n');
        let glued = right.is_ascii_alphanumeric() || right == b'_';
        let enough = length >= least && (!exact || length == least);
        // without a digit the case must change like that of no word
        let drawn = &text[from..from + length];
        let varied = drawn.iter().any(u8::is_ascii_digit) || looks_random(drawn);
        if enough && varied && !glued {
            return Some((from + length, shape.has_checksum && ends_with_checksum(drawn)));
        }
    }
    None
}

fn is_body(body: Alphabet, byte: u8) -> bool {
    match body {
        Alphabet::Hex => byte.is_ascii_hexdigit(),
        Alphabet::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        Alphabet::Alnum => byte.is_ascii_alphanumeric(),
        Alphabet::Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
        Alphabet::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'='),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Option<&str> {
        // the first run of sixteen word bytes
        let bytes = text.as_bytes();
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let run = (0..bytes.len().saturating_sub(15))
            .find(|i| bytes[*i..*i + 16].iter().all(is_word) && (*i == 0 || !is_word(&bytes[*i - 1])))?;
        at(bytes, run).map(|m| &text[m.start..m.end])
    }

    #[test]
    fn shapes_of_vendors() {
        for (text, found) in [
            ("use AKIAIOSFODNN7EXAMPLE now", Some("AKIAIOSFODNN7EXAMPLE")),
            ("AKIAIOSFODNN7EXAMPLEX", None),
            ("ghp_0123456789abcdefghijklmnopqrstuvwxyz", Some("ghp_0123456789abcdefghijklmnopqrstuvwxyz")),
            ("ghp_short", None),
            ("(glpat-0123456789abcdefghij)", Some("glpat-0123456789abcdefghij")),
            (
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLWlzLWhlcmU",
                Some("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLWlzLWhlcmU"),
            ),
            ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", None),
            ("com.android.systemui.statusbar", None),
            (
                "/bot123456789:AAdjGFL2LJI1bCxvAwcXNJNocH9oD5InLUN/x",
                Some("123456789:AAdjGFL2LJI1bCxvAwcXNJNocH9oD5InLUN"),
            ),
            ("123:AAdjGFL2LJI1bCxvAwcXNJNocH9oD5InLUN", None),
            ("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", Some("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")),
            ("hf_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", None),
        ] {
            assert_eq!(token(text), found, "{text}");
        }
    }
}
