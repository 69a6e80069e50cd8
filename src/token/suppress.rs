//! Suppression lists: who was erased and must not come back, as keyed MACs only.
//!
//! The list tells nothing without the ring. Each entry is a MAC of a canonical value under a key of
//! its own purpose, type and tenant; a MAC over all entries tells a list that was cut or changed, and
//! one of another ring or tenant, from a whole one.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::path::Path;

use data_encoding::HEXLOWER;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::derive::{Purpose, Realm};
use super::home::Home;
use super::mac::HmacKey;
use super::ring::{Key, KeyRing, Material};
use super::ring_file;
use super::syntax::Kid;
use crate::error::Error;
use crate::finding::{Group, TypeId};

const FORMAT: &str = "logveil-suppress-1";
/// Bytes of a MAC that are kept: two of a million values share one by chance once in 10²⁶.
const MAC_BYTES: usize = 16;

type Mac = [u8; MAC_BYTES];

/// The values of people who were erased, as keyed MACs. `Debug` shows their number only.
#[derive(Clone)]
pub struct SuppressionList {
    tenant: String,
    /// In the order they were added.
    entries: Vec<Entry>,
    home: Home,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry {
    kind: TypeId,
    kid: Kid,
    mac: Mac,
}

impl fmt::Debug for SuppressionList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SuppressionList({} entries)", self.entries.len())
    }
}

impl SuppressionList {
    /// An empty list of a tenant.
    pub fn new(tenant: &str) -> Self {
        Self { tenant: tenant.to_owned(), entries: Vec::new(), home: Home::default() }
    }
    /// National phone numbers that are added are of this region (ISO 3166-1, `DE`).
    pub fn set_region(&mut self, region: Option<&str>) {
        self.home = Home::new(region);
    }
    /// Reads the file of a list.
    ///
    /// # Errors
    /// The file can't be read, is open to others, or is no whole list of this ring and tenant
    /// (`is_key`, `is_io`).
    pub fn read(path: &Path, ring: &KeyRing, tenant: &str) -> Result<Self, Error> {
        let text = ring_file::read_text(path, "suppression list", ring_file::Care::Secret)?;
        Self::parse(&text, ring, tenant)
            .map_err(|e| Error::key(format!("suppression list {}: {e}", path.display())))
    }
    /// Changes the file of a list, or makes one; all or nothing, and one writer at a time.
    ///
    /// # Errors
    /// What reading gives, what `change` gives, or the new file can't be written; the old one stays.
    pub fn update<T>(
        path: &Path,
        ring: &KeyRing,
        tenant: &str,
        change: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<(T, Self), Error> {
        ring_file::update_text(path, "suppression list", |old| {
            let mut list = match old {
                Some(text) => Self::parse(text, ring, tenant)
                    .map_err(|e| Error::key(format!("suppression list {}: {e}", path.display())))?,
                None => Self::new(tenant),
            };
            let answer = change(&mut list)?;
            let text = list.to_text(ring)?;
            Ok(((answer, list), text))
        })
    }
    /// How many values are on the list.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
    /// True if no value is on the list.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Puts a value (any spelling) on the list; false if it is there already.
    ///
    /// # Errors
    /// A ring without a key that outlives its epochs (`is_key`).
    pub fn add(&mut self, ring: &KeyRing, kind: TypeId, value: &[u8]) -> Result<bool, Error> {
        let (key, kind) = (lasting_key(ring)?, first_of_code(kind));
        if self.has(ring, kind, value)? {
            return Ok(false);
        }
        let mac = mac_key(key, kind, &self.tenant)?.mac_of(self.home, kind, value);
        self.entries.push(Entry { kind, kid: key.kid(), mac });
        Ok(true)
    }
    /// Takes a value off the list; false if it is not there.
    ///
    /// # Errors
    /// A key of the list that the ring has lost (`is_key`).
    pub fn remove(&mut self, ring: &KeyRing, kind: TypeId, value: &[u8]) -> Result<bool, Error> {
        let macs = self.macs(ring, kind, value)?;
        let before = self.entries.len();
        self.entries.retain(|entry| !macs.contains(entry));
        Ok(self.entries.len() < before)
    }
    fn has(&self, ring: &KeyRing, kind: TypeId, value: &[u8]) -> Result<bool, Error> {
        let macs = self.macs(ring, kind, value)?;
        Ok(self.entries.iter().any(|entry| macs.contains(entry)))
    }
    /// The entries that a value has or would have, under each key of the list.
    fn macs(&self, ring: &KeyRing, kind: TypeId, value: &[u8]) -> Result<Vec<Entry>, Error> {
        let kids: HashSet<Kid> = self.entries.iter().map(|entry| entry.kid).collect();
        let kind = first_of_code(kind);
        let of_kid = |kid| {
            let mac = mac_key(live_key(ring, kid)?, kind, &self.tenant)?.mac_of(self.home, kind, value);
            Ok(Entry { kind, kid, mac })
        };
        kids.into_iter().map(of_kid).collect()
    }

    /// Reads and checks the text of a list.
    ///
    /// # Errors
    /// Anything unknown or missing, a key that the ring does not have any more, a list that was
    /// changed or belongs to another ring or tenant (`is_key`).
    pub fn parse(text: &[u8], ring: &KeyRing, tenant: &str) -> Result<Self, Error> {
        let text = std::str::from_utf8(text).map_err(|_| Error::key("it is not UTF-8 text"))?;
        let mut list = Self::new(tenant);
        let (mut formed, mut check) = (false, None);
        for (number, line) in text.lines().enumerate() {
            let wrong = || Error::key(format!("line {} is not understood", number + 1));
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, value) = line.split_once('=').ok_or_else(wrong)?;
            let value = value.trim().strip_prefix('"').and_then(|v| v.strip_suffix('"')).ok_or_else(wrong)?;
            match name.trim() {
                "format" if value == FORMAT => formed = true,
                "entry" if check.is_none() => list.entries.push(Entry::parse(value).ok_or_else(wrong)?),
                "check" if check.is_none() => check = Some(check_parts(value).ok_or_else(wrong)?),
                _ => return Err(wrong()),
            }
        }
        let (true, Some((kid, mac))) = (formed, check) else {
            return Err(Error::key(format!("no whole {FORMAT} file: its first or last line is missing")));
        };
        for entry in &list.entries {
            live_key(ring, entry.kid)?;
        }
        let right = list.check(live_key(ring, kid)?)?;
        if !bool::from(right.ct_eq(&mac)) {
            return Err(Error::key("it was changed, or belongs to another ring or tenant"));
        }
        Ok(list)
    }

    /// The text of the list.
    ///
    /// # Errors
    /// A ring without a key that outlives its epochs (`is_key`).
    pub fn to_text(&self, ring: &KeyRing) -> Result<String, Error> {
        let key = lasting_key(ring)?;
        let mut text = String::from("# logveil suppression list: keyed MACs, no values.\n");
        text.push_str(&format!("format = \"{FORMAT}\"\n"));
        for entry in &self.entries {
            text.push_str(&format!("entry = \"{}\"\n", entry.text()));
        }
        let check = HEXLOWER.encode(&self.check(key)?);
        text.push_str(&format!("check = \"{} {check}\"\n", key.kid()));
        Ok(text)
    }

    /// The MAC over all entries.
    fn check(&self, key: &Key) -> Result<Mac, Error> {
        let group = key.group_key(Group::Identity).ok_or_else(|| lost(key.kid()))?;
        let realm = Realm { tenant: &self.tenant, audience: "" };
        let mut text = String::new();
        for entry in &self.entries {
            text.push_str(&entry.text());
            text.push('\n');
        }
        Ok(cut(HmacKey::new(&group.derive(Purpose::SuppressionCheck, "list", realm)).mac(text.as_bytes())))
    }
}

impl Entry {
    /// Type, kid and MAC between spaces.
    fn text(&self) -> String {
        format!("{} {} {}", self.kind.id(), self.kid, HEXLOWER.encode(&self.mac))
    }
    fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(' ')?;
        let (kid, mac) = check_parts(rest)?;
        let kind = TypeId::from_id(kind)?;
        (first_of_code(kind) == kind).then_some(Self { kind, kid, mac })
    }
}

/// Kid and MAC between a space.
fn check_parts(text: &str) -> Option<(Kid, Mac)> {
    let (kid, mac) = text.split_once(' ')?;
    Some((Kid::parse(kid.as_bytes())?, HEXLOWER.decode(mac.as_bytes()).ok()?.try_into().ok()?))
}

/// Addresses of both families have one code and one key.
fn first_of_code(kind: TypeId) -> TypeId {
    TypeId::all().find(|first| first.code() == kind.code()).unwrap_or(kind)
}

/// The key for new entries: one that no epoch takes away.
fn lasting_key(ring: &KeyRing) -> Result<&Key, Error> {
    let primary = ring.primary()?;
    if primary.epoch().is_none() {
        return Ok(primary);
    }
    let mut lasting = ring.keys().iter().filter(|key| key.epoch().is_none());
    lasting.rfind(|key| matches!(key.material, Material::Whole(_))).ok_or_else(|| {
        Error::key(
            "the ring's keys go with their epochs, and the list must outlive them; `logveil key add` \
             makes a key that stays",
        )
    })
}

fn live_key(ring: &KeyRing, kid: Kid) -> Result<&Key, Error> {
    let whole = ring.key(kid).filter(|key| matches!(key.material, Material::Whole(_)));
    whole.ok_or_else(|| lost(kid))
}

fn lost(kid: Kid) -> Error {
    Error::key(format!("the ring has no key {kid} any more, so its entries can't be known again"))
}

/// The key of a type's MACs.
struct MacKey(HmacKey);

impl MacKey {
    fn mac_of(&self, home: Home, kind: TypeId, value: &[u8]) -> Mac {
        let mut form = Vec::with_capacity(value.len() + 16);
        home.write(kind, value, &mut form);
        let mac = cut(self.0.mac(&form));
        form.zeroize();
        mac
    }
}

fn mac_key(key: &Key, kind: TypeId, tenant: &str) -> Result<MacKey, Error> {
    let group = key.group_key(kind.group()).ok_or_else(|| lost(key.kid()))?;
    let realm = Realm { tenant, audience: "" };
    Ok(MacKey(HmacKey::new(&group.derive(Purpose::Suppression, kind.code(), realm))))
}

fn cut(mac: [u8; 32]) -> Mac {
    mac.first_chunk().copied().unwrap_or_default()
}

/// A list made ready to be asked for every finding.
pub(crate) struct Suppressor {
    /// By type, the key of each kid with the MACs under it.
    types: Vec<(TypeId, Vec<KeyedMacs>)>,
}

/// A key and the MACs of a list that were made with it.
struct KeyedMacs {
    key: HmacKey,
    macs: HashSet<Mac>,
}

impl Suppressor {
    /// # Errors
    /// A key of the list that the ring has lost (`is_key`).
    pub(crate) fn new(list: &SuppressionList, ring: &KeyRing) -> Result<Self, Error> {
        let mut sets: BTreeMap<(TypeId, Kid), HashSet<Mac>> = BTreeMap::new();
        for entry in &list.entries {
            sets.entry((entry.kind, entry.kid)).or_default().insert(entry.mac);
        }
        let mut types: Vec<(TypeId, Vec<KeyedMacs>)> = Vec::new();
        for ((kind, kid), macs) in sets {
            let MacKey(key) = mac_key(live_key(ring, kid)?, kind, &list.tenant)?;
            match types.last_mut().filter(|(last, _)| *last == kind) {
                Some((_, keys)) => keys.push(KeyedMacs { key, macs }),
                None => types.push((kind, vec![KeyedMacs { key, macs }])),
            }
        }
        Ok(Self { types })
    }

    /// Whether a value is on the list as a value of any type: an address under `user=` is the same
    /// person's.
    pub(crate) fn has(&self, home: Home, value: &[u8], canonical: &mut Vec<u8>) -> bool {
        self.types.iter().any(|(kind, keys)| {
            canonical.clear();
            home.write(*kind, value, canonical);
            keys.iter().any(|of_key| of_key.macs.contains(&cut(of_key.key.mac(canonical))))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::date::Moment;
    use crate::token::ring::KeyStatus;
    use crate::token::tokenizer_tests::fixed_ring;

    fn has(list: &SuppressionList, ring: &KeyRing, value: &str) -> bool {
        Suppressor::new(list, ring).unwrap().has(Home::default(), value.as_bytes(), &mut Vec::new())
    }

    #[test]
    fn values_in_any_spelling_and_nobody_else() {
        let mut ring = fixed_ring(1);
        let mut list = SuppressionList::new("default");
        assert!(list.add(&ring, TypeId::EMAIL, b"Jane@Example.com").unwrap());
        assert!(!list.add(&ring, TypeId::EMAIL, b"jane@example.com").unwrap());
        assert!(list.add(&ring, TypeId::IPV6, b"::ffff:192.0.2.1").unwrap());
        assert!(!list.add(&ring, TypeId::IPV4, b"192.0.2.1").unwrap());
        // Entries of an earlier key stay good.
        ring.add_random(KeyStatus::Primary, Moment(1)).unwrap();
        assert!(!list.add(&ring, TypeId::EMAIL, b"jane@example.com").unwrap());
        assert!(list.add(&ring, TypeId::PHONE, b"+1 202 555 0143").unwrap());
        let text = list.to_text(&ring).unwrap();
        let list = SuppressionList::parse(text.as_bytes(), &ring, "default").unwrap();
        for value in ["JANE@example.COM", "192.0.2.1", "+12025550143"] {
            assert!(has(&list, &ring, value), "{value}");
        }
        for value in ["john@example.com", "192.0.2.2", "", "12025550143"] {
            assert!(!has(&list, &ring, value), "{value}");
        }
        assert!(!text.contains("jane") && !text.contains("192.0") && !text.contains("5550143"));
        let mut list = list;
        assert!(list.remove(&ring, TypeId::EMAIL, b"jane@example.com").unwrap());
        assert!(!has(&list, &ring, "jane@example.com") && list.len() == 2);
    }

    #[test]
    fn what_is_cut_changed_or_somebody_elses_is_refused() {
        let ring = fixed_ring(1);
        let mut list = SuppressionList::new("default");
        for value in ["jane@example.com", "john@example.com"] {
            list.add(&ring, TypeId::EMAIL, value.as_bytes()).unwrap();
        }
        let text = list.to_text(&ring).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let entry = lines.iter().find(|line| line.starts_with("entry")).unwrap();
        let cases = [
            String::new(),
            text.replacen(entry, "", 1),
            text.replace("email", "phone"),
            text.replace(FORMAT, "logveil-suppress-2"),
            lines[..lines.len() - 1].join("\n"),
            format!("{text}{entry}\n"),
            text.replace("entry", "entries"),
        ];
        for case in cases {
            let error = SuppressionList::parse(case.as_bytes(), &ring, "default").unwrap_err();
            assert!(error.is_key(), "{error}");
        }
        assert!(SuppressionList::parse(text.as_bytes(), &ring, "other").is_err());
        assert!(SuppressionList::parse(text.as_bytes(), &fixed_ring(2), "default").is_err());
        let mut without = ring.clone();
        let kid = without.primary().unwrap().kid();
        without.add_random(KeyStatus::Primary, Moment(1)).unwrap();
        assert!(SuppressionList::parse(text.as_bytes(), &without, "default").is_ok());
        without.destroy(kid, Moment(2)).unwrap();
        let error = SuppressionList::parse(text.as_bytes(), &without, "default").unwrap_err();
        assert!(error.to_string().contains(&kid.to_string()), "{error}");
    }

    #[test]
    fn lists_outlive_epochs() {
        let mut ring = fixed_ring(1);
        ring.start_epochs(86_400, Moment(0), [0; 8]).unwrap();
        let mut list = SuppressionList::new("default");
        let error = list.add(&ring, TypeId::EMAIL, b"jane@example.com").unwrap_err();
        assert!(error.to_string().contains("key add"), "{error}");
        ring.add_random(KeyStatus::Active, Moment(1)).unwrap();
        list.add(&ring, TypeId::EMAIL, b"jane@example.com").unwrap();
        ring.advance(Moment(40 * 86_400)).unwrap();
        let text = list.to_text(&ring).unwrap();
        let list = SuppressionList::parse(text.as_bytes(), &ring, "default").unwrap();
        assert!(has(&list, &ring, "jane@example.com"));
        assert_eq!(format!("{list:?}"), "SuppressionList(1 entries)");
    }
}
