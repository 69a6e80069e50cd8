//! The plan: a policy bound to rules and keys, the only thing a scanner holds.

use crate::error::Error;
use crate::finding::Finding;
use crate::policy::Policy;

pub(crate) struct Plan {
    pub(crate) policy: Policy,
}

impl Plan {
    pub(crate) fn new(policy: &Policy) -> Result<Self, Error> {
        Ok(Self { policy: policy.clone() })
    }

    /// What the rules of user packs find in a chunk.
    pub(crate) fn user_findings(&self, _chunk: &[u8], _found: &mut Vec<Finding>) {}
}
