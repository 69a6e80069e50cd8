//! The ring file: a small, strict subset of TOML, read and written here so that no secret passes
//! through a general parser's buffers or messages.
//!
//! ```text
//! format = "logveil-keys-1"
//! epoch = "30d"
//! start = "2026-01-01T00:00:00Z"
//! keep.network = "30d"
//!
//! [[key]]
//! kid = "a1b2"
//! status = "primary"
//! created = "2026-01-01T00:00:00Z"
//! secret = "…64 hexadecimal digits…"
//! ```

use data_encoding::HEXLOWER_PERMISSIVE;
use zeroize::{Zeroize, Zeroizing};

use super::date::{Moment, parse_span, span_text};
use super::derive::{GroupKey, Secret};
use super::ring::{Epochs, Key, KeyRing, KeyStatus, Material};
use super::syntax::Kid;
use crate::error::Error;
use crate::finding::Group;

const FORMAT: &str = "logveil-keys-1";
/// A ring of the most keys fits; anything longer is no ring.
pub(crate) const MAX_RING_BYTES: usize = 4 << 20;

impl KeyRing {
    /// Reads and checks the text of a ring file.
    ///
    /// # Errors
    /// Anything unknown, missing, double, weak or contradictory (`is_key`). Messages name lines and
    /// kids, never a secret.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let Ok(text) = std::str::from_utf8(text) else {
            return Err(Error::key("the key ring is not UTF-8 text"));
        };
        let mut reader = Reader::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let read = if line == "[[key]]" { reader.open_key() } else { reader.pair(line) };
            read.map_err(|why| Error::key(format!("key ring, line {}: {why}", number + 1)))?;
        }
        let ring = reader.finish().map_err(|why| Error::key(format!("key ring: {why}")))?;
        ring.check()?;
        Ok(ring)
    }

    /// The text of the ring file.
    pub fn to_text(&self) -> Zeroizing<String> {
        // Enough from the start, so that growing leaves no copy of a secret behind.
        let mut out = Zeroizing::new(String::with_capacity(512 + self.keys.len() * 1024));
        out.push_str(
            "# logveil key ring. Who has a secret of it can link and turn back tokens; copies and\n",
        );
        out.push_str("# backups must be destroyed with the key.\n");
        push(&mut out, "format", FORMAT);
        if let Some(epochs) = &self.epochs {
            push(&mut out, "epoch", &span_text(epochs.length));
            push(&mut out, "start", &epochs.start.to_string());
            for (group, keep) in Group::ALL.iter().zip(epochs.keep).filter(|(_, keep)| *keep > 0) {
                push(&mut out, &format!("keep.{}", group.id()), &span_text(keep));
            }
        }
        for key in &self.keys {
            write_key(key, &mut out);
        }
        out
    }
}

fn write_key(key: &Key, out: &mut String) {
    out.push_str("\n[[key]]\n");
    push(out, "kid", &key.kid.to_string());
    push(out, "status", key.status.id());
    push(out, "created", &key.created.to_string());
    for (name, moment) in [("retired", key.retired), ("destroyed", key.destroyed), ("hold", key.hold)] {
        if let Some(moment) = moment {
            push(out, name, &moment.to_string());
        }
    }
    if !key.reason.is_empty() {
        push(out, "reason", &key.reason);
    }
    if let Some(epoch) = key.epoch {
        push(out, "number", &epoch.to_string());
    }
    match &key.material {
        Material::Whole(secret) => push(out, "secret", &hex(secret)),
        Material::Groups(keys) => {
            for (group, key) in keys {
                push(out, &format!("secret.{}", group.id()), &hex(&key.0));
            }
        }
        Material::Gone => {}
    }
}

fn push(out: &mut String, name: &str, value: &str) {
    for part in [name, " = \"", value, "\"\n"] {
        out.push_str(part);
    }
}

fn hex(secret: &Secret) -> Zeroizing<String> {
    Zeroizing::new(HEXLOWER_PERMISSIVE.encode(secret.bytes()))
}

/// The 32 bytes of 64 hexadecimal digits.
pub(crate) fn parse_secret(text: &str) -> Result<Secret, String> {
    let mut bytes = Zeroizing::new(HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap_or_default());
    let mut secret: [u8; 32] = bytes.as_slice().try_into().map_err(|_| {
        "a secret is 32 bytes as 64 hexadecimal digits; `logveil key new` makes a good one".to_owned()
    })?;
    let made = Secret::new(secret);
    secret.zeroize();
    bytes.zeroize();
    Ok(made)
}

/// A key as far as it has been read.
#[derive(Default)]
struct Draft {
    seen: Vec<String>,
    kid: Option<Kid>,
    status: Option<KeyStatus>,
    created: Option<Moment>,
    retired: Option<Moment>,
    destroyed: Option<Moment>,
    hold: Option<Moment>,
    reason: String,
    number: Option<u32>,
    secret: Option<Secret>,
    groups: Vec<(Group, GroupKey)>,
}

#[derive(Default)]
struct Reader {
    seen: Vec<String>,
    formed: bool,
    length: Option<u64>,
    start: Option<Moment>,
    keep: Option<[u64; Group::ALL.len()]>,
    draft: Option<Draft>,
    keys: Vec<Key>,
}

impl Reader {
    fn open_key(&mut self) -> Result<(), String> {
        self.close_key()?;
        self.draft = Some(Draft::default());
        Ok(())
    }

    fn close_key(&mut self) -> Result<(), String> {
        if let Some(draft) = self.draft.take() {
            self.keys.push(draft.finish()?);
        }
        Ok(())
    }

    fn pair(&mut self, line: &str) -> Result<(), String> {
        let (name, value) = line.split_once('=').ok_or("expected `name = \"value\"`")?;
        let name = name.trim();
        let value = value.trim().strip_prefix('"').and_then(|v| v.strip_suffix('"'));
        let value =
            value.filter(|v| !v.contains(['"', '\\'])).ok_or("a value stands in plain double quotes")?;
        let seen = self.draft.as_mut().map_or(&mut self.seen, |draft| &mut draft.seen);
        if seen.iter().any(|s| s == name) {
            return Err("the name stands twice".to_owned());
        }
        seen.push(name.to_owned());
        match &mut self.draft {
            Some(draft) => draft.pair(name, value),
            None => self.head(name, value),
        }
    }

    fn head(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "format" if value == FORMAT => self.formed = true,
            "format" => return Err(format!("another format; this version reads {FORMAT}")),
            "epoch" => self.length = Some(span(value)?),
            "start" => self.start = Some(moment(value)?),
            _ => {
                let group = group(name, "keep.")?;
                let keep = self.keep.get_or_insert([0; Group::ALL.len()]);
                for (place, _) in keep.iter_mut().zip(Group::ALL).filter(|(_, g)| *g == group) {
                    *place = span(value)?;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<KeyRing, String> {
        self.close_key()?;
        if !self.formed {
            return Err(format!("no line `format = \"{FORMAT}\"`; is it a key ring?"));
        }
        let epochs = match (self.length, self.start) {
            (Some(length), Some(start)) => {
                Some(Epochs { length, start, keep: self.keep.unwrap_or_default() })
            }
            (None, None) if self.keep.is_none() => None,
            _ => return Err("epochs need both `epoch` and `start`".to_owned()),
        };
        if self.keys.iter().any(|key| key.epoch.is_some()) && epochs.is_none() {
            return Err("a key has an epoch's number but the ring has no epochs".to_owned());
        }
        Ok(KeyRing { keys: self.keys, epochs })
    }
}

impl Draft {
    fn pair(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "kid" => self.kid = Some(Kid::parse(value.as_bytes()).ok_or("a kid is four of 0-9 and a-v")?),
            "status" => {
                self.status =
                    Some(KeyStatus::from_id(value).ok_or("status is primary, active or destroyed")?);
            }
            "created" => self.created = Some(moment(value)?),
            "retired" => self.retired = Some(moment(value)?),
            "destroyed" => self.destroyed = Some(moment(value)?),
            "hold" => self.hold = Some(moment(value)?),
            "reason" => self.reason = value.to_owned(),
            "number" => self.number = Some(value.parse().map_err(|_| "an epoch's number is a whole number")?),
            "secret" => self.secret = Some(parse_secret(value)?),
            _ => self.groups.push((group(name, "secret.")?, GroupKey(parse_secret(value)?))),
        }
        Ok(())
    }

    fn finish(self) -> Result<Key, String> {
        let kid = self.kid.ok_or("a key has no kid")?;
        let status = self.status.ok_or_else(|| format!("key {kid} has no status"))?;
        let created = self.created.ok_or_else(|| format!("key {kid} has no date `created`"))?;
        let material = match (self.secret, self.groups.is_empty()) {
            (Some(secret), true) => Material::Whole(secret),
            (None, false) => Material::Groups(self.groups),
            (None, true) => Material::Gone,
            (Some(_), false) => return Err(format!("key {kid} has a whole secret and parts of one")),
        };
        Ok(Key {
            kid,
            status,
            material,
            created,
            retired: self.retired,
            destroyed: self.destroyed,
            epoch: self.number,
            hold: self.hold,
            reason: self.reason,
        })
    }
}

fn moment(value: &str) -> Result<Moment, String> {
    Moment::parse(value).ok_or_else(|| "a date is YYYY-MM-DDThh:mm:ssZ".to_owned())
}

fn span(value: &str) -> Result<u64, String> {
    parse_span(value).ok_or_else(|| "a span is a number and s, m, h or d, such as 30d".to_owned())
}

fn group(name: &str, lead: &str) -> Result<Group, String> {
    let unknown = "unknown name; nothing unknown may stand in a ring";
    name.strip_prefix(lead).and_then(Group::from_id).ok_or_else(|| unknown.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "8f1d3c6a0b29e47751d2aa63f08c94be17e5602d39c8fb4416a7d9037b5ec218";
    const OTHER: &str = "c218b5ec7b03d9a7164439c8fbe5602d1794bef08caa6351d277e4290b3c6a8f";

    fn key(kid: &str, status: &str, rest: &str) -> String {
        format!("[[key]]\nkid = \"{kid}\"\nstatus = \"{status}\"\ncreated = \"2026-01-01\"\n{rest}\n")
    }
    fn secret(hex: &str) -> String {
        format!("secret = \"{hex}\"")
    }
    fn ring(keys: &str) -> Result<KeyRing, Error> {
        KeyRing::parse(format!("format = \"{FORMAT}\"\n{keys}").as_bytes())
    }

    #[test]
    fn reads_and_writes_the_same() {
        let head =
            "epoch = \"30d\"\nstart = \"2026-01-01\"\nkeep.network = \"30d\"\nkeep.contact = \"36h\"\n";
        let number = format!("number = \"3\"\n{}", secret(SECRET));
        let part = format!("number = \"2\"\nsecret.network = \"{OTHER}\"");
        let gone = "destroyed = \"2026-02-02\"\nhold = \"2027-01-01\"\nreason = \"case 12\"";
        let keys =
            key("a1b3", "primary", &number) + &key("a1b2", "active", &part) + &key("a1b1", "destroyed", gone);
        let read = ring(&(head.to_owned() + &keys)).unwrap();
        assert_eq!(read.keys().len(), 3);
        assert_eq!(read.key(Kid::parse(b"a1b2").unwrap()).unwrap().groups(), [Group::Network]);
        assert_eq!(KeyRing::parse(read.to_text().as_bytes()).unwrap(), read);
    }

    #[test]
    fn refuses_with_a_reason_and_without_the_secret() {
        let good = key("a1b2", "primary", &secret(SECRET));
        let weak = |hex: &str| key("a1b2", "primary", &secret(hex));
        let cases = [
            (String::new(), "1 to 4096 keys"),
            (key("a1b2", "active", &secret(SECRET)), "exactly one primary"),
            (good.clone() + &key("a1b3", "primary", &secret(OTHER)), "exactly one primary"),
            (good.clone() + &key("a1b2", "active", &secret(OTHER)), "stands twice"),
            (good.clone() + &key("a1b3", "active", &secret(SECRET)), "secret of another"),
            (good.clone() + &key("a1b3", "active", ""), "contradict"),
            (good.clone() + &key("a1b3", "destroyed", &secret(OTHER)), "contradict"),
            (key("a1b2", "primary", ""), "contradict"),
            (weak(&SECRET[..62]), "32 bytes"),
            (weak(""), "32 bytes"),
            (weak("changeme"), "32 bytes"),
            (weak(&"00".repeat(32)), "repeat"),
            (weak(&"0123456789abcdef".repeat(4)), "repeat"),
            (weak(&SECRET[..32].repeat(2)), "repeat|halves"),
            (weak("4a616e6520446f6527732073656372657420706173737068726173652031323321"), "32 bytes"),
            (weak("4a616e6520446f65277320736563726574207061737370687261736520313233"), "printable"),
            (weak("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"), "count"),
            (good.clone() + "colour = \"red\"", "line 7: unknown name"),
            (good.clone() + &secret(OTHER), "line 7: the name stands twice"),
            (good.clone() + "reason = 12", "double quotes"),
            (good.clone() + "number = \"1\"", "no epochs"),
            ("epoch = \"30d\"\n".to_owned() + &good, "need both"),
            ("keep.everything = \"30d\"\n".to_owned() + &good, "unknown name"),
            ("format = \"other\"".to_owned(), "twice"),
            (key("A1b2", "primary", &secret(SECRET)), "four of"),
            (key("a1b2", "main", &secret(SECRET)), "status is"),
            (good.replace("2026-01-01", "yesterday"), "a date is"),
            (good.replace("created", "retired"), "no date"),
        ];
        for (text, why) in cases {
            let message = ring(&text).expect_err(&text).to_string();
            assert!(why.split('|').any(|w| message.contains(w)), "{message} for {text}");
            for hex in [SECRET, OTHER] {
                assert!(!message.contains(&hex[..8]), "{message}");
            }
        }
        assert!(KeyRing::parse(b"\xff").is_err());
        assert!(KeyRing::parse(good.as_bytes()).unwrap_err().to_string().contains("is it a key ring"));
        assert!(ring(&good).is_ok());
    }

    #[test]
    fn any_damage_is_an_error_or_a_ring_never_a_panic() {
        let good = format!("format = \"{FORMAT}\"\n{}", key("a1b2", "primary", &secret(SECRET)));
        for at in 0..good.len() {
            for byte in [0, b'"', b'=', b'\n', 0xff] {
                let mut text = good.clone().into_bytes();
                text[at] = byte;
                let _ = KeyRing::parse(&text);
                let _ = KeyRing::parse(&text[..at]);
            }
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", ring(&key("a1b2", "primary", &secret(SECRET))).unwrap());
        assert!(
            shown.contains("a1b2")
                && shown.contains("Secret(..)")
                && !shown.contains("8f1d")
                && !shown.contains("143"),
            "{shown}"
        );
    }
}
