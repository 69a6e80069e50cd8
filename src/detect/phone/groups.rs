//! Reads a written number as groups of digits and the separators between them. No allocation.

/// The most digits that are kept: E.164's fifteen, a `00` before them and a trunk `0` among them.
pub(super) const MAX_DIGITS: usize = 18;
const MAX_GROUPS: usize = 9;

/// What stands before a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Gap {
    /// Nothing: the first group, or one after a bracket.
    #[default]
    None,
    /// A space of any width, breaking or not.
    Space,
    /// A hyphen or dash.
    Dash,
    Dot,
    Slash,
    /// More than one separator that are not all spaces; [`Manner::Strict`] does not read it.
    Mixed,
}

/// How freely separators may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// One separator between groups: text without a key.
    Strict,
    /// Up to three separators: `+45 - 31226543`.
    Signed,
    /// Up to three, `~` and single brackets too: the value of a phone's key.
    Loose,
}

/// A run of digits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Group {
    /// Digits up to and including this group.
    pub total: u8,
    /// Digits of this group alone.
    pub digits: u8,
    /// Where the group ends, closing bracket included.
    pub end: u32,
    pub gap: Gap,
    /// It stands in round brackets.
    pub bracketed: bool,
}

/// A number as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Groups {
    digits: [u8; MAX_DIGITS],
    groups: [Group; MAX_GROUPS],
    count: usize,
    start: usize,
    /// Reading stopped because there were too many digits or groups.
    pub overflow: bool,
}

impl Groups {
    /// Reads from `start`, where a digit or an opening bracket stands; empty if none does.
    pub fn read(text: &[u8], start: usize, manner: Manner) -> Self {
        let mut this = Self {
            digits: [0; MAX_DIGITS],
            groups: [Group::default(); MAX_GROUPS],
            count: 0,
            start,
            overflow: false,
        };
        let mut at = start;
        let mut gap = Gap::None;
        while this.push(text, at, gap, manner) {
            let end = this.end();
            let Some((next, found)) = gap_at(text, end, manner) else { break };
            if this.total() >= COMPLETE && is_column_border(&text[end..next]) {
                break;
            }
            (at, gap) = (next, found);
        }
        this
    }

    /// Adds the group at `at`; false, and nothing added, if none stands there or there is no room.
    fn push(&mut self, text: &[u8], at: usize, gap: Gap, manner: Manner) -> bool {
        let opened = text.get(at) == Some(&b'(');
        // `(+49) 30 …`: the sign may stand inside.
        let first = at + if opened { 1 + usize::from(text.get(at + 1) == Some(&b'+')) } else { 0 };
        let room = MAX_DIGITS - self.total();
        let rest = text.get(first..).unwrap_or_default();
        let digits = rest.iter().take(room + 1).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return false;
        }
        // Loosely read, `(06 1)` is a number too, and the brackets are separators.
        let bracketed = opened && manner != Manner::Loose;
        let closed = !bracketed || rest.get(digits) == Some(&b')');
        if digits > room || self.count == MAX_GROUPS {
            self.overflow = true;
            return false;
        }
        let total = self.total();
        let (Some(slot), Some(space)) =
            (self.groups.get_mut(self.count), self.digits.get_mut(total..total + digits))
        else {
            return false;
        };
        if !closed {
            return false;
        }
        space.copy_from_slice(&rest[..digits]);
        *slot = Group {
            total: (total + digits) as u8,
            digits: digits as u8,
            end: (first + digits + usize::from(bracketed)) as u32,
            gap,
            bracketed,
        };
        self.count += 1;
        true
    }

    fn total(&self) -> usize {
        self.as_slice().last().map_or(0, |group| usize::from(group.total))
    }

    /// The groups, in order.
    pub fn as_slice(&self) -> &[Group] {
        self.groups.get(..self.count).unwrap_or_default()
    }

    /// The digits of the first `count` groups.
    pub fn digits(&self, count: usize) -> &[u8] {
        let total =
            count.checked_sub(1).and_then(|last| self.as_slice().get(last)).map_or(0, |group| group.total);
        self.digits.get(..usize::from(total)).unwrap_or_default()
    }

    /// Where the last group ends.
    pub fn end(&self) -> usize {
        self.as_slice().last().map_or(self.start, |group| group.end as usize)
    }
}

/// So many digits are a number, and a dash between blanks behind them parts columns: `+49 30 23125118 – 200 – 0.044`.
const COMPLETE: usize = 9;

/// Whether a gap is a dash between blanks.
fn is_column_border(gap: &[u8]) -> bool {
    let inner = gap.strip_prefix(b" ").and_then(|gap| gap.strip_suffix(b" "));
    matches!(inner, Some([b'-'] | [0xe2, 0x80, 0x90..=0x95]))
}

/// The separator at `at`: its kind and length in bytes.
fn separator(text: &[u8], at: usize, manner: Manner) -> Option<(Gap, usize)> {
    let rest = text.get(at..)?;
    Some(match *rest.first()? {
        b' ' => (Gap::Space, 1),
        b'-' => (Gap::Dash, 1),
        b'.' => (Gap::Dot, 1),
        b'/' => (Gap::Slash, 1),
        b'~' | b'(' | b')' if manner == Manner::Loose => (Gap::Mixed, 1),
        0xc2 if rest.starts_with("\u{a0}".as_bytes()) => (Gap::Space, 2),
        // U+2002..U+200A spaces, U+2010..U+2015 dashes, U+202F narrow no-break space, U+2212 minus
        0xe2 => match *rest.get(1..3)? {
            [0x80, 0x82..=0x8a | 0xaf] => (Gap::Space, 3),
            [0x80, 0x90..=0x95] | [0x88, 0x92] => (Gap::Dash, 3),
            _ => return None,
        },
        _ => return None,
    })
}

/// The gap after a group that ends at `end`, and where the next group starts.
fn gap_at(text: &[u8], end: usize, manner: Manner) -> Option<(usize, Gap)> {
    let most = if manner == Manner::Strict { 1 } else { 3 };
    let (mut at, mut gap) = (end, Gap::None);
    for _ in 0..most {
        let Some((found, length)) = separator(text, at, manner) else { break };
        gap = if gap == Gap::None || gap == found && found == Gap::Space { found } else { Gap::Mixed };
        at += length;
    }
    match text.get(at)? {
        b'(' if manner != Manner::Loose => Some((at, gap)),
        byte if byte.is_ascii_digit() => Some((at, gap)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str, manner: Manner) -> Vec<(u8, Gap, bool)> {
        let groups = Groups::read(text.as_bytes(), 0, manner);
        groups.as_slice().iter().map(|group| (group.digits, group.gap, group.bracketed)).collect()
    }

    #[test]
    fn groups_and_gaps() {
        use Gap::{Dash, Dot, Mixed, None, Slash, Space};
        let strict = |text| shape(text, Manner::Strict);
        assert_eq!(strict(""), []);
        assert_eq!(strict("x"), []);
        assert_eq!(strict("(415) 555-0132"), [(3, None, true), (3, Space, false), (4, Dash, false)]);
        assert_eq!(strict("(+49) 30"), [(2, None, true), (2, Space, false)]);
        assert_eq!(strict("(415)555.0132"), [(3, None, true), (3, None, false), (4, Dot, false)]);
        assert_eq!(
            strict("49\u{a0}30\u{202f}1234/5"),
            [(2, None, false), (2, Space, false), (4, Space, false), (1, Slash, false)]
        );
        assert_eq!(strict("030\u{2011}1234"), [(3, None, false), (4, Dash, false)]);
        assert_eq!(strict("030  1234"), [(3, None, false)]);
        assert_eq!(strict("(415 555"), []);
        assert_eq!(strict("415 (555"), [(3, None, false)]);
        assert_eq!(
            shape("0~01 - 650", Manner::Loose),
            [(1, None, false), (2, Mixed, false), (3, Mixed, false)]
        );
    }

    #[test]
    fn room_ends() {
        let groups = Groups::read(b"1234567890123456789", 0, Manner::Strict);
        assert!(groups.overflow && groups.as_slice().is_empty());
        let groups = Groups::read(b"1 2 3 4 5 6 7 8 9 0", 0, Manner::Strict);
        assert!(groups.overflow);
        assert_eq!(
            (groups.digits(9), groups.digits(0), groups.digits(99)),
            (&b"123456789"[..], &b""[..], &b""[..])
        );
        assert_eq!(groups.end(), 17);
    }
}
