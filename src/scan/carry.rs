//! What may cross records: an open PEM block, and nothing else.

use super::Engine;
use crate::classify::Candidates;
use crate::finding::Finding;

/// What is open at the end of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carry {
    /// Bytes of an open PEM block so far, 0 if none is open.
    pem_bytes: u32,
}

/// Finds the lines of PEM blocks (RFC 7468); returns what is open at the end of the chunk.
pub(super) fn hunt(
    _engine: &Engine,
    _chunk: &[u8],
    _candidates: &Candidates,
    carry: Carry,
    _found: &mut Vec<Finding>,
) -> Carry {
    carry
}
