//! Order, bounds and what is written before a read that would block.

use std::io;

use super::*;
use crate::policy::Policy;

/// Gives portions; `None` is a moment in which a read would block.
struct Script {
    portions: std::collections::VecDeque<Option<Vec<u8>>>,
    /// What a block must find written: the number of lines given so far.
    given_lines: usize,
    written_lines: std::sync::Arc<std::sync::atomic::AtomicUsize>,
    blocks: usize,
}

impl Source for Script {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(None) = self.portions.front() {
            self.portions.pop_front();
            self.blocks += 1;
            let written = self.written_lines.load(std::sync::atomic::Ordering::SeqCst);
            assert_eq!(written, self.given_lines, "all that is complete is written before a read blocks");
        }
        let Some(Some(mut portion)) = self.portions.pop_front() else { return Ok(0) };
        if portion.len() > buffer.len() {
            let rest = portion.split_off(buffer.len());
            self.portions.push_front(Some(rest));
        }
        buffer[..portion.len()].copy_from_slice(&portion);
        self.given_lines += portion.iter().filter(|b| **b == b'\n').count();
        Ok(portion.len())
    }
    fn would_block(&mut self) -> bool {
        matches!(self.portions.front(), Some(None))
    }
}

struct Lines {
    bytes: Vec<u8>,
    written_lines: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl Sink for Lines {
    fn write_clean(&mut self, clean: &Clean) -> io::Result<()> {
        self.bytes.extend_from_slice(clean.as_bytes());
        let lines = self.bytes.iter().filter(|b| **b == b'\n').count();
        self.written_lines.store(lines, std::sync::atomic::Ordering::SeqCst);
        Ok(())
    }
}

fn run(portions: Vec<Option<Vec<u8>>>, settings: &Settings) -> (Vec<u8>, Summary, usize) {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    let written_lines = std::sync::Arc::default();
    let mut source = Script {
        portions: portions.into(),
        given_lines: 0,
        written_lines: std::sync::Arc::clone(&written_lines),
        blocks: 0,
    };
    let mut sink = Lines { bytes: Vec::new(), written_lines };
    let summary = redact(&scanner, &mut source, &mut sink, settings).unwrap();
    (sink.bytes, summary, source.blocks)
}

#[test]
fn everything_complete_is_written_before_a_read_blocks() {
    for threads in [1, 2] {
        let settings = Settings { threads, chunk_bytes: 1 << 10, max_record_bytes: 1 << 20 };
        let line = b"client 203.0.113.7 asked\n".to_vec();
        let portions = vec![
            Some(line.clone()),
            None,
            Some(line.repeat(500)),
            Some(b"client 203.0.".to_vec()),
            None,
            Some(b"113.8 asked\nx".to_vec()),
            None,
        ];
        let (out, summary, blocks) = run(portions, &settings);
        assert_eq!(blocks, 3);
        assert_eq!(summary.records, 503);
        let mut expected = b"client [IPV4] asked\n".repeat(502);
        expected.push(b'x');
        assert_eq!(out, expected);
    }
}

#[test]
fn what_stands_behind_a_long_record_is_not_held_back() {
    for threads in [1, 2] {
        let settings = Settings { threads, chunk_bytes: 1 << 10, max_record_bytes: 4096 };
        let mut end = b"x\n".to_vec();
        end.extend_from_slice(b"client 203.0.113.7 asked\n");
        let portions = vec![Some(vec![b'x'; 9000]), Some(end), None];
        let (out, summary, blocks) = run(portions, &settings);
        assert_eq!((blocks, summary.records), (1, 2));
        assert!(out.ends_with(b"BYTES]\nclient [IPV4] asked\n"), "{}", String::from_utf8_lossy(&out));
    }
}

/// Panics at its second write, while other lanes have work.
struct Fragile(usize);

impl Sink for Fragile {
    fn write_clean(&mut self, _: &Clean) -> io::Result<()> {
        self.0 += 1;
        assert!(self.0 < 2, "a sink of a test");
        Ok(())
    }
}

#[test]
fn a_lane_that_panics_lets_no_other_wait() {
    let scanner = Scanner::new(&Policy::default()).unwrap();
    for threads in [1, 3] {
        let settings = Settings { threads, chunk_bytes: 1 << 10, max_record_bytes: 4096 };
        let portions = (0..50).map(|_| Some(b"client 203.0.113.7 asked\n".repeat(50))).collect();
        let written_lines = std::sync::Arc::default();
        let mut source = Script { portions, given_lines: 0, written_lines, blocks: 0 };
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            redact(&scanner, &mut source, &mut Fragile(0), &settings).is_ok()
        }));
        assert!(ended.is_err());
    }
}

#[test]
fn nothing_is_written_behind_a_failed_write() {
    struct Full(usize);
    impl Sink for Full {
        fn write_clean(&mut self, _: &Clean) -> io::Result<()> {
            self.0 += 1;
            if self.0 == 2 { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
        }
    }
    let scanner = Scanner::new(&Policy::default()).unwrap();
    for threads in [1, 2, 4] {
        let settings = Settings { threads, chunk_bytes: 1 << 10, max_record_bytes: 4096 };
        let portions = (0..50).map(|_| Some(b"client 203.0.113.7 asked\n".repeat(50))).collect();
        let written_lines = std::sync::Arc::default();
        let mut source = Script { portions, given_lines: 0, written_lines, blocks: 0 };
        let mut sink = Full(0);
        assert!(redact(&scanner, &mut source, &mut sink, &settings).is_err());
        assert_eq!(sink.0, 2);
    }
}

#[test]
fn threads_and_chunks_do_not_change_the_output() {
    let mut text = Vec::new();
    for i in 0..3000u32 {
        text.extend_from_slice(
            format!("{i} from 198.51.{}.{} to ann{i}@example.com\r\n", i % 256, i / 256).as_bytes(),
        );
        if i % 700 == 3 {
            text.extend_from_slice(&b"word ".repeat(3000)); // over the limit of 4 KiB, can be cut
            text.extend_from_slice(b" 203.0.113.9\n");
            text.extend_from_slice(&vec![b'x'; 9000]); // over the limit, can't be cut
            text.push(b'\n');
        }
    }
    let settings = |threads, chunk_bytes| Settings { threads, chunk_bytes, max_record_bytes: 4096 };
    let (expected, ..) = run(vec![Some(text.clone())], &settings(1, 1 << 20));
    assert!(!expected.windows(7).any(|w| w == b"198.51." || w == b"@exampl"));
    assert!(!expected.windows(9).any(|w| w == b"203.0.113"));
    assert!(expected.windows(28).any(|w| w == b"[LOGVEIL WITHHELD 9000 BYTES"));
    for (threads, chunk) in [(1, 1024), (2, 1024), (2, 4096), (3, 100_000)] {
        for step in [1usize, 7, 1000, 4097] {
            if step == 1 && threads > 1 {
                continue;
            }
            let portions = text.chunks(step).map(|p| Some(p.to_vec())).collect();
            let (out, summary, _) = run(portions, &settings(threads, chunk));
            assert!(out == expected, "{threads} {chunk} {step}");
            assert_eq!(summary.records, 3000 + 5 * 2);
        }
    }
}
