//! Where a record that is too long may be cut in two without cutting a value in two.

use crate::classify::Candidates;

/// The longest span that a finding can have on either side of its candidate, in bytes.
pub(crate) const MAX_SPAN_BYTES: usize = 1024;

/// The last place in `window` that is ASCII white space, outside quotes, and at least
/// [`MAX_SPAN_BYTES`] from every candidate and from the end of the window; the cut is behind it.
pub(super) fn point(window: &[u8], candidates: &Candidates) -> Option<usize> {
    let mut places: Vec<usize> = candidates.all().map(|c| c.at as usize).collect();
    places.sort_unstable();
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
    use crate::classify::{Collector, KeyFilter};
    use crate::simd::Kernel;

    fn cut(window: &[u8]) -> Option<usize> {
        let filter = KeyFilter::new();
        let mut candidates = Candidates::default();
        let mut collector = Collector::new(window, &filter, &mut candidates);
        Kernel::SCALAR.feed(window, &mut collector);
        collector.done();
        point(window, &candidates)
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
