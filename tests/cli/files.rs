//! Inputs: compressed, broken, missing.

use crate::support::{CLEAN, RAW, Room, gzip, many_lines, run, zstd};

#[test]
fn compressed_inputs_are_known_by_their_first_bytes() {
    let members = [gzip(RAW.as_bytes()), gzip(b"plain\n"), gzip(RAW.as_bytes())].concat();
    let expect = format!("{CLEAN}plain\n{CLEAN}");
    let room = Room::new(&[("gzip.log", &members), ("zstd.log", &zstd(expect.as_bytes()))]);
    assert_eq!(room.run(&["redact", "gzip.log"], "").exits(0).quiet().text(), expect);
    assert_eq!(room.run(&["redact", "zstd.log"], "").exits(0).quiet().text(), expect);
    assert_eq!(run(&[], &members).exits(0).quiet().text(), expect);
    assert_eq!(run(&["redact", "-"], zstd(RAW.as_bytes())).exits(0).quiet().text(), CLEAN);
}

#[test]
fn a_record_may_cross_gzip_members() {
    let (head, tail) = RAW.split_at(12);
    let members = [gzip(head.as_bytes()), gzip(tail.as_bytes())].concat();
    assert_eq!(run(&[], members).exits(0).text(), CLEAN);
}

#[test]
fn never_decompressing_passes_the_bytes_through() {
    let bytes = gzip(b"nothing to find here\n");
    assert_eq!(run(&["--decompress", "never"], &bytes).exits(0).out, bytes);
    assert_eq!(run(&["--decompress=auto"], &bytes).exits(0).text(), "nothing to find here\n");
}

#[test]
fn of_broken_streams_the_complete_records_are_written() {
    let (raw, clean) = many_lines(20_000);
    let mut broken = gzip(raw.as_bytes());
    let at = broken.len() - 8;
    broken[at] ^= 0x55;
    let cut_gzip = gzip(raw.as_bytes())[..60_000].to_vec();
    let cut_zstd = zstd(raw.as_bytes());
    let cut_zstd = cut_zstd[..cut_zstd.len() * 9 / 10].to_vec();
    for (what, bytes) in [("check", broken), ("gzip", cut_gzip), ("zstd", cut_zstd)] {
        let ran = run(&["redact", "-"], bytes).exits(2);
        let text = ran.text();
        let whole = text.split_inclusive('\n').filter(|line| !line.contains("WITHHELD")).collect::<String>();
        assert!(!whole.is_empty() && clean.starts_with(&whole) && whole.ends_with('\n'), "{what}");
        assert!(!text.contains("203.0.113"), "{what}");
        assert!(ran.err.contains("standard input"), "{what}: {}", ran.err);
    }
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let cut = gzip(RAW.as_bytes())[..20].to_vec();
    let room = Room::new(&[("a.log", RAW.as_bytes()), ("cut.gz", &cut), ("z.log", b"last\n")]);
    for sub in ["redact", "scan"] {
        let ran = room.run(&[sub, "a.log", "missing.log", ".", "cut.gz", "z.log"], "").exits(2);
        for name in ["missing.log", ".: ", "cut.gz"] {
            assert!(ran.err.contains(name), "{sub}: {}", ran.err);
        }
        if sub == "redact" {
            let text = ran.text();
            assert!(text.starts_with(CLEAN) && text.ends_with("last\n"), "{text}");
        } else {
            assert!(ran.text().starts_with("a.log:1:7-18: ipv4 "), "{}", ran.text());
        }
    }
}

#[test]
fn an_unreadable_file_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new(&[("secret.log", RAW.as_bytes()), ("a.log", b"x\n")]);
    std::fs::set_permissions(room.path("secret.log"), std::fs::Permissions::from_mode(0o0)).unwrap();
    if std::fs::File::open(room.path("secret.log")).is_ok() {
        return; // root reads everything; the missing file above covers the path.
    }
    let ran = room.run(&["redact", "secret.log", "a.log"], "").exits(2);
    assert_eq!(ran.text(), "x\n");
}
