//! The pair of keys for sealed tokens: a public key for the hosts that write logs, a private key
//! for who may reveal, each in a small text file like the ring's.

use std::fmt;
use std::path::Path;

use data_encoding::HEXLOWER_PERMISSIVE;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::date::Moment;
use super::form_sealed::{derive_pair, is_usable, public_of};
use super::ring_file;
use super::ring_text::parse_secret;
use super::syntax::Kid;
use crate::error::Error;

const FORMAT: &str = "logveil-seal-1";

/// A public key that values are sealed to. It can't open what it sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKey([u8; 32]);

/// The private key that opens what was sealed to its public key. `Debug` shows no secret.
#[derive(Clone)]
pub struct RevealKey {
    secret: Zeroizing<[u8; 32]>,
    public: SealKey,
}

impl SealKey {
    /// The key of 32 bytes.
    ///
    /// # Errors
    /// A key that would seal nothing (`is_key`).
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, Error> {
        if !is_usable(&bytes) {
            return Err(Error::key(
                "this public key gives no secret; `logveil key seal-pair` makes a good one",
            ));
        }
        Ok(Self(bytes))
    }
    /// Reads the file of a public key.
    ///
    /// # Errors
    /// The file can't be read, others may write it, or it holds no public key (`is_key`, `is_io`).
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = ring_file::read_text(path, "public key", ring_file::Care::Public)?;
        Self::parse(&text).map_err(|e| Error::key(format!("{}: {e}", path.display())))
    }
    /// The key of a file's text.
    ///
    /// # Errors
    /// Anything unknown or missing (`is_key`).
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let fields = fields(text, "public")?;
        let secret =
            parse_secret(fields.value).map_err(|_| Error::key("a public key is 64 hexadecimal digits"))?;
        let key = Self::from_bytes(*secret.bytes())?;
        fields.check(&key)?;
        Ok(key)
    }
    /// The text of its file.
    pub fn to_text(&self, now: Moment) -> String {
        let mut text = String::from("# logveil public key: seals values, can't open them.\n");
        push(&mut text, self.id(), now);
        line(&mut text, "public", &HEXLOWER_PERMISSIVE.encode(&self.0));
        text
    }
    /// Its name in tokens: 20 bits of its SHA-256.
    pub fn id(&self) -> Kid {
        let digest = Sha256::digest(self.0);
        let [a, b, c, ..] = *digest else { return Kid::from_number(0) };
        Kid::from_number(u32::from_be_bytes([0, a, b, c]) >> 4)
    }
    pub(crate) fn bytes(&self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", self.id())
    }
}

impl RevealKey {
    /// A new random key.
    ///
    /// # Errors
    /// The system gives no random bytes (`is_key`).
    pub fn generate() -> Result<Self, Error> {
        let mut material = [0u8; 32];
        let failed = |_| Error::key("the system gives no random bytes; no key was made");
        getrandom::fill(&mut material).map_err(failed)?;
        let (secret, public) = derive_pair(&material);
        material.zeroize();
        Ok(Self { secret, public: SealKey(public) })
    }
    /// Reads the file of a private key, which only its owner may read.
    ///
    /// # Errors
    /// The file can't be read, is open to others, or holds no private key (`is_key`, `is_io`).
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = ring_file::read_text(path, "private key", ring_file::Care::Secret)?;
        Self::parse(&text).map_err(|e| Error::key(format!("{}: {e}", path.display())))
    }
    /// The key of a file's text.
    ///
    /// # Errors
    /// Anything unknown or missing (`is_key`); messages hold no secret.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let fields = fields(text, "secret")?;
        let secret = parse_secret(fields.value).map_err(Error::key)?;
        let secret = Zeroizing::new(*secret.bytes());
        let public = public_of(&secret).ok_or_else(|| Error::key("this is no private key"))?;
        let key = Self { secret, public: SealKey::from_bytes(public)? };
        fields.check(&key.public)?;
        Ok(key)
    }
    /// The text of its file.
    pub fn to_text(&self, now: Moment) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(512));
        text.push_str(
            "# logveil private key: opens what was sealed. Keep it off the hosts that write logs.\n",
        );
        push(&mut text, self.public.id(), now);
        line(&mut text, "secret", &Zeroizing::new(HEXLOWER_PERMISSIVE.encode(self.secret.as_slice())));
        text
    }
    /// The public key that belongs to it.
    pub fn public(&self) -> &SealKey {
        &self.public
    }
    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl fmt::Debug for RevealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevealKey({})", self.public.id())
    }
}

fn push(text: &mut String, id: Kid, now: Moment) {
    line(text, "format", FORMAT);
    line(text, "id", &id.to_string());
    line(text, "created", &now.to_string());
}

fn line(text: &mut String, name: &str, value: &str) {
    for part in [name, " = \"", value, "\"\n"] {
        text.push_str(part);
    }
}

/// What a key's file says.
struct Fields<'t> {
    id: Option<Kid>,
    value: &'t str,
}

impl Fields<'_> {
    /// The id guards against a mixed-up or damaged file.
    fn check(&self, key: &SealKey) -> Result<(), Error> {
        match self.id {
            Some(id) if id != key.id() => Err(Error::key("the key does not have the id that stands with it")),
            _ => Ok(()),
        }
    }
}

/// The fields of a file whose key stands under `name`.
fn fields<'t>(text: &'t [u8], name: &str) -> Result<Fields<'t>, Error> {
    let wrong = |number: usize, why: &str| Error::key(format!("line {}: {why}", number + 1));
    let text = std::str::from_utf8(text).map_err(|_| Error::key("the key file is not UTF-8 text"))?;
    let (mut formed, mut id, mut value) = (false, None, None);
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let pair = line.split_once('=').map(|(key, value)| (key.trim(), value.trim()));
        let pair = pair.and_then(|(key, value)| Some((key, value.strip_prefix('"')?.strip_suffix('"')?)));
        match pair {
            Some(("format", FORMAT)) => formed = true,
            Some(("id", text)) => {
                let kid = Kid::parse(text.as_bytes());
                id = Some(kid.ok_or_else(|| wrong(number, "an id is four of 0-9 and a-v"))?);
            }
            Some(("created", date)) if Moment::parse(date).is_some() => {}
            Some((key, text)) if key == name && value.is_none() => value = Some(text),
            _ => return Err(wrong(number, "this is not understood here; is it the other key of the pair?")),
        }
    }
    match (formed, value) {
        (true, Some(value)) => Ok(Fields { id, value }),
        _ => Err(Error::key(format!("no {FORMAT} file with a line `{name}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_round_trip_and_keep_the_keys_apart() {
        let key = RevealKey::generate().unwrap();
        let (private, public) = (key.to_text(Moment(5)), key.public().to_text(Moment(5)));
        assert_eq!(RevealKey::parse(private.as_bytes()).unwrap().secret(), key.secret());
        assert_eq!(&SealKey::parse(public.as_bytes()).unwrap(), key.public());
        assert!(SealKey::parse(private.as_bytes()).unwrap_err().is_key());
        assert!(RevealKey::parse(public.as_bytes()).unwrap_err().is_key());
        assert!(!public.contains(&HEXLOWER_PERMISSIVE.encode(key.secret())));
        assert_eq!(format!("{key:?}"), format!("RevealKey({})", key.public().id()));
    }

    #[test]
    fn broken_files_are_refused_without_their_content() {
        let key = RevealKey::generate().unwrap();
        let good = key.to_text(Moment(5));
        let secret = HEXLOWER_PERMISSIVE.encode(key.secret());
        let other_id = key.public().id().later(1).to_string();
        let cases = [
            String::new(),
            "\u{fffd}".into(),
            good.replace(FORMAT, "logveil-seal-9"),
            good.replace(&secret, &secret[..62]),
            good.replace(&secret, ""),
            good.replace("secret", "sekret"),
            good.replace(&key.public().id().to_string(), &other_id),
            format!("{}secret = \"{secret}\"\n", *good),
        ];
        for case in cases {
            let error = RevealKey::parse(case.as_bytes()).unwrap_err();
            assert!(error.is_key() && !error.to_string().contains(&secret[..8]), "{error}");
        }
        assert!(SealKey::from_bytes([0; 32]).unwrap_err().is_key());
    }
}
