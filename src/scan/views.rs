//! Decoded views of records that hold escapes: the same hunts on the view, spans mapped back.

use super::Engine;
use super::accept::Hunt;
use super::{daemons, domains, inner, keyed, phrases, shapes};
use crate::classify::{Candidates, Collector};
use crate::codec::View;
use crate::context::KeyMemo;
use crate::finding::{Finding, TypeId};
use crate::simd::Kernel;

/// Memory for views; grows with the longest record that holds escapes.
#[derive(Default)]
pub(super) struct Scratch {
    once: View,
    twice: View,
    candidates: Candidates,
    found: Vec<Finding>,
    known: Known,
    strings: inner::Scratch,
}

/// What the raw bytes have already told, sorted: a key that stands raw knows best where its value
/// ends (an escaped quote of the value is a plain one in the view) unless what ended it is gone (`a b=40c`
/// looks like a value and a pair), and what precedes the host of a URL is no local part.
#[derive(Default)]
pub(super) struct Known {
    /// Starts and ends of values under keys.
    values: Vec<(usize, TypeId, usize)>,
    /// Where userinfo starts and ends.
    userinfo: Vec<(usize, usize)>,
}

impl Known {
    fn fill(&mut self, found: &[Finding]) {
        self.values.clear();
        self.userinfo.clear();
        self.values.extend(found.iter().filter(|f| f.key.is_some()).map(|f| (f.start, f.kind, f.end)));
        let userinfo = found.iter().filter(|f| f.kind == TypeId::URL_USERINFO);
        self.userinfo.extend(userinfo.map(|f| (f.start, f.end)));
        self.values.sort_unstable();
        self.userinfo.sort_unstable();
    }

    pub(super) fn is_settled(&self, start: usize, end: usize, found: &Finding) -> bool {
        // the next one in order: of the same start and type if it ends here or farther on
        let same = self.values.partition_point(|value| *value < (start, found.kind, end));
        let same = self.values.get(same).is_some_and(|value| (value.0, value.1) == (start, found.kind));
        if found.key.is_some() && same {
            return true;
        }
        let next = self.userinfo.partition_point(|(from, _)| *from <= start);
        let last = next.checked_sub(1).and_then(|i| self.userinfo.get(i));
        found.kind == TypeId::EMAIL && last.is_some_and(|(_, to)| start < *to && *to < end)
    }
}

/// Hunts in the decoded view of each record that one of the places `escaped` stands in, two layers
/// deep.
pub(super) fn hunt(
    kernel: Kernel,
    engine: &Engine,
    chunk: &[u8],
    escaped: &[u32],
    keys: &KeyMemo,
    scratch: &mut Scratch,
    found: &mut Vec<Finding>,
) {
    let Scratch { once, twice, candidates, found: told, known, strings } = scratch;
    if !escaped.is_empty() {
        known.fill(found);
    }
    let mut behind = 0;
    for &place in escaped {
        let place = place as usize;
        if place < behind {
            continue;
        }
        let record = memchr::memrchr(b'\n', &chunk[behind..place]).map_or(behind, |p| behind + p + 1);
        let end = memchr::memchr(b'\n', &chunk[place..]).map_or(chunk.len(), |p| place + p);
        behind = end;
        let source = &chunk[record..end];
        inner::hunt(&inner::Hunter { kernel, engine, keys, known }, source, record, strings, found);
        if !once.decode(source) {
            continue;
        }
        if !(once.is_of_json() && inner::says_all(source)) {
            hunt_view(kernel, engine, once, record, keys, candidates, known, told, found);
        }
        if twice.decode_again(once) {
            hunt_view(kernel, engine, twice, record, keys, candidates, known, told, found);
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn hunt_view(
    kernel: Kernel,
    engine: &Engine,
    view: &View,
    record: usize,
    keys: &KeyMemo,
    candidates: &mut Candidates,
    known: &Known,
    told: &mut Vec<Finding>,
    found: &mut Vec<Finding>,
) {
    told.clear();
    let mut collector = Collector::new(&view.text, &engine.filter, candidates);
    kernel.feed(&view.text, &mut collector);
    collector.done();
    let mut hunt = Hunt::new(engine, &view.text, told).with_memo(keys).with_kernel(kernel);
    keyed::hunt(&mut hunt, candidates);
    shapes::hunt(&mut hunt, candidates);
    phrases::hunt(&mut hunt, candidates);
    daemons::hunt(&mut hunt, candidates);
    domains::hunt(&mut hunt, candidates);
    for f in told.iter() {
        let (start, end, layers) = view.original(f.start, f.end);
        if known.is_settled(record + start, record + end, f) {
            continue;
        }
        found.push(Finding { start: record + start, end: record + end, layers, ..*f });
    }
}
