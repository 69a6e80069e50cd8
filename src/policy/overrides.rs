//! What the environment and the command line say on top of a policy file.

use std::path::PathBuf;

use crate::error::Error;
use crate::finding::{Group, TypeId};
use crate::pack::text::Source;
use crate::policy::print::quoted;
use crate::policy::{JsonNumbers, Mode, Policy, TokenSettings};

/// Settings of one run. Everything is optional; [`Overrides::policy`] puts them over the file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `-p`: a built-in name or a file.
    pub policy: Option<String>,
    /// `--patterns`: rule packs.
    pub patterns: Vec<PathBuf>,
    /// `--only`: types, groups, `tag:NAME`; commas separate several.
    pub only: Vec<String>,
    /// `--skip`: the same.
    pub skip: Vec<String>,
    /// `--action`: `TYPE=ACTION`.
    pub actions: Vec<String>,
    /// `--set`: `KEY=VALUE`, such as `email.action=mask`.
    pub set: Vec<String>,
    /// `--allow`: entries of the allow-list, `@FILE` included.
    pub allow: Vec<String>,
    /// `--forbid`: types that must not be there.
    pub forbidden: Vec<String>,
    /// `--region`.
    pub region: Option<String>,
    /// `--line-format`.
    pub line_format: Option<String>,
    /// `--json-numbers`.
    pub json_numbers: Option<String>,
    /// `--shadow`.
    pub shadow: bool,
    /// `--strict`.
    pub strict: bool,
}

/// The environment variables that stand between file and flags.
pub const VARIABLES: [(&str, &str); 8] = [
    ("LOGVEIL_POLICY", "the policy, as `-p`"),
    ("LOGVEIL_PATTERNS", "rule packs, separated by `:`, as `--patterns`"),
    ("LOGVEIL_ONLY", "as `--only`"),
    ("LOGVEIL_SKIP", "as `--skip`"),
    ("LOGVEIL_ACTION", "as `--action`, separated by commas"),
    ("LOGVEIL_ALLOW", "as `--allow`, separated by commas"),
    ("LOGVEIL_REGION", "as `--region`"),
    ("LOGVEIL_JSON_NUMBERS", "as `--json-numbers`"),
];

impl Overrides {
    /// What the environment says; `read` gives a variable's value.
    pub fn from_environment(read: &dyn Fn(&str) -> Option<String>) -> Self {
        let list = |name: &str| match read(name).filter(|value| !value.is_empty()) {
            Some(value) => value.split(',').map(|item| item.trim().to_owned()).collect(),
            None => Vec::new(),
        };
        let one = |name: &str| read(name).filter(|value| !value.is_empty());
        Self {
            policy: one("LOGVEIL_POLICY"),
            patterns: one("LOGVEIL_PATTERNS")
                .map_or_else(Vec::new, |value| std::env::split_paths(&value).collect()),
            only: list("LOGVEIL_ONLY"),
            skip: list("LOGVEIL_SKIP"),
            actions: list("LOGVEIL_ACTION"),
            allow: list("LOGVEIL_ALLOW"),
            region: one("LOGVEIL_REGION"),
            json_numbers: one("LOGVEIL_JSON_NUMBERS"),
            ..Self::default()
        }
    }

    /// The effective policy: defaults, then the file and what it extends, then the environment,
    /// then these flags.
    ///
    /// # Errors
    /// A file, pack, name or value that can't be used; see [`Policy::load`].
    pub fn policy(&self, environment: &Overrides) -> Result<Policy, Error> {
        let name = self.policy.as_deref().or(environment.policy.as_deref()).unwrap_or("default");
        let mut policy = Policy::load(name)?;
        environment.apply(&mut policy, Some("environment"))?;
        self.apply(&mut policy, None)?;
        Ok(policy)
    }

    fn apply(&self, policy: &mut Policy, variable: Option<&str>) -> Result<(), Error> {
        let from = |flag: &str| variable.map_or_else(|| flag.to_owned(), str::to_owned);
        for path in &self.patterns {
            policy.add_pack(path)?;
        }
        let list = |items: &[String]| {
            let items: Vec<String> =
                items.iter().flat_map(|item| item.split(',')).map(|item| quoted(item.trim())).collect();
            format!("[{}]", items.join(", "))
        };
        let mut lay = |flag: &str, text: String| {
            policy
                .overlay(&Source { name: from(flag), text, is_file: false })
                .map_err(|error| Error::usage(error.to_string()))
        };
        if !self.only.is_empty() {
            lay("--only", format!("only = {}", list(&self.only)))?;
        }
        for item in self.skip.iter().flat_map(|item| item.split(',')) {
            lay("--skip", format!("{} = false", row_key(item.trim(), "enabled")))?;
        }
        for item in &self.actions {
            let Some((selector, action)) = item.split_once('=') else {
                return Err(Error::usage("--action takes TYPE=ACTION, such as email=mask"));
            };
            lay("--action", format!("{} = {}", row_key(selector, "action"), quoted(action)))?;
        }
        for item in &self.set {
            lay("--set", assignment(item)?)?;
        }
        if !self.allow.is_empty() {
            let items: Vec<String> = self.allow.iter().map(|item| quoted(item)).collect();
            lay("--allow", format!("allow = [{}]", items.join(", ")))?;
        }
        if !self.forbidden.is_empty() {
            lay("--forbid", format!("forbidden = {}", list(&self.forbidden)))?;
        }
        let scalars = [
            ("region", &self.region),
            ("line_format", &self.line_format),
            ("json_numbers", &self.json_numbers),
        ];
        for (key, value) in scalars {
            if let Some(value) = value {
                lay(&format!("--{}", key.replace('_', "-")), format!("{key} = {}", quoted(value)))?;
            }
        }
        if self.shadow {
            lay("--shadow", format!("mode = {}", quoted(Mode::Shadow.id())))?;
        }
        if self.strict {
            lay("--strict", "strict = true".into())?;
        }
        if self.shadow {
            // Places and conditions that enforce something must not, either.
            policy.put_in_shadow();
        }
        Ok(())
    }

    /// Reads `--json-numbers`.
    ///
    /// # Errors
    /// Anything but `quote`, `null` or `zero` (`is_usage`).
    pub fn parse_json_numbers(text: &str) -> Result<JsonNumbers, Error> {
        JsonNumbers::from_id(text).ok_or_else(|| Error::usage("--json-numbers takes quote, null or zero"))
    }
}

/// The dotted key of a type's or a group's setting; a tag or `*` is written as a group is.
fn row_key(selector: &str, key: &str) -> String {
    let table = if Group::from_id(selector).is_some() || selector == "*" { "groups" } else { "types" };
    format!("{table}.{}.{key}", quoted(selector))
}

/// `email.action=mask` as a line of TOML. The part after the last `.` of the left side is a
/// setting, the part before it a type, group, `*` or `tag:NAME`, or one of the policy's own tables.
fn assignment(text: &str) -> Result<String, Error> {
    let usage = || Error::usage("--set takes KEY=VALUE, such as email.action=mask or region=DE");
    let (key, value) = text.split_once('=').ok_or_else(usage)?;
    let (key, value) = (key.trim(), value.trim());
    let is_toml = toml::from_str::<toml::Table>(&format!("x = {value}")).is_ok();
    let value = if is_toml { value.to_owned() } else { quoted(value) };
    let tables = ["types", "groups", "rules", "paths", "query", "cookies", "headers"];
    let key = match key.rsplit_once('.') {
        None if key.is_empty() => return Err(usage()),
        None if TypeId::from_id(key).is_some() || Group::from_id(key).is_some() => return Err(usage()),
        None => key.to_owned(),
        Some((head, setting)) => match head.split_once('.') {
            Some((table, name)) if tables.contains(&table) => {
                format!("{table}.{}.{setting}", quoted(name.trim_matches('"')))
            }
            // `token` is a type too, whose settings have other names.
            _ if head == "token" && TokenSettings::KEYS.contains(&setting) => format!("token.{setting}"),
            _ => row_key(head, setting),
        },
    };
    Ok(format!("{key} = {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Action;

    fn flags(change: impl FnOnce(&mut Overrides)) -> Result<Policy, Error> {
        let mut overrides = Overrides::default();
        change(&mut overrides);
        overrides.policy(&Overrides::default())
    }

    #[test]
    fn set_changes_one_value() {
        let policy = flags(|flags| {
            flags.set = [
                "email.action=mask:4",
                "network.enabled=false",
                "*.severity=low",
                "region=DE",
                "paths.user.id.action=keep",
            ]
            .map(str::to_owned)
            .to_vec();
        })
        .unwrap();
        assert_eq!(policy.action(TypeId::EMAIL), &Action::parse("mask:4").unwrap());
        assert!(!policy.is_enabled(TypeId::IPV4));
        assert_eq!(policy.region(), Some("DE"));
        assert!(policy.places.titles().any(|(title, _)| title == "paths.\"user.id\""));
        assert!(policy.to_toml(true).contains("# --set"));
        for wrong in [
            "",
            "=",
            "email=mask",
            "network=mask",
            "email.action",
            "emial.action=mask",
            "email.acton=mask",
            "email.action=msk",
            "regon=DE",
        ] {
            let error = flags(|flags| flags.set = vec![wrong.to_owned()]).unwrap_err();
            assert!(error.is_usage(), "{wrong}: {error}");
        }
    }

    #[test]
    fn flags_win_over_the_environment() {
        let environment = Overrides::from_environment(&|name| match name {
            "LOGVEIL_ONLY" => Some("payment, email".into()),
            "LOGVEIL_REGION" => Some("US".into()),
            _ => None,
        });
        let flags =
            Overrides { region: Some("DE".into()), skip: vec!["iban,bank".into()], ..Overrides::default() };
        let policy = flags.policy(&environment).unwrap();
        let on: Vec<_> = policy.types().filter(|kind| policy.is_enabled(*kind)).collect();
        assert_eq!(on, [TypeId::EMAIL, TypeId::CARD]);
        assert_eq!(policy.region(), Some("DE"));
        assert_eq!(policy.origins["region"], "--region");
        assert_eq!(policy.origins["types.email.enabled"], "environment");
    }
}
