//! `Scanner`: one chunk of whole records in, findings or clean bytes out. No I/O, no threads.
//!
//! Context and detectors meet here and nowhere else.

mod accept;
mod access;
mod announce;
mod announced;
mod base64;
mod beyond;
mod calls;
mod carry;
mod changes;
mod clients;
mod closed;
mod columns;
mod commands;
mod conditions;
#[cfg(feature = "cli")]
pub(crate) mod considered;
mod count;
pub(crate) mod cut;
mod daemons;
mod databases;
mod detectors;
mod devices;
mod dicom;
mod digits;
mod domains;
mod echoed;
mod elements;
mod embedded;
mod entries;
mod exported;
#[cfg(all(debug_assertions, feature = "cli"))]
mod fault;
mod forms;
mod full_names;
mod games;
mod hardware;
mod headers;
mod hl7;
mod hosts;
mod inner;
mod keyed;
mod login_for;
mod login_words;
mod logins;
mod looks;
mod newer;
mod no_key;
mod not_names;
mod numbers;
#[cfg(test)]
mod oracle;
mod overlaid;
mod pairs;
mod people;
mod persons;
mod phrases;
mod places;
mod programs;
#[cfg(feature = "phone")]
mod regional;
mod regions;
mod repeats;
mod roles;
mod said;
mod sentences;
mod settled;
mod shapes;
mod siblings;
mod signs;
mod slots;
mod special;
mod statements;
mod strict;
mod subscribers;
mod titled;
mod told;
mod trackers;
mod user;
mod views;
mod words;
mod wrapped;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

pub use carry::Carry;

use crate::classify::{Candidates, Collector, Filter};
use crate::context::{KeyMemo, KeyTable};
use crate::error::Error;
use crate::finding::Finding;
use crate::plan::Plan;
use crate::policy::Policy;
use crate::resolve;
use crate::rules::RuleId;
use crate::simd::Kernel;
use crate::stream::Summary;
use crate::transform::{self, Clean};

/// Finds personal data in chunks of whole records. Cheap to clone, `Send + Sync`.
#[derive(Clone)]
pub struct Scanner {
    engine: Arc<Engine>,
    kernel: Kernel,
}

/// What is built once from the policy and shared by all clones.
pub(crate) struct Engine {
    pub plan: Plan,
    pub keys: KeyTable,
    pub filter: Filter,
    phrases: phrases::Words,
    messages: calls::Messages,
    /// The policy's line format, if it has one.
    form: Option<slots::Form>,
    /// The scanners of the policy's conditions.
    conditions: Vec<Scanner>,
}

impl Engine {
    fn new(plan: Plan, conditions: Vec<Scanner>) -> Result<Self, Error> {
        let unknown = plan.newer.as_ref().map_or(&[][..], |newer| &newer.unknown_keys);
        let keys = KeyTable::with_wanted(unknown, |kind| plan.policy.is_enabled(kind));
        let mut filter = Filter::new();
        keys.fill(&mut filter);
        phrases::fill(&mut filter, |kind| plan.policy.is_enabled(kind));
        daemons::fill(&mut filter);
        columns::fill(&mut filter);
        shapes::fill(&mut filter, |kind| plan.policy.is_enabled(kind));
        let filter = filter.done();
        let form = plan.line_format.clone().map(|format| slots::Form::new(format, &keys));
        Ok(Self {
            plan,
            keys,
            filter,
            phrases: phrases::Words::new(),
            messages: calls::Messages::new()?,
            form,
            conditions,
        })
    }
}

/// Memory that a scan reuses; one for each thread. It grows with the longest chunk.
#[derive(Default)]
pub struct Scratch {
    findings: Vec<Finding>,
    resolver: resolve::Scratch,
    candidates: Candidates,
    keys: KeyMemo,
    views: views::Scratch,
    base64: base64::Scratch,
    pub(crate) transform: transform::Scratch,
}

impl Scanner {
    /// A scanner for a policy, with the best kernel of this CPU.
    ///
    /// # Errors
    /// A policy whose rules or actions can't be used (`is_policy`, `is_pattern`); one that makes
    /// tokens, which need keys (`is_key`): see [`Scanner::with_tokenizer`].
    pub fn new(policy: &Policy) -> Result<Self, Error> {
        Self::with_plan(Plan::new(policy, None)?)
    }

    /// A scanner for a policy whose actions may make tokens, with the keys for them. Tokens of the
    /// tokenizer's ring are known wherever they stand and left alone.
    ///
    /// # Errors
    /// As [`Scanner::new`], but for missing keys.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use logveil::token::{KeyRing, Moment, TokenOptions, Tokenizer};
    /// use logveil::{Action, Clean, Policy, Scanner, Scratch, Summary};
    ///
    /// // A real program loads the ring it keeps: `KeySource::File(path).load(Moment::now())`.
    /// let ring = KeyRing::generate(Moment::now())?;
    /// let tokenizer = Arc::new(Tokenizer::new(&ring, &TokenOptions::default())?);
    /// let policy = Policy::default().with_action("email", Action::parse("token")?)?;
    /// assert!(Scanner::new(&policy).is_err_and(|error| error.is_key()));
    ///
    /// let scanner = Scanner::with_tokenizer(&policy, tokenizer)?;
    /// let (mut scratch, mut out, mut summary) = (Scratch::default(), Clean::new(), Summary::default());
    /// scanner.redact(b"from ann@example.com\nfrom Ann@example.COM\n", &mut scratch, &mut out, &mut summary);
    /// let lines: Vec<&[u8]> = out.as_bytes().split(|byte| *byte == b'\n').collect();
    /// assert!(lines[0].starts_with(b"from email_h"));
    /// assert_eq!(lines[0], lines[1]);
    /// # Ok::<(), logveil::Error>(())
    /// ```
    #[cfg(feature = "token")]
    pub fn with_tokenizer(policy: &Policy, tokenizer: Arc<crate::token::Tokenizer>) -> Result<Self, Error> {
        Self::with_plan(Plan::new(policy, Some(tokenizer))?)
    }

    /// A scanner for a plan that holds keys or user rules beside the policy.
    pub(crate) fn with_plan(plan: Plan) -> Result<Self, Error> {
        let conditions = conditions::scanners(&plan)?;
        Ok(Self { engine: Arc::new(Engine::new(plan, conditions)?), kernel: Kernel::best() })
    }

    /// The same scanner on another kernel; the findings are the same.
    pub fn with_kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }
    /// The kernel in use.
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }
    /// The policy that the scanner was built for.
    pub fn policy(&self) -> &Policy {
        &self.engine.plan.policy
    }

    /// The digest of the policy as it was given: sixteen hex digits, not a signature.
    #[cfg(feature = "policy-toml")]
    pub fn policy_digest(&self) -> &str {
        &self.engine.plan.digest
    }
    /// The name of the rule of a finding: a built-in rule's id, or a user pack's own.
    pub fn rule_name(&self, rule: RuleId) -> &str {
        let Some(mut place) = rule.0.checked_sub(RuleId::USER_FIRST) else { return rule.id() };
        for scanner in std::iter::once(self).chain(&self.engine.conditions) {
            let rules = &scanner.engine.plan.user_rules;
            match place.checked_sub(rules.len() as u16) {
                None => return rules.id(RuleId(RuleId::USER_FIRST + place)).unwrap_or(rule.id()),
                Some(rest) => place = rest,
            }
        }
        rule.id()
    }

    /// The findings of a chunk of whole records (lines), disjoint and in order, including those
    /// that the policy keeps. Nothing is carried in from a chunk before or out to one behind; see
    /// [`Scanner::scan_with_carry`].
    ///
    /// Chunks are shorter than 4 GiB; of a longer one only the first 4 GiB are looked at.
    pub fn scan<'s>(&self, chunk: &[u8], scratch: &'s mut Scratch) -> &'s [Finding] {
        self.scan_with_carry(chunk, Carry::default(), scratch);
        &scratch.findings
    }

    /// Like [`Scanner::scan`], with what is open from the chunk before (a PEM block); returns what
    /// is open behind this one. The findings are in [`Scratch::findings`].
    pub fn scan_with_carry(&self, chunk: &[u8], carry: Carry, scratch: &mut Scratch) -> Carry {
        if self.engine.conditions.is_empty() {
            return self.scan_one_policy(chunk, carry, scratch);
        }
        self.scan_by_condition(chunk, carry, scratch)
    }

    fn scan_one_policy(&self, chunk: &[u8], carry: Carry, scratch: &mut Scratch) -> Carry {
        let is_inside_record = carry.goes_on();
        let carry = self.gather(chunk, carry, scratch);
        let Scratch { findings, resolver, .. } = scratch;
        resolve::resolve(findings, resolver, |f| self.engine.plan.is_weak(f));
        closed::keep_inside(chunk, findings, is_inside_record);
        carry
    }

    /// All findings of a chunk, before overlaps are resolved.
    fn gather(&self, chunk: &[u8], carry: Carry, scratch: &mut Scratch) -> Carry {
        let chunk = &chunk[..chunk.len().min(u32::MAX as usize)];
        let Scratch { findings, candidates, keys, views, base64: decoded, .. } = scratch;
        findings.clear();
        #[cfg(all(debug_assertions, feature = "cli"))]
        fault::panic_if_asked(chunk);
        let engine = &*self.engine;
        let mut collector = Collector::new(chunk, &engine.filter, candidates);
        self.kernel.feed(chunk, &mut collector);
        collector.done();
        let mut hunt = accept::Hunt::new(engine, chunk, findings).with_memo(keys).with_kernel(self.kernel);
        each_candidate(&mut hunt, candidates);
        repeats::hunt(&mut hunt);
        views::hunt(self.kernel, engine, chunk, &candidates.escaped, keys, views, findings);
        base64::hunt(self.kernel, engine, chunk, candidates, decoded, findings);
        let mut carry = carry;
        let (columns, field) = (carry.columns.take(), std::mem::take(&mut carry.field));
        let mut carry = carry::hunt(engine, chunk, candidates, carry, findings);
        #[cfg(feature = "phone")]
        regional::hunt(&mut accept::Hunt::new(engine, chunk, findings));
        user::hunt(self.kernel, &mut accept::Hunt::new(engine, chunk, findings));
        slots::hunt(engine, chunk, findings);
        strict::hunt(engine, chunk, findings);
        (carry.columns, carry.field) = columns::hunt(engine, chunk, candidates, columns, field, findings);
        places::lay_over(engine, chunk, findings);
        carry
    }

    /// Where the start of a record that is too long may be cut; see [`cut`]. A panic, which is a bug of
    /// ours, finds no place.
    pub(crate) fn cut_point(&self, window: &[u8], carry: &Carry, scratch: &mut Scratch) -> Option<usize> {
        let looked = catch_unwind(AssertUnwindSafe(|| {
            let mut collector = Collector::new(window, &self.engine.filter, &mut scratch.candidates);
            self.kernel.feed(window, &mut collector);
            collector.done();
            let places = cut::places(&self.engine, window, &scratch.candidates);
            cut::first_that_agrees(self, window, carry, &places, scratch)
        }));
        looked.unwrap_or_else(|_| {
            *scratch = Scratch::default();
            None
        })
    }

    /// Redacts a chunk of whole records and appends the clean bytes to `out`; counts go to `summary`.
    ///
    /// Nothing is carried over from a chunk before; see [`Scanner::redact_with_carry`].
    pub fn redact(&self, chunk: &[u8], scratch: &mut Scratch, out: &mut Clean, summary: &mut Summary) {
        self.redact_with_carry(chunk, Carry::default(), scratch, out, summary);
    }

    /// Like [`Scanner::redact`], with what is open from the chunk before; returns what is open behind it.
    pub fn redact_with_carry(
        &self,
        chunk: &[u8],
        carry: Carry,
        scratch: &mut Scratch,
        out: &mut Clean,
        summary: &mut Summary,
    ) -> Carry {
        if self.engine.conditions.is_empty() {
            return self.redact_one_policy(chunk, carry, scratch, out, summary);
        }
        let mut carry = carry;
        self.each_run(chunk, |_, part, scanner, _| {
            carry = scanner.redact_one_policy(part, std::mem::take(&mut carry), scratch, out, summary);
        });
        carry
    }

    fn redact_one_policy(
        &self,
        chunk: &[u8],
        carry: Carry,
        scratch: &mut Scratch,
        out: &mut Clean,
        summary: &mut Summary,
    ) -> Carry {
        scratch.transform.start_chunk(carry.goes_on());
        let carry = self.scan_one_policy(chunk, carry, scratch);
        summary.records +=
            scratch.candidates.line_feeds + u64::from(chunk.last().is_some_and(|b| *b != b'\n'));
        summary.bytes_in += chunk.len() as u64;
        let before = out.len();
        transform::apply(&self.engine.plan, chunk, &scratch.findings, &mut scratch.transform, out, summary);
        summary.bytes_out += (out.len() - before) as u64;
        carry
    }
}

/// Hunts what stands at the candidates of a text, whatever they are of.
fn each_candidate(hunt: &mut accept::Hunt<'_>, candidates: &Candidates) {
    keyed::hunt(hunt, candidates);
    shapes::hunt(hunt, candidates);
    phrases::hunt(hunt, candidates);
    daemons::hunt(hunt, candidates);
    domains::hunt(hunt, candidates);
}

#[cfg(feature = "cli")]
impl Scanner {
    /// Appends `chunk` to `out` with `findings` replaced by the policy's actions: some of those of
    /// a scan, or others; disjoint and in order.
    pub(crate) fn replace(
        &self,
        chunk: &[u8],
        findings: &[Finding],
        scratch: &mut Scratch,
        out: &mut Clean,
        summary: &mut Summary,
    ) {
        scratch.transform.start_chunk(false);
        transform::apply(&self.engine.plan, chunk, findings, &mut scratch.transform, out, summary);
    }
}

impl Scratch {
    /// The findings of the last scan, disjoint and in order.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}
