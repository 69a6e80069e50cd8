//! Decoded views of records that hold escapes: the same hunts on the view, spans mapped back.

use super::accept::Hunt;
use super::{Engine, each_candidate, inner, repeats};
use crate::classify::{Candidates, Collector};
use crate::codec::View;
use crate::context::KeyMemo;
use crate::finding::{Finding, Layers, TypeId};
use crate::simd::Kernel;

/// Memory for views; grows with the longest record that holds escapes.
#[derive(Default)]
pub(super) struct Scratch {
    once: View,
    twice: View,
    strings: inner::Scratch,
    known: Known,
    pub(super) records: Records,
    texts: Memory,
}

/// What looking through a text needs.
#[derive(Default)]
struct Memory {
    candidates: Candidates,
    found: Vec<Finding>,
}

/// Strings that are records of their own and what was found in them, in order: their quotes are escaped, so what the raw
/// bytes say there lacks the vetoes that read quotes (`\"_MACHINE_ID\":\"…\"`).
#[derive(Default)]
pub(super) struct Records {
    pub(super) strings: Vec<(usize, usize)>,
    told: Vec<(usize, usize)>,
}

impl Records {
    fn clear(&mut self) {
        self.strings.clear();
        self.told.clear();
    }

    /// Whether a finding of the raw bytes lies in one of the strings and overlaps nothing that was found in it.
    fn deny(&self, found: &Finding) -> bool {
        let next = self.strings.partition_point(|(start, _)| *start <= found.start);
        let string = next.checked_sub(1).and_then(|last| self.strings.get(last));
        let first = self.told.partition_point(|(_, end)| *end <= found.start);
        string.is_some_and(|(_, end)| found.end <= *end)
            && self.told.get(first).is_none_or(|(start, _)| *start >= found.end)
    }
}

/// What the raw bytes have already told, sorted: a key that stands raw knows best where its value
/// ends (an escaped quote of the value is a plain one in the view) unless what ended it is gone (`a b=40c`
/// looks like a value and a pair), and what precedes the host of a URL is no local part.
#[derive(Default)]
struct Known {
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

    fn is_settled(&self, start: usize, end: usize, found: &Finding) -> bool {
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
    let Scratch { once, twice, strings, known, records, texts } = scratch;
    if !escaped.is_empty() {
        known.fill(found);
    }
    records.clear();
    let raw = found.len();
    let mut hunter = Hunter { kernel, engine, keys, known, records, texts, found };
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
        let says_all = inner::hunt(&mut hunter, source, record, strings);
        if !once.decode(source) {
            continue;
        }
        if !(says_all && once.is_of_json()) {
            hunter.look_through(&once.text, false, |start, end| placed(once.original(start, end), record));
        }
        if twice.decode_again(once) {
            hunter.look_through(&twice.text, false, |start, end| placed(twice.original(start, end), record));
        }
    }
    if !records.strings.is_empty() {
        // ends in order, too, as findings that overlap are settled later
        records.told.sort_unstable();
        let mut reach = 0;
        for (_, end) in &mut records.told {
            reach = reach.max(*end);
            *end = reach;
        }
        let mut place = 0;
        found.retain(|finding| {
            place += 1;
            place > raw || !records.deny(finding)
        });
    }
}

/// A range of a source that starts at `base` of the chunk, with its layers, in the chunk.
pub(super) fn placed((start, end, layers): (usize, usize, Layers), base: usize) -> (usize, usize, Layers) {
    (base + start, base + end, layers)
}

/// Looks through texts that stand for parts of a chunk.
pub(super) struct Hunter<'a> {
    kernel: Kernel,
    engine: &'a Engine,
    keys: &'a KeyMemo,
    known: &'a Known,
    records: &'a mut Records,
    texts: &'a mut Memory,
    found: &'a mut Vec<Finding>,
}

impl Hunter<'_> {
    /// Says that the last text looked through stands for all of a string, `start..end` of the chunk, with what is in it:
    /// nothing else is found there.
    pub(super) fn is_whole_string(
        &mut self,
        start: usize,
        end: usize,
        original: impl Fn(usize, usize) -> (usize, usize, Layers),
    ) {
        self.records.strings.push((start, end));
        let told = self.texts.found.iter().map(|f| original(f.start, f.end));
        self.records.told.extend(told.map(|(start, end, _)| (start, end)));
    }

    /// Hunts in a text, which may be a record of its own; `original` says where a part of it stands in the chunk, and
    /// in which layers.
    pub(super) fn look_through(
        &mut self,
        text: &[u8],
        is_record: bool,
        original: impl Fn(usize, usize) -> (usize, usize, Layers),
    ) {
        let Memory { candidates, found } = &mut *self.texts;
        found.clear();
        let mut collector = Collector::new(text, &self.engine.filter, candidates);
        self.kernel.feed(text, &mut collector);
        collector.done();
        let mut hunt = Hunt::new(self.engine, text, found).with_memo(self.keys).with_kernel(self.kernel);
        each_candidate(&mut hunt, candidates);
        if is_record {
            repeats::hunt(&mut hunt);
        }
        for f in found.iter() {
            let (start, end, layers) = original(f.start, f.end);
            if !self.known.is_settled(start, end, f) {
                self.found.push(Finding { start, end, layers, ..*f });
            }
        }
    }
}
