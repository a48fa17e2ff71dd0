//! The states that the reader gives to real answers, compared with labels made by hand.
//!
//! The labelled documents are those of a public repository at fixed blobs, read from `enhancements.bundle`.

#![allow(clippy::print_stderr, reason = "the differences are what the test is for")]

use std::collections::BTreeMap;

use serde::Deserialize;
use signoff_model::Profile;
use signoff_model::profile::Prepared;
use signoff_model::proposal::Document;
use signoff_model::source::Encoding;

mod corpora;

/// Share of states that must be exactly those of the labels.
const EXACT_MIN: f64 = 0.98;
/// Share of each labelled state that must be recognised.
const RECALL_MIN: f64 = 0.95;
/// Share of the labelled names that must be read, and none beside them.
const NAMES_MIN: f64 = 0.99;

#[derive(Deserialize)]
struct Labels {
    document: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    path: String,
    blob: String,
    #[serde(default)]
    states: BTreeMap<String, String>,
    gates: Vec<String>,
    metrics: Vec<String>,
}

/// How often a labelled state was read, and how often as what it is.
#[derive(Default)]
struct Count {
    all: u32,
    right: u32,
}

impl Count {
    fn share(&self) -> f64 {
        f64::from(self.right) / f64::from(self.all.max(1))
    }
}

#[test]
fn states_agree_with_labels_made_by_hand() {
    let labels = labels(&[include_str!("labels/answers.toml"), include_str!("labels/held_out.toml")]);
    let Some(texts) = texts(&labels) else { return };
    let prepared = prepared();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for (labelled, text) in labels.iter().zip(&texts) {
        for (question, expected, found) in states(&prepared, labelled, text) {
            let count = counts.entry(expected).or_default();
            count.all += 1;
            count.right += u32::from(expected == found);
            if expected != found {
                eprintln!("{}: {question} is {expected}, read as {found}", labelled.path);
            }
        }
    }
    judge(&counts);
}

#[test]
fn names_agree_with_labels_made_by_hand() {
    let all = ["answers", "held_out", "names"];
    let files =
        [include_str!("labels/answers.toml"), include_str!("labels/held_out.toml"), include_str!("labels/names.toml")];
    let labels = labels(&files);
    assert!(labels.len() > 400, "the labels of {all:?}");
    let Some(texts) = texts(&labels) else { return };
    let prepared = prepared();
    let (mut count, mut invented) = (Count::default(), 0);
    for (labelled, text) in labels.iter().zip(&texts) {
        let document = Document::parse(&prepared, text, 0, Encoding::Utf8);
        for (expected, found) in [(&labelled.gates, &document.gates), (&labelled.metrics, &document.metrics)] {
            let found: Vec<&str> = found.iter().map(|(name, _)| &**name).collect();
            let right = expected.iter().filter(|name| found.contains(&name.as_str())).count();
            count.all += u32::try_from(expected.len()).expect("few");
            count.right += u32::try_from(right).expect("few");
            invented += found.iter().filter(|name| !expected.iter().any(|known| known == *name)).count();
            if found != *expected {
                eprintln!("{}: {expected:?}, read as {found:?}", labelled.path);
            }
        }
    }
    eprintln!("names: {} of {}, {invented} invented", count.right, count.all);
    assert!(count.share() >= NAMES_MIN && invented == 0, "see above");
}

#[test]
fn states_of_short_answers() {
    let prepared = prepared();
    let cases = [
        ("", "empty"),
        ("<!-- Unit tests. -->", "empty"),
        ("N/A.", "not-applicable"),
        ("- `n/a`", "not-applicable"),
        ("N/A, nothing is stored.", "answered"),
        ("TBD (when targeting beta).", "placeholder"),
        ("TODO", "placeholder"),
        ("TBD needed for Beta", "placeholder"),
        ("TODO for v1.28", "placeholder"),
        ("TBA.", "placeholder"),
        ("- [Dependency name]:", "empty"),
        ("<<[UNRESOLVED beta]>>\nFill out when targeting beta to a release.\n<<[/UNRESOLVED]>>", "placeholder"),
        ("<<[UNRESOLVED]>> <<[/UNRESOLVED]>>", "empty"),
        ("<<[UNRESOLVED @x]>> Is the switch tested? <<[/UNRESOLVED]>>", "answered"),
        ("a <<[b]>> c", "answered"),
        ("TBD: tests for the switch of the gate.", "answered"),
        ("Yes.", "bare"),
        ("Yes, they exist.", "bare"),
        ("Yes, there are some.", "answered"),
        // The template has a section of this name, but no such line of prose.
        ("Unit tests.", "answered"),
    ];
    for (answer, expected) in cases {
        let text =
            format!("###### Are there any tests for feature enablement/disablement?\n\n{answer}\n\n## Drawbacks\n");
        let labelled = Labelled {
            path: String::new(),
            blob: String::new(),
            states: BTreeMap::from([("enablement-tests".to_owned(), expected.to_owned())]),
            gates: Vec::new(),
            metrics: Vec::new(),
        };
        assert_eq!(states(&prepared, &labelled, &text), [("enablement-tests", expected, expected)], "{answer:?}");
    }
}

fn labels(files: &[&str]) -> Vec<Labelled> {
    files.iter().flat_map(|file| toml::from_str::<Labels>(file).expect("labels").document).collect()
}

/// The labelled documents; `None`, said aloud, where the bundle is not.
fn texts(labels: &[Labelled]) -> Option<Vec<String>> {
    let repository = corpora::Repository::of(&corpora::file("enhancements.bundle")?);
    let names: Vec<&str> = labels.iter().map(|labelled| labelled.blob.as_str()).collect();
    Some(repository.blobs(&names).into_iter().map(|bytes| String::from_utf8(bytes).expect("text")).collect())
}

#[test]
fn values_of_blanks() {
    let prepared = prepared();
    let gate = "###### How can this feature be enabled / disabled in a live cluster?\n\n- [x] Feature gate\n";
    let sli = "###### What are the SLIs (Service Level Indicators) an operator can use to determine the health of the service?\n\n- [x] Metrics\n";
    let node = "- Will enabling / disabling the feature require downtime or reprovisioning of a node?";
    let cases = [
        (gate, "  - Feature gate name: `WidgetPools`\n".to_owned(), "gate-name", "`WidgetPools`"),
        (gate, format!("  {node} (Do not assume `Dynamic Kubelet Config` feature is enabled).\n"), "node-downtime", ""),
        (
            gate,
            format!("  {node} (Do not assume `Dynamic Kubelet Config` feature is enabled). No.\n"),
            "node-downtime",
            "No.",
        ),
        (gate, format!("  {node} No.\n"), "node-downtime", "No."),
        (sli, "  - Metric name:\n    - `a_total`\n    - `b_total`\n".to_owned(), "metric-name", "`a_total`\n`b_total`"),
        (
            sli,
            "- Metric name:\n- `a_total`\n- Components exposing the metric: x\n".to_owned(),
            "metric-name",
            "`a_total`",
        ),
        (sli, "- Metric name:\n- Components exposing the metric: x\n".to_owned(), "metric-name", ""),
    ];
    for (question, blank, id, expected) in cases {
        let text = format!("{question}{blank}\n## Drawbacks\n");
        let document = Document::parse(&prepared, &text, 0, Encoding::Utf8);
        let answers = document.answers[0].answers.iter().enumerate();
        let mut values = answers.flat_map(|(index, answer)| answer.fields.iter().map(move |field| (index, field)));
        let found = values.find(|(index, field)| prepared.question(0, *index).1.field[field.field].id == id);
        assert_eq!(found.map(|(_, field)| &*field.value), Some(expected), "{blank:?}");
    }
}

fn judge(counts: &BTreeMap<&str, Count>) {
    let mut total = Count::default();
    for (state, count) in counts {
        eprintln!("{state}: {} of {}", count.right, count.all);
        total.all += count.all;
        total.right += count.right;
    }
    eprintln!("all: {} of {}", total.right, total.all);
    for (state, count) in counts {
        assert!(count.share() >= RECALL_MIN, "{state}: {} of {}", count.right, count.all);
    }
    assert!(total.share() >= EXACT_MIN, "{} of {}", total.right, total.all);
}

/// Question, labelled state, state as read.
fn states<'a>(prepared: &Prepared, labelled: &'a Labelled, text: &str) -> Vec<(&'a str, &'a str, &'static str)> {
    let document = Document::parse(prepared, text, 0, Encoding::Utf8);
    let read = labelled.states.iter().map(|(id, expected)| {
        let (questionnaire, question) = prepared.question_by_id(id).expect("the profile has every labelled question");
        let found = document.answers[questionnaire].answers[question].state.word();
        (id.as_str(), expected.as_str(), found)
    });
    read.collect()
}

fn prepared() -> Prepared {
    let text = include_str!("../../../profiles/kep.toml");
    Prepared::new(Profile::parse(text, &|_| None).expect("the profile"))
}
