//! What stands between the groups of a written number: a space in one of its encodings, a dash or a dot.

/// A separator of digit groups. A number uses one kind throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// One byte: space, `-`, `.`, `+` (a space in a query string).
    Byte(u8),
    /// A no-break space in UTF-8, `C2 A0`.
    NoBreakSpace,
    /// A percent-encoded space, `%20`.
    PercentSpace,
}

impl Separator {
    /// The separator that stands at `at`, if any.
    pub(crate) fn at(text: &[u8], at: usize) -> Option<Self> {
        match text.get(at)? {
            &byte @ (b' ' | b'-' | b'.' | b'+') => Some(Self::Byte(byte)),
            0xc2 => (text.get(at + 1) == Some(&0xa0)).then_some(Self::NoBreakSpace),
            b'%' => (text.get(at + 1..at + 3) == Some(b"20")).then_some(Self::PercentSpace),
            _ => None,
        }
    }

    /// Its length in bytes.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Byte(_) => 1,
            Self::NoBreakSpace => 2,
            Self::PercentSpace => 3,
        }
    }

    /// True for all kinds of space: words may stand on the other side of them.
    pub(crate) fn is_space(self) -> bool {
        !matches!(self, Self::Byte(b'-' | b'.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_each_kind_and_its_length() {
        let cases: [(&[u8], Option<usize>); 9] = [
            (b" ", Some(1)),
            (b"-", Some(1)),
            (b"\xc2\xa0", Some(2)),
            (b"%20", Some(3)),
            (b"%2", None),
            (b"\xc2", None),
            (b"", None),
            (b"/", None),
            (b"\n", None),
        ];
        for (text, len) in cases {
            assert_eq!(Separator::at(text, 0).map(Separator::len), len, "{text:?}");
        }
    }
}
