//! Rolling out: shadow, promises of absence, the pinned ruleset, names of user rules.

use crate::support::{CLEAN, RAW, Room, run};

#[test]
fn shadow_needs_a_yes_and_changes_no_byte() {
    let refused = run(&["redact", "--shadow"], RAW).exits(2);
    assert!(refused.out.is_empty() && refused.err.contains("--yes-raw"), "{}", refused.err);
    run(&["redact", "--yes-raw"], RAW).exits(2);
    // A place that enforces and a condition's policy are in shadow, too.
    let policy = b"[paths.\"ip\"]\nmode = \"enforce\"\n[[when]]\nshape = \"json\"\nuse = \"everything\"\n";
    let room = Room::new(&[("p.toml", policy)]);
    let raw =
        format!("{{\"ip\":\"203.0.113.7\",\"note\":\"anna@example.com\"}}\nip=203.0.113.7\n{RAW}\u{e9}\r\n");
    let ran =
        room.run(&["-p", "./p.toml", "--shadow", "--yes-raw", "--stats", "--stats-json", "s.json"], &raw);
    let ran = ran.exits(0);
    assert_eq!(ran.out, raw.as_bytes());
    assert!(ran.err.contains("SHADOW"), "{}", ran.err);
    let stats: serde_json::Value =
        serde_json::from_slice(&std::fs::read(room.path("s.json")).unwrap()).unwrap();
    assert_eq!(stats["mode"], "shadow");
    assert!(stats["shadow"].as_u64() >= Some(4) && stats["shadow"] == stats["found"], "{stats}");
    assert_eq!(stats["policy_digest"].as_str().map(str::len), Some(16));
}

#[test]
fn a_promise_of_absence_is_redacted_and_exit_4() {
    let ran = run(&["--forbid", "card", "--only", "email"], "card 4111111111111111\n").exits(4);
    assert_eq!(ran.text(), "card [CARD]\n");
    run(&["--forbid", "card"], RAW).exits(0);
    let ran = run(&["--forbid", "crad"], RAW).exits(2);
    assert!(!ran.err.contains("crad") && ran.err.contains("card"), "{}", ran.err);
}

#[test]
fn newer_rules_run_in_shadow_and_are_counted() {
    let room = Room::new(&[
        ("old.toml", b"ruleset = \"2026.10\"\n"),
        ("now.toml", b"ruleset = \"2026.11\"\n"),
        ("bad.toml", b"ruleset = \"2026.13\"\n"),
    ]);
    let ran = room.run(&["-p", "./old.toml", "--stats"], RAW).exits(0);
    assert_eq!(ran.text(), RAW);
    assert!(ran.err.contains("1 findings in shadow"), "{}", ran.err);
    assert_eq!(room.run(&["-p", "./now.toml"], RAW).exits(0).quiet().text(), CLEAN);
    let bad = room.run(&["-p", "./bad.toml"], RAW).exits(2);
    assert!(bad.err.contains("bad.toml:1") && bad.err.contains("2026.11"), "{}", bad.err);
}

#[test]
fn changes_between_rulesets_are_listed_and_counted() {
    let none = run(&["patterns", "changes", "2026.11", "2026.12"], "").exits(0).quiet().text();
    assert!(none.starts_with("2026.11 -> 2026.12: 0 rules came, 0 rows of data, 0 keys;"), "{none}");
    let all = run(&["patterns", "changes", "2026.10", "2026.11"], "").exits(1).text();
    for came in ["+ national-id/us-ssn ", "+ token-shape/github ", "+ key/aadhaar "] {
        assert!(all.lines().any(|line| line.starts_with(came)), "{came}: {all}");
    }
    let room = Room::new(&[("a.log", RAW.repeat(3).as_bytes())]);
    let counted = room.run(&["patterns", "changes", "2026.10", "2026.11", "a.log"], "").exits(1).text();
    let ip = counted.lines().find(|line| line.starts_with("+ ip ")).unwrap();
    assert!(ip.ends_with(" 3 found"), "{ip}");
    run(&["patterns", "changes", "2026.11", "2026.10"], "").exits(2);
    run(&["patterns", "changes", "x", "2026.11"], "").exits(2);
    room.run(&["patterns", "changes", "2026.10", "2026.11", "missing.log"], "").exits(2);
}

#[test]
fn two_policies_rulesets_or_versions_are_compared_on_the_same_lines() {
    let lines = "ip 203.0.113.7\n{\"ip\":\"203.0.113.8\",\"user\":{\"email\":\"ann@example.com\"}}\n";
    let room = Room::new(&[
        ("a.log", lines.as_bytes()),
        ("old.toml", b"ruleset = \"2026.10\"\n"),
        ("when.toml", b"ruleset = \"2026.10\"\n[[when]]\nshape = \"json\"\nuse = \"personal\"\n"),
        ("place.toml", b"[paths.\"user.email\"]\naction = \"mask\"\n"),
    ]);
    let diff = |a: &str, b: &str| room.run(&["policy", "diff", a, b, "a.log"], "");
    for (a, b) in [("2026.11", "default"), ("default@2026.11", "default"), ("default", "default")] {
        let text = diff(a, b).exits(0).quiet().text();
        assert!(text.ends_with(": 0 of 2 lines change\n"), "{text}");
    }
    for a in ["2026.10", "default@2026.10", "./old.toml"] {
        let text = diff(a, "default").exits(1).quiet().text();
        assert!(text.contains("2  ipv4 in shadow -> ipv4 label\n"), "{text}");
        assert!(text.contains("1  email in shadow -> email label\n"), "{text}");
    }
    // The pin holds for the policy of a condition, too; a place's action is what counts there.
    assert!(diff("./when.toml", "./old.toml").exits(0).text().contains("0 of 2 lines"));
    let text = diff("default", "./place.toml").exits(1).text();
    assert!(text.contains("1  email label -> email mask\n") && text.contains("1 of 2 lines"), "{text}");

    // What another version found, as it wrote it down: here one that knew no addresses.
    let found = room.run(&["scan", "--format", "jsonl", "--skip", "ipv4", "a.log"], "").exits(0).text();
    std::fs::write(room.path("old.jsonl"), found).unwrap();
    let text = diff("old.jsonl", "default").exits(1).text();
    assert!(text.contains("2  not found -> ipv4 label\n") && !text.contains("email"), "{text}");
    assert!(diff("old.jsonl", "old.jsonl").exits(0).text().contains("0 of 2 lines"));
    std::fs::write(room.path("bad.jsonl"), "{\"path\":\"ann@example.com\"}\n").unwrap();
    let bad = diff("bad.jsonl", "default").exits(2);
    assert!(bad.err.contains("bad.jsonl:1") && !bad.err.contains("ann@"), "{}", bad.err);
    assert!(diff("default@2026.13", "default").exits(2).err.contains("2026.13"));
}

#[test]
fn user_rules_and_types_are_called_by_their_own_names() {
    let pack = |id: &str, kind: &str| {
        format!(
            "[[type]]\nid = \"{kind}\"\ngroup = \"identity\"\n[[rule]]\nid = \"{id}\"\ndescription = \"d\"\ntype = \"{kind}\"\n\
             regex = '{kind}-\\d{{4}}'\nmatches = [\"{kind}-1234\", \"{kind}-9999\"]\nnon_matches = [\"x\", \"y\"]\n"
        )
    };
    let room = Room::new(&[
        ("a.toml", pack("acme/badge", "badge").as_bytes()),
        ("b.toml", pack("acme/desk", "desk").as_bytes()),
        ("other.toml", b"patterns = [\"b.toml\"]\n"),
        ("p.toml", b"patterns = [\"a.toml\"]\n[[when]]\nshape = \"json\"\nuse = \"./other.toml\"\n"),
    ]);
    let lines = "has badge-1234\n{\"m\":\"desk-1234\"}\n";
    let text = room.run(&["scan", "--format", "jsonl", "-p", "./p.toml"], lines).exits(0).text();
    let names: Vec<(String, String)> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|one| (one["type"].as_str().unwrap().into(), one["detector"].as_str().unwrap().into()))
        .collect();
    let expect = [("badge", "acme/badge"), ("desk", "acme/desk")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(names, expect);
    let shown = room.run(&["explain", "-p", "./p.toml", "has badge-1234"], "").exits(0).text();
    assert!(shown.contains("rule acme/badge"), "{shown}");
}

#[test]
fn a_place_in_shadow_never_weakens_another_rule() {
    // The place's own type covers the address's start; the address reaches beyond the place.
    let policy = b"[query.u]\ntype = \"name\"\nmode = \"shadow\"\n";
    let kept = b"[query.u]\ntype = \"name\"\naction = \"keep\"\n";
    let room = Room::new(&[("p.toml", policy), ("k.toml", kept)]);
    let line = "GET https://ann:correcthorse@example.com/x?u=anna@example.com HTTP/1.1\n";
    let shadow = room.run(&["-p", "./p.toml"], line).exits(0).text();
    assert!(shadow.contains("?u=anna@example.com"), "the place is in shadow: {shadow}");
    assert!(!shadow.contains("correcthorse"), "{shadow}");
    // Keep at a place is for every type there; a value that is found otherwise loses nothing by it.
    let kept = room.run(&["-p", "./k.toml"], line).exits(0).text();
    assert!(!kept.contains("correcthorse"), "{kept}");
}
