//! Regenerates `src/rules/phone_table.rs` from libphonenumber's metadata and compares.
#![cfg(feature = "phone")]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::process::Command;

use prost::Message as _;
use regex_automata::{
    Anchored, MatchKind,
    dfa::{Automaton, StartKind, dense},
    util::{primitives::StateID, start, syntax},
};
use rlibphonenumber::PhoneMetadataCollection;

/// Digits of the national number that a row looks at.
const PREFIX_DIGITS: u32 = 3;
/// E.164 section 6.2.1: at most 15 digits, so the national number of a one-digit code has 14.
const LONGEST: usize = 15;

/// For each prefix of a calling code, bit `n` says that national numbers of `n` digits are assigned.
type Masks = Vec<u16>;

/// Ors into `masks` what the pattern accepts, for the lengths that its description allows.
fn add_pattern(masks: &mut Masks, pattern: &str, lengths: &[i32]) {
    if pattern.is_empty() || pattern == "NA" || lengths == [-1] {
        return;
    }
    let dfa = dense::Builder::new()
        .configure(dense::Config::new().match_kind(MatchKind::All).start_kind(StartKind::Anchored))
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build(pattern)
        .unwrap_or_else(|error| panic!("metadata pattern does not compile: {error}"));
    let first =
        dfa.start_state(&start::Config::new().anchored(Anchored::Yes)).expect("a start without look-behind");
    for (prefix, mask) in masks.iter_mut().enumerate() {
        let text = format!("{prefix:0width$}", width = PREFIX_DIGITS as usize);
        let mut states: HashSet<StateID> =
            [text.bytes().fold(first, |state, byte| dfa.next_state(state, byte))].into();
        for length in PREFIX_DIGITS as usize..=LONGEST {
            let allowed = lengths.is_empty() || lengths.contains(&(length as i32));
            let accepts = |&state: &StateID| dfa.is_match_state(dfa.next_eoi_state(state));
            if allowed && states.iter().any(accepts) {
                *mask |= 1 << length;
            }
            states = states
                .iter()
                .flat_map(|&state| (b'0'..=b'9').map(move |byte| (state, byte)))
                .map(|(state, byte)| dfa.next_state(state, byte))
                .filter(|&state| !dfa.is_dead_state(state))
                .collect();
        }
    }
}

/// What cargo answers on standard output.
fn cargo(arguments: &[&str]) -> String {
    let answer = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).expect("cargo writes UTF-8")
}

/// The metadata file of the `rlibphonenumber` that this build uses, decoded.
fn metadata() -> PhoneMetadataCollection {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo knows its host");
    // Only this host's packages: others need not be there when the build has no network.
    let tree = cargo(&["metadata", "--offline", "--format-version=1", "--filter-platform", host]);
    let tree: serde_json::Value = serde_json::from_str(&tree).expect("cargo metadata is JSON");
    let manifest = tree["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "rlibphonenumber")
        .and_then(|package| package["manifest_path"].as_str())
        .expect("rlibphonenumber is a dependency");
    let file = Path::new(manifest).with_file_name("src/generated/metadata/metadata.bin");
    let bytes = std::fs::read(file).expect("the crate carries its metadata");
    PhoneMetadataCollection::decode(bytes.as_slice()).expect("metadata decodes")
}

/// The masks of every calling code, all its regions and number types together.
fn all_masks() -> BTreeMap<i32, Masks> {
    let mut all = BTreeMap::new();
    for meta in metadata().metadata {
        let masks = all.entry(meta.country_code()).or_insert_with(|| vec![0u16; 10usize.pow(PREFIX_DIGITS)]);
        #[allow(deprecated)] // the wrappers that shadow these fields are private
        let kinds = [
            meta.fixed_line,
            meta.mobile,
            meta.toll_free,
            meta.premium_rate,
            meta.shared_cost,
            meta.personal_number,
            meta.voip,
            meta.pager,
            meta.uan,
            meta.voicemail,
        ];
        #[allow(deprecated)]
        let general = meta.general_desc.unwrap_or_default();
        for kind in kinds.into_iter().flatten() {
            let lengths = if kind.possible_length.is_empty() {
                &general.possible_length
            } else {
                &kind.possible_length
            };
            #[allow(deprecated)]
            add_pattern(masks, kind.national_number_pattern(), lengths);
        }
    }
    all
}

/// The table as Rust source, as rustfmt would leave it.
fn source(all: &BTreeMap<i32, Masks>) -> String {
    let grids: Vec<Vec<u16>> = all
        .values()
        .map(|masks| masks.chunks(10).map(|ten| ten.iter().fold(0, |sum, mask| sum | mask)).collect())
        .collect();
    let masks: BTreeSet<u16> = grids.iter().flatten().copied().collect();
    // Printable bytes from `#` on, without the backslash, so that the grid needs no escapes.
    let letters: Vec<char> = ('#'..='~').filter(|&letter| letter != '\\').collect();
    assert!(masks.len() <= letters.len(), "{} different masks are too many for one letter each", masks.len());
    let letter_of: BTreeMap<u16, char> = masks.iter().copied().zip(letters).collect();
    let mut mask_of = Vec::new();
    for (&mask, &letter) in &letter_of {
        mask_of.resize(letter as usize - '#' as usize, 0u16); // the backslash's place stays empty
        mask_of.push(mask);
    }
    let mut areas = [0u64; 16];
    for (area, &mask) in all[&1].iter().enumerate() {
        areas[area / 64] |= u64::from(mask >> 10 & 1) << (area % 64);
    }
    let mut out = String::from(HEAD);
    let codes: Vec<String> = all.keys().map(i32::to_string).collect();
    array(&mut out, "The calling codes, ascending.", "CODES", "u16", &codes);
    let cells: Vec<String> = mask_of.iter().map(|mask| format!("{mask:#06x}")).collect();
    array(&mut out, "What a letter of the grid says: bit `n` stands for `n` digits.", "MASKS", "u16", &cells);
    let words: Vec<String> = areas.iter().map(|word| format!("{word:#018x}")).collect();
    array(
        &mut out,
        "Bit `n % 64` of word `n / 64`: area `n` of code 1 has ten-digit numbers.",
        "NANP_AREAS",
        "u64",
        &words,
    );
    out.push_str("\n/// A line a code in the order of [`CODES`], a letter for each first two digits.\n");
    out.push_str("pub(crate) static GRID: &[u8; 100 * CODES.len()] = b\"\\\n");
    for grid in &grids {
        out.push_str("    ");
        out.extend(grid.iter().map(|mask| letter_of[mask]));
        out.push_str("\\\n");
    }
    out.push_str("\";\n");
    out
}

const HEAD: &str = "\
//! Calling codes and the lengths of their numbers. Generated by `tests/phone_table.rs`; do not edit by hand.
//!
//! Source: libphonenumber's metadata (Apache-2.0) as the crate `rlibphonenumber` carries it, in the sense of
//! ITU-T E.164: which national numbers of how many digits are assigned, by the first two of their digits.
";

/// Writes a documented static array, broken as rustfmt breaks arrays of short numbers.
fn array(out: &mut String, doc: &str, name: &str, kind: &str, cells: &[String]) {
    out.push_str(&format!("\n/// {doc}\npub(crate) static {name}: [{kind}; {}] = [", cells.len()));
    // rustfmt gives a line to each element that is longer than ten characters.
    let width = if cells.iter().any(|cell| cell.len() > 10) { 0 } else { 110 };
    let mut column = width;
    for cell in cells {
        if column + cell.len() + 2 > width {
            out.push_str("\n    ");
            column = 4;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(cell);
        out.push(',');
        column += cell.len() + 1;
    }
    out.push_str("\n];\n");
}

#[test]
fn the_committed_table_is_the_generated_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules/phone_table.rs");
    let fresh = source(&all_masks());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &fresh).expect("the table can be written");
    }
    let committed = std::fs::read_to_string(&file).expect("the table is committed");
    assert!(committed == fresh, "{} is stale: run this test with UPDATE=1", file.display());
}
