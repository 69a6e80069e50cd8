//! Help texts under snapshot: a change of the command line shows in the diff.

use crate::support::command;

fn help(args: &[&str]) -> String {
    let ran = command().env("COLUMNS", "100").args(args).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{args:?}");
    assert!(ran.stderr.is_empty());
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn help_texts() {
    for (name, args) in [
        ("logveil", &["--help"][..]),
        ("redact", &["redact", "--help"]),
        ("scan", &["scan", "--help"]),
        ("explain", &["explain", "--help"]),
        ("patterns", &["patterns", "--help"]),
        ("bench", &["bench", "--help"]),
        ("completions", &["completions", "--help"]),
        ("man", &["man", "--help"]),
        ("policy", &["policy", "--help"]),
        ("init", &["init", "--help"]),
        ("diff", &["diff", "--help"]),
        ("prove", &["prove", "--help"]),
        ("key", &["key", "--help"]),
        ("detokenize", &["detokenize", "--help"]),
        ("reveal", &["reveal", "--help"]),
        ("affected", &["affected", "--help"]),
        ("subject", &["subject", "--help"]),
    ] {
        insta::assert_snapshot!(name, help(args));
    }
}

#[test]
fn short_help_and_the_help_command() {
    assert!(help(&["-h"]).contains("Usage: logveil"));
    assert!(help(&["help", "scan"]).contains("--show-values"));
}
