//! Timing as processes: `logveil redact < FILE > /dev/null` beside the baseline as a filter.

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::super::args::DetectArgs;
use super::clock::{PAIRS, Spent, Spread, middle, spent_by_children};
use crate::error::Error;
use crate::report::Json;
use crate::simd::Kernel;

/// What was measured on one corpus.
pub(super) struct Processes {
    bytes: u64,
    ours: Spent,
    theirs: Spent,
    ratio: Spread,
}

/// The options of `redact` that say the same as `detect`.
///
/// # Errors
/// Options that `--process` doesn't hand on.
pub(super) fn arguments(detect: &DetectArgs) -> Result<Vec<OsString>, Error> {
    let mut all = vec![OsString::from("redact")];
    let lists = [("--only", &detect.only), ("--skip", &detect.skip), ("--action", &detect.action)];
    let more = [("--allow", &detect.allow), ("--set", &detect.set), ("--forbid", &detect.forbid)];
    for (name, values) in lists.into_iter().chain(more) {
        values.iter().for_each(|value| all.extend([name.into(), value.into()]));
    }
    detect.patterns.iter().for_each(|path| all.extend(["--patterns".into(), path.into()]));
    for (name, value) in [("--policy", &detect.policy), ("--region", &detect.region)] {
        all.extend(value.iter().flat_map(|value| [name.into(), value.into()]));
    }
    all.extend(detect.keys.key_file.iter().flat_map(|path| ["--key-file".into(), path.into()]));
    if detect.shadow || detect.strict || detect.line_format.is_some() || detect.json_numbers.is_some() {
        return Err(Error::usage(
            "--process hands on --only, --skip, --action, --allow, --set, --forbid, --patterns, --policy, \
             --region and --key-file; leave the others out",
        ));
    }
    Ok(all)
}

/// One pair to warm up, nine that count.
///
/// # Errors
/// A temporary file or a process that can't be made, a process that fails.
pub(super) fn measure(
    bytes: &[u8],
    arguments: &[OsString],
    kernel: Kernel,
    threads: usize,
) -> Result<Processes, Error> {
    let failed = |error| Error::io("a file for the processes to read", error);
    let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    let program = std::env::current_exe().map_err(|e| Error::io("this program's own file", e))?;
    let ours = || {
        let mut command = Command::new(&program);
        command.args(arguments).arg("-j").arg(threads.to_string()).env("LOGVEIL_KERNEL", kernel.name());
        command
    };
    let theirs = || {
        let mut command = Command::new(&program);
        command.args(["bench", "--as-baseline"]);
        command
    };
    once(ours(), file.path())?;
    once(theirs(), file.path())?;
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        our_times.push(once(ours(), file.path())?);
        their_times.push(once(theirs(), file.path())?);
    }
    Ok(Processes {
        bytes: bytes.len() as u64,
        ratio: Spread::of(&their_times, &our_times, |spent| spent.cpu),
        ours: middle(&mut our_times),
        theirs: middle(&mut their_times),
    })
}

fn once(mut command: Command, input: &Path) -> Result<Spent, Error> {
    let file = File::open(input).map_err(|e| Error::io("the file for the processes", e))?;
    command.stdin(file).stdout(Stdio::null()).stderr(Stdio::inherit());
    spent_by_children(|| {
        let status = command.status().map_err(|e| Error::io("starting a process", e))?;
        // 3 and 4 tell of withheld records and forbidden types: the run is done then, too.
        match status.code() {
            Some(0 | 3 | 4) => Ok(()),
            _ => Err(Error::io("a measured process failed", std::io::ErrorKind::Other.into())),
        }
    })
}

impl Processes {
    /// A line for people.
    pub fn text(&self, name: &str, kernel: Kernel, threads: usize) -> String {
        format!(
            "{name}, process: {:.0} MiB/s of processor time, {:.0} by the wall ({} bytes, kernel {}, {threads} thread{}); baseline {:.0}, {:.0} by the wall; ratio {}",
            self.ours.rate(self.bytes),
            self.ours.wall_rate(self.bytes),
            self.bytes,
            kernel.name(),
            if threads == 1 { "" } else { "s" },
            self.theirs.rate(self.bytes),
            self.theirs.wall_rate(self.bytes),
            self.ratio,
        )
    }

    /// One JSON object.
    pub fn json(&self, name: &str, kernel: Kernel, threads: usize) -> String {
        let mib = |value: f64| format!("{value:.1}");
        let ratio = |value: f64| format!("{value:.3}");
        let mut json = Json::new();
        json.open(None, '{')
            .string("corpus", name)
            .string("kernel", kernel.name())
            .number("threads", threads)
            .number("bytes", self.bytes)
            .number("process_mib_per_second", mib(self.ours.rate(self.bytes)))
            .number("process_wall_mib_per_second", mib(self.ours.wall_rate(self.bytes)))
            .number("baseline_mib_per_second", mib(self.theirs.rate(self.bytes)))
            .number("ratio", ratio(self.ratio.median))
            .number("ratio_least", ratio(self.ratio.least))
            .number("ratio_most", ratio(self.ratio.most));
        json.close('}');
        json.finish()
    }
}
