//! `Tokenizer`: values in, tokens out, with the keys of one ring, tenant and audience.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use zeroize::{Zeroize, Zeroizing};

use super::canonical;
use super::derive::{Purpose, Realm};
use super::form_card::CardCipher;
use super::form_email::Domains;
use super::form_ip::{IpCipher, PrefixCipher};
use super::form_sealed::SealCipher;
use super::form_siv::SivCipher;
use super::home::Home;
use super::mac::HmacKey;
use super::memo::{Memo, MemoKey};
use super::ring::{Key, KeyRing};
use super::seal_key::SealKey;
use super::suppress::{SuppressionList, Suppressor};
use super::syntax::{self, CheckKey, Kid, MAX_REVERSIBLE_BYTES, MAX_SEALED_BYTES, Mode};
use crate::action::TokenForm;
use crate::error::Error;
use crate::finding::{Group, TypeId};
use crate::mark::code_of_custom;

/// Whose tokens, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOptions {
    /// Whose logs: another tenant has other tokens for the same values.
    pub tenant: String,
    /// Who receives them: recipients can't link their copies. Empty for the house itself.
    pub audience: String,
    /// Bits of a one-way token: 64, 80, 96 or 128.
    pub bits: u16,
    /// Bits of a one-way token of a card: 64, 80, 96 or 128.
    pub card_bits: u16,
    /// The domains that [`TokenForm::EmailDomain`] keeps, without their subdomains.
    pub email_domains: Vec<String>,
    /// The public key that [`TokenForm::Sealed`] seals values to.
    pub seal_to: Option<SealKey>,
    /// The region that national phone numbers are of (ISO 3166-1, `DE`), so that they get the token of
    /// their international spelling.
    pub region: Option<String>,
    /// The ids of the types that rule packs bring, in the policy's order; without them their tokens all
    /// begin with `custom_`. `Policy::token_options` fills in both.
    pub types: Vec<String>,
    /// Makes tokens with the key of this epoch instead of the primary one, to repeat a run.
    pub epoch: Option<u32>,
}

impl Default for TokenOptions {
    fn default() -> Self {
        Self {
            tenant: "default".to_owned(),
            audience: String::new(),
            bits: 80,
            card_bits: 128,
            email_domains: Vec::new(),
            seal_to: None,
            region: None,
            types: Vec::new(),
            epoch: None,
        }
    }
}

/// Makes tokens. Holds derived keys only, wipes them when dropped; share it between threads, each
/// with a [`TokenScratch`] of its own.
pub struct Tokenizer {
    /// Tells a scratch whether what it remembers is of this tokenizer.
    id: u64,
    kid: Kid,
    /// None only for a key that has lost a part of its groups; such a key makes no tokens for redacting.
    types: Vec<Option<TypeKeys>>,
    checks: Vec<LiveCheck>,
    ip: Option<IpCipher>,
    ip_prefix: Option<PrefixCipher>,
    card: Option<CardCipher>,
    domains: Domains,
    can_seal: bool,
    home: Home,
    suppressed: Option<Suppressor>,
}

/// The keys of one type.
struct TypeKeys {
    one_way: HmacKey,
    one_way_bytes: usize,
    reversible: Zeroizing<[u8; 64]>,
    check: CheckKey,
    seal: Option<SealCipher>,
    /// `.s{public key's id}_`
    seal_prefix: Vec<u8>,
    /// `{code}_{mode}{kid}_` by mode: `h`, `e`, `d`.
    prefixes: [Vec<u8>; 3],
}

/// A check key whose tokens are known.
struct LiveCheck {
    kid: Kid,
    group: Group,
    key: CheckKey,
}

/// Memory that making tokens reuses: one for each thread. It holds clear values; it is wiped when
/// dropped and when used with another tokenizer.
#[derive(Default)]
pub struct TokenScratch {
    owner: u64,
    memo: Memo,
    canonical: Vec<u8>,
    sivs: Vec<Option<SivCipher>>,
}

impl TokenScratch {
    fn bind(&mut self, owner: u64, slots: usize) {
        if self.owner != owner {
            self.memo.wipe();
            self.sivs.clear();
            self.sivs.resize_with(slots, || None);
            self.owner = owner;
        }
    }
}

impl Drop for TokenScratch {
    fn drop(&mut self) {
        self.canonical.zeroize();
    }
}

impl fmt::Debug for TokenScratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenScratch(..)")
    }
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokenizer").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl Tokenizer {
    /// A tokenizer that makes tokens with the ring's primary key and knows those of its live keys.
    ///
    /// # Errors
    /// Unusable options (`is_usage`), or a ring without the key that is asked for (`is_key`).
    pub fn new(ring: &KeyRing, options: &TokenOptions) -> Result<Self, Error> {
        ring.check()?;
        Self::with_key(ring, writing_key(ring, options)?, options)
    }

    /// A tokenizer for one key of the ring, which may have lost a part of its groups: it writes
    /// nothing for their types.
    pub(crate) fn with_key(ring: &KeyRing, key: &Key, options: &TokenOptions) -> Result<Self, Error> {
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        for bits in [options.bits, options.card_bits] {
            if !matches!(bits, 64 | 80 | 96 | 128) {
                return Err(Error::usage("a one-way token has 64, 80, 96 or 128 bits"));
            }
        }
        let realm = Realm { tenant: &options.tenant, audience: &options.audience };
        let network = key.group_key(Group::Network);
        let payment = key.group_key(Group::Payment);
        let ip = TypeId::IPV4.code();
        let prefix =
            network.as_ref().map(|group| PrefixCipher::new(&group.derive(Purpose::IpPrefix, ip, realm)));
        if matches!(prefix, Some(None)) {
            return Err(Error::key("the address key has equal halves; make another key"));
        }
        Ok(Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            kid: key.kid(),
            types: type_keys(key, options, realm),
            checks: live_checks(ring),
            ip: network.map(|group| IpCipher::new(&group.derive(Purpose::Ip, ip, realm))),
            ip_prefix: prefix.flatten(),
            card: payment
                .map(|group| CardCipher::new(&group.derive(Purpose::CardFf1, TypeId::CARD.code(), realm))),
            domains: Domains::new(options.email_domains.iter().map(String::as_str)),
            can_seal: options.seal_to.is_some(),
            home: Home::new(options.region.as_deref()),
            suppressed: None,
        })
    }

    /// The same tokenizer with a list of who was erased: what is on it becomes `[… ERASED]`.
    ///
    /// # Errors
    /// A key of the list that the ring has lost (`is_key`).
    pub fn with_suppressed(mut self, list: &SuppressionList, ring: &KeyRing) -> Result<Self, Error> {
        self.suppressed = Some(Suppressor::new(list, ring)?);
        Ok(self)
    }

    /// Whether it has a list of who was erased.
    pub(crate) fn has_suppressed(&self) -> bool {
        self.suppressed.is_some()
    }

    /// Whether a value is on the list of who was erased.
    pub(crate) fn is_suppressed(&self, value: &[u8], scratch: &mut TokenScratch) -> bool {
        self.suppressed.as_ref().is_some_and(|list| list.has(self.home, value, &mut scratch.canonical))
    }

    /// Whether it has a public key to seal values to.
    pub(crate) fn can_seal(&self) -> bool {
        self.can_seal
    }

    /// The name of the key that makes the tokens.
    pub fn kid(&self) -> Kid {
        self.kid
    }

    /// Writes the token for `value` (the decoded original bytes) of `kind` in `form` to `out`.
    ///
    /// A value that the form can't take (no address, a card of fewer than 13 digits, more than
    /// 600 bytes for mode `e` or 512 to be sealed, a domain that is not listed, no public key to seal
    /// to) gets a token all the same: reversible for cards, one way for the others.
    #[inline]
    pub fn write(
        &self,
        kind: TypeId,
        form: TokenForm,
        value: &[u8],
        scratch: &mut TokenScratch,
        out: &mut Vec<u8>,
    ) {
        scratch.bind(self.id, self.types.len());
        let slot = self.slot(kind);
        let key = MemoKey { slot: slot as u8, form: form as u8 };
        if scratch.memo.copy(key, value, out) {
            return;
        }
        let start = out.len();
        self.make(kind, slot, form, value, scratch, out);
        scratch.memo.put(key, value, out.get(start..).unwrap_or_default());
    }

    /// The place of a type: built-in ones, then those of rule packs, the last for all that are unknown.
    #[inline]
    fn slot(&self, kind: TypeId) -> usize {
        let custom = kind.index().checked_sub(usize::from(TypeId::CUSTOM_FIRST));
        let place = custom.map_or(kind.index(), |place| TypeId::COUNT + place);
        place.min(self.types.len().saturating_sub(1))
    }

    fn make(
        &self,
        kind: TypeId,
        slot: usize,
        form: TokenForm,
        value: &[u8],
        scratch: &mut TokenScratch,
        out: &mut Vec<u8>,
    ) {
        // `types` has a place for every slot; `bind` has made as many for the ciphers.
        let Some(Some(keys)) = self.types.get(slot) else { return };
        let canonical = &mut scratch.canonical;
        canonical.clear();
        self.home.write(kind, value, canonical);
        match form {
            TokenForm::Ip | TokenForm::IpPrefix if form.fits(kind) => {
                if let Some(ip) = canonical::address_of(canonical) {
                    match (&self.ip, &self.ip_prefix) {
                        (_, Some(cipher)) if form == TokenForm::IpPrefix => {
                            return canonical::write_address(cipher.seal(ip), out);
                        }
                        (Some(cipher), _) => return keys.token(Mode::Ip, &cipher.seal(ip), out),
                        _ => {}
                    }
                }
            }
            TokenForm::CardFf1
                if form.fits(kind) && self.card.as_ref().is_some_and(|card| card.seal(canonical, out)) =>
            {
                return;
            }
            TokenForm::Reversible | TokenForm::CardFf1 if canonical.len() <= MAX_REVERSIBLE_BYTES => {
                let cipher = scratch.sivs.get_mut(slot);
                let cipher = cipher.map(|c| c.get_or_insert_with(|| SivCipher::new(&keys.reversible)));
                let prefix = keys.prefix(Mode::Reversible);
                if cipher.is_some_and(|c| c.seal(prefix, canonical)) {
                    keys.token(Mode::Reversible, canonical, out);
                    return;
                }
                // Not reached by any value of this length; one way rather than anything clear.
                canonical.clear();
                self.home.write(kind, value, canonical);
            }
            _ => {}
        }
        let start = out.len();
        keys.one_way(canonical, out);
        if form == TokenForm::Sealed {
            keys.seal(start, canonical, out);
        }
        if form == TokenForm::EmailDomain
            && form.fits(kind)
            && let Some(domain) = self.domains.kept(canonical)
        {
            out.extend_from_slice(domain);
        }
    }

    /// Whether `text` is one of our tokens with valid keyed check symbols, of any live key of the
    /// ring; an e-mail token may be followed by one of the listed domains.
    pub fn verifies(&self, text: &[u8]) -> bool {
        !text.is_empty() && self.verified_length(text) == text.len()
    }

    /// The length of the token at the start of `text` that verifies, 0 if none does. One of an e-mail
    /// address reaches over the longest listed domain behind it: what is glued to that
    /// (`email_h…@example.com.pdf`) is not the token's, and any other domain neither.
    pub(crate) fn verified_length(&self, text: &[u8]) -> usize {
        let Some(parts) = syntax::parse(text) else { return 0 };
        let group = parts.kind.group();
        let mut live = self.checks.iter().filter(|c| c.kid == parts.kid && c.group == group);
        let decodes = |payload| syntax::decode(payload).is_some();
        let formed = decodes(parts.payload) && parts.sealed.is_none_or(|sealed| decodes(sealed.payload));
        if !formed || !live.any(|c| c.key.verifies(&parts)) {
            return 0;
        }
        let rest = text.get(parts.length..).unwrap_or_default();
        let domain = if parts.kind == TypeId::EMAIL { self.domains.listed_length(rest) } else { 0 };
        parts.length + domain
    }
}

impl TypeKeys {
    fn prefix(&self, mode: Mode) -> &[u8] {
        let [one_way, reversible, ip] = &self.prefixes;
        match mode {
            Mode::OneWay => one_way,
            Mode::Reversible => reversible,
            Mode::Ip => ip,
        }
    }
    fn one_way(&self, canonical: &[u8], out: &mut Vec<u8>) {
        let mac = self.one_way.mac(canonical);
        self.token(Mode::OneWay, mac.get(..self.one_way_bytes).unwrap_or(&mac), out);
    }
    /// Appends the sealed value to the one-way token that begins at `start`.
    fn seal(&self, start: usize, canonical: &[u8], out: &mut Vec<u8>) {
        let Some(cipher) = self.seal.as_ref().filter(|_| canonical.len() <= MAX_SEALED_BYTES) else { return };
        let Some(payload) = cipher.seal(out.get(start..).unwrap_or_default(), canonical) else { return };
        out.extend_from_slice(&self.seal_prefix);
        syntax::encode(&payload, out);
        let check = self.check.symbols(out.get(start..).unwrap_or_default());
        out.extend_from_slice(&check);
    }
    #[inline]
    fn token(&self, mode: Mode, payload: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(self.prefix(mode));
        syntax::encode(payload, out);
        let check = self.check.symbols(out.get(start..).unwrap_or_default());
        out.extend_from_slice(&check);
    }
}

fn writing_key<'r>(ring: &'r KeyRing, options: &TokenOptions) -> Result<&'r Key, Error> {
    let Some(epoch) = options.epoch else { return ring.primary() };
    let key = ring.keys().iter().find(|key| key.epoch() == Some(epoch));
    let key = key.ok_or_else(|| Error::key(format!("the ring has no key of epoch {epoch}")))?;
    // A part of its groups would make tokens for some types and leave others without.
    let lost = Group::ALL.into_iter().find(|group| key.group_key(*group).is_none());
    match lost {
        None => Ok(key),
        Some(_) if key.groups().is_empty() => Err(Error::key(format!(
            "key {} of epoch {epoch} is destroyed or past its time to be kept; it can't make tokens",
            key.kid()
        ))),
        Some(group) => Err(Error::key(format!(
            "key {} of epoch {epoch} is past the time that tokens of group {} are kept; a run with it \
             would leave those types without tokens",
            key.kid(),
            group.id()
        ))),
    }
}

fn live_checks(ring: &KeyRing) -> Vec<LiveCheck> {
    let of_key = |key: &Key| {
        let groups = Group::ALL.into_iter();
        let checks = groups.filter_map(|group| {
            let check = CheckKey::new(key.group_key(group)?.check());
            Some(LiveCheck { kid: key.kid(), group, key: check })
        });
        checks.collect::<Vec<_>>()
    };
    ring.keys().iter().flat_map(of_key).collect()
}

fn type_keys(key: &Key, options: &TokenOptions, realm: Realm<'_>) -> Vec<Option<TypeKeys>> {
    let built_in = TypeId::all().map(|kind| (kind, kind.code().to_owned()));
    let custom = options.types.iter().map(|id| code_of_custom(id)).chain(["custom".to_owned()]);
    let kinds = built_in.chain(custom.map(|code| (TypeId(TypeId::CUSTOM_FIRST), code)));
    let seal_to = options.seal_to.as_ref();
    let of_kind = |(kind, code): (TypeId, String)| {
        let group = key.group_key(kind.group())?;
        let code = code.as_str();
        let prefix = |mode: Mode| format!("{code}_{}{}_", mode.letter() as char, key.kid()).into_bytes();
        let bits = if kind == TypeId::CARD { options.card_bits } else { options.bits };
        Some(TypeKeys {
            one_way: HmacKey::new(&group.derive(Purpose::OneWay, code, realm)),
            one_way_bytes: usize::from(bits / 8),
            reversible: group.derive(Purpose::Reversible, code, realm),
            check: CheckKey::new(group.check()),
            seal: seal_to
                .map(|key| SealCipher::new(key.bytes(), &group.derive(Purpose::Sealed, code, realm))),
            seal_prefix: seal_to.map_or_else(Vec::new, |key| format!(".s{}_", key.id()).into_bytes()),
            prefixes: [Mode::OneWay, Mode::Reversible, Mode::Ip].map(prefix),
        })
    };
    kinds.map(of_kind).collect()
}
