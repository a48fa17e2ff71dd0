//! Which words of a text are others. The library needs no clock to end in time: its work is bounded by the texts.

use imara_diff::{Algorithm, Diff, InternedInput};

/// So few words that stay between two changes belong to one change: what is read at once is shown at once.
const BETWEEN_MAX: u32 = 2;

/// Words shown before a change, so that its place can be found.
const BEFORE_MAX: u32 = 4;

/// What changed in a text, word by word. White space does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// How many words came.
    pub added: usize,
    /// How many went.
    pub removed: usize,
    /// Where, in the order of the text.
    pub hunks: Vec<Hunk>,
}

/// A place where words are others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Some words in front of it.
    pub behind: String,
    /// The words that went.
    pub removed: String,
    /// The words that came.
    pub added: String,
}

impl Words {
    /// Compares two texts; `None` when they say the same.
    #[must_use]
    pub fn compare(before: &str, after: &str) -> Option<Self> {
        let (old, new): (Vec<&str>, Vec<&str>) =
            (before.split_whitespace().collect(), after.split_whitespace().collect());
        if old == new {
            return None;
        }
        let mut input: InternedInput<&str> = InternedInput::default();
        input.update_before(old.iter().copied());
        input.update_after(new.iter().copied());
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_no_heuristic(&input);
        let mut hunks: Vec<imara_diff::Hunk> = Vec::new();
        let (mut added, mut removed) = (0, 0);
        for hunk in diff.hunks() {
            added += hunk.after.len();
            removed += hunk.before.len();
            match hunks.last_mut().filter(|last| hunk.before.start - last.before.end <= BETWEEN_MAX) {
                Some(last) => {
                    last.before.end = hunk.before.end;
                    last.after.end = hunk.after.end;
                }
                None => hunks.push(hunk),
            }
        }
        let joined = |words: &[&str], from: u32, to: u32| words[from as usize..to as usize].join(" ");
        let hunks = hunks
            .into_iter()
            .map(|hunk| Hunk {
                behind: joined(&new, hunk.after.start.saturating_sub(BEFORE_MAX), hunk.after.start),
                removed: joined(&old, hunk.before.start, hunk.before.end),
                added: joined(&new, hunk.after.start, hunk.after.end),
            })
            .collect();
        Some(Self { added, removed, hunks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brief(before: &str, after: &str) -> Option<String> {
        let words = Words::compare(before, after)?;
        let hunks = words.hunks.iter().map(|hunk| format!("{}[{}|{}]", hunk.behind, hunk.removed, hunk.added));
        Some(format!("+{} -{} {}", words.added, words.removed, hunks.collect::<Vec<_>>().join(" ")))
    }

    #[test]
    fn words_that_are_others() {
        let cases = [
            ("a b c", "a b c", None),
            ("a  b\nc", " a b c ", None),
            ("", "a", Some("+1 -0 [|a]")),
            ("a b", "", Some("+0 -2 [a b|]")),
            ("one two three four five six", "one two three four FIVE six", Some("+1 -1 one two three four[five|FIVE]")),
            ("a b c d e", "A b c D e", Some("+2 -2 [a b c d|A b c D]")),
            ("a b c d e f", "A b c d E f", Some("+2 -2 [a|A] A b c d[e|E]")),
        ];
        for (before, after, expected) in cases {
            assert_eq!(brief(before, after).as_deref(), expected, "{before:?} {after:?}");
        }
    }

    /// Each word of the longest answers is another one, or all are the same two in another order.
    #[test]
    fn long_texts_without_a_common_word_are_compared_in_time() {
        let text = |seed: u64, kinds: u64| {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % kinds
            };
            (0..40_000).map(|_| next().to_string()).collect::<Vec<_>>().join(" ")
        };
        for kinds in [2, 50, 1_000_000_000] {
            let words = Words::compare(&text(1, kinds), &text(2, kinds)).expect("a difference");
            assert!(words.added > 1_000 && words.added == words.removed, "{kinds}");
        }
    }
}
