//! Rules as plain data: ids, the key table and what stands under a key. Nothing is parsed at start.

mod builtin;
mod data;
pub(crate) mod given_names;
mod issuers;
mod keys;
mod line_shapes;
mod meta;
mod mobile_codes;
mod newer;
pub(crate) mod phone_table;
mod sentences;
mod token_shapes;

pub use builtin::*;
pub(crate) use data::{Alphabet, Form, IssuerRange, LineShape, Part, Sentence, TokenShape, line_format};
pub use data::{DataMeta, Proof, all_data};
pub(crate) use issuers::ISSUERS;
pub(crate) use keys::KEYS;
pub(crate) use line_shapes::LINE_SHAPES;
pub(crate) use mobile_codes::{MOBILE_COUNTRIES, THREE_DIGIT_NETWORKS};
pub(crate) use newer::Newer;
pub(crate) use sentences::SENTENCES;
pub(crate) use token_shapes::TOKEN_SHAPES;

use crate::finding::TypeId;

/// The detection rules' version: printed by `--version`, in stats and findings, pinned by policies.
pub const RULESET: &str = "2026.11";

/// The first of them: rows that do not say since when they are there are of it.
pub(crate) const FIRST_RULESET: &str = "2026.11";

/// A rule's number. Built-in rules count from 0; rules of user packs from [`RuleId::USER_FIRST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(crate) u16);

impl RuleId {
    /// The first number that a user pack's rules may have.
    pub const USER_FIRST: u16 = 0x8000;

    /// The rule's name, such as `ip` or `national-id/us-ssn`; `user` for a user pack's rule,
    /// whose name the policy knows.
    pub fn id(self) -> &'static str {
        RULE_NAMES.get(self.0 as usize).copied().unwrap_or("user")
    }
}

impl RuleId {
    /// The built-in rule of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        RULE_NAMES.iter().position(|name| *name == id).map(|place| RuleId(place as u16))
    }
}

/// A row of the key table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub(crate) u16);

impl KeyId {
    /// The key's words joined by a space, such as `session id`.
    pub fn words(self) -> &'static str {
        KEYS.get(self.0 as usize).map_or("", |k| k.words)
    }
}

/// What is expected under a key, that is: which keyed validator looks at the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Any value that is not null, true, false or empty is the finding (passwords, tokens).
    Any,
    /// A secret whose key is ambiguous (`key`, `code`, `auth`): needs entropy or a known shape.
    Secretish,
    /// A `Cookie` header or field: every value of its pairs; attributes stay.
    CookieHeader,
    /// A `Set-Cookie` header: the first pair's value; attributes stay.
    SetCookie,
    /// An `Authorization` header: the credentials after the scheme.
    AuthHeader,
    /// A phone number of any region.
    Phone,
    /// A card number.
    Card,
    /// A card verification value: three or four digits.
    Cvv,
    /// A card's expiry date.
    Expiry,
    /// The same under words that are said of papers, tokens and goods too: only beside a card.
    AnyExpiry,
    /// IMEI: 15 digits with Luhn, 14 without.
    Imei,
    /// IMEISV: 16 digits.
    Imeisv,
    /// MEID: 14 hex digits or 18 decimal ones.
    Meid,
    /// IMSI: country and network code exist.
    Imsi,
    /// ICCID: 89…, Luhn.
    Iccid,
    /// A hardware address, bare hex digits and spaces included.
    Mac,
    /// A device, advertising, installation or serial id.
    DeviceId,
    /// A device's name.
    DeviceName,
    /// A UUID under a person's key.
    Uuid,
    /// A vehicle identification number.
    Vin,
    /// A person's name.
    Name,
    /// A person's name under a bare key (`name`, `title`): needs a person-shaped value and a person parent.
    BareName,
    /// The same under a word that only people are called (`patient`, `Fahrgast`): two words with capitals are enough.
    RoleName,
    /// A postal address or a part of one.
    Address,
    /// A date of birth or an age at one.
    Dob,
    /// A latitude and longitude pair.
    Gps,
    /// A latitude alone, −90 to 90 degrees.
    Latitude,
    /// A longitude alone, −180 to 180 degrees.
    Longitude,
    /// A cell or location area id.
    CellId,
    /// A Wi-Fi name.
    Ssid,
    /// A login name.
    Username,
    /// An account, customer or user number.
    AccountId,
    /// A national id; the rule says which country's check applies, `national-id` any.
    NationalId,
    /// An IBAN.
    Iban,
    /// A bank account, BIC or routing number.
    Bank,
    /// A wallet address.
    Wallet,
    /// An e-mail address.
    Email,
    /// An IP address.
    Ip,
    /// Free text (search queries, messages, notes, user agents): the whole value.
    Text,
    /// Not personal data: the value is spared by every shape detector (versions, trace ids, …).
    Veto(Veto),
}

/// Why a look-alike is spared. Each is shared by all detectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Veto {
    /// A version (`version`, `build`, `release`).
    Version,
    /// A time, date, duration or epoch.
    Time,
    /// An id of a request, trace, span, build, block, object, order or product.
    ObjectId,
    /// A count, size, port, offset or measurement.
    Quantity,
    /// A digest, hash, fingerprint or key name.
    Digest,
}

/// One row of the key table: words that must be the last words of a key, split at case changes and separators.
#[derive(Debug, Clone, Copy)]
pub struct KeyRule {
    /// Lower-case words joined by one space: `session id` matches `sessionId`, `session_id`,
    /// `X-Session-ID`, `sessionid`.
    pub words: &'static str,
    /// The type of the value.
    pub kind: TypeId,
    /// The rule that a finding under this key names.
    pub rule: RuleId,
    /// What the value must look like.
    pub shape: Shape,
    /// Bare words such as `name`: only under a person parent (`user.`, `customer.`, `contact.`).
    pub needs_person: bool,
    /// The ruleset that brought the row, such as `2026.11`.
    pub since: &'static str,
}

impl Shape {
    /// Whether a person's name stands under the key only if the value looks like one.
    pub(crate) fn is_bare_name(self) -> bool {
        matches!(self, Shape::BareName | Shape::RoleName)
    }
}

impl KeyRule {
    /// The same row, brought by that ruleset.
    #[cfg_attr(not(test), allow(dead_code, reason = "the generated table calls it for newer rows"))]
    const fn since(self, since: &'static str) -> Self {
        Self { since, ..self }
    }
}

/// Every row of the key table.
pub fn all_keys() -> &'static [KeyRule] {
    KEYS
}

impl KeyRule {
    /// Whether a value under the key may be of a type that is `wanted`: its parents and what it looks
    /// like may say more than the key does.
    #[inline]
    pub fn may_be(&self, wanted: impl Fn(TypeId) -> bool) -> bool {
        wanted(self.kind) || self.needs_person || self.others().iter().any(|kind| wanted(*kind))
    }

    /// Whether the key names an end of a message, which may be a person's name: `recipient="Anna Berg"`.
    pub fn names_end_of_mail(&self) -> bool {
        const ENDS: [&str; 11] = [
            "sender",
            "recipient",
            "empfänger",
            "empfaenger",
            "absender",
            "destinataire",
            "expéditeur",
            "expediteur",
            "destinatario",
            "remitente",
            "remetente",
        ];
        ENDS.contains(&self.words)
    }

    /// Types that a value may have beside its key's own.
    fn others(&self) -> &'static [TypeId] {
        match self.shape {
            // `otp sent to … code=481920`
            Shape::Secretish if self.words == "code" => &[TypeId::PASSWORD],
            // both halves of a pair
            Shape::Secretish if matches!(self.words, "auth" | "credentials" | "basic auth") => {
                &[TypeId::USERNAME, TypeId::PASSWORD]
            }
            // what was typed where an address is asked
            Shape::Email
                if matches!(
                    self.words,
                    "e mail" | "email" | "mail" | "upn" | "user principal name" | "orig to"
                ) =>
            {
                &[TypeId::USERNAME]
            }
            // an attribute of SAML says what it is
            Shape::DeviceName if self.words == "friendly name" => &[
                TypeId::NAME,
                TypeId::USERNAME,
                TypeId::EMAIL,
                TypeId::PHONE,
                TypeId::ADDRESS,
                TypeId::ACCOUNT_ID,
            ],
            // `{"key": "Full name", "to": "Anna Berg"}`: what changed
            Shape::Phone if matches!(self.words, "from" | "to") => {
                &[TypeId::NAME, TypeId::USERNAME, TypeId::ADDRESS, TypeId::ACCOUNT_ID]
            }
            // `phone_old=`, `field=name old=`: what changed
            Shape::Phone if matches!(self.words, "old" | "new" | "prev" | "previous") => &[
                TypeId::NAME,
                TypeId::USERNAME,
                TypeId::ADDRESS,
                TypeId::ACCOUNT_ID,
                TypeId::DOB,
                TypeId::NATIONAL_ID,
                TypeId::BANK,
                TypeId::IBAN,
                TypeId::PASSWORD,
                TypeId::TOKEN,
                TypeId::EMAIL,
            ],
            Shape::Phone if self.words == "dest" => &[TypeId::GPS],
            Shape::Phone if matches!(self.words, "from user" | "to user") => &[TypeId::USERNAME],
            // `"meta.client_id": "user/88"` of GitLab
            Shape::DeviceId if self.words == "client id" => &[TypeId::ACCOUNT_ID],
            Shape::Address if matches!(self.words, "pickup" | "dropoff" | "drop off") => &[TypeId::GPS],
            // `"doc": {"type": "passport", "number": …}`
            Shape::Phone if self.words == "number" => {
                &[TypeId::NATIONAL_ID, TypeId::ACCOUNT_ID, TypeId::BANK]
            }
            Shape::BareName | Shape::RoleName => &[TypeId::DEVICE_NAME, TypeId::USERNAME, TypeId::ACCOUNT_ID],
            // `[user:90210]`, `net use Z: … secret /user:anna`
            Shape::Username
                if matches!(self.words, "user" | "customer" | "account" | "utilisateur" | "usuario") =>
            {
                &[TypeId::PHONE, TypeId::ACCOUNT_ID, TypeId::PASSWORD]
            }
            Shape::Username if self.words == "acct" => &[TypeId::PHONE, TypeId::ACCOUNT_ID],
            Shape::Username => &[TypeId::PHONE],
            Shape::Imsi => &[TypeId::PHONE],
            Shape::AccountId if self.words == "subscriber id" => &[TypeId::BANK, TypeId::IMSI],
            Shape::AccountId => &[TypeId::BANK],
            // India's account of taxes
            Shape::Card if matches!(self.words, "pan" | "pan number" | "pan no") => &[TypeId::NATIONAL_ID],
            // a client of Google's measurement
            Shape::CellId if self.words == "cid" => &[TypeId::DEVICE_ID],
            Shape::CellId if self.words == "cell" => &[TypeId::PHONE],
            Shape::Email if self.names_end_of_mail() => &[TypeId::NAME],
            // `Called-Station-Id`: an address and the name of the network
            Shape::Mac => &[TypeId::SSID],
            _ => &[],
        }
    }
}

/// The words of all keys whose value is of this type, in the table's order.
pub fn keys_of(kind: TypeId) -> impl Iterator<Item = &'static str> {
    KEYS.iter()
        .filter(move |key| key.kind == kind && !matches!(key.shape, Shape::Veto(_)))
        .map(|key| key.words)
}

/// What a built-in rule looks for and by which standard; the data of `patterns/*.toml`.
#[derive(Debug, Clone, Copy)]
pub struct RuleMeta {
    /// The rule.
    pub rule: RuleId,
    /// The type of its findings.
    pub kind: TypeId,
    /// Other types that it finds by the same shape (`ip` finds both families).
    pub also: &'static [TypeId],
    /// One sentence for people.
    pub description: &'static str,
    /// The standard, law, registry or vendor that defines the value.
    pub reference: &'static str,
    /// Tags of laws and, as `country:xx`, of the country (ISO 3166-1 alpha-2 in lower case).
    pub tags: &'static [&'static str],
    /// The ruleset that brought the rule, such as `2026.11`.
    pub since: &'static str,
    /// Lines in which the rule finds something, at least two.
    pub matches: &'static [&'static str],
    /// Lines in which it finds nothing, at least two.
    pub non_matches: &'static [&'static str],
}

/// What is known of every built-in rule that finds anything, in the order of their numbers.
pub fn all_meta() -> &'static [RuleMeta] {
    meta::META
}

/// What is known of a built-in rule; `None` for a user pack's rule, and for `place` and `veto`.
pub fn meta(rule: RuleId) -> Option<&'static RuleMeta> {
    meta::META.get(rule.0 as usize).filter(|meta| meta.rule == rule)
}

/// `2026.11` as a number that grows with time; `None` if it is no ruleset.
pub(crate) fn parse_ruleset(text: &str) -> Option<u32> {
    let (year, month) = text.split_once('.')?;
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok())?;
    let (year, month) = (number(year)?, number(month)?);
    ((2026..=9999).contains(&year) && (1..=12).contains(&month)).then_some(year * 100 + month)
}

/// Whether a text names a ruleset, such as `2026.11`.
pub fn is_ruleset(text: &str) -> bool {
    parse_ruleset(text).is_some()
}

/// The names of the built-in rules.
pub fn rule_names() -> impl Iterator<Item = &'static str> {
    RULE_NAMES.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_described_at_its_place() {
        let finders = RULE_NAMES.iter().filter(|name| !matches!(**name, "place" | "veto"));
        assert!(finders.map(|name| RuleId::from_id(name).unwrap()).eq(described()));
        for rule in described() {
            let known = meta(rule).unwrap();
            assert_eq!(known.rule, rule);
            assert!(parse_ruleset(known.since) <= parse_ruleset(RULESET), "{}", rule.id());
        }
        assert!(meta(PLACE).is_none() && meta(RuleId(RuleId::USER_FIRST)).is_none());
    }

    fn described() -> impl Iterator<Item = RuleId> {
        all_meta().iter().map(|meta| meta.rule)
    }

    #[test]
    fn rulesets_are_read() {
        for (text, expect) in [
            ("2026.11", Some(202_611)),
            ("2026.13", None),
            ("2026", None),
            ("", None),
            ("x.1", None),
            ("2026.+1", None),
        ] {
            assert_eq!(parse_ruleset(text), expect, "{text}");
        }
    }
}
