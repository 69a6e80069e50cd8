//! `[[when]]`: records that meet a condition are scanned for another policy.

use std::sync::Arc;

use super::{Carry, Engine, Scanner, Scratch};
use crate::error::Error;
use crate::fields::records;
use crate::finding::Finding;
use crate::plan::Plan;
use crate::policy::Policy;
use crate::rules::RuleId;

/// The scanners of a policy's conditions, in the order of the conditions.
///
/// Their own conditions are not looked at: one record meets one condition.
pub(super) fn scanners(plan: &Plan) -> Result<Vec<Scanner>, Error> {
    // A pin holds for all records, whatever policy they meet, unless that has one of its own.
    let pinned = |policy: &Policy| {
        let mut policy = policy.clone();
        policy.ruleset = policy.ruleset.or_else(|| plan.policy.ruleset.clone());
        policy
    };
    let of = |policy| -> Result<Scanner, Error> {
        #[cfg_attr(
            not(feature = "token"),
            expect(clippy::clone_on_copy, reason = "there is no tokenizer then")
        )]
        let other = Plan::new(&pinned(policy), plan.tokenizer().clone())?;
        Ok(Scanner { engine: Arc::new(Engine::new(other, Vec::new())?), kernel: crate::simd::Kernel::best() })
    };
    plan.policy.conditions().map(of).collect()
}

impl Scanner {
    /// Calls `run` with each run of records that one policy is for, in order.
    pub(super) fn each_run(&self, chunk: &[u8], mut run: impl FnMut(usize, &[u8], &Scanner, Option<usize>)) {
        let policy = &self.engine.plan.policy;
        let (mut from, mut chosen) = (0, None);
        for (start, end) in records(chunk) {
            let next = policy.place_of_condition(chunk.get(start..end).unwrap_or_default());
            if next != chosen {
                self.run(chunk, from, start, chosen, &mut run);
                (from, chosen) = (start, next);
            }
        }
        self.run(chunk, from, chunk.len(), chosen, &mut run);
    }

    fn run(
        &self,
        chunk: &[u8],
        from: usize,
        to: usize,
        chosen: Option<usize>,
        run: &mut impl FnMut(usize, &[u8], &Scanner, Option<usize>),
    ) {
        let Some(part) = chunk.get(from..to).filter(|part| !part.is_empty()) else { return };
        let other = chosen.and_then(|place| self.engine.conditions.get(place)).cloned();
        let scanner = other.map(|other| other.with_kernel(self.kernel));
        run(from, part, scanner.as_ref().unwrap_or(self), chosen);
    }

    /// How many user rules the scanners before a condition's have: rule numbers count on.
    fn user_rules_before(&self, place: usize) -> u16 {
        let others = self.engine.conditions.iter().take(place);
        let scanners = std::iter::once(self).chain(others);
        scanners.map(|scanner| scanner.engine.plan.user_rules.len() as u16).sum()
    }

    /// Scans run by run and gathers the findings of all.
    pub(super) fn scan_by_condition(&self, chunk: &[u8], carry: Carry, scratch: &mut Scratch) -> Carry {
        let mut all: Vec<Finding> = Vec::new();
        let mut carry = carry;
        self.each_run(chunk, |from, part, scanner, chosen| {
            let before = chosen.map_or(0, |place| self.user_rules_before(place));
            carry = scanner.scan_one_policy(part, std::mem::take(&mut carry), scratch);
            all.extend(scratch.findings.iter().map(|finding| Finding {
                start: finding.start + from,
                end: finding.end + from,
                rule: match finding.rule.0 {
                    own @ RuleId::USER_FIRST.. => RuleId(own.saturating_add(before)),
                    built_in => RuleId(built_in),
                },
                ..*finding
            }));
        });
        scratch.findings = all;
        carry
    }
}
