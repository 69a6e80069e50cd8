//! Words of keys that name a person.

use crate::check::words::Pairs;

/// Words that make a bare `name` or `address` under them a person's.
const PERSON_WORDS: &[&[u8]] = &[
    b"user",
    b"users",
    b"customer",
    b"customers",
    b"client",
    b"contact",
    b"contacts",
    b"person",
    b"people",
    b"member",
    b"members",
    b"employee",
    b"employees",
    b"patient",
    b"patients",
    b"passenger",
    b"passengers",
    b"owner",
    b"recipient",
    b"sender",
    b"holder",
    b"billing",
    b"shipping",
    b"shipto",
    b"billto",
    b"guest",
    b"driver",
    b"student",
    b"subscriber",
    b"cardholder",
    b"author",
    b"applicant",
    b"payer",
    b"payee",
    b"buyer",
    b"seller",
    b"traveler",
    b"traveller",
    b"insured",
    b"beneficiary",
    b"caller",
    b"callee",
    b"account",
    b"profile",
    b"kunde",
    b"benutzer",
    b"utilisateur",
    b"cliente",
    b"usuario",
    "usuário".as_bytes(),
    b"attendee",
    b"candidate",
    b"staff",
    b"consumer",
    b"lead",
    b"delivery",
    b"invoice",
    b"parent",
    b"child",
    b"doctor",
    b"physician",
    b"assignee",
    b"reporter",
    b"actor",
    b"requester",
    b"initiator",
];

/// Whether a key word such as `user` or `shippingAddress` names a person.
pub(crate) fn is_person_word(word: &[u8]) -> bool {
    static PAIRS: Pairs = Pairs::new(PERSON_WORDS);
    let [first, second, ..] = word else { return false };
    PAIRS.may_start(*first, *second)
        && PERSON_WORDS.iter().any(|p| {
            word.len() >= p.len()
                && word[..p.len()].eq_ignore_ascii_case(p)
                && word.get(p.len()).is_none_or(|b| !b.is_ascii_lowercase())
        })
}
