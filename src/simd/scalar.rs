//! The portable kernel: the specification that the others are tested against.

use super::{BACK_BYTES, BlockSink, Endings, Window, Word, feed_blocks};

/// See [`super::Kernel::feed`].
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    feed_blocks::<S, u64>((), text, sink, classify);
}

pub(super) fn classify(window: &Window, endings: &Endings) -> Word {
    let mut p = Word::default();
    for (i, &byte) in window[BACK_BYTES..].iter().enumerate() {
        let bit = 1u64 << i;
        match byte {
            b'0'..=b'9' => {
                p.digit |= bit;
                p.hex |= bit;
                p.word |= bit;
                if byte == b'0' {
                    p.zero |= bit;
                }
            }
            b'A'..=b'Z' | b'a'..=b'z' => {
                p.letter |= bit;
                p.word |= bit;
                if byte.is_ascii_hexdigit() {
                    p.hex |= bit;
                }
            }
            b'_' => p.word |= bit,
            b'.' => p.dot |= bit,
            b':' => p.colon |= bit,
            b'-' => p.dash |= bit,
            b'@' => p.at |= bit,
            b'=' | b'>' => p.equals |= bit,
            b'"' | b'\'' => p.quote |= bit,
            b' ' | b'\t' => {
                p.space |= bit;
                if endings.may_end([window[i], window[i + 1], window[i + 2], window[i + 3]]) {
                    p.phrase |= bit;
                }
            }
            b'+' => p.plus |= bit,
            b')' | b']' => p.close |= bit,
            b'\n' => p.line_feed |= bit,
            b'%' => p.percent |= bit,
            b'\\' | 0x1b => p.escape |= bit,
            b'&' => p.ampersand |= bit,
            0x80.. => p.high |= bit,
            _ => {}
        }
    }
    p
}
