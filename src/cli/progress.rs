//! Progress on standard error, fed with the bytes taken from the inputs: a bar on a terminal, now and
//! then a line elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::message::tell;
use crate::parallel::Source;
use crate::source::Input;

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(1);

/// Progress over all inputs of a run; shows nothing unless it was wanted.
pub(super) struct Progress {
    total_bytes: u64,
    taken_bytes: AtomicU64,
    shown: Shown,
}

enum Shown {
    Nothing,
    Bar(ProgressBar),
    /// Lines; the time of the next one in milliseconds since the start.
    Lines(Instant, AtomicU64),
}

impl Progress {
    /// Progress towards so many bytes in all; 0 if that is not known.
    pub fn new(wanted: bool, total_bytes: u64) -> Self {
        let shown = match (wanted, std::io::stderr().is_terminal()) {
            (false, _) => Shown::Nothing,
            (true, true) => Shown::Bar(bar(total_bytes)),
            (true, false) => Shown::Lines(Instant::now(), AtomicU64::new(millis(LINE_EVERY))),
        };
        Self { total_bytes, taken_bytes: AtomicU64::new(0), shown }
    }
    /// The input with its bytes counted.
    pub fn over<'a>(&'a self, input: &'a mut Input) -> Watched<'a> {
        let taken = input.taken();
        Watched { input, taken, counted: 0, progress: self }
    }
    /// Removes the bar; the last line says how much it was.
    pub fn finish(&self) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.finish_and_clear(),
            Shown::Lines(..) => self.write_line(),
        }
    }
    fn advance(&self, bytes: u64) {
        let taken = self.taken_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.set_position(taken),
            Shown::Lines(begun, next) => {
                let now = millis(begun.elapsed());
                if now >= next.load(Ordering::Relaxed) {
                    next.store(now + millis(LINE_EVERY), Ordering::Relaxed);
                    self.write_line();
                }
            }
        }
    }
    fn write_line(&self) {
        let taken = self.taken_bytes.load(Ordering::Relaxed);
        let (read, total) = (DecimalBytes(taken), DecimalBytes(self.total_bytes));
        match (taken * 100).checked_div(self.total_bytes) {
            Some(percent) => tell("progress", &format_args!("{read} of {total} read, {percent} %")),
            None => tell("progress", &format_args!("{read} read")),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    duration.as_millis() as u64
}

fn bar(total_bytes: u64) -> ProgressBar {
    let bar = if total_bytes > 0 { ProgressBar::new(total_bytes) } else { ProgressBar::no_length() };
    // A constant template: it parses, and if it did not the default would do.
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}") {
        bar.set_style(style);
    }
    bar.set_draw_target(ProgressDrawTarget::stderr());
    bar
}

/// An input whose reads are counted.
pub(super) struct Watched<'a> {
    input: &'a mut Input,
    taken: Arc<AtomicU64>,
    counted: u64,
    progress: &'a Progress,
}

impl Source for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer);
        let taken = self.taken.load(Ordering::Relaxed);
        self.progress.advance(taken - self.counted);
        self.counted = taken;
        read
    }
    fn would_block(&mut self) -> bool {
        self.input.would_block()
    }
    fn is_cut_off(&mut self) -> bool {
        self.input.is_cut_off()
    }
}
