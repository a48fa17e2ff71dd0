//! Where two texts say something else, passage by passage: what is wrapped otherwise is the same.

use imara_diff::{Algorithm, Diff, InternedInput};

/// Words that are shown beside a change; of more, these remain.
const BESIDE_MAX: usize = 12;
/// Two passages of which fewer words in a hundred are the same are two, and not one that changed.
const ALIKE_MIN: usize = 30;

/// A passage that changed: a paragraph, a heading, a list, or what else stands between blank lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The line of the later text in which it begins, or in front of which it stood; from 1.
    pub line: usize,
    /// Its words in their order.
    pub pieces: Vec<Piece>,
}

/// Words of a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// They stand in both texts.
    Same(String),
    /// They went.
    Removed(String),
    /// They came.
    Added(String),
}

/// A passage of a text with the line that it begins in.
struct Block<'t> {
    line: usize,
    words: Vec<&'t str>,
}

/// The passages of two texts that are others, in the order of the later one.
#[must_use]
pub fn passages(before: &str, after: &str) -> Vec<Passage> {
    let (old, new) = (blocks(before), blocks(after));
    let mut input: InternedInput<&[&str]> = InternedInput::default();
    input.update_before(old.iter().map(|block| &*block.words));
    input.update_after(new.iter().map(|block| &*block.words));
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let mut passages = Vec::new();
    for hunk in diff.hunks() {
        let gone = &old[hunk.before.start as usize..hunk.before.end as usize];
        let come = &new[hunk.after.start as usize..hunk.after.end as usize];
        let end = new.get(hunk.after.end as usize).or(new.last()).map_or(1, |block| block.line);
        for at in 0..gone.len().max(come.len()) {
            let line = come.get(at).map_or(end, |block| block.line);
            let changed = match (gone.get(at), come.get(at)) {
                (Some(gone), Some(come)) => changed(&gone.words, &come.words),
                (Some(gone), None) => vec![Piece::Removed(gone.words.join(" "))],
                (None, Some(come)) => vec![Piece::Added(come.words.join(" "))],
                (None, None) => Vec::new(),
            };
            passages.push(Passage { line, pieces: changed });
        }
    }
    passages
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut is_open = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            is_open = false;
            continue;
        }
        if !std::mem::replace(&mut is_open, true) {
            blocks.push(Block { line: at + 1, words: Vec::new() });
        }
        if let Some(block) = blocks.last_mut() {
            block.words.extend(line.split_whitespace());
        }
    }
    blocks
}

/// A passage in place of another: its words, or the one behind the other where they have little in common.
fn changed(old: &[&str], new: &[&str]) -> Vec<Piece> {
    let mut input: InternedInput<&str> = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let added: usize = diff.hunks().map(|hunk| hunk.after.len()).sum();
    if (new.len() - added) * 100 < ALIKE_MIN * new.len().max(old.len()) {
        return vec![Piece::Removed(old.join(" ")), Piece::Added(new.join(" "))];
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    for hunk in diff.hunks() {
        same(&new[from..hunk.after.start as usize], from > 0, true, &mut pieces);
        let removed = &old[hunk.before.start as usize..hunk.before.end as usize];
        let added = &new[hunk.after.start as usize..hunk.after.end as usize];
        pieces.extend((!removed.is_empty()).then(|| Piece::Removed(removed.join(" "))));
        pieces.extend((!added.is_empty()).then(|| Piece::Added(added.join(" "))));
        from = hunk.after.end as usize;
    }
    same(&new[from..], true, false, &mut pieces);
    pieces
}

/// Adds words that stayed; of many, those beside a change, which is in front of them or behind.
fn same(words: &[&str], is_behind_change: bool, is_before_change: bool, pieces: &mut Vec<Piece>) {
    if words.is_empty() {
        return;
    }
    let (first, last) = (usize::from(is_behind_change) * BESIDE_MAX, usize::from(is_before_change) * BESIDE_MAX);
    let text = if words.len() <= first + last + 1 {
        words.join(" ")
    } else {
        let (head, tail) = (&words[..first], &words[words.len() - last..]);
        [head.join(" "), "…".to_owned(), tail.join(" ")].join(" ").trim().to_owned()
    };
    pieces.push(Piece::Same(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> Vec<String> {
        let word = |piece: &Piece| match piece {
            Piece::Same(text) => text.clone(),
            Piece::Removed(text) => format!("[-{text}-]"),
            Piece::Added(text) => format!("[+{text}+]"),
        };
        let told = |passage: &Passage| {
            format!("{}: {}", passage.line, passage.pieces.iter().map(word).collect::<Vec<_>>().join(" "))
        };
        passages(before, after).iter().map(told).collect()
    }

    #[test]
    fn passages_that_say_something_else() {
        let cases: [(&str, &str, &[&str]); 7] = [
            ("a b\nc\n\nd", "a\nb c\n\n\nd", &[]),
            ("# A\n\nb c d", "# A\n\nb x d", &["3: b [-c-] [+x+] d"]),
            ("a\n\nb", "a\n\nnew\n\nb", &["3: [+new+]"]),
            ("a\n\nold\n\nb", "a\n\nb", &["3: [-old-]"]),
            ("one two", "three four", &["1: [-one two-] [+three four+]"]),
            ("", "a", &["1: [+a+]"]),
            ("a", "", &["1: [-a-]"]),
        ];
        for (before, after, expected) in cases {
            assert_eq!(told(before, after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn what_stays_is_shown_beside_changes_alone() {
        let long = (0..40).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
        let told = told(&format!("{long} old"), &format!("{long} new"));
        assert_eq!(
            told,
            [format!(
                "1: … {} [-old-] [+new+]",
                (28..40).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ")
            )]
        );
    }
}
