//! Decoded views of records that hold escapes: the same hunts on the view, spans mapped back.

use super::Engine;
use super::accept::Hunt;
use super::{keyed, phrases, shapes};
use crate::classify::{Candidates, Collector};
use crate::codec::View;
use crate::finding::Finding;
use crate::simd::Kernel;

/// Memory for views; grows with the longest record that holds escapes.
#[derive(Default)]
pub(super) struct Scratch {
    once: View,
    twice: View,
    candidates: Candidates,
    found: Vec<Finding>,
}

/// Hunts in the decoded view of each record that one of the places `escaped` stands in, two layers
/// deep.
pub(super) fn hunt(
    kernel: Kernel,
    engine: &Engine,
    chunk: &[u8],
    escaped: &[u32],
    scratch: &mut Scratch,
    found: &mut Vec<Finding>,
) {
    let Scratch { once, twice, candidates, found: inner } = scratch;
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
        if !once.decode(source) {
            continue;
        }
        hunt_view(kernel, engine, once, record, candidates, inner, found);
        if twice.decode_again(once) {
            hunt_view(kernel, engine, twice, record, candidates, inner, found);
        }
    }
}

fn hunt_view(
    kernel: Kernel,
    engine: &Engine,
    view: &View,
    record: usize,
    candidates: &mut Candidates,
    inner: &mut Vec<Finding>,
    found: &mut Vec<Finding>,
) {
    inner.clear();
    let mut collector = Collector::new(&view.text, &engine.filter, candidates);
    kernel.feed(&view.text, &mut collector);
    collector.done();
    let mut hunt = Hunt::new(engine, &view.text, inner);
    shapes::hunt(&mut hunt, candidates);
    keyed::hunt(&mut hunt, candidates);
    phrases::hunt(&mut hunt, candidates);
    for f in inner.iter() {
        let (start, end, layers) = view.original(f.start, f.end);
        found.push(Finding { start: record + start, end: record + end, layers, ..*f });
    }
}
