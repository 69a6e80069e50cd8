//! Data of `patterns/data/`: token shapes, issuer ranges, mobile codes, line shapes, as tables.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::settle::{root, settle};

/// What every row says of itself.
#[derive(Deserialize)]
pub struct About {
    pub id: String,
    pub description: String,
    pub reference: String,
    pub tags: Vec<String>,
    pub since: String,
    pub matches: Vec<String>,
    pub non_matches: Vec<String>,
}

#[derive(Deserialize)]
struct Token {
    #[serde(flatten)]
    about: About,
    prefixes: Vec<String>,
    alphabet: String,
    length: u16,
    exact: bool,
    checksum: String,
}

#[derive(Deserialize)]
struct Issuer {
    #[serde(flatten)]
    about: About,
    first: u32,
    last: u32,
    lengths: Vec<u32>,
    bare: Vec<u32>,
}

#[derive(Deserialize)]
struct Zone {
    #[serde(flatten)]
    about: About,
    countries: Vec<u16>,
    three_digit_networks: Vec<u16>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    about: About,
    format: Option<String>,
    shape: Option<String>,
}

/// The rows of a file, each of which must say enough of itself.
fn rows<T: DeserializeOwned>(file: &str, table: &str, about: fn(&T) -> &About) -> Vec<T> {
    let text = std::fs::read_to_string(root().join("patterns/data").join(file)).unwrap();
    let mut all: toml::Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let rows: Vec<T> =
        all.remove(table).unwrap().try_into().unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(all.is_empty(), "{file}: holds other tables, too");
    let mut seen = BTreeSet::new();
    for row in rows.iter().map(about) {
        let id = &row.id;
        assert!(seen.insert(id.clone()), "{file}: {id} stands twice");
        assert!(!row.description.is_empty() && !row.reference.is_empty(), "{file}: {id}");
        assert!(logveil::rules::is_ruleset(&row.since), "{file}: {id}: since");
        let enough = row.matches.len() >= 2 && row.non_matches.len() >= 2;
        assert!(enough, "{file}: {id}: two examples of each sort");
    }
    rows
}

fn strings(items: &[String]) -> String {
    items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(", ")
}

/// The head of a generated file, its table, and what is known of each row.
fn file<'a>(
    path: &str,
    from: &str,
    uses: &str,
    table: &str,
    proof: &str,
    rows: impl Iterator<Item = &'a About>,
) {
    let mut out = format!(
        "//! Generated from `patterns/data/{from}`; do not edit by hand.\n\n{uses}\n{table}\n\
         /// What is known of each row.\n#[rustfmt::skip]\npub(crate) static ABOUT: &[DataMeta] = &[\n"
    );
    for row in rows {
        writeln!(
            out,
            "    DataMeta {{\n        id: {:?},\n        proof: {proof},\n        description: {:?},\n        \
             reference: {:?},\n        tags: &[{}],\n        since: {:?},\n        matches: &[{}],\n        \
             non_matches: &[{}],\n    }},",
            row.id,
            row.description,
            row.reference,
            strings(&row.tags),
            row.since,
            strings(&row.matches),
            strings(&row.non_matches)
        )
        .unwrap();
    }
    out.push_str("];\n");
    settle(&format!("src/rules/{path}"), &out);
}

/// The row of each entry of a table, by its place in `ABOUT`.
fn rows_of(entries: impl Iterator<Item = usize>) -> String {
    let of_row = |(row, count): (usize, usize)| std::iter::repeat_n(row.to_string(), count);
    let rows: Vec<String> = entries.enumerate().flat_map(of_row).collect();
    format!(
        "\n/// The row of each entry, by its place in [`ABOUT`].\n#[rustfmt::skip]\n\
         pub(crate) static ROWS: &[u8] = &[{}];\n",
        rows.join(", ")
    )
}

fn variant(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[test]
fn the_token_shapes_are_what_the_patterns_say() {
    let rows: Vec<Token> = rows("token-shapes.toml", "shape", |row: &Token| &row.about);
    let mut table = String::from(
        "/// Prefixes and what follows them, in the order in which they are asked.\n#[rustfmt::skip]\n\
         pub(crate) static TOKEN_SHAPES: &[TokenShape] = &[\n",
    );
    let mut seen = BTreeSet::new();
    for row in &rows {
        let id = &row.about.id;
        assert!(
            ["hex", "upper", "alnum", "word", "dotted"].contains(&row.alphabet.as_str()),
            "{id}: alphabet"
        );
        let has_checksum = match row.checksum.as_str() {
            "none" => false,
            "crc32-base62" => true,
            other => panic!("{id}: unknown checksum `{other}`"),
        };
        for prefix in &row.prefixes {
            assert!(prefix.len() >= 2 && prefix.is_ascii(), "{id}: prefix");
            assert!(seen.insert(prefix), "{id}: `{prefix}` stands twice");
            let alphabet = variant(&row.alphabet);
            writeln!(
                table,
                "    TokenShape {{ prefix: {prefix:?}, alphabet: {alphabet}, length: {}, exact: {}, has_checksum: {has_checksum} }},",
                row.length, row.exact
            )
            .unwrap();
        }
    }
    table.push_str("];\n");
    table += &rows_of(rows.iter().map(|row| row.prefixes.len()));
    let uses = "use super::Alphabet::*;\nuse super::{DataMeta, Proof, TOKEN_VENDOR, TokenShape};\n";
    let about = rows.iter().map(|row| &row.about);
    file("token_shapes.rs", "token-shapes.toml", uses, &table, "Proof::Rule(TOKEN_VENDOR)", about);
}

#[test]
fn the_issuers_are_what_the_patterns_say() {
    let rows: Vec<Issuer> = rows("issuers.toml", "issuer", |row: &Issuer| &row.about);
    let mut table =
        String::from("/// All ranges.\n#[rustfmt::skip]\npub(crate) static ISSUERS: &[IssuerRange] = &[\n");
    let bits = |lengths: &[u32]| lengths.iter().fold(0u32, |bits, length| bits | 1 << length);
    for row in &rows {
        let id = &row.about.id;
        assert!(row.first <= row.last && row.last <= 999_999, "{id}: range");
        assert!(row.bare.iter().all(|length| row.lengths.contains(length)), "{id}: bare lengths");
        assert!(row.lengths.iter().all(|length| (12..=19).contains(length)), "{id}: lengths");
        writeln!(
            table,
            "    IssuerRange {{ first: {}, last: {}, lengths: 0x{:05x}, bare: 0x{:05x} }},",
            row.first,
            row.last,
            bits(&row.lengths),
            bits(&row.bare)
        )
        .unwrap();
    }
    table.push_str("];\n");
    table += &rows_of(rows.iter().map(|_| 1));
    let uses = "use super::{CARD, DataMeta, IssuerRange, Proof};\n";
    file("issuers.rs", "issuers.toml", uses, &table, "Proof::Rule(CARD)", rows.iter().map(|row| &row.about));
}

#[test]
fn the_mobile_codes_are_what_the_patterns_say() {
    let rows: Vec<Zone> = rows("mobile-codes.toml", "zone", |row: &Zone| &row.about);
    let list = |name: &str, doc: &str, codes: fn(&Zone) -> &Vec<u16>| {
        let all: Vec<u16> = rows.iter().flat_map(codes).copied().collect();
        assert!(all.is_sorted_by(|a, b| a < b) && all.iter().all(|code| *code < 1000), "{name} ascend");
        let codes = all.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        format!("/// {doc}\n#[rustfmt::skip]\npub(crate) static {name}: &[u16] = &[{codes}];\n")
    };
    let countries = list("MOBILE_COUNTRIES", "Mobile country codes.", |row| &row.countries);
    let three = list(
        "THREE_DIGIT_NETWORKS",
        "Country codes whose network codes have three digits throughout.",
        |row| &row.three_digit_networks,
    );
    let of_countries = rows_of(rows.iter().map(|row| row.countries.len()));
    let table = format!("{countries}\n{three}{of_countries}");
    let uses = "use super::{DataMeta, IMSI, Proof};\n";
    let about = rows.iter().map(|row| &row.about);
    file("mobile_codes.rs", "mobile-codes.toml", uses, &table, "Proof::Rule(IMSI)", about);
}

#[test]
fn the_line_shapes_are_what_the_patterns_say() {
    let rows: Vec<Line> = rows("line-shapes.toml", "line", |row: &Line| &row.about);
    let mut table = String::from(
        "/// Shapes of lines; the first that fits names a line.\n#[rustfmt::skip]\n\
         pub(crate) static LINE_SHAPES: &[LineShape] = &[\n",
    );
    for row in &rows {
        let name =
            row.about.id.strip_prefix("line/").unwrap_or_else(|| panic!("{}: line/NAME", row.about.id));
        let is = match (&row.format, &row.shape) {
            (Some(format), None) => format!("Form::Format({format:?})"),
            (None, Some(shape)) => format!("Form::Shape({shape:?})"),
            _ => panic!("{name}: a format or a shape"),
        };
        writeln!(table, "    LineShape {{ name: {name:?}, form: {is} }},").unwrap();
    }
    table.push_str("];\n");
    let uses = "use super::{DataMeta, Form, LineShape, Proof};\n";
    file(
        "line_shapes.rs",
        "line-shapes.toml",
        uses,
        &table,
        "Proof::Line",
        rows.iter().map(|row| &row.about),
    );
}
