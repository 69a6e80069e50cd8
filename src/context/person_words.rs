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
    /// Pairs of letters that the words start with.
    static PAIRS: [u64; 16] = {
        let (mut pairs, mut i) = ([0; 16], 0);
        while i < PERSON_WORDS.len() {
            let word = PERSON_WORDS[i].as_bytes();
            let pair = pair_of(word[0], word[1]);
            pairs[pair >> 6] |= 1 << (pair & 63);
            i += 1;
        }
        pairs
    };
    const fn pair_of(first: u8, second: u8) -> usize {
        ((first & 0x1f) as usize) << 5 | (second & 0x1f) as usize
    }
    let [first, second, ..] = word else { return false };
    let pair = pair_of(*first, *second);
    PAIRS[pair >> 6] >> (pair & 63) & 1 != 0
        && PERSON_WORDS.iter().any(|p| {
            word.len() >= p.len()
                && word[..p.len()].eq_ignore_ascii_case(p.as_bytes())
                && word.get(p.len()).is_none_or(|b| !b.is_ascii_lowercase())
        })
}
