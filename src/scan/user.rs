//! Rules of user packs: their matches take the same way as those of built-in detectors.

use super::accept::Hunt;

/// Hunts with the rules of user packs, if there are any.
pub(super) fn hunt(hunt: &mut Hunt<'_>) {
    let rules = &hunt.engine.plan.user_rules;
    if !rules.is_empty() {
        let text = hunt.text;
        rules.find_in_chunk(text, &mut |found| hunt.accept(found));
    }
}
