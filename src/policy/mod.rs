//! What to find and what to do with it: plain data, combined by explicit overlay.

use crate::finding::TypeId;

/// What happens to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Action {
    /// `[TYPE]`.
    #[default]
    Label,
    /// A valid reserved value of the type (`0.0.0.0`, `redacted@example.invalid`).
    Placeholder,
    /// As many `*` as the value has characters.
    Mask,
    /// A shorter, coarser form of the value (address prefix, card issuer).
    Truncate,
    /// Nothing is left.
    Remove,
    /// The record is not written at all.
    DropRecord,
    /// Found and reported, left as it is.
    Keep,
    /// A keyed token; the form says which.
    Token(TokenForm),
}

/// Which kind of token replaces a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenForm {
    /// One way: HMAC-SHA256 (mode `h`).
    #[default]
    OneWay,
    /// Reversible with the key: AES-SIV (mode `e`).
    Reversible,
    /// An encrypted address (mode `d`).
    Ip,
    /// A prefix-preserving address (mode `p`).
    IpPrefix,
    /// A card number that keeps its issuer digits and can't be a real one.
    CardFf1,
    /// `token@domain` for listed domains.
    EmailDomain,
}

/// How a number in a JSON document is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JsonNumbers {
    /// By a string holding the replacement.
    #[default]
    Quote,
    /// By `null`.
    Null,
    /// By `0`.
    Zero,
}

/// The effective policy: per type whether it is on and what happens to it.
#[derive(Debug, Clone)]
pub struct Policy {
    pub(crate) enabled: [bool; 128],
    pub(crate) actions: Vec<Action>,
    pub(crate) min_confidence: [u8; 128],
    pub(crate) json_numbers: JsonNumbers,
}

impl Default for Policy {
    fn default() -> Self {
        let mut enabled = [false; 128];
        for t in TypeId::all() {
            enabled[t.index()] = t.is_default();
        }
        Self {
            enabled,
            actions: vec![Action::Label; 128],
            min_confidence: [50; 128],
            json_numbers: JsonNumbers::Quote,
        }
    }
}
