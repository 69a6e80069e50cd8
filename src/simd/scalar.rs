//! The portable kernel: the specification that the others are tested against.

use super::nibbles::ANNOUNCING;
use super::{BACK_BYTES, BlockSink, Nibbles, Window, Word, feed_blocks};

/// See [`super::Kernel::feed`].
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    feed_blocks(text, sink, classify);
}

pub(super) fn classify(window: &Window, nibbles: &Nibbles) -> Word {
    let mut p = Word::default();
    for (i, &byte) in window[BACK_BYTES..].iter().enumerate() {
        let bit = 1u64 << i;
        match byte {
            b'0'..=b'9' => {
                p.digit |= bit;
                if byte == b'0' {
                    p.zero |= bit;
                }
            }
            b'A'..=b'Z' | b'a'..=b'z' => {
                p.letter |= bit;
                if byte.is_ascii_uppercase() {
                    p.capital |= bit;
                }
                if matches!(byte, b'A'..=b'F' | b'a'..=b'f') {
                    p.hex_letter |= bit;
                }
            }
            b'_' => p.underscore |= bit,
            b'.' => p.dot |= bit,
            b':' => p.colon |= bit,
            b'-' => p.dash |= bit,
            b'@' => p.at |= bit,
            b'=' | b'>' => p.equals |= bit,
            b'"' | b'\'' => p.quote |= bit,
            b' ' | b'\t' => {
                p.space |= bit;
                let groups = nibbles.groups([window[i], window[i + 1], window[i + 2]]);
                if groups & !ANNOUNCING != 0 {
                    p.phrase |= bit;
                }
                if groups & ANNOUNCING != 0 {
                    p.announcing |= bit;
                }
            }
            b'+' => p.plus |= bit,
            b')' | b']' => p.close |= bit,
            b'\n' => p.line_feed |= bit,
            b'%' => p.percent |= bit,
            b'\\' | 0x1b => p.escape |= bit,
            b'#' => p.hash |= bit,
            b'&' => p.ampersand |= bit,
            0x80.. => p.high |= bit,
            _ => {}
        }
    }
    p
}
