//! Values under keys.

use super::accept::Hunt;
use crate::classify::Candidates;

pub(super) fn hunt(_hunt: &mut Hunt<'_>, _candidates: &Candidates) {}
