//! The plan: a policy bound to rules and keys, the only thing a scanner holds.

use crate::error::Error;
use crate::finding::Finding;
use crate::policy::{Action, Policy};

pub(crate) struct Plan {
    pub(crate) policy: Policy,
    /// Whether any action drops whole records.
    pub(crate) drops_records: bool,
    /// Whether any action leaves findings as they are, by type.
    pub(crate) keeps: [bool; 128],
    /// Labels say that a person was erased: `[EMAIL ERASED]`.
    pub(crate) erases: bool,
    #[cfg(feature = "token")]
    pub(crate) tokenizer: Option<std::sync::Arc<crate::token::Tokenizer>>,
}

impl Plan {
    pub(crate) fn new(policy: &Policy) -> Result<Self, Error> {
        let types = || policy.types().filter(|t| policy.is_enabled(*t));
        let mut keeps = [false; 128];
        types().for_each(|t| keeps[t.index()] = *policy.action(t) == Action::Keep);
        Ok(Self {
            drops_records: types().any(|t| *policy.action(t) == Action::DropRecord),
            keeps,
            policy: policy.clone(),
            erases: false,
            #[cfg(feature = "token")]
            tokenizer: None,
        })
    }

    /// True if a finding must never win over another on the same bytes: it changes nothing.
    pub(crate) fn is_weak(&self, finding: &Finding) -> bool {
        self.keeps[finding.kind.index()] || self.policy.is_shadow(finding.kind, finding.rule)
    }

    /// What the rules of user packs find in a chunk.
    pub(crate) fn user_findings(&self, _chunk: &[u8], _found: &mut Vec<Finding>) {}
}
