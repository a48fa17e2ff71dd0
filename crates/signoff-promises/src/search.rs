//! What people type into a search.

use std::collections::BTreeSet;

use signoff_model::Corpus;
use signoff_model::profile::Meaning;
use signoff_search::query::{FacetName, Values};
use signoff_search::{Hit, Index, Query, Results};

/// Most hits that are asked for.
const HITS_MAX: usize = 5;

/// Reads a text as a query and, if it is one, searches an index.
pub fn query(index: &Index, values: &Values, text: &str) {
    let query = match Query::parse(text, values) {
        Ok(query) => query,
        Err(fault) => {
            assert!(!fault.message.is_empty() && !fault.hint.is_empty(), "a fault says what to do");
            return;
        }
    };
    assert_eq!(Query::parse(text, values).as_ref(), Ok(&query), "read twice, a text says the same");
    let rewritten = written(&query);
    let read = Query::parse(&rewritten, values).unwrap_or_else(|fault| panic!("{rewritten:?}: {fault}"));
    assert_eq!(meaning(&read), meaning(&query), "{rewritten:?}");
    let found = index.search(&query, HITS_MAX).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    assert_eq!(index.search(&query, HITS_MAX).ok().as_ref(), Some(&found), "asked twice, the same is found");
    results(&query, &found);
}

/// Makes an index of a corpus: a proposal is found by the words of its title, and by its number if it has one.
pub fn index(corpus: &Corpus) {
    let index = Index::in_memory(corpus).unwrap_or_else(|error| panic!("{error}"));
    let values = index.values().unwrap_or_else(|error| panic!("{error}"));
    for proposal in &corpus.proposals {
        let title = proposal.text(&corpus.prepared, Meaning::Title);
        let number = Some(&**proposal.label()).filter(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
        for text in title.into_iter().chain(number) {
            let Ok(query) = Query::parse(&format!("\"{}\"", text.replace('"', " ")), &values) else { continue };
            // Letters that the index does not know are no words to it.
            if !text.contains(|character: char| character.is_ascii_alphanumeric()) {
                continue;
            }
            let found = index.search(&query, usize::MAX).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert!(found.hits.iter().any(|hit| *hit.path == *proposal.path), "{text:?} is not found");
        }
    }
}

/// What a query asks for, without how it was typed.
fn meaning(query: &Query) -> Query {
    let mut meaning = query.clone();
    meaning.terms.iter_mut().for_each(|term| term.written.clear());
    meaning
}

/// A query in its usual form.
fn written(query: &Query) -> String {
    let sign = |excluded: bool| if excluded { "-" } else { "" };
    let terms = query.terms.iter().map(|term| {
        let star = if term.prefix { "*" } else { "" };
        format!("{}\"{}{star}\"", sign(term.excluded), term.words.join(" "))
    });
    let facets = query
        .facets
        .iter()
        .map(|facet| format!("{}{}:{}", sign(facet.excluded), facet.name.name(), facet.values.join(",")));
    terms.chain(facets).collect::<Vec<_>>().join(" ")
}

fn results(query: &Query, results: &Results) {
    assert!(results.hits.len() <= HITS_MAX.min(results.total));
    let paths: BTreeSet<&str> = results.hits.iter().map(|hit| hit.path.as_str()).collect();
    assert_eq!(paths.len(), results.hits.len(), "a proposal is found once");
    for facet in &query.facets {
        for hit in &results.hits {
            let fits = facet.values.iter().any(|value| value == own(hit, facet.name));
            assert_eq!(fits, !facet.excluded, "{} fits {facet:?}", hit.path);
        }
    }
    for counts in &results.facets.counts {
        assert!(counts.iter().map(|(_, count)| count).sum::<usize>() <= results.total);
        assert!(counts.windows(2).all(|pair| pair[0].1 >= pair[1].1), "the most frequent value stands first");
    }
    for snippet in results.hits.iter().flat_map(|hit| &hit.snippets) {
        assert!(snippet.line > 0 && snippet.text.iter().all(|(_, piece)| !piece.is_empty()));
    }
}

fn own(hit: &Hit, name: FacetName) -> &str {
    match name {
        FacetName::Group => &hit.group,
        FacetName::Status => &hit.status,
        FacetName::Stage => &hit.stage,
        FacetName::Release => &hit.release,
    }
}
