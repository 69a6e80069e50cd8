//! Each stage run once behind a name of its own, for tools that count instructions.
//!
//! `benches/instructions.sh` asks callgrind what each of these functions cost.

use super::measure::{chunks, in_chunks};
use crate::parallel::Settings;
use crate::scan::{Scanner, Scratch};
use crate::transform::Clean;

/// Runs every stage twice, counting the second time only: buffers have their size then.
pub(super) fn run(scanner: &Scanner, bytes: &[u8]) {
    let chunks = chunks(bytes, Settings::default().chunk_bytes);
    let (mut scratch, mut clean) = (Scratch::default(), Clean::new());
    in_chunks(scanner, &chunks, &mut scratch, &mut clean);
    counted_classify(scanner, &chunks, &mut scratch);
    counted_scan(scanner, &chunks, &mut scratch);
    counted_whole(scanner, &chunks, &mut scratch, &mut clean);
}

#[inline(never)]
fn counted_classify(scanner: &Scanner, chunks: &[&[u8]], scratch: &mut Scratch) {
    for chunk in chunks {
        std::hint::black_box(scanner.count_candidates(chunk, scratch));
    }
}

#[inline(never)]
fn counted_scan(scanner: &Scanner, chunks: &[&[u8]], scratch: &mut Scratch) {
    for chunk in chunks {
        std::hint::black_box(scanner.scan(chunk, scratch).len());
    }
}

#[inline(never)]
fn counted_whole(scanner: &Scanner, chunks: &[&[u8]], scratch: &mut Scratch, clean: &mut Clean) {
    std::hint::black_box(in_chunks(scanner, chunks, scratch, clean));
}
