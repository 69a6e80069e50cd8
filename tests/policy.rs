//! Policies at work: what a record becomes under a policy, from the outside.

use logveil::{Clean, Policy, Redactor, Scanner, Summary};

fn run(policy: &Policy, input: &str) -> (String, Summary) {
    let mut redactor = Redactor::new(Scanner::new(policy).unwrap());
    let mut out = Clean::new();
    redactor.write(input.as_bytes(), &mut out);
    let summary = redactor.finish(&mut out);
    (String::from_utf8(out.into_bytes()).unwrap(), summary)
}

fn redact(policy: &str, input: &str) -> String {
    run(&Policy::from_toml("p.toml", policy).unwrap_or_else(|error| panic!("{error}")), input).0
}

#[test]
fn every_built_in_policy_passes_its_own_tests() {
    for name in logveil::policy::built_in_names() {
        let policy = Policy::load(name).unwrap();
        for test in policy.tests() {
            let expect = test.expect.as_deref().unwrap();
            assert_eq!(run(&policy, &test.line).0, expect, "{name}");
        }
    }
}

#[test]
fn places_say_what_happens_there() {
    let json =
        r#"{"user":{"email":"anna@example.com"},"admin":{"email":"max@example.com"},"ip":"203.0.113.7"}"#;
    let cases = [
        (
            "[paths.\"admin.email\"]\nenabled = false\n",
            r#"{"user":{"email":"[EMAIL]"},"admin":{"email":"max@example.com"},"ip":"[IPV4]"}"#,
        ),
        (
            "[paths.\"**.email\"]\naction = \"mask\"\n",
            r#"{"user":{"email":"****************"},"admin":{"email":"***************"},"ip":"[IPV4]"}"#,
        ),
        (
            "[paths.\"user\"]\ntype = \"name\"\n",
            r#"{"user":{"email":"[NAME]"},"admin":{"email":"[EMAIL]"},"ip":"[IPV4]"}"#,
        ),
        (
            "[paths.\"ip\"]\nmode = \"shadow\"\n",
            r#"{"user":{"email":"[EMAIL]"},"admin":{"email":"[EMAIL]"},"ip":"203.0.113.7"}"#,
        ),
        (
            "only = [\"email\"]\n[paths.\"ip\"]\nenabled = true\n",
            r#"{"user":{"email":"[EMAIL]"},"admin":{"email":"[EMAIL]"},"ip":"[IPV4]"}"#,
        ),
        (
            "only = [\"email\"]\n[paths.\"x\"]\nenabled = true\n",
            r#"{"user":{"email":"[EMAIL]"},"admin":{"email":"[EMAIL]"},"ip":"203.0.113.7"}"#,
        ),
    ];
    for (policy, expect) in cases {
        assert_eq!(redact(policy, json), expect, "{policy}");
    }
    let policy = "[query.ref]\ntype = \"account-id\"\n[headers.x-tenant]\ntype = \"name\"\n";
    assert_eq!(
        redact(policy, "GET /a?ref=zz9&p=1 HTTP/1.1\nX-Tenant: acme\n"),
        "GET /a?ref=[ACCOUNT-ID]&p=1 HTTP/1.1\nX-Tenant: [NAME]\n"
    );
    let drop = "[paths.\"level\"]\ntype = \"free-text\"\naction = \"drop-record\"\n";
    assert_eq!(redact(drop, "level=debug a=1\nlevl=info\n"), "levl=info\n");
}

#[test]
fn a_numeric_leaf_under_a_place_stays_json() {
    let policy = "[paths.\"badge\"]\ntype = \"account-id\"\n";
    assert_eq!(redact(policy, r#"{"badge":1234,"n":null}"#), r#"{"badge":"[ACCOUNT-ID]","n":null}"#);
    assert_eq!(redact(policy, r#"{"badge":null}"#), r#"{"badge":null}"#);
    assert_eq!(
        redact(policy, r#"{"badge":[1,"x",true]}"#),
        r#"{"badge":["[ACCOUNT-ID]","[ACCOUNT-ID]",true]}"#
    );
}

#[test]
fn conditions_choose_the_policy_of_a_record() {
    let policy = "[types.email]\naction = \"keep\"\n[[when]]\npath = \"headers.dnt\"\nequals = \"1\"\nuse = \"personal\"\n\
                  [[when]]\nshape = \"logfmt\"\nuse = \"payment\"\n";
    let input = "{\"headers\":{\"dnt\":\"1\"},\"m\":\"anna@example.com 203.0.113.7\"}\n\
                 {\"headers\":{\"dnt\":\"0\"},\"m\":\"anna@example.com 203.0.113.7\"}\n\
                 from=203.0.113.7 card=4111111111111111\n\n\
                 plain anna@example.com";
    let expect = "{\"headers\":{\"dnt\":\"1\"},\"m\":\"[EMAIL] [IPV4]\"}\n\
                  {\"headers\":{\"dnt\":\"0\"},\"m\":\"anna@example.com [IPV4]\"}\n\
                  from=203.0.113.7 card=************1111\n\n\
                  plain anna@example.com";
    assert_eq!(redact(policy, input), expect);
}

#[test]
fn shadow_counts_and_changes_nothing() {
    let policy = Policy::from_toml("p.toml", "[types.email]\nmode = \"shadow\"\n").unwrap();
    let (out, summary) = run(&policy, "anna@example.com 203.0.113.7\n");
    assert_eq!(out, "anna@example.com [IPV4]\n");
    assert_eq!(summary.found(logveil::TypeId::EMAIL), 1);
}

#[test]
fn a_rule_in_shadow_never_weakens_another() {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("pack.toml");
    let text = "[[type]]\nid = \"line\"\ngroup = \"secret\"\n[[rule]]\nid = \"acme/line\"\ndescription = \"d\"\ntype = \"line\"\n\
                regex = 'from .*'\nconfidence = 100\nmatches = [\"from a\", \"from b\"]\nnon_matches = [\"x\", \"y\"]\n";
    std::fs::write(&pack, text).unwrap();
    let policy = format!("patterns = [{:?}]\n[types.line]\nmode = \"shadow\"\n", pack.display().to_string());
    assert_eq!(redact(&policy, "from 203.0.113.7 on\n"), "from [IPV4] on\n");
    let enforced = format!("patterns = [{:?}]\n", pack.display().to_string());
    assert_eq!(redact(&enforced, "from 203.0.113.7 on\n"), "[LINE]\n");
}

#[test]
fn user_rules_find_across_records() {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("pack.toml");
    let text = "[[type]]\nid = \"badge\"\ngroup = \"identity\"\nlabel = \"[BADGE]\"\n\
                [[rule]]\nid = \"acme/badge\"\ndescription = \"d\"\ntype = \"badge\"\nregex = 'B-(\\d{4})'\ncapture = 1\n\
                matches = [\"B-1234\", \"B-9999\"]\nnon_matches = [\"B-1\", \"C-1234\"]\n\
                [[rule]]\nid = \"acme/desk\"\ndescription = \"d\"\ntype = \"account-id\"\nregex = '\\b\\d{6}\\b'\nkeywords = [\"desk\"]\n\
                matches = [\"desk 123456\", \"123456 desk\"]\nnon_matches = [\"123456\", \"desk 1\"]\n";
    std::fs::write(&pack, text).unwrap();
    let policy = format!("patterns = [{:?}]\nallow = [\"7777\"]\n", pack.display().to_string());
    let input = "B-1234 x\n123456\ndesk 123456\nB-7777 {\"b\":\"B-1234\"}\n";
    assert_eq!(
        redact(&policy, input),
        "B-[BADGE] x\n123456\ndesk [ACCOUNT-ID]\nB-7777 {\"b\":\"B-[BADGE]\"}\n"
    );
    let once = redact(&policy, input);
    assert_eq!(redact(&policy, &once), once);
}

#[test]
fn forbidden_types_are_counted_and_redacted() {
    let policy = Policy::from_toml("p.toml", "forbidden = [\"card\"]\nonly = [\"email\"]\n").unwrap();
    let (out, summary) = run(&policy, "card 4111111111111111\n");
    assert_eq!(out, "card [CARD]\n");
    assert_eq!(summary.forbidden, 1);
}

#[test]
fn the_sample_policies_pass_their_own_tests() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/policies");
    let mut tests = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path().display().to_string();
        let policy = Policy::load(&path).unwrap_or_else(|error| panic!("{error}"));
        let scanner = Scanner::new(&policy).unwrap();
        for test in policy.tests() {
            tests += 1;
            if let Some(expect) = &test.expect {
                assert_eq!(run(&policy, &test.line).0, *expect, "{}", test.origin);
            }
            if let Some(finds) = &test.finds {
                let mut scratch = logveil::Scratch::default();
                let found = scanner.scan(test.line.as_bytes(), &mut scratch).iter();
                assert_eq!(
                    found.map(|finding| finding.kind.id()).collect::<Vec<_>>(),
                    *finds,
                    "{}",
                    test.origin
                );
            }
        }
    }
    assert!(tests >= 12);
}
