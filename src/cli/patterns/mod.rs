//! `logveil patterns`: which types there are, what a rule looks for, whether examples hold.

mod examples;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::args::{PatternsCommand, PatternsWhat};
use super::outcome::Outcome;
use crate::error::Error;
use crate::finding::{Group, TypeId};
use crate::rules;

/// Runs the subcommand.
///
/// # Errors
/// An unknown id, a pack that can't be read, a closed output.
pub(super) fn run(command: PatternsCommand) -> Result<Outcome, Error> {
    match command.what {
        PatternsWhat::List => print(&list()?),
        PatternsWhat::Show { id } => print(&show(&id)?),
        PatternsWhat::Check { files } if files.is_empty() => check_built_in(),
        PatternsWhat::Check { files } => super::patterns_check::run(&files),
    }
}

fn print(text: &str) -> Result<Outcome, Error> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|e| Error::io("can't write to standard output", e))?;
    Ok(Outcome::DONE)
}

fn list() -> Result<String, Error> {
    let mut text =
        format!("ruleset {}\n{:<14} {:<10} {:<8} detector\n", rules::RULESET, "type", "group", "default");
    for proof in examples::prove()? {
        let _ = writeln!(
            text,
            "{:<14} {:<10} {:<8} {}",
            proof.kind.id(),
            proof.kind.group().id(),
            if proof.kind.is_default() { "on" } else { "off" },
            if proof.has_detector() { "yes" } else { "not there yet" }
        );
    }
    Ok(text)
}

/// Proves the built-in examples. A type without a detector is named, and is no failure.
fn check_built_in() -> Result<Outcome, Error> {
    let mut text = String::new();
    let mut outcome = Outcome::DONE;
    for proof in examples::prove()? {
        let kind = proof.kind.id();
        if !proof.has_detector() {
            let _ = writeln!(text, "{kind}: not there yet");
        } else if proof.wrong.is_empty() {
            let _ = writeln!(text, "{kind}: ok, {} of {} found", proof.found, proof.wanted);
        } else {
            outcome = Outcome::DIFFERS;
            for wrong in &proof.wrong {
                let _ = writeln!(text, "{kind}: {wrong}");
            }
        }
    }
    print(&text)?;
    Ok(outcome)
}

fn show(id: &str) -> Result<String, Error> {
    if let Some(kind) = TypeId::from_id(id) {
        return Ok(show_type(kind));
    }
    if let Some(group) = Group::from_id(id) {
        return Ok(TypeId::all()
            .filter(|t| t.group() == group)
            .map(show_type)
            .collect::<Vec<_>>()
            .join("\n"));
    }
    if rules::rule_names().any(|name| name == id) {
        let kind = id.split('/').next().unwrap_or(id);
        return Ok(format!("rule {id}\ntype {kind}\n"));
    }
    Err(Error::usage("ID: no such type or rule; `logveil patterns list` shows them"))
}

fn show_type(kind: TypeId) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "type     {}", kind.id());
    let _ = writeln!(text, "group    {}", kind.group().id());
    let _ = writeln!(text, "label    {}", kind.label());
    let _ = writeln!(text, "default  {}", if kind.is_default() { "on" } else { "off" });
    let words: Vec<_> = rules::keys_of(kind).collect();
    if !words.is_empty() {
        let _ = writeln!(text, "keys     {}", words.join(", "));
    }
    text
}
