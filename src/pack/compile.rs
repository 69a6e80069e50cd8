//! User rules compiled: literals and keywords first, then each rule's own automaton.
//!
//! A rule whose regex begins or ends in a literal of three bytes, or that needs a keyword, is only
//! run on records that hold one of them; one Aho-Corasick search finds all of those. The other
//! rules are asked together by one automaton which of them match at all. So no rule hides another,
//! and a record in which nothing stands costs two passes, however many rules there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind as WordKind};
use regex_automata::meta::{BuildError, Regex};
use regex_automata::util::{captures::Captures, syntax};
use regex_automata::{Input, MatchKind, PatternID, PatternSet};
use regex_syntax::hir::literal::{ExtractKind, Extractor};

use super::{Pack, PackRule, Validator};
use crate::error::Error;
use crate::fields::{PathPattern, records, walk};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::RuleId;

/// The most rules that packs may bring in all.
const MAX_RULES: usize = 1024;
/// A compiled regex may take this much memory.
const REGEX_BYTES: usize = 8 << 20;
/// A literal shorter than this is in too many records to be a filter.
const MIN_LITERAL_BYTES: usize = 3;

/// Compiles one rule's regex: bytes, not text, so that a record need not be UTF-8.
pub(super) fn build(pattern: &str) -> Result<Regex, Box<BuildError>> {
    let syntax = syntax::Config::new().utf8(false);
    Regex::builder().configure(config()).syntax(syntax).build(pattern).map_err(Box::new)
}

fn config() -> regex_automata::meta::Config {
    Regex::config().utf8_empty(false).nfa_size_limit(Some(REGEX_BYTES))
}

struct Rule {
    id: String,
    /// File and line.
    origin: String,
    kind: TypeId,
    confidence: u8,
    regex: Option<Regex>,
    capture: usize,
    around: Option<AhoCorasick>,
    before: Option<AhoCorasick>,
    after: Option<AhoCorasick>,
    exclude: Option<AhoCorasick>,
    within: usize,
    validator: Option<Validator>,
    paths: Vec<PathPattern>,
}

/// All rules of all packs, ready to search. Cheap to share, `Send + Sync`.
#[derive(Default)]
pub(crate) struct UserRules {
    rules: Vec<Rule>,
    /// Literals and keywords, and for each the rules that it may belong to.
    words: Option<(AhoCorasick, Vec<Vec<usize>>)>,
    /// Rules without any, in one automaton, and their places.
    wordless: Option<(Regex, Vec<usize>)>,
    with_paths: Vec<usize>,
}

/// Which rules have to be run on a record.
struct Due([u64; MAX_RULES / 64]);

impl Due {
    fn put(&mut self, rule: usize) {
        if let Some(word) = self.0.get_mut(rule / 64) {
            *word |= 1 << (rule % 64);
        }
    }
    fn each(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(place, word)| {
            std::iter::successors(Some(*word), |bits| Some(bits & bits.wrapping_sub(1)))
                .take_while(|bits| *bits != 0)
                .map(move |bits| place * 64 + bits.trailing_zeros() as usize)
        })
    }
}

impl UserRules {
    /// Compiles the rules of packs; `type_named` knows built-in types and the packs' own.
    ///
    /// # Errors
    /// Too many rules, or an unknown type (`is_pattern`).
    pub(crate) fn compile(
        packs: &[Arc<Pack>],
        type_named: &dyn Fn(&str) -> Option<TypeId>,
    ) -> Result<Self, Error> {
        let mut all = Self::default();
        let mut words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut wordless: Vec<(usize, String)> = Vec::new();
        for data in packs.iter().flat_map(|pack| pack.rules()) {
            let place = all.rules.len();
            if place >= MAX_RULES {
                return Err(Error::pattern(format!(
                    "{}: rule packs may bring at most {MAX_RULES} rules",
                    data.origin
                )));
            }
            let kind = type_named(&data.kind)
                .ok_or_else(|| Error::pattern(format!("{}: unknown type `{}`", data.origin, data.kind)))?;
            all.rules.push(compile_rule(data, kind)?);
            if !data.paths.is_empty() {
                all.with_paths.push(place);
            } else if let Some(filters) = filters(data) {
                for word in filters {
                    words.entry(word).or_default().push(place);
                }
            } else if let Some(pattern) = &data.regex {
                wordless.push((place, pattern.clone()));
            }
        }
        if !words.is_empty() {
            let (texts, owners): (Vec<_>, Vec<_>) = words.into_iter().unzip();
            all.words = Some((searcher(&texts)?, owners));
        }
        if !wordless.is_empty() {
            all.wordless = Some(one_automaton(wordless)?);
        }
        Ok(all)
    }

    /// True if there is no rule.
    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// How many rules there are, at most a few hundred.
    pub(crate) fn len(&self) -> usize {
        self.rules.len()
    }

    /// The name of a user rule.
    pub(crate) fn id(&self, rule: RuleId) -> Option<&str> {
        let place = usize::from(rule.0.checked_sub(RuleId::USER_FIRST)?);
        self.rules.get(place).map(|rule| rule.id.as_str())
    }

    /// Where a user rule stands: file and line.
    #[cfg(feature = "cli")]
    pub(crate) fn origin(&self, rule: RuleId) -> Option<&str> {
        let place = usize::from(rule.0.checked_sub(RuleId::USER_FIRST)?);
        self.rules.get(place).map(|rule| rule.origin.as_str())
    }

    /// Calls `sink` with everything that a rule finds in one record. Offsets are the record's;
    /// matches of different rules may overlap.
    pub(crate) fn find(&self, record: &[u8], sink: &mut dyn FnMut(Match)) {
        let mut due = Due([0; MAX_RULES / 64]);
        if let Some((words, owners)) = &self.words {
            for found in words.find_overlapping_iter(record) {
                for rule in owners.get(found.pattern().as_usize()).into_iter().flatten() {
                    due.put(*rule);
                }
            }
        }
        if let Some((regex, places)) = &self.wordless
            && regex.is_match(record)
        {
            let mut matching = PatternSet::new(regex.pattern_len());
            regex.which_overlapping_matches(&Input::new(record), &mut matching);
            for pattern in matching.iter() {
                places.get(pattern.as_usize()).into_iter().for_each(|place| due.put(*place));
            }
        }
        for place in due.each() {
            if let Some(rule) = self.rules.get(place) {
                rule.search(record, 0, record.len(), &mut |start, end, evidence| {
                    sink(rule.found(place, start, end, evidence));
                });
            }
        }
        self.find_under_paths(record, sink);
    }

    /// Calls `sink` with everything that a rule finds in a chunk of records; offsets are the chunk's.
    pub(crate) fn find_in_chunk(&self, chunk: &[u8], sink: &mut dyn FnMut(Match)) {
        let mut in_record = |start: usize, end: usize| {
            self.find(chunk.get(start..end).unwrap_or_default(), &mut |found| {
                sink(Match { start: found.start + start, end: found.end + start, ..found });
            });
        };
        match &self.words {
            // One search over the whole chunk tells the records that are worth a look.
            Some((words, _)) if self.wordless.is_none() && self.with_paths.is_empty() => {
                let mut at = 0;
                while let Some(hit) = chunk.get(at..).and_then(|rest| words.find(rest)) {
                    let hit = at + hit.start();
                    let start = chunk
                        .get(..hit)
                        .and_then(|head| memchr::memrchr(b'\n', head))
                        .map_or(0, |feed| feed + 1);
                    let tail = chunk.get(hit..).unwrap_or_default();
                    let end = hit + memchr::memchr(b'\n', tail).unwrap_or(tail.len());
                    in_record(start, end);
                    at = end + 1;
                }
            }
            _ => records(chunk).for_each(|(start, end)| in_record(start, end)),
        }
    }

    fn find_under_paths(&self, record: &[u8], sink: &mut dyn FnMut(Match)) {
        if self.with_paths.is_empty() {
            return;
        }
        walk(record, &mut |field| {
            for place in &self.with_paths {
                let Some(rule) = self.rules.get(*place) else { continue };
                if !rule.paths.iter().any(|path| path.matches(field.path)) {
                    continue;
                }
                let mut report = |start, end, evidence: Evidence| {
                    sink(rule.found(*place, start, end, evidence.and(Evidence::KEY)));
                };
                if rule.regex.is_some() {
                    rule.search(record, field.start, field.end, &mut report);
                } else if rule.accepts(record, field.start, field.end, field.start, field.end) {
                    report(field.start, field.end, Evidence::USER_RULE);
                }
            }
        });
    }
}

impl Rule {
    fn found(&self, place: usize, start: usize, end: usize, evidence: Evidence) -> Match {
        Match {
            start,
            end,
            kind: self.kind,
            rule: RuleId(RuleId::USER_FIRST + place as u16),
            confidence: self.confidence,
            evidence,
        }
    }

    /// Every match of the regex in `from..to` whose value and neighbourhood are right.
    fn search(&self, record: &[u8], from: usize, to: usize, sink: &mut dyn FnMut(usize, usize, Evidence)) {
        let Some(regex) = &self.regex else { return };
        let mut slots: Option<Captures> = (self.capture > 0).then(|| regex.create_captures());
        for found in regex.find_iter(Input::new(record).span(from..to)) {
            let (start, end) = match &mut slots {
                None => (found.start(), found.end()),
                Some(slots) => {
                    regex.captures(Input::new(record).span(found.start()..to), slots);
                    match slots.get_group(self.capture) {
                        Some(group) => (group.start, group.end),
                        None => continue,
                    }
                }
            };
            if start < end && self.accepts(record, start, end, found.start(), found.end()) {
                let words = self.around.is_some() || self.before.is_some() || self.after.is_some();
                let evidence =
                    if words { Evidence::USER_RULE.and(Evidence::KEYWORD) } else { Evidence::USER_RULE };
                sink(start, end, evidence);
            }
        }
    }

    /// Looks at a value and at what stands around the match that it is part of.
    fn accepts(&self, record: &[u8], start: usize, end: usize, match_start: usize, match_end: usize) -> bool {
        let value = record.get(start..end).unwrap_or_default();
        let before = record.get(match_start.saturating_sub(self.within)..match_start).unwrap_or_default();
        let after = record.get(match_end..(match_end + self.within).min(record.len())).unwrap_or_default();
        let inside = record.get(match_start..match_end).unwrap_or_default();
        let has = |words: &AhoCorasick, texts: &[&[u8]]| texts.iter().any(|text| words.is_match(text));
        self.validator.is_none_or(|validator| validator.accepts(value))
            && self.around.as_ref().is_none_or(|words| has(words, &[before, after]))
            && self.before.as_ref().is_none_or(|words| has(words, &[before]))
            && self.after.as_ref().is_none_or(|words| has(words, &[after]))
            && !self.exclude.as_ref().is_some_and(|words| has(words, &[before, inside, after]))
    }
}

fn compile_rule(data: &PackRule, kind: TypeId) -> Result<Rule, Error> {
    let regex = match &data.regex {
        None => None,
        Some(pattern) => Some(build(pattern).map_err(|_| too_big(&data.origin))?),
    };
    let some = |words: &[String]| if words.is_empty() { Ok(None) } else { searcher(words).map(Some) };
    Ok(Rule {
        id: data.id.clone(),
        origin: data.origin.clone(),
        kind,
        confidence: data.confidence,
        regex,
        capture: data.capture,
        around: some(&data.keywords)?,
        before: some(&data.keywords_before)?,
        after: some(&data.keywords_after)?,
        exclude: some(&data.exclude)?,
        within: data.within,
        validator: data.validator,
        paths: data.paths.clone(),
    })
}

fn too_big(origin: &str) -> Error {
    Error::pattern(format!("{origin}: this regex can't be compiled or takes more than 8 MiB"))
}

fn searcher(words: &[String]) -> Result<AhoCorasick, Error> {
    AhoCorasick::builder()
        .match_kind(WordKind::Standard)
        .ascii_case_insensitive(true)
        .build(words)
        .map_err(|_| Error::pattern("the keywords of the rule packs are too many"))
}

fn one_automaton(rules: Vec<(usize, String)>) -> Result<(Regex, Vec<usize>), Error> {
    let (places, patterns): (Vec<_>, Vec<_>) = rules.into_iter().unzip();
    let regex = Regex::builder()
        .configure(config().match_kind(MatchKind::All).nfa_size_limit(Some(4 * REGEX_BYTES)))
        .syntax(syntax::Config::new().utf8(false))
        .build_many(&patterns)
        .map_err(|_| too_big("rules without a literal, together"))?;
    debug_assert!(regex.pattern_len() == places.len() && PatternID::new(places.len()).is_ok());
    Ok((regex, places))
}

/// Words of which a record must hold one for the rule to match; `None` if there are none such.
pub(super) fn filters(data: &PackRule) -> Option<Vec<String>> {
    let words = [&data.keywords, &data.keywords_before, &data.keywords_after];
    data.regex
        .as_deref()
        .and_then(literals)
        .or_else(|| words.into_iter().find(|words| !words.is_empty()).cloned())
}

/// The literals that every match of a regex begins or ends with.
fn literals(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::ParserBuilder::new().utf8(false).build().parse(pattern).ok()?;
    [ExtractKind::Prefix, ExtractKind::Suffix].into_iter().find_map(|kind| {
        let sequence = Extractor::new().kind(kind).limit_total(64).extract(&hir);
        let literals = sequence.literals()?;
        let text = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() >= MIN_LITERAL_BYTES);
            text.map(str::to_lowercase)
        };
        let mut texts =
            literals.iter().map(|literal| text(literal.as_bytes())).collect::<Option<Vec<_>>>()?;
        texts.sort();
        texts.dedup();
        (!texts.is_empty()).then_some(texts)
    })
}

#[cfg(all(test, feature = "policy-toml"))]
#[path = "tests.rs"]
mod tests;
