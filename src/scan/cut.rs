//! Where a record that is too long may be cut in two without cutting a value in two.

use super::Engine;
use crate::classify::{Candidates, Kind};

/// The longest span that a finding can have on either side of its candidate, in bytes.
pub(crate) const MAX_SPAN_BYTES: usize = 1024;

/// Where something could stand, in order. Behind words the filter offers more than words that announce
/// anything (`word ` ends as `password ` does): these are asked here, else a long line of prose had no
/// place to be cut.
fn places(engine: &Engine, window: &[u8], candidates: &Candidates) -> Vec<usize> {
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

/// The last place in `window` that is ASCII white space, outside quotes, and at least
/// [`MAX_SPAN_BYTES`] from every candidate and from the end of the window; the cut is behind it.
pub(super) fn point(engine: &Engine, window: &[u8], candidates: &Candidates) -> Option<usize> {
    let places = places(engine, window, candidates);
    let mut quotes = window.iter().filter(|b| **b == b'"').count();
    let last = window.len().checked_sub(MAX_SPAN_BYTES)?;
    let mut next = places.len();
    for at in (MAX_SPAN_BYTES..window.len()).rev() {
        if window[at] == b'"' {
            quotes -= 1;
        }
        while next > 0 && places[next - 1] >= at {
            next -= 1;
        }
        let far = |p: Option<&usize>| p.is_none_or(|p| p.abs_diff(at) >= MAX_SPAN_BYTES);
        let before = next.checked_sub(1).and_then(|i| places.get(i));
        if at <= last
            && matches!(window[at], b' ' | b'\t')
            && quotes.is_multiple_of(2)
            && far(places.get(next))
            && far(before)
            && !window[at - 1..].starts_with(b"\\")
        {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Policy, Scanner, Scratch};

    fn cut(window: &[u8]) -> Option<usize> {
        Scanner::new(&Policy::default()).unwrap().cut_point(window, &mut Scratch::default())
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
}
