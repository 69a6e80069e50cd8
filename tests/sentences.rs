//! Every sentence of `patterns/sentences.toml` tells what it says it tells, and nothing else of it is touched.

use logveil::{Policy, Scanner, Scratch};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    system: Vec<System>,
}

#[derive(Deserialize)]
struct System {
    name: String,
    says: Vec<String>,
}

/// What stands in the place of what is in braces, and whether it is a value.
fn filled(slot: &str) -> (&'static str, bool) {
    match slot {
        "username" => ("qverhoeven", true),
        "username+" => ("quinn ver hoeven", true),
        "caller" | "phone" => ("441632960961", true),
        "password" => ("tr0ub4dor&3x", true),
        "mac" => ("0250.5655.8757", true),
        "device-name" => ("QUINNS-NB", true),
        "ssid" => ("Seeblick-Gast", true),
        "imsi" => ("262010123456789", true),
        "*" => ("x", false),
        "#" => ("4711", false),
        "..." => ("of some sort", false),
        "end" => ("", false),
        slot => panic!("nothing stands for `{slot}` here: add it"),
    }
}

/// The line, and where the values stand in it.
fn line_of(says: &str) -> (String, Vec<(usize, usize)>) {
    // what stands before a sentence ends with a number, which no sentence starts with
    let (mut line, mut values) = (String::from("11:03:41 "), Vec::new());
    let mut rest = says;
    while let Some((text, tail)) = rest.split_once('{') {
        let (slot, tail) = tail.split_once('}').expect("a brace is never closed");
        line.push_str(text);
        let (value, is_value) = filled(slot);
        if is_value {
            values.push((line.len(), line.len() + value.len()));
        }
        line.push_str(value);
        rest = tail;
    }
    line.push_str(rest);
    if rest.ends_with(' ') {
        line.push_str("then");
    }
    (line, values)
}

#[test]
fn every_sentence_tells_its_values() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/patterns/sentences.toml");
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let mut scratch = Scratch::default();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for System { name, says } in &file.system {
        for says in says {
            count += 1;
            let (line, values) = line_of(says);
            let mut found: Vec<(usize, usize)> =
                scanner.scan(line.as_bytes(), &mut scratch).iter().map(|f| (f.start, f.end)).collect();
            found.sort_unstable();
            if found != values {
                let texts: Vec<&str> = found.iter().map(|(start, end)| &line[*start..*end]).collect();
                wrong.push(format!("{name}: {line}\n  found {texts:?}"));
            }
        }
    }
    assert!(count > 50, "{count} sentences");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
