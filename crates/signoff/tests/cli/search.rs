//! `search`: what is found, in which order, and the index that is kept.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::corpora;
use crate::project::{POOLS, POOLS_PROSE, Project};

/// The paths of what a search of the sample finds, best first.
fn found(project: &Project, words: &[&str]) -> Vec<String> {
    let found = project.json(&[&["search", "--sample"], words].concat());
    let names = |found: &Value| found["path"].as_str().expect("a path").rsplit('/').next().map(str::to_owned);
    found["proposals"].as_array().expect("a list").iter().filter_map(names).collect()
}

#[test]
fn what_is_named_comes_first() {
    let project = Project::empty();
    let cases: [(&[&str], &str); 14] = [
        (&["571"], "571-power-budget-eviction"),
        (&["KEP-0012"], "12-vessel-leases"),
        (&["#61"], "61-static-lanes"),
        (&["kep 61"], "61-static-lanes"),
        (&["AcousticLanes"], "598-acoustic-modem-lanes"),
        (&["acousticlanes"], "598-acoustic-modem-lanes"),
        (&["Acoustic*"], "598-acoustic-modem-lanes"),
        (&["hysteresis"], "205-uplink-failover"),
        (&["hold", "encryption"], "288-hold-encryption-at-sea"),
        (&["holds encrypted"], "288-hold-encryption-at-sea"),
        (&["\"acoustic modem\""], "598-acoustic-modem-lanes"),
        (&["lanes", "group:sig-network", "status:replaced"], "61-static-lanes"),
        (&["hyster"], "205-uplink-failover"),
        (&["hystere\u{301}sis"], "205-uplink-failover"),
    ];
    for (words, expected) in cases {
        assert_eq!(found(&project, words).first().map(String::as_str), Some(expected), "{words:?}");
    }
}

#[test]
fn facets_and_unwanted_words_narrow() {
    let project = Project::empty();
    let cases: [(&[&str], &[&str]); 6] = [
        (&["status:rejected"], &["344-radio-shell"]),
        (&["stage:alpha", "release:2.9"], &["571-power-budget-eviction", "598-acoustic-modem-lanes"]),
        (&["group:SIG-FLEET -status:implemented,rejected"], &["571-power-budget-eviction"]),
        (
            &["lanes -acoustic group:sig-network status:implementable stage:beta"],
            &["118-lane-classes", "205-uplink-failover"],
        ),
        (&["stage:alpha status:replaced -lanes"], &["140-berth-pinning"]),
        (&["quetzalcoatl"], &[]),
    ];
    for (words, expected) in cases {
        let mut names = found(&project, words);
        names.sort();
        assert_eq!(names, expected, "{words:?}");
    }
    let named = project.json(&["search", "--sample", "quz 61"]);
    assert_eq!((&named["total"], &named["partial"]), (&1.into(), &false.into()), "{named:#}");
    let partial = project.json(&["search", "--sample", "acoustic quetzalcoatl"]);
    assert_eq!(partial["partial"], true, "{partial:#}");
    assert_eq!(partial["proposals"][0]["proposal"], "598");
}

#[test]
fn what_cannot_be_searched_for_is_said() {
    let project = Project::empty();
    let cases = [
        ("statsu:draft", "did you mean `status:draft`"),
        ("colour:red", "there are group, status, stage, release"),
        ("stage:betta", "did you mean `stage:beta`"),
        ("release:someday", "there are v2"),
        ("group:", "there are "),
        ("-fleet", "--"),
        ("\"-fleet\"", ""),
        ("...", "asks for nothing"),
    ];
    for (words, expected) in cases {
        let run = project.run(&["search", "--sample", words]);
        match expected {
            "" => assert_eq!(run.code, 0, "{words}: {}", run.err),
            expected => assert!(run.code == 2 && run.err.contains(expected), "{words}: {}", run.err),
        }
    }
    let long = "x ".repeat(600);
    assert!(project.run(&["search", "--sample", &long]).complaint().contains("longer than"));
    let many = "x ".repeat(40);
    assert!(project.run(&["search", "--sample", &many]).complaint().contains("more than"));
}

#[test]
fn a_page_for_people() {
    let project = Project::empty();
    let text = project.printed(0, &["search", "--sample", "AcousticLanes"]);
    assert!(
        text.starts_with("598  Acoustic Modem Lanes\n  keps/sig-network/598-acoustic-modem-lanes  sig-network, "),
        "{text}"
    );
    assert!(text.contains("  gates: AcousticLanes\n") && text.contains("README.md:"), "{text}");
    let none = project.printed(0, &["search", "--sample", "quetzalcoatl"]);
    assert_eq!(none, "No proposal has `quetzalcoatl`.\n");
    let limited = project.printed(0, &["search", "--sample", "group:sig-network", "--limit", "2"]);
    assert!(limited.contains("; the first 2 are shown\n") && limited.contains("  status: "), "{limited}");
}

fn kept(project: &Project) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(project.cache().join("search")) else { return Vec::new() };
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// Files are quiet after this time, so that the index is kept under their stamp.
fn settle() {
    std::thread::sleep(Duration::from_millis(120));
}

/// The index follows the files: written, changed, moved and removed ones.
#[test]
fn the_kept_index_is_never_behind() {
    let project = Project::base();
    let count = |words: &str| project.json(&["search", words])["total"].as_u64().expect("a number");
    settle();
    let first = count("widget");
    assert!(first > 0);
    assert_eq!(kept(&project).len(), 1);
    assert_eq!(count("zebrafish"), 0);
    project.write(POOLS_PROSE, project.read(POOLS_PROSE) + "\n## Notes\n\nA zebrafish.\n");
    assert_eq!(count("zebrafish"), 1, "at once");
    settle();
    assert_eq!((count("zebrafish"), count("zebrafish"), count("widget")), (1, 1, first));
    project.replace(POOLS_PROSE, "A zebrafish.", "A quokka.");
    settle();
    assert_eq!((count("zebrafish"), count("quokka")), (0, 1));
    for path in [POOLS, POOLS_PROSE] {
        project.remove(path);
    }
    settle();
    assert_eq!(count("quokka"), 0);
    assert_eq!(kept(&project).len(), 1);
}

#[test]
fn a_kept_index_that_is_none_is_made_again() {
    let project = Project::base();
    settle();
    let whole = project.json(&["search", "widget"]);
    let file = kept(&project).pop().expect("an index");
    for broken in [&b""[..], b"no database", &fs::read(&file).expect("the index")[..5000]] {
        fs::write(&file, broken).expect("the index");
        assert_eq!(project.json(&["search", "widget"]), whole);
        assert_eq!(project.json(&["search", "widget"]), whole);
    }
    fs::remove_dir_all(project.cache()).expect("the cache");
    fs::write(project.cache(), b"").expect("a file in its place");
    assert_eq!(project.json(&["search", "widget"]), whole);
}

/// Damage shows only where it is read: every page of the file in turn is nonsense.
#[test]
fn a_damaged_index_never_stops_a_search() {
    let project = Project::base();
    settle();
    let whole = project.json(&["search", "widget"]);
    let file = kept(&project).pop().expect("an index");
    let bytes = fs::read(&file).expect("the index");
    let mut made_again = 0;
    for page in 0..bytes.len() / 4096 {
        for nonsense in [0, 0xA5] {
            let mut damaged = bytes.clone();
            damaged[page * 4096..][..4096].fill(nonsense);
            fs::write(&file, &damaged).expect("the index");
            let run = project.run(&["search", "widget", "--format", "json"]);
            assert_eq!((run.code, run.err.as_str()), (0, ""), "page {page}");
            made_again += usize::from(run.json() == whole);
        }
    }
    // Nonsense in the middle of a text cannot be told from a text.
    assert!(made_again >= bytes.len() / 4096, "{made_again}");
    fs::write(&file, &bytes[..bytes.len() / 2]).expect("the index");
    assert_eq!(project.json(&["search", "widget"]), whole);
}

#[test]
fn an_index_of_another_version_or_in_use_is_no_obstacle() {
    let project = Project::base();
    settle();
    let whole = project.json(&["search", "widget"]);
    let file = kept(&project).pop().expect("an index");
    for version in [0, 1, 1_000_000] {
        let other = rusqlite::Connection::open(&file).expect("a database");
        other.pragma_update(None, "user_version", version).expect("a version");
        drop(other);
        assert_eq!(project.json(&["search", "widget"]), whole, "version {version}");
        assert_eq!(project.json(&["search", "widget"]), whole, "version {version}");
    }
    // Another process holds it for itself alone, and does not let go.
    for changed in [false, true] {
        let other = rusqlite::Connection::open(&file).expect("a database");
        other.execute_batch("BEGIN EXCLUSIVE").expect("a lock");
        if changed {
            project.write(POOLS_PROSE, project.read(POOLS_PROSE) + "\n## Notes\n\nA zebrafish.\n");
            assert_eq!(project.json(&["search", "zebrafish"])["total"], 1);
        } else {
            assert_eq!(project.json(&["search", "widget"]), whole);
        }
        drop(other);
    }
}

/// Where nobody can write, not even the superuser.
#[cfg(target_os = "linux")]
#[test]
fn a_cache_folder_that_cannot_be_written_is_no_obstacle() {
    let project = Project::base();
    settle();
    let whole = project.printed(0, &["search", "widget", "--no-cache"]);
    for folder in ["/proc", "/proc/self/cache", "/dev/null", "/dev/null/cache", "\u{1}/\u{1b}"] {
        let mut command = project.command(&["search", "widget"]);
        command.env("SIGNOFF_CACHE_DIR", folder);
        let run = crate::project::finish(command, b"");
        assert_eq!((run.code, run.out, run.err.as_str()), (0, whole.clone(), ""), "{folder}");
    }
}

#[test]
fn nothing_is_kept_unasked() {
    let project = Project::base();
    project.commit("2026-01-01T00:00:00Z");
    settle();
    for place in [&["--no-cache"][..], &["--at", "HEAD"], &["--sample"]] {
        project.json(&[&["search", "widget"], place].concat());
        assert_eq!(kept(&project).len(), 0, "{place:?}");
    }
}

/// Comments and the table of contents say nothing of their own.
#[test]
fn what_is_not_prose_is_not_found() {
    let project = Project::base();
    let contents = "<!-- toc -->\n- [Wombats](#wombats)\n<!-- /toc -->\n";
    let text =
        format!("# KEP-1234: Widgets\n\nBefore.\n\n{contents}\nAfter.\n\n<!-- An echidna. -->\n\n## Other\n\nx\n");
    project.write(POOLS_PROSE, text);
    for (words, expected) in [("wombats", 0), ("echidna", 0), ("before after", 1), ("other", 1)] {
        assert_eq!(project.json(&["search", "--no-cache", words, "group:sig-node"])["total"], expected, "{words}");
    }
}

/// Real searches and what must come first, on the real corpus.
#[test]
fn real_searches_find_what_is_meant() {
    let Some(folder) = corpora::work_tree() else { return };
    let folder = folder.display().to_string();
    let searches: toml::Table = toml::from_str(include_str!("expected/searches.toml")).expect("the searches");
    let searches = searches["search"].as_array().expect("a list");
    let project = Project::empty();
    let mut wrong = Vec::new();
    for search in searches {
        let (query, first) = (search["query"].as_str().expect("a query"), search["first"].as_str().expect("a path"));
        let found = project.json(&["-C", &folder, "search", query]);
        if found["proposals"][0]["path"] != first {
            wrong.push(format!("{query}: {} instead of {first}", found["proposals"][0]["path"]));
        }
    }
    assert!(searches.len() >= 60 && wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), searches.len());
}
