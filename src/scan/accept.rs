//! What the hunts share: the chunk, the engine, and the one place where a match becomes a finding.

use super::Engine;
use crate::finding::{Evidence, Finding, Layers, Match, TypeId};
use crate::mark;
use crate::rules::KeyId;

/// A hunt over one text: the chunk, or a decoded view of one record of it.
pub(super) struct Hunt<'a> {
    pub engine: &'a Engine,
    pub text: &'a [u8],
    pub found: &'a mut Vec<Finding>,
    pub layers: Layers,
}

impl<'a> Hunt<'a> {
    pub fn new(engine: &'a Engine, text: &'a [u8], found: &'a mut Vec<Finding>) -> Self {
        Self { engine, text, found, layers: Layers::NONE }
    }

    /// Whether values of this type are looked for.
    #[inline(always)]
    pub fn wants(&self, kind: TypeId) -> bool {
        self.engine.plan.policy.is_enabled(kind)
    }

    /// Takes a match whose offsets are into the text, unless the policy spares it.
    #[inline]
    pub fn accept(&mut self, found: Match) {
        self.accept_under(found, None);
    }

    /// Takes a match that stands under a key.
    pub fn accept_under(&mut self, found: Match, key: Option<KeyId>) {
        let policy = &self.engine.plan.policy;
        if found.start >= found.end
            || !policy.is_enabled(found.kind)
            || found.confidence < policy.min_confidence(found.kind)
            || policy.is_rule_off(found.rule)
            || policy.is_allowed(found.kind, &self.text[found.start..found.end])
        {
            return;
        }
        self.push(found, key);
    }

    /// Takes a match unless the policy's own list names it; the built-in allowances do not count
    /// (people type passwords where a user name is asked).
    pub fn accept_listed(&mut self, found: Match) {
        let policy = &self.engine.plan.policy;
        if found.start < found.end
            && policy.is_enabled(found.kind)
            && !policy.is_rule_off(found.rule)
            && !policy.is_listed(found.kind, &self.text[found.start..found.end])
        {
            self.push(found, None);
        }
    }

    fn push(&mut self, found: Match, key: Option<KeyId>) {
        let evidence = if key.is_some() { found.evidence.and(Evidence::KEY) } else { found.evidence };
        let (layers, list, text) = (self.layers, &mut *self.found, self.text);
        let mut put = |start, end| {
            list.push(Finding {
                start,
                end,
                kind: found.kind,
                rule: found.rule,
                confidence: found.confidence,
                evidence,
                key,
                layers,
            });
        };
        if memchr::memchr2(b'[', b'_', &text[found.start..found.end]).is_none() {
            put(found.start, found.end);
        } else {
            mark::pieces_between_marks(text, found.start, found.end, put);
        }
    }
}
