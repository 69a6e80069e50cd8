//! The one pass over the planes: shifts and ands to candidate masks, masks to lists.

use super::history::Mask;
use super::{Candidate, Candidates, Kind};
use crate::simd::{PlaneSink, Planes};

/// Takes planes word by word and fills [`Candidates`].
pub(crate) struct Collector<'c> {
    out: &'c mut Candidates,
    text: &'c [u8],
    key_filter: &'c KeyFilter,
    record: u32,
    before: Before,
}

/// A bitset over the last four folded bytes of a key; see [`KeyFilter::may_end_key`].
pub(crate) struct KeyFilter {
    keys: Box<[u64; 1024]>,
    phrases: Box<[u64; 1024]>,
}

impl KeyFilter {
    /// An empty filter, which lets nothing pass.
    pub fn new() -> Self {
        Self { keys: Box::new([0; 1024]), phrases: Box::new([0; 1024]) }
    }
    fn slot(last_four: u32) -> (usize, u64) {
        let hash = (last_four & 0x1f1f_1f1f).wrapping_mul(0x9e37_79b1) >> 16;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }
    fn insert(set: &mut [u64; 1024], last_four: [u8; 4]) {
        let (word, bit) = Self::slot(u32::from_le_bytes(last_four));
        set[word] |= bit;
    }
    /// Lets keys pass whose last four bytes fold to these.
    pub fn add_key(&mut self, last_four: [u8; 4]) {
        Self::insert(&mut self.keys, last_four);
    }
    /// Lets phrases pass whose last four bytes before the blank fold to these.
    pub fn add_phrase(&mut self, last_four: [u8; 4]) {
        Self::insert(&mut self.phrases, last_four);
    }
    /// False if no key ends with these four bytes. Five bits of each byte count, so a blank, an
    /// at sign, a back-tick and NUL fold together, and so do `M` and `-`.
    #[inline(always)]
    pub fn may_end_key(&self, last_four: u32) -> bool {
        let (word, bit) = Self::slot(last_four);
        self.keys[word] & bit != 0
    }
    #[inline(always)]
    fn may_end_phrase(&self, last_four: u32) -> bool {
        let (word, bit) = Self::slot(last_four);
        self.phrases[word] & bit != 0
    }
}

/// The masks of the word before that some shift reaches back into.
#[derive(Clone, Copy, Default)]
struct Before {
    digit: u64,
    zero: u64,
    letter: u64,
    hex: u64,
    word: u64,
    dot: u64,
    colon: u64,
    dash: u64,
    plus: u64,
    space: u64,
    quote: u64,
    close: u64,
    percent: u64,
    ampersand: u64,
    high: u64,
    octet2: u64,
    octet3: u64,
    octet4: u64,
    group1: u64,
    group2: u64,
    group3: u64,
    group4: u64,
    pair_end: u64,
    pair_sep: u64,
    pair_sep2: u64,
    pair_sep4: u64,
    mac: u64,
    hex4: u64,
    cisco: u64,
    uuid_dash: u64,
    digit2: u64,
    digit3: u64,
    digit4: u64,
    glued: u64,
    digit12: u64,
    sep4: u64,
    sep6: u64,
    sep3: u64,
    close3: u64,
    ssn3: u64,
    nanp: u64,
    word2: u64,
    word4: u64,
    word8: u64,
    word16: u64,
    dash2: u64,
    dash4: u64,
    dashed1: u64,
    dashed2: u64,
    dashed3: u64,
}

impl<'c> Collector<'c> {
    /// A collector for a text that starts at the start of a record.
    pub fn new(text: &'c [u8], key_filter: &'c KeyFilter, out: &'c mut Candidates) -> Self {
        out.clear();
        Self { out, text, key_filter, record: 0, before: Before::default() }
    }

    #[inline(always)]
    fn push_all(&mut self, kind: Kind, mut mask: u64, base: usize, line_feed: u64) {
        while mask != 0 {
            let bit = mask.trailing_zeros();
            let at = base as u32 + bit;
            let record = self.record_of(bit, base, line_feed);
            self.out.lists[kind as usize].push(Candidate { at, record });
            mask &= mask - 1;
        }
    }

    /// Where the record of the byte at `bit` starts.
    #[inline(always)]
    fn record_of(&self, bit: u32, base: usize, line_feed: u64) -> u32 {
        let below = line_feed & ((1u64 << bit) - 1);
        if below == 0 { self.record } else { base as u32 + 64 - below.leading_zeros() }
    }

    /// The four bytes before `end`, zero-padded at the start of the text.
    #[inline(always)]
    fn last_four(&self, end: usize) -> u32 {
        if let Some(four) = end.checked_sub(4).and_then(|s| self.text.get(s..end)) {
            u32::from_le_bytes([four[0], four[1], four[2], four[3]])
        } else {
            let mut four = [0u8; 4];
            for (i, slot) in four.iter_mut().rev().enumerate() {
                *slot = end.checked_sub(i + 1).and_then(|p| self.text.get(p)).copied().unwrap_or(0);
            }
            u32::from_le_bytes(four)
        }
    }

    #[inline(always)]
    fn push_keys(&mut self, mut mask: u64, base: usize, line_feed: u64) {
        while mask != 0 {
            let bit = mask.trailing_zeros();
            let at = base + bit as usize;
            mask &= mask - 1;
            let end = self.key_end(at);
            if self.key_filter.may_end_key(self.last_four(end)) {
                let record = self.record_of(bit, base, line_feed);
                self.out.lists[Kind::Key as usize].push(Candidate { at: at as u32, record });
            }
        }
    }

    /// Where the key before the separator at `at` ends: quotes, closing brackets, backslashes, a
    /// few blanks and a number at its end are stepped over.
    #[inline(always)]
    fn key_end(&self, at: usize) -> usize {
        let mut end = at;
        let byte = |end: usize| end.checked_sub(1).and_then(|p| self.text.get(p)).copied().unwrap_or(0);
        if byte(end).is_ascii_alphabetic() {
            return end;
        }
        let mut steps = 0;
        while steps < 8 && matches!(byte(end), b' ' | b'\t') {
            end -= 1;
            steps += 1;
        }
        while steps < 16 && matches!(byte(end), b'"' | b'\'' | b'\\' | b']' | b')') {
            end -= 1;
            steps += 1;
        }
        while steps < 20 && (byte(end).is_ascii_digit() || byte(end) == b'_') {
            end -= 1;
            steps += 1;
        }
        end
    }

    #[inline(always)]
    fn push_phrases(&mut self, mut mask: u64, base: usize, line_feed: u64) {
        while mask != 0 {
            let bit = mask.trailing_zeros();
            let at = base + bit as usize;
            mask &= mask - 1;
            if self.key_filter.may_end_phrase(self.last_four(at - 1)) {
                let record = self.record_of(bit, base, line_feed);
                self.out.lists[Kind::Phrase as usize].push(Candidate { at: at as u32, record });
            }
        }
    }

    /// Notes each record that holds a byte of `mask`, once.
    #[inline(always)]
    fn flag_escapes(&mut self, mut mask: u64, base: usize, line_feed: u64) {
        while mask != 0 {
            let bit = mask.trailing_zeros();
            let record = self.record_of(bit, base, line_feed);
            if self.out.escaped.last() != Some(&record) {
                self.out.escaped.push(record);
            }
            // one note a record is enough: go on behind the next line feed of this word
            let later = line_feed & (u64::MAX << bit);
            let next = later.trailing_zeros();
            mask = if next >= 63 { 0 } else { mask & (u64::MAX << (next + 1)) };
        }
    }
}

impl PlaneSink for Collector<'_> {
    #[inline(always)]
    fn word(&mut self, base: usize, p: &Planes) {
        let b = self.before;
        let line_feed = p.line_feed;

        let digit = Mask::new(p.digit, b.digit);
        let zero = Mask::new(p.zero, b.zero);
        let letter = Mask::new(p.letter, b.letter);
        let hex = Mask::new(p.digit | p.hex_letter, b.hex);
        let word = Mask::new(p.digit | p.letter | p.underscore, b.word);
        let dot = Mask::new(p.dot, b.dot);
        let colon = Mask::new(p.colon, b.colon);
        let dash = Mask::new(p.dash, b.dash);
        let plus = Mask::new(p.plus, b.plus);
        let space = Mask::new(p.space, b.space);
        let quote = Mask::new(p.quote, b.quote);
        let close = Mask::new(p.close, b.close);
        let percent = Mask::new(p.percent, b.percent);
        let ampersand = Mask::new(p.ampersand, b.ampersand);
        let high = Mask::new(p.high, b.high);

        // dotted quads: a digit after a dot after a digit, three times, 2 to 4 bytes apart
        let octet2 = Mask::new(digit.now & dot.back::<1>() & digit.back::<2>(), b.octet2);
        let octet3 = Mask::new(octet2.now & octet2.back_two_to_four(), b.octet3);
        let octet4 = Mask::new(octet3.now & octet3.back_two_to_four(), b.octet4);
        let ipv4 = octet4.now & !octet4.back_two_to_four();

        // colon groups: the same with hex digits, 2 to 5 bytes apart, four times
        let group1 = Mask::new(hex.now & colon.back::<1>() & hex.back::<2>(), b.group1);
        let group2 = Mask::new(group1.now & group1.back_two_to_five(), b.group2);
        let group3 = Mask::new(group2.now & group2.back_two_to_five(), b.group3);
        let group4 = Mask::new(group3.now & group3.back_two_to_five(), b.group4);
        let ipv6 = (colon.now & colon.back::<1>()) | (group4.now & !group4.back_two_to_five());

        // hardware addresses: hex pairs, five separators three bytes apart
        let pair_end = Mask::new(hex.now & hex.back::<1>(), b.pair_end);
        let pair_sep = Mask::new((colon.now | dash.now) & pair_end.back::<1>(), b.pair_sep);
        let pair_sep2 = Mask::new(pair_sep.now & pair_sep.back::<3>(), b.pair_sep2);
        let pair_sep4 = Mask::new(pair_sep2.now & pair_sep2.back::<6>(), b.pair_sep4);
        let mac = Mask::new(pair_sep.now & pair_sep4.back::<3>(), b.mac);
        let hex4 = Mask::new(pair_end.now & pair_end.back::<2>(), b.hex4);
        let cisco = Mask::new(dot.now & hex4.back::<1>(), b.cisco);
        let mac_all = (mac.now & !mac.back::<3>()) | (cisco.now & cisco.back::<5>());

        // UUID: four dashes, five bytes apart, four hex digits before each
        let uuid_dash = Mask::new(dash.now & hex4.back::<1>(), b.uuid_dash);
        let uuid = uuid_dash.now & uuid_dash.back::<5>() & uuid_dash.back::<10>() & uuid_dash.back::<15>();

        // digit runs and groups
        let digit2 = Mask::new(digit.now & digit.back::<1>(), b.digit2);
        let digit4 = Mask::new(digit2.now & digit2.back::<2>(), b.digit4);
        let digit8 = digit4.now & digit4.back::<4>();
        let digit12 = Mask::new(digit8 & digit4.back::<8>(), b.digit12);
        let digit_run = digit12.now & !digit12.back::<1>();
        let separator = space.now | dash.now | dot.now | plus.now;
        let sep4 = Mask::new(separator & digit4.back::<1>(), b.sep4);
        let sep6 = Mask::new(separator & digit4.back::<1>() & digit2.back::<5>(), b.sep6);
        let grouped = (sep4.now & sep4.back::<5>() & sep4.back::<10>())
            | (sep6.now & (sep4.back::<7>() | sep6.back::<7>()));

        // phone numbers: + or 00 and a country code, or three, three and four digits
        let nonzero = digit.now & !zero.now;
        let glued = Mask::new(word.now | dot.now | colon.now | dash.now | plus.now, b.glued);
        let international = (nonzero & plus.back::<1>())
            | (nonzero & zero.back::<1>() & zero.back::<2>() & !glued.back::<3>());
        let digit3 = Mask::new(digit2.now & digit.back::<2>(), b.digit3);
        let sep3 = Mask::new((dot.now | dash.now | space.now) & digit3.back::<1>(), b.sep3);
        let close3 = Mask::new(close.now & digit3.back::<1>(), b.close3);
        let nanp = Mask::new(sep3.now & (sep3.back::<4>() | close3.back::<4>() | close3.back::<5>()), b.nanp);
        let national = digit.now & nanp.back::<1>();

        // 3-2-4 digits, not the end of a date
        let ssn3 = Mask::new((dash.now | space.now) & digit3.back::<1>() & !digit.back::<4>(), b.ssn3);
        let social = (dash.now | space.now) & digit2.back::<1>() & ssn3.back::<3>();

        // runs of word bytes
        let word2 = Mask::new(word.now & word.back::<1>(), b.word2);
        let word4 = Mask::new(word2.now & word2.back::<2>(), b.word4);
        let word8 = Mask::new(word4.now & word4.back::<4>(), b.word8);
        let word16 = Mask::new(word8.now & word8.back::<8>(), b.word16);
        let long_word = word16.now & !word16.back::<1>();
        let letter_digits =
            space.now & digit2.back::<1>() & letter.back::<3>() & letter.back::<4>() & !word.back::<5>();

        // host names that embed an address: digits, dash, digits, dash, …
        let dashed1 = Mask::new(digit.now & dash.back::<1>() & digit.back::<2>(), b.dashed1);
        let dashed2 = Mask::new(dashed1.now & dashed1.back_two_to_four(), b.dashed2);
        let dashed3 = Mask::new(dashed2.now & dashed2.back_two_to_four(), b.dashed3);
        let dashed = dashed3.now & !dashed3.back_two_to_four();

        // PEM: five dashes and a letter
        let dash2 = Mask::new(dash.now & dash.back::<1>(), b.dash2);
        let dash4 = Mask::new(dash2.now & dash2.back::<2>(), b.dash4);
        let dashes = letter.now & dash.back::<1>() & dash4.back::<2>();

        // keys and phrases
        let after_word = letter.back::<1>() | quote.back::<1>() | close.back::<1>();
        let key = (p.equals & (after_word | digit.back::<1>() | space.back::<1>()))
            | (colon.now & (after_word | space.back::<1>() | (digit.back::<1>() & letter.back::<2>())));
        let opens = p.letter | p.digit | p.plus | p.quote | p.high | p.escape | p.underscore | p.hash;
        let phrase = opens & space.back::<1>() & letter.back::<2>();

        self.push_keys(key, base, line_feed);
        self.push_phrases(phrase, base, line_feed);
        self.push_all(Kind::Ipv4, ipv4, base, line_feed);
        self.push_all(Kind::LongWord, long_word, base, line_feed);
        let rare = p.at
            | ipv6
            | mac_all
            | uuid
            | digit_run
            | grouped
            | international
            | national
            | social
            | letter_digits
            | dashes
            | dashed;
        if rare != 0 {
            self.push_all(Kind::At, p.at, base, line_feed);
            self.push_all(Kind::Ipv6, ipv6, base, line_feed);
            self.push_all(Kind::Mac, mac_all, base, line_feed);
            self.push_all(Kind::Uuid, uuid, base, line_feed);
            self.push_all(Kind::DigitRun, digit_run, base, line_feed);
            self.push_all(Kind::Grouped, grouped, base, line_feed);
            self.push_all(Kind::International, international, base, line_feed);
            self.push_all(Kind::National, national, base, line_feed);
            self.push_all(Kind::SocialSecurity, social, base, line_feed);
            self.push_all(Kind::LetterDigits, letter_digits, base, line_feed);
            self.push_all(Kind::Dashes, dashes, base, line_feed);
            self.push_all(Kind::DashedQuad, dashed, base, line_feed);
        }
        let percents = hex.now & hex.back::<1>() & percent.back::<2>();
        let entities = p.hash & ampersand.back::<1>();
        let high_starts = high.now & !high.back::<1>();
        self.flag_escapes(percents | p.escape | entities | high_starts, base, line_feed);

        if line_feed != 0 {
            self.record = base as u32 + 64 - line_feed.leading_zeros();
            self.out.line_feeds += u64::from(line_feed.count_ones());
        }
        self.before = Before {
            digit: digit.now,
            zero: zero.now,
            letter: letter.now,
            hex: hex.now,
            word: word.now,
            dot: dot.now,
            colon: colon.now,
            dash: dash.now,
            plus: plus.now,
            space: space.now,
            quote: quote.now,
            close: close.now,
            percent: percent.now,
            ampersand: ampersand.now,
            high: high.now,
            octet2: octet2.now,
            octet3: octet3.now,
            octet4: octet4.now,
            group1: group1.now,
            group2: group2.now,
            group3: group3.now,
            group4: group4.now,
            pair_end: pair_end.now,
            pair_sep: pair_sep.now,
            pair_sep2: pair_sep2.now,
            pair_sep4: pair_sep4.now,
            mac: mac.now,
            hex4: hex4.now,
            cisco: cisco.now,
            uuid_dash: uuid_dash.now,
            digit2: digit2.now,
            digit3: digit3.now,
            digit4: digit4.now,
            glued: glued.now,
            digit12: digit12.now,
            sep4: sep4.now,
            sep6: sep6.now,
            sep3: sep3.now,
            close3: close3.now,
            ssn3: ssn3.now,
            nanp: nanp.now,
            word2: word2.now,
            word4: word4.now,
            word8: word8.now,
            word16: word16.now,
            dash2: dash2.now,
            dash4: dash4.now,
            dashed1: dashed1.now,
            dashed2: dashed2.now,
            dashed3: dashed3.now,
        };
    }
}
