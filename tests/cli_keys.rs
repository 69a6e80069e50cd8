//! `logveil key` and `logveil detokenize` from outside.
#![cfg(all(feature = "cli", unix))]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use logveil::TypeId;
use logveil::token::{KeyRing, TokenForm, TokenOptions, TokenScratch, Tokenizer};

fn logveil(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logveil"));
    command.env_remove("LOGVEIL_KEY_FILE").env_remove("LOGVEIL_AUDIT_FILE").args(arguments);
    command
}
fn run(arguments: &[&str]) -> Output {
    logveil(arguments).output().unwrap()
}
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
fn ok(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout).to_owned()
}
/// The message of a command that must fail with exit code 2 and print nothing else.
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert_eq!(text(&output.stdout), "", "{arguments:?}");
    text(&output.stderr).to_owned()
}
fn text_of(output: &Output) -> String {
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}
fn ring_of(path: &Path) -> KeyRing {
    KeyRing::parse(&std::fs::read(path).unwrap()).unwrap()
}
fn token(ring: &KeyRing, form: TokenForm, value: &str) -> String {
    let tokenizer = Tokenizer::new(ring, &TokenOptions::default()).unwrap();
    let mut out = Vec::new();
    tokenizer.write(TypeId::EMAIL, form, value.as_bytes(), &mut TokenScratch::default(), &mut out);
    String::from_utf8(out).unwrap()
}
fn secrets(ring: &Path) -> Vec<String> {
    let ring = std::fs::read_to_string(ring).unwrap();
    let lines = ring.lines().filter_map(|line| line.strip_prefix("secret"));
    lines.filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect()
}

#[test]
fn a_ring_lives() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let ring = path.to_str().unwrap();
    let made = ok(&["key", "new", "-o", ring]);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let first = ring_of(&path).primary().unwrap().kid().to_string();
    assert!(made.contains(&first));
    assert!(refused(&["key", "new", "-o", ring]).contains("never overwritten"));
    assert!(refused(&["key", "destroy", &first, "--key-file", ring]).contains("promote or add"));
    ok(&["key", "add", "--key-file", ring, "--kid", "v0v0"]);
    assert_eq!(ring_of(&path).primary().unwrap().kid().to_string(), first);
    ok(&["key", "promote", "v0v0", "--key-file", ring]);
    assert_eq!(ring_of(&path).primary().unwrap().kid().to_string(), "v0v0");
    ok(&["key", "hold", &first, "--until", "2999-01-01", "--reason", "case 7", "--key-file", ring]);
    assert!(refused(&["key", "destroy", &first, "--key-file", ring]).contains("held until 2999"));
    let listed = ok(&["key", "list", "--key-file", ring]);
    assert!(listed.contains("v0v0  primary") && listed.contains("2999-01-01"), "{listed}");
    ok(&["key", "hold", &first, "--release", "--key-file", ring]);
    let receipt = folder.path().join("receipt");
    let told = ok(&["key", "destroy", &first, "--receipt", receipt.to_str().unwrap(), "--key-file", ring]);
    assert_eq!(std::fs::read_to_string(&receipt).unwrap(), told);
    assert!(told.contains("backups"));
    assert_eq!(secrets(&path).len(), 1);
    assert!(refused(&["key", "promote", &first, "--key-file", ring]).contains("destroyed"));
    assert!(refused(&["key", "advance", "--key-file", ring]).contains("no epochs"));
    for secret in secrets(&path) {
        assert!(!(listed.clone() + &told + &made).contains(&secret[..8]));
    }
}

/// A policy that makes tokens is proved and compared with its keys.
#[test]
fn policies_with_tokens_are_proved() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (ring, policy, log) = (path("ring"), path("p.toml"), path("a.log"));
    ok(&["key", "new", "-o", &ring]);
    let rows = "[types.ipv4]\naction = \"token\"\n[[test]]\nline = 'from 203.0.113.7'\nfinds = [\"ipv4\"]\n";
    std::fs::write(&policy, rows).unwrap();
    std::fs::write(&log, "from 203.0.113.7\n").unwrap();
    assert!(refused(&["policy", "test", &policy]).contains("--key-file"));
    assert!(ok(&["policy", "test", &policy, "--key-file", &ring]).contains("1 tests passed"));
    let changed = run(&["policy", "diff", "default", &policy, &log, "--key-file", &ring]);
    assert_eq!(changed.status.code(), Some(1), "{}", text_of(&changed));
    assert!(text(&changed.stdout).contains("ipv4 label -> ipv4 token"), "{}", text_of(&changed));
}

/// There is no hash without a key: `hash` is another name of `token`.
#[test]
fn hash_is_keyed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let ring = path.to_str().unwrap();
    ok(&["key", "new", "-o", ring]);
    let redacted = |action: &str| {
        let arguments = ["redact", "--key-file", ring, "--action", action];
        let output = logveil(&arguments).write_stdin("from 203.0.113.7\n").output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    assert!(redacted("ipv4=hash").starts_with("from ip_h"));
    assert_eq!(redacted("ipv4=hash"), redacted("ipv4=token"));
}

#[test]
fn epochs_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let ring = path.to_str().unwrap();
    ok(&["key", "new", "-o", ring, "--epoch", "1d", "--start", "2026-01-01", "--keep", "2d,network=400000d"]);
    let listed = ok(&["key", "list", "--key-file", ring]);
    assert!(listed.starts_with("epochs of 1d since 2026-01-01T00:00:00Z, now in epoch "), "{listed}");
    assert!(listed.contains(" network\n") && listed.contains(" all\n"), "{listed}");
    assert!(ok(&["key", "advance", "--key-file", ring]).starts_with("nothing to do"));
    for bad in [
        ["--epoch", "1d", "--start", "2999-01-01"],
        ["--epoch", "soon", "--start", "2026-01-01"],
        ["--epoch", "1m", "--start", "2026-01-01"],
        ["--epoch", "1d", "--keep", "everything=1d"],
    ] {
        let other = folder.path().join("other");
        let mut arguments = vec!["key", "new", "-o", other.to_str().unwrap()];
        arguments.extend(bad);
        refused(&arguments);
        assert!(!other.exists());
    }
}

#[test]
fn secrets_come_from_files_and_weak_ones_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let ring = path.to_str().unwrap();
    ok(&["key", "new", "-o", ring]);
    let good = "8f1d3c6a0b29e47751d2aa63f08c94be17e5602d39c8fb4416a7d9037b5ec218";
    let add = |secret: &str| {
        logveil(&["key", "add", "--secret-file", "-", "--key-file", ring])
            .write_stdin(secret)
            .output()
            .unwrap()
    };
    let before = std::fs::read(&path).unwrap();
    for weak in ["", "changeme", &good[..62], &"00".repeat(32), &format!("{good}00")] {
        let output = add(weak);
        assert_eq!(output.status.code(), Some(2), "{weak}");
        assert!(weak.is_empty() || !text(&output.stderr).contains(weak));
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(add(&format!("{good}\n")).status.code(), Some(0));
    assert_eq!(add(good).status.code(), Some(2), "the same secret twice");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(refused(&["key", "list", "--key-file", ring]).contains("chmod 600"));
    assert!(refused(&["key", "list"]).contains("no key ring"));
}

#[test]
fn every_help_says_what_happens_to_tokens() {
    for what in ["new", "list", "add", "promote", "advance", "hold", "destroy"] {
        assert!(ok(&["key", what, "--help"]).contains("Existing tokens:"), "{what}");
    }
}

#[test]
fn detokenize_tells_its_audit_file_and_guesses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let audit = folder.path().join("audit");
    let (ring_path, audit_path) = (path.to_str().unwrap(), audit.to_str().unwrap());
    ok(&["key", "new", "-o", ring_path]);
    let ring = ring_of(&path);
    let email = token(&ring, TokenForm::Reversible, "Jane@example.com");
    let one_way = token(&ring, TokenForm::OneWay, "jane@example.com");
    let last = if email.ends_with('0') { "1" } else { "0" };
    let corrupt = format!("{}{last}", &email[..email.len() - 1]);
    let arguments = ["detokenize", "--key-file", ring_path, "--audit", audit_path, "--reason", "case 9"];
    let pass = |input: &str| logveil(&arguments).write_stdin(input).output().unwrap();

    let output = pass(&format!("user={email} ok\n{email}"));
    assert_eq!(text(&output.stdout), "user=jane@example.com ok\njane@example.com");
    assert_eq!(output.status.code(), Some(0));
    let output = pass(&format!("{email} {one_way} {corrupt}\n"));
    assert_eq!(text(&output.stdout), format!("jane@example.com {one_way} {corrupt}\n"));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("2 tokens were left as they are"));

    let lines = std::fs::read_to_string(&audit).unwrap();
    let events: Vec<serde_json::Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let kid = ring.primary().unwrap().kid().to_string();
    assert_eq!(events.len(), 4);
    assert_eq!(events[3]["keys"][&kid]["opened"], 1);
    assert_eq!(events[3]["keys"][&kid]["one way"], 1);
    assert_eq!((&events[3]["reason"], &events[3]["event"]), (&"case 9".into(), &"end".into()));
    assert!(!lines.contains("jane") && !lines.contains(&email[15..]), "no values, no tokens");

    let nowhere = ["detokenize", "--key-file", ring_path, "--audit", "/nowhere/audit"];
    let output = logveil(&nowhere).write_stdin(email.clone()).output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
    let without =
        logveil(&["detokenize", "--key-file", ring_path]).write_stdin(email.clone()).output().unwrap();
    assert_eq!((without.status.code(), text(&without.stdout)), (Some(2), ""));
    let other = folder.path().join("other");
    ok(&["key", "new", "-o", other.to_str().unwrap()]);
    let arguments = ["detokenize", "--key-file", other.to_str().unwrap(), "--audit", audit_path];
    let output = logveil(&arguments).write_stdin(email.clone()).output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), email.as_str()));
    assert!(text(&output.stderr).contains("unknown key"));
}

#[test]
fn tokens_across_reads_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let (ring_path, audit) = (path.to_str().unwrap(), folder.path().join("audit"));
    ok(&["key", "new", "-o", ring_path]);
    let email = token(&ring_of(&path), TokenForm::Reversible, "jane@example.com");
    // No line end at all, and a token over every edge of 256 KiB.
    let (mut input, mut expected) = (String::new(), String::new());
    while input.len() < 3 << 18 {
        input += &format!("{email} ");
        expected += "jane@example.com ";
    }
    let arguments = ["detokenize", "--key-file", ring_path, "--audit", audit.to_str().unwrap()];
    let output = logveil(&arguments).write_stdin(input).output().unwrap();
    assert!(text(&output.stdout) == expected);
}

#[test]
fn a_file_that_ends_in_the_middle_says_nothing_of_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (ring, first, second, audit) = (path("ring"), path("1.log"), path("2.log"), path("audit"));
    ok(&["key", "new", "-o", &ring]);
    let made = redacted(
        &["redact", "--action", "password=token:reversible", "--key-file", &ring],
        "{\"password\":\"a\\\"b\"}\n",
    );
    let made = text(&made.stdout).split('"').nth(3).unwrap().to_owned();
    std::fs::write(&first, format!("{{\"p\":\"{made}")).unwrap();
    std::fs::write(&second, format!("p={made}\n")).unwrap();
    let out = ok(&["detokenize", "--key-file", &ring, "--audit", &audit, &first, &second]);
    assert_eq!(out, "{\"p\":\"a\\\"bp=a\"b\n", "escaped in the JSON record, not in the text behind it");
}

/// A ring that lags behind its epochs must be moved on, so a source that can't be written stops the run.
#[test]
fn a_ring_that_is_behind_and_cannot_be_written_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let behind = "format = \"logveil-keys-1\"\nepoch = \"1d\"\nstart = \"2026-01-01\"\n[[key]]\nkid = \"a1b2\"\n\
                  status = \"primary\"\ncreated = \"2026-01-01\"\nnumber = \"0\"\n\
                  secret = \"00f15f15930a978ff6ba366f24b61f16f34e6f078786405402da82696b0633fc\"\n";
    let arguments = ["redact", "--action", "email=token", "--key-env", "RING_TEXT"];
    let output =
        logveil(&arguments).env("RING_TEXT", behind).write_stdin("ann@example.com\n").output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
    assert!(text(&output.stderr).contains("past epochs"), "{}", text(&output.stderr));
    // Two nodes with copies of one ring move on alike, without talking; the old secret is in neither.
    let make = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, behind).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        let path = path.to_str().unwrap();
        let output =
            redacted(&["redact", "--action", "email=token", "--key-file", path], "ann@example.com\n");
        assert!(!std::fs::read_to_string(path).unwrap().contains("00f15f15"), "the old secret stays");
        text(&output.stdout).to_owned()
    };
    assert_eq!(make("ring"), make("copy"));
    assert!(path.exists());
}

/// Redacts one line with a ring and more arguments.
fn redacted(arguments: &[&str], line: &str) -> Output {
    logveil(arguments).write_stdin(line).output().unwrap()
}

#[test]
fn audience_tenant_bits_and_epoch_reach_the_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let ring = path.to_str().unwrap();
    ok(&["key", "new", "-o", ring, "--epoch", "1d", "--start", "2026-01-01", "--keep", "400000d"]);
    let base = ["redact", "--action", "email=token", "--key-file", ring];
    let make = |more: &[&str]| {
        let output = redacted(&[&base[..], more].concat(), "ann@example.com\n");
        assert_eq!(output.status.code(), Some(0), "{more:?}: {}", text(&output.stderr));
        text(&output.stdout).trim_end().to_owned()
    };
    let plain = make(&[]);
    assert_eq!(plain, make(&[]));
    assert_eq!(plain, make(&["--tenant", "default", "--token-bits", "80"]));
    assert_ne!(plain, make(&["--audience", "press"]));
    assert_ne!(plain, make(&["--tenant", "b"]));
    assert_eq!(make(&["--audience", "press"]), make(&["--set", "token.audience=press"]));
    // 16 more bits; the same value under the same key begins with the same symbols.
    let longer = make(&["--token-bits", "96"]);
    assert_eq!(longer.len(), plain.len() + 4);
    assert_eq!(longer[..plain.len() - 4], plain[..plain.len() - 4]);
    assert_eq!(longer, make(&["--set", "token.bits=96"]));
    let epoch = ring_of(&path).primary().unwrap().epoch().unwrap();
    assert_eq!(plain, make(&["--epoch", &epoch.to_string()]));
    // A past epoch whose groups are all kept repeats what it wrote then.
    let before = make(&["--epoch", &(epoch - 1).to_string()]);
    let known = ok(&["subject", "tokens", "ann@example.com", "--key-file", ring]);
    assert!(before != plain && known.contains(&before), "{before} in {known}");
    for wrong in [&["--epoch", "999999"][..], &["--token-bits", "72"], &["--set", "token.bits=1"]] {
        let output = redacted(&[&base[..], wrong].concat(), "ann@example.com\n");
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{wrong:?}");
    }
}

#[test]
fn an_epoch_that_lost_a_group_makes_no_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let ring = path.to_str().unwrap();
    ok(&["key", "new", "-o", ring, "--epoch", "1d", "--start", "2026-01-01", "--keep", "9d,network=2d"]);
    let epoch = ring_of(&path).primary().unwrap().epoch().unwrap();
    for (back, why) in [(1, ""), (2, ""), (4, "group network"), (9, "group network"), (12, "past its time")] {
        let epoch = (epoch - back).to_string();
        let output = redacted(
            &["redact", "--action", "email=token", "--key-file", ring, "--epoch", &epoch],
            "ann@example.com\n",
        );
        let (said, code) = (text(&output.stderr), output.status.code());
        assert_eq!(
            (code, said.is_empty()),
            (Some(if why.is_empty() { 0 } else { 2 }), why.is_empty()),
            "{said}"
        );
        assert!(
            said.contains(why) && text(&output.stdout).starts_with("email_h") == why.is_empty(),
            "{said}"
        );
    }
}

#[test]
fn a_ring_comes_from_file_variable_descriptor_or_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let ring = path.to_str().unwrap();
    ok(&["key", "new", "-o", ring]);
    let base = ["redact", "--action", "email=token"];
    let line = "ann@example.com\n";
    let expected = redacted(&[&base[..], &["--key-file", ring]].concat(), line).stdout;
    assert!(expected.starts_with(b"email_h"));
    let from_variable = logveil(&[&base[..], &["--key-env", "RING_TEXT"]].concat())
        .env("RING_TEXT", std::fs::read_to_string(&path).unwrap())
        .write_stdin(line)
        .output()
        .unwrap();
    assert_eq!(from_variable.stdout, expected);
    let program = env!("CARGO_BIN_EXE_logveil");
    let by_descriptor = Command::new("sh")
        .args(["-c", &format!("{program} redact --action email=token --key-fd 3 3<{ring}")])
        .write_stdin(line)
        .output()
        .unwrap();
    assert_eq!(by_descriptor.stdout, expected, "{}", text(&by_descriptor.stderr));
    let policy = folder.path().join("p.toml");
    let write = |command: &str| {
        let types = "[types.email]\naction = \"token\"\n";
        std::fs::write(&policy, format!("{types}[token]\nkey_command = {command}\n")).unwrap();
    };
    write(&format!("[\"cat\", \"{ring}\"]"));
    let by_command = redacted(&["redact", "-p", policy.to_str().unwrap()], line);
    assert_eq!(by_command.stdout, expected, "{}", text(&by_command.stderr));
    // A command that fails stops the run before a byte is read.
    write("[\"false\"]");
    let failed = redacted(&["redact", "-p", policy.to_str().unwrap()], line);
    assert_eq!((failed.status.code(), text(&failed.stdout)), (Some(2), ""));
    let none = redacted(&base, line);
    assert_eq!((none.status.code(), text(&none.stdout)), (Some(2), ""));
}

#[test]
fn no_help_calls_a_token_anonymized() {
    for command in ["redact", "key", "detokenize", "subject", "policy", "scan"] {
        let help = ok(&[command, "--help"]).to_lowercase();
        assert!(!help.contains("anonymi"), "{command}");
    }
    let read = |name: &str| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
    };
    assert!(!(read("keys.md") + &read("token-format.md")).to_lowercase().contains("anonymi"));
}

#[test]
fn national_numbers_get_the_token_of_their_international_spelling() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ring");
    let ring = path.to_str().unwrap();
    ok(&["key", "new", "-o", ring]);
    let line = "phone=030 12345678\nphone=+49 30 12345678\n";
    let make = |more: &[&str]| {
        let output =
            redacted(&[&["redact", "--action", "phone=token", "--key-file", ring][..], more].concat(), line);
        let out = text(&output.stdout).to_owned();
        let tokens: Vec<String> =
            out.lines().map(|line| line.split_once('=').unwrap().1.to_owned()).collect();
        assert!(tokens.iter().all(|token| token.starts_with("phone_h")), "{out}");
        tokens
    };
    let in_germany = make(&["--region", "DE"]);
    assert_eq!(in_germany[0], in_germany[1]);
    let anywhere = make(&[]);
    assert_eq!(anywhere[1], in_germany[1]);
    assert_ne!(anywhere[0], anywhere[1], "nobody says whose number it is");
    let tokens = ok(&["subject", "tokens", "phone=(030) 12345678", "--region", "DE", "--key-file", ring]);
    assert!(tokens.contains(&in_germany[0]), "{tokens}");
    let log = folder.path().join("app.log");
    std::fs::write(&log, line).unwrap();
    let find = ["subject", "find", "phone=+49 30 12345678", log.to_str().unwrap()];
    assert_eq!(ok(&[&find[..], &["--region", "DE"]].concat()).lines().count(), 2);
    let list = folder.path().join("list");
    let list = list.to_str().unwrap();
    ok(&["subject", "suppress", "phone=030 12345678", "--region", "DE", "--list", list, "--key-file", ring]);
    let output = redacted(&["redact", "--suppress", list, "--key-file", ring, "--region", "DE"], line);
    assert_eq!(text(&output.stdout), "phone=[PHONE ERASED]\nphone=[PHONE ERASED]\n");
}

#[test]
fn types_of_rule_packs_have_tokens_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (ring, pack, audit) = (path("ring"), path("pack.toml"), path("audit"));
    ok(&["key", "new", "-o", &ring]);
    let rule = |kind: &str, letter: &str| {
        format!(
            "[[type]]\nid = \"{kind}\"\ngroup = \"identity\"\n[[rule]]\nid = \"acme/{kind}\"\ndescription = \"d\"\n\
             type = \"{kind}\"\nregex = '{letter}-\\d{{4}}'\nmatches = [\"{letter}-1234\", \"x {letter}-9999 y\"]\n\
             non_matches = [\"{letter}-12\", \"X-1234\"]\n"
        )
    };
    let long = "a-very-long-name-of-a-type";
    let text_of_pack = rule("badge-no", "B") + &rule("locker", "L") + &rule(long, "Z");
    std::fs::write(&pack, &text_of_pack).unwrap();
    let line = "seen B-1234 at L-1234 and Z-1234\n";
    let redact = |form: &str, input: &str| {
        let action = format!("badge-no={form},locker={form},{long}={form}");
        let arguments = ["redact", "--patterns", &pack, "--action", &action, "--key-file", &ring];
        let output = redacted(&arguments, input);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    for form in ["token", "token:reversible"] {
        let once = redact(form, line);
        let tokens: Vec<&str> = once.split_whitespace().filter(|word| word.contains('_')).collect();
        assert_eq!(tokens.len(), 3, "{once}");
        assert!(tokens[0].starts_with("xbadgeno_") && tokens[1].starts_with("xlocker_"), "{once}");
        assert!(tokens[2].starts_with("xaverylong") && tokens[2].find('_') == Some(17), "{once}");
        assert_eq!(redact(form, &once), once, "a second pass");
        let elsewhere = redacted(&["redact"], &once);
        assert_eq!(text(&elsewhere.stdout), once, "a host that does not know the pack");
        let strict = redacted(&["redact", "--strict", "--key-file", &ring, "--patterns", &pack], &once);
        assert_eq!(text(&strict.stdout), once);
        if form == "token:reversible" {
            let output = redacted(&["detokenize", "--key-file", &ring, "--audit", &audit], &once);
            assert_eq!(text(&output.stdout), line);
        }
    }
    // Types whose tokens could not be told apart are refused.
    for kind in ["device-i-d", "ip", "custom", "badgeno"] {
        std::fs::write(&pack, text_of_pack.clone() + &rule(kind, "Q")).unwrap();
        let output = redacted(&["redact", "--patterns", &pack], line);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{kind}");
    }
}
