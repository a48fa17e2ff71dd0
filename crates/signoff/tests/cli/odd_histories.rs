//! Histories that no project has on purpose, or that somebody made to do harm: merges of every form, clocks that are
//! wrong, folders that come and go, clones with holes. Every command ends, says what it knows, and says of the rest what
//! to do.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::project::{POOLS, Project, Run, SETS};

/// What reads a history, each in its own way.
const COMMANDS: [&[&str]; 11] = [
    &["list", "--at", "HEAD"],
    &["check", "--at", "2026-01-03"],
    &["check", "--at", "HEAD", "--changed-since", "HEAD~1"],
    &["show", "1234", "--at", "HEAD~1"],
    &["diff", "HEAD~1.."],
    &["diff", "2026-01-01..2026-02-01"],
    &["diff", "HEAD"],
    &["timeline", "1234", "--at", "HEAD"],
    &["timeline", "1", "--all-commits", "--at", "2026-01-03"],
    &["stats", "--at", "HEAD"],
    &["status", "--release", "v1.36", "--checkpoint", "enhancements-freeze", "--at", "2026-01-10"],
];

/// What is made of the same readings.
const OTHERS: [&[&str]; 12] = [
    &["why", "1234", "--release", "v1.36", "--at", "HEAD"],
    &["todo", "1234", "--release", "v1.36", "--at", "HEAD"],
    &["queue", "--approver", "@petra-prr", "--release", "v1.36", "--at", "2026-01-03"],
    &["checklist", "1234", "--at", "HEAD"],
    &["comment", "1234", "--release", "v1.36", "--at", "HEAD"],
    &["sweep", "--release", "v1.36", "--at", "HEAD"],
    &["shipped", "v1.36", "--at", "HEAD"],
    &["slipped", "v1.36", "--at", "HEAD"],
    &["stale", "--at", "HEAD"],
    &["list", "--at", "2026-01-03"],
    &["diff", "HEAD~1..HEAD"],
    &["timeline", "1234"],
];

/// Runs what reads a history; each command answers, or says why it cannot.
fn survives(project: &Project, what: &str) {
    for arguments in COMMANDS {
        let run = project.run(arguments);
        ended_well(&run, &format!("{what}: {arguments:?}"));
    }
}

/// Runs every command.
fn survives_all(project: &Project, what: &str) {
    survives(project, what);
    for arguments in OTHERS {
        let run = project.run(arguments);
        ended_well(&run, &format!("{what}: {arguments:?}"));
    }
}

fn ended_well(run: &Run, what: &str) {
    match run.code {
        0 | 1 => assert!(!run.err.contains("panicked"), "{what}: {}", run.err),
        _ => assert!(run.complaint().contains('\n'), "{what} says what to do: {}", run.err),
    }
}

/// Feeds a script to `git fast-import`: the quickest way to many commits.
fn import(project: &Project, script: &str) {
    if !project.at(".git").exists() {
        project.git(&["init", "-q", "-b", "main", "."]);
    }
    let mut git = Command::new("git");
    git.current_dir(project.root()).args(["fast-import", "--quiet", "--force", "--date-format=raw-permissive"]);
    let mut child = git.stdin(Stdio::piped()).spawn().expect("git is installed");
    child.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("git reads");
    assert!(child.wait().expect("git ends").success());
}

/// A commit for `fast-import`: its mark, when, its parents, and what it does to files.
fn commit(branch: &str, mark: usize, seconds: i64, parents: &[usize], files: &str) -> String {
    let mut text = format!("commit refs/heads/{branch}\nmark :{mark}\ncommitter A <a@b> {seconds} +0000\ndata 1\nx\n");
    for (index, parent) in parents.iter().enumerate() {
        text.push_str(&format!("{} :{parent}\n", if index == 0 { "from" } else { "merge" }));
    }
    text + files + "\n"
}

/// A file for `fast-import`.
fn file(path: &str, text: &str) -> String {
    format!("M 100644 inline {path}\ndata {}\n{text}\n", text.len())
}

fn metadata(number: usize, status: &str) -> String {
    format!("title: A\nkep-number: {number}\nstatus: {status}\nowning-sig: sig-a\n")
}

fn proposal(number: usize, status: &str) -> String {
    file(&format!("keps/sig-a/{number}-a/kep.yaml"), &metadata(number, status))
}

/// 3 January 2026.
const DAY: i64 = 1_767_398_400;

/// Writes an object of any content, right or wrong; its id.
fn object(project: &Project, kind: &str, text: &str) -> String {
    let mut git = Command::new("git");
    git.current_dir(project.root()).args(["hash-object", "--literally", "-w", "--stdin", "-t", kind]);
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("git is installed");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("git reads");
    let output = child.wait_with_output().expect("git ends");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("an id").trim().to_owned()
}

#[test]
fn merges_of_every_form() {
    let project = Project::empty();
    let mut script = commit("main", 1, DAY, &[], &proposal(1, "provisional"));
    // An octopus, a criss-cross, and a root that has nothing in common with the rest.
    for arm in 2..12 {
        script += &commit(&format!("arm{arm}"), arm, DAY + 10, &[1], &proposal(arm, "provisional"));
    }
    script += &commit("main", 20, DAY + 20, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], &proposal(1, "implementable"));
    script += &commit("left", 21, DAY + 30, &[20], &proposal(30, "provisional"));
    script += &commit("right", 22, DAY + 30, &[20], &proposal(31, "provisional"));
    script += &commit("left", 23, DAY + 40, &[21, 22], &proposal(30, "implementable"));
    script += &commit("right", 24, DAY + 40, &[22, 21], &proposal(31, "implementable"));
    script += &commit("other", 25, DAY + 50, &[], &proposal(40, "provisional"));
    script += &commit("main", 26, DAY + 60, &[23, 25], &proposal(1, "implemented"));
    import(&project, &script);
    for name in ["left", "right", "other", "arm3"] {
        project.git(&["update-ref", &format!("refs/pull/{}/head", name.len()), name]);
    }
    survives_all(&project, "merges");
    let changes = |range: &str| project.json(&["diff", range])["summary"].clone();
    assert_eq!(changes("main~1..main")["changed"], 1);
    assert_eq!(changes("right")["changed"], 1, "what it took from the other side is not its own");
    let second_root = project.run(&["diff", "other"]);
    assert!(second_root.complaint().contains("no commit in common"), "{}", second_root.err);
    project.git(&["checkout", "-q", "--orphan", "alone"]);
    project.git(&["commit", "-q", "--allow-empty", "-m", "alone"]);
    assert!(project.run(&["diff", "left", "--at", "alone"]).complaint().contains("no commit in common"));
}

/// As many ways from the newest commit to the oldest as there are numbers.
#[test]
fn a_ladder_of_merges_is_climbed_once() {
    let project = Project::empty();
    let mut script = commit("main", 1, DAY, &[], &proposal(1, "provisional"));
    script += &commit("side", 2, DAY, &[1], "");
    for step in 1..200 {
        let (left, right) = (2 * step - 1, 2 * step);
        script += &commit("main", left + 2, DAY + 10, &[left, right], "");
        script += &commit("side", right + 2, DAY + 10, &[right, left], "");
    }
    script += &commit("branch", 1000, DAY + 20, &[300, 301], &proposal(1, "implementable"));
    import(&project, &script);
    project.git(&["update-ref", "refs/pull/7/head", "branch"]);
    survives_all(&project, "a ladder");
    assert_eq!(project.json(&["diff", "--pull", "7"])["proposals"][0]["changes"][0]["kind"], "status");
}

#[test]
fn a_long_line_overflows_nothing() {
    let project = Project::empty();
    let mut script = commit("main", 1, DAY - 30_000, &[], &proposal(1, "provisional"));
    for step in 2..20_000 {
        script += &commit("main", step, DAY - 30_000 + step as i64, &[step - 1], "");
    }
    script += &commit("main", 20_000, DAY, &[19_999], &proposal(1, "implementable"));
    script += &commit("branch", 20_001, DAY + 5, &[1], &proposal(2, "provisional"));
    import(&project, &script);
    project.git(&["update-ref", "refs/pull/7/head", "branch"]);
    survives_all(&project, "a long line");
    let first = project.json(&["list", "--at", "2026-01-02T16:00Z"]);
    assert_eq!(first["proposals"][0]["status"], "provisional");
    assert_eq!(project.json(&["diff", "branch"])["summary"]["created"], 1);
}

#[test]
fn folders_that_come_go_and_move() {
    let project = Project::empty();
    let old = "keps/sig-a";
    let mut script = commit("main", 1, DAY, &[], &(proposal(1, "provisional") + &proposal(2, "provisional")));
    script += &commit("main", 2, DAY + 86_400, &[1], &format!("R {old} keps/sig-b\n"));
    script += &commit("main", 3, DAY + 2 * 86_400, &[2], "D keps/sig-b/1-a\n");
    script += &commit("main", 4, DAY + 3 * 86_400, &[3], &proposal(1, "implementable"));
    // A file where a folder was, a folder where a file was, and all of it at once.
    script += &commit("main", 5, DAY + 4 * 86_400, &[4], &("D keps/sig-b\n".to_owned() + &file("keps/sig-b", "x")));
    let inside = file("keps/sig-a/1-a/kep.yaml/kep.yaml", &metadata(1, "x"));
    script += &commit("main", 6, DAY + 5 * 86_400, &[5], &("D keps/sig-a/1-a/kep.yaml\n".to_owned() + &inside));
    script += &commit("main", 7, DAY + 6 * 86_400, &[6], "deleteall\n");
    script += &commit("main", 8, DAY + 7 * 86_400, &[7], &proposal(1, "implemented"));
    import(&project, &script);
    survives_all(&project, "folders");
    let kinds = |range: &str| -> Vec<String> {
        let json = project.json(&["diff", range]);
        let proposals = json["proposals"].as_array().expect("a list").clone();
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let kinds = proposals
            .iter()
            .map(|proposal| format!("{} {}", text(&proposal["proposal"]), text(&proposal["changes"][0]["kind"])));
        kinds.collect()
    };
    assert_eq!(kinds("HEAD~7..HEAD~6"), ["1 moved", "2 moved"]);
    assert_eq!(kinds("HEAD~6..HEAD~5"), ["1 removed"]);
    assert_eq!(kinds("HEAD~5..HEAD~4"), ["1 created"]);
    assert_eq!(kinds("HEAD~7..HEAD"), ["1 status", "2 removed"]);
    assert!(project.run(&["list", "--at", "HEAD~1"]).complaint().contains("does not look like a proposals repository"));
}

#[test]
fn clocks_that_are_wrong() {
    let project = Project::empty();
    let mut script = commit("main", 1, DAY, &[], &proposal(1, "provisional"));
    for (step, seconds) in [0, 7_258_118_400, DAY - 86_400, 1, DAY + 3600].into_iter().enumerate() {
        script += &commit("main", step + 2, seconds, &[step + 1], &proposal(step + 2, "provisional"));
    }
    import(&project, &script);
    survives_all(&project, "clocks");
    // The first commit met from the newest one that is not later counts, whatever the order of the clocks.
    let count = |when: &str| project.json(&["list", "--at", when])["proposals"].as_array().expect("a list").len();
    assert_eq!(count("2026-01-03T02:00Z"), 6);
    assert_eq!(count("2026-01-03T00:30Z"), 5);
    assert_eq!(count("1970-01-01T00:00:00Z"), 2);
    let tree = project.git(&["rev-parse", "HEAD^{tree}"]);
    let parent = project.git(&["rev-parse", "HEAD"]);
    for time in [
        "-86400 +0000",
        "-9223372036854775808 +0000",
        "9223372036854775807 +0000",
        "99999999999999999999999 +0000",
        "1767398400 +9999",
        "1767398400",
        "x y",
        "",
    ] {
        let text = format!("tree {tree}\nparent {parent}\nauthor A <a@b> {time}\ncommitter A <a@b> {time}\n\nx\n");
        let odd = object(&project, "commit", &text);
        std::fs::write(project.at(".git/refs/heads/main"), format!("{odd}\n")).expect("a file");
        survives(&project, time);
    }
}

#[test]
fn commits_that_are_damaged() {
    let project = Project::base();
    project.commit("2026-01-02T10:00:00Z");
    let good = project.git(&["rev-parse", "HEAD"]);
    let tree = project.git(&["rev-parse", "HEAD^{tree}"]);
    let blob = project.git(&["rev-parse", &format!("HEAD:{POOLS}")]);
    let (nobody, time) = ("A <a@b>", "1767398500 +0000");
    let who = format!("author {nobody} {time}\ncommitter {nobody} {time}\n\nx\n");
    let missing = "1".repeat(40);
    for (what, text) in [
        ("empty", String::new()),
        ("no tree", format!("parent {good}\n{who}")),
        ("a file as tree", format!("tree {blob}\nparent {good}\n{who}")),
        ("a tree that is not there", format!("tree {missing}\nparent {good}\n{who}")),
        ("a parent that is not there", format!("tree {tree}\nparent {missing}\n{who}")),
        ("a file as parent", format!("tree {tree}\nparent {blob}\n{who}")),
        ("the same parent often", format!("tree {tree}\n{}{who}", format!("parent {good}\n").repeat(500))),
        ("no people", format!("tree {tree}\nparent {good}\n\nx\n")),
        ("no text", format!("tree {tree}\nparent {good}\n{}", "\u{0}\u{1b}[2J".repeat(99))),
    ] {
        let odd = object(&project, "commit", &text);
        std::fs::create_dir_all(project.at(".git/refs/pull/7")).expect("a folder");
        std::fs::write(project.at(".git/refs/pull/7/head"), format!("{odd}\n")).expect("a file");
        let above = object(&project, "commit", &format!("tree {tree}\nparent {odd}\n{who}"));
        for head in [&odd, &above] {
            std::fs::write(project.at(".git/refs/heads/main"), format!("{head}\n")).expect("a file");
            survives(&project, what);
        }
    }
}

#[test]
fn a_commit_that_is_put_in_place_of_its_own_child_ends() {
    let project = Project::base();
    project.commit("2026-01-02T10:00:00Z");
    project.replace(SETS, "status: provisional", "status: implementable");
    project.commit("2026-01-05T10:00:00Z");
    let (parent, child) = (project.git(&["rev-parse", "HEAD~1"]), project.git(&["rev-parse", "HEAD"]));
    // The parent reads as the child, whose parent it is: round and round.
    project.git(&["update-ref", &format!("refs/replace/{parent}"), &child]);
    std::fs::create_dir_all(project.at(".git/info")).expect("a folder");
    std::fs::write(project.at(".git/info/grafts"), format!("{parent} {child}\n")).expect("a file");
    survives_all(&project, "replaced");
    assert_eq!(project.json(&["list", "--at", &parent])["proposals"][0]["status"], "provisional");
    assert!(project.run(&["list", "--at", "2025-01-01"]).complaint().contains("the history begins on"));
}

#[test]
fn references_that_are_none() {
    let project = Project::base();
    project.commit("2026-01-02T10:00:00Z");
    let blob = project.git(&["rev-parse", &format!("HEAD:{POOLS}")]);
    project.git(&["update-ref", "refs/pull/1/head", &blob]);
    project.git(&["tag", "-a", "-m", "x", "of-tree", "HEAD^{tree}"]);
    project.git(&["update-ref", "refs/pull/2/head", "of-tree"]);
    for (number, text) in [(3, "1".repeat(40)), (4, "no reference".to_owned()), (5, String::new())] {
        std::fs::create_dir_all(project.at(&format!(".git/refs/pull/{number}"))).expect("a folder");
        std::fs::write(project.at(&format!(".git/refs/pull/{number}/head")), text + "\n").expect("a file");
    }
    for (name, target) in [("6", "refs/pull/6/head"), ("8", "refs/pull/9/head"), ("9", "refs/pull/8/head")] {
        project.git(&["symbolic-ref", &format!("refs/pull/{name}/head"), target]);
    }
    survives_all(&project, "references");
    for number in ["1", "2", "3", "4", "5", "6", "8"] {
        for arguments in [&["diff", "--pull", number][..], &["diff", &format!("refs/pull/{number}/head")]] {
            let run = project.run(arguments);
            assert!(run.complaint().contains('\n'), "{arguments:?}: {}", run.err);
        }
    }
    project.git(&["pack-refs", "--all"]);
    for packed in ["\u{0}\u{1b}", "# pack-refs with: peeled fully-peeled sorted \n1111 refs/pull/1/head\n"] {
        std::fs::write(project.at(".git/packed-refs"), packed).expect("a file");
        survives(&project, "packed references");
    }
}

#[test]
fn another_repository_or_a_link_in_place_of_a_proposal() {
    let project = Project::base();
    let id = project.commit("2026-01-02T10:00:00Z");
    let folder = "keps/sig-node/1234-widget-pools";
    for (place, mode) in [(folder, "160000"), (POOLS, "160000"), ("keps", "160000"), (folder, "120000")] {
        let target =
            if mode == "160000" { id.clone() } else { object(&project, "blob", "../sig-apps/2345-widget-sets") };
        project.git(&["reset", "-q", "--hard", &id]);
        project.git(&["rm", "-rq", "--cached", place]);
        project.git(&["update-index", "--add", "--cacheinfo", &format!("{mode},{target},{place}")]);
        project.git(&["commit", "-q", "-m", "odd"]);
        survives(&project, &format!("{mode} {place}"));
    }
}

#[test]
fn a_commit_of_ten_thousand_proposals() {
    let project = Project::empty();
    let many = |status: &str| (1..=10_000).map(|number| proposal(number, status)).collect::<String>();
    let mut script = commit("main", 1, DAY, &[], &proposal(1, "provisional"));
    script += &commit("main", 2, DAY + 3600, &[1], &many("provisional"));
    script += &commit("main", 3, DAY + 7200, &[2], &many("implementable"));
    import(&project, &script);
    project.git(&["update-ref", "refs/pull/7/head", "main"]);
    for arguments in [&["timeline", "1234", "--at", "HEAD"][..], &["stats", "--at", "HEAD"]] {
        ended_well(&project.run(arguments), &format!("ten thousand: {arguments:?}"));
    }
    let summary = |range: &str| project.json(&["diff", range])["summary"].clone();
    assert_eq!(summary("HEAD~2..HEAD~1")["created"], 9_999);
    assert_eq!(summary("HEAD~1..HEAD")["changed"], 10_000);
    assert_eq!(project.json(&["list", "--at", "HEAD"])["proposals"].as_array().map(Vec::len), Some(10_000));
}

#[test]
fn clones_with_holes() {
    let project = Project::base();
    project.commit("2026-01-02T10:00:00Z");
    project.replace(SETS, "status: provisional", "status: implementable");
    project.commit("2026-01-05T10:00:00Z");
    project.replace(POOLS, "stage: beta", "stage: stable");
    project.commit("2026-01-06T10:00:00Z");
    project.git(&["update-ref", "refs/pull/7/head", "HEAD~1"]);
    project.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", project.root().display());
    for (name, how) in [
        ("shallow", "--depth=1"),
        ("two", "--depth=2"),
        ("blobless", "--filter=blob:none"),
        ("treeless", "--filter=tree:0"),
        ("shared", "--shared"),
    ] {
        let clone = Project::empty();
        // A shared clone is one of a path.
        let from = if name == "shared" { project.root().display().to_string() } else { url.clone() };
        clone.git(&["clone", "-q", "--no-checkout", how, &from, "."]);
        // What was left out cannot be fetched any more.
        clone.git(&["remote", "set-url", "origin", "file:///nowhere"]);
        survives_all(&clone, name);
        let run = clone.run(&["diff", "HEAD~2..HEAD", "--format", "json"]);
        match name {
            "shared" => assert_eq!(run.json()["summary"]["changed"], 2),
            "shallow" | "two" => assert!(run.complaint().contains("git fetch --unshallow"), "{name}: {}", run.err),
            _ => assert!(run.err.contains("git fetch --refetch") || run.code == 0, "{name}: {}", run.err),
        }
    }
    // Alternates that lead to themselves, or nowhere.
    for alternates in [project.at(".git/objects").display().to_string(), "/nowhere".to_owned(), "\u{0}".to_owned()] {
        std::fs::write(project.at(".git/objects/info/alternates"), alternates + "\n").expect("a file");
        survives(&project, "alternates");
    }
}

#[test]
fn helpers_of_git_that_are_damaged_or_stale() {
    let project = Project::base();
    project.commit("2026-01-02T10:00:00Z");
    project.replace(SETS, "status: provisional", "status: implementable");
    project.commit("2026-01-05T10:00:00Z");
    project.git(&["commit-graph", "write", "--reachable"]);
    let graph = project.at(".git/objects/info/commit-graph");
    let bytes = std::fs::read(&graph).expect("a file");
    std::fs::remove_file(&graph).expect("a file");
    for damage in 0..8 {
        let mut damaged = bytes.clone();
        match damage {
            0 => damaged.clear(),
            1 => damaged.truncate(bytes.len() / 2),
            _ => damaged.iter_mut().skip(damage * 31).step_by(17).for_each(|byte| *byte ^= 0x5a),
        }
        let _ = std::fs::remove_file(&graph);
        std::fs::write(&graph, damaged).expect("a file");
        survives(&project, &format!("commit graph {damage}"));
    }
    std::fs::remove_file(&graph).expect("a file");
    std::fs::write(project.at(".git/index"), "no index").expect("a file");
    survives(&project, "index");
    std::fs::write(project.at(".git/shallow"), "no commit\n").expect("a file");
    survives(&project, "shallow");
}
