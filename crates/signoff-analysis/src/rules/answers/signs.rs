//! What the text of an answer shows by itself: names, figures, plans, blanks left open.
//!
//! Word lists, not understanding: each sign was tried on the answers of finished proposals and kept
//! where it tells those from answers that reviewers sent back.

use std::ops::Range;

/// The words of a text with their places.
pub(in crate::rules) struct Words<'t> {
    text: &'t str,
    places: Vec<Range<usize>>,
}

impl<'t> Words<'t> {
    /// Splits a text: letters, digits, underscores and apostrophes make a word.
    pub(in crate::rules) fn of(text: &'t str) -> Self {
        let mut places: Vec<Range<usize>> = Vec::new();
        let mut start = None;
        for (at, character) in text.char_indices() {
            let inside = character.is_alphanumeric() || matches!(character, '_' | '\'' | '\u{2019}');
            match (inside, start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    places.push(from..at);
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(from) = start {
            places.push(from..text.len());
        }
        Self { text, places }
    }

    /// How many words there are.
    pub(in crate::rules) fn len(&self) -> usize {
        self.places.len()
    }

    /// Where the first of some phrases stands.
    ///
    /// A phrase is words with one space between; `a|b` is either, a trailing `*` any ending. Letter case
    /// does not count, and neither does what stands between the words, as long as it is on one sentence.
    pub(in crate::rules) fn find(&self, phrases: &[&str]) -> Option<Range<usize>> {
        (0..self.places.len()).find_map(|at| phrases.iter().find_map(|phrase| self.phrase_at(at, phrase)))
    }

    /// Whether one of some phrases stands anywhere.
    pub(in crate::rules) fn has(&self, phrases: &[&str]) -> bool {
        self.find(phrases).is_some()
    }

    /// Whether one of some phrases stands at the beginning.
    pub(in crate::rules) fn begins(&self, phrases: &[&str]) -> bool {
        !self.places.is_empty() && phrases.iter().any(|phrase| self.phrase_at(0, phrase).is_some())
    }

    fn phrase_at(&self, at: usize, phrase: &str) -> Option<Range<usize>> {
        let mut end = at;
        for wanted in phrase.split(' ') {
            let place = self.places.get(end)?;
            let word = &self.text[place.clone()];
            if !wanted.split('|').any(|alternative| matches(word, alternative)) {
                return None;
            }
            if end > at && self.text[self.places[end - 1].end..place.start].contains(['.', ';', '\n']) {
                return None;
            }
            end += 1;
        }
        Some(self.places[at].start..self.places[end - 1].end)
    }
}

fn matches(word: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        None => word.eq_ignore_ascii_case(wanted),
        Some(start) => word.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)),
    }
}

/// The sentence (or list item's line) around a place.
pub(in crate::rules) fn sentence(text: &str, place: Range<usize>) -> &str {
    let stops = [". ", "; ", "? ", "! ", " - ", " * "];
    let before = &text[..place.start];
    let start = stops.iter().filter_map(|stop| before.rfind(stop).map(|at| at + stop.len())).max().unwrap_or(0);
    let behind = &text[place.end..];
    let end = stops.iter().filter_map(|stop| behind.find(stop)).min().map_or(text.len(), |at| place.end + at + 1);
    text[start..end].trim()
}

/// Whether a text names something shaped like a metric: words joined by underscores.
pub(in crate::rules) fn names_metric(text: &str) -> bool {
    metrics(text).next().is_some()
}

/// The metric names of a text: lower case, words joined by underscores, labels left out.
pub(in crate::rules) fn metrics(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '/' | ':');
    text.split(move |character: char| !is_part(character)).map(|word| word.trim_matches([':', '/', '_'])).filter(
        |word| {
            word.starts_with(|first: char| first.is_ascii_alphabetic())
                && word.contains('_')
                && !word.contains("//")
                && word.chars().any(|character| character.is_ascii_lowercase())
        },
    )
}

/// Whether a text leads elsewhere: a link, or `see ...`.
pub(in crate::rules) fn refers(text: &str, words: &Words<'_>) -> bool {
    text.contains("](")
        || text.contains("://")
        || text.contains("][")
        || text.contains(" #")
        || text.starts_with(['[', '#'])
        || words.has(&["see", "refer to", "described", "same as|metrics", "above|below"])
}

/// Whether a text says why there is no metric or objective, or that there is none.
pub(in crate::rules) fn gives_reason(words: &Words<'_>) -> bool {
    words.has(&[
        "because|since|therefore|hence|due|overkill|unchanged|only|none|inherit*|existing",
        "as the|this|it|there|we|these",
        "no|not any|a|known|running|specific|new|dedicated|additional|generic|existing|relevant|separate|metric|metrics|sli|slis|slo|slos",
        "not needed|required|applicable|relevant|possible|necessary",
        "n a",
        "n't|not change|add|have|introduce|modify|affect|need|require",
        "does|do not|n't",
        "doesn't|don't|isn't|aren't|won't|shouldn't|can't|wouldn't",
        "should|would not",
        "no need|way|impact|change|changes",
    ])
}

/// Whether a text links or names tests: a link, a path, a name in code letters, a function.
pub(in crate::rules) fn names_tests(text: &str, words: &Words<'_>) -> bool {
    text.contains("](")
        || text.contains("://")
        || text.contains('`')
        || text.contains("][")
        || ["_test", ".go", "pkg/", "test/"].iter().any(|part| text.contains(part))
        || words.has(&["see|above|below|described|listed"])
        || words.places.iter().any(|place| is_test_name(&text[place.clone()]))
}

/// `TestWidgetPools`, but not `Test` or `Tests`.
fn is_test_name(word: &str) -> bool {
    ["Test", "Fuzz", "Benchmark"].iter().any(|start| {
        word.strip_prefix(start)
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_uppercase() || next == '_'))
    })
}

/// Whether a text says that there are no such tests, or need not be.
pub(in crate::rules) fn excuses_tests(words: &Words<'_>) -> bool {
    words.begins(&["no|not|none|nope", "n a"])
        || words.has(&[
            "in memory",
            "feature tests",
            "opt in",
            "no feature gate|flag|gates",
            "not need*|necessary|required|applicable|possible",
            "out of tree",
            "does not|n't",
            "doesn't|shouldn't|isn't|unnecessary|trivial|manual*|because|since",
        ])
}

/// A blank that was left open inside an answer: `TBD`, `< XX/s`, `X %`.
pub(in crate::rules) fn open_blank(text: &str, words: &Words<'_>) -> Option<Range<usize>> {
    let places = words.places.iter().filter(|place| {
        let word = &text[(*place).clone()];
        let behind = text[place.end..].trim_start_matches([' ', '>']);
        let before = text[..place.start].trim_end();
        let letters = word.len() <= 4 && word.bytes().all(|byte| byte == b'X') || matches!(word, "NN" | "NNN");
        let measured = behind.starts_with(['%', '/']) || before.ends_with(['<', '>', '=', '≤', '≥']);
        matches!(word, "TBD" | "TODO" | "FIXME" | "TBA" | "tbd") && !before.ends_with('`')
            || letters && measured && !behind.starts_with("/X")
    });
    places.map(|place| place.start..place.end).next()
}

/// What everybody says who has not done it yet, whatever the question. What a feature *will do* when
/// it runs is no plan, so "will be" alone is none.
const PLANS: &[&str] = &[
    "will be implement*|tested|documented|performed|measured|benchmarked|decided|evaluated|determined|defined",
    "will also be implement*|test*",
    "tests|test|metric|metrics|documentation|dashboard|benchmark|benchmarks will be|also",
    "we|i will|'ll add|test|implement|write|define|measure|manually",
    "we'll add|test|implement|write|define|measure|manually",
    "to be added|tested|determined|implemented|defined|decided|filled|written|completed|documented",
    "plan|plans|planning|intend|intends to add|test|implement|write|create|provide|cover|include|do|perform|run|introduce|measure|have",
    "is|are planned",
    "planned for",
    "not been tested|implemented|added|defined yet",
];

/// What else is a plan where tests or something done are asked for.
const PLANS_OF_WORK: &[&str] = &[
    "not yet",
    "will be add*|writ*|covered|included|provided|extended|completed|done|exercised",
    "will also be add*|writ*|cover*",
    "we|i will|'ll provide|cover|perform",
    "we'll provide|cover|perform",
    "tests|test|testing will be|have|exist|demonstrate|exercise|verify|test|cover|include|confirm|validate|run|contain|ensure",
    "will have test|tests|extensive|unit|integration|e2e",
    "there will be test*|unit|integration|e2e|specific|automated|manual|a|an|some|more",
    "should|must be tested|added|covered|implemented",
    "need|needs to be tested|added|covered|implemented",
    "need|needs to create|add|write|test",
    "going to add|test|implement|write",
    "these|they|this|it will be introduced|done|performed|added",
    "they will be",
    "will add|test",
    "we plan",
];

/// A plan in the future tense.
pub(in crate::rules) fn plan(words: &Words<'_>) -> Option<Range<usize>> {
    let opening = words.phrase_at(0, "not yet");
    opening.or_else(|| words.find(PLANS))
}

/// A plan where the question asks for work that is done.
pub(in crate::rules) fn plan_of_work(words: &Words<'_>) -> Option<Range<usize>> {
    let plain = plan(words);
    let work = words.find(PLANS_OF_WORK);
    plain.into_iter().chain(work).min_by_key(|place| place.start)
}

/// Whether a text holds a figure, or a word that stands for one.
pub(in crate::rules) fn has_figure(words: &Words<'_>) -> bool {
    words.places.iter().any(|place| words.text[place.clone()].bytes().any(|byte| byte.is_ascii_digit()))
        || words.has(&[
            "zero|never|always|same|hundred|every|all|each",
            "no increase*|degradation|regression*|impact|change*|new|errors|failures",
        ])
}

/// Whether a text speaks of turning a feature on.
pub(in crate::rules) fn speaks_of_on(words: &Words<'_>) -> bool {
    words.has(&["rollout*|rolling|enabl*|upgrad*", "roll|rolled out", "turn*|switch* on"])
}

/// Whether a text speaks of turning a feature off again.
pub(in crate::rules) fn speaks_of_off(words: &Words<'_>) -> bool {
    words.has(&[
        "rollback*|disabl*|downgrad*|revert*|off|uninstall*|undo|both|either",
        "roll|rolled|rolling back",
        "not|never|cannot fail",
        "can't fail",
    ])
}

/// Whether a text speaks of what runs in the cluster.
pub(in crate::rules) fn speaks_of_workloads(words: &Words<'_>) -> bool {
    words.has(&[
        "workload*|pod*|container*|running|application*|app|apps|job|jobs|existing|service|services|volume*|user*|node|nodes|client*|object*|request*|controller*|resource*|impact*",
    ])
}

/// Whether an answer says no.
pub(in crate::rules) fn says_no(words: &Words<'_>) -> bool {
    words.begins(&["no|none|nope|not"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_metrics() {
        let cases: [(&str, &[&str]); 5] = [
            ("A rise of `kubelet_widget_errors_total{reason=\"full\"}`.", &["kubelet_widget_errors_total"]),
            ("endpoint_slice_controller/syncs grows", &["endpoint_slice_controller/syncs"]),
            ("Pods fail to start.", &[]),
            ("KUBECTL_WIDGETS and spec.widgetPool", &[]),
            ("_emphasis_ only", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<&str> = metrics(text).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn plans() {
        let cases = [
            ("Unit tests will be added before beta.", Some("tests will be")),
            ("The field will be added to each pod.", None),
            ("The kubelet will restart the pod.", None),
            ("We plan to add an e2e test.", Some("plan to add")),
            ("Not yet.", Some("Not yet")),
            ("It will be. Tested by hand.", None),
        ];
        for (text, expected) in cases {
            assert_eq!(plan(&Words::of(text)).map(|place| &text[place]), expected, "{text:?}");
        }
        let text = "Integration tests will verify it.";
        assert_eq!(plan(&Words::of(text)), None);
        assert_eq!(plan_of_work(&Words::of(text)).map(|place| &text[place]), Some("tests will verify"));
    }

    #[test]
    fn blanks() {
        let cases = [
            ("Less than < XX/s per node", Some("XX")),
            ("99% within X %", Some("X")),
            ("Testing: TBD.", Some("TBD")),
            ("The X axis of a chart", None),
            ("Any 5XX error", None),
            ("Look for the comment `TODO`", None),
        ];
        for (text, expected) in cases {
            assert_eq!(open_blank(text, &Words::of(text)).map(|place| &text[place]), expected, "{text:?}");
        }
    }

    #[test]
    fn sentences() {
        let text = "It is fine. Tests will be added soon; no more. Bye.";
        let place = text.find("will").map(|at| at..at + 4).expect("it is there");
        assert_eq!(sentence(text, place), "Tests will be added soon;");
    }
}
