//! `logveil detokenize`: reversible tokens back to values, with an audit line for every run.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};
use zeroize::Zeroize;

use super::keys::KeySourceArgs;
use super::message::complain;
use super::outcome::Outcome;
use super::signals;
use crate::error::Error;
use crate::parallel::Source;
use crate::source::{Input, Stop};
use crate::token::{Detokenizer, Moment, Opened};
use crate::transform::Revealed;

/// Turn reversible tokens back into values
///
/// Only tokens that authenticate themselves (mode e) are turned back; a changed one is reported and
/// left as it is, never guessed. The exit code is 1 if any was. Values come in their canonical form,
/// inside JSON records escaped as strings need it; inside a URL they may need quoting again.
#[derive(Debug, Args)]
pub(crate) struct DetokenizeCommand {
    /// Files; - or none for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Append who, when, which keys and how many to this file; without it nothing is turned back
    /// [env: LOGVEIL_AUDIT_FILE]
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Why, for the audit line: a case number, no personal data
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub reason: String,
    /// Whose tokens they are
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub tenant: String,
    /// For whom they were made
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub audience: String,
    /// Also turn back address tokens (mode d), which only 20 check bits vouch for
    #[arg(long)]
    pub accept_addresses: bool,
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

/// How many tokens of a key came to what.
type Counts = BTreeMap<(String, &'static str), u64>;

/// Runs the subcommand.
///
/// # Errors
/// No key ring, no audit file that can be written (nothing is read then), an input or output that
/// fails.
pub(super) fn run(command: DetokenizeCommand) -> Result<Outcome, Error> {
    let ring = command.ring.load()?;
    let mut audit = Audit::open(&command)?;
    audit.tell("begin", json!({}))?;
    let mut detokenizer = Detokenizer::new(&ring, &command.tenant, &command.audience);
    detokenizer = detokenizer.accept_addresses(command.accept_addresses);
    let stop = signals::watch()?;
    let standard_input = [PathBuf::from("-")];
    let files = if command.files.is_empty() { &standard_input[..] } else { &command.files };
    let mut counts = Counts::new();
    let mut outcome = Outcome::DONE;
    let mut closed = None;
    for path in files {
        match open(path, &stop).and_then(|mut input| pass(&mut input, path, &mut detokenizer, &mut counts)) {
            Ok(()) => {}
            // Nobody reads any more; what was given out is still told below.
            Err(error) if error.is_broken_pipe() => {
                closed = Some(error);
                break;
            }
            Err(error) => outcome = outcome.and(Outcome::of_error(&error)),
        }
    }
    audit.tell("end", counts_json(&counts))?;
    let refused: u64 = counts.iter().filter(|((_, what), _)| *what != OPENED).map(|(_, n)| n).sum();
    if refused > 0 {
        complain(&format_args!("{refused} tokens were left as they are: {}", reasons(&counts)));
        outcome = outcome.and(Outcome::DIFFERS);
    }
    closed.map_or(Ok(outcome), Err)
}

const OPENED: &str = "opened";

fn open(path: &Path, stop: &Arc<Stop>) -> Result<Input, Error> {
    let stop = Arc::clone(stop);
    let opened =
        if path.as_os_str() == "-" { Input::stdin(true, stop) } else { Input::open(path, true, stop) };
    opened.map_err(|e| Error::io(format!("can't open {}", path.display()), e))
}

/// Bytes read at once; longer than any token.
const READ_BYTES: usize = 256 << 10;

fn pass(
    input: &mut Input,
    path: &Path,
    detokenizer: &mut Detokenizer<'_>,
    counts: &mut Counts,
) -> Result<(), Error> {
    let mut pending: Vec<u8> = Vec::with_capacity(2 * READ_BYTES);
    let mut buffer = vec![0; READ_BYTES];
    let mut out = Vec::with_capacity(2 * READ_BYTES);
    let mut result = Ok(());
    loop {
        let read =
            input.read(&mut buffer).map_err(|e| Error::io(format!("reading {}", path.display()), e))?;
        pending.extend_from_slice(buffer.get(..read).unwrap_or_default());
        // A token may go on in the next read unless something that is part of none comes behind it.
        let whole = match pending.iter().rposition(|b| !b.is_ascii_alphanumeric() && *b != b'_') {
            _ if read == 0 => pending.len(),
            Some(last) => last + 1,
            None if pending.len() > READ_BYTES => pending.len(),
            None => 0,
        };
        out.clear();
        detokenizer.line(pending.get(..whole).unwrap_or_default(), &mut out, |kid, opened| {
            let what = match opened {
                Opened::Value(_) => OPENED,
                Opened::Refused(why) => why.reason(),
            };
            *counts.entry((kid.to_string(), what)).or_default() += 1;
        });
        pending.drain(..whole);
        let revealed = Revealed::asked_for(&out);
        let mut to = std::io::stdout().lock();
        if let Err(error) = to.write_all(revealed.as_bytes()).and_then(|()| to.flush()) {
            result = Err(Error::io("can't write to standard output", error));
            break;
        }
        if read == 0 {
            break;
        }
    }
    out.zeroize();
    result
}

fn reasons(counts: &Counts) -> String {
    let mut by_reason: BTreeMap<&str, u64> = BTreeMap::new();
    for ((_, what), count) in counts.iter().filter(|((_, what), _)| *what != OPENED) {
        *by_reason.entry(what).or_default() += count;
    }
    by_reason.iter().map(|(what, n)| format!("{n} {what}")).collect::<Vec<_>>().join(", ")
}

fn counts_json(counts: &Counts) -> Value {
    let mut keys = serde_json::Map::new();
    for ((kid, what), count) in counts {
        let of_kid = keys.entry(kid.clone()).or_insert_with(|| json!({}));
        if let Some(of_kid) = of_kid.as_object_mut() {
            of_kid.insert((*what).to_owned(), json!(count));
        }
    }
    json!({ "keys": keys })
}

/// The audit file: one JSON line when a run begins and one when it ends, never a value.
struct Audit {
    file: File,
    run: Value,
}

impl Audit {
    fn open(command: &DetokenizeCommand) -> Result<Self, Error> {
        let path =
            command.audit.clone().or_else(|| std::env::var_os("LOGVEIL_AUDIT_FILE").map(PathBuf::from));
        let Some(path) = path else {
            return Err(Error::usage(
                "name a file for the audit lines with --audit or LOGVEIL_AUDIT_FILE; nothing was read",
            ));
        };
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|e| Error::io("opening the audit file", e))?;
        let run = json!({
            "action": "detokenize",
            "process": std::process::id(),
            "uid": rustix::process::getuid().as_raw(),
            "user": std::env::var("USER").unwrap_or_default(),
            "behind_sudo": std::env::var("SUDO_USER").unwrap_or_default(),
            "tenant": command.tenant,
            "audience": command.audience,
            "reason": command.reason,
            "inputs": command.files.len().max(1),
        });
        Ok(Self { file, run })
    }

    fn tell(&mut self, event: &str, more: Value) -> Result<(), Error> {
        let mut line = json!({ "time": Moment::now().to_string(), "event": event });
        if let (Some(line), Value::Object(run), Value::Object(more)) =
            (line.as_object_mut(), self.run.clone(), more)
        {
            line.extend(run);
            line.extend(more);
        }
        let written =
            self.file.write_all(format!("{line}\n").as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|e| Error::io("writing the audit file", e))
    }
}
