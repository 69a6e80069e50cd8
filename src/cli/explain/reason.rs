//! Why a candidate was spared, in words, and which vetoes a finding was asked for.

use crate::finding::{Finding, TypeId};
use crate::policy::Policy;
use crate::scan::considered::{Reason, Spared};

/// The vetoes that the shape of a finding is asked for; those of a key that names the type are not.
pub(super) fn vetoes_asked(finding: &Finding) -> &'static [&'static str] {
    if finding.key.is_some() {
        return &[];
    }
    match finding.kind {
        TypeId::IPV4 => &["version"],
        TypeId::IPV6 => &["no-word-for-addresses", "digest"],
        TypeId::MAC => &["digest"],
        TypeId::CARD
        | TypeId::IMEI
        | TypeId::ICCID
        | TypeId::PHONE
        | TypeId::VIN
        | TypeId::WALLET
        | TypeId::NATIONAL_ID => &["version", "time", "object-id", "quantity", "digest"],
        _ => &[],
    }
}

/// One reason as a sentence.
pub(super) fn sentence(reason: Reason, line: &[u8], spared: &Spared, policy: &Policy) -> String {
    let id = spared.kind.map_or("", |kind| policy.type_id(kind));
    let set = |key: &str| policy.origins.get(key).map_or("built in", String::as_str).to_owned();
    let key = spared.key.map_or("", |key| key.words());
    match reason {
        Reason::TypeOff => format!("the type is off ({})", set(&format!("types.{id}.enabled"))),
        Reason::RuleOff => {
            let rule = spared.rule.map_or("", |rule| policy.rule_name(rule));
            format!("the rule is off ({})", set(&format!("rules.\"{rule}\"")))
        }
        Reason::Confidence { has, least } => {
            let origin = set(&format!("types.{id}.min_confidence"));
            format!("its confidence {has} is below the least, {least} ({origin})")
        }
        Reason::AllowList => format!("on the allow-list ({})", set("allow")),
        Reason::AllowedByDefault => "allowed by default: it names no person".to_owned(),
        Reason::Place => match policy.places.around(line, spared.start, spared.end) {
            Some((_, title)) => format!("left out by {title} ({})", set(&title)),
            None => "left out by a place of the policy".to_owned(),
        },
        Reason::Slot => "the line format says that something else stands here".to_owned(),
        Reason::Own => "a label or token of ours is left alone".to_owned(),
        Reason::Outranked(kind) => {
            let (own, rule) = (spared.kind, spared.rule);
            let in_shadow = own.zip(rule).is_some_and(|(own, rule)| policy.is_shadow(own, rule));
            let why = if in_shadow { "it is in shadow, so " } else { "" };
            format!("{why}a finding of type {} on the same bytes ranks before it", policy.type_id(kind))
        }
        Reason::Veto(name) if key.is_empty() => veto(name).to_owned(),
        Reason::Veto(name) => format!("{}: it stands under `{key}`", veto(name)),
        Reason::Check("luhn") => "the check digit (Luhn) is wrong".to_owned(),
        Reason::Check(_) => "no issuer of such numbers starts them so".to_owned(),
        Reason::Shape if key.is_empty() => shape(spared.kind).to_owned(),
        Reason::Shape => format!("it stands under `{key}`, but is no {id} by its shape"),
        Reason::Filler => format!("it stands under `{key}`, but says that there is none"),
        Reason::BareKey => {
            format!("`{key}` alone is not enough: it needs a person around it, such as `user.{key}`")
        }
    }
}

fn veto(name: &str) -> &'static str {
    match name {
        "version" => "what stands around it says that it is a version",
        "time" => "a time",
        "object-id" => "the id of a thing, not of a person",
        "quantity" => "a count or measure",
        "digest" => "a digest or fingerprint",
        "fifth-number" => "a fifth number follows",
        _ => "too short to tell from a time or a path, and no word for addresses stands before it",
    }
}

fn shape(kind: Option<TypeId>) -> &'static str {
    match kind {
        Some(TypeId::IPV4) => "numbers and dots, but not four of 0 to 255 without leading zeros",
        Some(TypeId::EMAIL) => {
            "no address: no public suffix behind the @, or the name of a program, a class or an algorithm"
        }
        _ => "it has not the shape",
    }
}
