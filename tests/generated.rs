//! Tables that are generated from `patterns/`: compared here, rewritten with `UPDATE=1`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

#[path = "common/data.rs"]
mod data;
#[path = "common/settle.rs"]
mod settle;

use settle::{constant, first_difference, root, rule_files, settle};

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
    /// The ruleset that brought the key; none for those of the first.
    since: Option<String>,
}

const HEAD: &str = "\
//! The key table. Generated from `patterns/keys.toml`; do not edit by hand.

use super::Shape::*;
use super::Veto::*;
use super::{KeyRule, builtin as rule};
use crate::finding::TypeId;

const fn key(words: &'static str, kind: TypeId, rule: super::RuleId, shape: super::Shape) -> KeyRule {
    KeyRule { words, kind, rule, shape, needs_person: false, since: super::FIRST_RULESET }
}

const fn person(words: &'static str, kind: TypeId, rule: super::RuleId, shape: super::Shape) -> KeyRule {
    KeyRule { words, kind, rule, shape, needs_person: true, since: super::FIRST_RULESET }
}

/// Every key, sorted by its words; a key's number is its place here.
#[rustfmt::skip]
pub(crate) static KEYS: &[KeyRule] = &[
";

fn check_words(words: &str) {
    let split: Vec<&str> = words.split(' ').collect();
    assert!(split.iter().all(|word| !word.is_empty()), "words of `{words}` are joined by one space");
    // letters beyond ASCII are not folded: `телефон` and `Телефон` have a row each
    assert_eq!(words.to_ascii_lowercase(), words, "words are lower case");
    assert!(!words.contains(['"', '\\']), "words of `{words}` need no quoting");
    // what `context/keys.rs` reads of a key
    assert!(words.len() <= 64, "`{words}` is longer than keys are read");
}

/// The keys of a row of many: one part of each group in round brackets, in their order.
fn products(words: &str) -> Vec<String> {
    let Some((head, rest)) = words.split_once('(') else { return vec![words.to_owned()] };
    let (group, tail) =
        rest.split_once(')').unwrap_or_else(|| panic!("a group of `{words}` is never closed"));
    let tails = products(tail);
    group.split('|').flat_map(|part| tails.iter().map(move |tail| format!("{head}{part}{tail}"))).collect()
}

#[test]
fn the_key_table_is_what_the_patterns_say() {
    let text = std::fs::read_to_string(root().join("patterns/keys.toml")).unwrap();
    let file: KeyFile = toml::from_str(&text).unwrap();
    let mut rows = BTreeMap::new();
    let (many, one): (Vec<&Key>, Vec<&Key>) = file.key.iter().partition(|key| key.words.contains('('));
    for key in one {
        check_words(&key.words);
        let before = rows.insert(key.words.clone(), key);
        assert!(before.is_none(), "`{}` stands twice in patterns/keys.toml", key.words);
    }
    for key in many {
        for words in products(&key.words) {
            check_words(&words);
            rows.entry(words).or_insert(key);
        }
    }
    assert!(rows.values().all(|key| !key.lang.is_empty()), "each row names its language");
    let mut out = String::from(HEAD);
    for (words, key) in rows {
        let call = if key.needs_person { "person" } else { "key" };
        let (kind, rule) = (constant(&key.kind), constant(&key.rule));
        let since = key.since.as_deref().map_or_else(String::new, |since| {
            assert!(logveil::rules::is_ruleset(since), "`{words}`: since");
            format!(".since({since:?})")
        });
        writeln!(out, "    {call}(\"{words}\", TypeId::{kind}, rule::{rule}, {}){since},", key.shape)
            .unwrap();
    }
    out.push_str("];\n");
    settle("src/rules/keys.rs", &out);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentenceFile {
    system: Vec<System>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct System {
    name: String,
    says: Vec<String>,
}

const SENTENCES_HEAD: &str = "\
//! Sentences that tell values under no key. Generated from `patterns/sentences.toml`; do not edit by hand.

use super::Part::{Caller, End, Number, People, Person, Rest, Skip, Take, Text};
use super::Sentence;
use crate::finding::TypeId;

/// Every sentence, sorted by its word.
#[rustfmt::skip]
pub(crate) static SENTENCES: &[Sentence] = &[
";

/// What a sentence is made of: text, and what stands in braces.
fn parts(says: &str) -> Vec<(bool, String)> {
    let (mut parts, mut rest) = (Vec::new(), says);
    while let Some((text, tail)) = rest.split_once('{') {
        let (slot, tail) =
            tail.split_once('}').unwrap_or_else(|| panic!("a brace of `{says}` is never closed"));
        if !text.is_empty() {
            parts.push((true, text.to_owned()));
        }
        parts.push((false, slot.to_owned()));
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push((true, rest.to_owned()));
    }
    parts
}

/// Where in a text the first byte behind a word and a blank stands; the last such place behind three letters, for
/// shorter words stand in every line, else behind two.
fn place_of_word(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_behind = |at: usize, letters: usize| {
        bytes.get(at).is_none_or(|b| *b != b' ')
            && bytes[at - 1] == b' '
            && at > letters
            && bytes[at - 1 - letters..at - 1].iter().all(u8::is_ascii_alphabetic)
    };
    [3, 2].iter().find_map(|letters| (3..=bytes.len()).rev().find(|at| is_behind(*at, *letters)))
}

#[test]
fn the_sentences_are_what_the_patterns_say() {
    let text = std::fs::read_to_string(root().join("patterns/sentences.toml")).unwrap();
    let file: SentenceFile = toml::from_str(&text).unwrap();
    let mut rows = std::collections::BTreeSet::new();
    for System { name, says } in &file.system {
        assert!(!name.is_empty());
        for says in says {
            let parts = parts(says);
            assert!(parts.iter().any(|(is_text, _)| !is_text), "`{says}` tells nothing");
            assert!(
                parts.windows(2).all(|two| two[0].0 || two[1].0 || two[1].1 == "end"),
                "text stands between the values of `{says}`"
            );
            let first = parts.iter().position(|(is_text, _)| !is_text).unwrap();
            // the last word before the first value, else the first one behind it
            let mut order: Vec<usize> = (0..first).rev().chain(first..parts.len()).collect();
            order.retain(|part| parts[*part].0);
            let (anchor, offset) = order
                .iter()
                .find_map(|part| place_of_word(&parts[*part].1).map(|at| (*part, at)))
                .unwrap_or_else(|| panic!("no word and blank in `{says}`"));
            let text = parts[anchor].1.clone();
            let word = text[..offset - 1]
                .rsplit(|c: char| !c.is_ascii_alphabetic())
                .next()
                .unwrap()
                .to_ascii_lowercase();
            let parts: Vec<String> = parts
                .iter()
                .map(|(is_text, text)| match (is_text, text.as_str()) {
                    (true, text) => format!("Text({text:?})"),
                    (false, "username") => "Person".to_owned(),
                    (false, "username+") => "People".to_owned(),
                    (false, "caller") => "Caller".to_owned(),
                    (false, "*") => "Skip".to_owned(),
                    (false, "...") => "Rest".to_owned(),
                    (false, "#") => "Number".to_owned(),
                    (false, "end") => "End".to_owned(),
                    (false, kind) => {
                        assert!(logveil::TypeId::from_id(kind).is_some(), "`{kind}` of `{says}`");
                        format!("Take(TypeId::{})", constant(kind))
                    }
                })
                .collect();
            let eight = text.as_bytes()[..offset].iter().rev().take(8);
            let head = eight
                .fold((0u64, 0u64), |(head, shift), b| (head | u64::from(*b) << (56 - shift), shift + 8));
            let mask = if head.1 == 64 { u64::MAX } else { !(u64::MAX >> head.1) };
            let row = format!(
                "    Sentence {{ word: {word:?}, parts: &[{}], anchor: {anchor}, offset: {offset}, head: {:#x}, mask: {mask:#x} }},\n",
                parts.join(", "),
                head.0,
            );
            assert!(rows.insert((word, row)), "`{says}` stands twice");
        }
    }
    let mut out = String::from(SENTENCES_HEAD);
    rows.iter().for_each(|(_, row)| out.push_str(row));
    out.push_str("];\n");
    settle("src/rules/sentences.rs", &out);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    also: Vec<String>,
    description: String,
    reference: String,
    tags: Vec<String>,
    since: String,
    matches: Vec<String>,
    non_matches: Vec<String>,
}

/// All rules of `patterns/`, by id; a rule that stands twice or says too little is an error.
fn rules() -> BTreeMap<String, Rule> {
    let mut rules = BTreeMap::new();
    for path in rule_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let file: RuleFile =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for rule in file.rule {
            let name = format!("{}: {}", path.display(), rule.id);
            for text in [&rule.description, &rule.reference, &rule.since] {
                assert!(!text.is_empty(), "{name}");
            }
            assert!(
                rule.matches.len() >= 2 && rule.non_matches.len() >= 2,
                "{name}: two examples of each sort"
            );
            let id = rule.id.clone();
            assert!(rules.insert(id, rule).is_none(), "{name} stands twice");
        }
    }
    rules
}

const META_HEAD: &str = "\
//! What is known of the built-in rules. Generated from `patterns/*.toml`; do not edit by hand.

use super::{RuleMeta, builtin as rule};
use crate::finding::TypeId;

/// Every rule that finds anything; a rule's number is its place here.
#[rustfmt::skip]
pub(super) static META: &[RuleMeta] = &[
";

fn strings(items: &[String]) -> String {
    items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_rules_are_what_the_patterns_say() {
    let mut rules = rules();
    let mut out = String::from(META_HEAD);
    for id in logveil::rules::rule_names().filter(|id| !matches!(*id, "place" | "veto")) {
        let rule = rules.remove(id).unwrap_or_else(|| panic!("no file of patterns/ describes the rule {id}"));
        check_law_tags(&rule);
        let also: Vec<String> = rule.also.iter().map(|kind| format!("TypeId::{}", constant(kind))).collect();
        writeln!(
            out,
            "    RuleMeta {{\n        rule: rule::{},\n        kind: TypeId::{},\n        also: &[{}],\n        \
             description: {:?},\n        reference: {:?},\n        tags: &[{}],\n        since: {:?},\n        \
             matches: &[{}],\n        non_matches: &[{}],\n    }},",
            constant(id),
            constant(&rule.kind),
            also.join(", "),
            rule.description,
            rule.reference,
            strings(&rule.tags),
            rule.since,
            strings(&rule.matches),
            strings(&rule.non_matches)
        )
        .unwrap();
    }
    out.push_str("];\n");
    assert!(rules.is_empty(), "no such built-in rules: {:?}", rules.keys());
    settle("src/rules/meta.rs", &out);
}

/// A law that names a type names its rules.
fn check_law_tags(rule: &Rule) {
    let kind = logveil::TypeId::from_id(&rule.kind).unwrap_or_else(|| panic!("{}: unknown type", rule.id));
    let laws: Vec<&str> = logveil::policy::tags(kind).map(|tag| tag.id()).collect();
    let own: Vec<&str> =
        rule.tags.iter().map(String::as_str).filter(|tag| !tag.starts_with("country:")).collect();
    assert_eq!(own, laws, "{}: its tags are those of the type", rule.id);
}

#[test]
fn the_detector_reference_is_what_the_patterns_say() {
    let mut rules = rules();
    let mut out = String::from(
        "# Detectors\n\n<!-- Generated from patterns/*.toml by `UPDATE=1 cargo test --test generated`. -->\n\n\
         What each built-in rule looks for, the standard behind it, and lines that it must and must not find\n\
         something in. `logveil patterns check` proves the lines.\n",
    );
    let mut group = "";
    let names: Vec<&str> = logveil::rules::rule_names().filter(|id| rules.contains_key(*id)).collect();
    for id in names {
        let rule = rules.remove(id).unwrap();
        let kind = logveil::TypeId::from_id(&rule.kind).unwrap();
        if kind.group().id() != group {
            group = kind.group().id();
            writeln!(out, "\n## {group}").unwrap();
        }
        let on = if kind.is_default() { "on" } else { "off" };
        let kinds: Vec<String> =
            std::iter::once(&rule.kind).chain(&rule.also).map(|kind| format!("`{kind}`")).collect();
        writeln!(
            out,
            "\n### `{id}`\n\n{}\n\nType {}, {on} by default, since {}. Tags: {}.\nReference: {}\n\n```text",
            rule.description,
            kinds.join(" and "),
            rule.since,
            rule.tags.join(", "),
            rule.reference
        )
        .unwrap();
        for (sign, lines) in [('+', &rule.matches), ('-', &rule.non_matches)] {
            for line in lines {
                writeln!(out, "{sign} {line}").unwrap();
            }
        }
        out.push_str("```\n");
    }
    out.push_str("\n## data\n\nRows of `patterns/data/`, which the detectors above look things up in.\n\n| id | since | what | reference |\n|---|---|---|---|\n");
    for row in logveil::rules::all_data() {
        writeln!(out, "| `{}` | {} | {} | {} |", row.id, row.since, row.description, row.reference).unwrap();
    }
    settle("docs/detectors.md", &out);
}

#[test]
fn a_difference_is_seen() {
    assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
    assert_eq!(first_difference("", "a\n"), Some(1));
    assert_eq!(constant("national-id/us-ssn"), "NATIONAL_ID_US_SSN");
    assert!(root().join("patterns/keys.toml").exists());
}
