//! Values that a key has settled: the whole of a quoted string, found by its key's detector.
//!
//! The same value is offered by its shape as well, and that finding would lose to the one under the
//! key: the same bytes, the same type, no more confidence. In an application log most values stand
//! under keys, so leaving those candidates out saves every second verification there.

use super::accept::Hunt;
use crate::context::before;
use crate::finding::TypeId;

/// Spans of settled values by what candidates they are asked for.
#[derive(Default)]
pub(super) struct Settled {
    pub emails: Spans,
    pub hardware: Spans,
    /// Cards, IMEIs, ICCIDs and phone numbers.
    pub numbers: Spans,
}

/// Spans of values, in order.
#[derive(Default)]
pub(super) struct Spans {
    list: Vec<(usize, usize, TypeId)>,
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
        let mut settled = Self::default();
        if policy.tells_rules_apart() || hunt.engine.plan.newer.is_some() {
            return settled;
        }
        for f in hunt.found.iter().filter(|f| f.key.is_some() && is_surer_by_key(f.kind, f.confidence)) {
            let opens = before(text, f.start) == b'"';
            // digits without a sign could be a card's, too
            let is_clear = f.kind != TypeId::PHONE || text.get(f.start) == Some(&b'+');
            if opens && is_clear && text.get(f.end) == Some(&b'"') {
                settled.of_kind(f.kind).list.push((f.start, f.end, f.kind));
            }
        }
        for Spans { list, .. } in [&mut settled.emails, &mut settled.hardware, &mut settled.numbers] {
            if !list.is_sorted_by_key(|span| span.0) {
                list.sort_unstable();
            }
        }
        settled
    }

    fn of_kind(&mut self, kind: TypeId) -> &mut Spans {
        match kind {
            TypeId::EMAIL => &mut self.emails,
            TypeId::MAC => &mut self.hardware,
            _ => &mut self.numbers,
        }
    }
}

impl Spans {
    /// Starts again at the first value.
    pub fn rewind(&mut self) {
        self.next = 0;
    }

    /// Whether the candidate at `at` stands in a settled value of this type; asked in order.
    #[inline]
    pub fn has(&mut self, at: usize, is_kind: impl Fn(TypeId) -> bool) -> bool {
        while self.list.get(self.next).is_some_and(|span| span.1 <= at) {
            self.next += 1;
        }
        self.list.get(self.next).is_some_and(|(start, _, kind)| *start <= at && is_kind(*kind))
    }
}
