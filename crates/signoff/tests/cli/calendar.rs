//! `calendar`, checkpoints by name in `--at`, exceptions and waivers of a repository.

use serde_json::Value;

use crate::project::{Project, brief};

/// A calendar of this repository, beside those of the profile.
const OWN: &str = "[[calendar]]\nrelease = \"v1.50\"\nsource = \"plan.md\"\n[calendar.at]\nstart = \"2026-10-01\"\nenhancements-freeze = \"2026-10-14 AoE\"\ncode-freeze = \"2026-10-30T12:00 Europe/Berlin\"\nrelease = \"2026-11-11\"\n[[calendar.revision]]\ncheckpoint = \"code-freeze\"\nuntil = \"2026-10-10T00:00Z\"\nat = \"2026-10-23 AoE\"\nwhy = \"a fair\"\n";

fn releases(calendar: &Value) -> Vec<&str> {
    let releases = calendar["releases"].as_array().expect("a list");
    releases.iter().map(|calendar| calendar["release"].as_str().expect("a text")).collect()
}

#[test]
fn the_current_release_is_shown_with_what_comes_next() {
    let project = Project::base();
    let text = project.printed(0, &["calendar"]);
    assert!(text.starts_with("v1.38  current release\n"), "{text}");
    assert!(text.contains("\n  KEP Readiness Deadline "), "{text}");
    let next = text.lines().find(|line| line.starts_with('>')).expect("one comes next");
    assert_eq!(next, "> Docs placeholders                Thu 2026-10-29 AoE  30 Oct 12:00  in 18 days");
    let run = project.run_at("2025-11-01", &["calendar"]);
    assert!(run.out.starts_with("v1.35  current release\n") && run.out.contains("\n  Production Readiness Freeze "));
    let run = project.run_at("2026-05-01", &["calendar"]);
    assert!(run.out.starts_with("v1.37  next release\n"), "{}", run.out);
}

/// Behind the last calendar, and before the first one, no release is taken for the current one.
#[test]
fn a_day_outside_the_calendars_is_said() {
    let project = Project::base();
    for (now, said) in
        [("2031-01-01", "the last one with dates is v1.38, of 2026-12-16"), ("2020-01-01", "the first one")]
    {
        let run = project.run_at(now, &["calendar"]);
        assert!(run.code == 0 && run.out.lines().count() == 2 && run.out.contains(said), "{}", run.out);
        let json = project.run_at(now, &["calendar", "--all", "--format", "json"]).json();
        assert!(json["current"].is_null() && json["note"].as_str().is_some_and(|note| note.contains(said)), "{json}");
        assert_eq!(releases(&json).len(), 11);
        let run = project.run_at(now, &["calendar", "--format", "csv"]);
        assert!(run.out.lines().count() == 1 && run.err.contains(said), "{}", run.err);
        let run = project.run_at(now, &["list", "--at", "code-freeze"]);
        assert!(run.complaint().contains(said) && run.err.contains("\nsay which release is meant"), "{}", run.err);
    }
}

#[test]
fn options_choose_releases_zone_and_format() {
    let project = Project::base();
    assert_eq!(releases(&project.json(&["calendar", "--release", "1.30"])), ["v1.30"]);
    assert_eq!(releases(&project.json(&["calendar", "--all"])).len(), 11);
    let json = project.json(&["calendar", "--release", "v1.36", "--zone", "Asia/Tokyo"]);
    assert_eq!(json["zone"], "Asia/Tokyo");
    assert_eq!(json["releases"][0]["checkpoints"][3]["local"], "2026-02-12T21:00:00+09:00");
    let mut command = project.command(&["calendar"]);
    command.env("TZ", "America/New_York");
    assert!(crate::project::finish(command, b"").out.contains("  30 Oct 08:00 "));
    let ics = project.printed(0, &["calendar", "--format", "ics"]);
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\n") && ics.contains("\r\nDTSTART:20261119T120000Z\r\n"), "{ics}");
    let csv = project.printed(0, &["calendar", "--release", "v1.36", "--format", "csv"]);
    assert!(
        csv.contains("\nv1.36,code-freeze,Code Freeze,2026-03-18 AoE,2026-03-18,2026-03-19T12:00:00Z,true,true,true")
    );
    let cases: [(&[&str], &str); 3] = [
        (&["--release", "v1.20"], "there is no calendar of v1.20\nthere are those from v1.28 to v1.38"),
        (&["--zone", "Asia/Tokio"], "there is no time zone `Asia/Tokio`; did you mean `Asia/Tokyo`?"),
        (&["--page", "nowhere"], "there is no page nowhere\nname a file"),
    ];
    for (arguments, words) in cases {
        let run = project.run(&[&["calendar"], arguments].concat());
        assert!(run.complaint().contains(words), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_repository_has_calendars_of_its_own() {
    let project = Project::base();
    project.write("signoff.toml", OWN);
    let text = project.printed(0, &["calendar", "--release", "v1.50"]);
    for line in [
        "> Enhancements Freeze  Wed 2026-10-14 AoE        15 Oct 12:00  in 3 days",
        "  Code Freeze          Fri 2026-10-30 12:00 CET  30 Oct 11:00  in 18 days",
        "Code Freeze was 2026-10-23 AoE until 2026-10-10 00:00 UTC: a fair",
        "Source: plan.md",
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line}\n{text}");
    }
    // Before the change, what was said before is what is known.
    let run = project.run_at("2026-10-09", &["calendar", "--release", "v1.50"]);
    assert!(run.out.contains("\n  Code Freeze          Fri 2026-10-23 AoE  24 Oct 12:00  in 15 days\n"), "{}", run.out);
    let wrong = OWN.replace("code-freeze = \"2026-10-30", "code-freze = \"2026-10-32");
    project.write("signoff.toml", wrong);
    assert_eq!(project.findings(&[]), ["config-invalid signoff.toml:7", "config-invalid signoff.toml:7"]);
}

#[test]
fn a_state_is_named_by_a_checkpoint() {
    let project = Project::base();
    project.write("signoff.toml", OWN);
    let before = project.commit("2026-10-15T11:59:00Z");
    project.commit("2026-10-15T12:01:00Z");
    let current = project.commit("2026-10-20T12:01:00Z");
    let commit = |now: &str, when: &str| -> String {
        let run = project.run_at(now, &["status", "--release", "v1.50", "--at", when, "--format", "json"]);
        assert_eq!(run.code, 0, "{when}: {}", run.err);
        run.json()["commit"].as_str().expect("a commit").to_owned()
    };
    for when in ["v1.50:enhancements-freeze", "1.50:Enhancements Freeze", "v1.50:enhancements", "enhancements-freeze"] {
        assert_eq!(commit("2026-11-20", when), before, "{when}");
    }
    assert_eq!(commit("2026-11-20", "v1.50:code-freeze"), current);
    // Without a release, it is one of the release that is worked on.
    let listed = project.run_at("2026-11-01", &["list", "--at", "v1.50:start"]);
    assert!(listed.complaint().contains("the history begins on 2026-10-15"), "{}", listed.err);
    let listed = project.run_at("2026-09-25", &["list", "--at", "prr"]);
    assert!(listed.complaint().contains("at or before 2026-09-23T12:00:00Z"), "{}", listed.err);
}

#[test]
fn pages_are_read_and_their_mistakes_told() {
    let project = Project::base();
    let page = "# Widgets 1.41\n\n| What | When |\n|---|---|\n| Begin [Code Freeze] | Monday 22th October 2026 |\n";
    project.write("pages/releases/release-1.41/README.md", page);
    project.write("pages/releases/release-1.42/README.md", page.replace("1.41", "1.42"));
    for path in ["pages", "pages/releases", "pages/releases/release-1.41", "pages/releases/release-1.41/README.md"] {
        let json = project.json(&["calendar", "--page", path, "--release", "v1.41"]);
        assert_eq!(releases(&json), ["v1.41"], "{path}");
        assert_eq!(json["releases"][0]["checkpoints"][0]["written"], "2026-10-22", "{path}");
        let kinds: Vec<_> = json["findings"].as_array().expect("a list").iter().map(|found| &found["kind"]).collect();
        assert_eq!(kinds, ["weekday", "ordinal"], "{path}");
        assert_eq!((&json["findings"][0]["line"], &json["findings"][0]["column"]), (&5.into(), &25.into()), "{path}");
    }
    assert_eq!(releases(&project.json(&["calendar", "--page", "pages"])), ["v1.41", "v1.42"]);
    let text = project.printed(0, &["calendar", "--page", "pages/releases/release-1.41"]);
    assert!(
        text.ends_with(
            "release-1.41/README.md\n  5:25: 2026-10-22 is a Thursday, not a Monday\n  5:32: `22th` is 22nd\n"
        )
    );
    let run = project.run(&["calendar", "--page", "keps/prod-readiness"]);
    assert!(run.complaint().contains("keps/prod-readiness has no release pages"), "{}", run.err);
    let text = project.printed(0, &["calendar", "--page", "keps"]);
    assert!(text.ends_with("  1:1: this page does not say of which release it is\n"), "{text}");
}

#[test]
fn waivers_are_strict() {
    let project = Project::base();
    let whole =
        "[[waiver]]\nproposal = \"1234\"\nrule = \"E4\"\nowner = \"@ada\"\nreason = \"shared\"\nuntil = \"v1.40\"\n";
    let cases = [
        (whole.to_owned(), None),
        (whole.replace("owner = \"@ada\"\n", ""), Some((1, "this waiver has no `owner`; it does not hold"))),
        (whole.replace("\"E4\"", "\"E44\""), Some((3, "there is no rule `E44` to waive; did you mean `E4`?"))),
        (whole.replace("1234", "9999"), Some((2, "there is no proposal `9999`"))),
        (whole.replace("reason", "reasons"), Some((1, "this waiver has no `reason`; it does not hold"))),
        (whole.replace("\"v1.40\"", "\"later\""), Some((6, "`later` is no time"))),
    ];
    for (text, expected) in cases {
        project.write("signoff-waivers.toml", &text);
        let json = project.json(&["check"]);
        let Some((line, words)) = expected else {
            assert_eq!(brief(&json), [] as [&str; 0], "{text}");
            continue;
        };
        let found = json["findings"].as_array().expect("a list");
        let first = found.iter().find(|found| found["line"] == line).unwrap_or_else(|| panic!("{text}: {found:?}"));
        assert_eq!((&first["rule"], &first["path"]), (&"config-invalid".into(), &"signoff-waivers.toml".into()));
        assert!(first["message"].as_str().is_some_and(|message| message.starts_with(words)), "{text}: {first}");
    }
}

#[test]
fn exceptions_of_the_repository_are_looked_at() {
    let project = Project::base();
    project.write("signoff.toml", "exceptions = \"granted\"\n");
    assert_eq!(project.findings(&[]), ["config-invalid granted"]);
    project.write("granted/v1.36.yaml", "codeFreeze:\n- {issue: 1234, status: maybe}\n");
    project.write("granted/notes.yaml", "no: list\n");
    assert_eq!(project.findings(&[]), ["config-invalid granted/v1.36.yaml:2"]);
    project.write("granted/v1.36.yaml", "codeFreeze:\n- {issue: 1234, status: approved}\n");
    assert_eq!(project.findings(&[]), [] as [&str; 0]);
    let given = |path: &str| project.run(&["status", "--release", "v1.36", "--exceptions", path]);
    assert!(given("nowhere").complaint().contains("there is no file or folder nowhere"));
    assert!(given("keps").complaint().contains("keps has no list of exceptions"));
    project.write("other/1.36.yaml", "codeFreeze:\n- {issue: 1234, status: maybe}\n");
    assert!(given("other/1.36.yaml").complaint().contains("1.36.yaml:2: unknown decision `maybe`"));
    assert_eq!(given("granted").code, 0);
}
