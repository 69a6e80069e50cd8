//! `logveil bench`: MiB/s on files or on an invented corpus, findings said before the time.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::args::BenchCommand;
use super::options::{parse_count, parse_size};
use super::outcome::Outcome;
use super::plan::plan;
use crate::error::Error;
use crate::parallel::{self, Settings, Sink, Source};
use crate::report::Json;
use crate::scan::Scanner;
use crate::simd::Kernel;
use crate::stream::Summary;
use crate::transform::Clean;

/// Bytes of the invented corpus when nothing is said.
const DEFAULT_BYTES: usize = 16 << 20;
/// Rounds of which the fastest counts: noise only ever adds time.
const ROUNDS: usize = 5;

/// Runs the subcommand.
///
/// # Errors
/// A file that can't be read, a kernel that this CPU has not, a closed output.
pub(super) fn run(command: BenchCommand) -> Result<Outcome, Error> {
    let scanner = match plan(&command.detect, &[])?.scanner() {
        Ok(scanner) => scanner,
        Err(ended) => return Ok(ended),
    };
    let kernel = match &command.kernel {
        Some(name) => Some(Kernel::from_name(name).ok_or_else(|| {
            let known: Vec<_> = Kernel::available().into_iter().map(Kernel::name).collect();
            Error::usage(format!("--kernel: not a kernel of this CPU; use {}", known.join(", ")))
        })?),
        None => None,
    };
    let kernel = kernel.unwrap_or(scanner.kernel());
    let scanner = scanner.with_kernel(kernel);
    let threads = command.threads.as_deref().map_or(Ok(1), |text| parse_count("-j", text))?;
    let size = command.size.as_deref().map_or(Ok(DEFAULT_BYTES), |text| parse_size("--size", text))?;
    let settings = Settings { threads, ..Settings::default() };
    let corpora = if command.files.is_empty() {
        vec![("web".to_owned(), web_corpus(size))]
    } else {
        let read = |path: &std::path::PathBuf| {
            let name = path.display().to_string();
            std::fs::read(path).map(|bytes| (name.clone(), bytes)).map_err(|e| Error::io(name, e))
        };
        command.files.iter().map(read).collect::<Result<Vec<_>, _>>()?
    };
    let mut out = io::stdout();
    for (name, bytes) in &corpora {
        let (summary, best) = fastest(&scanner, bytes, &settings)?;
        let line = if command.json {
            json_of(name, &scanner, threads, &summary, best)
        } else {
            text_of(name, &scanner, threads, &summary, best)
        };
        writeln!(out, "{line}").map_err(|e| Error::io("can't write to standard output", e))?;
    }
    Ok(Outcome::DONE)
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

fn fastest(scanner: &Scanner, bytes: &[u8], settings: &Settings) -> Result<(Summary, Duration), Error> {
    let mut best = Duration::MAX;
    let mut summary = Summary::default();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        summary = parallel::redact(scanner, &mut Memory { rest: bytes }, &mut Counted::default(), settings)?;
        best = best.min(begun.elapsed());
    }
    Ok((summary, best))
}

fn rate(bytes: u64, time: Duration) -> f64 {
    bytes as f64 / f64::from(1 << 20) / time.as_secs_f64().max(1e-9)
}

fn text_of(name: &str, scanner: &Scanner, threads: usize, summary: &Summary, time: Duration) -> String {
    format!(
        "{name}: {:.0} MiB/s, {:.0} lines/s, {} findings in {} lines, kernel {}, {threads} threads",
        rate(summary.bytes_in, time),
        summary.records as f64 / time.as_secs_f64().max(1e-9),
        summary.found_in_all(),
        summary.records,
        scanner.kernel().name()
    )
}

fn json_of(name: &str, scanner: &Scanner, threads: usize, summary: &Summary, time: Duration) -> String {
    let mut json = Json::new();
    json.open(None, '{')
        .string("corpus", name)
        .string("kernel", scanner.kernel().name())
        .number("threads", threads)
        .number("bytes", summary.bytes_in)
        .number("records", summary.records)
        .number("found", summary.found_in_all())
        .number("seconds", format_args!("{:.6}", time.as_secs_f64()))
        .number("mib_per_second", format_args!("{:.1}", rate(summary.bytes_in, time)))
        .close('}');
    json.finish()
}

/// Invented access-log lines, about one address each; the same bytes every time.
fn web_corpus(bytes: usize) -> Vec<u8> {
    let mut corpus = Vec::with_capacity(bytes + 256);
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = |below: u64| {
        // xorshift64: enough to vary digits, and the same everywhere.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    while corpus.len() < bytes {
        let (a, b, c, d) = (next(200) + 11, next(256), next(256), next(254) + 1);
        let _ = writeln!(
            corpus,
            "{a}.{b}.{c}.{d} - - [11/Apr/2015:{:02}:{:02}:{:02} +0000] \"GET /shop/item/{}?page={} HTTP/1.1\" 200 {} \
             \"https://example.com/\" \"Mozilla/5.0 (X11; Linux x86_64) Firefox/{}.0\"",
            next(24),
            next(60),
            next(60),
            next(90_000),
            next(40),
            next(60_000),
            next(80) + 40
        );
    }
    corpus.truncate(bytes);
    corpus
}
