//! Hardware addresses (IEEE 802 EUI-48 and EUI-64) in the forms that devices print.

use crate::finding::{Evidence, Match, TypeId};
use crate::mark;
use crate::rules::MAC;

/// A frame as iptables prints it behind `MAC=`: destination, source, ether type.
const FRAME_OCTETS: usize = 14;

/// A run of groups of hex digits with one separator.
struct Run {
    groups: usize,
    /// Hex digits in each group if all groups have the same number, else 0.
    width: usize,
    /// How many groups have two digits.
    pairs: usize,
    /// Hex digits in the longest group.
    longest: usize,
    separator: u8,
    has_letter: bool,
    /// Offset behind the sixth group, and behind the last.
    sixth_end: usize,
    end: usize,
    /// The last two groups as a number: the ether type of a frame.
    tail: u32,
}

/// The hardware address whose first hex digit stands at `at`: six or eight pairs with `:`, `-` or `_`,
/// three or four groups of four with `.` or `-`, six groups with leading zeros left out.
///
/// In the fourteen octets that iptables prints (`MAC=` destination, source, ether type) both addresses
/// are found: call again at the first octet of the second one, one byte behind the end of the first.
/// Runs of any other length (fingerprints, hex dumps) are not addresses.
pub(crate) fn at(text: &[u8], at: usize) -> Option<Match> {
    let run = read(text, at)?;
    let end = match (run.groups, run.width, run.separator) {
        (6 | 8, 2, b':') => run.end,
        (6 | 8, 2, b'-') if run.has_letter || !is_date_time(text.get(at..run.end)?) => run.end,
        (6, 2, b'_') if run.has_letter || text[..at].ends_with(b"/dev_") => run.end,
        // Dotted groups of digits alone are dates and card numbers, but for the makers at the start
        // of the registry (`00…`).
        (3, 4, b'.') if run.has_letter || text.get(at..at + 2) == Some(b"00") => run.end,
        (4, 4, b'.') if run.has_letter => run.end,
        (3, 4, b'-') if run.has_letter => run.end,
        (6, 0, b':') if run.has_letter && run.pairs >= 3 && run.longest == 2 => run.end,
        (FRAME_OCTETS, 2, b':') if is_ether_type(run.tail) => run.sixth_end,
        // all that iptables prints of a frame, whatever it carries
        (FRAME_OCTETS.., 2, b':') if text[..at].ends_with(b"MAC=") => run.sixth_end,
        (8.., 2, b':') if ends_first_of_frame(text, at) => run.sixth_end,
        _ => return None,
    };
    let first_of_frame = run.groups >= FRAME_OCTETS && text[..at].ends_with(b"MAC=");
    let second_of_frame = run.groups == 8 && is_ether_type(run.tail) && follows_six_pairs(text, at)
        || run.groups >= 8 && ends_first_of_frame(text, at);
    let end = if second_of_frame { run.sixth_end } else { end };
    // what iptables prints behind two addresses that were replaced
    if run.separator == b':' && run.groups > 5 && follows_replaced(text, at) {
        return None;
    }
    let in_words = run.width == 4 && glued_by(text, at, run.end, run.separator);
    // Groups without their leading zeros say little: a group of any length before makes a longer run.
    let longest_group = if run.width == 0 { 4 } else { 2 };
    let open = second_of_frame || open_before(text, at, run.separator, longest_group);
    if !open || in_words || !(first_of_frame || second_of_frame || open_after(text, run.end, run.separator)) {
        return None;
    }
    let confidence = match run.separator {
        b':' => 90,
        b'-' | b'_' if run.width == 2 => 85,
        _ => 80,
    };
    Some(Match { start: at, end, kind: TypeId::MAC, rule: MAC, confidence, evidence: Evidence::SHAPE })
}

/// The hardware address in a value under a key: any shape of [`at`], 12 or 16 hex digits with or
/// without separators of any grouping, and groups with leading zeros left out.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let trimmed = value.trim_ascii();
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    // `MAC Address: (005056C00008)`
    if let [b'(', inner @ .., b')'] = trimmed {
        let found = keyed(inner).filter(|_| !inner.contains(&b'('))?;
        return Some(Match { start: start + 1 + found.start, end: start + 1 + found.end, ..found });
    }
    if is_plain(trimmed) {
        let end = start + trimmed.len();
        return Some(Match { start, end, kind: TypeId::MAC, rule: MAC, confidence: 92, evidence });
    }
    let separator = |byte: &u8| matches!(byte, b':' | b'-' | b'.' | b'_' | b' ');
    let first = trimmed.iter().find(|byte| separator(byte));
    let uniform = trimmed.iter().all(|byte| !separator(byte) || Some(byte) == first);
    let digits = trimmed.iter().filter(|byte| byte.is_ascii_hexdigit()).count();
    let only_hex = trimmed.iter().all(|byte| byte.is_ascii_hexdigit() || separator(byte));
    let groups = || trimmed.split(|byte| separator(byte));
    let short_groups = groups().count() == 6 && groups().all(|group| (1..=2).contains(&group.len()));
    let even_groups = groups().all(|group| !group.is_empty() && group.len() % 2 == 0);
    if only_hex && uniform && ((matches!(digits, 12 | 16) && even_groups) || short_groups) {
        let end = start + trimmed.len();
        return Some(Match { start, end, kind: TypeId::MAC, rule: MAC, confidence: 92, evidence });
    }
    let first = value.iter().position(u8::is_ascii_hexdigit)?;
    let found = at(value, first).or_else(|| spaced(value))?;
    Some(Match { confidence: 92, evidence, ..found })
}

/// Six pairs with blanks at the start of a text that goes on: `00 1B 44 11 3A B7 registered`. More pairs are a dump.
pub(crate) fn spaced(text: &[u8]) -> Option<Match> {
    let start = text.len() - text.trim_ascii_start().len();
    let rest = text.get(start..)?;
    let is_pair = |pair: &[u8]| pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
    let mut groups = rest.get(..rest.len().min(24))?.split(|byte| *byte == b' ');
    let pairs = groups.by_ref().take(5).filter(|group| is_pair(group)).count();
    let last = groups.next()?;
    let ends = last.get(..2).is_some_and(is_pair) && !last.get(2).is_some_and(u8::is_ascii_alphanumeric);
    if pairs != 5 || !ends || groups.next().is_some_and(is_pair) {
        return None;
    }
    let evidence = Evidence::KEY.and(Evidence::SHAPE);
    Some(Match { start, end: start + 17, kind: TypeId::MAC, rule: MAC, confidence: 88, evidence })
}

/// Six pairs of hex digits with colons or dashes between: how nearly all are written.
fn is_plain(text: &[u8]) -> bool {
    let Some(separator) = text.get(2).filter(|byte| text.len() == 17 && matches!(byte, b':' | b'-')) else {
        return false;
    };
    text.chunks(3).all(|group| {
        matches!(group, [a, b, rest @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()
            && rest.iter().all(|byte| byte == separator))
    })
}

/// Reads groups of at most four hex digits, at most one group more than a frame has.
fn read(text: &[u8], at: usize) -> Option<Run> {
    let mut run = Run {
        groups: 0,
        width: 0,
        pairs: 0,
        longest: 0,
        separator: 0,
        has_letter: false,
        sixth_end: 0,
        end: at,
        tail: 0,
    };
    let mut place = at;
    loop {
        let mut group = 0u32;
        let mut length = 0;
        while let Some(digit) = text.get(place).and_then(|byte| char::from(*byte).to_digit(16)) {
            group = group << 4 | digit;
            run.has_letter |= digit > 9;
            length += 1;
            place += 1;
            if length > 4 {
                return None;
            }
        }
        // A first group of another length than two or four ends nearly all attempts here.
        if length == 0 || (run.groups == 0 && length == 3) {
            return None;
        }
        run.width = if run.groups == 0 || run.width == length { length } else { 0 };
        run.longest = run.longest.max(length);
        run.pairs += usize::from(length == 2);
        run.groups += 1;
        run.tail = (run.tail & 0xff) << 8 | (group & 0xff);
        run.end = place;
        if run.groups == 6 {
            run.sixth_end = place;
        }
        let separator =
            *text.get(place).filter(|byte| matches!(byte, b':' | b'-' | b'.' | b'_')).unwrap_or(&0);
        let goes_on = separator != 0
            && (run.separator == 0 || separator == run.separator)
            && text.get(place + 1).is_some_and(u8::is_ascii_hexdigit)
            && is_group(text, place + 1);
        if !goes_on || run.groups > FRAME_OCTETS {
            return (run.groups > 2).then_some(run);
        }
        run.separator = separator;
        place += 1;
    }
}

/// True if the word at `start` is a group of an address: one to four hex digits.
fn is_group(text: &[u8], start: usize) -> bool {
    let word = text.iter().skip(start).take(5).take_while(|byte| byte.is_ascii_alphanumeric());
    let (length, hex) = word.fold((0, true), |(n, hex), byte| (n + 1, hex && byte.is_ascii_hexdigit()));
    (1..=4).contains(&length) && hex
}

/// True if the groups before `at`, of at most `longest_group` hex digits, do not belong to the same run.
fn open_before(text: &[u8], at: usize, separator: u8, longest_group: usize) -> bool {
    let Some(last) = at.checked_sub(1).and_then(|i| text.get(i)) else { return at == 0 };
    if last.is_ascii_alphanumeric() {
        return false;
    }
    if *last != separator {
        return true;
    }
    let before = text.get(..at - 1).unwrap_or_default();
    let word = before.iter().rev().take(5).take_while(|byte| byte.is_ascii_alphanumeric());
    let (length, hex) = word.fold((0, true), |(n, hex), byte| (n + 1, hex && byte.is_ascii_hexdigit()));
    // `mac:` and `dev_` are words; `1f:` is a group; `::` is part of an IPv6 address.
    !(hex && length <= longest_group)
}

/// True if the separator joins the address to any word: a piece of a UUID, a version, a file name.
fn glued_by(text: &[u8], at: usize, end: usize, separator: u8) -> bool {
    let is = |place: Option<usize>, test: &dyn Fn(u8) -> bool| {
        place.and_then(|place| text.get(place)).is_some_and(|byte| test(*byte))
    };
    let word = |byte: u8| byte.is_ascii_alphanumeric();
    let joint = |byte: u8| byte == separator;
    is(at.checked_sub(1), &joint) && is(at.checked_sub(2), &word)
        || is(Some(end), &joint) && is(Some(end + 1), &word)
}

/// True if no letter, digit or further group is glued to the end.
fn open_after(text: &[u8], end: usize, separator: u8) -> bool {
    match text.get(end) {
        Some(byte) if byte.is_ascii_alphanumeric() => false,
        Some(byte) if *byte == separator => !is_group(text, end + 1) && text.get(end + 1) != Some(&b':'),
        _ => true,
    }
}

/// True if the ether type is one that frames of people's devices carry.
fn is_ether_type(tail: u32) -> bool {
    matches!(tail, 0x0800 | 0x0806 | 0x86dd | 0x8100 | 0x8847 | 0x8863 | 0x8864 | 0x888e | 0x88a8)
}

/// True if six pairs with colons, and no seventh, stand before `at`.
fn follows_six_pairs(text: &[u8], at: usize) -> bool {
    let Some(start) = at.checked_sub(18) else { return false };
    let Some(pairs) = text.get(start..at) else { return false };
    pairs
        .chunks(3)
        .all(|pair| matches!(pair, [high, low, b':'] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()))
        && open_before(text, start, b':', 2)
}

/// True if the first address that iptables prints behind `MAC=` ends right before `at`.
fn ends_first_of_frame(text: &[u8], at: usize) -> bool {
    follows_six_pairs(text, at) && text[..at - 18].ends_with(b"MAC=")
}

/// True if a colon and something that we wrote stand before `at`: a label, a token, an address masked in part.
fn follows_replaced(text: &[u8], at: usize) -> bool {
    let Some(colon) = at.checked_sub(1).filter(|colon| *colon > 0 && text[*colon] == b':') else {
        return false;
    };
    text[colon - 1] == b']' && mark::ends_label(text, colon)
        || mark::is_in_token(text, colon - 1, <[u8]>::len)
        || masked_before(text, at)
}

/// True if six pairs of digits read as year, month, day, hour, minute, second.
fn is_date_time(pairs: &[u8]) -> bool {
    let mut numbers = pairs.split(|byte| *byte == b'-').map(|pair| match pair {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => (tens - b'0') * 10 + ones - b'0',
        _ => u8::MAX,
    });
    let limits = [(0, 99), (1, 12), (1, 31), (0, 23), (0, 59), (0, 60)];
    pairs.len() == 17
        && limits.iter().all(|(low, high)| numbers.next().is_some_and(|n| (*low..=*high).contains(&n)))
}

/// Whether a star stands in the eighteen bytes of the record before `at`.
fn masked_before(text: &[u8], at: usize) -> bool {
    let head = &text[at.saturating_sub(18)..at];
    head.iter().rev().take_while(|b| **b != b'\n').any(|b| *b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(found: Option<Match>) -> Option<(usize, usize)> {
        found.map(|m| (m.start, m.end))
    }

    #[test]
    fn shapes_and_borders() {
        for address in [
            "00:1a:2b:3c:4d:5e",
            "00:1A:2B:3C:4D:5E",
            "01-23-45-67-89-AB",
            "11:22:33:44:55:66",
            "001a.2b3c.4d5e",
            "001a-2b3c-4d5e",
            "00:1a:2b:ff:fe:3c:4d:5e",
            "01-02-03-04-05-06-07-ab",
            "0102.0304.0506.07ab",
            "0012.3456.7890",
            "0:1b:63:84:45:e6",
        ] {
            for (before, after) in [
                ("", ""),
                ("mac:", ""),
                ("from ", " via eth0"),
                ("(", ")"),
                ("x\n", "\nff"),
                ("dev/", ": up"),
                ("at ", "."),
                ("=", ","),
            ] {
                let text = format!("{before}{address}{after}");
                let expected = Some((before.len(), before.len() + address.len()));
                assert_eq!(span(at(text.as_bytes(), before.len())), expected, "{text:?}");
            }
        }
        assert_eq!(span(at(b"/dev_AA_BB_CC_DD_EE_0F/x", 5)), Some((5, 22)));
    }

    #[test]
    fn look_alikes_stay() {
        for (text, place) in [
            ("", 0),
            ("00:1a:2b:3c:4d", 0),
            ("zz:1a:2b:3c:4d:5e", 0),
            ("0102.03:04.0506.07ab", 0),
            ("00:1a:2b:3c:4d:5e:6f", 0),
            ("ff:00:1a:2b:3c:4d:5e", 3),
            ("16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", 0),
            ("16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", 30),
            ("16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48:00:11:22:33", 0),
            ("x00:1a:2b:3c:4d:5e", 1),
            ("00:1a:2b:3c:4d:5ef", 0),
            ("fe80::00:1a:2b:3c:4d:5e", 6),
            ("00:1a:2b\n:3c:4d:5e", 0),
            ("24-01-02-13-04-05", 0),
            ("12:34:56", 0),
            ("1.2.3", 0),
            ("0800-1234-5678", 0),
            ("2024.0312.0625", 0),
            ("4111.1111.1111.1111", 0),
            ("2015.0411.1203.0405.06", 0),
            ("c0ffee00-1a2b-3c4d-5e6f-001a2b3c4d5e", 9),
            ("c0ffee00-1a2b-3c4d-5e6f-001a2b3c4d5e", 14),
            ("00:00:00:00", 0),
        ] {
            assert_eq!(span(at(text.as_bytes(), place)), None, "{text:?}");
        }
        assert_eq!(span(at(b"\xff:\xff", 0)), None);
        assert_eq!(span(at(b"00:1a", 9)), None);
    }

    #[test]
    fn both_addresses_of_a_frame() {
        let text = b"IN=eth0 MAC=00:1a:2b:3c:4d:5e:66:77:88:99:aa:bb:08:00 SRC=";
        assert_eq!(span(at(text, 12)), Some((12, 29)));
        assert_eq!(span(at(text, 30)), Some((30, 47)));
        assert_eq!(span(at(text, 15)), None);
        // whatever the frame carries
        let odd = b"MAC=00:1a:2b:3c:4d:5e:66:77:88:99:aa:bb:12:34:45:00 SRC=";
        assert_eq!(span(at(odd, 4)), Some((4, 21)));
        assert_eq!(span(at(odd, 22)), Some((22, 39)));
        let print = b"md5 00:1a:2b:3c:4d:5e:66:77:88:99:aa:bb:12:34 of";
        assert_eq!(span(at(print, 4)), None);
    }

    #[test]
    fn under_a_key() {
        for (value, expected) in [
            ("001a2b3c4d5e", Some((0, 12))),
            (" 00:1a:2b:3c:4d:5e ", Some((1, 18))),
            ("00 1a 2b 3c 4d 5e", Some((0, 17))),
            ("001a2b-3c4d5e", Some((0, 13))),
            ("001a2bfffe3c4d5e", Some((0, 16))),
            ("0:1b:63:84:45:e6", Some((0, 16))),
            ("24-01-02-13-04-05", Some((0, 17))),
            ("00:1a:2b:3c:4d:5e (wlan0)", Some((0, 17))),
            ("001a2b3c4d5", None),
            ("0102.03:04.0506.07ab", None),
            ("001a2b3c4d5eff", None),
            ("eth0", None),
            ("null", None),
            ("", None),
            ("0", None),
            ("::::::::::::", None),
        ] {
            assert_eq!(span(keyed(value.as_bytes())), expected, "{value:?}");
        }
        assert_eq!(span(keyed(b"\xff\xff")), None);
    }
}
