//! What changed between two states, in every format.

use signoff_analysis::comparison::{Change, ChangeKind, Difference, Words};
use signoff_output::Look;
use signoff_output::diff::{self, Comparison, State};

use crate::{expect, fits_own_schema, written};

fn change(kind: ChangeKind, subject: &str, from: &str, to: &str) -> Change {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Change { kind, subject: text(subject), from: text(from), to: text(to), words: None }
}

fn with_words(change: Change, before: &str, after: &str) -> Change {
    Change { words: Words::compare(before, after), ..change }
}

fn lamps() -> Difference {
    let answer = |id, from, to| change(ChangeKind::Answer, id, from, to);
    let changes = vec![
        change(ChangeKind::Moved, "", "keps/sig-b/7-lamps", "keps/sig-a/7-lamps"),
        change(ChangeKind::Unread, "keps/prod-readiness/sig-a/7.yaml", "read", "unreadable"),
        change(ChangeKind::Stage, "", "alpha", "beta"),
        change(ChangeKind::Milestone, "latest", "v1.1", "v1.2"),
        change(ChangeKind::Retitled, "", "Lamp\u{1b}[31ms", "Lamps"),
        change(ChangeKind::Gate, "LampLights", "LampLight", "LampLights"),
        change(ChangeKind::Approved, "beta", "", "@ada"),
        change(ChangeKind::Person, "reviewers", "@grace", ""),
        change(ChangeKind::Field, "see-also", "", "/keps/sig-a/8-*stars*"),
        change(ChangeKind::Checklist, "release-signoff", "3 of 14", "5 of 14"),
        with_words(answer("slo", "empty", "answered"), "", "Nine of ten lamps burn."),
        with_words(
            answer("sli", "answered", "answered"),
            "Count the lamps that burn at night, every hour, on each street, in each town",
            "Count the stars that burn at night, every hour, on each road, in each town of @all",
        ),
        with_words(change(ChangeKind::Section, "Design Details", "written", "empty"), "One lamp each.", ""),
    ];
    Difference { label: "7".into(), path: "keps/sig-a/7-lamps".into(), title: Some("Lamps".to_owned()), changes }
}

fn differences() -> Vec<Difference> {
    let sections = (1..=7).map(|number| {
        let section = change(ChangeKind::Section, &format!("Section {number}"), "written", "written");
        with_words(section, "old words", "new words and more")
    });
    let gone = change(ChangeKind::Removed, "", "keps/sig-a/9-x", "");
    let new = vec![
        change(ChangeKind::Created, "", "", "keps/sig-b/10-y"),
        change(ChangeKind::Status, "", "", "provisional"),
        change(ChangeKind::Milestone, "alpha", "", "v1.2"),
        change(ChangeKind::Gate, "Yes", "", "Yes"),
        change(ChangeKind::Answer, "slo", "absent", "answered"),
        change(ChangeKind::Section, "Summary", "", "written"),
        change(ChangeKind::Section, "Motivation", "", "scaffold"),
    ];
    let of =
        |label: &str, path: &str, changes| Difference { label: label.into(), path: path.into(), title: None, changes };
    vec![
        lamps(),
        of("8", "keps/sig-a/8-stars", sections.collect()),
        of("9", "keps/sig-a/9-x", vec![gone]),
        of("10", "keps/sig-b/10-y", new),
    ]
}

fn states() -> (State, State) {
    let at = |text: &str| text.parse().expect("an instant");
    let commit = |digit: &str| Some(digit.repeat(40));
    let from = State { name: "2026-01-01".to_owned(), commit: commit("a"), at: at("2026-01-02T08:00:00Z") };
    (from, State { name: "v1.2".to_owned(), commit: commit("b"), at: at("2026-02-01T08:00:00Z") })
}

#[test]
fn what_changed() {
    let ((from, to), differences) = (states(), differences());
    let comparison = Comparison { from: &from, to: &to, pull: None, differences: &differences };
    for (name, color, width) in [("diff.txt", false, 80), ("diff-color.txt", true, 60)] {
        expect(name, &written(|out| diff::write_human(&comparison, Look { color, width }, out)));
    }
    expect("diff.md", &written(|out| diff::write_markdown(&comparison, out)));
    expect("diff.csv", &written(|out| diff::write_csv(&comparison, out)));
    let json = written(|out| diff::write_json(&comparison, out));
    fits_own_schema(&json);
    expect("diff.json", &json);
}

#[test]
fn nothing_changed_in_the_files_as_they_are() {
    let (from, to) = states();
    let from = State { name: "a".repeat(40), ..from };
    let to = State { commit: None, name: String::new(), ..to };
    let comparison = Comparison { from: &from, to: &to, pull: Some("5526"), differences: &[] };
    let text = written(|out| diff::write_human(&comparison, Look::default(), out));
    let expected = "Pull request 5526: from aaaaaaaaaa of 2026-01-02 to the files as they are\n\nno proposal changed\n";
    assert_eq!(text, expected);
    let json = written(|out| diff::write_json(&comparison, out));
    fits_own_schema(&json);
    assert!(json.contains(r#""commit":null"#) && json.contains(r#""pull":"5526""#), "{json}");
}
