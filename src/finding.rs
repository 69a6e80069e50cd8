//! Types, groups, evidence, findings: what was found and why, never the bytes themselves.

use std::fmt;

/// What kind of personal data a finding is. Ids never change meaning.
///
/// Built-in types have fixed ids; rule packs may add their own (see [`TypeId::CUSTOM_FIRST`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub(crate) u8);

/// The families that types belong to; a group can be switched as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Cookies, tokens, passwords.
    Secret,
    /// Cards, IBANs, bank accounts.
    Payment,
    /// User names, account and national ids.
    Identity,
    /// E-mail, phone, names, addresses.
    Contact,
    /// Device and subscriber ids.
    Device,
    /// Positions, cells, Wi-Fi names.
    Location,
    /// Network addresses.
    Network,
    /// What people typed or read; off by default.
    Content,
}

impl Group {
    /// All groups, in order of precedence when findings overlap.
    pub const ALL: [Group; 8] = [
        Group::Secret,
        Group::Payment,
        Group::Identity,
        Group::Contact,
        Group::Device,
        Group::Location,
        Group::Network,
        Group::Content,
    ];
    /// The name used on the command line and in policies.
    pub fn id(self) -> &'static str {
        match self {
            Group::Secret => "secret",
            Group::Payment => "payment",
            Group::Identity => "identity",
            Group::Contact => "contact",
            Group::Device => "device",
            Group::Location => "location",
            Group::Network => "network",
            Group::Content => "content",
        }
    }
    /// The group of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.id() == id)
    }
}

struct TypeInfo {
    id: &'static str,
    label: &'static str,
    code: &'static str,
    group: Group,
    default_on: bool,
}

const fn info(
    id: &'static str,
    label: &'static str,
    code: &'static str,
    group: Group,
    default_on: bool,
) -> TypeInfo {
    TypeInfo { id, label, code, group, default_on }
}

static TYPES: [TypeInfo; TypeId::COUNT] = [
    info("ipv4", "[IPV4]", "ip", Group::Network, true),
    info("ipv6", "[IPV6]", "ip", Group::Network, true),
    info("mac", "[MAC]", "mac", Group::Network, true),
    info("hostname-ip", "[HOSTNAME-IP]", "hostnameip", Group::Network, true),
    info("email", "[EMAIL]", "email", Group::Contact, true),
    info("phone", "[PHONE]", "phone", Group::Contact, true),
    info("name", "[NAME]", "name", Group::Contact, true),
    info("address", "[ADDRESS]", "address", Group::Contact, true),
    info("dob", "[DOB]", "dob", Group::Contact, true),
    info("card", "[CARD]", "card", Group::Payment, true),
    info("iban", "[IBAN]", "iban", Group::Payment, true),
    info("bank", "[BANK]", "bank", Group::Payment, true),
    info("imei", "[IMEI]", "imei", Group::Device, true),
    info("imeisv", "[IMEISV]", "imeisv", Group::Device, true),
    info("meid", "[MEID]", "meid", Group::Device, true),
    info("imsi", "[IMSI]", "imsi", Group::Device, true),
    info("iccid", "[ICCID]", "iccid", Group::Device, true),
    info("device-id", "[DEVICE-ID]", "deviceid", Group::Device, true),
    info("device-name", "[DEVICE-NAME]", "devicename", Group::Device, true),
    info("uuid", "[UUID]", "uuid", Group::Device, false),
    info("user-agent", "[USER-AGENT]", "useragent", Group::Device, false),
    info("vin", "[VIN]", "vin", Group::Device, true),
    info("gps", "[GPS]", "gps", Group::Location, true),
    info("cell-id", "[CELL-ID]", "cellid", Group::Location, true),
    info("ssid", "[SSID]", "ssid", Group::Location, true),
    info("cookie", "[COOKIE]", "cookie", Group::Secret, true),
    info("token", "[TOKEN]", "token", Group::Secret, true),
    info("password", "[PASSWORD]", "password", Group::Secret, true),
    info("url-userinfo", "[URL-USERINFO]", "urluserinfo", Group::Secret, true),
    info("username", "[USERNAME]", "username", Group::Identity, true),
    info("account-id", "[ACCOUNT-ID]", "accountid", Group::Identity, true),
    info("national-id", "[NATIONAL-ID]", "nationalid", Group::Identity, true),
    info("home-dir", "[HOME-DIR]", "homedir", Group::Identity, false),
    info("wallet", "[WALLET]", "wallet", Group::Identity, true),
    info("query", "[QUERY]", "query", Group::Content, false),
    info("free-text", "[FREE-TEXT]", "freetext", Group::Content, false),
    info("sensitive", "[SENSITIVE]", "sensitive", Group::Content, false),
    info("click-id", "[CLICK-ID]", "clickid", Group::Content, false),
];

impl TypeId {
    /// `ipv4` (network).
    pub const IPV4: TypeId = TypeId(0);
    /// `ipv6` (network).
    pub const IPV6: TypeId = TypeId(1);
    /// `mac` (network).
    pub const MAC: TypeId = TypeId(2);
    /// `hostname-ip` (network).
    pub const HOSTNAME_IP: TypeId = TypeId(3);
    /// `email` (contact).
    pub const EMAIL: TypeId = TypeId(4);
    /// `phone` (contact).
    pub const PHONE: TypeId = TypeId(5);
    /// `name` (contact).
    pub const NAME: TypeId = TypeId(6);
    /// `address` (contact).
    pub const ADDRESS: TypeId = TypeId(7);
    /// `dob` (contact).
    pub const DOB: TypeId = TypeId(8);
    /// `card` (payment).
    pub const CARD: TypeId = TypeId(9);
    /// `iban` (payment).
    pub const IBAN: TypeId = TypeId(10);
    /// `bank` (payment).
    pub const BANK: TypeId = TypeId(11);
    /// `imei` (device).
    pub const IMEI: TypeId = TypeId(12);
    /// `imeisv` (device).
    pub const IMEISV: TypeId = TypeId(13);
    /// `meid` (device).
    pub const MEID: TypeId = TypeId(14);
    /// `imsi` (device).
    pub const IMSI: TypeId = TypeId(15);
    /// `iccid` (device).
    pub const ICCID: TypeId = TypeId(16);
    /// `device-id` (device).
    pub const DEVICE_ID: TypeId = TypeId(17);
    /// `device-name` (device).
    pub const DEVICE_NAME: TypeId = TypeId(18);
    /// `uuid` (device).
    pub const UUID: TypeId = TypeId(19);
    /// `user-agent` (device).
    pub const USER_AGENT: TypeId = TypeId(20);
    /// `vin` (device).
    pub const VIN: TypeId = TypeId(21);
    /// `gps` (location).
    pub const GPS: TypeId = TypeId(22);
    /// `cell-id` (location).
    pub const CELL_ID: TypeId = TypeId(23);
    /// `ssid` (location).
    pub const SSID: TypeId = TypeId(24);
    /// `cookie` (secret).
    pub const COOKIE: TypeId = TypeId(25);
    /// `token` (secret).
    pub const TOKEN: TypeId = TypeId(26);
    /// `password` (secret).
    pub const PASSWORD: TypeId = TypeId(27);
    /// `url-userinfo` (secret).
    pub const URL_USERINFO: TypeId = TypeId(28);
    /// `username` (identity).
    pub const USERNAME: TypeId = TypeId(29);
    /// `account-id` (identity).
    pub const ACCOUNT_ID: TypeId = TypeId(30);
    /// `national-id` (identity).
    pub const NATIONAL_ID: TypeId = TypeId(31);
    /// `home-dir` (identity).
    pub const HOME_DIR: TypeId = TypeId(32);
    /// `wallet` (identity).
    pub const WALLET: TypeId = TypeId(33);
    /// `query` (content).
    pub const QUERY: TypeId = TypeId(34);
    /// `free-text` (content).
    pub const FREE_TEXT: TypeId = TypeId(35);
    /// `sensitive` (content).
    pub const SENSITIVE: TypeId = TypeId(36);
    /// `click-id` (content).
    pub const CLICK_ID: TypeId = TypeId(37);
    /// How many built-in types there are.
    pub const COUNT: usize = 38;
    /// The first id that rule packs may use for types of their own; at most 64 of them.
    pub const CUSTOM_FIRST: u8 = 64;

    /// All built-in types, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = TypeId> {
        (0..Self::COUNT as u8).map(TypeId)
    }
    /// The index of the type, below 128.
    pub fn index(self) -> usize {
        self.0 as usize
    }
    fn info(self) -> Option<&'static TypeInfo> {
        TYPES.get(self.index())
    }
    /// The id used on the command line, in policies and in reports, such as `device-id`.
    /// A rule pack's own type answers `custom`; its name is known to the policy.
    pub fn id(self) -> &'static str {
        self.info().map_or("custom", |i| i.id)
    }
    /// The label that replaces a finding, such as `[DEVICE-ID]`.
    pub fn label(self) -> &'static str {
        self.info().map_or("[CUSTOM]", |i| i.label)
    }
    /// The code at the start of a token: the id without `-`, `ip` for both address families.
    pub fn code(self) -> &'static str {
        self.info().map_or("custom", |i| i.code)
    }
    /// The group the type belongs to.
    pub fn group(self) -> Group {
        self.info().map_or(Group::Identity, |i| i.group)
    }
    /// Whether the type is found when the policy says nothing.
    pub fn is_default(self) -> bool {
        self.info().is_none_or(|i| i.default_on)
    }
    /// The built-in type of that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::all().find(|t| t.id() == id)
    }
}

impl fmt::Debug for TypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Why something is a finding: a set of ids from a fixed list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Evidence(u32);

impl Evidence {
    /// `shape`
    pub const SHAPE: Evidence = Evidence(1 << 0);
    /// `check:luhn`
    pub const LUHN: Evidence = Evidence(1 << 1);
    /// `check:mod97`
    pub const MOD97: Evidence = Evidence(1 << 2);
    /// `check:mod11`
    pub const MOD11: Evidence = Evidence(1 << 3);
    /// `check:verhoeff`
    pub const VERHOEFF: Evidence = Evidence(1 << 4);
    /// `check:checksum`
    pub const CHECKSUM: Evidence = Evidence(1 << 5);
    /// `check:suffix`
    pub const SUFFIX: Evidence = Evidence(1 << 6);
    /// `check:issuer`
    pub const ISSUER: Evidence = Evidence(1 << 7);
    /// `check:country`
    pub const COUNTRY: Evidence = Evidence(1 << 8);
    /// `check:entropy`
    pub const ENTROPY: Evidence = Evidence(1 << 9);
    /// `check:structure`
    pub const STRUCTURE: Evidence = Evidence(1 << 10);
    /// `key`
    pub const KEY: Evidence = Evidence(1 << 11);
    /// `slot:clf.client`
    pub const SLOT_CLF_CLIENT: Evidence = Evidence(1 << 12);
    /// `slot:clf.user`
    pub const SLOT_CLF_USER: Evidence = Evidence(1 << 13);
    /// `slot:header`
    pub const SLOT_HEADER: Evidence = Evidence(1 << 14);
    /// `slot:query`
    pub const SLOT_QUERY: Evidence = Evidence(1 << 15);
    /// `slot:url`
    pub const SLOT_URL: Evidence = Evidence(1 << 16);
    /// `slot:phrase`
    pub const SLOT_PHRASE: Evidence = Evidence(1 << 17);
    /// `slot:format`
    pub const SLOT_FORMAT: Evidence = Evidence(1 << 18);
    /// `slot:column`
    pub const SLOT_COLUMN: Evidence = Evidence(1 << 19);
    /// `carry:pem`
    pub const CARRY_PEM: Evidence = Evidence(1 << 20);
    /// `keyword`
    pub const KEYWORD: Evidence = Evidence(1 << 21);
    /// `user-rule`
    pub const USER_RULE: Evidence = Evidence(1 << 22);
    /// Only a row of data that is newer than the policy's pinned ruleset finds it. A mark, not printed.
    pub(crate) const NEWER: Evidence = Evidence(1 << 29);
    /// A place of the policy leaves the finding as it is. A mark for resolving, not printed.
    pub(crate) const PLACE_SPARES: Evidence = Evidence(1 << 30);
    /// A place of the policy acts on the finding. A mark for resolving, not printed.
    pub(crate) const PLACE_ACTS: Evidence = Evidence(1 << 31);
    const NAMES: [(Evidence, &'static str); 23] = [
        (Self::SHAPE, "shape"),
        (Self::LUHN, "check:luhn"),
        (Self::MOD97, "check:mod97"),
        (Self::MOD11, "check:mod11"),
        (Self::VERHOEFF, "check:verhoeff"),
        (Self::CHECKSUM, "check:checksum"),
        (Self::SUFFIX, "check:suffix"),
        (Self::ISSUER, "check:issuer"),
        (Self::COUNTRY, "check:country"),
        (Self::ENTROPY, "check:entropy"),
        (Self::STRUCTURE, "check:structure"),
        (Self::KEY, "key"),
        (Self::SLOT_CLF_CLIENT, "slot:clf.client"),
        (Self::SLOT_CLF_USER, "slot:clf.user"),
        (Self::SLOT_HEADER, "slot:header"),
        (Self::SLOT_QUERY, "slot:query"),
        (Self::SLOT_URL, "slot:url"),
        (Self::SLOT_PHRASE, "slot:phrase"),
        (Self::SLOT_FORMAT, "slot:format"),
        (Self::SLOT_COLUMN, "slot:column"),
        (Self::CARRY_PEM, "carry:pem"),
        (Self::KEYWORD, "keyword"),
        (Self::USER_RULE, "user-rule"),
    ];
    /// No evidence.
    pub const NONE: Evidence = Evidence(0);
    /// Both sets together.
    pub const fn and(self, other: Evidence) -> Evidence {
        Evidence(self.0 | other.0)
    }
    /// True if every id of `other` is here.
    pub const fn has(self, other: Evidence) -> bool {
        self.0 & other.0 == other.0
    }
    /// The ids, in fixed order. `key` is printed by reports as `key:<word>`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(e, _)| self.has(*e)).map(|(_, n)| n)
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// The encodings that a finding stood in, outermost first, at most two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Layers(pub(crate) u8);

impl Layers {
    /// Percent-encoding (RFC 3986 section 2.1).
    pub const PERCENT: u8 = 1;
    /// JSON string escapes (RFC 8259 section 7).
    pub const JSON: u8 = 2;
    /// HTML character references.
    pub const HTML: u8 = 3;
    /// Quoted-printable (RFC 2045 section 6.7).
    pub const QUOTED_PRINTABLE: u8 = 4;
    /// Zero-width, full-width, non-breaking or colour bytes between.
    pub const DISGUISE: u8 = 5;
    /// Base64 (RFC 4648).
    pub const BASE64: u8 = 6;
    /// No encoding.
    pub const NONE: Layers = Layers(0);

    /// These layers with one more inside.
    pub fn with(self, inner: u8) -> Layers {
        if self.0 == 0 { Layers(inner) } else { Layers((self.0 & 0x0f) | (inner << 4)) }
    }
    /// Whether JSON string escapes are among them.
    pub(crate) fn has_json(self) -> bool {
        self.0 & 0x0f == Self::JSON || self.0 >> 4 == Self::JSON
    }
    /// The names, outermost first.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [self.0 & 0x0f, self.0 >> 4].into_iter().filter(|&l| l != 0).map(|l| match l {
            Self::PERCENT => "percent",
            Self::JSON => "json",
            Self::HTML => "html",
            Self::QUOTED_PRINTABLE => "quoted-printable",
            Self::BASE64 => "base64",
            _ => "disguise",
        })
    }
}

/// One piece of personal data: where it stands and why, never the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// First byte, counted from the start of the chunk that was scanned.
    pub start: usize,
    /// One past the last byte; a finding never includes a line end.
    pub end: usize,
    /// What it is.
    pub kind: TypeId,
    /// The rule that found it.
    pub rule: crate::rules::RuleId,
    /// 0 to 100.
    pub confidence: u8,
    /// Why.
    pub evidence: Evidence,
    /// The key word it stood under, if any.
    pub key: Option<crate::rules::KeyId>,
    /// The encodings it stood in.
    pub layers: Layers,
}

#[cfg(feature = "cli")]
impl Finding {
    /// The place of a token of ours, or of what is looked for by its text.
    pub(crate) fn of_token(kind: TypeId, start: usize, end: usize) -> Self {
        Self {
            start,
            end,
            kind,
            rule: crate::rules::TOKEN,
            confidence: 100,
            evidence: Evidence::NONE,
            key: None,
            layers: Layers::NONE,
        }
    }
}

/// What a detector says about a place: the smallest span and the evidence for it.
///
/// Offsets are relative to the slice that the detector was handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub start: usize,
    pub end: usize,
    pub kind: TypeId,
    pub rule: crate::rules::RuleId,
    /// 0 to 100: 95 and more for a checksum or registry match in an unmistakable shape,
    /// 80 to 90 for a value under a key, 60 to 75 for a shape alone.
    pub confidence: u8,
    pub evidence: Evidence,
}
