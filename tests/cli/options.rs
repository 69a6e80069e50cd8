//! The options of redact and scan, one by one.

use crate::support::{CLEAN, NEEDLE, RAW, Room, run};

const BOTH: &str = "mail bob@example.com from 203.0.113.7\n";

#[test]
fn only_and_skip() {
    for (args, expect) in [
        (&["--only", "email"][..], "mail [EMAIL] from 203.0.113.7\n"),
        (&["--only", "network"], "mail bob@example.com from [IPV4]\n"),
        (&["--only", "email,ipv4"], "mail [EMAIL] from [IPV4]\n"),
        (&["--only", "email", "--only", "ipv4"], "mail [EMAIL] from [IPV4]\n"),
        (&["--skip", "email"], "mail bob@example.com from [IPV4]\n"),
        (&["--skip", "contact", "--skip", "network"], BOTH),
        (&["--only", "network", "--skip", "ipv4"], BOTH),
        (&["--only", "tag:gdpr", "--skip", "email"], "mail bob@example.com from [IPV4]\n"),
    ] {
        assert_eq!(run(args, BOTH).exits(0).quiet().text(), expect, "{args:?}");
    }
}

#[test]
fn actions() {
    for (action, expect) in [
        ("ipv4=label", "client [IPV4] ok\n"),
        ("ipv4=placeholder", "client 0.0.0.0 ok\n"),
        ("ipv4=mask", "client *********** ok\n"),
        ("network=remove", "client  ok\n"),
        ("*=keep", RAW),
        ("ipv4=drop-record", ""),
    ] {
        assert_eq!(run(&["--action", action], RAW).exits(0).quiet().text(), expect, "{action}");
    }
    let truncated = run(&["--action", "ipv4=truncate"], RAW).exits(0).text();
    assert!(!truncated.contains(NEEDLE) && truncated.starts_with("client 203.0."), "{truncated}");
}

#[test]
fn later_actions_win() {
    let ran = run(&["--action", "*=mask", "--action", "email=label"], BOTH).exits(0);
    assert_eq!(ran.text(), "mail [EMAIL] from ***********\n");
}

#[test]
fn allowed_values_stay() {
    for allow in ["203.0.113.7", "203.0.113.0/24", "@doc", "/203[.]0[.]113[.][0-9]/"] {
        assert_eq!(run(&["--allow", allow], RAW).exits(0).quiet().text(), RAW, "{allow}");
    }
    for allow in ["203.0.113.8", "198.51.100.0/24", "@private", "/203/"] {
        assert_eq!(run(&["--allow", allow], RAW).exits(0).quiet().text(), CLEAN, "{allow}");
    }
    assert_eq!(run(&["--allow", "@example.com"], BOTH).exits(0).text(), "mail bob@example.com from [IPV4]\n");
}

#[test]
fn allow_lists_come_from_files_and_standard_input() {
    let room = Room::new(&[("allow.txt", b"# ours\n\n203.0.113.7\n"), ("a.log", RAW.as_bytes())]);
    assert_eq!(room.run(&["--allow", "@allow.txt"], RAW).exits(0).text(), RAW);
    assert_eq!(room.run(&["redact", "--allow", "-", "a.log"], "203.0.113.7\n").exits(0).text(), RAW);
    let ran = room.run(&["--allow", "@./missing"], RAW).exits(2);
    assert!(ran.out.is_empty() && ran.err.contains("--allow"), "{}", ran.err);
}

#[test]
fn a_list_and_the_log_cannot_both_be_standard_input() {
    let ran = run(&["--allow", "-"], "203.0.113.7\n").exits(2);
    assert!(ran.out.is_empty() && ran.err.contains("--allow"), "{}", ran.err);
}

#[test]
fn json_numbers() {
    let json = "{\"imei\":490154203237518}\n";
    for (how, expect) in
        [("quote", "{\"imei\":\"[IMEI]\"}\n"), ("null", "{\"imei\":null}\n"), ("zero", "{\"imei\":0}\n")]
    {
        assert_eq!(run(&["--json-numbers", how], json).exits(0).text(), expect, "{how}");
    }
}

#[test]
fn stats_go_to_standard_error_or_a_file() {
    let ran = run(&["--stats"], RAW).exits(0);
    assert_eq!(ran.text(), CLEAN);
    assert!(ran.err.contains("1 records, 22 bytes in, 17 bytes out"), "{}", ran.err);
    assert!(ran.err.contains("ipv4") && !ran.err.contains(NEEDLE), "{}", ran.err);

    let room = Room::new(&[]);
    let ran = room.run(&["--stats-json", "stats.json"], RAW).exits(0).quiet();
    assert_eq!(ran.text(), CLEAN);
    let stats: serde_json::Value = serde_json::from_slice(&room.read("stats.json")).unwrap();
    assert_eq!(stats["records"], 1);
    assert_eq!(stats["bytes_in"], 22);
    assert_eq!(stats["bytes_out"], 17);
    assert_eq!(stats["findings"]["ipv4"], 1);
    assert_eq!(stats["withheld_records"], 0);
    for text in ["version", "ruleset", "kernel"] {
        assert!(stats[text].as_str().is_some_and(|s| !s.is_empty()), "{text}");
    }
}

#[test]
fn stats_that_cannot_be_written_are_an_error() {
    let ran = run(&["--stats-json", "/nonexistent/stats.json"], RAW).exits(2);
    assert_eq!(ran.text(), CLEAN);
}

#[test]
fn color_and_progress_leave_the_output_alone() {
    for args in [
        &["--color", "always"][..],
        &["--color=never"],
        &["--color=auto", "--progress=auto"],
        &["--progress", "always"],
        &["--progress", "never"],
    ] {
        assert_eq!(run(args, RAW).exits(0).text(), CLEAN, "{args:?}");
    }
}

/// There is no terminal: a line at the end, and while it goes on one a second.
#[test]
fn progress_is_told_where_there_is_no_terminal() {
    let room = Room::new(&[("a.log", RAW.repeat(10).as_bytes())]);
    for command in ["redact", "scan"] {
        let ran = room.run(&[command, "--progress", "always", "a.log"], "").exits(0);
        let size = RAW.len() * 10;
        assert_eq!(ran.err, format!("logveil: {size} B of {size} B read, 100 %\n"), "{command}");
        room.run(&[command, "--progress", "auto", "a.log"], "").exits(0).quiet();
        room.run(&[command, "--progress", "never", "a.log"], "").exits(0).quiet();
    }
    let piped = run(&["--progress", "always"], RAW).exits(0);
    assert_eq!((piped.err, piped.out), (format!("logveil: {} B read\n", RAW.len()), CLEAN.into()));
}

#[test]
fn tokens_without_a_key_are_refused_before_anything_is_read() {
    for action in ["email=token", "*=token:reversible", "ipv4=hash"] {
        let ran = run(&["--action", action], RAW).exits(2);
        assert!(ran.out.is_empty() && ran.err.contains("token"), "{action}: {}", ran.err);
    }
}

#[test]
fn the_kernel_can_be_forced_and_a_wrong_one_is_refused() {
    for (name, code) in [("scalar", 0), ("", 0), ("sse9", 2), ("SCALAR", 2)] {
        let mut command = crate::support::command();
        command.env("LOGVEIL_KERNEL", name);
        let ran = assert_cmd::Command::from_std(command).write_stdin("x\n").output().unwrap();
        assert_eq!(ran.status.code(), Some(code), "{name}");
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(said.contains("LOGVEIL_KERNEL"), code == 2, "{said}");
    }
}

#[test]
fn version_names_ruleset_and_kernel() {
    for flag in ["--version", "-V"] {
        let text = run(&[flag], "").exits(0).quiet().text();
        let rest = text.strip_prefix(concat!("logveil ", env!("CARGO_PKG_VERSION"), " (ruleset ")).unwrap();
        assert!(rest.contains(", kernel ") && rest.ends_with(")\n"), "{text}");
    }
    let mut command = crate::support::command();
    let ran = command.env("LOGVEIL_KERNEL", "scalar").arg("--version").output().unwrap();
    assert!(String::from_utf8_lossy(&ran.stdout).contains("kernel scalar"));
}
