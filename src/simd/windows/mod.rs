//! Windows of four byte classes, found by nibble shuffles: where one of many words, in any case, or
//! one of many shapes could stand. Eight groups of windows share one pass; what it offers is only a
//! filter, as every candidate is.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(test)]
mod tests;

use super::{Isa, Kernel};

/// How many neighbouring bytes a window looks at.
pub(crate) const WIDTH: usize = 4;
/// 64 places and the bytes behind the last of them.
type Block = [u8; 64 + WIDTH - 1];

/// For each byte of a window the groups that may have a byte there: those of its low nibble and
/// those of its high nibble.
#[derive(Clone, Default)]
pub(crate) struct Windows {
    low: [[u8; 16]; WIDTH],
    high: [[u8; 16]; WIDTH],
}

impl Windows {
    /// Lets `byte` stand at `place` (0 to 3) of the windows of `group` (0 to 7).
    pub fn allow(&mut self, place: usize, byte: u8, group: usize) {
        self.low[place % WIDTH][usize::from(byte & 15)] |= 1 << (group % 8);
        self.high[place % WIDTH][usize::from(byte >> 4)] |= 1 << (group % 8);
    }
}

impl Kernel {
    /// Calls `hit` with every place of `text` where a window could start, in order. Near the end of
    /// the text NUL stands for the bytes that are missing.
    #[inline]
    pub(crate) fn windows(self, text: &[u8], windows: &Windows, hit: impl FnMut(usize)) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the only constructor of this variant is `available`, which asked the CPU.
            Isa::Avx2 => unsafe { avx2::windows(text, windows, hit) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the only constructor of this variant is `available`, which asked the CPU.
            Isa::Avx512 => unsafe { avx512::windows(text, windows, hit) },
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => neon::windows(text, windows, hit),
            Isa::Scalar => each_block(text, hit, |block| scalar(block, windows)),
        }
    }
}

/// Runs `find` on each 64 places of `text` and hands on the places it names.
#[inline(always)]
fn each_block(text: &[u8], mut hit: impl FnMut(usize), find: impl Fn(&Block) -> u64) {
    for base in (0..text.len()).step_by(64) {
        let whole = text.get(base..base + 64 + WIDTH - 1).and_then(|block| block.try_into().ok());
        let mut places = match whole {
            Some(block) => find(block),
            None => {
                let (mut block, rest) = ([0; 64 + WIDTH - 1], &text[base..]);
                let length = rest.len().min(block.len());
                block[..length].copy_from_slice(&rest[..length]);
                find(&block) & if length < 64 { (1 << length) - 1 } else { u64::MAX }
            }
        };
        while places != 0 {
            hit(base + places.trailing_zeros() as usize);
            places &= places - 1;
        }
    }
}

/// The specification.
fn scalar(block: &Block, windows: &Windows) -> u64 {
    let groups = |place: usize, byte: u8| {
        windows.low[place][usize::from(byte & 15)] & windows.high[place][usize::from(byte >> 4)]
    };
    block.windows(WIDTH).enumerate().fold(0, |places, (at, bytes)| {
        let all = bytes.iter().enumerate().fold(u8::MAX, |all, (place, byte)| all & groups(place, *byte));
        places | u64::from(all != 0) << at
    })
}
