//! Decoded views of records that hold escapes; filled in next.

use super::Engine;
use crate::finding::Finding;
use crate::simd::Kernel;

/// Memory for views.
#[derive(Default)]
pub(super) struct Scratch {}

pub(super) fn hunt(
    _kernel: Kernel,
    _engine: &Engine,
    _chunk: &[u8],
    _escaped: &[u32],
    _scratch: &mut Scratch,
    _found: &mut Vec<Finding>,
) {
}
