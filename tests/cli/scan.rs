//! `scan`: the fields that scripts rely on, and values only when asked for.

use serde_json::Value;

use crate::support::{NEEDLE, RAW, Room, gzip, many_lines, run};

fn findings(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn json_lines_have_exactly_the_promised_fields() {
    let ran = run(&["scan", "--format", "jsonl"], format!("plain\r\n{RAW}")).exits(0).quiet();
    let found = findings(&ran.text());
    assert_eq!(found.len(), 1);
    let one = found[0].as_object().unwrap();
    let keys: Vec<_> = one.keys().map(String::as_str).collect();
    let expect = [
        "path",
        "line",
        "offset",
        "start",
        "end",
        "type",
        "detector",
        "confidence",
        "evidence",
        "layers",
        "ruleset",
    ];
    assert_eq!(keys, expect);
    assert_eq!(one["path"], "-");
    assert_eq!(one["line"], 2);
    assert_eq!(one["offset"], 7);
    assert_eq!(one["start"], 7);
    assert_eq!(one["end"], 18);
    assert_eq!(one["type"], "ipv4");
    assert_eq!(one["detector"], "ip");
    assert!(one["confidence"].as_u64().is_some_and(|c| c <= 100));
    assert!(one["evidence"].as_array().is_some_and(|e| !e.is_empty()));
    assert!(one["layers"].as_array().is_some_and(Vec::is_empty));
    assert!(!ran.text().contains(NEEDLE));
}

#[test]
fn evidence_names_the_key_word_and_layers_the_encoding() {
    let keyed = findings(&run(&["scan", "--format=jsonl"], "imei=490154203237518\n").exits(0).text());
    let evidence: Vec<_> =
        keyed[0]["evidence"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(evidence.contains(&"key:imei"), "{evidence:?}");
    let encoded = findings(&run(&["scan", "--format=jsonl"], "email=bob%40example.com\n").exits(0).text());
    assert_eq!((encoded.len(), &encoded[0]["layers"][0]), (1, &Value::from("percent")));
}

#[test]
fn values_only_when_asked_for() {
    for format in ["text", "jsonl"] {
        assert!(!run(&["scan", "--format", format], RAW).exits(0).text().contains(NEEDLE), "{format}");
        let shown = run(&["scan", "--format", format, "--show-values"], RAW).exits(0).text();
        assert!(shown.contains(NEEDLE), "{format}");
    }
    let shown = run(&["scan", "--format=jsonl", "--show-values"], RAW).exits(0).text();
    assert_eq!(findings(&shown)[0]["value"], NEEDLE);
}

#[test]
fn check_tells_by_the_exit_code() {
    run(&["scan"], RAW).exits(0);
    run(&["scan", "--check"], RAW).exits(1);
    let ran = run(&["scan", "--check"], "plain\n").exits(0).quiet();
    assert!(ran.out.is_empty());
    run(&["scan", "--check", "--skip", "ipv4"], RAW).exits(0);
    let room = Room::new(&[("a.log", RAW.as_bytes())]);
    room.run(&["scan", "--check", "a.log", "missing.log"], "").exits(2);
}

#[test]
fn places_do_not_depend_on_chunks_threads_or_compression() {
    let (raw, _) = many_lines(500);
    let expect = run(&["scan", "--format=jsonl"], &raw).exits(0).text();
    let found = findings(&expect);
    assert_eq!(found.len(), 500);
    for (i, one) in found.iter().enumerate() {
        let offset = one["offset"].as_u64().unwrap() as usize;
        let start = offset + one["start"].as_u64().unwrap() as usize;
        let end = offset + one["end"].as_u64().unwrap() as usize;
        assert_eq!(one["line"], i as u64 + 1);
        assert!(raw[start..end].starts_with("203.0.113."), "{one}");
        assert!(offset == 0 || raw.as_bytes()[offset - 1] == b'\n');
    }
    for args in [
        &["scan", "--format=jsonl", "--chunk-size", "1"][..],
        &["scan", "--format=jsonl", "--chunk-size", "100", "-j2"],
        &["scan", "--format=jsonl", "-j1", "--max-record", "64KiB"],
    ] {
        assert!(run(args, &raw).exits(0).text() == expect, "{args:?}");
    }
    assert!(run(&["scan", "--format=jsonl"], gzip(raw.as_bytes())).exits(0).text() == expect);
}

#[test]
fn paths_that_are_not_utf8_come_in_base64_too() {
    use std::os::unix::ffi::OsStrExt;
    let room = Room::new(&[]);
    let name = std::ffi::OsStr::from_bytes(b"a\xff.log");
    if std::fs::write(room.dir().join(name), RAW).is_err() {
        return; // A file system that takes UTF-8 names only.
    }
    let mut command = crate::support::command();
    let ran = command.current_dir(room.dir()).args(["scan", "--format=jsonl"]).arg(name).output().unwrap();
    assert_eq!(ran.status.code(), Some(0));
    let found = findings(&String::from_utf8_lossy(&ran.stdout));
    assert_eq!(found[0]["path"], "a\u{fffd}.log");
    assert_eq!(found[0]["path_b64"], "Yf8ubG9n");
}

#[test]
fn text_is_one_line_a_finding() {
    let room = Room::new(&[("a.log", RAW.as_bytes())]);
    let text = room.run(&["scan", "a.log"], "").exits(0).quiet().text();
    assert!(text.starts_with("a.log:1:7-18: ipv4 (ip, "), "{text}");
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn over_long_lines_are_withheld_and_the_places_behind_stay_right() {
    let input = format!("{}\n{RAW}", "x".repeat(5000));
    let ran = run(&["scan", "--format=jsonl", "--max-record", "1000"], &input).exits(3);
    let found = findings(&ran.text());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["line"], 2);
    assert_eq!(found[0]["offset"], 5001);
}

/// What `redact` redacts of a line that is too long, `scan` tells, and where it stands in the line.
#[test]
fn over_long_lines_are_cut_where_redact_cuts_them() {
    let words = "lorem ipsum dolor sit amet ".repeat(250);
    let mut input = String::new();
    for end in ["\n", "\r\n", "\n"] {
        input.push_str(&format!("{words}from ann@example.com {words}to 203.0.113.9 {words}{end}{RAW}"));
    }
    // this one can't be cut behind its address
    input.push_str(&format!("{words}from bob@example.com {}\n{RAW}", "x".repeat(9000)));
    input.push_str(&format!("{{\"a\":\"{words} ann@example.com\"}}\n{words}card 4111111111111111"));
    let limit = ["--max-record", "4KiB"];
    let redacted = run(&limit, &input).exits(3).text();
    assert_eq!(redacted.matches("WITHHELD").count(), 1, "{redacted}");
    assert_eq!(redacted.matches("withheld").count(), 1);
    for options in [&["-j1"][..], &["-j2", "--chunk-size", "1KiB"], &["-j2"]] {
        let args = [&["scan", "--format=jsonl", "--show-values", "--stats"][..], &limit, options].concat();
        let ran = run(&args, &input).exits(3);
        let found = findings(&ran.text());
        let types: Vec<_> = found.iter().map(|f| f["type"].as_str().unwrap()).collect();
        assert_eq!(types.len(), redacted.matches('[').count() - 1, "{types:?}");
        for one in &found {
            let at = (one["offset"].as_u64().unwrap() + one["start"].as_u64().unwrap()) as usize;
            let value = one["value"].as_str().unwrap();
            assert!(input[at..].starts_with(value), "{one}");
            let line = input[..at].matches('\n').count() as u64 + 1;
            assert_eq!(one["line"].as_u64().unwrap(), line, "{one}");
            let start = input[..at].rfind('\n').map_or(0, |p| p + 1);
            assert_eq!(one["offset"].as_u64().unwrap(), start as u64, "{one}");
        }
        // records and bytes in, and what was withheld
        let told = |text: &str| {
            let withheld = text.lines().find(|line| line.contains("withheld")).map(str::to_owned);
            (text.splitn(3, ',').take(2).map(str::to_owned).collect::<Vec<_>>(), withheld)
        };
        let by_redact = run(&[&limit[..], &["--stats"]].concat(), &input).exits(3);
        assert_eq!(told(&ran.err), told(&by_redact.err));
    }
}

#[test]
fn threads_change_nothing() {
    let mut text = String::new();
    for number in 0..4000 {
        text.push_str(&format!("{number} from ann{number}@example.org to 192.0.2.{}\n", number % 255));
        if number == 1900 {
            // open over the border of two threads' parts
            text.push_str("-----BEGIN RSA PRIVATE KEY-----\n");
            text.push_str(&format!("{}\n", "MIIEpAIBAAKCAQEA7bq3xkP0sVn1".repeat(2)).repeat(300));
            text.push_str("-----END RSA PRIVATE KEY-----\n");
        }
    }
    for format in ["text", "jsonl"] {
        let one = run(&["scan", "-j1", "--format", format], text.as_bytes()).exits(0).text();
        assert!(one.lines().count() > 8000);
        for threads in ["-j2", "-j3"] {
            let more = run(&["scan", threads, "--format", format], text.as_bytes()).exits(0).text();
            assert!(one == more, "{threads} {format}");
        }
    }
}

#[test]
fn forbidden_types_end_with_4_before_the_1_of_check() {
    for args in [&["scan", "--forbid", "ipv4"][..], &["scan", "--check", "--forbid", "ipv4"]] {
        run(args, RAW).exits(4);
    }
    run(&["scan", "--check", "--forbid", "card"], RAW).exits(1);
}
