//! Classes to candidate masks: shifts and ands over the words of a block, several at once.
//!
//! Every mask looks back only, so what it says of a byte does not depend on where blocks end. Classes lie behind
//! the word before them; steps on the way that are looked back into remember the words of the part before. What
//! can be had from classes with a few more shifts is no such step.

use super::classes::Classes;
use super::{Kind, Kinds};
use crate::simd::{Bits, Look, LookBack, Mask, Memory, Strip, WORDS, Words};

/// The kinds of shapes that have a mask, those that many words have first.
pub(super) const SHAPES: [Kind; 16] = [
    Kind::Ipv4,
    Kind::LongWord,
    Kind::At,
    Kind::DigitRun,
    Kind::Ipv6,
    Kind::Mac,
    Kind::Uuid,
    Kind::Grouped,
    Kind::International,
    Kind::National,
    Kind::SocialSecurity,
    Kind::LetterDigits,
    Kind::Dashes,
    Kind::DashedQuad,
    Kind::Option,
    Kind::Sign,
];

/// The masks of a block.
#[derive(Default)]
pub(super) struct Masks {
    /// Parts that have no bit for one in `some` mean nothing there.
    pub shapes: Shapes,
    /// One bit for each of them that a part has a bit of.
    pub some: [u64; WORDS],
    /// First bytes behind a letter and one byte more: a separator, a quote before a separator, or a blank behind a
    /// word.
    pub behind_word: Mask,
    /// The other separators that may stand behind a key.
    pub odd_key: Mask,
    /// Parts of it that have a bit.
    pub some_odd_keys: u32,
    /// Escapes, and semicolons that may end one.
    pub escaped: Mask,
    /// Number signs and semicolons.
    refers: Mask,
    /// Slashes.
    slash: Mask,
    /// Line feeds.
    pub line_feed: Mask,
    /// Parts that have one.
    pub some_escapes: u32,
    /// `some` while it is gathered, for each word.
    found: Mask,
    strips: Strips,
    steps: Steps,
}

/// The masks of [`SHAPES`], in their order.
#[derive(Default)]
pub(super) struct Shapes(pub [Mask; SHAPES.len()]);

impl Shapes {
    /// Keeps the mask of shape `kind`; returns its bit for each word that has one.
    #[inline(always)]
    fn offer<W: Words>(&mut self, kind: Kind, part: usize, mask: W) -> W {
        let place = const { place_of() }[kind as usize];
        mask.store(&mut self.0[place], part);
        mask.flag(1 << place)
    }
}

/// Classes that are looked back into.
#[derive(Default)]
struct Strips {
    digit: Strip,
    zero: Strip,
    letter: Strip,
    hex: Strip,
    word: Strip,
    dot: Strip,
    colon: Strip,
    dash: Strip,
    equals: Strip,
    quote: Strip,
    space: Strip,
    plus: Strip,
    close: Strip,
    percent: Strip,
    escape: Strip,
    high: Strip,
    ampersand: Strip,
}

impl Strips {
    fn each(&mut self, change: impl Fn(&mut Strip)) {
        // all by name: one that is forgotten does not compile
        let Self {
            digit,
            zero,
            letter,
            hex,
            word,
            dot,
            colon,
            dash,
            equals,
            quote,
            space,
            plus,
            close,
            percent,
            escape,
            high,
            ampersand,
        } = self;
        [digit, zero, letter, hex, word, dot, colon, dash].into_iter().for_each(&change);
        [equals, quote, space, plus, close, percent, escape, high, ampersand].into_iter().for_each(change);
    }
}

/// The last words of steps that are looked back into.
#[derive(Default)]
struct Steps {
    octet2: Memory,
    octet3: Memory,
    octet4: Memory,
    dashed1: Memory,
    dashed2: Memory,
    group1: Memory,
    group2: Memory,
    group3: Memory,
    group4: Memory,
    pairs: Memory,
    hex4: Memory,
    uuid_dash: Memory,
    digit4: Memory,
    sep4: Memory,
    sep3: Memory,
    nanp: Memory,
    word4: Memory,
    word8: Memory,
}

/// Bits of numbers of one to three digits that follow such a number of `look` and one separator. Bits are at
/// first digits; what lies between must be digits, or the number before is none of the same chain.
#[inline(always)]
fn linked_digits<W: Words>(look: Look<W>, two_digits_before: W) -> W {
    look.back::<2>() | look.back::<3>() | (look.back::<4>() & two_digits_before)
}

/// The same for groups of one to four hex digits.
#[inline(always)]
fn linked_groups<W: Words>(look: Look<W>, two_before: W, three_before: W) -> W {
    look.back::<2>()
        | look.back::<3>()
        | (two_before & (look.back::<4>() | (look.back::<5>() & three_before)))
}

impl Masks {
    /// Nothing stands before the next block.
    pub fn forget(&mut self) {
        self.strips.each(Strip::forget);
        self.steps = Steps::default();
    }

    /// Computes the masks of the first `words` words of a block: all, but for shapes that are not `wanted`, and
    /// the last steps of those whose first ones few lines have.
    ///
    /// Classes go through memory, and each pass takes from there those that it needs: kept in registers through
    /// all passes, they were spilled more often than they are read here.
    #[inline(always)]
    pub fn compute<W: Words>(&mut self, proof: W::Proof, bits: &Bits, words: usize, wanted: Kinds) {
        (self.some_odd_keys, self.some_escapes) = (0, 0);
        let parts = words.min(WORDS).div_ceil(W::COUNT);
        for part in 0..parts {
            self.classes::<W>(proof, bits, part, wanted);
        }
        for part in 0..parts {
            self.numbers::<W>(proof, part, wanted);
        }
        for part in 0..parts {
            self.words::<W>(proof, part, wanted);
        }
        for part in 0..parts {
            self.borders::<W>(proof, part);
        }
        self.strips.each(W::carry);
    }

    /// Classes of bytes.
    #[inline(always)]
    fn classes<W: Words>(&mut self, proof: W::Proof, bits: &Bits, part: usize, wanted: Kinds) {
        let c = Classes::of(W::maps(proof, bits, part));
        let strips = &mut self.strips;
        c.digit.keep(&mut strips.digit, part);
        c.zero.keep(&mut strips.zero, part);
        c.letter.keep(&mut strips.letter, part);
        c.hex.keep(&mut strips.hex, part);
        c.word.keep(&mut strips.word, part);
        c.dot.keep(&mut strips.dot, part);
        c.colon.keep(&mut strips.colon, part);
        c.dash.keep(&mut strips.dash, part);
        c.equals.keep(&mut strips.equals, part);
        c.quote.keep(&mut strips.quote, part);
        c.space.keep(&mut strips.space, part);
        c.plus.keep(&mut strips.plus, part);
        c.close.keep(&mut strips.close, part);
        c.percent.keep(&mut strips.percent, part);
        c.escape.keep(&mut strips.escape, part);
        c.high.keep(&mut strips.high, part);
        c.ampersand.keep(&mut strips.ampersand, part);
        c.refers.store(&mut self.refers, part);
        c.slash.store(&mut self.slash, part);
        c.line_feed.store(&mut self.line_feed, part);
        let mut some = self.shapes.offer(Kind::At, part, c.at);
        if wanted.has(Kind::Sign) {
            some = some | self.shapes.offer(Kind::Sign, part, c.sign);
        }
        some.store(&mut self.found, part);
    }

    /// Shapes of digits and their separators.
    #[inline(always)]
    fn numbers<W: Words>(&mut self, proof: W::Proof, part: usize, wanted: Kinds) {
        let Strips { digit, zero, letter, word, dot, dash, space, plus, close, .. } = &self.strips;
        let look = |strip| W::look(proof, strip, part);
        let (digit, dot, dash, space) = (look(digit), look(dot), look(dash), look(space));
        let (zero, plus, letter, word) = (look(zero), look(plus), look(letter), look(word));
        let close = look(close);
        let mut some = W::load(proof, &self.found, part);
        let (digit_1, digit_2, digit_3) = (digit.back::<1>(), digit.back::<2>(), digit.back::<3>());
        let two_before = digit_2 & digit_3;
        // dotted quads: a digit behind a dot behind a digit
        let octet2 = (digit.now() & dot.back::<1>() & digit_2).remember(&mut self.steps.octet2);
        let octet3 = (octet2.now() & linked_digits(octet2, two_before)).remember(&mut self.steps.octet3);
        let octet4 = (octet3.now() & linked_digits(octet3, two_before)).remember(&mut self.steps.octet4);
        let ipv4 = octet4.now() & !linked_digits(octet4, two_before);
        if wanted.has(Kind::DashedQuad) {
            // dashed numbers: the same
            let dashed1 = (digit.now() & dash.back::<1>() & digit_2).remember(&mut self.steps.dashed1);
            if dashed1.now().any() {
                let dashed2 =
                    (dashed1.now() & linked_digits(dashed1, two_before)).remember(&mut self.steps.dashed2);
                let dashed3 = dashed2.now() & linked_digits(dashed2, two_before);
                some = some | self.shapes.offer(Kind::DashedQuad, part, dashed3);
            } else {
                self.steps.dashed2.forget();
            }
        }
        // runs
        let digit4 = (digit.now() & digit_1 & two_before).remember(&mut self.steps.digit4);
        let digit4_4 = digit4.back::<4>();
        let digit_run = digit4.now() & digit4_4 & digit4.back::<7>() & !digit.back::<11>();
        // groups
        let gap = space.now() | dash.now() | dot.now();
        let sep4 = ((gap | plus.now()) & digit4.back::<1>()).remember(&mut self.steps.sep4);
        let sep6 = sep4.now() & digit.back::<5>() & digit.back::<6>();
        let grouped = (sep4.now() & sep4.back::<5>() & sep4.back::<10>())
            | (sep6 & sep4.back::<7>())
            // 8-8: its last digit
            | (digit4.now() & digit4_4 & sep4.back::<8>() & digit4.back::<13>());
        let three_before = digit_1 & two_before;
        let sep3 = (gap & three_before).remember(&mut self.steps.sep3);
        let close3 = |shifted: W, three: W| shifted & three;
        let (digit_4, digit_5, digit_6, digit_7) =
            (digit.back::<4>(), digit.back::<5>(), digit.back::<6>(), digit.back::<7>());
        let (digit_8, five_to_seven) = (digit.back::<8>(), digit_5 & digit_6 & digit_7);
        let nanp = sep3.now()
            & (sep3.back::<4>()
                | close3(close.back::<4>(), five_to_seven)
                | close3(close.back::<5>(), digit_6 & digit_7 & digit_8));
        let nanp = nanp.remember(&mut self.steps.nanp);
        let national = digit4.now() & nanp.back::<4>();
        if wanted.has(Kind::SocialSecurity) {
            // 3-2-4 digits, not the end of a date or a decimal
            let social = (dash.now() | space.now())
                & digit_1
                & digit_2
                & (dash.back::<3>() | space.back::<3>())
                & digit_4
                & digit_5
                & digit_6
                & !digit_7;
            // the dash of `123.456.789-09` and `12.345.678/0001-95`
            let dotted = dash.now()
                & ((three_before & dot.back::<4>() & dot.back::<8>() & digit.back::<11>())
                    | (digit4.back::<1>() & dot.back::<9>() & dot.back::<13>() & digit_6));
            // the last dot of `756.1234.5678.97` and of `79.04.12-018.48`
            let last_dot = dot.now()
                & ((sep4.now() & dot.back::<5>() & sep4.back::<5>() & dot.back::<10>() & digit.back::<13>())
                    | (three_before & dash.back::<4>() & dot.back::<7>() & dot.back::<10>()));
            some = some | self.shapes.offer(Kind::SocialSecurity, part, social | dotted | last_dot);
        }
        // + or 00 and a country code
        let glued_3 = word.back::<3>() | dot.back::<3>() | dash.back::<3>() | plus.back::<3>();
        let international = (digit.now() & !zero.now())
            & (plus.back::<1>() | (zero.back::<1>() & zero.back::<2>() & !glued_3));
        if wanted.has(Kind::LetterDigits) {
            let letter_digits = (space.now() | dash.now())
                & digit_1
                & digit_2
                & letter.back::<3>()
                & letter.back::<4>()
                & !word.back::<5>();
            some = some | self.shapes.offer(Kind::LetterDigits, part, letter_digits);
        }
        some = some | self.shapes.offer(Kind::Ipv4, part, ipv4);
        some = some | self.shapes.offer(Kind::DigitRun, part, digit_run);
        some = some | self.shapes.offer(Kind::Grouped, part, grouped);
        some = some | self.shapes.offer(Kind::National, part, national);
        some = some | self.shapes.offer(Kind::International, part, international);
        some.store(&mut self.found, part);
    }

    /// Shapes of hex digits and of words.
    #[inline(always)]
    fn words<W: Words>(&mut self, proof: W::Proof, part: usize, wanted: Kinds) {
        let Strips { digit, letter, hex, word, dot, colon, dash, .. } = &self.strips;
        let look = |strip| W::look(proof, strip, part);
        let (hex, colon, dash, dot) = (look(hex), look(colon), look(dash), look(dot));
        let (word, letter, digit) = (look(word), look(letter), look(digit));
        let mut some = W::load(proof, &self.found, part);
        let (hex_1, hex_2, hex_3) = (hex.back::<1>(), hex.back::<2>(), hex.back::<3>());
        let (two, three) = (hex_2 & hex_3, hex_3 & hex.back::<4>());
        // colon groups
        let group1 = (hex.now() & colon.back::<1>() & hex_2).remember(&mut self.steps.group1);
        let group2 = (group1.now() & linked_groups(group1, two, three)).remember(&mut self.steps.group2);
        let group3 = (group2.now() & linked_groups(group2, two, three)).remember(&mut self.steps.group3);
        let mut ipv6 = colon.now() & colon.back::<1>();
        if group3.now().any() {
            let group4 = (group3.now() & linked_groups(group3, two, three)).remember(&mut self.steps.group4);
            ipv6 = ipv6 | (group4.now() & !linked_groups(group4, two, three));
        } else {
            self.steps.group4.forget();
        }
        // hardware addresses: pairs behind pairs with one separator throughout; the end of a word is
        // no first pair (`eth12:00:1a:…`)
        let glued_3 = letter.back::<3>() | digit.back::<3>();
        let glued_6 = letter.back::<6>() | digit.back::<6>();
        let pairs = ((colon.now() & colon.back::<3>()) | (dash.now() & dash.back::<3>()))
            & hex_1
            & hex_2
            & !glued_3
            & hex.back::<4>()
            & hex.back::<5>()
            & !glued_6;
        let pairs = pairs.remember(&mut self.steps.pairs);
        let mut mac = pairs.now() & pairs.back::<3>();
        // a time of day has no four
        if mac.any() {
            mac = mac & pairs.back::<6>() & pairs.back::<9>() & !pairs.back::<12>();
        }
        let hex4 = (hex.now() & hex_1 & two).remember(&mut self.steps.hex4);
        let hex4_1 = hex4.back::<1>();
        let cisco = dot.now() & hex4_1 & dot.back::<5>() & hex4.back::<6>();
        let uuid_dash = (dash.now() & hex4_1).remember(&mut self.steps.uuid_dash);
        let two_dashes = uuid_dash.now() & uuid_dash.back::<5>();
        if two_dashes.any() {
            // `00e0-fc12-3456`
            mac = mac | (two_dashes & !(hex.back::<10>() | dash.back::<10>()));
            if wanted.has(Kind::Uuid) {
                let uuid = two_dashes & uuid_dash.back::<10>() & uuid_dash.back::<15>();
                some = some | self.shapes.offer(Kind::Uuid, part, uuid);
            }
        }
        let word4 = (word.now() & word.back::<1>() & word.back::<2>() & word.back::<3>())
            .remember(&mut self.steps.word4);
        let word8 = (word4.now() & word4.back::<4>()).remember(&mut self.steps.word8);
        let long_word = word8.now() & word8.back::<8>() & !word.back::<16>();
        let three_dashes = dash.back::<1>() & dash.back::<2>() & dash.back::<3>();
        if wanted.has(Kind::Dashes) && three_dashes.any() {
            let dashes = letter.now() & three_dashes & dash.back::<4>() & dash.back::<5>();
            some = some | self.shapes.offer(Kind::Dashes, part, dashes);
        }
        some = some | self.shapes.offer(Kind::Ipv6, part, ipv6);
        some = some | self.shapes.offer(Kind::Mac, part, mac | cisco);
        some = some | self.shapes.offer(Kind::LongWord, part, long_word);
        some.store(&mut self.found, part);
    }

    /// Ends of keys and of words of phrases, signs and escapes.
    #[inline(always)]
    fn borders<W: Words>(&mut self, proof: W::Proof, part: usize) {
        let Strips { digit, letter, hex, word, dot, colon, dash, equals, quote, space, .. } = &self.strips;
        let Strips { close, percent, escape, high, ampersand, .. } = &self.strips;
        let look = |strip| W::look(proof, strip, part);
        let (letter, digit, word, hex) = (look(letter), look(digit), look(word), look(hex));
        let (dash, dot, quote, space) = (look(dash), look(dot), look(quote), look(space));
        let (equals, colon, close) = (look(equals), look(colon), look(close));
        let (escape, high, percent) = (look(escape), look(high), look(percent));
        let ampersand = look(ampersand);
        let line_feed = W::load(proof, &self.line_feed, part);
        let (letter_1, letter_2, word_2) = (letter.back::<1>(), letter.back::<2>(), word.back::<2>());
        let (quote_1, dash_2, space_1) = (quote.back::<1>(), dash.back::<2>(), space.back::<1>());
        let separator = equals.now() | colon.now();
        let plain = separator & (letter_1 | (quote_1 & letter_2));
        // a digit or `_` stands before
        let unlettered = word.back::<1>() & !letter_1;
        let odd = (separator
            & (quote_1
                | close.back::<1>()
                | escape.back::<1>()
                | space_1
                // `電話番号=`
                | high.back::<1>()
                // `cvv2:`, `Tel.:`
                // and `Host Name....:`
                | (dot.back::<1>() & (letter_2 | dot.back::<2>()))))
            | (equals.now() & unlettered)
            | (colon.now() & unlettered & ((word_2 & !digit.back::<2>()) | dash_2));
        // paths follow many words (`GET /…`) and are no values, nor is what stands before one
        let no_value = space.now() | line_feed | separator | W::load(proof, &self.slash, part);
        let behind_blank = !no_value & space_1;
        // `Mr. John`, `Tel. 030`
        let lettered_3 = letter.back::<3>() | high.back::<3>();
        let abbreviated = behind_blank & dot.back::<2>() & lettered_3;
        let odd = (odd & !plain) | abbreviated;
        odd.store(&mut self.odd_key, part);
        self.some_odd_keys |= u32::from(odd.any()) << part;
        // behind a word of two letters and more, or an option of one
        // or one that ends beyond ASCII
        let option_value = !(space.now() | line_feed) & space_1 & letter_2 & dash.back::<3>();
        let phrase = (behind_blank & ((letter_2 & lettered_3) | high.back::<2>())) | option_value;
        let keyed = letter_2 & (equals.back::<1>() | colon.back::<1>() | (separator & quote_1));
        (keyed | phrase).store(&mut self.behind_word, part);
        // `--password`, `-p`; and a quote behind a word and a blank: `PASSWORD 'x'`
        let option = (letter.now() & dash.back::<1>() & !(word_2 | dot.back::<2>() | close.back::<2>()))
            | ((quote.now() | escape.now()) & space_1 & letter_2)
            // `"AUTH" "x"`, `["email", "x"]`
            | (quote.now() & space_1 & ((quote.back::<2>() & letter.back::<3>()) | (quote.back::<3>() & letter.back::<4>())));
        let escaped = (hex.now() & hex.back::<1>() & percent.back::<2>())
            | escape.now()
            | (high.now() & !high.back::<1>())
            // quoted-printable `=40`, `=2E` before a letter; which digits they are is looked up in the text
            | (letter.now() & hex.back::<1>() & digit.back::<2>() & equals.back::<3>())
            // `&#`, `&lt;`, `&hellip;`: what stands between is looked up in the text
            | (W::load(proof, &self.refers, part)
                & (ampersand.back::<1>()
                    | ampersand.back::<3>()
                    | ampersand.back::<4>()
                    | ampersand.back::<5>()
                    | ampersand.back::<6>()
                    | ampersand.back::<7>()
                    | ampersand.back::<8>()));
        escaped.store(&mut self.escaped, part);
        self.some_escapes |= u32::from(escaped.any()) << part;
        let some = W::load(proof, &self.found, part) | self.shapes.offer(Kind::Option, part, option);
        self.some[part % WORDS] = some.union();
    }
}

/// The places of kinds in [`SHAPES`].
const fn place_of() -> [usize; super::KINDS] {
    let mut places = [0; super::KINDS];
    let mut place = 0;
    while place < SHAPES.len() {
        places[SHAPES[place] as usize] = place;
        place += 1;
    }
    places
}
