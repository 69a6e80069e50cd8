//! Path patterns: which fields of a record a policy or a rule means.

/// One name of a path pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Name(Vec<u8>),
    /// `*`: one name.
    One,
    /// `**`: any number of names, none included.
    Any,
}

/// A path pattern: names joined by `.`, `*` for one name, `**` for any number. Names are compared
/// without regard to ASCII case; `[*]` and `[]` after a name stand for the elements of an array,
/// which have the array's own path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathPattern(Vec<Segment>);

impl PathPattern {
    /// Reads a pattern; `None` if a name is empty.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = text.replace("[*]", "").replace("[]", "");
        let segments = plain.split('.').map(|name| match name {
            "" => None,
            "*" => Some(Segment::One),
            "**" => Some(Segment::Any),
            name => Some(Segment::Name(name.as_bytes().to_vec())),
        });
        segments.collect::<Option<Vec<_>>>().map(Self)
    }
    /// The same pattern under any parent.
    pub(crate) fn under_any(mut self) -> Self {
        self.0.insert(0, Segment::Any);
        self
    }
    /// True if the path is one that the pattern means.
    pub(crate) fn matches(&self, path: &[&[u8]]) -> bool {
        matches(&self.0, path)
    }
    /// More names make a pattern more exact, stars less.
    pub(crate) fn exactness(&self) -> (usize, usize) {
        let names = self.0.iter().filter(|segment| matches!(segment, Segment::Name(_))).count();
        (names, usize::MAX - (self.0.len() - names))
    }
}

/// Greedy matching with one point to return to: at most pattern times path steps.
fn matches(pattern: &[Segment], path: &[&[u8]]) -> bool {
    let (mut at, mut name) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while name < path.len() {
        let fits = match pattern.get(at) {
            Some(Segment::Any) => {
                retry = Some((at + 1, name));
                at += 1;
                continue;
            }
            Some(Segment::One) => true,
            Some(Segment::Name(expect)) => path[name].eq_ignore_ascii_case(expect),
            None => false,
        };
        if fits {
            (at, name) = (at + 1, name + 1);
        } else if let Some((after, from)) = retry {
            retry = Some((after, from + 1));
            (at, name) = (after, from + 1);
        } else {
            return false;
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|segment| *segment == Segment::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_paths() {
        for (pattern, path, expect) in [
            ("user.email", "user.email", true),
            ("user.email", "User.EMAIL", true),
            ("user.email", "x.user.email", false),
            ("user.email", "user.email.x", false),
            ("**.token", "token", true),
            ("**.token", "a.b.token", true),
            ("**.token", "a.token.b", false),
            ("**.a.**.b", "x.a.y.a.z.b", true),
            ("user.*", "user.name", true),
            ("user.*", "user", false),
            ("user.*.id", "user.a.b.id", false),
            ("users[*].id", "users.id", true),
            ("**", "a.b", true),
        ] {
            let path: Vec<&[u8]> = path.split('.').map(str::as_bytes).collect();
            assert_eq!(PathPattern::parse(pattern).unwrap().matches(&path), expect, "{pattern} {path:?}");
        }
        for bad in ["", "a..b", ".a", "a."] {
            assert!(PathPattern::parse(bad).is_none(), "{bad}");
        }
    }
}
