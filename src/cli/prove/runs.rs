//! The same input run in other ways: the output must not differ by a byte.

use std::io;

use super::Row;
use crate::error::Error;
use crate::parallel::{self, Settings, Sink, Source};
use crate::scan::Scanner;
use crate::simd::Kernel;
use crate::stream::Redactor;
use crate::transform::Clean;

/// Splits tried when not all are asked for.
const SPLITS: usize = 64;

/// The portions pushed one after the other.
pub(super) fn redacted(scanner: &Scanner, portions: &[&[u8]]) -> Vec<u8> {
    let mut redactor = Redactor::new(scanner.clone());
    let mut out = Clean::new();
    for portion in portions {
        redactor.write(portion, &mut out);
    }
    redactor.finish(&mut out);
    out.into_bytes()
}

/// The line, from 1, in which two outputs first differ.
pub(super) fn first_difference(left: &[u8], right: &[u8]) -> Option<usize> {
    if left == right {
        return None;
    }
    let same = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    Some(1 + left.iter().take(same).filter(|byte| **byte == b'\n').count())
}

fn differs(at: Option<usize>, how: &str) -> Option<String> {
    at.map(|line| format!("BROKEN: output line {line} differs {how}"))
}

pub(super) fn splits(scanner: &Scanner, input: &[u8], whole: &[u8], all: bool) -> Row {
    let step = if all { 1 } else { (input.len() / SPLITS).max(1) };
    // Odd steps fall into the middle of values, not on the same column of equal lines.
    let places: Vec<usize> =
        (1..input.len()).step_by(step).map(|at| at | 1).filter(|at| *at < input.len()).collect();
    let broken = places.iter().find_map(|at| {
        let (left, right) = input.split_at(*at);
        differs(
            first_difference(whole, &redacted(scanner, &[left, right])),
            &format!("when split at byte {at}"),
        )
    });
    Row { law: "split anywhere, same output", tried: format!("{} splits", places.len()), broken }
}

pub(super) fn read_sizes(scanner: &Scanner, input: &[u8], whole: &[u8]) -> Row {
    // Small reads of a large file prove nothing more than of its beginning.
    let sizes = [1usize, 7, 64, 4096, 65_536];
    let broken = sizes.iter().find_map(|size| {
        let limit = input.len().min(size * 200_000);
        let part = input.get(..limit).unwrap_or_default();
        let portions: Vec<&[u8]> = part.chunks(*size).collect();
        let expect = if limit == input.len() { whole.to_vec() } else { redacted(scanner, &[part]) };
        differs(
            first_difference(&expect, &redacted(scanner, &portions)),
            &format!("with reads of {size} bytes"),
        )
    });
    Row { law: "any read size, same output", tried: sizes.map(|size| size.to_string()).join(", "), broken }
}

struct Bytes<'b>(&'b [u8]);

impl Source for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::Read::read(&mut self.0, buffer)
    }
}

#[derive(Default)]
struct Kept(Vec<u8>);

impl Sink for Kept {
    fn write_clean(&mut self, clean: &Clean) -> io::Result<()> {
        self.0.extend_from_slice(clean.as_bytes());
        Ok(())
    }
}

pub(super) fn threads(scanner: &Scanner, input: &[u8], whole: &[u8]) -> Result<Row, Error> {
    let counts = [1usize, 2, 4];
    let mut broken = None;
    for threads in counts {
        for chunk_bytes in [4096, 256 << 10] {
            let settings = Settings { threads, chunk_bytes, ..Settings::default() };
            let mut kept = Kept::default();
            parallel::redact(scanner, &mut Bytes(input), &mut kept, &settings)?;
            let how = format!("with {threads} threads and chunks of {chunk_bytes} bytes");
            broken = broken.or(differs(first_difference(whole, &kept.0), &how));
        }
    }
    Ok(Row { law: "any threads, same output", tried: "1, 2, 4, chunks 4 and 256 KiB".into(), broken })
}

pub(super) fn kernels(scanner: &Scanner, input: &[u8], whole: &[u8]) -> Row {
    let kernels = Kernel::available();
    let broken = kernels.iter().find_map(|kernel| {
        let output = redacted(&scanner.clone().with_kernel(*kernel), &[input]);
        differs(first_difference(whole, &output), &format!("on the kernel {}", kernel.name()))
    });
    let names: Vec<_> = kernels.iter().map(|kernel| kernel.name()).collect();
    Row { law: "any kernel, same output", tried: names.join(", "), broken }
}

pub(super) fn second_pass(scanner: &Scanner, whole: &[u8]) -> Row {
    let broken = differs(first_difference(whole, &redacted(scanner, &[whole])), "when redacted again");
    Row { law: "redacted twice, same output", tried: "1 pass".into(), broken }
}
