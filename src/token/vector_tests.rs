//! Public test vectors of every primitive (tests/data/vectors, sources there): each applicable one
//! passes, each that must be refused is refused.

use std::net::IpAddr;

use aes::cipher::{BlockCipherEncrypt, BlockSizeUser, consts::U16};
use aes::{Aes128, Aes192, Aes256};
use aes_siv::KeyInit;
use aes_siv::siv::{Aes128Siv, Aes256Siv};
use data_encoding::HEXLOWER;
use fpe::ff1::{FF1, FlexibleNumeralString};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;
use siphasher::sip::SipHasher24;
use zeroize::Zeroizing;

use super::canonical;
use super::ff1;
use super::form_ip::{IpCipher, PrefixCipher};
use super::form_siv::SivCipher;
use super::mac::HmacKey;

fn read(name: &str) -> Value {
    let path = format!("{}/tests/data/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
fn group(name: &str) -> Vec<Value> {
    read("vectors.json")["groups"][name]["tests"].as_array().unwrap().clone()
}
/// All tests of a Wycheproof file, each with its group's `keySize`.
fn wycheproof(name: &str) -> Vec<(Value, Value)> {
    let file = read(name);
    let groups = file["testGroups"].as_array().unwrap().iter();
    let tests = |g: &Value| g["tests"].as_array().unwrap().clone();
    groups.flat_map(|g| tests(g).into_iter().map(|t| (g["keySize"].clone(), t))).collect()
}
fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}
fn bytes(value: &Value, name: &str) -> Vec<u8> {
    HEXLOWER.decode(text(value, name).as_bytes()).unwrap()
}
fn digits(text: &str) -> Vec<u8> {
    text.bytes().map(|b| b.wrapping_sub(b'0')).collect()
}

/// Our FF1 with a key of any size; None if it is refused.
fn ff1_encrypt(key: &[u8], tweak: &[u8], plain: &str) -> Option<Vec<u8>> {
    let mut out = digits(plain);
    match key.len() {
        16 => ff1_both(&Aes128::new_from_slice(key).unwrap(), tweak, &mut out)?,
        24 => ff1_both(&Aes192::new_from_slice(key).unwrap(), tweak, &mut out)?,
        32 => ff1_both(&Aes256::new_from_slice(key).unwrap(), tweak, &mut out)?,
        _ => return None,
    }
    Some(out)
}
fn ff1_both<C>(cipher: &C, tweak: &[u8], digits: &mut [u8]) -> Option<()>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    let plain = digits.to_vec();
    ff1::encrypt(cipher, tweak, digits)?;
    let mut back = digits.to_vec();
    ff1::decrypt(cipher, tweak, &mut back)?;
    assert_eq!(back, plain);
    Some(())
}

#[test]
fn ff1_nist() {
    let mut ran = 0;
    for t in group("ff1_nist_samples").iter().filter(|t| t["radix"] == 10) {
        let out = ff1_encrypt(&bytes(t, "key"), &bytes(t, "tweak"), text(t, "pt"));
        assert_eq!(out, Some(digits(text(t, "ct"))), "{t}");
        ran += 1;
    }
    assert_eq!(ran, 6);
}

#[test]
fn ff1_domain_rule() {
    for t in group("ff1_must_refuse").iter().filter(|t| t["radix"] == 10) {
        assert_eq!(ff1_encrypt(&[5; 32], b"", text(t, "pt")), None, "{t}");
    }
}

#[test]
fn ff1_wycheproof() {
    let (mut passed, mut refused, mut beyond) = (0, 0, 0);
    for (_, t) in wycheproof("aes_ff1_base10_test.json") {
        let out = ff1_encrypt(&bytes(&t, "key"), &bytes(&t, "tweak"), text(&t, "msg"));
        let length = text(&t, "msg").len();
        if t["result"] == "invalid" || length < ff1::MIN_DIGITS {
            assert_eq!(out, None, "{t}");
            refused += 1;
        } else if length > ff1::MAX_DIGITS {
            // No card is as long; more would need more than 128 bits.
            assert_eq!(out, None, "{t}");
            beyond += 1;
        } else {
            assert_eq!(out, Some(digits(text(&t, "ct"))), "{t}");
            passed += 1;
        }
    }
    assert_eq!((passed, refused, beyond), (3258, 545, 42));
}

#[test]
fn ff1_agrees_with_the_fpe_crate() {
    let key: [u8; 32] = std::array::from_fn(|i| i as u8 * 3 + 17);
    let oracle = FF1::<Aes256>::new(&key, 10).unwrap();
    let ours = Aes256::new(&key.into());
    for length in ff1::MIN_DIGITS..=ff1::MAX_DIGITS {
        let plain: Vec<u8> = (0..length).map(|i| (i * i + length) as u8 % 10).collect();
        let tweak: Vec<u8> = (0..length % 20).map(|i| i as u8 * 11).collect();
        let numerals = FlexibleNumeralString::from(plain.iter().map(|d| u16::from(*d)).collect::<Vec<_>>());
        let theirs: Vec<u16> = oracle.encrypt(&tweak, &numerals).unwrap().into();
        let mut out = plain.clone();
        ff1::encrypt(&ours, &tweak, &mut out).unwrap();
        assert_eq!(out.iter().map(|d| u16::from(*d)).collect::<Vec<_>>(), theirs, "{length} digits");
    }
}

/// Encrypts (or refuses) with a key of 256 or 512 bits, as RFC 5297 counts them.
fn siv_open(key: &[u8], ad: &[Vec<u8>], sealed: &[u8]) -> Option<Vec<u8>> {
    match key.len() {
        32 => Aes128Siv::new_from_slice(key).unwrap().decrypt(ad, sealed).ok(),
        _ => Aes256Siv::new_from_slice(key).unwrap().decrypt(ad, sealed).ok(),
    }
}
fn siv_seal(key: &[u8], ad: &[Vec<u8>], plain: &[u8]) -> Vec<u8> {
    match key.len() {
        32 => Aes128Siv::new_from_slice(key).unwrap().encrypt(ad, plain).unwrap(),
        _ => Aes256Siv::new_from_slice(key).unwrap().encrypt(ad, plain).unwrap(),
    }
}

#[test]
fn siv_rfc5297() {
    for t in group("aes_siv_rfc5297") {
        let ad = t["ad"].as_array().unwrap();
        let ad: Vec<_> =
            ad.iter().map(|a| HEXLOWER.decode(a.as_str().unwrap().as_bytes()).unwrap()).collect();
        let (key, plain, sealed) = (bytes(&t, "key"), bytes(&t, "plaintext"), bytes(&t, "ciphertext"));
        assert_eq!(siv_seal(&key, &ad, &plain), sealed, "{t}");
        assert_eq!(siv_open(&key, &ad, &sealed), Some(plain), "{t}");
    }
}

#[test]
fn siv_wycheproof() {
    let (mut passed, mut refused, mut ours) = (0, 0, 0);
    for (key_bits, t) in wycheproof("aes_siv_cmac_test.json") {
        // AES-192 halves are no mode of ours.
        if key_bits == 384 {
            continue;
        }
        let (key, ad, plain, sealed) =
            (bytes(&t, "key"), vec![bytes(&t, "aad")], bytes(&t, "msg"), bytes(&t, "ct"));
        let valid = t["result"] == "valid";
        assert_eq!(siv_open(&key, &ad, &sealed), valid.then(|| plain.clone()), "{t}");
        if let Ok(key) = <[u8; 64]>::try_from(key.as_slice()) {
            let mut cipher = SivCipher::new(&Zeroizing::new(key));
            let opened = cipher.open(&ad[0], &sealed).map(|p| p.to_vec());
            assert_eq!(opened, valid.then(|| plain.clone()), "{t}");
            let mut made = plain.clone();
            assert!(cipher.seal(&ad[0], &mut made));
            assert_eq!(made == sealed, valid, "{t}");
            ours += 1;
        }
        if valid { passed += 1 } else { refused += 1 }
    }
    assert_eq!((passed, refused, ours), (79, 216, 147));
}

#[test]
fn hmac_vectors() {
    let (mut fast, mut crate_only, mut refused) = (0, 0, 0);
    let rfc = group("hmac_sha256_rfc4231").into_iter().map(|mut t| {
        (t["msg"], t["tag"], t["result"]) = (t["data"].take(), t["mac"].take(), "valid".into());
        (Value::Null, t)
    });
    for (_, t) in wycheproof("hmac_sha256_test.json").into_iter().chain(rfc) {
        let (key, message, tag) = (bytes(&t, "key"), bytes(&t, "msg"), bytes(&t, "tag"));
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(&message);
        let valid = t["result"] == "valid";
        assert_eq!(mac.finalize().into_bytes()[..tag.len()] == tag, valid, "{t}");
        match <[u8; 32]>::try_from(key) {
            Ok(key) => {
                assert_eq!(HmacKey::new(&key).mac(&message)[..tag.len()] == tag, valid, "{t}");
                fast += 1;
            }
            Err(_) => crate_only += 1,
        }
        refused += usize::from(!valid);
    }
    assert_eq!((fast, crate_only, refused), (162, 19, 108));
}

#[test]
fn hkdf_rfc5869() {
    for t in group("hkdf_sha256_rfc5869") {
        let (salt, ikm) = (bytes(&t, "salt"), bytes(&t, "ikm"));
        let (prk, hkdf) = hkdf::Hkdf::<Sha256>::extract(Some(&salt), &ikm);
        assert_eq!(prk.to_vec(), bytes(&t, "prk"));
        let mut okm = vec![0; t["len"].as_u64().unwrap() as usize];
        hkdf.expand(&bytes(&t, "info"), &mut okm).unwrap();
        assert_eq!(okm, bytes(&t, "okm"), "{t}");
    }
}

#[test]
fn siphash_wycheproof() {
    let tests = group("siphash_2_4_wycheproof");
    for t in &tests {
        let key: [u8; 16] = bytes(t, "key").try_into().unwrap();
        let hash = SipHasher24::new_with_key(&key).hash(&bytes(t, "data"));
        assert_eq!(hash.to_le_bytes().to_vec(), bytes(t, "tag_le"), "{t}");
    }
    assert_eq!(tests.len(), 20);
}

#[test]
fn ipcrypt_draft() {
    let (mut deterministic, mut prefix) = (0, 0);
    for t in group("ipcrypt_draft") {
        let key = bytes(&t, "key");
        let ip: IpAddr = text(&t, "ip").parse().unwrap();
        let made = match text(&t, "variant") {
            "ipcrypt-deterministic" => {
                let cipher = IpCipher::new(&Zeroizing::new(key.try_into().unwrap()));
                assert_eq!(cipher.open(cipher.seal(ip)), ip.to_canonical());
                deterministic += 1;
                IpAddr::from(cipher.seal(ip))
            }
            "ipcrypt-pfx" => {
                prefix += 1;
                PrefixCipher::new(&Zeroizing::new(key.try_into().unwrap())).unwrap().seal(ip)
            }
            // Forms with random tweaks are no tokens.
            _ => continue,
        };
        assert_eq!(made, text(&t, "encrypted_ip").parse::<IpAddr>().unwrap(), "{t}");
    }
    assert!(deterministic >= 3 && prefix >= 16, "{deterministic} {prefix}");
}

#[test]
fn ipcrypt_traps() {
    for t in group("ipcrypt_interop_traps") {
        let key = bytes(&t, "key");
        let Some(ip) = t["ip"].as_str() else {
            assert!(PrefixCipher::new(&Zeroizing::new(key.try_into().unwrap())).is_none(), "{t}");
            continue;
        };
        let ip = canonical::address(ip.as_bytes()).unwrap();
        let made = if let Ok(key) = <[u8; 16]>::try_from(key.as_slice()) {
            IpAddr::from(IpCipher::new(&Zeroizing::new(key)).seal(ip))
        } else {
            PrefixCipher::new(&Zeroizing::new(key.try_into().unwrap())).unwrap().seal(ip)
        };
        assert_eq!(made, text(&t, "expected_by_draft").parse::<IpAddr>().unwrap(), "{t}");
    }
}
