//! What is known of a key before its row is read.

use crate::check::words::Words;
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
        let is_veto = matches!(rule.shape, Shape::Veto(_) | Shape::Expiry | Shape::AnyExpiry | Shape::Gps)
            || rule.words == "client id";
        let is_special = rule.words.len() == 1
            || rule.shape == Shape::AnyExpiry
            || SPECIAL.contains(rule.words.as_bytes());
        let flag = |is: bool, flag| if is { flag } else { 0 };
        Self(flag(is_asked, Self::ASKED) | flag(is_special, Self::SPECIAL) | flag(is_veto, Self::VETO))
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
static SPECIAL: Words<57> = Words::new([
    b"at",
    b"authorization id",
    b"authentication id",
    b"authorized id",
    b"authenticated id",
    b"totp",
    b"session id",
    b"old",
    b"new",
    b"prev",
    b"previous",
    b"src",
    b"dst",
    b"machine id",
    b"signature",
    b"response",
    b"slat",
    b"slong",
    b"dlat",
    b"dlong",
    b"cs",
    b"flex string",
    b"system id",
    b"ci",
    b"command data",
    b"passwd",
    b"login",
    b"user key",
    b"num",
    b"sig",
    b"arn",
    b"value",
    b"string value",
    b"from",
    b"to",
    b"from user",
    b"to user",
    b"account name",
    b"uid",
    b"cn",
    b"called station id",
    b"auth",
    b"credentials",
    b"basic auth",
    b"code",
    b"client",
    b"host",
    b"cname",
    b"cid",
    b"session",
    b"number",
    b"sid",
    b"fname",
    b"relay state",
    b"eci",
    b"pruefziffer",
    "prüfziffer".as_bytes(),
]);
