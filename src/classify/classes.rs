//! Bits of bytes to classes of bytes: which bytes are digits, letters, dots, as logic on whole words.
//!
//! ASCII (RFC 20) by its bits: 6 and 5 tell control characters, punctuation with digits, capitals and
//! small letters apart. A kernel that compares bytes class by class costs as many comparisons as there
//! are classes; from the bits all of them are a few dozen operations on eight words at once.

use crate::simd::Words;

/// The classes of some words.
#[derive(Clone, Copy)]
pub(super) struct Classes<W> {
    /// `0`–`9`
    pub digit: W,
    /// `0`
    pub zero: W,
    /// `A`–`Z`, `a`–`z`
    pub letter: W,
    /// `0`–`9`, `A`–`F`, `a`–`f`
    pub hex: W,
    /// letters, digits, `_`
    pub word: W,
    /// `.`
    pub dot: W,
    /// `:`
    pub colon: W,
    /// `-`
    pub dash: W,
    /// `@`
    pub at: W,
    /// `=` or `>`
    pub equals: W,
    /// `"` or `'`
    pub quote: W,
    /// space or tab
    pub space: W,
    /// `+`
    pub plus: W,
    /// `)`, `]`, a backtick, which closes names of columns, or a number sign, which ends some (`Acct #:`)
    pub close: W,
    /// line feed
    pub line_feed: W,
    /// `%`
    pub percent: W,
    /// backslash or ESC
    pub escape: W,
    /// `&`
    pub ampersand: W,
    /// `#` or `;`: a character reference has one behind its ampersand
    pub refers: W,
    /// `$` or `|`
    pub sign: W,
    /// `/`
    pub slash: W,
    /// 0x80 and above
    pub high: W,
}

impl<W: Words> Classes<W> {
    /// The classes of bytes whose bit `k` is in `bits[k]`.
    #[inline(always)]
    pub fn of(bits: [W; 8]) -> Self {
        let [b0, b1, b2, b3, b4, b5, b6, high] = bits;
        // by the high nibble
        let below_40 = !(high | b6);
        let n0 = below_40 & !b5 & !b4;
        let n1 = below_40 & !b5 & b4;
        let n2 = below_40 & b5 & !b4;
        let n3 = below_40 & b5 & b4;
        let from_40 = !high & b6;
        let n4 = from_40 & !b5 & !b4;
        let n5 = from_40 & !b5 & b4;
        // by the low nibble, in two halves
        let (h00, h01, h10, h11) = (!b3 & !b2, !b3 & b2, b3 & !b2, b3 & b2);
        let (l00, l01, l10, l11) = (!b1 & !b0, !b1 & b0, b1 & !b0, b1 & b0);
        let at_9 = h10 & l01;
        let at_13 = h11 & l01;
        let digit = n3 & !(b3 & (b2 | b1));
        // 1 to 26 of the five low bits
        let letter = from_40 & (b4 | b3 | b2 | b1 | b0) & !(b4 & b3 & (b2 | l11));
        // 1 to 6
        let a_to_f = from_40 & !b4 & !b3 & (b2 | b1 | b0) & !(b2 & l11);
        Self {
            digit,
            zero: n3 & h00 & l00,
            letter,
            hex: digit | a_to_f,
            word: digit | letter | (n5 & h11 & l11),
            dot: n2 & h11 & l10,
            colon: n3 & h10 & l10,
            dash: n2 & at_13,
            at: n4 & h00 & l00,
            equals: n3 & h11 & (l01 | l10),
            quote: n2 & ((h00 & l10) | (h01 & l11)),
            space: (n2 & h00 & l00) | (n0 & at_9),
            plus: n2 & h10 & l11,
            close: (n2 & (at_9 | (h00 & l11))) | (n5 & at_13) | (from_40 & b5 & !b4 & h00 & l00),
            line_feed: n0 & h10 & l10,
            percent: n2 & h01 & l01,
            escape: (n5 & h11 & l00) | (n1 & h10 & l11),
            ampersand: n2 & h01 & l10,
            refers: l11 & ((n2 & h00) | (n3 & h10)),
            sign: l00 & ((n2 & h01) | (from_40 & b5 & b4 & h11)),
            slash: n2 & h11 & l11,
            high,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Classes;

    #[test]
    fn every_byte_has_the_classes_that_it_says() {
        for byte in 0..=255u8 {
            let c = Classes::of(std::array::from_fn(|k| u64::from(byte >> k & 1)));
            let is = |word: u64| word & 1 != 0;
            assert_eq!(is(c.digit), byte.is_ascii_digit(), "{byte}");
            assert_eq!(is(c.letter), byte.is_ascii_alphabetic(), "{byte}");
            assert_eq!(is(c.hex), byte.is_ascii_hexdigit(), "{byte}");
            assert_eq!(is(c.word), byte.is_ascii_alphanumeric() || byte == b'_', "{byte}");
            assert_eq!(is(c.high), byte >= 0x80, "{byte}");
            for (class, bytes) in [
                (c.zero, "0"),
                (c.dot, "."),
                (c.colon, ":"),
                (c.dash, "-"),
                (c.at, "@"),
                (c.equals, "=>"),
                (c.quote, "\"'"),
                (c.space, " \t"),
                (c.plus, "+"),
                (c.close, ")]`#"),
                (c.line_feed, "\n"),
                (c.percent, "%"),
                (c.escape, "\\\x1b"),
                (c.ampersand, "&"),
                (c.refers, "#;"),
                (c.sign, "$|"),
                (c.slash, "/"),
            ] {
                assert_eq!(is(class), bytes.as_bytes().contains(&byte), "{byte} {bytes:?}");
            }
        }
    }
}
