//! The lanes: read a chunk, redact it, write it in turn.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::buffer::Buffer;
use super::{Open, Settings, Sink, Source};
use crate::error::Error;
use crate::scan::{Carry, Scanner, Scratch};
use crate::stream::{Redactor, Summary, redact_guarded};
use crate::transform::Clean;

/// How long a lane that found no input waits before it looks again, while others have chunks to write: the
/// far end of a pipe fills it again in less than a chunk takes.
const MOMENT: Duration = Duration::from_micros(50);

/// What lanes share.
pub(super) struct Lanes<'r> {
    scanner: &'r Scanner,
    chunk_bytes: usize,
    max_record_bytes: usize,
    input: Mutex<Input<'r>>,
    output: Mutex<Output<'r>>,
    /// A chunk was written, or nothing will be any more.
    turned: Condvar,
}

/// Held by the lane that reads. Who holds both waits for the output with the input in hand, never the other
/// way round.
struct Input<'r> {
    source: &'r mut dyn Source,
    /// The beginning of a record whose end has not come.
    tail: Vec<u8>,
    /// The turn of the next chunk.
    next: u64,
    /// Why nothing is read any more.
    ended: Option<Ended>,
}

/// Held by the lane that writes.
struct Output<'r> {
    sink: &'r mut dyn Sink,
    /// Whose turn it is; everything before has been written.
    turn: u64,
    /// What is open behind the last chunk that was written.
    carry: Carry,
    summary: Summary,
    /// Redacts what can't be cut into chunks: records over the limit and the last one.
    serial: Redactor,
    clean: Clean,
    /// Nothing is written any more: an error, or a lane that panicked.
    is_stopped: bool,
    failed: Option<Error>,
}

/// How reading ended.
enum Ended {
    /// For now.
    Paused,
    Whole,
    CutOff,
    Failed(io::Error),
}

/// The memory of a lane.
#[derive(Default)]
struct Lane {
    bytes: Buffer,
    scratch: Scratch,
    clean: Clean,
    summary: Summary,
    /// What the chunk was redacted with, and what is open behind it.
    carry_in: Carry,
    carry_out: Carry,
}

impl<'r> Lanes<'r> {
    /// Lanes that go on from what an earlier run left in `open`.
    pub fn new(
        scanner: &'r Scanner,
        source: &'r mut dyn Source,
        sink: &'r mut dyn Sink,
        settings: &Settings,
        open: &mut Open,
    ) -> Self {
        let tail = std::mem::take(&mut open.tail);
        let output = Output {
            sink,
            turn: 0,
            carry: std::mem::take(&mut open.carry),
            summary: Summary::default(),
            serial: Redactor::new(scanner.clone()).with_max_record_bytes(settings.max_record_bytes),
            clean: Clean::new(),
            is_stopped: false,
            failed: None,
        };
        Self {
            scanner,
            chunk_bytes: settings.chunk_bytes.clamp(1 << 10, 1 << 28),
            max_record_bytes: settings.max_record_bytes.max(Redactor::LEAST_MAX_RECORD_BYTES),
            input: Mutex::new(Input { source, tail, next: 0, ended: None }),
            output: Mutex::new(output),
            turned: Condvar::new(),
        }
    }

    /// One lane, until nothing is read or written any more.
    pub fn run(&self) {
        let _stops_others = StopsOthers(self);
        let mut lane = Lane::default();
        while self.step(&mut lane).is_some() {}
    }

    /// One chunk; `None` if it was the last one.
    fn step(&self, lane: &mut Lane) -> Option<()> {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        if input.ended.is_some() {
            return None;
        }
        let turn = input.next;
        input.next += 1;
        self.fill(&mut input, lane, turn)?;
        self.cut(&mut input, lane);
        if input.tail.len() <= self.max_record_bytes {
            drop(input);
            lane.redact(self.scanner, self.carry_in_turn(turn));
            let mut output = self.wait_for(turn)?;
            return self.write(&mut output, lane);
        }
        // too long: it passes in its turn, while nobody else reads
        lane.redact(self.scanner, self.carry_in_turn(turn));
        let mut output = self.wait_for(turn)?;
        let passed =
            output.write(self.scanner, lane).and_then(|()| self.pass_long_record(&mut input, &mut output));
        self.turn(&mut output, passed)
    }

    /// Reads behind the tail until the chunk is full, the end has come, or a read might block while there
    /// is a whole record to work on. `None` if nothing is written any more.
    fn fill(&self, input: &mut Input<'_>, lane: &mut Lane, turn: u64) -> Option<()> {
        let bytes = &mut lane.bytes;
        bytes.start_with(&mut input.tail);
        let mut has_record = memchr::memchr(b'\n', bytes).is_some();
        loop {
            let old = bytes.len();
            if has_record && old >= self.chunk_bytes || old > self.chunk_bytes.max(self.max_record_bytes) {
                return Some(());
            }
            // everything complete is written before a read that might block; until then the input may have more
            while input.source.would_block() {
                if has_record {
                    return Some(());
                }
                if self.is_turn_soon(turn)? {
                    break;
                }
            }
            let room = self.chunk_bytes.saturating_sub(old).max(self.chunk_bytes / 4);
            let read = input.source.read(bytes.room(room));
            bytes.keep(*read.as_ref().unwrap_or(&0));
            has_record |= memchr::memchr(b'\n', &bytes[old..]).is_some();
            input.ended = match read {
                Ok(0) => Some(Ended::of(input.source)),
                Ok(_) => None,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
                Err(error) => Some(Ended::Failed(error)),
            };
            if input.ended.is_some() {
                return Some(());
            }
        }
    }

    /// Leaves whole records in the lane; the incomplete one at the end, and everything from a record that
    /// is too long on, moves to the tail.
    fn cut(&self, input: &mut Input<'_>, lane: &mut Lane) {
        let bytes = &mut lane.bytes;
        let mut end = memchr::memrchr(b'\n', bytes).map_or(0, |p| p + 1);
        if end > self.max_record_bytes {
            end = self.before_long_record(&bytes[..end]);
        }
        input.tail.clear();
        input.tail.extend_from_slice(&bytes[end..]);
        bytes.truncate(end);
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

    /// What is open before the chunk of that turn, if all before it have been written; most often nothing is.
    fn carry_in_turn(&self, turn: u64) -> Carry {
        let output = self.output();
        if output.turn == turn { output.carry.clone() } else { Carry::default() }
    }

    /// The output once it is that turn; `None` if nothing is written any more.
    fn wait_for(&self, turn: u64) -> Option<MutexGuard<'_, Output<'r>>> {
        let output = self.turned.wait_while(self.output(), |output| output.waits_for(turn));
        let output = output.unwrap_or_else(PoisonError::into_inner);
        (!output.is_stopped).then_some(output)
    }

    /// Whether it is that turn within a moment; `None` if nothing is written any more.
    fn is_turn_soon(&self, turn: u64) -> Option<bool> {
        let waited = self.turned.wait_timeout_while(self.output(), MOMENT, |output| output.waits_for(turn));
        let (output, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (!output.is_stopped).then_some(output.turn == turn)
    }

    fn output(&self) -> MutexGuard<'_, Output<'r>> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a chunk whose turn it is.
    fn write(&self, output: &mut Output<'_>, lane: &mut Lane) -> Option<()> {
        let written = output.write(self.scanner, lane);
        self.turn(output, written)
    }

    /// It is the turn of the next chunk, or nothing is written any more.
    fn turn(&self, output: &mut Output<'_>, written: Result<(), Error>) -> Option<()> {
        output.turn += 1;
        output.is_stopped |= written.is_err();
        output.failed = written.err();
        self.turned.notify_all();
        (!output.is_stopped).then_some(())
    }

    /// Feeds a record that is over the limit to the serial redactor until its end; what stands
    /// behind it becomes the tail.
    fn pass_long_record(&self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Error> {
        output.serial.set_carry(output.carry.clone());
        // The redactor holds the record: a pause comes behind it.
        if matches!(input.ended, Some(Ended::Paused)) {
            input.ended = None;
        }
        let tail = &mut input.tail;
        loop {
            let end = memchr::memchr(b'\n', tail).map_or(tail.len(), |p| p + 1);
            output.serial.write(&tail[..end], &mut output.clean);
            tail.drain(..end);
            output.write_serial()?;
            if !output.serial.is_mid_record() || input.ended.is_some() {
                output.carry = output.serial.carry();
                return Ok(());
            }
            tail.resize(self.chunk_bytes, 0);
            let read = input.source.read(tail);
            tail.truncate(*read.as_ref().unwrap_or(&0));
            input.ended = match read {
                Ok(0) => Some(Ended::of(input.source)).filter(|ended| !matches!(ended, Ended::Paused)),
                Ok(_) => None,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
                Err(error) => Some(Ended::Failed(error)),
            };
        }
    }

    /// The counts and how it ended; the last record, which has no line end, is redacted, or withheld if
    /// the input broke off. What is open for a later run is left in `open`.
    pub fn end(self, open: &mut Open) -> (Summary, Result<(), Error>) {
        let Input { tail, ended, .. } = self.input.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut output = self.output.into_inner().unwrap_or_else(PoisonError::into_inner);
        let result = match (output.failed.take(), ended) {
            (Some(error), _) => Err(error),
            (None, Some(Ended::Paused) | None) => {
                open.tail = tail;
                Ok(())
            }
            (None, Some(Ended::Whole)) => output.end(&tail, false),
            (None, Some(Ended::CutOff)) => output.end(&tail, true),
            (None, Some(Ended::Failed(error))) => {
                output.end(&tail, true).and(Err(Error::io("reading", error)))
            }
        };
        open.carry = output.carry;
        let mut summary = output.summary;
        summary.add(output.serial.summary());
        (summary, result)
    }
}

impl Ended {
    /// Behind a read that gave nothing.
    fn of(source: &mut dyn Source) -> Self {
        if source.is_paused() {
            Self::Paused
        } else if source.is_cut_off() {
            Self::CutOff
        } else {
            Self::Whole
        }
    }
}

impl Output<'_> {
    /// Whether chunks before that turn are still to be written.
    fn waits_for(&self, turn: u64) -> bool {
        self.turn != turn && !self.is_stopped
    }

    /// Writes a chunk; one that was redacted with another carry than the true one is redacted again.
    fn write(&mut self, scanner: &Scanner, lane: &mut Lane) -> Result<(), Error> {
        if lane.bytes.is_empty() {
            return Ok(());
        }
        if self.carry != lane.carry_in {
            lane.redact(scanner, self.carry.clone());
        }
        self.carry = std::mem::take(&mut lane.carry_out);
        self.summary.add(&lane.summary);
        self.sink.write_clean(&lane.clean).map_err(|error| Error::io("writing the output", error))
    }

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
        let written =
            self.sink.write_clean(&self.clean).map_err(|error| Error::io("writing the output", error));
        self.clean.clear();
        written
    }
}

impl Lane {
    fn redact(&mut self, scanner: &Scanner, carry: Carry) {
        if self.bytes.is_empty() {
            return;
        }
        let Self { bytes, scratch, clean, summary, .. } = self;
        clean.clear();
        *summary = Summary::default();
        self.carry_out = redact_guarded(scanner, bytes, carry.clone(), scratch, clean, summary);
        self.carry_in = carry;
    }
}

/// A lane that panics lets no other wait for its turn.
struct StopsOthers<'l, 'r>(&'l Lanes<'r>);

impl Drop for StopsOthers<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.output().is_stopped = true;
            self.0.turned.notify_all();
        }
    }
}
