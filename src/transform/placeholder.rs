//! Valid reserved values, for parsers that need an address where one was. All are allowed by
//! default, so a second pass leaves them alone.

use crate::finding::TypeId;

/// The reserved value of a type; `None` where none exists and the label is written.
pub(super) fn of(kind: TypeId) -> Option<&'static [u8]> {
    Some(match kind {
        TypeId::IPV4 => b"0.0.0.0", // RFC 1122 section 3.2.1.3
        TypeId::IPV6 => b"::",      // RFC 4291 section 2.5.2
        TypeId::MAC => b"00:00:00:00:00:00",
        TypeId::UUID => b"00000000-0000-0000-0000-000000000000", // RFC 9562 section 5.9
        TypeId::EMAIL => b"redacted@example.invalid",            // RFC 2606 section 2
        _ => return None,
    })
}
