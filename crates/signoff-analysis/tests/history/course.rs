//! What a proposal said at an instant.

use signoff_analysis::course::courses;

use crate::{agreed, at, event, read};

#[test]
fn a_value_at_an_instant_is_what_the_last_event_before_it_brought() {
    let now = agreed("open", "v1.3", "trial: v1.2, open: v1.3");
    let story = [
        "2025-03-01 created",
        "2025-03-01 state - draft",
        "2025-04-01 state draft agreed",
        "2025-04-01 stage - trial",
        "2025-04-01 milestone:trial - v1.2",
        "2025-04-01 target - v1.2",
        "2025-09-01 stage trial open",
        "2025-09-01 target v1.2 v1.3",
        "2025-09-01 milestone:open - v1.3",
        "2025-09-02 sealed:open - @ada",
    ];
    let corpus = read(&[("1-a", &now, &story)]);
    let course = &courses(&corpus)[0];
    let cases = [
        ("2025-02-28", false, None, None, None, false),
        ("2025-03-01", true, Some("draft"), None, None, false),
        ("2025-04-01", true, Some("agreed"), Some("trial"), Some("v1.2"), false),
        ("2025-09-01", true, Some("agreed"), Some("open"), Some("v1.3"), false),
        ("2025-09-02", true, Some("agreed"), Some("open"), Some("v1.3"), true),
    ];
    for (day, exists, status, stage, latest, sealed) in cases {
        let state = course.at(at(day));
        assert_eq!((state.exists, state.status, state.stage, state.latest), (exists, status, stage, latest), "{day}");
        assert_eq!(state.approvals.contains_key("open"), sealed, "{day}");
    }
}

#[test]
fn a_history_that_is_cut_off_answers_for_the_time_that_it_knows() {
    let now = agreed("open", "v1.3", "trial: v1.2, open: v1.3");
    let corpus = read(&[("1-a", &now, &["2025-09-01 stage trial open", "2025-09-01 target v1.2 v1.3"])]);
    let course = &courses(&corpus)[0];
    let before = course.at(at("2025-08-01"));
    assert!(before.exists);
    assert_eq!((before.stage, before.latest, before.status), (Some("trial"), Some("v1.2"), Some("agreed")));
}

#[test]
fn the_order_of_the_branch_counts_and_not_the_clocks() {
    let now = agreed("open", "v1.3", "");
    let mut corpus = read(&[("1-a", &now, &[])]);
    // The second commit has a clock that goes wrong by a year.
    corpus.events = ["2025-03-01 created", "2024-03-02 stage - trial", "2025-03-03 stage trial open"]
        .map(|text| event("1-a", text))
        .into();
    let course = &courses(&corpus)[0];
    assert_eq!(course.at(at("2025-03-01")).stage, Some("trial"));
    assert_eq!(course.at(at("2025-03-03")).stage, Some("open"));
}

#[test]
fn what_is_gone_has_a_course_too() {
    let corpus = read(&[("1-a", "", &["2025-03-01 created", "2025-03-01 state - draft", "2025-05-01 removed"])]);
    let course = &courses(&corpus)[0];
    assert_eq!((course.label(), course.path, course.proposal.is_none()), ("1-a", "p/1-a", true));
    assert!(course.at(at("2025-04-01")).exists);
    assert!(!course.now().exists);
}

#[test]
fn what_the_files_say_now_is_newer_than_the_last_commit() {
    let corpus = read(&[("1-a", &agreed("firm", "v1.4", ""), &["2025-03-01 created", "2025-03-01 stage - open"])]);
    assert_eq!(courses(&corpus)[0].now().stage, Some("firm"));
}
