//! Strict policies: what has the form of a token and does not verify is no token of ours, wherever it
//! stands, and may hold what somebody wants to carry through.

use super::Engine;
use super::accept::Hunt;
use crate::finding::{Evidence, Finding, Match};
use crate::mark::{starts_token, token_with_kind};
use crate::rules;

/// The longest way from the start of a token to the `_` behind its code, in bytes.
const MAX_BACK_BYTES: usize = 40;

/// Takes every text of a token's form that the plan does not spare.
pub(super) fn hunt(engine: &Engine, chunk: &[u8], found: &mut Vec<Finding>) {
    if !engine.plan.policy.is_strict() {
        return;
    }
    let mut hunt = Hunt::new(engine, chunk, found);
    let mut behind = 0;
    for line in memchr::memchr_iter(b'_', chunk) {
        if line < behind {
            continue; // inside a token
        }
        let floor = line.saturating_sub(MAX_BACK_BYTES).max(behind);
        let code = |byte: &&u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let length = chunk[floor..line].iter().rev().take_while(code).count();
        let token = (line - length..line)
            .filter(|at| starts_token(chunk, *at))
            .find_map(|at| token_with_kind(&chunk[at..]).map(|(kind, length)| (kind, at, at + length)));
        let Some((kind, start, end)) = token else { continue };
        let spared = engine.plan.spared(kind, &chunk[start..end]);
        behind = if spared > 0 { start + spared } else { end };
        if spared == 0 {
            let (rule, evidence) = (rules::TOKEN, Evidence::SHAPE);
            hunt.accept(Match { start, end, kind, rule, confidence: 100, evidence });
        }
    }
}
