//! What may be shown of a value that a report must not repeat: its shape.

/// The most characters of a shape.
const MAX_SHAPE: usize = 48;

/// The shape of a value: `x` for a letter, `X` for a capital, `9` for a digit, ASCII marks as they
/// are, `?` for the rest.
pub(super) fn shape(value: &[u8]) -> String {
    let mut shape: String = value
        .iter()
        .take(MAX_SHAPE)
        .map(|byte| match byte {
            b'a'..=b'z' => 'x',
            b'A'..=b'Z' => 'X',
            b'0'..=b'9' => '9',
            b' '..=b'~' => char::from(*byte),
            _ => '?',
        })
        .collect();
    if value.len() > MAX_SHAPE {
        shape.push('…');
    }
    shape
}

/// Where two texts differ: the bytes they begin with and end with in common.
pub(super) fn common_ends(left: &[u8], right: &[u8]) -> (usize, usize) {
    let head = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let rest = left.len().min(right.len()) - head;
    let tail = left.iter().rev().zip(right.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (head, tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_tell_no_value() {
        for (value, expect) in
            [(&b""[..], ""), (b"Anna.Meier+7@example.com", "Xxxx.Xxxxx+9@xxxxxxx.xxx"), (b"\xff\n", "??")]
        {
            assert_eq!(shape(value), expect);
        }
        assert_eq!(shape(&[b'1'; 60]).chars().count(), MAX_SHAPE + 1);
    }

    #[test]
    fn common_ends_never_overlap() {
        for (left, right, expect) in [
            ("", "", (0, 0)),
            ("aXb", "aYYb", (1, 1)),
            ("aa", "aaa", (2, 0)),
            ("abab", "ab", (2, 0)),
            ("x", "y", (0, 0)),
        ] {
            assert_eq!(common_ends(left.as_bytes(), right.as_bytes()), expect, "{left} {right}");
        }
    }
}
