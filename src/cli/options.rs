//! From what was typed to plain options: numbers, sizes, defaults. Messages name the option only.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use super::args::{Decompress, RunArgs, When};
use crate::error::Error;
use crate::parallel::Settings;

/// The largest chunk or record, in bytes: offsets in a chunk are 32 bits wide.
const MAX_SIZE: usize = 1 << 30;
/// The most threads that make sense to ask for.
const MAX_THREADS: usize = 1024;
/// Threads for pipes: one that reads and redacts while the other writes.
const PIPE_THREADS: usize = 2;

/// A named file or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Stdin,
    File(PathBuf),
}

impl Place {
    /// The place that a path names.
    pub fn of(path: &Path) -> Place {
        if path.as_os_str() == "-" { Place::Stdin } else { Place::File(path.to_owned()) }
    }
    /// The places that were named; none means standard input.
    pub fn all(files: &[PathBuf]) -> Vec<Place> {
        if files.is_empty() {
            return vec![Place::Stdin];
        }
        files.iter().map(|path| Place::of(path)).collect()
    }
    /// The path as it is printed: `-` for standard input.
    pub fn path(&self) -> &Path {
        match self {
            Place::Stdin => Path::new("-"),
            Place::File(path) => path,
        }
    }
    /// The name used in messages.
    pub fn name(&self) -> String {
        match self {
            Place::Stdin => "standard input".to_owned(),
            Place::File(path) => path.display().to_string(),
        }
    }
}

/// How a run goes, all defaults filled in.
#[derive(Debug)]
pub(super) struct RunOptions {
    pub settings: Settings,
    pub decompress: bool,
    pub check: bool,
    pub stats: bool,
    pub stats_json: Option<PathBuf>,
    pub progress: bool,
}

impl RunOptions {
    /// # Errors
    /// A size or number that can't be used (`is_usage`).
    pub fn new(args: RunArgs, places: &[Place]) -> Result<Self, Error> {
        let files = !places.contains(&Place::Stdin);
        let defaults = Settings::default();
        let cores = available_parallelism().map_or(1, usize::from);
        let threads = match &args.threads {
            Some(text) => parse_count("-j", text)?,
            None if files => cores,
            None => PIPE_THREADS,
        };
        let size = |name, text: &Option<String>, default| match text {
            Some(text) => parse_size(name, text),
            None => Ok(default),
        };
        Ok(Self {
            settings: Settings {
                threads,
                chunk_bytes: size("--chunk-size", &args.chunk_size, defaults.chunk_bytes)?,
                max_record_bytes: size("--max-record", &args.max_record, defaults.max_record_bytes)?,
            },
            decompress: args.decompress == Decompress::Auto,
            check: args.check,
            stats: args.stats,
            stats_json: args.stats_json,
            progress: match args.progress {
                When::Always => true,
                When::Never => false,
                When::Auto => files && std::io::stderr().is_terminal(),
            },
        })
    }
}

/// A number of threads, 1 to 1024.
pub(super) fn parse_count(option: &str, text: &str) -> Result<usize, Error> {
    match text.parse() {
        Ok(n) if (1..=MAX_THREADS).contains(&n) => Ok(n),
        _ => Err(Error::usage(format!("{option}: not a number from 1 to {MAX_THREADS}"))),
    }
}

/// A size in bytes, 1 byte to 1 GiB: `4096`, `64KiB`, `64k`, `1MiB`, `1MB`.
pub(super) fn parse_size(option: &str, text: &str) -> Result<usize, Error> {
    size_of(text).filter(|n| (1..=MAX_SIZE).contains(n)).ok_or_else(|| {
        Error::usage(format!("{option}: not a size; write bytes, 64KiB or 1MiB, at most 1GiB"))
    })
}

fn size_of(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor: usize = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(factor)
}

/// Whether to colour what goes to a stream, by the option, `NO_COLOR` and `TERM`.
pub(super) fn wants_color(when: When, is_terminal: bool) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
        || std::env::var_os("TERM").is_some_and(|v| v == "dumb");
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => is_terminal && !refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, expect) in [
            ("1", Some(1)),
            ("4096", Some(4096)),
            ("64KiB", Some(65536)),
            ("64k", Some(65536)),
            ("64 KiB", Some(65536)),
            ("1MiB", Some(1 << 20)),
            ("1mb", Some(1_000_000)),
            ("1GiB", Some(1 << 30)),
            ("2GiB", None),
            ("0", None),
            ("", None),
            ("KiB", None),
            ("-1", None),
            ("1.5MiB", None),
            ("64KiBs", None),
            ("99999999999999999999", None),
            ("99999999999999999GiB", None),
        ] {
            let got = parse_size("--chunk-size", text);
            assert_eq!(got.as_ref().ok().copied(), expect, "{text}");
            if let Err(e) = got {
                assert!(e.is_usage() && e.to_string().starts_with("--chunk-size"), "{e}");
            }
        }
    }

    #[test]
    fn counts() {
        for (text, expect) in [("1", Some(1)), ("1024", Some(1024)), ("0", None), ("1025", None), ("x", None)]
        {
            assert_eq!(parse_count("-j", text).ok(), expect, "{text}");
        }
    }

    #[test]
    fn pipes_get_two_threads() {
        let threads =
            |places: &[Place]| RunOptions::new(RunArgs::default(), places).unwrap().settings.threads;
        let file = Place::File("x".into());
        assert_eq!(threads(&[Place::Stdin]), 2);
        assert_eq!(threads(&[file.clone(), Place::Stdin]), 2);
        assert_eq!(threads(&[file]), available_parallelism().map_or(1, usize::from));
    }
}
