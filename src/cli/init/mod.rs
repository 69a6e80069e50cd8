//! `logveil init [SAMPLE]`: reads a sample and writes a commented policy with tests.

mod sample;
mod write;

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::options::Place;
use super::outcome::Outcome;
use super::plan::scanner_of;
use super::policy::proof::redacted;
use super::stored;
use crate::error::Error;
use crate::policy::{Policy, is_path};
use sample::Sample;

/// Write a policy for the logs of a sample.
#[derive(Debug, Args)]
pub(crate) struct InitCommand {
    /// A log as yours are, gzip and zstd too; - for standard input. Without one, the policy only has your answers
    #[arg(value_name = "SAMPLE")]
    pub sample: Option<PathBuf>,
    /// Ask nothing and take the answers that are proposed
    #[arg(short = 'y', long)]
    pub yes: bool,
    /// The policy file to write, which must not be there yet; - for standard output
    #[arg(short = 'o', long, value_name = "FILE", default_value = "logveil.toml")]
    pub output: PathBuf,
}

/// What the user was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answers {
    /// Private addresses are left as they are.
    pub keep_private: bool,
    /// Addresses become reserved addresses, not labels.
    pub placeholders: bool,
    /// Replaced JSON numbers become null, not strings.
    pub typed_numbers: bool,
    /// The region of national phone numbers.
    pub region: Option<String>,
    /// The line format of most lines, by its name.
    pub line_format: Option<&'static str>,
}

/// Line formats whose slots are found without being told.
const KNOWN_ANYWAY: [&str; 3] = ["combined", "common", "vhost-combined"];

/// Runs the subcommand.
///
/// # Errors
/// A sample that can't be read, an output that is there already or can't be written.
pub(super) fn run(command: InitCommand) -> Result<Outcome, Error> {
    let to_stdout = command.output.as_os_str() == "-";
    if !to_stdout && command.output.exists() {
        return Err(Error::usage(format!(
            "{} is there already; name another file with -o",
            command.output.display()
        )));
    }
    let from_stdin = command.sample.as_deref().is_some_and(|path| path.as_os_str() == "-");
    let base = Policy::default();
    let mut sample = Sample::new()?;
    if let Some(path) = &command.sample {
        sample.read(&mut open(path)?, &base, &scanner_of(&base)?).map_err(|error| cant_read(path, error))?;
    }
    // A form that the detectors don't know by themselves says more of its values: look again with it.
    let format = sample.main_format().filter(|name| !KNOWN_ANYWAY.contains(name) && !from_stdin);
    if let (Some(path), Some(name)) = (&command.sample, format) {
        let with_format = Policy::from_toml("the line format", &format!("line_format = \"{name}\"\n"))?;
        sample = Sample::new()?;
        let scanner = scanner_of(&with_format)?;
        sample.read(&mut open(path)?, &with_format, &scanner).map_err(|error| cant_read(path, error))?;
    }
    let mut told = io::stderr();
    let _ = told.write_all(sample.text(&base).as_bytes());
    // With the sample on standard input nobody can be asked.
    let ask = !command.yes && !from_stdin && io::stdin().is_terminal();
    let mut answers = if ask { questions(&sample)? } else { sample.proposed() };
    if !ask && answers.keep_private {
        let _ = told.write_all(PRIVATE_STAYS.as_bytes());
    }
    answers.line_format = format;
    let text = write::policy(&answers, &sample)?;
    if to_stdout {
        return super::policy::print(&text);
    }
    save(&command.output, &text)?;
    let _ = told.write_all(changes(&text, &sample)?.as_bytes());
    let _ = writeln!(
        told,
        "\nWrote {0}. Prove it with `logveil policy test {0}`, use it with `logveil -p {0}`.",
        shown_path(&command.output)
    );
    Ok(Outcome::DONE)
}

/// Said where nobody was asked.
const PRIVATE_STAYS: &str = "\nNearly all addresses are private ones, so the policy leaves those as they are: \
     allow = [\"@private\"].\nTake that line out if people's devices have them (Wi-Fi, VPN).\n";

fn cant_read(path: &Path, error: io::Error) -> Error {
    Error::io(format!("can't read {}", path.display()), error)
}

fn open(path: &Path) -> Result<impl BufRead, Error> {
    stored::reader(&Place::of(path)).map_err(|error| cant_read(path, error))
}

/// The path as a policy's file is named: a bare word would be the name of a built-in policy.
fn shown_path(path: &Path) -> String {
    let name = path.display().to_string();
    if is_path(&name) { name } else { format!("./{name}") }
}

fn save(path: &Path, text: &str) -> Result<(), Error> {
    let mut options = File::options();
    let created =
        options.write(true).create_new(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    created.map_err(|error| Error::io(format!("can't write {}", path.display()), error))
}

/// What the new policy makes of lines of the sample, already redacted.
fn changes(text: &str, sample: &Sample) -> Result<String, Error> {
    let policy = Policy::from_toml("the new policy", text)?;
    let scanner = scanner_of(&policy)?;
    let mut shown = String::new();
    for line in sample.examples() {
        shown.push_str("  ");
        shown.push_str(&redacted(&scanner, line).escape_debug().to_string().replace("\\\"", "\""));
        shown.push('\n');
    }
    Ok(if shown.is_empty() { shown } else { format!("\nWhat such lines become:\n{shown}") })
}

fn questions(sample: &Sample) -> Result<Answers, Error> {
    let proposed = sample.proposed();
    Ok(Answers {
        keep_private: yes_or_no(
            "Keep private addresses such as 10.0.0.1 as they are?",
            proposed.keep_private,
        )?,
        placeholders: yes_or_no(
            "Does a program read the addresses, so that they must stay valid (0.0.0.0 instead of [IPV4])?",
            proposed.placeholders,
        )?,
        typed_numbers: yes_or_no(
            "Are JSON numbers stored in typed fields (null instead of a string)?",
            proposed.typed_numbers,
        )?,
        region: region()?,
        line_format: None,
    })
}

fn answer(question: &str) -> Result<String, Error> {
    let mut err = io::stderr();
    let _ = write!(err, "{question} ").and_then(|()| err.flush());
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(|error| Error::io("can't read the answer", error))?;
    Ok(line.trim().to_owned())
}

fn say(what: &str) {
    let _ = writeln!(io::stderr(), "{what}");
}

fn yes_or_no(question: &str, proposed: bool) -> Result<bool, Error> {
    let hint = if proposed { "[Y/n]" } else { "[y/N]" };
    loop {
        match answer(&format!("{question} {hint}"))?.to_ascii_lowercase().as_str() {
            "" => return Ok(proposed),
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => say("y or n, please; an empty line takes the one in capitals"),
        }
    }
}

fn region() -> Result<Option<String>, Error> {
    loop {
        let region = answer("Whose national phone numbers do your logs hold (DE, US, …; empty for none)?")?;
        if region.is_empty() {
            return Ok(None);
        }
        match Policy::default().with_region(&region) {
            Ok(policy) => return Ok(policy.region().map(str::to_owned)),
            Err(error) => say(&error.to_string()),
        }
    }
}
