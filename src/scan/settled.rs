//! Values that a key has settled: the whole of a quoted string, found by its key's detector.
//!
//! The same value is offered by its shape as well, and that finding would lose to the one under the
//! key: the same bytes, the same type, no more confidence. In an application log most values stand
//! under keys, so leaving those candidates out saves every second verification there.

use super::accept::Hunt;
use crate::finding::TypeId;

/// Spans of settled values, in order.
pub(super) struct Settled {
    spans: Vec<(usize, usize, TypeId)>,
    next: usize,
}

/// Types whose detector under a key is at least as sure as the one by shape.
fn is_surer_by_key(kind: TypeId, confidence: u8) -> bool {
    match kind {
        TypeId::EMAIL => confidence >= 96,
        TypeId::MAC => confidence >= 90,
        TypeId::PHONE => confidence >= 95,
        TypeId::CARD | TypeId::IMEI | TypeId::ICCID => confidence >= 97,
        _ => false,
    }
}

impl Settled {
    /// What the keys of this text have settled so far; nothing if the policy tells rules or places
    /// apart, or newer rows from older ones, since a finding could then lose to one of the same type.
    pub fn of(hunt: &Hunt<'_>) -> Self {
        let (text, policy) = (hunt.text, &hunt.engine.plan.policy);
        let mut spans = Vec::new();
        if policy.tells_rules_apart() || hunt.engine.plan.newer.is_some() {
            return Self { spans, next: 0 };
        }
        for f in hunt.found.iter().filter(|f| f.key.is_some() && is_surer_by_key(f.kind, f.confidence)) {
            let opens = f.start.checked_sub(1).and_then(|p| text.get(p)) == Some(&b'"');
            // digits without a sign could be a card's, too
            let is_clear = f.kind != TypeId::PHONE || text.get(f.start) == Some(&b'+');
            if opens && is_clear && text.get(f.end) == Some(&b'"') {
                spans.push((f.start, f.end, f.kind));
            }
        }
        spans.sort_unstable();
        Self { spans, next: 0 }
    }

    /// Starts again at the first value.
    pub fn rewind(&mut self) {
        self.next = 0;
    }

    /// Whether the candidate at `at` stands in a settled value of this type; asked in order.
    #[inline]
    pub fn has(&mut self, at: usize, is_kind: impl Fn(TypeId) -> bool) -> bool {
        while self.spans.get(self.next).is_some_and(|span| span.1 <= at) {
            self.next += 1;
        }
        self.spans.get(self.next).is_some_and(|(start, _, kind)| *start <= at && is_kind(*kind))
    }
}
