//! The marker that stands for bytes which could not be redacted.

use super::Clean;
use crate::mark;

/// Appends the marker for `bytes` withheld bytes; `json` if the stream is one of JSON records.
pub(crate) fn withhold(bytes: u64, json: bool, line_end: &[u8], out: &mut Clean) {
    let out = out.bytes_mut();
    out.extend_from_slice(mark::withheld_marker(bytes, json).as_bytes());
    out.extend_from_slice(line_end);
}
