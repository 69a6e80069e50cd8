//! Whether two open files are one: reading and writing the same file would destroy it.

use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;

/// Device and inode of a regular file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// The identity of an open regular file; `None` for pipes, terminals and devices, which may be
    /// read and written at once.
    pub fn of_file(file: &File) -> Option<Self> {
        file.metadata().ok().and_then(|m| Self::of(&m))
    }
    /// The identity that a file's metadata tells.
    pub fn of(metadata: &Metadata) -> Option<Self> {
        metadata.is_file().then(|| Self { device: metadata.dev(), inode: metadata.ino() })
    }
}
