//! Timing: stages in memory on one core, the baseline in alternating rounds, findings checked first.

use std::io;
use std::time::{Duration, Instant};

use super::baseline::Baseline;
use crate::error::Error;
use crate::parallel::{self, Settings, Sink, Source};
use crate::report::Json;
use crate::scan::{Scanner, Scratch};
use crate::stream::Summary;
use crate::transform::Clean;

/// Rounds of each; the median counts.
const ROUNDS: usize = 9;
/// Bytes that the stages and the baseline take at once.
const CHUNK_BYTES: usize = 1 << 20;

/// What was measured on one corpus.
pub(super) struct Measured {
    bytes: usize,
    candidates: usize,
    summary: Summary,
    copy: Duration,
    classify: Duration,
    scan: Duration,
    whole: Duration,
    baseline: Option<Compared>,
}

struct Compared {
    time: Duration,
    found: u64,
    /// Baseline time over ours, round by round: least, median, most.
    ratio: [f64; 3],
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
    let chunks = chunks(bytes);
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
    let (summary, expected) = run(scanner, bytes, settings)?;
    let baseline = if with_baseline {
        Some(Baseline::new().map_err(|_| Error::pattern("the baseline's patterns don't compile"))?)
    } else {
        None
    };
    let (mut ours, mut theirs, mut found) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let (_, written) = run(scanner, bytes, settings)?;
        ours.push(begun.elapsed());
        assert_eq!(written, expected, "every round writes the same number of bytes");
        if let Some(baseline) = &baseline {
            let begun = Instant::now();
            found = 0;
            let mut out = Vec::with_capacity(CHUNK_BYTES * 2);
            for chunk in &chunks {
                out.clear();
                found += baseline.redact(chunk, &mut out);
                std::hint::black_box(out.len());
            }
            theirs.push(begun.elapsed());
        }
    }
    let baseline = baseline.map(|_| {
        let mut ratios: Vec<f64> =
            theirs.iter().zip(&ours).map(|(t, o)| t.as_secs_f64() / o.as_secs_f64().max(1e-9)).collect();
        ratios.sort_by(f64::total_cmp);
        Compared {
            time: middle(&mut theirs),
            found,
            ratio: [ratios[0], ratios[ROUNDS / 2], ratios[ROUNDS - 1]],
        }
    });
    Ok(Measured {
        bytes: bytes.len(),
        candidates,
        summary,
        copy,
        classify,
        scan,
        whole: middle(&mut ours),
        baseline,
    })
}

fn chunks(bytes: &[u8]) -> Vec<&[u8]> {
    let mut all = Vec::new();
    let mut rest = bytes;
    while rest.len() > CHUNK_BYTES {
        let end = memchr::memrchr(b'\n', &rest[..CHUNK_BYTES]).map_or(CHUNK_BYTES, |p| p + 1);
        let (now, next) = rest.split_at(end);
        all.push(now);
        rest = next;
    }
    all.push(rest);
    all
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn median(mut once: impl FnMut()) -> Duration {
    once();
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            once();
            begun.elapsed()
        })
        .collect();
    middle(&mut times)
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

fn run(scanner: &Scanner, bytes: &[u8], settings: &Settings) -> Result<(Summary, u64), Error> {
    let mut sink = Counted::default();
    let summary = parallel::redact(scanner, &mut Memory { rest: bytes }, &mut sink, settings)?;
    Ok((summary, sink.bytes))
}

impl Measured {
    fn rate(&self, time: Duration) -> f64 {
        self.bytes as f64 / f64::from(1 << 20) / time.as_secs_f64().max(1e-9)
    }

    /// Lines for people.
    pub fn text(&self, name: &str, scanner: &Scanner, threads: usize) -> String {
        let lines = self.summary.records.max(1) as f64;
        let whole = self.whole.as_secs_f64().max(1e-9);
        let mut text = format!(
            "{name}: {:.0} MiB/s, {:.0} lines/s, {:.0} findings/s ({} bytes, {:.2} findings a line, {:.1} candidates a KiB, kernel {}, {threads} thread{})\n  memcpy {:.0}, classify {:.0}, scan {:.0}, whole {:.0} MiB/s",
            self.rate(self.whole),
            lines / whole,
            self.summary.found_in_all() as f64 / whole,
            self.bytes,
            self.summary.found_in_all() as f64 / lines,
            self.candidates as f64 * 1024.0 / self.bytes.max(1) as f64,
            scanner.kernel().name(),
            if threads == 1 { "" } else { "s" },
            self.rate(self.copy),
            self.rate(self.classify),
            self.rate(self.scan),
            self.rate(self.whole),
        );
        if let Some(b) = &self.baseline {
            text += &format!(
                "\n  baseline {:.0} MiB/s ({} matches), ratio {:.2} ({:.2} to {:.2}, {ROUNDS} pairs)",
                self.rate(b.time),
                b.found,
                b.ratio[1],
                b.ratio[0],
                b.ratio[2]
            );
        }
        text
    }

    /// One JSON object.
    pub fn json(&self, name: &str, scanner: &Scanner, threads: usize) -> String {
        let mib = |time| format!("{:.1}", self.rate(time));
        let mut json = Json::new();
        json.open(None, '{')
            .string("corpus", name)
            .string("kernel", scanner.kernel().name())
            .number("threads", threads)
            .number("bytes", self.summary.bytes_in)
            .number("records", self.summary.records)
            .number("found", self.summary.found_in_all())
            .number("candidates", self.candidates)
            .number("seconds", format_args!("{:.6}", self.whole.as_secs_f64()))
            .number("mib_per_second", mib(self.whole))
            .number("memcpy_mib_per_second", mib(self.copy))
            .number("classify_mib_per_second", mib(self.classify))
            .number("scan_mib_per_second", mib(self.scan));
        if let Some(b) = &self.baseline {
            json.number("baseline_mib_per_second", mib(b.time))
                .number("baseline_found", b.found)
                .number("ratio", format_args!("{:.3}", b.ratio[1]))
                .number("ratio_least", format_args!("{:.3}", b.ratio[0]))
                .number("ratio_most", format_args!("{:.3}", b.ratio[2]));
        }
        json.close('}');
        json.finish()
    }
}
