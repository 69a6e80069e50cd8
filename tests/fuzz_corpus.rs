//! The corpus of the fuzz targets (`tests/fuzz`) on stable: the same entry functions, every file whole
//! and cut at every length.
#![cfg(feature = "token")]

#[path = "fuzz/entries.rs"]
mod entries;

use std::path::Path;

/// Runs every file of a target's corpus; there are at least `least`.
fn run(target: &str, entry: fn(&[u8]), least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let data = std::fs::read(file.unwrap().path()).unwrap();
        for length in (0..data.len()).step_by(data.len() / 64 + 1).chain([data.len()]) {
            entry(&data[..length]);
        }
        count += 1;
    }
    assert!(count >= least, "{target}: {count} files");
}

#[test]
fn token_parser() {
    run("token_parser", entries::token_parser, 12);
}

#[test]
fn detokenize() {
    run("detokenize", entries::detokenize, 12);
    // Every place of every token, changed.
    for which in 0..5 {
        for at in 0..=255 {
            entries::detokenize(&[which, at, 1, b'x']);
            entries::detokenize(&[which, at, 0, b'{']);
        }
    }
}

#[test]
fn key_files() {
    run("key_files", entries::key_files, 6);
}
