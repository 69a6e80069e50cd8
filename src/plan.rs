//! The plan: a policy bound to rules, the only thing a scanner holds.

use crate::error::Error;
use crate::policy::Policy;

pub(crate) struct Plan {
    pub(crate) policy: Policy,
}

impl Plan {
    pub(crate) fn new(policy: &Policy) -> Result<Self, Error> {
        Ok(Self { policy: policy.clone() })
    }
}
