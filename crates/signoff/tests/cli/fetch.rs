//! `signoff evidence fetch`: versions of a project out of a git repository, whatever comes between.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project::{Project, Run, finish, git};

const LIST: &str = "test/compatibility_lifecycle/reference/versioned_feature_list.yaml";
const TABLE: &str = "test/compatibility_lifecycle/reference/feature_list.md";
const TESTS: &str = "test/e2e/node/deep/pools.go";
const PAGE: &str = "content/en/docs/reference/command-line-tools-reference/feature-gates/WidgetPools.md";

/// The list of one gate that has reached a stage.
fn list(stage: &str) -> String {
    format!(
        "- name: WidgetPools\n  versionedSpecs:\n  - default: false\n    lockToDefault: false\n    preRelease: {stage}\n    version: \"1.36\"\n"
    )
}

/// A repository with code at two tags and its documentation in branches.
struct Remote {
    folder: tempfile::TempDir,
}

impl Remote {
    fn new() -> Self {
        let remote = Self { folder: tempfile::tempdir().expect("a folder") };
        remote.git(&["init", "-q", "-b", "main", "."]);
        // As the forges that people fetch from.
        remote.git(&["config", "uploadpack.allowFilter", "true"]);
        remote.write(LIST, &list("Alpha"));
        remote.write("main.go", "package main\n");
        remote.write(TESTS, "package node\n\nvar _ = framework.WithFeatureGate(features.WidgetPools)\n");
        remote.commit("v1.36.0");
        remote.write(LIST, &list("Beta"));
        remote.write(TABLE, "# Gates\n");
        remote.commit("v1.37.0");
        remote.git(&["tag", "v1.37.0-rc.0"]);
        remote
    }

    fn path(&self) -> &str {
        self.folder.path().to_str().expect("a name")
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.folder.path().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    }

    fn commit(&self, tag: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", tag]);
        self.git(&["tag", tag]);
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(self.folder.path(), &[], arguments)
    }
}

fn fetch(project: &Project, remote: &Remote, arguments: &[&str]) -> Run {
    let url = format!("file://{}", remote.path());
    let mut command = project.command(&[&["evidence", "fetch", "--from", &url], arguments].concat());
    command.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")]);
    finish(command, b"")
}

fn fetched(project: &Project, remote: &Remote, arguments: &[&str]) -> String {
    let run = fetch(project, remote, arguments);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    run.out
}

fn packs(project: &Project) -> Vec<String> {
    let Ok(entries) = fs::read_dir(project.data().join("packs")) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect();
    names.sort();
    names
}

/// The repository of the cache.
fn kept(project: &Project) -> PathBuf {
    let entries = fs::read_dir(project.cache().join("evidence")).expect("the cache");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "git")).expect("a repository")
}

/// The files below a folder with one of these endings.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if path.extension().is_some_and(|own| endings.iter().any(|ending| own == *ending)) {
            found.push(path);
        }
    }
    found
}

/// Whether the cache has an object, asked in a way that never fetches it.
fn has(project: &Project, id: &str) -> bool {
    let mut command = std::process::Command::new("git");
    command.arg("--git-dir").arg(kept(project)).args(["cat-file", "--batch-check"]).env("GIT_NO_LAZY_FETCH", "1");
    finish(command, format!("{id}\n").as_bytes()).out.contains(" blob ")
}

#[test]
fn what_the_profile_names_is_fetched_once_and_audits_use_it() {
    let (project, remote) = (Project::base(), Remote::new());
    let said = fetched(&project, &remote, &["v1.37.0", "1.36.0"]);
    for words in [
        "kubernetes 1.37.0 feature-list  1 entries",
        "kubernetes 1.36.0 feature-list  1 entries",
        "kubernetes 1.37.0 test-labels  1 entries",
        "v1.36.0 does not have: feature-table, ",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    assert!(!said.contains("v1.37.0 does not have: feature-table"), "{said}");
    assert_eq!(packs(&project), ["kubernetes-1.36.0.pack", "kubernetes-1.37.0.pack"]);
    // No other file came.
    assert!(has(&project, &remote.git(&["rev-parse", &format!("v1.37.0:{TESTS}")])));
    assert!(!has(&project, &remote.git(&["rev-parse", "v1.37.0:main.go"])));
    // A second time nobody is asked, even where the repository is gone.
    let before = fs::metadata(project.data().join("packs/kubernetes-1.37.0.pack")).expect("a pack").modified().ok();
    remote.git(&["tag", "-d", "v1.37.0"]);
    let said = fetched(&project, &remote, &["v1.37.0"]);
    assert!(said.contains("kubernetes-1.37.0 is there already: "), "{said}");
    let after = fs::metadata(project.data().join("packs/kubernetes-1.37.0.pack")).expect("a pack").modified().ok();
    assert_eq!(before, after);
    let told = project.run(&["audit", "-v"]);
    assert!(told.err.contains("the pack kubernetes-1.37.0 is that of the data folder"), "{}", told.err);
    assert!(format!("{}", project.json(&["audit"])).contains("1.37.0"), "the audit stands on it");
    // With --again somebody is, and the tag is gone.
    let run = fetch(&project, &remote, &["v1.37.0", "--again"]);
    assert!(run.complaint().contains("has no tag `v1.37.0`"), "{}", run.err);
    assert_eq!(packs(&project).len(), 2);
}

/// A repository that sends no parts sends all of it.
#[test]
fn a_repository_that_filters_nothing_can_be_fetched_from() {
    let (project, remote) = (Project::base(), Remote::new());
    remote.git(&["config", "uploadpack.allowFilter", "false"]);
    let said = fetched(&project, &remote, &["v1.36.0"]);
    assert!(said.contains("feature-list  1 entries"), "{said}");
}

#[test]
fn a_tag_that_is_moved_is_fetched_again_when_asked() {
    let (project, remote) = (Project::base(), Remote::new());
    fetched(&project, &remote, &["v1.37.0"]);
    let path = project.data().join("packs/kubernetes-1.37.0.pack");
    let before = fs::read(&path).expect("a pack");
    remote.write(LIST, &list("GA"));
    remote.git(&["tag", "-d", "v1.37.0"]);
    remote.commit("v1.37.0");
    fetched(&project, &remote, &["v1.37.0"]);
    assert_eq!(fs::read(&path).expect("a pack"), before);
    fetched(&project, &remote, &["v1.37.0", "--again"]);
    assert_ne!(fs::read(&path).expect("a pack"), before);
}

#[test]
fn a_damaged_pack_is_fetched_again() {
    let (project, remote) = (Project::base(), Remote::new());
    fetched(&project, &remote, &["v1.37.0"]);
    let path = project.data().join("packs/kubernetes-1.37.0.pack");
    let whole = fs::read(&path).expect("a pack");
    fs::write(&path, &whole[..whole.len() / 2]).expect("half of it");
    fetched(&project, &remote, &["v1.37.0"]);
    assert_eq!(fs::read(&path).expect("a pack"), whole);
}

#[test]
fn packs_are_written_where_they_are_wanted() {
    let (project, remote) = (Project::base(), Remote::new());
    let into = project.cache().join("packs");
    fetched(&project, &remote, &["v1.37.0", "--into", into.to_str().expect("a name")]);
    assert!(into.join("kubernetes-1.37.0.pack").is_file());
    assert!(packs(&project).is_empty());
    // The same of a path, outside of a proposals repository.
    let mut command = project.command(&["evidence", "fetch", "v1.36.0", "--from", remote.path()]);
    command.current_dir(project.cache());
    let run = finish(command, b"");
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_eq!(packs(&project), ["kubernetes-1.36.0.pack"]);
}

/// What a run that was stopped at any point leaves, the next one goes on with or gets again.
#[test]
fn what_was_interrupted_is_gone_on_with() {
    type Break = fn(&Path);
    let breaks: [(&str, Break); 6] = [
        ("a lock", |kept| fs::write(kept.join("shallow.lock"), "").expect("a file")),
        ("a lock of a tag", |kept| {
            fs::create_dir_all(kept.join("refs/tags")).expect("a folder");
            fs::write(kept.join("refs/tags/v1.36.0.lock"), "").expect("a file");
        }),
        ("a repository that was not set up", |kept| {
            fs::remove_dir_all(kept).expect("a folder");
            fs::create_dir(kept).expect("a folder");
            fs::write(kept.join("HEAD"), "half").expect("a file");
        }),
        ("packs that were cut off", |kept| {
            for pack in files(&kept.join("objects"), &["pack"]) {
                let bytes = fs::read(&pack).expect("a pack");
                fs::remove_file(&pack).expect("a pack");
                fs::write(&pack, &bytes[..bytes.len() / 2]).expect("a pack");
            }
        }),
        ("packs that are gone", |kept| {
            for file in files(&kept.join("objects"), &["pack", "idx", "promisor", "rev"]) {
                fs::remove_file(file).expect("a file");
            }
        }),
        ("a pack that was arriving", |kept| {
            fs::create_dir_all(kept.join("objects/pack")).expect("a folder");
            fs::write(kept.join("objects/pack/tmp_pack_x"), "PACK").expect("a file");
        }),
    ];
    for (about, interrupt) in breaks {
        let (project, remote) = (Project::base(), Remote::new());
        fetched(&project, &remote, &["v1.36.0"]);
        let pack = project.data().join("packs/kubernetes-1.36.0.pack");
        let whole = fs::read(&pack).expect("a pack");
        fs::remove_file(&pack).expect("a pack");
        interrupt(&kept(&project));
        fetched(&project, &remote, &["v1.36.0", "v1.37.0"]);
        assert_eq!(fs::read(&pack).expect("a pack"), whole, "{about}");
    }
}

/// Git that stops before it has the files: the commit is kept, no pack is written, and the next run asks for the files
/// alone.
#[cfg(unix)]
#[test]
fn a_fetch_that_stops_goes_on() {
    use std::os::unix::fs::PermissionsExt as _;
    let (project, remote) = (Project::base(), Remote::new());
    let programs = tempfile::tempdir().expect("a folder");
    let path = std::env::var("PATH").expect("a path");
    let real = std::env::split_paths(&path).map(|folder| folder.join("git")).find(|file| file.is_file()).expect("git");
    let script = format!(
        "#!/bin/sh\necho \"$@\" >> '{0}/log'\ncase \"$*\" in *--stdin*) [ -e '{0}/stop' ] && echo 'fatal: the remote end hung up' >&2 && exit 128;; esac\nexec '{1}' \"$@\"\n",
        programs.path().display(),
        real.display()
    );
    fs::write(programs.path().join("git"), script).expect("a script");
    fs::set_permissions(programs.path().join("git"), fs::Permissions::from_mode(0o755)).expect("a program");
    let run = || {
        let mut command = project.command(&["evidence", "fetch", "v1.37.0", "--from", remote.path()]);
        command.env("PATH", format!("{}:{path}", programs.path().display()));
        let _ = fs::remove_file(programs.path().join("log"));
        let run = finish(command, b"");
        (run, fs::read_to_string(programs.path().join("log")).expect("a log"))
    };
    fs::write(programs.path().join("stop"), "").expect("a file");
    let (stopped, log) = run();
    assert!(log.contains("--filter=blob:none") && log.contains("--depth 1"), "{log}");
    let said = stopped.complaint();
    assert!(
        said.contains("stopped\nrun the command again: it goes on") && said.contains("the remote end hung up"),
        "{said}"
    );
    assert!(packs(&project).is_empty());
    fs::remove_file(programs.path().join("stop")).expect("a file");
    let (done, log) = run();
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert_eq!(log.matches(" fetch ").count(), 1, "only the files are asked for: {log}");
    assert_eq!(packs(&project), ["kubernetes-1.37.0.pack"]);
}

#[test]
fn what_cannot_be_fetched_is_said() {
    let (project, remote) = (Project::base(), Remote::new());
    let path = remote.path().to_owned();
    let cases: [(&[&str], &[&str]); 9] = [
        (&["v1.37.9"], &["has no tag `v1.37.9`\n", "there are v1.37.0, v1.37.0-rc.0"]),
        (&["v1.36"], &["has no tag `v1.36`\n", "there are v1.36.0"]),
        (&["v7.77.7"], &["has no tag `v7.77.7`\n", "there are v1.37.0, v1.37.0-rc.0, v1.36.0"]),
        (&["main"], &["`main` is no version"]),
        (&["v1.37.0-$(id)"], &["is no version"]),
        (&["v1.37.0", "--docs=--upload-pack=x", "--docs-from", &path], &["is no name of a branch"]),
        (&["v1.37.0", "--docs=gone", "--docs-from", &path], &["has no branch `gone`\n", "there are main"]),
        (&["v1.37.0", "--docs", "--docs-from", "no-such-folder"], &["there is no folder `no-such-folder`"]),
        (&["v1.37.0", "--docs", "--docs-from", "http://example.org/x"], &["is not secure"]),
    ];
    for (arguments, expected) in cases {
        let run = fetch(&project, &remote, arguments);
        assert_eq!(run.code, 2, "{arguments:?} {}", run.out);
        assert!(run.err.starts_with("error: "), "{}", run.err);
        for words in expected {
            assert!(run.err.contains(words), "{arguments:?} {words}: {}", run.err);
        }
    }
    // No git.
    let mut command = project.command(&["evidence", "fetch", "v1.36.0", "--from", remote.path()]);
    command.env("PATH", project.cache());
    let run = finish(command, b"");
    assert!(run.complaint().contains("git is not installed"), "{}", run.err);
    // A repository of something else.
    let other = Remote { folder: tempfile::tempdir().expect("a folder") };
    other.git(&["init", "-q", "-b", "main", "."]);
    other.write("main.go", "package main\n");
    other.commit("v1.0.0");
    let run = fetch(&project, &other, &["v1.0.0"]);
    assert!(run.complaint().contains("nothing that the profile looks for is in v1.0.0"), "{}", run.err);
    // A folder that is no repository.
    let none = tempfile::tempdir().expect("a folder");
    let run = project.run(&["evidence", "fetch", "v1.0.0", "--from", none.path().to_str().expect("a name")]);
    assert!(run.complaint().contains("cannot be asked"), "{}", run.err);
    // A process without sources.
    let other = Project::empty();
    other.write("EIPS/eip-1.md", "---\neip: 1\n---\n");
    let run = fetch(&other, &remote, &["v1.36.0"]);
    assert!(run.complaint().contains("the profile `eip` looks for no sources"), "{}", run.err);
}

#[test]
fn documentation_comes_from_the_branch_of_the_release() {
    let (project, remote) = (Project::base(), Remote::new());
    let docs = Remote { folder: tempfile::tempdir().expect("a folder") };
    docs.git(&["init", "-q", "-b", "main", "."]);
    docs.git(&["config", "uploadpack.allowFilter", "true"]);
    let page = |stage: &str| {
        format!(
            "---\ntitle: WidgetPools\nstages:\n  - stage: {stage}\n    defaultValue: false\n    fromVersion: \"1.36\"\n---\nText.\n"
        )
    };
    docs.write(PAGE, &page("alpha"));
    docs.write("data/releases/schedule.yaml", "schedules:\n- release: 1.36\n  releaseDate: 2026-04-22\n");
    docs.commit("one");
    docs.git(&["branch", "release-1.36"]);
    docs.write(PAGE, &page("beta"));
    docs.write(
        "data/releases/schedule.yaml",
        "schedules:\n- release: 1.37\n  releaseDate: 2026-08-19\n- release: 1.36\n",
    );
    docs.commit("two");
    let from = ["--docs-from", docs.path()];
    let said = fetched(&project, &remote, &[&["v1.36.0", "v1.37.0", "--docs"], &from[..]].concat());
    assert!(said.contains("website 1.36 gate-pages  1 entries"), "{said}");
    assert!(
        said.contains("there is no branch release-1.37; main was taken\nwebsite 1.37 gate-pages  1 entries"),
        "{said}"
    );
    let all = ["kubernetes-1.36.0.pack", "kubernetes-1.37.0.pack", "website-1.36.pack", "website-1.37.pack"];
    assert_eq!(packs(&project), all);
    let said = fetched(&project, &remote, &[&["v1.36.0", "--docs"], &from[..]].concat());
    assert!(said.contains("website-1.36 is there already"), "{said}");
    // A branch that is named, which has moved.
    docs.write(PAGE, &page("stable"));
    docs.commit("three");
    let said = fetched(&project, &remote, &[&["v1.37.0", "--docs=main"], &from[..]].concat());
    assert!(said.contains("website 1.37 gate-pages  1 entries"), "{said}");
}
