//! `redact`: one call for one text.

use std::borrow::Cow;

use super::Redactor;
use crate::policy::Policy;
use crate::scan::Scanner;
use crate::transform::{self, Clean};

/// Redacts a text of whole records (lines) by the default policy; borrowed if nothing had to change.
///
/// Every call builds a scanner, some milliseconds of work: for more than a few texts build one
/// [`Scanner`] and reuse a [`crate::Scratch`], or push a stream through a [`Redactor`]. Records are at most
/// [`Redactor::MAX_RECORD_BYTES`] long; what is longer is cut or withheld, as there. What can't be
/// looked at is never given out: it is withheld with a marker.
///
/// ```
/// use std::borrow::Cow;
///
/// let clean = logveil::redact(b"client 203.0.113.7 asked\n");
/// assert_eq!(&*clean, b"client [IPV4] asked\n");
/// assert!(matches!(logveil::redact(b"nothing here\n"), Cow::Borrowed(_)));
/// ```
pub fn redact(text: &[u8]) -> Cow<'_, [u8]> {
    let mut clean = Clean::new();
    match Scanner::new(&Policy::default()) {
        Ok(scanner) => {
            let mut redactor = Redactor::new(scanner);
            redactor.write(text, &mut clean);
            redactor.finish(&mut clean);
        }
        // The default policy can be used; if ever it can't, nothing may pass.
        Err(_) => transform::withhold(text.len() as u64, false, b"", &mut clean),
    }
    match clean.as_bytes() == text {
        true => Cow::Borrowed(text),
        false => Cow::Owned(clean.into_bytes()),
    }
}
