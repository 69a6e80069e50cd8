//! Bytes to candidates: the few places where something could stand.
//!
//! Candidates are only a filter: a place that is not offered can't be found, a place that is
//! offered too often only costs time. All masks look *back* (what came before, from the words
//! before through a carry), so one pass in order is enough and blocks may end anywhere.

mod classes;
mod collect;
mod filter;
mod masks;
mod memo;

pub(crate) use collect::{Collector, before_remark, key_end};
pub(crate) use filter::{Filter, LastWords, Tail, is_joint};

/// What could stand at a candidate, and where in its shape the candidate's offset points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Kind {
    /// First digit of the fourth octet of a dotted quad.
    Ipv4,
    /// Second colon of `::`, or a hex digit after the fourth colon of a group chain.
    Ipv6,
    /// `@`
    At,
    /// Fifth separator of a colon or dash hardware address, second one of groups of four.
    Mac,
    /// Fourth dash of a UUID.
    Uuid,
    /// Eleventh digit of a digit run.
    DigitRun,
    /// Third separator of digit groups (4-4-4, 4-6, 6-6), or the last digit of two groups of eight.
    Grouped,
    /// A non-zero digit after `+`, or the first one after `00`.
    International,
    /// Fourth digit of the last group of 3-3-4 digits.
    National,
    /// Second dash of 3-2-4 digits, or the dash of a Brazilian tax number.
    SocialSecurity,
    /// `=`, `>` or `:` after a word, quote, bracket or blank.
    Key,
    /// First byte of a word after a word and one blank; of an option whatever stands there, else no slash and no separator.
    Phrase,
    /// Sixteenth byte of a run of word bytes.
    LongWord,
    /// A blank or dash after two letters, two digits (an IBAN in groups).
    LetterDigits,
    /// The first letter after five dashes (PEM, RFC 7468).
    Dashes,
    /// `:` after the tag of a program whose lines are known (`sudo:`, `sshd[812]:`); `>` after a number.
    Tag,
    /// First letter of an option (`--password`, `-p`), or a quote behind a word, quoted or not, and a blank.
    Option,
    /// First byte of what stands behind the last word of a key and a blank: a national number, a date of birth.
    Announced,
    /// The first digit of the fourth and later dash-separated digit groups (a host name that embeds an address).
    DashedQuad,
    /// `$` or `|`, which a sentence of a GPS receiver and a field of a health message stand behind.
    Sign,
}

/// How many kinds there are.
pub(crate) const KINDS: usize = 20;

/// The kinds' names, in their order.
pub(crate) const KIND_NAMES: [&str; KINDS] = [
    "ipv4",
    "ipv6",
    "at",
    "mac",
    "uuid",
    "digit-run",
    "grouped",
    "international",
    "national",
    "social-security",
    "key",
    "phrase",
    "long-word",
    "letter-digits",
    "dashes",
    "tag",
    "option",
    "announced",
    "dashed-quad",
    "sign",
];

/// Some of the kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kinds(u32);

impl Kinds {
    /// Every kind.
    pub const ALL: Self = Self((1 << KINDS) - 1);

    /// These without `kind`.
    pub const fn without(self, kind: Kind) -> Self {
        Self(self.0 & !(1 << kind as u32))
    }
    /// Whether `kind` is one of them.
    #[inline(always)]
    pub const fn has(self, kind: Kind) -> bool {
        self.0 >> kind as u32 & 1 != 0
    }
}

/// A candidate: where it is, below 4 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub at: u32,
}

/// The candidates of a chunk, by kind, each list in order.
#[derive(Default)]
pub(crate) struct Candidates {
    lists: [Vec<Candidate>; KINDS],
    /// Places of bytes which could hide a value (escapes, high bytes), at least the first of each record.
    pub escaped: Vec<u32>,
    /// Line feeds seen.
    pub line_feeds: u64,
    scratch: Option<Box<collect::Scratch>>,
}

impl Candidates {
    pub fn clear(&mut self) {
        self.lists.iter_mut().for_each(Vec::clear);
        self.escaped.clear();
        self.line_feeds = 0;
    }
    /// One candidate and no other.
    #[cfg(test)]
    pub fn set_only(&mut self, kind: Kind, at: u32) {
        self.clear();
        self.lists[kind as usize].push(Candidate { at });
    }
    /// Every candidate, kind by kind.
    pub fn all(&self) -> impl Iterator<Item = &Candidate> {
        self.lists.iter().flatten()
    }
    /// How many candidates there are of each kind.
    pub fn counts(&self) -> [usize; KINDS] {
        std::array::from_fn(|kind| self.lists[kind].len())
    }
    pub fn of(&self, kind: Kind) -> &[Candidate] {
        &self.lists[kind as usize]
    }
}
