//! Redaction on several threads: chunks cut at record ends, written in order.
//!
//! Each thread is a lane: it reads a chunk, redacts it, and writes it when its turn has come, in memory of
//! its own. Nothing is handed from thread to thread; what they share are the input, the output, and whose
//! turn it is.

mod buffer;
#[cfg(feature = "cli")]
mod find;
mod lanes;

use std::io;

#[cfg(feature = "cli")]
pub(crate) use find::Finder;

use crate::error::Error;
use crate::scan::{Carry, Scanner};
use crate::stream::Summary;
use crate::transform::Clean;

/// Where bytes come from.
pub trait Source: Send {
    /// Reads some bytes; 0 is the end.
    ///
    /// # Errors
    /// Those of the reader.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;
    /// True if the next read might wait for more input. Everything complete is written out first.
    fn would_block(&mut self) -> bool {
        true
    }
    /// Asked at the end: true if it is none, and reading goes on in a later run.
    fn is_paused(&mut self) -> bool {
        false
    }
    /// Asked at the end: true if the last record may be incomplete, which is withheld then.
    fn is_cut_off(&mut self) -> bool {
        false
    }
}

/// Where clean bytes go; one thread at a time writes to it, and not always the same.
pub trait Sink: Send {
    /// Writes all the bytes.
    ///
    /// # Errors
    /// Those of the writer.
    fn write_clean(&mut self, clean: &Clean) -> io::Result<()>;
}

/// How a run is cut up. None of it changes the output but `max_record_bytes`.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Threads that read, redact and write, at least 1.
    pub threads: usize,
    /// Bytes that a thread reads and redacts at once, 1 KiB to 256 MiB; more where a record is longer.
    pub chunk_bytes: usize,
    /// The longest record, in bytes; what is longer is cut at white space or withheld.
    pub max_record_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { threads: 2, chunk_bytes: 256 << 10, max_record_bytes: 1 << 20 }
    }
}

/// Redacts everything `source` gives into `sink`, keeping the order of records.
///
/// Before every read that might block, everything complete has been written. Memory is bounded by
/// the chunk size, the thread count and the longest record.
///
/// # Errors
/// Reading or writing failed. What was complete before has been written; of what was being read,
/// the incomplete last record is withheld.
pub fn redact(
    scanner: &Scanner,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
    settings: &Settings,
) -> Result<Summary, Error> {
    let (summary, result) = redact_counted(scanner, source, sink, settings);
    result.map(|()| summary)
}

/// Like [`redact`]; the counts come with an error, too.
pub fn redact_counted(
    scanner: &Scanner,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
    settings: &Settings,
) -> (Summary, Result<(), Error>) {
    redact_continued(scanner, source, sink, settings, &mut Open::default())
}

/// What one run of an input leaves open for the next.
#[derive(Default)]
pub struct Open {
    carry: Carry,
    /// The beginning of a record whose end has not come.
    tail: Vec<u8>,
}

/// Like [`redact_counted`], going on from what an earlier run of the same input left open, and
/// leaving in `open` what is open now.
pub fn redact_continued(
    scanner: &Scanner,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
    settings: &Settings,
    open: &mut Open,
) -> (Summary, Result<(), Error>) {
    let pool = match start_threads(settings.threads) {
        Ok(pool) => pool,
        Err(error) => return (Summary::default(), Err(error)),
    };
    let lanes = lanes::Lanes::new(scanner, source, sink, settings, open);
    match &pool {
        None => lanes.run(),
        Some(pool) => pool.in_place_scope(|scope| {
            for _ in 0..settings.threads {
                scope.spawn(|_| lanes.run());
            }
        }),
    }
    lanes.end(open)
}

/// A pool of so many threads; none for one, which is the caller's.
fn start_threads(threads: usize) -> Result<Option<rayon::ThreadPool>, Error> {
    if threads <= 1 {
        return Ok(None);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let failed = |_| Error::io("starting threads", io::Error::other("no more threads; try -j 1"));
    pool.map(Some).map_err(failed)
}

#[cfg(test)]
mod tests;
