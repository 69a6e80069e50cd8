//! The counts of a run, for people and as JSON.

use std::fmt::Write;
use std::time::Duration;

use super::json::Json;
use crate::policy::Policy;
use crate::rules::RULESET;
use crate::stream::Summary;

/// The counts of a run and what it ran with.
#[derive(Debug)]
pub struct Stats<'a> {
    /// The counts.
    pub summary: &'a Summary,
    /// Wall time of the run.
    pub elapsed: Duration,
    /// The kernel's name.
    pub kernel: &'a str,
    /// Worker threads.
    pub threads: usize,
    /// The effective policy's digest, if it has one.
    pub policy_digest: Option<String>,
    /// True if nothing is acted on: the output is the input.
    pub shadow: bool,
    /// Names and counts of the types that were found.
    pub findings: Vec<(String, u64)>,
}

/// The types that were found, with their counts.
pub fn found_types(policy: &Policy, summary: &Summary) -> Vec<(String, u64)> {
    let counts = policy.types().map(|t| (policy.type_id(t).to_owned(), summary.found(t)));
    counts.filter(|(_, count)| *count > 0).collect()
}

impl Stats<'_> {
    fn mib_per_second(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64().max(1e-9);
        self.summary.bytes_in as f64 / f64::from(1 << 20) / seconds
    }
    /// A few lines for people.
    pub fn text(&self) -> String {
        let s = self.summary;
        let mut text = String::new();
        if self.shadow {
            text.push_str("SHADOW: nothing was redacted\n");
        }
        let _ = writeln!(
            text,
            "{} records, {} bytes in, {} bytes out, {:.3} s, {:.1} MiB/s",
            s.records,
            s.bytes_in,
            s.bytes_out,
            self.elapsed.as_secs_f64(),
            self.mib_per_second()
        );
        let _ = writeln!(text, "{} findings", s.found_in_all());
        for (name, count) in &self.findings {
            let _ = writeln!(text, "  {name:<14} {count}");
        }
        let _ = writeln!(text, "{} records withheld ({} bytes)", s.withheld_records, s.withheld_bytes);
        for (what, count) in [
            ("records dropped", s.dropped_records),
            ("forbidden findings", s.forbidden),
            ("findings in shadow, left as they were", s.shadowed),
        ] {
            if count > 0 {
                let _ = writeln!(text, "{count} {what}");
            }
        }
        text
    }
    /// One JSON object.
    pub fn json(&self) -> String {
        let s = self.summary;
        let mut json = Json::new();
        json.open(None, '{')
            .string("version", env!("CARGO_PKG_VERSION"))
            .string("ruleset", RULESET)
            .string("kernel", self.kernel)
            .number("threads", self.threads)
            .string("mode", if self.shadow { "shadow" } else { "enforce" });
        match &self.policy_digest {
            Some(digest) => json.string("policy_digest", digest),
            None => json.number("policy_digest", "null"),
        };
        json.number("records", s.records)
            .number("bytes_in", s.bytes_in)
            .number("bytes_out", s.bytes_out)
            .number("seconds", format_args!("{:.6}", self.elapsed.as_secs_f64()))
            .number("mib_per_second", format_args!("{:.3}", self.mib_per_second()))
            .number("found", s.found_in_all())
            .open(Some("findings"), '{');
        for (name, count) in &self.findings {
            json.number(name, count);
        }
        json.close('}')
            .number("withheld_records", s.withheld_records)
            .number("withheld_bytes", s.withheld_bytes)
            .number("dropped_records", s.dropped_records)
            .number("forbidden", s.forbidden)
            .number("shadow", s.shadowed)
            .close('}');
        json.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::TypeId;

    #[test]
    fn counts_are_told_in_both_forms() {
        let mut summary = Summary { records: 2, bytes_in: 1 << 20, bytes_out: 5, ..Summary::default() };
        summary.findings[TypeId::EMAIL.index()] = 3;
        let stats = Stats {
            summary: &summary,
            elapsed: Duration::from_secs(2),
            kernel: "scalar",
            threads: 1,
            policy_digest: None,
            shadow: false,
            findings: found_types(&Policy::default(), &summary),
        };
        let text = stats.text();
        assert!(text.contains("2 records, 1048576 bytes in, 5 bytes out, 2.000 s, 0.5 MiB/s"), "{text}");
        assert!(text.contains("  email          3"), "{text}");
        let json = stats.json();
        assert!(json.contains(r#""found":3,"findings":{"email":3},"withheld_records":0"#), "{json}");
        assert!(
            json.contains(r#""policy_digest":null"#) && json.contains(r#""mib_per_second":0.500"#),
            "{json}"
        );
    }
}
