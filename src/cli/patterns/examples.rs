//! The built-in rules' examples: what `patterns check` proves and `patterns list` goes by.

use crate::error::Error;
use crate::finding::TypeId;
use crate::policy::Policy;
use crate::rules::{self, RuleMeta};
use crate::scan::{Scanner, Scratch};

/// How the examples of one rule came out.
pub(super) struct Proof {
    pub meta: &'static RuleMeta,
    /// How many of the lines that must match do.
    pub found: usize,
    /// The types that were found in them.
    kinds: Vec<TypeId>,
    /// What is wrong: the number of the example, from 1, and which list it is of.
    pub wrong: Vec<String>,
}

impl Proof {
    /// True if the rule finds this type in one of its examples.
    pub fn finds(&self, kind: TypeId) -> bool {
        self.kinds.contains(&kind)
    }
    /// True if anything looks for what the rule describes.
    pub fn has_detector(&self) -> bool {
        self.found > 0
    }
}

/// Runs every rule's examples with nothing but its types switched on.
///
/// # Errors
/// The policy can't be used: a mistake of ours.
pub(super) fn prove() -> Result<Vec<Proof>, Error> {
    let mut scratch = Scratch::default();
    rules::all_meta().iter().map(|meta| prove_one(meta, &mut scratch)).collect()
}

fn prove_one(meta: &'static RuleMeta, scratch: &mut Scratch) -> Result<Proof, Error> {
    let types: Vec<&str> =
        std::iter::once(meta.kind).chain(meta.also.iter().copied()).map(TypeId::id).collect();
    let scanner = Scanner::new(&Policy::default().only(&types)?)?;
    let mut kinds = Vec::new();
    let mut finds = |line: &str| {
        let findings = scanner.scan(line.as_bytes(), scratch);
        let before = kinds.len();
        kinds.extend(findings.iter().filter(|finding| finding.rule == meta.rule).map(|finding| finding.kind));
        kinds.len() > before
    };
    let missed: Vec<bool> = meta.matches.iter().map(|line| !finds(line)).collect();
    let found = missed.iter().filter(|missed| !**missed).count();
    let wrong: Vec<bool> = meta.non_matches.iter().map(|line| finds(line)).collect();
    let of = |what: &str, list: &[bool]| -> Vec<String> {
        let places = list.iter().enumerate().filter(|(_, bad)| **bad);
        places.map(|(place, _)| format!("{what} {}", place + 1)).collect()
    };
    let wrong = [
        of("not found, though it must match: example", &missed),
        of("found, though it must not match: example", &wrong),
    ];
    Ok(Proof { meta, found, kinds, wrong: wrong.concat() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_detector_has_it_right() {
        let mut without = Vec::new();
        for proof in prove().unwrap() {
            let id = proof.meta.rule.id();
            assert!(!proof.has_detector() || proof.wrong.is_empty(), "{id}: {:?}", proof.wrong);
            if !proof.has_detector() {
                without.push(id);
            }
        }
        // Listed as not there yet; whoever adds the detector takes it off this list.
        assert_eq!(without, ["home-dir"]);
    }

    #[test]
    fn every_type_is_described() {
        for kind in TypeId::all() {
            let described = |meta: &RuleMeta| meta.kind == kind || meta.also.contains(&kind);
            assert!(rules::all_meta().iter().any(described), "{kind:?}");
        }
    }
}
