//! `logveil explain`: one line, what is found in it and what is spared, why, and what becomes of it.

mod account;
mod json;
mod reason;
mod text;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use super::args::ExplainCommand;
use super::options::{Place, wants_color};
use super::outcome::Outcome;
use super::plan::plan;
use crate::error::Error;
use crate::transform::Revealed;
use account::Explainer;

/// The most bytes that are explained: a few lines, not a log.
const MAX_BYTES: u64 = 1 << 20;

/// Runs the subcommand.
///
/// # Errors
/// A line that can't be read, a policy that can't be used, a closed output.
pub(super) fn run(command: ExplainCommand) -> Result<Outcome, Error> {
    let places: &[Place] = if command.line == "-" { &[Place::Stdin] } else { &[] };
    let scanner = match plan(&command.detect, places)?.scanner() {
        Ok(scanner) => scanner,
        Err(ended) => return Ok(ended),
    };
    let text = Revealed::asked_for(&line_of(command.line)?);
    let styles = text::Styles::new(wants_color(command.color, io::stdout().is_terminal()));
    let mut explainer = Explainer::new(&scanner)?;
    let mut out = Vec::new();
    for (number, line) in lines(text.as_bytes()).enumerate() {
        let account = explainer.account(line);
        if command.json {
            out.extend_from_slice(json::object(number + 1, &account).as_bytes());
            out.push(b'\n');
            continue;
        }
        if number > 0 {
            out.push(b'\n');
        }
        out.extend_from_slice(text::page(line, &account, &styles).as_bytes());
    }
    let mut stdout = io::stdout();
    stdout
        .write_all(&out)
        .and_then(|()| stdout.flush())
        .map_err(|e| Error::io("can't write to standard output", e))?;
    Ok(Outcome::DONE)
}

/// The bytes to explain: typed, from standard input (`-`) or from a file (`@FILE`).
fn line_of(argument: OsString) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = match argument.as_bytes() {
        b"-" => io::stdin().take(MAX_BYTES).read_to_end(&mut bytes),
        [b'@', path @ ..] => std::fs::File::open(Path::new(std::ffi::OsStr::from_bytes(path)))
            .and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes)),
        _ => return Ok(argument.into_vec()),
    };
    // A line that starts with `@` may hold a value: the name is not repeated.
    read.map_err(|e| Error::io("LINE: what - or @FILE names can't be read", e))?;
    Ok(bytes)
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_their_ends_only() {
        for (text, expect) in [
            (&b""[..], vec![&b""[..]]),
            (b"a", vec![b"a"]),
            (b"a\n", vec![b"a"]),
            (b"a\r\nb\n", vec![b"a", b"b"]),
            (b"\n\n", vec![b"", b""]),
        ] {
            assert_eq!(lines(text).collect::<Vec<_>>(), expect);
        }
    }
}
