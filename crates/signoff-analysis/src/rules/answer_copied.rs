//! `answer-copied`: an answer that stands in another proposal too, or only repeats its question.
//!
//! Runs of words are hashed; of each answer the smallest hashes are kept and looked up in one sorted
//! list, so that near copies meet there and the cost stays linear. Pairs found so are compared whole.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::corpus::FEW;
use signoff_model::profile::Meaning;
use signoff_model::proposal::bare_number;
use signoff_model::questionnaire::State;
use signoff_model::{Corpus, Proposal, Severity};

use super::answers::{Asked, looked_at, quoted};
use super::{LooksAt, Report, Rule, Run};

pub(super) static RULE: Rule = Rule {
    code: "answer-copied",
    severity: Severity::Info,
    page: include_str!("answer_copied.md"),
    looks_at: LooksAt::Prose,
    run: Run::Whole(check),
};

/// Answers of fewer words are alike by chance.
const WORDS_MIN: usize = 12;
/// Words in a run.
const RUN: usize = 4;
/// Smallest hashes that stand for an answer.
const SKETCH: usize = 8;
/// Of these so many must be the same before two answers are compared whole.
const SHARED_MIN: usize = 4;
/// Earlier answers that one hash leads to at most, so that a phrase of everybody's stays cheap.
const PEERS_MAX: usize = 8;
/// Share of the runs of both that must be the same.
const ALIKE_MIN: f64 = 0.85;
/// Share of an answer's words that are its question's when it says nothing else.
const RESTATED_MIN: f64 = 0.9;

/// What stands for an answer that is long enough to be a copy; it is worked out once for a proposal.
struct Sketch {
    /// The questionnaire, and which of its answers it is.
    answer: (usize, usize),
    /// The smallest hashes of its runs of words.
    smallest: [u64; SKETCH],
    /// Whether it has hardly a word that its question has not.
    restates: bool,
    /// The hashes of all its runs of words, each once and in order, if it was compared.
    runs: OnceLock<Box<[u64]>>,
}

/// An answer that may be a copy.
struct Entry {
    proposal: usize,
    sketches: Arc<Vec<Sketch>>,
    index: usize,
}

fn check(corpus: &Corpus, report: &mut Report<'_>) {
    let entries = entries(corpus);
    for (later, earlier) in copies(corpus, &entries) {
        let (copy, original) = (&entries[later], &entries[earlier]);
        let (proposal, other) = (&corpus.proposals[copy.proposal], &corpus.proposals[original.proposal]);
        if related(corpus, copy.proposal, original.proposal) {
            continue;
        }
        let Some(asked) = copy.asked(corpus) else { continue };
        let message = format!(
            "{} stands nearly word for word in {}; say what is so for this proposal",
            quoted(asked.own()),
            other.path
        );
        report.prose(proposal, asked.first_line(), message);
    }
    for entry in entries.iter().filter(|entry| entry.sketch().restates) {
        let Some(asked) = entry.asked(corpus) else { continue };
        let message = format!("{} only repeats the question; answer it", quoted(asked.own()));
        report.prose(&corpus.proposals[entry.proposal], asked.first_line(), message);
    }
}

/// The answers that can be copies, older proposals first.
fn entries(corpus: &Corpus) -> Vec<Entry> {
    let mut order: Vec<usize> = (0..corpus.proposals.len()).filter(|index| corpus.proposals[*index].loaded).collect();
    order.sort_by_cached_key(|index| age(&corpus.proposals[*index]));
    if order.len() <= FEW {
        let mut titles = Titles::default();
        return order.into_iter().flat_map(|proposal| entries_of(corpus, proposal, &mut titles)).collect();
    }
    let read = order.into_par_iter().map_init(Titles::default, |titles, proposal| entries_of(corpus, proposal, titles));
    let found: Vec<Vec<Entry>> = read.collect();
    found.into_iter().flatten().collect()
}

/// The words of questions, by their titles.
type Titles<'a> = FxHashMap<&'a str, FxHashSet<u64>>;

fn entries_of<'a>(corpus: &'a Corpus, proposal: usize, titles: &mut Titles<'a>) -> Vec<Entry> {
    let own = &corpus.proposals[proposal];
    let sketches = own.worked_out.get_or_make(|| sketches(corpus, own, titles));
    (0..sketches.len()).map(|index| Entry { proposal, sketches: Arc::clone(&sketches), index }).collect()
}

fn sketches<'a>(corpus: &'a Corpus, proposal: &'a Proposal, titles: &mut Titles<'a>) -> Vec<Sketch> {
    let mut sketches = Vec::new();
    for asked in looked_at(corpus, proposal) {
        if asked.answer.state != State::Answered {
            continue;
        }
        let words = word_hashes(asked.own());
        if words.len() >= WORDS_MIN {
            let title = &*asked.question.title;
            let question = titles.entry(title).or_insert_with(|| word_hashes(title).into_iter().collect());
            sketches.push(Sketch {
                answer: (asked.questionnaire, asked.index),
                smallest: smallest(&words),
                restates: restates(&words, question),
                runs: OnceLock::new(),
            });
        }
    }
    sketches
}

/// Proposals are numbered in the order of their issues; those without a number come last.
fn age(proposal: &Proposal) -> (u64, Arc<str>) {
    let number = proposal.number.as_deref().or(proposal.path_number.as_deref()).unwrap_or_default();
    (bare_number(number).parse().unwrap_or(u64::MAX), Arc::clone(&proposal.path))
}

/// A hash of each word, letter case left out.
fn word_hashes(text: &str) -> Vec<u64> {
    let mut rest = text.as_bytes();
    let mut hashes = Vec::with_capacity(rest.len() / 5);
    while !rest.is_empty() {
        let length = rest.iter().position(|byte| !IN_WORD[usize::from(*byte)]).unwrap_or(rest.len());
        if length > 0 {
            hashes.push(word_hash(rest, length));
        }
        rest = rest.get(length + 1..).unwrap_or_default();
    }
    hashes
}

/// Which bytes make words. Those beyond ASCII count as letters: what they spell need not be known to be compared.
static IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = byte > 127 || (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Eight letters at a time; the bit that tells capitals apart is set in all of them.
fn word_hash(text: &[u8], length: usize) -> u64 {
    match text.first_chunk() {
        Some(letters) if length <= 8 => mix(0, folded(*letters) & (u64::MAX >> (64 - 8 * length))),
        _ => text[..length].chunks(8).fold(0, |hash, part| {
            let mut letters = [0; 8];
            letters[..part.len()].copy_from_slice(part);
            mix(hash, folded(letters) & (u64::MAX >> (64 - 8 * part.len())))
        }),
    }
}

fn folded(letters: [u8; 8]) -> u64 {
    u64::from_le_bytes(letters) | 0x2020_2020_2020_2020
}

fn mix(hash: u64, next: u64) -> u64 {
    (hash.rotate_left(23) ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The hashes of all runs of words.
fn runs(words: &[u64]) -> impl Iterator<Item = u64> {
    words.windows(RUN).map(|run| {
        let mixed = run.iter().zip([0, 16, 32, 48]).fold(0, |hash, (word, turn)| hash ^ word.rotate_left(turn));
        mix(0, mixed)
    })
}

/// The smallest hashes of runs, each once and in order; [`u64::MAX`] stands for none.
fn smallest(words: &[u64]) -> [u64; SKETCH] {
    let mut smallest = [u64::MAX; SKETCH];
    for run in runs(words) {
        if run < smallest[SKETCH - 1] && !smallest.contains(&run) {
            let place = smallest.partition_point(|kept| *kept < run);
            smallest.copy_within(place..SKETCH - 1, place + 1);
            smallest[place] = run;
        }
    }
    smallest
}

/// Pairs of answers of different proposals that are nearly the same: the later one, its first original.
fn copies(corpus: &Corpus, entries: &[Entry]) -> Vec<(usize, usize)> {
    let mut index = shared_hashes(entries);
    let mut shared = vec![0; entries.len()];
    for (_, place) in &index {
        shared[*place] += 1;
    }
    index.sort_unstable();
    let mut meetings: Vec<(usize, usize)> = Vec::new();
    for bucket in index.chunk_by(|left, right| left.0 == right.0) {
        // Whatever shares too little with all others is like none of them.
        for (at, (_, later)) in bucket.iter().enumerate().filter(|(_, (_, later))| shared[*later] >= SHARED_MIN) {
            let peers = bucket[..at].iter().take(PEERS_MAX).map(|(_, earlier)| *earlier);
            let others = peers.filter(|earlier| {
                shared[*earlier] >= SHARED_MIN && entries[*earlier].proposal != entries[*later].proposal
            });
            meetings.extend(others.map(|earlier| (*later, earlier)));
        }
    }
    meetings.sort_unstable();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for same in meetings.chunk_by(|left, right| left == right) {
        let (later, earlier) = same[0];
        let known = found.last().is_some_and(|(last, _)| *last == later);
        if !known && same.len() >= SHARED_MIN && alike(corpus, &entries[later], &entries[earlier]) {
            found.push((later, earlier));
        }
    }
    found
}

/// The hashes that more than one answer may have, each with the place of the answer. There are as many slots as
/// hashes, so that of many answers as large a part is left out as of few.
fn shared_hashes(entries: &[Entry]) -> Vec<(u64, usize)> {
    let slots = (entries.len() * SKETCH).next_power_of_two();
    let slot = |run: u64| (run % slots as u64) as usize;
    let all = || {
        let hashes =
            entries.iter().enumerate().flat_map(|(place, entry)| entry.sketch().smallest.map(|run| (run, place)));
        hashes.filter(|(run, _)| *run != u64::MAX)
    };
    let mut seen = vec![0_u8; slots];
    for (run, _) in all() {
        seen[slot(run)] = seen[slot(run)].saturating_add(1);
    }
    all().filter(|(run, _)| seen[slot(*run)] > 1).collect()
}

impl Entry {
    fn sketch(&self) -> &Sketch {
        &self.sketches[self.index]
    }

    fn asked<'a>(&self, corpus: &'a Corpus) -> Option<Asked<'a>> {
        let all = looked_at(corpus, &corpus.proposals[self.proposal]);
        all.into_iter().find(|asked| (asked.questionnaire, asked.index) == self.sketch().answer)
    }

    /// The hashes of all runs of words, each once and in order.
    fn sorted_runs(&self, corpus: &Corpus) -> &[u64] {
        let sorted = || {
            let words = self.asked(corpus).map(|asked| word_hashes(asked.own())).unwrap_or_default();
            let mut runs: Vec<u64> = runs(&words).collect();
            runs.sort_unstable();
            runs.dedup();
            runs.into()
        };
        self.sketch().runs.get_or_init(sorted)
    }
}

/// Whether two answers are mostly the same.
fn alike(corpus: &Corpus, left: &Entry, right: &Entry) -> bool {
    let (left, right) = (left.sorted_runs(corpus), right.sorted_runs(corpus));
    let (mut l, mut r, mut shared) = (0, 0, 0_usize);
    while l < left.len() && r < right.len() {
        match left[l].cmp(&right[r]) {
            std::cmp::Ordering::Less => l += 1,
            std::cmp::Ordering::Greater => r += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                l += 1;
                r += 1;
            }
        }
    }
    shared as f64 >= ALIKE_MIN * (left.len() + right.len() - shared) as f64
}

/// Whether two proposals share an author, or one names the other.
fn related(corpus: &Corpus, left: usize, right: usize) -> bool {
    let authors = |index: usize| -> FxHashSet<String> {
        let items = corpus.proposals[index].items(&corpus.prepared, Meaning::Authors);
        items.iter().map(|item| item.text.trim().trim_start_matches('@').to_lowercase()).collect()
    };
    !authors(left).is_disjoint(&authors(right))
        || corpus.referenced(&corpus.proposals[left]).contains(&right)
        || corpus.referenced(&corpus.proposals[right]).contains(&left)
}

/// Whether hardly a word is not one of the question's.
fn restates(words: &[u64], question: &FxHashSet<u64>) -> bool {
    // Others show it by their first words.
    let own_max = (1.0 - RESTATED_MIN) * words.len() as f64;
    words.iter().filter(|word| !question.contains(word)).take(own_max as usize + 1).count() as f64 <= own_max
}
