//! Base64 as evidence: text that decodes is looked through, and the whole run is one finding of the
//! gravest type found inside.

use super::Engine;
use super::accept::Hunt;
use super::{keyed, phrases, shapes};
use crate::classify::{Candidates, Collector, Kind};
use crate::codec;
use crate::context::{before, byte_at};
use crate::finding::{Finding, Layers};
use crate::simd::Kernel;

/// The shortest run, in symbols: eleven bytes of text.
const MIN_SYMBOLS: usize = 16;
/// How much of a run is decoded, in symbols; a multiple of four.
const MAX_SYMBOLS: usize = 16 << 10;
/// Below the confidence of keys and vendor shapes: a token whose text holds an address is a token.
const CONFIDENCE: u8 = 70;

/// Memory for decoded text; grows with the longest run that holds text.
#[derive(Default)]
pub(super) struct Scratch {
    candidates: Candidates,
    found: Vec<Finding>,
}

/// Hunts in what the runs around long words decode to, one layer deep.
pub(super) fn hunt(
    kernel: Kernel,
    engine: &Engine,
    chunk: &[u8],
    candidates: &Candidates,
    scratch: &mut Scratch,
    found: &mut Vec<Finding>,
) {
    // the end of the last run that was taken; the last word looked at, and where its run starts
    let (mut behind, mut walked, mut run) = (0, 0, 0);
    for c in candidates.of(Kind::LongWord) {
        let word = (c.at as usize).saturating_sub(MIN_SYMBOLS - 1);
        if word < behind {
            continue;
        }
        let mut start = word;
        let floor = walked.max(behind);
        while start > floor && is_symbol(chunk[start - 1]) {
            start -= 1;
        }
        if start == walked {
            start = run.max(behind); // many words of one run: it is walked once
        }
        (walked, run) = (word, start);
        // the run, or its part behind a slash of a path
        let is_first = |first: usize| codec::may_be_text(&chunk[first..]);
        let first = match (is_first(start), start != word) {
            (true, _) => start,
            (false, true) if is_first(word) => word,
            _ => continue,
        };
        let end = first + chunk[first..].iter().take_while(|b| is_symbol(**b)).count();
        behind = end;
        // parts of a JWT (RFC 7519) are found as a whole
        if matches!(before(chunk, first), b'.' | b'%') || byte_at(chunk, end) == b'.' {
            continue;
        }
        let whole = end + chunk[end..].iter().take(2).take_while(|b| **b == b'=').count();
        let decoded = &chunk[first..end.min(first + MAX_SYMBOLS)];
        let Some(text) = codec::base64(decoded).filter(|t| codec::is_text(t)) else {
            continue;
        };
        if let Some(gravest) = gravest(kernel, engine, &text, scratch) {
            let layers = Layers::NONE.with(Layers::BASE64);
            found.push(Finding { start: first, end: whole, layers, confidence: CONFIDENCE, ..gravest });
        }
    }
}

fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The finding of the first group in the order of precedence.
fn gravest(kernel: Kernel, engine: &Engine, text: &[u8], scratch: &mut Scratch) -> Option<Finding> {
    let Scratch { candidates, found } = scratch;
    found.clear();
    let mut collector = Collector::new(text, &engine.filter, candidates);
    kernel.feed(text, &mut collector);
    collector.done();
    let mut hunt = Hunt::new(engine, text, found).with_kernel(kernel);
    keyed::hunt(&mut hunt, candidates);
    shapes::hunt(&mut hunt, candidates);
    phrases::hunt(&mut hunt, candidates);
    found.iter().min_by_key(|f| (f.kind.group(), std::cmp::Reverse(f.confidence), f.start)).copied()
}
