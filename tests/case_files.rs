//! The labelled lines in `tests/data` keep their own form: unique names, known types, findings that occur in order.

use std::collections::BTreeMap;
use std::path::Path;

use logveil::TypeId;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: Option<String>,
    bytes: Option<String>,
    finds: Vec<String>,
    why: String,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    only: Vec<String>,
    known_limit: Option<String>,
}

impl Case {
    /// The line itself; exactly one of `text` and `bytes` says it.
    fn line(&self) -> Vec<u8> {
        match (&self.text, &self.bytes) {
            (Some(text), None) => text.as_bytes().to_vec(),
            (None, Some(hex)) => from_hex(hex).unwrap_or_else(|| panic!("{}: bytes are no hex", self.name)),
            _ => panic!("{}: one of text and bytes is needed", self.name),
        }
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    if !hex.is_ascii() || hex.len() % 2 != 0 {
        return None;
    }
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn position(line: &[u8], value: &[u8], from: usize) -> Option<usize> {
    let rest = line.get(from..)?;
    rest.windows(value.len()).position(|window| window == value).map(|at| from + at)
}

/// Splits `type=value` and refuses unknown types and empty values.
fn claim<'a>(name: &str, claim: &'a str) -> &'a [u8] {
    let (kind, value) = claim.split_once('=').unwrap_or_else(|| panic!("{name}: `{claim}` has no `=`"));
    assert!(TypeId::from_id(kind).is_some(), "{name}: unknown type {kind}");
    assert!(!value.is_empty(), "{name}: an empty value cannot be found");
    value.as_bytes()
}

fn check(case: &Case) {
    let (name, line) = (&case.name, case.line());
    assert!(!line.contains(&b'\n'), "{name}: a case is one record");
    assert!(!case.why.is_empty(), "{name}: no reason");
    assert!(case.known_limit.as_deref() != Some(""), "{name}: a known limit needs its reason");
    let mut from = 0;
    for find in &case.finds {
        let value = claim(name, find);
        let at = position(&line, value, from)
            .unwrap_or_else(|| panic!("{name}: `{find}` does not occur in order"));
        from = at + value.len();
    }
    for spare in &case.allow {
        assert!(position(&line, claim(name, spare), 0).is_some(), "{name}: `{spare}` does not occur");
    }
    for kind in &case.only {
        assert!(TypeId::from_id(kind).is_some(), "{name}: unknown type {kind}");
    }
}

#[test]
fn every_case_file_is_well_formed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut names = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in file.case {
            check(&case);
            let earlier = names.insert(case.name.clone(), path.clone());
            assert!(earlier.is_none(), "{} stands twice", case.name);
        }
    }
    assert!(names.len() >= 1_500, "only {} labelled lines", names.len());
}
