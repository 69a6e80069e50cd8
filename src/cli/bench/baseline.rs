//! What speed is measured against: one meta regex over all eight patterns, check digits after.

use std::io::{self, Read, Write};

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use crate::error::Error;

/// Bytes that the baseline takes at once, cut at the last line end.
pub(super) const CHUNK_BYTES: usize = 1 << 20;

/// The patterns, in order of preference.
const PATTERNS: [&str; 8] = [
    r"\b[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\b",
    r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b",
    r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
    r"\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b|\b(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}\b",
    r"\b(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\b",
    r"\b(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|6(?:011|5[0-9]{2}))[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}\b|\b3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}\b",
    r"\b[0-9]{2}-?[0-9]{6}-?[0-9]{6}-?[0-9]\b",
    r"\+[1-9][0-9]{0,2}[ .-]?(?:\([0-9]{1,4}\)[ .-]?)?[0-9]{2,4}(?:[ .-]?[0-9]{2,4}){1,4}\b|(?:\([2-9][0-9]{2}\) ?|\b[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[.-][0-9]{4}\b",
];
/// Patterns whose matches must pass the check digit of ISO/IEC 7812-1.
const CHECKED: [usize; 2] = [5, 6];

/// The baseline redactor.
pub(crate) struct Baseline {
    regex: Regex,
}

impl Baseline {
    /// Compiles the patterns, a lazy DFA cache of 16 MiB, bytes and not characters.
    ///
    /// # Errors
    /// None with the patterns above.
    pub fn new() -> Result<Self, Error> {
        let config = Regex::config().utf8_empty(false).hybrid_cache_capacity(16 << 20);
        let regex = Regex::builder()
            .configure(config)
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .build_many(&PATTERNS)
            .map_err(|_| Error::pattern("the baseline's patterns don't compile"))?;
        Ok(Self { regex })
    }

    /// Appends `chunk` to `out` with matches replaced; returns how many.
    pub fn redact(&self, chunk: &[u8], out: &mut Vec<u8>) -> u64 {
        let (mut copied, mut count) = (0, 0);
        for found in self.regex.find_iter(chunk) {
            if CHECKED.contains(&found.pattern().as_usize()) && !passes_check(&chunk[found.range()]) {
                continue;
            }
            out.extend_from_slice(&chunk[copied..found.start()]);
            out.extend_from_slice(b"[REDACTED]");
            copied = found.end();
            count += 1;
        }
        out.extend_from_slice(&chunk[copied..]);
        count
    }
}

/// The baseline as a filter: reads 1 MiB at a time, cuts at the last line end, writes the buffer.
///
/// What it writes is not clean: it is there to be measured against, and hidden from the help.
///
/// # Errors
/// Those of reading and writing.
pub(super) fn filter(input: &mut dyn Read, output: &mut dyn Write) -> Result<(), Error> {
    let baseline = Baseline::new()?;
    let (mut buffer, mut held, mut out) = (vec![0; CHUNK_BYTES], 0, Vec::with_capacity(2 * CHUNK_BYTES));
    loop {
        let ended = fill(input, &mut buffer, &mut held).map_err(|e| Error::io("reading", e))?;
        let full = buffer.get(..held).unwrap_or_default();
        let end = if ended { held } else { memchr::memrchr(b'\n', full).map_or(held, |feed| feed + 1) };
        out.clear();
        baseline.redact(full.get(..end).unwrap_or_default(), &mut out);
        output.write_all(&out).map_err(|e| Error::io("can't write to standard output", e))?;
        buffer.copy_within(end..held, 0);
        held -= end;
        if ended {
            return Ok(());
        }
    }
}

/// Reads until the buffer is full or the input ends, which it says.
fn fill(input: &mut dyn Read, buffer: &mut [u8], held: &mut usize) -> io::Result<bool> {
    while let Some(rest) = buffer.get_mut(*held..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => return Ok(true),
            Ok(count) => *held += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

fn passes_check(text: &[u8]) -> bool {
    let digits = text.iter().rev().filter(|b| b.is_ascii_digit());
    let sum: u32 = digits
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0') * if i % 2 == 1 { 2 } else { 1 };
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baseline_finds_its_eight_kinds() {
        let baseline = Baseline::new().unwrap();
        let mut out = Vec::new();
        let text = b"1.2.3.4 a@example.com 02:42:ac:11:00:02 4111111111111111 4111111111111112 +14155550132";
        assert_eq!(baseline.redact(text, &mut out), 5);
        assert!(out.ends_with(b" 4111111111111112 [REDACTED]"));
    }

    #[test]
    fn the_filter_writes_what_the_chunks_give() {
        let line = b"from 192.0.2.7 to ann@example.org, nothing else here\n";
        let text = [line.repeat(3 * CHUNK_BYTES / line.len()), b"end 192.0.2.8".to_vec()].concat();
        let (mut out, mut whole) = (Vec::new(), Vec::new());
        filter(&mut text.as_slice(), &mut out).unwrap();
        Baseline::new().unwrap().redact(&text, &mut whole);
        assert_eq!(out, whole);
    }
}
