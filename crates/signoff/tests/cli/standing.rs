//! `status` and `why`: where a proposal stands at a checkpoint, and what it stands on.

use serde_json::Value;

use crate::project::{POOLS, Project};

/// The approval record of the proposal at hand.
pub const RECORD: &str = "keps/prod-readiness/sig-node/1234.yaml";
/// Its document.
const DOCUMENT: &str = "keps/sig-node/1234-widget-pools/README.md";
/// Weeks before, the moment of, and days after the enhancements freeze of v1.36.
const BEFORE: &str = "2026-01-20T00:00Z";
const AFTER: &str = "2026-02-14T00:00Z";

/// Files that are changed: path, text that stands there, text instead.
pub type Changes<'a> = &'a [(&'a str, &'a str, &'a str)];

/// A project with a commit of weeks before the freeze.
pub fn project(changes: Changes<'_>) -> Project {
    let project = Project::base();
    for (path, from, to) in changes {
        project.replace(path, from, to);
    }
    project.commit("2026-01-15T10:00:00Z");
    project
}

fn status(project: &Project, arguments: &[&str]) -> Value {
    project.json(&[&["status", "--release", "v1.36"], arguments].concat())
}

/// The only proposal of a status.
fn only(status: &Value) -> &Value {
    let proposals = status["proposals"].as_array().expect("a list");
    assert_eq!(proposals.len(), 1, "{status}");
    &proposals[0]
}

fn rule<'v>(proposal: &'v Value, id: &str) -> &'v Value {
    let rules = proposal["rules"].as_array().expect("a list");
    rules.iter().find(|rule| rule["rule"] == id).unwrap_or_else(|| panic!("no rule {id}: {proposal}"))
}

#[test]
fn what_fails_puts_at_risk_before_the_freeze_and_out_after_it() {
    let whole = "beta:\n  approver: \"@QuinnPRR\"\n";
    let cases: [(Changes<'_>, &str, &str, &str); 7] = [
        (&[], "", "tracked", "implementable, approved for beta by @QuinnPRR"),
        (&[(POOLS, "status: implementable", "status: provisional")], "E2", "removed", "the status is provisional"),
        (&[(RECORD, whole, "")], "P4", "removed", "names no approver for beta"),
        (&[(RECORD, "@QuinnPRR", "@stranger")], "P5", "removed", "@stranger is not in prod-readiness-approvers"),
        (&[(POOLS, "stage: beta", "stage: gamma")], "P1", "removed", "the stage `gamma` is none of the process"),
        (&[(POOLS, "status: implementable", "status: deferred")], "", "deferred", "its status is deferred"),
        (&[(POOLS, "status: implementable", "status: withdrawn")], "", "tracked", "withdrawn"),
    ];
    for (changes, failing, after, reason) in cases {
        let project = project(changes);
        let before = if after == "removed" { "at-risk" } else { after };
        for (at, verdict) in [(BEFORE, before), (AFTER, after)] {
            let status = status(&project, &["--checkpoint", "enhancements-freeze", "--at", at]);
            let found = only(&status);
            assert_eq!(found["verdict"], verdict, "{changes:?} {at}: {found}");
            assert!(found["reason"].as_str().is_some_and(|said| said.contains(reason)), "{changes:?}: {found}");
            if !failing.is_empty() {
                assert_eq!(rule(found, failing)["result"], "fail", "{changes:?}: {found}");
            }
        }
    }
}

#[test]
fn a_verdict_says_what_it_stands_on() {
    let project = project(&[]);
    let status = status(&project, &["--at", "enhancements-freeze"]);
    assert_eq!(status["schema"], "signoff.status/1");
    assert_eq!(status["checkpoint"], "enhancements-freeze");
    assert_eq!(status["instant"], "2026-02-12T12:00:00Z");
    assert_eq!(status["basis"], serde_json::json!(["git"]));
    assert_eq!(status["counts"], serde_json::json!({"tracked": 1}));
    let found = only(&status);
    assert_eq!(found["class"], "graduating");
    assert_eq!(found["undecided"], serde_json::json!(["O1", "O2", "O4", "E7", "E10", "K1"]));
    let head = project.git(&["rev-parse", "HEAD"]);
    let evidence = &rule(found, "E2")["evidence"][0];
    assert_eq!(
        *evidence,
        serde_json::json!({"source": "git", "version": head, "path": POOLS, "line": 10, "text": "status: implementable"})
    );
    let printed = project.printed(0, &["status", "--release", "v1.36", "--at", "enhancements-freeze"]);
    assert!(printed.starts_with("As far as git can tell; 6 forge rules not looked at.\n"), "{printed}");
}

#[test]
fn where_nothing_that_decides_was_given_evidence_is_needed() {
    let project = project(&[]);
    for (checkpoint, bases) in
        [("code-freeze", "forge, code"), ("docs-freeze", "forge, docs"), ("release", "code, docs")]
    {
        let status = status(&project, &["--at", checkpoint]);
        let found = only(&status);
        assert_eq!(found["verdict"], "needs-evidence", "{checkpoint}: {found}");
        assert!(found["reason"].as_str().is_some_and(|said| said.contains(bases)), "{checkpoint}: {found}");
    }
}

#[test]
fn before_the_readiness_deadline_an_open_pull_request_is_enough() {
    let project = project(&[(RECORD, "beta:\n  approver: \"@QuinnPRR\"\n", "")]);
    let main = project.git(&["rev-parse", "HEAD"]);
    let alone = status(&project, &["--at", "prr-freeze"]);
    assert_eq!(only(&alone)["verdict"], "needs-evidence", "git alone never fails here: {alone}");
    assert_eq!(rule(only(&alone), "P4")["result"], "unknown");
    project.write(RECORD, "kep-number: 1234\nalpha:\n  approver: \"@petra-prr\"\nbeta:\n  approver: \"@QuinnPRR\"\n");
    let head = project.commit("2026-01-25T10:00:00Z");
    project.git(&["update-ref", "refs/pull/77/head", &head]);
    project.git(&["reset", "-q", "--hard", &main]);
    let with = status(&project, &["--at", "prr-freeze"]);
    assert_eq!(with["basis"], serde_json::json!(["git", "pulls"]));
    let found = only(&with);
    assert_eq!(found["verdict"], "tracked", "{found}");
    assert_eq!(rule(found, "P4")["basis"], "pulls");
    assert!(rule(found, "P4")["message"].as_str().is_some_and(|said| said.contains("pull request 77")), "{found}");
    // At the next freeze it must be merged.
    assert_eq!(only(&status(&project, &["--at", "enhancements-freeze"]))["verdict"], "removed");
    // Days before nobody knew of the pull request, as in a clone of that day.
    let earlier = status(&project, &["--checkpoint", "prr-freeze", "--at", "2026-01-20T00:00Z"]);
    assert_eq!(only(&earlier)["verdict"], "needs-evidence", "{earlier}");
}

#[test]
fn exceptions_are_known_from_their_day_on() {
    let project = project(&[(POOLS, "status: implementable", "status: provisional")]);
    let list = |decision: &str, requested: &str| {
        let text = format!(
            "enhancementFreeze:\n- name: Widget pools\n  issue: 1234\n  date_requested: {requested}\n  date_reviewed: 2026-02-19\n  thread: https://example.org/1\n  status: \"{decision}\"\n"
        );
        project.write("releases/release-1.36/exceptions.yaml", text);
    };
    let cases = [
        ("approved", "2026-02-13", "2026-02-12T12:00Z", "removed"),
        ("approved", "2026-02-13", "2026-02-14T00:00Z", "exception-pending"),
        ("approved", "2026-02-13", "2026-02-20T12:00Z", "exception-approved"),
        ("rejected", "2026-02-13", "2026-02-20T12:00Z", "removed"),
        ("rejected", "2026-02-19", "2026-02-20T12:00Z", "removed"),
        ("approved", "2026-02-10", "2026-02-11T12:00Z", "at-risk"),
    ];
    for (decision, requested, at, verdict) in cases {
        list(decision, requested);
        let arguments = ["--checkpoint", "enhancements-freeze", "--at", at, "--exceptions", "releases"];
        let found = status(&project, &arguments);
        assert_eq!(only(&found)["verdict"], verdict, "{decision} {requested} {at}: {found}");
    }
}

/// One request may cover two freezes: what was granted beyond the later one counts there too.
#[test]
fn an_exception_that_reaches_beyond_the_next_freeze_covers_it() {
    let project = project(&[(POOLS, "status: implementable", "status: provisional")]);
    for (until, verdict) in [("2026-02-20", "exception-approved"), ("2026-02-09", "removed")] {
        let text = format!(
            "prrFreeze:\n- name: Widget pools\n  issue: 1234\n  date_requested: 2026-02-05\n  date_reviewed: 2026-02-06\n  until: {until}\n  status: \"approved\"\n"
        );
        project.write("releases/release-1.36/exceptions.yaml", text);
        let found = status(&project, &["--at", "enhancements-freeze", "--exceptions", "releases"]);
        assert_eq!(only(&found)["verdict"], verdict, "{until}: {found}");
    }
}

#[test]
fn a_waiver_shows_in_every_verdict_that_it_touches() {
    let project = project(&[(POOLS, "status: implementable", "status: provisional")]);
    let waive = |until: &str| {
        let text = format!(
            "[[waiver]]\nproposal = \"1234\"\nrule = \"E2\"\nowner = \"@lena-lead\"\nreason = \"the text is agreed\"\nuntil = \"{until}\"\n"
        );
        project.write("signoff-waivers.toml", text);
        project.commit("2026-01-16T10:00:00Z");
    };
    for (until, result, verdict, holds) in [
        ("v1.36", "waived", "tracked", true),
        ("2026-02-01", "fail", "removed", false),
        ("v1.35", "fail", "removed", false),
    ] {
        waive(until);
        let status = status(&project, &["--at", "enhancements-freeze"]);
        let found = only(&status);
        assert_eq!(found["verdict"], verdict, "{until}: {found}");
        assert_eq!(rule(found, "E2")["result"], result, "{until}");
        assert_eq!(rule(found, "E2")["waiver"]["holds"], holds, "{until}");
    }
}

#[test]
fn rule_sets_depend_on_the_release() {
    let project = project(&[
        (POOLS, "latest-milestone: \"v1.36\"", "latest-milestone: \"v1.31\""),
        (POOLS, "beta: \"v1.36\"", "beta: \"v1.31\""),
        (RECORD, "beta:\n  approver: \"@QuinnPRR\"\n", ""),
    ]);
    // The readiness freeze was not strict then: late is not out.
    let soft = project.json(&["status", "--release", "v1.31", "--checkpoint", "prr-freeze", "--at", "2026-01-20"]);
    assert_ne!(only(&soft)["verdict"], "removed", "{soft}");
    let rules = |release: &str| {
        let status =
            project.json(&["status", "--release", release, "--checkpoint", "test-freeze", "--all", "--at", AFTER]);
        let all = status["proposals"].as_array().expect("a list").iter();
        all.flat_map(|proposal| proposal["rules"].as_array().cloned().unwrap_or_default())
            .map(|rule| rule["rule"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(rules("v1.31").contains(&"T1".to_owned()), "the test freeze was a freeze of its own");
}

#[test]
fn all_lists_what_does_not_target_the_release() {
    let project = project(&[]);
    let all = status(&project, &["--at", "enhancements-freeze", "--all"]);
    let verdicts: Vec<(&Value, &Value)> = all["proposals"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|found| (&found["proposal"], &found["verdict"]))
        .collect();
    assert_eq!(format!("{verdicts:?}").matches("not-targeting").count(), 1, "{verdicts:?}");
}

#[test]
fn what_changed_is_told() {
    let project = project(&[(POOLS, "status: implementable", "status: provisional")]);
    project.replace(POOLS, "status: provisional", "status: implementable");
    project.commit("2026-01-25T10:00:00Z");
    let found = status(&project, &["--checkpoint", "enhancements-freeze", "--at", "2026-01-26T09:00Z"]);
    let change = &found["changes"]["proposals"][0];
    assert_eq!((&change["from"], &change["to"]), (&Value::from("at-risk"), &Value::from("tracked")), "{found}");
    let later = status(&project, &["--checkpoint", "enhancements-freeze", "--at", "2026-01-28"]);
    assert_eq!(later["changes"]["proposals"], serde_json::json!([]));
    let since = ["--checkpoint", "enhancements-freeze", "--at", "2026-01-28", "--since", "2026-01-20"];
    assert_eq!(status(&project, &since)["changes"]["proposals"].as_array().map(Vec::len), Some(1));
}

#[test]
fn every_format_says_the_same() {
    let project = project(&[(POOLS, "title: Widget pools on the node", "title: \"Widget | pools <b> @all [x](y)\"")]);
    let arguments = ["status", "--release", "v1.36", "--at", "enhancements-freeze"];
    let format = |format: &str| project.printed(0, &[&arguments[..], &["--format", format]].concat());
    let csv = format("csv");
    assert!(csv.starts_with("proposal,title,group,stage,class,verdict,reason,undecided,path\r\n1234,"), "{csv}");
    let markdown = format("markdown");
    assert!(markdown.contains("### tracked (1)"), "{markdown}");
    assert!(markdown.contains(r"Widget \| pools \<b\> @"), "{markdown}");
    assert!(!markdown.contains("@all"), "nobody is notified: {markdown}");
    let human = format("human");
    assert!(human.contains("sig-node\n  1234  beta  tracked"), "{human}");
    assert!(human.contains("1 proposal: 1 tracked"), "{human}");
}

#[test]
fn fail_is_an_exit_code() {
    let project = project(&[(POOLS, "status: implementable", "status: provisional")]);
    let arguments = ["status", "--release", "v1.36", "--at", "enhancements-freeze"];
    assert_eq!(project.run(&arguments).code, 0);
    assert_eq!(project.run(&[&arguments[..], &["--fail"]].concat()).code, 1);
    let tracked = self::project(&[]);
    assert_eq!(tracked.run(&[&arguments[..], &["--fail"]].concat()).code, 0);
}

#[test]
fn why_leads_to_the_line() {
    let project = project(&[(POOLS, "status: implementable", "status: provisional")]);
    let arguments = ["why", "1234", "--release", "v1.36", "--at", "enhancements-freeze"];
    let head = project.git(&["rev-parse", "HEAD"]);
    let printed = project.printed(0, &arguments);
    let quoted = format!("{POOLS}:10 @ {}: status: provisional", &head[..10]);
    for expected in ["v1.36 at Enhancements Freeze: removed", &quoted, "next: set status to implementable"] {
        assert!(printed.contains(expected), "{expected}\n{printed}");
    }
    let json = project.json(&arguments);
    assert_eq!(json["schema"], "signoff.why/1");
    assert_eq!(json["proposal"]["verdict"], "removed");
    // Without a word about it, the release that the proposal targets.
    let own = project.json(&["why", "1234", "--at", "2026-02-01"]);
    assert_eq!((&own["release"], &own["checkpoint"]), (&Value::from("v1.36"), &Value::from("prr-freeze")));
}

#[test]
fn answers_decide_as_the_stage_asks() {
    let project = project(&[]);
    let text = project.read(DOCUMENT);
    let start = text.find("### Dependencies").expect("a group");
    let end = start + text[start..].find("### Scalability").expect("the next group");
    project.write(DOCUMENT, format!("{}{}", &text[..start], &text[end..]));
    project.commit("2026-01-16T10:00:00Z");
    let status = status(&project, &["--at", "enhancements-freeze"]);
    let found = only(&status);
    assert_eq!(found["verdict"], "removed", "{found}");
    assert!(rule(found, "P6")["message"].as_str().is_some_and(|said| said.contains("lacks Dependencies")), "{found}");
    assert_eq!(rule(found, "E1")["result"], "fail");
}

#[test]
fn what_cannot_be_asked_says_what_can() {
    let project = project(&[]);
    let cases: [(&[&str], &str); 5] = [
        (&["status", "--release", "v9.9"], "no calendar has dates of v9.9"),
        (&["status", "--release", "soon"], "a release is written like v1.36"),
        (&["status", "--release", "v1.36", "--checkpoint", "cod-freeze"], "did you mean `code-freeze`?"),
        (&["status", "--release", "v1.36", "--checkpoint", "thaw"], "nothing is decided at `thaw`"),
        (&["why", "9999", "--release", "v1.36"], "there is no proposal `9999`"),
    ];
    for (arguments, expected) in cases {
        let run = project.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(expected), "{arguments:?}: {}", run.err);
    }
    // Behind the last known cycle no finished one is shown as current.
    let run = project.run_at("2031-01-01", &["status"]);
    assert!(run.complaint().contains("is not known: the last one with dates is"), "{}", run.err);
}

#[test]
fn a_work_tree_without_git_is_judged_too() {
    let project = Project::base();
    let found = status(&project, &["--checkpoint", "enhancements-freeze"]);
    assert_eq!(found["commit"], Value::Null);
    assert_eq!(rule(only(&found), "E2")["evidence"][0]["version"], "work tree");
    assert!(found["notes"].to_string().contains("what happened before is not known"), "{found}");
}
