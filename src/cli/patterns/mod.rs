//! `logveil patterns`: which types there are, what a rule looks for, whether examples hold.

mod changes;
mod examples;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::args::{PatternsCommand, PatternsWhat};
use super::outcome::Outcome;
use crate::error::Error;
use crate::finding::{Group, TypeId};
use crate::rules::{self, DataMeta, Proof, RuleId, RuleMeta};

/// Runs the subcommand.
///
/// # Errors
/// An unknown id, a pack that can't be read, a closed output.
pub(super) fn run(command: PatternsCommand) -> Result<Outcome, Error> {
    match command.what {
        PatternsWhat::List => print(&list()?),
        PatternsWhat::Show { id } => print(&show(&id)?),
        PatternsWhat::Changes { old, new, files } => changes::run(&old, &new, &files),
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
    let proofs = examples::prove()?;
    for kind in TypeId::all() {
        let names: Vec<&str> =
            proofs.iter().filter(|proof| proof.finds(kind)).map(|proof| proof.meta.rule.id()).collect();
        let shown = match names.as_slice() {
            [] => "not there yet".to_owned(),
            [one] => (*one).to_owned(),
            [first, rest @ ..] => {
                format!("{first} and {} more: logveil patterns show {}", rest.len(), kind.id())
            }
        };
        let on = if kind.is_default() { "on" } else { "off" };
        let _ = writeln!(text, "{:<14} {:<10} {on:<8} {shown}", kind.id(), kind.group().id());
    }
    Ok(text)
}

/// Proves the built-in examples. A rule without a detector is named, and is no failure.
fn check_built_in() -> Result<Outcome, Error> {
    let mut text = String::new();
    let mut outcome = Outcome::DONE;
    for proof in examples::prove()? {
        let rule = proof.meta.rule.id();
        if !proof.has_detector() {
            let _ = writeln!(text, "{rule}: not there yet");
        } else if proof.wrong.is_empty() {
            let (found, spared) = (proof.found, proof.meta.non_matches.len());
            let _ = writeln!(text, "{rule}: ok, {found} found, {spared} spared");
        } else {
            outcome = Outcome::DIFFERS;
            for wrong in &proof.wrong {
                let _ = writeln!(text, "{rule}: {wrong}");
            }
        }
    }
    for proof in examples::prove_data()? {
        let meta = proof.meta;
        if proof.wrong.is_empty() {
            let (found, spared) = (meta.matches.len(), meta.non_matches.len());
            let _ = writeln!(text, "{}: ok, {found} found, {spared} spared", meta.id);
        }
        for wrong in &proof.wrong {
            outcome = Outcome::DIFFERS;
            let _ = writeln!(text, "{}: {wrong}", meta.id);
        }
    }
    print(&text)?;
    Ok(outcome)
}

fn show_data(meta: &DataMeta) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "data     {}", meta.id);
    if let Proof::Rule(rule) = meta.proof {
        let _ = writeln!(text, "rule     {}", rule.id());
    }
    let _ = writeln!(text, "finds    {}", meta.description);
    let _ = writeln!(text, "source   {}", meta.reference);
    let _ = writeln!(text, "since    {}", meta.since);
    if !meta.tags.is_empty() {
        let _ = writeln!(text, "tags     {}", meta.tags.join(", "));
    }
    show_examples(&mut text, meta.matches, meta.non_matches);
    text
}

fn show_examples(text: &mut String, matches: &[&str], non_matches: &[&str]) {
    for (name, lines) in [("matches ", matches), ("spares  ", non_matches)] {
        for line in lines {
            let _ = writeln!(text, "{name} {line}");
        }
    }
}

fn show(id: &str) -> Result<String, Error> {
    let meta = RuleId::from_id(id).and_then(rules::meta);
    match (TypeId::from_id(id), meta) {
        (Some(kind), Some(meta)) => return Ok(show_type(kind) + "\n" + &show_rule(meta)),
        (Some(kind), None) => return Ok(show_type(kind)),
        (None, Some(meta)) => return Ok(show_rule(meta)),
        (None, None) => {}
    }
    if let Some(group) = Group::from_id(id) {
        let types = TypeId::all().filter(|t| t.group() == group).map(show_type);
        return Ok(types.collect::<Vec<_>>().join("\n"));
    }
    // A row, or all rows of one sort: `token-shape/github`, `issuer`.
    let of = |meta: &&DataMeta| {
        meta.id == id || meta.id.strip_prefix(id).is_some_and(|rest| rest.starts_with('/'))
    };
    let rows: Vec<String> = rules::all_data().filter(of).map(show_data).collect();
    if !rows.is_empty() {
        return Ok(rows.join("\n"));
    }
    Err(Error::usage("ID: no such type, rule or row of data; `logveil patterns list` shows them"))
}

fn show_type(kind: TypeId) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "type     {}", kind.id());
    let _ = writeln!(text, "group    {}", kind.group().id());
    let _ = writeln!(text, "label    {}", kind.label());
    let _ = writeln!(text, "default  {}", if kind.is_default() { "on" } else { "off" });
    let names: Vec<_> = rules::all_meta()
        .iter()
        .filter(|meta| meta.kind == kind || meta.also.contains(&kind))
        .map(|meta| meta.rule.id())
        .collect();
    let _ = writeln!(text, "rules    {}", names.join(", "));
    let words: Vec<_> = rules::keys_of(kind).collect();
    if !words.is_empty() {
        let _ = writeln!(text, "keys     {}", words.join(", "));
    }
    text
}

fn show_rule(meta: &RuleMeta) -> String {
    let mut text = String::new();
    let types: Vec<_> = std::iter::once(meta.kind).chain(meta.also.iter().copied()).map(TypeId::id).collect();
    let _ = writeln!(text, "rule     {}", meta.rule.id());
    let _ = writeln!(text, "type     {}", types.join(", "));
    let _ = writeln!(text, "finds    {}", meta.description);
    let _ = writeln!(text, "source   {}", meta.reference);
    let _ = writeln!(text, "since    {}", meta.since);
    let _ = writeln!(text, "tags     {}", meta.tags.join(", "));
    show_examples(&mut text, meta.matches, meta.non_matches);
    text
}
