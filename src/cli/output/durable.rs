//! The last two steps of a file that appears whole: its bytes on the disk, then its name.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// Waits until the bytes are on the disk.
pub(in crate::cli) fn sync(file: &File) -> io::Result<()> {
    fail_if_asked("sync")?;
    file.sync_all()
}

/// Gives the file its name; on failure the file is removed.
pub(in crate::cli) fn rename(file: NamedTempFile, path: &Path) -> io::Result<()> {
    fail_if_asked("rename")?;
    file.persist(path).map(drop).map_err(|e| e.error)
}

/// In debug builds, where `LOGVEIL_TEST_FAULT` names the step: what a broken disk says there.
fn fail_if_asked(step: &str) -> io::Result<()> {
    if cfg!(debug_assertions) && std::env::var_os("LOGVEIL_TEST_FAULT").is_some_and(|asked| asked == step) {
        return Err(io::Error::from_raw_os_error(rustix::io::Errno::IO.raw_os_error()));
    }
    Ok(())
}
