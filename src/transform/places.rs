//! The action of a finding where a place of the policy says another than the type does.

use crate::finding::Finding;
use crate::plan::Plan;
use crate::policy::{Action, Mode, Override};

/// What the places of the record in hand say; one walk serves all findings of a record.
#[derive(Default)]
pub(super) struct Memo {
    record: Option<(usize, usize)>,
    spans: Vec<(usize, usize, Override)>,
}

impl Memo {
    /// Forgets the record: a new chunk begins.
    pub(super) fn start_chunk(&mut self) {
        self.record = None;
    }

    /// What happens to a finding; `None` if it is only counted.
    pub(super) fn action(&mut self, plan: &Plan, chunk: &[u8], finding: &Finding) -> Option<Action> {
        let policy = &plan.policy;
        let change = self.of(plan, chunk, finding);
        let shadow = match change.and_then(|change| change.mode) {
            Some(mode) => mode == Mode::Shadow,
            None => policy.shadows(finding),
        };
        let action = change.and_then(|change| change.action.clone());
        (!shadow).then(|| action.unwrap_or_else(|| policy.action(finding.kind).clone()))
    }

    fn of(&mut self, plan: &Plan, chunk: &[u8], finding: &Finding) -> Option<&Override> {
        if plan.policy.places.is_empty() {
            return None;
        }
        if !self.record.is_some_and(|(start, end)| start <= finding.start && finding.end <= end) {
            let start = chunk
                .get(..finding.start)
                .and_then(|head| memchr::memrchr(b'\n', head))
                .map_or(0, |at| at + 1);
            let rest = chunk.get(start..).unwrap_or_default();
            let text = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
            self.record = Some((start, start + text.len()));
            self.spans.clear();
            let spans = &mut self.spans;
            plan.policy
                .places
                .find(text, &mut |from, to, change| spans.push((start + from, start + to, change.clone())));
        }
        let covers = |span: &&(usize, usize, Override)| span.0 <= finding.start && finding.end <= span.1;
        self.spans.iter().find(covers).map(|span| &span.2)
    }
}
