//! `logveil policy`: show, list, prove and compare policies; the schema of their files.

mod compare;
pub(super) mod proof;
mod side;

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::When;
use super::keys::{KeySourceArgs, TokenArgs};
use super::options::wants_color;
use super::outcome::Outcome;
use super::plan::scanner_with_keys;
use super::signals;
use super::stored;
use crate::error::Error;
use crate::policy::{self, Policy};

/// Show, prove and compare policies.
#[derive(Debug, Args)]
pub(crate) struct PolicyCommand {
    #[command(subcommand)]
    pub what: PolicyWhat,
}

/// What to do with policies.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyWhat {
    /// List the built-in policies
    List,
    /// Print a policy: the text of a built-in one, or what a file comes to
    Show {
        /// A built-in policy's name, or a file
        #[arg(value_name = "NAME|FILE", default_value = "default")]
        policy: String,
        /// Print every value and where it came from
        #[arg(long)]
        effective: bool,
    },
    /// Print the JSON Schema of policy files
    Schema,
    /// Run the test lines of policies; exit 1 if one fails
    Test {
        /// Policy files or built-in names
        #[arg(value_name = "NAME|FILE", required = true)]
        policies: Vec<String>,
        /// Colours on standard output
        #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, hide_default_value = true)]
        color: When,
        #[command(flatten)]
        keys: KeySourceArgs,
    },
    /// Count which findings two policies, rulesets or versions treat differently in files; exit 1 if any
    ///
    /// A side is a policy's name or file; a ruleset (2026.11), which is the default policy with newer
    /// rules in shadow; POLICY@RULESET; or a file of findings (.jsonl) that another version of logveil
    /// wrote with `scan --format jsonl` of the same files.
    #[command(after_help = "Example: logveil policy diff default ./new.toml app.log\n         \
                      old-logveil scan --format jsonl app.log > old.jsonl; logveil policy diff old.jsonl default app.log")]
    Diff {
        /// What holds now
        #[arg(value_name = "A")]
        before: String,
        /// What is to come
        #[arg(value_name = "B")]
        after: String,
        /// Logs to compare on, directories, gzip and zstd too; - for standard input
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// Examples to show for each kind of change
        #[arg(long, value_name = "N", default_value_t = 3)]
        examples: usize,
        #[command(flatten)]
        keys: KeySourceArgs,
    },
}

/// Runs the subcommand.
///
/// # Errors
/// A policy or file that can't be read or used, a closed output.
pub(super) fn run(command: PolicyCommand) -> Result<Outcome, Error> {
    match command.what {
        PolicyWhat::List => print(&list()?),
        PolicyWhat::Show { policy, effective } => print(&show(&policy, effective)?),
        PolicyWhat::Schema => print(&(policy::schema() + "\n")),
        PolicyWhat::Test { policies, color, keys } => test(&policies, color, &keys),
        PolicyWhat::Diff { before, after, files, examples, keys } => {
            let (before, after) = (side::Side::open(&before, &keys)?, side::Side::open(&after, &keys)?);
            let mut comparison = compare::Comparison::new(before, after, examples);
            let stop = signals::watch()?;
            for place in stored::places(&files)? {
                comparison.file(&place, &stop)?;
            }
            print(&comparison.text())?;
            Ok(if comparison.differs() { Outcome::DIFFERS } else { Outcome::DONE })
        }
    }
}

/// Prints a text that holds no found value.
///
/// # Errors
/// Standard output can't be written.
pub(super) fn print(text: &str) -> Result<Outcome, Error> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Error::io("can't write to standard output", error))?;
    Ok(Outcome::DONE)
}

fn list() -> Result<String, Error> {
    let mut text = String::new();
    for name in policy::built_in_names() {
        let _ = writeln!(text, "{name:<12} {}", Policy::load(name)?.description());
    }
    Ok(text)
}

fn show(name: &str, effective: bool) -> Result<String, Error> {
    match policy::built_in_text(name) {
        Some(text) if !effective => Ok(text.to_owned()),
        _ => Ok(Policy::load(name)?.to_toml(true)),
    }
}

fn test(names: &[String], color: When, keys: &KeySourceArgs) -> Result<Outcome, Error> {
    let color = wants_color(color, io::stdout().is_terminal());
    let mut outcome = Outcome::DONE;
    let mut text = String::new();
    for name in names {
        let policy = Policy::load(name)?;
        let failures = proof::prove(&policy, &scanner_with_keys(&policy, keys, &TokenArgs::default())?);
        failures.iter().for_each(|failure| text += &failure.text(color));
        let (all, failed) = (policy.tests().len(), failures.len());
        let _ = match (all, failed) {
            (0, _) => writeln!(text, "{name}: no tests; add `[[test]]` with `line` and `expect`"),
            (_, 0) => writeln!(text, "{name}: {all} tests passed"),
            _ => writeln!(text, "{name}: {failed} of {all} tests failed"),
        };
        if failed > 0 {
            outcome = outcome.and(Outcome::DIFFERS);
        }
    }
    print(&text)?;
    Ok(outcome)
}
