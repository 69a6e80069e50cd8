//! `--stats` and `--stats-json`: what a run tells at its end.

use std::fs;
use std::io::Write;
use std::time::Instant;

use super::options::RunOptions;
use crate::error::Error;
use crate::report::{Stats, found_types};
use crate::scan::Scanner;
use crate::stream::Summary;

/// Tells the counts where they were asked for.
///
/// # Errors
/// The file of `--stats-json` can't be written.
pub(super) fn tell(
    run: &RunOptions,
    scanner: &Scanner,
    summary: &Summary,
    begun: Instant,
) -> Result<(), Error> {
    if !run.stats && run.stats_json.is_none() {
        return Ok(());
    }
    let stats = Stats {
        summary,
        elapsed: begun.elapsed(),
        kernel: scanner.kernel().name(),
        threads: run.settings.threads,
        policy_digest: Some(scanner.policy_digest().to_owned()),
        shadow: scanner.policy().is_all_shadow(),
        findings: found_types(scanner.policy(), summary),
    };
    if run.stats {
        let _ = std::io::stderr().lock().write_all(stats.text().as_bytes());
    }
    if let Some(path) = &run.stats_json {
        fs::write(path, stats.json() + "\n")
            .map_err(|e| Error::io(format!("can't write {}", path.display()), e))?;
    }
    Ok(())
}
