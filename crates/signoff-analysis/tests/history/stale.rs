//! What is left alone.

use signoff_analysis::stale::stale;
use signoff_model::Corpus;
use signoff_model::event::Touch;

use crate::{agreed, read, touch};

/// Kind, days of the month and year since which, suggested value.
fn kinds(corpus: &Corpus, touches: &[Touch]) -> Vec<String> {
    let line = |stale: &signoff_analysis::stale::Stale<'_>| {
        let since = stale.since.map_or_else(|| "-".to_owned(), |since| since.to_string());
        let to = stale.change.to.as_deref().unwrap_or("-");
        format!("{} {} {since} {to}", stale.proposal.label(), stale.kind.word())
    };
    stale(corpus, Some(touches)).iter().map(line).collect()
}

const PEOPLE: &str = "authors: ['@ada']\napprovers: ['@bo']\n";

#[test]
fn each_kind_and_what_is_just_not_one() {
    let firm = agreed("firm", "v1.2", "firm: v1.2");
    let trial = agreed("trial", "v1.1", "trial: v1.1") + PEOPLE;
    let open = agreed("open", "v1.3", "open: v1.1") + PEOPLE;
    let draft = format!("title: One\nstate: draft\nteam: roads\n{PEOPLE}");
    let recent = vec![touch("1-a", "2025-12-20", "@ada")];
    let quiet = vec![touch("1-a", "2025-05-01", "@ada")];
    let old = vec![touch("1-a", "2024-12-01", "@ada")];
    let elsewhere = vec![touch("1-a", "2024-12-01", "@ada"), touch("9-z", "2025-12-20", "@bo")];
    let cases: [(&str, &[Touch], &[&str]); 16] = [
        (&firm, &recent, &["1 unmarked 2025-08-01 built"]),
        (&firm.replace("agreed", "built"), &recent, &[]),
        (&firm.replace("v1.2", "v1.4"), &recent, &[]),
        (&trial, &recent, &[]),
        (&trial, &quiet, &["1 stuck 2025-04-01 -"]),
        // One release later is not late.
        (&trial.replace("v1.1", "v1.2"), &quiet, &[]),
        (&trial, &elsewhere, &["1 stuck 2025-04-01 -"]),
        (&trial, &old, &["1 orphaned 2024-12-01 -", "1 stuck 2025-04-01 -"]),
        (&open.replace("v1.1", "v1.2"), &recent, &[]),
        // Two releases are meant, and two have passed.
        (&open, &recent, &[]),
        (&open.replace("v1.1", "v1.0"), &recent, &["1 lingering - -"]),
        // It works towards the next stage, in a release that is not out.
        (&open.replace("open: v1.1", "open: v1.0, firm: v1.4").replace("v1.3", "v1.4"), &recent, &[]),
        (&draft, &quiet, &[]),
        (&draft, &elsewhere, &["1 dormant 2024-12-01 -"]),
        (&draft.replace("roads", "canals"), &recent, &["1 orphaned 2025-12-20 -"]),
        (&draft.replace("@bo", "TBD"), &recent, &[]),
    ];
    for (now, touches, expected) in cases {
        let corpus = read(&[("1-a", now, &["2024-12-01 created"]), ("9-z", "state: built\n", &[])]);
        assert_eq!(kinds(&corpus, touches), expected, "{now}{touches:?}");
    }
}

#[test]
fn who_was_seen_keeps_a_proposal_from_being_orphaned() {
    let trial = agreed("trial", "v1.2", "trial: v1.2");
    let other = "state: agreed\nauthors: ['@Ada']\n";
    let cases: [(&str, &[Touch], bool); 8] = [
        ("authors: ['@ada']\n", &[touch("1-a", "2024-12-01", "@ada")], true),
        // At work on another one, by handle, by name, by address.
        ("authors: ['@bo']\n", &[touch("1-a", "2024-12-01", ""), touch("9-z", "2025-12-01", "@Bo")], false),
        (
            "authors: ['@bo-bell']\n",
            &[touch("1-a", "2024-12-01", ""), touch("9-z", "2025-12-01", "Bo Bell <x@y>")],
            false,
        ),
        ("authors: ['@bo']\n", &[touch("1-a", "2024-12-01", ""), touch("9-z", "2025-12-01", "B <bo@y>")], false),
        // Named in one on which somebody works, or among the aliases.
        ("authors: ['@ada']\n", &[touch("1-a", "2024-12-01", ""), touch("9-z", "2025-12-01", "")], false),
        ("authors: ['@keeper']\n", &[touch("1-a", "2024-12-01", "")], false),
        // A sweep is no work.
        ("authors: ['@bo']\n", &[touch("1-a", "2024-12-01", ""), touch("9-z", "2025-12-01", "@bo!")], true),
        ("authors: ['@bo']\n", &[touch("1-a", "2024-12-01", "!")], true),
    ];
    for (people, touches, expected) in cases {
        let corpus = read(&[("1-a", &(trial.clone() + people), &["2024-12-01 created"]), ("9-z", other, &[])]);
        let found = kinds(&corpus, touches).iter().any(|line| line.starts_with("1 orphaned"));
        assert_eq!(found, expected, "{people}{touches:?}");
    }
}

#[test]
fn a_successor_ends_a_proposal_when_it_is_accepted() {
    let cases = [("agreed", true), ("built", true), ("draft", false), ("dropped", false)];
    for (status, expected) in cases {
        let successor = format!("state: {status}\nreplaces: [1]\n");
        let draft = format!("state: draft\n{PEOPLE}");
        let corpus = read(&[("1-a", &draft, &["2025-12-01 created"]), ("9-z", &successor, &[])]);
        let found = kinds(&corpus, &[touch("1-a", "2025-12-01", "@ada")]);
        assert_eq!(found.contains(&"1 superseded - replaced".to_owned()), expected, "{status}: {found:?}");
    }
}

#[test]
fn reasons_and_changes_are_plain() {
    let firm = agreed("firm", "v1.2", "firm: v1.2");
    let trial = agreed("trial", "v1.1", "trial: v1.1") + PEOPLE;
    let corpus = read(&[("1-a", &firm, &["2024-12-01 created"]), ("2-b", &trial, &["2024-12-01 created"])]);
    let touches =
        [touch("1-a", "2025-12-20", "@ada"), touch("1-a", "2025-12-21", "@bo"), touch("2-b", "2025-05-01", "@ada")];
    let found = stale(&corpus, Some(&touches));
    let told: Vec<(&str, &str, Option<usize>)> =
        found.iter().map(|stale| (stale.reason.as_str(), stale.change.text.as_str(), stale.tended_by)).collect();
    assert_eq!(
        told,
        [
            (
                "it is firm since v1.2, which came out on 2025-08-01, and its status is still agreed",
                "set state to built",
                Some(2)
            ),
            (
                "it is trial and its latest milestone is v1.1; 2 releases have come out since, and nobody worked on it after 2025-05-01",
                "set target to the release it is meant for now, or set state to shelved or dropped",
                Some(1)
            ),
        ]
    );
    let span = found[0].change.span.expect("a place");
    assert_eq!(found[0].proposal.source.slice(span), "agreed");
}

#[test]
fn without_commits_only_what_the_files_tell_is_told() {
    let firm = agreed("firm", "v1.2", "firm: v1.2");
    let trial = agreed("trial", "v1.1", "trial: v1.1") + PEOPLE;
    let corpus = read(&[("1-a", &firm, &[]), ("2-b", &trial, &[])]);
    let found = stale(&corpus, None);
    assert_eq!(found.iter().map(|stale| stale.kind.word()).collect::<Vec<_>>(), ["unmarked"]);
    assert_eq!(found[0].tended_by, None);
}
