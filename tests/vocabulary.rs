//! Names of fields as developers write them: what stands under a personal one is found, what stands under one
//! that only sounds so is left. Both lists were written by people who had not seen the tool.

use std::collections::BTreeSet;
use std::fs;

use logveil::{Finding, Policy, Scanner, Scratch};

/// The rows of a list, their columns parted by tabs.
fn rows(list: &str) -> Vec<Vec<String>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(list);
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// The key and the value in JSON and in logfmt, and where the value stands.
fn lines(key: &str, value: &str) -> [(String, usize, usize); 2] {
    let quoted = serde_json::to_string(value).unwrap();
    let json = format!("{{\"a\": 1, {}: {quoted}}}", serde_json::to_string(key).unwrap());
    let start = json.len() - 1 - quoted.len() + 1;
    let is_bare = !value.contains([' ', '"', '=']) && !value.is_empty();
    let (open, close) = if is_bare { ("", "") } else { ("\"", "\"") };
    let head = format!("{key}={open}");
    let logfmt = format!("{head}{value}{close} b=2");
    [(json, start, start + quoted.len() - 2), (logfmt, head.len(), head.len() + value.len())]
}

/// Whether something is found in the value: all of it, or the part of an address, a header or a name in a
/// directory that says who or lets in.
fn is_found(start: usize, end: usize, found: &[Finding]) -> bool {
    found.iter().any(|f| start <= f.start && f.end <= end)
}

/// Compares what is not met with the list of what is known not to be.
fn settle(list: &str, not_met: &BTreeSet<String>) {
    let known: BTreeSet<String> = rows(list).into_iter().map(|row| row.join("\t")).collect();
    let new: Vec<&String> = not_met.difference(&known).collect();
    let met: Vec<&String> = known.difference(not_met).collect();
    assert!(new.is_empty(), "not met and not in tests/data/{list}: {new:#?}");
    assert!(met.is_empty(), "met, take off tests/data/{list}: {met:#?}");
}

#[test]
fn values_under_personal_keys_are_found() {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let (mut scratch, mut missed, mut asked) = (Scratch::default(), BTreeSet::new(), 0);
    for row in rows("keys-personal.tsv") {
        let [_, key, value, _] = &row[..] else { panic!("{row:?}: type, key, value, language") };
        asked += 1;
        for (text, start, end) in lines(key, value) {
            if !is_found(start, end, scanner.scan(text.as_bytes(), &mut scratch)) {
                missed.insert(key.clone());
            }
        }
    }
    println!("personal keys: {asked}, not found {}", missed.len());
    assert!(asked > 1_800, "{asked}");
    settle("keys-personal-limits.txt", &missed);
}

#[test]
fn values_under_innocent_keys_stay() {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let (mut scratch, mut touched, mut asked) = (Scratch::default(), BTreeSet::new(), 0);
    for row in rows("keys-innocent.tsv") {
        let [key, value, _] = &row[..] else { panic!("{row:?}: key, value, why") };
        asked += 1;
        for (text, ..) in lines(key, value) {
            if !scanner.scan(text.as_bytes(), &mut scratch).is_empty() {
                touched.insert(format!("{key}={value}"));
            }
        }
    }
    println!("innocent keys: {asked}, touched {}", touched.len());
    assert!(asked > 1_700, "{asked}");
    settle("keys-innocent-limits.txt", &touched);
}
