//! Selectors: how types are named in groups, by `*`, a group, a tag or an id.

use crate::error::Error;
use crate::finding::{Group, TypeId};
use crate::nearest::nearest;
use crate::policy::Policy;

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

impl Policy {
    /// The types that a selector names: a type id, a group, `*`, or `tag:NAME`.
    ///
    /// # Errors
    /// An unknown name (`is_usage`), with the nearest known one.
    pub fn select(&self, selector: &str) -> Result<Vec<TypeId>, Error> {
        if selector == "*" {
            return Ok(self.types().collect());
        }
        if let Some(name) = selector.strip_prefix("tag:") {
            let own: Vec<TypeId> =
                self.own_tags.iter().filter(|(tag, _)| tag == name).map(|(_, kind)| *kind).collect();
            if !own.is_empty() && Tag::from_id(name).is_none() {
                return Ok(own);
            }
            let tag = Tag::from_id(name).ok_or_else(|| unknown("tag", name, Tag::ALL.map(Tag::id)))?;
            return Ok(self.types().filter(|kind| tag.covers(*kind)).collect());
        }
        if let Some(kind) = self.type_named(selector) {
            return Ok(vec![kind]);
        }
        if let Some(group) = Group::from_id(selector) {
            return Ok(self.types().filter(|kind| self.type_group(*kind) == group).collect());
        }
        let types: Vec<&str> = self.types().map(|kind| self.type_id(kind)).collect();
        Err(unknown("type or group", selector, types.into_iter().chain(Group::ALL.map(Group::id))))
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Error {
    Error::usage(match nearest(name, known) {
        Some(near) => format!("unknown {what} `{name}`; did you mean `{near}`?"),
        None => format!("unknown {what} `{name}`; `logveil patterns list` shows the known ones"),
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
        for (selector, near) in
            [("emial", "email"), ("paymnt", "payment"), ("tag:pic", "pci"), ("", "patterns list")]
        {
            let error = policy.select(selector).unwrap_err();
            assert!(error.is_usage() && error.to_string().contains(near), "{selector}: {error}");
        }
    }

    #[test]
    fn no_content_and_no_secret_is_a_safe_harbor_identifier() {
        for kind in TypeId::all().filter(|kind| matches!(kind.group(), Group::Secret | Group::Content)) {
            assert!(!tags(kind).any(|tag| tag == Tag::HipaaSafeHarbor), "{kind:?}");
        }
        assert!(tags(TypeId::NATIONAL_ID).any(|tag| tag == Tag::HipaaSafeHarbor));
    }
}
