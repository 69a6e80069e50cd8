//! `--metrics-listen`: the page over HTTP, to this machine only.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use crate::signals::Running;
use crate::support::{CLEAN, NEEDLE, RAW, Room, run};

/// One request and the whole answer.
fn ask(room: &Room, request: &str) -> String {
    let mut stream = UnixStream::connect(room.path("m.sock")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_counts_are_served_while_the_run_goes_on() {
    let room = Room::new(&[]);
    let mut running = Running::new(&["--metrics-listen", "unix:m.sock"], &room);
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    let begun = Instant::now();
    let page = loop {
        let page = ask(&room, "GET /metrics");
        if page.contains("logveil_records_total 1\n") || begun.elapsed() > Duration::from_secs(10) {
            break page;
        }
        // counts are told when the input has paused for a moment
        std::thread::sleep(Duration::from_millis(120));
        running.write(RAW);
        running.line();
    };
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    for part in [
        "Content-Type: text/plain; version=0.0.4",
        "logveil_findings_total{type=\"ipv4\",action=\"label\"} ",
        "logveil_action_findings_total{action=\"label\"} ",
        "logveil_output_blocked_seconds_total ",
        "logveil_last_reload_timestamp_seconds 0",
        "logveil_build_info{version=",
        "logveil_up 1\n",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains(NEEDLE));
    assert!(ask(&room, "GET /other").starts_with("HTTP/1.1 404 "));
    assert!(ask(&room, "POST /metrics").starts_with("HTTP/1.1 405 "));
    running.close();
    assert_eq!(running.end().0, Some(0));
    assert!(room.names().is_empty(), "the socket goes away: {:?}", room.names());
}

#[test]
fn nobody_else_is_listened_to() {
    for address in ["0.0.0.0:9464", "192.0.2.1:9464", "[::]:9464", "9464", "unix:", ""] {
        let ran = run(&["--metrics-listen", address], RAW).exits(2);
        assert!(ran.out.is_empty() && ran.err.contains("127.0.0.1:PORT"), "{address}: {}", ran.err);
    }
    run(&["--metrics-listen", "127.0.0.1:0"], RAW).exits(0).quiet();
    let room = Room::new(&[("m.sock", b"a file")]);
    room.run(&["--metrics-listen", "unix:m.sock"], RAW).exits(2);
    assert_eq!(room.text("m.sock"), "a file");
}
