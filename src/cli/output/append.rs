//! Appending whole records to a file that others may rotate.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::source::Stop;

pub(super) struct Appended {
    file: File,
    path: PathBuf,
    stop: Arc<Stop>,
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

impl Appended {
    pub fn open(path: &Path, stop: Arc<Stop>) -> io::Result<Self> {
        Ok(Self { file: open(path)?, path: path.to_owned(), stop })
    }
    pub fn file(&self) -> &File {
        &self.file
    }
    /// Writes records; if only a part of them went out, that part is cut off again.
    pub fn write_records(&mut self, mut records: &[u8]) -> io::Result<()> {
        if self.stop.take_hang_up() {
            self.file = open(&self.path)?;
        }
        let mut written = 0u64;
        while !records.is_empty() {
            let result = match self.file.write(records) {
                Ok(0) => Err(io::ErrorKind::WriteZero.into()),
                other => other,
            };
            match result {
                Ok(n) => {
                    written += n as u64;
                    records = records.get(n..).unwrap_or_default();
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.take_back(written);
                    return Err(e);
                }
            }
        }
        Ok(())
    }
    /// After a full disk: half a record at the end would be joined with the next one.
    fn take_back(&self, written: u64) {
        let regular = self.file.metadata().ok().filter(|m| m.is_file() && written > 0);
        if let Some(length) = regular.and_then(|m| m.len().checked_sub(written)) {
            // The error of the write itself is reported; this is only tidying.
            let _ = self.file.set_len(length);
        }
    }
}
