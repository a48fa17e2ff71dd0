//! How a proposal is named on the command line.

use crate::project::{POOLS, Project};

/// The path of the proposal that an id names.
fn named(project: &Project, id: &str) -> String {
    let shown = project.json(&["show", id]);
    shown["path"].as_str().expect("a path").to_owned()
}

#[test]
fn number_folder_and_path() {
    let project = Project::base();
    let folder = "keps/sig-node/1234-widget-pools";
    let ids = ["1234", "01234", "0001234", "1234-widget-pools", folder, POOLS, &format!("{folder}/"), " 1234 "];
    for id in ids {
        assert_eq!(named(&project, id), folder, "{id}");
    }
}

#[test]
fn a_path_may_be_one_from_the_current_folder() {
    let project = Project::base();
    let absolute = project.at("keps/sig-node/1234-widget-pools").display().to_string();
    for (folder, id) in [
        ("", "./keps/sig-node/1234-widget-pools"),
        ("", &absolute),
        ("keps/sig-node", "1234-widget-pools/"),
        ("keps/sig-node", "./1234-widget-pools"),
        ("keps/sig-node/1234-widget-pools", "."),
        ("keps/sig-node/1234-widget-pools", "./README.md"),
        ("keps/sig-apps", "../sig-node/1234-widget-pools/kep.yaml"),
        ("keps/sig-apps", "keps/sig-node/1234-widget-pools"),
    ] {
        let mut command = project.command(&["show", id, "--format", "json"]);
        command.current_dir(project.at(folder));
        let run = crate::project::finish(command, b"");
        assert_eq!(run.json()["path"], "keps/sig-node/1234-widget-pools", "{folder} {id}");
    }
}

#[test]
fn the_number_is_that_of_the_number_field() {
    let project = Project::changed(POOLS, "kep-number: 1234", "kep-number: 0077");
    assert_eq!(named(&project, "77"), "keps/sig-node/1234-widget-pools");
    assert_eq!(project.json(&["show", "77"])["proposal"], "0077", "values are the file's text");
    // Where the field is missing, the folder says it.
    project.replace(POOLS, "kep-number: 0077\n", "");
    assert_eq!(named(&project, "1234"), "keps/sig-node/1234-widget-pools");
}

#[test]
fn several_matches_are_listed_by_path() {
    let project = Project::base();
    project.write("keps/sig-apps/1234-other/kep.yaml", "kep-number: 01234\n");
    for id in ["1234", "01234"] {
        let run = project.run(&["show", id]);
        let expected = format!(
            "error: 2 proposals are `{id}`; name one by path\n  keps/sig-apps/1234-other\n  keps/sig-node/1234-widget-pools\n"
        );
        assert_eq!(run.complaint(), expected);
    }
    assert_eq!(named(&project, "keps/sig-apps/1234-other"), "keps/sig-apps/1234-other");
    assert_eq!(named(&project, "1234-other"), "keps/sig-apps/1234-other");
    project.write("keps/sig-api-machinery/1234-other/kep.yaml", "kep-number: 5\n");
    assert!(project.run(&["show", "1234-other"]).complaint().contains("2 proposals"));
}

#[test]
fn nothing_found_says_how_to_name_one() {
    let project = Project::base();
    for id in ["99", "1234-widget", "keps", "", "1234-widget-pools/README", "..", "/etc/passwd", "@x"] {
        let run = project.run(&["show", id]);
        let how = "\nname it by number, by the name of its folder, or by path";
        assert!(
            run.complaint().contains(how) || run.err.contains("\ndid you mean 1234-widget-pools?"),
            "{id}: {}",
            run.err
        );
    }
    assert!(project.run(&["show", "1234-wigdet-pools"]).complaint().contains("\ndid you mean 1234-widget-pools?"));
    assert!(project.run(&["show", "1243"]).complaint().contains("\ndid you mean 1234?"));
}

#[test]
fn an_id_works_in_the_sample_too() {
    let project = Project::empty();
    assert_eq!(project.json(&["show", "--sample", "00231"])["path"], "keps/sig-scheduling/231-tide-window-scheduling");
}
