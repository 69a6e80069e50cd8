//! The built-in types' examples: what `patterns check` proves and `patterns list` goes by.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Error;
use crate::finding::TypeId;
use crate::policy::Policy;
use crate::scan::{Scanner, Scratch};

/// Read only when somebody asks; nothing is parsed when a run starts.
const EXAMPLES: &str = include_str!("../../../patterns/examples.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    matches: Vec<String>,
    non_matches: Vec<String>,
}

/// How the examples of one type came out.
pub(super) struct Proof {
    pub kind: TypeId,
    /// Examples that must match, and how many of them do.
    pub wanted: usize,
    pub found: usize,
    /// What is wrong: the number of the example, from 1, and which list it is of.
    pub wrong: Vec<String>,
}

impl Proof {
    /// True if anything looks for the type: one of its examples is found.
    pub fn has_detector(&self) -> bool {
        self.found > 0
    }
}

/// Runs every type's examples with nothing else switched on.
///
/// # Errors
/// The examples or the policy can't be used: a mistake of ours.
pub(super) fn prove() -> Result<Vec<Proof>, Error> {
    let mut examples: BTreeMap<String, Lines> =
        toml::from_str(EXAMPLES).map_err(|e| Error::pattern(format!("patterns/examples.toml: {e}")))?;
    let mut scratch = Scratch::default();
    let mut prove_one = |kind: TypeId| {
        let lines = examples.remove(kind.id()).unwrap_or_default();
        let scanner = Scanner::new(&Policy::default().only(&[kind.id()])?)?;
        let mut finds =
            |line: &String| scanner.scan(line.as_bytes(), &mut scratch).iter().any(|f| f.kind == kind);
        let missed: Vec<bool> = lines.matches.iter().map(|line| !finds(line)).collect();
        let wrong: Vec<bool> = lines.non_matches.iter().map(&mut finds).collect();
        let found = missed.iter().filter(|missed| !**missed).count();
        let of = |what: &str, list: &[bool]| -> Vec<String> {
            let places = list.iter().enumerate().filter(|(_, bad)| **bad);
            places.map(|(place, _)| format!("{what} {}", place + 1)).collect()
        };
        let wrong = [
            of("not found, though it must match: example", &missed),
            of("found, though it must not match: example", &wrong),
        ];
        Ok(Proof { kind, wanted: lines.matches.len(), found, wrong: wrong.concat() })
    };
    TypeId::all().map(&mut prove_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_two_examples_of_each_sort() {
        let examples: BTreeMap<String, Lines> = toml::from_str(EXAMPLES).unwrap();
        for kind in TypeId::all() {
            let lines = &examples[kind.id()];
            assert!(lines.matches.len() >= 2 && lines.non_matches.len() >= 2, "{kind:?}");
        }
        assert_eq!(examples.len(), TypeId::COUNT);
    }

    #[test]
    fn what_has_a_detector_has_it_right() {
        for proof in prove().unwrap() {
            assert!(!proof.has_detector() || proof.wrong.is_empty(), "{:?}: {:?}", proof.kind, proof.wrong);
        }
    }
}
