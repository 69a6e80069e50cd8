//! Bytes that are read into, whose memory is used again.

use std::ops::Deref;

/// Like a vector of bytes, but room to read into is cleared once and not before every read: a pipe gives
/// 64 KiB at most where 256 KiB were cleared for it.
#[derive(Default)]
pub(super) struct Buffer {
    /// What has been cleared or read, so far.
    bytes: Vec<u8>,
    /// How much of it counts.
    length: usize,
}

impl Buffer {
    /// Takes the bytes of `tail`, which is empty then, in place of its own.
    pub fn start_with(&mut self, tail: &mut Vec<u8>) {
        self.length = 0;
        self.room(tail.len()).copy_from_slice(tail);
        self.length = tail.len();
        tail.clear();
    }

    /// `more` bytes behind the last one, of any value.
    pub fn room(&mut self, more: usize) -> &mut [u8] {
        let end = self.length + more;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        &mut self.bytes[self.length..end]
    }

    /// The first `read` bytes of the room count from now on.
    pub fn keep(&mut self, read: usize) {
        self.length = self.bytes.len().min(self.length + read);
    }

    /// Only the first `length` bytes count.
    pub fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::Buffer;

    #[test]
    fn only_what_was_read_counts() {
        let mut buffer = Buffer::default();
        let mut tail = b"ab".to_vec();
        buffer.start_with(&mut tail);
        assert!(tail.is_empty());
        buffer.room(5)[..3].copy_from_slice(b"cde");
        buffer.keep(3);
        assert_eq!(&*buffer, b"abcde");
        buffer.truncate(4);
        assert_eq!(&*buffer, b"abcd");
        assert_eq!(buffer.room(3).len(), 3);
        assert_eq!(&*buffer, b"abcd");
        buffer.keep(usize::MAX - 4);
        assert_eq!(&buffer[..4], b"abcd");
        buffer.start_with(&mut b"x".to_vec());
        assert_eq!(&*buffer, b"x");
    }
}
