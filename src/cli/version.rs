//! `logveil --version`: version, ruleset and the kernel in use.

use std::io::Write;

use super::outcome::Outcome;
use super::plan::forced_kernel;
use crate::error::Error;
use crate::rules::RULESET;
use crate::simd::Kernel;

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn print() -> Result<Outcome, Error> {
    let kernel = forced_kernel()?.unwrap_or_else(Kernel::best).name();
    writeln!(std::io::stdout(), "logveil {VERSION} (ruleset {RULESET}, kernel {kernel})")
        .map_err(|e| Error::io("can't write to standard output", e))?;
    Ok(Outcome::DONE)
}
