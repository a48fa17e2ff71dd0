//! `check --fix`: only the bytes that a fix names, safe to repeat.

use crate::project::{POOLS, POOLS_PROSE, POOLS_RECORD, Project};

/// A fault: the file, the clean text, the fault put in its place, and the text after the fix.
const FAULTS: [(&str, &str, &str, &str); 21] = [
    (POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14 # once", "creation-date: 2025-04-14 # once"),
    (POOLS, "creation-date: 2025-04-14", "creation-date: '2025-4-14'", "creation-date: '2025-04-14'"),
    (POOLS, "last-updated: 2026-01-20", "last-updated:   2026-1-20  # x", "last-updated:   2026-01-20  # x"),
    (POOLS, "alpha: \"v1.35\"", "alpha: \"1.35\"", "alpha: \"v1.35\""),
    (POOLS, "alpha: \"v1.35\"", "alpha: 1.35 # no v", "alpha: v1.35 # no v"),
    (POOLS, "latest-milestone: \"v1.36\"", "latest-milestone: 1.36", "latest-milestone: v1.36"),
    (POOLS, "latest-milestone: \"v1.36\"", "latest-milestone: 'V1.36'", "latest-milestone: 'v1.36'"),
    (POOLS, "latest-milestone: \"v1.36\"", "latest-milestone: \"v 1.36\"", "latest-milestone: \"v1.36\""),
    (POOLS, "  - \"@ravi-reads\"", "  - ravi-reads", "  - \"@ravi-reads\""),
    (POOLS, "  - \"@ravi-reads\"", "  - 'ravi-reads' # late", "  - '@ravi-reads' # late"),
    (POOLS, "  - \"@ravi-reads\"", "  - “@ravi-reads”", "  - \"@ravi-reads\""),
    (POOLS, "  - \"@lena-lead\"\n", "  - lena-lead\n", "  - \"@lena-lead\"\n"),
    (POOLS, "status: implementable", "status: Implementable # é", "status: implementable # é"),
    (POOLS, "status: implementable", "status: \"Implementable\"", "status: \"implementable\""),
    (POOLS, "creation-date:", "creation_date:", "creation-date:"),
    (POOLS, "approvers:", "approver:", "approvers:"),
    (POOLS, "participating-sigs:", "participating-sig:", "participating-sigs:"),
    (POOLS_RECORD, "approver: \"@QuinnPRR\"", "approver: \"@QuinnPRR \" # ours", "approver: \"@QuinnPRR\" # ours"),
    (POOLS_RECORD, "approver: \"@QuinnPRR\"", "approver: \"@quinnprr\"", "approver: \"@QuinnPRR\""),
    (POOLS_RECORD, "approver: \"@QuinnPRR\"", "approver: '@quinnprr' # x", "approver: '@QuinnPRR' # x"),
    (POOLS_PROSE, "  - [Goals](#goals)\n", "", "  - [Goals](#goals)\n"),
];

/// Another way of writing a file's text.
type Writing = fn(&str) -> String;

/// Ways in which the same file may be written.
const WRITINGS: [(&str, Writing); 4] = [
    ("as it is", str::to_owned),
    ("with CR LF", |text| text.replace('\n', "\r\n")),
    ("without the final line feed", |text| text.trim_end_matches('\n').to_owned()),
    ("with blank lines and a remark at the end", |text| format!("{text}\n\n# end   \n\t\n")),
];

#[test]
fn only_the_named_bytes_change() {
    for (path, clean, fault, fixed) in FAULTS {
        for (how, written) in WRITINGS {
            if how.contains("remark") && path == POOLS_PROSE {
                continue;
            }
            let project = Project::base();
            let text = project.read(path);
            assert!(text.contains(clean), "{clean}");
            let (before, expected) =
                (written(&text.replacen(clean, fault, 1)), written(&text.replacen(clean, fixed, 1)));
            project.write(path, &before);
            let mut files = project.files();
            let run = project.run(&["check", "--fix"]);
            assert_eq!(run.code, 0, "{fault:?} {how}: {}{}", run.out, run.err);
            assert_eq!(project.read(path), expected, "{fault:?} {how}");
            for (name, bytes) in &mut files {
                if name == path {
                    bytes.clone_from(&expected.clone().into_bytes());
                }
            }
            assert!(project.files() == files, "{fault:?} {how}: another file changed");
            assert!(
                project.findings(&[]).iter().all(|finding| finding.starts_with("metadata-encoding ")),
                "{fault:?} {how}"
            );
            project.run(&["check", "--fix"]);
            assert_eq!(project.read(path), expected, "{fault:?} {how}: a second run changes nothing");
        }
    }
}

#[test]
fn only_what_was_asked_for_is_mended() {
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    project.replace(crate::project::SETS, "creation-date: 2025-09-01", "creation-date: 2025-9-1");
    project.printed(0, &["check", "--fix", crate::project::SETS]);
    assert!(project.read(crate::project::SETS).contains("creation-date: 2025-09-01"));
    assert!(project.read(POOLS).contains("creation-date: 2025-4-14"));
    // A finding that is allowed or switched off is left as it is.
    project.replace(POOLS, "creation-date: 2025-4-14", "creation-date: 2025-4-14 # signoff: allow date-invalid (old)");
    project.printed(0, &["check", "--fix"]);
    assert!(project.read(POOLS).contains("creation-date: 2025-4-14"));
}

#[test]
fn several_fixes_of_one_file() {
    let project = Project::base();
    let text = project.read(POOLS);
    let mut faulty = text.clone();
    for (path, clean, fault, _) in [FAULTS[0], FAULTS[3], FAULTS[5], FAULTS[8], FAULTS[11], FAULTS[12], FAULTS[16]] {
        assert_eq!(path, POOLS);
        faulty = faulty.replacen(clean, fault, 1);
    }
    project.write(POOLS, &faulty);
    let before = project.printed(1, &["check"]);
    assert!(before.contains("7 can be mended by `signoff check --fix`."), "{before}");
    let after = project.printed(0, &["check", "--fix"]);
    assert!(after.contains("Mended 7 findings in 1 file.") && !after.contains("can be mended"), "{after}");
    let again = project.printed(0, &["check", "--fix"]);
    assert!(again.contains("Mended 0 findings in 0 files."), "{again}");
    let expected = text
        .replace("creation-date: 2025-04-14", "creation-date: 2025-04-14 # once")
        .replace("latest-milestone: \"v1.36\"", "latest-milestone: v1.36")
        .replace("status: implementable", "status: implementable # é");
    assert_eq!(project.read(POOLS), expected);
}

#[test]
fn the_past_and_the_sample_are_not_written() {
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    project.commit("2026-01-01T00:00:00Z");
    let files = project.files();
    for place in [&["--at", "HEAD"][..], &["--at", "2026-06-01"], &["--sample"]] {
        let checked = project.run(&[&["check"], place].concat());
        assert!(!checked.out.contains("can be mended"), "{place:?}: {}", checked.out);
        let run = project.run(&[&["check", "--fix"], place].concat());
        assert!(run.complaint().contains("leave --at and --sample out"), "{place:?}: {}", run.err);
    }
    assert!(project.files() == files);
}

#[cfg(unix)]
#[test]
fn modes_and_links_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    let mode = |path: &str| std::fs::metadata(project.at(path)).expect("a file").permissions().mode() & 0o7777;
    for wanted in [0o600, 0o640, 0o755] {
        project.replace(POOLS, "creation-date: ", "creation-date: ");
        std::fs::set_permissions(project.at(POOLS), std::fs::Permissions::from_mode(wanted)).expect("a mode");
        project.write(POOLS, project.read(POOLS).replace("2025-04-14", "2025-4-14"));
        project.printed(0, &["check", "--fix"]);
        assert!(project.read(POOLS).contains("2025-04-14"));
        assert_eq!(mode(POOLS), wanted);
    }
    // A link to a file of the repository stays a link, and its target is mended.
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    std::fs::rename(project.at(POOLS), project.at("shared.yaml")).expect("a file");
    std::os::unix::fs::symlink("../../../shared.yaml", project.at(POOLS)).expect("a link");
    project.printed(0, &["check", "--fix"]);
    assert!(project.at(POOLS).is_symlink());
    assert!(project.read("shared.yaml").contains("2025-04-14"));
}

/// The text of a file that is not UTF-8 is not what its bytes say: nothing in it is mended, nor said to be.
#[test]
fn a_file_in_another_encoding_is_left_alone() {
    let utf16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xFF, 0xFE].into_iter().chain(units).collect::<Vec<u8>>()
    };
    for (path, from, to) in [
        (POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14"),
        (POOLS_RECORD, "@QuinnPRR", "@quinnprr"),
        (POOLS_PROSE, "  - [Goals](#goals)\n", ""),
    ] {
        let project = Project::changed(path, from, to);
        project.replace(crate::project::SETS, "creation-date: 2025-09-01", "creation-date: 2025-9-1");
        let text = project.read(path);
        let invalid = [text.as_bytes(), b"\n\xFF\n"].concat();
        for bytes in [utf16(&text), invalid] {
            project.write(path, &bytes);
            let before = project.json(&["check"]);
            let said = before["findings"].as_array().expect("a list").iter().filter(|found| found["path"] == path);
            assert!(said.clone().count() > 0 && said.clone().all(|found| found["fixable"] == false), "{before:#}");
            let run = project.run(&["check", "--fix"]);
            assert_ne!(run.code, 2, "{path}: {}", run.err);
            assert!(project.bytes(path) == bytes, "{path}");
            assert!(!run.out.contains("can be mended"), "{path}: {}", run.out);
            // Others are mended all the same.
            assert!(project.read(crate::project::SETS).contains("2025-09-01"), "{path}");
        }
    }
}

/// A mark of the byte order stays where it is.
#[test]
fn a_byte_order_mark_stays() {
    for path in [POOLS, POOLS_RECORD, POOLS_PROSE] {
        let (from, to) = match path {
            POOLS => ("creation-date: 2025-04-14", "creation-date: 2025-4-14"),
            POOLS_RECORD => ("@QuinnPRR", "@quinnprr"),
            _ => ("  - [Goals](#goals)\n", ""),
        };
        let project = Project::base();
        let marked = format!("\u{feff}{}", project.read(path));
        project.write(path, marked.replacen(from, to, 1));
        project.run(&["check", "--fix"]);
        assert_eq!(project.read(path), marked, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_that_leads_out() {
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    let outside = project.root().join("../outside.yaml");
    std::fs::rename(project.at(POOLS), &outside).expect("a file");
    std::os::unix::fs::symlink(&outside, project.at(POOLS)).expect("a link");
    let before = std::fs::read(&outside).expect("a file");
    let run = project.run(&["check", "--fix"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(std::fs::read(&outside).expect("a file") == before);
    // Neither through a folder that is one, nor by the name of the baseline.
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    let folder = project.root().join("../outside");
    std::fs::rename(project.at("keps/sig-node"), &folder).expect("a folder");
    std::os::unix::fs::symlink(&folder, project.at("keps/sig-node")).expect("a link");
    let file = folder.join("1234-widget-pools/kep.yaml");
    let before = std::fs::read(&file).expect("a file");
    project.run(&["check", "--fix"]);
    assert!(std::fs::read(&file).expect("a file") == before);
    std::fs::write(project.root().join("../accepted.json"), "mine").expect("a file");
    project.write("signoff.toml", "baseline = \"../accepted.json\"\n");
    assert!(project.findings(&[]).contains(&"config-invalid signoff.toml:1".to_owned()));
    let run = project.run(&["check", "--write-baseline"]);
    assert!(run.complaint().contains("outside the repository"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(project.root().join("../accepted.json")).expect("a file"), "mine");
}

/// Behind a syntax error a value may be another one than it seems.
#[test]
fn a_file_with_a_syntax_error_is_left_alone() {
    let project =
        Project::changed(POOLS, "title: Widget pools on the node", "title: a: b\neditor: \"x # y\"\nstatuz: x");
    project.replace(POOLS, "latest-milestone: \"v1.36\"", "latest-milestone: \"1.36\"");
    let before = project.read(POOLS);
    project.printed(1, &["check", "--fix"]);
    assert_eq!(project.read(POOLS), before);
}
