//! Wallet addresses: Bitcoin and its relatives (Base58Check, Bech32), Ethereum (EIP-55), others under a key.

use sha3::{Digest, Keccak256};

use crate::check::words::Words;
use crate::check::{base58, bech32, bytes};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::WALLET;

/// Version bytes of Base58Check addresses: the chain and the first symbols that they come to.
const VERSIONS: [u8; 11] = [
    0x00, // Bitcoin, pay to key hash: 1
    0x05, // Bitcoin, pay to script hash: 3
    0x30, // Litecoin: L
    0x32, // Litecoin: M
    0x1e, // Dogecoin: D
    0x16, // Dogecoin: 9, A
    0x4c, // Dash: X
    0x10, // Dash: 7
    0x41, // Tron: T
    0x6f, // Bitcoin testnet: m, n
    0xc4, // Bitcoin testnet: 2
];

/// Prefixes of Bech32 witness addresses: Bitcoin, its test and regression networks, Litecoin.
const PREFIXES: [&[u8]; 4] = [b"bc1", b"tb1", b"bcrt1", b"ltc1"];

/// The address whose first symbol stands at `at`, alone, with a right checksum; an Ethereum address
/// only in the mixed case that carries one (EIP-55).
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    let first = *text.get(at)?;
    let before = at.checked_sub(1).and_then(|place| text.get(place)).copied().unwrap_or(b' ');
    // most long words end before the shortest address does
    let is_long = text.get(at + MIN_SYMBOLS - 1).is_some_and(u8::is_ascii_alphanumeric);
    if !is_long || !may_start(first) || before.is_ascii_alphanumeric() || before == b'_' {
        return None;
    }
    // a digest in hex: of 26 base58 symbols of an address none is all hex
    let head = text.get(at..at + MIN_SYMBOLS)?;
    if first == b'0' && head[1] != b'x' || !bytes::any(head, bytes::has_no_hex) {
        return None;
    }
    // zero opens only `0x…`, and no other address has one (but those in lower case, Bech32)
    let is_base58 = || head.iter().all(|byte| base58::is_symbol(*byte));
    if first != b'0' && !is_base58() && !PREFIXES.iter().any(|prefix| is_prefix(head, prefix)) {
        return None;
    }
    let word = word_at(text, at)?;
    let (evidence, confidence) =
        if first == b'0' { (ethereum(word, !is_paid(text, at))?, 97) } else { (bitcoin(word)?, 98) };
    let end = at + word.len();
    Some(Match { start: at, end, kind: TypeId::WALLET, rule: WALLET, confidence, evidence })
}

/// Whether the word before an address says that something is paid, which one of one case needs to be found.
fn is_paid(text: &[u8], at: usize) -> bool {
    static WORDS: Words<14> = Words::new([
        b"to",
        b"from",
        b"address",
        b"addr",
        b"wallet",
        b"account",
        b"sender",
        b"recipient",
        b"owner",
        b"holder",
        b"beneficiary",
        b"payer",
        b"payee",
        b"destination",
    ]);
    let head = text.get(at.saturating_sub(24)..at).unwrap_or_default();
    let signs =
        head.iter().rev().take(4).take_while(|b| matches!(b, b' ' | b'=' | b':' | b'"' | b'\'')).count();
    let head = &head[..head.len() - signs];
    let letters = head.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    signs > 0 && WORDS.contains(&head[head.len() - letters..])
}

/// The address in a value under a wallet key: any of [`at`], behind a URI scheme such as `bitcoin:`
/// too, and Ethereum addresses of one case.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let blank = value.len() - value.trim_ascii_start().len();
    let scheme =
        value.iter().take(blank + 12).position(|byte| *byte == b':').map_or(blank, |colon| colon + 1);
    let word = word_up_to(value, scheme, MAX_SYMBOLS)?;
    let evidence = bitcoin(word).or_else(|| ethereum(word, false)).or_else(|| other_chain(word))?;
    let evidence = evidence.and(Evidence::KEY);
    let confidence = if evidence.has(Evidence::CHECKSUM) { 98 } else { 88 };
    let end = scheme + word.len();
    Some(Match { start: scheme, end, kind: TypeId::WALLET, rule: WALLET, confidence, evidence })
}

/// First symbols of the addresses that are found without a key.
#[inline(always)]
pub(crate) fn may_start(byte: u8) -> bool {
    static FIRST: [bool; 256] = bytes::table(b"012379ABDLMTXblmnt");
    FIRST[usize::from(byte)]
}

/// Symbols of the shortest address.
const MIN_SYMBOLS: usize = 26;

/// Symbols of the longest address: an integrated one of Monero.
const MAX_SYMBOLS: usize = 106;

/// The letters and digits from `start` on, 26 to 90 of them, with nothing glued behind.
fn word_at(text: &[u8], start: usize) -> Option<&[u8]> {
    word_up_to(text, start, 90)
}

fn word_up_to(text: &[u8], start: usize, most: usize) -> Option<&[u8]> {
    let rest = text.get(start..)?;
    let length = rest.iter().take(most + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let glued = matches!(rest.get(length), Some(b'_' | b'+' | b'/'))
        && rest.get(length + 1).is_some_and(u8::is_ascii_alphanumeric);
    if !(MIN_SYMBOLS..=most).contains(&length) || glued {
        return None;
    }
    rest.get(..length)
}

fn bitcoin(word: &[u8]) -> Option<Evidence> {
    let witness = PREFIXES.iter().any(|prefix| is_prefix(word, prefix));
    let found = if witness {
        bech32::is_witness_address(word)
    } else {
        word.len() <= 35
            && word.iter().all(|byte| base58::is_symbol(*byte))
            && base58::version(word).is_some_and(|version| VERSIONS.contains(&version))
    };
    found.then_some(Evidence::SHAPE.and(Evidence::CHECKSUM))
}

/// Addresses of chains whose check is not computed here: base58 of Monero (95 or 106 symbols from 4 or 8 on), Solana,
/// Polkadot and Ripple (25 to 48, mixed), bech32 of Cardano and Cosmos (`addr1…`, `cosmos1…`).
fn other_chain(word: &[u8]) -> Option<Evidence> {
    let is_mixed = [u8::is_ascii_digit, u8::is_ascii_lowercase, u8::is_ascii_uppercase]
        .iter()
        .all(|is| word.iter().any(is));
    let is_base58 = is_mixed && word.iter().all(|byte| base58::is_symbol(*byte));
    let is_monero = matches!(word.len(), 95 | 106) && matches!(word[0], b'4' | b'8');
    let is_witness =
        [&b"addr1"[..], b"stake1", b"cosmos1", b"osmo1"].iter().any(|head| word.starts_with(head))
            && word.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    (is_base58 && ((32..=48).contains(&word.len()) || is_monero || word[0] == b'r') || is_witness)
        .then_some(Evidence::SHAPE)
}

fn is_prefix(word: &[u8], prefix: &[u8]) -> bool {
    word.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// `0x` and 40 hex digits; letters of both cases must follow EIP-55, letters of one case carry no
/// check and pass only if `strict` is false. The zero address names nobody.
fn ethereum(word: &[u8], strict: bool) -> Option<Evidence> {
    let digits = word.strip_prefix(b"0x").filter(|digits| digits.len() == 40)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) || digits.iter().all(|byte| Some(byte) == digits.first()) {
        return None;
    }
    let mixed = digits.iter().any(u8::is_ascii_lowercase) && digits.iter().any(u8::is_ascii_uppercase);
    if !mixed {
        return (!strict).then_some(Evidence::SHAPE);
    }
    let mut lower = [0u8; 40];
    for (slot, digit) in lower.iter_mut().zip(digits) {
        *slot = digit.to_ascii_lowercase();
    }
    let hash = Keccak256::digest(lower);
    let right = digits.iter().enumerate().all(|(place, digit)| {
        let byte = hash.get(place / 2).copied().unwrap_or(0);
        let nibble = if place % 2 == 0 { byte >> 4 } else { byte & 15 };
        !digit.is_ascii_alphabetic() || digit.is_ascii_uppercase() == (nibble >= 8)
    });
    right.then_some(Evidence::SHAPE.and(Evidence::CHECKSUM))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(found: Option<Match>) -> Option<(usize, usize)> {
        found.map(|m| (m.start, m.end))
    }

    const CHECKED: [&str; 6] = [
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ];

    #[test]
    fn addresses_with_checksums() {
        for address in CHECKED {
            for (before, after) in
                [("", ""), ("to ", " ok"), ("\"", "\""), ("/", "/"), ("\n", "\n"), ("", ".")]
            {
                let text = format!("{before}{address}{after}");
                let expected = Some((before.len(), before.len() + address.len()));
                assert_eq!(span(at(text.as_bytes(), before.len())), expected, "{text:?}");
            }
            for (before, after) in [("x", ""), ("", "x"), ("_", ""), ("", "/x")] {
                let text = format!("{before}{address}{after}");
                assert_eq!(span(at(text.as_bytes(), before.len())), None, "{text:?}");
            }
        }
    }

    #[test]
    fn look_alikes_stay() {
        for text in [
            "",
            "1",
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0x0000000000000000000000000000000000000000",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed00",
            "000000000000000000000000000000",
        ] {
            assert_eq!(span(at(text.as_bytes(), 0)), None, "{text}");
        }
        assert_eq!(span(at(b"1\xff", 0)), None);
        assert_eq!(span(at(b"1", 7)), None);
    }

    #[test]
    fn under_a_key() {
        for (value, expected) in [
            ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", Some((0, 42))),
            ("bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=1", Some((8, 42))),
            (" 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", Some((1, 35))),
            ("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", None),
            ("0x0", None),
            ("", None),
            ("null", None),
        ] {
            assert_eq!(span(keyed(value.as_bytes())), expected, "{value:?}");
        }
        assert_eq!(span(keyed(b"\xff:\xff")), None);
    }
}
