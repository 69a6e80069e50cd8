//! Tokens back to values: only with the key, only for modes that authenticate, never a guess.

use std::collections::HashMap;
use std::fmt;

use zeroize::Zeroizing;

use super::canonical;
use super::derive::{Purpose, Realm};
use super::form_ip::IpCipher;
use super::form_siv::SivCipher;
use super::json_place::{Place, copy_opened};
use super::ring::KeyRing;
use super::syntax::{self, CheckKey, Kid, Mode, Parts};

/// Why a token was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// Mode `h` has no way back; `subject tokens` finds a known value's token.
    OneWay,
    /// Its value is sealed: [`super::Revealer`] opens it with the private key.
    Sealed,
    /// The ring has no key of that name.
    UnknownKey,
    /// The key, or the part of it for this group, is destroyed.
    DestroyedKey,
    /// The token was changed, or was made for another tenant or audience.
    Corrupt,
    /// Mode `d` is vouched for by 20 bits only, and that was not accepted.
    NotAuthenticated,
}

impl Refusal {
    /// What people and audit lines read.
    pub fn reason(self) -> &'static str {
        match self {
            Refusal::OneWay => "one way",
            Refusal::Sealed => "sealed (see `logveil reveal`)",
            Refusal::UnknownKey => "unknown key",
            Refusal::DestroyedKey => "destroyed key",
            Refusal::Corrupt => "corrupt, or of another tenant or audience",
            Refusal::NotAuthenticated => "address mode, not authenticated",
        }
    }
}

/// What became of one token.
#[derive(Clone, PartialEq, Eq)]
pub enum Opened {
    /// The canonical text of the value.
    Value(Zeroizing<Vec<u8>>),
    /// It stays as it is.
    Refused(Refusal),
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Opened::Value(_) => f.write_str("Value(..)"),
            Opened::Refused(why) => write!(f, "Refused({why:?})"),
        }
    }
}

/// Opens tokens with all live keys of a ring, for one tenant and audience.
pub struct Detokenizer<'r> {
    ring: &'r KeyRing,
    tenant: String,
    audience: String,
    accept_addresses: bool,
    place: Place,
    ciphers: HashMap<(Kid, String), Ciphers>,
}

/// The ciphers of one key and type, made when its first token comes by.
struct Ciphers {
    check: CheckKey,
    reversible: SivCipher,
    address: IpCipher,
}

impl fmt::Debug for Detokenizer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Detokenizer(..)")
    }
}

impl<'r> Detokenizer<'r> {
    /// A detokenizer for the tokens of one tenant and audience.
    pub fn new(ring: &'r KeyRing, tenant: &str, audience: &str) -> Self {
        let (tenant, audience) = (tenant.to_owned(), audience.to_owned());
        Self {
            ring,
            tenant,
            audience,
            accept_addresses: false,
            place: Place::default(),
            ciphers: HashMap::new(),
        }
    }
    /// Also opens address tokens (mode `d`), which only their 20 check bits vouch for: one changed
    /// token of a million would give a wrong address.
    pub fn accept_addresses(mut self, accept: bool) -> Self {
        self.accept_addresses = accept;
        self
    }

    /// Opens the token at the start of `text`, and says how long it is, or None if there is none.
    pub fn open(&mut self, text: &[u8]) -> Option<(usize, Kid, Opened)> {
        let parts = syntax::parse(text)?;
        let opened = self.open_parts(&parts).map_or_else(Opened::Refused, Opened::Value);
        Some((parts.length, parts.kid, opened))
    }

    /// Copies `line`, whole or the next part of one, to `out` with its tokens opened; `told` hears
    /// of each. In JSON, values are escaped as the string around them needs it.
    ///
    /// A token begins where no letter, digit or `_` stands before it but that of an escape.
    pub fn line(&mut self, line: &[u8], out: &mut Vec<u8>, mut told: impl FnMut(Kid, &Opened)) {
        let mut place = std::mem::take(&mut self.place);
        copy_opened(&mut place, line, out, |rest| {
            let (length, kid, opened) = self.open(rest)?;
            told(kid, &opened);
            Some((
                length,
                match opened {
                    Opened::Value(value) => Some(value),
                    Opened::Refused(_) => None,
                },
            ))
        });
        self.place = place;
    }

    /// Forgets the line in hand: another input begins.
    pub fn start_input(&mut self) {
        self.place = Place::default();
    }

    fn open_parts(&mut self, parts: &Parts<'_>) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let key = self.ring.key(parts.kid).ok_or(Refusal::UnknownKey)?;
        // Types of rule packs are known by their code alone.
        let code = parts.code();
        let ciphers = match self.ciphers.entry((parts.kid, code.to_owned())) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let group = key.group_key(parts.kind.group()).ok_or(Refusal::DestroyedKey)?;
                let realm = Realm { tenant: &self.tenant, audience: &self.audience };
                place.insert(Ciphers {
                    check: CheckKey::new(group.check()),
                    reversible: SivCipher::new(&group.derive(Purpose::Reversible, code, realm)),
                    address: IpCipher::new(&group.derive(Purpose::Ip, code, realm)),
                })
            }
        };
        if !ciphers.check.verifies(parts) {
            return Err(Refusal::Corrupt);
        }
        let payload = syntax::decode(parts.payload).ok_or(Refusal::Corrupt)?;
        match parts.mode {
            Mode::OneWay if parts.sealed.is_some() => Err(Refusal::Sealed),
            Mode::OneWay => Err(Refusal::OneWay),
            Mode::Reversible => {
                let value = ciphers.reversible.open(parts.prefix, &payload).ok_or(Refusal::Corrupt)?;
                Ok(Zeroizing::new(canonical::render(parts.kind, &value)))
            }
            Mode::Ip if !self.accept_addresses => Err(Refusal::NotAuthenticated),
            Mode::Ip => {
                let block = payload.as_slice().try_into().map_err(|_| Refusal::Corrupt)?;
                let mut out = Zeroizing::new(Vec::with_capacity(40));
                canonical::write_address(ciphers.address.open(block), &mut out);
                Ok(out)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::TokenForm;
    use crate::finding::TypeId;
    use crate::token::date::Moment;
    use crate::token::ring::KeyStatus;
    use crate::token::tokenizer::{TokenOptions, TokenScratch, Tokenizer};
    use crate::token::tokenizer_tests::fixed_ring;
    use proptest::prelude::*;

    fn token(ring: &KeyRing, kind: TypeId, form: TokenForm, value: &[u8]) -> Vec<u8> {
        let tokenizer = Tokenizer::new(ring, &TokenOptions::default()).unwrap();
        let mut out = Vec::new();
        tokenizer.write(kind, form, value, &mut TokenScratch::default(), &mut out);
        out
    }
    fn opened(ring: &KeyRing, text: &[u8]) -> Result<Vec<u8>, Refusal> {
        match Detokenizer::new(ring, "default", "").open(text).expect("a token").2 {
            Opened::Value(value) => Ok(value.to_vec()),
            Opened::Refused(why) => Err(why),
        }
    }

    #[test]
    fn gives_back_the_canonical_text() {
        let ring = fixed_ring(1);
        let cases = [
            (TypeId::EMAIL, "Jane.Doe@Example.COM", "jane.doe@example.com"),
            (TypeId::IPV4, "::ffff:192.0.2.1", "192.0.2.1"),
            (TypeId::IPV6, "2001:DB8::1", "2001:db8::1"),
            (TypeId::MAC, "001b.4411.3ab7", "00:1b:44:11:3a:b7"),
            (TypeId::PHONE, "+1 (202) 555-0143", "+12025550143"),
            (TypeId::COOKIE, "", ""),
            (TypeId::PASSWORD, "pa ss\"wörd", "pa ss\"wörd"),
            (TypeId(TypeId::CUSTOM_FIRST), "x", "x"),
        ];
        for (kind, value, text) in cases {
            let token = token(&ring, kind, TokenForm::Reversible, value.as_bytes());
            assert_eq!(opened(&ring, &token), Ok(text.as_bytes().to_vec()), "{value}");
        }
    }

    #[test]
    fn refuses_rather_than_guesses() {
        let mut ring = fixed_ring(1);
        let email = token(&ring, TypeId::EMAIL, TokenForm::Reversible, b"jane@example.com");
        let one_way = token(&ring, TypeId::EMAIL, TokenForm::OneWay, b"jane@example.com");
        let address = token(&ring, TypeId::IPV4, TokenForm::Ip, b"192.0.2.1");
        assert_eq!(opened(&ring, &one_way), Err(Refusal::OneWay));
        assert_eq!(opened(&ring, &address), Err(Refusal::NotAuthenticated));
        let (_, _, accepted) =
            Detokenizer::new(&ring, "default", "").accept_addresses(true).open(&address).unwrap();
        assert_eq!(accepted, Opened::Value(Zeroizing::new(b"192.0.2.1".to_vec())));
        let relabelled = String::from_utf8(email.clone()).unwrap().replacen("email", "phone", 1);
        assert_eq!(opened(&ring, relabelled.as_bytes()), Err(Refusal::Corrupt));
        for (tenant, audience) in [("other", ""), ("default", "press")] {
            let (_, _, other) = Detokenizer::new(&ring, tenant, audience).open(&email).unwrap();
            assert_eq!(other, Opened::Refused(Refusal::Corrupt));
        }
        let unknown = String::from_utf8(email.clone()).unwrap().replacen("a1b2", "a1b3", 1);
        assert_eq!(opened(&ring, unknown.as_bytes()), Err(Refusal::UnknownKey));
        let kid = ring.primary().unwrap().kid();
        ring.add_random(KeyStatus::Primary, Moment(1)).unwrap();
        assert!(opened(&ring, &email).is_ok(), "active keys open their tokens");
        ring.destroy(kid, Moment(1)).unwrap();
        assert_eq!(opened(&ring, &email), Err(Refusal::DestroyedKey));
    }

    #[test]
    fn every_changed_symbol_is_refused_even_with_a_right_check() {
        let ring = fixed_ring(1);
        let good = token(&ring, TypeId::EMAIL, TokenForm::Reversible, b"jane@example.com");
        let check = CheckKey::new(ring.primary().unwrap().group_key(TypeId::EMAIL.group()).unwrap().check());
        for at in 12..good.len() - 4 {
            for symbol in b"0123456789abcdefghijklmnopqrstuv" {
                let mut text = good.clone();
                if text[at] == *symbol {
                    continue;
                }
                text[at] = *symbol;
                assert_eq!(opened(&ring, &text), Err(Refusal::Corrupt));
                let end = text.len() - 4;
                let forged = check.symbols(&text[..end]);
                text[end..].copy_from_slice(&forged);
                assert_eq!(opened(&ring, &text), Err(Refusal::Corrupt), "SIV holds alone");
            }
        }
    }

    #[test]
    fn lines() {
        let ring = fixed_ring(1);
        let email =
            String::from_utf8(token(&ring, TypeId::EMAIL, TokenForm::Reversible, b"jane@example.com"))
                .unwrap();
        let one_way = String::from_utf8(token(&ring, TypeId::IPV4, TokenForm::OneWay, b"192.0.2.1")).unwrap();
        let line =
            format!("{one_way} {{\"user\":\"{email}\"}} x{email} _{email} {email}, {email}x \u{fc}{email}\n");
        let mut seen = Vec::new();
        let mut out = Vec::new();
        Detokenizer::new(&ring, "default", "").line(line.as_bytes(), &mut out, |kid, opened| {
            seen.push((kid.to_string(), matches!(opened, Opened::Value(_))));
        });
        let expected = format!(
            "{one_way} {{\"user\":\"jane@example.com\"}} x{email} _{email} jane@example.com, {email}x \u{fc}jane@example.com\n"
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        assert_eq!(seen.len(), 4);
        assert_eq!(seen.iter().filter(|(kid, value)| kid == "a1b2" && *value).count(), 3);
    }

    #[test]
    fn json_stays_json() {
        let ring = fixed_ring(1);
        let value = "a\"b\\c\nd\u{1}";
        let made = token(&ring, TypeId::PASSWORD, TokenForm::Reversible, value.as_bytes());
        let made = String::from_utf8(made).unwrap();
        let opened = |line: &str| {
            let mut out = Vec::new();
            let mut detokenizer = Detokenizer::new(&ring, "default", "");
            // In two parts, as the command reads.
            let (head, tail) = line.split_at(line.find("password_e").unwrap());
            detokenizer.line(head.as_bytes(), &mut out, |_, _| {});
            detokenizer.line(tail.as_bytes(), &mut out, |_, _| {});
            String::from_utf8(out).unwrap()
        };
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&opened(&format!("{{\"p\":\"{made}\"}}")))["p"], value);
        assert_eq!(read(&opened(&format!(" [\"x {made}\"]")))[0], format!("x {value}"));
        let inner = format!("{{\"p\":\"{made}\"}}");
        let nested = opened(&serde_json::json!({ "m": inner }).to_string());
        assert_eq!(read(read(&nested)["m"].as_str().unwrap())["p"], value);
        assert_eq!(opened(&format!("p={made}")), format!("p={value}"));
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", Opened::Value(Zeroizing::new(b"jane".to_vec())));
        assert_eq!(shown, "Value(..)");
    }

    proptest! {
        #[test]
        fn any_value_comes_back(value in proptest::collection::vec(any::<u8>(), 0..=600)) {
            let ring = fixed_ring(3);
            let made = token(&ring, TypeId::PASSWORD, TokenForm::Reversible, &value);
            prop_assert_eq!(opened(&ring, &made), Ok(value));
        }

        #[test]
        fn any_line_passes(line in proptest::collection::vec(any::<u8>(), 0..300)) {
            let ring = fixed_ring(1);
            let mut out = Vec::new();
            Detokenizer::new(&ring, "default", "").line(&line, &mut out, |_, _| {});
            prop_assert_eq!(out, line);
        }
    }
}
