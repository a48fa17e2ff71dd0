//! Phrases looked for in a text, word by word.

use std::ops::Range;
use std::sync::OnceLock;

/// The words of a text with their places.
pub(in crate::rules) struct Words<'t> {
    text: &'t str,
    places: Vec<Range<usize>>,
    /// The [`beginning`] of each.
    beginnings: Vec<u16>,
}

/// Phrases to look for.
///
/// A phrase is words with one space between; `a|b` is either, a trailing `*` any ending. Letter case does
/// not count, and neither does what stands between the words as long as it ends no sentence.
pub(in crate::rules) struct Phrases {
    written: &'static [&'static str],
    read: OnceLock<Table>,
}

struct Table {
    phrases: Vec<Vec<Vec<Wanted>>>,
    /// For each [`beginning`] of a word, a bit for every phrase whose first word can begin so.
    first: Box<[u64; BEGINNINGS]>,
    /// The same for the second word.
    second: Box<[u64; BEGINNINGS]>,
    /// The bits of phrases of one word.
    single: u64,
}

/// How many beginnings of words are told apart.
const BEGINNINGS: usize = 32 * 32;

/// A number for the first two letters of a word, letter case left out.
fn beginning(first: u8, second: u8) -> u16 {
    (u16::from(first & 31) << 5) | u16::from(second & 31)
}

#[derive(Clone, Copy)]
struct Wanted {
    text: &'static str,
    any_ending: bool,
}

impl Phrases {
    /// At most 64 phrases; more are not looked for.
    pub(in crate::rules) const fn of(written: &'static [&'static str]) -> Self {
        Self { written, read: OnceLock::new() }
    }

    fn table(&self) -> &Table {
        self.read.get_or_init(|| {
            let phrases: Vec<Vec<Vec<Wanted>>> = self.written.iter().take(64).map(|phrase| read(phrase)).collect();
            let (mut first, mut second) = (Box::new([0; BEGINNINGS]), Box::new([0; BEGINNINGS]));
            for (bit, phrase) in phrases.iter().enumerate() {
                mark(&mut first, 1 << bit, phrase.first());
                mark(&mut second, 1 << bit, phrase.get(1));
            }
            let single = phrases.iter().enumerate().filter(|(_, phrase)| phrase.len() == 1);
            let single = single.fold(0, |bits, (bit, _)| bits | 1 << bit);
            Table { phrases, first, second, single }
        })
    }
}

/// Sets a phrase's bit at every beginning that a word of it can have.
fn mark(table: &mut [u64; BEGINNINGS], bit: u64, words: Option<&Vec<Wanted>>) {
    for wanted in words.into_iter().flatten() {
        let letters = wanted.text.as_bytes();
        let first = letters.first().copied().unwrap_or_default();
        let second = letters.get(1).copied().unwrap_or_default();
        let seconds = if letters.len() < 2 && wanted.any_ending { 0..=31 } else { second..=second };
        for second in seconds {
            table[usize::from(beginning(first, second))] |= bit;
        }
    }
}

fn read(phrase: &'static str) -> Vec<Vec<Wanted>> {
    let wanted = |text: &'static str| Wanted { text: text.trim_end_matches('*'), any_ending: text.ends_with('*') };
    phrase.split(' ').map(|word| word.split('|').map(wanted).collect()).collect()
}

impl Wanted {
    fn is(self, word: &str) -> bool {
        let (word, wanted) = (word.as_bytes(), self.text.as_bytes());
        let begin = if self.any_ending { word.get(..wanted.len()) } else { Some(word) };
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(wanted))
    }
}

impl<'t> Words<'t> {
    /// Splits a text: letters, digits, apostrophes and underscores inside make a word.
    pub(in crate::rules) fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut places: Vec<Range<usize>> = Vec::with_capacity(text.len() / 5);
        let mut beginnings = Vec::with_capacity(text.len() / 5);
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            // What begins no word is stepped over byte by byte, be it a part of a character.
            if !IN_WORD[usize::from(*byte)] && (byte.is_ascii() || !text.is_char_boundary(at)) {
                at += 1;
                continue;
            }
            let end = word_end(text, at);
            let place = without_underscores(bytes, at..end);
            if let [first, rest @ ..] = &bytes[place.clone()] {
                beginnings.push(beginning(*first, rest.first().copied().unwrap_or_default()));
                places.push(place);
            }
            // Whatever ASCII ends a word begins none.
            at = end.max(at) + 1;
        }
        Self { text, places, beginnings }
    }

    /// The text itself.
    pub(in crate::rules) fn text(&self) -> &'t str {
        self.text
    }

    /// Where each word stands.
    pub(in crate::rules) fn places(&self) -> &[Range<usize>] {
        &self.places
    }

    /// How many words there are.
    pub(in crate::rules) fn len(&self) -> usize {
        self.places.len()
    }

    /// The word at an index.
    pub(in crate::rules) fn word(&self, index: usize) -> &'t str {
        &self.text[self.places[index].clone()]
    }

    /// Where the first of some phrases stands.
    pub(in crate::rules) fn find(&self, phrases: &Phrases) -> Option<Range<usize>> {
        self.find_in(phrases, 0..self.places.len())
    }

    /// Where the first of some phrases stands that begins with one of some words.
    pub(in crate::rules) fn find_in(&self, phrases: &Phrases, words: Range<usize>) -> Option<Range<usize>> {
        let table = phrases.table();
        let beginnings = self.beginnings.get(words.clone())?;
        let begins = |beginning: &u16| table.first[usize::from(*beginning) % BEGINNINGS] != 0;
        let candidates = beginnings.iter().enumerate().filter(|(_, beginning)| begins(beginning));
        candidates.into_iter().find_map(|(at, _)| self.any_at(words.start + at, table))
    }

    /// Whether one of some phrases stands anywhere.
    pub(in crate::rules) fn has(&self, phrases: &Phrases) -> bool {
        self.find(phrases).is_some()
    }

    /// Whether every word begins one of some phrases.
    pub(in crate::rules) fn consist_of(&self, lists: &[&Phrases]) -> bool {
        (0..self.places.len()).all(|at| lists.iter().any(|phrases| self.any_at(at, phrases.table()).is_some()))
    }

    /// The phrase at the very beginning.
    pub(in crate::rules) fn begin(&self, phrases: &Phrases) -> Option<Range<usize>> {
        if self.places.is_empty() { None } else { self.any_at(0, phrases.table()) }
    }

    /// The phrase that begins with a word; most words begin none, which their beginnings show.
    fn any_at(&self, at: usize, table: &Table) -> Option<Range<usize>> {
        let seen = |bits: &[u64; BEGINNINGS], at: usize| {
            self.beginnings.get(at).map_or(0, |beginning| bits[usize::from(*beginning) % BEGINNINGS])
        };
        let candidates = seen(&table.first, at) & (table.single | seen(&table.second, at + 1));
        if candidates == 0 { None } else { self.any_of(candidates, at, table) }
    }

    fn any_of(&self, mut candidates: u64, at: usize, table: &Table) -> Option<Range<usize>> {
        while candidates != 0 {
            let phrase = &table.phrases[candidates.trailing_zeros() as usize];
            if let Some(found) = self.phrase_at(at, phrase) {
                return Some(found);
            }
            candidates &= candidates - 1;
        }
        None
    }

    fn phrase_at(&self, at: usize, phrase: &[Vec<Wanted>]) -> Option<Range<usize>> {
        let places = self.places.get(at..at + phrase.len())?;
        let fits = |(place, wanted): (&Range<usize>, &Vec<Wanted>)| {
            wanted.iter().any(|wanted| wanted.is(&self.text[place.clone()]))
        };
        let found = places.iter().zip(phrase).all(fits);
        let one_sentence =
            || places.windows(2).all(|pair| !self.text[pair[0].end..pair[1].start].contains(['.', ';', '\n']));
        (found && one_sentence()).then(|| places[0].start..places[places.len() - 1].end)
    }
}

/// Which ASCII bytes make words.
static IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'\'');
        byte += 1;
    }
    table
};

/// A word without the underscores around it, which are emphasis.
fn without_underscores(bytes: &[u8], place: Range<usize>) -> Range<usize> {
    let word = &bytes[place.clone()];
    if !matches!(word, [b'_', ..] | [.., b'_']) {
        return place;
    }
    let before = word.iter().take_while(|byte| **byte == b'_').count();
    let behind = word[before..].iter().rev().take_while(|byte| **byte == b'_').count();
    place.start + before..place.end - behind
}

/// Where the word that starts at `at` ends; `at` itself when none does.
fn word_end(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        // Nearly all is ASCII: only the rest is decoded.
        at += bytes[at..].iter().take_while(|byte| IN_WORD[usize::from(**byte)]).count();
        match bytes.get(at) {
            Some(byte) if !byte.is_ascii() => {}
            _ => return at,
        }
        match text[at..].chars().next() {
            Some(character) if character.is_alphanumeric() || character == '\u{2019}' => at += character.len_utf8(),
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_word_by_word() {
        static PHRASES: Phrases = Phrases::of(&["will be add*|test*", "not yet"]);
        let cases = [
            ("It WILL be added.", Some("WILL be added")),
            ("It will, be tested", Some("will, be tested")),
            ("It will. Be tested", None),
            ("will be", None),
            ("é not yet", Some("not yet")),
            ("_not_ __yet", Some("not_ __yet")),
            ("– it is not", None),
            ("it is not yet ü", Some("not yet")),
            ("_", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Words::of(text).find(&PHRASES).map(|place| &text[place]), expected, "{text:?}");
        }
        assert!(Words::of("Not yet.").begin(&PHRASES).is_some());
    }
}
