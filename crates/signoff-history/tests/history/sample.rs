//! The embedded sample beside git: the same files, the same ids.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use signoff_history::{Error, History, Recorded, Repository, When};
use signoff_model::memo::Memo;
use signoff_model::metadata;
use signoff_model::profile::Prepared;
use signoff_model::source::Encoding;
use signoff_model::tree::{self, Kind};
use signoff_model::{Profile, Tree, corpus};

use crate::scratch::Scratch;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample/history");
const BASE: &str = include_str!("../../../../profiles/kep.toml");

fn recorded_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(FOLDER).expect("the sample").map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    folders
}

fn files_on_disk(folder: &Path, below: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_on_disk(&path, below, files);
        } else {
            files.push(path.strip_prefix(below).expect("below").to_owned());
        }
    }
}

/// Every file of a tree.
fn all_files(tree: &dyn Tree) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in tree.list(&folder).expect("listed") {
            let path = tree::join(&folder, &entry.name);
            match entry.kind {
                Kind::Folder => folders.push(path),
                _ => {
                    let bytes = tree.read(&path).expect("a file");
                    files.insert(path, bytes);
                }
            }
        }
    }
    files
}

/// The recorded commits as a real repository.
fn materialised() -> Scratch {
    let scratch = Scratch::new();
    for folder in recorded_folders() {
        let record = std::fs::read_to_string(folder.join("commit.toml")).expect("a record");
        let record: toml::Table = toml::from_str(&record).expect("a record");
        let text = |key: &str| record[key].as_str().expect("a text");
        for path in record["deleted"].as_array().expect("a list") {
            std::fs::remove_file(scratch.at(path.as_str().expect("a path"))).expect("it was there");
        }
        let mut files = Vec::new();
        files_on_disk(&folder.join("files"), &folder.join("files"), &mut files);
        for file in files {
            let bytes = std::fs::read(folder.join("files").join(&file)).expect("a file");
            scratch.write(&file.to_string_lossy().replace('\\', "/"), bytes);
        }
        scratch.git(&["add", "-A"]);
        scratch.git_at(text("date"), text("author"), text("email"), &["commit", "-q", "-m", text("message")]);
        for tag in record.get("tags").and_then(toml::Value::as_array).into_iter().flatten() {
            scratch.git(&["tag", tag.as_str().expect("a tag")]);
        }
    }
    scratch
}

#[test]
fn every_state_agrees_with_git() {
    let scratch = materialised();
    let repository = Repository::open(scratch.path()).expect("a repository");
    let histories: [&dyn History; 2] = [Recorded::sample(), &repository];
    let ids: Vec<String> = Recorded::sample().commits().map(|commit| commit.id).collect();
    assert_eq!(ids.len(), recorded_folders().len(), "the program was built before a commit was recorded");
    assert_eq!(
        ids.join("\n"),
        scratch.git(&["rev-list", "--reverse", "HEAD"]),
        "the program was built before a change"
    );
    for commit in Recorded::sample().commits() {
        let [recorded, real] = histories.map(|history| all_files(&*history.tree(&commit).expect("a tree")));
        assert!(recorded == real, "{}", commit.id);
        let [recorded, real] = histories.map(|history| history.commit_at(&When::Instant(commit.at)).expect("a commit"));
        assert_eq!((&recorded, &real), (&commit, &commit));
    }
    let (short, parent) = (&ids[3][..8], format!("{}~2", &ids[3][..8]));
    for when in [
        "2026-04-07",
        "2026-07-24T08:00Z",
        "2026-07-24T07:59Z",
        "HEAD",
        "HEAD~20",
        "HEAD^",
        "HEAD^^~3",
        "@~2",
        "main",
        "main~1",
        "heads/main",
        "refs/heads/main^",
        "v2.8",
        "v2.8~4",
        "tags/v2.8",
        "refs/tags/v2.8",
        short,
        &parent,
    ] {
        let [recorded, real] = histories.map(|history| history.commit_at(&When::parse(when)).expect("a commit"));
        assert_eq!(recorded, real, "{when}");
    }
    for when in ["2026-02-28", "HEAD~24", "HEADX", "main2", "", "HEAD~x", "v2.9", "v2.8~12", "refs/v2.8", "~1"] {
        let [recorded, real] =
            histories.map(|history| history.commit_at(&When::parse(when)).expect_err("no commit").to_string());
        assert_eq!(recorded, real, "{when}");
    }
    for (revision, when) in
        [("HEAD~3", "HEAD"), ("v2.8", "main"), ("HEAD", "v2.8"), ("main", "main"), ("HEAD~9", "HEAD~5")]
    {
        let [recorded, real] = histories.map(|history| {
            let commit = history.commit_at(&When::parse(when)).expect("a commit");
            history.changed(revision, &commit).expect("a comparison")
        });
        assert_eq!(recorded, real, "{revision} {when}");
        assert_eq!(recorded.is_empty(), revision == "main" || when == "v2.8", "{revision} {when}");
    }
    let unknown = signoff_history::Commit { id: "0".repeat(40), at: jiff::Timestamp::UNIX_EPOCH };
    assert!(matches!(Recorded::sample().tree(&unknown), Err(Error::UnknownRevision { .. })));
}

/// The tree's own profile, laid over the one that it extends.
fn profile(tree: &dyn Tree) -> Profile {
    let text = |path: &str| String::from_utf8(tree.read(path).expect(path)).expect("text");
    assert!(text("signoff.toml").contains("profile = \"profile.toml\"\n"));
    Profile::parse(&text("profile.toml"), &|id| (id == "kep").then(|| BASE.to_owned())).expect("a profile")
}

#[test]
fn the_profile_is_the_samples_own_from_the_first_commit_on() {
    let known = |when: &str| {
        let sample = Recorded::sample();
        let commit = sample.commit_at(&When::parse(when)).expect("a commit");
        let profile = profile(&*sample.tree(&commit).expect("a tree"));
        assert_eq!((profile.id.as_str(), profile.layout.root.as_str()), ("tidewater", "keps"));
        assert!(profile.groups.folders.is_empty());
        (profile.groups.known, profile.groups.retired)
    };
    let mut groups =
        ["sig-fleet", "sig-network", "sig-scheduling", "sig-shore", "sig-storage"].map(str::to_owned).to_vec();
    assert_eq!(known("HEAD~23"), (groups.clone(), Vec::new()));
    assert_eq!(known("2026-07-22"), (groups.clone(), Vec::new()), "until the day before sig-shore was dropped");
    groups.retain(|group| group != "sig-shore");
    assert_eq!(known("HEAD"), (groups, vec!["sig-shore".to_owned()]));
}

#[test]
fn the_last_state_can_be_read_whole() {
    let sample = Recorded::sample();
    let commit = sample.commit_at(&When::parse("HEAD")).expect("a commit");
    let tree = sample.tree(&commit).expect("a tree");
    for (path, bytes) in all_files(&*tree) {
        let text = String::from_utf8(bytes).expect("text");
        if path.ends_with(".yaml") {
            let parsed = metadata::from_yaml(&text, Encoding::Utf8);
            assert!(parsed.faults.is_empty(), "{path}: {:?}", parsed.faults);
        } else if path.ends_with(".toml") {
            toml::from_str::<toml::Table>(&text).unwrap_or_else(|fault| panic!("{path}: {fault}"));
        }
    }
    let prepared = Arc::new(Prepared::new(profile(&*tree)));
    let request = corpus::Request { prepared, paths: None, prose: true, as_of: commit.at };
    let corpus = corpus::load(&*tree, &request, &Memo::default());
    assert_eq!(corpus.proposals.len(), 15);
    for proposal in &corpus.proposals {
        assert!(proposal.file_faults.is_empty(), "{}: {:?}", proposal.path, proposal.file_faults);
    }
}
