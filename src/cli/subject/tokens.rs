//! `logveil subject tokens`: the tokens of a person's identifiers.

use std::fmt::Write as _;
use std::io::Write as _;

use super::person::Person;
use super::{TokensArgs, TokensFormat};
use crate::cli::outcome::Outcome;
use crate::error::Error;

pub(super) fn run(args: &TokensArgs) -> Result<Outcome, Error> {
    let ring = args.person.ring.load()?;
    let person = Person::new(&args.person, Some(&ring))?;
    let mut text = String::new();
    for (kind, token) in &person.tokens {
        let epoch = token.epoch.map_or_else(String::new, |n| format!(" epoch {n}"));
        let (kind, form) = (kind.id(), token.form.id());
        let _ = match args.format {
            TokensFormat::Text => writeln!(text, "{kind:<12} {}{epoch} {form:<12} {}", token.kid, token.text),
            TokensFormat::Json => writeln!(
                text,
                "{}",
                serde_json::json!({
                    "type": kind, "kid": token.kid.to_string(), "epoch": token.epoch, "form": form, "token": token.text,
                })
            ),
            TokensFormat::Regex => {
                let lead = if text.is_empty() { "\\b(?:" } else { "|" };
                write!(text, "{lead}{}", regex::escape(&token.text))
            }
        };
    }
    if args.format == TokensFormat::Regex && !text.is_empty() {
        text.push_str(")\\b\n");
    }
    let mut out = std::io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|e| Error::io("can't write to standard output", e))?;
    Ok(Outcome::DONE)
}
