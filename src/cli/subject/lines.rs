//! Files line by line, for the subcommands that look for one person.

use std::io;

use crate::cli::lines::{LineReader, Taken};
use crate::parallel::{Settings, Source};
use crate::stream::Summary;

/// Hands every line with its number (from 1) to `each`, and `None` for one that is too long to
/// look at; counts lines and bytes in `summary`.
pub(super) fn each_line(
    source: &mut dyn Source,
    summary: &mut Summary,
    mut each: impl FnMut(u64, Option<&[u8]>, &mut Summary) -> io::Result<()>,
) -> io::Result<()> {
    let mut reader = LineReader::new(source, &Settings::default());
    let mut number = 1;
    loop {
        match reader.next()? {
            Taken::Lines(lines) => {
                for line in lines.split_inclusive(|b| *b == b'\n') {
                    summary.records += 1;
                    summary.bytes_in += line.len() as u64;
                    each(number, Some(line), summary)?;
                    number += 1;
                }
            }
            Taken::Withheld { bytes, lines } => {
                summary.records += 1;
                summary.bytes_in += bytes;
                summary.withheld_records += 1;
                summary.withheld_bytes += bytes;
                each(number, None, summary)?;
                number += lines;
            }
            Taken::Waiting => {}
            Taken::End => return Ok(()),
        }
    }
}
