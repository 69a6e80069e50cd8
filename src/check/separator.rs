//! What stands between the groups of a written number: a space in one of its encodings, a dash or a dot.

/// A separator of digit groups. A number uses one kind throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// One byte: space, `-`, `.`, `+` (a space in a query string).
    Byte(u8),
    /// A no-break space in UTF-8, `C2 A0`.
    NoBreakSpace,
    /// A thin, figure or narrow no-break space: `E2 80` and 80 to 8A or AF.
    WideSpace,
    /// A percent-encoded space, `%20`.
    PercentSpace,
}

impl Separator {
    /// The separator that stands at `at`, if any.
    pub(crate) fn at(text: &[u8], at: usize) -> Option<Self> {
        match text.get(at)? {
            &byte @ (b' ' | b'-' | b'.' | b'+') => Some(Self::Byte(byte)),
            0xc2 => (text.get(at + 1) == Some(&0xa0)).then_some(Self::NoBreakSpace),
            0xe2 => matches!(text.get(at + 1..at + 3), Some([0x80, 0x80..=0x8a | 0xaf]))
                .then_some(Self::WideSpace),
            b'%' => (text.get(at + 1..at + 3) == Some(b"20")).then_some(Self::PercentSpace),
            _ => None,
        }
    }

    /// Its length in bytes.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Byte(_) => 1,
            Self::NoBreakSpace => 2,
            Self::WideSpace | Self::PercentSpace => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_each_kind_and_its_length() {
        let cases: [(&[u8], Option<usize>); 12] = [
            (b" ", Some(1)),
            (b"-", Some(1)),
            (b"\xc2\xa0", Some(2)),
            (b"%20", Some(3)),
            ("\u{202f}".as_bytes(), Some(3)),
            ("\u{2009}".as_bytes(), Some(3)),
            ("\u{2014}".as_bytes(), None),
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
