//! How many long values lie over a key: what bounds the work on `token=token=token=…`.

use crate::context::value::{MAX_OVERLAID_BYTES, MAX_VALUE_BYTES};
use crate::finding::Finding;

/// What is longer counts, in bytes.
const MIN_LONG_BYTES: usize = 256;
/// How many long values may lie over a key whose own value is still followed far. Logs nest a few; a
/// megabyte of `oauth_code=` took twelve seconds when every key followed its value for 16 KiB, and one of
/// `password=('a',` a gigabyte for their leaves.
const MOST: usize = 3;
/// How many findings are not looked at for some that say the same.
pub(super) const CROWD: usize = 1 << 13;

/// Where the last values that were long end.
#[derive(Debug)]
pub(super) struct Overlaid {
    ends: [usize; MOST],
    /// The first of the ends.
    first: usize,
    /// So many findings are thinned out.
    pub crowd: usize,
}

impl Default for Overlaid {
    fn default() -> Self {
        Self { ends: [0; MOST], first: 0, crowd: CROWD }
    }
}

impl Overlaid {
    /// How far the value behind a separator is followed, in bytes. Separators are asked for in order.
    #[inline(always)]
    pub fn longest(&self, separator: usize) -> usize {
        if self.first > separator { MAX_OVERLAID_BYTES } else { MAX_VALUE_BYTES }
    }

    /// Remembers that the value behind a separator was followed to `end`; says whether that is far.
    #[inline(always)]
    pub fn followed(&mut self, separator: usize, end: usize) -> bool {
        let is_long = end.saturating_sub(separator) > MIN_LONG_BYTES;
        if is_long {
            self.remember(end);
        }
        is_long
    }

    #[inline(never)]
    fn remember(&mut self, end: usize) {
        if let Some(first) = self.ends.iter_mut().min() {
            *first = end.max(*first);
        }
        self.first = self.ends.iter().copied().min().unwrap_or_default();
    }
}

/// Leaves out findings that say what another one says: containers that lie over one another hand in the
/// same leaves. The others stay in the order in which `resolve` takes them.
#[cold]
#[inline(never)]
pub(super) fn thin_out(findings: &mut Vec<Finding>) {
    findings.sort_by_key(|f| f.start);
    let mut kept = 0;
    for i in 0..findings.len() {
        let f = findings[i];
        let same_start = findings[..kept].iter().rev().take_while(|other| other.start == f.start);
        if !same_start.take(16).any(|other| *other == f) {
            findings[kept] = f;
            kept += 1;
        }
    }
    findings.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Evidence, Layers, TypeId};

    #[test]
    fn what_lies_under_many_long_values_is_followed_less_far() {
        let mut overlaid = Overlaid::default();
        for i in 0..MOST {
            assert_eq!(overlaid.longest(10 * i), MAX_VALUE_BYTES, "{i}");
            overlaid.followed(10 * i, 10 * i + MIN_LONG_BYTES); // short
            overlaid.followed(10 * i, 5_000 + i);
        }
        assert_eq!(overlaid.longest(4_999), MAX_OVERLAID_BYTES);
        // behind the end of the first of them one fewer lies over it
        assert_eq!(overlaid.longest(5_000), MAX_VALUE_BYTES);
        overlaid.followed(5_000, 9_000);
        assert_eq!(overlaid.longest(5_000), MAX_OVERLAID_BYTES);
        assert_eq!(overlaid.longest(5_001), MAX_VALUE_BYTES);
    }

    #[test]
    fn findings_that_say_the_same_are_left_out() {
        let at = |start, kind| Finding {
            start,
            end: start + 4,
            kind,
            rule: crate::rules::NAME,
            confidence: 90,
            evidence: Evidence::NONE,
            key: None,
            layers: Layers::NONE,
        };
        let (name, email) = (TypeId::NAME, TypeId::EMAIL);
        let mut all = vec![at(9, name), at(2, name), at(9, email), at(2, name), at(9, name), at(2, email)];
        thin_out(&mut all);
        assert_eq!(all, [at(2, name), at(2, email), at(9, name), at(9, email)]);
    }
}
