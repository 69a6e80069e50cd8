//! Extensions behind a number: `x12`, ` ext. 123`, `;ext=123` (RFC 3966 section 5.3).

use super::border;

/// The end of an extension that follows at `end` (`x12`, ` ext. 123`, `;ext=123`), or `end` itself.
pub(super) fn with_extension(text: &[u8], end: usize) -> usize {
    const MARKS: [&[u8]; 8] = [b";ext=", b"extension", b"ext.", b"ext:", b"ext", b"int.", b"x", b"#"];
    let rest = text.get(end..).unwrap_or_default();
    let marks = |bytes: &[u8]| bytes.iter().take(3).take_while(|&&byte| matches!(byte, b' ' | b',')).count();
    let spaces = |bytes: &[u8]| bytes.iter().take(2).take_while(|&&byte| byte == b' ').count();
    let gap = marks(rest);
    let (between, rest) = rest.split_at(gap.min(rest.len()));
    let starts = |mark: &&&[u8]| rest.get(..mark.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(mark));
    let Some(mark) = MARKS.iter().find(starts) else { return end };
    // A lone letter or sign further off is not an extension's: `…, x86`, `… #12`.
    let is_far = if *mark == b"#" { gap > 0 } else { between.contains(&b',') };
    if mark.len() == 1 && is_far {
        return end;
    }
    let after = rest.get(mark.len()..).unwrap_or_default();
    let space = spaces(after);
    let digits = after.iter().skip(space).take(8).take_while(|byte| byte.is_ascii_digit()).count();
    let past = end + gap + mark.len() + space + digits;
    if (1..=7).contains(&digits) && border::closes(text, past, false) { past } else { end }
}

#[cfg(test)]
mod tests {
    use super::with_extension;

    #[test]
    fn extensions_and_others() {
        for (text, expected) in [
            ("", 0),
            ("x12", 3),
            (" x12,", 4),
            ("  X 456.", 7),
            (" ext. 503", 9),
            (" EXT 5", 6),
            (" , ext 7246433", 14),
            (" ext: 7246433.", 13),
            (";ext=3456", 9),
            (" int.3456", 9),
            ("#12", 3),
            (" extension 12", 13),
            ("x", 0),
            ("x12a", 0),
            ("x12345678", 0),
            (" exit 12", 0),
            (" 12", 0),
            (", x86", 0),
            (" #12", 0),
            ("\u{ff}x12", 0),
        ] {
            assert_eq!(with_extension(text.as_bytes(), 0), expected, "{text:?}");
        }
    }
}
