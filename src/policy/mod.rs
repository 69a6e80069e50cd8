//! What to find and what to do with it: plain data, combined by explicit overlay.

mod allow;
#[cfg(feature = "policy-toml")]
mod apply;
mod build;
#[cfg(feature = "policy-toml")]
mod load;
#[cfg(feature = "policy-toml")]
mod overrides;
pub(crate) mod place;
#[cfg(feature = "policy-toml")]
mod print;
#[cfg(feature = "policy-toml")]
mod raw;
#[cfg(feature = "cli")]
mod schema;
mod select;
#[cfg(feature = "policy-toml")]
mod token;
pub(crate) mod when;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use crate::action::{Action, Detail, JsonNumbers, MaskForm, TokenForm};
pub use allow::Allow;
#[cfg(feature = "cli")]
pub(crate) use load::is_path;
#[cfg(feature = "policy-toml")]
pub use load::{built_in_names, built_in_text};
#[cfg(feature = "policy-toml")]
pub use overrides::{Overrides, VARIABLES};
pub use place::Override;
use place::Places;
#[cfg(feature = "cli")]
pub use schema::schema;
pub use select::{Tag, tags};
#[cfg(feature = "policy-toml")]
pub use token::TokenSettings;
use when::{Slots, When};

use crate::context::line_format::LineFormat;
use crate::error::Error;
use crate::finding::{Group, TypeId};
use crate::pack::Pack;
use crate::rules::RuleId;

/// How grave a finding of a type is; only counted and reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Personal data as logs hold it every day.
    #[default]
    Medium,
    /// Harm is likely if it is read by the wrong people.
    High,
    /// Gives access or money by itself.
    Critical,
}

impl Severity {
    /// All severities, the least first.
    pub const ALL: [Severity; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];
    /// The name used in policies and reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
    /// The severity of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.id() == id)
    }
    fn of(group: Group) -> Self {
        match group {
            Group::Secret => Self::Critical,
            Group::Payment | Group::Identity => Self::High,
            Group::Contact | Group::Location => Self::Medium,
            Group::Device | Group::Network | Group::Content => Self::Low,
        }
    }
}

/// Whether findings are acted on or only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Found values are replaced.
    #[default]
    Enforce,
    /// Found values are counted and reported and stay as they are.
    Shadow,
}

impl Mode {
    /// `enforce` or `shadow`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Shadow => "shadow",
        }
    }
    /// The mode of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "enforce" => Some(Self::Enforce),
            "shadow" => Some(Self::Shadow),
            _ => None,
        }
    }
}

/// A line that the policy proves itself on.
#[derive(Clone, PartialEq, Eq)]
pub struct PolicyTest {
    /// One record, without its line end.
    pub line: String,
    /// The redacted record, if the test says it.
    pub expect: Option<String>,
    /// The ids of the types found, in order of their place, if the test says them.
    pub finds: Option<Vec<String>>,
    /// File and line where the test stands.
    pub origin: String,
}

impl fmt::Debug for PolicyTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PolicyTest({})", self.origin)
    }
}

/// When a long-running process reads its policy again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reload {
    /// When it is told to by the signal HUP.
    #[default]
    OnHangup,
    /// Also when the file has changed, looked at in this interval.
    Poll(Duration),
}

/// A type that a rule pack brought along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomType {
    /// The name in policies and reports, such as `employee-id`.
    pub id: String,
    /// The label, such as `[EMPLOYEE-ID]`.
    pub label: String,
    /// The group it is switched with.
    pub group: Group,
}

/// How many types there can be, built in and custom.
pub(crate) const TYPES: usize = 128;

/// The effective policy: per type whether it is on and what happens to it, and where else.
///
/// Everything that a scan asks is an array look-up; nothing is parsed while scanning.
#[derive(Clone)]
pub struct Policy {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) enabled: [bool; TYPES],
    pub(crate) actions: Vec<Action>,
    pub(crate) min_confidence: [u8; TYPES],
    pub(crate) severity: [Severity; TYPES],
    pub(crate) shadow: [bool; TYPES],
    pub(crate) forbidden: [bool; TYPES],
    pub(crate) json_numbers: JsonNumbers,
    pub(crate) strict: bool,
    pub(crate) rules_off: Vec<RuleId>,
    pub(crate) rules_in_shadow: Vec<RuleId>,
    pub(crate) allow: Allow,
    pub(crate) region: Option<[u8; 2]>,
    pub(crate) line_format: Option<String>,
    /// What parts the columns where the input is a table.
    pub(crate) columns: Option<u8>,
    /// The line format, read.
    pub(crate) line_form: Option<Arc<LineFormat>>,
    pub(crate) places: Places,
    pub(crate) when: Vec<When>,
    pub(crate) tests: Vec<PolicyTest>,
    pub(crate) ruleset: Option<String>,
    pub(crate) reload: Reload,
    pub(crate) packs: Vec<Arc<Pack>>,
    pub(crate) own_tags: Vec<(String, TypeId)>,
    /// The policy's own tags of rules, by their names.
    pub(crate) own_rule_tags: Vec<(String, String)>,
    #[cfg(feature = "policy-toml")]
    pub(crate) token: TokenSettings,
    /// Where a setting came from, by its dotted key; absent for what nobody set.
    pub(crate) origins: BTreeMap<String, String>,
    pub(crate) custom: Vec<CustomType>,
}

impl Default for Policy {
    fn default() -> Self {
        let mut enabled = [false; TYPES];
        let mut severity = [Severity::High; TYPES];
        for kind in TypeId::all() {
            enabled[kind.index()] = kind.is_default();
            severity[kind.index()] = Severity::of(kind.group());
        }
        Self {
            name: "default".into(),
            description: String::new(),
            enabled,
            actions: vec![Action::Label; TYPES],
            min_confidence: [50; TYPES],
            severity,
            shadow: [false; TYPES],
            forbidden: [false; TYPES],
            json_numbers: JsonNumbers::Quote,
            strict: false,
            rules_off: Vec::new(),
            rules_in_shadow: Vec::new(),
            allow: Allow::default(),
            region: None,
            line_format: None,
            columns: None,
            line_form: None,
            places: Places::default(),
            when: Vec::new(),
            tests: Vec::new(),
            ruleset: None,
            reload: Reload::OnHangup,
            packs: Vec::new(),
            own_tags: Vec::new(),
            own_rule_tags: Vec::new(),
            #[cfg(feature = "policy-toml")]
            token: TokenSettings::default(),
            origins: BTreeMap::new(),
            custom: Vec::new(),
        }
    }
}

impl Policy {
    /// The name or path that the policy was loaded by; `default` for the built-in one.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// What the policy is for, in its own words; empty if it does not say.
    pub fn description(&self) -> &str {
        &self.description
    }
    /// True if values of this type are looked for.
    pub fn is_enabled(&self, kind: TypeId) -> bool {
        self.enabled[kind.index() % TYPES]
    }
    /// What happens to findings of this type.
    pub fn action(&self, kind: TypeId) -> &Action {
        &self.actions[kind.index() % TYPES]
    }
    /// Findings below this confidence, 0 to 100, are not accepted.
    pub fn min_confidence(&self, kind: TypeId) -> u8 {
        self.min_confidence[kind.index() % TYPES]
    }
    /// How grave a finding of this type is.
    pub fn severity(&self, kind: TypeId) -> Severity {
        self.severity[kind.index() % TYPES]
    }
    /// True if findings of this type and rule are counted and reported but not replaced.
    ///
    /// A finding in shadow must be left out before overlaps are resolved, so that it never weakens
    /// another rule on the same bytes.
    pub fn is_shadow(&self, kind: TypeId, rule: RuleId) -> bool {
        self.shadow[kind.index() % TYPES]
            || !self.rules_in_shadow.is_empty() && self.rules_in_shadow.contains(&rule)
    }
    /// True if the rule itself is switched off.
    pub fn is_rule_off(&self, rule: RuleId) -> bool {
        !self.rules_off.is_empty() && self.rules_off.contains(&rule)
    }
    /// True if single rules or places are treated otherwise than their types.
    pub(crate) fn tells_rules_apart(&self) -> bool {
        !(self.rules_off.is_empty() && self.rules_in_shadow.is_empty() && self.places.is_empty())
    }
    /// True if a finding of this type breaks a promise of absence (exit 4).
    pub fn is_forbidden(&self, kind: TypeId) -> bool {
        self.forbidden[kind.index() % TYPES]
    }
    /// True if the policy forbids any type.
    pub fn forbids_any(&self) -> bool {
        self.forbidden.contains(&true)
    }
    /// How a number in a JSON document is replaced.
    pub fn json_numbers(&self) -> JsonNumbers {
        self.json_numbers
    }
    /// True if what looks like our own tokens must verify everywhere, not only under secret keys.
    pub fn is_strict(&self) -> bool {
        self.strict
    }
    /// The region that national phone numbers are read in, ISO 3166-1 alpha-2 in upper case.
    pub fn region(&self) -> Option<&str> {
        self.region.as_ref().and_then(|letters| std::str::from_utf8(letters).ok())
    }
    /// The line format, as nginx, Apache or `{name}` text.
    pub fn line_format(&self) -> Option<&str> {
        self.line_format.as_deref()
    }
    /// True if this value of this type is to be left alone: the built-in allowances and the
    /// policy's own list. `value` is the decoded value, without quotes.
    ///
    /// The name in `invalid user X` must be asked by [`Policy::is_listed`] instead: people type
    /// passwords there, so that built-in system names do not count.
    pub fn is_allowed(&self, kind: TypeId, value: &[u8]) -> bool {
        self.allow.spares(kind, value)
    }
    /// The same for an IPv4 address that is read already.
    pub(crate) fn is_allowed_v4(&self, address: u32, value: &[u8]) -> bool {
        self.allow.spares_v4(address, value)
    }
    /// True if this value is on the policy's own list.
    pub fn is_listed(&self, kind: TypeId, value: &[u8]) -> bool {
        self.allow.has(kind, value)
    }
    /// True if the policy, a place or a condition's policy asks for tokens or for a suppression list:
    /// no key, no start.
    pub fn needs_key(&self) -> bool {
        self.asks_for(Action::needs_key) || self.names_suppressed()
    }
    /// True if the policy or a condition's policy names a suppression list, which only keys can read.
    pub fn names_suppressed(&self) -> bool {
        #[cfg(feature = "policy-toml")]
        let own = self.token.suppress.is_some();
        #[cfg(not(feature = "policy-toml"))]
        let own = false;
        own || self.when.iter().any(|when| when.policy.names_suppressed())
    }
    /// True if any of these asks for sealed tokens, which need a public key.
    pub fn needs_seal(&self) -> bool {
        self.asks_for(Action::needs_seal)
    }
    /// Whether any action that may happen is one of these.
    fn asks_for(&self, these: fn(&Action) -> bool) -> bool {
        let is_of = |kind| these(self.action(kind));
        let asks = |change: &Override| {
            let own = change.action.as_ref();
            // A place may give its values a type that is off elsewhere, or switch all types on.
            let of_type = change.kind.filter(|_| own.is_none()).is_some_and(is_of);
            let of_any = change.enabled == Some(true) && self.types().any(is_of);
            own.is_some_and(these) || of_type || (own.is_none() && of_any)
        };
        self.types().any(|kind| self.is_enabled(kind) && is_of(kind))
            || self.places.titles().any(|(_, change)| asks(change))
            || self.when.iter().any(|when| when.policy.asks_for(these))
    }
    /// How tokens are made and where their keys come from.
    #[cfg(feature = "policy-toml")]
    pub fn token(&self) -> &TokenSettings {
        &self.token
    }
    /// The options of a tokenizer for this policy, but for the public key and the suppression list:
    /// their files are still to be read (`SealKey::read`, `SuppressionList::read`).
    #[cfg(all(feature = "token", feature = "policy-toml"))]
    pub fn token_options(&self) -> crate::token::TokenOptions {
        self.with_settings(&self.token)
    }
    /// The same with other settings than the policy's own.
    #[cfg(all(feature = "token", feature = "policy-toml"))]
    pub(crate) fn with_settings(&self, settings: &TokenSettings) -> crate::token::TokenOptions {
        crate::token::TokenOptions {
            region: self.region().map(str::to_owned),
            types: self.custom.iter().map(|custom| custom.id.clone()).collect(),
            ..settings.options()
        }
    }
    /// The policy's own test lines.
    pub fn tests(&self) -> &[PolicyTest] {
        &self.tests
    }
    /// When a long-running process reads the policy again.
    pub fn reload(&self) -> Reload {
        self.reload
    }
    /// The ruleset that the policy is pinned to, such as `2026.11`; newer rules run in shadow.
    pub fn ruleset(&self) -> Option<&str> {
        self.ruleset.as_deref()
    }
    /// The rule packs that the policy brings along.
    pub(crate) fn packs(&self) -> &[Arc<Pack>] {
        &self.packs
    }
    /// Adds a pack's rules and its own types.
    ///
    /// # Errors
    /// More than 64 types in all, or a rule id that another pack has (`is_pattern`).
    pub(crate) fn add(&mut self, pack: Pack) -> Result<(), Error> {
        for custom in pack.types() {
            self.add_custom(CustomType {
                id: custom.id.clone(),
                label: custom.label.clone(),
                group: custom.group,
            })?;
        }
        for rule in pack.rules() {
            if let Some(other) =
                self.packs.iter().find(|other| other.rules().iter().any(|old| old.id == rule.id))
            {
                return Err(Error::pattern(format!(
                    "{}: the rule id `{}` is taken by {}",
                    rule.origin,
                    rule.id,
                    other.path().display()
                )));
            }
        }
        self.packs.push(Arc::new(pack));
        Ok(())
    }
    /// Reads a pack and adds it.
    ///
    /// # Errors
    /// A file that can't be read (`is_io`) or used (`is_pattern`): file, line and excerpt.
    #[cfg(feature = "policy-toml")]
    pub fn add_pack(&mut self, path: &std::path::Path) -> Result<(), Error> {
        if self.packs.iter().any(|pack| pack.path() == path) {
            return Ok(());
        }
        self.add(Pack::load(path)?)
    }
    /// The policies of the conditions, in order.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Policy> {
        self.when.iter().map(|when| &*when.policy)
    }
    /// Which condition a record meets first, if any.
    pub(crate) fn place_of_condition(&self, record: &[u8]) -> Option<usize> {
        let has_slots = self.when.iter().any(|when| when.slot.is_some());
        let slots = Slots::of(record, self.line_form.as_deref().filter(|_| has_slots));
        self.when.iter().position(|when| when.holds(record, &slots))
    }
    /// The id of a type, custom ones included.
    pub fn type_id(&self, kind: TypeId) -> &str {
        self.custom_type(kind).map_or(kind.id(), |custom| &custom.id)
    }
    /// The label of a type, custom ones included.
    pub fn type_label(&self, kind: TypeId) -> &str {
        self.custom_type(kind).map_or(kind.label(), |custom| &custom.label)
    }
    /// The group of a type, custom ones included.
    pub fn type_group(&self, kind: TypeId) -> Group {
        self.custom_type(kind).map_or(kind.group(), |custom| custom.group)
    }
    fn custom_type(&self, kind: TypeId) -> Option<&CustomType> {
        self.custom.get(kind.index().checked_sub(usize::from(TypeId::CUSTOM_FIRST))?)
    }
    /// All types of this policy, built in and custom.
    pub fn types(&self) -> impl Iterator<Item = TypeId> + use<> {
        let custom = self.custom.len() as u8;
        TypeId::all().chain((0..custom).map(|n| TypeId(TypeId::CUSTOM_FIRST + n)))
    }
    /// The type of that id, custom ones included.
    pub fn type_named(&self, id: &str) -> Option<TypeId> {
        TypeId::from_id(id).or_else(|| {
            let place = self.custom.iter().position(|custom| custom.id == id)?;
            Some(TypeId(TypeId::CUSTOM_FIRST + place as u8))
        })
    }
    /// Adds a pack's own type; asking twice for the same id gives the same type.
    ///
    /// # Errors
    /// More than 64 custom types (`is_pattern`).
    pub(crate) fn add_custom(&mut self, custom: CustomType) -> Result<TypeId, Error> {
        if let Some(kind) = self.type_named(&custom.id) {
            return Ok(kind);
        }
        let code = |id: &str| id.replace('-', "");
        if self.custom.iter().any(|other| code(&other.id) == code(&custom.id)) {
            return Err(Error::pattern("two rule packs bring types whose tokens would look the same"));
        }
        let place = usize::from(TypeId::CUSTOM_FIRST) + self.custom.len();
        if place >= TYPES {
            return Err(Error::pattern("rule packs may bring at most 64 types of their own"));
        }
        self.enabled[place] = true;
        self.severity[place] = Severity::of(custom.group);
        self.custom.push(custom);
        Ok(TypeId(place as u8))
    }
}

impl fmt::Debug for Policy {
    /// Allow-lists and test lines may hold people's values, so that only counts are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on: Vec<&str> =
            self.types().filter(|kind| self.is_enabled(*kind)).map(|kind| kind.id()).collect();
        f.debug_struct("Policy").field("name", &self.name).field("on", &on).finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "policy-toml"))]
mod tests;
