//! `logveil reveal`: sealed values back, with the private key; or dropped, the tags kept.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::in_place::rewrite_by;
use super::keys::{KeySourceArgs, no_core_dumps, optional_ring};
use super::opening::{Audit, AuditArgs, Opener, open_all};
use super::options::Place;
use super::outcome::Outcome;
use super::output::Output;
use super::signals;
use super::stored::{self, each_line};
use crate::error::Error;
use crate::finding::Finding;
use crate::mark::starts_token;
use crate::parallel::{Sink, Source};
use crate::policy::{Action, Policy};
use crate::scan::{Scanner, Scratch};
use crate::source::{Input, Stop};
use crate::stream::Summary;
use crate::token::{Kid, RevealKey, Revealer, TokenOptions, Unsealed, sealed_part};
use crate::transform::Clean;

/// Turn sealed tokens (token:sealed) back into values, or drop what is sealed
///
/// Needs the private key, which no host that writes logs has. A sealed value that was changed, or
/// stands behind another token than its own, is reported and left as it is; the exit code is 1 then.
/// A private key says that a value was meant for you, not who sealed it: name the key ring too, and
/// only values are given out whose token the ring makes.
///
/// With --drop the sealed values are taken out and their tokens stay, which needs no key: lines of
/// one person can still be put together, and nobody can open them any more.
#[derive(Debug, Args)]
#[command(after_help = "Example: logveil reveal --private-key reveal.key --audit audit.jsonl app.log")]
pub(crate) struct RevealCommand {
    /// Files; - or none for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The private key's file (several: for keys that were changed)
    #[arg(long, value_name = "FILE", required_unless_present = "drop")]
    pub private_key: Vec<PathBuf>,
    #[command(flatten)]
    pub audit: AuditArgs,
    /// Whose tokens they are, for the key ring
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub tenant: String,
    /// For whom they were made, for the key ring
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub audience: String,
    /// Take the sealed values out for ever and keep the tokens before them
    #[arg(long, conflicts_with_all = ["private_key", "audit", "reason", "key_file", "key_env", "key_fd"])]
    pub drop: bool,
    /// With --drop: rewrite the named files, keeping mode, owner and compression
    #[arg(short = 'i', long, requires = "drop")]
    pub in_place: bool,
    #[command(flatten)]
    pub ring: KeySourceArgs,
}

/// Runs the subcommand.
///
/// # Errors
/// No private key or audit file that can be used (nothing is read then), an input or output that
/// fails.
pub(super) fn run(command: RevealCommand) -> Result<Outcome, Error> {
    if command.drop {
        return drop_sealed(&command);
    }
    no_core_dumps();
    let keys = command.private_key.iter().map(|path| RevealKey::read(path));
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    let ring = optional_ring(&command.ring)?;
    let ids: Vec<String> = keys.iter().map(|key| key.public().id().to_string()).collect();
    let whose = json!({
        "tenant": command.tenant, "audience": command.audience, "private_keys": ids, "proved": ring.is_some(),
    });
    let audit = Audit::open(&command.audit, "reveal", &command.files, whose)?;
    let mut revealer = Revealer::new(&keys);
    if let Some(ring) = &ring {
        let (tenant, audience) = (command.tenant.clone(), command.audience.clone());
        revealer = revealer.proving(ring, TokenOptions { tenant, audience, ..TokenOptions::default() });
    }
    open_all(&command.files, &mut revealer, audit)
}

impl Opener for Revealer<'_> {
    fn start_input(&mut self) {
        Revealer::start_input(self);
    }
    fn part(&mut self, part: &[u8], out: &mut Vec<u8>, told: &mut dyn FnMut(Kid, Option<&'static str>)) {
        self.line(part, out, |id, unsealed: &Unsealed| told(id, unsealed.reason()));
    }
}

/// `--drop`: everything but the sealed values stays byte for byte.
fn drop_sealed(command: &RevealCommand) -> Result<Outcome, Error> {
    let places = stored::places(&command.files)?;
    if command.in_place && places.contains(&Place::Stdin) {
        return Err(Error::usage("-i rewrites named files; name them"));
    }
    if !command.in_place && places.len() > 1 {
        return Err(Error::usage("several files are rewritten with -i only; their lines would run together"));
    }
    let scanner = Scanner::new(&Policy::default().with_action("*", Action::Remove)?)?;
    let stop = signals::watch()?;
    let mut outcome = Outcome::DONE;
    for place in &places {
        let mut dropper = Dropper { scanner: &scanner, scratch: Scratch::default() };
        let done = match place {
            Place::File(path) if command.in_place => dropper.file(path, &stop),
            place => dropper.pass_through(place, &stop),
        };
        outcome = match done {
            Ok(of_it) => outcome.and(of_it),
            Err(error) => outcome.and(Outcome::of_error(&error)),
        };
    }
    Ok(outcome)
}

struct Dropper<'s> {
    scanner: &'s Scanner,
    scratch: Scratch,
}

impl Dropper<'_> {
    fn file(&mut self, path: &Path, stop: &Arc<Stop>) -> Result<Outcome, Error> {
        let pass = |input: &mut Input, sink: &mut dyn Sink| {
            self.pass(input, sink).map_err(|e| Error::io("dropping what is sealed", e))
        };
        let (rewritten, _) = rewrite_by(path, true, stop, pass)?;
        Ok(rewritten.outcome(path))
    }

    fn pass_through(&mut self, place: &Place, stop: &Arc<Stop>) -> Result<Outcome, Error> {
        let failed = |e| Error::io(place.name(), e);
        let mut input = stored::open(place, stop).map_err(failed)?;
        let summary = self.pass(&mut input, &mut Output::stdout()?).map_err(failed)?;
        Ok(Outcome { withheld: summary.withheld_records > 0, ..Outcome::DONE })
    }

    fn pass(&mut self, input: &mut dyn Source, sink: &mut dyn Sink) -> io::Result<Summary> {
        let mut summary = Summary::default();
        let mut out = Clean::new();
        each_line(input, &mut summary, |_, line, summary| {
            let Some(line) = line else { return Ok(()) };
            out.clear();
            self.scanner.replace(line, &sealed_in(line), &mut self.scratch, &mut out, summary);
            summary.bytes_out += out.len() as u64;
            sink.write_clean(&out)
        })?;
        Ok(summary)
    }
}

/// Where the sealed values of a line stand.
fn sealed_in(line: &[u8]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        at += match sealed_part(rest).filter(|_| starts_token(line, at)) {
            Some((kind, length, tag)) => {
                found.push(Finding::of_token(kind, at + tag, at + length));
                length
            }
            None => 1,
        };
    }
    found
}
