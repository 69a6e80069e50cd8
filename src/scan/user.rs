//! Rules of user packs: their matches take the same way as those of built-in detectors.

use super::accept::Hunt;
use crate::context::veto;
use crate::finding::{Evidence, Match};
use crate::simd::Kernel;

/// Hunts with the rules of user packs, if there are any.
pub(super) fn hunt(kernel: Kernel, hunt: &mut Hunt<'_>) {
    let rules = &hunt.engine.plan.user_rules;
    if !rules.is_empty() {
        let text = hunt.text;
        rules.find_in_chunk(kernel, text, &mut |found| {
            if !is_spared(hunt, &found) {
                hunt.accept(found);
            }
        });
    }
}

/// The vetoes of built-in shapes, for what could be mistaken as theirs could: numbers, dotted quads
/// and hex digits without a key or keyword that the rule asked for.
fn is_spared(hunt: &Hunt<'_>, found: &Match) -> bool {
    let (keys, text) = (hunt.keys, hunt.text);
    if found.evidence.has(Evidence::KEY) || found.evidence.has(Evidence::KEYWORD) {
        return false;
    }
    let value = text.get(found.start..found.end).unwrap_or_default();
    if !value.iter().any(u8::is_ascii_digit) {
        return false;
    }
    if value.iter().all(|byte| byte.is_ascii_digit() || b" .-+/:()".contains(byte)) {
        let octets = std::str::from_utf8(value).ok().and_then(|text| text.parse::<std::net::Ipv4Addr>().ok());
        return veto::number_is_named(keys, text, found.start)
            || octets.is_some_and(|quad| {
                veto::quad_is_version(keys, text, found.start, found.end, quad.octets())
            });
    }
    value.iter().all(u8::is_ascii_hexdigit) && veto::is_digest(keys, text, found.start)
}
