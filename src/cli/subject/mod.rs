//! `logveil subject`: the rights of one person, on stored logs.

mod erase;
mod find;
mod person;
mod suppress;
mod tokens;
mod untold;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::keys::KeySourceArgs;
use super::outcome::Outcome;
use crate::error::Error;

#[derive(Debug, Args)]
pub(crate) struct SubjectCommand {
    #[command(subcommand)]
    pub what: SubjectWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SubjectWhat {
    /// Print the tokens of a person's identifiers, under every live key and epoch
    Tokens(TokensArgs),
    /// Print the lines that hold a person, clear or as tokens, everyone else redacted
    Find(FindArgs),
    /// The same as JSON lines: path, line, time, categories, text
    Export(FindArgs),
    /// Replace a person's values and tokens by `[… ERASED]`; all else stays byte for byte
    Erase(EraseArgs),
    /// Put a person on a list of keyed MACs, so that later lines get `[… ERASED]` too
    ///
    /// `logveil redact --suppress LIST` (or token.suppress in a policy) replaces what is on the list,
    /// whatever the action for its type. The list holds no values and tells nothing without the key
    /// ring; a list that was changed, or a key of it that was destroyed, stops the run.
    #[command(after_help = "Example: logveil subject suppress - --list erased.list --key-file ring.keys")]
    Suppress(SuppressArgs),
}

/// Who is meant.
#[derive(Debug, Args)]
pub(crate) struct WhoArgs {
    /// An identifier (an address, a number, a name), TYPE=VALUE, `-` for one a line on standard
    /// input, @FILE for one a line in a file
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub id: OsString,
    /// The type of identifiers that do not say theirs, such as account-id
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    /// The region that national phone numbers are of, such as DE
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
}

/// Who is meant, and which tokens they have.
#[derive(Debug, Args)]
pub(crate) struct PersonArgs {
    #[command(flatten)]
    pub who: WhoArgs,
    /// Whose tokens they are
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub tenant: String,
    /// For whom they were made
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub audience: String,
    /// Bits of one-way tokens [default: 80, cards 128]
    #[arg(long, value_name = "BITS")]
    pub bits: Option<u16>,
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokensFormat {
    /// A line a token: type, key, form, token
    Text,
    /// A JSON object a token
    Json,
    /// One regular expression that matches them all
    Regex,
}

#[derive(Debug, Args)]
pub(crate) struct TokensArgs {
    #[command(flatten)]
    pub person: PersonArgs,
    /// For people, for programs, or to search a store with
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = TokensFormat::Text)]
    pub format: TokensFormat,
}

#[derive(Debug, Args)]
pub(crate) struct FindArgs {
    #[command(flatten)]
    pub person: PersonArgs,
    /// Files; - or none for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct EraseArgs {
    #[command(flatten)]
    pub person: PersonArgs,
    /// Files; - or none for standard input, written to standard output
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Rewrite the named files, keeping mode, owner and compression
    #[arg(short = 'i', long)]
    pub in_place: bool,
    /// Write the receipt (counts, files, digests; no values) to a file [default: standard error]
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SuppressArgs {
    #[command(flatten)]
    pub who: WhoArgs,
    /// The list's file; made if there is none
    #[arg(long, value_name = "LIST")]
    pub list: PathBuf,
    /// Take the person off the list
    #[arg(long)]
    pub release: bool,
    /// Whose logs these are
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub tenant: String,
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

/// Runs the subcommand.
///
/// # Errors
/// Identifiers without a type, a key ring that can't be used, inputs and outputs that fail.
pub(super) fn run(command: SubjectCommand) -> Result<Outcome, Error> {
    match command.what {
        SubjectWhat::Tokens(args) => tokens::run(&args),
        SubjectWhat::Find(args) => find::run(&args, find::Shape::Text),
        SubjectWhat::Export(args) => find::run(&args, find::Shape::JsonLines),
        SubjectWhat::Erase(args) => erase::run(&args),
        SubjectWhat::Suppress(args) => suppress::run(&args),
    }
}
