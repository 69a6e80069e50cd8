//! Selectors: how types are named in groups, by `*`, a group, a tag or an id.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::finding::{Group, TypeId};
use crate::nearest::nearest;
use crate::pack::PackRule;
use crate::policy::Policy;
use crate::rules::{self, RuleId};

/// A label on types by which a law or standard speaks of them. It says where a type is named, not
/// that using it complies with anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// Personal data in the sense of Regulation (EU) 2016/679, Article 4(1).
    Gdpr,
    /// Personal information in the sense of California Civil Code 1798.140(v).
    Ccpa,
    /// Account and sensitive authentication data of PCI DSS 4.0.
    Pci,
    /// One of the identifiers of 45 CFR 164.514(b)(2)(i) (Safe Harbor).
    HipaaSafeHarbor,
}

impl Tag {
    /// All tags.
    pub const ALL: [Tag; 4] = [Tag::Gdpr, Tag::Ccpa, Tag::Pci, Tag::HipaaSafeHarbor];
    /// The name after `tag:`.
    pub fn id(self) -> &'static str {
        match self {
            Tag::Gdpr => "gdpr",
            Tag::Ccpa => "ccpa",
            Tag::Pci => "pci",
            Tag::HipaaSafeHarbor => "hipaa-safe-harbor",
        }
    }
    /// The tag of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tag| tag.id() == id)
    }
    /// True if the tag speaks of this type.
    pub fn covers(self, kind: TypeId) -> bool {
        let secret = kind.group() == Group::Secret;
        match self {
            Tag::Gdpr => true,
            Tag::Ccpa => kind != TypeId::HOSTNAME_IP,
            // Card data, and what opens a system that holds it (requirement 8.3 of PCI DSS 4.0).
            Tag::Pci => matches!(kind, TypeId::CARD | TypeId::PASSWORD),
            Tag::HipaaSafeHarbor => {
                !secret
                    && kind.group() != Group::Content
                    && !matches!(
                        kind,
                        TypeId::WALLET | TypeId::CELL_ID | TypeId::HOME_DIR | TypeId::USER_AGENT
                    )
            }
        }
    }
}

/// The tags of a type, in fixed order.
pub fn tags(kind: TypeId) -> impl Iterator<Item = Tag> {
    Tag::ALL.into_iter().filter(move |tag| tag.covers(kind))
}

/// What a selector names: whole types, and single rules of other types.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Selected {
    pub types: Vec<TypeId>,
    pub rules: Vec<RuleId>,
}

impl Policy {
    /// The types that a selector names: a type id, a group, `*`, or `tag:NAME`.
    ///
    /// # Errors
    /// An unknown name (`is_usage`), with the nearest known one; a tag that only single rules have.
    pub fn select(&self, selector: &str) -> Result<Vec<TypeId>, Error> {
        let selected = self.select_rules(selector)?;
        if selected.types.is_empty() {
            return Err(Error::usage(format!(
                "`{selector}` names single rules, which can be found (`only`, `skip`) or counted (`mode`) apart, no more"
            )));
        }
        Ok(selected.types)
    }

    /// Like [`Policy::select`], with the single rules that a tag names beside whole types.
    ///
    /// # Errors
    /// An unknown name (`is_usage`), with the nearest known one.
    pub(crate) fn select_rules(&self, selector: &str) -> Result<Selected, Error> {
        let types = |types| Ok(Selected { types, rules: Vec::new() });
        if selector == "*" {
            return types(self.types().collect());
        }
        if let Some(name) = selector.strip_prefix("tag:") {
            return self.tagged(name);
        }
        if let Some(kind) = self.type_named(selector) {
            return types(vec![kind]);
        }
        if let Some(group) = Group::from_id(selector) {
            return types(self.types().filter(|kind| self.type_group(*kind) == group).collect());
        }
        let types: Vec<&str> = self.types().map(|kind| self.type_id(kind)).collect();
        Err(unknown("type or group", selector, types.into_iter().chain(Group::ALL.map(Group::id)), LISTED))
    }

    fn tagged(&self, name: &str) -> Result<Selected, Error> {
        let law = Tag::from_id(name);
        let has_own = |kind| self.own_tags.iter().any(|(tag, own)| tag == name && *own == kind);
        let types: Vec<TypeId> =
            self.types().filter(|kind| law.is_some_and(|law| law.covers(*kind)) || has_own(*kind)).collect();
        let is_whole = |kinds: &[TypeId]| kinds.iter().all(|kind| types.contains(kind));
        let rules = self.tagged_rules().filter(|tagged| tagged.tag == name && !is_whole(&tagged.kinds));
        let mut rules: Vec<RuleId> = rules.map(|tagged| tagged.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        if types.is_empty() && rules.is_empty() {
            let own = self.own_tags.iter().map(|(tag, _)| tag.clone());
            let of_rules = self.tagged_rules().map(|tagged| tagged.tag);
            let known: BTreeSet<String> =
                Tag::ALL.map(|tag| tag.id().to_owned()).into_iter().chain(own).chain(of_rules).collect();
            let laws = known.iter().filter(|tag| !tag.starts_with("country:")).cloned().collect::<Vec<_>>();
            let hint = format!("known are {} and countries such as country:us", laws.join(", "));
            return Err(unknown("tag", name, known.iter().map(String::as_str), &hint));
        }
        Ok(Selected { types, rules })
    }

    /// Every tag of every rule: of built-in rules, of packs, and the policy's own.
    fn tagged_rules(&self) -> impl Iterator<Item = Tagged> {
        let row =
            |tag: &str, rule, kinds: &[TypeId]| Tagged { tag: tag.to_owned(), rule, kinds: kinds.to_vec() };
        let built_in = rules::all_meta().iter().flat_map(move |meta| {
            let kinds: Vec<TypeId> = std::iter::once(meta.kind).chain(meta.also.iter().copied()).collect();
            meta.tags.iter().map(move |tag| row(tag, meta.rule, &kinds))
        });
        let packs = self.user_rules().flat_map(move |(rule, data)| {
            let kind = self.type_named(&data.kind);
            data.tags.iter().map(move |tag| row(tag, rule, kind.as_slice()))
        });
        let own = self.own_rule_tags.iter().filter_map(move |(tag, name)| {
            let rule = self.rule_named(name)?;
            Some(row(tag, rule, &self.kinds_of(rule)))
        });
        built_in.chain(packs).chain(own)
    }

    /// The types that a rule finds.
    fn kinds_of(&self, rule: RuleId) -> Vec<TypeId> {
        if let Some(meta) = rules::meta(rule) {
            return std::iter::once(meta.kind).chain(meta.also.iter().copied()).collect();
        }
        let user = self.user_rules().find(|(own, _)| *own == rule);
        user.and_then(|(_, data)| self.type_named(&data.kind)).into_iter().collect()
    }

    /// All rules that find a type.
    fn rules_of(&self, kind: TypeId) -> Vec<RuleId> {
        let built_in = rules::all_meta().iter().map(|meta| meta.rule);
        let all = built_in.chain(self.user_rules().map(|(rule, _)| rule));
        all.filter(|rule| self.kinds_of(*rule).contains(&kind)).collect()
    }

    /// Switches everything off but what was selected: of a type that only some rules were selected
    /// of, the others go off.
    pub(crate) fn keep_only(&mut self, selected: &[Selected]) {
        self.enabled = [false; super::TYPES];
        for kind in selected.iter().flat_map(|one| &one.types) {
            self.enabled[kind.index()] = true;
        }
        let rules: Vec<RuleId> = selected.iter().flat_map(|one| one.rules.iter().copied()).collect();
        let mut partly: Vec<TypeId> = rules.iter().flat_map(|rule| self.kinds_of(*rule)).collect();
        partly.retain(|kind| !self.enabled[kind.index()]);
        for kind in partly {
            self.enabled[kind.index()] = true;
            let others = self.rules_of(kind).into_iter().filter(|rule| !rules.contains(rule));
            let others: Vec<RuleId> = others.filter(|rule| !self.rules_off.contains(rule)).collect();
            self.rules_off.extend(others);
        }
    }

    /// The rules of the policy's packs, with their numbers.
    pub(crate) fn user_rules(&self) -> impl Iterator<Item = (RuleId, &PackRule)> {
        let rules = self.packs().iter().flat_map(|pack| pack.rules());
        rules.enumerate().map(|(place, rule)| (RuleId(RuleId::USER_FIRST.saturating_add(place as u16)), rule))
    }

    /// The rule of that name, built in or of a pack.
    pub(crate) fn rule_named(&self, name: &str) -> Option<RuleId> {
        let user = || self.user_rules().find(|(_, rule)| rule.id == name).map(|(rule, _)| rule);
        RuleId::from_id(name).or_else(user)
    }

    /// The name of a rule, built in or of a pack.
    pub(crate) fn rule_name(&self, rule: RuleId) -> &str {
        let user = self.user_rules().find(|(own, _)| *own == rule);
        user.map_or(rule.id(), |(_, data)| data.id.as_str())
    }
}

/// A tag of a rule.
struct Tagged {
    tag: String,
    rule: RuleId,
    kinds: Vec<TypeId>,
}

/// Where types and groups are listed.
const LISTED: &str = "`logveil patterns list` shows the known ones";

/// `hint` is for a name that is near to none.
fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>, hint: &str) -> Error {
    Error::usage(match nearest(name, known) {
        Some(near) => format!("unknown {what} `{name}`; did you mean `{near}`?"),
        None => format!("unknown {what} `{name}`; {hint}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_name_types() {
        let policy = Policy::default();
        for (selector, expect) in [
            ("email", vec![TypeId::EMAIL]),
            ("payment", vec![TypeId::CARD, TypeId::IBAN, TypeId::BANK]),
            ("tag:pci", vec![TypeId::CARD, TypeId::PASSWORD]),
        ] {
            assert_eq!(policy.select(selector).unwrap(), expect, "{selector}");
        }
        assert_eq!(policy.select("*").unwrap().len(), TypeId::COUNT);
        assert_eq!(policy.select("tag:gdpr").unwrap().len(), TypeId::COUNT);
        for (selector, near) in [
            ("emial", "email"),
            ("paymnt", "payment"),
            ("tag:pic", "pci"),
            ("", "patterns list"),
            ("tag:zzzzzz", "known are ccpa, gdpr, hipaa-safe-harbor, pci and"),
        ] {
            let error = policy.select(selector).unwrap_err();
            assert!(error.is_usage() && error.to_string().contains(near), "{selector}: {error}");
        }
    }

    #[test]
    fn tags_of_single_rules_select_them_alone() {
        let policy = Policy::default();
        let selected = policy.select_rules("tag:country:us").unwrap();
        assert!(selected.types.is_empty());
        assert!(selected.rules.contains(&rules::NATIONAL_ID_US_SSN), "{selected:?}");
        assert!(policy.select("tag:country:us").unwrap_err().is_usage());
        let only = policy.clone().only(&["tag:country:us"]).unwrap();
        assert!(only.is_enabled(TypeId::NATIONAL_ID) && !only.is_enabled(TypeId::EMAIL));
        assert!(only.is_rule_off(rules::NATIONAL_ID_DE_TAX) && !only.is_rule_off(rules::NATIONAL_ID_US_SSN));
        let both = policy.clone().only(&["tag:country:us", "identity"]).unwrap();
        assert!(!both.is_rule_off(rules::NATIONAL_ID_DE_TAX));
        let skip = policy.skip(&["tag:country:us"]).unwrap();
        assert!(skip.is_enabled(TypeId::NATIONAL_ID) && skip.is_rule_off(rules::NATIONAL_ID_US_SSN));
        assert!(!skip.is_rule_off(rules::NATIONAL_ID_DE_TAX));
    }

    #[test]
    fn no_content_and_no_secret_is_a_safe_harbor_identifier() {
        for kind in TypeId::all().filter(|kind| matches!(kind.group(), Group::Secret | Group::Content)) {
            assert!(!tags(kind).any(|tag| tag == Tag::HipaaSafeHarbor), "{kind:?}");
        }
        assert!(tags(TypeId::NATIONAL_ID).any(|tag| tag == Tag::HipaaSafeHarbor));
    }
}
