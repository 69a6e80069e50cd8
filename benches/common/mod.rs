//! What the benches share: processor time of this thread, interleaved pairs, pieces of whole lines.
#![allow(dead_code)]

use rustix::time::{ClockId, clock_gettime};

/// Pairs that count, after one to warm up.
pub const PAIRS: usize = 9;

/// Processor seconds of this thread that `run` takes.
pub fn spent<T>(run: impl FnOnce() -> T) -> f64 {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let begun = now();
    std::hint::black_box(run());
    (now() - begun).max(1e-9)
}

/// Times of two runs in turn.
pub fn pairs(mut one: impl FnMut() -> f64, mut other: impl FnMut() -> f64) -> (Vec<f64>, Vec<f64>) {
    one();
    other();
    (0..PAIRS).map(|_| (one(), other())).unzip()
}

/// The middle one.
pub fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// The median of pairwise ratios with the least and the most.
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

impl Spread {
    /// Each of `above` over its partner in `below`.
    pub fn of(above: &[f64], below: &[f64]) -> Self {
        let mut ratios: Vec<f64> = above.iter().zip(below).map(|(a, b)| a / b).collect();
        ratios.sort_by(f64::total_cmp);
        Self { least: ratios[0], median: median(&ratios), most: ratios[ratios.len() - 1] }
    }
}

/// Cuts at line ends, each piece at most `most` bytes if a line ends in it.
pub fn chunks(mut rest: &[u8], most: usize) -> Vec<&[u8]> {
    let mut all = Vec::new();
    while rest.len() > most {
        let end = rest[..most].iter().rposition(|byte| *byte == b'\n').map_or(most, |feed| feed + 1);
        all.push(&rest[..end]);
        rest = &rest[end..];
    }
    all.push(rest);
    all
}
