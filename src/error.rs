//! The one error of the library. It never holds input bytes, keys or values.

use std::fmt;

/// What went wrong. Opaque: ask with the `is_*` questions, print with `Display`.
///
/// Messages say what to do next and never quote input bytes, keys or values.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<std::io::Error>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ErrorKind {
    Usage,
    Policy,
    Pattern,
    Key,
    Io,
}

impl Error {
    /// A wrong option or argument.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Usage, message: message.into(), source: None }
    }
    /// A policy that can't be used; the message says where and what would be right.
    pub fn policy(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Policy, message: message.into(), source: None }
    }
    /// A rule pack that can't be used.
    pub fn pattern(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Pattern, message: message.into(), source: None }
    }
    /// A key ring that is missing, loose, weak or broken.
    pub fn key(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Key, message: message.into(), source: None }
    }
    /// Reading or writing failed; `what` names the place, never its content.
    pub fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self { kind: ErrorKind::Io, message: what.into(), source: Some(source) }
    }
    /// True for a wrong option or argument.
    pub fn is_usage(&self) -> bool {
        self.kind == ErrorKind::Usage
    }
    /// True for a policy that can't be used.
    pub fn is_policy(&self) -> bool {
        self.kind == ErrorKind::Policy
    }
    /// True for a rule pack that can't be used.
    pub fn is_pattern(&self) -> bool {
        self.kind == ErrorKind::Pattern
    }
    /// True for a key ring that can't be used.
    pub fn is_key(&self) -> bool {
        self.kind == ErrorKind::Key
    }
    /// True when reading or writing failed.
    pub fn is_io(&self) -> bool {
        self.kind == ErrorKind::Io
    }
    /// True when the reader of our output went away; a command line ends quietly then.
    pub fn is_broken_pipe(&self) -> bool {
        self.source.as_ref().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(e) = &self.source {
            write!(f, ": {e}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|e| e as _)
    }
}
