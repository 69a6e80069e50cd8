//! Copying a line with its tokens opened: in JSON, values are escaped as the string around them needs it.

use zeroize::Zeroizing;

use crate::codec::json;
use crate::mark::starts_token;

/// Strings nested deeper than this do not come up, and each level may double a value.
const MAX_LEVELS: u32 = 4;

/// Copies `line`, whole or the next part of one, to `out` with its tokens replaced by the values that
/// `open` gives; it answers a token's length, and no value for one that stays as it is.
///
/// A token begins where no letter, digit or `_` stands before it but that of an escape.
pub(crate) fn copy_opened(
    place: &mut Place,
    line: &[u8],
    out: &mut Vec<u8>,
    mut open: impl FnMut(&[u8]) -> Option<(usize, Option<Zeroizing<Vec<u8>>>)>,
) {
    let mut rest = line;
    while let Some((&byte, after)) = rest.split_first() {
        let starts = byte.is_ascii_lowercase() && starts_token(line, line.len() - rest.len());
        let Some((length, value)) = (if starts { open(rest) } else { None }) else {
            out.push(byte);
            place.see(byte);
            rest = after;
            continue;
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        match value {
            Some(value) => write_escaped(&value, place.levels(), out),
            None => out.extend_from_slice(token),
        }
        place.see(b'x');
        rest = after;
    }
}

/// What is known of the record in hand: whether it is JSON, and how deep its strings are nested.
#[derive(Default)]
pub(crate) struct Place {
    is_json: Option<bool>,
    /// Backslashes right before the byte in hand.
    backslashes: usize,
    /// Backslashes before the last quote: one for a string in a string, three a level deeper.
    before_quote: usize,
}

impl Place {
    fn see(&mut self, byte: u8) {
        match byte {
            b'\n' => *self = Self::default(),
            b'\\' => self.backslashes += 1,
            b'"' => self.before_quote = std::mem::take(&mut self.backslashes),
            _ => self.backslashes = 0,
        }
        if self.is_json.is_none() && !byte.is_ascii_whitespace() {
            self.is_json = Some(matches!(byte, b'{' | b'['));
        }
    }
    /// How often a value must be escaped here (RFC 8259 section 7).
    fn levels(&self) -> u32 {
        if self.is_json == Some(true) { (self.before_quote + 1).ilog2() + 1 } else { 0 }
    }
}

/// Appends a value as it stands inside a JSON string so many strings deep; 0 is as it is.
fn write_escaped(value: &[u8], levels: u32, out: &mut Vec<u8>) {
    let mut text = Zeroizing::new(value.to_vec());
    for _ in 0..levels.min(MAX_LEVELS) {
        // room for all, so that no copy is left behind in memory that was given back
        let mut next = Zeroizing::new(Vec::with_capacity(json::MAX_GROWTH * text.len()));
        json::escape(&text, &mut next);
        text = next;
    }
    out.extend_from_slice(&text);
}
