//! Words of keys that name a person.

/// Words that make a bare `name` or `address` under them a person's.
const PERSON_WORDS: &[&str] = &[
    "user",
    "users",
    "customer",
    "customers",
    "client",
    "contact",
    "contacts",
    "person",
    "people",
    "member",
    "members",
    "employee",
    "employees",
    "patient",
    "patients",
    "passenger",
    "passengers",
    "owner",
    "recipient",
    "sender",
    "holder",
    "billing",
    "shipping",
    "shipto",
    "billto",
    "guest",
    "driver",
    "student",
    "subscriber",
    "cardholder",
    "author",
    "applicant",
    "payer",
    "payee",
    "buyer",
    "seller",
    "traveler",
    "traveller",
    "insured",
    "beneficiary",
    "caller",
    "callee",
    "account",
    "profile",
    "kunde",
    "benutzer",
    "utilisateur",
    "cliente",
    "usuario",
    "usuário",
    "attendee",
    "candidate",
    "staff",
    "consumer",
    "lead",
    "delivery",
    "invoice",
    "parent",
    "child",
    "doctor",
    "physician",
    "assignee",
    "reporter",
    "actor",
    "requester",
    "initiator",
];

/// Whether a key word such as `user` or `shippingAddress` names a person.
pub(crate) fn is_person_word(word: &[u8]) -> bool {
    /// A bit for the first letter of each of the words.
    const FIRST: u32 = {
        let (mut letters, mut i) = (0, 0);
        while i < PERSON_WORDS.len() {
            letters |= 1 << (PERSON_WORDS[i].as_bytes()[0] & 0x1f);
            i += 1;
        }
        letters
    };
    word.first().is_some_and(|b| FIRST >> (b & 0x1f) & 1 != 0)
        && PERSON_WORDS.iter().any(|p| {
            word.len() >= p.len()
                && word[..p.len()].eq_ignore_ascii_case(p.as_bytes())
                && word.get(p.len()).is_none_or(|b| !b.is_ascii_lowercase())
        })
}
