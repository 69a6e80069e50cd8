//! The labelled lines in `tests/data` keep their own form: unique names, known types, findings that occur in order.

mod common;

use std::collections::BTreeMap;

use common::{Case, claim};
use logveil::TypeId;

fn position(line: &[u8], value: &[u8], from: usize) -> Option<usize> {
    let rest = line.get(from..)?;
    rest.windows(value.len()).position(|window| window == value).map(|at| from + at)
}

fn check(case: &Case) {
    let (name, line) = (&case.name, case.line());
    assert!(!line.contains(&b'\n'), "{name}: a case is one record");
    assert!(!case.why.is_empty(), "{name}: no reason");
    assert!(case.known_limit.as_deref() != Some(""), "{name}: a known limit needs its reason");
    let mut from = 0;
    for find in &case.finds {
        let (_, value) = claim(name, find);
        let at = position(&line, value, from)
            .unwrap_or_else(|| panic!("{name}: `{find}` does not occur in order"));
        from = at + value.len();
    }
    for spare in &case.allow {
        assert!(position(&line, claim(name, spare).1, 0).is_some(), "{name}: `{spare}` does not occur");
    }
    for kind in &case.only {
        assert!(TypeId::from_id(kind).is_some(), "{name}: unknown type {kind}");
    }
}

#[test]
fn every_case_file_is_well_formed() {
    let mut names = BTreeMap::new();
    for case in common::cases() {
        check(&case);
        let earlier = names.insert(case.name.clone(), case.file.clone());
        assert!(earlier.is_none(), "{} stands twice", case.name);
    }
    assert!(names.len() >= 1_500, "only {} labelled lines", names.len());
}
