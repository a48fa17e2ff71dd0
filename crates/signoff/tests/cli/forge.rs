//! `forge pull` and what it is for: verdicts that stand on issues and pull requests.

use crate::fake::{Fake, Mischief};
use crate::project::{Project, Run, finish};
use crate::standing::project;

const OWN: &str = "kubernetes/enhancements";
const FILE: &str = "signoff-forge.jsonl";
const TOKEN: &str = "ghp_0123456789abcdef";
/// The enhancements freeze of v1.36.
const FREEZE: &str = "enhancements-freeze";

/// The issue of the base's proposal: in the milestone, labelled, open.
fn forge() -> Fake {
    let fake = Fake::start();
    let mut state = fake.state();
    state.open_issue(
        OWN,
        1234,
        "https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/1234-widget-pools",
    );
    for (label, at) in [
        ("sig/node", "2026-01-05"),
        ("stage/beta", "2026-01-13"),
        ("lead-opted-in", "2026-01-14"),
        ("tracked/yes", "2026-01-15"),
    ] {
        state.label(OWN, 1234, label, &format!("{at}T00:00:00Z"));
    }
    state.milestone(OWN, 1234, "v1.36", "2026-01-16T00:00:00Z");
    drop(state);
    fake
}

fn pull(project: &Project, api: &str, arguments: &[&str]) -> Run {
    let mut command = project.command(&[&["forge", "pull", "--release", "v1.36", "--api", api], arguments].concat());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "GH_TOKEN"] {
        command.env_remove(name);
    }
    command.env("GITHUB_TOKEN", TOKEN);
    finish(command, b"")
}

fn pulled(project: &Project, fake: &Fake, arguments: &[&str]) -> String {
    let run = pull(project, fake.address(), arguments);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(!format!("{}{}", run.out, run.err).contains(TOKEN), "{}{}", run.out, run.err);
    run.out
}

fn rule(status: &serde_json::Value, id: &str) -> (String, String) {
    let rules = status["proposals"][0]["rules"].as_array().expect("rules");
    let rule = rules.iter().find(|rule| rule["rule"] == id).unwrap_or_else(|| panic!("no rule {id}: {status}"));
    let text = |key: &str| rule[key].as_str().expect("a text").to_owned();
    (text("result"), text("basis"))
}

#[test]
fn what_was_pulled_decides_at_any_instant_before_the_pull() {
    let (project, fake) = (project(&[]), forge());
    let said = pulled(&project, &fake, &[]);
    assert!(said.contains("signoff-forge.jsonl: 1 issues and 0 pull requests as of 2026-10-12T09:00:00Z"), "{said}");
    assert!(!project.read(FILE).contains(TOKEN));
    assert!(fake.asked().iter().all(|request| request.authorization.as_deref() == Some(&format!("Bearer {TOKEN}"))));
    let status = |arguments: &[&str]| {
        project.json(&[&["status", "--release", "v1.36", "--checkpoint", FREEZE], arguments].concat())
    };
    let with = ["--forge", FILE, "--at"];
    for (at, result) in [("2026-01-15T12:00Z", "fail"), ("2026-01-17", "pass"), ("2027-01-01", "unknown")] {
        let found = status(&[&with[..], &[at]].concat());
        assert_eq!(found["basis"], serde_json::json!(["git", "forge"]), "{at}");
        assert_eq!(rule(&found, "O2"), (result.to_owned(), "forge".to_owned()), "{at}: {found}");
    }
    let why = project.printed(0, &["why", "1234", "--checkpoint", FREEZE, "--at", "2026-01-20", "--forge", FILE]);
    let seen = "https://forge.example/kubernetes/enhancements/issues/1234 @ 2026-10-12T09:00:00Z: 2026-01-16T00:00:00Z milestoned v1.36 by lead";
    assert!(why.contains(seen), "{why}");
}

#[test]
fn the_file_of_the_configuration_is_used_without_a_word() {
    let (project, fake) = (project(&[]), forge());
    project.write("signoff.toml", "forge = \"evidence/forge.jsonl\"\n");
    std::fs::create_dir(project.at("evidence")).expect("a folder");
    pulled(&project, &fake, &[]);
    let arguments = ["status", "--release", "v1.36", "--at", FREEZE];
    let status = project.json(&arguments);
    assert_eq!(rule(&status, "O1"), ("pass".to_owned(), "forge".to_owned()), "{status}");
    let todo = project.json(&["todo", "1234", "--release", "v1.36", "--at", "2026-01-20"]);
    let asks = |id: &str| todo["items"].as_array().expect("items").iter().any(|item| item["rule"] == id);
    assert!(!asks("O2") && asks("E10"), "{todo}");
    project.write("evidence/forge.jsonl", "{}\n");
    let printed = project.printed(0, &arguments);
    assert!(printed.contains("nothing is known of the forge"), "{printed}");
}

#[test]
fn who_asks_about_now_is_told_how_old_the_snapshot_is() {
    let (project, fake) = (project(&[]), forge());
    pulled(&project, &fake, &[]);
    let arguments = ["status", "--release", "v1.36", "--checkpoint", FREEZE, "--forge", FILE];
    let run = project.run_at("2026-10-13T09:00:00Z", &arguments);
    assert!(run.out.contains("the forge is known as of 2026-10-12 09:00 UTC"), "{}{}", run.out, run.err);
}

#[test]
fn a_pull_that_stops_keeps_what_it_has() {
    let (project, fake) = (project(&[]), forge());
    pulled(&project, &fake, &[]);
    let expected = project.read(FILE);
    project.remove(FILE);
    fake.state().mischief = vec![("pulls?state=open".to_owned(), Mischief::Status(401, vec![], "{}"))];
    let run = pull(&project, fake.address(), &[]);
    let complaint = run.complaint();
    assert!(complaint.starts_with("error: the pull stopped\n") && complaint.contains(fake.address()), "{complaint}");
    assert!(!complaint.contains(TOKEN), "{complaint}");
    let partial = format!("{FILE}.partial");
    assert!(project.at(&partial).exists() && !project.at(FILE).exists());
    let run = project.run(&["status", "--release", "v1.36", "--at", FREEZE, "--forge", &partial]);
    assert!(run.complaint().contains("the pull of this snapshot was interrupted"), "{}", run.err);
    fake.asked();
    pulled(&project, &fake, &[]);
    assert_eq!(project.read(FILE), expected);
    assert!(!project.at(&partial).exists());
    assert!(fake.asked().iter().all(|request| !request.target.contains("issues/1234")), "it was there");
    let again = pulled(&project, &fake, &[]);
    assert!(again.contains("2 of them unchanged"), "{again}");
    assert_eq!(project.read(FILE), expected);
}

#[test]
fn what_cannot_be_asked_says_why() {
    let project = project(&[]);
    let cases: [(&str, &[&str], &str); 6] = [
        ("http://forge.example", &[], "`http://forge.example` is not secure"),
        ("forge.example", &[], "is no address of a forge"),
        ("http://127.0.0.1:9", &["--repository", "../x"], "`../x` is no name of a repository"),
        ("http://127.0.0.1:9", &["--since", "once"], "`once` is no date"),
        ("http://127.0.0.1:9", &["--token-file", "none"], "cannot read the token of none"),
        ("http://127.0.0.1:9", &["--output", "signoff.toml"], "signoff.toml is there and is no snapshot of a forge"),
    ];
    project.write("signoff.toml", "");
    for (api, arguments, expected) in cases {
        let run = pull(&project, api, arguments);
        assert!(run.complaint().contains(expected), "{expected}: {}", run.err);
    }
    project.write("token", "two words");
    let run = pull(&project, "http://127.0.0.1:9", &["--token-file", "token"]);
    assert!(run.complaint().contains("token holds no token") && !run.err.contains("words"), "{}", run.err);
    let run = project.run(&["status", "--forge", "none.jsonl"]);
    assert!(run.complaint().contains("cannot read none.jsonl"), "{}", run.err);
}

#[test]
fn the_sweep_leaves_out_what_the_forge_has_done() {
    let (project, fake) = (project(&[]), forge());
    let commands = |arguments: &[&str]| -> Vec<String> {
        let sweep = project.json(&[&["sweep", "--release", "v1.36"], arguments].concat());
        let commands = sweep["commands"].as_array().expect("commands");
        commands.iter().map(|command| command["id"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(commands(&[]), ["milestone", "labels"]);
    pulled(&project, &fake, &[]);
    assert_eq!(commands(&["--forge", FILE]), ["milestone", "labels"]);
    fake.state().thread(OWN, 1234).shown["labels"] = serde_json::json!([]);
    pulled(&project, &fake, &[]);
    assert_eq!(commands(&["--forge", FILE]), ["milestone"]);
}
