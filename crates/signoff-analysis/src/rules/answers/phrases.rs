//! Phrases looked for in a text, word by word.

use std::ops::Range;
use std::sync::OnceLock;

/// The words of a text with their places.
pub(in crate::rules) struct Words<'t> {
    text: &'t str,
    places: Vec<Range<usize>>,
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
    /// For each first byte of a word, a bit for every phrase that can begin with it.
    starts: [u64; 256],
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
            let mut starts = [0; 256];
            for (bit, phrase) in phrases.iter().enumerate() {
                for wanted in phrase.first().into_iter().flatten() {
                    let first = wanted.text.bytes().next().unwrap_or_default();
                    starts[usize::from(first.to_ascii_lowercase())] |= 1 << bit;
                    starts[usize::from(first.to_ascii_uppercase())] |= 1 << bit;
                }
            }
            Table { phrases, starts }
        })
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
    /// Splits a text: letters, digits, underscores and apostrophes make a word.
    pub(in crate::rules) fn of(text: &'t str) -> Self {
        let mut places: Vec<Range<usize>> = Vec::with_capacity(text.len() / 5);
        let mut at = 0;
        while at < text.len() {
            let end = word_end(text, at);
            if end > at {
                places.push(at..end);
                at = end;
            }
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
        Self { text, places }
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
    pub(in crate::rules) fn find_in(&self, phrases: &Phrases, mut words: Range<usize>) -> Option<Range<usize>> {
        let table = phrases.table();
        words.find_map(|at| self.any_at(at, table))
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

    fn any_at(&self, at: usize, table: &Table) -> Option<Range<usize>> {
        let first = self.text.as_bytes()[self.places[at].start];
        let mut candidates = table.starts[usize::from(first)];
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

/// Where the word that starts at `at` ends; `at` itself when none does.
fn word_end(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        // Nearly all is ASCII: only the rest is decoded.
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\'')) {
            at += 1;
        }
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
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Words::of(text).find(&PHRASES).map(|place| &text[place]), expected, "{text:?}");
        }
        assert!(Words::of("Not yet.").begin(&PHRASES).is_some());
    }
}
