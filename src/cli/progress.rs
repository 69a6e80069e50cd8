//! A progress bar on standard error, fed with the bytes taken from the inputs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::parallel::Source;
use crate::source::Input;

/// A bar over all inputs of a run; hidden unless it was wanted.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for so many bytes in all; 0 if that is not known.
    pub fn new(wanted: bool, total_bytes: u64) -> Self {
        if !wanted {
            return Self { bar: ProgressBar::hidden() };
        }
        let bar = if total_bytes > 0 { ProgressBar::new(total_bytes) } else { ProgressBar::no_length() };
        // A constant template: it parses, and if it did not the default would do.
        if let Ok(style) =
            ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
        {
            bar.set_style(style);
        }
        bar.set_draw_target(ProgressDrawTarget::stderr());
        Self { bar }
    }
    /// The input with its bytes counted on the bar.
    pub fn over<'a>(&'a self, input: &'a mut Input) -> Watched<'a> {
        let taken = input.taken();
        Watched { input, taken, counted: 0, bar: &self.bar }
    }
    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// An input whose reads move a bar.
pub(super) struct Watched<'a> {
    input: &'a mut Input,
    taken: Arc<AtomicU64>,
    counted: u64,
    bar: &'a ProgressBar,
}

impl Source for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer);
        let taken = self.taken.load(Ordering::Relaxed);
        self.bar.inc(taken - self.counted);
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
