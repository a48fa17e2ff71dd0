//! What a release brought, and what slipped from it.

use signoff_analysis::delivery::{Moment, shipped, slipped};

use crate::{Story, agreed, cycle, read};

/// Targets v1.2 for trial when that is settled, in June.
const PLANNED: [&str; 5] = [
    "2025-05-10 created",
    "2025-05-10 state - agreed",
    "2025-05-10 stage - trial",
    "2025-05-10 target - v1.2",
    "2025-05-10 milestone:trial - v1.2",
];

fn with<'s>(more: &[&'s str]) -> Vec<&'s str> {
    PLANNED.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn planned_claimed_and_code_are_kept_apart() {
    let kept = agreed("trial", "v1.2", "trial: v1.2");
    let moved = agreed("trial", "v1.3", "trial: v1.3");
    let next = agreed("open", "v1.3", "trial: v1.2, open: v1.3");
    let skipped = agreed("open", "v1.3", "open: v1.3");
    let draft = kept.replace("agreed", "draft");
    let dropped = kept.replace("agreed", "dropped");
    let odd = kept.replace("agreed", "agreeed");
    let within = agreed("trial", "v1.2", "trial: v1.1");
    let late = vec!["2025-07-01 created"];
    let cases: [(&str, Vec<&str>, &str, &str); 11] = [
        (&kept, with(&[]), "trial graduation yes yes", ""),
        (&kept, late, "trial graduation no yes", ""),
        (
            &moved,
            with(&["2025-07-01 milestone:trial v1.2 v1.3"]),
            "trial graduation yes no",
            "it names a later release now",
        ),
        (&next, with(&["2025-09-01 stage trial open"]), "trial graduation yes yes", ""),
        (
            &skipped,
            with(&["2025-09-01 milestone:trial v1.2 -"]),
            "trial graduation yes no",
            "it names no release for the stage",
        ),
        (&draft, with(&["2025-07-01 state agreed draft"]), "trial graduation yes no", "it is not accepted"),
        (
            &dropped,
            with(&["2025-07-01 state agreed dropped"]),
            "trial graduation yes no",
            "it was ended or put aside before the release",
        ),
        (&dropped, with(&["2025-10-01 state agreed dropped"]), "trial graduation yes yes", "ended since"),
        (
            &odd,
            with(&["2025-07-01 state agreed agreeed"]),
            "trial graduation yes unknown",
            "its status is none of the process",
        ),
        (
            &within,
            vec!["2025-01-10 created", "2025-01-10 stage - trial", "2025-05-10 target v1.1 v1.2"],
            "trial same-stage yes unknown",
            "",
        ),
        ("", with(&["2025-07-01 removed"]), "trial graduation yes no", "the proposal was removed"),
    ];
    for (now, events, expected, remark) in cases {
        let corpus = read(&[("1-a", now, &events)]);
        let rows = shipped(&corpus, &cycle(&corpus, "v1.2"));
        let found: Vec<String> = rows
            .iter()
            .map(|row| {
                let stage = row.stage.unwrap_or("-");
                format!("{stage} {} {} {}", row.work.word(), row.planned.word(), row.claimed.word())
            })
            .collect();
        assert_eq!(found, [expected], "{now}\n{events:?}");
        assert_eq!(rows[0].remark.unwrap_or_default(), remark, "{now}\n{events:?}");
    }
}

#[test]
fn what_neither_targets_a_release_nor_claims_it_has_no_row() {
    // The plan for a later stage is no claim.
    let now = agreed("trial", "v1.1", "trial: v1.1, open: v1.2");
    let corpus = read(&[("1-a", &now, &["2025-01-10 created"])]);
    assert!(shipped(&corpus, &cycle(&corpus, "v1.2")).is_empty());
}

#[test]
fn what_was_planned_is_unknown_before_it_is_settled_and_without_a_history() {
    let now = agreed("trial", "v1.4", "trial: v1.4");
    let cases: [(&[&str], &str); 2] = [(&["2025-12-10 created"], "v1.4"), (&[], "v1.2")];
    for (events, release) in cases {
        let now = now.replace("v1.4", release);
        let corpus = read(&[("1-a", &now, events)]);
        let rows = shipped(&corpus, &cycle(&corpus, release));
        assert_eq!(rows.iter().map(|row| row.planned.word()).collect::<Vec<_>>(), ["unknown"], "{release}");
    }
}

/// The fate, the release it names, by how many, when, and how often the stage was put off before.
fn slips(story: Story<'_>, moment: Moment) -> Vec<String> {
    let corpus = read(&[story]);
    let cycle = cycle(&corpus, "v1.2");
    let found = slipped(&corpus, &cycle, moment).expect("the dates are known");
    let line = |slip: &signoff_analysis::delivery::Slip<'_>| {
        let by = slip.releases(cycle.release).map_or_else(|| "-".to_owned(), |by| format!("+{by}"));
        let on = slip.moved.map_or_else(|| "-".to_owned(), |event| event.at.strftime("%m-%d").to_string());
        format!("{} {by} {on} {}", slip.fate.word(), slip.earlier)
    };
    found.slips.iter().map(line).collect()
}

#[test]
fn where_plans_went() {
    let kept = agreed("trial", "v1.2", "trial: v1.2");
    let moved = agreed("trial", "v1.4", "trial: v1.4");
    let next = agreed("open", "v1.3", "trial: v1.2, open: v1.3");
    let skipped = agreed("open", "v1.3", "open: v1.3");
    let without = agreed("trial", "v1.2", "");
    let dropped = kept.replace("agreed", "dropped");
    let shelved = kept.replace("agreed", "shelved");
    let twice =
        ["2025-07-01 milestone:trial v1.2 v1.3", "2025-07-01 target v1.2 v1.3", "2025-11-01 milestone:trial v1.3 v1.4"];
    let cases: [(&str, Vec<&str>, &[&str]); 10] = [
        (&kept, with(&[]), &[]),
        (&moved, with(&twice), &["later +2 07-01 0"]),
        // A plan for the next stage, after this one came.
        (&next, with(&["2025-09-01 stage trial open", "2025-09-01 target v1.2 v1.3"]), &[]),
        (&skipped, with(&["2025-07-01 stage trial open", "2025-07-01 milestone:trial v1.2 -"]), &["later +1 07-01 0"]),
        (&without, with(&["2025-07-01 milestone:trial v1.2 -"]), &["unplanned - 07-01 0"]),
        (&dropped, with(&["2025-07-01 state agreed dropped"]), &["ended - 07-01 0"]),
        (&dropped, with(&["2025-10-01 state agreed dropped"]), &[]),
        // Ended when it was settled: no plan any more.
        (&dropped, with(&["2025-05-20 state agreed dropped"]), &[]),
        (&shelved, with(&["2025-07-01 state agreed shelved"]), &["put-aside - 07-01 0"]),
        ("", with(&["2025-07-01 removed"]), &["removed - 07-01 0"]),
    ];
    for (now, events, expected) in cases {
        assert_eq!(slips(("1-a", now, &events), Moment::Settled), expected, "{now}\n{events:?}");
    }
}

#[test]
fn work_within_a_stage_slips_when_it_is_put_off_before_the_release() {
    let start =
        ["2025-01-10 created", "2025-01-10 state - agreed", "2025-01-10 stage - trial", "2025-01-10 target - v1.1"];
    let base = [&start[..], &["2025-01-10 milestone:trial - v1.1", "2025-05-10 target v1.1 v1.2"]].concat();
    let now = agreed("trial", "v1.3", "trial: v1.1");
    let promoted = agreed("open", "v1.3", "trial: v1.1, open: v1.3");
    let cases: [(&str, &[&str], &[&str]); 3] = [
        (&now, &["2025-07-01 target v1.2 v1.3"], &["later +1 07-01 0"]),
        // After the release that is the next piece of work.
        (&now, &["2025-09-01 target v1.2 v1.3"], &[]),
        (&promoted, &["2025-07-01 target v1.2 v1.3", "2025-07-01 stage trial open"], &[]),
    ];
    for (now, more, expected) in cases {
        let events = [&base[..], more].concat();
        assert_eq!(slips(("1-a", now, &events), Moment::Settled), expected, "{more:?}");
    }
}

#[test]
fn the_moment_says_what_counts_as_planned() {
    let now = agreed("trial", "v1.3", "trial: v1.3");
    // Left before it was settled.
    let events = with(&["2025-05-20 target v1.2 v1.3", "2025-05-20 milestone:trial v1.2 v1.3"]);
    let cases: [(Moment, &[&str]); 3] =
        [(Moment::Settled, &[]), (Moment::Start, &[]), (Moment::Any, &["later +1 05-20 0"])];
    for (moment, expected) in cases {
        assert_eq!(slips(("1-a", &now, &events), moment), expected, "{moment:?}");
    }
}

#[test]
fn earlier_delays_are_those_of_the_stage_under_way() {
    let now = agreed("open", "v1.3", "trial: v1.1, open: v1.3");
    let events = [
        "2025-01-10 created",
        "2025-01-10 state - agreed",
        "2025-01-10 stage - trial",
        "2025-01-10 milestone:trial - v1.1",
        "2025-01-10 milestone:open - v1.1",
        // The plan for the next stage moves: no delay, also not in the commit that begins it.
        "2025-02-10 milestone:open v1.1 v1.2",
        "2025-03-10 stage trial open",
        "2025-03-10 milestone:open v1.2 v1.1",
        // The stage under way moves.
        "2025-05-10 milestone:open v1.1 v1.2",
        "2025-05-10 target - v1.2",
        "2025-07-10 milestone:open v1.2 v1.3",
        "2025-07-10 target v1.2 v1.3",
    ];
    assert_eq!(slips(("1-a", &now, &events), Moment::Settled), ["later +1 07-10 1"]);
}

#[test]
fn nothing_is_planned_before_it_is_settled() {
    let corpus = read(&[("1-a", &agreed("trial", "v1.4", "trial: v1.4"), &["2025-12-10 created"])]);
    assert!(slipped(&corpus, &cycle(&corpus, "v1.4"), Moment::Settled).is_none());
    assert!(slipped(&corpus, &cycle(&corpus, "v1.9"), Moment::Settled).is_none());
}
