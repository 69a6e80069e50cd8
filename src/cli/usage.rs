//! Usage errors in our own words: names of options, never what was typed as their value.

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::Cli;
use super::message::complain;
use super::outcome::Outcome;

/// Parses the command line. Help is printed here, and errors, without a value in them.
pub(super) fn parse(args: impl Iterator<Item = std::ffi::OsString>) -> Result<Cli, Outcome> {
    Cli::try_parse_from(args).map_err(|error| {
        if error.use_stderr() {
            complain(&explain(&error));
            return Outcome::FAILED;
        }
        // Help; a reader that went away is no failure.
        let _ = error.print();
        Outcome::DONE
    })
}

/// An option's name as clap knows it, without its value. Positional arguments have names in `<>`.
fn option_of(error: &clap::Error) -> Option<String> {
    let name = match error.get(ContextKind::InvalidArg)? {
        ContextValue::String(name) => name.clone(),
        ContextValue::Strings(names) => names.first()?.clone(),
        _ => return None,
    };
    Some(name)
}

fn possible(error: &clap::Error) -> String {
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => values.join(", "),
        _ => String::new(),
    }
}

fn suggestion(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(known)) => format!("; did you mean `{known}`?"),
        Some(ContextValue::Strings(known)) if !known.is_empty() => {
            format!("; did you mean `{}`?", known.join("`, `"))
        }
        _ => String::new(),
    }
}

fn explain(error: &clap::Error) -> String {
    let option = option_of(error).unwrap_or_else(|| "an option".to_owned());
    let what = match error.kind() {
        ErrorKind::InvalidValue => {
            let known = possible(error);
            if known.is_empty() {
                format!("{option}: a value is missing or can't be used")
            } else {
                format!("{option}: not a known value; use one of {known}")
            }
        }
        // The name that was typed may be a value (`--hunter2`): it is not repeated.
        ErrorKind::UnknownArgument => {
            format!("unknown option or argument{}", suggestion(error, ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => format!(
            "no such subcommand{}; to redact a file: `logveil redact FILE`",
            suggestion(error, ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::ArgumentConflict if option_of(error).is_none() => {
            "options stand behind the subcommand; to redact a file: `logveil redact [OPTIONS] FILE`"
                .to_owned()
        }
        ErrorKind::ArgumentConflict => match error.get(ContextKind::PriorArg) {
            Some(ContextValue::String(other)) => format!("{option} can't be used with {other}"),
            Some(ContextValue::Strings(others)) => {
                format!("{option} can't be used with {}", others.join(", "))
            }
            _ => format!("{option} can't be used twice or with a subcommand behind it"),
        },
        ErrorKind::MissingRequiredArgument => format!("{option} is missing"),
        ErrorKind::NoEquals | ErrorKind::TooFewValues => format!("{option}: a value is missing"),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => format!("{option}: too many values"),
        ErrorKind::InvalidUtf8 => "an argument is not valid UTF-8".to_owned(),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "a subcommand is missing".to_owned()
        }
        ErrorKind::ValueValidation => format!("{option}: not a number that can be used here"),
        _ => format!("{option}: can't be used like this"),
    };
    format!("{what}\nsee `logveil --help` or `logveil SUBCOMMAND --help`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(args: &[&str]) -> String {
        let error = Cli::try_parse_from(std::iter::once(&"logveil").chain(args)).unwrap_err();
        explain(&error)
    }

    #[test]
    fn values_are_never_repeated() {
        for (args, says) in [
            (&["--hunter2"][..], "unknown option"),
            (&["--stat-hunter2"], "unknown option"),
            (&["--only=ipv4", "--hunter2=x"], "unknown option"),
            (&["hunter2"], "no such subcommand"),
            (&["--only", "ipv4", "hunter2"], "`logveil redact [OPTIONS] FILE`"),
            (&["--only", "ipv4", "redact", "hunter2"], "options stand behind the subcommand"),
            (
                &["scan", "--format", "hunter2"],
                "--format <FORMAT>: not a known value; use one of text, jsonl",
            ),
            (&["--color=hunter2"], "use one of auto, always, never"),
            (&["--token-bits", "70"], "use one of 64, 80, 96, 128"),
            (&["--epoch", "hunter2"], "--epoch <N>: not a number"),
            (&["redact", "--check=hunter2"], "--check"),
            (&["redact", "-o", "hunter2", "-a", "hunter2"], "can't be used with"),
            (&["completions", "hunter2"], "<SHELL>: not a known value"),
            (&["patterns", "show"], "is missing"),
            (&["patterns", "list", "hunter2"], "unknown option or argument"),
        ] {
            let message = message(args);
            assert!(!message.contains("hunter2"), "{args:?}: {message}");
            assert!(message.contains(says), "{args:?}: {message}");
        }
    }

    #[test]
    fn a_known_name_is_suggested() {
        assert!(message(&["--onyl", "ipv4"]).contains("--only"), "{}", message(&["--onyl", "ipv4"]));
        assert!(message(&["scna"]).contains("`scan`"));
    }
}
