//! Reading a pack: TOML to rules, with errors that point at the line.

use std::path::Path;

use regex_automata::meta::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::text::Source;
use super::{Pack, PackRule, PackType, Validator};
use crate::error::Error;
use crate::fields::PathPattern;
use crate::finding::{Group, TypeId};
use crate::nearest::nearest;
use crate::rules::RULE_NAMES;

type Text = Spanned<String>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawPack {
    #[serde(rename = "type")]
    types: Vec<RawType>,
    #[serde(rename = "rule")]
    rules: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawType {
    id: Text,
    group: Text,
    label: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: Text,
    /// Asked of every rule, for the people who read the pack.
    #[serde(rename = "description")]
    _description: String,
    #[serde(rename = "type")]
    kind: Text,
    #[serde(rename = "reference")]
    _reference: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(rename = "since")]
    _since: Option<String>,
    regex: Option<Text>,
    capture: Option<Spanned<usize>>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    keywords_before: Vec<String>,
    #[serde(default)]
    keywords_after: Vec<String>,
    within: Option<Spanned<usize>>,
    #[serde(default)]
    exclude: Vec<String>,
    validator: Option<Text>,
    #[serde(default)]
    paths: Vec<Text>,
    confidence: Option<Spanned<u8>>,
    #[serde(default)]
    matches: Vec<String>,
    #[serde(default)]
    non_matches: Vec<String>,
}

/// How far a keyword may stand from the match, in bytes, when the rule does not say.
const WITHIN_BYTES: usize = 40;
/// The furthest that a rule may look; more would make a record's cost depend on its neighbours.
const MAX_WITHIN_BYTES: usize = 256;

impl Pack {
    /// Reads a pack file.
    ///
    /// # Errors
    /// A file that can't be read (`is_io`), or what can't be used in it (`is_pattern`): a bad
    /// regex, missing examples, a duplicate id, an unknown name, each with file and line.
    pub(crate) fn load(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::io(format!("the rule pack {name} can't be read"), error))?;
        let mut pack = Self::from_toml(&name, &text)?;
        path.clone_into(&mut pack.path);
        Ok(pack)
    }

    /// Reads a pack from text; `name` is what errors call it.
    ///
    /// # Errors
    /// As [`Pack::load`].
    pub(crate) fn from_toml(name: &str, text: &str) -> Result<Self, Error> {
        let source = Source { name: name.to_owned(), text: text.to_owned(), is_file: true };
        let raw: RawPack = toml::from_str(text).map_err(|error| Error::pattern(source.toml_error(&error)))?;
        let mut pack = Pack { path: name.into(), ..Pack::default() };
        for kind in &raw.types {
            let kind = read_type(&source, &pack, kind)?;
            pack.types.push(kind);
        }
        for rule in &raw.rules {
            let rule = read_rule(&source, &pack, rule)?;
            pack.rules.push(rule);
        }
        Ok(pack)
    }
}

fn refuse<T>(source: &Source, span: &std::ops::Range<usize>, message: &str) -> Result<T, Error> {
    Err(Error::pattern(source.excerpt(span, message)))
}

fn is_id(id: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'/');
    id.len() <= 64 && id.starts_with(|first: char| first.is_ascii_lowercase()) && id.bytes().all(inside)
}

fn read_type(source: &Source, pack: &Pack, raw: &RawType) -> Result<PackType, Error> {
    let (id, span) = (raw.id.get_ref(), raw.id.span());
    if !is_id(id) || id.contains('/') {
        return refuse(source, &span, "a type's id is lower-case letters, digits and `-`");
    }
    if TypeId::from_id(id).is_some()
        || Group::from_id(id).is_some()
        || pack.types.iter().any(|old| old.id == *id)
    {
        return refuse(source, &span, &format!("the type `{id}` is there already"));
    }
    let code = |id: &str| id.replace('-', "");
    let is_taken = TypeId::all().any(|kind| kind.code() == code(id)) || id == "custom";
    if is_taken || pack.types.iter().any(|old| code(&old.id) == code(id)) {
        return refuse(source, &span, &format!("tokens of `{id}` would look like those of another type"));
    }
    let Some(group) = Group::from_id(raw.group.get_ref()) else {
        let known = Group::ALL.map(Group::id).join(", ");
        return refuse(source, &raw.group.span(), &format!("unknown group; known: {known}"));
    };
    let label = match &raw.label {
        None => format!("[{}]", id.to_ascii_uppercase()),
        Some(label) if is_label(label.get_ref()) => label.get_ref().clone(),
        Some(label) => {
            return refuse(source, &label.span(), "a label is `[…]` of upper-case letters, digits and `-`");
        }
    };
    Ok(PackType { id: id.clone(), label, group })
}

/// Labels have one grammar, so that a second pass knows them.
fn is_label(label: &str) -> bool {
    let inner = label.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default();
    inner.starts_with(|first: char| first.is_ascii_uppercase())
        && inner.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
}

fn read_rule(source: &Source, pack: &Pack, raw: &RawRule) -> Result<PackRule, Error> {
    let (id, span) = (raw.id.get_ref(), raw.id.span());
    if !is_id(id) {
        return refuse(source, &span, "a rule's id is lower-case letters, digits, `-` and `/`");
    }
    if let Some(old) = pack.rules.iter().find(|old| old.id == *id) {
        return refuse(source, &span, &format!("duplicate rule id; the first is at {}", old.origin));
    }
    if RULE_NAMES.contains(&id.as_str()) {
        return refuse(source, &span, "a built-in rule has this id");
    }
    known_type(source, pack, &raw.kind)?;
    if raw.matches.len() < 2 || raw.non_matches.len() < 2 {
        return refuse(source, &span, "a rule needs at least two `matches` and two `non_matches`");
    }
    if raw.regex.is_none() && raw.paths.is_empty() {
        return refuse(source, &span, "a rule has a `regex` or `paths`");
    }
    let mut paths = Vec::new();
    for path in &raw.paths {
        match PathPattern::parse(path.get_ref()) {
            Some(pattern) => paths.push(pattern),
            None => return refuse(source, &path.span(), "a path is names joined by `.`"),
        }
    }
    let capture = raw.capture.as_ref().map_or(0, |number| *number.get_ref());
    check_regex(source, raw, capture)?;
    Ok(PackRule {
        id: id.clone(),
        kind: raw.kind.get_ref().clone(),
        tags: raw.tags.clone(),
        regex: raw.regex.as_ref().map(|text| text.get_ref().clone()),
        capture,
        keywords: lower(&raw.keywords),
        keywords_before: lower(&raw.keywords_before),
        keywords_after: lower(&raw.keywords_after),
        within: distance(source, raw)?,
        exclude: lower(&raw.exclude),
        validator: validator(source, raw)?,
        paths,
        confidence: confidence(source, raw)?,
        matches: raw.matches.clone(),
        non_matches: raw.non_matches.clone(),
        origin: source.place(&span),
    })
}

fn lower(words: &[String]) -> Vec<String> {
    words.iter().filter(|word| !word.is_empty()).map(|word| word.to_lowercase()).collect()
}

fn known_type(source: &Source, pack: &Pack, kind: &Text) -> Result<(), Error> {
    let id = kind.get_ref();
    if TypeId::from_id(id).is_some() || pack.types.iter().any(|own| own.id == *id) {
        return Ok(());
    }
    let mut known: Vec<String> = pack.types.iter().map(|own| own.id.clone()).collect();
    known.extend(TypeId::all().map(|kind| kind.id().to_owned()));
    let hint = match nearest(id, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "declare it with [[type]]".to_owned(),
    };
    refuse(source, &kind.span(), &format!("unknown type `{id}`; {hint}"))
}

fn check_regex(source: &Source, raw: &RawRule, capture: usize) -> Result<(), Error> {
    let Some(text) = &raw.regex else { return Ok(()) };
    let regex = match super::compile::build(text.get_ref()) {
        Ok(regex) => regex,
        Err(error) => {
            let reason = error.syntax_error().map_or_else(|| error.to_string(), ToString::to_string);
            return refuse(source, &text.span(), &format!("this regex can't be compiled: {reason}"));
        }
    };
    if capture >= group_count(&regex) {
        let span = raw.capture.as_ref().map_or(text.span(), Spanned::span);
        return refuse(source, &span, "the regex has no such capture group");
    }
    if regex.is_match(b"") {
        return refuse(source, &text.span(), "this regex matches the empty text");
    }
    Ok(())
}

fn group_count(regex: &Regex) -> usize {
    regex.group_info().group_len(regex_automata::PatternID::ZERO)
}

fn distance(source: &Source, raw: &RawRule) -> Result<usize, Error> {
    match &raw.within {
        None => Ok(WITHIN_BYTES),
        Some(bytes) if (1..=MAX_WITHIN_BYTES).contains(bytes.get_ref()) => Ok(*bytes.get_ref()),
        Some(bytes) => refuse(source, &bytes.span(), "`within` is 1 to 256 bytes"),
    }
}

fn validator(source: &Source, raw: &RawRule) -> Result<Option<Validator>, Error> {
    let Some(text) = &raw.validator else { return Ok(None) };
    match Validator::from_id(text.get_ref()) {
        Some(validator) => Ok(Some(validator)),
        None => {
            let known = Validator::NAMES.map(|(name, _)| name).join(", ");
            refuse(source, &text.span(), &format!("unknown validator; known: {known}"))
        }
    }
}

/// What a rule does not say: 70 for a shape alone, 15 more with a keyword or path, 10 with a check.
fn confidence(source: &Source, raw: &RawRule) -> Result<u8, Error> {
    if let Some(number) = &raw.confidence {
        return match *number.get_ref() {
            confidence @ 1..=100 => Ok(confidence),
            _ => refuse(source, &number.span(), "a confidence is 1 to 100"),
        };
    }
    let has_words =
        [&raw.keywords, &raw.keywords_before, &raw.keywords_after].iter().any(|words| !words.is_empty());
    let near = has_words || !raw.paths.is_empty();
    Ok(70 + 15 * u8::from(near) + 10 * u8::from(raw.validator.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "[[rule]]\nid = \"acme/one\"\ndescription = \"d\"\ntype = \"account-id\"\nregex = 'A-(\\d{4})'\n\
                        matches = [\"A-1234\", \"x A-9999\"]\nnon_matches = [\"A-12\", \"B-1234\"]\n";

    #[test]
    fn a_pack_is_read() {
        let text = format!(
            "[[type]]\nid = \"badge\"\ngroup = \"identity\"\n{}",
            RULE.replace("account-id", "badge")
        );
        let pack = Pack::from_toml("p.toml", &text).unwrap();
        assert_eq!(pack.types()[0].label, "[BADGE]");
        assert_eq!((pack.rules()[0].confidence, pack.rules()[0].within), (70, WITHIN_BYTES));
        assert_eq!(pack.rules()[0].origin, "p.toml:5");
    }

    #[test]
    fn wrong_packs_are_refused_with_file_and_line() {
        let twice = format!("{RULE}{RULE}");
        let cases = [
            (twice.clone(), "p.toml:9: duplicate rule id"),
            (RULE.replace("(\\d{4})", "(\\d{4}"), "p.toml:5: this regex can't be compiled"),
            (RULE.replace("'A-(\\d{4})'", "'A*'"), "p.toml:5: this regex matches the empty text"),
            (RULE.replace(", \"x A-9999\"", ""), "p.toml:2: a rule needs at least two"),
            (RULE.replace("account-id", "acount-id"), "did you mean `account-id`"),
            (RULE.replace("acme/one", "ip"), "p.toml:2: a built-in rule has this id"),
            (RULE.replace("acme/one", "Acme"), "p.toml:2: a rule's id"),
            (RULE.replace("regex", "regx"), "p.toml:5: unknown key `regx`; did you mean `regex`"),
            (format!("{RULE}capture = 2\n"), "p.toml:8: the regex has no such capture group"),
            (format!("{RULE}validator = \"luhm\"\n"), "p.toml:8: unknown validator"),
            (format!("{RULE}within = 1000\n"), "p.toml:8: `within`"),
            (format!("{RULE}paths = [\"a..b\"]\n"), "p.toml:8: a path"),
            (format!("{RULE}confidence = 101\n"), "p.toml:8: a confidence"),
            ("[[type]]\nid = \"email\"\ngroup = \"contact\"\n".into(), "p.toml:2: the type `email`"),
            ("[[type]]\nid = \"x\"\ngroup = \"contcat\"\n".into(), "p.toml:3: unknown group"),
            ("[[type]]\nid = \"x\"\ngroup = \"contact\"\nlabel = \"x\"\n".into(), "p.toml:4: a label"),
        ];
        for (text, expect) in cases {
            let error = Pack::from_toml("p.toml", &text).unwrap_err();
            assert!(error.is_pattern() && error.to_string().contains(expect), "{expect}: {error}");
        }
    }
}
