//! Time spent: processor seconds of this process or of its children, and by the clock on the wall.

use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use rustix::time::{ClockId, clock_gettime};

use crate::error::Error;

/// Pairs of ours and another's; the median of their ratios counts.
pub(super) const PAIRS: usize = 9;

/// What one run took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    /// User and system seconds of all threads.
    pub cpu: Duration,
    /// Seconds by the clock on the wall: no figure unless the machine is quiet.
    pub wall: Duration,
}

impl Spent {
    /// MiB a second of processor time.
    pub fn rate(self, bytes: u64) -> f64 {
        bytes as f64 / f64::from(1 << 20) / seconds(self.cpu)
    }
    /// MiB a second by the wall.
    pub fn wall_rate(self, bytes: u64) -> f64 {
        bytes as f64 / f64::from(1 << 20) / seconds(self.wall)
    }
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64().max(1e-9)
}

/// Runs something in this process and says what it took.
pub(super) fn spent<T>(run: impl FnOnce() -> T) -> (Spent, T) {
    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
    };
    let (cpu, wall) = (now(), Instant::now());
    let value = run();
    (Spent { cpu: now().saturating_sub(cpu), wall: wall.elapsed() }, value)
}

/// Runs something that starts child processes and waits for them; says what the children took.
///
/// # Errors
/// Those of `run`; the system doesn't tell the time of children.
pub(super) fn spent_by_children(run: impl FnOnce() -> Result<(), Error>) -> Result<Spent, Error> {
    let now = || {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN);
        usage.map(|usage| cpu(&usage)).map_err(|e| Error::io("the time of child processes", e.into()))
    };
    let (before, wall) = (now()?, Instant::now());
    run()?;
    let wall = wall.elapsed();
    Ok(Spent { cpu: now()?.saturating_sub(before), wall })
}

fn cpu(usage: &Usage) -> Duration {
    let micros = |time: nix::sys::time::TimeVal| {
        Duration::from_secs(time.tv_sec().unsigned_abs())
            + Duration::from_micros(time.tv_usec().unsigned_abs())
    };
    micros(usage.user_time()) + micros(usage.system_time())
}

/// The run with the median processor time.
pub(super) fn middle(times: &mut [Spent]) -> Spent {
    times.sort_unstable_by_key(|spent| spent.cpu);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The median of pairwise ratios with the least and the most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

impl Spread {
    /// How often each of `ours` fits into its partner in `theirs`, by `part` of what they took.
    pub fn of(theirs: &[Spent], ours: &[Spent], part: impl Fn(&Spent) -> Duration) -> Self {
        let mut ratios: Vec<f64> =
            theirs.iter().zip(ours).map(|(t, o)| seconds(part(t)) / seconds(part(o))).collect();
        ratios.sort_by(f64::total_cmp);
        let at = |place: usize| ratios.get(place).copied().unwrap_or(f64::NAN);
        Self { least: at(0), median: at(ratios.len() / 2), most: at(ratios.len().saturating_sub(1)) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} ({:.2} to {:.2}, {PAIRS} pairs)", self.median, self.least, self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_pair_by_pair() {
        let spent = |cpu| Spent { cpu: Duration::from_millis(cpu), wall: Duration::ZERO };
        let spread = Spread::of(&[10, 60, 30].map(spent), &[10, 20, 15].map(spent), |s| s.cpu);
        assert_eq!((spread.least, spread.median, spread.most), (1.0, 2.0, 3.0));
        assert_eq!(middle(&mut [30, 10, 20].map(spent)).cpu, Duration::from_millis(20));
    }

    #[test]
    fn sleeping_is_wall_time_and_working_is_both() {
        let (slept, ()) = spent(|| std::thread::sleep(Duration::from_millis(30)));
        // processor time is the process's: other tests run beside this one
        assert!(slept.wall >= Duration::from_millis(30), "{slept:?}");
        let (worked, sum) = spent(|| (0..2_000_000u64).fold(0, |sum, n| std::hint::black_box(sum ^ n)));
        assert!(worked.cpu > Duration::from_micros(100), "{worked:?} {sum}");
    }
}
