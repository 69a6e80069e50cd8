//! Memory stays under 64 MiB at two threads, whatever comes in: the peak is read from outside.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// The most resident memory, in KiB.
const MOST_KIB: u64 = 64 << 10;
const MIB: usize = 1 << 20;

fn logveil(options: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_logveil"))
        .args(options)
        .arg("-j2")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The peak of the resident memory so far, in KiB; nothing once the process has ended.
fn peak_kib(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

/// Feeds `piece` until `bytes` are in and reads all that comes out, the first `slow_reads` of it
/// slowly. Says the peak in KiB and how many bytes came out.
fn run(options: &[&str], piece: &[u8], bytes: usize, slow_reads: usize) -> (u64, u64) {
    let mut child = logveil(options);
    let (id, mut input, mut output) = (child.id(), child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let reader = thread::spawn(move || {
        let (mut buffer, mut total) = (vec![0; 1 << 16], 0);
        for read in 0.. {
            if read < slow_reads {
                thread::sleep(Duration::from_millis(20));
            }
            match output.read(&mut buffer).unwrap() {
                0 => break,
                count => total += count as u64,
            }
        }
        total
    });
    let mut peak = 0;
    let block: Vec<u8> = piece.iter().copied().cycle().take(piece.len() * (MIB / piece.len())).collect();
    for _ in 0..bytes / block.len() {
        input.write_all(&block).unwrap();
        peak = peak.max(peak_kib(id).unwrap());
    }
    drop(input);
    while child.try_wait().unwrap().is_none() {
        peak = peak.max(peak_kib(id).unwrap_or(0));
        thread::sleep(Duration::from_millis(1));
    }
    let total = reader.join().unwrap();
    println!("{} KiB for {} MiB in, {} MiB out", peak, bytes / MIB, total / MIB as u64);
    (peak, total)
}

#[test]
fn a_line_without_blanks_is_withheld_in_bounded_memory() {
    let (peak, out) = run(&[], b"abcdefgh", 1024 * MIB, 0);
    assert!(out < 100, "{out} bytes");
    assert!(peak < MOST_KIB, "{peak} KiB");
}

#[test]
fn a_line_of_words_flows_through_in_bounded_memory() {
    let (peak, out) = run(&[], b"lorem ipsum dolor sit amet ", 256 * MIB, 0);
    assert!(out > 255 * MIB as u64, "{out} bytes");
    assert!(peak < MOST_KIB, "{peak} KiB");
}

/// Of a line that long `scan` tells what stands in it, and holds no more of it than `redact`.
#[test]
fn scanning_a_long_line_stays_in_bounded_memory() {
    let piece = [&b"lorem ipsum dolor sit amet ".repeat(400)[..], b"ann@example.com "].concat();
    let (peak, out) = run(&["scan"], &piece, 16 * MIB, 0);
    assert!(out > 50 * 1000, "{out} bytes");
    assert!(peak < MOST_KIB, "{peak} KiB");
}

#[test]
fn many_gzip_members_stay_in_bounded_memory() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&b"GET / from 198.51.100.7\n".repeat(2000)).unwrap();
    let member = encoder.finish().unwrap();
    let (peak, out) = run(&[], &member, 2 * MIB, 0);
    assert!(out > 64 * MIB as u64, "{out} bytes");
    assert!(peak < MOST_KIB, "{peak} KiB");
}

#[test]
fn findings_that_grow_stay_in_bounded_memory() {
    let line = [b"a@b.co ".repeat(100), b"\n".to_vec()].concat();
    let (peak, out) = run(&["--action", "email=placeholder"], &line, 64 * MIB, 0);
    assert!(out > 200 * MIB as u64, "{out} bytes");
    assert!(peak < MOST_KIB, "{peak} KiB");
}

#[test]
fn a_slow_reader_holds_the_input_back() {
    let (peak, out) = run(&[], b"GET / from 198.51.100.7\n", 32 * MIB, 100);
    assert!(out > 16 * MIB as u64, "{out} bytes");
    assert!(peak < MOST_KIB, "{peak} KiB");
}

/// Containers and headers that never close lie over one another, and each hands in what is in it.
#[test]
fn values_in_values_stay_in_bounded_memory() {
    for repeated in ["password=('a',", "Authorization: Digest username=\"ann\", ", "Set-Cookie: [\"a=b\", "] {
        let line = format!("{}\n", repeated.repeat((512 << 10) / repeated.len()));
        let (peak, out) = run(&[], line.as_bytes(), 4 * MIB, 0);
        assert!(out > MIB as u64, "{out} bytes of {repeated}");
        assert!(peak < MOST_KIB, "{peak} KiB for {repeated}");
    }
}

/// Rules without a literal, many of which match: what their automata remember has an end.
#[test]
fn rules_stay_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.toml");
    let rule = |n: usize| {
        format!(
            "[[rule]]\nid = \"memory/r{n}\"\ndescription = \"d\"\ntype = \"account-id\"\n\
             regex = '\\b[G-P]{{2}}\\d{{{}}}\\w*\\b'\nmatches = [\"1\", \"2\"]\nnon_matches = [\"3\", \"4\"]\n",
            3 + n % 30
        )
    };
    std::fs::write(&path, (0..300).map(rule).collect::<String>()).unwrap();
    let line = format!("{}badge HH123Z and GG123456789012345Z\n", "nothing to see here\n".repeat(200));
    let (peak, out) = run(&["--patterns", path.to_str().unwrap()], line.as_bytes(), 8 * MIB, 0);
    assert!(out > 7 * MIB as u64, "{out} bytes");
    assert!(peak < MOST_KIB, "{peak} KiB");
}
