//! What a pinned ruleset does not have yet: rules, keys and rows of data that came later.

use super::{
    DataMeta, ISSUERS, KEYS, KeyId, KeyRule, MOBILE_COUNTRIES, RuleId, Shape, TOKEN_SHAPES, issuers, meta,
    mobile_codes, parse_ruleset, token_shapes,
};

/// Rules and rows that are newer than a pin. What only they find is counted and changes nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Newer {
    /// Rules.
    pub rules: Vec<RuleId>,
    /// Keys whose values are counted only.
    pub keys: Vec<KeyId>,
    /// Keys that must not be known at all, because they would take values from an older key, or
    /// spare what is found without them.
    pub unknown_keys: Vec<KeyId>,
    /// Places in [`TOKEN_SHAPES`].
    pub shapes: Vec<usize>,
    /// Places in [`ISSUERS`].
    pub issuers: Vec<usize>,
    /// Mobile country codes.
    pub countries: Vec<u16>,
}

impl Newer {
    /// What is newer than the ruleset `pin`; nothing if that is no ruleset.
    pub fn than(pin: &str) -> Self {
        let Some(pin) = parse_ruleset(pin) else { return Self::default() };
        let is_newer = |since: &str| parse_ruleset(since).is_some_and(|since| since > pin);
        let places = |rows: &[u8], about: &[DataMeta]| -> Vec<usize> {
            let of_newer = |row: &u8| about.get(usize::from(*row)).is_some_and(|row| is_newer(row.since));
            (0..rows.len()).filter(|place| rows.get(*place).is_some_and(of_newer)).collect()
        };
        let countries = places(mobile_codes::ROWS, mobile_codes::ABOUT);
        let countries = countries.iter().filter_map(|place| MOBILE_COUNTRIES.get(*place)).copied();
        let mut newer = Self {
            rules: meta::META.iter().filter(|meta| is_newer(meta.since)).map(|meta| meta.rule).collect(),
            shapes: places(token_shapes::ROWS, token_shapes::ABOUT),
            issuers: places(issuers::ROWS, issuers::ABOUT),
            countries: countries.collect(),
            ..Self::default()
        };
        newer.add_keys(|rule| is_newer(rule.since));
        newer
    }

    /// Counts these keys among what is newer.
    pub fn add_keys(&mut self, is_newer: impl Fn(&KeyRule) -> bool) {
        let (newer, older): (Vec<_>, Vec<_>) = KEYS.iter().enumerate().partition(|(_, rule)| is_newer(rule));
        for (place, rule) in newer {
            let is_hidden = older.iter().any(|(_, older)| ends_with_words(rule.words, older.words));
            let is_unknown = matches!(rule.shape, Shape::Veto(_)) || is_hidden;
            let list = if is_unknown { &mut self.unknown_keys } else { &mut self.keys };
            list.push(KeyId(place as u16));
        }
    }

    /// Whether any row of data or key is newer, so that single findings must be asked.
    pub fn has_data(&self) -> bool {
        !(self.keys.is_empty()
            && self.shapes.is_empty()
            && self.issuers.is_empty()
            && self.countries.is_empty())
    }

    /// The token shapes that the pin has.
    pub fn knows_shape(&self, place: usize) -> bool {
        debug_assert!(place < TOKEN_SHAPES.len());
        !self.shapes.contains(&place)
    }

    /// The issuer ranges that the pin has.
    pub fn knows_issuer(&self, place: usize) -> bool {
        debug_assert!(place < ISSUERS.len());
        !self.issuers.contains(&place)
    }
}

/// Whether the last words of a key are those of another: `fcm token` ends with `token`, `pass word`
/// and `password` are one.
fn ends_with_words(words: &str, last: &str) -> bool {
    let rest = words.strip_suffix(last);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
        || words.replace(' ', "") == last.replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::super::{RULESET, all_data, all_meta};
    use super::*;

    #[test]
    fn a_pin_tells_old_from_new() {
        let now = Newer::than(RULESET);
        assert!(now.rules.is_empty() && !now.has_data() && now.unknown_keys.is_empty());
        let before_all = Newer::than("2026.1");
        assert_eq!(before_all.rules.len(), all_meta().len());
        assert_eq!(before_all.keys.len() + before_all.unknown_keys.len(), KEYS.len());
        assert_eq!(before_all.shapes.len(), TOKEN_SHAPES.len());
        assert_eq!(before_all.issuers.len(), ISSUERS.len());
        assert_eq!(before_all.countries, MOBILE_COUNTRIES);
        assert!(Newer::than("nonsense").rules.is_empty());
    }

    #[test]
    fn every_entry_has_a_row() {
        for (rows, entries, about) in [
            (token_shapes::ROWS, TOKEN_SHAPES.len(), token_shapes::ABOUT),
            (issuers::ROWS, ISSUERS.len(), issuers::ABOUT),
            (mobile_codes::ROWS, MOBILE_COUNTRIES.len(), mobile_codes::ABOUT),
        ] {
            assert_eq!(rows.len(), entries);
            assert!(rows.is_sorted());
            assert_eq!(rows.last().map(|row| usize::from(*row) + 1), Some(about.len()));
        }
        assert!(all_data().all(|row| parse_ruleset(row.since) <= parse_ruleset(RULESET)));
        assert!(KEYS.iter().all(|key| parse_ruleset(key.since) <= parse_ruleset(RULESET)));
    }

    #[test]
    fn a_newer_key_that_an_older_one_hides_is_not_known() {
        let place = |words: &str| KEYS.iter().position(|key| key.words == words).unwrap() as u16;
        let mut newer = Newer::default();
        newer.add_keys(|key| matches!(key.words, "access token" | "aadhaar" | "access time"));
        assert_eq!(newer.keys, [KeyId(place("aadhaar"))]);
        assert_eq!(newer.unknown_keys, [KeyId(place("access time")), KeyId(place("access token"))]);
        let newer = KeyRule { ..KEYS[0] }.since("2027.01");
        assert_eq!(newer.since, "2027.01");
    }
}
