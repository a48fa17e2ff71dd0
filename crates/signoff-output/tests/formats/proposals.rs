//! Proposals in every format.

use serde_json::Value;
use signoff_model::{Finding, Proposal};
use signoff_output::{Look, proposal};

use crate::sample::Sample;
use crate::{expect, fits_own_schema, written};

fn find<'a>(sample: &'a Sample, id: &str) -> &'a Proposal {
    sample.corpus.find(id)[0]
}

#[test]
fn one_proposal() {
    let sample = Sample::new();
    let text = written(|out| proposal::write_json(&sample.corpus, find(&sample, "1234"), out));
    fits_own_schema(&text);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let questions = value["questionnaires"][0]["questions"].as_array().expect("questions");
    assert_eq!(questions.len(), 25);
    let states: Vec<&str> = questions.iter().take(6).filter_map(|question| question["state"].as_str()).collect();
    assert_eq!(states, ["answered", "bare", "placeholder", "not-applicable", "empty", "absent"]);
    // One line per question and section keeps the difference readable.
    expect("proposal.json", &text.replace("{\"number\":", "\n{\"number\":").replace("{\"title\":", "\n{\"title\":"));
}

#[test]
fn keys_stand_in_the_order_of_the_contract() {
    let sample = Sample::new();
    let text = written(|out| proposal::write_json(&sample.corpus, find(&sample, "1234"), out));
    let keys = [
        "schema",
        "profile",
        "proposal",
        "title",
        "group",
        "path",
        "status",
        "stage",
        "latest_milestone",
        "milestones",
        "authors",
        "reviewers",
        "approvers",
        "gates",
        "metrics",
        "fields",
        "body",
        "template_generation",
        "sections",
        "unresolved",
        "comments",
        "questionnaires",
        "encouraged_from",
        "checklists",
        "relations",
    ];
    let places: Vec<usize> =
        keys.iter().map(|key| text.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} is there"))).collect();
    assert!(places.is_sorted(), "{keys:?} stand in order");
}

#[test]
fn several_proposals() {
    let sample = Sample::new();
    let all: Vec<&Proposal> = sample.corpus.all().collect();
    let text = written(|out| proposal::write_all_json(&sample.corpus, &all, out));
    fits_own_schema(&text);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let bodies: Vec<bool> =
        value["proposals"].as_array().expect("a list").iter().map(|one| one["body"].is_null()).collect();
    assert_eq!(bodies, [true, false, false]);
    assert_eq!(value["proposals"][0]["fields"]["authors"], "[]");
    assert_eq!(value["proposals"][0]["questionnaires"][0]["questions"][0]["state"], "absent");
}

#[test]
fn the_page_of_a_proposal() {
    let sample = Sample::new();
    let about = |path: &str| -> Vec<&Finding> {
        sample.findings.iter().filter(|finding| finding.path.starts_with(path)).collect()
    };
    let page = |id: &str, look: Look| {
        let proposal = find(&sample, id);
        written(|out| proposal::page::write(&sample.corpus, proposal, &about(&proposal.path), look, out))
    };
    expect("proposal.txt", &page("1234", Look::default()));
    expect("proposal-color.txt", &page("1234", Look { color: true, width: 60 }));
    expect("proposal-broken.txt", &page("3456", Look::default()));
    expect("proposal-without-prose.txt", &page("2345", Look::default()));
}
