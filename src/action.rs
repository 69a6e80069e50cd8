//! What may happen to a finding: the actions, their parameters and how they are written.

use std::fmt;

use crate::error::Error;
use crate::finding::TypeId;

/// What happens to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Action {
    /// `[TYPE]`.
    #[default]
    Label,
    /// A valid reserved value of the type (`0.0.0.0`, `redacted@example.invalid`).
    Placeholder,
    /// `*` for every character of the decoded value but those that [`MaskForm`] leaves.
    Mask(MaskForm),
    /// A shorter, coarser form of the value (address prefix, card issuer).
    Truncate,
    /// A coarser value of the same kind (a position to n decimals, an address to its network).
    Generalise(Detail),
    /// Nothing is left.
    Remove,
    /// The record is not written at all.
    DropRecord,
    /// Found and reported, left as it is.
    Keep,
    /// A keyed token; the form says which.
    Token(TokenForm),
}

/// Which characters a mask leaves readable, counted in characters of the decoded value.
///
/// A value with fewer than twice as many characters as would be left is masked whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct MaskForm {
    /// Characters left at the start.
    pub first: u8,
    /// Characters left at the end.
    pub last: u8,
}

/// How coarse a generalised value is; what the number means depends on the type.
///
/// Decimals for `gps`, prefix bits for `ipv4` and `ipv6`, seconds for times. `None` is the type's
/// own default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Detail(pub Option<u32>);

/// Which kind of token replaces a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TokenForm {
    /// One way: HMAC-SHA256 (mode `h`).
    #[default]
    OneWay,
    /// Reversible with the key: AES-SIV (mode `e`).
    Reversible,
    /// An encrypted address (mode `d`).
    Ip,
    /// A prefix-preserving address (mode `p`). Single-hop: it looks like any other address, so a second
    /// pass encrypts it again.
    IpPrefix,
    /// A card number that keeps its issuer digits and can't be a real one.
    CardFf1,
    /// `token@domain` for listed domains.
    EmailDomain,
    /// One way (mode `h`), the value sealed behind it to a public key: HPKE (RFC 9180).
    Sealed,
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

impl JsonNumbers {
    /// `quote`, `null` or `zero`.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "quote" => Some(Self::Quote),
            "null" => Some(Self::Null),
            "zero" => Some(Self::Zero),
            _ => None,
        }
    }
    /// The name used on the command line and in policies.
    pub fn id(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Null => "null",
            Self::Zero => "zero",
        }
    }
}

impl TokenForm {
    const NAMES: [(&'static str, TokenForm); 7] = [
        ("one-way", TokenForm::OneWay),
        ("reversible", TokenForm::Reversible),
        ("ip", TokenForm::Ip),
        ("ip-prefix", TokenForm::IpPrefix),
        ("card", TokenForm::CardFf1),
        ("email-domain", TokenForm::EmailDomain),
        ("sealed", TokenForm::Sealed),
    ];
    /// The name after `token:`.
    pub fn id(self) -> &'static str {
        Self::NAMES.iter().find(|(_, form)| *form == self).map_or("one-way", |(name, _)| name)
    }
    /// The form of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(name, _)| *name == id).map(|(_, form)| *form)
    }
    /// Whether the form is made for the type. A policy refuses the others; asked all the same,
    /// the tokenizer writes a one-way token.
    pub fn fits(self, kind: TypeId) -> bool {
        match self {
            TokenForm::OneWay | TokenForm::Reversible | TokenForm::Sealed => true,
            TokenForm::Ip | TokenForm::IpPrefix => kind == TypeId::IPV4 || kind == TypeId::IPV6,
            TokenForm::CardFf1 => kind == TypeId::CARD,
            TokenForm::EmailDomain => kind == TypeId::EMAIL,
        }
    }
}

impl Action {
    /// The words that [`Action::parse`] takes, without parameters.
    pub const NAMES: [&'static str; 10] = [
        "label",
        "placeholder",
        "mask",
        "truncate",
        "generalise",
        "remove",
        "drop-record",
        "keep",
        "hash",
        "token",
    ];

    /// Reads an action: `label`, `placeholder`, `mask`, `mask:4` (leave the last four), `mask:2..4`
    /// (leave the first two and the last four), `truncate`, `generalise`, `generalise:16`,
    /// `remove`, `drop-record`, `keep`, `hash` (the same as `token`), `token`, `token:reversible`,
    /// `token:ip`, `token:ip-prefix`, `token:card`, `token:email-domain`, `token:sealed`.
    ///
    /// # Errors
    /// An unknown name or parameter (`is_usage`); the message says the nearest known name.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (name, parameter) = match text.split_once(':') {
            Some((name, parameter)) => (name, Some(parameter)),
            None => (text, None),
        };
        let bare = |action: Action| match parameter {
            None => Ok(action),
            Some(_) => Err(Error::usage(format!("the action `{name}` takes no parameter"))),
        };
        match name {
            "label" => bare(Action::Label),
            "placeholder" => bare(Action::Placeholder),
            "truncate" => bare(Action::Truncate),
            "remove" => bare(Action::Remove),
            "drop-record" => bare(Action::DropRecord),
            "keep" => bare(Action::Keep),
            "hash" => bare(Action::Token(TokenForm::OneWay)),
            "mask" => Ok(Action::Mask(parse_mask(parameter)?)),
            "generalise" | "generalize" => Ok(Action::Generalise(parse_detail(parameter)?)),
            "token" => parse_token(parameter).map(Action::Token),
            _ => Err(Error::usage(unknown(name))),
        }
    }

    /// The action's place in [`Action::NAMES`], to count by: parameters are left out.
    pub(crate) fn place(&self) -> usize {
        match self {
            Self::Label => 0,
            Self::Placeholder => 1,
            Self::Mask(_) => 2,
            Self::Truncate => 3,
            Self::Generalise(_) => 4,
            Self::Remove => 5,
            Self::DropRecord => 6,
            Self::Keep => 7,
            Self::Token(_) => 9,
        }
    }

    /// True if the action needs a key ring.
    pub fn needs_key(&self) -> bool {
        matches!(self, Action::Token(_))
    }
    /// True if the action needs a public key to seal values to.
    pub fn needs_seal(&self) -> bool {
        matches!(self, Action::Token(TokenForm::Sealed))
    }
}

fn unknown(name: &str) -> String {
    let known = Action::NAMES.join(", ");
    match crate::nearest::nearest(name, Action::NAMES) {
        Some(near) => format!("unknown action `{name}`; did you mean `{near}`? known: {known}"),
        None => format!("unknown action `{name}`; known: {known}"),
    }
}

fn parse_mask(parameter: Option<&str>) -> Result<MaskForm, Error> {
    let Some(text) = parameter else { return Ok(MaskForm::default()) };
    let number = |text: &str| text.parse::<u8>().ok();
    let form = match text.split_once("..") {
        Some((first, last)) => number(first).zip(number(last)).map(|(first, last)| MaskForm { first, last }),
        None => number(text).map(|last| MaskForm { first: 0, last }),
    };
    form.ok_or_else(|| {
        Error::usage("`mask:N` leaves the last N characters, `mask:A..B` the first A and last B")
    })
}

fn parse_detail(parameter: Option<&str>) -> Result<Detail, Error> {
    let Some(text) = parameter else { return Ok(Detail(None)) };
    let digits = text.strip_prefix('/').unwrap_or(text);
    match digits.parse::<u32>() {
        Ok(number) => Ok(Detail(Some(number))),
        Err(_) => Err(Error::usage(
            "`generalise:N` takes a number: decimals for gps, prefix bits for addresses, seconds for times",
        )),
    }
}

fn parse_token(parameter: Option<&str>) -> Result<TokenForm, Error> {
    let Some(text) = parameter else { return Ok(TokenForm::OneWay) };
    TokenForm::from_id(text).ok_or_else(|| {
        Error::usage(format!(
            "unknown token form; known: {}",
            TokenForm::NAMES.map(|(name, _)| format!("token:{name}")).join(", ")
        ))
    })
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Label => f.write_str("label"),
            Action::Placeholder => f.write_str("placeholder"),
            Action::Mask(MaskForm { first: 0, last: 0 }) => f.write_str("mask"),
            Action::Mask(MaskForm { first: 0, last }) => write!(f, "mask:{last}"),
            Action::Mask(MaskForm { first, last }) => write!(f, "mask:{first}..{last}"),
            Action::Truncate => f.write_str("truncate"),
            Action::Generalise(Detail(None)) => f.write_str("generalise"),
            Action::Generalise(Detail(Some(detail))) => write!(f, "generalise:{detail}"),
            Action::Remove => f.write_str("remove"),
            Action::DropRecord => f.write_str("drop-record"),
            Action::Keep => f.write_str("keep"),
            Action::Token(TokenForm::OneWay) => f.write_str("token"),
            Action::Token(form) => write!(f, "token:{}", form.id()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_read_and_print_the_same() {
        for text in [
            "label",
            "placeholder",
            "mask",
            "mask:4",
            "mask:2..4",
            "truncate",
            "generalise",
            "generalise:16",
            "remove",
            "drop-record",
            "keep",
            "token",
            "token:reversible",
            "token:ip",
            "token:ip-prefix",
            "token:card",
            "token:email-domain",
            "token:sealed",
        ] {
            let action = Action::parse(text).unwrap();
            assert_eq!(action.to_string(), text);
            assert!(text.starts_with(Action::NAMES[action.place()]));
        }
        assert_eq!(Action::parse("hash").unwrap(), Action::Token(TokenForm::OneWay));
        assert_eq!(Action::parse("generalise:/24").unwrap(), Action::Generalise(Detail(Some(24))));
    }

    #[test]
    fn wrong_actions_are_refused() {
        for text in
            ["", "labl", "mask:x", "mask:300", "mask:1..", "keep:1", "token:", "token:md5", "generalise:-1"]
        {
            assert!(Action::parse(text).unwrap_err().is_usage(), "{text}");
        }
        assert!(Action::parse("labl").unwrap_err().to_string().contains("`label`"));
    }
}
