//! Timing in memory: each stage, the whole, the pipeline, and the baseline in alternating rounds.

use std::io;

use super::baseline::{Baseline, CHUNK_BYTES};
use super::clock::{PAIRS, Spent, Spread, middle, spent};
use crate::error::Error;
use crate::parallel::{self, Settings, Sink, Source};
use crate::scan::{Carry, Scanner, Scratch};
use crate::stream::Summary;
use crate::transform::Clean;

/// What was measured on one corpus.
pub(super) struct Measured {
    pub bytes: u64,
    pub candidates: usize,
    pub summary: Summary,
    pub copy: Spent,
    pub classify: Spent,
    pub scan: Spent,
    /// Chunks of whole records in, clean bytes into a buffer that is used again: what the baseline does.
    pub whole: Spent,
    /// The same by the pipeline that files and pipes go through, on all threads.
    pub pipeline: Spent,
    pub threads: Option<Threads>,
    pub baseline: Option<Compared>,
}

/// The pipeline on several threads beside the pipeline on one.
pub(super) struct Threads {
    /// Processor time of all threads over that of one.
    pub cpu: Spread,
    /// Wall time of one over that of all threads.
    pub wall: Spread,
}

/// The baseline beside ours: its processor time over ours.
pub(super) struct Compared {
    pub spent: Spent,
    pub found: u64,
    pub whole: Spread,
    pub pipeline: Spread,
}

/// Measures every stage and the whole.
///
/// # Errors
/// None but those of an engine that can't start its threads.
pub(super) fn measure(
    scanner: &Scanner,
    bytes: &[u8],
    settings: &Settings,
    with_baseline: bool,
) -> Result<Measured, Error> {
    let chunks = chunks(bytes, settings.chunk_bytes);
    let mut scratch = Scratch::default();
    let count = |scratch: &mut Scratch| chunks.iter().map(|c| scanner.count_candidates(c, scratch)).sum();
    let candidates: usize = count(&mut scratch);
    let mut copied = Vec::with_capacity(bytes.len());
    let copy = median(|| {
        copied.clear();
        chunks.iter().for_each(|c| copied.extend_from_slice(c));
        std::hint::black_box(copied.len());
    });
    let classify = median(|| assert_eq!(count(&mut scratch), candidates));
    let scan = median(|| {
        let found: usize = chunks.iter().map(|c| scanner.scan(c, &mut scratch).len()).sum();
        std::hint::black_box(found);
    });
    let baseline = if with_baseline { Some(Baseline::new()?) } else { None };
    let rounds = rounds(scanner, bytes, settings, baseline.as_ref())?;
    let cpu = |s: &Spent| s.cpu;
    Ok(Measured {
        bytes: bytes.len() as u64,
        candidates,
        copy,
        classify,
        scan,
        threads: (!rounds.alone.is_empty()).then(|| Threads {
            cpu: Spread::of(&rounds.pipeline, &rounds.alone, cpu),
            wall: Spread::of(&rounds.alone, &rounds.pipeline, |s| s.wall),
        }),
        baseline: baseline.map(|_| Compared {
            found: rounds.found,
            whole: Spread::of(&rounds.baseline, &rounds.whole, cpu),
            pipeline: Spread::of(&rounds.baseline, &rounds.pipeline, cpu),
            spent: middle(&mut rounds.baseline.clone()),
        }),
        whole: middle(&mut rounds.whole.clone()),
        pipeline: middle(&mut rounds.pipeline.clone()),
        summary: rounds.summary,
    })
}

/// What nine alternating rounds took.
struct Rounds {
    whole: Vec<Spent>,
    pipeline: Vec<Spent>,
    /// The pipeline on one thread; empty if that is what `pipeline` is.
    alone: Vec<Spent>,
    baseline: Vec<Spent>,
    /// Matches of the baseline.
    found: u64,
    summary: Summary,
}

/// One round to warm up, which says how much every other must write, then the timed ones.
fn rounds(
    scanner: &Scanner,
    bytes: &[u8],
    settings: &Settings,
    baseline: Option<&Baseline>,
) -> Result<Rounds, Error> {
    let (own, theirs) = (chunks(bytes, settings.chunk_bytes), chunks(bytes, CHUNK_BYTES));
    let alone = Settings { threads: 1, ..*settings };
    let (mut scratch, mut clean, mut replaced) = (Scratch::default(), Clean::new(), Vec::new());
    let expected = in_chunks(scanner, &own, &mut scratch, &mut clean);
    let (summary, piped) = pipeline(scanner, bytes, settings)?;
    let found = baseline.map_or(0, |baseline| search(baseline, &theirs, &mut replaced));
    let mut rounds = Rounds {
        whole: Vec::new(),
        pipeline: Vec::new(),
        alone: Vec::new(),
        baseline: Vec::new(),
        found,
        summary,
    };
    for _ in 0..PAIRS {
        let (time, written) = spent(|| in_chunks(scanner, &own, &mut scratch, &mut clean));
        assert_eq!(written, expected, "every round writes the same number of bytes");
        rounds.whole.push(time);
        if let Some(baseline) = baseline {
            let (time, again) = spent(|| search(baseline, &theirs, &mut replaced));
            assert_eq!(again, found, "every round of the baseline finds the same");
            rounds.baseline.push(time);
        }
        let (time, result) = spent(|| pipeline(scanner, bytes, settings));
        assert_eq!(result?.1, piped, "every round writes the same number of bytes");
        rounds.pipeline.push(time);
        if settings.threads > 1 {
            let (time, result) = spent(|| pipeline(scanner, bytes, &alone));
            assert_eq!(result?.1, piped, "threads don't change the output");
            rounds.alone.push(time);
        }
    }
    Ok(rounds)
}

/// Cuts at line ends, each piece at most `most` bytes if a line ends in it.
pub(super) fn chunks(bytes: &[u8], most: usize) -> Vec<&[u8]> {
    let mut all = Vec::new();
    let mut rest = bytes;
    while rest.len() > most {
        let end = memchr::memrchr(b'\n', &rest[..most]).map_or(most, |p| p + 1);
        let (now, next) = rest.split_at(end);
        all.push(now);
        rest = next;
    }
    all.push(rest);
    all
}

/// The median of nine runs after one to warm up.
fn median(mut once: impl FnMut()) -> Spent {
    once();
    let mut times: Vec<Spent> = (0..PAIRS).map(|_| spent(&mut once).0).collect();
    middle(&mut times)
}

/// Redacts chunk after chunk into one buffer; answers how many bytes came out.
pub(super) fn in_chunks(
    scanner: &Scanner,
    chunks: &[&[u8]],
    scratch: &mut Scratch,
    clean: &mut Clean,
) -> usize {
    let (mut carry, mut written, mut summary) = (Carry::default(), 0, Summary::default());
    for chunk in chunks {
        clean.clear();
        carry = scanner.redact_with_carry(chunk, carry, scratch, clean, &mut summary);
        written += std::hint::black_box(clean.len());
    }
    written
}

fn search(baseline: &Baseline, chunks: &[&[u8]], out: &mut Vec<u8>) -> u64 {
    let mut found = 0;
    for chunk in chunks {
        out.clear();
        found += baseline.redact(chunk, out);
        std::hint::black_box(out.len());
    }
    found
}

struct Memory<'a> {
    rest: &'a [u8],
}

impl Source for Memory<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = buffer.len().min(self.rest.len());
        let (now, rest) = self.rest.split_at(n);
        buffer[..n].copy_from_slice(now);
        self.rest = rest;
        Ok(n)
    }
    fn would_block(&mut self) -> bool {
        false
    }
}

/// Counts what would be written.
#[derive(Default)]
struct Counted {
    bytes: u64,
}

impl Sink for Counted {
    fn write_clean(&mut self, clean: &Clean) -> io::Result<()> {
        self.bytes += clean.len() as u64;
        Ok(())
    }
}

fn pipeline(scanner: &Scanner, bytes: &[u8], settings: &Settings) -> Result<(Summary, u64), Error> {
    let mut sink = Counted::default();
    let summary = parallel::redact(scanner, &mut Memory { rest: bytes }, &mut sink, settings)?;
    Ok((summary, sink.bytes))
}
