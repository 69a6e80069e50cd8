//! How a run ended, and which exit code says so.

use std::process::ExitCode;

use super::message::complain;
use crate::error::Error;

/// What happened in a run; several things may have. The gravest decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Outcome {
    /// Usage, input or output failed somewhere.
    pub failed: bool,
    /// Some records were withheld.
    pub withheld: bool,
    /// A type that the policy forbids was found.
    pub forbidden: bool,
    /// Findings under `--check`, differences, failed examples.
    pub differs: bool,
    /// SIGINT ended the run.
    pub interrupted: bool,
}

impl Outcome {
    /// Nothing to report.
    pub const DONE: Outcome =
        Outcome { failed: false, withheld: false, forbidden: false, differs: false, interrupted: false };
    /// Failed (exit code 2).
    pub const FAILED: Outcome = Outcome { failed: true, ..Self::DONE };
    /// Findings or differences (exit code 1).
    pub const DIFFERS: Outcome = Outcome { differs: true, ..Self::DONE };

    /// Both outcomes together.
    pub fn and(self, other: Outcome) -> Outcome {
        Outcome {
            failed: self.failed || other.failed,
            withheld: self.withheld || other.withheld,
            forbidden: self.forbidden || other.forbidden,
            differs: self.differs || other.differs,
            interrupted: self.interrupted || other.interrupted,
        }
    }
    /// The exit code: 130 when interrupted, else 2 > 3 > 4 > 1 > 0.
    pub fn code(self) -> u8 {
        match self {
            Outcome { interrupted: true, .. } => 130,
            Outcome { failed: true, .. } => 2,
            Outcome { withheld: true, .. } => 3,
            Outcome { forbidden: true, .. } => 4,
            Outcome { differs: true, .. } => 1,
            _ => 0,
        }
    }
    /// Prints an error and makes a failure of it; a closed output is a quiet success.
    pub fn of_error(error: &Error) -> Outcome {
        if error.is_broken_pipe() {
            return Self::DONE;
        }
        complain(error);
        Self::FAILED
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(outcome.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_decides() {
        let withheld = Outcome { withheld: true, ..Outcome::DONE };
        let forbidden = Outcome { forbidden: true, ..Outcome::DONE };
        let interrupted = Outcome { interrupted: true, ..Outcome::DONE };
        for (outcome, code) in [
            (Outcome::DONE, 0),
            (Outcome::DIFFERS, 1),
            (Outcome::DIFFERS.and(forbidden), 4),
            (forbidden.and(withheld).and(Outcome::DIFFERS), 3),
            (withheld.and(Outcome::FAILED).and(forbidden), 2),
            (Outcome::FAILED.and(interrupted), 130),
        ] {
            assert_eq!(outcome.code(), code, "{outcome:?}");
        }
    }
}
