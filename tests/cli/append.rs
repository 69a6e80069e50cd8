//! `-a`: whole records behind what is there.

use crate::support::{CLEAN, RAW, Room};

#[test]
fn records_are_appended() {
    let room = Room::new(&[("out.log", b"old\n")]);
    let ran = room.run(&["-a", "out.log"], RAW).exits(0).quiet();
    assert!(ran.out.is_empty());
    room.run(&["redact", "--append", "out.log", "-"], "more\n").exits(0);
    assert_eq!(room.text("out.log"), format!("old\n{CLEAN}more\n"));
}

#[test]
fn a_missing_file_is_made_and_what_failed_before_is_kept() {
    let room = Room::new(&[("a.log", RAW.as_bytes())]);
    room.run(&["redact", "-a", "out.log", "a.log", "missing.log"], "").exits(2);
    assert_eq!(room.text("out.log"), CLEAN);
}

#[test]
fn a_directory_is_refused() {
    let room = Room::new(&[]);
    room.run(&["-a", "."], RAW).exits(2);
    room.run(&["-a", "missing/out.log"], RAW).exits(2);
}
