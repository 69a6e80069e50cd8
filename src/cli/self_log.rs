//! `--self-log`: what a run says of itself on standard error, as text or JSON; never input bytes.

use std::io::Write;
use std::time::Instant;

use super::args::SelfLog;
use super::message::{QUIET, complain, speak_json};
use super::version::VERSION;
use crate::report::{Json, found_types};
use crate::rules::RULESET;
use crate::scan::Scanner;
use crate::stream::Summary;

/// The start line, the end line and events between.
pub(super) struct Log {
    form: Option<SelfLog>,
    begun: Instant,
    /// Forbidden findings that were told, and when.
    told: Option<(Instant, u64)>,
}

impl Log {
    pub fn new(form: Option<SelfLog>) -> Self {
        if form == Some(SelfLog::Json) {
            speak_json();
        }
        Self { form, begun: Instant::now(), told: None }
    }

    /// Version, kernel, ruleset, policy digest and types.
    pub fn start(&self, scanner: &Scanner) {
        let policy = scanner.policy();
        let types: Vec<&str> =
            policy.types().filter(|kind| policy.is_enabled(*kind)).map(|kind| policy.type_id(kind)).collect();
        let (kernel, digest) = (scanner.kernel().name(), scanner.policy_digest());
        match self.form {
            None => {}
            Some(SelfLog::Text) => complain(&format_args!(
                "start version={VERSION} kernel={kernel} ruleset={RULESET} policy={digest} types={}",
                types.join(",")
            )),
            Some(SelfLog::Json) => {
                let mut json = Json::new();
                json.open(None, '{').string("event", "start").string("version", VERSION);
                json.string("kernel", kernel).string("ruleset", RULESET).string("policy_digest", digest);
                json.strings("types", types.into_iter().map(Into::into)).close('}');
                put(json);
            }
        }
    }

    /// Counts, and how the run ended.
    pub fn end(&self, scanner: &Scanner, summary: &Summary, code: u8) {
        let found = summary.found_in_all();
        let seconds = self.begun.elapsed().as_secs_f64();
        match self.form {
            None => {}
            Some(SelfLog::Text) => complain(&format_args!(
                "end records={} bytes_in={} bytes_out={} found={found} withheld={} forbidden={} shadow={} seconds={seconds:.3} exit={code}",
                summary.records,
                summary.bytes_in,
                summary.bytes_out,
                summary.withheld_records,
                summary.forbidden,
                summary.shadowed,
            )),
            Some(SelfLog::Json) => {
                let mut json = Json::new();
                json.open(None, '{').string("event", "end").number("records", summary.records);
                json.number("bytes_in", summary.bytes_in).number("bytes_out", summary.bytes_out);
                json.number("found", found).open(Some("findings"), '{');
                for (name, count) in found_types(scanner.policy(), summary) {
                    json.number(&name, count);
                }
                json.close('}').number("withheld_records", summary.withheld_records);
                json.number("forbidden", summary.forbidden).number("shadow", summary.shadowed);
                json.number("seconds", format_args!("{seconds:.3}")).number("exit", code).close('}');
                put(json);
            }
        }
    }

    /// When forbidden findings that were held back are to be told.
    pub fn owes(&self, summary: &Summary) -> Option<Instant> {
        let (at, told) = self.told?;
        (summary.forbidden > told).then(|| at + QUIET)
    }

    /// Forbidden findings since the last report: at once for the first, then every ten seconds, and
    /// `at_end` whatever is left.
    pub fn forbidden(&mut self, scanner: &Scanner, summary: &Summary, at_end: bool) {
        let (last, told) = self.told.map_or((None, 0), |(at, told)| (Some(at), told));
        let is_quiet = last.is_some_and(|at| at.elapsed() < QUIET);
        if summary.forbidden <= told || (is_quiet && !at_end) {
            return;
        }
        self.told = Some((Instant::now(), summary.forbidden));
        let policy = scanner.policy();
        let types: Vec<String> = policy
            .types()
            .filter(|kind| policy.is_forbidden(*kind) && summary.found(*kind) > 0)
            .map(|kind| policy.type_id(kind).to_owned())
            .collect();
        let more = summary.forbidden - told;
        match self.form {
            Some(SelfLog::Json) => {
                let mut json = Json::new();
                json.open(None, '{').string("event", "forbidden").number("found", more);
                json.strings("types", types.into_iter().map(Into::into)).close('}');
                put(json);
            }
            _ => complain(&format_args!(
                "forbidden data was found and redacted: {more}{} of {}",
                if told > 0 { " more" } else { "" },
                types.join(", ")
            )),
        }
    }
}

fn put(json: Json) {
    let _ = writeln!(std::io::stderr().lock(), "{}", json.finish());
}
