//! Many windows looked for at once: a packed search offers places, exact tables say which windows
//! stand there, and each window belongs to the rules that need it.

use std::collections::BTreeMap;

use super::window::{BEFORE, LENGTH, Window};
use crate::simd::{Kernel, Windows};

/// More windows than this are made fewer by joining those of a rule.
const MAX_WINDOWS: usize = 4096;
/// One row for each byte and one for "behind an end of the text".
const ROWS: usize = 257;

/// Which rules need which windows, ready to search.
#[derive(Default)]
pub(super) struct Filter {
    packed: Windows,
    /// For each place of a window and each byte, a bit for each window that lets it pass.
    exact: Vec<u64>,
    /// 64-bit words of a row.
    words: usize,
    owners: Vec<Vec<u16>>,
}

impl Filter {
    /// A filter for rules, each of which needs one of its windows.
    pub(super) fn new(mut needs: Vec<(u16, Vec<Window>)>) -> Self {
        if needs.iter().map(|(_, windows)| windows.len()).sum::<usize>() > MAX_WINDOWS {
            for (_, windows) in &mut needs {
                *windows = windows.iter().copied().reduce(|one, other| one.or(&other)).into_iter().collect();
            }
        }
        let mut owners: BTreeMap<Window, Vec<u16>> = BTreeMap::new();
        for (rule, windows) in needs {
            for window in windows {
                owners.entry(window).or_default().push(rule);
            }
        }
        let (mut windows, owners): (Vec<Window>, Vec<_>) = owners.into_iter().unzip();
        let words = windows.len().div_ceil(64);
        let mut filter =
            Self { packed: Windows::default(), exact: vec![0; LENGTH * ROWS * words], words, owners };
        for (number, window) in windows.iter().enumerate() {
            filter.add_exact(number, window);
        }
        // windows that begin alike share a group, which keeps the others sharp
        windows.sort_unstable_by(|one, other| one.first().cmp(other.first()));
        let count = windows.len();
        for (place, window) in windows.iter().enumerate() {
            filter.add_packed(window, place * 8 / count);
        }
        filter
    }

    fn add_exact(&mut self, number: usize, window: &Window) {
        for place in 0..LENGTH {
            let rows = (0..=255).map(|byte| window.at(place).has(byte)).chain([window.is_open(place)]);
            for (row, passes) in rows.enumerate() {
                let word = (place * ROWS + row) * self.words + number / 64;
                self.exact[word] |= u64::from(passes) << (number % 64);
            }
        }
    }

    fn add_packed(&mut self, window: &Window, group: usize) {
        for (place, set) in window.first().iter().enumerate() {
            (0..=255).filter(|byte| set.has(*byte)).for_each(|byte| self.packed.allow(place, byte, group));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Calls `hit` with a place of the text and the rules one of whose windows stands there.
    #[inline]
    pub(super) fn search(&self, kernel: Kernel, text: &[u8], mut hit: impl FnMut(usize, &[u16])) {
        if self.is_empty() {
            return;
        }
        kernel.windows(text, &self.packed, |at| {
            let whole = at.checked_sub(BEFORE).and_then(|from| text.get(from..from + LENGTH));
            for word in 0..self.words {
                let mut passing = match whole.and_then(|bytes| <&[u8; LENGTH]>::try_from(bytes).ok()) {
                    Some(bytes) => self.passing(word, |place| usize::from(bytes[place])),
                    None => self.passing(word, |place| {
                        let byte = Window::position(at, place).and_then(|position| text.get(position));
                        byte.map_or(ROWS - 1, |byte| usize::from(*byte))
                    }),
                };
                while passing != 0 {
                    if let Some(rules) = self.owners.get(word * 64 + passing.trailing_zeros() as usize) {
                        hit(at, rules);
                    }
                    passing &= passing - 1;
                }
            }
        });
    }

    /// Of 64 windows those that let pass what stands in the rows; the part that was looked for first
    /// turns most away.
    #[inline]
    fn passing(&self, word: usize, row: impl Fn(usize) -> usize) -> u64 {
        let mut passing = u64::MAX;
        for place in (BEFORE..LENGTH).chain(0..BEFORE) {
            let row = (place * ROWS + row(place)) * self.words + word;
            passing &= self.exact.get(row).copied().unwrap_or(0);
            if passing == 0 {
                break;
            }
        }
        passing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_named_where_its_window_stands() {
        let word = |word: &[u8]| Window::of_word(word, true);
        let mut needs: Vec<(u16, Vec<Window>)> =
            (0..200).map(|n| (n, vec![word(format!("badge{n:03}").as_bytes())])).collect();
        needs.push((200, vec![word(b"xyz"), word(b"badge007")]));
        for needs in [needs.clone(), (0..30).flat_map(|_| needs.clone()).collect()] {
            let filter = Filter::new(needs);
            for kernel in Kernel::available() {
                let mut hits: Vec<(usize, u16)> = Vec::new();
                let text = b"XYZ BADGE017 badge 003 badge199. badge20 badge007";
                filter.search(kernel, text, |at, rules| hits.extend(rules.iter().map(|rule| (at, *rule))));
                let mut rules: Vec<u16> = hits.iter().map(|hit| hit.1).collect();
                rules.sort_unstable();
                rules.dedup();
                assert_eq!(rules, [7, 17, 199, 200], "{kernel:?}");
            }
        }
    }
}
