//! `-i`: what is rewritten, what is kept, and when a file stays untouched.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use crate::support::{CLEAN, RAW, Room, gunzip, gzip, zstd};

#[test]
fn files_are_rewritten_with_their_mode() {
    let room = Room::new(&[("a.log", RAW.as_bytes()), ("b.log", b"plain\n")]);
    std::fs::set_permissions(room.path("a.log"), std::fs::Permissions::from_mode(0o604)).unwrap();
    let before = std::fs::metadata(room.path("b.log")).unwrap();
    let ran = room.run(&["redact", "-i", "a.log", "b.log"], "").exits(0).quiet();
    assert!(ran.out.is_empty());
    assert_eq!(room.text("a.log"), CLEAN);
    assert_eq!(std::fs::metadata(room.path("a.log")).unwrap().mode() & 0o7777, 0o604);
    assert_eq!(room.text("b.log"), "plain\n");
    assert_eq!(std::fs::metadata(room.path("b.log")).unwrap().ino(), before.ino(), "nothing to rewrite");
    assert_eq!(room.names(), ["a.log", "b.log"]);
}

#[test]
fn compression_is_kept() {
    let room = Room::new(&[("a.gz", &gzip(RAW.as_bytes())), ("a.zst", &zstd(RAW.as_bytes()))]);
    room.run(&["redact", "-i", "a.gz", "a.zst"], "").exits(0).quiet();
    assert_eq!(gunzip(&room.read("a.gz")), CLEAN.as_bytes());
    assert_eq!(zstd::stream::decode_all(&room.read("a.zst")[..]).unwrap(), CLEAN.as_bytes());
}

#[test]
fn the_owner_is_kept() {
    let room = Room::new(&[("a.log", RAW.as_bytes())]);
    if std::os::unix::fs::chown(room.path("a.log"), Some(1234), Some(4321)).is_err() {
        return; // Only root may give files away.
    }
    room.run(&["redact", "-i", "a.log"], "").exits(0);
    let after = std::fs::metadata(room.path("a.log")).unwrap();
    assert_eq!((after.uid(), after.gid()), (1234, 4321));
    assert_eq!(room.text("a.log"), CLEAN);
}

#[test]
fn a_link_stays_and_its_file_is_rewritten() {
    let room = Room::new(&[("real.log", RAW.as_bytes())]);
    symlink("real.log", room.path("link.log")).unwrap();
    room.run(&["redact", "-i", "link.log"], "").exits(0).quiet();
    assert!(std::fs::symlink_metadata(room.path("link.log")).unwrap().is_symlink());
    assert_eq!(room.text("real.log"), CLEAN);
}

#[test]
fn doubtful_files_stay_untouched_and_the_others_are_done() {
    let cut = gzip(&RAW.repeat(3000).into_bytes());
    let cut = cut[..cut.len() - 5].to_vec();
    let room = Room::new(&[("linked.log", RAW.as_bytes()), ("cut.gz", &cut), ("good.log", RAW.as_bytes())]);
    std::fs::hard_link(room.path("linked.log"), room.path("other.log")).unwrap();
    let ran =
        room.run(&["redact", "-i", "linked.log", "missing.log", "cut.gz", ".", "good.log"], "").exits(2);
    for name in ["linked.log: ", "missing.log: ", "cut.gz: ", ".: "] {
        assert!(ran.err.contains(name), "{}", ran.err);
    }
    assert!(ran.err.contains("hard link") && ran.err.contains("untouched"), "{}", ran.err);
    assert_eq!(room.text("linked.log"), RAW);
    assert_eq!(room.read("cut.gz"), cut);
    assert_eq!(room.text("good.log"), CLEAN);
    assert_eq!(room.names(), ["cut.gz", "good.log", "linked.log", "other.log"]);
}

#[test]
fn a_file_with_a_withheld_record_stays_untouched() {
    let long = format!("{}\n{RAW}", "x".repeat(5000));
    let room = Room::new(&[("long.log", long.as_bytes()), ("good.log", RAW.as_bytes())]);
    let ran = room.run(&["redact", "-i", "--max-record", "100", "long.log", "good.log"], "").exits(3);
    assert!(ran.err.contains("long.log") && ran.err.contains("untouched"), "{}", ran.err);
    assert_eq!(room.text("long.log"), long);
    assert_eq!(room.text("good.log"), CLEAN);
    assert_eq!(room.names(), ["good.log", "long.log"]);
}

#[test]
fn a_directory_that_cannot_be_written_leaves_the_file() {
    let room = Room::new(&[]);
    let locked = room.path("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::write(locked.join("a.log"), RAW).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o555)).unwrap();
    let probe = std::fs::write(locked.join("probe"), "").is_ok();
    if !probe {
        room.run(&["redact", "-i", "locked/a.log"], "").exits(2);
        assert_eq!(std::fs::read_to_string(locked.join("a.log")).unwrap(), RAW);
    }
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn rewriting_twice_changes_nothing_more() {
    let room = Room::new(&[("a.log", RAW.as_bytes())]);
    room.run(&["redact", "-i", "a.log"], "").exits(0);
    let inode = std::fs::metadata(room.path("a.log")).unwrap().ino();
    room.run(&["redact", "-i", "a.log"], "").exits(0).quiet();
    assert_eq!(room.text("a.log"), CLEAN);
    assert_eq!(std::fs::metadata(room.path("a.log")).unwrap().ino(), inode);
}

#[test]
fn a_full_disk_leaves_the_file() {
    let (raw, _) = crate::support::many_lines(20_000);
    let room = Room::new(&[("big.log", raw.as_bytes())]);
    // A limit on file sizes stands for a full disk: writes fail half-way.
    let script = format!(
        "trap '' XFSZ; ulimit -f 64; exec {} redact -i big.log",
        assert_cmd::cargo::cargo_bin!("logveil").display()
    );
    let ran =
        std::process::Command::new("sh").current_dir(room.dir()).args(["-c", &script]).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(said.contains("untouched") && !said.contains("203.0.113"), "{said}");
    assert!(room.text("big.log") == raw);
    assert_eq!(room.names(), ["big.log"]);
}

#[test]
fn a_file_that_grows_meanwhile_stays_untouched() {
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};
    let (raw, _) = crate::support::many_lines(100_000);
    let room = Room::new(&[("big.log", raw.as_bytes())]);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = std::fs::File::options().append(true).open(room.path("big.log")).unwrap();
            while !over.load(Ordering::SeqCst) {
                file.write_all(RAW.as_bytes()).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        });
        let ran = room.run(&["redact", "-i", "big.log"], "");
        over.store(true, Ordering::SeqCst);
        let ran = ran.exits(2);
        assert!(ran.err.contains("changed while it was read"), "{}", ran.err);
    });
    assert!(room.text("big.log").starts_with(&raw));
    assert_eq!(room.names(), ["big.log"]);
}
