//! Whom a line is about: the identifiers of one person and their tokens.

use std::io::Read;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::untold::Untold;
use super::{PersonArgs, WhoArgs};
use crate::codec::{self, View};
use crate::error::Error;
use crate::finding::{Finding, Layers, TypeId};
use crate::mark::{follows_escape, starts_token};
use crate::policy::Policy;
use crate::scan::{Scanner, Scratch};
use crate::token::{Home, KeyRing, SubjectToken, TokenOptions, address, render, subject_tokens, token_kind};
use crate::transform::value;

/// The most bytes of a list of identifiers.
const MAX_LIST_BYTES: u64 = 1 << 20;
/// Shorter identifiers are looked for as findings only: as mere text they stand everywhere.
const MIN_LITERAL_BYTES: usize = 4;

/// One identifier.
pub(super) struct Identifier {
    pub kind: TypeId,
    /// As it was given.
    pub value: Vec<u8>,
    canonical: Vec<u8>,
}

/// One person: identifiers, their tokens if there is a key ring, and a search for all of them.
pub(super) struct Person {
    pub identifiers: Vec<Identifier>,
    pub tokens: Vec<(TypeId, SubjectToken)>,
    literals: AhoCorasick,
    literal_kinds: Vec<TypeId>,
    home: Home,
    /// Tokens beside the person's that might be theirs.
    pub untold: Untold,
}

impl Person {
    /// Reads the identifiers and makes their tokens.
    ///
    /// # Errors
    /// No identifier, one whose type is not clear, or a key ring that can't be used.
    pub fn new(args: &PersonArgs, ring: Option<&KeyRing>) -> Result<Self, Error> {
        let identifiers = identifiers(&args.who)?;
        let mut options = TokenOptions {
            tenant: args.tenant.clone(),
            audience: args.audience.clone(),
            region: args.who.region.clone(),
            ..TokenOptions::default()
        };
        if let Some(bits) = args.bits {
            (options.bits, options.card_bits) = (bits, bits);
        }
        let mut tokens = Vec::new();
        for identifier in &identifiers {
            let Some(ring) = ring else { continue };
            let of_it = subject_tokens(ring, &options, identifier.kind, &identifier.value)?;
            tokens.extend(of_it.into_iter().map(|token| (identifier.kind, token)));
        }
        let mut literals: Vec<(TypeId, Vec<u8>)> = Vec::new();
        literals.extend(tokens.iter().map(|(kind, token)| (*kind, token.text.clone().into_bytes())));
        for id in &identifiers {
            literals.push((id.kind, id.value.clone()));
            literals.push((id.kind, render(id.kind, &id.canonical)));
            if id.value.contains(&b' ') {
                // as forms write it
                let form = id.value.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte });
                literals.push((id.kind, form.collect()));
            }
        }
        literals.retain(|(_, text)| text.len() >= MIN_LITERAL_BYTES);
        let search = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(literals.iter().map(|(_, text)| text))
            .map_err(|_| Error::usage("these are too many identifiers for one run"))?;
        let literal_kinds = literals.iter().map(|(kind, _)| *kind).collect();
        let home = Home::new(args.who.region.as_deref());
        let untold = Untold::new(ring);
        Ok(Self { identifiers, tokens, literals: search, literal_kinds, home, untold })
    }

    /// Where a line holds the person: findings of the scanner whose canonical value is an
    /// identifier's (they reach as far as the value does), then tokens and values spelled out, as they
    /// are and under escapes; disjoint and in order.
    pub fn hits(&self, line: &[u8], findings: &[Finding]) -> Vec<Finding> {
        let mut hits: Vec<Finding> = Vec::new();
        let mut add = |hit: Finding| {
            if !hits.iter().any(|other| overlap(other, &hit)) {
                hits.push(hit);
            }
        };
        findings.iter().filter(|finding| self.is_meant(line, finding)).copied().for_each(&mut add);
        for (kind, start, end) in self.spelled_out(line) {
            add(Finding::of_token(kind, start, token_end(line, start).max(end)));
        }
        let (mut once, mut twice) = (View::default(), View::default());
        if once.decode_all(line) {
            let is_deeper = twice.decode_all_again(&once);
            for view in [&once].into_iter().chain(is_deeper.then_some(&twice)) {
                for (kind, start, end) in self.spelled_out(&view.text) {
                    let (start, end, layers) = view.original(start, end);
                    add(Finding { layers, ..Finding::of_token(kind, start, end) });
                }
            }
        }
        for finding in findings {
            let raw = line.get(finding.start..finding.end).unwrap_or_default();
            let text = codec::base64(raw).filter(|text| codec::is_text(text));
            let kind = text.and_then(|text| self.spelled_out(&text).next().map(|(kind, ..)| kind));
            if let Some(kind) = kind {
                add(Finding { kind, layers: Layers::NONE.with(Layers::BASE64), ..*finding });
            }
        }
        hits.sort_by_key(|hit| hit.start);
        hits
    }

    /// Where a text holds a token or an identifier as it is.
    fn spelled_out(&self, text: &[u8]) -> impl Iterator<Item = (TypeId, usize, usize)> {
        self.literals.find_iter(text).filter_map(move |found| {
            let kind = self.literal_kinds.get(found.pattern().as_usize()).copied()?;
            stands_alone(text, found.start(), found.end()).then_some((kind, found.start(), found.end()))
        })
    }

    fn is_meant(&self, line: &[u8], finding: &Finding) -> bool {
        let value = value::of_line(line, finding);
        let mut canonical = Vec::new();
        self.identifiers.iter().any(|identifier| {
            canonical.clear();
            self.home.write(identifier.kind, &value, &mut canonical);
            canonical == identifier.canonical
        })
    }
}

/// What a line holds of others: the scanner's findings and tokens, none of them in `hits`.
pub(super) fn others(line: &[u8], findings: &[Finding], hits: &[Finding]) -> Vec<Finding> {
    let mut others: Vec<Finding> = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        if let (Some((kind, length)), true) = (token_kind(rest), starts_token(line, at)) {
            others.push(Finding::of_token(kind, at, at + length));
            at += length;
        } else {
            at += 1;
        }
    }
    others.retain(|token| !hits.iter().any(|hit| overlap(hit, token)));
    for finding in findings {
        without(finding, hits.iter().chain(&others).copied().collect(), &mut others);
    }
    others.sort_by_key(|other| other.start);
    others
}

/// What is left of a finding beside those that stand already: somebody else may stand in the rest.
fn without(finding: &Finding, mut taken: Vec<Finding>, left: &mut Vec<Finding>) {
    taken.sort_by_key(|other| other.start);
    let mut start = finding.start;
    for other in taken.iter().filter(|other| overlap(other, finding)) {
        if start < other.start {
            left.push(Finding { start, end: other.start, ..*finding });
        }
        start = start.max(other.end);
    }
    if start < finding.end {
        left.push(Finding { start, ..*finding });
    }
}

/// The end of the token that starts here, `@domain` included; 0 if none does.
fn token_end(line: &[u8], start: usize) -> usize {
    line.get(start..).and_then(token_kind).map_or(0, |(_, length)| start + length)
}

fn overlap(a: &Finding, b: &Finding) -> bool {
    a.start < b.end && b.start < a.end
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a text is no part of a longer one: `jane@example.com` in `mary.jane@example.com` is
/// somebody else.
fn stands_alone(line: &[u8], start: usize, end: usize) -> bool {
    let joins = |byte: u8| matches!(byte, b'.' | b'-' | b'+' | b'@' | b'%' | b'\'');
    let before = |back: usize| start.checked_sub(back).and_then(|at| line.get(at)).copied();
    let starts = match before(1) {
        Some(byte) if joins(byte) => !before(2).is_some_and(|b| is_word(b) || !b.is_ascii()),
        Some(byte) => !is_word(byte) && byte.is_ascii(),
        None => true,
    } || follows_escape(line, start);
    let ends = match line.get(end) {
        // A listed domain behind an e-mail token belongs to it, and so does a sealed value.
        Some(b'@' | b'.') if token_end(line, start) > end => true,
        Some(byte) if joins(*byte) => !line.get(end + 1).is_some_and(|b| is_word(*b) || !b.is_ascii()),
        Some(byte) => !is_word(*byte) && byte.is_ascii(),
        None => true,
    };
    starts && ends
}

pub(super) fn identifiers(args: &WhoArgs) -> Result<Vec<Identifier>, Error> {
    let given = args.id.as_encoded_bytes();
    let list = match given.strip_prefix(b"@") {
        Some(path) => {
            let path = String::from_utf8_lossy(path).into_owned();
            Some(std::fs::File::open(path).and_then(read_list))
        }
        None if given == b"-" => Some(read_list(std::io::stdin())),
        None => None,
    };
    let text = match list {
        Some(list) => list.map_err(|e| Error::io("the identifiers can't be read", e))?,
        None => given.to_vec(),
    };
    let kind = args.kind.as_deref().map(type_named).transpose()?;
    let lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let identifiers: Vec<Identifier> =
        lines.map(|line| identifier(line, kind, args.region.as_deref())).collect::<Result<_, _>>()?;
    if identifiers.is_empty() {
        return Err(Error::usage("there is no identifier; give one, one a line on -, or @FILE"));
    }
    Ok(identifiers)
}

fn read_list(reader: impl Read) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    reader.take(MAX_LIST_BYTES).read_to_end(&mut text)?;
    Ok(text)
}

fn identifier(line: &[u8], kind: Option<TypeId>, region: Option<&str>) -> Result<Identifier, Error> {
    let home = Home::new(region);
    let mut named = line.splitn(2, |b| *b == b'=');
    let (name, rest) = (named.next().unwrap_or_default(), named.next());
    let by_name = std::str::from_utf8(name).ok().and_then(TypeId::from_id).zip(rest);
    let (kind, value) = match (by_name, kind) {
        (Some(named), _) => named,
        (None, Some(kind)) => (kind, line),
        (None, None) => (guess(line, region)?, line),
    };
    let mut canonical = Vec::new();
    home.write(kind, value, &mut canonical);
    Ok(Identifier { kind, value: value.to_vec(), canonical })
}

/// The policy, reading national phone numbers of the region too.
pub(super) fn in_region(policy: Policy, region: Option<&str>) -> Result<Policy, Error> {
    match region {
        Some(region) => policy.with_region(region).map_err(|e| Error::usage(format!("--region: {e}"))),
        None => Ok(policy),
    }
}

/// The type of a value that says it by its shape.
fn guess(value: &[u8], region: Option<&str>) -> Result<TypeId, Error> {
    if let Some(ip) = address(value) {
        return Ok(if ip.is_ipv4() { TypeId::IPV4 } else { TypeId::IPV6 });
    }
    let scanner = Scanner::new(&in_region(Policy::default(), region)?)?;
    let mut scratch = Scratch::default();
    let whole = scanner.scan(value, &mut scratch).iter().find(|f| (f.start, f.end) == (0, value.len()));
    whole.map(|finding| finding.kind).ok_or_else(|| {
        Error::usage("an identifier's shape does not say its type; write TYPE=VALUE or --type (see `logveil patterns list`)")
    })
}

fn type_named(name: &str) -> Result<TypeId, Error> {
    TypeId::from_id(name).ok_or_else(|| Error::usage("--type: no such type; see `logveil patterns list`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_say_their_type_or_show_it() {
        let cases = [
            ("jane@example.com", TypeId::EMAIL),
            ("192.0.2.1", TypeId::IPV4),
            ("2001:db8::1", TypeId::IPV6),
            ("account-id=4711", TypeId::ACCOUNT_ID),
            ("name=Jane Doe", TypeId::NAME),
        ];
        for (line, kind) in cases {
            assert_eq!(identifier(line.as_bytes(), None, None).unwrap().kind, kind, "{line}");
        }
        assert_eq!(identifier(b"4711", Some(TypeId::ACCOUNT_ID), None).unwrap().value, b"4711");
        assert_eq!(identifier(b"x=y", Some(TypeId::PASSWORD), None).unwrap().value, b"x=y");
        for unclear in ["4711", "jane", "x=y"] {
            let error = identifier(unclear.as_bytes(), None, None).err().unwrap();
            assert!(error.is_usage() && !error.to_string().contains(unclear), "{unclear}: {error}");
        }
    }

    #[test]
    fn the_rest_of_a_finding_is_somebody_elses() {
        let finding = Finding::of_token(TypeId::COOKIE, 10, 30);
        type Places<'p> = &'p [(usize, usize)];
        let cases: [(Places<'_>, Places<'_>); 6] = [
            (&[], &[(10, 30)]),
            (&[(12, 15)], &[(10, 12), (15, 30)]),
            (&[(5, 12), (28, 40)], &[(12, 28)]),
            (&[(15, 20), (12, 15)], &[(10, 12), (20, 30)]),
            (&[(0, 50)], &[]),
            (&[(0, 10), (30, 31)], &[(10, 30)]),
        ];
        for (taken, expected) in cases {
            let mut left = Vec::new();
            without(
                &finding,
                taken.iter().map(|(s, e)| Finding::of_token(TypeId::EMAIL, *s, *e)).collect(),
                &mut left,
            );
            assert_eq!(left.iter().map(|f| (f.start, f.end)).collect::<Vec<_>>(), expected, "{taken:?}");
        }
    }

    #[test]
    fn whole_texts_only() {
        let cases = [
            ("<jane@x.io>", true),
            ("to:jane@x.io.", true),
            ("'jane@x.io'", true),
            ("mary.jane@x.io", false),
            ("jane@x.io.example", false),
            ("xjane@x.io", false),
            ("jane@x.ion", false),
            ("a+jane@x.io", false),
            ("\u{fc}jane@x.io", false),
            ("jane@x.io", true),
        ];
        for (line, alone) in cases {
            let start = line.find("jane").unwrap();
            assert_eq!(stands_alone(line.as_bytes(), start, start + 9), alone, "{line}");
        }
    }
}
