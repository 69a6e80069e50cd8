//! What is known of one line, ready to be printed: findings, what was spared, the result.

use super::super::shown::common_ends;
use super::reason;
use crate::action::Action;
use crate::error::Error;
use crate::fields::walk;
use crate::finding::{Finding, TypeId};
use crate::policy::Mode;
use crate::policy::when::RecordShape;
use crate::report::evidence;
use crate::rules::{self, PLACE};
use crate::scan::considered::{Considered, Spared};
use crate::scan::{Carry, Scanner, Scratch};
use crate::stream::Summary;
use crate::transform::Clean;

/// Where a setting comes from that no layer made.
const BUILT_IN: &str = "built in";

/// One finding of the line.
pub(super) struct Found {
    pub start: usize,
    pub end: usize,
    pub kind: String,
    pub rule: String,
    /// The file and line of the rule, or the ruleset and standard behind it.
    pub source: String,
    pub confidence: u8,
    pub key: Option<&'static str>,
    /// The names that lead to it, as `[paths]` of a policy take them.
    pub path: Option<String>,
    pub slots: Vec<&'static str>,
    pub encodings: Vec<&'static str>,
    pub evidence: Vec<String>,
    /// The vetoes that were asked; none of them holds.
    pub vetoes: &'static [&'static str],
    pub action: String,
    pub is_shadow: bool,
    pub is_forbidden: bool,
    /// The layer or place that set the action.
    pub set_by: String,
    /// What stands there afterwards; `None` if the record is dropped.
    pub becomes: Option<Vec<u8>>,
}

/// One candidate that was spared, in words.
pub(super) struct Left {
    pub start: usize,
    pub end: usize,
    /// `own` for labels and tokens of ours.
    pub kind: String,
    pub rule: Option<String>,
    pub confidence: Option<u8>,
    pub key: Option<&'static str>,
    pub encodings: Vec<&'static str>,
    /// Id and sentence of each reason that would be enough alone.
    pub reasons: Vec<(String, String)>,
}

/// One line.
pub(super) struct Account {
    pub shape: &'static str,
    /// The number of the `[[when]]` that holds, from 1, and its policy's name.
    pub condition: Option<(usize, String)>,
    pub found: Vec<Found>,
    /// `None` if the line is too long to be walked twice.
    pub spared: Option<Vec<Left>>,
    /// The redacted line; `None` if it is dropped.
    pub result: Option<Vec<u8>>,
}

/// Explains lines in turn; what one leaves open (a PEM block) holds for the next.
pub(super) struct Explainer<'s> {
    scanner: &'s Scanner,
    considered: Considered,
    scratch: Scratch,
    carries: (Carry, Carry),
}

impl<'s> Explainer<'s> {
    /// # Errors
    /// As for the scanner itself.
    pub(super) fn new(scanner: &'s Scanner) -> Result<Self, Error> {
        let (scratch, carries) = (Scratch::default(), (Carry::default(), Carry::default()));
        Ok(Self { scanner, considered: Considered::new(scanner)?, scratch, carries })
    }

    pub(super) fn account(&mut self, line: &[u8]) -> Account {
        let carry = std::mem::take(&mut self.carries.0);
        self.carries.0 = self.scanner.scan_with_carry(line, carry, &mut self.scratch);
        let findings = self.scratch.findings().to_vec();
        let (scanner, place) = self.scanner.of_record(line);
        let spared = self.considered.spared(line, &findings);
        let mut clean = Clean::new();
        let carry = std::mem::take(&mut self.carries.1);
        let mut summary = Summary::default();
        self.carries.1 =
            self.scanner.redact_with_carry(line, carry, &mut self.scratch, &mut clean, &mut summary);
        Account {
            shape: RecordShape::of(line).id(),
            condition: place.map(|place| (place + 1, scanner.policy().name().to_owned())),
            found: findings.iter().map(|finding| self.found(line, finding, scanner)).collect(),
            spared: spared.map(|list| list.iter().map(|spared| left(line, spared, scanner)).collect()),
            result: (summary.dropped_records == 0).then(|| clean.into_bytes()),
        }
    }

    fn found(&self, line: &[u8], finding: &Finding, scanner: &Scanner) -> Found {
        let policy = scanner.policy();
        let id = policy.type_id(finding.kind).to_owned();
        let place = policy.places.around(line, finding.start, finding.end);
        let origin = |key: &str| policy.origins.get(key).map_or(BUILT_IN, String::as_str).to_owned();
        let (change, title) = place.map_or((None, None), |(change, title)| (Some(change), Some(title)));
        let by_place = title.map(|title| format!("{title}, {}", origin(&title)));
        let own_action = change.as_ref().and_then(|change| change.action.clone());
        let own_mode = change.as_ref().and_then(|change| change.mode);
        let is_shadow = own_mode.map_or_else(|| policy.shadows(finding), |mode| mode == Mode::Shadow);
        let set_by = match (is_shadow, &own_action, own_mode, by_place) {
            (true, _, Some(_), Some(place)) | (false, Some(_), _, Some(place)) => place,
            (true, ..) if policy.rules_in_shadow.contains(&finding.rule) => {
                origin(&format!("rules.\"{}\"", scanner.rule_name(finding.rule)))
            }
            (true, ..) => origin(&format!("types.{id}.mode")),
            _ => origin(&format!("types.{id}.action")),
        };
        let action = own_action.unwrap_or_else(|| policy.action(finding.kind).clone());
        let (slots, evidence) = evidence(finding).partition::<Vec<_>, _>(|name| name.starts_with("slot:"));
        Found {
            start: finding.start,
            end: finding.end,
            rule: self.scanner.rule_name(finding.rule).to_owned(),
            source: self.source(line, finding, scanner),
            confidence: finding.confidence,
            key: finding.key.map(|key| key.words()),
            path: key_path(line, finding.start, finding.end),
            slots: slots.iter().map(|slot| slot_name(slot)).collect(),
            encodings: finding.layers.names().collect(),
            evidence: evidence.into_iter().map(Into::into).collect(),
            vetoes: reason::vetoes_asked(finding),
            is_shadow,
            is_forbidden: policy.is_forbidden(finding.kind),
            set_by,
            becomes: becomes(line, finding, scanner, &action, is_shadow),
            action: action.to_string(),
            kind: id,
        }
    }

    /// Where the rule of a finding comes from.
    fn source(&self, line: &[u8], finding: &Finding, scanner: &Scanner) -> String {
        if finding.rule == PLACE {
            let policy = scanner.policy();
            let place = policy.places.around(line, finding.start, finding.end);
            let title = place.map_or_else(String::new, |(_, title)| title);
            return policy.origins.get(&title).map_or_else(|| title.clone(), |at| format!("{title}, {at}"));
        }
        if let Some(origin) = scanner.rule_origin(finding.rule).or(self.scanner.rule_origin(finding.rule)) {
            return origin.to_owned();
        }
        rules::meta(finding.rule).map_or_else(
            || BUILT_IN.to_owned(),
            |meta| format!("{BUILT_IN} since {}: {}", meta.since, meta.reference),
        )
    }
}

/// The names that lead to the innermost value that holds these bytes.
fn key_path(line: &[u8], start: usize, end: usize) -> Option<String> {
    let mut path = None;
    walk(line, &mut |field| {
        if path.is_none() && field.start <= start && end <= field.end {
            let names: Vec<_> = field.path.iter().map(|name| String::from_utf8_lossy(name)).collect();
            path = Some(names.join("."));
        }
    });
    path.filter(|path| !path.is_empty())
}

/// The name of a slot without `slot:`, as one of the fixed list.
fn slot_name(evidence: &str) -> &'static str {
    const NAMES: [&str; 8] =
        ["clf.client", "clf.user", "header", "query", "url", "phrase", "format", "column"];
    let name = evidence.strip_prefix("slot:").unwrap_or_default();
    NAMES.into_iter().find(|known| *known == name).unwrap_or("slot")
}

/// What a finding alone becomes.
fn becomes(
    line: &[u8],
    finding: &Finding,
    scanner: &Scanner,
    action: &Action,
    is_shadow: bool,
) -> Option<Vec<u8>> {
    if *action == Action::DropRecord && !is_shadow {
        return None;
    }
    let (mut scratch, mut clean) = (Scratch::default(), Clean::new());
    scanner.replace(line, &[*finding], &mut scratch, &mut clean, &mut Summary::default());
    let out = clean.as_bytes();
    let (head, _) = common_ends(line.get(..finding.start).unwrap_or_default(), out);
    let rest = out.get(head..).unwrap_or_default();
    let (_, tail) = common_ends(line.get(finding.end..).unwrap_or_default(), rest);
    Some(rest.get(..rest.len() - tail).unwrap_or_default().to_vec())
}

fn left(line: &[u8], spared: &Spared, scanner: &Scanner) -> Left {
    let policy = scanner.policy();
    let kind = spared.kind.map(|kind: TypeId| policy.type_id(kind).to_owned());
    Left {
        start: spared.start,
        end: spared.end,
        kind: kind.unwrap_or_else(|| "own".to_owned()),
        rule: spared.rule.map(|rule| scanner.rule_name(rule).to_owned()),
        confidence: spared.confidence,
        key: spared.key.map(|key| key.words()),
        encodings: spared.layers.names().collect(),
        reasons: spared
            .reasons
            .iter()
            .map(|why| (why.id(), reason::sentence(*why, line, spared, policy)))
            .collect(),
    }
}
