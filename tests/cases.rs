//! Every labelled line on every kernel: types and exact bytes of the findings, and a table of accuracy.
//!
//! `CASES=word cargo test -q --test cases -- --nocapture` runs the cases whose name or file holds
//! the word and prints each that fails. `UPDATE=1` writes `expected-failures.txt` and README's table anew.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use common::{Case, Found, Scanners, claim};
use logveil::{Kernel, Scratch, TypeId};

/// How one case came out.
struct Outcome {
    found: Vec<Found>,
    /// Claims that were not found.
    missing: Vec<String>,
    /// Findings that nobody asked for, and whether they touch no asked-for byte.
    extra: Vec<(Found, bool)>,
}

impl Outcome {
    fn is_right(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty()
    }
}

/// Counts of one type.
#[derive(Default, Clone, Copy)]
struct Row {
    found: usize,
    missed: usize,
    wrong: usize,
    lines_touched: usize,
}

fn judge(case: &Case, line: &[u8], found: Vec<Found>) -> Outcome {
    let value = |f: &Found| (f.kind, &line[f.start..f.end]);
    // The longest common subsequence would be exact; claims and findings are both in order, so that
    // taking each claim at the first finding that equals it is as good.
    let mut is_asked = vec![false; found.len()];
    let (mut next, mut missing) = (0, Vec::new());
    for find in &case.finds {
        let wanted = claim(&case.name, find);
        match found[next..].iter().position(|f| value(f) == wanted) {
            Some(ahead) => {
                is_asked[next + ahead] = true;
                next += ahead + 1;
            }
            None => missing.push(find.clone()),
        }
    }
    let is_allowed = |f: &Found| case.allow.iter().any(|spare| claim(&case.name, spare) == value(f));
    let asked = asked_bytes(case, line);
    let extra = found
        .iter()
        .zip(&is_asked)
        .filter(|(f, is_asked)| !**is_asked && !is_allowed(f))
        .map(|(f, _)| (f.clone(), asked[f.start..f.end].iter().all(|byte| !byte)))
        .collect();
    Outcome { found, missing, extra }
}

/// Which bytes of the line the claims cover.
fn asked_bytes(case: &Case, line: &[u8]) -> Vec<bool> {
    let (mut asked, mut from) = (vec![false; line.len()], 0);
    for find in &case.finds {
        let (_, value) = claim(&case.name, find);
        if let Some(ahead) = line[from..].windows(value.len()).position(|window| window == value) {
            asked[from + ahead..from + ahead + value.len()].fill(true);
            from += ahead + value.len();
        }
    }
    asked
}

fn count(table: &mut BTreeMap<TypeId, Row>, case: &Case, outcome: &Outcome) {
    for find in &case.finds {
        table.entry(claim(&case.name, find).0).or_default().found += 1;
    }
    for missing in &outcome.missing {
        let row = table.entry(claim(&case.name, missing).0).or_default();
        row.found -= 1;
        row.missed += 1;
    }
    let mut touching = BTreeSet::new();
    for (extra, is_elsewhere) in &outcome.extra {
        table.entry(extra.kind).or_default().wrong += 1;
        if *is_elsewhere && touching.insert(extra.kind) {
            table.entry(extra.kind).or_default().lines_touched += 1;
        }
    }
}

fn describe(case: &Case, line: &[u8], outcome: &Outcome) -> String {
    let mut text = format!("{}  ({})\n", case.name, case.file.file_name().unwrap().to_string_lossy());
    let _ = writeln!(text, "    text:    {}", String::from_utf8_lossy(line));
    for missing in &outcome.missing {
        let _ = writeln!(text, "    missing: {missing}");
    }
    for (extra, _) in &outcome.extra {
        let value = String::from_utf8_lossy(&line[extra.start..extra.end]);
        let _ = writeln!(text, "    extra:   {}={value} at {}..{}", extra.kind.id(), extra.start, extra.end);
    }
    let _ = writeln!(text, "    why:     {}", case.why);
    text
}

fn print_table(table: &BTreeMap<TypeId, Row>, lines: usize, touched: usize) {
    eprintln!("{:<14}{:>7}{:>8}{:>7}{:>15}", "type", "found", "missed", "wrong", "lines touched");
    let mut all = Row::default();
    for (kind, row) in table {
        let Row { found, missed, wrong, lines_touched } = row;
        eprintln!("{:<14}{found:>7}{missed:>8}{wrong:>7}{lines_touched:>15}", kind.id());
        all.found += found;
        all.missed += missed;
        all.wrong += wrong;
    }
    eprintln!(
        "{:<14}{:>7}{:>8}{:>7}{touched:>15}  of {lines} lines",
        "all", all.found, all.missed, all.wrong
    );
}

/// The rows of README's table: a group, its types with the values found and those missed, the wrong findings.
fn table_of_groups(table: &BTreeMap<TypeId, Row>, lines: usize, touched: usize) -> String {
    let mut text =
        String::from("| group | values found (and missed) of each type | wrong |\n|---|---|---|\n");
    let groups: BTreeSet<_> = TypeId::all().map(|kind| kind.group()).collect();
    let mut all = Row::default();
    for group in groups {
        let mut wrong = 0;
        let types: Vec<String> = TypeId::all()
            .filter(|kind| kind.group() == group)
            .filter_map(|kind| {
                let row = table.get(&kind)?;
                (wrong, all.wrong) = (wrong + row.wrong, all.wrong + row.wrong);
                (all.found, all.missed) = (all.found + row.found, all.missed + row.missed);
                let star = if kind.is_default() { "" } else { "\\*" };
                let missed = if row.missed == 0 { String::new() } else { format!(" ({})", row.missed) };
                Some(format!("`{}`{star} {}{missed}", kind.id(), row.found))
            })
            .collect();
        let _ = writeln!(text, "| {} | {} | {wrong} |", group.id(), types.join(", "));
    }
    let Row { found, missed, wrong, .. } = all;
    let _ = writeln!(
        text,
        "| all | {found} ({missed}) in {lines} lines, {touched} of them wrongly touched | {wrong} |"
    );
    text
}

/// README shows the table of these lines and no other; `UPDATE=1` writes it there.
fn keep_readme(of_groups: &str) {
    const START: &str = "<!-- accuracy: UPDATE=1 cargo test --test cases -->\n";
    const END: &str = "<!-- end -->\n";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = readme.split_once(START).expect("README has a place for the table");
    let (shown, tail) = rest.split_once(END).expect("the table in README has an end");
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        std::fs::write(&path, format!("{head}{START}{of_groups}{END}{tail}")).unwrap();
        return;
    }
    assert_eq!(shown, of_groups, "README's table is of other lines; UPDATE=1 cargo test --test cases");
}

/// The cases that are known to fail today, one name a line.
fn expected_failures() -> BTreeSet<String> {
    let path = common::data_folder().join("expected-failures.txt");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

fn write_expected_failures(failing: &BTreeMap<String, String>) {
    let mut text = String::from(
        "# Cases that are not met yet; `UPDATE=1 cargo test --test cases` writes this list anew.\n",
    );
    for name in failing.keys() {
        text.push_str(name);
        text.push('\n');
    }
    std::fs::write(common::data_folder().join("expected-failures.txt"), text).unwrap();
}

#[test]
fn every_case_is_met_on_every_kernel() {
    let filter = std::env::var("CASES").ok().filter(|word| !word.is_empty());
    let mut scanners = Scanners::default();
    let mut scratch = Scratch::default();
    let mut table = BTreeMap::new();
    let (mut failing, mut limits_met) = (BTreeMap::new(), Vec::new());
    let (mut lines, mut touched, mut limits) = (0, 0, 0);
    for case in common::cases() {
        let file = case.file.file_stem().unwrap().to_string_lossy().into_owned();
        if filter.as_ref().is_some_and(|word| !case.name.contains(word) && !file.contains(word)) {
            continue;
        }
        let line = case.line();
        let scanner = case.scanner(&mut scanners);
        let outcome = judge(&case, &line, common::scan(&scanner, &line, &mut scratch));
        for kernel in Kernel::available() {
            let other = common::scan(&scanner.clone().with_kernel(kernel), &line, &mut scratch);
            assert_eq!(other, outcome.found, "{}: {kernel:?} disagrees", case.name);
        }
        lines += 1;
        // what a known limit leaves is missed like any other value
        count(&mut table, &case, &outcome);
        touched += usize::from(outcome.extra.iter().any(|(_, is_elsewhere)| *is_elsewhere));
        match (&case.known_limit, outcome.is_right()) {
            (Some(_), true) => limits_met.push(case.name.clone()),
            (Some(_), false) => limits += 1,
            (None, true) => {}
            (None, false) => drop(failing.insert(case.name.clone(), describe(&case, &line, &outcome))),
        }
    }
    print_table(&table, lines, touched);
    eprintln!("{} of {lines} cases fail, {limits} more are known limits", failing.len());
    assert!(limits_met.is_empty(), "take known_limit off these, they are met: {limits_met:?}");
    if filter.is_some() {
        failing.values().for_each(|text| eprintln!("{text}"));
        assert!(lines > 0, "no case of that name");
        return;
    }
    let of_groups = table_of_groups(&table, lines, touched);
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        write_expected_failures(&failing);
    } else {
        ratchet(&failing);
    }
    // last: a case that fails says more
    keep_readme(&of_groups);
}

/// A case may not start to fail, and one that is met leaves the list for good.
fn ratchet(failing: &BTreeMap<String, String>) {
    let expected = expected_failures();
    let new: Vec<&str> =
        failing.iter().filter(|(name, _)| !expected.contains(*name)).map(|(_, text)| &text[..]).collect();
    let met: Vec<&String> = expected.iter().filter(|name| !failing.contains_key(*name)).collect();
    for text in &new {
        eprintln!("{text}");
    }
    assert!(new.is_empty(), "{} cases fail that did not", new.len());
    assert!(met.is_empty(), "take these off expected-failures.txt (UPDATE=1), they are met: {met:?}");
}
