//! What a policy says about key paths, headers, cookies and query parameters, laid over what the
//! detectors found. Only policies that name places pay for it.

use super::Engine;
use super::accept::beside_marks;
use crate::fields::{leaves, records};
use crate::finding::{Evidence, Finding, Layers, Match};
use crate::plan::Plan;
use crate::policy::Override;
use crate::rules;

/// Takes out and adds findings where a place says so. `findings` may come in any order and overlap.
pub(super) fn lay_over(engine: &Engine, chunk: &[u8], findings: &mut Vec<Finding>) {
    let plan = &engine.plan;
    if plan.policy.places.is_empty() {
        return;
    }
    findings.sort_by_key(|finding| finding.start);
    let mut kept = Vec::with_capacity(findings.len());
    let mut rest = findings.as_slice();
    for (start, end) in records(chunk) {
        let here = rest.partition_point(|finding| finding.start < end);
        let (mine, later) = rest.split_at(here);
        rest = later;
        record(plan, chunk, (start, end), mine, &mut kept);
    }
    kept.extend_from_slice(rest);
    *findings = kept;
}

/// One record: its findings, and what the places in it say.
fn record(
    plan: &Plan,
    chunk: &[u8],
    (start, end): (usize, usize),
    found: &[Finding],
    kept: &mut Vec<Finding>,
) {
    let text = chunk.get(start..end).unwrap_or_default();
    let mut spans: Vec<(usize, usize, Override)> = Vec::new();
    plan.policy.places.find(text, &mut |from, to, change| {
        spans.push((start + from, start + to, change.clone()));
    });
    for finding in found {
        // The first that covers the finding is the innermost.
        let place = spans.iter().find(|span| span.0 <= finding.start && finding.end <= span.1);
        if plan.accepts(finding, place.map(|span| &span.2)) {
            let mark = place.map_or(Evidence::NONE, |span| plan.place_mark(finding, &span.2));
            kept.push(Finding { evidence: finding.evidence.and(mark), ..*finding });
        }
    }
    for (from, to, change) in &spans {
        if change.enabled != Some(false)
            && let Some(kind) = change.kind
        {
            let (rule, evidence) = (rules::PLACE, Evidence::KEY);
            leaves(chunk.get(*from..*to).unwrap_or_default(), &mut |first, last| {
                let (start, end) = (from + first, from + last);
                let found = Match { start, end, kind, rule, confidence: 100, evidence };
                beside_marks(plan, chunk, &found, &mut |start, end| {
                    let (key, layers) = (None, Layers::NONE);
                    let finding = Finding { start, end, kind, rule, confidence: 100, evidence, key, layers };
                    let evidence = evidence.and(plan.place_mark(&finding, change));
                    kept.push(Finding { evidence, ..finding });
                });
            });
        }
    }
}
