//! User rules: what they find and what they leave, one case a row.

use super::*;

/// A pack of one rule from the lines that differ, and what it finds in a record.
fn found(lines: &str, record: &[u8]) -> Vec<String> {
    let rules = rules(&[lines]);
    let mut found = Vec::new();
    rules.find(record, &mut |hit| {
        found.push(String::from_utf8_lossy(&record[hit.start..hit.end]).into_owned())
    });
    found
}

fn rules(bodies: &[&str]) -> UserRules {
    let mut text = String::new();
    for (number, body) in bodies.iter().enumerate() {
        text += &format!(
            "[[rule]]\nid = \"r{number}\"\ndescription = \"d\"\ntype = \"account-id\"\n\
             matches = [\"1\", \"2\"]\nnon_matches = [\"3\", \"4\"]\n{body}\n"
        );
    }
    let pack = Pack::from_toml("p.toml", &text).unwrap();
    UserRules::compile(&[Arc::new(pack)], &TypeId::from_id).unwrap()
}

#[test]
fn rules_find_what_they_say() {
    let cases: &[(&str, &[u8], &[&str])] = &[
        ("regex = 'ACC-\\d{4}'", b"", &[]),
        ("regex = 'ACC-\\d{4}'", b"x ACC-1234 y ACC-9999", &["ACC-1234", "ACC-9999"]),
        ("regex = 'ACC-\\d{4}'", b"acc-1234", &[]),
        ("regex = '(?i)acc-\\d{4}'", b"aCC-1234", &["aCC-1234"]),
        ("regex = 'ACC-(\\d{4})'\ncapture = 1", b"ACC-1234 ACC-5678", &["1234", "5678"]),
        ("regex = '\\d{6}'", b"\xff123456\xfe", &["123456"]),
        ("regex = '\\d{6}'\nkeywords = [\"Badge\"]", b"badge no 123456", &["123456"]),
        ("regex = '\\d{6}'\nkeywords = [\"badge\"]", b"123456 is her BADGE", &["123456"]),
        ("regex = '\\d{6}'\nkeywords = [\"badge\"]", b"order 123456", &[]),
        ("regex = '\\d{6}'\nkeywords_before = [\"badge\"]", b"123456 badge", &[]),
        ("regex = '\\d{6}'\nkeywords_after = [\"badge\"]", b"123456 badge", &["123456"]),
        ("regex = '\\d{6}'\nkeywords = [\"badge\"]\nwithin = 3", b"badge: is 123456", &[]),
        ("regex = '\\d{6}'\nexclude = [\"test\"]", b"test 123456", &[]),
        ("regex = '\\w+-\\d{6}'\nexclude = [\"test\"]", b"Test-123456", &[]),
        (
            "regex = '\\d{16}'\nvalidator = \"luhn\"",
            b"4111111111111111 4111111111111112",
            &["4111111111111111"],
        ),
        ("paths = [\"user.badge\"]", b"{\"user\":{\"badge\":\"x 1\"},\"badge\":2}", &["x 1"]),
        ("paths = [\"**.badge\"]", b"user.badge=17 level=info", &["17"]),
        ("paths = [\"**.badge\"]\nregex = '\\d+'", b"badge=\"no 17\" other=18", &["17"]),
        ("regex = '^\\d{3}$'", b"123", &["123"]),
        ("regex = 'ÄCC\\d{3}'", "ÄCC123 äcc456".as_bytes(), &["ÄCC123"]),
        ("regex = '(?i)äcc\\d{3}'", "ÄCC123 äcc456".as_bytes(), &["ÄCC123", "äcc456"]),
        ("regex = '[A-Z]\\d{7}'\nkeywords = [\"no\", \"badge\"]", b"badge K1234567", &["K1234567"]),
    ];
    for (lines, record, expect) in cases {
        assert_eq!(found(lines, record), *expect, "{lines} {}", String::from_utf8_lossy(record));
    }
}

/// In a record of ASCII a smaller regex runs, which has to find the same.
#[test]
fn a_regex_means_the_same_in_ascii_and_beside_other_characters() {
    for pattern in [
        "\\b\\d{3}\\b",
        "(?i)k(\\w+)-\\d",
        "^\\w+ ",
        "\\B\\d+",
        "[^a-c]x.",
        "\\s\\S+$",
        "(?i)[s-t]{2}",
        "\\p{Greek}|\\d{3}",
        "(?-u:\\xff)|77",
        "a+",
        "\\W\\pL",
    ] {
        for record in ["", "abc 123 Kab-7 dx1 sst", "x 77 KK_9-12 123", "\t a b\u{7f}ST 1234 567"] {
            let plain: Vec<_> = build(pattern)
                .unwrap()
                .find_iter(record)
                .filter(|m| !m.is_empty())
                .map(|m| m.range())
                .collect();
            let rules = rules(&[&format!("regex = '{pattern}'")]);
            let mut hits = Vec::new();
            rules.find(record.as_bytes(), &mut |hit| hits.push(hit.start..hit.end));
            assert_eq!(hits, plain, "{pattern} {record:?}");
        }
    }
}

#[test]
fn no_rule_hides_another() {
    let rules =
        rules(&["regex = '\\d{6}'", "regex = '\\d{3}'", "regex = 'id \\d{6}'", "regex = '[a-z]+ \\d+'"]);
    let mut hits = Vec::new();
    rules.find(b"id 123456", &mut |hit| hits.push((hit.rule.0 - RuleId::USER_FIRST, hit.start, hit.end)));
    hits.sort_unstable();
    assert_eq!(hits, [(0, 3, 9), (1, 3, 6), (1, 6, 9), (2, 0, 9), (3, 0, 9)]);
    assert_eq!(rules.id(RuleId(RuleId::USER_FIRST + 2)), Some("r2"));
    assert_eq!(rules.id(RuleId(3)), None);
}

#[test]
fn a_chunk_is_searched_record_by_record() {
    for bodies in [&["regex = 'ACC-\\d{4}'"][..], &["regex = 'ACC-\\d{4}'", "regex = '^\\d{3}$'"]] {
        let mut hits = Vec::new();
        rules(bodies).find_in_chunk(
            Kernel::best(),
            b"none\nACC-1234 ACC-5678\nno\n\nxACC-9999",
            &mut |hit| hits.push((hit.start, hit.end)),
        );
        assert_eq!(hits, [(5, 13), (14, 22), (28, 36)]);
    }
}

#[test]
fn filters_are_found_where_there_are_any() {
    for (pattern, expect) in [
        ("ACC-\\d+", Some((vec!["ACC-"], false))),
        ("(?i)acc-\\d+", Some((vec!["acc-"], true))),
        ("\\d+-ÄCME", Some((vec!["-ÄCME"], false))),
        ("(?:abc|defg)\\d", Some((vec!["abc", "defg"], false))),
        ("ab\\d", None),
        ("\\d{6}", None),
        ("(?:abc|\\d)x", None),
    ] {
        let expect = expect.map(|(words, any_case)| {
            (words.into_iter().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>(), any_case)
        });
        assert_eq!(literals(&parsed(pattern).unwrap()), expect, "{pattern}");
    }
}

#[test]
fn hostile_text_stays_cheap() {
    let rules =
        rules(&["regex = '(?:a+)+b'", "regex = '(?:x*)*y\\d'", "regex = '\\d{6}'\nkeywords = [\"key\"]"]);
    let start = std::time::Instant::now();
    for record in [b"a".repeat(200_000), b"x".repeat(200_000), b"key=".repeat(50_000)] {
        rules.find(&record, &mut |_| ());
    }
    assert!(start.elapsed().as_secs() < 10, "time is not linear");
}
