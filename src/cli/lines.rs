//! Chunks of whole lines from a source, with over-long lines left out.

use std::io;

use crate::parallel::{Settings, Source};

/// What a reader gives next.
pub(super) enum Taken<'a> {
    /// Whole lines (the last one of the input perhaps without its end).
    Lines(&'a [u8]),
    /// A line that is longer than the limit: its length with its end, and how many ends it has.
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
    /// Bytes of an over-long line that were passed over so far.
    skipped: Option<u64>,
    told_waiting: bool,
    /// How the source ended, once it has.
    end: Option<io::Result<()>>,
}

impl<'s> LineReader<'s> {
    pub fn new(source: &'s mut dyn Source, settings: &Settings) -> Self {
        let bytes = settings.chunk_bytes.max(1) + settings.max_record_bytes;
        Self {
            source,
            buffer: vec![0; bytes],
            start: 0,
            filled: 0,
            max_record_bytes: settings.max_record_bytes,
            skipped: None,
            told_waiting: false,
            end: None,
        }
    }

    /// The next chunk.
    ///
    /// # Errors
    /// Those of the source; all complete lines have been given before.
    pub fn next(&mut self) -> io::Result<Taken<'_>> {
        loop {
            if let Some(skipped) = self.skipped {
                if let Some((bytes, lines)) = self.pass_over(skipped) {
                    return Ok(Taken::Withheld { bytes, lines });
                }
            } else if self.is_full()
                || self.end.is_some()
                || (self.start < self.filled && self.source.would_block())
            {
                if let Some(end) = self.complete().map(|end| self.before_long(end)) {
                    if end == self.start {
                        self.skipped = Some(0);
                        continue;
                    }
                    let lines = self.start..end;
                    self.start = end;
                    return Ok(Taken::Lines(&self.buffer[lines]));
                }
                if self.filled - self.start > self.max_record_bytes {
                    self.skipped = Some(0);
                    continue;
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

    /// Passes over the rest of an over-long line; answers its length and line ends when it is over.
    fn pass_over(&mut self, skipped: u64) -> Option<(u64, u64)> {
        let held = &self.buffer[self.start..self.filled];
        let (taken, lines) = match memchr::memchr(b'\n', held) {
            Some(end) => (end + 1, 1),
            None => (held.len(), 0),
        };
        self.start += taken;
        let skipped = skipped + taken as u64;
        if lines == 1 || self.end.is_some() {
            self.skipped = None;
            return Some((skipped, lines));
        }
        self.skipped = Some(skipped);
        None
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
