//! Files that are no text of a few pages: too large, too many, too deep, links in circles, pipes. A check says what it
//! did not read, and ends.

use std::fs;
use std::path::Path;

use crate::project::{POOLS, POOLS_PROSE, POOLS_RECORD, Project};

/// More than any memory, yet hardly a block on disk: who reads it whole does not come back.
const HUGE: u64 = 200 << 30;

fn make_huge(project: &Project, path: &str) {
    let file = project.at(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::File::create(file).and_then(|file| file.set_len(HUGE)).expect("a file with a hole");
}

/// The messages about one file.
fn said(project: &Project, path: &str) -> Vec<String> {
    let check = project.json(&["check"]);
    let findings = check["findings"].as_array().expect("a list").iter();
    let about = findings.filter(|finding| finding["path"] == path);
    about.map(|finding| format!("{}: {}", finding["rule"], finding["message"])).collect()
}

#[test]
fn huge_files_are_not_read() {
    let of_profile = "profile = \"mine.toml\"\n";
    let cases = [
        (POOLS, "limit-exceeded", ""),
        (POOLS_PROSE, "limit-exceeded", ""),
        (POOLS_RECORD, "limit-exceeded", ""),
        ("keps/sig-node/1234-widget-pools/OWNERS", "limit-exceeded", ""),
        ("OWNERS_ALIASES", "limit-exceeded", ""),
        ("keps/NNNN-kep-template/README.md", "metadata-unreadable", ""),
        ("keps/prod-readiness/sig-node/9999.yaml", "", ""),
        ("signoff.toml", "config-invalid", ""),
        ("mine.toml", "", of_profile),
        ("signoff-baseline.json", "", ""),
    ];
    for (path, rule, settings) in cases {
        let project = Project::base();
        if !settings.is_empty() {
            project.write("signoff.toml", settings);
        }
        make_huge(&project, path);
        if path == "signoff-baseline.json" {
            assert!(project.run(&["check"]).complaint().contains("the limit is"), "{path}");
        } else if !rule.is_empty() {
            let said = said(&project, path);
            let limit = |message: &&String| message.contains("214748364800 bytes; the limit is");
            assert!(said.iter().filter(limit).any(|message| message.contains(rule)), "{path}: {said:?}");
        }
        for arguments in [&["check", "--fix"][..], &["list"], &["show", "1234"], &["search", "widget"]] {
            let run = project.run(arguments);
            assert!(run.code <= 2 && run.code >= 0, "{path} {arguments:?}: {}", run.err);
        }
        assert_eq!(fs::metadata(project.at(path)).expect("a file").len(), HUGE, "{path}");
    }
}

/// A kept index that is no index is not read into memory either.
#[test]
fn a_huge_file_in_the_cache_is_no_entry() {
    let project = Project::base();
    std::thread::sleep(std::time::Duration::from_millis(120));
    let (checked, found) = (project.printed(0, &["check"]), project.json(&["search", "widget"]));
    for folder in ["checks", "search"] {
        for entry in fs::read_dir(project.cache().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            fs::File::options().write(true).open(path).and_then(|file| file.set_len(HUGE)).expect("a hole");
        }
    }
    assert_eq!(project.printed(0, &["check"]), checked);
    assert_eq!(project.json(&["search", "widget"]), found);
}

/// Some thousands of files that are no proposals' beside some hundreds of proposals: each is counted once.
#[test]
fn many_files_are_all_seen() {
    let project = Project::base();
    for number in 3000..3600 {
        let folder = format!("keps/sig-apps/{number}-many");
        project.write(&format!("{folder}/kep.yaml"), format!("kep-number: {number}\nstatus: x\n"));
        for extra in 0..8 {
            project.write(&format!("{folder}/{extra}.txt"), "");
        }
    }
    let folder = project.at("assets");
    fs::create_dir(&folder).expect("a folder");
    for index in 0..5000 {
        fs::write(folder.join(format!("{index}.png")), "").expect("a file");
    }
    project
        .write("keps/sig-apps/3000-many/README.md", "# KEP-3000: x\n\n![a](/assets/4999.png) ![b](/assets/5000.png)\n");
    let check = project.json(&["check"]);
    assert_eq!(check["summary"]["proposals"], 602);
    let found = crate::project::brief(&check);
    assert_eq!(found.iter().filter(|finding| finding.starts_with("status-unknown ")).count(), 600);
    assert_eq!(found.iter().filter(|finding| finding.starts_with("image-dead ")).count(), 1, "{found:?}");
    assert_eq!(project.json(&["search", "status:x"])["total"], 600);
}

/// A chain of folders, deeper than the system can name: made and removed from inside out, by short names.
#[cfg(unix)]
struct Chain(std::path::PathBuf);

#[cfg(unix)]
impl Chain {
    fn make(place: &Path, levels: usize) -> Self {
        let (chain, outer) = (place.with_extension("inner"), place.with_extension("outer"));
        fs::create_dir(&chain).expect("a folder");
        fs::write(chain.join("kep.yaml"), "status: x\n").expect("a file");
        for _ in 0..levels {
            fs::create_dir(&outer).expect("a folder");
            fs::rename(&chain, outer.join("d")).expect("a folder moved");
            fs::rename(&outer, &chain).expect("a folder moved");
        }
        fs::rename(&chain, place).expect("a folder moved");
        Self(place.to_owned())
    }
}

#[cfg(unix)]
impl Drop for Chain {
    fn drop(&mut self) {
        let next = self.0.with_extension("next");
        while fs::rename(self.0.join("d"), &next).is_ok() {
            let _ = fs::remove_dir(&self.0);
            if fs::rename(&next, &self.0).is_err() {
                return;
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn folders_nested_thousands_deep() {
    let project = Project::changed(POOLS, "creation-date: 2025-04-14", "creation-date: 2025-4-14");
    project.commit("2026-01-01T00:00:00Z");
    let _inside = Chain::make(&project.at("keps/sig-node/deep"), 3000);
    let _proposal = Chain::make(&project.at("keps/sig-node/1234-widget-pools/images"), 100);
    let _beside = Chain::make(&project.at("elsewhere"), 100);
    let found = project.findings(&[]);
    let deep = |finding: &&String| finding.starts_with("limit-exceeded keps/sig-node/deep/d/d/");
    assert_eq!(found.iter().filter(deep).count(), 1, "{found:?}");
    let flaw = format!("date-invalid {POOLS}:11");
    assert!(found.contains(&flaw), "{found:?}");
    assert!(project.findings(&["keps/sig-node/1234-widget-pools"]).contains(&flaw));
    assert!(!project.findings(&["--changed-since", "HEAD"]).iter().any(|finding| finding.contains("sig-apps")));
    for arguments in [&["check"][..], &["list"], &["show", "1234"], &["search", "widget"], &["check", "--fix"]] {
        let run = project.run(arguments);
        assert!(run.code <= 1, "{arguments:?}: {}", run.err);
    }
    assert!(project.read(POOLS).contains("creation-date: 2025-04-14"));
}

#[cfg(unix)]
fn link(project: &Project, target: &str, path: &str) {
    let file = project.at(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    let _ = fs::remove_file(&file);
    std::os::unix::fs::symlink(target, file).expect("a link");
}

/// In circles, to the folder above, out of the repository, to what never ends and to what the system invents.
#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_good_are_not_followed() {
    let project = Project::base();
    fs::write(project.root().join("../secret.md"), "# quagga\n").expect("a file");
    for (path, target) in [
        ("keps/sig-node/1300-circle/kep.yaml", "b"),
        ("keps/sig-node/1300-circle/b", "kep.yaml"),
        ("keps/sig-node/1300-circle/README.md", "README.md"),
        ("keps/sig-node/1301-above/kep.yaml", "/dev/zero"),
        ("keps/sig-node/1301-above/README.md", "../../../../secret.md"),
        ("keps/sig-node/1301-above/OWNERS", "/dev/urandom"),
        ("keps/sig-node/1302-system/kep.yaml", "/proc/self/environ"),
        ("keps/sig-node/1302-system/README.md", "/dev/stdin"),
        ("keps/sig-node/up", ".."),
        ("keps/sig-node/here", "."),
        ("keps/sig-node/system", "/proc"),
        ("keps/sig-node/1234-widget-pools/up", "../.."),
        ("keps/prod-readiness/sig-node/1300.yaml", "/dev/zero"),
        ("keps/prod-readiness/sig-apps/loop", "../sig-apps"),
        ("keps/NNNN-kep-template/README.md", "/dev/zero"),
        ("OWNERS_ALIASES", "/dev/zero"),
    ] {
        link(&project, target, path);
    }
    let found = project.findings(&[]);
    for folder in ["1300-circle", "1301-above", "1302-system"] {
        for told in ["metadata-unreadable", "body-missing"] {
            let told = format!("{told} keps/sig-node/{folder}/kep.yaml");
            assert!(found.iter().any(|finding| finding.starts_with(&told)), "{told}: {found:?}");
        }
    }
    assert_eq!(found.iter().filter(|finding| finding.contains("/up/")).count(), 0, "{found:?}");
    project.commit("2026-01-01T00:00:00Z");
    assert_eq!(project.findings(&["--at", "HEAD"]), found, "in git as on disk");
    assert_eq!(project.json(&["list"])["proposals"].as_array().expect("a list").len(), 5);
    assert_eq!(project.json(&["search", "quagga"])["total"], 0);
    assert!(!project.run(&["show", "1301"]).out.contains("quagga"));
    for (path, target) in [("signoff.toml", "/dev/zero"), ("signoff-baseline.json", "/dev/zero")] {
        link(&project, target, path);
        let run = project.run(&["check"]);
        assert!(run.code == 1 || run.complaint().contains("symbolic link"), "{path}: {}", run.err);
    }
}

/// Whoever opens a pipe waits for its other end, which never comes.
#[cfg(unix)]
#[test]
fn pipes_and_sockets_are_not_opened() {
    let files = [
        POOLS,
        POOLS_PROSE,
        POOLS_RECORD,
        "keps/sig-node/1234-widget-pools/OWNERS",
        "OWNERS_ALIASES",
        "keps/NNNN-kep-template/README.md",
        "signoff.toml",
        "signoff-baseline.json",
        "mine.toml",
        "assets/x.png",
    ];
    for path in files {
        let project = Project::base();
        if path == "mine.toml" {
            project.write("signoff.toml", "profile = \"mine.toml\"\n");
        }
        project.commit("2026-01-01T00:00:00Z");
        let file = project.at(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        let _ = fs::remove_file(&file);
        let made = std::process::Command::new("mkfifo").arg(&file).status().expect("mkfifo runs");
        assert!(made.success());
        odd_kind(&project, path);
        fs::remove_file(&file).expect("the pipe");
        // A path that is too long for a socket is no case of its own.
        if let Ok(_socket) = std::os::unix::net::UnixListener::bind(&file) {
            odd_kind(&project, path);
        }
    }
}

#[cfg(unix)]
fn odd_kind(project: &Project, path: &str) {
    let run = project.run(&["check", "--format", "json"]);
    if path == "signoff-baseline.json" {
        assert!(run.complaint().contains("it is not a regular file"), "{}", run.err);
    } else if path != "mine.toml" && path != "assets/x.png" {
        assert!(run.out.contains("it is not a regular file"), "{path}: {}{}", run.out, run.err);
    }
    for arguments in [
        &["check", "--fix"][..],
        &["check", "--changed-since", "HEAD"],
        &["list"],
        &["show", "1234"],
        &["search", "widget"],
    ] {
        let run = project.run(arguments);
        assert!((0..=2).contains(&run.code), "{path} {arguments:?}: {}", run.err);
    }
}

/// The superuser reads everything: then there is nothing to report.
#[cfg(unix)]
#[test]
fn files_and_folders_without_permission() {
    use std::os::unix::fs::PermissionsExt as _;
    let shut = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    for (path, usual) in [
        (POOLS, 0o644),
        (POOLS_PROSE, 0o644),
        (POOLS_RECORD, 0o644),
        ("OWNERS_ALIASES", 0o644),
        ("keps/sig-node/1234-widget-pools", 0o755),
        ("keps/sig-node", 0o755),
        ("keps/prod-readiness", 0o755),
    ] {
        let project = Project::base();
        shut(&project.at(path), 0);
        let reads_all = fs::read(project.at(path)).is_ok() || fs::read_dir(project.at(path)).is_ok();
        let (run, fixed) = (project.run(&["check", "--format", "json"]), project.run(&["check", "--fix"]));
        shut(&project.at(path), usual);
        let found = crate::project::brief(&run.json());
        if reads_all {
            assert_eq!((found, run.code), (Vec::new(), 0), "{path}");
        } else {
            let told = format!("metadata-unreadable {path}");
            assert!(run.code == 1 && found.iter().any(|finding| finding.starts_with(&told)), "{path}: {found:?}");
        }
        assert!(fixed.code <= 1, "{path}: {}", fixed.err);
        assert!(project.files() == Project::base().files(), "{path}");
    }
}
