//! A memory of what the filter said: the words of a log come again on the next line.

use super::filter::{Filter, Verdict};

/// Entries. Most questions are of words that came on a line before; with 512 entries words that come
/// seldom drove them out, and asking again was 13 % of the time on system logs.
const ENTRIES: usize = 1 << INDEX_BITS;
const INDEX_BITS: u32 = 12;
/// Bits of a verdict.
const VERDICT: u64 = 15;
/// Tells an entry from an empty one.
const FILLED: u64 = 16;
/// Tells an entry in the place beside its own.
const MOVED: u64 = 64;

/// Behind which place the eight bytes stand.
#[derive(Clone, Copy)]
#[repr(u64)]
pub(super) enum Place {
    Separator = 0,
    Blank = 32,
}
const HASH: u64 = 0x9e37_79b9_7f4a_7c15;

/// The verdicts on eight bytes each, in one of two entries by their hash.
///
/// The product with an odd number tells all eight-byte texts apart, and its highest bits are the
/// entry's place, so that the rest and the verdict fit in one number: a question costs a product,
/// a load and a comparison, where the filter itself takes some fifty instructions.
pub(super) struct Verdicts {
    entries: [u64; ENTRIES],
    /// Of the filter that was asked.
    digest: u64,
}

impl Default for Verdicts {
    fn default() -> Self {
        Self { entries: [0; ENTRIES], digest: 0 }
    }
}

impl Verdicts {
    /// Forgets what another filter said.
    pub fn start(&mut self, digest: u64) {
        if self.digest != digest {
            *self = Self { digest, ..Self::default() };
        }
    }

    /// What the filter says of the eight bytes before a place.
    #[inline(always)]
    pub fn of(&mut self, filter: &Filter, bytes: u64, place: Place) -> Verdict {
        let bytes = last_word(bytes);
        let hash = bytes.wrapping_mul(HASH);
        let key = hash << INDEX_BITS | FILLED | place as u64;
        // a word before both (`upstream timed out, upstream: …`) has two entries that are no neighbours
        let index = (hash >> (64 - INDEX_BITS) ^ place as u64) as usize;
        let difference = self.entries[index] ^ key;
        if difference <= VERDICT {
            Verdict(difference)
        } else {
            self.second(filter, bytes, place, index, key)
        }
    }

    /// The same of what is not in its place: it may be in the second one. Two words of one place would drive each
    /// other out on every line.
    #[inline(never)]
    fn second(&mut self, filter: &Filter, bytes: u64, place: Place, index: usize, key: u64) -> Verdict {
        let other = self.entries[index ^ 1] ^ MOVED ^ key;
        if other > VERDICT {
            // what was moved here, or is empty, goes
            if self.entries[index] & (FILLED | MOVED) == FILLED {
                self.entries[index ^ 1] = self.entries[index] ^ MOVED;
            }
            self.entries[index] = key | ask(filter, bytes, place).0;
            return Verdict(self.entries[index] & VERDICT);
        }
        Verdict(other)
    }
}

/// The bytes from the last one on that has no bit 6, as all letters have; the filter looks at letters
/// without a gap and at the byte before them. Without this, what stands before a short word made a
/// question of its own out of it: two of three misses.
#[inline(always)]
fn last_word(bytes: u64) -> u64 {
    let gap = (!bytes & 0x4040_4040_4040_4040).leading_zeros();
    bytes & u64::MAX << 57u32.saturating_sub(gap)
}

fn ask(filter: &Filter, bytes: u64, place: Place) -> Verdict {
    match place {
        Place::Separator => filter.before_separator(bytes),
        Place::Blank => filter.before_blank(bytes),
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
                let words = [b"password", b"  userid", b"x sudo  ", b"is for u", b"cmd   -p", b"his  ssn"];
                if i % 2 == 0 { u64::from_le_bytes(*words[seed as usize % 6]) } else { seed }
            })
            .collect();
        for _ in 0..2 {
            for &bytes in &words {
                for place in [Place::Separator, Place::Blank] {
                    assert_eq!(verdicts.of(&filter, bytes, place), ask(&filter, bytes, place), "{bytes:x}");
                }
            }
        }
        // another filter, which knows nothing
        let empty = Filter::new().done();
        verdicts.start(empty.digest);
        let place = Place::Separator;
        assert!(words.iter().all(|bytes| verdicts.of(&empty, *bytes, place) == ask(&empty, *bytes, place)));
        let password = u64::from_le_bytes(*b"password");
        assert!(!verdicts.of(&empty, password, place).is_key());
    }
}
