//! FF1 (NIST SP 800-38G revision 1) on decimal digits, in integers.
//!
//! 6 to 56 digits: both halves and their sums stay within 128 bits, and one AES block gives every
//! round's number. Several times faster than arithmetic of any size.

use aes::Block;
use aes::cipher::consts::U16;
use aes::cipher::{BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser};

/// The fewest digits: SP 800-38G revision 1 wants a domain of a million at least.
pub(crate) const MIN_DIGITS: usize = 6;
/// The most digits that fit this arithmetic.
pub(crate) const MAX_DIGITS: usize = 56;
/// The longest tweak in bytes.
pub(crate) const MAX_TWEAK_BYTES: usize = 64;
const ROUNDS: u8 = 10;

/// Encrypts digits (each 0 to 9) in place. None if length, digits or tweak are out of range;
/// `digits` then stay as they were.
pub(crate) fn encrypt<C>(cipher: &C, tweak: &[u8], digits: &mut [u8]) -> Option<()>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    run(cipher, tweak, digits, false)
}

/// Undoes [`encrypt`].
#[cfg(test)]
pub(crate) fn decrypt<C>(cipher: &C, tweak: &[u8], digits: &mut [u8]) -> Option<()>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    run(cipher, tweak, digits, true)
}

fn run<C>(cipher: &C, tweak: &[u8], digits: &mut [u8], back: bool) -> Option<()>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    let split = Split::new(digits, tweak)?;
    let (mut a, mut b) = split.halves(digits);
    cipher.encrypt_with_backend(Feistel { split: &split, tweak, a: &mut a, b: &mut b, back });
    split.join(a, b, digits);
    Some(())
}

/// All rounds in one call of the cipher: it prepares its round keys anew for each call, which
/// costs more than a block.
struct Feistel<'f> {
    split: &'f Split,
    tweak: &'f [u8],
    a: &'f mut u128,
    b: &'f mut u128,
    back: bool,
}

impl BlockSizeUser for Feistel<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Feistel<'_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let Feistel { split, tweak, a, b, back } = self;
        let encrypt = |block: u128| {
            let mut block: Block = block.to_be_bytes().into();
            backend.encrypt_block((&mut block).into());
            u128::from_be_bytes(block.into())
        };
        let first = encrypt(split.first_block(tweak.len()));
        let mut q = split.template(tweak);
        for step in 0..ROUNDS {
            let round = if back { ROUNDS - 1 - step } else { step };
            let modulus = split.modulus(round);
            split.fill(&mut q, tweak.len(), round, if back { *a } else { *b });
            let blocks = q.as_chunks::<16>().0.iter().take(split.q_bytes(tweak.len()) / 16);
            let mac = blocks.fold(first, |state, block| encrypt(state ^ u128::from_be_bytes(*block)));
            let y = remainder(mac >> (128 - 8 * split.round_bytes as u32), modulus);
            if back {
                (*b, *a) = (*a, remainder(*b + modulus - y, modulus));
            } else {
                (*a, *b) = (*b, remainder(*a + y, modulus));
            }
        }
    }
}

/// The lengths that the standard calls u, v, n, b and d.
struct Split {
    left_digits: usize,
    right_digits: usize,
    /// Bytes of a half as a number.
    half_bytes: usize,
    /// Bytes of the round's number; at most 16.
    round_bytes: usize,
}

impl Split {
    fn new(digits: &[u8], tweak: &[u8]) -> Option<Self> {
        let formed = (MIN_DIGITS..=MAX_DIGITS).contains(&digits.len())
            && tweak.len() <= MAX_TWEAK_BYTES
            && digits.iter().all(|d| *d < 10);
        if !formed {
            return None;
        }
        let left_digits = digits.len() / 2;
        let right_digits = digits.len() - left_digits;
        // ceil(v * log2(10)) is the bit length of the greatest half: a power of ten is no power of two.
        let half_bytes = ((128 - power(right_digits).leading_zeros()) as usize).div_ceil(8);
        let round_bytes = 4 * half_bytes.div_ceil(4) + 4;
        Some(Self { left_digits, right_digits, half_bytes, round_bytes })
    }

    fn modulus(&self, round: u8) -> u128 {
        power(if round.is_multiple_of(2) { self.left_digits } else { self.right_digits })
    }

    fn halves(&self, digits: &[u8]) -> (u128, u128) {
        let number = |part: &[u8]| part.iter().fold(0u128, |n, d| n * 10 + u128::from(*d));
        let (left, right) = digits.split_at_checked(self.left_digits).unwrap_or_default();
        (number(left), number(right))
    }

    fn join(&self, a: u128, b: u128, digits: &mut [u8]) {
        let write = |part: &mut [u8], mut number: u128| {
            for digit in part.iter_mut().rev() {
                let rest = remainder(number, 10);
                *digit = rest as u8;
                number = quotient(number - rest, 10);
            }
        };
        if let Some((left, right)) = digits.split_at_mut_checked(self.left_digits) {
            write(left, a);
            write(right, b);
        }
    }

    /// P, which is the same for all rounds.
    fn first_block(&self, tweak_bytes: usize) -> u128 {
        let n = (self.left_digits + self.right_digits) as u128;
        // 1, 2, 1, radix on three bytes, 10 rounds, u mod 256, n and t on four bytes each.
        let head = 0x0102_0100_000a_0a00_u128 | self.left_digits as u128;
        head << 64 | n << 32 | tweak_bytes as u128
    }

    /// The length of Q: tweak, zeros to a whole number of blocks, round, half.
    fn q_bytes(&self, tweak_bytes: usize) -> usize {
        (tweak_bytes + 1 + self.half_bytes).next_multiple_of(16)
    }

    /// Q without round and half.
    fn template(&self, tweak: &[u8]) -> [u8; MAX_TWEAK_BYTES + 32] {
        let mut q = [0u8; MAX_TWEAK_BYTES + 32];
        for (to, from) in q.iter_mut().zip(tweak) {
            *to = *from;
        }
        q
    }

    /// Puts round and half into Q.
    fn fill(&self, q: &mut [u8], tweak_bytes: usize, round: u8, half: u128) {
        let end = self.q_bytes(tweak_bytes);
        let bytes = half.to_be_bytes();
        let half = bytes.get(16 - self.half_bytes..).unwrap_or_default();
        let Some(place) = q.get_mut(end - self.half_bytes - 1..end) else { return };
        if let Some((to_round, to_half)) = place.split_first_mut() {
            *to_round = round;
            to_half.copy_from_slice(half);
        }
    }
}

/// `number % divisor`; halves of cards fit 64 bits, whose division is several times faster.
fn remainder(number: u128, divisor: u128) -> u128 {
    match (u64::try_from(number), u64::try_from(divisor)) {
        (Ok(number), Ok(divisor)) => u128::from(number % divisor),
        _ => number % divisor,
    }
}

fn quotient(number: u128, divisor: u128) -> u128 {
    match (u64::try_from(number), u64::try_from(divisor)) {
        (Ok(number), Ok(divisor)) => u128::from(number / divisor),
        _ => number / divisor,
    }
}

/// 10 to the `exponent`, which is at most 28.
fn power(exponent: usize) -> u128 {
    10u128.pow(exponent.min(28) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes::Aes256;
    use aes::cipher::KeyInit;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_the_standard_refuses() {
        let cipher = Aes256::new(&[7; 32].into());
        for digits in [&[][..], &[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5, 10], &[0; 57]] {
            let mut given = digits.to_vec();
            assert_eq!(encrypt(&cipher, b"", &mut given), None);
            assert_eq!(given, digits);
        }
        assert_eq!(encrypt(&cipher, &[0; 65], &mut [0; 6]), None);
    }

    proptest! {
        #[test]
        fn round_trip(
            digits in proptest::collection::vec(0u8..10, MIN_DIGITS..=MAX_DIGITS),
            tweak in proptest::collection::vec(any::<u8>(), 0..=MAX_TWEAK_BYTES),
            key in any::<[u8; 32]>(),
        ) {
            let cipher = Aes256::new(&key.into());
            let mut there = digits.clone();
            prop_assert!(encrypt(&cipher, &tweak, &mut there).is_some());
            prop_assert!(there.iter().all(|d| *d < 10));
            prop_assert!(decrypt(&cipher, &tweak, &mut there).is_some());
            prop_assert_eq!(there, digits);
        }
    }
}
