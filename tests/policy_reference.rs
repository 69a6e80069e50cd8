//! `docs/policy.md` is made from the types that read a policy: compared here, rewritten with `UPDATE=1`.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

/// A description on one line, safe inside a table.
fn line(value: &Value) -> String {
    value["description"].as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|")
}

/// What a key holds, in words.
fn kind(value: &Value) -> String {
    if let Some(name) = value["additionalProperties"]["$ref"].as_str().or(value["items"]["$ref"].as_str()) {
        return format!(
            "table of {}",
            name.trim_start_matches("#/$defs/").trim_start_matches("Raw").to_lowercase()
        );
    }
    match &value["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| *name != "null")
            .collect::<Vec<_>>()
            .join(" or "),
        _ => "value".into(),
    }
}

fn table(out: &mut String, schema: &Value) {
    out.push_str("| key | holds | meaning |\n|---|---|---|\n");
    for (key, value) in schema["properties"].as_object().unwrap() {
        let _ = writeln!(out, "| `{key}` | {} | {} |", kind(value), line(value));
    }
}

#[test]
fn the_reference_is_what_the_types_say() {
    let schema: Value = serde_json::from_str(&logveil::policy::schema()).unwrap();
    let mut out = String::from(
        "# Policy files\n\n<!-- Generated from the types in src/policy/raw.rs by `UPDATE=1 cargo test --test policy_reference`. -->\n\n",
    );
    let _ = write!(out, "{}\n\n", schema["description"].as_str().unwrap());
    out.push_str(
        "Later layers win: defaults, then `extends`, the file, `NAME.d/*.toml`, environment, flags.\n",
    );
    out.push_str("`--print-policy` shows every value and where it came from.\n\n## Top level\n\n");
    table(&mut out, &schema);
    for (name, part) in schema["$defs"].as_object().unwrap() {
        if part["properties"].is_object() {
            let _ = write!(out, "\n## {}\n\n{}\n\n", name.trim_start_matches("Raw"), line(part));
            table(&mut out, part);
        }
    }
    out.push_str("\n## Built-in policies\n\nBy name where a policy is asked for, and after `use` and `extends`. `logveil policy show NAME` prints one.\n\n| name | what it does | its beginning says |\n|---|---|---|\n");
    for name in logveil::policy::built_in_names() {
        let policy = logveil::Policy::load(name).unwrap();
        let text = logveil::policy::built_in_text(name).unwrap();
        let words: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("# ")).collect();
        assert!(!words.is_empty(), "{name} says nothing");
        let _ = writeln!(out, "| `{name}` | {} | {} |", policy.description(), words.join(" "));
    }
    out.push_str("\n## Environment\n\n| variable | meaning |\n|---|---|\n");
    for (name, meaning) in logveil::policy::VARIABLES {
        let _ = writeln!(out, "| `{name}` | {meaning} |");
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policy.md");
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&file, &out).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == out, "docs/policy.md is stale: run `UPDATE=1 cargo test --test policy_reference`");
}
