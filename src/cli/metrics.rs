//! The counts of a run as Prometheus text: `--metrics-file`, written whole or not at all, and
//! `--metrics-listen`.
//!
//! Format: Prometheus text exposition format 0.0.4. Labels hold types, rules and actions, never a
//! value, so that their number is bounded.

mod listen;

use std::fmt::{Display, Write as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(super) use listen::Listener;

use super::output::temporary_beside;
use super::version::VERSION;
use crate::error::Error;
use crate::rules::{self, RULESET};
use crate::scan::Scanner;
use crate::stream::Summary;

/// Permissions of the file: others read it, such as the node exporter.
const FILE_MODE: u32 = 0o644;

/// What happened beside redacting.
#[derive(Debug, Clone, Default)]
pub(super) struct Events {
    /// Inputs and outputs that failed.
    pub errors: u64,
    /// Policies taken on and refused while running.
    pub reloads: u64,
    pub reloads_refused: u64,
    /// When the policy was last taken on.
    pub last_reload: Option<SystemTime>,
    /// Time spent in writing to the output.
    pub blocked: Duration,
    /// True once the run has ended well.
    pub ended: bool,
}

/// The file of a run's metrics.
pub(super) struct MetricsFile {
    path: PathBuf,
}

impl MetricsFile {
    /// The file at `path`; nothing is written yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }
    /// Replaces the file by the counts of now.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn write(&self, scanner: &Scanner, summary: &Summary, events: &Events) -> Result<(), Error> {
        let text = text(scanner, summary, events);
        let write = || {
            let mut file = temporary_beside(&self.path, FILE_MODE)?;
            file.write_all(text.as_bytes())?;
            file.persist(&self.path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error| Error::io(format!("can't write {}", self.path.display()), error))
    }
}

struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }
    fn row(&mut self, name: &str, labels: &str, value: impl Display) {
        let _ = match labels {
            "" => writeln!(self.0, "{name} {value}"),
            _ => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }
    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.head(name, kind, help);
        self.row(name, "", value);
    }
}

/// A label's value: backslash, quote and line feed are escaped.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn text(scanner: &Scanner, summary: &Summary, events: &Events) -> String {
    let policy = scanner.policy();
    let mut page = Page(String::new());
    page.head("logveil_build_info", "gauge", "Version, ruleset and kernel; always 1.");
    let build = format!(
        "version=\"{VERSION}\",ruleset=\"{RULESET}\",kernel=\"{}\"",
        escaped(scanner.kernel().name())
    );
    page.row("logveil_build_info", &build, 1);
    page.head("logveil_policy_info", "gauge", "Digest of the policy in use; always 1.");
    let mode = if policy.is_all_shadow() { "shadow" } else { "enforce" };
    page.row("logveil_policy_info", &format!("digest=\"{}\",mode=\"{mode}\"", scanner.policy_digest()), 1);
    let counters = [
        ("logveil_records_total", "Records read.", summary.records),
        ("logveil_bytes_in_total", "Bytes read, after decompression.", summary.bytes_in),
        ("logveil_bytes_out_total", "Bytes written.", summary.bytes_out),
        ("logveil_withheld_records_total", "Records withheld, whole or in part.", summary.withheld_records),
        ("logveil_withheld_bytes_total", "Bytes withheld.", summary.withheld_bytes),
        ("logveil_dropped_records_total", "Records dropped by the policy.", summary.dropped_records),
        ("logveil_forbidden_total", "Findings of types that the policy forbids.", summary.forbidden),
        ("logveil_shadow_total", "Findings in shadow: counted and left as they were.", summary.shadowed),
        ("logveil_errors_total", "Inputs and outputs that failed.", events.errors),
    ];
    for (name, help, value) in counters {
        page.one(name, "counter", help, value);
    }
    page.head("logveil_findings_total", "counter", "Findings by type and the type's action.");
    for kind in policy.types().filter(|kind| policy.is_enabled(*kind)) {
        let labels = format!(
            "type=\"{}\",action=\"{}\"",
            escaped(policy.type_id(kind)),
            escaped(&policy.action(kind).to_string())
        );
        page.row("logveil_findings_total", &labels, summary.found(kind));
    }
    page.head("logveil_action_findings_total", "counter", "Findings by what was done with them.");
    // `hash` is another name of `token`
    for (name, count) in summary.by_action().filter(|(name, _)| *name != "hash") {
        page.row("logveil_action_findings_total", &format!("action=\"{name}\""), count);
    }
    page.head("logveil_rule_findings_total", "counter", "Findings by rule; user packs' rules as `user`.");
    let names = rules::rule_names().chain(["user"]);
    for (name, count) in names.zip(summary.found_by_rule()).filter(|(_, count)| *count > 0) {
        page.row("logveil_rule_findings_total", &format!("rule=\"{name}\""), count);
    }
    page.one(
        "logveil_output_blocked_seconds_total",
        "counter",
        "Seconds spent in writing to the output.",
        format_args!("{:.6}", events.blocked.as_secs_f64()),
    );
    page.head("logveil_reloads_total", "counter", "Reloads of the policy while running.");
    page.row("logveil_reloads_total", "result=\"taken\"", events.reloads);
    page.row("logveil_reloads_total", "result=\"refused\"", events.reloads_refused);
    page.one(
        "logveil_last_reload_timestamp_seconds",
        "gauge",
        "When the policy was last reloaded; 0 is never.",
        seconds(events.last_reload),
    );
    page.one(
        "logveil_written_timestamp_seconds",
        "gauge",
        "When this page was written.",
        seconds(Some(SystemTime::now())),
    );
    page.one("logveil_up", "gauge", "1 while the run goes on, 0 once it has ended.", u8::from(!events.ended));
    page.0
}

fn seconds(at: Option<SystemTime>) -> u64 {
    at.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn the_page_has_every_count_and_no_value() {
        let scanner = Scanner::new(&Policy::default()).unwrap();
        let mut summary = Summary { records: 7, forbidden: 2, ..Summary::default() };
        summary.findings[crate::TypeId::EMAIL.index()] = 3;
        let page = text(&scanner, &summary, &Events { errors: 1, ..Events::default() });
        for row in [
            "logveil_records_total 7\n",
            "logveil_forbidden_total 2\n",
            "logveil_errors_total 1\n",
            "logveil_findings_total{type=\"email\",action=\"label\"} 3\n",
            "logveil_findings_total{type=\"card\",action=\"label\"} 0\n",
            "logveil_up 1\n",
        ] {
            assert!(page.contains(row), "{row}{page}");
        }
        let names: Vec<&str> = page.lines().filter(|line| line.starts_with("# TYPE")).collect();
        let mut once = names.clone();
        once.dedup();
        assert_eq!(names, once);
        assert!(page.lines().all(|line| line.starts_with('#') || line.rsplit_once(' ').is_some()));
        assert_eq!(escaped("a\"b\\\n"), "a\\\"b\\\\\\n");
    }
}
