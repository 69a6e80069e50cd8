//! Outputs that take clean bytes only: standard output, a file that appears whole, an appended file.

mod append;
mod atomic;
pub(super) mod durable;
mod same;

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;

use crate::error::Error;
use crate::parallel::Sink;
use crate::source::Stop;
use crate::transform::Clean;
use append::Appended;
use atomic::Atomic;
pub(super) use atomic::temporary_beside;
pub(super) use same::Identity;

/// Where a run writes.
pub(super) struct Output {
    target: Target,
    name: String,
    failure: Option<io::ErrorKind>,
}

enum Target {
    /// Standard output, or a device or pipe that was named.
    Direct(File),
    Atomic(Atomic),
    Appended(Appended),
}

impl Output {
    /// Standard output.
    ///
    /// # Errors
    /// The system gives no further file descriptor.
    pub fn stdout() -> Result<Self, Error> {
        // Not `io::Stdout`: it would look for line ends in every chunk.
        let owned = io::stdout()
            .as_fd()
            .try_clone_to_owned()
            .map_err(|e| Error::io("can't write to standard output", e))?;
        Ok(Self::of(Target::Direct(File::from(owned)), "standard output".to_owned()))
    }
    /// A file that is replaced when all is written; devices and pipes are written directly.
    ///
    /// # Errors
    /// The file can't be made.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let target = match atomic::open_special(path) {
            Ok(Some(file)) => Ok(Target::Direct(file)),
            Ok(None) => Atomic::beside(path).map(Target::Atomic),
            Err(e) => Err(e),
        };
        let target = target.map_err(|e| Error::io(format!("can't write {name}"), e))?;
        Ok(Self::of(target, name))
    }
    /// A file that whole records are appended to, opened again after SIGHUP.
    ///
    /// # Errors
    /// The file can't be opened.
    pub fn append(path: &Path, stop: Arc<Stop>) -> Result<Self, Error> {
        let name = path.display().to_string();
        let appended =
            Appended::open(path, stop).map_err(|e| Error::io(format!("can't append to {name}"), e))?;
        Ok(Self::of(Target::Appended(appended), name))
    }
    fn of(target: Target, name: String) -> Self {
        if let Target::Direct(file) = &target {
            crate::source::widen(file);
        }
        Self { target, name, failure: None }
    }
    /// What the output is on disk, to refuse an input that is the same file.
    pub fn identity(&self) -> Option<Identity> {
        match &self.target {
            Target::Direct(file) => Identity::of_file(file),
            Target::Atomic(atomic) => atomic.replaced(),
            Target::Appended(appended) => Identity::of_file(appended.file()),
        }
    }
    /// How the output is called in messages.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// True if a write failed; nothing more can go out.
    pub fn has_failed(&self) -> bool {
        self.failure.is_some()
    }
    /// True if the reader of a pipe went away.
    pub fn is_closed(&self) -> bool {
        self.failure == Some(io::ErrorKind::BrokenPipe)
    }
    /// Ends the output: `keep` puts a new file in its place, otherwise it is removed.
    ///
    /// # Errors
    /// The file can't be made durable or renamed.
    pub fn finish(self, keep: bool) -> Result<(), Error> {
        match self.target {
            Target::Atomic(atomic) if keep => {
                atomic.persist().map_err(|e| Error::io(format!("can't write {}", self.name), e))
            }
            _ => Ok(()),
        }
    }
}

impl Sink for Output {
    fn write_clean(&mut self, clean: &Clean) -> io::Result<()> {
        let written = match &mut self.target {
            Target::Direct(file) => file.write_all(clean.as_bytes()),
            Target::Atomic(atomic) => atomic.write_all(clean.as_bytes()),
            Target::Appended(appended) => appended.write_records(clean.as_bytes()),
        };
        if let Err(e) = &written {
            self.failure = Some(e.kind());
        }
        written
    }
}
