//! The key table. Generated from `patterns/keys.toml`; do not edit by hand.

use super::{KeyRule, Shape, Veto, builtin as rule};
use crate::finding::TypeId;

const fn key(words: &'static str, kind: TypeId, rule: super::RuleId, shape: Shape) -> KeyRule {
    KeyRule { words, kind, rule, shape, needs_person: false }
}

/// Every key, sorted by its words.
pub(crate) static KEYS: &[KeyRule] = &[
    key("card number", TypeId::CARD, rule::CARD, Shape::Card),
    key("device id", TypeId::DEVICE_ID, rule::DEVICE_ID, Shape::DeviceId),
    key("email", TypeId::EMAIL, rule::EMAIL, Shape::Email),
    key("imei", TypeId::IMEI, rule::IMEI, Shape::Imei),
    key("mac", TypeId::MAC, rule::MAC, Shape::Mac),
    key("password", TypeId::PASSWORD, rule::PASSWORD, Shape::Any),
    key("phone", TypeId::PHONE, rule::PHONE, Shape::Phone),
    key("token", TypeId::TOKEN, rule::TOKEN, Shape::Any),
    key("user", TypeId::USERNAME, rule::USERNAME, Shape::Username),
    key("version", TypeId::TOKEN, rule::VETO, Shape::Veto(Veto::Version)),
];
