//! `logveil patterns check`: each example of a rule pack must or must not match as it says.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::outcome::Outcome;
use super::policy::print;
use crate::error::Error;
use crate::pack::{PackRule, UserRules};
use crate::policy::Policy;
use crate::scan::{Scanner, Scratch};

/// Proves packs; a failed example is exit code 1, a pack that can't be used an error.
///
/// # Errors
/// A pack that can't be read or used, a closed output.
pub(super) fn run(files: &[PathBuf]) -> Result<Outcome, Error> {
    let (mut text, mut failed) = (String::new(), 0);
    for file in files {
        failed += check(file, &mut text)?;
    }
    print(&text)?;
    Ok(if failed > 0 { Outcome::DIFFERS } else { Outcome::DONE })
}

fn check(file: &Path, text: &mut String) -> Result<usize, Error> {
    let mut policy = Policy::default();
    policy.add_pack(file)?;
    let (mut rules, mut problems) = (0, Vec::new());
    for rule in policy.packs().iter().flat_map(|pack| pack.rules()) {
        rules += 1;
        examples(rule, &policy, &mut problems)?;
        if !rule.has_filter() {
            let _ = writeln!(
                text,
                "{}: warning: {}: no literal of three bytes at an end of the regex, no keyword: every record pays",
                rule.origin, rule.id
            );
        }
    }
    problems.iter().for_each(|problem| {
        let _ = writeln!(text, "{problem}");
    });
    let _ = writeln!(text, "{}: {rules} rules, {} problems", file.display(), problems.len());
    Ok(problems.len())
}

/// A rule alone must match as it says; and in the whole scanner, where vetoes and other rules take
/// part, something of the match must be found. Examples are invented, so that they may be shown.
fn examples(rule: &PackRule, policy: &Policy, problems: &mut Vec<String>) -> Result<(), Error> {
    let all = UserRules::compile(policy.packs(), &|id| policy.type_named(id))?;
    let hits = |example: &str| {
        let mut hits = Vec::new();
        all.find(example.as_bytes(), &mut |found| {
            if all.id(found.rule) == Some(rule.id.as_str()) {
                hits.push((found.start, found.end));
            }
        });
        hits
    };
    let kind = policy.type_named(&rule.kind).map(|kind| policy.type_id(kind).to_owned()).unwrap_or_default();
    let scanner = Scanner::new(&policy.clone().also(&[kind])?)?;
    let mut scratch = Scratch::default();
    for example in &rule.matches {
        let found = hits(example);
        if found.is_empty() {
            problems.push(format!("{}: {} does not match {example:?}", rule.origin, rule.id));
            continue;
        }
        let findings = scanner.scan(example.as_bytes(), &mut scratch);
        if !found
            .iter()
            .any(|hit| findings.iter().any(|finding| finding.start < hit.1 && hit.0 < finding.end))
        {
            problems
                .push(format!("{}: {} matches {example:?}, but the policy spares it", rule.origin, rule.id));
        }
    }
    for example in rule.non_matches.iter().filter(|example| !hits(example).is_empty()) {
        problems.push(format!("{}: {} matches {example:?}", rule.origin, rule.id));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(rule: &str) -> (usize, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.toml");
        let head = "[[rule]]\nid = \"acme/a\"\ndescription = \"d\"\ntype = \"account-id\"\n";
        std::fs::write(&path, format!("{head}{rule}")).unwrap();
        let mut text = String::new();
        (check(&path, &mut text).unwrap(), text)
    }

    #[test]
    fn examples_are_proved() {
        let good = "regex = 'ACC-\\d{4}'\nmatches = [\"ACC-1234\", \"x ACC-9999 y\"]\nnon_matches = [\"ACC-1\", \"1234\"]\n";
        let (problems, text) = checked(good);
        assert_eq!((problems, text.contains("warning")), (0, false), "{text}");
        let (problems, text) =
            checked(&good.replace("\"1234\"]", "\"ACC-7777\"]").replace("ACC-1234\"", "ACC-12\""));
        assert_eq!(problems, 2, "{text}");
        assert!(text.contains("p.toml:2: acme/a does not match \"ACC-12\""), "{text}");
        let (_, text) =
            checked("regex = '\\d{6}'\nmatches = [\"123456\", \"x 654321\"]\nnon_matches = [\"1\", \"x\"]\n");
        assert!(text.contains("warning"), "{text}");
    }
}
