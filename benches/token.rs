//! Nanoseconds a token by form: the least of several rounds, because other work on the machine only
//! ever adds. "new": no value came before; "again": 2,000 values that fit the memo. Prints the table of
//! benches/record/tokens.md.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use logveil::TypeId;
use logveil::token::{KeyRing, Moment, RevealKey, TokenForm, TokenOptions, TokenScratch, Tokenizer};

const VALUES: u32 = 20_000;
const ROUNDS: usize = 60;

fn main() {
    let ring = KeyRing::generate(Moment::now()).expect("random bytes");
    let key = RevealKey::generate().expect("random bytes");
    let options = TokenOptions {
        email_domains: vec!["example.com".into()],
        seal_to: Some(key.public().clone()),
        ..TokenOptions::default()
    };
    let tokenizer = Tokenizer::new(&ring, &options).expect("a fresh ring");
    let v4: Vec<String> =
        (0..VALUES).map(|i| Ipv4Addr::from(i.wrapping_mul(2_654_435_761)).to_string()).collect();
    let v6: Vec<String> = (0..VALUES)
        .map(|i| {
            Ipv6Addr::from(u128::from(i).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)).to_string()
        })
        .collect();
    let mail: Vec<String> = (0..VALUES).map(|i| format!("user{i}@example.com")).collect();
    let cards: Vec<String> = (0..VALUES).map(|i| format!("411111{:010}", u64::from(i) * 7919)).collect();
    let cases = [
        ("`h` ipv4", TypeId::IPV4, TokenForm::OneWay, &v4),
        ("`h` ipv6", TypeId::IPV6, TokenForm::OneWay, &v6),
        ("`h` email", TypeId::EMAIL, TokenForm::OneWay, &mail),
        ("`h` email@domain", TypeId::EMAIL, TokenForm::EmailDomain, &mail),
        ("`e` email", TypeId::EMAIL, TokenForm::Reversible, &mail),
        ("`d` ipv4", TypeId::IPV4, TokenForm::Ip, &v4),
        ("prefix-preserving ipv4", TypeId::IPV4, TokenForm::IpPrefix, &v4),
        ("prefix-preserving ipv6", TypeId::IPV6, TokenForm::IpPrefix, &v6),
        ("card, FF1", TypeId::CARD, TokenForm::CardFf1, &cards),
        ("sealed ipv4", TypeId::IPV4, TokenForm::Sealed, &v4),
        ("sealed email", TypeId::EMAIL, TokenForm::Sealed, &mail),
    ];
    // Single figures mean little where other work runs beside: the record says how much there was.
    println!("load {}\n\n| form | new | again |\n|---|---|---|", load());
    for (name, kind, form, values) in cases {
        assert_answers(&tokenizer, kind, form, values);
        // Sealing takes a thousand times as long: fewer values are enough.
        let count = if form == TokenForm::Sealed { 200 } else { values.len() };
        let new = time(&tokenizer, kind, form, &values[..count], true);
        let again = time(&tokenizer, kind, form, &values[..count.min(2000)], false);
        println!("| {name} | {new:.0} | {again:.0} |");
    }
}

/// The load of the last minute, where the system tells it.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

/// The least time a value over the rounds.
fn time(tokenizer: &Tokenizer, kind: TypeId, form: TokenForm, values: &[String], fresh: bool) -> f64 {
    let mut scratch = TokenScratch::default();
    let mut out = Vec::with_capacity(8 << 20);
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        out.clear();
        if fresh {
            scratch = TokenScratch::default();
            // The tables are made by the first value, outside of the measurement.
            tokenizer.write(kind, form, b"1", &mut scratch, &mut out);
        }
        let start = Instant::now();
        for value in values {
            tokenizer.write(kind, form, value.as_bytes(), &mut scratch, &mut out);
        }
        best = best.min(start.elapsed().as_nanos() as f64 / values.len() as f64);
    }
    best
}

/// A scratch changes no token, and the forms with check symbols verify.
fn assert_answers(tokenizer: &Tokenizer, kind: TypeId, form: TokenForm, values: &[String]) {
    let mut shared = TokenScratch::default();
    for value in values.iter().take(100).chain(values.iter().take(100)) {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        tokenizer.write(kind, form, value.as_bytes(), &mut shared, &mut a);
        tokenizer.write(kind, form, value.as_bytes(), &mut TokenScratch::default(), &mut b);
        assert_eq!(a, b);
        let plain = matches!(form, TokenForm::IpPrefix | TokenForm::CardFf1);
        assert!(plain || tokenizer.verifies(&a));
    }
}
