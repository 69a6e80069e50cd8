//! `logveil subject` from outside.
#![cfg(all(feature = "cli", unix))]

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use logveil::TypeId;
use logveil::token::{KeyRing, TokenForm, TokenOptions, TokenScratch, Tokenizer};

fn logveil(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logveil"));
    command.env_remove("LOGVEIL_KEY_FILE").args(arguments).write_stdin(input.to_owned()).output().unwrap()
}
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
fn ok(arguments: &[&str], input: &str) -> String {
    let output = logveil(arguments, input);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

struct Case {
    _folder: tempfile::TempDir,
    ring: String,
    log: PathBuf,
    jane_h: String,
    jane_e: String,
    john_h: String,
}

fn token(ring: &KeyRing, form: TokenForm, value: &str) -> String {
    let tokenizer = Tokenizer::new(ring, &TokenOptions::default()).unwrap();
    let mut out = Vec::new();
    tokenizer.write(TypeId::EMAIL, form, value.as_bytes(), &mut TokenScratch::default(), &mut out);
    String::from_utf8(out).unwrap()
}

/// A log in which Jane stands clear, in other spellings and as tokens, and John beside her.
fn case() -> Case {
    let folder = tempfile::tempdir().unwrap();
    let ring = folder.path().join("ring").to_str().unwrap().to_owned();
    ok(&["key", "new", "-o", &ring], "");
    let keys = KeyRing::parse(&std::fs::read(&ring).unwrap()).unwrap();
    let jane_h = token(&keys, TokenForm::OneWay, "jane@example.com");
    let jane_e = token(&keys, TokenForm::Reversible, "jane@example.com");
    let john_h = token(&keys, TokenForm::OneWay, "john@example.com");
    let log = folder.path().join("app.log");
    let lines = format!(
        "2026-11-21T21:06:23Z login jane@example.com from 198.51.100.7\n\
         2026-11-21T21:06:24Z login john@example.com from 198.51.100.8\n\
         2026-11-21T21:06:25Z mail to JANE@Example.COM cc john@example.com\n\
         2026-11-21T21:06:26Z seen user={jane_h} near {john_h}\n\
         2026-11-21T21:06:27Z {{\"user\":\"{jane_e}\"}}\n\
         2026-11-21T21:06:28Z GET /x?u=jane%40example.com HTTP/1.1\n\
         2026-11-21T21:06:29Z other mary.jane@example.com {john_h}\n"
    );
    std::fs::write(&log, lines).unwrap();
    Case { _folder: folder, ring, log, jane_h, jane_e, john_h }
}

fn lines_of(path: &Path) -> Vec<String> {
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn tokens_in_three_formats() {
    let case = case();
    let tokens = |format| {
        ok(&["subject", "tokens", "-", "--format", format, "--key-file", &case.ring], "Jane@example.com\n")
    };
    let listed = tokens("text");
    assert!(listed.lines().count() == 2 && listed.contains(&case.jane_h) && listed.contains(&case.jane_e));
    for line in tokens("json").lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["type"], "email");
        assert!([&case.jane_h, &case.jane_e].iter().any(|t| object["token"] == t.as_str()));
    }
    let search = regex::Regex::new(tokens("regex").trim_end()).unwrap();
    let found: Vec<bool> = lines_of(&case.log).iter().map(|line| search.is_match(line)).collect();
    assert_eq!(found, [false, false, false, true, true, false, false]);
    let unclear = logveil(&["subject", "tokens", "4711", "--key-file", &case.ring], "");
    assert_eq!(unclear.status.code(), Some(2));
    assert!(!text(&unclear.stderr).contains("4711"));
    ok(&["subject", "tokens", "account-id=4711", "--key-file", &case.ring], "");
}

#[test]
fn find_shows_one_person_and_nobody_else() {
    let case = case();
    let log = case.log.to_str().unwrap();
    let found = ok(&["subject", "find", "jane@example.com", log, "--key-file", &case.ring], "");
    let numbers: Vec<&str> =
        found.lines().map(|l| l.rsplit_once('\t').unwrap().0.split('\t').next().unwrap()).collect();
    let expected: Vec<String> = [1, 3, 4, 5, 6].iter().map(|n| format!("{log}:{n}")).collect();
    assert_eq!(numbers, expected, "{found}");
    assert!(found.contains("\t2026-11-21T21:06:23Z\temail,ipv4\t"), "{found}");
    assert!(found.contains(&case.jane_h) && found.contains("jane%40example.com"));
    for other in ["john", "198.51.100.7", &case.john_h] {
        assert!(!found.contains(other), "{other} in {found}");
    }
    let exported = ok(&["subject", "export", "-", log, "--key-file", &case.ring], "jane@example.com");
    let objects: Vec<serde_json::Value> =
        exported.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(objects.iter().map(|o| o["line"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 3, 4, 5, 6]);
    assert!(
        objects[1]["text"].as_str().unwrap().ends_with("mail to JANE@Example.COM cc [EMAIL]"),
        "{exported}"
    );
    let clear_only = ok(&["subject", "export", "jane@example.com", log], "");
    assert_eq!(clear_only.lines().count(), 3, "without keys the clear lines are found");
}

#[test]
fn erase_leaves_everything_else_and_a_rescan_finds_none() {
    let case = case();
    let log = case.log.to_str().unwrap();
    let before = lines_of(&case.log);
    let receipt = case.log.with_extension("receipt");
    let receipt_path = receipt.to_str().unwrap();
    ok(
        &[
            "subject",
            "erase",
            "jane@example.com",
            log,
            "-i",
            "--receipt",
            receipt_path,
            "--key-file",
            &case.ring,
        ],
        "",
    );
    let after = lines_of(&case.log);
    assert_eq!(after.len(), before.len());
    assert_eq!((&after[1], &after[6]), (&before[1], &before[6]));
    assert_eq!(after[0], before[0].replace("jane@example.com", "[EMAIL ERASED]"));
    assert_eq!(after[2], before[2].replace("JANE@Example.COM", "[EMAIL ERASED]"));
    assert_eq!(after[3], before[3].replace(&case.jane_h, "[EMAIL ERASED]"));
    assert_eq!(after[4], before[4].replace(&case.jane_e, "[EMAIL ERASED]"));
    assert!(!after[5].contains("jane"));
    assert_eq!(ok(&["subject", "find", "jane@example.com", log, "--key-file", &case.ring], ""), "");
    let told: serde_json::Value = serde_json::from_slice(&std::fs::read(&receipt).unwrap()).unwrap();
    let file = &told["files"][0];
    assert_eq!((&file["erased"]["email"], &file["lines"]), (&5.into(), &7.into()));
    assert_ne!(file["sha256_before"], file["sha256_after"]);
    assert!(!told.to_string().contains("jane@"));
    assert_eq!(told["tokens_untold"], 0);
    // Without the ring nobody can say whose the other tokens are, and that is said.
    let blind = logveil(&["subject", "find", "jane@example.com", log], "");
    assert!(text(&blind.stderr).contains("could not be told whose they are"), "{}", text(&blind.stderr));
    // Once more changes nothing.
    ok(
        &[
            "subject",
            "erase",
            "jane@example.com",
            log,
            "-i",
            "--receipt",
            receipt_path,
            "--key-file",
            &case.ring,
        ],
        "",
    );
    assert_eq!(lines_of(&case.log), after);
}

#[test]
fn erase_to_standard_output_and_its_refusals() {
    let output =
        logveil(&["subject", "erase", "jane@example.com"], "to jane@example.com, mary@example.com\n");
    assert_eq!(text(&output.stdout), "to [EMAIL ERASED], mary@example.com\n");
    assert!(text(&output.stderr).contains("\"erased\":{\"email\":1}"));
    for refused in [
        &["subject", "erase", "jane@example.com", "-i"][..],
        &["subject", "erase", "jane@example.com", "a", "b"],
        &["subject", "erase", "-"],
        &["subject", "tokens", "jane@example.com"],
    ] {
        let output = logveil(refused, "");
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{refused:?}");
    }
}

/// Every form of storage that is promised: a directory, gzip, zstd.
fn stores(case: &Case) -> PathBuf {
    let folder = case.log.parent().unwrap().join("store");
    std::fs::create_dir_all(folder.join("old")).unwrap();
    let lines = std::fs::read_to_string(&case.log).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, lines.as_bytes()).unwrap();
    std::fs::write(folder.join("old/1.log.gz"), gzip.finish().unwrap()).unwrap();
    let zstd = zstd::stream::encode_all(lines.as_bytes(), 0).unwrap();
    std::fs::write(folder.join("old/2.log.zst"), zstd).unwrap();
    std::fs::write(folder.join("new.log"), lines).unwrap();
    folder
}

#[test]
fn directories_gzip_and_zstd_are_searched_and_erased() {
    let case = case();
    let folder = stores(&case);
    let folder = folder.to_str().unwrap();
    let find = || ok(&["subject", "find", "jane@example.com", folder, "--key-file", &case.ring], "");
    assert_eq!(find().lines().count(), 3 * 5);
    let output =
        logveil(&["subject", "erase", "jane@example.com", "-i", folder, "--key-file", &case.ring], "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    let files = told["files"].as_array().unwrap();
    assert_eq!(files.len(), 3);
    assert!(files.iter().all(|file| file["erased"]["email"] == 5), "{told}");
    assert_eq!(find(), "", "a rescan finds none");
    for (name, magic) in [("old/1.log.gz", &[0x1f, 0x8b][..]), ("old/2.log.zst", &[0x28, 0xb5, 0x2f, 0xfd])] {
        assert!(std::fs::read(Path::new(folder).join(name)).unwrap().starts_with(magic), "{name}");
    }
}

#[test]
fn affected_counts_people_once_whatever_they_look_like() {
    let case = case();
    let folder = stores(&case);
    let folder = folder.to_str().unwrap();
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&ok(&[&["affected", "--format", "json", folder][..], arguments].concat(), ""))
            .unwrap()
    };
    let report = json(&["--key-file", &case.ring]);
    // Jane, John and Mary; Jane clear, in another case, percent-encoded, one way and reversible.
    assert_eq!((&report["files"], &report["lines"]), (&3.into(), &21.into()));
    assert_eq!(report["types"]["email"]["people"], 3, "{report}");
    assert_eq!(report["types"]["ipv4"]["people"], 2);
    assert_eq!(report["types"]["email"]["first"], "2026-11-21T21:06:23Z");
    assert_eq!(report["types"]["email"]["last"], "2026-11-21T21:06:29Z");
    let people = report["people"].as_array().unwrap();
    let jane = people.iter().find(|person| person["token"] == case.jane_h.as_str()).unwrap();
    assert_eq!(jane["lines"], 3 * 5);
    assert_eq!(
        (&jane["first"], &jane["last"]),
        (&"2026-11-21T21:06:23Z".into(), &"2026-11-21T21:06:28Z".into())
    );
    assert_eq!(jane["held"], serde_json::json!(["email", "ipv4"]));
    assert!(!report.to_string().contains("jane") && !report.to_string().contains("198.51"));

    let text = ok(&["affected", folder, "--key-file", &case.ring], "");
    assert!(text.starts_with("21 lines in 3 files\nemail\t3 distinct\t2026-11-21T21:06:23Z\t"), "{text}");
    assert!(text.contains(&case.jane_h) && text.contains(&case.john_h) && !text.contains("jane"));

    let shown = json(&["--key-file", &case.ring, "--show-values"]);
    let values: Vec<&str> =
        shown["people"].as_array().unwrap().iter().filter_map(|person| person["value"].as_str()).collect();
    assert_eq!(
        values,
        ["jane@example.com", "john@example.com", "mary.jane@example.com", "198.51.100.7", "198.51.100.8"]
    );
    let keyless = json(&["--show-values"]);
    assert_eq!(keyless["types"]["email"]["people"], 3 + 3, "without keys a token is somebody of its own");
    let refused = logveil(&["affected", folder], "");
    assert_eq!((refused.status.code(), self::text(&refused.stdout)), (Some(2), ""));

    // A key that makes no tokens any more is known all the same.
    ok(&["key", "add", "--primary", "--key-file", &case.ring], "");
    let later = json(&["--key-file", &case.ring]);
    assert_eq!(later["types"]["email"]["people"], 3, "{later}");
}

#[test]
fn who_is_on_the_list_is_erased_from_later_lines_too() {
    let case = case();
    let path = |name: &str| case.log.with_file_name(name).to_str().unwrap().to_owned();
    let (list, log) = (path("erased.list"), case.log.to_str().unwrap());
    let suppress = |more: &[&str], who: &str| {
        ok(
            &[&["subject", "suppress", "-", "--list", &list, "--key-file", &case.ring][..], more].concat(),
            who,
        )
    };
    assert!(suppress(&[], "Jane@example.com\n198.51.100.7\n").contains("2 of 2"));
    assert!(suppress(&[], "jane@example.com\n").contains("0 of 1"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&list).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let held = std::fs::read_to_string(&list).unwrap();
    assert!(!held.contains("jane") && !held.contains("198.51"), "{held}");

    let redact = |more: &[&str]| {
        ok(&[&["redact", log, "--suppress", &list, "--key-file", &case.ring][..], more].concat(), "")
    };
    for action in ["label", "token", "keep", "mask", "remove", "placeholder"] {
        let out = redact(&["--action", &format!("*={action}")]);
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], "2026-11-21T21:06:23Z login [EMAIL ERASED] from [IPV4 ERASED]", "{action}");
        assert!(lines[2].starts_with("2026-11-21T21:06:25Z mail to [EMAIL ERASED] cc "), "{action}: {out}");
        assert!(lines[5].contains("u=%5BEMAIL%20ERASED%5D"), "{action}: {out}");
        assert!(!lines[1].contains("ERASED") && !lines[6].contains("ERASED"), "{action}: {out}");
        let again = logveil(&["redact", "--suppress", &list, "--key-file", &case.ring], &out);
        assert!(text(&again.stdout).starts_with(lines[0]));
    }
    // Under another type's key it is the same person; a whole record that goes, goes.
    let one = |line: &str, more: &[&str]| {
        ok(&[&["redact", "--suppress", &list, "--key-file", &case.ring][..], more].concat(), line)
    };
    assert_eq!(one("{\"user\":\"jane@example.com\"}\n", &[]), "{\"user\":\"[EMAIL ERASED]\"}\n");
    assert_eq!(one("to jane@example.com\n", &["--action", "email=drop-record"]), "");

    let policy = path("p.toml");
    std::fs::write(&policy, "[token]\nsuppress = \"erased.list\"\n").unwrap();
    let by_policy = ok(&["redact", "-p", &policy, "--key-file", &case.ring, log], "");
    assert_eq!(by_policy, redact(&[]));

    assert!(suppress(&["--release"], "jane@example.com\n").contains("1 of 1"));
    assert_eq!(one("to jane@example.com\n", &[]), "to [EMAIL]\n");

    // Nothing that is wrong with list or keys lets a byte through.
    let refuse = |arguments: &[&str]| {
        let output = logveil(&[&["redact", log][..], arguments].concat(), "");
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{arguments:?}");
        text(&output.stderr).to_owned()
    };
    assert!(refuse(&["--suppress", &list]).contains("needs keys"));
    assert!(refuse(&["-p", &policy]).contains("needs keys"));
    assert!(refuse(&["--suppress", "/nowhere/list", "--key-file", &case.ring]).contains("/nowhere/list"));
    let other = path("other");
    ok(&["key", "new", "-o", &other], "");
    assert!(refuse(&["--suppress", &list, "--key-file", &other]).contains("key"));
    assert!(refuse(&["--suppress", &list, "--key-file", &case.ring, "--tenant", "b"]).contains("tenant"));
    std::fs::write(&list, held.replacen("email", "phone", 1)).unwrap();
    assert!(refuse(&["--suppress", &list, "--key-file", &case.ring]).contains("changed"));
    std::fs::write(&list, held).unwrap();
    std::fs::set_permissions(&list, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    assert!(refuse(&["--suppress", &list, "--key-file", &case.ring]).contains("chmod 600"));
}

/// One value in all the spellings it may stand in: identifier, region, lines.
fn spellings() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    vec![
        (
            "jane.doe@example.com",
            "US",
            vec![
                "mail JANE.DOE@Example.COM, hello",
                "GET /?e=jane.doe%40example.com HTTP/1.1",
                "GET /?e=jane%2Edoe%2540example%2Ecom HTTP/1.1",
                r#"{"e":"jane.doe\u0040example.com"}"#,
                r#"{"m":"{\"e\":\"jane.doe\\u0040example.com\"}"}"#,
                "mail jane.doe&#64;example.com and jane.doe&commat;example.com",
                "mail jane.doe=40example.com, hello",
                "mail ja\u{200b}ne.doe@example.com, hello",
                "mail \u{ff4a}ane.doe\u{ff20}example.com, hello",
            ],
        ),
        (
            "192.0.2.44",
            "US",
            vec![
                "ip=::ffff:192.0.2.44 x",
                "ip=::FFFF:C000:022C x",
                "ip=192.0.2.44/32 x",
                "ip=\u{ff11}92.0.2.44 x",
                "GET /?ip=%3A%3Affff%3A192.0.2.44 HTTP/1.1",
            ],
        ),
        (
            "+493012345678",
            "DE",
            vec![
                "call +49 30 12345678 now",
                "call 0049-30-12345678 now",
                "phone=030/12345678",
                "GET /?phone=%2B49%2030%2012345678 HTTP/1.1",
                "phone: \u{ff0b}\u{ff14}\u{ff19} 30 12345678",
                r#"{"phone":"\u002b493012345678"}"#,
                "phone=&#43;49 (0)30 12345678",
            ],
        ),
        (
            "4111111111111111",
            "US",
            vec![
                "card 4111-1111-1111-1111 x",
                "card=4111%201111%201111%201111 x",
                r#"{"card":4111111111111111}"#,
            ],
        ),
        ("iban=GB82WEST12345698765432", "GB", vec!["iban=gb82%20west%201234%205698%207654%2032 x"]),
        (
            "username=müller.niels",
            "DE",
            vec![
                r#"{"username":"m\u00fcller.niels"}"#,
                r#"{"m":"{\"username\":\"m\\u00fcller.niels\"}"}"#,
                "GET /?username=m%C3%BCller.niels HTTP/1.1",
            ],
        ),
        (
            "password=pa\"ss\\wörd77",
            "US",
            vec![
                r#"{"password":"pa\"ss\\w\u00f6rd77"}"#,
                r#"{"m":"{\"password\":\"pa\\\"ss\\\\wörd77\"}"}"#,
                r#"level=info password="pa\"ss\\wörd77" x=1"#,
            ],
        ),
    ]
}

#[test]
fn a_value_joins_however_it_is_written() {
    let case = case();
    for (who, region, lines) in spellings() {
        let keys = ["--region", region, "--key-file", &case.ring];
        let run = |words: &[&str], log: &str| ok(&[words, &keys].concat(), log);
        let tokens =
            logveil(&[&["subject", "tokens", "-", "--format", "regex"][..], &keys].concat(), who).stdout;
        let tokens = regex::Regex::new(text(&tokens).trim_end()).unwrap();
        let person = case.log.with_file_name("person");
        std::fs::write(&person, who).unwrap();
        let person = format!("@{}", person.display());
        for line in &lines {
            let written = run(&["redact", "--action", "*=token"], line);
            assert!(tokens.is_match(&written), "{who}: {line} gave {written}");
            for log in [*line, written.as_str()] {
                assert_ne!(run(&["subject", "find", &person], log), "", "{who} in {log}");
                let erased = run(&["subject", "erase", &person], log);
                assert!(erased.contains("ERASED"), "{who} in {log}");
                assert_eq!(run(&["subject", "find", &person], &erased), "", "{who} in {erased}");
                assert_eq!(run(&["redact"], &erased), erased, "what was erased is one mark");
            }
        }
        let report = run(&["affected"], &lines.join("\n"));
        assert!(
            report.lines().nth(1).is_some_and(|kind| kind.contains("\t1 distinct"))
                || who.starts_with("pass"),
            "{report}"
        );
    }
}

#[test]
fn what_no_detector_takes_and_what_is_base64_is_found_by_its_text() {
    let encode = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
    let (basic, blob) = (
        encode("o\"hara.niels:secret-of-niels"),
        encode(r#"{"mail":"jane@example.com","u":"niels@example.org"}"#),
    );
    let basic = format!("Authorization: Basic {basic}");
    let blob = format!("state={blob} x");
    for (who, log) in [
        ("username=o\"hara.niels", r#"{"username":"o\"hara.niels","x":1}"#),
        ("username=o\"hara.niels", r#"{"m":"{\"note\":\"by o\\\"hara.niels\"}"}"#),
        ("username=o\"hara.niels", basic.as_str()),
        ("name=Nina Falk", "GET /?q=Nina%20Falk&x=1 HTTP/1.1"),
        ("name=Nina Falk", "GET /?q=Nina+Falk&x=1 HTTP/1.1"),
        ("niels@example.org", blob.as_str()),
    ] {
        let found = ok(&["subject", "find", who], log);
        assert_ne!(found, "", "{who} in {log}");
        assert!(!found.contains("amFuZ"), "Jane stands in the same base64: {found}");
        let erased = ok(&["subject", "erase", who], log);
        assert!(erased.contains("ERASED"), "{who} in {log}");
        assert_eq!(ok(&["subject", "find", who], &erased), "", "{who} in {erased}");
    }
    assert_eq!(ok(&["subject", "find", "name=Nina Falk"], "Nina Falkner, Karina%20Falk\n"), "");
}
