//! What a [`Tokenizer`] promises, as tests.

use std::net::IpAddr;

use proptest::prelude::*;

use super::date::Moment;
use super::derive::Secret;
use super::ring::{KeyRing, KeyStatus};
use super::syntax::{Kid, looks_like_token};
use super::tokenizer::{TokenOptions, TokenScratch, Tokenizer};
use crate::action::TokenForm;
use crate::finding::TypeId;

const FORMS: [TokenForm; 6] = [
    TokenForm::OneWay,
    TokenForm::Reversible,
    TokenForm::Ip,
    TokenForm::IpPrefix,
    TokenForm::CardFf1,
    TokenForm::EmailDomain,
];

/// A ring whose secret is a fixed mixture; no real one looks different.
pub(crate) fn fixed_ring(seed: u8) -> KeyRing {
    let mut ring = KeyRing { keys: Vec::new(), epochs: None };
    let secret = Secret::new(std::array::from_fn(|i| {
        (i as u8).wrapping_mul(151) ^ seed.wrapping_mul(29) ^ (i * i) as u8
    }));
    ring.add(Kid::parse(b"a1b2"), KeyStatus::Primary, secret, Moment(0)).unwrap();
    ring
}

fn tokenizer() -> Tokenizer {
    let options = TokenOptions { email_domains: vec!["example.com".into()], ..TokenOptions::default() };
    Tokenizer::new(&fixed_ring(1), &options).unwrap()
}

fn token(tokenizer: &Tokenizer, kind: TypeId, form: TokenForm, value: impl AsRef<[u8]>) -> String {
    let mut out = Vec::new();
    tokenizer.write(kind, form, value.as_ref(), &mut TokenScratch::default(), &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn every_form_has_its_shape() {
    let t = tokenizer();
    let cases = [
        (TypeId::IPV4, TokenForm::OneWay, "192.0.2.1", "ip_ha1b2_", 29),
        (TypeId::IPV6, TokenForm::OneWay, "2001:db8::1", "ip_ha1b2_", 29),
        (TypeId::CARD, TokenForm::OneWay, "4111111111111111", "card_ha1b2_", 41),
        (TypeId::EMAIL, TokenForm::Reversible, "a@example.com", "email_ea1b2_", 12 + 47 + 4),
        (TypeId::IPV4, TokenForm::Ip, "192.0.2.1", "ip_da1b2_", 39),
        (TypeId::CARD, TokenForm::CardFf1, "4111-1111-1111-1111", "411111", 16),
        (TypeId::EMAIL, TokenForm::EmailDomain, "A@Example.com", "email_ha1b2_", 44),
        // What a form can't take.
        (TypeId::CARD, TokenForm::CardFf1, "411111111111", "card_ea1b2_", 11 + 45 + 4),
        (TypeId::CARD, TokenForm::CardFf1, "411111******1111", "card_ea1b2_", 11 + 66 + 4),
        (TypeId::IPV4, TokenForm::Ip, "300.0.2.1", "ip_ha1b2_", 29),
        (TypeId::IPV4, TokenForm::IpPrefix, "x", "ip_ha1b2_", 29),
        (TypeId::PHONE, TokenForm::Ip, "192.0.2.1", "phone_ha1b2_", 32),
        (TypeId::PHONE, TokenForm::CardFf1, "4111111111111111", "phone_ea1b2_", 12 + 52 + 4),
        (TypeId::EMAIL, TokenForm::EmailDomain, "a@mail.example.com", "email_ha1b2_", 32),
        (TypeId(TypeId::CUSTOM_FIRST + 3), TokenForm::OneWay, "x", "custom_ha1b2_", 33),
        (TypeId(127), TokenForm::Reversible, "", "custom_ea1b2_", 13 + 26 + 4),
    ];
    for (kind, form, value, prefix, length) in cases {
        let token = token(&t, kind, form, value);
        assert!(token.starts_with(prefix) && token.len() == length, "{kind:?} {form:?} {value}: {token}");
    }
    let long = "x".repeat(601);
    assert!(token(&t, TypeId::COOKIE, TokenForm::Reversible, &long).starts_with("cookie_ha1b2_"));
    assert_eq!(token(&t, TypeId::COOKIE, TokenForm::Reversible, &long[1..]).len(), 13 + 986 + 4);
    let prefix = token(&t, TypeId::IPV6, TokenForm::IpPrefix, "::ffff:192.0.2.1");
    assert!(matches!(prefix.parse(), Ok(IpAddr::V4(_))), "{prefix}");
}

#[test]
fn one_way_lengths_are_selectable() {
    for (bits, symbols) in [(64, 13), (80, 16), (96, 20), (128, 26)] {
        let options = TokenOptions { bits, card_bits: bits, ..TokenOptions::default() };
        let t = Tokenizer::new(&fixed_ring(1), &options).unwrap();
        for kind in [TypeId::IPV4, TypeId::CARD] {
            let made = token(&t, kind, TokenForm::OneWay, "192.0.2.1");
            assert_eq!(made.len(), kind.code().len() + 7 + symbols + 4);
            assert!(t.verifies(made.as_bytes()));
        }
    }
    for bits in [0, 63, 72, 256] {
        let options = TokenOptions { bits, ..TokenOptions::default() };
        assert!(Tokenizer::new(&fixed_ring(1), &options).unwrap_err().is_usage());
    }
}

#[test]
fn spellings_join_and_types_do_not() {
    let t = tokenizer();
    let ip = token(&t, TypeId::IPV4, TokenForm::OneWay, "192.0.2.1");
    assert_eq!(ip, token(&t, TypeId::IPV6, TokenForm::OneWay, "::ffff:192.0.2.1"));
    let phone = token(&t, TypeId::PHONE, TokenForm::OneWay, "+12025550143");
    let account = token(&t, TypeId::ACCOUNT_ID, TokenForm::OneWay, "+12025550143");
    assert_ne!(phone.rsplit('_').next(), account.rsplit('_').next());
    let plain = token(&t, TypeId::EMAIL, TokenForm::OneWay, "jane@example.com");
    let kept = token(&t, TypeId::EMAIL, TokenForm::EmailDomain, "Jane@EXAMPLE.com");
    assert_eq!(kept, plain + "@example.com");
}

#[test]
fn tenants_audiences_keys_and_epochs_do_not_link() {
    let make = |ring: &KeyRing, tenant: &str, audience: &str| {
        let options =
            TokenOptions { tenant: tenant.into(), audience: audience.into(), ..TokenOptions::default() };
        let t = Tokenizer::new(ring, &options).unwrap();
        FORMS.map(|form| {
            let kind = match form {
                TokenForm::CardFf1 => TypeId::CARD,
                TokenForm::EmailDomain => TypeId::EMAIL,
                _ => TypeId::IPV4,
            };
            let value = if kind == TypeId::CARD { "4111111111111111" } else { "192.0.2.1" };
            token(&t, kind, form, value)
        })
    };
    let ring = fixed_ring(1);
    let base = make(&ring, "default", "");
    assert_eq!(base, make(&ring, "default", ""), "a restart changes nothing");
    for other in [make(&ring, "b", ""), make(&ring, "default", "press"), make(&fixed_ring(2), "default", "")]
    {
        for (a, b) in base.iter().zip(&other) {
            assert_ne!(a, b);
        }
    }
}

#[test]
fn threads_and_scratches_agree() {
    let t = tokenizer();
    let values: Vec<String> = (0..500).map(|i| format!("192.0.2.{}", i % 256)).collect();
    let expected: Vec<_> = values.iter().map(|v| token(&t, TypeId::IPV4, TokenForm::OneWay, v)).collect();
    std::thread::scope(|scope| {
        for _thread in 0..4 {
            scope.spawn(|| {
                let mut scratch = TokenScratch::default();
                for (value, expected) in values.iter().zip(&expected) {
                    let mut out = b"kept ".to_vec();
                    t.write(TypeId::IPV4, TokenForm::OneWay, value.as_bytes(), &mut scratch, &mut out);
                    assert_eq!(&out[5..], expected.as_bytes());
                }
            });
        }
    });
}

#[test]
fn a_scratch_forgets_when_the_tokenizer_changes() {
    let (a, b) = (tokenizer(), Tokenizer::new(&fixed_ring(2), &TokenOptions::default()).unwrap());
    let mut scratch = TokenScratch::default();
    for form in FORMS {
        for t in [&a, &b, &a] {
            let mut out = Vec::new();
            t.write(TypeId::IPV4, form, b"192.0.2.1", &mut scratch, &mut out);
            assert_eq!(out, token(t, TypeId::IPV4, form, "192.0.2.1").as_bytes());
        }
    }
}

#[test]
fn checks_tell_tokens_from_look_alikes() {
    let t = tokenizer();
    for (kind, form) in [
        (TypeId::IPV4, TokenForm::OneWay),
        (TypeId::IPV4, TokenForm::Ip),
        (TypeId::EMAIL, TokenForm::Reversible),
        (TypeId::EMAIL, TokenForm::EmailDomain),
    ] {
        let made = token(&t, kind, form, "192.0.2.1");
        assert!(t.verifies(made.as_bytes()), "{made}");
        assert_eq!(looks_like_token(made.as_bytes()), Some(made.len()));
        let mut passed = 0;
        for at in 0..made.len() {
            for other in b"0123456789abcdefghijklmnopqrstuvw_@ \xff" {
                let mut text = made.clone().into_bytes();
                if text[at] != *other {
                    text[at] = *other;
                    passed += usize::from(t.verifies(&text));
                }
            }
            assert!(!t.verifies(&made.as_bytes()[..at]));
        }
        // 20 bits: one of a million changes may pass, and all is fixed here.
        assert_eq!(passed, 0, "{made}");
    }
    let domain = token(&t, TypeId::EMAIL, TokenForm::EmailDomain, "jane@example.com");
    assert!(domain.ends_with("@example.com") && t.verifies(domain.as_bytes()));
    assert!(!t.verifies(domain.replace("example.com", "example.org").as_bytes()));
    let plain = token(&t, TypeId::IPV4, TokenForm::OneWay, "192.0.2.1");
    assert!(!t.verifies(format!("{plain}@example.com").as_bytes()));
    // What is glued to a token is not the token's.
    let length = |text: &str| t.verified_length(text.as_bytes());
    for behind in ["", ".pdf", "-x", "/x"] {
        assert_eq!(length(&format!("{domain}{behind}")), domain.len(), "{behind}");
        assert_eq!(length(&format!("{plain}{behind}")), plain.len(), "{behind}");
    }
    let bare = domain.len() - "@example.com".len();
    assert_eq!(length(&domain.replace("example.com", "example.community")), bare);
    assert_eq!(length(&domain.replace("_h", "_e")), 0);
    for text in [&b""[..], b"x", b"ip_ha1b2_0123456789abcdefghij", b"\xff\xff"] {
        assert!(!t.verifies(text));
    }
}

#[test]
fn tokens_of_other_live_keys_and_audiences_are_known() {
    let mut ring = fixed_ring(1);
    let old = Tokenizer::new(&ring, &TokenOptions::default()).unwrap();
    let theirs = TokenOptions { audience: "press".into(), tenant: "b".into(), ..TokenOptions::default() };
    let made = token(&old, TypeId::IPV4, TokenForm::OneWay, "192.0.2.1");
    let press = token(&Tokenizer::new(&ring, &theirs).unwrap(), TypeId::IPV4, TokenForm::OneWay, "192.0.2.1");
    let kid = ring.primary().unwrap().kid();
    ring.add_random(KeyStatus::Primary, Moment(1)).unwrap();
    let new = Tokenizer::new(&ring, &TokenOptions::default()).unwrap();
    assert_ne!(new.kid(), kid);
    assert!(new.verifies(made.as_bytes()) && new.verifies(press.as_bytes()));
    ring.destroy(kid, Moment(2)).unwrap();
    let after = Tokenizer::new(&ring, &TokenOptions::default()).unwrap();
    assert!(!after.verifies(made.as_bytes()));
    let other = Tokenizer::new(&fixed_ring(2), &TokenOptions::default()).unwrap();
    assert!(!other.verifies(made.as_bytes()));
}

#[test]
fn debug_shows_no_key_and_no_value() {
    let t = tokenizer();
    let mut scratch = TokenScratch::default();
    t.write(TypeId::IPV4, TokenForm::OneWay, b"192.0.2.1", &mut scratch, &mut Vec::new());
    assert_eq!(format!("{t:?} {scratch:?}"), "Tokenizer { kid: a1b2, .. } TokenScratch(..)");
}

proptest! {
    #[test]
    fn any_value_has_one_token_that_verifies(
        value in proptest::collection::vec(any::<u8>(), 0..700),
        kind in (0u8..TypeId::COUNT as u8).prop_map(TypeId),
    ) {
        let t = tokenizer();
        let mut scratch = TokenScratch::default();
        for form in FORMS {
            let mut out = Vec::new();
            t.write(kind, form, &value, &mut scratch, &mut out);
            let first = out.clone();
            out.clear();
            t.write(kind, form, &value, &mut scratch, &mut out);
            prop_assert_eq!(&first, &out);
            prop_assert!(!first.is_empty());
            if form == TokenForm::OneWay || form == TokenForm::Reversible {
                prop_assert!(t.verifies(&first));
                prop_assert_eq!(looks_like_token(&first), Some(first.len()));
            }
        }
    }
}
