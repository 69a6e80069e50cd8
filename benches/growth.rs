//! How cost grows: processor time, wall time and peak memory of `logveil redact` on a pipe, against
//! the size of the input, the length of lines, hits a line, threads and user rules.
//!
//! `cargo bench --bench growth` writes `benches/record/growth-*.csv` and one SVG plot of each.
//! `-- --quick` takes small sizes and writes into a temporary folder.

#[path = "../src/cli/bench/corpus.rs"]
#[allow(dead_code)]
mod corpus;
#[path = "growth/plot.rs"]
mod plot;

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use corpus::Corpus;
use nix::sys::resource::{UsageWho, getrusage};

/// Bytes written to the pipe at once.
const PIECE_BYTES: usize = 1 << 20;
const MIB: u64 = 1 << 20;

/// What one run took.
#[derive(Clone, Copy)]
struct Cost {
    bytes: u64,
    cpu: Duration,
    wall: Duration,
    peak_kib: u64,
}

/// One curve's points: what is varied, and what it cost.
type Points = Vec<(f64, Cost)>;

struct Growth {
    folder: PathBuf,
    /// Every size is divided by this.
    divisor: u64,
    rounds: usize,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let is_quick = std::env::args().any(|word| word == "--quick");
    let record = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/record");
    let growth = if is_quick {
        Growth { folder: std::env::temp_dir().join("logveil-growth"), divisor: 64, rounds: 1 }
    } else {
        Growth { folder: record, divisor: 1, rounds: 3 }
    };
    std::fs::create_dir_all(&growth.folder)?;
    let begun = Instant::now();
    growth.size()?;
    growth.line_length()?;
    growth.hits()?;
    growth.threads()?;
    growth.rules()?;
    println!("{:.0} s, {}", begun.elapsed().as_secs_f64(), growth.folder.display());
    Ok(())
}

impl Growth {
    fn size(&self) -> std::io::Result<()> {
        let text = Corpus::Web.generate(16 << 20);
        let sizes = [1, 4, 16, 64, 256, 1024, 4096].map(|mib| (mib * MIB / self.divisor).max(1 << 14));
        let points = sizes.map(|size| {
            let rounds = if size > 1024 * MIB { 1 } else { self.rounds };
            Ok((size as f64 / MIB as f64, self.median(rounds, &["-j1"], |pipe| repeat(pipe, &text, size))?))
        });
        self.write(
            "size",
            "input, MiB",
            vec![("web corpus", points.into_iter().collect::<Result<_, std::io::Error>>()?)],
        )
    }

    fn line_length(&self) -> std::io::Result<()> {
        let words = Corpus::Clean.generate(1 << 20).into_iter().map(|b| if b == b'\n' { b' ' } else { b });
        let words: Vec<u8> = words.collect();
        let lengths = [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000u64];
        let mut points = Points::new();
        for length in lengths.into_iter().map(|length| (length / self.divisor).max(10)) {
            let total = (128 * MIB / self.divisor).max(length);
            let feed = |pipe: &mut ChildStdin| lines(pipe, &words, length as usize, total);
            points.push((length as f64, self.median(self.rounds, &["-j1"], feed)?));
        }
        self.write("line-length", "bytes a line", vec![("words without findings", points)])
    }

    fn hits(&self) -> std::io::Result<()> {
        const LINE_BYTES: usize = 1000;
        let mut points = Points::new();
        for hits in [0, 1, 2, 5, 10, 20, 35, 50] {
            let mut line = "from=198.51.100.7 ".repeat(hits);
            line.push_str(&"took about nine seconds ".repeat(LINE_BYTES / 24 + 1));
            line.truncate(LINE_BYTES - 1);
            line.push('\n');
            let text = line.repeat(1 << 10).into_bytes();
            let feed = |pipe: &mut ChildStdin| repeat(pipe, &text, 64 * MIB / self.divisor);
            points.push((hits as f64, self.median(self.rounds, &["-j1"], feed)?));
        }
        self.write("hits", "addresses a line of 1,000 bytes", vec![("addresses under a key", points)])
    }

    fn threads(&self) -> std::io::Result<()> {
        let text = Corpus::Web.generate(16 << 20);
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let mut points = Points::new();
        for threads in 1..=(2 * cores).min(16) {
            let option = format!("-j{threads}");
            let feed = |pipe: &mut ChildStdin| repeat(pipe, &text, 512 * MIB / self.divisor);
            points.push((threads as f64, self.median(self.rounds, &[&option], feed)?));
        }
        self.write("threads", "threads", vec![("web corpus", points)])
    }

    fn rules(&self) -> std::io::Result<()> {
        let text = Corpus::Web.generate(16 << 20);
        let folder = tempfile::tempdir()?;
        let kinds: [(&str, fn(usize) -> String); 2] = [
            ("rules with a literal", |n| format!("\\bACC{n:03}-\\d{{6}}\\b")),
            ("rules without", |n| format!("\\b[G-P]{{2}}\\d{{{}}}[Q-Z]\\b", 3 + n % 20)),
        ];
        let mut curves = Vec::new();
        for (name, pattern) in kinds {
            let mut points = Points::new();
            for count in [0, 1, 3, 10, 30, 100, 300] {
                let path = folder.path().join("rules.toml");
                std::fs::write(&path, pack(count, pattern))?;
                let path = path.display().to_string();
                let options: &[&str] = if count == 0 { &["-j1"] } else { &["-j1", "--patterns", &path] };
                let feed = |pipe: &mut ChildStdin| repeat(pipe, &text, 64 * MIB / self.divisor);
                points.push((count as f64, self.median(self.rounds, options, feed)?));
            }
            curves.push((name, points));
        }
        self.write("rules", "user rules", curves)
    }

    /// The run with the median processor time.
    fn median(
        &self,
        rounds: usize,
        options: &[&str],
        feed: impl Fn(&mut ChildStdin) -> std::io::Result<u64>,
    ) -> std::io::Result<Cost> {
        let mut costs = (0..rounds).map(|_| run(options, &feed)).collect::<Result<Vec<_>, _>>()?;
        costs.sort_by_key(|cost| cost.cpu);
        Ok(costs[costs.len() / 2])
    }

    fn write(&self, name: &str, what: &str, curves: Vec<(&str, Points)>) -> std::io::Result<()> {
        let mut csv = format!("curve,{},bytes,cpu_seconds,wall_seconds,peak_kib\n", what.replace(',', ""));
        for (curve, points) in &curves {
            for (x, cost) in points {
                let (cpu, wall) = (cost.cpu.as_secs_f64(), cost.wall.as_secs_f64());
                let _ = writeln!(csv, "{curve},{x},{},{cpu:.4},{wall:.4},{}", cost.bytes, cost.peak_kib);
            }
        }
        print!("{name}\n{csv}");
        std::fs::write(self.folder.join(format!("growth-{name}.csv")), csv)?;
        let picture = plot::picture(name, what, &curves).map_err(std::io::Error::other)?;
        std::fs::write(self.folder.join(format!("growth-{name}.svg")), picture)
    }
}

impl Cost {
    /// Nanoseconds of processor time a KiB: the same everywhere if the cost is linear.
    fn nanos_a_kib(&self) -> f64 {
        self.cpu.as_nanos() as f64 * 1024.0 / self.bytes.max(1) as f64
    }
    fn peak_mib(&self) -> f64 {
        self.peak_kib as f64 / 1024.0
    }
}

/// Runs the filter on what `feed` writes, its output thrown away.
fn run(options: &[&str], feed: impl Fn(&mut ChildStdin) -> std::io::Result<u64>) -> std::io::Result<Cost> {
    let (before, begun) = (children()?, Instant::now());
    let mut child = Command::new(env!("CARGO_BIN_EXE_logveil"))
        .arg("redact")
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut pipe = child.stdin.take().ok_or_else(|| std::io::Error::other("no pipe"))?;
    let bytes = feed(&mut pipe)?;
    // the peak is gone once the process is
    let peak_kib = peak_kib(child.id()).unwrap_or(0);
    drop(pipe);
    let mut complaint = String::new();
    if let Some(mut errors) = child.stderr.take() {
        errors.read_to_string(&mut complaint)?;
    }
    let status = child.wait()?;
    // 3: records over the limit without white space were withheld
    if !matches!(status.code(), Some(0 | 3)) {
        return Err(std::io::Error::other(format!("logveil ended with {status}: {complaint}")));
    }
    Ok(Cost { bytes, cpu: children()?.saturating_sub(before), wall: begun.elapsed(), peak_kib })
}

fn children() -> std::io::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let part = |time: nix::sys::time::TimeVal| {
        Duration::from_secs(time.tv_sec().unsigned_abs())
            + Duration::from_micros(time.tv_usec().unsigned_abs())
    };
    Ok(part(usage.user_time()) + part(usage.system_time()))
}

fn peak_kib(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

/// Writes whole lines of `text` again and again until about `bytes` are written.
fn repeat(pipe: &mut ChildStdin, text: &[u8], bytes: u64) -> std::io::Result<u64> {
    let mut written = 0;
    while written < bytes {
        let rest = (bytes - written).min(text.len() as u64) as usize;
        // what is left over is less than a line
        let Some(feed) = text[..rest].iter().rposition(|byte| *byte == b'\n') else { break };
        for piece in text[..=feed].chunks(PIECE_BYTES) {
            pipe.write_all(piece)?;
        }
        written += feed as u64 + 1;
    }
    Ok(written)
}

/// Writes lines of `length` bytes until about `bytes` are written.
fn lines(pipe: &mut ChildStdin, words: &[u8], length: usize, bytes: u64) -> std::io::Result<u64> {
    if length <= words.len() {
        let text: Vec<u8> = words
            .chunks(length - 1)
            .filter(|piece| piece.len() == length - 1)
            .flat_map(|piece| piece.iter().chain(b"\n"))
            .copied()
            .collect();
        return repeat(pipe, &text, bytes);
    }
    let mut written = 0;
    while written < bytes {
        let mut rest = length - 1;
        while rest > 0 {
            let piece = &words[..rest.min(words.len())];
            pipe.write_all(piece)?;
            rest -= piece.len();
        }
        pipe.write_all(b"\n")?;
        written += length as u64;
    }
    Ok(written)
}

fn pack(count: usize, pattern: fn(usize) -> String) -> String {
    let mut text = String::new();
    for n in 0..count {
        let _ = writeln!(
            text,
            "[[rule]]\nid = \"growth/r{n}\"\ndescription = \"d\"\ntype = \"account-id\"\nregex = '{}'\n\
             matches = [\"1\", \"2\"]\nnon_matches = [\"3\", \"4\"]",
            pattern(n)
        );
    }
    text
}
