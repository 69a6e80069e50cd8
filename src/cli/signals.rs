//! Which signal asks for what: SIGINT ends, SIGTERM drains, SIGHUP reopens.

use std::sync::Arc;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{flag, low_level::pipe};

use crate::error::Error;
use crate::source::Stop;

/// Flags set by the signals of this process. A second SIGINT or SIGTERM ends it at once.
pub(super) fn watch() -> Result<Arc<Stop>, Error> {
    install().map_err(|e| Error::io("can't watch for signals", e))
}

fn install() -> std::io::Result<Arc<Stop>> {
    let stop = Arc::new(Stop::new()?);
    for (signal, set) in [(SIGINT, stop.interrupt_flag()), (SIGTERM, stop.terminate_flag())] {
        // Registered first, so that only a signal that finds a flag set ends the process.
        for earlier in [stop.interrupt_flag(), stop.terminate_flag()] {
            flag::register_conditional_shutdown(signal, 128 + signal, earlier)?;
        }
        flag::register(signal, set)?;
        pipe::register(signal, stop.waker()?)?;
    }
    flag::register(SIGHUP, stop.hang_up_flag())?;
    flag::register(SIGHUP, stop.reload_flag())?;
    pipe::register(SIGHUP, stop.waker()?)?;
    Ok(stop)
}
