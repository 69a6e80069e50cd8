//! Rule packs: detection rules as data, read from TOML, compiled into one linear-time searcher.

mod caches;
mod check;
mod compile;
mod filter;
mod narrow;
#[cfg(feature = "policy-toml")]
mod read;
#[cfg(feature = "policy-toml")]
pub(crate) mod text;
mod together;
mod window;

use std::path::{Path, PathBuf};

pub(crate) use check::Validator;
pub(crate) use compile::UserRules;

use crate::fields::PathPattern;
use crate::finding::Group;

/// A type that a pack brings along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PackType {
    pub id: String,
    pub label: String,
    pub group: Group,
}

/// One rule of a pack, as data.
#[derive(Clone)]
pub(crate) struct PackRule {
    /// Unique among all packs; not one of the built-in rules' ids.
    pub id: String,
    /// The id of a built-in type, or of one of the pack's own.
    pub kind: String,
    /// Labels to select by.
    pub tags: Vec<String>,
    /// What the text looks like; `None` for a rule that only has paths.
    pub regex: Option<String>,
    /// The capture group that holds the value; 0 is the whole match.
    pub capture: usize,
    /// One of these words must stand near: on either side, before, or after.
    pub keywords: Vec<String>,
    pub keywords_before: Vec<String>,
    pub keywords_after: Vec<String>,
    /// How near, in bytes.
    pub within: usize,
    /// None of these words may stand in the match or near it.
    pub exclude: Vec<String>,
    pub validator: Option<Validator>,
    /// The value stands under one of these key paths.
    pub paths: Vec<PathPattern>,
    /// 0 to 100.
    pub confidence: u8,
    /// Texts in which the rule must find something, and in which it must not.
    pub matches: Vec<String>,
    pub non_matches: Vec<String>,
    /// File and line.
    pub origin: String,
}

impl PackRule {
    /// True if a literal or a keyword tells the records that are worth a look.
    pub(crate) fn has_filter(&self) -> bool {
        !self.paths.is_empty() || compile::filters(self).is_some()
    }
}

impl std::fmt::Debug for PackRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PackRule({})", self.id)
    }
}

/// A pack: its own types and its rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pack {
    path: PathBuf,
    types: Vec<PackType>,
    rules: Vec<PackRule>,
}

impl Pack {
    /// The file that the pack was read from.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
    /// The types that the pack brings along.
    pub(crate) fn types(&self) -> &[PackType] {
        &self.types
    }
    /// The rules, in the order of the file.
    pub(crate) fn rules(&self) -> &[PackRule] {
        &self.rules
    }
}
