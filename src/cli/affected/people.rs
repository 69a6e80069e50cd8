//! Distinct people: values and tokens put together by the token that the ring makes.

use std::collections::{BTreeSet, HashMap};

use crate::cli::time::{Period, Stamp};
use crate::error::Error;
use crate::finding::{Group, TypeId};
use crate::mark::starts_token;
use crate::scan::{Scanner, Scratch};
use crate::token::{
    Detokenizer, Home, KeyRing, Opened, TokenForm, TokenOptions, TokenScratch, Tokenizer, live_tokenizers,
    render, token_parts,
};
use crate::transform::value;

/// One distinct value of a type.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    /// The type's id; `ip` for an address that is known by its token only.
    pub category: String,
    /// The token, or the value if that was asked for.
    pub shown: Vec<u8>,
    pub is_value: bool,
    /// Seen clear, or as a token that could be turned back.
    is_known: bool,
    pub lines: u64,
    /// The types that stood in the same lines, the person's own included.
    pub held: BTreeSet<String>,
    pub period: Period,
}

/// Whoever was seen so far. It grows with the number of people, not with the logs.
pub(super) struct People<'r> {
    scanner: &'r Scanner,
    scratch: Scratch,
    tokens: TokenScratch,
    /// The one that writes today's tokens, then those of the other live keys.
    tokenizers: Vec<Tokenizer>,
    home: Home,
    detokenizer: Option<Detokenizer<'r>>,
    show_values: bool,
    /// By token; by type and value where there is no ring.
    people: HashMap<Vec<u8>, Person>,
    /// Tokens that other live keys give for values that were seen clear.
    aliases: HashMap<Vec<u8>, Vec<u8>>,
}

impl<'r> People<'r> {
    /// # Errors
    /// Unusable options or ring.
    pub fn new(
        scanner: &'r Scanner,
        ring: Option<&'r KeyRing>,
        options: &TokenOptions,
        show_values: bool,
    ) -> Result<Self, Error> {
        let tokenizers = ring.map(|ring| live_tokenizers(ring, options)).transpose()?.unwrap_or_default();
        let detokenizer = ring
            .map(|ring| Detokenizer::new(ring, &options.tenant, &options.audience).accept_addresses(true));
        Ok(Self {
            scanner,
            scratch: Scratch::default(),
            tokens: TokenScratch::default(),
            home: Home::new(options.region.as_deref()),
            tokenizers,
            detokenizer,
            show_values,
            people: HashMap::new(),
            aliases: HashMap::new(),
        })
    }

    /// Looks at one line.
    pub fn line(&mut self, line: &[u8]) {
        let findings = self.scanner.scan(line, &mut self.scratch).to_vec();
        let mut keys: BTreeSet<Vec<u8>> = BTreeSet::new();
        let mut held: BTreeSet<String> = BTreeSet::new();
        let mut at = 0;
        while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
            at += match token_parts(rest).filter(|_| starts_token(line, at)) {
                Some((kind, tag, whole)) => {
                    self.token(kind, rest.get(..tag).unwrap_or_default(), &mut keys, &mut held);
                    whole
                }
                None => 1,
            };
        }
        for finding in &findings {
            held.insert(self.scanner.policy().type_id(finding.kind).to_owned());
            if names_somebody(finding.kind) {
                let value = value::of_line(line, finding);
                keys.insert(self.value(finding.kind, &value));
            }
        }
        if keys.is_empty() {
            return;
        }
        let stamp = Stamp::of(line);
        for key in keys {
            if let Some(person) = self.people.get_mut(&key) {
                person.lines += 1;
                person.held.extend(held.iter().cloned());
                if let Some(stamp) = &stamp {
                    person.period.add(stamp);
                }
            }
        }
    }

    /// Notes a token; one that can be turned back counts as its value.
    fn token(
        &mut self,
        kind: TypeId,
        token: &[u8],
        keys: &mut BTreeSet<Vec<u8>>,
        held: &mut BTreeSet<String>,
    ) {
        let opened = self.detokenizer.as_mut().and_then(|opener| opener.open(token));
        if let Some((_, _, Opened::Value(value))) = opened {
            // Both families of addresses have one code.
            let kind = if kind == TypeId::IPV4 && value.contains(&b':') { TypeId::IPV6 } else { kind };
            held.insert(self.scanner.policy().type_id(kind).to_owned());
            if names_somebody(kind) {
                keys.insert(self.value(kind, &value));
            }
            return;
        }
        // Both families of addresses have one code, and types of rule packs are known by theirs.
        let is_by_code = kind == TypeId::IPV4 || kind.index() >= usize::from(TypeId::CUSTOM_FIRST);
        let code = token.split(|byte| *byte == b'_').next().unwrap_or_default();
        let code = String::from_utf8_lossy(code);
        let category = if is_by_code { &code } else { self.scanner.policy().type_id(kind) };
        held.insert(category.to_owned());
        if names_somebody(kind) {
            let made =
                || Person { category: category.to_owned(), shown: token.to_vec(), ..Person::default() };
            self.people.entry(token.to_vec()).or_insert_with(made);
            keys.insert(token.to_vec());
        }
    }

    /// Notes a value; answers its key.
    fn value(&mut self, kind: TypeId, value: &[u8]) -> Vec<u8> {
        let mut key = Vec::new();
        match self.tokenizers.first() {
            Some(writer) => writer.write(kind, TokenForm::OneWay, value, &mut self.tokens, &mut key),
            None => {
                key.extend_from_slice(kind.code().as_bytes());
                key.push(0);
                self.home.write(kind, value, &mut key);
            }
        }
        let category = self.scanner.policy().type_id(kind).to_owned();
        if self.people.get(&key).is_some_and(|person| person.is_known) {
            return key;
        }
        for other in self.tokenizers.iter().skip(1) {
            let mut token = Vec::new();
            other.write(kind, TokenForm::OneWay, value, &mut TokenScratch::default(), &mut token);
            if !token.is_empty() {
                self.aliases.insert(token, key.clone());
            }
        }
        let person = self.people.entry(key.clone()).or_default();
        person.shown.clone_from(&key);
        if self.show_values {
            let mut canonical = Vec::new();
            self.home.write(kind, value, &mut canonical);
            person.shown = render(kind, &canonical);
        }
        (person.is_value, person.is_known) = (self.show_values, true);
        person.category = category;
        key
    }

    /// Everybody, by type and then by what is shown; what several keys made of one value is one.
    pub fn all(&self) -> Vec<Person> {
        let mut people = self.people.clone();
        for (token, key) in &self.aliases {
            if token == key {
                continue;
            }
            if let Some(other) = people.remove(token) {
                let person = people.entry(key.clone()).or_default();
                person.lines += other.lines;
                person.held.extend(other.held);
                person.period.join(&other.period);
            }
        }
        let mut all: Vec<Person> = people.into_values().collect();
        for person in &mut all {
            // Tokens of both families have one code, which says less than a family.
            if person.held.contains("ipv4") || person.held.contains("ipv6") {
                person.held.remove("ip");
            }
        }
        all.sort_by(|a, b| (&a.category, &a.shown).cmp(&(&b.category, &b.shown)));
        all
    }
}

/// Whether a value of the type stands for one person or their device; the others only say something
/// about somebody.
fn names_somebody(kind: TypeId) -> bool {
    let is_of_person = matches!(
        kind.group(),
        Group::Network | Group::Contact | Group::Payment | Group::Device | Group::Identity
    );
    let says_only = matches!(
        kind,
        TypeId::ADDRESS | TypeId::DOB | TypeId::DEVICE_NAME | TypeId::USER_AGENT | TypeId::HOME_DIR
    );
    is_of_person && !says_only
}
