//! What a run tells of itself: metrics, and lines at its start and end.

use crate::support::{NEEDLE, RAW, Room};

#[test]
fn metrics_are_complete_at_the_end_and_hold_no_value() {
    let room = Room::new(&[("a.log", RAW.repeat(5).as_bytes())]);
    room.run(&["redact", "a.log", "--metrics-file", "m.prom"], "").exits(0).quiet();
    let page = room.text("m.prom");
    for row in [
        "logveil_records_total 5\n",
        "logveil_bytes_in_total 110\n",
        "logveil_findings_total{type=\"ipv4\",action=\"label\"} 5\n",
        "logveil_rule_findings_total{rule=\"ip\"} 5\n",
        "logveil_withheld_records_total 0\n",
        "logveil_errors_total 0\n",
        "logveil_reloads_total{result=\"refused\"} 0\n",
        "logveil_up 0\n",
    ] {
        assert!(page.contains(row), "{row}{page}");
    }
    assert!(
        page.contains("logveil_build_info{version=\"") && page.contains("mode=\"enforce\"} 1\n"),
        "{page}"
    );
    assert!(!page.contains(NEEDLE));
    // An input that fails counts; a file that can't be written is an error.
    room.run(&["redact", "missing.log", "--metrics-file", "m.prom"], "").exits(2);
    assert!(room.text("m.prom").contains("logveil_errors_total 1\n"));
    room.run(&["redact", "a.log", "--metrics-file", "no/such/folder/m"], "").exits(2);
    let left: Vec<_> = std::fs::read_dir(room.dir()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "no temporary file is left: {left:?}");
}

#[test]
fn alerts_speak_of_metrics_that_are_there() {
    let room = Room::new(&[]);
    room.run(&["--metrics-file", "m.prom"], RAW).exits(0);
    let page = room.text("m.prom");
    let alerts = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/alerts.yml")).unwrap();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names: Vec<&str> =
        alerts.split(|c| !is_name(c)).filter(|word| word.starts_with("logveil_")).collect();
    assert!(names.len() >= 6);
    for name in names {
        assert!(page.contains(&format!("# TYPE {name} ")), "{name}");
    }
}

#[test]
fn start_and_end_lines() {
    let room = Room::new(&[]);
    let text = room.run(&["--self-log", "text"], RAW).exits(0);
    let lines: Vec<&str> = text.err.lines().collect();
    assert_eq!(lines.len(), 2, "{}", text.err);
    assert!(
        lines[0].contains("start version=")
            && lines[0].contains(" ruleset=")
            && lines[0].contains(" policy=")
    );
    assert!(lines[0].contains("types=ipv4,ipv6,"), "{}", lines[0]);
    assert!(lines[1].contains("end records=1 bytes_in=22 ") && lines[1].ends_with(" exit=0"), "{}", lines[1]);
    let json = room.run(&["--self-log", "json", "--forbid", "card"], "card 4111111111111111\n").exits(4);
    let lines: Vec<serde_json::Value> =
        json.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["start", "forbidden", "end"], "{}", json.err);
    assert_eq!((lines[1]["found"].as_u64(), lines[2]["exit"].as_u64()), (Some(1), Some(4)));
    assert!(!json.err.contains("4111") && !text.err.contains(NEEDLE));
}

#[test]
fn with_a_json_log_complaints_are_json_too() {
    let room = Room::new(&[("a.log", RAW.as_bytes())]);
    let ran = room.run(&["redact", "a.log", "missing.log", "--self-log", "json"], "").exits(2);
    let lines: Vec<serde_json::Value> =
        ran.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["start", "message", "end"], "{}", ran.err);
    assert!(lines[1]["text"].as_str().unwrap().contains("missing.log"), "{}", ran.err);
}
