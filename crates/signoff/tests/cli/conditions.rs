//! `list`: which proposals, which columns, in which order.

use crate::project::{POOLS, Project};

/// The numbers that a list shows.
fn listed(project: &Project, arguments: &[&str]) -> Vec<String> {
    let csv = project.printed(0, &[&["list", "--columns", "proposal", "--format", "csv"], arguments].concat());
    csv.lines().skip(1).map(str::to_owned).collect()
}

/// The library has no limit of its own: what could run for long is refused, what is only large is not.
#[test]
fn a_condition_cannot_run_away() {
    let project = Project::base();
    let people = (0..20_000).fold(String::new(), |list, number| format!("{list}  - \"@p{number}\"\n"));
    project.replace(POOLS, "reviewers:\n", &format!("reviewers:\n{people}"));
    let many = |part: &str, count: usize| part.repeat(count);
    let cases = [
        (2, format!("{}true{}", many("[1,2,3].all(x, ", 30), many(")", 30))),
        (2, format!("{}true{}", many("(", 50_000), many(")", 50_000))),
        (2, format!("title == '{}'", many("x", 100_000))),
        (2, format!("1 in [{}1]", many("1,", 50_000))),
        (2, "authors.map(a, authors.map(b, authors.map(c, c)))".to_owned()),
        (2, format!("authors{}", many(".map(a, a)", 400))),
        (2, format!("{}true", many("!\n", 2000))),
        (2, format!("{}1 < 0", many("- ", 2000))),
        (2, format!("title{} == ''", many("[0]", 1000))),
        (0, format!("1 in [{}1]", many("1,", 1000))),
        (0, "reviewers.all(r, r.startsWith('@')) && reviewers.exists(r, r in reviewers)".to_owned()),
        (0, "size(reviewers.filter(r, r != '@ada').map(r, r)) > 0".to_owned()),
    ];
    for (code, text) in cases {
        let started = std::time::Instant::now();
        let run = project.run(&["list", "--where", &text]);
        let start = text.chars().take(60).collect::<String>();
        assert_eq!(run.code, code, "{start}: {}", run.err);
        assert!(started.elapsed().as_secs() < 10, "{start}");
    }
}

#[test]
fn what_a_condition_asks_for_is_listed() {
    let project = Project::base();
    let cases: [(&str, &[&str]); 12] = [
        ("title.lowerAscii().contains(\"widget pools\")", &["1234"]),
        ("approvers.exists(a, a == \"@lena-lead\")", &["1234"]),
        ("authors.all(a, a.startsWith(\"@\"))", &["2345", "1234"]),
        ("has(milestones.beta)", &["1234"]),
        ("release(\"v1.36\") <= release(latest_milestone)", &["1234"]),
        ("date(field(\"creation-date\")) >= date(\"2025-06-01\")", &["2345"]),
        ("question(\"slo\").state == \"answered\"", &["1234"]),
        ("section(\"Summary\").state == \"written\"", &["2345", "1234"]),
        ("stage == null", &["2345"]),
        ("stage < \"c\"", &["1234"]),
        ("-1 < 0 && stage != \"beta\"", &["2345"]),
        ("class == \"dead\"", &[]),
    ];
    for (condition, expected) in cases {
        assert_eq!(listed(&project, &["--where", condition]), expected, "{condition}");
    }
}

#[test]
fn a_mistake_in_a_condition_says_what_to_do() {
    let project = Project::base();
    let cases = [
        ("statsu == 'x'", "error: unknown name `statsu`\ndid you mean `status`?\n"),
        (
            "stage == 'btea'",
            "error: no proposal has the value `btea` here; there are alpha, beta, stable, deprecated, disabled, removed\ndid you mean `beta`?\n",
        ),
        (
            "stage",
            "error: the condition gives a text, neither true nor false\ncompare it with something, as in `stage == \"beta\"`\n",
        ),
        ("question('slos').state == 'empty'", "error: there is no question `slos`\ndid you mean `slo`?\n"),
        (
            "stage == ",
            "error: the condition ends too early\nwrite it like `stage == \"beta\" && \"@ada\" in approvers`\n",
        ),
    ];
    for (condition, expected) in cases {
        assert_eq!(project.run(&["list", "--where", condition]).complaint(), expected, "{condition}");
    }
}

#[test]
fn unknown_columns_are_named_once() {
    let project = Project::base();
    for option in ["--columns", "--sort"] {
        let run = project.run(&["list", option, "titel"]);
        assert_eq!(run.complaint(), "error: there is no column `titel`\ndid you mean `title`?\n");
        let run = project.run(&["list", option, "zzz"]);
        let hint = run.complaint().lines().nth(1).expect("a second line").to_owned();
        let names: Vec<&str> = hint.trim_start_matches("there are ").split(", ").collect();
        assert!(names.contains(&"title") && names.contains(&"creation-date"), "{hint}");
        let distinct: std::collections::BTreeSet<&&str> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{hint}");
        // Each that is named is one.
        for name in names {
            project.printed(0, &["list", option, name]);
        }
    }
}

#[test]
fn lists_are_sorted() {
    let project = Project::base();
    project.write(
        "keps/sig-node/9-old/kep.yaml",
        "kep-number: 9\ntitle: an old one\nlatest-milestone: v1.9\nstage: alpha\n",
    );
    project.write("keps/sig-node/x/kep.yaml", "title: Zebra\n");
    let cases: [(&str, &[&str]); 14] = [
        ("proposal", &["9", "1234", "2345", "x"]),
        ("-proposal", &["2345", "1234", "9", "x"]),
        ("path", &["2345", "1234", "9", "x"]),
        ("title", &["9", "1234", "2345", "x"]),
        ("latest_milestone", &["9", "1234", "2345", "x"]),
        ("-latest_milestone", &["1234", "9", "2345", "x"]),
        ("stage", &["9", "1234", "2345", "x"]),
        ("-stage", &["1234", "9", "2345", "x"]),
        ("kep-number", &["9", "1234", "2345", "x"]),
        ("latest-milestone", &["9", "1234", "2345", "x"]),
        ("creation-date", &["1234", "2345", "9", "x"]),
        ("-creation-date", &["2345", "1234", "9", "x"]),
        ("gates", &["1234", "2345", "9", "x"]),
        ("milestones", &["1234", "2345", "9", "x"]),
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
