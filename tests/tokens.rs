//! Tokens in lines: no keys, no start; a second pass changes nothing; look-alikes do not pass.
#![cfg(all(feature = "token", feature = "policy-toml"))]

mod common;

use std::sync::{Arc, LazyLock};

use common::Case;
use logveil::policy::JsonNumbers;
use logveil::token::{
    KeyRing, KeyStatus, Kid, Moment, RevealKey, TokenForm, TokenOptions, TokenScratch, Tokenizer,
};
use logveil::{Action, Clean, Kernel, Policy, Scanner, Scratch, Summary, TypeId};

fn tokenizer_of(ring: &KeyRing) -> Arc<Tokenizer> {
    static KEY: LazyLock<RevealKey> = LazyLock::new(|| RevealKey::generate().unwrap());
    let options = TokenOptions {
        seal_to: Some(KEY.public().clone()),
        email_domains: ["example.com", "example.org", "mail.example.net"].map(str::to_owned).to_vec(),
        ..TokenOptions::default()
    };
    Arc::new(Tokenizer::new(ring, &options).unwrap())
}

/// Keys that are the same in every run; `RING=7 cargo test --test tokens` tries others.
fn tokenizer() -> Arc<Tokenizer> {
    let number: u32 = std::env::var("RING").map_or(0, |text| text.parse().unwrap());
    // any bytes that a ring does not call weak
    let mut state = u64::from(number) + 1;
    let secret: String = (0..4)
        .map(|_| {
            state = (state ^ state >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ state >> 32;
            format!("{state:016x}")
        })
        .collect();
    let mut ring = KeyRing::generate(Moment::now()).unwrap();
    let kid = Kid::from_number(number.wrapping_mul(0xc2b2_ae35) >> 12);
    ring.add_key(Some(kid), KeyStatus::Primary, Some(&secret), Moment::now()).unwrap();
    tokenizer_of(&ring)
}

/// All types in one form; cards and e-mail addresses in their own where it says so.
fn policy(form: &str, card: &str, email: &str) -> Policy {
    let action = |name: &str| Action::parse(name).unwrap();
    let policy = Policy::default().with_action("*", action(form)).unwrap();
    policy.with_action("card", action(card)).unwrap().with_action("email", action(email)).unwrap()
}

fn redact(scanner: &Scanner, line: &[u8], scratch: &mut Scratch) -> Vec<u8> {
    let mut out = Clean::new();
    scanner.redact(line, scratch, &mut out, &mut Summary::default());
    out.into_bytes()
}

fn token(tokenizer: &Tokenizer, kind: TypeId, form: TokenForm, value: &str) -> String {
    let mut out = Vec::new();
    tokenizer.write(kind, form, value.as_bytes(), &mut TokenScratch::default(), &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn no_keys_no_start() {
    let token = || Action::parse("token").unwrap();
    let by_type = Policy::default().with_action("email", token()).unwrap();
    let toml = |text: &str| Policy::from_toml("p.toml", text).unwrap();
    let policies = [
        by_type,
        Policy::default().with_action("*", Action::parse("token:ip-prefix").unwrap()).unwrap(),
        toml("[paths.\"user.id\"]\naction = \"token\"\n"),
        toml("[types.uuid]\naction = \"token\"\n[paths.\"user.id\"]\ntype = \"uuid\"\n"),
        toml("[types.uuid]\naction = \"token\"\n[headers.x-id]\nenabled = true\n"),
    ];
    for policy in &policies {
        assert!(policy.needs_key(), "{policy:?}");
        let error = Scanner::new(policy).err().unwrap();
        assert!(error.is_key(), "{error}");
        Scanner::with_tokenizer(policy, tokenizer()).unwrap();
    }
    // What is off needs no key: its action never happens.
    let off = Policy::default().with_action("email", token()).unwrap().skip(&["email"]).unwrap();
    assert!(!off.needs_key());
    Scanner::new(&off).unwrap();
}

#[test]
fn a_condition_makes_tokens_with_the_same_keys() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.toml"), "[types.email]\naction = \"token\"\n").unwrap();
    let path = folder.path().join("p.toml");
    std::fs::write(&path, "[[when]]\nshape = \"json\"\nuse = \"./t.toml\"\n").unwrap();
    let policy = Policy::load(path.to_str().unwrap()).unwrap();
    assert!(Scanner::new(&policy).err().unwrap().is_key());
    let scanner = Scanner::with_tokenizer(&policy, tokenizer()).unwrap();
    let out = redact(&scanner, b"{\"m\":\"ann@example.com\"}\nann@example.com\n", &mut Scratch::default());
    let out = String::from_utf8(out).unwrap();
    assert!(out.starts_with("{\"m\":\"email_h") && out.ends_with("\n[EMAIL]\n"), "{out}");
}

#[test]
fn a_second_pass_changes_nothing() {
    let tokenizer = tokenizer();
    let forms = [
        policy("token", "token", "token"),
        policy("token:reversible", "token:reversible", "token:reversible"),
        policy("token", "token:card", "token:email-domain"),
        policy("token:sealed", "token:sealed", "token:sealed"),
    ];
    let (mut scratch, mut failed) = (Scratch::default(), Vec::new());
    for (number, policy) in forms.iter().enumerate() {
        for strict in [false, true] {
            let policy = policy.clone().with_strict(strict);
            let mut scanners: Vec<(Vec<String>, Scanner)> = Vec::new();
            for case in common::cases() {
                let position =
                    scanners.iter().position(|(only, _)| *only == case.only).unwrap_or_else(|| {
                        let policy = policy.clone().also(&case.only).unwrap();
                        let scanner = Scanner::with_tokenizer(&policy, Arc::clone(&tokenizer)).unwrap();
                        scanners.push((case.only.clone(), scanner));
                        scanners.len() - 1
                    });
                second_pass(&scanners[position].1, &case, number, &mut scratch, &mut failed);
            }
        }
    }
    assert!(failed.is_empty(), "{}\n{}", failed.join("\n"), failed.len());
}

fn second_pass(scanner: &Scanner, case: &Case, form: usize, scratch: &mut Scratch, failed: &mut Vec<String>) {
    let line = case.line();
    let once = redact(scanner, &line, scratch);
    let twice = redact(scanner, &once, scratch);
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if twice != once {
        failed.push(format!(
            "{}, form {form}:\n  {}\n  {}\n  {}",
            case.name,
            shown(&line),
            shown(&once),
            shown(&twice)
        ));
    }
    for kernel in Kernel::available() {
        let by_kernel = redact(&scanner.clone().with_kernel(kernel), &line, scratch);
        assert_eq!(shown(&by_kernel), shown(&once), "{}: {kernel:?}", case.name);
    }
}

/// Under a secret key a text passes as a token only if a key says so; elsewhere the form is enough,
/// unless the policy is strict.
#[test]
fn look_alikes_do_not_pass() {
    let mut ring = KeyRing::generate(Moment::now()).unwrap();
    let old = tokenizer_of(&ring);
    ring.add_random(KeyStatus::Primary, Moment::now()).unwrap();
    let tokenizer = tokenizer_of(&ring);
    let fake = "password_h0001_0123456789abcdefghij".to_owned();
    let own = token(&tokenizer, TypeId::PASSWORD, TokenForm::OneWay, "hunter22");
    let earlier = token(&old, TypeId::EMAIL, TokenForm::EmailDomain, "ann@example.com");
    assert!(earlier.ends_with("@example.com"));
    let mut broken = own.clone().into_bytes();
    let last = broken.len() - 1;
    broken[last] = if broken[last] == b'0' { b'1' } else { b'0' };
    let broken = String::from_utf8(broken).unwrap();
    let lines = [
        "password=@",
        "{\"password\":\"@\"}",
        "Authorization: Bearer @",
        "Cookie: sid=@",
        "x --password @ y",
    ];
    let keyed = Scanner::with_tokenizer(&Policy::default(), tokenizer).unwrap();
    let keyless = Scanner::new(&Policy::default()).unwrap();
    let mut scratch = Scratch::default();
    for template in lines {
        for (value, stays_with_keys) in [(&fake, false), (&broken, false), (&own, true), (&earlier, true)] {
            let line = template.replace('@', value);
            let with = redact(&keyed, line.as_bytes(), &mut scratch);
            assert_eq!(
                with == line.as_bytes(),
                stays_with_keys,
                "{line}: {}",
                String::from_utf8_lossy(&with)
            );
            assert!(stays_with_keys || !String::from_utf8_lossy(&with).contains(value.as_str()), "{line}");
            let without = redact(&keyless, line.as_bytes(), &mut scratch);
            assert!(!String::from_utf8_lossy(&without).contains(value.as_str()), "without keys: {line}");
        }
    }
    // Under other keys the form is enough, but not in a strict policy.
    let strict = Scanner::with_tokenizer(&Policy::default().with_strict(true), old).unwrap();
    let strict_keyless = Scanner::new(&Policy::default().with_strict(true)).unwrap();
    for template in ["{\"email\":\"@\"}", "username=@", "seen @ there", "GET /?x=%3A@&y=1"] {
        for (value, verifies) in [(&fake, false), (&broken, false), (&earlier, true)] {
            let line = template.replace('@', value);
            let stays = |scanner: &Scanner, scratch: &mut Scratch| {
                redact(scanner, line.as_bytes(), scratch) == line.as_bytes()
            };
            assert!(stays(&keyless, &mut scratch), "{line}");
            assert_eq!(stays(&strict, &mut scratch), verifies, "{line}");
            assert!(!stays(&strict_keyless, &mut scratch), "{line}");
        }
    }
}

#[test]
fn numbers_in_json_become_strings_under_a_token() {
    let tokenizer = tokenizer();
    for numbers in [JsonNumbers::Quote, JsonNumbers::Null, JsonNumbers::Zero] {
        let policy = policy("token", "token:card", "token").with_json_numbers(numbers);
        let scanner = Scanner::with_tokenizer(&policy, Arc::clone(&tokenizer)).unwrap();
        let line = br#"{"password":-12.5e3,"card":4111111111111111,"n":[1,2],"pin_code":77}"#;
        let out = String::from_utf8(redact(&scanner, line, &mut Scratch::default())).unwrap();
        let tree: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert!(tree["password"].as_str().is_some_and(|text| text.starts_with("password_h")), "{out}");
        assert!(
            tree["card"].as_str().is_some_and(|text| text.starts_with("411111") && text.len() == 16),
            "{out}"
        );
        assert_eq!(tree["n"].to_string(), "[1,2]");
        assert_eq!(redact(&scanner, out.as_bytes(), &mut Scratch::default()), out.as_bytes());
    }
}

#[test]
fn a_place_leaves_tokens_alone() {
    let policy =
        Policy::from_toml("p.toml", "[paths.\"user.id\"]\ntype = \"account-id\"\naction = \"token\"\n")
            .unwrap();
    let scanner = Scanner::with_tokenizer(&policy, tokenizer()).unwrap();
    let mut scratch = Scratch::default();
    let once = redact(&scanner, br#"{"user":{"id":"u-77"}}"#, &mut scratch);
    assert!(String::from_utf8_lossy(&once).contains("accountid_h"));
    assert_eq!(redact(&scanner, &once, &mut scratch), once);
}
