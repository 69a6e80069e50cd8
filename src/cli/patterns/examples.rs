//! The built-in rules' examples: what `patterns check` proves and `patterns list` goes by.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::super::line_shape::KnownLine;
use crate::error::Error;
use crate::finding::TypeId;
use crate::policy::Policy;
use crate::rules::{self, DataMeta, Proof, RuleId, RuleMeta};
use crate::scan::{Scanner, Scratch};

/// How the examples of one rule came out.
pub(super) struct RuleProof {
    pub meta: &'static RuleMeta,
    /// How many of the lines that must match do.
    pub found: usize,
    /// The types that were found in them.
    kinds: Vec<TypeId>,
    /// What is wrong: the number of the example, from 1, and which list it is of.
    pub wrong: Vec<String>,
}

impl RuleProof {
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
pub(super) fn prove() -> Result<Vec<RuleProof>, Error> {
    let mut scratch = Scratch::default();
    rules::all_meta().iter().map(|meta| prove_one(meta, &mut scratch)).collect()
}

/// How the examples of one row of `patterns/data/` came out.
pub(super) struct DataProof {
    pub meta: &'static DataMeta,
    /// What is wrong: the number of the example, from 1, and which list it is of.
    pub wrong: Vec<String>,
}

/// Runs the examples of every row of `patterns/data/`: lines that its rule must or must not find
/// something in, or that must or must not have its shape.
///
/// # Errors
/// The policy can't be used, or a line format can't be read: a mistake of ours.
pub(super) fn prove_data() -> Result<Vec<DataProof>, Error> {
    let mut scratch = Scratch::default();
    let mut scanners: BTreeMap<RuleId, Scanner> = BTreeMap::new();
    let mut proofs = Vec::new();
    for meta in rules::all_data() {
        let wrong = match meta.proof {
            Proof::Line => {
                let name = meta.id.strip_prefix("line/").unwrap_or_default();
                let shape = KnownLine::named(name)?;
                wrong_examples(meta, |line| shape.as_ref().is_some_and(|shape| shape.fits(line.as_bytes())))
            }
            Proof::Rule(rule) => {
                let kind = rules::meta(rule).map_or("*", |meta| meta.kind.id());
                let scanner = match scanners.entry(rule) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(free) => free.insert(Scanner::new(&Policy::default().only(&[kind])?)?),
                };
                wrong_examples(meta, |line| {
                    scanner.scan(line.as_bytes(), &mut scratch).iter().any(|finding| finding.rule == rule)
                })
            }
        };
        proofs.push(DataProof { meta, wrong });
    }
    Ok(proofs)
}

fn wrong_examples(meta: &DataMeta, mut holds: impl FnMut(&str) -> bool) -> Vec<String> {
    let missed: Vec<bool> = meta.matches.iter().map(|line| !holds(line)).collect();
    let found: Vec<bool> = meta.non_matches.iter().map(|line| holds(line)).collect();
    [of(MISSED, &missed), of(FOUND, &found)].concat()
}

const MISSED: &str = "not found, though it must match: example";
const FOUND: &str = "found, though it must not match: example";

/// The places of what is wrong, from 1.
fn of(what: &str, list: &[bool]) -> Vec<String> {
    let places = list.iter().enumerate().filter(|(_, bad)| **bad);
    places.map(|(place, _)| format!("{what} {}", place + 1)).collect()
}

fn prove_one(meta: &'static RuleMeta, scratch: &mut Scratch) -> Result<RuleProof, Error> {
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
    let wrong = [of(MISSED, &missed), of(FOUND, &wrong)];
    Ok(RuleProof { meta, found, kinds, wrong: wrong.concat() })
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
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn every_row_of_data_holds() {
        let proofs = prove_data().unwrap();
        assert!(proofs.len() > 100);
        let wrong: Vec<_> = proofs.iter().filter(|proof| !proof.wrong.is_empty()).collect();
        let told: Vec<_> =
            wrong.iter().map(|proof| format!("{}: {:?}", proof.meta.id, proof.wrong)).collect();
        assert!(told.is_empty(), "{told:#?}");
    }

    #[test]
    fn every_type_is_described() {
        for kind in TypeId::all() {
            let described = |meta: &RuleMeta| meta.kind == kind || meta.also.contains(&kind);
            assert!(rules::all_meta().iter().any(described), "{kind:?}");
        }
    }
}
