//! Dotted quads, the digits of four octets at once and without a branch on their lengths: those of real
//! addresses cannot be foreseen. Read digit by digit they took an eighth of the time of a web log.

#[cfg(target_arch = "x86_64")]
mod x86;

use super::Kernel;

/// Four octets of plain decimal with dots between, and neither a dot nor a digit around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Dotted {
    pub start: u32,
    /// One past the fourth octet; 0 if there is no such quad.
    pub end: u32,
    pub octets: [u8; 4],
}

/// How many quads are read at once.
pub(crate) const BATCH: usize = 16;

/// Bytes before the fourth octet: three octets with their dots, and the byte before.
const BEFORE: usize = 13;
/// Those, the fourth octet and the byte behind it.
const LENGTH: usize = BEFORE + 4;
type Window = [u8; LENGTH];

impl Kernel {
    /// Reads the quads whose fourth octets start at `fourths`; one of any other shape, or outside the text,
    /// is none.
    #[inline]
    pub(crate) fn dotted(self, text: &[u8], fourths: &[u32], quads: &mut [Dotted; BATCH]) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the only constructor of these variants is `available`, which asked the CPU.
            super::Isa::Avx2 | super::Isa::Avx512 => unsafe { x86::each(text, fourths, quads) },
            _ => each(text, fourths, quads, scalar),
        }
    }
}

#[inline(always)]
fn each(text: &[u8], fourths: &[u32], quads: &mut [Dotted; BATCH], read: impl Fn(&Window, u32) -> Dotted) {
    for (fourth, quad) in fourths.iter().zip(quads) {
        let from = (*fourth as usize).checked_sub(BEFORE);
        *quad = match from.and_then(|from| text.get(from..)?.first_chunk()) {
            Some(window) => read(window, *fourth),
            None => read(&padded(text, *fourth as usize), *fourth),
        };
    }
}

/// The window at an end of the text, with NUL where no text is: there the address stands of a record of a web
/// log that comes alone.
fn padded(text: &[u8], fourth: usize) -> Window {
    let mut window = [0; LENGTH];
    for (i, slot) in window.iter_mut().enumerate() {
        *slot = (fourth + i).checked_sub(BEFORE).and_then(|at| text.get(at)).copied().unwrap_or(0);
    }
    window
}

/// Where the numbers before the fourth one end, by the bytes that are no digits: the dots before the third
/// and the second, and the byte before the first.
#[inline(always)]
fn joints(others: u32) -> [u32; 3] {
    let mut left = others & ((1 << (BEFORE - 1)) - 1);
    std::array::from_fn(|_| {
        // without one it is 0 from there on: the number is too long
        let place = 31u32.saturating_sub(left.leading_zeros());
        left &= !(1 << place);
        place
    })
}

/// The lengths of the four numbers, less one; those of an octet are below 3.
#[inline(always)]
fn lengths([third, second, first]: [u32; 3], others: u32) -> [u32; 4] {
    let fourth = (others >> BEFORE | 8).trailing_zeros();
    let between = |left: u32, right: u32| right.wrapping_sub(left).wrapping_sub(2);
    [
        between(first, second),
        between(second, third),
        between(third, BEFORE as u32 - 1),
        fourth.wrapping_sub(1),
    ]
}

/// The quad of one window, number by number: what the kernels must agree with.
fn scalar(window: &Window, fourth: u32) -> Dotted {
    let bits = |test: fn(&u8) -> bool| {
        window.iter().enumerate().fold(0, |bits, (i, byte)| bits | u32::from(test(byte)) << i)
    };
    let (others, dots) = (bits(|byte| !byte.is_ascii_digit()), bits(|byte| *byte == b'.'));
    let joints = joints(others);
    let lengths = lengths(joints, others);
    if !is_bordered(joints, lengths, others, dots) {
        return Dotted::default();
    }
    let [third, second, first] = joints;
    let starts = [first + 1, second + 1, third + 1, BEFORE as u32];
    let mut octets = [0; 4];
    for ((octet, start), length) in octets.iter_mut().zip(starts).zip(lengths) {
        let digits = window.iter().skip(start as usize).take(length as usize + 1);
        let value = digits.fold(0u32, |value, digit| value * 10 + u32::from(digit - b'0'));
        if value > 255 || value < [0, 10, 100][length as usize] {
            return Dotted::default();
        }
        *octet = value as u8;
    }
    at(fourth, joints, lengths, octets)
}

/// Whether dots stand where they must and nowhere else, and no digit is left over.
#[inline(always)]
fn is_bordered([third, second, first]: [u32; 3], lengths: [u32; 4], others: u32, dots: u32) -> bool {
    let inner = 1 << third | 1 << second | 1 << (BEFORE - 1);
    let behind = (BEFORE as u32 + 1).wrapping_add(lengths[3]);
    let outer = 1 << first | 1u32.wrapping_shl(behind);
    lengths.iter().all(|length| *length < 3) && dots & (inner | outer) == inner && others & outer == outer
}

#[inline(always)]
fn at(fourth: u32, [_, _, first]: [u32; 3], lengths: [u32; 4], octets: [u8; 4]) -> Dotted {
    Dotted { start: (fourth + first + 1).wrapping_sub(BEFORE as u32), end: fourth + lengths[3] + 1, octets }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kernel: Kernel, text: &str, fourth: usize) -> Option<(usize, usize, [u8; 4])> {
        let mut quads = [Dotted::default(); BATCH];
        kernel.dotted(text.as_bytes(), &[fourth as u32], &mut quads);
        let [quad, ..] = quads;
        (quad.end > 0).then_some((quad.start as usize, quad.end as usize, quad.octets))
    }

    #[test]
    fn plain_quads_are_read_alike_by_every_kernel() {
        let parts =
            ["0", "7", "00", "09", "42", "99", "007", "099", "100", "255", "256", "999", "1000", "x", ""];
        let mut found = 0;
        for left in ["", "1", ".", "9.", " ", "x", ":"] {
            for right in ["", ".", ".7", " ", "x", "7"] {
                for i in 0..parts.len().pow(4) {
                    let part = |place: u32| parts[i / parts.len().pow(place) % parts.len()];
                    let head = format!("{:13}{left}{}.{}.{}.", "", part(0), part(1), part(2));
                    let text = format!("{head}{}{right}{:6}", part(3), "");
                    let seen = read(Kernel::SCALAR, &text, head.len());
                    let is_inside = |c: char| c.is_ascii_digit() || c == '.';
                    let start = text[..head.len()].trim_end_matches(is_inside).len();
                    let end = text.len() - text[head.len()..].trim_start_matches(is_inside).len();
                    let address: Option<std::net::Ipv4Addr> = text[start..end].parse().ok();
                    let expect = address.map(|address| (start, end, address.octets()));
                    assert_eq!(seen, expect, "{text}");
                    found += usize::from(seen.is_some());
                    for kernel in Kernel::available() {
                        assert_eq!(read(kernel, &text, head.len()), seen, "{kernel:?} {text}");
                    }
                }
            }
        }
        assert!(found > 10_000, "{found}");
    }

    #[test]
    fn every_octet_is_read_and_at_the_ends_of_a_text() {
        for kernel in Kernel::available() {
            for value in 0..=255u8 {
                for place in 0..4 {
                    let mut octets = [198, 51, 100, 7];
                    octets[place] = value;
                    let [a, b, c, d] = octets;
                    let text = format!("client {a}.{b}.{c}.{d} said so");
                    let fourth = text.rfind('.').unwrap() + 1;
                    assert_eq!(read(kernel, &text, fourth).map(|quad| quad.2), Some(octets), "{text}");
                }
            }
            assert_eq!(read(kernel, "10.0.0.1 was", 7), Some((0, 8, [10, 0, 0, 1])));
            assert_eq!(read(kernel, "a client 10.0.0.1", 16), Some((9, 17, [10, 0, 0, 1])));
            assert_eq!(read(kernel, "1.2.3.4", 6), Some((0, 7, [1, 2, 3, 4])));
            assert_eq!(read(kernel, ".2.3.4", 5), None);
            let mut quads = [Dotted { end: 9, ..Dotted::default() }; BATCH];
            kernel.dotted(b"", &[3, u32::MAX], &mut quads);
            assert_eq!(quads[..2], [Dotted::default(); 2]);
        }
    }
}
