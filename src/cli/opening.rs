//! What `detokenize` and `reveal` share: inputs with their tokens opened to standard output, and an
//! audit line for every run.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};
use zeroize::Zeroize;

use super::message::complain;
use super::options::Place;
use super::outcome::Outcome;
use super::signals;
use super::stored;
use crate::error::Error;
use crate::parallel::Source;
use crate::source::Stop;
use crate::token::{Kid, Moment};
use crate::transform::Revealed;

/// Where the audit lines go.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Append who, when, which keys and how many to this file; without it nothing is turned back
    /// [env: LOGVEIL_AUDIT_FILE]
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Why, for the audit line: a case number, no personal data
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub reason: String,
}

/// What turns the tokens of a text back.
pub(super) trait Opener {
    /// Another input begins.
    fn start_input(&mut self);
    /// Copies the next part of the input with its tokens opened; `told` hears of each: its key, and
    /// why it was left, if it was.
    fn part(&mut self, part: &[u8], out: &mut Vec<u8>, told: &mut dyn FnMut(Kid, Option<&'static str>));
}

/// How many tokens of a key came to what.
type Counts = BTreeMap<(String, &'static str), u64>;

const OPENED: &str = "opened";
/// Bytes read at once; longer than any token.
const READ_BYTES: usize = 256 << 10;

/// Opens the tokens of all files (none: standard input) to standard output.
///
/// # Errors
/// The audit file can't be written (nothing more is read then), or an output fails.
pub(super) fn open_all(
    files: &[PathBuf],
    opener: &mut dyn Opener,
    mut audit: Audit,
) -> Result<Outcome, Error> {
    let places = stored::places(files)?;
    audit.tell("begin", json!({}))?;
    let stop = signals::watch()?;
    let mut counts = Counts::new();
    let mut outcome = Outcome::DONE;
    let mut closed = None;
    for place in &places {
        opener.start_input();
        match pass(place, &stop, opener, &mut counts) {
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

fn pass(place: &Place, stop: &Arc<Stop>, opener: &mut dyn Opener, counts: &mut Counts) -> Result<(), Error> {
    let mut input =
        stored::open(place, stop).map_err(|e| Error::io(format!("can't open {}", place.name()), e))?;
    let mut pending: Vec<u8> = Vec::with_capacity(2 * READ_BYTES);
    let mut buffer = vec![0; READ_BYTES];
    let mut out = Vec::with_capacity(2 * READ_BYTES);
    let mut result = Ok(());
    loop {
        let read = input.read(&mut buffer).map_err(|e| Error::io(format!("reading {}", place.name()), e))?;
        pending.extend_from_slice(buffer.get(..read).unwrap_or_default());
        let whole = match pending.iter().rposition(|byte| is_border(*byte)) {
            _ if read == 0 => pending.len(),
            Some(last) => last + 1,
            None if pending.len() > READ_BYTES => pending.len(),
            None => 0,
        };
        out.clear();
        opener.part(pending.get(..whole).unwrap_or_default(), &mut out, &mut |kid, left| {
            *counts.entry((kid.to_string(), left.unwrap_or(OPENED))).or_default() += 1;
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

/// Whether a byte is part of no token and of no escape before one: a text may be cut behind it.
fn is_border(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"',=:/&?|<>(){}".contains(&byte)
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
pub(super) struct Audit {
    file: File,
    run: Value,
}

impl Audit {
    /// Opens the file; `more` says what this run is beside who runs it.
    ///
    /// # Errors
    /// None is named, or it can't be opened for writing.
    pub fn open(args: &AuditArgs, action: &str, files: &[PathBuf], more: Value) -> Result<Self, Error> {
        let path = args.audit.clone().or_else(|| std::env::var_os("LOGVEIL_AUDIT_FILE").map(PathBuf::from));
        let Some(path) = path else {
            return Err(Error::usage(
                "name a file for the audit lines with --audit or LOGVEIL_AUDIT_FILE; nothing was read",
            ));
        };
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|e| {
            Error::io(format!("opening the audit file {}; nothing was read", path.display()), e)
        })?;
        let mut run = json!({
            "action": action,
            "process": std::process::id(),
            "uid": rustix::process::getuid().as_raw(),
            "user": std::env::var("USER").unwrap_or_default(),
            "behind_sudo": std::env::var("SUDO_USER").unwrap_or_default(),
            "reason": args.reason,
            "inputs": files.len().max(1),
        });
        extend(&mut run, more);
        Ok(Self { file, run })
    }

    fn tell(&mut self, event: &str, more: Value) -> Result<(), Error> {
        let mut line = json!({ "time": Moment::now().to_string(), "event": event });
        extend(&mut line, self.run.clone());
        extend(&mut line, more);
        let written =
            self.file.write_all(format!("{line}\n").as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|e| Error::io("writing the audit file", e))
    }
}

fn extend(object: &mut Value, more: Value) {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
}
