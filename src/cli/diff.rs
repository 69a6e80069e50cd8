//! `logveil diff BEFORE AFTER`: only what redaction changed, line by line.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use clap::Args;

use super::args::When;
use super::options::{Place, wants_color};
use super::outcome::Outcome;
use super::shown::{common_ends, shape};
use super::stored::{self, Decompressed};
use crate::error::Error;
use crate::transform::Revealed;

/// Show what redaction changed between two files.
#[derive(Debug, Args)]
pub(crate) struct DiffCommand {
    /// The log before redaction
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The log after redaction
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    /// Show the values that were there, not only their shape
    #[arg(long)]
    pub show_values: bool,
    /// Colours on standard output
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, hide_default_value = true)]
    pub color: When,
}

/// Lines longer than this are compared in pieces.
const MAX_LINE_BYTES: u64 = 1 << 20;
/// Changes of one line that are told apart at most; the rest of the line is one change then.
const MAX_PIECES: usize = 64;

/// Runs the subcommand. Differences are exit code 1.
///
/// # Errors
/// A file that can't be read, a closed output.
pub(super) fn run(command: DiffCommand) -> Result<Outcome, Error> {
    let (mut before, mut after) = (Lines::open(&command.before)?, Lines::open(&command.after)?);
    let color = wants_color(command.color, io::stdout().is_terminal());
    let mut out = io::BufWriter::new(io::stdout());
    let closed = |error| Error::io("can't write to standard output", error);
    let (mut number, mut changed) = (0u64, 0u64);
    loop {
        let (left, right) = (before.next()?, after.next()?);
        if left.is_none() && right.is_none() {
            break;
        }
        number += 1;
        let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
        if left == right {
            continue;
        }
        changed += 1;
        let text = render(number, left, right, command.show_values, color);
        out.write_all(Revealed::asked_for(text.as_bytes()).as_bytes()).map_err(closed)?;
    }
    writeln!(out, "{changed} of {number} lines changed").and_then(|()| out.flush()).map_err(closed)?;
    Ok(if changed > 0 { Outcome::DIFFERS } else { Outcome::DONE })
}

struct Lines {
    reader: BufReader<Decompressed>,
    name: String,
    line: Vec<u8>,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let reader = stored::reader(&Place::of(path));
        let reader = reader.map_err(|error| Error::io(format!("can't read {name}"), error))?;
        Ok(Self { reader, name, line: Vec::new() })
    }
    fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        self.line.clear();
        let read = Read::take(&mut self.reader, MAX_LINE_BYTES).read_until(b'\n', &mut self.line);
        match read {
            Ok(0) => Ok(None),
            Ok(_) => Ok(Some(self.line.strip_suffix(b"\n").unwrap_or(&self.line))),
            Err(error) => Err(Error::io(format!("can't read {}", self.name), error)),
        }
    }
}

/// One change of a line: what was there and what is there now.
#[derive(Debug, PartialEq, Eq)]
struct Piece<'l> {
    before: &'l [u8],
    after: &'l [u8],
}

/// Splits a changed line at the marks that redaction left: what stands between two marks is the
/// same on both sides, so that it leads from one change to the next.
fn pieces<'l>(before: &'l [u8], after: &'l [u8]) -> Vec<Piece<'l>> {
    let (head, tail) = common_ends(before, after);
    let mut left = before.get(head..before.len() - tail).unwrap_or_default();
    let mut right = after.get(head..after.len() - tail).unwrap_or_default();
    let mut pieces = Vec::new();
    while pieces.len() < MAX_PIECES {
        let Some((end, next, at)) = next_bridge(left, right) else { break };
        pieces.push(Piece {
            before: left.get(..at).unwrap_or_default(),
            after: right.get(..end).unwrap_or_default(),
        });
        let bridge = next - end;
        left = left.get(at + bridge..).unwrap_or_default();
        right = right.get(next..).unwrap_or_default();
    }
    if !left.is_empty() || !right.is_empty() {
        pieces.push(Piece { before: left, after: right });
    }
    pieces
}

/// The first label's end, the next label's start, and where the text between them stood before.
fn next_bridge(left: &[u8], right: &[u8]) -> Option<(usize, usize, usize)> {
    let first = right.iter().position(|byte| *byte == b'[')?;
    let end = first + right.get(first..)?.iter().position(|byte| *byte == b']')? + 1;
    let next = end + right.get(end..)?.iter().position(|byte| *byte == b'[')?;
    let bridge = right.get(end..next).filter(|bridge| bridge.len() > 2)?;
    Some((end, next, memchr::memmem::find(left, bridge)?))
}

fn render(number: u64, before: &[u8], after: &[u8], show_values: bool, color: bool) -> String {
    let style = |color_of: AnsiColor| if color { color_of.on_default() } else { Style::new() };
    let (red, green) = (style(AnsiColor::Red), style(AnsiColor::Green));
    let mut text = String::new();
    for piece in pieces(before, after) {
        let was = match show_values {
            true => String::from_utf8_lossy(piece.before).escape_debug().to_string(),
            false => shape(piece.before),
        };
        // The other side is redacted: what it shows may be shown.
        let is = String::from_utf8_lossy(piece.after).escape_debug().to_string();
        text += &format!("{number}: {red}{was}{red:#} -> {green}{is}{green:#}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_apart_at_labels() {
        let shown = |before: &str, after: &str| render(7, before.as_bytes(), after.as_bytes(), true, false);
        assert_eq!(shown("from 203.0.113.7 ok", "from [IPV4] ok"), "7: 203.0.113.7 -> [IPV4]\n");
        assert_eq!(
            shown("203.0.113.7 to anna@example.com in 3 s", "[IPV4] to [EMAIL] in 3 s"),
            "7: 203.0.113.7 -> [IPV4]\n7: anna@example.com -> [EMAIL]\n"
        );
        assert_eq!(shown("gone", ""), "7: gone -> \n");
        let hidden = render(1, b"from 203.0.113.7 ok", b"from [IPV4] ok", false, false);
        assert_eq!(hidden, "1: 999.9.999.9 -> [IPV4]\n");
    }

    #[test]
    fn any_bytes_are_compared_without_panic() {
        for (before, after) in
            [(&b""[..], &b"["[..]), (b"[[[", b"]]]["), (b"\xff", b"[\xfe][x"), (b"a", b"[][][]")]
        {
            render(1, before, after, true, true);
        }
    }
}
