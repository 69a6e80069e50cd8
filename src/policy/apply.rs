//! One layer of a policy laid over what is below it, with a note of where each value came from.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use toml::Spanned;

use crate::action::{Action, JsonNumbers};
use crate::context::line_format::LineFormat;
use crate::error::Error;
use crate::finding::TypeId;
use crate::nearest::nearest;
use crate::pack::text::Source;
use crate::policy::place::PlaceKind;
use crate::policy::raw::{RawPlace, RawPolicy, RawRow, RawTest, Text};
use crate::policy::select::Selected;
use crate::policy::{Mode, Override, Policy, PolicyTest, Reload, Severity};
use crate::rules::RuleId;

/// A parsed layer and the text it was parsed from.
pub(super) struct Layer<'s> {
    pub raw: RawPolicy,
    pub source: &'s Source,
    /// What file names in the layer are relative to.
    pub folder: PathBuf,
}

impl Layer<'_> {
    /// Reads what one word means, or says where it stands and what is known.
    fn word<T>(&self, text: &Text, known: &[&str], read: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
        read(text.get_ref()).ok_or_else(|| {
            let word = text.get_ref();
            let hint = match nearest(word, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known: {}", known.join(", ")),
            };
            self.source.error(&text.span(), &format!("unknown value `{word}`; {hint}"))
        })
    }
    /// Puts an error that knows no place at a place.
    fn at<T>(&self, span: Range<usize>, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| self.source.error(&span, &error.to_string()))
    }
    fn mode(&self, text: &Text) -> Result<Mode, Error> {
        self.word(text, &["enforce", "shadow"], Mode::from_id)
    }
    fn severity(&self, text: &Text) -> Result<Severity, Error> {
        self.word(text, &Severity::ALL.map(Severity::id), Severity::from_id)
    }
    fn action(&self, text: &Text) -> Result<Action, Error> {
        self.at(text.span(), Action::parse(text.get_ref()))
    }
    fn confidence(&self, number: &Spanned<u8>) -> Result<u8, Error> {
        match *number.get_ref() {
            confidence @ 0..=100 => Ok(confidence),
            _ => Err(self.source.error(&number.span(), "a confidence is 0 to 100")),
        }
    }
    fn select(&self, policy: &Policy, text: &Text) -> Result<Vec<TypeId>, Error> {
        self.at(text.span(), policy.select(text.get_ref()))
    }

    /// Lays the whole layer over `policy`. Conditions and packs are the loader's work.
    pub(super) fn lay_over(&self, policy: &mut Policy) -> Result<(), Error> {
        self.tags(policy)?;
        self.switches(policy)?;
        self.rows(policy)?;
        self.rules(policy)?;
        self.places(policy)?;
        self.lists(policy)?;
        self.scalars(policy)?;
        super::token::lay_over(self, policy)?;
        self.tests(policy)
    }

    /// The policy's own tags first: whatever selects by them may stand in the same file.
    fn tags(&self, policy: &mut Policy) -> Result<(), Error> {
        for (name, row) in self.raw.groups.iter().chain(&self.raw.types) {
            for tag in row.tags.iter().flatten() {
                for kind in self.select(policy, name)? {
                    let own = (tag.clone(), kind);
                    if !policy.own_tags.contains(&own) {
                        policy.own_tags.push(own);
                    }
                }
            }
        }
        for (name, row) in &self.raw.rules {
            let own: Vec<String> = policy.user_rules().map(|(_, rule)| rule.id.clone()).collect();
            let known: Vec<&str> =
                crate::rules::RULE_NAMES.iter().copied().chain(own.iter().map(String::as_str)).collect();
            self.word(name, &known, |id| policy.rule_named(id))?;
            for tag in row.tags.iter().flatten() {
                let own = (tag.clone(), name.get_ref().clone());
                if !policy.own_rule_tags.contains(&own) {
                    policy.own_rule_tags.push(own);
                }
            }
        }
        Ok(())
    }

    fn switches(&self, policy: &mut Policy) -> Result<(), Error> {
        let Some(only) = &self.raw.only else { return Ok(()) };
        let selected: Result<Vec<_>, Error> =
            only.iter().map(|text| self.at(text.span(), policy.select_rules(text.get_ref()))).collect();
        policy.keep_only(&selected?);
        let place =
            only.first().map_or_else(|| self.source.name.clone(), |text| self.source.place(&text.span()));
        for kind in policy.types() {
            policy.origins.insert(format!("types.{}.enabled", policy.type_id(kind)), place.clone());
        }
        Ok(())
    }

    /// Groups first, the widest first of all, so that what is said of a type wins.
    fn rows(&self, policy: &mut Policy) -> Result<(), Error> {
        let mut groups: Vec<_> = self.raw.groups.iter().collect();
        groups.sort_by_key(|(name, _)| name.get_ref() != "*");
        for (name, row) in groups.into_iter().chain(&self.raw.types) {
            let selected = self.at(name.span(), policy.select_rules(name.get_ref()))?;
            for kind in &selected.types {
                self.row(policy, *kind, row, &name.span())?;
            }
            if !selected.rules.is_empty() {
                self.rule_row(policy, name, selected, row)?;
            }
        }
        Ok(())
    }

    /// What a row says of the single rules that a tag names.
    fn rule_row(
        &self,
        policy: &mut Policy,
        name: &Text,
        selected: Selected,
        row: &RawRow,
    ) -> Result<(), Error> {
        let says_more = row.action.is_some() || row.min_confidence.is_some() || row.severity.is_some();
        if selected.types.is_empty() && says_more {
            let message = "this tag names single rules: they have `enabled` and `mode`, no more";
            return Err(self.source.error(&name.span(), message));
        }
        for rule in selected.rules {
            let key = format!("rules.\"{}\"", policy.rule_name(rule));
            policy.origins.insert(key, self.source.place(&name.span()));
            if let Some(enabled) = row.enabled {
                put(&mut policy.rules_off, rule, !enabled);
            }
            if let Some(text) = &row.mode {
                put(&mut policy.rules_in_shadow, rule, self.mode(text)? == Mode::Shadow);
            }
        }
        Ok(())
    }

    fn row(&self, policy: &mut Policy, kind: TypeId, row: &RawRow, span: &Range<usize>) -> Result<(), Error> {
        let at = kind.index();
        let id = policy.type_id(kind).to_owned();
        let note = |policy: &mut Policy, key: &str, span: &Range<usize>| {
            policy.origins.insert(format!("types.{id}.{key}"), self.source.place(span));
        };
        if let Some(enabled) = row.enabled {
            policy.enabled[at] = enabled;
            note(policy, "enabled", span);
        }
        if let Some(text) = &row.action {
            policy.actions[at] = self.action(text)?;
            note(policy, "action", &text.span());
        }
        if let Some(number) = &row.min_confidence {
            policy.min_confidence[at] = self.confidence(number)?;
            note(policy, "min_confidence", &number.span());
        }
        if let Some(text) = &row.severity {
            policy.severity[at] = self.severity(text)?;
            note(policy, "severity", &text.span());
        }
        if let Some(text) = &row.mode {
            policy.shadow[at] = self.mode(text)? == Mode::Shadow;
            note(policy, "mode", &text.span());
        }
        Ok(())
    }

    fn rules(&self, policy: &mut Policy) -> Result<(), Error> {
        for (name, row) in &self.raw.rules {
            let Some(rule) = policy.rule_named(name.get_ref()) else { continue };
            policy.origins.insert(format!("rules.\"{}\"", name.get_ref()), self.source.place(&name.span()));
            if let Some(enabled) = row.enabled {
                put(&mut policy.rules_off, rule, !enabled);
            }
            if let Some(text) = &row.mode {
                put(&mut policy.rules_in_shadow, rule, self.mode(text)? == Mode::Shadow);
            }
        }
        Ok(())
    }

    fn places(&self, policy: &mut Policy) -> Result<(), Error> {
        let raw = &self.raw;
        let tables = [
            (PlaceKind::Path, &raw.paths),
            (PlaceKind::Query, &raw.query),
            (PlaceKind::Cookie, &raw.cookies),
            (PlaceKind::Header, &raw.headers),
        ];
        for (kind, table) in tables {
            for (name, place) in table {
                let change = self.place(policy, place)?;
                if !policy.places.add(kind, name.get_ref(), &change) {
                    let message = "a path is names joined by `.`, such as `user.email` or `**.token`";
                    return Err(self.source.error(&name.span(), message));
                }
                let key = format!("{}.\"{}\"", kind.table(), name.get_ref());
                policy.origins.insert(key, self.source.place(&name.span()));
            }
        }
        Ok(())
    }

    fn place(&self, policy: &Policy, place: &RawPlace) -> Result<Override, Error> {
        let kind = match &place.kind {
            Some(text) => {
                let known: Vec<&str> = policy.types().map(|kind| policy.type_id(kind)).collect();
                Some(self.word(text, &known, |id| policy.type_named(id))?)
            }
            None => None,
        };
        Ok(Override {
            enabled: place.enabled,
            kind,
            action: place.action.as_ref().map(|text| self.action(text)).transpose()?,
            min_confidence: place
                .min_confidence
                .as_ref()
                .map(|number| self.confidence(number))
                .transpose()?,
            severity: place.severity.as_ref().map(|text| self.severity(text)).transpose()?,
            mode: place.mode.as_ref().map(|text| self.mode(text)).transpose()?,
        })
    }

    fn lists(&self, policy: &mut Policy) -> Result<(), Error> {
        for text in self.raw.allow.iter().flatten() {
            match allow_file(text.get_ref()) {
                Some(file) => {
                    let path = self.folder.join(file);
                    let lines = std::fs::read_to_string(&path).map_err(|error| {
                        Error::io(self.source.excerpt(&text.span(), "this file can't be read"), error)
                    })?;
                    self.at(text.span(), policy.allow.add_lines(&lines))?;
                }
                None => self.at(text.span(), policy.allow.add(text.get_ref()))?,
            }
            policy.origins.insert("allow".into(), self.source.place(&text.span()));
        }
        for text in self.raw.forbidden.iter().flatten() {
            for kind in self.select(policy, text)? {
                policy.forbidden[kind.index()] = true;
                // What is not looked for can't be promised to be absent.
                policy.enabled[kind.index()] = true;
            }
            policy.origins.insert("forbidden".into(), self.source.place(&text.span()));
        }
        Ok(())
    }

    fn scalars(&self, policy: &mut Policy) -> Result<(), Error> {
        let raw = &self.raw;
        let note = |policy: &mut Policy, key: &str, text: &Text| {
            policy.origins.insert(key.to_owned(), self.source.place(&text.span()));
        };
        if let Some(text) = &raw.region {
            policy.region = Some(self.at(text.span(), super::build::parse_region(text.get_ref()))?);
            note(policy, "region", text);
        }
        if let Some(text) = &raw.line_format {
            let form = self.at(text.span(), LineFormat::parse(text.get_ref()))?;
            policy.line_form = Some(Arc::new(form));
            policy.line_format = Some(text.get_ref().clone());
            note(policy, "line_format", text);
        }
        if let Some(text) = &raw.json_numbers {
            policy.json_numbers = self.word(text, &["quote", "null", "zero"], JsonNumbers::from_id)?;
            note(policy, "json_numbers", text);
        }
        if let Some(text) = &raw.mode {
            policy.shadow = [self.mode(text)? == Mode::Shadow; super::TYPES];
            for kind in policy.types() {
                let key = format!("types.{}.mode", policy.type_id(kind));
                policy.origins.insert(key, self.source.place(&text.span()));
            }
        }
        if let Some(text) = &raw.ruleset {
            let valid = |text: &str| crate::rules::parse_ruleset(text).map(|_| text.to_owned());
            policy.ruleset = Some(self.word(text, &[crate::rules::RULESET], valid)?);
            note(policy, "ruleset", text);
        }
        if let Some(text) = &raw.reload {
            policy.reload = self.word(text, &["hup", "poll:5s"], parse_reload)?;
            note(policy, "reload", text);
        }
        if let Some(text) = &raw.description {
            policy.description.clone_from(text);
        }
        policy.strict = raw.strict.unwrap_or(policy.strict);
        Ok(())
    }

    fn tests(&self, policy: &mut Policy) -> Result<(), Error> {
        for test in self.raw.test.iter().flatten() {
            let RawTest { line, expect, finds } = test;
            if expect.is_none() && finds.is_none() {
                return Err(self.source.error(&line.span(), "a test says `expect` or `finds`"));
            }
            for id in finds.iter().flatten() {
                if policy.type_named(id).is_none() {
                    let message = format!("`finds` names the unknown type `{id}`");
                    return Err(self.source.error(&line.span(), &message));
                }
            }
            policy.tests.push(PolicyTest {
                line: line.get_ref().clone(),
                expect: expect.clone(),
                finds: finds.clone(),
                origin: self.source.place(&line.span()),
            });
        }
        Ok(())
    }
}

fn put(list: &mut Vec<RuleId>, rule: RuleId, inside: bool) {
    list.retain(|other| *other != rule);
    if inside {
        list.push(rule);
    }
}

/// `@./allow.txt`, `@/etc/allow` and `@allow.txt` are files; `@example.com` is a domain.
pub(crate) fn allow_file(entry: &str) -> Option<&Path> {
    let name = entry.strip_prefix('@')?;
    let is_file = name.contains('/') || name.ends_with(".txt") || name.ends_with(".list");
    is_file.then(|| Path::new(name))
}

fn parse_reload(text: &str) -> Option<Reload> {
    if text == "hup" {
        return Some(Reload::OnHangup);
    }
    let every = text.strip_prefix("poll:")?;
    let seconds = match every.strip_suffix('m') {
        Some(minutes) => minutes.parse::<u64>().ok()?.checked_mul(60)?,
        None => every.strip_suffix('s')?.parse::<u64>().ok()?,
    };
    (1..=86_400).contains(&seconds).then(|| Reload::Poll(Duration::from_secs(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reloads_are_read() {
        for (text, expect) in [
            ("hup", Some(Reload::OnHangup)),
            ("poll:5s", Some(Reload::Poll(Duration::from_secs(5)))),
            ("poll:2m", Some(Reload::Poll(Duration::from_secs(120)))),
            ("poll:0s", None),
            ("poll:", None),
            ("5s", None),
        ] {
            assert_eq!(parse_reload(text), expect, "{text}");
        }
        assert!(allow_file("@./a").is_some() && allow_file("@a.txt").is_some());
        assert!(allow_file("@example.com").is_none() && allow_file("a.txt").is_none());
    }
}
