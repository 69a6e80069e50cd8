//! Loading: built-in policies and files, what they extend, and the environment and flags on top.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use regex_automata::meta::Regex;

use crate::error::Error;
use crate::fields::PathPattern;
use crate::finding::TypeId;
use crate::nearest::nearest;
use crate::pack::text::Source;
use crate::policy::apply::Layer;
use crate::policy::raw::{OneOrMany, RawPolicy, RawWhen, Text};
use crate::policy::when::{RecordShape, Test, When};
use crate::policy::{CustomType, Policy};
use crate::rules::RuleId;

/// The built-in policies, as their files in `patterns/policies`.
static BUILT_IN: [(&str, &str); 7] = [
    ("default", include_str!("../../patterns/policies/default.toml")),
    ("personal", include_str!("../../patterns/policies/personal.toml")),
    ("payment", include_str!("../../patterns/policies/payment.toml")),
    ("secrets", include_str!("../../patterns/policies/secrets.toml")),
    ("access-log", include_str!("../../patterns/policies/access-log.toml")),
    ("everything", include_str!("../../patterns/policies/everything.toml")),
    ("strict", include_str!("../../patterns/policies/strict.toml")),
];

/// The names of the built-in policies.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// The text of a built-in policy, as `logveil policy show` prints it.
pub fn built_in_text(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Policies that extend each other deeper than this are refused.
const MAX_DEPTH: usize = 16;

/// Keeps what several files have in common while one policy is put together.
#[derive(Default)]
pub(super) struct Loader {
    custom: Vec<CustomType>,
    /// Names of the files being loaded, to see a circle.
    open: Vec<String>,
}

impl Policy {
    /// Loads a built-in policy by its name, or a file: whatever has a `/` or ends in `.toml`.
    ///
    /// Files of the folder `NAME.d` beside a file `NAME.toml` are laid over it in the order of
    /// their names.
    ///
    /// # Errors
    /// A file that can't be read (`is_io`), or one that can't be used (`is_policy`, `is_pattern`):
    /// the message has file, line, an excerpt and the nearest known name.
    pub fn load(name_or_path: &str) -> Result<Self, Error> {
        Loader::default().load(name_or_path, Path::new(""))
    }

    /// Reads a policy from text; `name` is what errors call it. Files that it names are relative
    /// to the working directory.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn from_toml(name: &str, text: &str) -> Result<Self, Error> {
        let source = Source { name: name.to_owned(), text: text.to_owned(), is_file: true };
        Loader::default().read(&source, Path::new(""))
    }

    /// Lays more TOML over the policy: flags and environment variables.
    pub(super) fn overlay(&mut self, source: &Source) -> Result<(), Error> {
        let mut loader = Loader { custom: self.custom.clone(), open: Vec::new() };
        let base = std::mem::take(self);
        *self = loader.lay(source, Path::new(""), Some(base))?;
        Ok(())
    }
}

/// True if `-p NAME` means a file.
pub(crate) fn is_path(name: &str) -> bool {
    name.contains('/') || name.ends_with(".toml")
}

impl Loader {
    pub(super) fn load(&mut self, name: &str, folder: &Path) -> Result<Policy, Error> {
        if !is_path(name) {
            let Some(text) = built_in_text(name) else { return Err(unknown_policy(name)) };
            let source = Source { name: format!("built-in `{name}`"), text: text.into(), is_file: false };
            let mut policy = self.read(&source, Path::new(""))?;
            policy.name = name.to_owned();
            return Ok(policy);
        }
        let path = folder.join(name);
        let mut policy = self.read(&file(&path)?, path.parent().unwrap_or(Path::new("")))?;
        for part in parts_beside(&path)? {
            policy = self.lay(&file(&part)?, part.parent().unwrap_or(Path::new("")), Some(policy))?;
        }
        policy.name = path.display().to_string();
        Ok(policy)
    }

    fn read(&mut self, source: &Source, folder: &Path) -> Result<Policy, Error> {
        self.lay(source, folder, None)
    }

    /// Lays one text over `base`, or over what it extends.
    fn lay(&mut self, source: &Source, folder: &Path, base: Option<Policy>) -> Result<Policy, Error> {
        let raw: RawPolicy =
            toml::from_str(&source.text).map_err(|error| Error::policy(source.toml_error(&error)))?;
        if self.open.contains(&source.name) || self.open.len() >= MAX_DEPTH {
            return Err(Error::policy(format!("{}: extends itself, by way of others", source.name)));
        }
        self.open.push(source.name.clone());
        let layer = Layer { raw, source, folder: folder.to_owned() };
        let is_first = base.is_none();
        let mut policy = base.unwrap_or_default();
        if let Some(extended) = self.extended(&layer)? {
            policy = extended;
        }
        if is_first {
            policy.name.clone_from(&source.name);
        }
        self.packs(&layer, &mut policy)?;
        layer.lay_over(&mut policy)?;
        for when in layer.raw.when.iter().flatten() {
            let when = self.when(&layer, &policy, when)?;
            policy.when.push(when);
        }
        // Types of the conditions' packs have names here, too; nothing looks for them here.
        policy.custom.clone_from(&self.custom);
        self.open.pop();
        Ok(policy)
    }

    fn extended(&mut self, layer: &Layer<'_>) -> Result<Option<Policy>, Error> {
        let mut joined: Option<Policy> = None;
        for name in layer.raw.extends.iter().flatten() {
            let next = self.load(name.get_ref(), &layer.folder);
            let mut next = next.map_err(|error| layer.source.error(&name.span(), &error.to_string()))?;
            // Its tests prove it alone: what extends it may well change their answers.
            next.tests.clear();
            joined = Some(match joined {
                None => next,
                Some(first) => first.join(next),
            });
        }
        Ok(joined)
    }

    fn packs(&mut self, layer: &Layer<'_>, policy: &mut Policy) -> Result<(), Error> {
        policy.custom.clone_from(&self.custom);
        for name in layer.raw.patterns.iter().flatten() {
            let path = layer.folder.join(name.get_ref());
            policy.add_pack(&path).map_err(|error| layer.source.error(&name.span(), &error.to_string()))?;
        }
        self.custom.clone_from(&policy.custom);
        Ok(())
    }

    fn when(&mut self, layer: &Layer<'_>, base: &Policy, raw: &RawWhen) -> Result<When, Error> {
        let refuse = |text: &str| Err(layer.source.error(&raw.policy.span(), text));
        let path = match &raw.path {
            Some(text) => match PathPattern::parse(text.get_ref()) {
                Some(pattern) => Some((pattern, field_test(layer, raw)?)),
                None => return Err(layer.source.error(&text.span(), "a path is names joined by `.`")),
            },
            None if raw.slot.is_none() && (raw.equals.is_some() || raw.matches.is_some()) => {
                return refuse("`equals` and `matches` speak of a `path` or a `slot`");
            }
            None => None,
        };
        let slot = match &raw.slot {
            Some(text) if path.is_some() => {
                return Err(layer
                    .source
                    .error(&text.span(), "a condition has a `path` or a `slot`, not both"));
            }
            Some(text) => Some((slot_name(layer, base, text)?, field_test(layer, raw)?)),
            None => None,
        };
        let shape = match &raw.shape {
            Some(text) => match RecordShape::from_id(text.get_ref()) {
                Some(shape) => Some(shape),
                None => {
                    let known = RecordShape::NAMES.map(|(name, _)| name).join(", ");
                    return Err(layer.source.error(&text.span(), &format!("unknown shape; known: {known}")));
                }
            },
            None => None,
        };
        if path.is_none() && slot.is_none() && shape.is_none() {
            return refuse("a condition has a `path`, a `slot` or a `shape`");
        }
        let name = raw.policy.get_ref();
        let policy = self.load(name, &layer.folder);
        let policy = policy.map_err(|error| layer.source.error(&raw.policy.span(), &error.to_string()))?;
        Ok(When { path, slot, shape, policy: Arc::new(policy), text: condition_text(raw) })
    }
}

/// The name of a slot as the line format has it.
fn slot_name(layer: &Layer<'_>, base: &Policy, text: &Text) -> Result<String, Error> {
    let Some(form) = &base.line_form else {
        return Err(layer
            .source
            .error(&text.span(), "a `slot` is one of a `line_format`, and there is none"));
    };
    let wanted = text.get_ref().to_ascii_lowercase();
    let plain = |name: &str| name.trim_start_matches('_').replace('-', "_");
    let same = |name: &&str| plain(name) == plain(&wanted);
    if let Some(name) = form.names().find(same) {
        return Ok(name.to_owned());
    }
    let hint = match nearest(&wanted, form.names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known: {}", form.names().collect::<Vec<_>>().join(", ")),
    };
    Err(layer.source.error(&text.span(), &format!("the line format has no slot `{wanted}`; {hint}")))
}

fn field_test(layer: &Layer<'_>, raw: &RawWhen) -> Result<Test, Error> {
    match (&raw.equals, &raw.matches) {
        (Some(_), Some(text)) => {
            Err(layer.source.error(&text.span(), "a condition has `equals` or `matches`, not both"))
        }
        (Some(OneOrMany::One(value)), None) => Ok(Test::OneOf(vec![value.clone().into_bytes()])),
        (Some(OneOrMany::Many(values)), None) => {
            Ok(Test::OneOf(values.iter().map(|value| value.clone().into_bytes()).collect()))
        }
        (None, Some(text)) => match Regex::new(&format!(r"\A(?:{})\z", text.get_ref())) {
            Ok(regex) => Ok(Test::Matches(Box::new(regex))),
            Err(_) => Err(layer.source.error(&text.span(), "this regex can't be compiled")),
        },
        (None, None) => Ok(Test::Exists),
    }
}

fn condition_text(raw: &RawWhen) -> String {
    let mut lines = vec!["[[when]]".to_owned()];
    let mut line = |key: &str, value: &str| lines.push(format!("{key} = {}", super::print::quoted(value)));
    if let Some(text) = &raw.path {
        line("path", text.get_ref());
    }
    if let Some(text) = &raw.slot {
        line("slot", text.get_ref());
    }
    if let Some(text) = &raw.matches {
        line("matches", text.get_ref());
    }
    if let Some(text) = &raw.shape {
        line("shape", text.get_ref());
    }
    line("use", raw.policy.get_ref());
    match &raw.equals {
        Some(OneOrMany::One(value)) => lines.push(format!("equals = {}", super::print::quoted(value))),
        Some(OneOrMany::Many(values)) => {
            lines.push(format!("equals = {}", super::print::quoted_list(values)))
        }
        None => {}
    }
    lines.join("\n")
}

impl Policy {
    /// Two policies that a third one extends: what either looks for is looked for; where both say
    /// something, the later one wins.
    fn join(mut self, later: Policy) -> Policy {
        let says = |key: &str, kind: TypeId| {
            later.origins.contains_key(&format!("types.{}.{key}", later.type_id(kind)))
        };
        for kind in later.types() {
            let at = kind.index();
            self.enabled[at] |= later.enabled[at];
            self.forbidden[at] |= later.forbidden[at];
            if says("action", kind) {
                self.actions[at] = later.actions[at].clone();
            }
            if says("min_confidence", kind) {
                self.min_confidence[at] = later.min_confidence[at];
            }
            if says("severity", kind) {
                self.severity[at] = later.severity[at];
            }
            if says("mode", kind) {
                self.shadow[at] = later.shadow[at];
            }
        }
        if later.origins.contains_key("json_numbers") {
            self.json_numbers = later.json_numbers;
        }
        for entry in later.allow.entries() {
            // It was read once already, so that it can be read again.
            let _ = self.allow.add(entry);
        }
        for (title, change) in later.places.titles() {
            self.places.put(title, change);
        }
        // Rules of packs are numbered by their place, which is another one here.
        let names = |rules: &[RuleId]| -> Vec<String> {
            rules.iter().map(|rule| later.rule_name(*rule).to_owned()).collect()
        };
        let (off, in_shadow) = (names(&later.rules_off), names(&later.rules_in_shadow));
        for pack in &later.packs {
            if !self.packs.iter().any(|own| own.path() == pack.path()) {
                self.packs.push(Arc::clone(pack));
            }
        }
        let numbers =
            |names: Vec<String>| names.iter().filter_map(|name| self.rule_named(name)).collect::<Vec<_>>();
        let (off, in_shadow) = (numbers(off), numbers(in_shadow));
        self.rules_off.extend(off);
        self.rules_in_shadow.extend(in_shadow);
        self.strict |= later.strict;
        self.token.lay(&later.token);
        self.region = later.region.or(self.region);
        self.line_format = later.line_format.or(self.line_format);
        self.line_form = later.line_form.or(self.line_form);
        self.ruleset = later.ruleset.or(self.ruleset);
        self.custom = later.custom;
        self.when.extend(later.when);
        self.tests.extend(later.tests);
        self.own_tags.extend(later.own_tags);
        self.own_rule_tags.extend(later.own_rule_tags);
        self.origins.extend(later.origins);
        self
    }
}

fn unknown_policy(name: &str) -> Error {
    let hint = match nearest(name, built_in_names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("built in: {}", built_in_names().collect::<Vec<_>>().join(", ")),
    };
    Error::policy(format!("no built-in policy `{name}`; {hint} (a file has a `/` or ends in `.toml`)"))
}

fn file(path: &Path) -> Result<Source, Error> {
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Source { name, text, is_file: true }),
        Err(error) => Err(Error::io(format!("the policy {name} can't be read"), error)),
    }
}

/// The files of the folder `NAME.d` beside `NAME.toml`, by name.
fn parts_beside(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let folder = path.with_extension("d");
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(format!("the folder {} can't be read", folder.display()), error)),
    };
    let mut parts = Vec::new();
    for entry in entries {
        let entry = entry
            .map_err(|error| Error::io(format!("the folder {} can't be read", folder.display()), error))?;
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            parts.push(path);
        }
    }
    parts.sort();
    Ok(parts)
}
