//! What we say on standard error: our own words, never input bytes.

use std::fmt;
use std::io::Write;

/// Prints `logveil: …` to standard error. A closed standard error is no reason to stop.
pub(crate) fn complain(what: &dyn fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "logveil: {what}");
}

/// From now on a panic prints only its place: the payload may hold bytes of the input.
pub(crate) fn hide_panics() {
    std::panic::set_hook(Box::new(|info| {
        match info.location() {
            Some(place) => complain(&format_args!(
                "internal error at {}:{}; what it was working on was withheld",
                place.file(),
                place.line()
            )),
            None => complain(&"internal error; what it was working on was withheld"),
        };
    }));
}
