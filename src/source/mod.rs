//! Where records come from: files and standard input, plain, gzip or zstd by their first bytes.

mod pipe;
mod raw;
mod stop;

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Read};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use flate2::bufread::MultiGzDecoder;

use crate::parallel::Source;
pub(crate) use pipe::widen;
use raw::{Prefixed, Raw};
pub use stop::{Stop, StopCause};

/// The largest zstd window that is accepted, as a power of two: 8 MiB (RFC 8878 section 3.1.1.1.2
/// recommends that decoders support at least this much).
const ZSTD_WINDOW_LOG: u32 = 23;
/// Compressed bytes read at once, and decompressed bytes kept when asked whether a read would wait.
const BUFFER_BYTES: usize = 64 << 10;

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, RFC 1952, any number of members.
    Gzip,
    /// Zstandard, RFC 8878, any number of frames.
    Zstd,
}

impl Compression {
    const MAGICS: [(Compression, &'static [u8]); 2] =
        [(Compression::Gzip, &[0x1f, 0x8b, 0x08]), (Compression::Zstd, &[0x28, 0xb5, 0x2f, 0xfd])];

    /// What the first bytes say; `None` if more bytes are needed to know.
    fn of(first: &[u8]) -> Option<Self> {
        for (compression, magic) in Self::MAGICS {
            if first.starts_with(magic) {
                return Some(compression);
            }
            if magic.starts_with(first) {
                return None;
            }
        }
        Some(Self::None)
    }
}

enum Stage {
    /// Not enough bytes yet to know what it is.
    Unknown(Vec<u8>, BufReader<Raw>),
    Plain(Prefixed),
    Gzip(Box<MultiGzDecoder<Prefixed>>),
    Zstd(zstd::stream::read::Decoder<'static, Prefixed>),
    /// The stage is being changed, or could not be.
    Broken,
}

/// One input: a file or standard input.
pub struct Input {
    stage: Stage,
    decompress: bool,
    /// The outcome of a read that was tried to see whether it would wait.
    held: Option<io::Result<Vec<u8>>>,
    held_at: usize,
    taken: Arc<AtomicU64>,
}

impl Input {
    /// Opens a file; `decompress` looks for gzip and zstd by their first bytes.
    ///
    /// # Errors
    /// The file can't be opened, or is a directory.
    pub fn open(path: &Path, decompress: bool, stop: Arc<Stop>) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Self::from_file(file, decompress, stop))
    }
    /// Standard input.
    ///
    /// # Errors
    /// The system gives no further file descriptor.
    pub fn stdin(decompress: bool, stop: Arc<Stop>) -> io::Result<Self> {
        let owned = io::stdin().as_fd().try_clone_to_owned()?;
        Ok(Self::from_file(File::from(owned), decompress, stop))
    }
    /// An open file or pipe.
    pub fn from_file(file: File, decompress: bool, stop: Arc<Stop>) -> Self {
        widen(&file);
        let raw = Raw::new(file, stop);
        let taken = raw.taken();
        let reader = BufReader::with_capacity(BUFFER_BYTES, raw);
        Self { stage: Stage::Unknown(Vec::new(), reader), decompress, held: None, held_at: 0, taken }
    }
    /// What the system knows about the open file.
    ///
    /// # Errors
    /// Those of the system.
    pub fn metadata(&self) -> io::Result<Metadata> {
        self.raw().map_or_else(|| Err(io::ErrorKind::NotFound.into()), |raw| raw.file().metadata())
    }
    /// Bytes taken from the file so far (compressed ones if it is compressed); grows as it is read.
    pub fn taken(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.taken)
    }
    /// How the input is compressed; reads its first bytes if need be.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn compression(&mut self) -> io::Result<Compression> {
        self.settle()?;
        Ok(match self.stage {
            Stage::Gzip(_) => Compression::Gzip,
            Stage::Zstd(_) => Compression::Zstd,
            _ => Compression::None,
        })
    }
    /// The signal that ended a read, if one did.
    pub fn stop_cause(&self) -> Option<StopCause> {
        self.raw().and_then(Raw::cause)
    }
    fn raw(&self) -> Option<&Raw> {
        match &self.stage {
            Stage::Unknown(_, reader) => Some(reader.get_ref()),
            Stage::Plain(reader) => Some(reader.raw()),
            Stage::Gzip(decoder) => Some(decoder.get_ref().raw()),
            Stage::Zstd(decoder) => Some(decoder.get_ref().raw()),
            Stage::Broken => None,
        }
    }
    fn set_may_wait(&mut self, may_wait: bool) {
        match &mut self.stage {
            Stage::Unknown(_, reader) => reader.get_mut().set_may_wait(may_wait),
            Stage::Plain(reader) => reader.raw_mut().set_may_wait(may_wait),
            Stage::Gzip(decoder) => decoder.get_mut().raw_mut().set_may_wait(may_wait),
            Stage::Zstd(decoder) => decoder.get_mut().raw_mut().set_may_wait(may_wait),
            Stage::Broken => {}
        }
    }
    /// Reads first bytes until it is known what the input is.
    fn settle(&mut self) -> io::Result<()> {
        let Stage::Unknown(first, reader) = &mut self.stage else { return Ok(()) };
        let mut compression = if self.decompress { Compression::of(first) } else { Some(Compression::None) };
        while compression.is_none() {
            let mut byte = [0u8];
            compression = match reader.read(&mut byte)? {
                0 => Some(Compression::None),
                _ => {
                    first.push(byte[0]);
                    Compression::of(first)
                }
            };
        }
        let Stage::Unknown(first, reader) = std::mem::replace(&mut self.stage, Stage::Broken) else {
            return Ok(());
        };
        let reader = Prefixed::new(first, reader);
        self.stage = match compression {
            Some(Compression::Gzip) => Stage::Gzip(Box::new(MultiGzDecoder::new(reader))),
            Some(Compression::Zstd) => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Stage::Zstd(decoder)
            }
            _ => Stage::Plain(reader),
        };
        Ok(())
    }
    fn read_now(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.settle()?;
        match &mut self.stage {
            Stage::Plain(reader) => reader.read(buffer),
            Stage::Gzip(decoder) => decoder.read(buffer),
            Stage::Zstd(decoder) => decoder.read(buffer),
            Stage::Unknown(..) | Stage::Broken => Err(io::Error::other("the input can't be read further")),
        }
    }
    fn try_without_waiting(&mut self) -> bool {
        let mut buffer = vec![0u8; BUFFER_BYTES];
        self.set_may_wait(false);
        let read = self.read_now(&mut buffer);
        self.set_may_wait(true);
        match read {
            Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                return true;
            }
            Err(e) => self.held = Some(Err(e)),
            Ok(n) => {
                buffer.truncate(n);
                self.held = Some(Ok(buffer));
            }
        }
        self.held_at = 0;
        false
    }
    /// Gives what an earlier try had read.
    fn read_held(&mut self, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        let bytes = match self.held.take()? {
            Ok(bytes) => bytes,
            Err(e) => return Some(Err(e)),
        };
        let rest = bytes.get(self.held_at..).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        if n < rest.len() {
            self.held_at += n;
            self.held = Some(Ok(bytes));
        }
        Some(Ok(n))
    }
}

impl Source for Input {
    fn is_cut_off(&mut self) -> bool {
        self.stop_cause().is_some()
    }
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.read_held(buffer) {
            Some(read) => read,
            None => self.read_now(buffer),
        };
        match read {
            // A signal is no failure: an end, behind which the last record is incomplete.
            Err(_) if self.stop_cause().is_some() => Ok(0),
            other => other,
        }
    }
    fn would_block(&mut self) -> bool {
        if self.held.is_some() {
            return false;
        }
        match &self.stage {
            Stage::Plain(reader) => reader.would_wait(),
            Stage::Broken => false,
            // A decoder may hold bytes that give no output yet: only a try can tell.
            Stage::Unknown(..) | Stage::Gzip(_) | Stage::Zstd(_) => self.try_without_waiting(),
        }
    }
}

#[cfg(test)]
mod tests;
