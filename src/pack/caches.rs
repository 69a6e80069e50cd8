//! Memory that the automata of rules grow while they search: one set for each thread, with an end.

use regex_automata::meta::{Cache, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::util::iter::Searcher;
use regex_automata::{Input, Match};

use super::together::{Memory, Together};

/// When the automata of single rules have taken this much they forget all and start again: a record
/// takes the same steps whatever they remember, only more time for each.
const MAX_BYTES: usize = 8 << 20;

/// What the automata of a thread remember.
#[derive(Default)]
pub(super) struct Caches {
    rules: Vec<Option<Box<Cache>>>,
    together: Option<Box<Memory>>,
    bytes: usize,
}

impl Caches {
    /// Calls `sink` with each match of regex `number` and what its capture group holds.
    pub(super) fn each_match(
        &mut self,
        number: usize,
        regex: &Regex,
        input: Input<'_>,
        capture: usize,
        sink: &mut dyn FnMut(Match, usize, usize),
    ) {
        if self.rules.len() <= number {
            self.rules.resize_with(number + 1, || None);
        }
        let Some(place) = self.rules.get_mut(number) else { return };
        let is_new = place.is_none();
        let cache = place.get_or_insert_with(|| Box::new(regex.create_cache()));
        let before = if is_new { 0 } else { cache.memory_usage() };
        let mut slots: Option<Captures> = (capture > 0).then(|| regex.create_captures());
        let mut searcher = Searcher::new(input.clone());
        while let Some(found) = searcher.advance(|input| Ok(regex.search_with(cache, input))) {
            let Some(slots) = &mut slots else {
                sink(found, found.start(), found.end());
                continue;
            };
            let rest = input.clone().range(found.start()..input.end());
            regex.search_captures_with(cache, &rest, slots);
            if let Some(group) = slots.get_group(capture) {
                sink(found, group.start, group.end);
            }
        }
        let after = cache.memory_usage();
        self.grown(before, after);
    }

    /// Calls `sink` with each of the rules of one automaton that may match somewhere in a record.
    pub(super) fn each_matching(&mut self, rules: &Together, record: &[u8], sink: impl FnMut(usize)) {
        // its size has an end of its own
        rules.each_matching(self.together.get_or_insert_with(|| Box::new(rules.memory())), record, sink);
    }

    fn grown(&mut self, before: usize, after: usize) {
        self.bytes = self.bytes.saturating_sub(before) + after;
        if self.bytes > MAX_BYTES {
            (self.bytes, self.rules) = (0, Vec::new());
        }
    }
}
