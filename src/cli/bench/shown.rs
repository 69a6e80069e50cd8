//! What was measured, as text for people and as JSON.

use super::measure::Measured;
use crate::report::Json;
use crate::scan::Scanner;

impl Measured {
    /// Lines for people.
    pub fn text(&self, name: &str, scanner: &Scanner, threads: usize) -> String {
        let (lines, found) = (self.summary.records.max(1) as f64, self.summary.found_in_all() as f64);
        let whole = self.whole.cpu.as_secs_f64().max(1e-9);
        let mut text = format!(
            "{name}: {:.0} MiB/s, {:.0} lines/s, {:.0} findings/s of one core ({} bytes, {:.0} bytes and {:.2} findings a line, {:.1} candidates a KiB, kernel {})\n  memcpy {:.0}, classify {:.0}, scan {:.0}, whole {:.0} (by the wall {:.0}) MiB/s\n  pipeline {:.0} MiB/s of processor time, {:.0} by the wall, {threads} thread{}",
            self.whole.rate(self.bytes),
            lines / whole,
            found / whole,
            self.bytes,
            self.bytes as f64 / lines,
            found / lines,
            self.candidates as f64 * 1024.0 / self.bytes.max(1) as f64,
            scanner.kernel().name(),
            self.copy.rate(self.bytes),
            self.classify.rate(self.bytes),
            self.scan.rate(self.bytes),
            self.whole.rate(self.bytes),
            self.whole.wall_rate(self.bytes),
            self.pipeline.rate(self.bytes),
            self.pipeline.wall_rate(self.bytes),
            if threads == 1 { "" } else { "s" },
        );
        if let Some(t) = &self.threads {
            text += &format!("\n  beside one thread: processor time {}, speed by the wall {}", t.cpu, t.wall);
        }
        if let Some(b) = &self.baseline {
            text += &format!(
                "\n  baseline {:.0} MiB/s ({} matches), by the wall {:.0}; ratio in memory {}; pipeline {}",
                b.spent.rate(self.bytes),
                b.found,
                b.spent.wall_rate(self.bytes),
                b.whole,
                b.pipeline,
            );
        }
        text
    }

    /// One JSON object. `seconds` are of processor time.
    pub fn json(&self, name: &str, scanner: &Scanner, threads: usize) -> String {
        let ratio = |value: f64| format!("{value:.3}");
        let mib = |value: f64| format!("{value:.1}");
        let mut json = Json::new();
        json.open(None, '{')
            .string("corpus", name)
            .string("kernel", scanner.kernel().name())
            .number("threads", threads)
            .number("bytes", self.summary.bytes_in)
            .number("records", self.summary.records)
            .number("found", self.summary.found_in_all())
            .number("candidates", self.candidates)
            .number("seconds", format_args!("{:.6}", self.whole.cpu.as_secs_f64()))
            .number("wall_seconds", format_args!("{:.6}", self.whole.wall.as_secs_f64()))
            .number("mib_per_second", mib(self.whole.rate(self.bytes)))
            .number("memcpy_mib_per_second", mib(self.copy.rate(self.bytes)))
            .number("classify_mib_per_second", mib(self.classify.rate(self.bytes)))
            .number("scan_mib_per_second", mib(self.scan.rate(self.bytes)))
            .number("pipeline_mib_per_second", mib(self.pipeline.rate(self.bytes)))
            .number("pipeline_wall_mib_per_second", mib(self.pipeline.wall_rate(self.bytes)));
        if let Some(t) = &self.threads {
            json.number("threads_cpu_ratio", ratio(t.cpu.median))
                .number("threads_wall_ratio", ratio(t.wall.median));
        }
        if let Some(b) = &self.baseline {
            json.number("baseline_mib_per_second", mib(b.spent.rate(self.bytes)))
                .number("baseline_found", b.found)
                .number("ratio", ratio(b.whole.median))
                .number("ratio_least", ratio(b.whole.least))
                .number("ratio_most", ratio(b.whole.most))
                .number("pipeline_ratio", ratio(b.pipeline.median));
        }
        json.close('}');
        json.finish()
    }
}
