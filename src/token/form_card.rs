//! Cards as digits: the issuer's six digits stay, the middle is FF1, the check digit is one too high.
//!
//! A check digit that is never the right one (ISO/IEC 7812-1 annex B, plus one) means that the
//! result is no card number that could exist, and that no detector takes it for one again.

use aes::Aes256;
use aes::cipher::KeyInit;
use zeroize::Zeroizing;

use super::ff1;

/// Digits of the issuer that are kept; PCI DSS 4.0 requirement 3.4.1 allows six.
const ISSUER_DIGITS: usize = 6;
/// The longest card number (ISO/IEC 7812-1).
const MAX_CARD_DIGITS: usize = 19;

/// UnionPay's numbers need no check digit.
const UNCHECKED_ISSUER: &[u8] = b"62";

/// FF1 over the middle of card numbers.
pub(crate) struct CardCipher(Aes256);

impl CardCipher {
    pub(crate) fn new(key: &Zeroizing<[u8; 32]>) -> Self {
        Self(Aes256::new(&(**key).into()))
    }

    /// Appends the digits that stand for a card. False, and nothing appended, if the number has
    /// fewer than 13 digits (the middle would be under a million), more than 19, or other bytes;
    /// or if its issuer's numbers may lack the check digit, so that any digits are such a number.
    pub(crate) fn seal(&self, card: &[u8], out: &mut Vec<u8>) -> bool {
        let Some((issuer, rest)) = card.split_at_checked(ISSUER_DIGITS) else { return false };
        let Some((_check, middle)) = rest.split_last() else { return false };
        if card.len() > MAX_CARD_DIGITS
            || issuer.starts_with(UNCHECKED_ISSUER)
            || !card.iter().all(u8::is_ascii_digit)
        {
            return false;
        }
        let mut digits = [0u8; MAX_CARD_DIGITS];
        let Some(digits) = digits.get_mut(..middle.len()) else { return false };
        for (to, from) in digits.iter_mut().zip(middle) {
            *to = from - b'0';
        }
        // Issuer and length as tweak: equal middles of other issuers look different.
        let mut tweak = [0u8; ISSUER_DIGITS + 1];
        for (to, from) in tweak.iter_mut().zip(issuer.iter().chain([&(card.len() as u8)])) {
            *to = *from;
        }
        if ff1::encrypt(&self.0, &tweak, digits).is_none() {
            return false;
        }
        let start = out.len();
        out.extend_from_slice(issuer);
        out.extend(digits.iter().map(|d| d + b'0'));
        let check = luhn_check_digit(out.get(start..).unwrap_or_default());
        out.push(b'0' + (check + 1) % 10);
        true
    }
}

/// The digit that would make `digits` and it a Luhn number.
fn luhn_check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().rev().enumerate().fold(0, |sum, (place, digit)| {
        let digit = u32::from(digit.wrapping_sub(b'0'));
        sum + if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
    });
    ((10 - sum % 10) % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cipher() -> CardCipher {
        CardCipher::new(&Zeroizing::new([3; 32]))
    }

    fn luhn(number: &[u8]) -> bool {
        let (check, body) = number.split_last().unwrap();
        luhn_check_digit(body) == check - b'0'
    }

    #[test]
    fn check_digits() {
        for number in ["4111111111111111", "5555555555554444", "378282246310005", "4222222222222"] {
            assert!(luhn(number.as_bytes()), "{number}");
        }
        assert!(!luhn(b"4111111111111112"));
    }

    #[test]
    fn small_domains_and_other_bytes_are_refused() {
        for card in [
            "",
            "4",
            "411111",
            "411111111111",
            "41111111111111111111",
            "4111-1111-1111-11",
            "é11111111111",
            "6222123456789012341",
        ] {
            let mut out = b"x".to_vec();
            assert!(!cipher().seal(card.as_bytes(), &mut out), "{card}");
            assert_eq!(out, b"x");
        }
    }

    proptest! {
        #[test]
        fn keeps_issuer_and_length_and_is_never_valid(card in "([0-57-9][0-9]|6[013-9])[0-9]{11,17}") {
            let mut out = Vec::new();
            prop_assert!(cipher().seal(card.as_bytes(), &mut out));
            prop_assert_eq!(&out[..6], &card.as_bytes()[..6]);
            prop_assert_eq!(out.len(), card.len());
            prop_assert!(!luhn(&out));
            let mut middle: Vec<u8> = out[6..out.len() - 1].iter().map(|d| d - b'0').collect();
            let tweak: Vec<u8> = card.bytes().take(6).chain([card.len() as u8]).collect();
            prop_assert!(ff1::decrypt(&cipher().0, &tweak, &mut middle).is_some());
            let middle: Vec<u8> = middle.iter().map(|d| d + b'0').collect();
            prop_assert_eq!(&middle, &card.as_bytes()[6..card.len() - 1]);
        }
    }
}
