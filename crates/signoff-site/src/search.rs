//! What a search finds, by the index that the pages come with (`words.rs`), in the grammar of the terminal.
//!
//! A word is found in every form that begins with it. A proposal is found when it has all words; first come those that
//! are most about the rarest of them, before all the one whose number or gate was typed.

use rustc_hash::{FxHashMap, FxHashSet};
use signoff_model::body::Section;
use signoff_model::profile::Meaning;
use signoff_model::proposal::{Prose, bare_number};
use signoff_model::{Proposal, Span};
use signoff_search::query::{Facet, FacetName, Term, Values};
use signoff_search::{Facets, Hit, Query, QueryFault, Results, Snippet};

use crate::pages::Searched;
use crate::{Site, words};

/// Most proposals that are shown.
const HITS_MAX: usize = 50;
/// Of these so many are shown with the sections that have the words.
const TOLD_MAX: usize = 20;
/// Most sections of a proposal.
const SNIPPETS_MAX: usize = 2;
/// Letters before the first word of a snippet, and in all.
const BEFORE: usize = 60;
const LETTERS: usize = 220;

/// Searches.
///
/// # Errors
/// When the words are no query.
pub(crate) fn search(site: &Site, searched: &Searched) -> Result<Results, QueryFault> {
    let query = query(site, searched)?;
    let corpus = &site.snapshot.corpus;
    let words = site.words();
    let (merits, partial) = merits(site, &query);
    let number = query.number();
    let mut ranked: Vec<(f64, &Proposal)> = merits
        .into_iter()
        .map(|(index, merit)| (merit, &*corpus.proposals[words.shown[index as usize]]))
        .filter(|(_, proposal)| fits(site, &query.facets, proposal))
        .map(|(merit, proposal)| {
            let is_named = number.is_some_and(|number| bare_number(proposal.label()) == number)
                || has_gate(site, proposal, &searched.words);
            (if is_named { f64::INFINITY } else { merit }, proposal)
        })
        .collect();
    ranked.sort_by(|(left, one), (right, other)| right.total_cmp(left).then_with(|| one.path.cmp(&other.path)));
    let facets = facets(site, &ranked);
    let total = ranked.len();
    ranked.truncate(HITS_MAX);
    let wanted: Vec<&Term> = query.terms.iter().filter(|term| !term.excluded).collect();
    let hits = ranked.iter().enumerate().map(|(place, (_, proposal))| {
        let snippets = if place < TOLD_MAX { snippets(proposal, &wanted) } else { Vec::new() };
        hit(site, proposal, snippets)
    });
    Ok(Results { total, partial, hits: hits.collect(), facets })
}

/// Whether a gate of a proposal is what was typed.
fn has_gate(site: &Site, proposal: &Proposal, typed: &str) -> bool {
    let gates = proposal.gates(&site.snapshot.corpus.prepared);
    gates.iter().any(|gate| gate.name.eq_ignore_ascii_case(typed.trim()))
}

/// What was typed and chosen.
fn query(site: &Site, searched: &Searched) -> Result<Query, QueryFault> {
    let chosen = FacetName::ALL.into_iter().zip(&searched.chosen).filter(|(_, value)| !value.is_empty());
    let facets: Vec<Facet> =
        chosen.map(|(name, value)| Facet { name, values: vec![value.clone()], excluded: false }).collect();
    let mut query = if searched.words.trim().is_empty() && !facets.is_empty() {
        Query::default()
    } else {
        let has_facets = Query::has_facets(&searched.words);
        Query::parse(&searched.words, &if has_facets { values(site) } else { Values::default() })?
    };
    query.facets.extend(facets);
    Ok(query)
}

/// The values that facets can have.
fn values(site: &Site) -> Values {
    let mut values = Values::of_process(&site.snapshot.corpus.prepared);
    for proposal in site.snapshot.corpus.all() {
        FacetName::ALL.into_iter().for_each(|name| values.add(name, value(site, proposal, name)));
    }
    values
}

fn value<'p>(site: &Site, proposal: &'p Proposal, name: FacetName) -> &'p str {
    let prepared = &site.snapshot.corpus.prepared;
    let value = match name {
        FacetName::Group => proposal.text(prepared, Meaning::Group),
        FacetName::Status => proposal.status(prepared),
        FacetName::Stage => proposal.stage(prepared),
        FacetName::Release => proposal.text(prepared, Meaning::LatestMilestone),
    };
    value.unwrap_or_default()
}

fn fits(site: &Site, facets: &[Facet], proposal: &Proposal) -> bool {
    let is = |facet: &Facet| {
        let own = value(site, proposal, facet.name);
        facet.values.iter().any(|value| value.eq_ignore_ascii_case(own))
    };
    facets.iter().all(|facet| is(facet) != facet.excluded)
}

/// How much each proposal is about what is wanted; those that have all words, else those that have the most of them,
/// and whether these have only some.
fn merits(site: &Site, query: &Query) -> (FxHashMap<u32, f64>, bool) {
    let words = site.words();
    let all = u32::try_from(words.shown.len()).unwrap_or(u32::MAX);
    let excluded: FxHashSet<u32> =
        query.terms.iter().filter(|term| term.excluded).flat_map(|term| having(site, term).into_keys()).collect();
    let mut wanted = query.terms.iter().filter(|term| !term.excluded).peekable();
    if wanted.peek().is_none() {
        return ((0..all).filter(|index| !excluded.contains(index)).map(|index| (index, 0.0)).collect(), false);
    }
    let (mut merits, mut terms): (FxHashMap<u32, (usize, f64)>, usize) = (FxHashMap::default(), 0);
    for term in wanted {
        terms += 1;
        for (index, about) in having(site, term) {
            let own = merits.entry(index).or_default();
            *own = (own.0 + 1, own.1 + about);
        }
    }
    merits.retain(|index, _| !excluded.contains(index));
    let most = merits.values().map(|(count, _)| *count).max().unwrap_or(0);
    let best = merits.into_iter().filter(|(_, (count, _))| *count == most);
    (best.map(|(index, (_, about))| (index, about)).collect(), most > 0 && most < terms)
}

/// The proposals that have a term, and how much they are about it.
fn having(site: &Site, term: &Term) -> FxHashMap<u32, f64> {
    let mut found: Option<FxHashMap<u32, f64>> = None;
    for word in &term.words {
        // What must not occur is the word itself, unless its beginning was named.
        let about = having_word(site, word, term.excluded && !term.prefix);
        found = Some(match found {
            None => about,
            Some(mut found) => {
                found.retain(|index, _| about.contains_key(index));
                found.iter_mut().for_each(|(index, own)| *own += about[index]);
                found
            }
        });
    }
    let mut found = found.unwrap_or_default();
    if term.words.len() > 1 {
        let words = site.words();
        let own = |index: &u32| &site.snapshot.corpus.proposals[words.shown[*index as usize]];
        found.retain(|index, _| holds_phrase(own(index), &term.words));
    }
    found
}

#[expect(clippy::cast_precision_loss, reason = "numbers of proposals are small")]
fn having_word(site: &Site, word: &str, is_whole: bool) -> FxHashMap<u32, f64> {
    /// What a word counts that only begins with the one that was typed.
    const LONGER: f64 = 0.6;
    let words = site.words();
    let mut found: FxHashMap<u32, f64> = FxHashMap::default();
    let all = words.shown.len();
    for list in words.beginning(word).filter(|list| !is_whole || *list.word == *word) {
        let count = if list.is_everywhere { all } else { list.postings.len() };
        let share = all as f64 / count.max(1) as f64;
        let rare = (1.0 + share).ln() * if *list.word == *word { 1.0 } else { LONGER };
        let mut add = |index: u32, about: f64| {
            let known = found.entry(index).or_default();
            *known = known.max(about);
        };
        if list.is_everywhere {
            (0..).take(all).for_each(|index| add(index, rare));
        }
        list.postings.iter().for_each(|posting| add(posting.index, rare * f64::from(posting.about)));
    }
    found
}

/// Whether words follow each other in the title or the prose.
fn holds_phrase(proposal: &Proposal, words: &[String]) -> bool {
    let prose = proposal.prose.iter().map(|prose| &*prose.source.text);
    prose.chain([&*proposal.source.text]).any(|text| phrase_in(text, words))
}

fn phrase_in(text: &str, words: &[String]) -> bool {
    let mut at = 0;
    while let Some(found) = words::find(&text[at..], &words[0]) {
        at += found.end;
        let mut rest = &text[at..];
        let follows = words[1..].iter().all(|word| {
            rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
            let is_next = rest.get(..word.len()).is_some_and(|next| next.to_lowercase() == *word);
            rest = rest.get(word.len()..).unwrap_or_default();
            is_next
        });
        if follows {
            return true;
        }
    }
    false
}

fn hit(site: &Site, proposal: &Proposal, snippets: Vec<Snippet>) -> Hit {
    let prepared = &site.snapshot.corpus.prepared;
    let value = |name| value(site, proposal, name).to_owned();
    Hit {
        path: proposal.path.to_string(),
        number: proposal.label().to_string(),
        title: proposal.text(prepared, Meaning::Title).unwrap_or(&proposal.name).to_owned(),
        group: value(FacetName::Group),
        status: value(FacetName::Status),
        stage: value(FacetName::Stage),
        release: value(FacetName::Release),
        gates: proposal.gates(prepared).iter().map(|gate| gate.name.to_owned()).collect(),
        snippets,
    }
}

fn facets(site: &Site, found: &[(f64, &Proposal)]) -> Facets {
    let count = |name| {
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for (_, proposal) in found {
            *counts.entry(value(site, proposal, name)).or_default() += 1;
        }
        let mut counts: Vec<(String, usize)> =
            counts.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
        counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        counts
    };
    Facets { counts: FacetName::ALL.map(count) }
}

/// The sections that have most of the words, with the text around the first of them.
fn snippets(proposal: &Proposal, wanted: &[&Term]) -> Vec<Snippet> {
    let Some(prose) = &proposal.prose else { return Vec::new() };
    let words: Vec<&str> = wanted.iter().flat_map(|term| &term.words).map(String::as_str).collect();
    let mut found: Vec<(usize, &Section, std::ops::Range<usize>)> = Vec::new();
    for section in &prose.document.body.sections {
        let text = section.content.of(&prose.source.text);
        let places: Vec<std::ops::Range<usize>> = words.iter().filter_map(|word| words::find(text, word)).collect();
        let Some(first) = places.iter().min_by_key(|place| place.start) else { continue };
        found.push((places.len(), section, first.clone()));
        if found.iter().filter(|(count, ..)| *count == words.len()).count() == SNIPPETS_MAX {
            break;
        }
    }
    found.sort_by_key(|(count, ..)| std::cmp::Reverse(*count));
    found.truncate(SNIPPETS_MAX);
    found.into_iter().map(|(_, section, first)| snippet(prose, section, &first, &words)).collect()
}

fn snippet(prose: &Prose, section: &Section, first: &std::ops::Range<usize>, words: &[&str]) -> Snippet {
    let text = section.content.of(&prose.source.text);
    let start = text[..first.start].char_indices().rev().take(BEFORE).last().map_or(first.start, |(at, _)| at);
    // Not within a word, and not in a part that is not shown.
    let start = match text[start..first.start].find(char::is_whitespace) {
        Some(space) if start > 0 => start + space,
        _ => start,
    };
    let rest = &text[start..];
    let end = rest.char_indices().nth(LETTERS).map_or(rest.len(), |(at, _)| at);
    let span = Span { start: section.content.start, end: section.content.end };
    let shown = prose.document.body.without_comments(&prose.source.text, shifted(span, start, start + end));
    let folded = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut pieces = Vec::new();
    if start > 0 {
        pieces.push((false, "…".to_owned()));
    }
    let mut rest = &*folded;
    while let Some(next) = words.iter().filter_map(|word| words::find(rest, word)).min_by_key(|place| place.start) {
        pieces.push((false, rest[..next.start].to_owned()));
        pieces.push((true, rest[next.clone()].to_owned()));
        rest = &rest[next.end..];
    }
    let is_cut = start + end < text.len();
    pieces.push((false, format!("{rest}{}", if is_cut { "…" } else { "" })));
    Snippet {
        path: prose.source.path.to_string(),
        line: prose.source.line(section.heading.start),
        heading: section.title.to_string(),
        text: pieces,
    }
}

/// A part of a span, from one of its bytes to another.
fn shifted(span: Span, start: usize, end: usize) -> Span {
    let at = |offset: usize| span.start + u32::try_from(offset).unwrap_or(u32::MAX - span.start);
    Span { start: at(start), end: at(end).min(span.end) }
}
