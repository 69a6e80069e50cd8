//! The tokens of today are the tokens of tomorrow: golden ones, and an independent recomputation.
#![cfg(feature = "token")]

use std::io::Write;
use std::process::{Command, Stdio};

use logveil::TypeId;
use logveil::token::{KeyRing, SealKey, TokenForm, TokenOptions, TokenScratch, Tokenizer, looks_like_token};
use serde_json::Value;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tokens.json");

fn golden() -> Value {
    serde_json::from_slice(&std::fs::read(GOLDEN).unwrap()).unwrap()
}

fn ring(golden: &Value) -> KeyRing {
    let text = format!(
        "format = \"logveil-keys-1\"\n[[key]]\nkid = {}\nstatus = \"primary\"\ncreated = \"2026-01-01\"\nsecret = {}\n",
        golden["kid"], golden["secret"]
    );
    KeyRing::parse(text.as_bytes()).unwrap()
}

fn make(golden: &Value, case: &Value) -> String {
    let field = |name: &str| case[name].as_str().unwrap();
    let domains = golden["email_domains"].as_array().unwrap();
    let seal_to = data_encoding::HEXLOWER.decode(golden["seal_to"].as_str().unwrap().as_bytes()).unwrap();
    let seal_to: [u8; 32] = seal_to.try_into().unwrap();
    let options = TokenOptions {
        tenant: field("tenant").to_owned(),
        audience: field("audience").to_owned(),
        seal_to: Some(SealKey::from_bytes(seal_to).unwrap()),
        email_domains: domains.iter().map(|d| d.as_str().unwrap().to_owned()).collect(),
        ..TokenOptions::default()
    };
    let tokenizer = Tokenizer::new(&ring(golden), &options).unwrap();
    let kind = TypeId::from_id(field("kind")).unwrap();
    let form = TokenForm::from_id(field("form")).unwrap();
    let mut out = Vec::new();
    tokenizer.write(kind, form, field("value").as_bytes(), &mut TokenScratch::default(), &mut out);
    if looks_like_token(&out).is_some() {
        assert!(tokenizer.verifies(&out), "{case}");
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn golden_tokens() {
    let mut golden = golden();
    let made: Vec<String> =
        golden["tokens"].as_array().unwrap().iter().map(|case| make(&golden, case)).collect();
    if std::env::var_os("LOGVEIL_BLESS").is_some() {
        for (case, token) in golden["tokens"].as_array_mut().unwrap().iter_mut().zip(made) {
            case["token"] = token.into();
        }
        std::fs::write(GOLDEN, serde_json::to_string_pretty(&golden).unwrap() + "\n").unwrap();
        return;
    }
    for (case, token) in golden["tokens"].as_array().unwrap().iter().zip(&made) {
        assert_eq!(case["token"], *token, "{case}");
    }
    assert!(made.len() >= 30);
}

#[test]
fn python_recomputes_the_one_way_tokens() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/token_format.py");
    let child = Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("note: python3 is not installed; the independent recomputation was skipped");
            return;
        }
        Err(error) => panic!("python3: {error}"),
    };
    let golden = golden();
    child.stdin.take().unwrap().write_all(golden.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let theirs = String::from_utf8(output.stdout).unwrap();
    let cases = golden["tokens"].as_array().unwrap().iter().filter(|case| case["form"] == "one-way");
    let ours: Vec<&str> = cases.map(|case| case["token"].as_str().unwrap()).collect();
    assert!(ours.len() >= 20);
    assert_eq!(theirs.lines().collect::<Vec<_>>(), ours);
}
