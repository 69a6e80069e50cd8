//! Names of people in sentences, where the word before them says that they are: `Frau Erika Mustermann`,
//! `handed to Mr. John Smith`, `customer Anna Meier opened …`.
//!
//! Nothing else makes two words with capitals a person's name, so names without such a word stay.

use super::accept::Hunt;
use super::announce::Word;
use super::phrases::word_start;
use super::{clients, numbers, phrases};
use crate::check::words::Words;
use crate::context::{before, byte_at};
use crate::detect::name;
use crate::finding::{Evidence, Match, TypeId};

/// How far a name is read, in bytes.
const MAX_NAME_BYTES: usize = 96;

/// Words that are written with a stop: the filter looks for them before it.
pub(super) const ABBREVIATED: [&[u8]; 11] =
    [b"mr.", b"mrs.", b"dr.", b"prof.", b"sra.", b"tel.", b"fax.", b"mob.", b"cel.", b"cell.", b"puh."];

/// What may stand between a title and a name.
const DEGREES: [&[u8]; 3] = [b"Dr. ", b"Prof. ", b"med. "];

/// A given name and a family name behind a word for people: `customer Anna Meier`, `Dr. Paul Winter`.
pub(super) fn person(hunt: &mut Hunt<'_>, at: usize) {
    if !hunt.wants(TypeId::NAME) && !hunt.wants(TypeId::USERNAME) {
        return;
    }
    // `Dr. med. Anna Meier`, `Prof. Dr. Anna Meier`
    let mut at = at;
    for _ in 0..2 {
        if !matches!(byte_at(hunt.text, at), b'D' | b'P' | b'm') {
            break;
        }
        let rest = phrases::tail(hunt.text, at, 8);
        at += DEGREES.iter().find(|degree| rest.starts_with(degree)).map_or(0, |degree| degree.len());
    }
    if !starts_word(hunt.text, at) {
        return;
    }
    let rest = phrases::tail(hunt.text, at, MAX_NAME_BYTES);
    let found = name::bare(rest, false, false)
        .filter(|found| !names_thing(&rest[found.start..found.end]))
        .or_else(|| before_login(rest));
    // `Started by user Chloe Dubois (cdubois)`
    let found = found.map(|found| without_label(rest, found));
    if let Some(found) = found.filter(|found| rest[found.end..].starts_with(b" (")) {
        clients::login_behind(hunt, at + found.start, at + found.end);
    }
    take(hunt, at, found);
}

/// Two or three words with capitals and a login name behind them in a parenthesis: `Mireille Duval (mduval)`.
fn before_login(text: &[u8]) -> Option<Match> {
    let open = memchr::memmem::find(text, b" (")?;
    let login = text[open + 2..]
        .iter()
        .take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || **b == b'.')
        .count();
    let is_login = login > 3 && text.get(open + 2 + login) == Some(&b')');
    // made of the name: an initial and the family name
    let family = text[..open].rsplit(|b| *b == b' ').next()?;
    let login = &text[open + 2..open + 2 + login];
    let is_alike = login.len() == family.len() + 1
        && login[0] == text.first()?.to_ascii_lowercase()
        && login[1..].eq_ignore_ascii_case(family);
    let found = name::displayed(&text[..open]).filter(|found| found.end == open)?;
    (is_login && is_alike).then_some(found)
}

/// A name without the word in capitals that stands behind it: `Uwe Berg IBAN DE…`.
fn without_label(text: &[u8], found: Match) -> Match {
    let name = &text[found.start..found.end];
    let Some(blank) = memchr::memrchr(b' ', name) else { return found };
    const LABELS: [&[u8]; 28] = [
        b"IBAN", b"BIC", b"SWIFT", b"BLZ", b"DOB", b"TEL", b"PLZ", b"SSN", b"PAN", b"IMEI", b"IMSI",
        b"MSISDN", b"VIN", b"NIF", b"NIE", b"DNI", b"CPF", b"CNPJ", b"RUT", b"CURP", b"NINO", b"PESEL",
        b"BSN", b"AHV", b"CEP", b"ID", b"MRN", b"NHS",
    ];
    if LABELS.contains(&&name[blank + 1..]) { Match { end: found.start + blank, ..found } } else { found }
}

/// Whoever is addressed as nothing but people are: `Frau Müller`, `Mrs. Öztürk`; one word or more.
pub(super) fn addressed(hunt: &mut Hunt<'_>, word: usize, at: usize) {
    if hunt.wants(TypeId::NAME) && hunt.text[word].is_ascii_uppercase() && starts_word(hunt.text, at) {
        let found = name::titled(phrases::tail(hunt.text, at, MAX_NAME_BYTES));
        take(hunt, at, found);
    }
}

/// What stands behind a word with a stop, from behind the blank: `Mr. John Smith`, `Tel. 030/5550 1234`.
pub(super) fn abbreviated(hunt: &mut Hunt<'_>, at: usize) {
    let Some(stop) = at.checked_sub(2).filter(|stop| hunt.text[*stop] == b'.') else { return };
    let start = word_start(hunt.text, stop);
    match hunt.engine.phrases.of(hunt.text, start, stop) {
        Some(Word::Title) if &hunt.text[start..stop] == b"Mr" && !is_called_mister(&hunt.text[at..]) => {
            addressed(hunt, start, at);
        }
        Some(Word::Title) => person(hunt, at),
        Some(Word::Addressed) => addressed(hunt, start, at),
        Some(Word::Phone) => numbers::number(hunt, at),
        _ => {}
    }
}

/// Whether a product, a figure or an office is addressed.
fn is_called_mister(rest: &[u8]) -> bool {
    static CALLED: Words<12> = Words::new([
        b"robot",
        b"proper",
        b"clean",
        b"bean",
        b"monk",
        b"coffee",
        b"gadget",
        b"president",
        b"speaker",
        b"chairman",
        b"data",
        b"fix",
    ]);
    let word = rest.iter().take(24).take_while(|b| b.is_ascii_alphabetic()).count();
    CALLED.contains(&rest[..word])
}

/// Given names that are English words too, and what follows those in names of things: `Max Value`, `Grace Period`.
static AMBIGUOUS: Words<22> = Words::new([
    b"max", b"mark", b"grace", b"rose", b"will", b"bill", b"art", b"rich", b"sue", b"joy", b"hope", b"faith",
    b"jack", b"frank", b"pat", b"ray", b"ruby", b"lily", b"victor", b"dale", b"grant", b"eve",
]);
#[rustfmt::skip]
static THINGS: Words<64> = Words::new([
    b"value", b"values", b"speed", b"size", b"memory", b"length", b"limit", b"limits", b"count", b"time", b"timeout",
    b"rate", b"period", b"periods", b"sheet", b"sheets", b"garden", b"gardens", b"payment", b"payments", b"text", b"file",
    b"files", b"format", b"code", b"number", b"level", b"width", b"height", b"depth", b"age", b"days", b"retries",
    b"attempts", b"connections", b"requests", b"users", b"price", b"amount", b"total", b"items", b"item", b"media",
    b"content", b"data", b"server", b"work", b"works", b"all", b"call", b"be", b"up", b"down", b"trace", b"tracing",
    b"mode", b"point", b"points", b"bot", b"test", b"gold", b"pipe", b"load", b"power",
]);

/// Whether a name is one of a thing.
fn names_thing(name: &[u8]) -> bool {
    let mut words = name.split(|b| *b == b' ');
    let first = words.next().unwrap_or_default();
    AMBIGUOUS.contains(first) && words.next().is_some_and(|word| THINGS.contains(word))
}

/// A capital, or a letter beyond ASCII.
fn starts_word(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|b| b.is_ascii_uppercase() || *b >= 0x80) && before(text, at) == b' '
}

fn take(hunt: &mut Hunt<'_>, at: usize, found: Option<Match>) {
    if let Some(found) = found {
        let evidence = Evidence::SHAPE.and(Evidence::SLOT_PHRASE);
        hunt.accept(Match {
            start: at + found.start,
            end: at + found.end,
            // surer than that the first word alone is a login name, if one stands behind it
            confidence: if hunt.text[at + found.end..].starts_with(b" (") { 90 } else { 74 },
            evidence,
            ..found
        });
    }
}
