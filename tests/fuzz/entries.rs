//! What the fuzz targets do with bytes. `tests/fuzz_corpus.rs` runs the same on stable.

use std::sync::LazyLock;

use logveil::TypeId;
use logveil::token::{
    Detokenizer, KeyRing, Opened, RevealKey, Revealer, SealKey, SuppressionList, TokenForm, TokenOptions,
    TokenScratch, Tokenizer, Unsealed, looks_like_token,
};

const RING: &str = "format = \"logveil-keys-1\"\n[[key]]\nkid = \"a1b2\"\nstatus = \"primary\"\n\
                    created = \"2026-01-01\"\n\
                    secret = \"00f15f15930a978ff6ba366f24b61f16f34e6f078786405402da82696b0633fc\"\n";
const PRIVATE: &str = "format = \"logveil-seal-1\"\n\
                       secret = \"6c6a1b8f4f0d3c5e9a7b2d1e0f3c4b5a69788796a5b4c3d2e1f0a9b8c7d6e5f4\"\n";

struct Keys {
    ring: KeyRing,
    private: [RevealKey; 1],
    tokenizer: Tokenizer,
    /// Tokens of every form that carries check symbols, each with what it opens to.
    tokens: Vec<Vec<u8>>,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let ring = KeyRing::parse(RING.as_bytes()).expect("a good ring");
    let private = [RevealKey::parse(PRIVATE.as_bytes()).expect("a good key")];
    let options = TokenOptions {
        seal_to: Some(private[0].public().clone()),
        email_domains: vec!["example.com".to_owned()],
        ..TokenOptions::default()
    };
    let tokenizer = Tokenizer::new(&ring, &options).expect("good options");
    let forms = [
        (TypeId::EMAIL, TokenForm::OneWay),
        (TypeId::EMAIL, TokenForm::EmailDomain),
        (TypeId::EMAIL, TokenForm::Reversible),
        (TypeId::EMAIL, TokenForm::Sealed),
        (TypeId::IPV4, TokenForm::Ip),
    ];
    let tokens = forms.map(|(kind, form)| {
        let value = if kind == TypeId::EMAIL { "jane@example.com" } else { "192.0.2.1" };
        let mut token = Vec::new();
        tokenizer.write(kind, form, value.as_bytes(), &mut TokenScratch::default(), &mut token);
        token
    });
    Keys { ring, private, tokenizer, tokens: tokens.to_vec() }
});

/// The grammar, at every place of any bytes: a token is whole by itself, goes no further than the
/// bytes, and one with other check symbols does not verify.
pub fn token_parser(data: &[u8]) {
    let keys = &*KEYS;
    for start in 0..data.len() {
        let rest = &data[start..];
        let Some(length) = looks_like_token(rest) else { continue };
        assert!(length > 0 && length <= rest.len());
        let token = &rest[..length];
        assert_eq!(looks_like_token(token), Some(length));
        if keys.tokenizer.verifies(token) {
            let mut broken = token.to_vec();
            let last = looks_like_token_end(token);
            broken[last] = if broken[last] == b'0' { b'1' } else { b'0' };
            assert!(!keys.tokenizer.verifies(&broken));
        }
    }
}

/// The last check symbol: before a domain, if there is one.
fn looks_like_token_end(token: &[u8]) -> usize {
    token.iter().position(|byte| *byte == b'@').unwrap_or(token.len()) - 1
}

/// Any line through the openers: what is no good token stays byte for byte, and a token of ours that
/// was changed in one place (the first three bytes say which token, where and how) never opens.
pub fn detokenize(data: &[u8]) {
    let keys = &*KEYS;
    let mut line = data.to_vec();
    if let [which, at, symbol, rest @ ..] = data {
        let token = &keys.tokens[usize::from(*which) % keys.tokens.len()];
        let mut changed = token.clone();
        let at = usize::from(*at) % changed.len();
        changed[at] ^= symbol;
        let is_changed = changed != *token;
        opens_only_what_is_whole(&changed, is_changed);
        line = [rest, b" ", &changed, b" ", rest].concat();
    }
    let mut opened = 0;
    let mut out = Vec::new();
    let mut detokenizer = Detokenizer::new(&keys.ring, "default", "").accept_addresses(true);
    detokenizer.line(&line, &mut out, |_, what| opened += usize::from(matches!(what, Opened::Value(_))));
    assert!(opened > 0 || out == line);
    let (mut opened, mut out) = (0, Vec::new());
    let told = |_, what: &Unsealed| opened += usize::from(matches!(what, Unsealed::Value(_)));
    Revealer::new(&keys.private).line(&line, &mut out, told);
    assert!(opened > 0 || out == line);
}

/// A changed token gives no other value than the one it was made for.
fn opens_only_what_is_whole(token: &[u8], is_changed: bool) {
    let keys = &*KEYS;
    let right: [&[u8]; 2] = [b"jane@example.com", b"192.0.2.1"];
    if let Some((_, _, Opened::Value(value))) = Detokenizer::new(&keys.ring, "default", "").open(token) {
        assert!(!is_changed && right.contains(&value.as_slice()));
    }
    let mut proving = Revealer::new(&keys.private).proving(&keys.ring, TokenOptions::default());
    if let Some((_, _, Unsealed::Value(value))) = proving.open(token) {
        assert!(!is_changed && right.contains(&value.as_slice()));
    }
    // Without the ring, the check symbols of a sealed value are the only ones that may be wrong.
    if let Some((_, _, Unsealed::Value(value))) = Revealer::new(&keys.private).open(token) {
        assert!(right.contains(&value.as_slice()));
    }
}

/// Files of keys and lists, whatever they hold: an error or something that reads back the same.
pub fn key_files(data: &[u8]) {
    let keys = &*KEYS;
    if let Ok(ring) = KeyRing::parse(data) {
        assert_eq!(KeyRing::parse(ring.to_text().as_bytes()).expect("its own text"), ring);
    }
    if let Ok(key) = SealKey::parse(data) {
        let text = key.to_text(logveil::token::Moment(0));
        assert_eq!(SealKey::parse(text.as_bytes()).expect("its own text"), key);
    }
    let _ = RevealKey::parse(data);
    if let Ok(list) = SuppressionList::parse(data, &keys.ring, "default") {
        let text = list.to_text(&keys.ring).expect("a lasting key");
        assert_eq!(
            SuppressionList::parse(text.as_bytes(), &keys.ring, "default").expect("its own").len(),
            list.len()
        );
    }
}
