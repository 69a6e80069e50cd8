//! Whether only a row of data that is newer than the policy's pinned ruleset finds a value.

use crate::detect::{card, imsi, vendor};
use crate::finding::Match;
use crate::rules::{self, KeyId, Newer};

/// Asked of every match of a policy that pins an older ruleset, and of no other.
pub(super) fn is_newer(newer: &Newer, text: &[u8], found: &Match, key: Option<KeyId>) -> bool {
    if key.is_some_and(|key| newer.keys.contains(&key)) {
        return true;
    }
    let value = text.get(found.start..found.end).unwrap_or_default();
    match found.rule {
        rules::TOKEN_VENDOR => {
            vendor::is_known(text, found.start, |_| true)
                && !vendor::is_known(text, found.start, |place| newer.knows_shape(place))
        }
        // under its key a card needs no issuer
        rules::CARD if key.is_none() => !card::has_issuer(value, |place| newer.knows_issuer(place)),
        rules::IMSI => imsi::country(value).is_some_and(|country| newer.countries.contains(&country)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::Plan;
    use crate::policy::Policy;
    use crate::rules::{ISSUERS, Newer, TOKEN_SHAPES};
    use crate::scan::{Scanner, Scratch};
    use crate::stream::Summary;
    use crate::transform::Clean;

    /// A line redacted where some rows are newer than the pin, and how many findings were in shadow.
    fn redacted(newer: Newer, line: &str) -> (String, u64) {
        let scanner = Scanner::with_plan(Plan::with_newer(&Policy::default(), None, newer).unwrap()).unwrap();
        let (mut out, mut summary) = (Clean::new(), Summary::default());
        scanner.redact(line.as_bytes(), &mut Scratch::default(), &mut out, &mut summary);
        (String::from_utf8(out.as_bytes().to_vec()).unwrap(), summary.shadowed)
    }

    fn keys(words: &'static [&'static str]) -> Newer {
        let mut newer = Newer::default();
        newer.add_keys(|key| words.contains(&key.words));
        newer
    }

    #[test]
    fn a_newer_key_is_counted_and_changes_nothing() {
        let line = "aadhaar=234123412346 passport=C01X00T47";
        let (all, none) = redacted(Newer::default(), line);
        assert_eq!((all.as_str(), none), ("aadhaar=[NATIONAL-ID] passport=[NATIONAL-ID]", 0));
        let (pinned, counted) = redacted(keys(&["aadhaar"]), line);
        assert_eq!((pinned.as_str(), counted), ("aadhaar=234123412346 passport=[NATIONAL-ID]", 1));
        // What an older shape finds in the value of a newer key is found as before.
        let line = "{\"absender\":\"ann@example.com\"}";
        assert_eq!(redacted(keys(&["absender"]), line).0, "{\"absender\":\"[EMAIL]\"}");
        // An older key that the newer one ends with does what it did, and a newer veto spares nothing.
        let line = "access_token=hunter2hunter2";
        assert_eq!(redacted(keys(&["access token"]), line), ("access_token=[TOKEN]".to_owned(), 0));
        let line = "build version=203.0.113.9";
        assert_eq!(redacted(Newer::default(), line).0, line);
        let newer = keys(&["version", "build version"]);
        assert_eq!(redacted(newer, line).0, "build version=[IPV4]");
    }

    #[test]
    fn newer_token_shapes_issuers_and_countries_are_counted_and_change_nothing() {
        let shape = TOKEN_SHAPES.iter().position(|shape| shape.prefix == "AKIA").unwrap();
        let newer = || Newer { shapes: vec![shape], ..Newer::default() };
        let line = "use AKIA2345670ABCDEFGHI or ACCA7FMT2AHOV4CJQX6E";
        assert_eq!(redacted(Newer::default(), line).0, "use [TOKEN] or [TOKEN]");
        assert_eq!(redacted(newer(), line), ("use AKIA2345670ABCDEFGHI or [TOKEN]".to_owned(), 1));
        // The same in an escaped text, and under an older key.
        assert_eq!(redacted(newer(), "q=%41KIA2345670ABCDEFGHI").1, 1);
        assert_eq!(redacted(newer(), "token=AKIA2345670ABCDEFGHI").0, "token=[TOKEN]");

        let mir = ISSUERS.iter().position(|range| range.first == 220_000).unwrap();
        let newer = Newer { issuers: vec![mir], ..Newer::default() };
        let line = "paid 2200001234567891 then 4111111111111111, card=2200001234567891";
        let (text, counted) = redacted(newer, line);
        assert_eq!((text.as_str(), counted), ("paid 2200001234567891 then [CARD], card=[CARD]", 1));

        let newer = Newer { countries: vec![262], ..Newer::default() };
        let (text, counted) = redacted(newer, "imsi=262019876543210 imsi=310150123456789");
        assert_eq!((text.as_str(), counted), ("imsi=262019876543210 imsi=[IMSI]", 1));
    }
}
