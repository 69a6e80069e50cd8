//! Rules as plain data: ids, the key table and what stands under a key. Nothing is parsed at start.

mod builtin;
pub(crate) mod given_names;
mod keys;
pub(crate) mod phone_table;

pub use builtin::*;
pub(crate) use keys::KEYS;

use crate::finding::TypeId;

/// The detection rules' version: printed by `--version`, in stats and findings, pinned by policies.
pub const RULESET: &str = "2026.11";

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
}

/// The words of all keys whose value is of this type, in the table's order.
pub fn keys_of(kind: TypeId) -> impl Iterator<Item = &'static str> {
    KEYS.iter()
        .filter(move |key| key.kind == kind && !matches!(key.shape, Shape::Veto(_)))
        .map(|key| key.words)
}

/// The names of the built-in rules.
pub fn rule_names() -> impl Iterator<Item = &'static str> {
    RULE_NAMES.iter().copied()
}
