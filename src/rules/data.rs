//! What the generated tables of `patterns/data/` and `patterns/sentences.toml` are made of.

use crate::finding::TypeId;

use super::{LINE_SHAPES, RuleId, issuers, line_shapes, mobile_codes, token_shapes};

/// What is known of one row of `patterns/data/*.toml`.
#[derive(Debug, Clone, Copy)]
pub struct DataMeta {
    /// Such as `token-shape/github`.
    pub id: &'static str,
    /// How its examples are proved.
    pub proof: Proof,
    /// One sentence for people.
    pub description: &'static str,
    /// The standard, registry or vendor that publishes it.
    pub reference: &'static str,
    /// Tags of laws, as rules have them.
    pub tags: &'static [&'static str],
    /// The ruleset that brought the row.
    pub since: &'static str,
    /// Lines that must match, at least two.
    pub matches: &'static [&'static str],
    /// Lines that must not match, at least two.
    pub non_matches: &'static [&'static str],
}

/// What finds the examples of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// This rule, with nothing but its type switched on.
    Rule(RuleId),
    /// The line has the shape.
    Line,
}

/// Every row of `patterns/data/`, file by file.
pub fn all_data() -> impl Iterator<Item = &'static DataMeta> {
    [token_shapes::ABOUT, issuers::ABOUT, mobile_codes::ABOUT, line_shapes::ABOUT].into_iter().flatten()
}

/// Which bytes may follow a token's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// Digits and `a` to `f` in either case.
    Hex,
    /// Capitals and digits.
    Upper,
    /// Letters and digits.
    Alnum,
    /// Letters, digits, `_` and `-`.
    Word,
    /// Word bytes, dots and `=`.
    Dotted,
}

/// A prefix that a vendor publishes, and what follows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenShape {
    pub prefix: &'static str,
    pub alphabet: Alphabet,
    /// Bytes behind the prefix: at least, and exactly if `exact`.
    pub length: u16,
    pub exact: bool,
    /// The last six symbols are the CRC-32 of those before, in base 62.
    pub has_checksum: bool,
}

/// One range of six-digit prefixes of card numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IssuerRange {
    pub first: u32,
    pub last: u32,
    /// Lengths in digits that are issued, a bit each.
    pub lengths: u32,
    /// Lengths that are trusted in a run of digits without grouping and without a key.
    pub bare: u32,
}

/// What a named shape of lines is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A line format.
    Format(&'static str),
    /// The broad shape of that name.
    Shape(&'static str),
}

/// A shape of lines that is known by name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineShape {
    pub name: &'static str,
    pub form: Form,
}

/// The line format of that name, such as `combined`.
pub(crate) fn line_format(name: &str) -> Option<&'static str> {
    LINE_SHAPES.iter().find(|shape| shape.name == name).and_then(|shape| match shape.form {
        Form::Format(format) => Some(format),
        Form::Shape(_) => None,
    })
}

/// A sentence that a program writes and that tells a value under no key. A generated row of `patterns/sentences.toml`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sentence {
    /// The word before the blank that it is looked for from, in lower case.
    pub word: &'static str,
    /// What it is made of.
    pub parts: &'static [Part],
    /// Which of the parts, a text, has the word.
    pub anchor: usize,
    /// Where in that text the first byte behind the blank stands.
    pub offset: usize,
    /// Up to eight bytes of it before that, the last one highest.
    pub head: u64,
    /// Which of them are there.
    pub mask: u64,
}

/// A part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Exactly these bytes.
    Text(&'static str),
    /// A value of this type: one word, or all up to a quote that the text before it opens.
    Take(TypeId),
    /// A login name, unless it is a word of the sentence.
    Person,
    /// The same of one to five words.
    People,
    /// A telephone number, or the login name of who is called.
    Caller,
    /// A word that is none of those, or nothing.
    Skip,
    /// Anything up to what follows.
    Rest,
    /// Digits.
    Number,
    /// The end of the record.
    End,
}
