//! Figures.

use signoff_analysis::statistics::{By, Statistics, Wanted, statistics};

use crate::{Story, agreed, at, read, touch};

fn count(stories: &[Story<'_>], wanted: Wanted) -> Statistics {
    statistics(&read(stories), None, wanted)
}

#[test]
fn time_that_ended_and_time_that_goes_on_are_counted_apart() {
    let built = agreed("firm", "v1.2", "").replace("agreed", "built");
    let draft = "state: draft\n";
    let stories: [Story<'_>; 3] = [
        (
            "1-a",
            &built,
            &[
                "2025-01-01 created",
                "2025-01-01 state - draft",
                "2025-01-11 state draft agreed",
                // A slip of the pen changes nothing, nor does another spelling.
                "2025-01-20 state agreed agreeed",
                "2025-01-21 state agreeed agreed",
                "2025-02-10 state agreed built",
                "2025-02-10 stage - solid",
                "2025-02-11 stage solid firm",
            ],
        ),
        ("2-b", draft, &["2026-01-05 created", "2026-01-05 state - draft"]),
        ("3-c", "", &["2025-01-01 created", "2025-01-01 state - draft", "2025-01-31 removed"]),
    ];
    let found = count(&stories, Wanted::default());
    let lines: Vec<String> = found
        .spans
        .iter()
        .map(|it| format!("{} {} {:?} {:?}", it.spent.word(), it.name, it.ended, it.going_on))
        .collect();
    assert_eq!(
        lines,
        ["status draft [10] [10, 30]", "status agreed [30] []", "status built [] [339]", "stage firm [] [339]",]
    );
    let since = Wanted { since: Some("2025-02-01".parse().expect("a date")), ..Wanted::default() };
    let names: Vec<String> = count(&stories, since).spans.iter().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["draft", "agreed", "built", "firm"], "what ended before is left out");
    assert_eq!(count(&stories, since).spans[0].ended, [] as [i64; 0]);
}

#[test]
fn medians_and_ninths_are_values_that_occur() {
    use signoff_analysis::statistics::quantile;
    let cases = [
        (&[][..], 0.5, None),
        (&[7][..], 0.9, Some(7)),
        (&[1, 2, 3, 4][..], 0.5, Some(2)),
        (&[1, 2, 3, 4, 5][..], 0.5, Some(3)),
        (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10][..], 0.9, Some(9)),
    ];
    for (sorted, part, expected) in cases {
        assert_eq!(quantile(sorted, part), expected, "{sorted:?} {part}");
    }
}

#[test]
fn readiness_counts_from_when_it_last_began() {
    let now = agreed("trial", "v1.2", "trial: v1.2");
    let base = [
        "2025-03-01 created",
        "2025-03-01 state - draft",
        "2025-03-01 stage - trial",
        "2025-03-01 milestone:trial - v1.2",
    ];
    let cases: [(&[&str], &[i64]); 6] = [
        (&["2025-05-01 state draft agreed", "2025-05-01 target - v1.2", "2025-05-22 sealed:trial - @bo"], &[10]),
        // Approved before, targeted last; half of a commit does not count.
        (&["2025-05-01 sealed:trial - @bo", "2025-05-30 target - v1.2", "2025-05-30 state draft agreed"], &[2]),
        // Ready, not ready, ready again.
        (
            &[
                "2025-05-01 state draft agreed",
                "2025-05-01 target - v1.2",
                "2025-05-01 sealed:trial - @bo",
                "2025-05-20 state agreed draft",
                "2025-05-31 state draft agreed",
            ],
            &[1],
        ),
        (&["2025-05-01 state draft agreed", "2025-05-01 target - v1.2"], &[]),
        (&["2025-05-01 target - v1.2", "2025-05-01 sealed:trial - @bo"], &[]),
        // Ready too late.
        (&["2025-05-01 target - v1.2", "2025-05-01 sealed:trial - @bo", "2025-06-02 state draft agreed"], &[]),
    ];
    for (more, expected) in cases {
        let events = [&base[..], more].concat();
        let found = count(&[("1-a", &now, &events)], Wanted::default());
        let of_release = found.lateness.iter().find(|it| it.release.minor == 2).expect("the release");
        assert_eq!(of_release.days, expected, "{more:?}");
        assert_eq!(of_release.targeting, 1, "{more:?}");
    }
}

#[test]
fn lateness_is_what_was_not_ready_so_many_days_before() {
    let lateness = signoff_analysis::statistics::Lateness {
        release: crate::release("v1.2"),
        settled: at("2025-06-01"),
        targeting: 5,
        days: vec![0, 3, 7, 20],
    };
    assert_eq!([0, 1, 7, 8, 30].map(|days| lateness.later_than(days)), [0, 1, 2, 3, 4]);
}

#[test]
fn what_became_of_proposals() {
    let began =
        |year: &str, state: &str| format!("state: {state}\nbegan: {year}-03-01\nauthors: ['@ada', '@{state}']\n");
    let (done, dropped, open, gone) = (began("2023", "built"), began("2023", "dropped"), began("2024", "draft"), "");
    let stories: [Story<'_>; 4] = [
        ("1-a", &done, &["2024-06-01 created", "2024-06-01 state - built"]),
        ("2-b", &dropped, &["2024-06-01 created", "2024-06-01 state - agreed", "2024-07-01 state agreed dropped"]),
        ("3-c", &open, &["2024-06-01 created", "2024-06-01 state - draft"]),
        ("4-d", gone, &["2025-06-01 created", "2025-06-01 state - draft", "2025-07-01 removed"]),
    ];
    let found = count(&stories, Wanted::default());
    let all = &found.acceptance.all;
    assert_eq!((all.created, all.accepted, all.done, all.open, all.removed), (4, 2, 1, 1, 1));
    assert_eq!(all.ended.iter().collect::<Vec<_>>(), [(&"dropped".to_owned(), &1)]);
    let years: Vec<(Option<i16>, usize)> =
        found.acceptance.years.iter().map(|(year, cohort)| (*year, cohort.created)).collect();
    assert_eq!(years, [(Some(2023), 2), (Some(2024), 1), (Some(2025), 1)]);
    let authors: Vec<(i16, usize, usize)> = found.authors.iter().map(|it| (it.year, it.authors, it.first)).collect();
    assert_eq!((authors, found.authors_total), (vec![(2023, 3, 3), (2024, 2, 1)], 4));
    assert_eq!((found.retired, found.superseded, found.unfinished, found.orphaned), (1, 0, 1, None));
    let happened: Vec<(i16, usize, usize, usize, usize)> =
        found.years.iter().map(|it| (it.year, it.created, it.accepted, it.done, it.ended)).collect();
    assert_eq!(happened, [(2024, 3, 1, 1, 1), (2025, 1, 0, 0, 0)]);
}

#[test]
fn load_is_counted_for_groups_approvers_and_seals() {
    let now = agreed("open", "v1.3", "trial: v1.2, open: v1.3") + "approvers: ['@Bo', '@cy', TBD]\n";
    let events = ["2025-03-01 created", "2025-09-01 sealed:trial - @Dee", "2025-09-01 sealed:open - @dee"];
    let stories: [Story<'_>; 1] = [("1-a", &now, &events)];
    let lines = |wanted: Wanted| -> Vec<String> {
        let load = count(&stories, wanted).load;
        load.iter().map(|it| format!("{} {} {} {}", it.kind.word(), it.name, it.release, it.proposals)).collect()
    };
    let one = Wanted { release: Some(crate::release("v1.3")), ..Wanted::default() };
    assert_eq!(lines(one), ["group roads v1.3 1", "approver bo v1.3 1", "approver cy v1.3 1", "review dee v1.3 1"]);
    let all = lines(Wanted::default());
    assert!(all.contains(&"group roads v1.2 1".to_owned()), "each release that it names: {all:?}");
    assert!(all.contains(&"review dee v1.2 1".to_owned()), "{all:?}");
}

#[test]
fn figures_of_each_group_approver_and_stage() {
    let now = agreed("trial", "v1.2", "trial: v1.2") + "approvers: ['@bo', '@cy']\n";
    let events = [
        "2025-05-01 created",
        "2025-05-01 state - draft",
        "2025-05-11 state draft agreed",
        "2025-05-11 stage - trial",
        "2025-05-11 milestone:trial - v1.2",
        "2025-05-30 target - v1.2",
        "2025-05-30 sealed:trial - @dee",
    ];
    let other = "state: draft\nteam: canals\n";
    let stories: [Story<'_>; 2] = [("1-a", &now, &events), ("2-b", other, &["2025-05-01 created"])];
    let cases = [
        (By::Group, vec![Some("canals"), Some("roads")]),
        (By::Approver, vec![None, Some("bo"), Some("cy")]),
        (By::Stage, vec![None, Some("trial")]),
    ];
    for (by, expected) in cases {
        let found = count(&stories, Wanted { by: Some(by), ..Wanted::default() });
        let (_, rows) = found.breakdown.expect("the table");
        assert_eq!(rows.iter().map(|row| row.name.as_deref()).collect::<Vec<_>>(), expected, "{by:?}");
        let own = rows.iter().find(|row| row.cohort.accepted == 1).expect("the row");
        assert_eq!((own.days_open, own.ready, own.late), (Some(10), 1, 1), "{by:?}");
    }
}

#[test]
fn weeks_count_commits_and_not_proposals() {
    let corpus = read(&[("1-a", "state: draft\n", &[]), ("2-b", "state: draft\n", &[])]);
    let touches = [
        touch("1-a", "2026-01-10", "@ada"),
        touch("2-b", "2026-01-10", "@ada"),
        touch("1-a", "2026-01-01", "@ada"),
        touch("1-a", "2024-01-01", "@ada"),
    ];
    let weeks = statistics(&corpus, Some(&touches), Wanted::default()).weeks.expect("the history was read");
    assert_eq!((weeks.len(), &weeks[49..]), (52, &[1, 0, 1][..]));
}

#[test]
fn releases_before_what_is_known_are_not_counted() {
    let now = agreed("trial", "v1.2", "trial: v1.2");
    let stories: [Story<'_>; 1] = [("1-a", &now, &["2025-05-01 created", "2025-05-01 target - v1.2"])];
    let minors = |known_from: Option<&str>| -> Vec<u32> {
        let wanted = Wanted { known_from: known_from.map(at), ..Wanted::default() };
        count(&stories, wanted).releases.iter().map(|it| it.release.minor).collect()
    };
    assert_eq!(minors(None), [1, 2, 3]);
    assert_eq!(minors(Some("2025-07-01")), [3]);
}
