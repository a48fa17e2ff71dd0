//! What is tidied up behind a release.

use signoff_analysis::cleanup::{Cleanup, cleanup};
use signoff_model::edit;

use crate::{Story, agreed, cycle, read};

const EVENTS: [&str; 4] =
    ["2025-05-10 created", "2025-05-10 state - agreed", "2025-05-10 stage - firm", "2025-05-10 target - v1.2"];

fn lines(found: &Cleanup<'_>) -> Vec<String> {
    found.commands.iter().map(|command| command.line.clone()).collect()
}

#[test]
fn what_is_done_gets_an_edit_and_command_lines() {
    let firm = agreed("firm", "v1.2", "firm: v1.2");
    let trial = agreed("trial", "v1.2", "trial: v1.2");
    let quoted = firm.replace("state: agreed", "state: \"agreed\" # soon");
    let moved = agreed("firm", "v1.4", "firm: v1.2");
    let stories: [Story<'_>; 5] = [
        ("1-a", &firm, &EVENTS),
        ("2-b", &trial, &EVENTS),
        ("3-c", &firm.replace("agreed", "built"), &EVENTS),
        ("4-d", &quoted, &EVENTS),
        ("5-e", &moved, &EVENTS),
    ];
    let corpus = read(&stories);
    let found = cleanup(&corpus, &cycle(&corpus, "v1.2"));
    let finished: Vec<(&str, &str, bool)> =
        found.finished.iter().map(|it| (&**it.proposal.label(), it.to, it.edit.is_some())).collect();
    assert_eq!(finished, [("1", "built", true), ("4", "built", false), ("5", "built", true)]);
    let edits = &found.changes.files["p/1-a/p.yaml"];
    let source = &corpus.proposals[0].source.text;
    assert_eq!(edit::apply(source, edits), source.replace("agreed", "built"), "no other byte changes");
    let expected = [
        "forge tidy 1 v1.2 firm",
        "forge tidy 2 v1.2 trial",
        "forge tidy 3 v1.2 firm",
        "forge tidy 4 v1.2 firm",
        "forge close 1",
        "forge close 3",
        "forge close 4",
    ];
    assert_eq!(lines(&found), expected);
    let moved: Vec<&str> = found.moved_on.iter().map(|proposal| &**proposal.label()).collect();
    assert_eq!(moved, ["5"], "what the forge says of it is about v1.4 now");
}

#[test]
fn what_did_not_arrive_is_its_owners_business() {
    let draft = agreed("trial", "v1.2", "trial: v1.2").replace("agreed", "draft");
    let later = agreed("trial", "v1.3", "trial: v1.3");
    let events =
        [&EVENTS[..2], &["2025-05-10 stage - trial", "2025-05-10 target - v1.2", "2025-05-10 milestone:trial - v1.2"]]
            .concat();
    let moved = [&events[..], &["2025-07-01 milestone:trial v1.2 v1.3", "2025-07-01 target v1.2 v1.3"]].concat();
    let unmade = [&events[..], &["2025-07-01 state agreed draft"]].concat();
    let corpus = read(&[("1-a", &draft, &unmade), ("2-b", &later, &moved)]);
    let found = cleanup(&corpus, &cycle(&corpus, "v1.2"));
    let undecided: Vec<(&str, &str)> = found.undecided.iter().map(|it| (&**it.proposal.label(), it.remark)).collect();
    assert_eq!(undecided, [("1", "it is not accepted")]);
    assert_eq!(found.suggestion, "ask for v1.3");
    assert_eq!(found.slipped.iter().map(|slip| slip.course.label()).collect::<Vec<_>>(), ["2"]);
    assert!(found.changes.is_empty());
}

#[test]
fn only_numbers_get_into_a_command_line() {
    let evil = format!("number: 1; rm -rf ~\n{}", agreed("firm", "v1.2", "firm: v1.2"));
    let corpus = read(&[("1-a", &evil, &EVENTS)]);
    let found = cleanup(&corpus, &cycle(&corpus, "v1.2"));
    assert_eq!(lines(&found), [] as [String; 0]);
    assert_eq!(found.unnumbered.iter().map(|proposal| &*proposal.path).collect::<Vec<_>>(), ["p/1-a"]);
}
