//! The nearest known name to a mistyped one, for error messages.

/// The name among `known` that needs the fewest edits to become `word`, if it is near enough to be
/// what was meant: at most a third of the longer one's letters.
pub(crate) fn nearest<I, S>(word: &str, known: I) -> Option<String>
where
    I: IntoIterator<Item = S>,
    S: AsRef<str>,
{
    let word = word.to_ascii_lowercase();
    known
        .into_iter()
        .map(|name| (distance(&word, name.as_ref()), name))
        .filter(|(distance, name)| *distance * 3 <= word.len().max(name.as_ref().len()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name.as_ref().to_owned())
}

/// Edits (insert, delete, replace, swap of neighbours) between two short words.
fn distance(left: &str, right: &str) -> usize {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let width = right.len() + 1;
    let mut rows = vec![0usize; (left.len() + 1) * width];
    for (at, cell) in rows.iter_mut().enumerate() {
        let (i, j) = (at / width, at % width);
        if i == 0 || j == 0 {
            *cell = i + j;
        }
    }
    for i in 1..=left.len() {
        for j in 1..=right.len() {
            let same = left[i - 1] == right[j - 1];
            let mut best = rows[(i - 1) * width + j - 1] + usize::from(!same);
            best = best.min(rows[(i - 1) * width + j] + 1).min(rows[i * width + j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[(i - 2) * width + j - 2] + 1);
            }
            rows[i * width + j] = best;
        }
    }
    rows[left.len() * width + right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_named_and_far_ones_are_not() {
        let known = ["email", "phone", "device-id", "device-name"];
        for (word, expect) in [
            ("emial", Some("email")),
            ("Email", Some("email")),
            ("fone", None),
            ("device_id", Some("device-id")),
            ("devicename", Some("device-name")),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known).as_deref(), expect, "{word}");
        }
    }
}
