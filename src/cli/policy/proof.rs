//! A policy's own test lines, run through the scanner that the policy makes.

use anstyle::{AnsiColor, Style};

use crate::cli::shown::common_ends;
use crate::policy::{Policy, PolicyTest};
use crate::scan::{Scanner, Scratch};
use crate::stream::Redactor;
use crate::transform::Clean;

/// A test that did not come out as it says. Test lines are invented, so that they may be shown.
pub(crate) struct Failure {
    origin: String,
    what: &'static str,
    expect: String,
    got: String,
}

/// Runs all tests of a policy and returns those that fail; a reload with any is refused.
pub(crate) fn prove(policy: &Policy, scanner: &Scanner) -> Vec<Failure> {
    policy.tests().iter().flat_map(|test| prove_one(policy, scanner, test)).collect()
}

fn prove_one(policy: &Policy, scanner: &Scanner, test: &PolicyTest) -> Vec<Failure> {
    let mut failures = Vec::new();
    let failure =
        |what, expect: String, got: String| Failure { origin: test.origin.clone(), what, expect, got };
    if let Some(expect) = &test.expect {
        let got = redacted(scanner, test.line.as_bytes());
        if got != *expect {
            failures.push(failure("expect", expect.clone(), got));
        }
    }
    if let Some(finds) = &test.finds {
        let got = found(policy, scanner, test.line.as_bytes());
        if got != *finds {
            failures.push(failure("finds", finds.join(", "), got.join(", ")));
        }
    }
    failures
}

/// One record, redacted as the stream would.
pub(crate) fn redacted(scanner: &Scanner, record: &[u8]) -> String {
    let mut redactor = Redactor::new(scanner.clone());
    let mut out = Clean::new();
    redactor.write(record, &mut out);
    redactor.finish(&mut out);
    String::from_utf8_lossy(out.as_bytes()).into_owned()
}

/// The ids of the types found in one record, in order.
pub(crate) fn found(policy: &Policy, scanner: &Scanner, record: &[u8]) -> Vec<String> {
    let mut scratch = Scratch::default();
    let findings = scanner.scan(record, &mut scratch);
    findings.iter().map(|finding| policy.type_id(finding.kind).to_owned()).collect()
}

impl Failure {
    /// File and line of the test.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
    /// The difference, the part that differs in colour.
    pub(crate) fn text(&self, color: bool) -> String {
        let (head, tail) = common_ends(self.expect.as_bytes(), self.got.as_bytes());
        let line = |sign: char, text: &str, style: AnsiColor| {
            let style = if color { style.on_default().bold() } else { Style::new() };
            // A cut inside a character would lose it: then the whole line is the difference.
            let (head, tail) = match text.is_char_boundary(head) && text.is_char_boundary(text.len() - tail) {
                true => (head, tail),
                false => (0, 0),
            };
            let (start, rest) = text.split_at(head);
            let (middle, end) = rest.split_at(rest.len() - tail);
            format!("  {sign} {start}{style}{middle}{style:#}{end}\n")
        };
        format!(
            "{}: `{}` differs\n{}{}",
            self.origin,
            self.what,
            line('-', &self.expect, AnsiColor::Green),
            line('+', &self.got, AnsiColor::Red)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_show_what_differs() {
        let failure = |expect: &str, got: &str| Failure {
            origin: "p.toml:3".into(),
            what: "expect",
            expect: expect.into(),
            got: got.into(),
        };
        let text = failure("from [IPV4] ok", "from 203.0.113.7 ok").text(false);
        assert_eq!(text, "p.toml:3: `expect` differs\n  - from [IPV4] ok\n  + from 203.0.113.7 ok\n");
        let text = failure("a [X] b", "a y b").text(true);
        assert!(text.contains("a \u{1b}[1m\u{1b}[32m[X]\u{1b}[0m b"), "{text:?}");
        assert!(failure("é", "è").text(true).contains('é'));
    }

    #[test]
    fn a_wrong_expectation_fails() {
        let text =
            "[[test]]\nline = 'plain'\nexpect = 'other'\n[[test]]\nline = 'plain'\nfinds = ['email']\n";
        let policy = Policy::from_toml("p.toml", text).unwrap();
        let failures = prove(&policy, &Scanner::new(&policy).unwrap());
        assert_eq!(failures.len(), 2);
    }
}
