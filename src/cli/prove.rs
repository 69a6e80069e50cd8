//! `logveil prove FILE`: the laws of redaction, shown on the user's own file.

mod laws;
mod runs;

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::args::DetectArgs;
use super::options::Place;
use super::outcome::Outcome;
use super::plan::{policy_of, scanner_with_keys};
use super::policy::print;
use super::stored;
use crate::error::Error;
use crate::scan::Scanner;

/// Prove the laws of redaction on your own file.
#[derive(Debug, Args)]
pub(crate) struct ProveCommand {
    /// The file, gzip and zstd too; the first 64 MiB are used
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Try a split at every byte, not at some (slow beyond a few hundred KiB)
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub detect: DetectArgs,
}

/// More of a file is not read: every law is run several times over it in memory.
const MAX_BYTES: u64 = 64 << 20;

/// One row of the table.
pub(super) struct Row {
    law: &'static str,
    tried: String,
    /// What is wrong, with line numbers and never bytes; `None` if the law holds.
    broken: Option<String>,
}

/// Runs the subcommand. A law that does not hold is exit code 1.
///
/// # Errors
/// A file or policy that can't be used, a closed output.
pub(super) fn run(command: ProveCommand) -> Result<Outcome, Error> {
    let policy = policy_of(&command.detect)?;
    let scanner = scanner_with_keys(&policy, &command.detect.keys, &command.detect.token)?;
    let input = read(&command.file)?;
    let rows = prove(&scanner, &policy, &input, command.all)?;
    print(&table(&rows))?;
    Ok(if rows.iter().any(|row| row.broken.is_some()) { Outcome::DIFFERS } else { Outcome::DONE })
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |error| Error::io(format!("can't read {}", path.display()), error);
    let mut bytes = Vec::new();
    let reader = stored::reader(&Place::of(path)).map_err(failed)?;
    reader.take(MAX_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn prove(
    scanner: &Scanner,
    policy: &crate::policy::Policy,
    input: &[u8],
    all: bool,
) -> Result<Vec<Row>, Error> {
    let whole = runs::redacted(scanner, &[input]);
    Ok(vec![
        runs::splits(scanner, input, &whole, all),
        runs::read_sizes(scanner, input, &whole),
        runs::threads(scanner, input, &whole)?,
        runs::kernels(scanner, input, &whole),
        runs::second_pass(scanner, &whole),
        laws::json(input, &whole),
        laws::outside(scanner, input, &whole),
        laws::rescan(scanner, policy, &whole),
    ])
}

fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let result = row.broken.as_deref().unwrap_or("holds");
        let _ = writeln!(text, "{:<34} {:<34} {result}", row.law, row.tried);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn the_table_has_a_row_for_each_law() {
        let policy = Policy::default();
        let scanner = Scanner::new(&policy).unwrap();
        let input = b"203.0.113.7 anna@example.com\n{\"ip\":\"203.0.113.7\"}\nplain\n";
        let rows = prove(&scanner, &policy, input, true).unwrap();
        assert_eq!(rows.len(), 8);
        assert_eq!(table(&rows).lines().count(), 8);
    }
}
