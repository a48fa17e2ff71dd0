//! `todo`, `queue`, `checklist`, `comment`: what is left for an author, for an approver, and what an issue says.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::project::{POOLS, POOLS_PROSE, POOLS_RECORD, Project};

/// Two weeks before the enhancements freeze of v1.37.
const NOW: &str = "2026-06-03T12:00:00Z";

fn apply(project: &Project, patch: &str) {
    let mut git = Command::new("git")
        .args(["apply", "-"])
        .current_dir(project.root())
        .stdin(Stdio::piped())
        .spawn()
        .expect("git runs");
    git.stdin.take().expect("input").write_all(patch.as_bytes()).expect("git reads");
    assert!(git.wait().expect("git ends").success(), "{patch}");
}

#[test]
fn a_patch_of_what_is_left_applies_and_is_then_done() {
    let project = Project::base();
    project.write(POOLS, project.read(POOLS).replace('\n', "\r\n"));
    project.remove(POOLS_RECORD);
    project.replace(POOLS_PROSE, "### Version Skew Strategy\n", "");
    let goal = ["todo", "1234", "--release", "v1.37", "--stage", "stable"];
    let before = project.run_at(NOW, &[&goal[..], &["--format", "json"]].concat()).json();
    assert_eq!(before["schema"], "signoff.todo/1");
    let first = &before["items"][0];
    assert_eq!((&first["rule"], &first["kind"], &first["field"]), (&"P1".into(), &"metadata".into(), &"stage".into()));
    assert_eq!((&first["to"], &first["patchable"]), (&"stable".into(), &true.into()));
    assert_eq!(first["deadline"], "2026-06-10T12:00:00Z");
    assert_eq!(first["command"], "signoff todo 1234 --stage stable --release v1.37 --patch");
    let patch = project.run_at(NOW, &[&goal[..], &["--patch", "--approver", "@rolf-r"]].concat());
    assert_eq!(patch.code, 0, "{}", patch.err);
    apply(&project, &patch.out);
    let after = project.run_at(NOW, &[&goal[..], &["--format", "json"]].concat()).json();
    let left = after["items"].as_array().expect("items").iter();
    let left: Vec<_> = left.filter(|item| item["patchable"] == true || item["kind"] == "companion").collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!project.read(POOLS).replace("\r\n", "").contains('\n'), "line ends stay");
    assert_eq!(project.read(POOLS_RECORD), "kep-number: 1234\nstable:\n  approver: \"@rolf-r\"\n");
}

#[test]
fn a_list_for_people_says_when_and_where() {
    let project = Project::base();
    let run = project.run_at(NOW, &["todo", "1234"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for part in [
        "To do for stage stable in v1.37, as of 2026-06-03 12:00 UTC",
        "assumed: release v1.37, which is worked on",
        "2026-06-10 12:00 UTC, end of 2026-06-09 AoE",
        "(in 7 days)",
        "set stage to stable",
        "keps/sig-node/1234-widget-pools/kep.yaml:26, P1, with --patch",
        "signoff todo 1234 --stage stable --release v1.37 --patch | git apply",
    ] {
        assert!(run.out.contains(part), "{part}\n{}", run.out);
    }
    project.replace(POOLS, "status: implementable", "status: withdrawn");
    assert!(project.run_at(NOW, &["todo", "1234"]).out.contains("its status is withdrawn: there is nothing to do"));
}

#[test]
fn wrong_names_say_what_may_be_meant() {
    let project = Project::base();
    let cases: [(&[&str], &str); 4] = [
        (&["todo", "1235", "--release", "v1.37"], "there is no proposal `1235`"),
        (&["todo", "1234", "--stage", "betta"], "did you mean `beta`?"),
        (&["todo", "1234", "--release", "next"], "a release is written like v1.36"),
        (&["queue", "--approver", "@petra-prrr"], "did you mean @petra-prr?"),
    ];
    for (arguments, expected) in cases {
        let run = project.run_at(NOW, arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.err.contains(expected), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_queue_has_what_changed_since_the_approval_and_what_is_open() {
    let project = Project::base();
    project.replace(POOLS, "latest-milestone: \"v1.36\"", "latest-milestone: \"v1.37\"");
    project.commit("2026-05-20T10:00:00Z");
    let queue = |approver: &str| {
        let arguments = ["queue", "--approver", approver, "--release", "v1.37", "--format", "json"];
        project.run_at(NOW, &arguments).json()["proposals"].clone()
    };
    assert_eq!(queue("@quinnprr").as_array().map(Vec::len), Some(0), "nothing changed");
    let question = "###### What happens if we reenable the feature if it was previously rolled back?\n";
    project.replace(POOLS_PROSE, question, &format!("{question}\nPools are found again by their label.\n"));
    project.commit("2026-05-25T10:00:00Z");
    let waiting = queue("QUINNPRR");
    assert_eq!(waiting[0]["role"], "approval");
    assert_eq!(waiting[0]["answers"][0]["question"], "reenable");
    assert_eq!(waiting[0]["deadline"], "2026-06-10T12:00:00Z");
    let reason = waiting[0]["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("1 answer changed since the approval for beta of 2026-05-20"), "{reason}");
    // Before a deadline, what is not on the main branch yet waits for those who approve it.
    project.git(&["checkout", "-qb", "work"]);
    project.replace(POOLS, "status: implementable", "status: deferred");
    let head = project.commit("2026-05-26T10:00:00Z");
    project.git(&["checkout", "-q", "main"]);
    project.git(&["update-ref", "refs/pull/12/head", &head]);
    let of_lead = queue("lena-lead");
    assert_eq!((&of_lead[0]["pull"], &of_lead[0]["role"]), (&"12".into(), &"approver".into()));
}

#[test]
fn a_checklist_stands_beside_what_the_files_tell() {
    let project = Project::base();
    project.commit("2026-05-20T10:00:00Z");
    let tick =
        "- [x] (R) Design details are appropriately documented\n- [ ] (R) Production readiness review completed\n";
    project.replace(POOLS_PROSE, "- [x] (R) Design details documented\n", tick);
    project.replace(POOLS_PROSE, "## Design Details\n", "## Sketches\n");
    let sheet = project.run_at(NOW, &["checklist", "1234", "--format", "json"]).json();
    assert_eq!(sheet["schema"], "signoff.checklist/1");
    let item = |start: &str| {
        let items = sheet["items"].as_array().expect("items");
        let found = items.iter().find(|item| item["text"].as_str().is_some_and(|text| text.starts_with(start)));
        let found = found.expect("an item");
        let text = |key: &str| found[key].as_str().map(str::to_owned).unwrap_or_default();
        (text("verdict"), text("box"), found["disagrees"] == true)
    };
    let cases = [
        ("(R) Design details", "not-met", "ticked", true),
        ("(R) Production readiness review completed", "met", "open", true),
        ("(R) Production readiness review approved", "met", "ticked", false),
        ("(R) Enhancement issue", "unknown", "absent", false),
        ("e2e Tests for all Beta", "unknown", "absent", false),
    ];
    for (start, verdict, tick, disagrees) in cases {
        assert_eq!(item(start), (verdict.to_owned(), tick.to_owned(), disagrees), "{start}");
    }
    assert_eq!(sheet["history"]["events"][0]["kind"], "created");
    let plain = project.run_at(NOW, &["checklist", "1234"]).out;
    assert!(plain.contains("On 2 items the author and the files disagree."), "{plain}");
}

#[test]
fn a_comment_says_where_a_proposal_stands_and_notifies_nobody() {
    let project = Project::base();
    project.replace(POOLS, "title: Widget pools on the node", "title: \"Pools #12 @ada [x](y) `z`\"");
    project.replace(POOLS, "latest-milestone: \"v1.36\"", "latest-milestone: \"v1.37\"");
    project.replace(POOLS, "status: implementable", "status: provisional");
    project.commit("2026-05-20T10:00:00Z");
    let arguments = ["comment", "1234", "--checkpoint", "enhancements-freeze"];
    let run = project.run_at(NOW, &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.starts_with("**At risk** for the Enhancements Freeze of v1.37 (2026-06-17 12:00 UTC)."),
        "{}",
        run.out
    );
    assert!(run.out.contains("- [ ] The status is implementable: the status is provisional"), "{}", run.out);
    assert!(run.out.contains("- Set status to implementable\n"), "{}", run.out);
    let is_mention = |text: &str| {
        text.split('@').skip(1).any(|behind| behind.starts_with(|next: char| next.is_ascii_alphanumeric()))
    };
    assert!(!is_mention(&run.out), "{}", run.out);
    assert!(!run.out.contains("](y)") && !run.out.contains("#12"), "{}", run.out);
    let mentioned = project.run_at(NOW, &[&arguments[..], &["--mention"]].concat());
    assert!(mentioned.out.starts_with("@wanda-writer @abel-author\n"), "{}", mentioned.out);
}
