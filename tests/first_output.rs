//! How long it takes until the first output: ten lines through the program, all types on.
//!
//! Recorded by every run (`cargo test --test first_output -- --nocapture`). A release build is held to
//! 15 ms by `.ci/run`; a debug build, and a machine with other work, only to a generous bound.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// From the start of the program until its first bytes of output, while its input stays open.
fn first_output(program: &str) -> Duration {
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(["redact", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let line =
        b"192.0.2.7 - ann [11/Apr/2015:12:25:39 +0000] \"GET /?mail=ann@example.org HTTP/1.1\" 200 17\n";
    input.write_all(&line.repeat(10)).unwrap();
    let mut first = [0; 64];
    let count = child.stdout.as_mut().unwrap().read(&mut first).unwrap();
    let taken = begun.elapsed();
    assert!(first[..count].starts_with(b"[IPV4] - "), "{}", String::from_utf8_lossy(&first[..count]));
    drop(input);
    assert!(child.wait_with_output().unwrap().status.success());
    taken
}

#[test]
fn ten_lines_come_out_at_once() {
    // the release build, where CI has one
    let program = std::env::var("LOGVEIL").unwrap_or(env!("CARGO_BIN_EXE_logveil").to_owned());
    let most = std::env::var("FIRST_OUTPUT_MS").map_or(2000, |text| text.parse().unwrap());
    let mut times: Vec<Duration> = (0..15).map(|_| first_output(&program)).collect();
    times.sort();
    let (median, best) = (times[times.len() / 2], times[0]);
    println!("first output after {median:.1?} (median of {}), {best:.1?} at best", times.len());
    // other work on the machine makes runs slower and none faster: the bound is for the best one
    assert!(best < Duration::from_millis(most), "{best:?} until the first output, at most {most} ms");
    assert!(median < Duration::from_secs(2), "{median:?} until the first output");
}
