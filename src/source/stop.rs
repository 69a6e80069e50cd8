//! `Stop`: what signals and the clock ask of a run, seen by reads before they wait.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Flags that signal handlers set, and a socket that wakes a waiting read.
///
/// Without the socket a signal that arrives between the look at the flag and the wait would be
/// slept over.
#[derive(Debug)]
pub struct Stop {
    interrupt: Arc<AtomicBool>,
    terminate: Arc<AtomicBool>,
    hang_up: Arc<AtomicBool>,
    reload: Arc<AtomicBool>,
    /// When a wait ends although nothing came.
    due: Mutex<Option<Instant>>,
    wake: UnixStream,
    waker: UnixStream,
}

/// Why a read ended early although the input goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopCause {
    /// SIGINT: end now.
    Interrupt,
    /// SIGTERM: end as soon as a read would wait.
    Terminate,
}

impl Stop {
    /// Flags that nobody has set.
    ///
    /// # Errors
    /// The system gives no socket pair.
    pub fn new() -> io::Result<Self> {
        let (wake, waker) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        waker.set_nonblocking(true)?;
        Ok(Self {
            interrupt: Arc::default(),
            terminate: Arc::default(),
            hang_up: Arc::default(),
            reload: Arc::default(),
            due: Mutex::default(),
            wake,
            waker,
        })
    }
    /// The flag of SIGINT.
    pub fn interrupt_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.interrupt)
    }
    /// The flag of SIGTERM.
    pub fn terminate_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.terminate)
    }
    /// The flag of SIGHUP for policy and keys.
    pub fn reload_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.reload)
    }
    /// True once after each SIGHUP, for policy and keys.
    pub fn take_reload(&self) -> bool {
        self.reload.swap(false, Ordering::SeqCst)
    }
    /// The flag of SIGHUP for appended outputs.
    pub fn hang_up_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.hang_up)
    }
    /// A handle for signal handlers to write one byte to.
    ///
    /// # Errors
    /// The system gives no further file descriptor.
    pub fn waker(&self) -> io::Result<UnixStream> {
        self.waker.try_clone()
    }
    /// Ends a wait for input at that time, once: the read is interrupted as by SIGHUP.
    pub fn wake_at(&self, due: Option<Instant>) {
        *self.due.lock().unwrap_or_else(PoisonError::into_inner) = due;
    }
    /// How long a read may wait; `None` is until something comes.
    pub(super) fn patience(&self) -> Option<Duration> {
        let due = *self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.map(|due| due.saturating_duration_since(Instant::now()))
    }
    /// True after SIGINT.
    pub fn interrupted(&self) -> bool {
        self.interrupt.load(Ordering::SeqCst)
    }
    /// True after SIGTERM.
    pub fn terminated(&self) -> bool {
        self.terminate.load(Ordering::SeqCst)
    }
    /// True once after each SIGHUP, for appended outputs.
    pub fn take_hang_up(&self) -> bool {
        self.hang_up.swap(false, Ordering::SeqCst)
    }
    pub(super) fn wake(&self) -> &UnixStream {
        &self.wake
    }
    pub(super) fn drain(&self) {
        let mut bytes = [0u8; 64];
        // Non-blocking: what is there is forgotten, what is not ends the loop.
        while matches!((&self.wake).read(&mut bytes), Ok(n) if n == bytes.len()) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn hang_up_is_taken_once() {
        let stop = Stop::new().unwrap();
        assert!(!stop.take_hang_up());
        stop.hang_up_flag().store(true, Ordering::SeqCst);
        assert!(stop.take_hang_up());
        assert!(!stop.take_hang_up());
    }

    #[test]
    fn a_wait_lasts_until_it_is_due() {
        let stop = Stop::new().unwrap();
        assert_eq!(stop.patience(), None);
        stop.wake_at(Some(Instant::now()));
        assert_eq!(stop.patience(), Some(Duration::ZERO));
        stop.wake_at(Some(Instant::now() + Duration::from_secs(60)));
        assert!(stop.patience().unwrap() > Duration::from_secs(50));
        stop.wake_at(None);
        assert_eq!(stop.patience(), None);
    }

    #[test]
    fn draining_ends_with_any_number_of_bytes() {
        let stop = Stop::new().unwrap();
        for n in [0usize, 1, 63, 64, 65, 200] {
            stop.waker().unwrap().write_all(&vec![1; n]).unwrap();
            stop.drain();
            let mut byte = [0];
            assert!(stop.wake().read(&mut byte).is_err(), "{n} bytes");
        }
    }
}
