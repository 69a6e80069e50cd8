//! What we say on standard error: our own words, never input bytes.

use std::fmt;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::report::Json;

/// Whether everything said is a JSON object a line (`--self-log json`): who reads the events reads
/// the complaints with them.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// From now on says everything as JSON.
pub(super) fn speak_json() {
    IS_JSON.store(true, Ordering::Relaxed);
}

/// Prints `logveil: …` to standard error. A closed standard error is no reason to stop.
pub(crate) fn complain(what: &dyn fmt::Display) {
    tell("message", what);
}

/// The same; as JSON it is an event of that name.
pub(super) fn tell(event: &str, what: &dyn fmt::Display) {
    let mut out = std::io::stderr().lock();
    let _ = if IS_JSON.load(Ordering::Relaxed) {
        let mut json = Json::new();
        json.open(None, '{').string("event", event).string("text", &what.to_string()).close('}');
        writeln!(out, "{}", json.finish())
    } else {
        writeln!(out, "logveil: {what}")
    };
}

/// The least time between two messages of the same kind.
pub(super) const QUIET: Duration = Duration::from_secs(10);

/// From now on a panic prints only its place: the payload may hold bytes of the input. One place is
/// told every ten seconds at most: a record that hits a bug seldom comes alone.
pub(crate) fn hide_panics() {
    let told: Mutex<Option<(String, Instant)>> = Mutex::new(None);
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map_or(String::new(), |at| format!(" at {}:{}", at.file(), at.line()));
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.as_ref().is_some_and(|(last, at)| *last == place && at.elapsed() < QUIET) {
            return;
        }
        complain(&format_args!("internal error{place}; what it was working on was withheld"));
        *told = Some((place, Instant::now()));
    }));
}
