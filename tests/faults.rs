//! Reads and writes that fail, at every call: nothing of the input is in any output, file, error
//! or Debug text.

mod common;

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::run::Kept;
use logveil::parallel::{self, Settings, Sink, Source};
use logveil::{Clean, Policy, Scanner};

/// A part of every value of the input.
const NEEDLE: &str = "needle";

/// Records whose values all hold the needle; every tenth one is far over a read.
fn input(records: usize) -> Vec<u8> {
    let mut text = Vec::new();
    for number in 0..records {
        let words = if number % 10 == 9 { "word ".repeat(600) } else { String::new() };
        writeln!(text, "{number} {words}from needle{number}@example.org password=needle-{number}-x7 end")
            .unwrap();
    }
    text
}

fn is_clean(bytes: &[u8]) -> bool {
    !bytes.windows(NEEDLE.len()).any(|window| window == NEEDLE.as_bytes())
}

/// Fails at a call; before, it gives at most `most` bytes at a time.
struct Failing<'t> {
    text: &'t [u8],
    most: usize,
    calls_left: usize,
    error: i32,
    blocks: bool,
}

impl Source for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.calls_left == 0 {
            return Err(io::Error::from_raw_os_error(self.error));
        }
        self.calls_left -= 1;
        let count = self.most.min(buffer.len()).min(self.text.len());
        let (head, rest) = self.text.split_at(count);
        buffer[..count].copy_from_slice(head);
        self.text = rest;
        Ok(count)
    }
    fn would_block(&mut self) -> bool {
        self.blocks
    }
}

/// Takes some writes and fails from then on.
struct Full {
    kept: Kept,
    calls_left: usize,
    error: i32,
}

impl Sink for Full {
    fn write_clean(&mut self, clean: &Clean) -> io::Result<()> {
        if self.calls_left == 0 {
            return Err(io::Error::from_raw_os_error(self.error));
        }
        self.calls_left -= 1;
        self.kept.write_clean(clean)
    }
}

const EIO: i32 = 5;
const ENOSPC: i32 = 28;
const EPIPE: i32 = 32;

/// Runs with a source and a sink that fail at a call each; says whether the run failed.
fn fails(scanner: &Scanner, text: &[u8], threads: usize, reads: usize, writes: usize, error: i32) -> bool {
    let settings = Settings { threads, chunk_bytes: 1 << 10, max_record_bytes: 4 << 10 };
    let blocks = reads.is_multiple_of(2);
    let mut source = Failing { text, most: 700, calls_left: reads, error, blocks };
    let mut sink = Full { kept: Kept::default(), calls_left: writes, error };
    let (summary, result) = parallel::redact_counted(scanner, &mut source, &mut sink, &settings);
    let told = format!(
        "{summary:?} {result:?} {}",
        result.as_ref().err().map_or(String::new(), ToString::to_string)
    );
    assert!(is_clean(told.as_bytes()), "{told}");
    let what = format!("{threads} threads, read {reads}, write {writes}, error {error}");
    assert!(is_clean(&sink.kept.0), "{what}: {}", String::from_utf8_lossy(&sink.kept.0));
    if let Err(error) = &result {
        let chain =
            std::error::Error::source(error).map_or(String::new(), |cause| format!("{cause} {cause:?}"));
        assert!(is_clean(chain.as_bytes()), "{chain}");
    }
    result.is_err()
}

#[test]
fn a_failure_at_any_call_shows_nothing() {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let text = input(60);
    for error in [EIO, ENOSPC, EPIPE] {
        for threads in [1, 2] {
            let mut failed = [0, 0];
            for call in 0..48 {
                failed[0] += usize::from(fails(&scanner, &text, threads, call, usize::MAX, error));
                failed[1] += usize::from(fails(&scanner, &text, threads, usize::MAX, call, error));
            }
            assert!(failed[0] > 20 && failed[1] > 5, "{failed:?} of 48 calls failed: the test fails too few");
            assert!(!fails(&scanner, &text, threads, usize::MAX, usize::MAX, error));
        }
    }
}

#[test]
fn what_was_complete_before_a_failed_read_is_written() {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let text = b"a needle@example.org\nb needle2@example.org\nc needle3@exam";
    let mut source = Failing { text, most: text.len(), calls_left: 1, error: EIO, blocks: true };
    let mut kept = Kept::default();
    let (_, result) = parallel::redact_counted(&scanner, &mut source, &mut kept, &Settings::default());
    assert!(result.is_err());
    let written = String::from_utf8(kept.0).unwrap();
    assert_eq!(written, "a [EMAIL]\nb [EMAIL]\n[LOGVEIL WITHHELD 14 BYTES]");
}

fn logveil(folder: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logveil"));
    command.args(options).current_dir(folder).env("TMPDIR", folder).env("RUST_BACKTRACE", "full");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Feeds the text, as far as it is taken, and waits.
fn feed(mut command: Command, text: &[u8]) -> Output {
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || pipe.write_all(text).is_ok());
        child.wait_with_output().unwrap()
    })
}

/// All files of a folder, but those named.
fn files_are_clean(folder: &Path, but: &[&str]) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> =
        entries.filter(|path| !but.iter().any(|name| path.ends_with(name)) && path.is_file()).collect();
    for path in &files {
        assert!(is_clean(&std::fs::read(path).unwrap()), "{} holds a value", path.display());
    }
    files.len()
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error_without_values() {
    let folder = tempfile::tempdir().unwrap();
    for options in [&["-j1"][..], &["-j2"], &["-j2", "-o", "/dev/full"], &["scan", "--show-values"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = logveil(folder.path(), options);
        command.stdout(full);
        let output = feed(command, &input(20_000));
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{options:?}");
        assert!(!told.is_empty() && is_clean(&output.stderr), "{options:?}: {told}");
    }
    files_are_clean(folder.path(), &[]);
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_shows_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for threads in ["-j1", "-j2"] {
        let mut child = logveil(folder.path(), &[threads]).spawn().unwrap();
        let (mut pipe, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let text = input(20_000);
        let feeder = std::thread::spawn(move || pipe.write_all(&text).is_ok());
        let mut head = vec![0; 5000];
        output.read_exact(&mut head).unwrap();
        drop(output);
        let rest = child.wait_with_output().unwrap();
        assert!(!feeder.join().unwrap(), "all was read though nobody listens");
        assert!(is_clean(&head) && is_clean(&rest.stderr), "{}", String::from_utf8_lossy(&rest.stderr));
    }
    files_are_clean(folder.path(), &[]);
}

/// EIO where the bytes go to the disk and where the new file gets its name.
#[cfg(all(unix, debug_assertions))]
#[test]
fn a_disk_that_fails_at_the_end_leaves_the_old_file_and_nothing_beside_it() {
    let text = input(300);
    for step in ["sync", "rename"] {
        for (options, old) in [
            (&["-o", "clean.log", "-j2"][..], &b"old\n"[..]),
            (&["redact", "-i", "app.log", "other.log"], b"old\n"),
            (&["redact", "-o", "new.log", "app.log"], b"old\n"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = |name: &str| folder.path().join(name);
            for (name, bytes) in [("app.log", &text[..]), ("other.log", &text), ("clean.log", old)] {
                std::fs::write(path(name), bytes).unwrap();
            }
            let mut command = logveil(folder.path(), options);
            command.env("LOGVEIL_TEST_FAULT", step);
            let output = feed(command, &text);
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{step} {options:?}: {told}");
            assert!(is_clean(&output.stderr) && output.stdout.is_empty(), "{told}");
            assert!(told.contains("Input/output error"), "{told}");
            assert!(std::fs::read(path("app.log")).unwrap() == text);
            assert!(std::fs::read(path("other.log")).unwrap() == text);
            assert_eq!(std::fs::read(path("clean.log")).unwrap(), old);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "{step} {options:?}");
        }
    }
}

/// Kills the run at several moments, with the output file (and what is beside it) looked at after.
#[cfg(unix)]
#[test]
fn a_killed_run_leaves_no_value_in_any_file() {
    let text = input(30_000);
    let mut cut_short = 0;
    for portion in [1, 1000, 300_000, 1_000_000] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = logveil(folder.path(), &["-j2", "-o", "clean.log"]).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(&text[..portion]).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(150));
        child.kill().unwrap(); // SIGKILL
        let output = child.wait_with_output().unwrap();
        cut_short += usize::from(!output.status.success());
        assert!(is_clean(&output.stderr) && is_clean(&output.stdout));
        files_are_clean(folder.path(), &[]);
    }
    assert_eq!(cut_short, 4);
}

#[cfg(unix)]
#[test]
fn a_killed_run_in_place_keeps_the_file_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (file, text) = (folder.path().join("app.log"), input(60_000));
    let mut cut_short = 0;
    for wait in [0, 5, 20, 50, 100] {
        std::fs::write(&file, &text).unwrap();
        let mut child = logveil(folder.path(), &["-j2", "-i", "app.log"]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let _ = child.kill();
        child.wait_with_output().unwrap();
        let left = std::fs::read(&file).unwrap();
        assert!(left == text || is_clean(&left), "a half of the file is redacted");
        cut_short += usize::from(left == text);
        files_are_clean(folder.path(), &["app.log"]);
    }
    assert!(cut_short > 0, "no run was killed in time");
}

/// Records that make the engine panic stand among others: in the middle of chunks, as a very long one, and
/// as the last one, which has no end.
#[cfg(all(unix, debug_assertions))]
fn input_with_bombs() -> (Vec<u8>, usize) {
    let (mut text, mut bombs) = (Vec::new(), 0);
    for (number, record) in input(3000).split_inclusive(|byte| *byte == b'\n').enumerate() {
        if number % 97 == 50 {
            text.extend_from_slice(b"bomb ");
            bombs += 1;
        }
        text.extend_from_slice(record);
    }
    text.extend_from_slice(b"bomb needle7@example.org password=needle-7-x7");
    (text, bombs + 1)
}

#[cfg(all(unix, debug_assertions))]
fn with_bombs(folder: &Path, options: &[&str]) -> Command {
    let mut command = logveil(folder, options);
    command.env("LOGVEIL_TEST_PANIC", "bomb");
    command
}

#[cfg(all(unix, debug_assertions))]
#[test]
fn a_panic_in_a_worker_costs_its_record_and_shows_nothing() {
    let (text, bombs) = input_with_bombs();
    let folder = tempfile::tempdir().unwrap();
    let clean = feed(logveil(folder.path(), &["-j1"]), &text).stdout;
    let wanted: Vec<String> = String::from_utf8(clean)
        .unwrap()
        .split('\n')
        .zip(text.split(|byte| *byte == b'\n'))
        .map(|(line, raw)| match raw.starts_with(b"bomb") {
            true => format!("[LOGVEIL WITHHELD {} BYTES]", raw.len()),
            false => line.to_owned(),
        })
        .collect();
    for options in [&["-j1"][..], &["-j2"], &["-j2", "--chunk-size", "4096"], &["-j2", "-o", "clean.log"]] {
        let output = feed(with_bombs(folder.path(), options), &text);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(is_clean(&output.stderr), "{options:?}: {told}");
        assert_eq!(told.matches("internal error at").count(), 1, "{options:?}, a repeat: {told}");
        assert_eq!(output.status.code(), Some(3), "{options:?}: {told}");
        let written = match options.contains(&"-o") {
            true => std::fs::read(folder.path().join("clean.log")).unwrap(),
            false => output.stdout,
        };
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written.matches("[LOGVEIL WITHHELD").count(), bombs);
        assert!(written.split('\n').eq(wanted.iter().map(String::as_str)), "{options:?}");
    }
    files_are_clean(folder.path(), &[]);
}

#[cfg(all(unix, debug_assertions))]
#[test]
fn a_panic_shows_nothing_whatever_ran() {
    let (text, _) = input_with_bombs();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.log");
    std::fs::write(&file, &text).unwrap();
    for (options, code) in [
        (&["redact", "-i", "app.log"][..], 3),
        (&["scan", "app.log"], 3),
        (&["scan", "--format", "jsonl", "-"], 3),
    ] {
        let output = feed(with_bombs(folder.path(), options), &text);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(is_clean(&output.stderr) && told.contains("internal error"), "{options:?}: {told}");
        assert!(is_clean(&output.stdout), "{options:?}");
        assert_eq!(output.status.code(), Some(code), "{options:?}: {told}");
        assert!(std::fs::read(&file).unwrap() == text, "{options:?} changed the file");
        files_are_clean(folder.path(), &["app.log"]);
    }
}

/// Without a debug build there is no such panic: the variable says nothing.
#[cfg(all(unix, not(debug_assertions)))]
#[test]
fn release_builds_know_no_panic_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = logveil(folder.path(), &["-j1"]);
    command.env("LOGVEIL_TEST_PANIC", "bomb");
    assert!(feed(command, b"bomb\n").status.success());
}
