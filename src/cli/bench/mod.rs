//! `logveil bench`: MiB/s on files or on the seeded corpora, stage by stage, beside the baseline.

mod baseline;
mod clock;
mod corpus;
mod measure;
mod once;
mod process;
mod shown;

use std::io::{self, Write};
use std::os::fd::AsFd;

use corpus::Corpus;

use super::args::BenchCommand;
use super::options::{parse_count, parse_size};
use super::outcome::Outcome;
use super::plan::plan;
use crate::error::Error;
use crate::parallel::Settings;
use crate::simd::Kernel;

/// Bytes of a seeded corpus when nothing is said.
const DEFAULT_BYTES: usize = 16 << 20;
/// The same for processes, whose start must not count.
const PROCESS_BYTES: usize = 128 << 20;

/// Runs the subcommand.
///
/// # Errors
/// A file that can't be read, a kernel that this CPU has not, a closed output.
pub(super) fn run(command: BenchCommand) -> Result<Outcome, Error> {
    if command.as_baseline || command.corpus_only {
        write_for_others(&command)?;
        return Ok(Outcome::DONE);
    }
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
    let default = if command.process { PROCESS_BYTES } else { DEFAULT_BYTES };
    let size = command.size.as_deref().map_or(Ok(default), |text| parse_size("--size", text))?;
    let settings = Settings { threads, ..Settings::default() };
    let corpora = corpora(&command, size)?;
    let mut out = io::stdout();
    if command.once {
        corpora.iter().for_each(|(_, bytes)| once::run(&scanner, bytes));
        return Ok(Outcome::DONE);
    }
    for (name, bytes) in &corpora {
        let text = if command.process {
            let measured = process::measure(bytes, &process::arguments(&command.detect)?, kernel, threads)?;
            if command.json {
                measured.json(name, kernel, threads)
            } else {
                measured.text(name, kernel, threads)
            }
        } else {
            let measured = measure::measure(&scanner, bytes, &settings, command.baseline)?;
            if command.json {
                measured.json(name, &scanner, threads)
            } else {
                measured.text(name, &scanner, threads)
            }
        };
        writeln!(out, "{text}").map_err(|e| Error::io("can't write to standard output", e))?;
    }
    Ok(Outcome::DONE)
}

/// What the scripts in benches/ ask for: the baseline as a filter, or corpora on standard output.
fn write_for_others(command: &BenchCommand) -> Result<(), Error> {
    let failed = |error| Error::io("can't write to standard output", error);
    // Not `io::Stdout`: it would look for line ends in every chunk.
    let mut output = std::fs::File::from(io::stdout().as_fd().try_clone_to_owned().map_err(failed)?);
    if command.as_baseline {
        return baseline::filter(&mut io::stdin().lock(), &mut output);
    }
    let size = command.size.as_deref().map_or(Ok(DEFAULT_BYTES), |text| parse_size("--size", text))?;
    chosen(&command.corpus)?.into_iter().try_for_each(|c| output.write_all(&c.generate(size)).map_err(failed))
}

/// The files of the command line, or the corpora that it names, with their names.
fn corpora(command: &BenchCommand, size: usize) -> Result<Vec<(String, Vec<u8>)>, Error> {
    if command.files.is_empty() {
        let named = chosen(&command.corpus)?.into_iter();
        return Ok(named.map(|c| (c.name().to_owned(), c.generate(size))).collect());
    }
    let read = |path: &std::path::PathBuf| {
        let name = path.display().to_string();
        std::fs::read(path).map(|bytes| (name.clone(), bytes)).map_err(|e| Error::io(name, e))
    };
    command.files.iter().map(read).collect()
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
