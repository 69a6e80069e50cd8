//! `patterns`, `bench`, `completions`, `man`.

use crate::support::{NEEDLE, RAW, Room, run};

#[test]
fn list_names_every_type() {
    let text = run(&["patterns", "list"], "").exits(0).quiet().text();
    for id in ["ipv4", "email", "click-id", "national-id", "wallet"] {
        assert!(text.lines().any(|line| line.split_whitespace().next() == Some(id)), "{id}");
    }
    let state =
        |id: &str| text.lines().find(|l| l.starts_with(&format!("{id} "))).unwrap_or_default().to_owned();
    assert!(state("ipv4").contains("network") && state("ipv4").contains(" on "));
    assert!(state("uuid").contains(" off "));
}

#[test]
fn show_tells_of_types_groups_and_rules() {
    assert!(run(&["patterns", "show", "email"], "").exits(0).text().contains("[EMAIL]"));
    assert!(run(&["patterns", "show", "payment"], "").exits(0).text().contains("[IBAN]"));
    assert!(run(&["patterns", "show", "national-id/us-ssn"], "").exits(0).text().contains("national-id"));
}

#[test]
fn bench_counts_what_it_measures() {
    let room = Room::new(&[("a.log", RAW.repeat(100).as_bytes())]);
    let text = room.run(&["bench", "a.log"], "").exits(0).quiet().text();
    assert!(text.contains("MiB/s") && text.contains("1.00 findings a line"), "{text}");
    let json = room.run(&["bench", "--json", "-j1", "--kernel=scalar", "a.log"], "").exits(0).text();
    let one: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((one["records"].as_u64(), one["kernel"].as_str()), (Some(100), Some("scalar")));
    assert!(!text.contains(NEEDLE));
    let web = room.run(&["bench", "--json", "--size", "64KiB"], "").exits(0).text();
    let one: serde_json::Value = serde_json::from_str(&web).unwrap();
    assert_eq!(one["corpus"].as_str(), Some("web"));
    assert!(one["bytes"].as_u64().is_some_and(|bytes| (65_536..70_000).contains(&bytes)), "{web}");
}

#[test]
fn bench_takes_corpora_and_compares_with_the_baseline() {
    let text =
        run(&["bench", "--corpus", "mixed,dense", "--size", "64KiB", "--baseline"], "").exits(0).text();
    assert!(text.contains("mixed") && text.contains("dense") && text.contains("baseline"), "{text}");
    let text = run(&["bench", "--corpus", "web", "--size", "64KiB", "--process"], "").exits(0).text();
    assert!(text.contains("MiB/s"), "{text}");
    run(&["bench", "--corpus", "nosuch"], "").exits(2);
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = run(&["completions", shell], "").exits(0).quiet().text();
        assert!(text.contains("logveil") && text.contains("max-record"), "{shell}");
    }
}

#[test]
fn manual_pages() {
    let text = run(&["man"], "").exits(0).quiet().text();
    assert!(text.contains(".TH logveil") && text.contains("EXIT") || text.contains("Exit status"), "{text}");
    let room = Room::new(&[]);
    room.run(&["man", "--dir", "pages"], "").exits(0).quiet();
    for page in ["logveil.1", "logveil-redact.1", "logveil-scan.1", "logveil-patterns-list.1"] {
        let text = std::fs::read_to_string(room.path("pages").join(page)).unwrap();
        assert!(text.contains(&format!(".TH {} ", page.trim_end_matches(".1"))), "{page}: {text}");
    }
}

#[test]
fn check_proves_the_built_in_examples() {
    let text = run(&["patterns", "check"], "").exits(0).quiet().text();
    for id in ["ip", "email", "card", "national-id/fi-hetu", "token/pem"] {
        assert!(text.contains(&format!("{id}: ok")), "{text}");
    }
}

#[test]
fn check_proves_user_packs() {
    let pack = |example: &str| {
        format!(
            "[[rule]]\nid = \"badge\"\ndescription = \"badges\"\ntype = \"account-id\"\nregex = 'ACC-[0-9]{{4}}'\n\
             matches = [\"ACC-1234\", \"{example}\"]\nnon_matches = [\"ACC-12\", \"acc\"]\n"
        )
    };
    let (good, bad) = (pack("x ACC-9999"), pack("BCC-1234"));
    let room = Room::new(&[
        ("good.toml", good.as_bytes()),
        ("bad.toml", bad.as_bytes()),
        ("broken.toml", b"[[rule]]\nid = 5\n"),
    ]);
    room.run(&["patterns", "check", "good.toml"], "").exits(0).quiet();
    let text = room.run(&["patterns", "check", "good.toml", "bad.toml"], "").exits(1).text();
    assert!(text.contains("bad.toml:2: badge"), "{text}");
    let broken = room.run(&["patterns", "check", "broken.toml"], "");
    assert!(matches!(broken.code, Some(1 | 2)), "{broken:?}");
    room.run(&["patterns", "check", "missing.toml"], "").exits(2);
}

#[test]
fn user_rules_obey_vetoes_as_built_in_ones_do() {
    let pack = br#"
[[type]]
id = "badge"
group = "identity"
[[rule]]
id = "acme/badge"
description = "badge numbers"
type = "badge"
regex = '\b\d{8}\b'
matches = ["badge 12345678", "entered: 87654321"]
non_matches = ["1234567", "build=12345678"]
[[rule]]
id = "acme/desk"
description = "desk numbers, under their own key"
type = "badge"
regex = '\d{8}'
paths = ["order_id"]
matches = ["order_id=12345678", "order_id=87654321"]
non_matches = ["1234", "desk=12345678"]
"#;
    let only_badge = String::from_utf8_lossy(pack);
    let only_badge = &only_badge[..only_badge.find("[[rule]]\nid = \"acme/desk\"").unwrap()];
    let room = Room::new(&[("p.toml", pack), ("one.toml", only_badge.as_bytes())]);
    for (line, expect) in [
        ("badge 12345678\n", "badge [BADGE]\n"),
        ("build=12345678\n", "build=12345678\n"),
        ("order_id=12345678\n", "order_id=12345678\n"),
        ("timestamp: 12345678\n", "timestamp: 12345678\n"),
        ("at badge_h12345678 ok\n", "at badge_h12345678 ok\n"),
    ] {
        assert_eq!(room.run(&["--patterns", "one.toml"], line).exits(0).text(), expect);
    }
    // A rule that names the key itself means it.
    assert_eq!(
        room.run(&["--patterns", "p.toml"], "order_id=12345678\n").exits(0).text(),
        "order_id=[BADGE]\n"
    );
    let policy = "patterns = [\"one.toml\"]\nline_format = '{time} {_rest}'\n";
    let room = Room::new(&[("one.toml", only_badge.as_bytes()), ("f.toml", policy.as_bytes())]);
    let timed = room.run(&["-p", "./f.toml"], "20260102 12345678\n").exits(0).text();
    assert_eq!(timed, "20260102 [BADGE]\n");
}

#[test]
fn rules_of_packs_have_settings_and_tags() {
    let pack = br#"
[[rule]]
id = "acme/one"
description = "one"
type = "account-id"
tags = ["acme-only"]
regex = 'ONE-\d{4}'
matches = ["ONE-1234", "x ONE-4321"]
non_matches = ["ONE-1", "x"]
[[rule]]
id = "acme/two"
description = "two"
type = "account-id"
regex = 'TWO-\d{4}'
matches = ["TWO-1234", "x TWO-4321"]
non_matches = ["TWO-1", "x"]
"#;
    let room = Room::new(&[
        ("p.toml", pack),
        ("off.toml", b"patterns = [\"p.toml\"]\n[rules.\"acme/one\"]\nenabled = false\n"),
        ("bad.toml", b"patterns = [\"p.toml\"]\n[rules.\"acme/onne\"]\nenabled = false\n"),
    ]);
    let line = "ONE-1234 TWO-1234 ann@example.com\n";
    let redacted = |args: &[&str]| room.run(args, line).exits(0).text();
    assert_eq!(redacted(&["-p", "./off.toml"]), "ONE-1234 [ACCOUNT-ID] [EMAIL]\n");
    let printed = redacted(&["-p", "./off.toml", "--print-policy"]);
    assert!(printed.contains("[rules.\"acme/one\"]\nenabled = false"), "{printed}");
    let only = ["--patterns", "p.toml", "--only", "tag:acme-only"];
    assert_eq!(redacted(&only), "[ACCOUNT-ID] TWO-1234 ann@example.com\n");
    let skip = ["--patterns", "p.toml", "--skip", "tag:acme-only"];
    assert_eq!(redacted(&skip), "ONE-1234 [ACCOUNT-ID] [EMAIL]\n");
    let bad = room.run(&["-p", "./bad.toml"], "").exits(2);
    assert!(bad.err.contains("bad.toml:2") && bad.err.contains("`acme/one`"), "{}", bad.err);
}
