//! The `logveil` command: calls [`logveil::cli::run`] and sets the exit code.

fn main() -> std::process::ExitCode {
    logveil::cli::run()
}
