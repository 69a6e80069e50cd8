//! Escapes and what they stand for: decoded views with a map back to the bytes.
//!
//! One pass undoes every encoding where it stands: percent (RFC 3986 section 2.1), JSON escapes
//! (RFC 8259 section 7), HTML character references, quoted-printable for the few bytes that hide
//! values (RFC 2045 section 6.7), and disguises (zero-width characters, full-width forms,
//! no-break spaces, colour codes).

mod base64;
pub(crate) mod json;
mod unit;

pub(crate) use base64::{base64, is_text, may_be_text};

use crate::finding::Layers;

/// A decoded text and, for each of its bytes, where it came from.
#[derive(Default)]
pub(crate) struct View {
    pub text: Vec<u8>,
    /// Original offset of the first byte of the unit that a byte came from.
    starts: Vec<u32>,
    /// Original offset behind that unit.
    ends: Vec<u32>,
    layers: Vec<u8>,
}

impl View {
    fn clear(&mut self) {
        self.text.clear();
        self.starts.clear();
        self.ends.clear();
        self.layers.clear();
    }

    fn push(&mut self, byte: u8, start: usize, end: usize, layer: u8) {
        self.text.push(byte);
        self.starts.push(start as u32);
        self.ends.push(end as u32);
        self.layers.push(layer);
    }

    /// Decodes `source` once; false if nothing in it was encoded.
    ///
    /// Backslashes before a quote stay: they say how deep the string is nested that the quote opens
    /// or closes, and values are followed by that count in views as in the original.
    pub fn decode(&mut self, source: &[u8]) -> bool {
        self.decode_around_quotes(source, Some(Layers::JSON))
    }

    /// Decodes all of `source` once, backslashes before quotes too: for looking a text up in it.
    #[cfg(feature = "cli")]
    pub fn decode_all(&mut self, source: &[u8]) -> bool {
        self.decode_around_quotes(source, None)
    }

    /// `quotes` is the layer of backslashes before a quote, which stay; `None` decodes them.
    fn decode_around_quotes(&mut self, source: &[u8], quotes: Option<u8>) -> bool {
        self.clear();
        let mut changed = false;
        let mut at = 0;
        // the end of the run of backslashes in hand, so that each run is looked at once
        let mut run_end = 0;
        while at < source.len() {
            if let Some(layer) = quotes
                && source[at] == b'\\'
                && at >= run_end
            {
                run_end = at + source[at..].iter().take_while(|b| **b == b'\\').count();
                if source.get(run_end) == Some(&b'"') {
                    changed |= layer != 0;
                    (at..=run_end).for_each(|place| self.push(source[place], place, place + 1, layer));
                    at = run_end + 1;
                    continue;
                }
            }
            match unit::decode(source, at) {
                Some(unit) => {
                    changed = true;
                    for &byte in unit.bytes() {
                        self.push(byte, at, at + unit.consumed, unit.layer);
                    }
                    at += unit.consumed;
                }
                None => {
                    self.push(source[at], at, at + 1, 0);
                    at += 1;
                }
            }
        }
        changed
    }

    /// Decodes the text of `outer` once more; offsets stay those of the original.
    pub fn decode_again(&mut self, outer: &View) -> bool {
        self.decode_inside(outer, Some(0))
    }

    /// The same, backslashes before quotes too.
    #[cfg(feature = "cli")]
    pub fn decode_all_again(&mut self, outer: &View) -> bool {
        self.decode_inside(outer, None)
    }

    fn decode_inside(&mut self, outer: &View, quotes: Option<u8>) -> bool {
        if !self.decode_around_quotes(&outer.text, quotes) {
            return false;
        }
        for i in 0..self.text.len() {
            let (first, last) = (self.starts[i] as usize, self.ends[i] as usize - 1);
            let outer_layer = outer.layers[first..=last].iter().copied().find(|l| *l != 0).unwrap_or(0);
            self.starts[i] = outer.starts[first];
            self.ends[i] = outer.ends[last];
            self.layers[i] = match (outer_layer, self.layers[i]) {
                (0, inner) => inner,
                (outer, 0) => outer,
                (outer, inner) => Layers(outer & 0x0f).with(inner).0,
            };
        }
        true
    }

    /// The original range and the layers of a range of the view that is not empty.
    pub fn original(&self, start: usize, end: usize) -> (usize, usize, Layers) {
        // what is encoded twice says more than what is encoded once
        let found = |is_meant: fn(u8) -> bool| self.layers[start..end].iter().copied().find(|l| is_meant(*l));
        let layer = found(|l| l >> 4 != 0).or_else(|| found(|l| l != 0));
        // what stands for nothing left no byte that would say so
        let vanished = |i: &usize| self.starts[*i] > self.ends[*i - 1];
        let layer = layer.or_else(|| (start + 1..end).find(vanished).map(|_| Layers::DISGUISE));
        (self.starts[start] as usize, self.ends[end - 1] as usize, Layers(layer.unwrap_or(0)))
    }
}

/// The decoded form of a finding's bytes; `None` if no layer is on them.
pub(crate) fn decode_value(bytes: &[u8], layers: Layers) -> Option<Vec<u8>> {
    if layers == Layers::NONE {
        return None;
    }
    let mut view = View::default();
    let mut again = View::default();
    view.decode_around_quotes(bytes, None);
    if layers.names().count() > 1 && again.decode_around_quotes(&view.text, None) {
        return Some(again.text);
    }
    Some(view.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_map_back() {
        let source = br"x a%40b.example \u0040 &#64; z";
        let mut view = View::default();
        assert!(view.decode(source));
        assert_eq!(view.text, b"x a@b.example @ @ z");
        let start = view.text.iter().position(|b| *b == b'@').unwrap();
        assert_eq!(view.original(start - 1, start + 2), (2, 7, Layers(Layers::PERCENT)));
        for (i, window) in view.starts.windows(2).enumerate() {
            assert!(window[0] <= window[1], "{i}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_a_layer() {
        for source in ["ja\u{200b}ne", "ja\x1b[1mne"] {
            let mut view = View::default();
            assert!(view.decode(source.as_bytes()));
            assert_eq!(view.original(0, 4), (0, source.len(), Layers(Layers::DISGUISE)));
            assert_eq!(view.original(0, 2).2, Layers::NONE);
            assert_eq!(decode_value(source.as_bytes(), view.original(0, 4).2).unwrap(), b"jane");
        }
    }

    #[test]
    fn twice_encoded() {
        let source = b"a%2540b";
        let (mut once, mut twice) = (View::default(), View::default());
        assert!(once.decode(source) && twice.decode_again(&once));
        assert_eq!(twice.text, b"a@b");
        assert_eq!(twice.original(1, 2).0, 1);
        assert_eq!(twice.original(1, 2).1, 6);
        assert_eq!(decode_value(source, Layers(Layers::PERCENT).with(Layers::PERCENT)).unwrap(), b"a@b");
    }

    #[test]
    fn plain_text_is_unchanged() {
        let mut view = View::default();
        for plain in [&b""[..], b"100% sure", b"a & b", b"C:/x", b"%zz", b"caf\xc3\xa9"] {
            assert!(!view.decode(plain), "{plain:?}");
            assert_eq!(view.text, plain);
        }
    }
}
