//! A memory of what the filter said: the words of a log come again on the next line.

use super::filter::{Filter, Verdict};

/// Entries for endings. Most questions are of words that came on a line before; with 512 entries words that come
/// seldom drove them out, and asking again was 13 % of the time on system logs.
const ENDINGS: usize = 1 << 12;
/// Entries for words of more than seven letters that some key or phrase ends like.
const WORDS: usize = 1 << 8;
/// Tells an empty entry.
const EMPTY: u64 = 32;
/// Tells an entry in the place beside its own.
const MOVED: u64 = 64;
const HASH: u64 = 0x9e37_79b9_7f4a_7c15;

/// The verdicts on endings of words.
#[derive(Default)]
pub(super) struct Verdicts {
    endings: Memory<ENDINGS>,
    words: Memory<WORDS>,
    /// Of the filter that was asked.
    digest: u64,
}

impl Verdicts {
    /// Forgets what another filter said.
    pub fn start(&mut self, digest: u64) {
        if self.digest != digest {
            *self = Self { digest, ..Self::default() };
        }
    }

    /// What the filter says of seven bytes and the blank or separator behind them, which is the highest.
    #[inline(always)]
    pub fn of_ending(&mut self, filter: &Filter, bytes: u64) -> Verdict {
        let ending = Ending::of(bytes);
        self.endings.of(ending.0, || filter.of_ending(ending.bytes()))
    }

    /// What the filter says of the last eight bytes of a word, of whose last seven and the byte behind them it said
    /// `verdict`.
    pub fn of_word(&mut self, filter: &Filter, bytes: u64, verdict: Verdict) -> Verdict {
        verdict.agreed(self.words.of(bytes, || filter.of_word(bytes)))
    }
}

/// The verdicts on texts of eight bytes, in one of two entries by their hash.
///
/// The product with an odd number tells all such texts apart, and its highest bits are the entry's place, so that
/// the rest and the verdict fit in one number: a question costs a product, a load and a comparison, where the filter
/// itself takes some fifty instructions.
struct Memory<const ENTRIES: usize>([u64; ENTRIES]);

impl<const ENTRIES: usize> Default for Memory<ENTRIES> {
    fn default() -> Self {
        Self([EMPTY; ENTRIES])
    }
}

impl<const ENTRIES: usize> Memory<ENTRIES> {
    #[inline(always)]
    fn of(&mut self, bytes: u64, ask: impl Fn() -> Verdict) -> Verdict {
        let hash = bytes.wrapping_mul(HASH);
        let bits = const { ENTRIES.trailing_zeros() };
        let (index, key) = ((hash >> (64 - bits)) as usize, hash << bits);
        let difference = self.0[index] ^ key;
        if difference <= Verdict::BITS { Verdict(difference) } else { self.second(index, key, ask) }
    }

    /// The same of what is not in its place: it may be in the second one. Two words of one place would drive each
    /// other out on every line.
    #[inline(never)]
    fn second(&mut self, index: usize, key: u64, ask: impl Fn() -> Verdict) -> Verdict {
        let other = self.0[index ^ 1] ^ MOVED ^ key;
        if other <= Verdict::BITS {
            return Verdict(other);
        }
        // what was moved here, or is empty, goes
        if self.0[index] & (EMPTY | MOVED) == 0 {
            self.0[index ^ 1] = self.0[index] ^ MOVED;
        }
        let verdict = ask();
        self.0[index] = key | verdict.0;
        verdict
    }
}

/// A blank or separator and what stands before it, backwards, to the first byte that has no bit 6, as all letters
/// have: the filter looks at letters without a gap and at the byte before them. Without this, what stands before a
/// short word made a question of its own out of it: two of three misses.
#[derive(Clone, Copy)]
struct Ending(u64);

impl Ending {
    #[inline(always)]
    fn of(bytes: u64) -> Self {
        let backwards = bytes.swap_bytes();
        // bit 6 of each byte but the first becomes bit 7; all up to the first one off are kept
        let gaps = !(backwards << 1) & 0x8080_8080_8080_8000;
        Self(backwards & (gaps ^ gaps.wrapping_sub(1)))
    }
    fn bytes(self) -> u64 {
        self.0.swap_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_changes_no_answer() {
        let mut filter = Filter::new();
        for word in [&b"password"[..], b"id", b"mail"] {
            filter.keys().add(word);
        }
        filter.add_tag(b"sudo");
        filter.set_phrases([&b"for"[..], b"-p"].into_iter(), [&b"ssn"[..]].into_iter());
        let mut verdicts = Verdicts::default();
        let filter = filter.done();
        verdicts.start(filter.digest);
        let mut seed = 7u64;
        let words: Vec<u64> = (0..5_000)
            .map(|i| {
                seed = seed.wrapping_mul(HASH).rotate_left(17);
                let words = [b"assword=", b" userid:", b"  sudo: ", b"u is for", b"cmd  -p ", b" his ssn"];
                if i % 2 == 0 { u64::from_le_bytes(*words[seed as usize % 6]) } else { seed }
            })
            .collect();
        for _ in 0..2 {
            for &bytes in &words {
                for behind in [b"=", b":", b"\"", b" ", b"\t"] {
                    let bytes = bytes >> 8 | u64::from(behind[0]) << 56;
                    let ending = filter.of_ending(bytes);
                    assert_eq!(verdicts.of_ending(&filter, bytes), ending, "{bytes:x}");
                    let word = filter.of_word(bytes << 8);
                    assert_eq!(verdicts.of_word(&filter, bytes << 8, word), word, "{bytes:x}");
                }
            }
        }
        // another filter, which knows nothing
        let empty = Filter::new().done();
        verdicts.start(empty.digest);
        assert!(words.iter().all(|bytes| verdicts.of_ending(&empty, *bytes) == empty.of_ending(*bytes)));
        let password = u64::from_le_bytes(*b"assword=");
        assert!(!verdicts.of_ending(&empty, password).is_key());
    }
}
