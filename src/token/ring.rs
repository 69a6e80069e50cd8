//! The key ring: which keys there are, which one writes, and what may happen to each.

use std::fmt;

use zeroize::Zeroize;

use super::date::{Moment, span_text};
use super::derive::{GroupKey, Secret};
use super::ring_text::parse_secret;
use super::syntax::Kid;
use crate::error::Error;
use crate::finding::Group;

/// The most keys of a ring; a ring is read on every start.
pub const MAX_KEYS: usize = 4096;

/// What a key is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// New tokens are made with it; there is exactly one.
    Primary,
    /// Its tokens are known and can be turned back; it makes no new ones.
    Active,
    /// Its secret is gone for ever.
    Destroyed,
}

impl KeyStatus {
    /// The word of the ring file.
    pub fn id(self) -> &'static str {
        match self {
            KeyStatus::Primary => "primary",
            KeyStatus::Active => "active",
            KeyStatus::Destroyed => "destroyed",
        }
    }
    /// The status of that word.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Primary, Self::Active, Self::Destroyed].into_iter().find(|s| s.id() == id)
    }
}

/// What is left of a key's secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Material {
    /// All of it.
    Whole(Secret),
    /// The keys of the groups that are kept longer than the epoch's secret.
    Groups(Vec<(Group, GroupKey)>),
    /// Nothing.
    Gone,
}

/// One key of a ring. `Debug` shows no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub(crate) kid: Kid,
    pub(crate) status: KeyStatus,
    pub(crate) material: Material,
    pub(crate) created: Moment,
    /// When it stopped making tokens.
    pub(crate) retired: Option<Moment>,
    pub(crate) destroyed: Option<Moment>,
    /// The number of its epoch, if the ring has epochs.
    pub(crate) epoch: Option<u32>,
    /// Not to be destroyed before then.
    pub(crate) hold: Option<Moment>,
    /// Why it is held: one line, no personal data.
    pub(crate) reason: String,
}

impl Key {
    /// A whole key without epoch, hold or past.
    pub(crate) fn new(kid: Kid, status: KeyStatus, secret: Secret, created: Moment) -> Self {
        Self {
            kid,
            status,
            material: Material::Whole(secret),
            created,
            retired: None,
            destroyed: None,
            epoch: None,
            hold: None,
            reason: String::new(),
        }
    }
    /// Its name.
    pub fn kid(&self) -> Kid {
        self.kid
    }
    /// What it is used for.
    pub fn status(&self) -> KeyStatus {
        self.status
    }
    /// When it was made.
    pub fn created(&self) -> Moment {
        self.created
    }
    /// The number of its epoch.
    pub fn epoch(&self) -> Option<u32> {
        self.epoch
    }
    /// Until when it must not be destroyed.
    pub fn hold(&self) -> Option<Moment> {
        self.hold
    }
    /// The groups whose tokens it still knows.
    pub fn groups(&self) -> Vec<Group> {
        Group::ALL.into_iter().filter(|group| self.group_key(*group).is_some()).collect()
    }
    pub(crate) fn group_key(&self, group: Group) -> Option<GroupKey> {
        match &self.material {
            Material::Whole(secret) => Some(secret.group(group)),
            Material::Groups(keys) => keys.iter().find(|(g, _)| *g == group).map(|(_, key)| key.clone()),
            Material::Gone => None,
        }
    }
}

/// How keys move on with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epochs {
    /// The length of one, in seconds.
    pub(crate) length: u64,
    /// When epoch 0 began.
    pub(crate) start: Moment,
    /// How long the tokens of each group stay known after their epoch's end, in seconds, in the
    /// order of [`Group::ALL`]; 0 drops them with their epoch.
    pub(crate) keep: [u64; Group::ALL.len()],
}

impl Epochs {
    /// The number of the epoch at a time; 0 before the first.
    pub fn number(&self, now: Moment) -> u32 {
        u32::try_from(now.0.saturating_sub(self.start.0) / self.length.max(1)).unwrap_or(u32::MAX)
    }
    /// When the tokens of an epoch and group stop being known.
    pub(crate) fn ends(&self, epoch: u32, group: Group) -> Moment {
        let kept = Group::ALL.iter().zip(self.keep).find(|(g, _)| **g == group);
        let keep = kept.map_or(0, |(_, seconds)| seconds);
        let end = (u64::from(epoch) + 1).saturating_mul(self.length).saturating_add(keep);
        Moment(self.start.0.saturating_add(end))
    }
}

/// All keys of a ring. `Debug` shows no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRing {
    pub(crate) keys: Vec<Key>,
    pub(crate) epochs: Option<Epochs>,
}

impl KeyRing {
    /// A ring with one new random key.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn generate(now: Moment) -> Result<Self, Error> {
        let mut ring = Self { keys: Vec::new(), epochs: None };
        ring.add_random(KeyStatus::Primary, now)?;
        Ok(ring)
    }
    /// All keys, oldest first.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }
    /// How keys move on with time, if they do.
    pub fn epochs(&self) -> Option<&Epochs> {
        self.epochs.as_ref()
    }
    /// The key of that name.
    pub fn key(&self, kid: Kid) -> Option<&Key> {
        self.keys.iter().find(|key| key.kid == kid)
    }
    pub(crate) fn key_mut(&mut self, kid: Kid) -> Result<&mut Key, Error> {
        let found = self.keys.iter_mut().find(|key| key.kid == kid);
        found.ok_or_else(|| {
            Error::key(format!("the ring has no key {kid}; `logveil key list` shows its keys"))
        })
    }
    /// The key that makes new tokens.
    ///
    /// # Errors
    /// A ring without a primary key; none that was checked is.
    pub fn primary(&self) -> Result<&Key, Error> {
        let found = self.keys.iter().find(|key| key.status == KeyStatus::Primary);
        found.ok_or_else(|| Error::key("the ring has no primary key; `logveil key promote KID` names one"))
    }

    /// Adds a new random key under a free kid.
    ///
    /// # Errors
    /// The system gives no random bytes, or the ring is full.
    pub fn add_random(&mut self, status: KeyStatus, now: Moment) -> Result<Kid, Error> {
        let made = random_secret()?;
        self.add(None, status, made, now)
    }

    /// Adds a key with a secret of 64 hexadecimal digits, or a random one; under a free random kid
    /// if none is given.
    ///
    /// # Errors
    /// A weak or malformed secret, a taken kid, a full ring.
    pub fn add_key(
        &mut self,
        kid: Option<Kid>,
        status: KeyStatus,
        secret: Option<&str>,
        now: Moment,
    ) -> Result<Kid, Error> {
        let secret = match secret {
            Some(text) => parse_secret(text).map_err(Error::key)?,
            None => random_secret()?,
        };
        self.add(kid, status, secret, now)
    }

    /// Adds a key, under a free random kid if none is given.
    pub(crate) fn add(
        &mut self,
        kid: Option<Kid>,
        status: KeyStatus,
        secret: Secret,
        now: Moment,
    ) -> Result<Kid, Error> {
        if self.keys.len() >= MAX_KEYS {
            return Err(Error::key(format!("the ring is full: {MAX_KEYS} keys")));
        }
        let kid = match kid {
            Some(kid) => kid,
            None => self.free_kid()?,
        };
        let mut grown = self.clone();
        grown.keys.push(Key::new(kid, status, secret, now));
        if status == KeyStatus::Primary {
            grown.promote_only(kid, now);
        }
        grown.check()?;
        *self = grown;
        Ok(kid)
    }

    fn free_kid(&self) -> Result<Kid, Error> {
        for _ in 0..64 {
            let mut bytes = [0u8; 4];
            let failed = |_| Error::key("the system gives no random bytes; no key was made");
            getrandom::fill(&mut bytes).map_err(failed)?;
            let kid = Kid::from_number(u32::from_le_bytes(bytes));
            if self.key(kid).is_none() {
                return Ok(kid);
            }
        }
        Err(Error::key("no free kid was found; name one with --kid"))
    }

    fn promote_only(&mut self, kid: Kid, now: Moment) {
        for key in &mut self.keys {
            if key.kid == kid {
                key.status = KeyStatus::Primary;
                key.retired = None;
            } else if key.status == KeyStatus::Primary {
                key.status = KeyStatus::Active;
                key.retired = Some(now);
            }
        }
    }

    /// Makes an active key the one for new tokens.
    ///
    /// # Errors
    /// No such key, a destroyed or partly dropped one, or a ring with epochs.
    pub fn promote(&mut self, kid: Kid, now: Moment) -> Result<(), Error> {
        let key = self.key_mut(kid)?;
        if !matches!(key.material, Material::Whole(_)) {
            return Err(Error::key(format!(
                "key {kid} is destroyed or past its epoch; it can't make tokens"
            )));
        }
        if self.epochs.is_some() {
            return Err(Error::key("the ring has epochs: time names its primary key; use `key advance`"));
        }
        self.promote_only(kid, now);
        Ok(())
    }

    /// Holds a key until a time, or lets it go.
    ///
    /// # Errors
    /// No such key, or a destroyed one.
    pub fn hold(&mut self, kid: Kid, until: Option<Moment>, reason: &str) -> Result<(), Error> {
        let key = self.key_mut(kid)?;
        if key.material == Material::Gone {
            return Err(Error::key(format!("key {kid} is destroyed; there is nothing left to hold")));
        }
        if reason.chars().any(char::is_control) || reason.contains(['"', '\\']) || reason.len() > 200 {
            return Err(Error::key("a reason is one line of up to 200 bytes without quotes or backslashes"));
        }
        key.hold = until;
        key.reason = if until.is_some() { reason.to_owned() } else { String::new() };
        Ok(())
    }

    /// Destroys a key's secret: its tokens can never be made again or turned back.
    ///
    /// # Errors
    /// No such key, the primary one, one already destroyed, or one that is held.
    pub fn destroy(&mut self, kid: Kid, now: Moment) -> Result<(), Error> {
        let key = self.key_mut(kid)?;
        if key.status == KeyStatus::Primary {
            return Err(Error::key(format!("key {kid} makes the tokens; promote or add another one first")));
        }
        if key.status == KeyStatus::Destroyed {
            return Err(Error::key(format!("key {kid} is destroyed already")));
        }
        if let Some(until) = key.hold.filter(|until| *until > now) {
            return Err(Error::key(format!(
                "key {kid} is held until {until}; `key hold {kid} --release` ends it"
            )));
        }
        key.material = Material::Gone;
        key.status = KeyStatus::Destroyed;
        key.destroyed = Some(now);
        Ok(())
    }

    /// Gives a ring of one key epochs: the key is that of epoch 0, which starts at `start`.
    ///
    /// `length` and `keep` (for each group, in the order of [`Group::ALL`]) are seconds.
    ///
    /// # Errors
    /// A ring with more keys or with epochs, or epochs shorter than an hour.
    pub fn start_epochs(
        &mut self,
        length: u64,
        start: Moment,
        keep: [u64; Group::ALL.len()],
    ) -> Result<(), Error> {
        let [key] = self.keys.as_mut_slice() else {
            return Err(Error::key("epochs begin with a new ring of one key"));
        };
        if self.epochs.is_some() || length < 3600 {
            return Err(Error::key("an epoch takes an hour at least, and a ring has one kind of them"));
        }
        key.epoch = Some(0);
        self.epochs = Some(Epochs { length, start, keep });
        Ok(())
    }

    /// Moves a ring with epochs on to the epoch of `now`: new keys by the ratchet, old ones dropped
    /// group by group as their time to be kept ends. Says whether anything changed.
    ///
    /// Held keys stay, whatever their age.
    ///
    /// # Errors
    /// A ring without epochs or primary key, or a kid of a coming epoch that another key has.
    pub fn advance(&mut self, now: Moment) -> Result<bool, Error> {
        let Some(epochs) = self.epochs else {
            return Err(Error::key("the ring has no epochs; `key new --epoch 30d` makes one that has"));
        };
        let mut grown = self.clone();
        let current = epochs.number(now);
        while let Some(next) = grown.next_epoch(current)? {
            grown.keys.push(next);
            let kid = grown.keys.last().map(|key| key.kid);
            if let Some(kid) = kid {
                grown.promote_only(kid, now);
            }
            grown.drop_old(&epochs, now);
        }
        grown.drop_old(&epochs, now);
        grown.check()?;
        let changed = grown != *self;
        *self = grown;
        Ok(changed)
    }

    /// The key after the primary one, if `current` lies beyond it.
    fn next_epoch(&self, current: u32) -> Result<Option<Key>, Error> {
        let primary = self.primary()?;
        let (Some(epoch), Material::Whole(secret)) = (primary.epoch, &primary.material) else {
            return Err(Error::key("the primary key has no epoch"));
        };
        if epoch >= current {
            return Ok(None);
        }
        let epochs = self.epochs.ok_or_else(|| Error::key("the ring has no epochs"))?;
        let kid = primary.kid.later(1);
        if self.key(kid).is_some() {
            return Err(Error::key(format!("the coming epoch's kid {kid} is taken by another key")));
        }
        let start = u64::from(epoch + 1).saturating_mul(epochs.length).saturating_add(epochs.start.0);
        let mut next = Key::new(kid, KeyStatus::Primary, secret.ratchet(), Moment(start));
        next.epoch = Some(epoch + 1);
        Ok(Some(next))
    }

    /// Drops what is past its time of the epochs before the primary one.
    fn drop_old(&mut self, epochs: &Epochs, now: Moment) {
        for key in &mut self.keys {
            let Some(epoch) = key.epoch else { continue };
            let held = key.hold.is_some_and(|until| until > now);
            if key.status != KeyStatus::Active || held {
                continue;
            }
            let live = |group: &Group| epochs.ends(epoch, *group) > now;
            let kept: Vec<Group> = key.groups().into_iter().filter(live).collect();
            let keys = kept.iter().filter_map(|g| Some((*g, key.group_key(*g)?))).collect::<Vec<_>>();
            // The whole secret gives all later epochs too, so it never outlives its own.
            key.material = if keys.is_empty() { Material::Gone } else { Material::Groups(keys) };
            if key.material == Material::Gone {
                key.status = KeyStatus::Destroyed;
                key.destroyed = Some(now);
            }
        }
    }

    /// What every ring must be: few names, strong secrets, one primary key.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.keys.is_empty() || self.keys.len() > MAX_KEYS {
            return Err(Error::key(format!(
                "a ring has 1 to {MAX_KEYS} keys; this one has {}",
                self.keys.len()
            )));
        }
        let primaries = self.keys.iter().filter(|key| key.status == KeyStatus::Primary).count();
        if primaries != 1 {
            return Err(Error::key(format!("a ring has exactly one primary key; this one has {primaries}")));
        }
        for (index, key) in self.keys.iter().enumerate() {
            let kid = key.kid;
            let before = self.keys.get(..index).unwrap_or_default();
            if before.iter().any(|other| other.kid == kid) {
                return Err(Error::key(format!("the kid {kid} stands twice in the ring")));
            }
            match (&key.material, key.status) {
                (Material::Whole(_), KeyStatus::Primary | KeyStatus::Active) => {}
                (Material::Groups(_), KeyStatus::Active) => {}
                (Material::Gone, KeyStatus::Destroyed) => {}
                _ => return Err(Error::key(format!("status and secret of key {kid} contradict each other"))),
            }
            if let Material::Whole(secret) = &key.material {
                if let Some(why) = weakness(secret.bytes()) {
                    return Err(Error::key(format!("the secret of key {kid} is weak: {why}")));
                }
                if before.iter().any(|other| other.material == key.material) {
                    return Err(Error::key(format!("key {kid} has the secret of another key")));
                }
            }
        }
        Ok(())
    }
}

fn random_secret() -> Result<Secret, Error> {
    let mut secret = [0u8; 32];
    let failed = |_| Error::key("the system gives no random bytes; no key was made");
    getrandom::fill(&mut secret).map_err(failed)?;
    let made = Secret::new(secret);
    secret.zeroize();
    Ok(made)
}

/// Why 32 bytes can't be random ones; each rule refuses fewer than one random key in a billion.
pub(crate) fn weakness(secret: &[u8; 32]) -> Option<&'static str> {
    let mut seen = [false; 256];
    for byte in secret {
        if let Some(place) = seen.get_mut(*byte as usize) {
            *place = true;
        }
    }
    let distinct = seen.iter().filter(|s| **s).count();
    let (first, second) = secret.split_at(16);
    let step = |pair: &[u8]| pair.last().copied().unwrap_or(0).wrapping_sub(*pair.first().unwrap_or(&0));
    let mut steps = secret.windows(2).map(step);
    let first_step = steps.next();
    if distinct < 16 {
        Some("its bytes repeat")
    } else if first == second {
        Some("its halves are equal")
    } else if secret.iter().all(|b| (0x20..0x7f).contains(b)) {
        Some("it is printable text")
    } else if steps.all(|s| Some(s) == first_step) {
        Some("its bytes count up or down")
    } else {
        None
    }
}

impl fmt::Display for Epochs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "epochs of {} since {}", span_text(self.length), self.start)
    }
}
