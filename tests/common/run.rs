//! The ways through the engine: one slice, portions, the adapters, threads. All must agree.

use std::io::{self, Read, Write};

use logveil::parallel::{self, Settings, Sink, Source};
use logveil::{Clean, RedactReader, RedactWriter, Redactor, Scanner, Scratch, Summary};

/// Redacts a chunk of whole records in one call.
pub fn one_slice(scanner: &Scanner, text: &[u8], scratch: &mut Scratch) -> Vec<u8> {
    let mut clean = Clean::new();
    scanner.redact(text, scratch, &mut clean, &mut Summary::default());
    clean.into_bytes()
}

/// Pushes the portions that `cuts` (offsets, in order) make of the text.
pub fn portions(
    mut redactor: Redactor,
    text: &[u8],
    cuts: impl IntoIterator<Item = usize>,
) -> (Vec<u8>, Summary) {
    let (mut clean, mut from) = (Clean::new(), 0);
    for cut in cuts.into_iter().chain([text.len()]) {
        redactor.write(&text[from..cut], &mut clean);
        from = cut;
    }
    let summary = redactor.finish(&mut clean);
    (clean.into_bytes(), summary)
}

/// Gives at most `most` bytes at a time.
pub struct Slow<'t> {
    pub text: &'t [u8],
    pub most: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.most.min(buffer.len()).min(self.text.len());
        let (head, rest) = self.text.split_at(count);
        buffer[..count].copy_from_slice(head);
        self.text = rest;
        Ok(count)
    }
}

impl Source for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Read::read(self, buffer)
    }
    fn would_block(&mut self) -> bool {
        false
    }
}

/// Keeps the clean bytes.
#[derive(Default)]
pub struct Kept(pub Vec<u8>);

impl Sink for Kept {
    fn write_clean(&mut self, clean: &Clean) -> io::Result<()> {
        self.0.extend_from_slice(clean.as_bytes());
        Ok(())
    }
}

/// Redacts on threads; `read_bytes` is the most that a read gives.
pub fn threads(scanner: &Scanner, text: &[u8], settings: &Settings, read_bytes: usize) -> (Vec<u8>, Summary) {
    let mut kept = Kept::default();
    let mut source = Slow { text, most: read_bytes };
    let summary = parallel::redact(scanner, &mut source, &mut kept, settings).unwrap();
    (kept.0, summary)
}

/// Reads through a [`RedactReader`], `asked` bytes at a time.
pub fn reader(scanner: &Scanner, text: &[u8], read_bytes: usize, asked: usize) -> Vec<u8> {
    let mut reader = RedactReader::new(Redactor::new(scanner.clone()), Slow { text, most: read_bytes });
    let (mut out, mut buffer) = (Vec::new(), vec![0; asked]);
    loop {
        match reader.read(&mut buffer).unwrap() {
            0 => return out,
            count => out.extend_from_slice(&buffer[..count]),
        }
    }
}

/// Writes through a [`RedactWriter`], `most` bytes at a time.
pub fn writer(scanner: &Scanner, text: &[u8], most: usize) -> Vec<u8> {
    let mut writer = RedactWriter::new(Redactor::new(scanner.clone()), Vec::new());
    for portion in text.chunks(most) {
        writer.write_all(portion).unwrap();
    }
    writer.finish().unwrap().0
}
