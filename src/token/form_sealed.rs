//! Sealed values: HPKE (RFC 9180), base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305, one message.
//!
//! Who tokenizes has a public key only. The randomness that HPKE asks for is a MAC of the public
//! key, the one-way token and the value, so that the same value gives the same sealed token on every
//! machine and in every run. That is sound: another value, token or public key gives another
//! ephemeral key, so no key and nonce ever meet two messages; and equal values, which look equal
//! here, look equal in the token before them already. Without the ring's key the MAC can't be made,
//! so a sealed value can't be guessed from the outside.

use std::convert::Infallible;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256 as Dhkem;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng,
};
use zeroize::Zeroizing;

use super::mac::HmacKey;

/// The `info` of every sealed value.
pub(crate) const INFO: &[u8] = b"logveil/v1 sealed";
/// Bytes of an encapsulated key.
const KEY_BYTES: usize = 32;

/// A pair of a private and a public key from 32 bytes of key material (RFC 9180 section 7.1.3).
pub(crate) fn derive_pair(material: &[u8; 32]) -> (Zeroizing<[u8; 32]>, [u8; 32]) {
    let (private, public) = Dhkem::derive_keypair(material);
    let mut secret = Zeroizing::new([0; 32]);
    private.write_exact(secret.as_mut());
    (secret, public.to_bytes().into())
}

/// The public key of a private one.
pub(crate) fn public_of(private: &[u8; 32]) -> Option<[u8; 32]> {
    let private = <Dhkem as Kem>::PrivateKey::from_bytes(private).ok()?;
    Some(Dhkem::sk_to_pk(&private).to_bytes().into())
}

/// Whether values can be sealed to a public key; those that give no secret at all are refused
/// (RFC 9180 section 7.1.4).
pub(crate) fn is_usable(public: &[u8; 32]) -> bool {
    seal(public, Seed::new(Zeroizing::new([7; 32])), INFO, b"", b"").is_some()
}

/// Seals the values of one type to one public key.
pub(crate) struct SealCipher {
    public: [u8; 32],
    seed: HmacKey,
}

impl SealCipher {
    pub(crate) fn new(public: [u8; 32], key: &Zeroizing<[u8; 32]>) -> Self {
        Self { public, seed: HmacKey::new(key) }
    }
    /// Encapsulated key and ciphertext of a value that belongs to the one-way token `tag`.
    pub(crate) fn seal(&self, tag: &[u8], value: &[u8]) -> Option<Vec<u8>> {
        let mut message = Zeroizing::new(Vec::with_capacity(64 + tag.len() + value.len()));
        message.extend_from_slice(&self.public);
        message.extend_from_slice(&(tag.len() as u16).to_be_bytes());
        message.extend_from_slice(tag);
        message.extend_from_slice(value);
        let seed = Seed::new(Zeroizing::new(self.seed.mac(&message)));
        seal(&self.public, seed, INFO, tag, value)
    }
}

fn seal(public: &[u8; 32], mut seed: Seed, info: &[u8], tag: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    let public = <Dhkem as Kem>::PublicKey::from_bytes(public).ok()?;
    let (key, ciphertext) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Dhkem>(
        &OpModeS::Base,
        &public,
        info,
        value,
        tag,
        &mut seed,
    )
    .ok()?;
    let mut payload = Vec::with_capacity(KEY_BYTES + ciphertext.len());
    payload.extend_from_slice(&key.to_bytes());
    payload.extend_from_slice(&ciphertext);
    Some(payload)
}

/// The value of a payload that was sealed to the public key of `private` behind the token `tag`.
pub(crate) fn open(private: &[u8; 32], tag: &[u8], payload: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    open_with(private, INFO, tag, payload)
}

fn open_with(private: &[u8; 32], info: &[u8], tag: &[u8], payload: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (key, ciphertext) = payload.split_at_checked(KEY_BYTES)?;
    let private = <Dhkem as Kem>::PrivateKey::from_bytes(private).ok()?;
    let key = <Dhkem as Kem>::EncappedKey::from_bytes(key).ok()?;
    let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, Dhkem>(
        &OpModeR::Base,
        &private,
        &key,
        info,
        ciphertext,
        tag,
    );
    opened.ok().map(Zeroizing::new)
}

/// Randomness that is no chance: the seed itself first, and should more be asked for, MACs under it.
struct Seed {
    seed: Zeroizing<[u8; 32]>,
    blocks: u32,
}

impl Seed {
    fn new(seed: Zeroizing<[u8; 32]>) -> Self {
        Self { seed, blocks: 0 }
    }
    fn block(&mut self) -> Zeroizing<[u8; 32]> {
        let block = match self.blocks {
            0 => self.seed.clone(),
            n => Zeroizing::new(HmacKey::new(&self.seed).mac(&n.to_be_bytes())),
        };
        self.blocks = self.blocks.wrapping_add(1);
        block
    }
}

impl TryRng for Seed {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let [a, b, c, d, ..] = *self.block();
        Ok(u32::from_le_bytes([a, b, c, d]))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let [a, b, c, d, e, f, g, h, ..] = *self.block();
        Ok(u64::from_le_bytes([a, b, c, d, e, f, g, h]))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for part in out.chunks_mut(32) {
            for (to, from) in part.iter_mut().zip(self.block().iter()) {
                *to = *from;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for Seed {}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    /// RFC 9180 appendix A.2.1, from key material to the sealed first message, and what it refuses.
    #[test]
    fn the_standard_s_own_example() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/vectors/hpke.json");
        let file: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let cases = file["cases"].as_array().unwrap();
        for case in cases {
            let field = |name: &str| HEXLOWER.decode(case[name].as_str().unwrap().as_bytes()).unwrap();
            let array = |name: &str| -> [u8; 32] { field(name).try_into().unwrap() };
            let (private, public) = derive_pair(&array("ikmR"));
            assert_eq!(public, array("pkR"));
            assert_eq!(public_of(&array("skR")), Some(public));
            assert_eq!(public_of(&private), Some(public));
            let (aad, plain) = (field("aad"), field("pt"));
            let seed = Seed::new(Zeroizing::new(array("ikmE")));
            let sealed = seal(&public, seed, &field("info"), &aad, &plain).unwrap();
            assert_eq!(sealed, [field("enc"), field("ct")].concat());
            let opened = open_with(&array("skR"), &field("info"), &aad, &sealed);
            assert_eq!(opened.as_deref(), Some(&plain));
            assert!(open_with(&array("skR"), INFO, &aad, &sealed).is_none(), "another info");
            assert!(open_with(&array("skR"), &field("info"), b"", &sealed).is_none(), "another tag");
        }
        assert!(!cases.is_empty());
    }

    #[test]
    fn public_keys_without_a_secret_are_refused() {
        let mut one = [0; 32];
        one[0] = 1;
        // The points of small order of RFC 7748 section 6.1 that are plainest to write.
        for public in [[0; 32], one] {
            assert!(!is_usable(&public));
        }
        assert!(is_usable(&derive_pair(&[1; 32]).1));
    }

    #[test]
    fn seeds_go_on() {
        let mut seed = Seed::new(Zeroizing::new([5; 32]));
        let mut out = [0; 80];
        seed.try_fill_bytes(&mut out).unwrap();
        assert_eq!(out[..32], [5; 32]);
        assert_ne!(out[32..64], out[..32]);
        assert_ne!(out[64..], out[32..48]);
        assert_ne!(seed.try_next_u64().unwrap(), u64::from(seed.try_next_u32().unwrap()));
    }

    proptest! {
        #[test]
        fn only_the_private_key_opens(value in proptest::collection::vec(any::<u8>(), 0..80), at in any::<usize>()) {
            let (private, public) = derive_pair(&[1; 32]);
            let (other, _) = derive_pair(&[2; 32]);
            let cipher = SealCipher::new(public, &Zeroizing::new([3; 32]));
            let sealed = cipher.seal(b"tag", &value).unwrap();
            prop_assert_eq!(&cipher.seal(b"tag", &value).unwrap(), &sealed);
            prop_assert_eq!(open(&private, b"tag", &sealed), Some(Zeroizing::new(value.clone())));
            prop_assert!(open(&other, b"tag", &sealed).is_none());
            prop_assert!(open(&private, b"tah", &sealed).is_none());
            let mut changed = sealed.clone();
            let at = at % changed.len();
            // The highest bit of the encapsulated key is masked (RFC 7748 section 5) but still bound.
            changed[at] ^= 1;
            prop_assert!(open(&private, b"tag", &changed).is_none());
            prop_assert_ne!(cipher.seal(b"tah", &value).unwrap()[..32].to_vec(), sealed[..32].to_vec());
        }
    }
}
