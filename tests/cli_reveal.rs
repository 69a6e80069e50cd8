//! Sealed tokens from outside: `logveil key seal-pair`, `token:sealed`, `logveil reveal`.
#![cfg(all(feature = "cli", unix))]

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;

fn logveil(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logveil"));
    command.env_remove("LOGVEIL_KEY_FILE").env_remove("LOGVEIL_AUDIT_FILE");
    command.args(arguments).write_stdin(input.to_owned()).output().unwrap()
}
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
fn ok(arguments: &[&str], input: &str) -> String {
    let output = logveil(arguments, input);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout).to_owned()
}
fn refused(arguments: &[&str], input: &str) -> String {
    let output = logveil(arguments, input);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{arguments:?}");
    text(&output.stderr).to_owned()
}

/// A ring, a pair of keys, and one line as it leaves the log host.
struct Case {
    folder: tempfile::TempDir,
    ring: String,
    private: String,
    public: String,
    audit: String,
}

const LINE: &str = "mail to Jane@Example.com from 198.51.100.7\n{\"user\":\"jane@example.com\"}\n";
const OPENED: &str = "mail to jane@example.com from 198.51.100.7\n{\"user\":\"jane@example.com\"}\n";

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let (ring, private, public, audit) =
            (path("ring"), path("reveal.key"), path("seal.pub"), path("audit"));
        ok(&["key", "new", "-o", &ring], "");
        ok(&["key", "seal-pair", "-o", &private, "--public", &public], "");
        Self { folder, ring, private, public, audit }
    }
    fn seal(&self) -> String {
        let arguments =
            ["redact", "--action", "*=token:sealed", "--key-file", &self.ring, "--seal-to", &self.public];
        ok(&arguments, LINE)
    }
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

#[test]
fn the_log_host_seals_and_only_the_private_key_opens() {
    let case = Case::new();
    let mode = |path: &str| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&case.private), mode(&case.public) & 0o022), (0o600, 0));
    let sealed = case.seal();
    assert!(!sealed.contains("jane") && !sealed.contains("198.51"), "{sealed}");
    assert_eq!(sealed, case.seal(), "the same answer in every run");
    // A second pass, with and without keys, leaves it alone.
    assert_eq!(
        ok(
            &["redact", "--action", "*=token:sealed", "--key-file", &case.ring, "--seal-to", &case.public],
            &sealed
        ),
        sealed
    );
    assert_eq!(ok(&["redact"], &sealed), sealed);
    assert_eq!(ok(&["redact", "--strict", "--key-file", &case.ring], &sealed), sealed);
    // The tag is the ordinary one-way token.
    let plain = ok(&["redact", "--action", "*=token", "--key-file", &case.ring], LINE);
    assert_eq!(ok(&["reveal", "--drop"], &sealed), plain);

    let base = ["reveal", "--private-key", &case.private, "--audit", &case.audit, "--reason", "case 3"];
    assert_eq!(ok(&base, &sealed), OPENED);
    assert_eq!(ok(&[&base[..], &["--key-file", &case.ring]].concat(), &sealed), OPENED);
    let detokenized = logveil(&["detokenize", "--key-file", &case.ring, "--audit", &case.audit], &sealed);
    assert_eq!((detokenized.status.code(), text(&detokenized.stdout)), (Some(1), sealed.as_str()));
    assert!(text(&detokenized.stderr).contains("logveil reveal"));
    let lines = std::fs::read_to_string(&case.audit).unwrap();
    let end: serde_json::Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
    assert_eq!(
        (&end["action"], &end["event"], &end["reason"]),
        (&"reveal".into(), &"end".into(), &"case 3".into())
    );
    let id = end["private_keys"][0].as_str().unwrap();
    assert_eq!(end["keys"][id]["opened"], 3);
    assert!(!lines.contains("jane"));
}

#[test]
fn wrong_keys_and_changed_tokens_are_told_and_left() {
    let case = Case::new();
    let other = Case::new();
    let sealed = case.seal();
    let base = |private: &str| {
        let arguments = ["reveal", "--private-key", private, "--audit", &case.audit];
        logveil(&arguments, &sealed)
    };
    let output = base(&other.private);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), sealed.as_str()));
    assert!(text(&output.stderr).contains("3 sealed to another key"), "{}", text(&output.stderr));
    let at = sealed.find(".s").unwrap() + 20;
    let digit = if sealed.as_bytes()[at] == b'0' { "1" } else { "0" };
    let changed = format!("{}{digit}{}", &sealed[..at], &sealed[at + 1..]);
    let output = logveil(&["reveal", "--private-key", &case.private, "--audit", &case.audit], &changed);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).starts_with(changed.split(" from").next().unwrap()));
    assert!(text(&output.stderr).contains("1 corrupt"));
    // Another ring does not prove what this one made.
    let arguments =
        ["reveal", "--private-key", &case.private, "--audit", &case.audit, "--key-file", &other.ring];
    let output = logveil(&arguments, &sealed);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), sealed.as_str()));
    assert!(text(&output.stderr).contains("3 not proved"));
}

#[test]
fn what_is_missing_or_loose_stops_before_a_byte() {
    let case = Case::new();
    let sealing = ["redact", "--action", "email=token:sealed", "--key-file", &case.ring];
    assert!(refused(&sealing, LINE).contains("public key"));
    assert!(
        refused(&[&sealing[..], &["--seal-to", "/nowhere/seal.pub"]].concat(), LINE).contains("/nowhere")
    );
    let with_private = [&sealing[..], &["--seal-to", &case.private]].concat();
    assert!(refused(&with_private, LINE).contains("other key of the pair"));
    std::fs::set_permissions(&case.public, PermissionsExt::from_mode(0o666)).unwrap();
    assert!(refused(&[&sealing[..], &["--seal-to", &case.public]].concat(), LINE).contains("chmod go-w"));
    std::fs::set_permissions(&case.private, PermissionsExt::from_mode(0o640)).unwrap();
    if std::fs::metadata(&case.private).unwrap().permissions().mode() & 0o040 != 0 && !is_root() {
        let arguments = ["reveal", "--private-key", &case.private, "--audit", &case.audit];
        assert!(refused(&arguments, LINE).contains("chmod 600"));
    }
    std::fs::set_permissions(&case.private, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(
        refused(&["reveal", "--private-key", &case.private, "--audit", &case.audit], LINE)
            .contains("chmod 600")
    );
    std::fs::set_permissions(&case.private, PermissionsExt::from_mode(0o600)).unwrap();
    assert!(refused(&["reveal", "--private-key", &case.private], LINE).contains("--audit"));
    let public = case.path("other.pub");
    refused(&["key", "seal-pair", "-o", &case.private, "--public", public.to_str().unwrap()], "");
    assert!(!public.exists());
    let private = case.path("other.key");
    refused(&["key", "seal-pair", "-o", private.to_str().unwrap(), "--public", &case.public], "");
    assert!(!private.exists(), "no half of a pair");
    // A policy names the file relative to itself.
    let policy = case.path("p.toml");
    std::fs::write(&policy, "[types.email]\naction = \"token:sealed\"\n[token]\nseal_to = \"seal.pub\"\n")
        .unwrap();
    std::fs::set_permissions(&case.public, PermissionsExt::from_mode(0o644)).unwrap();
    let output = ok(&["redact", "-p", policy.to_str().unwrap(), "--key-file", &case.ring], "a@example.com\n");
    assert!(output.contains(".s"), "{output}");
}

fn is_root() -> bool {
    rustix::process::getuid().is_root()
}

#[test]
fn sealed_values_are_dropped_in_place_and_a_person_is_found_and_erased_with_them() {
    let case = Case::new();
    let sealed = case.seal();
    let log = case.path("app.log.gz");
    let write = |content: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, content.as_bytes()).unwrap();
        std::fs::write(&log, encoder.finish().unwrap()).unwrap();
    };
    let read = || {
        let bytes = std::fs::read(&log).unwrap();
        let mut content = String::new();
        std::io::Read::read_to_string(&mut flate2::read::MultiGzDecoder::new(&bytes[..]), &mut content)
            .unwrap();
        content
    };
    write(&sealed);
    let path = log.to_str().unwrap();
    let found = ok(&["subject", "find", "jane@example.com", path, "--key-file", &case.ring], "");
    assert_eq!(found.lines().count(), 2, "{found}");
    ok(&["reveal", "--drop", "-i", path], "");
    assert_eq!(read(), ok(&["redact", "--action", "*=token", "--key-file", &case.ring], LINE));
    write(&sealed);
    ok(&["subject", "erase", "jane@example.com", "-i", path, "--key-file", &case.ring], "");
    let erased = read();
    assert!(erased.starts_with("mail to [EMAIL ERASED] from ip_h"), "{erased}");
    assert!(erased.ends_with("{\"user\":\"[EMAIL ERASED]\"}\n"), "{erased}");
    refused(&["reveal", "--drop", "-i"], "");
    refused(&["reveal"], "");
}
