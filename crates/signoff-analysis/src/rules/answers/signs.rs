//! What the text of an answer shows by itself: names, figures, plans, blanks left open.
//!
//! Word lists, not understanding: each sign was tried on the answers of finished proposals and kept
//! where it tells those from answers that reviewers sent back.

use std::ops::Range;

use super::phrases::{Phrases, Words};

/// The sentence (or list item's line) around a place.
pub(in crate::rules) fn sentence(text: &str, place: Range<usize>) -> &str {
    let (before, behind) = (&text.as_bytes()[..place.start], &text.as_bytes()[place.end..]);
    let stop = |gap: &usize| STOPS.iter().chain(&ITEMS).any(|stop| before[..=*gap].ends_with(stop));
    let start = memchr::memrchr_iter(b' ', before).find(stop).map_or(0, |gap| gap + 1);
    let end = memchr::memchr_iter(b' ', behind).find_map(|gap| {
        let stops = STOPS.iter().any(|stop| behind[..=gap].ends_with(stop));
        let is_item = ITEMS.iter().any(|item| behind[gap..].starts_with(item));
        stops.then_some(gap).or(is_item.then_some(gap + 1))
    });
    text[start..end.map_or(text.len(), |end| place.end + end)].trim()
}

/// What ends a sentence; white space is folded.
const STOPS: [&[u8]; 4] = [b". ", b"; ", b"? ", b"! "];
/// What stands before an item of a list.
const ITEMS: [&[u8]; 2] = [b" - ", b" * "];

/// Whether a text names something shaped like a metric: words joined by underscores, or a family of them
/// such as `widget_*`.
pub(in crate::rules) fn names_metric(text: &str) -> bool {
    metrics(text).next().is_some() || text.contains("_*")
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
    links(text) || words.has(&REFERENCES)
}

fn links(text: &str) -> bool {
    text.contains("](")
        || text.contains("://")
        || text.contains("][")
        || text.contains(" #")
        || text.starts_with(['[', '#'])
}

/// Whether a text leads to a place where metrics are named: a link, or `see the metrics ...`.
pub(in crate::rules) fn refers_to_metrics(text: &str, words: &Words<'_>) -> bool {
    links(text) || words.has(&METRIC_REFERENCES)
}

/// Whether a text speaks of a metric, be it without naming it. A path such as `/metrics` is none.
pub(in crate::rules) fn speaks_of_metric(text: &str, words: &Words<'_>) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '/' | '`' | '_');
    words.places().iter().any(|place| {
        let word = &text[place.clone()];
        let (before, behind) = (&text[..place.start], &text[place.end..]);
        let joined =
            before.ends_with(['/', '.', '`', '-']) || behind.trim_start_matches(['.', '-']).starts_with(is_part);
        (word.eq_ignore_ascii_case("metric") || word.eq_ignore_ascii_case("metrics")) && !joined
    })
}

/// Whether a text says that there is no metric, or that what there is already covers it.
pub(in crate::rules) fn denies_metric(words: &Words<'_>) -> bool {
    says_no(words) || words.has(&METRIC_DENIALS)
}

/// Whether a text says that there is no objective, or why.
pub(in crate::rules) fn gives_reason(words: &Words<'_>) -> bool {
    words.has(&REASONS)
}

/// Whether a text says that its question does not apply, and beside that only words that say nothing:
/// `We believe that this question is not relevant here.`
pub(in crate::rules) fn only_denies(words: &Words<'_>) -> bool {
    words.len() <= DENIAL_WORDS
        && words.has(&DENIALS)
        && words.has(&CONCERNS)
        && words.consist_of(&[&DENIALS, &CONCERNS, &FILLING])
}

/// Whether a text links or names tests: a link, a path, a name in code letters, a function.
pub(in crate::rules) fn names_tests(text: &str, words: &Words<'_>) -> bool {
    text.contains("](")
        || text.contains("://")
        || text.contains('`')
        || text.contains("][")
        || ["_test", ".go", "pkg/", "test/"].iter().any(|part| text.contains(part))
        || words.has(&TEST_REFERENCES)
        || words.places().iter().any(|place| is_test_name(&text[place.clone()]))
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
    words.begin(&NO_TESTS).is_some() || words.has(&EXCUSES)
}

/// A blank that was left open inside an answer.
pub(in crate::rules) struct Blank {
    /// Where it stands.
    pub(in crate::rules) place: Range<usize>,
    /// Whether it is one letter, as for a bound that every cluster sets for itself.
    pub(in crate::rules) varies: bool,
}

/// The first blank that was left open: `TBD`, `< XX/s`, `X %`; none where it is said what `X` stands for.
pub(in crate::rules) fn open_blank(text: &str, words: &Words<'_>) -> Option<Blank> {
    let is_blank = |place: &&Range<usize>| {
        let word = &text[(*place).clone()];
        if !matches!(word.as_bytes(), [b'T' | b't' | b'F' | b'X' | b'N', ..]) {
            return false;
        }
        let is_promise = matches!(word, "TBD" | "TODO" | "FIXME" | "TBA" | "tbd");
        let is_figure = word.bytes().all(|byte| byte == b'X') || matches!(word, "NN" | "NNN");
        if !is_promise && !is_figure {
            return false;
        }
        let before = text[..place.start].trim_end();
        if is_promise {
            return !before.ends_with('`');
        }
        let behind = text[place.end..].trim_start_matches([' ', '>']);
        let measured = behind.starts_with(['%', '/']) || before.ends_with(['<', '>', '=', '≤', '≥']);
        measured && !behind.starts_with("/X")
    };
    let place = words.places().iter().find(is_blank)?.clone();
    let varies = place.len() == 1;
    let is_explained = varies && words.has(&EXPLANATIONS);
    (!is_explained).then_some(Blank { place, varies })
}

/// Words with which people say what a letter stands for.
static EXPLANATIONS: Phrases = Phrases::of(&["where|with x", "x depends|is|being|stands"]);

/// What everybody says who has not done it yet, whatever the question. What a feature *will do* when
/// it runs is no plan, so "will be" alone is none.
static PLANS: Phrases = Phrases::of(&[
    "will be implement*|tested|documented|performed|measured|benchmarked|decided|evaluated|determined|defined",
    "will also be implement*|test*",
    "tests|test|metric|metrics|documentation|dashboard|benchmark|benchmarks will be|also",
    "we|i will add|test|implement|write|define|measure|manually",
    "we'll add|test|implement|write|define|measure|manually",
    "to be added|tested|determined|implemented|defined|decided|filled|written|completed|documented",
    "plan|plans|planning|intend|intends to add|test|implement|write|create|provide|cover|include|do|perform|run|introduce|measure|have",
    "is|are planned",
    "planned for",
    "not been tested|implemented|added|defined yet",
]);

/// What else is a plan where tests or something done are asked for.
static PLANS_OF_WORK: Phrases = Phrases::of(&[
    "not yet",
    "will be add*|writ*|covered|included|provided|extended|completed|done|exercised",
    "will also be add*|writ*|cover*",
    "we|i will provide|cover|perform",
    "we'll provide|cover|perform",
    "tests|test|testing will be|have|exist|demonstrate|exercise|verify|test|cover|include|confirm|validate|run|contain|ensure",
    "will have test|tests|extensive|unit|integration|e2e",
    "there will be test*|unit|integration|e2e|specific|automated|manual|a|an|some|more",
    "should|must be tested|added|covered|implemented",
    "we|still|also|tests|test|this|it|they|which need|needs to be tested|added|covered|implemented",
    "we|still|also|tests|test|this|it|they|which need|needs to create|add|write|test",
    "going to add|test|implement|write",
    "these|they|this|it will be introduced|done|performed|added",
    "they will be",
    "will add|test",
    "we plan",
    "will be manually|automatically",
    "will have it|them|this tested",
]);

/// A plan in the future tense.
pub(in crate::rules) fn plan(words: &Words<'_>) -> Option<Range<usize>> {
    words.begin(&NOT_YET).or_else(|| words.find(&PLANS))
}

/// A plan where the question asks for work that is done.
pub(in crate::rules) fn plan_of_work(words: &Words<'_>) -> Option<Range<usize>> {
    let plain = plan(words);
    let work = words.find(&PLANS_OF_WORK);
    plain.into_iter().chain(work).min_by_key(|place| place.start)
}

/// Whether a text says what tests do, be it in the future tense: `e2e tests will verify that ...`
pub(in crate::rules) fn tells_what_tests_do(words: &Words<'_>) -> bool {
    words.has(&DEEDS_OF_TESTS)
}

/// What tests do.
static DEEDS_OF_TESTS: Phrases = Phrases::of(&[
    "will verify|exercise|confirm|demonstrate|validate|ensure",
    "will be a|an test|tests to|for|in|that",
    "will be unit|e2e|integration|specific test|tests|coverage to|for|in|that|demonstrating",
    "test|tests to|that verify|ensure|demonstrate|demonstrates",
    "added to ensure|verify",
]);

/// A promise to look into something for a stage that is there: `To be measured before beta.`
pub(in crate::rules) fn promise(words: &Words<'_>, stages: &[&str]) -> Option<Range<usize>> {
    let is_one_of = |at: usize, names: &[&str]| names.iter().any(|name| words.word(at).eq_ignore_ascii_case(name));
    (1..words.len()).find_map(|at| {
        let is_term =
            is_one_of(at, stages) && (at.saturating_sub(TERM_WORDS)..at).any(|before| is_one_of(before, &UNTIL));
        if !is_term {
            return None;
        }
        let near = at.saturating_sub(PROMISE_WORDS)..words.len().min(at + PROMISE_WORDS);
        words.find_in(&PROMISES, near).filter(|place| {
            let stage = words.places()[at].clone();
            let between = place.end.min(stage.start)..place.end.max(stage.start);
            !words.text()[between].contains(['.', ';', '?', '!'])
        })
    })
}

/// Words before a stage by which something is promised.
const UNTIL: [&str; 8] = ["for", "before", "prior", "in", "during", "by", "until", "towards"];
/// How many words before the stage such a word may stand: `before the graduation to beta`.
const TERM_WORDS: usize = 5;
/// How many words from the stage the promise may stand.
const PROMISE_WORDS: usize = 12;

/// What people say who have not looked into it yet.
static PROMISES: Phrases = Phrases::of(&[
    "will|should|must|can|to|would be considered|measured|evaluated|decided|clarified|discussed|revisited|determined|defined|investigated|tested|added|filled|benchmarked|optimized|documented|answered|implemented|updated|provided|completed|explored",
    "will|should|to measure|evaluate|decide|clarify|revisit|determine|define|investigate|test|add|benchmark|document|answer|implement|update|provide|explore|have",
    "clarify|revisit|tbd|todo|fixme",
    "need|needs further|to be|more",
    "planned|planning|plan|plans",
]);

/// Whether a text holds a figure, or a word that stands for one.
pub(in crate::rules) fn has_figure(words: &Words<'_>) -> bool {
    words.places().iter().any(|place| words.text()[place.clone()].bytes().any(|byte| byte.is_ascii_digit()))
        || words.has(&FIGURES)
}

/// Whether a text speaks of turning a feature on.
pub(in crate::rules) fn speaks_of_on(words: &Words<'_>) -> bool {
    words.has(&ON)
}

/// Whether a text speaks of turning a feature off again.
pub(in crate::rules) fn speaks_of_off(words: &Words<'_>) -> bool {
    words.has(&OFF)
}

/// Whether a text speaks of what runs in the cluster.
pub(in crate::rules) fn speaks_of_workloads(words: &Words<'_>) -> bool {
    words.has(&WORKLOADS)
}

/// Whether an answer says that there is none, rather than that its question does not apply.
pub(in crate::rules) fn says_none(words: &Words<'_>) -> bool {
    words.begin(&NONE).is_some()
}

/// Whether a text speaks of what operators notice without a metric: crashes, nodes that are not ready, events.
pub(in crate::rules) fn names_symptom(words: &Words<'_>) -> bool {
    words.has(&SYMPTOMS)
}

/// Whether a blank for a name holds names, be they no identifiers: `WidgetStart, WidgetEnd` or `widgets`.
pub(in crate::rules) fn is_name(value: &str) -> bool {
    let is_word = |name: &str| !name.is_empty() && !name.contains(char::is_whitespace);
    let is_camel = |word: &str| {
        word.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
    };
    value.split(',').map(str::trim).all(is_word) || value.split_whitespace().next().is_some_and(is_camel)
}

/// Whether an answer says no.
pub(in crate::rules) fn says_no(words: &Words<'_>) -> bool {
    words.begin(&NO).is_some()
}

/// Words that lead elsewhere.
static REFERENCES: Phrases = Phrases::of(&["see", "refer to", "described", "same as|metrics", "above|below"]);

/// Words that lead to where metrics are named. An answer that only says "if pods fail above a rate" does not.
static METRIC_REFERENCES: Phrases = Phrases::of(&[
    "see above|below|section|metric*|sli*|previous|next|answer|question|monitoring|also",
    "see the above|below|section|metric*|sli*|previous|next|answer|question|monitoring|same|list",
    "refer to",
    "described|mentioned|listed|detailed|outlined|documented",
    "same as|metrics|metric|sli|slis",
    "metric|metrics|sli|slis|section|question|answer above|below",
    "above|below metric*|sli*|section|question",
]);

/// Words with which people say that no metric is needed or new.
static METRIC_DENIALS: Phrases = Phrases::of(&[
    "overkill|unchanged|inherit*",
    "no|not any|known|running|specific|new|dedicated|additional|generic|existing|relevant|separate|special|such|metric|metrics|sli|slis|slo|slos|service",
    "no need|impact|change|changes|service",
    "not needed|required|applicable|relevant|possible|necessary|available",
    "not a service",
    "outside of|the",
    "out of scope",
    "no|not runtime|code|behavior|behaviour",
    "not seem|change|modify|introduce|require",
    "not have|expose|emit|export|produce any|metric|metrics|a",
    "existing|same sli|slis|metric|metrics|slo|slos",
    "existing api|scheduler|kubelet|cluster|component sli|slis|metric|metrics|server|slo|slos",
    "n a",
]);

/// An answer of up to so many words says one thing.
const DENIAL_WORDS: usize = 12;

/// Words that say no.
static DENIALS: Phrases = Phrases::of(&[
    "no|not|none|never|neither|nor|n|cannot|can't|doesn't|don't|isn't|aren't|wasn't|weren't|won't|shouldn't",
]);

/// Words for what a question asks, and for what it has to do with the proposal.
static CONCERNS: Phrases = Phrases::of(&[
    "relevant|applicable|apply|applies|a|none|metric|metrics|sli|slis|slo|slos|need|needs|needed|require|required|requires|necessary|identified",
]);

/// Words that say nothing by themselves.
static FILLING: Phrases = Phrases::of(&[
    "this|that|it|there|they|these|we|i|the|an|any|such",
    "is|are|was|were|be|been|do|does|did|have|has|will|would|should|can|could",
    "to|for|of|in|on|at|by|so|far|yet|here|really|currently|time|moment|point",
    "feature|features|question|section|enhancement|change|case|specific|special|particular|new|dedicated|known",
    "believe|think|seem|seems|appear|appears",
]);

/// Words with which people say why, or that there is none.
static REASONS: Phrases = Phrases::of(&[
    "because|since|therefore|hence|due|overkill|unchanged|only|none|inherit*|existing",
    "as the|this|it|there|we|these",
    "no|not any|a|known|running|specific|new|dedicated|additional|generic|existing|relevant|separate|metric|metrics|sli|slis|slo|slos",
    "not needed|required|applicable|relevant|possible|necessary",
    "n a",
    "not change|add|have|introduce|modify|affect|need|require",
    "does|do not",
    "doesn't|don't|isn't|aren't|won't|shouldn't|can't|wouldn't",
    "should|would not",
    "no need|way|impact|change|changes",
]);

/// Words that lead to a place where the tests are named.
static TEST_REFERENCES: Phrases = Phrases::of(&["see|above|below|described|listed"]);

/// How an answer begins that says there are no tests.
static NO_TESTS: Phrases = Phrases::of(&["no|not|none|nope", "n a"]);

/// Words with which people say why there are no such tests.
static EXCUSES: Phrases = Phrases::of(&[
    "in memory",
    "feature tests",
    "opt in",
    "no feature gate|flag|gates",
    "not need*|necessary|required|applicable|possible",
    "out of tree",
    "does not",
    "doesn't|shouldn't|isn't|unnecessary|trivial|manual*|because|since",
]);

/// Words that stand for a figure.
static FIGURES: Phrases = Phrases::of(&[
    "zero|never|always|same|hundred|every|all|each",
    "no increase*|degradation|regression*|impact|change*|new|errors|failures",
]);

/// Words for turning a feature on.
static ON: Phrases = Phrases::of(&["rollout*|rolling|enabl*|upgrad*", "roll|rolled out", "turn*|switch* on"]);

/// Words for turning a feature off, or for neither way having an effect.
static OFF: Phrases = Phrases::of(&[
    "rollback*|disabl*|downgrad*|revert*|off|uninstall*|undo|both|either",
    "roll|rolled|rolling back",
    "not|never|cannot fail",
    "can't fail",
]);

/// Words for what runs in a cluster, or for an effect on it.
static WORKLOADS: Phrases = Phrases::of(&[
    "workload*|pod*|container*|running|application*|app|apps|job|jobs|existing|service|services|volume*|user*|node|nodes|client*|object*|request*|controller*|resource*|impact*",
]);

/// How an answer begins that says no.
static NO: Phrases = Phrases::of(&["no|none|nope|not"]);

/// How an answer begins that says there is none.
static NONE: Phrases = Phrases::of(&["none|nothing"]);

/// What operators notice without a metric.
static SYMPTOMS: Phrases = Phrases::of(&[
    "crash*|crashloop*|restart*|notready|event|events|log|logs|journal|5xx|4xx|response*",
    "not ready|start|starting",
    "node|nodes ready",
    "status code|codes",
]);

/// A whole answer, as often as not.
static NOT_YET: Phrases = Phrases::of(&["not yet"]);

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
        assert!(names_metric("All of `widget_*`"));
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
        let work = [
            ("Integration tests will verify it.", Some("tests will verify")),
            ("That will be manually tested.", Some("will be manually")),
            ("We need to add a test.", Some("We need to add")),
            ("There is no need to add a test.", None),
        ];
        for (text, expected) in work {
            assert_eq!(plan(&Words::of(text)), None, "{text:?}");
            assert_eq!(plan_of_work(&Words::of(text)).map(|place| &text[place]), expected, "{text:?}");
        }
    }

    #[test]
    fn promises_for_stages() {
        let cases = [
            ("It is small; this will be measured before beta.", Some("will be measured")),
            ("To be decided prior to the graduation to GA.", Some("To be decided")),
            ("What beta brings is to be decided.", None),
            ("Will be measured. In beta it is on.", None),
            ("Will be measured before v2.", None),
            ("Beta", None),
        ];
        for (text, expected) in cases {
            let words = Words::of(text);
            assert_eq!(promise(&words, &["alpha", "beta", "GA"]).map(|place| &text[place]), expected, "{text:?}");
        }
    }

    #[test]
    fn denials_without_a_reason() {
        let cases = [
            ("We believe that this question is not relevant here.", true),
            ("N/A, not needed.", true),
            ("None have been identified.", true),
            ("Not applicable, nodes are created anew.", false),
            ("This is relevant.", false),
            ("It is not.", false),
        ];
        for (text, expected) in cases {
            assert_eq!(only_denies(&Words::of(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn metrics_spoken_of() {
        let cases = [
            ("A metric shows it.", true),
            ("The metrics.", true),
            ("The endpoint /metrics/widgets", false),
            ("The field spec.metrics.widgets", false),
            ("A `metric` field", false),
            ("Metrical", false),
        ];
        for (text, expected) in cases {
            assert_eq!(speaks_of_metric(text, &Words::of(text)), expected, "{text:?}");
        }
        let denials = [("No metric does.", true), ("It does not need metrics.", false), ("Not required.", true)];
        for (text, expected) in denials {
            assert_eq!(denies_metric(&Words::of(text)), expected, "{text:?}");
        }
        let references =
            [("See the metrics above.", true), ("[these](#slis)", true), ("If operators see errors above 1%.", false)];
        for (text, expected) in references {
            assert_eq!(refers_to_metrics(text, &Words::of(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn what_tests_do() {
        let cases = [
            ("An e2e test will verify that the gate is off.", true),
            ("There will be unit tests for both.", true),
            ("Tests that ensure it will be added.", true),
            ("Unit tests will be added.", false),
            ("Not yet.", false),
        ];
        for (text, expected) in cases {
            assert_eq!(tells_what_tests_do(&Words::of(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn symptoms() {
        let cases = [
            ("The kubelet crashes.", true),
            ("Nodes are not ready.", true),
            ("A 5XX code", true),
            ("Pods that start slowly", false),
        ];
        for (text, expected) in cases {
            assert_eq!(names_symptom(&Words::of(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn names_in_blanks() {
        let cases = [
            ("WidgetStart, WidgetEnd", true),
            ("`widgetLatency` of the kubelet", true),
            ("widgets", true),
            ("latency of widgets", false),
            ("start, ", false),
        ];
        for (value, expected) in cases {
            assert_eq!(is_name(value), expected, "{value:?}");
        }
    }

    #[test]
    fn none_is_not_inapplicable() {
        for (text, expected) in [("None.", true), ("- none", true), ("N/A", false), ("Not applicable", false)] {
            assert_eq!(says_none(&Words::of(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn blanks() {
        let cases = [
            ("Less than < XX/s per node", Some("XX")),
            ("99% within X %", Some("X")),
            ("Testing: TBD.", Some("TBD")),
            ("At most <= X, where X depends on the nodes", None),
            ("The X axis of a chart", None),
            ("Any 5XX error", None),
            ("Look for the comment `TODO`", None),
        ];
        for (text, expected) in cases {
            assert_eq!(open_blank(text, &Words::of(text)).map(|blank| &text[blank.place]), expected, "{text:?}");
        }
    }

    #[test]
    fn sentences() {
        let text = "It is fine. Tests will be added soon; no more. Bye.";
        let place = text.find("will").map(|at| at..at + 4).expect("it is there");
        assert_eq!(sentence(text, place), "Tests will be added soon;");
    }
}
