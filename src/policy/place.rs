//! Places: what a policy says about a key path, query parameter, cookie or header.

use crate::action::Action;
use crate::fields::{PathPattern, walk};
use crate::finding::TypeId;
use crate::policy::{Mode, Severity};

/// What a place changes for the values that stand there; `None` leaves the type's own setting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Override {
    /// False: nothing is found there. True: types that are off elsewhere are on there.
    pub enabled: Option<bool>,
    /// The whole value is one finding of this type, whatever it looks like.
    pub kind: Option<TypeId>,
    /// What happens to findings there.
    pub action: Option<Action>,
    /// The least confidence there, 0 to 100.
    pub min_confidence: Option<u8>,
    /// How grave a finding there is.
    pub severity: Option<Severity>,
    /// Whether findings there are acted on.
    pub mode: Option<Mode>,
}

/// All places of a policy, the most exact first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    rows: Vec<(PathPattern, Override, String)>,
}

/// The kinds of places that a policy can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PlaceKind {
    Path,
    Query,
    Cookie,
    Header,
}

impl PlaceKind {
    /// The table's name in a policy.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Path => "paths",
            Self::Query => "query",
            Self::Cookie => "cookies",
            Self::Header => "headers",
        }
    }
}

impl Places {
    /// True if the policy names no place: nothing needs to be walked.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// Adds a place or changes what was said of it; `false` if the name is no path.
    pub(crate) fn add(&mut self, kind: PlaceKind, name: &str, change: &Override) -> bool {
        let text = match kind {
            PlaceKind::Path => name.to_owned(),
            _ => format!("{}.{name}", kind.table()),
        };
        let Some(pattern) = PathPattern::parse(&text) else { return false };
        let title = format!("{}.\"{name}\"", kind.table());
        match self.rows.iter_mut().find(|row| row.2 == title) {
            Some(row) => row.1.overlay(change),
            // Headers and cookies of a JSON record stand under a parent of any depth.
            None if kind == PlaceKind::Path => self.rows.push((pattern, change.clone(), title)),
            None => self.rows.push((pattern.under_any(), change.clone(), title)),
        }
        self.rows.sort_by_key(|row| std::cmp::Reverse(row.0.exactness()));
        true
    }
    /// Says of a place, by its title, what another policy said of it.
    pub(crate) fn put(&mut self, title: &str, change: &Override) {
        let kinds = [PlaceKind::Path, PlaceKind::Query, PlaceKind::Cookie, PlaceKind::Header];
        for kind in kinds {
            if let Some(name) = title.strip_prefix(kind.table()).and_then(|rest| rest.strip_prefix(".\"")) {
                self.add(kind, name.trim_end_matches('"'), change);
            }
        }
    }
    /// Nothing that a place says is acted on any more.
    pub(crate) fn put_in_shadow(&mut self) {
        self.rows.iter_mut().for_each(|row| row.1.mode = Some(Mode::Shadow));
    }
    /// The names and changes, as the policy wrote them.
    pub(crate) fn titles(&self) -> impl Iterator<Item = (&str, &Override)> {
        self.rows.iter().map(|(_, change, title)| (title.as_str(), change))
    }
    /// Calls `sink` with each value of a record that a place speaks of (bytes `start..end` of the
    /// record, quotes left out) and what it says. The most exact place wins; where values are
    /// nested, the inner one is told first.
    pub(crate) fn find(&self, record: &[u8], sink: &mut dyn FnMut(usize, usize, &Override)) {
        self.find_titled(record, &mut |start, end, change, _| sink(start, end, change));
    }
    /// Like [`Places::find`], with the name of the place as the policy wrote it.
    pub(crate) fn find_titled(&self, record: &[u8], sink: &mut dyn FnMut(usize, usize, &Override, &str)) {
        if self.rows.is_empty() {
            return;
        }
        walk(record, &mut |field| {
            let row = self.rows.iter().find(|(pattern, _, _)| pattern.matches(field.path));
            if let Some((_, change, title)) = row {
                sink(field.start, field.end, change, title);
            }
        });
    }
    /// The place that the bytes `start..end` of a record stand in, the innermost, by its name.
    #[cfg(feature = "cli")]
    pub(crate) fn around(&self, record: &[u8], start: usize, end: usize) -> Option<(Override, String)> {
        let mut found = None;
        self.find_titled(record, &mut |from, to, change, title| {
            if from <= start && end <= to && found.is_none() {
                found = Some((change.clone(), title.to_owned()));
            }
        });
        found
    }
}

impl Override {
    /// What `later` says wins.
    fn overlay(&mut self, later: &Override) {
        let Override { enabled, kind, action, min_confidence, severity, mode } = later.clone();
        self.enabled = enabled.or(self.enabled);
        self.kind = kind.or(self.kind);
        self.action = action.or(self.action.take());
        self.min_confidence = min_confidence.or(self.min_confidence);
        self.severity = severity.or(self.severity);
        self.mode = mode.or(self.mode);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_place_speaks() {
        let mut places = Places::default();
        let with =
            |action: &str| Override { action: Some(Action::parse(action).unwrap()), ..Override::default() };
        assert!(places.add(PlaceKind::Path, "**.email", &with("mask")));
        assert!(places.add(PlaceKind::Path, "user.email", &with("keep")));
        assert!(places.add(PlaceKind::Query, "q", &with("remove")));
        assert!(places.add(PlaceKind::Header, "X-Id", &with("token")));
        assert!(!places.add(PlaceKind::Path, "a..b", &with("mask")));
        let found = |record: &str| {
            let mut found = Vec::new();
            places.find(record.as_bytes(), &mut |start, end, change| {
                found.push(format!("{} {}", &record[start..end], change.action.as_ref().unwrap()));
            });
            found
        };
        assert_eq!(found(r#"{"user":{"email":"a@b.c"},"x":{"email":"d"}}"#), ["a@b.c keep", "d mask"]);
        assert_eq!(found("GET /?q=hi&r=2 HTTP/1.1"), ["hi remove"]);
        assert_eq!(found("X-ID: 77"), ["77 token"]);
        assert_eq!(found(r#"{"request":{"headers":{"x-id":"77"}}}"#), ["77 token"]);
        assert!(found("nothing here").is_empty());
    }
}
