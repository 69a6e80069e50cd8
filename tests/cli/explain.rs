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
    assert_eq!(
        run(&["explain", "hello"], "").exits(0).text(),
        "hello\nnothing found: no part of it has the form of a value that is looked for\n"
    );
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

/// A finding in shadow gives way to a less sure one that acts.
#[test]
fn what_is_in_shadow_says_so_where_another_acts() {
    let shadow = ["explain", "--set", "email.mode=shadow", "user=anna@example.com"];
    let text = run(&shadow, "").exits(0).quiet().text();
    let why = "it is in shadow, so a finding of type username on the same bytes ranks before it";
    assert!(text.contains(why) && text.contains("result:   user=[USERNAME]"), "{text}");
    let acting = run(&["explain", "user=anna@example.com"], "").exits(0).quiet().text();
    assert!(acting.contains("    a finding of type email on the same bytes ranks before it"), "{acting}");
}

#[test]
fn what_was_spared_is_named_and_marked() {
    let line = "peer 203.0.113.7 version=1.2.3.4 on 127.0.0.1";
    let text = run(&["explain", line], "").exits(0).quiet().text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[1], "     ^^^^^^^^^^^         ~~~~~~~    ~~~~~~~~~");
    for part in ["considered and spared", "it stands under `version` [veto:version]", "[allowed-by-default]"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let coloured = run(&["explain", "--color", "always", line], "").text();
    assert!(coloured.contains("\u{1b}[4m\u{1b}[33m1.2.3.4"), "{coloured:?}");
    let off = run(&["explain", "--skip", "ipv4", line], "").text();
    assert!(off.contains("nothing found") && off.contains("the type is off (--skip) [type-off]"), "{off}");
}

#[test]
fn json_says_everything_without_the_values() {
    let policy = b"[paths.\"user.email\"]\naction = \"mask\"\n[types.ipv4]\nmode = \"shadow\"\n";
    let room = Room::new(&[("p.toml", policy)]);
    let line = r#"{"user":{"email":"anna%40example.com"},"ip":"203.0.113.7","version":"1.2.3.4"}"#;
    let text = room.run(&["explain", "--json", "-p", "./p.toml", line], "").exits(0).quiet().text();
    assert!(!text.contains("203.0.113.7\",") || text.contains("\"becomes\":\"203.0.113.7\""), "{text}");
    let one: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((one["line"].as_u64(), one["shape"].as_str()), (Some(1), Some("json")));
    let (mail, ip) = (&one["findings"][0], &one["findings"][1]);
    assert_eq!((mail["type"].as_str(), mail["action"].as_str()), (Some("email"), Some("mask")));
    assert_eq!(mail["encodings"][0], "percent");
    assert!(mail["set_by"].as_str().unwrap().contains("paths.\"user.email\", ./p.toml:1"), "{mail}");
    assert_eq!((ip["mode"].as_str(), ip["becomes"].as_str()), (Some("shadow"), Some("203.0.113.7")));
    assert_eq!(ip["set_by"].as_str(), Some("./p.toml:4"));
    assert_eq!((mail["path"].as_str(), ip["path"].as_str()), (Some("user.email"), Some("ip")));
    assert_eq!(one["spared"][0]["reasons"][0]["id"], "veto:version");
    let dropped = run(&["explain", "--json", "--action", "ipv4=drop-record", RAW.trim_end()], "").text();
    let dropped: serde_json::Value = serde_json::from_str(&dropped).unwrap();
    assert!(dropped["result"].is_null() && dropped["findings"][0]["becomes"].is_null(), "{dropped}");
}

#[test]
fn the_condition_that_holds_is_named() {
    let room = Room::new(&[("p.toml", b"[[when]]\nshape = \"json\"\nuse = \"access-log\"\n")]);
    let text = room.run(&["explain", "-p", "./p.toml", r#"{"ip":"203.0.113.7"}"#], "").exits(0).text();
    assert!(text.contains("[[when]] number 1 holds: policy access-log"), "{text}");
    assert!(text.contains("becomes  0.0.0.0"), "{text}");
}
