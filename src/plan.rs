//! The plan: a policy bound to rules and keys, the only thing a scanner holds.

use crate::action::TokenForm;
use crate::check::luhn;
use crate::context::line_format::LineFormat;
use crate::detect::card;
use crate::error::Error;
use crate::finding::{Evidence, Finding, Group, TypeId};
use crate::pack::UserRules;
use crate::policy::{Action, Mode, Override, Policy};
use crate::rules::{Newer, RuleId};

pub(crate) struct Plan {
    pub(crate) policy: Policy,
    /// Whether any action drops whole records.
    pub(crate) drops_records: bool,
    /// Whether nothing but its type says what happens to a finding: no place, no dropped record, nobody
    /// who was erased.
    pub(crate) is_plain: bool,
    /// Whether any action leaves findings as they are, by type.
    pub(crate) keeps: [bool; 128],
    /// Labels say that a person was erased: `[EMAIL ERASED]`.
    pub(crate) erases: bool,
    pub(crate) user_rules: UserRules,
    pub(crate) line_format: Option<LineFormat>,
    /// The digest of the policy as it was given.
    #[cfg(feature = "policy-toml")]
    pub(crate) digest: String,
    /// The keys and rows of data that the policy's pinned ruleset does not have yet.
    pub(crate) newer: Option<Box<Newer>>,
    /// What holds outside the places that the policy names, where those ask for more.
    outside: Option<Box<Outside>>,
    /// There if any action makes tokens: [`Plan::new`] sees to that.
    tokenizer: Keys,
}

/// What makes tokens and knows them.
#[cfg(feature = "token")]
pub(crate) type Keys = Option<std::sync::Arc<crate::token::Tokenizer>>;
/// Without the feature `token` there is never one.
#[cfg(not(feature = "token"))]
pub(crate) type Keys = Option<std::convert::Infallible>;

#[cfg(feature = "token")]
const NO_KEYS: &str =
    "the policy makes tokens and there are no keys; give a tokenizer (Scanner::with_tokenizer)";
#[cfg(feature = "token")]
const NO_SEAL: &str = "the policy seals values and names no public key; name its file with --seal-to or \
                       token.seal_to (`logveil key seal-pair` makes one)";
#[cfg(feature = "token")]
const NO_LIST: &str = "the policy names a suppression list and the tokenizer has none \
                       (Tokenizer::with_suppressed)";
#[cfg(not(feature = "token"))]
const NO_KEYS: &str = "the policy makes tokens, which this build can't: it lacks the feature `token`";

/// The settings of types where no place says otherwise.
struct Outside {
    enabled: [bool; 128],
    min_confidence: [u8; 128],
}

impl Plan {
    /// A policy bound to rules and keys.
    ///
    /// # Errors
    /// An action makes tokens and there are no keys, or seals values and there is no public key
    /// (`is_key`): nothing else may stand in for a token. A rule pack that can't be compiled (`is_pattern`).
    pub(crate) fn new(policy: &Policy, tokenizer: Keys) -> Result<Self, Error> {
        if tokenizer.is_none() && policy.needs_key() {
            return Err(Error::key(NO_KEYS));
        }
        #[cfg(feature = "token")]
        if policy.needs_seal() && !tokenizer.as_ref().is_some_and(|tokenizer| tokenizer.can_seal()) {
            return Err(Error::key(NO_SEAL));
        }
        #[cfg(feature = "token")]
        if policy.names_suppressed()
            && !tokenizer.as_ref().is_some_and(|tokenizer| tokenizer.has_suppressed())
        {
            return Err(Error::key(NO_LIST));
        }
        Self::with_newer(policy, tokenizer, policy.ruleset().map(Newer::than).unwrap_or_default())
    }

    /// The same where `newer` is what the policy's pinned ruleset does not have yet.
    pub(crate) fn with_newer(policy: &Policy, tokenizer: Keys, newer: Newer) -> Result<Self, Error> {
        let types = || policy.types().filter(|t| policy.is_enabled(*t));
        let mut keeps = [false; 128];
        types().for_each(|t| keeps[t.index()] = *policy.action(t) == Action::Keep);
        let drops_in_places =
            policy.places.titles().any(|(_, place)| place.action == Some(Action::DropRecord));
        let drops_records = drops_in_places || types().any(|t| *policy.action(t) == Action::DropRecord);
        #[cfg(feature = "token")]
        let is_suppressing = tokenizer.as_ref().is_some_and(|tokenizer| tokenizer.has_suppressed());
        #[cfg(not(feature = "token"))]
        let is_suppressing = false;
        let mut detected = policy.clone();
        let outside = relax(&mut detected);
        hold_back(&mut detected, &newer.rules);
        Ok(Self {
            drops_records,
            is_plain: policy.places.is_empty() && !drops_records && !is_suppressing,
            keeps,
            erases: false,
            user_rules: UserRules::compile(policy.packs(), &|id| policy.type_named(id))?,
            line_format: policy.line_format().map(LineFormat::parse).transpose()?,
            #[cfg(feature = "policy-toml")]
            digest: policy.digest(),
            newer: (newer.has_data() || !newer.unknown_keys.is_empty()).then(|| Box::new(newer)),
            outside,
            policy: detected,
            tokenizer,
        })
    }

    /// The policy without what its places ask for beyond it.
    #[cfg(feature = "cli")]
    pub(crate) fn policy_outside(&self) -> Policy {
        let mut policy = self.policy.clone();
        if let Some(outside) = &self.outside {
            (policy.enabled, policy.min_confidence) = (outside.enabled, outside.min_confidence);
        }
        policy
    }

    /// What makes the tokens.
    pub(crate) fn tokenizer(&self) -> &Keys {
        &self.tokenizer
    }

    /// How much of what has the form of a token is left alone, 0 for nothing: all of it everywhere
    /// but under a secret key or in a strict policy, where its check symbols must verify.
    pub(crate) fn spared(&self, kind: TypeId, token: &[u8]) -> usize {
        if self.policy.type_group(kind) != Group::Secret && !self.policy.is_strict() {
            return token.len();
        }
        #[cfg(feature = "token")]
        return self.tokenizer.as_ref().map_or(0, |tokenizer| tokenizer.verified_length(token));
        #[cfg(not(feature = "token"))]
        0
    }

    /// Whether what an account's or bank's key names is a card number that a token stands for: of an issuer,
    /// its check digit one too high, as no card's is.
    pub(crate) fn is_card_token(&self, kind: TypeId, value: &[u8]) -> bool {
        if !matches!(kind, TypeId::ACCOUNT_ID | TypeId::BANK) {
            return false;
        }
        let mut digits = [0; 19];
        let Some(digits) = digits.get_mut(..value.len()) else { return false };
        digits.iter_mut().zip(value).for_each(|(digit, byte)| *digit = byte & 15);
        *self.policy.action(TypeId::CARD) == Action::Token(TokenForm::CardFf1)
            && value.len() > 11
            && value.iter().all(u8::is_ascii_digit)
            && luhn::sum(digits) % 10 == 1
            && card::has_issuer(value, |_| true)
    }

    /// True if a finding must never win over another on the same bytes: it changes nothing.
    pub(crate) fn is_weak(&self, finding: &Finding) -> bool {
        if finding.evidence.has(Evidence::PLACE_SPARES) {
            return true;
        }
        if finding.evidence.has(Evidence::PLACE_ACTS) {
            return false;
        }
        self.keeps[finding.kind.index()] || self.policy.shadows(finding)
    }

    /// What a place says of a finding that stands there, for [`Plan::is_weak`].
    pub(crate) fn place_mark(&self, finding: &Finding, place: &Override) -> Evidence {
        let shadow = match place.mode {
            Some(mode) => mode == Mode::Shadow,
            None => self.policy.shadows(finding),
        };
        let keeps = match &place.action {
            Some(action) => *action == Action::Keep,
            None => self.keeps[finding.kind.index()],
        };
        if shadow || keeps { Evidence::PLACE_SPARES } else { Evidence::PLACE_ACTS }
    }

    /// True if a finding stands where a place says `place`, or where none says anything.
    pub(crate) fn accepts(&self, finding: &Finding, place: Option<&Override>) -> bool {
        let at = finding.kind.index();
        let enabled = match (place.and_then(|place| place.enabled), &self.outside) {
            (Some(enabled), _) => enabled,
            (None, Some(outside)) => outside.enabled[at],
            (None, None) => true,
        };
        let least = match (place.and_then(|place| place.min_confidence), &self.outside) {
            (Some(least), _) => least,
            (None, Some(outside)) => outside.min_confidence[at],
            (None, None) => 0,
        };
        enabled && finding.confidence >= least
    }
}

/// Puts rules that are newer than the policy's pinned ruleset in shadow: they are counted only.
fn hold_back(policy: &mut Policy, rules: &[RuleId]) {
    for rule in rules {
        if !policy.rules_in_shadow.contains(rule) {
            policy.rules_in_shadow.push(*rule);
        }
    }
}

/// Makes the policy look for what any of its places asks for, and returns what holds elsewhere.
fn relax(policy: &mut Policy) -> Option<Box<Outside>> {
    let places = || policy.places.titles().map(|(_, place)| place);
    let asks_for_all = places().any(|place| place.enabled == Some(true));
    let least = places().filter_map(|place| place.min_confidence).min();
    if !asks_for_all && least.is_none() {
        return None;
    }
    let outside = Outside { enabled: policy.enabled, min_confidence: policy.min_confidence };
    if asks_for_all {
        policy.types().for_each(|kind| policy.enabled[kind.index()] = true);
    }
    if let Some(least) = least {
        policy.min_confidence.iter_mut().for_each(|own| *own = least.min(*own));
    }
    Some(Box::new(outside))
}
