//! SIGHUP for policy and keys: an input that pauses at a record's end, so that another scanner can go
//! on; and pauses to tell counts, also while nothing comes in.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::args::DetectArgs;
use super::message::tell;
use super::plan::{Planned, plan, policy_of, scanner_with_keys};
use super::policy::proof;
use crate::error::Error;
use crate::parallel::Source;
use crate::policy::{Policy, Reload};
use crate::scan::Scanner;
use crate::source::Stop;

/// A source that ends for a moment: after SIGHUP behind a whole record, and when it is time.
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
    /// Why it pauses: true if the policy is to be read again.
    wants_reload: bool,
    /// When counts are told or the policy is looked at, if ever.
    ticks: Option<Ticks>,
}

/// Pauses from time to time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticks {
    /// While records come in.
    pub every: Duration,
    /// Before a wait, if anything came in since the last pause and that is so long ago.
    pub idle: Duration,
    /// Whether anything comes in or not.
    owed: Option<Instant>,
    last: Instant,
    is_dirty: bool,
}

impl Ticks {
    pub fn new(every: Duration, idle: Duration, owed: Option<Instant>) -> Self {
        Self { every, idle, owed, last: Instant::now(), is_dirty: false }
    }
    /// When to pause if nothing comes in.
    fn due(&self) -> Option<Instant> {
        let told = self.is_dirty.then(|| self.last + self.idle);
        told.into_iter().chain(self.owed).min()
    }
    fn is_due(&self) -> bool {
        self.is_dirty && self.last.elapsed() >= self.every
            || self.owed.is_some_and(|owed| owed <= Instant::now())
    }
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
            wants_reload: false,
            ticks: None,
        }
    }
    /// Pauses from time to time, too.
    pub fn with_ticks(mut self, ticks: Option<Ticks>) -> Self {
        self.ticks = ticks;
        self
    }
    /// Pauses at that time at the latest, also while nothing comes in.
    pub fn owe(&mut self, owed: Option<Instant>) {
        if let Some(ticks) = &mut self.ticks {
            ticks.owed = owed;
        }
    }
    /// True if a pause stands behind a whole record: only there the policy may change.
    pub fn is_at_record_end(&self) -> bool {
        self.at_record_end
    }
    /// True once after each signal that asked for the policy to be read again, at a record's end.
    pub fn take_reload(&mut self) -> bool {
        self.at_record_end && std::mem::take(&mut self.wants_reload)
    }
    /// Notes a signal, or that it is time for a pause.
    fn look(&mut self) {
        let signalled = self.stop.take_reload();
        self.wants_reload |= signalled;
        self.wants_pause |= signalled || self.ticks.is_some_and(|ticks| ticks.is_due());
    }
    /// True if the last end was a pause: reading goes on behind it.
    pub fn take_pause(&mut self) -> bool {
        std::mem::take(&mut self.is_paused)
    }
    fn pause(&mut self) -> io::Result<usize> {
        self.is_paused = true;
        // Inside a record the policy is not read again: that is still to come.
        self.wants_pause = self.wants_reload && !self.at_record_end;
        if let Some(ticks) = &mut self.ticks {
            (ticks.last, ticks.is_dirty, ticks.owed) = (Instant::now(), false, None);
        }
        Ok(0)
    }
    /// Reads what comes next, or pauses if it is time and nothing came, wherever that is: what is
    /// told then is of the records before.
    fn read_now(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let due = self.ticks.and_then(|ticks| ticks.due());
        self.stop.wake_at(due);
        match self.source.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                if due.is_some_and(|due| due <= Instant::now()) { self.pause() } else { Err(error) }
            }
            read => read,
        }
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
        self.is_paused = false;
        self.look();
        if self.wants_pause && self.at_record_end {
            return self.pause();
        }
        let mut n = self.read_held(buffer);
        if n == 0 {
            n = self.read_now(buffer)?;
            if self.is_paused {
                return Ok(0);
            }
        }
        self.look();
        if let Some(ticks) = &mut self.ticks {
            ticks.is_dirty |= n > 0;
        }
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
        if self.ticks.is_some_and(|ticks| ticks.is_dirty && ticks.last.elapsed() >= ticks.idle)
            && self.held.len() == self.held_at
            && self.at_record_end
            && self.source.would_block()
        {
            self.wants_pause = true;
        }
        self.held.len() == self.held_at
            && !(self.wants_pause && self.at_record_end)
            && self.source.would_block()
    }
    fn is_paused(&mut self) -> bool {
        self.is_paused
    }
    fn is_cut_off(&mut self) -> bool {
        !self.is_paused && self.source.is_cut_off()
    }
}

/// The scanner of now: policy and keys read again, `None` if they can't be used. What can't be used,
/// or fails its own tests, is refused whole.
pub(super) fn reloaded(args: &DetectArgs) -> Option<Scanner> {
    if args.allow.iter().any(|entry| entry == "-") {
        tell("reload-refused", &"reload refused: --allow - can't be read again; the last policy stays");
        return None;
    }
    match proved(args).and_then(|()| plan(args, &[])) {
        Ok(Planned::Scanner(new)) => {
            tell("reload", &format_args!("policy reloaded, digest {}", new.policy_digest()));
            Some(new)
        }
        Ok(Planned::Printed) => None,
        Err(error) => {
            tell("reload-refused", &format_args!("reload refused, the last policy stays: {error}"));
            None
        }
    }
}

/// Runs the tests of the policy that was named, without the flags over it: they prove the file.
fn proved(args: &DetectArgs) -> Result<(), Error> {
    let name = args.policy.clone().or_else(|| std::env::var("LOGVEIL_POLICY").ok());
    let Some(name) = name.filter(|name| !name.is_empty()) else { return Ok(()) };
    let policy = Policy::load(&name)?;
    if policy.tests().is_empty() {
        return Ok(());
    }
    let failures = proof::prove(&policy, &scanner_with_keys(&policy, &args.keys, &args.token)?);
    match failures.first() {
        None => Ok(()),
        Some(first) => Err(Error::policy(format!(
            "{} of {} tests of the policy fail, the first at {}; see `logveil policy test`",
            failures.len(),
            policy.tests().len(),
            first.origin()
        ))),
    }
}

/// `reload = "poll:5s"`: looks from time to time whether the policy says something else now.
pub(super) struct Poll {
    every: Duration,
    last: Instant,
    seen: Option<String>,
}

impl Poll {
    /// What the policy asks for.
    pub fn of(args: &DetectArgs, scanner: &Scanner) -> Option<Self> {
        let Reload::Poll(every) = scanner.policy().reload() else { return None };
        Some(Self { every, last: Instant::now(), seen: state(args) })
    }
    /// When to look the next time. A look that was due already had to wait for the end of a record.
    pub fn due(&self, now: Instant) -> Instant {
        let due = self.last + self.every;
        if due > now { due } else { now + self.every }
    }
    /// True if it is time and the policy is another than at the last look. One that can't be read is
    /// another one, once.
    pub fn has_changed(&mut self, args: &DetectArgs) -> bool {
        if self.last.elapsed() < self.every {
            return false;
        }
        self.last = Instant::now();
        let now = state(args);
        let has_changed = now != self.seen;
        self.seen = now;
        has_changed
    }
}

/// The policy's digest and what its packs' and its suppression list's files look like; `None` if it can't be read.
///
/// The whole policy is read, so that files behind swapped links and what it extends count as well.
fn state(args: &DetectArgs) -> Option<String> {
    let policy = policy_of(args).ok()?;
    let stamp = |path: &Path| {
        let metadata = std::fs::metadata(path).ok()?;
        Some(format!("{:?} {}", metadata.modified().ok()?, metadata.len()))
    };
    let packs: Vec<_> = policy.packs().iter().map(|pack| stamp(pack.path())).collect();
    let suppressed = args.token.over(&policy).suppress.map(|path| stamp(&path));
    Some(format!("{} {packs:?} {suppressed:?}", policy.digest()))
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
