//! What is found in a line stays found where a logger writes the line into one of its own: as the text behind a header,
//! or as a string of JSON or logfmt, with its quotes escaped.

mod common;

use logveil::{Policy, Scanner, Scratch};

/// A form: how a line is written in it, in how many strings it stands then, and how many values of ten thousand may be left
/// at most: those of grammars that start or end with a record (HL7, call records in CSV, access logs).
struct Form {
    name: &'static str,
    write: fn(&str) -> String,
    depth: usize,
    most_left: usize,
}

const FORMS: [Form; 9] = [
    Form {
        name: "syslog (RFC 3164)",
        write: |line| format!("Mar  4 10:11:12 host1 app[123]: {line}"),
        depth: 0,
        most_left: 30,
    },
    Form {
        name: "syslog (RFC 5424)",
        write: |line| format!("<134>1 2026-03-04T10:11:12Z host1 app 123 - - {line}"),
        depth: 0,
        most_left: 30,
    },
    Form {
        name: "CRI",
        write: |line| format!("2026-03-04T10:11:12.123456789Z stdout F {line}"),
        depth: 0,
        most_left: 30,
    },
    Form {
        name: "klog",
        write: |line| format!("I0304 10:11:12.123456       1 server.go:12] {line}"),
        depth: 0,
        most_left: 30,
    },
    Form {
        name: "Log4j",
        write: |line| format!("2026-03-04 10:11:12,123 INFO  [http-nio-8080-exec-1] c.e.a.Service - {line}"),
        depth: 0,
        most_left: 35,
    },
    Form {
        name: "Docker's JSON",
        write: |line| format!(r#"{{"log":"{line}\n","stream":"stdout","time":"2026-03-04T10:11:12Z"}}"#),
        depth: 1,
        most_left: 12,
    },
    Form {
        name: "zap",
        write: |line| {
            format!(r#"{{"level":"info","ts":1772614273.1,"caller":"a/b.go:12","msg":"{line}","n":1}}"#)
        },
        depth: 1,
        most_left: 45,
    },
    Form {
        name: "logfmt",
        write: |line| format!(r#"time=2026-03-04T10:11:12Z level=info msg="{line}""#),
        depth: 1,
        most_left: 42,
    },
    Form {
        name: "Docker's JSON around zap",
        write: |line| {
            let inner = format!(r#"{{"level":"info","ts":1772614273.1,"msg":"{line}","n":1}}"#);
            format!(r#"{{"log":"{}\n","stream":"stdout"}}"#, escaped(&inner))
        },
        depth: 2,
        most_left: 80,
    },
];

/// A text as it stands in a string of JSON.
fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

#[test]
fn what_is_found_in_a_line_is_found_in_what_loggers_make_of_it() {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let mut scratch = Scratch::default();
    // the values of each line alone
    let lines: Vec<(String, Vec<String>)> = common::cases()
        .into_iter()
        .filter(|case| case.only.is_empty())
        .filter_map(|case| case.text.filter(|text| !text.contains('\n')))
        .map(|text| {
            let found = common::scan(&scanner, text.as_bytes(), &mut scratch);
            let values = found.iter().filter_map(|f| text.get(f.start..f.end)).map(str::to_owned).collect();
            (text, values)
        })
        .collect();
    let all: usize = lines.iter().map(|(_, values)| values.len()).sum();
    assert!(all > 10_000, "{all} values");
    let mut failed = Vec::new();
    for Form { name, write, depth, most_left } in &FORMS {
        let in_strings =
            |text: &str, depth: usize| (0..depth).fold(text.to_owned(), |text, _| escaped(&text));
        let mut left = 0;
        for (line, values) in &lines {
            let line = write(&in_strings(line, (*depth).min(1)));
            let found = common::scan(&scanner, line.as_bytes(), &mut scratch);
            let found: Vec<_> = found.iter().map(|f| &line.as_bytes()[f.start..f.end]).collect();
            let is_left = |value: &&String| {
                let value = in_strings(value, *depth);
                !found.iter().any(|f| f.windows(value.len()).any(|part| part == value.as_bytes()))
            };
            left += values.iter().filter(is_left).count();
        }
        println!("{name}: {left} of {all} values left");
        if left * 10_000 > all * most_left {
            failed.push(format!("{name}: {left} of {all} values left, at most {most_left} of 10,000 may be"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
