//! SIGHUP for policy and keys: an input that pauses at a record's end, so that another scanner can go on.

use std::io;
use std::sync::Arc;

use super::args::DetectArgs;
use super::message::complain;
use super::plan::{Planned, plan};
use crate::parallel::Source;
use crate::scan::Scanner;
use crate::source::Stop;

/// A source that ends for a moment after SIGHUP, behind a whole record.
pub(super) struct Pausing<'s> {
    source: &'s mut dyn Source,
    stop: Arc<Stop>,
    /// Bytes that were read and belong behind the pause.
    held: Vec<u8>,
    held_at: usize,
    /// All that was given ends with a whole record.
    at_record_end: bool,
    wants_pause: bool,
    is_paused: bool,
}

impl<'s> Pausing<'s> {
    pub fn new(source: &'s mut dyn Source, stop: Arc<Stop>) -> Self {
        Self {
            source,
            stop,
            held: Vec::new(),
            held_at: 0,
            at_record_end: true,
            wants_pause: false,
            is_paused: false,
        }
    }
    /// True if the last end was a pause: reading goes on behind it.
    pub fn take_pause(&mut self) -> bool {
        std::mem::take(&mut self.is_paused)
    }
    fn pause(&mut self) -> io::Result<usize> {
        (self.wants_pause, self.is_paused) = (false, true);
        Ok(0)
    }
    fn read_held(&mut self, buffer: &mut [u8]) -> usize {
        let rest = self.held.get(self.held_at..).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        self.held_at += n;
        n
    }
    /// Gives what completes a record and keeps the rest behind the pause.
    fn divide(&mut self, bytes: &[u8]) -> usize {
        let given = match memchr::memchr(b'\n', bytes) {
            _ if self.at_record_end => 0,
            Some(end) => end + 1,
            None => bytes.len(),
        };
        self.held.clear();
        self.held.extend_from_slice(&bytes[given..]);
        self.held_at = 0;
        given
    }
}

impl Source for Pausing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.wants_pause |= self.stop.take_reload();
        if self.wants_pause && self.at_record_end {
            return self.pause();
        }
        let mut n = self.read_held(buffer);
        if n == 0 {
            n = self.source.read(buffer)?;
        }
        self.wants_pause |= self.stop.take_reload();
        if self.wants_pause && n > 0 && self.held.len() == self.held_at {
            n = self.divide(&buffer[..n]);
        }
        if n > 0 {
            self.at_record_end = buffer[n - 1] == b'\n';
        } else if self.wants_pause && self.held.len() > self.held_at {
            return self.pause();
        }
        Ok(n)
    }
    fn would_block(&mut self) -> bool {
        self.held.len() == self.held_at
            && !(self.wants_pause && self.at_record_end)
            && self.source.would_block()
    }
    fn is_cut_off(&mut self) -> bool {
        !self.is_paused && self.source.is_cut_off()
    }
}

/// The scanner of now: policy and keys read again. What can't be used is refused whole.
pub(super) fn reloaded(args: &DetectArgs, old: &Scanner) -> Scanner {
    if args.allow.iter().any(|entry| entry == "-") {
        complain(&"reload refused: --allow - can't be read again; the last policy stays");
        return old.clone();
    }
    match plan(args, &[]) {
        Ok(Planned::Scanner(new)) => {
            complain(&format_args!("policy reloaded, digest {}", new.policy().digest()));
            new
        }
        Ok(Planned::Printed) => old.clone(),
        Err(error) => {
            complain(&format_args!("reload refused, the last policy stays: {error}"));
            old.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::Ordering;

    struct Portions(Vec<&'static [u8]>, Arc<Stop>, usize);

    impl Source for Portions {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            // The signal comes while this portion is read.
            if self.0.len() == self.2 {
                self.1.reload_flag().store(true, Ordering::SeqCst);
            }
            let portion = self.0.remove(0);
            buffer[..portion.len()].copy_from_slice(portion);
            Ok(portion.len())
        }
    }

    #[test]
    fn the_pause_stands_behind_a_whole_record_and_no_byte_is_lost() {
        let portions: Vec<&[u8]> = vec![b"one\ntw", b"o\nthree\n", b"four", b" five", b"\nsix\n", b"seven"];
        let all = portions.concat();
        for from_the_end in 1..=portions.len() {
            for size in [16, 64] {
                let stop = Arc::new(Stop::new().unwrap());
                let mut source = Portions(portions.clone(), Arc::clone(&stop), from_the_end);
                let mut pausing = Pausing::new(&mut source, stop);
                let (mut got, mut pauses) = (Vec::new(), 0);
                let mut buffer = vec![0; size];
                loop {
                    match pausing.read(&mut buffer).unwrap() {
                        0 if pausing.take_pause() => {
                            assert!(got.is_empty() || got.ends_with(b"\n"), "{from_the_end}");
                            pauses += 1;
                        }
                        0 => break,
                        n => got.extend_from_slice(&buffer[..n]),
                    }
                }
                assert_eq!(got, all, "{from_the_end}");
                assert_eq!(pauses, 1, "{from_the_end}");
            }
        }
    }
}
