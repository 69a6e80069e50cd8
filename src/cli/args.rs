//! What may be typed: clap structures only. Nothing is checked here but the names of options.
//!
//! Values stay strings, so that our own messages (which never quote a value) say what is wrong.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::keys::{KeySourceArgs, TokenArgs};

/// Finds personal data in log streams and replaces it.
///
/// Without a subcommand, standard input is redacted to standard output.
#[derive(Debug, Parser)]
#[command(
    name = "logveil",
    bin_name = "logveil",
    disable_version_flag = true,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    max_term_width = 100,
    after_help = "Exit status: 0 done; 1 findings under --check; 2 usage, input or output error; \
                  3 done, some records withheld; 4 done, but a forbidden type was found; 130 interrupted."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Print version, ruleset and kernel
    #[arg(short = 'V', long)]
    pub version: bool,
    #[command(flatten)]
    pub detect: DetectArgs,
    #[command(flatten)]
    pub redact: RedactArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Replace personal data in files or standard input
    Redact(RedactCommand),
    /// Report where personal data stands, without the data
    Scan(ScanCommand),
    /// Show what is found in one line, and why
    Explain(ExplainCommand),
    /// List, show and check detection rules
    Patterns(PatternsCommand),
    /// Show, prove and compare policies
    Policy(super::policy::PolicyCommand),
    /// Write a policy for the logs of a sample
    Init(super::init::InitCommand),
    /// Show what redaction changed between two files
    Diff(super::diff::DiffCommand),
    /// Prove the laws of redaction on your own file
    Prove(super::prove::ProveCommand),
    /// Measure the speed on files or on an invented corpus
    Bench(BenchCommand),
    /// Make and keep the keys of tokens
    Key(super::key::KeyCommand),
    // Its help stands at its arguments.
    Detokenize(super::detokenize::DetokenizeCommand),
    Reveal(super::reveal::RevealCommand),
    // Its help stands at its arguments.
    Affected(super::affected::AffectedCommand),
    /// Find, hand over or erase what logs hold on one person
    Subject(super::subject::SubjectCommand),
    /// Print a completion script for a shell
    Completions(CompletionsCommand),
    /// Print the manual page, or write one page a subcommand
    Man(ManCommand),
}

/// What to find and what to do with it; shared by all commands that look for data.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What to find")]
pub(crate) struct DetectArgs {
    /// Find only these types or groups (ipv4, network, tag:pci; comma-separated)
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Do not find these types or groups
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// What happens to a type, a group or `*`: label, placeholder, mask, truncate, generalise, remove,
    /// token (also token:reversible, token:ip, …), drop-record, keep
    #[arg(long, value_name = "TYPE=ACTION", value_delimiter = ',')]
    pub action: Vec<String>,
    /// Leave values alone: a value, an address range, @private, @link-local, @cgnat, @doc,
    /// @example.com, /regex/, @FILE or - for standard input
    #[arg(long, value_name = "VALUE")]
    pub allow: Vec<String>,
    /// A built-in policy's name, or a file (with `/` or ending in .toml)
    #[arg(short = 'p', long, value_name = "NAME|FILE")]
    pub policy: Option<String>,
    /// Set one policy value, such as email.action=mask
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Print the effective policy and end
    #[arg(long)]
    pub print_policy: bool,
    /// Types that must not be there: redacted as always, reported, exit 4
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub forbid: Vec<String>,
    /// Values that look like our own tokens must verify everywhere
    #[arg(long)]
    pub strict: bool,
    /// Find and count, change nothing (redact needs --yes-raw, too)
    #[arg(long)]
    pub shadow: bool,
    /// Add a rule pack
    #[arg(long, value_name = "FILE")]
    pub patterns: Vec<PathBuf>,
    /// Region whose national phone numbers are found without a key, such as DE
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// The shape of a line: an nginx log_format, an Apache LogFormat, `{ip} - {time} - …`, or a name
    /// such as combined
    #[arg(long, value_name = "FORMAT")]
    pub line_format: Option<String>,
    /// How the input is read; of csv and tsv the first row names the columns
    #[arg(long, value_enum, value_name = "KIND", default_value_t = InputKind::Lines, hide_default_value = true)]
    pub input: InputKind,
    /// How numbers in JSON are replaced [default: quote]
    #[arg(long, value_enum, value_name = "HOW")]
    pub json_numbers: Option<JsonNumbersArg>,
    #[command(flatten)]
    pub keys: KeySourceArgs,
    #[command(flatten)]
    pub token: TokenArgs,
}

/// How a run is cut up and what it tells; shared by redact and scan.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Running")]
pub(crate) struct RunArgs {
    /// Threads [default: all cores for files, 2 for pipes]
    #[arg(short = 'j', long = "threads", value_name = "N")]
    pub threads: Option<String>,
    /// Bytes a thread takes at once [default: 256KiB]
    #[arg(long, value_name = "SIZE")]
    pub chunk_size: Option<String>,
    /// The longest record; more is cut at white space or withheld [default: 1MiB]
    #[arg(long, value_name = "SIZE")]
    pub max_record: Option<String>,
    /// Read gzip and zstd as what they hold
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Decompress::Auto, hide_default_value = true)]
    pub decompress: Decompress,
    /// Exit with 1 if anything was found
    #[arg(long)]
    pub check: bool,
    /// Print counts, bytes and rate to standard error at the end
    #[arg(long)]
    pub stats: bool,
    /// Write the same as JSON to a file
    #[arg(long, value_name = "FILE")]
    pub stats_json: Option<PathBuf>,
    /// Colours on standard output and standard error
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, hide_default_value = true)]
    pub color: When,
    /// A progress bar on standard error (auto: on a terminal, when reading files)
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, hide_default_value = true)]
    pub progress: When,
}

/// Where clean bytes go.
#[derive(Debug, Default, Args)]
pub(crate) struct RedactArgs {
    #[command(flatten)]
    pub run: RunArgs,
    /// Write to a file, which appears whole or not at all
    #[arg(short = 'o', long, value_name = "FILE", help_heading = "Output", conflicts_with_all = ["append", "in_place"])]
    pub output: Option<PathBuf>,
    /// Append whole records to a file; reopened on SIGHUP
    #[arg(short = 'a', long, value_name = "FILE", help_heading = "Output", conflicts_with = "in_place")]
    pub append: Option<PathBuf>,
    /// With --shadow: yes, write the input's bytes as they are
    #[arg(long, requires = "shadow", help_heading = "Output")]
    pub yes_raw: bool,
    /// Keep counts in a file as Prometheus text, replaced whole while running and at the end
    #[arg(long, value_name = "FILE", help_heading = "Telling")]
    pub metrics_file: Option<PathBuf>,
    /// Serve the same text over HTTP to this machine: unix:PATH, 127.0.0.1:PORT or [::1]:PORT
    #[arg(long, value_name = "ADDRESS", help_heading = "Telling")]
    pub metrics_listen: Option<String>,
    /// Print a line at the start and one at the end to standard error
    #[arg(long, value_enum, value_name = "FORM", help_heading = "Telling")]
    pub self_log: Option<SelfLog>,
    /// Rewrite the named files, keeping mode, owner and compression
    #[arg(short = 'i', long, help_heading = "Output")]
    pub in_place: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RedactCommand {
    /// Files; - or none for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub detect: DetectArgs,
    #[command(flatten)]
    pub redact: RedactArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ScanCommand {
    /// Files; - or none for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// One line a finding: for people, or JSON lines
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text, hide_default_value = true)]
    pub format: Format,
    /// Also print the found values themselves
    #[arg(long)]
    pub show_values: bool,
    #[command(flatten)]
    pub detect: DetectArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainCommand {
    /// The line; - reads it from standard input, @FILE from a file (several lines are explained in turn)
    #[arg(value_name = "LINE", allow_hyphen_values = true)]
    pub line: OsString,
    /// Print one JSON object a line: findings, what was spared, why; offsets instead of values
    #[arg(long)]
    pub json: bool,
    /// Colours on standard output
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, hide_default_value = true)]
    pub color: When,
    #[command(flatten)]
    pub detect: DetectArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PatternsCommand {
    #[command(subcommand)]
    pub what: PatternsWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PatternsWhat {
    /// List all types: group, whether found by default, whether there is a detector yet
    List,
    /// Show one type, rule or row of data
    Show {
        /// A type's, rule's or row's id, such as ipv4, national-id/us-ssn or token-shape/github
        #[arg(value_name = "ID")]
        id: String,
    },
    /// List the rules that came between two rulesets, and what they find in files; exit 1 if any
    Changes {
        /// The ruleset before, such as 2026.11
        #[arg(value_name = "OLD")]
        old: String,
        /// The ruleset after
        #[arg(value_name = "NEW")]
        new: String,
        /// Logs to count findings in; - for standard input
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Prove the examples of rule packs: each must or must not match as it says
    Check {
        /// Rule packs; none for the built-in ones
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct BenchCommand {
    /// Files to measure; none for the seeded corpora
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Seeded corpora: web, web-distinct, mixed, dense, clean, all [default: web]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub corpus: Vec<String>,
    /// Measure the baseline beside it: one meta regex over eight patterns, in alternating rounds
    #[arg(long)]
    pub baseline: bool,
    /// Measure `logveil redact` and the baseline as processes, file to /dev/null, in alternating rounds
    #[arg(long)]
    pub process: bool,
    // What benches/ needs: the baseline as a filter, a seeded corpus on standard output, each stage once.
    #[arg(long, hide = true)]
    pub as_baseline: bool,
    #[arg(long, hide = true)]
    pub corpus_only: bool,
    #[arg(long, hide = true)]
    pub once: bool,
    /// Bytes of a seeded corpus [default: 16MiB; 128MiB with --process]
    #[arg(long, value_name = "SIZE")]
    pub size: Option<String>,
    /// Threads [default: 1]
    #[arg(short = 'j', long = "threads", value_name = "N")]
    pub threads: Option<String>,
    /// The kernel to measure: scalar, avx2, avx512 [default: the best]
    #[arg(long, value_name = "NAME")]
    pub kernel: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub detect: DetectArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsCommand {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManCommand {
    /// Write a page for each subcommand into this directory
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `auto`, `always` or `never`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum When {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SelfLog {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Decompress {
    #[default]
    Auto,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum InputKind {
    #[default]
    Lines,
    Csv,
    Tsv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum JsonNumbersArg {
    Quote,
    Null,
    Zero,
}
