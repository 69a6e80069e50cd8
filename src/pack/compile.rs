//! User rules compiled: literals and keywords first, then each rule's own automaton.
//!
//! A rule whose regex begins or ends in a literal of three bytes, or that needs a keyword, is only
//! run on records that hold one of them; one packed search over the chunk finds all of those. Where
//! a word stands, a second such search asks for a run of byte classes that every match of the regex
//! holds, as words may stand in every line. The other rules are asked together by one automaton
//! which of them match at all. So no rule hides another, and a record in which nothing stands costs
//! two passes, however many rules there are.

use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind as WordKind};
use regex_automata::Input;
use regex_automata::meta::{BuildError, Regex};
use regex_automata::util::{pool::Pool, syntax};
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor};

use super::caches::Caches;
use super::filter::Filter;
use super::narrow::with_few_states;
use super::together::Together;
use super::window::Window;
use super::{Pack, PackRule, Validator};
use crate::error::Error;
use crate::fields::{PathPattern, records, walk};
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::RuleId;
use crate::simd::Kernel;

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
    regex: Option<Lazy>,
    capture: usize,
    around: Option<AhoCorasick>,
    before: Option<AhoCorasick>,
    after: Option<AhoCorasick>,
    exclude: Option<AhoCorasick>,
    within: usize,
    validator: Option<Validator>,
    paths: Vec<PathPattern>,
}

/// A regex that is compiled when it is first due: a start compiles none, and most never are.
struct Lazy {
    pattern: String,
    /// For records in ASCII, as nearly all are: much smaller than the one for all records.
    ascii: OnceLock<Option<Regex>>,
    any: OnceLock<Option<Regex>>,
}

impl Lazy {
    fn new(pattern: String) -> Self {
        Self { pattern, ascii: OnceLock::new(), any: OnceLock::new() }
    }

    /// The regex for a record; reading the pack has shown that it can be built.
    fn regex(&self, is_ascii: bool) -> Option<&Regex> {
        let built = if is_ascii {
            self.ascii.get_or_init(|| {
                let hir = with_few_states(&parsed(&self.pattern)?, true);
                Regex::builder().configure(config()).build_from_hir(&hir).ok()
            })
        } else {
            self.any.get_or_init(|| build(&self.pattern).ok())
        };
        built.as_ref()
    }
}

/// All rules of all packs, ready to search. Cheap to share, `Send + Sync`.
pub(crate) struct UserRules {
    rules: Vec<Rule>,
    /// Windows of the literals and keywords of rules.
    words: Filter,
    /// Windows of regexes, for rules that have words.
    runs: Filter,
    /// Rules with words whose regex has no window.
    runless: Due,
    /// Rules without any word, in one automaton, and their places.
    wordless: Option<(Together, Vec<usize>)>,
    with_paths: Vec<usize>,
    caches: Pool<Caches, fn() -> Caches>,
}

impl Default for UserRules {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            words: Filter::default(),
            runs: Filter::default(),
            runless: Due::NONE,
            wordless: None,
            with_paths: Vec::new(),
            caches: Pool::new(Caches::default),
        }
    }
}

/// Which rules have to be run on a record.
#[derive(Clone)]
struct Due([u64; MAX_RULES / 64]);

impl Due {
    const NONE: Self = Self([0; MAX_RULES / 64]);

    fn put(&mut self, rule: usize) {
        if let Some(word) = self.0.get_mut(rule / 64) {
            *word |= 1 << (rule % 64);
        }
    }
    fn put_all(&mut self, rules: &[u16]) {
        rules.iter().for_each(|rule| self.put(usize::from(*rule)));
    }
    fn keep(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(one, other)| *one &= other);
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
        let (mut words, mut runs) = (Vec::new(), Vec::new());
        let mut wordless: Vec<(usize, Hir)> = Vec::new();
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
            } else if let Some(windows) = filters(data) {
                words.push((place as u16, windows));
                match data.regex.as_deref().and_then(parsed).and_then(|hir| Window::of_regex(&hir)) {
                    Some(window) => runs.push((place as u16, vec![window])),
                    None => all.runless.put(place),
                }
            } else if let Some(hir) = data.regex.as_deref().and_then(parsed) {
                wordless.push((place, hir));
            }
        }
        (all.words, all.runs) = (Filter::new(words), Filter::new(runs));
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
        let mut due = Due::NONE;
        self.words.search(Kernel::SCALAR, record, |_, rules| due.put_all(rules));
        self.find_due(Kernel::SCALAR, record, due, &mut self.caches.get(), sink);
    }

    /// Calls `sink` with everything that a rule finds in a chunk of records; offsets are the chunk's.
    pub(crate) fn find_in_chunk(&self, kernel: Kernel, chunk: &[u8], sink: &mut dyn FnMut(Match)) {
        let mut caches = self.caches.get();
        let mut in_record = |start: usize, end: usize, due: Due| {
            let record = chunk.get(start..end).unwrap_or_default();
            self.find_due(kernel, record, due, &mut caches, &mut |found| {
                sink(Match { start: found.start + start, end: found.end + start, ..found });
            });
        };
        if self.wordless.is_some() || !self.with_paths.is_empty() {
            for (start, end) in records(chunk) {
                let mut due = Due::NONE;
                let record = chunk.get(start..end).unwrap_or_default();
                self.words.search(kernel, record, |_, rules| due.put_all(rules));
                in_record(start, end, due);
            }
            return;
        }
        // one search over the whole chunk tells the records that are worth a look
        let (mut start, mut end, mut due) = (0, 0, Due::NONE);
        self.words.search(kernel, chunk, |hit, rules| {
            if hit >= end {
                in_record(start, end, std::mem::replace(&mut due, Due::NONE));
                let head = chunk.get(..hit).unwrap_or_default();
                let tail = chunk.get(hit..).unwrap_or_default();
                start = memchr::memrchr(b'\n', head).map_or(0, |feed| feed + 1);
                end = hit + memchr::memchr(b'\n', tail).unwrap_or(tail.len());
            }
            due.put_all(rules);
        });
        in_record(start, end, due);
    }

    /// Runs the rules that are due, and those that are for every record.
    fn find_due(
        &self,
        kernel: Kernel,
        record: &[u8],
        mut due: Due,
        caches: &mut Caches,
        sink: &mut dyn FnMut(Match),
    ) {
        if due.0.iter().any(|word| *word != 0) && !self.runs.is_empty() {
            let mut standing = self.runless.clone();
            self.runs.search(kernel, record, |_, rules| standing.put_all(rules));
            due.keep(&standing);
        }
        if let Some((rules, places)) = &self.wordless {
            caches.each_matching(rules, record, |pattern| {
                places.get(pattern).into_iter().for_each(|place| due.put(*place));
            });
        }
        for place in due.each() {
            if let Some(rule) = self.rules.get(place) {
                rule.search(place, record, 0, record.len(), caches, &mut |start, end, evidence| {
                    sink(rule.found(place, start, end, evidence));
                });
            }
        }
        self.find_under_paths(record, caches, sink);
    }

    fn find_under_paths(&self, record: &[u8], caches: &mut Caches, sink: &mut dyn FnMut(Match)) {
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
                    rule.search(*place, record, field.start, field.end, caches, &mut report);
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
    fn search(
        &self,
        place: usize,
        record: &[u8],
        from: usize,
        to: usize,
        caches: &mut Caches,
        sink: &mut dyn FnMut(usize, usize, Evidence),
    ) {
        let is_ascii = record.is_ascii();
        let Some(regex) = self.regex.as_ref().and_then(|regex| regex.regex(is_ascii)) else { return };
        let words = self.around.is_some() || self.before.is_some() || self.after.is_some();
        let evidence = if words { Evidence::USER_RULE.and(Evidence::KEYWORD) } else { Evidence::USER_RULE };
        let input = Input::new(record).span(from..to);
        caches.each_match(
            2 * place + usize::from(is_ascii),
            regex,
            input,
            self.capture,
            &mut |found, start, end| {
                if start < end && self.accepts(record, start, end, found.start(), found.end()) {
                    sink(start, end, evidence);
                }
            },
        );
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
    let regex = data.regex.clone().map(Lazy::new);
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

fn one_automaton(rules: Vec<(usize, Hir)>) -> Result<(Together, Vec<usize>), Error> {
    let (places, rules): (Vec<_>, Vec<_>) = rules.into_iter().unzip();
    let together = Together::new(&rules).ok_or_else(|| too_big("rules without a literal, together"))?;
    Ok((together, places))
}

/// Windows of words of which a record must hold one for the rule to match; `None` if there are none.
pub(super) fn filters(data: &PackRule) -> Option<Vec<Window>> {
    let window = |word: &String| Window::of_word(word.as_bytes(), true);
    let literals = data.regex.as_deref().and_then(parsed).and_then(|hir| literals(&hir));
    let literals = literals.map(|(words, any_case)| {
        words.iter().map(|word| Window::of_word(word, any_case)).collect::<Vec<_>>()
    });
    literals.or_else(|| {
        let words = [&data.keywords, &data.keywords_before, &data.keywords_after];
        words.into_iter().find(|words| !words.is_empty()).map(|words| words.iter().map(window).collect())
    })
}

pub(super) fn parsed(pattern: &str) -> Option<Hir> {
    regex_syntax::ParserBuilder::new().utf8(false).build().parse(pattern).ok()
}

/// The literals that every match of a regex begins or ends with, and whether they stand for every
/// case: those of `(?i)abc` are eight, and one that is folded.
fn literals(hir: &Hir) -> Option<(Vec<Vec<u8>>, bool)> {
    [ExtractKind::Prefix, ExtractKind::Suffix].into_iter().find_map(|kind| {
        let sequence = Extractor::new().kind(kind).limit_total(64).extract(hir);
        let exact: Vec<Vec<u8>> =
            sequence.literals()?.iter().map(|literal| literal.as_bytes().to_vec()).collect();
        if exact.is_empty() || exact.iter().any(|literal| literal.len() < MIN_LITERAL_BYTES) {
            return None;
        }
        let mut folded: Vec<Vec<u8>> = exact.iter().map(|literal| literal.to_ascii_lowercase()).collect();
        folded.sort();
        folded.dedup();
        Some(if folded.len() < exact.len() { (folded, true) } else { (exact, false) })
    })
}

#[cfg(all(test, feature = "policy-toml"))]
#[path = "tests.rs"]
mod tests;
