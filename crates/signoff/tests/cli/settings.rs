//! What a repository sets: permissions in its files, severities, profiles.

use crate::project::{POOLS, POOLS_PROSE, POOLS_RECORD, Project, SETS};

#[test]
fn a_yaml_line_may_allow_a_rule() {
    let cases = [
        // On the line, above it, above it among other remarks.
        ("creation-date: 2025-4-14 # signoff: allow date-invalid (as the mail says)", true),
        ("# signoff: allow date-invalid (as the mail says)\ncreation-date: 2025-4-14", true),
        ("# signoff: allow date-invalid (as the mail says)\n# and more\ncreation-date: 2025-4-14", true),
        // Another rule, another line, no such words.
        ("creation-date: 2025-4-14 # signoff: allow status-unknown (x)", false),
        ("# signoff: allow date-invalid (x)\neditor: \"@e\"\ncreation-date: 2025-4-14", false),
        ("creation-date: 2025-4-14 # date-invalid is fine", false),
        ("creation-date: 2025-4-14 # signoff: date-invalid (x)", false),
    ];
    for (text, allowed) in cases {
        let project = Project::changed(POOLS, "creation-date: 2025-04-14", text);
        let found = project.findings(&[]);
        assert_eq!(found.iter().any(|finding| finding.starts_with("date-invalid")), !allowed, "{text}: {found:?}");
        assert!(!found.iter().any(|finding| finding.starts_with("suppression")), "{text}: {found:?}");
    }
}

#[test]
fn without_a_reason_it_is_a_finding() {
    for text in
        ["# signoff: allow date-invalid", "# signoff: allow date-invalid ()", "# signoff: allow date-invalid (  )"]
    {
        let project =
            Project::changed(POOLS, "creation-date: 2025-04-14", &format!("{text}\ncreation-date: 2025-4-14"));
        assert_eq!(project.findings(&[]), [format!("suppression-unexplained {POOLS}:11")], "{text}");
    }
    let comment = "<!-- signoff: allow unresolved -->\n\n<<[UNRESOLVED x]>>\ny\n<<[/UNRESOLVED]>>\n";
    let project = Project::changed(POOLS_PROSE, "## Summary\n", &format!("## Summary\n\n{comment}"));
    let found = project.findings(&[]);
    assert!(matches!(&found[..], [one] if one.starts_with("suppression-unexplained ")), "{found:?}");
}

#[test]
fn a_markdown_block_may_allow_a_rule() {
    let debate = "<<[UNRESOLVED x]>>\ny\n<<[/UNRESOLVED]>>\n";
    let cases = [
        (format!("<!-- signoff: allow unresolved (until the meeting) -->\n\n{debate}"), true),
        (format!("<!-- signoff: allow unresolved (until the meeting) -->\n{debate}"), true),
        (format!("<!-- signoff: allow link-dead (x) -->\n\n{debate}"), false),
        (format!("<!-- signoff: allow unresolved (x) -->\n\nA paragraph of its own.\n\n{debate}"), false),
        (format!("{debate}\n<!-- signoff: allow unresolved (too late) -->\n"), false),
    ];
    for (text, allowed) in cases {
        let project = Project::changed(POOLS_PROSE, "## Summary\n", &format!("## Summary\n\n{text}"));
        let found = project.findings(&[]);
        assert_eq!(found.iter().any(|finding| finding.starts_with("unresolved")), !allowed, "{text}: {found:?}");
    }
}

#[test]
fn a_record_may_allow_a_rule() {
    let project =
        Project::changed(POOLS_RECORD, "kep-number: 1234", "kep-number: 1243 # signoff: allow approval-number (x)");
    assert_eq!(project.findings(&[]), [""; 0]);
}

#[test]
fn severities_by_rule() {
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    let cases = [
        ("", "warning", 0),
        ("[rules]\ndate-invalid = \"error\"\n", "error", 1),
        ("[rules]\ndate-invalid = \"info\"\n", "info", 0),
        ("[rules]\ndate-invalid = \"off\"\n", "", 0),
        ("[rules]\n\"date-*\" = \"error\"\n", "error", 1),
        ("[rules]\n\"date-*\" = \"off\"\ndate-invalid = \"error\"\n", "error", 1),
        ("[rules]\nstatus-unknown = \"off\"\n", "warning", 0),
    ];
    for (text, severity, code) in cases {
        project.write("signoff.toml", text);
        let run = project.run(&["check", "--format", "json"]);
        let found = run.json();
        let severities: Vec<_> =
            found["findings"].as_array().expect("a list").iter().map(|found| &found["severity"]).collect();
        let expected: Vec<&str> = if severity.is_empty() { vec![] } else { vec![severity] };
        assert_eq!(
            (severities, run.code),
            (expected.iter().map(|text| serde_json::json!(text)).collect::<Vec<_>>().iter().collect(), code),
            "{text}"
        );
    }
}

#[test]
fn severities_by_path() {
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    project.replace(SETS, "creation-date: 2025-09-01", "creation-date: 2025-9-1");
    let errors = |text: &str| {
        project.write("signoff.toml", text);
        let check = project.json(&["check"]);
        let findings = check["findings"].as_array().expect("a list");
        let errors = findings.iter().filter(|finding| finding["severity"] == "error");
        errors.map(|finding| finding["path"].as_str().expect("a path").to_owned()).collect::<Vec<_>>()
    };
    let over = |path: &str, level: &str| {
        format!("[[override]]\npaths = [\"{path}\"]\nrules = {{ date-invalid = \"{level}\" }}\n")
    };
    assert_eq!(errors(&over("keps/sig-node/**", "error")), [POOLS]);
    assert_eq!(errors(&over("keps/*/*/kep.yaml", "error")), [SETS, POOLS]);
    assert_eq!(errors(&over(SETS, "error")), [SETS]);
    assert_eq!(errors(&over("**", "error")), [SETS, POOLS]);
    assert_eq!(errors(&over("keps/sig-nod", "error")), [""; 0]);
    let later_wins = format!("{}{}", over("keps/**", "error"), over("keps/sig-node/**", "off"));
    assert_eq!(errors(&later_wins), [SETS]);
    let path_wins = format!("[rules]\ndate-invalid = \"error\"\n{}", over(POOLS, "info"));
    assert_eq!(errors(&path_wins), [SETS]);
}

#[test]
fn a_profile_of_the_repository() {
    let project = Project::base();
    project.write("signoff.toml", "profile = \"process.toml\"\n");
    let profile = "schema = 1\nid = \"ours\"\nname = \"Ours\"\nextends = \"kep\"\n[[status]]\nname = \"parked\"\nclass = \"parked\"\n";
    project.write("process.toml", profile);
    assert_eq!(project.findings(&[]), [""; 0]);
    assert_eq!(project.json(&["show", "2345"])["profile"], "ours");
    project.replace(SETS, "status: provisional", "status: parked");
    assert_eq!(project.findings(&[]), [""; 0]);
    assert_eq!(project.printed(0, &["list", "--where", "status == 'parked'"]).lines().count(), 2);
    // Without the profile the word is unknown.
    project.write("signoff.toml", "profile = \"kep\"\n");
    assert_eq!(project.findings(&[]), [format!("status-unknown {SETS}:7")]);
    // What is inherited can be dropped.
    project.write("signoff.toml", "profile = \"process.toml\"\n");
    project.write(
        "process.toml",
        format!(
            "{}without = [\"status.provisional\"]\n{}",
            &profile[..profile.find("[[").unwrap_or(0)],
            "[[status]]\nname = \"parked\"\n"
        ),
    );
    project.replace(SETS, "status: parked", "status: provisional");
    assert_eq!(project.findings(&[]), [format!("status-unknown {SETS}:7")]);
    // Severities may come with the process.
    project.write("process.toml", format!("{profile}[[severity]]\nrules = [\"status-*\"]\nlevel = \"info\"\n"));
    project.replace(SETS, "status: provisional", "status: nonsense");
    let check = project.json(&["check"]);
    assert_eq!((&check["summary"]["errors"], &check["summary"]["infos"]), (&0.into(), &1.into()), "{check:#}");
}

#[test]
fn profiles_extend_files_of_the_repository() {
    let project = Project::changed(SETS, "status: provisional", "status: parked");
    project.write("signoff.toml", "profile = \"process/ours.toml\"\n");
    project.write("process/ours.toml", "schema = 1\nid = \"ours\"\nname = \"Ours\"\nextends = \"process/base.toml\"\n");
    project.write(
        "process/base.toml",
        "schema = 1\nid = \"base\"\nname = \"Base\"\nextends = \"kep\"\n[[status]]\nname = \"parked\"\n",
    );
    assert_eq!(project.findings(&[]), [""; 0]);
    // In a circle: said once, and the layout's profile is used.
    project.write("process/base.toml", "schema = 1\nid = \"base\"\nname = \"Base\"\nextends = \"process/ours.toml\"\n");
    let found = project.findings(&[]);
    assert!(found.iter().any(|found| found.starts_with("profile-invalid process/ours.toml:")), "{found:?}");
}

/// A mistake in the settings is a finding at its place; where one is near, it says what may be meant.
#[test]
fn mistakes_in_settings_have_a_place() {
    let project = Project::base();
    let over = |rules: &str| format!("[[override]]\npaths = [\"keps/**\"]\nrules = {{ {rules} }}\n");
    let cases = [
        (over("status-unknwn = \"off\""), (3, 11, 24), "did you mean `status-unknown`?"),
        (over("status-unknown = \"of\""), (3, 28, 32), "did you mean `off`?"),
        (over("date-invalid = \"off\", \"dte-*\" = \"off\""), (3, 33, 40), "did you mean `date-*`?"),
        ("[[override]]\npath = [\"keps/**\"]\n".to_owned(), (2, 1, 5), "did you mean `paths`?"),
        ("[[overrides]]\n".to_owned(), (1, 3, 12), "did you mean `override`?"),
        ("[[override]]\nrules = { status-unknown = \"off\" }\n".to_owned(), (1, 1, 13), "it has no `paths`"),
        ("\r\n[rules]\r\nstatus-unknwn = \"off\"\r\n".to_owned(), (3, 1, 14), "did you mean `status-unknown`?"),
        ("baseline = \"../x.json\"\n".to_owned(), (1, 12, 23), "no path of a file in the repository"),
    ];
    for (text, (line, column, end_column), words) in cases {
        project.write("signoff.toml", &text);
        let check = project.json(&["check"]);
        let findings = check["findings"].as_array().expect("a list");
        let [finding] = &findings[..] else { panic!("{text}: {check:#}") };
        assert_eq!((&finding["rule"], &finding["path"]), (&"config-invalid".into(), &"signoff.toml".into()), "{text}");
        let place = ["line", "column", "end_line", "end_column"].map(|key| finding[key].as_u64());
        assert_eq!(place, [line, column, line, end_column].map(Some), "{text}: {finding}");
        assert!(finding["message"].as_str().expect("a text").contains(words), "{text}: {finding}");
        assert_eq!(project.run(&["check"]).code, 1, "{text}");
    }
}

/// Settings that cannot be read are not taken for none.
#[test]
fn settings_that_cannot_be_read_are_a_finding() {
    let project = Project::base();
    project.write("signoff.toml", b"profile = \"kep\" # \xFF\n");
    assert_eq!(project.findings(&[]), ["config-invalid signoff.toml:1"]);
    project.remove("signoff.toml");
    std::fs::create_dir(project.at("signoff.toml")).expect("a folder");
    assert_eq!(project.findings(&[]), ["config-invalid signoff.toml:1"]);
    #[cfg(unix)]
    {
        std::fs::remove_dir(project.at("signoff.toml")).expect("a folder");
        std::os::unix::fs::symlink("/etc/passwd", project.at("signoff.toml")).expect("a link");
        assert_eq!(project.findings(&[]), ["config-invalid signoff.toml:1"]);
    }
}
