//! Usage errors: exit code 2, nothing on standard output, no value in the message, a next step.

use crate::support::{Room, run};

#[test]
fn usage_errors_never_repeat_values() {
    for (args, says) in [
        (&["--hunter2"][..], "unknown option"),
        (&["hunter2"], "no such subcommand"),
        (&["--only", "hunter2"], "--only"),
        (&["--skip", "hunter2"], "--skip"),
        (&["--only", "tag:hunter2"], "--only"),
        (&["--action", "hunter2"], "--action"),
        (&["--action", "hunter2=mask"], "--action"),
        (&["--action", "email=hunter2"], "--action"),
        (&["--action", "email=hunter2:3"], "--action"),
        (&["--action", "email=token:hunter2"], "--action"),
        (&["--allow", "@hunter2"], "--allow"),
        (&["--allow", "/(hunter2/"], "--allow"),
        (&["-j", "hunter2"], "-j"),
        (&["--chunk-size", "hunter2"], "--chunk-size"),
        (&["--max-record", "hunter2"], "--max-record"),
        (&["--color", "hunter2"], "--color"),
        (&["--progress", "hunter2"], "--progress"),
        (&["--decompress", "hunter2"], "--decompress"),
        (&["--json-numbers", "hunter2"], "--json-numbers"),
        (&["--input", "hunter2"], "--input"),
        (&["--region", "hunter2"], "--region"),
        (&["-p", "hunter2"], "polic"),
        (&["--set", "hunter2"], "--set"),
        (&["scan", "--format", "hunter2"], "--format"),
        (&["redact", "--check=hunter2"], "--check"),
        (&["explain"], "LINE"),
        (&["explain", "a", "hunter2"], "unknown option or argument"),
        (&["explain", "@/nonexistent/hunter2"], "LINE"),
        (&["patterns", "show", "hunter2"], "ID"),
        (&["patterns", "hunter2"], "no such subcommand"),
        (&["completions", "hunter2"], "SHELL"),
        (&["bench", "--size", "hunter2"], "--size"),
        (&["bench", "--kernel", "hunter2"], "--kernel"),
    ] {
        let ran = run(args, "").exits(2);
        assert!(ran.out.is_empty(), "{args:?}");
        assert!(!ran.err.contains("hunter2"), "{args:?}: {}", ran.err);
        assert!(ran.err.starts_with("logveil: ") && ran.err.contains(says), "{args:?}: {}", ran.err);
    }
}

#[test]
fn outputs_exclude_each_other() {
    let room = Room::new(&[("a.log", b"x\n")]);
    for args in [
        &["redact", "-o", "out", "-a", "out"][..],
        &["redact", "-o", "out", "-i", "a.log"],
        &["redact", "-a", "out", "-i", "a.log"],
        &["redact", "-i"],
        &["redact", "-i", "-"],
        &["-i"],
    ] {
        let ran = room.run(args, "").exits(2);
        assert!(
            ran.out.is_empty() && ran.err.contains("-i") || ran.err.contains("can't be used with"),
            "{}",
            ran.err
        );
    }
    assert_eq!(room.names(), ["a.log"]);
}

#[test]
fn nothing_is_written_before_the_options_are_right() {
    let room = Room::new(&[]);
    room.run(&["-o", "out", "--only", "nothing-like-it"], "x\n").exits(2);
    room.run(&["-a", "out", "--action", "email=token"], "x\n").exits(2);
    assert!(room.names().is_empty());
}
