//! The portable kernel: the specification that the others are tested against.

use super::block::Maps;
use super::{BlockSink, Window, feed_blocks, padded};

/// See [`super::Kernel::feed`].
pub(super) fn feed<S: BlockSink>(text: &[u8], sink: &mut S) {
    let turn_end = |text: &[u8], start, out: &mut Maps| maps(&padded(text, start), out);
    feed_blocks::<S, u64>((), text, sink, maps, turn_end);
}

/// Bit `k` of each byte, eight bytes at a time: the product moves the lowest bits of eight bytes to
/// the highest byte.
fn maps(window: &Window, maps: &mut Maps) {
    *maps = Maps::default();
    for (i, eight) in window.as_chunks::<8>().0.iter().enumerate() {
        let bytes = u64::from_le_bytes(*eight);
        for (k, map) in maps.iter_mut().enumerate() {
            let lowest = bytes >> k & 0x0101_0101_0101_0101;
            *map |= (lowest.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
        }
    }
}
