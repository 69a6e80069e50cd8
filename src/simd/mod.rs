//! Kernels: the only `unsafe` of the library. Scalar is the specification, the others must agree.
//!
//! A kernel turns 64 bytes into [`Planes`]: one 64-bit map for each class of bytes. The rest of the
//! engine works on those maps with shifts and ands and is the same for every kernel.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod scalar;

use std::fmt;

/// One bit for each of 64 bytes, by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Planes {
    /// `0`–`9`
    pub digit: u64,
    /// `0`
    pub zero: u64,
    /// `A`–`Z`, `a`–`z`
    pub letter: u64,
    /// `A`–`F`, `a`–`f`
    pub hex_letter: u64,
    /// `_`
    pub underscore: u64,
    /// `.`
    pub dot: u64,
    /// `:`
    pub colon: u64,
    /// `-`
    pub dash: u64,
    /// `@`
    pub at: u64,
    /// `=` or `>`
    pub equals: u64,
    /// `"` or `'`
    pub quote: u64,
    /// space or tab
    pub space: u64,
    /// `+`
    pub plus: u64,
    /// `)` or `]`
    pub close: u64,
    /// line feed
    pub line_feed: u64,
    /// `%`
    pub percent: u64,
    /// backslash or ESC
    pub escape: u64,
    /// `#`
    pub hash: u64,
    /// `&`
    pub ampersand: u64,
    /// 0x80 and above
    pub high: u64,
}

/// What takes the planes of consecutive 64-byte words.
pub(crate) trait PlaneSink {
    /// Takes the planes of the word that starts at byte `base`.
    fn word(&mut self, base: usize, planes: &Planes);
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
        kernels
    }
    /// The fastest kernel of this CPU.
    pub fn best() -> Kernel {
        Self::available().pop().unwrap_or(Kernel::SCALAR)
    }
    /// The kernel of that name if this CPU has it: `scalar`, `avx2`, `avx512`.
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
        }
    }
    /// Feeds the planes of every 64-byte word of `text` to `sink`; the last word is padded with NUL.
    pub(crate) fn feed<S: PlaneSink>(self, text: &[u8], sink: &mut S) {
        match self.0 {
            Isa::Scalar => scalar::feed(text, sink),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the only constructor of this variant is `available`, which asked the CPU.
            Isa::Avx2 => unsafe { avx2::feed(text, sink) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the only constructor of this variant is `available`, which asked the CPU.
            Isa::Avx512 => unsafe { avx512::feed(text, sink) },
        }
    }
}

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The last, ragged part of a text in a block of its own.
fn padded(tail: &[u8]) -> [u8; 64] {
    let mut block = [0u8; 64];
    block[..tail.len()].copy_from_slice(tail);
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    struct All(Vec<Planes>);
    impl PlaneSink for All {
        fn word(&mut self, _base: usize, planes: &Planes) {
            self.0.push(*planes);
        }
    }
    fn planes(kernel: Kernel, text: &[u8]) -> Vec<Planes> {
        let mut all = All(Vec::new());
        kernel.feed(text, &mut all);
        all.0
    }

    #[test]
    fn every_kernel_agrees_with_scalar_on_every_byte_at_every_offset() {
        for kernel in Kernel::available() {
            for byte in 0..=255u8 {
                let mut text = vec![b' '; 200];
                for (i, slot) in text.iter_mut().enumerate() {
                    *slot = byte.wrapping_add((i as u8).wrapping_mul(37));
                }
                for length in [0, 1, 63, 64, 65, 127, 128, 199, 200] {
                    assert_eq!(
                        planes(kernel, &text[..length]),
                        planes(Kernel::SCALAR, &text[..length]),
                        "{kernel:?} {byte} {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn scalar_classes_are_what_they_say() {
        let text = b"09aFgZ_.:-@=>\"' \t+)]\n%\\\x1b#&\x80\xff";
        let p = planes(Kernel::SCALAR, text)[0];
        let bits = |s: &[u8]| {
            text.iter().enumerate().filter(|(_, b)| s.contains(b)).fold(0u64, |m, (i, _)| m | 1 << i)
        };
        assert_eq!(p.digit, bits(b"09"));
        assert_eq!(p.zero, bits(b"0"));
        assert_eq!(p.letter, bits(b"aFgZ"));
        assert_eq!(p.hex_letter, bits(b"aF"));
        assert_eq!(p.equals, bits(b"=>"));
        assert_eq!(p.escape, bits(b"\\\x1b"));
        assert_eq!(p.high, bits(b"\x80\xff"));
        assert_eq!(p.close, bits(b")]"));
    }
}
