//! `query`: conditions, saved queries, columns, groups, counts.

use serde_json::Value;

use crate::corpora;
use crate::project::{POOLS, Project};

/// What a query prints for a terminal.
fn answered(project: &Project, arguments: &[&str]) -> String {
    project.printed(0, &[&["query"], arguments].concat())
}

#[test]
fn conditions_and_saved_queries_are_answered() {
    let project = Project::base();
    project.write(
        "signoff.toml",
        "[query.mine]\nabout = 'What Lena leads'\nwhere = '\"@lena-lead\" in approvers'\ncolumns = ['proposal', 'stage']\n\
         [query.by-group]\nabout = 'Another one'\ncount = true\ngroup_by = ['stage']\n",
    );
    let cases: [(&[&str], &str); 11] = [
        (&["mine"], "PROPOSAL  STAGE\n1234      beta\n"),
        (&["mine", "stage == \"alpha\""], ""),
        (&["mine", "--columns", "title"], "TITLE\nWidget pools on the node\n"),
        (&["mine", "--count"], "1 proposal\n"),
        (&["--columns", "proposal,n=size(authors)", "--sort", "-n"], "PROPOSAL  N\n1234      2\n2345      1\n"),
        // The repository's goes before the profile's.
        (&["by-group"], "STAGE   COUNT\nbeta        1\n(none)      1\n"),
        (
            &["question(\"slo\").state == \"answered\" && stage == \"beta\"", "--columns", "proposal"],
            "PROPOSAL\n1234\n",
        ),
        (&["stage == \"beta\"", "title.contains(\"pools\")", "--count"], "1 proposal\n"),
        (
            &["--columns", "proposal,tests=section(\"Test Plan\").state", "--sort", "-section(\"Test Plan\").state"],
            "PROPOSAL  TESTS\n1234      written\n2345      absent\n",
        ),
        (
            &["--group-by", "group,stage", "--count", "--sort", "group"],
            "GROUP     STAGE   COUNT\nsig-apps  (none)      1\nsig-node  beta        1\n",
        ),
        (
            &["--group-by", "group", "--columns", "proposal", "--limit", "1"],
            "sig-apps  1 proposal\n  PROPOSAL\n  2345\nand 1 more group\n",
        ),
    ];
    for (arguments, expected) in cases {
        assert_eq!(answered(&project, arguments), expected, "{arguments:?}");
    }
    let saved = project.json(&["query"]);
    let named =
        |name: &str| saved["queries"].as_array().expect("a list").iter().find(|one| one["name"] == name).cloned();
    assert_eq!(named("mine").expect("the own one")["origin"], "signoff.toml");
    assert_eq!(named("by-group").expect("one of both")["about"], "Another one");
    assert_eq!(named("stuck").expect("one of the profile")["origin"], "profile");
    assert!(answered(&project, &[]).contains("mine              What Lena leads\n"));
    assert_eq!(project.json(&["query", "mine"])["query"], "mine");
    assert_eq!(project.json(&["query", "mine"])["proposals"][0]["path"], "keps/sig-node/1234-widget-pools");
}

/// Nothing is silently empty: what there is not is an error, what nobody has is a note.
#[test]
fn what_is_unknown_is_said() {
    let project = Project::base();
    let errors: [(&[&str], &str); 10] = [
        (&["stuk"], "error: there is no saved query `stuk`\ndid you mean `stuck`?\n"),
        (&["Stuck"], "error: there is no saved query `Stuck`\ndid you mean `stuck`?\n"),
        (&["by_group"], "error: there is no saved query `by_group`\ndid you mean `by-group`?\n"),
        (&["zzzzzz"], "error: there is no saved query `zzzzzz`\n`signoff query` lists them"),
        (&["stage == 'bteta'"], "did you mean `beta`?\n"),
        (&["group == 'sig-nod'"], "error: there is no group `sig-nod`\ndid you mean `sig-node`?\n"),
        (&["true", "--columns", "titel"], "error: there is no column `titel`\ndid you mean `title`?\n"),
        (&["true", "--group-by", "size(authr)"], "did you mean `authors`?\n"),
        (&["true", "--sort", "count"], "error: nothing can be sorted by `count` here\n"),
        (&["--format", "csv"], "error: the saved queries are no table\n"),
    ];
    for (arguments, expected) in errors {
        let run = project.run(&[&["query"], arguments].concat());
        assert!(run.complaint().contains(expected), "{arguments:?}: {}", run.err);
    }
    let notes: [(&[&str], &str); 4] = [
        (
            &["query", "'@lena-lea' in approvers"],
            "note: no proposal has `@lena-lea` in approvers; did you mean `@lena-lead`?\n",
        ),
        (
            &["list", "--where", "proposal == '1235'"],
            "note: no proposal has `1235` in proposal; did you mean `1234`?\n",
        ),
        (&["query", "stage == 'alpha'", "--format", "json"], "note: no proposal has `alpha` in stage\n"),
        (&["query", "stage == 'alpha'", "--quiet"], ""),
    ];
    for (arguments, expected) in notes {
        let run = project.run(arguments);
        assert_eq!((run.code, run.err.as_str()), (0, expected), "{arguments:?}");
    }
    project.replace(POOLS, "title: ", "title: \u{1b}[31m");
    let run = project.run(&["query", "title == '\u{1b}[31mWidget poolz'"]);
    assert!(!run.err.contains('\u{1b}'), "{}", run.err);
}

/// Behind the last cycle that the profile knows, no release is taken for the current one.
#[test]
fn an_unknown_current_release_is_said() {
    let project = Project::base();
    for query in ["in-flight", "stuck", "current_release == 'v1.37'", "release(current_release) > release('v1.30')"] {
        let run = project.run_at("2031-01-01", &["query", query, "--count"]);
        let said = "error: which release is worked on at 2031-01-01 is not known: the last one with dates is v";
        assert!(run.code == 2 && run.err.starts_with(said), "{query}: {}", run.err);
    }
    let run = project.run_at("2026-07-24", &["query", "current_release == 'v1.37'", "--count"]);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("2 proposals\n", ""));
}

/// A mistake in the settings may be why a saved query is another one than is meant.
#[test]
fn mistakes_in_the_settings_are_said() {
    let project = Project::base();
    let cases = [
        ("[query.stuck]\nlimit = -1\n", "note: signoff.toml: "),
        ("[query.stuck\n", "note: signoff.toml: "),
        ("[query.mine]\nwhere = 'stage == \"betta\"'\n", "did you mean `beta`?"),
    ];
    for (settings, expected) in cases {
        project.write("signoff.toml", settings);
        let run = project.run(&["query", "true", "--count"]);
        assert_eq!((run.code, run.out.as_str()), (0, "2 proposals\n"), "{settings}");
        assert!(run.err.contains(expected), "{settings}: {}", run.err);
    }
}

/// Of a past state the release is current that was worked on then.
#[test]
fn the_current_release_is_that_of_the_state() {
    let project = Project::base();
    project.commit("2026-02-01T12:00:00Z");
    for at in ["2026-02-12", "2026-02-12T12:00Z", "HEAD"] {
        let run = project.run_at("2026-07-24", &["query", "--at", at, "current_release == 'v1.36'", "--count"]);
        assert_eq!((run.out.as_str(), run.err.as_str()), ("2 proposals\n", ""), "{at}");
    }
}

/// What the saved queries of the profile answer about the real proposals, on the bundle's day: how many, in how
/// many groups, and what comes first.
#[test]
fn saved_queries_answer_about_real_proposals() {
    let expected: Value = toml::from_str(include_str!("expected/saved_queries.toml")).expect("the file");
    let Some(folder) = corpora::work_tree() else { return };
    let project = Project::empty();
    let folder = folder.to_str().expect("a path of text");
    let saved = project.json(&["query", "-C", folder]);
    let names: Vec<&str> =
        saved["queries"].as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    let known: Vec<&str> = expected.as_object().expect("a table").keys().map(String::as_str).collect();
    assert_eq!(names, known);
    for (name, expected) in expected.as_object().expect("a table") {
        let run = project.run_at("2026-07-24", &["query", "-C", folder, name, "--format", "json"]);
        let found: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{name}: {}", run.err));
        assert_eq!(found["count"], expected["count"], "{name}");
        let groups: Vec<String> = list(&found["groups"]).iter().map(group).collect();
        let rows: Vec<String> = list(&found["proposals"]).iter().map(number).collect();
        let first = if groups.is_empty() { rows } else { groups };
        let wanted: Vec<&str> = list(&expected["first"]).iter().filter_map(Value::as_str).collect();
        assert!(!wanted.is_empty() || found["count"] == 0, "{name}");
        assert_eq!(first.iter().take(wanted.len()).collect::<Vec<_>>(), wanted, "{name}");
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(row: &Value) -> String {
    row["proposal"].as_str().expect("a number").to_owned()
}

/// A group in a line: its values, how many it holds and the first of them.
fn group(group: &Value) -> String {
    let values = group["values"].as_object().expect("values").values();
    let names: Vec<&str> = values.map(|value| value.as_str().unwrap_or("(none)")).collect();
    let first = list(&group["proposals"]).first().map(|row| format!(", {}", number(row)));
    format!("{}: {}{}", names.join(" "), group["count"], first.unwrap_or_default())
}
