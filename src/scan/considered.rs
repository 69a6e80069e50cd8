//! What was looked at and spared: a second, slow walk over one record, for `explain`.
//!
//! The scan keeps no book of what it turns away, so this costs it nothing. Here the record is
//! scanned once more by a policy that spares nothing, and by policies that spare one thing each:
//! what one of them loses was spared for that. Shapes and keys that no detector took are asked for
//! their vetoes and checks in `near`.

mod near;

use std::sync::Arc;

use super::{Carry, Engine, Scanner, Scratch};
use crate::error::Error;
use crate::finding::{Finding, Layers, TypeId};
use crate::plan::Plan;
use crate::policy::{Allow, Policy};
use crate::rules::{KeyId, RuleId};

/// A longer record is not walked again: the walk is not linear.
const MAX_RECORD_BYTES: usize = 64 << 10;

/// Why a candidate is no finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Its type is switched off.
    TypeOff,
    /// Its rule is switched off.
    RuleOff,
    /// The policy asks for more confidence in its type.
    Confidence { has: u8, least: u8 },
    /// It is on the policy's allow-list.
    AllowList,
    /// It is allowed by default: loopback, system users and the like.
    AllowedByDefault,
    /// A path, header, cookie or query parameter of the policy leaves it out.
    Place,
    /// The line format says that something else stands there.
    Slot,
    /// A label or token of ours.
    Own,
    /// A finding on the same bytes ranks before it.
    Outranked(TypeId),
    /// What stands around it says that it is something else.
    Veto(&'static str),
    /// A check digit or registry does not know it.
    Check(&'static str),
    /// It stands in the right place and has not the shape.
    Shape,
    /// The value stands for no value (`null`, `***`).
    Filler,
    /// The key alone is not enough: it needs a person around it (`user.name`).
    BareKey,
}

impl Reason {
    /// The id in reports; `veto:version`, `check:luhn`.
    pub(crate) fn id(self) -> String {
        match self {
            Self::TypeOff => "type-off".into(),
            Self::RuleOff => "rule-off".into(),
            Self::Confidence { .. } => "min-confidence".into(),
            Self::AllowList => "allow-list".into(),
            Self::AllowedByDefault => "allowed-by-default".into(),
            Self::Place => "place".into(),
            Self::Slot => "slot".into(),
            Self::Own => "own-mark".into(),
            Self::Outranked(_) => "outranked".into(),
            Self::Veto(name) => format!("veto:{name}"),
            Self::Check(name) => format!("check:{name}"),
            Self::Shape => "shape".into(),
            Self::Filler => "filler".into(),
            Self::BareKey => "bare-key".into(),
        }
    }
}

/// A candidate that was spared, and what each sparing it alone would have been enough for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spared {
    pub start: usize,
    pub end: usize,
    /// What it was taken for; `None` for marks of ours.
    pub kind: Option<TypeId>,
    pub rule: Option<RuleId>,
    pub confidence: Option<u8>,
    /// The key that it stands under, or that says what else it is.
    pub key: Option<KeyId>,
    pub layers: Layers,
    pub reasons: Vec<Reason>,
}

/// What a policy can spare, one thing at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sparing {
    Types,
    Rules,
    Confidence,
    List,
    BuiltIn,
    Places,
    Slots,
}

const SPARINGS: [Sparing; 7] = [
    Sparing::Types,
    Sparing::Rules,
    Sparing::Confidence,
    Sparing::List,
    Sparing::BuiltIn,
    Sparing::Places,
    Sparing::Slots,
];

/// The scanners of one policy that spare nothing and one thing each.
struct Lifted {
    policy: Policy,
    nothing: Scanner,
    one: Vec<(Sparing, Scanner)>,
}

/// Everything that `explain` asks twice, built once.
pub(crate) struct Considered {
    scanner: Scanner,
    own: Lifted,
    conditions: Vec<Lifted>,
}

impl Scanner {
    /// Which condition of the policy a record meets, and the scanner for it.
    pub(crate) fn of_record(&self, record: &[u8]) -> (&Scanner, Option<usize>) {
        let place = self.policy().place_of_condition(record);
        let other = place.and_then(|place| self.engine.conditions.get(place));
        (other.unwrap_or(self), place)
    }

    /// Where a user pack's rule stands, file and line; `None` for built-in rules.
    pub(crate) fn rule_origin(&self, rule: RuleId) -> Option<&str> {
        self.engine.plan.user_rules.origin(rule)
    }
}

impl Considered {
    /// # Errors
    /// As for the scanner itself.
    pub(crate) fn new(scanner: &Scanner) -> Result<Self, Error> {
        let conditions = scanner.engine.conditions.iter().map(Lifted::new).collect::<Result<_, _>>()?;
        Ok(Self { scanner: scanner.clone(), own: Lifted::new(scanner)?, conditions })
    }

    /// What of a record is no part of `found`, its findings, and why, in order of their place; `None` for
    /// a record of more than 64 KiB.
    pub(crate) fn spared(&self, record: &[u8], found: &[Finding]) -> Option<Vec<Spared>> {
        if record.len() > MAX_RECORD_BYTES {
            return None;
        }
        let (scanner, place) = self.scanner.of_record(record);
        let lifted = place.and_then(|place| self.conditions.get(place)).unwrap_or(&self.own);
        Some(lifted.spared(record, scanner, found))
    }
}

fn overlap(finding: &Finding, start: usize, end: usize) -> bool {
    finding.start < end && start < finding.end
}

fn has(list: &[Finding], kind: TypeId, start: usize, end: usize) -> bool {
    list.iter().any(|finding| finding.kind == kind && overlap(finding, start, end))
}

impl Lifted {
    fn new(scanner: &Scanner) -> Result<Self, Error> {
        let plan = &scanner.engine.plan;
        let policy = plan.policy_outside();
        let build = |spares| -> Result<Scanner, Error> {
            let plan = Plan::new(&lifted(&policy, spares), plan.tokenizer().clone())?;
            Ok(Scanner { engine: Arc::new(Engine::new(plan, Vec::new())?), kernel: scanner.kernel })
        };
        let one =
            SPARINGS.into_iter().map(|one| Ok((one, build(Some(one))?))).collect::<Result<_, Error>>()?;
        Ok(Self { nothing: build(None)?, one, policy })
    }

    fn spared(&self, record: &[u8], scanner: &Scanner, found: &[Finding]) -> Vec<Spared> {
        let mut scratch = Scratch::default();
        let mut gather = |scanner: &Scanner| {
            scanner.gather(record, Carry::default(), &mut scratch);
            scratch.findings.clone()
        };
        let raw = gather(scanner);
        let restored: Vec<_> = self.one.iter().map(|(one, scanner)| (*one, gather(scanner))).collect();
        let all = gather(&self.nothing);
        let mut spared: Vec<Spared> = Vec::new();
        for finding in &all {
            let (start, end, kind) = (finding.start, finding.end, finding.kind);
            let is_told = spared.iter().any(|old| (old.start, old.end, old.kind) == (start, end, Some(kind)));
            if is_told || has(found, kind, start, end) {
                continue;
            }
            let reasons = if has(&raw, kind, start, end) {
                let winner = found.iter().find(|winner| overlap(winner, start, end));
                winner.map(|winner| Reason::Outranked(winner.kind)).into_iter().collect()
            } else if found.iter().any(|other| other.start <= start && end <= other.end) {
                Vec::new() // replaced all the same
            } else {
                let lost = restored.iter().filter(|(_, left)| !has(left, kind, start, end));
                lost.map(|(one, _)| self.reason(*one, finding)).collect::<Vec<_>>()
            };
            if !reasons.is_empty() {
                spared.push(Spared {
                    start,
                    end,
                    kind: Some(kind),
                    rule: Some(finding.rule),
                    confidence: Some(finding.confidence),
                    key: finding.key,
                    layers: finding.layers,
                    reasons,
                });
            }
        }
        near::marks(record, &mut spared);
        let seen = near::Seen { record, policy: &self.policy, found, all: &all };
        near::shapes(&self.nothing.engine, &seen, &scratch.candidates, &mut spared);
        near::keys(&self.nothing.engine, &seen, &scratch.candidates, &mut spared);
        spared.sort_by_key(|spared| (spared.start, spared.end));
        spared
    }

    fn reason(&self, sparing: Sparing, finding: &Finding) -> Reason {
        match sparing {
            Sparing::Types => Reason::TypeOff,
            Sparing::Rules => Reason::RuleOff,
            Sparing::Confidence => Reason::Confidence {
                has: finding.confidence,
                least: self.policy.min_confidence(finding.kind),
            },
            Sparing::List => Reason::AllowList,
            Sparing::BuiltIn => Reason::AllowedByDefault,
            Sparing::Places => Reason::Place,
            Sparing::Slots => Reason::Slot,
        }
    }
}

/// A policy that finds all it can, but for what `spares` says.
fn lifted(policy: &Policy, spares: Option<Sparing>) -> Policy {
    let mut lifted = policy.clone();
    lifted.when.clear();
    if spares != Some(Sparing::Types) {
        policy.types().for_each(|kind| lifted.enabled[kind.index()] = true);
    }
    if spares != Some(Sparing::Rules) {
        lifted.rules_off.clear();
    }
    if spares != Some(Sparing::Confidence) {
        lifted.min_confidence.fill(0);
    }
    if spares != Some(Sparing::List) {
        lifted.allow = Allow::default();
    }
    if spares != Some(Sparing::BuiltIn) {
        lifted.allow = lifted.allow.without_built_in();
    }
    if spares != Some(Sparing::Places) {
        lifted.places = Default::default();
    }
    if spares != Some(Sparing::Slots) {
        lifted.line_format = None;
    }
    lifted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(policy: &Policy, line: &str) -> Vec<String> {
        let scanner = Scanner::new(policy).unwrap();
        let found = scanner.scan(line.as_bytes(), &mut Scratch::default()).to_vec();
        let spared = Considered::new(&scanner).unwrap().spared(line.as_bytes(), &found).unwrap();
        let of = |spared: &Spared| {
            let reasons: Vec<String> = spared.reasons.iter().map(|reason| reason.id()).collect();
            let kind = spared.kind.map_or("own", TypeId::id);
            format!("{kind} {} {}", &line[spared.start..spared.end], reasons.join(","))
        };
        spared.iter().map(of).collect()
    }

    #[test]
    fn each_thing_that_spares_is_named() {
        let policy = Policy::default();
        let uuid = "7d44a2e0-5b1c-4f6e-9a3d-0123456789ab";
        for (line, expect) in [
            ("version=1.2.3.4", vec!["ipv4 1.2.3.4 veto:version"]),
            ("listening on 127.0.0.1:80", vec!["ipv4 127.0.0.1 allowed-by-default"]),
            ("order_id=4111111111111111", vec!["card 4111111111111111 veto:object-id"]),
            ("card 4111111111111112 declined", vec!["card 4111111111111112 check:luhn"]),
            ("at 300.1.2.3 now", vec!["ipv4 300.1.2.3 shape"]),
            ("password=null", vec!["password null filler"]),
            ("name=com.android.systemui", vec!["name com.android.systemui bare-key"]),
            ("from [IPV4] ok", vec!["own [IPV4] own-mark"]),
            ("user=root", vec!["username root allowed-by-default"]),
            ("ssh root@localhost", vec!["email root@localhost shape"]),
            ("nothing here", vec![]),
        ] {
            assert_eq!(told(&policy, line), expect, "{line}");
        }
        assert_eq!(told(&policy, &format!("id {uuid}")), [format!("uuid {uuid} type-off")]);
    }

    #[test]
    fn what_the_policy_says_is_named() {
        let line = "from 198.51.100.7 ok";
        let allow = Policy::default().allow("@doc").unwrap();
        assert_eq!(told(&allow, line), ["ipv4 198.51.100.7 allow-list"]);
        let skip = Policy::default().skip(&["ipv4"]).unwrap();
        assert_eq!(told(&skip, line), ["ipv4 198.51.100.7 type-off"]);
        let sure = Policy::default().with_min_confidence(TypeId::IPV4, 100);
        assert_eq!(told(&sure, line), ["ipv4 198.51.100.7 min-confidence"]);
        let both = skip.allow("198.51.100.0/24").unwrap();
        assert_eq!(told(&both, line), ["ipv4 198.51.100.7 type-off,allow-list"]);
        let text = "[paths.\"peer\"]\nenabled = false\n[rules.email]\nenabled = false\n";
        let places = Policy::from_toml("t", text).unwrap();
        assert_eq!(told(&places, "peer=198.51.100.7"), ["ipv4 198.51.100.7 place"]);
        assert_eq!(told(&places, "mail ann@example.com"), ["email ann@example.com rule-off"]);
        let format = Policy::from_toml("t", "line_format = '{ip} {time} {url}'").unwrap();
        assert_eq!(told(&format, "198.51.100.7 2.3.4.5 /"), ["ipv4 2.3.4.5 slot"]);
    }
}
