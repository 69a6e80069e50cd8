//! Tests of inputs: plain and compressed, whole and in drops, cut and broken.

use std::io::Write;
use std::os::fd::OwnedFd;

use flate2::write::GzEncoder;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).unwrap()
}

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    file
}

fn read_all(input: &mut Input, step: usize) -> (Vec<u8>, Option<io::ErrorKind>) {
    let mut all = Vec::new();
    let mut buffer = vec![0u8; step];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return (all, None),
            Ok(n) => all.extend_from_slice(&buffer[..n]),
            Err(e) => return (all, Some(e.kind())),
        }
    }
}

fn stop() -> Arc<Stop> {
    Arc::new(Stop::new().unwrap())
}

#[test]
fn plain_and_compressed_bytes_come_out_the_same() {
    let text = b"one\ntwo\nthree".repeat(5000);
    let two_members = [gzip(&text[..1000]), gzip(&text[1000..])].concat();
    let two_frames = [zstd(&text[..1000]), zstd(&text[1000..])].concat();
    for (what, bytes) in [
        ("plain", text.clone()),
        ("gzip", gzip(&text)),
        ("gzip members", two_members),
        ("zstd", zstd(&text)),
        ("zstd frames", two_frames),
    ] {
        for step in [1, 7, 100_000] {
            let mut input = Input::from_file(file_of(&bytes), true, stop());
            assert_eq!(read_all(&mut input, step), (text.clone(), None), "{what}, step {step}");
        }
    }
}

#[test]
fn short_inputs_that_start_like_a_magic_are_plain() {
    for bytes in [&b""[..], b"\x1f", b"\x1f\x8b", b"\x28\xb5\x2f", b"\x28", b"\x1f\x8bx", b"("] {
        let mut input = Input::from_file(file_of(bytes), true, stop());
        assert_eq!(read_all(&mut input, 16), (bytes.to_vec(), None), "{bytes:?}");
    }
}

#[test]
fn without_decompression_the_bytes_stay() {
    let bytes = gzip(b"x");
    let mut input = Input::from_file(file_of(&bytes), false, stop());
    assert_eq!(read_all(&mut input, 16), (bytes, None));
    assert_eq!(input.compression().unwrap(), Compression::None);
}

#[test]
fn cut_and_broken_streams_give_what_came_before_and_an_error() {
    let text: Vec<u8> =
        (0..40_000u32).flat_map(|i| format!("{}\n", i.wrapping_mul(2_654_435_761)).into_bytes()).collect();
    let mut broken = gzip(&text);
    let at = broken.len() - 6;
    broken[at] ^= 0xff;
    for (what, bytes) in [
        ("cut gzip", gzip(&text)[..50_000].to_vec()),
        ("broken check", broken),
        ("cut zstd", zstd(&text)[..120_000].to_vec()),
        ("rubbish behind", [gzip(&text), b"rubbish".to_vec()].concat()),
    ] {
        let mut input = Input::from_file(file_of(&bytes), true, stop());
        let (got, error) = read_all(&mut input, 4096);
        assert!(error.is_some(), "{what}");
        assert_eq!(input.stop_cause(), None, "{what}");
        assert!(!got.is_empty() && text.starts_with(&got), "{what}");
    }
}

#[test]
fn a_zstd_window_over_8_mib_is_refused() {
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(24).unwrap();
    let text = b"a line of text\n".repeat(2_000_000);
    encoder.write_all(&text).unwrap();
    let bytes = encoder.finish().unwrap();
    let mut input = Input::from_file(file_of(&bytes), true, stop());
    assert!(read_all(&mut input, 4096).1.is_some());
}

/// A pipe whose end we hold: what has come so far must be readable without waiting.
fn pipe() -> (File, File) {
    let (read, write): (OwnedFd, OwnedFd) = rustix::pipe::pipe().unwrap();
    (File::from(read), File::from(write))
}

#[test]
fn a_read_would_wait_only_when_all_that_came_is_taken() {
    let text = b"first line\nsecond line\n";
    for (what, bytes) in [("plain", text.to_vec()), ("gzip", gzip(text)), ("zstd", zstd(text))] {
        let (read, mut write) = pipe();
        let mut input = Input::from_file(read, true, stop());
        assert!(input.would_block(), "{what}: nothing came");
        let mut got = Vec::new();
        for byte in bytes {
            write.write_all(&[byte]).unwrap();
            while !input.would_block() {
                let mut buffer = [0u8; 5];
                let n = input.read(&mut buffer).unwrap();
                if n == 0 {
                    break;
                }
                got.extend_from_slice(&buffer[..n]);
            }
        }
        drop(write);
        assert!(!input.would_block(), "{what}: the end doesn't wait");
        let (rest, error) = read_all(&mut input, 64);
        assert_eq!(error, None, "{what}");
        got.extend(rest);
        assert_eq!(got, text, "{what}");
    }
}

#[test]
fn terminate_reads_what_is_there_and_interrupt_does_not() {
    use std::sync::atomic::Ordering;
    let (read, mut write) = pipe();
    let flags = stop();
    let mut input = Input::from_file(read, true, Arc::clone(&flags));
    write.write_all(b"abc").unwrap();
    flags.terminate_flag().store(true, Ordering::SeqCst);
    let (got, error) = read_all(&mut input, 2);
    assert_eq!((got.as_slice(), error), (&b"abc"[..], None));
    assert!(input.is_cut_off());
    assert_eq!(input.stop_cause(), Some(StopCause::Terminate));

    write.write_all(b"def").unwrap();
    flags.interrupt_flag().store(true, Ordering::SeqCst);
    assert_eq!(input.read(&mut [0; 8]).unwrap(), 0);
    assert_eq!(input.stop_cause(), Some(StopCause::Interrupt));
}
