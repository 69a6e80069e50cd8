//! Rules without a literal or keyword, asked together by one automaton which of them match at all.
//!
//! It is a filter and asks a little less than the rules do where a record is not ASCII, so that one
//! rule takes a few states and not hundreds, and no byte makes the automaton give up.

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{Compiler, Config, WhichCaptures};
use regex_automata::{Input, MatchKind, PatternSet};
use regex_syntax::hir::Hir;

use super::narrow::with_few_states;

/// The automaton may take this much memory before it searches, and this much for what it remembers.
const NFA_BYTES: usize = 8 << 20;
const CACHE_BYTES: usize = 4 << 20;

/// Two automata, for records in ASCII and for others.
pub(super) struct Together {
    ascii: DFA,
    other: DFA,
}

/// What a thread remembers of both.
pub(super) struct Memory {
    ascii: Cache,
    other: Cache,
    matching: PatternSet,
}

impl Together {
    /// `None` if the rules are too big.
    pub(super) fn new(rules: &[Hir]) -> Option<Self> {
        let build = |is_ascii| {
            let rules: Vec<Hir> = rules.iter().map(|rule| with_few_states(rule, is_ascii)).collect();
            let nfa = Compiler::new()
                .configure(
                    Config::new()
                        .utf8(false)
                        .which_captures(WhichCaptures::None)
                        .nfa_size_limit(Some(NFA_BYTES)),
                )
                .build_many_from_hir(&rules)
                .ok()?;
            let config = DFA::config()
                .match_kind(MatchKind::All)
                .cache_capacity(CACHE_BYTES)
                .skip_cache_capacity_check(true);
            DFA::builder().configure(config).build_from_nfa(nfa).ok()
        };
        Some(Self { ascii: build(true)?, other: build(false)? })
    }

    pub(super) fn memory(&self) -> Memory {
        Memory {
            ascii: self.ascii.create_cache(),
            other: self.other.create_cache(),
            matching: PatternSet::new(self.ascii.pattern_len()),
        }
    }

    /// Calls `sink` with each rule that may match somewhere in a record.
    pub(super) fn each_matching(&self, memory: &mut Memory, record: &[u8], sink: impl FnMut(usize)) {
        let (automaton, cache) = match record.is_ascii() {
            true => (&self.ascii, &mut memory.ascii),
            false => (&self.other, &mut memory.other),
        };
        if matches!(automaton.try_search_fwd(cache, &Input::new(record).earliest(true)), Ok(None)) {
            return;
        }
        memory.matching.clear();
        let input = Input::new(record);
        let asked = automaton.try_which_overlapping_matches(cache, &input, &mut memory.matching);
        match asked {
            Ok(()) => memory.matching.iter().map(|pattern| pattern.as_usize()).for_each(sink),
            // it never gives up and no byte stops it; if it did, every rule would be asked
            Err(_) => (0..automaton.pattern_len()).for_each(sink),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_matches_is_named() {
        let patterns =
            ["\\b\\d{3}\\b", "^\\w+$", "\\bé\\B.", "[^a]x", "\\p{Greek}{2}", "(?i)k1", "(?-u:\\xff)\\d"];
        let hirs: Vec<Hir> =
            patterns.iter().map(|pattern| crate::pack::compile::parsed(pattern).unwrap()).collect();
        let together = Together::new(&hirs).unwrap();
        let mut memory = together.memory();
        let records: [&[u8]; 10] = [
            b"",
            b"a 123 b",
            "\u{660}\u{661}\u{662}".as_bytes(),
            "naïve".as_bytes(),
            "é é, éa".as_bytes(),
            "αβ".as_bytes(),
            "\u{212a}1".as_bytes(),
            b"\xff7",
            "é123".as_bytes(),
            b"ax bx",
        ];
        let mut spared = 0;
        for record in records {
            let mut named = Vec::new();
            together.each_matching(&mut memory, record, |rule| named.push(rule));
            for (rule, pattern) in patterns.iter().enumerate() {
                let matches = crate::pack::compile::build(pattern).unwrap().is_match(record);
                assert!(!matches || named.contains(&rule), "{pattern} {}", String::from_utf8_lossy(record));
                spared += usize::from(!named.contains(&rule));
            }
        }
        assert!(spared > 30, "{spared}");
    }
}
