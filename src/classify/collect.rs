//! The one pass over the blocks: masks to lists of candidates.

use super::filter::KeyFilter;
use super::masks::Masks;
use super::{Candidate, Candidates, Kind};
use crate::simd::{BlockSink, Lane, Planes, WORDS};

/// Memory that collecting reuses.
#[derive(Default)]
pub(crate) struct Scratch {
    planes: Planes,
    masks: Masks,
    places: Places,
}

/// Places of one block's bits, found before they are looked at: no branch depends on a word's bits.
struct Places([u16; MOST_PLACES + 8]);

impl Default for Places {
    fn default() -> Self {
        Self([0; MOST_PLACES + 8])
    }
}

/// Takes planes block by block and fills [`Candidates`].
pub(crate) struct Collector<'c> {
    out: &'c mut Candidates,
    scratch: Box<Scratch>,
    text: &'c [u8],
    filter: &'c KeyFilter,
}

const MOST_PLACES: usize = WORDS * 64;

impl<'c> Collector<'c> {
    /// A collector for a text that starts at the start of a record.
    pub fn new(text: &'c [u8], filter: &'c KeyFilter, out: &'c mut Candidates) -> Self {
        out.clear();
        let mut scratch = out.scratch.take().unwrap_or_default();
        scratch.reset();
        Self { out, scratch, text, filter }
    }

    /// Gives the memory back for the next text.
    pub fn done(self) {
        self.out.scratch = Some(self.scratch);
    }

    #[inline(always)]
    fn push_all(&mut self, kind: Kind, mut mask: u64, base: usize) {
        while mask != 0 {
            let at = base as u32 + mask.trailing_zeros();
            self.out.lists[kind as usize].push(Candidate { at });
            mask &= mask - 1;
        }
    }

    /// Keys: those right before their separator, those in quotes, and the rest, in one list in order.
    #[inline(always)]
    fn keys(&mut self, base: usize, words: usize) {
        let first = self.out.lists[Kind::Key as usize].len();
        let Scratch { masks, places, .. } = &mut *self.scratch;
        for (distance, is_plain) in [(0usize, true), (1, false)] {
            let lane = if is_plain { &masks.key_plain } else { &masks.key_quoted };
            let count = flatten(lane, words, places);
            for &place in &places.0[..count] {
                let at = base + usize::from(place);
                if self.filter.may_end_key(self.text, at - distance) {
                    self.out.lists[Kind::Key as usize].push(Candidate { at: at as u32 });
                }
            }
        }
        let count = flatten(&masks.key_other, words, places);
        for &place in &places.0[..count] {
            let at = base + usize::from(place);
            let end = key_end(self.text, at);
            let digits = self.text[end..at].iter().take_while(|b| b.is_ascii_digit()).count();
            if self.filter.may_end_key(self.text, end)
                || (digits > 0 && self.filter.may_end_key(self.text, end + digits))
            {
                self.out.lists[Kind::Key as usize].push(Candidate { at: at as u32 });
            }
        }
        self.out.lists[Kind::Key as usize][first..].sort_unstable_by_key(|c| c.at);
    }

    #[inline(always)]
    fn phrases(&mut self, base: usize, words: usize) {
        let Scratch { masks, places, .. } = &mut *self.scratch;
        let count = flatten(&masks.phrase, words, places);
        for &place in &places.0[..count] {
            let at = base + usize::from(place);
            // paths follow many words (`GET /…`) and are no values
            if self.filter.may_end_phrase(self.text, at - 1) && self.text.get(at) != Some(&b'/') {
                self.out.lists[Kind::Phrase as usize].push(Candidate { at: at as u32 });
            }
        }
    }

    #[inline(always)]
    fn shapes(&mut self, base: usize, words: usize) {
        for i in 1..=words.min(WORDS) {
            if self.scratch.masks.rare[i] == 0 {
                continue;
            }
            let base = base + (i - 1) * 64;
            let at = self.scratch.planes.at[i];
            let m = &self.scratch.masks;
            let kinds = [
                (Kind::Ipv4, m.ipv4[i]),
                (Kind::LongWord, m.long_word[i]),
                (Kind::At, at),
                (Kind::Ipv6, m.ipv6[i]),
                (Kind::Mac, m.mac[i]),
                (Kind::Uuid, m.uuid[i]),
                (Kind::DigitRun, m.digit_run[i]),
                (Kind::Grouped, m.grouped[i]),
                (Kind::International, m.international[i]),
                (Kind::National, m.national[i]),
                (Kind::SocialSecurity, m.social[i]),
                (Kind::LetterDigits, m.letter_digits[i]),
                (Kind::Dashes, m.dashes[i]),
                (Kind::DashedQuad, m.dashed[i]),
            ];
            for (kind, mask) in kinds {
                self.push_all(kind, mask, base);
            }
        }
    }

    /// Those of the ampersands that start a named character reference (`&quot;`): a few letters and a
    /// semicolon. Looked up in the text: the semicolon stands behind, and masks look back.
    fn named_entities(&self, ampersands: u64, base: usize) -> u64 {
        let (mut mask, mut entities) = (ampersands, 0);
        while mask != 0 {
            let bit = mask.trailing_zeros();
            let at = base + bit as usize + 1;
            let name = self.text.get(at..).unwrap_or_default();
            let letters = name.iter().take(7).take_while(|b| b.is_ascii_lowercase()).count();
            if letters >= 2 && name.get(letters) == Some(&b';') {
                entities |= 1 << bit;
            }
            mask &= mask - 1;
        }
        entities
    }

    /// The first escape of each run of words that has any; records are told apart later.
    #[inline(always)]
    fn escapes(&mut self, base: usize, words: usize) {
        for i in 1..=words.min(WORDS) {
            let mut mask = self.scratch.masks.escaped[i];
            let ampersands = self.scratch.planes.ampersand[i];
            if ampersands != 0 {
                mask |= self.named_entities(ampersands, base + (i - 1) * 64);
            }
            self.out.line_feeds += u64::from(self.scratch.planes.line_feed[i].count_ones());
            while mask != 0 {
                let bit = mask.trailing_zeros();
                self.out.escaped.push((base + (i - 1) * 64) as u32 + bit);
                // one a record is enough: go on behind the next line feed of this word
                let later = self.scratch.planes.line_feed[i] & (u64::MAX << bit);
                let next = later.trailing_zeros();
                mask = if next >= 63 { 0 } else { mask & (u64::MAX << (next + 1)) };
            }
        }
    }
}

/// Where the key before the separator at `at` ends: quotes, closing brackets, backslashes, a
/// few blanks and a number at its end are stepped over.
pub(crate) fn key_end(text: &[u8], at: usize) -> usize {
    let mut end = at;
    let byte = |end: usize| end.checked_sub(1).and_then(|p| text.get(p)).copied().unwrap_or(0);
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

/// Writes the places of a lane's bits and says how many; four a word go without a branch.
#[inline(always)]
fn flatten(lane: &Lane, words: usize, places: &mut Places) -> usize {
    let places = &mut places.0;
    let mut count = 0;
    for (i, &word) in lane.iter().enumerate().take(words + 1).skip(1) {
        let base = ((i - 1) * 64) as u16;
        let mut mask = word;
        let ones = mask.count_ones() as usize;
        for slot in &mut places[count..count + 4] {
            *slot = base.wrapping_add(mask.trailing_zeros() as u16);
            mask &= mask.wrapping_sub(1);
        }
        let mut more = count + 4;
        while mask != 0 {
            places[more] = base + mask.trailing_zeros() as u16;
            more += 1;
            mask &= mask - 1;
        }
        count += ones;
    }
    count
}

impl Scratch {
    fn reset(&mut self) {
        self.planes.forget();
        self.masks.forget();
    }
}

impl BlockSink for Collector<'_> {
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
