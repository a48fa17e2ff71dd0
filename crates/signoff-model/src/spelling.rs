//! How far words are from each other: what a misspelt one may be meant for.

/// Most edits between a word and what it may be meant for, however long it is.
const DISTANCE_MAX: usize = 8;

/// The name that `wrong` may be meant for: at most two letters away, or a third of its length.
#[must_use]
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let length = wrong.chars().count();
    let most = 2.max(length / 3).min(DISTANCE_MAX).min(length.saturating_sub(1));
    // Words whose lengths differ by more cannot be so near.
    let near = known.filter(|name| name.chars().count().abs_diff(length) <= most && shares_an_end(wrong, name));
    let nearest = near.fold(None, |nearest: Option<(usize, &str)>, name| {
        let most = nearest.map_or(most, |(edits, _)| edits);
        let found = distance_within(wrong, name, most).map(|edits| (edits, name));
        found.into_iter().chain(nearest).min()
    });
    nearest.map(|(_, name)| name.to_owned())
}

/// Whether two words begin or end alike, as a word and its misspelling do: a cheap test before the dear one.
fn shares_an_end(left: &str, right: &str) -> bool {
    let alike = |left: Option<char>, right: Option<char>| {
        left.zip(right).is_some_and(|(left, right)| left.eq_ignore_ascii_case(&right))
    };
    alike(left.chars().next(), right.chars().next()) || alike(left.chars().next_back(), right.chars().next_back())
}

/// Most letters of a word that are compared.
const LETTERS_MAX: usize = 64;

/// Edits (insertions, deletions, replacements, swaps of neighbours) between two words, letter case aside; `None` for
/// more than `most`.
#[must_use]
pub fn distance_within(left: &str, right: &str, most: usize) -> Option<usize> {
    if left.is_ascii() && right.is_ascii() {
        let first = |word: &str| word.as_bytes()[..word.len().min(LETTERS_MAX)].to_ascii_lowercase();
        if are_far(left.as_bytes(), right.as_bytes(), most) {
            return None;
        }
        return edits_within(&first(left), &first(right), most);
    }
    let first = |word: &str| -> Vec<char> { word.chars().take(LETTERS_MAX).flat_map(char::to_lowercase).collect() };
    edits_within(&first(left), &first(right), most)
}

/// Whether two short words differ by more than `most` edits at a glance: each edit brings one letter at most.
fn are_far(left: &[u8], right: &[u8], most: usize) -> bool {
    if left.len().max(right.len()) > LETTERS_MAX {
        return false;
    }
    if left.len().abs_diff(right.len()) > most {
        return true;
    }
    let letters = |word: &[u8]| word.iter().fold(0u64, |set, byte| set | 1 << (byte.to_ascii_lowercase() % 64));
    let (left, right) = (letters(left), letters(right));
    (left & !right).count_ones().max((right & !left).count_ones()) as usize > most
}

/// The rows of the usual table of edits, each only as far from its diagonal as `most` edits lead.
fn edits_within<T: PartialEq>(left: &[T], right: &[T], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let far = most + 1;
    // Edits between the left word's first letters and each beginning of the right one; the two rows before it.
    let mut row = vec![far; right.len() + 1];
    let (mut last, mut before) = ((0..=right.len()).collect::<Vec<usize>>(), row.clone());
    let mut nearest_last = 0;
    for (i, a) in left.iter().enumerate() {
        let (from, to) = (i.saturating_sub(most), right.len().min(i + far));
        row[from] = if from == 0 { i + 1 } else { far };
        let mut nearest = row[from];
        for j in from..to {
            let b = &right[j];
            let mut best = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row[j + 1] = best;
            nearest = nearest.min(best);
        }
        if let Some(behind) = row.get_mut(to + 1) {
            *behind = far;
        }
        // What follows is no nearer than the nearest of two rows.
        if nearest.min(nearest_last) > most {
            return None;
        }
        nearest_last = nearest;
        (before, last, row) = (last, row, before);
    }
    Some(last[right.len()]).filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let cases = [
            ("goals", "Goals", 2, Some(0)),
            ("abcd", "abxy", 2, Some(2)),
            ("abcd", "axyz", 2, None),
            ("abcd", "badc", 2, Some(2)),
            ("tests", "tests ab", 2, None),
            ("ärger", "arger", 2, Some(1)),
            ("", "ab", 2, Some(2)),
            ("abcdefgh", "cdefghij", 4, Some(4)),
            ("abcdefgh", "cdefghij", 3, None),
            ("abcdefgh", "badcfehg", 4, Some(4)),
            ("abcdefgh", "badcfehg", 3, None),
            ("graduation", "gradutaion criteria", 9, None),
            ("graduation", "gradutaion criteria", 10, Some(10)),
        ];
        for (left, right, most, expected) in cases {
            assert_eq!(distance_within(left, right, most), expected, "{left} {right}");
        }
    }
}
