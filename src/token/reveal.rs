//! Sealed values back to values: with the private key, which no host that writes logs has.

use std::collections::HashMap;
use std::fmt;

use zeroize::Zeroizing;

use super::canonical;
use super::form_sealed;
use super::json_place::{Place, copy_opened};
use super::ring::KeyRing;
use super::seal_key::RevealKey;
use super::syntax::{self, Kid, Parts, Sealed};
use super::tokenizer::{TokenOptions, TokenScratch, Tokenizer};
use crate::action::TokenForm;
#[cfg(feature = "cli")]
use crate::finding::TypeId;

/// What became of one sealed token.
#[derive(Clone, PartialEq, Eq)]
pub enum Unsealed {
    /// The canonical text of the value.
    Value(Zeroizing<Vec<u8>>),
    /// None of the private keys belongs to its public key.
    UnknownKey,
    /// It was changed, or stands behind another token than its own.
    Corrupt,
    /// It can be opened, but the ring does not say that the token before it is the value's.
    Unproved,
}

impl Unsealed {
    /// What people and audit lines read; none for a value.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Unsealed::Value(_) => None,
            Unsealed::UnknownKey => Some("sealed to another key"),
            Unsealed::Corrupt => Some("corrupt, or behind another token"),
            Unsealed::Unproved => Some("not proved by the key ring"),
        }
    }
}

impl fmt::Debug for Unsealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason().unwrap_or("Value(..)"))
    }
}

/// Opens sealed tokens with private keys.
///
/// A sealed value says who may open it, not who sealed it: whoever has the public key can seal
/// anything. With the ring that made the tokens ([`Revealer::proving`]) a value is given out only if
/// the token before it is its own.
pub struct Revealer<'k> {
    keys: &'k [RevealKey],
    proof: Option<Proof<'k>>,
    place: Place,
}

/// What says which token is a value's.
struct Proof<'k> {
    ring: &'k KeyRing,
    options: TokenOptions,
    /// By key, bits and code, made when the first such token comes by.
    tokenizers: HashMap<(Kid, u16, String), Option<Tokenizer>>,
}

impl fmt::Debug for Revealer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Revealer(..)")
    }
}

impl<'k> Revealer<'k> {
    /// A revealer with private keys.
    pub fn new(keys: &'k [RevealKey]) -> Self {
        Self { keys, proof: None, place: Place::default() }
    }
    /// Also demands that the token before a value is the value's own under the ring, for the options'
    /// tenant and audience.
    pub fn proving(mut self, ring: &'k KeyRing, options: TokenOptions) -> Self {
        self.proof = Some(Proof { ring, options, tokenizers: HashMap::new() });
        self
    }
    /// Forgets the line in hand: another input begins.
    pub fn start_input(&mut self) {
        self.place = Place::default();
    }

    /// Opens the sealed token at the start of `text`, and says how long it is and which key it was
    /// sealed to, or None if there is none.
    pub fn open(&mut self, text: &[u8]) -> Option<(usize, Kid, Unsealed)> {
        let parts = syntax::parse(text)?;
        let sealed = parts.sealed?;
        Some((parts.length, sealed.id, self.open_parts(&parts, &sealed)))
    }

    /// Copies `line`, whole or the next part of one, to `out` with its sealed tokens opened; `told`
    /// hears of each. In JSON, values are escaped as the string around them needs it.
    pub fn line(&mut self, line: &[u8], out: &mut Vec<u8>, mut told: impl FnMut(Kid, &Unsealed)) {
        let mut place = std::mem::take(&mut self.place);
        copy_opened(&mut place, line, out, |rest| {
            let (length, id, unsealed) = self.open(rest)?;
            told(id, &unsealed);
            let value = if let Unsealed::Value(value) = unsealed { Some(value) } else { None };
            Some((length, value))
        });
        self.place = place;
    }

    fn open_parts(&mut self, parts: &Parts<'_>, sealed: &Sealed<'_>) -> Unsealed {
        let mut mine = self.keys.iter().filter(|key| key.public().id() == sealed.id).peekable();
        if mine.peek().is_none() {
            return Unsealed::UnknownKey;
        }
        let Some(payload) = syntax::decode(sealed.payload) else { return Unsealed::Corrupt };
        let opened = mine.find_map(|key| form_sealed::open(key.secret(), sealed.tag, &payload));
        match opened {
            Some(value) => {
                let text = Zeroizing::new(canonical::render(parts.kind, &value));
                let proof = self.proof.as_mut();
                let holds = proof.is_none_or(|proof| proof.holds(parts, sealed, &text));
                if holds { Unsealed::Value(text) } else { Unsealed::Unproved }
            }
            None => Unsealed::Corrupt,
        }
    }
}

impl Proof<'_> {
    /// Whether the tag is the value's and the check symbols are right.
    fn holds(&mut self, parts: &Parts<'_>, sealed: &Sealed<'_>, text: &[u8]) -> bool {
        let bits = (parts.payload.len() * 5 / 8 * 8) as u16;
        let (ring, options) = (self.ring, &self.options);
        let made = self.tokenizers.entry((parts.kid, bits, parts.code().to_owned())).or_insert_with(|| {
            // A rule pack's type is known by its code alone, which is `x` and what serves as its id.
            let types = parts.code().strip_prefix('x').map(str::to_owned).into_iter().collect();
            let options = TokenOptions { bits, card_bits: bits, seal_to: None, types, ..options.clone() };
            Tokenizer::with_key(ring, ring.key(parts.kid)?, &options).ok()
        });
        let Some(tokenizer) = made else { return false };
        let mut tag = Vec::new();
        tokenizer.write(parts.kind, TokenForm::OneWay, text, &mut TokenScratch::default(), &mut tag);
        tag == sealed.tag && tokenizer.verifies(sealed.whole)
    }
}

/// The type and length of the token at the start of `text`, and the length of its tag alone, if its
/// value is sealed behind it: what lies between may be dropped, and the tag stays a token.
#[cfg(feature = "cli")]
pub(crate) fn sealed_part(text: &[u8]) -> Option<(TypeId, usize, usize)> {
    let parts = syntax::parse(text)?;
    Some((parts.kind, parts.length, parts.sealed?.tag.len()))
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;
    use crate::token::tokenizer_tests::fixed_ring;
    use proptest::prelude::*;

    fn token(ring: &KeyRing, key: &RevealKey, kind: TypeId, value: &[u8]) -> Vec<u8> {
        let options = TokenOptions { seal_to: Some(key.public().clone()), ..TokenOptions::default() };
        let tokenizer = Tokenizer::new(ring, &options).unwrap();
        let mut out = Vec::new();
        tokenizer.write(kind, TokenForm::Sealed, value, &mut TokenScratch::default(), &mut out);
        assert!(tokenizer.verifies(&out));
        assert_eq!(syntax::looks_like_token(&out), Some(out.len()));
        out
    }
    fn opened(revealer: &mut Revealer<'_>, text: &[u8]) -> Unsealed {
        revealer.open(text).expect("a sealed token").2
    }
    fn value(text: &str) -> Unsealed {
        Unsealed::Value(Zeroizing::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn gives_back_the_canonical_text_and_keeps_the_tag() {
        let (ring, keys) = (fixed_ring(1), [RevealKey::generate().unwrap()]);
        let mut revealer = Revealer::new(&keys);
        for (kind, given, text) in [
            (TypeId::EMAIL, "Jane.Doe@Example.COM", "jane.doe@example.com"),
            (TypeId::IPV4, "::ffff:192.0.2.1", "192.0.2.1"),
            (TypeId::PHONE, "+1 (202) 555-0143", "+12025550143"),
            (TypeId::CARD, "4111 1111 1111 1111", "4111111111111111"),
            (TypeId::COOKIE, "", ""),
        ] {
            let made = token(&ring, &keys[0], kind, given.as_bytes());
            assert_eq!(opened(&mut revealer, &made), value(text), "{given}");
            assert_eq!(token(&ring, &keys[0], kind, given.as_bytes()), made);
            let tokenizer = Tokenizer::new(&ring, &TokenOptions::default()).unwrap();
            let mut tag = Vec::new();
            tokenizer.write(
                kind,
                TokenForm::OneWay,
                given.as_bytes(),
                &mut TokenScratch::default(),
                &mut tag,
            );
            assert_eq!(sealed_part(&made).map(|(_, whole, tag)| (whole, tag)), Some((made.len(), tag.len())));
            assert!(made.starts_with(&tag));
            assert_eq!(sealed_part(&tag), None);
            assert!(revealer.open(&tag).is_none());
        }
    }

    #[test]
    fn other_keys_other_tags_and_changes_are_refused() {
        let ring = fixed_ring(1);
        let keys = [RevealKey::generate().unwrap()];
        let others = [RevealKey::generate().unwrap()];
        let mut revealer = Revealer::new(&keys);
        let jane = token(&ring, &keys[0], TypeId::EMAIL, b"jane@example.com");
        let john = token(&ring, &keys[0], TypeId::EMAIL, b"john@example.com");
        assert_eq!(opened(&mut Revealer::new(&others), &jane), Unsealed::UnknownKey);
        let (_, _, tag) = sealed_part(&jane).unwrap();
        let mixed = [&jane[..tag], &john[tag..]].concat();
        assert_eq!(opened(&mut revealer, &mixed), Unsealed::Corrupt);
        // All but the last four symbols, which only the ring's key can check.
        for at in tag + 7..jane.len() - 4 {
            let mut changed = jane.clone();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            assert_eq!(opened(&mut revealer, &changed), Unsealed::Corrupt, "{at}");
        }
        let mut proving = Revealer::new(&keys).proving(&ring, TokenOptions::default());
        assert_eq!(opened(&mut proving, &jane), value("jane@example.com"));
        let mut changed = jane.clone();
        let last = changed.len() - 1;
        changed[last] = if changed[last] == b'0' { b'1' } else { b'0' };
        assert_eq!(opened(&mut revealer, &changed), value("jane@example.com"));
        assert_eq!(opened(&mut proving, &changed), Unsealed::Unproved);
    }

    #[test]
    fn types_of_rule_packs_are_proved_by_their_code() {
        let (ring, keys) = (fixed_ring(1), [RevealKey::generate().unwrap()]);
        let long = "a-very-long-name-of-a-type".to_owned();
        for (types, code) in
            [(vec![], "custom_h"), (vec!["badge-no".to_owned()], "xbadgeno_h"), (vec![long], "xaverylong")]
        {
            let seal_to = Some(keys[0].public().clone());
            let options = TokenOptions { seal_to, types, ..TokenOptions::default() };
            let (kind, mut made) = (TypeId(TypeId::CUSTOM_FIRST), Vec::new());
            let tokenizer = Tokenizer::new(&ring, &options).unwrap();
            tokenizer.write(kind, TokenForm::Sealed, b"B-77", &mut TokenScratch::default(), &mut made);
            assert!(made.starts_with(code.as_bytes()) && tokenizer.verifies(&made));
            let mut proving = Revealer::new(&keys).proving(&ring, TokenOptions::default());
            assert_eq!(opened(&mut proving, &made), value("B-77"), "{code}");
        }
    }

    #[test]
    fn what_anybody_sealed_is_refused_with_the_ring() {
        let (ring, keys) = (fixed_ring(1), [RevealKey::generate().unwrap()]);
        let jane = token(&ring, &keys[0], TypeId::EMAIL, b"jane@example.com");
        let (_, _, tag) = sealed_part(&jane).unwrap();
        // Somebody with the public key alone puts another value behind Jane's tag.
        let anybody = form_sealed::SealCipher::new(keys[0].public().bytes(), &Zeroizing::new([9; 32]));
        let payload = anybody.seal(&jane[..tag], b"mallory@example.com").unwrap();
        let mut forged = jane[..tag + 7].to_vec();
        syntax::encode(&payload, &mut forged);
        forged.extend_from_slice(b"0000");
        assert_eq!(opened(&mut Revealer::new(&keys), &forged), value("mallory@example.com"));
        let mut proving = Revealer::new(&keys).proving(&ring, TokenOptions::default());
        assert_eq!(opened(&mut proving, &forged), Unsealed::Unproved);
        let elsewhere = TokenOptions { tenant: "other".into(), ..TokenOptions::default() };
        let mut proving = Revealer::new(&keys).proving(&ring, elsewhere);
        assert_eq!(opened(&mut proving, &jane), Unsealed::Unproved);
    }

    #[test]
    fn without_a_key_or_for_long_values_there_is_only_the_tag() {
        let (ring, key) = (fixed_ring(1), RevealKey::generate().unwrap());
        let write = |seal_to: Option<_>, value: &[u8]| {
            let options = TokenOptions { seal_to, ..TokenOptions::default() };
            let mut out = Vec::new();
            let tokenizer = Tokenizer::new(&ring, &options).unwrap();
            tokenizer.write(TypeId::COOKIE, TokenForm::Sealed, value, &mut TokenScratch::default(), &mut out);
            out
        };
        assert!(sealed_part(&write(Some(key.public().clone()), &[b'x'; 512])).is_some());
        for tag in [write(None, b"x"), write(Some(key.public().clone()), &[b'x'; 513])] {
            assert_eq!(syntax::looks_like_token(&tag), Some(tag.len()));
            assert_eq!(sealed_part(&tag), None);
        }
    }

    #[test]
    fn lines_and_json() {
        let (ring, keys) = (fixed_ring(1), [RevealKey::generate().unwrap()]);
        let made = token(&ring, &keys[0], TypeId::PASSWORD, b"a\"b");
        let made = String::from_utf8(made).unwrap();
        let mut out = Vec::new();
        let mut count = 0;
        let line = format!("{{\"p\":\"{made}\"}} x{made}\n{made}.\n");
        Revealer::new(&keys).line(line.as_bytes(), &mut out, |_, _| count += 1);
        let expected = format!("{{\"p\":\"a\\\"b\"}} x{made}\na\"b.\n");
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        assert_eq!(count, 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_value_comes_back(value in proptest::collection::vec(any::<u8>(), 0..=512)) {
            let (ring, keys) = (fixed_ring(3), [RevealKey::generate().unwrap()]);
            let made = token(&ring, &keys[0], TypeId::PASSWORD, &value);
            let mut proving = Revealer::new(&keys).proving(&ring, TokenOptions::default());
            prop_assert_eq!(opened(&mut proving, &made), Unsealed::Value(Zeroizing::new(value)));
        }
    }
}
