//! `logveil explain`: one line, its findings underlined, why they are findings and what becomes of them.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::args::ExplainCommand;
use super::options::{Place, wants_color};
use super::outcome::Outcome;
use super::plan::plan;
use crate::error::Error;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::report::evidence;
use crate::scan::{Scanner, Scratch};
use crate::stream::Redactor;
use crate::transform::{Clean, Revealed};

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
    let policy = scanner.policy();
    let text = Revealed::asked_for(&line_of(command.line)?);
    let styles = Styles::new(wants_color(command.color, io::stdout().is_terminal()));
    let mut out = Vec::new();
    for (number, line) in lines(text.as_bytes()).enumerate() {
        if number > 0 {
            out.push(b'\n');
        }
        explain(line, &scanner, policy, &styles, &mut out);
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

struct Styles {
    found: Style,
    faint: Style,
    kind: Style,
}

impl Styles {
    fn new(color: bool) -> Self {
        if !color {
            return Self { found: Style::new(), faint: Style::new(), kind: Style::new() };
        }
        Self {
            found: AnsiColor::Red.on_default().underline(),
            faint: Style::new().dimmed(),
            kind: AnsiColor::Cyan.on_default().bold(),
        }
    }
}

/// The bytes as characters that a terminal takes, and how many columns they fill.
fn printable(bytes: &[u8]) -> (String, usize) {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c == '\t' || c.is_control() {
                let _ = write!(text, "{}", c.escape_default());
            } else {
                text.push(c);
            }
        }
        let _ = write!(text, "{}", chunk.invalid().escape_ascii());
    }
    let columns = text.chars().count();
    (text, columns)
}

fn explain(line: &[u8], scanner: &Scanner, policy: &Policy, styles: &Styles, out: &mut Vec<u8>) {
    let mut scratch = Scratch::default();
    let findings = scanner.scan(line, &mut scratch).to_vec();
    let (mut shown, mut marks) = (String::new(), String::new());
    let mut at = 0;
    for finding in &findings {
        let (before, columns) = printable(line.get(at..finding.start).unwrap_or_default());
        let (value, width) = printable(line.get(finding.start..finding.end).unwrap_or_default());
        let Styles { found, .. } = styles;
        let _ = write!(shown, "{before}{found}{value}{found:#}");
        let _ = write!(marks, "{:columns$}{}", "", "^".repeat(width));
        at = finding.end;
    }
    shown.push_str(&printable(line.get(at..).unwrap_or_default()).0);
    let mut text = format!("{shown}\n");
    if findings.is_empty() {
        let _ = writeln!(text, "nothing found");
    } else {
        let _ = writeln!(text, "{marks}");
    }
    for finding in &findings {
        describe(finding, scanner, policy, styles, &mut text);
    }
    out.extend_from_slice(text.as_bytes());
    if !findings.is_empty() {
        let mut clean = Clean::new();
        let mut redactor = Redactor::new(scanner.clone());
        redactor.write(line, &mut clean);
        redactor.finish(&mut clean);
        out.extend_from_slice(b"result:   ");
        out.extend_from_slice(printable(clean.as_bytes()).0.as_bytes());
        out.push(b'\n');
    }
}

fn describe(finding: &Finding, scanner: &Scanner, policy: &Policy, styles: &Styles, text: &mut String) {
    let Styles { kind, faint, .. } = styles;
    let _ = writeln!(
        text,
        "{kind}{}{kind:#}  bytes {}-{}, rule {}, confidence {}",
        policy.type_id(finding.kind),
        finding.start,
        finding.end,
        scanner.rule_name(finding.rule),
        finding.confidence
    );
    let why: Vec<_> = evidence(finding).collect();
    let _ = writeln!(text, "  {faint}evidence{faint:#} {}", why.join(", "));
    let layers: Vec<_> = finding.layers.names().collect();
    if !layers.is_empty() {
        let _ = writeln!(text, "  {faint}encoded{faint:#}  {}", layers.join(", then "));
    }
    let _ = writeln!(text, "  {faint}decision{faint:#} {}", policy.action(finding.kind));
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

    #[test]
    fn control_bytes_do_not_reach_the_terminal() {
        assert_eq!(printable("é\x1b[31m\t".as_bytes()), ("é\\u{1b}[31m\\t".to_owned(), 13));
        assert_eq!(printable(b"\xff\x00").0, "\\xff\\u{0}");
    }
}
