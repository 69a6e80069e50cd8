//! Tables that are generated from `patterns/`: compared here, rewritten with `UPDATE=1`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a generated file with what it should hold, or writes it when `UPDATE=1`.
fn settle(path: &str, expect: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&file, expect).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    if let Some(line) = first_difference(&found, expect) {
        panic!("{path} line {line} is not what patterns/ says; run `UPDATE=1 cargo test --test generated`");
    }
}

fn first_difference(found: &str, expect: &str) -> Option<usize> {
    if found == expect {
        return None;
    }
    let same = found.lines().zip(expect.lines()).take_while(|(left, right)| left == right).count();
    Some(same + 1)
}

/// `national-id/us-ssn` as the name of a constant.
fn constant(id: &str) -> String {
    id.replace(['-', '/'], "_").to_ascii_uppercase()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    key: Vec<Key>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    words: String,
    #[serde(rename = "type")]
    kind: String,
    rule: String,
    shape: String,
    needs_person: bool,
    lang: String,
}

const HEAD: &str = "\
//! The key table. Generated from `patterns/keys.toml`; do not edit by hand.

use super::Shape::*;
use super::Veto::*;
use super::{KeyRule, builtin as rule};
use crate::finding::TypeId;

const fn key(words: &'static str, kind: TypeId, rule: super::RuleId, shape: super::Shape) -> KeyRule {
    KeyRule { words, kind, rule, shape, needs_person: false }
}

const fn person(words: &'static str, kind: TypeId, rule: super::RuleId, shape: super::Shape) -> KeyRule {
    KeyRule { words, kind, rule, shape, needs_person: true }
}

/// Every key, sorted by its words; a key's number is its place here.
#[rustfmt::skip]
pub(crate) static KEYS: &[KeyRule] = &[
";

fn check_words(words: &str) {
    let split: Vec<&str> = words.split(' ').collect();
    assert!(split.iter().all(|word| !word.is_empty()), "words of `{words}` are joined by one space");
    assert_eq!(words.to_lowercase(), words, "words are lower case");
    assert!(!words.contains(['"', '\\']), "words of `{words}` need no quoting");
}

#[test]
fn the_key_table_is_what_the_patterns_say() {
    let text = std::fs::read_to_string(root().join("patterns/keys.toml")).unwrap();
    let file: KeyFile = toml::from_str(&text).unwrap();
    let mut rows = BTreeMap::new();
    for key in &file.key {
        check_words(&key.words);
        assert!(!key.lang.is_empty(), "`{}` names its language", key.words);
        let before = rows.insert(key.words.as_str(), key);
        assert!(before.is_none(), "`{}` stands twice in patterns/keys.toml", key.words);
    }
    let mut out = String::from(HEAD);
    for (words, key) in rows {
        let call = if key.needs_person { "person" } else { "key" };
        let (kind, rule) = (constant(&key.kind), constant(&key.rule));
        writeln!(out, "    {call}(\"{words}\", TypeId::{kind}, rule::{rule}, {}),", key.shape).unwrap();
    }
    out.push_str("];\n");
    settle("src/rules/keys.rs", &out);
}

#[test]
fn a_difference_is_seen() {
    assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
    assert_eq!(first_difference("", "a\n"), Some(1));
    assert_eq!(constant("national-id/us-ssn"), "NATIONAL_ID_US_SSN");
    assert!(Path::new(&root().join("patterns/keys.toml")).exists());
}
