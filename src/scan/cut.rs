//! Where a record that is too long may be cut in two without cutting a value in two: at white space, far
//! from everything that could be found, and where both parts alone hold what they hold together.

use super::{Carry, Engine, Scanner, Scratch};
use crate::classify::{Candidates, Kind};

/// The longest span that a finding can have on either side of its candidate, in bytes.
pub(crate) const MAX_SPAN_BYTES: usize = 1024;
/// How many places are tried in one window.
const MAX_TRIES: usize = 4;

/// Where something could stand, in order. Behind words the filter offers more than words that announce
/// anything (`word ` ends as `password ` does): these are asked here, else a long line of prose had no
/// place to be cut.
fn offered(engine: &Engine, window: &[u8], candidates: &Candidates) -> Vec<usize> {
    let mut places: Vec<usize> = candidates.all().map(|c| c.at as usize).collect();
    places.sort_unstable();
    let phrases = candidates.of(Kind::Phrase).iter().map(|c| c.at as usize);
    let mut idle: Vec<usize> = phrases.filter(|at| !engine.phrases.announces(window, *at)).collect();
    let announced = candidates.of(Kind::Announced).iter().map(|c| c.at as usize);
    idle.extend(announced.filter(|at| engine.keys.key_ending_at(window, at - 1).is_none()));
    idle.sort_unstable();
    let mut idle = idle.into_iter().peekable();
    // one candidate less for each: another kind may stand at the same place
    places.retain(|at| idle.next_if_eq(at).is_none());
    places
}

/// The last places in `window` that are ASCII white space, outside quotes, at least [`MAX_SPAN_BYTES`]
/// from every candidate and from the end of the window, and as far from each other; a cut is behind.
pub(super) fn places(engine: &Engine, window: &[u8], candidates: &Candidates) -> Vec<usize> {
    let mut places = Vec::new();
    let Some(mut last) = window.len().checked_sub(MAX_SPAN_BYTES) else { return places };
    let offered = offered(engine, window, candidates);
    let mut quotes = window.iter().filter(|b| **b == b'"').count();
    let mut next = offered.len();
    for at in (MAX_SPAN_BYTES..window.len()).rev() {
        if window[at] == b'"' {
            quotes -= 1;
        }
        while next > 0 && offered[next - 1] >= at {
            next -= 1;
        }
        let far = |p: Option<&usize>| p.is_none_or(|p| p.abs_diff(at) >= MAX_SPAN_BYTES);
        let before = next.checked_sub(1).and_then(|i| offered.get(i));
        if at <= last
            && matches!(window[at], b' ' | b'\t')
            && quotes.is_multiple_of(2)
            && far(offered.get(next))
            && far(before)
            && !window[at - 1..].starts_with(b"\\")
        {
            places.push(at + 1);
            if places.len() == MAX_TRIES {
                break;
            }
            last = at.saturating_sub(MAX_SPAN_BYTES);
        }
    }
    places
}

/// The first place at which the window falls into two parts that are found the same things in as in the
/// whole: a header of a thousand cookies, a field of a line format or a match of a user's rule may reach
/// farther than any candidate says.
///
/// What depends on the whole record is never cut: a condition of the policy, its line format, columns, an
/// action that drops the record.
pub(super) fn first_that_agrees(
    scanner: &Scanner,
    window: &[u8],
    carry: &Carry,
    places: &[usize],
    scratch: &mut Scratch,
) -> Option<usize> {
    let plan = &scanner.engine.plan;
    if places.is_empty()
        || plan.drops_records
        || plan.line_format.is_some()
        || plan.policy.columns().is_some()
        || carry.columns.is_some()
        || plan.policy.conditions().next().is_some()
    {
        return None;
    }
    let mut found = |text: &[u8], from: usize| -> Vec<_> {
        scanner.scan_with_carry(text, carry.clone(), scratch);
        scratch.findings.iter().map(|f| (f.start + from, f.end + from, f.kind)).collect()
    };
    let whole = found(window, 0);
    places.iter().copied().find(|place| {
        let (head, rest) = window.split_at(*place);
        let of_head = whole.partition_point(|(start, ..)| start < place);
        found(head, 0) == whole[..of_head] && found(rest, *place) == whole[of_head..]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Policy, Scanner, Scratch};

    fn cut_for(policy: &Policy, window: &[u8]) -> Option<usize> {
        Scanner::new(policy).unwrap().cut_point(window, &Carry::default(), &mut Scratch::default())
    }

    fn cut(window: &[u8]) -> Option<usize> {
        cut_for(&Policy::default(), window)
    }

    #[test]
    fn prose_is_cut_unless_a_word_announces_something() {
        // endings of `password`, `sidecode`, `vorname`; words for national numbers are asked too
        let prose = b"a sword and some other ford were on board, we heard.\n"[..52].to_vec();
        let line = [&prose[..], b" "].concat().repeat(200);
        let at = cut(&line).expect("prose has a place to be cut");
        assert!(line[at - 1] == b' ' && line.len() - at >= MAX_SPAN_BYTES - 1, "{at}");
        let mut announced = line.clone();
        announced.extend_from_slice(b"password hunter2 ");
        let near = announced.len();
        announced.extend_from_slice(&line[..500]);
        let at = cut(&announced).unwrap();
        assert!(near - at >= MAX_SPAN_BYTES, "{at} is too near to the password at {near}");
    }

    #[test]
    fn cuts_are_far_from_candidates_and_outside_quotes() {
        let words = b"word ".repeat(2000);
        assert_eq!(cut(&words), Some(8975));
        assert_eq!(cut(&b"x".repeat(9000)), None);
        let mut quoted = b"\"".to_vec();
        quoted.extend_from_slice(&words);
        assert_eq!(cut(&quoted), None);
        let mut near = words.clone();
        near.extend_from_slice(b"ann@example.com");
        let at = cut(&near).unwrap();
        assert!(near.len() - at > MAX_SPAN_BYTES && near[at - 1] == b' ');
    }

    #[test]
    fn what_reaches_farther_than_its_candidate_is_not_cut() {
        // a cut is far from both the start and the header
        let words = b"word ".repeat(600);
        let cookies = [&words[..], b"Cookie: ", &b"a=b; ".repeat(500)].concat();
        let at = cut(&cookies).expect("the words before can be cut");
        assert!(at <= words.len(), "{at} is among the cookies");
        // without the words there is no place
        assert_eq!(cut(&cookies[words.len()..]), None);
    }

    #[test]
    fn what_depends_on_the_whole_record_is_not_cut() {
        let words = b"word ".repeat(2000);
        let drops = Policy::default().with_action("email", crate::Action::DropRecord).unwrap();
        assert_eq!(cut_for(&drops, &words), None);
        assert_eq!(cut_for(&Policy::default().with_columns(b','), &words), None);
        #[cfg(feature = "policy-toml")]
        for text in ["line_format = '{ip} {free-text}'\n", "[[when]]\nshape = \"text\"\nuse = \"default\"\n"]
        {
            assert_eq!(cut_for(&Policy::from_toml("test", text).unwrap(), &words), None, "{text}");
        }
    }
}
