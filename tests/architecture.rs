//! The house keeps its shape: imports point down, `unsafe` stays in its room, files stay small.

use std::path::{Path, PathBuf};

/// The rooms of the crate from the ground up; a room imports from lower layers only.
const LAYERS: [&[&str]; 12] = [
    &["span", "error", "nearest"],
    // a finding names the rule and the key that made it, and rules name types: one floor
    &["finding", "mark", "rules", "action", "check"],
    &["simd"],
    &["classify", "frame", "codec", "fields"],
    &["context", "detect"],
    &["resolve", "token"],
    &["pack"],
    &["policy"],
    &["plan"],
    &["transform"],
    &["scan", "stream", "parallel", "report", "source"],
    &["cli"],
];
/// Rooms of one layer that may know each other, and the one upward look: who writes counts.
const KNOWN: [(&str, &str); 14] = [
    ("finding", "rules"),
    ("rules", "finding"),
    ("mark", "finding"),
    ("check", "finding"),
    ("action", "finding"),
    ("stream", "scan"),
    ("scan", "stream"),
    ("parallel", "scan"),
    ("parallel", "stream"),
    ("report", "stream"),
    ("source", "parallel"),
    ("transform", "stream"),
    ("context", "detect"),
    ("action", "nearest"),
];
/// No file is longer, but for the tables that a test generates.
const MAX_LINES: usize = 500;
const GENERATED: [&str; 6] = [
    "rules/issuers.rs",
    "rules/keys.rs",
    "rules/meta.rs",
    "rules/phone_table.rs",
    "rules/sentences.rs",
    "rules/token_shapes.rs",
];
/// Files that are over the limit today; each leaves the list when it is split.
const TOO_LONG: [&str; 0] = [];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false if path.extension().is_some_and(|end| end == "rs") => found.push(path),
            false => {}
        }
    }
}

/// Every source file by its path in `src`, with its text.
fn sources() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    let name = |path: &Path| path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// The room that a file belongs to; the crate's own root files belong to none.
fn room(path: &str) -> Option<&str> {
    let room = path.split('/').next()?.trim_end_matches(".rs");
    (!matches!(room, "lib" | "main")).then_some(room)
}

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

/// Lines that are neither comments nor tests.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).filter(|line| !is_comment(line))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn is_test_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "tests.rs" || name.ends_with("_tests.rs") || name == "oracle.rs"
}

/// What follows each `crate::` up to the next `::` or other sign, and one more word.
fn imports(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split("crate::").skip(1).map(|rest| {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let inner = rest[end..].strip_prefix("::").unwrap_or("");
        (&rest[..end], &inner[..inner.find(|c| !is_word(c)).unwrap_or(inner.len())])
    })
}

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(from) = room(&path).filter(|_| !is_test_file(&path)) else { continue };
        let Some(height) = layer(from) else {
            wrong.push(format!("{path}: the room `{from}` has no layer"));
            continue;
        };
        for line in code(&text) {
            for (to, _) in imports(line) {
                let Some(depth) = layer(to) else { continue }; // an item of the root
                if from != to && depth >= height && !KNOWN.contains(&(from, to)) {
                    wrong.push(format!("{path}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point up or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn detectors_do_not_know_each_other() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(own) = path.strip_prefix("detect/").filter(|_| !is_test_file(&path)) else { continue };
        let own = own.split('/').next().unwrap().trim_end_matches(".rs");
        for line in code(&text) {
            if imports(line).any(|(room, detector)| room == "detect" && detector != own) {
                wrong.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "a detector imports another:\n{}", wrong.join("\n"));
}

#[test]
fn unsafe_stays_in_its_room() {
    for (path, text) in sources() {
        let is_unsafe = |line: &str| {
            let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            !is_comment(line) && words.into_iter().any(|word| word == "unsafe")
        };
        let found = text.lines().find(|line| is_unsafe(line));
        assert!(room(&path) == Some("simd") || found.is_none(), "{path}: {}", found.unwrap_or_default());
    }
}

#[test]
fn files_stay_small_and_say_their_job() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let lines = text.lines().count();
        let is_long = lines > MAX_LINES && !GENERATED.contains(&path.as_str());
        if is_long != TOO_LONG.contains(&path.as_str()) {
            wrong.push(format!("{path}: {lines} lines"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{path}: the first line does not say what the file is for"));
        }
    }
    assert!(wrong.is_empty(), "longer than {MAX_LINES}, or listed and no longer so:\n{}", wrong.join("\n"));
}
