//! `redact` and the bare command: what comes in, what goes out.

use crate::support::{CLEAN, NEEDLE, RAW, Room, many_lines, run};

#[test]
fn bare_command_is_redact_of_standard_input() {
    for args in [&[][..], &["redact"], &["redact", "-"]] {
        let ran = run(args, RAW).exits(0).quiet();
        assert_eq!(ran.text(), CLEAN, "{args:?}");
    }
}

#[test]
fn odd_inputs_stay_what_they_are() {
    for input in
        [&b""[..], b"\n", b"\n\n", b"x", b"no end", b"a\r\nb\r\n", b"\0\xff\xfe\n", b"\x1f\x8b", b"caf\xe9\n"]
    {
        let ran = run(&[], input).exits(0).quiet();
        assert_eq!(ran.out, input, "{input:?}");
    }
}

#[test]
fn last_line_without_an_end_is_redacted() {
    assert_eq!(run(&[], RAW.trim_end()).exits(0).text(), CLEAN.trim_end());
}

#[test]
fn chunks_and_threads_change_nothing() {
    let (raw, clean) = many_lines(3000);
    for args in [
        &["-j1"][..],
        &["-j1", "--chunk-size", "4096"],
        &["-j2", "--chunk-size", "100"],
        &["-j", "3", "--chunk-size=64KiB"],
        &["--threads=2", "--chunk-size", "1"],
    ] {
        assert!(run(args, &raw).exits(0).text() == clean, "{args:?}");
    }
}

#[test]
fn inputs_follow_each_other() {
    let room = Room::new(&[("a.log", RAW.as_bytes()), ("b.log", b"plain\n")]);
    let ran = room.run(&["redact", "a.log", "-", "b.log"], "from stdin\n").exits(0).quiet();
    assert_eq!(ran.text(), format!("{CLEAN}from stdin\nplain\n"));
}

#[test]
fn check_tells_by_the_exit_code_and_writes_all_the_same() {
    assert_eq!(run(&["--check"], RAW).exits(1).quiet().text(), CLEAN);
    assert_eq!(run(&["--check"], "plain\n").exits(0).quiet().text(), "plain\n");
}

#[test]
fn a_record_that_is_too_long_is_withheld() {
    let long = format!("{}{NEEDLE}{}", "a".repeat(3000), "b".repeat(3000));
    let ran = run(&["--max-record", "1KiB"], format!("before\n{long}\n{RAW}")).exits(3);
    let text = ran.text();
    assert!(text.starts_with("before\n") && text.ends_with(CLEAN), "{text}");
    assert!(text.contains("[LOGVEIL WITHHELD ") && !text.contains(NEEDLE), "{text}");
    assert!(!ran.err.contains(NEEDLE));
}

#[test]
fn every_kernel_gives_the_same() {
    let version = run(&["--version"], "").exits(0).text();
    for name in ["scalar", "avx2", "avx512"] {
        let mut command = crate::support::command();
        let ran = assert_cmd::Command::from_std({
            command.env("LOGVEIL_KERNEL", name);
            command
        })
        .write_stdin(RAW)
        .output()
        .unwrap();
        // A kernel that this CPU has not is refused, never silently another one.
        match ran.status.code() {
            Some(0) => assert_eq!(ran.stdout, CLEAN.as_bytes()),
            Some(2) => assert!(!version.contains(name) && ran.stdout.is_empty()),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_withheld_line_is_marked_as_what_its_stream_is() {
    let filler = "x".repeat(9000);
    let text =
        format!("[Sun Nov 22 04:50:13 2026] [error] {filler}\n{{\"a\":\"{filler}\"}}\n[\"{filler}\"]\n");
    let ran = run(&["--max-record", "4KiB"], text).exits(3);
    let lines: Vec<String> = ran.text().lines().map(str::to_owned).collect();
    assert!(lines[0].starts_with("[LOGVEIL WITHHELD 90"), "{}", lines[0]);
    assert!(lines[1].starts_with("{\"logveil\":\"withheld\""), "{}", lines[1]);
    assert!(lines[2].starts_with("{\"logveil\":\"withheld\""), "{}", lines[2]);
}
