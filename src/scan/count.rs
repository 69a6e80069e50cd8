//! The first stage alone, counted: for benches and for the record of candidates.

use super::{Scanner, Scratch};
use crate::classify::{Collector, KIND_NAMES, KINDS};

#[doc(hidden)]
impl Scanner {
    /// How many candidates the classifier offers in a chunk.
    pub fn count_candidates(&self, chunk: &[u8], scratch: &mut Scratch) -> usize {
        self.candidates_by_kind(chunk, scratch).iter().map(|(_, count)| count).sum()
    }

    /// The same, kind by kind.
    pub fn candidates_by_kind(&self, chunk: &[u8], scratch: &mut Scratch) -> [(&'static str, usize); KINDS] {
        let mut collector = Collector::new(chunk, &self.engine.filter, &mut scratch.candidates);
        self.kernel.feed(chunk, &mut collector);
        collector.done();
        let counts = scratch.candidates.counts();
        std::array::from_fn(|kind| (KIND_NAMES[kind], counts[kind]))
    }
}
