//! `logveil redact`: inputs one after the other into one output, or each in its place.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::args::{DetectArgs, RedactArgs, RedactCommand};
use super::in_place::{self, Rewritten};
use super::message::complain;
use super::metrics::{Events, Listener, MetricsFile};
use super::options::{Place, RunOptions};
use super::outcome::Outcome;
use super::output::{Identity, Output};
use super::plan::plan;
use super::progress::Progress;
use super::reload::{Pausing, Poll, Ticks, reloaded};
use super::self_log::Log;
use super::signals;
use super::tell::tell;
use crate::error::Error;
use crate::parallel::{self, Open, Sink};
use crate::scan::Scanner;
use crate::source::{Input, Stop, StopCause};
use crate::stream::Summary;
use crate::transform::Clean;

/// How often counts are told while records come in, and how soon before a wait.
const TICK: Duration = Duration::from_secs(5);
const IDLE_TICK: Duration = Duration::from_millis(100);
/// How often counts are written anew while nothing comes in: who reads them sees that we live.
const BEAT: Duration = Duration::from_secs(60);

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
    log: Log,
    metrics: Option<MetricsFile>,
    /// The last time that counts were to be written they could not be.
    metrics_failed: bool,
    listener: Option<Listener>,
    events: Events,
    poll: Option<Poll>,
}

/// Runs the subcommand.
///
/// # Errors
/// Usage errors and outputs that can't be opened; what fails with one input is printed at once.
pub(super) fn run(command: RedactCommand) -> Result<Outcome, Error> {
    let begun = Instant::now();
    let RedactCommand {
        files,
        detect,
        redact: RedactArgs { run, output, append, in_place, yes_raw, metrics_file, metrics_listen, self_log },
    } = command;
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
    if detect.shadow && !yes_raw {
        return Err(Error::usage(
            "--shadow: the output would hold every value as it is; if that is meant, add --yes-raw",
        ));
    }
    let options = RunOptions::new(run, &places)?;
    let scanner = match plan(&detect, &places)?.scanner() {
        Ok(scanner) => scanner,
        Err(ended) => return Ok(ended),
    };
    if scanner.policy().is_all_shadow() {
        complain(&"SHADOW: findings are counted, the output holds every value as it is");
    }
    let stop = signals::watch()?;
    let mut run = Run {
        places,
        options,
        poll: Poll::of(&detect, &scanner),
        detect,
        scanner,
        stop,
        summary: Summary::default(),
        outcome: Outcome::DONE,
        log: Log::new(self_log),
        metrics: metrics_file.as_deref().map(MetricsFile::new),
        metrics_failed: false,
        listener: metrics_listen.as_deref().map(Listener::bind).transpose()?,
        events: Events::default(),
    };
    run.log.start(&run.scanner);
    run.write_metrics()?;
    match target {
        Target::InPlace => run.each_in_place(),
        Target::Stdout => run.write_into(Output::stdout()?)?,
        Target::File(path) => run.write_into(Output::create(&path)?)?,
        Target::Appended(path) => {
            let output = Output::append(&path, Arc::clone(&run.stop))?;
            run.write_into(output)?;
        }
    }
    run.events.ended = true;
    run.log.forbidden(&run.scanner, &run.summary, true);
    run.log.end(&run.scanner, &run.summary, run.outcome.code());
    run.write_metrics()?;
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
    fn write_metrics(&self) -> Result<(), Error> {
        if let Some(listener) = &self.listener {
            listener.show(&self.scanner, &self.summary, &self.events);
        }
        self.metrics.as_ref().map_or(Ok(()), |file| file.write(&self.scanner, &self.summary, &self.events))
    }
    /// Pauses for what is told or looked at while running; none if nothing is.
    fn ticks(&self) -> Option<Ticks> {
        let tells = self.metrics.is_some() || self.listener.is_some() || self.scanner.policy().forbids_any();
        (tells || self.poll.is_some()).then(|| Ticks::new(TICK, IDLE_TICK, self.owes()))
    }
    /// When something is to be done although nothing comes in.
    fn owes(&self) -> Option<Instant> {
        let now = Instant::now();
        let shows = self.metrics.is_some() || self.listener.is_some();
        let look = self.poll.as_ref().map(|poll| poll.due(now));
        let dues = [shows.then(|| now + BEAT), self.log.owes(&self.summary), look];
        dues.into_iter().flatten().min()
    }
    /// What is to be done while the input pauses.
    fn pause(&mut self, wants_reload: bool, may_reload: bool) {
        let detect = &self.detect;
        let has_changed = |poll: &mut Poll| may_reload && poll.has_changed(detect);
        if wants_reload || self.poll.as_mut().is_some_and(has_changed) {
            match reloaded(&self.detect) {
                Some(scanner) => {
                    self.scanner = scanner;
                    self.events.reloads += 1;
                    self.events.last_reload = Some(SystemTime::now());
                }
                None => self.events.reloads_refused += 1,
            }
        }
        self.log.forbidden(&self.scanner, &self.summary, false);
        // The run matters more than its counts: one message, and they are tried again.
        let failed = self.write_metrics().err();
        if let Some(error) = failed.as_ref().filter(|_| !self.metrics_failed) {
            complain(error);
            self.events.errors += 1;
        }
        self.metrics_failed = failed.is_some();
    }
    fn fail(&mut self, error: &Error) {
        self.events.errors += 1;
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
        let mut pausing = Pausing::new(&mut watched, Arc::clone(&self.stop)).with_ticks(self.ticks());
        let mut open = Open::default();
        let mut timed = Timed { output, blocked: Duration::ZERO };
        let (done, withheld) = loop {
            let settings = &self.options.settings;
            let (counts, done) =
                parallel::redact_continued(&self.scanner, &mut pausing, &mut timed, settings, &mut open);
            let withheld = self.outcome.withheld;
            self.add(&counts);
            self.events.blocked += std::mem::take(&mut timed.blocked);
            if done.is_err() || !pausing.take_pause() {
                break (done, withheld);
            }
            self.pause(pausing.take_reload(), pausing.is_at_record_end());
            pausing.owe(self.owes());
        };
        let stopped = input.stop_cause();
        // What a signal or a broken input cut off is withheld, too, but that has its own exit code.
        if stopped.is_some() {
            self.outcome.withheld = withheld;
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
                self.events.errors += 1;
                true
            }
        }
    }
}

/// An output whose writing time is taken.
struct Timed<'o> {
    output: &'o mut Output,
    blocked: Duration,
}

impl Sink for Timed<'_> {
    fn write_clean(&mut self, clean: &Clean) -> std::io::Result<()> {
        let begun = Instant::now();
        let written = self.output.write_clean(clean);
        self.blocked += begun.elapsed();
        written
    }
}
