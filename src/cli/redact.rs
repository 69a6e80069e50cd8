//! `logveil redact`: inputs one after the other into one output, or each in its place.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::args::{DetectArgs, RedactArgs, RedactCommand};
use super::in_place::{self, Rewritten};
use super::message::complain;
use super::options::{Place, RunOptions};
use super::outcome::Outcome;
use super::output::{Identity, Output};
use super::plan::plan;
use super::progress::Progress;
use super::reload::{Pausing, reloaded};
use super::signals;
use super::tell::tell;
use crate::error::Error;
use crate::parallel;
use crate::scan::{Carry, Scanner};
use crate::source::{Input, Stop, StopCause};
use crate::stream::Summary;

/// Where the clean bytes of a run go.
enum Target {
    Stdout,
    File(PathBuf),
    Appended(PathBuf),
    InPlace,
}

/// A run with all that its inputs share.
struct Run {
    places: Vec<Place>,
    options: RunOptions,
    detect: DetectArgs,
    scanner: Scanner,
    stop: Arc<Stop>,
    summary: Summary,
    outcome: Outcome,
}

/// Runs the subcommand.
///
/// # Errors
/// Usage errors and outputs that can't be opened; what fails with one input is printed at once.
pub(super) fn run(command: RedactCommand) -> Result<Outcome, Error> {
    let begun = Instant::now();
    let RedactCommand { files, detect, redact: RedactArgs { run, output, append, in_place } } = command;
    let places = Place::all(&files);
    let target = match (output, append, in_place) {
        (Some(path), ..) => Target::File(path),
        (_, Some(path), _) => Target::Appended(path),
        (.., true) => Target::InPlace,
        _ => Target::Stdout,
    };
    if matches!(target, Target::InPlace) && places.contains(&Place::Stdin) {
        return Err(Error::usage("-i: name the files to rewrite; standard input has no place"));
    }
    let options = RunOptions::new(run, &places)?;
    let scanner = match plan(&detect, &places)?.scanner() {
        Ok(scanner) => scanner,
        Err(ended) => return Ok(ended),
    };
    let stop = signals::watch()?;
    let mut run =
        Run { places, options, detect, scanner, stop, summary: Summary::default(), outcome: Outcome::DONE };
    match target {
        Target::InPlace => run.each_in_place(),
        Target::Stdout => run.write_into(Output::stdout()?)?,
        Target::File(path) => run.write_into(Output::create(&path)?)?,
        Target::Appended(path) => {
            let output = Output::append(&path, Arc::clone(&run.stop))?;
            run.write_into(output)?;
        }
    }
    tell(&run.options, &run.scanner, &run.summary, begun)?;
    Ok(run.outcome)
}

impl Run {
    fn total_bytes(&self) -> u64 {
        let sizes = self.places.iter().map(|p| match p {
            Place::Stdin => None,
            Place::File(path) => std::fs::metadata(path).ok().map(|m| m.len()),
        });
        sizes.sum::<Option<u64>>().unwrap_or(0)
    }
    fn add(&mut self, summary: &Summary) {
        self.summary.add(summary);
        self.outcome.withheld |= summary.withheld_records > 0;
        self.outcome.forbidden |= summary.forbidden > 0;
        self.outcome.differs |= self.options.check && summary.found_in_all() > 0;
    }
    fn fail(&mut self, error: &Error) {
        self.outcome = self.outcome.and(Outcome::of_error(error));
    }

    fn each_in_place(&mut self) {
        for place in self.places.clone() {
            if self.stop.interrupted() {
                self.outcome.interrupted = true;
                return;
            }
            let rewritten = in_place::rewrite(
                place.path(),
                &self.scanner,
                &self.options.settings,
                self.options.decompress,
                &self.stop,
            );
            match rewritten {
                Ok((Rewritten::Interrupted, _)) => self.outcome.interrupted = true,
                Ok((end, summary)) => {
                    self.add(&summary);
                    if let Rewritten::Withheld = end {
                        complain(&format_args!(
                            "{}: a record would be withheld; the file is untouched",
                            place.name()
                        ));
                    }
                }
                Err(error) => self.fail(&error),
            }
        }
    }

    /// Writes all inputs into one output and ends it.
    fn write_into(&mut self, mut output: Output) -> Result<(), Error> {
        let same = output.identity();
        let progress = Progress::new(self.options.progress, self.total_bytes());
        for place in self.places.clone() {
            match self.open(&place, same, output.name()) {
                Ok(mut input) => {
                    if !self.one(&place, &mut input, &mut output, &progress) {
                        break;
                    }
                }
                Err(error) => self.fail(&error),
            }
        }
        progress.finish();
        output.finish(!self.outcome.failed && !self.outcome.interrupted)
    }

    fn open(&self, place: &Place, output: Option<Identity>, name: &str) -> Result<Input, Error> {
        let input = match place {
            Place::Stdin => Input::stdin(self.options.decompress, Arc::clone(&self.stop)),
            Place::File(path) => Input::open(path, self.options.decompress, Arc::clone(&self.stop)),
        };
        let input = input.map_err(|e| Error::io(place.name(), e))?;
        let identity = input.metadata().ok().and_then(|m| Identity::of(&m));
        if identity.is_some() && identity == output {
            return Err(Error::usage(format!(
                "{}: is also the output ({name}); write to another file, or use -i",
                place.name()
            )));
        }
        Ok(input)
    }

    /// Redacts one input; false if the run is over.
    fn one(&mut self, place: &Place, input: &mut Input, output: &mut Output, progress: &Progress) -> bool {
        let mut watched = progress.over(input);
        let mut pausing = Pausing::new(&mut watched, Arc::clone(&self.stop));
        let (mut carry, mut summary) = (Carry::default(), Summary::default());
        let done = loop {
            let settings = &self.options.settings;
            let (counts, done) =
                parallel::redact_continued(&self.scanner, &mut pausing, output, settings, &mut carry);
            summary.add(&counts);
            if done.is_err() || !pausing.take_pause() {
                break done;
            }
            self.scanner = reloaded(&self.detect, &self.scanner);
        };
        let stopped = input.stop_cause();
        // What a signal or a broken input cut off is withheld, too, but that has its own exit code.
        let outcome = self.outcome;
        self.add(&summary);
        if stopped.is_some() {
            self.outcome.withheld = outcome.withheld;
        }
        self.outcome.interrupted |= stopped == Some(StopCause::Interrupt);
        match done {
            Ok(()) => stopped.is_none(),
            Err(_) if output.is_closed() => false,
            Err(error) if output.has_failed() => {
                self.fail(&error);
                false
            }
            Err(error) => {
                complain(&format_args!("{}: {error}", place.name()));
                self.outcome.failed = true;
                true
            }
        }
    }
}
