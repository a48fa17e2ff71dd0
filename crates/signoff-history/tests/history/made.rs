//! Histories made of steps that a generator chooses.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use proptest::prelude::*;
use signoff_history::Repository;

use crate::scratch::{Scratch, command};

/// Something that a commit does.
#[derive(Clone, Debug)]
pub enum Step {
    /// Writes a proposal's metadata.
    Fields { proposal: usize, group: usize, text: usize, milestone: usize },
    /// Writes prose.
    Prose { proposal: usize, group: usize, answer: usize },
    /// Writes an approval.
    Approval { proposal: usize, group: usize, approver: usize },
    /// Renames a proposal's folder within its group or to another.
    Move { proposal: usize, from: usize, to: usize },
    /// Deletes a proposal's folder, or a file of it.
    Delete { proposal: usize, group: usize, file: usize },
    /// Goes on from an earlier commit and merges.
    Branch { back: usize, inner: Vec<Self> },
    /// Changes all proposals at once.
    Sweep { text: usize },
    /// Makes the clock run wrong.
    Clock { seconds: i64 },
}

const GROUPS: [&str; 3] = ["sig-a", "sig-b", "sig-a/part"];
const STATUSES: [&str; 5] =
    ["status: provisional", "status: implementable", "status: [", "status: \"implemented\"", ""];
const ANSWERS: [&str; 5] = ["", "TBD", "Yes", "It is rolled back by\n  the gate.", "It is rolled back by the gate."];
const APPROVERS: [&str; 4] = ["\"@ada\"", "\"@bo\"", "TBD", "["];

/// Histories of up to two dozen steps, most of them about few proposals, so that each has a past.
pub fn histories() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..24)
}

fn step() -> impl Strategy<Value = Step> {
    let proposal = || 0..2_usize;
    let group = || prop_oneof![4 => Just(0_usize), 1 => 1..3_usize];
    let flat = prop_oneof![
        6 => (proposal(), group(), 0..5_usize, 0..4_usize)
            .prop_map(|(proposal, group, text, milestone)| Step::Fields { proposal, group, text, milestone }),
        3 => (proposal(), group(), 0..5_usize)
            .prop_map(|(proposal, group, answer)| Step::Prose { proposal, group, answer }),
        3 => (proposal(), group(), 0..4_usize)
            .prop_map(|(proposal, group, approver)| Step::Approval { proposal, group, approver }),
        2 => (proposal(), 0..3_usize, 0..3_usize).prop_map(|(proposal, from, to)| Step::Move { proposal, from, to }),
        1 => (proposal(), group(), 0..3_usize)
            .prop_map(|(proposal, group, file)| Step::Delete { proposal, group, file }),
        1 => (0..5_usize).prop_map(|text| Step::Sweep { text }),
        1 => (-4_000_000_000..4_000_000_000_i64).prop_map(|seconds| Step::Clock { seconds }),
    ];
    flat.prop_recursive(1, 4, 3, |inner| {
        (0..4_usize, prop::collection::vec(inner, 1..3)).prop_map(|(back, inner)| Step::Branch { back, inner })
    })
}

/// A repository with such a history.
pub struct Made {
    scratch: Scratch,
}

/// What is being written: the files of the state, and the stream for `git fast-import`.
struct Writer {
    stream: Vec<u8>,
    /// Each commit's files, by mark.
    states: Vec<Vec<(String, String)>>,
    /// The commits of the main line, by index of their state.
    main: Vec<usize>,
    clock: i64,
}

impl Made {
    pub fn new(steps: &[Step]) -> Self {
        let mut writer = Writer { stream: Vec::new(), states: Vec::new(), main: Vec::new(), clock: 1_700_000_000 };
        writer.commit(vec![("README.md".to_owned(), "x\n".to_owned())], &[], true);
        for step in steps {
            writer.step(step);
        }
        let scratch = Scratch::new();
        import(scratch.path(), &writer.stream);
        Self { scratch }
    }

    pub fn open(&self) -> Repository {
        Repository::open(self.scratch.path()).expect("a repository")
    }

    /// A repository that has a commit and what is behind it, and nothing else.
    pub fn cut_off_at(&self, id: &str) -> Scratch {
        let cut = Scratch::new();
        self.scratch.git(&["branch", "-f", "ends-here", id]);
        let from = self.scratch.path().display().to_string();
        cut.git(&["fetch", "-q", &from, "ends-here"]);
        cut.git(&["update-ref", "refs/heads/main", id]);
        cut
    }
}

fn import(folder: &Path, stream: &[u8]) {
    let mut import = command(folder, &["fast-import", "--quiet", "--force"]);
    let mut child = import.stdin(Stdio::piped()).spawn().expect("git is installed");
    child.stdin.take().expect("a pipe").write_all(stream).expect("written");
    assert!(child.wait().expect("ended").success(), "git imports the history");
}

impl Writer {
    fn step(&mut self, step: &Step) {
        let newest = *self.main.last().expect("a first commit");
        match step {
            Step::Clock { seconds } => self.clock += seconds,
            Step::Branch { back, inner } => {
                let base = self.main[self.main.len().saturating_sub(back + 1)];
                let mut tip = base;
                for step in inner {
                    let files = changed(&self.states[tip], step);
                    tip = self.commit(files, &[tip], false);
                }
                // What the branch has changed wins.
                let mut merged = self.states[newest].clone();
                let (before, after) = (self.states[base].clone(), self.states[tip].clone());
                merged.retain(|file| !before.contains(file) || after.contains(file));
                for file in after.iter().filter(|file| !before.contains(file)) {
                    merged.retain(|other| other.0 != file.0);
                    merged.push(file.clone());
                }
                self.commit(merged, &[newest, tip], true);
            }
            step => {
                let files = changed(&self.states[newest], step);
                self.commit(files, &[newest], true);
            }
        }
    }

    /// Writes a commit; its mark.
    fn commit(&mut self, files: Vec<(String, String)>, parents: &[usize], is_main: bool) -> usize {
        let mark = self.states.len();
        self.clock += 3_600;
        let clock = self.clock.max(0);
        let branch = if is_main { "refs/heads/main".to_owned() } else { format!("refs/heads/side-{mark}") };
        let mut text = format!("reset {branch}\ncommit {branch}\nmark :{}\n", mark + 1);
        text += &format!(
            "author Bo <bo@example.org> {clock} +0000\ncommitter Ada <ada@example.org> {clock} +0000\ndata 1\nx\n"
        );
        for (at, parent) in parents.iter().enumerate() {
            text += &format!("{} :{}\n", if at == 0 { "from" } else { "merge" }, parent + 1);
        }
        text += "deleteall\n";
        for (path, content) in &files {
            text += &format!("M 100644 inline {path}\ndata {}\n{content}\n", content.len());
        }
        self.stream.extend_from_slice(text.as_bytes());
        self.stream.push(b'\n');
        self.states.push(files);
        if is_main {
            self.main.push(mark);
        }
        mark
    }
}

fn folder(proposal: usize, group: usize) -> String {
    format!("keps/{}/{}-thing", GROUPS[group], proposal + 1)
}

/// The files after a step.
fn changed(before: &[(String, String)], step: &Step) -> Vec<(String, String)> {
    let mut files = before.to_vec();
    let mut write = |path: String, text: String| {
        files.retain(|(other, _)| *other != path);
        files.push((path, text));
    };
    match step {
        Step::Fields { proposal, group, text, milestone } => {
            write(folder(*proposal, *group) + "/kep.yaml", fields(*proposal, *group, *text, *milestone));
        }
        Step::Prose { proposal, group, answer } => write(folder(*proposal, *group) + "/README.md", prose(*answer)),
        Step::Approval { proposal, group, approver } => {
            let path = format!(
                "keps/prod-readiness/{}/{}.yaml",
                GROUPS[*group].split('/').next().expect("a group"),
                proposal + 1
            );
            let stage = ["alpha", "beta"][approver % 2];
            write(path, format!("kep-number: {}\n{stage}:\n  approver: {}\n", proposal + 1, APPROVERS[*approver]));
        }
        Step::Move { proposal, from, to } => {
            let (from, to) = (folder(*proposal, *from) + "/", folder(*proposal, *to) + "/");
            for (path, _) in &mut files {
                if let Some(rest) = path.strip_prefix(&from) {
                    *path = to.clone() + rest;
                }
            }
            files.sort();
            files.dedup_by(|left, right| left.0 == right.0);
        }
        Step::Delete { proposal, group, file } => {
            let gone = folder(*proposal, *group) + ["/", "/kep.yaml", "/README.md"][*file];
            files.retain(|(path, _)| !path.starts_with(&gone));
        }
        Step::Sweep { text } => {
            for proposal in 0..9 {
                write(folder(proposal, 0) + "/kep.yaml", fields(proposal, 0, *text, 0));
            }
        }
        Step::Branch { inner, .. } => {
            for step in inner {
                files = changed(&files, step);
            }
        }
        Step::Clock { .. } => {}
    }
    files
}

fn fields(proposal: usize, group: usize, text: usize, milestone: usize) -> String {
    let number = proposal + 1;
    let owner = GROUPS[group].split('/').next().expect("a group");
    let status = STATUSES[text];
    let stage = ["alpha", "beta", "stable", "alpha"][milestone];
    format!(
        "title: Thing {number}\nkep-number: {number}\nowning-sig: {owner}\n{status}\nstage: {stage}\n\
         latest-milestone: \"v1.{milestone}\"\nmilestone:\n  alpha: \"v1.{milestone}\"\n  beta: \"\"\n\
         feature-gates:\n  - name: Gate{milestone}\n    components: [a]\n"
    )
}

fn prose(answer: usize) -> String {
    format!(
        "# Thing\n\n## Production Readiness Review Questionnaire\n\n\
         ###### How can a rollout or rollback fail? Can it impact already running workloads?\n\n{}\n\n\
         ###### What specific metrics should inform a rollback?\n\n{}\n",
        ANSWERS[answer],
        ANSWERS[(answer * 2) % 5]
    )
}
