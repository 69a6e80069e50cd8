//! `-i`: a file rewritten through a temporary one; anything doubtful leaves it untouched.

use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::message::complain;
use super::outcome::Outcome;
use super::output::{durable, temporary_beside};
use crate::error::Error;
use crate::parallel::{self, Settings, Sink};
use crate::scan::Scanner;
use crate::source::{Compression, Input, Stop, StopCause};
use crate::stream::Summary;
use crate::transform::Clean;

/// How a rewriting ended.
pub(super) enum Rewritten {
    /// The file is clean now (or held nothing to replace).
    Done,
    /// Records were withheld: the file is as it was.
    Withheld,
    /// SIGINT: the file is as it was.
    Interrupted,
}

impl Rewritten {
    /// What it means for the run of a subcommand that looks at lines whole; a file that stays as it
    /// was is told.
    pub fn outcome(&self, path: &Path) -> Outcome {
        match self {
            Self::Done => Outcome::DONE,
            Self::Withheld => {
                complain(&format_args!(
                    "{}: a line was too long to look at; the file is untouched",
                    path.display()
                ));
                Outcome { withheld: true, ..Outcome::DONE }
            }
            Self::Interrupted => Outcome { interrupted: true, ..Outcome::DONE },
        }
    }
}

/// Readable and writable for the owner only, until the file has its owner.
const PRIVATE_MODE: u32 = 0o600;

/// Redacts one file in place.
///
/// # Errors
/// The file can't be read, is not regular, has other names, changed meanwhile, or the new one
/// can't be written or given to its owner. The file is then as it was.
pub(super) fn rewrite(
    path: &Path,
    scanner: &Scanner,
    settings: &Settings,
    decompress: bool,
    stop: &Arc<Stop>,
) -> Result<(Rewritten, Summary), Error> {
    rewrite_by(path, decompress, stop, |input, output| parallel::redact(scanner, input, output, settings))
}

/// Rewrites one file in place by `pass`, which reads the one and writes the other.
///
/// # Errors
/// As [`rewrite`].
pub(super) fn rewrite_by(
    path: &Path,
    decompress: bool,
    stop: &Arc<Stop>,
    pass: impl FnOnce(&mut Input, &mut dyn Sink) -> Result<Summary, Error>,
) -> Result<(Rewritten, Summary), Error> {
    let name = path.display();
    let failed = |what: &str, e: io::Error| Error::io(format!("{name}: {what}; the file is untouched"), e);
    // A symbolic link stays one: what it points to is rewritten.
    let target = fs::canonicalize(path).map_err(|e| failed("can't be opened", e))?;
    let mut input =
        Input::open(&target, decompress, Arc::clone(stop)).map_err(|e| failed("can't be opened", e))?;
    let before = input.metadata().map_err(|e| failed("can't be looked at", e))?;
    refuse_odd_files(&before).map_err(|why| Error::usage(format!("{name}: {why}; the file is untouched")))?;
    let compression = input.compression().map_err(|e| failed("can't be read", e))?;
    let temporary = temporary_beside(&target, PRIVATE_MODE).map_err(|e| failed("no temporary file", e))?;
    let mut writer = Writer::new(temporary, compression).map_err(|e| failed("can't be compressed", e))?;

    let summary = match pass(&mut input, &mut writer) {
        Ok(summary) => summary,
        Err(e) => return Err(Error::usage(format!("{name}: {e}; the file is untouched"))),
    };
    if input.stop_cause() == Some(StopCause::Interrupt) {
        return Ok((Rewritten::Interrupted, Summary::default()));
    }
    if summary.withheld_records > 0 {
        return Ok((Rewritten::Withheld, summary));
    }
    let changes = summary.found_in_all() > 0 || summary.dropped_records > 0;
    if changes || summary.bytes_in != summary.bytes_out {
        let temporary = writer.finish().map_err(|e| failed("can't be written", e))?;
        let ready = dress(&temporary, &before).and_then(|()| durable::sync(temporary.as_file()));
        ready.map_err(|e| failed("can't keep its owner and mode", e))?;
        let now = fs::metadata(&target).map_err(|e| failed("can't be looked at", e))?;
        if is_other(&before, &now) {
            return Err(Error::usage(format!("{name}: changed while it was read; the file is untouched")));
        }
        durable::rename(temporary, &target).map_err(|e| failed("can't be replaced", e))?;
    }
    Ok((Rewritten::Done, summary))
}

fn refuse_odd_files(metadata: &Metadata) -> Result<(), &'static str> {
    if !metadata.is_file() {
        return Err("is not a regular file");
    }
    if metadata.nlink() > 1 {
        return Err("has other names (hard links), which would keep the old content");
    }
    Ok(())
}

/// Gives the new file the owner, group and mode of the old one.
fn dress(temporary: &NamedTempFile, before: &Metadata) -> io::Result<()> {
    let file = temporary.as_file();
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (before.uid(), before.gid()) {
        fchown(file, Some(before.uid()), Some(before.gid()))?;
    }
    file.set_permissions(fs::Permissions::from_mode(before.permissions().mode() & 0o7777))
}

fn is_other(before: &Metadata, now: &Metadata) -> bool {
    let facts = |m: &Metadata| (m.dev(), m.ino(), m.len(), m.mtime(), m.mtime_nsec());
    facts(before) != facts(now)
}

/// The temporary file behind the compression that the input had.
enum Writer {
    Plain(io::BufWriter<NamedTempFile>),
    Gzip(flate2::write::GzEncoder<NamedTempFile>),
    Zstd(zstd::stream::write::Encoder<'static, NamedTempFile>),
}

impl Writer {
    fn new(file: NamedTempFile, compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::Plain(io::BufWriter::new(file)),
            Compression::Gzip => {
                Self::Gzip(flate2::write::GzEncoder::new(file, flate2::Compression::default()))
            }
            Compression::Zstd => Self::Zstd(zstd::stream::write::Encoder::new(file, 0)?),
        })
    }
    fn finish(self) -> io::Result<NamedTempFile> {
        match self {
            Self::Plain(writer) => writer.into_inner().map_err(io::IntoInnerError::into_error),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl Sink for Writer {
    fn write_clean(&mut self, clean: &Clean) -> io::Result<()> {
        match self {
            Self::Plain(writer) => writer.write_all(clean.as_bytes()),
            Self::Gzip(encoder) => encoder.write_all(clean.as_bytes()),
            Self::Zstd(encoder) => encoder.write_all(clean.as_bytes()),
        }
    }
}
