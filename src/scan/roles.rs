//! Names and accounts under keys that name a role, where what stands around the pair or the value's own shape says
//! that a person holds it: holders of cards, drivers, who gets a parcel, players.

use super::login_words::is_given_and_family;
use super::siblings;
use crate::context::{KeyMatch, Value, before};
use crate::detect::{name, username};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::given_names::is_given_name;
use crate::rules::{self, KeyRule, Shape};

/// How far around a pair its neighbours are read, in bytes.
const MAX_AROUND_BYTES: usize = 80;

/// What stands under a role's key, counted from where the value starts. `hard_end`: where it ends at the latest.
pub(super) fn holder(
    text: &[u8],
    key: &KeyMatch,
    rule: &KeyRule,
    value: Value,
    hard_end: usize,
) -> Option<Match> {
    let whole = &text[value.start..if value.quoted { value.end } else { hard_end }];
    if matches!(rule.words, "player" | "member" | "mitglied") {
        return numbered(rule.words, value.bytes(text));
    }
    // trackers of issues: `assignee=anna.berg`, and no `reporter=node.exporter`
    if matches!(rule.words, "assignee" | "reporter") {
        let login = value.bytes(text);
        let given = login.split(|b| *b == b'.').next().unwrap_or_default();
        let is_login = is_given_name(given) && is_given_and_family(login);
        return if is_login { username::keyed(login, value.quoted) } else { None };
    }
    // `displayName=Opa Willi, phoneNumbers=[…]`: what Java prints of an object has no quotes
    let is_said = match rule.words {
        // `lock holder: Thread Pool`: a process
        "holder" => {
            !value.quoted
                && !holds_lock(&text[..value.start])
                && siblings::is_beside_card(text, value.start, value.end)
        }
        "driver name" => is_beside(text, value, &VEHICLES),
        "p name" => is_beside(text, value, &BOUND),
        "display name" => {
            !value.quoted
                && matches!(before(text, key.start), b'{' | b'(' | b' ')
                && is_beside(text, value, &CONTACTS)
        }
        _ => rule.shape == Shape::Email && is_receiver(rule.words) && is_beside(text, value, &PARCELS),
    };
    if is_said { name::of_role(whole, value.quoted) } else { None }
}

/// Whether a text ends with a key for who holds a lock.
fn holds_lock(head: &[u8]) -> bool {
    let words = head.trim_ascii_end().strip_suffix(b":").unwrap_or(head);
    words.ends_with(b"lock holder") || words.ends_with(b"lease holder")
}

/// Keys of papers, journeys and cars.
const VEHICLES: [&[u8]; 15] = [
    b"shift start",
    b"driver_card",
    b"drivercard",
    b"driver_id",
    b"driverid",
    b"licence_no",
    b"license_no",
    b"vehicle",
    b"trip_id",
    b"ride_id",
    b"tacho",
    b"truck",
    b"fleet",
    b"passenger",
    b"pickup",
];

/// What else of a person is bound to a statement.
const BOUND: [&[u8]; 10] = [
    b":tax_",
    b":ssn",
    b":dob",
    b":birth",
    b":p_birth",
    b":email",
    b":p_email",
    b":phone",
    b":p_phone",
    b":p_tax",
];

/// The other fields of somebody's card.
const CONTACTS: [&[u8]; 6] = [b"phonenumbers=", b"phone=", b"mobile=", b"email=", b"emails=", b"birthday="];

/// Words of what is sent to somebody's home.
const PARCELS: [&[u8]; 21] = [
    b"versand",
    b"sendung",
    b"liefer",
    b"paket",
    b"strasse",
    "straße".as_bytes(),
    b"plz",
    b"parcel",
    b"carrier",
    b"shipping_",
    b"delivered to",
    b"tracking_n",
    b"street",
    b"postcode",
    b"postal",
    b"colis",
    b"livraison",
    b"paquete",
    b"entrega",
    b"encomenda",
    "envío".as_bytes(),
];

/// Who gets something, not who sends it: shops do.
fn is_receiver(words: &str) -> bool {
    matches!(words, "recipient" | "empfänger" | "empfaenger" | "destinataire" | "destinatario")
}

/// Whether one of the words stands around a pair.
fn is_beside(text: &[u8], value: Value, words: &[&[u8]]) -> bool {
    siblings::is_around(text, (value.start, MAX_AROUND_BYTES), (value.end, MAX_AROUND_BYTES), words)
}

/// The number of an account behind the word's first letter and a dash: `P-11827` of a player, `M-119882` of a member.
fn numbered(words: &str, value: &[u8]) -> Option<Match> {
    let letters = value.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let digits = value.get(letters + 1..)?;
    let initial = words.as_bytes()[0];
    let is_of_word = |b: &u8| words.as_bytes().contains(&b.to_ascii_lowercase());
    let is_number = (1..=2).contains(&letters)
        && value[0].eq_ignore_ascii_case(&initial)
        && value[..letters].iter().all(is_of_word)
        && value[letters] == b'-'
        && (5..=10).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit);
    let (kind, rule, evidence) = (TypeId::ACCOUNT_ID, rules::ACCOUNT_ID, Evidence::KEY.and(Evidence::SHAPE));
    is_number.then_some(Match { start: 0, end: value.len(), kind, rule, confidence: 84, evidence })
}

/// Whether a `screen_name` is what somebody is called, and no page of an app: other keys of an account stand around it.
pub(super) fn is_of_account(text: &[u8], value: Value) -> bool {
    const ACCOUNTS: [&[u8]; 7] =
        [b"email", b"follower", b"user_id", b"username", b"id_str", b"tweet", b"verified"];
    const PAGES: [&[u8]; 3] = [b"screen_view", b"screen_class", b"page_view"];
    // the pages of an app are words: `CheckoutPage`, `home`
    let is_handle = value.bytes(text).iter().any(|b| b.is_ascii_digit() || matches!(b, b'_' | b'.'));
    is_handle && is_beside(text, value, &ACCOUNTS) && !is_beside(text, value, &PAGES)
}

/// Whether a `uid` with dashes, letters and digits is an account's: its record is about log-ins or addresses, and not
/// about objects of a cluster, which have ids of the same name.
pub(super) fn is_account(text: &[u8], value: Value) -> bool {
    const ACCOUNTS: [&[u8]; 5] = [b"email", b"log-in", b"password", b"signup", b"logged in"];
    const OBJECTS: [&[u8]; 8] =
        [b"pod", b"kind", b"namespace", b"device", b"event", b"datasource", b"dashboard", b"\"expr"];
    let id = value.bytes(text);
    let is_part = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let is_joined = (6..=20).contains(&id.len())
        && id.iter().filter(|b| **b == b'-').count() == 1
        && id.split(|b| *b == b'-').all(|part| part.len() > 1 && part.iter().all(is_part))
        && id.iter().filter(|b| b.is_ascii_digit()).count() > 2
        && id.iter().any(u8::is_ascii_lowercase);
    is_joined && is_beside(text, value, &ACCOUNTS) && !is_beside(text, value, &OBJECTS)
}
