//! `logveil bench`: MiB/s on files or on the seeded corpora, stage by stage, beside the baseline.

mod baseline;
mod corpus;
mod measure;

use std::io::{self, Write};

use corpus::Corpus;

use super::args::BenchCommand;
use super::options::{parse_count, parse_size};
use super::outcome::Outcome;
use super::plan::plan;
use crate::error::Error;
use crate::parallel::Settings;
use crate::simd::Kernel;

/// Bytes of the invented corpus when nothing is said.
const DEFAULT_BYTES: usize = 16 << 20;

/// Runs the subcommand.
///
/// # Errors
/// A file that can't be read, a kernel that this CPU has not, a closed output.
pub(super) fn run(command: BenchCommand) -> Result<Outcome, Error> {
    let scanner = match plan(&command.detect, &[])?.scanner() {
        Ok(scanner) => scanner,
        Err(ended) => return Ok(ended),
    };
    let kernel = match &command.kernel {
        Some(name) => Some(Kernel::from_name(name).ok_or_else(|| {
            let known: Vec<_> = Kernel::available().into_iter().map(Kernel::name).collect();
            Error::usage(format!("--kernel: not a kernel of this CPU; use {}", known.join(", ")))
        })?),
        None => None,
    };
    let kernel = kernel.unwrap_or(scanner.kernel());
    let scanner = scanner.with_kernel(kernel);
    let threads = command.threads.as_deref().map_or(Ok(1), |text| parse_count("-j", text))?;
    let size = command.size.as_deref().map_or(Ok(DEFAULT_BYTES), |text| parse_size("--size", text))?;
    let settings = Settings { threads, ..Settings::default() };
    let corpora = if command.files.is_empty() {
        chosen(&command.corpus)?.into_iter().map(|c| (c.name().to_owned(), c.generate(size))).collect()
    } else {
        let read = |path: &std::path::PathBuf| {
            let name = path.display().to_string();
            std::fs::read(path).map(|bytes| (name.clone(), bytes)).map_err(|e| Error::io(name, e))
        };
        command.files.iter().map(read).collect::<Result<Vec<_>, _>>()?
    };
    let mut out = io::stdout();
    for (name, bytes) in &corpora {
        let measured = measure::measure(&scanner, bytes, &settings, command.baseline)?;
        let text = if command.json {
            measured.json(name, &scanner, threads)
        } else {
            measured.text(name, &scanner, threads)
        };
        writeln!(out, "{text}").map_err(|e| Error::io("can't write to standard output", e))?;
    }
    Ok(Outcome::DONE)
}

/// The corpora of those names; the web corpus when none is named, all for `all`.
fn chosen(names: &[String]) -> Result<Vec<Corpus>, Error> {
    if names.is_empty() {
        return Ok(vec![Corpus::Web]);
    }
    if names.iter().any(|n| n == "all") {
        return Ok(Corpus::ALL.to_vec());
    }
    let known = || Corpus::ALL.map(Corpus::name).join(", ");
    let named = |n: &String| {
        Corpus::from_name(n)
            .ok_or_else(|| Error::usage(format!("--corpus: not a corpus; use all, {}", known())))
    };
    names.iter().map(named).collect()
}
