//! Every sample against its `.expected`, so that a change of rules or of phone and suffix data shows.
//!
//! `UPDATE=1 cargo test --test samples` writes the files anew; read the difference before it is committed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use logveil::{Clean, Policy, Scanner, Scratch, Summary};

/// The shapes of logs that a sample must exist for.
const SHAPES: [&str; 13] = [
    "nginx-combined",
    "apache-combined",
    "app.json",
    "logfmt",
    "syslog-3164",
    "syslog-5424",
    "sshd",
    "postfix",
    "kubernetes",
    "java-stacktrace",
    "android-logcat",
    "telephony-cdr",
    "wifi-dhcp",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn samples() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == "log")).collect();
    all.sort();
    all
}

fn redacted(text: &[u8]) -> Vec<u8> {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let mut clean = Clean::new();
    scanner.redact(text, &mut Scratch::default(), &mut clean, &mut Summary::default());
    clean.as_bytes().to_vec()
}

#[test]
fn every_sample_is_redacted_as_expected() {
    let is_update = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    let mut wrong = Vec::new();
    for path in samples() {
        let clean = redacted(&std::fs::read(&path).unwrap());
        let expected = path.with_extension("expected");
        if is_update {
            std::fs::write(&expected, &clean).unwrap();
            continue;
        }
        let wanted = std::fs::read(&expected).unwrap_or_default();
        if clean != wanted {
            let lines = |bytes: &[u8]| -> Vec<String> {
                bytes.split(|b| *b == b'\n').map(|line| String::from_utf8_lossy(line).into_owned()).collect()
            };
            for (number, (is, was)) in lines(&clean).iter().zip(&lines(&wanted)).enumerate() {
                if is != was {
                    wrong.push(format!("{}:{}:\n  is  {is}\n  was {was}", path.display(), number + 1));
                }
            }
            if lines(&clean).len() != lines(&wanted).len() {
                wrong.push(format!("{}: other lines than expected", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\nUPDATE=1 accepts this", wrong.join("\n"));
}

#[test]
fn redacting_a_sample_twice_changes_nothing_more() {
    for path in samples() {
        let once = redacted(&std::fs::read(&path).unwrap());
        assert!(redacted(&once) == once, "{}", path.display());
    }
}

#[test]
fn every_shape_has_a_sample() {
    let stems: BTreeSet<String> =
        samples().iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let missing: Vec<_> = SHAPES.iter().filter(|shape| !stems.contains(**shape)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_changelog_tells_what_the_current_ruleset_changed() {
    let text = std::fs::read_to_string(folder().join("../CHANGELOG.md")).unwrap();
    let (_, rest) = text.split_once("### Detection changes").expect("a section Detection changes");
    let section = rest.split("\n## ").next().unwrap().split("\n### ").next().unwrap();
    let ruleset = logveil::rules::RULESET;
    assert!(section.contains(ruleset), "Detection changes do not name ruleset {ruleset}");
}

/// Eight hex digits of a sample's output (FNV-1a, 32 bits): enough to tell that it has changed.
fn fingerprint(bytes: &[u8]) -> String {
    let hash =
        bytes.iter().fold(0x811c_9dc5u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}

/// What is found in a sample can't change without a line that says so: each output's fingerprint stands
/// under Detection changes, in the line that tells what changed it last.
#[test]
fn the_changelog_tells_what_changed_the_samples() {
    let text = std::fs::read_to_string(folder().join("../CHANGELOG.md")).unwrap();
    let (_, rest) = text.split_once("### Detection changes").unwrap();
    let section = rest.split("\n### ").next().unwrap();
    let missing: Vec<String> = samples()
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            format!("{name} {}", fingerprint(&std::fs::read(path.with_extension("expected")).unwrap()))
        })
        .filter(|entry| !section.contains(entry.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "outputs of samples have changed: say under Detection changes of CHANGELOG.md what changed them, \
         and end the line with (samples: {})",
        missing.join(", ")
    );
}

#[test]
fn fingerprints_tell_outputs_apart() {
    assert_eq!(fingerprint(b""), "811c9dc5");
    assert_ne!(fingerprint(b"[IPV4]"), fingerprint(b"[IPV6]"));
}
