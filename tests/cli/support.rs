//! Running the command and files to run it on.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A line with one address, and the same redacted.
pub const RAW: &str = "client 203.0.113.7 ok\n";
pub const CLEAN: &str = "client [IPV4] ok\n";
/// The part of [`RAW`] that must never be seen.
pub const NEEDLE: &str = "203.0.113.7";

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: Vec<u8>,
    pub err: String,
}

impl Ran {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }
    /// Asserts the exit code, showing what was said if it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stderr: {}", self.err);
        self
    }
    /// Asserts that standard error is empty.
    #[track_caller]
    pub fn quiet(self) -> Self {
        assert_eq!(self.err, "");
        self
    }
}

/// The command with nothing of this environment that could change what it does.
pub fn command() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("logveil"));
    for name in ["LOGVEIL_KERNEL", "LOGVEIL_KEY_FILE", "NO_COLOR", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// Runs the command in a directory with this standard input.
pub fn run_in(directory: &Path, args: &[&str], input: impl AsRef<[u8]>) -> Ran {
    let mut command = command();
    command.current_dir(directory).args(args);
    let ran = assert_cmd::Command::from_std(command).write_stdin(input.as_ref().to_vec()).output().unwrap();
    Ran { code: ran.status.code(), out: ran.stdout, err: String::from_utf8_lossy(&ran.stderr).into_owned() }
}

/// Runs the command with this standard input.
pub fn run(args: &[&str], input: impl AsRef<[u8]>) -> Ran {
    run_in(Path::new("."), args, input)
}

/// A directory that goes away, with files in it.
pub struct Room {
    directory: TempDir,
}

impl Room {
    pub fn new(files: &[(&str, &[u8])]) -> Self {
        let room = Self { directory: TempDir::new().unwrap() };
        for (name, bytes) in files {
            std::fs::write(room.path(name), bytes).unwrap();
        }
        room
    }
    pub fn dir(&self) -> &Path {
        self.directory.path()
    }
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }
    pub fn text(&self, name: &str) -> String {
        String::from_utf8_lossy(&self.read(name)).into_owned()
    }
    pub fn run(&self, args: &[&str], input: impl AsRef<[u8]>) -> Ran {
        run_in(self.dir(), args, input)
    }
    /// The names of all files, sorted: a forgotten temporary file shows.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.dir())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(bytes), &mut all).unwrap();
    all
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

/// Lines that differ and do not compress well, each with one address, and the same redacted.
pub fn many_lines(count: u32) -> (String, String) {
    let line = |i: u32, who: &str| format!("{:08x} client {who} ok\n", i.wrapping_mul(2_654_435_761));
    let raw = (0..count).map(|i| line(i, &format!("203.0.113.{}", i % 200 + 11))).collect();
    (raw, (0..count).map(|i| line(i, "[IPV4]")).collect())
}
