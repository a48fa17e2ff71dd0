//! `answer-copied`: an answer that stands in another proposal too, or only repeats its question.
//!
//! Runs of words are hashed; of each answer the smallest hashes are kept and looked up in one sorted
//! list, so that near copies meet there and the cost stays linear. Pairs found so are compared whole.

use rustc_hash::{FxHashMap, FxHashSet};
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

/// An answer long enough to be a copy.
struct Entry<'a> {
    proposal: usize,
    asked: Asked<'a>,
    /// Hashes of its runs of words, the smallest [`SKETCH`] first and sorted, the others in any order.
    runs: Vec<u64>,
    /// Whether it has hardly a word that its question has not.
    restates: bool,
}

fn check(corpus: &Corpus, report: &mut Report<'_>) {
    let entries = entries(corpus);
    for (later, earlier) in copies(&entries) {
        let (copy, original) = (&entries[later], &entries[earlier]);
        let (proposal, other) = (&corpus.proposals[copy.proposal], &corpus.proposals[original.proposal]);
        if related(corpus, copy.proposal, original.proposal) {
            continue;
        }
        let message = format!(
            "{} stands nearly word for word in {}; say what is so for this proposal",
            quoted(copy.asked.own()),
            other.path
        );
        report.prose(proposal, copy.asked.first_line(), message);
    }
    for entry in entries.iter().filter(|entry| entry.restates) {
        let message = format!("{} only repeats the question; answer it", quoted(entry.asked.own()));
        report.prose(&corpus.proposals[entry.proposal], entry.asked.first_line(), message);
    }
}

/// The answers that can be copies, older proposals first.
fn entries(corpus: &Corpus) -> Vec<Entry<'_>> {
    let mut order: Vec<usize> = (0..corpus.proposals.len()).filter(|index| corpus.proposals[*index].loaded).collect();
    order.sort_by_cached_key(|index| age(&corpus.proposals[*index]));
    let mut titles: FxHashMap<&str, FxHashSet<u64>> = FxHashMap::default();
    let mut entries = Vec::new();
    for proposal in order {
        for asked in looked_at(corpus, &corpus.proposals[proposal]) {
            if asked.answer.state != State::Answered {
                continue;
            }
            let hashes = word_hashes(asked.own());
            if hashes.len() >= WORDS_MIN {
                let title = &*asked.question.title;
                let question = titles.entry(title).or_insert_with(|| word_hashes(title).into_iter().collect());
                let restates = restates(&hashes, question);
                entries.push(Entry { proposal, asked, runs: runs(&hashes), restates });
            }
        }
    }
    entries
}

/// Proposals are numbered in the order of their issues; those without a number come last.
fn age(proposal: &Proposal) -> (u64, std::sync::Arc<str>) {
    let number = proposal.number.as_deref().or(proposal.path_number.as_deref()).unwrap_or_default();
    (bare_number(number).parse().unwrap_or(u64::MAX), std::sync::Arc::clone(&proposal.path))
}

/// A hash of each word, letter case left out.
fn word_hashes(text: &str) -> Vec<u64> {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let mut hashes = Vec::with_capacity(text.len() / 5);
    let mut hash = START;
    for byte in text.bytes() {
        // Bytes beyond ASCII count as letters: what they spell need not be known to be compared.
        if byte.is_ascii_alphanumeric() || !byte.is_ascii() {
            hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
        } else if hash != START {
            hashes.push(hash);
            hash = START;
        }
    }
    if hash != START {
        hashes.push(hash);
    }
    hashes
}

/// The hashes of all runs of words, the smallest in order before the others.
fn runs(words: &[u64]) -> Vec<u64> {
    let mix = |hash: u64, word: &u64| (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut runs: Vec<u64> = words.windows(RUN).map(|run| run.iter().fold(0, mix)).collect();
    if runs.len() > 4 * SKETCH {
        // Equal hashes lie side by side among the smallest: more than are kept, so that some may fall away.
        runs.select_nth_unstable(2 * SKETCH);
        runs[..2 * SKETCH].sort_unstable();
    } else {
        runs.sort_unstable();
    }
    runs
}

/// Pairs of answers of different proposals that are nearly the same: the later one, its first original.
fn copies(entries: &[Entry<'_>]) -> Vec<(usize, usize)> {
    let mut index: Vec<(u64, usize)> = entries
        .iter()
        .enumerate()
        .flat_map(|(place, entry)| entry.sketch().map(move |run| (run, place)))
        .collect();
    index.sort_unstable();
    let mut meetings: Vec<(usize, usize)> = Vec::new();
    for bucket in index.chunk_by(|left, right| left.0 == right.0) {
        for (at, (_, later)) in bucket.iter().enumerate() {
            let peers = bucket[..at].iter().take(PEERS_MAX).map(|(_, earlier)| *earlier);
            let others = peers.filter(|earlier| entries[*earlier].proposal != entries[*later].proposal);
            meetings.extend(others.map(|earlier| (*later, earlier)));
        }
    }
    meetings.sort_unstable();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for same in meetings.chunk_by(|left, right| left == right) {
        let (later, earlier) = same[0];
        let known = found.last().is_some_and(|(last, _)| *last == later);
        if !known && same.len() >= SHARED_MIN && alike(&entries[later], &entries[earlier]) {
            found.push((later, earlier));
        }
    }
    found
}

impl Entry<'_> {
    /// The smallest hashes, each once.
    fn sketch(&self) -> impl Iterator<Item = u64> {
        let first = &self.runs[..self.runs.len().min(2 * SKETCH)];
        first.chunk_by(|left, right| left == right).map(|same| same[0]).take(SKETCH)
    }

    fn sorted_runs(&self) -> Vec<u64> {
        let mut runs = self.runs.clone();
        runs.sort_unstable();
        runs.dedup();
        runs
    }
}

/// Whether two answers are mostly the same.
fn alike(left: &Entry<'_>, right: &Entry<'_>) -> bool {
    let (left, right) = (left.sorted_runs(), right.sorted_runs());
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
    let repeated = words.iter().filter(|word| question.contains(word)).count();
    repeated as f64 >= RESTATED_MIN * words.len() as f64
}
