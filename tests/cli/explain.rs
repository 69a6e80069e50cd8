//! `explain`: the line, its findings, why, and what becomes of them.

use crate::support::{RAW, Room, run};

#[test]
fn findings_are_underlined_and_reasons_given() {
    let expect = run(&["explain", RAW.trim_end()], "").exits(0).quiet().text();
    let lines: Vec<_> = expect.lines().collect();
    assert_eq!(lines[0], "client 203.0.113.7 ok");
    assert_eq!(lines[1], "       ^^^^^^^^^^^");
    for part in ["ipv4  bytes 7-18, rule ip, confidence ", "evidence ", "decision label", "client [IPV4] ok"]
    {
        assert!(expect.contains(part), "{part}: {expect}");
    }
}

#[test]
fn the_line_comes_from_arguments_standard_input_or_a_file() {
    let room = Room::new(&[("line.txt", RAW.as_bytes())]);
    let expect = room.run(&["explain", RAW.trim_end()], "").exits(0).text();
    assert_eq!(room.run(&["explain", "-"], RAW).exits(0).text(), expect);
    assert_eq!(room.run(&["explain", "@line.txt"], "").exits(0).text(), expect);
    let dashed = room.run(&["explain", "--", "-v 203.0.113.7"], "").exits(0).text();
    assert!(dashed.starts_with("-v 203.0.113.7\n"), "{dashed}");
}

#[test]
fn nothing_found_is_said() {
    assert_eq!(run(&["explain", "hello"], "").exits(0).text(), "hello\nnothing found\n");
}

#[test]
fn policy_options_count() {
    let text = run(&["explain", "--action", "ipv4=mask", RAW.trim_end()], "").exits(0).text();
    assert!(text.contains("decision mask") && text.contains("client *********** ok"), "{text}");
    assert!(run(&["explain", "--skip=ipv4", RAW.trim_end()], "").exits(0).text().contains("nothing found"));
}

#[test]
fn colours_only_when_wanted() {
    assert!(!run(&["explain", RAW], "").text().contains('\u{1b}'));
    assert!(run(&["explain", "--color", "always", RAW], "").text().contains("\u{1b}["));
    assert!(!run(&["explain", "--color", "never", "a\u{1b}[31mb"], "").text().contains('\u{1b}'));
}
