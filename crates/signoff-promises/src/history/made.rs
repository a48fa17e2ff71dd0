//! A repository that a script of bytes makes, object by object.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gix::ObjectId;
use gix::objs::tree::{Entry, EntryKind};
use jiff::Timestamp;
use signoff_history::Commit;
use tempfile::TempDir;

/// Files with their texts, by path.
pub(super) type Files = BTreeMap<String, String>;

/// Most steps of a script that are done: more make it slow and tell nothing new.
const STEPS_MAX: usize = 40;

/// The branches; the first is the main one.
const BRANCHES: usize = 3;

const GROUPS: [&str; 3] = ["sig-a", "sig-b", "sig-a/part"];
const STATUSES: [&str; 5] =
    ["status: provisional", "status: implementable", "status: [", "status: \"implemented\"", ""];
const ANSWERS: [&str; 5] = ["", "TBD", "Yes", "It is rolled back by\n  the gate.", "It is rolled back by the gate."];
const APPROVERS: [&str; 4] = ["\"@ada\"", "\"@bo\"", "TBD", "["];

/// A repository and what a reader of its script knows of it.
pub(super) struct Made {
    folder: TempDir,
    /// The main branch, oldest first.
    line: Vec<Commit>,
    files: BTreeMap<String, Files>,
    parents: BTreeMap<String, Vec<Commit>>,
    pulls: BTreeMap<String, Commit>,
}

struct Writer {
    /// The name of files with metadata.
    metadata: String,
    repository: gix::Repository,
    made: Made,
    branches: [Option<Commit>; BRANCHES],
    current: usize,
    clock: i64,
}

impl Made {
    /// Makes the history of a script, of proposals whose metadata stands in files of this name.
    pub(super) fn new(script: &[u8], metadata: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let repository = gix::init_bare(folder.path()).expect("a repository in an empty folder");
        let nothing =
            Self { folder, line: Vec::new(), files: BTreeMap::new(), parents: BTreeMap::new(), pulls: BTreeMap::new() };
        let mut writer = Writer {
            metadata: metadata.to_owned(),
            repository,
            made: nothing,
            branches: Default::default(),
            current: 0,
            clock: 1_770_000_000,
        };
        writer.commit(0, Files::from([("keps/README.md".to_owned(), "x\n".to_owned())]), &[]);
        for step in script.chunks_exact(3).take(STEPS_MAX) {
            writer.step(step[0], usize::from(step[1]), usize::from(step[2]));
        }
        writer.finish()
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn line(&self) -> &[Commit] {
        &self.line
    }

    pub(super) fn files(&self, commit: &Commit) -> &Files {
        &self.files[&commit.id]
    }

    /// The heads of pull requests, by number.
    pub(super) fn pulls(&self) -> &BTreeMap<String, Commit> {
        &self.pulls
    }

    /// A commit and all that it rests on.
    pub(super) fn ancestors(&self, commit: &Commit) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![commit.id.clone()];
        while let Some(id) = waiting.pop() {
            if found.insert(id.clone()) {
                waiting.extend(self.parents[&id].iter().map(|parent| parent.id.clone()));
            }
        }
        found
    }
}

impl Writer {
    /// Does what three bytes say.
    fn step(&mut self, what: u8, first: usize, second: usize) {
        let branch = first % BRANCHES;
        match what % 12 {
            0..=4 => {
                let mut files = self.tip(self.current).map(|tip| self.made.files[&tip.id].clone()).unwrap_or_default();
                change(&mut files, &self.metadata, (what % 12, first, second));
                self.commit_on_tip(files);
            }
            5 => self.branches[1 + first % (BRANCHES - 1)] = self.branches[0].clone(),
            6 | 7 => self.merge(what % 12 == 7, first % BRANCHES, second % BRANCHES),
            8 => self.clock = self.clock.wrapping_add((first as i64 - 128) * [60, 86_400, i64::MAX / 256][second % 3]),
            9 => {
                if let Some(tip) = self.tip(branch).cloned() {
                    self.made.pulls.insert((1 + second % 4).to_string(), tip);
                }
            }
            10 => self.current = branch,
            // A root of its own.
            _ => self.commit(branch.max(1), Files::from([("x".to_owned(), first.to_string())]), &[]),
        }
    }

    fn tip(&self, branch: usize) -> Option<&Commit> {
        self.branches[branch].as_ref()
    }

    fn commit_on_tip(&mut self, files: Files) {
        let parents: Vec<Commit> = self.tip(self.current).cloned().into_iter().collect();
        self.commit(self.current, files, &parents);
    }

    /// Merges a branch into another: what it has goes before; squashed, with a commit that does not name it.
    fn merge(&mut self, squashed: bool, from: usize, into: usize) {
        let (Some(theirs), Some(ours)) = (self.tip(from).cloned(), self.tip(into).cloned()) else { return };
        let mut files = self.made.files[&ours.id].clone();
        for (path, text) in &self.made.files[&theirs.id] {
            put(&mut files, path.clone(), text.clone());
        }
        let parents = if squashed { vec![ours] } else { vec![ours, theirs] };
        self.commit(into, files, &parents);
    }

    fn commit(&mut self, branch: usize, files: Files, parents: &[Commit]) {
        self.clock = self.clock.wrapping_add(3600);
        let time = gix::date::Time { seconds: self.clock, offset: 0 };
        let ada = gix::actor::Signature { name: "Ada".into(), email: "ada@example.org".into(), time };
        let entries: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let parent = |commit: &Commit| commit.id.parse().expect("an id");
        let commit = gix::objs::Commit {
            tree: self.folder(&entries),
            parents: parents.iter().map(parent).collect(),
            author: ada.clone(),
            committer: ada,
            encoding: None,
            // Else two commits of one moment could be the same.
            message: format!("{}\n", self.made.files.len()).into(),
            extra_headers: Vec::new(),
        };
        let id = self.repository.write_object(&commit).expect("an object").to_string();
        let nearest = if self.clock < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let commit = Commit { id: id.clone(), at: Timestamp::from_second(self.clock).unwrap_or(nearest) };
        self.made.files.insert(id.clone(), files);
        self.made.parents.insert(id, parents.to_vec());
        self.branches[branch] = Some(commit);
    }

    /// Writes the folder of these files, which are sorted by path.
    fn folder(&self, files: &[(&str, &str)]) -> ObjectId {
        let mut entries: Vec<Entry> = Vec::new();
        let mut rest = files;
        while let Some((path, text)) = rest.first() {
            let (name, mode, oid, count) = match path.split_once('/') {
                None => {
                    let blob = self.repository.write_blob(text.as_bytes()).expect("an object");
                    (*path, EntryKind::Blob, blob.detach(), 1)
                }
                Some((folder, _)) => {
                    let prefix = format!("{folder}/");
                    let own = rest.iter().take_while(|(path, _)| path.starts_with(&prefix)).count();
                    let inner: Vec<(&str, &str)> =
                        rest[..own].iter().map(|(path, text)| (&path[folder.len() + 1..], *text)).collect();
                    (folder, EntryKind::Tree, self.folder(&inner), own)
                }
            };
            entries.push(Entry { mode: mode.into(), filename: name.into(), oid });
            rest = &rest[count..];
        }
        entries.sort();
        self.repository.write_object(&gix::objs::Tree { entries }).expect("an object").detach()
    }

    /// Names the branches and the heads of pull requests.
    fn finish(mut self) -> Made {
        let root = self.made.folder.path().to_owned();
        let name = |reference: &str, commit: &Commit| {
            let file = root.join(reference);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(file, format!("{}\n", commit.id)).expect("a file");
        };
        for (number, head) in &self.made.pulls {
            name(&format!("refs/pull/{number}/head"), head);
        }
        let mut next = self.branches[0].clone();
        name("refs/heads/main", next.as_ref().expect("a history begins with a commit"));
        std::fs::write(root.join("HEAD"), "ref: refs/heads/main\n").expect("a file");
        while let Some(commit) = next {
            next = self.made.parents[&commit.id].first().cloned();
            self.made.line.push(commit);
        }
        self.made.line.reverse();
        self.made
    }
}

/// Puts a file where it belongs; no folder and no other file stays in its way.
pub(super) fn put(files: &mut Files, path: String, text: String) {
    let folder = format!("{path}/");
    files.retain(|other, _| !other.starts_with(&folder) && !path.starts_with(&format!("{other}/")));
    files.insert(path, text);
}

fn folder(proposal: usize, group: usize) -> String {
    format!("keps/{}/{}-thing", GROUPS[group % 3], proposal % 4 + 1)
}

/// What a step does to files.
fn change(files: &mut Files, metadata: &str, (what, first, second): (u8, usize, usize)) {
    let (proposal, group, rest) = (first, first / 4, second);
    let place = folder(proposal, group);
    match what {
        0 => put(files, format!("{place}/{metadata}"), fields(proposal, group, rest)),
        1 => put(files, place + "/README.md", prose(rest)),
        2 => {
            let owner = GROUPS[group % 3].split('/').next().unwrap_or_default();
            let number = proposal % 4 + 1;
            let (stage, approver) = (["alpha", "beta"][rest % 2], APPROVERS[rest / 2 % 4]);
            let text = format!("kep-number: {number}\n{stage}:\n  approver: {approver}\n");
            put(files, format!("keps/prod-readiness/{owner}/{number}.yaml"), text);
        }
        3 => {
            let (from, to) = (place + "/", folder(proposal, rest));
            let moved: Vec<(String, String)> =
                files.iter().filter(|(path, _)| path.starts_with(&from)).map(|(p, t)| (p.clone(), t.clone())).collect();
            files.retain(|path, _| !path.starts_with(&from));
            for (path, text) in moved {
                put(files, format!("{to}/{}", &path[from.len()..]), text);
            }
        }
        _ => {
            let gone = format!("{place}/{}", ["", metadata, "README.md"][rest % 3]);
            files.retain(|path, _| !path.starts_with(&gone));
        }
    }
}

fn fields(proposal: usize, group: usize, rest: usize) -> String {
    let number = proposal % 4 + 1;
    let owner = GROUPS[group % 3].split('/').next().unwrap_or_default();
    let (status, milestone) = (STATUSES[rest % 5], rest / 5 % 4);
    let stage = ["alpha", "beta", "stable", "alpha"][milestone];
    format!(
        "title: Thing {number}\nkep-number: {number}\nowning-sig: {owner}\n{status}\nstage: {stage}\n\
         latest-milestone: \"v1.{milestone}\"\nmilestone:\n  alpha: \"v1.{milestone}\"\n  beta: \"\"\n\
         feature-gates:\n  - name: Gate{milestone}\n    components: [a]\n"
    )
}

fn prose(rest: usize) -> String {
    format!(
        "# Thing\n\n## Production Readiness Review Questionnaire\n\n\
         ###### How can a rollout or rollback fail? Can it impact already running workloads?\n\n{}\n\n\
         ###### What specific metrics should inform a rollback?\n\n{}\n",
        ANSWERS[rest % 5],
        ANSWERS[rest / 5 % 5]
    )
}
