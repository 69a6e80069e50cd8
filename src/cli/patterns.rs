//! `logveil patterns`: which types there are, what a rule looks for, whether examples hold.

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
        PatternsWhat::List => print(&list()),
        PatternsWhat::Show { id } => print(&show(&id)?),
        PatternsWhat::Check { files } if files.is_empty() => Err(Error::usage(
            "patterns check: name the rule packs to prove; the built-in ones are proved by `cargo test`",
        )),
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

fn list() -> String {
    let mut text =
        format!("ruleset {}\n{:<14} {:<10} {:<8} detector\n", rules::RULESET, "type", "group", "default");
    for kind in TypeId::all() {
        let _ = writeln!(
            text,
            "{:<14} {:<10} {:<8} {}",
            kind.id(),
            kind.group().id(),
            if kind.is_default() { "on" } else { "off" },
            state(kind)
        );
    }
    text
}

/// Whether anything looks for the type.
fn state(kind: TypeId) -> &'static str {
    if rules::keys_of(kind).next().is_some() { "yes" } else { "not there yet" }
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
    let _ = writeln!(text, "detector {}", state(kind));
    let words: Vec<_> = rules::keys_of(kind).collect();
    if !words.is_empty() {
        let _ = writeln!(text, "keys     {}", words.join(", "));
    }
    text
}
