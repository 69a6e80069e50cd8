//! Tokens known by their shape: JSON Web Tokens (RFC 7519) and the prefixes that vendors publish.

use crate::check::random::looks_random;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules;

/// The longest token that is followed back to its prefix, in bytes.
const MAX_BACK_BYTES: usize = 96;
/// The longest token, in bytes.
const MAX_TOKEN_BYTES: usize = 8 << 10;

/// Which bytes may follow a prefix.
#[derive(Clone, Copy, PartialEq)]
enum Body {
    Hex,
    Upper,
    Alnum,
    /// Letters, digits, `_` and `-`.
    Word,
    /// Word bytes, dots and `=`.
    Dotted,
}

/// A prefix and the bytes behind it: at least, and exactly if `exact`.
struct Vendor(&'static str, Body, u16, bool);

/// Prefixes as the vendors document them.
const VENDORS: &[Vendor] = &[
    Vendor("AKIA", Body::Upper, 16, true),
    Vendor("ASIA", Body::Upper, 16, true),
    Vendor("AGPA", Body::Upper, 16, true),
    Vendor("AIDA", Body::Upper, 16, true),
    Vendor("AROA", Body::Upper, 16, true),
    Vendor("AIPA", Body::Upper, 16, true),
    Vendor("ANPA", Body::Upper, 16, true),
    Vendor("ABIA", Body::Upper, 16, true),
    Vendor("ACCA", Body::Upper, 16, true),
    Vendor("ghp_", Body::Alnum, 36, false),
    Vendor("gho_", Body::Alnum, 36, false),
    Vendor("ghu_", Body::Alnum, 36, false),
    Vendor("ghs_", Body::Alnum, 36, false),
    Vendor("ghr_", Body::Alnum, 36, false),
    Vendor("github_pat_", Body::Word, 40, false),
    Vendor("glpat-", Body::Dotted, 20, false),
    Vendor("gldt-", Body::Word, 20, false),
    Vendor("glrt-", Body::Word, 20, false),
    Vendor("glcbt-", Body::Word, 20, false),
    Vendor("glptt-", Body::Word, 20, false),
    Vendor("glft-", Body::Word, 20, false),
    Vendor("glsoat-", Body::Word, 20, false),
    Vendor("glimt-", Body::Word, 20, false),
    Vendor("glagent-", Body::Word, 20, false),
    Vendor("gloas-", Body::Word, 20, false),
    Vendor("xoxb-", Body::Word, 20, false),
    Vendor("xoxp-", Body::Word, 20, false),
    Vendor("xoxa-", Body::Word, 20, false),
    Vendor("xoxr-", Body::Word, 20, false),
    Vendor("xoxs-", Body::Word, 20, false),
    Vendor("xoxe-", Body::Word, 20, false),
    Vendor("xoxe.", Body::Dotted, 20, false),
    Vendor("xapp-", Body::Word, 20, false),
    Vendor("sk_live_", Body::Alnum, 16, false),
    Vendor("sk_test_", Body::Alnum, 16, false),
    Vendor("rk_live_", Body::Alnum, 16, false),
    Vendor("rk_test_", Body::Alnum, 16, false),
    Vendor("pk_live_", Body::Alnum, 16, false),
    Vendor("whsec_", Body::Dotted, 16, false),
    Vendor("SG.", Body::Dotted, 60, false),
    Vendor("AIza", Body::Word, 35, true),
    Vendor("ya29.", Body::Dotted, 20, false),
    Vendor("1//0", Body::Word, 20, false),
    Vendor("GOCSPX-", Body::Word, 28, false),
    Vendor("npm_", Body::Alnum, 36, false),
    Vendor("pypi-", Body::Word, 50, false),
    Vendor("sk-ant-", Body::Word, 20, false),
    Vendor("sk-proj-", Body::Word, 20, false),
    Vendor("sk-svcacct-", Body::Word, 20, false),
    Vendor("sk-", Body::Alnum, 20, false),
    Vendor("hf_", Body::Alnum, 30, false),
    Vendor("gsk_", Body::Alnum, 40, false),
    Vendor("dop_v1_", Body::Hex, 64, false),
    Vendor("doo_v1_", Body::Hex, 64, false),
    Vendor("dor_v1_", Body::Hex, 64, false),
    Vendor("shpat_", Body::Hex, 32, false),
    Vendor("shpss_", Body::Hex, 32, false),
    Vendor("shpca_", Body::Hex, 32, false),
    Vendor("shppa_", Body::Hex, 32, false),
    Vendor("lin_api_", Body::Alnum, 32, false),
    Vendor("glsa_", Body::Word, 32, false),
    Vendor("glc_", Body::Dotted, 32, false),
    Vendor("dckr_pat_", Body::Word, 20, false),
    Vendor("key-", Body::Hex, 32, true),
    Vendor("SK", Body::Hex, 32, true),
    Vendor("ATATT3", Body::Dotted, 40, false),
    Vendor("ATCTT3", Body::Dotted, 40, false),
    Vendor("ATBB", Body::Alnum, 28, false),
    Vendor("ntn_", Body::Alnum, 40, false),
    Vendor("secret_", Body::Alnum, 40, false),
    Vendor("PMAK-", Body::Word, 40, false),
    Vendor("rubygems_", Body::Hex, 40, false),
    Vendor("sq0atp-", Body::Word, 20, false),
    Vendor("sq0csp-", Body::Word, 30, false),
    Vendor("EAAA", Body::Word, 56, false),
    Vendor("EAAC", Body::Alnum, 60, false),
    Vendor("EAAB", Body::Alnum, 60, false),
    Vendor("EAAG", Body::Alnum, 60, false),
    Vendor("xkeysib-", Body::Word, 60, false),
    Vendor("figd_", Body::Word, 30, false),
    Vendor("dapi", Body::Hex, 32, true),
    Vendor("hvs.", Body::Word, 20, false),
    Vendor("hvb.", Body::Word, 20, false),
    Vendor("hvr.", Body::Word, 20, false),
    Vendor("AGE-SECRET-KEY-1", Body::Upper, 50, false),
    Vendor("NRAK-", Body::Upper, 20, false),
    Vendor("NRJS-", Body::Hex, 19, false),
    Vendor("tfp_", Body::Alnum, 40, false),
    Vendor("pul-", Body::Hex, 40, true),
    Vendor("sbp_", Body::Hex, 40, false),
    Vendor("vercel_", Body::Alnum, 20, false),
    Vendor("phx_", Body::Alnum, 32, false),
    Vendor("phc_", Body::Alnum, 32, false),
    Vendor("r8_", Body::Alnum, 36, false),
    Vendor("pat", Body::Dotted, 70, false),
    Vendor("dt0c01.", Body::Dotted, 60, false),
    Vendor("sntrys_", Body::Dotted, 40, false),
    Vendor("sntryu_", Body::Hex, 60, false),
    Vendor("EZAK", Body::Alnum, 54, true),
    Vendor("EZTK", Body::Alnum, 54, true),
    Vendor("CCIPAT_", Body::Word, 40, false),
    Vendor("FLWSECK-", Body::Word, 20, false),
    Vendor("FLWSECK_TEST-", Body::Word, 12, false),
    Vendor("LTAI", Body::Alnum, 17, false),
    Vendor("AKID", Body::Alnum, 32, true),
    Vendor("tskey-", Body::Word, 20, false),
    Vendor("oy2", Body::Alnum, 43, true),
    Vendor("ops_eyJ", Body::Word, 100, false),
    Vendor("dp.pt.", Body::Alnum, 40, false),
    Vendor("dp.st.", Body::Dotted, 40, false),
    Vendor("dp.ct.", Body::Alnum, 40, false),
    Vendor("dp.sa.", Body::Alnum, 40, false),
    Vendor("dp.scim.", Body::Alnum, 40, false),
    Vendor("dp.audit.", Body::Alnum, 40, false),
    Vendor("fo1_", Body::Word, 43, false),
    Vendor("fm1_", Body::Dotted, 100, false),
    Vendor("fm2_", Body::Dotted, 100, false),
    Vendor("pscale_tkn_", Body::Dotted, 32, false),
    Vendor("pscale_pw_", Body::Dotted, 32, false),
    Vendor("pscale_oauth_", Body::Dotted, 32, false),
];

/// The token that the run of word bytes around `at` belongs to.
pub(crate) fn at(text: &[u8], run: usize) -> Option<Match> {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let floor = run.saturating_sub(MAX_BACK_BYTES);
    let mut start = run;
    while start > floor && is_part(text[start - 1]) {
        start -= 1;
    }
    if let Some(found) = bot_token(text, run) {
        return Some(found);
    }
    // the whole word first, then from each part of it: `x-ghp_…`, `key.eyJ…`
    let mut from = start;
    while from <= run {
        let opens = from == start || matches!(text[from - 1], b'-' | b'.' | b'_');
        if opens && let Some(found) = token_from(text, from) {
            return Some(found);
        }
        from += 1;
    }
    None
}

/// Telegram's bots: eight to ten digits, a colon and 35 word bytes that start with `AA`.
fn bot_token(text: &[u8], run: usize) -> Option<Match> {
    let colon = text[..run].iter().rev().take(8).position(|b| *b == b':').map(|p| run - 1 - p)?;
    let body = &text[colon + 1..];
    let length = body.iter().take(64).take_while(|b| is_body(Body::Word, **b)).count();
    let digits = text[..colon].iter().rev().take(12).take_while(|b| b.is_ascii_digit()).count();
    let start = colon - digits;
    let border = start == 0 || !text[start - 1].is_ascii_alphanumeric() || text[..start].ends_with(b"bot");
    (body.starts_with(b"AA") && (33..=36).contains(&length) && (8..=10).contains(&digits) && border)
        .then_some(Match {
            start,
            end: colon + 1 + length,
            kind: TypeId::TOKEN,
            rule: rules::TOKEN_VENDOR,
            confidence: 96,
            evidence: Evidence::SHAPE,
        })
}

fn token_from(text: &[u8], start: usize) -> Option<Match> {
    let end = if text[start..].starts_with(b"eyJ") { jwt_end(text, start) } else { vendor_end(text, start) };
    let (end, rule, evidence) = match end {
        Some(end) if text[start..].starts_with(b"eyJ") => (end, rules::TOKEN_JWT, Evidence::STRUCTURE),
        Some(end) => (end, rules::TOKEN_VENDOR, Evidence::SHAPE),
        None => return None,
    };
    Some(Match { start, end, kind: TypeId::TOKEN, rule, confidence: 96, evidence })
}

/// Three parts (RFC 7515) or five (RFC 7516) of base64url, the second starting like a JSON object
/// for the former.
fn jwt_end(text: &[u8], start: usize) -> Option<usize> {
    let stop = text.len().min(start + MAX_TOKEN_BYTES);
    let length = text[start..stop]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'='))
        .count();
    let token = &text[start..start + length];
    let mut parts = token.split(|b| *b == b'.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let rest = parts.map(<[u8]>::len).collect::<Vec<_>>();
    if header.len() < 16 || payload.is_empty() || (signature.len() < 16 && rest.len() < 2) {
        return None;
    }
    let parts = if rest.len() >= 2 && !payload.starts_with(b"eyJ") { 5 } else { 3 };
    let dots: Vec<usize> = token.iter().enumerate().filter(|(_, b)| **b == b'.').map(|(i, _)| i).collect();
    let end = dots.get(parts - 1).copied().unwrap_or(token.len());
    let end = token[..end].iter().rposition(|b| !matches!(b, b'.')).map_or(end, |p| p + 1);
    Some(start + end)
}

/// The first two bytes of all prefixes: one look-up turns away what no vendor starts with.
static FIRST_TWO: [u64; 1024] = {
    let mut set = [0u64; 1024];
    let mut i = 0;
    while i < VENDORS.len() {
        let prefix = VENDORS[i].0.as_bytes();
        let pair = (prefix[0] as usize) << 8 | prefix[1] as usize;
        set[pair >> 6] |= 1 << (pair & 63);
        i += 1;
    }
    set
};

fn vendor_end(text: &[u8], start: usize) -> Option<usize> {
    let rest = &text[start..];
    let pair = usize::from(*rest.first()?) << 8 | usize::from(*rest.get(1)?);
    if FIRST_TWO[pair >> 6] >> (pair & 63) & 1 == 0 {
        return None;
    }
    let vendor = VENDORS.iter().filter(|v| rest.starts_with(v.0.as_bytes()));
    for Vendor(prefix, body, least, exact) in vendor {
        let from = start + prefix.len();
        let stop = text.len().min(from + MAX_TOKEN_BYTES);
        let mut length = text[from..stop].iter().take_while(|b| is_body(*body, **b)).count();
        while length > 0
            && matches!(text[from + length - 1], b'.' | b'-' | b'=')
            && *body == Body::Dotted
            && text[from + length - 1] != b'='
        {
            length -= 1;
        }
        let right = text.get(from + length).copied().unwrap_or(b'\n');
        let glued = right.is_ascii_alphanumeric() || right == b'_';
        let enough = length >= usize::from(*least) && (!exact || length == usize::from(*least));
        // without a digit the case must change like that of no word
        let drawn = &text[from..from + length];
        let varied = drawn.iter().any(u8::is_ascii_digit) || looks_random(drawn);
        if enough && varied && !glued {
            return Some(from + length);
        }
    }
    None
}

fn is_body(body: Body, byte: u8) -> bool {
    match body {
        Body::Hex => byte.is_ascii_hexdigit(),
        Body::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        Body::Alnum => byte.is_ascii_alphanumeric(),
        Body::Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
        Body::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'='),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Option<&str> {
        // the first run of sixteen word bytes
        let bytes = text.as_bytes();
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let run = (0..bytes.len().saturating_sub(15))
            .find(|i| bytes[*i..*i + 16].iter().all(is_word) && (*i == 0 || !is_word(&bytes[*i - 1])))?;
        at(bytes, run).map(|m| &text[m.start..m.end])
    }

    #[test]
    fn shapes_of_vendors() {
        for (text, found) in [
            ("use AKIAIOSFODNN7EXAMPLE now", Some("AKIAIOSFODNN7EXAMPLE")),
            ("AKIAIOSFODNN7EXAMPLEX", None),
            ("ghp_0123456789abcdefghijklmnopqrstuvwxyz", Some("ghp_0123456789abcdefghijklmnopqrstuvwxyz")),
            ("ghp_short", None),
            ("(glpat-0123456789abcdefghij)", Some("glpat-0123456789abcdefghij")),
            (
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLWlzLWhlcmU",
                Some("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLWlzLWhlcmU"),
            ),
            ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", None),
            ("com.android.systemui.statusbar", None),
            (
                "/bot123456789:AAdjGFL2LJI1bCxvAwcXNJNocH9oD5InLUN/x",
                Some("123456789:AAdjGFL2LJI1bCxvAwcXNJNocH9oD5InLUN"),
            ),
            ("123:AAdjGFL2LJI1bCxvAwcXNJNocH9oD5InLUN", None),
            ("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", Some("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")),
            ("hf_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", None),
        ] {
            assert_eq!(token(text), found, "{text}");
        }
    }
}
