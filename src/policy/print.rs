//! The effective policy as TOML that can be read again, with where each value came from.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::action::{Action, TokenForm};
use crate::finding::TypeId;
use crate::policy::{Override, Policy, Reload};
use crate::rules::RuleId;

/// Text as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

pub(super) fn quoted_list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

impl Policy {
    /// The effective policy as TOML; with `origins`, each value says in a comment which layer set
    /// it. Loading what is printed gives the same policy.
    pub fn to_toml(&self, origins: bool) -> String {
        let mut out = format!("# The effective policy `{}`, digest {}.\n", self.name, self.digest());
        self.print_body(&mut out, origins);
        out
    }

    /// Sixteen hex digits that change when anything in the policy changes; not a signature.
    pub fn digest(&self) -> String {
        let mut body = String::new();
        self.print_body(&mut body, false);
        for when in &self.when {
            body.push_str(&when.policy.digest());
        }
        // FNV-1a, 64 bits.
        let hash = body.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!("{hash:016x}")
    }

    /// The names of the rules that the policy says anything of.
    fn rules_of_note(&self) -> BTreeSet<String> {
        let listed = self.rules_off.iter().chain(&self.rules_in_shadow);
        let tagged = self.own_rule_tags.iter().map(|(_, rule)| rule.clone());
        listed.map(|rule| self.rule_name(*rule).to_owned()).chain(tagged).collect()
    }

    fn print_body(&self, out: &mut String, origins: bool) {
        let mut lines = Printer { out, policy: self, origins };
        lines.scalars();
        lines.out.push_str(&self.token.to_toml());
        for kind in self.types() {
            lines.row(kind);
        }
        for name in self.rules_of_note() {
            lines.rule(&name);
        }
        for (title, change) in self.places.titles() {
            lines.place(title, change);
        }
        for when in &self.when {
            let _ = write!(lines.out, "\n{}\n", when.text);
        }
        for test in &self.tests {
            let _ = write!(lines.out, "\n[[test]]\nline = {}\n", quoted(&test.line));
            if let Some(expect) = &test.expect {
                let _ = writeln!(lines.out, "expect = {}", quoted(expect));
            }
            if let Some(finds) = &test.finds {
                let _ = writeln!(lines.out, "finds = {}", quoted_list(finds));
            }
        }
    }
}

struct Printer<'p> {
    out: &'p mut String,
    policy: &'p Policy,
    origins: bool,
}

impl Printer<'_> {
    fn line(&mut self, key: &str, value: &str, origin: &str) {
        let text = format!("{key} = {value}");
        if !self.origins {
            let _ = writeln!(self.out, "{text}");
            return;
        }
        let from = self.policy.origins.get(origin).map_or("built in", String::as_str);
        let _ = writeln!(self.out, "{text:<32} # {from}");
    }

    fn scalars(&mut self) {
        let policy = self.policy;
        self.line("json_numbers", &quoted(policy.json_numbers.id()), "json_numbers");
        self.line("strict", &policy.strict.to_string(), "strict");
        if let Some(region) = policy.region() {
            self.line("region", &quoted(region), "region");
        }
        if let Some(format) = policy.line_format() {
            self.line("line_format", &quoted(format), "line_format");
        }
        if let Some(ruleset) = policy.ruleset() {
            self.line("ruleset", &quoted(ruleset), "ruleset");
        }
        if let Reload::Poll(every) = policy.reload {
            self.line("reload", &quoted(&format!("poll:{}s", every.as_secs())), "reload");
        }
        if !policy.allow.is_empty() {
            self.line("allow", &quoted_list(policy.allow.entries()), "allow");
        }
        let forbidden: Vec<&str> = policy
            .types()
            .filter(|kind| policy.is_forbidden(*kind))
            .map(|kind| policy.type_id(kind))
            .collect();
        if !forbidden.is_empty() {
            self.line("forbidden", &quoted_list(&forbidden), "forbidden");
        }
        if !policy.packs.is_empty() {
            let paths: Vec<String> =
                policy.packs.iter().map(|pack| pack.path().display().to_string()).collect();
            self.line("patterns", &quoted_list(&paths), "patterns");
        }
    }

    fn row(&mut self, kind: TypeId) {
        let policy = self.policy;
        let id = policy.type_id(kind);
        let at = kind.index();
        let _ = writeln!(self.out, "\n[types.{id}]");
        let origin = |key: &str| format!("types.{id}.{key}");
        self.warn_of(&policy.actions[at]);
        let mode = if policy.shadow[at] { "shadow" } else { "enforce" };
        self.line("enabled", &policy.enabled[at].to_string(), &origin("enabled"));
        self.line("action", &quoted(&policy.actions[at].to_string()), &origin("action"));
        self.line("min_confidence", &policy.min_confidence[at].to_string(), &origin("min_confidence"));
        self.line("severity", &quoted(policy.severity[at].id()), &origin("severity"));
        self.line("mode", &quoted(mode), &origin("mode"));
        let tags: Vec<&str> =
            policy.own_tags.iter().filter(|(_, other)| *other == kind).map(|(tag, _)| tag.as_str()).collect();
        if !tags.is_empty() {
            self.line("tags", &quoted_list(&tags), &origin("tags"));
        }
    }

    /// What the output of an action asks of those behind it.
    fn warn_of(&mut self, action: &Action) {
        if *action == Action::Token(TokenForm::IpPrefix) {
            let _ = writeln!(
                self.out,
                "# Single-hop: its tokens are addresses, so redacting the output again encrypts them again."
            );
        }
    }

    fn rule(&mut self, id: &str) {
        let policy = self.policy;
        let title = format!("rules.\"{id}\"");
        let _ = writeln!(self.out, "\n[{title}]");
        let is_in = |list: &[RuleId]| policy.rule_named(id).is_some_and(|rule| list.contains(&rule));
        if is_in(&policy.rules_off) {
            self.line("enabled", "false", &title);
        }
        if is_in(&policy.rules_in_shadow) {
            self.line("mode", "\"shadow\"", &title);
        }
        let tags: Vec<&str> =
            policy.own_rule_tags.iter().filter(|(_, rule)| rule == id).map(|(tag, _)| tag.as_str()).collect();
        if !tags.is_empty() {
            self.line("tags", &quoted_list(&tags), &title);
        }
    }

    fn place(&mut self, title: &str, change: &Override) {
        let _ = writeln!(self.out, "\n[{title}]");
        change.action.iter().for_each(|action| self.warn_of(action));
        let mut lines: Vec<(&str, String)> = Vec::new();
        lines.extend(change.enabled.map(|enabled| ("enabled", enabled.to_string())));
        lines.extend(change.kind.map(|kind| ("type", quoted(self.policy.type_id(kind)))));
        lines.extend(change.action.as_ref().map(|action| ("action", quoted(&action.to_string()))));
        lines.extend(change.min_confidence.map(|number| ("min_confidence", number.to_string())));
        lines.extend(change.severity.map(|severity| ("severity", quoted(severity.id()))));
        lines.extend(change.mode.map(|mode| ("mode", quoted(mode.id()))));
        for (key, value) in lines {
            self.line(key, &value, title);
        }
    }
}
