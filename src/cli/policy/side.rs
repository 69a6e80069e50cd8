//! One side of `policy diff`: a policy, one with its detection held at a ruleset, or the findings
//! that another version of the program wrote down.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;

use crate::cli::keys::{KeySourceArgs, TokenArgs};
use crate::cli::plan::scanner_with_keys;
use crate::error::Error;
use crate::finding::Finding;
use crate::policy::{Action, Mode, Policy};
use crate::rules;
use crate::scan::{Scanner, Scratch};

/// What is found in a line, by its place: the type, and what happens to it.
pub(super) type Findings = BTreeMap<(usize, usize), What>;

/// What is known of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct What {
    pub kind: String,
    /// `None` where only findings were written down.
    pub action: Option<String>,
}

/// One side of a comparison.
pub(super) enum Side {
    Policy { name: String, scanner: Box<Scanner>, scratch: Box<Scratch> },
    Written { name: String, paths: BTreeSet<String>, lines: BTreeMap<(String, u64), Findings> },
}

/// A line of `scan --format jsonl`; what else it says is of no concern here.
#[derive(Deserialize)]
struct Line {
    path: String,
    line: u64,
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: String,
}

impl Side {
    /// A policy's name or file, `RULESET` or `POLICY@RULESET`, or a file of findings (`.jsonl`).
    ///
    /// # Errors
    /// What is named can't be read or used.
    pub(super) fn open(name: &str, keys: &KeySourceArgs) -> Result<Self, Error> {
        if name.ends_with(".jsonl") {
            return Self::written(name);
        }
        let (policy, ruleset) = match name.rsplit_once('@') {
            _ if rules::is_ruleset(name) => ("default", Some(name)),
            Some((policy, ruleset)) if rules::is_ruleset(ruleset) => (policy, Some(ruleset)),
            _ => (name, None),
        };
        let mut policy = Policy::load(policy)?;
        if let Some(ruleset) = ruleset {
            policy = policy.with_ruleset(ruleset)?;
        }
        let scanner = Box::new(scanner_with_keys(&policy, keys, &TokenArgs::default())?);
        let name = if ruleset.is_some() { name.to_owned() } else { policy.name().to_owned() };
        Ok(Self::Policy { name, scanner, scratch: Box::default() })
    }

    fn written(name: &str) -> Result<Self, Error> {
        let file = File::open(name).map_err(|error| Error::io(format!("can't read {name}"), error))?;
        let (mut paths, mut lines) = (BTreeSet::new(), BTreeMap::<_, Findings>::new());
        for (number, line) in BufReader::new(file).lines().enumerate() {
            let line = line.map_err(|error| Error::io(format!("can't read {name}"), error))?;
            let wrong = |_| {
                let number = number + 1;
                Error::usage(format!(
                    "{name}:{number}: no finding as `logveil scan --format jsonl` writes it"
                ))
            };
            let line: Line = serde_json::from_str(&line).map_err(wrong)?;
            paths.insert(line.path.clone());
            let what = What { kind: line.kind, action: None };
            lines.entry((line.path, line.line)).or_default().insert((line.start, line.end), what);
        }
        Ok(Self::Written { name: name.to_owned(), paths, lines })
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Policy { name, .. } | Self::Written { name, .. } => name,
        }
    }

    /// Whether the findings of a file are known: of files that were not scanned nothing can be said.
    pub(super) fn knows(&self, path: &Path) -> bool {
        match self {
            Self::Policy { .. } => true,
            // A file without findings leaves no line either.
            Self::Written { paths, .. } => paths.is_empty() || self.path_of(path).is_some(),
        }
    }

    /// The path as it was written down: the same, or the only one.
    fn path_of(&self, path: &Path) -> Option<&str> {
        let Self::Written { paths, .. } = self else { return None };
        let same = paths.get(path.to_string_lossy().as_ref());
        same.or_else(|| paths.first().filter(|_| paths.len() == 1)).map(String::as_str)
    }

    /// What is found in a line.
    pub(super) fn of(&mut self, path: &Path, number: u64, line: &[u8]) -> Findings {
        if let Self::Policy { scanner, scratch, .. } = self {
            let findings = scanner.scan(line, scratch).to_vec();
            let (scanner, _) = scanner.of_record(line);
            let policy = scanner.policy();
            return findings.iter().map(|f| ((f.start, f.end), described(policy, line, f))).collect();
        }
        let path = self.path_of(path).unwrap_or_default().to_owned();
        match self {
            Self::Written { lines, .. } => lines.get(&(path, number)).cloned().unwrap_or_default(),
            Self::Policy { .. } => Findings::new(),
        }
    }
}

/// The type of a finding and what its place, or its type, does with it.
fn described(policy: &Policy, line: &[u8], finding: &Finding) -> What {
    let place = policy.places.around(line, finding.start, finding.end).map(|(place, _)| place);
    let mode = place.as_ref().and_then(|place| place.mode);
    let is_shadow = mode.map_or_else(|| policy.shadows(finding), |mode| mode == Mode::Shadow);
    let action = place.and_then(|place| place.action).unwrap_or_else(|| policy.action(finding.kind).clone());
    let action = match (is_shadow, action) {
        (true, _) => "in shadow".to_owned(),
        (false, Action::Label) => "label".to_owned(),
        (false, action) => action.to_string(),
    };
    What { kind: policy.type_id(finding.kind).to_owned(), action: Some(action) }
}
