//! The one pass over the blocks: masks to lists of candidates.

use super::filter::{KeyFilter, Tail, is_joint};
use super::masks::Masks;
use super::memo::Verdicts;
use super::{Candidate, Candidates, Kind};
use crate::simd::{BlockSink, Lane, Nibbles, Planes, WORDS};

/// Memory that collecting reuses.
#[derive(Default)]
pub(crate) struct Scratch {
    planes: Planes,
    masks: Masks,
    separators: Verdicts,
    blanks: Verdicts,
}

/// Takes planes block by block and fills [`Candidates`].
pub(crate) struct Collector<'c> {
    out: &'c mut Candidates,
    scratch: Box<Scratch>,
    text: &'c [u8],
    filter: &'c KeyFilter,
}

impl<'c> Collector<'c> {
    /// A collector for a text that starts at the start of a record.
    pub fn new(text: &'c [u8], filter: &'c KeyFilter, out: &'c mut Candidates) -> Self {
        out.clear();
        let mut scratch = out.scratch.take().unwrap_or_default();
        scratch.reset();
        scratch.separators.start(filter.digest);
        scratch.blanks.start(filter.digest);
        Self { out, scratch, text, filter }
    }

    /// Gives the memory back for the next text.
    pub fn done(self) {
        self.out.scratch = Some(self.scratch);
    }

    /// Separators behind a word that some key ends with.
    #[inline(always)]
    fn keys(&mut self, base: usize, words: usize) {
        let Scratch { masks, separators, .. } = &mut *self.scratch;
        for (i, &word) in masks.key[1..=words.min(WORDS)].iter().enumerate() {
            let mut mask = word;
            while mask != 0 {
                let at = base + i * 64 + mask.trailing_zeros() as usize;
                mask &= mask - 1;
                let (separator, behind) = (self.text[at], self.text.get(at + 1).copied().unwrap_or(b'\n'));
                let bytes = Tail::bytes_before(self.text, word_end(self.text, at));
                let verdict = separators.of(self.filter, bytes, KeyFilter::before_separator);
                // the scheme of a URL is no key
                let is_scheme = || separator == b':' && self.text.get(at + 1..at + 3) == Some(b"//");
                if verdict.is_key() && !is_scheme() {
                    self.out.lists[Kind::Key as usize].push(Candidate { at: at as u32 });
                }
                // a tag has a blank behind its colon
                let is_tag = verdict.is_tag() && separator == b':' && matches!(behind, b' ' | b'\t');
                if is_tag || separator == b'>' && self.text[at - 1].is_ascii_digit() {
                    self.out.lists[Kind::Tag as usize].push(Candidate { at: at as u32 });
                }
            }
        }
    }

    #[inline(always)]
    fn phrases(&mut self, base: usize, words: usize) {
        let Scratch { masks, blanks, .. } = &mut *self.scratch;
        for i in 1..=words.min(WORDS) {
            let (phrases, announced) = (masks.phrase[i], masks.announced[i]);
            let mut mask = phrases | announced;
            while mask != 0 {
                let bit = mask.trailing_zeros();
                let at = base + (i - 1) * 64 + bit as usize;
                mask &= mask - 1;
                let bytes = Tail::bytes_before(self.text, at - 1);
                let verdict = blanks.of(self.filter, bytes, KeyFilter::before_blank);
                // paths follow many words (`GET /…`) and are no values
                if verdict.ends_phrase() && phrases >> bit & 1 != 0 && self.text.get(at) != Some(&b'/') {
                    self.out.lists[Kind::Phrase as usize].push(Candidate { at: at as u32 });
                }
                if verdict.announces() && announced >> bit & 1 != 0 {
                    self.out.lists[Kind::Announced as usize].push(Candidate { at: at as u32 });
                }
            }
        }
    }

    #[inline(always)]
    fn shapes(&mut self, base: usize, words: usize) {
        for i in 1..=words.min(WORDS) {
            let m = &self.scratch.masks;
            let (common, rare) = (m.common[i], m.rare[i]);
            if common | rare == 0 {
                continue;
            }
            let base = base + (i - 1) * 64;
            if common != 0 {
                self.push_each(i, base, |m, p| {
                    [
                        (Kind::Ipv4, &m.ipv4),
                        (Kind::LongWord, &m.long_word),
                        (Kind::At, &p.at),
                        (Kind::DigitRun, &m.digit_run),
                    ]
                });
            }
            if rare != 0 {
                self.push_each(i, base, |m, _| {
                    [
                        (Kind::Ipv6, &m.ipv6),
                        (Kind::Mac, &m.mac),
                        (Kind::Uuid, &m.uuid),
                        (Kind::Grouped, &m.grouped),
                        (Kind::International, &m.international),
                        (Kind::National, &m.national),
                        (Kind::SocialSecurity, &m.social),
                        (Kind::LetterDigits, &m.letter_digits),
                        (Kind::Dashes, &m.dashes),
                        (Kind::DashedQuad, &m.dashed),
                        (Kind::Option, &m.option),
                    ]
                });
            }
        }
    }

    /// Pushes the bits of word `i` of some lanes.
    #[inline(always)]
    fn push_each<const N: usize>(
        &mut self,
        i: usize,
        base: usize,
        lanes: impl for<'l> Fn(&'l Masks, &'l Planes) -> [(Kind, &'l Lane); N],
    ) {
        let Scratch { masks, planes, .. } = &*self.scratch;
        for (kind, lane) in lanes(masks, planes) {
            let mut mask = lane[i];
            while mask != 0 {
                let at = base as u32 + mask.trailing_zeros();
                self.out.lists[kind as usize].push(Candidate { at });
                mask &= mask - 1;
            }
        }
    }

    /// Those of the ampersands that start a named character reference (`&quot;`): a few letters and a
    /// semicolon. Looked up in the text: the semicolon stands behind, and masks look back.
    #[inline]
    fn named_entities(&self, ampersands: u64, base: usize) -> u64 {
        let (mut mask, mut entities) = (ampersands, 0);
        while mask != 0 {
            let bit = mask.trailing_zeros();
            let name = self.text.get(base + bit as usize + 1..).unwrap_or_default();
            // nearly all stand between the parts of a query
            if name.first_chunk::<8>().is_none_or(|name| name.contains(&b';')) {
                let letters = name.iter().take(7).take_while(|b| b.is_ascii_lowercase()).count();
                if letters >= 2 && name.get(letters) == Some(&b';') {
                    entities |= 1 << bit;
                }
            }
            mask &= mask - 1;
        }
        entities
    }

    /// The first escape of each run of words that has any; records are told apart later.
    #[inline(always)]
    fn escapes(&mut self, base: usize, words: usize) {
        let Scratch { planes, .. } = &*self.scratch;
        let mut line_feeds = 0;
        for word in &planes.line_feed[1..=words.min(WORDS)] {
            line_feeds += u64::from(word.count_ones());
        }
        self.out.line_feeds += line_feeds;
        for i in 1..=words.min(WORDS) {
            let Scratch { masks, planes, .. } = &*self.scratch;
            if masks.escaped[i] | planes.ampersand[i] != 0 {
                self.escapes_of_word(base + (i - 1) * 64, i);
            }
        }
    }

    #[inline(always)]
    fn escapes_of_word(&mut self, base: usize, i: usize) {
        let mut mask = self.scratch.masks.escaped[i];
        let ampersands = self.scratch.planes.ampersand[i];
        if ampersands != 0 {
            mask |= self.named_entities(ampersands, base);
        }
        while mask != 0 {
            let bit = mask.trailing_zeros();
            self.out.escaped.push(base as u32 + bit);
            // one a record is enough: go on behind the next line feed of this word
            let later = self.scratch.planes.line_feed[i] & (u64::MAX << bit);
            let next = later.trailing_zeros();
            mask = if next >= 63 { 0 } else { mask & (u64::MAX << (next + 1)) };
        }
    }
}

/// Where the last word of a key before the separator at `at` ends: quotes and numbers between them
/// are stepped over.
#[inline(always)]
fn word_end(text: &[u8], at: usize) -> usize {
    // bit 5 is set in both quotes
    let quoted = matches!(text[at - 1] | 0x20, b'"' | b'\'');
    let end = at - usize::from(quoted && at > 1);
    if text[end - 1].is_ascii_alphabetic() { end } else { far_word_end(text, at) }
}

#[inline(never)]
fn far_word_end(text: &[u8], at: usize) -> usize {
    let end = key_end(text, at);
    // `sudo[812]:`, `address-line-1=`
    if end > 0 && end < at && is_joint(text[end - 1]) { end - 1 } else { end }
}

/// Where the key before the separator at `at` ends: quotes, closing brackets, backslashes, a
/// few blanks and a number at its end are stepped over.
pub(crate) fn key_end(text: &[u8], at: usize) -> usize {
    // most keys: letters, perhaps in quotes
    match text[at.saturating_sub(2)..at] {
        [.., last] if last.is_ascii_alphabetic() => return at,
        [letter, b'"'] if letter.is_ascii_alphabetic() => return at - 1,
        _ => {}
    }
    let mut end = at;
    // NUL is nothing that is stepped over
    let byte = |end: usize| if end == 0 { 0 } else { text[end - 1] };
    let mut steps = 0;
    while steps < 8 && matches!(byte(end), b' ' | b'\t') {
        end -= 1;
        steps += 1;
    }
    while steps < 16 && matches!(byte(end), b'"' | b'\'' | b'\\' | b']' | b')' | b'.') {
        end -= 1;
        steps += 1;
    }
    while steps < 20 && (byte(end).is_ascii_digit() || byte(end) == b'_') {
        end -= 1;
        steps += 1;
    }
    end
}

impl Scratch {
    fn reset(&mut self) {
        self.planes.forget();
        self.masks.forget();
    }
}

impl BlockSink for Collector<'_> {
    #[inline(always)]
    fn nibbles(&self) -> Nibbles {
        self.filter.nibbles.clone()
    }

    #[inline(always)]
    fn planes(&mut self) -> &mut Planes {
        &mut self.scratch.planes
    }

    #[inline(always)]
    fn block(&mut self, base: usize, words: usize) {
        let Scratch { planes, masks, .. } = &mut *self.scratch;
        masks.compute(planes, words);
        self.shapes(base, words);
        self.keys(base, words);
        self.phrases(base, words);
        self.escapes(base, words);
        self.scratch.planes.carry();
        self.scratch.masks.carry();
    }
}
