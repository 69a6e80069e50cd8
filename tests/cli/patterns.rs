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
