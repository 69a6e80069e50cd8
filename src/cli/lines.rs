//! Chunks of whole lines from a source; over-long lines are cut into parts or left out.

use std::io;

use crate::frame::{LongRecord, Rest};
use crate::parallel::{Settings, Source};
use crate::stream::Redactor;

/// What a reader gives next.
pub(super) enum Taken<'a> {
    /// Whole lines (the last one of the input perhaps without its end).
    Lines(&'a [u8]),
    /// A part of a line that is longer than the limit: say with [`LineReader::cut`] where it may be cut.
    Window(&'a [u8]),
    /// A part of a line that is longer than the limit, and whether it is the last one.
    Part(&'a [u8], bool),
    /// What can't be cut of a line that is longer than the limit: its length with its end, and how many
    /// ends it has.
    Withheld { bytes: u64, lines: u64 },
    /// All complete lines were given and the next read may wait.
    Waiting,
    /// Nothing is left.
    End,
}

/// Cuts a source into chunks of whole lines in bounded memory.
pub(super) struct LineReader<'s> {
    source: &'s mut dyn Source,
    buffer: Vec<u8>,
    /// Bytes in front of `start` were given out; those behind `filled` are free.
    start: usize,
    filled: usize,
    max_record_bytes: usize,
    /// An over-long line that was begun.
    long: Option<LongRecord>,
    /// The part of it that was cut off, and whether it is still to be given out.
    part: Vec<u8>,
    has_part: bool,
    told_waiting: bool,
    /// How the source ended, once it has.
    end: Option<io::Result<()>>,
}

/// What going on with an over-long line came to.
enum Step {
    /// Its last part is ready.
    LastPart,
    Withheld {
        bytes: u64,
        lines: u64,
    },
    /// More bytes or a cut are wanted.
    More,
}

impl<'s> LineReader<'s> {
    pub fn new(source: &'s mut dyn Source, settings: &Settings) -> Self {
        // the same limit as for redacting
        let max_record_bytes = settings.max_record_bytes.max(Redactor::LEAST_MAX_RECORD_BYTES);
        let bytes = settings.chunk_bytes.max(1) + max_record_bytes;
        Self {
            source,
            buffer: vec![0; bytes],
            start: 0,
            filled: 0,
            max_record_bytes,
            long: None,
            part: Vec::new(),
            has_part: false,
            told_waiting: false,
            end: None,
        }
    }

    /// Cuts the window that was given last behind its first `place` bytes; passes over the rest of its line
    /// if there is no place.
    pub fn cut(&mut self, place: Option<usize>) {
        if let Some(part) = self.long.as_mut().and_then(|long| long.cut(place)) {
            (self.part, self.has_part) = (part, true);
        }
    }

    /// The next chunk.
    ///
    /// # Errors
    /// Those of the source; all complete lines have been given before.
    pub fn next(&mut self) -> io::Result<Taken<'_>> {
        loop {
            if std::mem::take(&mut self.has_part) {
                return Ok(Taken::Part(&self.part, false));
            }
            if self.is_cut_wanted() {
                return Ok(Taken::Window(self.long.as_ref().and_then(LongRecord::full).unwrap_or_default()));
            }
            if self.long.is_some() {
                match self.go_on() {
                    Step::LastPart => return Ok(Taken::Part(&self.part, true)),
                    Step::Withheld { bytes, lines } => return Ok(Taken::Withheld { bytes, lines }),
                    Step::More if self.is_cut_wanted() => continue,
                    Step::More => {}
                }
            } else if self.is_full()
                || self.end.is_some()
                || (self.start < self.filled && self.source.would_block())
            {
                if let Some(end) = self.complete().map(|end| self.before_long(end)) {
                    if end == self.start {
                        self.begin_long();
                        continue;
                    }
                    let lines = self.start..end;
                    self.start = end;
                    return Ok(Taken::Lines(&self.buffer[lines]));
                }
                if self.filled - self.start > self.max_record_bytes {
                    self.begin_long();
                    continue;
                }
                if self.start < self.filled && matches!(self.end, Some(Err(_))) {
                    let bytes = (self.filled - self.start) as u64;
                    self.start = self.filled;
                    return Ok(Taken::Withheld { bytes, lines: 0 });
                }
            }
            match self.end.take() {
                None => {}
                Some(Err(e)) => return Err(e),
                Some(Ok(())) => {
                    self.end = Some(Ok(()));
                    return Ok(Taken::End);
                }
            }
            if !self.told_waiting && self.source.would_block() {
                self.told_waiting = true;
                return Ok(Taken::Waiting);
            }
            self.fill();
        }
    }

    fn is_full(&self) -> bool {
        self.filled == self.buffer.len()
    }

    /// The end of the complete lines that are held, none of them over-long.
    fn complete(&self) -> Option<usize> {
        let held = &self.buffer[self.start..self.filled];
        let last = match memchr::memrchr(b'\n', held) {
            _ if self.has_ended_well() && held.len() <= self.max_record_bytes => held.len(),
            Some(last) => last + 1,
            None => return None,
        };
        (last > 0).then_some(self.start + last)
    }

    /// The end of the lines in front of the first one that is too long.
    fn before_long(&self, end: usize) -> usize {
        let mut start = self.start;
        if end - start <= self.max_record_bytes {
            return end;
        }
        for line_end in memchr::memchr_iter(b'\n', &self.buffer[self.start..end]) {
            let line_end = self.start + line_end;
            if line_end - start > self.max_record_bytes {
                return start;
            }
            start = line_end + 1;
        }
        end
    }

    fn is_cut_wanted(&self) -> bool {
        self.long.as_ref().is_some_and(|long| long.full().is_some() && !long.is_whole())
    }

    fn begin_long(&mut self) {
        let end = self.start + self.max_record_bytes + 1;
        self.long = Some(LongRecord::new(self.buffer[self.start..end].to_vec(), self.max_record_bytes));
        self.start = end;
    }

    /// Goes on with an over-long line, as far as its bytes are there.
    fn go_on(&mut self) -> Step {
        let Some(mut long) = self.long.take() else { return Step::More };
        let held = &self.buffer[self.start..self.filled];
        let line_end = memchr::memchr(b'\n', held);
        let mut body = &held[..line_end.unwrap_or(held.len())];
        if long.full().is_some() {
            long.cut(None); // JSON is never cut
        }
        while long.full().is_none() && !body.is_empty() {
            body = &body[long.fill(body)..];
        }
        self.start = self.filled - (held.len() - line_end.unwrap_or(held.len())) - body.len();
        if long.full().is_some() {
            self.long = Some(long);
            return Step::More;
        }
        match (line_end, &self.end) {
            (Some(_), _) => {
                self.start += 1;
                self.end_long(long, true)
            }
            (None, Some(Ok(()))) => self.end_long(long, false),
            (None, Some(Err(_))) => Step::Withheld { bytes: long.broken_off().0, lines: 0 },
            (None, None) => {
                self.long = Some(long);
                Step::More
            }
        }
    }

    fn end_long(&mut self, long: LongRecord, has_line_feed: bool) -> Step {
        match long.end(has_line_feed) {
            Rest::Part(part) => {
                self.part = part;
                Step::LastPart
            }
            Rest::Withheld { bytes, line_end, .. } => {
                Step::Withheld { bytes: bytes + line_end.len() as u64, lines: u64::from(has_line_feed) }
            }
        }
    }

    fn has_ended_well(&self) -> bool {
        matches!(self.end, Some(Ok(())))
    }

    fn fill(&mut self) {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        self.told_waiting = false;
        match self.source.read(&mut self.buffer[self.filled..]) {
            // What a signal cut off is withheld without being an error.
            Ok(0) if self.source.is_cut_off() => self.end = Some(Err(io::ErrorKind::Interrupted.into())),
            Ok(0) => self.end = Some(Ok(())),
            Ok(n) => self.filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            // Complete lines that came before are given first; what is left of one is withheld.
            Err(e) => self.end = Some(Err(e)),
        }
    }
}
