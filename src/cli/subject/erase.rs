//! `logveil subject erase`: a person's values and tokens out of stored logs, with a receipt.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::EraseArgs;
use super::person::{Person, in_region};
use crate::cli::in_place::rewrite_by;
use crate::cli::keys::optional_ring;
use crate::cli::options::Place;
use crate::cli::outcome::Outcome;
use crate::cli::output::Output;
use crate::cli::signals;
use crate::cli::stored::{self, each_line};
use crate::error::Error;
use crate::parallel::{Sink, Source};
use crate::plan::Plan;
use crate::policy::Policy;
use crate::scan::{Scanner, Scratch};
use crate::source::Stop;
use crate::stream::Summary;
use crate::token::Moment;
use crate::transform::Clean;

pub(super) fn run(args: &EraseArgs) -> Result<Outcome, Error> {
    let places = stored::places(&args.files)?;
    if args.in_place && places.contains(&Place::Stdin) {
        return Err(Error::usage("-i rewrites named files; name them"));
    }
    if !args.in_place && places.len() > 1 {
        return Err(Error::usage("several files are erased with -i only; their lines would run together"));
    }
    let ring = optional_ring(&args.person.ring)?;
    let person = Person::new(&args.person, ring.as_ref())?;
    // Opened before anything is changed.
    let receipt = args.receipt.as_deref().map(File::create).transpose();
    let receipt = receipt.map_err(|e| Error::io("opening the receipt", e))?;
    let mut plan = Plan::new(&in_region(Policy::default(), args.person.who.region.as_deref())?, None)?;
    plan.erases = true;
    let scanner = Scanner::with_plan(plan)?;
    let stop = signals::watch()?;
    let mut outcome = Outcome::DONE;
    let mut files = Vec::new();
    for place in &places {
        let mut erase = Erase { person: &person, scanner: &scanner, scratch: Scratch::default() };
        let done = match place {
            Place::File(path) if args.in_place => erase.file(path, &stop),
            place => erase.pass_through(place, &stop),
        };
        match done {
            Ok((entry, of_it)) => {
                files.push(entry);
                outcome = outcome.and(of_it);
            }
            Err(error) => outcome = outcome.and(Outcome::of_error(&error)),
        }
    }
    let receipt_of = json!({
        "action": "erase", "time": Moment::now().to_string(), "files": files,
        "tokens_untold": person.untold.count(),
    });
    let text = receipt_of.to_string() + "\n";
    match receipt {
        Some(mut file) => file.write_all(text.as_bytes()).and_then(|()| file.sync_all()),
        None => io::stderr().write_all(text.as_bytes()),
    }
    .map_err(|e| Error::io("writing the receipt", e))?;
    person.untold.tell();
    Ok(outcome)
}

struct Erase<'a> {
    person: &'a Person,
    scanner: &'a Scanner,
    scratch: Scratch,
}

impl Erase<'_> {
    /// Rewrites one file; its part of the receipt.
    fn file(&mut self, path: &Path, stop: &Arc<Stop>) -> Result<(Value, Outcome), Error> {
        let before = digest(path)?;
        let (rewritten, summary) = rewrite_by(path, true, stop, |input, sink| {
            self.pass(input, sink).map_err(|e| Error::io("erasing", e))
        })?;
        let outcome = rewritten.outcome(path);
        let untouched = outcome != Outcome::DONE;
        let mut entry = entry(path, if untouched { &EMPTY } else { &summary });
        if let Some(entry) = entry.as_object_mut() {
            entry.insert("untouched".into(), json!(untouched));
            entry.insert("sha256_before".into(), json!(before));
            entry.insert("sha256_after".into(), json!(digest(path)?));
        }
        Ok((entry, outcome))
    }

    fn pass_through(&mut self, place: &Place, stop: &Arc<Stop>) -> Result<(Value, Outcome), Error> {
        let failed = |e| Error::io(place.name(), e);
        let mut input = stored::open(place, stop).map_err(failed)?;
        let mut output = Output::stdout()?;
        let summary = self.pass(&mut input, &mut output).map_err(failed)?;
        let withheld = summary.withheld_records > 0;
        Ok((entry(place.path(), &summary), Outcome { withheld, ..Outcome::DONE }))
    }

    fn pass(&mut self, input: &mut dyn Source, sink: &mut dyn Sink) -> io::Result<Summary> {
        let mut summary = Summary::default();
        let mut out = Clean::new();
        each_line(input, &mut summary, |_, line, summary| {
            let Some(line) = line else { return Ok(()) };
            let findings = self.scanner.scan(line, &mut self.scratch).to_vec();
            self.person.untold.look(line);
            let hits = self.person.hits(line, &findings);
            out.clear();
            self.scanner.replace(line, &hits, &mut self.scratch, &mut out, summary);
            summary.bytes_out += out.len() as u64;
            sink.write_clean(&out)
        })?;
        Ok(summary)
    }
}

static EMPTY: std::sync::LazyLock<Summary> = std::sync::LazyLock::new(Summary::default);

/// Counts by type, never a value.
fn entry(path: &Path, summary: &Summary) -> Value {
    let erased: BTreeMap<&str, u64> = crate::finding::TypeId::all()
        .map(|kind| (kind.id(), summary.found(kind)))
        .filter(|(_, count)| *count > 0)
        .collect();
    json!({ "path": path.to_string_lossy(), "lines": summary.records, "erased": erased })
}

fn digest(path: &Path) -> Result<String, Error> {
    let failed = |e| Error::io(format!("reading {}", path.display()), e);
    let mut file = File::open(path).map_err(failed)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        match buffer.get(..read) {
            Some([]) | None => break,
            Some(part) => hash.update(part),
        }
    }
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}
