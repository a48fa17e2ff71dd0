//! What happened to a proposal, in every format.

use std::sync::Arc;

use signoff_model::event::{Event, EventKind};
use signoff_output::Look;
use signoff_output::timeline::{self, KnownFrom, Timeline};

use crate::{expect, fits_own_schema, written};

fn event(day: i8, kind: EventKind, subject: &str, from: &str, to: &str) -> Event {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Event {
        at: jiff::civil::date(2026, 1, day).at(9, 30, 0, 0).in_tz("UTC").expect("a time").timestamp(),
        commit: format!("{day:040}").into(),
        proposal: "keps/sig-b/7-x".into(),
        kind,
        subject: text(subject).map(Arc::from),
        from: text(from),
        to: text(to),
        sweep: day == 2,
        author: (day == 4).then(|| "Ada \u{1b}[31m <ada@example.org>".into()),
    }
}

fn events() -> Vec<Event> {
    let answer = |day, question: &str, from: &str, to: &str| event(day, EventKind::Answer, question, from, to);
    let mut events = vec![
        event(1, EventKind::Created, "", "", "Things, \u{1b}[2J and \"more\""),
        event(1, EventKind::Status, "", "", "provisional"),
        event(1, EventKind::Milestone, "beta", "", "v1.2"),
        event(1, EventKind::Milestone, "alpha", "", "v1.1"),
        event(1, EventKind::Milestone, "latest", "", "v1.1"),
        event(2, EventKind::Stage, "", "alpha", ""),
        event(3, EventKind::Moved, "", "keps/sig-a/7-x", "keps/sig-b/7-x"),
        event(3, EventKind::Retitled, "", "Things", "Other things"),
        event(4, EventKind::Approved, "alpha", "", "@ada"),
        event(4, EventKind::Approved, "beta", "@ada", "@bo"),
        event(4, EventKind::Approved, "stable", "@ada", ""),
        event(4, EventKind::Gate, "One", "", "One"),
        event(4, EventKind::Gate, "Two", "Two", ""),
        answer(5, "slo", "absent", "empty"),
        answer(5, "sli", "empty", "answered"),
        answer(5, "missing-metrics", "answered", "answered"),
        answer(5, "dependencies", "absent", "placeholder"),
        answer(5, "api-calls", "bare", "empty"),
    ];
    events.extend(["a", "b", "c", "d", "e"].map(|question| answer(5, question, "bare", "answered")));
    events.push(event(5, EventKind::Questionnaire, "alpha", "", ""));
    events.push(event(6, EventKind::Removed, "", "keps/sig-b/7-x", ""));
    events
}

#[test]
fn what_happened() {
    let (events, commit) = (events(), "1".repeat(40));
    let known_from = KnownFrom { commit: &commit, at: events[0].at, reason: "the clone is shallow" };
    let timeline = Timeline {
        label: "7",
        title: Some("Other things"),
        path: "keps/sig-b/7-x",
        events: &events,
        known_from: Some(known_from),
        unread: 2,
        stages: &["alpha", "beta", "stable"],
    };
    expect("timeline.txt", &written(|out| timeline::write_human(&timeline, Look::default(), out)));
    expect("timeline.csv", &written(|out| timeline::write_csv(&timeline, out)));
    let json = written(|out| timeline::write_json(&timeline, out));
    fits_own_schema(&json);
    expect("timeline.json", &json);
}
