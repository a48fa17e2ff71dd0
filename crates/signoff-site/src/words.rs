//! The words of every proposal, for a search that needs no server: an index in pieces, each a script of its own so that
//! it loads from disk too. A piece holds the words that begin with the same two letters.
//!
//! `search/proposals.js` calls `signoff.proposals([...])`, and `search/ab.js` calls `signoff.words("ab", "...")`. The
//! text has a line for each word: the word, then for each proposal that has it the distance from the one before and how
//! much it is about the word, from 1 to 35, both in base 36 and parted by a dot. Behind a word that nearly all have stands
//! a `*`, and those alone that are much about it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use signoff_model::Proposal;
use signoff_model::body::BlockKind;
use signoff_model::profile::{Meaning, Prepared};

use crate::Site;

/// Shortest and longest word that is kept.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=80;

/// So many proposals are counted before their words are put together: what is counted takes more memory.
const AT_ONCE: usize = 32;

/// The index of a site.
pub(crate) struct Words {
    /// Each word with the proposals that have it, sorted.
    lists: Vec<List>,
    /// The proposals that have a page, by their places in the corpus.
    pub(crate) shown: Vec<usize>,
    /// The proposals, in their order, for a script.
    pub(crate) proposals: String,
}

/// A word and the proposals that have it.
pub(crate) struct List {
    pub(crate) word: Box<str>,
    /// Of a word that more than half of the proposals have, those that are much about it.
    pub(crate) postings: Box<[Posting]>,
    /// Whether so many proposals have it that it counts as a word of all.
    pub(crate) is_everywhere: bool,
}

impl List {
    fn of(word: Box<str>, mut postings: Vec<Posting>, all: usize) -> Self {
        let is_everywhere = postings.len() * 2 > all && all > FEW;
        if is_everywhere {
            postings.retain(|posting| posting.about >= MUCH);
        }
        Self { word, postings: postings.into_boxed_slice(), is_everywhere }
    }
}

/// With fewer proposals, no word is one of all.
const FEW: usize = 50;
/// A proposal is much about a word that is said in its title, or in every part.
const MUCH: u8 = 15;

/// That a proposal has a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    /// Its place in [`Words::shown`].
    pub(crate) index: u32,
    /// How much it is about the word, from 1 to 35.
    pub(crate) about: u8,
}

/// How much a word counts by where it stands.
const TITLE: u32 = 24;
const NAME: u32 = 12;
const HEADING: u32 = 4;
const TEXT: u32 = 1;

impl Words {
    /// Reads the words of every proposal that has a page.
    pub(crate) fn of(site: &Site) -> Self {
        let corpus = &site.snapshot.corpus;
        let prepared = &corpus.prepared;
        let has_page = |index: &usize| site.places.page(&corpus.proposals[*index].path).is_some();
        let shown: Vec<usize> = (0..corpus.proposals.len()).filter(has_page).collect();
        let mut words: FxHashMap<Box<str>, Vec<Posting>> = FxHashMap::default();
        let mut index = 0;
        for some in shown.chunks(AT_ONCE) {
            let counted: Vec<FxHashMap<Box<str>, u32>> =
                some.par_iter().map(|own| count(prepared, &corpus.proposals[*own])).collect();
            for own in counted {
                for (word, weight) in own {
                    words.entry(word).or_default().push(Posting { index, about: level(weight) });
                }
                index += 1;
            }
        }
        let mut lists: Vec<List> =
            words.into_iter().map(|(word, postings)| List::of(word, postings, shown.len())).collect();
        lists.sort_unstable_by(|left, right| left.word.cmp(&right.word));
        let lines: Vec<String> = shown.iter().map(|index| line(site, prepared, &corpus.proposals[*index])).collect();
        Self { lists, shown, proposals: format!("signoff.proposals([\n{}\n]);\n", lines.join(",\n")) }
    }

    /// The words that begin so, with the proposals that have them.
    pub(crate) fn beginning(&self, start: &str) -> impl Iterator<Item = &List> {
        let first = self.lists.partition_point(|list| *list.word < *start);
        self.lists[first..].iter().take_while(move |list| list.word.starts_with(start))
    }

    /// The letters of all pieces, in order.
    pub(crate) fn pieces(&self) -> Vec<String> {
        let all: BTreeSet<String> = self.lists.iter().map(|list| piece_of(&list.word)).collect();
        all.into_iter().collect()
    }

    /// A piece as a script; `None` where there is none.
    pub(crate) fn piece(&self, letters: &str) -> Option<String> {
        let start = if letters == OTHER { "" } else { letters };
        let mut text = String::new();
        for list in self.beginning(start).filter(|list| piece_of(&list.word) == letters) {
            write_list(list, &mut text);
        }
        (!text.is_empty()).then(|| format!("signoff.words({},{});\n", quoted(letters), quoted(&text)))
    }
}

fn write_list(list: &List, piece: &mut String) {
    piece.push_str(&list.word);
    if list.is_everywhere {
        piece.push_str(" *");
    }
    let mut last = 0;
    for posting in &list.postings {
        let _ = write!(piece, " {}.{}", base36(posting.index - last), base36(u32::from(posting.about)));
        last = posting.index;
    }
    piece.push('\n');
}

/// How much a proposal is about a word, by how much the word counts in it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 1 and 35")]
fn level(weight: u32) -> u8 {
    ((f64::from(weight).log2() * 3.0).round().clamp(0.0, 34.0) + 1.0) as u8
}

fn base36(mut number: u32) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    loop {
        digits.push(char::from(DIGITS[(number % 36) as usize]));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

/// The piece of words that begin with other letters than ASCII's.
const OTHER: &str = "other";

/// The letters of the piece that a word is in.
fn piece_of(word: &str) -> String {
    let letters: String = word.chars().take(2).collect();
    if letters.is_ascii() { letters } else { OTHER.to_owned() }
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

/// The first word of a text that begins with one in lower case.
pub(crate) fn find(text: &str, word: &str) -> Option<std::ops::Range<usize>> {
    let first = *word.as_bytes().first()?;
    let bytes = text.as_bytes();
    let fits = |at: usize| {
        let is_same = match bytes.get(at..at + word.len()) {
            Some(own) if word.is_ascii() => own.eq_ignore_ascii_case(word.as_bytes()),
            Some(own) => own == word.as_bytes(),
            None => false,
        };
        is_same && !text[..at].ends_with(char::is_alphanumeric)
    };
    let starts = memchr::memchr2_iter(first, first.to_ascii_uppercase(), bytes);
    let at = starts.into_iter().find(|at| text.is_char_boundary(*at) && fits(*at))?;
    let rest = &text[at..];
    let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
    Some(at..at + end)
}

/// Whether a word is a hash, an id or a long number, which nobody searches for.
fn is_code(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    (digits == word.len() && digits > 7) || (digits > 3 && word.len() > 12)
}

/// The words of a proposal and how much each counts.
fn count(prepared: &Prepared, proposal: &Proposal) -> FxHashMap<Box<str>, u32> {
    let mut found: FxHashMap<Box<str>, u32> = FxHashMap::default();
    let mut add = |text: &str, weight: u32| {
        for word in text.split(|letter: char| !letter.is_alphanumeric()) {
            if LETTERS.contains(&word.len()) && (weight > TEXT || !is_code(word)) {
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
        let postings: Vec<Posting> =
            [(0, 1), (3, 8), (40, 1000)].map(|(index, weight)| Posting { index, about: level(weight) }).into();
        write_list(&List::of("kubelet".into(), postings.clone(), 1000), &mut piece);
        let many = postings.into_iter().flat_map(|own| std::iter::repeat_n(own, 20)).collect();
        write_list(&List::of("the".into(), many, 100), &mut piece);
        assert!(piece.starts_with("kubelet 0.1 3.a 11.v\nthe * "), "{piece}");
        assert_eq!(piece.lines().nth(1).expect("a line").matches('.').count(), 20, "those that are much about it");
        assert_eq!(base36(35), "z");
        assert_eq!(base36(36), "10");
        for (word, piece) in [("kubelet", "ku"), ("1287", "12"), ("naïve", "na"), ("ärger", "other")] {
            assert_eq!(piece_of(word), piece);
        }
    }

    #[test]
    fn words_are_found_where_they_begin() {
        let cases = [
            ("the InPlace pod's Pods", "pod", Some("pod")),
            ("tripod, PODS", "pod", Some("PODS")),
            ("tripod", "pod", None),
            ("ein Ärger, ärger", "ärger", Some("ärger")),
            ("", "a", None),
        ];
        for (text, word, expected) in cases {
            assert_eq!(find(text, word).map(|place| &text[place]), expected, "{word} in {text}");
        }
    }

    #[test]
    fn no_text_ends_its_literal() {
        assert_eq!(quoted("a\"b\\c\n</script>\u{2028}\u{1}"), "\"a\\\"b\\\\c\\n\\u003c/script>\\u2028\\u0001\"");
    }
}
