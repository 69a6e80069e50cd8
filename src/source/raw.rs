//! Bytes of a file, pipe or terminal as they lie there, by reads that signals can end.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::stop::{Stop, StopCause};

/// A file or pipe. Regular files never wait; everything else is polled first.
pub(super) struct Raw {
    file: File,
    polled: bool,
    stop: Arc<Stop>,
    /// Whether a read may wait for input; if not, it answers `WouldBlock` instead.
    may_wait: bool,
    taken: Arc<AtomicU64>,
    cause: Option<StopCause>,
}

/// What a look at the file without reading it told.
enum Look {
    Ready,
    /// A signal came.
    Woken,
    /// It is due that something else is done.
    Due,
    Nothing,
}

impl Raw {
    pub(super) fn new(file: File, stop: Arc<Stop>) -> Self {
        let polled = file.metadata().map_or(true, |m| !m.is_file());
        Self { file, polled, stop, may_wait: true, taken: Arc::default(), cause: None }
    }
    pub(super) fn file(&self) -> &File {
        &self.file
    }
    /// Bytes taken from the file so far, for progress; counts compressed bytes.
    pub(super) fn taken(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.taken)
    }
    /// The signal that ended a read, if one did.
    pub(super) fn cause(&self) -> Option<StopCause> {
        self.cause
    }
    pub(super) fn set_may_wait(&mut self, may_wait: bool) {
        self.may_wait = may_wait;
    }
    /// True if a read now would have to wait.
    pub(super) fn would_wait(&self) -> bool {
        self.polled && !matches!(self.look(false), Ok(Look::Ready))
    }
    fn look(&self, wait: bool) -> io::Result<Look> {
        let mut fds = [PollFd::new(&self.file, PollFlags::IN), PollFd::new(self.stop.wake(), PollFlags::IN)];
        let patience = if wait { self.stop.patience() } else { Some(Duration::ZERO) };
        let timeout = patience.map(|time| Timespec {
            tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: time.subsec_nanos().into(),
        });
        match poll(&mut fds, timeout.as_ref()) {
            Ok(0) if wait => return Ok(Look::Due),
            Ok(_) => {}
            // A signal came: the caller looks at the flags.
            Err(rustix::io::Errno::INTR) => return Ok(Look::Nothing),
            Err(e) => return Err(e.into()),
        }
        let ready = !fds[0].revents().is_empty();
        let woken = !fds[1].revents().is_empty();
        if woken {
            self.stop.drain();
        }
        Ok(match (ready, woken) {
            (true, _) => Look::Ready,
            (false, true) => Look::Woken,
            (false, false) => Look::Nothing,
        })
    }
    fn stopped(&mut self, cause: StopCause) -> io::Error {
        self.cause = Some(cause);
        io::Error::other("ended by a signal")
    }
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.stop.interrupted() {
                return Err(self.stopped(StopCause::Interrupt));
            }
            if self.polled {
                let terminated = self.stop.terminated();
                match self.look(self.may_wait && !terminated)? {
                    Look::Ready => {}
                    _ if self.stop.interrupted() => continue,
                    _ if terminated => return Err(self.stopped(StopCause::Terminate)),
                    _ if !self.may_wait => return Err(io::ErrorKind::WouldBlock.into()),
                    // Once for each signal: SIGHUP is answered even if nothing comes.
                    Look::Woken if !self.stop.terminated() => return Err(io::ErrorKind::Interrupted.into()),
                    Look::Due => {
                        self.stop.wake_at(None);
                        return Err(io::ErrorKind::Interrupted.into());
                    }
                    Look::Woken | Look::Nothing => continue,
                }
            }
            match self.file.read(buffer) {
                Ok(n) => {
                    self.taken.fetch_add(n as u64, Ordering::Relaxed);
                    return Ok(n);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                // The descriptor is in non-blocking mode and somebody else took the bytes.
                Err(e) if e.kind() == io::ErrorKind::WouldBlock && self.may_wait => {}
                Err(e) => return Err(e),
            }
        }
    }
}

/// A raw reader with the bytes that were read to see what it holds put back in front.
pub(super) struct Prefixed {
    prefix: Vec<u8>,
    at: usize,
    inner: BufReader<Raw>,
}

impl Prefixed {
    pub(super) fn new(prefix: Vec<u8>, inner: BufReader<Raw>) -> Self {
        Self { prefix, at: 0, inner }
    }
    pub(super) fn raw(&self) -> &Raw {
        self.inner.get_ref()
    }
    pub(super) fn raw_mut(&mut self) -> &mut Raw {
        self.inner.get_mut()
    }
    fn rest(&self) -> &[u8] {
        self.prefix.get(self.at..).unwrap_or_default()
    }
    pub(super) fn would_wait(&self) -> bool {
        self.rest().is_empty() && self.inner.buffer().is_empty() && self.raw().would_wait()
    }
}

impl Read for Prefixed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.rest().len().min(buffer.len());
        if n == 0 {
            return self.inner.read(buffer);
        }
        buffer[..n].copy_from_slice(&self.rest()[..n]);
        self.at += n;
        Ok(n)
    }
}

impl BufRead for Prefixed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.prefix.len() { Ok(&self.prefix[self.at..]) } else { self.inner.fill_buf() }
    }
    fn consume(&mut self, amount: usize) {
        if self.at < self.prefix.len() {
            self.at = (self.at + amount).min(self.prefix.len());
        } else {
            self.inner.consume(amount);
        }
    }
}
