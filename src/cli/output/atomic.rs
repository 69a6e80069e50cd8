//! A file that appears whole or not at all: written beside its place, then renamed.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::durable;
use super::same::Identity;

/// Permissions of a new file before the umask takes its share, as for a shell's `>`.
const NEW_FILE_MODE: u32 = 0o666;
const BUFFER_BYTES: usize = 64 << 10;

/// A temporary file that is going to replace `path`; dropped, it is removed.
pub(super) struct Atomic {
    temporary: BufWriter<NamedTempFile>,
    path: PathBuf,
    replaced: Option<Identity>,
}

/// Opens what is there but is no regular file: a terminal, pipe or device can't be replaced.
pub(super) fn open_special(path: &Path) -> io::Result<Option<File>> {
    match fs::metadata(path) {
        Ok(m) if m.is_file() => Ok(None),
        Ok(m) if m.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => OpenOptions::new().write(true).open(path).map(Some),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

impl Atomic {
    /// A file to be renamed to `path`, or to what `path` links to.
    pub fn beside(path: &Path) -> io::Result<Self> {
        let existing = fs::metadata(path).ok();
        let path = match existing {
            Some(_) => fs::canonicalize(path)?,
            None => path.to_owned(),
        };
        let mode = match &existing {
            Some(metadata) => {
                // An atomic replacement would get around a file that must not be written.
                OpenOptions::new().append(true).open(&path)?;
                metadata.permissions().mode() & 0o7777
            }
            None => NEW_FILE_MODE,
        };
        let temporary = temporary_beside(&path, mode)?;
        Ok(Self {
            temporary: BufWriter::with_capacity(BUFFER_BYTES, temporary),
            path,
            replaced: existing.as_ref().and_then(Identity::of),
        })
    }
    /// The file that will be replaced, if there is one.
    pub fn replaced(&self) -> Option<Identity> {
        self.replaced
    }
    /// Puts the file in its place.
    pub fn persist(self) -> io::Result<()> {
        let temporary = self.temporary.into_inner().map_err(io::IntoInnerError::into_error)?;
        durable::sync(temporary.as_file())?;
        durable::rename(temporary, &self.path)
    }
}

/// A new file in the directory of `path`.
pub(in crate::cli) fn temporary_beside(path: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let directory = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    tempfile::Builder::new()
        .prefix(".logveil-")
        .suffix(".tmp")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(directory)
}

impl Write for Atomic {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}
