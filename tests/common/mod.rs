//! The labelled lines of `tests/data`, read the same way by every test that runs them.
#![allow(dead_code)] // each test file uses its own part

pub mod json;
pub mod run;

use std::path::{Path, PathBuf};

use logveil::{Policy, Scanner, Scratch, TypeId};
use serde::Deserialize;

/// A file of labelled lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

/// One labelled line; the keys are described in `tests/data/README.md`.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub text: Option<String>,
    pub bytes: Option<String>,
    pub finds: Vec<String>,
    pub why: String,
    #[serde(default)]
    pub allow: Vec<String>,
    #[serde(default)]
    pub only: Vec<String>,
    pub known_limit: Option<String>,
    /// The file that the case stands in.
    #[serde(skip)]
    pub file: PathBuf,
}

impl Case {
    /// The line itself; exactly one of `text` and `bytes` says it.
    pub fn line(&self) -> Vec<u8> {
        match (&self.text, &self.bytes) {
            (Some(text), None) => text.as_bytes().to_vec(),
            (None, Some(hex)) => from_hex(hex).unwrap_or_else(|| panic!("{}: bytes are no hex", self.name)),
            _ => panic!("{}: one of text and bytes is needed", self.name),
        }
    }

    /// The scanner that the case asks for: the default policy and the types of `only`.
    pub fn scanner(&self, scanners: &mut Scanners) -> Scanner {
        scanners.of(&self.only)
    }
}

/// Scanners by the types that are switched on beside the default ones; each is built once.
#[derive(Default)]
pub struct Scanners {
    built: Vec<(Vec<String>, Scanner)>,
}

impl Scanners {
    pub fn of(&mut self, only: &[String]) -> Scanner {
        if let Some((_, scanner)) = self.built.iter().find(|(types, _)| types == only) {
            return scanner.clone();
        }
        let scanner = Scanner::new(&Policy::default().also(only).unwrap()).unwrap();
        self.built.push((only.to_vec(), scanner.clone()));
        scanner
    }
}

/// A finding as tests compare it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Found {
    pub kind: TypeId,
    pub start: usize,
    pub end: usize,
}

/// What a scanner finds in one record.
pub fn scan(scanner: &Scanner, line: &[u8], scratch: &mut Scratch) -> Vec<Found> {
    let found = scanner.scan(line, scratch);
    found.iter().map(|f| Found { kind: f.kind, start: f.start, end: f.end }).collect()
}

pub fn data_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// All labelled lines, in the order of their files' names.
pub fn cases() -> Vec<Case> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(data_folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        cases.extend(file.case.into_iter().map(|case| Case { file: path.clone(), ..case }));
    }
    cases
}

/// The bundled sample logs.
pub fn samples() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut samples: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "log"))
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect();
    samples.sort();
    samples
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// Splits `type=value` and refuses unknown types and empty values.
pub fn claim<'a>(name: &str, claim: &'a str) -> (TypeId, &'a [u8]) {
    let (kind, value) = claim.split_once('=').unwrap_or_else(|| panic!("{name}: `{claim}` has no `=`"));
    let kind = TypeId::from_id(kind).unwrap_or_else(|| panic!("{name}: unknown type {kind}"));
    assert!(!value.is_empty(), "{name}: an empty value cannot be found");
    (kind, value.as_bytes())
}
