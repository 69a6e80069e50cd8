//! Asking for fewer types changes what is looked for, never what is found of the types asked for.

mod common;

use std::collections::BTreeMap;

use logveil::{Finding, Policy, Scanner, Scratch, TypeId};

/// The core types that are on by default: only these gain from a filter of their own.
const CORE: [&str; 8] = ["ipv4", "ipv6", "email", "phone", "card", "mac", "imei", "device-id"];

/// Whether every byte of `wanted` is in findings of its type.
fn covers(found: &[Finding], wanted: &Finding) -> bool {
    (wanted.start..wanted.end)
        .all(|at| found.iter().any(|f| f.kind == wanted.kind && (f.start..f.end).contains(&at)))
}

#[test]
fn one_type_alone_is_found_where_all_are() {
    let scanner = |types: &[&str]| Scanner::new(&Policy::default().only(types).unwrap()).unwrap();
    let (core, mut alone) = (scanner(&CORE), BTreeMap::<TypeId, Scanner>::new());
    let (mut all, mut some) = (Scratch::default(), Scratch::default());
    let (mut scanners, mut compared, mut lost) = (common::Scanners::default(), 0, Vec::new());
    for case in common::cases() {
        let line = case.line();
        for wanted in case.scanner(&mut scanners).scan(&line, &mut all) {
            let id = wanted.kind.id();
            let alone = alone.entry(wanted.kind).or_insert_with(|| scanner(&[id]));
            compared += 1;
            if !covers(alone.scan(&line, &mut some), wanted) {
                lost.push(format!("{}: {id} alone, {}..{}", case.name, wanted.start, wanted.end));
            }
            if CORE.contains(&id) && !covers(core.scan(&line, &mut some), wanted) {
                lost.push(format!(
                    "{}: {id} with the core types, {}..{}",
                    case.name, wanted.start, wanted.end
                ));
            }
        }
    }
    assert!(compared > 2_500, "{compared}");
    assert!(lost.is_empty(), "{}\n{} of {compared}", lost.join("\n"), lost.len());
}
