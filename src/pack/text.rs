//! Where a policy's text came from, and errors that point into it.

use std::ops::Range;

use crate::error::Error;
use crate::nearest::nearest;

/// A named text: a file, a built-in policy, an environment variable or a flag.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub name: String,
    pub text: String,
    /// False for flags and variables, where a line number and an excerpt say nothing.
    pub is_file: bool,
}

impl Source {
    /// The name and line of a place: `policy.toml:12`.
    pub(crate) fn place(&self, span: &Range<usize>) -> String {
        if !self.is_file {
            return self.name.clone();
        }
        format!("{}:{}", self.name, self.line_of(span.start).0)
    }

    /// Line number from 1, the line's text, and the column of the byte from 0.
    fn line_of(&self, at: usize) -> (usize, &str, usize) {
        let at = at.min(self.text.len());
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        let number = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let line = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        (number, line, at - start)
    }

    /// `name:line: message`, and under it the line with the place marked.
    ///
    /// Of a flag or variable only the message is left, without the word that was typed: it may be
    /// what must not be shown.
    pub(crate) fn excerpt(&self, span: &Range<usize>, message: &str) -> String {
        if !self.is_file {
            return format!("{}: {}", self.name, without_first_word(message));
        }
        let (number, line, column) = self.line_of(span.start);
        let head: usize = line.get(..column).map_or(column, |head| head.chars().count());
        let width = span.len().min(line.len().saturating_sub(column)).max(1);
        let margin = " ".repeat(number.to_string().len());
        format!(
            "{}:{number}: {message}\n{margin} |\n{number} | {line}\n{margin} | {}{}",
            self.name,
            " ".repeat(head),
            "^".repeat(width)
        )
    }

    /// A policy error at a place.
    pub(crate) fn error(&self, span: &Range<usize>, message: &str) -> Error {
        Error::policy(self.excerpt(span, message))
    }

    /// What the TOML reader says, with the nearest known key where one was mistyped.
    pub(crate) fn toml_error(&self, error: &toml::de::Error) -> String {
        let mut message = error.message().trim_end().to_owned();
        let mut names = message.split('`').skip(1).step_by(2);
        if message.starts_with("unknown field")
            && let Some(word) = names.next()
            && let Some(near) = nearest(word, names)
        {
            message = format!("unknown key `{word}`; did you mean `{near}`?");
        } else if let Some(rest) = message.strip_prefix("unknown field ") {
            message = format!(
                "unknown key {}",
                rest.replace(", expected one of ", "; known: ").replace(", expected ", "; known: ")
            );
        }
        self.excerpt(&error.span().unwrap_or(0..0), &message)
    }
}

/// "unknown type `x`; did you mean `y`?" without `x`.
fn without_first_word(message: &str) -> String {
    let mut parts = message.splitn(3, '`');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(head), Some(_), Some(tail)) if head.starts_with("unknown") => {
            format!("{}{tail}", head.trim_end())
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_point_at_the_place() {
        let source = Source { name: "p.toml".into(), text: "a = 1\nbé = 2\n".into(), is_file: true };
        assert_eq!(source.excerpt(&(6..9), "no"), "p.toml:2: no\n  |\n2 | bé = 2\n  | ^^^");
        assert_eq!(source.place(&(0..1)), "p.toml:1");
        assert!(source.excerpt(&(900..901), "no").starts_with("p.toml:3: no"));
        let flag = Source { name: "--set".into(), is_file: false, ..source };
        assert_eq!(flag.excerpt(&(6..9), "no"), "--set: no");
        assert_eq!(
            flag.excerpt(&(0..1), "unknown type `x`; did you mean `y`?"),
            "--set: unknown type; did you mean `y`?"
        );
    }
}
