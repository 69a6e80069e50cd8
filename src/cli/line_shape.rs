//! Named shapes of lines (`patterns/data/line-shapes.toml`): which one a line has.

use crate::context::line_format::{Filled, LineFormat, Slot};
use crate::error::Error;
use crate::policy::when::RecordShape;
use crate::rules::{Form, LINE_SHAPES, LineShape};

/// A named shape, ready to be asked.
pub(super) struct KnownLine {
    pub name: &'static str,
    form: Known,
}

enum Known {
    Format(LineFormat),
    Shape(RecordShape),
}

impl KnownLine {
    /// The shape of that name.
    ///
    /// # Errors
    /// A format that can't be read: a mistake of ours.
    pub(super) fn named(name: &str) -> Result<Option<Self>, Error> {
        LINE_SHAPES.iter().find(|shape| shape.name == name).map(Self::new).transpose()
    }

    /// All shapes, in the order in which they are asked.
    ///
    /// # Errors
    /// As [`KnownLine::named`].
    pub(super) fn all() -> Result<Vec<Self>, Error> {
        LINE_SHAPES.iter().map(Self::new).collect()
    }

    fn new(shape: &LineShape) -> Result<Self, Error> {
        let form = match shape.form {
            Form::Format(format) => Known::Format(LineFormat::parse(format)?),
            Form::Shape(name) => Known::Shape(RecordShape::from_id(name).unwrap_or(RecordShape::Text)),
        };
        Ok(Self { name: shape.name, form })
    }

    /// True if the line has the shape.
    pub(super) fn fits(&self, line: &[u8]) -> bool {
        match &self.form {
            Known::Format(format) => {
                let mut slots = Vec::new();
                format.cut(line, &mut slots) && slots.iter().all(|slot| is_filled(slot, line))
            }
            Known::Shape(shape) => RecordShape::of(line) == *shape,
        }
    }
}

/// The longest time and the longest number or word of a server.
const MAX_TIME_BYTES: usize = 40;
const MAX_WORD_BYTES: usize = 64;

/// Literals alone fit too much: a time starts with a digit, and numbers and words are short.
fn is_filled(slot: &Filled<'_>, line: &[u8]) -> bool {
    let value = line.get(slot.start..slot.end).unwrap_or_default();
    match slot.slot {
        Slot::Time => value.len() <= MAX_TIME_BYTES && value.first().is_some_and(u8::is_ascii_digit),
        Slot::Technical => value.len() <= MAX_WORD_BYTES,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_called_by_the_first_shape_that_fits() {
        let known = KnownLine::all().unwrap();
        let name =
            |line: &str| known.iter().find(|known| known.fits(line.as_bytes())).map(|known| known.name);
        for (line, expect) in [
            ("12:25:39.017 [main] INFO  com.example.App - user ann signed in", Some("logback")),
            ("Apr 11 12:25:39 host app[7]: [main] INFO x - y", Some("syslog")),
            ("203.0.113.7 - - [11/Apr/2026:12:25:39 +0000] \"GET / HTTP/1.1\" 200 12", Some("common")),
            ("a – b – c – d – e", None),
            ("plain words", None),
            ("", None),
        ] {
            assert_eq!(name(line), expect, "{line}");
        }
    }
}
