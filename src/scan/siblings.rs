//! What stands beside a key and its value and says what they are: keys of a person, a card, a place.

use super::login_words::is_login;
use super::persons;
use crate::check::words::Words;
use crate::context::{Value, before, byte_at};
use crate::detect::username;
use crate::finding::{Match, TypeId};
use crate::rules::{KeyRule, Shape};

/// How far a sibling is looked for, in bytes.
pub(super) const MAX_SIBLING_BYTES: usize = 256;
/// How far before a value its record may start, in bytes.
const MAX_HEAD_BYTES: usize = 2048;
/// How much of the start of a record is asked what it is about, in bytes.
const MAX_RECORD_BYTES: usize = 192;

/// What stands before `at` in its object, the brace included where it is the last byte.
pub(super) fn object_head(text: &[u8], at: usize) -> &[u8] {
    let head = &text[at.saturating_sub(MAX_SIBLING_BYTES)..at];
    let open = head.iter().rposition(|b| matches!(b, b'{' | b'}' | b'\n')).unwrap_or(0);
    let inner = &head[open..];
    if inner.len() <= 2 {
        inner
    } else {
        head.get(open + usize::from(matches!(head[open], b'{' | b'}' | b'\n'))..).unwrap_or_default()
    }
}

/// Whether the key at `key_start` is half of a name: the other half stands beside it.
pub(super) fn is_half_name(words: &str) -> bool {
    matches!(words, "nom" | "nombre" | "nome" | "given" | "name")
}

/// Whether the key before or behind a value is of a card.
pub(super) fn is_beside_card(text: &[u8], key_start: usize, end: usize) -> bool {
    const NAMES: [&[u8]; 13] = [
        b"card",
        b"security_code",
        b"securitycode",
        b"cvv",
        b"cvc",
        b"karte",
        b"carte",
        b"tarjeta",
        b"cartao",
        "cartão".as_bytes(),
        b"visa",
        b"amex",
        b"last4",
    ];
    // what we wrote ourselves names nothing: `[CARD]`, a token
    let is_mark = |at: Option<usize>| at.is_some_and(|at| crate::mark::mark_at(text, at).is_some());
    let is_ours = |at: usize| {
        // plain, in brackets, in brackets that are encoded once or twice
        [0, 1, 3, 5].iter().any(|lead| is_mark(at.checked_sub(*lead)))
    };
    let names = |from: usize, part: &[u8]| {
        let is_bound = |at: usize| !part.get(at).is_some_and(u8::is_ascii_alphabetic);
        // `company`, `discard`, `wildcard`
        memchr::memmem::find_iter(part, b"pan").any(|at| is_bound(at.wrapping_sub(1)) && is_bound(at + 3))
            || NAMES.iter().any(|name| {
                memchr::memmem::find_iter(part, name).any(|at| {
                    !part[..at].ends_with(b"dis") && !part[..at].ends_with(b"wild") && !is_ours(from + at)
                })
            })
    };
    let (head, tail) = (super::phrases::head(text, key_start, 72), super::phrases::tail(text, end, 64));
    names(key_start - head.len(), &head.to_ascii_lowercase()) || names(end, &tail.to_ascii_lowercase())
}

/// Whether the key before or behind a value is of a postal address.
pub(super) fn is_beside_address(text: &[u8], key_start: usize, end: usize) -> bool {
    const POSTAL: [&[u8]; 23] = [
        b"\"city\"",
        b" city=",
        b",city=",
        b"&city=",
        b"?city=",
        b"_city=",
        b"_city\"",
        b"plz",
        b"postleitzahl",
        b"stra",
        b"street",
        b"postal",
        b"postcode",
        b"zip",
        b"cep=",
        b"calle",
        b"direccion",
        b"adresse",
        b"indirizzo",
        b"straat",
        b"huisn",
        b"via=",
        b"citt",
    ];
    is_beside(text, key_start, end, &POSTAL)
}

/// Whether a name in small letters is a program's, as its object says before the key at `key_start`:
/// `"type":"system","name":"reconciler"`.
pub(super) fn is_program(text: &[u8], key_start: usize, value: Value) -> bool {
    const TYPES: [&[u8]; 4] = [b"\"system\"", b"\"service\"", b"\"bot\"", b"\"job\""];
    let is_small = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    if !value.bytes(text).iter().all(is_small) {
        return false;
    }
    let head = object_head(text, key_start);
    // by the quote before it: most objects have few
    memchr::memchr_iter(b'"', head).any(|quote| {
        head[quote..].strip_prefix(b"\"type\":").is_some_and(|kind| {
            let kind = kind.trim_ascii_start();
            TYPES.iter().any(|name| kind.starts_with(name))
        })
    })
}

/// Whether the given name stands in a pair beside one of the family name, outside of objects too:
/// `prenom="Anna" nom="Le Goff"`.
pub(super) fn is_beside_given(text: &[u8], key_start: usize, end: usize) -> bool {
    // `name: If given, …` is about a parameter
    let is_name = text[key_start..].get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"name"));
    let words: &[&[u8]] = &["prénom".as_bytes(), b"prenom", b"vorname", b"given"];
    is_beside(text, key_start, end, if is_name { &words[..3] } else { words })
}

/// Whether half of a person's name stands around a pair.
pub(super) fn is_beside_name(text: &[u8], key_start: usize, end: usize) -> bool {
    is_beside(text, key_start, end, &[b"vorname", b"nachname", b"familienname", b"geburts"])
}

/// Whether one of the words, which are in small letters, stands around a pair.
fn is_beside(text: &[u8], key_start: usize, end: usize, words: &[&[u8]]) -> bool {
    is_around(text, (key_start, 56), (end, 24), words)
}

/// Whether one of the words, which are in small letters, stands so many bytes before a place or behind another.
pub(super) fn is_around(
    text: &[u8],
    before: (usize, usize),
    behind: (usize, usize),
    words: &[&[u8]],
) -> bool {
    let head = super::phrases::head(text, before.0, before.1);
    let tail = super::phrases::tail(text, behind.0, behind.1);
    let says = |part: &[u8]| words.iter().any(|word| memchr::memmem::find(part, word).is_some());
    says(&head.to_ascii_lowercase()) || says(&tail.to_ascii_lowercase())
}

/// Whether papers of a person are named around a key of numbers of documents:
/// `type=PASSPORT, documentNumber=533401872`.
pub(super) fn is_beside_papers(text: &[u8], key_start: usize, end: usize) -> bool {
    const PAPERS: [&[u8]; 21] = [
        b"passport",
        b"driving",
        b"driver_lic",
        b"driverlic",
        b"drivers_lic",
        b"identity_card",
        b"identity card",
        b"id_card",
        b"idcard",
        b"national_id",
        b"residence",
        b"reisepass",
        b"personalausweis",
        b"passeport",
        b"pasaporte",
        b"passaporto",
        b"paspoort",
        b"type=dni",
        b"type=nie",
        b"type\":\"dni",
        b"type\":\"nie",
    ];
    // with the parts of a name beside it, what looks like a number of papers
    const NAMES: [&[u8]; 6] = [b"surname", b"lastname", b"last_name", b"irstname", b"irst_name", b"forename"];
    let is_number = text.get(key_start..end).is_some_and(|number| {
        (6..=12).contains(&number.len())
            && !number.starts_with(b"INV")
            && number.iter().all(u8::is_ascii_alphanumeric)
            && number.iter().filter(|b| b.is_ascii_digit()).count() > 3
    });
    is_beside(text, key_start, end, &PAPERS) || is_number && is_beside(text, key_start, end, &NAMES)
}

/// Whether a bank is named right before a key at `start`.
pub(super) fn is_bank_account(text: &[u8], start: usize) -> bool {
    const BANKS: [&[u8]; 6] = [b"routing", b"sort_code", b"sortcode", b"sort code", b"blz", b"bank_code"];
    let head = &text[start.saturating_sub(48)..start];
    let head = &head[memchr::memrchr(b'\n', head).map_or(0, |p| p + 1)..];
    BANKS.iter().any(|bank| memchr::memmem::find(head, bank).is_some())
}

/// Whether a key of the same object or query says that it is about a person.
pub(super) fn has_personal_sibling(text: &[u8], key_start: usize, value: Value) -> bool {
    const QUOTED: [&[u8]; 32] = [
        b"ssn",
        b"passport",
        b"passport_number",
        b"passportNumber",
        b"irst_name",
        b"irstName",
        b"iven_name",
        b"ivenName",
        b"mail",
        b"mailAddress",
        b"mail_address",
        b"honeNumber",
        b"hone_number",
        b"phone",
        b"mobile",
        b"tel",
        b"irthDate",
        b"irth_date",
        b"last_name",
        b"lastName",
        b"surname",
        b"achname",
        b"orname",
        "rénom".as_bytes(),
        b"renom",
        b"pellido",
        b"pellidos",
        b"obrenome",
        b"ognome",
        b"acimiento",
        b"ascimento",
        b"aissance",
    ];
    const PAPERS: [&[u8]; 6] = [b"rut", b"dni", b"nif", b"cpf", b"curp", b"codice_fiscale"];
    static ELEMENTS: Words<20> = Words::new([
        b"apellido",
        b"apellidos",
        b"vorname",
        b"nachname",
        b"lastname",
        b"last_name",
        b"firstname",
        b"first_name",
        b"givenname",
        b"surname",
        b"sobrenome",
        b"cognome",
        b"prenom",
        "prénom".as_bytes(),
        b"email",
        b"mail",
        b"phone",
        b"telefono",
        b"birthdate",
        b"fechanacimiento",
    ]);
    const QUERY: [&[u8]; 15] = [
        b"mail",
        b"phone",
        b"mobile",
        b"tel",
        b"telefono",
        b"account_number",
        b"iban",
        b"apellido",
        b"apellidos",
        b"birthdate",
        b"birth_date",
        b"date_of_birth",
        b" dob",
        b" ssn",
        b"passport",
    ];
    let head = &text[key_start.saturating_sub(MAX_SIBLING_BYTES)..key_start];
    let tail = &text[value.end..text.len().min(value.end + MAX_SIBLING_BYTES)];
    // the first pair of a form: `name=Moira%20Hall&tel=…`
    let in_query = value.in_query || !value.quoted && !value.colon && text.get(value.end) == Some(&b'&');
    let value = Value { in_query, ..value };
    // `name="Ola Nordmann" email=…`
    let in_logfmt = value.quoted && !value.colon && follows_blank(text, value);
    let ends = |b: &u8| match value.in_query {
        true => matches!(b, b' ' | b'"' | b'?' | b'\n'),
        false => matches!(b, b'{' | b'}' | b'\n'),
    };
    let head = &head[head.iter().rposition(ends).map_or(0, |p| p + 1)..];
    let tail = &tail[..tail.iter().position(ends).unwrap_or(tail.len())];
    // each separator once, and the words before it: a search a word would be dear
    let ends_with = |head: &[u8], words: &[&[u8]]| words.iter().any(|word| head.ends_with(word));
    // `<Nombre>Rocío</Nombre><Apellidos>Gil</Apellidos>`
    if before(text, value.start) == b'>' && byte_at(text, value.end) == b'<' {
        let says = |part: &[u8]| {
            memchr::memchr_iter(b'>', part).any(|at| {
                let open =
                    part[..at].iter().rposition(|b| matches!(b, b'<' | b'/' | b':')).map_or(at, |p| p + 1);
                ELEMENTS.contains(&part[open..at])
            })
        };
        return says(head) || says(tail);
    }
    let says = |part: &[u8]| {
        if value.in_query || in_logfmt {
            return memchr::memchr_iter(b'=', part).any(|at| ends_with(&part[..at], &QUERY));
        }
        memchr::memchr2_iter(b':', b'=', part).any(|at| {
            // PHP and Ruby: `'nombre' => 'Martín', 'rut' => '…'`
            if part[at..].starts_with(b"=>") {
                let head = part[..at].trim_ascii_end();
                return [&b"'"[..], b"\""].iter().any(|quote| {
                    head.strip_suffix(*quote)
                        .is_some_and(|head| ends_with(head, &QUOTED) || ends_with(head, &PAPERS))
                });
            }
            if part[at] == b'=' {
                // a statement: `SET telefon = '…', name = '…'`
                let head = part[..at].strip_suffix(b" ").unwrap_or(&part[..at]);
                let is_string = [&b"'"[..], b" '"].iter().any(|open| part[at + 1..].starts_with(open));
                return is_string && ends_with(head, &QUOTED);
            }
            let Some([head @ .., b'"' | b'\'']) = part.get(..at) else { return false };
            let head = head.strip_suffix(b"\\").unwrap_or(head);
            let rest = &part[at + 1..];
            ends_with(head, &QUOTED)
                || ends_with(head, &PAPERS)
                || ends_with(head, &[b"type", b"kind"]) && is_user(rest.strip_prefix(b" ").unwrap_or(rest))
        })
    };
    // `Nombre: Iker Apellidos: Etxeberria`, `name: Anna Berg, street: …, telephone: …`
    if !value.in_query && !value.quoted && value.colon {
        let is_part = |b: &&u8| b.is_ascii_alphabetic() || matches!(b, b' ' | b'-' | b'.' | b'\'' | 0x80..);
        let own = tail.iter().take(40).take_while(is_part).count();
        if matches!(tail.get(own), Some(b',' | b';'))
            && (persons::has_personal_word(head) || persons::has_personal_word(tail))
        {
            return true;
        }
        let next = tail.strip_prefix(b" ").unwrap_or_default();
        return [&b"apellidos: "[..], b"apellido: ", b"sobrenome: ", b"cognome: ", "prénom: ".as_bytes()]
            .iter()
            .any(|half| next.get(..half.len()).is_some_and(|word| word.eq_ignore_ascii_case(half)));
    }
    // `nom=Lefèvre prenom=Zoé`: the other half in logfmt
    if !value.in_query && !value.quoted && !value.colon {
        const HALVES: [&[u8]; 12] = [
            b"urname",
            b"renom",
            "rénom".as_bytes(),
            b"pellido",
            b"pellidos",
            b"obrenome",
            b"ognome",
            b"ivenName",
            b"ivenname",
            b"orname",
            b"achname",
            b"oornaam",
        ];
        let halves = |part: &[u8]| memchr::memchr_iter(b'=', part).any(|at| ends_with(&part[..at], &HALVES));
        return halves(head) || halves(tail);
    }
    (value.in_query || value.quoted) && (says(head) || says(tail))
}

/// Whether the last word of the key before a quoted value stands behind a blank or starts its record: keys of logfmt
/// have no blanks in them.
fn follows_blank(text: &[u8], value: Value) -> bool {
    let Some(separator) = value.start.checked_sub(2).filter(|at| text[*at] == b'=') else { return false };
    let letters = text[..separator].iter().rev().take(24).take_while(|b| b.is_ascii_alphabetic()).count();
    matches!(before(text, separator - letters), b' ' | b'\n')
}

/// Whether a value is the string `user`.
fn is_user(value: &[u8]) -> bool {
    value.get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b"\"user\""))
}

/// Whether the object says that its name is a user's: `{"type": "USER", "name": "anna"}`.
pub(super) fn is_user_entry(text: &[u8], key_start: usize, value: Value) -> bool {
    let head = object_head(text, key_start);
    let tail = super::phrases::tail(text, value.end, 512);
    let tail = tail.split(|b| *b == b'}').next().unwrap_or_default();
    // `{"name": "device.owner", "type": "User", "value": "anna"}` of OCSF: the name of a field
    let is_path = value.bytes(text).iter().any(|b| matches!(b, b'.' | b'_'));
    if is_path && memchr::memmem::find(tail, b"\"value\":").is_some() {
        return false;
    }
    [head, tail].iter().any(|part| {
        memchr::memchr_iter(b':', part).any(|at| {
            let kind = [&b"type\""[..], b"kind\""].iter().any(|word| part[..at].ends_with(word));
            kind && is_user(part[at + 1..].trim_ascii_start())
        })
    })
}

/// Whether a number or word under `id` is a person's: its object has the parts of a name, or says that it is a user
/// (`{"id":"31884207","type":"user"}`, `{"id":5012345678,"first_name":"Anna"}`).
pub(super) fn is_person_entry(text: &[u8], key_start: usize, value: Value) -> bool {
    const PARTS: [&[u8]; 7] = [
        b"irst_name\"",
        b"irstName\"",
        b"iven_name\"",
        b"ivenName\"",
        b"amily_name\"",
        b"amilyName\"",
        b"astName\"",
    ];
    let id = value.bytes(text);
    let is_number = id.len() > 2 && id.iter().all(u8::is_ascii_digit);
    let is_random = id.len() > 9
        && id.iter().any(u8::is_ascii_digit)
        && (id.iter().all(u8::is_ascii_alphanumeric) || crate::detect::uuid::keyed(id).is_some());
    if before(text, key_start) != b'"' || !(is_number || is_random) {
        return false;
    }
    let part_of_name = || {
        let head = object_head(text, key_start);
        // a record of its own may be about what the person did
        let open = key_start - head.len();
        let open = if head.starts_with(b"{") { open } else { open.saturating_sub(1) };
        let outer = super::phrases::head(text, open, 3).trim_ascii_end();
        if byte_at(text, open) != b'{' || !(outer.ends_with(b":") || outer.ends_with(b":[")) {
            return false;
        }
        let tail = super::phrases::tail(text, value.end, 160);
        let tail = tail.split(|b| matches!(b, b'{' | b'}')).next().unwrap_or_default();
        [head, tail].iter().any(|part| PARTS.iter().any(|name| memchr::memmem::find(part, name).is_some()))
    };
    is_user_entry(text, key_start, value) || part_of_name()
}

/// A name right before the hardware address of who has it: `name=anna, MAC=00:00:5e:00:53:01, IP=…`.
pub(super) fn has_address_behind(text: &[u8], value: Value) -> bool {
    let rest = super::phrases::tail(text, value.end, 8);
    // `GameProfile@1d41db4[id=…,name=anna7,properties={}]` of Minecraft
    !value.quoted && [&b", MAC="[..], b", mac=", b",properties="].iter().any(|next| rest.starts_with(next))
}

/// Whether the next key of the object is `Attributes`, behind a string.
pub(super) fn has_attributes_behind(text: &[u8], value: Value) -> bool {
    let is_digest = value.end - value.start == 64 && value.bytes(text).iter().all(u8::is_ascii_hexdigit);
    value.quoted
        && ([&b"\",\"Attributes\":"[..], b"\", \"Attributes\":"]
            .iter()
            .any(|next| text[value.end..].starts_with(next))
            || is_digest && memchr::memmem::find(object_head(text, value.start), b"}").is_some())
}

/// Whether an object starts as a user does in Kubernetes' audit, and is no account of the system.
pub(super) fn is_cluster_user(head: &[u8]) -> bool {
    memchr::memmem::find(head, b"\"username\":").is_some()
        && memchr::memmem::find(head, b"\"system:").is_none()
}

/// A name right behind the number of its account: `[uid: 4, name: anna, keyid: 0]` of Gitea.
pub(super) fn follows_uid(text: &[u8], key_start: usize) -> bool {
    let head = super::phrases::head(text, key_start, 24);
    let Some(head) = head.strip_suffix(b", ") else { return false };
    let digits = head.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    digits > 0 && head[..head.len() - digits].ends_with(b"uid: ")
}

/// A login name that was typed where an address of mail is asked: `Failed sign-in attempt … {"email":"mbecker8"}`. The
/// record says that somebody wanted in.
pub(super) fn typed_login(text: &[u8], rule: &KeyRule, start: usize, end: usize) -> Option<Match> {
    let value = &text[start..end];
    if rule.shape != Shape::Email || rule.kind != TypeId::EMAIL || value.contains(&b'@') {
        return None;
    }
    // `{"email":"unverified"}`: a state
    if !value.iter().any(u8::is_ascii_digit) && !is_login(value) {
        return None;
    }
    let found = username::keyed(value, true)
        .filter(|found| found.end - found.start == value.len() && value.len() > 3)?;
    // what the record starts with: what was replaced behind it moves nothing
    let record = super::phrases::head(text, start, MAX_HEAD_BYTES);
    let record = &record[..record.len().min(MAX_RECORD_BYTES)];
    let says = |word: &&[u8]| memchr::memmem::find(record, word).is_some();
    [&b"ogin attempt"[..], b"ign-in attempt", b"invalid_login", b"ogin fail", b"auth_fail"]
        .iter()
        .any(says)
        .then_some(found)
}

/// Whether a key stands right before or behind a pair.
pub(super) fn is_near(text: &[u8], value: Value, key: &[u8]) -> bool {
    let (head, tail) =
        (super::phrases::head(text, value.start, 48), super::phrases::tail(text, value.end, 24));
    [head, tail].iter().any(|part| memchr::memmem::find(part, key).is_some())
}
