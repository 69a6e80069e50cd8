//! The lines: values of each type in random neighbourhoods, values with a byte changed, numbers soup.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::rules::passes_luhn;

/// Words that are no key, unit, product, name or verb of any rule.
const WORDS: [&str; 12] =
    ["alpha", "beta", "kept", "lorem", "ipsum", "dolor", "quux", "done", "rather", "seen", "while", "zulu"];

/// What stands between words.
const GAPS: [&str; 14] = [" ", " ", " ", " ", " ", ", ", "; ", "\t", " (", ") ", " [", "] ", " \"", "\" "];

fn word() -> BoxedStrategy<String> {
    prop::sample::select(&WORDS[..]).prop_map(str::to_owned).boxed()
}

fn gap() -> BoxedStrategy<String> {
    prop::sample::select(&GAPS[..]).prop_map(str::to_owned).boxed()
}

/// Digits with the check digit of Luhn behind them.
fn checked(digits: String) -> String {
    (0..10).map(|check| format!("{digits}{check}")).find(|number| passes_luhn(number)).unwrap()
}

fn ipv4() -> BoxedStrategy<String> {
    let ranges = [0..256u32, 192..193, 1..11, 250..256];
    let octet = || prop::sample::select(ranges.to_vec()).prop_flat_map(|range| range);
    let tail = prop_oneof![4 => Just(String::new()), 1 => (0..34u32).prop_map(|n| format!("/{n}")),
        1 => (1..70000u32).prop_map(|n| format!(":{n}"))];
    (octet(), octet(), octet(), octet(), tail)
        .prop_map(|(a, b, c, d, tail)| format!("{a}.{b}.{c}.{d}{tail}"))
        .boxed()
}

fn ipv6() -> BoxedStrategy<String> {
    let group = prop_oneof![3 => "[0-9a-f]{4}", 2 => "[0-9a-f]{1,3}", 1 => "[0-9A-F]{2}", 1 => "0"];
    let first = prop_oneof![4 => "2001", 2 => "[23][0-9a-f]{3}", 2 => "fe80", 1 => "fd[0-9a-f]{2}", 1 => "[0-9a-f]{1,4}", 1 => ""];
    let tail = prop_oneof![6 => Just(String::new()), 1 => (0..130u32).prop_map(|n| format!("/{n}")), 1 => Just("%eth0".to_owned()),
        1 => Just(":192.0.2.33".to_owned())];
    let full = (first.clone(), vec(group.clone(), 6..9), tail.clone())
        .prop_map(|(first, rest, tail)| format!("{first}:{}{tail}", rest.join(":")));
    let short =
        (first, vec(group.clone(), 0..5), vec(group, 0..5), tail).prop_map(|(first, left, right, tail)| {
            let left: Vec<String> = [vec![first], left].concat();
            format!("{}::{}{tail}", left.join(":"), right.join(":"))
        });
    prop_oneof![full, short, "::ffff:[1-9][0-9]\\.[1-9]\\.0\\.[1-9][0-9]"].boxed()
}

fn email() -> BoxedStrategy<String> {
    let local = prop_oneof![
        "[a-z]{1,12}",
        "[a-z]{2,8}[.][a-z]{2,9}",
        "[A-Za-z0-9][a-z0-9._+-]{0,12}[a-z0-9]",
        "[a-z]{60,66}"
    ];
    let label = prop_oneof!["[a-z]{2,9}", "[a-z0-9][a-z0-9-]{0,10}[a-z0-9]", "[a-z]{61,65}"];
    let top =
        prop::sample::select(&["com", "org", "net", "de", "co.uk", "io", "c", "x1", "com.br", "fr"][..]);
    (local, vec(label, 1..4), top)
        .prop_map(|(local, labels, top)| format!("{local}@{}.{top}", labels.join(".")))
        .boxed()
}

/// Calling code, first digits, how many follow; the last two are of no plan.
const PHONES: [(&str, &str, usize); 13] = [
    ("44", "207", 7),
    ("49", "30", 8),
    ("49", "151", 8),
    ("33", "14", 7),
    ("31", "61", 7),
    ("61", "41", 7),
    ("39", "34", 8),
    ("91", "98", 8),
    ("1", "212", 7),
    ("1", "415", 7),
    ("1", "617", 7),
    ("999", "1", 7),
    ("1", "115", 7),
];

fn phone() -> BoxedStrategy<String> {
    let plan = prop::sample::select(&PHONES[..]);
    let rest = vec(0..10u8, 8);
    let style = prop::sample::select(&["", " ", "-"][..]);
    (plan, rest, style, 2..5usize)
        .prop_map(|((code, head, count), rest, style, width)| {
            let rest: String = rest.iter().take(count).map(|digit| digit.to_string()).collect();
            let national = format!("{head}{rest}");
            if style.is_empty() {
                return format!("+{code}{national}");
            }
            format!("+{code}{style}{}", chunks(&national, width, style))
        })
        .boxed()
}

/// Digits in groups.
fn chunks(digits: &str, width: usize, style: &str) -> String {
    let groups: Vec<&[u8]> = digits.as_bytes().chunks(width).collect();
    String::from_utf8(groups.join(style.as_bytes())).unwrap()
}

fn card() -> BoxedStrategy<String> {
    let bare = prop_oneof![
        "4[0-9]{14}",
        "5[1-5][0-9]{13}",
        "2[2-7][0-9]{13}",
        "6011[0-9]{11}",
        "3[47][0-9]{12}",
        "35[0-9]{13}",
        "4[0-9]{11}"
    ]
    .prop_map(checked);
    let style = prop::sample::select(&["", "", " ", "-"][..]);
    (bare, style)
        .prop_map(|(digits, style)| match (style, digits.len()) {
            ("", _) => digits,
            (_, 15) => format!("{}{style}{}{style}{}", &digits[..4], &digits[4..10], &digits[10..]),
            _ => chunks(&digits, 4, style),
        })
        .boxed()
}

fn mac() -> BoxedStrategy<String> {
    let octets = vec(any::<u8>(), 5..9)
        .prop_map(|octets| if octets.len() == 7 { octets[..6].to_vec() } else { octets });
    (octets, prop::sample::select(&[":", ":", "-", "."][..]), any::<bool>())
        .prop_map(|(octets, style, upper)| {
            let pairs: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            let text = match style {
                "." => pairs.chunks(2).map(|pair| pair.concat()).collect::<Vec<_>>().join("."),
                _ => pairs.join(style),
            };
            if upper { text.to_uppercase() } else { text }
        })
        .boxed()
}

fn imei() -> BoxedStrategy<String> {
    "(35|86|99|49|01|10|22)[0-9]{12}".prop_map(checked).boxed()
}

fn uuid() -> BoxedStrategy<String> {
    prop_oneof![
        3 => "[0-9a-f]{8}-[0-9a-f]{4}-[14][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        1 => "[0-9]{8}-[0-9]{4}-4[0-9]{3}-8[0-9]{3}-[0-9]{12}",
        1 => Just("00000000-0000-0000-0000-000000000000".to_owned()),
    ]
    .boxed()
}

fn value() -> BoxedStrategy<String> {
    prop_oneof![ipv4(), ipv6(), email(), phone(), card(), mac(), imei(), uuid()].boxed()
}

fn look_alike() -> BoxedStrategy<String> {
    prop_oneof![
        "20[0-2][0-9]-0[1-9]-[0-2][1-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{3})?Z",
        "20[0-2][0-9]-1[0-2]-[0-2][1-9]",
        "[01][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?",
        "[0-9]{1,6}[.][0-9]{1,9}",
        "[a-z]{3}z::[a-z]{2}z",
        "[0-9a-f]{40}",
        "1[0-9]{9}",
        "[1-9][0-9]{12}",
        "[0-9]{1,5}",
    ]
    .boxed()
}

/// Joins pieces with what may stand between.
fn line(pieces: BoxedStrategy<String>, most: usize) -> BoxedStrategy<String> {
    vec((pieces, gap()), 1..most)
        .prop_map(|parts| {
            let mut line = String::new();
            for (piece, gap) in &parts {
                line.push_str(piece);
                line.push_str(gap);
            }
            let last = parts.last().map_or(0, |(_, gap)| gap.len());
            line.truncate(line.len() - last);
            line
        })
        .boxed()
}

/// Values between words and look-alikes.
pub fn values() -> BoxedStrategy<String> {
    line(prop_oneof![3 => value(), 3 => word(), 1 => look_alike(), 1 => "[a-z]{4}q="].boxed(), 8)
}

/// One byte of a value changed, left out or doubled, or a piece of another value put behind it.
pub fn near_misses() -> BoxedStrategy<String> {
    let changed = (value(), any::<prop::sample::Index>(), 0..4u8, "[0-9a-f.:@+_-]", value()).prop_map(
        |(value, at, how, byte, other)| {
            let at = at.index(value.len());
            let (head, tail) = value.split_at(at);
            match how {
                0 => format!("{head}{byte}{}", &tail[1..]),
                1 => format!("{head}{}", &tail[1..]),
                2 => format!("{head}{byte}{tail}"),
                _ => format!("{value}{byte}{other}"),
            }
        },
    );
    line(prop_oneof![3 => changed.boxed(), 2 => word(), 1 => value()].boxed(), 6)
}

/// Digits and what stands between digits.
pub fn soup() -> BoxedStrategy<String> {
    let run = prop_oneof![4 => "[0-9]{1,4}", 2 => "[0-9]{5,12}", 1 => "[0-9]{13,20}", 1 => "[0-9a-f]{2,8}", 1 => value()];
    let joint = prop::sample::select(
        &[
            " ", " ", " ", "-", "-", ".", ".", ":", "::", "/", ", ", "+", " +", " (", ") ", "=", "_", "@",
            "%", "x",
        ][..],
    );
    vec((run, joint), 2..12)
        .prop_map(|parts| parts.into_iter().map(|(run, joint)| format!("{run}{joint}")).collect())
        .boxed()
}
