//! `line_format`: lines cut into slots that say what stands in them.

use crate::support::{Room, run};

const FORMAT: &str = "{ip} – {time} – {url} – {user-agent} – {cookie}";

#[test]
fn the_tracker_sample_is_cut_by_its_format() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let sample = std::fs::read(format!("{folder}/tracker-en-dash.log")).unwrap();
    let text = run(&["--line-format", FORMAT], &sample).exits(0).quiet().text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "[IPV4] – 11/April/2015 12:25:39 – http://example.com/contact – Firefox 1.0.7; Windows NT 5.1 – [COOKIE]"
    );
    assert!(lines[1].contains("?mail=[EMAIL] – Firefox"), "{}", lines[1]);
    assert!(
        lines[4].starts_with(
            "[IPV6] – 11/April/2015 12:27:01 – http://example.com/v1.2.3.4/notes – Safari 8.0.3"
        )
    );
    assert!(lines.iter().all(|line| line.ends_with(" – [COOKIE]")), "{text}");
    assert!(lines[7].starts_with("127.0.0.1 – "), "what is allowed stays: {}", lines[7]);
    // The same by the sample policy, twice: nothing is left to do.
    let policy = format!("{folder}/policies/telephony.toml");
    let once = run(&["-p", &policy], &sample).exits(0).text();
    assert!(once.starts_with("98.76.54.0 – 11/April/2015 12:25:39 – "), "{once}");
    assert_eq!(run(&["-p", &policy], &once).exits(0).text(), once);
}

#[test]
fn slots_are_evidence_and_spare_what_they_cannot_be() {
    let nginx = r#"$remote_addr - $remote_user [$time_local] "$request" $status "$http_user_agent" "$http_cookie" $http_x_device_id"#;
    let line = r#"203.0.113.7 - annlee [11/Apr/2015:12:25:39 +0000] "GET / HTTP/1.1" 200 "App/1.2.3.4 \" 10.20.30.40" "sid=k3J9xQ2mZ8pLw7Rt; a=b" a1b2c3d4e5f60718"#;
    let text = run(&["scan", "--format", "jsonl", "--line-format", nginx], line).exits(0).text();
    let found: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<&str> = found.iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["ipv4", "username", "cookie", "cookie", "device-id"], "{text}");
    for one in &found {
        let evidence = one["evidence"].as_array().unwrap();
        assert!(evidence.iter().any(|id| id == "slot:format"), "{one}");
    }
    // Without the format the last field is nothing.
    let plain = run(&["scan", "--format", "jsonl"], line).exits(0).text();
    assert!(!plain.contains("device-id"), "{plain}");
}

#[test]
fn apache_formats_and_lines_of_another_form() {
    let apache = r#"%h %l %u %t \"%r\" %>s %b %{session}C"#;
    let lines = "203.0.113.7 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 12 k3J9xQ2mZ8pLw7Rt\n\
                 another form from 203.0.113.8\n\n";
    let text = run(&["--line-format", apache], lines).exits(0).quiet().text();
    assert_eq!(
        text,
        "[IPV4] - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 12 [COOKIE]\nanother form from [IPV4]\n\n"
    );
    // A time that looks like a number of a phone is none.
    let text = run(&["--line-format", "{time} {phone}"], "+442079460958 +442079460958").exits(0).text();
    assert_eq!(text, "+442079460958 [PHONE]");
}

#[test]
fn a_wrong_format_is_refused_with_its_place() {
    let room = Room::new(&[("p.toml", b"description = \"x\"\nline_format = \"{ip}{time}\"\n")]);
    let ran = room.run(&["-p", "./p.toml"], "x\n").exits(2);
    assert!(ran.out.is_empty() && ran.err.contains("p.toml:2") && ran.err.contains("between"), "{}", ran.err);
    let ran = run(&["--line-format", "no slot at all"], "x\n").exits(2);
    assert!(!ran.err.contains("no slot at all"), "{}", ran.err);
}

#[test]
fn a_slot_chooses_the_policy() {
    let policy = br#"
line_format = '{_tenant} | {ip} | {message}'
[[when]]
slot = "tenant"
equals = ["acme", "globex"]
use = "access-log"
[[test]]
line = 'acme | 203.0.113.7 | ok'
expect = 'acme | 0.0.0.0 | ok'
[[test]]
line = 'other | 203.0.113.7 | ok'
expect = 'other | [IPV4] | ok'
"#;
    let room = Room::new(&[("p.toml", policy)]);
    room.run(&["policy", "test", "./p.toml"], "").exits(0);
    let printed = room.run(&["-p", "./p.toml", "--print-policy"], "").exits(0).text();
    assert!(printed.contains("slot = \"tenant\""), "{printed}");
    for (bad, line, message) in [
        (
            "line_format = '{ip} {x}'\n[[when]]\nslot = \"tenat\"\nuse = \"default\"\n",
            ":1: ",
            "unknown slot `{x}`",
        ),
        (
            "line_format = '{ip} {_tenant}'\n[[when]]\nslot = \"tenat\"\nuse = \"default\"\n",
            ":3: ",
            "did you mean `_tenant`?",
        ),
        ("[[when]]\nslot = \"tenant\"\nuse = \"default\"\n", ":2: ", "there is none"),
        ("line_format = '{ip} {emial}'\n", ":1: ", "did you mean `{email}`?"),
    ] {
        let room = Room::new(&[("bad.toml", bad.as_bytes())]);
        let ran = room.run(&["-p", "./bad.toml"], "").exits(2);
        assert!(ran.err.contains(line) && ran.err.contains(message), "{bad}: {}", ran.err);
    }
}
