//! The text of a new policy: comments for people, the answers, and tests that hold.

use std::fmt::Write as _;

use super::Answers;
use super::sample::Sample;
use crate::cli::plan::scanner_of;
use crate::cli::policy::proof::{found, redacted};
use crate::error::Error;
use crate::policy::Policy;

/// The policy as TOML. Its tests have been run: those that would fail are left out.
pub(super) fn policy(answers: &Answers, sample: &Sample) -> Result<String, Error> {
    let mut text = settings(answers, sample);
    let policy = Policy::from_toml("the new policy", &text)?;
    let scanner = scanner_of(&policy)?;
    let mut tests = String::new();
    for (line, kinds) in &sample.tests {
        let expect: Vec<&str> = kinds.iter().map(|kind| policy.type_id(*kind)).collect();
        let finds = found(&policy, &scanner, line.as_bytes());
        // An allowed private address is in the sample's findings and not in the policy's.
        if finds.is_empty() || finds != expect {
            continue;
        }
        let result = redacted(&scanner, line.as_bytes());
        let _ = write!(tests, "\n[[test]]\nline = {}\nexpect = {}\n", quoted(line), quoted(&result));
    }
    if tests.is_empty() {
        let line = "login of anna.example@example.com";
        let result = redacted(&scanner, line.as_bytes());
        text.push_str("\n# No line of the sample made a test; this one shows how. `logveil policy test` proves it, and\n");
        text.push_str(
            "# a reload whose tests fail is refused. Better ones are lines as your logs have them.\n",
        );
        let _ = write!(text, "\n[[test]]\nline = {}\nexpect = {}\n", quoted(line), quoted(&result));
    } else {
        text.push_str(
            "\n# Lines of your sample with invented values. `logveil policy test` proves them; a reload\n",
        );
        text.push_str("# whose tests fail is refused. Look them over before you share this file.\n");
        text.push_str(&tests);
    }
    Ok(text)
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn settings(answers: &Answers, sample: &Sample) -> String {
    let mut text = String::from(
        "# A logveil policy. `logveil policy schema` lists all keys, `--print-policy` shows what they\n\
         # come to, `logveil explain -p ./FILE 'LINE'` says why a line is touched.\n\n\
         # Where to start from: default, personal, payment, secrets, access-log, everything, strict.\n\
         extends = [\"default\"]\n\n",
    );
    text.push_str(
        "# What stays as it is: values, networks, @private, @link-local, @cgnat, @doc, @domain, /regex/.\n",
    );
    text.push_str(if answers.keep_private {
        "allow = [\"@private\"]\n\n"
    } else {
        "# allow = [\"@private\"]\n\n"
    });
    text.push_str("# Numbers in JSON become strings (quote), null, or 0 (zero).\n");
    let numbers = if answers.typed_numbers { "null" } else { "quote" };
    let _ = write!(text, "json_numbers = \"{numbers}\"\n\n");
    text.push_str("# Whose national phone numbers are read without a country code.\n");
    let _ = match &answers.region {
        Some(region) => write!(text, "region = \"{region}\"\n\n"),
        None => write!(text, "# region = \"DE\"\n\n"),
    };
    if let Some(name) = answers.line_format {
        text.push_str(
            "# The form of most lines of the sample; lines of another form are read as any text.\n",
        );
        let _ = write!(text, "line_format = \"{name}\"\n\n");
    } else if let Some(name) = sample.main_format() {
        text.push_str("# Most lines of the sample have this form, which is known without saying it.\n");
        let _ = write!(text, "# line_format = \"{name}\"\n\n");
    }
    text.push_str("# What must never be there: still redacted, and the run ends with exit code 4.\n# forbidden = [\"card\"]\n");
    if answers.placeholders {
        text.push_str(
            "\n# Reserved addresses instead of labels, for programs that parse the line.\n\
             [groups.network]\naction = \"placeholder\"\n\n[types.hostname-ip]\naction = \"label\"\n",
        );
    }
    text.push_str(
        "\n# Types seen in the sample. Actions: label, placeholder, mask, mask:4, truncate, generalise,\n",
    );
    text.push_str("# remove, drop-record, keep, token.\n");
    for (kind, count) in sample.kinds() {
        let _ = write!(text, "\n# [types.{}]  # {count} found\n# action = \"label\"\n", kind.id());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        for answers in [
            Answers::default(),
            Answers {
                keep_private: true,
                placeholders: true,
                typed_numbers: true,
                region: Some("DE".into()),
                line_format: Some("tracker"),
            },
        ] {
            let text = policy(&answers, &Sample::default()).unwrap();
            let policy = Policy::from_toml("p.toml", &text).unwrap();
            assert_eq!(policy.region(), answers.region.as_deref());
            assert_eq!(policy.tests().len(), 1);
            assert_eq!(policy.is_listed(crate::finding::TypeId::IPV4, b"10.0.0.1"), answers.keep_private);
        }
    }
}
