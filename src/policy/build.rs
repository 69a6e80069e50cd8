//! Builder calls: what command-line options and library users change on a policy.

use crate::error::Error;
use crate::finding::{Evidence, Finding, TypeId};
use crate::policy::{Action, JsonNumbers, Mode, Policy};

impl Policy {
    /// Switches everything off but what the selectors name.
    ///
    /// # Errors
    /// An unknown selector (`is_usage`).
    pub fn only<S: AsRef<str>>(mut self, selectors: &[S]) -> Result<Self, Error> {
        let selected: Result<Vec<_>, Error> =
            selectors.iter().map(|selector| self.select_rules(selector.as_ref())).collect();
        self.keep_only(&selected?);
        Ok(self)
    }
    /// Switches off what the selectors name: it is never a candidate.
    ///
    /// # Errors
    /// An unknown selector (`is_usage`).
    pub fn skip<S: AsRef<str>>(self, selectors: &[S]) -> Result<Self, Error> {
        self.switch(selectors, false)
    }
    /// Switches on what the selectors name, and leaves the rest as it is.
    ///
    /// # Errors
    /// An unknown selector (`is_usage`).
    pub fn also<S: AsRef<str>>(self, selectors: &[S]) -> Result<Self, Error> {
        self.switch(selectors, true)
    }
    fn switch<S: AsRef<str>>(mut self, selectors: &[S], on: bool) -> Result<Self, Error> {
        for selector in selectors {
            let selected = self.select_rules(selector.as_ref())?;
            for kind in selected.types {
                self.enabled[kind.index()] = on;
            }
            self.rules_off.retain(|rule| !selected.rules.contains(rule));
            if !on {
                self.rules_off.extend(selected.rules);
            }
        }
        Ok(self)
    }
    /// Sets the action of what the selector names.
    ///
    /// # Errors
    /// An unknown selector (`is_usage`).
    pub fn set_action(&mut self, selector: &str, action: Action) -> Result<(), Error> {
        for kind in self.select(selector)? {
            self.actions[kind.index()] = action.clone();
        }
        Ok(())
    }
    /// The same as [`Policy::set_action`], for chains.
    ///
    /// # Errors
    /// An unknown selector (`is_usage`).
    pub fn with_action(mut self, selector: &str, action: Action) -> Result<Self, Error> {
        self.set_action(selector, action)?;
        Ok(self)
    }
    /// Adds an entry to the allow-list; see [`super::Allow::add`] for what it may be.
    ///
    /// # Errors
    /// An entry that can't be read (`is_policy`).
    pub fn allow(mut self, entry: &str) -> Result<Self, Error> {
        self.allow.add(entry)?;
        Ok(self)
    }
    /// Forbids what the selectors name: found values are redacted as always and counted apart.
    ///
    /// # Errors
    /// An unknown selector (`is_usage`).
    pub fn forbid<S: AsRef<str>>(mut self, selectors: &[S]) -> Result<Self, Error> {
        for selector in selectors {
            for kind in self.select(selector.as_ref())? {
                self.forbidden[kind.index()] = true;
                // What is not looked for can't be promised to be absent.
                self.enabled[kind.index()] = true;
            }
        }
        Ok(self)
    }
    /// Sets whether everything is acted on or only counted.
    pub fn with_mode(mut self, mode: Mode) -> Self {
        self.shadow = [mode == Mode::Shadow; super::TYPES];
        self
    }
    /// True if this finding is counted and reported but not replaced: its type or rule is in shadow, or
    /// only a row of data that is newer than the pinned ruleset finds it.
    pub(crate) fn shadows(&self, finding: &Finding) -> bool {
        self.is_shadow(finding.kind, finding.rule) || finding.evidence.has(Evidence::NEWER)
    }
    /// Puts everything in shadow: all types, what places say, and the policies of conditions. Nothing
    /// that a scanner for this policy finds changes a byte.
    pub fn put_in_shadow(&mut self) {
        self.shadow = [true; super::TYPES];
        self.places.put_in_shadow();
        for when in &mut self.when {
            std::sync::Arc::make_mut(&mut when.policy).put_in_shadow();
        }
    }
    /// True if no finding of this policy changes anything; see [`Policy::put_in_shadow`].
    pub fn is_all_shadow(&self) -> bool {
        self.types().all(|kind| self.shadow[kind.index()])
            && self.places.titles().all(|(_, place)| place.mode != Some(Mode::Enforce))
            && self.when.iter().all(|when| when.policy.is_all_shadow())
    }
    /// Sets how numbers in JSON documents are replaced.
    pub fn with_json_numbers(mut self, json_numbers: JsonNumbers) -> Self {
        self.json_numbers = json_numbers;
        self
    }
    /// Sets the least confidence, 0 to 100, of a type.
    pub fn with_min_confidence(mut self, kind: TypeId, confidence: u8) -> Self {
        self.min_confidence[kind.index() % super::TYPES] = confidence.min(100);
        self
    }
    /// Sets the region that national phone numbers are read in (ISO 3166-1 alpha-2).
    ///
    /// # Errors
    /// Anything but two ASCII letters (`is_policy`).
    pub fn with_region(mut self, region: &str) -> Result<Self, Error> {
        self.region = Some(parse_region(region)?);
        Ok(self)
    }
    /// Holds detection at a ruleset, such as `2026.11`: newer rules and rows of data run in shadow.
    ///
    /// # Errors
    /// What is no ruleset (`is_policy`).
    pub fn with_ruleset(mut self, ruleset: &str) -> Result<Self, Error> {
        if !crate::rules::is_ruleset(ruleset) {
            return Err(Error::policy(format!(
                "a ruleset is a year and a month, such as {}",
                crate::rules::RULESET
            )));
        }
        self.ruleset = Some(ruleset.to_owned());
        Ok(self)
    }
    /// Sets the line format (nginx `log_format`, Apache `LogFormat`, or `{ip} – {time} – …`).
    pub fn with_line_format(mut self, format: &str) -> Self {
        self.line_format = Some(format.to_owned());
        self
    }

    /// The input is a table (RFC 4180): its first record names the columns, and a name is the key of
    /// what stands below it. `separator` is a comma, a tab or another byte.
    ///
    /// A record whose quote is not closed on its line, or that has another number of fields, is read
    /// as any other line.
    pub fn with_columns(mut self, separator: u8) -> Self {
        self.columns = Some(separator);
        self
    }

    /// What parts the columns where the input is a table, see [`Policy::with_columns`].
    pub fn columns(&self) -> Option<u8> {
        self.columns
    }
    /// Makes values that look like our own tokens verify everywhere.
    pub fn with_strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }
}

pub(super) fn parse_region(text: &str) -> Result<[u8; 2], Error> {
    let known = match text.as_bytes() {
        [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Some([a.to_ascii_uppercase(), b.to_ascii_uppercase()])
        }
        _ => None,
    };
    #[cfg(feature = "phone")]
    let known = known.filter(|code| std::str::from_utf8(code).is_ok_and(crate::detect::phone::is_region));
    known.ok_or_else(|| {
        Error::policy(
            "a region is the two letters of a country with telephones, such as `DE`, `US` or `GB` (ISO 3166-1)",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_skip_and_also_switch_types() {
        let policy = Policy::default().only(&["payment", "email"]).unwrap().skip(&["iban"]).unwrap();
        let on: Vec<_> = policy.types().filter(|kind| policy.is_enabled(*kind)).collect();
        assert_eq!(on, [TypeId::EMAIL, TypeId::CARD, TypeId::BANK]);
        assert!(policy.clone().also(&["uuid"]).unwrap().is_enabled(TypeId::UUID));
        assert!(policy.only(&["emial"]).is_err());
    }

    #[test]
    fn actions_regions_and_promises_are_set() {
        let policy = Policy::default()
            .with_action("contact", Action::parse("mask:4").unwrap())
            .unwrap()
            .with_region("de")
            .unwrap()
            .only(&["email"])
            .unwrap()
            .forbid(&["card"])
            .unwrap();
        assert_eq!(policy.action(TypeId::PHONE), &Action::parse("mask:4").unwrap());
        assert_eq!(policy.action(TypeId::CARD), &Action::Label);
        assert_eq!(policy.region(), Some("DE"));
        assert!(policy.is_forbidden(TypeId::CARD) && policy.is_enabled(TypeId::CARD));
        #[cfg(feature = "phone")]
        for region in ["UK", "ZZ", "XX"] {
            assert!(Policy::default().with_region(region).is_err(), "{region}");
        }
        for region in ["", "d", "deu", "1a", "é"] {
            assert!(Policy::default().with_region(region).is_err(), "{region}");
        }
    }
}
