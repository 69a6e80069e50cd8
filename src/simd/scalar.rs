//! The portable kernel: the specification that the others are tested against.

use super::block::Maps;
use super::{BACK_BYTES, BlockSink, Endings, Window, feed_blocks, padded};

/// See [`super::Kernel::feed`].
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    let turn = |window: &Window, endings: &Endings| (maps(window), ends(window, endings));
    feed_blocks::<S, u64>((), text, sink, turn, |text, start, endings| turn(&padded(text, start), endings));
}

/// Bit `k` of each byte, eight bytes at a time: the product moves the lowest bits of eight bytes to
/// the highest byte.
fn maps(window: &Window) -> Maps {
    let mut maps = Maps::default();
    for (i, eight) in window[BACK_BYTES..].as_chunks::<8>().0.iter().enumerate() {
        let bytes = u64::from_le_bytes(*eight);
        for (k, map) in maps.iter_mut().enumerate() {
            let lowest = bytes >> k & 0x0101_0101_0101_0101;
            *map |= (lowest.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
        }
    }
    maps
}

/// Bytes behind what may be the end of a known word.
fn ends(window: &Window, endings: &Endings) -> u64 {
    window.windows(BACK_BYTES).take(64).enumerate().fold(0, |places, (i, four)| {
        let four = [four[0], four[1], four[2], four[3]];
        places | u64::from(endings.may_end(four)) << i
    })
}
