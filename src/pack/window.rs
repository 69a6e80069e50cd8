//! What a rule needs to stand in a record, as windows: a few neighbouring bytes, each out of a set.
//!
//! Words (literals and keywords) are windows of one byte or of its two cases; of a regex, a run of
//! byte classes that every match holds. Of a longer run the rarest part is what is looked for first.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::simd::WIDTH;

/// Bytes that are looked at before and behind the part that is looked for first.
pub(super) const BEFORE: usize = 4;
/// All bytes of a window.
pub(super) const LENGTH: usize = BEFORE + WIDTH + 4;
/// A run of classes that is likelier than one place in 2 to the power of this tells nothing.
const LEAST_BITS: f32 = 5.0;

/// A set of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bytes([u64; 4]);

impl Bytes {
    const ALL: Self = Self([u64::MAX; 4]);

    fn of(bytes: impl IntoIterator<Item = u8>) -> Self {
        let mut set = Self([0; 4]);
        bytes.into_iter().for_each(|byte| set.0[usize::from(byte / 64)] |= 1 << (byte % 64));
        set
    }
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte / 64)] >> (byte % 64) & 1 != 0
    }
    fn or(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|place| self.0[place] | other.0[place]))
    }
    /// How much it tells that a byte is in the set.
    fn bits(&self) -> f32 {
        let all: f32 = (0..=255).map(weight).sum();
        -((0..=255).filter(|byte| self.has(*byte)).map(weight).sum::<f32>() / all).log2()
    }
}

/// How often a byte stands in logs, roughly; digits come in runs and therefore count double.
fn weight(byte: u8) -> f32 {
    match byte {
        b'0'..=b'9' => 60.0,
        b' ' => 90.0,
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 35.0,
        b'.' | b':' | b'-' | b'/' | b'"' | b'=' | b'l' | b'c' | b'd' | b'p' | b'm' | b'u' => 20.0,
        b',' | b'_' | b'b' | b'f' | b'g' | b'h' | b'v' | b'w' | b'y' | b'k' | b'x' => 10.0,
        b'A'..=b'Z' => 6.0,
        b'!'..=b'~' => 4.0,
        b'\n' => 5.0,
        _ => 1.0,
    }
}

/// A window: what is looked for first stands at `BEFORE .. BEFORE + WIDTH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Window([Bytes; LENGTH]);

impl Window {
    /// The window of a word; in any case if `any_case`, as ASCII has it.
    pub(super) fn of_word(word: &[u8], any_case: bool) -> Self {
        let run: Vec<Bytes> = word
            .iter()
            .map(|byte| match any_case {
                true => Bytes::of([byte.to_ascii_lowercase(), byte.to_ascii_uppercase()]),
                false => Bytes::of([*byte]),
            })
            .collect();
        Self::of_run(&run).0
    }

    /// The window of the best run of classes that every match of the regex holds, if it tells enough.
    pub(super) fn of_regex(hir: &Hir) -> Option<Self> {
        let mut runs = Runs { all: vec![Vec::new()], open: None };
        runs.add(hir);
        let windows = runs.all.iter().map(|run| Self::of_run(run));
        let best = windows.max_by(|one, other| one.1.total_cmp(&other.1))?;
        (best.1 >= LEAST_BITS).then_some(best.0)
    }

    /// The window around the rarest part of a run, and how much it tells.
    fn of_run(run: &[Bytes]) -> (Self, f32) {
        let told =
            |at: usize, width: usize| -> f32 { run.iter().skip(at).take(width).map(Bytes::bits).sum() };
        let last = run.len().saturating_sub(WIDTH);
        let best =
            (0..=last).max_by(|one, other| told(*one, WIDTH).total_cmp(&told(*other, WIDTH))).unwrap_or(0);
        let byte = |place: usize| (best + place).checked_sub(BEFORE).and_then(|at| run.get(at)).copied();
        let window = Self(std::array::from_fn(|place| byte(place).unwrap_or(Bytes::ALL)));
        (window, window.0.iter().map(Bytes::bits).sum())
    }

    /// A window that lets pass what either lets pass.
    pub(super) fn or(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|place| self.0[place].or(&other.0[place])))
    }
    /// The part that is looked for first.
    pub(super) fn first(&self) -> &[Bytes] {
        &self.0[BEFORE..BEFORE + WIDTH]
    }
    /// The set at a place, counted from `BEFORE` bytes before the first part.
    pub(super) fn at(&self, place: usize) -> &Bytes {
        &self.0[place]
    }
    /// Where the byte of a place stands if the first part starts at `hit`.
    pub(super) fn position(hit: usize, place: usize) -> Option<usize> {
        (hit + place).checked_sub(BEFORE)
    }
    /// True if any byte may stand at a place.
    pub(super) fn is_open(&self, place: usize) -> bool {
        self.0[place] == Bytes::ALL
    }
}

/// Runs of classes that neighbouring bytes of every match belong to.
struct Runs {
    all: Vec<Vec<Bytes>>,
    /// Characters of more than one byte may have stood in the last run: only the same class goes on.
    open: Option<Bytes>,
}

/// A run needs no more than this, however often a class is repeated.
const RUN: usize = 4 * LENGTH;

impl Runs {
    fn end(&mut self) {
        self.open = None;
        if self.all.last().is_some_and(|run| !run.is_empty()) {
            self.all.push(Vec::new());
        }
    }

    fn push(&mut self, bytes: Bytes, may_be_long: bool) {
        if self.open.is_some_and(|open| open != bytes) || self.all.last().is_some_and(|run| run.len() >= RUN)
        {
            self.end();
        }
        if let Some(run) = self.all.last_mut() {
            run.push(bytes);
        }
        self.open = may_be_long.then_some(bytes);
    }

    fn add(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => {
                literal.0.iter().for_each(|byte| self.push(Bytes::of([*byte]), false));
            }
            HirKind::Class(class) => self.add_class(class),
            HirKind::Capture(capture) => self.add(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.add(part)),
            HirKind::Repetition(repetition) => {
                (0..repetition.min.min(RUN as u32)).for_each(|_| self.add(&repetition.sub));
                if repetition.max != Some(repetition.min) || repetition.min > RUN as u32 {
                    self.end();
                }
            }
            HirKind::Alternation(_) => self.end(),
        }
    }

    fn add_class(&mut self, class: &Class) {
        match class {
            Class::Bytes(class) => {
                let ranges = class.ranges().iter().flat_map(|range| range.start()..=range.end());
                self.push(Bytes::of(ranges), false);
            }
            Class::Unicode(class) => {
                let ranges = class.ranges().iter();
                let is_long = ranges.clone().any(|range| !range.end().is_ascii());
                let ascii = ranges
                    .filter(|range| range.start().is_ascii())
                    .flat_map(|range| range.start() as u8..=(range.end() as u32).min(127) as u8);
                // every byte of a long character is 0x80 or above
                let bytes = ascii.chain((128..=255).filter(|_| is_long));
                self.push(Bytes::of(bytes), is_long);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// True if the window passes somewhere in the text.
    fn passes(window: &Window, text: &[u8]) -> bool {
        (0..text.len()).any(|hit| {
            (0..LENGTH).all(|place| {
                let byte = Window::position(hit, place).and_then(|at| text.get(at));
                byte.map_or(window.is_open(place), |byte| window.at(place).has(*byte))
            })
        })
    }

    #[test]
    fn every_match_of_a_regex_passes_its_window() {
        let cases: [(&str, &[&str], &[&str]); 8] = [
            ("\\b[A-Z]\\d{7}\\b", &["x K1234567", "K٠١٢٣٤٥٦", "K1٢3456٧"], &["K123x567", "no"]),
            ("[a-z]{2,}-\\d{5}", &["ab-12345", "abcdefg-12345x"], &["ab-1234x", "ab12345"]),
            ("(\\d{3})[- ](\\d{4})", &["123-4567", "123 4567"], &["1234567"]),
            ("(?i)k[q-z]{3}0?77", &["\u{212a}xyz77", "KXYZ077", "kqqq077"], &["kab7"]),
            ("(?-u:[\\x80-\\xff]{4})x", &["\u{ff}\u{ff}x"], &["abcdx"]),
            ("(?:ab|cd){2}QQQ1", &["abcdQQQ1"], &["abcdQQQ2"]),
            ("[[:alpha:]]\\d{2}[[:alpha:]]\\d{2}#", &["a12b34#"], &["a12b34"]),
            ("(?s:.)#\\d{4}é$", &["x#1234é"], &["x#12345"]),
        ];
        for (pattern, matching, others) in cases {
            let hir = regex_syntax::ParserBuilder::new().utf8(false).build().parse(pattern).unwrap();
            let window = Window::of_regex(&hir).unwrap();
            for text in matching {
                assert!(passes(&window, text.as_bytes()), "{pattern} {text}");
            }
            for text in others {
                assert!(!passes(&window, text.as_bytes()), "{pattern} {text}");
            }
        }
        for pattern in ["\\w+", "[a-z]+\\d*", "abc|def", "\\d"] {
            assert!(Window::of_regex(&regex_syntax::parse(pattern).unwrap()).is_none(), "{pattern}");
        }
    }

    #[test]
    fn the_rarest_part_of_a_word_is_looked_for() {
        let window = Window::of_word(b"session-qxz-id", true);
        let first: Vec<u8> =
            window.first().iter().filter_map(|set| (b'A'..=b'~').rev().find(|b| set.has(*b))).collect();
        assert!(window.first().iter().any(|set| set.has(b'q') && set.has(b'Q')), "{first:?}");
        assert!(passes(&window, b"..SESSION-QXZ-ID") && !passes(&window, b"session-qx-id"));
        assert!(
            passes(&Window::of_word(b"ACC", false), b"ACC")
                && !passes(&Window::of_word(b"ACC", false), b"acc")
        );
    }
}
