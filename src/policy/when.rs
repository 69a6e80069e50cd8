//! Conditions: another policy for records whose field or shape says so.

use std::fmt;
use std::sync::Arc;

use regex_automata::meta::Regex;

use crate::context::line_format::{Filled, LineFormat};
use crate::fields::{PathPattern, walk};
use crate::policy::Policy;

/// The broad shape of a record, told from its first byte and a few marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordShape {
    /// First non-space byte is `{` or `[`.
    Json,
    /// `IP - user [day/month/year:…] "METHOD …"`.
    Clf,
    /// `<n>…` or `Mmm dd hh:mm:ss host …`.
    Syslog,
    /// Only `key=value` pairs: the first word is one.
    Logfmt,
    /// Anything else.
    Text,
}

impl RecordShape {
    pub(crate) const NAMES: [(&'static str, RecordShape); 5] = [
        ("json", Self::Json),
        ("clf", Self::Clf),
        ("syslog", Self::Syslog),
        ("logfmt", Self::Logfmt),
        ("text", Self::Text),
    ];
    /// The shape of that name.
    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(name, _)| *name == id).map(|(_, shape)| *shape)
    }
    /// The name of the shape.
    #[cfg(feature = "cli")]
    pub(crate) fn id(self) -> &'static str {
        Self::NAMES.iter().find(|(_, shape)| *shape == self).map_or("text", |(name, _)| name)
    }
    /// The shape of a record.
    pub(crate) fn of(record: &[u8]) -> Self {
        let text = record.trim_ascii_start();
        let head = text.get(..text.len().min(512)).unwrap_or_default();
        match head.first() {
            Some(b'{' | b'[') => return Self::Json,
            Some(b'<') => return Self::Syslog,
            _ => {}
        }
        let mut words = head.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        let first = words.next().unwrap_or_default();
        if is_month(first) && words.next().is_some_and(|day| day.iter().all(u8::is_ascii_digit)) {
            return Self::Syslog;
        }
        if memchr::memmem::find(head, b" [").is_some() && memchr::memmem::find(head, b"] \"").is_some() {
            return Self::Clf;
        }
        match memchr::memchr(b'=', first) {
            Some(equals) if equals > 0 => Self::Logfmt,
            _ => Self::Text,
        }
    }
}

fn is_month(word: &[u8]) -> bool {
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    word.len() == 3 && MONTHS.chunks_exact(3).any(|month| month == word)
}

/// What a field's value must be.
#[derive(Clone)]
pub(crate) enum Test {
    /// The field is there.
    Exists,
    /// One of these, byte for byte.
    OneOf(Vec<Vec<u8>>),
    /// The whole value matches.
    Matches(Box<Regex>),
}

/// `[[when]]`: a field, a slot or a shape, and the policy for records that have it.
#[derive(Clone)]
pub(crate) struct When {
    pub(crate) path: Option<(PathPattern, Test)>,
    /// A slot of the line format, by its name.
    pub(crate) slot: Option<(String, Test)>,
    pub(crate) shape: Option<RecordShape>,
    pub(crate) policy: Arc<Policy>,
    /// As the policy file wrote it, for printing.
    pub(crate) text: String,
}

impl Test {
    fn holds(&self, value: &[u8]) -> bool {
        match self {
            Self::Exists => true,
            Self::OneOf(values) => values.iter().any(|expect| expect == value),
            Self::Matches(regex) => regex.is_match(value),
        }
    }
}

/// The slots of one record: its value by name, if the record has the policy's line format.
pub(crate) struct Slots<'r> {
    record: &'r [u8],
    names: Vec<&'r str>,
    cuts: Vec<Filled<'r>>,
}

impl<'r> Slots<'r> {
    pub(crate) fn of(record: &'r [u8], format: Option<&'r LineFormat>) -> Self {
        let (mut cuts, mut names) = (Vec::new(), Vec::new());
        if let Some(format) = format
            && format.cut(record, &mut cuts)
        {
            names = format.names().collect();
        }
        Self { record, names, cuts }
    }
    fn value(&self, name: &str) -> Option<&'r [u8]> {
        let place = self.names.iter().position(|known| *known == name)?;
        let cut = self.cuts.get(place)?;
        self.record.get(cut.start..cut.end).map(<[u8]>::trim_ascii)
    }
}

impl When {
    /// True if the record has the shape, the slot and the field that the condition names.
    pub(crate) fn holds(&self, record: &[u8], slots: &Slots<'_>) -> bool {
        if self.shape.is_some_and(|shape| shape != RecordShape::of(record)) {
            return false;
        }
        if let Some((name, test)) = &self.slot
            && !slots.value(name).is_some_and(|value| test.holds(value))
        {
            return false;
        }
        let Some((pattern, test)) = &self.path else { return self.shape.is_some() || self.slot.is_some() };
        let mut holds = false;
        walk(record, &mut |field| {
            if !holds && pattern.matches(field.path) {
                holds = test.holds(record.get(field.start..field.end).unwrap_or_default());
            }
        });
        holds
    }
}

impl Policy {
    /// True if the policy is strict, for all records or for those that meet a condition.
    pub(crate) fn is_strict_somewhere(&self) -> bool {
        self.strict || self.when.iter().any(|when| when.policy.strict)
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "When({} -> {})", self.shape.is_some(), self.policy.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_told_apart() {
        for (record, expect) in [
            ("", RecordShape::Text),
            ("  {\"a\":1}", RecordShape::Json),
            ("<34>1 2026-01-02T03:04:05Z host app - - -", RecordShape::Syslog),
            ("Jan 12 06:49:42 host sshd[1]: x", RecordShape::Syslog),
            ("192.0.2.1 - - [12/Dec/2015:18:25:11 +0100] \"GET / HTTP/1.1\" 200 1", RecordShape::Clf),
            ("level=info user=anna", RecordShape::Logfmt),
            ("=x", RecordShape::Text),
            ("Maybe not", RecordShape::Text),
        ] {
            assert_eq!(RecordShape::of(record.as_bytes()), expect, "{record}");
        }
    }

    #[test]
    fn conditions_hold_for_fields_and_shapes() {
        let when = |path: Option<(&str, Test)>, shape| When {
            path: path.map(|(path, test)| (PathPattern::parse(path).unwrap(), test)),
            slot: None,
            shape,
            policy: Arc::new(Policy::default()),
            text: String::new(),
        };
        let one = || Test::OneOf(vec![b"1".to_vec()]);
        let none = || Slots::of(b"", None);
        let dnt = when(Some(("headers.dnt", one())), None);
        assert!(dnt.holds(br#"{"headers":{"dnt":"1"}}"#, &none()));
        assert!(dnt.holds(br#"{"headers":{"DNT":1}}"#, &none()));
        assert!(dnt.holds(b"DNT: 1", &none()));
        assert!(!dnt.holds(br#"{"headers":{"dnt":"0"}}"#, &none()));
        assert!(!dnt.holds(b"", &none()));
        let tenant = Test::Matches(Box::new(Regex::new(r"\Aacme-.*\z").unwrap()));
        let both = when(Some(("tenant", tenant)), Some(RecordShape::Logfmt));
        assert!(both.holds(b"tenant=acme-eu x=1", &none()));
        assert!(!both.holds(br#"{"tenant":"acme-eu"}"#, &none()));
        assert!(when(None, Some(RecordShape::Text)).holds(b"plain", &none()));
        assert!(when(Some(("a", Test::Exists)), None).holds(b"a=2", &none()));
    }

    #[test]
    fn conditions_hold_for_slots() {
        let format = LineFormat::parse("{_tenant} {ip} {_rest}").unwrap();
        let when = When {
            path: None,
            slot: Some(("_tenant".into(), Test::OneOf(vec![b"acme".to_vec()]))),
            shape: None,
            policy: Arc::new(Policy::default()),
            text: String::new(),
        };
        for (record, holds) in
            [("acme 203.0.113.7 x", true), ("other 203.0.113.7 x", false), ("acme", false), ("", false)]
        {
            let slots = Slots::of(record.as_bytes(), Some(&format));
            assert_eq!(when.holds(record.as_bytes(), &slots), holds, "{record}");
        }
    }
}
