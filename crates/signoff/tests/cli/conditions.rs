//! `list`: which proposals, which columns, in which order.

use crate::project::{POOLS, Project};

/// The numbers that a list shows.
fn listed(project: &Project, arguments: &[&str]) -> Vec<String> {
    let csv = project.printed(0, &[&["list", "--columns", "proposal", "--format", "csv"], arguments].concat());
    csv.lines().skip(1).map(str::to_owned).collect()
}

/// The library has no limit of its own: what could run for long is refused.
#[test]
fn a_condition_cannot_run_away() {
    let project = Project::base();
    let nested = format!("{}true{}", "[1,2,3].all(x, ".repeat(30), ")".repeat(30));
    let started = std::time::Instant::now();
    project.run(&["list", "--where", &nested]).complaint();
    assert!(started.elapsed().as_secs() < 10);
}

#[test]
fn lists_are_sorted() {
    let project = Project::base();
    project.write(
        "keps/sig-node/9-old/kep.yaml",
        "kep-number: 9\ntitle: an old one\nlatest-milestone: v1.9\nstage: alpha\n",
    );
    project.write("keps/sig-node/x/kep.yaml", "title: Zebra\n");
    let cases: [(&str, &[&str]); 8] = [
        ("proposal", &["9", "1234", "2345", "x"]),
        ("-proposal", &["2345", "1234", "9", "x"]),
        ("path", &["2345", "1234", "9", "x"]),
        ("title", &["9", "1234", "2345", "x"]),
        ("latest_milestone", &["9", "1234", "2345", "x"]),
        ("-latest_milestone", &["1234", "9", "2345", "x"]),
        ("stage", &["9", "1234", "2345", "x"]),
        ("-stage", &["1234", "9", "2345", "x"]),
    ];
    for (column, expected) in cases {
        assert_eq!(listed(&project, &["--sort", column]), expected, "absent values come last: {column}");
    }
}

#[test]
fn broken_files_are_listed() {
    let project = Project::base();
    project.write(POOLS, "title: [unclosed\nkep-number: 1234\n");
    assert_eq!(listed(&project, &[]), ["2345", "1234"]);
}
