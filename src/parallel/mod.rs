//! Redaction on several threads: chunks cut at record ends, written in order.

mod buffer;
#[cfg(feature = "cli")]
mod find;

use std::io;
use std::ops::Range;

#[cfg(feature = "cli")]
pub(crate) use find::Finder;

use buffer::Buffer;

use crate::error::Error;
use crate::scan::{Carry, Scanner, Scratch};
use crate::stream::{Redactor, Summary, redact_guarded};
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

/// Where clean bytes go.
pub trait Sink {
    /// Writes all the bytes.
    ///
    /// # Errors
    /// Those of the writer.
    fn write_clean(&mut self, clean: &Clean) -> io::Result<()>;
}

/// How a run is cut up. None of it changes the output but `max_record_bytes`.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Worker threads, at least 1.
    pub threads: usize,
    /// Bytes handed to a worker at once.
    pub chunk_bytes: usize,
    /// The longest record; what is longer is cut at white space or withheld.
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
    let threads = settings.threads.max(1);
    let pool = match threads {
        1 => None,
        _ => match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => Some(pool),
            Err(_) => {
                let error = io::Error::other("no more threads; try -j 1");
                return (Summary::default(), Err(Error::io("starting threads", error)));
            }
        },
    };
    let mut run = Run {
        scanner,
        sink,
        chunk_bytes: settings.chunk_bytes.clamp(1 << 10, 1 << 28),
        threads,
        max_record_bytes: settings.max_record_bytes.max(Redactor::LEAST_MAX_RECORD_BYTES),
        serial: Redactor::new(scanner.clone()).with_max_record_bytes(settings.max_record_bytes),
        clean: Clean::new(),
        summary: Summary::default(),
        carry: std::mem::take(&mut open.carry),
        spare: Vec::new(),
    };
    let result = run.all(pool.as_ref(), source, &mut open.tail);
    open.carry = run.carry;
    let mut summary = run.summary;
    summary.add(run.serial.summary());
    (summary, result)
}

/// A chunk of whole records on its way through a worker.
#[derive(Default)]
struct Job {
    range: Range<usize>,
    scratch: Scratch,
    clean: Clean,
    summary: Summary,
    carry: Carry,
}

/// Whole records and the jobs that they are cut into.
#[derive(Default)]
struct Batch {
    bytes: Buffer,
    jobs: Vec<Job>,
    /// How many of the jobs are in use; the others only keep their memory.
    used: usize,
}

/// How reading ended for now.
enum Filled {
    More,
    Paused,
    End,
    CutOff,
    Failed(io::Error),
}

struct Run<'r> {
    scanner: &'r Scanner,
    sink: &'r mut dyn Sink,
    chunk_bytes: usize,
    threads: usize,
    max_record_bytes: usize,
    /// Redacts what can't be cut into chunks: records over the limit and the last one.
    serial: Redactor,
    clean: Clean,
    summary: Summary,
    /// What is open behind the last chunk that was written.
    carry: Carry,
    /// Batches whose memory is used again.
    spare: Vec<Batch>,
}

impl Run<'_> {
    fn all(
        &mut self,
        pool: Option<&rayon::ThreadPool>,
        source: &mut dyn Source,
        tail: &mut Vec<u8>,
    ) -> Result<(), Error> {
        loop {
            // here everything complete has been written
            let mut batch = self.spare.pop().unwrap_or_default();
            let mut filled = self.fill(source, &mut batch, tail);
            let mut worked: Option<Batch> = None;
            loop {
                self.cut(&mut batch, tail);
                let mut written = Ok(());
                let mut next = None;
                let scanner = self.scanner;
                work(pool, scanner, &mut batch, || {
                    written = self.write_all(worked.take());
                    let more = matches!(filled, Filled::More) && tail.len() <= self.max_record_bytes;
                    if written.is_ok() && more && !source.would_block() {
                        let mut fresh = self.spare.pop().unwrap_or_default();
                        filled = self.fill(source, &mut fresh, tail);
                        next = Some(fresh);
                    }
                });
                written?;
                worked = Some(batch);
                match next {
                    Some(fresh) => batch = fresh,
                    None => break,
                }
            }
            self.write_all(worked)?;
            if tail.len() > self.max_record_bytes {
                filled = self.pass_long_record(source, tail, filled)?;
            }
            match filled {
                Filled::More => {}
                Filled::Paused => return Ok(()),
                Filled::End => return self.end(tail, false),
                Filled::CutOff => return self.end(tail, true),
                Filled::Failed(error) => {
                    self.end(tail, true)?;
                    return Err(Error::io("reading", error));
                }
            }
        }
    }

    /// Reads into `batch` behind `tail` until it is full, the end has come, or a read might block
    /// while there is a whole record to work on.
    fn fill(&self, source: &mut dyn Source, batch: &mut Batch, tail: &mut Vec<u8>) -> Filled {
        batch.bytes.start_with(tail);
        let full = self.chunk_bytes * self.threads;
        let mut has_record = false;
        loop {
            let old = batch.bytes.len();
            if has_record && (old >= full || source.would_block()) || old > full.max(self.max_record_bytes) {
                return Filled::More;
            }
            let read = source.read(batch.bytes.room(self.chunk_bytes));
            batch.bytes.keep(*read.as_ref().unwrap_or(&0));
            has_record |= memchr::memchr(b'\n', &batch.bytes[old..]).is_some();
            match read {
                Ok(0) if source.is_paused() => return Filled::Paused,
                Ok(0) if source.is_cut_off() => return Filled::CutOff,
                Ok(0) => return Filled::End,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Filled::Failed(error),
            }
        }
    }

    /// Cuts the whole records into jobs; the incomplete record at the end, and everything from a
    /// record that is too long on, moves to `tail`.
    fn cut(&self, batch: &mut Batch, tail: &mut Vec<u8>) {
        let mut end = memchr::memrchr(b'\n', &batch.bytes).map_or(0, |p| p + 1);
        if end > self.max_record_bytes {
            end = self.before_long_record(&batch.bytes[..end]);
        }
        tail.clear();
        tail.extend_from_slice(&batch.bytes[end..]);
        batch.bytes.truncate(end);
        batch.used = 0;
        let mut start = 0;
        while start < end {
            let limit = start + self.chunk_bytes;
            let stop = if limit >= end {
                end
            } else {
                let back = memchr::memrchr(b'\n', &batch.bytes[start..limit]).map(|p| start + p + 1);
                let ahead = || memchr::memchr(b'\n', &batch.bytes[limit..]).map(|p| limit + p + 1);
                back.or_else(ahead).unwrap_or(end)
            };
            if batch.jobs.len() == batch.used {
                batch.jobs.push(Job::default());
            }
            batch.jobs[batch.used].range = start..stop;
            batch.used += 1;
            start = stop;
        }
    }

    /// Where the first record that is over the limit starts, or the end.
    fn before_long_record(&self, bytes: &[u8]) -> usize {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            if end - start > self.max_record_bytes {
                return start;
            }
            start = end + 1;
        }
        bytes.len()
    }

    /// Writes a batch that has been worked on, chunk after chunk; a chunk that was scanned with
    /// another carry than the true one is scanned again.
    fn write_all(&mut self, worked: Option<Batch>) -> Result<(), Error> {
        let Some(mut batch) = worked else { return Ok(()) };
        for job in &mut batch.jobs[..batch.used] {
            if self.carry != Carry::default() {
                let bytes = &batch.bytes[job.range.clone()];
                job.redact(self.scanner, bytes, self.carry.clone());
            }
            self.carry = std::mem::take(&mut job.carry);
            self.summary.add(&job.summary);
            self.sink.write_clean(&job.clean).map_err(|e| Error::io("writing the output", e))?;
        }
        self.spare.push(batch);
        Ok(())
    }

    /// Feeds a record that is over the limit to the serial redactor until its end; what stands
    /// behind it becomes the tail.
    fn pass_long_record(
        &mut self,
        source: &mut dyn Source,
        tail: &mut Vec<u8>,
        mut filled: Filled,
    ) -> Result<Filled, Error> {
        self.serial.set_carry(self.carry.clone());
        // The redactor holds the record: a pause comes behind it.
        if matches!(filled, Filled::Paused) {
            filled = Filled::More;
        }
        loop {
            let end = memchr::memchr(b'\n', tail).map_or(tail.len(), |p| p + 1);
            self.serial.write(&tail[..end], &mut self.clean);
            tail.drain(..end);
            self.write_serial()?;
            if !self.serial.is_mid_record() || !matches!(filled, Filled::More) {
                self.carry = self.serial.carry();
                return Ok(filled);
            }
            tail.resize(self.chunk_bytes, 0);
            let read = source.read(tail);
            tail.truncate(*read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) if source.is_paused() => {}
                Ok(0) if source.is_cut_off() => filled = Filled::CutOff,
                Ok(0) => filled = Filled::End,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => filled = Filled::Failed(error),
            }
        }
    }

    /// The last record, which has no line end: redacted, or withheld if the input broke off.
    fn end(&mut self, tail: &[u8], cut_off: bool) -> Result<(), Error> {
        self.serial.set_carry(self.carry.clone());
        self.serial.write(tail, &mut self.clean);
        if cut_off {
            self.serial.finish_cut_off(&mut self.clean);
        } else {
            self.serial.finish(&mut self.clean);
        }
        self.write_serial()
    }

    fn write_serial(&mut self) -> Result<(), Error> {
        let written = self.sink.write_clean(&self.clean).map_err(|e| Error::io("writing the output", e));
        self.clean.clear();
        written
    }
}

impl Job {
    fn redact(&mut self, scanner: &Scanner, bytes: &[u8], carry: Carry) {
        self.clean.clear();
        self.summary = Summary::default();
        self.carry =
            redact_guarded(scanner, bytes, carry, &mut self.scratch, &mut self.clean, &mut self.summary);
    }
}

/// Redacts the jobs of a batch on the pool; `meanwhile` runs on this thread.
fn work(pool: Option<&rayon::ThreadPool>, scanner: &Scanner, batch: &mut Batch, meanwhile: impl FnOnce()) {
    let Batch { bytes, jobs, used } = batch;
    let bytes = &bytes[..];
    let jobs = &mut jobs[..*used];
    match pool {
        Some(pool) => pool.in_place_scope(|scope| {
            for job in jobs {
                scope.spawn(move |_| job.redact(scanner, &bytes[job.range.clone()], Carry::default()));
            }
            meanwhile();
        }),
        None => {
            for job in jobs {
                job.redact(scanner, &bytes[job.range.clone()], Carry::default());
            }
            meanwhile();
        }
    }
}

#[cfg(test)]
mod tests;
