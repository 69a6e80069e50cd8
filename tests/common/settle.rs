//! Files that are generated and committed: compared with what they should hold, or written.

use std::path::PathBuf;

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a generated file with what it should hold, or writes it when `UPDATE=1`.
pub fn settle(path: &str, expect: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&file, expect).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    if let Some(line) = first_difference(&found, expect) {
        panic!("{path} line {line} is not what patterns/ says; run `UPDATE=1 cargo test --test generated`");
    }
}

pub fn first_difference(found: &str, expect: &str) -> Option<usize> {
    if found == expect {
        return None;
    }
    let same = found.lines().zip(expect.lines()).take_while(|(left, right)| left == right).count();
    Some(same + 1)
}

/// `national-id/us-ssn` as the name of a constant.
pub fn constant(id: &str) -> String {
    id.replace(['-', '/'], "_").to_ascii_uppercase()
}

/// The files right under `patterns/` that hold rules, by name.
pub fn rule_files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("patterns")).unwrap();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .filter(|path| !["keys.toml", "sentences.toml"].iter().any(|name| path.ends_with(name)))
        .collect();
    files.sort();
    files
}
