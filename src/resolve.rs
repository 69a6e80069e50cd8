//! Overlapping findings to ordered, disjoint ones that cover the same bytes.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::finding::Finding;

/// Memory that resolving reuses.
#[derive(Default)]
pub(crate) struct Scratch {
    pieces: Vec<Finding>,
    /// Spans that are taken, start to end, none touching another.
    covered: BTreeMap<usize, usize>,
}

/// What goes before what where findings overlap: what changes bytes before what does not, then
/// confidence, group, length, start, rule.
fn rank(f: &Finding, weak: bool) -> impl Ord + use<> {
    // of two findings on the same bytes the one that knows of their JSON escapes says what they mean
    let last = (f.start, f.rule, !f.layers.has_json(), f.kind, f.key, f.evidence, f.layers);
    (weak, Reverse(f.confidence), f.kind.group(), Reverse(f.end - f.start), last)
}

/// Sorts `findings` and cuts them so that none overlap and every byte stays covered: the one that
/// ranks first keeps its span, what is left of the others becomes findings of their own. One that is
/// weak (kept, in shadow) ranks behind all others.
pub(crate) fn resolve(
    findings: &mut Vec<Finding>,
    scratch: &mut Scratch,
    is_weak: impl Fn(&Finding) -> bool,
) {
    if !findings.is_sorted_by_key(|f| f.start) {
        findings.sort_by_key(|f| f.start);
    }
    if findings.windows(2).all(|w| w[0].end <= w[1].start) {
        return;
    }
    let Scratch { pieces, covered } = scratch;
    pieces.clear();
    let mut next = 0;
    while next < findings.len() {
        let first = findings[next];
        let mut end = first.end;
        let mut last = next + 1;
        while last < findings.len() && findings[last].start < end {
            end = end.max(findings[last].end);
            last += 1;
        }
        if last == next + 1 {
            pieces.push(first);
        } else {
            let some = &mut findings[next..last];
            if some.len() <= FEW {
                cut_few(some, pieces, &is_weak);
            } else {
                cut(some, pieces, covered, &is_weak);
            }
        }
        next = last;
    }
    std::mem::swap(findings, pieces);
}

/// How many findings are cut without a tree.
const FEW: usize = 8;

/// Cuts a cluster of a few findings: nearly all are two that say the same of one value.
fn cut_few(cluster: &mut [Finding], pieces: &mut Vec<Finding>, is_weak: &impl Fn(&Finding) -> bool) {
    cluster.sort_by_key(|f| rank(f, is_weak(f)));
    let taken_from = pieces.len();
    for f in cluster.iter() {
        // the pieces so far are disjoint and in order: `f` gets the gaps between them
        let mut start = f.start;
        let mut place = taken_from;
        while place < pieces.len() && pieces[place].start < f.end {
            let taken = pieces[place];
            if start < taken.start {
                pieces.insert(place, Finding { start, end: taken.start, ..*f });
                place += 1;
            }
            start = start.max(taken.end);
            place += 1;
        }
        if start < f.end {
            pieces.insert(place, Finding { start, ..*f });
        }
    }
}

/// Cuts one cluster of overlapping findings.
///
/// Each gap that a finding fills and each span that it joins is met once, so a cluster of many
/// thousands (`password=password=…`) costs no more for each than one of two.
fn cut(
    cluster: &mut [Finding],
    pieces: &mut Vec<Finding>,
    covered: &mut BTreeMap<usize, usize>,
    is_weak: &impl Fn(&Finding) -> bool,
) {
    cluster.sort_by_key(|f| rank(f, is_weak(f)));
    let taken_from = pieces.len();
    covered.clear();
    for f in cluster.iter() {
        // what the findings before left free of this one
        let (mut from, mut start) = (f.start, f.start);
        if let Some((&first, &end)) = covered.range(..=start).next_back()
            && end >= start
        {
            (from, start) = (first, end);
        }
        while let Some((&next, &end)) = covered.range(from + 1..).next()
            && next <= f.end
        {
            if start < next {
                pieces.push(Finding { start, end: next, ..*f });
            }
            start = end;
            covered.remove(&next);
        }
        if start < f.end {
            pieces.push(Finding { start, ..*f });
        }
        covered.insert(from, start.max(f.end));
    }
    pieces[taken_from..].sort_by_key(|p| p.start);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Evidence, Layers, TypeId};
    use crate::rules;

    fn finding(start: usize, end: usize, kind: TypeId, confidence: u8) -> Finding {
        Finding {
            start,
            end,
            kind,
            rule: rules::IP,
            confidence,
            evidence: Evidence::NONE,
            key: None,
            layers: Layers::NONE,
        }
    }

    #[test]
    fn every_byte_stays_covered_once() {
        let mut seed = 7u32;
        let mut random = |n: u32| {
            seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            (seed >> 16) % n
        };
        for _ in 0..500 {
            let mut findings = Vec::new();
            for _ in 0..random(12) {
                let start = random(40) as usize;
                let end = start + 1 + random(12) as usize;
                findings.push(finding(start, end, TypeId(random(30) as u8), 50 + random(3) as u8));
            }
            let mut before = [false; 64];
            findings.iter().for_each(|f| before[f.start..f.end].fill(true));
            let best = findings.iter().copied().min_by_key(|f| rank(f, false));
            let mut resolved = findings.clone();
            resolve(&mut resolved, &mut Scratch::default(), |_| false);
            let (mut few, mut many) = (Vec::new(), Vec::new());
            cut_few(&mut findings.clone(), &mut few, &|_| false);
            cut(&mut findings.clone(), &mut many, &mut BTreeMap::new(), &|_| false);
            assert_eq!(few, many);
            let mut after = [false; 64];
            for w in resolved.windows(2) {
                assert!(w[0].end <= w[1].start);
            }
            resolved.iter().for_each(|f| after[f.start..f.end].fill(true));
            assert_eq!(before, after);
            if let Some(best) = best {
                assert!(
                    resolved
                        .iter()
                        .any(|f| f.start == best.start && f.end == best.end && f.kind == best.kind)
                );
            }
        }
    }

    #[test]
    fn the_order_of_findings_does_not_matter() {
        let a = [
            finding(0, 5, TypeId::EMAIL, 90),
            finding(3, 9, TypeId::IPV4, 90),
            finding(2, 12, TypeId::TOKEN, 80),
        ];
        let mut forth = a.to_vec();
        let mut back: Vec<_> = a.iter().rev().copied().collect();
        resolve(&mut forth, &mut Scratch::default(), |_| false);
        resolve(&mut back, &mut Scratch::default(), |_| false);
        assert_eq!(forth, back);
    }
}
