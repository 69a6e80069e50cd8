//! Every kernel offers the same places, at every offset of a block and at the end of a text.

use super::super::Kernel;
use super::{WIDTH, Windows};

fn places(kernel: Kernel, text: &[u8], windows: &Windows) -> Vec<usize> {
    let mut all = Vec::new();
    kernel.windows(text, windows, |place| all.push(place));
    all
}

fn words(words: &[(&[u8; WIDTH], usize)]) -> Windows {
    let mut windows = Windows::default();
    for (word, group) in words {
        for (place, byte) in word.iter().enumerate() {
            windows.allow(place, *byte, *group);
            windows.allow(place, byte.to_ascii_uppercase(), *group);
        }
    }
    windows
}

#[test]
fn windows_are_found_at_every_offset() {
    let windows = words(&[(b"badg", 0), (b"zq9-", 7)]);
    for kernel in Kernel::available() {
        for at in 0..140 {
            let mut text = vec![b'.'; at];
            text.extend_from_slice(b"BaDg");
            assert_eq!(places(kernel, &text, &windows), [at], "{kernel:?}");
            text.extend_from_slice(b"..zQ9-");
            assert_eq!(places(kernel, &text, &windows), [at, at + 6], "{kernel:?}");
            assert!(places(kernel, &text[..at + 3], &windows).is_empty(), "{kernel:?}");
        }
        assert!(places(kernel, b"", &windows).is_empty());
    }
}

#[test]
fn every_kernel_agrees_with_scalar() {
    let windows = words(&[(b"a1b2", 1), (b"\x80\xff\0z", 2), (b"    ", 3), (b"(z)~", 4)]);
    let text: Vec<u8> =
        (0..5000u32).map(|i| (i.wrapping_mul(i).wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let loose = {
        let mut windows = windows.clone();
        (0..WIDTH).for_each(|place| (b'0'..=b'z').for_each(|byte| windows.allow(place, byte, 5)));
        windows
    };
    for kernel in Kernel::available() {
        for windows in [&windows, &loose] {
            for length in [0, 1, 3, 63, 64, 65, 66, 67, 68, 127, 128, 131, 5000] {
                assert_eq!(
                    places(kernel, &text[..length], windows),
                    places(Kernel::SCALAR, &text[..length], windows),
                    "{kernel:?} {length}"
                );
            }
        }
        assert!(places(kernel, &text, &loose).len() > 20);
    }
}
