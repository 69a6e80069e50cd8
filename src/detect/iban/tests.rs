//! Cases for IBANs; the numbers are the registry's published examples.

use super::*;

fn span(found: Option<Match>) -> Option<(usize, usize)> {
    found.map(|m| (m.start, m.end))
}

const EXAMPLES: [&str; 12] = [
    "GB29NWBK60161331926819",
    "DE89370400440532013000",
    "NO9386011117947",
    "MT84MALT011000012345MTLCAST001S",
    "LC55HEMM000100010012001200023015",
    "RU0304452522540817810538091310419",
    "BR1800360305000010009795493C1",
    "FR1420041010050500013M02606",
    "SC18SSCB11010000000000001497USD",
    "CH9300762011623852957",
    "NI45BAPR00000013000003558124",
    "YE15CBYE0001018861234567891234",
];

fn in_groups(text: &str, separator: &str) -> String {
    let groups: Vec<_> = text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    groups.join(separator)
}

#[test]
fn examples_compact_and_grouped() {
    for text in EXAMPLES {
        let lower = text.to_lowercase();
        for written in [
            text.to_owned(),
            lower,
            in_groups(text, " "),
            in_groups(text, "-"),
            in_groups(text, "\u{a0}"),
            in_groups(text, "\u{2009}"),
        ] {
            for (before, after) in [("", ""), ("to ", " now"), ("\"", "\""), ("x\n", "\ny"), ("(", ").")] {
                let whole = format!("{before}{written}{after}");
                let expected = Some((before.len(), before.len() + written.len()));
                assert_eq!(span(at(whole.as_bytes(), before.len())), expected, "{whole}");
            }
            assert_eq!(span(keyed(written.as_bytes())), Some((0, written.len())), "{written}");
        }
    }
}

#[test]
fn every_changed_digit_is_refused_but_under_a_key() {
    for text in EXAMPLES {
        for place in 2..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            if !bytes[place].is_ascii_digit() {
                continue;
            }
            bytes[place] = b'0' + (bytes[place] - b'0' + 1) % 10;
            assert_eq!(span(at(&bytes, 0)), None, "{text} changed at {place}");
            let mistyped = keyed(&bytes).unwrap_or_else(|| panic!("{text} changed at {place}"));
            assert_eq!((mistyped.start, mistyped.end, mistyped.confidence), (0, text.len(), 70), "{text}");
        }
    }
}

#[test]
fn look_alikes_stay() {
    for (text, place) in [
        ("", 0),
        ("GB29", 0),
        ("GB00NWBK60161331926819", 0),
        ("GB29 1WBK 6016 1331 9268 19", 0),
        ("xGB29NWBK60161331926819", 1),
        ("_GB29NWBK60161331926819", 1),
        ("GB29NWBK60161331926819x", 0),
        ("GB29NWBK60161331926819_", 0),
        ("GB29nwbk60161331926819", 0),
        ("GB29/NWBK/6016/1331/9268/19", 0),
        ("GB29 NWBK 6016-1331-9268-19", 0),
        ("GB29 NWBK 6016 1331\n9268 19", 0),
        ("US29NWBK60161331926819", 0),
        ("00000000000000000000", 0),
    ] {
        assert_eq!(span(at(text.as_bytes(), place)), None, "{text:?}");
    }
    assert_eq!(span(at(b"GB29\xff\xff", 0)), None);
}

#[test]
fn under_a_key() {
    for (value, expected) in [
        (" GB29 NWBK 6016 1331 9268 19 ", Some((1, 28))),
        ("IBAN: x", None),
        ("IBAN GB29NWBK60161331926819", Some((5, 27))),
        ("GB29NWBK6016133192681", None),
        ("GB29NWBK60161331926818", Some((0, 22))),
        ("GB291WBK60161331926818", None),
        ("DE00000000000000000000", None),
        ("", None),
        ("0000", None),
        ("GB29N***819", None),
    ] {
        assert_eq!(span(keyed(value.as_bytes())), expected, "{value:?}");
    }
    assert_eq!(span(keyed(b"\xff\xff\xff")), None);
}
