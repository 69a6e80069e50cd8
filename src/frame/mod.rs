//! Records that are longer than the limit: parts cut off where nothing is cut in two, or the rest withheld.

pub(crate) mod json;

use json::is_json_start;

/// A record over the limit, of which never more than the limit is held.
///
/// Whoever reads fills it; while it is full, it wants to be told where it may be cut. Both depend on
/// the record's bytes and the limit alone, not on how they arrive.
pub(crate) struct LongRecord {
    /// What has come and was not cut off yet.
    window: Vec<u8>,
    max_bytes: usize,
    is_withheld: bool,
    withheld_bytes: u64,
    /// The last byte so far is a carriage return, which belongs to the line end.
    ends_in_return: bool,
    is_json: bool,
    /// A part was cut off already.
    has_parts: bool,
}

/// What is left of a long record at its end.
pub(crate) enum Rest {
    /// Its last part, with its line end.
    Part(Vec<u8>),
    /// So many bytes that could not be cut, without those of the line end.
    Withheld { bytes: u64, is_json: bool, line_end: &'static [u8] },
}

impl LongRecord {
    /// A record that starts with these bytes, more than `max_bytes`, and goes on.
    pub fn new(window: Vec<u8>, max_bytes: usize) -> Self {
        let is_json = is_json_start(&window);
        Self {
            window,
            max_bytes,
            is_withheld: false,
            withheld_bytes: 0,
            ends_in_return: false,
            is_json,
            has_parts: false,
        }
    }

    /// Takes from `body`, bytes of the record without its line end, as much as there is room for; how
    /// many bytes it took.
    pub fn fill(&mut self, body: &[u8]) -> usize {
        if self.is_withheld {
            self.withheld_bytes += body.len() as u64;
            self.ends_in_return = body.last().map_or(self.ends_in_return, |b| *b == b'\r');
            return body.len();
        }
        let room = (self.max_bytes + 1).saturating_sub(self.window.len());
        let taken = body.len().min(room);
        self.window.extend_from_slice(&body[..taken]);
        taken
    }

    /// The bytes in which a place to cut is wanted before more can be taken; `None` if there is room.
    pub fn full(&self) -> Option<&[u8]> {
        self.window.get(..self.max_bytes).filter(|_| self.window.len() > self.max_bytes)
    }

    /// Whether no part of the record may be cut off, whatever stands in it: JSON in is JSON out.
    pub fn is_whole(&self) -> bool {
        self.is_json
    }

    /// Cuts off the first `place` bytes of the window; withholds the rest of the record if there is
    /// no place.
    pub fn cut(&mut self, place: Option<usize>) -> Option<Vec<u8>> {
        let Some(place) = place.filter(|_| !self.is_json) else {
            self.is_withheld = true;
            self.withheld_bytes = self.window.len() as u64;
            self.ends_in_return = self.window.last() == Some(&b'\r');
            self.window = Vec::new();
            return None;
        };
        self.has_parts = true;
        Some(self.window.drain(..place).collect())
    }

    /// What is left where the record ends with a line feed, or without one where the input does.
    pub fn end(mut self, has_line_feed: bool) -> Rest {
        if !self.is_withheld {
            self.window.extend_from_slice(if has_line_feed { b"\n" } else { b"" });
            return Rest::Part(self.window);
        }
        let returned = self.ends_in_return && has_line_feed;
        Rest::Withheld {
            bytes: self.withheld_bytes - u64::from(returned),
            is_json: self.is_json && !self.has_parts,
            line_end: match (has_line_feed, returned) {
                (false, _) => b"",
                (true, false) => b"\n",
                (true, true) => b"\r\n",
            },
        }
    }

    /// What is left where the input broke off: all of it is withheld, and whether nothing was written of it.
    pub fn broken_off(self) -> (u64, bool, bool) {
        let bytes = self.withheld_bytes + self.window.len() as u64;
        (bytes, self.is_json && !self.has_parts, !self.has_parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_what_is_withheld_add_up_however_the_record_arrives() {
        let text = b"one two three four five six seven eight nine ten eleven\r";
        for (places, parts) in [(&[8usize, 4, 9][..], 3), (&[8, 4], 2), (&[], 0)] {
            for step in 1..text.len() {
                let (mut out, mut cuts) = (Vec::new(), 0);
                let mut long = LongRecord::new(text[..13].to_vec(), 12);
                for mut body in text[13..].chunks(step) {
                    loop {
                        while long.full().is_some() {
                            let part = long.cut(places.get(cuts).copied());
                            cuts += usize::from(part.is_some());
                            out.extend(part.unwrap_or_default());
                        }
                        if body.is_empty() {
                            break;
                        }
                        body = &body[long.fill(body)..];
                    }
                }
                assert_eq!(cuts, parts);
                let Rest::Withheld { bytes, is_json, line_end } = long.end(true) else { panic!("cut") };
                assert_eq!(
                    (out.len() + bytes as usize, is_json, line_end),
                    (text.len() - 1, false, &b"\r\n"[..])
                );
                assert!(text.starts_with(&out));
            }
        }
    }
}
