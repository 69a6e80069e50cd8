//! Kernels: the only `unsafe` of the library. Scalar is the specification, the others must agree.
//!
//! A kernel turns 64 bytes into one 64-bit map for each bit of a byte. The rest of the engine makes
//! classes of bytes and shapes of them, with shifts and ands on blocks of those maps, and is the same
//! for every kernel.

#![cfg_attr(emulate_avx512, allow(unused_unsafe, reason = "what stands for instructions is safe"))]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod block;
mod dotted;
#[cfg(all(target_arch = "x86_64", emulate_avx512))]
mod emulated;
#[cfg(target_arch = "aarch64")]
mod neon;
mod scalar;
mod windows;
mod words;

use std::fmt;

use block::Maps;
pub(crate) use block::{Bits, Mask, WORDS};
pub(crate) use dotted::{BATCH, Dotted};
pub(crate) use windows::{WIDTH, Windows};
pub(crate) use words::{Look, LookBack, Memory, ROOM, Strip, Words};

/// What takes the bits of consecutive blocks.
pub(crate) trait BlockSink {
    /// The bits to fill.
    fn bits(&mut self) -> &mut Bits;
    /// Takes a block that starts at byte `base`, whose first `words` words are in the bits; behind
    /// them they are empty up to a whole number of `W`. Works on it with `W`.
    fn block<W: Words>(&mut self, proof: W::Proof, base: usize, words: usize);
}

/// Which instruction set classifies bytes. A value is the proof that this CPU has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Kernel(Isa);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Isa {
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Kernel {
    /// The portable kernel, the specification of the others.
    pub const SCALAR: Kernel = Kernel(Isa::Scalar);

    /// The kernels that this CPU can run, slowest first.
    pub fn available() -> Vec<Kernel> {
        let mut kernels = vec![Kernel::SCALAR];
        #[cfg(target_arch = "x86_64")]
        {
            if avx2::is_available() {
                kernels.push(Kernel(Isa::Avx2));
            }
            if avx512::is_available() {
                kernels.push(Kernel(Isa::Avx512));
            }
        }
        #[cfg(target_arch = "aarch64")]
        kernels.push(Kernel(Isa::Neon));
        kernels
    }
    /// The fastest kernel of this CPU.
    pub fn best() -> Kernel {
        Self::available().pop().unwrap_or(Kernel::SCALAR)
    }
    /// The kernel of that name if this CPU has it: `scalar`, `avx2`, `avx512`, `neon`.
    pub fn from_name(name: &str) -> Option<Kernel> {
        Self::available().into_iter().find(|k| k.name() == name)
    }
    /// The kernel's name.
    pub fn name(self) -> &'static str {
        match self.0 {
            Isa::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => "avx512",
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => "neon",
        }
    }
    /// Feeds the bits of every 64-byte word of `text` to `sink`; the last word is padded with NUL.
    pub(crate) fn feed<S: BlockSink>(self, text: &[u8], sink: &mut S) {
        match self.0 {
            Isa::Scalar => scalar::feed(text, sink),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the only constructor of this variant is `available`, which asked the CPU.
            Isa::Avx2 => unsafe { avx2::feed(text, sink) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the only constructor of this variant is `available`, which asked the CPU.
            Isa::Avx512 => unsafe { avx512::feed(text, sink) },
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => neon::feed(text, sink),
        }
    }
}

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The 64 bytes of a word.
type Window = [u8; 64];

/// Asks for the text some blocks ahead: they are read in bursts with other work between, which the CPU does
/// not foresee across pages. Waiting for memory was an eighth of the time of the classifier.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn fetch_ahead(window: &Window) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    const AHEAD: usize = 3 << 10;
    // SAFETY: no byte is read, and an address outside the text is none too many to ask for.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(window.as_ptr().wrapping_add(AHEAD).cast()) };
}

/// Turns `text` to bits with `turn`, 64 bytes at a time, and hands it to `sink` in blocks; the last, ragged
/// word is padded with NUL by `turn_end`, which gets the text and where the word starts.
#[inline(always)]
fn feed_blocks<S: BlockSink, W: Words>(
    proof: W::Proof,
    text: &[u8],
    sink: &mut S,
    turn: impl Fn(&Window, &mut Maps),
    turn_end: impl Fn(&[u8], usize, &mut Maps),
) {
    let mut base = 0;
    while base < text.len() {
        let words = (text.len() - base).div_ceil(64).min(WORDS);
        let bits = sink.bits();
        let (windows, ragged) = text[base..].as_chunks::<64>();
        for (i, window) in windows.iter().take(WORDS).enumerate() {
            turn(window, bits.word(i));
        }
        if windows.len() < WORDS {
            if !ragged.is_empty() {
                turn_end(text, base + windows.len() * 64, bits.word(windows.len()));
            }
            bits.clear_words(words, words.next_multiple_of(W::COUNT));
        }
        sink.block::<W>(proof, base, words);
        base += WORDS * 64;
    }
}

/// The window of the ragged word at the end of the text, which starts at `start`.
fn padded(text: &[u8], start: usize) -> Window {
    let mut window = [0u8; 64];
    let inside = &text[start..];
    window[..inside.len()].copy_from_slice(inside);
    window
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct All {
        bits: Bits,
        seen: Vec<Maps>,
    }
    impl BlockSink for All {
        fn bits(&mut self) -> &mut Bits {
            &mut self.bits
        }
        fn block<W: Words>(&mut self, proof: W::Proof, base: usize, words: usize) {
            assert_eq!(base, self.seen.len() * 64);
            for part in 0..words.div_ceil(W::COUNT) {
                let mut masks = [Mask::default(); 8];
                for (map, mask) in W::maps(proof, &self.bits, part).into_iter().zip(&mut masks) {
                    map.store(mask, part);
                    W::order(proof, mask, part);
                }
                for i in (part * W::COUNT..(part + 1) * W::COUNT).take_while(|i| *i < words) {
                    self.seen.push(masks.map(|mask| mask.word(i)));
                }
            }
        }
    }
    fn bits(kernel: Kernel, text: &[u8]) -> Vec<Maps> {
        let mut all = All::default();
        kernel.feed(text, &mut all);
        all.seen
    }

    #[test]
    fn every_kernel_agrees_with_scalar_on_every_byte_at_every_offset() {
        for kernel in Kernel::available() {
            for byte in 0..=255u8 {
                let mut text = vec![b' '; 5000];
                for (i, slot) in text.iter_mut().enumerate() {
                    *slot = byte.wrapping_add((i as u8).wrapping_mul(37));
                }
                for length in [0, 1, 63, 64, 65, 127, 128, 2047, 2048, 2049, 4095, 4097, 5000] {
                    assert_eq!(
                        bits(kernel, &text[..length]),
                        bits(Kernel::SCALAR, &text[..length]),
                        "{kernel:?} {byte} {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn maps_are_the_bits_of_bytes() {
        let text: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for kernel in Kernel::available() {
            for (word, maps) in bits(kernel, &text).into_iter().enumerate() {
                for (i, byte) in text[word * 64..word * 64 + 64].iter().enumerate() {
                    let bits = (0..8).fold(0, |byte, k| byte | ((maps[k] >> i & 1) as u8) << k);
                    assert_eq!(bits, *byte, "{kernel:?} word {word} byte {i}");
                }
            }
        }
    }
}
