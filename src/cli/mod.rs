//! The command line: arguments to options to plan to run, a file a subcommand.

mod affected;
mod args;
mod bench;
mod complete;
mod detokenize;
mod diff;
mod explain;
mod in_place;
mod init;
mod key;
mod keys;
mod line_shape;
mod lines;
mod message;
mod metrics;
mod opening;
mod options;
mod outcome;
mod output;
mod patterns;
mod patterns_check;
mod plan;
mod policy;
mod progress;
mod prove;
mod redact;
mod reload;
mod reveal;
mod scan;
mod self_log;
mod shown;
mod signals;
mod stored;
mod subject;
mod tell;
mod time;
mod usage;
mod version;

use std::process::ExitCode;

use args::{Cli, Command, RedactCommand};
use outcome::Outcome;

/// Runs the command line of this process and answers its exit code.
///
/// Sets a panic hook that prints places only; belongs in a `main`, not in a library.
pub fn run() -> ExitCode {
    message::hide_panics();
    // A panic has printed its place by now; nothing it held may go out.
    let outcome = std::panic::catch_unwind(|| match usage::parse(std::env::args_os()) {
        Ok(cli) => dispatch(cli),
        Err(outcome) => outcome,
    });
    outcome.unwrap_or(Outcome::FAILED).into()
}

fn dispatch(cli: Cli) -> Outcome {
    let Cli { command, version, detect, redact } = cli;
    if version {
        return done(version::print());
    }
    match command {
        None => done(redact::run(RedactCommand { files: Vec::new(), detect, redact })),
        Some(Command::Redact(command)) => done(redact::run(command)),
        Some(Command::Scan(command)) => done(scan::run(command)),
        Some(Command::Completions(command)) => done(complete::completions(&command)),
        Some(Command::Man(command)) => done(complete::man(&command)),
        Some(Command::Explain(command)) => done(explain::run(command)),
        Some(Command::Patterns(command)) => done(patterns::run(command)),
        Some(Command::Policy(command)) => done(policy::run(command)),
        Some(Command::Init(command)) => done(init::run(command)),
        Some(Command::Diff(command)) => done(diff::run(command)),
        Some(Command::Prove(command)) => done(prove::run(command)),
        Some(Command::Bench(command)) => done(bench::run(command)),
        Some(Command::Key(command)) => done(key::run(command)),
        Some(Command::Detokenize(command)) => done(detokenize::run(command)),
        Some(Command::Reveal(command)) => done(reveal::run(command)),
        Some(Command::Affected(command)) => done(affected::run(&command)),
        Some(Command::Subject(command)) => done(subject::run(command)),
    }
}

fn done(result: Result<Outcome, crate::Error>) -> Outcome {
    result.unwrap_or_else(|error| Outcome::of_error(&error))
}
