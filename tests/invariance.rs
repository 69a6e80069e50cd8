//! What a record yields never depends on how it arrives: splits, offsets, buffers, threads, kernels.

mod common;

use common::{Case, Found, Scanners, run};
use logveil::parallel::Settings;
use logveil::{Clean, Kernel, Redactor, Scanner, Scratch, Summary};

/// Records up to this length are cut at every place; of longer ones this many places are tried.
const EVERY_SPLIT_BYTES: usize = 512;
/// How much text is classified at once.
const BLOCK_BYTES: usize = 1 << 10;

/// Runs `check` on every case with every kernel of this CPU.
fn for_every_case(mut check: impl FnMut(&Case, &[u8], &Scanner, &mut Scratch)) {
    let (mut scanners, mut scratch) = (Scanners::default(), Scratch::default());
    let cases = common::cases();
    assert!(cases.len() >= 1_500);
    for case in cases {
        let line = case.line();
        for kernel in Kernel::available() {
            let scanner = case.scanner(&mut scanners).with_kernel(kernel);
            check(&case, &line, &scanner, &mut scratch);
        }
    }
}

fn counts(summary: &Summary) -> (u64, u64, u64, [u64; 128]) {
    (summary.records, summary.bytes_in, summary.bytes_out, summary.findings)
}

/// All cases with default types as one log. Lines that open a PEM block would change what follows.
fn log_of_cases(keep: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
    common::cases().iter().filter(|c| c.only.is_empty()).map(Case::line).filter(|l| keep(l)).collect()
}

fn joined(lines: &[Vec<u8>]) -> Vec<u8> {
    lines.iter().flat_map(|line| [&line[..], b"\n"].concat()).collect()
}

fn scanner() -> Scanner {
    Scanner::new(&logveil::Policy::default()).unwrap()
}

#[test]
fn every_split_of_every_case_gives_the_same_bytes() {
    for_every_case(|case, line, scanner, scratch| {
        let mut text = line.to_vec();
        text.push(b'\n');
        let mut clean = Clean::new();
        let mut summary = Summary::default();
        scanner.redact(&text, scratch, &mut clean, &mut summary);
        let whole = clean.into_bytes();
        // One redactor takes every split in turn: nothing may be left from the record before.
        let mut redactor = Redactor::new(scanner.clone());
        let mut split = Clean::new();
        let step = if line.len() <= EVERY_SPLIT_BYTES { 1 } else { 1 + line.len() / 97 };
        for cut in (0..=text.len()).step_by(step) {
            split.clear();
            redactor.write(&text[..cut], &mut split);
            redactor.write(&text[cut..], &mut split);
            assert_eq!(split.as_bytes(), whole, "{}: {:?} cut at {cut}", case.name, scanner.kernel());
        }
    });
}

#[test]
fn byte_by_byte_and_without_a_line_end_gives_the_same_bytes_and_counts() {
    for_every_case(|case, line, scanner, scratch| {
        let mut clean = Clean::new();
        let mut summary = Summary::default();
        scanner.redact(line, scratch, &mut clean, &mut summary);
        let (bytes, by_byte) = run::portions(Redactor::new(scanner.clone()), line, 0..line.len());
        assert_eq!(bytes, clean.as_bytes(), "{}: {:?} byte by byte", case.name, scanner.kernel());
        assert_eq!(counts(&by_byte), counts(&summary), "{}: counts", case.name);
        let mut ended = clean.into_bytes();
        for end in [&b"\r\n"[..], b"\n\n", b"\r\n\n"] {
            let kept = ended.len();
            ended.extend_from_slice(end);
            let slice = run::one_slice(scanner, &[line, end].concat(), scratch);
            assert_eq!(slice, ended, "{}: line end {end:?}", case.name);
            ended.truncate(kept);
        }
    });
}

/// A text may end anywhere: behind a blank, in a value, in an escape.
#[test]
fn every_start_of_every_case_gives_the_same_spans_on_every_kernel() {
    let (mut scanners, mut scratch) = (Scanners::default(), Scratch::default());
    for case in common::cases() {
        let line = case.line();
        let step = if line.len() <= EVERY_SPLIT_BYTES { 1 } else { 1 + line.len() / 97 };
        for end in (0..line.len()).step_by(step) {
            let mut spans = |kernel| {
                let scanner = case.scanner(&mut scanners).with_kernel(kernel);
                let found = scanner.scan(&line[..end], &mut scratch);
                found.iter().map(|f| (f.start, f.end, f.kind)).collect::<Vec<_>>()
            };
            let expected = spans(Kernel::SCALAR);
            assert!(expected.iter().all(|span| span.1 <= end), "{} ends at {end}", case.name);
            for kernel in Kernel::available() {
                assert_eq!(spans(kernel), expected, "{}: {kernel:?} ends at {end}", case.name);
            }
        }
    }
}

#[test]
fn every_offset_in_a_block_gives_the_same_spans() {
    for_every_case(|case, line, scanner, scratch| {
        let here = common::scan(scanner, line, scratch);
        for padding in 1..=64 {
            let mut text = vec![b'.'; padding - 1];
            text.push(b'\n');
            text.extend_from_slice(line);
            // what stands behind must not matter either
            text.extend_from_slice(b"\n12 ann 203 [::] @@ +4\n");
            let moved: Vec<Found> = here
                .iter()
                .map(|f| Found { start: f.start + padding, end: f.end + padding, ..f.clone() })
                .collect();
            let found = common::scan(scanner, &text, scratch);
            assert_eq!(found, moved, "{}: {:?} at offset {padding}", case.name, scanner.kernel());
        }
    });
}

/// Blocks are 1 KiB: their border stands once before each byte of every case.
#[test]
fn every_place_at_a_block_border_gives_the_same_spans() {
    let (mut scanners, mut scratch) = (Scanners::default(), Scratch::default());
    let mut text = vec![b'.'; BLOCK_BYTES];
    for case in common::cases() {
        let (line, scanner) = (case.line(), case.scanner(&mut scanners));
        let here = common::scan(&scanner, &line, &mut scratch);
        for cut in 0..line.len().min(EVERY_SPLIT_BYTES) {
            let start = BLOCK_BYTES - cut;
            text.truncate(start.saturating_sub(1));
            text.resize(start - 1, b'.');
            text.push(b'\n');
            text.extend_from_slice(&line);
            let found = common::scan(&scanner, &text, &mut scratch);
            let moved = found.into_iter().map(|f| Found { start: f.start - start, end: f.end - start, ..f });
            assert!(moved.eq(here.iter().cloned()), "{}: a block ends before byte {cut}", case.name);
            text.truncate(start - 1);
        }
    }
}

#[test]
fn every_alignment_in_memory_gives_the_same_spans() {
    let mut buffer = Vec::new();
    for_every_case(|case, line, scanner, scratch| {
        let here = common::scan(scanner, line, scratch);
        for offset in (0..64).step_by(7) {
            buffer.clear();
            buffer.resize(offset, b'4');
            buffer.extend_from_slice(line);
            buffer.extend_from_slice(b"4444444444");
            let found = common::scan(scanner, &buffer[offset..offset + line.len()], scratch);
            assert_eq!(found, here, "{}: {:?} at address {offset}", case.name, scanner.kernel());
        }
    });
}

#[test]
fn records_do_not_see_each_other() {
    // but for what carries over: open PEM blocks and named columns
    let carries = |line: &[u8]| line.windows(5).any(|five| five == b"-----") || line.starts_with(b"#Fields");
    let mut lines = log_of_cases(|line| !carries(line));
    let (scanner, mut scratch) = (scanner(), Scratch::default());
    // other neighbours on both sides: as they stand, backwards, shortest first
    for order in 0..3 {
        match order {
            0 => {}
            1 => lines.reverse(),
            _ => lines.sort_by_key(Vec::len),
        }
        let apart: Vec<Vec<u8>> = lines.iter().map(|l| run::one_slice(&scanner, l, &mut scratch)).collect();
        for kernel in Kernel::available() {
            let scanner = scanner.clone().with_kernel(kernel);
            let together = run::one_slice(&scanner, &joined(&lines), &mut scratch);
            compare_lines(&together, &joined(&apart));
        }
    }
}

/// Compares two logs and shows the first line that differs.
fn compare_lines(found: &[u8], wanted: &[u8]) {
    let lossy = |line: &[u8]| String::from_utf8_lossy(line).into_owned();
    for (number, (a, b)) in found.split(|b| *b == b'\n').zip(wanted.split(|b| *b == b'\n')).enumerate() {
        assert_eq!(lossy(a), lossy(b), "line {}", number + 1);
    }
    assert!(found == wanted, "one log is longer, or bytes differ that are no UTF-8");
}

#[test]
fn chunks_reads_and_threads_do_not_matter() {
    let mut texts: Vec<Vec<u8>> = common::samples().into_iter().map(|(_, text)| text).collect();
    texts.push(joined(&log_of_cases(|_| true)));
    for text in texts {
        let (wanted, summary) = run::portions(Redactor::new(scanner()), &text, []);
        for kernel in Kernel::available() {
            for (threads, chunk_bytes, read_bytes) in [
                (1, 1 << 10, 777),
                (2, 1 << 10, 1 << 16),
                (3, 1 << 10, 1),
                (2, 5000, 64),
                (3, 1 << 18, 1 << 18),
            ] {
                if read_bytes == 1 && kernel != Kernel::best() {
                    continue; // slow, and reads come before any kernel
                }
                let settings = Settings { threads, chunk_bytes, max_record_bytes: 1 << 20 };
                let scanner = scanner().with_kernel(kernel);
                let (bytes, counted) = run::threads(&scanner, &text, &settings, read_bytes);
                compare_lines(&bytes, &wanted);
                assert_eq!(counts(&counted), counts(&summary), "{threads} threads, chunks of {chunk_bytes}");
            }
        }
    }
}

#[test]
fn adapters_give_the_same_bytes() {
    let text = joined(&log_of_cases(|_| true));
    let text = &text[..text.len() - 1]; // the last record has no line end
    let (wanted, _) = run::portions(Redactor::new(scanner()), text, []);
    for kernel in Kernel::available() {
        let scanner = scanner().with_kernel(kernel);
        for portion in [1, 63, 4096, 1 << 20] {
            compare_lines(&run::writer(&scanner, text, portion), &wanted);
            compare_lines(&run::reader(&scanner, text, portion, 8191), &wanted);
        }
        compare_lines(&run::reader(&scanner, text, 100_000, 1), &wanted);
    }
}

#[test]
fn the_smallest_buffer_gives_the_same_bytes_however_it_is_filled() {
    let least = Redactor::LEAST_MAX_RECORD_BYTES;
    let (scanner, mut text) = (scanner(), Vec::new());
    // records around the limit and far over it, of words and values, JSON and blanks
    for (number, line) in log_of_cases(|_| true).iter().enumerate().step_by(40) {
        let filler = [&b"word and word "[..], b"x", b"  ", b"203.0.113.9 "][number / 40 % 4];
        let length = [least - 1, least, least + 1, 2 * least, 3 * least + 17][number / 40 % 5];
        text.extend_from_slice(
            &filler.repeat(length / filler.len() + 1)[..length.saturating_sub(line.len())],
        );
        text.extend_from_slice(line);
        text.extend_from_slice(line.get(..number % 3).unwrap_or_default());
        text.push(b'\n');
    }
    let redactor = || Redactor::new(scanner.clone()).with_max_record_bytes(least);
    let (wanted, summary) = run::portions(redactor(), &text, []);
    assert!(summary.withheld_records > 0, "the limit is never met");
    for portion in [1, 7, 1000, least, least + 1, 50_000] {
        let cuts = (0..text.len()).step_by(portion).skip(1);
        let (bytes, counted) = run::portions(redactor(), &text, cuts);
        compare_lines(&bytes, &wanted);
        assert_eq!(counts(&counted), counts(&summary), "portions of {portion}");
    }
    for (threads, read_bytes) in [(1, 100), (2, 3000), (3, 1 << 16)] {
        let settings = Settings { threads, chunk_bytes: 1 << 10, max_record_bytes: least };
        let (bytes, counted) = run::threads(&scanner, &text, &settings, read_bytes);
        compare_lines(&bytes, &wanted);
        assert_eq!(counts(&counted), counts(&summary), "{threads} threads");
    }
}

/// Memory whose last byte stands before a page that can't be read.
#[cfg(unix)]
mod guarded {
    use std::ffi::c_void;
    use std::ptr::null_mut;

    use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};

    pub struct Guarded {
        start: *mut c_void,
        bytes: usize,
    }

    const PAGE: usize = 1 << 16; // a multiple of every page size in use

    impl Guarded {
        pub fn new(bytes: usize) -> Self {
            let bytes = bytes.next_multiple_of(PAGE);
            let flags = ProtFlags::READ | ProtFlags::WRITE;
            // SAFETY: a fresh private mapping; its last page is made unreadable and never used.
            unsafe {
                let start = mmap_anonymous(null_mut(), bytes + PAGE, flags, MapFlags::PRIVATE).unwrap();
                mprotect(start.byte_add(bytes), PAGE, MprotectFlags::empty()).unwrap();
                Self { start, bytes }
            }
        }
        /// The text, moved to the very end of the readable bytes.
        pub fn at_end(&mut self, text: &[u8]) -> &[u8] {
            assert!(text.len() <= self.bytes);
            // SAFETY: `text` fits the readable and writable bytes, which live as long as `self`.
            let place = unsafe {
                let place = self.start.cast::<u8>().add(self.bytes - text.len());
                std::slice::from_raw_parts_mut(place, text.len())
            };
            place.copy_from_slice(text);
            place
        }
    }

    impl Drop for Guarded {
        fn drop(&mut self) {
            // SAFETY: the mapping of `new`, which nothing borrows any more.
            let _ = unsafe { munmap(self.start, self.bytes + PAGE) };
        }
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_read_behind_the_end() {
    let mut memory = guarded::Guarded::new(1 << 16);
    for_every_case(|case, line, scanner, scratch| {
        let wanted = run::one_slice(scanner, line, scratch);
        let text = memory.at_end(line);
        let found = run::one_slice(scanner, text, scratch);
        assert_eq!(found, wanted, "{}: before a protected page", case.name);
    });
}
