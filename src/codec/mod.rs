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

use std::ops::Range;

use crate::finding::Layers;

/// A decoded text and where each of its bytes came from.
#[derive(Default)]
pub(crate) struct View {
    pub text: Vec<u8>,
    /// In order, without a gap in the text.
    pieces: Vec<Piece>,
    /// Something else than escapes of JSON was decoded.
    has_others: bool,
}

/// Bytes of a view that follow each other, or stand for one encoded character.
#[derive(Clone, Copy)]
struct Piece {
    /// Where it starts in the view.
    at: u32,
    /// Where it starts in the original.
    start: u32,
    /// Bytes of the original that all of the piece stands for; 0: each byte stands for one.
    unit: u32,
    layer: u8,
}

impl Piece {
    /// Where the unit of the byte at `at` starts in the original.
    fn start_of(&self, at: usize) -> usize {
        self.start as usize + if self.unit == 0 { at - self.at as usize } else { 0 }
    }
    /// Where it ends there.
    fn end_of(&self, at: usize) -> usize {
        self.start_of(at) + (self.unit as usize).max(1)
    }
}

impl View {
    fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
        self.has_others = false;
    }

    /// Appends bytes of `source` that stay what they are.
    #[inline]
    fn push_plain(&mut self, source: &[u8], places: Range<usize>, layer: u8) {
        if !places.is_empty() {
            let (at, start) = (self.text.len() as u32, places.start as u32);
            self.pieces.push(Piece { at, start, unit: 0, layer });
            self.text.extend_from_slice(&source[places]);
        }
    }

    /// Appends what the encoded character at `start` stands for.
    #[inline]
    fn push_unit(&mut self, unit: &unit::Unit, start: usize) {
        self.has_others |= unit.layer != Layers::JSON;
        if !unit.bytes().is_empty() {
            let (at, start) = (self.text.len() as u32, start as u32);
            self.pieces.push(Piece { at, start, unit: unit.consumed as u32, layer: unit.layer });
            self.text.extend_from_slice(unit.bytes());
        }
    }

    /// Appends bytes that stay what they are, and what the encoded character behind them stands for; returns where that
    /// ends.
    #[inline]
    fn push_behind(&mut self, source: &[u8], plain: Range<usize>, unit: &unit::Unit) -> usize {
        let start = plain.end;
        self.push_plain(source, plain, 0);
        self.push_unit(unit, start);
        start + unit.consumed
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

    /// Whether nothing but escapes of JSON was decoded.
    pub fn is_of_json(&self) -> bool {
        !self.has_others
    }

    /// Undoes the escapes of JSON alone, those of quotes too: of what stands in one string, whose text is one of its own
    /// then.
    pub fn unescape(&mut self, source: &[u8]) {
        self.clear();
        let (mut at, mut plain) = (0, 0);
        while let Some(next) = memchr::memchr(b'\\', &source[at..]) {
            at += next;
            match unit::json(&source[at..]) {
                Some(unit) => {
                    at = self.push_behind(source, plain..at, &unit);
                    plain = at;
                }
                None => at += 1,
            }
        }
        self.push_plain(source, plain..source.len(), 0);
    }

    /// `quotes` is the layer of backslashes before a quote, which stay; `None` decodes them.
    fn decode_around_quotes(&mut self, source: &[u8], quotes: Option<u8>) -> bool {
        self.clear();
        let mut changed = false;
        let mut at = 0;
        // what stays as it is from here on
        let mut plain = 0;
        // the end of the run of backslashes in hand, so that each run is looked at once
        let mut run_end = 0;
        loop {
            at = unit::next_lead(source, at);
            if at == source.len() {
                break;
            }
            if let Some(layer) = quotes
                && source[at] == b'\\'
                && at >= run_end
            {
                run_end = at + source[at..].iter().take_while(|b| **b == b'\\').count();
                if source.get(run_end) == Some(&b'"') {
                    if layer != 0 {
                        changed = true;
                        self.push_plain(source, plain..at, 0);
                        self.push_plain(source, at..run_end + 1, layer);
                        plain = run_end + 1;
                    }
                    at = run_end + 1;
                    continue;
                }
            }
            match unit::decode(source, at) {
                Some(unit) => {
                    changed = true;
                    at = self.push_behind(source, plain..at, &unit);
                    plain = at;
                }
                None => at += 1,
            }
        }
        self.push_plain(source, plain..source.len(), 0);
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
        if !outer.may_hold_more() || !self.decode_around_quotes(&outer.text, quotes) {
            return false;
        }
        let inner = std::mem::take(&mut self.pieces);
        let mut i = 0;
        for (n, piece) in inner.iter().enumerate() {
            let bytes = inner.get(n + 1).map_or(self.text.len(), |next| next.at as usize) - piece.at as usize;
            let first = piece.start as usize;
            let last = piece.end_of(piece.at as usize + if piece.unit == 0 { bytes - 1 } else { 0 }) - 1;
            while outer.piece_end(i) <= first {
                i += 1;
            }
            if piece.unit != 0 {
                let others = &outer.pieces[i..=outer.piece_of(last)];
                let layer = others.iter().map(|p| p.layer).find(|l| *l != 0).unwrap_or(0);
                let start = others[0].start_of(first);
                let unit = others[others.len() - 1].end_of(last) - start;
                let layer = both(layer, piece.layer);
                self.pieces.push(Piece { start: start as u32, unit: unit as u32, layer, ..*piece });
                continue;
            }
            // each of the outer pieces that it reaches over
            let mut from = first;
            while from <= last {
                let other = &outer.pieces[i];
                self.pieces.push(Piece {
                    at: piece.at + (from - first) as u32,
                    start: other.start_of(from) as u32,
                    unit: other.unit,
                    layer: both(other.layer, piece.layer),
                });
                from = outer.piece_end(i);
                i += usize::from(from <= last);
            }
        }
        true
    }

    /// Whether something may be encoded in the text still: what it is was not there before, so it
    /// reaches over the start of a piece or into a decoded character.
    fn may_hold_more(&self) -> bool {
        self.pieces.iter().enumerate().any(|(place, piece)| {
            // what starts behind a character was looked at with it
            let is_seen = place.checked_sub(1).is_none_or(|before| self.pieces[before].unit > 0);
            if piece.unit == 0 && is_seen {
                return false;
            }
            let at = piece.at as usize;
            let end = if piece.unit > 0 { self.piece_end(place) } else { at };
            let mut lead = unit::next_lead(&self.text[..end], at.saturating_sub(unit::MAX_BYTES));
            while lead < end {
                if unit::decode(&self.text, lead).is_some() {
                    return true;
                }
                lead = unit::next_lead(&self.text[..end], lead + 1);
            }
            false
        })
    }

    /// The place of the piece that holds the byte at `at`.
    fn piece_of(&self, at: usize) -> usize {
        self.pieces.partition_point(|piece| piece.at as usize <= at) - 1
    }

    /// Where the piece at a place ends in the text.
    fn piece_end(&self, place: usize) -> usize {
        self.pieces.get(place + 1).map_or(self.text.len(), |next| next.at as usize)
    }

    /// The original range and the layers of a range of the view that is not empty.
    pub fn original(&self, start: usize, end: usize) -> (usize, usize, Layers) {
        let pieces = &self.pieces[self.piece_of(start)..=self.piece_of(end - 1)];
        // what is encoded twice says more than what is encoded once
        let found = |is_meant: fn(u8) -> bool| pieces.iter().map(|p| p.layer).find(|l| is_meant(*l));
        let layer = found(|l| l >> 4 != 0).or_else(|| found(|l| l != 0));
        // what stands for nothing left no byte that would say so
        let vanishes = |two: &[Piece]| two[1].start as usize > two[0].end_of(two[1].at as usize - 1);
        let layer = layer.or_else(|| pieces.windows(2).any(vanishes).then_some(Layers::DISGUISE));
        let last = &pieces[pieces.len() - 1];
        (pieces[0].start_of(start), last.end_of(end - 1), Layers(layer.unwrap_or(0)))
    }
}

/// The layer of what is encoded in two.
fn both(outer: u8, inner: u8) -> u8 {
    match (outer, inner) {
        (0, inner) => inner,
        (outer, 0) => outer,
        (outer, inner) => Layers(outer & 0x0f).with(inner).0,
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
        for i in 1..view.text.len() {
            let [before, this] = [i - 1, i].map(|i| view.original(i, i + 1));
            assert!(before.0 <= this.0 && before.1 <= this.1, "{i}");
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

    /// For each byte of a text where its unit starts and ends, and its layer.
    type Bytes = Vec<(u8, usize, usize, u8)>;

    /// What a view says, byte by byte, decoded without pieces.
    fn decode_bytes(source: &Bytes, quotes: Option<u8>) -> Bytes {
        let text: Vec<u8> = source.iter().map(|b| b.0).collect();
        let (mut out, mut at) = (Bytes::new(), 0);
        let one = |first: usize, last: usize, byte: u8, layer: u8| {
            let outer = source[first..=last].iter().map(|b| b.3).find(|l| *l != 0).unwrap_or(0);
            (byte, source[first].1, source[last].2, both(outer, layer))
        };
        while at < text.len() {
            let slashes = text[at..].iter().take_while(|b| **b == b'\\').count();
            let is_first = at == 0 || text[at - 1] != b'\\' || out.last().is_none_or(|b| b.0 != b'\\');
            if let Some(layer) = quotes
                && slashes > 0
                && is_first
                && text.get(at + slashes) == Some(&b'"')
            {
                out.extend((at..=at + slashes).map(|place| one(place, place, text[place], layer)));
                at += slashes + 1;
            } else if let Some(unit) = unit::decode(&text, at) {
                out.extend(
                    unit.bytes().iter().map(|byte| one(at, at + unit.consumed - 1, *byte, unit.layer)),
                );
                at += unit.consumed;
            } else {
                out.push(one(at, at, text[at], 0));
                at += 1;
            }
        }
        out
    }

    #[test]
    fn pieces_say_what_bytes_would() {
        const PARTS: [&str; 28] = [
            "\x1b[1m",
            "\x1b[",
            "%31m",
            "%3",
            "\\\"",
            "\\\\\\\"",
            "a",
            "b1",
            " ",
            "%40",
            "%2540",
            "%",
            "=",
            "=40x",
            "=3D40x",
            "&#64;",
            "&amp;",
            "&amp;#64;",
            "&",
            "\"",
            "\\u0040",
            "\\u200b",
            "\\n",
            "\u{200b}",
            "\u{ff10}",
            "\u{e4}",
            "plain words that stay",
            "%5cu0040",
        ];
        let mut seed = 7u64;
        for _ in 0..20_000 {
            let mut source = String::new();
            for _ in 0..1 + seed % 9 {
                seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) ^ 5;
                source.push_str(PARTS[(seed >> 40) as usize % PARTS.len()]);
            }
            let raw: Bytes = source.bytes().enumerate().map(|(i, byte)| (byte, i, i + 1, 0)).collect();
            let (mut once, mut twice) = (View::default(), View::default());
            once.decode(source.as_bytes());
            let mut views = vec![(&once, decode_bytes(&raw, Some(Layers::JSON)))];
            if twice.decode_again(&once) {
                let expected = decode_bytes(&views[0].1, Some(0));
                views.push((&twice, expected));
            }
            for (view, bytes) in views {
                assert_eq!(view.text, bytes.iter().map(|b| b.0).collect::<Vec<_>>(), "{source:?}");
                for (start, first) in bytes.iter().enumerate() {
                    for (end, last) in bytes.iter().enumerate().skip(start) {
                        let (from, to, layers) = view.original(start, end + 1);
                        assert_eq!((from, to), (first.1, last.2), "{source:?}");
                        let all = bytes[start..=end].iter().map(|b| b.3);
                        let layer =
                            all.clone().find(|l| l >> 4 != 0).or_else(|| all.clone().find(|l| *l != 0));
                        let gone = bytes[start..=end].windows(2).any(|two| two[1].1 > two[0].2);
                        let expected = layer.unwrap_or(if gone { Layers::DISGUISE } else { 0 });
                        assert_eq!(layers.0, expected, "{source:?} {start} {end}");
                    }
                }
            }
        }
    }
}
