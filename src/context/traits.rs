//! What is known of a key before its row is read.

use crate::finding::TypeId;
use crate::rules::{KeyRule, Shape};

/// What is known of a row of the table: one byte each, so that the rows of keys that stand for
/// nothing here need not be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traits(u8);

impl Traits {
    /// Of a row that is not known.
    pub const ALL: Self = Self(u8::MAX);
    const ASKED: u8 = 1;
    const SPECIAL: u8 = 2;
    const VETO: u8 = 4;

    /// What is known of a row where values of some types are `wanted`.
    pub fn of(rule: &KeyRule, wanted: impl Fn(TypeId) -> bool) -> Self {
        let is_asked = !matches!(rule.shape, Shape::Veto(_) | Shape::Ip) && rule.may_be(wanted);
        let is_veto =
            matches!(rule.shape, Shape::Veto(_) | Shape::Expiry | Shape::Gps) || rule.words == "client id";
        let flag = |is: bool, flag| if is { flag } else { 0 };
        Self(
            flag(is_asked, Self::ASKED)
                | flag(rule.words.len() == 1 || SPECIAL.contains(&rule.words), Self::SPECIAL)
                | flag(is_veto, Self::VETO),
        )
    }

    /// Whether a value under the key could be found: addresses are by their shape, their keys only
    /// speak for them.
    #[inline(always)]
    pub fn is_asked(self) -> bool {
        self.0 & Self::ASKED != 0
    }

    /// Whether somebody asks for the very words of the key.
    #[inline(always)]
    pub fn is_special(self) -> bool {
        self.0 & Self::SPECIAL != 0
    }

    /// Whether the key may be a veto.
    #[inline(always)]
    pub fn may_veto(self) -> bool {
        self.0 & Self::VETO != 0
    }
}

/// Keys whose words mean something else in some places; single letters are of them too.
const SPECIAL: [&str; 76] = [
    "system id",
    "ci",
    "command data",
    "passwd",
    "login",
    "user key",
    "num",
    "sig",
    "arn",
    "value",
    "string value",
    "from",
    "to",
    "account name",
    "uid",
    "cn",
    "called station id",
    "exp",
    "auth",
    "credentials",
    "basic auth",
    "code",
    "client",
    "host",
    "cname",
    "cid",
    "session",
    "expiry",
    "number",
    "sid",
    "fname",
    "relay state",
    "eci",
    "exp month",
    "exp year",
    "expiry month",
    "expiry year",
    "expiration month",
    "expiration year",
    "expiry date",
    "expiration date",
    "expiration",
    "expires",
    "vence",
    "valid until",
    "valid to",
    "valid through",
    "good thru",
    "good through",
    "expires end",
    "ablaufdatum",
    "verfallsdatum",
    "verfalldatum",
    "date d expiration",
    "date expiration",
    "expire le",
    "expire fin",
    "date de validite",
    "date de validité",
    "fecha de caducidad",
    "fecha caducidad",
    "caducidad",
    "fecha de vencimiento",
    "fecha vencimiento",
    "vencimiento",
    "valida hasta",
    "válida hasta",
    "validade",
    "data de validade",
    "data validade",
    "valido ate",
    "válido até",
    "scadenza",
    "data di scadenza",
    "pruefziffer",
    "prüfziffer",
];
