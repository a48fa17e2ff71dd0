//! The words of every proposal, for a search that needs no server: an index in pieces, each a script of its own so that
//! it loads from disk too. A piece holds the words that begin with the same two letters.
//!
//! `search/proposals.js` calls `signoff.proposals([...])`, and `search/ab.js` calls `signoff.words("ab", "...")`. The
//! text has a line for each word: the word, then for each proposal that has it the distance from the one before and how
//! much it is about the word, from 1 to 35, both in base 36 and parted by a dot.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use signoff_model::Proposal;
use signoff_model::body::BlockKind;
use signoff_model::profile::{Meaning, Prepared};

use crate::Site;

/// Shortest and longest word that is kept.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=30;

/// The index of a site.
pub(crate) struct Words {
    /// The pieces by their letters.
    pub(crate) pieces: BTreeMap<String, String>,
    /// The proposals, in their order.
    pub(crate) proposals: String,
}

/// How much a word counts by where it stands.
const TITLE: u32 = 24;
const NAME: u32 = 12;
const HEADING: u32 = 4;
const TEXT: u32 = 1;

impl Words {
    /// Reads the words of every proposal that has a page.
    pub(crate) fn of(site: &Site) -> Self {
        let prepared = &site.snapshot.corpus.prepared;
        let shown: Vec<&Proposal> =
            site.snapshot.corpus.all().filter(|own| site.places.page(&own.path).is_some()).collect();
        let counted: Vec<FxHashMap<Box<str>, u32>> =
            shown.par_iter().map(|proposal| count(prepared, proposal)).collect();
        let mut words: BTreeMap<&str, Vec<(usize, u32)>> = BTreeMap::new();
        for (index, own) in counted.iter().enumerate() {
            for (word, weight) in own {
                words.entry(word).or_default().push((index, *weight));
            }
        }
        let mut pieces: BTreeMap<String, String> = BTreeMap::new();
        for (word, places) in &words {
            write_word(word, places, pieces.entry(piece_of(word)).or_default());
        }
        for (letters, piece) in &mut pieces {
            *piece = format!("signoff.words({},{});\n", quoted(letters), quoted(piece));
        }
        let lines: Vec<String> = shown.iter().map(|proposal| line(site, prepared, proposal)).collect();
        Self { pieces, proposals: format!("signoff.proposals([\n{}\n]);\n", lines.join(",\n")) }
    }
}

fn write_word(word: &str, places: &[(usize, u32)], piece: &mut String) {
    piece.push_str(word);
    let mut last = 0;
    for (index, weight) in places {
        let about = (f64::from(*weight).log2() * 3.0).round().clamp(0.0, 34.0) + 1.0;
        let _ = write!(piece, " {}.{}", base36(index - last), base36(level(about)));
        last = *index;
    }
    piece.push('\n');
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 1 and 35")]
fn level(about: f64) -> usize {
    about as usize
}

fn base36(mut number: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    loop {
        digits.push(char::from(DIGITS[number % 36]));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

/// The letters of the piece that a word is in.
fn piece_of(word: &str) -> String {
    let letters: String = word.chars().take(2).collect();
    if letters.is_ascii() { letters } else { "other".to_owned() }
}

/// The number, title, page, group, status, stage, release, and what it is about.
fn line(site: &Site, prepared: &Prepared, proposal: &Proposal) -> String {
    let text = |meaning| proposal.text(prepared, meaning).unwrap_or_default();
    let values = [
        proposal.label(),
        proposal.text(prepared, Meaning::Title).unwrap_or(&proposal.name),
        site.places.page(&proposal.path).unwrap_or_default(),
        text(Meaning::Group),
        proposal.status(prepared).unwrap_or_default(),
        proposal.stage(prepared).unwrap_or_default(),
        text(Meaning::LatestMilestone),
        &about(prepared, proposal),
    ];
    format!("[{}]", values.map(quoted).join(","))
}

/// The beginning of the first paragraph of the prose that is no part of a checklist.
fn about(prepared: &Prepared, proposal: &Proposal) -> String {
    const LETTERS: std::ops::RangeInclusive<usize> = 40..=180;
    let Some(prose) = &proposal.prose else { return String::new() };
    let body = &prose.document.body;
    let is_checklist = |title: &str| prepared.profile.checklist.iter().any(|own| own.section == title);
    let section = |at: u32| body.sections.iter().take_while(|section| section.heading.start <= at).last();
    let paragraphs = body.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph && block.depth == 0);
    let told = paragraphs
        .filter(|block| section(block.span.start).is_some_and(|own| own.level > 1 && !is_checklist(&own.title)))
        .map(|block| body.without_comments(&prose.source.text, block.span))
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .find(|text| text.len() >= *LETTERS.start() && text.starts_with(char::is_alphanumeric));
    let text = told.unwrap_or_default();
    match text.char_indices().nth(*LETTERS.end()) {
        Some((end, _)) => format!("{}…", text[..end].rsplit_once(' ').map_or(&text[..end], |(whole, _)| whole)),
        None => text,
    }
}

/// A text as a literal of a script.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '<' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// The words of a proposal and how much each counts.
fn count(prepared: &Prepared, proposal: &Proposal) -> FxHashMap<Box<str>, u32> {
    let mut found: FxHashMap<Box<str>, u32> = FxHashMap::default();
    let mut add = |text: &str, weight: u32| {
        for word in text.split(|letter: char| !letter.is_alphanumeric()) {
            if LETTERS.contains(&word.len()) {
                let word = word.to_lowercase();
                match found.get_mut(word.as_str()) {
                    Some(count) => *count += weight,
                    None => _ = found.insert(word.into(), weight),
                }
            }
        }
    };
    add(proposal.text(prepared, Meaning::Title).unwrap_or_default(), TITLE);
    add(proposal.label(), TITLE);
    add(&proposal.name, NAME);
    add(proposal.text(prepared, Meaning::Group).unwrap_or_default(), NAME);
    for gate in proposal.gates(prepared) {
        add(gate.name, TITLE);
    }
    for meaning in [Meaning::Authors, Meaning::Reviewers, Meaning::Approvers, Meaning::Metrics] {
        proposal.items(prepared, meaning).iter().for_each(|item| add(item.text, NAME));
    }
    if let Some(prose) = &proposal.prose {
        let body = &prose.document.body;
        body.sections.iter().for_each(|section| add(&section.title, HEADING));
        let whole =
            signoff_model::Span { start: body.start, end: u32::try_from(prose.source.text.len()).unwrap_or(u32::MAX) };
        add(&body.without_comments(&prose.source.text, whole), TEXT);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_with_distances() {
        let mut piece = String::new();
        write_word("kubelet", &[(0, 1), (3, 8), (40, 1000)], &mut piece);
        assert_eq!(piece, "kubelet 0.1 3.a 11.v\n");
        assert_eq!(base36(35), "z");
        assert_eq!(base36(36), "10");
        for (word, piece) in [("kubelet", "ku"), ("1287", "12"), ("naïve", "na"), ("ärger", "other")] {
            assert_eq!(piece_of(word), piece);
        }
    }

    #[test]
    fn no_text_ends_its_literal() {
        assert_eq!(quoted("a\"b\\c\n</script>\u{2028}\u{1}"), "\"a\\\"b\\\\c\\n\\u003c/script>\\u2028\\u0001\"");
    }
}
