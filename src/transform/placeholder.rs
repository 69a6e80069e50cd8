//! Valid reserved values, for parsers that need an address where one was. All are allowed by
//! default, so a second pass leaves them alone.

use crate::finding::TypeId;
use crate::mark::PLACEHOLDERS;

/// The reserved value of a type; `None` where none exists and the label is written.
pub(super) fn of(kind: TypeId) -> Option<&'static [u8]> {
    PLACEHOLDERS.iter().find(|(of, _)| *of == kind).map(|(_, reserved)| *reserved)
}
