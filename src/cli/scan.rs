//! `logveil scan`: where personal data stands, a line a finding.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::args::{Format, ScanCommand};
use super::lines::{LineReader, Taken};
use super::message::complain;
use super::options::{Place, RunOptions};
use super::outcome::Outcome;
use super::plan::plan;
use super::progress::Progress;
use super::signals;
use super::tell::tell;
use crate::error::Error;
use crate::finding::Finding;
use crate::parallel::Finder;
use crate::report::{self, json_line, text_line};
use crate::scan::{Scanner, Scratch};
use crate::source::{Input, Stop, StopCause};
use crate::stream::Summary;
use crate::transform::Revealed;

/// Runs the subcommand.
///
/// # Errors
/// Usage errors and a standard output that can't be written.
pub(super) fn run(command: ScanCommand) -> Result<Outcome, Error> {
    let begun = Instant::now();
    let places = Place::all(&command.files);
    let options = RunOptions::new(command.run, &places)?;
    let scanner = match plan(&command.detect, &places)?.scanner() {
        Ok(scanner) => scanner,
        Err(ended) => return Ok(ended),
    };
    let stop = signals::watch()?;
    let total = places.iter().filter_map(|p| std::fs::metadata(p.path()).ok()).map(|m| m.len()).sum();
    let progress = Progress::new(options.progress, total);
    let mut scan = Scan {
        scanner: &scanner,
        options: &options,
        format: command.format,
        show_values: command.show_values,
        out: BufWriter::with_capacity(64 << 10, io::stdout()),
        finder: Finder::new(&scanner, options.settings.threads)?,
        scratch: Scratch::default(),
        behind: 0,
        summary: Summary::default(),
        outcome: Outcome::DONE,
    };
    let written = places.iter().try_for_each(|place| scan.place(place, &progress, &stop));
    let written = written.and_then(|()| scan.out.flush());
    let (summary, mut outcome) = (scan.summary.clone(), scan.outcome);
    // What is left in the buffer of a closed pipe must not be tried again when it is dropped.
    drop(scan.out.into_parts());
    progress.finish();
    if let Err(e) = written {
        return Ok(outcome.and(Outcome::of_error(&Error::io("can't write to standard output", e))));
    }
    outcome.interrupted |= stop.interrupted();
    outcome.withheld |= summary.withheld_records > 0;
    let policy = scanner.policy();
    let forbidden =
        policy.types().any(|kind| summary.findings[kind.index()] > 0 && policy.is_forbidden(kind));
    outcome.forbidden |= forbidden;
    outcome.differs |= options.check && summary.found_in_all() > 0;
    tell(&options, &scanner, &summary, begun)?;
    Ok(outcome)
}

struct Scan<'a> {
    scanner: &'a Scanner,
    options: &'a RunOptions,
    format: Format,
    show_values: bool,
    out: BufWriter<io::Stdout>,
    finder: Finder<'a>,
    /// For where long lines are cut.
    scratch: Scratch,
    /// How many bytes of the line in hand were in the parts of it before this one.
    behind: u64,
    summary: Summary,
    outcome: Outcome,
}

impl Scan<'_> {
    /// Scans one input. Errors are those of the output; an input's own are printed.
    fn place(&mut self, place: &Place, progress: &Progress, stop: &Arc<Stop>) -> io::Result<()> {
        if stop.interrupted() {
            return Ok(());
        }
        let opened = match place {
            Place::Stdin => Input::stdin(self.options.decompress, Arc::clone(stop)),
            Place::File(path) => Input::open(path, self.options.decompress, Arc::clone(stop)),
        };
        let mut input = match opened {
            Ok(input) => input,
            Err(e) => {
                complain(&format_args!("{}: {e}", place.name()));
                self.outcome.failed = true;
                return Ok(());
            }
        };
        let mut source = progress.over(&mut input);
        let mut reader = LineReader::new(&mut source, &self.options.settings);
        self.finder.begin();
        let (mut line, mut offset) = (1u64, 0u64);
        let failure = loop {
            match reader.next() {
                Ok(Taken::Lines(lines)) => {
                    self.summary.bytes_in += lines.len() as u64;
                    self.chunk(place.path(), lines, &mut line, &mut offset)?;
                }
                Ok(Taken::Window(window)) => {
                    let place = self.scanner.cut_point(window, self.finder.carry(), &mut self.scratch);
                    reader.cut(place);
                }
                Ok(Taken::Part(part, is_last)) => {
                    self.summary.bytes_in += part.len() as u64;
                    let records = self.summary.records;
                    self.chunk(place.path(), part, &mut line, &mut offset)?;
                    self.summary.records = records + u64::from(is_last);
                    self.behind = if is_last { 0 } else { self.behind + part.len() as u64 };
                }
                Ok(Taken::Withheld { bytes, lines }) => {
                    self.summary.bytes_in += bytes;
                    self.summary.records += 1;
                    self.summary.withheld_records += 1;
                    self.summary.withheld_bytes += bytes - lines;
                    self.behind = 0;
                    line += lines;
                    offset += bytes;
                }
                Ok(Taken::Waiting) => self.out.flush()?,
                Ok(Taken::End) => break None,
                Err(e) => break Some(e),
            }
        };
        match (failure, input.stop_cause()) {
            (None, _) | (_, Some(StopCause::Interrupt | StopCause::Terminate)) => {}
            (Some(e), None) => {
                complain(&format_args!("{}: {e}", place.name()));
                self.outcome.failed = true;
            }
        }
        Ok(())
    }

    /// Scans a chunk of whole lines and reports what is found. A line that makes the engine panic, which is a
    /// bug of ours, is withheld, and no other.
    fn chunk(&mut self, path: &Path, chunk: &[u8], line: &mut u64, offset: &mut u64) -> io::Result<()> {
        if let Some(found) = self.finder.find(chunk) {
            let found = found.to_vec();
            return self.report(path, chunk, &found, line, offset);
        }
        for record in chunk.split_inclusive(|byte| *byte == b'\n') {
            if let Some(found) = self.finder.find(record) {
                let found = found.to_vec();
                self.report(path, record, &found, line, offset)?;
                continue;
            }
            self.summary.records += 1;
            self.summary.withheld_records += 1;
            self.summary.withheld_bytes += record.len() as u64;
            *line += u64::from(record.ends_with(b"\n"));
            *offset += record.len() as u64;
        }
        Ok(())
    }

    /// Reports findings and moves `line` and `offset` behind the lines that they are of.
    fn report(
        &mut self,
        path: &Path,
        chunk: &[u8],
        found: &[Finding],
        line: &mut u64,
        offset: &mut u64,
    ) -> io::Result<()> {
        // The line that is being looked at starts here; findings come in order.
        let mut line_start = 0;
        for finding in found {
            let before = chunk.get(line_start..finding.start).unwrap_or_default();
            *line += memchr::memchr_iter(b'\n', before).count() as u64;
            if let Some(last) = memchr::memrchr(b'\n', before) {
                line_start += last + 1;
            }
            self.summary.findings[finding.kind.index()] += 1;
            let behind = if line_start == 0 { self.behind } else { 0 };
            let place = report::Place {
                path,
                line: *line,
                offset: *offset + line_start as u64 - behind,
                start: finding.start - line_start + behind as usize,
                end: finding.end - line_start + behind as usize,
            };
            let value = self
                .show_values
                .then(|| Revealed::asked_for(chunk.get(finding.start..finding.end).unwrap_or_default()));
            let kind = self.scanner.policy().type_id(finding.kind);
            let rule = self.scanner.rule_name(finding.rule);
            let text = match self.format {
                Format::Text => text_line(&place, finding, kind, rule, value.as_ref()),
                Format::Jsonl => json_line(&place, finding, kind, rule, value.as_ref()),
            };
            writeln!(self.out, "{text}")?;
        }
        let rest = chunk.get(line_start..).unwrap_or_default();
        *line += memchr::memchr_iter(b'\n', rest).count() as u64;
        *offset += chunk.len() as u64;
        self.summary.records += memchr::memchr_iter(b'\n', chunk).count() as u64;
        self.summary.records += u64::from(chunk.last().is_some_and(|&b| b != b'\n'));
        Ok(())
    }
}
