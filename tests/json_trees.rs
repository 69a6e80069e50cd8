//! JSON in is JSON out: the same tree but for the leaves that hold a finding.

mod common;

use std::ops::Range;

use common::json::{self, Node, Tree};
use common::run;
use logveil::policy::JsonNumbers;
use logveil::{Action, Policy, Scanner, Scratch};
use proptest::prelude::*;

const ACTIONS: [&str; 6] = ["label", "placeholder", "mask", "mask:2..4", "truncate", "remove"];

/// A scanner for each action and each way to replace numbers.
fn scanners() -> Vec<Scanner> {
    let mut scanners = Vec::new();
    for action in ACTIONS {
        for numbers in [JsonNumbers::Quote, JsonNumbers::Null, JsonNumbers::Zero] {
            let mut policy = Policy::default().with_json_numbers(numbers);
            for kind in logveil::TypeId::all() {
                policy.set_action(kind.id(), Action::parse(action).unwrap()).unwrap();
            }
            scanners.push(Scanner::new(&policy).unwrap());
        }
    }
    scanners
}

/// Redacts a document and says what is wrong with the outcome.
fn check(scanner: &Scanner, text: &[u8], scratch: &mut Scratch) -> Result<(), String> {
    let Some(before) = json::parse(text) else { return Ok(()) };
    let found = common::scan(scanner, text, scratch);
    let clean = run::one_slice(scanner, text, scratch);
    let show = |why: &str| {
        let action = scanner.policy().action(logveil::TypeId::EMAIL);
        let (text, clean) = (String::from_utf8_lossy(text), String::from_utf8_lossy(&clean));
        format!("{action}, {:?}: {why}\n  in:  {text}\n  out: {clean}", scanner.policy().json_numbers())
    };
    let Some(after) = json::parse(&clean) else { return Err(show("no JSON any more")) };
    let touched = |range: &Range<usize>| found.iter().any(|f| f.start < range.end && range.start < f.end);
    if let Some(difference) = json::difference((text, &before), (&clean, &after), &touched) {
        return Err(show(&difference));
    }
    let is_found = |at: usize| found.iter().any(|f| (f.start..f.end).contains(&at));
    inner_documents((text, &before), (&clean, &after), &is_found).map_err(|why| show(&why))
}

/// Documents inside strings stay documents, unless the whole string was found.
fn inner_documents(
    before: (&[u8], &Node),
    after: (&[u8], &Node),
    is_found: &dyn Fn(usize) -> bool,
) -> Result<(), String> {
    let pairs: Vec<(&Node, &Node)> = match (&before.1.tree, &after.1.tree) {
        (Tree::Object(a), Tree::Object(b)) => a.iter().zip(b).map(|(a, b)| (&a.1, &b.1)).collect(),
        (Tree::Array(a), Tree::Array(b)) => a.iter().zip(b).collect(),
        (Tree::String, Tree::String) => {
            let range = &before.1.range;
            let (text, places) = json::decode(&before.0[range.clone()]);
            let (clean, _) = json::decode(&after.0[after.1.range.clone()]);
            if places.iter().all(|place| is_found(range.start + place)) {
                return Ok(());
            }
            return same_inner(&text, &clean, &|at| is_found(range.start + places[at]));
        }
        _ => return Ok(()),
    };
    pairs.iter().try_for_each(|(a, b)| inner_documents((before.0, a), (after.0, b), is_found))
}

fn same_inner(before: &[u8], after: &[u8], is_found: &dyn Fn(usize) -> bool) -> Result<(), String> {
    if before == after || !json::is_document(before) {
        return Ok(());
    }
    let (Some(a), Some(b)) = (json::parse(before), json::parse(after)) else {
        return Err(format!("the inner document is none any more: {}", String::from_utf8_lossy(after)));
    };
    let touched = |range: &Range<usize>| range.clone().any(is_found);
    match json::difference((before, &a), (after, &b), &touched) {
        Some(why) => Err(format!("inner document: {why}")),
        None => inner_documents((before, &a), (after, &b), is_found),
    }
}

fn check_all(texts: impl IntoIterator<Item = Vec<u8>>) {
    let (scanners, mut scratch) = (scanners(), Scratch::default());
    let mut failures = Vec::new();
    let mut documents = 0;
    for text in texts {
        documents += usize::from(json::is_document(&text));
        let failure = scanners.iter().find_map(|scanner| check(scanner, &text, &mut scratch).err());
        failures.extend(failure);
    }
    assert!(documents > 10, "only {documents} documents");
    assert!(failures.is_empty(), "{} of {documents} fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_json_case_stays_the_same_tree() {
    check_all(common::cases().iter().map(common::Case::line));
}

/// What a program logs stands in a member of a document, and others stand behind it; the document may be in a string.
#[test]
fn every_case_in_a_member_of_a_document_leaves_the_tree() {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let lines = common::cases().into_iter().map(|case| case.line()).filter(|line| line.len() < 300);
    check_all(lines.filter_map(|line| String::from_utf8(line).ok()).enumerate().map(|(i, text)| {
        let document = format!("{{\"msg\":{},\"b\": \"c\"}}", quoted(&text));
        match i % 3 {
            0 => document.into_bytes(),
            1 => format!("{{\"log\": {}, \"n\":1}}", quoted(&document)).into_bytes(),
            _ => format!("{{\"msg\": {}}}", quoted(&text)).into_bytes(),
        }
    }));
}

#[test]
fn every_json_line_of_the_samples_stays_the_same_tree() {
    check_all(
        common::samples()
            .into_iter()
            .flat_map(|(_, text)| text.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>()),
    );
}

#[test]
fn corners_of_json_stay() {
    check_all(
        [
            r#"{"ip":"203.0.113.7","big":123456789012345678901234567890,"e":1.5e+300,"n":-0.0,"z":0E-7}"#,
            r#"{"a":"\ud800 ann@example.com \udc00","a":"\ud83d\ude00 203.0.113.7","a":1}"#,
            r#"{"phone":491711234567,"phone":-491711234567,"phone":4.91711234567e11,"card":4111111111111111}"#,
            r#"{"card":4111111111111111.0,"imei":490154203237518,"imei":[490154203237518,null,true]}"#,
            r#"[4111111111111111,"4111111111111111",[4111111111111111],{"":4111111111111111}]"#,
            r#"{"path":"C:\\","ip":"203.0.113.7\\","next":"\\\\","user":"\"","email":"ann@example.com"}"#,
            r#"{"m":"{\"ip\":\"203.0.113.7\",\"card\":4111111111111111,\"p\":\"\\\\\"}"}"#,
            r#"{"m":"{\"m\":\"{\\\"ip\\\":\\\"203.0.113.7\\\",\\\"card\\\":4111111111111111}\"}","x":null}"#,
            r#"{"m":"[\"ann@example.com\",4111111111111111]","n":"ann@example.com\"","o":"\"ann\"@example.com"}"#,
            r#"{"203.0.113.7":1,"ann@example.com":{"ann@example.com":[]},"":"","e":{},"t":true}"#,
            r#"{"mail":"\u0061nn@example.com","ip":"203\u002e0.113.7","t":"+49\u0020171 1234567"}"#,
            r#"{"from":"\"Ann \\\"X\\\" Lee\" <ann@example.com>","to":["<bob@example.org>","x\tbob@example.org\n"]}"#,
            r#"{"url":"https:\/\/ann:pw\"x@example.com\/?mail=ann%40example.com&ip=203.0.113.7"}"#,
            r#"{"password":"a\"b","password":"a\\","password":"\\\"","password":12.5e3,"password":null}"#,
            r#"{"password":{"a":1},"password":[1,"b",{"c":"d"}],"token":true,"token":"\u0022","pin":1234}"#,
            r#"{ "ip" : "203.0.113.7" , "mac" : "00:1b:63:84:45:e6" , "ip6" : "[2001:db8::1]:443" }"#,
            r#"  [ { "lat" : 48.137154 , "lon":-11.576124 , "loc":[48.137154,11.576124] } ]  "#,
        ]
        .map(|text| text.as_bytes().to_vec()),
    );
}

/// Keys and leaves that meet in generated documents.
fn leaf(ends: &'static [&'static str]) -> impl Strategy<Value = String> {
    let texts = prop::sample::select(vec![
        "203.0.113.7",
        "ann@example.com",
        "4111111111111111",
        "+49 171 1234567",
        "2001:db8::1",
        "00:1b:63:84:45:e6",
        "490154203237518",
        "hunter2",
        "a=b",
        "x",
        "",
        "password=s3cr3t",
        "Bearer abcdefghijklmnop",
        "id 17",
        "2024-05-06T07:08:09Z",
        "ann@example.com,bob@example.org",
    ]);
    let ends = prop::sample::select(ends);
    prop_oneof![
        4 => (ends.clone(), texts, ends).prop_map(|(a, text, b)| format!("\"{a}{text}{b}\"")),
        2 => prop::sample::select(vec![
            "0", "-1", "1.5e300", "4111111111111111", "490154203237518", "123456789012345678901234567890",
            "491711234567", "48.137154", "-0.0", "1E-7", "4111111111111111.0", "4.111111111111111e15",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["true", "false", "null", "{}", "[]"]).prop_map(str::to_owned),
    ]
}

const ENDS: [&str; 8] = ["\\\"", "", "\\\\", "\\n", "\\u0041", "\\ud800", " ", "}"];

fn document(nested: bool) -> impl Strategy<Value = String> {
    let key = || {
        prop::sample::select(vec![
            "a",
            "ip",
            "email",
            "phone",
            "card",
            "user",
            "name",
            "password",
            "token",
            "imei",
            "msg",
            "id",
            "lat",
            "client_ip",
            "203.0.113.7",
            "mail\\\"",
            "x\\\\",
        ])
    };
    leaf(&ENDS).prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec((key(), inner.clone()), 1..5).prop_map(|fields| {
                let fields: Vec<String> = fields.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
                format!("{{{}}}", fields.join(","))
            }),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|items| format!("[{}]", items.join(", "))),
            // a document as a string of another
            (key(), inner).prop_map(move |(k, v)| {
                if !nested {
                    return format!("{{\"{k}\":{v}}}");
                }
                let text = format!("{{\"{k}\": {v}}}").replace('\\', "\\\\").replace('"', "\\\"");
                format!("\"{text}\"")
            }),
        ]
    })
}

/// The same documents in every run; `SEED=7 cargo test --test json_trees` makes others.
fn config() -> ProptestConfig {
    let seed = std::env::var("SEED").map_or(2026, |text| text.parse().unwrap());
    ProptestConfig {
        cases: 3_000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn generated_documents_stay_the_same_tree(document in document(false), which in 0..18usize) {
        check_one(&document, which)?;
    }

    #[test]
    fn generated_documents_in_documents_stay_the_same_tree(document in document(true), which in 0..18usize) {
        check_one(&document, which)?;
    }
}

fn check_one(document: &str, which: usize) -> Result<(), TestCaseError> {
    thread_local!(static SCANNERS: Vec<Scanner> = scanners());
    let text = format!("{{\"d\":{document}}}");
    let checked = SCANNERS.with(|s| check(&s[which], text.as_bytes(), &mut Scratch::default()));
    checked.map_err(TestCaseError::fail)
}

#[test]
fn numbers_of_a_list_stay_json_behind_the_header_of_a_logger() {
    for header in ["", "INFO ", "Nov 29 10:00:01 host app[1]: ", "2026-11-29T10:00:01Z stdout F "] {
        let document = r#"{"phone": [2145114347, 7], "log": "{\"phone\":[2145114347]}", "ok": [true]}"#;
        let clean = logveil::redact(format!("{header}{document}").as_bytes()).into_owned();
        let clean = std::str::from_utf8(&clean).unwrap();
        let read: serde_json::Value = serde_json::from_str(clean.strip_prefix(header).unwrap()).unwrap();
        assert_eq!(read["phone"], serde_json::json!(["[PHONE]", 7]), "{header}");
        let inner: serde_json::Value = serde_json::from_str(read["log"].as_str().unwrap()).unwrap();
        assert_eq!(inner, serde_json::json!({"phone": ["[PHONE]"]}), "{header}");
    }
}
