//! The one pass over the blocks: masks to lists of candidates.

use super::filter::{Filter, Tail, Verdict, is_joint};
use super::masks::{Masks, SHAPES};
use super::memo::Verdicts;
use super::{Candidate, Candidates, Kind};
use crate::check::bytes;
use crate::simd::{Bits, BlockSink, Mask, ROOM, WORDS, Words};

/// Bytes of a block.
const BLOCK: usize = WORDS * 64;
/// Bytes before a block that are looked at for what ends at its first places.
const BEFORE: usize = 16;
/// A block behind the bytes before it: of an array the compiler knows that what is read lies inside.
type Framed = [u8; BEFORE + BLOCK];

/// Memory that collecting reuses.
#[derive(Default)]
pub(crate) struct Scratch {
    bits: Bits,
    masks: Masks,
    verdicts: Verdicts,
    places: Places,
    said: Said,
}

/// The places of a block that are left, with what the filter said of them.
struct Said([(u32, Verdict); BLOCK]);

impl Default for Said {
    fn default() -> Self {
        Self([(0, Verdict::NONE); BLOCK])
    }
}

impl Said {
    /// Keeps the places that `ask` knows something of; returns them.
    #[inline(always)]
    fn keep(&mut self, places: &[u32], mut ask: impl FnMut(u32) -> Verdict) -> &[(u32, Verdict)] {
        let mut known = 0;
        for &place in places {
            let verdict = ask(place);
            self.0[known % BLOCK] = (place, verdict);
            known += usize::from(!verdict.is_none());
        }
        &self.0[..known.min(BLOCK)]
    }
}

/// What the filter says of the word that ends one byte before place `place` of a block.
#[inline(always)]
fn verdict_in_block(verdicts: &mut Verdicts, filter: &Filter, block: &Framed, place: u32) -> Verdict {
    let from = place as usize % BLOCK + BEFORE - 8;
    let eight = block[from..from + 8].try_into().map_or(0, u64::from_le_bytes);
    verdicts.of_ending(filter, eight)
}

/// What the filter says of the word that ends at `end` if `behind` stands behind it, a blank or a separator.
#[inline(always)]
fn verdict_on_word(verdicts: &mut Verdicts, filter: &Filter, text: &[u8], end: usize, behind: u8) -> Verdict {
    let bytes = Tail::bytes_before(text, end);
    let verdict = verdicts.of_ending(filter, bytes >> 8 | u64::from(behind) << 56);
    if verdict.is_unsure() { verdicts.of_word(filter, bytes, verdict) } else { verdict }
}

/// Places of the bits of a block's mask.
struct Places([u32; ROOM]);

impl Default for Places {
    fn default() -> Self {
        Self([0; ROOM])
    }
}

/// Takes bits block by block and fills [`Candidates`].
pub(crate) struct Collector<'c> {
    out: &'c mut Candidates,
    scratch: Box<Scratch>,
    text: &'c [u8],
    filter: &'c Filter,
}

impl<'c> Collector<'c> {
    /// A collector for a text that starts at the start of a record.
    pub fn new(text: &'c [u8], filter: &'c Filter, out: &'c mut Candidates) -> Self {
        out.clear();
        let mut scratch = out.scratch.take().unwrap_or_default();
        scratch.reset();
        scratch.verdicts.start(filter.digest);
        Self { out, scratch, text, filter }
    }

    /// Gives the memory back for the next text.
    pub fn done(self) {
        self.out.scratch = Some(self.scratch);
    }

    /// What stands behind a word and one byte more: behind its separator, its quote or its blank. Separators are
    /// kept if some key ends with the word, what stands behind a blank if some phrase does.
    #[inline(always)]
    fn words<W: Words>(&mut self, proof: W::Proof, base: usize, words: usize) {
        let Self { out, text, filter, .. } = self;
        let Scratch { masks, verdicts, places, said, .. } = &mut *self.scratch;
        for part in 0..words.min(WORDS).div_ceil(W::COUNT) {
            W::order(proof, &mut masks.behind_word, part);
        }
        let count = W::places(proof, &masks.behind_word, words, 0, &mut places.0);
        let places = &places.0[..count];
        let block = base.checked_sub(BEFORE).and_then(|from| text.get(from..)?.first_chunk());
        let known = match block {
            Some(block) => said.keep(places, |place| verdict_in_block(verdicts, filter, block, place)),
            None => said.keep(places, |place| {
                verdicts.of_ending(filter, Tail::bytes_before(text, base + place as usize))
            }),
        };
        for &(place, mut verdict) in known {
            let at = base + place as usize;
            if verdict.is_unsure() {
                verdict = verdicts.of_word(filter, Tail::bytes_before(text, at - 1), verdict);
            }
            match text[at - 1] {
                ..=b' ' => blank(out, text, at, verdict),
                b'"' | b'\'' => separator(out, text, at, verdict),
                _ => separator(out, text, at - 1, verdict),
            }
        }
    }

    /// The other separators: behind brackets, blanks, numbers. `keys` and `tags` were known before this
    /// block.
    #[inline(always)]
    fn odd_keys<W: Words>(&mut self, proof: W::Proof, base: usize, keys: usize, tags: usize) {
        let Self { out, text, filter, .. } = self;
        let Scratch { masks, verdicts, .. } = &mut *self.scratch;
        let known = [Kind::Key, Kind::Tag].map(|kind| out.lists[kind as usize].len());
        let mut some = masks.some_odd_keys;
        while some != 0 {
            let part = some.trailing_zeros() as usize;
            some &= some - 1;
            for_each_bit::<W>(proof, &mut masks.odd_key, part, |place| {
                let at = base + place as usize;
                // behind a word with a stop and a blank: `Mr. John`
                if text[at - 1] == b' ' && at > 2 && text[at - 2] == b'.' {
                    let verdict = verdict_on_word(verdicts, filter, text, at - 2, b' ');
                    blank(out, text, at, verdict);
                }
                if matches!(text.get(at), Some(b':' | b'=' | b'>')) {
                    // `Acct #:`, `"Passport #":` is a number of what the word says
                    let number =
                        text[at - 1] == b'#' || at > 1 && text[at - 1] == b'"' && text[at - 2] == b'#';
                    let (said, end) =
                        if number { (&b"      no"[..], 8) } else { (*text, word_end(text, at)) };
                    let mut verdict = verdict_on_word(verdicts, filter, said, end, b'=');
                    if let Some(end) = before_remark(text, at).filter(|_| verdict.is_none()) {
                        verdict = verdict_on_word(verdicts, filter, text, end, b'=');
                    }
                    separator(out, text, at, verdict);
                }
            });
        }
        for ((kind, first), known) in [(Kind::Key, keys), (Kind::Tag, tags)].into_iter().zip(known) {
            let list = &mut out.lists[kind as usize];
            if list.len() > known && known > first {
                list[first..].sort_unstable_by_key(|c| c.at);
            }
        }
    }

    #[inline(always)]
    fn shapes<W: Words>(&mut self, proof: W::Proof, base: usize, words: usize) {
        let masks = &mut self.scratch.masks;
        for part in 0..words.min(WORDS).div_ceil(W::COUNT) {
            let mut some = masks.some[part];
            while some != 0 {
                let shape = some.trailing_zeros() as usize % SHAPES.len();
                some &= some - 1;
                let list = &mut self.out.lists[SHAPES[shape] as usize];
                for_each_bit::<W>(proof, &mut masks.shapes.0[shape], part, |place| {
                    list.push(Candidate { at: base as u32 + place });
                });
            }
        }
    }

    /// The first escape of each run of words that has any; records are told apart later.
    #[inline(always)]
    fn escapes<W: Words>(&mut self, proof: W::Proof, base: usize, words: usize) {
        let masks = &mut self.scratch.masks;
        // in whatever order
        let words = words.min(WORDS).next_multiple_of(W::COUNT);
        for i in 0..words {
            self.out.line_feeds += u64::from(masks.line_feed.word(i).count_ones());
        }
        let mut some = masks.some_escapes;
        while some != 0 {
            let part = some.trailing_zeros() as usize;
            some &= some - 1;
            let masks = &mut self.scratch.masks;
            W::order(proof, &mut masks.line_feed, part);
            let mut some = W::order(proof, &mut masks.escaped, part);
            while some != 0 {
                let i = part * W::COUNT + some.trailing_zeros() as usize;
                some &= some - 1;
                self.escapes_of_word(base + i * 64, i);
            }
        }
    }

    #[inline(always)]
    fn escapes_of_word(&mut self, base: usize, i: usize) {
        let mut mask = self.scratch.masks.escaped.word(i);
        while mask != 0 {
            let bit = mask.trailing_zeros();
            if is_no_escape(self.text, base + bit as usize) {
                mask &= mask - 1;
                continue;
            }
            self.out.escaped.push(base as u32 + bit);
            // one a record is enough: go on behind the next line feed of this word
            let later = self.scratch.masks.line_feed.word(i) & (u64::MAX << bit);
            let next = later.trailing_zeros();
            mask = if next >= 63 { 0 } else { mask & (u64::MAX << (next + 1)) };
        }
    }
}

/// Takes the places of the bits of part `part` of a mask, in order. Most words have none and nearly all others one:
/// to ask each word for its first bit and for a next one was two wrong guesses of the CPU for each bit.
#[inline(always)]
fn for_each_bit<W: Words>(proof: W::Proof, mask: &mut Mask, part: usize, mut take: impl FnMut(u32)) {
    let mut some = W::order(proof, mask, part);
    while some != 0 {
        let i = part * W::COUNT + some.trailing_zeros() as usize;
        some &= some - 1;
        let mut word = mask.word(i);
        loop {
            take(i as u32 * 64 + word.trailing_zeros());
            word &= word.wrapping_sub(1);
            if word == 0 {
                break;
            }
        }
    }
}

/// Whether what stands at `at` is no escape, though its mask says so.
#[inline]
fn is_no_escape(text: &[u8], at: usize) -> bool {
    match text[at] {
        b';' => !ends_entity(&text[..at]),
        letter => letter.is_ascii_alphabetic() && is_pair_of_hex(text, at),
    }
}

/// Whether an ampersand and two to seven small letters stand at the end of `head` (`&quot`).
fn ends_entity(head: &[u8]) -> bool {
    let name = head.iter().rev().take(8).take_while(|b| b.is_ascii_lowercase()).count();
    (2..8).contains(&name) && head[..head.len() - name].ends_with(b"&")
}

/// Whether the letter at `at` follows an equals sign and two digits that quoted-printable is not undone for
/// (`id=3c1f`): a value in hexadecimal.
fn is_pair_of_hex(text: &[u8], at: usize) -> bool {
    const PRINTED: [[u8; 2]; 7] = [*b"40", *b"2E", *b"3A", *b"2B", *b"2D", *b"5F", *b"3D"];
    at > 2
        && text[at - 3] == b'='
        && text[at - 2].is_ascii_digit()
        && !PRINTED.contains(&[text[at - 2], text[at - 1]])
}

/// Takes what stands at `at` behind a blank, of which the filter said `verdict`.
#[inline(always)]
fn blank(out: &mut Candidates, text: &[u8], at: usize, verdict: Verdict) {
    // a text may end behind the blank
    let first = text.get(at).copied().unwrap_or_default();
    if verdict.ends_phrase() {
        out.lists[Kind::Phrase as usize].push(Candidate { at: at as u32 });
    }
    if verdict.announces()
        && (first.is_ascii_digit() || first.is_ascii_uppercase() || goes_on_to_value(text, at))
    {
        out.lists[Kind::Announced as usize].push(Candidate { at: at as u32 });
    }
}

/// Whether the word at `at` has a digit among its first letters (`e0f5f0ee…`), or what stands there says that the value
/// comes (`is 4711`, `(4711)`).
fn goes_on_to_value(text: &[u8], at: usize) -> bool {
    let rest = &text[at.min(text.len())..];
    let word = rest.iter().take(16);
    matches!(rest, [b'i', b's', b' ', ..] | [b't', b'o', b' ', ..] | [b'(' | b'[' | b'<', ..])
        || word.take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').any(u8::is_ascii_digit)
}

/// Takes the separator at `at`, of which the filter said `verdict`.
#[inline(always)]
fn separator(out: &mut Candidates, text: &[u8], at: usize, verdict: Verdict) {
    let (separator, behind) = (text[at], text.get(at + 1).copied().unwrap_or(b'\n'));
    // the scheme of a URL is no key
    let is_scheme = || separator == b':' && text.get(at + 1..at + 3) == Some(b"//");
    if verdict.is_key() && !is_scheme() {
        out.lists[Kind::Key as usize].push(Candidate { at: at as u32 });
    }
    // a tag has a blank behind its colon; the second field of passwd(5) has a number
    let is_entry = || behind.is_ascii_digit() && at > 2 && text[at - 2..at] == *b":x";
    let is_tag = verdict.is_tag() && separator == b':' && (matches!(behind, b' ' | b'\t') || is_entry());
    // Dovecot: `imap(anna): …`, `imap(anna)<811>`; Murmur: `<4:anna(-1)>`
    let closes_number = separator == b'>' && text[at - 1].is_ascii_digit();
    if is_tag || closes_number || separator == b':' && text[at - 1] == b')' && behind == b' ' {
        out.lists[Kind::Tag as usize].push(Candidate { at: at as u32 });
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
    // `eth0:`, `sha256=`, `upstream-7:`, `<134>`
    let digits = bytes::digits_at_end(Tail::bytes_before(text, at));
    if (1..8).contains(&digits) && at > digits && text[at - digits - 1] != b'_' {
        let end = at - digits;
        return end - usize::from(is_joint(text[end - 1]));
    }
    // the number of a process, in nearly every line of syslog: `sshd[812]:`
    if text[at - 1] == b']' {
        let digits = bytes::digits_at_end(Tail::bytes_before(text, at - 1));
        if (1..8).contains(&digits) && at > digits + 2 && text[at - 2 - digits] == b'[' {
            return at - 2 - digits;
        }
    }
    let end = key_end(text, at);
    // `sudo[812]:`, `address-line-1=`
    if end > 0 && end < at && is_joint(text[end - 1]) { end - 1 } else { end }
}

/// The longest remark between a key and its separator, brackets included, in bytes.
const MAX_REMARK_BYTES: usize = 24;

/// How many blanks and dots stand at the end of `head` that lead the eye to a colon: `Host Name . . . . . : `, `UserName        :`.
fn leaders(head: &[u8]) -> usize {
    let count = head.iter().rev().take(64).take_while(|b| matches!(b, b' ' | b'\t' | b'.')).count();
    let dots = head[head.len() - count..].iter().filter(|b| **b == b'.').count();
    if count > 7 || dots > 1 { count } else { 0 }
}

/// Where a key ends that a remark in brackets parts from the separator at `at`: `Tel (privat):`,
/// `Date of birth (dd/mm/yyyy):`.
pub(crate) fn before_remark(text: &[u8], at: usize) -> Option<usize> {
    if text[..at].last() != Some(&b')') {
        return None;
    }
    let window = &text[at.saturating_sub(MAX_REMARK_BYTES)..at - 1];
    let open = memchr::memrchr(b'(', window)?;
    let is_word = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b' ' | b'/' | b'-' | b'.' | 0x80..);
    let remark = &window[open + 1..];
    let end = at - 1 - remark.len() - 1;
    let is_apart = text[..end].last() == Some(&b' ');
    (is_apart && !remark.is_empty() && remark.iter().all(is_word)).then(|| end - 1)
}

/// Where the key before the separator at `at` ends: quotes (MySQL's are backticks), closing brackets, backslashes, a
/// few blanks and a number at its end are stepped over.
pub(crate) fn key_end(text: &[u8], at: usize) -> usize {
    // most keys: letters, perhaps in quotes
    match text[at.saturating_sub(2)..at] {
        [.., last] if last.is_ascii_alphabetic() => return at,
        [letter, b'"'] if letter.is_ascii_alphabetic() => return at - 1,
        _ => {}
    }
    let mut end = at - leaders(&text[..at]);
    // NUL is nothing that is stepped over
    let byte = |end: usize| if end == 0 { 0 } else { text[end - 1] };
    let mut steps = 0;
    while steps < 8 && matches!(byte(end), b' ' | b'\t') {
        end -= 1;
        steps += 1;
    }
    // names of columns in backticks and indices of lists stand before an equals sign
    let is_assigned = text.get(at) == Some(&b'=');
    while steps < 16
        && (matches!(byte(end), b'"' | b'\'' | b'\\' | b']' | b')' | b'.')
            || is_assigned && byte(end) == b'`')
    {
        end -= 1;
        steps += 1;
    }
    // `email[]=`, `password[0]=`, `ssid[ 7] = `; with a colon it is the number of a process
    if end < at && text[end] == b']' && (byte(end) == b'[' || is_assigned) {
        let digits = bytes::digits_at_end(Tail::bytes_before(text, end)).min(end);
        let open = end - digits - usize::from(digits > 0 && byte(end - digits) == b' ');
        if digits < 5 && byte(open) == b'[' {
            end = open - 1;
        }
    }
    let digits = bytes::digits_at_end(Tail::bytes_before(text, end));
    if steps < 12 && digits < 8 && byte(end - digits) != b'_' {
        return end - digits;
    }
    while steps < 20 && (byte(end).is_ascii_digit() || byte(end) == b'_') {
        end -= 1;
        steps += 1;
    }
    end
}

impl Scratch {
    fn reset(&mut self) {
        self.masks.forget();
    }
}

impl BlockSink for Collector<'_> {
    #[inline(always)]
    fn bits(&mut self) -> &mut Bits {
        &mut self.scratch.bits
    }

    #[inline(always)]
    fn block<W: Words>(&mut self, proof: W::Proof, base: usize, words: usize) {
        let Scratch { bits, masks, .. } = &mut *self.scratch;
        masks.compute::<W>(proof, bits, words, self.filter.wanted);
        self.shapes::<W>(proof, base, words);
        let [keys, tags] = [Kind::Key, Kind::Tag].map(|kind| self.out.lists[kind as usize].len());
        self.words::<W>(proof, base, words);
        if self.scratch.masks.some_odd_keys != 0 {
            self.odd_keys::<W>(proof, base, keys, tags);
        }
        self.escapes::<W>(proof, base, words);
    }
}
