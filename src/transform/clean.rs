//! `Clean`: bytes that may be written. Only this room makes them.

use std::fmt;

/// Redacted bytes: the only bytes that a sink takes.
///
/// Nothing outside `transform` can put bytes into one, so "unredacted bytes cannot reach an
/// output" is a type error and not a habit.
#[derive(Default)]
pub struct Clean {
    bytes: Vec<u8>,
}

impl Clean {
    /// An empty buffer; reuse it with [`Clean::clear`].
    pub fn new() -> Self {
        Self::default()
    }
    /// The redacted bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
    /// How many bytes are held.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
    /// True if no byte is held.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
    /// Forgets the bytes and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }
    /// Takes back everything behind the first `length` bytes.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.bytes.truncate(length);
    }
    /// The redacted bytes as an owned vector.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
    pub(in crate::transform) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clean({} bytes)", self.bytes.len())
    }
}

/// Bytes of the input that the user asked to see, by a flag that says so. The second door out.
///
/// Only the command line makes one, and only from `--show-values`, `explain` or
/// `detokenize`.
pub struct Revealed {
    bytes: Vec<u8>,
}

impl Revealed {
    /// Copies what the user asked to see.
    #[cfg_attr(not(feature = "cli"), allow(dead_code))]
    pub(crate) fn asked_for(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec() }
    }
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Revealed({} bytes)", self.bytes.len())
    }
}
