//! SIGINT, SIGTERM, SIGHUP, and a stream that pauses.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{CLEAN, NEEDLE, RAW, Room, command};

const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Running {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    over: Arc<AtomicBool>,
}

impl Running {
    pub(crate) fn new(args: &[&str], room: &Room) -> Self {
        let mut child = command()
            .current_dir(room.dir())
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that hangs must fail the test, not stop it: reads end when the child does.
        let (pid, over) = (Pid::from_child(&child), Arc::new(AtomicBool::new(false)));
        let is_over = Arc::clone(&over);
        std::thread::spawn(move || {
            std::thread::sleep(PATIENCE);
            if !is_over.load(Ordering::SeqCst) {
                let _ = kill_process(pid, Signal::KILL);
            }
        });
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output, over }
    }
    pub(crate) fn write(&mut self, text: &str) {
        self.input.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }
    /// So many lines of what it says while it runs, read byte by byte: the rest is for [`Running::end`].
    fn said(&mut self, lines: usize) -> String {
        let messages = self.child.stderr.as_mut().unwrap();
        let mut said = Vec::new();
        while said.iter().filter(|byte| **byte == b'\n').count() < lines {
            let mut byte = [0];
            match messages.read(&mut byte).unwrap() {
                0 => break,
                _ => said.push(byte[0]),
            }
        }
        String::from_utf8(said).unwrap()
    }
    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
    /// Closes standard input.
    pub(crate) fn close(&mut self) {
        self.input = None;
    }
    /// Waits for the end with the input still open; the code, the rest of the output, the messages.
    pub(crate) fn end(mut self) -> (Option<i32>, String, String) {
        let begun = Instant::now();
        let code = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status.code();
            }
            assert!(begun.elapsed() < 2 * PATIENCE, "still running");
            std::thread::sleep(Duration::from_millis(5));
        };
        self.over.store(true, Ordering::SeqCst);
        let (mut rest, mut said) = (String::new(), String::new());
        self.output.read_to_string(&mut rest).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, rest, said)
    }
}

#[test]
fn what_is_complete_is_written_before_a_wait() {
    let room = Room::new(&[]);
    let mut running = Running::new(&[], &room);
    for _ in 0..3 {
        running.write(RAW);
        assert_eq!(running.line(), CLEAN);
    }
    running.write("no end yet");
    drop(running.input.take());
    assert_eq!(running.end(), (Some(0), "no end yet".to_owned(), String::new()));
}

#[test]
fn scan_reports_before_a_wait() {
    let room = Room::new(&[]);
    let mut running = Running::new(&["scan"], &room);
    running.write(RAW);
    assert!(running.line().starts_with("-:1:7-18: ipv4 "));
    drop(running.input.take());
    assert_eq!(running.end().0, Some(0));
}

#[test]
fn interrupt_ends_with_130() {
    let room = Room::new(&[]);
    for args in [&[][..], &["scan"]] {
        let mut running = Running::new(args, &room);
        running.write(RAW);
        assert!(!running.line().is_empty());
        running.write("203.0.113.9 is not complete");
        running.signal(Signal::INT);
        let (code, rest, said) = running.end();
        assert_eq!(code, Some(130), "{args:?}: {said}");
        assert!(!rest.contains("203.0.113.9") && !said.contains("203.0.113.9"));
    }
}

/// Nobody reads the output: the first signal waits for the record in hand, the second does not.
#[test]
fn a_second_signal_ends_at_once() {
    let room = Room::new(&[]);
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut running = Running::new(&[], &room);
        let mut input = running.input.take().unwrap();
        let many = RAW.repeat(10_000);
        let feeder = std::thread::spawn(move || while input.write_all(many.as_bytes()).is_ok() {});
        std::thread::sleep(Duration::from_millis(500));
        running.signal(signal);
        std::thread::sleep(Duration::from_millis(300));
        assert!(running.child.try_wait().unwrap().is_none(), "the first {signal:?} let records get lost");
        running.signal(signal);
        let (ended, rest, said) = running.end();
        assert_eq!(ended, Some(code), "{said}");
        assert!(!rest.contains(NEEDLE) && said.is_empty(), "{said}");
        feeder.join().unwrap();
    }
}

#[test]
fn terminate_drains_and_withholds_the_incomplete_record() {
    let room = Room::new(&[]);
    let mut running = Running::new(&[], &room);
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    running.write(&format!("{RAW}203.0.113.9 is not complete"));
    running.signal(Signal::TERM);
    let (code, rest, said) = running.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(rest.starts_with(CLEAN), "{rest}");
    assert!(!rest.contains("203.0.113.9") && !rest.contains("not complete"), "{rest}");
    assert_eq!(said, "");
}

#[test]
fn terminate_keeps_an_output_file() {
    let room = Room::new(&[]);
    let mut running = Running::new(&["-o", "out.log"], &room);
    running.write(RAW);
    // No way to see from outside that the line was taken: SIGTERM reads what is there first.
    std::thread::sleep(Duration::from_millis(300));
    running.signal(Signal::TERM);
    assert_eq!(running.end().0, Some(0));
    assert_eq!(room.text("out.log"), CLEAN);
}

#[test]
fn hang_up_opens_an_appended_file_again() {
    let room = Room::new(&[]);
    let mut running = Running::new(&["-a", "out.log"], &room);
    let wait_for = |name: &str, expect: &str| {
        let begun = Instant::now();
        while std::fs::read_to_string(room.path(name)).unwrap_or_default() != expect {
            assert!(begun.elapsed() < PATIENCE, "{name} never held what it should");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    running.write(RAW);
    wait_for("out.log", CLEAN);
    std::fs::rename(room.path("out.log"), room.path("out.log.1")).unwrap();
    running.write("still the old file\n");
    wait_for("out.log.1", &format!("{CLEAN}still the old file\n"));
    running.signal(Signal::HUP);
    std::thread::sleep(Duration::from_millis(100));
    running.write("the new file\n");
    wait_for("out.log", "the new file\n");
    drop(running.input.take());
    assert_eq!(running.end().0, Some(0));
}

#[test]
fn hang_up_does_not_end_a_run() {
    let room = Room::new(&[]);
    let mut running = Running::new(&[], &room);
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    running.signal(Signal::HUP);
    std::thread::sleep(Duration::from_millis(100));
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    drop(running.input.take());
    assert_eq!(running.end().0, Some(0));
}

#[test]
fn hang_up_reloads_the_policy_and_refuses_a_bad_one() {
    let room = Room::new(&[("p.toml", b"[types.ipv4]\naction = \"label\"\n")]);
    let mut running = Running::new(&["-p", "./p.toml"], &room);
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);

    std::fs::write(room.path("p.toml"), "[types.ipv4]\naction = \"placeholder\"\n").unwrap();
    running.write("client 203.0.113");
    std::thread::sleep(Duration::from_millis(100));
    running.signal(Signal::HUP);
    std::thread::sleep(Duration::from_millis(200));
    running.write(&format!(".7 ok\n{RAW}"));
    assert_eq!(running.line(), CLEAN, "the record in flight ends under the old policy");
    assert_eq!(running.line(), "client 0.0.0.0 ok\n");

    std::fs::write(room.path("p.toml"), "[types.ipv4]\naction = \"nonsense\"\n").unwrap();
    running.signal(Signal::HUP);
    std::thread::sleep(Duration::from_millis(200));
    running.write(RAW);
    assert_eq!(running.line(), "client 0.0.0.0 ok\n", "the last good policy stays");
    drop(running.input.take());
    let (code, _, said) = running.end();
    assert_eq!(code, Some(0));
    assert!(said.contains("policy reloaded, digest ") && said.contains("reload refused"), "{said}");
}

#[test]
fn a_policy_whose_tests_fail_is_refused_on_reload() {
    let good =
        "[types.ipv4]\naction = \"label\"\n[[test]]\nline = 'from 203.0.113.9'\nexpect = 'from [IPV4]'\n";
    let room = Room::new(&[("p.toml", good.as_bytes())]);
    let mut running = Running::new(&["-p", "./p.toml", "--only", "ipv4"], &room);
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    std::fs::write(room.path("p.toml"), good.replace("\"label\"", "\"keep\"")).unwrap();
    running.signal(Signal::HUP);
    std::thread::sleep(Duration::from_millis(200));
    running.write(RAW);
    assert_eq!(running.line(), CLEAN, "the last good policy stays");
    drop(running.input.take());
    let (code, _, said) = running.end();
    assert_eq!(code, Some(0));
    assert!(said.contains("1 of 1 tests of the policy fail") && said.contains("p.toml:4"), "{said}");
    assert!(!said.contains("203.0.113.9"), "{said}");
}

#[test]
fn a_changed_policy_behind_a_link_is_taken_on_by_polling() {
    let policy = |action: &str| format!("reload = \"poll:1s\"\n[types.ipv4]\naction = \"{action}\"\n");
    let room =
        Room::new(&[("a.toml", policy("label").as_bytes()), ("b.toml", policy("placeholder").as_bytes())]);
    let link = |target: &str| {
        let _ = std::fs::remove_file(room.path("new.toml"));
        std::os::unix::fs::symlink(target, room.path("new.toml")).unwrap();
        std::fs::rename(room.path("new.toml"), room.path("p.toml")).unwrap();
    };
    link("a.toml");
    let mut running = Running::new(&["-p", "./p.toml"], &room);
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    link("b.toml");
    let begun = Instant::now();
    loop {
        running.write(RAW);
        match running.line().as_str() {
            "client 0.0.0.0 ok\n" => break,
            other => assert_eq!(other, CLEAN),
        }
        assert!(begun.elapsed() < PATIENCE, "the new policy was never taken on");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(running.input.take());
    let (code, _, said) = running.end();
    assert_eq!(code, Some(0));
    assert_eq!(said.matches("policy reloaded, digest ").count(), 1, "{said}");
}

#[test]
fn metrics_and_forbidden_findings_are_told_while_running() {
    let room = Room::new(&[]);
    let mut running =
        Running::new(&["--metrics-file", "m.prom", "--forbid", "card", "--self-log", "text"], &room);
    std::thread::sleep(Duration::from_millis(300));
    for _ in 0..3 {
        running.write("card 4111111111111111\n");
        assert_eq!(running.line(), "card [CARD]\n");
    }
    let begun = Instant::now();
    while !room.text("m.prom").contains("logveil_findings_total{type=\"card\",action=\"label\"} ")
        || room.text("m.prom").contains("logveil_forbidden_total 0\n")
    {
        assert!(begun.elapsed() < PATIENCE, "{}", room.text("m.prom"));
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(room.text("m.prom").contains("logveil_up 1\n"));
    drop(running.input.take());
    let (code, _, said) = running.end();
    assert_eq!(code, Some(4));
    assert!(room.text("m.prom").contains("logveil_forbidden_total 3\n"));
    assert!(room.text("m.prom").contains("logveil_up 0\n"));
    let events = said.matches("forbidden data was found").count();
    assert!((1..=2).contains(&events), "at once, and the rest at the end: {said}");
    assert!(!said.contains("4111"), "{said}");
}

/// Counts that can't be written for a while cost one message, not the run.
#[test]
fn metrics_that_fail_are_tried_again() {
    let room = Room::new(&[]);
    let folder = room.path("m");
    std::fs::create_dir(&folder).unwrap();
    let mut running = Running::new(&["--metrics-file", "m/p.prom"], &room);
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    std::fs::remove_dir_all(&folder).unwrap();
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    let said = running.said(1);
    assert!(said.contains("can't write m/p.prom"), "{said}");
    std::fs::create_dir(&folder).unwrap();
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    let begun = Instant::now();
    while !folder.join("p.prom").exists() {
        assert!(begun.elapsed() < PATIENCE, "never written again");
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(running.input.take());
    let (code, rest, said) = running.end();
    assert_eq!((code, rest.as_str(), said.as_str()), (Some(0), "", ""));
    assert!(room.text("m/p.prom").contains("logveil_records_total 3\n"));
}

/// A burst that is told in parts: what came right after the first part is told although nothing
/// follows, also while a record is incomplete.
#[test]
fn the_last_of_a_burst_is_told_on_a_quiet_stream() {
    let room = Room::new(&[]);
    let mut running = Running::new(&["--metrics-file", "m.prom", "--forbid", "card"], &room);
    let told = |count: u32| {
        let (row, begun) = (format!("logveil_forbidden_total {count}\n"), Instant::now());
        while !room.text("m.prom").contains(&row) {
            assert!(begun.elapsed() < PATIENCE, "{row}{}", room.text("m.prom"));
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    for (count, behind) in [(1, ""), (2, ""), (3, "not complete"), (4, "")] {
        running.write("card 4111111111111111\n");
        assert!(running.line().ends_with("card [CARD]\n"));
        running.write(behind);
        told(count);
        running.write(if behind.is_empty() { "" } else { " " });
    }
    // Forbidden findings are reported every ten seconds at most: those behind the first are owed.
    let said = running.said(2);
    assert!(said.contains("forbidden data was found and redacted: 1 of card"), "{said}");
    assert!(said.contains("forbidden data was found and redacted: 3 more of card"), "{said}");
    drop(running.input.take());
    let (code, rest, said) = running.end();
    assert_eq!((code, rest.as_str(), said.as_str()), (Some(4), "", ""));
}

#[test]
fn a_changed_policy_is_taken_on_before_the_next_record_comes() {
    let policy = |action: &str| format!("reload = \"poll:1s\"\n[types.ipv4]\naction = \"{action}\"\n");
    let room = Room::new(&[("p.toml", policy("label").as_bytes())]);
    let mut running = Running::new(&["-p", "./p.toml"], &room);
    running.write(RAW);
    assert_eq!(running.line(), CLEAN);
    std::fs::write(room.path("p.toml"), policy("placeholder")).unwrap();
    let said = running.said(1);
    assert!(said.contains("policy reloaded, digest "), "{said}");
    running.write(RAW);
    assert_eq!(running.line(), "client 0.0.0.0 ok\n");
    // Inside a record nothing changes.
    running.write("client 203.0.");
    std::thread::sleep(Duration::from_millis(200));
    std::fs::write(room.path("p.toml"), policy("remove")).unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    running.write("113.7 ok\n");
    assert_eq!(running.line(), "client 0.0.0.0 ok\n");
    let said = running.said(1);
    assert!(said.contains("policy reloaded, digest "), "{said}");
    running.write(RAW);
    assert_eq!(running.line(), "client  ok\n");
    drop(running.input.take());
    assert_eq!(running.end().0, Some(0));
}
