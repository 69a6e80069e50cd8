//! A policy file as it is written: every key optional, unknown keys refused.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// Text with its place in the file.
pub(super) type Text = Spanned<String>;

/// A policy: what is looked for, what happens to it, and where.
///
/// Every key is optional. What a policy leaves out comes from what it extends, or from the
/// built-in policy `default`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "logveil policy")]
pub(super) struct RawPolicy {
    /// One sentence for people: what the policy is for.
    pub description: Option<String>,
    /// Policies to start from: built-in names, or files relative to this one. What any of them
    /// looks for is looked for; where they set the same thing, the last one wins.
    #[schemars(with = "Option<Vec<String>>")]
    pub extends: Option<Vec<Text>>,
    /// Look only for these types, groups or `tag:NAME` (of types or of single rules); everything else
    /// is off.
    #[schemars(with = "Option<Vec<String>>")]
    pub only: Option<Vec<Text>>,
    /// Settings of a type, by its id.
    #[schemars(with = "BTreeMap<String, RawRow>")]
    pub types: BTreeMap<Text, RawRow>,
    /// Settings of all types of a group, or of all (`"*"`). A type's own settings win.
    #[schemars(with = "BTreeMap<String, RawRow>")]
    pub groups: BTreeMap<Text, RawRow>,
    /// Settings of a single rule, built in or of a pack, by its id such as `national-id/us-ssn`.
    #[schemars(with = "BTreeMap<String, RawRule>")]
    pub rules: BTreeMap<Text, RawRule>,
    /// Settings of a key path such as `user.email` or `**.token`.
    #[schemars(with = "BTreeMap<String, RawPlace>")]
    pub paths: BTreeMap<Text, RawPlace>,
    /// Settings of a query parameter, by its name.
    #[schemars(with = "BTreeMap<String, RawPlace>")]
    pub query: BTreeMap<Text, RawPlace>,
    /// Settings of a cookie, by its name.
    #[schemars(with = "BTreeMap<String, RawPlace>")]
    pub cookies: BTreeMap<Text, RawPlace>,
    /// Settings of a header, by its name.
    #[schemars(with = "BTreeMap<String, RawPlace>")]
    pub headers: BTreeMap<Text, RawPlace>,
    /// What is left alone: values, CIDR networks, `@private` `@link-local` `@cgnat` `@doc`,
    /// `@example.com` for a domain and its subdomains, `/regex/` for a whole value, and
    /// `@./FILE` for a file with one entry a line.
    #[schemars(with = "Option<Vec<String>>")]
    pub allow: Option<Vec<Text>>,
    /// Types that must not be there at all: redacted as always, counted, and exit code 4.
    #[schemars(with = "Option<Vec<String>>")]
    pub forbidden: Option<Vec<Text>>,
    /// The region that national phone numbers are read in: two letters such as `DE`.
    #[schemars(with = "Option<String>")]
    pub region: Option<Text>,
    /// How lines are built: nginx `log_format`, Apache `LogFormat`, `{ip} – {time} – …`, or a name:
    /// `combined`, `common`, `vhost-combined`, `nginx-error`, `logback`, `tracker`.
    #[schemars(with = "Option<String>")]
    pub line_format: Option<Text>,
    /// How numbers in JSON are replaced: `quote`, `null` or `zero`.
    #[schemars(with = "Option<String>")]
    pub json_numbers: Option<Text>,
    /// `enforce`, or `shadow` to count and report only.
    #[schemars(with = "Option<String>")]
    pub mode: Option<Text>,
    /// Values that look like our own tokens must verify everywhere; what does not is replaced.
    pub strict: Option<bool>,
    /// The detection rules to hold on to, such as `2026.11`: newer rules and rows of data run in shadow.
    #[schemars(with = "Option<String>")]
    pub ruleset: Option<Text>,
    /// `hup`, or `poll:5s` to look for changes of the file as well.
    #[schemars(with = "Option<String>")]
    pub reload: Option<Text>,
    /// How tokens are made and where their keys come from.
    pub token: Option<RawToken>,
    /// Rule packs, relative to this file.
    #[schemars(with = "Option<Vec<String>>")]
    pub patterns: Option<Vec<Text>>,
    /// Other policies for records that meet a condition; the first that holds is used.
    pub when: Option<Vec<RawWhen>>,
    /// Lines that prove the policy.
    pub test: Option<Vec<RawTest>>,
}

/// How tokens are made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawToken {
    /// Bits of a one-way token: 64, 80 (the default), 96 or 128.
    #[schemars(with = "Option<u16>")]
    pub bits: Option<Spanned<u16>>,
    /// Bits of a one-way token of a card: 64, 80, 96 or 128 (the default).
    #[schemars(with = "Option<u16>")]
    pub card_bits: Option<Spanned<u16>>,
    /// The domains that `token:email-domain` keeps; their subdomains are not meant.
    pub email_domains: Option<Vec<String>>,
    /// A program and its arguments that print the key ring, such as `["age", "-d", "ring.age"]`.
    #[schemars(with = "Option<Vec<String>>")]
    pub key_command: Option<Spanned<Vec<String>>>,
    /// Who receives the tokens: recipients can't link their copies.
    pub audience: Option<String>,
    /// Whose logs they are: another tenant has other tokens for the same values.
    pub tenant: Option<String>,
    /// The epoch whose key makes the tokens, to repeat a run.
    pub epoch: Option<u32>,
    /// The file of the public key that `token:sealed` seals values to, relative to this file.
    pub seal_to: Option<String>,
    /// The file of a suppression list (`logveil subject suppress` makes it), relative to this file: who
    /// is on it becomes `[… ERASED]`, whatever the action.
    pub suppress: Option<String>,
}

/// What can be set for a type or a group.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRow {
    /// Whether it is looked for.
    pub enabled: Option<bool>,
    /// `label`, `placeholder`, `mask[:N]`, `truncate`, `generalise[:N]`, `remove`, `drop-record`,
    /// `keep`, `token[:FORM]`, or `hash`, which is `token` (none is without a key). The number of `generalise` is decimals of a position, prefix
    /// bits of an address, seconds of a time. Forms of `token` are `reversible`, `ip`, `ip-prefix`
    /// (single-hop: the output must not be redacted again), `card`, `email-domain` and `sealed`.
    #[schemars(with = "Option<String>")]
    pub action: Option<Text>,
    /// The least confidence that is accepted, 0 to 100.
    #[schemars(with = "Option<u8>", range(max = 100))]
    pub min_confidence: Option<Spanned<u8>>,
    /// `low`, `medium`, `high` or `critical`.
    #[schemars(with = "Option<String>")]
    pub severity: Option<Text>,
    /// `enforce` or `shadow`.
    #[schemars(with = "Option<String>")]
    pub mode: Option<Text>,
    /// Your own tags, to select by as `tag:NAME`.
    pub tags: Option<Vec<String>>,
}

/// What can be set for a single rule.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRule {
    /// Whether the rule runs.
    pub enabled: Option<bool>,
    /// `enforce` or `shadow`.
    #[schemars(with = "Option<String>")]
    pub mode: Option<Text>,
    /// Your own tags, to select by as `tag:NAME`.
    pub tags: Option<Vec<String>>,
}

/// What can be set for a path, query parameter, cookie or header.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPlace {
    /// False: nothing is found there. True: types that are off elsewhere are on there.
    pub enabled: Option<bool>,
    /// The whole value is one finding of this type, whatever it looks like.
    #[serde(rename = "type")]
    #[schemars(with = "Option<String>")]
    pub kind: Option<Text>,
    /// As for types.
    #[schemars(with = "Option<String>")]
    pub action: Option<Text>,
    /// The least confidence that is accepted there, 0 to 100.
    #[schemars(with = "Option<u8>", range(max = 100))]
    pub min_confidence: Option<Spanned<u8>>,
    /// `low`, `medium`, `high` or `critical`.
    #[schemars(with = "Option<String>")]
    pub severity: Option<Text>,
    /// `enforce` or `shadow`.
    #[schemars(with = "Option<String>")]
    pub mode: Option<Text>,
}

/// A condition on a record, and the policy to use for it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWhen {
    /// A field: a key path, `headers.NAME`, `cookies.NAME` or `query.NAME`.
    #[schemars(with = "Option<String>")]
    pub path: Option<Text>,
    /// A slot of `line_format`, by its name; instead of a path.
    #[schemars(with = "Option<String>")]
    pub slot: Option<Text>,
    /// The value the field or slot must have, or a list of them.
    pub equals: Option<OneOrMany>,
    /// A regex that must match the whole value of the field or slot.
    #[schemars(with = "Option<String>")]
    pub matches: Option<Text>,
    /// The shape of the record: `json`, `clf`, `syslog`, `logfmt` or `text`.
    #[schemars(with = "Option<String>")]
    pub shape: Option<Text>,
    /// A built-in policy or a file.
    #[serde(rename = "use")]
    #[schemars(with = "String")]
    pub policy: Text,
}

/// One value or several.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// A line that proves the policy: how it must come out, or what must be found in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTest {
    /// One record without its line end.
    #[schemars(with = "String")]
    pub line: Text,
    /// The redacted record.
    pub expect: Option<String>,
    /// The type ids that are found, in order.
    pub finds: Option<Vec<String>>,
}
