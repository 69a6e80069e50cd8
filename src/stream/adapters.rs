//! `Read` and `Write` adapters around a [`Redactor`].

use std::io::{self, Read, Write};

use super::{Redactor, Summary};
use crate::transform::Clean;

/// Redacts what is written to it and passes it on.
///
/// Call [`RedactWriter::finish`]: the last record without a line end is written only then.
pub struct RedactWriter<W: Write> {
    redactor: Redactor,
    inner: W,
    clean: Clean,
}

impl<W: Write> RedactWriter<W> {
    /// A writer in front of `inner`.
    pub fn new(redactor: Redactor, inner: W) -> Self {
        Self { redactor, inner, clean: Clean::new() }
    }
    /// Writes what is left, flushes and gives the inner writer and the counts back.
    ///
    /// # Errors
    /// Those of the inner writer.
    pub fn finish(mut self) -> io::Result<(W, Summary)> {
        let summary = self.redactor.finish(&mut self.clean);
        self.pass_on()?;
        self.inner.flush()?;
        Ok((self.inner, summary))
    }
    fn pass_on(&mut self) -> io::Result<()> {
        let written = self.inner.write_all(self.clean.as_bytes());
        self.clean.clear();
        written
    }
}

impl<W: Write> Write for RedactWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.redactor.write(buffer, &mut self.clean);
        self.pass_on()?;
        Ok(buffer.len())
    }
    /// Flushes what is complete; the start of a record stays until its end comes.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Gives the redacted form of what `inner` reads.
pub struct RedactReader<R: Read> {
    redactor: Redactor,
    inner: R,
    clean: Clean,
    given: usize,
    buffer: Vec<u8>,
    is_done: bool,
}

impl<R: Read> RedactReader<R> {
    /// How much is read from the inner reader at once, in bytes.
    const READ_BYTES: usize = 64 << 10;

    /// A reader behind `inner`.
    pub fn new(redactor: Redactor, inner: R) -> Self {
        let buffer = vec![0; Self::READ_BYTES];
        Self { redactor, inner, clean: Clean::new(), given: 0, buffer, is_done: false }
    }
    /// The counts so far.
    pub fn summary(&self) -> &Summary {
        self.redactor.summary()
    }
}

impl<R: Read> Read for RedactReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.clean.len() && !self.is_done {
            self.clean.clear();
            self.given = 0;
            let read = self.inner.read(&mut self.buffer)?;
            if read == 0 {
                self.redactor.finish(&mut self.clean);
                self.is_done = true;
            } else {
                self.redactor.write(&self.buffer[..read], &mut self.clean);
            }
        }
        let ready = &self.clean.as_bytes()[self.given..];
        let count = ready.len().min(out.len());
        out[..count].copy_from_slice(&ready[..count]);
        self.given += count;
        Ok(count)
    }
}
