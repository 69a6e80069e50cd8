//! `-o`, closed and full outputs, and an output that is also an input.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Stdio;

use crate::support::{CLEAN, NEEDLE, RAW, Room, command, gzip, many_lines};

#[test]
fn a_file_appears_when_all_is_done() {
    let room = Room::new(&[]);
    let ran = room.run(&["-o", "out.log"], RAW).exits(0).quiet();
    assert!(ran.out.is_empty());
    assert_eq!(room.text("out.log"), CLEAN);
    assert_eq!(room.names(), ["out.log"]);
}

#[test]
fn an_old_file_keeps_its_mode_and_a_link_stays_a_link() {
    let room = Room::new(&[("real.log", b"old\n")]);
    std::fs::set_permissions(room.path("real.log"), std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.log", room.path("link.log")).unwrap();
    room.run(&["-o", "link.log"], RAW).exits(0);
    assert_eq!(room.text("real.log"), CLEAN);
    assert_eq!(std::fs::metadata(room.path("real.log")).unwrap().mode() & 0o777, 0o640);
    assert!(std::fs::symlink_metadata(room.path("link.log")).unwrap().is_symlink());
}

#[test]
fn on_failure_the_old_file_stays_and_nothing_is_left_behind() {
    let cut = gzip(&many_lines(2000).0.into_bytes())[..9000].to_vec();
    let room = Room::new(&[("out.log", b"old\n"), ("cut.gz", &cut)]);
    room.run(&["redact", "-o", "out.log", "cut.gz"], "").exits(2);
    room.run(&["redact", "-o", "new.log", "missing.log"], "").exits(2);
    assert_eq!(room.text("out.log"), "old\n");
    assert_eq!(room.names(), ["cut.gz", "out.log"]);
}

#[test]
fn a_run_with_withheld_records_is_kept() {
    let room = Room::new(&[]);
    room.run(&["-o", "out.log", "--max-record", "100"], format!("{}\n{RAW}", "x".repeat(5000))).exits(3);
    assert!(room.text("out.log").ends_with(CLEAN));
}

#[test]
fn an_output_that_cannot_be_made_is_an_error() {
    let room = Room::new(&[("dir.file", b"")]);
    for out in ["missing/out.log", "dir.file/out.log", "."] {
        let ran = room.run(&["-o", out], RAW).exits(2);
        assert!(!ran.err.contains(NEEDLE) && ran.out.is_empty());
    }
}

#[test]
fn a_device_is_written_and_not_replaced() {
    let room = Room::new(&[]);
    room.run(&["-o", "/dev/null"], RAW).exits(0);
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn a_full_output_is_an_error_without_the_bytes() {
    let room = Room::new(&[]);
    for args in [&["-o", "/dev/full"][..], &["-a", "/dev/full"]] {
        let ran = room.run(args, RAW).exits(2);
        assert!(!ran.err.contains(NEEDLE) && !ran.err.is_empty(), "{}", ran.err);
    }
    std::fs::write(room.path("a.log"), RAW).unwrap();
    for sub in ["redact", "scan"] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let input = File::open(room.path("a.log")).unwrap();
        let ran =
            command().args([sub, "-"]).stdin(input).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        let ended = ran.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(2), "{sub}");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(said.contains("output") && !said.contains(NEEDLE), "{sub}: {said}");
    }
}

#[test]
fn the_same_file_in_and_out_is_refused() {
    let room = Room::new(&[("a.log", RAW.as_bytes())]);
    symlink("a.log", room.path("b.log")).unwrap();
    for args in [
        &["redact", "-o", "a.log", "a.log"][..],
        &["redact", "-o", "b.log", "a.log"],
        &["redact", "-a", "a.log", "a.log"],
        &["redact", "-a", "a.log", "b.log"],
    ] {
        let ran = room.run(args, "").exits(2);
        assert!(ran.err.contains("also the output"), "{args:?}: {}", ran.err);
        assert_eq!(room.text("a.log"), RAW);
    }
    // By the shell's redirections: `logveil < a.log >> a.log`.
    let mut command = command();
    let input = File::open(room.path("a.log")).unwrap();
    let output = File::options().append(true).open(room.path("a.log")).unwrap();
    let ran = command.stdin(input).stdout(output).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert_eq!(room.text("a.log"), RAW);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let (raw, _) = many_lines(50_000);
    let room = Room::new(&[("big.log", raw.as_bytes())]);
    for args in [&["redact", "big.log"][..], &["scan", "big.log"], &["scan", "--format=jsonl", "big.log"]] {
        let mut child = command()
            .current_dir(room.dir())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0u8; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{args:?}");
    }
}
