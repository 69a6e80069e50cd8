//! Planes to candidate masks: shifts and ands over a block, each in a loop of its own so that the
//! compiler turns it into vector code (eight words at a time with AVX-512).
//!
//! Every mask looks back only, so what it says of a byte does not depend on where blocks end.

use crate::simd::{Lane, Planes, WORDS, back};

/// Masks of a block: what is offered, and the steps on the way that look back over a block's border.
pub(super) struct Masks {
    pub ipv4: Lane,
    pub ipv6: Lane,
    pub mac: Lane,
    pub uuid: Lane,
    pub digit_run: Lane,
    pub grouped: Lane,
    pub international: Lane,
    pub national: Lane,
    pub social: Lane,
    pub long_word: Lane,
    pub letter_digits: Lane,
    pub dashes: Lane,
    pub dashed: Lane,
    pub key: Lane,
    pub phrase: Lane,
    pub announced: Lane,
    pub option: Lane,
    pub escaped: Lane,
    /// All bits of the shapes that many words have.
    pub common: Lane,
    /// All bits of the others.
    pub rare: Lane,
    octet2: Lane,
    octet3: Lane,
    octet4: Lane,
    group1: Lane,
    group2: Lane,
    group3: Lane,
    group4: Lane,
    pair: Lane,
    pair_sep: Lane,
    pair_sep2: Lane,
    pair_sep4: Lane,
    mac6: Lane,
    hex4: Lane,
    cisco: Lane,
    uuid_dash: Lane,
    digit2: Lane,
    digit3: Lane,
    digit4: Lane,
    digit11: Lane,
    sep4: Lane,
    sep6: Lane,
    sep3: Lane,
    close3: Lane,
    nanp: Lane,
    ssn3: Lane,
    glued: Lane,
    word2: Lane,
    word4: Lane,
    word8: Lane,
    word16: Lane,
    dash2: Lane,
    dash4: Lane,
    dashed1: Lane,
    dashed2: Lane,
    dashed3: Lane,
}

const NONE: Lane = [0; WORDS + 1];

impl Default for Masks {
    fn default() -> Self {
        Self {
            ipv4: NONE,
            ipv6: NONE,
            mac: NONE,
            uuid: NONE,
            digit_run: NONE,
            grouped: NONE,
            international: NONE,
            national: NONE,
            social: NONE,
            long_word: NONE,
            letter_digits: NONE,
            dashes: NONE,
            dashed: NONE,
            key: NONE,
            phrase: NONE,
            announced: NONE,
            option: NONE,
            escaped: NONE,
            common: NONE,
            rare: NONE,
            octet2: NONE,
            octet3: NONE,
            octet4: NONE,
            group1: NONE,
            group2: NONE,
            group3: NONE,
            group4: NONE,
            pair: NONE,
            pair_sep: NONE,
            pair_sep2: NONE,
            pair_sep4: NONE,
            mac6: NONE,
            hex4: NONE,
            cisco: NONE,
            uuid_dash: NONE,
            digit2: NONE,
            digit3: NONE,
            digit4: NONE,
            digit11: NONE,
            sep4: NONE,
            sep6: NONE,
            sep3: NONE,
            close3: NONE,
            nanp: NONE,
            ssn3: NONE,
            glued: NONE,
            word2: NONE,
            word4: NONE,
            word8: NONE,
            word16: NONE,
            dash2: NONE,
            dash4: NONE,
            dashed1: NONE,
            dashed2: NONE,
            dashed3: NONE,
        }
    }
}

/// Fills a lane word by word; the loop stays free of calls and checks.
macro_rules! each {
    ($words:expr, $i:ident; $($lane:expr => $value:expr;)+) => {
        for $i in 1..$words + 1 {
            $($lane[$i] = $value;)+
        }
    };
}

/// Bits of numbers of one to three digits that follow such a number of `lane` and one separator. Bits are at
/// first digits; what lies between must be digits, or the number before is none of the same chain.
#[inline(always)]
fn linked_digits(lane: &Lane, digit2: &Lane, i: usize) -> u64 {
    back::<2>(lane, i) | back::<3>(lane, i) | (back::<4>(lane, i) & back::<2>(digit2, i))
}

/// The same for groups of one to four hex digits.
#[inline(always)]
fn linked_groups(lane: &Lane, pair: &Lane, i: usize) -> u64 {
    back::<2>(lane, i)
        | back::<3>(lane, i)
        | (back::<2>(pair, i) & (back::<4>(lane, i) | (back::<5>(lane, i) & back::<3>(pair, i))))
}

/// A digit or `_` stands before.
#[inline(always)]
fn back_unlettered(p: &Planes, i: usize) -> u64 {
    back::<1>(&p.word, i) & !back::<1>(&p.letter, i)
}

/// An underscore stands two before.
#[inline(always)]
fn back_underscore(p: &Planes, i: usize) -> u64 {
    back::<2>(&p.word, i) & !back::<2>(&p.letter, i) & !back::<2>(&p.digit, i)
}

impl Masks {
    /// Computes all masks of a block of `words` words; what lies behind them up to 4, 8 or
    /// all words is empty.
    ///
    /// The number of rounds is a constant in each case: with a variable one the loops stay scalar
    /// and the whole classifier runs at 700 instead of thousands of MiB/s.
    #[inline(always)]
    pub fn compute(&mut self, p: &Planes, words: usize) {
        match words {
            0..=4 => self.compute_words::<4>(p),
            5..=8 => self.compute_words::<8>(p),
            _ => self.compute_words::<WORDS>(p),
        }
    }

    #[inline(always)]
    fn compute_words<const N: usize>(&mut self, p: &Planes) {
        self.steps_one::<N>(p);
        self.steps_two::<N>(p);
        self.steps_three::<N>(p);
        self.offered::<N>(p);
    }

    /// Steps that look back into planes only.
    #[inline(always)]
    fn steps_one<const N: usize>(&mut self, p: &Planes) {
        let m = self;
        each!(N, i;
            // dotted quads: a digit behind a dot behind a digit
            m.octet2 => p.digit[i] & back::<1>(&p.dot, i) & back::<2>(&p.digit, i);
            // colon groups and dashed numbers: the same
            m.group1 => p.hex[i] & back::<1>(&p.colon, i) & back::<2>(&p.hex, i);
            m.dashed1 => p.digit[i] & back::<1>(&p.dash, i) & back::<2>(&p.digit, i);
        );
        each!(N, i;
            m.pair => p.hex[i] & back::<1>(&p.hex, i);
            m.digit2 => p.digit[i] & back::<1>(&p.digit, i);
            m.digit3 => p.digit[i] & back::<1>(&p.digit, i) & back::<2>(&p.digit, i);
            m.word2 => p.word[i] & back::<1>(&p.word, i);
            m.dash2 => p.dash[i] & back::<1>(&p.dash, i);
            m.glued => p.word[i] | p.dot[i] | p.dash[i] | p.plus[i];
        );
    }

    /// Steps that look back into the first steps.
    #[inline(always)]
    fn steps_two<const N: usize>(&mut self, p: &Planes) {
        let m = self;
        each!(N, i;
            m.octet3 => m.octet2[i] & linked_digits(&m.octet2, &m.digit2, i);
            m.group2 => m.group1[i] & linked_groups(&m.group1, &m.pair, i);
            m.dashed2 => m.dashed1[i] & linked_digits(&m.dashed1, &m.digit2, i);
        );
        each!(N, i;
            m.octet4 => m.octet3[i] & linked_digits(&m.octet3, &m.digit2, i);
            m.group3 => m.group2[i] & linked_groups(&m.group2, &m.pair, i);
            m.dashed3 => m.dashed2[i] & linked_digits(&m.dashed2, &m.digit2, i);
        );
        each!(N, i;
            m.group4 => m.group3[i] & linked_groups(&m.group3, &m.pair, i);
            m.hex4 => m.pair[i] & back::<2>(&m.pair, i);
            m.digit4 => m.digit2[i] & back::<2>(&m.digit2, i);
            m.word4 => m.word2[i] & back::<2>(&m.word2, i);
            m.dash4 => m.dash2[i] & back::<2>(&m.dash2, i);
        );
        each!(N, i;
            // `eth12:00:1a:…`: the end of a word is no first pair
            m.pair_sep => (p.colon[i] | p.dash[i]) & back::<1>(&m.pair, i)
                & !(back::<3>(&p.letter, i) | back::<3>(&p.digit, i));
            m.cisco => p.dot[i] & back::<1>(&m.hex4, i);
            m.uuid_dash => p.dash[i] & back::<1>(&m.hex4, i);
            m.word8 => m.word4[i] & back::<4>(&m.word4, i);
            m.digit11 => m.digit4[i] & back::<4>(&m.digit4, i) & back::<7>(&m.digit4, i);
        );
        each!(N, i;
            m.word16 => m.word8[i] & back::<8>(&m.word8, i);
            // one separator throughout: `12-00:1a:…` starts at the first colon's pair
            m.pair_sep2 => m.pair_sep[i] & back::<3>(&m.pair_sep, i)
                & ((p.colon[i] & back::<3>(&p.colon, i)) | (p.dash[i] & back::<3>(&p.dash, i)));
        );
    }

    /// Steps for separators of digit groups and hardware addresses.
    #[inline(always)]
    fn steps_three<const N: usize>(&mut self, p: &Planes) {
        let m = self;
        each!(N, i;
            m.pair_sep4 => m.pair_sep2[i] & back::<3>(&m.pair_sep2, i) & back::<6>(&m.pair_sep2, i);
            m.sep4 => (p.space[i] | p.dash[i] | p.dot[i] | p.plus[i]) & back::<1>(&m.digit4, i);
            m.sep6 => (p.space[i] | p.dash[i] | p.dot[i] | p.plus[i])
                & back::<1>(&m.digit4, i) & back::<5>(&m.digit2, i);
            m.sep3 => (p.dot[i] | p.dash[i] | p.space[i]) & back::<1>(&m.digit3, i);
            m.close3 => p.close[i] & back::<1>(&m.digit3, i);
            // 3-2-4 digits, not the end of a date
            m.ssn3 => (p.dash[i] | p.space[i]) & back::<1>(&m.digit3, i) & !back::<4>(&p.digit, i);
        );
        each!(N, i;
            m.mac6 => m.pair_sep2[i] & back::<3>(&m.pair_sep4, i);
            m.nanp => m.sep3[i]
                & (back::<4>(&m.sep3, i) | back::<4>(&m.close3, i) | back::<5>(&m.close3, i));
        );
    }

    /// What is offered.
    #[inline(always)]
    fn offered<const N: usize>(&mut self, p: &Planes) {
        let m = self;
        each!(N, i;
            m.ipv4 => m.octet4[i] & !linked_digits(&m.octet4, &m.digit2, i);
            m.ipv6 => (p.colon[i] & back::<1>(&p.colon, i)) | (m.group4[i] & !linked_groups(&m.group4, &m.pair, i));
            m.mac => (m.mac6[i] & !back::<3>(&m.mac6, i)) | (m.cisco[i] & back::<5>(&m.cisco, i))
                // `00e0-fc12-3456`
                | (m.uuid_dash[i] & back::<5>(&m.uuid_dash, i)
                    & !(back::<10>(&p.hex, i) | back::<10>(&p.dash, i)));
            m.uuid => m.uuid_dash[i] & back::<5>(&m.uuid_dash, i)
                & back::<10>(&m.uuid_dash, i) & back::<15>(&m.uuid_dash, i);
        );
        each!(N, i;
            m.digit_run => m.digit11[i] & !back::<1>(&m.digit11, i);
            m.grouped => (m.sep4[i] & back::<5>(&m.sep4, i) & back::<10>(&m.sep4, i))
                | (m.sep6[i] & (back::<7>(&m.sep4, i) | back::<7>(&m.sep6, i)))
                // 8-8: its last digit
                | (m.digit4[i] & back::<4>(&m.digit4, i) & back::<8>(&m.sep4, i) & back::<13>(&m.digit4, i));
            // + or 00 and a country code
            m.international => (p.digit[i] & !p.zero[i])
                & (back::<1>(&p.plus, i)
                    | (back::<1>(&p.zero, i) & back::<2>(&p.zero, i) & !back::<3>(&m.glued, i)));
            m.national => m.digit4[i] & back::<4>(&m.nanp, i);
            m.social => (p.dash[i] | p.space[i]) & back::<1>(&m.digit2, i) & back::<3>(&m.ssn3, i);
        );
        each!(N, i;
            m.long_word => m.word16[i] & !back::<1>(&m.word16, i);
            m.letter_digits => p.space[i] & back::<1>(&m.digit2, i)
                & back::<3>(&p.letter, i) & back::<4>(&p.letter, i) & !back::<5>(&p.word, i);
            m.dashes => p.letter[i] & back::<1>(&p.dash, i) & back::<2>(&m.dash4, i);
            m.dashed => m.dashed3[i];
            m.escaped => (p.hex[i] & back::<1>(&p.hex, i) & back::<2>(&p.percent, i))
                | p.escape[i]
                | (p.hash[i] & back::<1>(&p.ampersand, i))
                | (p.high[i] & !back::<1>(&p.high, i))
                // quoted-printable `=40` before a letter
                | (p.letter[i] & back::<1>(&p.zero, i) & back::<2>(&p.digit, i) & back::<3>(&p.equals, i));
        );
        each!(N, i;
            m.key => ((p.equals[i] | p.colon[i])
                    & (back::<1>(&p.letter, i) | back::<1>(&p.quote, i) | back::<1>(&p.close, i)
                        | back::<1>(&p.escape, i) | back::<1>(&p.space, i)
                        // `cvv2:`, `Tel.:`
                        | (back::<1>(&p.dot, i) & back::<2>(&p.letter, i))))
                | (p.equals[i] & back_unlettered(p, i))
                | (p.colon[i] & (back::<1>(&p.high, i) | (back_unlettered(p, i)
                        & (back::<2>(&p.letter, i) | back::<2>(&p.dash, i) | back_underscore(p, i)))));
            m.phrase => !(p.space[i] | p.line_feed[i]) & back::<1>(&p.phrase, i);
            m.announced => (p.digit[i] | p.capital[i]) & back::<1>(&p.announcing, i);
            // `--password`, `-p`; and a quote behind a word and a blank: `PASSWORD 'x'`
            m.option => (p.letter[i] & back::<1>(&p.dash, i)
                    & !(back::<2>(&p.word, i) | back::<2>(&p.dot, i) | back::<2>(&p.close, i)))
                | ((p.quote[i] | p.escape[i]) & back::<1>(&p.space, i) & back::<2>(&p.letter, i));
        );
        each!(N, i;
            m.common => p.at[i] | m.digit_run[i] | m.ipv4[i] | m.long_word[i];
            m.rare => m.ipv6[i] | m.mac[i] | m.uuid[i] | m.grouped[i] | m.international[i] | m.national[i]
                | m.social[i] | m.letter_digits[i] | m.dashes[i] | m.dashed[i] | m.option[i];
        );
    }

    /// The steps on the way, which look back over a block's border.
    fn steps(&mut self) -> [&mut Lane; 35] {
        [
            &mut self.octet2,
            &mut self.octet3,
            &mut self.octet4,
            &mut self.group1,
            &mut self.group2,
            &mut self.group3,
            &mut self.group4,
            &mut self.pair,
            &mut self.pair_sep,
            &mut self.pair_sep2,
            &mut self.pair_sep4,
            &mut self.mac6,
            &mut self.hex4,
            &mut self.cisco,
            &mut self.uuid_dash,
            &mut self.digit2,
            &mut self.digit3,
            &mut self.digit4,
            &mut self.digit11,
            &mut self.sep4,
            &mut self.sep6,
            &mut self.sep3,
            &mut self.close3,
            &mut self.nanp,
            &mut self.ssn3,
            &mut self.glued,
            &mut self.word2,
            &mut self.word4,
            &mut self.word8,
            &mut self.word16,
            &mut self.dash2,
            &mut self.dash4,
            &mut self.dashed1,
            &mut self.dashed2,
            &mut self.dashed3,
        ]
    }

    /// The last words of the steps become those before the next block.
    #[inline(always)]
    pub fn carry(&mut self) {
        for lane in self.steps() {
            lane[0] = lane[WORDS];
        }
    }

    /// Nothing stands before the next block.
    pub fn forget(&mut self) {
        for lane in self.steps() {
            lane[0] = 0;
        }
    }
}
