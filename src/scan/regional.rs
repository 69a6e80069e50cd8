//! National phone numbers without a key, when the policy names a region.

use super::accept::Hunt;
use crate::context::before;
use crate::detect::phone;
use crate::finding::TypeId;

/// Hunts at the start of every run of digits. Slower than candidates are, and paid only under a region.
pub(super) fn hunt(hunt: &mut Hunt<'_>) {
    let Some(region) = hunt.engine.plan.policy.region() else { return };
    if !hunt.wants(TypeId::PHONE) {
        return;
    }
    let text = hunt.text;
    let mut behind = 0;
    for (at, byte) in text.iter().enumerate() {
        let starts = *byte == b'(' || byte.is_ascii_digit() && !before(text, at).is_ascii_digit();
        if starts
            && at >= behind
            && let Some(found) = phone::at_in(text, at, region)
        {
            behind = found.end;
            hunt.accept(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Policy, Scanner, Scratch};

    fn found(region: &str, line: &str) -> Vec<String> {
        let policy = Policy::from_toml("test.toml", region).expect("a policy");
        let scanner = Scanner::new(&policy).expect("a scanner");
        let mut scratch = Scratch::default();
        scanner.scan(line.as_bytes(), &mut scratch).iter().map(|f| line[f.start..f.end].to_owned()).collect()
    }

    #[test]
    fn numbers_of_the_region_are_found_without_a_key() {
        let germany = "region = \"DE\"\n";
        for (line, expect) in [
            ("", &[] as &[&str]),
            ("rang 030 12345678 twice", &["030 12345678"]),
            ("at 2026-11-21 09:15:04 took 1234567", &[]),
        ] {
            assert_eq!(found(germany, line), expect, "{line}");
        }
        assert!(found("", "rang 030 12345678 twice").is_empty());
    }
}
