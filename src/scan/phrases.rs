//! Values after words and a blank: `Bearer …`, `tel 0162…`, `for invalid user …`.

use super::accept::Hunt;
use crate::classify::{Candidates, KeyFilter};

pub(crate) struct PhraseTable {}

impl PhraseTable {
    pub fn new(_filter: &mut KeyFilter) -> Self {
        Self {}
    }
}

pub(super) fn hunt(_hunt: &mut Hunt<'_>, _candidates: &Candidates) {}
